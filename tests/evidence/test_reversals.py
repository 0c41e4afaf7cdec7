"""Quotes that would say the opposite, or something else, are refused; what only printing changes is not."""

from __future__ import annotations

import pytest

from bestand.documents.canonical import canonical
from bestand.errors import EvidenceError
from bestand.evidence.claim import from_annotations
from bestand.evidence.quote import MOST_QUOTED, anchor
from bestand.evidence.source import locate


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Het is on-\nafhankelijk van Rusland.", "afhankelijk van Rusland"),
        ("een niet-bindend besluit", "bindend besluit"),
        ("een niet\u2011bindend besluit", "bindend besluit"),
        ("we can\u2019t accept", "we can"),
        ("er zijn 1.000 troepen", "er zijn 1"),
        ("een on\u00adafhankelijk land", "afhankelijk land"),
        ("it is unacceptable", "acceptable"),
        ("il n'acceptera aucune troupe", "acceptera aucune troupe"),
        ("qu\u2019il n\u2019est pas venu", "est pas venu"),
        ("aujourd'hui encore", "hui encore"),
    ],
)
def test_part_of_a_word_is_refused_however_the_word_is_held_together(text, quote):
    with pytest.raises(EvidenceError, match="cuts-word"):
        anchor(canonical(text), quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [("tussen -\n5 en 3", "tussen 5 en 3"), ("het plan \u2013\nniet dit", "het plan niet dit"), ("Cafe\u0301 open", "Cafe open")],
)
def test_a_sign_that_may_mean_something_is_never_dropped(text, quote):
    with pytest.raises(EvidenceError, match="not-found"):
        anchor(canonical(text), quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("het plan \u2013\nzo heet het", "het plan - zo heet het"),
        ("de land-\nen tuinbouw is", "land- en tuinbouw"),
        ("de land-\nen tuinbouw is", "de landen tuinbouw"),
        ("in West-\nOekra\u00efne nu", "in West-Oekra\u00efne nu"),
        ("een staakt-het-\nvuren nu", "staakt-het-vuren"),
        ("een staakt-\nhet-vuren nu", "een staakt-\nhet-vuren"),
        ("het her\u00ad\nstel van", "het herstel van"),
        ("het \ufb01nale", "het finale"),
        ("\u0b95\u0bca x", "\u0b95\u0bc6\u0bbe x"),
        ("a deal\u2014if any\u2014is near", "if any"),
        ("\u2018now\u2019 or later", "now"),
    ],
)
def test_what_only_printing_changes_is_found_in_the_original(text, quote):
    found = anchor(canonical(text), quote)
    folded = canonical(text[found.start : found.end]).text.replace("\u2010", "-")
    assert folded.replace("-", "").replace(" ", "") == canonical(quote).text.replace("\u2010", "").replace("-", "").replace(" ", "")


def test_a_quote_of_a_whole_book_is_refused_at_once():
    with pytest.raises(EvidenceError, match="long-quote"):
        anchor(canonical("word " * MOST_QUOTED), "word " * MOST_QUOTED)


def test_links_that_go_in_circles_are_no_document(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert locate("loop", "0" * 64, [tmp_path]) is None


@pytest.mark.parametrize("page", [{}, {"items": [{}]}, {"items": [1]}, {"items": None}])
def test_other_pages_are_not_read_as_annotations(page):
    with pytest.raises(EvidenceError, match="not-annotations"):
        from_annotations(page)


@pytest.mark.parametrize(
    ("text", "quote"),
    [("il dit qu\u2019il viendra", "il viendra"), ("selon l'accord de mai", "accord de mai"), ("lorsqu'une trêve tient", "une trêve tient")],
)
def test_french_words_cut_short_before_a_vowel_are_words(text, quote):
    assert text[anchor(canonical(text), quote).start :].startswith(quote)
