"""Parties that do not discount: they have a value only where nothing that lasts is worth anything to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem
from bestand.graph.game import Game
from bestand.stationary.components import listing

LEAST = 1e-9  # of the smallest rate: a discount so small that what passes is worth what it is worth without


def bounded(game: Game, *, surplus: bool) -> Game:
    """The game with a vanishing discount in place of none, where a party without one has a value whatever anyone does.

    Raises
    ------
    AskError
        `stationary/no-value` where some state that can last is worth something to such a party, or the noise of its
        choices there counts.
    """
    without = np.flatnonzero(game.discount == 0)
    if not without.size:
        return game
    lasts = lasting(game)
    for k in without:
        _refuse(game, int(k), lasts, surplus=surplus)
    rates = np.concatenate([game.tempo, game.rate])
    least = LEAST * float(rates[rates > 0].min(initial=1.0))
    return replace(game, discount=np.where(game.discount == 0, least, game.discount))


def lasting(game: Game) -> NDArray[np.bool_]:
    """States that the game may stay in, or come back to, for ever: (n_states,).

    All but those of groups that can be left for good and in whose every state an event does so.
    """
    listed = listing(game)
    group = np.empty(game.graph.n_states, np.int64)
    for c in range(listed.n_components):
        group[listed.members(c)] = c
    source = np.repeat(np.arange(game.graph.n_states), np.diff(listed.chance_first))
    pushed = np.zeros(game.graph.n_states, np.bool_)
    pushed[source[group[source] != group[listed.chance_target]]] = True
    kept = np.zeros(listed.n_components, np.bool_)
    kept[group[~pushed]] = True
    return kept[group]


def _refuse(game: Game, party: int, lasts: NDArray[np.bool_], *, surplus: bool) -> None:
    name = game.graph.parties[party]
    worth = np.flatnonzero(lasts & (game.flow[party] != 0))
    if worth.size:
        state = int(worth[0])
        what = f"'{name}' does not discount, and '{game.graph.label(state)}' can last for ever: its worth has no bound"
    elif game.noise[party] > 0 and game.tempo[party] > 0 and game.graph.moves[party].any and (surplus or game.cost[party].any()):
        what = f"'{name}' does not discount, and chooses with noise for ever: what that is worth has no bound"
    else:
        return
    raise AskError(Problem("stationary/no-value", what, hint="give every party a discount above 0; or play to a horizon, which needs none"))
