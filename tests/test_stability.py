"""Fast verdicts against plain definitions, published tables and theorems."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import pytest

from bestand.case.imports import import_gmcr
from bestand.case.read import read_text
from bestand.graph.conflict import conflict
from bestand.graph.ranks import lexicographic
from bestand.negotiate.concepts import CORE
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.negotiate.why import why
from tests.oracle import naive
from tests.oracle.random_cases import Conflict, Lever
from tests.oracle.random_cases import conflict as random_conflict

N_RANDOM = 510


def solved(seed: int):
    plain = random_conflict(seed)
    asked = conflict(read_text(plain.text()))
    graph = asked.graph
    states = plain.states()
    settings = [[int(graph.at(s)[lever.name][1:]) for lever in plain.levers] for s in range(graph.n_states)]
    order = [states.index(tuple(row)) for row in settings]  # our number -> plain number
    return plain, asked, states, order


@pytest.mark.parametrize("first", range(0, N_RANDOM, 30))
def test_moves_and_verdicts_are_those_of_the_plain_rules(first):
    for seed in range(first, first + 30):
        plain, asked, states, order = solved(seed)
        graph = asked.graph
        moves, rank = plain.moves(states), plain.ranks(states)
        place = {s: k for k, s in enumerate(order)}
        for i in range(plain.n_parties):
            for s in range(graph.n_states):
                assert {order[t] for t in graph.moves[i].targets(s)} == moves[i][order[s]], (seed, i, s)
        replies = ("legal", "once", "single")[seed % 3]
        weak = seed % 2 == 1
        verdicts = stability(asked, replies=replies, credibility="weak" if weak else "strict")
        for i, party in enumerate(graph.parties):
            for s in range(0, len(states), 1 + len(states) // 12):
                for concept in CORE:
                    expected = naive.stable(moves, rank, i, s, concept, replies, weak=weak)
                    assert verdicts.holds(concept, party)[place[s]] == expected, (seed, party, s, concept, replies)


@pytest.mark.parametrize("seed", range(40))
def test_a_witness_can_be_checked_by_the_plain_rules(seed):
    _, asked, _, _ = solved(seed)
    graph = asked.graph
    moves, rank = naive.moves_of(graph), asked.worth.rank[0].tolist()
    verdicts = stability(asked)
    for i, party in enumerate(graph.parties):
        for s in range(0, graph.n_states, 3):
            for concept in CORE:
                witness = why(asked, state=s, party=party, concept=concept)
                assert witness.stable == verdicts.holds(concept, party)[s]
                tempting = naive.improving(moves, rank, i, s)
                if not witness.stable:
                    assert witness.answers[0].move in tempting and not witness.answers[0].reply
                    continue
                assert {a.move for a in witness.answers} == tempting
                for answer in witness.answers:
                    here = answer.move
                    for (mover, there), before in zip(answer.reply, [("", 0), *answer.reply], strict=False):
                        j = graph.parties.index(mover)
                        assert j != i and mover != before[0] and there in moves[j][here]
                        assert concept not in ("seq", "ssr") or rank[j][there] > rank[j][here]
                        here = there
                    assert rank[i][here] <= rank[i][s]
                    if concept in ("smr", "ssr"):
                        assert all(rank[i][t] <= rank[i][s] for t in moves[i][here])


@pytest.mark.parametrize("seed", range(60))
def test_stronger_concepts_are_contained_in_weaker_ones(seed):
    verdicts = stability(solved(seed)[1])
    for weaker, stronger in [("ssr", "nash"), ("seq", "ssr"), ("gmr", "seq"), ("smr", "ssr"), ("gmr", "smr")]:
        assert not (verdicts.holds(stronger) & ~verdicts.holds(weaker)).any()


def shared_conflicts(shared: pathlib.Path, folder: str) -> list[pathlib.Path]:
    return sorted((shared / "oracles" / "gmcr" / folder).glob("*.json"))


def test_all_synthetic_conflicts_come_out_exactly(shared):
    files = shared_conflicts(shared, "synthetic")
    assert len(files) == 54
    for file in files:
        data = json.loads(file.read_text())
        asked = conflict(read_text(import_gmcr(file.read_text(), name=file.name)))
        graph = asked.graph
        decimals = _decimals(graph, data)
        for replies, expected in data["expected"].items():
            verdicts = stability(asked, replies=replies)
            for concept, per_party in expected["stable"].items():
                for party, states in zip(graph.parties, per_party.values(), strict=True):
                    got = sorted(decimals[s] for s in np.flatnonzero(verdicts.holds(concept, party)))
                    assert got == states, (file.name, replies, concept, party)


def _decimals(graph, data) -> list[int]:
    """Index into `states_decimal` per state, found through the settings of levers in the order of the options."""
    number = {d: k for k, d in enumerate(data["states_decimal"])}
    owned = [k for who in data["dms"] for k in who["options"]]
    places = []
    for s in range(graph.n_states):
        digits = list(graph.at(s).values())
        places.append(number[sum((setting != "no") << k for k, setting in zip(owned, digits, strict=True))])
    return places


def test_a_large_case_agrees_with_the_plain_rules_above_every_size_boundary():
    levers = [Lever(f"p{k % 3}.l{k}", k % 3, 2, "up" if k == 5 else None, {}) for k in range(17)]
    levers[3].guards[1] = [(0, 1)]
    wants = [[(a, 1, (a * 7 + i) % 3 > 0) for a in range(i, 17)] for i in range(3)]
    plain = Conflict(levers, [[(1, 1), (2, 1)]], wants, 3)
    asked = conflict(read_text(plain.text()))
    graph = asked.graph
    assert graph.n_states > 65_536 and asked.worth.rank.max() > 65_536
    verdicts = stability(asked)
    rng = np.random.default_rng(1)
    for s in rng.integers(0, graph.n_states, 25):
        for party in graph.parties:
            for concept in CORE:
                assert why(asked, state=int(s), party=party, concept=concept).stable == verdicts.holds(concept, party)[s]


@pytest.mark.parametrize("seed", range(30))
def test_shortest_paths_are_made_of_paying_moves_and_end_where_nobody_moves(seed):
    _, asked, _, _ = solved(seed)
    graph = asked.graph
    moves, rank = naive.moves_of(graph), asked.worth.rank[0].tolist()
    start = graph.now if graph.now is not None else 0
    for by in ("paying", "any"):
        ways = paths(asked, start=start, by=by)

        def steps(s, by=by):
            return {t for i in range(len(moves)) for t in (naive.improving(moves, rank, i, s) if by == "paying" else moves[i][s])}

        length, layer = {start: 0}, [start]
        while layer:
            layer = [t for s in layer for t in sorted(steps(s)) if length.setdefault(t, length[s] + 1) == length[s] + 1]
            layer = list(dict.fromkeys(t for t in layer if t != start))
            if len(length) == graph.n_states and all(not steps(s) - set(length) for s in layer):
                break
        assert {s: int(n) for s, n in enumerate(ways.length) if n >= 0} == length
        assert set(ways.ends.tolist()) == {s for s in length if not steps(s)}
        for goal, n_moves in length.items():
            way = ways.to(goal)
            assert len(way) == n_moves
            assert all(step.target in steps(step.source) for step in way)


def test_any_number_of_wants_ranks_lexicographically():
    rng = np.random.default_rng(0)
    masks = rng.random((150, 400)) < 0.5
    masks[:140] = masks[:140, :1]  # states differ in the last ones only
    rank = lexicographic(400, list(masks))
    keys = [tuple(masks[:, s]) for s in range(400)]
    order = {key: k for k, key in enumerate(sorted(set(keys)))}
    assert rank.tolist() == [order[key] for key in keys]


def test_terms_and_wants_of_a_listed_graph_speak_of_its_states():
    text = """bestand: 1
title: listed
parties: {a: {name: A}}
states: {here: {is: here}, there: {is: there}}
graph: {moves: {a: [[here, there]]}, now: here}
terms: {left: not here}
wants: {a: [{that: left, assumed: x}]}
"""
    asked = conflict(read_text(text))
    assert asked.where("left").tolist() == [False, True]
    assert stability(asked).equilibria("nash").tolist() == [1]
