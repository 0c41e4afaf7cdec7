"""Level and ratio put together: how long such ceasefires last, and how much a posture changes that, each shown apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.history.base_rates import BaseRates
from bestand.history.fits import Z95
from bestand.evidence.spells import still
from bestand.show import Cell, Shown, Table, chart

PARTS = ("game", "empirical", "no difference")
PEACEKEEPING = (0.427, 0.20, 0.92)
"""Hazard ratio of peacekeeping after civil wars, 1989-99, and its 95 % interval (Fortna 2008, Cox with 14 covariates)."""

NOT_CLAIMED = (
    "This is not the probability that this ceasefire holds: it is how long others of a chosen class held, shifted by a stated ratio.",
    "It is not the causal effect of a number of troops: postures were not assigned by chance, in the records or in the game.",
    "It says nothing about the probability that nuclear weapons are used.",
    "An equilibrium of the game is not a prediction: it is what would follow if the stated wants were all there is.",
)
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Combined(Shown):
    """S(t | posture) = S_ref(t)^ratio, for each part of the mixture of ratios and for the pool of all.

    parts   : names of the parts with a ratio; `weights` are theirs
    ratio   : (n_parts, 3) float64, hazard ratio of each part: middle, low, high (95 of a hundred draws)
    level   : (3, n_years) float64, the reference class alone: estimate, low, high
    holding : (n_parts + 1, 3, n_years) float64, with the ratio: mean over its draws at the estimated level, and the
              middle 95 of a hundred with the level's own uncertainty; the last row is the pool
    shares  : (n_settings, n_parts) float64, other weights; `shifted` (n_settings, n_years), the pool's mean with them
    """

    reference: BaseRates
    parts: tuple[str, ...]
    weights: tuple[float, ...]
    years: NDArray[np.float64]
    ratio: NDArray[np.float64]
    level: NDArray[np.float64]
    holding: NDArray[np.float64]
    shares: NDArray[np.float64]
    shifted: NDArray[np.float64]

    @property
    def pool(self) -> NDArray[np.float64]:
        """The weighted mixture of the parts: shape (3, n_years), mean, low, high."""
        return self.holding[-1]

    def table(self) -> Table:
        """Level, then each part, then the pool; last the list of what may not be claimed."""
        rows: list[tuple[Cell, ...]] = []
        for k, year in enumerate(self.years):
            rows.append((f"{year:g} years", "level alone", None, None, *map(float, self.level[:, k])))
            for j, part in enumerate(self.parts):
                rows.append(("", part, self.weights[j], float(self.ratio[j, 0]), *map(float, self.holding[j, :, k])))
            rows.append(("", "pool", 1.0, None, *map(float, self.pool[:, k])))
        columns = ("after", "what", "weight", "ratio", "holding", "low", "high")
        notes = (f"level: {self.reference.what} (n = {self.reference.n}; {self.reference.source})", *NOT_CLAIMED)
        return Table("How long such ceasefires hold, with the posture's ratio", columns, tuple(rows), notes)

    def sensitivity(self) -> Table:
        """The pool's mean under other weights, and how far it moves."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (*map(float, share), *map(float, value)) for share, value in zip(self.shares, self.shifted, strict=True)
        )
        reach = self.shifted.max(axis=0) - self.shifted.min(axis=0)
        note = "; ".join(f"after {y:g} years it moves by {d:.2f}" for y, d in zip(self.years, reach, strict=True))
        columns = (*(f"weight of {part}" for part in self.parts), *(f"after {year:g} years" for year in self.years))
        return Table("The pool under other weights", columns, rows, (note,))

    def figure(self) -> dict[str, object]:
        """Curves of the level, the parts and the pool."""
        curves = [("level alone", self.level[0]), *zip((*self.parts, "pool"), self.holding[:, 0], strict=True)]
        rows = tuple((name, float(y), float(s)) for name, curve in curves for y, s in zip(self.years, curve, strict=True))
        long = Table("Holding, by part of the mixture", ("what", "years", "holding"), rows, NOT_CLAIMED)
        return chart(long, "line", x="years:Q", y="holding:Q", color="what:N")


def combine(
    reference: BaseRates,
    ratio_draws: ArrayLike | None = None,
    *,
    weights: Mapping[str, float],
    years: ArrayLike = (1.0, 2.0, 5.0),
    empirical: tuple[float, float, float] = PEACEKEEPING,
    draws: int = 10_000,
    rng: np.random.Generator | None = None,
) -> Combined:
    """Level of a reference class raised to a hazard ratio from a declared mixture.

    ratio_draws : (n_draws,) hazard ratios of a posture from the game, > 0; needed where `game` has weight
    weights     : of `game`, `empirical` and `no difference` (a ratio of 1); they sum to 1
    empirical   : ratio and its 95 % interval, taken as log-normal; that of peacekeeping if not given
    draws       : of each part

    The class must be of ceasefires *without* the posture, or the ratio is counted twice.

    Raises
    ------
    AskError
        `history/bad-weights`, `history/bad-ratio`, `history/beyond-record` where the class says nothing so late.

    >>> from bestand.history.base_rates import base_rates
    >>> alone = base_rates("civil-alone")
    >>> both = combine(alone, weights={"empirical": 0.5, "no difference": 0.5}, years=[1])
    >>> both.level[0].round(2), both.pool[0].round(2)
    (array([0.59]), array([0.69]))
    """
    parts, share = _weights(weights)
    rng = np.random.default_rng(0) if rng is None else rng
    times = np.atleast_1d(np.asarray(years, np.float64))
    level = np.array(reference.survival(times))
    given = {"game": lambda: _from_game(ratio_draws), "empirical": lambda: _log_normal(empirical, draws, rng)}
    ratios = [given[part]() if part in given else np.ones(1) for part in parts]
    at_level = _levels(level, draws, rng)
    held = [at_level ** rng.choice(ratio, draws)[:, None] for ratio in ratios]
    means = np.array([(level[0] ** ratio[:, None]).mean(axis=0) for ratio in ratios])
    holding = np.empty((len(parts) + 1, 3, times.size))
    for k, draw in enumerate(held):
        holding[k] = means[k], *np.quantile(draw, (0.025, 0.975), axis=0)
    pooled = np.concatenate([draw for draw, part in zip(held, share, strict=True) if part > 0])
    weight = np.repeat(share[share > 0], draws)
    holding[-1] = share @ means, *(_quantile(pooled, weight, q) for q in (0.025, 0.975))
    spans = np.array([[np.quantile(ratio, q) for q in (0.5, 0.025, 0.975)] for ratio in ratios])
    shares = _other_weights(share)
    return Combined(
        reference, parts, tuple(map(float, share)), still(times.copy()), still(spans), still(level), still(holding),
        still(shares), still(shares @ means),
    )


def _weights(weights: Mapping[str, float]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    for part in weights:
        if part not in PARTS:
            raise AskError(Problem("history/bad-weights", f"no part '{part}' of the mixture", hint=did_you_mean(part, PARTS)))
    parts = tuple(part for part in PARTS if part in weights)
    share = np.array([float(weights[part]) for part in parts])
    if not parts or not np.all(np.isfinite(share) & (share >= 0)) or abs(share.sum() - 1) > 1e-9:
        what = f"weights must be at least 0 and sum to 1, and these are {dict(weights)}"
        raise AskError(Problem("history/bad-weights", what))
    return parts, share


def _from_game(ratio_draws: ArrayLike | None) -> NDArray[np.float64]:
    if ratio_draws is None:
        what = "the game has a weight, but no draws of its ratio were given"
        raise AskError(Problem("history/bad-ratio", what, hint="ratio_draws=…, or leave 'game' out of the weights"))
    ratio = np.asarray(ratio_draws, np.float64).reshape(-1)
    if not ratio.size or not np.all(np.isfinite(ratio) & (ratio > 0)):
        raise AskError(Problem("history/bad-ratio", "hazard ratios must be finite and above 0"))
    return ratio


def _log_normal(empirical: tuple[float, float, float], draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draws at equal steps of probability, so that the part's mean does not hang on luck."""
    from scipy.special import ndtri  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to import)

    middle, low, high = empirical
    if not 0 < low <= middle <= high < np.inf:
        raise AskError(Problem("history/bad-ratio", f"a ratio with an interval is low ≤ ratio ≤ high, all above 0, not {empirical}"))
    spread = np.log(high / low) / (2 * Z95)
    return rng.permutation(np.exp(np.log(middle) + spread * ndtri((np.arange(draws) + 0.5) / draws)))


def _levels(level: NDArray[np.float64], draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draws of the reference curve, normal on the scale log(−log S), one shift for all years: (draws, n_years)."""
    estimate, low, high = (np.log(-np.log(np.clip(row, _TINY, 1 - _TINY))) for row in level)
    normal = rng.standard_normal(draws)[:, None]
    spread = np.where(normal > 0, low - estimate, estimate - high) / Z95
    return np.exp(-np.exp(estimate + normal * spread))


def _quantile(values: NDArray[np.float64], weight: NDArray[np.float64], q: float) -> NDArray[np.float64]:
    """Weighted quantile of each column: shape (n_columns,)."""
    order = np.argsort(values, axis=0)
    reached = np.cumsum(weight[order], axis=0) / weight.sum()
    place = (reached >= q - _TINY).argmax(axis=0)
    return np.take_along_axis(np.take_along_axis(values, order, axis=0), place[None], axis=0)[0]


def _other_weights(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The given weights first; each part alone, and each part's weight doubled and halved against the others."""
    rows = [share, *np.eye(share.size)]
    for k in range(share.size if share.size > 1 else 0):
        for factor in (2.0, 0.5):
            moved = share.copy()
            moved[k] *= factor
            rows.append(moved / moved.sum())
    return np.array(list(dict.fromkeys(tuple(np.round(row, 12)) for row in rows)))
