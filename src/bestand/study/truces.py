"""If the truce of a case comes, does it hold: postures, withdrawals, strategies, and what breaks it, for one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.case.zones import Deterrence
from bestand.errors import AskError
from bestand.graph.conflict import Conflict, conflict
from bestand.history.base_rates import base_rates
from bestand.history.combined import Combined, combine
from bestand.show import Table
from bestand.truce.postures import Postures, postures
from bestand.truce.strategies import Strategies, strategies
from bestand.truce.survival import breaking, survival
from bestand.truce.withdrawal import Withdrawal, withdrawal

MONTHS = (0.5, 1.0, 3.0, 6.0, 12.0)
DATE = 6.0  # month in which a guarantor leaves, where the date is known
MOST_STARTING = 1_000_000  # states times draws for the chance that a truce starts
FEW, MANY = 4, 20  # draws for what is played one by one, and for postures


@dataclass(frozen=True, slots=True)
class TruceAnswers:
    """Whether the truce of a case holds.

    truce      : its condition
    postures   : those that the case names
    withdrawals: per event that takes the backstop away, the guards as in the posture that does best
    strategies : None where the case names none
    breaks     : what ends the truce under each posture that stands out: the best one and the one as it is now
    past       : the level of a class of past ceasefires with the ratio of the posture that does best; None where none is named
    starts     : months and the chance that the truce has come about by then, (n_draws, n_times); None where it was not tried
    draws      : of postures
    """

    truce: str
    postures: Postures
    withdrawals: tuple[Withdrawal, ...]
    strategies: Strategies | None
    breaks: Mapping[str, Table]
    past: Combined | None
    starts: tuple[tuple[float, ...], NDArray[np.float64]] | None
    draws: int


def truce_answers(
    case: Case, *, draws: int = MANY, seed: int = 0, progress: Callable[[float], None] = lambda share: None
) -> tuple[TruceAnswers | None, str]:
    """Everything that the case's zones and numbers of play say about its truce; or nothing, and why not."""
    about = case.file.deterrence
    if about is None or not case.file.zones:
        return None, "the case gives zones, but no `deterrence`" if case.file.zones else ""
    try:
        guarded = conflict(case, view=about.view, draws=draws, seed=seed)
        compared = postures(guarded, months=MONTHS, every=False, progress=lambda share: progress(0.5 * share))
        leaving = tuple(_withdrawals(guarded, compared, draws))
        progress(0.7)
        steps = _strategies(case, draws, seed)
        progress(0.85)
        broken = {name: _breaks(guarded, compared, name) for name in dict.fromkeys((compared.results[0].name, compared.results[-1].name))}
        return TruceAnswers(about.truce, compared, leaving, steps, broken, _past(about, compared), _starts(case, seed), draws), ""
    except AskError as error:
        return None, error.problems[0].what


def _withdrawals(guarded: Conflict, compared: Postures, draws: int) -> list[Withdrawal]:
    about = guarded.case.file.deterrence
    if about is None or about.backstop is None:
        return []
    best = {lever: setting for lever, setting in compared.results[0].sets.items() if lever != about.backstop.lever}
    leaving = [name for name, event in guarded.case.file.events.items() if about.backstop.lever in event.sets]
    few = guarded.draw(min(FEW, draws)).hold(best)
    return [withdrawal(few, event=event, date=DATE, start=about.truce, truce=about.truce, months=MONTHS) for event in leaving]


def _strategies(case: Case, draws: int, seed: int) -> Strategies | None:
    about = case.file.deterrence
    if about is None or not about.strategies:
        return None
    return strategies(conflict(case, view=about.strategies_view or about.view, draws=draws, seed=seed), months=MONTHS[-1])


def _breaks(guarded: Conflict, compared: Postures, name: str) -> Table:
    about = guarded.case.file.deterrence
    assert about is not None
    sets = next(each.sets for each in compared.results if each.name == name)
    levers = {lever: setting for lever, setting in sets.items() if setting in guarded.case.settings[lever]}
    return breaking(guarded.hold(levers), start=about.truce, truce=about.truce, month=MONTHS[-1]).table()


def _past(about: Deterrence, compared: Postures) -> Combined | None:
    if about.past is None:
        return None
    weights = {str(part): weight for part, weight in about.past.weights.items()}
    return combine(base_rates(about.past.reference), compared.results[0].ratio, weights=weights)


def _starts(case: Case, seed: int) -> tuple[tuple[float, ...], NDArray[np.float64]] | None:
    """Chance that the truce has come about by each month, from today, in the usual view."""
    about = case.file.deterrence
    assert about is not None
    usual = conflict(case, draws=FEW, seed=seed)
    now = usual.graph.now
    if now is None or usual.graph.n_states * FEW > MOST_STARTING or usual.where(about.truce)[now]:
        return None
    return MONTHS, 1.0 - survival(usual, start="now", truce=f"not ({about.truce})", months=MONTHS).alive
