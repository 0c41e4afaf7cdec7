"""Sources on the page: a document is taken in its own language, a quote is read as drafting reads it, and the rules propose from a text."""

from __future__ import annotations

import pytest

from bestand.case.read import read_text
from bestand.drafting.proposals import file_of, keep, waiting
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
