"""The steps that a party may take from a state: any, those that do not lose, those that pay, and the best of those."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import mul

import numpy as np
from numpy.typing import NDArray

from bestand.case.concepts import Steps
from bestand.graph.conflict import Conflict
from bestand.graph.model import Graph


def steps_from(conflict: Conflict, party: int, state: int, which: Steps, *, draw: int = 0) -> list[int]:
    """States that one step of a party leads to, ascending.

    which : `none`, `any`; `weak`, the mover does not lose; `paying`, it gains; `best`, of those that gain the ones it
            ranks highest, and of these the ones that set the fewest levers (ties are kept)
    """
    listed: list[int] = step_targets(conflict, party, state, which, draw=draw).tolist()
    return listed


def step_targets(conflict: Conflict, party: int, state: int, which: Steps, *, draw: int = 0) -> NDArray[np.uint32]:
    """The same as an array."""
    if which == "none":
        return np.empty(0, np.uint32)
    targets = conflict.graph.moves[party].targets(state)
    if which == "any":
        return targets
    rank = conflict.worth.rank[draw, party]
    there = rank[targets]
    targets = targets[there >= rank[state] if which == "weak" else there > rank[state]]
    if which == "best" and targets.size:
        targets = targets[rank[targets] == rank[targets].max()]
        levers = efforts(conflict.graph, own_levers(conflict.graph, party), state, targets)
        targets = targets[levers == levers.min()]
    return targets


def own_levers(graph: Graph, party: int) -> list[tuple[int, int]]:
    """Of the levers of a party that vary: how far apart two neighbouring settings are among the codes of states, and how many it has."""
    strides = [1, *accumulate(map(len, graph.settings), mul)]
    return [(stride, len(settings)) for stride, owner, settings in zip(strides, graph.owner, graph.settings, strict=False) if owner == party]


def efforts(graph: Graph, own: Sequence[tuple[int, int]], state: int, targets: NDArray[np.uint32]) -> NDArray[np.int64]:
    """How many levers moves from a state set: (n_targets,); 1 each where states are listed.

    own : `own_levers` of the mover
    """
    if len(own) < 2:
        return np.ones(targets.size, np.int64)
    codes, here, n_set = graph.codes[targets], int(graph.codes[state]), np.zeros(targets.size, np.int64)
    for stride, n_settings in own:
        n_set += codes // stride % n_settings != here // stride % n_settings
    return n_set
