"""Ways of several parties: shortest first, and of equally short ones those that set the fewest levers, against all of them listed."""

from __future__ import annotations

import random
import tracemalloc
from itertools import pairwise

import yaml

from bestand.case.read import read_text
from bestand.graph.conflict import conflict
from bestand.negotiate.coalitions import coalitions
from bestand.negotiate.sequences import Sequences
from bestand.negotiate.why import why
from tests import random_conflicts
from tests.depth import spread
from tests.oracle import groups, naive

READINGS, STEPS = ("legal", "once", "single"), ("any", "weak", "paying", "best")


def length(start, states, effort):
    """Moves of a way, and the levers that it sets in all."""
    return len(states), sum(effort(s, t) for s, t in pairwise([start, *states]))


@spread("first", range(0, 240, 30))
def test_ways_are_the_shortest_and_set_the_fewest_levers(first):
    for seed in range(first, first + 30):
        asked, moves, r = random_conflicts.solved(seed), random_conflicts.moves_of(seed), random.Random(seed)
        rank, effort = asked.worth.rank[0].tolist(), naive.effort_of(asked.graph)
        who = sorted(r.sample(range(len(moves)), r.randint(1, len(moves))))
        reading, which, start = READINGS[seed % 3], STEPS[seed // 3 % 4], r.randrange(asked.graph.n_states)
        expected = groups.distances(moves, rank, who, start, which, reading, effort)
        sequences = Sequences(asked, who, which, reading)
        told = dict(sequences.nearest(start))
        at = {state: length(start, [t for _, t in trail], effort) for state, trail in told.items()}
        assert at == expected, seed
        assert list(at.values()) == sorted(at.values())
        for trail in told.values():
            states, parties = [start, *(t for _, t in trail)], [i for i, _ in trail]
            assert all(t in naive.steps(moves, rank, i, s, which, effort) for i, (s, t) in zip(parties, pairwise(states), strict=True))
            assert len(set(parties)) == len(parties) if reading == "once" else all(i != j for i, j in pairwise(parties))
        for size in (1, 3, asked.graph.n_states):
            wanted = set(r.sample(range(asked.graph.n_states), min(size, asked.graph.n_states)))
            trail = sequences.first(start, wanted.__contains__)
            nearest = min((at for state, at in expected.items() if state in wanted), default=None)
            assert (length(start, [t for _, t in trail], effort) if trail else None) == nearest, seed


def stops(moves, rank, members, state, there, escape):
    """Whether a reply stops what the members try from a state: it leaves one no better off, and they reach nothing better from there."""

    def better(t):
        return all(rank[j][t] > rank[j][state] for j in members)

    return not better(there) and not (escape and any(better(t) for t in groups.reached(moves, members, there)))


@spread("first", range(0, 160, 20))
def test_what_is_told_of_a_verdict_sets_no_lever_without_need(first):
    """Replies that stop a party or a coalition, and what a coalition tries, are nearest; where several do, with the fewest levers."""
    met = 0
    for seed in range(first, first + 20):
        asked, moves, r = random_conflicts.solved(seed), random_conflicts.moves_of(seed), random.Random(seed)
        rank, effort, concept = asked.worth.rank[0].tolist(), naive.effort_of(asked.graph), ("gmr", "smr", "seq", "ssr")[seed % 4]
        which, escape = naive.reply_steps(concept), naive.CONCEPTS[concept][1]

        def check(members, start, told, state, *, moves=moves, rank=rank, effort=effort, which=which, escape=escape):
            others = [j for j in range(len(moves)) if j not in members]
            at = groups.distances(moves, rank, others, start, which, "legal", effort)
            nearest = min((at[there] for there in at if stops(moves, rank, members, state, there, escape)), default=None)
            assert (length(start, told, effort) if told else None) == nearest, (members, start, state)
            return bool(told)

        for state in r.sample(range(asked.graph.n_states), min(4, asked.graph.n_states)):
            for i in range(len(moves)):
                for answer in why(asked, state=state, party=i, concept=concept).answers:
                    met += check([i], answer.move, [t for _, t in answer.reply], state)
        members = sorted(r.sample(range(len(moves)), 2))
        names = [asked.parties[j] for j in members]
        tried = groups.distances(moves, rank, members, state, "any", "legal", effort)
        for attempt in coalitions(asked, concept=concept, moves="paying", coalitions=[names]).attempts(state, coalition=names):
            assert length(state, [step.target for step in attempt.path], effort) == tried[attempt.end], seed
            met += check(members, attempt.end, [step.target for step in attempt.sanction], state)
    assert met > 10


def test_of_two_replies_that_stop_a_move_the_one_that_gives_nothing_up_is_told():
    """b can stop a by shutting the door, or by shutting it and striking besides: the state with both has the lower number of none."""
    asked = conflict(read_text("""
bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}}
levers:
  b.arms: {is: arms, settings: [full, half, none], now: half, assumed: x}
  b.door: {is: door, settings: [shut, ajar], now: ajar, assumed: x}
  a.goes: {is: goes, assumed: x}
wants:
  a: [{that: a.goes and b.door=ajar, assumed: x}]
  b: [{that: "true", assumed: x}]
"""))
    (answer,) = why(asked, state="now", party="a", concept="gmr").answers
    (step,) = answer.reply
    assert asked.at(step[1]) == {"b.arms": "half", "b.door": "shut", "a.goes": "yes"}
    attempt = next(coalitions(asked, concept="gmr", coalitions=[["a"]]).attempts("now", coalition=["a"]))
    assert [dict(each.changes) for each in attempt.sanction] == [{"b.door": ("ajar", "shut")}]


def test_ways_on_which_nobody_moves_twice_take_no_room_for_every_group_of_parties():
    """Of eleven parties with a lever each there are 2,047 groups that may have moved; together they lead to no more than each state once."""
    parties = [f"p{k}" for k in range(11)]
    told = {"bestand": 1, "title": "T", "parties": {who: {"name": who} for who in parties}}
    told |= {"levers": {f"{who}.x": {"is": "x", "assumed": "x"} for who in parties}, "wants": {who: [{"that": "true", "assumed": "x"}] for who in parties}}
    asked = conflict(read_text(yaml.safe_dump(told)))
    sequences = Sequences(asked, range(11), "any", "once")
    tracemalloc.start()
    try:
        n_reached = sum(1 for _ in sequences.nearest(0))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert n_reached == asked.graph.n_states - 1 == 2_047
    assert most < 5e6  # an array of the states for every group would be 17 MB
