"""The steps that a party may take from a state: any, those that do not lose, those that pay, and the best of those."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bestand.graph.conflict import Conflict
from bestand.graph.model import Graph
from bestand.negotiate.concepts import Steps


def steps_from(conflict: Conflict, party: int, state: int, which: Steps, *, draw: int = 0) -> list[int]:
    """States that one step of a party leads to, ascending.

    which : `none`, `any`; `weak`, the mover does not lose; `paying`, it gains; `best`, of those that gain the ones it
            ranks highest, and of these the ones that set the fewest levers
    """
    if which == "none":
        return []
    targets: list[int] = conflict.graph.moves[party].targets(state).tolist()
    if which == "any":
        return targets
    rank = conflict.worth.rank[draw, party]
    here = int(rank[state])
    if which == "weak":
        return [t for t in targets if int(rank[t]) >= here]
    paying = [t for t in targets if int(rank[t]) > here]
    return best_of(conflict.graph, rank, state, paying) if which == "best" else paying


def best_of(graph: Graph, rank: NDArray[np.uint32], state: int, paying: list[int]) -> list[int]:
    """Of paying moves those to what is ranked highest, and of these those that set the fewest levers; ties are kept."""
    highest = max((int(rank[t]) for t in paying), default=0)
    top = [t for t in paying if int(rank[t]) == highest]
    effort = [len(graph.changes(state, t)) for t in top]
    return [t for t, levers in zip(top, effort, strict=True) if levers == min(effort)]
