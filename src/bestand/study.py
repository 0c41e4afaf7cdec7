"""Everything about one case: the only place that combines the engines."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.case.check import Findings, check
from bestand.case.conditions import levers_of, names
from bestand.case.loaded import Case
from bestand.graph.build import build
from bestand.graph.model import Graph, Worth
from bestand.graph.worth import worth as worth_of
from bestand.grounds import Deciding, Line, behind, deciding, dropped, line, unique
from bestand.hypotheses import Verdict, verdicts
from bestand.negotiate.concepts import CORE, Concept
from bestand.negotiate.paths import Paths, Step, paths
from bestand.negotiate.stability import Stability, stability
from bestand.negotiate.why import Witness, why
from bestand.show import Shown, Table

FORESIGHT: Concept = "seq"  # the foresight in which the headline answers are given
MOST_RESTS = 24  # equilibria, or kinds of them, that are described one by one
FEW_RESTS = 12  # up to so many equilibria each is a kind of its own
MOST_MOVES = 300  # moves of one party from today that are looked into for what decides them
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made a result: enough to make it again."""

    digest: str
    version: str
    seed: int
    parameters: Mapping[str, str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Rest:
    """One state where the conflict can rest, under which foresight, and how one gets there from today.

    concepts : concepts under which it is an equilibrium
    terms    : terms of the case that hold there
    n_alike  : equilibria under the headline foresight in which the same terms hold; this is the one nearest to today
    way      : shortest way from today by improving moves, else by any moves; None where there is none
    improving: whether `way` is made of improving moves
    """

    state: int
    concepts: tuple[str, ...]
    terms: tuple[str, ...]
    n_alike: int
    way: tuple[Step, ...] | None
    improving: bool


@dataclass(frozen=True, slots=True)
class Stand:
    """How one party sees a state against today: better, worse or same, and the want that decides it."""

    party: str
    sign: int
    deciding: Deciding | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """A step on the way to a state that its mover does not gain by."""

    step: Step
    deciding: Deciding | None


@dataclass(frozen=True, slots=True)
class TermAnswer:
    """Why a term that does not hold today does not come about.

    n_states : states of the view where it holds
    rests    : concept → number of equilibria where it holds
    reached  : whether improving moves from today lead to it
    nearest  : the state studied: the term holds, the fewest parties would leave it, the fewest levers change
    way      : shortest way there by any moves, None where there is none
    stands   : how each party sees `nearest` against today
    stuck    : steps of `way` that do not pay their mover
    leavers  : for each party that would leave `nearest`, the witness
    """

    term: str
    n_states: int
    rests: Mapping[str, int]
    reached: bool
    nearest: int | None = None
    way: tuple[Step, ...] | None = None
    stands: tuple[Stand, ...] = ()
    stuck: tuple[Stuck, ...] = ()
    leavers: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One conclusion, the lines of the case that it touches, and the weak ones that turn it round when dropped.

    kind  : "now_rests", "term_rests" or "term_reached"
    flips : None where it was not tried (too many states or wants)
    """

    kind: str
    term: str
    holds: bool
    lines: tuple[Line, ...]
    flips: tuple[Line, ...] | None


@dataclass(frozen=True, slots=True)
class Study(Shown):
    """Everything that a page needs about one case.

    counts   : concept → number of equilibria
    rests    : where few rest, each of them; else the nearest to today of each of `n_kinds` kinds (the same terms hold)
    today    : per party, the witness for the present state under FORESIGHT
    ends     : states where improvement from today ends, nearest first
    loops    : whether improvement from today can go round in a circle
    """

    case: Case
    view: str | None
    graph: Graph
    worth: Worth
    stability: Stability
    counts: Mapping[str, int]
    rests: tuple[Rest, ...]
    n_kinds: int
    today: tuple[Witness, ...]
    terms_now: tuple[str, ...]
    terms: tuple[TermAnswer, ...]
    ends: tuple[int, ...]
    loops: bool
    conclusions: tuple[Conclusion, ...]
    hypotheses: tuple[Verdict, ...]
    findings: Findings
    provenance: Provenance

    def table(self) -> Table:
        """Equilibria by concept, with the terms that hold in each and whether improvement leads there."""
        rows = tuple(
            (self.graph.label(rest.state), ", ".join(rest.concepts), ", ".join(rest.terms), rest.way is not None and rest.improving)
            for rest in self.rests
        )
        notes = (f"{self.counts[FORESIGHT]} states rest under {FORESIGHT}; shown: the nearest to today of each kind",)
        return Table(self.case.file.title, ("state", "rests under", "terms", "reached by improving moves"), rows, notes)


def study(
    case: Case,
    *,
    view: str | None = None,
    seed: int = 0,
    hypotheses: bool = True,
    progress: Progress = lambda stage, share: None,
) -> Study:
    """Everything about one case: what is stable, why, the ways there, what it leans on, hypotheses answered.

    view     : view of the case; None = `core` if it has one
    seed     : recorded; nothing is drawn yet
    hypotheses : whether the case's hypotheses are tested too, which takes longest
    progress : told of each stage and the share done

    Raises
    ------
    GraphError
        If the view cannot be built.
    """
    began = time.perf_counter()
    progress("graph", 0.0)
    graph = build(case, view=view)
    worth = worth_of(case, graph)
    progress("stability", 0.1)
    stable = stability(graph, worth, concepts=CORE)
    masks = {term: graph.where(node) for term, node in case.terms.items()}
    progress("paths", 0.3)
    ways = _Ways(case, graph, worth, stable, masks)
    absent = [term for term in masks if graph.now is not None and not masks[term][graph.now]]
    terms = tuple(ways.term(term) for term in sorted(absent, key=lambda term: -_mentions(case, term)))
    rests, n_kinds = ways.rests()
    progress("leaning", 0.5)
    conclusions = _conclusions(case, graph, ways, terms)
    progress("hypotheses", 0.7)
    answered = verdicts(case, progress=lambda share: progress("hypotheses", 0.7 + 0.3 * share)) if hypotheses else ()
    improved = ways.improving
    return Study(
        case=case,
        view=view or ("core" if "core" in case.file.views else None),
        graph=graph,
        worth=worth,
        stability=stable,
        counts={concept: int(stable.equilibria(concept).size) for concept in CORE},
        rests=rests,
        n_kinds=n_kinds,
        today=ways.witnesses(graph.now),
        terms_now=ways.holding(graph.now),
        terms=terms,
        ends=() if improved is None else tuple(sorted(map(int, improved.ends), key=lambda state: int(improved.length[state]))),
        loops=improved is not None and improved.loops,
        conclusions=conclusions,
        hypotheses=answered,
        findings=check(case),
        provenance=_provenance(case, view, seed, time.perf_counter() - began),
    )


def _mentions(case: Case, term: str) -> int:
    """In how many conditions of the case a term stands: what a case is about is what it speaks of most."""
    return sum(term in names(node) for node in case.conditions.values())


def _provenance(case: Case, view: str | None, seed: int, seconds: float) -> Provenance:
    parameters = {"view": view or "core, or all levers", "concepts": " ".join(CORE), "replies": "legal", "credibility": "strict"}
    return Provenance(case.digest, program_version(), seed, parameters, seconds)


def program_version() -> str:
    """Version of the installed program, or of the source tree it runs from."""
    try:
        return version("bestand")
    except PackageNotFoundError:
        return "0.1.0 (source tree)"


class _Ways:
    """What the answers share: reachability from today, and the masks of terms."""

    def __init__(
        self, case: Case, graph: Graph, worth: Worth, stable: Stability, masks: Mapping[str, NDArray[np.bool_]]
    ) -> None:
        self.case, self.graph, self.worth, self.stable, self.masks = case, graph, worth, stable, masks
        self.resting = {concept: stable.holds(concept) for concept in CORE}
        self.nearest = {term: self._nearest(mask) for term, mask in masks.items()}
        self.improving, self.any = self._paths("improving"), self._paths("any")

    def _paths(self, by: Literal["improving", "any"]) -> Paths | None:
        return None if self.graph.now is None else paths(self.graph, self.worth, by=by)

    def _nearest(self, mask: NDArray[np.bool_]) -> int | None:
        """Of the states where a term holds: fewest parties that would leave, then fewest levers changed from today."""
        among = np.flatnonzero(mask)
        if not among.size:
            return None
        leaving = sum((~self.stable.holds(FORESIGHT, party)[among]).astype(int) for party in self.graph.parties)
        apart = np.zeros(among.size, int)
        for lever in self.graph.levers if self.graph.now is not None else ():
            digits = self.graph.digits(lever)
            apart += digits[among] != digits[self.graph.now]
        return int(among[np.lexsort((among, apart, np.asarray(leaving)))[0]])

    def holding(self, state: int | None) -> tuple[str, ...]:
        """Terms that hold in a state."""
        return () if state is None else tuple(term for term, mask in self.masks.items() if mask[state])

    def witnesses(self, state: int | None) -> tuple[Witness, ...]:
        """Per party, the witness for a state under the headline foresight."""
        if state is None:
            return ()
        return tuple(why(self.graph, self.worth, state=state, party=party, concept=FORESIGHT) for party in self.graph.parties)

    def rests(self) -> tuple[tuple[Rest, ...], int]:
        """Equilibria, or the nearest of each kind; those that improvement reaches first, then the nearest to today; how many kinds."""
        resting = next((self.resting[concept] for concept in (FORESIGHT, "gmr") if self.resting[concept].any()), None)
        if resting is None:
            return (), 0
        order = self._nearest_first(np.flatnonzero(resting))
        kinds = self._kinds(order)
        first, n_alike = np.unique(kinds, return_index=True, return_counts=True)[1:]
        shown = sorted(zip(first, n_alike, strict=True))[:MOST_RESTS]
        return tuple(self._rest(int(order[k]), int(n)) for k, n in shown), first.size

    def _nearest_first(self, states: NDArray[np.int64]) -> NDArray[np.int64]:
        if self.improving is None or self.any is None:
            return states
        far = np.where(self.any.reached[states], self.any.length[states], np.iinfo(np.int32).max)
        return states[np.lexsort((states, far, ~self.improving.reached[states]))]

    def _kinds(self, states: NDArray[np.int64]) -> NDArray[np.int64]:
        """A number per state; the same for states where the same terms hold, unless the states are few."""
        if states.size <= FEW_RESTS or not self.masks:
            return np.arange(states.size)
        held = np.stack([mask[states] for mask in self.masks.values()], axis=1)
        return np.unique(held, axis=0, return_inverse=True)[1].ravel()

    def _rest(self, state: int, n_alike: int) -> Rest:
        concepts = tuple(concept for concept in CORE if self.resting[concept][state])
        good = self.improving.to(state) if self.improving else None
        way = good if good is not None else self.any.to(state) if self.any else None
        return Rest(state, concepts, self.holding(state), n_alike, way, good is not None)

    def term(self, term: str) -> TermAnswer:
        """Why one term does not come about from today."""
        mask, nearest = self.masks[term], self.nearest[term]
        rests = {concept: int((self.resting[concept] & mask).sum()) for concept in CORE}
        reached = bool(self.improving is not None and (self.improving.reached & mask).any())
        if nearest is None or self.any is None:
            return TermAnswer(term, int(mask.sum()), rests, reached)
        way = self.any.to(nearest)
        leavers = tuple(witness for witness in self.witnesses(nearest) if not witness.stable)
        return TermAnswer(term, int(mask.sum()), rests, reached, nearest, way, self._stands(nearest), self._stuck(way), leavers)

    def _stands(self, state: int) -> tuple[Stand, ...]:
        now = self.graph.now or 0
        return tuple(
            Stand(party, self._sign(k, now, state), deciding(self.case, self.graph, party, now, state))
            for k, party in enumerate(self.graph.parties)
        )

    def _sign(self, party: int, here: int, there: int) -> int:
        rank = self.worth.rank[0, party]
        return int(rank[there] > rank[here]) - int(rank[there] < rank[here])

    def _stuck(self, way: tuple[Step, ...] | None) -> tuple[Stuck, ...]:
        return tuple(
            Stuck(step, deciding(self.case, self.graph, step.party, step.source, step.target))
            for step in way or ()
            if step.rank_after <= step.rank_before
        )


def _conclusions(case: Case, graph: Graph, ways: _Ways, terms: tuple[TermAnswer, ...]) -> tuple[Conclusion, ...]:
    """What rests now, what terms rest and are reached; the lines each touches, and those that turn it round."""
    if graph.now is None:
        return ()
    tried = dropped(case, graph)
    answers = _answers(graph, tried.worth, graph.now, ways.masks)
    lines = {("now_rests", ""): _lines_of_now(case, graph, graph.now), **_lines_of_terms(case, graph, terms)}
    asked = [("now_rests", ""), *((kind, answer.term) for answer in terms for kind in ("term_rests", "term_reached"))]
    return tuple(
        Conclusion(kind, term, answers[kind, term][0], lines[kind, term], tried.turning(answers[kind, term]))
        for kind, term in asked
    )


def _answers(graph: Graph, worth: Worth, now: int, masks: Mapping[str, NDArray[np.bool_]]) -> dict[tuple[str, str], list[bool]]:
    """Yes or no to each headline question, per draw."""
    stable, found = stability(graph, worth, concepts=(FORESIGHT,)), defaultdict(list)
    for draw in range(worth.n_draws):
        resting = stable.holds(FORESIGHT, draw=draw)
        reached = paths(graph, worth, start=now, by="improving", draw=draw).reached
        found["now_rests", ""].append(bool(resting[now]))
        for term, mask in masks.items():
            found["term_rests", term].append(bool((resting & mask).any()))
            found["term_reached", term].append(bool((reached & mask).any()))
    return found


def _lines_of_now(case: Case, graph: Graph, now: int) -> tuple[Line, ...]:
    """Wants that decide each party's moves away from today."""
    found = []
    for k, party in enumerate(graph.parties):
        for target in graph.moves[k].targets(now)[:MOST_MOVES]:
            decided = deciding(case, graph, party, now, int(target))
            found += [decided.line] if decided else []
    return unique(found)


def _lines_of_terms(case: Case, graph: Graph, terms: tuple[TermAnswer, ...]) -> dict[tuple[str, str], tuple[Line, ...]]:
    """Per term: levers and guards on the way, and wants that decide who goes and who would leave."""
    found = {}
    for answer in terms:
        ways = [part for step in answer.way or () for part in behind(case, step)]
        stuck = [each.deciding.line for each in answer.stuck if each.deciding]
        left = [
            decided.line
            for witness in answer.leavers
            for each in witness.answers
            if (decided := deciding(case, graph, witness.party, witness.state, each.move))
        ]
        levers = [_lever(case, name) for name in sorted(levers_of(case.terms[answer.term], case.terms)) if name in case.file.levers]
        found["term_reached", answer.term] = unique([*stuck, *ways])
        found["term_rests", answer.term] = unique([*left, *levers])
    return found


def _lever(case: Case, name: str) -> Line:
    lever = case.file.levers[name]
    return line(case, "lever", f"levers.{name}", name.split(".", maxsplit=1)[0], lever.label, lever)
