"""Chances of the parties' types, week by week, as what was seen moved them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bestand.draw.curves import COLOURS
from bestand.draw.svg import Svg, drawing, element
from bestand.study.posterior import Posterior
from bestand.telling.days import day_words
from bestand.telling.telling import Telling

WIDTH, LEFT, RIGHT, TOP, TALL, FOOT = 640.0, 56.0, 16.0, 14.0, 200.0, 34.0
MOST_LABELS = 6  # dates under the axis
LONGEST = 88  # letters of a name in the legend


def weekly_picture(posterior: Posterior, telling: Telling) -> Svg:
    """One line per type, from its chance beforehand to that after each week; of a party with two types only the likelier."""
    lines = [line for party in posterior.played.parties for line in _lines(posterior, party, telling)]
    dates = [day_words(day, telling) for day in posterior.record.days]
    parts = [*_axes(dates)]
    for k, (name, chances) in enumerate(lines):
        colour = COLOURS[k % len(COLOURS)]
        points = " ".join(f"{_across(week, len(dates)):.1f},{_up(chance):.1f}" for week, chance in enumerate(chances))
        parts.append(element("polyline", points=points, fill="none", stroke=colour, stroke_width=2.2))
        y = TOP + TALL + FOOT + 16 + 18 * k
        parts.append(element("line", x1=LEFT, x2=LEFT + 24, y1=y - 4, y2=y - 4, stroke=colour, stroke_width=3.0))
        short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        parts.append(element("text", short, element("title", name), x=LEFT + 30, y=y, fill="currentColor"))
    return drawing(WIDTH, TOP + TALL + FOOT + 10 + 18 * len(lines), parts, label=telling.say("watch_weekly"), class_="curves")


def _lines(posterior: Posterior, party: str, telling: Telling) -> Iterator[tuple[str, list[float]]]:
    types = posterior.played.types(party)
    for type_ in types[:1] if len(types) == 2 else types:
        name = f"{telling.party(party)}: {telling.type_of(party, type_)}"
        yield name, [posterior.of(party, type_, week) for week in range(len(posterior.record.days))]


def _across(week: int, n_weeks: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (week / max(1, n_weeks - 1))


def _up(chance: float) -> float:
    return TOP + TALL * (1 - chance)


def _axes(dates: Sequence[str]) -> Iterator[Svg]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=_up(share), y2=_up(share), stroke="currentColor", stroke_opacity=0.15)
        yield element("text", f"{100 * share:.0f} %", x=LEFT - 6, y=_up(share) + 4, text_anchor="end", fill="currentColor")
    every = -(-len(dates) // MOST_LABELS)
    for week in range(0, len(dates), every):
        last = week + every >= len(dates)
        yield element("text", dates[week], x=_across(week, len(dates)), y=TOP + TALL + 18,
                      text_anchor="start" if week == 0 else "end" if last else "middle", fill="currentColor")  # fmt: skip
