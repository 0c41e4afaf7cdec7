"""If the truce of a case comes, does it hold: postures, withdrawals, strategies, and what breaks it, for one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.case.zones import Deterrence
from bestand.errors import AskError
from bestand.graph.build import build
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
        held = postures(case, view=about.view, months=MONTHS, every=False, draws=draws, seed=seed, progress=lambda share: progress(0.5 * share))
        leaving = tuple(_withdrawals(case, held, seed, draws))
        progress(0.7)
        steps = _strategies(case, draws, seed)
        progress(0.85)
        broken = {name: _breaks(case, held, name) for name in dict.fromkeys((held.held[0].name, held.held[-1].name))}
        return TruceAnswers(about.truce, held, leaving, steps, broken, _past(about, held), _starts(case, seed), draws), ""
    except AskError as error:
        return None, error.problems[0].what


def _withdrawals(case: Case, held: Postures, seed: int, draws: int) -> list[Withdrawal]:
    about = case.file.deterrence
    if about is None or about.backstop is None:
        return []
    best = {lever: setting for lever, setting in held.held[0].sets.items() if lever != about.backstop.lever}
    leaving = [name for name, event in case.file.events.items() if about.backstop.lever in event.sets]
    return [
        withdrawal(
            case, event=event, date=DATE, start=about.truce, holds=about.truce, months=MONTHS, view=about.view, hold=best,
            draws=min(FEW, draws), seed=seed,
        )
        for event in leaving
    ]


def _strategies(case: Case, draws: int, seed: int) -> Strategies | None:
    about = case.file.deterrence
    if about is None or not about.strategies:
        return None
    return strategies(case, view=about.strategies_view or about.view, months=MONTHS[-1], draws=draws, seed=seed)


def _breaks(case: Case, held: Postures, name: str) -> Table:
    about = case.file.deterrence
    assert about is not None
    sets = next(each.sets for each in held.held if each.name == name)
    levers = {lever: setting for lever, setting in sets.items() if setting in case.settings[lever]}
    return breaking(case, start=about.truce, holds=about.truce, month=MONTHS[-1], view=about.view, hold=levers)


def _past(about: Deterrence, held: Postures) -> Combined | None:
    if about.past is None:
        return None
    weights = {str(part): weight for part, weight in about.past.weights.items()}
    return combine(base_rates(about.past.reference), held.held[0].ratio, weights=weights, cause_present=held.held[0].total_k > 0)


def _starts(case: Case, seed: int) -> tuple[tuple[float, ...], NDArray[np.float64]] | None:
    """Chance that the truce has come about by each month, from today, in the usual view."""
    about = case.file.deterrence
    assert about is not None
    graph = build(case)
    if graph.now is None or graph.n_states * FEW > MOST_STARTING or graph.where(case.condition(about.truce))[graph.now]:
        return None
    never = f"not ({about.truce})"
    found = survival(case, start=never, holds=never, months=MONTHS, draws=FEW, seed=seed)
    return MONTHS, 1.0 - found.alive
