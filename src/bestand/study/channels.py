"""Whether a lever can change what anybody else does: without such a channel the model says nothing of the lever's effect.

Lever M of party p *hangs on* lever L where, with all else equal, L's setting changes how p compares two settings of M,
or whether p may enter one; an event hangs on L where L decides whether it can happen. A chain of such hangings from L to
what is asked about, with at least one party other than L's own (or chance) in it, is a channel.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

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


def channel(conflict: Conflict, levers: Collection[str], targets: Collection[str], size: NDArray[np.float64] | None = None) -> tuple[Hanging, ...]:
    """A shortest channel from some levers to some others, with somebody else in it; empty where there is none."""
    owners = {conflict.parties[conflict.graph.owner[conflict.lever(lever)]] for lever in levers if lever in conflict.graph.levers}
    looked = _Looked(conflict, size)
    waiting: deque[tuple[str, bool, tuple[Hanging, ...]]] = deque((lever, False, ()) for lever in levers)
    seen = {(lever, False) for lever in levers}
    while waiting:
        here, others, way = waiting.popleft()
        for link, hangs in looked.thinkable(here):
            step = (link.moved, others or link.by not in owners)
            wanted = link.moved in targets and link.moved not in levers
            leads = step[1] if wanted else step not in seen and link.moved in conflict.graph.levers
            if not leads or not hangs():  # most cannot lead on, and to look is dear
                continue
            if wanted:
                return (*way, link)
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


class _Looked:
    """What hangs on what in one view, looked at when it is asked for."""

    def __init__(self, conflict: Conflict, size: NDArray[np.float64] | None) -> None:
        self.conflict, self.sized = conflict, size is not None
        self.worth = conflict.worth.rank[0].astype(np.float64) if size is None else size
        self.near: _Neighbours = conflict.once_of_graph("neighbours", lambda: _Neighbours(conflict))
        self.events = {chance.name: conflict.case.file.events[chance.name].sets for chance in conflict.graph.chances}
        self.known: dict[tuple[str, str, str], bool] = {}

    def thinkable(self, lever: str) -> Iterator[tuple[Hanging, Callable[[], bool]]]:
        """What may hang on a lever, with whether it does: levers of parties, then of events."""
        for moved, owner in zip(self.conflict.graph.levers, self.conflict.graph.owner, strict=True):
            if moved != lever:
                yield Hanging(lever, moved, self.conflict.parties[owner]), partial(self._once, ("chosen", lever, moved), self._chosen)
        for event, sets in self.events.items():
            hangs = partial(self._once, ("happens", lever, event), self._happens)
            yield from ((Hanging(lever, moved, event), hangs) for moved in sets if moved != lever)

    def _once(self, key: tuple[str, str, str], look: Callable[[str, str], bool]) -> bool:
        if key not in self.known:
            self.known[key] = look(*key[1:])
        return self.known[key]

    def _chosen(self, lever: str, moved: str) -> bool:
        own = self.worth[self.conflict.graph.owner[self.conflict.lever(moved)]]
        return _guarded_by(self.conflict, self.near, moved, lever) or _weighs(self.conflict, self.near, lever, moved, own, sized=self.sized)

    def _happens(self, lever: str, event: str) -> bool:
        graph = self.conflict.graph
        can = np.zeros(graph.n_states, np.bool_)
        can[np.concatenate([chance.source for chance in graph.chances if chance.name == event])] = True
        return _turns(self.conflict, self.near, can, lever)


def _guarded_by(conflict: Conflict, near: _Neighbours, moved: str, lever: str) -> bool:
    """Whether a guard on one lever can turn on another one."""
    needs = conflict.case.file.levers[moved].needs.values()
    said = (guard.that for guard in needs if lever in levers_of(conflict.case.condition(guard.that), conflict.case.terms))
    return any(_turns(conflict, near, conflict.where(condition), lever) for condition in said)


def _turns(conflict: Conflict, near: _Neighbours, mask: NDArray[np.bool_], lever: str) -> bool:
    """Whether a lever alone turns in some state whether something holds."""
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
        over, gain = near.at(base, moved, high), np.full(worth.size, np.nan)
        gain[base] = np.where(over >= 0, worth[over] - worth[base], np.nan)
        for first, second in itertools.combinations(range(len(_settings(conflict, lever))), 2):
            here = base[near.digits[lever][base] == first]
            there = near.at(here, lever, second)
            one, other = gain[here], np.where(there >= 0, gain[there], np.nan)
            known = ~np.isnan(one) & ~np.isnan(other)
            one, other = one[known], other[known]
            if (np.abs(one - other) > close).any() if sized else (np.sign(one) != np.sign(other)).any():
                return True
    return False
