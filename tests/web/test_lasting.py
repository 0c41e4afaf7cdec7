"""How long a truce lasts under changed numbers is what a case with these numbers written in it says."""

from __future__ import annotations

import numpy as np
import pytest

import bestand
from bestand.errors import AskError
from bestand.report.truces import ASSUMED
from bestand.telling.words import words
from bestand.truce.survival import survival
from bestand.truce.withdrawal import FORESEEN, KNOWN, withdrawal
from bestand.web.asks import AskTruce
from bestand.web.lasting import truce_told, zones_told
from tests.truce.test_zones import TEXT, USUAL

OPEN = TEXT.replace("some: 20", "some: {{value: 20, range: [10, 40]}}").replace("now: none", "now: some")
MONTHS = 12.0


def stated(text: str = OPEN, rate: object = 0.01):
    return bestand.read_text(text.replace("per_month: 0.01,", f"per_month: {rate},").format(**USUAL))


@pytest.fixture(scope="module")
def studied():
    return bestand.study(stated(), draws=2, quick=True)


def lasts(case, draws: int = 8, **hold: str) -> np.ndarray:
    """Chance that the truce holds after a year, in every draw of a case in which the numbers are written."""
    asked = bestand.conflict(case, draws=draws, scale="cardinal", hold=hold)
    return survival(asked, start="truce", truce="truce", months=[MONTHS]).alive[:, -1]


def told(studied, **asked) -> dict[str, dict]:
    made = truce_told(studied, AskTruce(**asked), "en")
    assert made["months"] == asked.get("months", MONTHS) and made["draws"] == asked.get("draws", 8) and made["picture"].startswith("<svg")
    return {each["name"]: each for each in made["told"]}


def test_a_curve_is_told_with_its_mean_its_error_and_its_farthest_draws(studied):
    alive = lasts(stated())
    (line,) = told(studied).values()
    assert line["share"] == pytest.approx(alive.mean(), abs=1e-6) and line["error"] == pytest.approx(alive.std(ddof=1) / np.sqrt(8), abs=1e-6)
    assert (line["low"], line["high"]) == pytest.approx((alive.min(), alive.max()), abs=1e-6) and line["draws"] == 8 and line["low"] < line["high"]
    (alone,) = told(studied, draws=1).values()
    assert alone["error"] is None and alone["draws"] == 1 and alone["share"] == pytest.approx(lasts(stated(), draws=1)[0], abs=1e-6)


@pytest.mark.parametrize(("asked", "case", "hold"), [
    ({"factors": {"line": 3.0}}, stated(OPEN.replace("value: 20, range: [10, 40]", "value: 60, range: [30, 120]").replace("much: 60", "much: 180")), {}),
    ({"factors": {"line": 0.0}}, stated(OPEN.replace("{{value: 20, range: [10, 40]}}", "0").replace("much: 60", "much: 0")), {}),
    ({"incidents": 5.0}, None, {}), ({"incidents": 0.0}, None, {}),
    ({"presence": {"g.force": "much"}}, stated(), {"g.force": "much"}),
], ids=["forces", "no forces", "incidents", "no incidents", "presence"])  # fmt: skip
def test_what_is_changed_lasts_as_long_as_a_case_that_says_so(studied, asked, case, hold):
    if "incidents" in asked:  # every event stands for incidents where the case names none
        text = OPEN.replace("per_month: 0.05,", f"per_month: {0.05 * asked['incidents']:g},")
        case = stated(text, rate=f"{0.01 * asked['incidents']:g}")
    alive, lines = lasts(case, **hold), told(studied, **asked)
    assert list(lines) == [words("en")("web_as_stated"), words("en")("web_as_changed")]
    usual, changed = lines.values()
    assert changed["share"] == pytest.approx(alive.mean(), abs=1e-6) and usual["share"] == pytest.approx(lasts(stated()).mean(), abs=1e-6)
    assert abs(changed["share"] - usual["share"]) > 1e-3


def test_a_backstop_that_leaves_is_told_at_a_date_that_all_know_and_at_one_that_none_does(studied):
    lines = told(studied, leaves=6.0)
    asked = bestand.conflict(stated(), draws=2, scale="cardinal")
    made = withdrawal(asked, event="leaves", start="truce", truce="truce", month=6.0, months=[1.0, MONTHS]).alive
    for name in (FORESEEN, KNOWN):
        line = lines[words("en")(ASSUMED[name], month="6")]
        assert line["draws"] == 2 and line["share"] == pytest.approx(made[name][:, -1].mean(), abs=1e-6)


def test_what_the_case_has_not_is_refused_in_words(studied):
    with pytest.raises(AskError, match=r"truce/unknown-zone.*lines"):
        told(studied, factors={"lines": 2.0})
    still = bestand.study(stated(OPEN.replace("  leaves: {{sets: {{o.stands: gone}}, when: o.stands = behind, per_month: 0.05, assumed: x}}\n", "")), draws=1, quick=True)
    with pytest.raises(AskError, match="truce/unknown-event"):
        truce_told(still, AskTruce(leaves=6.0), "en")
    with pytest.raises(AskError, match="truce/no-zones"):
        truce_told(bestand.study(bestand.read("example/en"), draws=1, quick=True), AskTruce(), "en")


def test_the_screen_offers_what_can_be_changed(studied):
    shown = zones_told(studied, "en")
    (zone,) = shown["zones"]
    assert (zone["zone"], zone["width_km"]) == ("line", 200) and zone["guards"][0]["troops_k"] == {"none": 0, "some": 20, "much": 60}
    assert [each["lever"] for each in shown["levers"]] == ["g.force", "o.stands"] and [each["backstop"] for each in shown["levers"]] == [False, True]
    assert shown["events"] == ["leaves", "accident"] and shown["leaves"] and shown["asked"] and shown["truce"] == "truce"
