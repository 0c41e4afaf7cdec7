"""The chain of choices that are made now, made for ever: where a conflict stands after some time, and what it may come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bestand.graph.conflict import Conflict
from bestand.graph.game import Game
from bestand.play.choices import MoveRates, move_rates
from bestand.show import Fixed

Floats = NDArray[np.float64]
CUT = 1e-12  # probability that is left out where a Poisson sum is cut; the rest is scaled up to 1
LOSS = 2e-4  # probability that may be lost where only the states that are come near are looked at
FEW_STATES = 2_000  # up to which all are looked at
SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)  # of a time, at which is looked where the conflict is


@dataclass(frozen=True, slots=True, eq=False)
class Chain(Fixed):
    """Who does what at which rate in every state, at all times alike.

    choices : every move and event with its rate per month
    leaves  : (n_states,) float64, rate per month at which each state is left
    into    : (n_states, n_states) csr_array of scipy, [target, source], rate per month
    """

    choices: MoveRates
    leaves: Floats
    into: Any

    @property
    def fastest(self) -> float:
        """The largest rate per month at which any state is left."""
        return float(self.leaves.max(initial=0.0))


def chain(game: Game, values: Floats) -> Chain:
    """The chain of the choices that follow from values: shape of values (n_parties, n_states).

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> from bestand.graph.game import game
    >>> from bestand.play.horizon import play_game
    >>> valley = conflict(read("example/en"))
    >>> played = play_game(game(valley), horizon=6)
    >>> start = np.eye(valley.graph.n_states)[:, [valley.now]]
    >>> float(after(chain(played.game, played.values), start, 3.0).sum().round(9))
    1.0
    """
    from scipy.sparse import csr_array  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to import)

    made = move_rates(game, values)
    n, source = game.graph.n_states, made.source
    moves = made.target != source
    into = csr_array((made.rate[moves], (made.target[moves], source[moves])), shape=(n, n))
    return Chain(made, np.bincount(source[moves], made.rate[moves], minlength=n).astype(np.float64), into)


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """The part of a chain that is come near from a start: what leaves it is lost.

    states : (n_near,) int64, ascending
    chain  : between these states; its `choices` are those of all
    start  : (n_near,) float64, chance of beginning in each
    """

    states: NDArray[np.int64]
    chain: Chain
    start: Floats

    def begun(self, n_columns: int = 1) -> Floats:
        """All of the chance at the start: (n_near, n_columns)."""
        return np.repeat(self.start[:, None], n_columns, axis=1)


def today_mass(conflict: Conflict) -> Floats:
    """Chance of each state of being the present one, all of it in `now` where that is known: (n_states,)."""
    mass = np.zeros(conflict.graph.n_states)
    for state, chance in conflict.presents:
        mass[state] += chance
    return mass


def near(chain: Chain, start: Floats, months: float) -> Near:
    """The states that are come near from a start within some months: at most LOSS of the chance is elsewhere in the meantime.

    start : (n_states,) float64, chance of beginning in each; sums to 1

    In large conflicts a few hundred of many thousand states bear nearly all of it.
    """
    n = chain.leaves.size
    seen = np.ones(n)
    if n > FEW_STATES:
        mass, at, seen = start[:, None], 0.0, np.zeros(n)
        for share in SHARES:
            mass, at = after(chain, mass, share * months - at), share * months
            seen = np.maximum(seen, mass[:, 0])
        seen[start > 0] = 1.0
    for least in (1e-7, 1e-8, 1e-9, -1.0):
        states = np.flatnonzero(seen > least)
        part = Chain(chain.choices, chain.leaves[states], chain.into if states.size == n else chain.into[states][:, states])
        nearby = Near(states, part, start[states])
        if states.size == n or 1.0 - float(after(part, nearby.begun(), months).sum()) <= LOSS:
            break
    return nearby


def after(chain: Chain, mass: Floats, months: float, *, within: NDArray[np.bool_] | None = None) -> Floats:
    """Distributions after so many months: shape (n_states, n_columns), as `mass`.

    within : (n_states, n_columns) bool, states that a column may not leave: what enters another state is lost from it

    Uniformisation (Jensen 1953): a Poisson number of steps of the chain made uniform at its fastest rate.
    """
    return _summed(chain, mass, months, within, backwards=False)


def ahead(chain: Chain, worth: Floats, months: float, *, within: NDArray[np.bool_] | None = None) -> Floats:
    """Mean of a worth so many months ahead, from every state: shape (n_states, n_columns), as `worth`.

    within : (n_states, n_columns) bool; courses that leave it before count 0
    """
    return _summed(chain, worth, months, within, backwards=True)


def _summed(chain: Chain, start: Floats, months: float, within: NDArray[np.bool_] | None, *, backwards: bool) -> Floats:
    fastest = chain.fastest
    here = start if within is None else start * within
    if fastest * months <= 0:
        return here.copy()
    matrix = (chain.into.T.tocsr() if backwards else chain.into) / fastest
    stay = (1 - chain.leaves / fastest)[:, None]
    weights = poisson(fastest * months)
    total = weights[0] * here
    for weight in weights[1:]:
        here = matrix @ here + stay * here
        if within is not None:
            here = here * within
        total += weight * here
    return total


def poisson(mean: float) -> Floats:
    """Chances of 0, 1, 2 … jumps, cut where less than CUT is left, and scaled to sum to 1.

    >>> poisson(2.0)[:3].round(3)
    array([0.135, 0.271, 0.271])
    """
    most = int(mean + 8 * np.sqrt(mean) + 24)
    number = np.arange(most + 1)
    log = number * np.log(mean) - mean - np.concatenate(([0.0], np.cumsum(np.log(number[1:]))))
    chance = np.exp(log)
    last = int(np.searchsorted(np.cumsum(chance), chance.sum() - CUT)) + 1
    kept: Floats = chance[:last]
    return kept / kept.sum()
