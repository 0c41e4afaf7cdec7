"""Dense ranks: the one way in which sizes, and conditions in order of importance, become whole numbers from 0; and which rows of them are alike."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

TABLE_BITS = 22
SPARSE = 16  # places of a table for every state, above which sorting is cheaper than counting
WORD_BITS = 62


def dense(size: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.uint32]:
    """Dense ranks along the last axis, 0 is lowest, equal is a tie: shape as given.

    >>> dense(np.array([[2.5, 1.0, 2.5], [0.0, 0.0, 3.0]]))
    array([[1, 0, 1],
           [0, 0, 1]], dtype=uint32)
    """
    order = np.argsort(size, axis=-1)
    ascending = np.take_along_axis(size, order, axis=-1)
    rises = np.zeros(size.shape, np.uint32)
    rises[..., 1:] = ascending[..., 1:] > ascending[..., :-1]
    ranked = np.empty(size.shape, np.uint32)
    np.put_along_axis(ranked, order, np.cumsum(rises, axis=-1, dtype=np.uint32), axis=-1)
    return ranked


def dense_below(score: NDArray[np.intp] | NDArray[np.int64], top: int) -> NDArray[np.uint32]:
    """`dense` of whole numbers below `top`, by counting those that occur."""
    there = np.zeros((*score.shape[:-1], top), np.bool_)
    np.put_along_axis(there, score, True, axis=-1)
    below = np.cumsum(there, axis=-1, dtype=np.uint32) - np.uint32(1)
    return np.take_along_axis(below, score, axis=-1)


def distinct(rows: NDArray[np.generic]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the rows that differ from all before them, and which of these each row is.

    >>> distinct(np.array([[0, 2], [1, 2], [0, 2]]))
    (array([0, 1]), array([0, 1, 0]))
    """
    if len(rows) < 2:  # a row of millions of states is not copied for nothing
        return np.arange(len(rows)), np.arange(len(rows))
    known: dict[bytes, int] = {}
    which = np.array([known.setdefault(row.tobytes(), len(known)) for row in rows], np.int64)
    return np.flatnonzero(np.diff(np.maximum.accumulate(which), prepend=-1)), which  # a row that is new has the highest number so far


def lexicographic(n_states: int, masks: Iterable[NDArray[np.bool_]]) -> NDArray[np.uint32]:
    """Dense ranks from conditions in order of importance: shape (n_states,), 0 is worst.

    masks : each (n_states,) bool, the most important first; any number of them

    >>> lexicographic(3, [np.array([True, False, True]), np.array([False, True, True])])
    array([1, 0, 2], dtype=uint32)
    """
    score, bits = np.zeros(n_states, np.int64), 0
    for mask in masks:
        if bits == WORD_BITS:  # one more would not fit in the word: keep the order, drop the gaps
            score = dense(score).astype(np.int64)
            bits = int(score.max(initial=0)).bit_length()
        score <<= 1
        score |= mask
        bits += 1
    return dense_below(score, 1 << bits) if bits <= TABLE_BITS and 1 << bits <= SPARSE * n_states else dense(score)
