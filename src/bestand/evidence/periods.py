"""Periods of counts: months, weeks and days in order, without gaps, however they are stamped."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import date
from statistics import median

from bestand.errors import Problem
from bestand.evidence.sheet import Sheet

_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})")
SHORTEST_MONTH = 28
UNREAD = "the periods are not written as 2013-01, 2013-01-31 or 2013-W05, so missing ones cannot be noticed"
HINT = "months as 2013-01, days as 2013-01-31, weeks as 2013-W05"


def check_periods(sheet: Sheet, periods: Sequence[str]) -> None:
    """Adds a problem for every period that cannot be, or does not follow the one before by the usual step."""
    if not any(_written(text) for text in periods):
        sheet.notes.append(UNREAD)
        return
    days = [_day(text) for text in periods]
    column = sheet.columns[0]
    for row, day in zip(sheet.rows, days, strict=True):
        if day is None:
            sheet.wrong(row, column, "is not a period that can be", HINT)
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return
    numbers = _numbered(known, monthly=all(_MONTH.fullmatch(text) for text in periods))
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    usual = max({step for step in steps if step > 0}, key=lambda step: (steps.count(step), -step), default=1)
    for k, step in enumerate(steps):
        if step != usual:
            what = f"'{periods[k + 1]}' does not follow '{periods[k]}'{_missing(step, usual)}"
            hint = "one row for every period, in order; write 0 where nothing was reported"
            sheet.add(Problem("history/missing-period", what, sheet.place(sheet.rows[k + 1], column), hint))


def _missing(step: int, usual: int) -> str:
    return f": {step // usual - 1} missing between them" if step > 0 and step % usual == 0 else ""


def _written(text: str) -> bool:
    return any(form.fullmatch(text) for form in (_MONTH, _DAY, _WEEK))


def _day(text: str) -> date | None:
    """The day of a stamp, of a month its first, of a week its Monday; None where there is no such day."""
    try:
        if month := _MONTH.fullmatch(text):
            return date(int(month[1]), int(month[2]), 1)
        if day := _DAY.fullmatch(text):
            return date(int(day[1]), int(day[2]), int(day[3]))
        if week := _WEEK.fullmatch(text):
            return date.fromisocalendar(int(week[1]), int(week[2]), 1)
    except ValueError:
        return None
    return None


def _numbered(days: Sequence[date], *, monthly: bool) -> list[int]:
    """Running numbers: of months where stamps are a month or more apart, else of days.

    Steps that are all multiples of one number of days (every 28 days) are counted in days; stamps of a month may fall on
    any of its days, so that they are 28 to 31 days apart, or more unevenly.
    """
    ordinal = [day.toordinal() for day in days]
    steps = [after - before for before, after in itertools.pairwise(ordinal)]
    forward = [step for step in steps if step > 0]
    least = min(forward, default=0)
    even = len(forward) > 1 and all(step % least == 0 for step in forward)
    if monthly or (forward and median(forward) >= SHORTEST_MONTH and not even):
        return [day.year * 12 + day.month for day in days]
    return ordinal
