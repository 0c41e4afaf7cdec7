"""Strategies and withdrawals compared: does escalation pay, and what if the backstop leaves at a known or an unknown date?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bestand.graph.conflict import Conflict
from bestand.show import Shown, Table
from bestand.truce.postures import LEAVING, alive
from bestand.truce.survival import survival
from bestand.truce.zones import Floats, deterrence_of


@dataclass(frozen=True, slots=True)
class StrategyResult:
    """One strategy under one setting of the backstop: (n_draws,) chances."""

    name: str
    kind: str
    backstop: str
    alive: Floats
    starts: Floats


@dataclass(frozen=True, slots=True)
class Strategies(Shown):
    """Strategies compared over settings of the backstop.

    months  : when truces are looked at
    results : per strategy and backstop: chance that a truce still holds, and that one has come about from today
    """

    months: float
    results: tuple[StrategyResult, ...]

    def table(self) -> Table:
        """One row per strategy and backstop; the last columns compare with the strategy of kind `concept`."""
        rows = []
        for each in self.results:
            other = next((one for one in self.results if one.kind == "concept" and one.backstop == each.backstop), None)
            worse = None if other is None or other is each else float(np.mean(each.alive < other.alive))
            low, high = np.quantile(each.alive, [0.1, 0.9])
            rows.append((each.name, each.backstop, float(each.alive.mean()), float(low), float(high), float(each.starts.mean()), worse))
        holds, starts = f"a truce holds {self.months:g} months", f"one starts within {self.months:g} months"
        columns = ("strategy", "backstop", holds, "low 10%", "high 10%", starts, "worse than the concept in share of draws")
        return Table("Strategies", columns, tuple(rows), ("a model under the case's assumptions, not a forecast",))


def strategies(conflict: Conflict, *, start: str | None = None, months: float = 24) -> Strategies:
    """The case's strategies under every setting of the backstop, and with it leaving at an unknown date.

    start : condition from which a truce is watched; the case's truce, if not given

    Raises
    ------
    AskError
        `truce/no-zones`, `play/no-start`, `worth/ordinal`, `truce/too-large`.
    """
    deterrence = deterrence_of(conflict)
    backstop, settings = deterrence.backstop, [""]
    if backstop is not None:
        settings = [*reversed(conflict.case.settings[backstop.lever]), LEAVING]
    results = []
    for setting in settings:
        for name, step in deterrence.strategies.items():
            sets = dict(step.sets) | ({} if backstop is None else {backstop.lever: setting})
            holds = alive(conflict, sets, start=start or deterrence.truce, truce=deterrence.truce, months=(months,))[:, -1]
            results.append(StrategyResult(name, step.kind, setting, holds, _starts(conflict, sets, deterrence.truce, months)))
    return Strategies(months, tuple(results))


def _starts(conflict: Conflict, sets: dict[str, str], truce: str, months: float) -> Floats:
    """Chance that a truce has come about from today by the last month, under some settings: (n_draws,)."""
    hold = {lever: setting for lever, setting in sets.items() if setting != LEAVING}
    never_yet = f"not ({truce})"
    return 1.0 - survival(conflict.hold(hold), start=never_yet, truce=never_yet, months=months).alive[:, -1]
