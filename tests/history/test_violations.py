"""Counts of violations: what was published, what made them is found again, forecasts, alarms, and files of counts."""

from __future__ import annotations

import calendar
import itertools
import math
import pathlib
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from bestand.errors import AskError
from bestand.evidence.counts import counts
from bestand.evidence.periods import MONTHS
from bestand.evidence.records import HistoryError, read_counts
from bestand.history.count_fits import MODELS, fit_counts, intensity, log_rising, simulate_counts
from bestand.history.likely import predictive_quantiles
from bestand.history.violations import forecast_scores, quantiles, violations
from tests.depth import DEEP, in_depth, more_in_depth, spread, tried
from tests.oracle import history

FIELD = pathlib.Path(__file__).parents[1] / "field"


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


@in_depth
def test_one_step_forecasts_of_three_years_score_as_published(line_of_control):
    outcome = forecast_scores(line_of_control, last=36)
    assert outcome.log_score.sum(axis=1) == pytest.approx([-271.9, -147.9, -135.1], abs=0.1)
    assert outcome.table().rows[0][0] == "self-exciting"


def test_a_flare_is_surprising_and_a_long_one_is_only_not_quiet(line_of_control, fitted):
    alarm = fitted.alarm(level=0.99)
    assert alarm.surprised[line_of_control.periods.index("2014-10")]
    months = [line_of_control.periods.index(f"2017-{month:02}") for month in (6, 7, 8, 9)]
    assert alarm.not_quiet[months].all() and not alarm.surprised[months].any()
    assert 13 <= alarm.quiet.min() == alarm.quiet.max() <= 15  # 13 if the fit were known for certain
    assert alarm.table().rows[-1][0] == "next"


# --- fast against slow -----------------------------------------------------------------------------------------------


@more_in_depth
@settings(max_examples=tried(20), deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_the_fit_is_at_least_as_likely_as_what_lies_around_it(seed, varying):
    y = drawn(seed, n=60)
    share = np.random.default_rng(seed).uniform(0.4, 1, 60) if varying else np.ones(60)
    outcome = fit_counts(counts(y), reporting=share)
    at = {"base": outcome.base, "echo": outcome.echo, "memory": outcome.memory, "size": outcome.size}
    first = (y / share).mean()
    assert outcome.log_likelihood == pytest.approx(history.self_exciting(y.tolist(), share, **at, first=first))
    for name, value in at.items():
        for factor in (0.99, 1.01):
            near = at | {name: value * factor}
            if near["echo"] + near["memory"] < 0.999:
                assert history.self_exciting(y.tolist(), share, **near, first=first) <= outcome.log_likelihood + 1e-4


@in_depth
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
    outcome = fit_counts(counts(y))
    truth = (2.0, 0.5, 0.2, 2.0)
    for value, error, true in zip((outcome.base, outcome.echo, outcome.memory, outcome.size), outcome.standard_error, truth, strict=True):
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


# --- the size and the power of alarms --------------------------------------------------------------------------------

MAKERS = {
    "poisson": {"size": np.inf},
    "over-dispersed": {"size": 2.0},
    "self-exciting": {"size": 2.0, "echo": 0.5, "memory": 0.2},
    "self-exciting poisson": {"size": np.inf, "echo": 0.4, "memory": 0.2},
}


def alarming(maker, mean, n, rng):
    """One series: its alarm, and the chances that a next month, and a quiet one, pass the thresholds by luck alone."""
    how = MAKERS[maker]
    echo, memory, size = how.get("echo", 0.0), how.get("memory", 0.0), how["size"]
    base = mean * (1 - echo - memory)
    y = simulate_counts(n, base=base, rng=rng, **how)[0]
    if not y.any():
        return None
    alarm = violations(y).alarm(level=0.99)
    lam = mean
    for count in y:
        lam = base + echo * count + memory * lam
    by_luck = [1 - history.count_cdf(int(bound), m, size) for bound, m in ((alarm.surprising[-1], lam), (alarm.quiet[-1], base / (1 - memory)))]
    return alarm, lam, by_luck


@spread("maker", MAKERS, first=1)
def test_one_ordinary_month_in_a_hundred_alarms(maker):
    rng = np.random.default_rng(11)
    chance, attainable, past = [], [], []
    for mean in (1, 4, 20, 100):
        for n in (24, 48, 120):
            for _ in range(2 if DEEP else 1):
                drawn_one = alarming(maker, mean, n, rng)
                if drawn_one is None:
                    continue
                alarm, lam, by_luck = drawn_one
                chance.append(by_luck)
                past.append([alarm.surprised.mean(), alarm.not_quiet.mean()])
                bound = int(quantiles(0.99, lam, MAKERS[maker]["size"]))
                attainable.append(1 - history.count_cdf(bound, lam, MAKERS[maker]["size"]))
    surprising, quiet = np.mean(chance, axis=0)
    assert 0.2 * np.mean(attainable) < surprising < 0.02
    assert quiet < (0.04 if "echo" in MAKERS[maker] else 0.02)  # months without an echo are not seen there, only inferred
    assert np.mean(past, axis=0)[0] < 0.02
    if "echo" not in MAKERS[maker]:  # elsewhere months are truly not quiet
        assert np.mean(past, axis=0)[1] < 0.02 and quiet > 0.002


N_NEXT = 4_000  # next months drawn to see how many alarm
OTHERS = {  # counts that no model here makes: those seen, and what may come next
    "few makers of many": lambda rng, n: rng.poisson(rng.gamma(0.5, 20 / 0.5, n)),
    "half silent": lambda rng, n: rng.poisson(10, n) * (rng.random(n) < 0.5),
    "mostly silent": lambda rng, n: rng.poisson(5, n) * (rng.random(n) < 0.2),
    "lognormal": lambda rng, n: rng.poisson(np.exp(rng.normal(1.5, 1, n))),
    "steadier than chance": lambda rng, n: rng.binomial(12, 0.8, n),
    "rare": lambda rng, n: rng.poisson(0.2, n),
}


@spread("family", OTHERS, first=1)
def test_few_ordinary_months_alarm_in_counts_of_other_kinds(family):
    rng, by_luck = np.random.default_rng(5), []
    for n in (12, 36):
        for _ in range(3):
            seen = OTHERS[family](rng, n)
            if seen.any():
                alarm = violations(seen).alarm(level=0.99)
                then = OTHERS[family](rng, N_NEXT)
                by_luck.append([(then > alarm.surprising[-1]).mean(), (then > alarm.quiet[-1]).mean()])
    assert np.mean(by_luck, axis=0).max() < 0.05, family


def test_where_counts_have_seasons_a_month_is_seldom_surprising_and_often_not_quiet():
    rng, by_luck = np.random.default_rng(6), []
    for phase in range(0, 12, 3):
        mean = 10 * np.exp(0.7 * np.sin(2 * np.pi * (np.arange(49) + phase) / 12))
        alarm, then = violations(rng.poisson(mean[:48])).alarm(level=0.99), rng.poisson(mean[48], N_NEXT)
        by_luck.append([(then > alarm.surprising[-1]).mean(), (then > alarm.quiet[-1]).mean()])
    surprising, quiet = np.mean(by_luck, axis=0)
    assert surprising < 0.03 and quiet > 0.1  # as docs/theory/what-history-says.md warns


def two_levels(n, months, rng):
    """Poisson counts of mean 5 or 20; each level lasts so many months on average: those seen, and `N_NEXT` next ones."""
    high, seen = bool(rng.random() < 0.5), np.empty(n, np.int64)
    for t in range(n):
        high ^= bool(rng.random() < 1 / months)
        seen[t] = rng.poisson(20 if high else 5)
    return seen, rng.poisson(np.where((rng.random(N_NEXT) < 1 / months) ^ high, 20, 5))


def test_the_longer_two_levels_last_the_more_months_are_not_quiet_and_few_are_surprising():
    rng, passed = np.random.default_rng(7), {}
    for months in (2, 20):
        by_luck = []
        for _ in range(5):
            seen, then = two_levels(60, months, rng)
            alarm = violations(seen).alarm(level=0.99)
            by_luck.append([(then > alarm.surprising[-1]).mean(), (then > alarm.quiet[-1]).mean()])
        passed[months] = np.mean(by_luck, axis=0)
    assert max(passed[2][0], passed[20][0]) < 0.05 and passed[2][1] < 0.02
    assert passed[20][1] > 0.1  # as docs/theory/what-history-says.md warns


@spread(("mean", "n"), list(itertools.product([3, 10, 40], [24, 60])), first=2)
def test_a_spike_within_the_record_raises_what_is_surprising_after_it(mean, n):
    seen = np.random.default_rng(n + mean).poisson(mean, n)
    above = [violations(seen).alarm().surprising[-1]]
    for times in (10, 100):
        seen[n // 2] = times * mean
        above.append(violations(seen).alarm().surprising[-1])
    assert above[0] < above[1] < above[2] < 100 * mean  # as docs/theory/what-history-says.md says; the same spike again is still seen


@spread(("mean", "n"), list(itertools.product([20, 50, 100], [24, 48, 120])), first=4)
def test_a_doubled_month_is_seen(mean, n):
    rng = np.random.default_rng(mean + n)
    y = rng.poisson(mean, n)
    y[-1] = 2 * mean
    alarm = violations(y).alarm(level=0.99)
    assert alarm.surprised[-1] and alarm.not_quiet[-1]


@spread(("mean", "n"), list(itertools.product([0.5, 2, 10, 40], [12, 24, 60])), first=3)
def test_a_spike_in_the_last_month_does_not_speak_for_itself(mean, n):
    before = np.random.default_rng(n).poisson(mean, n - 1)
    for spike in (50, 10**4, 10**9):
        alarm = violations([*before, int(mean * spike) if spike < 10**9 else spike]).alarm(level=0.99)
        assert alarm.surprised[-1] and alarm.not_quiet[-1] and alarm.apart


def test_the_last_month_is_judged_as_the_next_of_those_before_it():
    for reporting in (1.0, np.linspace(0.3, 0.9, 60)):
        seen = drawn(8, n=60)
        whole = violations(seen, reporting=reporting).alarm()
        known = reporting if np.isscalar(reporting) else reporting[:-1]
        part = violations(seen[:-1], reporting=known)
        if np.isscalar(reporting):
            assert (whole.surprising[-2], whole.quiet[-2]) == (part.alarm().surprising[-1], part.alarm().quiet[-1])
        assert whole.expected[-2] == pytest.approx(part.expected[-1] / part.reporting[-1] * np.broadcast_to(reporting, 60)[-1])
    assert not violations([0] * 20 + [3]).alarm().apart  # nothing before it to judge it by
    assert "itself too" in str(violations([0] * 20 + [3]).alarm())


@spread("mean", [1e5, 1e6, 1e7, 1e8, 9e8], first=1)
def test_large_counts_that_are_ordinary_are_quiet(mean):
    rng, by_luck = np.random.default_rng(3), []
    for n in (12, 24, 60):
        for _ in range(2):
            alarm, then = violations(rng.poisson(mean, n)).alarm(level=0.99), rng.poisson(mean, N_NEXT)
            by_luck.append([(then > alarm.surprising[-1]).mean(), (then > alarm.quiet[-1]).mean()])
    assert np.mean(by_luck, axis=0).max() < 0.03  # 75 % where digits are lost in differences of log Γ


@more_in_depth
@settings(max_examples=tried(100), deadline=None)
@given(st.integers(0, 100_000), st.floats(-2, 15))
def test_a_difference_of_log_gammas_keeps_its_digits_at_every_size(count, power):
    size = 10.0**power
    exact = math.fsum(np.log1p(np.arange(count) / size))
    assert float(log_rising(np.array(float(count)), size)) == pytest.approx(exact, rel=1e-9, abs=1e-8)


def test_poisson_noise_of_a_hundred_a_month_is_quiet():
    alarm = violations(read_counts(FIELD / "08-poisson-noise.csv")).alarm(level=0.99)
    assert alarm.not_quiet.sum() <= 1 and alarm.surprised.sum() <= 1  # 47 of 48 where one fit is taken for the truth
    assert alarm.no_echo > 0.3


def test_an_echo_that_is_there_is_established_and_one_that_is_not_is_not():
    rng = np.random.default_rng(3)
    assert violations(simulate_counts(120, base=4, echo=0.6, size=5, rng=rng)[0]).likely.no_echo < 0.01
    chances = [violations(rng.poisson(10, 48)).likely.no_echo for _ in range(12)]
    assert np.median(chances) > 0.5


def test_likely_sets_weigh_one_and_lie_around_the_fit_of_a_long_series():
    outcome = violations(drawn(3, n=1500))
    likely = outcome.likely
    assert likely.weight.sum() == pytest.approx(1) and np.all(likely.echo + likely.memory < 1)
    assert likely.weight @ likely.quiet == pytest.approx(outcome.fit.quiet, rel=0.1)
    assert likely.weight @ likely.size == pytest.approx(outcome.fit.size, rel=0.1)


@more_in_depth
@settings(max_examples=tried(25), deadline=None)
@given(st.integers(0, 10**6))
def test_thresholds_of_a_mixture_equal_their_definition(seed):
    rng = np.random.default_rng(seed)
    mean, size = rng.gamma(1, 20, (3, 4)) + 0.01, rng.gamma(1, 5, 4) + 0.05
    weight, level = rng.dirichlet(np.ones(4)), float(rng.uniform(0.05, 0.995))
    for row, bound in zip(mean, predictive_quantiles(level, mean, size, weight), strict=True):
        below = [sum(w * history.count_cdf(c, m, k) for w, m, k in zip(weight, row, size, strict=True)) for c in (bound - 1, bound)]
        assert below[0] < level + 1e-9 and below[1] > level - 1e-9


# --- forecasts, alarms and refusals ----------------------------------------------------------------------------------


def test_forecasts_begin_with_the_next_period_and_settle():
    outcome = violations(drawn(8, n=300))
    ahead = outcome.forecast(periods=40)
    assert ahead.mean[0] == outcome.expected[-1]
    fit = outcome.fit
    assert ahead.mean[-1] == pytest.approx(fit.base / (1 - fit.echo - fit.memory), rel=0.05)
    assert np.all((ahead.low <= ahead.middle) & (ahead.middle <= ahead.high))
    assert "taken as known" in str(ahead)


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
        (lambda: violations([1] * 20_001), "history/bad-count"),
        (lambda: counts([1e308]), "history/bad-count"),
        (lambda: counts([1] * 100_001), "history/bad-count"),
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
        outcome = fit_counts(counts(drawn(9, n=40)), model=model, reporting=0.5)
        assert np.isfinite(outcome.log_likelihood) and outcome.quiet > 0 and outcome.branching < 1


def test_counts_show_themselves():
    seen = counts([3, 0, 5], what="shots")
    assert "shots" in str(seen)


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


def stamped(tmp_path, stamps):
    path = tmp_path / "stamped.csv"
    path.write_text("period,shots\n" + "".join(f"{stamp},{k}\n" for k, stamp in enumerate(stamps)), encoding="utf-8")
    return read_counts(path)


def months(day, n=30, begin=2019):
    """Stamps of consecutive months, on a day of the month or its last."""
    every = [(begin + k // 12, k % 12 + 1) for k in range(n)]
    return [f"{y}-{m:02}-{min(day if day > 0 else 31, calendar.monthrange(y, m)[1]):02}" for y, m in every]


@pytest.mark.parametrize("day", range(1, 32))
def test_months_may_be_stamped_with_any_day(tmp_path, day):
    assert stamped(tmp_path, months(day)).count.size == 30
    with pytest.raises(HistoryError, match="1 missing between them") as error:
        stamped(tmp_path, [stamp for k, stamp in enumerate(months(day)) if k != 11])
    assert error.value.code == "history/missing-period" and error.value.problems[0].place.line == 13
    assert len(error.value.problems) == 1


def test_months_stamped_with_days_that_differ_are_still_one_step_apart(tmp_path):
    uneven = [f"{stamp[:8]}{1 + (7 * k) % 28:02}" for k, stamp in enumerate(months(1))]
    assert stamped(tmp_path, uneven).count.size == 30
    assert read_counts(FIELD / "06-monthly-dates.csv").count.size == 24


@pytest.mark.parametrize("days", [1, 7, 14, 28])
def test_days_weeks_and_four_weeks_are_steps_too(tmp_path, days):
    stamps = [(date(2019, 1, 3) + timedelta(days * k)).isoformat() for k in range(20)]
    assert stamped(tmp_path, stamps).count.size == 20
    with pytest.raises(HistoryError, match="does not follow"):
        stamped(tmp_path, [*stamps[:9], *stamps[10:]])


@pytest.mark.parametrize(
    "stamps, code",
    [
        (["2013-38", "2013-39", "2013-40"], "history/bad-value"),
        (["2013-01", "2013-02", "2013-39"], "history/bad-value"),
        (["2013-01-31", "2013-02-30", "2013-03-31"], "history/bad-value"),
        (["2013-01", "2013-02", "soon"], "history/bad-value"),
        (["2013-00", "2013-01", "2013-02"], "history/bad-value"),
        (["2013-W53", "2014-W01", "2014-W02"], "history/bad-value"),
        (["2013-01", "2013-01", "2013-02"], "history/missing-period"),
        (["2013-02", "2013-01"], "history/missing-period"),
        (["2013/01", "2013/02", "2013/04"], "history/missing-period"),
        (["2013-01-15", "2013-02-15", "2013-04-15"], "history/missing-period"),
        (["2013-W01", "2013-W02", "2013-W04"], "history/missing-period"),
    ],
)
def test_periods_that_cannot_be_or_do_not_follow_are_refused(tmp_path, stamps, code):
    with pytest.raises(HistoryError) as error:
        stamped(tmp_path, stamps)
    assert {problem.code for problem in error.value.problems} == {code}


def test_quarters_years_and_the_turn_of_a_year_are_steps(tmp_path):
    for stamps in (["2013-01", "2013-04", "2013-07"], ["2013-12-31", "2014-12-31", "2015-12-31", "2016-12-31"], ["2013-W51", "2013-W52", "2014-W01"]):
        assert stamped(tmp_path, stamps).notes == ()


SINCE_2019 = [(2019 + k // 12, k % 12 + 1) for k in range(30)]
CALENDARS = {
    "years": [str(year) for year, _ in zip(range(1990, 2020), SINCE_2019, strict=True)],
    "halves": [f"{2000 + k // 2}-H{k % 2 + 1}" for k in range(30)],
    "quarters": [f"Q{k % 4 + 1} {2010 + k // 4}" for k in range(30)],
    "quarters, the year first": [f"{2010 + k // 4}Q{k % 4 + 1}" for k in range(30)],
    "closed up": [f"{year}{month:02}" for year, month in SINCE_2019],
    "the month first": [f"{month}/{year}" for year, month in SINCE_2019],
    "names": [f"{MONTHS[month - 1].split()[-1]} {year}" for year, month in SINCE_2019],
    "Dutch names": [f"{MONTHS[month - 1].split()[1].title()} {year}" for year, month in SINCE_2019],
    "days with points": [f"1.{month}.{year}" for year, month in SINCE_2019],
    "days first": [f"1/{month}/{year}" for year, month in SINCE_2019],
    "days of other figures": [f"{month}/{15}/{year}" for year, month in SINCE_2019],
    "days closed up": [f"{date(2024, 2, 1) + timedelta(days=k):%Y%m%d}" for k in range(30)],
    "days of weeks": [f"2024-W{k + 1:02}-1" for k in range(30)],
    "numbers": [str(k + 1) for k in range(30)],
    "as spreadsheets write them": [f"{MONTHS[month - 1].split()[-1].title()}-{year % 100:02}" for year, month in SINCE_2019],
    "names and short years": [f"{MONTHS[month - 1].split()[0].title()} '{year % 100:02}" for year, month in SINCE_2019],
    "as statistical offices write them": [f"{year}M{month:02}" for year, month in SINCE_2019],
    "the same with one figure": [f"{year} m{month}" for year, month in SINCE_2019],
    "the year, then a name": [f"{year}{MONTHS[month - 1].split()[-1]}" for year, month in SINCE_2019],
    "days of English": [f"{MONTHS[month - 1].split()[0].title()} 1st {year}" for year, month in SINCE_2019],
    "days with names": [f"1-{MONTHS[month - 1].split()[-1].upper()}-{year}" for year, month in SINCE_2019],
    "days with names and short years": [f"01{MONTHS[month - 1].split()[-1]}{year % 100:02}" for year, month in SINCE_2019],
    "weeks in words": [f"week {k + 1} 2024" for k in range(30)],
    "weeks, the year first": [f"2024 KW {k + 1}" for k in range(30)],
    "the first and the last day": [f"{year}-{month:02}-01 \u2013 {year}-{month:02}-28" for year, month in SINCE_2019],
    "the same with a word": [f"1.{month}.{year} t/m 28.{month}.{year}" for year, month in SINCE_2019],
    "days as spreadsheets number them": [str((date(year, month, 1) - date(1899, 12, 30)).days) for year, month in SINCE_2019],
    "figures of another script": [f"{year}-{month}".translate({48 + k: 0x660 + k for k in range(10)}) for year, month in SINCE_2019],
}


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("gone", [1, 14, 28])
def test_of_every_calendar_a_missing_period_is_noticed(calendar, gone, tmp_path):
    stamps = CALENDARS[calendar]
    assert stamped(tmp_path, stamps).notes == ()
    with pytest.raises(HistoryError) as caught:
        stamped(tmp_path, stamps[:gone] + stamps[gone + 1 :])
    assert [(each.code, stamps[gone + 1] in each.what, ": 1 missing" in each.what) for each in caught.value.problems] == [("history/missing-period", True, True)]


TIMES = ["{} 05:00", "{}T23:59:59", "{}T05:00:00.000Z", "{} 5 pm", "{} 05h", "{}T05:00+02:00", "{} 5:30 p.m.", "{}T05"]


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("stamps", [months(31), CALENDARS["days closed up"], CALENDARS["days with points"], CALENDARS["days of weeks"], CALENDARS["days first"]], ids=lambda stamps: stamps[0])
def test_the_time_of_day_of_a_stamp_does_not_matter(stamps, time, tmp_path):
    assert stamped(tmp_path, [time.format(stamp) for stamp in stamps]).count.size == 30
    assert stamped(tmp_path, [time.format(stamp) if k % 3 else stamp for k, stamp in enumerate(stamps)]).notes == ()
    with pytest.raises(HistoryError, match="1 missing between them"):
        stamped(tmp_path, [time.format(stamp) for stamp in stamps[:9] + stamps[10:]])


@pytest.mark.parametrize("stamp", ["2024-01-{:02} {:02}:00", "2024-01-{:02}T{:02}:00:00Z", "{}/1/2024 {}:00", "202401{:02} {:02}30", "{}.1.2024 {} h", "2024-01-{:02}T{:02}"])
@pytest.mark.parametrize("step", [1, 6, 12])
def test_stamps_finer_than_a_day_are_refused_with_what_to_write(stamp, step, tmp_path):
    stamps = [stamp.format(1 + k // 24, k % 24) for k in range(0, 24 * 20, step)]
    with pytest.raises(HistoryError) as caught:
        stamped(tmp_path, stamps)
    (only,) = caught.value.problems
    assert only.code == "history/too-fine" and stamps[0] in only.what and stamps[1] in only.what and only.place.line == 3
    assert "add up the counts of each day" in only.hint and stamps[1].replace("T", " ").split(" ")[0] in only.hint


@pytest.mark.parametrize("stamp", ["2024-01-31 25:00", "2024-01-31 12:75", "2024-02-30 10:00", "2024-01-31T", "2024-01-31 noon or so"])
def test_a_time_that_cannot_be_is_refused(stamp, tmp_path):
    with pytest.raises(HistoryError, match="is not a period that can be"):
        stamped(tmp_path, ["2024-01-29", "2024-01-30", stamp])


@pytest.mark.parametrize("stamp", ["2021-Q5", "Q0 2021", "2021-H3", "13/2021", "202113", "31.6.2021", "20210631", "2021-W54-1", "2021-W10-8"])
def test_a_period_of_any_calendar_that_cannot_be_is_refused(stamp, tmp_path):
    with pytest.raises(HistoryError, match="history/bad-value"):
        stamped(tmp_path, [*CALENDARS["closed up"], stamp])


@pytest.mark.parametrize("gone", [1, 14])
def test_a_period_that_stands_twice_and_an_order_that_is_turned_round_are_told_as_that(gone, tmp_path):
    stamps = CALENDARS["names"]
    with pytest.raises(HistoryError, match=f"'{stamps[gone]}' stands twice") as twice:
        stamped(tmp_path, [*stamps[:gone], stamps[gone], *stamps[gone:]])
    with pytest.raises(HistoryError, match="run backwards, from") as backwards:
        stamped(tmp_path, stamps[::-1])
    assert len(twice.value.problems) == len(backwards.value.problems) == 1


@pytest.mark.parametrize("first", ["2012-12,4", "2012-12,0", "1,1e3"])
def test_a_file_without_a_heading_loses_no_row_in_silence(first, tmp_path):
    path = tmp_path / "bare.csv"
    path.write_text(first + "\n2013-01,1\n2013-02,1\n", encoding="utf-8")
    with pytest.raises(HistoryError, match="the first line is no heading"):
        read_counts(path)


def test_where_periods_are_only_names_a_note_says_that_gaps_go_unnoticed(tmp_path):
    assert "cannot be noticed" in stamped(tmp_path, ["spring", "summer", "autumn"]).notes[0]


@pytest.mark.parametrize("count", ["1e308", "1e18", "-1", "1.5", "nan", "inf", "1_000", "", "1e9999"])
def test_a_count_that_cannot_be_is_refused_where_it_stands(tmp_path, count):
    path = tmp_path / "odd.csv"
    path.write_text(f"month,shots\n2013-01,1\n2013-02,{count}\n2013-03,1\n", encoding="utf-8")
    with pytest.raises(HistoryError) as error:
        read_counts(path)
    assert error.value.code == "history/bad-value" and error.value.problems[0].place.line == 3


def test_a_file_of_counts_is_read_by_the_name_of_its_column(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text("week,shots,shells\n1,3,4\n2,0,5\n", encoding="utf-8")
    outcome = read_counts(path, column="shells")
    assert outcome.count.tolist() == [4, 5] and outcome.periods == ("1", "2") and outcome.what == "shells"


@pytest.mark.parametrize("size", [0.05, 0.7, 3.0, 400.0])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_bounds_of_one_set_of_parameters_are_the_quantiles_of_its_negative_binomial(size, level):
    mean = np.array([[0.3], [4.0], [90.0], [2_500.0]])
    bounds = predictive_quantiles(level, mean, np.array([size]), np.ones(1))
    assert bounds.tolist() == nbinom.ppf(level, size, size / (size + mean[:, 0])).astype(int).tolist()
