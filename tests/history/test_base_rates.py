"""Past ceasefires: readers, curves, Cox, mixtures, scores, and the published figures that they reproduce."""

from __future__ import annotations

import csv
import pathlib
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestand.errors import AskError, BestandError
from bestand.evidence.records import HistoryError, read_spells
from bestand.evidence.spells import spells
from bestand.history.backtest import backtest, censoring_weight
from bestand.history.base_rates import base_rates
from bestand.history.classes import YEARS, reference_classes
from bestand.history.cox import cox
from bestand.history.fits import FASTEST, SLOWEST, constant_hazard, kaplan_meier, log_normal, two_types, weibull
from tests.depth import DEEP, in_depth, more_in_depth, tried
from tests.oracle import history

FIELD = pathlib.Path(__file__).parents[1] / "field"
FIVE = ("pk_dumC", "victory", "treaty", "contraband", "logdead")


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "oracles" / "durability"


@pytest.fixture(scope="module")
def civil(folder):
    return read_spells(folder / "fortna2008_civil_ceasefires_1989_99.csv", kind="fortna")


@pytest.fixture(scope="module")
def fourteen(folder):
    with (folder / "fortna2008_cox_reference.csv").open(encoding="utf-8") as file:
        return {row[""]: row for row in csv.DictReader(file)}


def interstate(folder, event):
    return read_spells(folder / "interstate_postwar_spells.csv", kind=f"interstate-{event}")


def drawn(seed, n=40, ties=False, entry=False):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    t = rng.exponential(np.exp(-x @ [0.8, -0.5, 0.0])) + 0.01
    t = np.ceil(t * 5) / 5 if ties else t
    begin = t * rng.uniform(0, 0.9, n) * (rng.random(n) < 0.5) if entry else np.zeros(n)
    group = [f"war {k}" for k in rng.integers(0, 8, n)]
    return spells(t, rng.random(n) < 0.7, entry=begin, group=group, covariates={"a": x[:, 0], "b": x[:, 1], "c": x[:, 2]})


# --- the published figures -------------------------------------------------------------------------------------------


def test_the_published_cox_model_is_reproduced_to_eight_digits(civil, fourteen):
    fitted = cox(civil, list(fourteen))
    assert (fitted.n_spells, fitted.n_cases, len(fitted.schoenfeld)) == (129, 93, 55)
    assert fitted.coefficient == pytest.approx([float(row["ours_breslow"]) for row in fourteen.values()], abs=1e-8)
    assert fitted.standard_error == pytest.approx([float(row["se"]) for row in fourteen.values()], abs=1e-8)
    assert fitted.log_likelihood == pytest.approx(-212.836, abs=5e-4)
    assert fitted.ratio[0] == pytest.approx([0.427, 0.20, 0.92], abs=5e-3)


def test_every_residual_agrees_with_the_authors_own(civil, fourteen):
    names = list(fourteen)
    author = civil.complete(names).columns([f"author_sch_{name}" for name in names])[civil.complete(names).ended]
    assert author.shape == (55, 14)
    assert np.abs(cox(civil, names).schoenfeld - author).max() < 1e-8


def test_lifelines_with_its_own_ties_finds_the_same_hazard_ratios(civil, fourteen):
    import pandas as pd
    from lifelines import CoxPHFitter

    known = civil.complete(list(fourteen))
    frame = pd.DataFrame(known.columns(list(fourteen)), columns=list(fourteen))
    frame = frame.assign(entry=known.entry, exit=known.exit, ended=known.ended)
    theirs = CoxPHFitter().fit(frame, "exit", "ended", entry_col="entry")  # stops at 1e-7, Efron's ties; no ends are tied here
    assert cox(civil, list(fourteen)).coefficient == pytest.approx(theirs.params_.to_numpy(), abs=1e-6)


def test_a_penalty_means_what_it_means_to_lifelines(civil):
    import pandas as pd
    from lifelines import CoxPHFitter

    known = civil.complete(FIVE).one_per_case()
    frame = pd.DataFrame(known.columns(FIVE), columns=list(FIVE)).assign(exit=known.exit, ended=known.ended)
    theirs = CoxPHFitter(penalizer=0.05).fit(frame, "exit", "ended")
    assert cox(known, FIVE, penalty=0.05).coefficient == pytest.approx(theirs.params_.to_numpy(), abs=1e-4)


@pytest.mark.parametrize(
    "event, published",
    [
        ("war", [(0.95, 0.84, 0.98), (0.93, None, None), (0.86, 0.74, 0.93)]),
        ("fatal", [(0.61, None, None), (0.47, None, None), (0.34, None, None)]),
        ("force", [(0.44, None, None), (0.38, None, None), (0.31, None, None)]),
    ],
)
def test_survival_after_interstate_wars_is_as_published(folder, event, published):
    past = interstate(folder, event)
    assert past.n_cases == 57
    check_curve(past, published, 0.0051)


def check_curve(past, published, within):
    fitted = np.transpose(base_rates(past).survival([1, 2, 5]))
    for row, expected in zip(fitted, published, strict=True):
        for value, said in zip(row, expected, strict=True):
            assert said is None or value == pytest.approx(said, abs=within)


def test_survival_after_civil_wars_is_as_published(civil):
    cases = civil.one_per_case()
    # one failed ceasefire (1005) is not in the author's own model, and not in the published 59
    alone = cases.where((cases.column("pk_dumC") == 0) & (np.array(cases.case) != "1005.0"))
    assert alone.n_cases == 59
    check_curve(alone, [(0.593, 0.46, 0.71), (0.525, None, None), (0.373, None, None)], 0.0051)
    check_curve(alone, [(0.593, None, None), (0.525, None, None), (0.373, None, None)], 0.0006)
    watched = cases.where(cases.column("pk_dumC") == 1)
    assert watched.n_cases == 36
    check_curve(watched, [(0.806, None, None), (0.694, None, None), (0.583, None, None)], 0.0006)


def test_survival_of_open_ended_ceasefires_is_as_published(folder):
    past = read_spells(folder / "ethprio_ceasefires_reduced.csv", kind="ethprio")
    assert past.n_cases == 341
    assert "697 of 2114" in past.notes[0]
    assert kaplan_meier(past).survival([14 / 365.25, 90 / 365.25, 1]) == pytest.approx([0.81, 0.65, 0.41], abs=0.0051)


def test_the_shipped_classes_are_what_the_records_give(folder, civil):
    cases = civil.one_per_case()
    kept = np.array(cases.case) != "1005.0"
    records = {
        **{f"interstate-{event}": interstate(folder, event) for event in ("war", "fatal", "force")},
        "civil-alone": cases.where((cases.column("pk_dumC") == 0) & kept),
        "civil-peacekeepers": cases.where(cases.column("pk_dumC") == 1),
        "ethprio-open": read_spells(folder / "ethprio_ceasefires_reduced.csv", kind="ethprio"),
    }
    for one in reference_classes().classes:
        past = records[one.name]
        assert (one.n, one.n_ended) == (past.n_cases, past.ended.sum())
        assert np.transpose(base_rates(past).survival(YEARS)) == pytest.approx(np.array(one.points), abs=0.0006)
        types = two_types(past.one_per_case())
        assert types.log_likelihood == pytest.approx(one.types.log_likelihood, abs=1e-3)
        assert types.survival(YEARS) == pytest.approx(np.array(one.mixed)[:, 0], abs=0.001)
    again = base_rates(records["civil-alone"], model="mixture", resamples=200, rng=np.random.default_rng(1))
    shipped = base_rates("civil-alone", model="mixture")
    for mine, theirs in zip(again.survival(YEARS), shipped.survival(YEARS), strict=True):
        assert mine == pytest.approx(theirs, abs=0.03)


@in_depth
def test_the_hazard_of_war_falls_with_time_in_every_record(folder, civil):
    cases = civil.one_per_case()
    past = [interstate(folder, event) for event in ("war", "fatal", "force")]
    past += [cases.where(cases.column("pk_dumC") == k) for k in (0, 1)]
    past.append(read_spells(folder / "ethprio_ceasefires_reduced.csv", kind="ethprio"))
    shapes = [weibull(one).shape for one in past]
    assert (min(shapes), max(shapes)) == pytest.approx((0.33, 0.62), abs=0.0051)


def test_few_first_acts_led_to_war_within_a_year(folder):
    war = interstate(folder, "war")
    for event, within, of in (("force", 4, 46), ("fatal", 7, 43)):
        first = interstate(folder, event)
        assert first.ended.sum() == of
        assert np.sum(first.ended & war.ended & (war.exit - first.exit <= 1)) == within


def test_just_over_half_of_civil_war_ceasefires_were_fragile(civil, fourteen):
    fitted = two_types(civil.complete(list(fourteen)).one_per_case())
    assert fitted.fragile == pytest.approx(0.55, abs=0.005)
    assert fitted.fragile_per_year == pytest.approx(0.826, abs=5e-4)
    assert fitted.firm_per_year == pytest.approx(0.0086, abs=5e-5)


@pytest.fixture(scope="module")
def scored(civil, fourteen):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return backtest(civil.complete(list(fourteen)), ("weibull", "mixture", "lognormal") if DEEP else ("mixture",), covariates=FIVE)


@more_in_depth
def test_scores_for_wars_left_out_are_as_published(scored, civil, fourteen):
    published = {"constant": 0.278, "weibull": 0.245, "mixture": 0.243, "km": 0.243, "cox": 0.215, "lognormal": 0.213}
    assert set(scored.models) == (set(published) if DEEP else set(published) - {"weibull", "lognormal"})  # which lifelines fits slowly
    for model in scored.models:
        assert scored.score(model) == pytest.approx(published[model], abs=0.001), model
    all_fourteen = backtest(civil, (), covariates=["pk_dumC", *list(fourteen)[1:]])
    assert all_fourteen.score("cox") == pytest.approx(0.238, abs=0.001)
    assert scored.table().rows[0][0] == ("lognormal" if DEEP else "cox")


@more_in_depth
def test_thirds_are_shown_only_where_a_model_tells_ceasefires_apart(scored):
    rows = scored.calibration(year=2).rows
    assert [row.third for row in rows if row.model == "km"] == ["all, foretold alike"]
    seen = [row.seen for row in rows if row.model == "cox"]
    assert len(seen) == 3 and seen == sorted(seen)
    assert sum(row.n for row in rows if row.model == ("lognormal" if DEEP else "cox")) == 93


# --- fast against slow -----------------------------------------------------------------------------------------------


@more_in_depth
@settings(max_examples=tried(40), deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_curves_and_partial_likelihoods_equal_their_definitions(seed, ties, entry):
    past = drawn(seed, ties=ties, entry=entry)
    lists = past.entry.tolist(), past.exit.tolist(), past.ended.tolist()
    km = kaplan_meier(past)
    for year in (0.0, 0.3, 1.0, float(past.exit.max())):
        if not entry:
            assert km.survival(year) == pytest.approx(history.kaplan_meier(*lists, year))
    assert np.all((km.low <= km.share + 1e-12) & (km.share <= km.high + 1e-12))
    try:
        fitted = cox(past, ["a", "b", "c"])
    except AskError as error:
        assert error.code == "history/no-solution"
        return
    x = past.columns(["a", "b", "c"]).tolist()
    assert fitted.log_likelihood == pytest.approx(history.partial_likelihood(*lists, x, fitted.coefficient))
    assert fitted.schoenfeld == pytest.approx(np.array(history.schoenfeld(*lists, x, fitted.coefficient)), abs=1e-9)
    for k in range(3):  # no other coefficient is more likely
        for step in (1e-3, -1e-3):
            there = fitted.coefficient + step * np.eye(3)[k]
            assert history.partial_likelihood(*lists, x, there) < fitted.log_likelihood


@more_in_depth
@settings(max_examples=tried(25), deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_the_mixture_is_at_least_as_likely_as_what_lies_around_it(seed, entry):
    past = drawn(seed, n=30, entry=entry)
    if not past.ended.any():
        return
    lists = past.entry.tolist(), past.exit.tolist(), past.ended.tolist()
    fitted = two_types(past)
    at = (fitted.fragile, fitted.fragile_per_year, fitted.firm_per_year)
    assert fitted.log_likelihood == pytest.approx(history.two_types(*lists, *at), abs=1e-9)
    assert fitted.log_likelihood >= history.two_types(*lists, 0.5, *[constant_hazard(past)] * 2) - 1e-9
    for factor in (0.97, 1.03):
        for k in range(3):
            near = [value * factor if j == k else value for j, value in enumerate(at)]
            if near[0] <= 1 and min(near[1:]) >= SLOWEST and max(near[1:]) <= FASTEST:  # of a type that hardly ever ends there is no slower one
                assert history.two_types(*lists, *near) <= fitted.log_likelihood + 1e-9


def lasting(per_year):
    """A model of one known hazard."""
    return lambda learnt, asked, years: np.broadcast_to(np.exp(-per_year * years), (len(asked.case), years.size))


def seen_late(rng, n, *, per_year=0.5, late=0.7):
    """Ceasefires of one hazard, most of them first seen late if they last until then, and watched for a while."""
    entry, exit_, ended = [], [], []
    while len(entry) < n:
        lasts, begins = rng.exponential(1 / per_year), rng.uniform(0, 4) if rng.random() < late else 0.0
        if lasts > begins:
            stops = begins + rng.uniform(0.5, 8)
            entry, exit_, ended = [*entry, begins], [*exit_, min(lasts, stops)], [*ended, lasts <= stops]
    return spells(exit_, ended, entry=entry, group=[f"g{k % 10}" for k in range(n)])


def test_of_ceasefires_first_seen_late_the_true_hazard_scores_best_and_as_it_should():
    """That a ceasefire seen from year 3 was in force at year 1 counted as a forecast come true: half the true hazard won."""
    past = seen_late(np.random.default_rng(8), 3000)
    scored = backtest(past, (), years=[1, 2], own={f"{per_year:g}": lasting(per_year) for per_year in (0.25, 0.4, 0.5, 0.6, 1.0)})
    assert min(scored.models, key=scored.score) in ("0.5", "constant", "km") and scored.score("0.5") + 0.02 < scored.score("0.25")
    for k, year in enumerate(scored.years):
        chance = np.exp(-0.5 * (year - past.entry[past.entry < year]))
        assert scored.brier[scored.models.index("0.5"), k] == pytest.approx(np.mean(chance * (1 - chance)), abs=0.012)


def test_a_score_with_late_entry_by_hand():
    """At year 2: the third was not yet seen; of the second, seen from year 1, it is asked whether it lasted from then on."""
    past = spells([1.5, 3, 4, 5], [True, True, True, True], entry=[0, 1, 2.5, 0], case=list("abcd"), group=list("abcd"))
    told = backtest(past, (), years=[2], own={"half a year": lasting(np.log(2))})
    mine = ((0.25 - 0) ** 2 + (0.5 - 1) ** 2 + (0.25 - 1) ** 2) / 3
    assert told.score("half a year") == pytest.approx(mine) and told.weight[:, 0].tolist() == [1, 1, 0, 1]



@more_in_depth
@settings(max_examples=tried(25), deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_scores_with_censoring_equal_their_definition(seed, ties):
    past = drawn(seed, n=25, ties=ties)
    foretold = np.random.default_rng(seed).random(25)
    for year in (0.2, 0.6):
        try:
            expected = history.brier(past.exit.tolist(), past.ended.tolist(), foretold, year)
        except ZeroDivisionError:
            continue
        mine = (censoring_weight(past, [year])[:, 0] * (foretold - (past.exit > year)) ** 2).mean()
        assert mine == pytest.approx(expected)


def test_a_large_record_gives_the_same_curve_and_ratios_as_its_many_copies():
    few = drawn(5, n=35)
    many = few.rows(np.tile(np.arange(35), 2000))
    assert len(many.case) > 65_536
    assert kaplan_meier(many).survival([0.2, 0.5]) == pytest.approx(kaplan_meier(few).survival([0.2, 0.5]))
    assert cox(many, ["a", "b"]).coefficient == pytest.approx(cox(few, ["a", "b"]).coefficient, abs=1e-6)


# --- simulate and recover --------------------------------------------------------------------------------------------


def test_a_mixture_that_made_the_records_is_found_again():
    rng = np.random.default_rng(1)
    fragile = rng.random(4000) < 0.6
    t = rng.exponential(np.where(fragile, 1 / 1.5, 1 / 0.05))
    fitted = two_types(spells(np.minimum(t, 12), t < 12))
    assert (fitted.fragile, fitted.fragile_per_year, fitted.firm_per_year) == pytest.approx((0.6, 1.5, 0.05), rel=0.08)


def test_a_mixture_seen_with_delayed_entry_is_found_again():
    rng = np.random.default_rng(2)
    t = rng.exponential(np.where(rng.random(12_000) < 0.6, 1 / 1.5, 1 / 0.05))
    entry = rng.uniform(0, 1.5, t.size) * (rng.random(t.size) < 0.5)
    seen = t > entry
    fitted = two_types(spells(np.minimum(t, 12)[seen], (t < 12)[seen], entry=entry[seen]))
    assert (fitted.fragile, fitted.fragile_per_year, fitted.firm_per_year) == pytest.approx((0.6, 1.5, 0.05), rel=0.1)


def test_hazard_ratios_that_made_the_records_are_found_again():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(5000, 2))
    t = rng.weibull(0.7, 5000) * np.exp(-(x @ [0.7, -0.4]) / 0.7)
    entry = rng.uniform(0, 1, 5000) * (rng.random(5000) < 0.3)
    x, t, entry = x[t > entry], t[t > entry], entry[t > entry]
    fitted = cox(spells(t.clip(max=3), t < 3, entry=entry, covariates={"a": x[:, 0], "b": x[:, 1]}), ["a", "b"])
    assert fitted.coefficient == pytest.approx([0.7, -0.4], abs=3 * fitted.standard_error.max())
    base = fitted.survival([[0.0, 0.0]], [0.5])[0, 0]
    assert base == pytest.approx(np.exp(-(0.5**0.7)), abs=0.03)


def test_weibull_and_log_normal_curves_that_made_the_records_are_found_again():
    rng = np.random.default_rng(4)
    t = 3 * rng.weibull(0.6, 3000)
    fitted = weibull(spells(t.clip(max=10), t < 10))
    assert (fitted.scale, fitted.shape) == pytest.approx((3, 0.6), rel=0.08)
    x = rng.normal(size=800)
    late = np.exp(0.5 + 0.8 * x + 1.2 * rng.normal(size=800))
    past = spells(late.clip(max=20), late < 20, covariates={"x": x})
    model = log_normal(past, ["x"])
    assert (model.intercept, model.coefficient[0], model.scale) == pytest.approx((0.5, 0.8, 1.2), abs=0.12)
    assert model.survival([[0.0]], [np.exp(0.5)])[0, 0] == pytest.approx(0.5, abs=0.05)


def test_an_interval_of_the_mixture_covers_what_made_the_records():
    rng = np.random.default_rng(6)
    t = rng.exponential(np.where(rng.random(90) < 0.5, 1.0, 20.0)) + 1e-3
    estimate, low, high = base_rates(spells(t.clip(max=10), t < 10), model="mixture", resamples=60).survival([1, 2, 5])
    truth = 0.5 * np.exp(-np.array([1, 2, 5])) + 0.5 * np.exp(-np.array([1, 2, 5]) / 20)
    assert np.all((low <= truth) & (truth <= high) & (low <= estimate) & (estimate <= high))


# --- classes and what they refuse ------------------------------------------------------------------------------------


def test_what_lies_between_two_points_of_a_class_is_bounded_by_both():
    for name in reference_classes().names:
        for model in ("km", "mixture"):
            one = base_rates(name, model=model)
            years = np.geomspace(0.001, 10, 200)
            estimate, low, high = one.survival(years)
            assert np.all(np.diff(estimate) <= 1e-12) and np.all((low <= estimate) & (estimate <= high))
            assert one.survival(0) == (1, 1, 1)
            assert "n = " in str(one)
    one = base_rates("civil-alone")
    assert one.survival(1.5)[1] == one.survival(2)[1] and one.survival(1.5)[2] == one.survival(1)[2]


def test_a_class_says_nothing_after_its_last_year():
    with pytest.raises(AskError, match="says nothing after 10 years") as error:
        base_rates("civil-alone").survival([1, 12])
    assert error.value.code == "history/beyond-record"
    own = base_rates(spells([1, 2, 3], [True, True, False]))
    with pytest.raises(AskError):
        own.survival(3.5)
    with pytest.raises(AskError, match="finite"):
        own.survival(-1)


@pytest.mark.parametrize(
    "ask, code",
    [
        (lambda: base_rates("civil-alon"), "history/unknown-class"),
        (lambda: base_rates("civil-alone", model="kn"), "history/unknown-model"),
        (lambda: base_rates(spells([1, 2], [True, False]), model="mixture"), "history/too-few"),
        (lambda: spells([1, 2], [True]), "history/bad-spell"),
        (lambda: spells([1, 0], [True, True]), "history/bad-spell"),
        (lambda: spells([1, np.nan], [True, True]), "history/bad-spell"),
        (lambda: spells([3, 5], [False, True], entry=[0, 2], case=["a", "a"]), "history/bad-spell"),
        (lambda: spells([3, 5], [True, True], entry=[0, 3], case=["a", "a"]), "history/bad-spell"),
        (lambda: spells([5, 3], [False, True], entry=[4, 0], case=["a", "a"]), "history/bad-spell"),
        (lambda: spells([3, 3], [True, True], case=["a", "a"]), "history/bad-spell"),
        (lambda: drawn(0).column("d"), "history/unknown-covariate"),
        (lambda: cox(spells([1, 2], [False, False], covariates={"a": [1, 2]}), ["a"]), "history/too-few"),
        (lambda: cox(spells([1, 2], [True, True], covariates={"a": [1, 1]}), ["a"]), "history/no-solution"),
        (lambda: cox(spells([1, 2, 3, 4], [True] * 4, covariates={"a": [4, 3, 2, 1]}), ["a"]), "history/no-solution"),
        (lambda: backtest(drawn(0), ("kaplan",)), "history/unknown-model"),
        (lambda: backtest(drawn(0), (), years=[0]), "history/bad-number"),
        (lambda: backtest(spells([1, 2], [True, True], group=["w", "w"]), ()), "history/too-few"),
        (lambda: backtest(drawn(0), ()).calibration(year=3), "history/bad-number"),
        (lambda: backtest(drawn(0), ()).score("cox"), "history/unknown-model"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_code(ask, code):
    with pytest.raises(AskError) as error:
        ask()
    assert error.value.code == code


def test_a_hazard_ratio_is_told_with_a_finite_error_or_not_at_all():
    """Of few ceasefires a covariate often separates those that ended: the likelihood is flat far out, and rounding must not pass for curvature."""
    r, refused = np.random.default_rng(7), 0
    for _ in range(tried(300)):
        n = int(r.integers(4, 10))
        past = spells(r.random(n).round(2) + 0.01, [True, *(r.random(n - 1) < 0.6)], covariates={"a": r.integers(0, 2, n).astype(float), "b": r.random(n)})
        try:
            told = cox(past, ["a", "b"])
        except AskError as error:
            assert error.code == "history/no-solution"
            refused += 1
        else:
            assert np.isfinite(told.ratio).all() and (told.standard_error > 0).all()
        assert np.isfinite(cox(past, ["a", "b"], penalty=0.05).ratio).all()
    assert refused


def test_a_covariate_that_separates_those_that_ended_is_named():
    past = spells([1, 2, 3, 4, 5, 6], [True] * 3 + [False] * 3, covariates={"a": [1, 1, 1, 0, 0, 0], "b": [0, 1, 0, 1, 1, 0]})
    with pytest.raises(AskError, match="a separates the ceasefires that ended") as error:
        cox(past, ["a", "b"])
    assert error.value.code == "history/no-solution"


def test_the_classes_that_come_with_the_program_are_listed_with_their_source():
    listed = reference_classes().table()
    assert all(row[-2] and row[-1] for row in listed.rows) and len(listed.rows) == len(reference_classes().names)


def test_spells_show_their_first_rows_and_how_many_there_are():
    assert "40 spells of 40 ceasefires" in str(drawn(0))


def test_covariates_that_say_the_same_twice_have_no_hazard_ratio_but_a_penalty_gives_one():
    past = drawn(0)
    double = spells(past.exit, past.ended, covariates={"a": past.column("a"), "twice": 2 * past.column("a")})
    with pytest.raises(AskError) as error:
        cox(double, ["a", "twice"])
    assert error.value.code == "history/no-solution"
    assert np.isfinite(cox(double, ["a", "twice"], penalty=0.1).coefficient).all()
    still = spells(past.exit, past.ended, covariates={"a": past.column("a"), "same": np.ones(40)})
    fitted = cox(still, ["a", "same"], penalty=0.1)
    assert fitted.ratio[1, 0] == 1 and "penalty of 0.1" in str(fitted)


def test_records_in_which_nothing_or_everything_ended_keep_an_interval_with_width():
    none_ended = base_rates(spells([1, 2, 3], [False] * 3))
    for year, n_watched in ((1, 3), (1.5, 2), (2, 2), (3, 1)):
        assert [float(side) for side in none_ended.survival(year)] == pytest.approx([1, 0.025 ** (1 / n_watched), 1])
    gone = base_rates(spells([1, 2], [True, True]))
    estimate, low, high = (float(side) for side in gone.survival(2))
    assert (estimate, low) == (0, 0) and high == gone.survival(1)[2] > 0.5
    assert base_rates(spells([1], [True])).survival(1)[2] == 1


@in_depth
def test_a_fit_that_does_not_settle_is_refused_with_a_hint():
    past = spells([1.0, 2.0, 3.0], [False, False, True], covariates={"a": [0, 0, 1], "b": [1, 0, 1]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(AskError) as error:
            log_normal(past, ["a", "b"])
    assert error.value.code == "history/no-solution"


def test_a_missing_package_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.import_module", lambda name: (_ for _ in ()).throw(ImportError(name)))
    for ask in (lambda: weibull(drawn(0)), lambda: log_normal(drawn(0), ["a"])):
        with pytest.raises(AskError, match=r"bestand\[history\]") as error:
            ask()
        assert error.value.code == "history/needs-extra"


def test_constant_hazard_kaplan_meier_and_cox_always_stand_beside_other_models():
    past = drawn(1)
    flat = backtest(past, (), covariates=["a"], own={"half": lambda learnt, asked, years: np.full((len(asked.case), years.size), 0.5)},
                    years=[0.2, 0.5])  # fmt: skip
    assert flat.models == ("constant", "km", "cox", "half")
    by_case = backtest(past, (), leave_out="case", years=[0.2])
    assert by_case.models == ("constant", "km") and "one case left out" in str(by_case)


def test_a_war_left_out_teaches_nothing():
    past = drawn(2)
    seen = []
    backtest(past, (), own={"spy": lambda learnt, asked, years: (seen.append((set(learnt.group), set(asked.group))), np.zeros((len(asked.case), 3)))[1]})
    assert seen and all(not learnt & asked for learnt, asked in seen)


# --- late watching ---------------------------------------------------------------------------------------------------


def test_one_early_end_leaves_an_honest_interval_and_the_unwatched_years_are_named():
    late = base_rates(read_spells(FIELD / "05-left-truncation.csv"))
    for year in (1, 2, 5, 7.5):
        estimate, low, high = late.survival(year)
        assert (estimate, low) == (0, 0) and high >= 0.975
    assert late.survival(0.5)[1] == pytest.approx(0.025)  # one was watched: it may have been luck
    assert late.unwatched == ((1.0, 2.0),) and "nobody watched from year 1 to year 2" in str(late)


def test_a_curve_starts_where_somebody_was_watched():
    late = base_rates(spells([3, 4, 6], [True, False, True], entry=[2, 2, 2.5]))
    assert "nobody watched before year 2: the curve starts there" in str(late)
    for year in (0, 0.5, 1.99):
        with pytest.raises(AskError, match="nobody watched before year 2") as error:
            late.survival(year)
        assert error.value.code == "history/nobody-watched"
    assert late.survival(2)[0] == 1 and late.survival(3)[0] == pytest.approx(2 / 3)
    assert [row[1] for row in late.table().rows[:3]] == [None, None, None]
    with pytest.raises(AskError):
        backtest(spells([3, 4, 6], [True, False, True], entry=[2, 2, 2.5]), ())


def test_what_lies_in_unwatched_years_is_not_said_and_what_follows_has_no_lower_limit():
    past = base_rates(spells([1, 1, 4, 5], [False, False, True, False], entry=[0, 0, 2, 2]))
    assert past.survival(1)[0] == 1
    with pytest.raises(AskError, match="from year 1 to year 2"):
        past.survival(1.5)
    estimate, low, high = past.survival(4)
    assert (estimate, low) == (0.5, 0) and high > 0.5
    assert "at most these" in str(past)
    mixed = base_rates(spells([3, 4, 6, 7], [True, True, False, True], entry=[2] * 4), model="mixture", resamples=20)
    with pytest.raises(AskError, match="nobody watched before year 2"):
        mixed.survival(1)


@more_in_depth
@settings(max_examples=tried(60), deadline=None)
@given(st.integers(0, 10**6))
def test_limits_are_never_narrower_than_what_the_watched_allow(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 8))
    entry = rng.integers(0, 4, n) * (rng.random(n) < 0.6)
    past = spells(entry + rng.integers(1, 5, n), rng.random(n) < 0.5, entry=entry)
    km = kaplan_meier(past)
    assert np.all((km.low >= 0) & (km.low <= km.share + 1e-12) & (km.share <= km.high + 1e-12) & (km.high <= 1))
    assert np.all(np.diff(km.share) <= 1e-12) and np.all(np.diff(km.low) <= 1e-12)
    for year in np.arange(0.25, float(past.exit.max()), 0.5):  # no time is certain: nothing was watched by all the world
        n_watched = int(np.sum((past.entry < year) & (year <= past.exit)))
        assert (n_watched == 0) == any(begin < year <= end for begin, end in km.unwatched)
        step = int(np.searchsorted(km.years, year, side="right")) - 1
        if step >= 0:
            assert km.high[step] - km.low[step] > 0.05


def test_delayed_entry_equals_the_definition():
    past = drawn(3, n=60, entry=True)
    lists = past.entry.tolist(), past.exit.tolist(), past.ended.tolist()
    for year in (0.1, 0.4, 0.8):
        assert kaplan_meier(past).survival(year) == pytest.approx(history.kaplan_meier(*lists, year))


# --- readers ---------------------------------------------------------------------------------------------------------


def written(tmp_path, text):
    path = tmp_path / "truces.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plain_file_is_read_with_its_covariates_and_groups(tmp_path):
    text = "case,war,days,ended,watched,place\na,w1,365.25,yes,1,north\nb,w1,731,0,,south\n\n"
    past = read_spells(written(tmp_path, text), group_by="war")
    assert past.group == ("w1", "w1") and past.covariates == ("watched",)
    assert past.exit == pytest.approx([1, 2], abs=0.01) and past.ended.tolist() == [True, False]
    assert np.isnan(past.column("watched")[1])
    assert "place (line 2: 'north')" in past.notes[0]
    assert past.complete(["watched"]).case == ("a",)


@pytest.mark.parametrize("column", ["entry", "Entry", "start", "tstart", "t0", "begin", "left"])
def test_when_watching_began_is_not_lost_in_a_column_of_another_name(column, tmp_path):
    for rows in (f"{column},years,ended\n2,3,1\n2,4,0\n", f"years,ended,{column}\n3,1,2\n"):
        with pytest.raises(BestandError, match="call it `entered`") as refused:
            read_spells(written(tmp_path, rows))
        assert refused.value.code == "history/missing-column"
    assert read_spells(written(tmp_path, f"{column},years,ended,entered\n2,3,1,2\n")).entry.tolist() == [2]


def test_one_length_is_given_once(tmp_path):
    with pytest.raises(BestandError, match="keep one of the two"):
        read_spells(written(tmp_path, "days,years,ended\n365,1,1\n"))


def test_semicolons_and_a_byte_order_mark_are_read(tmp_path):
    assert read_spells(written(tmp_path, "\ufeffyears;ended\n1.5;1\n")).exit.tolist() == [1.5]


def test_every_mistake_of_a_file_is_reported_at_once_with_line_and_column(tmp_path):
    path = written(tmp_path, 'years,ended,entered\n"1,5",yes,0\n2,maybe,0\n1,1,3\n1,1\n')
    with pytest.raises(HistoryError) as error:
        read_spells(path)
    places = [(p.place.line, p.place.column, p.place.at) for p in error.value.problems]
    assert places == [(2, 1, "years"), (3, 2, "ended"), (4, None, ""), (5, None, "")]
    assert "truces.csv:2:1" in str(error.value) and "'1,5' is not a number" in str(error.value)


@pytest.mark.parametrize(
    "text, kind, code",
    [
        ("a,b\n1,2\n", "plain", "history/missing-column"),
        ("years,ended\n", "plain", "history/no-rows"),
        ("", "plain", "history/unreadable-file"),
        ("years,years,ended\n1,1,1\n", "plain", "history/unreadable-file"),
        ('years,ended\n"1,1\n', "plain", "history/unreadable-file"),
        ("years,ended\ninf,1\n", "plain", "history/bad-value"),
        ("years,ended\n1e308,1\n", "plain", "history/bad-value"),
        ("years,ended\n1001,1\n", "plain", "history/bad-value"),
        ("years,ended,x\n1,1,1e308\n2,1,3\n", "plain", None),
        ("years,ended\n1,1\n", "plan", "history/unknown-kind"),
        ("location,t0,days,side,fixed,ended\nA,2001-01-01,3,1,0,2\n", "ethprio", "history/no-rows"),
        ("location,t0,days,side,fixed,ended\nA,2001,3,2,0,2\n", "ethprio", "history/bad-value"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, text, kind, code):
    if code is None:  # what is beyond all measure is text, and a note says so
        assert "not covariates" in read_spells(written(tmp_path, text), kind=kind).notes[0]
        return
    with pytest.raises(HistoryError) as error:
        read_spells(written(tmp_path, text), kind=kind)
    assert error.value.code == code


def test_a_file_that_is_missing_too_large_or_not_text_says_so(tmp_path, monkeypatch):
    with pytest.raises(HistoryError) as error:
        read_spells(tmp_path / "none.csv")
    assert error.value.code == "history/no-file"
    with monkeypatch.context() as limit, pytest.raises(HistoryError, match="larger than"):
        limit.setattr("bestand.evidence.sheet.MOST_BYTES", 10)
        read_spells(written(tmp_path, "years,ended\n1,1\n"))
    (tmp_path / "odd.csv").write_bytes(b"years,ended\n\xff\xfe,1\n")
    with pytest.raises(HistoryError) as error:
        read_spells(tmp_path / "odd.csv")
    assert error.value.code == "history/unreadable-file"
    with monkeypatch.context() as limit, pytest.raises(HistoryError, match="more than 10 cells"):
        limit.setattr("bestand.evidence.sheet.MOST_CELLS", 10)
        read_spells(written(tmp_path, "years,ended\n" + "1,1\n" * 20))


def test_of_very_many_mistakes_twenty_are_shown_and_the_rest_counted(tmp_path):
    with pytest.raises(HistoryError, match="and 4,981 more mistakes") as error:
        read_spells(written(tmp_path, "years,ended\n" + "x,1\n" * 5000))
    assert len(error.value.problems) == 20


def test_a_decimal_comma_is_answered_with_the_number_to_write(tmp_path):
    with pytest.raises(HistoryError, match=r"write 1\.5, with a decimal point"):
        read_spells(written(tmp_path, "years;ended\n1,5;1\n"))
    with pytest.raises(HistoryError, match="write 1250, without a thousands separator"):
        read_spells(written(tmp_path, "years;ended\n1,250;1\n"))


def test_a_folder_is_no_file_of_records(tmp_path):
    with pytest.raises(HistoryError, match="a folder or a device"):
        read_spells(tmp_path)


def test_spells_of_one_case_join_to_its_whole_length():
    past = spells([1, 3, 2], [False, True, False], entry=[0, 1, 0], case=["a", "a", "b"], covariates={"x": [7, 8, 9]})
    one = past.one_per_case()
    assert one.case == ("a", "b") and one.exit.tolist() == [3, 2] and one.ended.tolist() == [True, False]
    assert one.column("x").tolist() == [7, 9] and past.n_cases == 2
    with pytest.raises(ValueError, match="read-only"):
        one.exit[0] = 5


def test_spells_of_one_ceasefire_in_a_file_follow_one_another(tmp_path):
    path = tmp_path / "spells.csv"
    path.write_text("case,days,ended,entered\na,100.1,0,0\na,300.7,1,100.1\nb,10,0,0\nb,40,1,30\n", encoding="utf-8")
    assert read_spells(path).n_cases == 2  # one after another, also with years between in which nobody watched
    path.write_text("case,years,ended,entered\na,3,0,0\nb,2,1,0\na,5,1,2\nb,6,0,4\n", encoding="utf-8")
    with pytest.raises(HistoryError) as error:
        read_spells(path)
    assert [(problem.code, problem.place.line) for problem in error.value.problems] == [("history/bad-value", 4), ("history/bad-value", 5)]
