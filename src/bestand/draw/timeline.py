"""Talks, incidents and what was seen, along the days on which they happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bestand.case.loaded import Case
from bestand.draw.svg import Svg, drawing, element
from bestand.telling.days import day_words
from bestand.telling.naming import cut
from bestand.telling.telling import Telling

WIDTH, LEFT, ROW, FOOT = 760.0, 20.0, 24.0, 30.0
COLOURS = {"talks": "#1b6ca8", "incidents": "#9b1c1c", "observations": "#3d8b52", "today": "#1c1e21"}


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on a day: what kind it is, and its words."""

    day: date
    kind: str
    words: str


def day_of(text: str) -> date | None:
    """The day that a text gives, as year-month-day; None where it gives none.

    >>> day_of("2025-04-25"), day_of("the week before"), day_of("2025-02-30")
    (datetime.date(2025, 4, 25), None, None)
    """
    match = re.fullmatch(r"\s*(\d{4})-(\d{2})-(\d{2})\s*", text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def moments(case: Case, telling: Telling) -> list[Moment]:
    """What happened on a day, in order; what bears no day is left out."""
    file = case.file
    stated = [("talks", each.date, each) for each in file.talks.values()] + [("incidents", each.date, each) for each in file.incidents.values()]
    stated += [("observations", each.on, each) for each in file.observations]  # type: ignore[misc]
    dated = [Moment(day, kind, telling.label(each)) for kind, text, each in stated if (day := day_of(text)) is not None]
    today = day_of(file.as_of)
    dated += [Moment(today, "today", telling.say("sec_today"))] if today is not None and dated else []
    return sorted(dated, key=lambda moment: moment.day)


def timeline(case: Case, telling: Telling) -> Svg | None:
    """The days as a picture; None where fewer than two days are given."""
    dated = moments(case, telling)
    if len({moment.day for moment in dated}) < 2:
        return None
    first, last = dated[0].day, dated[-1].day
    parts = [part for k, moment in enumerate(dated) for part in _moment(k, moment, first, last, telling)]
    return drawing(WIDTH, ROW * len(dated) + FOOT, parts, label=telling.say("timeline"), class_="timeline")


def _moment(k: int, moment: Moment, first: date, last: date, telling: Telling) -> Iterator[Svg]:
    x = LEFT + 300.0 * (moment.day - first).days / (last - first).days
    y = ROW * k + 18
    colour = COLOURS[moment.kind]
    yield element("line", x1=LEFT, x2=x, y1=y, y2=y, stroke="#d8dbe0")
    yield element("circle", cx=x, cy=y, r=5, fill=colour)
    words = f"{day_words(moment.day, telling)}  {cut(moment.words, 60)}"
    yield element("text", words, element("title", moment.words), x=x + 12, y=y + 4, fill=colour)
