"""What every party does in every state: the chance that it takes each of its moves when it gets to move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Policy:
    """Chances of moves, per party as lists beside the states; staying has what is left of one.

    first  : per party (n_states + 1,) int64; the moves of state s stand from first[s] to first[s + 1]
    target : per party (n_moves,) uint32, states that they lead to, ascending in a state
    chance : per party (n_moves,) float64; moves that are never taken may be left out
    """

    first: tuple[NDArray[np.int64], ...]
    target: tuple[NDArray[np.uint32], ...]
    chance: tuple[NDArray[np.float64], ...]

    def at(self, state: int, party: int) -> dict[int, float]:
        """Chance of every move that one party may take in one state, by target; without staying.

        >>> Policy((np.array([0, 1]),), (np.array([7], np.uint32),), (np.array([0.25]),)).at(0, 0)
        {7: 0.25}
        """
        own = slice(int(self.first[party][state]), int(self.first[party][state + 1]))
        pairs = zip(self.target[party][own], self.chance[party][own], strict=True)
        return {int(target): float(chance) for target, chance in pairs if chance > 0}

    def staying(self, party: int) -> NDArray[np.float64]:
        """Chance that one party stays when it gets to move: (n_states,)."""
        count = np.diff(self.first[party])
        taken = np.bincount(np.repeat(np.arange(count.size), count), weights=self.chance[party], minlength=count.size)
        return np.clip(1.0 - taken, 0.0, 1.0)


def policy_of(
    first: Sequence[NDArray[np.int64]], target: Sequence[NDArray[np.uint32]], chance: Sequence[NDArray[np.float64]]
) -> Policy:
    """The policy that lists of moves and chances make, without the moves that are never taken; read-only.

    >>> policy_of([np.array([0, 2])], [np.array([3, 7], np.uint32)], [np.array([0.0, 0.25])]).at(0, 0)
    {7: 0.25}
    """
    begins, targets, chances = [], [], []
    for one, to, p in zip(first, target, chance, strict=True):
        taken = p > 0
        count = np.concatenate(([0], np.cumsum(taken, dtype=np.int64)))
        parts = (count[one], to[taken], p[taken])
        for part in parts:
            part.flags.writeable = False
        begins.append(parts[0])
        targets.append(parts[1])
        chances.append(parts[2])
    return Policy(tuple(begins), tuple(targets), tuple(chances))
