"""The steps that a party may take from a state: any, those that do not lose, those that pay, and the best of those."""

from __future__ import annotations

import numpy as np

from bestand.case.concepts import Steps
from bestand.graph.conflict import Conflict
from bestand.graph.model import Graph


def steps_from(conflict: Conflict, party: int, state: int, which: Steps, *, draw: int = 0) -> list[int]:
    """States that one step of a party leads to, ascending.

    which : `none`, `any`; `weak`, the mover does not lose; `paying`, it gains; `best`, of those that gain the ones it
            ranks highest, and of these the ones that set the fewest levers
    """
    if which == "none":
        return []
    targets = conflict.graph.moves[party].targets(state)
    if which != "any":
        rank = conflict.worth.rank[draw, party]
        there = rank[targets]
        targets = targets[there >= rank[state] if which == "weak" else there > rank[state]]
        if which == "best" and targets.size:
            return best_of(conflict.graph, state, targets[rank[targets] == rank[targets].max()].tolist())
    listed: list[int] = targets.tolist()
    return listed


def best_of(graph: Graph, state: int, top: list[int]) -> list[int]:
    """Of the moves to what the mover ranks highest those that set the fewest levers; ties are kept."""
    if len(top) == 1:
        return top
    code, here, effort = graph.codes[top], int(graph.codes[state]), np.zeros(len(top), np.int64)
    for settings in graph.settings:
        effort += code % len(settings) != here % len(settings)
        code, here = code // len(settings), here // len(settings)
    return [top[k] for k in np.flatnonzero(effort == effort.min())]
