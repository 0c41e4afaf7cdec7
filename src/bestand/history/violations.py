"""What counts of violations say: how they were fitted, what to expect next, and when a count is out of the ordinary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem
from bestand.evidence.counts import Counts, counts
from bestand.evidence.spells import still
from bestand.history.asked import number_in, percent, whole_in
from bestand.history.count_fits import (
    FEWEST,
    MODELS,
    CountFit,
    draw_counts,
    fit_counts,
    fit_negative_binomial,
    intensity,
    log_probability,
    reported_share,
)
from bestand.history.likely import Likely, likely, predictive_quantiles
from bestand.show import Cell, Shown, Table

DOUBTFUL = 0.05
REPORTING_NOTE = (
    "The counts cannot tell how much is reported: half the events all reported and all events half reported look alike. "
    "The share reported is put in, not found; if it changed, the change looks like one in what happens."
)


@dataclass(frozen=True, slots=True, repr=False)
class Violations(Shown):
    """A self-exciting, over-dispersed model of reported counts, beside the two simpler ones.

    fits      : Poisson, negative binomial, self-exciting; the last is used
    reporting : (n_periods,) float64, share of events that are reported
    expected  : (n_periods + 1,) float64, expected *reported* count of each period given those before; the last is the next, and
                that of the last period seen is of a fit without it
    likely    : the parameters that the counts leave likely, from which alarms are drawn
    before    : the same, of the counts without the last; None where they are all 0
    """

    counts: Counts
    fits: tuple[CountFit, ...]
    reporting: NDArray[np.float64]
    expected: NDArray[np.float64]
    likely: Likely
    before: Likely | None

    @property
    def fit(self) -> CountFit:
        """The self-exciting fit."""
        return self.fits[-1]

    def forecast(self, *, periods: int = 1, draws: int = 4000, rng: np.random.Generator | None = None) -> Forecast:
        """Reported counts to expect: the first period exactly, later ones by drawing; reporting stays as it was last."""
        rng = np.random.default_rng(0) if rng is None else rng
        n_ahead, n_draws = whole_in(periods, "periods", least=1, most=1000), whole_in(draws, "draws", least=1, most=100_000)
        share = float(self.reporting[-1])
        level = np.array([0.05, 0.5, 0.95])
        mean, quantile = np.empty(n_ahead), np.empty((n_ahead, 3))
        mean[0], quantile[0] = self.expected[-1], quantiles(level, self.expected[-1], self.fit.size)
        lam = np.full(n_draws, self.expected[-1] / share)
        for k in range(1, n_ahead):
            before = draw_counts(share * lam, self.fit.size, rng) / share
            lam = self.fit.base + self.fit.echo * before + self.fit.memory * lam
            mean[k] = share * (self.fit.base + (self.fit.echo + self.fit.memory) * mean[k - 1] / share)
            quantile[k] = np.quantile(draw_counts(share * lam, self.fit.size, rng), level, method="inverted_cdf")
        return Forecast(self.counts.what, mean, *(still(quantile[:, k].astype(np.int64)) for k in range(3)))

    def alarm(self, *, level: float = 0.99) -> Alarm:
        """Which counts were out of the ordinary: above this quantile of what was to be expected.

        *Surprising*: above what the counts before it led to expect. *Not quiet*: above what a period brings when
        nothing has gone before (mean ω/(1−β), same size). A long flare is not quiet and soon no longer surprising.
        Both quantiles are over all parameters that the counts leave likely, not of the one fit (see `likely`); of the last
        period over those that the counts before it leave likely, so that a spike does not speak for itself.
        """
        level = number_in(level, "level", least=0, most=1, open_=True)
        happened = self.counts.count / self.reporting
        surprising, quiet = _thresholds(self.likely, happened, np.concatenate([self.reporting, self.reporting[-1:]]), level)
        if self.before is not None:
            for every, of_the_last in zip((surprising, quiet), _thresholds(self.before, happened[:-1], self.reporting, level), strict=True):
                every[-2] = of_the_last[-1]
        return Alarm(self.counts, level, self.expected, still(surprising), still(quiet), self.likely.no_echo, self.before is not None)

    def table(self) -> Table:
        """The three models side by side, and the parameters of the one that is used."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (fit.model, fit.log_likelihood, round(fit.aic, 1), fit.base, fit.echo, fit.memory,
             None if np.isinf(fit.size) else fit.size, fit.branching)
            for fit in self.fits
        )
        error = ", ".join(
            f"{name} ± {size:.2g}"
            for name, size in zip(("base", "echo", "memory", "size"), self.fit.standard_error, strict=True)
            if np.isfinite(size)
        )
        least = min(self.fits, key=lambda fit: fit.aic).model
        notes = (
            f"smallest AIC: {least}", f"standard errors of the self-exciting fit: {error or 'none'}",
            f"chance that nothing echoes, given these counts: {percent(self.likely.no_echo)}{self._doubt()}", REPORTING_NOTE,
            *self.counts.notes,
        )
        columns = ("model", "log lik.", "AIC", "base", "echo", "memory", "size", "branching")
        return Table(f"Counts over time: {self.counts.what}", columns, rows, notes)

    def _doubt(self) -> str:
        return "; echo, memory and branching may be chance" if self.likely.no_echo > DOUBTFUL else ""


def violations(observed: Counts | Sequence[int], *, reporting: ArrayLike = 1.0) -> Violations:
    """Fits of Poisson, negative binomial and self-exciting counts, with what they lead to expect.

    reporting : share of events that are reported, from 1e-9 to 1: one number, or one for each period. With
                share r_t the reported count is negative binomial with mean r_t λ_t and the same size (which is exact
                for thinning a negative binomial), and y_t / r_t stands for what happened in λ_{t+1}.

    Raises
    ------
    AskError
        `history/too-few`, `history/bad-count`, `history/bad-number`.

    >>> from bestand.history.count_fits import simulate_counts
    >>> seen = simulate_counts(120, base=2, echo=0.6, size=2, rng=np.random.default_rng(4))[0]
    >>> fitted = violations(seen)
    >>> round(fitted.fit.branching, 2), min(fitted.fits, key=lambda fit: fit.aic).model
    (0.77, 'self-exciting')
    """
    given = observed if isinstance(observed, Counts) else counts(observed)
    fits = tuple(fit_counts(given, model=model, reporting=reporting) for model in MODELS)
    share = reported_share(reporting, given.count.size)
    expected = _expected(given, fits[-1], share)
    earlier, before = Counts(given.what, given.periods[:-1], given.count[:-1]), None
    if earlier.count.any():
        flat, fitted = (fit_negative_binomial(earlier.count.astype(np.float64), share[:-1], model) for model in MODELS[1:])
        before = likely(earlier, flat, fitted, reporting=share[:-1])
        expected[-2] = _expected(earlier, fitted, share[:-1])[-1] / share[-2] * share[-1]
    return Violations(given, fits, share, still(expected), likely(given, fits[1], fits[2], reporting=share), before)


def _thresholds(
    sets: Likely, happened: NDArray[np.float64], share: NDArray[np.float64], level: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Quantiles of each period and the next, given those before it, and of quiet ones: two of shape (n_periods + 1,)."""
    surprising = predictive_quantiles(level, share[:, None] * sets.expected(happened), sets.size, sets.weight)
    shares, place = np.unique(share, return_inverse=True)
    quiet = predictive_quantiles(level, shares[:, None] * sets.quiet, sets.size, sets.weight)
    return surprising, quiet[place.reshape(-1)]


def _expected(given: Counts, fit: CountFit, share: NDArray[np.float64]) -> NDArray[np.float64]:
    happened = given.count / share
    first = float(happened.mean()) if fit.model == "self-exciting" else fit.base
    lam = intensity(happened, base=fit.base, echo=fit.echo, memory=fit.memory, first=first)
    return lam * np.concatenate([share, share[-1:]])


@dataclass(frozen=True, slots=True, repr=False)
class Forecast(Shown):
    """Reported counts to expect: (n_periods,) mean, and the 5th, 50th and 95th of a hundred."""

    what: str
    mean: NDArray[np.float64]
    low: NDArray[np.int64]
    middle: NDArray[np.int64]
    high: NDArray[np.int64]

    def table(self) -> Table:
        """One period ahead a row."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (k + 1, float(self.mean[k]), int(self.low[k]), int(self.middle[k]), int(self.high[k])) for k in range(self.mean.size)
        )
        note = "If the counts go on as they did, with the fitted numbers taken as known."
        return Table(f"To expect: {self.what}", ("periods ahead", "mean", "5 %", "middle", "95 %"), rows, (note,))


@dataclass(frozen=True, slots=True, repr=False)
class Alarm(Shown):
    """Thresholds that a count passes only when something is out of the ordinary; the last entry is the next period.

    expected, surprising, quiet : (n_periods + 1,)
    no_echo                     : chance that nothing echoes, given the counts
    apart                       : whether the last period is judged by the counts before it alone
    """

    counts: Counts
    level: float
    expected: NDArray[np.float64]
    surprising: NDArray[np.int64]
    quiet: NDArray[np.int64]
    no_echo: float
    apart: bool

    @property
    def surprised(self) -> NDArray[np.bool_]:
        """Periods whose count was above what those before led to expect: shape (n_periods,)."""
        return self.counts.count > self.surprising[:-1]

    @property
    def not_quiet(self) -> NDArray[np.bool_]:
        """Periods whose count was above what a quiet period brings: shape (n_periods,)."""
        return self.counts.count > self.quiet[:-1]

    def table(self) -> Table:
        """Every period whose count was out of the ordinary, and the next one."""
        seen = [k for k in range(self.counts.count.size) if self.surprised[k] or self.not_quiet[k]]
        rows: list[tuple[Cell, ...]] = [
            (self.counts.periods[k], int(self.counts.count[k]), float(self.expected[k]), int(self.surprising[k]),
             bool(self.surprised[k]), int(self.quiet[k]), bool(self.not_quiet[k]))
            for k in seen
        ]
        rows.append(("next", None, float(self.expected[-1]), int(self.surprising[-1]), None, int(self.quiet[-1]), None))
        columns = ("period", "count", "expected", "surprise above", "surprising", "quiet up to", "not quiet")
        notes = (
            f"thresholds that {percent(1 - self.level)} of ordinary periods pass, over all parameters that the counts leave likely",
            "the last count is judged by those before it; earlier ones by all counts, so that they knew what came later" if self.apart
            else "nothing was reported before the last period, so that it is judged by all counts, itself too",
        )
        return Table(f"Out of the ordinary: {self.counts.what}", columns, tuple(rows), notes)


@dataclass(frozen=True, slots=True, repr=False)
class ForecastScores(Shown):
    """Log scores of one-step forecasts, each from a fit to the counts before it.

    log_score : (n_models, n_scored) float64; log P(count), larger is better
    """

    counts: Counts
    models: tuple[str, ...]
    log_score: NDArray[np.float64]

    def table(self) -> Table:
        """One model a row, best first."""
        total = self.log_score.sum(axis=1)
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (self.models[k], round(float(total[k]), 1), float(total[k] / self.log_score.shape[1])) for k in np.argsort(-total)
        )
        note = f"the last {self.log_score.shape[1]} of {self.counts.count.size} periods, refitted before each"
        return Table(f"One-step forecasts: {self.counts.what}", ("model", "log score", "per period"), rows, (note,))


def forecast_scores(
    observed: Counts | Sequence[int],
    *,
    last: int = 36,
    reporting: ArrayLike = 1.0,
    progress: Callable[[float], None] = lambda share: None,
) -> ForecastScores:
    """How well each model would have foretold the last counts, refitted before each of them; `progress` hears the share done.

    Raises
    ------
    AskError
        `history/too-few` where fewer than 12 periods, or none with an event, go before the first that is scored.

    >>> forecast_scores([3, 5, 4, 6, 2, 4, 5, 3, 4, 6, 5, 4, 3, 5, 4, 6], last=2).table().rows[0][0]
    'self-exciting'
    """
    given = observed if isinstance(observed, Counts) else counts(observed)
    n = given.count.size
    share = reported_share(reporting, n)
    last = whole_in(last, "last", least=1, most=n)
    if n - last < FEWEST:
        what = f"{n} periods leave {n - last} before the first of {last} that are scored"
        raise AskError(Problem("history/too-few", what, hint=f"score at most {max(n - FEWEST, 0)}"))
    score = np.empty((len(MODELS), last))
    for k, t in enumerate(range(n - last, n)):
        progress(k / last)
        before = Counts(given.what, given.periods[:t], given.count[:t])
        for row, model in enumerate(MODELS):
            fit = fit_counts(before, model=model, reporting=share[:t])
            mean = _expected(before, fit, share[:t])[-1] / share[t - 1] * share[t]
            score[row, k] = log_probability(given.count[t], mean, fit.size)
    return ForecastScores(given, MODELS, still(score))


def quantiles(level: ArrayLike, mean: ArrayLike, size: float) -> NDArray[np.float64]:
    """The smallest count that is not passed with this chance, of the negative binomial: shapes broadcast."""
    from scipy.stats import nbinom, poisson  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to import)

    m = np.asarray(mean, np.float64)
    return poisson.ppf(level, m) if np.isinf(size) else nbinom.ppf(level, size, size / (size + m))


