"""What several parties reach only by acting together at once, as when two of them sign on condition that the other does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.bargain.demands import left_out
from bestand.bargain.fallback import checked_draw
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.naming import Condition, Which
from bestand.graph.ready import ready
from bestand.show import Cell, Shown, Table

MOST_STATES = 1 << 22  # states that are looked at for what parties do together
MOST_PARTIES = 63  # parties that are looked at together
MOST_ROWS = 50  # signings that a table shows
Alone = Literal["cannot stand alone", "may not be made alone", "no gain alone"]
"""Why a party does not do its part alone: the state is banned; the move is not legal; it is no better than staying."""


@dataclass(frozen=True, slots=True)
class OwnPart:
    """One party's part in a joint move.

    changes  : its levers that change, with the setting left and the setting reached
    alone    : why it would not do its part without the others
    now, then: rank of the state left, and of the joint outcome
    by_itself: rank of the state in which only it has done its part; None where that is no state or no legal move
    """

    party: str
    changes: Mapping[str, tuple[str, str]]
    alone: Alone
    now: int
    then: int
    by_itself: int | None

    @property
    def words(self) -> str:
        """The part in words."""
        return f"{self.party}: " + ", ".join(f"{lever}={new}" for lever, (_, new) in self.changes.items())


@dataclass(frozen=True, slots=True)
class Signing:
    """A minimal set of parties that must act together, with all outcomes that they then reach.

    states : numbers, those that change fewest levers first
    parts  : of the first of them, per party
    """

    parties: tuple[str, ...]
    states: NDArray[np.int64]
    parts: tuple[OwnPart, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Joint(Shown):
    """The outcomes asked for that only a joint move reaches.

    alone    : (n_states,) bool, outcomes asked for that parties reach one after the other, each by a move that pays it
    signings : per minimal set of parties; empty where no set gains by acting together
    larger   : outcomes that only larger sets reach which contain a smaller one
    """

    conflict: Conflict
    start: int
    draw: int
    alone: NDArray[np.bool_]
    signings: tuple[Signing, ...]
    larger: int

    @property
    def n_together(self) -> int:
        """Number of outcomes that some minimal set of parties reaches together only."""
        return len({int(s) for each in self.signings for s in each.states})

    def table(self) -> Table:
        """One row per minimal set of parties, with its nearest outcome and each one's part in it."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                ", ".join(each.parties),
                int(each.states.size),
                int(each.states[0]),
                "; ".join(part.words for part in each.parts),
                "; ".join(f"{part.party}: {part.alone}" for part in each.parts),
            )
            for each in self.signings[:MOST_ROWS]
        )
        notes = [f"{int(self.alone.sum())} such outcomes are reached by paying moves of one party at a time, {self.n_together} only together at once"]
        notes += [f"{self.larger} more are reached by larger sets of parties only"] if self.larger else []
        notes += [f"the first {MOST_ROWS} of {len(self.signings)} are shown"] if len(self.signings) > MOST_ROWS else []
        return Table("What parties reach only together", ("parties", "outcomes", "nearest", "their parts", "why none alone"), rows, tuple(notes))


def joint(
    conflict: Conflict | Case, *, that: Condition, start: Which = "now", excluding: Sequence[str | int] = (), draw: int = 0
) -> Joint:
    """The outcomes that two parties or more reach only by acting together at once, and the minimal sets that do.

    that      : the outcomes asked for
    excluding : parties that take no part

    A *joint move* of a set of parties changes levers of each of them, and of nobody else. A lever may change if its direction
    allows it and what its new setting `needs` holds in the state left or in the outcome (each signs on condition that the
    others do). It counts where the outcome is better for every one of the set (by rank), where no party's part would pay it
    alone — the part by itself is banned, not legal, or no better than staying —, and where single moves that pay, one after
    the other, do not lead there either. A set is minimal if no smaller set within it has such an outcome (strong equilibrium
    asks the same of stability: Aumann 1959).

    Raises
    ------
    AskError
        `bargain/no-levers` (the states are listed), `bargain/too-many-states`, `bargain/too-many-parties`,
        `bargain/unknown-draw`, and where the condition or the start is not known.

    >>> from bestand.case.read import read_text
    >>> from bestand.graph.conflict import conflict
    >>> text = "bestand: 1\\ntitle: t\\nparties: {a: {name: A}, b: {name: B}}\\nlevers: {a.out: {is: a leaves}, b.out: {is: b leaves}}\\n"
    >>> text += "wants: {a: [{that: b.out}, {that: not a.out}], b: [{that: a.out}, {that: not b.out}]}"
    >>> joint(conflict(read_text(text)), that="a.out and b.out").signings[0].parties
    ('a', 'b')
    """
    conflict = ready(conflict)
    asked, number = conflict.where(that), conflict.state(start)
    out = left_out(conflict.parties, excluding)
    rank = conflict.worth.rank[checked_draw(conflict, draw)]
    _checked_size(conflict)
    movers, n_changed = _movers(conflict, number)
    candidates = asked & _allowed(conflict, number) & ((movers & (movers - np.uint64(1))) != 0)
    for i, party in enumerate(conflict.parties):
        moves = (movers >> np.uint64(i) & np.uint64(1)).astype(bool)
        candidates &= ~moves | ((rank[i] > rank[i, number]) & (party not in out))
    reached = _reached_alone(conflict, rank, number, out)
    states = np.flatnonzero(candidates & ~reached)
    for i in range(len(conflict.parties)):
        states = states[~_pays_alone(conflict, rank, number, i, states)]
    groups = sorted({int(bits) for bits in movers[states]}, key=lambda bits: (bits.bit_count(), _members(bits)))
    minimal = [bits for bits in groups if not any(other != bits and other & bits == other for other in groups)]
    signings = []
    for bits in minimal:
        own = states[movers[states] == bits]
        own = own[np.lexsort((own, n_changed[own]))]
        signings.append(Signing(tuple(conflict.parties[i] for i in _members(bits)), own, tuple(_parts(conflict, rank, number, int(own[0]), bits))))
    n_larger = int((~np.isin(movers[states], np.array(minimal, np.uint64))).sum())
    return Joint(conflict, number, draw, asked & reached, tuple(signings), n_larger)


def _checked_size(conflict: Conflict) -> None:
    graph = conflict.graph
    if not graph.levers:
        what = "the states of this conflict are listed, so that no move can be joined from parts"
        raise AskError(Problem("bargain/no-levers", what, hint="state the conflict by levers; coalitions(…) takes listed moves"))
    if graph.n_states > MOST_STATES:
        what = f"{graph.n_states:,} states are more than {MOST_STATES:,}"
        raise AskError(Problem("bargain/too-many-states", what, hint="ask in a view that varies fewer levers"))
    if len(graph.parties) > MOST_PARTIES:
        what = f"{len(graph.parties)} parties are more than the {MOST_PARTIES} that are looked at together"
        raise AskError(Problem("bargain/too-many-parties", what, hint="leave out parties whose levers do not matter here"))


def _members(bits: int) -> tuple[int, ...]:
    return tuple(i for i in range(bits.bit_length()) if bits >> i & 1)


def _movers(conflict: Conflict, start: int) -> tuple[NDArray[np.uint64], NDArray[np.int16]]:
    """Per state the parties whose levers differ from the start, as bits, and how many levers do."""
    graph = conflict.graph
    movers, n_changed = np.zeros(graph.n_states, np.uint64), np.zeros(graph.n_states, np.int16)
    for lever, owner in zip(graph.levers, graph.owner, strict=True):
        digits = graph.digits(lever)
        changed = digits != digits[start]
        movers |= changed.astype(np.uint64) << np.uint64(owner)
        n_changed += changed
    return movers, n_changed


def _allowed(conflict: Conflict, start: int) -> NDArray[np.bool_]:
    """States that levers may change to at once: directions allow it, and needs hold before or after."""
    graph, case = conflict.graph, conflict.case
    allowed = np.ones(graph.n_states, bool)
    for lever, settings in zip(graph.levers, graph.settings, strict=True):
        stated, digits = case.file.levers[lever], graph.digits(lever)
        if stated.one_way:
            allowed &= digits >= digits[start] if stated.one_way == "up" else digits <= digits[start]
        for setting, guard in stated.needs.items():
            holds = conflict.where(guard.that)
            place = settings.index(setting)
            if not holds[start] and digits[start] != place:
                allowed &= (digits != place) | holds
    return allowed


def _reached_alone(conflict: Conflict, rank: NDArray[np.uint32], start: int, out: Sequence[str]) -> NDArray[np.bool_]:
    """States that moves of one party after the other lead to, each paying its mover; parties left out do not move."""
    graph = conflict.graph
    may_move = np.array([party not in out for party in graph.parties])
    which, everywhere = np.arange(len(graph.parties), dtype=np.int32)[None], np.ones(graph.n_states, bool)
    steps = kernels.fewest_steps(graph.moves, rank, which, np.array([start]), by="paying", open=everywhere, may_move=may_move)
    reached: NDArray[np.bool_] = steps[0] >= 0
    return reached


def _by_itself(conflict: Conflict, start: int, party: int, states: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """For each outcome the state in which this party alone has done its part, and whether there is such a state."""
    graph = conflict.graph
    code, stride = np.full(states.shape, graph.codes[start]), 1
    for lever, settings, owner in zip(graph.levers, graph.settings, graph.owner, strict=True):
        if owner == party:
            digits = graph.digits(lever)
            code += stride * (digits[states].astype(np.int64) - int(digits[start]))
        stride *= len(settings)
    at = np.minimum(np.searchsorted(graph.codes, code), graph.n_states - 1)
    return at, graph.codes[at] == code


def _pays_alone(conflict: Conflict, rank: NDArray[np.uint32], start: int, party: int, states: NDArray[np.int64]) -> NDArray[np.bool_]:
    """For each outcome whether this party's part, done alone, is a legal move that pays it."""
    at, there = _by_itself(conflict, start, party, states)
    legal = np.isin(at, conflict.graph.moves[party].targets(start))
    return there & legal & (rank[party, at] > rank[party, start])


def _parts(conflict: Conflict, rank: NDArray[np.uint32], start: int, state: int, bits: int) -> Iterator[OwnPart]:
    graph = conflict.graph
    changes = graph.changes(start, state)
    owner = dict(zip(graph.levers, graph.owner, strict=True))
    for i in _members(bits):
        at, there = _by_itself(conflict, start, i, np.array([state]))
        legal = bool(there[0]) and int(at[0]) in graph.moves[i].targets(start).tolist()
        why: Alone = "no gain alone" if legal else "may not be made alone" if there[0] else "cannot stand alone"
        own = {lever: settings for lever, settings in changes.items() if owner[lever] == i}
        by_itself = int(rank[i, at[0]]) if legal else None
        yield OwnPart(graph.parties[i], own, why, int(rank[i, start]), int(rank[i, state]), by_itself)
