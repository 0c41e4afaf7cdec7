"""What each party falls back on without an agreement, as the size or rank that a deal must not fall below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.model import Worth
from bestand.graph.naming import Which, member_number

GAP = 1e-9  # of the largest worth: so little below its fallback still counts as not below, for sums differ in their last bits
_NUMBER = (int, float, np.integer, np.floating)
States = Which | Sequence[Which] | NDArray[np.bool_]
Fallback = States | Mapping[str, float] | Mapping[str, States] | NDArray[np.float64]


def walk_away(conflict: Conflict, *, fallback: Fallback = "now", draw: int = 0) -> NDArray[np.float64]:
    """Worth (cardinal) or rank (ordinal) of the fallback to each party: shape (n_parties,).

    fallback : a state (its number, its name, "now", or lever: setting); several states, of which the worst for a party
               counts, for it has that much for sure; party: value or party: states where the parties fall back on
               different things; or values as an array (n_parties,)

    Raises
    ------
    AskError
        `bargain/no-fallback`, `bargain/bad-number`, `bargain/unknown-draw`, `worth/ordinal`.
    GraphError
        `graph/unknown-party`, `graph/unknown-state` and others, where the state is not in the graph.
    """
    draw = checked_draw(conflict, draw)
    return _walk_aways(conflict, fallback, range(draw, draw + 1))[0]


def walk_aways(conflict: Conflict, *, fallback: Fallback = "now") -> NDArray[np.float64]:
    """The same in every draw: shape (n_draws, n_parties).

    Raises
    ------
    AskError, GraphError
        Those of `walk_away`.
    """
    return _walk_aways(conflict, fallback, range(conflict.draws))


def _walk_aways(conflict: Conflict, fallback: Fallback, draws: range) -> NDArray[np.float64]:
    """The same in some draws that follow each other."""
    parties, worth = conflict.parties, conflict.worth
    level = sizes_of_draws(worth)[draws.start : draws.stop]
    values = values_given(fallback, parties)
    if values is not None:
        return np.tile(values_of(values, parties, worth.scale), (len(draws), 1))
    each = states_given(fallback, parties)
    if each is not None:
        worst = [level[:, i, _numbers(conflict, each[party])].min(axis=1) for i, party in enumerate(parties)]
        return np.stack(worst, axis=1).astype(np.float64)
    if fallback is None or (isinstance(fallback, str) and fallback == "now"):
        return np.array([level[k, :, conflict.today(draw)] for k, draw in enumerate(draws)], np.float64)
    return np.asarray(level[:, :, _numbers(conflict, cast("States", fallback))].min(axis=2), np.float64)


def sizes(worth: Worth, draw: int = 0) -> NDArray[np.float64] | NDArray[np.uint32]:
    """What states are compared by: worth where it has a size, else rank: shape (n_parties, n_states)."""
    return sizes_of_draws(worth)[draw]


def sizes_of_draws(worth: Worth) -> NDArray[np.float64] | NDArray[np.uint32]:
    """The same of every draw: shape (n_draws, n_parties, n_states)."""
    return worth.rank if worth.value is None else worth.value


def levels(worth: Worth, draw: int = 0) -> NDArray[np.float64]:
    """The same, so that differences may be taken."""
    return sizes(worth, draw).astype(np.float64, copy=False)


def largest_of_draws(worth: Worth) -> NDArray[np.float64]:
    """The largest worth or rank that each party has in every draw, whatever its sign: shape (n_draws, n_parties)."""
    each = worth.rank if worth.value is None else np.abs(worth.value)
    return np.asarray(each.max(axis=2, initial=0), np.float64)


def units(level: NDArray[np.float64], away: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """What is large to each party: its largest worth, or where all is worth 0 its fallback: shape (n_parties,), above 0.

    Whatever is compared is compared in parts of it, so that no answer hangs on the unit in which worth is stated.

    >>> units(np.array([[1.0, -4.0], [0.0, 0.0]]))
    array([4., 1.])
    """
    return above_0(np.abs(level).max(axis=1, initial=0.0), away)


def above_0(largest: NDArray[np.float64], away: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Such units, of the largest worth of each party: shape (n_parties,)."""
    if away is not None:
        largest = np.where(largest > 0, largest, np.where(np.isfinite(away), np.abs(away), 0.0))
    return np.where(largest > 0, largest, 1.0)


def values_given(fallback: Fallback, parties: Sequence[str]) -> Mapping[str, float] | None:
    """Walk-away values by party, where that is what a fallback gives; else None."""
    if isinstance(fallback, np.ndarray) and np.issubdtype(fallback.dtype, np.floating):
        if fallback.shape != (len(parties),):
            what = f"walk-away values have shape {fallback.shape}, and there are {len(parties)} parties"
            raise AskError(Problem("bargain/bad-number", what, hint="give one value per party"))
        return dict(zip(parties, map(float, fallback), strict=True))
    each = _by_party(fallback, parties)
    numbers = {party: float(value) for party, value in each.items() if isinstance(value, _NUMBER) and not isinstance(value, bool)}
    return numbers if numbers and len(numbers) == len(each) else None


def states_given(fallback: Fallback, parties: Sequence[str]) -> Mapping[str, States] | None:
    """States to fall back on by party, where that is what a fallback gives; else None."""
    each = _by_party(fallback, parties)
    missing = [party for party in parties if party not in each]
    if each and missing:
        raise no_fallback(f"no fallback is given for '{missing[0]}'")
    return cast("Mapping[str, States]", each) or None


def _by_party(fallback: object, parties: Sequence[str]) -> Mapping[str, object]:
    """A fallback that is keyed by party (and not by lever); empty where it is not."""
    if not isinstance(fallback, Mapping):
        return {}
    strange = [name for name in fallback if name not in parties]
    if strange and all(isinstance(value, str) for value in fallback.values()) and len(strange) == len(fallback):
        return {}
    for name in strange:
        member_number(parties, name)
    return fallback


def values_of(values: Mapping[str, float], parties: Sequence[str], scale: str) -> NDArray[np.float64]:
    """Walk-away values in the order of the parties: shape (n_parties,)."""
    if scale != "cardinal":
        what = "walk-away values are given, but the worth of states is ordinal"
        raise AskError(Problem("worth/ordinal", what, hint='give every want a `worth` and ask for conflict(…, scale="cardinal")'))
    missing = [party for party in parties if party not in values]
    if missing:
        raise no_fallback(f"no walk-away value is given for '{missing[0]}'")
    each = np.array([float(values[party]) for party in parties])
    if not np.isfinite(each).all():
        what = f"the walk-away value of '{parties[int(np.flatnonzero(~np.isfinite(each))[0])]}' is not a number"
        raise AskError(Problem("bargain/bad-number", what, hint="give a worth per month"))
    return each


def _numbers(conflict: Conflict, states: States) -> NDArray[np.int64]:
    numbers = conflict.states(states)
    if not numbers.size:
        raise no_fallback("the set of states to fall back on is empty")
    return numbers


def no_fallback(what: str) -> AskError:
    """The error that says what is missing."""
    return AskError(Problem("bargain/no-fallback", what, hint="give fallback= a state, or a value for every party"))


def checked_draw(conflict: Conflict, draw: int) -> int:
    """The number of one of the draws of a conflict."""
    if isinstance(draw, bool) or not isinstance(draw, int | np.integer) or not 0 <= draw < conflict.draws:
        what = f"there is no draw {draw}"
        raise AskError(Problem("bargain/unknown-draw", what, hint=f"draws run from 0 to {conflict.draws - 1}; 0 is the case as it stands"))
    return int(draw)
