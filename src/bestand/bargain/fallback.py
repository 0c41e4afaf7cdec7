"""What each party falls back on without an agreement, as the size or rank that a deal must not fall below."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.model import Graph, Worth

GAP = 1e-9  # how far below its fallback still counts as not below: sums of weights differ in the last bits
States = int | str | Mapping[str, str] | Collection[int]
Fallback = States | Mapping[str, float] | Mapping[str, Collection[int]] | NDArray[np.float64]


def walk_away(graph: Graph, worth: Worth, fallback: Fallback = "now", *, draw: int = 0) -> NDArray[np.float64]:
    """Worth (cardinal) or rank (ordinal) of the fallback to each party: shape (n_parties,).

    fallback : a state (its number, its name, "now", or lever: setting); several states, of which the worst for a party
               counts, for it has that much for sure; party: value or party: states where the parties fall back on
               different things; or values as an array (n_parties,)

    Raises
    ------
    AskError
        `bargain/no-fallback`, `bargain/unknown-party`, `worth/ordinal`.
    GraphError
        `graph/unknown-state` and others, where the state is not in the graph.
    """
    if isinstance(fallback, np.ndarray) and np.issubdtype(fallback.dtype, np.floating):
        return values_of(dict(zip(graph.parties, fallback, strict=True)), graph.parties, worth.scale)
    level = levels(worth, draw)
    if isinstance(fallback, Mapping) and fallback and known_parties(fallback, graph.parties):
        if all(isinstance(each, int | float) for each in fallback.values()):
            return values_of(cast("Mapping[str, float]", fallback), graph.parties, worth.scale)
        each = cast("Mapping[str, Collection[int]]", fallback)
        missing = [party for party in graph.parties if party not in each]
        if missing:
            raise no_fallback(f"no fallback is given for '{missing[0]}'")
        return np.array([level[i, state_numbers(graph, each[party])].min() for i, party in enumerate(graph.parties)])
    found: NDArray[np.float64] = level[:, state_numbers(graph, cast("States", fallback))].min(axis=1)
    return found


def levels(worth: Worth, draw: int = 0) -> NDArray[np.float64]:
    """What states are compared by: worth where it has a size, else rank: shape (n_parties, n_states)."""
    return worth.rank[draw].astype(np.float64) if worth.value is None else worth.value[draw]


def known_parties(fallback: Mapping[str, object], parties: Sequence[str]) -> bool:
    """Whether a mapping is keyed by party (and not by lever)."""
    strange = [name for name in fallback if name not in parties]
    if not strange:
        return True
    if any(name in parties for name in fallback) or not all(isinstance(value, str) for value in fallback.values()):
        hint = did_you_mean(strange[0], parties)
        raise AskError(Problem("bargain/unknown-party", f"no party '{strange[0]}'", hint=hint))
    return False


def values_of(values: Mapping[str, float], parties: Sequence[str], scale: str) -> NDArray[np.float64]:
    """Walk-away values in the order of the parties: shape (n_parties,)."""
    if scale != "cardinal":
        what = "walk-away values are given, but the worth of states is ordinal"
        raise AskError(Problem("worth/ordinal", what, hint='give every want a `worth` and ask for worth(…, scale="cardinal")'))
    missing = [party for party in parties if party not in values]
    if missing:
        raise no_fallback(f"no walk-away value is given for '{missing[0]}'")
    return np.array([float(values[party]) for party in parties])


def state_numbers(graph: Graph, states: States) -> list[int]:
    """Numbers of the states that a party may fall back on."""
    if isinstance(states, int | np.integer):
        return [graph.state(int(states))]
    if isinstance(states, str):
        if states == "now" and graph.now is None:
            raise no_fallback("the present state is banned, so that nobody can fall back on it")
        return [graph.state(states)]
    if isinstance(states, Mapping):
        return [graph.state(states)]
    found = [graph.state(int(state)) for state in cast("Iterable[int]", states)]
    if not found:
        raise no_fallback("the set of states to fall back on is empty")
    return found


def no_fallback(what: str) -> AskError:
    """The error that says what is missing."""
    return AskError(Problem("bargain/no-fallback", what, hint="give fallback= a state, or a value for every party"))
