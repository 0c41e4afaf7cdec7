"""What parties reach only together: the plain definition on random conflicts, and two that would leave together."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.bargain.joint import joint
from bestand.case.read import read_text
from bestand.errors import BestandError
from bestand.graph.conflict import conflict
from tests.depth import in_depth
from tests.oracle import bargaining as plainly
from tests.oracle import random_cases

LEAVING = """
bestand: 1
title: two armies
parties: {a: {name: Alfa}, b: {name: Beta}, c: {name: Gamma}}
levers: {a.out: {is: Alfa leaves}, b.out: {is: Beta leaves}, c.pays: {is: Gamma pays, needs: {"yes": a.out and b.out}}}
wants:
  a: [{that: c.pays}, {that: b.out}, {that: not a.out}]
  b: [{that: a.out}, {that: not b.out}]
  c: [{that: a.out}, {that: c.pays}]
"""
LISTED = """
bestand: 1
title: listed states
parties: {a: {name: A}, b: {name: B}}
states: {s1: {is: one}, s2: {is: two}, s3: {is: three}}
graph: {moves: {a: [[s1, s2]], b: [[s2, s3]]}, now: s1}
ranking: {a: [s3, s1, s2], b: [s3, s2, s1]}
"""


def settings(asking, plain, state):
    """A state as the plain definition writes it."""
    return tuple(int(asking.at(state)[lever.name][1:]) for lever in plain.levers)


@in_depth
def test_every_joint_outcome_and_no_other_is_that_of_the_plain_definition():
    n_sets = n_checked = 0
    for seed in range(400):
        plain = random_cases.conflict(seed)
        asking = conflict(read_text(plain.text()))
        graph = asking.graph
        if graph.now is None:
            continue
        k = seed % len(plain.levers)
        out = [seed % plain.n_parties] if seed % 5 == 0 else []
        start = settings(asking, plain, graph.now)
        for that, least in ((None, 0), (f"{plain.levers[k].name} >= s1", 1)):
            expected = plainly.joint(plain, lambda s, k=k, least=least: s[k] >= least, start, out)
            together = joint(asking, that=that, excluding=out)
            signings = {
                frozenset(map(asking.party, each.parties)): {settings(asking, plain, int(s)) for s in each.states} for each in together.signings
            }
            assert signings == expected, (seed, that)
            n_sets, n_checked = n_sets + len(expected), n_checked + 1
    assert n_checked > 500 and n_sets > 50


def test_two_that_would_leave_only_together_do_so_with_a_witness():
    together = joint(conflict(read_text(LEAVING)), that="a.out and b.out")
    (signing,) = together.signings
    assert signing.parties == ("a", "b") and not together.alone.any() and together.n_together == 1
    first, second = signing.parts
    assert first.changes == {"a.out": ("no", "yes")} and first.alone == second.alone == "no gain alone"
    assert first.by_itself < first.now < first.then and second.by_itself < second.now < second.then
    assert "only together at once" in str(together) and "a.out=yes; b: b.out=yes" in str(together)


def test_what_a_setting_needs_may_come_with_the_same_signatures():
    together = joint(conflict(read_text(LEAVING)), that="c.pays")
    (signing,) = together.signings
    assert signing.parties == ("a", "b", "c") and {part.party: part.alone for part in signing.parts}["c"] == "may not be made alone"
    banned = LEAVING.replace("wants:", "never: [{that: a.out and not b.out}]\nwants:")
    parts = joint(conflict(read_text(banned)), that="a.out and b.out").signings[0].parts
    assert parts[0].alone == "cannot stand alone" and parts[0].by_itself is None


def test_larger_sets_are_counted_and_not_listed():
    together = joint(conflict(read_text(LEAVING)), that="a.out and b.out or c.pays")
    assert [each.parties for each in together.signings] == [("a", "b")] and together.larger == 1


def test_a_party_left_out_takes_no_part_and_what_each_does_alone_is_not_joint():
    asking = conflict(read_text(LEAVING))
    assert not joint(asking, that="a.out and b.out", excluding=["b"]).signings
    eager = LEAVING.replace("b: [{that: a.out}, {that: not b.out}]", "b: [{that: a.out}, {that: b.out}]")
    one_by_one = joint(conflict(read_text(eager)), that="a.out and b.out")
    assert not one_by_one.signings and not one_by_one.alone.any()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"that": "a.outt"}, "case/unknown-name"),
        ({"that": np.zeros(3, bool)}, "graph/bad-mask"),
        ({"that": "a.out", "start": "then"}, "graph/unknown-state"),
        ({"that": "a.out", "excluding": ["d"]}, "graph/unknown-party"),
        ({"that": "a.out", "draw": 1}, "bargain/unknown-draw"),
    ],
)
def test_questions_that_cannot_be_answered_say_why(asked, code):
    with pytest.raises(BestandError) as wrong:
        joint(conflict(read_text(LEAVING)), **asked)
    assert wrong.value.code == code


def test_listed_states_have_no_parts_to_join():
    listed = conflict(read_text(LISTED))
    with pytest.raises(BestandError, match="bargain/no-levers"):
        joint(listed, that=None)


def test_the_order_of_parties_and_levers_changes_no_signing():
    for seed in range(40):
        plain = random_cases.conflict(seed)
        text = plain.text()
        asking = conflict(read_text(text))
        if asking.graph.now is None:
            continue
        order = [f"  p{i}: {{name: P{i}}}" for i in range(plain.n_parties)]
        turned = conflict(read_text(text.replace("\n".join(order), "\n".join(reversed(order)))))
        one = {(frozenset(each.parties), frozenset(map(asking.label, map(int, each.states)))) for each in joint(asking, that=None).signings}
        other = {(frozenset(each.parties), frozenset(map(_sorted_label(asking, turned), map(int, each.states)))) for each in joint(turned, that=None).signings}
        assert one == other


def _sorted_label(asking, turned):
    return lambda s: asking.label(asking.state(turned.at(s)))


def test_more_parties_than_are_looked_at_together_are_refused(monkeypatch):
    monkeypatch.setattr("bestand.bargain.joint.MOST_PARTIES", 3)
    assert joint(conflict(read_text(LEAVING)), that="a.out").signings
    monkeypatch.setattr("bestand.bargain.joint.MOST_PARTIES", 2)
    with pytest.raises(BestandError, match=r"bargain/too-many-parties.*more than the 2"):
        joint(conflict(read_text(LEAVING)), that="a.out")
