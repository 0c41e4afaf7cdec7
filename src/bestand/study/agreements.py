"""What could be agreed in one view of a case, under each fallback, and whether such deals would rest and be reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from bestand.bargain.cores import Concessions, Cores, concessions, cores
from bestand.bargain.frontier import Frontier, frontier
from bestand.bargain.outcomes import Agreements, agreements
from bestand.bargain.payments import Payments, payments
from bestand.bargain.solutions import RuleName, Settlement, settle
from bestand.bargain.thresholds import Thresholds, thresholds
from bestand.case.conditions import names
from bestand.case.loaded import Case
from bestand.errors import AskError
from bestand.graph.model import Graph, Worth
from bestand.graph.worth import worth as worth_of
from bestand.negotiate.paths import Paths, paths
from bestand.negotiate.stability import Stability
from bestand.show import Shown, Table
from bestand.study.outlook import FORESIGHT

MOST_STATES = 200_000


@dataclass(frozen=True, slots=True)
class Terms:
    """Deals under one fallback: how many, what blocks them, and what would open one.

    kind     : "now", "event" (an event has happened), "walks" (a party has left the table), "excluded" (it has no veto)
    who      : the event or the party; empty for "now"
    states   : what is fallen back on
    deals    : of draw 0, and over all draws
    """

    kind: str
    who: str
    states: tuple[int, ...]
    deals: Agreements
    clashes: Cores
    opens: Concessions


@dataclass(frozen=True, slots=True)
class Package:
    """One deal that a rule picks, handed back to the graph.

    rests   : whether it is an equilibrium under the headline foresight
    leavers : parties that would leave it
    reached : whether improving moves lead there from today
    """

    rule: str
    settlement: Settlement
    state: int
    n_ties: int
    rests: bool
    leavers: tuple[str, ...]
    reached: bool


@dataclass(frozen=True, slots=True)
class AgreementAnswers(Shown):
    """What could be agreed that has `goal`.

    terms    : per fallback, and with each party left out
    packages : what each rule picks, those with the same pick together; empty where wants have no size or nothing is agreed
    why_none : why there are no packages
    paid     : least payments among the parties that bring all up to today, by size; None where wants have no size
    spans    : walk-away values at which the Nash package changes, and at which nothing is left to agree on; likewise
    all_wants: clashing sets among all single wants, for the parties' demands in full
    """

    goal: str
    graph: Graph
    terms: tuple[Terms, ...]
    packages: tuple[Package, ...]
    why_none: str
    paid: Payments | None
    spans: Thresholds | None
    all_wants: Cores

    def table(self) -> Table:
        """One row per fallback."""
        rows = tuple(
            (
                f"{each.kind} {each.who}".strip(),
                each.deals.n_deals,
                int(each.deals.gain[0].sum()),
                each.deals.share_any,
                each.opens.words(0) if each.opens.sets and each.opens.sets[0] else "",
            )
            for each in self.terms
        )
        columns = ("fallback", "deals", "in which somebody gains", "share of draws with a deal", "cheapest concession")
        return Table(f"Deals with {self.goal}", columns, rows)


def agreement_answers(
    case: Case, graph: Graph, stable: Stability, usual: Worth, drawn: Worth, *, goal: str, view: str | None = None
) -> AgreementAnswers | None:
    """What could be agreed that has `goal`; None where the present state is banned, listed, or the states are too many.

    stable, usual : of the case as it stands
    drawn         : ordinal worths over draws, for the shares
    """
    if graph.now is None or not graph.levers or graph.n_states > MOST_STATES:
        return None
    told = tuple(_terms(case, graph, usual, drawn, goal, view))
    edge, why = _edge(case, graph, goal)
    packages, why = ((), why) if edge is None else _packages(graph, stable, usual, edge)
    paid = None if edge is None else payments(edge, payers="parties")
    spans = None if edge is None else thresholds(edge)
    every = cores(case, which="every want", that=goal, view=view)
    return AgreementAnswers(goal, graph, told, packages, why, paid, spans, every)


def main_goal(case: Case, graph: Graph) -> str | None:
    """The condition that deals are looked for with: the truce, or the term that the case speaks of most and lacks today."""
    if graph.now is None:
        return None
    if case.file.deterrence is not None:
        return case.file.deterrence.truce
    absent = [term for term, node in case.terms.items() if (mask := graph.where(node)).any() and not mask[graph.now]]
    spoken = {term: sum(term in names(node) for node in case.conditions.values()) for term in absent}
    return max(absent, key=lambda term: spoken[term], default=None)


def _terms(case: Case, graph: Graph, usual: Worth, drawn: Worth, goal: str, view: str | None) -> Iterator[Terms]:
    asked: list[tuple[str, str, tuple[int, ...], tuple[str, ...]]] = [("now", "", (graph.now or 0,), ())]
    asked += [("event", event, states, ()) for event, states in _after_events(graph, usual)]
    asked += [("walks", party, _without(graph, usual, party), ()) for party in graph.parties if _can_move(graph, party)]
    asked += [("excluded", party, (graph.now or 0,), (party,)) for party in graph.parties]
    for kind, who, states, excluding in asked:
        deals = agreements(case, graph, drawn, fallback=states, excluding=excluding, that=goal)
        at = [graph.at(state) for state in states]
        fallback: object = at[0] if len(at) == 1 else states
        clashes = cores(case, fallback=fallback, excluding=excluding, that=goal, view=view)  # type: ignore[arg-type]
        opens = concessions(case, fallback=fallback, excluding=excluding, that=goal, view=view)  # type: ignore[arg-type]
        yield Terms(kind, who, states, deals, clashes, opens)


def _can_move(graph: Graph, party: str) -> bool:
    moves = graph.moves[graph.parties.index(party)]
    return bool(moves.target.size) or not moves.listed


def _ends(found: Paths) -> tuple[int, ...]:
    """Where improvement ends; all that it passes where it goes round in circles only."""
    return tuple(map(int, found.ends)) or tuple(map(int, np.flatnonzero(found.reached)))


def _without(graph: Graph, worth: Worth, party: str) -> tuple[int, ...]:
    """Where the others' improving moves end if a party walks away and moves no more."""
    return _ends(paths(graph, worth, excluding=[party]))


def _after_events(graph: Graph, worth: Worth) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Where improving moves end after each event that can happen today."""
    for event in graph.chances:
        for target in event.target[event.source == graph.now]:
            yield event.name, _ends(paths(graph, worth, start=int(target)))


def _edge(case: Case, graph: Graph, goal: str) -> tuple[Frontier | None, str]:
    """The states with the goal that cross no red line, by size, with today as the fallback; or why there are none."""
    try:
        sized = worth_of(case, graph, scale="cardinal")
    except AskError as error:
        return None, error.problems[0].what
    open_ = agreements(case, graph, sized, that=goal).open[0]
    if not open_.any():
        return None, "every state with it crosses a red line"
    return frontier(graph, sized, among=open_, fallback="now"), ""


def _packages(graph: Graph, stable: Stability, usual: Worth, edge: Frontier) -> tuple[tuple[Package, ...], str]:
    """What the rules pick."""
    reached = paths(graph, usual).reached
    found = []
    for rule in get_args(RuleName):
        try:
            settlement = settle(edge, rule=rule)
        except AskError as error:
            return (), error.problems[0].what
        found.append(_package(graph, stable, reached.tolist(), rule, settlement))
    return tuple(found), ""


def _package(graph: Graph, stable: Stability, reached: Sequence[bool], rule: RuleName, settlement: Settlement) -> Package:
    """A rule's pick: of several winners one that rests, if there is one."""
    resting = stable.holds(FORESIGHT)
    winners = [int(s) for s in settlement.outcomes]
    state = next((s for s in winners if resting[s]), winners[0])
    leavers = tuple(party for party in graph.parties if not stable.holds(FORESIGHT, party)[state])
    return Package(rule, settlement, state, len(winners), bool(resting[state]), leavers, bool(reached[state]))
