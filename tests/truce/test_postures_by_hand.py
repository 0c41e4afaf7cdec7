"""What postures put in place, read off a small case: what settings bring, which are within means, and whether peacekeepers stand."""

from __future__ import annotations

import numpy as np
import pytest

import bestand
from bestand.study.truces import truce_answers
from tests.hostile.test_options import CASE

APART = (
    CASE.replace("b.stands: {is: y, settings: [gone, there], assumed: t}", """b.stands: {is: y, settings: [gone, there], now: NOW, assumed: t}
  b.fires: {is: z, assumed: t}
  a.backs: {is: w, now: yes, assumed: t}""")
    .replace("backstop: {lever: b.stands, strength: {gone: 0, there: 1}", "backstop: {lever: a.backs, strength: {no: 0, yes: 1}")
    .replace("  hub: {name: H, lever: b.stands, arrival_factor: {there: 2}, assumed: t}\n", "")
    .replace("  strategies: {s1: {is: S, assumed: t, sets: {b.stands: there}}}\n", "")
)  # fmt: skip
"""The guards stand by one lever and the backstop by another."""


def compared(text, **options):
    asked = bestand.conflict(bestand.read_text(text.replace("NOW", "gone")))
    return bestand.postures(asked, start="truce", truce="truce", months=[3, 12], **options)


def test_a_setting_that_is_not_named_brings_nothing():
    named = APART.replace("troops_k: {there: 20}", "troops_k: {gone: 0, there: 20}")
    bare = named.replace("troops_k: {gone: 0, there: 20}", "troops_k: {there: 20}").replace("strength: {no: 0, yes: 1}", "strength: {yes: 1}")
    assert bare != named
    one, other = compared(bare), compared(named)
    assert [each.name for each in one.results] == [each.name for each in other.results]
    for mine, its in zip(one.results, other.results, strict=True):
        np.testing.assert_array_equal(mine.alive, its.alive)
        np.testing.assert_array_equal(mine.ratio, its.ratio)
    assert (one.subsets, one.front) == (other.subsets, other.front)
    least = next(each for each in one.results if each.sets == {"b.stands": "gone", "a.backs": "no"} and not each.leaves)
    assert least.ratio == pytest.approx(1.0)  # it is what ratios are taken against


@pytest.mark.parametrize(("capacity", "within"), [(59.0, {"gone"}), (61.0, {"gone", "there"})])
def test_only_postures_that_can_be_kept_up_stand_in_front(capacity, within):
    """Twenty thousand troops with a rotation of three take sixty thousand; they make the truce last longer, so that neither beats the other."""
    made = compared(APART, capacity={"b": capacity})
    assert {made.results[place].sets["b.stands"] for place in made.front} == within
    assert {each.sets["b.stands"] for each in made.results if each.affordable[0]} == within
    strongest = [each.backstop for each in made.results]
    assert strongest == sorted(strongest, reverse=True) and set(strongest) == {"no", "yes"}  # the strongest backstop first


@pytest.mark.parametrize("sizes", ["{there: 20}", "{gone: 0, there: 20}"])
@pytest.mark.parametrize(("truce", "now", "ratio"), [
    ("not a.attacks", "there", 0.427),
    ("not a.attacks", "gone", 1.0),
    ("not a.attacks and not b.fires", "there", 1.0),
])  # fmt: skip
def test_peacekeepers_are_troops_of_somebody_who_has_no_part_in_the_truce(sizes, truce, now, ratio):
    """Of the class nobody kept the peace: with the troops of a party that neither makes nor breaks the truce it lasts as Fortna found, hazard 0.427."""
    text = APART.replace("troops_k: {there: 20}", f"troops_k: {sizes}").replace("truce: not a.attacks}", f"truce: {truce}}}").replace("NOW", now)
    made, why = truce_answers(bestand.read_text(text), draws=1)
    assert why == "" and made.best.sets["b.stands"] == now
    assert made.past.ratio[made.past.parts.index("empirical")][0] == pytest.approx(ratio)
