"""Evidence in and out: nothing is lost unsaid, and no quote comes in that its source does not say."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import time

import pytest

from bestand import conflict, export, read, read_text
from bestand.case.loaded import Case
from bestand.documents.html import page_text
from bestand.documents.positions import body_origin
from bestand.errors import AskError, BestandError, CaseError
from bestand.exchange.bibtex import entries_in
from bestand.exchange.reading import ImportWishes, read_files
from bestand.exchange.writing import WRITERS

PAGE = (
    "<!DOCTYPE html>\r\n<html><head><title>No truce</title><style>p{}</style></head>\r\n<body>\r\n<!-- a comment --><script>var a = 'no truce';</script>"
    "<h1>Talks</h1><p>The minister &amp; the envoy said <del>not </del>that <b>a truce</b>\r\nis near.</p><template>a truce is far</template>"
    "<table><tr><td>ten tons</td><td>of grain</td></tr></table><pre>\nThe 🕊 flies.</pre></body></html>"
)


def with_page(tmp_path, *, claims: bool = True) -> Case:
    (tmp_path / "page.html").write_bytes(PAGE.encode())
    digest = hashlib.sha256(PAGE.encode()).hexdigest()
    text = f"""bestand: 1   # kept
title: T
sources:
  p: {{title: "Talks; a page", author: Ann Ox, date: "2024-06", language: en, sha256: {digest}, file: page.html, url: "https://example.org/a_b?x=1"}}
parties: {{a: {{name: A, members: [minister Bo]}}}}
levers: {{a.x: {{is: x, assumed: t}}}}
wants: {{a: [{{that: a.x, assumed: t}}]}}
"""
    if claims:
        text += """claims:
  c1: {source: p, quote: "said that a truce is near", says: Bo, author_holds: uncommitted, source_holds: probable, gloss: "=a truce", hedge: said}
  c2: {source: p, quote: "of grain", gloss: grain, chain: [{who: an agency, holds: possible, via: phone}, {who: a guard}], about: [a, a.x], denies: [c1]}
  c3: {source: p, quote: "The 🕊 flies", gloss: the dove, context: true}
"""
    return read_text(text, path=tmp_path / "case.yaml")


def put(content: bytes | str, case: Case | None, kind: str | None = None):
    return read_files({"f": content.encode() if isinstance(content, str) else content}, kind=kind, asked=ImportWishes(None, case, None))


def fields(case: Case) -> dict:
    return {name: claim.model_dump(mode="json", exclude_defaults=True) for name, claim in case.file.claims.items()}


@pytest.mark.parametrize("form", ["claims", "claims-xlsx", "annotations"])
def test_claims_that_a_case_has_already_are_left_as_they_are(form):
    case = read("example/en")
    again = put(export(conflict(case), to=form).content, case)
    assert again.told("kept") == ("claims: 0", f"claims that the case had already, left as they are: {len(case.file.claims)}")


@pytest.mark.parametrize("form", ["claims", "claims-xlsx", "annotations"])
def test_claims_come_back_whole(form, tmp_path):
    case = with_page(tmp_path)
    made = export(conflict(case), to=form)
    bare = read_text(re.sub(r"\nclaims:\n(?:(?: +.*)?\n)+", "\n", case.text), path=case.path)
    assert not bare.file.claims
    found = read_text(put(made.content, bare).text, path=case.path)
    assert fields(found) == fields(case) and found.text.startswith("bestand: 1   # kept")
    assert all(quote.status == "checked" for quote in found.quotes.values())


def test_a_quote_that_the_source_does_not_say_is_refused_at_its_row_and_column(tmp_path):
    case = with_page(tmp_path)
    rows = "source,quote,gloss,denies\np,a truce is far,far,\np,ten tons,tons,c9\np,a truce,,\nq,ten tons,tons,\n"
    with pytest.raises(CaseError) as caught:
        put(rows, case)
    said = str(caught.value)
    for part in ("does not say 'a truce is far'\n  in f:2:2 (row 2, column quote)", "f:3:4 (row 3, column denies)", "f:5:1 (row 5, column source)", "no gloss\n  in f:4:3"):
        assert part in said, (part, said)
    with pytest.raises(CaseError, match="another claim called 'c2'"):
        put("claim,source,quote,gloss\nc2,p,ten tons,tons\n", case)
    with pytest.raises(AskError, match="--into"):
        put(rows, None)
    with pytest.raises(CaseError, match=r"(?s)no column 'gloss'.*column 'glos' is not one"):
        put("source,quote,glos\np,a truce,x\n", case)


def test_positions_are_those_of_the_text_of_the_body(tmp_path):
    lxml = pytest.importorskip("lxml.html", reason="lxml is not installed: texts of pages are not held against another reader")
    document = lxml.fromstring(PAGE.replace("\r\n", "\n").replace("<!-- a comment -->", "").replace("<template>a truce is far</template>", ""))
    body = document.find("body").text_content().replace("\nThe 🕊", "The 🕊")
    page = json.loads(export(conflict(with_page(tmp_path)), to="annotations").text)
    found = {}
    for item in page["items"]:
        exact, place = item["target"]["selector"]
        found[exact["exact"]] = body[place["start"] : place["end"]]
    assert found == {"said that a truce is near": "said not that a truce\nis near", "of grain": "of grain", "The 🕊 flies": "The 🕊 flies"}


def test_every_sign_of_a_page_comes_from_where_it_stands():
    text, _ = page_text(PAGE)
    origin = body_origin(PAGE)
    assert origin is not None and len(origin) == len(text)
    placed = [int(at) for at in origin if at >= 0]
    assert placed == sorted(placed) and body_origin("<p>no body") is None


def test_positions_that_are_not_known_are_said(tmp_path):
    case = with_page(tmp_path)
    (tmp_path / "page.html").unlink()
    made = export(conflict(read_text(case.text, path=case.path)), to="annotations")
    assert "claims without a position, since their quote was not checked, or is sealed: 3" in made.told("lost")


def test_annotations_of_others_become_claims_of_the_source_with_that_address(tmp_path):
    case = with_page(tmp_path, claims=False)
    target = {"source": "https://example.org/a_b?x=1", "selector": [{"type": "TextQuoteSelector", "exact": "a truce is near", "prefix": "id that "}, {"type": "RangeSelector"}]}
    other = {"id": "x", "type": "Annotation", "creator": "me", "target": [target], "body": [{"value": "hopeful"}, {"value": "truce"}]}
    made = put(json.dumps([other, {"target": {"source": "y", "selector": []}}]), case)
    claim = read_text(made.text, path=case.path).file.claims["c1"]
    assert (claim.quote, claim.gloss, claim.source) == ("a truce is near", "hopeful; truce", "p")
    assert any("'creator' of annotations" in words for words in made.told("lost")) and "statements without a text to quote: 1" in made.told("lost")
    with pytest.raises(CaseError, match="no source 'https://elsewhere'"):
        put(json.dumps({"items": [{**other, "target": {**target, "source": "https://elsewhere"}}]}), case)


def cas(**more) -> dict:
    text = "Der 🕊 said: a truce\nis near. ten tons of hope"
    begin = len(text[: text.index("a truce")].encode("utf-16-le")) // 2
    structures = [
        {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "mimeType": "text", "sofaString": text},
        {"%ID": 2, "%TYPE": "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData", "documentTitle": "page.html", "begin": 0, "end": 9},
        {"%ID": 3, "%TYPE": "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token", "@sofa": 1, "begin": 0, "end": 3},
        {"%ID": 4, "%TYPE": "webanno.custom.Claim", "@sofa": 1, "begin": begin, "end": begin + 15, "says": "Bo", "gloss": "it is near", "weight": 3, **more},
        {"%ID": 5, "%TYPE": "custom.Span", "@sofa": 1, "begin": begin + 17, "end": begin + 25, "label": "COST"},
    ]
    return {"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": {}}


def test_passages_marked_in_inception_become_claims(tmp_path):
    case = with_page(tmp_path, claims=False)
    made = put(json.dumps(cas()), case)
    found = read_text(made.text, path=case.path)
    claims = [(c.quote, c.says, c.gloss) for c in found.file.claims.values()]
    assert claims == [("a truce\nis near", "Bo", "it is near"), ("ten tons", "author", "COST")]
    assert all(quote.status == "checked" for quote in found.quotes.values())
    lost = " ".join(made.told("lost"))
    assert "feature 'weight' of annotations: 1" in lost and "Token" in lost and "Sofa" not in lost
    with pytest.raises(CaseError, match=r"does not say.*\n.*annotation 4"):
        put(json.dumps(cas(end=46)), case)
    without = cas()
    del without["%FEATURE_STRUCTURES"][0]
    for bad in (cas(begin=10**9), cas(begin="x"), without, {**without, "%FEATURE_STRUCTURES": {"1": {"%ID": 1}}}):
        with pytest.raises(CaseError, match="malformed"):
            put(json.dumps(bad), case)


@pytest.mark.parametrize(("named", "encoding", "width"), [("UTF-8", "utf-8", 1), ("utf_16", "utf-16-le", 2), ("UTF32", "utf-32-le", 4)])
def test_positions_count_in_what_the_header_of_a_cas_names(tmp_path, named, encoding, width):
    case = with_page(tmp_path, claims=False)
    one = cas()
    before = one["%FEATURE_STRUCTURES"][0]["sofaString"].partition("a truce")[0]
    begin = len(before.encode(encoding)) // width
    one = {"%HEADER": {"%OFFSET_ENCODING": named}, "%FEATURE_STRUCTURES": [one["%FEATURE_STRUCTURES"][0], {**one["%FEATURE_STRUCTURES"][3], "begin": begin, "end": begin + 15}]}
    assert [claim.quote for claim in read_text(put(json.dumps(one), case).text, path=case.path).file.claims.values()] == ["a truce\nis near"]
    with pytest.raises(CaseError, match="positions count in 'grapheme clusters'"):
        put(json.dumps({**one, "%HEADER": {"%OFFSET_ENCODING": "grapheme clusters"}}), case)


def test_statements_go_to_dna_and_come_back(tmp_path):
    case = with_page(tmp_path)
    made = export(conflict(case), to="dna")
    rows = list(csv.DictReader(io.StringIO(made.text), delimiter=";"))
    assert list(rows[0])[:9] == ["statement ID", "time", "document ID", "document title", "author", "source", "section", "type", "text"]
    assert rows[0]["person"] == "Bo" and rows[0]["organization"] == "A" and rows[0]["agreement"] == "1" and rows[0]["time"] == "2024-06-01 00:00:00"
    assert rows[0]["document title"] == "Talks, a page" and rows[1]["person"] == "Ann Ox"
    back = put(made.content, with_page(tmp_path, claims=False))
    found = read_text(back.text, path=case.path).file.claims
    assert [(c.quote, c.says) for c in found.values()] == [("said that a truce is near", "Bo"), ("of grain", "Ann Ox"), ("The 🕊 flies", "Ann Ox")]
    with pytest.raises(CaseError, match="no source of the case is called 'Other'"):
        put(made.text.replace("Talks, a page", "Other"), case)


def test_sources_go_to_reference_managers_and_come_back(tmp_path):
    case = with_page(tmp_path)
    made = export(conflict(case), to="csl")
    [entry] = json.loads(made.text)
    assert entry["type"] == "webpage" and entry["author"] == [{"literal": "Ann Ox"}] and entry["issued"] == {"date-parts": [[2024, 6]]}
    bare = read_text("bestand: 1\ntitle: T\nparties: {a: {name: A}}\nlevers: {a.x: {is: x}}\n", path=tmp_path / "b.yaml")
    again = read_text(put(made.content, bare).text, path=tmp_path / "b.yaml")
    assert again.file.sources == case.file.sources
    assert put(made.content, case).told("kept") == ("sources that the case had already, left as they are: 1", "claims: 0")
    with pytest.raises(CaseError, match="has no sha256"):
        put(json.dumps([{"id": "x", "title": "T"}]), bare)
    bib = export(conflict(case), to="bibtex")
    assert "title = {{Talks; a page}}" in bib.text and r"url = {https://example.org/a_b?x=1}" in bib.text and "year = {2024}" in bib.text
    back = put(bib.content, bare)
    assert back.format == "bibtex" and read_text(back.text, path=tmp_path / "b.yaml").file.sources == case.file.sources


BIB = r"""% kept by hand
@string{water = {Ministry of Water}}
@preamble{"\newcommand{\x}{y}"}
@report{first,
  author = {Meer, Ana van der and {Fish and Water} and Jos{\'e} Nu{\~n}ez},
  title = "The {Dam} \& the valley -- a \foo{report}", subtitle = {Part~1},
  institution = water # { of } # "Upper Valley", journal = {Dams}, year = 2024, month = mar, day = 7,
  doi = {10.1/x_y}, langid = {english}, keywords = {dam, water}, file = {Full Text:notes/a.txt:text/plain},
}
"""


def test_a_bibliography_kept_by_hand_comes_in_with_what_is_lost_said(tmp_path):
    bare = read_text("bestand: 1\ntitle: T\nparties: {a: {name: A}}\nlevers: {a.x: {is: x}}\n", path=tmp_path / "b.yaml")
    with pytest.raises(CaseError, match="has no sha256") as refused:
        put(BIB, bare)
    assert refused.value.problems[0].place.line == 4 and "--sources" in refused.value.problems[0].hint
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("The dam.")
    made = put(BIB, bare)
    source = read_text(made.text, path=tmp_path / "b.yaml").file.sources["first"]
    assert str(source.title) == "The Dam & the valley – a \\fooreport: Part 1" and source.author == "Ana van der Meer, Fish and Water, José Nuñez"
    assert (source.publisher, source.date, source.url) == ("Ministry of Water of Upper Valley", "2024-03-07", "https://doi.org/10.1/x_y")
    assert source.sha256 == hashlib.sha256(b"The dam.").hexdigest() and source.file == "notes/a.txt" and source.language == "english"
    assert made.told("changed") == ("digests worked out from the documents in the folder of sources: 1", "commands of TeX that are not known, kept as they stand: 1")
    assert made.told("lost") == ("'journal' of entries: 1", "'keywords' of entries: 1")
    with pytest.raises(CaseError, match="has no sha256"):
        put(BIB.replace("notes/a.txt", "../../etc/hosts"), bare)


@pytest.mark.parametrize(("text", "says"), [
    ("@misc{a, title = {x", "a value is not closed"), ("@misc{a, title = {x}, title = {y}}", "stands twice"), ("@misc{a, title = foo}", "no name that @string gives"),
    ("@misc{a title}", "', or }' is wanted"), ('@misc{a, t = "x}"}', "a brace closes"), ("\n\n@misc{a, year = 2024}", "has no title"), ("@comment{a", "not closed"),
    ("@misc{a, t = " + "{" * 100_000, "is not closed"), ("@misc{a," + "".join(f"f{k}={{}}," for k in range(300)) + "}", "more than 200 fields"), ("@comment{x}", "no entry"),
    ("@misc{a, t = {}}" * 600, "more than 500 entries"), ("@", "no entry"),
], ids=lambda each: each[:20])
def test_what_is_no_bibtex_is_refused_with_its_line(tmp_path, text, says):
    with pytest.raises(CaseError, match=re.escape(says)):
        put(text, with_page(tmp_path), "bibtex")


def test_a_long_file_of_signs_is_read_in_a_moment():
    for text in ("@" * 400_000, "@a " * 200_000, "@comment{x}" * 50_000, "@a{" * 100_000, "@misc{a, t=" + "1#" * 200_000):
        began = time.process_time()
        try:
            entries_in(text, most=5)
        except CaseError as error:
            assert error.problems
        assert time.process_time() - began < 10  # 0.4 at most


@pytest.mark.parametrize("form", ["claims", "claims-xlsx", "annotations", "dna", "csl", "bibtex"])
def test_a_case_without_evidence_is_refused_in_words(form):
    bare = conflict(read_text("bestand: 1\ntitle: T\nparties: {a: {name: A}}\nlevers: {a.x: {is: x}}\n"))
    assert form in WRITERS
    with pytest.raises(AskError, match="no-claims"):
        export(bare, to=form)


def test_odd_evidence_is_refused_in_words(tmp_path):
    case = with_page(tmp_path)
    deep: object = "x"
    for _ in range(500):
        deep = [deep]
    for kind in ("inception", "annotations", "csl", "dna", "claims"):
        for content in ("{}", "[]", "[1]", "null", '{"items": 3}', '{"%FEATURE_STRUCTURES": [1]}', json.dumps(deep), json.dumps({"items": [{"target": deep}]}), "a", "",
                        json.dumps([{"title": 3, "issued": {"date-parts": "x"}}]), "statement ID,document title,text\n1,Talks,\n"):
            try:
                put(content, case, kind)
            except BestandError as error:
                assert str(error) and "Traceback" not in str(error)


def test_the_command_puts_claims_into_a_case(tmp_path, monkeypatch):
    from click.testing import CliRunner

    from bestand.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.yaml").write_text(with_page(tmp_path).text)
    (tmp_path / "more.csv").write_text("source,quote,gloss\np,ten tons,tons\n")
    told = CliRunner().invoke(main, ["import", "more.csv", "--into", "case.yaml", "-o", "new.yaml"])
    assert told.exit_code == 0 and "kept: quotes found word for word in their source: 1" in told.output, told.output
    assert read("new.yaml").file.claims["c4"].quote == "ten tons"
    assert CliRunner().invoke(main, ["import", "more.csv", "-o", "x.yaml"]).exit_code == 2
    dutch = CliRunner().invoke(main, ["import", "more.csv", "--into", "case.yaml", "-o", "nl.yaml", "--language", "nl"])
    assert "bewaard: citaten die woordelijk in hun bron zijn gevonden: 1" in dutch.output
