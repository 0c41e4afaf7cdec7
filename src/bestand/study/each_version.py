"""A conflict in each of some versions of the parties, asked about at once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from bestand.graph.conflict import Conflict
from bestand.graph.worth import PartyWorth, Scale, one_after_another
from bestand.study.basis import worth_of_type


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
        return self.on_scale("ordinal")

    @property
    def sized(self) -> Conflict:
        """The same with what states are worth a month."""
        return self.on_scale("cardinal")

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
        usual = self.usual
        if not kind or party in usual.case.file.ranking:
            return usual.worth_to(party, scale)
        return usual.once(("of type", party, kind, scale), lambda: worth_of_type(usual, party, kind, scale))

    def on_scale(self, scale: Scale) -> Conflict:
        """All of them, with what states are worth on one scale."""
        if scale not in self.kept:
            as_it_stands = self.usual.draw(self.n_versions, vary=())
            self.kept[scale] = as_it_stands.stacked([self.worth_of(party, scale) for party in self.usual.parties], scale=scale)
        return cast("Conflict", self.kept[scale])
