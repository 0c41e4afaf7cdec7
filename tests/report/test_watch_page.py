"""What to watch on the page and in the brief: both languages, links, quiet where there is nothing, a page that is never lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bestand.case.read import read, read_text
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict
from bestand.report.blocks import percent_words
from bestand.report.brief import brief
from bestand.report.brief_watch import indicators_in_the_brief
from bestand.report.page import report
from bestand.report.watch import watch_blocks
from bestand.study import posterior as posterior_module
from bestand.study.indicators import indicators
from bestand.study.posterior import over_draws, posterior
from bestand.study.stages import study
from bestand.study.watch import WatchAnswers, watch_answers
from bestand.telling.telling import Telling
from bestand.telling.words import LANGUAGES, words
from tests.report.test_words import seen
from tests.study.test_posterior import CASE, SEEN, text
from tests.study.test_watch import TERMS, bridge


@pytest.fixture(scope="module")
def known():
    return study(read_text(text(SEEN, CASE.replace("observations:", TERMS))), draws=1, hypotheses=False)


def chapter(known, language="en"):
    page = report(known, language=language).html
    return re.search(r'<section class="watch">.*?</section>', page, re.S)[0]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("What to watch until 25 August 2030", "The likeliest courses", "What was seen, and what it says", "it lies after the day of the case", "all else")),
        ("nl", ("Waarop te letten tot 25 augustus 2030", "De waarschijnlijkste verlopen", "Wat is waargenomen, en wat dat zegt", "na de dag van het dossier", "al het andere")),
    ],
)
def test_the_chapter_has_indicators_courses_and_what_was_seen(known, language, told):
    whole = chapter(known, language)
    for each in told:
        assert each in whole, each
    assert whole.count("<svg") == 2 and "<script" not in whole


def test_the_tree_of_courses_has_the_colours_of_the_page_that_it_stands_on(known):
    """Its boxes were white on a dark page."""
    (tree,) = (each for each in re.findall(r"<svg.*?</svg>", chapter(known), re.S) if "courses" in each)
    assert set(re.findall(r'<text[^>]* fill="([^"]*)"', tree)) == {"currentColor"} and not re.search('fill="#(?:fff|eef4fa)', tree)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_brief_says_what_to_watch_by_when_and_links_to_the_chapter(known, language):
    made = brief(known, language=language, report="full.html")
    mine = [each.text for each in made.sentences if each.section == "watch"]
    assert len(mine) >= 3 and any(re.search(r"25 (August|augustus) 2030", each) for each in mine)
    assert 'href="full.html#watch"' in made.html and 'id="watch"' in report(known, language=language).html
    assert all(each.endswith(".") and len(each.split()) <= 45 for each in mine)


def test_a_dutch_chapter_is_dutch(known):
    told = seen(chapter(known, "nl"))
    for english in ("likely", "what was", "until", "all else", "none of", "otherwise", "odds", "not up to", "beforehand", "seen so far"):
        assert english not in told, english


def test_a_chapter_that_cannot_be_made_never_loses_the_page(known):
    broken = replace(known, watch=WatchAnswers(None, known.watch.scenarios, replace(known.watch.posterior, by_entry=None)))
    page = report(broken).html
    assert 'id="watch"' in page and "could not be made" in chapter(broken) and 'id="provenance"' in page


def test_a_case_with_nothing_to_say_is_quiet_and_one_that_should_have_says_why_not():
    ordinal = "bestand: 1\ntitle: t\nparties: {a: {name: A}}\nlevers: {a.x: {is: x, assumed: t}}\nterms: {t: a.x}\nwants: {a: [{that: a.x, assumed: t}]}\n"
    quiet = study(read_text(ordinal), draws=1)
    assert (quiet.watch, quiet.no_watch) == (None, "") and 'id="watch"' not in report(quiet).html
    asked = study(read_text(ordinal + 'observations: [{on: "2030-01-01", lever: a.x, took: "no", assumed: t}]\n'), draws=1)
    assert asked.no_watch == "worth/ordinal" and "some want has no size" in chapter(asked)
    listed = study(read("literature/kilgour-2001/elmira"), draws=1)
    assert (listed.watch, listed.no_watch) == (None, "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_where_no_move_would_tell_anything(known, language):
    """The chapter promised moves and silences that would tell something, and began with the courses."""
    found = known.watch.indicators
    dull = replace(found, indicators=tuple(replace(each, seen=each.before, silent=each.before) for each in found.indicators))
    told = chapter(replace(known, watch=replace(known.watch, indicators=dull)), language)
    said = Telling(known.conflict, words(language)).say("watch_none_tells")
    assert said in told and said not in chapter(known, language)


def test_a_quick_study_takes_no_time_for_it():
    assert study(read("example/en"), draws=1, quick=True).watch is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_few_versions_say_where_to_look_and_not_how_likely(language):
    """Two briefs of one case gave its truce 25 % and 13 %, and looked at different things first: for six versions of sixteen and for four."""
    found = indicators(bridge(), outcome="calm")
    assert found.of_outcome
    found = replace(found, indicators=tuple(replace(each, silent=each.seen / 3) for each in found.indicators))
    few = replace(found.present.played, n_left=3, played=0.4)
    some, telling = replace(found, present=replace(found.present, played=few)), Telling(bridge(), words(language))
    told = list(indicators_in_the_brief(some, telling))
    assert len(told) > 1 and not any("%" in each for each in told[:-1]) and "40 %" in told[-1].replace("\u00a0", " ")
    assert any("%" in each for each in indicators_in_the_brief(found, telling))
    first = found.of_outcome[0]
    low = 0.4 * (first.before if first.one in ("comes", "ends") else 1 - first.before)
    between = words(language)("watch_between", low=percent_words(low), high=percent_words(low + 0.6))
    (block, *_) = watch_blocks(WatchAnswers(some, None, None), "", telling)
    assert between in block.after


@pytest.mark.parametrize("language", LANGUAGES)
def test_chances_among_some_of_the_versions_are_not_told_as_chances_over_all(known, language):
    """The brief gave "more than 99 %" to a course that was worked out for one version of sixteen, beside a chance of 25 % that it does not come."""
    say, watch = words(language), known.watch

    def without_time(answer):
        played = replace(answer.present.played, n_left=3, played=0.4)
        return replace(answer, present=replace(answer.present, played=played))

    seen_in_some = replace(watch.posterior, played=replace(watch.posterior.played, n_left=3, played=0.4))
    some = replace(known, watch=WatchAnswers(without_time(watch.indicators), without_time(watch.scenarios), seen_in_some))
    n, course = len(watch.posterior.played.versions), say("brief_watch_course", chance="|", course="").split("|")[0]
    for command in ("scenarios", "posterior"):  # no table of courses, or of versions before and after: why not instead
        why_not = say("watch_few", n=n, all=n + 3, share="40\u00a0%", command=f"bestand {command}")
        assert why_not in chapter(some, language) and why_not not in chapter(known, language)
    for key in ("watch_course_table", "watch_entries"):
        assert say(key) in chapter(known, language) and say(key) not in chapter(some, language)
    told = say("watch_time", n=n, all=n + 3, share="40 %")
    mine = [each.text for each in brief(some, language=language).sentences if each.section == "watch"]
    assert not any(each.startswith(course) for each in mine)
    assert told not in mine and not any("%" in each for each in mine)  # of versions nothing is said, and nothing else was found here
    assert any(each.text.startswith(course) for each in brief(known, language=language).sentences if each.section == "watch")


def test_what_fails_is_left_out_and_the_others_are_kept(monkeypatch):
    from bestand.errors import AskError, Problem
    from bestand.study import watch as module

    def late(*_, **__):
        raise AskError(Problem("graph/too-long", "too long"))

    monkeypatch.setattr(module, "indicators", late)
    found, _ = watch_answers(bridge())
    assert found.indicators is None and found.scenarios is not None and found.failed == ("graph/too-long",)


def test_draws_are_weighed_beside_the_cases_own_numbers_as_the_command_weighs_them():
    case = read_text(text(SEEN, CASE.replace("observations:", TERMS)))
    answers, _ = watch_answers(conflict(case), draws=6, seed=3)
    whole = posterior(conflict(case, draws=6, seed=3))
    assert answers.posterior.by_week == pytest.approx(whole.by_week) and answers.posterior.asked == 6
    kinds = [(party, type_) for party in whole.played.parties for type_ in whole.played.types(party)]
    assert [answers.posterior.own.of(*kind) for kind in kinds] == pytest.approx([whole.own.of(*kind) for kind in kinds])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_and_the_brief_give_what_was_seen_over_draws_with_its_error(known, language):
    case = known.case
    answers, _ = watch_answers(conflict(case), draws=6)
    made = replace(known, watch=answers)
    columns = re.findall(r"<th[^>]*>([^<]*±[^<]*)</th>", chapter(made, language))
    assert columns and "±" not in "".join(re.findall(r"<th[^>]*>([^<]*)</th>", chapter(known, language)))
    told = [each.text for each in brief(made, language=language).sentences if each.section == "watch"]
    moved = [each for each in told if "± " in each and "6" in each]
    assert moved or any(words(language)("brief_watch_little", n=len(answers.posterior.record.counted)) == each for each in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_sentences_of_the_brief_give_one_and_the_same_chance_of_a_version(known, language):
    answers, _ = watch_answers(conflict(known.case), draws=6)
    made = brief(replace(known, watch=answers), language=language)
    told = [each.text for each in made.sentences if each.section == "watch" and "± " in each.text]
    own = answers.posterior.own
    kinds = [(party, type_) for party in own.played.parties for type_ in own.played.types(party)]
    party, type_ = max(kinds, key=lambda kind: own.of(*kind) - own.before(*kind))
    assert told and all(percent_words(own.of(party, type_)) in each and f"“{type_}”" in each for each in told)
    present = answers.indicators.present  # what is to be watched speaks of the same chances
    assert any(each.before == pytest.approx(own.of(each.party, each.one)) for each in answers.indicators.indicators if each.party) or present is None


def test_no_draw_is_begun_that_is_reckoned_not_to_fit(monkeypatch):
    monkeypatch.setattr(posterior_module, "seconds_each", lambda *_: 1.0)
    monkeypatch.setattr(posterior_module, "seconds_looking", lambda _: 0.25)
    case = read_text(text(SEEN, CASE.replace("observations:", TERMS)))
    found = posterior(conflict(case))
    n = len(found.played.versions)
    made = over_draws(found, draws=50, budget=Budget(seconds=(1.5 + 4.5) * n))  # played and looked at twice: 1.5 each
    assert len(made.by_week) == 5 and "only 5 of 50 draws" in str(made)
    none = over_draws(found, draws=50, budget=Budget(seconds=0.0))
    assert len(none.by_week) == 1
