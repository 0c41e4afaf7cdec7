"""Fast verdicts against plain definitions, published tables and theorems."""

from __future__ import annotations

import itertools
import json
import pathlib

import numpy as np
import pytest

from bestand.case.concepts import CORE
from bestand.case.read import read, read_text
from bestand.errors import AskError, BestandError
from bestand.exchange.gmcr import from_gmcr
from bestand.graph.conflict import conflict
from bestand.graph.model import Worth
from bestand.graph.ranks import lexicographic
from bestand.graph.worth import as_rows
from bestand.negotiate.coalitions import coalitions
from bestand.negotiate.paths import goals_reached, paths
from bestand.negotiate.stability import goals_rest, resting_states, some_rest, stability
from bestand.negotiate.why import why
from tests import random_conflicts
from tests.depth import in_depth, spread
from tests.oracle import naive
from tests.oracle.frozen import TALKS
from tests.oracle.plain_case import read_plain
from tests.oracle.random_cases import Conflict, Lever, either

CASES = pathlib.Path(__file__).parents[2] / "cases"
N_RANDOM = 510


def solved(seed: int):
    plain, asked = either(seed), random_conflicts.solved(seed)
    graph = asked.graph
    states = plain.states()
    settings = [[int(graph.at(s)[lever.name][1:]) for lever in plain.levers] for s in range(graph.n_states)]
    order = [states.index(tuple(row)) for row in settings]  # our number -> plain number
    return plain, asked, states, order


@spread("first", range(0, N_RANDOM, 30))
def test_moves_and_verdicts_are_those_of_the_plain_rules(first):
    for seed in range(first, first + 30):
        plain, asked, states, order = solved(seed)
        graph = asked.graph
        moves, rank = plain.moves(states), plain.ranks(states)
        place, ours = {s: k for k, s in enumerate(order)}, random_conflicts.moves_of(seed)
        for i in range(plain.n_parties):
            for s in range(graph.n_states):
                assert {order[t] for t in ours[i][s]} == moves[i][order[s]], (seed, i, s)
        replies = ("legal", "once", "single")[seed % 3]
        weak = seed % 2 == 1
        verdicts = stability(asked, replies=replies, credibility="weak" if weak else "strict")
        for i, party in enumerate(graph.parties):
            for s in range(0, len(states), 1 + len(states) // 12):
                for concept in CORE:
                    expected = naive.stable(moves, rank, i, s, concept, replies, weak=weak)
                    assert verdicts.holds(concept, party)[place[s]] == expected, (seed, party, s, concept, replies)


@spread("first", range(0, N_RANDOM, 30))
def test_verdicts_with_best_replies_are_those_of_the_plain_rules(first):
    for seed in range(first, first + 30):
        asked = random_conflicts.solved(seed)
        graph, replies = asked.graph, ("legal", "once", "single")[seed % 3]
        moves, rank, effort = random_conflicts.moves_of(seed), asked.worth.rank[0].tolist(), naive.effort_of(graph)
        verdicts = stability(asked, moves="best", replies=replies)
        for i, party in enumerate(graph.parties):
            for s in range(0, graph.n_states, 1 + graph.n_states // 12):
                for concept in CORE:
                    expected = naive.stable(moves, rank, i, s, concept, replies, moving="best", effort=effort)
                    assert verdicts.holds(concept, party)[s] == expected, (seed, party, s, concept, replies)


@spread("first", range(0, N_RANDOM, 30))
def test_best_moves_leave_less_to_fear_and_less_to_reach_and_end_where_all_are_content(first):
    differs = 0
    for seed in range(first, first + 30):
        asked = random_conflicts.solved(seed)
        start = asked.graph.now if asked.graph.now is not None else 0
        paying, best = stability(asked), stability(asked, moves="best")
        for party in asked.parties:
            for concept in ("seq", "ssr"):
                assert not (paying.holds("nash", party) & ~best.holds(concept, party)).any()
                assert not (best.holds(concept, party) & ~paying.holds(concept, party)).any()
            assert not (best.holds("ssr", party) & ~best.holds("seq", party)).any()
        for concept in ("nash", "gmr", "smr"):
            assert np.array_equal(best.holds(concept), paying.holds(concept))
        wide, narrow = paths(asked, start=start, by="paying"), paths(asked, start=start, by="best")
        assert not (narrow.reached & ~wide.reached).any()
        assert np.array_equal(narrow.ends, np.flatnonzero(narrow.reached & paying.holds("nash")))
        differs += bool((narrow.reached != wide.reached).any())
    assert differs


@pytest.mark.parametrize("moving", ["paying", "best"])
@spread("seed", range(40), first=3)
def test_a_witness_can_be_checked_by_the_plain_rules(seed, moving):
    asked = random_conflicts.solved(seed)
    graph = asked.graph
    moves, rank = random_conflicts.moves_of(seed), asked.worth.rank[0].tolist()
    verdicts, effort = stability(asked, moves=moving), naive.effort_of(graph)
    for i, party in enumerate(graph.parties):
        for s in range(0, graph.n_states, 3):
            for concept in CORE:
                witness = why(asked, state=s, party=party, concept=concept, moves=moving)
                which = naive.reply_steps(concept, moving)
                assert witness.stable == verdicts.holds(concept, party)[s]
                tempting = naive.improving(moves, rank, i, s)
                if not witness.stable:
                    assert witness.answers[0].move in tempting and not witness.answers[0].reply
                    assert concept != "nash" or witness.answers[0].move in naive.steps(moves, rank, i, s, "best", effort)  # no gratuitous loss is told
                    continue
                assert {a.move for a in witness.answers} == tempting
                for answer in witness.answers:
                    here = answer.move
                    for (mover, there), before in zip(answer.reply, [("", 0), *answer.reply], strict=False):
                        j = graph.parties.index(mover)
                        assert j != i and mover != before[0] and there in moves[j][here]
                        assert there in naive.steps(moves, rank, j, here, which, effort)
                        here = there
                    assert rank[i][here] <= rank[i][s]
                    if concept in ("smr", "ssr"):
                        assert all(rank[i][t] <= rank[i][s] for t in moves[i][here])


@spread("seed", range(60))
def test_stronger_concepts_are_contained_in_weaker_ones(seed):
    verdicts = stability(random_conflicts.solved(seed))
    for weaker, stronger in [("ssr", "nash"), ("seq", "ssr"), ("gmr", "seq"), ("smr", "ssr"), ("gmr", "smr")]:
        assert not (verdicts.holds(stronger) & ~verdicts.holds(weaker)).any()


def shared_conflicts(shared: pathlib.Path, folder: str) -> list[pathlib.Path]:
    return sorted((shared / "oracles" / "gmcr" / folder).glob("*.json"))


@in_depth
def test_all_synthetic_conflicts_come_out_exactly(shared):
    files = shared_conflicts(shared, "synthetic")
    assert len(files) == 54
    for file in files:
        data = json.loads(file.read_text())
        asked = conflict(read_text(from_gmcr(file.read_text(), name=file.name).text))
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


@in_depth
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


@pytest.mark.parametrize("by", ["best", "paying", "any"])
@spread("seed", range(60))
def test_paths_are_shortest_then_set_the_fewest_levers_and_end_where_nobody_moves(seed, by):
    asked = random_conflicts.solved(seed)
    graph = asked.graph
    moves, rank, effort = random_conflicts.moves_of(seed), asked.worth.rank[0].tolist(), naive.effort_of(graph)
    start = graph.now if graph.now is not None else 0
    still = [asked.parties[0]] if seed % 3 == 0 else []
    who = [i for i, party in enumerate(asked.parties) if party not in still]
    reached, known = paths(asked, start=start, by=by, excluding=still), naive.ways(moves, rank, start, by, effort, who)
    assert {s: int(n) for s, n in enumerate(reached.length) if n >= 0} == {s: n for s, (n, _) in known.items()}
    ends, nearest = {s for s in known if not any(naive.steps(moves, rank, i, s, by, effort) for i in who)}, sorted(known, key=lambda s: (*known[s], s))
    assert set(reached.ends.tolist()) == ends
    assert (list(reached.nearest_ends), list(reached.steps)) == ([s for s in nearest if s in ends], nearest[:100])
    for goal, (n_moves, n_changes) in known.items():
        way = reached.to(goal)
        assert (len(way), sum(len(step.changes) for step in way)) == (n_moves, n_changes), (seed, goal)
        assert all(step.target in naive.steps(moves, rank, asked.party(step.party), step.source, by, effort) for step in way)


POWER = """bestand: 1
title: Power
parties: {a: {name: A}, b: {name: B}}
levers:
  a.power: {is: A keeps power, now: yes}
  a.signs: {is: A signs, now: no}
  a.thanks: {is: A thanks, now: no, needs: {yes: b.frees}}
  b.frees: {is: B frees, now: no, needs: {yes: a.signs}}
wants:
  a: [{that: a.thanks}, {that: b.frees}, {that: a.signs}]
  b: [{that: a.signs and b.frees}]
"""


@pytest.mark.parametrize("by", ["best", "paying", "any"])
def test_a_way_does_not_give_up_power_only_to_take_it_back(by):
    asked = conflict(read_text(POWER))
    way = paths(asked, by=by).to("a.signs=yes,b.frees=yes,a.thanks=yes")
    assert [list(step.changes) for step in way] == [["a.signs"], ["b.frees"], ["a.thanks"]]


def test_what_is_not_reached_is_said():
    asked = conflict(read_text(POWER))
    with pytest.raises(AskError) as raised:
        paths(asked, start="a.signs=yes,b.frees=yes").to("now")
    assert raised.value.code == "negotiate/not-reached"


WRONG = [
    ({"concepts": ["nahs"]}, "negotiate/unknown-concept"),
    ({"concepts": []}, "negotiate/unknown-concept"),
    ({"concepts": ["seq", "seq"]}, "negotiate/unknown-concept"),
    ({"replies": "leagl"}, "negotiate/unknown-replies"),
    ({"moves": "improve"}, "negotiate/unknown-moves"),
    ({"credibility": "wek"}, "negotiate/unknown-credibility"),
    ({"credibility": "weak", "moves": "best"}, "negotiate/unknown-credibility"),
]


@pytest.mark.parametrize(("options", "code"), WRONG)
def test_options_of_stability_and_its_witness_are_checked_in_words(options, code):
    asked = conflict(read_text(POWER))
    with pytest.raises(BestandError) as raised:
        stability(asked, **options)
    assert raised.value.code == code and raised.value.problems[0].hint
    if "concepts" not in options:
        with pytest.raises(BestandError) as raised:
            why(asked, state="now", party="a", **options)
        assert raised.value.code == code


WRONG_PATHS = [
    ({"by": "improve"}, "negotiate/unknown-moves"),
    ({"start": -1}, "graph/unknown-state"),
    ({"start": 99}, "graph/unknown-state"),
    ({"start": "nwo"}, "graph/unknown-state"),
    ({"goal": "truce"}, "case/unknown-name"),
    ({"excluding": ["c"]}, "graph/unknown-party"),
    ({"without": "a.power"}, "negotiate/start-closed"),
    ({"without": np.zeros(3, bool)}, "graph/bad-mask"),
    ({"draw": 1}, "negotiate/no-such-draw"),
    ({"draw": -1}, "negotiate/no-such-draw"),
]


@pytest.mark.parametrize(("options", "code"), WRONG_PATHS)
def test_options_of_paths_are_checked_in_words(options, code):
    with pytest.raises(BestandError) as raised:
        paths(conflict(read_text(POWER)), **options)
    assert raised.value.code == code


def test_parties_that_only_look_on_count_for_coalitions_alone():
    text = ["bestand: 1", "title: many", "parties:", *(f"  p{i}: {{name: P{i}}}" for i in range(33)), "levers:", "  p0.x: {is: x}", "wants:", "  p0: [{that: p0.x}]"]
    asked = conflict(read_text("\n".join(text) + "\n"))
    for replies in ("legal", "once"):
        assert stability(asked, replies=replies).equilibria("seq").tolist() == [1]
    with pytest.raises(AskError) as raised:
        coalitions(asked)
    assert raised.value.code.startswith("negotiate/too-many-")
    assert paths(asked).ends.tolist() == [1]


@pytest.fixture(scope="module")
def ukraine():
    """The talks, by the program and by other means."""
    return conflict(read(TALKS), view="core"), read_plain(TALKS).view("core")


@pytest.fixture(scope="module")
def same_state(ukraine):
    """Number of the program's state with the settings of each plain one."""
    asked, plain = ukraine
    return [asked.state(dict(zip(plain.levers, state, strict=True))) for state in plain.states]


@in_depth
def test_states_moves_and_ranks_of_the_talks_are_those_of_its_file(ukraine, same_state):
    asked, plain = ukraine
    assert sorted(same_state) == list(range(asked.graph.n_states)) and same_state[plain.now] == asked.now
    for i, party in enumerate(plain.case.parties):
        assert asked.parties[i] == party
        ours = asked.worth.rank[0, i][same_state]
        for lower, higher in itertools.pairwise(sorted(range(len(plain.states)), key=plain.rank[i].__getitem__)):
            assert (ours[lower] < ours[higher]) == (plain.rank[i][lower] < plain.rank[i][higher])
        for s in range(0, len(plain.states), 3):
            assert {same_state[t] for t in plain.moves[i][s]} == set(asked.graph.moves[i].targets(same_state[s]).tolist())
    for text in plain.case.terms:
        assert {same_state[s] for s in plain.where(text)} == set(np.flatnonzero(asked.where(text)).tolist())


@spread("view", ["land", "incident", "europe", "guarded", "guarded_steps"], first=1)
def test_every_view_of_the_talks_is_that_of_its_file(view):
    asked, plain = conflict(read(TALKS), view=view), read_plain(TALKS).view(view)
    same = [asked.state(dict(zip(plain.levers, state, strict=True))) for state in plain.states]
    assert sorted(same) == list(range(asked.graph.n_states)) and set(plain.levers) == set(asked.graph.levers)
    for text in [*plain.case.terms, "ru.ceasefire iff ceasefire implies not (ru.attacks >= front) or ua.cedes != line"]:
        assert {same[s] for s in plain.where(text)} == set(np.flatnonzero(asked.where(text)).tolist())
    chances = {chance.name: (chance.per_month, dict(zip(chance.source.tolist(), chance.target.tolist(), strict=True))) for chance in asked.graph.chances}
    assert {name: (rate, {same[s]: same[t] for s, t in leads.items()}) for name, (rate, leads) in plain.chances.items()} == chances
    for i, party in enumerate(plain.case.parties):
        for s in range(0, len(plain.states), 1 + len(plain.states) // 200):
            targets = {same[t] for t in plain.targets(party, plain.states[s])}
            assert targets == set(asked.graph.moves[i].targets(same[s]).tolist())


@in_depth
def test_two_thirds_of_the_resting_ceasefires_rest_on_replies_that_nobody_would_make(ukraine, same_state):
    asked, plain = ukraine
    rests = {}
    for moving in ("paying", "best"):
        rests[moving] = {
            s for s in plain.where("ceasefire")
            if all(naive.stable(plain.moves, plain.rank, i, s, "seq", moving=moving, effort=plain.effort) for i in range(4))
        }
        ours = stability(asked, concepts="seq", moves=moving).holds("seq") & asked.where("ceasefire")
        assert {same_state[s] for s in rests[moving]} == set(np.flatnonzero(ours).tolist())
    assert (len(rests["paying"]), len(rests["best"])) == (120, 40)
    assert rests["best"] < rests["paying"] and rests["best"] <= plain.where("ua.cedes = four_provinces")


def test_the_us_leaves_altogether_by_moves_that_pay_and_by_none_that_is_best(ukraine, same_state):
    asked, plain = ukraine
    counts = {}
    for by in ("paying", "best"):
        known = naive.ways(plain.moves, plain.rank, plain.now, by, plain.effort)
        counts[by] = len(set(known) & plain.where("us_out"))
        reached = paths(asked, goal="us_out", by=by)
        assert {same_state[s] for s in known} == set(np.flatnonzero(reached.reached).tolist())
        assert counts[by] == reached.goals.size
    assert counts == {"paying": 24, "best": 0}


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


@spread("first", range(0, 60, 20))
@pytest.mark.parametrize("visits", [0.0, 0.5], ids=["every-state", "one-by-one"])
def test_some_state_of_a_goal_rests_where_the_definition_says_that_one_does(monkeypatch, first, visits):
    """By the plain definition, and over draws by the verdicts on all states, whichever of the two ways is taken."""
    monkeypatch.setattr("bestand.negotiate.stability.LEAST_VISITS", 0 if visits == 0 else 1_000)
    monkeypatch.setattr("bestand.negotiate.stability.VISITS", visits)
    answers = set()
    for seed in range(first, first + 20):
        _, asked, _, _ = solved(seed)
        drawn, rng = asked.draw(6, seed=seed), np.random.default_rng(seed)
        moves, rank = naive.moves_of(asked.graph), asked.worth.rank[0].tolist()
        for concept, way in itertools.product(CORE, ("paying", "best")):
            goal = rng.random(asked.graph.n_states) < 0.3
            stable = stability(drawn, concepts=concept, moves=way).stable[:, 0].all(axis=1)
            found = some_rest(drawn, goal, concept=concept, moves=way)
            assert (found == (stable & goal).any(axis=1)).all(), (seed, concept, way)
            answers |= set(found.tolist())
            if way == "paying":
                kind, escape = naive.CONCEPTS[concept]
                plain = any(
                    all(naive.foreseen(moves, rank, None, i, s, kind, escape=escape) for i in range(len(rank))) for s in np.flatnonzero(goal).tolist()
                )
                assert plain == bool(found[0]), (seed, concept)
    assert answers == {True, False}


@spread("visits", [0.0, 0.5], ids=["every-state", "one-by-one"], first=1)
def test_goals_asked_together_get_the_answers_that_each_gets_alone(monkeypatch, visits):
    """Against verdicts on all states and the ways from every start, over draws that share the ranks of parties; more goals than fit in a word."""
    monkeypatch.setattr("bestand.negotiate.stability.LEAST_VISITS", 0 if visits == 0 else 1_000)
    monkeypatch.setattr("bestand.negotiate.stability.VISITS", visits)
    for seed in range(24):
        _, asked, _, _ = solved(seed)
        rng, n = np.random.default_rng(seed), asked.graph.n_states
        rows, _ = as_rows(asked.draw(5, seed=seed).worth.rank)
        which = rng.integers(5, size=(20, len(asked.parties))).astype(np.int32) * len(asked.parties) + np.arange(len(asked.parties), dtype=np.int32)
        drawn = asked.stacked(Worth(asked.parties, rows[which]))
        goals, starts = rng.random((70, n)) < rng.choice([0.0, 0.1, 0.5], (70, 1)), rng.integers(n, size=20)
        for concept, way in (("seq", "best"), ("ssr", "paying"), ("gmr", "paying")):
            each = stability(drawn, concepts=concept, moves=way).stable[:, 0]
            for among in ([0], range(len(asked.parties))):
                assert np.array_equal(resting_states(drawn, concept=concept, moves=way, among=among), each[:, list(among)].all(axis=1)), (seed, concept, way)
            expected = (each.all(axis=1)[:, None] & goals).any(axis=2)
            for looked in ([], [0, 3], range(70)):
                found = goals_rest(asked.graph, rows, which, goals, concept=concept, moves=way, looked=list(looked))
                assert np.array_equal(found, expected), (seed, concept, way, looked)
            some = goals.any(axis=1)  # without a goal in no state, which would have every state judged
            assert np.array_equal(goals_rest(asked.graph, rows, which, goals[some], concept=concept, moves=way), expected[:, some]), (seed, concept, way)
        for by in ("best", "paying", "any"):
            ways = np.stack([paths(drawn, start=int(start), by=by, draw=draw).reached for draw, start in enumerate(starts)])
            assert np.array_equal(goals_reached(asked.graph, rows, which, starts, goals, by=by), (ways[:, None] & goals).any(axis=2)), (seed, by)


def test_goals_of_a_large_case_are_those_of_verdicts_on_every_state():
    levers = "\n".join(f"  {party}.l{k}: {{is: x, now: no}}" for party in "abc" for k in range(6))
    wants = "\n".join(f"  {a}: [{{that: {b}.l0 iff {a}.l1, assumed: x}}, {{that: {b}.l2 implies {a}.l{k}, assumed: x}}]" for k, (a, b) in enumerate(("ab", "bc", "ca")))
    asked = conflict(read_text(f"bestand: 1\ntitle: t\nparties: {{a: {{name: A}}, b: {{name: B}}, c: {{name: C}}}}\nlevers:\n{levers}\nwants:\n{wants}\n"), draws=3)
    assert asked.graph.n_states == 2**18
    goals = np.stack([asked.where(each) for each in ("a.l0 and not a.l1", "a.l1 and b.l1 and c.l1 and b.l0 and c.l0 and a.l0", "b.l2 and not c.l1 and b.l1")])
    rows, which = as_rows(asked.worth.rank)
    resting = stability(asked, concepts="seq", moves="best").stable[:, 0].all(axis=1)
    assert np.array_equal(resting_states(asked, moves="best"), resting)
    expected = (resting[:, None] & goals).any(axis=2)
    assert np.array_equal(goals_rest(asked.graph, rows, which, goals, moves="best", looked=[0, 1, 2]), expected)
    ways = np.stack([paths(asked, draw=draw).reached for draw in range(3)])
    assert np.array_equal(goals_reached(asked.graph, rows, which, np.full(3, asked.now), goals), (ways[:, None] & goals).any(axis=2))


def test_a_table_of_equilibria_begins_with_those_under_most_concepts():
    """Today's Nash equilibrium stood behind fifty states that rest under GMR alone, and so not in the table at all."""
    found = stability(conflict(read("literature/hipel-1980/garrison-diversion")), moves="best")
    n_under = [sum(cell is True for cell in row) for row in found.table().rows]
    assert n_under == sorted(n_under, reverse=True) and n_under[0] == 5 > n_under[-1]
    firm = {row[0] for row in found.table().rows if row[2]}
    assert firm == set(found.equilibria("nash").tolist())
