"""Sources on the page: a document is taken in its own language, a quote is read as drafting reads it, and the rules propose from a text."""

from __future__ import annotations

import pytest

from bestand.case.read import read_text
from bestand.checks.check import check
from bestand.drafting.beside import file_of
from bestand.drafting.proposals import keep, waiting
from bestand.errors import AskError
from bestand.web.proposed import drafted_from
from bestand.web.sources import as_read

DUTCH = "In de stad liep het drinkwater gevaar, naar verluidt. De burgemeester wil dat de dam open gaat.\nVolgens ingenieurs van de stad zou de dam een nieuwe vulling doorstaan."
CASE = read_text("bestand: 1\ntitle: Water\nparties: {a: {name: Ondermeer}}\n")


def dropped(served, name, text):
    status, told = served.json("POST", f"/document?name={name}", text.encode(), Content_Type="application/octet-stream")
    assert status == 200, told
    return served.bench.desk


@pytest.mark.parametrize(("name", "text", "language"), [
    ("nota.txt", DUTCH, "nl"), ("note.txt", "The mayor said that the dam would be opened.", "en"), ("code.txt", "xyzzy 12 plugh", "en"),
])  # fmt: skip
def test_a_document_is_taken_in_its_own_language_and_nothing_is_invented_about_it(serve, name, text, language):
    file = dropped(serve(None), name, text).sheet.case.file
    assert [source.language for source in file.sources.values()] == [language]
    assert not file.levers and not file.wants and list(file.parties) == ["a"]


def test_a_case_begun_from_a_document_is_called_and_dated_as_that_document_is(serve):
    text = "The weir that nobody mends\n\nTolbridge, 3 July 2025\n\nThe mayor of Tolbridge said that the weir will be mended on Monday."
    desk = dropped(serve(None), "scan12.txt", text)
    file = desk.sheet.case.file
    assert (file.title, file.as_of, file.sizes) == ("The weir that nobody mends", "2025-07-03", "drawn")
    assert [(each.title, each.date, each.language) for each in file.sources.values()] == [("The weir that nobody mends", "2025-07-03", "en")]
    assert desk.path.parent.name == "the-weir-that-nobody-mends" and not [each.code for each in check(desk.sheet.case).findings if "party" in each.code]


def decide(served, which, becomes):
    status, told = served.json("POST", "/decide", {"version": served.bench.desk.sheet.version, "id": which, "becomes": becomes})
    assert status == 200, told
    return served.json("GET", "/proposals")[1]


def test_nothing_decided_on_proposals_is_a_dead_end(serve):
    served = serve(None)
    desk = dropped(served, "note.txt", "Norway threatens to close the border. Sweden demands that Norway opens the pass.")
    told = served.json("POST", "/draft", {"source": "note"})[1]
    waits = {each["id"]: each for each in told["proposals"]}
    party = next(each for each in waits.values() if each["kind"] == "party")
    rests_on = set(party["because"])
    for claim in rests_on:
        told = decide(served, claim, "rejected")
    aside = {each["id"]: each["fallen"] for each in told["set_aside"]}
    assert aside[party["id"]] and not any(aside[claim] for claim in rests_on)  # it rests on nothing any more, and is not offered
    assert not set(aside) & {each["id"] for each in told["proposals"]} and set(aside) | {each["id"] for each in told["proposals"]} == set(waits)
    told = decide(served, party["id"], "waiting")
    assert {party["id"], *rests_on} <= {each["id"] for each in told["proposals"]}
    told = decide(served, party["id"], "accepted")
    assert party["fields"]["id"] in desk.sheet.case.file.parties and "a" not in desk.sheet.case.file.parties
    taken = {party["id"], *rests_on}
    assert not taken & {each["id"] for each in told["proposals"]}
    desk.step("undo", version=desk.sheet.version)
    assert taken <= {each["id"] for each in served.json("GET", "/proposals")[1]["proposals"]}
    desk.step("redo", version=desk.sheet.version)
    assert not taken & {each["id"] for each in served.json("GET", "/proposals")[1]["proposals"]}
    desk.step("undo", version=desk.sheet.version)
    decide(served, party["id"], "accepted")
    assert party["fields"]["id"] in desk.sheet.case.file.parties


def test_it_is_said_why_a_text_gives_claims_only(serve):
    """Fifty-five claims and no word why none of them is anybody's lever or want: the parties were not named yet."""
    served = serve(None)
    dropped(served, "note.txt", "The Nurses' Union demands a pay rise of six per cent. The board rejects a fixed number of nurses.")
    served.bench.speak("nl")
    made = served.json("POST", "/draft", {"source": "note"})[1]
    assert {each["kind"] for each in made["proposals"]} == {"claim"}
    assert len(made["notes"]) == 1 and "er staat geen partij van het dossier in" in made["notes"][0]


def test_it_is_asked_whom_a_text_means_by_we(serve):
    served = serve("bestand: 1\ntitle: T\nparties: {a: {name: Alm}, b: {name: Brill}}\n")
    dropped(served, "note.txt", "We will open the pass if Brill withdraws. The letter was read aloud.")
    dropped(served, "other.txt", "Brill will withdraw. The letter was read aloud.")
    assert [each["says_we"] for each in served.json("GET", "/sources")[1]["sources"]] == [True, False]
    for speaker, whose in (("", set()), ("a", {"a"})):
        told = served.json("POST", "/draft", {"source": "note", "speaker": speaker})[1]
        assert {each["fields"]["id"].partition(".")[0] for each in told["proposals"] if each["kind"] == "lever"} >= whose, told
    assert served.json("POST", "/draft", {"source": "note", "speaker": "nobody"})[1]["problems"][0]["code"] == "draft/unknown-speaker"


@pytest.mark.parametrize(("quote", "read"), [
    ("liep het drinkwater gevaar", {"says": "hearsay", "via": "hearsay", "author_holds": "uncommitted", "source_holds": "possible", "hedge": "naar verluidt"}),
    ("De burgemeester wil dat", {}),
    ("een nieuwe vulling doorstaan", {"says": "ingenieurs van de stad", "author_holds": "uncommitted", "source_holds": "probable", "hedge": "Volgens"}),
])  # fmt: skip
def test_who_speaks_and_how_surely_is_offered_as_drafting_reads_it(quote, read):
    start = DUTCH.index(quote)
    assert as_read(CASE, DUTCH, start, start + len(quote), "nl") == read
    far = "Niemand zei iets. " * 400 + "\n\n"  # what stands long before does not count
    assert as_read(CASE, far + DUTCH, len(far) + start, len(far) + start + len(quote), "nl") == read
    assert as_read(CASE, DUTCH, start, start + len(quote), "xx") == {}


def test_the_rules_propose_from_a_text_once_and_what_others_decided_meanwhile_stays(serve, monkeypatch):
    served = serve(None)
    desk = dropped(served, "nota.txt", DUTCH)
    status, told = served.json("POST", "/draft", {"source": "nota"})
    assert status == 200 and told["new"] == len(told["proposals"]) > 2
    assert "naar verluidt" in {each["fields"].get("hedge") for each in told["proposals"]}
    assert served.json("POST", "/draft", {"source": "nota"})[1]["new"] == 0
    assert served.json("POST", "/draft", {"source": "nosuch"})[1]["problems"][0]["code"] == "web/no-source"
    path = file_of(desk.path)
    read_before = waiting(path)

    def drafted(*given, **more):
        keep(type(read_before)(), path)  # another window decides while this one reads
        return read_before

    monkeypatch.setattr("bestand.web.proposed.draft", drafted)
    with pytest.raises(AskError, match="meanwhile"):
        drafted_from(desk, "nota", None)
    assert waiting(path) == type(read_before)()
