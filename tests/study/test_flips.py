"""Which change turned which conclusion is what one finds by making every set of changes by hand."""

from __future__ import annotations

import pytest

from bestand.case.read import read, read_text
from bestand.changes.between import between, mended
from bestand.changes.diff import as_written
from bestand.errors import AskError
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict
from bestand.study.conclusions import concluded
from bestand.study.flips import flips
from tests.depth import spread
from tests.edited_cases import case_of
from tests.oracle.subsets import smallest_making, smallest_undoing, subsets
from tests.two_versions import edited

TEXT = """bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}}
terms: {both: a.x and b.y}
wants:
  a: [{that: b.y, assumed: t}, {that: not a.x, assumed: t}]
  b: [{that: not b.y, assumed: t}]
"""


@spread("seed", [0, *range(2, 9)], first=2)  # of 1 no version has a present state
def test_sets_that_turn_a_conclusion_are_those_found_by_making_every_set_of_edits(seed):
    made = edited(seed, 4)
    old, new = made.case(()), made.case(made.edits)
    found = flips(old, new, goal="t0")
    both = between(old, new)
    names = {group: made.name_of(both, group) for group in range(len(both.groups))}
    known = {chosen: concluded(conflict(made.case(chosen)), "t0") for chosen in subsets(list(names.values()))}
    first, last = known[frozenset()], known[frozenset(names.values())]
    assert {(each.kind, each.about) for each in found.flips} == {key for key in last if key in first and first[key] != last[key]}
    for each in found.flips:
        assert each.whole
        value = lambda chosen, key=(each.kind, each.about): known[chosen].get(key)  # noqa: E731
        assert {frozenset(names[group] for group in chosen) for chosen in each.made} == smallest_making(list(names.values()), value)
        assert {frozenset(names[group] for group in chosen) for chosen in each.undone} == smallest_undoing(list(names.values()), value)


@spread("seed", range(8))
def test_a_case_between_two_versions_says_what_one_edited_by_hand_says(seed):
    made = edited(seed + 100, 4)
    both = between(made.case(()), made.case(made.edits))
    for chosen in subsets(range(len(both.groups))):
        case = both.case(chosen)
        assert case is not None
        assert as_written(case) == as_written(made.case([made.name_of(both, group) for group in chosen]))


def test_two_changes_that_only_together_turn_a_conclusion_are_one_set():
    new = TEXT.replace("that: not a.x", "that: a.x").replace("that: not b.y", "that: b.y")
    found = flips(read_text(TEXT), read_text(new))
    (both,) = [each for each in found.flips if (each.kind, each.about) == ("term_rests", "both")]
    assert (both.before, both.after, both.made) == (False, True, ((0, 1),))
    assert both.undone == ((0,), (1,))


def test_a_lever_and_the_wants_that_name_it_are_made_together():
    new = TEXT.replace("b.y: {is: y, assumed: t}", "b.y: {is: y, assumed: t}, b.z: {is: z, assumed: t}").replace("wants:", "wants:").replace(
        "{that: not b.y, assumed: t}", "{that: b.z, assumed: t}, {that: not b.y, assumed: t}"
    )
    both = between(read_text(TEXT), read_text(new))
    assert [tuple(change.at for change in both.told(k)) for k in range(len(both.groups))] == [("levers.b.z", "wants.b[0]")]
    assert mended(both) == both


def test_a_name_that_changed_turns_nothing_and_the_rest_is_compared_by_the_new_name():
    new = TEXT.replace("both:", "all:").replace("that: not a.x", "that: a.x")
    found = flips(read_text(TEXT), read_text(new))
    assert [change.kind for change in found.changes] == ["renamed", "edited"]
    assert all(each.about != "both" for each in found.flips) and found.groups == ((1,),)


def test_words_and_claims_are_told_and_not_tried():
    found = flips(read_text(TEXT), read_text(TEXT.replace("is: x", "is: ex")))
    assert (len(found.changes), found.flips, found.left) == (1, (), 1)


def test_without_time_what_was_not_tried_is_said():
    made = edited(3, 6)
    ticks = iter(range(1_000_000))
    found = flips(made.case(()), made.case(made.edits), goal="t0", budget=Budget(seconds=2.0, clock=lambda: float(next(ticks))))
    assert found.flips and not any(each.whole for each in found.flips)
    assert "not every set" in str(found)


def test_versions_that_have_not_the_same_view_are_refused():
    old = read("example/en")
    plain = as_written(old)
    plain["levers"]["upper.extra"] = {"is": "something more", "assumed": "for the test"}
    plain["views"]["wide"] = {"vary": ["upper.extra"]}
    with pytest.raises(AskError, match="study/not-asked"):
        flips(old, case_of(plain), view="wide")
