"""Parts of a page as plain data: a title, notes, a table whose cells carry their claims, and a picture."""

from __future__ import annotations

from dataclasses import dataclass, field

from bestand.draw.svg import Svg
from bestand.show import Cell, cell_text


@dataclass(frozen=True, slots=True)
class SaidCell:
    """One cell: a text, and the claims that stand behind it."""

    text: str
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A titled part of a section.

    notes : sentences before the table
    after : sentences after it
    folded: whether it stands folded behind its title
    shown : rows that stand open; the others are folded
    """

    title: str
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[SaidCell, ...], ...] = ()
    after: tuple[str, ...] = ()
    picture: Svg | None = field(default=None)
    folded: bool = False
    shown: int = 8


def said(*cells: Cell | SaidCell) -> tuple[SaidCell, ...]:
    """A row of cells."""
    return tuple(cell if isinstance(cell, SaidCell) else SaidCell(cell_text(cell)) for cell in cells)


def signed(amount: float) -> str:
    """A number with its sign, a minus where it is below zero.

    >>> signed(1.25), signed(-2.14), signed(-0.01)
    ('+1.2', '−2.1', '0.0')
    """
    return "0.0" if abs(amount) < 0.05 else f"{amount:+.1f}".replace("-", "−")


def percent_words(share: float) -> str:
    """A share as a percentage, without false precision.

    >>> percent_words(0.123), percent_words(0.0004), percent_words(0.9999), percent_words(0.0)
    ('12 %', '< 1 %', '> 99 %', '0 %')
    """
    if 0 < share < 0.005:
        return "< 1 %"
    if 0.995 <= share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"
