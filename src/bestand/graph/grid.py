"""All combinations of some levers: what hangs on few levers is worked out on these, and only then handed out to the states.

A condition seldom names more than a handful of levers, and all wants of a party together some ten: a million combinations at
most, usually far fewer, in a graph of many millions of states.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import Node, holds, levers_of

_Any = TypeVar("_Any", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Grid:
    """Combinations of levers, an axis for each, the first lever last, so that it runs fastest as in the codes of states.

    levers   : those that vary
    radix    : how many settings each has
    held     : levers that do not vary, each at one setting (index)
    terms    : the case's named conditions
    settings : settings of every lever of the case
    """

    levers: tuple[str, ...]
    radix: tuple[int, ...]
    held: Mapping[str, int]
    terms: Mapping[str, Node]
    settings: Mapping[str, tuple[str, ...]]

    @property
    def shape(self) -> tuple[int, ...]:
        """Settings per axis."""
        return self.radix[::-1]

    @property
    def size(self) -> int:
        """Number of combinations."""
        return math.prod(self.radix)

    def axis(self, lever: str) -> NDArray[np.uint8]:
        """Settings (indices) of a lever along its own axis; a held lever has one."""
        if lever in self.held:
            return np.asarray(self.held[lever], np.uint8)
        k = self.levers.index(lever)
        return np.arange(self.radix[k], dtype=np.uint8).reshape(-1, *[1] * k)

    def where(self, condition: Node) -> NDArray[np.bool_]:
        """Truth of a condition, with an axis of length one for each lever that it does not hang on."""
        return holds(condition, self.axis, self.terms, self.settings)

    def all(self, table: NDArray[_Any]) -> NDArray[_Any]:
        """What stands in a table for each combination: shape (size,)."""
        return np.broadcast_to(table, self.shape).reshape(-1)

    def at(self, codes: NDArray[np.int64], table: NDArray[_Any]) -> NDArray[_Any]:
        """What stands in a table for each state: shape of `codes`."""
        every = self.all(table)
        return every if codes.size == self.size else every[codes]

    def parts(self, most: int) -> Iterator[tuple[int, Grid]]:
        """Grids of at most `most` combinations, or of one lever, each with the code that it begins at: together all combinations."""
        low = 1
        while low < len(self.radix) and math.prod(self.radix[: low + 1]) <= most:
            low += 1
        size = math.prod(self.radix[:low])
        for high in range(math.prod(self.radix[low:])):
            above = dict(zip(self.levers[low:], _digits(high, self.radix[low:]), strict=True))
            yield high * size, Grid(self.levers[:low], self.radix[:low], {**self.held, **above}, self.terms, self.settings)

    def left(self, bans: Sequence[Node], most: int) -> NDArray[np.int64] | None:
        """Codes of the combinations that no ban forbids; None where more than `most` are left at some step.

        Levers are added from the last to the first, and a ban is looked at as soon as all levers that it hangs on are there.
        """
        radix, stride = np.array(self.radix, np.int64), np.cumprod([1, *self.radix], dtype=np.int64)
        number = {lever: k for k, lever in enumerate(self.levers)}
        begins = [min((number[lever] for lever in levers_of(ban, self.terms) if lever in number), default=len(radix)) for ban in bans]
        codes = np.zeros(1, np.int64)

        def digits(lever: str) -> NDArray[np.uint8]:
            return self.axis(lever) if lever in self.held else (codes // stride[number[lever]] % radix[number[lever]]).astype(np.uint8)

        for k in reversed(range(len(radix) + 1)):
            if k < len(radix):
                codes = (codes[:, None] + stride[k] * np.arange(radix[k])).reshape(-1)
            for ban in (ban for ban, first in zip(bans, begins, strict=True) if first == k):
                codes = codes[~np.broadcast_to(holds(ban, digits, self.terms, self.settings), codes.shape)]
            if codes.size > most:
                return None
        return codes


def _digits(number: int, radix: Sequence[int]) -> Iterator[int]:
    for each in radix:
        number, digit = divmod(number, each)
        yield digit


@dataclass(frozen=True, slots=True)
class Occurring:
    """The combinations of some levers that occur in some state.

    grid  : of these levers
    there : (n_there,) int64, which of its combinations
    kind  : (n_states,) int64, which of `there` each state has
    """

    grid: Grid
    there: NDArray[np.int64]
    kind: NDArray[np.int64]

    def where(self, condition: Node) -> NDArray[np.bool_]:
        """Truth of a condition on these levers in each combination: shape (n_there,)."""
        return self.grid.all(self.grid.where(condition))[self.there]

    def digits(self, lever: str) -> NDArray[np.uint8]:
        """Setting (index) of one of these levers in each combination: shape (n_there,)."""
        return self.grid.all(self.grid.axis(lever))[self.there]


def occurring(grid: Grid, codes: NDArray[np.int64], levers: frozenset[str]) -> Occurring:
    """The combinations of some of the levers of a grid that occur in the states of these codes."""
    radix = tuple(each if lever in levers else 1 for lever, each in zip(grid.levers, grid.radix, strict=True))
    part = Grid(grid.levers, radix, grid.held, grid.terms, grid.settings)
    number = grid.at(codes, np.arange(part.size).reshape(part.shape))
    occurs = np.zeros(part.size, np.bool_)
    occurs[number] = True
    return Occurring(part, np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[number])
