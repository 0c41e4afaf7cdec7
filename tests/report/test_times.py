"""Times are told in the unit in which a person would tell them: on the page, in the brief, in the terminal, in both languages."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from bestand import brief, read_text, report, study
from bestand.cli import main
from bestand.show import MONTH, time_that_fits
from bestand.telling.words import time_words, words

FAST = """bestand: 1
title: A siege of days
parties: {a: {name: A, types: {calm: 0.5, rash: 0.5}}, b: {name: B}, w: {name: Chance, chance: true}}
play: {tempo: {a: 20, b: 30}}
levers:
  a.opens: {is: A opens the road, now: no, assumed: x}
  b.frees: {is: B frees the prisoners, now: no, assumed: x}
terms: {deal: a.opens and b.frees}
clocks: {fuel: {is: the hospital has fuel, while: not a.opens, days: 3, party: w, assumed: x}}
events: {panic: {is: panic in town, sets: {b.frees: yes}, when: not b.frees, per_month: 8, assumed: x}}
wants:
  a:
    calm: [{that: b.frees, worth: 2, assumed: x}, {that: not a.opens, worth: 1, assumed: x}]
    rash: [{that: not a.opens, worth: 2, assumed: x}, {that: b.frees, worth: 1, assumed: x}]
  b: [{that: a.opens, worth: 2, assumed: x}, {that: not b.frees, worth: 1, assumed: x}, {that: w.fuel = over, worth: 0.1, assumed: x}]
"""


@pytest.mark.parametrize(
    ("days", "told", "dutch"),
    [
        (1 / 24, "1 hour", "1 uur"), (0.5, "12 hours", "12 uur"), (1, "24 hours", "24 uur"), (2, "2 days", "2 dagen"), (4.6667, "4.7 days", "4,7 dagen"),
        (13, "13 days", "13 dagen"), (14, "2 weeks", "2 weken"), (17, "17 days", "17 dagen"), (56, "8 weeks", "8 weken"),
        (MONTH, "1 month", "1 maand"), (6 * MONTH, "6 months", "6 maanden"), (100, "3.3 months", "3,3 maanden"),
    ],
)  # fmt: skip
def test_a_time_is_told_in_the_unit_that_fits(days: float, told: str, dutch: str) -> None:
    assert time_words(days / MONTH, words("en")) == told
    assert time_words(days / MONTH, words("nl")) == dutch


def test_no_time_is_told_as_none() -> None:
    assert [time_that_fits(months)[0] for months in (0.0, 1e-4, 0.01)] == ["0", "0.073", "7.3"]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_page_of_a_fast_case_tells_parts_of_months(language: str) -> None:
    known = study(read_text(FAST), draws=4)
    part_of_month = re.compile(r"\b0[.,]\d+ (month|maand)")
    pages = [report(known, language=language).html, brief(known, language=language).html]
    assert not [match[0] for page in pages for match in part_of_month.finditer(page)]
    assert {"en": "in 4.7 days", "nl": "over 4,7 dagen"}[language] in pages[0]
    assert {"en": "8 per month (one in 3.8 days)", "nl": "8 per maand (een per 3,8 dagen)"}[language] in pages[0]
    assert {"en": "after 3.8 days on average", "nl": "na gemiddeld 3,8 dagen"}[language] in pages[1]


@pytest.mark.parametrize(
    ("language", "head", "holds"),
    [("en", "after 4.7 days", "hours of the first 2 weeks"), ("nl", "na 4,7 dagen", "uur van de eerste 2 weken")],
)
def test_commands_tell_days(language: str, head: str, holds: str, tmp_path: object) -> None:
    path = f"{tmp_path}/fast.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(FAST)
    courses = CliRunner().invoke(main, ["scenarios", path, "--language", language])
    assert courses.exit_code == 0 and head in courses.output
    lasting = CliRunner().invoke(main, ["survival", path, "--truce", "not b.frees", "--months", str(14 / MONTH), "--language", language])
    assert lasting.exit_code == 0 and holds in lasting.output, lasting.output
