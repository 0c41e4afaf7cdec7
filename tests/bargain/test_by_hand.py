"""Settlements, fallbacks and demands worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.bargain.demands import demands
from bestand.bargain.frontier import frontier, frontier_of
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
