"""Truth of conditions in all combinations of the settings that they depend on, as long as there are not too many."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import Node, holds, names
from bestand.case.loaded import Case

MOST_COMBINATIONS = 1 << 18  # of settings that are looked through for one condition
MOST_WORK = 400_000_000  # combinations that are looked through for one case
_LEAST = 1_000  # that a look costs, however few combinations there are
Bools = NDArray[np.bool_]


class TooMuch(Exception):
    """There is more to look through than is done for one case."""


@dataclass(slots=True)
class Look:
    """One look through a case; what it has found is kept, and what it has done is counted."""

    case: Case
    done: int = 0
    passed_over: bool = False
    masks: dict[str, int] = field(default_factory=dict)  # the levers that a term depends on, as bits
    bits: dict[str, int] = field(default_factory=dict)
    present: dict[str, Bools] = field(default_factory=dict)  # whether a term holds now

    def __post_init__(self) -> None:
        file = self.case.file
        self.bits = {name: k for k, name in enumerate(file.levers if file.graph is None else file.states)}

    @property
    def spent(self) -> bool:
        """Whether some of the case was passed over because there was too much of it."""
        return self.passed_over or self.done > MOST_WORK

    def mask(self, node: Node) -> int:
        """The levers that a condition depends on, through its terms, as bits in their order."""
        left = [(name, False) for name in names(node) if name in self.case.terms and name not in self.masks]
        while left:
            term, below_known = left.pop()
            below = [name for name in names(self.case.terms[term]) if name in self.case.terms and name not in self.masks]
            if below and not below_known:
                left += [(term, True), *((name, False) for name in dict.fromkeys(below))]
            else:
                self.masks[term] = self._own(self.case.terms[term])
        return self._own(node)

    def _own(self, node: Node) -> int:
        mask = 0
        for name in names(node):
            mask |= self.masks.get(name, 0) if name in self.case.terms else 1 << self.bits[name]
        return mask

    def levers(self, mask: int) -> tuple[str, ...]:
        """The levers of a mask, in the order of the file."""
        return tuple(name for name, k in self.bits.items() if mask >> k & 1) if mask else ()

    def over(self, nodes: Iterable[Node]) -> Some:
        """All combinations of the levers that some conditions depend on."""
        mask = 0
        for node in nodes:
            mask |= self.mask(node)
        return Some(self, self.levers(mask))

    def now(self, node: Node) -> bool:
        """Whether a condition holds in the present state."""
        case = self.case

        def digits(lever: str) -> NDArray[np.uint8]:
            if case.file.graph is not None:
                return np.asarray(lever == case.file.graph.now, np.uint8)
            return np.asarray(case.settings[lever].index(case.now[lever]), np.uint8)

        return bool(holds(node, digits, case.terms, case.settings, known=self.present))

    def where(self, node: Node, bans: Sequence[tuple[Node, int]]) -> Bools | None:
        """Truth of a condition in the states that no ban on its levers forbids; None where there are too many."""
        mine = self.mask(node)
        near = [ban for ban, mask in bans if mask & mine]
        some = self.over([node, *near])
        if not some.small:
            some, near = self.over([node]), []
        if not some.small:
            return None
        try:
            banned = np.zeros(some.radix, bool)
            for ban in near:
                banned |= some.truth(ban)
            return some.truth(node)[~banned]
        except TooMuch:
            return None


@dataclass(frozen=True, slots=True)
class Some:
    """All combinations of some levers' settings, as arrays."""

    look: Look
    levers: tuple[str, ...]

    @property
    def radix(self) -> list[int]:
        """Number of settings per lever; of a listed graph, of its states."""
        if self.look.case.file.graph is not None:
            return [len(self.look.case.file.states)]
        return [len(self.look.case.file.levers[lever].settings) for lever in self.levers]

    @property
    def small(self) -> bool:
        """Whether they are few enough to be looked through."""
        return len(self.levers) <= 32 and math.prod(self.radix) <= MOST_COMBINATIONS

    def truth(self, node: Node) -> Bools:
        """Where a condition holds: one axis per lever."""
        size = max(_LEAST, math.prod(self.radix))
        case = self.look.case

        def digits(lever: str) -> NDArray[np.uint8]:
            self.look.done += size
            if self.look.done > MOST_WORK:
                raise TooMuch
            return self.digits(lever)

        return np.broadcast_to(holds(node, digits, case.terms, case.settings), self.radix)

    def digits(self, lever: str) -> NDArray[np.uint8]:
        """Setting of a lever along its axis; of a listed graph, whether it is the state of that name."""
        if self.look.case.file.graph is not None:  # a state's name holds in that state
            return (np.arange(self.radix[0]) == self.look.bits[lever]).astype(np.uint8)
        k = self.levers.index(lever)
        shape = [1] * len(self.levers)
        shape[k] = self.radix[k]
        return np.arange(self.radix[k], dtype=np.uint8).reshape(shape)
