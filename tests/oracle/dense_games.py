"""Asynchronous games written out densely and plainly, for comparison with the fast solvers.

A discrete game (u, p, delta; edges with cost and prob) is read as V = u + sum of p times what a mover's choice gives; the
continuous one has discount 1/delta - 1, tempo p, events at p times prob, and values delta V.
"""

from __future__ import annotations

import itertools

import numpy as np

from bestand.graph.model import Chance, Graph, Moves
from tests.oracle.given_games import game_of as game_of_arrays


def listed_graph(n, moves, chances=(), parties=None, names=(), now=0):
    """A graph from pairs of states per party, and events (rate, from, to)."""
    parties = tuple(parties or (f"p{i}" for i in range(len(moves))))
    blocks = tuple(_block(n, arcs) for arcs in moves)
    events = tuple(
        Chance(f"event {k}", float(rate), np.array([a], np.uint32), np.array([b], np.uint32)) for k, (rate, a, b) in enumerate(chances)
    )
    return Graph(parties, (), (), (), np.arange(n, dtype=np.int64), blocks, events, now, tuple(names))


def _block(n, arcs):
    pairs = np.array(sorted(arcs), np.int64).reshape(-1, 2)
    row = np.concatenate(([0], np.cumsum(np.bincount(pairs[:, 0], minlength=n)))).astype(np.int64)
    return Moves(
        np.arange(n, dtype=np.uint32), np.array([0, n], np.int64), np.zeros(1, np.int32), np.zeros(1, np.int64), row,
        pairs[:, 1].astype(np.uint32), np.array([False]), np.zeros(n, np.uint32),
    )


def small_game(flow, moves, *, tempo=1.0, noise=0.0, discount=0.05, cost=None, chances=(), parties=None, names=(), now=0):
    """A game from flows (n_parties, n_states) and, per party, a mapping (from, to): cost or a set of pairs."""
    flow = np.ascontiguousarray(flow, float)
    n_parties, n = flow.shape
    graph = listed_graph(n, moves, chances, parties, names, now)
    priced = [arcs if isinstance(arcs, dict) else dict.fromkeys(arcs, cost or 0.0) for arcs in moves]
    costs = tuple(np.array([arcs[pair] for pair in sorted(arcs)], float) for arcs in priced)

    def per(value):
        return np.broadcast_to(np.asarray(value, float), (n_parties,)).copy()

    return game_of_arrays(graph, flow, tempo=per(tempo), noise=per(noise), discount=per(discount), cost=costs)


def game_of(arrays, *, noise=0.0):
    """The game of a file of arrays u, p, delta, ptr, tgt, cost, prob (activation must not differ between states)."""
    u, p, delta, ptr, tgt, cost, prob = (arrays[k] for k in ("u", "p", "delta", "ptr", "tgt", "cost", "prob"))
    n, n_parties = u.shape
    assert (p == p[0]).all()
    owner = np.repeat(np.arange(n * (n_parties + 1)), np.diff(ptr))
    state, mover = np.divmod(owner, n_parties + 1)
    moves = []
    for i in range(n_parties):
        mine = np.flatnonzero((mover == i) & (state != tgt))
        moves.append({(int(state[e]), int(tgt[e])): float(cost[e]) for e in mine})
    own = np.flatnonzero((mover == n_parties) & (state != tgt) & (p[0, -1] > 0))
    game = small_game(u.T, moves, tempo=p[0, :-1], noise=noise, discount=1 / delta - 1)
    if not own.size:
        return game
    rates = p[0, -1] * prob[own]
    events = tuple(
        Chance(f"at {rate:g}", float(rate), state[own][rates == rate].astype(np.uint32), tgt[own][rates == rate].astype(np.uint32))
        for rate in np.unique(rates)
    )
    graph = game.graph
    graph = Graph(graph.parties, (), (), (), graph.codes, graph.moves, events, 0)
    return game_of_arrays(graph, game.flow, tempo=game.tempo, noise=game.noise, discount=game.discount, cost=game.cost)


def choices_of(game):
    """Per state and party: the moves (target, cost), staying first."""
    n = game.graph.n_states
    found = []
    for s in range(n):
        row = []
        for moves, cost in zip(game.graph.moves, game.cost, strict=True):
            block = moves.block_of[s]
            members = moves.members[moves.block[block] : moves.block[block + 1]]
            at = moves.first_row[moves.kind[block]] + int(np.searchsorted(members, s))
            own = range(moves.row[at], moves.row[at + 1])
            row.append([(s, 0.0), *((int(members[moves.target[e]]), float(cost[e])) for e in own)])
        found.append(row)
    return found


def values_of(game, chance, *, entropy=False):
    """Values (n_parties, n_states) of chances chance[s][k] = array beside choices_of, by one dense solve per party."""
    n, choices = game.graph.n_states, choices_of(game)
    values = np.empty((len(game.tempo), n))
    for i in range(len(game.tempo)):
        a, b = np.eye(n) * game.discount[i], game.flow[i].copy()
        for s in range(n):
            for k, own in enumerate(choices[s]):
                for (t, cost), p in zip(own, chance[s][k], strict=True):
                    a[s, s] += game.tempo[k] * p
                    a[s, t] -= game.tempo[k] * p
                    b[s] -= (i == k) * game.tempo[k] * p * cost
                    if entropy and i == k and p > 0:
                        b[s] -= game.tempo[k] * game.noise[k] * p * np.log(p)
        for event in game.graph.chances:
            for s, t in zip(event.source, event.target, strict=True):
                a[s, s] += event.per_month
                a[s, t] -= event.per_month
        values[i] = np.linalg.solve(a, b)
    return values


def logit_of(game, values):
    """Logit chances beside choices_of."""
    found = []
    for own in choices_of(game):
        row = []
        for k, moves in enumerate(own):
            worth = np.array([values[k, t] - cost for t, cost in moves]) / game.noise[k]
            p = np.exp(worth - worth.max())
            row.append(p / p.sum())
        found.append(row)
    return found


def pure_equilibria(game, *, slack=1e-9):
    """Values of every pure stationary equilibrium, by trying all of them."""
    choices = choices_of(game)
    n, n_parties = game.graph.n_states, len(game.tempo)
    found = []
    for pick in itertools.product(*(range(len(own)) for row in choices for own in row)):
        policy = np.array(pick).reshape(n, n_parties)
        chance = [[np.eye(len(own))[policy[s, k]] for k, own in enumerate(row)] for s, row in enumerate(choices)]
        values = values_of(game, chance)
        if all(
            values[k, t] - cost <= values[k, own[policy[s, k]][0]] - own[policy[s, k]][1] + slack
            for s, row in enumerate(choices)
            for k, own in enumerate(row)
            for t, cost in own
        ):
            found.append((policy, values))
    return found
