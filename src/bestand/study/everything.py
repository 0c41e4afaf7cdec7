"""Everything about one case: the only place that combines the engines."""

from __future__ import annotations

import time
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
from bestand.negotiate.coalitions import Coalitions, coalitions
from bestand.negotiate.concepts import CORE
from bestand.negotiate.stability import Stability, stability
from bestand.negotiate.unlock import Unlocks, unlock
from bestand.negotiate.why import Witness
from bestand.show import Shown, Table
from bestand.study.agreements import AgreementAnswers, agreement_answers, main_goal
from bestand.study.basis import behind, deciding, unique
from bestand.study.hypotheses import Verdict, verdicts
from bestand.study.outlook import FORESIGHT, Outlook, Rest, TermAnswer
from bestand.study.sensitivity import Key, Sensitivity, answers, sensitivity
from bestand.study.truces import MANY, TruceAnswers, truce_answers

MOST_DRAWN = 10_000_000  # states times draws for which shares are worked out
FEW_STATES, MOST_DEEP, MOST_PARTIES = 200, 20_000, 6  # for unlocking by two changes; for deals and coalitions
MOST_ASKED = 20  # draws to which every hypothesis is put
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
    """One conclusion, the lines of the case that it touches, what turns it round, and how often it comes out so.

    kind  : "now_rests", "term_rests", "term_reached", "deal_exists" or "best_deal"
    flips : smallest sets of statements without which it comes out otherwise, doubtful ones first; None where not tried
    share : share of draws that come to the same conclusion; None where nothing was drawn
    """

    kind: str
    term: str
    holds: bool
    lines: tuple[Line, ...]
    flips: tuple[tuple[Line, ...], ...] | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Study(Shown):
    """Everything that a page needs about one case.

    sensitivity : what turns each conclusion, and what falls with each source; None where it was not tried
    draws    : how many were drawn; 1 where nothing was
    agreements : what could be agreed with the main goal; None where the states are too many, or in a quick study
    unlocks  : single changes that unlock the main goal; likewise
    coalitions : who could upset an outcome together; likewise
    truce : whether the truce holds; None where the case gives no zones or its wants no sizes (`no_truce` says why)
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
    sensitivity: Sensitivity | None
    draws: int
    agreements: AgreementAnswers | None
    unlocks: Unlocks | None
    coalitions: Coalitions | None
    truce: TruceAnswers | None
    no_truce: str
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
    draws: int = 200,
    seed: int = 0,
    hypotheses: bool = True,
    quick: bool = False,
    progress: Progress = lambda stage, share: None,
) -> Study:
    """Everything about one case: what is stable, why, the ways there, what it leans on, hypotheses answered.

    view     : view of the case; None = `core` if it has one
    draws    : how often what the case leaves open is drawn, by `graph.draws.RULES`, for the shares; 1 for not at all
    seed     : of the draws
    hypotheses : whether the case's hypotheses are tested too, which takes longest
    quick    : leave out deals, unlocking, coalitions and durability
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
    progress("leaning", 0.4)
    goal = None if quick or graph.n_states > MOST_DEEP or not graph.levers else main_goal(case, graph)
    carried = sensitivity(case, graph, view=view, goal=goal, progress=_part(progress, "leaning", 0.4, 0.6))
    progress("draws", 0.6)
    shares = _shares(case, graph, masks, draws, seed)
    conclusions = _conclusions(case, graph, ways, terms, carried, shares)
    deeper = _Deeper(case, graph, view, worth, stable, draws, seed, goal)
    deals, unlocks, together = deeper.deals(), deeper.unlocks(), deeper.coalitions()
    progress("truces", 0.65)
    lasts, why_not = (None, "") if quick else truce_answers(case, draws=min(draws, MANY), seed=seed, progress=_part(progress, "truces", 0.65, 0.8))
    progress("hypotheses", 0.8)
    asked = min(draws, MOST_ASKED) if draws > 1 else 0
    answered = verdicts(case, draws=asked, seed=seed, progress=_part(progress, "hypotheses", 0.8, 1.0)) if hypotheses else ()
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
        terms_now=ways.terms_at(graph.now),
        terms=terms,
        ends=() if improved is None else tuple(sorted(map(int, improved.ends), key=lambda state: int(improved.length[state]))),
        loops=improved is not None and improved.loops,
        conclusions=conclusions,
        sensitivity=carried,
        draws=draws if shares else 1,
        agreements=deals,
        unlocks=unlocks,
        coalitions=together,
        truce=lasts,
        no_truce=why_not,
        hypotheses=answered,
        findings=check(case),
        provenance=_provenance(case, view, draws, seed, time.perf_counter() - began),
    )


class _Deeper:
    """Engines that are asked about the main goal of a case, where its states are not too many."""

    def __init__(
        self, case: Case, graph: Graph, view: str | None, worth: Worth, stable: Stability, draws: int, seed: int, goal: str | None
    ) -> None:
        self.case, self.graph, self.view, self.worth, self.stable, self.draws, self.seed = case, graph, view, worth, stable, draws, seed
        self.goal = goal if goal is not None and graph.where(case.condition(goal)).any() else None

    def deals(self) -> AgreementAnswers | None:
        """What could be agreed with the goal."""
        if self.goal is None:
            return None
        drawn = worth_of(self.case, self.graph, draws=max(1, min(self.draws, 100)), rng=np.random.default_rng(self.seed))
        return agreement_answers(self.case, self.graph, self.stable, self.worth, drawn, goal=self.goal, view=self.view)

    def unlocks(self) -> Unlocks | None:
        """Changes that unlock the goal: two at most in small cases, else one."""
        if self.goal is None or self.graph.now is None or not self.case.file.wants:
            return None
        return unlock(self.case, self.graph, goal=self.goal, concept=FORESIGHT, most=2 if self.graph.n_states <= FEW_STATES else 1)

    def coalitions(self) -> Coalitions | None:
        """Who could upset an equilibrium together."""
        if self.goal is None or len(self.graph.parties) > MOST_PARTIES:
            return None
        return coalitions(self.graph, self.worth, concept=FORESIGHT)


def _part(progress: Progress, stage: str, first: float, last: float) -> Callable[[float], None]:
    """Progress of one stage as progress of the whole."""
    return lambda share: progress(stage, first + (last - first) * share)


def _mentions(case: Case, term: str) -> int:
    """In how many conditions of the case a term stands: what a case is about is what it speaks of most."""
    return sum(term in names(node) for node in case.conditions.values())


def _provenance(case: Case, view: str | None, draws: int, seed: int, seconds: float) -> Provenance:
    parameters = {"view": view or "core, or all levers", "concepts": " ".join(CORE), "replies": "legal", "credibility": "strict", "draws": str(draws)}
    return Provenance(case.digest, program_version(), seed, parameters, seconds)


def program_version() -> str:
    """Version of the installed program, or of the source tree it runs from."""
    try:
        return version("bestand")
    except PackageNotFoundError:
        return "0.1.0 (source tree)"


def _shares(case: Case, graph: Graph, masks: Mapping[str, NDArray[np.bool_]], draws: int, seed: int) -> Mapping[Key, float]:
    """Per conclusion the share of draws in which it comes out as in the case as it stands; empty where nothing is drawn."""
    if draws < 2 or graph.now is None or graph.n_states * draws > MOST_DRAWN:
        return {}
    drawn = worth_of(case, graph, draws=draws, rng=np.random.default_rng(seed))
    return {key: float((each == each[0]).mean()) for key, each in answers(graph, drawn, masks).items()}


def _conclusions(
    case: Case, graph: Graph, ways: Outlook, terms: tuple[TermAnswer, ...], carried: Sensitivity | None, shares: Mapping[Key, float]
) -> tuple[Conclusion, ...]:
    """What rests now, what terms rest and are reached; the lines each touches, what turns it round, and how often it holds."""
    if graph.now is None:
        return ()
    holds: dict[Key, bool] = {("now_rests", ""): bool(ways.resting[FORESIGHT][graph.now])}
    for answer in terms:
        holds |= {("term_rests", answer.term): answer.rests[FORESIGHT] > 0, ("term_reached", answer.term): answer.reached}
    lines = {("now_rests", ""): _lines_of_now(case, graph, graph.now), **_lines_of_terms(case, graph, terms)}
    for key in ("deal_exists", "best_deal"):
        holds |= {} if carried is None else {asked: held for asked, held in carried.answers.items() if asked[0] == key}
    return tuple(
        Conclusion(*key, held, lines.get(key, ()), None if carried is None else carried.sets[key], shares.get(key))
        for key, held in holds.items()
    )


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
