"""What a test of a hypothesis says of each version of the parties, and which of these versions it hangs on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
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


def by_version(
    free: Conflict, ask: Callable[[Mapping[str, str]], bool | None], among: Collection[str] | None = None
) -> tuple[VersionAnswer, ...]:
    """The answers of all versions that a view tells apart, by the parties they hang on, the likeliest first; none where all answer alike.

    ask   : what a test says of one type for each party that has several
    among : the parties whose wants can matter; all if not given
    """
    tried, _ = every_profile(free)
    keys = [tuple(type_ for party, type_ in types.items() if among is None or party in among) for types, _ in tried]
    if len(set(keys)) == 1:
        return ()
    known: dict[tuple[str, ...], bool | None] = {}
    for key, (types, _) in zip(keys, tried, strict=True):
        if key not in known:
            known[key] = ask(types)
    if len(set(known.values())) == 1:
        return ()
    told = [(types, chance, known[key]) for key, (types, chance) in zip(keys, tried, strict=True)]
    parties = _that_matter(told)
    chances: dict[tuple[tuple[str, str], ...], float] = {}
    answers: dict[tuple[tuple[str, str], ...], bool | None] = {}
    for types, chance, answer in told:
        group = tuple((party, types[party]) for party in parties)
        chances[group], answers[group] = chances.get(group, 0.0) + chance, answer
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


@dataclass(frozen=True, slots=True)
class Versions:
    """Versions of a conflict as it stands, each made from the one that has most in common with it, with which it shares what is known."""

    usual: Conflict
    made: list[tuple[Mapping[str, str], Conflict]] = field(default_factory=list)

    def of(self, types: Mapping[str, str]) -> Conflict:
        """The conflict in which each party named is of one type."""
        near = max(self.made, key=lambda each: len(each[0].items() & types.items()), default=({}, self.usual))[1]
        version = near.of(of_types(self.usual.case, types))
        self.made.append((types, version))
        return version
