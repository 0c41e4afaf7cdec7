"""Draws follow their stated rules, and draw 0 is the case as it stands."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.case.parts import Quantity
from bestand.case.read import read, read_text
from bestand.errors import AskError
from bestand.graph.build import build
from bestand.graph.draws import ASSUMED, CHANCE, HEDGED, chance_of_want, drawn_number, drawn_wants
from bestand.graph.worth import lexicographic, worth
from tests.oracle.random_cases import conflict

TEXT = """
bestand: 1
title: Doubt
sources: {paper: {title: T, sha256: "%s", file: t.txt}}
claims:
  firm: {source: paper, quote: a, gloss: g}
  hedged: {source: paper, quote: b, hedge: perhaps, gloss: g}
  told: {source: paper, quote: c, says: X, author_holds: uncommitted, source_holds: probable, gloss: g}
parties:
  a: {name: A, types: {soft: {value: 0.75, range: [0.5, 1]}, hard: {value: 0.25, range: [0, 0.5]}}}
  b: {name: B}
levers:
  a.x: {is: x}
  a.y: {is: y}
  b.z: {is: z}
wants:
  a:
    soft: [{that: a.x, because: [firm], worth: {value: 2, range: [1, 4]}}, {that: b.z, because: [told], worth: 1}]
    hard: [{that: not a.x, assumed: guess, worth: 3}]
  b:
    - {that: a.x, because: [firm], worth: 1}
    - {that: b.z, because: [hedged], worth: 1}
    - {that: a.y, because: [told, hedged], worth: 1}
    - {that: "not a.y", assumed: guess, worth: 1}
""" % ("0" * 64)


@pytest.fixture(scope="module")
def doubt():
    case = read_text(TEXT)
    return case, build(case)


def test_the_chance_of_a_want_is_that_of_its_best_claim(doubt):
    case, _ = doubt
    chances = [chance_of_want(case, want) for want in case.wants("b")[""]]
    assert chances == [1.0, HEDGED, HEDGED, ASSUMED]
    assert chance_of_want(case, case.wants("a")["soft"][1]) == pytest.approx(CHANCE["uncommitted"] * CHANCE["probable"])


def test_drawn_wants_are_there_as_often_as_the_rule_says(doubt):
    case, _ = doubt
    drawn = drawn_wants(case, "b", 20_000, np.random.default_rng(1))
    assert drawn.there[0].mean(axis=0) == pytest.approx([1.0, HEDGED, HEDGED, ASSUMED], abs=0.01)
    assert drawn.there[0][0].all() and list(drawn.place[0][0]) == [0, 1, 2, 3]
    types = drawn_wants(case, "a", 20_000, np.random.default_rng(1)).type_
    assert types[0] == 0 and (types == 1).mean() == pytest.approx(0.25, abs=0.01)


def test_only_doubtful_wants_change_places_and_by_one_at_most(doubt):
    case, _ = doubt
    drawn = drawn_wants(case, "b", 4_000, np.random.default_rng(2), vary={"order"})
    assert drawn.there[0].all() and (drawn.place[0][:, 0] == 0).all()
    orders = np.argsort(drawn.place[0], axis=1)
    shifts = np.abs(np.argsort(orders, axis=1) - np.arange(4))
    assert shifts.max() <= 2 and (shifts > 0).any()  # two neighbours that both move can pass one more


def test_numbers_stay_in_their_range_and_keep_their_mode():
    found = drawn_number(Quantity(value=2, range=(1, 4)), 50_000, np.random.default_rng(0))
    assert found[0] == 2 and found.min() >= 1 and found.max() <= 4
    assert found.mean() == pytest.approx((1 + 2 + 4) / 3, abs=0.02)


@pytest.mark.parametrize("seed", range(30))
def test_ranks_of_many_draws_are_those_of_each_draw_alone(seed):
    case = read_text(conflict(seed).text())
    graph = build(case)
    found = worth(case, graph, draws=12, rng=np.random.default_rng(seed))
    rng = np.random.default_rng(seed)
    for i, party in enumerate(graph.parties):
        drawn = drawn_wants(case, party, 12, rng)
        masks = [graph.where(case.condition(want.that)) for want in case.wants(party)[""]]
        for d in range(12):
            order = [k for k in np.argsort(drawn.place[0][d]) if drawn.there[0][d, k]]
            assert (found.rank[d, i] == lexicographic(graph.n_states, [masks[k] for k in order])).all(), (seed, d)


def test_draw_zero_is_the_case_as_it_stands(doubt):
    case, graph = doubt
    for scale in ("ordinal", "cardinal"):
        alone, many = worth(case, graph, scale=scale), worth(case, graph, scale=scale, draws=50)
        assert (alone.rank[0] == many.rank[0]).all()
        assert scale == "ordinal" or (alone.value[0] == many.value[0]).all()


def test_weights_are_sums_of_the_wants_that_are_there(doubt):
    case, graph = doubt
    found = worth(case, graph, scale="cardinal", draws=40, rng=np.random.default_rng(3))
    rng = np.random.default_rng(3)
    drawn = drawn_wants(case, "a", 40, rng)
    for d in range(40):
        k = int(drawn.type_[d])
        wants = list(case.wants("a").values())[k]
        total = sum(drawn.weight[k][d, n] * graph.where(case.condition(want.that)) for n, want in enumerate(wants))
        assert found.value[d, 0] == pytest.approx(total)


def test_nothing_varies_where_nothing_is_named(doubt):
    case, graph = doubt
    found = worth(case, graph, draws=20, vary=())
    assert (found.rank == found.rank[:1]).all()
    with pytest.raises(AskError, match="no rule of drawing 'order of wants'"):
        worth(case, graph, draws=2, vary={"order of wants"})


def test_parties_side_by_side_are_worth_the_same_as_one_after_another(monkeypatch):
    case = read("example/en")
    graph = build(case)
    together = worth(case, graph, draws=150, scale="cardinal", rng=np.random.default_rng(5))
    monkeypatch.setattr("bestand.graph.worth.MANY", 10**9)
    alone = worth(case, graph, draws=150, scale="cardinal", rng=np.random.default_rng(5))
    assert (together.rank == alone.rank).all() and (together.value == alone.value).all() and together.types == alone.types
