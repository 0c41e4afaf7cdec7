"""Rankings and changes of wants counted by hand."""

from __future__ import annotations

from fractions import Fraction
from math import factorial

import pytest

from bestand.case.read import read_text
from bestand.graph.conflict import conflict
from bestand.negotiate.inverse import inverse
from bestand.negotiate.unlock import unlock

CHAIN = """
bestand: 1
title: A chain
parties: {a: {name: A}, b: {name: B}, c: {name: C}}
states: {s0: {is: now}, s1: {is: A has moved}, s2: {is: B has answered}, s3: {is: C has answered B}}
graph: {now: s0, moves: {a: [[s0, s1]], b: [[s1, s2]], c: [[s2, s3]]}}
ranking: {a: [s1, s2, s3, s0], b: [s0, s1, s2, s3], c: [s0, s1, s2, s3]}
"""


@pytest.mark.parametrize(("concept", "share", "below"), [
    ("nash", Fraction(1, 2), [{"s1"}]),  # s1 below s0
    ("gmr", Fraction(3, 4), [{"s1"}, {"s2"}, {"s3"}]),  # not all three above s0
    ("seq", Fraction(1, 2), [{"s1"}]),  # as nash: nobody gains by an answer, so that none is believed
])  # fmt: skip
def test_the_rankings_under_which_a_move_is_not_made_are_counted_along_all_answers(concept, share, below):
    """A may move, B may answer, and C may answer B: any of the three states may be what A fears."""
    asked = conflict(read_text(CHAIN))
    found = inverse(asked, state="s0", party="a", concept=concept, moves="paying")
    assert (Fraction(found.count, found.total), found.total) == (share, factorial(4))
    assert [{asked.graph.names[s] for s in each} for each in found.below] == below


WEIGHED = """
bestand: 1
title: One who weighs
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}}
wants: {a: [{that: not a.x, worth: 2, assumed: t}, {that: a.x, worth: 1, assumed: t}], b: [{that: not b.y, worth: 1, assumed: t}]}
"""


@pytest.mark.parametrize(("weight", "changes"), [
    (0.5, [("drop", "not a.x")]),
    (1.0, [("drop", "not a.x")]),  # 2 against 2: nobody moves for nothing
    (1.5, [("drop", "not a.x"), ("penalty", "not a.x"), ("promise", "a.x")]),
])  # fmt: skip
def test_what_one_who_weighs_must_be_given_is_more_than_what_it_loses(weight, changes):
    """A loses 2 and gains 1 by it: it does it where the first no longer counts, or for more than 1."""
    asked = conflict(read_text(WEIGHED), scale="cardinal")
    found = unlock(asked, goal="a.x", most=1, weight=weight, offers=[])
    assert sorted((each.kind, each.that) for row in found.sets for way in (row.changes, *row.alike) for each in way) == changes
