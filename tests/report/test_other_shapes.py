"""Pages of conflicts that are no war: two parties and no source, five parties and the weather, a kidnapping in which no want has a size.

What is true of a truce, of troops or of a mediator who leaves is nonsense there, and so is a count of nothing.
"""

from __future__ import annotations

import html
import pathlib
import re

import pytest

from bestand import brief, conflict, read, report, study
from bestand.case.read import read_text
from bestand.exchange.gambit import from_gambit
from bestand.graph.budget import Budget, Sampling
from bestand.graph.draws import leaves_open
from bestand.report.headline import headline
from bestand.telling.telling import Telling
from bestand.telling.words import LANGUAGES, words
from bestand.truce.postures import postures

FOLDER = pathlib.Path(__file__).parents[1] / "shapes"
NAMES = ("strike", "river", "kidnapping")
OF_WAR = {"en": r"\b(truces?|ceasefires?|troops|forces?|peace)\b", "nl": r"\b(wapenstilstand|staakt-het-vuren|troepen|vrede|bestanden|dit bestand)\b"}


@pytest.fixture(scope="module")
def known():
    return {name: study(read(FOLDER / f"{name}.yaml"), draws=40, seconds=2) for name in NAMES}


def text_of(page: str) -> str:
    """What a reader of a page sees."""
    seen = re.sub(r"<(style|svg|title)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"</(p|li|h\d|td|th|dd|dt|summary|tr)>", " ", seen))))


def case_of(old: str, new: str):
    """The river with some of its text put otherwise."""
    text = (FOLDER / "river.yaml").read_text(encoding="utf-8")
    assert old in text
    return read_text(text.replace(old, new))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_of_what_the_case_does_not_have(known, name, language):
    for page in (report(known[name], language=language).html, brief(known[name], language=language).html):
        told = text_of(page).replace("Dit is het rapport in het kort", "").replace("Het staat in het bestand waarvan", "")
        assert not re.findall(OF_WAR[language], told), re.findall(f".{{60}}{OF_WAR[language]}.{{40}}", told)
        assert not re.search(r"\b0 (claims|beweringen|daarvan|hedged)|\bnan\b|None|: \.|; ;|\( *\)|““|””", told)
        assert "3 %" not in told or "3\u00a0%" in page


@pytest.mark.parametrize("name", NAMES)
def test_sections_are_counted_through(known, name):
    numbers = re.findall(r'<h2 id="\w+"><span class="number">(\d+)</span>', report(known[name]).html)
    assert [int(each) for each in numbers] == list(range(1, len(numbers) + 1))


def test_a_step_that_is_the_outcome_itself_is_not_told_as_what_is_missing(known):
    """The family may pay; that the kidnappers let the doctor go is no advice."""
    found = known["kidnapping"]
    (answer,) = [each for each in found.terms if each.term == "vrij"]
    assert [(each.step.party, each.arrives) for each in answer.openings] == [("gezin", False), ("bende", True)]
    box = {each.kind: each for each in headline(found, Telling(found.conflict, words("nl")))}
    assert "het gezin betaalt (verliest" in box["term"].text
    alone = study(conflict(found.case, hold={"gezin.betaalt": "no"}), draws=1)
    told = {each.kind: each for each in headline(alone, Telling(alone.conflict, words("en")))}["term"]
    assert any(each.startswith("That step is the outcome itself") for each in told.more)
    assert not any("own interest does the rest" in each.text for each in brief(alone).sentences)


def test_a_case_without_claims_leans_on_assumptions_alone(known):
    box = {each.kind: each for each in headline(known["strike"], Telling(known["strike"].conflict, words("en")))}
    assert box["sensitivity"].text.startswith("The conclusions lean on no claim of a source: only on")


def test_how_often_something_may_happen_stands_on_the_page(known):
    """The rates were left out: every number is a table of its fields, and was taken for a list of rates."""
    assert "0.2 (0.1–0.4) per month, while the year: dry" in text_of(report(known["river"]).html)
    fine = case_of("up: [{when: \"true\", value: 0.2, range: [0.1, 0.4]", "up: [{when: \"true\", value: 0.2, range: [0.005, 0.4]")
    assert "0,2 (0,005–0,4) per maand" in text_of(report(study(fine, draws=1, quick=True), language="nl").html)  # three digits are no thousands
    assert "0,1 (0,05–0,3) per maand, zolang geldt: the year: wet" in text_of(report(known["river"], language="nl").html)


def test_a_package_that_there_is_not_has_no_walk_away_values(known):
    assert known["river"].agreements.packages == () and "Walk-away values" not in report(known["river"]).html


@pytest.mark.parametrize("name", ["literature/fang-1993/chicken", "literature/kilgour-2001/elmira"])
def test_where_nothing_is_open_nothing_is_drawn(name):
    """Shares of 100 % of 200 draws, all of them the case as it stands, could not have come out otherwise."""
    found = study(read(name))
    assert not leaves_open(found.case) and found.draws == 1 and all(each.share is None for each in found.conclusions)
    page = text_of(report(found).html)
    assert "draws" not in page.replace("nothing is drawn", "").partition("What this page may not")[0].partition("Draws")[0]
    assert "nothing is drawn" in page and any("leaves nothing open" in each.text for each in brief(found).sentences)


def test_one_draw_is_no_share(known):
    once = study(known["strike"].case, draws=1, seconds=1)
    assert "of 1 draw" not in text_of(report(once).html) and "could be agreed on, by the order of wants." in text_of(report(once).html)


def test_what_is_quoted_within_a_quotation_has_single_marks():
    say = words("nl")
    assert say("hyp_rests", n=2, all=3, concept="SEQ", that="“vrede” geldt niet en regen") == "2 van 3 rusttoestanden (SEQ) hebben “‘vrede’ geldt niet en regen”"


def test_postures_without_a_name_are_told_by_what_they_set_and_never_by_code():
    text = """bestand: 1
title: T
parties: {a: {name: Aland}, b: {name: Bland}}
levers:
  a.strikes: {is: Aland strikes, assumed: t}
  a.signs: {is: Aland signs, now: yes, assumed: t}
  b.force: {is: a force stands, assumed: t}
terms: {truce: {that: a.signs and not a.strikes, is: a truce}}
wants: {a: [{that: a.strikes, assumed: t, worth: 1}], b: [{that: not a.strikes, assumed: t, worth: 1}]}
zones: {west: {name: the west, attacker: a, attack: a.strikes, width_km: 100, surge_k: 50, guards: GUARDS, assumed: t}}
deterrence: {truce: truce}
"""
    guarded = read_text(text.replace("GUARDS", "[{party: b, lever: b.force, troops_k: {yes: 20}, arrival_days: 3}]"))
    bare = read_text(text.replace("GUARDS", "[]"))
    for case, language, told in ((guarded, "en", "a force stands: no"), (guarded, "nl", "a force stands: nee"), (bare, "en", "as today"), (bare, "nl", "als vandaag")):
        page = report(study(case, seconds=1, draws=3), language=language).html
        assert told in page and "b.force=" not in page
    table = str(postures(bare, every=False, budget=Budget(seconds=1)))
    assert "as today" in table
    assert "<0.01 points" in Sampling(16, 9.4e-10, 0.01, True, 1.0).notes()[0] and "standard error at most 0 points" in Sampling(16, 0.0, 0.01, True, 1.0).notes()[0]


GAME = 'NFG 1 R "Two by two" { "Row" "Column" } { { "wait" "go" } { "wait" "go" } } 3 3 5 0 0 5 1 1'


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nothing_says_how_things_stand_states_go_by_their_settings(language: str):
    """They stood as 0 and 3, as banned by the case itself, as states to which no way leads from today, and as what differs from it."""
    case = read_text(from_gambit(GAME).text)
    game, say = study(case, quick=True), words(language)
    assert [row[0] for row in game.table().rows] == ["row.strategy=wait, column.strategy=wait", "row.strategy=go, column.strategy=go"]
    assert game.table().columns == ("state", "rests under", "terms")
    page = text_of(report(game, language=language).html)
    telling = Telling(game.conflict, say)
    for state in (0, 3):
        assert telling.named(state) in page and all(setting in telling.named(state) for setting in game.graph.at(state).values())
    assert say("head_now_unknown") in page
    for untrue in ("head_now_banned", "today_note", "matrix_never", "matrix_note_way"):
        assert say(untrue) not in page
