"""Numbers beside their names: one bar each, with a line over the range where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bestand.draw.svg import Svg, drawing, element, wrapped

MOST_BARS = 24  # bars of one picture; the rest stand in the table
WIDTH, LEFT, ROW, TOP, FOOT = 620.0, 250.0, 22.0, 8.0, 26.0
LONGEST, SMALL = 35, 10.5  # signs of a name that stand to the left of its bar in one line; letters of a longer one
MOST_LINES = 5  # of a name
COLOUR = "#1b6ca8"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length, and the range of the number."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


def bars(each: Sequence[Bar], *, label: str, unit: str = "", number: Callable[[str], str] = str) -> Svg | None:
    """Bars from 0; None where there is nothing but zeros. Of more than MOST_BARS the first are shown.

    number : how a number is told in the reader's language. A long name stands in smaller lines, whole when pointed at

    >>> print(bars([Bar("a", 1.0), Bar("b", -0.5)], label="two")[:4])
    <svg
    """
    shown = each[:MOST_BARS]
    reach = [0.0, *(part for bar in shown for part in (bar.value, bar.low, bar.high) if part is not None)]
    low, high = min(reach), max(reach)
    if high <= low:
        return None

    def across(value: float) -> float:
        return LEFT + (WIDTH - LEFT - 70) * (value - low) / (high - low)

    names = [_lines(bar.name) for bar in shown]
    tops = list(accumulate((max(ROW, SMALL * len(lines) + 4) for lines in names), initial=TOP))
    parts: list[Svg] = []
    for bar, lines, top, below in zip(shown, names, tops, tops[1:], strict=False):
        middle = (top + below) / 2
        parts += [*_name(bar.name, lines, middle), *_bar(bar, middle, across(0.0), across(bar.value), number)]
        if bar.low is not None and bar.high is not None:
            parts.append(_range(across(bar.low), across(bar.high), middle))
    foot = tops[-1]
    parts.append(element("line", x1=across(0.0), x2=across(0.0), y1=TOP, y2=foot, stroke="currentColor", stroke_opacity=0.4))
    if unit:
        parts.append(element("text", unit, x=across(0.0), y=foot + 16, fill="currentColor", fill_opacity=0.7))
    return drawing(WIDTH, foot + FOOT, parts, label=label, class_="bars")


def _bar(bar: Bar, middle: float, zero: float, end: float, number: Callable[[str], str]) -> Iterator[Svg]:
    yield element("rect", x=min(zero, end), y=middle - ROW / 2 + 4, width=abs(end - zero), height=ROW - 8, fill=COLOUR, fill_opacity=0.75)
    yield element("text", number(f"{bar.value:.3g}"), x=WIDTH - 4, y=middle + 4, text_anchor="end", fill="currentColor")


def _lines(name: str) -> list[str]:
    """A name in as many lines as it needs to the left of its bar; of a very long one the first."""
    if len(name) <= LONGEST:
        return [name]
    lines = wrapped(name, LEFT - 12, SMALL)
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + "…"]


def _name(name: str, lines: Sequence[str], middle: float) -> Iterator[Svg]:
    alone = len(lines) == 1
    for k, line in enumerate(lines):
        y = middle + (4 if alone else SMALL * (k + 0.85 - len(lines) / 2))
        inside = (line,) if alone else (line, element("title", name))
        yield element("text", *inside, x=LEFT - 8, y=y, text_anchor="end", fill="currentColor", font_size=None if alone else SMALL)


def _range(low: float, high: float, middle: float) -> Svg:
    return element("line", x1=low, x2=high, y1=middle, y2=middle, stroke="currentColor", stroke_width=1.6)
