"""A game as the compiled code takes it, checked; of more parties than it plays at once, those that cannot move take turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from bestand.kernel_checks import MOST_RATE, array, ascending, draws, events, every_party, number, refuse, whole

MOST_PLAYERS = 32  # that can move, in one game; those that cannot are not counted
MOST_MONTHS = 1e7  # months of a horizon
_Floats = NDArray[np.float64]


class PlayedGame(TypedDict):
    """A game without its worths, checked; every array with a leading axis of draws, or of 1."""

    moves: list[Any]
    chances: list[Any]
    tempo: _Floats
    noise: _Floats
    discount: _Floats
    chance: _Floats
    cost: list[_Floats]


def checked_game(
    check: Callable[..., None], moves: object, chances: object, tempo: object, noise: object, discount: object, chance: object,
    cost: Sequence[object], n_draws: int,
) -> PlayedGame:
    """The numbers of a game as the compiled code takes them, checked."""
    parties, n = every_party(moves, check)
    players(parties)
    checked_events = events(chances, n)
    named = ("tempo", tempo), ("noise", noise), ("discount", discount)
    tempos, noises, discounts = (draws(name, each, n_draws, (len(parties),), least=0) for name, each in named)
    if len(cost) != len(parties):
        raise refuse("kernel/wrong-shape", f"`cost` must be given for {len(parties)} parties, not {len(cost)}")
    costs = [draws(f"cost[{i}]", cost[i], n_draws, (own.target.size,), least=-MOST_RATE) for i, own in enumerate(parties)]
    rates = draws("chance", chance, n_draws, (len(checked_events),), least=0)
    return {
        "moves": parties, "chances": checked_events, "tempo": tempos, "noise": noises, "discount": discounts, "chance": rates, "cost": costs,
    }  # fmt: skip


def draws_of(n_draws: int, *given: Any) -> int:
    """The number of draws, no more than the longest of the arrays has."""
    leading = [np.shape(each)[:1] for each in given]
    return whole("n_draws", n_draws, 1, max((size[0] for size in leading if size), default=1))


def fast_marks(fast: object, n_events: int) -> NDArray[np.bool_]:
    """Which events are played apart; none where nothing is given."""
    return np.zeros(n_events, np.bool_) if fast is None else array("fast", fast, np.bool_, (n_events,))


def states_of(game: PlayedGame) -> int:
    """Number of states of a game."""
    return int(game["moves"][0].members.size)


def checked_steps(tempo: _Floats, discount: _Floats, horizon: float, n_slices: int, steps_each: int) -> tuple[float, int, int]:
    """Horizon and steps; no longer than a sweep may be for it to be a mean of values."""
    horizon = number("horizon", horizon, np.finfo(float).tiny, MOST_MONTHS)
    n_slices, steps_each = whole("n_slices", n_slices, 1, 1 << 24), whole("steps_each", steps_each, 1, 1 << 28)
    rate = float(tempo.sum(axis=1).max() + discount.max())
    if rate * horizon > 2.000001 * n_slices * steps_each:
        raise refuse("kernel/out-of-range", f"{n_slices} slices of {steps_each} steps are too few for {horizon:g} months at {rate:g} a month")
    return horizon, n_slices, steps_each


def checked_survival(n: int, months: object, start: object, holds: object, cut: object) -> tuple[_Floats, _Floats, NDArray[np.bool_], float]:
    """Months, where it starts, where it holds, and the chance that may be lost."""
    moments = ascending("months", months, least=0, most=MOST_MONTHS)
    mass = array("start", start, np.float64, (n,), within=(0, 1 + 1e-6))
    return moments, mass, array("holds", holds, np.bool_, (n,)), number("cut", cut, 1e-300, 0.5)


def players(parties: Sequence[Any]) -> list[list[int]]:
    """Places of the parties that are played at once: all that can move, in every group, and each other party in one of them.

    What a party that cannot move is worth changes nobody's choices, so that its values are the same in any group.
    """
    movers = [i for i, own in enumerate(parties) if own.target.size]
    others = [i for i, own in enumerate(parties) if not own.target.size]
    room = MOST_PLAYERS - len(movers)
    if len(parties) <= MOST_PLAYERS:
        return [list(range(len(parties)))]
    if room < 0 or (others and not room):
        raise refuse("kernel/out-of-range", f"{len(movers)} parties that can move are more than the {MOST_PLAYERS - bool(others)} that are played")
    return [movers + others[k : k + room] for k in range(0, len(others), room)]


def some(game: PlayedGame, group: Sequence[int]) -> PlayedGame:
    """The game of some of its parties, in the order given."""
    if len(group) == len(game["moves"]):
        return game
    tempo, noise, discount = (np.ascontiguousarray(each[:, group]) for each in (game["tempo"], game["noise"], game["discount"]))
    return {
        "moves": [game["moves"][i] for i in group], "chances": game["chances"], "tempo": tempo, "noise": noise, "discount": discount,
        "chance": game["chance"], "cost": [game["cost"][i] for i in group],
    }  # fmt: skip


def of_group(values: _Floats, group: Sequence[int]) -> _Floats:
    """Values, with parties on the second axis, of some of them."""
    return values if len(group) == values.shape[1] else np.ascontiguousarray(values[:, group])
