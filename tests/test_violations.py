"""Counts of violations: what was published, what made them is found again, forecasts, alarms, and files of counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestand.errors import AskError
from bestand.evidence.counts import counts
from bestand.evidence.records import HistoryError, read_counts
from bestand.history.count_fits import MODELS, fit_counts, intensity, simulate_counts
from bestand.history.violations import forecast_scores, quantiles, violations
from tests.oracle import history


@pytest.fixture(scope="module")
def line_of_control(shared):
    return read_counts(shared / "oracles" / "durability" / "loc_cfv_monthly.csv")


@pytest.fixture(scope="module")
def fitted(line_of_control):
    return violations(line_of_control)


def drawn(seed, n=150, **how):
    how = {"base": 2.0, "echo": 0.5, "memory": 0.2, "size": 2.0} | how
    return simulate_counts(n, rng=np.random.default_rng(seed), **how)[0]


# --- the published figures -------------------------------------------------------------------------------------------


def test_the_line_of_control_is_over_dispersed_and_feeds_on_itself(line_of_control, fitted):
    assert line_of_control.count.size == 84
    assert (line_of_control.count.mean(), line_of_control.count.var(ddof=1)) == pytest.approx((9.56, 101.2), abs=0.05)
    assert [fit.aic for fit in fitted.fits] == pytest.approx([1118, 558, 528], abs=0.5)
    best = fitted.fit
    assert (best.branching, best.memory, best.base, best.size) == pytest.approx((0.79, 0, 2.68, 1.30), abs=0.0051)
    assert "smallest AIC: self-exciting" in str(fitted)
    assert fitted.figure()["mark"] == "line"


def test_one_step_forecasts_of_three_years_score_as_published(line_of_control):
    found = forecast_scores(line_of_control, last=36)
    assert found.log_score.sum(axis=1) == pytest.approx([-271.9, -147.9, -135.1], abs=0.1)
    assert found.table().rows[0][0] == "self-exciting" and found.figure()["mark"] == "bar"


def test_a_flare_is_surprising_and_a_long_one_is_only_not_quiet(line_of_control, fitted):
    alarm = fitted.alarm(level=0.99)
    assert alarm.surprised[line_of_control.periods.index("2014-10")]
    months = [line_of_control.periods.index(f"2017-{month:02}") for month in (6, 7, 8, 9)]
    assert alarm.not_quiet[months].all() and not alarm.surprised[months].any()
    assert 13 <= alarm.quiet.min() == alarm.quiet.max() <= 15  # 13 if the fit were known for certain
    assert alarm.table().rows[-1][0] == "next" and alarm.figure()["mark"] == "point"


# --- fast against slow -----------------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_the_fit_is_at_least_as_likely_as_what_lies_around_it(seed, varying):
    y = drawn(seed, n=60)
    share = np.random.default_rng(seed).uniform(0.4, 1, 60) if varying else np.ones(60)
    found = fit_counts(counts(y), reporting=share)
    at = {"base": found.base, "echo": found.echo, "memory": found.memory, "size": found.size}
    first = (y / share).mean()
    assert found.log_likelihood == pytest.approx(history.self_exciting(y.tolist(), share, **at, first=first))
    for name, value in at.items():
        for factor in (0.99, 1.01):
            near = at | {name: value * factor}
            if near["echo"] + near["memory"] < 0.999:
                assert history.self_exciting(y.tolist(), share, **near, first=first) <= found.log_likelihood + 1e-4


def test_the_recursion_is_the_same_filtered_as_stepped_on_a_series_above_every_boundary():
    y = simulate_counts(70_000, base=1, echo=0.4, size=3)[0].astype(float)
    lam, stepped = 2.0, [2.0]
    for count in y:
        lam = 0.5 + 0.4 * count + 0.3 * lam
        stepped.append(lam)
    assert intensity(y, base=0.5, echo=0.4, memory=0.3, first=2.0) == pytest.approx(np.array(stepped))


def test_a_threshold_is_passed_with_no_more_than_its_chance():
    rng = np.random.default_rng(1)
    mean = np.array([0.5, 3.0, 40.0])
    for size in (0.8, np.inf):
        bound = quantiles(0.95, mean, size)
        seen = rng.poisson(mean[:, None] if np.isinf(size) else rng.gamma(size, mean[:, None] / size, (3, 100_000)), (3, 100_000))
        assert np.all((seen > bound[:, None]).mean(axis=1) <= 0.053)
        assert np.all((seen > bound[:, None] - 1).mean(axis=1) >= 0.047)


# --- simulate and recover --------------------------------------------------------------------------------------------


def test_what_made_the_counts_is_found_again():
    y = drawn(3, n=6000)
    found = fit_counts(counts(y))
    truth = (2.0, 0.5, 0.2, 2.0)
    for value, error, true in zip((found.base, found.echo, found.memory, found.size), found.standard_error, truth, strict=True):
        assert abs(value - true) < 4 * error < 0.6
    flat = fit_counts(counts(drawn(4, n=4000, echo=0, memory=0)), model="negative binomial")
    assert (flat.base, flat.size) == pytest.approx((2, 2), rel=0.1)
    poisson = fit_counts(counts(drawn(5, n=4000, echo=0, memory=0, size=np.inf)), model="poisson")
    assert poisson.base == pytest.approx(2, abs=4 * poisson.standard_error[0])


def test_counts_come_to_rest_at_their_mean():
    y = simulate_counts(400, base=2, echo=0.5, memory=0.2, size=2, draws=50)
    assert y.shape == (50, 400) and y.mean() == pytest.approx(2 / 0.3, rel=0.06)
    assert simulate_counts(400, base=2, echo=0.5, memory=0.2, size=2, draws=50, reporting=0.3).mean() == pytest.approx(2, rel=0.08)


def test_half_reporting_doubles_the_level_and_changes_nothing_else():
    y = drawn(6)
    full, half = violations(y), violations(y, reporting=0.5)
    assert half.fit.base == pytest.approx(2 * full.fit.base, rel=1e-3)
    assert (half.fit.echo, half.fit.size) == pytest.approx((full.fit.echo, full.fit.size), rel=1e-2)
    assert half.fit.log_likelihood == pytest.approx(full.fit.log_likelihood, abs=1e-3)  # the counts cannot tell them apart
    assert half.expected == pytest.approx(full.expected, rel=1e-2)
    assert "put in, not found" in str(half)


def test_a_known_change_in_reporting_does_not_look_like_one_in_what_happens():
    rng = np.random.default_rng(7)
    happened = simulate_counts(3000, base=3, echo=0.4, size=3, rng=rng)[0]
    share = np.where(np.arange(3000) < 1500, 0.9, 0.3)
    seen = rng.binomial(happened, share)
    known, unknown = fit_counts(counts(seen), reporting=share), fit_counts(counts(seen))
    assert known.base / (1 - known.echo - known.memory) == pytest.approx(5, rel=0.1)
    assert known.log_likelihood > unknown.log_likelihood + 20
    assert known.echo < 0.4  # what was not reported still echoes, so that the echo is understated


# --- forecasts, alarms and refusals ----------------------------------------------------------------------------------


def test_forecasts_begin_with_the_next_period_and_settle():
    found = violations(drawn(8, n=300))
    ahead = found.forecast(periods=40)
    assert ahead.mean[0] == found.expected[-1]
    fit = found.fit
    assert ahead.mean[-1] == pytest.approx(fit.base / (1 - fit.echo - fit.memory), rel=0.05)
    assert np.all((ahead.low <= ahead.middle) & (ahead.middle <= ahead.high))
    assert "taken as known" in str(ahead) and ahead.figure()["mark"] == "line"


def test_a_count_of_one_week_is_judged_by_the_weeks_before():
    quiet = simulate_counts(200, base=2, echo=0.1, size=5, rng=np.random.default_rng(1))[0]
    last = counts([*quiet, 40])
    assert violations(last).alarm(level=0.999).surprised[-1]
    assert not violations(counts([*quiet, 2])).alarm(level=0.999).surprised[-1]


@pytest.mark.parametrize(
    "ask, code",
    [
        (lambda: counts([1, -1]), "history/bad-count"),
        (lambda: counts([1, 1.5]), "history/bad-count"),
        (lambda: counts([1, 2], periods=["a"]), "history/bad-count"),
        (lambda: violations([1] * 11), "history/too-few"),
        (lambda: violations([0] * 30), "history/too-few"),
        (lambda: violations([1] * 30, reporting=0), "history/bad-number"),
        (lambda: violations([1] * 30, reporting=[0.5, 0.5]), "history/bad-number"),
        (lambda: fit_counts(counts([1] * 30), model="hawkes"), "history/unknown-model"),
        (lambda: forecast_scores([1] * 30, last=25), "history/too-few"),
        (lambda: simulate_counts(5, base=1, echo=0.7, memory=0.3), "history/explosive"),
        (lambda: simulate_counts(5, base=0), "history/bad-number"),
        (lambda: violations(drawn(0)).alarm(level=1), "history/bad-number"),
        (lambda: violations(drawn(0)).forecast(periods=0), "history/bad-number"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_code(ask, code):
    with pytest.raises(AskError) as error:
        ask()
    assert error.value.code == code


def test_every_model_of_counts_takes_the_same_arguments():
    for model in MODELS:
        found = fit_counts(counts(drawn(9, n=40)), model=model, reporting=0.5)
        assert np.isfinite(found.log_likelihood) and found.quiet > 0 and found.branching < 1


def test_counts_show_themselves():
    seen = counts([3, 0, 5], what="shots")
    assert "shots" in str(seen) and seen.figure()["mark"] == "bar"


@pytest.mark.parametrize(
    "text, code, where",
    [
        ("week,shots\n2024-01,1\n2024-02,2\n2024-04,3\n2024-05,3\n", "history/missing-period", (4, 1)),
        ("day,shots\n2024-01-01,1\n2024-01-08,x\n2024-01-15,-1\n", "history/bad-value", (3, 2)),
        ("day,shots,shells\n2024-01-01,1,2\n", "history/missing-column", (1, None)),
    ],
)
def test_a_file_of_counts_with_a_mistake_says_where(tmp_path, text, code, where):
    path = tmp_path / "counts.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HistoryError) as error:
        read_counts(path)
    assert error.value.code == code
    assert (error.value.problems[0].place.line, error.value.problems[0].place.column) == where


def test_a_file_of_counts_is_read_by_the_name_of_its_column(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text("week,shots,shells\n1,3,4\n2,0,5\n", encoding="utf-8")
    found = read_counts(path, column="shells")
    assert found.count.tolist() == [4, 5] and found.periods == ("1", "2") and found.what == "shells"
