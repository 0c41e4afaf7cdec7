"""Chances over months: one line a name, with a band where draws differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bestand.draw.svg import Svg, drawing, element

WIDTH, HEIGHT, LEFT, FOOT, TOP = 560.0, 250.0, 46.0, 34.0, 8.0
COLOURS = ("#1b6ca8", "#b5482a", "#3d8b52", "#7a4fa3", "#8a6d00", "#3f3f46", "#c2417c", "#1f7a7a")
DASHES = (None, "7 3", "2 3", "9 3 2 3")  # told apart where colour is not seen


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve: chances at each month, and the band between which most draws lie."""

    chance: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None


def curves(months: Sequence[float], lines: Mapping[str, Curve], *, label: str, unit: str = "") -> Svg:
    """Chances from 0 to 1 over months, starting from 1 at month 0; names stand in the legend below.

    months : increasing
    unit   : what months are called under the axis
    """
    last = months[-1] or 1.0
    columns = 2 if len(lines) > 3 and max(map(len, lines)) <= _most(2) else 1
    rows = -(-len(lines) // columns)
    parts: list[Svg] = [*_axes(months, last, unit)]
    for k, line in enumerate(lines.values()):
        parts += _curve(months, last, line, COLOURS[k % len(COLOURS)], DASHES[k // len(COLOURS) % len(DASHES)])
    parts += _legend(list(lines), columns)
    return drawing(WIDTH, HEIGHT + 18 * rows + 10, parts, label=label, class_="curves")


def _across(month: float, last: float) -> float:
    return LEFT + (WIDTH - LEFT - 12) * month / last


def _up(chance: float) -> float:
    return TOP + (HEIGHT - FOOT - TOP) * (1 - chance)


def _axes(months: Sequence[float], last: float, unit: str) -> Iterator[Svg]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        yield element("line", x1=LEFT, x2=WIDTH - 12, y1=_up(share), y2=_up(share), stroke="currentColor", stroke_opacity=0.15)
        yield element("text", f"{100 * share:.0f} %", x=LEFT - 6, y=_up(share) + 4, text_anchor="end", fill="currentColor")
    shown, edge = [0.0], _across(0, last)
    for month in months:
        if _across(month, last) - edge > 22:
            shown.append(month)
            edge = _across(month, last)
    for month in shown:
        yield element("text", f"{month:g}", x=_across(month, last), y=HEIGHT - FOOT + 16, text_anchor="middle", fill="currentColor")
    if unit:
        yield element("text", unit, x=WIDTH - 12, y=HEIGHT - 4, text_anchor="end", fill="currentColor", fill_opacity=0.7)


def _curve(months: Sequence[float], last: float, line: Curve, colour: str, dash: str | None) -> Iterator[Svg]:
    at = [(0.0, 1.0), *zip(months, map(float, line.chance), strict=True)]
    if line.low is not None and line.high is not None:
        above = [(0.0, 1.0), *zip(months, map(float, line.high), strict=True)]
        below = [(0.0, 1.0), *zip(months, map(float, line.low), strict=True)]
        yield element("polygon", points=_points([*above, *reversed(below)], last), fill=colour, fill_opacity=0.13)
    yield element("polyline", points=_points(at, last), fill="none", stroke=colour, stroke_width=2.2, stroke_dasharray=dash)


def _points(at: Sequence[tuple[float, float]], last: float) -> str:
    return " ".join(f"{_across(month, last):.1f},{_up(min(1.0, max(0.0, chance))):.1f}" for month, chance in at)


def _most(columns: int) -> int:
    """Letters of a name that a column of the legend has room for."""
    return int(((WIDTH - LEFT) / columns - 34) / 6.3)


def _legend(names: Sequence[str], columns: int) -> Iterator[Svg]:
    wide = (WIDTH - LEFT) / columns
    for k, name in enumerate(names):
        x, y = LEFT + wide * (k % columns), HEIGHT + 12 + 18 * (k // columns)
        colour, dash = COLOURS[k % len(COLOURS)], DASHES[k // len(COLOURS) % len(DASHES)]
        yield element("line", x1=x, x2=x + 24, y1=y - 4, y2=y - 4, stroke=colour, stroke_width=3.0, stroke_dasharray=dash)
        most = _most(columns)
        yield element("text", name if len(name) <= most else name[: most - 1] + "…", element("title", name), x=x + 30, y=y, fill="currentColor")
