"""What is handed on: the report, every picture as SVG, every table as CSV and XLSX."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from bestand.draw.moves import moves_picture
from bestand.draw.svg import standalone
from bestand.errors import AskError, Problem, did_you_mean
from bestand.report.page import report
from bestand.report.summary import tables
from bestand.show import Cell, Table, cell_text
from bestand.study.everything import Study
from bestand.study.stages import study
from bestand.telling.telling import Telling
from bestand.telling.words import words

Handed = tuple[bytes, str, str]  # content, kind, name of the file
LOOK = (  # what the report's and the page's own sheets say of this drawing
    ".box rect{fill:#fff;stroke:#8b9099}.box.neighbour rect{fill:#f5f6f8}.box.rest rect{fill:#fff6d6;stroke:#8a6d00;stroke-width:2.4}"
    ".box.now rect{fill:#1c1e21}.box text{font-size:12px;fill:#1c1e21}.box.now text{fill:#fff}.letter{font-weight:700}"
)
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def _language(asked: Mapping[str, str]) -> str:
    return "nl" if asked.get("language") == "nl" else "en"


def _report(known: Study, asked: Mapping[str, str]) -> Handed:
    """The whole report; it is studied to the end first."""
    whole = known.conflict.once("web whole study", lambda: study(known.case, view=known.conflict.view, quick=asked.get("quick") == "1"))
    return report(whole, language=_language(asked)).html.encode("utf-8"), "text/html; charset=utf-8", "report.html"


def _picture(known: Study, asked: Mapping[str, str]) -> Handed:
    drawn = moves_picture(known, Telling(known.conflict, words(_language(asked))))
    if drawn is None:
        raise AskError(Problem("web/no-picture", "there is nothing to draw: the case has no present state"))
    whole = standalone(drawn).replace(">", f"><style>{LOOK}</style>", 1)
    return whole.encode("utf-8"), "image/svg+xml", "moves.svg"


def _table(known: Study, asked: Mapping[str, str]) -> Table:
    named = {"parties": 0, "levers": 1, "equilibria": 2, "rests": 3}
    name = asked.get("table", "rests")
    if name not in named:
        raise AskError(Problem("web/no-table", f"no table '{name}'", hint=did_you_mean(name, named)))
    return tables(known)[named[name]]


def _csv(known: Study, asked: Mapping[str, str]) -> Handed:
    out = io.StringIO()
    table = _table(known, asked)
    rows = csv.writer(out)
    rows.writerows([[_safe(cell) for cell in row] for row in [table.columns, *table.rows]])
    return out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{asked.get('table', 'rests')}.csv"


def _safe(cell: Cell) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = cell_text(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(_RISKY) else text


def _xlsx(known: Study, asked: Mapping[str, str]) -> Handed:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return workbook(_table(known, asked)), kind, f"{asked.get('table', 'rests')}.xlsx"


def workbook(table: Table) -> bytes:
    """A table as the smallest workbook that spreadsheets open: numbers, texts, never a formula."""
    rows = "".join(f"<row>{''.join(_cell(cell) for cell in row)}</row>" for row in [table.columns, *table.rows])
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {**_FRAME, "xl/worksheets/sheet1.xml": sheet}.items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{content}')
    return out.getvalue()


def _cell(cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"<c><v>{cell!r}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(cell_text(cell))}</t></is></c>'


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FRAME = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="Table" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}

HANDED: Mapping[str, Callable[[Study, Mapping[str, str]], Handed]] = {
    "report.html": _report, "moves.svg": _picture, "table.csv": _csv, "table.xlsx": _xlsx,
}  # fmt: skip
