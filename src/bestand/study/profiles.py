"""An answer for every profile of types, and their mixture: no version of a party is chosen in silence."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bestand.case.without import of_types
from bestand.graph.conflict import Conflict
from bestand.graph.model import Worth
from bestand.show import Cell, Shown, Table
from bestand.study.sensitivity import Key, answers

MOST_PROFILES = 64
LEAST_AHEAD = 0.1  # by so much the likeliest profile must lead for it to speak for the case as it stands


@dataclass(frozen=True, slots=True)
class Profile:
    """One type for each party that has several, and how likely that is, parties being independent.

    answers : each headline question, yes or no
    """

    types: Mapping[str, str]
    chance: float
    answers: Mapping[Key, bool]


@dataclass(frozen=True, slots=True)
class Profiles(Shown):
    """Every profile of types with its answers; the likeliest first.

    left_out : how many less likely ones were not tried
    """

    profiles: tuple[Profile, ...]
    left_out: int = 0

    @property
    def differing(self) -> tuple[Key, ...]:
        """Questions that some profile answers otherwise than another."""
        first = self.profiles[0].answers
        return tuple(key for key in first if len({each.answers[key] for each in self.profiles}) > 1)

    @property
    def undecided(self) -> bool:
        """Whether no profile is clearly the likeliest."""
        chances = [each.chance for each in self.profiles]
        return len(chances) > 1 and chances[0] - chances[1] < LEAST_AHEAD

    def share(self, key: Key) -> float:
        """The chance of yes over all profiles."""
        total = sum(each.chance for each in self.profiles)
        return sum(each.chance for each in self.profiles if each.answers[key]) / total

    def table(self) -> Table:
        """One row per profile, the differing answers as columns."""
        keys = self.differing
        rows: list[tuple[Cell, ...]] = [
            (", ".join(f"{party}: {type_}" for party, type_ in each.types.items()), each.chance, *(each.answers[key] for key in keys))
            for each in self.profiles
        ]
        if len(self.profiles) > 1:
            rows.append(("mixture", 1.0, *(round(self.share(key), 3) for key in keys)))
        notes = (f"{self.left_out} less likely profiles were not tried",) if self.left_out else ()
        return Table("By profile of types", ("profile", "chance", *(f"{kind} {term}".strip() for kind, term in keys)), tuple(rows), notes)


def profiles(conflict: Conflict) -> Profiles:
    """The headline answers under every profile of types.

    Raises
    ------
    GraphError
        `graph/no-present` where today is banned.
    """
    usual = conflict.draw(1).on_scale("ordinal")
    masks = {term: usual.where(term) for term in usual.case.terms}
    every = sorted(_of(usual), key=lambda each: -each[1])
    tried = every[:MOST_PROFILES]
    made = [usual.of(of_types(usual.case, types)) for types, _ in tried]
    rank = np.concatenate([each.worths("ordinal").rank for each in made])
    told = answers(usual.stacked(Worth(usual.parties, rank)), masks)
    return Profiles(
        tuple(Profile(types, chance, {key: bool(each[k]) for key, each in told.items()}) for k, (types, chance) in enumerate(tried)),
        len(every) - len(tried),
    )


def _of(conflict: Conflict) -> Sequence[tuple[Mapping[str, str], float]]:
    """Profiles with their chances."""
    several = {name: party.types for name, party in conflict.case.file.parties.items() if len(party.types) > 1}
    choices = [[(name, type_, number.value) for type_, number in types.items() if number.value > 0] for name, types in several.items()]
    return [
        ({name: type_ for name, type_, _ in chosen}, float(np.prod([value for _, _, value in chosen])))
        for chosen in itertools.product(*choices)
    ]
