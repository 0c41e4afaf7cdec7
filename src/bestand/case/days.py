"""Days as people write them, and whether they can be: figures, names of months, weeks, times, stretches."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from bestand.evidence.periods import NAMES_OF_MONTHS, NUMBER_OF_MONTH

_FIRST_YEAR = 1_000
_YEAR = r"(?P<year>(?:(?<!\S)[-+\u2212])?\d{4,6})"
_FIGURES = re.compile(rf"(?<![\w:]){_YEAR}(?P<sign>[-/.])(?P<month>\d{{1,2}})(?:(?P=sign)(?P<day>\d{{1,2}}))?(?!\d)(?![-.]\d)")
_DAY_FIRST = re.compile(r"(?<![\w:])(?<!\d[./])(?P<one>\d{1,2})(?P<sign>[-/.])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4})(?!\d)")
_WEEK = re.compile(r"(?<!\d)(?P<year>\d{4})-?w(?P<week>\d{1,2})(?:-?(?P<day>\d))?(?!\d)")
_OF_YEAR = re.compile(r"(?<![\w./-])(?P<year>\d{4})-(?P<day>\d{3})(?!\d)")
_CLOSED_UP = re.compile(r"(?<![\w./-])(?P<year>[12]\d{3})(?P<month>\d{2})(?P<day>\d{2})(?!\d)")
_NAMED = re.compile(
    rf"(?<![\w-])(?:(?P<from>\d{{1,2}})\s?[-\u2013/]\s?)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|e|\.)?\s?"
    rf"(?:of |de )?(?P<month>{NAMES_OF_MONTHS})(?!\w)\.?"
    r"(?:,?\s(?P<year>\d{4})(?!\d))?"
)
_MONTH_FIRST = re.compile(rf"(?<!\w)(?P<month>{NAMES_OF_MONTHS})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\w)(?:,?\s(?P<year>\d{{4}})(?!\d))?")
_YEARS = re.compile(r"(?<![\w./-])(?P<year>\d{4})\s?(?:[-\u2013/]|to|until|tot|bis)\s?(?P<last>\d{4})(?![\d./-])")
_QUARTER = re.compile(r"(?<!\w)q(?P<quarter>\d+)(?!\w)")
_ZONE = r"(?:z|(?P<zone>[+-]\d{2}):?(?P<past>\d{2})?)"
_TIME = re.compile(rf"(?<![\d:+-])(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}})(?:\.\d+)?)?\s?{_ZONE}?(?![\d:])")
_BEFORE_YEAR_0 = re.compile(r"\d\s?(?:b\.?c\.?e?\.?|v\.?\s?chr\.?|av\.?\s?j\.?-?c\.?)(?!\w)")
_JOINS = re.compile(r"\s*(?:/|-|\u2013|\u2014|\.\.\.?|to|until|till|through|and|t/m|tot|tot en met|bis|en|und|à|au|et)\s*\Z")


def impossible(written: str) -> bool:
    """Whether something is written like a date, and is no day, month, week, time or stretch of time that can be.

    Years before 1000 count as slips of the pen. What is not written like a date (`spring 2025`) is none of this.

    >>> [impossible(text) for text in ("2025-02-30", "31/04/2025", "31 April 2025", "0025-03-01", "2025-W54", "2025-05-02/2025-05-01")]
    [True, True, True, True, True, True]
    >>> [impossible(text) for text in ("2025-04", "4/25/2025", "29 februari 2024", "2025-W14-3", "1975-76", "spring 2025")]
    [False, False, False, False, False, False]
    """
    text = "".join(str(unicodedata.decimal(sign, sign)) for sign in written.strip().casefold())
    if _BEFORE_YEAR_0.search(text):
        return True
    stated = sorted(_days(text), key=lambda place: place[:2])
    if any(day is None for _, _, day in stated) or any(_odd_parts(text)):
        return True
    return any(
        first is not None and last is not None and first > last and _JOINS.match(text[end:start]) is not None
        for (_, end, first), (start, _, last) in pairwise(stated)
    )


def _days(text: str) -> Iterator[tuple[int, int, date | None]]:
    """Where a text names a day, and the day; the first one of a month, week or quarter; None where it cannot be."""
    for each in _FIGURES.finditer(text):
        if not (each["day"] is None and _two_years(int(each["year"]), int(each["month"]))):
            yield each.start(), each.end(), _day(int(each["year"].replace("\u2212", "-")), int(each["month"]), int(each["day"] or 1))
    for each in _DAY_FIRST.finditer(text):
        one, two, year = int(each["one"]), int(each["two"]), int(each["year"])
        day = _day(year, two, one)
        yield each.start(), each.end(), day or _day(year, one, two)
    for each in _CLOSED_UP.finditer(text):
        yield each.start(), each.end(), _day(int(each["year"]), int(each["month"]), int(each["day"]))
    for each in _OF_YEAR.finditer(text):
        first, nth = _day(int(each["year"]), 1, 1), int(each["day"])
        can_be = first is not None and 1 <= nth <= 365 + calendar.isleap(first.year)
        yield each.start(), each.end(), first + timedelta(days=nth - 1) if first is not None and can_be else None
    for each in _WEEK.finditer(text):
        yield each.start(), each.end(), _of_week(int(each["year"]), int(each["week"]), int(each["day"] or 1))
    for pattern in (_NAMED, _MONTH_FIRST):
        for each in pattern.finditer(text):
            year = int(each["year"] or 2_024)  # a year that is not named may be one with 29 February
            if each["year"] or _day(year, NUMBER_OF_MONTH[each["month"]], int(each["day"])) is None:
                yield each.start(), each.end(), _day(year, NUMBER_OF_MONTH[each["month"]], int(each["day"]))


def _two_years(first: int, last: int) -> bool:
    """Whether `1975-76` means two years."""
    return last > 12 and 0 < last - first % 100 <= 10


def _odd_parts(text: str) -> Iterator[bool]:
    """Whether quarters, times and stretches cannot be, one by one."""
    for each in _QUARTER.finditer(text):
        yield not 1 <= int(each["quarter"][:3]) <= 4
    for each in _TIME.finditer(text):
        hour, minute, second = int(each["hour"]), int(each["minute"]), int(each["second"] or 0)
        yield (hour, minute, second) > (24, 0, 0) or minute > 59 or second > 60
        yield abs(int(each["zone"] or 0)) > 14 or int(each["past"] or 0) > 59
    for each in _YEARS.finditer(text):
        yield int(each["year"]) > int(each["last"])
    for each in _NAMED.finditer(text):
        yield each["from"] is not None and int(each["from"]) >= int(each["day"])


def _of_week(year: int, week: int, day: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, day) if year >= _FIRST_YEAR else None
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        day_of_it = date(year, month, day)
    except ValueError:
        return None
    return day_of_it if year >= _FIRST_YEAR else None
