"""Whether a lever can change what anybody else does: without such a channel the model says nothing of the lever's effect.

Lever M of party p *hangs on* lever L where, with all else equal, L's setting changes how p compares two settings of M,
or whether p may enter one; an event hangs on L where L decides whether it can happen. A chain of such hangings from L to
what is asked about, with at least one party other than L's own (or chance) in it, is a channel.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import levers_of
from bestand.graph.conflict import Conflict

MOST_NUMBERED = 1 << 20  # combinations of settings up to which states are numbered by them
CLOSE = 1e-9  # of the range of a party's worths: differences below it are rounding


@dataclass(frozen=True, slots=True)
class Hanging:
    """One hanging: `moved` (a lever, or the levers that an event sets) hangs on `lever`; `by` is the party or the event."""

    lever: str
    moved: str
    by: str


def links(conflict: Conflict, levers: Collection[str], size: NDArray[np.float64] | None = None) -> tuple[Hanging, ...]:
    """What hangs on some levers of a view.

    size : (n_parties, n_states) what states are worth, where sizes count; else ranks are compared
    """
    worth = conflict.worth.rank[0].astype(np.float64) if size is None else size
    neighbours = conflict.once_of_graph("neighbours", lambda: _Neighbours(conflict))
    every: list[Hanging] = []
    for lever in levers:
        every += _of_parties(conflict, neighbours, lever, worth, sized=size is not None)
        every += _of_events(conflict, neighbours, lever)
    return tuple(dict.fromkeys(every))


def channel(conflict: Conflict, levers: Collection[str], targets: Collection[str], size: NDArray[np.float64] | None = None) -> tuple[Hanging, ...]:
    """A shortest channel from some levers to some others, with somebody else in it; empty where there is none."""
    owners = {conflict.parties[conflict.graph.owner[conflict.lever(lever)]] for lever in levers if lever in conflict.graph.levers}
    known: dict[str, tuple[Hanging, ...]] = {}
    waiting: deque[tuple[str, bool, tuple[Hanging, ...]]] = deque((lever, False, ()) for lever in levers)
    seen = {(lever, False) for lever in levers}
    while waiting:
        here, others, way = waiting.popleft()
        if here not in known:
            known[here] = links(conflict, [here], size)
        for link in known[here]:
            step = (link.moved, others or link.by not in owners)
            wanted = link.moved in targets and link.moved not in levers
            if wanted and step[1]:
                return (*way, link)
            if not wanted and step not in seen and link.moved in conflict.graph.levers:
                seen.add(step)
                waiting.append((*step, (*way, link)))
    return ()


def targets_of(conflict: Conflict, that: str | None) -> frozenset[str]:
    """Levers that a condition depends on, among those that vary; all of them where there is no condition."""
    if that is None:
        return frozenset(conflict.graph.levers)
    return levers_of(conflict.case.condition(that), conflict.case.terms) & set(conflict.graph.levers)


class _Neighbours:
    """From each state to the state that differs in one lever only."""

    def __init__(self, conflict: Conflict) -> None:
        self.graph = conflict.graph
        self.digits = {lever: self.graph.digits(lever) for lever in self.graph.levers}
        sizes = [len(settings) for settings in self.graph.settings]
        strides = np.concatenate([[1], np.cumprod(sizes, dtype=np.int64)]).tolist()
        self.stride = dict(zip(self.graph.levers, strides[:-1], strict=True))
        self.number = np.full(strides[-1], -1, np.int32) if strides[-1] <= MOST_NUMBERED else None  # of the state with each code
        if self.number is not None:
            self.number[self.graph.codes] = np.arange(self.graph.n_states)

    def at(self, states: NDArray[np.int64], lever: str, setting: int) -> NDArray[np.int64]:
        """The same states with a lever put elsewhere; −1 where that is banned."""
        code = self.graph.codes[states] + self.stride[lever] * (setting - self.digits[lever][states].astype(np.int64))
        if self.number is not None:
            return self.number[code]
        place = np.minimum(np.searchsorted(self.graph.codes, code), self.graph.n_states - 1)
        return np.where(self.graph.codes[place] == code, place, -1)


def _settings(conflict: Conflict, lever: str) -> Sequence[str]:
    return conflict.graph.settings[conflict.lever(lever)]


def _of_parties(conflict: Conflict, near: _Neighbours, lever: str, worth: NDArray[np.float64], *, sized: bool) -> Iterator[Hanging]:
    graph = conflict.graph
    for moved, owner in zip(graph.levers, graph.owner, strict=True):
        if moved != lever and (_guarded_by(conflict, near, moved, lever) or _weighs(conflict, near, lever, moved, worth[owner], sized=sized)):
            yield Hanging(lever, moved, graph.parties[owner])


def _guarded_by(conflict: Conflict, near: _Neighbours, moved: str, lever: str) -> bool:
    """Whether a guard on one lever can turn on another one."""
    needs = conflict.case.file.levers[moved].needs.values()
    said = (guard.that for guard in needs if lever in levers_of(conflict.case.condition(guard.that), conflict.case.terms))
    return any(_turns(conflict, near, condition, lever) for condition in said)


def _turns(conflict: Conflict, near: _Neighbours, condition: str, lever: str) -> bool:
    """Whether a lever alone turns a condition in some state."""
    mask = conflict.where(condition)
    states = np.arange(conflict.graph.n_states)
    for setting in range(len(_settings(conflict, lever))):
        there = near.at(states, lever, setting)
        if (mask[states[there >= 0]] != mask[there[there >= 0]]).any():
            return True
    return False


def _weighs(conflict: Conflict, near: _Neighbours, lever: str, moved: str, worth: NDArray[np.float64], *, sized: bool) -> bool:
    """Whether a party compares two settings of `moved` otherwise when `lever` is set otherwise, all else equal."""
    close = CLOSE * float(np.ptp(worth)) if sized else 0.0
    pairs = itertools.combinations(range(len(_settings(conflict, moved))), 2)
    for low, high in pairs:
        base = np.flatnonzero(near.digits[moved] == low)
        over = near.at(base, moved, high)
        gain = np.where(over >= 0, worth[over] - worth[base], np.nan)
        for first, second in itertools.combinations(range(len(_settings(conflict, lever))), 2):
            here = np.flatnonzero(near.digits[lever][base] == first)
            there = near.at(base[here], lever, second)
            place = np.searchsorted(base, there)
            both = (there >= 0) & (place < base.size)
            one, other = gain[here[both]], gain[place[both]]
            known = ~np.isnan(one) & ~np.isnan(other)
            one, other = one[known], other[known]
            if (np.abs(one - other) > close).any() if sized else (np.sign(one) != np.sign(other)).any():
                return True
    return False


def _of_events(conflict: Conflict, near: _Neighbours, lever: str) -> Iterator[Hanging]:
    happening: Mapping[str, NDArray[np.bool_]] = {
        chance.name: np.isin(np.arange(conflict.graph.n_states), chance.source) for chance in conflict.graph.chances
    }
    states = np.arange(conflict.graph.n_states)
    for name, mask in happening.items():
        sets = [moved for moved in conflict.case.file.events[name].sets if moved != lever]
        for setting in range(len(_settings(conflict, lever))):
            there = near.at(states, lever, setting)
            if sets and (mask[states[there >= 0]] != mask[there[there >= 0]]).any():
                yield from (Hanging(lever, moved, name) for moved in sets)
                break
