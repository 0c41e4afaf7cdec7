"""What could be agreed in one view of a case, under each fallback, and whether such deals would rest and be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bestand.bargain.cores import Concessions, Cores, concessions, cores
from bestand.bargain.demands import demands
from bestand.bargain.frontier import Frontier, frontier
from bestand.bargain.joint import Joint, joint
from bestand.bargain.outcomes import Agreements, agreements
from bestand.bargain.payments import Payments, payments
from bestand.bargain.solutions import RULES, Settlement, settle
from bestand.bargain.thresholds import Thresholds, thresholds
from bestand.errors import AskError
from bestand.graph.conflict import Conflict
from bestand.negotiate.paths import Paths, paths
from bestand.negotiate.stability import Stability
from bestand.show import Shown, Table
from bestand.study.deals_by_version import DealsByVersion, deals_by_version
from bestand.study.outlook import FORESIGHT, READING

MOST_STATES = 200_000  # states up to which a study asks what could be agreed
SEARCHED = 1.0  # seconds that it looks for all sets of demands that clash; the smallest are found in any case


@dataclass(frozen=True, slots=True)
class Terms:
    """Deals under one fallback: how many, what blocks them, and what would open one.

    kind     : "now", "event" (an event has happened), "walks" (a party has left the table), "excluded" (it has no veto)
    who      : the event or the party; empty for "now"
    states   : what is fallen back on
    deals    : of draw 0, and over all draws
    versions : how many deals there are in every version of the parties, each with its own ends where the fallback is where moves end
    """

    kind: str
    who: str
    states: tuple[int, ...]
    deals: Agreements
    clashes: Cores
    opens: Concessions
    versions: DealsByVersion


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
    rests: bool
    leavers: tuple[str, ...]
    reached: bool


@dataclass(frozen=True, slots=True, repr=False)
class AgreementAnswers(Shown):
    """What could be agreed that has `goal`.

    terms    : per fallback, and with each party left out
    packages : what each rule picks, those with the same pick together; empty where wants have no size or nothing is agreed
    why_none : the code of why there are no packages: of an error, or "red-line"
    paid     : least payments among the parties that bring all up to today, by size; None where wants have no size
    spans    : walk-away values at which the Nash package changes, and at which nothing is left to agree on; likewise
    all_wants: clashing sets among all single wants, for the parties' demands in full
    together : what parties reach only by acting together at once; None where that cannot be asked
    """

    goal: str
    conflict: Conflict
    terms: tuple[Terms, ...]
    packages: tuple[Package, ...]
    why_none: str
    paid: Payments | None
    spans: Thresholds | None
    all_wants: Cores
    together: Joint | None = None

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
    conflict: Conflict, stable: Stability, *, goal: str, draws: int = 1, seed: int = 0, progress: Callable[[float], None] = lambda share: None
) -> AgreementAnswers | None:
    """What could be agreed that has `goal`; None where the present state is banned, listed, or the states are too many.

    stable : of the case as it stands
    draws  : versions of the case, for the shares
    progress : told the share of the fallbacks that is done
    """
    graph = conflict.graph
    if graph.now is None or not graph.levers or graph.n_states > MOST_STATES:
        return None
    told = tuple(_terms(conflict, conflict.draw(draws, seed=seed), goal, progress))
    edge, why = _edge(conflict, goal)
    packages, why = ((), why) if edge is None else _packages(conflict, stable, edge)
    paid = None if edge is None else payments(edge, payers="parties")
    spans = None if edge is None else thresholds(edge)
    every = cores(conflict, which="every want", that=goal, seconds=SEARCHED)
    return AgreementAnswers(goal, conflict, told, packages, why, paid, spans, every, _together(conflict, goal))


def _together(conflict: Conflict, goal: str) -> Joint | None:
    """What parties reach only by acting together at once; None where that cannot be asked of this view."""
    try:
        return joint(conflict, that=goal)
    except AskError:
        return None


def _terms(conflict: Conflict, drawn: Conflict, goal: str, progress: Callable[[float], None]) -> Iterator[Terms]:
    now = conflict.now
    asked: list[tuple[str, str, tuple[int, ...], tuple[str, ...]]] = [("now", "", (now,), ())]
    asked += [("event", event, states, ()) for event, states in _after_events(conflict)]
    asked += [("walks", party, _without(conflict, party), ()) for party in conflict.parties if _can_move(conflict, party)]
    asked += [("excluded", party, (now,), (party,)) for party in conflict.parties if _has_veto(conflict, party) and _others_demand(conflict, party)]
    for n_done, (kind, who, states, excluding) in enumerate(asked):
        progress(n_done / len(asked))
        deals = agreements(drawn, fallback=states, excluding=excluding, that=goal)
        clashes = cores(conflict, fallback=states, excluding=excluding, that=goal, seconds=SEARCHED)
        opens = concessions(conflict, fallback=states, excluding=excluding, that=goal)
        versions = deals_by_version(conflict, that=goal, fallback=_fallback_in(kind, who, states), excluding=excluding)
        yield Terms(kind, who, states, deals, clashes, opens, versions)


def _fallback_in(kind: str, who: str, states: tuple[int, ...]) -> Callable[[Conflict, int], Sequence[int]]:
    """What is fallen back on in a version: where its own best moves end, if the fallback is where moves end."""
    if kind == "walks":
        return lambda asked, draw: _without(asked, who, draw)
    if kind == "event":
        return lambda asked, draw: next(ends for event, ends in _after_events(asked, draw) if event == who)
    return lambda asked, draw: states


def _has_veto(conflict: Conflict, party: str) -> bool:
    stated = conflict.case.file.parties
    return party not in stated or (stated[party].signs and not stated[party].chance)


def _others_demand(conflict: Conflict, party: str) -> bool:
    """Whether anybody demands anything once one party has no say; else there is nothing to agree on without it."""
    return bool(demands(conflict, which="red lines and fallback", fallback="now", excluding=[party]))


def _can_move(conflict: Conflict, party: str) -> bool:
    return conflict.graph.moves[conflict.party(party)].any


def _ends(reached: Paths) -> tuple[int, ...]:
    """Where improvement ends; all that it passes where it goes round in circles only."""
    return tuple(map(int, reached.ends)) or tuple(map(int, np.flatnonzero(reached.reached)))


def _without(conflict: Conflict, party: str, draw: int = 0) -> tuple[int, ...]:
    """Where the others' moves end if a party walks away and moves no more."""
    return _ends(paths(conflict, by=READING, excluding=[party], draw=draw))


def _after_events(conflict: Conflict, draw: int = 0) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Where moves end after each event that can happen today; one that has several rates, by condition, is told once."""
    told = set[tuple[str, int]]()
    for event in conflict.graph.chances:
        for target in map(int, event.target[event.source == conflict.now]):
            label = str(conflict.case.file.events[event.name].label) or event.name
            if (label, target) not in told:
                told.add((label, target))
                yield event.name, _ends(paths(conflict, by=READING, start=target, draw=draw))


def _edge(conflict: Conflict, goal: str) -> tuple[Frontier | None, str]:
    """The states with the goal that cross no red line, by size, with today as the fallback; or why there are none."""
    sized = conflict.on_scale("cardinal")
    try:
        open_ = agreements(sized, that=goal).open[0]
        return (frontier(sized, among=open_, fallback="now"), "") if open_.any() else (None, "red-line")
    except AskError as error:
        return None, error.code


def _packages(conflict: Conflict, stable: Stability, edge: Frontier) -> tuple[tuple[Package, ...], str]:
    """What the rules pick."""
    reached = paths(conflict, by=READING).reached
    packages = []
    for rule in RULES:
        try:
            settlement = settle(edge, rule=rule)
        except AskError as error:
            return (), error.code
        packages.append(_package(conflict, stable, reached.tolist(), rule, settlement))
    return tuple(packages), ""


def _package(conflict: Conflict, stable: Stability, reached: Sequence[bool], rule: str, settlement: Settlement) -> Package:
    """A rule's pick: of several winners one that rests, if there is one."""
    resting = stable.holds(FORESIGHT)
    winners = [int(s) for s in settlement.outcomes]
    state = next((s for s in winners if resting[s]), winners[0])
    leavers = tuple(party for party in conflict.parties if not stable.holds(FORESIGHT, party)[state])
    return Package(rule, settlement, state, bool(resting[state]), leavers, bool(reached[state]))
