"""Rows of text under named columns, from CSV files and from sheets of a workbook, with every mistake and where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bestand.errors import CaseError, Place, Problem, did_you_mean, short
from bestand.evidence.sheet import NotCsv, csv_lines
from bestand.exchange.guard import unguarded
from bestand.exchange.notes import Remark, noted

MOST_ROWS = 100_000  # rows of a table that is read
MOST_COLUMNS = 1_000  # columns of a table that is read
MOST_CELLS = 2_000_000  # cells of a table that is read
MOST_LETTERS = 20_000_000  # characters of a CSV file that is read
MOST_NAMED = 12  # hidden rows and columns of a sheet that are told one by one
YEAR = re.compile(r"[12]\d{3}")  # a year alone, which a spreadsheet keeps as a number
_AS_TEXT = "give the cell the format text, and type it again"
CellKind = Literal["day", "time", "number", "error", "formula"]  # formula: one whose result is not in the file


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number in the file, from 1, the text under each column, and what a cell is that a spreadsheet took for no text."""

    number: int
    cells: Mapping[str, str]
    kinds: Mapping[str, CellKind] = field(default_factory=dict)

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "").strip()


@dataclass(slots=True)
class Rows:
    """A table that is read; mistakes are kept until all are known.

    sheet : name of the sheet, empty in a CSV file
    merged : cells that were one with the cell above, whose text they have here
    hidden : rows and columns that are not shown where the sheet is opened; an empty text where all of it is not
    n_results : formulas, of which the last result is read
    n_comments : comments on cells, of this and other sheets, which are not read
    """

    file: str
    sheet: str
    columns: tuple[str, ...]
    rows: list[SheetRow]
    problems: list[Problem] = field(default_factory=list)
    merged: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    n_results: int = 0
    n_comments: int = 0

    def remarks(self) -> list[Remark]:
        """What a person would want to know of how it was read."""
        names = [f"{self.sheet} {place}".strip() for place in self.hidden]
        told = ", ".join(names[:MOST_NAMED]) + (f", … (+{len(names) - MOST_NAMED})" if len(names) > MOST_NAMED else "")
        notes = [noted("merged", names=", ".join(f"{self.sheet} {place}" for place in self.merged))] if self.merged else []
        notes += [noted("hidden", names=told)] if names else []
        notes += [noted("results", n=self.n_results, name=self.sheet)] if self.n_results else []
        return notes + ([noted("cell-comments", n=self.n_comments)] if self.n_comments else [])

    def place(self, row: SheetRow | None, column: str = "") -> Place:
        """Where a cell stands; sheet, row and column are named."""
        where = [f"sheet {self.sheet}"] if self.sheet else []
        where += [f"row {row.number}"] if row is not None else []
        where += [f"column {column}"] if column else []
        if row is None or self.sheet:
            return Place(self.file, at=", ".join(where))
        return Place(self.file, row.number, self.columns.index(column) + 1 if column in self.columns else None, ", ".join(where))

    def wrong(self, row: SheetRow | None, column: str, what: str, hint: str = "", code: str = "import/bad-cell") -> None:
        """Keeps a mistake."""
        self.problems.append(Problem(code, what, self.place(row, column), hint))

    def typed(self, *columns: str, days: Callable[[SheetRow, str], bool]) -> None:
        """Keeps as mistakes the cells of these columns that a spreadsheet made into something else than was typed.

        days : whether a cell (its row and column) is to be a day; elsewhere a date is no text, and there a number is no day
        """
        for row in self.rows:
            for column in columns:
                kind, day = row.kinds.get(column), days(row, column)
                if kind == "number" and day and not YEAR.fullmatch(row[column]):
                    self.wrong(row, column, f"the number {row[column]}, where a day is wanted", f"write the day as 2025-01-03; {_AS_TEXT}")
                elif kind == "formula":
                    self.results(row, column)
                elif kind in ("time", "error") or (kind == "day" and not day):
                    told = "an error of a formula" if kind == "error" else "a date or time"
                    what = f"{told} ({short(row[column], most=40)}), where {'a day' if day else 'a text'} is wanted"
                    self.wrong(row, column, what, _AS_TEXT)

    def results(self, row: SheetRow, column: str) -> None:
        """Keeps a formula without its result as a mistake: it would be read as an empty cell."""
        if row.kinds.get(column) == "formula":
            what = "a formula whose result is not in the file"
            self.wrong(row, column, what, "open the file in a spreadsheet program and save it, or type the result")

    def respelt(self, known: Iterable[str]) -> None:
        """Gives columns the names that are known, where they differ in capitals or blanks alone."""
        plain = {name.casefold(): name for name in known}
        names = {name: plain.get(" ".join(name.split()).casefold(), name) for name in self.columns}
        if len(set(names.values())) == len(names):
            self.columns = tuple(names[name] for name in self.columns)
            self.rows = [
                SheetRow(row.number, {names[name]: cell for name, cell in row.cells.items()}, {names[name]: kind for name, kind in row.kinds.items()})
                for row in self.rows
            ]

    def need(self, *columns: str) -> bool:
        """Whether all these columns are there; those that are not are mistakes."""
        for column in columns:
            if column not in self.columns:
                self.problems.append(Problem("import/no-column", f"no column '{column}'", self.place(None), did_you_mean(column, self.columns)))
        return not self.problems


def stop(tables: Iterable[Rows]) -> None:
    """Raises all mistakes of some tables at once, if there are any."""
    problems = [problem for table in tables for problem in table.problems]
    if problems:
        raise CaseError(problems)


def csv_rows(text: str, *, name: str = "file") -> Rows:
    """The rows of a CSV file, between commas, semicolons or tabs.

    Raises
    ------
    CaseError
        `import/too-large`, `import/not-csv`, `import/no-rows`, `import/bad-cell`.

    >>> csv_rows("a;b\\n1;2\\n").rows[0]["b"]
    '2'
    """
    if len(text) > MOST_LETTERS:
        raise CaseError(Problem("import/too-large", f"more than {MOST_LETTERS:,} characters", Place(name), "is it the right file?"))
    rows: list[tuple[int, list[str]]] = []
    try:
        for line, cells in csv_lines(text):
            rows.append((line, [unguarded(cell) for cell in cells]))
            if len(rows) > MOST_ROWS:
                raise too_many(name)
    except NotCsv as error:
        at = Place(name, error.line)
        raise CaseError(Problem("import/not-csv", f"not a CSV file: {error}", at, "save it anew as CSV in UTF-8")) from error
    return sheet_rows(rows, file=name, sheet="")


def too_many(name: str) -> CaseError:
    """The refusal of a table that is too long."""
    what = f"more than {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns, {MOST_CELLS:,} cells or {MOST_LETTERS:,} characters"
    return CaseError(Problem("import/too-large", what, Place(name), "keep only what is needed"))


def sheet_rows(
    lines: Iterable[tuple[int, list[str]]], *, file: str, sheet: str, kinds: Mapping[tuple[int, int], CellKind] | None = None
) -> Rows:
    """A table from its lines, the first of which names the columns; empty lines are passed over.

    kinds : of cells that are no text, by number of row and column (from 0), what they are

    Raises
    ------
    CaseError
        `import/no-rows`, `import/too-large`, `import/bad-cell` where columns have one name.
    """
    some = [(number, cells) for number, cells in lines if any(cell.strip() for cell in cells)]
    at = f"sheet {sheet}" if sheet else ""
    if not some:
        raise CaseError(Problem("import/no-rows", "a table without rows", Place(file, at=at), "the first row names the columns"))
    columns = [cell.strip() for cell in some[0][1]]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS or len(columns) * len(some) > MOST_CELLS:
        raise too_many(file)
    table = Rows(file, sheet, tuple(columns), [])
    twice = next((name for k, name in enumerate(columns) if name and name in columns[:k]), None)
    if twice is not None:
        table.wrong(None, twice, f"two columns are called '{twice}'", "give each a name of its own")
    for number, cells in some[1:]:
        row = SheetRow(number, {name: cell for name, cell in zip(columns, cells, strict=False) if name}, {
            name: kinds[number, k] for k, name in enumerate(columns) if name and (number, k) in kinds
        } if kinds else {})  # fmt: skip
        if any(cell.strip() for cell in cells[len(columns):]):
            table.wrong(row, "", f"more cells than the {len(columns)} columns", "give each column a name")
        if any(cell.strip() for cell, name in zip(cells, columns, strict=False) if not name):
            table.wrong(row, "", "a cell under no column's name", "give each column a name")
        table.rows.append(row)
    return table
