"""Strategies and withdrawals compared: does escalation pay, and what if the backstop leaves at a known or an unknown date?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bestand.case.loaded import Case
from bestand.show import Shown, Table, chart
from bestand.truce.postures import LEAVING, Asking
from bestand.truce.survival import survival
from bestand.truce.zones import Floats


@dataclass(frozen=True, slots=True)
class Strategy:
    """One strategy under one setting of the backstop: (n_draws,) chances."""

    name: str
    kind: str
    backstop: str
    holds: Floats
    starts: Floats


@dataclass(frozen=True, slots=True)
class Strategies(Shown):
    """Strategies compared over settings of the backstop.

    months : when truces are looked at
    found  : per strategy and backstop: chance that a truce still holds, and that one has come about from today
    """

    months: float
    found: tuple[Strategy, ...]

    def table(self) -> Table:
        """One row per strategy and backstop; the last columns compare with the strategy of kind `concept`."""
        rows = []
        for each in self.found:
            other = next((one for one in self.found if one.kind == "concept" and one.backstop == each.backstop), None)
            worse = None if other is None or other is each else float(np.mean(each.holds < other.holds))
            low, high = np.quantile(each.holds, [0.1, 0.9])
            rows.append((each.name, each.backstop, float(each.holds.mean()), float(low), float(high), float(each.starts.mean()), worse))
        holds, starts = f"a truce holds {self.months:g} months", f"one starts within {self.months:g} months"
        columns = ("strategy", "backstop", holds, "low 10%", "high 10%", starts, "worse than the concept in share of draws")
        return Table("Strategies", columns, tuple(rows), ("a model under the case's assumptions, not a forecast",))

    def figure(self) -> dict[str, object]:
        """Chance that a truce holds, by backstop and strategy."""
        return chart(self.table(), "rect", x="backstop:N", y="strategy:N", color=f"a truce holds {self.months:g} months:Q")


def strategies(
    case: Case, *, view: str | None = None, start: str | None = None, months: float = 24, draws: int = 100, seed: int = 0
) -> Strategies:
    """The case's strategies under every setting of the backstop, and with it leaving at an unknown date.

    start : condition from which a truce is watched; the case's truce, if not given

    Raises
    ------
    AskError
        `truce/no-zones`, `truce/no-start`, `worth/ordinal`, `truce/too-large`.
    """
    asking = Asking(case, start or "", "", (months,), view, draws, seed)
    truce, backstop = asking.deterrence.truce, asking.deterrence.backstop
    asking.start, asking.holds = start or truce, truce
    settings: Sequence[str | None] = [None] if backstop is None else [*reversed(case.settings[backstop.lever]), LEAVING]
    found = []
    for setting in settings:
        for name, step in asking.deterrence.strategies.items():
            sets = dict(step.sets) | ({} if backstop is None or setting is None else {backstop.lever: setting})
            holds = asking.alive(sets)[:, -1]
            found.append(Strategy(name, step.kind, setting or "", holds, starts(asking, sets, truce)))
    return Strategies(months, tuple(found))


def starts(asking: Asking, sets: Mapping[str, str], truce: str) -> Floats:
    """Chance that a truce has come about from today by the last month, under some settings: (n_draws,)."""
    hold = {lever: setting for lever, setting in sets.items() if setting != LEAVING}
    never_yet = f"not ({truce})"
    found = survival(
        asking.case, start=never_yet, holds=never_yet, months=asking.months, view=asking.view, hold=hold, draws=asking.draws, seed=asking.seed
    )
    return 1.0 - found.alive[:, -1]
