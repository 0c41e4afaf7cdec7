"""Minimal clashing sets and minimal concessions from a list of states: exact, by going through all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.bargain.demands import Demand, Evaluated
from bestand.bargain.scope import scope
from bestand.case.conditions import Bools, Node, holds
from bestand.case.loaded import Case
from bestand.errors import GraphError, Problem
from bestand.graph.conflict import Conflict

CHUNK = 1 << 18
WORD = 64
MOST_WORK = 20_000_000_000  # comparisons of sets, in the search for all hitting sets
COMPARED = 1_000_000_000  # of these in a second, on one core of an ordinary machine
MOST_STEPS = 2_000_000  # of the search for the smallest ones
Mask = NDArray[np.bool_]
Words64 = NDArray[np.uint64]


def states_in_chunks(conflict: Conflict, that: Node | Mask) -> Iterator[Evaluated]:
    """The feasible states in which `that` holds, some at a time: each a function that says where a condition holds.

    The graph is asked where the case lists its states, where `that` is a mask over it, and where it is there already.
    """
    case, mask = conflict.case, isinstance(that, np.ndarray)
    if case.file.graph is not None or mask or ("graph" in conflict.kept_of_graph and conflict.graph.n_states <= CHUNK):
        yield from _of_graph(conflict, np.flatnonzero(conflict.where(that)))
        return
    looked = scope(conflict)
    stride, condition = _strides(case, looked.varied), cast("Node", that)
    for first in range(0, looked.combinations, CHUNK):
        codes = np.arange(first, min(first + CHUNK, looked.combinations), dtype=np.int64)
        for ban in case.file.never:
            codes = codes[~_where(case, codes, stride, looked.now)(case.condition(ban.that))]
        codes = codes[_where(case, codes, stride, looked.now)(condition)]
        if codes.size:
            yield _where(case, codes, stride, looked.now)


def _of_graph(conflict: Conflict, inside: NDArray[np.int64]) -> Iterator[Evaluated]:
    graph = conflict.graph
    if not graph.levers or graph.n_states <= CHUNK:
        if inside.size:
            yield lambda node: conflict.where(node)[inside]
        return
    stride, now = _strides(conflict.case, graph.levers), scope(conflict).now
    for first in range(0, inside.size, CHUNK):
        yield _where(conflict.case, graph.codes[inside[first : first + CHUNK]], stride, now)


def _strides(case: Case, levers: Sequence[str]) -> Mapping[str, int]:
    """What one step of a lever adds to the number of a combination; the first lever runs fastest."""
    radix = [len(case.settings[lever]) for lever in levers]
    return dict(zip(levers, map(int, np.cumprod([1, *radix], dtype=np.int64)), strict=False))


def _where(case: Case, codes: NDArray[np.int64], stride: Mapping[str, int], now: Mapping[str, str]) -> Evaluated:
    known: dict[str, NDArray[np.uint8]] = {}

    def digits(lever: str) -> NDArray[np.uint8]:
        if lever not in known:
            settings = case.settings[lever]
            code = codes // stride[lever] % len(settings) if lever in stride else np.asarray(settings.index(now[lever]))
            known[lever] = code.astype(np.uint8)
        return known[lever]

    return lambda node: np.broadcast_to(holds(node, digits, case.terms, case.settings), codes.shape)


def unmet(conflict: Conflict, demands: Sequence[Demand], that: Node | Mask) -> list[int]:
    """The minimal sets of demands that some state leaves unmet, as bits: the concessions that open a deal."""
    chunks = (np.array([demand.met(where) for demand in demands]) for where in states_in_chunks(conflict, that))
    return fewest_unmet(chunks, len(demands))


def fewest_unmet(met_in_chunks: Iterable[Bools], n_demands: int) -> list[int]:
    """The minimal sets of demands unmet in a state, as bits; met: each (n_demands, n_states) bool.

    >>> fewest_unmet([np.array([[True, False, False], [False, True, False]])], 2)
    [1, 2]
    """
    kept = np.empty((0, max(1, -(-n_demands // WORD))), np.uint64)
    n_states = 0
    for met in met_in_chunks:
        n_states += met.shape[1] if met.ndim == 2 else 1
        words = np.concatenate([kept, packed(met, kept.shape[1])])
        kept = words[kernels.minimal(words)]
    if not n_states:
        raise no_states()
    return sorted(_bits(kept), key=lambda bits: (bits.bit_count(), members(bits)))


def no_states() -> GraphError:
    """The error that nothing is left to look at."""
    what = "every state of this view is banned, or outside the condition asked for"
    hint = "look at `never`, at the settings held, and at the condition; what chance moves stays as it is, and what cannot be signed today is no deal"
    return GraphError(Problem("graph/no-states", what, hint=hint))


def packed(met: Bools, n_words: int) -> Words64:
    """Bits of the demands that are unmet: shape (n_states, n_words)."""
    words = np.zeros((met.shape[1] if met.ndim == 2 else 1, n_words), np.uint64)
    for k, held in enumerate(met):
        words[:, k // WORD] |= (~held).astype(np.uint64) << np.uint64(k % WORD)
    return words


def hitting(sets: Sequence[int], n_demands: int, most: int, *, seconds: float = MOST_WORK / COMPARED) -> tuple[list[int], bool]:
    """The minimal sets that share a member with each of `sets`, fewest members first, and whether these are all.

    Minimal clashing sets and minimal concessions are each other's minimal hitting sets (Reiter 1987; Liffiton & Sakallah
    2008). All of them, if they are no more than `most` and not reckoned to take longer than `seconds`; else the smallest.

    >>> hitting([0b011, 0b110], 3, 10)
    ([2, 5], True)
    """
    if not sets or 0 in sets:
        return ([0] if not sets else []), True
    every = all_hitting(sets, n_demands, most, work=int(min(MOST_WORK, seconds * COMPARED)))
    if every is not None:
        return sorted(every, key=lambda bits: (bits.bit_count(), members(bits))), True
    search = _Search(sets, n_demands)
    smallest: list[int] = []
    for size in range(1, n_demands + 1):
        for each in search.of_size(size, (), 0, 0, 0):
            smallest.append(each)
            if len(smallest) == most:
                return smallest, False
    return smallest, search.left >= 0


def all_hitting(sets: Sequence[int], n_demands: int, most: int, *, work: int = MOST_WORK) -> list[int] | None:
    """All minimal hitting sets; None where they are more than `most`, or more work than this many comparisons.

    Both lists grow towards each other (Gunopulos et al. 2003): a minimal hitting set of those found that is not among
    `sets` misses a further one.
    """
    n_words = max(1, -(-n_demands // WORD))
    given, rows = set(sets), _rows(sets, n_words)
    across = np.zeros((1, n_words), np.uint64)
    hit_all: list[int] = []
    while True:
        fresh = next((bits for bits in _bits(across) if bits not in given), None)
        if fresh is None:
            return hit_all
        if len(hit_all) == most or work < 0:
            return None
        hit_all.append(_shrunk(((1 << n_demands) - 1) & ~fresh, rows, n_words))
        across = _crossed(across, hit_all[-1], n_words)
        work -= across.shape[0] ** 2


def _shrunk(bits: int, rows: Words64, n_words: int) -> int:
    """A minimal part of a set that still shares a member with every row."""
    for e in members(bits):
        without = _rows([bits & ~(1 << e)], n_words)
        if ((rows & without) != 0).any(axis=1).all():
            bits &= ~(1 << e)
    return bits


def _crossed(across: Words64, more: int, n_words: int) -> Words64:
    """Minimal hitting sets once a further set must be hit (Berge 1989)."""
    misses = ~((across & _rows([more], n_words)) != 0).any(axis=1)
    wider = [across[misses] | _rows([1 << e], n_words) for e in members(more)]
    every = np.concatenate([across[~misses], *wider])
    return every[kernels.minimal(every)]


def _rows(sets: Iterable[int], n_words: int) -> Words64:
    whole = (1 << WORD) - 1
    return np.array([[each >> (WORD * w) & whole for w in range(n_words)] for each in sets], np.uint64).reshape(-1, n_words)


def _bits(rows: Words64) -> Iterator[int]:
    return (sum(word << (WORD * w) for w, word in enumerate(row)) for row in rows.tolist())


class _Search:
    """Minimal hitting sets of one size at a time, depth first: every member must hit some set alone (Murakami & Uno 2014)."""

    def __init__(self, sets: Sequence[int], n_demands: int) -> None:
        ordered = sorted(sets, key=int.bit_count)
        self.sets, self.all = [members(each) for each in ordered], (1 << len(ordered)) - 1
        self.hits = [sum(1 << k for k, each in enumerate(ordered) if each >> e & 1) for e in range(n_demands)]
        self.left = MOST_STEPS

    def of_size(self, size: int, chosen: tuple[int, ...], hit: int, once: int, barred: int) -> Iterator[int]:
        self.left -= 1
        if hit == self.all:
            if len(chosen) == size:
                yield sum(1 << e for e in chosen)
            return
        if len(chosen) == size or self.left < 0:
            return
        missed = ~hit & self.all
        for e in self.sets[(missed & -missed).bit_length() - 1]:
            if not barred >> e & 1:
                alone = (once & ~self.hits[e]) | (self.hits[e] & ~hit)
                if all(self.hits[f] & alone for f in chosen):
                    yield from self.of_size(size, (*chosen, e), hit | self.hits[e], alone, barred)
                barred |= 1 << e


def members(bits: int) -> tuple[int, ...]:
    """The positions of the bits that are set.

    >>> members(0b101)
    (0, 2)
    """
    return tuple(k for k in range(bits.bit_length()) if bits >> k & 1)
