"""Days that a sentence names, as far as it names them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bestand.drafting.lexicon import WORD, Lexicon


@dataclass(frozen=True, slots=True)
class Day:
    """A day at a place of a text: ISO where the year is known (`2025-10-04`), else as it is written."""

    written: str
    iso: str
    start: int


def days(text: str, lexicon: Lexicon, year: str = "", on: str = "") -> tuple[Day, ...]:
    """The days that a text names, in order; a year that it leaves out is the one given.

    on : the day that the document bears, if it does: then `today`, `yesterday` and `on Wednesday`, the last one, are days too

    >>> from bestand.drafting.lexicon import lexicon
    >>> [day.iso for day in days("on 4 October and on March 14, 2024", lexicon("en"), "2025")]
    ['2025-10-04', '2024-03-14']
    >>> [day.iso for day in days("yesterday, and on Monday", lexicon("en"), on="2025-10-08")]  # a Wednesday
    ['2025-10-07', '2025-10-06']
    """
    names = "|".join(lexicon.months)
    first = rf"(?P<d1>\d{{1,2}})(?:er|\.|st|nd|rd|th)? (?:of )?(?P<m1>{names})(?:,? (?P<y1>\d{{4}}))?"
    second = rf"(?P<m2>{names}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<y2>\d{{4}}))?"
    named = []
    for match in re.finditer(rf"(?<!\w)(?:{first}|{second})(?!\w)", text, re.IGNORECASE):
        parts = match.groupdict()
        day, month = int(parts["d1"] or parts["d2"]), lexicon.months.index((parts["m1"] or parts["m2"]).lower()) + 1
        known = parts["y1"] or parts["y2"] or year
        if 1 <= day <= 31:
            named.append(Day(match.group(), f"{known}-{month:02d}-{day:02d}" if known else match.group(), match.start()))
    return tuple(sorted([*named, *_near(text, lexicon, on)], key=lambda day: day.start))


def _near(text: str, lexicon: Lexicon, on: str) -> list[Day]:
    """Days that are told from the day of the document: `yesterday`, `woensdagochtend`."""
    try:
        today = date.fromisoformat(on)
    except ValueError:
        return []
    words = {**dict.fromkeys(lexicon.words["today"], 0), **dict.fromkeys(lexicon.words["yesterday"], 1)}
    words |= {name: (today.weekday() - k) % 7 for k, name in enumerate(lexicon.weekdays)}
    pattern = rf"(?<!\w)(?P<day>{'|'.join(map(re.escape, words))})\w{{0,7}}"  # `woensdagochtend`
    named = re.finditer(pattern, text, re.IGNORECASE)
    return [Day(m.group(), (today - timedelta(days=words[m["day"].lower()])).isoformat(), m.start()) for m in named]


def on_the_day(clause: str, at: int, lexicon: Lexicon) -> bool:
    """Whether something is said of a day, and not of what lies before it or of a thing of that day: `avant le 1er avril`."""
    before = [word.lower() for word in WORD.findall(clause[:at])]
    while before and before[-1] in lexicon.words["determiners"]:
        before.pop()
    said = [word for word in lexicon.content(f"{clause[:at]} {clause[at:]}") if not word.isdigit()]
    return (not before or before[-1] not in lexicon.words["until"]) and len(said) >= 3
