"""The brief of a second week: what came about is told first, nothing is told twice, and every chance says of what."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from bestand.case.read import read_text
from bestand.cli import main
from bestand.graph.conflict import conflict
from bestand.report.brief import brief
from bestand.report.brief_since import turned_alike
from bestand.report.page import SECTIONS, report
from bestand.study.flips import flips
from bestand.study.stages import study
from bestand.telling.telling import Telling
from bestand.telling.titles import plain_title
from bestand.telling.words import words
from bestand.web.compared import turned_told

WEEK = """\
bestand: 1
title: The pass
as_of: "2031-03-{day}"
language: en
sizes: drawn
sources: {{paper: {{title: Paper, sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}}}
claims:
  c1: {{source: paper, quote: they stop, gloss: {{en: they stop, nl: zij stoppen}}, says: a diplomat, source_holds: certain, author_holds: uncommitted}}
{more}
parties:
  alm: {{name: Alm}}
  brill:
    name: Brill
    types:
      open: {{value: 0.6, is: {{en: the open ones, nl: de openen}}, assumed: x}}
      shut: {{value: 0.4, is: {{en: the shut ones, nl: de dichten}}, assumed: x}}
levers:
  alm.stops: {{is: {{en: Alm stops, nl: Alm stopt}}, now: {now}, assumed: x}}
  brill.stops: {{is: {{en: Brill stops, nl: Brill stopt}}, now: {now}, because: [c1]}}
  brill.pays: {{is: {{en: Brill pays Alm, nl: Brill betaalt Alm}}, now: no, assumed: x}}
terms:
  truce: {{that: alm.stops and brill.stops, is: {{en: a truce, nl: een bestand}}}}
  paid: {{that: truce and brill.pays, is: {{en: a paid truce, nl: een betaald bestand}}}}
wants:
  alm:
    - {{that: brill.stops, is: {{en: quiet, nl: rust}}, assumed: x}}
    - {{that: brill.pays, is: {{en: money, nl: geld}}, assumed: x}}
    - {{that: alm.stops implies brill.stops, is: {{en: not alone, nl: niet alleen}}, assumed: x}}
  brill:
    open:
      - {{that: truce, is: {{en: quiet, nl: rust}}, assumed: x}}
      - {{that: brill.stops implies alm.stops, is: {{en: not alone, nl: niet alleen}}, assumed: x}}
      - {{that: not brill.pays, is: {{en: not to pay, nl: niet betalen}}, assumed: x}}
    shut:
      - {{that: not brill.stops, is: {{en: a free hand, nl: de handen vrij}}, assumed: x}}
      - {{that: not brill.pays, is: {{en: not to pay, nl: niet betalen}}, assumed: x}}
"""
READ = "\n".join(f"  c{n}: {{source: paper, quote: word {n}, gloss: passage {n}, context: true}}" for n in range(2, 14))
FIRST, SECOND = WEEK.format(day=10, now="no", more=""), WEEK.format(day=17, now="yes", more=READ)


@pytest.fixture(scope="module")
def told():
    """The brief of the second week, since the first: language: section: sentences."""
    old, new = read_text(FIRST), read_text(SECOND)
    known, changed = study(new, draws=20, seconds=2.0), flips(old, new)
    return {language: brief(known, since=changed, language=language) for language in ("en", "nl")}


def _part(made, title: str) -> list[str]:
    return [each.text for part in made.parts if part.title == title for each in part.sentences]


@pytest.mark.parametrize(
    ("language", "title", "holds", "reached", "read"),
    [
        ("en", "What changed since last time", "“A truce” holds now; in the earlier version it did not.", "reached by best moves", "New in the case: 12 passages."),
        ("nl", "Wat er is veranderd sinds de vorige keer", "“Een bestand” is nu een feit; in de vorige versie nog niet.", "beste zetten", "12 passages"),
    ],
)
def test_what_came_about_is_told_and_not_that_it_is_reached(told, language, title, holds, reached, read):
    """That best moves reach what holds already is no news; new passages are counted."""
    part = _part(told[language], title)
    assert holds in part
    assert not any("“a truce” is " in each and reached in each for each in part)
    assert any(read in each for each in part)
    assert not any("passage 5" in each or "2031-03" in each for each in part)


def test_the_report_and_the_workbench_tell_what_came_about_too():
    """And an outcome that is over is told as well."""
    old, new = read_text(FIRST), read_text(SECOND)
    known = study(new, quick=True, draws=1)
    assert "<p>“A truce” holds now; in the earlier version it did not.</p>" in report(known, since=flips(old, new)).html
    told = turned_told(SECOND, FIRST, conflict(old), "en")
    assert "“A truce” no longer holds; in the earlier version it did." in told["notes"]


def test_one_party_of_several_versions_is_told_in_one_sentence(told):
    """And what hangs on them is not told a second time as a single line."""
    part = _part(told["en"], "What we do not know, and what would change our mind")
    assert part[0] == "Of Brill we do not know which version is the true one: “the open ones” or “the shut ones”."
    hanging = [each.removeprefix("This hangs on it: ").rstrip(".") for each in part if each.startswith("This hangs on it")]
    assert hanging
    assert not any(each.startswith("One answer") and hanging[0] in each for each in part)


def test_a_step_is_told_by_whom_only_where_its_words_do_not():
    """`The missing step is up to Brill: Brill pays` says Brill twice."""
    steps = [each for each in told_of(FIRST) if "step: " in each or "step is up to" in each]
    assert steps == ["The missing step: Alm stops."]
    unnamed = FIRST.replace("en: Alm stops", "en: the guns fall silent")
    assert "The missing step is up to Alm: the guns fall silent." in told_of(unnamed)


def told_of(text: str) -> list[str]:
    """The sentences of the brief of a case."""
    return [each.text for each in brief(study(read_text(text), quick=True, draws=1)).sentences]


def test_a_course_says_what_holds_today_and_chances_say_of_what(told):
    """Where what holds today is gone on every day that is looked at, both are told."""
    watch = _part(told["en"], "What to watch")
    course = next(each for each in watch if each.startswith("The likeliest course"))
    assert "today “a truce”; then" in course or "“a truce”" in course.partition("): ")[2][:12]
    assert not any("the chance of “" in each for each in watch)


def test_what_was_seen_is_counted_as_the_case_lists_it():
    """What one party did with two levers on one day is one move, and two lines of the case."""
    file = SECOND.replace("  brill.stops:", "  alm.talks: {is: {en: Alm talks, nl: Alm praat}, now: yes, assumed: x}\n  brill.stops:", 1)
    file += "observations:\n" + "".join(f"  - {{on: '2031-03-13', lever: alm.{lever}, took: yes, assumed: x}}\n" for lever in ("stops", "talks"))
    known = study(read_text(file), draws=1, seconds=2.0)
    assert known.watch is not None
    assert known.watch.posterior is not None
    assert len(known.watch.posterior.record.counted) == 1
    assert any("What was seen so far (2 entries) hardly tells" in each.text for each in brief(known).sentences)


def test_a_source_is_told_without_what_goes_without_saying(told):
    """Who says it is sure of it, unless the case says otherwise."""
    assert all("certain" not in each.partition(";")[0].partition("(")[2] for each in told["en"].sources)


def test_many_findings_of_one_kind_are_counted_in_the_terminal(tmp_path):
    """Fifty passages that nothing rests on hide the one finding that matters."""
    case = tmp_path / "case.yaml"
    case.write_text(SECOND.replace(", context: true", ""), encoding="utf-8")
    told = CliRunner().invoke(main, ["check", str(case)], terminal_width=300).output
    assert "more of the kind check/unused-claim" in told
    assert told.count("nothing rests on claim") == 6
    assert CliRunner().invoke(main, ["check", str(case), "--json"]).output.count("nothing rests on claim") >= 12
    assert "van het soort check/unused-claim" in CliRunner().invoke(main, ["check", str(case), "--language", "nl"]).output


def test_what_was_seen_may_be_of_parties_of_one_version_each():
    """Observations then tell no versions apart, and brief and page are written without a word of it."""
    types, rest = SECOND.split("    types:\n")[1].split("levers:", 1)
    one = SECOND.replace(f"    types:\n{types}", "").replace("    open:\n", "").replace("      - {", "    - {")
    one = one[: one.index("    shut:")] + 'observations: [{on: "2031-03-12", lever: brill.stops, took: yes, assumed: x}]\n'
    known = study(read_text(one), draws=10, seconds=2.0)
    assert known.watch is not None and known.watch.posterior is not None and rest
    for language in ("en", "nl"):
        assert _part(brief(known, language=language), "Bottom line" if language == "en" else "In het kort")
        assert report(known, language=language).html


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_a_line_rests_on_is_counted_and_no_key_of_a_claim_is_told(language):
    """A new passage behind a line is no change of what it says; the page tells passages by what they say."""
    old, new = read_text(SECOND), read_text(SECOND.replace("because: [c1]", "because: [c1, c2, c3]"))
    changed = flips(old, new)
    known = study(new, draws=5, seconds=1.0)
    made = brief(known, since=changed, language=language)
    told = " ".join(_part(made, "What changed since last time" if language == "en" else "Wat er is veranderd sinds de vorige keer"))
    assert ("1 line of the case rests on other passages" if language == "en" else "1 regel van het dossier rust op andere passages") in told
    assert not re.search(r"\bc[0-9]+\b", told)
    assert "passage 2; passage 3" in report(known, since=changed, language=language).html


def test_every_sentence_on_what_changed_has_its_place_in_the_report(told):
    assert all({each.section for each in made.sentences} <= set(SECTIONS) for made in told.values())


def test_conclusions_that_turned_alike_are_told_in_one_sentence_without_terms_of_ours():
    """Those about several outcomes say once what is said of all."""
    say = Telling(conflict(read_text(SECOND)), words("en"))
    titles = [plain_title(("term_reached", term), True, say) for term in ("truce", "paid")]
    assert list(turned_alike(titles, say)) == ["“a truce” and “a paid truce”: each comes about if every party does what is best for it"]
    assert list(turned_alike([*titles[:1], "Brill blocks"], say)) == ["“a truce” comes about if every party does what is best for it", "Brill blocks"]
