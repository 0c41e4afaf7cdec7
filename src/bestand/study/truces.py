"""If the truce of a case comes, does it hold: postures, withdrawals, strategies, and what breaks it, for one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import levers_of
from bestand.case.lines import party_of
from bestand.case.loaded import Case
from bestand.case.zones import Deterrence, Guarding
from bestand.errors import AskError, GraphError
from bestand.graph.budget import Budget, Sampling, in_time
from bestand.graph.conflict import Conflict, conflict
from bestand.history.base_rates import base_rates
from bestand.history.combined import Combined, Note, combine
from bestand.play.survival import Survival
from bestand.show import Table
from bestand.truce.arrangement import Arrangement, arranged, clocked
from bestand.truce.forces import least_of, size_at
from bestand.truce.postures import PostureResult, Postures, postures
from bestand.truce.strategies import Strategies, strategies
from bestand.truce.survival import breaking, survival
from bestand.truce.withdrawal import Withdrawal, departures, withdrawal

_Any = TypeVar("_Any")
MONTHS = (0.5, 1.0, 3.0, 6.0, 12.0)
YEARS = (1.0, 2.0, 5.0)
SHARES: Mapping[str, float] = {"postures": 0.45, "withdrawals": 0.4, "strategies": 0.55, "onset": 0.9}  # of the time left by then
BEHIND: Mapping[str, tuple[float, float]] = {  # shares of the whole, where a part begins and ends
    "postures": (0.0, 0.45), "withdrawals": (0.45, 0.65), "strategies": (0.65, 0.85), "onset": (0.85, 1.0)
}  # fmt: skip
OFTEN = 0.25  # share of draws in which the posture that does best takes more than parties can keep, from which on that is said
MOST_STARTING = 20_000  # states up to which the coming about of a truce is played


@dataclass(frozen=True, slots=True)
class Broken:
    """What ends the truce under one posture."""

    posture: PostureResult
    table: Table


@dataclass(frozen=True, slots=True)
class Onset:
    """Chance that the truce has come about by each month, from today."""

    months: tuple[float, ...]
    begun: NDArray[np.float64]
    sampling: Sampling


@dataclass(frozen=True, slots=True)
class TruceAnswers:
    """Whether the truce of a case holds.

    truce      : its condition
    postures   : those that the case names, each with its backstop held and leaving
    withdrawals: per event that takes the backstop away, the guards as in the posture that does best
    strategies : None where the case names none
    breaks     : what ends the truce under `best` and under the posture that does worst of all, by the case's own numbers
    past       : the level of a class of past ceasefires with the ratio of the posture that does best; None where none is named
    onset      : None where it was not tried
    late       : what was left out for want of time: forces, withdrawals, strategies, onset
    no_past    : code of why the class that is named could not be put together with the game; empty where it was
    """

    truce: str
    postures: Postures
    withdrawals: tuple[Withdrawal, ...]
    strategies: Strategies | None
    breaks: tuple[Broken, ...]
    past: Combined | None
    onset: Onset | None
    late: tuple[str, ...] = ()
    no_past: str = ""

    @property
    def best(self) -> PostureResult:
        """The posture with the best survival of `compared_with_it`: of those within capacity by the case's own numbers, if any is."""
        return _best(self.postures)

    @property
    def next_best(self) -> PostureResult | None:
        """The second of those among which the best was looked for; None where it was alone."""
        others = [each for each in self.within_capacity or self.compared_with_it if each is not self.best]
        return max(others, key=lambda each: float(each.alive[:, -1].mean()), default=None)

    @property
    def compared_with_it(self) -> tuple[PostureResult, ...]:
        """The postures of one backstop among which the best is looked for: those of the largest group, that may leave where it may."""
        return _largest(self.postures)

    @property
    def within_capacity(self) -> tuple[PostureResult, ...]:
        """Those of them that are within what the parties can keep under arms, by the case's own numbers (draw 0)."""
        return tuple(each for each in self.compared_with_it if each.affordable[0])


def truce_answers(
    case: Case, *, draws: int = 16, seed: int = 0, budget: Budget | None = None, progress: Callable[[float], None] = lambda share: None
) -> tuple[TruceAnswers | None, str]:
    """Everything that the case's zones and numbers of play say about its truce; or nothing, and why not.

    draws  : of the first batch, where there is a budget; else of everything
    budget : how exact, and how long in all
    """
    about = case.file.deterrence
    if about is None or not case.file.zones:
        return None, "no-deterrence" if case.file.zones else ""
    guarded = conflict(case, view=about.view, draws=draws, seed=seed)

    furthest = 0.0

    def told(share: float) -> None:
        nonlocal furthest
        furthest = max(furthest, share)
        progress(furthest)

    def part(name: str) -> Budget | None:
        first, last = BEHIND[name]
        return None if budget is None else replace(budget.part(SHARES[name]), progress=lambda share: told(first + (last - first) * share))

    try:
        compared = postures(guarded, months=MONTHS, budget=part("postures"))
        told(BEHIND["postures"][1])
        late: list[str] = [] if compared.subsets or compared.ruled_out else ["forces"]
        leaving = _unless_late("withdrawals", late, lambda: tuple(_withdrawals(guarded, compared, part("withdrawals")))) or ()
        told(BEHIND["withdrawals"][1])
        steps = _unless_late("strategies", late, lambda: _strategies(case, draws, seed, part("strategies")))
        told(BEHIND["strategies"][1])
        worst, best = min(compared.results, key=lambda each: float(each.alive[:, -1].mean())), _best(compared)
        extremes = (best,) if best is worst else (best, worst)
        onset = _unless_late("onset", late, lambda: _onset(case, draws, seed, part("onset")))
        broken = tuple(Broken(each, _breaks(guarded, each)) for each in extremes)
        past, no_past = _past(case, about, compared)
        return TruceAnswers(about.truce, compared, leaving, steps, broken, past, onset, tuple(late), no_past), ""
    except (AskError, GraphError) as error:
        return None, error.code


def _unless_late(name: str, late: list[str], ask: Callable[[], _Any]) -> _Any | None:
    """An answer; None, and its name in `late`, where the time does not allow it."""
    answer = in_time(lambda: (ask(),))
    if answer is None:
        late.append(name)
        return None
    return answer[0]


def _largest(compared: Postures) -> tuple[PostureResult, ...]:
    """The largest group of postures with one backstop that may leave (else is held): only these differ in one thing at a time."""
    groups = compared.groups()
    return groups[max(groups, key=lambda key: (key[1], len(groups[key])))]


def _best(compared: Postures) -> PostureResult:
    """The one with the best survival in that group, of those within capacity by the case's own numbers (draw 0) if there are any."""
    group = _largest(compared)
    able = [each for each in group if each.affordable[0]] or group
    return max(able, key=lambda each: float(each.alive[:, -1].mean()))


def _withdrawals(guarded: Conflict, compared: Postures, budget: Budget | None) -> list[Withdrawal]:
    """Every event that takes the backstop away, with the guards of the posture that does best."""
    about = guarded.case.file.deterrence
    if about is None or about.backstop is None:
        return []
    lever = about.backstop.lever
    best = {name: setting for name, setting in _best(compared).sets.items() if name != lever}
    leaving = departures(guarded)
    each = None if budget is None or not leaving else replace(budget, seconds=budget.seconds / len(leaving))
    answered = []
    for event in leaving:
        try:
            answered.append(withdrawal(guarded.hold(best), event=event, start=about.truce, truce=about.truce, budget=each))
        except AskError as error:
            if error.code not in ("truce/event-cannot-happen", "truce/bad-number"):
                raise
    return answered


def _strategies(case: Case, draws: int, seed: int, budget: Budget | None) -> Strategies | None:
    about = case.file.deterrence
    if about is None or not about.strategies:
        return None
    asked = conflict(case, view=about.strategies_view or about.view, draws=draws, seed=seed)
    return strategies(asked, months=MONTHS[-1], budget=budget)


def _breaks(guarded: Conflict, posture: PostureResult) -> Table:
    """By the case's own numbers, with a backstop that leaves as the posture has it."""
    about, own = guarded.case.file.deterrence, guarded.draw(1)
    assert about is not None
    arrangement, start = clocked(own, Arrangement(posture.sets, posture.leaves), about.truce)
    return breaking(arranged(own, arrangement), start=start, truce=about.truce, months=MONTHS[-1]).table()


def _past(case: Case, about: Deterrence, compared: Postures) -> tuple[Combined | None, str]:
    """Level of the class, ratio from the game: for the posture that does best, against the posture that the class has; or the
    code of why they cannot be put together.
    """
    if about.past is None:
        return None, ""
    weights, best = {str(part): weight for part, weight in about.past.weights.items()}, _best(compared)
    named = [each for each in compared.results if each.stated and each.name == about.past.posture]
    own = next((each.ratio for each in sorted(named, key=lambda each: each.leaves != best.leaves)), None)
    try:
        known = np.isfinite(best.ratio) & (np.isfinite(own) if own is not None else True)  # the others have none: they are left out
        past = combine(
            base_rates(about.past.reference), best.ratio[known], weights=weights, cause_present=_foreign(case, best), against="absent",
            class_draws=None if own is None else own[known], breakdown=about.past.breakdown, years=YEARS,
        )  # fmt: skip
        n_left_out = int((~known).sum())
        left_out = (Note("draws-left-out", {"n": str(n_left_out), "draws": str(known.size)}),) if n_left_out else ()
        return replace(past, notes=(*past.notes, *left_out)), ""
    except AskError as error:
        return None, error.code


def _foreign(case: Case, posture: PostureResult) -> bool:
    """Whether a posture puts troops of somebody in place who has no part in making or breaking the truce: what peacekeeping is."""
    about = case.file.deterrence
    signing = {party_of(lever) for lever in levers_of(case.condition(about.truce if about else "true"), case.terms)}
    guards = [guard for zone in case.file.zones.values() for guard in zone.guards if guard.party not in signing]
    backstop = about.backstop.lever if about and about.backstop else ""

    def placed(guard: Guarding) -> bool:
        setting, none = posture.sets.get(guard.lever, case.now[guard.lever]), least_of(case.settings[guard.lever], guard.troops_k)
        return size_at(guard.troops_k, setting) > size_at(guard.troops_k, none)

    return any(placed(guard) for guard in guards if guard.lever != backstop)


def _onset(case: Case, draws: int, seed: int, budget: Budget | None) -> Onset | None:
    """Chance that the truce has come about by each month, from today, in the usual view."""
    about = case.file.deterrence
    assert about is not None
    usual = conflict(case, draws=draws, seed=seed)
    now = usual.graph.now
    if now is None or usual.graph.n_states > MOST_STARTING or usual.where(about.truce)[now]:
        return None
    never_yet: Survival = survival(usual, start="now", truce=f"not ({about.truce})", months=MONTHS, budget=budget)
    assert never_yet.sampling is not None
    return Onset(MONTHS, 1.0 - never_yet.alive, never_yet.sampling)
