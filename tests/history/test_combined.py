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
from tests.depth import in_depth, more_in_depth, tried

GAME = np.exp(np.random.default_rng(0).normal(-0.3, 0.4, 500))
THIRDS = {"game": 0.3, "empirical": 0.5, "no difference": 0.2}


@pytest.fixture(scope="module")
def alone():
    return base_rates("civil-alone")


def test_each_part_is_the_level_raised_to_its_ratio(alone):
    combined = combine(alone, GAME, cause_present=True, weights=THIRDS, years=[1, 2, 5])
    level = alone.survival([1, 2, 5])[0]
    assert combined.level[0] == pytest.approx(level)
    assert combined.survival[0, 0] == pytest.approx((level ** GAME[:, None]).mean(axis=0))
    assert combined.survival[2, 0] == pytest.approx(level)
    assert combined.pool[0] == pytest.approx(np.array([0.3, 0.5, 0.2]) @ combined.survival[:3, 0])
    assert combined.ratio[2].tolist() == [1, 1, 1]


def test_the_ratio_of_peacekeeping_keeps_its_published_interval(alone):
    combined = combine(alone, weights={"empirical": 1}, cause_present=True, empirical=PEACEKEEPING)
    assert combined.ratio[0] == pytest.approx([0.427, 0.20, 0.92], rel=0.02)
    assert combined.pool == pytest.approx(combined.survival[0], abs=1e-3)


def test_a_ratio_known_exactly_moves_every_limit_of_the_level_alike(alone):
    combined = combine(alone, [0.5], weights={"game": 1.0}, years=[1, 5], draws=20_000)
    assert combined.pool == pytest.approx(np.sqrt(np.array(alone.survival([1, 5]))), abs=0.01)


@more_in_depth
@settings(max_examples=tried(25), deadline=None)
@given(st.integers(0, 10**6))
def test_the_pool_lies_between_its_parts_and_within_its_interval(seed):
    rng = np.random.default_rng(seed)
    share = rng.dirichlet([1, 1, 1])
    combined = combine(base_rates("interstate-force"), GAME, cause_present=True, weights=dict(zip(PARTS, share, strict=True)), draws=500, rng=rng)
    means = combined.survival[:3, 0]
    assert np.all((means.min(axis=0) - 1e-9 <= combined.pool[0]) & (combined.pool[0] <= means.max(axis=0) + 1e-9))
    assert np.all((combined.survival[:, 1] <= combined.survival[:, 0] + 1e-9) & (combined.survival[:, 0] <= combined.survival[:, 2] + 1e-9))
    assert np.all(np.diff(combined.pool[0]) <= 0)


@in_depth
def test_the_pool_equals_a_draw_from_the_mixture_one_at_a_time(alone):
    combined = combine(alone, GAME, cause_present=True, weights=THIRDS, years=[2])
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
    assert combined.pool[1:, 0] == pytest.approx(np.quantile(draws, [0.025, 0.975]), abs=0.015)


def test_the_table_shows_every_part_before_the_pool_and_what_may_not_be_claimed(alone):
    combined = combine(alone, GAME, cause_present=True, weights=THIRDS, years=[1])
    assert [row[1] for row in combined.table().rows] == ["pool", "level alone", *PARTS]
    for sentence in NOT_CLAIMED:
        assert sentence in str(combined)
    text = " ".join(NOT_CLAIMED)
    for words in ("probability that this ceasefire survives", "causal effect of a number of troops", "nuclear", "not a prediction"):
        assert words in text


def test_other_weights_show_how_far_the_pool_moves(alone):
    combined = combine(alone, GAME, cause_present=True, weights=THIRDS, years=[1, 5])
    table = combined.sensitivity()
    assert table.rows[0][:3] == pytest.approx((0.3, 0.5, 0.2))
    assert table.rows[0][3:] == pytest.approx(combined.pool[0])
    for k in range(3):
        only = next(row for row in table.rows if row[k] == 1)
        assert only[3:] == pytest.approx(combined.survival[k, 0])
    assert all(sum(row[:3]) == pytest.approx(1) for row in table.rows)
    assert "it moves by" in table.notes[0]


def codes(combined):
    return [note.code for note in combined.notes]


@pytest.mark.parametrize(
    "name, present, power, code",
    [
        ("civil-alone", True, 1, None),
        ("civil-alone", False, 0, "cause-absent"),
        ("civil-peacekeepers", True, 0, "cause-in-class"),
        ("civil-peacekeepers", False, -1, "cause-taken-away"),
        ("interstate-war", True, 1, "cause-partly-in-class"),
        ("interstate-war", False, 0, "cause-absent"),
    ],
)
def test_the_empirical_ratio_counts_only_where_its_cause_is_and_was_not(name, present, power, code):
    combined = combine(base_rates(name), weights={"empirical": 1}, cause_present=present, breakdown="war", years=[1])
    assert combined.ratio[0, 0] == pytest.approx(0.427**power, rel=0.01)
    assert codes(combined) == ([code] if code else [])
    if power == 0:
        assert combined.pool[0] == pytest.approx(combined.level[0])
    for note in combined.notes:
        assert note.text in str(combined)


def test_a_cause_that_is_not_stated_is_asked_for_where_it_matters(alone):
    with pytest.raises(AskError) as error:
        combine(alone, weights={"empirical": 1})
    assert error.value.code == "history/cause-not-stated"
    assert combine(alone, weights={"empirical": 0, "no difference": 1}).pool[0] == pytest.approx(alone.survival([1, 2, 5])[0])


def test_the_ratio_of_the_game_is_referred_to_the_posture_of_the_class(alone):
    watched = base_rates("civil-peacekeepers")
    how = {"weights": {"game": 1}, "breakdown": "war", "years": [2]}
    assert codes(combine(alone, GAME, against="absent", **how)) == []
    with pytest.raises(AskError, match="'present'") as error:
        combine(watched, GAME, against="absent", **how)
    assert error.value.code == "history/posture-differs"
    twice = combine(watched, GAME, against="absent", class_draws=GAME, **how)
    assert twice.pool[0] == pytest.approx(watched.survival([2])[0]) and codes(twice) == ["referred-to-class"]
    half = combine(watched, GAME, against="absent", class_draws=2 * GAME, **how)
    assert half.ratio[0] == pytest.approx([0.5] * 3)
    assert codes(combine(alone, GAME, **how)) == ["against-not-stated"]
    with pytest.raises(AskError, match="one of each") as error:
        combine(watched, GAME, class_draws=GAME[:-1], **how)
    assert error.value.code == "history/bad-ratio"


def test_another_meaning_of_breach_is_refused_and_classes_that_fit_are_named(alone):
    weights = {"no difference": 1}
    assert codes(combine(alone, weights=weights, breakdown="war")) == []
    assert codes(combine(alone, weights=weights)) == ["breakdown-not-stated"]
    with pytest.raises(AskError, match="interstate-force") as error:
        combine(alone, weights=weights, breakdown="forcible act")
    assert error.value.code == "history/breakdown-differs"
    own = base_rates(spells([1, 6], [True, False]))
    assert codes(combine(own, weights=weights, breakdown="war")) == ["class-breakdown-unknown"]
    stated = base_rates(spells([1, 6], [True, False]), breakdown="war", posture="absent")
    assert codes(combine(stated, GAME, weights={"game": 1}, breakdown="war", against="absent")) == []


@pytest.mark.parametrize(
    "ask, code",
    [
        (lambda: base_rates("civil-alone", posture="present"), "history/unknown-posture"),
        (lambda: base_rates(spells([1], [True]), posture="watched"), "history/unknown-posture"),
        (lambda: base_rates(spells([1], [True]), breakdown="wars"), "history/unknown-breakdown"),
        (lambda: combine(base_rates("civil-alone"), weights={"no difference": 1}, breakdown="wars"), "history/unknown-breakdown"),
        (lambda: combine(base_rates("civil-alone"), GAME, weights={"game": 1}, against="nobody"), "history/unknown-posture"),
    ],
)
def test_a_posture_or_breakdown_that_is_not_known_is_refused_with_the_choices(ask, code):
    with pytest.raises(AskError, match="hint: ") as error:
        ask()
    assert error.value.code == code


def test_the_headline_is_the_pool_and_names_its_parts(alone):
    combined = combine(alone, GAME, cause_present=True, weights=THIRDS, years=[1, 5])
    head = combined.headline(year=5)
    assert (head.survival, head.low, head.high) == pytest.approx(tuple(combined.pool[:, 1]))
    assert sum(weight * share for _, weight, share in head.parts) == pytest.approx(head.survival)
    assert head.level == pytest.approx(tuple(combined.level[:, 1]))
    assert all(part in head.text for part in PARTS) and "After 5 years" in head.text and "alone 37 %" in head.text
    with pytest.raises(AskError):
        combined.headline(year=3)


def test_a_class_of_your_own_is_combined_like_any_other():
    own = base_rates(spells([0.5, 1, 2, 3, 6, 7], [True, True, True, False, False, False]))
    combined = combine(own, [0.5, 0.6], weights={"game": 0.5, "no difference": 0.5}, years=2.5)
    assert combined.pool.shape == (3, 1) and combined.parts == ("game", "no difference")


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
