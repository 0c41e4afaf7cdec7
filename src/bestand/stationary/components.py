"""A game's moves state by state, and its states grouped so that nothing moves back from a later group to an earlier one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.errors import AskError, Problem
from bestand.graph.game import Game, n_moves

PER_MOVE, PER_VALUE = 100e-9, 10e-6  # seconds, measured on one core (docs/performance.md)
MOST_MOVES = 400_000_000  # listed state by state; about 12 bytes each, and 8 more where moves have a cost


@dataclass(frozen=True, slots=True)
class Listing:
    """Moves and chances of a game as lists beside its states.

    first  : per party (n_states + 1,) int64; the moves of state s stand from first[s] to first[s + 1]
    target : per party (n_moves,) uint32, states
    cost   : per party (n_moves,) float64, or empty where all its moves are free
    chance_first, chance_target, chance_rate : the same for what nobody chooses; rates per month
    order  : (n_states,) uint32, states grouped by component, those that the others lead to first
    begins : (n_components + 1,) int64; component c is order[begins[c]:begins[c + 1]]
    """

    first: tuple[NDArray[np.int64], ...]
    target: tuple[NDArray[np.uint32], ...]
    cost: tuple[NDArray[np.float64], ...]
    chance_first: NDArray[np.int64]
    chance_target: NDArray[np.uint32]
    chance_rate: NDArray[np.float64]
    order: NDArray[np.uint32]
    begins: NDArray[np.int64]

    @property
    def n_components(self) -> int:
        """Number of groups of states from each of which every other of the group can be reached."""
        return int(self.begins.size - 1)

    def members(self, component: int) -> NDArray[np.uint32]:
        """States of one component, ascending."""
        return self.order[self.begins[component] : self.begins[component + 1]]


def listing(game: Game) -> Listing:
    """The moves of a game, listed, with the strongly connected components of all its moves (Tarjan 1972).

    Raises
    ------
    AskError
        `stationary/too-many-moves` where the list would not fit in memory.
    """
    _small_enough(game)
    parts = [kernels.list_moves(moves, cost) for moves, cost in zip(game.graph.moves, game.cost, strict=True)]
    first, target, cost = tuple(p[0] for p in parts), tuple(p[1] for p in parts), tuple(p[2] for p in parts)
    chances = _chances(game)
    order, begins = kernels.move_components([*first, chances[0]], [*target, chances[1]])
    return Listing(first, target, cost, *chances, order, begins)


def seconds_of_solving(game: Game) -> float:
    """Reckoned beforehand: seconds that the ladder takes, on one core of an ordinary machine, where its first rungs bear it."""
    return PER_MOVE * n_moves(game.graph) + PER_VALUE * game.graph.n_states * len(game.tempo)


def _small_enough(game: Game) -> None:
    total = n_moves(game.graph)
    if total > MOST_MOVES:
        what = f"{total:,} moves are more than {MOST_MOVES:,}"
        raise AskError(Problem("stationary/too-many-moves", what, hint="take a view that varies fewer levers, or play to a horizon"))


def _chances(game: Game) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.float64]]:
    """All events together, state by state; an event that changes nothing is left out."""
    chances = game.chances
    source = np.concatenate([np.zeros(0, np.uint32), *(chance.source for chance in chances)])
    target = np.concatenate([np.zeros(0, np.uint32), *(chance.target for chance in chances)])
    rate = np.concatenate([np.zeros(0), *(np.full(chance.source.size, chance.per_month) for chance in chances)])
    kept = np.flatnonzero((source != target) & (rate > 0))
    kept = kept[np.argsort(source[kept], kind="stable")]
    first = np.zeros(game.graph.n_states + 1, np.int64)
    first[1:] = np.cumsum(np.bincount(source[kept], minlength=game.graph.n_states))
    return first, np.ascontiguousarray(target[kept], np.uint32), np.ascontiguousarray(rate[kept])
