"""What carries a conclusion is what turns it when it is taken away, and nothing less."""

from __future__ import annotations

import itertools
import sys

import pytest

from bestand.bargain.outcomes import agreements
from bestand.case.read import read
from bestand.graph.build import build
from bestand.graph.worth import worth
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.study.agreements import main_goal
from bestand.study.sensitivity import package, sensitivity, statements, without

BEST: list[object] = []


@pytest.fixture(scope="module", params=["example/en", "ukraine/2025-04"])
def carried(request):
    case = read(request.param)
    graph = build(case)
    goal = main_goal(case, graph)
    BEST[:] = [package(case, graph, goal)]
    return case, graph, sensitivity(case, graph, goal=goal)


def answer(case, key):
    kind, term = key
    graph = build(case)
    values = worth(case, graph)
    if kind == "deal_exists":
        return bool(agreements(case, graph, values, that=term).deal.any())
    if kind == "best_deal":
        return package(case, graph, term) == BEST[0]
    resting = stability(graph, values, concepts=("seq",)).holds("seq")
    if kind == "now_rests":
        return bool(resting[graph.now])
    mask = graph.where(case.terms[term])
    return bool((mask & (resting if kind == "term_rests" else paths(graph, values).reached)).any())


def test_taking_a_set_away_turns_the_conclusion(carried):
    case, _, found = carried
    assert any(found.sets.values())
    for key, sets in found.sets.items():
        assert answer(case, key) == found.answers[key]
        for lines in sets[:2]:
            assert answer(without(case, lines), key) != found.answers[key], (key, lines)


def test_no_single_statement_turns_a_conclusion_that_is_said_to_stand(carried):
    case, graph, found = carried
    key = next(key for key, sets in found.sets.items() if not sets or len(sets[0]) > 1)
    for line in itertools.islice(statements(case, graph), 0, None, 4):
        assert answer(without(case, [line]), key) == found.answers[key], line


def test_doubtful_statements_come_first(carried):
    *_, found = carried
    for sets in found.sets.values():
        assert [sum(line.firm for line in lines) for lines in sets] == sorted(sum(line.firm for line in lines) for lines in sets)


def test_what_falls_with_a_source_rests_on_nothing_else(carried):
    case, _, found = carried
    for fall in found.falls:
        for line in fall.lines:
            assert line.because and set(line.because) <= set(fall.claims)
        for key in fall.turned:
            assert answer(without(case, fall.lines), key) != found.answers[key]
    if case.file.title.startswith("Ukraine"):
        assert any(fall.who == "Steve Witkoff" and fall.turned for fall in found.falls)


def test_a_view_with_too_many_states_is_left_alone(monkeypatch):
    case = read("ukraine/2025-04")
    monkeypatch.setattr(sys.modules["bestand.study.sensitivity"], "MOST_STATES", 9_000)
    assert sensitivity(case, build(case)) is None
