"""What carries each conclusion: the smallest sets of statements whose change turns it, and what falls with a source.

A statement of the case is taken away: a want is dropped, a guard lifted, a ban lifted, a one-way lever let go both ways, a
type ruled out. Then the question is put again.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.frontier import frontier
from bestand.bargain.outcomes import agreements
from bestand.bargain.solutions import settle
from bestand.case.lines import Line, hedged
from bestand.case.loaded import Case
from bestand.errors import AskError, GraphError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.draws import likely_types
from bestand.graph.model import Worth
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.show import Shown, Table
from bestand.study.outlook import FORESIGHT, READING

MOST_STATES = 20_000
MOST_PAIRS = 2_000
TOGETHER = 64  # variants that are solved side by side
Key = tuple[str, str]  # kind of conclusion, term


@dataclass(frozen=True, slots=True)
class Fallen:
    """What falls if a speaker, or one claim, is wrong.

    who    : the speaker; empty for a single claim
    claims : the claims that are then wrong
    lines  : statements that rest on nothing else
    turned : conclusions that then come out otherwise
    """

    who: str
    claims: tuple[str, ...]
    lines: tuple[Line, ...]
    turned: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Sensitivity(Shown):
    """Per conclusion the smallest sets of statements that turn it, doubtful ones first; per source what falls with it.

    answers : each conclusion as the case stands
    sets    : per conclusion; empty where no single statement turns it, nor two doubtful ones together
    falls   : speakers first, then single claims; only those with whom something falls
    """

    answers: Mapping[Key, bool]
    sets: Mapping[Key, tuple[tuple[Line, ...], ...]]
    falls: tuple[Fallen, ...]

    def table(self) -> Table:
        """One row per conclusion and set."""
        rows = tuple(
            (kind, term, self.answers[kind, term], " and ".join(each.said for each in lines))
            for (kind, term), sets in self.sets.items()
            for lines in sets or ((),)
        )
        return Table("What carries each conclusion", ("conclusion", "term", "holds", "turned by the loss of"), rows)

    def falling(self) -> Table:
        """One row per source with which something falls."""
        rows = tuple(
            (
                fall.who or "(author)",
                " ".join(fall.claims),
                "; ".join(each.said for each in fall.lines),
                "; ".join(f"{kind} {term}".strip() for kind, term in fall.turned),
            )
            for fall in self.falls
        )
        return Table("If a source is wrong", ("who", "claims", "falls", "turns"), rows)


def answers(conflict: Conflict, masks: Mapping[str, NDArray[np.bool_]]) -> Mapping[Key, NDArray[np.bool_]]:
    """Yes or no to each headline question in every draw: does today rest, does each term rest, is it reached.

    masks : per term (n_states,) bool
    """
    stable = stability(conflict, concepts=(FORESIGHT,), moves=READING)
    told: dict[Key, list[bool]] = defaultdict(list)
    for draw in range(conflict.draws):
        resting = stable.holds(FORESIGHT, draw=draw)
        reached = paths(conflict, by=READING, draw=draw).reached
        told["now_rests", ""].append(bool(resting[conflict.now]))
        for term, mask in masks.items():
            told["term_rests", term].append(bool((resting & mask).any()))
            told["term_reached", term].append(bool((reached & mask).any()))
    return {key: np.array(each) for key, each in told.items()}


def package(conflict: Conflict, goal: str) -> frozenset[tuple[tuple[str, str], ...]] | None:
    """The settings of all states that the Nash rule picks among deals with a goal that cross no red line; None where there are none."""
    sized = conflict.on_scale("cardinal")
    try:
        open_ = agreements(sized, that=goal).open[0]
        picked = settle(frontier(sized, among=open_, fallback="now"), rule="nash").outcomes
    except AskError:
        return None
    return frozenset(tuple(conflict.at(int(state)).items()) for state in picked)


class _Variants:
    """Puts the same questions to many variants of a conflict; variants with the same states and moves are solved side by side."""

    def __init__(self, conflict: Conflict, goal: str | None) -> None:
        self.conflict, self.goal = conflict, goal
        self.package = None if goal is None else package(conflict, goal)
        self.masks = {term: conflict.where(term) for term in conflict.case.terms}

    def ask(self, sets: Sequence[tuple[Line, ...]]) -> list[Mapping[Key, bool] | None]:
        """Answers without each set of statements; None where nothing is left to ask about."""
        told: list[Mapping[Key, bool] | None] = [None] * len(sets)
        of_wants = [k for k, lines in enumerate(sets) if all(each.kind in ("want", "type") for each in lines)]
        for first in range(0, len(of_wants), TOGETHER):
            part = of_wants[first : first + TOGETHER]
            made = [self.conflict.without(*sets[k]) for k in part]
            rank = np.concatenate([each.worths("ordinal").rank for each in made])
            together = answers(self.conflict.stacked(Worth(self.conflict.parties, rank)), self.masks)
            for place, (k, each) in enumerate(zip(part, made, strict=True)):
                told[k] = {key: bool(answer[place]) for key, answer in together.items()} | self._deals(each, alone=len(sets[k]) < 2)
        for k in sorted(set(range(len(sets))) - set(of_wants)):
            told[k] = self._rebuilt(self.conflict.without(*sets[k]))
        return told

    def _rebuilt(self, variant: Conflict) -> Mapping[Key, bool] | None:
        try:
            if variant.graph.now is None:
                return None
        except GraphError:
            return None
        masks = {term: variant.where(term) for term in variant.case.terms}
        told = {key: bool(each[0]) for key, each in answers(variant, masks).items()}
        return told | self._deals(variant, alone=True)

    def _deals(self, variant: Conflict, *, alone: bool) -> dict[Key, bool]:
        """Whether anything with the goal could be agreed, and whether the package is the one that is picked as things are."""
        if self.goal is None:
            return {}
        deal = agreements(variant, that=self.goal, types=[likely_types(variant.case)]).deal.any()
        told = {("deal_exists", self.goal): bool(deal)}
        if self.package is not None:  # two statements at once are not tried: sizes are worked out anew for each
            told["best_deal", self.goal] = not alone or package(variant, self.goal) == self.package
        return told


def sensitivity(
    conflict: Conflict,
    *,
    goal: str | None = None,
    asked: Sequence[Key] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Sensitivity:
    """What carries the conclusions of a conflict.

    goal  : also whether anything with it could be agreed, and which package is the best, by the Nash rule
    asked : the conclusions; all, if not given

    Every statement is taken away alone; where none turns a conclusion, any two doubtful ones (assumed, reported, hedged).

    Raises
    ------
    AskError
        `study/too-many-states`, `study/no-levers`; GraphError `graph/no-present`.
    """
    _answerable(conflict)
    tried = _Variants(conflict.draw(1).on_scale("ordinal"), goal)
    usual = tried.ask([()])[0] or {}
    keys = [key for key in usual if asked is None or key in asked]
    lines = conflict.statements()
    singles = [(each,) for each in lines]
    turning = _turning(keys, usual, singles, tried.ask(singles))
    progress(0.4)
    doubtful = [each for each in lines if not each.firm]
    pairs = list(itertools.combinations(doubtful, 2))
    if len(pairs) <= MOST_PAIRS and any(not turning[key] for key in keys):
        left = [key for key in keys if not turning[key]]
        turning |= _turning(left, usual, pairs, tried.ask(pairs))
    progress(0.8)
    return Sensitivity({key: usual[key] for key in keys}, turning, _falls(conflict.case, tried, keys, usual, lines))


def _answerable(conflict: Conflict) -> None:
    """Raises where statements cannot be taken away one by one."""
    if not conflict.graph.levers:
        what = "this conflict is a list of states and moves: it has no statements that could be taken away one by one"
        raise AskError(Problem("study/no-levers", what, hint="state it by levers and wants to ask what its answers hang on"))
    if conflict.graph.n_states > MOST_STATES:
        what = f"{conflict.graph.n_states:,} states are more than the {MOST_STATES:,} up to which every statement is tried"
        raise AskError(Problem("study/too-many-states", what, hint="take a view that varies fewer levers"))
    conflict.state("now")


def _turning(
    keys: Sequence[Key], usual: Mapping[Key, bool], sets: Sequence[tuple[Line, ...]], told: Sequence[Mapping[Key, bool] | None]
) -> dict[Key, tuple[tuple[Line, ...], ...]]:
    """Per conclusion the sets that turn it, those of doubtful statements first."""
    turning = {}
    for key in keys:
        turned = [lines for lines, answer in zip(sets, told, strict=True) if answer is not None and answer[key] != usual[key]]
        turning[key] = tuple(sorted(turned, key=lambda lines: sum(each.firm for each in lines)))
    return turning


def _falls(case: Case, tried: _Variants, keys: Sequence[Key], usual: Mapping[Key, bool], lines: Sequence[Line]) -> tuple[Fallen, ...]:
    """What falls with each speaker other than the author, and with each doubtful claim by itself."""
    speakers: dict[str, list[str]] = defaultdict(list)
    for name, claim in case.file.claims.items():
        speakers[claim.says].append(name)
    wrong = [(who, tuple(claims)) for who, claims in speakers.items() if who != "author"]
    wrong += [("", (name,)) for name, claim in case.file.claims.items() if hedged(claim)]
    falling = [(who, claims, tuple(each for each in lines if _falls_with(each, claims))) for who, claims in wrong]
    falling = [each for each in falling if each[2]]
    told = tried.ask([each[2] for each in falling])
    return tuple(
        Fallen(who, claims, gone, tuple(key for key in keys if answer is not None and answer[key] != usual[key]))
        for (who, claims, gone), answer in zip(falling, told, strict=True)
    )


def _falls_with(each: Line, claims: Iterable[str]) -> bool:
    """Whether a line falls with some claims: one that it needs is among them, or it needs none and all that support it are."""
    gone = set(claims)
    return bool(gone & set(each.because)) if each.because else bool(each.supported_by) and set(each.supported_by) <= gone
