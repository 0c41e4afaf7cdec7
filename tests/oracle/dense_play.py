"""Play and survival written out plainly on dense arrays, and integrated by scipy, for comparison with the fast code.

A game is a flow (n_parties, n_states), numbers per party, `moves[i][s]` (sets of states), prices of levers, and chances
(rate, source, target).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy.integrate import solve_ivp

from bestand.case.read import read_text
from bestand.graph.build import build
from bestand.graph.game import Game
from bestand.graph.model import Chance
from tests.oracle.given_games import game_of
from tests.oracle.naive import moves_of
from tests.oracle.random_cases import conflict


@dataclass
class Dense:
    """One game: option[i] (n, n) is the price of party i's move from row to column, 0 for staying, inf if there is none."""

    flow: np.ndarray
    tempo: np.ndarray
    noise: np.ndarray
    discount: np.ndarray
    option: np.ndarray
    chance: np.ndarray  # (n, n) rates

    def odds(self, values: np.ndarray) -> np.ndarray:
        """P_i(target | state) by the definition: shape (n_parties, n, n)."""
        worth = values[:, None, :] - self.option
        best = worth.max(axis=2, keepdims=True)
        found = np.zeros_like(worth)
        for i, noise in enumerate(self.noise):
            if noise > 0:
                found[i] = np.exp((worth[i] - best[i]) / noise)
            else:
                near = worth[i] >= best[i] - 1e-9 * (1 + np.abs(best[i]))
                stays = np.diag(near)
                found[i] = np.where(stays[:, None], np.eye(len(near)), near)
        return found / found.sum(axis=2, keepdims=True)

    def right_hand_side(self, values: np.ndarray, surplus: bool = True) -> np.ndarray:
        """dV/d(time to go): flow − discount V + chance + everybody's choices."""
        odds = self.odds(values)
        out = self.flow - self.discount[:, None] * values + values @ self.chance.T - values * self.chance.sum(axis=1)
        for i in range(len(values)):
            for k in range(len(values)):
                after = odds[k] @ values[i]
                if k == i:
                    after = self.own(values[i], odds[i], i, surplus)
                out[i] += self.tempo[k] * (after - values[i])
        return out

    def own(self, value: np.ndarray, odds: np.ndarray, i: int, surplus: bool) -> np.ndarray:
        """What a chance to move is worth to the one who has it."""
        worth = value[None, :] - self.option[i]
        best = worth.max(axis=1)
        if not surplus:
            return np.where(odds > 0, odds * np.where(np.isinf(worth), 0, worth), 0).sum(axis=1)
        if self.noise[i] == 0:
            return best
        return best + self.noise[i] * np.log(np.exp((worth - best[:, None]) / self.noise[i]).sum(axis=1))

    def values(self, horizon: float, end: np.ndarray | None = None, surplus: bool = True, tolerance: float = 1e-9):
        """scipy's solution, as a function of time from now."""
        last = np.zeros_like(self.flow) if end is None else end
        found = solve_ivp(
            lambda _, v: self.right_hand_side(v.reshape(last.shape), surplus).ravel(),
            (0, horizon), last.ravel(), rtol=tolerance, atol=tolerance, method="DOP853", dense_output=True,
        )  # fmt: skip
        return lambda month: found.sol(horizon - month).reshape(last.shape)

    def steps(self, horizon: float, n_steps: int, end: np.ndarray, surplus: bool) -> np.ndarray:
        """SSPRK(4,3) written out (Ketcheson 2008): the very numbers that the fast code should give."""
        values, half = end, horizon / n_steps / 2
        for _ in range(n_steps):
            first = values + half * self.right_hand_side(values, surplus)
            second = first + half * self.right_hand_side(first, surplus)
            third = 2 / 3 * values + 1 / 3 * (second + half * self.right_hand_side(second, surplus))
            values = third + half * self.right_hand_side(third, surplus)
        return values

    def rates(self, values: np.ndarray) -> np.ndarray:
        """Q without its diagonal: shape (n, n)."""
        found = (self.tempo[:, None, None] * self.odds(values)).sum(axis=0) + self.chance
        np.fill_diagonal(found, 0)
        return found

    def alive(self, values, start: np.ndarray, holds: np.ndarray, months, tolerance: float = 1e-8) -> np.ndarray:
        """Forward equation on the states that hold; `values` is a function of the month."""

        def step(month: float, mass: np.ndarray) -> np.ndarray:
            rates = self.rates(values(month))
            return (mass @ rates - mass * rates.sum(axis=1)) * holds

        found = solve_ivp(step, (0, months[-1]), start, rtol=tolerance, atol=tolerance, t_eval=months)
        return found.y.sum(axis=0)


@cache
def random_game(seed: int, most_states: int = 36) -> tuple[Game, Dense]:
    """A small random game with prices, chance events, and now and then no noise; for our code and written out."""
    r = random.Random(seed)
    for k in range(100):
        plain = conflict(1000 * seed + k)
        if 2 <= len(plain.states()) <= most_states:
            break
    graph = build(read_text(plain.text()))
    rng = np.random.default_rng(seed)
    n, n_parties = graph.n_states, len(graph.parties)
    chances, rates = [], np.zeros((n, n))
    for c in range(r.randint(0, 2)):
        source = np.flatnonzero(rng.random(n) < 0.4)
        target = (source + rng.integers(1, n, source.size)) % n
        rate = round(r.uniform(0.05, 1.5), 2)
        chances.append(Chance(f"event{c}", rate, source.astype(np.uint32), target.astype(np.uint32)))
        rates[source, target] += rate
    graph = replace(graph, chances=tuple(chances))
    price = {lever: round(r.uniform(0, 1.5), 2) for lever in graph.levers} if r.random() < 0.5 else {}
    option = np.full((n_parties, n, n), np.inf)
    at = [graph.at(s) for s in range(n)]
    for i, from_state in enumerate(moves_of(graph)):
        for s, targets in enumerate(from_state):
            option[i, s, s] = 0
            for t in targets:
                option[i, s, t] = sum(price.get(lever, 0) for lever in graph.levers if at[s][lever] != at[t][lever])
    flow = rng.normal(size=(n_parties, n)).round(3) * r.choice([0.3, 2, 10])
    tempo, discount = rng.uniform(0.2, 2, n_parties), rng.uniform(0.01, 0.3, n_parties)
    noise = rng.choice([0.1, 0.5, 2.0], n_parties)
    costs = tuple(_costs(graph, i, option[i]) for i in range(n_parties))
    return game_of(graph, flow, tempo=tempo, noise=noise, discount=discount, cost=costs), Dense(flow, tempo, noise, discount, option, rates)


def _costs(graph, party: int, option: np.ndarray) -> np.ndarray:
    """Prices beside the listed moves: looked up in the first block of each kind."""
    moves = graph.moves[party]
    cost = np.zeros(moves.target.size)
    for s in range(graph.n_states):
        block = moves.block_of[s]
        members = moves.members[moves.block[block] : moves.block[block + 1]]
        row = int(moves.first_row[moves.kind[block]]) + int(np.searchsorted(members, s))
        for e in range(int(moves.row[row]), int(moves.row[row + 1])):
            cost[e] = option[s, members[moves.target[e]]]
    return cost
