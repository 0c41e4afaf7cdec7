"""What is printed of a study: layered and short, with numbers of pages and sections; and a brief as a file to print or to edit."""

from __future__ import annotations

import importlib
import io
import os
import re
import select
import socket
import sys
import time
import zipfile
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from bestand.case.read import read, read_text
from bestand.cli import main
from bestand.errors import AskError
from bestand.report import printed
from bestand.report.brief import brief
from bestand.report.page import SECTIONS, report
from bestand.report.summary import tables
from bestand.report.versions import version_blocks
from bestand.study.stages import study
from bestand.telling.telling import Telling
from bestand.telling.words import LANGUAGES, words
from tests.banks import CASE
from tests.depth import in_depth, spread
from tests.pages import page_of
from tests.report.test_brief import MOST_WORDS


class Outline(HTMLParser):
    """Headings in their order, and how many tables have no heads."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.tables: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "table":
            self.tables.append(0)
        if tag == "th" and self.tables:
            self.tables[-1] += 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_go_down_one_step_at_a_time(banks, language: str) -> None:
    for html in (page_of(banks, language), brief(banks, language=language).html):
        found = Outline()
        found.feed(html)
        assert found.levels[0] == 1 and found.levels.count(1) == 1
        assert all(there <= here + 1 for here, there in zip(found.levels, found.levels[1:], strict=False))


def test_sections_bear_the_numbers_by_which_a_brief_refers_to_them(banks) -> None:
    html = page_of(banks)
    headed = re.findall(r'<h2 id="(\w+)"><span class="number">(\d+)</span>', html)
    assert [number for _, number in headed] == [str(k + 1) for k in range(len(headed))] and len(headed) < len(SECTIONS)  # no number is left out
    assert [name for name, _ in headed] == [name for name in SECTIONS if name in dict(headed)]
    for name, number in headed:
        assert f'<li value="{number}"><a href="#{name}">' in html
    made = brief(banks)
    told = re.findall(r'<span class="at" title="[^"]*">(\d+)</span>', made.html)
    assert told == [dict(headed)[each.section] for each in made.sentences if each.section in dict(headed)] and told


def test_what_is_printed_says_that_the_rest_is_folded(banks) -> None:
    html = page_of(banks, "nl")
    assert words("nl")("print_note") in html and ".in-print { display: none; }" in html


def test_versions_of_the_parties_have_a_column_each_and_an_end_is_described_once(banks) -> None:
    telling = Telling(banks.conflict, words("en"))
    blocks = version_blocks(banks, telling)
    assert blocks, "the versions of this case differ"
    (block,) = blocks
    assert block.columns[0] == "North" and {row[0].text for row in block.rows[1:]} == {"unyielding", "soft line"}
    ends = {row[block.columns.index("Ends in")].text for row in block.rows[1:]}
    assert all(f"{end}: " in " ".join(block.after) for end in ends) and max(map(len, ends)) == 1


def test_a_brief_is_a_word_file_that_can_be_edited(banks, tmp_path) -> None:
    docx = pytest.importorskip("docx")
    made = brief(banks, language="nl")
    file = docx.Document(str(made.save(tmp_path / "nota.docx")))
    told = "\n".join(line.text for line in file.paragraphs)
    for part in made.parts:
        assert part.title in told
        assert all(each.text in told for each in part.sentences)
    assert round(file.sections[0].page_width.mm) == 210 and file.core_properties.title == made.title
    assert 'w:val="nl-NL"' in file.styles.element.xml and "PAGE" in file.sections[0].footer.paragraphs[0]._p.xml
    assert [[cell.text for cell in row.cells] for row in file.tables[0].rows] == [list(row) for row in made.matrix]
    title = words("nl")("brief_picture")
    assert title in told and f'<w:tblCaption w:val="{title}"/>' in file.tables[0]._tbl.xml  # the table had no title there


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_file_has_the_parts_that_readers_and_screen_readers_go_by(banks, language: str, tmp_path) -> None:
    """By ECMA-376: styles that exist, heads of tables, one language, A4 upright, elements of a run in the order of its schema, unique where once."""
    pytest.importorskip("docx")
    from lxml import etree

    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(brief(banks, language=language).save(tmp_path / "brief.docx")) as packed:
        assert packed.testzip() is None
        parts = {name: etree.fromstring(packed.read(name)) for name in packed.namelist() if name.endswith((".xml", ".rels"))}
    body, styles = parts["word/document.xml"], parts["word/styles.xml"]
    known = {each.get(f"{w}styleId") for each in styles.iter(f"{w}style")}
    used = [each.get(f"{w}val") for tag in ("pStyle", "rStyle", "tblStyle") for each in body.iter(f"{w}{tag}")]
    assert set(used) <= known and {"Title", "Subtitle", "Heading1", "ListBullet", "TableGrid"} <= set(used)
    levels = [each for each in used if each in ("Title", "Heading1")]
    assert levels[0] == "Title" and levels.count("Title") == 1 and levels.count("Heading1") >= 3
    for table in body.iter(f"{w}tbl"):
        rows = list(table.iter(f"{w}tr"))
        assert rows[0].find(f"{w}trPr/{w}tblHeader") is not None and all(row.find(f"{w}trPr/{w}tblHeader") is None for row in rows[1:])
        assert len({len(list(row.iter(f"{w}tc"))) for row in rows}) == 1
    spoken = {each.get(f"{w}val") for each in styles.iter(f"{w}lang")} | {each.get(f"{w}val") for each in body.iter(f"{w}lang")}
    assert spoken == {printed.LANGUAGES[language]}
    size = next(body.iter(f"{w}pgSz"))
    assert (int(size.get(f"{w}w")), int(size.get(f"{w}h"))) == (11906, 16838)
    order = ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "color", "spacing", "kern", "sz", "szCs", "u", "vertAlign", "lang"]
    for properties in (*styles.iter(f"{w}rPr"), *body.iter(f"{w}rPr")):
        names = [etree.QName(each).localname for each in properties]
        assert len(names) == len(set(names))
        assert [name for name in names if name in order] == sorted((name for name in names if name in order), key=order.index), names
    told = " ".join(each.text or "" for each in body.iter(f"{w}t"))
    assert 100 < len(told.split()) <= MOST_WORDS


def test_signs_of_markup_in_a_case_do_not_spoil_a_word_file(tmp_path) -> None:
    pytest.importorskip("docx")
    odd = study(read_text(CASE.replace("en: North,", 'en: "North <b>&amp; ]]>",')), draws=1)
    assert brief(odd).save(tmp_path / "odd.docx").stat().st_size > 10_000


def test_without_a_browser_or_the_extra_the_way_out_is_said(banks, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(printed.shutil, "which", lambda name: None)
    monkeypatch.setattr(printed.importlib, "import_module", _not_there)
    with pytest.raises(AskError, match="report/no-browser"):
        brief(banks).save(tmp_path / "brief.pdf")
    assert not list(tmp_path.iterdir())
    with pytest.raises(AskError, match="report/no-browser"):
        printed.can_be_made(".pdf")
    monkeypatch.setattr(printed, "optional", _missing)
    with pytest.raises(AskError, match="report/needs-extra"):
        printed.can_be_made(".docx")


def test_a_report_is_printed_too_and_refused_before_any_work_where_it_cannot_be(banks, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    seen = []
    monkeypatch.setattr(sys.modules["bestand.report.page"], "pdf", lambda page: seen.append(page) or b"%PDF-1.7")
    made = report(banks)
    assert made.save(tmp_path / "report.PDF").read_bytes() == b"%PDF-1.7" and seen == [made.html]
    monkeypatch.setattr(printed.shutil, "which", lambda name: None)
    monkeypatch.setattr(printed.importlib, "import_module", _not_there)
    monkeypatch.setattr(sys.modules["bestand.cli.pages"], "read_case", lambda *_: pytest.fail("work was done"))
    for command in ("run", "brief"):
        told = CliRunner().invoke(main, [command, "example/en", "--out", str(tmp_path / "page.pdf")])
        assert told.exit_code == 2 and "report/no-browser" in told.output and "write .html" in told.output
    told = CliRunner().invoke(main, ["run", "example/en", "--out", str(tmp_path / "page.docx")])
    assert told.exit_code == 2 and ".html or .pdf" in told.output and not (tmp_path / "page.docx").exists()


@pytest.mark.parametrize("error", [ImportError, OSError])
def test_a_printer_whose_libraries_are_not_there_is_none(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise error(name)

    monkeypatch.setattr(printed.shutil, "which", lambda name: None)
    monkeypatch.setattr(printed.importlib, "import_module", broken)
    with pytest.raises(AskError, match=r"bestand\[pdf\]"):
        printed.can_be_made(".pdf")


@in_depth
def test_without_a_browser_weasyprint_prints_the_brief_and_fetches_nothing(banks, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    pytest.importorskip("weasyprint")
    pypdf = pytest.importorskip("pypdf")
    monkeypatch.setattr(printed.shutil, "which", lambda name: None)
    made = brief(banks).save(tmp_path / "brief.pdf")
    pages = pypdf.PdfReader(str(made)).pages
    assert 1 <= len(pages) <= 2 and "Bottom line" in pages[0].extract_text()
    (tmp_path / "other.css").write_text("p { display: none }", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        outside = f"<link rel=stylesheet href='{(tmp_path / 'other.css').as_uri()}'><img src='http://127.0.0.1:{listening.getsockname()[1]}/a.png'>"
        kept = printed.pdf(f"{outside}<p>kept</p><details><summary>more</summary><p>folded</p></details>")
        with pytest.raises(BlockingIOError):
            listening.accept()
    text = pypdf.PdfReader(io.BytesIO(kept)).pages[0].extract_text()
    assert "kept" in text and "folded" not in text


def _not_there(name: str, package: str | None = None, *, real=importlib.import_module) -> object:
    if name == "weasyprint":
        raise ImportError(name)
    return real(name, package)


def _missing(module: str, *, extra: str, code: str, what: str) -> None:
    from bestand.errors import Problem

    raise AskError(Problem(code, f"{what} needs {module}", hint=extra))


PRINTERS = {
    "exit": ("exit 3", "it ended with 3"),
    "silent": ("exit 0", "no file"),
    "no PDF": ('echo text > "$made"', "no PDF"),
    "slow": ("sleep 600 & sleep 600", "more than 0.5 seconds"),
    "endless": ('head -c 300000 /dev/zero > "$made"; sleep 600', "more than 100,000 bytes"),
    "deaf": ("trap '' TERM INT HUP; sleep 600", "more than 0.5 seconds"),
}


@pytest.mark.skipif(os.name == "nt", reason="the printer here is a shell script")
@pytest.mark.parametrize("failure", PRINTERS)
def test_a_printer_that_fails_or_never_ends_is_reported_in_time(failure: str, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    script, told = PRINTERS[failure]
    program = tmp_path / "chromium"
    program.write_text(f'#!/bin/sh\nfor each in "$@"; do case "$each" in --print-to-pdf=*) made="${{each#--print-to-pdf=}}";; esac; done\nexec 9> "$0.alive"\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setattr(printed.shutil, "which", lambda name: str(program))
    monkeypatch.setattr(printed, "MOST_SECONDS", 0.5 if "0.5" in told else 60)  # a busy machine takes its time for the others too
    os.mkfifo(tmp_path / "chromium.alive")
    alive = os.open(tmp_path / "chromium.alive", os.O_RDONLY | os.O_NONBLOCK)
    os.close(os.open(tmp_path / "chromium.alive", os.O_WRONLY))  # from now on it ends where nobody has it open
    monkeypatch.setattr(printed, "MOST_BYTES", 100_000)
    began = time.monotonic()
    with pytest.raises(AskError, match="report/not-printed") as raised:
        printed.pdf("<p>text</p>")
    assert told in str(raised.value) and "write .html" in str(raised.value) and time.monotonic() - began < 120
    with open(alive, "rb", buffering=0) as last:
        assert select.select([last], [], [], 60)[0] and last.read() == b""  # it ends with the last process: nothing that was started is left


def test_weasyprint_is_held_to_its_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("weasyprint")
    monkeypatch.setattr(printed.shutil, "which", lambda name: None)
    monkeypatch.setattr(printed, "MOST_SECONDS", 0.3)
    with pytest.raises(AskError, match="weasyprint did not print the page"):
        printed.pdf("<p>" + "<b>" * 20_000)


@spread("name", ["invented/harbour-strike", "invented/mountain-road", "ukraine/2025-04"], first=2)
def test_terminal_and_page_count_the_events_that_are_left_out_alike(name: str) -> None:
    """An event whose rate has several conditions is one event, told once."""
    known = study(read(name), draws=1, quick=True)
    (told,) = re.findall(r"Nothing moves by itself here: the (\d+) events", report(known).html)
    notes = [note for table in tables(known).values() for note in table.notes if "events of this view are left out" in note]
    happening = {each.name for each in known.graph.chances if each.source.size}
    once = {base if (base := re.sub(r"_\d+$", "", each)) in happening else each for each in happening}  # `found_2` is of `found`
    assert int(told) <= len(once) < len(happening) and [note.startswith(f"{told} events") for note in notes] == [True]
