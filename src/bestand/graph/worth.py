"""What each state is worth to each party: ranks from ordered wants, or sums of stated weights."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.case.model import Rank, Want
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.draws import EVERY, RULES, DrawnWants, drawn_wants
from bestand.graph.model import Graph, Worth

TABLE_BITS = 22
WORD_BITS = 62
FLOAT_BITS = 52
MANY = 100  # draws from which parties are worked out side by side


def worth(
    case: Case,
    graph: Graph,
    *,
    draws: int = 1,
    rng: np.random.Generator | None = None,
    scale: Literal["ordinal", "cardinal"] = "ordinal",
    vary: Collection[str] = EVERY,
) -> Worth:
    """Worth of every state to every party: ranks (n_draws, n_parties, n_states), higher is better.

    Ordinal: of m wants the k-th counts 2^(m−k), so that an important want outweighs all below it together (option
    prioritization: Hipel, Kilgour, Fang & Peng 1997); published rankings are taken as they are; a party without wants
    finds all states equal. Cardinal: the sum of the `worth` of the wants that hold, per month.
    Draw 0 is the case as it stands, with each party's most probable type; the others are drawn from `rng`
    (`numpy.random.default_rng(0)` if not given) by those of the rules in `draws.RULES` that `vary` names.

    Raises
    ------
    AskError
        `worth/ordinal`: a size is asked for, and some want has no `worth`; `worth/unknown-rule`.
    """
    for rule in vary:
        if rule not in RULES:
            raise AskError(Problem("worth/unknown-rule", f"no rule of drawing '{rule}'", hint=did_you_mean(rule, RULES)))
    rng = np.random.default_rng(0) if rng is None else rng
    rank = np.empty((draws, len(graph.parties), graph.n_states), np.uint32)
    value = np.empty(rank.shape) if scale == "cardinal" else None
    types: list[dict[str, str]] = [{} for _ in range(draws)]
    parts: list[Callable[[], None]] = []
    for i, party in enumerate(graph.parties):
        if party in case.file.ranking:
            if value is not None:
                raise _ordinal(case, party, "its states are ranked, not weighed", f"ranking.{party}")
            for chosen in types:
                chosen[party] = ""
            rank[:, i] = _from_ranking(graph, case.file.ranking[party])
            continue
        drawn = drawn_wants(case, party, draws, rng, vary=vary if draws > 1 else ())
        for chosen, k in zip(types, drawn.type_, strict=True):
            chosen[party] = drawn.types[k] if drawn.types else ""
        for k, wants in enumerate(case.wants(party).values()):
            of_type = np.flatnonzero(drawn.type_ == k)
            if value is not None:
                _weighed(case, party, wants)
            if of_type.size:
                own = None if value is None else value[:, i]
                parts.append(partial(_fill, case, graph, wants, drawn, k, of_type, rank[:, i], own))
    _all_done(parts, side_by_side=draws >= MANY)
    rank.flags.writeable = False
    if value is not None:
        value.flags.writeable = False
    return Worth(graph.parties, rank, value, scale, tuple(types))


def _all_done(parts: Sequence[Callable[[], None]], *, side_by_side: bool) -> None:
    """Runs every part, each of which writes its own place; side by side where that pays."""
    if not side_by_side:
        for part in parts:
            part()
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done in [pool.submit(part) for part in parts]:
            done.result()


def _fill(
    case: Case, graph: Graph, wants: Sequence[Want], drawn: DrawnWants, type_: int, of_type: NDArray[np.int64],
    rank: NDArray[np.uint32], value: NDArray[np.float64] | None,
) -> None:
    """Puts one party's worths into the draws in which it is of one type."""
    masks = [graph.where(case.condition(want.that)) for want in wants]
    there, place, weight = drawn.there[type_][of_type], drawn.place[type_][of_type], drawn.weight[type_][of_type]
    if value is None and (of_type.size == 1 or len(masks) > FLOAT_BITS):
        for d, present, order in zip(of_type, there, np.argsort(place, axis=1), strict=True):
            rank[d] = lexicographic(graph.n_states, (masks[k] for k in order if present[k]))
        return
    pattern, kind = _patterns(masks, graph.n_states)
    for first in range(0, of_type.size, 256):
        part = slice(first, first + 256)
        if value is None:
            later = there[part][:, None, :] & (place[part][:, None, :] > place[part][:, :, None])
            score = np.where(there[part], np.exp2(later.sum(axis=2)), 0.0) @ pattern
            few = 1 << len(masks) <= 4 * pattern.shape[1]
            dense = _dense_whole(score.astype(np.intp), 1 << len(masks)) if few else _dense_rows(score)
        else:
            score = weight[part] @ pattern
            value[of_type[part]] = score[:, kind]
            dense = _dense_rows(np.round(score, 9))
        rank[of_type[part]] = dense[:, kind]


def _patterns(masks: Sequence[NDArray[np.bool_]], n_states: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The combinations of wants that hold somewhere, (n_wants, n_patterns), and which of them each state has."""
    kind, first = np.zeros(n_states, np.int64), np.zeros(1, np.int64)
    for mask in masks:
        _, first, kind = np.unique(2 * kind + mask, return_index=True, return_inverse=True)
    pattern = np.array([mask[first] for mask in masks], np.float64).reshape(len(masks), first.size)
    return pattern, kind.ravel()


def _dense_whole(score: NDArray[np.intp], top: int) -> NDArray[np.uint32]:
    """Dense ranks within each row of whole numbers below `top`, by counting those that occur: shape as given."""
    there = np.zeros((score.shape[0], top), np.bool_)
    np.put_along_axis(there, score, True, axis=1)
    below = np.cumsum(there, axis=1, dtype=np.uint32) - np.uint32(1)
    return np.take_along_axis(below, score, axis=1)


def _dense_rows(score: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Dense ranks within each row, 0 is lowest: shape as given."""
    order = np.argsort(score, axis=1)
    ascending = np.take_along_axis(score, order, axis=1)
    rises = np.zeros(score.shape, np.uint32)
    rises[:, 1:] = ascending[:, 1:] > ascending[:, :-1]
    found = np.empty(score.shape, np.uint32)
    np.put_along_axis(found, order, np.cumsum(rises, axis=1, dtype=np.uint32), axis=1)
    return found


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


def _weighed(case: Case, party: str, wants: Sequence[Want]) -> None:
    """Raises where a want has no weight."""
    for want in wants:
        if want.worth is None:
            raise _ordinal(case, party, f"its want '{want.that}' has no `worth`", f"wants.{party}")


def _ordinal(case: Case, party: str, why: str, at: str) -> AskError:
    what = f"a size is asked for, but the worth of states to '{party}' is ordinal: {why}"
    return AskError(Problem("worth/ordinal", what, case.place(at), "give every want of this party a `worth` (per month)"))
