"""Where it is open how things stand today: chances ahead are the mean over the cases in which it is known, by the odds."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.case.read import read_text
from bestand.graph.conflict import conflict
from bestand.study.forecast import forecast, read_forecast
from bestand.study.indicators import indicators
from bestand.study.posterior import posterior
from bestand.study.scenarios import scenarios
from tests.study.test_posterior import CASE, SEEN, text

TERMS = 'terms: {calm: "a.holds = no", deal: "a.talks and b.pays"}\nobservations:'
LEVER = "  b.hides: {is: hides, settings: [no, yes], now: %s, assumed: t, one_way: up%s}\nwants:"
WANTS = "    open: [{that: not b.hides, worth: 2, assumed: t}, {that: b.hides implies not b.pays, worth: 0.8, assumed: t}, "
CHANCE = {"no": 0.75, "yes": 0.25}


def standing(now, odds="", seen=()):
    """The bridge with a lever of one way that is at a setting today, or may be."""
    case = CASE.replace("wants:", LEVER % (now, odds), 1).replace("    open: [", WANTS).replace("observations:", TERMS)
    return conflict(read_text(text(list(seen), case) + ("" if seen else "  []\n")))


def opened(seen=()):
    return standing("no", ", odds: {no: 0.75, yes: 0.25}", seen)


def test_a_forecast_is_the_mean_of_those_of_each_present():
    made, sure = forecast(opened(), months=(1, 4)), {now: forecast(standing(now), months=(1, 4)) for now in CHANCE}
    for k, question in enumerate(made.questions):
        assert {(each.questions[k].of, each.questions[k].on) for each in sure.values()} == {(question.of, question.on)}
        for setting, chance in question.chances.items():
            mean = sum(CHANCE[now] * each.questions[k].chances[setting] for now, each in sure.items())
            assert chance == pytest.approx(mean, abs=1e-9)
    hides = next(question for question in made.questions if question.of == "b.hides")
    assert hides.chances["yes"] >= 0.25
    assert read_forecast(made.text()).basis["odds of b.hides today"] == "no 75 %, yes 25 %"
    assert not any("odds" in name for name in sure["no"].basis)


def test_courses_start_from_all_that_may_be_the_present_state():
    def ends(found):
        return {found.branches[k].holds: found.branches[k].chance for k in found.ends}

    asked = {"steps": 1, "cut": 0.001, "by": ("deal", "b.hides")}
    made, sure = ends(scenarios(opened(), **asked)), {now: ends(scenarios(standing(now), **asked)) for now in CHANCE}
    for holds, chance in made.items():
        assert chance == pytest.approx(sum(CHANCE[now] * each.get(holds, 0.0) for now, each in sure.items()), abs=2e-3)
    assert "how b.hides stands today is open: no 75 %, yes 25 %" in str(scenarios(opened()))


def test_what_is_watched_for_starts_from_all_that_may_be_the_present_state():
    made, sure = indicators(opened(), outcome="deal"), {now: indicators(standing(now), outcome="deal") for now in CHANCE}
    chance = {now: {(each.lever, each.setting): each.chance for each in found.of_types()} for now, found in sure.items()}
    shared = [each for each in made.of_types() if all((each.lever, each.setting) in of for of in chance.values())]
    assert shared
    for each in shared:
        mean = sum(CHANCE[now] * of[each.lever, each.setting] for now, of in chance.items())
        assert each.chance == pytest.approx(mean, abs=1e-9)
    assert all(each.chance >= 0.25 for each in made.indicators if each.lever == "b.hides" and each.about == "types")
    assert "how b.hides stands today is open" in str(made) and "is open" not in str(sure["no"])


def test_what_was_seen_is_weighed_from_each_way_in_which_things_may_stand():
    made, sure = posterior(opened(SEEN)), {now: posterior(standing(now, seen=SEEN)) for now in CHANCE}
    mean = sum(CHANCE[now] * np.exp(each.by_week[0, :, -1]) for now, each in sure.items())
    assert np.exp(made.by_week[0, :, -1]) == pytest.approx(mean, rel=1e-9)
    assert np.ptp(np.exp(sure["no"].by_week[0, :, -1]) / np.exp(sure["yes"].by_week[0, :, -1])) > 1e-3
