"""Files as other tools really write them, odd but valid, or nearly right: read in full, said to be lost, or refused in words; never misread."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import openpyxl
import pytest

from bestand import read_text
from bestand.case.loaded import Case
from bestand.case.template import new
from bestand.errors import CaseError
from bestand.exchange.notes import Carried
from bestand.exchange.reading import ImportWishes, kind_of, read_files
from bestand.exchange.template import to_template

PAGE = b"<!DOCTYPE html><html><body><h1>Talks</h1><p>Minister Bo said that a truce is near. The dove flies, said Eva.</p></body></html>"
NEW = b"A new note.\n"
URL = "https://example.org/a_b?x=1"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def case(tmp_path) -> Case:
    (tmp_path / "page.html").write_bytes(PAGE)
    (tmp_path / "new.txt").write_bytes(NEW)
    text = f"""bestand: 1
title: T
sources: {{p: {{title: Talks, sha256: {digest(PAGE)}, file: page.html, url: "{URL}"}}}}
parties: {{a: {{name: A}}}}
levers: {{a.x: {{is: x, assumed: t}}}}
wants: {{a: [{{that: a.x, assumed: t}}]}}
"""
    return read_text(text, path=tmp_path / "case.yaml")


def put(content: object, case: Case | None = None, kind: str | None = None, name: str = "f") -> Carried:
    raw = content if isinstance(content, bytes) else (content if isinstance(content, str) else json.dumps(content)).encode()
    return read_files({name: raw}, kind=kind, asked=ImportWishes(None, case, None))


def claims(made: Carried, case: Case) -> list[tuple[str, str]]:
    return [(claim.quote, str(claim.gloss)) for claim in read_text(made.text, path=case.path).file.claims.values()]


def quoting(words: str, **more: object) -> dict:
    return {"type": "TextQuoteSelector", "exact": words, **more}


NEAR, DOVE = quoting("a truce is near"), quoting("The dove flies")


@pytest.mark.parametrize("written", [
    {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "bodyValue": "soon", "target": {"source": URL, "selector": NEAR}},
    {"type": "AnnotationCollection", "total": 1, "first": {"type": "AnnotationPage", "items": [{"body": ["soon"], "target": {"source": URL, "selector": [NEAR]}}]}},
    {"total": 1, "rows": [{"user": "acct:me@x", "uri": URL, "text": "soon", "tags": [], "target": [{"source": URL, "selector": [NEAR]}]}]},
    [{"body": {"type": "Choice", "items": [{"value": "soon"}]}, "target": {"source": f"{URL}#talks", "selector": NEAR}}],
    [{"body": {"format": "text/html", "value": "<p>so<b>on</b></p>"}, "target": {"source": {"id": URL}, "selector": {"type": "FragmentSelector", "refinedBy": NEAR}}}],
    [{"body": [{"value": "soon", "purpose": "commenting"}], "target": {"selector": [NEAR, {"type": "TextPositionSelector"}]}}],
], ids=["one", "collection", "hypothesis", "choice", "html", "recogito"])  # fmt: skip
def test_annotations_of_other_programs_say_what_they_say(written, case):
    assert claims(put(written, case), case) == [("a truce is near", "soon")]


def test_an_annotation_of_two_passages_is_two_claims_and_one_of_none_is_counted(case):
    made = put([{"body": "x", "target": [{"source": URL, "selector": NEAR}, {"source": URL, "selector": DOVE}]}, {"body": "y", "target": URL}], case)
    assert claims(made, case) == [("a truce is near", "x"), ("The dove flies", "x")] and "statements without a text to quote: 1" in made.told("lost")
    made = put([{"body": ["https://example.org/body", "soon"], "target": {"source": URL, "selector": NEAR}}], case)
    assert claims(made, case) == [("a truce is near", "soon")] and "what annotations point to instead of saying it: 1" in made.told("lost")


HEAD = "statement ID;time;document ID;document title;author;source;section;type;text;person;organization;concept;agreement\n"


def stated(*agreement: str, person: str = "Bo") -> str:
    return HEAD + "".join(f"{k};2024;1;Talks;;;;;{DOVE['exact'] if k else NEAR['exact']};{person};;truce;{each}\n" for k, each in enumerate(agreement))


@pytest.mark.parametrize(("agreement", "held"), [
    (["1"], ["certain"]), (["0"], ["denied"]), (["0.0"], ["denied"]), (["FALSE"], ["denied"]), (["-1"], ["denied"]), (["NA"], ["certain"]), (["2"], ["certain"]),
    (["-1", "0"], ["denied", "uncommitted"]), (["0", "3"], ["denied", "certain"]),
], ids=str)  # fmt: skip
def test_what_is_denied_in_dna_is_never_taken_for_held(agreement, held, case):
    made = read_text(put(stated(*agreement), case).text, path=case.path)
    assert [claim.source_holds for claim in made.file.claims.values()] == held


def test_statements_of_dna_that_could_be_misread_are_refused(case):
    with pytest.raises(CaseError, match="'disagree' is neither yes nor no"):
        put(stated("disagree"), case)
    with pytest.raises(CaseError, match="nobody is named who says it"):
        put(stated("1").replace("person", "Akteur").replace("organization", "Organisation"), case)
    assert "says" not in read_text(put(stated("1", person="NA"), case).text, path=case.path).file.claims["dna_0"].model_fields_set
    assert put(stated("1").replace("document title", "Document Title"), case).told("kept")[0] == "claims: 1"


def cas(*more: dict, text: str = "Bo said a truce is near") -> dict:
    kind = "de.tudarmstadt.ukp.dkpro.core.api."
    listed = [
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": text},
        {"%ID": 2, "%TYPE": "webanno.custom.Claim", "@sofa": 1, "begin": 8, "end": 23, "gloss": "soon"},
        *({"%ID": 9 + k, "%TYPE": kind + name, "@sofa": 1, "begin": 0, "end": 2, "value": "x"} for k, name in enumerate((
            "segmentation.type.Stem", "lexmorph.type.pos.POS_NOUN", "syntax.type.dependency.ROOT", "lexmorph.type.morph.MorphologicalFeatures"))),
        {"%ID": 30, "%TYPE": "webanno.custom.Rel", "@sofa": 1, "begin": 8, "end": 23, "@Governor": 2, "@Dependent": 2, "label": "by"},
        {"%ID": 31, "%TYPE": "webanno.custom.Mark", "@sofa": 1, "begin": 5, "end": 5},
        *more,
    ]  # fmt: skip
    return {"%FEATURE_STRUCTURES": listed}


def test_grammar_relations_and_marks_of_no_width_are_no_claims(case):
    made = put(cas(), case)
    assert claims(made, case) == [("a truce is near", "soon")]
    lost = " ".join(made.told("lost"))
    assert all(name in lost for name in ("Stem", "POS_NOUN", "ROOT", "Morphological", "custom.Rel", "statements without a text to quote: 1"))


def test_a_cas_whose_structures_stand_under_their_numbers_is_the_same(case):
    listed = {str(each["%ID"]): {key: value for key, value in each.items() if key != "%ID"} for each in cas()["%FEATURE_STRUCTURES"]}
    assert put({"%FEATURE_STRUCTURES": listed}, case).content == put(cas(), case).content
    with pytest.raises(CaseError, match="it holds no text"):
        put(cas(text=""), case)


ENTRY = {"id": "k", "type": "webpage", "title": "New"}
PINNED = {"custom": {"sha256": digest(NEW)}}


@pytest.mark.parametrize(("entry", "fields"), [
    ({"items": [{**ENTRY, **PINNED}]}, {}),
    ({**ENTRY, **PINNED}, {}),
    ([{**ENTRY, "note": f"PMID: 3\nsha256: {digest(NEW).upper()}"}], {}),
    ([{**ENTRY, "note": "File: new.txt", "author": None, "issued": None}], {"file": "new.txt"}),
    ([{**ENTRY, **PINNED, "issued": {"date-parts": [["2024", 6, "3"], [2024, 7]], "circa": True}}], {"date": "2024-06-03/2024-07"}),
    ([{**ENTRY, **PINNED, "issued": {"raw": "June 2024"}}], {"date": "June 2024"}),
    ([{**ENTRY, **PINNED, "author": [{"given": "A.", "non-dropping-particle": "van den", "family": "Berg"}, {"literal": "UN"}]}], {"author": "A. van den Berg, UN"}),
    ([{**ENTRY, **PINNED, "title": "<i>New</i> &amp; old"}], {"title": "New & old"}),
], ids=["wrapped", "one", "digest in a note", "file in a note", "days", "raw", "particles", "markup"])  # fmt: skip
def test_sources_of_reference_managers_come_in(entry, fields, case):
    made = put(entry, case)
    source = read_text(made.text, path=case.path).file.sources["k"]
    assert source.sha256 == digest(NEW)
    assert {key: getattr(source, key) for key in fields} == fields and (fields.get("title") or source.title == "New")
    lost = " ".join(made.told("lost"))
    assert ("issued.circa" in lost) == ("circa" in json.dumps(entry)) and ("'note'" in lost) == ("PMID" in json.dumps(entry))


def test_an_entry_without_a_title_is_told_so(case):
    with pytest.raises(CaseError, match="'k' has no title"):
        put([{"id": "k", "type": "book", **PINNED}], case)


@pytest.mark.parametrize(("written", "fields"), [
    ("author = {M{\\\"u}ller, J. AND {Barnes and Noble} aNd others},", {"author": "J. Müller, Barnes and Noble, et al."}),
    ("file = {:C$\\backslash$:/Users/me/new.txt:txt},", {"file": "new.txt"}),
    ("file = {Full Text:C\\:\\\\Users\\\\me\\\\new.txt:text/plain},", {"file": "new.txt"}),
    ("file = {my notes/new.txt},", {"file": "my notes/new.txt"}),
], ids=["and", "mendeley", "zotero", "plain"])  # fmt: skip
def test_bibtex_of_jabref_mendeley_and_zotero_comes_in(written, fields, case):
    source = read_text(put(f"@misc{{k, title = {{New}}, {written} sha256 = {{{digest(NEW)}}}}}", case).text, path=case.path).file.sources["k"]
    assert {key: getattr(source, key) for key in fields} == fields


def test_bibtex_without_a_key_or_in_the_signs_that_jabref_declares_comes_in(case):
    made = put(f"@misc{{,\n title = {{New}}, file = {{Doc:/home/me/new.txt:txt}}, sha256 = {{{digest(NEW)}}}}}", case)
    assert read_text(made.text, path=case.path).file.sources["new"].file == "new.txt"
    text = f"% Encoding: ISO8859_1\n\n@misc{{k, title = {{Café}}, sha256 = {{{digest(NEW)}}}}}"
    assert read_text(put(text.encode("latin-1"), case).text, path=case.path).file.sources["k"].title == "Café"
    with pytest.raises(CaseError, match="not UTF-8"):
        put(text.split("\n", 1)[1].encode("latin-1"), case)


GAME = "North,South,payoff North,payoff South\ns,s,1,2\ns,g,0,1\ng,s,2,1\ng,g,0,0\n"


@pytest.mark.parametrize("raw", [
    GAME.replace(",", "\t").encode("utf-16"), ("sep=;\r\n" + GAME.replace(",", ";")).encode("utf-8-sig"), GAME.encode("utf-32"),
    GAME.replace("payoff North", "Payoff  north").encode(), GAME.replace("North,South,", "North , South,", 1).encode(),
], ids=["Unicode text", "sep", "UTF-32", "capitals", "blanks"])  # fmt: skip
def test_tables_as_spreadsheets_save_them_are_the_same_table(raw):
    assert put(raw, name="f.csv").content == put(GAME, name="f.csv").content


def test_a_decimal_comma_is_put_right_in_words_wherever_numbers_are_read():
    with pytest.raises(CaseError, match=r"(?s)row 3, column payoff North.*write 1\.5, with a decimal point") as caught:
        put("sep=;\n" + GAME.replace("s,s,1,2", "s,s,1;5,2").replace(",", "\x00").replace(";", ",").replace("\x00", ";"))
    assert caught.value.problems[0].place.line == 3
    with pytest.raises(CaseError, match=r"write 2\.5, with a decimal point"):
        put(filled(("Wants", "E2", "2,5")))
    with pytest.raises(CaseError, match=r"write 3\.5, with a decimal point"):
        put(profile(evaluation="3,5"), kind="genius")


def profile(issues: str = "", evaluation: str = "3", weights: str = '<weight index="1" value="0.4"/><weight index="2" value="0.6"/>') -> str:
    def issue(index: int, name: str) -> str:
        return f'<issue index="{index}" name="{name}" vtype="discrete"><item value="low" evaluation="1"/><item value="high" evaluation="{evaluation}"/></issue>'
    return f'<utility_space><objective name="any">{issues or issue(1, "Price") + issue(2, "Term")}{weights}</objective></utility_space>'


def test_weights_of_groups_of_issues_are_said_to_count_for_nothing_and_indices_are_each_one_issues():
    made = put(profile(weights='<weight index="1" value="0.4"/><weight index="2" value="0.6"/><weight index="3" value="0.5"/>'))
    assert any("weights of groups of issues: 1" in words for words in made.told("lost"))
    with pytest.raises(CaseError, match="two issues have the index '1'"):
        put(profile().replace('index="2"', 'index="1"'))
    with pytest.raises(CaseError, match="a number is missing here"):
        put(profile().replace(' evaluation="3"', "", 1))
    assert put(profile().encode("utf-16")).content == put(profile()).content


def test_an_information_set_whose_actions_are_told_otherwise_is_refused_as_gambit_refuses_it():
    tree = 'EFG 2 R "T" { "A" "B" }\n""\np "" 1 1 "" { "x" "y" } 0\n' + "".join(
        f'p "" 2 1 "" {actions} 0\nt "" {k} "" {{ 1 {k} }}\nt "" {k + 1} "" {{ 2 {k} }}\n' for k, actions in ((1, '{ "u" "v" }'), (3, '{ "v" "u" }')))
    with pytest.raises(CaseError, match="an information set with other actions than before"):
        put(tree)
    assert put(tree.replace('{ "v" "u" }', '{ "u" "v" }')).told("kept") == ("parties: 2", "levers: 2")


def gmcr(**more: object) -> dict:
    people = [{"name": "A", "options": [0], "preferences": [[[0, "Y"]]]}, {"name": "B", "options": [1], "preferences": []}]
    return {"options": [{"name": "a"}, {"name": "b"}], "decisionMakers": people, **more}


def test_conditions_of_gmcr_with_several_members_ban_each_of_them():
    either = {"compound": True, "members": [[[0, "Y"], [1, "Y"]], [[0, "N"], [1, "N"]]]}
    assert put(gmcr(infeasibles=[either])).content == put(gmcr(infeasibles=either["members"])).content
    with pytest.raises(CaseError, match="a coalition names party 7, and there are 2"):
        put(gmcr(coalitions=[[0, 7]]))
    shared = gmcr()
    shared["decisionMakers"][1]["options"] = [0, 1]
    with pytest.raises(CaseError, match=r"belongs to A and to B\n  in study\.gmcr"):
        put(shared, name="study.gmcr")
    nameless = gmcr()
    nameless["decisionMakers"][0]["name"] = " "
    with pytest.raises(CaseError, match="party 1 has no name"):
        put(nameless)


def filled(*cells: tuple[str, str, object], renamed: tuple[str, str] | None = None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(to_template(read_text(new("A dispute"))).content))
    for sheet, cell, value in cells:
        book[sheet][cell] = value
    if renamed:
        book[renamed[0]].title = renamed[1]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_whose_sheets_are_called_in_other_capitals_and_blanks_is_the_same():
    assert put(filled(renamed=("Levers", "levers ")), name="f").content == put(filled(), name="f").content


@pytest.mark.parametrize(("cell", "says"), [
    (("Levers", "C2", "no/yes"), "put semicolons between them"), (("Levers", "C2", "no\nyes"), "put semicolons between them"),
    (("Wants", "C2", "a.stops ≠ yes"), "write '!=' for it"), (("Wants", "C2", "a.stops & b.stops"), "write 'and' for it"),
], ids=str)  # fmt: skip
def test_what_a_hand_or_a_spreadsheet_writes_otherwise_is_put_right_in_words(cell, says):
    with pytest.raises(CaseError, match=says):
        put(filled(cell))


def packed(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/"), text)
    return out.getvalue()


@pytest.mark.parametrize(("raw", "says"), [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old workbook"),
    (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), r"\.ods"),
    (packed(word__document="<x/>"), "Word file"), (b"%PDF-1.7\n", "PDF"), (b"SQLite format 3\0", "list of events"),
    (b'<?xml version="1.0" encoding="UTF-8"?>\n<xmi:XMI xmlns:xmi="x"/>', "UIMA CAS XMI"), (b"#FORMAT=WebAnno TSV 3.3\n", "WebAnno TSV"),
    (b'{"_context":{}}', "older form"), (b'<gte version="0.1"/>', "Game Theory Explorer"), (b'{"LinearAdditiveUtilitySpace":{}}', "GeniusWeb"),
    (b'{"name":"jobs","issuesValues":{"pay":{"values":["1"]}}}', "GeniusWeb"), (b"{\\rtf1\\ansi x}", "rich text"),
    (b"TY  - JOUR\nTI  - x\n", "RIS"), (b"<!doctype html><p>x", "web page"), (b'<?xml version="1.0"?><utilities/>', "not known"),
], ids=lambda each: str(each)[:16] if isinstance(each, str) else "")  # fmt: skip
def test_files_of_programs_that_are_not_read_are_called_what_they_are(raw, says):
    with pytest.raises(CaseError, match=says) as caught:
        kind_of("f", raw)
    assert caught.value.problems[0].code == "import/unknown-format" and caught.value.problems[0].hint


def test_what_such_files_are_and_what_to_do_is_told_in_dutch_too():
    from bestand.exchange.foreign import SIGNS
    from tests.case.test_problems import TABLE

    assert [text for _, *both in SIGNS for text in both if text not in TABLE] == []
