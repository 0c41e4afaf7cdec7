"""Coalitions: fast verdicts against plain definitions, known cases and theorems."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from bestand.case.concepts import CORE
from bestand.case.read import read, read_text
from bestand.errors import AskError, BestandError
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict, conflict_of
from bestand.graph.model import Worth
from bestand.negotiate.coalitions import coalitions
from bestand.negotiate.stability import stability
from tests import random_conflicts
from tests.depth import in_depth, spread
from tests.oracle import groups, naive
from tests.oracle.random_cases import Conflict, Lever

N_RANDOM = 510
COOPERATION = "literature/kinsara-2014/prisoners-dilemma"


def solved(seed: int):
    asked = random_conflicts.solved(seed)
    return asked, asked.graph, asked.worth


def known(name: str):
    return conflict(read(name))


def numbers(graph, members):
    return [graph.parties.index(party) for party in members]


@spread("first", range(0, N_RANDOM, 30))
def test_verdicts_on_coalitions_are_those_of_the_plain_rules(first):
    for seed in range(first, first + 30):
        asked, graph, values = solved(seed)
        moves, rank, r = random_conflicts.moves_of(seed), values.rank[0].tolist(), random.Random(seed)
        every = [c for size in range(1, len(moves) + 1) for c in combinations(graph.parties, size)]
        which = r.sample(every, min(5, len(every)))
        states = r.sample(range(graph.n_states), min(5, graph.n_states))
        reading = "merged" if seed % 4 == 3 else "sequences"
        moving, effort = ("best", "paying")[seed // 4 % 2], naive.effort_of(graph)
        for concept in CORE:
            verdicts = coalitions(asked, concept=concept, moves=moving, coalitions=which, reading=reading)
            for members in which:
                for s in states:
                    mine = numbers(graph, members)
                    expected = groups.coalition_stable(moves, rank, mine, s, concept, merged=reading == "merged", moving=moving, effort=effort)
                    assert verdicts.holds(members)[s] == expected, (seed, members, s, concept, reading)


@spread("first", range(0, 60, 20))
def test_parties_that_cannot_move_or_do_not_mind_are_judged_by_the_plain_rules(first):
    for seed in range(first, first + 20):
        free, r = random_conflicts.solved(seed), random.Random(seed)
        still, careless = r.sample(free.parties, 2)
        asked = free.hold({lever: free.at(0)[lever] for lever in free.graph.levers if lever.partition(".")[0] == still})
        ranks = asked.worth.rank.copy()
        ranks[:, asked.party(careless)] = 7
        moves, asked = naive.moves_of(asked.graph), conflict_of(asked.graph, Worth(asked.parties, ranks))
        every = [c for size in range(1, len(moves) + 1) for c in combinations(asked.parties, size)]
        states = r.sample(range(asked.graph.n_states), min(5, asked.graph.n_states))
        concept, moving, reading = CORE[seed % len(CORE)], ("best", "paying")[seed % 2], ("merged", "sequences")[seed // 2 % 2]
        verdicts = coalitions(asked, concept=concept, moves=moving, reading=reading)
        for members, s in ((members, s) for members in every for s in states):
            expected = groups.coalition_stable(
                moves, ranks[0].tolist(), numbers(asked.graph, members), s, concept, merged=reading == "merged", moving=moving,
                effort=naive.effort_of(asked.graph),
            )  # fmt: skip
            assert verdicts.holds(members)[s] == expected, (seed, members, s, concept, reading)
            assert not (careless in members and not expected)


@spread("first", range(0, 200, 20))
def test_joint_escapes_from_replies_are_those_of_the_plain_rules(first):
    """With ranks that owe nothing to the levers, members often could escape one by one and not together."""
    for seed in range(first, first + 20):
        asked, graph, values = solved(seed)
        if not 8 <= graph.n_states <= 64 or len(graph.parties) < 3:
            continue
        ranks = np.random.default_rng(seed).integers(0, 8, values.rank.shape).astype(np.uint32)
        moves, rank, asked = random_conflicts.moves_of(seed), ranks[0].tolist(), conflict_of(graph, Worth(graph.parties, ranks))
        which = [c for size in (2, 3) for c in combinations(graph.parties, size)]
        for concept in ("smr", "ssr"):
            verdicts = coalitions(asked, concept=concept, moves="paying", coalitions=which)
            plain = coalitions(asked, concept={"smr": "gmr", "ssr": "seq"}[concept], moves="paying", coalitions=which)
            nash = coalitions(asked, concept="nash", coalitions=which)
            open_ = np.argwhere(plain.stable & ~nash.stable)  # where the escape decides
            for k, s in np.random.default_rng(seed).permutation(open_)[:25]:
                expected = groups.coalition_stable(moves, rank, numbers(graph, which[k]), int(s), concept)
                assert verdicts.stable[k, s] == expected, (seed, which[k], s, concept)


@spread("seed", range(60))
def test_a_party_alone_is_as_stable_as_without_coalitions(seed):
    asked, graph, _ = solved(seed)
    moving = ("best", "paying")[seed % 2]
    alone = stability(asked, moves=moving)
    for concept in CORE:
        for reading in ("sequences", "merged"):
            verdicts = coalitions(asked, concept=concept, moves=moving, coalitions=[[p] for p in graph.parties], reading=reading)
            for party in graph.parties:
                assert np.array_equal(verdicts.holds([party]), alone.holds(concept, party))
            assert np.array_equal(verdicts.holds(), verdicts.individual)


@spread("seed", range(60))
def test_concepts_are_nested_and_no_coalition_adds_an_equilibrium(seed):
    asked, graph, _ = solved(seed)
    alone = stability(asked)
    verdicts = {concept: coalitions(asked, concept=concept) for concept in CORE}
    for weaker, stronger in [("ssr", "nash"), ("seq", "ssr"), ("gmr", "seq"), ("smr", "ssr"), ("gmr", "smr")]:
        assert not (verdicts[stronger].stable & ~verdicts[weaker].stable).any()
    for concept in CORE:
        assert set(verdicts[concept].equilibria) <= set(alone.equilibria(concept))
    everyone = graph.parties
    assert all(np.array_equal(verdicts["nash"].holds(everyone), verdicts[concept].holds(everyone)) for concept in CORE)


@spread("seed", range(40))
def test_an_upset_can_be_checked_step_by_step(seed):
    asked, graph, values = solved(seed)
    moves, rank, r = random_conflicts.moves_of(seed), values.rank[0].tolist(), random.Random(seed)
    moving, effort = ("best", "paying")[seed % 2], naive.effort_of(graph)
    for concept in CORE:
        verdicts, which = coalitions(asked, concept=concept, moves=moving), naive.reply_steps(concept, moving)
        for s in r.sample(range(graph.n_states), min(3, graph.n_states)):
            upsets = verdicts.upsets(s)
            assert tuple(u.coalition for u in upsets) == verdicts.upset_by(s)
            for upset in upsets:
                _check_way(moves, rank, s, upset.path, numbers(graph, upset.coalition), "any", effort)
                assert all(rank[i][upset.end] > rank[i][s] for i in numbers(graph, upset.coalition))
            members = r.choice(verdicts.coalitions)
            mine = numbers(graph, members)
            attempts = list(verdicts.attempts(s, coalition=members))
            better = {t for t in groups.reached(moves, mine, s) if all(rank[i][t] > rank[i][s] for i in mine)}
            assert {a.end for a in attempts} == better and len(attempts) == len(better)
            assert verdicts.holds(members)[s] == all(a.sanction for a in attempts)
            for attempt in attempts:
                if attempt.sanction:
                    others = [j for j in range(len(moves)) if j not in mine]
                    end = _check_way(moves, rank, attempt.end, attempt.sanction, others, which, effort)
                    assert {i for i in mine if rank[i][end] <= rank[i][s]} == set(numbers(graph, attempt.hurt)) != set()
                    assert "no better off" in attempt.words


def _check_way(moves, rank, start, path, who, which, effort):
    last = None
    for step in path:
        i = next(i for i in who if step.target in moves[i][step.source] and rank[i][step.source] == step.rank_before)
        assert step.source == start and step.party != last
        assert step.target in naive.steps(moves, rank, i, start, which, effort), i
        start, last = step.target, step.party
    return start


def test_two_prisoners_together_upset_their_dilemma():
    asked = known(COOPERATION)
    graph = asked.graph
    defection, cooperation = asked.state("1"), asked.state("4")
    for concept in CORE:
        verdicts = coalitions(asked, concept=concept)
        assert defection in stability(asked).equilibria(concept)
        assert verdicts.upset_by(defection) == (graph.parties,)
        assert [u.end for u in verdicts.upsets(defection)] == [cooperation]
        assert verdicts.holds(graph.parties)[cooperation]
    assert coalitions(asked, concept="nash").equilibria.size == 0
    assert coalitions(asked, concept="seq").equilibria.tolist() == [cooperation]


def test_ministry_and_company_upset_the_fifth_state_of_elmira():
    asked = known("literature/kilgour-2001/elmira")
    graph = asked.graph
    for concept in CORE:
        verdicts = coalitions(asked, concept=concept)
        upset = verdicts.upsets(asked.state("5"))
        assert [(u.coalition, graph.label(u.end)) for u in upset] == [(("moe", "uniroyal"), "8")], concept
        assert [graph.label(s) for s in verdicts.equilibria if verdicts.individual[s]] == [
            graph.label(s) for s in stability(asked).equilibria(concept) if graph.label(s) != "5"
        ]


def test_ministry_and_company_merged_give_the_published_table_of_elmira(shared):
    import json

    published = json.loads((shared / "oracles" / "gmcr" / "elmira_12state.json").read_text())["published"]
    asked = known("literature/kinsara-2014/elmira-12-states")
    graph = asked.graph
    pair, rest = graph.parties[:2], graph.parties[2]
    alone = stability(asked, replies="once")  # to the third, two who move once each are one party that moves
    for concept in ("nash", "gmr", "smr", "seq"):
        third = alone.holds(concept, rest) if concept != "seq" else _deterred_by_the_merged_pair(graph, asked.worth)
        both = coalitions(asked, concept=concept, coalitions=[pair], reading="merged").holds(pair)
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
    asked, both = conflict(read_text(text)), ("a", "b")
    shut = asked.state({"a.door": "no", "b.inside": "no"})
    assert not coalitions(asked, concept="nash").holds(both)[shut]
    assert coalitions(asked, concept="nash", reading="merged").holds(both)[shut]
    upset = coalitions(asked, concept="nash").upsets(shut)[0]
    assert [step.party for step in upset.path] == ["a", "b", "a"]
    assert upset.undone == ("a.door",) and "a.door set and set back on the way" in upset.words


@in_depth
def test_a_large_case_agrees_with_the_plain_rules_above_every_size_boundary():
    levers = [Lever(f"p{k % 6}.l{k}", k % 6, 2, "up" if k == 5 else None, {}) for k in range(17)]
    levers[3].guards[1] = [(0, 1)]
    wants = [[(a, 1, (a * 7 + i) % 3 > 0) for a in range(17) if (a + i) % 4] for i in range(6)]
    asked = conflict(read_text(Conflict(levers, [[(1, 1), (2, 1), (3, 1)]], wants, 6).text()))
    graph, values = asked.graph, asked.worth
    assert graph.n_states > 65_536
    moves, rank = groups.LazyMoves(graph), values.rank[0].tolist()
    which = [("p0", "p1"), ("p2", "p3", "p4")]
    rng, seen = np.random.default_rng(3), set()
    for concept in ("nash", "smr", "seq"):
        verdicts = coalitions(asked, concept=concept, moves="paying", coalitions=which)
        for members in which:
            stable = verdicts.holds(members)
            for s in [*rng.permutation(np.flatnonzero(~stable))[:1], *rng.permutation(np.flatnonzero(stable))[:2]]:
                assert groups.coalition_stable(moves, rank, numbers(graph, members), int(s), concept) == stable[s]
                seen.add((concept, bool(stable[s])))
    assert {stable for _, stable in seen} == {False, True}


@pytest.mark.parametrize("n_looked", [1, 3, 6])
def test_coalitions_that_have_no_time_are_left_out_and_said(n_looked):
    """The clock goes on a second with each batch of one coalition; what was looked at is answered as always."""
    asked = conflict(read("example/en"))
    whole = coalitions(asked, concept="seq", threads=1)
    ticks = iter(range(100))
    told = []
    part = coalitions(asked, concept="seq", threads=1, budget=Budget(seconds=n_looked, clock=lambda: float(next(ticks)), progress=told.append))
    assert (len(part.coalitions), part.n_left) == (n_looked, len(whole.coalitions) - n_looked) and whole.n_left == 0
    assert part.coalitions == whole.coalitions[:n_looked] and (part.end == whole.end[:n_looked]).all()
    assert told == pytest.approx([(k + 1) / len(whole.coalitions) for k in range(n_looked)])
    assert f"{part.n_left} coalitions were not looked at for want of time: they may upset more" in part.table().notes
    with pytest.raises(AskError, match="was not asked for"):
        part.holds(whole.coalitions[-1])


def test_what_is_asked_for_is_checked():
    dilemma = known(COOPERATION)
    questions = [
        ({"concept": "nahs"}, "negotiate/unknown-concept"),
        ({"coalitions": [["nobody"]]}, "graph/unknown-party"),
        ({"coalitions": [[]]}, "negotiate/empty-coalition"),
        ({"reading": "marged"}, "negotiate/unknown-reading"),
        ({"moves": "bets"}, "negotiate/unknown-moves"),
        ({"draw": 1}, "negotiate/no-such-draw"),
    ]
    for switches, code in questions:
        with pytest.raises(BestandError) as raised:
            coalitions(dilemma, **switches)
        assert raised.value.code == code
    with pytest.raises(AskError) as raised:
        coalitions(dilemma, coalitions=[["prisoner_2"]]).holds(["prisoner_one"])
    assert raised.value.code == "negotiate/unknown-coalition"


def crowd(n_parties: int, n_levers: int):
    names = ", ".join(f"p{k}: {{name: P{k}}}" for k in range(n_parties))
    levers = ", ".join(f"p{k}.x: {{is: x{k}, assumed: t}}" for k in range(n_levers))
    return conflict(read_text(f"bestand: 1\ntitle: T\nparties: {{{names}}}\nlevers: {{{levers}}}\n"))


@pytest.mark.parametrize(
    ("parties", "levers", "switches", "code"),
    [
        (10, 2, {}, None), (11, 2, {}, "negotiate/too-many-coalitions"), (11, 2, {"coalitions": [["p0", "p1"]]}, None),
        (64, 2, {"coalitions": [["p63"], ["p0", "p63"]]}, None), (65, 2, {"coalitions": [["p0"]]}, "negotiate/too-many-parties"),
        (20, 12, {"coalitions": [["p0", "p1"]], "reading": "merged"}, None),
        (20, 12, {"coalitions": [[f"p{k}" for k in range(15)]], "reading": "merged"}, "negotiate/too-many-states"),
        (12, 12, {"coalitions": []}, "negotiate/empty-coalition"),
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused_before_the_work_and_what_is_not_is_answered(parties, levers, switches, code):
    asked = crowd(parties, levers)
    if code is None:
        assert coalitions(asked, **switches).equilibria.size == asked.graph.n_states
        return
    with pytest.raises(AskError) as refused:
        coalitions(asked, **switches)
    assert refused.value.code == code and refused.value.problems[0].hint


def test_a_coalition_of_parties_with_very_many_moves_is_refused_before_memory_goes():
    levers = ", ".join(f"{party}.x{k}: {{is: {party} {k}, assumed: t}}" for party in "ab" for k in range(10))
    asked = conflict(read_text(f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}, b: {{name: B}}}}\nlevers: {{{levers}}}\n"))
    assert [each.n_moves for each in asked.graph.moves] == [2**20 * (2**10 - 1)] * 2
    with pytest.raises(AskError, match=r"2,145,386,496 moves from 1,048,576 states"):
        coalitions(asked)


def test_tables_and_words_name_the_coalition_and_its_way():
    asked = known(COOPERATION)
    graph, verdicts = asked.graph, coalitions(asked, concept="nash")
    assert "prisoner_one + prisoner_2" in str(verdicts)
    assert "each is better off" in str(verdicts.why(0, coalition=graph.parties))
    assert "nothing that is better" in str(verdicts.why(3, coalition=graph.parties))


GUARDED = """
bestand: 1
title: A guard
parties: {a: {name: A}, b: {name: B}, c: {name: C}}
levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}, c.z: {is: z, assumed: t}}
terms: {taken: a.x or b.y}
wants:
  a: [{that: not c.z, assumed: t}, {that: taken, assumed: t}]
  b: [{that: not c.z, assumed: t}, {that: taken, assumed: t}]
  c: [{that: taken implies c.z, assumed: t}]
"""


@pytest.mark.parametrize(("most", "n", "notes"), [(1, 1, ("there are more attempts",)), (2, 2, ("there are more attempts",)), (3, 3, ()), (9, 3, ())])
def test_that_there_are_more_attempts_than_are_told_is_said_where_there_are(most, n, notes):
    """A and B can take it by the one, by the other or by both; C answers each, and then they are worse off."""
    told = coalitions(conflict(read_text(GUARDED)), concept="gmr").why("now", coalition=["a", "b"], most=most)
    assert (len(told.rows), told.notes) == (n, notes) and "is safe from" in told.title
