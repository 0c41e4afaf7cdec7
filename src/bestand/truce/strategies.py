"""Strategies compared: how long a truce holds under each, and whether one comes about at all, under every backstop."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from bestand.arguments import numbered
from bestand.case.lines import with_file
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.apart import gathered_apart
from bestand.graph.budget import ABREAST, FAR_TOO_LONG, Arrays, Budget, Sampling, in_time, standard_error
from bestand.graph.conflict import Conflict
from bestand.graph.ready import ready
from bestand.play.survival import Months
from bestand.show import Cell, Fixed, Portion, Shown, Table
from bestand.truce.arrangement import LEAVING, Arrangement, Watched, alive, arranged, asked_of, backstop_lever, ends_by_chance
from bestand.truce.effects import SMALL, differences
from bestand.truce.survival import seconds_of_draw
from bestand.truce.tried import slower_of
from bestand.truce.zones import Floats, deterrence_of

FOR_SURVIVAL = 0.75  # share of the time for how long a truce lasts, before it is asked whether one begins


@dataclass(frozen=True, slots=True)
class StrategyResult(Fixed):
    """One strategy under one backstop, in every draw.

    kind     : as the case gives it
    backstop : setting ('' where the case has none)
    leaves   : whether the backstop only begins there and the case's own events may end it
    alive    : (n_draws, n_times) chance that a truce that holds at first has not been left
    begins   : (n_draws, n_times) chance that a truce has come about, from today, when none has begun; None where a draw of that
               takes far longer than the time that was left
    """

    name: str
    kind: str
    backstop: str
    leaves: bool
    alive: Floats
    begins: Floats | None


@dataclass(frozen=True, slots=True)
class Against:
    """A strategy against the one of kind `concept`, under the same backstop and in the same draws, at one month.

    longer, same, shorter : shares of draws; differences that say nothing (`effects.differences`) are `same`
    gain, error           : mean difference of survival, and its standard error
    """

    longer: float
    same: float
    shorter: float
    gain: float
    error: float


@dataclass(frozen=True, slots=True, repr=False)
class Strategies(Shown):
    """Strategies compared over settings of the backstop.

    months   : when truces are looked at; tables speak of the last
    results  : per backstop and strategy
    sampling : what the survival of a truce rests on
    sampling_of_onset : what the chance that one begins rests on; None where that was not asked for want of time
    """

    months: tuple[float, ...]
    results: tuple[StrategyResult, ...]
    sampling: Sampling
    sampling_of_onset: Sampling | None

    def against_concept(self, result: StrategyResult, *, month: int = -1) -> Against | None:
        """How a strategy compares with the first of kind `concept`; None for that one itself, or where there is none."""
        month = numbered("month", month, len(self.months), last=True)
        group = [each for each in self.results if (each.backstop, each.leaves) == (result.backstop, result.leaves)]
        other = next((each for each in group if each.kind == "concept"), None)
        if other is None or other is result:
            return None
        gain = differences(result.alive[:, month], other.alive[:, month])
        longer, shorter = float(np.mean(gain > 0)), float(np.mean(gain < 0))
        return Against(longer, 1.0 - longer - shorter, shorter, float(gain.mean()), float(standard_error(gain)))

    def table(self) -> Table:
        """One row per strategy and backstop; the last columns compare with the strategy of kind `concept`."""
        last = f"{self.months[-1]:g} months"
        survives = (f"a truce holds {last}", "± error", "low 10%", "median", "high 10%")
        against, asked = ("shorter than the concept in share of draws", "same", "longer"), any(each.begins is not None for each in self.results)
        columns = ("backstop", "strategy", *survives, *((f"one begins within {last}", "± error of that") if asked else ()), *against)
        rows: list[tuple[Cell, ...]] = []
        for each in self.results:
            low, middle, high = np.quantile(each.alive[:, -1], [0.1, 0.5, 0.9])
            other = self.against_concept(each)
            shares: tuple[Cell, ...] = (None, None, None) if other is None else (other.shorter, other.same, other.longer)
            last_begins = None if each.begins is None else each.begins[:, -1]
            begins = (None, None) if last_begins is None else (Portion(last_begins.mean()), Portion(standard_error(last_begins)))
            lives = tuple(map(Portion, (each.alive[:, -1].mean(), standard_error(each.alive[:, -1]), low, middle, high)))
            stands = f"{each.backstop}, {LEAVING}" if each.leaves else each.backstop
            rows.append((stands, each.name, *lives, *(begins if asked else ()), *shares))
        notes = (
            *self.sampling.notes(),
            *self._draws_notes(),
            *self._onset_notes(),
            SMALL,
            "a model under the case's assumptions, not a forecast",
        )
        return Table("Strategies", columns, tuple(rows), notes)

    def _draws_notes(self) -> tuple[str, ...]:
        """Draws go to the backstops whose answers differ most between draws; within one all strategies have the same."""
        draws = [len(each.alive) for each in self.results]
        return (f"up to {max(draws)} draws, more where answers differ more",) if max(draws, default=0) > self.sampling.draws else ()

    def _onset_notes(self) -> tuple[str, ...]:
        if self.sampling_of_onset is None:
            return ("that one begins: not asked, for want of time; allow more seconds",)
        told = (f"that one begins: {note}" for note in self.sampling_of_onset.notes())
        return (*told, "a truce that begins is asked from today, with nothing signed: what the view fixes may vary there")


@dataclass(frozen=True, slots=True)
class _Strategy:
    """One strategy under one backstop."""

    name: str
    kind: str
    arrangement: Arrangement

    def backstop(self, conflict: Conflict) -> tuple[str, bool]:
        """The setting of the backstop ('' where the case has none), and whether it leaves."""
        lever = backstop_lever(conflict)
        return self.arrangement.sets.get(lever, "") if lever else "", self.arrangement.leaves


def strategies(
    conflict: Conflict | Case, *, start: str | None = None, truce: str | None = None, months: Months = 24, budget: Budget | None = None
) -> Strategies:
    """The case's strategies under every setting of the backstop, held, and leaving by the case's own events where they can.

    start, truce : conditions from which a truce is watched, and that it is; the case's truce, if not given
    months       : when the truce is looked at
    budget       : how exact, and how long; without one just the draws of the conflict are played

    Whether a truce begins is asked from a state in which none has begun, the one nearest to today (today's, where today has
    none), in the view with nothing fixed: a view that fixes signatures has a truce that is broken but signed.

    Raises
    ------
    AskError
        `truce/no-zones`, `truce/no-strategies`, `play/no-start`, `worth/ordinal`, `truce/too-large`, `graph/too-long`, `truce/unknown-lever`.

    >>> from bestand import conflict, read
    >>> europe = conflict(read("ukraine/2025-04"), view="europe")
    >>> len(strategies(europe, months=1).results) > 2
    True
    """
    conflict = ready(conflict)
    asked, compared = asked_of(conflict, start, truce, months), _compared(conflict)
    if not compared:
        hint = "see `deterrence.strategies` in docs/reference/file-format.md"
        raise AskError(Problem("truce/no-strategies", "the case names no strategies", hint=hint))
    opened, never_yet = unfixed(conflict), f"not ({asked.truce})"
    onset = Watched(never_yet, never_yet, asked.months)

    share = FOR_SURVIVAL if budget is None or _onset_fits(budget, _seconds(opened, onset, compared)) else 1.0
    lives, sampling, pace = _by_backstop(conflict, budget and budget.part(share), compared, asked, lambda curve: curve, 1.0)
    begun = None
    if share < 1.0:
        begun = in_time(lambda: _by_backstop(opened, budget and budget.part(1.0), compared, onset, lambda curve: 1.0 - curve, pace))
    begins, of_onset, _ = begun or (None, None, 0.0)
    results = tuple(
        StrategyResult(each.name, each.kind, *each.backstop(conflict), lives[k], None if begins is None else begins[k])
        for k, each in enumerate(compared)
    )
    return Strategies(tuple(map(float, asked.months)), results, sampling, of_onset)


def _onset_fits(budget: Budget, seconds: float) -> bool:
    """Whether the fewest draws of whether a truce begins, as reckoned for one, may be asked in the time that is kept for them."""
    return ABREAST * seconds <= FAR_TOO_LONG * (1.0 - FOR_SURVIVAL) * budget.seconds


def _by_backstop(
    conflict: Conflict, budget: Budget | None, compared: Sequence[_Strategy], asked: Watched, chance: Callable[[Floats], Floats], pace: float
) -> tuple[dict[int, Floats], Sampling, float]:
    """What is asked of every strategy, draws added where the error is largest; pace: seconds taken for one that was reckoned."""
    groups: dict[Hashable, list[int]] = {}
    for k, each in enumerate(compared):
        groups.setdefault(each.backstop(conflict), []).append(k)

    def asking(members: Sequence[int]) -> Callable[[Conflict], Arrays]:
        return lambda drawn: {k: chance(alive(drawn, compared[k].arrangement, asked)) for k in members}

    seconds = {name: pace * _seconds(conflict, asked, [compared[k] for k in members]) for name, members in groups.items()}
    asks = {name: asking(members) for name, members in groups.items()}
    curves, sampling, taken = gathered_apart(
        conflict, budget, asks, seconds=seconds, shown=lambda arrays: _told(arrays, compared),
        slower=slower_of(conflict, compared[0].arrangement, asked),
    )  # fmt: skip
    return {k: curves[name][k] for name, members in groups.items() for k in members}, sampling, pace * taken


def _told(arrays: Arrays, compared: Sequence[_Strategy]) -> list[Floats]:
    """What the table speaks of: each strategy by itself, and beside the concept in the same draws."""
    concept = next((arrays[k] for k, each in enumerate(compared) if k in arrays and each.kind == "concept"), None)
    return [*arrays.values(), *([] if concept is None else [each - concept for each in arrays.values()])]


def _compared(conflict: Conflict) -> list[_Strategy]:
    """Every strategy under every backstop: the strongest first, held; then leaving, from where it stands today."""
    deterrence, lever = deterrence_of(conflict), backstop_lever(conflict)
    arrangements: list[tuple[dict[str, str], bool]] = [({}, False)]
    if lever is not None:
        arrangements = [({lever: setting}, False) for setting in reversed(conflict.case.settings[lever])]
        arrangements.append(({lever: conflict.case.now[lever]}, True))
    every = [
        _Strategy(name, step.kind, Arrangement({**step.sets, **stands}, leaves))
        for stands, leaves in arrangements for name, step in deterrence.strategies.items()
    ]  # fmt: skip
    return [each for each in every if not each.arrangement.leaves or ends_by_chance(conflict, each.arrangement)]


def _seconds(conflict: Conflict, asked: Watched, compared: Sequence[_Strategy]) -> float:
    if not compared:
        return 0.0
    as_it_stands = conflict.draw(1)
    kinds: dict[Hashable, float] = {}
    total = 0.0
    for each in compared:
        key = (frozenset(each.arrangement.sets), each.arrangement.leaves)
        if key not in kinds:
            kinds[key] = seconds_of_draw(arranged(as_it_stands, each.arrangement), asked.months)
        total += kinds[key]
    return total


def unfixed(conflict: Conflict) -> Conflict:
    """The conflict whose view fixes nothing: what it held at another setting than today's varies, from today's."""
    views, view = conflict.case.file.views, conflict.view
    if view is None or not views[view].fixed:
        return conflict
    about = views[view]
    vary = (*about.vary, *(lever for lever in about.fixed if lever not in about.vary))
    return conflict.of(with_file(conflict.case, views={**views, view: about.model_copy(update={"vary": vary, "fixed": {}})}))

