"""The mediator's list: complete, none too large, and each set of changes verifiable by solving the changed case."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.case.diff import diff
from bestand.case.read import read, read_text
from bestand.errors import AskError
from bestand.graph.build import build
from bestand.graph.worth import worth
from bestand.negotiate.changed import changed
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.negotiate.unlock import unlock
from tests.oracle import unlocking as plain
from tests.oracle.random_cases import conflict

CONCEPTS = ("nash", "gmr", "smr", "seq", "ssr")


def small(seed):
    """A conflict of at most 3 parties, 24 states and 3 wants a party, with a goal that does not hold now."""
    for k in range(1000):
        found = conflict(seed * 1000 + k)
        if found.n_parties <= 3 and 6 <= len(found.states()) <= 24:
            found.wants = [own[:3] for own in found.wants]
            case = read_text(found.text())
            graph = build(case)
            goal = f"{found.levers[0].name} = s1"
            if graph.now == 0 and 0 < graph.where(case.condition(goal)).sum() < graph.n_states:
                return case, graph, goal, f"{found.levers[1].name} = s1"
    raise AssertionError("no such conflict")


def situation(case, graph, extra):
    def masks(texts):
        found = [graph.where(case.condition(text)) for text in texts]
        return [tuple(map(int, m)) for m in found if m.any() and not m.all()]

    wants = [list(dict.fromkeys(masks(w.that for w in case.wants(p)[""]))) for p in graph.parties]
    return wants, list(dict.fromkeys(masks(extra)))


def as_plain(case, graph, change):
    """One change of the fast search in the plain form, on the whole graph."""
    mask = tuple(map(int, graph.where(case.condition(change.that)))) if change.kind != "hold" else ()
    i = graph.parties.index(change.party)
    return ("drop", i, mask) if change.kind == "drop" else ("place", i, mask, change.place - 1)


@pytest.mark.parametrize("seed", range(25))
def test_the_list_is_complete_and_has_nothing_too_large(seed):
    case, graph, goal, extra = small(seed)
    concept = CONCEPTS[seed % 5]
    wants, add = situation(case, graph, [goal, extra])
    repeated = any(len(own) < len(case.wants(p)[""]) for own, p in zip(wants, graph.parties, strict=True))
    moves, wanted = plain.naive.moves_of(graph), graph.where(case.condition(goal))
    found = unlock(case, graph, goal=goal, concept=concept, add=[goal, extra], offers=[])
    listed = {frozenset(as_plain(case, graph, c) for c in changes): changes for u in found.found for changes in (u.changes, *u.alike)}
    assert len(listed) == sum(1 + len(u.alike) for u in found.found)
    works, effects = {}, {}
    every = list(plain.primitives(wants, add, {}, {}))
    for changes in plain.sets_of(every, 2):
        after = plain.changed_wants(wants, changes)
        if after is None:
            continue
        rank = plain.ranks(graph.n_states, after)
        effects[changes] = tuple(map(plain.dense, rank))
        if effects[changes] not in works:
            works[effects[changes]] = plain.solves(moves, rank, graph.now, wanted, concept)
    assert found.already == works[effects[frozenset()]]
    if found.already or repeated:
        return
    known = {effects[changes]: len(changes) for changes in sorted(listed, key=len, reverse=True)}
    for changes, effect in effects.items():
        parts = [changes - {c} for c in changes]
        smallest = works[effect] and not any(part in effects and works[effects[part]] for part in parts)
        if smallest:
            assert effect in known and known[effect] <= len(changes), (concept, changes)
        if changes in listed:
            assert smallest, (concept, changes)


@pytest.mark.parametrize("seed", range(25, 45))
def test_each_set_of_changes_works_in_the_changed_case(seed):
    case, graph, goal, extra = small(seed)
    concept = CONCEPTS[seed % 5]
    for each in unlock(case, graph, goal=goal, concept=concept, add=[goal, extra]).found[:40]:
        again = read_text(changed(case, graph, each))
        under = build(again, hold={c.at.removeprefix("levers."): c.that for c in each.changes if c.kind == "hold"})
        values = worth(again, under)
        rests = stability(under, values, concepts=(concept,)).holds(concept)
        assert (rests & paths(under, values).reached & under.where(again.condition(goal))).any(), each.words
        assert diff(case, again).changes


def test_a_held_lever_that_unlocks_is_found_by_holding_it():
    case = read("example/en")
    graph = build(case)
    lever = next(name for name in graph.levers)
    found = unlock(case, graph, goal=f"{lever} != {case.settings[lever][0]}", most=1, add=[])
    for each in found.found:
        held = {c.at.removeprefix("levers."): c.that for c in each.changes if c.kind == "hold"}
        if held:
            under = build(case, hold=held)
            values = worth(case, under)
            rests = stability(under, values, concepts=("seq",)).holds("seq")
            assert (rests & paths(under, values).reached).any()


WEIGHED = """
bestand: 1
title: Price
parties: {a: {name: A}, b: {name: B}}
levers: {a.stops: {is: A stops}, b.pays: {is: B pays}}
wants:
  a: [{that: not a.stops, worth: 3}, {that: b.pays, worth: 1}]
  b: [{that: a.stops, worth: 5}, {that: not b.pays, worth: 2}]
"""


def test_a_promise_unlocks_only_when_it_is_large_enough():
    case = read_text(WEIGHED)
    graph = build(case)
    enough = unlock(case, graph, goal="a.stops", most=1, weight=3.5, offers=[])
    assert [u.changes[0].kind for u in enough.found if u.changes[0].what == "a.stops"] == ["promise"]
    little = unlock(case, graph, goal="a.stops", most=1, weight=2.5, offers=[])
    assert not any(u.changes[0].kind == "promise" for u in little.found)
    twice = unlock(case, graph, goal="a.stops", most=2, weight=2.5, offers=[])
    assert any({c.kind for c in u.changes} == {"promise", "penalty"} for u in twice.found)


def test_bad_questions_get_a_clear_answer():
    case = read("example/en")
    graph = build(case)
    lever = graph.levers[0]
    with pytest.raises(AskError, match="no concept 'sek'"):
        unlock(case, graph, goal=lever, concept="sek")
    with pytest.raises(AskError, match="4 changes"):
        unlock(case, graph, goal=lever, most=4)
    with pytest.raises(AskError, match="no state of this view"):
        unlock(case, graph, goal=f"{lever} and not {lever}")
    with pytest.raises(AskError, match=r"no lever 'x\.y'"):
        unlock(case, graph, goal=lever, offers=["x.y"])


def test_the_smallest_sets_of_a_larger_case_are_confirmed_by_the_engine():
    case = read("ukraine/2025-04")
    graph = build(case)
    found = unlock(case, graph, goal="ceasefire and ua.cedes = no", most=1)
    assert found.found and not found.already and len({u.changes for u in found.found}) == len(found.found)
    for each in found.found:
        again = read_text(changed(case, graph, each))
        values = worth(again, under := build(again))
        rests = stability(under, values, concepts=("seq",)).holds("seq")
        assert (rests & paths(under, values).reached & under.where(again.condition("ceasefire and ua.cedes = no"))).any()
    assert np.all(np.diff([len(u.changes) for u in found.found]) >= 0)
