"""What changed, in words: what was seen, bans and what is not said are told as such and not as fields of the file."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bestand.case.read import read_text
from bestand.cli import main
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict
from bestand.report.brief_since import statements_since
from bestand.report.since import since_told
from bestand.report.worded import CodeNames
from bestand.study.flips import flips
from bestand.telling.tables import table_words
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.cli.test_terminal_words import CASE, printed
from tests.conftest import ROOT

MORE = CASE.replace("as_of: 2030-05-01", "as_of: 2030-05-08").replace(
    "observations:", "never: [{that: zqatt.zqhits and zqtruce, assumed: x}]\nunsaid: [{what: who paid, instead: nobody}]\nobservations:"
).replace("  - {lever: zqatt.zqhits, not_given", "  - {lever: zqout.zqstands, took: zqgone, on: 2030-05-02, assumed: press}\n  - {lever: zqatt.zqhits, not_given")  # fmt: skip


@pytest.fixture
def versions(tmp_path):
    for name, text in (("old", CASE), ("new", MORE)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml")


@pytest.mark.parametrize(("language", "day", "seen"), [("en", "the day of the case", "2 May 2030"), ("nl", "de dag van het dossier", "2 mei 2030")])
def test_what_was_seen_since_is_told_by_its_day_and_not_as_fields(versions, language, day, seen):
    told = CliRunner().invoke(main, ["diff", *versions, "--language", language], catch_exceptions=False).stdout
    assert day in told.lower() and seen in told
    assert "assumed" not in told and "lever:" not in told and "{" not in told
    assert "who paid" in told


@pytest.mark.parametrize(("language", "said"), [("en", ("red line: “yes”", "its signature: “no”")), ("nl", ("rode lijn: “ja”", "haar handtekening vraagt: “nee”"))])
def test_what_is_so_or_not_is_told_by_yes_and_no(versions, tmp_path, language, said):
    """A want that became a limit was told as a red line: True."""
    old = (tmp_path / "old.yaml").read_text(encoding="utf-8")
    new = old.replace("worth: 4}", "worth: 4, red_line: true}", 1).replace("name: Attacker", "name: Attacker, signs: false", 1)
    (tmp_path / "flags.yaml").write_text(new, encoding="utf-8")
    told = CliRunner().invoke(main, ["diff", versions[0], str(tmp_path / "flags.yaml"), "--language", language]).output
    assert new.count("red_line: true") > old.count("red_line: true") and "signs: false" in new and all(each in told for each in said), told


def test_wants_of_every_version_of_a_party_are_told_by_what_they_say():
    telling = Telling(conflict(read_text(CASE)), words("nl"))
    names = CodeNames(telling)
    assert names.want("wants.zqatt.zqmeek[1].worth") == "Aanvaller: “met rust gelaten worden”"
    assert names.want("wants.zqatt.zqbold[0].worth") == "Aanvaller: “de linie hebben”"


def test_a_scored_forecast_is_told_in_the_cases_words(tmp_path):
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    cases = {"CASE": str(tmp_path / "case.yaml"), "folder": str(tmp_path)}
    frozen = str(tmp_path / "frozen.json")
    printed("forecast", cases, "--freeze", frozen)
    told = CliRunner().invoke(main, ["forecast", cases["CASE"], "--score", frozen, "--language", "nl"], catch_exceptions=False).stdout
    assert "zq" not in told and "valt de linie aan" in told and "Vraag voor vraag" in told


def test_a_label_of_the_case_in_a_blank_is_left_as_it_is():
    said = table_words("nl").told("the observations cannot tell “Attacker: 12 states” from “Attacker: wants to leave”", "sentences")
    assert said == "de waarnemingen kunnen “Attacker: 12 states” niet onderscheiden van “Attacker: wants to leave”"


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_brief_tells_what_changed_and_not_what_a_line_is_called_in_the_file(language):
    written = (ROOT / "cases/example/en/case.yaml").read_text(encoding="utf-8")
    later = written.replace("co.truce", "co.signs").replace("  c19:\n", "  heard:\n").replace("[c19", "[heard").replace("per_month: {value: 0.3", "per_month: {value: 0.5")
    changed = flips(read_text(written), read_text(later), budget=Budget(seconds=0.5))
    told = since_told(changed, Telling(conflict(read_text(later)), words(language)))
    said = [each.text for each in statements_since(changed, told, Telling(conflict(read_text(later)), words(language)))]
    assert len(told.changes) == 3
    assert len(said) == 1
    assert "0.5" in said[0].replace(",", ".")
    assert not [word for word in ("co.", "c19", "heard", "because", "assumed") if word in said[0]]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_verdict_that_turned_is_told_in_plain_words(language):
    say = words(language)
    told = {status: say(f"since_verdict_{status}") for status in ("holds", "fails", "undecidable", "unanswered", "no_mechanism", "repeats", "cannot_arise")}
    assert len(set(told.values())) == len(told)
    assert all(len(text.split()) >= 4 and "mechanis" not in text for text in told.values())


def test_a_cause_names_no_passage_of_the_file_and_says_nothing_twice():
    """Drafted lines bring their claims and documents along: `New, c66: “…”`, and `New, reopening: “reopening”`."""
    from bestand.case.read import read_text
    from bestand.graph.conflict import conflict as asked
    from bestand.report.since import since_told
    from bestand.study.flips import flips
    from bestand.telling.telling import Telling
    from bestand.telling.words import words

    old = """
bestand: 1
title: The bridge
parties: {n: {name: North}, s: {name: South}}
levers: {n.opens: {is: North opens, assumed: x}}
wants: {n: [{that: not n.opens, is: to keep it shut, assumed: x}], s: [{that: n.opens, is: the bridge, assumed: x}]}
"""
    new = old.replace("parties:", """sources: {paper: {title: A paper, sha256: "%s"}}
claims: {c66: {source: paper, quote: South pays the toll, gloss: South pays the toll}, c67: {source: paper, quote: North likes the toll, gloss: North likes the toll}}
parties:""" % ("0" * 64)).replace("{n.opens: {is: North opens, assumed: x}}", "{n.opens: {is: North opens, assumed: x}, s.pays: {is: South pays, because: [c66]}}").replace(
        "[{that: not n.opens,", "[{that: n.opens and s.pays, is: the toll, because: [c67]}, {that: not n.opens,").replace("s: [{that: n.opens,", "s: [{that: s.pays, is: to pay, because: [c66]}, {that: n.opens,")
    found = flips(read_text(old), read_text(new))
    told = since_told(found, Telling(asked(read_text(new)), words("en")))
    assert told.turned
    for said in (*(cause for each in told.turned for cause in each.causes), *told.changes):
        assert "c66" not in said and "c67" not in said, said
    assert any("New: “South pays”" in said for said in told.changes) and any("New, a passage: “South pays the toll”" in said for said in told.changes)
