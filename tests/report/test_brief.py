"""The brief: two pages, bottom line first, plain words, every sentence traceable, both languages, and its command."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bestand.case.lines import wants
from bestand.case.read import read, read_text
from bestand.cli import main
from bestand.errors import AskError
from bestand.report.brief import brief
from bestand.report.page import SECTIONS, report
from bestand.study.flips import flips
from bestand.study.stages import study
from bestand.telling.words import LANGUAGES
from tests.banks import CASE
from tests.depth import in_depth
from tests.pages import page_of
from tests.report.test_words import seen

JARGON = ("equilibri", "evenwicht", "Nash", "SEQ", "hazard", "Monte Carlo", "Kaplan", "ordinal", "cardinal", "Shapley", "lexicograph", "−∞", "sha256")
MOST_WORDS, MOST_OF_A_SENTENCE = 1_000, 45


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bottom_line_comes_first_in_three_to_five_sentences_with_how_sure(ukraine, language: str) -> None:
    first = brief(ukraine, language=language).parts[0]
    assert 3 <= len(first.sentences) <= 5
    assert first.sentences[-1].text.startswith({"en": "How sure", "nl": "Hoe zeker"}[language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", ["ukraine", "banks"])
def test_a_brief_is_short_and_so_are_its_sentences(made: str, language: str, request: pytest.FixtureRequest) -> None:
    found = brief(request.getfixturevalue(made), language=language)
    told = " ".join(each.text for each in found.sentences)
    assert len(told.split()) + sum(len(each.split()) for each in found.sources) <= MOST_WORDS
    for each in found.sentences:
        assert len(each.text.split()) <= MOST_OF_A_SENTENCE, each.text
        assert each.text[0] == each.text[0].upper() and each.text.rstrip("”").endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", ["ukraine", "banks"])
def test_every_sentence_leads_to_a_section_that_the_report_has(made: str, language: str, request: pytest.FixtureRequest) -> None:
    found = request.getfixturevalue(made)
    ids = set(re.findall(r'id="([^"]+)"', page_of(found, language)))
    told = brief(found, language=language, report="full.html")
    assert {each.section for each in told.sentences} <= set(SECTIONS) & ids
    links = re.findall(r'href="full\.html#(\w+)"', told.html)
    assert links == [each.section for each in told.sentences]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_jargon_and_no_sentence_twice(ukraine, language: str) -> None:
    found = brief(ukraine, language=language)
    text = seen(found.html)
    assert [word for word in JARGON if word in text] == []
    sentences = [each.text for each in found.sentences]
    assert len(sentences) == len(set(sentences))
    runs = [" ".join(words[k : k + 12]) for each in sentences for words in [each.split()] for k in range(len(words) - 11)]
    assert len(runs) == len(set(runs)), [run for run in runs if runs.count(run) > 1]


def test_a_dutch_brief_is_dutch(banks) -> None:
    told = seen(brief(banks, language="nl").html)
    for english in ("North", "South", "the gate", "would", "nothing", "Bottom line", "no worse off"):
        assert english not in told.replace("who owns the gate", ""), english
    assert "het sluisakkoord" in told and "In het kort" in told


@in_depth
def test_the_missing_step_is_that_of_the_outcome_and_not_of_the_first_who_declines(talks) -> None:
    answer = next(each for each in talks.terms if each.term == "ceasefire")
    first = answer.openings[0]
    assert first.step.changes == {"ua.cedes": ("no", "four_provinces")} and (first.shared, first.n_rests) == (40, 40)
    assert "four provinces" in " ".join(each.text for each in brief(talks).parts[1].sentences)


def test_hedges_stay_in_the_sources(ukraine) -> None:
    told = " ".join(brief(ukraine).sources)
    hedges = {claim.hedge for claim in ukraine.case.file.claims.values() if claim.hedge}
    assert any(hedge in told for hedge in hedges) and "the author" in told


def test_what_changed_since_last_time_is_said(banks) -> None:
    earlier = read_text(CASE.replace("per_month: 0.1", "per_month: 0.2"))
    told = str(brief(banks, since=flips(earlier, banks.case)))
    assert "What changed since last time" in told and "rate per month: now “0.1”, before “0.2”." in told
    assert "The main answers are the same as last time." in told
    assert "What changed since last time" not in str(brief(banks))


def test_a_brief_fetches_nothing_and_keeps_its_style_to_itself(banks, tmp_path: Path) -> None:
    found = brief(banks)
    assert "default-src 'none'" in found.html and not re.search(r"<script|https?://", found.html)
    assert found._repr_html_().startswith("<iframe srcdoc=") and "<style" not in found._repr_html_()
    assert found.save(tmp_path / "b.html").read_text("utf-8") == found.html


def test_an_unknown_language_is_refused(banks) -> None:
    with pytest.raises(AskError, match="choices are en, nl"):
        brief(banks, language="fr")


@pytest.mark.parametrize("quick", [True, False])
def test_a_brief_of_a_study_without_deals_or_truces_is_made_all_the_same(banks, quick: bool) -> None:
    bare = replace(banks, agreements=None, unlocks=None, truce=None, profiles=None, conclusions=() if quick else banks.conclusions)
    assert len(brief(bare).parts[0].sentences) >= 3


def test_the_command_writes_the_brief_and_the_report_behind_it(tmp_path: Path) -> None:
    case = tmp_path / "banks.yaml"
    case.write_text(CASE, encoding="utf-8")
    out = tmp_path / "out" / "note.html"
    ran = CliRunner().invoke(main, ["brief", str(case), "--out", str(out), "--draws", "2", "--language", "nl"])
    assert ran.exit_code == 0, ran.output
    behind = out.with_name("note-report.html")
    assert out.is_file() and behind.is_file() and "In het kort" in ran.output
    assert f'href="{behind.name}#today"' in out.read_text("utf-8")


def test_the_command_gives_the_sentences_as_data(tmp_path: Path) -> None:
    case = tmp_path / "banks.yaml"
    case.write_text(CASE, encoding="utf-8")
    ran = CliRunner().invoke(main, ["brief", str(case), "--out", str(tmp_path), "--draws", "1", "--json"])
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert told["parts"][0]["title"] == "Bottom line" and told["parts"][0]["sentences"][0]["section"] == "today"
    assert Path(told["brief"]).name == "banks-brief.html"


def test_the_command_refuses_a_language_before_any_work(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["brief", "ukraine/2025-04", "--language", "de"])
    assert ran.exit_code == 2 and "en" in ran.output


@pytest.mark.parametrize(("language", "few"), [("en", "Only 28 % of the readings say so"), ("nl", "Slechts 28 % van de lezingen zegt dat")])
def test_what_most_readings_deny_is_not_told_flatly(banks, language: str, few: str) -> None:
    doubted = replace(banks, conclusions=tuple(replace(each, share=0.28) for each in banks.conclusions))
    sure = replace(banks, conclusions=tuple(replace(each, share=0.9) for each in banks.conclusions))
    told, plain = (" ".join(each.text for each in brief(known, language=language).parts[0].sentences) for known in (doubted, sure))
    assert few in told.replace("\u00a0", " ") and few not in plain.replace("\u00a0", " ")


STUCK = """bestand: 1
title: A well
parties: {a: {name: Ayl}, b: {name: Bor}}
levers: {a.digs: {is: Ayl digs, now: no, assumed: x}, b.pays: {is: Bor pays, now: no, assumed: x}}
terms: {well: {that: a.digs and b.pays, is: a well}}
wants:
  a: [{that: b.pays, is: pay, assumed: x}, {that: not a.digs, is: rest, assumed: x}]
  b: [{that: a.digs, is: water, assumed: x}, {that: not b.pays, is: money, assumed: x}]
"""


def test_a_share_is_told_of_what_it_is_the_share_of() -> None:
    """That an outcome is not reached is one thing, that it would last another: each with its own share."""
    known = study(read_text(STUCK), draws=20)
    (goal,) = known.terms
    assert not goal.reached and goal.rests["seq"]

    def told(rests: float, reached: float) -> str:
        shares = {"term_rests": rests, "term_reached": reached}
        doubted = replace(known, conclusions=tuple(replace(each, share=shares.get(each.kind, 1.0)) for each in known.conclusions))
        return next(each.text for each in brief(doubted).parts[0].sentences if "by itself" in each.text).replace("\u00a0", " ")

    assert told(0.9, 0.9).endswith("act against its own wishes.")
    assert told(0.3, 1.0).endswith("act against its own wishes. Even if it came, it would last in only 30 % of the readings.")
    assert told(0.9, 0.2).endswith("Only 20 % of the readings say so.")


def test_an_outcome_that_paying_moves_reach_is_not_said_to_go_against_wishes() -> None:
    known = study(read_text(STUCK), draws=1)
    paid = replace(known, terms=tuple(replace(each, reached_paying=True) for each in known.terms))
    texts = [" ".join(each.text for each in brief(made).parts[0].sentences) for made in (known, paid)]
    assert ["against its own wishes" in text for text in texts] == [True, False] and "pass over a move" in texts[1]


def test_a_case_that_quotes_nothing_is_not_shown_as_checked() -> None:
    known = study(read_text(STUCK), draws=1)
    for html in (brief(known).html, report(known).html):
        assert '<p class="note none">This case quotes no source: nothing in it can be checked against a text.' in html
        assert "note good" not in html and ".note.none {" in html and 'class="unchecked"' not in html


FLESCH = {"en": (206.835, 1.015, 84.6, "en_US"), "nl": (206.84, 0.93, 77.0, "nl_NL")}  # Flesch 1948; Douma 1960
PLAIN = 55.0  # in both tables 50 to 60 is fairly hard and 60 to 70 standard; measured: about 64 in English, 60 in Dutch


def reading_ease(sentences: list[str], language: str) -> float:
    """Reading ease: 206.8 less words per sentence and syllables per word, weighed; syllables by hyphenation or groups of vowels, whichever are more."""
    whole, per_sentence, per_syllable, dictionary = FLESCH[language]
    hyphens = pytest.importorskip("pyphen", reason="syllables need pyphen, which comes with the extra [pdf]").Pyphen(lang=dictionary, left=1, right=1)
    said = [re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", each) for each in sentences]
    silent = r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzgl])es$" if language == "en" else "$^"  # `made`, `moved`, `makes`
    voiced = [re.sub(silent, "", word.lower()) for words in said for word in words]
    syllables = [max(len(hyphens.positions(word)) + 1, len(re.findall(r"[aeiouyà-ü]+", word)), 1) for word in voiced]
    return whole - per_sentence * len(syllables) / sum(map(bool, said)) - per_syllable * sum(syllables) / len(syllables)


def test_reading_ease_is_high_for_plain_words_and_low_for_hard_ones() -> None:
    assert reading_ease(["The cat sat on the mat.", "It was warm."], "en") > 100
    assert reading_ease(["De kat zat op de mat.", "Het was warm."], "nl") > 100
    assert reading_ease(["Interinstitutional reconciliation presupposes considerable administrative predictability."], "en") < 0
    assert reading_ease(["Interinstitutionele verzoening veronderstelt aanzienlijke administratieve voorspelbaarheid."], "nl") < 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", ["ukraine", "banks"])
def test_a_brief_reads_as_easily_as_plain_prose(made: str, language: str, request: pytest.FixtureRequest) -> None:
    told = [part for each in brief(request.getfixturevalue(made), language=language).sentences for part in re.split(r"(?<=[.!?])\s", each.text)]
    assert reading_ease(told, language) >= PLAIN


@pytest.mark.parametrize(("language", "says"), [("en", "this is where things end: the state numbered 3"), ("nl", "eindigt het hier: de toestand met nummer 3")])
def test_a_state_that_has_no_more_than_a_number_is_called_a_state(language, says):
    """`This is where things end: 3.`"""
    told = brief(study(read("literature/hipel-1980/garrison-diversion"), quick=True), language=language)
    assert says in told.html


@pytest.mark.parametrize(("as_of", "said"), [("2025-04-25", "stand van 25 april 2025"), ("2025-04", "stand van april 2025"), ("voorjaar 2025", "stand van voorjaar 2025")])
def test_the_day_of_the_brief_is_in_words(as_of, said):
    case = read_text(f'bestand: 1\ntitle: T\nas_of: "{as_of}"\nparties: {{a: {{name: A}}}}\nlevers: {{a.x: {{is: x, assumed: t}}}}\nwants: {{a: [{{that: a.x, assumed: t}}]}}\n')
    assert said in brief(study(case, quick=True, draws=1), language="nl").html


@pytest.mark.parametrize(("crossing", "said"), [(set(), False), ({0}, False), ({0, 1, 2, 3, 4}, True)])
def test_that_every_way_out_crosses_a_red_line_is_said_where_every_one_does(banks, crossing, said) -> None:
    """Of five ways out of the case none crosses one: here the red line of the North stands for what each is said to cross."""
    line = next(each for each in wants(banks.case, "north_bank") if each[1].red_line)[0]
    ways = tuple(replace(each, crosses=(line,) if k in crossing else ()) for k, each in enumerate(banks.unlocks.sets))
    told = seen(brief(replace(banks, unlocks=replace(banks.unlocks, sets=ways))).html)
    assert len(ways) == 5 and ("Every way out that we found crosses somebody's red line." in told) == said
