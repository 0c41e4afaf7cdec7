"""Settlements, fallbacks and demands worked out by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest

from bestand.bargain import hitting_sets
from bestand.bargain.cores import concessions
from bestand.bargain.demands import demands
from bestand.bargain.frontier import frontier, frontier_of
from bestand.bargain.hitting_sets import hitting
from bestand.bargain.solutions import settle
from bestand.case.read import read_text
from bestand.graph.conflict import conflict

GIVEN = np.arange(121) / 10
"""What the first of two gets of a pie of twelve; the second makes twice as much of what is left."""


@pytest.mark.parametrize(("rule", "power", "first"), [
    ("nash", {}, 6.0),  # x (24 − 2 x) is largest
    ("nash", {"party 1": 2.0}, 8.0),  # x² (24 − 2 x)
    ("nash", {"party 2": 2.0}, 4.0),  # x (24 − 2 x)²
    ("kalai_smorodinsky", {}, 6.0),  # x / 12 = (24 − 2 x) / 24
    ("kalai_smorodinsky", {"party 1": 2.0}, 8.0),  # x / 24 = (24 − 2 x) / 24
    ("kalai_smorodinsky", {"party 2": 2.0}, 4.0),  # x / 12 = (24 − 2 x) / 48
    ("egalitarian", {}, 8.0),  # x = 24 − 2 x
    ("egalitarian", {"party 1": 2.0}, 9.6),  # x / 2 = 24 − 2 x
    ("egalitarian", {"party 2": 2.0}, 6.0),  # x = (24 − 2 x) / 2
    ("utilitarian", {}, 0.0),  # x + 24 − 2 x
    ("utilitarian", {"party 1": 3.0}, 12.0),  # 3 x + 24 − 2 x
])  # fmt: skip
def test_a_pie_is_divided_as_the_rule_and_the_powers_say(rule, power, first):
    picked = settle(frontier_of(np.array([GIVEN, 24 - 2 * GIVEN]), fallback=[0, 0]), rule=rule, power=power or None)
    assert picked.worth.tolist() == pytest.approx([first, 24 - 2 * first]) and not picked.left_out


@pytest.mark.parametrize(("rule", "ties", "refined"), [("egalitarian", [0, 1, 2], [2]), ("kalai_smorodinsky", [1], [1])])
def test_of_what_gives_the_worst_off_as_much_the_one_is_taken_that_gives_the_next_more(rule, ties, refined):
    """Gains are 1 1 6, 1 2 3 and 2 4 1; the ideals 2, 4 and 6.

    Everybody gets 1 at least in all three; the second least is 1, 2 and 2, the third 6, 3 and 4: the last one. In shares of the
    ideals the least are a quarter, a half and a sixth: the second one, of which nothing ties."""
    found = frontier_of(np.array([[1.0, 1.0, 2.0], [1.0, 2.0, 4.0], [6.0, 3.0, 1.0]]), fallback=[0, 0, 0])
    assert settle(found, rule=rule).outcomes.tolist() == ties and settle(found, rule=rule, refine="leximin").outcomes.tolist() == refined


DEAL = """
bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x, assumed: x}, b.y: {is: y, assumed: x}}
wants:
  a: [{that: b.y, worth: 3, assumed: x}, {that: not a.x, worth: 1, assumed: x}]
  b: [{that: a.x, worth: 2, assumed: x}, {that: not b.y, worth: 1, assumed: x}]
"""


@pytest.mark.parametrize(("fallback", "away"), [
    ("now", [1, 1]),
    ("a.x=no, b.y=yes", [4, 0]),
    ("a.x=yes, b.y=yes", [3, 2]),
    (["a.x=no, b.y=yes", "a.x=yes, b.y=yes"], [3, 0]),
    (["a.x=yes, b.y=no", "a.x=yes, b.y=yes"], [0, 2]),
    ({"a": ["a.x=no, b.y=yes", "a.x=yes, b.y=yes"], "b": ["now"]}, [3, 1]),
])  # fmt: skip
def test_where_several_states_are_fallen_back_on_each_falls_back_on_its_worst(fallback, away):
    """Worth of (x, y) to A and B: 1 1 at no no, 0 3 at yes no, 4 0 at no yes, 3 2 at yes yes."""
    asked = conflict(read_text(DEAL), scale="cardinal")
    assert frontier(asked, fallback=fallback).fallback.tolist() == away
    if not isinstance(fallback, dict):
        floors = {each.party: each.least for each in demands(asked, which="red lines and fallback", fallback=fallback)}
        assert [floors["a"], floors["b"]] == away


BARRED = """
bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x, assumed: x}, b.y: {is: y, assumed: x}, b.z: {is: z, assumed: x}}
wants:
  a: [{that: not a.x, red_line: yes, assumed: x}]
  b: [{that: not b.y, assumed: x}, {that: not b.y or b.z, assumed: x}, {that: not b.z, assumed: x}]
"""


@pytest.mark.parametrize("route", ["enumerate", "solver"])
def test_a_concession_that_crosses_no_red_line_comes_first_however_much_else_it_takes(route):
    """Either A gives up its one demand, a red line, or B its first with one of the others: with y goes z, or does not."""
    made = concessions(conflict(read_text(BARRED)), which="every want", that="a.x or b.y", route=route)
    told = [{(made.demands[k].party, made.demands[k].words) for k in each} for each in made.sets]
    assert [sorted({party for party, _ in each}) for each in told] == [["b"], ["b"], ["a"]]
    assert [len(each) for each in told] == [2, 2, 1] and all(made.demands[made.sets[n][0]].kind != "red line" for n in (0, 1))


@pytest.mark.parametrize("sets", [
    ["ab", "bc"], ["ab", "cd"], ["abd", "bce"], ["abc", "ade", "bdf"], ["a", "ab", "bc", "cd"], ["ab", "bc", "cd", "de", "ea"], ["abcdef"], ["abc", "bcd", "cde", "def", "aef"],
], ids=" ".join)  # fmt: skip
def test_minimal_hitting_sets_are_those_of_all_subsets_tried_one_by_one(sets):
    bits = [sum(1 << "abcdef".index(each) for each in one) for one in sets]
    hits = [s for s in range(1 << 6) if all(s & each for each in bits)]
    minimal = [s for s in hits if not any(other != s and other & s == other for other in hits)]
    told, complete = hitting(bits, 6, 100)
    assert (sorted(told), complete) == (sorted(minimal), True) and [s.bit_count() for s in told] == sorted(s.bit_count() for s in told)
    for most in range(1, len(minimal)):
        told, complete = hitting(bits, 6, most)
        assert set(told) <= set(minimal) and len(set(told)) == most and not complete
        assert [s.bit_count() for s in told] == sorted(s.bit_count() for s in minimal)[:most]
    told, complete = hitting(bits, 6, 100, seconds=0)  # not all at once, but size by size
    assert (sorted(told), complete) == (sorted(minimal), True) and [s.bit_count() for s in told] == sorted(s.bit_count() for s in minimal)


def test_all_hitting_sets_are_looked_for_no_longer_than_is_allowed(monkeypatch):
    r = random.Random(5)
    bits, sizes, minimal = [sum(1 << k for k in r.sample(range(40), 6)) for _ in range(60)], [], hitting_sets.kernels.minimal

    def counted(rows):
        kept = minimal(rows)
        sizes.append(len(kept))
        return kept

    monkeypatch.setattr(hitting_sets.kernels, "minimal", counted)
    told, complete = hitting(bits, 40, 500, seconds=0.01)
    work = [size**2 for size in sizes]
    assert 0.001 * hitting_sets.COMPARED < sum(work[:-1]) <= 0.01 * hitting_sets.COMPARED < sum(work)
    assert len(set(told)) == 500 and not complete and [s.bit_count() for s in told] == sorted(s.bit_count() for s in told)
    for s in told:
        assert all(s & each for each in bits) and not any(all(s & ~(1 << k) & each for each in bits) for k in range(40) if s >> k & 1)
