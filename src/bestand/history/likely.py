"""Which parameters counts leave likely: weights on a grid, so that an alarm does not take one fit for the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.evidence.counts import Counts
from bestand.evidence.spells import still
from bestand.history.count_fits import CountFit, log_rising, reported_share

NO_ECHO = 0.5
"""Chance, before the counts are seen, that nothing echoes and nothing is remembered."""
POISSON, SPREAD = 0.1, 2.0
"""Chance, before the counts are seen, that they are Poisson; else the mean of log(variance / mean)."""
NEARLY_POISSON = 1e-6
PERSISTENCE, PART = (0.0, 0.98), (0.0, 0.98)
"""What echo + memory, and memory's part of it, can be."""
REFINED = 2
UNLIKELY = 1e-4
WORTH_REFINING = 0.5
MOST_CELLS = 4_000_000  # periods times points of the grid over which parameters of counts are weighed
N_KEPT = 400


@dataclass(frozen=True, slots=True)
class Likely:
    """Sets of parameters with weights that sum to 1: what the counts leave likely, after Bayes.

    base, echo, memory, size : (n_sets,) float64, as in `CountFit`
    weight                   : (n_sets,) float64
    no_echo                  : chance that nothing echoes, given the counts
    first                    : expected events in the first period
    """

    base: NDArray[np.float64]
    echo: NDArray[np.float64]
    memory: NDArray[np.float64]
    size: NDArray[np.float64]
    weight: NDArray[np.float64]
    no_echo: float
    first: float

    @property
    def quiet(self) -> NDArray[np.float64]:
        """Expected events of a period when none has happened for long: shape (n_sets,)."""
        return self.base / (1 - self.memory)

    def expected(self, happened: NDArray[np.float64]) -> NDArray[np.float64]:
        """Expected events of each period, given those before, and of the next: shape (n_periods + 1, n_sets)."""
        return _means(happened, self.base, self.echo, self.memory, self.first)


def likely(observed: Counts, flat: CountFit, fitted: CountFit, *, reporting: ArrayLike = 1.0) -> Likely:
    """What the counts leave likely of (base, echo, memory, size), by Bayes' rule on a grid.

    flat, fitted : the negative binomial and the self-exciting fit, around which the grid is laid

    Beforehand nothing echoes with chance one half, else echo + memory is as likely to be anything between 0 and 1, and so
    is memory's part of it; the counts are Poisson with chance one tenth, else the logarithm of variance / mean is exponential
    with mean 2; the level is as likely in every equal step of its logarithm.
    Where an echo is not established its absence keeps weight, and with it a quiet level as high as the mean: one fit alone
    takes chance ups and downs for echoes and calls ordinary months alarming.
    """
    y = observed.count.astype(np.float64)
    share = reported_share(reporting, y.size)
    n_level, n_persistence, n_part, n_spread = _grid_size(y.size)
    none = (0.0, 0.0)
    without = _Grid(y, share, none, none, (n_level, 1, 1), _spreads(y, flat, n_spread))
    spreads, n_points = _spreads(y, fitted, n_spread), (n_level, n_persistence, n_part)
    with_echo = _Grid(y, share, PERSISTENCE, PART, n_points, spreads)
    for _ in range(REFINED):
        if not with_echo.is_coarse:
            break
        with_echo = _Grid(y, share, *with_echo.narrowed(), n_points, spreads)
    halves = (without, NO_ECHO), (with_echo, (1 - NO_ECHO) * with_echo.part_of_all)
    log_weight = [half.log_weight + np.log(chance) for half, chance in halves]
    top = max(float(each.max()) for each in log_weight)
    weights = [np.exp(each - top) for each in log_weight]
    total = sum(float(each.sum()) for each in weights)
    columns = np.concatenate([_thinned(half.sets, weight / total) for (half, _), weight in zip(halves, weights, strict=True)], axis=1)
    base, echo, memory, size, weight = (still(np.ascontiguousarray(row)) for row in columns)
    return Likely(base, echo, memory, size, weight, float(weights[0].sum() / total), without.first)


Interval = tuple[float, float]


class _Grid:
    """Log likelihoods plus log widths of cells: for every level, persistence, part of memory and over-dispersion."""

    def __init__(
        self, y: NDArray[np.float64], share: NDArray[np.float64], persistence: Interval, part: Interval,
        n_points: tuple[int, int, int], spreads: NDArray[np.float64],
    ) -> None:  # fmt: skip
        happened = y / share
        self.first = float(happened.mean())
        self.axes, self.n_points = (persistence, part), n_points
        z = np.linspace(-4, 4, n_points[0])
        middles = (_middles(interval, n) for interval, n in zip(self.axes, n_points[1:], strict=True))
        steady, fraction, at = (axis.reshape(-1) for axis in np.meshgrid(*middles, z, indexing="ij"))
        variance = max(float(happened.var(ddof=1)), self.first)
        error = np.minimum(np.sqrt(variance / y.size) / self.first / (1 - steady), 0.75)
        level = self.first * np.exp(at * error)
        base, echo, memory = level * (1 - steady), steady * (1 - fraction), steady * fraction
        mean = _means(happened, base, echo, memory, self.first)[:-1] * share[:, None]
        size = float(y.mean()) / np.maximum(np.exp(spreads) - 1, NEARLY_POISSON)
        rows = [_log_likelihood(y, mean, each) + np.log(error) + np.log(chance) for each, chance in zip(size, _before(spreads), strict=True)]
        self.log_weight = np.array(rows).reshape(-1) + np.log(z[1] - z[0])
        shape = (size.size, base.size)
        columns = [np.broadcast_to(each, shape).reshape(-1) for each in (base, echo, memory)]
        self.sets = np.array([*columns, np.broadcast_to(size[:, None], shape).reshape(-1)])

    @property
    def part_of_all(self) -> float:
        """Share of one cell in all that persistence and part can be."""
        wide = [(high - low) / (whole[1] - whole[0]) for (low, high), whole in zip(self.axes, (PERSISTENCE, PART), strict=True)]
        return wide[0] * wide[1] / (self.n_points[1] * self.n_points[2])

    @property
    def is_coarse(self) -> bool:
        """Whether most of the cells are unlikely, so that a finer grid would say more."""
        remaining = [(new[1] - new[0]) / (old[1] - old[0]) for new, old in zip(self.narrowed(), self.axes, strict=True)]
        return remaining[0] * remaining[1] < WORTH_REFINING

    def narrowed(self) -> tuple[Interval, Interval]:
        """Intervals of persistence and part outside of which next to nothing is likely, with a cell to spare."""
        n_level, *n_cells = self.n_points
        weight = np.exp(self.log_weight - self.log_weight.max()).reshape(-1, *n_cells, n_level).sum(axis=(0, 3))
        first, second = (
            _narrow(interval, weight.sum(axis=other)) for interval, other in zip(self.axes, (1, 0), strict=True)
        )
        return first, second


def _middles(interval: Interval, n: int) -> NDArray[np.float64]:
    low, high = interval
    return low + (high - low) * (np.arange(n) + 0.5) / n


def _narrow(interval: Interval, weight: NDArray[np.float64]) -> Interval:
    low, high = interval
    cells = np.flatnonzero(weight > UNLIKELY * weight.sum())
    cell = (high - low) / weight.size
    return max(low, low + (cells[0] - 1) * cell), min(high, low + (cells[-1] + 2) * cell)


def _means(
    happened: NDArray[np.float64], base: NDArray[np.float64], echo: NDArray[np.float64], memory: NDArray[np.float64], first: float
) -> NDArray[np.float64]:
    mean = np.empty((happened.size + 1, base.size))
    mean[0] = first
    for t, before in enumerate(happened):
        mean[t + 1] = base + echo * before + memory * mean[t]
    return mean


def _log_likelihood(y: NDArray[np.float64], mean: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """Log likelihood of the negative binomial for each column of means: shape (n_sets,)."""
    from scipy.special import gammaln  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to import)

    ways = float((log_rising(y, size) - gammaln(y + 1)).sum())
    return ways + y @ np.log(mean) - (y + size) @ np.log1p(mean / size)


def _spreads(y: NDArray[np.float64], fit: CountFit, n_points: int) -> NDArray[np.float64]:
    """Logarithms of variance / mean: 0 (Poisson), then points around the fitted one."""
    middle = np.log1p(float(y.mean()) / fit.size)
    reach = min(6 * np.sqrt(2 / y.size) + 0.3 * middle, 4.0)
    low, high = max(middle - reach, 0.0), middle + reach
    step = (high - low) / n_points
    return np.concatenate([[0.0], low + step * (np.arange(n_points) + 0.5)])


def _before(spreads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chances of log(variance / mean) before the counts are seen: POISSON that it is 0, else exponential with mean SPREAD."""
    step = spreads[2] - spreads[1]
    return np.concatenate([[POISSON], (1 - POISSON) * np.exp(-spreads[1:] / SPREAD) / SPREAD * step])


def _grid_size(n_periods: int) -> tuple[int, int, int, int]:
    """Points of level, persistence, part and over-dispersion: as many as a series of this length allows."""
    size = (11, 14, 5, 15)
    shrink = min(1.0, (MOST_CELLS / (n_periods * float(np.prod(size)))) ** 0.25)
    level, persistence, part, spread = (max(int(each * shrink), least) for each, least in zip(size, (5, 6, 4, 5), strict=True))
    return level, persistence, part, spread


def _thinned(sets: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """At most `N_KEPT` of the sets, at equal steps of their added weights, and the weight of each: shape (5, n_kept)."""
    total = float(weight.sum())
    at = np.searchsorted(np.cumsum(weight), (np.arange(N_KEPT) + 0.5) / N_KEPT * total)
    chosen, times = np.unique(np.minimum(at, weight.size - 1), return_counts=True)
    return np.vstack([sets[:, chosen], times / N_KEPT * total])


def predictive_quantiles(level: float, mean: NDArray[np.float64], size: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.int64]:
    """The smallest count not passed with this chance, over all likely sets: shape (n_rows,) for means (n_rows, n_sets)."""
    from scipy.special import betainc, ndtri  # noqa: PLC0415  (slow to import)

    success, variance = size / (size + mean), mean + mean**2 / size
    low = np.full(len(mean), -1, np.int64)
    high = np.ceil((mean + np.sqrt(variance / (1 - level))).max(axis=1)).astype(np.int64) + 1  # Cantelli's bound for every set
    middle = mean @ weight / weight.sum()
    spread = np.sqrt(np.maximum((variance + mean**2) @ weight / weight.sum() - middle**2, 0))
    probe, reach = np.rint(middle + ndtri(level) * spread), np.maximum(np.rint(spread / 8), 1)  # as if it were normal, and then on from there
    below, above, n_looks = np.full(len(mean), -np.inf), np.full(len(mean), np.inf), 0  # how far low and high miss, in spreads of a normal
    while (rows := np.flatnonzero(high - low > 1)).size:
        count = np.clip(probe[rows], low[rows] + 1, high[rows] - 1).astype(np.int64)
        chance = betainc(size, count[:, None] + 1.0, success[rows]) @ weight
        off, enough = ndtri(np.clip(chance, 1e-300, 1 - 1e-16)) - ndtri(level), chance >= level
        high[rows[enough]], above[rows[enough]] = count[enough], off[enough]
        low[rows[~enough]], below[rows[~enough]] = count[~enough], off[~enough]
        n_looks, reach = n_looks + 1, 2 * reach
        with np.errstate(invalid="ignore"):  # of infinite ones, where only one side is known
            between = low + (high - low) * (np.where(above > below, below / (below - above), 0.5) if n_looks % 3 else 0.5)
        on = np.where(np.isfinite(above), high - np.maximum(1.2 * above * spread, reach), low + np.maximum(-1.2 * below * spread, reach))
        probe = np.floor(np.where(np.isfinite(below) & np.isfinite(above), between, on))
    return high
