"""Days and times of spreadsheets: numbers that a style shows as a date."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

FIRST_STYLES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])  # numbers that mean dates and times
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_LAST = 2_958_465  # 9999-12-31 in the 1900 system
_LATER = 1_462  # days by which the system of 1904 begins later


def is_date(code: str) -> bool:
    """Whether a format of numbers shows them as a day or a time.

    >>> is_date("dd/mm/yyyy"), is_date("[h]:mm"), is_date('0.00 "days"'), is_date("[Red]General")
    (True, True, False, False)
    """
    shown = _NOT_SHOWN.sub("", code.split(";", 1)[0]).lower()
    return "general" not in shown and re.search("[ymdhs]", shown) is not None


def moment(number: float, *, from_1904: bool) -> str:
    """The day that a number of a spreadsheet stands for, with the time where there is one; before the first day the time alone.

    In the system of 1900 day 60 is 29 February 1900, which never was: days before it count from one day later. Empty where
    the number stands for no day.

    >>> moment(45660, from_1904=False), moment(44198, from_1904=True), moment(45660.5, from_1904=False), moment(0.25, from_1904=False)
    ('2025-01-03', '2025-01-03', '2025-01-03 12:00:00', '06:00:00')
    """
    if not 0 <= number <= _LAST - _LATER * from_1904 or (int(number) == 60 and not from_1904):
        return ""
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31) if number < 60 else datetime(1899, 12, 30)
    when = first + timedelta(seconds=round(number * 86_400))
    if number < 1 and not (from_1904 and number == 0):
        return when.time().isoformat()
    return when.date().isoformat() if when.time() == when.min.time() else f"{when:%Y-%m-%d %H:%M:%S}"
