"""Readers of the files that a user holds: lengths of past ceasefires, and counts of violations. Nothing else here opens a file."""

from __future__ import annotations

import csv
import io
import itertools
import math
import pathlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from bestand.errors import BestandError, Place, Problem, did_you_mean
from bestand.history.counts import Counts, counts
from bestand.history.spells import DAYS_PER_YEAR, Spells, spells

BLANK = {"", "na", "nan", "null", "."}
TRUTH = {"1": True, "0": False, "1.0": True, "0.0": False, "yes": True, "no": False, "true": True, "false": False}
ETHPRIO_ENDS = date(2020, 12, 31)
MOST_BYTES = 50_000_000


class HistoryError(BestandError):
    """A file of past ceasefires or of counts cannot be read as it stands."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class _Sheet:
    """A table of text with the mistakes found in it so far."""

    file: str
    columns: list[str]
    rows: list[_Row]
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def place(self, row: _Row, column: str) -> Place:
        return Place(self.file, row.line, self.columns.index(column) + 1, column)

    def text(self, row: _Row, column: str, otherwise: str = "") -> str:
        return row.cells.get(column, "").strip() or otherwise

    def blank(self, row: _Row, column: str) -> bool:
        return self.text(row, column).lower() in BLANK

    def number(self, row: _Row, column: str) -> float:
        found = _number(row.cells[column])
        if found is None:
            hint = "a number with a decimal point, and no thousands separator"
            what = f"'{self.text(row, column)}' is not a number"
            self.problems.append(Problem("history/bad-value", what, self.place(row, column), hint))
            return math.nan
        return found

    def truth(self, row: _Row, column: str) -> bool:
        found = TRUTH.get(self.text(row, column).lower())
        if found is None:
            what = f"'{self.text(row, column)}' is neither yes nor no"
            self.problems.append(Problem("history/bad-value", what, self.place(row, column), "1 or 0, yes or no"))
        return bool(found)

    def day(self, row: _Row, column: str) -> date:
        try:
            return date.fromisoformat(self.text(row, column))
        except ValueError:
            what = f"'{self.text(row, column)}' is not a day"
            self.problems.append(Problem("history/bad-value", what, self.place(row, column), "write days as 1994-05-16"))
            return date.min

    def need(self, *columns: str) -> None:
        """Stops here if a column is missing, since every row would then be wrong."""
        missing = [column for column in columns if column not in self.columns]
        self.problems += [
            Problem("history/missing-column", f"no column '{column}'", Place(self.file, 1), did_you_mean(column, self.columns))
            for column in missing
        ]
        if missing:
            raise HistoryError(self.problems)


@dataclass(frozen=True, slots=True)
class _Spell:
    row: _Row
    entry: float
    exit: float
    ended: bool
    case: str
    group: str


def read_spells(path: str | pathlib.Path, *, kind: str = "plain", group_by: str | None = None) -> Spells:
    """Lengths of past ceasefires from a CSV file.

    kind     : what the columns mean; see `KINDS`. `plain` has `years` (or `days`) and `ended` (1 or 0), and may have
               `entered` (same unit as the length), `case` and `group`; every other column of numbers is a covariate
    group_by : the column that names the war or country, in place of the one that the kind has

    Rows that a kind leaves out by its rule are counted in `notes`. All mistakes of a file are reported at once.

    Raises
    ------
    HistoryError
        `history/no-file`, `history/unreadable-file`, `history/missing-column`, `history/bad-value`, `history/unknown-kind`,
        `history/no-rows`.
    """
    if kind not in KINDS:
        raise HistoryError(Problem("history/unknown-kind", f"no kind of file '{kind}'", hint=did_you_mean(kind, KINDS)))
    sheet = _sheet(pathlib.Path(path))
    if group_by is not None:
        sheet.need(group_by)
    what, used, read = KINDS[kind]
    found = read(sheet)
    for spell in found:
        if math.isfinite(spell.entry + spell.exit) and not 0 <= spell.entry < spell.exit:
            what_is_wrong = f"runs from year {spell.entry:g} to year {spell.exit:g}: it must end after it begins"
            sheet.problems.append(Problem("history/bad-value", what_is_wrong, Place(sheet.file, spell.row.line)))
    covariates = _covariates(sheet, [spell.row for spell in found], {*used, *([group_by] if group_by else [])})
    if sheet.problems:
        raise HistoryError(sorted(sheet.problems, key=lambda problem: problem.place.line or 0))
    if not found:
        raise HistoryError(Problem("history/no-rows", f"no row is a spell of kind '{kind}'", Place(sheet.file)))
    return spells(
        [spell.exit for spell in found],
        [spell.ended for spell in found],
        entry=[spell.entry for spell in found],
        case=[spell.case for spell in found],
        group=[sheet.text(spell.row, group_by, spell.case) if group_by else spell.group for spell in found],
        covariates=covariates,
        what=what,
        notes=sheet.notes,
    )


def read_counts(path: str | pathlib.Path, *, column: str | None = None) -> Counts:
    """Counts per day, week or month from a CSV file whose first column is the period.

    column : the column of counts; need not be named where there is only one beside the period

    Periods written as 2013-01 or 2013-01-31 must follow one another without a gap, since each is compared with the last.

    Raises
    ------
    HistoryError
        `history/no-file`, `history/unreadable-file`, `history/missing-column`, `history/bad-value`, `history/missing-period`.
    """
    sheet = _sheet(pathlib.Path(path))
    others = sheet.columns[1:]
    if column is None and len(others) != 1:
        hint = f"name it: column=…; columns are {', '.join(others)}"
        raise HistoryError(Problem("history/missing-column", "which column is the count is not clear", Place(sheet.file, 1), hint))
    name = others[0] if column is None else column
    sheet.need(name)
    found = [sheet.number(row, name) for row in sheet.rows]
    for row, value in zip(sheet.rows, found, strict=True):
        if math.isfinite(value) and (value < 0 or value != int(value)):
            sheet.problems.append(Problem("history/bad-value", f"{value:g} is not a count", sheet.place(row, name)))
    periods = [sheet.text(row, sheet.columns[0]) for row in sheet.rows]
    _without_gaps(sheet, periods)
    if sheet.problems:
        raise HistoryError(sorted(sheet.problems, key=lambda problem: problem.place.line or 0))
    return counts(np.array(found, np.int64), periods=periods, what=name)


def _sheet(path: pathlib.Path) -> _Sheet:
    if not path.is_file():
        raise HistoryError(Problem("history/no-file", f"no file '{path}'"))
    if path.stat().st_size > MOST_BYTES:
        raise HistoryError(Problem("history/unreadable-file", f"larger than {MOST_BYTES // 1_000_000} MB", Place(path.name)))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        what = f"cannot be read as UTF-8 text: {error}"
        raise HistoryError(Problem("history/unreadable-file", what, Place(path.name), "save it as CSV in UTF-8")) from error
    heading = text.split("\n", 1)[0]
    mark = max(",;\t", key=heading.count)
    try:
        return _rows(path.name, text, mark)
    except csv.Error as error:
        raise HistoryError(Problem("history/unreadable-file", f"not a CSV file: {error}", Place(path.name))) from error


def _rows(file: str, text: str, mark: str) -> _Sheet:
    """The rows under the heading; rows of another length are mistakes."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    columns = [name.strip() for name in next(lines, [])]
    twice = [name for name in dict.fromkeys(columns) if columns.count(name) > 1]
    if not columns or twice:
        what = f"two columns are called '{twice[0]}'" if twice else "the file is empty"
        raise HistoryError(Problem("history/unreadable-file", what, Place(file, 1)))
    sheet = _Sheet(file, columns, [])
    for cells in lines:
        line = lines.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            what = f"{len(cells)} cells under {len(columns)} columns"
            sheet.problems.append(Problem("history/bad-value", what, Place(file, line)))
            continue
        sheet.rows.append(_Row(line, dict(zip(columns, cells, strict=True))))
    if not sheet.rows and not sheet.problems:
        raise HistoryError(Problem("history/no-rows", "a heading and no rows", Place(file)))
    return sheet


def _number(text: str) -> float | None:
    """The number written, or None where it is none; infinity and nan are none."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _covariates(sheet: _Sheet, rows: Sequence[_Row], used: set[str]) -> dict[str, list[float]]:
    """Columns of numbers; a column with any word in it is text, and a note names it and the line of the first word."""
    found: dict[str, list[float]] = {}
    texts: list[str] = []
    for column in sheet.columns:
        if column in used:
            continue
        values = [math.nan if sheet.blank(row, column) else _number(row.cells[column]) for row in rows]
        words = [row for row, value in zip(rows, values, strict=True) if value is None]
        if words:
            texts.append(f"{column} (line {words[0].line}: '{sheet.text(words[0], column)[:30]}')")
        else:
            found[column] = [math.nan if value is None else value for value in values]
    if texts:
        sheet.notes.append(f"not covariates, as not every cell is a number: {', '.join(texts)}")
    return found


def _plain(sheet: _Sheet) -> list[_Spell]:
    unit = "days" if "days" in sheet.columns and "years" not in sheet.columns else "years"
    sheet.need(unit, "ended")
    per_year = DAYS_PER_YEAR if unit == "days" else 1.0
    found = []
    for row in sheet.rows:
        case = sheet.text(row, "case", f"line {row.line}")
        entry = 0.0 if "entered" not in sheet.columns or sheet.blank(row, "entered") else sheet.number(row, "entered")
        length = sheet.number(row, unit)
        ended = sheet.truth(row, "ended")
        found.append(_Spell(row, entry / per_year, length / per_year, ended, case, sheet.text(row, "group", case)))
    return found


def _fortna(sheet: _Sheet) -> list[_Spell]:
    sheet.need("id", "_t0", "_t", "_d", "clust2")
    return [
        _Spell(
            row,
            sheet.number(row, "_t0") / DAYS_PER_YEAR,
            sheet.number(row, "_t") / DAYS_PER_YEAR,
            sheet.truth(row, "_d"),
            sheet.text(row, "id"),
            sheet.text(row, "clust2"),
        )
        for row in sheet.rows
    ]


def _interstate(event: str) -> Callable[[_Sheet], list[_Spell]]:
    def read(sheet: _Sheet) -> list[_Spell]:
        length, ended = f"T_{event}", f"D_{event}"
        sheet.need("T_war", length, ended, "dyad", "warnum", "ceasefire")
        month = 30 / DAYS_PER_YEAR
        found = []
        for row in sheet.rows:
            case = f"{sheet.text(row, 'dyad')} {sheet.text(row, 'ceasefire')}"
            spell = _Spell(row, 0.0, sheet.number(row, length), sheet.truth(row, ended), case, sheet.text(row, "warnum"))
            if not sheet.number(row, "T_war") <= month:
                found.append(spell)
        sheet.notes.append(f"{len(sheet.rows) - len(found)} rows left out: war again within 30 days, so the war had not ended")
        return found

    return read


def _ethprio(sheet: _Sheet) -> list[_Spell]:
    """Open-ended, two-sided ceasefires with a known end: one row per place and day of beginning."""
    sheet.need("location", "t0", "days", "side", "fixed", "ended")
    open_ended = [row for row in sheet.rows if sheet.number(row, "side") >= 2 and sheet.number(row, "fixed") == 0]
    found: dict[tuple[str, str], _Spell] = {}
    backwards = unknown = twice = 0
    for row in open_ended:
        begin, how = sheet.day(row, "t0"), sheet.number(row, "ended")
        dated = not sheet.blank(row, "days")
        if not dated and how != 0:
            unknown += 1
            continue
        days = sheet.number(row, "days") if dated else float((ETHPRIO_ENDS - begin).days)
        place = sheet.text(row, "location")
        key = (place, begin.isoformat())
        backwards += days < 0
        twice += days >= 0 and key in found
        if days >= 0 and key not in found:
            length = max(days, 0.5) / DAYS_PER_YEAR
            found[key] = _Spell(row, 0.0, length, dated and how in (-1, 2), " ".join(key), place)
    sheet.notes += [
        f"{len(open_ended)} of {len(sheet.rows)} rows are open-ended and of two sides or more",
        f"{unknown} left out: the day of the end is not known, so those that remain are selected; "
        f"{backwards} end before they begin; {twice} stand twice",
        "counted as failed: an end of manner 2, or of unknown manner on a known day; others were replaced, expired or "
        f"were converted, and count as holding until then; those still in force are followed to {ETHPRIO_ENDS}",
    ]
    return list(found.values())


def _without_gaps(sheet: _Sheet, periods: Sequence[str]) -> None:
    """Adds a problem for every period that does not follow the last one."""
    number = [_period(text) for text in periods]
    if len(number) < 3 or any(value is None for value in number):
        return
    steps = [int(b or 0) - int(a or 0) for a, b in itertools.pairwise(number)]
    usual = max(set(steps), key=lambda step: (steps.count(step), -abs(step)))
    for k, step in enumerate(steps):
        if step != usual or step <= 0:
            what = f"'{periods[k + 1]}' does not follow '{periods[k]}'"
            place = sheet.place(sheet.rows[k + 1], sheet.columns[0])
            hint = "one row for every period, in order; write 0 where nothing was reported"
            sheet.problems.append(Problem("history/missing-period", what, place, hint))


def _period(text: str) -> int | None:
    """A running number of a month (2013-01) or of a day (2013-01-31)."""
    year, _, month = text.partition("-")
    if year.isdigit() and month.isdigit() and 1 <= int(month) <= 12:
        return int(year) * 12 + int(month)
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None


_INTERSTATE = {"T_war", "D_war", "T_fatal", "D_fatal", "T_force", "D_force", "dyad"}
KINDS: dict[str, tuple[str, set[str], Callable[[_Sheet], list[_Spell]]]] = {
    "plain": ("the ceasefire ends", {"years", "days", "ended", "entered", "case", "group"}, _plain),
    "fortna": ("war again after a civil-war ceasefire", {"id", "_t0", "_t", "_d", "clust2", "t0", "t1"}, _fortna),
    "interstate-war": ("war again between two states", _INTERSTATE, _interstate("war")),
    "interstate-fatal": ("first fatal clash between two states", _INTERSTATE, _interstate("fatal")),
    "interstate-force": ("first forcible act between two states", _INTERSTATE, _interstate("force")),
    "ethprio": ("an open-ended ceasefire of two sides fails", {"location", "t0", "t1", "days", "ended"}, _ethprio),
}
