"""Level and ratio together: the parts stand apart, the pool is their mixture, and what may not be claimed is printed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestand.errors import AskError
from bestand.evidence.spells import spells
from bestand.history.base_rates import base_rates
from bestand.history.combined import NOT_CLAIMED, PARTS, PEACEKEEPING, combine

GAME = np.exp(np.random.default_rng(0).normal(-0.3, 0.4, 500))
THIRDS = {"game": 0.3, "empirical": 0.5, "no difference": 0.2}


@pytest.fixture(scope="module")
def alone():
    return base_rates("civil-alone")


def test_each_part_is_the_level_raised_to_its_ratio(alone):
    found = combine(alone, GAME, cause_present=True, weights=THIRDS, years=[1, 2, 5])
    level = alone.survival([1, 2, 5])[0]
    assert found.level[0] == pytest.approx(level)
    assert found.survival[0, 0] == pytest.approx((level ** GAME[:, None]).mean(axis=0))
    assert found.survival[2, 0] == pytest.approx(level)
    assert found.pool[0] == pytest.approx(np.array([0.3, 0.5, 0.2]) @ found.survival[:3, 0])
    assert found.ratio[2].tolist() == [1, 1, 1]


def test_the_ratio_of_peacekeeping_keeps_its_published_interval(alone):
    found = combine(alone, weights={"empirical": 1}, cause_present=True, empirical=PEACEKEEPING)
    assert found.ratio[0] == pytest.approx([0.427, 0.20, 0.92], rel=0.02)
    assert found.pool == pytest.approx(found.survival[0], abs=1e-3)


def test_a_ratio_known_exactly_moves_every_limit_of_the_level_alike(alone):
    found = combine(alone, [0.5], weights={"game": 1.0}, years=[1, 5], draws=20_000)
    assert found.pool == pytest.approx(np.sqrt(np.array(alone.survival([1, 5]))), abs=0.01)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_pool_lies_between_its_parts_and_within_its_interval(seed):
    rng = np.random.default_rng(seed)
    share = rng.dirichlet([1, 1, 1])
    found = combine(base_rates("interstate-force"), GAME, cause_present=True, weights=dict(zip(PARTS, share, strict=True)), draws=500, rng=rng)
    means = found.survival[:3, 0]
    assert np.all((means.min(axis=0) - 1e-9 <= found.pool[0]) & (found.pool[0] <= means.max(axis=0) + 1e-9))
    assert np.all((found.survival[:, 1] <= found.survival[:, 0] + 1e-9) & (found.survival[:, 0] <= found.survival[:, 2] + 1e-9))
    assert np.all(np.diff(found.pool[0]) <= 0)


def test_the_pool_equals_a_draw_from_the_mixture_one_at_a_time(alone):
    found = combine(alone, GAME, cause_present=True, weights=THIRDS, years=[2])
    rng = np.random.default_rng(5)
    estimate, low, high = (np.log(-np.log(side))[0] for side in alone.survival([2]))
    draws = []
    for _ in range(40_000):
        part = rng.choice(3, p=list(THIRDS.values()))
        spread = np.log(0.92 / 0.20) / (2 * 1.96)
        ratio = (rng.choice(GAME), np.exp(np.log(0.427) + spread * rng.standard_normal()), 1.0)[part]
        z = rng.standard_normal()
        level = np.exp(-np.exp(estimate + z * ((low - estimate) if z > 0 else (estimate - high)) / 1.96))
        draws.append(level**ratio)
    assert found.pool[1:, 0] == pytest.approx(np.quantile(draws, [0.025, 0.975]), abs=0.015)


def test_the_table_shows_every_part_before_the_pool_and_what_may_not_be_claimed(alone):
    found = combine(alone, GAME, cause_present=True, weights=THIRDS, years=[1])
    assert [row[1] for row in found.table().rows] == ["pool", "level alone", *PARTS]
    for sentence in NOT_CLAIMED:
        assert sentence in str(found)
    text = " ".join(NOT_CLAIMED)
    for words in ("probability that this ceasefire survives", "causal effect of a number of troops", "nuclear", "not a prediction"):
        assert words in text
    assert {row[0] for row in ((v["what"],) for v in found.figure()["data"]["values"])} == {"level alone", *PARTS, "pool"}


def test_other_weights_show_how_far_the_pool_moves(alone):
    found = combine(alone, GAME, cause_present=True, weights=THIRDS, years=[1, 5])
    table = found.sensitivity()
    assert table.rows[0][:3] == pytest.approx((0.3, 0.5, 0.2))
    assert table.rows[0][3:] == pytest.approx(found.pool[0])
    for k in range(3):
        only = next(row for row in table.rows if row[k] == 1)
        assert only[3:] == pytest.approx(found.survival[k, 0])
    assert all(sum(row[:3]) == pytest.approx(1) for row in table.rows)
    assert "it moves by" in table.notes[0]


def test_a_class_of_your_own_is_combined_like_any_other():
    own = base_rates(spells([0.5, 1, 2, 3, 6, 7], [True, True, True, False, False, False]))
    found = combine(own, [0.5, 0.6], weights={"game": 0.5, "no difference": 0.5}, years=2.5)
    assert found.pool.shape == (3, 1) and found.parts == ("game", "no difference")


@pytest.mark.parametrize(
    "ask, code",
    [
        (lambda one: combine(one, weights={"empirical": 0.5}), "history/bad-weights"),
        (lambda one: combine(one, weights={"empirical": 1.5, "no difference": -0.5}), "history/bad-weights"),
        (lambda one: combine(one, weights={"emprical": 1}), "history/bad-weights"),
        (lambda one: combine(one, weights={}), "history/bad-weights"),
        (lambda one: combine(one, weights={"game": 1}), "history/bad-ratio"),
        (lambda one: combine(one, [0.5, 0], weights={"game": 1}), "history/bad-ratio"),
        (lambda one: combine(one, [], weights={"game": 1}), "history/bad-ratio"),
        (lambda one: combine(one, weights={"empirical": 1}, cause_present=True, empirical=(0.4, 0.5, 0.9)), "history/bad-ratio"),
        (lambda one: combine(one, weights={"empirical": 1}, cause_present=True, years=[40]), "history/beyond-record"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_code(alone, ask, code):
    with pytest.raises(AskError) as error:
        ask(alone)
    assert error.value.code == code
