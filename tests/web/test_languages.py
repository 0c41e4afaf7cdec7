"""What the page is told is in the reader's language, wherever the case gives its words in it."""

from __future__ import annotations

import json

import pytest

from bestand.case.read import read
from bestand.checks.check import check
from bestand.graph.conflict import conflict
from bestand.study.stages import stages
from bestand.telling.telling import Telling
from bestand.telling.words import words
from bestand.web.carried import statements_told
from bestand.web.deals import deals_told
from bestand.web.ground import ground_told
from bestand.web.lasting import zones_told
from bestand.web.moves import moves_told, state_told
from bestand.web.told import answer_told, findings_told

TOLD = {
    "answer": lambda study: answer_told(study, "core", "nl"),
    "statements": lambda study: statements_told(study, "nl"),
    "deals": lambda study: deals_told(study, "nl", that=None, without=[], excluding=[], pair=None),
    "zones": lambda study: zones_told(study, "nl"),
    "ground": lambda study: ground_told(study, "", "nl"),
    "moves": lambda study: moves_told(study, "nl"),
    "state": lambda study: state_told(study, "now", "nl", walk=True),
}


@pytest.fixture(scope="module")
def known():
    """The main case, as it is told at once."""
    return next(iter(stages(conflict(read("ukraine/2025-04")))))[1]


@pytest.mark.parametrize("kind", TOLD)
def test_nothing_is_told_in_another_language_than_that_of_the_page(known, kind):
    translated = {text: there for text, there in known.case.file.translations["nl"].items() if len(text) > 7 and " " in text and text not in there}
    told = json.dumps(TOLD[kind](known), ensure_ascii=False)
    assert len(translated) > 200
    assert any(there in told for there in translated.values())
    assert [text for text in translated if f'"{text}' in told or f"“{text}”" in told or f": {text}" in told] == []


def test_the_usual_pair_of_deals_are_parties_that_want_something(known):
    told = deals_told(known, "en", that=None, without=[], excluding=[], pair=None)
    telling = Telling(known.conflict, words("en"))
    pair = {told["scatter"]["across"], told["scatter"]["up"]}
    assert len(pair) == 2 and not any(telling.is_chance(party) for party in pair)
    assert {each["party"] for each in told["parties"] if each["chance"]} == {"world"}


def test_what_the_server_refuses_is_told_in_the_language_of_the_page(serve):
    served = serve()
    served.json("POST", "/speak", {"language": "nl"})
    refused = [
        served.edit({"op": "set", "at": ["levers", "co.pumps", "now"], "value": "nosuch"}),
        served.json("POST", "/rename", {"version": 1, "section": "parties", "name": "co", "to": "upper"}),
        served.json("POST", "/quote", {"source": "paper", "quote": "nobody said this"}),
        served.json("POST", "/condition", {"text": "co.pumps = nosuch and"}),
        served.json("GET", "/nowhere"),
    ]
    said = [(told.get("problems") or told.get("mistakes"))[0]["what"] for _, told in refused]
    assert said == [
        "hefboom 'co.pumps' heeft geen stand 'nosuch'", "'upper' is al in gebruik, onder partijen", "de bron zegt niet 'nobody said this'",
        "de voorwaarde houdt te vroeg op", "die pagina is er niet",
    ]  # fmt: skip
    mistake = refused[3][1]["mistakes"][0]
    assert mistake["first"] > 10 and "haakjes" in mistake["hint"]


def test_findings_are_told_in_the_reader_s_words_and_say_by_what_they_are_known(known):
    found = check(known.case).findings
    told = {language: findings_told(found, Telling(known.conflict, words(language))) for language in ("en", "nl")}
    assert len(told["en"]) == len(told["nl"]) > 0
    assert all(one["what"] != other["what"] and one["parts"] == other["parts"] for one, other in zip(told["en"], told["nl"], strict=True))
