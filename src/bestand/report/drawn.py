"""What draws say, in words: means with their error, the middle and the spread, shares of draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bestand.graph.budget import Sampling, standard_error
from bestand.report.blocks import percent_words
from bestand.telling.sentences import sampling_error
from bestand.telling.telling import Telling


def points(error: float) -> str:
    """A standard error in percentage points.

    >>> points(0.0123), points(float("nan"))
    ('± 1.2', '')
    """
    return f"± {100 * error:.1f}" if np.isfinite(error) else ""


def share(values: NDArray[np.float64]) -> str:
    """The mean of a chance over draws, with its Monte Carlo error."""
    return f"{percent_words(float(values.mean()))} {points(float(standard_error(values)))}".strip()


def own_words(values: NDArray[np.float64], telling: Telling) -> str:
    """What the middle draw gives, and the case's own numbers (draw 0), beside the mean over draws; empty where nothing was drawn."""
    middle, own = percent_words(float(np.median(values))), percent_words(float(values[0]))
    return telling.say("head_lasts_own", middle=middle, own=own) if len(values) > 1 else ""


def spread(values: NDArray[np.float64]) -> str:
    """The median draw, and between what most draws lie."""
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return f"{percent_words(float(middle))} ({percent_words(float(low))} – {percent_words(float(high))})"


def shares_told(shares: Sequence[float], draws: int) -> str:
    """Shares of so many draws beside each other, with the largest of their errors in points."""
    return f"{' / '.join(map(percent_words, shares))} (± {max(sampling_error(each, draws) for each in shares)})"


def sampling_words(sampling: Sampling, telling: Telling, *, apart: bool = False) -> str:
    """What the draws rest on, in a sentence; `apart` where some rows may rest on more draws than others."""
    error = f"{100 * sampling.error:.1f}" if np.isfinite(sampling.error) else "?"
    told = telling.say("last_sampled_least" if apart else "last_sampled", n=sampling.draws, error=error)
    return told if sampling.wanted is None or sampling.reached else f"{told} {telling.say('last_stopped')}"
