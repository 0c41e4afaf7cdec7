"""A guarantor that leaves: at a known date, at an unknown one that all reckon with, or at one that nobody reckons with.

An unknown date is an event with a rate: memoryless, so that having stayed for long promises nothing. A known date is a change of
the rules at a time: before it everyone plays for what comes after. Both come on average in the same month: only what is known
of it differs. In both cases the lever itself belongs to nobody any more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.budget import NOT_TRIED, Arrays, Budget, Sampling, gathered, standard_error
from bestand.graph.conflict import Conflict
from bestand.graph.game import Game
from bestand.graph.naming import Condition, Which
from bestand.graph.numbers import rates
from bestand.graph.ready import ready
from bestand.play.horizon import Play, fewest_sweeps, largest_rate, play_game, seconds_of_play
from bestand.play.many import LEAST_SWEEPS
from bestand.play.reach import arcs, reached_along
from bestand.play.survival import Months, checked_months, starting, survival_under, truce_states
from bestand.show import Cell, Portion, Shown, Table
from bestand.truce.effects import SMALL, differences
from bestand.truce.survival import LOOK_AHEAD, by_chance_only, game_with_zones, refuse_too_many, seconds_of_draw
from bestand.truce.zones import Floats

STAYS, UNFORESEEN, FORESEEN, KNOWN, GONE = "stays", "unknown date, unforeseen", "unknown date, foreseen", "known date", "has left"
SLICES = 64
AROUND = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5)  # times the date: months that are looked at where none are given
PLAYS = 8.0  # plays and survivals of one draw, in plays of one survival
TOGETHER = 2  # draws of a batch: each is played by itself
SHORTER = 16.0  # times as short as what is asked: what is tried out beforehand
SOONEST = 0.001  # months until the date: its rate is then the largest that an event may have


@dataclass(frozen=True, slots=True)
class Difference:
    """Chance that the truce holds under one assumption less that under another, in the same draws.

    mean, error : (n_times,), and its standard error
    more        : (n_times,) share of draws in which it is larger; a difference that says nothing (`effects.differences`) is none
    """

    mean: Floats
    error: Floats
    more: Floats


@dataclass(frozen=True, slots=True, repr=False)
class Withdrawal(Shown):
    """Chance over time that a truce holds if a guarantor stays, has left, or leaves, all on average at the same date.

    event    : what takes the guarantor away
    date     : months from now: the known date, and the mean of the unknown one
    stated   : mean months until it by the case's own rate, in the case as it stands
    months   : (n_times,)
    alive    : what is assumed of the guarantor → (n_draws, n_times)
    sampling : what the draws rest on
    """

    event: str
    date: float
    stated: float
    months: tuple[float, ...]
    alive: Mapping[str, Floats]
    sampling: Sampling

    def difference(self, one: str = KNOWN, other: str = FORESEEN) -> Difference:
        """One assumption against another, month by month: whether it helps to know the date, and before or after it.

        Raises
        ------
        AskError
            `truce/unknown-assumption`.
        """
        for name in (one, other):
            if name not in self.alive:
                raise AskError(Problem("truce/unknown-assumption", f"no assumption '{name}'", hint=did_you_mean(name, self.alive)))
        gain = differences(self.alive[one], self.alive[other])
        return Difference(gain.mean(axis=0), standard_error(gain), np.mean(gain > 0, axis=0))

    def table(self) -> Table:
        """One row per assumption and month."""
        rows: list[tuple[Cell, ...]] = []
        for name, alive in self.alive.items():
            spread, error = np.quantile(alive, [0.1, 0.5, 0.9], axis=0), standard_error(alive)
            rows += [(name, month, *map(Portion, (alive[:, t].mean(), error[t], *spread[:, t]))) for t, month in enumerate(self.months)]
        own = f"{self.stated:.3g} months by the case's own rate" if np.isfinite(self.stated) else "the case gives it no rate"
        notes = (*self.sampling.notes(), f"the known date is month {self.date:g}; the unknown one comes then on average ({own})")
        columns = ("guarantor", "month", "still holds", "± error", "low 10%", "median", "high 10%")
        return Table(f"If '{self.event}' comes", columns, tuple(rows), notes)

    def known_against_foreseen(self) -> Table:
        """What knowing the date is worth, month by month, before it and after it."""
        each = self.difference()
        side = {-1.0: "before", 0.0: "the day itself", 1.0: "after"}
        rows = tuple(
            (month, side[float(np.sign(month - self.date))], Portion(each.mean[t]), Portion(each.error[t]), float(each.more[t]))
            for t, month in enumerate(self.months)
        )
        columns = ("month", "the date", "known less unknown", "± error", "longer in share of draws")
        return Table("A known date against an unknown one", columns, rows, (SMALL,))


def withdrawal(
    conflict: Conflict | Case,
    *,
    event: str,
    start: Which,
    truce: Condition,
    month: float | None = None,
    months: Months | None = None,
    budget: Budget | None = None,
) -> Withdrawal:
    """A truce with a guarantor that stays, has left, or leaves: unforeseen, foreseen, or at a date that is known.

    event  : the event that takes the guarantor away
    start  : a state, or a condition (of which the state nearest to today is taken, of several as near each alike)
    month  : months from now at which it leaves, where the date is known, and its mean where it is not; the mean by the
             case's own rate, if not given
    months : when the truce is looked at; around the date, if not given
    budget : how exact, and how long; without one just the draws of the conflict are played

    Raises
    ------
    AskError
        `truce/unknown-event`, `truce/bad-number`, `play/no-start`, `worth/ordinal`, `graph/too-long`, `truce/too-large`.

    >>> from bestand import Budget, conflict, read
    >>> quick = Budget(error=0.5, seconds=20)
    >>> guarded = conflict(read("ukraine/2025-04"), view="guarded", draws=2)
    >>> found = withdrawal(guarded, event="us_withdraws", start="ceasefire", truce="ceasefire", months=[1], budget=quick)
    >>> found.table().rows[0][0]
    'stays'
    """
    conflict = ready(conflict)
    refuse_too_many(conflict)
    if budget is not None and months is not None:  # before the moves without those of the guarantor are made
        budget.refuse(TOGETHER * PLAYS * seconds_of_draw(conflict, checked_months(months)), NOT_TRIED)
    freed = _freed(conflict, event)
    stated = _mean_months(freed, event)
    when = stated if month is None else float(month)
    if month is None and not np.isfinite(stated):
        what = f"the case gives '{event}' no rate: by itself it never comes"
        raise AskError(Problem("truce/bad-number", what, hint="give `month`, counted from now"))
    if not (np.isfinite(when) and when >= SOONEST):
        what = f"the date must be at least {SOONEST:g} months from now, not {when:g}"
        raise AskError(Problem("truce/bad-number", what, hint="give `month`, counted from now"))
    moments = checked_months(when * np.array(AROUND) if months is None else months)
    seconds = PLAYS * seconds_of_draw(freed, moments)
    if budget is not None:  # before its moves are followed one by one
        budget.refuse(TOGETHER * seconds, NOT_TRIED)
    inside = truce_states(freed, truce)
    at = starting(freed, start, inside)
    _can_happen(freed, event, at)
    first: list[dict[str, Floats]] = []  # of draw 0, which every batch has: the case as it stands

    def ask(drawn: Conflict) -> Arrays:
        games = [game_with_zones(drawn, draw=d) for d in range(len(first), drawn.draws)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            each = [*first, *pool.map(lambda game: _one(game, event, when, at, inside, moments), games)]
        first[:] = each[:1]
        return {name: np.stack([curves[name] for curves in each]) for name in each[0]}

    arrays, sampling = gathered(
        freed, budget, ask, seconds=seconds, shown=lambda arrays: list(arrays.values()), abreast=TOGETHER,
        slower=lambda clock: _slower(freed, clock, float(moments[-1])),
    )  # fmt: skip
    return Withdrawal(event, when, stated, tuple(map(float, moments)), {str(name): each for name, each in arrays.items()}, sampling)


def departures(conflict: Conflict) -> tuple[str, ...]:
    """Events of the case that take the backstop from its setting: those that can in this view, else those that are written."""
    about = conflict.case.file.deterrence
    if about is None or about.backstop is None:
        return ()
    lever = about.backstop.lever
    written = tuple(name for name, event in conflict.case.file.events.items() if lever in event.sets)
    here = {chance.name for chance in conflict.graph.chances}
    return tuple(name for name in written if name in here) or written


def _freed(conflict: Conflict, event: str) -> Conflict:
    """The conflict in which what the event sets is nobody's to move."""
    events = conflict.case.file.events
    if event not in events:
        hint = did_you_mean(event, events) if events else "write one under `events` that takes the backstop away"
        raise AskError(Problem("truce/unknown-event", f"no event '{event}'", hint=hint))
    freed = conflict
    for lever in events[event].sets:
        freed = by_chance_only(freed, lever)
    if event not in [each.name for each in freed.graph.chances]:
        hint = "the levers that it sets must vary in this view, and what it waits for must be able to happen"
        raise AskError(Problem("truce/event-cannot-happen", f"the event '{event}' changes nothing in this view", hint=hint))
    return freed


def _slower(freed: Conflict, clock: Callable[[], float], last: float) -> float:
    """How many times as long as reckoned play takes on this machine as it is now, from the draws of a batch played a short way ahead."""
    game, horizon = game_with_zones(freed), max(LOOK_AHEAD * last / SHORTER, 1e-3)
    sweeps = max(LEAST_SWEEPS, fewest_sweeps(largest_rate(game), horizon))
    def some() -> None:
        play_game(game, horizon=horizon, sweeps=sweeps, slices=2, estimate_error=False, threads=1)

    some()  # the first time is slower
    before = clock()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda _: some(), range(TOGETHER)))
    return (clock() - before) / (TOGETHER * seconds_of_play(game, sweeps))


def _can_happen(freed: Conflict, event: str, at: Floats) -> None:
    """Raises where the event changes nothing in any state that can be reached from the start: then all answers are one."""
    source = freed.graph.chances[_place(freed, event)].source
    if not reached_along(at > 0, *arcs(freed.graph))[source].any():
        what = f"from '{freed.label(int(at.argmax()))}' the event '{event}' can never happen: there is nothing for it to take away"
        raise AskError(Problem("truce/event-cannot-happen", what, hint="start where the guarantor is there"))


def _place(conflict: Conflict, event: str) -> int:
    return [each.name for each in conflict.graph.chances].index(event)


def _mean_months(freed: Conflict, event: str) -> float:
    """Months until the event on average, by the case's own rate in the case as it stands; inf where that is 0."""
    rate = float(rates(freed)[0, _place(freed, event)])
    return 1.0 / rate if rate > 0 else float("inf")


def _one(game: Game, event: str, date: float, at: Floats, inside: NDArray[np.bool_], months: Floats) -> dict[str, Floats]:
    """Curves of one draw."""
    horizon = LOOK_AHEAD * float(months[-1]) if months[-1] > 0 else 1.0
    place, gone = _place(game.conflict, event), _gone(game, event)
    comes = replace(game, rate=np.where(np.arange(game.rate.size) == place, 1.0 / date, game.rate))
    never = replace(game, rate=np.where(np.arange(game.rate.size) == place, 0.0, game.rate))
    stays = _played(never, horizon)
    plays: dict[str, tuple[Play, Floats]] = {
        STAYS: (stays, at),
        UNFORESEEN: (replace(stays, game=comes), at),
        FORESEEN: (_played(comes, horizon), at),
        KNOWN: (_dated(never, gone, date, horizon), at),
        GONE: (stays, np.bincount(gone, at, minlength=at.size).astype(np.float64)),
    }
    return {
        name: survival_under(played, start=begin, truce=inside, months=months, estimate_error=False).alive[0]
        for name, (played, begin) in plays.items() if inside[begin > 0].all()
    }  # fmt: skip


def _played(game: Game, horizon: float, end: Floats | None = None) -> Play:
    """Play with as many sweeps as keep every sweep a mean of values, and at least four for each of SLICES times."""
    sweeps = max(4 * SLICES, fewest_sweeps(largest_rate(game), horizon))
    return play_game(game, horizon=horizon, end=end, sweeps=sweeps, slices=SLICES, estimate_error=False, threads=1)


def _gone(game: Game, event: str) -> NDArray[np.int64]:
    """Where the event takes each state; itself where it cannot happen."""
    gone = np.arange(game.graph.n_states)
    for each in game.graph.chances:
        if each.name == event:
            gone[each.source] = each.target
    return gone


def _dated(game: Game, gone: NDArray[np.int64], date: float, horizon: float) -> Play:
    """Play in which every state becomes, at a date that all know, the state that the event leads to.

    After the date a state stands for where the event took it, so that the values after it are those there.
    """
    if date >= horizon:
        return _played(game, horizon)
    after = _played(game, horizon - date)
    moved = after.slices[:, :, gone]
    before = _played(game, date, end=np.ascontiguousarray(moved[0]))
    times = np.concatenate([before.times, date + after.times[1:]])
    slices = np.concatenate([before.slices, moved[1:]])
    return replace(before, horizon=horizon, times=times, slices=slices, error=max(before.error, after.error))
