"""Draws follow their stated rules, and draw 0 is the case as it stands."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.case.lines import with_file
from bestand.case.parts import Quantity
from bestand.case.read import read_text
from bestand.errors import AskError
from bestand.explore.applied import drawn_columns
from bestand.explore.openings import columns_of
from bestand.explore.space import space
from bestand.graph.conflict import conflict
from bestand.graph.draws import ASSUMED, CHANCE, HEDGED, chance_of_claim, chance_of_want, claim_is_true, drawn_number, drawn_wants
from bestand.graph.ranks import lexicographic
from bestand.graph.worth import patterns
from tests.depth import spread
from tests.oracle.random_cases import conflict as plain_conflict

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
    - {that: "not b.z or a.y", supported_by: [told, hedged], worth: 1}
""" % ("0" * 64)


@pytest.fixture(scope="module")
def doubt():
    case = read_text(TEXT)
    return case, conflict(case)


def test_the_chance_of_a_want_is_that_of_all_it_needs_or_of_any_that_supports_it(doubt):
    case, _ = doubt
    told = CHANCE["uncommitted"] * CHANCE["probable"]
    chances = [chance_of_want(case, want) for want in case.wants("b")[""]]
    assert chances == pytest.approx([1.0, HEDGED, told * HEDGED, ASSUMED, 1 - (1 - told) * (1 - HEDGED)])
    assert chance_of_want(case, case.wants("a")["soft"][1]) == pytest.approx(told)


def test_drawn_wants_are_there_as_often_as_the_rule_says(doubt):
    case, _ = doubt
    drawn = drawn_wants(case, "b", 20_000, 1)
    expected = [chance_of_want(case, want) for want in case.wants("b")[""]]
    assert drawn.there[0].mean(axis=0) == pytest.approx(expected, abs=0.012)
    assert drawn.there[0][0].all() and list(drawn.place[0][0]) == [0, 1, 2, 3, 4]
    types = drawn_wants(case, "a", 20_000, 1).type_
    assert types[0] == 0 and (types == 1).mean() == pytest.approx(0.25, abs=0.01)


def test_a_claim_is_true_or_not_for_all_that_rests_on_it(doubt):
    case, _ = doubt
    mine, theirs = drawn_wants(case, "a", 2_000, 4).there[0][:, 1], drawn_wants(case, "b", 2_000, 4).there[0]
    assert not (theirs[:, 2] & ~mine).any()  # b's third want needs what a's second does
    assert (theirs[:, 2] == (mine & theirs[:, 1])).all() and (theirs[:, 4] == (mine | theirs[:, 1])).all()


def test_only_doubtful_wants_change_places_and_by_one_at_most(doubt):
    case, _ = doubt
    drawn = drawn_wants(case, "b", 4_000, 2, vary={"order"})
    assert drawn.there[0].all() and (drawn.place[0][:, 0] == 0).all()
    orders = np.argsort(drawn.place[0], axis=1)
    shifts = np.abs(np.argsort(orders, axis=1) - np.arange(5))
    assert shifts.max() <= 2 and (shifts > 0).any()  # two neighbours that both move can pass one more


def test_numbers_stay_in_their_range_and_keep_their_mode():
    found = drawn_number(Quantity(value=2, range=(1, 4)), 50_000, np.random.default_rng(0))
    assert found[0] == 2 and found.min() >= 1 and found.max() <= 4
    assert found.mean() == pytest.approx((1 + 2 + 4) / 3, abs=0.02)


@spread("seed", range(30))
def test_ranks_of_many_draws_are_those_of_each_draw_alone(seed):
    case = read_text(plain_conflict(seed).text())
    asked = conflict(case, draws=12, seed=seed)
    for i, party in enumerate(asked.parties):
        drawn = drawn_wants(case, party, 12, seed)
        masks = [asked.where(want.that) for want in case.wants(party)[""]]
        for d in range(12):
            order = [k for k in np.argsort(drawn.place[0][d]) if drawn.there[0][d, k]]
            assert (asked.worth.rank[d, i] == lexicographic(asked.graph.n_states, [masks[k] for k in order])).all(), (seed, d)


def test_draw_zero_is_the_case_as_it_stands(doubt):
    _, asked = doubt
    many = asked.draw(50)
    assert (asked.worth.rank[0] == many.worth.rank[0]).all() and (asked.sized.value[0] == many.sized.value[0]).all()


def test_weights_are_sums_of_the_wants_that_are_there(doubt):
    case, asked = doubt
    sized = asked.draw(40, seed=3).sized
    drawn = drawn_wants(case, "a", 40, 3)
    for d in range(40):
        k = int(drawn.type_[d])
        wants = list(case.wants("a").values())[k]
        total = sum(drawn.weight[k][d, n] * asked.where(want.that) for n, want in enumerate(wants))
        assert sized.value[d, 0] == pytest.approx(total)


def test_nothing_varies_where_nothing_is_named(doubt):
    _, asked = doubt
    rank = asked.draw(20, vary=()).worth.rank
    assert (rank == rank[:1]).all()
    with pytest.raises(AskError, match="no rule of drawing 'order of wants'"):
        _ = asked.draw(2, vary={"order of wants"}).worth


HEARD = """
bestand: 1
title: Heard
sources:
  paper: {title: T, sha256: "0000000000000000000000000000000000000000000000000000000000000000"}
  diary: {title: Diary, author: W, sha256: "1111111111111111111111111111111111111111111111111111111111111111", reliability: {value: 0.6, range: [0.4, 0.8]}}
claims:
  one: {source: paper, quote: a, says: A, author_holds: uncommitted, gloss: g}
  two: {source: paper, quote: b, says: A, author_holds: possible, source_holds: probable, gloss: g}
  through: {source: paper, quote: c, says: B, author_holds: uncommitted, chain: [{who: A, holds: probable}], gloss: g}
  other: {source: paper, quote: d, says: C, author_holds: uncommitted, gloss: g}
  written: {source: diary, quote: e, gloss: g}
  quoted: {source: paper, quote: f, says: W, gloss: g}
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x}, b.y: {is: y}}
wants:
  a:
    - {that: a.x, because: [one]}
    - {that: not a.x, because: [two]}
    - {that: b.y, because: [one, two, through]}
    - {that: not b.y, supported_by: [one, other]}
    - {that: a.x or b.y, because: [written, quoted]}
"""
DRAWS = 20_000


@pytest.fixture(scope="module")
def heard():
    case = read_text(HEARD)
    return case, {name: claim_is_true(case, name, DRAWS, 4)[1:] for name in case.file.claims}


def test_what_is_heard_through_one_speaker_falls_with_that_speaker(heard):
    _, true = heard
    assert not (true["two"] & ~true["one"]).any()  # A is not believed: nothing that is heard through A stands
    assert not (true["through"] & ~true["one"]).any()
    assert abs(np.corrcoef(true["one"], true["other"])[0, 1]) < 0.03


def test_what_a_source_says_falls_with_it_also_through_others(heard):
    _, true = heard
    assert (true["written"] == true["quoted"]).all() and abs(true["written"].mean() - 0.6) < 0.02


def test_every_claim_is_as_likely_as_the_degrees_along_its_chain_say(heard):
    case, true = heard
    for name in ("one", "two", "through", "other"):
        assert abs(true[name].mean() - chance_of_claim(case.file.claims[name])) < 0.02, name


def test_the_chance_of_what_hangs_together_is_how_often_it_is_there(heard):
    case, _ = heard
    drawn = drawn_wants(case, "a", DRAWS, 9, vary=("presence",))
    assert drawn.there[0][1:].mean(axis=0) == pytest.approx([chance_of_want(case, want) for want in case.wants("a")[""]], abs=0.02)


def test_a_sweep_draws_speakers_and_sources_as_a_conflict_does(heard):
    case, _ = heard
    open_here = space(case)
    rows = columns_of(open_here.openings, np.random.default_rng(3).random((DRAWS, len(open_here.openings))))
    there = drawn_columns(case, "a", rows, DRAWS).there[0]
    assert there.mean(axis=0) == pytest.approx([chance_of_want(case, want) for want in case.wants("a")[""]], abs=0.02)
    assert not (there[:, 1] & ~there[:, 0]).any()
    assert {each.name for each in open_here.openings if each.kind == "speaker"} == {"speakers.A", "speakers.B", "speakers.C"}


@spread("seed", range(12))
def test_ranks_of_a_shorter_list_of_wants_are_those_it_has_alone(seed):
    whole = conflict(read_text(plain_conflict(seed).text()), draws=5)
    for number in range(2):  # the list that is met first has all conditions of the shorter one, and where the shorter one comes first it has not
        asked = whole.of(whole.case)
        lines = asked.statements()
        for line in (lines, lines[::-1])[number]:
            shorter = asked.without(line)
            alone = conflict(shorter.case, draws=5)
            assert np.array_equal(shorter.worth.rank, alone.worth.rank), (seed, line.at)


def test_combinations_of_conditions_stand_in_their_order_and_give_every_condition_back():
    rng = np.random.default_rng(4)
    for n_masks, n_states in ((0, 7), (3, 1), (21, 5_000), (70, 300)):
        masks = list(rng.random((n_masks, n_states)) < rng.random((n_masks, 1)))
        pattern, kind = patterns(masks, n_states)
        assert np.array_equal(pattern[:, kind], np.array(masks, float).reshape(n_masks, n_states)), n_masks
        assert np.array_equal(kind, lexicographic(n_states, masks)) and kind.max() + 1 == pattern.shape[1]


def test_wants_drawn_for_one_case_are_not_taken_for_another(doubt):
    case, _ = doubt
    firm = with_file(case, claims={**case.file.claims, "told": case.file.claims["firm"]})
    told = [drawn_wants(each, "a", 200, 1).there[0][:, 1].mean() for each in (case, firm, case)]
    assert told[0] == told[2] < told[1] == 1.0


@spread("seed", range(0, 20, 3))
def test_one_draw_of_very_many_states_is_ranked_as_one_of_few(monkeypatch, seed):
    case = read_text(plain_conflict(seed).text())
    few = conflict(case).worth.rank
    monkeypatch.setattr("bestand.graph.worth.MOST_STATES", 0)
    assert np.array_equal(conflict(case).worth.rank, few)
