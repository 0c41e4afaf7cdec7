"""A CSV file as rows of text, with every mistake in it and where it stands."""

from __future__ import annotations

import csv
import io
import math
import pathlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bestand.errors import EvidenceError, Place, Problem, did_you_mean

BLANK = {"", "na", "nan", "null", "."}
TRUTH = {"1": True, "0": False, "1.0": True, "0.0": False, "yes": True, "no": False, "true": True, "false": False}
MOST_BYTES = 50_000_000  # bytes of a CSV file
MOST_COLUMNS = 1000  # columns of a CSV file
MOST_CELLS = 1_000_000  # cells of a CSV file
MOST_KEPT, MOST_SHOWN = 1000, 20  # mistakes of a CSV file that are kept, and that are told; the rest are counted
LARGEST = 1e12


class HistoryError(EvidenceError):
    """A file of past ceasefires or of counts cannot be read as it stands."""


class NotCsv(csv.Error):
    """A row that is none, and the line where it begins."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


_SEP = re.compile(r"sep=([,;\t])(?:\r\n|\r|\n)", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, and the text under each column."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class Sheet:
    """A table of text with the mistakes found in it so far.

    n_more : mistakes that are counted and no longer kept
    """

    file: str
    columns: list[str]
    rows: list[Row]
    problems: list[Problem] = field(default_factory=list)
    n_more: int = 0
    notes: list[str] = field(default_factory=list)

    def place(self, row: Row, column: str) -> Place:
        """Where a cell stands."""
        return Place(self.file, row.line, self.columns.index(column) + 1, column)

    def text(self, row: Row, column: str, otherwise: str = "") -> str:
        """The text of a cell, or another where it is empty."""
        return row.cells.get(column, "").strip() or otherwise

    def blank(self, row: Row, column: str) -> bool:
        """Whether a cell says that nothing is known."""
        return self.text(row, column).lower() in BLANK

    def add(self, problem: Problem) -> None:
        """Keeps a mistake for the list at the end; of very many the later ones are only counted."""
        if len(self.problems) < MOST_KEPT:
            self.problems.append(problem)
        else:
            self.n_more += 1

    def wrong(self, row: Row, column: str, what: str, hint: str = "") -> None:
        """Keeps a mistake for the list at the end."""
        self.add(Problem("history/bad-value", f"'{self.text(row, column)[:60]}' {what}", self.place(row, column), hint))

    def number(self, row: Row, column: str) -> float:
        """A cell's number; nan, and a mistake kept, where it is none."""
        value = cell_number(row.cells[column])
        if value is not None:
            return value
        hint = number_hint(row.cells[column], "a number with a decimal point, no thousands separator, of at most 10^12")
        self.wrong(row, column, "is not a number", hint)
        return math.nan

    def truth(self, row: Row, column: str) -> bool:
        """A cell's yes or no; no, and a mistake kept, where it is neither."""
        value = TRUTH.get(self.text(row, column).lower())
        if value is None:
            self.wrong(row, column, "is neither yes nor no", "1 or 0, yes or no")
        return bool(value)

    def day(self, row: Row, column: str) -> date:
        """A cell's day; the first of all days, and a mistake kept, where it is none."""
        try:
            return date.fromisoformat(self.text(row, column))
        except ValueError:
            day = re.match(r"(\d{4}-\d{2}-\d{2})[T ]\d", self.text(row, column))
            self.wrong(row, column, "is not a day", f"write {day[1]}, without the time of day" if day else "write days as 1994-05-16")
            return date.min

    def need(self, *columns: str) -> None:
        """Stops here if a column is missing, since every row would then be wrong."""
        missing = [column for column in columns if column not in self.columns]
        self.problems += [
            Problem("history/missing-column", f"no column '{column}'", Place(self.file, 1), did_you_mean(column, self.columns))
            for column in missing
        ]
        if missing:
            self.stop()

    def stop(self) -> None:
        """Raises all mistakes, in the order of the file, if there are any; of more than twenty the rest are counted."""
        if not self.problems:
            return
        ordered = sorted(self.problems, key=lambda problem: problem.place.line or 0)
        more = len(ordered) - MOST_SHOWN + 1 + self.n_more
        if len(ordered) + self.n_more > MOST_SHOWN:
            rest = Problem("history/bad-value", f"and {more:,} more mistakes", Place(self.file), "mend these first")
            ordered = [*ordered[: MOST_SHOWN - 1], rest]
        raise HistoryError(ordered)


def sheet(path: str | pathlib.Path) -> Sheet:
    """The rows of a CSV file in UTF-8, between commas, semicolons or tabs.

    Raises
    ------
    HistoryError
        `history/no-file`, `history/unreadable-file`, `history/no-rows`.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        what = f"'{path}' is a folder or a device, not a file" if path.exists() else f"no file '{path}'"
        raise HistoryError(Problem("history/no-file", what, hint="give the path of a CSV file"))
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        what, hint = f"larger than {MOST_BYTES // 1_000_000} MB", "keep only the rows and columns that are needed"
        raise HistoryError(Problem("history/unreadable-file", what, Place(path.name), hint))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"cannot be read as UTF-8 text: {error}"
        raise HistoryError(Problem("history/unreadable-file", what, Place(path.name), "save it as CSV in UTF-8")) from error
    try:
        return _rows(path.name, text)
    except NotCsv as error:
        what, hint = f"not a CSV file: {error}", "save it anew as CSV in UTF-8"
        raise HistoryError(Problem("history/unreadable-file", what, Place(path.name, error.line), hint)) from error


def csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text, each with the line where it begins: between commas, semicolons or tabs, whichever the first line has most of,
    or as a line `sep=;` says that spreadsheets put above the others.

    Raises
    ------
    NotCsv
        Where a quotation mark is not closed, or stands where it cannot.

    >>> list(csv_lines("a;b\\n'1,5';2\\r4;5"))
    [(1, ['a', 'b']), (2, ["'1,5'", '2']), (3, ['4', '5'])]
    """
    text = text.removeprefix("\ufeff")
    said = _SEP.match(text)
    above = 1 if said else 0
    text = text[said.end() :] if said else text
    mark = said[1] if said else max(",;\t", key=first_line(text).count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    began = 1 + above
    try:
        for cells in lines:
            yield began, cells
            began = lines.line_num + 1 + above
    except csv.Error as error:
        raise NotCsv(str(error), began) from error


def head_of(text: str) -> str:
    """The line that names the columns, with the line above it that says what parts them, where there is one.

    >>> head_of("sep=;\\r\\na,1;b\\r\\n1;2")
    'sep=;\\na,1;b'
    """
    said = _SEP.match(text)
    return f"sep={said[1]}\n{first_line(text[said.end():])}" if said else first_line(text)


def first_line(text: str) -> str:
    """The text up to where an editor ends its first line.

    >>> first_line("a;b\\r1;2\\n")
    'a;b'
    """
    return re.split("[\r\n]", text, maxsplit=1)[0]


def _rows(file: str, text: str) -> Sheet:
    """The rows under the heading; rows of another length are mistakes."""
    lines = csv_lines(text)
    columns = [name.strip() for name in next(lines, (1, []))[1]]
    what = _wrong_heading(columns)
    if what:
        raise HistoryError(Problem("history/unreadable-file", what, Place(file, 1), "the first line names each column once"))
    read = Sheet(file, columns, [])
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            length = f"{len(cells)} cells under {len(columns)} columns"
            read.add(Problem("history/bad-value", length, Place(file, line), "one cell for every column"))
            continue
        if len(read.rows) * len(columns) >= MOST_CELLS:
            what, hint = f"more than {MOST_CELLS:,} cells", "keep only the rows and columns that are needed"
            raise HistoryError(Problem("history/unreadable-file", what, Place(file, line), hint))
        read.rows.append(Row(line, dict(zip(columns, cells, strict=True))))
    if not read.rows and not read.problems:
        raise HistoryError(Problem("history/no-rows", "a heading and no rows", Place(file), "one row for every record"))
    return read


def _wrong_heading(columns: list[str]) -> str:
    if not columns:
        return "the file is empty"
    if len(columns) > MOST_COLUMNS:
        return f"{len(columns):,} columns, more than {MOST_COLUMNS:,}"
    twice = len(set(columns)) < len(columns) and next(name for k, name in enumerate(columns) if name in columns[:k])
    return f"two columns are called '{twice}'" if twice is not False else ""


def number_hint(text: str, otherwise: str) -> str:
    """What to write where a cell is no number: without the comma in it, if that is what is wrong with it.

    >>> number_hint("1,5", "a number"), number_hint("x", "a number")
    ('write 1.5, with a decimal point', 'a number')
    """
    comma, thousands = cell_number(text.replace(",", ".", 1)), cell_number(text.replace(",", "")) if _THOUSANDS.fullmatch(text.strip()) else None
    if thousands is not None:
        return f"write {thousands:.0f}, without a thousands separator, or a decimal point where a fraction is meant"
    return otherwise if comma is None or "," not in text else f"write {comma:g}, with a decimal point"


def cell_number(text: str) -> float | None:
    """The number written, or None where it is none; infinity, nan and what is beyond 10^12 are none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= LARGEST and "_" not in text else None
