"""Where it is not known how things stand today: every answer that hangs on it, against the case with another `now`."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.bargain.outcomes import agreements
from bestand.case.read import read_text
from bestand.errors import CaseError, GraphError
from bestand.explore.applied import asked_together, case_of
from bestand.explore.openings import columns_of
from bestand.explore.space import space
from bestand.graph.conflict import conflict
from bestand.negotiate.paths import paths
from bestand.play.survival import starting
from bestand.report.page import report
from bestand.report.summary import summary
from bestand.study.measures import measure
from bestand.study.presents import presents
from bestand.study.stages import study

TEXT = """
bestand: 1
title: a strike
parties: {union: {name: Union}, board: {name: Board}}
levers:
  union.demand: {is: what the union demands, settings: [pay, pay_and_hours, all], now: all%s, assumed: x}
  union.strike: {is: strikes, now: yes, assumed: x}
  board.pays: {is: pays, now: no, needs: {yes: union.demand = pay}, assumed: x}
terms: {peace: board.pays and not union.strike}
never: [{that: union.demand = all and board.pays, assumed: x}]
wants:
  union:
    - {that: board.pays, assumed: x}
    - {that: union.strike iff not board.pays, assumed: x}
    - {that: union.demand = all or union.demand = pay, assumed: x}
  board:
    - {that: not union.strike, assumed: x}
    - {that: not board.pays, assumed: x}
"""
ODDS = ", odds: {pay: 0.2, pay_and_hours: 0.3, all: 0.5}"


def strike(odds=ODDS):
    return read_text(TEXT % odds)


def at(setting):
    """The case in which it is known that the demand stands at a setting."""
    return read_text(TEXT.replace("now: all%s", f"now: {setting}"))


def test_every_answer_is_that_of_the_case_that_stands_so():
    made = presents(conflict(strike()), goal="peace")
    assert [each.chance for each in made.presents] == pytest.approx([0.5, 0.3, 0.2])
    for each, setting in zip(made.presents, ("all", "pay_and_hours", "pay"), strict=True):
        sure = conflict(at(setting))
        assert each.settings == {"union.demand": setting} and each.stated == (setting == "all")
        assert set(each.ends) == set(map(int, paths(sure, by="best").ends))
        assert each.answers["term_reached", "peace"] == bool(paths(sure, goal="peace", by="best").goals.size)
        assert each.answers["deal_exists", "peace"] == bool(agreements(sure, that="peace").deal.any())
    assert made.differing and made.share(made.differing[0]) == pytest.approx(sum(e.chance for e in made.presents if e.answers[made.differing[0]]))
    assert presents(conflict(at("all"))) is None


def test_a_lever_that_the_view_holds_is_held_at_each():
    views = "views: {narrow: {is: n, vary: [union.strike, board.pays]}, put: {is: p, vary: [union.strike, board.pays], fixed: {union.demand: pay}}}\n"
    asked = conflict(read_text(TEXT % ODDS + views), view="narrow")
    made = presents(asked, goal="peace")
    for each, setting in zip(made.presents, ("all", "pay_and_hours", "pay"), strict=True):
        sure = conflict(read_text(TEXT.replace("now: all%s", f"now: {setting}") + views), view="narrow")
        assert [each.conflict.at(end) for end in each.ends] == [sure.at(int(end)) for end in paths(sure, by="best").ends]
        assert each.answers["term_reached", "peace"] == bool(paths(sure, goal="peace", by="best").goals.size)
    assert {asked.draw(20).today(draw) for draw in range(20)} == {asked.now}
    assert presents(conflict(read_text(TEXT % ODDS + views), view="put")) is None
    assert presents(conflict(read_text(TEXT % ODDS + views), view="narrow", hold="union.demand=pay")) is None


def test_draws_stand_where_the_odds_say_and_draw_0_as_the_case_states():
    asked = conflict(strike(), draws=4000, seed=3)
    todays = np.array([asked.today(draw) for draw in range(asked.draws)])
    assert todays[0] == asked.now
    for state, chance in asked.presents:
        assert (todays == state).mean() == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / asked.draws))
    still = asked.draw(50, vary={"types"})
    assert {still.today(draw) for draw in range(50)} == {asked.now}
    assert paths(asked, draw=int(np.flatnonzero(todays != asked.now)[0])).start != asked.now
    known = conflict(at("all"), draws=5)
    assert {known.today(draw) for draw in range(5)} == {known.now}


def test_what_nobody_accepts_is_judged_from_the_day_that_is_drawn():
    asked = conflict(strike(), draws=60, seed=1, vary={"today"})
    every = agreements(asked, that="peace").deal
    for draw in range(asked.draws):
        sure = conflict(at(asked.at(asked.today(draw))["union.demand"]))
        np.testing.assert_array_equal(every[draw], agreements(sure, that="peace").deal[0])


def test_play_from_today_starts_from_all_of_them():
    asked = conflict(strike())
    mass = starting(asked, "now", np.ones(asked.graph.n_states, bool))
    assert {int(state): round(float(mass[state]), 9) for state in np.flatnonzero(mass)} == dict(asked.presents)


def test_a_sweep_opens_it_and_asks_as_the_case_written_out_would():
    case = strike()
    open_here = space(case, kinds=("today",))
    assert [(each.name, each.choices) for each in open_here.openings] == [("levers.union.demand.now", ("pay", "pay_and_hours", "all"))]
    columns = columns_of(open_here.openings, np.linspace(0.01, 0.99, 30)[:, None])
    together = asked_together(conflict(case), columns)
    for kind in ("now-rests", "reached peace", "deal peace"):
        asked = measure(case, kind)
        told = asked.ask(together)
        for row in range(30):
            one = case_of(case, {name: float(column[row]) for name, column in columns.items()})
            assert conflict(one).now == together.today(row) and not one.file.levers["union.demand"].odds
            assert bool(told[row]) == bool(np.asarray(asked.ask(conflict(one)))[0]), (kind, row)


def test_a_present_that_is_banned_has_no_chance():
    asked = conflict(read_text((TEXT % ODDS).replace("board.pays: {is: pays, now: no", "board.pays: {is: pays, now: yes").replace("now: all", "now: pay")))
    assert [asked.at(state)["union.demand"] for state, _ in asked.presents] == ["pay_and_hours", "pay"]
    assert [chance for _, chance in asked.presents] == pytest.approx([0.6, 0.4])


@pytest.mark.parametrize(("odds", "what"), [
    (", odds: {pay: 0.2, all: 0.3}", "the chances sum to 0.5"), (", odds: {pay: 0.5, pay_and_hours: 0.5}", "has no chance"),
    (", odds: {pay: 0.5, everything: 0.5}", "no setting 'everything'"), (", odds: {pay: -0.5, all: 1.5}", "at least 0, not -0.5"),
])  # fmt: skip
def test_odds_that_are_none_are_refused(odds, what):
    with pytest.raises(CaseError, match=what):
        strike(odds)


def test_more_presents_than_are_asked_are_refused_in_words():
    levers = "".join(f"  board.l{k}: {{is: l, odds: {{no: 0.5, yes: 0.5}}, assumed: x}}\n" for k in range(7))
    case = read_text((TEXT % "").replace("levers:\n", "levers:\n" + levers))
    with pytest.raises(GraphError, match="more than 64"):
        conflict(case).graph  # noqa: B018


@pytest.mark.parametrize(("language", "words"), [("en", "If things stand otherwise today"), ("nl", "Als het er vandaag anders voor staat")])
def test_the_page_says_what_hangs_on_it(language, words):
    told = study(strike(), draws=5, seconds=0.1)
    page = report(told, language=language).html
    assert words in page and told.presents is not None and "30\u00a0%" in page
    assert words not in report(study(at("all"), draws=5, seconds=0.1), language=language).html


@pytest.mark.parametrize(("language", "chance", "versions"), [("en", "with a chance of", "versions"), ("nl", "met een kans van", "versies")])
def test_how_things_stand_today_is_not_told_as_versions_of_parties(language, chance, versions):
    told = study(strike(), draws=5, seconds=0.1)
    assert told.presents.differing and chance in summary(told, language) and versions not in summary(told, language)
