"""Minimal clashing sets and minimal concessions from a list of states: exact, by going through all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.demands import Bools, Demand, Where
from bestand.bargain.scope import Scope
from bestand.case.conditions import Node, holds
from bestand.case.loaded import Case
from bestand.errors import GraphError, Problem
from bestand.graph.build import build

CHUNK = 1 << 18
WORD = 64
Words = NDArray[np.uint64]


def states_in_chunks(case: Case, looked: Scope, that: Node) -> Iterator[Where]:
    """The feasible states in which `that` holds, some at a time: each a function that says where a condition holds."""
    if case.file.graph is not None:
        graph = build(case)
        inside = graph.where(that)
        yield lambda node: graph.where(node)[inside]
        return
    radix = [len(case.settings[lever]) for lever in looked.varied]
    stride = dict(zip(looked.varied, map(int, np.cumprod([1, *radix], dtype=np.int64)), strict=False))
    n_states = int(np.prod(radix, dtype=np.int64))
    for first in range(0, n_states, CHUNK):
        codes = np.arange(first, min(first + CHUNK, n_states), dtype=np.int64)
        for ban in case.file.never:
            codes = codes[~_where(case, codes, stride, looked.now)(case.condition(ban.that))]
        codes = codes[_where(case, codes, stride, looked.now)(that)]
        if codes.size:
            yield _where(case, codes, stride, looked.now)


def _where(case: Case, codes: NDArray[np.int64], stride: Mapping[str, int], now: Mapping[str, str]) -> Where:
    known: dict[str, NDArray[np.uint8]] = {}

    def digits(lever: str) -> NDArray[np.uint8]:
        if lever not in known:
            settings = case.settings[lever]
            code = codes // stride[lever] % len(settings) if lever in stride else np.asarray(settings.index(now[lever]))
            known[lever] = code.astype(np.uint8)
        return known[lever]

    return lambda node: np.broadcast_to(holds(node, digits, case.terms, case.settings), codes.shape)


def unmet(case: Case, demands: Sequence[Demand], looked: Scope, that: Node) -> list[int]:
    """The minimal sets of demands that some state leaves unmet, as bits: the concessions that open a deal."""
    chunks = (np.array([demand.met(where) for demand in demands]) for where in states_in_chunks(case, looked, that))
    return fewest_unmet(chunks, len(demands))


def fewest_unmet(met_in_chunks: Iterable[Bools], n_demands: int) -> list[int]:
    """The minimal sets of demands unmet in a state, as bits; met: each (n_demands, n_states) bool.

    >>> fewest_unmet([np.array([[True, False, False], [False, True, False]])], 2)
    [1, 2]
    """
    kept = np.empty((max(1, -(-n_demands // WORD)), 0), np.uint64)
    n_states = 0
    for met in met_in_chunks:
        n_states += met.shape[1] if met.ndim == 2 else 1
        words = packed(met, kept.shape[0])
        kept = smallest(np.concatenate([kept, smallest(outside(words, kept))], axis=1))
    if not n_states:
        raise no_states()
    found = [sum(int(word) << (WORD * w) for w, word in enumerate(column)) for column in kept.T]
    return sorted(found, key=lambda bits: (bits.bit_count(), members(bits)))


def no_states() -> GraphError:
    """The error that nothing is left to look at."""
    what = "every state of this view is banned, or outside the condition asked for"
    return GraphError(Problem("graph/no-states", what, hint="look at `never`, at the settings held, and at the condition"))


def packed(met: Bools, n_words: int) -> Words:
    """Bits of the demands that are unmet: shape (n_words, n_states)."""
    words = np.zeros((n_words, met.shape[1] if met.ndim == 2 else 1), np.uint64)
    for k, held in enumerate(met):
        words[k // WORD] |= (~held).astype(np.uint64) << np.uint64(k % WORD)
    return words


def outside(words: Words, kept: Words) -> Words:
    """The sets that contain none of the kept ones."""
    for k in range(kept.shape[1]):
        words = words[:, ((words & kept[:, k : k + 1]) != kept[:, k : k + 1]).any(axis=0)]
    return words


def smallest(words: Words) -> Words:
    """The sets that contain no other: the smallest is one of them; what contains it goes; and so on."""
    if words.shape[0] == 1:
        words = np.unique(words)[None, :]
    found = []
    while words.shape[1]:
        least = words[:, int(np.argmin(sizes(words)))].reshape(-1, 1)
        found.append(least)
        words = outside(words, least)
    return np.concatenate(found, axis=1) if found else words


def sizes(words: Words) -> NDArray[np.int64]:
    """Number of members of each set: shape (n_sets,).

    >>> sizes(np.array([[7, 8]], np.uint64))
    array([3, 1])
    """
    bits = np.unpackbits(np.ascontiguousarray(words.T).view(np.uint8), axis=1) if words.size else np.zeros((words.shape[1], 1))
    return bits.sum(axis=1, dtype=np.int64)


def hitting(sets: Sequence[int], n_demands: int, most: int) -> tuple[list[int], bool]:
    """The minimal sets that share a member with each of `sets`, fewest members first, and whether these are all.

    Minimal clashing sets and minimal concessions are each other's minimal hitting sets (Reiter 1987; Liffiton & Sakallah
    2008). Depth first after Murakami & Uno (2014): every member must hit some set alone; one size after the other.

    >>> hitting([0b011, 0b110], 3, 10)
    ([2, 5], True)
    """
    if not sets or 0 in sets:
        return ([0] if not sets else []), True
    ordered = sorted(sets, key=int.bit_count)
    hits = [sum(1 << k for k, each in enumerate(ordered) if each >> e & 1) for e in range(n_demands)]
    search = _Search([members(each) for each in ordered], hits)
    found: list[int] = []
    for size in range(1, n_demands + 1):
        search.deeper = False
        for each in search.of_size(size, (), 0, 0, 0):
            if len(found) == most:
                return found, False
            found.append(each)
        if not search.deeper:
            break
    return found, True


class _Search:
    """Sets of one size at a time; `deeper` says whether larger ones are left."""

    def __init__(self, sets: Sequence[Sequence[int]], hits: Sequence[int]) -> None:
        self.sets, self.hits, self.all, self.deeper = sets, hits, (1 << len(sets)) - 1, False

    def of_size(self, size: int, chosen: tuple[int, ...], covered: int, once: int, barred: int) -> Iterator[int]:
        if covered == self.all:
            if len(chosen) == size:
                yield sum(1 << e for e in chosen)
            return
        if len(chosen) == size:
            self.deeper = True
            return
        missed = ~covered & self.all
        for e in self.sets[(missed & -missed).bit_length() - 1]:
            if not barred >> e & 1:
                alone = (once & ~self.hits[e]) | (self.hits[e] & ~covered)
                if all(self.hits[f] & alone for f in chosen):
                    yield from self.of_size(size, (*chosen, e), covered | self.hits[e], alone, barred)
                barred |= 1 << e


def members(bits: int) -> tuple[int, ...]:
    """The positions of the bits that are set.

    >>> members(0b101)
    (0, 2)
    """
    return tuple(k for k in range(bits.bit_length()) if bits >> k & 1)
