"""All rankings that make a state stable, against rankings tried one by one."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from bestand.case.read import catalogue, read, read_text
from bestand.errors import AskError
from bestand.graph.conflict import conflict, conflict_of
from bestand.graph.model import Worth
from bestand.negotiate.inverse import inverse
from bestand.negotiate.stability import stability
from tests.depth import spread
from tests.oracle import naive
from tests.oracle.random_cases import either

SYRIA = next(name for name in catalogue() if "syria" in name)


@pytest.mark.parametrize(("concept", "count"), [("nash", 240), ("seq", 384), ("gmr", 384), ("smr", 300)])
def test_the_published_example_has_the_counts_that_follow_from_the_definitions(concept, count):
    asked = conflict(read(SYRIA))
    party = next(p for p in asked.parties if "yria" in asked.case.file.parties[p].name)
    rankings = inverse(asked, state="2", party=party, concept=concept)
    assert (rankings.count, rankings.total) == (count, 720)


# Per seed, the first conflict of four to six states in which escapes (for GMR and SMR) or best replies (for SEQ and SSR) change the count.
TELLING = (1, 44, 33, 782, 429, 9, 11, 1, 1738, 1129, 31, 45, 6, 1085, 209, 7, 84, 84, 1860, 265, 12, 53, 4, 221)


def of_few_states(seed):
    """A random conflict of which every ranking can be tried."""
    return either(seed * 7919 + TELLING[seed])


@spread("seed", range(24))
def test_every_ranking_tried_one_by_one_gives_the_same_count_and_pattern(seed):
    asked = conflict(read_text(of_few_states(seed).text()))
    graph, values = asked.graph, asked.worth
    moves, n = naive.moves_of(graph), graph.n_states
    i, state, concept = seed % len(graph.parties), seed % n, ("nash", "gmr", "smr", "seq", "ssr")[seed % 5]
    moving, effort = ("paying", "best")[seed // 5 % 2], naive.effort_of(graph)
    rankings = inverse(asked, state=state, party=i, concept=concept, moves=moving)
    count = 0
    for order in itertools.permutations(range(n)):
        rank = values.rank[0].tolist()
        rank[i] = list(order)
        stable = naive.stable(moves, rank, i, state, concept, moving=moving, effort=effort)
        count += stable
        below = {s for s in range(n) if order[s] < order[state]}
        assert stable == any(pattern <= below for pattern in rankings.below)
    assert (rankings.count, rankings.total) == (count, math.factorial(n))


def test_the_engine_agrees_on_rankings_that_follow_the_pattern():
    asked = conflict(read(SYRIA))
    graph, values, state = asked.graph, asked.worth, asked.state("2")
    rankings = inverse(asked, state=state, party=0, concept="ssr")
    rng = np.random.default_rng(0)
    for _ in range(200):
        rank = values.rank.copy()
        rank[0, 0] = rng.permutation(graph.n_states)
        below = {s for s in range(graph.n_states) if rank[0, 0, s] < rank[0, 0, state]}
        stable = stability(conflict_of(graph, Worth(graph.parties, rank))).holds("ssr", graph.parties[0])[state]
        assert stable == any(pattern <= below for pattern in rankings.below)


def test_too_many_states_are_refused_with_advice():
    asked = conflict(read("ukraine/2025-04"))
    with pytest.raises(AskError, match="13,824 states are more than the 22"):
        inverse(asked, state=0, party="ru")
