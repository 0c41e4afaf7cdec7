"""A want of a negative worth is the wish for the opposite: by rank, by size, played forward, in deals and in draws."""

from __future__ import annotations

import numpy as np
import pytest

from bestand import agreements, check, conflict, read, stability
from bestand.case.read import read_text
from bestand.case.write import expanded_text
from bestand.errors import CaseError
from bestand.truce.ahead import play
from tests.case.test_field import FIELD

HEAD = "bestand: 1\ntitle: fees\nparties: {club: {name: Club}, town: {name: Town}}\n"
LEVERS = "levers: {club.plays_on: {is: plays on, now: yes}, town.fines: {is: fines, settings: [none, low, high], now: low}, town.opens: {is: opens the ground}}\n"
COST = "{that: town.fines >= low, is: fines, worth: {value: -4, range: [-6, -1], assumed: x}}"
WISH = "{that: not (town.fines >= low), worth: {value: 4, range: [1, 6], assumed: x}}"
REST = (
    "wants:\n  club: [%s, {that: club.plays_on, worth: 3}, {that: town.opens, worth: {value: 1, range: [0.5, 5], assumed: x}}]\n"
    "  town: [{that: club.plays_on implies town.fines = high, worth: 3}, {that: not town.opens, worth: 1}]\n"
)


def case_of(want: str):
    return read_text(HEAD + LEVERS + REST % want)


@pytest.mark.parametrize("scale", ["ordinal", "cardinal"])
def test_cost_and_wish_for_the_opposite_are_one_want_on_both_scales_and_in_every_draw(scale):
    cost, wish = (conflict(case_of(want), draws=60, seed=3, scale=scale) for want in (COST, WISH))
    assert (cost.worth.rank == wish.worth.rank).all()
    if scale == "cardinal":
        assert np.allclose(cost.worth.value, wish.worth.value)
        assert (agreements(cost).deal == agreements(wish).deal).all()
        one, other = ([round(each.chance, 9) for each in play(asked, months=3).next_choices()] for asked in (cost, wish))
        assert one == other


def test_the_case_of_a_costly_attack_rests_without_it_in_every_reading():
    asked = conflict(read(FIELD / "03-negative-worth-inverted.yaml"))
    resting = stability(asked, concepts=("seq", "nash")).equilibria("nash")
    assert [asked.graph.at(int(state))["a.attacks"] for state in resting] == ["no"]
    sized = asked.on_scale("cardinal")
    assert {sized.graph.at(int(state))["a.attacks"] for state in stability(sized, concepts=("nash",)).equilibria("nash")} == {"no"}
    assert {sized.graph.at(int(state))["a.attacks"] for state in agreements(sized).states()} == {"no"}


def test_it_is_found_where_it_stands_and_written_out_without_it():
    case = case_of(COST)
    assert [(each.code, each.place.at) for each in check(case).findings if "worth" in each.code] == [("check/negative-worth", "wants.club[0]")]
    again = read_text(expanded_text(case))
    assert again.file == case.file and "check/negative-worth" not in {each.code for each in check(again).findings}


def test_a_cost_that_is_framed_counts_only_while_it_is_framed_so():
    framed = "incidents: {row: {is: a row, framings: [{by: town, as: fair, lever: town.opens, shifts: {club: [fines]}}]}}\n"
    asked = conflict(read_text(HEAD + LEVERS + REST % COST + framed))
    rank = asked.rank_of("club")[0]
    minds = {opens: rank[asked.state({"town.opens": opens, "town.fines": "none"})] - rank[asked.state({"town.opens": opens, "town.fines": "high"})] for opens in ("no", "yes")}
    assert minds["no"] == 0 < minds["yes"]


def test_a_limit_cannot_be_a_cost():
    with pytest.raises(CaseError, match="a red line with a negative worth"):
        case_of(COST.replace("worth:", "red_line: true, worth:"))
