"""What each version of the parties does, if it looks so many months ahead: one chain of choices per profile of types."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import named
from bestand.case.lines import with_file
from bestand.case.sizes import one_set, parties_only_ordered
from bestand.case.without import of_types
from bestand.errors import AskError, Problem
from bestand.graph.budget import ABREAST, Budget
from bestand.graph.conflict import Conflict
from bestand.graph.game import n_moves
from bestand.play.chain import Chain, chain
from bestand.play.horizon import fewest_sweeps, largest_rate, seconds_of_play
from bestand.play.many import values_of_movers
from bestand.truce.survival import game_with_zones, refuse_too_many

AHEAD = 6.0  # months that everyone looks ahead, at every moment anew
MOST_PROFILES = 256  # profiles of types that are played
ALONGSIDE = 0.35  # of the time of one version, in which another one is played beside it (measured)
PER_MOVE = 1.5e-6  # seconds, for a move of the chain of one version: made, and looked along for every setting (measured)
LOOKING, LEAST_LOOKING = 0.3, 0.01  # of the time in which a version is played, and seconds, in which is looked where it leads (measured)
SETS = 12  # sets of sizes in which each is played where only an order of wants is known: the middle one, and drawn ones
Types = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class PlayedVersion:
    """One type for each party whose types differ in this view, how likely that is beforehand, and what then is done.

    sizes : which set of sizes its wants have, where only their order is known; 0 is the middle one
    """

    types: Types
    chance: float
    chain: Chain
    sizes: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class PlayedVersions:
    """Every version that was played, the likeliest first; chances sum to 1 over those played.

    ahead   : months that everyone looks ahead, from every moment anew
    played  : chance of all versions that were played
    n_left  : how many had no time
    alike   : parties that have several types which this view does not tell apart, in worth or since they cannot move in it
    ordered : parties of whose wants only the order is known, so that every profile is played in each of `n_sets` sets of sizes
    """

    conflict: Conflict
    versions: tuple[PlayedVersion, ...]
    ahead: float
    played: float
    n_left: int
    alike: tuple[str, ...]
    ordered: tuple[str, ...] = ()
    n_sets: int = 1

    def over_sizes(self, chances: NDArray[np.float64], each: NDArray[np.float64]) -> tuple[float, float] | None:
        """The lowest and the highest of a chance over the sets of sizes; None where sizes are given, or one set was played.

        chances : (n,) of the first n versions, now
        each    : (n,) the chance in each of them
        """
        sets = np.array([version.sizes for version in self.versions[: len(each)]])
        inside = [sets == k for k in np.unique(sets) if chances[: len(each)][sets == k].sum() > 0]
        shares = [float(chances[: len(each)][mask] @ each[mask] / chances[: len(each)][mask].sum()) for mask in inside]
        return (min(shares), max(shares)) if len(shares) > 1 else None

    @property
    def prior(self) -> NDArray[np.float64]:
        """Chances beforehand: (n_versions,)."""
        return np.array([each.chance for each in self.versions])

    @property
    def parties(self) -> tuple[str, ...]:
        """Parties of which several types were played."""
        names = self.versions[0].types
        return tuple(party for party in names if len(self.types(party)) > 1)

    def types(self, party: str) -> tuple[str, ...]:
        """Types of a party among the versions played, the likeliest first."""
        named("party", party, self.versions[0].types)
        return tuple(dict.fromkeys(each.types[party] for each in self.versions))

    def of(self, party: str, type_: str) -> NDArray[np.bool_]:
        """Versions in which a party is of a type: (n_versions,)."""
        named("type", type_, self.types(party))
        return np.array([each.types[party] == type_ for each in self.versions])

    @property
    def n_all(self) -> int:
        """How many versions there are, those that had no time included."""
        return len(self.versions) + self.n_left

    def share_of_first(self, n: int) -> float:
        """Chance beforehand of the first so many versions, among all that there are: what chances that rest on these speak for."""
        return self.played * float(self.prior[:n].sum())

    def among(self, n: int) -> tuple[str, ...]:
        """What chances that rest on the first so many versions speak for, in words; nothing where these are all."""
        told = f"only {n} of {self.n_all} versions of the parties, {100 * self.share_of_first(n):.0f} % of the chance, had time"
        return (f"{told}: chances are among these; allow more seconds",) if n < self.n_all else ()

    def notes(self) -> tuple[str, ...]:
        """What was played, in words."""
        told = [f"everyone looks {self.ahead:g} months ahead, at every moment anew, and chooses as now; a model, not a forecast of what will be"]
        if self.n_left:
            left = f"{self.n_left} versions of the parties, {100 * (1 - self.played):.0f} % of the chance, had no time"
            told.append(f"{left}: all chances, also those beforehand, are among the others; allow more seconds")
        if self.alike:
            told.append(f"types of {self._named(self.alike)} do not differ in this view")
        if self.ordered:
            sets = f"{self.n_sets} sets of sizes that agree with it" if self.n_sets > 1 else "the middle of all sizes that agree with it"
            told.append(f"of what {self._named(self.ordered)} want only the order is known: played with {sets}")
        return tuple(told)

    def _named(self, parties: Sequence[str]) -> str:
        return ", ".join(str(self.conflict.case.file.parties[party].name) for party in parties)


def versions(conflict: Conflict, *, ahead: float = AHEAD, budget: Budget | None = None) -> PlayedVersions:
    """What each version of the parties does: the case's own numbers, every profile of types, the likeliest first.

    ahead  : months that everyone looks ahead
    budget : how long it may take, as reckoned beforehand, so that the same question gets the same answer on every machine; versions that
             have no time are left out, and counted

    Worked out once for a conflict.

    Raises
    ------
    AskError
        `worth/ordinal` where a want has no size; `study/no-levers`; `graph/too-long`; `play/bad-number`.
    GraphError
        `graph/no-present`.
    """
    playable(conflict, ahead)
    usual = conflict.draw(1)
    kept = conflict.once(("versions", float(ahead)), lambda: [_played(usual, ahead, budget)])
    if kept[0].n_left and budget is None:
        kept[0] = _played(usual, ahead, None)
    return kept[0]


def playable(conflict: Conflict, ahead: float) -> Conflict:
    """The conflict, if it can be played on from today.

    Raises
    ------
    AskError, GraphError
        `study/no-levers`, `play/bad-number`, `graph/no-present`, `truce/too-large`.
    """
    if not conflict.graph.levers and conflict.case.file.levers:
        what = "every lever of the case is held in this view, so that nothing can be seen to move"
        raise AskError(Problem("study/no-levers", what, hint="hold fewer levers, or take a larger view"))
    if not conflict.graph.levers:
        raise AskError(Problem("study/no-levers", "this case lists its states and has no levers to watch", hint="state the conflict by levers"))
    if not (np.isfinite(ahead) and 0 < ahead <= 1_200):
        raise AskError(Problem("play/bad-number", f"parties look more than 0 and at most 1,200 months ahead, not {ahead}"))
    refuse_too_many(conflict)
    _ = conflict.now
    return conflict


def _played(conflict: Conflict, ahead: float, budget: Budget | None) -> PlayedVersions:
    profiles, alike = profiles_of(conflict)
    profiles = profiles[:MOST_PROFILES]
    first = seconds_each(conflict, ahead)
    if budget is not None:
        budget.refuse(first + PER_MOVE * n_moves(conflict.graph))
    timely = None if budget is None else _timely(first, budget.seconds, SETS * len(profiles))
    ordered = tuple(party for party in parties_only_ordered(conflict.case.file) if party in conflict.parties)
    n_sets = 1 if not ordered else SETS if timely is None else max(1, min(SETS, timely // len(profiles)))
    every = [(types, chance / n_sets, k) for k in range(n_sets) for types, chance in profiles]
    made = _first(conflict, ahead, every[:timely], budget)
    total = sum(each.chance for each in made)
    shared = tuple(replace(each, chance=each.chance / total) for each in made)
    whole = sum(chance for _, chance, _ in every)
    share = total / whole if whole else 1.0
    return PlayedVersions(conflict, shared, ahead, share, len(every) - len(made), alike, ordered, n_sets)


def _timely(each: float, seconds: float, most: int) -> int:
    """How many versions, one at least, are reckoned to be played, and looked at once, in so many seconds.

    each : seconds that one takes by itself; others of a batch take less

    >>> [_timely(1.0, seconds, 100) for seconds in (0.1, 2, 4, 1000)]
    [1, 2, 5, 100]
    """
    spent, n = 0.0, 0
    while n < most:
        spent += seconds_looking(each) + each * (ALONGSIDE if n % ABREAST else 1.0)
        if spent > seconds:
            break
        n += 1
    return max(1, n)


def _first(conflict: Conflict, ahead: float, some: Sequence[tuple[Types, float, int]], budget: Budget | None) -> list[PlayedVersion]:
    """Versions played, as many side by side as compiled code plays."""
    made: list[PlayedVersion] = []
    for begin in range(0, len(some), ABREAST):
        abreast = some[begin : begin + ABREAST]
        chains = played_as([as_version(conflict, types, k) for types, _, k in abreast], ahead)
        made += [PlayedVersion(types, chance, each, k) for (types, chance, k), each in zip(abreast, chains, strict=True)]
        if budget is not None:
            budget.progress(len(made) / len(some))
    return made


def played_as(versions: Sequence[Conflict], ahead: float, *, draw: int = 0) -> list[Chain]:
    """The chains of versions of one conflict, in one draw of their numbers, with as few sweeps as there may be."""
    games = [game_with_zones(each, draw=draw) for each in versions]
    return [chain(game, values) for game, values in zip(games, values_of_movers(games, horizon=ahead), strict=True)]


def as_version(conflict: Conflict, types: Types, sizes: int = 0) -> Conflict:
    """The conflict in which some parties are of one type for sure, and wants have one set of sizes; other draws are the same."""
    case = of_types(conflict.case, types) if types else conflict.case
    case = with_file(case, wants=one_set(case.file, sizes, SETS, conflict.seed)) if sizes else case
    return conflict if case is conflict.case else conflict.of(case)


def seconds_each(conflict: Conflict, ahead: float) -> float:
    """Reckoned beforehand: seconds that one version takes to play."""
    game = game_with_zones(conflict.draw(1))
    return seconds_of_play(game, fewest_sweeps(largest_rate(game), ahead))


def seconds_looking(each: float) -> float:
    """Reckoned beforehand: seconds that it takes to look once where the chain of a version leads, which is played in `each`."""
    return LOOKING * each + LEAST_LOOKING


def profiles_of(conflict: Conflict) -> tuple[list[tuple[dict[str, str], float]], tuple[str, ...]]:
    """Profiles of types that differ in this view, the likeliest first, with their chances; and parties whose types do not."""
    several = {party: _types(conflict, party) for party in conflict.parties}
    several = {party: types for party, types in several.items() if len(types) > 1}
    alike = tuple(party for party, types in several.items() if _same(conflict, party, types))
    choices = [[(party, type_, chance) for type_, chance in types.items()] for party, types in several.items() if party not in alike]
    chosen = [({party: type_ for party, type_, _ in each}, float(np.prod([chance for _, _, chance in each]))) for each in itertools.product(*choices)]
    return sorted(chosen, key=lambda each: -each[1]), alike


def _types(conflict: Conflict, party: str) -> dict[str, float]:
    stated = conflict.case.file.parties[party].types
    return {name: number.value for name, number in stated.items() if number.value > 0 and name in conflict.case.wants(party)}


def _same(conflict: Conflict, party: str, types: Mapping[str, float]) -> bool:
    if not conflict.graph.moves[conflict.party(party)].any:  # what it would like changes nothing that is done
        return True
    first, *others = _values(conflict, party, types)
    return all(np.array_equal(first, other) for other in others)


def _values(conflict: Conflict, party: str, types: Mapping[str, float]) -> Iterator[NDArray[np.float64]]:
    """What states are worth to each type of a party: (n_states,)."""
    for type_ in types:
        value = as_version(conflict, {party: type_}).sized.value
        assert value is not None
        yield value[0, conflict.party(party)]
