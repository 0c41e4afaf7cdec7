"""How far ahead one looks where nobody says: eight weeks, and as many days as the slowest clock or party of a fast case takes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from bestand.case.read import read, read_text
from bestand.cli import main
from bestand.graph.conflict import conflict
from bestand.report.brief import brief
from bestand.report.page import report
from bestand.show import MONTH
from bestand.study.indicators import indicators
from bestand.study.scenarios import scenarios
from bestand.study.span import usual_months, usual_weeks
from bestand.study.stages import study
from tests.study.test_posterior import CASE
from tests.study.test_watch import TERMS

DAY = date(2030, 6, 30)
CLOCKS = "clocks:\n  ultimatum: {is: the ultimatum, days: 3, assumed: t}\n  last: {is: the last day, on: 2030-07-04, assumed: t}\n"
FAST = (
    CASE.replace("observations:\n", TERMS.replace("observations:", CLOCKS))
    .replace("{value: 0.8, range: [0.4, 2], assumed: t}, b: {value: 0.6, range: [0.3, 1.5], assumed: t}", "30, b: 24")
    .replace("{value: 0.8, range: [0.3, 2], assumed: t}, b: 0.7", "0.03, b: 0.03")
)  # fmt: skip


def siege(tempo_of_b: str = "24", clocks: str = CLOCKS):
    return conflict(read_text(FAST.replace("b: 24", f"b: {tempo_of_b}").replace(CLOCKS, clocks)))


@pytest.mark.parametrize(
    ("tempo_of_b", "clocks", "days"),
    [
        ("24", CLOCKS, 4),  # the last day, on 4 July
        ("24", CLOCKS.replace("days: 3", "days: 9.5"), 10),  # the ultimatum, to whole days
        ("24", "", 3),  # two chances of b: 2 / 24 of a month
        ("6", CLOCKS, 11),
        ("0", CLOCKS, 4),  # whoever never gets to move slows nothing
        ("1", CLOCKS, 56),
        ("24", CLOCKS.replace("days: 3", "days: 400"), 56),
    ],
)
def test_one_looks_as_far_as_the_slowest_clock_or_party_takes_and_eight_weeks_at_most(tempo_of_b, clocks, days):
    asked = siege(tempo_of_b, clocks)
    assert usual_weeks(asked) * 7 == pytest.approx(days)
    assert usual_months(asked) == (6.0 if days == 56 else pytest.approx(6 * days / 56, abs=1 / MONTH))
    assert usual_months(asked) * MONTH > usual_weeks(asked) * 7


@pytest.mark.parametrize("case", ["ukraine/2025-04", "example/en", "invented/mountain-road", "invented/harbour-strike"])
def test_cases_that_move_by_the_month_keep_their_eight_weeks_and_six_months(case):
    asked = conflict(read(case))
    assert (usual_weeks(asked), usual_months(asked)) == (8.0, 6.0)


def test_what_is_asked_for_goes_before_what_the_case_moves_by():
    asked = siege()
    by_itself, asked_for = indicators(asked), indicators(asked, weeks=8)
    assert by_itself.fast and by_itself.by == DAY + timedelta(days=4) and "within 4 days, by 2030-07-04" in by_itself.table().title
    assert not asked_for.fast and asked_for.months == 6.0 and asked_for.by == DAY + timedelta(days=56)
    assert by_itself.indicators == indicators(asked, weeks=by_itself.weeks, months=by_itself.months).indicators != asked_for.indicators
    assert scenarios(asked).days[-1] == DAY + timedelta(days=by_itself.spans[1]) and scenarios(asked, months=2).months[-1] == 2.0


def test_page_and_brief_say_days_and_why():
    known = study(read_text(FAST), draws=1, hypotheses=False)
    page, told = report(known).html, brief(known).html
    assert "What to watch until 4 July 2030" in page and "This case moves fast: within 4 days every clock" in page
    assert "Watch until 4 July 2030" in told and "August" not in told
    assert "Dit dossier beweegt snel: binnen 4 dagen" in report(known, language="nl").html


@pytest.mark.parametrize(
    ("language", "title", "why"),
    [("en", "What to watch within 4 days, by 2030-07-04", "in 4 days every clock"), ("nl", "Waarop te letten binnen 4 dagen", "in 4 dagen is elke klok")],
)
def test_the_command_says_it_in_either_language(tmp_path, language, title, why):
    (tmp_path / "case.yaml").write_text(FAST, encoding="utf-8")
    told = CliRunner().invoke(main, ["indicators", str(tmp_path / "case.yaml"), "--language", language])
    assert told.exit_code == 0 and title in told.output and why in " ".join(told.output.split())
