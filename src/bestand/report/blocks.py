"""Parts of a page as plain data: a title, notes, a table whose cells carry their claims, and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bestand.show import Cell, plain

WIDTH, HEIGHT, LEFT, FOOT = 520.0, 220.0, 44.0, 34.0
COLOURS = ("#1b6ca8", "#b5482a", "#3d8b52", "#7a4fa3", "#b08a1e", "#3f3f46", "#c2417c", "#2a9d9d")


@dataclass(frozen=True, slots=True)
class Said:
    """One cell: a text, and the claims that stand behind it."""

    text: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a picture: its name, colour, and points in the picture's own units."""

    name: str
    colour: str
    points: str


@dataclass(frozen=True, slots=True)
class Curves:
    """Lines over months, from 0 to 1, with the places of their ticks."""

    lines: tuple[Curve, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    foot: float = FOOT


@dataclass(frozen=True, slots=True)
class Block:
    """A titled part of a section.

    notes : sentences before the table
    after : sentences after it
    """

    title: str
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Said, ...], ...] = ()
    after: tuple[str, ...] = ()
    curves: Curves | None = field(default=None)


def said(*cells: Cell | Said) -> tuple[Said, ...]:
    """A row of cells."""
    return tuple(cell if isinstance(cell, Said) else Said(plain(cell)) for cell in cells)


def percent(share: float) -> str:
    """A share as a percentage, without false precision.

    >>> percent(0.123), percent(0.0004), percent(0.9999), percent(0.0)
    ('12 %', '< 1 %', '> 99 %', '0 %')
    """
    if 0 < share < 0.005:
        return "< 1 %"
    if 0.995 <= share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def curves(months: Sequence[float], lines: Mapping[str, Sequence[float]]) -> Curves:
    """A picture of chances over months, starting from 1 at month 0."""
    last = months[-1]

    def at(month: float, chance: float) -> str:
        across = LEFT + (WIDTH - LEFT - 8) * month / last
        return f"{across:.1f},{(HEIGHT - FOOT) * (1 - chance) + 6:.1f}"

    drawn = tuple(
        Curve(name, COLOURS[k % len(COLOURS)], " ".join([at(0, 1), *(at(m, float(c)) for m, c in zip(months, line, strict=True))]))
        for k, (name, line) in enumerate(lines.items())
    )
    across = tuple((LEFT + (WIDTH - LEFT - 8) * month / last, f"{month:g}") for month in (0, *months))
    up = tuple(((HEIGHT - FOOT) * (1 - share) + 6, f"{100 * share:.0f} %") for share in (0, 0.5, 1))
    return Curves(drawn, across, up)
