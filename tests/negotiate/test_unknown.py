"""Unknown preference: fast verdicts against plain definitions, published verdicts and theorems."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from bestand.case.read import read_text
from bestand.errors import AskError
from bestand.graph.conflict import conflict
from bestand.graph.model import Worth
from bestand.negotiate.relations import MOST_STATES, relations_of
from bestand.negotiate.stability import stability
from bestand.negotiate.unknown import LOOKS, unknown
from tests.depth import in_depth, spread
from tests.oracle import groups
from tests.random_conflicts import moves_of, solved

N_RANDOM = 510


def options_graph(data):
    """A conflict of options as a graph, and the state with each bit pattern."""
    text = ["bestand: 1", "title: options", "parties:"]
    text += [f"  {who['name'].lower()}: {{name: {who['name']}}}" for who in data["dms"]]
    text += ["levers:"]
    way = {"both": "", "fwd": ", one_way: up", "back": ", one_way: down"}
    for who in data["dms"]:
        text += [
            f"  {who['name'].lower()}.o{k}: {{is: option, now: no{way[data['options'][k]['direction']]}, assumed: x}}"
            for k in who["options"]
        ]
    asked = conflict(read_text("\n".join(text) + "\n"))
    graph = asked.graph
    number = [sum((setting == "yes") << int(lever.split(".o")[1]) for lever, setting in graph.at(s).items()) for s in range(graph.n_states)]
    return asked, number


@spread("first", range(0, N_RANDOM, 30))
def test_verdicts_under_unknown_preference_are_those_of_the_plain_rules(first):
    for seed in range(first, first + 30):
        asked = solved(seed)
        graph = asked.graph
        r = random.Random(seed)
        moves = moves_of(seed)
        among = ["<", ">", "=", "U"] if seed % 2 else ["<", "<", "<", ">", ">", ">", "=", "U"]
        relation = groups.random_relation(r, len(moves), graph.n_states, among)
        verdicts = unknown(asked, relations=np.array(groups.codes(relation), np.int8))
        for s in r.sample(range(graph.n_states), min(2, graph.n_states)):
            for i, party in enumerate(graph.parties):
                for concept in r.sample(sorted(LOOKS), 5):
                    expected = groups.related_stable(moves, relation, i, s, **groups.UNKNOWN[concept])
                    assert verdicts.holds(concept, party)[s] == expected, (seed, party, s, concept)


def check_published_verdicts(folder, n_files, ask):
    """Checks all verdicts of published conflicts whose relations are listed."""
    files = sorted(folder.glob("*.json"))
    assert len(files) == n_files
    for file in files:
        data = json.loads(file.read_text())
        asked, number = options_graph(data)
        square = np.array([[groups.SIGNS[x] for row in data["rel"][w["name"]] for x in row.split()] for w in data["dms"]], np.int8)
        square = square.reshape(len(data["dms"]), data["n_states"], data["n_states"])[:, number][:, :, number]
        verdicts = ask(asked, relations=square)
        assert set(data["expected_stable"]) == set(verdicts.concepts)
        for concept, per_party in data["expected_stable"].items():
            for who, states in per_party.items():
                got = sorted(number[s] for s in np.flatnonzero(verdicts.holds(concept, who.lower())))
                assert got == states, (file.name, concept, who)


def test_all_published_verdicts_under_unknown_preference_come_out_exactly(shared):
    check_published_verdicts(shared / "oracles" / "gmcr" / "synthetic_unknown", 15, unknown)


@spread("seed", range(60))
def test_daring_is_less_stable_than_caution_and_concepts_are_nested(seed):
    asked = solved(seed)
    graph = asked.graph
    relation = groups.random_relation(random.Random(seed), len(graph.parties), graph.n_states, ["<", ">", "=", "U"])
    verdicts = unknown(asked, relations=np.array(groups.codes(relation), np.int8))
    verdict = {name: verdicts.stable[k] for k, name in enumerate(verdicts.concepts)}
    for concept in ("nash", "gmr", "smr", "seq"):
        for daring, cautious in ["ab", "cd", "ac", "bd"]:
            assert not (verdict[f"{concept}_{daring}"] & ~verdict[f"{concept}_{cautious}"]).any()
    for reading in "abcd":
        for weaker, stronger in [("smr", "nash"), ("seq", "nash"), ("gmr", "smr"), ("gmr", "seq")]:
            assert not (verdict[f"{stronger}_{reading}"] & ~verdict[f"{weaker}_{reading}"]).any()


@spread("seed", range(40))
def test_where_all_is_known_the_readings_are_the_plain_concepts(seed):
    asked = solved(seed)
    graph = asked.graph
    verdicts, plain = unknown(asked), stability(asked)
    for concept in ("nash", "gmr", "smr", "seq"):
        for reading in "abcd":
            for party in graph.parties:
                assert np.array_equal(verdicts.holds(f"{concept}_{reading}", party), plain.holds(concept, party))


@spread("seed", range(20))
def test_what_differs_between_draws_is_unknown(seed):
    rng = np.random.default_rng(seed)
    rank = rng.integers(0, 4, (int(rng.integers(1, 5)), 2, 23)).astype(np.uint32)
    verdicts = groups.signs(relations_of(Worth(("a", "b"), rank)))
    for i in range(2):
        for s in range(23):
            for t in range(23):
                seen = {"<" if a < b else "=" if a == b else ">" for a, b in zip(rank[:, i, t].tolist(), rank[:, i, s].tolist(), strict=True)}
                assert verdicts[i][s][t] == (seen.pop() if len(seen) == 1 else "U")


def test_relations_that_contradict_themselves_or_are_too_large_are_refused():
    asked = solved(1)
    relation = relations_of(asked.worth).copy()
    relation[0, 0, 1], relation[0, 1, 0] = 1, 1
    for given in (relation, relation[:, 1:]):
        with pytest.raises(AskError) as raised:
            unknown(asked, relations=given)
        assert raised.value.code == "negotiate/bad-relations"
    with pytest.raises(AskError) as raised:
        relations_of(Worth(("a",), np.zeros((1, 1, MOST_STATES + 1), np.uint32)))
    assert raised.value.code == "negotiate/too-many-pairs"
    with pytest.raises(AskError) as raised:
        unknown(asked, concepts=["nash"])
    assert raised.value.code == "negotiate/unknown-concept"


@in_depth
def test_the_largest_case_that_is_compared_agrees_with_the_plain_rules():
    text = ["bestand: 1", "title: large", "parties: {a: {name: A}, b: {name: B}, c: {name: C}}", "levers:"]
    text += [f"  {'abc'[k % 3]}.l{k}: {{is: lever, now: no, assumed: x}}" for k in range(12)]
    asked = conflict(read_text("\n".join(text) + "\n"))
    graph = asked.graph
    assert graph.n_states == MOST_STATES
    rank = np.random.default_rng(0).integers(0, 40, (3, 3, MOST_STATES)).astype(np.uint32)
    rank[1:] = np.where(np.random.default_rng(1).random(rank[1:].shape) < 0.995, rank[0], rank[1:])
    relation = relations_of(Worth(graph.parties, rank))
    assert (relation == 3).any()
    verdicts, moves = unknown(asked, relations=relation, concepts=["nash_a", "smr_b", "seq_d"]), groups.LazyMoves(graph)

    class Signs:
        def __init__(self, codes):
            self.codes = codes

        def __getitem__(self, k):
            return Signs(self.codes[k]) if self.codes.ndim > 1 else groups.signs([[[self.codes[k]]]])[0][0][0]

    for concept in verdicts.concepts:
        for s in (5, 777, 4095):
            expected = groups.related_stable(moves, Signs(relation), 1, s, **groups.UNKNOWN[concept])
            assert verdicts.holds(concept, "b")[s] == expected
