"""An answer for every profile of types, and their mixture: no version of a party is chosen in silence."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bestand.bargain.outcomes import deals_of_draws
from bestand.graph.conflict import Conflict
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.show import Cell, Shown, Table
from bestand.study.each_version import EachVersion
from bestand.study.outlook import FORESIGHT, READING, opening_steps, unpaid_steps
from bestand.study.sensitivity import Key, answers_from

MOST_PROFILES = 64  # profiles of types that are asked about each by itself
ORDER = {"deal_exists": 0, "now_rests": 1, "term_reached": 2}  # what is told first of what differs
LEAST_AHEAD = 0.1  # by so much the likeliest profile must lead for it to speak for the case as it stands


@dataclass(frozen=True, slots=True)
class Profile:
    """One type for each party that has several, and how likely that is, parties being independent.

    answers : each headline question, yes or no
    resting : how many states rest
    ends    : states where best moves from today end, the nearest first; empty where they go round in circles
    missing : where the goal rests and is not reached, single steps that do not pay, after which best moves lead to it: whose, and where to
    """

    types: Mapping[str, str]
    chance: float
    answers: Mapping[Key, bool]
    resting: int
    ends: tuple[int, ...]
    missing: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Profiles(Shown):
    """Every profile of types with its answers; the likeliest first.

    left_out : how many less likely ones were not tried
    """

    profiles: tuple[Profile, ...]
    left_out: int = 0

    @property
    def differing(self) -> tuple[Key, ...]:
        """Questions that some profile answers otherwise than another."""
        return differing_among([each.answers for each in self.profiles])

    @property
    def ends_differ(self) -> bool:
        """Whether best moves from today end elsewhere in some profile than in another."""
        return len({frozenset(each.ends) for each in self.profiles}) > 1

    @property
    def undecided(self) -> bool:
        """Whether no profile is clearly the likeliest."""
        chances = [each.chance for each in self.profiles]
        return len(chances) > 1 and chances[0] - chances[1] < LEAST_AHEAD

    def other_steps(self, steps: Collection[tuple[str, int]]) -> dict[tuple[str, int], float]:
        """Where none of some steps is the missing one, but another: the first such step of each profile, with the chance of those profiles."""
        told: dict[tuple[str, int], float] = {}
        for each in self.profiles:
            if each.missing and not set(each.missing) & set(steps):
                told[each.missing[0]] = told.get(each.missing[0], 0.0) + each.chance
        return told

    def share(self, key: Key) -> float:
        """The chance of yes over all profiles."""
        return chance_of_yes([(each.chance, each.answers) for each in self.profiles], key)

    def table(self) -> Table:
        """One row per profile, the differing answers as columns."""
        keys = self.differing
        rows: list[tuple[Cell, ...]] = [
            (
                ", ".join(f"{party}: {type_}" for party, type_ in each.types.items()), each.chance, each.resting,
                " ".join(map(str, each.ends)) or None, *(each.answers[key] for key in keys),
            )
            for each in self.profiles
        ]  # fmt: skip
        if len(self.profiles) > 1:
            rows.append(("mixture", 1.0, None, None, *(round(self.share(key), 3) for key in keys)))
        notes = (f"{self.left_out} less likely profiles were not tried",) if self.left_out else ()
        columns = ("profile", "chance", "states that rest", "best moves end in", *(f"{kind} {term}".strip() for kind, term in keys))
        return Table("By profile of types", columns, tuple(rows), notes)


def differing_among(answers: Sequence[Mapping[Key, bool]]) -> tuple[Key, ...]:
    """Questions that some answer otherwise than others, in the order in which they are told.

    >>> differing_among([{("now_rests", ""): True, ("term_rests", "t"): True}, {("now_rests", ""): False, ("term_rests", "t"): True}])
    (('now_rests', ''),)
    """
    differing = [key for key in answers[0] if len({each[key] for each in answers}) > 1]
    return tuple(sorted(differing, key=lambda key: ORDER.get(key[0], len(ORDER))))


def chance_of_yes(weighed: Sequence[tuple[float, Mapping[Key, bool]]], key: Key) -> float:
    """The chance of yes to one question over several sets of answers, each with its chance; these need not sum to 1.

    >>> chance_of_yes([(0.2, {("now_rests", ""): True}), (0.6, {("now_rests", ""): False})], ("now_rests", ""))
    0.25
    """
    return sum(chance for chance, answers in weighed if answers[key]) / sum(chance for chance, _ in weighed)


def profiles(conflict: Conflict, *, goal: str | None = None) -> Profiles:
    """The headline answers under every profile of types.

    goal : also whether anything with it could be agreed

    Raises
    ------
    GraphError
        `graph/no-present` where today is banned.
    """
    usual = conflict.draw(1).on_scale("ordinal")
    masks = {term: usual.where(term) for term in usual.case.terms}
    tried, left_out = every_profile(usual)
    stacked = EachVersion(usual, [types for types, _ in tried]).conflict
    deals = [] if goal is None else [bool(each.any()) for each in deals_of_draws(stacked, that=goal)]
    stable = stability(stacked, concepts=(FORESIGHT,), moves=READING)
    told = []
    for k, (types, chance) in enumerate(tried):
        resting, ways = stable.holds(FORESIGHT, draw=k), paths(stacked, by=READING, draw=k)
        answers = answers_from(resting, ways, masks)
        missing: list[tuple[str, int]] = []
        if goal is not None:
            answers["deal_exists", goal] = deals[k]
            wanted = usual.where(goal)
            if not (ways.reached & wanted).any():
                missing = opening_steps(stacked, resting & wanted, unpaid_steps(stacked, draw=k), draw=k)
        told.append(Profile(types, chance, answers, int(resting.sum()), ways.nearest_ends, tuple(missing)))
    return Profiles(tuple(told), left_out)


def every_profile(conflict: Conflict, most: int = MOST_PROFILES) -> tuple[Sequence[tuple[Mapping[str, str], float]], int]:
    """Profiles of types with their chances, the likeliest first, and how many more there are."""
    apart = types_apart(conflict)
    every = conflict.once(("profiles", conflict.scale, most), lambda: list(itertools.islice(_likeliest_first(apart), most)))
    return every, math.prod(len(types) for types in apart.values()) - len(every)


def types_apart(conflict: Conflict) -> Mapping[str, Mapping[str, float]]:
    """Parties whose types this view tells apart, and how likely each of these is."""
    return conflict.once(("types apart", conflict.scale), lambda: _apart(conflict))


def _apart(conflict: Conflict) -> Mapping[str, Mapping[str, float]]:
    several = {name: party.types for name, party in conflict.case.file.parties.items() if len(party.types) > 1}
    return {
        name: {type_: number.value for type_, number in types.items() if number.value > 0}
        for name, types in several.items()
        if len({_seen(conflict, name, type_) for type_ in types}) > 1
    }


def _likeliest_first(apart: Mapping[str, Mapping[str, float]]) -> Iterator[tuple[Mapping[str, str], float]]:
    """All profiles, none listed before its time: after one come those in which one party is of its next type; of equals the first in the file."""
    ranked = [sorted(enumerate(types.items()), key=lambda each: -each[1][1]) for types in apart.values()]

    def told(places: tuple[int, ...]) -> tuple[float, tuple[int, ...], tuple[int, ...]]:
        chosen = [types[place] for types, place in zip(ranked, places, strict=True)]
        return -float(np.prod([chance for _, (_, chance) in chosen])), tuple(stated for stated, _ in chosen), places

    waiting = [told((0,) * len(ranked))]
    while waiting:
        chance, _, places = heapq.heappop(waiting)
        yield {party: types[place][1][0] for party, types, place in zip(apart, ranked, places, strict=True)}, -chance
        last = max((k for k, place in enumerate(places) if place), default=0)
        for k in range(last, len(places)):
            if places[k] + 1 < len(ranked[k]):
                heapq.heappush(waiting, told((*places[:k], places[k] + 1, *places[k + 1 :])))


def _seen(conflict: Conflict, party: str, type_: str) -> tuple[tuple[bytes, bool, float], ...]:
    """What a view shows of a type: where its wants hold, but those that say nothing here; which is a red line; its size, if that counts."""
    shown, stated = [], conflict.case.wants(party)
    for want in stated.get(type_, stated.get("", ())):
        holds = conflict.where(want.that)
        if (holds.any() and not holds.all()) or (want.red_line and not holds.any()):
            size = want.worth.value if conflict.scale == "cardinal" and want.worth is not None else 0.0
            shown.append((holds.tobytes(), want.red_line, size))
    return tuple(shown)
