"""The study of a case in stages: what an analyst asks first is told first, and each later stage adds to the one before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bestand.case.concepts import CORE
from bestand.case.loaded import Case
from bestand.checks.check import Findings, check
from bestand.graph.asked import checked_draws, checked_seed
from bestand.graph.budget import ABREAST, FIRST, Budget
from bestand.graph.conflict import Conflict, conflict
from bestand.graph.draws import leaves_open
from bestand.negotiate.stability import stability
from bestand.study.basis import mentions
from bestand.study.clock import by_the_clock
from bestand.study.everything import (
    MOST_ASKED,
    MOST_AT_TABLE,
    MOST_DEEP,
    MOST_PARTIES,
    Progress,
    Study,
    conclusions_of,
    provenance_of,
    sensitivity_of,
    shares_of,
    sources_of_conclusions,
    stage_part,
    unlocks_of,
)
from bestand.study.goals import main_goal
from bestand.study.hypotheses import Outcomes, verdicts
from bestand.study.outlook import FORESIGHT, READING, Outlook
from bestand.study.presents import presents
from bestand.study.profiles import profiles
from bestand.study.tried import tried

if TYPE_CHECKING:  # as in `study.everything`
    from bestand.study.truces import TruceAnswers

DRAWS, QUICK_DRAWS = 200, 50  # of what a case leaves open: the error of a share is at most 3.5 points, in a quick study 7
WATCHED = 0.9  # share of the work that is done when what to watch is begun
SECONDS = 15.0  # for all that is played forward
SHARES = {"truces": 5 / 9, "sources": 1 / 9, "watch": 3 / 9}  # of these seconds


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Parts of a study that another process works out meanwhile; each is called when its stage begins, and waits for the answer.

    hypotheses : outcomes of the tests that are played forward
    truces     : whether the truce lasts; or nothing, and why not
    """

    hypotheses: Callable[[], Outcomes]
    truces: Callable[[], tuple[TruceAnswers | None, str]]


def study(
    case: Case | Conflict,
    *,
    view: str | None = None,
    hold: Mapping[str, str] | str | None = None,
    draws: int | None = None,
    seed: int = 0,
    hypotheses: bool = True,
    quick: bool = False,
    seconds: float = SECONDS,
    progress: Progress = lambda stage, share: None,
) -> Study:
    """Everything about one case: what is stable, why, the ways there, what it leans on, hypotheses answered.

    view, hold : of the case, as in `conflict`
    draws    : how often what the case leaves open is drawn, by `graph.draws.RULES`, for the shares; 1: not at all; not given: 200, 50 where quick
    seed     : of the draws
    hypotheses : whether the case's hypotheses are tested too
    quick    : leave out what turns each conclusion, deals, unlocking, coalitions, truce survival, hypotheses about these, what to
               watch, and further draws of hypotheses that come out near a half
    seconds  : for truces and for what to watch together: draws are added until the error is a point, or so long; with fewer than usual,
               tests of hypotheses that are played forward are put to fewer draws
    progress : told of each stage and the share done

    Raises
    ------
    GraphError
        If the view cannot be built.

    >>> from bestand import read
    >>> known = study(read("example/en"), quick=True, draws=1)
    >>> known.counts["seq"], known.terms_now
    (6, ())
    """
    began = time.perf_counter()
    draws = checked_draws((QUICK_DRAWS if quick else DRAWS) if draws is None else draws)
    checked_seed(seed)
    Budget(seconds=seconds)  # refused before the work, not after it
    asked = conflict(case, view=view, hold=hold)
    last = 1.0 if quick else WATCHED

    def first(stage: str, share: float) -> None:
        progress(stage, last * share)

    of = {part: share * seconds for part, share in SHARES.items()}
    *_, (_, known) = stages(asked, draws=draws, seed=seed, hypotheses=hypotheses, quick=quick, seconds=of["truces"], progress=first)
    if not quick:
        from bestand.study.watch import watch_answers  # noqa: PLC0415

        progress("watch", last)
        if known.sensitivity is not None:
            failed, allowed = dict(known.failed), by_the_clock(of["sources"])
            known = replace(known, sources=tried("sources", failed, lambda: sources_of_conclusions(asked, known.goal, allowed)), failed=failed)
        watched, why_not = watch_answers(asked, draws=draws, seed=seed, budget=by_the_clock(of["watch"]))
        known = replace(known, watch=watched, no_watch=why_not)
    return replace(known, provenance=replace(known.provenance, seconds=time.perf_counter() - began))


def stages(
    asked: Conflict,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    hypotheses: bool = True,
    quick: bool = False,
    seconds: float = SHARES["truces"] * SECONDS,
    progress: Progress = lambda stage, share: None,
    elsewhere: Elsewhere | None = None,
) -> Iterator[tuple[str, Study]]:
    """Names of stages with what is known by then; the last is the whole study.

    The rest is as in `study`, but `seconds` are for truces alone.
    elsewhere : another process that works out what is played forward; without one it is worked out here, stage by stage

    core       : where today leads, where it can rest, why each term does not come about
    checked    : what an analyst should look at again
    carried    : what turns each conclusion; nothing in a quick study
    drawn      : how often each conclusion holds over draws
    deals      : what could be agreed, what would unlock it, who could upset it together
    hypotheses : claims tested
    truces     : whether the truce lasts

    Raises
    ------
    GraphError
        If the view cannot be built.
    """
    case = asked.case
    known, ways = _core(asked, draws, seed, stage_part(progress, "core", 0.0, 0.4 if quick else 0.1))
    yield "core", known
    failed: dict[str, str] = {}
    known = replace(known, findings=tried("known", failed, lambda: check(case)) or known.findings, failed=dict(failed))
    yield "checked", known
    goal = None if quick else known.goal
    told_of = stage_part(progress, "sensitivity", 0.1, 0.4)
    carried = None if quick else tried("sensitivity", failed, lambda: sensitivity_of(asked, goal, told_of))
    known = replace(known, sensitivity=carried, conclusions=conclusions_of(asked, ways, known.terms, carried, {}), failed=dict(failed))
    yield "carried", known
    progress("draws", 0.4)
    masks = ways.masks
    shares = tried("sensitivity", failed, lambda: shares_of(asked, masks, draws, seed)) or {}
    small = asked.graph.now is not None and asked.graph.n_states <= MOST_DEEP
    by_type = tried("sensitivity", failed, lambda: profiles(asked, goal=goal)) if small else None
    by_today = tried("sensitivity", failed, lambda: presents(asked, goal=goal)) if small else None
    conclusions = conclusions_of(asked, ways, known.terms, carried, shares)
    known = replace(known, conclusions=conclusions, profiles=by_type, presents=by_today, draws=draws if shares else 1, failed=dict(failed))
    del ways  # of a view of millions of states the ways from today take hundreds of megabytes, and nothing below looks at them
    yield "drawn", known
    if goal is not None and asked.where(goal).any():
        known = _deals(asked, known, goal, draws, seed, failed, progress)
        yield "deals", known
    if hypotheses:
        n_asked = n_asked_of(draws)
        told_of = stage_part(progress, "hypotheses", 0.55, 0.7)
        played = elsewhere.hypotheses if elsewhere else None
        told = tried("hypotheses", failed, lambda: verdicts(
            asked, draws=n_asked, seed=seed, quick=quick, progress=told_of, played=played, n_played=n_played_of(n_asked, seconds),
        ))  # fmt: skip
        known = replace(known, hypotheses=told or (), failed=dict(failed))
        yield "hypotheses", known
    if not quick:
        told_of = stage_part(progress, "truces", 0.7, 1.0)
        told_of(0.0)
        here = lambda: truces_of(case, draws, seed, seconds, told_of)  # noqa: E731
        lasts, why_not = tried("survival", failed, elsewhere.truces if elsewhere else here) or (None, "")
        known = replace(known, truce=lasts, no_truce=why_not, failed=dict(failed))
    yield "truces", known


def n_asked_of(draws: int) -> int:
    """To how many drawn versions of the case every hypothesis is put."""
    return min(draws, MOST_ASKED) if draws > 1 else 0


def n_played_of(n_asked: int, seconds: float) -> int:
    """To how many of these the tests that are played forward are put, with so many seconds for truces: fewer where they are fewer than usual.

    Seven at least: with the case as it stands they are played side by side at the price of one.

    >>> n_played_of(20, SHARES["truces"] * SECONDS), n_played_of(20, SHARES["truces"] * 7.5), n_played_of(20, 1.0), n_played_of(0, 1.0)
    (20, 10, 7, 0)
    """
    return min(n_asked, max(ABREAST - 1, int(n_asked * seconds / (SHARES["truces"] * SECONDS) + 1e-9)))


def truces_of(
    case: Case, draws: int, seed: int, seconds: float, progress: Callable[[float], None] = lambda share: None
) -> tuple[TruceAnswers | None, str]:
    """Whether the truce lasts, as exact as a time allows; or nothing, and why not."""
    from bestand.study.truces import truce_answers  # noqa: PLC0415

    return truce_answers(case, draws=min(draws, FIRST), seed=seed, budget=by_the_clock(seconds), progress=progress)


def _deals(asked: Conflict, known: Study, goal: str, draws: int, seed: int, failed: dict[str, str], progress: Progress) -> Study:
    """What could be agreed, what would unlock it, who could upset it together; one that cannot be asked never loses the others."""
    from bestand.negotiate.coalitions import coalitions  # noqa: PLC0415
    from bestand.study.agreements import agreement_answers  # noqa: PLC0415

    if len(asked.parties) > MOST_AT_TABLE:
        failed |= {"agreements": "bargain/too-many-parties", "coalitions": "negotiate/too-many-coalitions", "unlock": "bargain/too-many-parties"}
        return replace(known, failed=dict(failed))
    few = len(asked.parties) <= MOST_PARTIES
    few_draws, told = max(1, min(draws, 100)) if leaves_open(asked.case) else 1, stage_part(progress, "agreements", 0.5, 0.52)
    deals = tried("agreements", failed, lambda: agreement_answers(asked, known.stability, goal=goal, draws=few_draws, seed=seed, progress=told))
    progress("coalitions", 0.52)
    joint = tried("coalitions", failed, lambda: coalitions(asked, concept=FORESIGHT, moves=READING)) if few else None
    if not few:
        failed["coalitions"] = "negotiate/too-many-coalitions"
    unlocks = tried("unlock", failed, lambda: unlocks_of(asked, goal, stage_part(progress, "unlocking", 0.53, 0.55)))
    return replace(known, agreements=deals, unlocks=unlocks, coalitions=joint, failed=dict(failed))


def _goal(asked: Conflict) -> str | None:
    """The outcome that the deeper questions are about; None where they are not asked."""
    return None if asked.graph.n_states > MOST_DEEP or not asked.graph.levers else main_goal(asked)


def _core(asked: Conflict, draws: int, seed: int, progress: Callable[[float], None]) -> tuple[Study, Outlook]:
    """What is told at once."""
    began = time.perf_counter()
    case, graph = asked.case, asked.graph
    progress(0.0)
    paying = stability(asked, concepts=CORE)
    progress(0.15)
    stable = stability(asked, concepts=CORE, moves=READING)
    progress(0.3)
    ways = Outlook(asked, stable, paying)
    now = graph.now
    absent = [term for term, mask in ways.masks.items() if now is not None and not mask[now]]
    terms, goal = [], _goal(asked)
    spoken = mentions(case)
    for n_done, term in enumerate(sorted(absent, key=lambda term: (term != goal, -spoken[term]))):
        progress(0.6 + 0.4 * n_done / len(absent))
        terms.append(ways.term(term))
    (rests, n_kinds), (feared, n_feared) = ways.rests(), ways.feared()
    improved = ways.improving
    ends = () if improved is None else improved.nearest_ends
    known = Study(
        conflict=asked, stability=stable, counts={concept: int(stable.equilibria(concept).size) for concept in CORE},
        classical=paying, classical_counts={concept: int(paying.equilibria(concept).size) for concept in CORE}, rests=rests, n_kinds=n_kinds,
        feared=feared, n_feared=n_feared,
        n_to_come=ways.n_to_come(),
        today=ways.witnesses(now), terms_now=ways.terms_at(now), terms=tuple(terms), ends=ends,
        loops=improved is not None and improved.loops,
        conclusions=conclusions_of(asked, ways, tuple(terms), None, {}), profiles=None, sensitivity=None, draws=1,
        agreements=None, unlocks=None, coalitions=None, truce=None, no_truce="", hypotheses=(), findings=Findings(()),
        provenance=provenance_of(case, asked.view, draws, seed, time.perf_counter() - began), goal=goal,
    )  # fmt: skip
    return known, ways
