"""Commands and options of past ceasefires and counts: answered for people and for programs, or refused in words."""

from __future__ import annotations

import json
import os
import pathlib
import random
import re
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

import bestand
from bestand.cli import main
from bestand.errors import BestandError
from bestand.evidence.counts import counts
from bestand.evidence.spells import spells
from bestand.history.asked import percent
from tests.conftest import less_progress
from tests.depth import DEEP, more_in_depth, spread

FIELD = pathlib.Path(__file__).parents[1] / "field"
PAST = FIELD / "05-left-truncation.csv"
NOISE = FIELD / "08-poisson-noise.csv"


@pytest.fixture
def records(tmp_path):
    rows = "\n".join(f"c{k},w{k % 6},{0.3 + (k * 37 % 50) / 10},{int(k % 4 != 1)},{int(k * 7 % 10 < 4)}" for k in range(40))
    path = tmp_path / "spells.csv"
    path.write_text(f"case,group,years,ended,watched\n{rows}\n", encoding="utf-8")
    return str(path)


def run(*command):
    return CliRunner().invoke(main, [str(part) for part in command])


def commands(records):
    return [
        ["base-rates"],
        ["base-rates", "civil-alone"],
        ["base-rates", "civil-alone", "--model", "mixture"],
        ["base-rates", "--file", str(PAST)],
        ["base-rates", "--file", records, "--model", "mixture", "--resamples", "20"],
        ["backtest", records, "--covariate", "watched", "--years", "1,2"],
        ["backtest", records, "--leave-out", "case", "--years", "1"],
        ["violations", str(NOISE), "--ahead", "2", "--last", "2"],
        ["violations", str(FIELD / "06-monthly-dates.csv"), "--level", "0.999"],
    ]


def test_every_command_prints_tables_within_eighty_columns_and_rows_as_json(records):
    for command in commands(records):
        shown = run(*command)
        assert shown.exit_code == 0 and shown.stdout, shown.output
        assert max(len(line) for line in shown.stdout.splitlines()) <= 80, command
        assert not re.search(r"\de[-+]\d", shown.stdout), command
        as_rows = json.loads(run(*command, "--json").stdout, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
        assert as_rows


def test_shares_are_printed_in_percent_and_kept_as_numbers_for_programs(records):
    assert "59 %" in run("base-rates", "civil-alone").stdout
    row = json.loads(run("base-rates", "civil-alone", "--json").stdout)[2]
    assert row["after"] == "1 year" and row["survival"] == pytest.approx(0.593)
    assert (percent(2.64e-22), percent(1 - 1e-9), percent(0.0), percent(1.0)) == ("<0.1 %", ">99.9 %", "0 %", "100 %")
    ratios = json.loads(run("backtest", records, "--covariate", "watched", "--json").stdout)["ratios"]
    assert ratios[0]["covariate"] == "watched" and ratios[0]["low"] < ratios[0]["hazard ratio"] < ratios[0]["high"]


def test_a_list_of_classes_says_what_ends_a_ceasefire_and_what_guarded_it():
    rows = {row["class"]: row for row in json.loads(run("base-rates", "--json").stdout)}
    assert (rows["civil-alone"]["ends by"], rows["civil-alone"]["guarded"]) == ("war", "absent")
    assert rows["civil-peacekeepers"]["guarded"] == "present"
    assert {name: rows[f"interstate-{name}"]["ends by"] for name in ("war", "fatal", "force")} == {
        "war": "war", "fatal": "fatal clash", "force": "forcible act",
    }  # fmt: skip
    assert all(row["source"] and row["caution"] for row in rows.values())


@spread(
    "command, code",
    [
        (["base-rates", "civil-alone", "--model", "kn"], "history/unknown-model"),
        (["base-rates", "no-such-class"], "history/unknown-class"),
        (["base-rates", "--file", PAST, "--resamples", "0"], "history/bad-number"),
        (["base-rates", "--file", PAST, "--resamples", "-5"], "history/bad-number"),
        (["base-rates", "--file", PAST, "--kind", "fortan"], "history/unknown-kind"),
        (["base-rates", "--file", PAST, "--group-by", "war"], "history/missing-column"),
        (["base-rates", "--file", "/dev/zero"], "history/no-file"),
        (["backtest", PAST, "--model", "wiebull"], "history/unknown-model"),
        (["backtest", PAST, "--model", "cox"], "history/unknown-covariate"),
        (["backtest", PAST, "--covariate", "nope"], "history/unknown-covariate"),
        (["backtest", PAST, "--years", "-1"], "history/bad-number"),
        (["backtest", PAST, "--years", "nan"], "history/bad-number"),
        (["backtest", PAST, "--years", "1e308"], "history/bad-number"),
        (["backtest", PAST, "--covariate", "entered", "--penalty", "nan"], "history/bad-number"),
        (["backtest", PAST, "--covariate", "entered", "--penalty", "-1"], "history/bad-number"),
        (["backtest", PAST, "--leave-out", "country"], "history/unknown-model"),
        *[(["violations", NOISE, "--level", level], "history/bad-number") for level in ("0", "1", "nan", "inf", "-1")],
        *[(["violations", NOISE, "--ahead", ahead], "history/bad-number") for ahead in ("0", "-3", "1000000000")],
        *[(["violations", NOISE, "--last", last], "history/bad-number") for last in ("0", "-1", "49")],
        *[(["violations", NOISE, "--reporting", share], "history/bad-number") for share in ("0", "nan", "1.5", "-1")],
        (["violations", NOISE, "--last", "47"], "history/too-few"),
        (["violations", NOISE, "--column", "nope"], "history/missing-column"),
    ],
    ids=str,
    first=5,
)
def test_every_wrong_option_is_refused_in_words(command, code):
    answer = run(*command)
    assert answer.exit_code in (2, 3) and answer.output.startswith(f"[{code}]") and "hint: " in answer.output
    assert "Traceback" not in answer.output and not answer.stdout.startswith("Truce")


def test_words_that_are_no_numbers_and_two_questions_at_once_are_wrong_usage():
    for command in (["backtest", PAST, "--years", "a,b"], ["base-rates", "civil-alone", "--file", PAST]):
        assert run(*command).exit_code == 2


@spread(
    "ask",
    [
        lambda wrong: bestand.base_rates(spells([1, 2, 3], [1, 1, 1]), model="mixture", resamples=wrong),
        lambda wrong: bestand.base_rates("civil-alone").survival(wrong),
        lambda wrong: bestand.cox(spells([1, 2], [1, 1], covariates={"a": [0, 1]}), ["a"], penalty=wrong),
        lambda wrong: bestand.backtest(spells([1, 2], [1, 1]), (), penalty=wrong),
        lambda wrong: bestand.backtest(spells([1, 2], [1, 1]), (), years=wrong),
        lambda wrong: bestand.violations([1, 2, 3, 2] * 5, reporting=wrong),
        lambda wrong: bestand.violations([1, 2, 3, 2] * 5).alarm(level=wrong),
        lambda wrong: bestand.violations([1, 2, 3, 2] * 5).forecast(periods=wrong),
        lambda wrong: bestand.violations([1, 2, 3, 2] * 5).forecast(draws=wrong),
        lambda wrong: bestand.forecast_scores([1, 2, 3, 2] * 5, last=wrong),
        lambda wrong: bestand.simulate_counts(wrong, base=1),
        lambda wrong: bestand.simulate_counts(5, base=wrong),
        lambda wrong: bestand.simulate_counts(5, base=1, echo=wrong),
        lambda wrong: bestand.combine(bestand.base_rates("civil-alone"), weights={"no difference": wrong}),
        lambda wrong: bestand.combine(bestand.base_rates("civil-alone"), weights={"no difference": 1}, draws=wrong),
        lambda wrong: bestand.combine(bestand.base_rates("civil-alone"), wrong, weights={"game": 1}),
        lambda wrong: bestand.combine(bestand.base_rates("civil-alone"), weights={"empirical": 1}, cause_present=True, empirical=wrong),
        lambda wrong: counts([1, wrong]),
        lambda wrong: spells([1, wrong], [1, 1]),
        lambda wrong: spells([1, 2], [1, wrong]),
    ],
    first=4,
)
def test_no_number_is_taken_that_makes_no_sense(ask):
    for wrong in (float("nan"), float("inf"), -1, -1e308, 1e308, "many", None, [[1], [1, 2]]):
        with pytest.raises(BestandError) as error:
            ask(wrong)
        assert error.value.code.startswith("history/") or error.value.code == "ask/wrong-form"


def test_covariates_beyond_all_measure_are_refused():
    with pytest.raises(BestandError, match="beyond"):
        spells([1, 2], [1, 1], covariates={"a": [1, 1e308]})
    assert np.isnan(spells([1, 2], [1, 1], covariates={"a": [1, np.nan]}).column("a")[1])


def test_a_reader_who_goes_away_is_not_told_of_it():
    command = [sys.executable, "-c", "import sys; from bestand.cli import main; sys.exit(main())", "base-rates", "--json"]
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, text=True)
    os.close(writer)
    assert less_progress(ended.stderr) == "" and ended.returncode == 141


def test_what_is_public_is_found_at_the_root():
    for name in ("backtest", "base_rates", "combine", "cox", "counts", "forecast_scores", "read_counts", "read_spells",
                 "reference_classes", "simulate_counts", "spells", "violations"):  # fmt: skip
        assert callable(getattr(bestand, name)) and name in bestand.__all__


@pytest.mark.parametrize("words", [[], ["interstate-war"], ["civil-alone"], ["ethprio-open"], ["civil-peacekeepers", "--model", "mixture"]], ids=str)
def test_base_rates_are_told_in_dutch(words):
    told = CliRunner().invoke(main, ["base-rates", *words, "--language", "nl"]).output
    bare = re.sub(r"V\. P\. Fortna.*?2008|ETH/PRIO.*?\d{4}\d+|Correlates of War|Militarized\s+Interstate Events|Gibler & Miller|interstate-\w+|civil-\w+|ethprio-open", "", re.sub(r"\n\s*", " ", told))
    assert not re.search(r"\b(the|and|of|war|year|years|days|survival|ended|ends|after|mixed|absent|counts|failing)\b", bare), bare
    assert json.loads(CliRunner().invoke(main, ["base-rates", *words, "--language", "nl", "--json"]).output) == json.loads(CliRunner().invoke(main, ["base-rates", *words, "--json"]).output)


MODELS_OF_FEW = [[], ["--model", "weibull"], ["--covariate", "a"], ["--covariate", "a", "--penalty", "0"], ["--covariate", "a", "--model", "lognormal"]]


@more_in_depth
@pytest.mark.parametrize("options", MODELS_OF_FEW, ids=" ".join)
@pytest.mark.filterwarnings("error")
def test_few_or_odd_ceasefires_are_scored_in_finite_numbers_or_refused_in_words(options, tmp_path):
    """Nothing that Python or a fitter says reaches the terminal, and no score is without bound."""
    r, file = random.Random(" ".join(options)), tmp_path / "past.csv"
    for _ in range(60 if DEEP else 1 if "lognormal" in options else 2 if "weibull" in options else 4):
        lengths = r.choice([[0.001, 1, 1000], [1, 1, 1], [0.5, 1, 2, 3, 40], [1e-9, 1], [999, 1000]])
        rows = [[f"c{k}", y := r.choice(lengths) * r.choice([1, 1, r.random() + 0.01]), r.choice([0, 1]), r.choice([0, 0, y / 2]), r.choice([0, 1, -3])]
                for k in range(r.choice([1, 2, 3, 4, 8, 12]))]  # fmt: skip
        file.write_text("\n".join(",".join(map(str, row)) for row in [["case", "years", "ended", "entered", "a"], *rows]), encoding="utf-8")
        years = r.choice(["1", "1,2,5", "0.001", "1000"])
        done = CliRunner().invoke(main, ["backtest", str(file), *options, "--years", years, "--leave-out", "case", "--json"])
        assert isinstance(done.exception, SystemExit | None) and done.exit_code in (0, 2, 3), (rows, years, repr(done.exception))
        if done.exit_code == 0:
            assert all(isinstance(row["mean"], float) for row in json.loads(done.stdout)["scores"]), (rows, years, done.stdout)


def test_the_ratios_of_a_backtest_are_shrunk_as_its_model_is(tmp_path):
    file = tmp_path / "past.csv"
    file.write_text("years,ended,size\n1,1,0\n2,0,1\n3,0,1\n.5,1,0\n4,0,1\n2.5,1,0\n.7,1,0\n5,0,1\n", encoding="utf-8")
    for penalty, told in (("0.05", "shrunk towards 1 by a penalty of 0.05"), ("0.3", "shrunk towards 1 by a penalty of 0.3")):
        done = CliRunner().invoke(main, ["backtest", str(file), "--covariate", "size", "--penalty", penalty])
        assert done.exit_code == 0 and told in done.output, done.output
    done = CliRunner().invoke(main, ["backtest", str(file), "--covariate", "size", "--penalty", "0"])
    assert done.exit_code == 2 and "size separates the ceasefires that ended" in done.output


@pytest.mark.parametrize(("last", "code"), [(3, 0), (40, 1)])
def test_a_last_count_out_of_the_ordinary_is_one_to_act_on(tmp_path, last, code):
    """Two to four a month, for two years, and then so many: exit code 1 says to a script that somebody should look."""
    rows = [f"{2023 + k // 12}-{k % 12 + 1:02d},{2 + k % 3}" for k in range(24)]
    (tmp_path / "counts.csv").write_text("\n".join(["period,count", *rows, f"2025-01,{last}"]), encoding="utf-8")
    assert run("violations", tmp_path / "counts.csv").exit_code == code
