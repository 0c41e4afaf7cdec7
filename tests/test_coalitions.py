"""Coalitions: fast verdicts against plain definitions, known cases and theorems."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from bestand.case.read import read, read_text
from bestand.errors import AskError
from bestand.graph.build import build
from bestand.graph.model import Worth
from bestand.graph.worth import worth
from bestand.negotiate.coalitions import coalitions
from bestand.negotiate.concepts import CORE
from bestand.negotiate.stability import stability
from tests.oracle import groups, naive
from tests.oracle.random_cases import Conflict, Lever, conflict

N_RANDOM = 510
COOPERATION = "literature/kinsara-2014/prisoners-dilemma"


def solved(seed: int):
    case = read_text(conflict(seed).text())
    graph = build(case)
    return graph, worth(case, graph)


def known(name: str):
    case = read(name)
    graph = build(case)
    return graph, worth(case, graph)


def numbers(graph, members):
    return [graph.parties.index(party) for party in members]


@pytest.mark.parametrize("first", range(0, N_RANDOM, 30))
def test_verdicts_on_coalitions_are_those_of_the_plain_rules(first):
    for seed in range(first, first + 30):
        graph, values = solved(seed)
        moves, rank, r = naive.moves_of(graph), values.rank[0].tolist(), random.Random(seed)
        every = [c for size in range(1, len(moves) + 1) for c in combinations(graph.parties, size)]
        which = r.sample(every, min(5, len(every)))
        states = r.sample(range(graph.n_states), min(5, graph.n_states))
        reading = "merged" if seed % 4 == 3 else "sequences"
        for concept in CORE:
            found = coalitions(graph, values, concept=concept, which=which, reading=reading)
            for members in which:
                for s in states:
                    mine = numbers(graph, members)
                    expected = groups.coalition_stable(moves, rank, mine, s, concept, merged=reading == "merged")
                    assert found.holds(members)[s] == expected, (seed, members, s, concept, reading)


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_joint_escapes_from_replies_are_those_of_the_plain_rules(first):
    """With ranks that owe nothing to the levers, members often could escape one by one and not together."""
    for seed in range(first, first + 20):
        graph, values = solved(seed)
        if not 8 <= graph.n_states <= 64 or len(graph.parties) < 3:
            continue
        ranks = np.random.default_rng(seed).integers(0, 8, values.rank.shape).astype(np.uint32)
        moves, rank, values = naive.moves_of(graph), ranks[0].tolist(), Worth(graph.parties, ranks)
        which = [c for size in (2, 3) for c in combinations(graph.parties, size)]
        for concept in ("smr", "ssr"):
            found = coalitions(graph, values, concept=concept, which=which)
            plain = coalitions(graph, values, concept={"smr": "gmr", "ssr": "seq"}[concept], which=which)
            nash = coalitions(graph, values, which=which)
            open_ = np.argwhere(plain.stable & ~nash.stable)  # where the escape decides
            for k, s in np.random.default_rng(seed).permutation(open_)[:25]:
                expected = groups.coalition_stable(moves, rank, numbers(graph, which[k]), int(s), concept)
                assert found.stable[k, s] == expected, (seed, which[k], s, concept)


@pytest.mark.parametrize("seed", range(60))
def test_a_party_alone_is_as_stable_as_without_coalitions(seed):
    graph, values = solved(seed)
    alone = stability(graph, values)
    for concept in CORE:
        for reading in ("sequences", "merged"):
            found = coalitions(graph, values, concept=concept, which=[[p] for p in graph.parties], reading=reading)
            for party in graph.parties:
                assert np.array_equal(found.holds([party]), alone.holds(concept, party))
            assert np.array_equal(found.holds(), found.individual)


@pytest.mark.parametrize("seed", range(60))
def test_concepts_are_nested_and_no_coalition_adds_an_equilibrium(seed):
    graph, values = solved(seed)
    alone = stability(graph, values)
    found = {concept: coalitions(graph, values, concept=concept) for concept in CORE}
    for weaker, stronger in [("ssr", "nash"), ("seq", "ssr"), ("gmr", "seq"), ("smr", "ssr"), ("gmr", "smr")]:
        assert not (found[stronger].stable & ~found[weaker].stable).any()
    for concept in CORE:
        assert set(found[concept].equilibria) <= set(alone.equilibria(concept))
    everyone = graph.parties
    assert all(np.array_equal(found["nash"].holds(everyone), found[concept].holds(everyone)) for concept in CORE)


@pytest.mark.parametrize("seed", range(40))
def test_an_upset_can_be_checked_step_by_step(seed):
    graph, values = solved(seed)
    moves, rank, r = naive.moves_of(graph), values.rank[0].tolist(), random.Random(seed)
    for concept in CORE:
        found = coalitions(graph, values, concept=concept)
        for s in r.sample(range(graph.n_states), min(3, graph.n_states)):
            upsets = found.upsets(s)
            assert tuple(u.coalition for u in upsets) == found.upset_by(s)
            for upset in upsets:
                _check_way(moves, rank, s, upset.path, numbers(graph, upset.coalition), gains=False)
                assert all(rank[i][upset.end] > rank[i][s] for i in numbers(graph, upset.coalition))
            members = r.choice(found.coalitions)
            mine = numbers(graph, members)
            attempts = list(found.attempts(s, coalition=members))
            better = {t for t in groups.reached(moves, mine, s) if all(rank[i][t] > rank[i][s] for i in mine)}
            assert {a.end for a in attempts} == better and len(attempts) == len(better)
            assert found.holds(members)[s] == all(a.sanction for a in attempts)
            for attempt in attempts:
                if attempt.sanction:
                    others = [j for j in range(len(moves)) if j not in mine]
                    gains = concept in ("seq", "ssr")
                    end = _check_way(moves, rank, attempt.end, attempt.sanction, others, gains=gains)
                    assert {i for i in mine if rank[i][end] <= rank[i][s]} == set(numbers(graph, attempt.hurt)) != set()
                    assert "no better off" in attempt.words


def _check_way(moves, rank, start, path, who, *, gains):
    last = None
    for step in path:
        i = next(i for i in who if step.target in moves[i][step.source] and rank[i][step.source] == step.rank_before)
        assert step.source == start and step.party != last
        assert not gains or step.rank_after > step.rank_before, i
        start, last = step.target, step.party
    return start


def test_two_prisoners_together_upset_their_dilemma():
    graph, values = known(COOPERATION)
    defection, cooperation = graph.state("1"), graph.state("4")
    for concept in CORE:
        found = coalitions(graph, values, concept=concept)
        assert defection in stability(graph, values).equilibria(concept)
        assert found.upset_by(defection) == (graph.parties,)
        assert [u.end for u in found.upsets(defection)] == [cooperation]
        assert found.holds(graph.parties)[cooperation]
    assert coalitions(graph, values, concept="nash").equilibria.size == 0
    assert coalitions(graph, values, concept="seq").equilibria.tolist() == [cooperation]


def test_ministry_and_company_upset_the_fifth_state_of_elmira():
    graph, values = known("literature/kilgour-2001/elmira")
    for concept in CORE:
        found = coalitions(graph, values, concept=concept)
        upset = found.upsets(graph.state("5"))
        assert [(u.coalition, graph.label(u.end)) for u in upset] == [(("moe", "uniroyal"), "8")], concept
        assert [graph.label(s) for s in found.equilibria if found.individual[s]] == [
            graph.label(s) for s in stability(graph, values).equilibria(concept) if graph.label(s) != "5"
        ]


def test_ministry_and_company_merged_give_the_published_table_of_elmira(shared):
    import json

    published = json.loads((shared / "oracles" / "gmcr" / "elmira_12state.json").read_text())["published"]
    graph, values = known("literature/kinsara-2014/elmira-12-states")
    pair, rest = graph.parties[:2], graph.parties[2]
    alone = stability(graph, values, replies="once")  # to the third, two who move once each are one party that moves
    for concept in ("nash", "gmr", "smr", "seq"):
        third = alone.holds(concept, rest) if concept != "seq" else _deterred_by_the_merged_pair(graph, values)
        both = coalitions(graph, values, concept=concept, which=[pair], reading="merged").holds(pair)
        got = [graph.label(s) for s in np.flatnonzero(both & third)]
        expected = published["coalition_MoE_Uniroyal"]["gmcr_py_equilibria_now"][concept]
        assert sorted(got, key=int) == expected, concept


def _deterred_by_the_merged_pair(graph, values):
    """SEQ of the third party, where the first two reply as one: by one joint move that pays both."""
    moves, rank = naive.moves_of(graph), values.rank[0].tolist()

    def deterred(s, s1):
        joint = groups.reached(moves, [0, 1], s1, once=True)
        return any(rank[2][t] <= rank[2][s] and all(rank[i][t] > rank[i][s1] for i in (0, 1)) for t in joint)

    return np.array([all(deterred(s, s1) for s1 in naive.improving(moves, rank, 2, s)) for s in range(graph.n_states)])


def test_a_merged_coalition_cannot_go_there_and_back():
    """One lets the other in and shuts the door: two moves of one party, which a merged coalition does not have."""
    text = """bestand: 1
title: door
parties: {a: {name: A}, b: {name: B}}
levers:
  a.door: {is: open, now: no, assumed: x}
  b.inside: {is: inside, now: no, needs: {yes: {that: a.door, assumed: x}}, assumed: x}
wants:
  a: [{that: b.inside, assumed: x}, {that: not a.door, assumed: x}]
  b: [{that: b.inside and not a.door, assumed: x}]
"""
    case = read_text(text)
    graph = build(case)
    values, both = worth(case, graph), ("a", "b")
    shut = graph.state({"a.door": "no", "b.inside": "no"})
    assert not coalitions(graph, values).holds(both)[shut]
    assert coalitions(graph, values, reading="merged").holds(both)[shut]
    assert [step.party for step in coalitions(graph, values).upsets(shut)[0].path] == ["a", "b", "a"]


def test_a_large_case_agrees_with_the_plain_rules_above_every_size_boundary():
    levers = [Lever(f"p{k % 6}.l{k}", k % 6, 2, "up" if k == 5 else None, {}) for k in range(17)]
    levers[3].guards[1] = [(0, 1)]
    wants = [[(a, 1, (a * 7 + i) % 3 > 0) for a in range(17) if (a + i) % 4] for i in range(6)]
    case = read_text(Conflict(levers, [[(1, 1), (2, 1), (3, 1)]], wants, 6).text())
    graph = build(case)
    values = worth(case, graph)
    assert graph.n_states > 65_536
    moves, rank = groups.LazyMoves(graph), values.rank[0].tolist()
    which = [("p0", "p1"), ("p2", "p3", "p4")]
    rng, seen = np.random.default_rng(3), set()
    for concept in ("nash", "smr", "seq"):
        found = coalitions(graph, values, concept=concept, which=which)
        for members in which:
            stable = found.holds(members)
            for s in [*rng.permutation(np.flatnonzero(~stable))[:1], *rng.permutation(np.flatnonzero(stable))[:2]]:
                assert groups.coalition_stable(moves, rank, numbers(graph, members), int(s), concept) == stable[s]
                seen.add((concept, bool(stable[s])))
    assert {stable for _, stable in seen} == {False, True}


def test_what_is_asked_for_is_checked():
    graph, values = known(COOPERATION)
    asked = [
        ({"concept": "nahs"}, "negotiate/unknown-concept"),
        ({"which": [["nobody"]]}, "negotiate/unknown-party"),
        ({"which": [[]]}, "negotiate/empty-coalition"),
        ({"reading": "marged"}, "negotiate/unknown-reading"),
    ]
    for switches, code in asked:
        with pytest.raises(AskError) as raised:
            coalitions(graph, values, **switches)
        assert raised.value.code == code
    with pytest.raises(AskError) as raised:
        coalitions(graph, values, which=[["prisoner_2"]]).holds(["prisoner_one"])
    assert raised.value.code == "negotiate/unknown-coalition"


def test_tables_and_words_name_the_coalition_and_its_way():
    graph, values = known(COOPERATION)
    found = coalitions(graph, values)
    assert "prisoner_one + prisoner_2" in str(found)
    assert "each is better off" in str(found.why(0, coalition=graph.parties))
    assert "nothing that is better" in str(found.why(3, coalition=graph.parties))
