"""Texts of a case in other languages under `translations`: found wherever they stand, also in lines that short forms are written out as."""

from __future__ import annotations

import pytest

from bestand.case.read import read_text
from bestand.case.translations import texts, unmatched, untranslated
from bestand.changes.diff import diff
from bestand.checks.check import check
from bestand.errors import CaseError
from bestand.graph.conflict import conflict
from bestand.telling.telling import Telling
from bestand.telling.words import words

CASE = """
bestand: 1
title: Two banks
as_of: "2025-03-01"
parties: {north: {name: North}, south: {name: {en: South, nl: Zuid}}}
levers:
  north.opens: {is: North opens the gate, consent: {yes: south}, assumed: seen by all}
  south.pays: {is: what South pays, settings: [none, half], meaning: {half: half of it}, assumed: seen by all}
terms: {open: {that: north.opens, is: an open gate}}
clocks: {thaw: {is: the thaw, days: 30, assumed: seen by all}}
wants: {south: [{that: open, is: water, assumed: seen by all}]}
translations:
  nl: {Two banks: Twee oevers, North: Noord, South: Zuiden, the thaw: de dooi, seen by all: door ieder gezien, an open gate: een open sluis, half of it: de helft}
"""


def test_a_text_is_translated_wherever_it_stands() -> None:
    file = read_text(CASE).file
    assert file.levers["north.opens"].assumed.said("nl") == file.wants["south"][0].assumed.said("nl") == "door ieder gezien"
    assert file.levers["south.pays"].meaning["half"].said("nl") == "de helft" and file.title.said("nl") == "Twee oevers"
    assert file.title.said("en") == file.title.said("de") == "Two banks"


def test_what_stands_beside_a_text_comes_before_the_table() -> None:
    assert read_text(CASE).file.parties["south"].name.said("nl") == "Zuid"


def test_lines_that_are_written_out_of_short_forms_keep_their_languages() -> None:
    file = read_text(CASE).file
    assert file.levers["world.thaw"].label.said("nl") == "de dooi"
    inline = CASE.replace("is: the thaw", "is: {en: the thaw, nl: het smelten}")
    assert read_text(inline).file.levers["world.thaw"].label.said("nl") == "het smelten"


def test_what_is_not_translated_is_named_once_with_its_place() -> None:
    left = untranslated(read_text(CASE).file, "nl")
    assert {text for _, text in left} == {"North opens the gate", "what South pays", "water", "the course of things", "none", "running", "over"}
    assert ("wants.south[0].is", "water") in left and untranslated(read_text(CASE).file, "en") == []


def test_a_translation_of_no_text_is_found_by_the_check() -> None:
    case = read_text(CASE.replace("is: the thaw", "is: the great thaw"))
    assert unmatched(case.file) == [("nl", "the thaw")]
    assert [each.what for each in check(case).findings if each.code == "check/no-such-text"] == ["'the thaw' is translated (nl), and no text of the case"]


def test_a_translation_changes_no_statement() -> None:
    old, new = read_text(CASE), read_text(CASE.replace("de dooi", "het smelten"))
    assert diff(old, new).changes == ()


def test_conditions_and_places_are_told_in_the_table_s_words() -> None:
    telling = Telling(conflict(read_text(CASE)), words("nl"))
    assert telling.condition("not open") == "geen sprake van “een open sluis”" and telling.value_of("south.pays", "half") == "de helft"


@pytest.mark.parametrize("given", ["{Dutch: {a: b}}", "{nl: [a]}", "{nl: {a: 1}}", "nl", "{nl: {a: {b: c}}}"])
def test_a_table_in_a_wrong_form_is_refused_in_words(given: str) -> None:
    with pytest.raises(CaseError):
        read_text(CASE.split("translations:", maxsplit=1)[0] + f"translations: {given}\n")


def test_every_text_is_found_with_its_key_path() -> None:
    found = dict(texts(read_text(CASE).file))
    assert found["levers.south.pays.meaning.half"] == "half of it" and found["title"] == "Two banks" and "translations.nl" not in found


@pytest.mark.parametrize("nothing", ["", " ", "\u200b", "\u3164"])
def test_a_translation_of_which_a_reader_sees_nothing_is_a_finding(nothing):
    text = f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}}}\nlevers: {{a.x: {{is: it stops, assumed: t}}}}\ntranslations: {{nl: {{it stops: '{nothing}'}}}}\n"
    assert [each.place.at for each in check(read_text(text)).findings if each.code == "check/unseen-words"] == ["translations.nl.it stops"]


ALIKE = [
    ("a.x: {is: stops}, a.y: {is: halts}", "stops: stopt, halts: Stopt", "check/equal-levers"),
    ("a.x: {is: stops}, a.y: {is: stopt}", "stops: stopt", "check/equal-levers"),
    ("a.x: {is: {en: stops, nl: stopt}}, a.y: {is: {en: halts, nl: stopt}}", "T: T", "check/equal-levers"),
    ("a.x: {is: stops}, b.y: {is: halts}", "stops: stopt, halts: stopt", None),
    ("a.x: {is: stops, meaning: {no: as ever, yes: at once}}", "as ever: nu, at once: nu", "check/equal-settings"),
    ("a.x: {is: stops, told: {no: A goes on, yes: A stops}}", "A goes on: A stopt, A stops: A stopt", "check/equal-settings"),
    ("a.x: {is: stops}", "A: Wij, B: Wij", "check/equal-names"),
    ("a.x: {is: stops}", "A: Wij, B: Zij", None),
]


@pytest.mark.parametrize(("levers", "dutch", "code"), ALIKE)
def test_what_cannot_be_told_apart_in_one_of_the_languages_is_a_finding(levers, dutch, code):
    text = f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}, b: {{name: B}}}}\nlevers: {{{levers}}}\ntranslations: {{nl: {{{dutch}}}}}\n"
    assert [each.code for each in check(read_text(text)).findings if each.code.startswith("check/equal-")] == ([code] if code else [])


def test_texts_are_looked_for_once_however_often_they_are_asked_for(monkeypatch):
    """Also by the checks, each of which asks anew; what is kept is of this very file, and not of one that is equal."""
    file, other = read_text(CASE).file, read_text(CASE.replace("Two banks", "Three banks")).file
    told, wanted = list(texts(file)), list(texts(other))
    assert told != wanted
    monkeypatch.setattr("bestand.case.translations._texts", None)
    assert list(texts(file)) == told and list(texts(other)) == wanted and list(texts(file)) == told
