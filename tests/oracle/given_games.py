"""Games given as arrays, as published ones and random ones are; the program itself plays conflicts of cases."""

from __future__ import annotations

import numpy as np

from bestand.graph.conflict import conflict_of
from bestand.graph.game import Game, move_costs
from bestand.graph.model import Graph, Worth


def game_of(graph: Graph, flow, *, tempo, noise, discount, cost=None) -> Game:
    """A game of flows, (n_parties, n_states), numbers (n_parties,), and per party what its listed moves cost."""
    flow = np.ascontiguousarray(flow, np.float64)
    worth = Worth(graph.parties, np.zeros((1, *flow.shape), np.uint32), flow[None], "cardinal")
    free = [move_costs(graph, i, {}) for i in range(len(graph.moves))] if cost is None else cost
    numbers = (np.asarray(each, np.float64) for each in (tempo, noise, discount))
    rates = np.array([event.per_month for event in graph.chances], np.float64)
    return Game(conflict_of(graph, worth), flow, *numbers, tuple(np.asarray(each, np.float64) for each in free), rates)
