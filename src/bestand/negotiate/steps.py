"""The steps that a party may take from a state: any, those that do not lose, those that pay, and the best of those."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bestand.graph.conflict import Conflict
from bestand.graph.model import Graph, Moves
from bestand.negotiate.concepts import Steps


def steps_from(conflict: Conflict, party: int, state: int, which: Steps, *, draw: int = 0) -> list[int]:
    """States that one step of a party leads to, ascending.

    which : `none`, `any`; `weak`, the mover does not lose; `paying`, it gains; `best`, of those that gain the ones it
            ranks highest, and of these the ones that set the fewest levers
    """
    if which == "none":
        return []
    targets: list[int] = conflict.graph.moves[party].targets(state).tolist()
    if which == "any":
        return targets
    rank = conflict.worth.rank[draw, party]
    here = int(rank[state])
    if which == "weak":
        return [t for t in targets if int(rank[t]) >= here]
    paying = [t for t in targets if int(rank[t]) > here]
    return best_of(conflict.graph, rank, state, paying) if which == "best" else paying


def best_of(graph: Graph, rank: NDArray[np.uint32], state: int, paying: list[int]) -> list[int]:
    """Of paying moves those to what is ranked highest, and of these those that set the fewest levers; ties are kept."""
    highest = max((int(rank[t]) for t in paying), default=0)
    top = [t for t in paying if int(rank[t]) == highest]
    effort = [len(graph.changes(state, t)) for t in top]
    return [t for t, levers in zip(top, effort, strict=True) if levers == min(effort)]


def every_move(moves: Moves) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All moves of a party as pairs of source and target, sources ascending: two arrays (n_moves,)."""
    size = np.diff(moves.block)
    block = np.repeat(np.arange(size.size), size)
    row = moves.first_row[moves.kind[block]] + np.arange(moves.members.size) - moves.block[block]
    n_targets = moves.row[row + 1] - moves.row[row]
    first = np.repeat(moves.row[row] - np.concatenate([[0], np.cumsum(n_targets)[:-1]]), n_targets)
    listed = moves.target[first + np.arange(first.size)]
    source = np.repeat(moves.members, n_targets).astype(np.int64)
    target = moves.members[np.repeat(moves.block[block], n_targets) + listed].astype(np.int64)
    order = np.lexsort((target, source))
    return source[order], target[order]


def best_moves(graph: Graph, rank: NDArray[np.uint32]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Every party's best moves as pairs of source and target, sources ascending."""
    return [_best(graph, i, rank[i]) for i in range(len(graph.parties))]


def _best(graph: Graph, party: int, rank: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    source, target = every_move(graph.moves[party])
    pays = rank[target] > rank[source]
    source, target = source[pays], target[pays]
    highest = np.zeros(graph.n_states, rank.dtype)
    np.maximum.at(highest, source, rank[target])
    top = rank[target] == highest[source]
    source, target = source[top], target[top]
    effort = np.zeros(source.size, np.int64)
    for lever, owner in zip(graph.levers, graph.owner, strict=True):
        if owner == party:
            effort += graph.digits(lever)[source] != graph.digits(lever)[target]
    least = np.full(graph.n_states, np.iinfo(np.int64).max)
    np.minimum.at(least, source, effort)
    kept = effort == least[source]
    return source[kept], target[kept]


def as_moves(n_states: int, source: NDArray[np.int64], target: NDArray[np.int64]) -> Moves:
    """Moves listed one by one, as one block."""
    row = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n_states))]).astype(np.int64)
    return Moves(
        np.arange(n_states, dtype=np.uint32), np.array([0, n_states], np.int64), np.zeros(1, np.int32), np.zeros(1, np.int64),
        row, target.astype(np.uint32), np.zeros(1, np.bool_), np.zeros(n_states, np.uint32),
    )  # fmt: skip
