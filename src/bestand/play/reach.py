"""The part of a graph that play from some states can ever come to; play there is the same without the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand.graph.game import n_moves
from bestand.graph.model import Chance, Graph, Moves

Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]
MOST_MOVES = 20_000_000  # above which all states are played
WORTH_IT = 0.95  # share of the states above which nothing is left out


@dataclass(frozen=True, slots=True)
class ReachedPart:
    """A part of a graph that no move and no event leads out of.

    states  : (n_kept,) int64, numbers in the whole graph, ascending
    moves   : as in `Graph`, between the states kept
    listed  : per party (n_listed,) int64, where each listed move stands in the whole graph's list
    chances : events between the states kept
    """

    states: Whole
    moves: tuple[Moves, ...]
    listed: tuple[Whole, ...]
    chances: tuple[Chance, ...]


def options_looked_at(graph: Graph) -> int:
    """Moves that one sweep looks at one by one: those of blocks in which not everything leads to everything."""
    total = 0
    for moves in graph.moves:
        first, some = moves.first_row[moves.kind], moves.complete[moves.kind] == 0
        total += int((moves.row[first + np.diff(moves.block)] - moves.row[first])[some].sum())
    return total


def arcs(graph: Graph) -> tuple[Whole, Whole]:
    """Every move and every event, as (source, target)."""
    sources, targets = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for moves in graph.moves:
        size = np.diff(moves.block)
        for kind in np.unique(moves.kind):
            blocks = np.flatnonzero(moves.kind == kind)
            first = int(moves.first_row[kind])
            row = moves.row[first : first + int(size[blocks[0]]) + 1]
            members = moves.members[moves.block[blocks][:, None] + np.arange(size[blocks[0]])].astype(np.int64)
            sources.append(members[:, np.repeat(np.arange(row.size - 1), np.diff(row))].ravel())
            targets.append(members[:, moves.target[row[0] : row[-1]]].ravel())
    for event in graph.chances:
        sources.append(event.source.astype(np.int64))
        targets.append(event.target.astype(np.int64))
    return np.concatenate(sources), np.concatenate(targets)


def reached_along(first: Mask, source: Whole, target: Whole) -> Mask:
    """States reached from the first ones, along arcs.

    >>> reached_along(np.array([True, False, False]), np.array([0, 2]), np.array([1, 0]))
    array([ True,  True, False])
    """
    there = first.copy()
    count = -1
    while count != (count := int(there.sum())):
        there[target[there[source]]] = True
    return there


def part_of(graph: Graph, first: Mask) -> ReachedPart | None:
    """The part that can be reached from some states; None where that is (nearly) everything, or there are too many moves."""
    if first.sum() > WORTH_IT * first.size or n_moves(graph) > MOST_MOVES:
        return None
    kept = reached_along(first, *arcs(graph))
    if kept.sum() > WORTH_IT * kept.size:
        return None
    states, number = np.flatnonzero(kept), np.cumsum(kept) - 1
    parts = [_moves(moves, kept, number) for moves in graph.moves]
    chances = tuple(_chance(event, kept, number) for event in graph.chances)
    return ReachedPart(states, tuple(moves for moves, _ in parts), tuple(listed for _, listed in parts), chances)


def _chance(event: Chance, kept: Mask, number: Whole) -> Chance:
    mine = kept[event.source]
    return replace(event, source=number[event.source[mine]].astype(np.uint32), target=number[event.target[mine]].astype(np.uint32))


def _moves(moves: Moves, kept: Mask, number: Whole) -> tuple[Moves, Whole]:
    """One party's moves between the states kept, blocks in which the same is kept of the same kind sharing a kind."""
    here = kept[moves.members]
    sizes = np.add.reduceat(here, moves.block[:-1], dtype=np.int64)
    blocks, shown, begin = np.flatnonzero(sizes), here.tobytes(), moves.block.tolist()
    kinds: list[int] = []
    known: dict[tuple[int, bytes], int] = {}
    first_row, counts, targets, listed, complete = [], [], [], [], []
    n_rows = 0
    for b, kind in zip(blocks.tolist(), moves.kind[blocks].tolist(), strict=True):
        key = (kind, shown[begin[b] : begin[b + 1]])
        if key not in known:
            known[key] = len(known)
            own, first = here[begin[b] : begin[b + 1]], int(moves.first_row[kind])
            spans = [np.arange(moves.row[first + p], moves.row[first + p + 1]) for p in np.flatnonzero(own)]
            first_row.append(n_rows)
            n_rows += len(spans)
            counts += [span.size for span in spans]
            at = np.concatenate(spans)
            listed.append(at)
            targets.append((np.cumsum(own) - 1)[moves.target[at]])
            complete.append(bool(moves.complete[kind]))
        kinds.append(known[key])
    ends, every = np.cumsum([0, *sizes[blocks]]), number[moves.members[here]].astype(np.uint32)
    block_of = np.empty(int(ends[-1]), np.uint32)
    block_of[every] = np.repeat(np.arange(blocks.size), sizes[blocks])
    made = Moves(
        every, ends.astype(np.int64), np.array(kinds, np.int32), np.array(first_row, np.int64), np.cumsum([0, *counts]).astype(np.int64),
        np.concatenate(targets).astype(np.uint32), np.array(complete, moves.complete.dtype), block_of,
    )  # fmt: skip
    return made, np.concatenate(listed).astype(np.int64)
