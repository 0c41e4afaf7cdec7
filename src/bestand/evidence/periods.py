"""Periods of counts: months, weeks and days in order, without gaps, however they are stamped."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median

from bestand.errors import Problem
from bestand.evidence.sheet import Sheet

MONTHS = (
    "january januari januar janvier jan",
    "february februari februar février fevrier feb",
    "march maart märz maerz mars mar mrt",
    "april avril apr avr",
    "may mei mai",
    "june juni juin jun",
    "july juli juillet jul",
    "august augustus août aout aug",
    "september septembre sept sep",
    "october oktober octobre oct okt",
    "november novembre nov",
    "december dezember décembre decembre dec dez",
)
NUMBER_OF_MONTH = {name: k + 1 for k, names in enumerate(MONTHS) for name in names.split()}
NAMES_OF_MONTHS = "|".join(sorted(NUMBER_OF_MONTH, key=len, reverse=True))
_COARSE = tuple(
    map(
        re.compile,
        (
            r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})",
            r"(?P<year>[12]\d{3})[-: ]?m?(?P<month>\d{2})",
            r"(?P<year>[12]\d{3})[-: ]?m(?P<month>\d)",
            r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})",
            r"(?P<year>[12]\d{3})",
            r"(?P<year>\d{4})[- ]?q(?P<quarter>\d)|q(?P<quarter2>\d)[-/ ]?(?P<year2>\d{4})",
            r"(?P<year>\d{4})[- ]?[hs](?P<half>\d)|[hs](?P<half2>\d)[-/ ]?(?P<year2>\d{4})",
            rf"(?P<name>{NAMES_OF_MONTHS})\.?,?[-/ ]?(?P<year>\d{{4}})|(?P<year2>\d{{4}})[-/ ]?(?P<name2>{NAMES_OF_MONTHS})\.?",
            rf"(?P<name>{NAMES_OF_MONTHS})\.?[-/ ]?['’]?(?P<short>\d{{2}})",
        ),
    )
)
_FINE = tuple(
    map(
        re.compile,
        (
            r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
            r"(?P<year>[12]\d{3})(?P<month>\d{2})(?P<day>\d{2})",
            r"(?P<day>\d{1,2})[-.](?P<month>\d{1,2})[-.](?P<year>\d{4})",
            rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?[-/ ]?(?P<name>{NAMES_OF_MONTHS})\.?,?[-/ ]?(?:(?P<year>\d{{4}})|['’]?(?P<short>\d{{2}}))",
            rf"(?P<name>{NAMES_OF_MONTHS})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
            r"(?P<year>\d{4})[- ]?(?:w|week |wk ?|kw ?)(?P<week>\d{1,2})(?:-?(?P<weekday>\d))?",
            r"(?:w|week |wk ?|kw ?)(?P<week>\d{1,2}),?[-/ ](?P<year>\d{4})",
        ),
    )
)
_TIME = re.compile(
    r"(?:t|\s+|-)\s*(?:[01]?\d|2[0-4])(?:[:.h]?[0-5]\d(?:[:.]?[0-6]\d(?:[.,]\d{1,9})?)?)?\s?(?:h|u|uur|uhr)?"
    r"\s?(?:[ap]\.?m\.?)?\s?(?:z|[a-z]{3,4})?\s?(?:[-+]\d{2}:?(?:\d{2})?)?"
)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_UP_TO = re.compile(r"(.{4,40}?)\s?(?:\s[-\u2013\u2014]\s|\u2013|\u2014|/|\.\.|\sto\s|\suntil\s|\stot\s|\st/m\s|\sbis\s)\s?(.{4,40})")
SHORTEST_MONTH = 28
_SERIALS = range(20_000, 80_000)  # days from 1954 to 2119, as spreadsheets number them
UNREAD = "the periods are not written as 2013, 2013-Q1, 2013-01, 2013-01-31 or 2013-W05, so missing ones cannot be noticed"
HINT = "years as 2013, quarters as 2013-Q1, months as 2013-01, days as 2013-01-31, weeks as 2013-W05"


def check_periods(sheet: Sheet, periods: Sequence[str]) -> None:
    """Adds a problem for every period that cannot be, or does not follow the one before by the usual step."""
    told = [without_time(_first_of(text)) for text in map(_plain, periods)]
    if any(text != _plain(whole) for text, whole in zip(told, periods, strict=True)) and _finer(sheet, periods, told):
        return
    if all(_SLASHED.fullmatch(text) for text in told):
        told = _in_order(told)
    running = _running(told)
    if running is None and not any(form.fullmatch(text) for text in told for form in (*_COARSE, *_FINE)):
        sheet.notes.append(UNREAD)
        return
    days = [] if running is not None else [_day(text) for text in told]
    column = sheet.columns[0]
    for row, day in zip(sheet.rows, days, strict=False):
        if day is None:
            sheet.wrong(row, column, "is not a period that can be", HINT)
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return
    coarse = all(form.fullmatch(text) is None for text in told for form in _FINE)
    numbers = running if running is not None else _numbered(known, monthly=coarse)
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    usual = max({step for step in steps if step > 0}, key=lambda step: (steps.count(step), -step), default=1)
    if steps and all(step < 0 for step in steps):
        what = f"the periods run backwards, from '{periods[0]}' to '{periods[-1]}'"
        sheet.add(Problem("history/missing-period", what, sheet.place(sheet.rows[0], column), "sort the rows by period, the earliest first"))
        return
    for k, step in enumerate(steps):
        if step == 0:
            what, hint = f"'{periods[k + 1]}' stands twice", "one row for every period: add up its counts, or take one row out"
            sheet.add(Problem("history/missing-period", what, sheet.place(sheet.rows[k + 1], column), hint))
        elif step != usual:
            what = f"'{periods[k + 1]}' does not follow '{periods[k]}'{_missing(step, usual)}"
            hint = "one row for every period, in order; write 0 where nothing was reported"
            sheet.add(Problem("history/missing-period", what, sheet.place(sheet.rows[k + 1], column), hint))


def without_time(text: str) -> str:
    """A stamp without its time of day, where it has one.

    >>> [without_time(text) for text in ("2024-01-31t05:00:00z", "31.1.2024 5:30 pm", "2024-01", "2024-01-31 25:00")]
    ['2024-01-31', '31.1.2024', '2024-01', '2024-01-31 25:00']
    """
    if any(form.fullmatch(text) for form in (*_COARSE, *_FINE)):
        return text
    days = (day for form in (*_FINE, _SLASHED) if (day := form.match(text)) is not None)
    return next((day[0] for day in days if _TIME.fullmatch(text, day.end())), text)


def _first_of(text: str) -> str:
    """The first day of a period that is told by its first and its last."""
    both = _UP_TO.fullmatch(text)
    stamps = () if both is None else (without_time(both[1].strip()), without_time(both[2].strip()))
    return stamps[0] if stamps and all(_SLASHED.fullmatch(each) or _day(each) is not None for each in stamps) else text


def _finer(sheet: Sheet, periods: Sequence[str], told: Sequence[str]) -> bool:
    """Whether some stamps are of one day and differ by their time, which is told; times of day count for nothing else."""
    same = [k for k in range(1, len(told)) if told[k] == told[k - 1] and periods[k].strip() != periods[k - 1].strip()]
    if same:
        what = f"'{periods[same[0]]}' and '{periods[same[0] - 1]}' are of one day, as are {len(same):,} pairs of rows: periods are days or longer"
        hint = f"add up the counts of each day, and write it as {told[same[0]]}, without the time"
        sheet.add(Problem("history/too-fine", what, sheet.place(sheet.rows[same[0]], sheet.columns[0]), hint))
    return bool(same)


def _missing(step: int, usual: int) -> str:
    return f": {step // usual - 1} missing between them" if step > 0 and step % usual == 0 else ""


def _plain(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text.strip().casefold())


def _running(told: Sequence[str]) -> list[int] | None:
    """Running numbers, where the periods are numbered and no years, months or days can be meant."""
    if not all(re.fullmatch(r"\d{1,5}", text) for text in told) or all(_day(text) is not None for text in told):
        return None
    numbers = [int(text) for text in told]
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    if all(number in _SERIALS for number in numbers) and steps and min(steps) >= SHORTEST_MONTH:
        days = [date(1899, 12, 30) + timedelta(days=number) for number in numbers]
        return _numbered(days, monthly=False)
    return numbers


def _in_order(told: Sequence[str]) -> list[str]:
    """Days written as 1/2/2013, with the month first or last as it makes the record more even; as they are where that says nothing."""
    parts = [tuple(map(int, _SLASHED.fullmatch(text).groups())) for text in told]  # type: ignore[union-attr]
    ways = [[f"{year:04}-{two:02}-{one:02}" for one, two, year in parts], [f"{year:04}-{one:02}-{two:02}" for one, two, year in parts]]
    odd = [_n_odd([_day(text) for text in way]) for way in ways]
    return list(told) if odd[0] == odd[1] else ways[odd.index(min(odd))]


def _n_odd(days: Sequence[date | None]) -> int:
    """How many days cannot be, and how many steps between them are not the usual one."""
    known = [day for day in days if day is not None]
    numbers = _numbered(known, monthly=False)
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    usual = max((step for step in steps if step > 0), key=steps.count, default=1)
    return 2 * (len(days) - len(known)) + sum(step != usual for step in steps)


def _day(text: str) -> date | None:
    """The day of a stamp, of a year, quarter or month its first, of a week its Monday; None where there is no such day."""
    stamp = next((match for form in (*_COARSE, *_FINE) if (match := form.fullmatch(text)) is not None), None)
    if stamp is None:
        return None
    parts = {name.rstrip("2"): value for name, value in stamp.groupdict().items() if value is not None}
    year = int(parts["year"]) if "year" in parts else 1969 + (int(parts["short"]) - 69) % 100  # two digits of a year, as POSIX reads them
    month = int(parts.get("month", 1))
    if "name" in parts:
        month = NUMBER_OF_MONTH[parts["name"]]
    for name, n_months in (("quarter", 3), ("half", 6)):
        month = n_months * int(parts[name]) - n_months + 1 if name in parts else month
    try:
        if "week" in parts:
            return date.fromisocalendar(year, int(parts["week"]), int(parts.get("weekday", 1)))
        return date(year, month, int(parts.get("day", 1)))
    except ValueError:
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
    even = len(forward) > 1 and least > 1 and all(step % least == 0 for step in forward)
    if monthly or (forward and median(forward) >= SHORTEST_MONTH and not even):
        return [day.year * 12 + day.month for day in days]
    return ordinal
