"""What cannot come about from today is not what a page studies, and how much of what rests can come about is said."""

from __future__ import annotations

import re

import pytest

from bestand import brief, report, study
from bestand.case.read import read_text

LEAVING = """
bestand: 1
title: A mediator that leaves
as_of: "2030-01-01"
parties: {u: {name: Mediator}, r: {name: Ridge}, w: {name: Days, chance: true, assumed: x}}
levers:
  u.mediates: {is: it mediates, now: yes, one_way: down, assumed: x}
  u.gone: {is: it has gone for good, needs: {yes: {that: not u.mediates, assumed: x}}, one_way: up, assumed: x}
  r.signs: {is: Ridge signs, assumed: x}
  w.over: {is: the days are over, assumed: x}
events: {over: {is: the days run out, sets: {w.over: yes}, when: not w.over, per_month: 1, assumed: x}}
terms: {out: {that: u.gone, is: nobody is left}}
wants:
  u: [{that: u.gone or not u.gone, is: it minds nothing, assumed: x}]
"""


@pytest.fixture(scope="module")
def known():
    return study(read_text(LEAVING), draws=1, quick=True)


def test_a_term_is_studied_where_legal_moves_lead_if_they_lead_there(known):
    """One lever from today it would have gone while it mediates: that is nearer, and no sequence of moves leads there."""
    (out,) = [each for each in known.terms if each.term == "out"]
    at = known.graph.at(out.nearest)
    assert at["u.mediates"] == "no" and [step.party for step in out.way] == ["u", "u"]


@pytest.mark.parametrize(("language", "told"), [("en", "lead to 12 of them"), ("nl", "Naar 12 daarvan leiden")])
def test_how_many_of_the_resting_states_can_come_about_is_said(known, language, told):
    """Of 16 states all rest; those in which it mediates and has gone, four of them, nothing leads to: events count, they lead to half."""
    assert known.counts["seq"] == 16
    page = re.sub(r"\s+", " ", report(known, language=language).html)
    assert told in page


def test_where_everything_that_rests_can_come_about_nothing_is_said_of_it():
    free = study(read_text(LEAVING.replace("needs: {yes: {that: not u.mediates, assumed: x}}, ", "").replace("one_way: down, ", "")), draws=1, quick=True)
    assert free.n_to_come == free.counts["seq"] and "of them from today" not in report(free).html


def test_the_brief_speaks_of_an_event_that_can_happen_today_and_of_its_pace_today():
    """Of a rate that differs by condition the first was told as that of the event, and of an event that cannot happen today as if it could."""
    text = LEAVING.replace("events: {", "events: {late: {is: the road is shut, sets: {u.mediates: no}, when: w.over and u.mediates, per_month: 0.1, assumed: x}, ")
    text = text.replace("per_month: 1, assumed: x}}\nterms", "per_month: 0.2, assumed: x}}\nterms")
    told = [each.text for each in brief(study(read_text(text), draws=1, quick=True)).sentences if each.section == "parties" or "on average" in each.text]
    assert [each for each in told if "The days run out" in each and "after 5 months on average, while things stand as today" in each]
    assert not any("road is shut" in each for each in told)
