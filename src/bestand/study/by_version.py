"""What a test of a hypothesis says of each version of the parties, and which of these versions it hangs on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bestand.graph.conflict import Conflict
from bestand.study.profiles import MOST_PROFILES, every_profile, types_apart

Said = Literal["holds", "fails", "depends"]
SAID: Mapping[bool | None, Said] = {True: "holds", False: "fails", None: "depends"}


@dataclass(frozen=True, slots=True)
class VersionAnswer:
    """What a test says of some versions of the parties.

    types  : of each party whose version the answer hangs on, which one it is
    chance : how likely these versions are together, parties being independent
    answer : as expected, otherwise, or it cuts both ways
    """

    types: Mapping[str, str]
    chance: float
    answer: Said


def by_version(
    free: Conflict, ask: Callable[[Sequence[Mapping[str, str]]], Sequence[bool | None]], most: int = MOST_PROFILES
) -> tuple[VersionAnswer, ...]:
    """The answers of versions that a view tells apart, by the parties they hang on, the likeliest first; none where all answer alike.

    ask  : what a test says of some versions, each one type for each party that has several
    most : so many are asked, the likeliest; and, whatever their number, those in which one party alone is of another type than is likeliest
    """
    tried = _asked(free, most)
    if len(tried) < 2:
        return ()
    told = list(zip(tried, ask(tried), strict=True))
    if len({answer for _, answer in told}) == 1:
        return ()
    parties, odds = _that_matter(told), types_apart(free)
    answers = {tuple((party, types[party]) for party in parties): answer for types, answer in told}
    made = [VersionAnswer(dict(key), math.prod(odds[party][type_] for party, type_ in key), SAID[answer]) for key, answer in answers.items()]
    return tuple(sorted(made, key=lambda each: -each.chance))


def _asked(free: Conflict, most: int) -> list[Mapping[str, str]]:
    likeliest, left = every_profile(free, most)
    tried = [types for types, _ in likeliest]
    if left:
        alone = ({**tried[0], party: type_} for party, types in types_apart(free).items() for type_ in types)
        tried += [types for types in alone if types not in tried]
    return tried


def _that_matter(told: Sequence[tuple[Mapping[str, str], bool | None]]) -> tuple[str, ...]:
    """Parties that the answer cannot be told without, the later ones left out first."""
    kept = tuple(told[0][0])
    for party in reversed(kept):
        fewer = tuple(each for each in kept if each != party)
        known: dict[tuple[str, ...], set[bool | None]] = {}
        for types, answer in told:
            known.setdefault(tuple(types[each] for each in fewer), set()).add(answer)
        if all(len(answers) == 1 for answers in known.values()):
            kept = fewer
    return kept
