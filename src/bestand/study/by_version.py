"""What a test of a hypothesis says of each version of the parties, and which of these versions it hangs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bestand.case.without import of_types
from bestand.graph.conflict import Conflict
from bestand.study.profiles import every_profile

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


def by_version(free: Conflict, ask: Callable[[Mapping[str, str]], bool | None]) -> tuple[VersionAnswer, ...]:
    """The answers of all versions that a view tells apart, by the parties they hang on, the likeliest first; none where all answer alike.

    ask : what a test says of one type for each party that has several
    """
    tried, _ = every_profile(free)
    if len(tried) < 2:
        return ()
    told = [(types, chance, ask(types)) for types, chance in tried]
    if len({answer for *_, answer in told}) == 1:
        return ()
    parties = _that_matter(told)
    chances: dict[tuple[tuple[str, str], ...], float] = {}
    answers: dict[tuple[tuple[str, str], ...], bool | None] = {}
    for types, chance, answer in told:
        key = tuple((party, types[party]) for party in parties)
        chances[key], answers[key] = chances.get(key, 0.0) + chance, answer
    whole = sum(chances.values())
    return tuple(VersionAnswer(dict(key), chances[key] / whole, SAID[answers[key]]) for key in sorted(chances, key=lambda key: -chances[key]))


def _that_matter(told: Sequence[tuple[Mapping[str, str], float, bool | None]]) -> tuple[str, ...]:
    """Parties that the answer cannot be told without, the later ones left out first."""
    kept = tuple(told[0][0])
    for party in reversed(kept):
        fewer = tuple(each for each in kept if each != party)
        known: dict[tuple[str, ...], set[bool | None]] = {}
        for types, _, answer in told:
            known.setdefault(tuple(types[each] for each in fewer), set()).add(answer)
        if all(len(answers) == 1 for answers in known.values()):
            kept = fewer
    return kept


def of_version(conflict: Conflict, types: Mapping[str, str]) -> Conflict:
    """The conflict as it stands, each party named being of one type."""
    return conflict.of(of_types(conflict.case, types))
