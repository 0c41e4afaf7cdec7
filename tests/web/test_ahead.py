"""Looking ahead on the page: what is played for ever has its certificate, what is frozen can be scored, and sweeps beside the case are read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bestand import equilibrium, forecast, measure, read_text, space, sweep
from bestand.files import MOST_FORECAST, MOST_IMPORTED
from bestand.graph.conflict import conflict
from bestand.study.forecast import read_forecast
from bestand.telling.problems import sentence_in
from tests.web.conftest import flat

ROOT = Path(__file__).parent.parent.parent
CASE = """bestand: 1
title: Two fishers
as_of: 2026-03-01
parties: {a: {name: Aye}, b: {name: Bee, types: {calm: 0.6, rash: 0.4}}}
levers:
  a.stops: {is: Aye stops, now: no, assumed: so}
  b.stops: {is: Bee stops, now: no, assumed: so}
terms: {quiet: {is: all is quiet, that: a.stops and b.stops}}
wants:
  a: [{that: quiet, worth: 3, assumed: so}, {that: not a.stops, worth: 1, assumed: so}]
  b: {calm: [{that: quiet, worth: 3, assumed: so}], rash: [{that: not b.stops, worth: 2, assumed: so}]}
"""


@pytest.fixture
def served(serve):
    return serve(CASE)


def cells(block):
    return [[cell["text"] for cell in row] for row in block["rows"]]


def test_each_rule_that_the_page_offers_is_one_that_the_library_knows(served):
    page = flat("ahead.tsx")
    offered = re.findall(r'"([a-z ]+)"', re.search(r"const RULES = \[(.*?)\]", page)[1])
    assert len(offered) == 3
    assert [served.json("POST", "/equilibrium", {"select": each})[0] for each in [*offered, "best for a", "worst for b", "no rule"]] == [200] * 5 + [422]


def test_a_case_played_for_ever_is_told_in_its_words_with_its_certificate(served):
    status, told = served.json("POST", "/equilibrium", {})
    assert status == 200, told
    ways, check = told["blocks"]
    answer = equilibrium(conflict(read_text(CASE)))
    assert len(ways["rows"]) == 2 * answer.game.graph.n_states and [row[1] for row in cells(ways)[:2]] == ["Aye", "Bee"]
    assert check["title"] == "Certificate" and any("largest gain" in note for note in ways["after"])
    state, *_, moves = max(cells(ways), key=lambda row: len(row[-1]))
    assert state and "→" in moves and ".stops" not in moves
    status, told = served.json("POST", "/equilibrium", {"select": "best for nobody"})
    assert (status, told["problems"][0]["code"]) == (422, "stationary/unknown-party")


def test_a_forecast_is_frozen_and_scored_as_by_the_command(served):
    status, told = served.json("POST", "/forecast", {"months": "1, 2"})
    assert status == 200, told
    made = forecast(conflict(read_text(CASE)), months=[1, 2])
    assert [row[0] for row in cells(told["blocks"][0])][-1] == "all is quiet" and len(told["blocks"][0]["rows"]) == len(made.table().rows)
    status, headers, content = served.ask("GET", "/hand/forecast.json?months=1,2")
    frozen = read_forecast(content.decode())
    assert status == 200 and "forecast-2026-03-01.json" in headers["content-disposition"] and frozen.made_on
    assert frozen.table().rows == made.table().rows
    served.edited({"op": "set", "at": ["as_of"], "value": "2026-06-01"}, {"op": "set", "at": ["observations"], "value": [{"on": "2026-03-10", "lever": "a.stops", "took": "yes", "assumed": "seen"}]}, {"op": "set", "at": ["levers", "a.stops", "now"], "value": "yes"})
    status, told = served.json("POST", "/score", content, Content_Type="application/octet-stream")
    assert status == 200, told
    assert ["Aye stops", "2026-03-31", "no", "yes"] in [row[:4] for row in cells(told["blocks"][1])]


@pytest.mark.parametrize(("content", "code"), [(b"{}", "study/bad-forecast"), (b"\xff\x00", "study/bad-forecast"), (b"[" * 100_000, "study/bad-forecast")])
def test_what_is_no_forecast_is_refused_in_words(served, content, code):
    status, told = served.json("POST", "/score", content, Content_Type="application/octet-stream")
    assert (status, told["problems"][0]["code"]) == (422, code)


@pytest.mark.parametrize("months", ["soon", "3,1", "nan", "1e999", "0", ",".join(["1"] * 60)])
def test_months_that_are_none_are_refused_in_words(served, months):
    status, told = served.json("POST", "/forecast", {"months": months})
    assert (status, told["problems"][0]["code"]) == (422, "study/bad-time")


def test_a_sweep_beside_the_case_is_read_and_none_elsewhere(served):
    pytest.importorskip("duckdb", reason="sweeps need the extra [sweep]")
    case = read_text(CASE)
    sweep(case, space(case, kinds=["type"]), measure(case, "rests quiet"), n=64, out=served.folder / "first")
    sweep(case, space(case, kinds=["type"]), measure(case, "rests quiet"), n=64, out=served.folder.parent / "elsewhere")
    (served.folder / "link").symlink_to(served.folder.parent / "elsewhere", target_is_directory=True)
    assert served.json("GET", "/sweeps")[1] == {"sweeps": ["first"]}
    status, headers, page = served.ask("GET", "/swept?folder=first&language=nl")
    assert status == 200 and "sandbox" in headers["content-security-policy"] and b"lang=\"nl\"" in page
    for name in ("link", "../elsewhere", "elsewhere", "", "."):
        status, _, content = served.ask("GET", f"/swept?folder={name}")
        assert (status, json.loads(content)["problems"][0]["code"]) == (422, "web/no-sweep")


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("months must be a number of more than 0, at most 120, not 0.0", "maanden moeten een getal boven 0 zijn, hoogstens 120, en niet 0,0"),
        ("this is no forecast of format 1", "dit is geen voorspelling in vorm 1"),
        ("the forecast cannot be read: 'a' is given twice", "deze voorspelling is niet te lezen: 'a' is twee keer gegeven"),
        (
            "no stationary equilibrium found at 0.0001 % of the range of payoffs in the time allowed: the best that was found leaves a gain of 0.069 % "
            "of the range of payoffs; it resists in a group of 1,576 states",
            "in de toegestane tijd geen stationair evenwicht gevonden tot op 0,0001 % van de spanwijdte van de opbrengsten: het beste dat is gevonden "
            "laat een winst open van 0,069 % van die spanwijdte; het zit vast in een groep van 1.576 toestanden",
        ),
    ],
)
def test_what_cannot_be_foretold_is_told_in_dutch_throughout(what, told):
    """It was half Dutch: a pattern of another sentence took it."""
    assert sentence_in(what, "nl") == told


def test_a_certificate_and_a_forecast_are_told_in_dutch_throughout_and_no_closer_than_they_are_known(served):
    served.json("POST", "/speak", {"language": "nl"})
    for select in ("status quo", "logit", "best for a"):
        _, told = served.json("POST", "/equilibrium", {"select": select})
        said = [*(word for block in told["blocks"] for word in (*block["after"], *(text for row in cells(block) for text in row)))]
        assert not [each for each in said if re.search(r"\de-\d|logit path|\bin now\b|\bbest for\b|\d\.\d", each)], said
    assert any("regel: het beste voor Aye" in each for each in said)
    _, told = served.json("POST", "/forecast", {})
    assert all(re.fullmatch(r"(onder |boven )?\d{1,3} %", text) for row in cells(told["blocks"][0]) for text in row[2:])
    exact = forecast(conflict(read_text(CASE))).table().rows[0][2]
    assert len(repr(float(exact))) > 6  # data keeps what it is


def test_a_forecast_of_which_much_was_left_out_is_told_in_tenths():
    foretold = forecast(conflict(read_text(CASE)))
    assert {type(cell).__name__ for row in foretold.table().rows for cell in row[2:]} == {"Hundredths"}
    vague = replace(foretold, left_out=0.07)
    assert {type(cell).__name__ for row in vague.table().rows for cell in row[2:]} == {"Tenths"}


def test_a_frozen_forecast_and_a_file_of_another_program_may_be_as_large_as_in_the_terminal(served):
    for path, most in (("/score", MOST_FORECAST), ("/import?name=x&size=1", MOST_IMPORTED)):
        assert served.ask("POST", path, b"{", Content_Length=str(most + 1), Content_Type="application/octet-stream")[0] == 413
    status, told = served.json("POST", "/score", b" " * (MOST_FORECAST - 10) + b"{}", Content_Type="application/octet-stream")
    assert (status, told["problems"][0]["code"]) == (422, "study/bad-forecast")
