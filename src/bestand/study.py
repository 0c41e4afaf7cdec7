"""Everything about one case: the only place that combines the engines."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import numpy as np
from numpy.typing import NDArray

from bestand.case.check import Findings, check
from bestand.case.conditions import levers_of, names
from bestand.case.lines import Line, line
from bestand.case.loaded import Case
from bestand.graph.build import build
from bestand.graph.model import Graph, Worth
from bestand.graph.worth import worth as worth_of
from bestand.grounds import behind, deciding, dropped, unique
from bestand.hypotheses import Verdict, verdicts
from bestand.negotiate.concepts import CORE
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import Stability, stability
from bestand.negotiate.why import Witness
from bestand.outlook import FORESIGHT, Outlook, Rest, TermAnswer
from bestand.show import Shown, Table

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
    ways = Outlook(case, graph, worth, stable, masks)
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


def _conclusions(case: Case, graph: Graph, ways: Outlook, terms: tuple[TermAnswer, ...]) -> tuple[Conclusion, ...]:
    """What rests now, what terms rest and are reached; the lines each touches, and those that turn it round."""
    if graph.now is None:
        return ()
    tried = dropped(case, graph, usual=ways.worth)
    stable = ways.stable if tried.wants is None else stability(graph, tried.worth, concepts=(FORESIGHT,))
    answers = _answers(graph, tried.worth, stable, graph.now, ways.masks)
    lines = {("now_rests", ""): _lines_of_now(case, graph, graph.now), **_lines_of_terms(case, graph, terms)}
    asked = [("now_rests", ""), *((kind, answer.term) for answer in terms for kind in ("term_rests", "term_reached"))]
    return tuple(
        Conclusion(kind, term, answers[kind, term][0], lines[kind, term], tried.turning(answers[kind, term]))
        for kind, term in asked
    )


def _answers(
    graph: Graph, worth: Worth, stable: Stability, now: int, masks: Mapping[str, NDArray[np.bool_]]
) -> dict[tuple[str, str], list[bool]]:
    """Yes or no to each headline question, per draw."""
    found = defaultdict(list)
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
