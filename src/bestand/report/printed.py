"""A brief as a file to print or to edit: PDF by a browser that is there or by WeasyPrint, Word by python-docx."""

from __future__ import annotations

import importlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from bestand.documents.first_bytes import PDF
from bestand.errors import AskError, FileError, Problem, short
from bestand.extras import optional
from bestand.files import content
from bestand.report import weasy
from bestand.report.bounded import run_within

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MOST_SECONDS = 60  # that a printer may take
MOST_BYTES = 50_000_000  # of what it prints
MOST_OF_PROPERTY = 255  # characters of what a Word file is called in a list of files
FOLDED = "details:not([open]) > :not(summary) { display: none }"  # as browsers print it
LANGUAGES = {"en": "en-GB", "nl": "nl-NL"}


def browser() -> str | None:
    """The first of the browsers that is installed; None where none is."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def printer() -> ModuleType:
    """WeasyPrint, which prints where no browser is installed.

    Raises
    ------
    AskError
        `report/no-browser`: neither is.
    """
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:  # OSError: the package is there, the system's Pango is not
        what = "a PDF is printed by Chromium, Chrome or WeasyPrint, and none of these is installed"
        hint = 'pip install "bestand[pdf]"; or write .html and print it from the browser you have, or write .docx'
        raise AskError(Problem("report/no-browser", what, hint=hint)) from error


def can_be_made(ending: str) -> None:
    """Nothing, where a file with that ending can be made here; before any work is done for it.

    Raises
    ------
    AskError
        `report/no-browser`, `report/needs-extra`.
    """
    if ending == ".pdf" and browser() is None:
        printer()
    if ending == ".docx":
        optional("docx", extra="documents", code="report/needs-extra", what="writing a Word file")


def pdf(page: str) -> bytes:
    """A page as a browser prints it, or WeasyPrint where there is none: A4, with page numbers. Nothing is fetched for it.

    Either runs as a process of its own, in a folder that is then removed, and is ended when its time or its room is spent.

    Raises
    ------
    AskError
        `report/no-browser`, `report/not-printed`.
    """
    program = browser()
    name = "weasyprint" if program is None else Path(program).name
    if program is None:
        printer()
    with tempfile.TemporaryDirectory(prefix="bestand-", ignore_cleanup_errors=True) as folder:
        source, made = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        command = _by_weasyprint(source, made) if program is None else _by_browser(program, source, made)
        # what can be imported here can be imported there
        paths = os.pathsep.join(path for path in sys.path if path)
        why = run_within(command, made, seconds=MOST_SECONDS, most=MOST_BYTES, environment={**os.environ, "PYTHONPATH": paths})
        if why:
            raise _not_printed(name, why)
        try:
            document = content(made, most=MOST_BYTES)
        except FileError as error:
            raise _not_printed(name, "no file") from error
    if not document.startswith(PDF):
        raise _not_printed(name, "no PDF")
    return document


def _by_browser(program: str, source: Path, made: Path) -> list[str]:
    # A browser refuses to shut itself in when root starts it; the page has no script and may fetch nothing.
    alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [
        program, "--headless", "--disable-gpu", "--disable-background-networking", "--no-first-run", *alone,
        f"--user-data-dir={source.parent}/profile", "--no-pdf-header-footer", f"--print-to-pdf={made}", source.as_uri(),
    ]  # fmt: skip


def _by_weasyprint(source: Path, made: Path) -> list[str]:
    """A Python of its own that prints; what is folded stays folded."""
    return [sys.executable, "-P", weasy.__file__, str(source), str(made), FOLDED, str(MOST_BYTES)]


def _not_printed(program: str, why: str) -> AskError:
    what = f"{Path(program).name} did not print the page ({why})"
    return AskError(Problem("report/not-printed", what, hint="write .html and print it from the browser, or write .docx"))


def word_file(
    *, title: str, language: str, kicker: str, parts: Sequence[tuple[str, Sequence[tuple[str, str]]]], table: Sequence[Sequence[str]],
    caption: tuple[str, str], after: tuple[str, Sequence[str]], footer: str,
) -> bytes:
    """A brief as a Word file of two A4 pages that can be edited: headings, lists and a table with a head of its own.

    parts : title of each part, and its sentences with the number of the report's section that each refers to
    table : rows of texts, the first of which are the columns' heads; it stands after the second part
    caption : the title of the table, and the note under it
    after : the title of the last list, and its lines

    Raises
    ------
    AskError
        `report/needs-extra`.
    """
    docx = optional("docx", extra="documents", code="report/needs-extra", what="writing a Word file")
    file = docx.Document()
    _styled(file, language)
    about = file.core_properties
    about.title, about.author, about.comments = short(title, most=MOST_OF_PROPERTY), "", short(footer, most=MOST_OF_PROPERTY)
    file.add_paragraph(kicker, style="Subtitle")
    file.add_heading(title, level=0)
    for k, (name, sentences) in enumerate(parts):
        file.add_heading(name, level=1)
        for text, number in sentences:
            line = file.add_paragraph(f"{text} ", style="List Bullet")
            line.add_run(number).font.superscript = True
        if k == 1 and len(table) > 1:
            file.add_heading(caption[0], level=1)
            _table(file, table, caption)
    if after[1]:
        file.add_heading(after[0], level=1)
        for text in after[1]:
            file.add_paragraph(text, style="List Bullet")
    _footed(file, footer)
    made = io.BytesIO()
    file.save(made)
    return made.getvalue()


def _styled(file: Any, language: str) -> None:
    """A4, narrow margins, small sans letters, and the language for the spelling checker."""
    units = optional("docx.shared", extra="documents", code="report/needs-extra", what="writing a Word file")
    names = optional("docx.oxml.ns", extra="documents", code="report/needs-extra", what="writing a Word file")
    page = file.sections[0]
    page.page_width, page.page_height = units.Mm(210), units.Mm(297)
    page.left_margin = page.right_margin = units.Mm(18)
    page.top_margin = page.bottom_margin = units.Mm(14)
    sizes = {"Normal": 9, "List Bullet": 9, "Title": 17, "Heading 1": 11, "Subtitle": 8.5}
    for name, size in sizes.items():
        style = file.styles[name]
        style.font.name, style.font.size = "Arial", units.Pt(size)
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            style.element.get_or_add_rPr().get_or_add_rFonts().set(names.qn(script), "Arial")
        form = style.paragraph_format
        form.space_before, form.space_after, form.line_spacing = units.Pt(5 if name == "Heading 1" else 0), units.Pt(1.5), 1.0
    properties = file.styles["Normal"].element.get_or_add_rPr()
    properties.append(properties.makeelement(names.qn("w:lang"), {}))
    for spoken in file.styles.element.iter(names.qn("w:lang")):  # also where the template has a language of its own
        spoken.attrib.clear()
        spoken.set(names.qn("w:val"), LANGUAGES[language])
    file.core_properties.language = LANGUAGES[language]


def _table(file: Any, rows: Sequence[Sequence[str]], caption: tuple[str, str]) -> None:
    units = optional("docx.shared", extra="documents", code="report/needs-extra", what="writing a Word file")
    elements = optional("docx.oxml", extra="documents", code="report/needs-extra", what="writing a Word file")
    made = file.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            run = made.cell(i, j).paragraphs[0].add_run(text)
            run.font.size, run.bold = units.Pt(8), i == 0
    made.rows[0]._tr.get_or_add_trPr().append(elements.OxmlElement("w:tblHeader"))  # the head is said on each page, and to a reader by ear
    for name, text in zip(("w:tblCaption", "w:tblDescription"), caption, strict=True):  # what the table is, to a reader by ear
        told = elements.OxmlElement(name)
        told.set(elements.ns.qn("w:val"), text)
        made._tbl.tblPr.append(told)
    line = file.add_paragraph()
    line.add_run(caption[1]).font.size = units.Pt(7.5)


def _footed(file: Any, footer: str) -> None:
    """A footer with the number of the page."""
    units = optional("docx.shared", extra="documents", code="report/needs-extra", what="writing a Word file")
    elements = optional("docx.oxml", extra="documents", code="report/needs-extra", what="writing a Word file")
    line = file.sections[0].footer.paragraphs[0]
    line.add_run(f"{footer}  ·  ").font.size = units.Pt(7.5)
    field = elements.OxmlElement("w:fldSimple")
    field.set(elements.ns.qn("w:instr"), "PAGE")
    line._p.append(field)
