"""Days in words."""

from __future__ import annotations

import re
from datetime import date

from bestand.telling.telling import Telling


def day_words(day: date, telling: Telling) -> str:
    """A day in words: 20 June 2025."""
    month = telling.say("months_of_year").split()[day.month - 1]
    return telling.say("watch_date", day=day.day, month=month, year=day.year)


def as_of_words(text: str, telling: Telling) -> str:
    """A day, or a month, that a case gives in its own form, in words; other texts as they are."""
    try:
        return day_words(date.fromisoformat(text), telling)
    except ValueError:
        month = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text)
        return f"{telling.say('months_of_year').split()[int(month[2]) - 1]} {month[1]}" if month else text
