"""Draws that go where the error is largest: each group gets the first of one row of draws, and stops when it may."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.case.read import read
from bestand.errors import AskError
from bestand.graph.apart import gathered_apart
from bestand.graph.budget import Budget, gathered
from bestand.graph.conflict import conflict


@pytest.fixture(scope="module")
def valley():
    return conflict(read("example/en"))


class Ticking:
    """A clock that stands still until work is done, and goes on by what that takes."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def ask(self, spread: float, seconds: float):
        """Answers that depend on the draws' seed and number alone, in chances that differ by `spread`."""

        def answer(drawn):
            self.now += seconds * drawn.draws
            row = np.random.default_rng(drawn.seed).random((drawn.draws, 1))
            row[0] = 0.5  # draw 0, the case as it stands, stands in every block
            return {"a": 0.5 + spread * (row - 0.5), "b": 0.5 + spread * (row - 0.5) / 2}

        return answer


def shown(arrays):
    return [*arrays.values(), arrays["a"] - arrays["b"]]


def test_the_next_draws_go_to_the_group_that_differs_most_and_all_end_within_the_error(valley):
    clock = Ticking()
    spreads = {"wide": 1.0, "narrow": 0.2, "none": 0.0}
    found, sampling, pace = gathered_apart(
        valley, Budget(error=0.02, seconds=100.0, clock=clock), {name: clock.ask(spread, 0.01) for name, spread in spreads.items()},
        seconds=dict.fromkeys(spreads, 0.02), shown=shown,
    )  # fmt: skip
    draws = {name: len(arrays["a"]) for name, arrays in found.items()}
    assert sampling.reached and sampling.error <= 0.02 and sampling.draws == min(draws.values()) >= 50
    assert draws["wide"] > 3 * draws["narrow"] == 3 * draws["none"] and clock.now < 100
    assert pace == pytest.approx(0.5, rel=0.2)
    wide, none = ((found[name]["a"] - 0.5) / spreads[name] for name in ("wide", "narrow"))
    assert np.allclose(wide[: len(none)], none), "the draws of one group are the first of another's"
    assert (wide == 0.0).sum() == 1, "the case as it stands counts once"


def test_no_block_is_begun_that_does_not_fit_into_the_time(valley):
    clock = Ticking()
    found, sampling, _ = gathered_apart(
        valley, Budget(error=0.001, seconds=5.0, clock=clock), {1: clock.ask(1.0, 0.02), 2: clock.ask(0.9, 0.02)}, seconds={1: 0.02, 2: 0.02}, shown=shown,
    )  # fmt: skip
    assert not sampling.reached and 3.0 < clock.now <= 5.0
    assert {len(arrays["b"]) for arrays in found.values()} <= {54, 117, 180}
    with pytest.raises(AskError, match="graph/too-long"):
        gathered_apart(valley, Budget(seconds=1.0, clock=clock), {1: clock.ask(1.0, 1.0)}, seconds={1: 1.0}, shown=shown)


def test_without_a_budget_just_the_draws_of_the_conflict_are_asked_as_together(valley):
    clock, few = Ticking(), valley.draw(7, seed=3)
    found, sampling, _ = gathered_apart(few, None, {"x": clock.ask(1.0, 0.0)}, seconds={"x": 1.0}, shown=shown)
    whole, other = gathered(few, None, clock.ask(1.0, 0.0), seconds=1.0, shown=shown)
    assert all(np.array_equal(found["x"][key], whole[key]) for key in whole)
    assert sampling == other and sampling.draws == 7


@pytest.mark.parametrize(("seconds", "over"), [(0.01, 0), (2.0, 6), (1.5, 0)])
def test_time_that_was_overrun_is_said(valley, seconds, over):
    """The fewest draws may take longer than was reckoned, and than is allowed, on a slow machine; a fifth more is not worth a word."""
    clocks, wide = (Ticking(), Ticking()), {"error": 0.4, "seconds": 10.0}
    _, one = gathered(valley, Budget(**wide, clock=clocks[0]), clocks[0].ask(1.0, seconds), seconds=0.01, shown=shown)
    _, apart, _ = gathered_apart(valley, Budget(**wide, clock=clocks[1]), {"it": clocks[1].ask(1.0, seconds)}, seconds={"it": 0.01}, shown=shown)
    for sampling in (one, apart):
        assert sampling.over == (pytest.approx(over, abs=0.01) if over else 0)
        assert ("this took 6 s longer than the time allowed" in sampling.notes()) == (over > 0)


def rare(share: float, power: float):
    """Chances of which a share are one, and the others a power of a uniform number: their mean, and answers over draws."""

    def answer(drawn):
        rng = np.random.default_rng(drawn.seed)
        row = np.where(rng.random((drawn.draws, 1)) < share, 1.0, rng.random((drawn.draws, 1)) ** power)
        row[0] = 0.0
        return {"a": row}

    return share + (1 - share) / (power + 1), answer


@pytest.mark.parametrize("together", [True, False], ids=["gathered", "apart"])
@pytest.mark.parametrize(("share", "power"), [(0.0, 1.0), (0.0, 5.0), (0.0, 30.0), (0.02, 1000.0), (0.01, 1000.0), (0.0, 1000.0)])
def test_what_is_told_to_be_within_a_point_is_that_as_often_as_an_error_promises(valley, share, power, together):
    """Two standard errors hold in 95 of 100, and one in 68, however lopsided: few draws that are alike are not believed."""
    mean, answer = rare(share, power)
    off, n = [], 300
    for seed in range(n):
        asked, budget = valley.draw(16, seed=seed), Budget(error=0.02, seconds=1e6)
        if together:
            arrays, sampling = gathered(asked, budget, answer, seconds=1e-6, shown=lambda arrays: [arrays["a"]])
        else:
            groups, sampling, _ = gathered_apart(asked, budget, {1: answer}, seconds={1: 1e-6}, shown=lambda arrays: [arrays["a"]])
            arrays = groups[1]
        assert sampling.reached and sampling.draws == len(arrays["a"])
        off.append(abs(float(arrays["a"].mean()) - mean) / budget.error)
    by_chance = 2 * np.sqrt([0.32 * 0.68 / n, 0.046 * 0.954 / n])
    assert np.mean(np.array(off) <= 1) >= 0.683 - by_chance[0] and np.mean(np.array(off) <= 2) >= 0.954 - by_chance[1]


def test_few_draws_that_are_alike_promise_no_more_than_what_they_may_have_missed(valley):
    _, sampling = gathered(valley.draw(8), None, lambda drawn: {"a": np.zeros((drawn.draws, 1))}, seconds=1.0, shown=lambda arrays: [arrays["a"]])
    assert sampling.error == 1 / 8 and "at most 12 points" in sampling.notes()[0]
    _, more = gathered(valley.draw(8), Budget(seconds=1e6), lambda drawn: {"a": np.zeros((drawn.draws, 1))}, seconds=1.0, shown=lambda arrays: [arrays["a"]])
    assert more.reached and 100 <= more.draws < 200


def test_what_takes_no_time_at_all_is_not_tried_out_even_where_none_is_left():
    assert Budget(seconds=0.0, clock=lambda: 0.0).paced(0.0, lambda clock: pytest.fail("tried out")) == 0.0
