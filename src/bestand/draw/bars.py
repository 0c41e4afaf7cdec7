"""Numbers beside their names: one bar each, with a line over the range where there is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bestand.draw.svg import Svg, drawing, element

MOST_BARS = 24  # bars of one picture; the rest stand in the table
WIDTH, LEFT, ROW, TOP, FOOT = 620.0, 250.0, 22.0, 8.0, 26.0
LONGEST = 35  # signs of a name that stand to the left of its bar
COLOUR = "#1b6ca8"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length, and the range of the number."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


def bars(each: Sequence[Bar], *, label: str, unit: str = "") -> Svg | None:
    """Bars from 0, longest names cut; None where there is nothing but zeros. Of more than MOST_BARS the first are shown.

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

    parts = [part for k, bar in enumerate(shown) for part in _bar(bar, TOP + ROW * k, across(0.0), across(bar.value))]
    parts += [part for k, bar in enumerate(shown) if bar.low is not None and bar.high is not None
              for part in [_range(across(bar.low), across(bar.high), TOP + ROW * (k + 0.5))]]  # fmt: skip
    foot = TOP + ROW * len(shown)
    parts.append(element("line", x1=across(0.0), x2=across(0.0), y1=TOP, y2=foot, stroke="currentColor", stroke_opacity=0.4))
    if unit:
        parts.append(element("text", unit, x=across(0.0), y=foot + 16, fill="currentColor", fill_opacity=0.7))
    return drawing(WIDTH, foot + FOOT, parts, label=label, class_="bars")


def _bar(bar: Bar, top: float, zero: float, end: float) -> Iterator[Svg]:
    name = bar.name if len(bar.name) <= LONGEST else bar.name[: LONGEST - 1] + "…"
    yield element("text", name, x=LEFT - 8, y=top + ROW * 0.68, text_anchor="end", fill="currentColor")
    yield element("rect", x=min(zero, end), y=top + 4, width=abs(end - zero), height=ROW - 8, fill=COLOUR, fill_opacity=0.75)
    yield element("text", f"{bar.value:.3g}", x=WIDTH - 4, y=top + ROW * 0.68, text_anchor="end", fill="currentColor")


def _range(low: float, high: float, middle: float) -> Svg:
    return element("line", x1=low, x2=high, y1=middle, y2=middle, stroke="currentColor", stroke_width=1.6)
