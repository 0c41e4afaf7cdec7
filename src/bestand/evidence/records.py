"""Readers of the files that a user holds: lengths of past ceasefires, and counts of violations."""

from __future__ import annotations

import math
import pathlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from bestand.errors import Place, Problem, did_you_mean
from bestand.evidence.counts import MOST_EVENTS, MOST_PERIODS, Counts, counts
from bestand.evidence.periods import check_periods
from bestand.evidence.sheet import HistoryError, Row, Sheet, cell_number, sheet
from bestand.evidence.spells import APART, DAYS_PER_YEAR, MOST_YEARS, Spells, clashes, spells

ETHPRIO_ENDS = date(2020, 12, 31)


@dataclass(frozen=True, slots=True)
class _Spell:
    row: Row
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

    >>> import pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = pathlib.Path(folder.name, "spells.csv")
    >>> _ = file.write_text("years,ended\\n1.5,1\\n3,0\\n")
    >>> read_spells(file).exit
    array([1.5, 3. ])
    >>> folder.cleanup()
    """
    if kind not in KINDS:
        raise HistoryError(Problem("history/unknown-kind", f"no kind of file '{kind}'", hint=did_you_mean(str(kind), KINDS)))
    table = sheet(path)
    if group_by is not None:
        table.need(group_by)
    what, used, read = KINDS[kind]
    past = read(table)
    _check_lengths(table, past)
    covariates = _covariates(table, [spell.row for spell in past], {*used, *([group_by] if group_by else [])})
    table.stop()
    if not past:
        hint = "look at the rule of this kind, or choose another"
        raise HistoryError(Problem("history/no-rows", f"no row is a spell of kind '{kind}'", Place(table.file), hint))
    return spells(
        [spell.exit for spell in past],
        [spell.ended for spell in past],
        entry=[spell.entry for spell in past],
        case=[spell.case for spell in past],
        group=[table.text(spell.row, group_by, spell.case) if group_by else spell.group for spell in past],
        covariates=covariates,
        what=what,
        notes=table.notes,
    )


def _check_lengths(table: Sheet, past: Sequence[_Spell]) -> None:
    """Adds a problem for every spell that does not end after it begins, or is longer than any ceasefire can be."""
    for spell in past:
        if not math.isfinite(spell.entry + spell.exit) or 0 <= spell.entry < spell.exit <= MOST_YEARS:
            continue
        what = f"runs from year {spell.entry:g} to year {spell.exit:g}"
        hint = f"it begins at 0 or later and ends after it begins, within {MOST_YEARS:,} years"
        table.add(Problem("history/bad-value", what, Place(table.file, spell.row.line), hint))
    columns = (np.array([getattr(spell, name) for spell in past]) for name in ("entry", "exit", "ended"))
    for k, why in clashes([spell.case for spell in past], *columns):
        table.add(Problem("history/bad-value", f"'{past[k].case}' {why}", Place(table.file, past[k].row.line), APART))


def read_counts(path: str | pathlib.Path, *, column: str | None = None) -> Counts:
    """Counts per day, week or month from a CSV file whose first column is the period.

    column : the column of counts; need not be named where there is only one beside the period

    Periods written as years, 2013-Q1, 2013-01, 2013-01-31, 2013-W05 or numbers must follow one another without a gap, since each is compared with
    the last; months may be stamped with any of their days. Where no period is written so, a note says that gaps go
    unnoticed.

    Raises
    ------
    HistoryError
        `history/no-file`, `history/unreadable-file`, `history/missing-column`, `history/bad-value`, `history/missing-period`, `history/too-fine`.

    >>> import pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = pathlib.Path(folder.name, "counts.csv")
    >>> _ = file.write_text("month,incidents\\n2024-01,3\\n2024-02,5\\n")
    >>> read_counts(file).what
    'incidents'
    >>> folder.cleanup()
    """
    table = sheet(path)
    name = _column_of_counts(table, column)
    values = [table.number(row, name) for row in table.rows]
    for row, value in zip(table.rows, values, strict=True):
        if math.isfinite(value) and not (0 <= value <= MOST_EVENTS and value == int(value)):
            table.wrong(row, name, "is not a count", f"a whole number from 0 to {MOST_EVENTS:,}")
    periods = [table.text(row, table.columns[0]) for row in table.rows]
    if len(periods) > MOST_PERIODS:
        hint = f"at most {MOST_PERIODS:,}"
        table.add(Problem("history/bad-value", f"{len(periods):,} periods", Place(table.file), hint))
    check_periods(table, periods)
    table.stop()
    return counts(values, periods=periods, what=name, notes=table.notes)


def _column_of_counts(table: Sheet, column: str | None) -> str:
    others = table.columns[1:]
    if column is None and len(others) == 1:
        if cell_number(others[0]) is not None:
            what = f"the first line is no heading: '{others[0][:60]}' stands where the count should have a name"
            raise HistoryError(Problem("history/missing-column", what, Place(table.file, 1), "add a first line that names the columns: period,count"))
        return others[0]
    if column is None:
        hint = f"name it: column=…, or --column; columns are {', '.join(others) or 'missing: give a period and a count'}"
        raise HistoryError(Problem("history/missing-column", "which column is the count is not clear", Place(table.file, 1), hint))
    table.need(column)
    return column


def _covariates(table: Sheet, rows: Sequence[Row], used: set[str]) -> dict[str, list[float]]:
    """Columns of numbers; a column with any word in it is text, and a note names it and the line of the first word."""
    numbers: dict[str, list[float]] = {}
    texts: list[str] = []
    for column in table.columns:
        if column in used:
            continue
        values = [math.nan if table.blank(row, column) else cell_number(row.cells[column]) for row in rows]
        words = [row for row, value in zip(rows, values, strict=True) if value is None]
        if words:
            texts.append(f"{column} (line {words[0].line}: '{table.text(words[0], column)[:30]}')")
        else:
            numbers[column] = [math.nan if value is None else value for value in values]
    if texts:
        table.notes.append(f"not covariates, as not every cell is a number: {', '.join(texts)}")
    return numbers


_ENTRY = frozenset(
    ["entry", "entry_time", "entry_col", "start", "tstart", "time1", "t0", "_t0", "begin", "enter", "entertime", "delayed_entry", "left", "origin"]
)  # fmt: skip
"""What other programs (lifelines, R's survival, Stata) call the time at which watching began: taken for a covariate, it would be lost."""


def _plain(table: Sheet) -> list[_Spell]:
    unit = "days" if "days" in table.columns and "years" not in table.columns else "years"
    table.need(unit, "ended")
    for column in table.columns:
        if column.strip().lower() in _ENTRY and "entered" not in table.columns:
            what = f"column '{column}' may say when watching began, and would be taken for a covariate"
            hint = "call it `entered`; or otherwise, if it says something else"
            table.problems.append(Problem("history/missing-column", what, Place(table.file, 1), hint))
    if {"days", "years"} <= set(table.columns):
        what = "both `years` and `days` say how long it was"
        table.problems.append(Problem("history/missing-column", what, Place(table.file, 1), "keep one of the two"))
    per_year = DAYS_PER_YEAR if unit == "days" else 1.0
    past = []
    for row in table.rows:
        case = table.text(row, "case", f"line {row.line}")
        entry = 0.0 if "entered" not in table.columns or table.blank(row, "entered") else table.number(row, "entered")
        length = table.number(row, unit)
        ended = table.truth(row, "ended")
        past.append(_Spell(row, entry / per_year, length / per_year, ended, case, table.text(row, "group", case)))
    return past


def _fortna(table: Sheet) -> list[_Spell]:
    table.need("id", "_t0", "_t", "_d", "clust2")
    return [
        _Spell(
            row,
            table.number(row, "_t0") / DAYS_PER_YEAR,
            table.number(row, "_t") / DAYS_PER_YEAR,
            table.truth(row, "_d"),
            table.text(row, "id"),
            table.text(row, "clust2"),
        )
        for row in table.rows
    ]


def _interstate(event: str) -> Callable[[Sheet], list[_Spell]]:
    def read(table: Sheet) -> list[_Spell]:
        length, ended = f"T_{event}", f"D_{event}"
        table.need("T_war", length, ended, "dyad", "warnum", "ceasefire")
        month = 30 / DAYS_PER_YEAR
        past = []
        for row in table.rows:
            case = f"{table.text(row, 'dyad')} {table.text(row, 'ceasefire')}"
            spell = _Spell(row, 0.0, table.number(row, length), table.truth(row, ended), case, table.text(row, "warnum"))
            if not table.number(row, "T_war") <= month:
                past.append(spell)
        table.notes.append(f"{len(table.rows) - len(past)} rows left out: war again within 30 days, so the war had not ended")
        return past

    return read


def _ethprio(table: Sheet) -> list[_Spell]:
    """Open-ended, two-sided ceasefires with a known end: one row per place and day of beginning."""
    table.need("location", "t0", "days", "side", "fixed", "ended")
    open_ended = [row for row in table.rows if table.number(row, "side") >= 2 and table.number(row, "fixed") == 0]
    past: dict[tuple[str, str], _Spell] = {}
    backwards = unknown = twice = 0
    for row in open_ended:
        begin, how = table.day(row, "t0"), table.number(row, "ended")
        dated = not table.blank(row, "days")
        if not dated and how != 0:
            unknown += 1
            continue
        days = table.number(row, "days") if dated else float((ETHPRIO_ENDS - begin).days)
        place = table.text(row, "location")
        key = (place, begin.isoformat())
        backwards += days < 0
        twice += days >= 0 and key in past
        if days >= 0 and key not in past:
            length = max(days, 0.5) / DAYS_PER_YEAR
            past[key] = _Spell(row, 0.0, length, dated and how in (-1, 2), " ".join(key), place)
    table.notes += [
        f"{len(open_ended)} of {len(table.rows)} rows are open-ended and of two sides or more",
        f"{unknown} left out: the day of the end is not known, so those that remain are selected; "
        f"{backwards} end before they begin; {twice} stand twice",
        "counted as failed: an end of manner 2, or of unknown manner on a known day; others were replaced, expired or "
        f"were converted, and count as in force until then; those still in force are followed to {ETHPRIO_ENDS}",
    ]
    return list(past.values())


_INTERSTATE = {"T_war", "D_war", "T_fatal", "D_fatal", "T_force", "D_force", "dyad"}
KINDS: dict[str, tuple[str, set[str], Callable[[Sheet], list[_Spell]]]] = {
    "plain": ("the ceasefire ends", {"years", "days", "ended", "entered", "case", "group"}, _plain),
    "fortna": ("war again after a civil-war ceasefire", {"id", "_t0", "_t", "_d", "clust2", "t0", "t1"}, _fortna),
    "interstate-war": ("war again between two states", _INTERSTATE, _interstate("war")),
    "interstate-fatal": ("first fatal clash between two states", _INTERSTATE, _interstate("fatal")),
    "interstate-force": ("first forcible act between two states", _INTERSTATE, _interstate("force")),
    "ethprio": ("an open-ended ceasefire of two sides fails", {"location", "t0", "t1", "days", "ended"}, _ethprio),
}
