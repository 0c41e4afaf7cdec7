"""What somebody meets who reads the page alone: names of the case's own text, days, and a long list of outcomes that today does not reach."""

from __future__ import annotations

import re

import pytest

from bestand import brief, conflict, posterior, read, read_text, report, study
from bestand.draw.timeline import timeline
from bestand.draw.weekly import weekly_picture
from bestand.errors import BestandError
from bestand.report.headline import headline
from bestand.telling.telling import Telling
from bestand.telling.words import LANGUAGES, words

MAIN = "ukraine/2025-04"
CASE = """\
bestand: 1
title: T
parties: {a: {name: Alm}, b: {name: Brill}}
levers:
  a.opens: {is: Alm opens `a.opens`, now: no, assumed: "at no but in the view `wide`, see `far_off` and `a`"}
  b.pays: {is: Brill pays, now: no, assumed: "`quiet` says less than `a.opens`, and ` is a sign"}
terms: {quiet: {that: a.opens and b.pays, is: quiet at the dam}}
views: {core: {vary: [a.opens]}, wide: {vary: [a.opens, b.pays], is: all that may move}}
wants: {a: [{that: quiet, assumed: x}], b: [{that: quiet, assumed: x}]}
"""
CLAIM = "claims: {c1: {source: memo, quote: a truce, says: author, gloss: there is a truce, context: true}}\n"


def test_names_between_backticks_are_told_by_what_they_are_called():
    """A reader of the page does not know the names of the file."""
    telling = Telling(conflict(read_text(CASE)), words("en"))
    levers = telling.case.file.levers
    assert telling.said(levers["a.opens"].assumed) == "at no but in the view “all that may move”, see “far off” and “Alm”"
    assert telling.said(levers["b.pays"].assumed) == "“quiet at the dam” says less than “Alm opens a.opens”, and ` is a sign"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_backtick_of_the_cases_own_text_is_on_the_page(language: str):
    page = report(study(read(MAIN), draws=1, quick=True), language=language).html
    assert [told for told in re.findall(r"`[^`<\n]{1,60}`", page) if not told.startswith("`bestand ")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_outcomes_that_today_does_not_reach_are_folded_with_their_count(language: str):
    """Some twenty stood one below the other, each with the same verdict."""
    known = study(read(MAIN), draws=1, quick=True)
    page = report(known, language=language).html
    say = words(language)
    n_not = sum(not (answer.reached or answer.reached_paying) for answer in known.terms[1:])
    fold = page.partition(say("why_group_reached_not", n=n_not))
    assert n_not > 3 and fold[0].endswith('<details class="terms"><summary>')
    inside = fold[2].partition("</section>")[0]
    assert inside.count('<details class="term">') == n_not and page.count('<details class="term"') == len(known.terms)
    assert fold[0].count('<details class="term" open>') == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_in_pictures_and_of_sources_are_told_as_in_the_text(language: str):
    road = read("invented/mountain-road")
    telling = Telling(conflict(road), words(language))
    months = telling.say("months_of_year").split()
    pictures = [str(timeline(road, telling)), weekly_picture(posterior(conflict(road)), telling)]
    for drawn in pictures:
        assert any(re.search(rf"\d {month} \d{{4}}", drawn) for month in months) and not re.search(r"\d{4}-\d{2}-\d{2}", drawn)
    dated = read_text(CASE + "sources: {memo: {title: M, date: 2031-04-18, sha256: " + "a" * 64 + "}}\n" + CLAIM)
    listed = report(study(dated, draws=1, quick=True), language=language).html.partition('<ul class="sources">')[2].partition("</ul>")[0]
    assert f"18 {months[3]} 2031" in listed and "2031-04" not in listed


STUCK = """\
bestand: 1
title: Arms
parties: {a: {name: Alm}, b: {name: Brill}, c: {name: Corin}}
levers:
  a.hands: {is: Alm hands over its guns, now: no, assumed: x, needs: {yes: {that: c.leaves, assumed: x}}}
  b.opens: {is: Brill opens the port, now: no, assumed: x, needs: {yes: {that: a.hands, assumed: x}}}
  c.leaves: {is: Corin leaves, now: no, assumed: x}
terms: {accord: {that: a.hands and b.opens and c.leaves, is: the accord}}
wants:
  a: [{that: b.opens, is: an open port, assumed: x}, {that: not a.hands, is: to keep its guns, assumed: x}]
  b: [{that: a.hands, is: no guns, assumed: x}, {that: not b.opens, is: a shut port, assumed: x}]
  c: [{that: a.hands, is: no guns, assumed: x}, {that: not c.leaves, is: to stay, assumed: x}]
"""


@pytest.mark.parametrize(("language", "stuck", "first", "lines"), [
    ("en", "do not pay whoever would have to take them", "The first of them: Corin leaves.", "Those lines: "),
    ("nl", "niet voor wie ze zou moeten zetten", "De eerste daarvan: Corin leaves.", "Die regels: "),
])  # fmt: skip
def test_a_brief_says_on_which_steps_it_sticks_and_tells_an_answer_once(language: str, stuck: str, first: str, lines: str):
    """Where more than one step was missing nothing was said of them, and one answer that hangs on two lines was told as two answers."""
    told = [each.text for each in brief(study(read_text(STUCK), draws=1), language=language).sentences]
    n = next(k for k, text in enumerate(told) if stuck in text)
    assert told[n + 1] == first
    opened = [text.partition(")")[0] for text in told if text.startswith(("One answer (", "Eén antwoord ("))]
    assert opened and len(opened) == len(set(opened)) and any(text.startswith(lines) for text in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_in_the_browser_names_whose_step_it_is_once(language: str):
    """Where names are kept apart from the direction of a sentence it said of whom the step is, and then what he does by name again."""
    known = brief(study(read_text(STUCK), draws=1, quick=True), language=language)
    first = {"en": "The first of them: Corin leaves.", "nl": "De eerste daarvan: Corin leaves."}[language]
    assert first in str(known) and first in re.sub(r"<[^>]+>|[\u2068\u2069]", "", known.html)


@pytest.mark.parametrize(("name", "told"), [("literature/fang-1993/chicken", {"en": "the nearest of which is DC", "nl": "de naaste is DC"}),
                                            ("example/en", {"en": "What differs from today", "nl": "anders is dan vandaag"})])  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_state_with_a_name_is_no_difference_from_today(name: str, told: dict[str, str], language: str):
    """`What differs from today in the nearest of them: DC`."""
    known = study(read(name), draws=1, quick=True)
    text = " ".join(each.text for each in headline(known, Telling(known.conflict, words(language))))
    assert told[language] in text


def test_who_has_rankings_alone_is_told_what_to_write_in_their_place():
    """It was told to say `sizes: drawn`, which sizes nothing where states are ranked."""
    with pytest.raises(BestandError, match="worth/ordinal") as refused:
        conflict(read("literature/kinsara-2014/prisoners-dilemma"), scale="cardinal").worth.value.sum()
    assert "in place of this party's `ranking`" in refused.value.problems[0].hint
