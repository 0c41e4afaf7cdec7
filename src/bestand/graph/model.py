"""States, the moves between them, and what states are worth: read-only arrays that every engine shares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import Node, holds
from bestand.graph.grid import Grid, Occurring, occurring
from bestand.show import Fixed

_Any = TypeVar("_Any", bound=np.generic)
MOST_KNOWN = 1_000_000  # states of a graph of which the settings of each lever are kept
SPARSE = 4  # combinations of settings for every state, above which conditions are looked at state by state


def _no_settings() -> NDArray[np.uint64]:
    return np.zeros(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Moves:
    """One party's legal moves, stored without repeating what repeats.

    States that differ in this party's levers only form a *block*. Blocks in which the same moves are legal share a
    *kind*, whose moves are listed once, between places in the block. A listed graph is one block.

    members  : (n_states,) uint32, states grouped by block, ascending within a block
    block    : (n_blocks + 1,) int64, block b is members[block[b]:block[b + 1]]
    kind     : (n_blocks,) int32
    first_row: (n_kinds,) int64, place p of a block of kind k has row first_row[k] + p
    row      : (n_rows + 1,) int64, moves of a row are target[row[r]:row[r + 1]]
    target   : (n_listed,) uint32, place in the block that the move leads to, ascending in a row
    complete : (n_kinds,) bool, every place leads to every other; if it has more than 4,096 places, they are not listed
    block_of : (n_states,) uint32
    own      : (n_rows,) uint64, the settings of this party's levers at a place, packed in fields; empty where moves are listed by
               hand, each of which counts as setting one lever
    fields   : (n_levers,) uint64, the bits of each lever in `own`
    """

    members: NDArray[np.uint32]
    block: NDArray[np.int64]
    kind: NDArray[np.int32]
    first_row: NDArray[np.int64]
    row: NDArray[np.int64]
    target: NDArray[np.uint32]
    complete: NDArray[np.bool_]
    block_of: NDArray[np.uint32]
    own: NDArray[np.uint64] = field(default_factory=_no_settings)
    fields: NDArray[np.uint64] = field(default_factory=_no_settings)

    @property
    def any(self) -> bool:
        """Whether this party has a move in any state."""
        return bool(self.target.size) or not self.listed

    @property
    def listed(self) -> bool:
        """Whether every move stands in `target`."""
        if self.block.size > self.members.size:  # blocks of one state each, from which no move leads
            return True
        first = self.first_row[self.kind]
        size = np.diff(self.block)
        return not bool(np.any(self.complete[self.kind] & (size > 1) & (self.row[first] == self.row[first + size])))

    @property
    def n_moves(self) -> int:
        """Legal moves of this party, from all states together, listed or not."""
        size, every, first = np.diff(self.block), self.complete[self.kind], self.first_row[self.kind]
        return int((size * (size - 1))[every].sum()) + int((self.row[first + size] - self.row[first])[~every].sum())

    def targets(self, state: int) -> NDArray[np.uint32]:
        """States that one legal move of this party leads to from `state`, ascending."""
        block = self.block_of[state]
        members = self.members[self.block[block] : self.block[block + 1]]
        place = int(members.searchsorted(np.uint32(state)))  # of a number of another kind all members would be turned into that kind
        if self.complete[self.kind[block]]:
            return np.concatenate((members[:place], members[place + 1 :]))
        row = int(self.first_row[self.kind[block]]) + place
        return members[self.target[self.row[row] : self.row[row + 1]]]


@dataclass(frozen=True, slots=True)
class Chance:
    """One event: from each state in `source` to the state beside it in `target`, at `per_month`."""

    name: str
    per_month: float
    source: NDArray[np.uint32]
    target: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Graph(Fixed):
    """Feasible states of one view of a case, and the moves between them.

    parties  : names, in the case's order
    levers   : those that vary; the first runs fastest in `codes`
    settings : per lever, its settings in order
    owner    : per lever, index into `parties`
    codes    : (n_states,) int64 ascending, mixed-radix numbers of the feasible states
    moves    : per party
    chances  : per event that can happen in this view
    now      : the present state, or None where it is banned
    names    : names of states, as published; empty where states have none
    held     : levers outside the view, and the setting (index) at which each is held
    terms    : the case's named conditions
    all_settings : settings of every lever of the case, so that a held lever can be compared
    known    : per lever its setting in every state, (n_states,) uint8, kept for graphs of up to MOST_KNOWN states once it was asked for
    truths   : per term where it holds, (n_states,) bool, likewise
    presents : states that may be the present one with their chances, where that is not known; the likeliest first
    """

    parties: tuple[str, ...]
    levers: tuple[str, ...]
    settings: tuple[tuple[str, ...], ...]
    owner: tuple[int, ...]
    codes: NDArray[np.int64]
    moves: tuple[Moves, ...]
    chances: tuple[Chance, ...] = ()
    now: int | None = None
    names: tuple[str, ...] = ()
    held: Mapping[str, int] = field(default_factory=dict)
    terms: Mapping[str, Node] = field(default_factory=dict)
    all_settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: dict[str, NDArray[np.uint8]] = field(default_factory=dict, compare=False, repr=False)
    truths: dict[str, NDArray[np.bool_]] = field(default_factory=dict, compare=False, repr=False)
    presents: tuple[tuple[int, float], ...] = ()

    def __repr__(self) -> str:
        """One line: a graph is too long to be shown whole."""
        return f"<graph of {self.n_states:,} states: {', '.join(self.parties)}; {len(self.levers)} levers>"

    @property
    def n_states(self) -> int:
        """Number of feasible states."""
        return int(self.codes.size)

    def over(self, value: NDArray[_Any]) -> NDArray[_Any]:
        """A value for all states, or one for each, as one for each that is read-only: shape (n_states,)."""
        if value.shape != self.codes.shape:
            return np.broadcast_to(value, self.codes.shape)
        each = value.view()  # at a tenth of the price
        each.flags.writeable = False
        return each

    def digits(self, lever: str) -> NDArray[np.uint8]:
        """Setting (index) of a lever in every state: shape (n_states,); a held lever gives one value for all."""
        if lever in self.known:
            return self.known[lever]
        digits = self.over(np.asarray(self.held[lever], np.uint8)) if lever in self.held else self._digits(lever)
        if self.n_states <= MOST_KNOWN:
            self.known[lever] = digits
        return digits

    def _digits(self, lever: str) -> NDArray[np.uint8]:
        k = self.levers.index(lever)
        stride = int(np.prod([len(s) for s in self.settings[:k]], dtype=np.int64))
        dense = self.grid.size <= SPARSE * self.n_states
        digits = self.grid.at(self.codes, self.grid.axis(lever)) if dense else (self.codes // stride % len(self.settings[k])).astype(np.uint8)
        digits.flags.writeable = False
        return digits

    def digits_at(self, lever: str, states: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Setting (index) of a lever in some states, without looking at any other: shape (n,)."""
        if lever in self.held or lever in self.known:
            return self.digits(lever)[states]
        k = self.levers.index(lever)
        return (self.codes[states] // math.prod(map(len, self.settings[:k])) % len(self.settings[k])).astype(np.uint8)

    def apart(self, settings: Mapping[str, str], states: NDArray[np.int64] | None = None) -> NDArray[np.int16]:
        """In how many levers of the view each state is set otherwise than given: shape (n_states,), or of some states (n,)."""
        apart = np.zeros(self.n_states if states is None else states.size, np.int16)  # two bytes: states go into the millions, levers do not
        for lever in self.levers:
            digits = self.digits(lever) if states is None else self.digits_at(lever, states)
            apart += digits != self.all_settings[lever].index(settings[lever])
        return apart

    @property
    def grid(self) -> Grid:
        """All combinations of the levers, feasible or not."""
        return Grid(self.levers, tuple(map(len, self.settings)), self.held, self.terms, self.all_settings)

    @property
    def wide(self) -> bool:
        """Whether states are so many, among the combinations of settings, that conditions are looked at on these."""
        return bool(self.levers) and self.n_states > MOST_KNOWN and self.grid.size <= SPARSE * self.n_states

    def occurring(self, levers: frozenset[str]) -> Occurring:
        """The combinations of some levers that occur in some state."""
        return occurring(self.grid, self.codes, levers)

    def where(self, condition: Node) -> NDArray[np.bool_]:
        """States in which a parsed condition holds: shape (n_states,)."""
        if self.names and not self.levers:
            return self.over(holds(condition, self.named_digits, self.terms, {}))
        if self.wide:
            return self.over(self.grid.at(self.codes, self.grid.where(condition)))
        truths = self.truths if self.n_states <= MOST_KNOWN else None
        return self.over(holds(condition, self.digits, self.terms, self.all_settings, known=truths))

    def bits(self, conditions: Sequence[Node]) -> NDArray[np.uint64]:
        """Which of at most 64 conditions hold in each state, as bits of a word: shape (n_states,)."""
        look, word = self.grid.where if self.wide else self.where, np.zeros((), np.uint64)
        for k, condition in enumerate(conditions):
            word = word | look(condition).astype(np.uint64) << np.uint64(k)
        return self.grid.at(self.codes, word) if self.wide else self.over(word)

    def true_at(self, condition: Node, state: int) -> bool:
        """Whether a condition holds in one state, without looking at any other."""
        here = self.at(state)

        def digits(lever: str) -> NDArray[np.uint8]:
            held = self.held.get(lever)
            return np.asarray([self.all_settings[lever].index(here[lever]) if held is None else held], np.uint8)

        return bool(np.all(holds(condition, digits, self.terms, self.all_settings)))

    def named_digits(self, name: str) -> NDArray[np.uint8]:
        """In a listed graph a state's name is a condition that holds in that state only."""
        return (np.arange(self.n_states) == self.names.index(name)).astype(np.uint8)

    def at(self, state: int) -> dict[str, str]:
        """Setting of every lever of the view in one state."""
        code = int(self.codes[state])
        at: dict[str, str] = {}
        for lever, settings in zip(self.levers, self.settings, strict=True):
            code, digit = divmod(code, len(settings))
            at[lever] = settings[digit]
        return at

    def changes(self, source: int, target: int) -> dict[str, tuple[str, str]]:
        """Levers set otherwise in `target` than in `source`, with both settings."""
        told: dict[str, tuple[str, str]] = {}
        here, there = int(self.codes[source]), int(self.codes[target])
        for lever, settings in zip(self.levers, self.settings, strict=True):
            (here, old), (there, new) = divmod(here, len(settings)), divmod(there, len(settings))
            if old != new:
                told[lever] = settings[old], settings[new]
        return told

    def change(self, source: int, target: int) -> str:
        """What a move changes: `lever=setting` of each lever that it sets, or the name of where it leads."""
        if source == target:
            return "stays"
        if not self.levers:
            return f"to {self.label(target)}"
        return ", ".join(f"{lever}={setting}" for lever, (_, setting) in self.changes(source, target).items())

    def label(self, state: int) -> str:
        """A short name for a state: as published, or what differs from now; with no present state, all its settings."""
        if self.names:
            return self.names[state]
        if state == self.now:
            return "now"
        if self.now is None:
            return ", ".join(f"{lever}={setting}" for lever, setting in self.at(state).items()) or f"state {state}"
        return ", ".join(f"{lever}={setting}" for lever, (_, setting) in self.changes(self.now, state).items())


@dataclass(frozen=True, slots=True)
class Worth(Fixed):
    """What each state is worth to each party.

    parties : names, as in the graph
    rank    : (n_draws, n_parties, n_states) uint32; higher is better, equal is a tie; dense from 0
    value   : (n_draws, n_parties, n_states) float64, worth per month; None where worth is ordinal
    scale   : "ordinal" or "cardinal"
    types   : per draw, party → its type ('' where it has none); empty where worths come from elsewhere
    absent  : per draw, key paths of the wants of those types that are not there; empty where worths come from elsewhere
    """

    parties: tuple[str, ...]
    rank: NDArray[np.uint32]
    value: NDArray[np.float64] | None = None
    scale: Literal["ordinal", "cardinal"] = "ordinal"
    types: tuple[Mapping[str, str], ...] = ()
    absent: tuple[frozenset[str], ...] = ()

    def __repr__(self) -> str:
        """One line: worths are too many to be shown whole."""
        return f"<{self.scale} worth of {self.rank.shape[2]:,} states to {', '.join(self.parties)}; {self.n_draws:,} draws>"

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return int(self.rank.shape[0])
