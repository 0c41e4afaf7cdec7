"""How exact an answer over draws should be and how long it may take: draws are added until one or the other is reached."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict

Floats = NDArray[np.float64]
Arrays = Mapping[Hashable, Floats]
ABREAST = 8  # draws that compiled code plays side by side: one takes as long as eight, so that batches are of so many
FIRST = 16  # draws in the first batch, which shows how fast this machine is
MOST_DRAWS = 100_000  # draws of one group, where they are added until the error is small
LEAST_ERROR = 0.0001  # that is told: a hundredth of a point
MOST_SECONDS = 1e9  # 32 years: more is taken as so many, since what is reckoned from it must stay a number
FAR_TOO_LONG = 3.0  # times the time allowed that the smallest batch may be reckoned to take
NOT_TRIED = 8.0  # the same, from which on it is not even tried out
TRIED_FROM = 0.2  # share of the time allowed from which the smallest batch, as reckoned, is worth trying out beforehand
Slower = Callable[[Callable[[], float]], float]  # by a clock: how many times as long as reckoned a small part of some work takes
_Any = TypeVar("_Any")


def _quiet(share: float) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How exact, and how long.

    error    : largest standard error of a printed chance with which no more draws are added; 0.01 is one point
    seconds  : after which no more draws are begun, counted from when the budget was made; more than MOST_SECONDS is taken as that
    clock    : seconds, from any beginning; None: the time is reckoned from the size of the question
    progress : told the share of the time, or of the draws, that is behind us
    """

    error: float = 0.01
    seconds: float = 10.0
    clock: Callable[[], float] | None = None
    progress: Callable[[float], None] = _quiet
    since: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """Starts the clock; refuses what is no budget."""
        for name, value in (("error", self.error), ("seconds", self.seconds)):
            if not (np.isfinite(value) and value >= 0):
                raise AskError(Problem("graph/bad-budget", f"{name} must be a number of at least 0, not {value}"))
        object.__setattr__(self, "seconds", min(float(self.seconds), MOST_SECONDS))
        object.__setattr__(self, "since", self.clock() if self.clock else 0.0)

    def part(self, share: float) -> Budget:
        """A budget of its own with a share of the time that is left, from now on."""
        return Budget(self.error, share * self.left(0.0), self.clock, self.progress)

    def reckoned(self, share: float = 1.0) -> Budget:
        """A budget of a share of the whole time in which no clock counts, but what work is reckoned to take: the same on every machine.

        When its work is done, that share of the whole is behind us.
        """
        return Budget(self.error, share * self.seconds, None, lambda done: self.progress(share * done))

    def left(self, spent: float) -> float:
        """Seconds left; `spent` counts where there is no clock."""
        return max(0.0, self.seconds - (self.clock() - self.since if self.clock else spent))

    def over(self) -> float:
        """Seconds by which the time allowed has been overrun; 0 where that is less than a quarter of it or a second, or no clock counts."""
        over = self.clock() - self.since - self.seconds if self.clock else 0.0
        return over if over >= self.late else 0.0

    @property
    def late(self) -> float:
        """Seconds more than allowed from which on it is said."""
        return max(1.0, self.seconds / 4)

    def paced(self, seconds: float, slower: Slower | None) -> float:
        """Seconds that the least that can be answered takes on this machine as it is now, of those reckoned for it on an ordinary one.

        slower : tries out a small part of it; nothing is, where it matters little or no clock counts

        Raises
        ------
        AskError
            `graph/too-long` where that is far too long as reckoned, or as tried out would have to be told as late.
        """
        if slower is None or self.clock is None:
            self.refuse(seconds)
            return seconds
        self.refuse(seconds, NOT_TRIED)
        if seconds <= 0 or seconds < TRIED_FROM * self.seconds:
            return seconds
        taken = seconds * max(slower(self.clock), 1e-9)
        if taken > self.seconds + self.late:
            raise self._too_long(taken)
        return taken

    def refuse(self, seconds: float, times: float = FAR_TOO_LONG) -> None:
        """Raises where the least that can be answered is reckoned to take far longer than is allowed: so many times as long.

        Raises
        ------
        AskError
            `graph/too-long`.
        """
        if seconds > times * max(self.seconds, 1e-9):
            raise self._too_long(seconds)

    def _too_long(self, seconds: float) -> AskError:
        left = f"{self.seconds:,.3g} are allowed" if self.seconds >= 0.05 else "of the time allowed none is left"
        what = f"this would take about {seconds:,.3g} seconds at least, and {left}"
        return AskError(Problem("graph/too-long", what, hint="hold more levers, take a smaller view, ask fewer months, or allow more seconds"))


@dataclass(slots=True)
class Pace:
    """Whether there is time for another piece of work: one that takes as long as those before it has to fit into what is left.

    each  : seconds that one piece takes: as reckoned beforehand, then as measured, where there is a clock
    kept  : seconds that are left alone, for what comes after
    spent : seconds that the pieces so far are reckoned to have taken, which count where there is no clock

    >>> ticks = iter([0.0, 0.0, 0.0, 4.0, 4.0])  # the clock as the budget is made, and then as it is looked at
    >>> pace = Pace(Budget(seconds=6.0, clock=lambda: next(ticks)))
    >>> pace.fits(), pace.step(lambda: "done"), pace.fits()
    (True, 'done', False)
    >>> pace = Pace(Budget(seconds=6.0), each=4.0)  # no clock: it takes what is reckoned
    >>> pace.fits(), pace.step(lambda: "done"), pace.fits()
    (True, 'done', False)
    """

    budget: Budget
    each: float = 0.0
    kept: float = 0.0
    spent: float = 0.0

    @property
    def left(self) -> float:
        """Seconds left for this work."""
        return max(0.0, self.budget.left(self.spent) - self.kept)

    def fits(self, pieces: float = 1.0) -> bool:
        """Whether so many pieces fit into the time that is left."""
        left = self.left
        return left > 0 and pieces * self.each <= left

    def most(self, wanted: int) -> int:
        """How many of the pieces wanted fit."""
        left = self.left
        return 0 if left <= 0 else wanted if self.each <= 0 else min(wanted, int(left / self.each))

    def step(self, ask: Callable[[], _Any], pieces: float = 1.0) -> _Any:
        """What one step of so many pieces gives; how long it took counts for the next: a slower one at once, a faster one by half."""
        before = self.budget.left(0.0)
        answer = ask()
        if self.budget.clock is not None:
            took = (before - self.budget.left(0.0)) / max(pieces, 1e-9)
            self.each = took if took > self.each else (self.each + took) / 2
        self.spent += pieces * self.each
        return answer


@dataclass(frozen=True, slots=True)
class Sampling:
    """What an answer over draws rests on.

    draws   : how many; the first is the case as it stands
    error   : largest standard error of a chance that is shown (`largest_error`)
    wanted  : the error at which no more draws are added; None where just the draws of the conflict were asked for
    reached : whether the error is no larger than that
    seconds : reckoned beforehand for one draw
    over    : seconds by which the time allowed was overrun, as by the fewest draws that say anything (`Budget.over`)
    """

    draws: int
    error: float
    wanted: float | None
    reached: bool
    seconds: float
    over: float = 0.0

    def notes(self) -> tuple[str, ...]:
        """In words."""
        size = f"{100 * self.error:.2g}" if self.error >= LEAST_ERROR or self.error == 0 else f"<{100 * LEAST_ERROR:g}"
        told = f"{self.draws} draws; standard error {f'at most {size} points' if np.isfinite(self.error) else 'unknown'}"
        if self.wanted is not None and not self.reached:
            told = f"{told}: stopped by the time allowed, before an error of {100 * self.wanted:.2g} points was reached"
        late = f"this took {self.over:,.0f} s longer than the time allowed"
        return (told, late) if self.over else (told,)


def standard_error(values: Floats, weights: Floats | None = None) -> Floats:
    """Standard error of the mean over the first axis; nan of a single draw.

    >>> float(standard_error(np.array([0.0, 1.0, 0.0, 1.0])).round(3))
    0.289
    """
    n = len(values)
    if n < 2:
        return np.full(np.shape(values)[1:], np.nan)
    share = np.full(n, 1 / n) if weights is None else np.asarray(weights, np.float64) / np.sum(weights)
    mean = np.tensordot(share, values, axes=1)
    return np.sqrt(np.tensordot(share**2, (values - mean) ** 2, axes=1) * n / (n - 1))


def largest_error(arrays: Sequence[Floats]) -> float:
    """The largest standard error of the means of some chances over draws, and no less than 1 by the number of draws.

    What n draws have not shown may still come in 3 / n of all (95 %; Hanley & Lippman-Hand 1983): that they hardly differ says no more.

    >>> largest_error([np.zeros(50)]), round(largest_error([np.arange(100) % 2.0]), 4)
    (0.02, 0.0503)
    """
    spread = max((float(np.max(standard_error(part), initial=0.0)) for part in arrays), default=0.0)
    return spread if not arrays or np.isnan(spread) else max(spread, 1 / len(arrays[0]))


def more_draws(draws: int, error: float, wanted: float) -> float:
    """Draws more until an error is as small as wanted, as it falls with their root, or, where it is just 1 by their number, with that."""
    if not wanted > 0:
        return np.inf
    return draws * ((error / wanted) ** 2 - 1) if error * draws > 1.0 + 1e-9 else 1 / wanted - draws


def in_time(ask: Callable[[], _Any]) -> _Any | None:
    """An answer; None where the least of it alone would take far longer than the time allowed."""
    try:
        return ask()
    except AskError as error:
        if error.code != "graph/too-long":
            raise
        return None


def gathered(
    conflict: Conflict,
    budget: Budget | None,
    ask: Callable[[Conflict], Arrays],
    *,
    seconds: float,
    shown: Callable[[Arrays], list[Floats]],
    abreast: int = ABREAST,
    slower: Slower | None = None,
) -> tuple[dict[Hashable, Floats], Sampling]:
    """What `ask` gives over draws, draws added by the budget: per key an array with a leading axis of draws.

    As many draws as the conflict has at least, if there is time, and then until the error is small enough.

    ask     : of a conflict of some draws, per key (n_draws, …); in every batch the same keys
    seconds : reckoned for one draw
    shown   : of what was gathered, the arrays whose means are shown; the largest standard error of these counts
    abreast : how many draws are played side by side: batches are of so many
    slower  : tries out on this machine how much slower than reckoned it is, where one batch is a good part of the time (`Budget.paced`)

    Every batch but the first leaves out its draw 0, which is the case as it stands again.

    Raises
    ------
    AskError
        `graph/too-long` where the smallest batch would take far longer than the time allowed; as tried out, longer at all.
    """
    if budget is None:
        arrays = dict(ask(conflict))
        return arrays, _sampling(arrays, shown, None, seconds)
    each = budget.paced(abreast * seconds, slower) / abreast
    parts: list[Arrays] = []
    spent, draws, wish = 0.0, 0, min(FIRST, conflict.draws)
    while True:
        count = _batch(wish, budget.left(spent) / max(each, 1e-9), draws, abreast)
        before = budget.left(spent)
        batch = ask(conflict.draw(count + (draws > 0), seed=conflict.seed if not draws else seed_of_later(conflict.seed, draws)))
        parts.append({key: part[draws > 0 :] for key, part in batch.items()})
        draws += count
        spent += each * count
        if budget.clock is not None:
            each = max((before - budget.left(spent)) / count, 1e-9) if before > budget.left(spent) else each
        whole = _joined(parts)
        sampling = _sampling(whole, shown, budget.error, seconds)
        budget.progress(min(1.0, max(1.0 - budget.left(spent) / budget.seconds if budget.seconds else 1.0, _done(sampling))))
        wish = _wish(sampling, conflict.draws)
        if wish <= 0 or budget.left(spent) <= each * abreast / 2 or draws >= MOST_DRAWS:
            return whole, replace(sampling, over=budget.over())


def _done(sampling: Sampling) -> float:
    """Share of the draws that have been made of those that the error asks for."""
    if not (sampling.wanted and np.isfinite(sampling.error) and sampling.error > 0):
        return 0.0
    return min(1.0, (sampling.wanted / sampling.error) ** 2)


def _wish(sampling: Sampling, least: int) -> int:
    """How many draws are still wanted: those of the conflict at least, and as many as the error asks for."""
    more = 0.0
    if not sampling.reached:
        more = more_draws(sampling.draws, sampling.error, sampling.wanted or 0.0) if np.isfinite(sampling.error) else np.inf
        more = max(1.0, min(MOST_DRAWS, 1.05 * more + 0.05 * sampling.draws))
    return max(least - sampling.draws, int(more))


def _batch(wish: int, timely: float, draws: int, abreast: int) -> int:
    """How many draws to add: few at first, then no more than three times those made, and no more than there is time for; with
    draw 0, which every batch has, a whole number of those that are played side by side.
    """
    wanted = min(wish, int(timely / 8)) if not draws else min(wish, 3 * draws, int(timely * 0.9), MOST_DRAWS)
    again = int(draws > 0)
    return max(1, round((max(wanted, 1) + again) / abreast)) * abreast - again


def seed_of_later(seed: int, draws: int) -> int:
    """Seed of a later batch; the same for every question with this seed."""
    return int(np.random.SeedSequence([seed, draws]).generate_state(1)[0])


def _joined(parts: list[Arrays]) -> dict[Hashable, Floats]:
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def _sampling(arrays: Arrays, shown: Callable[[Arrays], list[Floats]], wanted: float | None, seconds: float) -> Sampling:
    each = shown(arrays)
    error = largest_error(each)
    draws = len(each[0]) if each else 0
    return Sampling(draws, error, wanted, bool(wanted is not None and error <= wanted), seconds)
