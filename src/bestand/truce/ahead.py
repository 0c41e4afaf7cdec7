"""What everyone does who looks ahead, to a horizon or for ever: the case's own numbers, with what attacks on its zones bring and cost."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict
from bestand.graph.game import Numbers
from bestand.graph.ready import ready
from bestand.play.horizon import Afterwards, Play, play_game
from bestand.stationary.equilibrium import Equilibrium, solve
from bestand.truce.survival import game_with_zones


def play(
    conflict: Conflict | Case,
    *,
    months: float,
    tempo: Numbers | None = None,
    noise: Numbers | None = None,
    discount: Numbers | None = None,
    move_cost: Mapping[str, float] | None = None,
    draw: int = 0,
    end: NDArray[np.float64] | None = None,
    afterwards: Afterwards = "nothing",
    sweeps: int | None = None,
    surplus: bool = True,
    threads: int | None = None,
    budget: Budget | None = None,
) -> Play:
    """Play of a conflict to a horizon, so many months ahead, zones included: `play_game` of `game_with_zones(conflict, …)`.

    >>> from bestand.case.read import read_text
    >>> from bestand.graph.conflict import conflict
    >>> case = read_text('''
    ... bestand: 1
    ... title: one party
    ... parties: {a: {name: A}}
    ... levers: {a.stops: {is: stops}}
    ... wants: {a: [{that: a.stops, worth: 1}]}
    ... ''')
    >>> looked = play(conflict(case), months=12, noise=0.1)
    >>> print(looked.next_choices("now")[1].chance > 0.9)
    True
    """
    made = game_with_zones(ready(conflict), tempo=tempo, noise=noise, discount=discount, move_cost=move_cost, draw=draw)
    return play_game(made, horizon=months, end=end, afterwards=afterwards, sweeps=sweeps, surplus=surplus, threads=threads, budget=budget)


def equilibrium(
    conflict: Conflict | Case,
    *,
    tempo: Numbers | None = None,
    noise: Numbers | None = None,
    discount: Numbers | None = None,
    move_cost: Mapping[str, float] | None = None,
    select: str = "status quo",
    tolerance: float = 1e-6,
    surplus: bool = True,
    draw: int = 0,
    budget: Budget | None = None,
) -> Equilibrium:
    """The stationary equilibrium of the game that a conflict and these numbers make, zones included; see `solve` and `game_with_zones`.

    Raises
    ------
    AskError
        As `solve` and `game_with_zones`.

    >>> from bestand import conflict, read_text
    >>> case = read_text("bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nlevers: {a.x: {is: x}}\\nwants: {a: [{that: a.x, worth: 1}]}\\n")
    >>> equilibrium(conflict(case), tempo=1.0, noise=0.0, discount=0.01).certificate.share < 1e-6
    True
    """
    played = game_with_zones(ready(conflict), tempo=tempo, noise=noise, discount=discount, move_cost=move_cost, draw=draw)
    return solve(played, select=select, tolerance=tolerance, surplus=surplus, budget=budget)
