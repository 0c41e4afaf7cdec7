"""Shares still in force after so many years: Kaplan-Meier, constant hazard, Weibull, two types, log-normal."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem
from bestand.evidence.spells import Spells, still
from bestand.extras import optional

Z95 = 1.959963984540054
SLOWEST, FASTEST = 1e-6, 1e3  # per year


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """The Kaplan-Meier curve, a step down at every end, with 95 % intervals.

    years            : (n_steps,) float64, increasing, beginning with the year from which somebody was watched
    share, low, high : (n_steps,) float64 in force from that year to the next step, of those that lasted until the first
    at_risk          : (n_steps,) int64, spells under observation just before the step (of the first: just after it)
    last             : longest time observed; nothing is known after it
    unwatched        : (from, to) of years in which nobody was watched, before `last`; the first may begin with 0
    """

    years: NDArray[np.float64]
    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    last: float
    unwatched: tuple[tuple[float, float], ...]

    def survival(self, years: ArrayLike) -> NDArray[np.float64]:
        """Share still in force after so many years: shape as given; nan before anybody was watched."""
        step = np.searchsorted(self.years, np.asarray(years, np.float64), side="right") - 1
        return np.where(step < 0, np.nan, self.share[np.maximum(step, 0)])


def kaplan_meier(spells: Spells) -> KaplanMeier:
    """Share still in force, with delayed entry: the product over ends of 1 − ended / at risk (Kaplan & Meier 1958).

    The interval is Greenwood's variance on the scale log(−log S) (Kalbfleisch & Prentice 1980). Where it has no width:
    until the first end the lower limit is the exact binomial one, 0.025^(1/n), with n the fewest at risk so far; once the
    estimate is 0 the upper limit stays what it was before. Lower limits never rise again, and are 0 after years in which
    nobody was watched.

    >>> from bestand.evidence.spells import spells
    >>> kaplan_meier(spells([1, 2, 3, 4], [True, True, False, False])).survival([0.5, 1, 2.5])
    array([1.  , 0.75, 0.5 ])
    """
    unwatched = unwatched_years(spells)
    start = unwatched[0][1] if unwatched and unwatched[0][0] == 0 else 0.0
    times, n_ended = np.unique(spells.exit[spells.ended], return_counts=True)
    at_risk = _at_risk(spells, times)
    share = np.cumprod(1 - n_ended / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(n_ended / (at_risk * (at_risk - n_ended)))) / np.abs(np.log(share))
        low, high = (np.where(share > 0, share ** np.exp(sign * Z95 * spread), share) for sign in (1, -1))
    over = share == 0
    high[over] = high[~over][-1] if (~over).any() else 1.0
    moments, fewest = _before_any_end(spells, start, float(times[0]) if times.size else np.inf)
    low = np.minimum.accumulate(np.concatenate([0.025 ** (1 / fewest), low]))
    years, ones = np.concatenate([moments, times]), np.ones(moments.size)
    for begin, _ in unwatched:
        low[years > max(begin, start)] = 0.0
    return KaplanMeier(
        still(years), still(np.concatenate([ones, share])), still(low), still(np.concatenate([ones, high])),
        still(np.concatenate([fewest, at_risk])), float(spells.exit.max()), unwatched,
    )


def unwatched_years(spells: Spells) -> tuple[tuple[float, float], ...]:
    """Years, before the longest time observed, in which nobody was under observation: (from, to), in order.

    >>> from bestand.evidence.spells import spells
    >>> unwatched_years(spells([1, 5, 6], [True, True, False], entry=[0, 2, 2]))
    ((1.0, 2.0),)
    """
    order = np.argsort(spells.entry, kind="stable")
    seen = np.concatenate([[0.0], np.maximum.accumulate(spells.exit[order])[:-1]])
    begins = spells.entry[order]
    return tuple((float(seen[k]), float(begins[k])) for k in np.flatnonzero(begins > seen))


def _at_risk(spells: Spells, times: NDArray[np.float64]) -> NDArray[np.int64]:
    """Spells with entry < time ≤ exit."""
    return np.searchsorted(np.sort(spells.entry), times, side="left") - np.searchsorted(np.sort(spells.exit), times, side="left")


def _before_any_end(spells: Spells, start: float, end: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Moments from `start` until the first end, after which fewer are at risk than ever before, and how many."""
    moments = np.unique(np.concatenate([[start], spells.entry, spells.exit]))
    moments = moments[(moments >= start) & (moments < end)]
    begun = np.searchsorted(np.sort(spells.entry), moments, side="right")
    n_watched = begun - np.searchsorted(np.sort(spells.exit), moments, side="right")
    moments, n_watched = moments[n_watched > 0], n_watched[n_watched > 0]
    fewest = np.minimum.accumulate(n_watched)
    fewer = np.concatenate([[True], fewest[1:] < fewest[:-1]])
    at = np.nextafter(moments[fewer], np.inf)
    at[0] = start
    return at, fewest[fewer]


@dataclass(frozen=True, slots=True)
class TwoTypes:
    """A mixture of fragile and firm ceasefires, each with a constant hazard.

    fragile                             : share of the fragile at the beginning
    fragile_per_year, firm_per_year  : their hazards
    """

    fragile: float
    fragile_per_year: float
    firm_per_year: float
    log_likelihood: float

    def survival(self, years: ArrayLike) -> NDArray[np.float64]:
        """fragile · exp(−a t) + (1 − fragile) · exp(−b t): shape as given."""
        t = np.asarray(years, np.float64)
        firm = (1 - self.fragile) * np.exp(-self.firm_per_year * t)
        return self.fragile * np.exp(-self.fragile_per_year * t) + firm


def two_types(spells: Spells, *, start: TwoTypes | None = None) -> TwoTypes:
    """The most likely mixture of fragile and firm ceasefires (Heckman & Singer 1984, with two points of support).

    start : where to begin (and from one other place), for a rougher fit to much the same spells; three places are
            tried if not given

    The hazards lie between 10⁻⁶ and 1,000 a year; a firm hazard at the lower end means that none of the firm was
    seen to fail.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to import)

    per_year = max(constant_hazard(spells), 10 * SLOWEST)
    begins = [(0.0, 3 * per_year, per_year / 5), (0.0, 10 * per_year, per_year / 50), (1.5, 1.5 * per_year, per_year / 20)]
    if start is not None:
        share = np.clip(start.fragile, 0.01, 0.99)
        begins = [(float(np.log(share / (1 - share))), start.fragile_per_year, start.firm_per_year), begins[0]]
    box = (np.log(SLOWEST), np.log(FASTEST))
    best = min(
        (
            minimize(
                _minus_log_likelihood,
                [logit, *np.clip(np.log([fast, slow]), *box)],
                args=(spells.entry, spells.exit, spells.ended),
                jac=True,
                method="SLSQP",  # L-BFGS-B wakes all threads of the linear algebra for three numbers
                bounds=[(-15, 15), box, box],
                options={"maxiter": 500, "ftol": 1e-13 if start is None else 1e-9},
            )
            for logit, fast, slow in begins
        ),
        key=lambda outcome: outcome.fun,
    )
    share, (fast, slow) = float(1 / (1 + np.exp(-best.x[0]))), np.exp(best.x[1:])
    if fast < slow:
        share, fast, slow = 1 - share, slow, fast
    return TwoTypes(share, float(fast), float(slow), float(-best.fun))


def _minus_log_likelihood(
    at: NDArray[np.float64], entry: NDArray[np.float64], exit_: NDArray[np.float64], ended: NDArray[np.bool_]
) -> tuple[float, NDArray[np.float64]]:
    """−log likelihood of a mixture and its gradient in (logit of the share, log fast, log slow)."""
    share = 1 / (1 + np.exp(-at[0]))
    a, b = np.exp(at[1:])
    inner = np.array([share * (1 - share), a, b])

    def survival(t: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        fast, slow = np.exp(-a * t), np.exp(-b * t)
        slope = np.array([fast - slow, -share * t * fast, -(1 - share) * t * slow])
        return share * fast + (1 - share) * slow, slope

    in_force, in_force_slope = survival(exit_)
    fast, slow = np.exp(-a * exit_), np.exp(-b * exit_)
    ends = share * a * fast + (1 - share) * b * slow
    ends_slope = np.array([a * fast - b * slow, share * fast * (1 - a * exit_), (1 - share) * slow * (1 - b * exit_)])
    entered, entered_slope = survival(entry)
    tiny = np.finfo(float).tiny
    value, slope = np.where(ended, ends, in_force) + tiny, np.where(ended, ends_slope, in_force_slope)
    total = np.log(value).sum() - np.log(entered + tiny).sum()
    gradient = (slope / value).sum(axis=1) - (entered_slope / (entered + tiny)).sum(axis=1)
    return float(-total), -gradient * inner


def constant_hazard(spells: Spells) -> float:
    """Ends per year under observation.

    >>> from bestand.evidence.spells import spells
    >>> constant_hazard(spells([1, 3], [True, False]))
    0.25
    """
    return float(spells.ended.sum() / (spells.exit - spells.entry).sum())


@dataclass(frozen=True, slots=True)
class Weibull:
    """S(t) = exp(−(t / scale)^shape); a shape below 1 is a hazard that falls with time.

    scale : in years
    """

    scale: float
    shape: float

    def survival(self, years: ArrayLike) -> NDArray[np.float64]:
        """Share still in force after so many years: shape as given."""
        with np.errstate(over="ignore"):  # what has gone beyond all numbers has gone
            return np.exp(-((np.asarray(years, np.float64) / self.scale) ** self.shape))


def weibull(spells: Spells) -> Weibull:
    """The most likely Weibull curve, by lifelines.

    Raises
    ------
    AskError
        `history/needs-extra` where lifelines is not installed; `history/too-few`; `history/no-solution`.
    """
    package = lifelines()
    _enough(spells)
    with _settling(package):
        fit = package.WeibullFitter().fit(spells.exit, spells.ended, entry=spells.entry)
        return Weibull(*_finite(fit.lambda_, fit.rho_))


def _enough(spells: Spells) -> None:
    if spells.exit.size < 2 or not spells.ended.any():
        what = "a curve is fitted to two ceasefires or more, of which one ended"
        raise AskError(Problem("history/too-few", what, hint="give more of them, or leave this model out"))


def _finite(*numbers: float) -> tuple[float, ...]:
    """The numbers of a fit.

    Raises
    ------
    ArithmeticError
        Where one is no finite number.
    """
    if not all(map(math.isfinite, numbers)):
        raise ArithmeticError
    return tuple(map(float, numbers))


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Log-normal times whose middle depends on covariates: log t = intercept + coefficients · x + scale · noise."""

    covariates: tuple[str, ...]
    intercept: float
    coefficient: NDArray[np.float64]
    scale: float

    def survival(self, values: ArrayLike, years: ArrayLike) -> NDArray[np.float64]:
        """Share still in force, for each row of covariates: shape (n_rows, n_years)."""
        from scipy.special import ndtr  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to import)

        middle = self.intercept + np.asarray(values, np.float64) @ self.coefficient
        with np.errstate(divide="ignore"):
            return ndtr((middle[:, None] - np.log(np.asarray(years, np.float64))) / self.scale)


def log_normal(spells: Spells, covariates: Sequence[str], *, penalty: float = 0.0) -> LogNormal:
    """The most likely log-normal accelerated-failure-time model, by lifelines.

    penalty : ridge weight on standardised coefficients, as lifelines' `penalizer`

    Raises
    ------
    AskError
        `history/needs-extra` where lifelines is not installed; `history/unknown-covariate`; `history/no-solution`.
    """
    package = lifelines()
    import pandas as pd  # type: ignore[import-untyped]  # noqa: PLC0415  (comes with lifelines)

    known = spells.complete(covariates)
    _enough(known)
    frame = pd.DataFrame(known.columns(covariates), columns=list(covariates))
    frame = frame.assign(_entry=known.entry, _exit=known.exit, _ended=known.ended)
    entry = {"entry_col": "_entry"} if known.entry.any() else {}
    if not entry:
        frame = frame.drop(columns="_entry")
    with _settling(package):
        fit = package.LogNormalAFTFitter(penalizer=penalty).fit(frame, "_exit", "_ended", **entry)
        middle = fit.params_["mu_"]
        scale, intercept, *coefficient = _finite(np.exp(fit.params_["sigma_"]["Intercept"]), *middle[["Intercept", *covariates]])
    return LogNormal(tuple(covariates), intercept, np.array(coefficient), scale)


@contextmanager
def _settling(package: ModuleType) -> Iterator[None]:
    """Turns a fit that does not converge into a problem with a hint; what the fitter warns of on the way is not printed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (package.exceptions.ConvergenceError, ArithmeticError, np.linalg.LinAlgError) as error:
        what = "this fit does not settle: too few ceasefires ended, or a covariate separates those that did"
        raise AskError(Problem("history/no-solution", what, hint="leave covariates out, or give a penalty")) from error


def lifelines() -> ModuleType:
    """The optional package of survival fits.

    Raises
    ------
    AskError
        `history/needs-extra` where it is not installed.
    """
    return optional("lifelines", extra="history", code="history/needs-extra", what="this fit")
