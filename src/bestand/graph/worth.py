"""What each state is worth to each party: ranks from ordered wants, or sums of stated weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.case.model import Rank, Want
from bestand.errors import AskError, Problem
from bestand.graph.draws import types_drawn
from bestand.graph.model import Graph, Worth

TABLE_BITS = 22
WORD_BITS = 62


def worth(
    case: Case,
    graph: Graph,
    *,
    draws: int = 1,
    rng: np.random.Generator | None = None,
    scale: Literal["ordinal", "cardinal"] = "ordinal",
) -> Worth:
    """Worth of every state to every party: ranks (n_draws, n_parties, n_states), higher is better.

    Ordinal: of m wants the k-th counts 2^(m−k), so that an important want outweighs all below it together (option
    prioritization: Hipel, Kilgour, Fang & Peng 1997); published rankings are taken as they are; a party without wants
    finds all states equal. Cardinal: the sum of the `worth` of the wants that hold, per month.
    Draw 0 takes each party's most probable type; the others draw types by their probabilities from `rng`.

    Raises
    ------
    AskError
        `worth/ordinal`: a size is asked for, and some want has no `worth`.
    """
    types = types_drawn(case, draws, rng)
    rank = np.empty((draws, len(graph.parties), graph.n_states), np.uint32)
    value = np.empty(rank.shape) if scale == "cardinal" else None
    for i, party in enumerate(graph.parties):
        known: dict[str, int] = {}
        for d in range(draws):
            type_ = types[d][party]
            if type_ in known:
                rank[d, i] = rank[known[type_], i]
                if value is not None:
                    value[d, i] = value[known[type_], i]
            elif value is None:
                rank[d, i] = _rank(case, graph, party, type_)
            else:
                value[d, i] = _value(case, graph, party, type_)
                rank[d, i] = _dense(np.round(value[d, i], 9))
            known.setdefault(type_, d)
    rank.flags.writeable = False
    if value is not None:
        value.flags.writeable = False
    return Worth(graph.parties, rank, value, scale)


def _rank(case: Case, graph: Graph, party: str, type_: str) -> NDArray[np.uint32]:
    if party in case.file.ranking:
        return _from_ranking(graph, case.file.ranking[party])
    wants = case.wants(party).get(type_, ())
    return lexicographic(graph.n_states, (graph.where(case.condition(want.that)) for want in wants))


def lexicographic(n_states: int, masks: Iterable[NDArray[np.bool_]]) -> NDArray[np.uint32]:
    """Dense ranks from conditions in order of importance: shape (n_states,), 0 is worst.

    masks : each (n_states,) bool, the most important first; any number of them

    >>> lexicographic(3, [np.array([True, False, True]), np.array([False, True, True])])
    array([1, 0, 2], dtype=uint32)
    """
    score, bits = np.zeros(n_states, np.int64), 0
    for mask in masks:
        if bits == WORD_BITS:  # one more would not fit in the word: keep the order, drop the gaps
            score = _dense(score).astype(np.int64)
            bits = int(score.max(initial=0)).bit_length()
        score <<= 1
        score |= mask
        bits += 1
    return _dense_small(score, bits) if bits <= TABLE_BITS else _dense(score)


def _dense_small(score: NDArray[np.int64], bits: int) -> NDArray[np.uint32]:
    there = np.zeros(1 << bits, bool)
    there[score] = True
    return (np.cumsum(there) - 1).astype(np.uint32)[score]


def _dense(score: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.uint32]:
    return np.unique(score, return_inverse=True)[1].astype(np.uint32).reshape(score.shape)


def _from_ranking(graph: Graph, ranking: Sequence[Rank]) -> NDArray[np.uint32]:
    rank = np.zeros(graph.n_states, np.uint32)
    for place, tied in enumerate(reversed(ranking)):
        for name in (tied,) if isinstance(tied, str) else tied:
            rank[graph.state(name)] = place
    return rank


def _value(case: Case, graph: Graph, party: str, type_: str) -> NDArray[np.float64]:
    if party in case.file.ranking:
        raise _ordinal(case, party, "its states are ranked, not weighed", f"ranking.{party}")
    total = np.zeros(graph.n_states)
    for want in case.wants(party).get(type_, ()):
        total += _weight(case, party, want) * graph.where(case.condition(want.that))
    return total


def _weight(case: Case, party: str, want: Want) -> float:
    if want.worth is None:
        raise _ordinal(case, party, f"its want '{want.that}' has no `worth`", f"wants.{party}")
    return want.worth.value


def _ordinal(case: Case, party: str, why: str, at: str) -> AskError:
    what = f"a size is asked for, but the worth of states to '{party}' is ordinal: {why}"
    return AskError(Problem("worth/ordinal", what, case.place(at), "give every want of this party a `worth` (per month)"))
