"""Legal sequences of moves of some parties: shortest first, and of equally short ones those that set the fewest levers in all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.case.concepts import Replies, Steps
from bestand.graph.conflict import Conflict
from bestand.negotiate.steps import efforts, own_levers, step_targets

A_MOVE = 1 << 15  # what a move of a way counts, a lever that it sets counting 1
Trail = tuple[tuple[int, int], ...]  # who moves (its number), and the state that the move leads to
_Node = tuple[int, tuple[int, ...]]  # a state, and who may not move next
_Layer = dict[_Node, tuple[int, Trail]]  # what is reached by so many moves: levers set, and the way


@dataclass(frozen=True, slots=True)
class Sequences:
    """What some parties can do one after the other.

    who     : numbers of the parties, in the order in which ties between them are broken
    steps   : which of their moves count
    reading : `legal`, nobody twice in a row; `once`, nobody twice; `single`, one move alone
    """

    conflict: Conflict
    who: Sequence[int]
    steps: Steps
    reading: Replies
    draw: int = 0

    def nearest(self, start: int) -> Iterator[tuple[int, Trail]]:
        """Every state that is reached from `start`, and the way to it; nearest first."""
        told: set[int] = set()
        for layer in self._layers(start):
            for (state, _), (_, trail) in sorted(layer.items(), key=_levers_set):
                if state not in told:
                    told.add(state)
                    yield state, trail

    def first(self, start: int, wanted: Callable[[int], bool]) -> Trail:
        """The way to the nearest state that is wanted; empty where there is none."""
        known: dict[int, bool] = {}
        for layer in self._layers(start):
            for (state, _), (_, trail) in sorted(layer.items(), key=_levers_set):
                if state not in known:
                    known[state] = wanted(state)
                if known[state]:
                    return trail
        return ()

    def _layers(self, start: int) -> Iterator[_Layer]:
        """What is reached by one move, by two and not by one, …; each is worked out when it is asked for."""
        graph = self.conflict.graph
        own = {party: own_levers(graph, party) for party in self.who}
        known: dict[tuple[int, ...], NDArray[np.int32]] = {}  # by who may not move: of each state the moves and levers that lead there, or 0
        layer: _Layer = {(start, ()): (0, ())}
        so_far = 0
        while layer:
            so_far += A_MOVE
            further: _Layer = {}
            for (state, barred), (n_set, trail) in layer.items():
                for party in self.who:
                    if party in barred:
                        continue
                    after = tuple(sorted((*barred, party))) if self.reading == "once" else (party,)
                    targets = step_targets(self.conflict, party, state, self.steps, draw=self.draw)
                    if self.reading == "once":  # as many are barred as have moved: nothing of an earlier layer comes again
                        nodes = [(there, after) for there in targets.tolist()]
                        before = np.array([so_far + further[node][0] if node in further else 0 for node in nodes], np.int32)
                    else:
                        if after not in known:
                            known[after] = np.zeros(graph.n_states, np.int32)  # what nothing leads to takes no memory
                        before = known[after][targets]
                    open_ = (before == 0) | (before > so_far)
                    if not open_.any():
                        continue
                    targets, before = targets[open_], before[open_]
                    levers = so_far + n_set + efforts(graph, own[party], state, targets)
                    nearer = (before == 0) | (levers < before)
                    targets, levers = targets[nearer], levers[nearer]
                    if self.reading != "once":
                        known[after][targets] = levers
                    for there, reached in zip(targets.tolist(), levers.tolist(), strict=True):
                        further[there, after] = reached % A_MOVE, (*trail, (party, there))
            yield further
            layer = further if self.reading != "single" else {}


def _levers_set(reached: tuple[_Node, tuple[int, Trail]]) -> int:
    return reached[1][0]
