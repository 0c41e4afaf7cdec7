"""Sentences of the page that a reader could take for something else: what an event brings about, whose wants are listed, how much a few draws say."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from bestand import base_rates, brief, conflict, postures, read, report, study
from bestand.case.lines import with_file
from bestand.report.drawn import shares_told
from bestand.report.headline import headline, lasts_told
from bestand.report.truces import beyond_told, levels_elsewhere, smallest_told
from bestand.study.hypotheses import verdicts
from bestand.study.truces import TruceAnswers
from bestand.telling.telling import Telling
from bestand.telling.words import LANGUAGES, words
from tests.report.test_other_shapes import text_of

MAIN = "ukraine/2025-04"


@cache
def road(quick):
    return study(read("invented/mountain-road"), draws=1, quick=quick, seconds=0.2)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [MAIN, "invented/mountain-road", "example/en"])
def test_an_event_without_a_name_of_its_own_is_told_by_what_it_brings_about(name: str, language: str):
    """That an attack is forgotten was told as "an attack … is on everybody's mind", and the end of the days as "the hundred days"."""
    case = read(name)
    telling = Telling(conflict(case), words(language))
    for event, about in case.file.events.items():
        told = telling.called("events", event)
        for lever, setting in about.sets.items():
            others = [telling.setting(lever, other) for other in case.settings[lever] if other != setting]
            assert told not in (*others, telling.long_lever(lever)), (event, told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_wants_of_every_version_stand_on_the_page(language: str):
    """Lines elsewhere are numbered within a version; only the likeliest one's were listed, and not said to be its."""
    found = road(True)
    page = text_of(report(found, language=language).html)
    telling = Telling(found.conflict, words(language))
    n_listed = 0
    for party in found.case.file.wants:
        for kind, listed in found.case.wants(party).items():
            title = telling.say("wants_of_version" if kind else "wants_of", party=telling.party(party), version=telling.type_of(party, kind))
            after = page.partition(title)[2]
            assert after and all(telling.said(want.label or "") in after for want in listed), (party, kind)
            n_listed += bool(kind)
    assert n_listed > 1


def test_shares_of_few_draws_say_how_little_they_say():
    assert shares_told((0.0, 0.5, 0.5), 8).endswith("(± 28)") and shares_told((0.0, 0.5, 0.5), 800).endswith("(± 3)")


def test_one_draw_has_no_spread():
    """57 (57–57) was the answer of one draw in thirty-eight."""
    telling = Telling(conflict(read(MAIN)), words("en"))
    assert smallest_told(np.array([57.0]), telling) == "57, in 1 draw only"
    assert re.fullmatch(r"\d+ \(\d+–\d+\)", smallest_told(np.arange(20.0), telling))
    assert smallest_told(np.array([]), telling) == "–"


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_sure_has_its_error(language: str):
    sure = brief(study(read("invented/mountain-road"), draws=40, quick=True), language=language).parts[0].sentences[-1].text
    assert re.search(r"\(± \d+ ", sure), sure


def test_a_question_in_words_whose_meaning_is_the_cases_own_says_so():
    """That Europe comes to grief was put to the test by a definition that the sources do not give."""
    case = read(MAIN)
    grief = {name: about for name, about in case.file.hypotheses.items() if name in ("h_afford", "h_taurus_tension")}
    told = {each.name: each for each in verdicts(with_file(case, hypotheses=grief), quick=True)}
    for language, instead in (("en", "a broken front, or high tension"), ("nl", "een doorbroken front, of hoge spanning")):
        telling = Telling(conflict(case), words(language))
        assert [instead in telling.outcome(each) for each in told["h_afford"].outcomes] == [False, True]
        assert not any(instead in telling.outcome(each) for name, verdict in told.items() if name != "h_afford" for each in verdict.outcomes)


def test_a_place_of_the_case_says_what_stands_there():
    """“Russia (content with land): want 4” sent the reader off to count; four things seen were all called “what was seen”."""
    case = read("invented/mountain-road")
    telling = Telling(conflict(case), words("nl"))
    assert telling.place("wants.family[3]") == "de familie: wens 4, “niet te gronde gaan”"
    assert telling.place("wants.gang.for_money[2]") == "wie haar vasthouden (wie geld willen): wens 3, “hun woord houden”"
    seen = [telling.place(f"observations[{k}]") for k in range(len(case.file.observations))]
    assert len(set(seen)) == len(seen) > 3 and all(each.startswith("wat is waargenomen: ") for each in seen)


def test_a_denied_comparison_is_told_by_its_opposite():
    """“not: they strike: no” was the words for “they strike”."""
    telling = Telling(conflict(read("invented/harbour-strike")), words("en"))
    assert telling.condition("not (union.strikes = no)") == telling.condition("union.strikes = yes")
    assert telling.condition("not (world.fund >= full)") == telling.condition("world.fund < full")


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_that_a_case_does_not_give_are_among_what_is_assumed(language: str):
    """What is played forward discounts what comes later by a fifth a year where a case says nothing; no page said so."""
    case = read("invented/mountain-road")
    (play,) = [case.file.play]
    assert not play.discount and len(play.tempo) == 5
    whole, quick = (text_of(report(road(fast), language=language).html) for fast in (False, True))
    say = words(language)
    assert say("usual_discount_taken", n="0.2") in whole and say("usual_tempo_taken", n="1") not in whole
    assert say("usual_discount_taken", n="0.2") not in quick  # nothing is played forward there


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_setting_cut_short_is_not_taken_for_another(language: str, tmp_path):
    """`two nurses at night, phased in` stood in pictures as `two nurses at night`, beside `two nurses at night at once`."""
    path = tmp_path / "case.yaml"
    path.write_text(
        """bestand: 1
title: Wards
parties: {a: {name: A}, b: {name: B}}
levers:
  a.nights:
    settings: [one, phased, both]
    meaning: {one: "one nurse, as now", phased: "two nurses, phased in", both: two nurses at once}
    is: nurses at night
    assumed: toy
  b.pays: {is: "B pays, in part", assumed: toy}
  b.signs: {is: B pays for nobody, told: {no: "B waits, and signs nothing", yes: B waits for nobody}, assumed: toy}
wants: {a: [{that: a.nights = both, assumed: toy}], b: [{that: not b.pays, assumed: toy}]}
""",
        encoding="utf-8",
    )
    telling = Telling(conflict(read(path)), words(language))
    assert [telling.value_of("a.nights", each) for each in ("one", "phased", "both")] == ["one nurse", "two nurses, phased in", "two nurses at once"]
    assert telling.short_lever("b.pays") == "B pays, in part" and telling.short("b.signs", "no") == "B waits, and signs nothing"
    for name in (MAIN, "example/en", "invented/mountain-road"):
        telling = Telling(conflict(read(name)), words(language))
        for lever, settings in telling.case.settings.items():
            told = [telling.short(lever, each) for each in settings]
            assert len(set(told)) == len(told), lever


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_way_that_does_not_pay_is_not_told_as_the_only_one_where_another_pays(language: str, tmp_path):
    """The mill would stop half way for its own sake; but better for it is all the way, and there only a toll that nobody wants to pay is quiet."""
    path = tmp_path / "case.yaml"
    path.write_text(
        """bestand: 1
title: The toll
parties: {mill: {name: the mill}, town: {name: the town}}
levers:
  mill.dam: {is: the dam, settings: [shut, half, open], now: shut, assumed: toy}
  town.pays: {is: the town pays a toll, now: no, one_way: up, assumed: toy}
terms: {quiet: mill.dam = half or (town.pays and mill.dam = open)}
wants:
  mill: [{that: mill.dam != shut, assumed: toy}, {that: mill.dam = open, assumed: toy}, {that: town.pays, assumed: toy}]
  town: [{that: not town.pays, assumed: toy}, {that: quiet, assumed: toy}]
""",
        encoding="utf-8",
    )
    known = study(read(path))
    (answer,) = known.terms
    assert answer.reached_paying and not answer.reached and answer.stuck
    told = words(language)
    telling = Telling(known.conflict, told)
    assert telling.say("why_paying_elsewhere", term=telling.term("quiet")) in text_of(report(known, language=language).html)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_missing_step_is_not_told_as_what_happens(language: str):
    """`One step is missing … . Ukraine hands over the four provinces …`: by itself the second sentence says that it does."""
    known = study(read(MAIN), quick=True, draws=1, hypotheses=False)
    telling = Telling(known.conflict, words(language))
    (answer,) = (each for each in known.terms if each.term == known.goal)
    step = telling.step(answer.openings[0].step)
    told = " ".join(each.text for each in headline(known, telling))
    assert f" – {step} (" in told and f". {step}" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_sure_a_brief_is_blames_no_source_where_there_is_none(language: str):
    case = read("tests/shapes/strike.yaml")
    assert not case.file.sources
    sure = brief(study(case, draws=40, quick=True), language=language).parts[0].sentences[-1].text
    assert "±" in sure and words(language)("brief_sure_same").split("{")[0] in sure
    assert not re.search("sources?|bronn?en", sure)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_level_in_other_classes_has_its_interval(language: str):
    """War 95 % stood there as if it were known to a point: it rests on 57 ceasefires."""
    (told,) = levels_elsewhere(base_rates("interstate-fatal"), Telling(conflict(read(MAIN)), words(language)))
    assert "95 % (84 % – 98 %)" in told.replace("\u00a0", " ") and "44 % (30 % – 56 %)" in told.replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_a_posture_asks_too_much_is_a_sentence_of_its_own(language: str):
    """It stood between dashes, between a posture and how long a truce lasts under it."""
    asked = conflict(read(MAIN), view="guarded", draws=8)
    compared, telling = postures(asked, every=False, months=[1.0]), Telling(asked, words(language))
    for able in (0.0, 1.0):
        results = tuple(replace(each, affordable=np.full(8, able)) for each in compared.results)
        answers = TruceAnswers("truce_in_force", replace(compared, results=results), (), None, (), None, None)
        first, beyond = next(lasts_told(answers, telling)), beyond_told(answers.best, telling)
        assert bool(beyond) is (able == 0.0) and first.endswith(f". {beyond}" if beyond else ".")
