"""What could be agreed: the states that cross no red line and leave nobody below its fallback, or what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.cores import Cores
from bestand.bargain.demands import Demand, known_excluded, stated, wanted
from bestand.bargain.fallback import GAP, Fallback, levels, walk_away
from bestand.bargain.hitting_sets import fewest_unmet, hitting, members
from bestand.case.conditions import Truth
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.draws import likely_types
from bestand.graph.model import Graph, Worth
from bestand.show import Cell, Shown, Table

MOST_ROWS = 50
MOST_CORES = 200
MOST_SORTED = 1_000_000  # deals beyond so many are listed by number, not by nearness to the present


@dataclass(frozen=True, slots=True)
class Agreements(Shown):
    """The states that could be agreed on.

    deal     : (n_draws, n_states) bool: no red line crossed, nobody below its fallback
    open     : (n_draws, n_states) bool: no red line crossed
    gain     : (n_draws, n_states) bool: a deal that somebody prefers to its fallback
    fallback : (n_draws, n_parties), worth or rank of what each party falls back on
    excluded : parties without a veto
    blocking : in draw 0, where nothing can be agreed: the clashing demands, which is the proof; else None
    """

    deal: NDArray[np.bool_]
    open: NDArray[np.bool_]
    gain: NDArray[np.bool_]
    fallback: NDArray[np.float64]
    excluded: tuple[str, ...]
    blocking: Cores | None
    graph: Graph

    def states(self, *, draw: int = 0) -> NDArray[np.int64]:
        """Numbers of all states that could be agreed on."""
        return np.flatnonzero(self.deal[draw])

    @property
    def n_deals(self) -> int:
        """Number of states that could be agreed on, in draw 0."""
        return int(self.deal[0].sum())

    @property
    def share(self) -> NDArray[np.float64]:
        """Share of draws in which each state could be agreed on: shape (n_states,)."""
        return self.deal.mean(axis=0)

    @property
    def share_any(self) -> float:
        """Share of draws in which anything could be agreed on."""
        return float(self.deal.any(axis=1).mean())

    def table(self) -> Table:
        """Deals, those that change least from now first; or what blocks them."""
        if self.blocking is not None:
            blocked = self.blocking.table()
            return Table("Nothing can be agreed", blocked.columns, blocked.rows, blocked.notes)
        share = self.share
        states = _nearest(self.graph, self.states())[:MOST_ROWS]
        several = self.deal.shape[0] > 1
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (int(s), self.graph.label(int(s)), bool(self.gain[0, s]), *((float(share[s]),) if several else ())) for s in states
        )
        notes = [f"{self.n_deals} of {self.graph.n_states} states could be agreed on; somebody gains in {int(self.gain[0].sum())}"]
        if self.n_deals > MOST_ROWS:
            notes.append(f"the first {MOST_ROWS} are shown, those that change least from now first")
        if several:
            notes.append(f"in {self.share_any:.0%} of {self.deal.shape[0]} draws something can be agreed")
        columns = ("state", "what", "somebody gains", *(("share of draws",) if several else ()))
        return Table("What could be agreed", columns, rows, tuple(notes))


def agreements(
    case: Case,
    graph: Graph,
    worth: Worth,
    *,
    fallback: Fallback = "now",
    excluding: Sequence[str] = (),
    that: str = "true",
    types: Sequence[Mapping[str, str]] | None = None,
) -> Agreements:
    """The states in which every red line holds and no party is below its fallback, by rank or by size as `worth` has it.

    fallback  : "now", a state (number, name, lever: setting), several states (the worst counts), party: value or
                party: states
    excluding : parties without a veto: neither their red lines nor their fallback count
    that      : a condition that the deal must meet in any case
    types     : per draw, party: type, for the red lines; those that the worths were drawn with, if not given

    Raises
    ------
    AskError
        `bargain/no-fallback`, `bargain/unknown-party`, `bargain/which-types`, `worth/ordinal`.

    >>> from bestand.case.read import read_text
    >>> from bestand.case.template import new
    >>> from bestand.graph.build import build
    >>> from bestand.graph.worth import worth
    >>> case = read_text(new("A dispute")); graph = build(case)
    >>> found = agreements(case, graph, worth(case, graph))
    >>> bool(found.deal[0, graph.now])
    True
    """
    known_excluded(case, excluding)
    drawn = _types(case, worth, types)
    within = graph.where(wanted(case, that))
    shape = (worth.n_draws, graph.n_states)
    open_, deal, gain = np.empty(shape, bool), np.empty(shape, bool), np.empty(shape, bool)
    away = np.empty((worth.n_draws, len(graph.parties)))
    veto = [i for i, party in enumerate(graph.parties) if party not in excluding]
    limits: dict[tuple[str, ...], NDArray[np.bool_]] = {}
    for d, chosen in enumerate(drawn):
        key = tuple(chosen.values())
        if key not in limits:
            held = [demand.met(graph.where) for demand in _red_lines(case, graph, excluding, chosen)]
            limits[key] = np.logical_and.reduce([within, *held])
        away[d] = walk_away(graph, worth, fallback, draw=d)
        level = levels(worth, d)
        open_[d] = deal[d] = limits[key]
        for i in veto:
            deal[d] &= level[i] >= away[d, i] - GAP
        gain[d] = deal[d] & np.logical_or.reduce([level[i] > away[d, i] + GAP for i in veto] or [np.zeros(graph.n_states, bool)])
    blocking = None if deal[0].any() else _blocking(case, graph, worth, excluding, drawn[0], away[0], within)
    for array in (open_, deal, gain, away):
        array.flags.writeable = False
    return Agreements(deal, open_, gain, away, tuple(excluding), blocking, graph)


def _types(case: Case, worth: Worth, types: Sequence[Mapping[str, str]] | None) -> Sequence[Mapping[str, str]]:
    if types is not None:
        if len(types) != worth.n_draws:
            what = f"types are given for {len(types)} draws, and worth has {worth.n_draws}"
            raise AskError(Problem("bargain/which-types", what, hint="give the types that the worths were drawn with"))
        return types
    if worth.types:
        return worth.types
    if worth.n_draws > 1:
        for party in case.file.parties:
            lines = {tuple(want.that for want in wants if want.red_line) for wants in case.wants(party).values()}
            if len(lines) > 1:
                what = f"the red lines of '{party}' depend on its type, and the types of the draws are not given"
                raise AskError(Problem("bargain/which-types", what, hint="give types="))
    return [likely_types(case)] * worth.n_draws


def _red_lines(case: Case, graph: Graph, excluding: Sequence[str], types: Mapping[str, str]) -> list[Demand]:
    return [
        demand
        for party in graph.parties
        if party not in excluding
        for demand in stated(case, party, types[party])
        if demand.kind == "red line"
    ]


def _blocking(
    case: Case,
    graph: Graph,
    worth: Worth,
    excluding: Sequence[str],
    types: Mapping[str, str],
    away: NDArray[np.float64],
    within: NDArray[np.bool_],
) -> Cores:
    """The clashing demands: red lines as stated, fallbacks as the worths have them."""
    limits = _red_lines(case, graph, excluding, types)
    met = [demand.met(graph.where)[within] for demand in limits]
    level = levels(worth)
    for i, party in enumerate(graph.parties):
        if party not in excluding:
            words, name = "no worse off than without a deal", case.file.parties[party].name
            at = f"ranking.{party}" if party in case.file.ranking else f"wants.{party}" + (f".{types[party]}" if types[party] else "")
            limits.append(Demand(party, name, "fallback", words, at, Truth(True)))
            met.append(level[i, within] >= away[i] - GAP)
    if not within.any():
        return Cores(tuple(limits), ((),), True, "enumerate")
    sets, complete = hitting(fewest_unmet([np.array(met)], len(limits)), len(limits), MOST_CORES)
    return Cores(tuple(limits), tuple(members(each) for each in sets), complete, "enumerate")


def _nearest(graph: Graph, states: NDArray[np.int64]) -> NDArray[np.int64]:
    """States in order of the number of levers that differ from now."""
    if graph.now is None or not graph.levers or states.size > MOST_SORTED:
        return states
    changed = np.zeros(states.size, np.int64)
    code, today = graph.codes[states], int(graph.codes[graph.now])
    for settings in graph.settings:
        code, digit = np.divmod(code, len(settings))
        today, setting = divmod(today, len(settings))
        changed += digit != setting
    return states[np.argsort(changed, kind="stable")]
