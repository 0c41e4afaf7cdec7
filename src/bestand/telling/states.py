"""Letters and short names for the states that a page speaks of, so that none is described twice at length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_NAMED = 2  # differences from today that stand in a short name


@dataclass(slots=True)
class Letters:
    """The states spoken of so far, in that order; each has a letter."""

    spoken: dict[int, str] = field(default_factory=dict)

    def of(self, state: int) -> str:
        """The letter of a state; a new one for a state not spoken of before."""
        return self.spoken.setdefault(state, letter(len(self.spoken)))


def letter(k: int) -> str:
    """The k-th letter: A to Z, then AA, AB and so on.

    >>> letter(0), letter(25), letter(26), letter(701), letter(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    return (letter(k // 26 - 1) if k >= 26 else "") + chr(ord("A") + k % 26)


def few(parts: Sequence[str], more: str, most: int = MOST_NAMED) -> str:
    """The first of some parts; `more` says that there are others."""
    return "; ".join(parts[:most]) + (f"; {more}" if len(parts) > most else "")
