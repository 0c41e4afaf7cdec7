"""Reported events per period, as plain data: whole numbers under the names of their periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem
from bestand.show import Cell, Shown, Table

MOST_EVENTS = 1_000_000_000  # events counted in one period
MOST_PERIODS = 100_000  # periods of a count over time


@dataclass(frozen=True, slots=True, repr=False)
class Counts(Shown):
    """Reported events per period.

    periods : (n_periods,) names, in order, without gaps
    count   : (n_periods,) int64, at most a thousand million each
    notes   : what a file's reader could not check
    """

    what: str
    periods: tuple[str, ...]
    count: NDArray[np.int64]
    notes: tuple[str, ...] = ()

    def table(self) -> Table:
        """One period a row."""
        rows: tuple[tuple[Cell, ...], ...] = tuple((name, int(y)) for name, y in zip(self.periods, self.count, strict=True))
        spread = self.count.var(ddof=1) if self.count.size > 1 else 0.0
        note = f"{self.count.size} periods, mean {self.count.mean():.2f}, variance {spread:.1f}"
        return Table(f"Reported: {self.what}", ("period", "count"), rows, (note, *self.notes))


def counts(
    count: ArrayLike, *, periods: Sequence[str] | None = None, what: str = "violations", notes: Sequence[str] = ()
) -> Counts:
    """Counts from an array, (n_periods,) whole numbers.

    Raises
    ------
    AskError
        `history/bad-count` where one is negative, not whole or above a thousand million, where the number of names
        differs, or where there are more than 100,000.

    >>> print(counts([3, 0, 5]))
    Reported: violations
    period  count
    ------  -----
    1       3
    2       0
    3       5
    3 periods, mean 2.67, variance 6.3
    """
    try:
        given = np.array(count, np.float64).reshape(-1)
    except (TypeError, ValueError, OverflowError):
        raise _bad("the counts are not all numbers") from None
    names = tuple(str(k + 1) for k in range(given.size)) if periods is None else tuple(periods)
    wrong = np.flatnonzero(~(np.isfinite(given) & (given >= 0) & (given <= MOST_EVENTS) & (given == np.round(given))))
    if wrong.size:
        raise _bad(f"entry {wrong[0] + 1} is {given[wrong[0]]:g}")
    if len(names) != given.size or not 0 < given.size <= MOST_PERIODS:
        raise _bad(f"{given.size} counts, {len(names)} periods")
    whole = given.astype(np.int64)
    whole.flags.writeable = False
    return Counts(what, names, whole, tuple(notes))


def _bad(what: str) -> AskError:
    hint = f"whole numbers from 0 to {MOST_EVENTS:,}, one per period, at most {MOST_PERIODS:,} of them"
    return AskError(Problem("history/bad-count", what, hint=hint))
