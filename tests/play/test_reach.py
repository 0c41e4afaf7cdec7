"""The part of a graph that play comes to is the graph itself, without the rest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bestand.graph.model import Chance
from bestand.play.reach import part_of
from tests.random_conflicts import moves_of, solved


def listed_of(moves, s: int) -> dict[int, int]:
    """Where a state leads, and at which place of the list of moves each of these moves stands."""
    b = int(moves.block_of[s])
    own = moves.members[moves.block[b] : moves.block[b + 1]].tolist()
    row = int(moves.first_row[moves.kind[b]]) + own.index(s)
    return {own[moves.target[e]]: e for e in range(int(moves.row[row]), int(moves.row[row + 1]))}


def reached(seed: int, start: int, event: Chance) -> set[int]:
    """States that some moves and the event lead to from a start, each looked at once."""
    there, look = {start}, [start]
    while look:
        s = look.pop()
        ways = {int(t) for own in moves_of(seed) for t in own[s]} | set(event.target[event.source == s].tolist())
        look += ways - there
        there |= ways
    return there


def test_the_part_that_is_reached_has_the_moves_events_and_prices_of_the_whole():
    n_parts = n_told = 0
    for seed in range(120):
        graph, r = solved(seed).graph, np.random.default_rng(seed)
        event = Chance("storm", 0.5, *r.integers(0, graph.n_states, (2, 3)).astype(np.uint32))
        graph = replace(graph, chances=(event,))
        first = np.arange(graph.n_states) == seed % graph.n_states
        part = part_of(graph, first)
        if part is None:
            continue
        n_parts += 1
        number = {int(s): k for k, s in enumerate(part.states)}
        assert set(number) == reached(seed, seed % graph.n_states, event), seed
        for whole, mine, listed in zip(graph.moves, part.moves, part.listed, strict=True):
            assert sorted(mine.members.tolist()) == list(range(len(number)))
            for s, here in number.items():
                there, kept = listed_of(whole, s), listed_of(mine, here)
                assert kept.keys() == {number[t] for t in there}, seed  # no move leads out of it
                assert all(listed[kept[number[t]]] == e for t, e in there.items()), seed
            for b, kind in enumerate(mine.kind):
                width, each = int(mine.block[b + 1] - mine.block[b]), listed_of(mine, int(mine.members[mine.block[b]]))
                assert not mine.complete[kind] or len(each) == width - 1
        for whole, mine in zip(graph.chances, part.chances, strict=True):
            ways = [(number[s], number[t]) for s, t in zip(whole.source.tolist(), whole.target.tolist(), strict=True) if s in number]
            assert list(zip(mine.source.tolist(), mine.target.tolist(), strict=True)) == ways
            n_told += len(ways)
    assert n_parts > 20 and n_told > 10
