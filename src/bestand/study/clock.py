"""The clock on the wall, for those who are waited for: commands, pages and whole studies. Engines know none (`Budget`)."""

from __future__ import annotations

import time
from collections.abc import Callable

from bestand.graph.budget import Budget

CLOCK: Callable[[], float] | None = time.perf_counter  # None: what takes how long is reckoned, and answers are the same on every machine


def by_the_clock(seconds: float, progress: Callable[[float], None] = lambda share: None) -> Budget:
    """A budget of so many seconds by the clock on the wall, from now on.

    progress : told the share of the time, or of the draws, that is behind us

    >>> by_the_clock(60).left(0.0) > 59
    True
    """
    return Budget(seconds=seconds, clock=CLOCK, progress=progress)
