"""Everything about one case: the only place that combines the engines."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

import bestand
from bestand.case.concepts import CORE
from bestand.case.conditions import levers_of
from bestand.case.lines import Line, line, party_of
from bestand.case.loaded import Case
from bestand.errors import AskError, GraphError
from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict
from bestand.graph.draws import leaves_open
from bestand.graph.model import Graph
from bestand.show import Shown, Table
from bestand.study import late  # engines are loaded where they are asked: a quick study needs few of them
from bestand.study.basis import behind, deciding, unique
from bestand.study.outlook import FORESIGHT, Outlook, Rest, TermAnswer
from bestand.study.sensitivity import Key, Sensitivity, answers, sensitivity

MOST_DRAWN = 10_000_000  # states times draws for which shares are worked out
FEW_STATES, MOST_DEEP, MOST_PARTIES = 200, 20_000, 6  # for unlocking by two changes; for deals and coalitions
MOST_AT_TABLE = 40  # parties up to which a page says what could be agreed, with and without each, and what would unlock it
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
    """One conclusion, the lines of the case that it leans on, what turns it round, and how often it comes out so.

    kind  : "now_rests", "term_rests", "term_reached", "deal_exists" or "best_deal"
    lines : those of `flips` first, then those that the answer touches (levers, guards, and wants that decide who moves)
    flips : smallest sets of statements without which it comes out otherwise, doubtful ones first; None where not tried
    share : share of draws that come to the same conclusion; None where nothing was drawn
    """

    kind: str
    term: str
    holds: bool
    lines: tuple[Line, ...]
    flips: tuple[tuple[Line, ...], ...] | None
    share: float | None

    @property
    def firm(self) -> bool:
        """Whether nothing that was tried turns it, and every draw comes to it."""
        return self.flips == () and self.share in (None, 1.0)


@dataclass(frozen=True, slots=True, repr=False)
class Study(Shown):
    """Everything that a page needs about one case. What was not asked, or could not be, is None or empty.

    conflict : what was studied
    stability, counts : verdicts where others reply by their best moves, and the number of equilibria per concept
    classical, classical_counts : where they reply by any move that pays
    rests    : states that rest: all of them where they are few, else the nearest to today of each of `n_kinds` kinds (the same terms hold)
    n_to_come : resting states that legal moves and events lead to from today; None where that was not counted
    today    : per party, the witness for the present state under FORESIGHT
    terms_now, terms : terms that hold today; and those that do not, each with why: the goal first, then what the case speaks of most
    ends     : states where best moves from today end, nearest first
    loops    : whether best moves from today can go round in a circle
    conclusions : the headline answers, each with what it leans on
    profiles : the headline answers per profile of types; None where the states are too many
    sensitivity : what turns each conclusion, and what falls with each source; None where it was not tried
    draws    : how many were drawn; 1 where nothing was
    agreements, unlocks, coalitions : what could be agreed with the main goal, single changes that unlock it, and who could upset an
               outcome together; None where the states are too many, or in a quick study
    truce, no_truce : whether the truce holds; None where the case gives no zones or its wants no sizes, and the code of why
    hypotheses : verdicts on the claims of the case
    findings : of `check`
    provenance : what made the study
    goal     : the outcome that the deeper questions are about; None where there is none, or the states are too many for them
    failed   : chapters that could not be worked out, with the code of why
    presents : the headline answers from every state that may be today's; None where it is known
    watch, no_watch : what to watch, and what may follow; None in a quick study, or where it cannot be asked, and the code of why
    sources  : what the conclusions hang on, source by source; None where it was not tried
    feared, n_feared : states that rest only where any reply is feared, where they are few, and how many; none where they are the `rests`
    """

    conflict: Conflict
    stability: late.Stability
    counts: Mapping[str, int]
    classical: late.Stability
    classical_counts: Mapping[str, int]
    rests: tuple[Rest, ...]
    n_kinds: int
    n_to_come: int | None
    today: tuple[late.Witness, ...]
    terms_now: tuple[str, ...]
    terms: tuple[TermAnswer, ...]
    ends: tuple[int, ...]
    loops: bool
    conclusions: tuple[Conclusion, ...]
    profiles: late.Profiles | None
    sensitivity: Sensitivity | None
    draws: int
    agreements: late.AgreementAnswers | None
    unlocks: late.Unlocks | None
    coalitions: late.Coalitions | None
    truce: late.TruceAnswers | None
    no_truce: str
    hypotheses: tuple[late.Verdict, ...]
    findings: late.Findings
    provenance: Provenance
    goal: str | None = None
    failed: Mapping[str, str] = field(default_factory=dict)
    presents: late.Presents | None = None
    watch: late.WatchAnswers | None = None
    no_watch: str = ""
    sources: late.BySource | None = None
    feared: tuple[Rest, ...] = ()
    n_feared: int = 0

    @property
    def case(self) -> Case:
        """The case studied."""
        return self.conflict.case

    @property
    def graph(self) -> Graph:
        """States and moves of the view studied."""
        return self.conflict.graph

    def table(self) -> Table:
        """Equilibria by concept, with the terms that hold in each and, where the present state is known, whether improvement leads there."""
        told = 3 if self.graph.now is None else 4
        rows = tuple(
            (self.graph.label(rest.state), ", ".join(rest.concepts), ", ".join(rest.terms), rest.way is not None and rest.improving)[:told]
            for rest in (*self.rests, *self.feared)
        )
        shown = "shown: one of each kind" if self.graph.now is None else "shown: the nearest to today of each kind"
        notes = [f"{self.counts[FORESIGHT]} states rest under {FORESIGHT}; {shown}"]
        if self.n_feared:
            listed = "listed last" if self.feared else "not listed"
            notes.append(f"more that rest only where any reply is feared (gmr): {self.n_feared}; {listed}")
        return Table(self.case.file.title, ("state", "rests under", "terms", "reached by improving moves")[:told], rows, tuple(notes))


def sensitivity_of(asked: Conflict, goal: str | None, progress: Callable[[float], None]) -> Sensitivity | None:
    """What carries each conclusion; None where it cannot be tried."""
    try:
        return sensitivity(asked, goal=goal, progress=progress)
    except (AskError, GraphError):
        return None


def sources_of_conclusions(asked: Conflict, goal: str | None, budget: Budget) -> late.BySource | None:
    """What the conclusions hang on, source by source; None where it cannot be tried, or nobody says anything."""
    from bestand.study.by_source import by_source  # noqa: PLC0415

    if not asked.case.file.claims:
        return None
    try:
        return by_source(asked, goal=goal, budget=budget)
    except (AskError, GraphError):
        return None


def unlocks_of(asked: Conflict, goal: str | None, progress: Callable[[float], None] = lambda share: None) -> late.Unlocks | None:
    """Changes that unlock the goal: two at most in small cases, else one."""
    from bestand.study.questions import unlocked_once  # noqa: PLC0415

    if goal is None or asked.graph.now is None or not asked.case.file.wants:
        return None
    return unlocked_once(asked, goal, FORESIGHT, 2 if asked.graph.n_states <= FEW_STATES else 1, progress)


def stage_part(progress: Progress, stage: str, first: float, last: float) -> Callable[[float], None]:
    """Progress of one stage as progress of the whole."""
    return lambda share: progress(stage, first + (last - first) * share)


def provenance_of(case: Case, view: str | None, draws: int, seed: int, seconds: float) -> Provenance:
    """What made a study: enough to make it again."""
    parameters = {"view": view or "core, or all levers", "concepts": " ".join(CORE), "replies": "legal", "credibility": "strict", "draws": str(draws)}
    return Provenance(case.digest, bestand.__version__, seed, parameters, seconds)


def shares_of(asked: Conflict, masks: Mapping[str, NDArray[np.bool_]], draws: int, seed: int) -> Mapping[Key, float]:
    """Per conclusion the share of draws in which it comes out as in the case as it stands; empty where nothing is drawn."""
    graph = asked.graph
    if draws < 2 or graph.now is None or graph.n_states * draws > MOST_DRAWN or not leaves_open(asked.case):
        return {}
    return {key: float((each == each[0]).mean()) for key, each in answers(asked.draw(draws, seed=seed), masks).items()}


def conclusions_of(
    asked: Conflict, ways: Outlook, terms: tuple[TermAnswer, ...], carried: Sensitivity | None, shares: Mapping[Key, float]
) -> tuple[Conclusion, ...]:
    """What rests now, what terms rest and are reached; the lines each leans on, what turns it round, and how often it holds."""
    now = asked.graph.now
    if now is None:
        return ()
    holds: dict[Key, bool] = {("now_rests", ""): bool(ways.resting[FORESIGHT][now])}
    for answer in (each for each in terms if each.n_states):  # of what no state of the view has, nothing is concluded
        holds |= {("term_rests", answer.term): answer.rests[FORESIGHT] > 0, ("term_reached", answer.term): answer.reached}
    lines = {("now_rests", ""): _lines_of_now(asked, now), **_lines_of_terms(asked, terms)}
    for key in ("deal_exists", "best_deal"):
        holds |= {} if carried is None else {each: held for each, held in carried.answers.items() if each[0] == key}
    told = []
    for of, held in holds.items():
        turning = None if carried is None else carried.sets[of]
        leaned = unique([*itertools.chain.from_iterable(turning or ()), *lines.get(of, ())])  # what turns it is leaned on most
        told.append(Conclusion(*of, held, leaned, turning, shares.get(of)))
    return tuple(told)


def _lines_of_now(asked: Conflict, now: int) -> tuple[Line, ...]:
    """Wants that decide each party's moves away from today."""
    lines = []
    for k, party in enumerate(asked.parties):
        for target in asked.graph.moves[k].targets(now)[:MOST_MOVES]:
            decided = deciding(asked, party, now, int(target))
            lines += [decided.line] if decided else []
    return unique(lines)


def _lines_of_terms(asked: Conflict, terms: tuple[TermAnswer, ...]) -> dict[tuple[str, str], tuple[Line, ...]]:
    """Per term: levers and guards on the way, and wants that decide who goes and who would leave."""
    case, lines = asked.case, {}
    for answer in terms:
        ways = [part for step in answer.way or () for part in behind(case, step)]
        stuck = [each.deciding.line for each in answer.stuck if each.deciding]
        left = [
            decided.line
            for witness in answer.leavers
            for each in witness.answers
            if (decided := deciding(asked, witness.party, witness.state, each.move))
        ]
        levers = [_lever(case, name) for name in sorted(levers_of(case.terms[answer.term], case.terms)) if name in case.file.levers]
        lines["term_reached", answer.term] = unique([*stuck, *ways])
        lines["term_rests", answer.term] = unique([*left, *levers])
    return lines


def _lever(case: Case, name: str) -> Line:
    lever = case.file.levers[name]
    return line(case, "lever", f"levers.{name}", party_of(name), lever.label, lever)
