"""Every pure stationary equilibrium of a game so small that all its pure policies can be tried."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from bestand.graph.game import Game
from bestand.stationary.components import Listing, listing

MOST_POLICIES = 4_096  # combinations of choices that are tried in a small component
_CHUNK = 512


def pure_equilibria(game: Game, listed: Listing | None = None) -> NDArray[np.float64] | None:
    """Values of all pure stationary equilibria: (n_found, n_parties, n_states); None where there are too many policies.

    In a pure policy each party has one choice in each state, a move or staying; it is an equilibrium where no choice of one
    party in one state would add to what that party has. Noise is left out of account.
    """
    listed = listed or listing(game)
    n, n_parties = game.graph.n_states, len(game.tempo)
    places = [(s, k) for s in range(n) for k in range(n_parties) if listed.first[k][s] < listed.first[k][s + 1] and game.tempo[k] > 0]
    counts = [int(listed.first[k][s + 1] - listed.first[k][s]) + 1 for s, k in places]
    if np.prod(np.array(counts, float)) > MOST_POLICIES:
        return None
    options = [_options(listed, s, k) for s, k in places]
    every = list(itertools.product(*(range(count) for count in counts)))
    policies = np.array(every, np.int64).reshape(len(every), len(places))
    chosen = [_kept(game, listed, places, options, policies[at : at + _CHUNK]) for at in range(0, len(policies), _CHUNK)]
    return np.concatenate(chosen)


def _options(listed: Listing, state: int, party: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Targets and costs of one party's choices in one state, staying first."""
    own = slice(int(listed.first[party][state]), int(listed.first[party][state + 1]))
    cost = listed.cost[party][own] if listed.cost[party].size else np.zeros(own.stop - own.start)
    return np.append(state, listed.target[party][own].astype(np.int64)), np.append(0.0, cost)


def _kept(
    game: Game,
    listed: Listing,
    places: list[tuple[int, int]],
    options: list[tuple[NDArray[np.int64], NDArray[np.float64]]],
    policies: NDArray[np.int64],
) -> NDArray[np.float64]:
    values = _values(game, listed, places, options, policies)
    slack = 1e-10 * np.abs(values).max(initial=0.0)
    holds = np.ones(len(policies), bool)
    for j, (_, k) in enumerate(places):
        target, cost = options[j]
        worth = values[:, k, target] - cost
        taken = np.take_along_axis(worth, policies[:, j : j + 1], axis=1)[:, 0]
        holds &= worth.max(axis=1) <= taken + slack
    return values[holds]


def _values(
    game: Game,
    listed: Listing,
    places: list[tuple[int, int]],
    options: list[tuple[NDArray[np.int64], NDArray[np.float64]]],
    policies: NDArray[np.int64],
) -> NDArray[np.float64]:
    """What every policy is worth: (n_policies, n_parties, n_states)."""
    n, n_parties = game.graph.n_states, len(game.tempo)
    rates, every = np.zeros((len(policies), n, n)), np.arange(len(policies))
    income = np.broadcast_to(game.flow, (len(policies), n_parties, n)).copy()
    for j, (s, k) in enumerate(places):
        target, cost = options[j]
        rates[:, s, s] += game.tempo[k]
        rates[every, s, target[policies[:, j]]] -= game.tempo[k]
        income[:, k, s] -= game.tempo[k] * cost[policies[:, j]]
    source = np.repeat(np.arange(n), np.diff(listed.chance_first))
    for s, t, rate in zip(source.tolist(), listed.chance_target.tolist(), listed.chance_rate.tolist(), strict=True):
        rates[:, s, s] += rate
        rates[:, s, t] -= rate
    out = np.empty_like(income)
    for i in range(n_parties):
        out[:, i] = np.linalg.solve(rates + game.discount[i] * np.eye(n), income[:, i, :, None])[..., 0]
    return out
