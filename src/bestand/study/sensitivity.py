"""What carries each conclusion: the smallest sets of statements whose change turns it, and what falls with a source.

A statement of the case is taken away: a want is dropped, a guard lifted, a ban lifted, a one-way lever let go both ways, a
type ruled out. Then the question is put again.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.frontier import frontier
from bestand.bargain.outcomes import agreements, deals_of_draws
from bestand.bargain.solutions import settle
from bestand.case.lines import Line, hedged, wants
from bestand.case.loaded import Case
from bestand.errors import AskError, GraphError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.draws import likely_types
from bestand.graph.model import Graph, Worth
from bestand.graph.ready import ready
from bestand.negotiate.paths import Paths, goals_reached
from bestand.negotiate.stability import goals_rest
from bestand.show import Shown, Table
from bestand.study.basis import levers_nobody_minds, worth_without
from bestand.study.outlook import FORESIGHT, READING

MOST_STATES = 20_000  # states up to which every statement is taken away
MOST_PAIRS = 2_000  # pairs of doubtful statements that are taken away
TOGETHER = 64  # sets of wants of one party that are taken away side by side
MINDS = ("want", "type")  # statements that make what states are worth, not which states and moves there are
Key = tuple[str, str]  # kind of conclusion, term
Picked = frozenset[tuple[tuple[str, str], ...]] | None
"""Settings of the states that a rule picks; None where there are none."""


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


@dataclass(frozen=True, slots=True, repr=False)
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
    starts = np.array([conflict.today(draw) for draw in range(conflict.draws)])
    return _told(conflict.graph, *conflict.rankings, starts, masks, _keys(masks), firm=())


def _keys(masks: Mapping[str, object]) -> list[Key]:
    return [("now_rests", ""), *((kind, term) for term in masks for kind in ("term_rests", "term_reached"))]


def _told(
    graph: Graph, rows: NDArray[np.uint32], which: NDArray[np.int32], starts: NDArray[np.int64], masks: Mapping[str, NDArray[np.bool_]],
    keys: Sequence[Key], firm: Collection[Key],
) -> dict[Key, NDArray[np.bool_]]:  # fmt: skip
    """Yes or no to some of the headline questions in every draw, each (n_draws,).

    rows, which, starts : as in `goals_rest` and `goals_reached`
    firm : questions of which a yes is likely, so that few states need to be looked at
    """
    told: dict[Key, NDArray[np.bool_]] = {}
    resting, reaching = ([key for key in keys if (key[0] == "term_reached") == reached] for reached in (False, True))
    for start in np.unique(starts) if resting else ():
        goals = np.stack([np.arange(graph.n_states) == start if kind == "now_rests" else masks[term] for kind, term in resting])
        looked = [k for k, key in enumerate(resting) if key in firm or key[0] == "now_rests"]
        here = starts == start
        rests = goals_rest(graph, rows, which[here], goals, concept=FORESIGHT, moves=READING, looked=looked)
        for key, each in zip(resting, rests.T, strict=True):
            told.setdefault(key, np.zeros(starts.size, np.bool_))[here] = each
    if reaching:
        reached = goals_reached(graph, rows, which, starts, np.stack([masks[term] for _, term in reaching]), by=READING)
        told |= dict(zip(reaching, reached.T, strict=True))
    return {key: told[key] for key in keys}


def answers_from(resting: NDArray[np.bool_], ways: Paths, masks: Mapping[str, NDArray[np.bool_]]) -> dict[Key, bool]:
    """Yes or no to each headline question: does the start of the ways rest, does each term rest, is it reached.

    resting : (n_states,) bool, the equilibria; masks: per term (n_states,) bool
    """
    told: dict[Key, bool] = {("now_rests", ""): bool(resting[ways.start])}
    for term, mask in masks.items():
        told["term_rests", term] = bool((resting & mask).any())
        told["term_reached", term] = bool((ways.reached & mask).any())
    return told


def package(conflict: Conflict, goal: str) -> Picked:
    """The settings of all states that the Nash rule picks among deals with a goal that cross no red line; None where there are none."""
    sized = conflict.on_scale("cardinal")
    try:
        open_ = agreements(sized, that=goal).open[0]
        picked = settle(frontier(sized, among=open_, fallback="now"), rule="nash").outcomes
    except AskError:
        return None
    return frozenset(tuple(conflict.at(int(state)).items()) for state in picked)


class TriedVariants:
    """Puts the same questions to many variants of a conflict; those with the same states, moves and ranks are solved once."""

    def __init__(self, conflict: Conflict, goal: str | None, *, of: TriedVariants | None = None) -> None:
        self.conflict, self.goal = conflict, goal
        self.package: Picked = of.package if of else None if goal is None else package(conflict, goal)
        self.others: dict[frozenset[str], TriedVariants | None] = {}
        self.masks = {term: conflict.where(term) for term in conflict.case.terms}
        self.ranks: dict[bytes, int] = {}
        self.rows: list[NDArray[np.uint32]] = []
        self.of_party: dict[str, dict[frozenset[str], int]] = defaultdict(dict)
        self.told: dict[tuple[int, ...], dict[Key, bool]] = {}
        self.usual: Mapping[Key, bool] = {} if of is None else of.usual
        self.deals: dict[tuple[tuple[int, ...], frozenset[str]], bool] = {}

    def ask(self, sets: Sequence[tuple[Line, ...]], keys: Collection[Key] | None = None) -> list[Mapping[Key, bool] | None]:
        """Answers without each set of statements; None where nothing is left to ask about.

        keys : the questions; all, if not given
        """
        told: list[Mapping[Key, bool] | None] = [None] * len(sets)
        by_moves: dict[frozenset[str], list[int]] = defaultdict(list)
        for k, lines in enumerate(sets):
            by_moves[frozenset(each.at for each in lines if each.kind not in MINDS)].append(k)
        for numbers in by_moves.values():
            moved = tuple(each for each in sets[numbers[0]] if each.kind not in MINDS)
            variant = self._moved(moved) if moved else self
            if variant is not None:
                asked = [tuple(each for each in sets[k] if each.kind in MINDS) for k in numbers]
                for k, answer in zip(numbers, variant._minds(asked, keys, alone=not moved), strict=True):
                    told[k] = answer
        return told

    def _moved(self, lines: tuple[Line, ...]) -> TriedVariants | None:
        """The same questions to the conflict without guards, bans or one-way levers; None where nothing is left to ask about."""
        key = frozenset(each.at for each in lines)
        if key not in self.others:
            variant = self.conflict.without(*lines)
            try:
                ready = variant.graph.now is not None and all(variant.rank_of(party).size for party in variant.parties)
                self.others[key] = TriedVariants(variant, self.goal, of=self) if ready else None
            except (GraphError, AskError):  # nothing left, or states that a published ranking does not rank
                self.others[key] = None
        return self.others[key]

    def _minds(self, sets: Sequence[tuple[Line, ...]], keys: Collection[Key] | None, *, alone: bool) -> list[Mapping[Key, bool]]:
        """Answers without each set of wants and types."""
        which = list(zip(*(self._numbers(party, sets) for party in self.conflict.parties), strict=True))
        self._solve(which, keys)
        deals, best = (self.goal is not None and _asks(keys, *kinds) for kinds in (("deal_exists", "best_deal"), ("best_deal",)))
        of_deals = self._deals(which, sets, best=best, alone=alone) if deals else [{}] * len(sets)
        return [self.told[numbers] | more for numbers, more in zip(which, of_deals, strict=True)]

    def _numbers(self, party: str, sets: Sequence[tuple[Line, ...]]) -> list[int]:
        """Which of the rankings met so far a party has without its part of each set of wants and types."""
        own = [tuple(each for each in lines if each.party == party) for lines in sets]
        keys = [frozenset(each.at for each in lines) for lines in own]
        met = self.of_party[party]
        fresh = {key: lines for key, lines in zip(keys, own, strict=True) if key not in met}
        dropped = [key for key, lines in fresh.items() if lines and all(each.kind == "want" for each in lines)]
        for first in range(0, len(dropped), TOGETHER):
            some = dropped[first : first + TOGETHER]
            without = worth_without(self.conflict, party, some)
            numbers = [self._number(row) for row in without.rows]
            met.update((key, numbers[row]) for key, row in zip(some, without.row[1:], strict=True))
        other = {key: self.conflict.without(*lines) if lines else self.conflict for key, lines in fresh.items() if key not in met}
        met.update((key, self._number(variant.rank_of(party)[0])) for key, variant in other.items())
        return [met[key] for key in keys]

    def _number(self, row: NDArray[np.uint32]) -> int:
        """The number of a ranking, met before or not."""
        number = self.ranks.setdefault(row.tobytes(), len(self.rows))
        if number == len(self.rows):
            self.rows.append(row.copy())
        return number

    def _solve(self, which: Iterable[tuple[int, ...]], keys: Collection[Key] | None) -> None:
        """Works out what has not been met, side by side."""
        asked = [key for key in _keys(self.masks) if keys is None or key in keys]
        by_missing: dict[tuple[Key, ...], list[tuple[int, ...]]] = defaultdict(list)
        for numbers in dict.fromkeys(which):
            known = self.told.setdefault(numbers, {})
            by_missing[tuple(key for key in asked if key not in known)].append(numbers)
        for missing, fresh in by_missing.items():
            if missing:
                starts = np.full(len(fresh), self.conflict.now)
                firm = {key for key in missing if self.usual.get(key)}
                used, places = np.unique(np.array(fresh), return_inverse=True)
                rows, rows_of = np.stack([self.rows[k] for k in used]), places.reshape(len(fresh), -1).astype(np.int32)
                answer = _told(self.conflict.graph, rows, rows_of, starts, self.masks, missing, firm)
                for place, numbers in enumerate(fresh):
                    self.told[numbers] |= {key: bool(each[place]) for key, each in answer.items()}

    def _deals(self, which: Sequence[tuple[int, ...]], sets: Sequence[tuple[Line, ...]], *, best: bool, alone: bool) -> list[dict[Key, bool]]:
        """Whether anything with the goal could be agreed, and whether the package is the one that is picked as things are."""
        goal = self.goal or "true"
        bounds = [tuple(each for each in lines if each.kind == "type" or each.at in self._limits) for lines in sets]
        keys = [(numbers, frozenset(each.at for each in lines)) for numbers, lines in zip(which, bounds, strict=True)]
        fresh: dict[tuple[Line, ...], dict[tuple[tuple[int, ...], frozenset[str]], None]] = defaultdict(dict)
        for key, lines in zip(keys, bounds, strict=True):
            if key not in self.deals:
                fresh[lines][key] = None
        for lines, those in fresh.items():
            self._agree(goal, lines, list(those))
        told = [{("deal_exists", goal): self.deals[key]} for key in keys]
        if best and self.package is not None:  # two statements at once are not tried: sizes are worked out anew
            for each, lines in zip(told, sets, strict=True):
                each["best_deal", goal] = len(lines) + (not alone) > 1 or self._same_package(lines, goal, alone=alone)
        return told

    def _agree(self, goal: str, lines: tuple[Line, ...], keys: Sequence[tuple[tuple[int, ...], frozenset[str]]]) -> None:
        """Works out side by side what could be agreed without the same red lines and types, under several rankings."""
        left = self.conflict.without(*lines)
        for first in range(0, len(keys), TOGETHER):
            some = keys[first : first + TOGETHER]
            rank = np.stack([np.stack([self.rows[number] for number in numbers]) for numbers, _ in some])
            deals = deals_of_draws(left.stacked(Worth(left.parties, rank)), that=goal, types=[likely_types(left.case)] * len(some))
            self.deals.update((key, bool(each.any())) for key, each in zip(some, deals, strict=True))

    @property
    def _limits(self) -> frozenset[str]:
        """Key paths of the red lines."""
        case = self.conflict.case
        return self.conflict.once("red lines", lambda: frozenset(
            line.at for party in case.file.wants for line, want in wants(case, party) if want.red_line
        ))

    def _same_package(self, lines: tuple[Line, ...], goal: str, *, alone: bool) -> bool:
        """Whether the Nash package stays; a want that is the same in every state of the view changes none."""
        if alone and lines and all(each.kind == "want" and self._idle(each) for each in lines):
            return True
        return package(self.conflict.without(*lines), goal) == self.package

    def _idle(self, line: Line) -> bool:
        masks = [self.conflict.where(want.that) for each, want in wants(self.conflict.case, line.party) if each.at == line.at]
        return all(bool(mask.all()) or not mask.any() for mask in masks)


def _asks(keys: Collection[Key] | None, *kinds: str) -> bool:
    return keys is None or any(key[0] in kinds for key in keys)


def sensitivity(
    conflict: Conflict | Case,
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

    >>> from bestand import conflict, read
    >>> sensitivity(conflict(read("example/en"), hold="lower.wells=no, upper.road=no")).table().rows[0][:2]
    ('now_rests', '')
    """
    conflict = ready(conflict)
    answerable(conflict)
    tried = TriedVariants(conflict.draw(1).on_scale("ordinal"), goal)
    usual = tried.usual = tried.ask([()])[0] or {}
    keys = [key for key in usual if asked is None or key in asked]
    lines = conflict.statements()
    singles = [(each,) for each in lines]
    turning = _turning(keys, usual, singles, tried.ask(singles, keys))
    progress(0.4)
    doubtful = [each for each in lines if not each.firm]
    pairs = list(itertools.combinations(doubtful, 2))
    if len(pairs) <= MOST_PAIRS and any(not turning[key] for key in keys):
        left = [key for key in keys if not turning[key]]
        turning |= _turning(left, usual, pairs, tried.ask(pairs, left))
    progress(0.8)
    return Sensitivity({key: usual[key] for key in keys}, turning, _falls(conflict.case, tried, keys, usual, lines))


def no_levers() -> AskError:
    """What is said of a conflict of which no statement could be taken away."""
    what = "no lever of this conflict can be moved: it has no statements that could be taken away one by one"
    return AskError(Problem("study/no-levers", what, hint="state it by levers and wants to ask what its answers hang on"))


def answerable(conflict: Conflict) -> None:
    """Raises where statements cannot be taken away one by one."""
    if not conflict.graph.levers:
        raise no_levers()
    if conflict.graph.n_states > MOST_STATES:
        what = f"{conflict.graph.n_states:,} states are more than the {MOST_STATES:,} up to which every statement is tried"
        raise AskError(Problem("study/too-many-states", what, hint=_fewer(conflict)))
    conflict.state("now")


def _fewer(conflict: Conflict) -> str:
    """What to do about too many states: which levers of the view can be held, since they matter to nobody and change no answer."""
    idle = levers_nobody_minds(conflict)
    held = " ".join(f"--hold {lever}={conflict.at('now')[lever]}" for lever in idle)
    return f"levers that matter to nobody only multiply states: {held}" if idle else "take a view that varies fewer levers"


def _turning(
    keys: Sequence[Key], usual: Mapping[Key, bool], sets: Sequence[tuple[Line, ...]], told: Sequence[Mapping[Key, bool] | None]
) -> dict[Key, tuple[tuple[Line, ...], ...]]:
    """Per conclusion the sets that turn it, those of doubtful statements first."""
    turning = {}
    for key in keys:
        turned = [lines for lines, answer in zip(sets, told, strict=True) if answer is not None and answer[key] != usual[key]]
        turning[key] = tuple(sorted(turned, key=lambda lines: sum(each.firm for each in lines)))
    return turning


def _falls(case: Case, tried: TriedVariants, keys: Sequence[Key], usual: Mapping[Key, bool], lines: Sequence[Line]) -> tuple[Fallen, ...]:
    """What falls with each speaker other than the author, and with each doubtful claim by itself."""
    speakers: dict[str, list[str]] = defaultdict(list)
    for name, claim in case.file.claims.items():
        speakers[claim.says].append(name)
    wrong = [(who, tuple(claims)) for who, claims in speakers.items() if who != "author"]
    wrong += [("", (name,)) for name, claim in case.file.claims.items() if hedged(claim)]
    falling = [(who, claims, tuple(each for each in lines if falls_with(each, claims))) for who, claims in wrong]
    falling = [each for each in falling if each[2]]
    told = tried.ask([each[2] for each in falling], keys)
    return tuple(
        Fallen(who, claims, gone, tuple(key for key in keys if answer is not None and answer[key] != usual[key]))
        for (who, claims, gone), answer in zip(falling, told, strict=True)
    )


def falls_with(each: Line, claims: Iterable[str]) -> bool:
    """Whether a line falls with some claims: one that it needs is among them, or it needs none and all that support it are."""
    gone = set(claims)
    return bool(gone & set(each.because)) if each.because else bool(each.supported_by) and set(each.supported_by) <= gone
