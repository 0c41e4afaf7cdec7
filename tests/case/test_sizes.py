"""Sizes of wants of which only the order is known: they agree with the order, and answers say how far they hang on them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from bestand import conflict, forecast, frontier, indicators, read, read_text, scenarios, settle
from bestand.case.lines import with_file
from bestand.case.loaded import Case
from bestand.case.sizes import by_order, drawn_sizes, middle_share, middle_sizes, parties_only_ordered, shares_of_sizes, sizes_by_shares
from bestand.case.template import new
from bestand.errors import AskError
from bestand.explore.applied import drawn_columns
from bestand.explore.openings import columns_of
from bestand.explore.space import space
from bestand.explore.tipping import tipping
from bestand.graph.budget import Budget
from bestand.graph.draws import drawn_wants
from bestand.study.indicators import sizes_told
from bestand.study.measures import bearing, measure
from bestand.study.versions import SETS, as_version, versions
from tests.depth import more_in_depth, tried
from tests.oracle.sizes import agrees, corner

TEXT = """bestand: 1
title: A siege
as_of: "2031-03-06"
sizes: drawn
parties: {a: {name: A}, b: {name: B, types: {mild: 0.5, hard: 0.5}}, c: {name: C}}
levers:
  a.opens: {is: A opens the road, now: no, assumed: x}
  a.shells: {is: A shells the town, now: yes, assumed: x}
  b.frees: {is: B frees the prisoners, now: no, assumed: x}
  c.watches: {is: C sends observers, now: no, assumed: x}
  c.sings: {is: C sings, now: no, assumed: x}
wants:
  a: [{that: b.frees, assumed: x}, {that: not a.opens, assumed: x}, {that: not a.shells, assumed: x}]
  b:
    mild: [{that: a.opens, assumed: x}, {that: not b.frees, assumed: x}]
    hard: [{that: not b.frees, assumed: x}, {that: a.opens, assumed: x}]
  c: [{that: a.opens, worth: 2, assumed: x}, {that: c.watches, worth: 1, assumed: x}]
"""


@pytest.fixture(scope="module")
def siege() -> Case:
    return read_text(TEXT)


def given(case: Case) -> Case:
    return with_file(case, sizes="stated")


@pytest.mark.parametrize("n", range(1, 7))
def test_the_corners_are_those_of_the_definition(n: int) -> None:
    assert np.allclose(shares_of_sizes(n), [[float(size) for size in corner(n, k)] for k in range(n)], atol=1e-15)


@more_in_depth
@pytest.mark.parametrize("n", range(1, 6))
def test_every_draw_agrees_with_the_order(n: int) -> None:
    held = list(itertools.product([False, True], repeat=n))
    for sizes in drawn_sizes(n, tried(40), np.random.default_rng(n)):
        assert agrees(sizes.tolist(), held) and sizes.sum() == pytest.approx(1)
    assert agrees(middle_sizes(n).tolist(), held)


def test_draws_lie_around_the_middle() -> None:
    drawn = drawn_sizes(4, 4_000, np.random.default_rng(0))
    assert np.allclose(drawn.mean(axis=0), middle_sizes(4), atol=0.01)
    assert drawn[:, 0].min() < 0.52 and drawn[:, 0].max() > 0.9  # from hardly more than all others together to nearly all


def test_sizes_go_with_the_order_of_each_draw() -> None:
    place = np.array([[0.0, 1.0, 2.0], [2.0, 0.5, 1.0]])
    there = np.array([[True, True, True], [True, True, False]])
    assert by_order(np.array([0.6, 0.3, 0.1]), place, there).tolist() == [[0.6, 0.3, 0.1], [0.1, 0.6, 0.0]]


@more_in_depth
def test_worths_rank_states_as_the_order_does_in_every_draw(siege: Case) -> None:
    asked = conflict(siege, draws=max(15, tried(60)), vary=("types", "presence", "order", "numbers"))
    sized, ranked = asked.worths("cardinal"), asked.worths("ordinal")
    assert sized.value is not None and (sized.rank[:, :2] == ranked.rank[:, :2]).all()
    assert np.ptp(sized.value[:, 0].max(axis=1)) >= 0 and len({tuple(np.unique(each)) for each in sized.value[:, 0].round(9)}) > 10


def test_sizes_that_are_given_are_not_touched(siege: Case) -> None:
    assert parties_only_ordered(siege.file) == ("a", "b")
    value = conflict(siege, draws=5, vary=("numbers",)).worths("cardinal").value
    assert value is not None and set(np.unique(value[:, 2])) == {0.0, 1.0, 2.0, 3.0}


def test_without_the_word_sizes_are_refused_and_the_way_out_is_told(siege: Case) -> None:
    with pytest.raises(AskError, match="sizes: drawn") as refused:
        forecast(conflict(given(siege)))
    assert refused.value.code == "worth/ordinal"


def test_a_list_with_some_sizes_is_refused_all_the_same() -> None:
    case = read_text(TEXT.replace("{that: b.frees, assumed: x}", "{that: b.frees, worth: 3, assumed: x}"))
    with pytest.raises(AskError, match=r"'not a\.opens' has no `worth`"):
        _ = conflict(case).sized


def test_nothing_changes_where_wants_are_only_ranked(siege: Case) -> None:
    one, other = conflict(siege, draws=20), conflict(given(siege), draws=20)
    assert (one.worths("ordinal").rank == other.worths("ordinal").rank).all()


def test_what_is_kept_of_a_list_of_wants_is_kept_for_what_the_case_says_of_sizes(siege: Case) -> None:
    stated = with_file(siege, sizes="stated")
    for case in (stated, siege, stated):
        assert np.isnan(drawn_wants(case, "a", 1, 0).weight[0]).all() == (case is stated)


def test_each_version_is_played_with_sets_of_sizes(siege: Case) -> None:
    asked = conflict(siege)
    played = versions(asked, ahead=2)
    assert played.n_sets == SETS and len(played.versions) == 2 * SETS and played.ordered == ("a", "b")
    assert played.prior.sum() == pytest.approx(1) and played.prior[played.of("b", "mild")].sum() == pytest.approx(0.5)
    first, other = (as_version(asked, {}, k).sized.value for k in (0, 5))
    assert first is not None and other is not None and not np.allclose(first[0, 0], other[0, 0]) and np.allclose(first[0, 2], other[0, 2])


def test_as_many_sets_are_played_as_are_reckoned_to_fit(siege: Case) -> None:
    few = versions(conflict(siege), ahead=2, budget=Budget(seconds=1.5e-4))
    assert few.n_sets == 1 and "the middle of all sizes" in few.notes()[-1]


def test_chances_are_means_over_the_sets_and_say_how_far_these_differ(siege: Case) -> None:
    played = versions(conflict(siege), ahead=2)
    each = np.array([0.2 if version.sizes else 0.9 for version in played.versions])
    assert played.over_sizes(played.prior, each) == pytest.approx((0.2, 0.9))
    foretold = forecast(conflict(siege), months=[2], ahead=2)
    assert "12 sets that agree with the order; that of" in foretold.basis["sizes of wants"]
    assert {each.of for each in foretold.questions} == {"a.opens", "a.shells", "b.frees", "c.watches"}
    assert foretold.basis["left out, as they matter to nobody"] == "c.sings"


def test_a_forecast_says_of_what_no_want_of_the_mover_speaks() -> None:
    case = read_text(TEXT.replace(", {that: not a.opens, assumed: x}", ""))
    assert forecast(conflict(case), months=[1], ahead=1).basis["no want of who moves it"].startswith("a.opens;")


def test_what_to_watch_and_courses_answer_without_sizes_and_without_terms(siege: Case) -> None:
    found, courses = indicators(conflict(siege), ahead=2), scenarios(conflict(siege), months=3, ahead=2)
    assert found.outcome == "a.opens" == courses.terms[0]
    assert found.between is not None and 0 <= found.between[0] < found.between[1] <= 1
    assert courses.between is not None and any("by the sizes of wants alone" in note for note in courses.notes())


def test_observations_weigh_the_sets_too() -> None:
    seen = 'observations: [{on: "2031-02-01", lever: a.shells, took: yes, assumed: x}, {on: "2031-03-01", lever: b.frees, took: yes, assumed: x}]\n'
    now = forecast(conflict(read_text(TEXT.replace("b.frees: {is: B frees the prisoners, now: no", "b.frees: {is: B frees the prisoners, now: yes") + seen)),
                   months=[1], ahead=2)  # fmt: skip
    assert now.basis["after"] == "what was seen"


def test_deals_take_the_middle_sizes_and_sweeps_too_where_none_is_open(siege: Case) -> None:
    assert settle(frontier(conflict(siege, scale="cardinal"))).outcomes.size
    swept = drawn_columns(siege, "a", {"place of wants.a[0]": np.array([1.0, 9.0])}, 2).weight[0]
    assert swept == pytest.approx(np.array([middle_sizes(3), middle_sizes(3)[[2, 0, 1]]]))


def test_a_new_case_draws_its_sizes() -> None:
    for language in ("en", "nl"):
        assert parties_only_ordered(read_text(new("T", language=language)).file) == ("a", "b")


def test_no_case_of_the_catalogue_has_sizes_that_it_does_not_give() -> None:
    for name in ("example/en", "ukraine/2025-04", "invented/mountain-road"):
        assert not parties_only_ordered(read(name).file)


@pytest.mark.parametrize("n_wants", range(1, 9))
def test_the_middle_shares_make_the_middle_sizes(n_wants: int) -> None:
    shares = np.array([[middle_share(below) for below in range(n_wants - 1, 0, -1)]])
    assert sizes_by_shares(shares)[0] == pytest.approx(middle_sizes(n_wants))


def test_a_sweep_draws_sizes_from_all_that_agree_with_the_order() -> None:
    """One opening for each place but the last; together they are drawn as a conflict draws its sizes, in mean and in spread."""
    case = read_text(TEXT)
    open_here = space(case, kinds=["number"])
    shares = [each for each in open_here.openings if each.at.endswith(".share")]
    assert [each.at for each in shares] == ["wants.a[0].share", "wants.a[1].share", "wants.b.mild[0].share", "wants.b.hard[0].share"]
    assert shares[0].words == "weight of place 1 in the order of A, of it and all below" and shares[3].words.endswith("B (hard), of it and all below")
    draws = 20_000
    columns = columns_of(shares, np.random.default_rng(5).random((draws, len(shares))))
    sizes = drawn_columns(case, "a", columns, draws).weight[0]
    held = list(itertools.product((False, True), repeat=3))
    assert all(agrees(row, held) for row in sizes[:200])
    plain = drawn_sizes(3, draws, np.random.default_rng(6))
    assert np.cov(sizes.T) == pytest.approx(np.cov(plain.T), abs=0.006) and sizes.mean(axis=0) == pytest.approx(middle_sizes(3), abs=0.02)
    assert drawn_columns(case, "c", columns, draws).weight[0][:2].tolist() == [[2, 1], [2, 1]]  # whose sizes the case gives


def test_what_hangs_on_sizes_alone_turns_in_a_sweep_and_what_asks_by_ranks_reads_none() -> None:
    """The road stays open longer where what A wants of B outweighs its wish to close it by more."""
    case = read_text(TEXT)
    assert not any(each.at.endswith(".share") for each in bearing(space(case), [measure(case, "rests a.opens")]).openings)
    whole = space(case).only("wants.a[0].share")
    lasting = measure(case, "holds-a-year a.opens")
    assert bearing(whole, [lasting]).openings == whole.openings
    level = tipping(case, whole, lasting).answer
    (tip,) = tipping(case, whole, lasting, at_least=1.1 * level).tips
    assert tip.at > tip.usual  # the want that speaks against it weighs less


def test_a_chance_that_hangs_on_no_size_is_said_to_be_one_number() -> None:
    assert sizes_told("peace", (0.531, 0.534)).endswith("the chance of peace is 53 %")
    assert sizes_told("peace", (0.49, 0.534)).endswith("between 49 % and 53 %")
