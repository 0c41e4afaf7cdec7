"""Workbooks (.xlsx) without another package: tables as sheets whose cells are never a formula, and sheets read as rows of text."""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bestand.errors import AskError, CaseError, Place, Problem
from bestand.exchange.dates import FIRST_STYLES, is_date, moment
from bestand.exchange.guard import unformulaic
from bestand.exchange.markup import Element, element_of, xml_attribute, xml_text
from bestand.exchange.sheets import MOST_CELLS, MOST_COLUMNS, MOST_LETTERS, MOST_ROWS, CellKind, Rows, sheet_rows, too_many
from bestand.files import look_at_packing
from bestand.show import Cell, Table, cell_text

MOST_UNPACKED = 40_000_000  # bytes of a workbook that is read, unpacked
MOST_PARTS = 2_000  # files in a workbook that is read
MOST_TAGS = 1_200_000  # tags in all sheets of a workbook that is read
MOST_SHEETS = 200  # of a workbook that is read
MOST_CELL = 32_767  # characters of one cell of a workbook
MOST_LINES = 1_048_576  # rows of one sheet that is written
MOST_MEASURED = 1_000  # rows by which the width of a column is told
WIDEST = 60  # letters of a column that is shown
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_COMMENTS = re.compile(r"xl/(?:threadedComments/.*|comments?\d*)\.xml", re.IGNORECASE)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def csv_text(table: Table) -> str:
    """A table as CSV: its columns, its rows; no cell is a formula.

    >>> csv_text(Table("t", ("a",), (("=x",),))).split()
    ['a', "'=x"]
    """
    out = io.StringIO()
    csv.writer(out).writerows([[unformulaic(cell) for cell in row] for row in [table.columns, *table.rows]])
    return out.getvalue()


def workbook(tables: Mapping[str, Table], *, typed: Collection[str] = ()) -> bytes:
    """Tables as the smallest workbook that spreadsheets open, a sheet each: numbers as numbers, texts as texts, never a formula.

    typed : columns with the format text down to the last row: what is typed there stays as typed, and becomes no date and no number

    Raises
    ------
    AskError
        `export/too-large` where a sheet would have more rows, or a cell more characters, than spreadsheets take.

    >>> sheets(workbook({"One": Table("t", ("a", "b"), (("x", 1.5),))}))["One"].rows[0]["b"]
    '1.5'
    """
    names = sheet_names(list(tables))
    parts = {**_frame(names), **{f"xl/worksheets/sheet{k}.xml": _sheet(table, typed) for k, table in enumerate(tables.values(), start=1)}}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), (_HEAD + content).encode("utf-8"), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def sheet_names(titles: list[str]) -> list[str]:
    """Names that sheets can have: at most 31 characters, none of []:*?/\\, no two alike but for their case.

    >>> sheet_names(["a/b", "A B", "A b"])
    ['a b', 'A B (2)', 'A b (3)']
    """
    names: list[str] = []
    for k, title in enumerate(titles, start=1):
        name = " ".join(re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", title).split())[:31] or f"Sheet {k}"
        taken = {other.lower() for other in names}
        names.append(name if name.lower() not in taken else f"{name[:25]} ({k})")
    return names


def _frame(names: list[str]) -> dict[str, str]:
    """The parts of a workbook that say which sheets there are."""
    each = range(1, len(names) + 1)
    types = "".join(f'<Override PartName="/xl/worksheets/sheet{k}.xml" ContentType="{_SHEET}.worksheet+xml"/>' for k in each)
    listed = "".join(f'<sheet name={xml_attribute(name)} sheetId="{k}" r:id="r{k}"/>' for k, name in enumerate(names, start=1))
    targets = "".join(f'<Relationship Id="r{k}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{k}.xml"/>' for k in each)
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">{targets}'
        f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf xfId="0"/><xf numFmtId="49" applyNumberFormat="1" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    }


def _sheet(table: Table, typed: Collection[str]) -> str:
    if len(table.rows) >= MOST_LINES:
        raise AskError(Problem("export/too-large", f"'{table.title}' has more than {MOST_LINES:,} rows", hint="write it as Parquet or CSV"))
    kept = [column in typed for column in table.columns]
    cols = "".join(
        f'<col min="{k}" max="{k}" width="{_width(table, k - 1, typed=text)}" customWidth="1" style="{int(text)}"/>'
        for k, text in enumerate(kept, start=1)
    )
    lines = (zip(row, kept, strict=False) for row in [table.columns, *table.rows])
    rows = "".join(f"<row>{''.join(_cell(cell, typed=text) for cell, text in line)}</row>" for line in lines)
    return f'<worksheet xmlns="{_MAIN}">{f"<cols>{cols}</cols>" if cols else ""}<sheetData>{rows}</sheetData></worksheet>'


def _width(table: Table, k: int, *, typed: bool) -> int:
    """Letters that a column shows: as wide as its widest cell, within bounds; of one that is to be filled in no fewer than two dozen."""
    widest = max(len(cell_text(row[k])) for row in [table.columns, *table.rows[:MOST_MEASURED]])
    return min(max(widest + 2, 24 if typed else 8), WIDEST)


def _cell(cell: Cell, *, typed: bool) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell) and not typed:
        return f"<c><v>{cell!r}</v></c>"
    text = cell_text(cell)
    if len(text) > MOST_CELL:
        raise AskError(Problem("export/too-large", f"a cell of {len(text):,} characters", hint=f"spreadsheets take {MOST_CELL:,}: write it as CSV"))
    if not text:
        return '<c s="1"/>' if typed else "<c/>"
    return f'<c s="1" t="inlineStr"><is><t xml:space="preserve">{xml_text(text)}</t></is></c>'


def sheets(content: bytes, *, name: str = "file") -> dict[str, Rows]:
    """The sheets of a workbook as rows of text, by name; empty sheets are left out. Of formulas their last value is read.

    Raises
    ------
    CaseError
        `import/not-xlsx`, `import/too-large`, `import/not-xml`, `import/entities`, `import/bad-cell`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _Packed(packed, name).sheets()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, KeyError, IndexError, zlib.error) as error:
        what = "this is no workbook, or a damaged one: a part of it is missing or cannot be read"
        raise CaseError(Problem("import/not-xlsx", what, Place(name), "save it anew as .xlsx")) from error


@dataclass(frozen=True, slots=True)
class _Cells:
    """What cells say: with the texts that they share, which styles are dates, from which year days count, what is no text, and what is a result."""

    shared: list[str]
    dates: list[bool]
    from_1904: bool
    kinds: dict[tuple[int, int], CellKind]
    results: list[tuple[int, int]]

    def value(self, cell: Element, place: tuple[int, int]) -> str:
        """The text of a cell; what kind it is, is kept where it is no text."""
        kind = cell.attributes.get("t", "n")
        if kind == "inlineStr":
            return _text(cell)
        value = next((each.text for each in cell.inside if each.name == "v"), "")
        if any(each.name == "f" for each in cell.inside):
            self.results.append(place)
            if kind == "n" and not value:
                self.kinds[place] = "formula"
        if kind == "s":
            return self.shared[_counted(value)]
        if kind == "b":
            return "yes" if value == "1" else "no"
        if kind == "e":
            self.kinds[place] = "error"
        if kind == "d" and value:
            self.kinds[place] = "day" if value.endswith("T00:00:00") or "T" not in value else "time"
            return value.removesuffix("T00:00:00")
        return self._number(float(value), int(cell.attributes.get("s", 0)), place) if kind == "n" and value else value

    def _number(self, number: float, style: int, place: tuple[int, int]) -> str:
        day = 0 <= style < len(self.dates) and self.dates[style]
        text = moment(number, from_1904=self.from_1904) if day else ""
        if text:
            self.kinds[place] = "day" if len(text) == len("2025-01-03") else "time"
            return text
        self.kinds[place] = "error" if day or not math.isfinite(number) else "number"  # what is no day is shown as signs alone
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


class _Packed:
    """A workbook that is being unpacked, within bounds."""

    def __init__(self, packed: zipfile.ZipFile, name: str) -> None:
        self.packed, self.name, self.left, self.tags = packed, name, MOST_UNPACKED, MOST_TAGS
        if len(packed.infolist()) > MOST_PARTS:
            raise self._large()
        look_at_packing(packed)

    def _large(self) -> CaseError:
        what = f"the workbook unpacks to more than {MOST_UNPACKED // 1_000_000} MB, {MOST_TAGS:,} tags, {MOST_PARTS:,} parts or {MOST_SHEETS} sheets"
        return CaseError(Problem("import/too-large", what, Place(self.name), "keep only the sheets that are needed"))

    def part(self, path: str) -> Element:
        """One part, of which no more is unpacked than the bounds allow."""
        with self.packed.open(path) as file:
            content = file.read(self.left + 1)
        self.left -= len(content)
        self.tags -= content.count(b"<")
        if self.left < 0 or self.tags < 0:
            raise self._large()
        return element_of(content, self.name)

    def sheets(self) -> dict[str, Rows]:
        """Every sheet that has rows."""
        targets = {each.attributes["Id"]: each.attributes["Target"] for each in self.part("xl/_rels/workbook.xml.rels").all("Relationship")}
        listed = list(self.part("xl/workbook.xml").all("sheet"))
        if len(listed) > MOST_SHEETS:
            raise self._large()
        shared, dates = self._shared(), self._dates()
        late = any(each.attributes.get("date1904") in ("1", "true") for each in self.part("xl/workbook.xml").all("workbookPr"))
        with_rows: dict[str, Rows] = {}
        if len({sheet.attributes["name"] for sheet in listed}) < len(listed):
            raise ValueError("two sheets of one name")
        for sheet in listed:
            target = targets[sheet.attributes["id"]]
            kinds: dict[tuple[int, int], CellKind] = {}
            read = _Cells(shared, dates, late, kinds, [])
            part = self.part(target[1:] if target.startswith("/") else f"xl/{target}")
            kept = _parts_of(part)
            lines = self._lines(kept["row"], read)
            merged = _filled_down(kept["mergeCell"], lines, self.name)
            if any(cell.strip() for _, cells in lines for cell in cells):
                rows = sheet_rows(lines, file=self.name, sheet=sheet.attributes["name"], kinds=kinds)
                rows.merged, rows.hidden, rows.n_results = merged, tuple(_hidden(sheet, kept)), len(read.results)
                with_rows[sheet.attributes["name"]] = rows
        for rows in list(with_rows.values())[:1]:
            rows.n_comments = sum(1 for part in self.packed.namelist() if _COMMENTS.fullmatch(part) for _ in self.part(part).all("comment"))
        return with_rows

    def _shared(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.packed.namelist():
            return []
        return [_text(each) for each in self.part("xl/sharedStrings.xml").all("si")]

    def _dates(self) -> list[bool]:
        """Of each style of cells, whether it shows a number as a date."""
        if "xl/styles.xml" not in self.packed.namelist():
            return []
        styles = self.part("xl/styles.xml")
        own = {each.attributes.get("numFmtId", ""): is_date(each.attributes.get("formatCode", "")) for each in styles.all("numFmt")}
        each_ = [xf.attributes.get("numFmtId", "0") for each in styles.all("cellXfs") for xf in each.inside]
        return [own.get(number, number.isdecimal() and int(number) in FIRST_STYLES) for number in each_]

    def _lines(self, rows: Sequence[Element], read: _Cells) -> list[tuple[int, list[str]]]:
        lines: dict[int, list[str]] = {}
        number = n_cells = n_letters = 0
        for row in rows:
            number = int(row.attributes.get("r", number + 1))
            cells: dict[int, str] = {}
            last = -1
            for cell in row.inside:
                place = _column(cell.attributes["r"]) if "r" in cell.attributes else last + 1
                if place >= MOST_COLUMNS:
                    raise too_many(self.name)
                if place in cells or number in lines:
                    raise ValueError("a cell that stands twice")
                cells[place] = read.value(cell, (number, place))
                n_letters += len(cells[place])
                last = max(last, place)
            n_cells += last + 1
            lines[number] = [cells.get(k, "") for k in range(last + 1)]
            if len(lines) > MOST_ROWS or n_cells > MOST_CELLS or n_letters > MOST_LETTERS:
                raise too_many(self.name)
        return list(lines.items())


def _parts_of(sheet: Element) -> dict[str, list[Element]]:
    """Rows, columns and merged cells of a sheet; what stands in a row is not looked at."""
    kept: dict[str, list[Element]] = {"row": [], "col": [], "mergeCell": []}
    left = list(reversed(sheet.inside))
    while left:
        here = left.pop()
        if here.name in kept:
            kept[here.name].append(here)
        else:
            left += reversed(here.inside)
    return kept


def _hidden(sheet: Element, kept: Mapping[str, Sequence[Element]]) -> Iterator[str]:
    """What of a sheet a person does not see who opens it: all of it, or some rows or columns."""
    if sheet.attributes.get("state", "visible") != "visible":
        yield ""
        return
    number = 0
    for row in kept["row"]:
        number = int(row.attributes.get("r", number + 1))
        if row.attributes.get("hidden") in ("1", "true") and row.inside:
            yield f"row {number}"
    for each in kept["col"]:
        if each.attributes.get("hidden") in ("1", "true"):
            yield f"column {each.attributes.get('min', '?')}"


def _filled_down(merged: Sequence[Element], lines: list[tuple[int, list[str]]], name: str) -> tuple[str, ...]:
    """Gives cells that are one with the cell above its text, below the first row; where such cells are.

    Raises
    ------
    CaseError
        `import/too-large` where there are more such cells than a table has.
    """
    places, n_cells, n_letters = [], 0, 0
    rows = sorted((number, k) for k, (number, cells) in enumerate(lines) if any(cell.strip() for cell in cells))
    for each in merged:
        ends = re.fullmatch(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", each.attributes.get("ref", ""))
        if ends is None or int(ends[4]) <= int(ends[2]) or int(ends[2]) < 2:
            continue
        column, first, last = _column(ends[1]), int(ends[2]), int(ends[4])
        start = bisect_left(rows, (first, 0))
        above = lines[rows[start][1]][1] if start < len(rows) and rows[start][0] == first else []
        text = above[column] if column < len(above) else ""
        if not text.strip():
            continue
        below = [lines[k][1] for _, k in rows[bisect_left(rows, (first + 1, 0)) : bisect_left(rows, (last + 1, 0))]]
        places += [ends[0]] if below else []
        n_cells += sum(max(1, column + 1 - len(cells)) for cells in below)
        n_letters += len(text) * len(below)
        if n_cells > MOST_CELLS or n_letters > MOST_LETTERS:
            raise too_many(name)
        for cells in below:
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = cells[column] or text
    return tuple(places)


def _counted(digits: str) -> int:
    """A place in a list, from 0."""
    if not digits.strip().isdecimal():
        raise ValueError(digits)
    return int(digits)


def _text(element: Element) -> str:
    """The text of a cell or string, of which runs are put together and readings of Japanese left out."""
    own = "".join(_text(each) for each in element.inside if each.name not in ("rPh", "phoneticPr", "rPr"))
    return element.text + own if element.name == "t" else own


def _column(reference: str) -> int:
    """Number of a column, from 0.

    >>> _column("A1"), _column("AB12")
    (0, 27)
    """
    letters = re.match(r"[A-Za-z]{1,3}", reference)
    if letters is None:
        raise ValueError(reference)
    number = 0
    for letter in letters[0].upper():
        number = 26 * number + ord(letter) - 64
    return number - 1
