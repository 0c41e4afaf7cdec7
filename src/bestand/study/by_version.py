"""What a test of a hypothesis says of each version of the parties, and which of these versions it hangs on."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from bestand.case.without import of_types
from bestand.graph.conflict import Conflict
from bestand.graph.worth import PartyWorth, Scale, one_after_another
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


@dataclass(frozen=True, slots=True)
class EachVersion:
    """A conflict as it stands in each of some versions of the parties, one a draw, so that all are asked about at once.

    types : one type for each party that has several, in each of them
    key   : under what is kept of the conflict that belongs to them
    """

    usual: Conflict
    types: Sequence[Mapping[str, str]]
    key: tuple[Hashable, ...] = field(init=False)
    kept: dict[Hashable, Any] = field(default_factory=dict, init=False)

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
        return self._stacked("ordinal")

    @property
    def sized(self) -> Conflict:
        """The same with what states are worth a month."""
        return self._stacked("cardinal")

    def worth_of(self, party: str, scale: Scale = "ordinal") -> PartyWorth:
        """What each state is worth to one party in each of them."""
        if (party, scale) not in self.kept:
            self.kept[party, scale] = self._worth_of(party, scale)
        return cast("PartyWorth", self.kept[party, scale])

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
        if scale not in self.kept:
            as_it_stands = self.usual.draw(self.n_versions, vary=())
            self.kept[scale] = as_it_stands.stacked([self.worth_of(party, scale) for party in self.usual.parties], scale=scale)
        return cast("Conflict", self.kept[scale])


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
