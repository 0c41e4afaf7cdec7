"""Demands: whose want a text says there is, and whose lever it is about; claims that keep their sense; words that are no claims."""

from __future__ import annotations

import pathlib
import tomllib

import pytest

from bestand import draft, read_text

CASE = """\
bestand: 1
title: The strait
as_of: "2031-03-07"
parties:
  a: {name: Alm, members: [mayor Anna Berg]}
  b: {name: Brill}
  c: {name: Cord}
"""
DEMANDS = tomllib.loads((pathlib.Path(__file__).parent / "demands.toml").read_text(encoding="utf-8"))["demand"]


def drafted(tmp_path, text: str, language: str):
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    return draft([path], into=read_text(CASE), language=language).items


def told(want) -> str:
    """A want as `who wants > whose lever`."""
    no, lever = ("not ", want.fields["that"][4:]) if want.fields["that"].startswith("not ") else ("", want.fields["that"])
    return f"{want.fields['party']} > {no}{lever.partition('.')[0]}"


@pytest.mark.parametrize("row", DEMANDS, ids=lambda row: f"{row['language']}: {row['text']}")
def test_a_demand_is_a_want_of_who_asks_of_the_lever_of_who_would_do_it(row, tmp_path):
    items = drafted(tmp_path, row["text"], row["language"])
    assert [told(item) for item in items if item.kind == "want"] == row["wants"]
    asked = {item.fields["id"].partition(".")[0] for item in items if item.kind == "lever"}
    assert asked == {want.rpartition(" ")[2] for want in row["wants"]}


def quotes(items) -> list[str]:
    return [item.fields["quote"] for item in items if item.kind == "claim"]


@pytest.mark.parametrize(
    ("language", "text", "quoted"),
    [
        ("en", "The Coast Council, which met in the old town, has agreed to send observers.", ["met in the old town", "has agreed to send observers"]),
        ("en", "The mayor needs the line open before the Easter trade.", ["The mayor needs the line open before the Easter trade"]),
        ("en", "Cord has not answered the letter.", ["Cord has not answered the letter"]),
        ("en", "1. Cord controls the cable to the mainland.", ["Cord controls the cable to the mainland"]),
        ("de", "3. Mai war der Tag, an dem Cord den Hafen schloss.", ["3. Mai war der Tag, an dem Cord den Hafen schloss"]),
        ("de", "Angeblich plant Brill, das Kabel zum Festland abzuschalten.", ["Angeblich plant Brill, das Kabel zum Festland abzuschalten"]),
        ("de", "Wir sind bereit, die Schiffe abzuziehen.", ["Wir sind bereit, die Schiffe abzuziehen"]),
        ("fr", "Sans accord en avril, Cord mettra fin aux visites.", ["Sans accord en avril, Cord mettra fin aux visites"]),
        ("fr", "Selon nos amis, la pêche a doublé depuis deux ans.", ["la pêche a doublé depuis deux ans"]),
        ("nl", "Volgens voorzitter Lund heeft Alm nooit een aanbod gedaan.", ["heeft Alm nooit een aanbod gedaan"]),
        ("nl", "Brill trekt de schepen terug zodra de haven open is.", ["Brill trekt de schepen terug"]),
    ],
)
def test_a_claim_is_cut_so_that_it_still_says_what_the_sentence_says(language, text, quoted, tmp_path):
    assert quotes(drafted(tmp_path, text, language)) == quoted


def test_the_head_of_a_memorandum_makes_no_claims_and_dates_the_document(tmp_path):
    path = tmp_path / "memo.txt"
    path.write_text("To: the minister\nFrom: coast desk\nDate: 7 March 2031\n1. Cord controls the cable.\n2. Brill has closed the port.\n")
    found = draft([path], into=read_text(CASE), language="en")
    assert quotes(found.items) == ["Cord controls the cable", "Brill has closed the port"]
    assert found.sources["memo"]["date"] == "2031-03-07"


def test_the_mayor_is_the_one_mayor_whom_the_case_knows(tmp_path):
    items = drafted(tmp_path, "Cord urged the mayor to wait for the pilots. She will send the boats in April.", "en")
    assert [told(item) for item in items if item.kind == "want"] == ["c > a"]
    assert {item.fields["id"] for item in items if item.kind == "lever"} == {"a.wait_pilots", "a.send_boats"}


def test_what_is_asked_for_by_a_day_has_not_happened_on_it(tmp_path):
    text = "Alm appelle Brill à répondre à sa lettre du 25 février. Sans accord avant le 1er mars, la médiation de Cord prendra fin."
    assert not [item for item in drafted(tmp_path, text, "fr") if item.kind == "observation"]


def test_an_offer_under_a_condition_is_a_lever_with_a_guard(tmp_path):
    items = drafted(tmp_path, "Alm is ready to withdraw its boats once Brill has reopened the port.", "en")
    [guard] = [item.fields for item in items if item.kind == "guard"]
    assert (guard["lever"], guard["that"]) == ("a.withdrawal", "b.opening")


def test_a_lever_that_the_case_names_otherwise_is_known_by_what_it_is_about(tmp_path):
    case = CASE + "levers: {b.port: {is: {en: Brill reopens the port, nl: Brill heropent de haven}, now: no, assumed: for the test}}\n"
    path = tmp_path / "text.txt"
    path.write_text("Alm eist dat Brill de haven heropent.", encoding="utf-8")
    items = draft([path], into=read_text(case), language="nl").items
    assert [item.fields["that"] for item in items if item.kind == "want"] == ["b.port"]
    assert not [item for item in items if item.kind == "lever"]
