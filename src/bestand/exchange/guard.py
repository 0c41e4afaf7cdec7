"""One guard against formulas, for every CSV file that is written, and its undoing, for every one that is read; workbooks need none."""

from __future__ import annotations

import math

from bestand.show import Cell, cell_text

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def unformulaic(cell: Cell) -> str:
    """A cell that no spreadsheet takes for a formula, for CSV files; numbers with all their digits.

    >>> unformulaic("=1+1"), unformulaic("'=1"), unformulaic(-1.5), unformulaic(None)
    ("'=1+1", "''=1", '-1.5', '')
    """
    if isinstance(cell, float):
        return repr(float(cell)) if math.isfinite(cell) else ""
    text = cell_text(cell)
    return f"'{text}" if isinstance(cell, str) and text.lstrip("'").startswith(_RISKY) else text


def unguarded(text: str) -> str:
    """A cell as it was before `unformulaic` kept it from being a formula.

    >>> unguarded("'=1+1"), unguarded("''=1"), unguarded("'t is")
    ('=1+1', "'=1", "'t is")
    """
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_RISKY) else text
