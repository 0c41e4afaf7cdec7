"""Cox's proportional hazards with delayed entry and Breslow's ties, by Newton's method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem
from bestand.evidence.spells import Spells, still
from bestand.history.asked import number_in, numbers_in, years_in
from bestand.history.fits import Z95
from bestand.show import Cell, Shown, Table

RUNAWAY = 6.0  # log hazard ratio of one standard deviation: 400 to 1
FLAT = 1e-6  # curvature of the likelihood in some direction below which nothing says where it is largest
FAR = 700.0  # log hazard ratio beyond which nothing changes any more, and exp overflows


@dataclass(frozen=True, slots=True, repr=False)
class Cox(Shown):
    """Hazard ratios of covariates.

    coefficient, standard_error : (n_covariates,) float64, log hazard ratio for one unit more
    log_likelihood              : partial, at the estimate, without the penalty
    schoenfeld                  : (n_ended, n_covariates) float64, in the order of the spells that ended: what was
                                  seen minus what was expected at that end (Schoenfeld 1982)
    years, cumulative           : (n_times,) float64, the baseline's cumulative hazard (Breslow 1974) at `mean`
    mean                        : (n_covariates,) float64
    """

    covariates: tuple[str, ...]
    coefficient: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    log_likelihood: float
    schoenfeld: NDArray[np.float64]
    years: NDArray[np.float64]
    cumulative: NDArray[np.float64]
    mean: NDArray[np.float64]
    n_spells: int
    n_cases: int
    penalty: float
    notes: tuple[str, ...] = ()

    @property
    def ratio(self) -> NDArray[np.float64]:
        """Hazard ratios with their 95 % interval: shape (n_covariates, 3), estimate, low, high."""
        shift = np.array([0.0, -Z95, Z95])
        return np.exp(self.coefficient[:, None] + shift * self.standard_error[:, None])

    def survival(self, values: ArrayLike, years: ArrayLike) -> NDArray[np.float64]:
        """Share still in force, for each row of covariates: shape (n_rows, n_years)."""
        each = np.atleast_2d(numbers_in(values, "values"))
        if each.ndim > 2 or each.shape[1] != len(self.covariates) or not np.isfinite(each).all():
            what = f"values are no finite numbers for each of the covariates {', '.join(self.covariates)}"
            raise AskError(Problem("history/bad-number", what, hint="give a row of covariates, in their order, or several such rows"))
        at = np.searchsorted(self.years, np.atleast_1d(years_in(years, least=0.0)), side="right")
        hazard = np.concatenate([[0.0], self.cumulative])[at]
        risk = np.exp(np.clip((each - self.mean) @ self.coefficient, -FAR, FAR))
        return np.exp(-risk[:, None] * hazard)

    def table(self) -> Table:
        """Hazard ratios with intervals, one covariate a row."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (name, float(self.coefficient[k]), float(self.standard_error[k]), *map(float, self.ratio[k]))
            for k, name in enumerate(self.covariates)
        )
        size = f"{self.n_spells} spells of {self.n_cases} ceasefires, {len(self.schoenfeld)} ended"
        likelihood = f"log partial likelihood {self.log_likelihood:.3f}"
        shrunk = (f"shrunk towards 1 by a penalty of {self.penalty:g}",) if self.penalty else ()
        caution = "A ratio compares ceasefires that differed in many ways; it is not the effect of bringing something about."
        columns = ("covariate", "coefficient", "standard error", "hazard ratio", "low", "high")
        return Table("Hazard ratios (Cox)", columns, rows, (size, likelihood, *shrunk, caution, *self.notes))


def cox(spells: Spells, covariates: Sequence[str], *, penalty: float = 0.0) -> Cox:
    """The Cox model of these spells (Cox 1972): hazard at t = baseline(t) · exp(coefficients · x).

    A spell is at risk where entry < t ≤ exit; ends at the same moment share one risk set (Breslow 1974).
    penalty : weight λ of n λ/2 |β|² on coefficients of standardised covariates (sample deviation), n spells

    Raises
    ------
    AskError
        `history/unknown-covariate`; `history/too-few` where nothing ended; `history/no-solution` where a covariate does
        not vary, is made of others, or separates those that ended from all others.

    >>> from bestand.evidence.spells import spells
    >>> past = spells([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 1, 0], covariates={"watched": [0, 0, 1, 1, 0, 1]})
    >>> cox(past, ["watched"]).ratio.round(2)
    array([[0.22, 0.02, 2.2 ]])
    """
    penalty = number_in(penalty, "penalty", least=0, most=1e6)
    if not covariates or isinstance(covariates, str):
        hint = f"a list of some of {', '.join(spells.covariates) or 'none'}"
        raise AskError(Problem("history/unknown-covariate", "no covariates to compare by", hint=hint))
    known = spells.complete(covariates)
    x = known.columns(covariates)
    if not known.ended.any():
        raise AskError(Problem("history/too-few", "none of these spells ended, so nothing can be compared"))
    mean, deviation = x.mean(axis=0), x.std(axis=0, ddof=1) if len(x) > 1 else np.zeros(x.shape[1])
    for name, spread in zip(covariates, deviation, strict=True):
        if not (spread > 0 or penalty > 0):
            raise AskError(Problem("history/no-solution", f"'{name}' is the same in all these spells", hint="leave it out"))
    deviation = np.where(deviation > 0, deviation, 1.0)  # with a penalty, what does not vary gets the ratio 1
    z = (x - mean) / deviation
    at = np.zeros(x.shape[1])
    ridge = penalty * len(x)
    level, slope, curve, expected, step = _partial(known, z, at)
    for _ in range(50):
        move = _newton(slope - ridge * at, curve + ridge * np.eye(at.size), covariates, at)
        move = _shortened(known, z, at, move, level - ridge * float(at @ at) / 2, ridge)
        at = at + move
        level, slope, curve, expected, step = _partial(known, z, at)
        if np.abs(move).max(initial=0.0) < 1e-11:
            break
    curve = curve + ridge * np.eye(at.size)
    if not (np.isfinite(curve).all() and np.abs(slope - ridge * at).max(initial=0.0) <= 1e-6 and np.linalg.eigvalsh(curve)[0] >= FLAT):
        raise _no_solution(covariates, at)
    error = np.sqrt(np.diag(np.linalg.inv(curve)))
    times, first = np.unique(known.exit[known.ended], return_index=True)
    return Cox(
        covariates=tuple(covariates), coefficient=still(at / deviation), standard_error=still(error / deviation), log_likelihood=level,
        schoenfeld=still((z[known.ended] - expected) * deviation), years=still(times), cumulative=still(np.cumsum(step[first])),
        mean=still(mean), n_spells=len(x), n_cases=known.n_cases, penalty=penalty, notes=known.notes,
    )  # fmt: skip


def _partial(
    spells: Spells, z: NDArray[np.float64], at: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Log partial likelihood, its gradient and minus its Hessian, the expected covariates and hazard at every end.

    Sums over a risk set are differences of two running sums (those not yet gone, less those not yet come), and the
    Hessian's first part is one weighted product, as each spell's weight is the hazard it lived through. Far out, where
    one spell outweighs all others, such a difference is lost to rounding: what follows is not finite, and no likelihood.
    """
    with np.errstate(all="ignore"):
        return _summed(spells, z, at)


def _summed(
    spells: Spells, z: NDArray[np.float64], at: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    score = z @ at
    risk = np.exp(score - score.max())
    ends = spells.exit[spells.ended]
    both = np.column_stack([risk, risk[:, None] * z])
    total = _later(spells.exit, both, ends) - _later(spells.entry, both, ends)
    expected = total[:, 1:] / total[:, :1]
    times, place, n_ended = np.unique(ends, return_inverse=True, return_counts=True)
    hazard = np.zeros(times.size)
    hazard[place] = n_ended[place] / total[:, 0]
    lived = np.concatenate([[0.0], np.cumsum(hazard)])
    through = lived[np.searchsorted(times, spells.exit, side="right")] - lived[np.searchsorted(times, spells.entry, side="right")]
    level = float((score[spells.ended] - score.max() - np.log(total[:, 0])).sum())
    slope = (z[spells.ended] - expected).sum(axis=0)
    curve = (z * (risk * through)[:, None]).T @ z - expected.T @ expected
    return level, slope, curve, expected, hazard[place] * np.exp(-score.max())


def _later(moment: NDArray[np.float64], rows: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of the rows whose moment is at or after each time: shape (n_times, n_columns)."""
    order = np.argsort(moment)
    ahead = np.concatenate([np.cumsum(rows[order][::-1], axis=0)[::-1], np.zeros((1, rows.shape[1]))])
    return ahead[np.searchsorted(moment[order], times, side="left")]


def _newton(
    slope: NDArray[np.float64], curve: NDArray[np.float64], covariates: Sequence[str], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    try:
        return np.asarray(np.linalg.solve(curve, slope), np.float64)
    except np.linalg.LinAlgError as error:
        raise _no_solution(covariates, at) from error


def _no_solution(covariates: Sequence[str], at: NDArray[np.float64]) -> AskError:
    """Which covariates run off to infinity; if none does, they repeat each other."""
    names = [name for name, size in zip(covariates, np.abs(at), strict=True) if size > RUNAWAY]
    what = f"no finite hazard ratio: {', '.join(names)} separates the ceasefires that ended from all others"
    if not names:
        what = "the covariates say the same thing twice: one is made of the others"
    return AskError(Problem("history/no-solution", what, hint="leave one out, or give a penalty"))


def _shortened(
    spells: Spells, z: NDArray[np.float64], at: NDArray[np.float64], move: NDArray[np.float64], level: float, ridge: float
) -> NDArray[np.float64]:
    """The Newton step, halved until it does not lose likelihood."""
    for _ in range(30):
        there = at + move
        if _partial(spells, z, there)[0] - ridge * (there @ there) / 2 >= level - 1e-9:
            break
        move = move / 2
    return move
