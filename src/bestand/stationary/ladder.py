"""The ladder that a component of a game is tried on, rung by rung, until one bears it; what bore each is written down."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.errors import AskError, Problem
from bestand.graph.game import Game, game_arrays
from bestand.kernel_games import MOST_MONTHS
from bestand.stationary.components import Listing
from bestand.stationary.homotopy import LEAST_NOISE, MOST_DENSE, branch, correct, descent, krylov
from bestand.stationary.logit import System, system

Floats = NDArray[np.float64]
RUNGS = (
    "none",
    "one state, all its equilibria",
    "policy iteration",
    "states in turn, weights made exact",
    "logit path, weights made exact",
    "logit path",
    "all pure policies",
    "logit path round its turns",
    "Newton-Krylov, noise reduced",
    "play to its end, weights made exact",
)
_LOGIT, _TURNS, _KRYLOV, _PLAYED = 5, 7, 8, 9
LONGEST = 32_000  # sweeps of play, after which it is not waited for any longer that choices settle
SETTLED = 1e-3  # of the smallest noise: differences between states that change by less over half the horizon have settled
MOST_BYTES = 1 << 32  # of the equations of one component
MOST_UNKNOWNS = 520  # values in a component, above which its linear algebra is done in larger blocks, in numpy and scipy


@dataclass(frozen=True, slots=True)
class Climb:
    """What has been found so far: values (n_states, n_parties), chances beside the listed moves, a rung per component.

    select : 0 status quo, 1 most movers, 2 best and 3 worst for party `focus`, 4 the logit branch
    wanted : (n_parties,) the gain that may be left
    n_equilibria : (n_components,) equilibria that were found there and chosen from; 2^31 more where the search was cut short
    """

    game: Game
    listed: Listing
    select: int
    focus: int
    surplus: bool
    wanted: Floats
    value: Floats
    chance: tuple[Floats, ...]
    rung: NDArray[np.uint8]
    n_equilibria: NDArray[np.uint32]
    flow: Floats = field(repr=False)
    more: Callable[[], bool] = field(repr=False)

    def run(self, start: int, *, given: bool = False) -> int:
        """Settles components from `start` on; the first that resists, or their number."""
        exact = not self.game.noise.any()
        most = 0 if self.select == 4 else MOST_UNKNOWNS if exact else 100
        game, listed = self.game, self.listed
        return kernels.settle_components(
            listed.first, listed.target, cost=listed.cost, chance=self.chance, flow=self.flow, tempo=game.tempo, noise=game.noise,
            discount=game.discount, chance_first=listed.chance_first, chance_target=listed.chance_target, chance_rate=listed.chance_rate,
            order=listed.order, begins=listed.begins, value=self.value, rung=self.rung, n_equilibria=self.n_equilibria,
            start=start, most_unknowns=most, select=0 if self.select == 4 else self.select, focus=self.focus, surplus=self.surplus, given=given,
        )  # fmt: skip


def climb(
    game: Game, listed: Listing, *, select: int, focus: int, surplus: bool, wanted: Floats, more: Callable[[], bool]
) -> tuple[Climb, Floats | None]:
    """Every component in turn; with what was found comes None, or the gains (n_parties,) left where the ladder ended.

    more : whether there is time left; asked before every step that may take long
    """
    n, n_parties = game.graph.n_states, len(game.tempo)
    state = Climb(
        game=game, listed=listed, select=select, focus=focus, surplus=surplus, wanted=wanted, value=np.zeros((n, n_parties)),
        chance=tuple(np.zeros(target.size) for target in listed.target), rung=np.zeros(listed.n_components, np.uint8),
        n_equilibria=np.zeros(listed.n_components, np.uint32), flow=np.ascontiguousarray(game.flow.T), more=more,
    )  # fmt: skip
    at = 0
    while (at := state.run(at)) < listed.n_components:
        left = _resist(state, at)
        if left is not None:
            return state, left
        at += 1
    return state, None


def _resist(state: Climb, component: int) -> Floats | None:
    """Settles one component by the upper rungs; None, or the gains left."""
    members = state.listed.members(component)
    _refuse_large(state, members)
    exact = not state.game.noise.any()
    unknown = system(state.game, state.listed, members, state.value, surplus=state.surplus or exact)
    large = members.size * len(state.game.tempo) > MOST_DENSE
    state.n_equilibria[component] = 1
    if not unknown.first.size:
        state.value[members] = unknown.values(np.zeros(0))
        state.rung[component] = _LOGIT
        return None
    return _exactly(state, component, unknown, large) if exact else _noisily(state, component, unknown, large)


def _refuse_large(state: Climb, members: NDArray[np.uint32]) -> None:
    """Ends before the equations of one component are written out where they do not fit; each move stands in them several times."""
    moved, n_parties = members.astype(np.int64), len(state.game.tempo)
    n_moves = sum(int((first[moved + 1] - first[moved]).sum()) + moved.size for first in state.listed.first)
    n_bytes = n_moves * (152 + 16 * n_parties)
    if n_bytes > MOST_BYTES:
        what = f"{members.size:,} states lead to each other, and their {n_moves:,} moves would take about {n_bytes / 1e9:.0f} GB to solve together"
        raise AskError(Problem("stationary/too-many-moves", what, hint="take a view that varies fewer levers, or play to a horizon"))


def _points(unknown: System, last: float, large: bool, more: Callable[[], bool]) -> Iterator[tuple[int, Floats, float]]:
    """Points of logit equilibria (rung, values, noise), towards noise `last`: quickly, and then round the turns."""
    if large:
        for point in descent(unknown, last, solve=krylov(unknown, more)):
            yield _KRYLOV, *point
        return
    points = []
    for point in descent(unknown, last):
        points.append(point)
        yield _LOGIT, *point
        if not more():
            return
    if not points or points[-1][1] <= last * (1 + 1e-9):
        return
    for start, way in ((points[-1], -1.0), (points[-1], 1.0), (points[0], -1.0)):
        for point in branch(unknown, last, start, way=way):
            yield _TURNS, *point
            if point[1] <= last * (1 + 1e-9) or not more():
                return


def _noisily(state: Climb, component: int, unknown: System, large: bool) -> Floats | None:
    last = max(float(state.game.noise.min()), LEAST_NOISE * unknown.spread(unknown.income / unknown.own))
    least = np.full(len(state.game.tempo), np.inf)
    if large and state.select != 4 and last <= float(state.game.noise.min()):
        v = _from_play(state, component, unknown, last)
        if v is not None:
            p, _ = unknown.chances(unknown.worth(v), last)
            _write(state, component, unknown, v, p, _PLAYED)
            return None
    for rung, v, noise in _points(unknown, last, large, state.more):
        worth = unknown.worth(v)
        p, _ = unknown.chances(worth, noise)
        if noise <= last * (1 + 1e-9):
            _write(state, component, unknown, v, p, rung)
            return None
        least = np.minimum(least, _left(unknown, worth, p))
    return least


def _from_play(state: Climb, component: int, unknown: System, last: float) -> Floats | None:
    """Values of a component from play to a horizon so far away that choices have settled, made exact; None where they do not.

    Seconds where the path from endless noise takes minutes; what it comes to is an equilibrium as any other, by its
    certificate, and where there are several perhaps another one than at the end of that path.
    """
    game = state.game
    end, sweeps = np.zeros(game.flow.shape), 0
    rate = float(game.tempo.sum() + game.discount.max() + game.rate.sum())
    months = 30.0 / max(float(game.tempo[game.tempo > 0].min(initial=np.inf)), 1e-12)
    while sweeps < LONGEST and months <= MOST_MONTHS and state.more():
        steps = max(2, int(np.ceil(rate * months / 4)))
        slices = kernels.play_back(
            **game_arrays(game).named(), end=end[None], horizon=months, n_slices=2, steps_each=steps, surplus=state.surplus,
            threads=os.cpu_count() or 1,
        )  # fmt: skip
        apart = (slices[0] - slices[1]) - (slices[0] - slices[1])[:, :1]
        if float((np.abs(apart).max(axis=1) / np.maximum(game.noise, 1e-300)).max()) < SETTLED:
            v = np.ascontiguousarray(slices[0].T)[state.listed.members(component)]
            return correct(unknown, v, last, most=10, solve=krylov(unknown, state.more))
        end, sweeps, months = np.ascontiguousarray(slices[0]), sweeps + 8 * steps, 2 * months
    return None


def _exactly(state: Climb, component: int, unknown: System, large: bool) -> Floats | None:
    spread = unknown.spread(unknown.income / unknown.own)
    best: tuple[float, Floats] | None = None
    next_try = tried = 0.2 * spread
    for rung, v, noise in _points(unknown, LEAST_NOISE * spread, large, state.more):
        worth = unknown.worth(v)
        p, _ = unknown.chances(worth, noise)
        share = float((_left(unknown, worth, p) / state.wanted).max())
        if best is None or share < best[0]:
            best = share, p
        next_try = tried if noise > 3 * next_try else next_try  # the path has begun anew
        if not large and noise <= next_try:
            next_try = noise / 3
            _write(state, component, unknown, v, p, 0)
            if state.run(component, given=True) > component:
                return None
        if share <= 1 and (_taken(state, component, unknown, p, rung) <= 0.9 * state.wanted).all():
            return None
    state.rung[component] = 0
    if best is None:
        return np.full(len(state.game.tempo), np.inf)
    return _taken(state, component, unknown, best[1], 0)


def _taken(state: Climb, component: int, unknown: System, p: Floats, rung: int) -> Floats:
    """Writes chances with a little noise left in them and what they are worth; the gains (n_parties,) that they leave."""
    v = unknown.values(p)
    _write(state, component, unknown, v, p, rung)
    return _left(unknown, unknown.worth(v), p)


def _left(unknown: System, worth: Floats, p: Floats) -> Floats:
    """Largest gain of each party from another choice, once: (n_parties,)."""
    out = np.zeros(unknown.shape[1])
    np.maximum.at(out, unknown.mover[unknown.first], unknown.gain(worth, p))
    return out


def _write(state: Climb, component: int, unknown: System, v: Floats, p: Floats, rung: int) -> None:
    state.value[state.listed.members(component)] = v
    moves = unknown.slot >= 0
    for k, chance in enumerate(state.chance):
        mine = moves & (unknown.mover == k)
        chance[unknown.slot[mine]] = p[mine]
    state.rung[component] = rung
