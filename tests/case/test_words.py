"""Labels, names and glosses in one language or several; terms with labels of their own."""

from __future__ import annotations

import pickle

import jsonschema
import pytest

from bestand.case.parts import Words
from bestand.case.read import read_text, schema
from bestand.case.write import edited
from bestand.case.yaml import load
from bestand.errors import CaseError

CASE = """
bestand: 1
title: {en: A dispute, nl: Een geschil}
parties: {a: {name: {en: North, nl: Noord}}, b: {name: South}}
levers: {a.x: {is: {en: it stops, nl: het stopt}, meaning: {"yes": {en: stopped, nl: gestopt}}, assumed: t}, b.y: {is: y, assumed: t}}
terms:
  truce: {that: a.x and b.y, is: {en: a truce, nl: een bestand}}
  plain: a.x
wants: {a: [{that: b.y, is: {en: that it stops, nl: dat het stopt}, assumed: t}]}
hypotheses: {h: {claim: {en: it holds, nl: het houdt}, assumed: t, test: {ask: rests, that: truce}}}
"""


def test_words_are_said_in_the_language_asked_for_or_as_they_stand():
    file = read_text(CASE).file
    lever, term = file.levers["a.x"], file.terms["truce"]
    assert (lever.label, lever.label.said("nl"), lever.label.said("fr")) == ("it stops", "het stopt", "it stops")
    assert file.title.said("nl") == "Een geschil" and file.parties["b"].name.said("nl") == "South"
    assert term.label.said("nl") == "een bestand" and lever.meaning["yes"].said("nl") == "gestopt"
    assert file.hypotheses["h"].claim.said("nl") == "het houdt" and file.terms["plain"].label.said("nl") == ""


def test_words_are_text_and_keep_their_languages_when_passed_on():
    words = Words.of({"en": "a", "nl": "b"})
    assert words == "a" and pickle.loads(pickle.dumps(words)).said("nl") == "b" and Words.of(words).said("nl") == "b"
    dumped = read_text(CASE).file.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    assert dumped["title"] == {"en": "A dispute", "nl": "Een geschil"} and dumped["parties"]["b"] == {"name": "South"}


def test_the_schema_allows_both_forms_and_editing_keeps_them():
    jsonschema.validate(load(CASE)[0], schema())
    assert read_text(edited(read_text(CASE), {"title.nl": "Anders"})).file.title.said("nl") == "Anders"


@pytest.mark.parametrize("title", ["{}", "{dutch: x}", "{nl: 1}", "[a]", "{NL: x}"])
def test_words_of_another_form_are_refused(title):
    with pytest.raises(CaseError, match=r"case/(wrong-type|wrong-value)"):
        read_text(CASE.replace("{en: A dispute, nl: Een geschil}", title))


def test_terms_with_labels_are_conditions_like_others():
    case = read_text(CASE)
    assert set(case.terms) == {"truce", "plain"}
    for wrong, code in (("that: a.x and nope", "case/unknown-name"), ("that: a.x and and", "case/condition"), ("taht: a.x", "case/unknown-key")):
        with pytest.raises(CaseError, match=code):
            read_text(CASE.replace("that: a.x and b.y", wrong))
