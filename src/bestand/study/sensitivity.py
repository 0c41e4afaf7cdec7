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
from bestand.case.lines import Line, hedged, line, wants, with_file
from bestand.case.loaded import Case
from bestand.case.model import Want
from bestand.errors import AskError, GraphError
from bestand.graph.build import build
from bestand.graph.draws import likely_types
from bestand.graph.model import Graph, Worth
from bestand.graph.worth import worth as worth_of
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.show import Shown, Table
from bestand.study.outlook import FORESIGHT

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


def answers(graph: Graph, worth: Worth, masks: Mapping[str, NDArray[np.bool_]]) -> Mapping[Key, NDArray[np.bool_]]:
    """Yes or no to each headline question in every draw: does today rest, does each term rest, is it reached.

    masks : per term (n_states,) bool
    """
    stable = stability(graph, worth, concepts=(FORESIGHT,))
    found: dict[Key, list[bool]] = defaultdict(list)
    for draw in range(worth.n_draws):
        resting = stable.holds(FORESIGHT, draw=draw)
        reached = paths(graph, worth, by="improving", draw=draw).reached
        found["now_rests", ""].append(bool(resting[graph.now]))
        for term, mask in masks.items():
            found["term_rests", term].append(bool((resting & mask).any()))
            found["term_reached", term].append(bool((reached & mask).any()))
    return {key: np.array(each) for key, each in found.items()}


def statements(case: Case, graph: Graph) -> tuple[Line, ...]:
    """Statements of a case that a conclusion could hang on in this view: wants, guards, bans, one-way levers, types."""
    found = [each for party in case.file.wants for each, _ in wants(case, party)]
    for name in graph.levers:
        lever, party = case.file.levers[name], name.partition(".")[0]
        found += [line(case, "guard", f"levers.{name}.needs.{setting}", party, guard.that, guard) for setting, guard in lever.needs.items()]
        if lever.one_way:
            found.append(line(case, "one_way", f"levers.{name}.one_way", party, lever.label, lever))
    for k, ban in enumerate(case.file.never):
        found.append(line(case, "ban", f"never[{k}]", "", ban.label or ban.that, ban))
    for name, party_ in case.file.parties.items():
        if len(party_.types) > 1:
            likely = max(party_.types, key=lambda type_: party_.types[type_].value)
            number = party_.types[likely]
            found.append(line(case, "type", f"parties.{name}.types.{likely}", name, likely, number))
    return tuple(found)


def without(case: Case, lines: Iterable[Line]) -> Case:
    """The case less some of its statements."""
    gone = {each.at for each in lines}
    levers = {}
    for name, lever in case.file.levers.items():
        needs = {setting: guard for setting, guard in lever.needs.items() if f"levers.{name}.needs.{setting}" not in gone}
        one_way = None if f"levers.{name}.one_way" in gone else lever.one_way
        same = len(needs) == len(lever.needs) and one_way == lever.one_way
        levers[name] = lever if same else lever.model_copy(update={"needs": needs, "one_way": one_way})
    bans = tuple(ban for k, ban in enumerate(case.file.never) if f"never[{k}]" not in gone)
    parties = dict(case.file.parties)
    for name, party in parties.items():
        left = {type_: number for type_, number in party.types.items() if f"parties.{name}.types.{type_}" not in gone}
        if left and len(left) < len(party.types):
            none = {type_: number.model_copy(update={"value": 0.0, "range": None}) for type_, number in party.types.items() if type_ not in left}
            parties[name] = party.model_copy(update={"types": {type_: none.get(type_, number) for type_, number in party.types.items()}})
    return with_file(case, wants=_kept_wants(case, gone), levers=levers, never=bans, parties=parties)


def _kept_wants(case: Case, gone: set[str]) -> dict[str, object]:
    kept: dict[str, object] = {}
    for party, stated in case.file.wants.items():
        if isinstance(stated, Mapping):
            kept[party] = {type_: _kept(f"wants.{party}.{type_}", own, gone) for type_, own in stated.items()}
        else:
            kept[party] = _kept(f"wants.{party}", stated, gone)
    return kept


def _kept(home: str, own: Sequence[Want], gone: set[str]) -> tuple[Want, ...]:
    return tuple(want for k, want in enumerate(own) if f"{home}[{k}]" not in gone)


def package(case: Case, graph: Graph, goal: str) -> frozenset[tuple[tuple[str, str], ...]] | None:
    """The settings of all states that the Nash rule picks among deals with a goal that cross no red line; None where there are none."""
    try:
        sized = worth_of(case, graph, scale="cardinal")
        open_ = agreements(case, graph, sized, that=goal).open[0]
        picked = settle(frontier(graph, sized, among=open_, fallback="now"), rule="nash").outcomes
    except AskError:
        return None
    return frozenset(tuple(graph.at(int(state)).items()) for state in picked)


class _Bench:
    """Puts the same questions to many variants of a case; variants with the same graph are solved side by side."""

    def __init__(self, case: Case, graph: Graph, view: str | None, usual: Worth, goal: str | None) -> None:
        self.case, self.graph, self.view, self.usual, self.goal = case, graph, view, usual, goal
        self.package = None if goal is None else package(case, graph, goal)
        self.masks = {term: graph.where(node) for term, node in case.terms.items()}
        self.known: dict[tuple[str, frozenset[str]], NDArray[np.uint32]] = {}

    def ask(self, sets: Sequence[tuple[Line, ...]]) -> list[Mapping[Key, bool] | None]:
        """Answers without each set of statements; None where nothing is left to ask about."""
        found: list[Mapping[Key, bool] | None] = [None] * len(sets)
        of_wants = [k for k, lines in enumerate(sets) if all(each.kind in ("want", "type") for each in lines)]
        for first in range(0, len(of_wants), TOGETHER):
            part = of_wants[first : first + TOGETHER]
            rank = np.stack([self._rank(sets[k]) for k in part])
            told = answers(self.graph, Worth(self.usual.parties, rank), self.masks)
            for place, k in enumerate(part):
                deals = self._deals(without(self.case, sets[k]), self.graph, Worth(self.usual.parties, rank[[place]]), alone=len(sets[k]) < 2)
                found[k] = {key: bool(each[place]) for key, each in told.items()} | deals
        for k in sorted(set(range(len(sets))) - set(of_wants)):
            found[k] = self._rebuilt(without(self.case, sets[k]))
        return found

    def _rank(self, lines: tuple[Line, ...]) -> NDArray[np.uint32]:
        rank = self.usual.rank[0].copy()
        for party in {each.party for each in lines}:
            gone = frozenset(each.at for each in lines if each.party == party)
            if (party, gone) not in self.known:
                variant = without(self.case, [each for each in lines if each.party == party])
                alone = with_file(variant, wants={party: variant.file.wants[party]})
                self.known[party, gone] = worth_of(alone, self.graph).rank[0, self.graph.parties.index(party)]
            rank[self.graph.parties.index(party)] = self.known[party, gone]
        return rank

    def _rebuilt(self, variant: Case) -> Mapping[Key, bool] | None:
        try:
            graph = build(variant, view=self.view)
        except GraphError:
            return None
        if graph.now is None:
            return None
        masks = {term: graph.where(node) for term, node in variant.terms.items()}
        usual = worth_of(variant, graph)
        told = {key: bool(each[0]) for key, each in answers(graph, usual, masks).items()}
        return told | self._deals(variant, graph, usual, alone=True)

    def _deals(self, variant: Case, graph: Graph, usual: Worth, *, alone: bool) -> dict[Key, bool]:
        """Whether anything with the goal could be agreed, and whether the package is the one that is picked as things are."""
        if self.goal is None:
            return {}
        deal = agreements(variant, graph, usual, that=self.goal, types=[likely_types(variant)]).deal.any()
        found = {("deal_exists", self.goal): bool(deal)}
        if self.package is not None:  # two statements at once are not tried: sizes are worked out anew for each
            found["best_deal", self.goal] = not alone or package(variant, graph, self.goal) == self.package
        return found


def sensitivity(
    case: Case,
    graph: Graph,
    *,
    view: str | None = None,
    goal: str | None = None,
    asked: Sequence[Key] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Sensitivity | None:
    """What carries the conclusions of a view: None where the states are too many, or today is banned.

    goal  : also whether anything with it could be agreed, and which package is the best, by the Nash rule
    asked : the conclusions; all, if not given

    Every statement is taken away alone; where none turns a conclusion, any two doubtful ones (assumed, reported, hedged).
    """
    if graph.now is None or graph.n_states > MOST_STATES or not graph.levers:
        return None
    bench = _Bench(case, graph, view, worth_of(case, graph), goal)
    usual = bench.ask([()])[0] or {}
    keys = [key for key in usual if asked is None or key in asked]
    lines = statements(case, graph)
    singles = [(each,) for each in lines]
    turning = _turning(keys, usual, singles, bench.ask(singles))
    progress(0.4)
    doubtful = [each for each in lines if not each.firm]
    pairs = list(itertools.combinations(doubtful, 2))
    if len(pairs) <= MOST_PAIRS and any(not turning[key] for key in keys):
        left = [key for key in keys if not turning[key]]
        turning |= _turning(left, usual, pairs, bench.ask(pairs))
    progress(0.8)
    return Sensitivity({key: usual[key] for key in keys}, turning, _falls(case, bench, keys, usual, lines))


def _turning(
    keys: Sequence[Key], usual: Mapping[Key, bool], sets: Sequence[tuple[Line, ...]], told: Sequence[Mapping[Key, bool] | None]
) -> dict[Key, tuple[tuple[Line, ...], ...]]:
    """Per conclusion the sets that turn it, those of doubtful statements first."""
    found = {}
    for key in keys:
        turned = [lines for lines, answer in zip(sets, told, strict=True) if answer is not None and answer[key] != usual[key]]
        found[key] = tuple(sorted(turned, key=lambda lines: sum(each.firm for each in lines)))
    return found


def _falls(case: Case, bench: _Bench, keys: Sequence[Key], usual: Mapping[Key, bool], lines: Sequence[Line]) -> tuple[Fallen, ...]:
    """What falls with each speaker other than the author, and with each doubtful claim by itself."""
    speakers: dict[str, list[str]] = defaultdict(list)
    for name, claim in case.file.claims.items():
        speakers[claim.says].append(name)
    wrong = [(who, tuple(claims)) for who, claims in speakers.items() if who != "author"]
    wrong += [("", (name,)) for name, claim in case.file.claims.items() if hedged(claim)]
    falling = [(who, claims, tuple(each for each in lines if _falls_with(each, claims))) for who, claims in wrong]
    falling = [each for each in falling if each[2]]
    told = bench.ask([each[2] for each in falling])
    return tuple(
        Fallen(who, claims, gone, tuple(key for key in keys if answer is not None and answer[key] != usual[key]))
        for (who, claims, gone), answer in zip(falling, told, strict=True)
    )


def _falls_with(each: Line, claims: Iterable[str]) -> bool:
    return bool(each.because) and set(each.because) <= set(claims)
