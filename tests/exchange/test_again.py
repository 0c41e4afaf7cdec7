"""What comes into the case that it came from, or comes in twice, changes nothing; what is new beside it comes in, and is said."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest

from bestand import read, read_text
from bestand.case.loaded import Case
from bestand.case.read import catalogue
from bestand.errors import AskError
from bestand.exchange.reading import ImportWishes, read_files
from bestand.exchange.writing import export
from bestand.graph.conflict import conflict
from tests.depth import spread
from tests.shipped import shipped

PAGE = "Bo said that a truce is near. Bo said that a truce is near, again. “Half; of the grain”, said Cy. Nobody answered.\n"
CASE = """bestand: 1
title: T
parties: {a: {name: A, members: [Bo]}}
levers: {a.x: {is: x, assumed: t}}
sources: {p: {title: 'A; "page"', author: Di, date: 2030-01-02, language: en, sha256: SHA, file: page.txt}}
claims:
  one: {source: p, quote: "a truce is near", suffix: ". Bo", says: Bo, author_holds: uncommitted, source_holds: probable, gloss: "=a truce"}
  two: {source: p, quote: "a truce is near", suffix: ", again", says: Bo, author_holds: uncommitted, source_holds: certain, gloss: a truce; again, supports: [one]}
  three: {source: p, quote: "Half; of the grain", says: Cy, author_holds: uncommitted, source_holds: denied, gloss: grain, denies: [two]}
  four: {source: p, quote: "Nobody answered", gloss: 'no "answer"', context: true}
"""
WITH_CLAIMS = [name for name in catalogue() if shipped(name).file.claims]
FORMS = ("claims", "claims-xlsx", "annotations", "dna", "csl", "bibtex")
AT = PAGE.index("Nobody answered")
CAS = {
    "%FEATURE_STRUCTURES": [
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": PAGE},
        {"%ID": 2, "%TYPE": "webanno.custom.Claim", "@sofa": 1, "begin": AT, "end": AT + 15, "gloss": "silence"},
        {"%ID": 3, "%TYPE": "webanno.custom.Claim", "@sofa": 1, "begin": AT, "end": AT + 15, "gloss": "they are silent", "says": "Bo"},
    ]
}


def with_page(tmp_path, text: str = CASE) -> Case:
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    return read_text(text.replace("SHA", hashlib.sha256(PAGE.encode()).hexdigest()), path=tmp_path / "case.yaml")


def put(content: bytes | str, case: Case | None, kind: str | None = None):
    return read_files({"f": content.encode() if isinstance(content, str) else content}, kind=kind, asked=ImportWishes(None, case, None))


@pytest.mark.parametrize("form", FORMS)
@spread("name", ["page", *WITH_CLAIMS], first=1)
def test_an_export_that_comes_back_into_its_case_changes_nothing(form, name, tmp_path):
    case = with_page(tmp_path) if name == "page" else shipped(name)
    again = put(export(conflict(case), to=form).content, case)
    assert again.text == case.text
    of = "sources" if form in ("csl", "bibtex") else "claims"
    n_bare = sum(not claim.quote for claim in case.file.claims.values()) if form == "dna" else 0
    assert f"{of} that the case had already, left as they are: {len(getattr(case.file, of)) - n_bare}" in again.told("kept")


@pytest.mark.parametrize("form", FORMS[:4])
def test_claims_that_go_by_other_names_since_are_known_by_what_they_say(form, tmp_path):
    case = with_page(tmp_path)
    named = with_page(tmp_path, CASE.replace("one", "c1").replace("two", "c2").replace("three", "c3").replace("four", "c4"))
    assert put(export(conflict(case), to=form).content, named).text == named.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (json.dumps(CAS), "inception"),
        (json.dumps([{"target": {"source": "page.txt", "selector": {"type": "TextQuoteSelector", "exact": "of the grain"}}, "body": "grain"}]), None),
        ("source,quote,gloss\np,of the grain,grain\np,of the grain,corn\n", None),
        ('"statement ID";"document title";"text";"person";"concept";"agreement"\n1;"A, \'page\'";"Nobody answered";"Bo";"silence";0\n', "dna"),
    ],
    ids=["inception", "annotations", "claims", "dna"],
)
def test_what_comes_in_a_second_time_changes_nothing(content, kind, tmp_path):
    once = put(content, with_page(tmp_path), kind)
    first = read_text(once.text, path=tmp_path / "case.yaml")
    assert len(first.file.claims) > 4
    assert put(content, first, kind).text == once.text


def test_what_is_new_comes_in_beside_what_is_known_and_names_it_by_its_name_in_the_case(tmp_path):
    case = with_page(tmp_path)
    rows = "claim,source,quote,says,author_holds,source_holds,gloss,supports\nx,p,Nobody answered,,,,\"no \"\"answer\"\"\",\ny,p,Nobody answered,,,,silence,x\n"
    again = put(rows, case)
    claims = read_text(again.text, path=tmp_path / "case.yaml").file.claims
    assert list(claims) == ["one", "two", "three", "four", "y"] and claims["y"].supports == ("four",)
    assert again.told("kept")[:3] == (
        "claims: 1", "claims that the case had already, left as they are: 1",
        "of these, claims of a passage that another claim of the case has as well, with other words: 1",
    )  # fmt: skip


def test_statements_of_another_list_of_dna_with_the_same_numbers_come_in(tmp_path):
    case = with_page(tmp_path)
    rows = list(csv.reader(io.StringIO(export(conflict(case), to="dna").text), delimiter=";"))
    concept, number = rows[0].index("concept"), rows[0].index("statement ID")
    texts = []
    for words in ("first reading", "second reading"):
        out = io.StringIO()
        csv.writer(out, delimiter=";").writerows([rows[0], [words if k == concept else "7" if k == number else cell for k, cell in enumerate(rows[4])]])
        texts.append(out.getvalue())
    once = read_text(put(texts[0], case).text, path=tmp_path / "case.yaml")
    twice = read_text(put(texts[1], once).text, path=tmp_path / "case.yaml")
    assert [str(twice.file.claims[name].gloss) for name in ("dna_7", "dna_7_2")] == ["first reading", "second reading"]


def test_one_source_that_stands_twice_in_a_list_comes_in_once(tmp_path):
    entry = "@misc{KEY, title = {New}, sha256 = {" + "b" * 64 + "}}\n"
    again = put(entry.replace("KEY", "k1") + entry.replace("KEY", "k2"), with_page(tmp_path))
    assert list(read_text(again.text).file.sources) == ["p", "k1"]


@pytest.mark.parametrize("form", ["template", "nfg"])
def test_a_file_that_makes_a_case_of_its_own_is_not_put_into_another(form, tmp_path):
    made = export(conflict(read("example/en"), view="core"), to=form)
    with pytest.raises(AskError, match="own-case"):
        put(made.content, with_page(tmp_path))
    assert "levers: " in str(put(made.content, None).told("kept"))
