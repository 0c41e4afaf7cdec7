"""The questions that a test of a hypothesis may ask: each is one plain function from a situation to what it found.

| ask | how much there is of it | yes if |
|---|---|---|
| rests | share of equilibria (`concept`) that have `that`; with `from`, of those reached from there | more than none |
| reached | 1 / (1 + fewest moves `by` to `that`, not touching `without`, `excluding` not moving) | more than none |
| possible | the same by any legal moves | more than none |
| holds_longer | share of the first `months` for which `that` lasts on average, from `from`, if all look ahead | more than half |
| agreement | share of the states with `that` that could be agreed on, `excluding` having no veto | more than none |
| unlocked | 1 / (1 + fewest changes, of at most 2, that unlock `that` under `concept`) | some do |
| gains | share of the starts from which `party` gains by moving to `that`, changing as few levers as it must | all of it |

The start is the present state, or every state of `from`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.demands import Demand
from bestand.bargain.outcomes import agreements, in_the_world_as_it_is
from bestand.case.concepts import Concept, Moving
from bestand.case.model import Test
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.negotiate.changes import Alteration
from bestand.negotiate.paths import By, fewest_moves
from bestand.negotiate.stability import resting_states, some_rest
from bestand.study.basis import WantsDropped, wants_dropped, with_draws
from bestand.study.each_version import EachVersion

if TYPE_CHECKING:
    from bestand.negotiate.unlock import Unlocks

Filling = str | int | tuple[Alteration, ...] | tuple[Demand, ...] | tuple[tuple[str, str], ...]  # named in the reader's language
MOST_STARTS = 200  # for `reached` from many states


@dataclass(frozen=True, slots=True)
class Measured:
    """The answer to one question in one situation: how much of it, whether that is a yes (None: it depends), and why."""

    amount: float
    yes: bool | None
    code: str
    parts: Mapping[str, Filling]


@dataclass(frozen=True, slots=True)
class _OwnMoves:
    """One party's moves to what is asked about, of each start those that change the fewest of its levers.

    source, target : (n_moves,) states
    n_starts       : starts outside what is asked about, with or without such a move
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    n_starts: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A view of a case with some levers held, to which a test is put: as it is, with each weak want dropped, and drawn.

    usual  : the conflict as it stands
    draws  : versions of the case drawn besides
    n_played : how many of these are played forward; all if not given
    moves  : by which others reply, where it is asked what rests
    alone  : just the case as it stands is asked of
    versions : versions of the parties, all of which are asked of instead, one a draw
    """

    usual: Conflict
    draws: int
    seed: int
    moves: Moving = "best"
    alone: bool = False
    n_played: int | None = None
    versions: EachVersion | None = None

    @property
    def drawn(self) -> Conflict:
        """The conflict over draws, for what is played forward."""
        if self.versions:
            return self.versions.sized
        return with_draws(self.usual, self.draws if self.n_played is None else min(self.draws, self.n_played), self.seed)

    @property
    def every(self) -> WantsDropped | EachVersion:
        """All the variants, one a draw."""
        return self.versions or self.dropped

    @property
    def dropped(self) -> WantsDropped:
        """The case as it stands, with each weak want dropped, and drawn."""
        if self.alone:
            return WantsDropped(self.usual, None)
        return self.usual.once(("wants dropped", self.draws, self.seed), lambda: wants_dropped(self.usual, draws=self.draws, seed=self.seed))

    @property
    def classical(self) -> Asked:
        """The case as it stands alone, others replying by any move that pays."""
        return Asked(self.usual, 0, self.seed, "paying", alone=True, versions=self.versions)

    def of_versions(self, types: Sequence[Mapping[str, str]]) -> Asked:
        """The case as it stands with some versions of the parties, one a draw."""
        return Asked(self.usual, 0, self.seed, alone=True, versions=EachVersion(self.usual, types))

    def starts(self, test: Test) -> NDArray[np.int64]:
        """Where the test starts: the states of `from`, or the present one."""
        if test.start is not None:
            return np.flatnonzero(self.usual.where(test.start))
        return np.asarray([] if self.usual.graph.now is None else [self.usual.graph.now], np.int64)

    def resting(self, concept: Concept, among: Collection[int]) -> NDArray[np.bool_]:
        """States that are stable for some parties (their places) under one concept, in every variant: (n_draws, n_states)."""
        every, key = self.every.conflict, ("resting", concept, self.moves, *among)
        return every.once(key, lambda: resting_states(every, concept=concept, moves=self.moves, among=among))


def _rests(held: Asked, test: Test, draw: int) -> Measured:
    key = "resting", held.alone, held.moves, test.concept, test.party, tuple(test.excluding), test.that, test.start, test.by, test.without
    resting, wanted = held.every.conflict.once(key, lambda: _resting(held, test))
    n_resting, n_wanted = int(resting[draw]), int(wanted[draw])
    parts: dict[str, Filling] = {"n": n_wanted, "all": n_resting, "that": test.that or "true", "concept": test.concept}
    return Measured(n_wanted / max(n_resting, 1), n_wanted > 0, "rests" if n_wanted else "rests_nowhere", parts)


def _resting(held: Asked, test: Test) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many states rest, and how many of them have what is asked about: each (n_draws,)."""
    parties = [held.usual.party(party) for party in ([test.party] if test.party else held.usual.parties) if party not in test.excluding]
    if test.against is None and test.start is None and len(parties) == len(held.usual.parties) and (held.alone or held.every.n_versions > 1):
        return _some_resting(held, test, parties)
    resting = held.resting(test.concept, parties)
    if test.start is not None:
        resting = resting & (_fewest(held, test, test.by) >= 0)
    return resting.sum(axis=1), (resting & held.usual.where(test.that)).sum(axis=1)


def _some_resting(held: Asked, test: Test, parties: Collection[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The same where it only counts of the variants whether any rests: 1 of 1 where one does, 0 of 1 where none; all are counted
    of the case as it stands, unless it is asked of alone, for a yes or a no."""
    wanted = held.usual.where(test.that)
    some = some_rest(held.every.conflict, wanted, concept=test.concept, moves=held.moves).astype(np.int64)
    n_resting = np.ones_like(some)
    if held.alone:
        return n_resting, some
    usual = Asked(held.usual, 0, held.seed, held.moves, alone=True).resting(test.concept, parties)[0]
    n_resting[0], some[0] = usual.sum(), (usual & wanted).sum()
    return n_resting, some


def _reached(held: Asked, test: Test, draw: int, *, by: By | None = None) -> Measured:
    by = by or test.by
    key = "fewest moves", by, test.that, test.start, test.without, tuple(test.excluding)
    variants = held.usual if by == "any" else held.every.conflict  # legal moves do not depend on wants
    fewest = int(variants.once(key, lambda: _nearest(held, test, by))[draw if by != "any" else 0])
    parts: dict[str, Filling] = {"that": test.that or "true", "n": max(fewest, 0), "without": test.without or ""}
    parts["excluding"] = ", ".join(test.excluding)
    return Measured(1.0 / (1 + fewest) if fewest >= 0 else 0.0, fewest >= 0, f"reached_{by}" if fewest >= 0 else f"unreached_{by}", parts)


def _nearest(held: Asked, test: Test, by: By) -> NDArray[np.int64]:
    """Fewest moves to what is asked about, −1 where none lead there: (n_draws,)."""
    never = np.iinfo(np.int32).max
    moves = _fewest(held, test, by)[:, held.usual.where(test.that)]
    nearest = np.where(moves < 0, never, moves).min(axis=1, initial=never)
    return np.where(nearest == never, -1, nearest).astype(np.int64)


def _possible(held: Asked, test: Test, draw: int) -> Measured:
    return _reached(held, test, draw, by="any")


def _holds_longer(held: Asked, test: Test, draw: int) -> Measured:
    """How much of the time a truce lasts on average, in one draw; played forward with everything that the case gives numbers for."""
    from bestand.truce.survival import survival  # noqa: PLC0415  a quick study does without

    deterrence = held.usual.case.file.deterrence
    that = test.that or (deterrence.truce if deterrence else "true")
    alive = held.drawn.once(
        ("survival", that, test.start, test.months),
        lambda: survival(held.drawn, start=test.start or that, truce=that, months=[test.months]).lasted / test.months,
    )
    share = float(alive[draw])
    parts: dict[str, Filling] = {"that": that, "share": f"{100 * share:.0f}", "months": f"{test.months:g}"}
    return Measured(share, share > 0.5, "lasts", parts)


def _agreement(held: Asked, test: Test, draw: int) -> Measured:
    """Deals with what is asked about; the fallback is the present state, or the worst of those of `from`."""
    starts = [int(state) for state in held.starts(test)]
    every = held.every.conflict
    deals = every.once(
        ("agreements", test.that, test.start, tuple(sorted(test.excluding))),
        lambda: agreements(every, fallback=starts, excluding=test.excluding, that=test.that),
    )
    wanted = int((held.usual.where(test.that) & in_the_world_as_it_is(held.usual)).sum())
    n = int(deals.deal[draw].sum())
    clash = deals.blocking if draw == 0 and deals.blocking and deals.blocking.sets else None
    blocked = () if clash is None else tuple(clash.demands[d] for d in clash.sets[0])
    parts: dict[str, Filling] = {"n": n, "all": wanted, "that": test.that or "true", "blocked": blocked}
    parts["excluding"] = ", ".join(test.excluding)
    return Measured(n / max(wanted, 1), n > 0, "agreement" if n else "agreement_none", parts)


def unlocked_once(
    conflict: Conflict, goal: str, concept: Concept, most: int, progress: Callable[[float], None] = lambda share: None
) -> Unlocks:
    """As `unlock` with all the time that it takes, asked once of a conflict."""
    from bestand.graph.budget import MOST_SECONDS, Budget  # noqa: PLC0415
    from bestand.negotiate.unlock import unlock  # noqa: PLC0415

    whole = Budget(seconds=MOST_SECONDS, progress=progress)
    return conflict.once(("unlocks", goal, concept, most), lambda: unlock(conflict, goal=goal, concept=concept, most=most, budget=whole))


def _unlocked(held: Asked, test: Test, draw: int) -> Measured:
    """Fewest changes first: two are only looked for where one does not do."""
    goal = test.that or "true"
    for most in (1, 2):
        unlocks = unlocked_once(held.usual, goal, test.concept, most)
        if unlocks.already or unlocks.sets:
            break
    n = 0 if unlocks.already or not unlocks.sets else len(unlocks.sets[0].changes)
    parts: dict[str, Filling] = {"that": goal, "n": n, "sets": len(unlocks.sets), "changes": unlocks.sets[0].changes if unlocks.sets else ()}
    yes = unlocks.already or bool(unlocks.sets)
    code = "unlocked_already" if unlocks.already else "unlocked" if yes else "unlocked_not"
    return Measured(1.0 / (1 + n) if yes else 0.0, yes, code, parts)


def _fewest(held: Asked, test: Test, by: By) -> NDArray[np.int32]:
    """Fewest moves from the nearest start to each state, −1 where there is no way: (n_draws, n_states)."""
    starts = held.starts(test)
    if starts.size > MOST_STARTS:
        what = f"`from` holds in {starts.size} states, and ways are looked for from at most {MOST_STARTS}"
        raise AskError(Problem("study/too-many-starts", what, hint="name more levers under `from`"))
    barred = held.usual.where(test.without) if test.without else None
    variants = held.usual if by == "any" else held.every.conflict
    return fewest_moves(variants, starts, by=by, without=barred, excluding=test.excluding)


def _gains(held: Asked, test: Test, draw: int) -> Measured:
    party = test.party or held.usual.parties[0]
    key = "gaining", held.every.key, party, test.start, test.that
    gaining, n_starts = held.usual.once(key, lambda: _gaining(held, party, test))
    n_gaining = int(gaining[draw])
    parts: dict[str, Filling] = {"party": party, "n": n_gaining, "all": n_starts, "that": test.that or "true"}
    yes = True if n_gaining == n_starts > 0 else False if n_gaining == 0 else None
    code = "gains_from" if n_starts != 1 else "gains" if yes else "gains_not"
    return Measured(n_gaining / max(n_starts, 1), yes, code, parts)


def _gaining(held: Asked, party: str, test: Test) -> tuple[NDArray[np.int64], int]:
    """Of how many starts a party gains by such a move, (n_draws,), and of how many."""
    moves = held.usual.once_of_graph(
        ("own moves", party, test.start, test.that),
        lambda: _own_moves(held.usual, held.usual.party(party), held.starts(test), held.usual.where(test.that)),
    )
    own, (starts, first) = held.every.worth_of(party), np.unique(moves.source, return_index=True)
    gains = own.rows[:, moves.target] > own.rows[:, moves.source]
    gaining = np.logical_or.reduceat(gains, first, axis=1).sum(axis=1) if starts.size else np.zeros(len(own.rows), np.int64)
    return gaining[own.row], moves.n_starts


def _own_moves(conflict_: Conflict, party: int, starts: NDArray[np.int64], wanted: NDArray[np.bool_]) -> _OwnMoves:
    """A party's legal moves from each start to what is wanted that change the fewest of its levers."""
    graph = conflict_.graph
    own = [graph.digits(lever) for lever, owner in zip(graph.levers, graph.owner, strict=True) if owner == party]
    outside = starts[~wanted[starts]]
    ways = [graph.moves[party].targets(int(start)) for start in outside]
    source, target = np.repeat(outside, [each.size for each in ways]), np.concatenate([np.empty(0, np.int64), *ways]).astype(np.int64)
    there = wanted[target]
    source, target = source[there], target[there]
    if target.size:
        apart = sum((digits[target] != digits[source] for digits in own), np.zeros(target.size, np.int64))
        _, first, n_each = np.unique(source, return_index=True, return_counts=True)
        fewest = apart == np.repeat(np.minimum.reduceat(apart, first), n_each)
        source, target = source[fewest], target[fewest]
    return _OwnMoves(source, target, int(outside.size))


ASK: Mapping[str, Callable[[Asked, Test, int], Measured]] = {
    "rests": _rests,
    "reached": _reached,
    "possible": _possible,
    "gains": _gains,
    "holds_longer": _holds_longer,
    "agreement": _agreement,
    "unlocked": _unlocked,
}
