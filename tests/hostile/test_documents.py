"""Strangers' documents: read as a person sees them, once, within bounds; what is too much is refused in words."""

from __future__ import annotations

import gc
import hashlib
import io
import os
import re
import sys
import warnings
import zipfile
from pathlib import Path

import pytest

from bestand.case.quotes import keep_texts
from bestand.case.read import read, read_text
from bestand.documents import styles, word_parts
from bestand.documents.canonical import canonical
from bestand.documents.html import page_text
from bestand.documents.word import word_text
from bestand.errors import BestandError, CaseError, EvidenceError
from bestand.evidence import source
from bestand.evidence.quote import anchor
from bestand.evidence.source import Document, Shelf, locate, opened, text_of
from bestand.exchange.workbook import sheets
from tests.depth import spread

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(body: str, **parts: str) -> bytes:
    """A Word file with this body; other parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, xml in parts.items():
            file.writestr(f"word/{name}.xml", xml)
    return out.getvalue()


def run(text: str, properties: str = "") -> str:
    properties = re.sub(r"val=(\w+)", r'val="\1"', properties)
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(turn: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{turn}"/></w:r>'


def says(text: str, quote: str) -> bool:
    try:
        anchor(canonical(text), quote)
    except EvidenceError:
        return False
    return True


@pytest.mark.parametrize(
    ("body", "said", "not_said"),
    [
        (f"<w:p>{run('they ')}<w:del>{run('shall ')}</w:del><w:ins>{run('shall not ')}</w:ins>{run('move')}</w:p>", "they shall not move", "they move"),
        (f"<w:p><w:moveFrom>{run('old place')}</w:moveFrom></w:p><w:p><w:moveTo>{run('new place')}</w:moveTo></w:p>", "new place", "old place"),
        (f"<w:p>{run('it will ')}{run('not ', '<w:strike/>')}{run('hold')}</w:p>", "it will hold", "not hold"),
        (f"<w:p>{run('it will ')}{run('not ', '<w:dstrike/>')}{run('hold')}</w:p>", "it will hold", "not hold"),
        (f"<w:p>{run('it will ')}{run('not ', '<w:vanish/>')}{run('hold')}</w:p>", "it will hold", "not hold"),
        (f"<w:p>{run('it will ')}{run('not ', '<w:strike w:val=0/>')}{run('hold')}</w:p>", "it will not hold", "will hold"),
        (f"<w:p>{run('not ', '<w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange>')}{run('now')}</w:p>", "not now", "x"),
        (f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{run('gone')}</w:p></w:tc></w:tr><w:tr><w:tc><w:p>{run('cell one')}</w:p></w:tc><w:tc><w:p>{run('cell two')}</w:p></w:tc></w:tr></w:tbl>", "cell two", "gone"),
        (f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('a truce un')}</w:p><w:p>{run('til May')}</w:p>", "truce until May", "x"),
        (f"<w:p>{run('from the line')}{run('2', '<w:vertAlign w:val=superscript/>')}{run(' today')}</w:p>", "from the line", "the line today"),
        (f"<w:p>{run('CO')}{run('2', '<w:vertAlign w:val=subscript/>')}{run(' now')}</w:p>", "CO2 now", "x"),
        (f"<w:p><w:r><w:instrText>REF secret</w:instrText></w:r>{run('seen')}</w:p>", "seen", "secret"),
        (f"<w:p>{run('before ')}<w:r><w:pict><w:txbxContent><w:p>{run('in a box')}</w:p></w:txbxContent></w:pict></w:r>{run('after')}</w:p>", "before after", "before in"),
        (f"<w:p>{run('a ')}{field('begin')}<w:r><w:instrText>IF </w:instrText></w:r>{field('begin')}<w:r><w:instrText>REF x</w:instrText></w:r>{field('separate')}{run('not this ')}{field('end')}{field('separate')}{run('truce ')}{field('end')}{run('holds')}</w:p>", "a truce holds", "not this"),
        (f"<w:p>{run('Table ')}{field('begin')}<w:r><w:instrText>SEQ Table</w:instrText></w:r>{field('separate')}{run('3')}{field('end')}{run(': losses')}</w:p>", "Table 3: losses", "SEQ"),
        (f"<w:p>{run('one')}<w:r><w:sym w:font='Symbol' w:char='F0AE'/></w:r>{run('two')}<w:r><w:sym w:char='00A7'/></w:r>{run('4')}</w:p>", "two§4", "onetwo"),
        ("<w:p><x:AlternateContent xmlns:x='x' xmlns:y='http://schemas.microsoft.com/office/word/2010/wordprocessingShape'><x:Choice Requires='y'><w:r><w:t>but this</w:t></w:r></x:Choice><x:Fallback><w:r><w:t>not this</w:t></w:r></x:Fallback></x:AlternateContent></w:p>", "but this", "not this"),
        ("<w:p><x:AlternateContent xmlns:x='x'><x:Fallback><w:r><w:t>but this</w:t></w:r></x:Fallback></x:AlternateContent></w:p>", "but this", "x"),
        (f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>{run('not this')}</w:p></w:tc></w:tr><w:tr><w:trPr><w:hidden w:val='0'/></w:trPr><w:tc><w:p>{run('but this')}</w:p></w:tc></w:tr></w:tbl>", "but this", "not this"),
        (f"<w:p>{run('from the line')}{run('2', '<w:position w:val=6/>')}{run(' today')}</w:p>", "from the line", "the line today"),
        (f"<w:p>{run('the Parties', '<w:caps/><w:smallCaps/>')}{run(' agree')}<w:commentRangeStart/><w:r><w:commentReference/></w:r>{run(' here')}</w:p>", "the Parties agree here", "x"),
    ],
)
def test_a_word_file_says_what_its_reader_sees(body, said, not_said):
    text, _ = word_text(packed(body))
    assert says(text, said) and not says(text, not_said)


def test_boxes_notes_and_headers_of_a_word_file_are_said_once():
    box = f"<w:txbxContent><w:p>{run('in a box')}</w:p></w:txbxContent>"
    alternatives = f'<mc:AlternateContent xmlns:mc="m"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>'
    notes = f'<w:footnotes {W}><w:footnote w:id="2"><w:p>{run("see annex")}</w:p></w:footnote><w:footnote w:id="3"><w:p>{run("of a deleted mark")}</w:p></w:footnote></w:footnotes>'
    body = f'<w:p>{run("the line")}<w:r><w:footnoteReference w:id="2"/></w:r>{run(" by dawn")}<w:r>{alternatives}</w:r></w:p><w:del><w:r><w:footnoteReference w:id="3"/></w:r></w:del>'
    head = f"<w:hdr {W}><w:p>{run('Secret until May')}</w:p></w:hdr>"
    text, _ = word_text(packed(body, footnotes=notes, header1=head, header2=head))
    for quote in ("in a box", "see annex", "the line by dawn", "Secret until May"):
        assert says(text, quote), quote
    assert not says(text, "of a deleted mark")


def test_styles_of_a_word_file_strike_and_hide():
    styles = (
        f'<w:styles {W}><w:style w:styleId="Gone"><w:rPr><w:strike/></w:rPr></w:style><w:style w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="Hid"><w:basedOn w:val="Base"/></w:style><w:style w:styleId="Round"><w:basedOn w:val="Round"/></w:style></w:styles>'
    )
    body = f"<w:p>{run('it will ')}{run('not ', '<w:rStyle w:val=Gone/>')}{run('hold', '<w:rStyle w:val=Round/>')}{run(' long', '<w:rStyle w:val=Gone/><w:strike w:val=0/>')}</w:p>"
    hidden = f'<w:p><w:pPr><w:pStyle w:val="Hid"/></w:pPr>{run("unseen")}</w:p>'
    text, notes = word_text(packed(body + hidden, styles=styles))
    assert says(text, "it will hold long") and not says(text, "unseen") and notes == {"struck-out", "hidden"}


def test_a_case_says_that_a_source_has_tracked_changes(tmp_path):
    content = packed(f"<w:p><w:ins>{run('a truce holds')}</w:ins></w:p>")
    (tmp_path / "d.docx").write_bytes(content)
    case = read_text(case_with("a truce holds", content, "d.docx"), path=tmp_path / "case.yaml")
    assert case.notes == {"s": frozenset({"tracked-changes"})}


def case_with(quote: str, content: bytes, file: str) -> str:
    digest = hashlib.sha256(content).hexdigest()
    return (
        f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}}}\nsources:\n  s: {{title: S, sha256: '{digest}', file: '{file}'}}\n"
        f"claims:\n  c: {{source: s, quote: '{quote}', gloss: g}}\n"
    )


@pytest.mark.parametrize(
    ("page", "said", "not_said"),
    [
        ("<p>it will <del>not</del> hold", "it will hold", "not hold"),
        ("<p>it will <s>not</s><strike>never</strike> hold", "it will hold", "not"),
        ("<p>it will <span style='text-decoration: line-through red'>not</span> hold", "it will hold", "not"),
        ("<p>it will <span style='display:none'>not</span> hold", "it will hold", "not"),
        ("<p>it will <span hidden>not</span> hold", "it will hold", "not"),
        ("<style>.x, .y{color:red; visibility:hidden}</style><p>it will <b class='y z'>not</b> hold", "it will hold", "not"),
        ("<style>s.n{text-decoration-line:line-through}</style><p>it will <s class=n>not</s> hold", "it will hold", "not"),
        ("<p hidden>not said<p>said", "said", "not said"),
        ("<ul><li hidden>not this<li>but this</ul>", "but this", "not this"),
        ("<table><tr><td hidden>not this<td>but this<tr><td>and that</table>", "and that", "not this"),
        ("<noscript>not this</noscript><template>nor this</template><textarea>but this</textarea>", "but this", "this nor"),
        ("<figure><img><figcaption>The envoy arrives</figcaption></figure>Monitors stay<hr>Fighting resumed", "Monitors stay", "stayFighting"),
        ("<p>the line<sup>2</sup> today", "the line", "the line today"),
        ("<p>10<sup>6</sup> people", "people", "x"),
        ("<!-- not this --><p>but this", "but this", "not this"),
        ("<p>said<!-- not this", "said", "not this"),
        ("<p>a < b and this", "and this", "x"),
        ("<ruby>停<rp>(<rt>てい<rp>)<rp></ruby>火", "停火", "てい"),
        ("<p>said <q>we stay</q> here", 'said "we stay" here', "said we stay"),
        ("<dialog>not this</dialog><dialog open>but this</dialog><div popover>nor that</div>", "but this", "not this"),
        ("<svg><desc>not this</desc><defs><text>not this</text></defs><text>but this</text></svg>", "but this", "not this"),
        ("<p>it <i style='color:transparent'>not </i><i style='transform:scale(0)'>not </i>hold", "it hold", "not"),
        ("<p>it <i style='display:/* now */none'>not </i>hold", "it hold", "not"),
        ("<style>.r{position:absolute;left:-9999px}</style><p>it <i class=r>not </i>hold", "it hold", "not"),
        ("<style>.r{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)}</style><p>it <i class=r>not </i>hold", "it hold", "not"),
        ("<style>.a .b, #c > i, [data-x], u[lang=nl], *.d{display:none}</style><p class=a><i><b class=b>not </b></i><p id=c>it <i>not </i><b data-x>not </b><u lang=nl>not </u><b class=d>not </b>hold", "it hold", "not"),
        ("<style>#c > i{display:none}</style><p id=c>it <b><i>will</i></b> hold", "it will hold", "x"),
        ("<style>@media print{.p{display:none}} @media screen and (max-width: 600px){.p{display:none}}</style><p>it <b class=p>will</b> hold", "it will hold", "x"),
        ("<style media=print>.p{display:none}</style><noscript><style>b{display:none}</style></noscript><p>it <b class=p>will</b> hold", "it will hold", "x"),
        ("<style>@media screen{@supports (a:b){.p{display:none}}} .q{color:red}</style><p>it <b class=p>not </b>hold", "it hold", "not"),
        ("<style>.x{display:none} .x.open{display:inline}</style><p>it <b class='open x'>will</b> hold", "it will hold", "x"),
        ("<style>#x{display:inline} .x{display:none}</style><p>it <b id=x class=x>will</b> hold", "it will hold", "x"),
        ("<style>#x{display:inline} .x{display:none!important}</style><p>it <b id=x class=x>not </b>hold", "it hold", "not"),
        ("<style>.x{display:none}</style><p>it <b class=x style='display:inline'>will</b> hold", "it will hold", "x"),
        ("<style>[hidden]{display:inline}</style><p>it <b hidden>will</b> hold", "it will hold", "x"),
        ("<style>b:hover, b::after, i + u{display:none} @keyframes f{from{opacity:0}}</style><p>it <i></i><b>will</b> hold", "it will hold", "x"),
        ("<style>@keyframes in{to{opacity:1}} .f{opacity:0;animation:in 1s forwards}</style><p>it <b class=f>will</b> hold", "it will hold", "x"),
        ("<div style='visibility:hidden'>not this <b style='visibility:visible'>but this</b></div>", "but this", "not this"),
        ("<div style='font-size:0'>not this <b style='font-size:16px'>but this</b> <b style='font-size:2em'>not this</b></div>", "but this", "not this"),
        ("<p>it <b aria-hidden=true>will</b> <ins>not</ins> hold", "it will not hold", "x"),
    ],
)
def test_a_page_says_what_a_browser_shows(page, said, not_said):
    text, _ = page_text(page)
    assert says(text, said) and not says(text, not_said)


def test_a_page_says_that_words_are_struck_out_or_hidden():
    assert page_text("<p><s>no</s><p hidden>x")[1] == {"struck-out", "hidden"}
    assert page_text("<p>yes<script>no()</script>")[1] == frozenset()


@spread(
    "page",
    ["<!--" * 50_000, "<a " * 50_000, "<p>" * 75_000, "<b>" * 900, "</x>" * 75_000, "<![CDATA[" * 25_000, "<?" * 75_000, "&" * 125_000, '<a b="' * 25_000, "<style>" * 25_000, "<li>" * 50_000, "<style>{" * 12_000, "<a" * 50_000 + ">", "<style>" + "a{" * 25_000, "<style>" + "@media screen{" * 15_000 + "a{display:none}"],
    ids=lambda page: page[:8],
    first=2,
)
def test_pages_that_no_browser_would_finish_end(page):
    assert isinstance(page_text(page)[0], str)


@spread("sheet", ["[x]{display:none}" * 2_000, ("div " * 49 + ".z{display:none}") * 2_000], first=1)
def test_style_sheets_that_take_too_long_are_refused(sheet, monkeypatch):
    monkeypatch.setattr(styles, "MOST_COMPARED", 50_000)
    with pytest.raises(EvidenceError, match="too-large"):
        page_text(f"<style>{sheet}</style>" + "<div>" * 100 + "<p class=z>x" * 1_000)


def test_what_is_nested_too_deep_is_refused():
    with pytest.raises(EvidenceError, match="too-large"):
        page_text("<div>" * 5_000)
    with pytest.raises(EvidenceError, match="too-large"):
        word_text(packed("<w:sdt>" * 5_000))


def test_a_word_file_that_unpacks_without_end_is_refused_before_it_does():
    bomb = packed("<w:p>" + " " * (word_parts.MOST_UNPACKED + 1) + "</w:p>")
    assert len(bomb) < 200_000
    with pytest.raises(EvidenceError, match="too-large"):
        word_text(bomb)


@pytest.mark.parametrize("element", ["<w:r/>", "<w:p/>", "<w:p><w:r><w:t>x</w:t></w:r></w:p>"])
def test_a_word_file_of_millions_of_elements_is_refused_before_they_are_looked_through(element):
    bomb = packed(element * (word_parts.MOST_TAGS_OF_WORD // element.count("<") + 1))
    with pytest.raises(EvidenceError, match="more than 1,000,000 tags"):
        word_text(bomb)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_word_file_or_workbook_that_is_packed_as_none_is_is_refused_damaged_or_not(method):
    """A damaged part that is packed by LZMA raised an error of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name in ("word/document.xml", "xl/workbook.xml"):
            file.writestr(name, f"<w:document {W}><w:body>{run(' '.join(map(str, range(900))))}</w:body></w:document>")
    whole = out.getvalue()
    for content in (whole, whole[:80] + bytes(200) + whole[280:]):
        with pytest.raises(EvidenceError, match="no Word file"):
            word_text(content)
        with pytest.raises(CaseError, match="import/not-xlsx"):
            sheets(content)


def test_a_workbook_with_two_parts_of_one_name_is_refused():
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out, "w") as file:
            for title in ("said", "unsaid"):
                file.writestr("xl/workbook.xml", f"<workbook><sheets><sheet name='{title}'/></sheets></workbook>")
    with pytest.raises(CaseError, match="import/not-xlsx"):
        sheets(out.getvalue())


@spread(("n_pages", "n_drawn"), [(1, source.MOST_DRAWN), (1, 90_000_000), (30, 900_000), (source.MOST_PAGES + 1, 0)], first=1)
def test_a_pdf_that_draws_without_end_is_refused(n_pages, n_drawn, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    from pypdf.generic import DecodedStreamObject, NameObject

    file, stream = pypdf.PdfWriter(), DecodedStreamObject()
    stream.set_data(b" " * n_drawn + b" ")
    drawn = file._add_object(stream.flate_encode())
    for _ in range(n_pages):
        file.add_blank_page(100, 100)[NameObject("/Contents")] = drawn
    out = io.BytesIO()
    file.write(out)
    with pytest.raises(EvidenceError, match=r"evidence/(too-large|unreadable)"):
        text_of(Document(tmp_path / "d.pdf", out.getvalue(), ""))


def related(**targets: str) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    told = "".join(f'<Relationship Id="{name}" Type="{kind}{name.rstrip("0123456789")}" Target="{target}"/>' for name, target in targets.items())
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{told}</Relationships>'


def of_parts(*parts: tuple[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, xml in parts:
            file.writestr(name, xml)
    return out.getvalue()


def part(text: str, name: str = "document", more: str = "") -> str:
    return f'<w:{name} {W} xmlns:r="r"><w:p>{run(text)}</w:p>{more}</w:{name}>'


MAIN = ("_rels/.rels", related(officeDocument="word/real.xml"))
HEADS = '<w:sectPr><w:headerReference r:id="header1"/></w:sectPr>'


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([MAIN, ("word/document.xml", part("decoy")), ("word/real.xml", part("real"))], "real"),
        ([("_rels/.rels", related(officeDocument="/word/real.xml")), ("word/real.xml", part("real"))], "real"),
        ([("_rels/.rels", related(officeDocument="word/../text/Real.xml")), ("Text/real.XML", part("real"))], "real"),
        ([MAIN, ("word/real.xml", part("real")), ("word/document2.xml", part("decoy")), ("word/header1.xml", part("decoy", "hdr"))], "real"),
        ([MAIN, ("word/real.xml", part("real", more=HEADS)), ("word/_rels/real.xml.rels", related(header1="h/a.xml", header2="h/b.xml")), ("word/h/a.xml", part("head", "hdr")), ("word/h/b.xml", part("decoy", "hdr"))], "real head"),
        ([MAIN, ("word/real.xml", part("real", more=HEADS)), ("word/_rels/real.xml.rels", related(header1="h/a.xml")), ("word/h/c.xml", part("decoy", "hdr"))], "real"),
        ([MAIN, ("word/real.xml", part("real")), ("word/_rels/real.xml.rels", related(header1="real.xml", footnotes="../../../etc/passwd"))], "real"),
        ([MAIN, ("word/real.xml", f"<w:document {W}><w:p>{run('real')}</w:p><w:p><w:pPr><w:pStyle w:val='s'/></w:pPr>{run('decoy')}</w:p></w:document>"),
          ("word/_rels/real.xml.rels", related(styles="looks.xml")), ("word/looks.xml", f"<w:styles {W}><w:style w:styleId='s'><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"), ("word/styles.xml", "")], "real"),
        ([("word/document.xml", part("real"))], "real"),
    ],
)
def test_of_a_word_file_only_the_parts_that_word_would_show_are_said(parts, said):
    assert word_text(of_parts(*parts))[0].split() == said.split()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (of_parts(("word/document.xml", part("one")), ("word/document.xml", part("two"))), "two of its parts have one name"),
        (of_parts(("word/document.xml", part("one")), ("Word/Document.xml", part("two"))), "two of its parts have one name"),
        (of_parts(MAIN, ("word/document.xml", part("decoy"))), "no Word file"),
        (of_parts(("_rels/.rels", "<a"), ("word/document.xml", part("one"))), "damaged"),
        (of_parts(("_rels/.rels", "<!DOCTYPE a><a/>"), ("word/document.xml", part("one"))), "document type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Word file"),
        (b"{\\rtf1 truce}", "rich text"),
        (b"%PDF-1.7", "PDF and no Word file"),
        (packed("<w:p/>")[:-9], "cut off or damaged"),
        (b"", "cut off or damaged"),
        *((of_parts(("word/document.xml", f'<?xml version="1.0" encoding="{kind}"?>{part("one")}')), "damaged") for kind in ("foo", "utf-7", "utf-32", "idna", "hex", "rot13")),
        *((of_parts(("_rels/.rels", f'<?xml version="1.0" encoding="{kind}"?><a/>'), ("word/document.xml", part("one"))), "damaged") for kind in ("foo", "utf-7", "hex")),
        *((of_parts(("word/document.xml", part("one")), ("word/styles.xml", f'<?xml version="1.0" encoding="{kind}"?><a/>')), "damaged") for kind in ("foo", "utf-7", "hex")),
    ],
)
def test_what_is_no_word_file_is_told_in_words(content, says):
    with pytest.raises(EvidenceError, match=says) as refused:
        word_text(content)
    assert "Error" not in refused.value.problems[0].what and "Bad" not in refused.value.problems[0].what


@pytest.mark.parametrize("head", ['<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', "<!DOCTYPE w SYSTEM 'file:///etc/passwd'>"])
def test_entities_in_a_word_file_are_refused(head):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", f"{head}<w:document {W}/>")
    with pytest.raises(EvidenceError, match="unreadable"):
        word_text(out.getvalue())


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" + b"\0" * 60, packed("<w:p>"), packed("")[:-30]])
@pytest.mark.parametrize("kind", [".docx", ".pdf"])
def test_damaged_documents_are_refused_in_words(content, kind, tmp_path):
    (tmp_path / f"d{kind}").write_bytes(content)
    with pytest.raises(EvidenceError, match="evidence/"):
        text_of(opened(tmp_path / f"d{kind}"))


def test_a_text_that_is_too_long_is_refused(tmp_path):
    for kind in (".txt", ".html"):
        with pytest.raises(EvidenceError, match="too-large"):
            text_of(Document(tmp_path / f"d{kind}", b"x" * (source.MOST_LETTERS + 1), ""))


def test_one_line_of_megabytes_is_looked_through():
    line = canonical("x" * 1_900_000 + " a truce holds")
    assert anchor(line, "a truce holds").start == 1_900_001


@spread(
    ("text", "quote", "code"),
    [
        ("a" * 1_000_000, "a" * 5_000, "too-many-places"),
        ("a-" * 400_000, "a-" * 2_500, "too-many-places"),
        ("a-\n" * 200_000 + "b", "a-" * 2_499, "too-many-places"),
        ("a " * 400_000, "a " * 2_499 + "a", "ambiguous"),
        (("-" * 2_400 + "a ") * 400, "-" * 2_500 + "a", "not-found"),
    ],
    first=1,
)
def test_quotes_of_equal_letters_end_at_once(text, quote, code):
    with pytest.raises(EvidenceError, match=code):
        anchor(canonical(text), quote)


def test_the_bytes_that_are_checked_are_the_bytes_that_are_used(tmp_path, monkeypatch):
    (tmp_path / "s.txt").write_bytes(b"a truce holds")
    digest = hashlib.sha256(b"a truce holds").hexdigest()
    found = locate("s.txt", digest, [tmp_path])
    assert found is not None
    (tmp_path / "s.txt").write_bytes(b"no truce holds")
    assert text_of(found).words == "a truce holds"
    with pytest.raises(EvidenceError, match="changed-digest"):
        locate("s.txt", digest, [tmp_path])


def test_a_folder_is_read_once_for_many_sources(tmp_path, monkeypatch):
    for k in range(5):
        (tmp_path / f"s{k}.txt").write_text(f"text {k}")
    read_paths = []
    real = source.content
    monkeypatch.setattr(source, "content", lambda path, *, most: read_paths.append(path) or real(path, most=most))
    shelf = Shelf([tmp_path])
    for k in range(50):
        assert shelf.locate("", f"{k:064}") is None
    assert len(read_paths) == 5
    assert shelf.locate("", hashlib.sha256(b"text 3").hexdigest()).path.name == "s3.txt"


def test_what_lies_beside_a_case_is_nobodys_business(tmp_path):
    (tmp_path / "case.yaml").write_text(case_with("x y", b"x y", "absent.txt"))
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "secret.txt").chmod(0)
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    with open(tmp_path / "large.txt", "wb") as large:
        large.truncate(10 * source.MOST_BYTES)
    assert read(tmp_path).quotes["c"].status == "unchecked"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), source.MOST_BYTES + 1)])
def test_a_named_source_that_cannot_be_read_is_told_or_left_unchecked(make, tmp_path):
    make(tmp_path / "s.txt")
    text = case_with("x y", b"x y", "s.txt")
    if (tmp_path / "s.txt").is_dir():
        assert read_text(text, path=tmp_path / "case.yaml").quotes["c"].status == "unchecked"
        return
    with pytest.raises(BestandError, match=r"evidence/(unreadable|too-large)"):
        read_text(text, path=tmp_path / "case.yaml")


def test_a_case_that_is_no_plain_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "case.yaml")
    for name in (tmp_path / "case.yaml", "/dev/zero", tmp_path):
        with pytest.raises(BestandError, match="case/no-file"):
            read(name)


def test_a_text_that_is_kept_replaces_nothing(tmp_path):
    page = b"<p>A <b>truce</b> holds."
    (tmp_path / "p.html").write_bytes(page)
    path = tmp_path / "case.yaml"
    file = read_text(case_with("A truce holds", page, "p.html"), path=path).file
    [kept] = keep_texts(file, path, None)
    assert keep_texts(file, path, None) == [kept]
    kept.write_text("mine")
    with pytest.raises(BestandError, match="file/exists"):
        keep_texts(file, path, None)
    assert kept.read_text() == "mine"
    keep_texts(file, path, None, force=True)
    assert kept.read_text() != "mine"


@pytest.mark.parametrize(
    ("text", "quote", "whole"),
    [
        ("各方同意立即停火并撤军。", "立即停火", True),
        ("ข้อตกลงหยุดยิงมีผลทันที", "หยุดยิง", True),
        ("ข้อตกลงหยุดยิงมีผลทันที", "หยุดย", False),  # cuts a vowel sign from its letter
        ("キエフはウクライナの首都", "ウクライナ", True),
        ("キエフはウクライナの首都", "クライナ", False),
        ("정전에 합의했다", "합의했다", True),
        ("정전에 합의했다", "의했다", False),
        ("The \u2068Minsk\u2069 agreement\u200f holds", "The Minsk agreement holds", True),
        ("peace\ufe0f now\u202e", "peace now", True),
        ("un\u202eacceptable", "acceptable", False),
        ("الــســلام الآن", "السلام", True),
        ("wĳ blijven, ĲSSEL", "wij blĳven, IJSSEL", True),
        ("un\u200bacceptable", "acceptable", False),
        ("双方不\n同意停火。", "不同意停火", True),
        ("双方不\r\n  同意停火，\n并撤军", "不同意停火，并撤军", True),
        ("双方不同意停火", "不 同意\n停火", True),
        ("双方不\u3000同意", "不同意", True),
        ("停戦に\n合意しない", "停戦に合意しない", True),
        ("停戦を\nウクライナが", "停戦をウクライナが", True),
        ("ウクライナ ロシア", "ロシア", True),
        ("ウクライナ\nロシア", "ウクライナロシア", False),
        ("ข้อตกลง\nหยุดยิง", "ข้อตกลงหยุดยิง", True),
        ("នឹង\u200bឈប់\nបាញ់", "នឹងឈប់បាញ់", True),
        ("정전에\n합의했다", "정전에합의했다", False),
        ("정전에\n합의했다", "정전에 합의했다", True),
        ("truce\n停火 now", "truce 停火 now", True),
    ],
)
def test_words_end_where_unicode_says(text, quote, whole):
    assert says(text, quote) == whole


def test_a_plain_text_cannot_pass_half_a_word_by_an_invisible_sign(tmp_path):
    text = text_of(Document(tmp_path / "d.txt", "un\u2063acceptable".encode(), "")).words
    assert not says(text, "acceptable")


@pytest.mark.parametrize(("charset", "codec", "words"), [("windows-1251", "cp1251", "перемирие"), ("ISO-8859-1", "cp1252", "é “vrede”"), ("shift_jis", "shift_jis", "停戦"), ("utf-8", "utf-8", "мир")])
def test_a_page_is_read_in_the_characters_that_it_declares(charset, codec, words, tmp_path):
    page = f'<html><head><meta charset="{charset}"></head><p>{words}</p>'.encode(codec)
    assert words in text_of(Document(tmp_path / "d.html", page, "")).words


@pytest.mark.parametrize(("content", "kind"), [(b"<meta charset=idna><p>\xff\xfea", ".html"), (b"<meta charset=gbk><p>\xff\xff", ".html"), (b"\xe9t\xe9", ".txt")])
def test_other_characters_are_refused_in_words(content, kind, tmp_path):
    with pytest.raises(EvidenceError, match=r"unreadable.*UTF-8"):
        text_of(Document(tmp_path / f"d{kind}", content, ""))


def test_text_with_a_mark_of_utf_16_is_read(tmp_path):
    assert text_of(Document(tmp_path / "d.txt", "\ufeffa truce".encode("utf-16-le"), "")).words == "a truce"


WORDS = "The parties shall not move"
UNICODE = {"utf-8": True, "utf-8-sig": True, "utf-16": True, "utf-32": True, "utf-16-le": False, "utf-16-be": False, "utf-32-le": False, "utf-32-be": False}
LOCAL = {
    "windows-1252": "Côté", "cp1252": "Côté", "latin-1": "Côté", "iso-8859-15": "Côté €", "windows-1251": "Мир", "cp1251": "Мир", "koi8-r": "Мир",
    "iso-8859-9": "ışık", "shift_jis": "停火", "euc-jp": "停火", "euc-kr": "휴전", "gbk": "停火", "gb2312": "停火", "big5": "停火", "macintosh": "Côté",
}  # fmt: skip


def read_as(ending: str, raw: bytes) -> str:
    return text_of(Document(Path(f"a.{ending}"), raw, "")).words


@pytest.mark.parametrize("ending", ["txt", "md", "html"])
@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("more", ["", " Côté 停火"])
def test_a_document_is_read_by_its_mark_or_refused(ending, encoding, more):
    raw = (WORDS + more).encode(encoding)
    if UNICODE[encoding]:
        assert says(read_as(ending, raw), WORDS + more)
    else:
        with pytest.raises(EvidenceError, match="unreadable"):
            read_as(ending, raw)


@pytest.mark.parametrize("head", ["<meta charset={}>", '<meta charset=" {} ">', "<meta http-equiv=Content-Type content='text/html; charset={}'>", "<?xml version='1.0' encoding='{}'?>"])
@pytest.mark.parametrize("encoding", LOCAL)
def test_a_page_is_read_in_any_characters_that_it_declares(encoding, head):
    said = f"{WORDS}. {LOCAL[encoding]}"
    raw = (head.format(encoding) + "<p>").encode("ascii") + said.encode(encoding)
    assert says(read_as("html", raw), said)
    with pytest.raises(EvidenceError, match="unreadable"):
        read_as("txt", said.encode(encoding))


def test_nothing_is_said_of_damaged_documents_but_by_this_program(capfd, caplog):
    for raw in (b"", b"The p", b"%PDF-1.4", b"%PDF-1.4\n1 0 obj\x1b[31m", b"\0" * 100):
        with pytest.raises(EvidenceError, match="unreadable"):
            read_as("pdf", raw)
    assert capfd.readouterr() == ("", "") and not caplog.records


def _steps(depth: int, n_runs: int) -> int:
    """Calls and returns while a Word file is read that has so many runs, so deep."""
    content = packed("<w:sdt>" * depth + f"<w:p>{run('not ', '<w:strike/><w:color w:val=FF0000/><w:del/>')}</w:p>" * n_runs + "</w:sdt>" * depth)
    word_text(content)  # what is looked up once is there
    n_steps = 0

    def counted(*_: object) -> None:
        nonlocal n_steps
        n_steps += 1

    before = sys.getprofile()
    gc.disable()  # what is called when it runs, as that of a library of tests is, counts as well
    sys.setprofile(counted)
    try:
        word_text(content)
    finally:
        sys.setprofile(before)
        gc.enable()
    return n_steps


def test_what_stands_deep_in_a_word_file_takes_no_longer_to_read():
    deep, shallow = (_steps(depth, 20) - _steps(depth, 10) for depth in (250, 5))
    assert deep == shallow > 100  # what stands around a run is not walked through for each


@pytest.mark.parametrize(
    ("body", "said", "not_said", "notes"),
    [
        (f"<w:p>{run('a ')}<w:r><w:rPr><w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange><w:strike/></w:rPr><w:t>not </w:t></w:r>{run('b')}</w:p>", "a b", "not", {"struck-out"}),
        (f"<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/><w:vMerge/></w:tcPr><w:p>{run('not ')}</w:p></w:tc></w:tr></w:tbl><w:del><w:p>{run('nor')}</w:p></w:del><w:p>{run('b')}</w:p>", "b", "nor", {"tracked-changes", "hidden"}),
        (f"<w:del><w:p>{run('not')}</w:p></w:del><w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr></w:tc></w:tr></w:tbl><w:p>{run('b')}</w:p>", "b", "not", {"tracked-changes"}),
        (f"<w:p><w:r><w:pict><w:txbxContent><w:p>{run('a box')}</w:p></w:txbxContent></w:pict></w:r>{run('one')}</w:p><w:p>{run('two')}</w:p>", "one a box two", "one two", set()),
    ],
)  # fmt: skip
def test_what_is_open_in_a_word_file_ends_with_it(body, said, not_said, notes):
    text, noted = word_text(packed(body))
    assert says(text, said) and not says(text, not_said) and noted == notes
