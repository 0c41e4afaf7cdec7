"""All rankings that make a state stable, against rankings tried one by one."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from bestand.case.read import catalogue, read, read_text
from bestand.errors import AskError
from bestand.graph.build import build
from bestand.graph.model import Worth
from bestand.graph.worth import worth
from bestand.negotiate.inverse import inverse
from bestand.negotiate.stability import stability
from tests.oracle import naive
from tests.oracle.random_cases import conflict

SYRIA = next(name for name in catalogue() if "syria" in name)


@pytest.mark.parametrize(("concept", "count"), [("nash", 240), ("seq", 384), ("gmr", 384), ("smr", 300)])
def test_the_published_example_has_the_counts_that_follow_from_the_definitions(concept, count):
    case = read(SYRIA)
    graph = build(case)
    party = next(p for p in graph.parties if "yria" in case.file.parties[p].name)
    found = inverse(graph, worth(case, graph), state=graph.state("2"), party=party, concept=concept)
    assert (found.count, found.total) == (count, 720)


@pytest.mark.parametrize("seed", range(24))
def test_every_ranking_tried_one_by_one_gives_the_same_count_and_pattern(seed):
    plain = next(p for k in range(10_000) if 4 <= len((p := conflict(seed * 7919 + k)).states()) <= 6)
    case = read_text(plain.text())
    graph = build(case)
    values = worth(case, graph)
    moves, n = naive.moves_of(graph), graph.n_states
    i, state, concept = seed % len(graph.parties), seed % n, ("nash", "gmr", "smr", "seq", "ssr")[seed % 5]
    found = inverse(graph, values, state=state, party=graph.parties[i], concept=concept)
    count = 0
    for order in itertools.permutations(range(n)):
        rank = values.rank[0].tolist()
        rank[i] = list(order)
        stable = naive.stable(moves, rank, i, state, concept)
        count += stable
        below = {s for s in range(n) if order[s] < order[state]}
        assert stable == any(pattern <= below for pattern in found.below)
    assert (found.count, found.total) == (count, math.factorial(n))


def test_the_engine_agrees_on_rankings_that_follow_the_pattern():
    case = read(SYRIA)
    graph = build(case)
    values, state = worth(case, graph), graph.state("2")
    found = inverse(graph, values, state=state, party=graph.parties[0], concept="ssr")
    rng = np.random.default_rng(0)
    for _ in range(200):
        rank = values.rank.copy()
        rank[0, 0] = rng.permutation(graph.n_states)
        below = {s for s in range(graph.n_states) if rank[0, 0, s] < rank[0, 0, state]}
        stable = stability(graph, Worth(graph.parties, rank)).holds("ssr", graph.parties[0])[state]
        assert stable == any(pattern <= below for pattern in found.below)


def test_too_many_states_are_refused_with_advice():
    case = read("ukraine/2025-04")
    graph = build(case)
    with pytest.raises(AskError, match="9,072 states are more than the 22"):
        inverse(graph, worth(case, graph), state=0, party="ru")
