"""Days as people write them, and whether they can be: figures, names of months, weeks, times, stretches."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
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
    rf"(?<![\w-])(?:(?P<from>\d{{1,2}})\s?[-\u2013/]\s?)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|e|\.)?[-/\s]?"
    rf"(?:of |de )?(?P<month>{NAMES_OF_MONTHS})(?![^\W\d])\.?"
    r"(?:,?[-/\s]?(?P<year>\d{4})(?!\d))?"
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w)(?P<month>{NAMES_OF_MONTHS})\.?[-/\s](?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\w)(?:,?[-/\s](?P<year>\d{{4}})(?!\d))?"
)
_YEAR_FIRST = re.compile(rf"(?<!\w)(?P<year>\d{{4}})[-/\s](?P<month>{NAMES_OF_MONTHS})\.?[-/\s](?P<day>\d{{1,2}})(?!\w)")
_NO_DAY = re.compile(rf"(?<!\w)(?P<month>{NAMES_OF_MONTHS})\.?,?[-/\s](?P<year>\d{{4}})(?!\d)")
_EASTERN = re.compile(r"(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월](?:\s?(?P<day>\d{1,2})\s?[日일])?")
_YEARS = re.compile(r"(?<![\w./-])(?P<year>\d{4})\s?(?:[-\u2013/]|to|until|tot|bis)\s?(?P<last>\d{4})(?![\d./-])")
_QUARTER = re.compile(r"(?<!\w)q(?P<part>\d+)(?:[-/\s]*(?P<year>\d{4}))?(?!\w)|(?<!\w)(?P<first_year>\d{4})[-/\s]*q(?P<nth>\d+)(?!\w)")
_HALF = re.compile(r"(?<!\w)h(?P<part>\d+)[-/\s]*(?P<year>\d{4})(?!\w)|(?<!\w)(?P<first_year>\d{4})[-/\s]*h(?P<nth>\d+)(?!\w)")
_ZONE = r"(?:z|(?P<zone>[+-]\d{2}):?(?P<past>\d{2})?)"
_TIME = re.compile(rf"(?<![\d:+-])(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}})(?:\.\d+)?)?\s?{_ZONE}?(?![\d:])")
_BEFORE_YEAR_0 = re.compile(r"\d\s?(?:b\.?c\.?e?\.?|v\.?\s?chr\.?|av\.?\s?j\.?-?c\.?)(?!\w)")
_JOINS = re.compile(r"\s*(?:/|-|\u2013|\u2014|\.\.\.?|to|until|till|through|t/m|tot|tot en met|bis|à|au)\s*\Z")
_ADDS = re.compile(r"\s*(?:and|en|und|et)\s*\Z")
_BETWEEN = re.compile(r"(?<!\w)(?:between|tussen|zwischen|entre)\s+\Z")
_HYPHENS = re.compile(r"[\u2010\u2012\u2212]")
_DASHED = re.compile(r"(?<!\d)(\d{1,4})[\u2013\u2014](\d{1,2})[\u2013\u2014](\d{1,4})(?!\d)")


def impossible(written: str) -> bool:
    """Whether something is written like a date, and is no day, month, week, time or stretch of time that can be.

    Years before 1000 count as slips of the pen. What is not written like a date (`spring 2025`) is none of this.

    >>> [impossible(text) for text in ("2025-02-30", "31/04/2025", "31 April 2025", "0025-03-01", "2025-W54", "2025-05-02/2025-05-01")]
    [True, True, True, True, True, True]
    >>> [impossible(text) for text in ("2025-04", "4/25/2025", "29 februari 2024", "2025-W14-3", "1975-76", "spring 2025")]
    [False, False, False, False, False, False]
    """
    text = _plain(written)
    if _BEFORE_YEAR_0.search(text):
        return True
    stated = sorted(_days(text), key=lambda place: (place[0], -place[1]))
    if any(day is None for _, _, day in stated) or any(_odd_parts(text)):
        return True
    return any(_turned_round(text, *both) for both in pairwise(_outermost(stated)))


def _plain(written: str) -> str:
    """What is written without capitals, signs that nobody sees, and other digits and hyphens than the usual ones."""
    seen = (sign for sign in unicodedata.normalize("NFKC", written).strip().casefold() if unicodedata.category(sign) != "Cf")
    return _DASHED.sub(r"\1-\2-\3", _HYPHENS.sub("-", "".join(str(unicodedata.decimal(sign, sign)) for sign in seen)))


def _outermost(stated: Iterable[tuple[int, int, date | None]]) -> Iterator[tuple[int, int, date | None]]:
    """Days, in order, without the month that is part of one (`March 2025` of `3 March 2025`)."""
    reached = -1
    for start, end, day in stated:
        if end > reached:
            yield start, end, day
            reached = end


def _turned_round(text: str, one: tuple[int, int, date | None], other: tuple[int, int, date | None]) -> bool:
    """Whether two days are begin and end of one stretch, and the end comes first."""
    (begins, start, first), (end, _, last) = one, other
    if first is None or last is None or first <= last:
        return False
    joint = text[start:end]
    return _JOINS.match(joint) is not None or (_ADDS.match(joint) is not None and _BETWEEN.search(text[:begins]) is not None)


def _days(text: str) -> Iterator[tuple[int, int, date | None]]:
    """Where a text names a day, and the day; the first one of a month, week or quarter; None where it cannot be."""
    for each in _FIGURES.finditer(text):
        if not (each["day"] is None and _two_years(int(each["year"]), int(each["month"]))):
            yield each.start(), each.end(), _day(int(each["year"]), int(each["month"]), int(each["day"] or 1))
    for each in _DAY_FIRST.finditer(text):
        one, two, year = int(each["one"]), int(each["two"]), int(each["year"])
        day = _day(year, two, one)
        yield each.start(), each.end(), day or _day(year, one, two)
    for pattern in (_CLOSED_UP, _EASTERN):
        for each in pattern.finditer(text):
            yield each.start(), each.end(), _day(int(each["year"]), int(each["month"]), int(each["day"] or 1))
    for each in _OF_YEAR.finditer(text):
        first, nth = _day(int(each["year"]), 1, 1), int(each["day"])
        can_be = first is not None and 1 <= nth <= 365 + calendar.isleap(first.year)
        yield each.start(), each.end(), first + timedelta(days=nth - 1) if first is not None and can_be else None
    for each in _WEEK.finditer(text):
        yield each.start(), each.end(), _of_week(int(each["year"]), int(each["week"]), int(each["day"] or 1))
    for pattern, months in ((_QUARTER, 3), (_HALF, 6)):
        for each in pattern.finditer(text):
            nth, said = int((each["part"] or each["nth"])[:3]), each["year"] or each["first_year"]
            can_be = 1 <= nth <= 12 // months
            if said or not can_be:
                yield each.start(), each.end(), _day(int(said or 2_024), months * (nth - 1) + 1, 1) if can_be else None
    yield from _named(text)


def _named(text: str) -> Iterator[tuple[int, int, date | None]]:
    """The same of days and months called by name; where no year is named, that of the next day that has one, if of the same month."""
    given = sorted((each for pattern in (_NAMED, _MONTH_FIRST, _YEAR_FIRST) for each in pattern.finditer(text)), key=lambda each: -each.start())
    alike = Counter(NUMBER_OF_MONTH[each["month"]] for each in given)
    later = dict[int, int]()
    for each in given:
        month, day = NUMBER_OF_MONTH[each["month"]], int(each["day"])
        year = later[month] = int(each["year"] or later.get(month, 2_024))  # which may be one with 29 February
        if each["year"] or alike[month] > 1 or _day(year, month, day) is None:
            yield each.start(), each.end(), _day(year, month, day)
    for each in _NO_DAY.finditer(text):
        yield each.start(), each.end(), _day(int(each["year"]), NUMBER_OF_MONTH[each["month"]], 1)


def _two_years(first: int, last: int) -> bool:
    """Whether `1975-76` means two years."""
    return last > 12 and 0 < last - first % 100 <= 10


def _odd_parts(text: str) -> Iterator[bool]:
    """Whether times and stretches cannot be, one by one."""
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
