"""What a test of a hypothesis says of each version of the parties, and which of these versions it hangs on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bestand.case.without import of_types
from bestand.graph.conflict import Conflict
from bestand.graph.worth import PartyWorth, Scale, one_after_another
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


@dataclass(frozen=True, slots=True)
class EachVersion:
    """A conflict as it stands in each of some versions of the parties, one a draw, so that all are asked about at once.

    types : one type for each party that has several, in each of them
    key   : under what they are kept
    """

    usual: Conflict
    types: Sequence[Mapping[str, str]]
    key: tuple[Hashable, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Makes the key."""
        object.__setattr__(self, "key", ("each version", *(tuple(each.items()) for each in self.types)))

    @property
    def n_versions(self) -> int:
        """How many there are."""
        return len(self.types)

    @property
    def conflict(self) -> Conflict:
        """All of them, one a draw."""
        return self.usual.once(self.key, lambda: self._stacked("ordinal"))

    @property
    def sized(self) -> Conflict:
        """The same with what states are worth a month."""
        return self.usual.once((*self.key, "sized"), lambda: self._stacked("cardinal"))

    def worth_of(self, party: str, scale: Scale = "ordinal") -> PartyWorth:
        """What each state is worth to one party in each of them."""
        return self.usual.once((*self.key, party, scale), lambda: self._worth_of(party, scale))

    def _worth_of(self, party: str, scale: Scale) -> PartyWorth:
        own = [each.get(party, "") for each in self.types]
        kinds = tuple(dict.fromkeys(own))
        return one_after_another([self._of_type(party, kind, scale) for kind in kinds]).of([kinds.index(each) for each in own])

    def _of_type(self, party: str, kind: str, scale: Scale) -> PartyWorth:
        if not kind:
            return self.usual.worth_to(party, scale)
        usual = self.usual
        return usual.once(("of type", party, kind, scale), lambda: usual.of(of_types(usual.case, {party: kind})).worth_to(party, scale))

    def _stacked(self, scale: Scale) -> Conflict:
        as_it_stands = self.usual.draw(self.n_versions, vary=())
        return as_it_stands.stacked([self.worth_of(party, scale) for party in self.usual.parties], scale=scale)


def by_version(free: Conflict, ask: Callable[[Sequence[Mapping[str, str]]], Sequence[bool | None]]) -> tuple[VersionAnswer, ...]:
    """The answers of all versions that a view tells apart, by the parties they hang on, the likeliest first; none where all answer alike.

    ask : what a test says of some versions, each one type for each party that has several
    """
    tried, _ = every_profile(free)
    if len(tried) < 2:
        return ()
    answers_of = ask([types for types, _ in tried])
    told = [(types, chance, answer) for (types, chance), answer in zip(tried, answers_of, strict=True)]
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
