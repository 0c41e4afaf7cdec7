"""Events that follow almost at once, and the states that they leave: played apart, so that they do not shorten every step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bestand.graph.model import Chance

Floats = NDArray[np.float64]
FASTER = 2.5  # times all tempos together that an event must come in every draw to be played apart
WORTH_IT = 0.5  # share of the largest rate that may be left, or nothing is played apart


def fast_events(chances: Sequence[Chance], rate: Floats, others: Floats, n_states: int) -> NDArray[np.bool_]:
    """Which events are played apart: (n_chances,) bool.

    rate   : (n_draws, n_chances) per month
    others : (n_draws,) per month: all tempos of those who can move, and the largest discount

    An event is fast if in every draw it comes FASTER times as often as all else that `others` counts. None leads to a state
    that a fast event leaves, so that what a state is worth follows from states that stay. None is, where the largest rate of a
    state would not fall to WORTH_IT of what it is.

    >>> from bestand.graph.model import Chance
    >>> reset = Chance("reset", 30.0, np.array([1], np.uint32), np.array([0], np.uint32))
    >>> fast_events([reset], np.array([[30.0]]), np.array([3.0]), 2).tolist()
    [True]
    """
    fast = np.zeros(len(chances), np.bool_)
    if not len(chances):
        return fast
    leaves, enters = np.zeros(n_states, np.bool_), np.zeros(n_states, np.bool_)
    least = rate.min(axis=0)
    for c in np.argsort(-least, kind="stable"):
        if least[c] <= 0 or (rate[:, c] < FASTER * others).any():
            break
        source, target = chances[c].source, chances[c].target
        if source.size and not (leaves[target].any() or enters[source].any() or np.isin(source, target).any()):
            fast[c] = True
            leaves[source], enters[target] = True, True
    if not fast.any():
        return fast
    before, after = others + largest_leaving(chances, rate, n_states), others + largest_leaving(chances, rate * ~fast, n_states)
    return fast if float(after.max()) <= WORTH_IT * float(before.max()) else np.zeros_like(fast)


def rates_of_steps(chances: Sequence[Chance], rate: Floats, others: Floats, n_states: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The rate that no state exceeds in every draw, (n_draws,) per month, and which events are not counted in it: those played apart."""
    fast = fast_events(chances, rate, others, n_states)
    return others + largest_leaving(chances, rate * ~fast, n_states), fast


def largest_leaving(chances: Sequence[Chance], rate: Floats, n_states: int) -> Floats:
    """The largest rate at which events leave a state, in every draw: (n_draws,) per month."""
    if not len(chances) or not n_states:
        return np.zeros(len(rate))
    ways = np.stack([np.bincount(event.source, minlength=n_states) for event in chances])
    if ways.max() > 1:  # an event that leads from a state to several
        kinds = np.arange(n_states)
    else:
        packed = np.ascontiguousarray(np.packbits(ways > 0, axis=0).T)
        kinds = np.unique(packed.view(f"V{packed.shape[1]}"), return_index=True)[1]
    largest: Floats = (rate @ ways[:, kinds]).max(axis=1)
    return largest
