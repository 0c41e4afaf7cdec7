"""Strength of preference: fast verdicts against plain definitions, published verdicts and theorems."""

from __future__ import annotations

import random

import numpy as np
import pytest

from bestand.errors import AskError
from bestand.graph.conflict import conflict_of
from bestand.graph.model import Worth
from bestand.negotiate.relations import relations_of
from bestand.negotiate.stability import stability
from bestand.negotiate.strength import LOOKS, degrees_of, strength
from tests.depth import spread
from tests.negotiate.test_unknown import check_published_verdicts
from tests.oracle import groups
from tests.random_conflicts import moves_of, solved

N_RANDOM = 510
DEGREES = ["<<", "<", "=", ">", ">>"]


@spread("first", range(0, N_RANDOM, 30))
def test_verdicts_by_strength_are_those_of_the_plain_rules(first):
    for seed in range(first, first + 30):
        asked = solved(seed)
        graph = asked.graph
        r = random.Random(seed)
        moves = moves_of(seed)
        relation = groups.random_relation(r, len(moves), graph.n_states, DEGREES)
        verdicts = strength(asked, relations=np.array(groups.codes(relation), np.int8))
        for s in r.sample(range(graph.n_states), min(2, graph.n_states)):
            for i, party in enumerate(graph.parties):
                for concept in r.sample(sorted(LOOKS), 4):
                    expected = groups.related_stable(moves, relation, i, s, **groups.STRENGTH[concept])
                    assert verdicts.holds(concept, party)[s] == expected, (seed, party, s, concept)


def test_all_published_verdicts_by_strength_come_out_exactly(shared):
    check_published_verdicts(shared / "oracles" / "gmcr" / "synthetic_strength", 15, strength)


@spread("seed", range(60))
def test_strongly_stable_is_stable_and_the_rest_is_weakly_stable(seed):
    asked = solved(seed)
    graph = asked.graph
    relation = groups.random_relation(random.Random(seed), len(graph.parties), graph.n_states, DEGREES)
    verdicts = strength(asked, relations=np.array(groups.codes(relation), np.int8))
    for party in graph.parties:
        for concept in ("gmr", "smr", "seq"):
            general, strong = verdicts.holds(concept, party), verdicts.holds(f"strong_{concept}", party)
            assert not (strong & ~general).any()
            assert np.array_equal(verdicts.weakly(concept, party) | strong, general)
            assert not (verdicts.holds("nash", party) & ~strong).any()
        assert not (verdicts.holds("strong_smr", party) & ~verdicts.holds("strong_gmr", party)).any()
        assert not (verdicts.holds("strong_seq", party) & ~verdicts.holds("strong_gmr", party)).any()


@spread("seed", range(40))
def test_degrees_come_from_weights_and_no_threshold_changes_the_general_concepts(seed):
    graph, values = solved(seed).graph, solved(seed).worth
    size = np.random.default_rng(seed).random(values.rank.shape).cumsum(axis=2)  # any sizes, rising with the number
    weighed = Worth(graph.parties, np.argsort(np.argsort(size, axis=2), axis=2).astype(np.uint32), size, "cardinal")
    plain = stability(conflict_of(graph, weighed))
    for threshold in (0.1, 1.0, 1e6):
        codes = degrees_of(weighed, strong=threshold)
        far = np.abs(size[0][:, None, :] - size[0][:, :, None]) > threshold
        assert np.array_equal(np.abs(codes) == 2, far)
        assert np.array_equal(np.sign(codes), relations_of(weighed))
        verdicts = strength(conflict_of(graph, weighed), strong=threshold)
        for concept in ("nash", "gmr", "smr", "seq"):
            assert np.array_equal(verdicts.holds(concept), plain.holds(concept))
        if threshold > 1e5:  # nothing deters strongly
            assert np.array_equal(verdicts.holds("strong_gmr"), plain.holds("nash"))


@pytest.mark.parametrize("unit", [1e-9, 0.1, 1000.0, 1e9])
def test_the_unit_of_worth_changes_no_degree(unit):
    size = np.random.default_rng(0).integers(0, 5, (1, 2, 30)) * 0.1
    rank = relations_of(Worth(("a", "b"), np.round(10 * size).astype(np.uint32)))
    for k in (1, 2, 3):  # differences of exactly the threshold are not above it
        codes = [degrees_of(Worth(("a", "b"), np.round(10 * size).astype(np.uint32), size * f, "cardinal"), strong=0.1 * k * f) for f in (1.0, unit)]
        assert np.array_equal(codes[0], codes[1]) and np.array_equal(np.sign(codes[0]), rank)
        assert np.array_equal(np.abs(codes[0]) == 2, np.abs(np.round(10 * (size[0][:, None, :] - size[0][:, :, None]))) > k)


WRONG = [
    ({"strong": 0.0}, "negotiate/bad-threshold"),
    ({"strong": float("nan")}, "negotiate/bad-threshold"),
    ({"strong": float("inf")}, "negotiate/bad-threshold"),
    ({}, "negotiate/bad-threshold"),
    ({"strong": 1.0}, "worth/ordinal"),
    ({"strong": 1.0, "concepts": []}, "negotiate/unknown-concept"),
    ({"strong": 1.0, "concepts": "seq_a"}, "negotiate/unknown-concept"),
    ({"strong": 1.0, "draw": 1}, "negotiate/no-such-draw"),
]


@pytest.mark.parametrize(("options", "code"), WRONG)
def test_options_of_strength_are_checked_in_words(options, code):
    with pytest.raises(AskError) as raised:
        strength(solved(1), **options)
    assert raised.value.code == code


def test_a_size_is_refused_where_there_is_none():
    asked = solved(1)
    values = asked.worth
    with pytest.raises(AskError) as raised:
        degrees_of(values, strong=1.0)
    assert raised.value.code == "worth/ordinal"
    weighed = Worth(values.parties, values.rank, values.rank.astype(float), "cardinal")
    with pytest.raises(AskError) as raised:
        degrees_of(weighed, strong=0.0)
    assert raised.value.code == "negotiate/bad-threshold"
