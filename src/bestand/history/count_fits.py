"""Counts over time that are over-dispersed and feed on themselves: how likely, how fitted, how drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.evidence.counts import MOST_PERIODS, Counts
from bestand.history.asked import number_in, numbers_in, whole_in

MODELS = ("poisson", "negative binomial", "self-exciting")
FEWEST, MOST_FITTED = 12, 20_000
LEAST_REPORTED = 1e-9  # of what happens
BURN_IN = 300
STIRLING = 1e3  # sizes from which two terms of Stirling's series are exact


@dataclass(frozen=True, slots=True)
class CountFit:
    """Parameters of a model of counts, on the scale of what happens (reported / share reported).

    base   : ω, expected events a period when nothing went before
    echo   : α, further events in the next period for each event in this one
    memory : β, share of the last expectation that stays
    size   : of the negative binomial: variance = mean + mean² / size; infinite for Poisson
    standard_error : of (base, echo, memory, size); nan where a number is fixed or lies on its bound
    """

    model: str
    base: float
    echo: float
    memory: float
    size: float
    log_likelihood: float
    n_parameters: int
    standard_error: tuple[float, float, float, float]

    @property
    def branching(self) -> float:
        """Further events that one event brings about directly, over time: α / (1 − β); below 1."""
        return self.echo / (1 - self.memory)

    @property
    def quiet(self) -> float:
        """Expected events a period when none has happened for long: ω / (1 − β); means little where no echo is established."""
        return self.base / (1 - self.memory)

    @property
    def aic(self) -> float:
        """Akaike's criterion; smaller is better."""
        return 2 * self.n_parameters - 2 * self.log_likelihood


def intensity(
    happened: NDArray[np.float64], *, base: float, echo: float, memory: float, first: float
) -> NDArray[np.float64]:
    """λ_1 … λ_{n+1}, where λ_1 = first and λ_t = base + echo · y_{t−1} + memory · λ_{t−1}: shape (n_periods + 1,).

    >>> intensity(np.array([4.0, 0.0]), base=1, echo=0.5, memory=0.25, first=2)
    array([2.   , 3.5  , 1.875])
    """
    return _recursion(base + echo * happened, memory, first)


def _recursion(step: NDArray[np.float64], memory: float, first: ArrayLike) -> NDArray[np.float64]:
    """x_1 = first and x_t = step_{t−1} + memory · x_{t−1}, of every row at once where there are several."""
    begun = np.concatenate([np.asarray(first, np.float64)[..., None], step], axis=-1)
    if memory == 0:
        return begun
    from scipy.signal import lfilter  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to import)

    return lfilter([1.0], [1.0, -memory], begun)


def log_probability(count: ArrayLike, mean: ArrayLike, size: float) -> NDArray[np.float64]:
    """log P(count) of the negative binomial with this mean and size, of Poisson where size is infinite."""
    from scipy.special import gammaln  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to import)

    y, m = np.asarray(count, np.float64), np.asarray(mean, np.float64)
    if np.isinf(size):
        return y * np.log(m) - m - gammaln(y + 1)
    return log_rising(y, size) - gammaln(y + 1) - (y + size) * np.log1p(m / size) + y * np.log(m)


def log_rising(count: NDArray[np.float64], size: float) -> NDArray[np.float64]:
    """log Γ(count + size) − log Γ(size) − count · log(size), by Stirling's series where size is large: their difference has no digits left there.

    >>> log_rising(np.array([2.0]), 3.0).round(4), log_rising(np.array([2.0]), 1e15).round(4)
    (array([0.2877]), array([0.]))
    """
    from scipy.special import gammaln  # noqa: PLC0415  (slow to import)

    if size < STIRLING:
        return gammaln(count + size) - gammaln(size) - count * np.log(size)
    total = count + size
    rest = (1 / total - 1 / size) / 12 - (1 / total**3 - 1 / size**3) / 360
    return (total - 0.5) * np.log1p(count / size) - count + rest


def fit_counts(observed: Counts, *, model: str = "self-exciting", reporting: ArrayLike = 1.0) -> CountFit:
    """The most likely parameters of a model of counts.

    model     : `poisson`, `negative binomial`, or `self-exciting` (negative binomial INGARCH(1,1): Zhu 2011, after
                Ferland, Latour & Oraichi 2006), λ_t = ω + α y_{t−1} + β λ_{t−1} with λ_1 the mean of the counts
    reporting : share of events that are reported, one number or (n_periods,)

    Raises
    ------
    AskError
        `history/unknown-model`, `history/too-few` (12 periods and one event are the least), `history/bad-count` (20,000 are the
        most), `history/bad-number`.
    """
    if model not in MODELS:
        raise AskError(Problem("history/unknown-model", f"no model of counts '{model}'", hint=did_you_mean(str(model), MODELS)))
    y = observed.count.astype(np.float64)
    if y.size < FEWEST or not y.any():
        what = f"{y.size} periods with {int(y.sum())} events are too few to fit"
        raise AskError(Problem("history/too-few", what, hint=f"at least {FEWEST} periods, and at least one event"))
    if y.size > MOST_FITTED:
        what = f"{y.size:,} periods are more than can be fitted"
        raise AskError(Problem("history/bad-count", what, hint=f"at most {MOST_FITTED:,}: add them up to weeks or months"))
    share = reported_share(reporting, y.size)
    if model == "poisson":
        rate = float(y.sum() / share.sum())
        level = float(log_probability(y, rate * share, np.inf).sum())
        nan = float("nan")
        return CountFit(model, rate, 0.0, 0.0, np.inf, level, 1, (float(np.sqrt(rate / share.sum())), nan, nan, nan))
    return fit_negative_binomial(y, share, model)


def reported_share(reporting: ArrayLike, n_periods: int) -> NDArray[np.float64]:
    """The share reported in each period: shape (n_periods,); at least `LEAST_REPORTED`, at most 1."""
    given = numbers_in(reporting, "reporting")
    if given.ndim > 1 or given.size not in (1, n_periods) or not np.all((given >= LEAST_REPORTED) & (given <= 1)):
        what = f"the share reported is one number, or one for each of {n_periods} periods, from {LEAST_REPORTED:g} to 1"
        raise AskError(Problem("history/bad-number", what, hint="0.5 where half of what happens is counted"))
    return np.broadcast_to(given, (n_periods,))


def fit_negative_binomial(y: NDArray[np.float64], share: NDArray[np.float64], model: str) -> CountFit:
    """The most likely parameters of a model that is not Poisson, of however few counts, of which one is no 0."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # noqa: PLC0415  (slow to import)

    flat = model != "self-exciting"
    mean = float((y / share).mean())
    box = [(-12.0, 25.0), *([(0.0, 0.0)] * 2 if flat else [(0.0, 0.999), (0.0, 1.0)]), (-6.0, 12.0)]
    starts = [(0.0, 0.0)] if flat else [(0.5, 0.2), (0.8, 0.5), (0.3, 0.0)]
    best = min(
        (
            minimize(
                _boxed, [np.log(mean * (1 - persistence)), persistence, part, 0.0], args=(y, share, flat), jac=True,
                method="SLSQP", bounds=box, options={"maxiter": 500, "ftol": 1e-13},
            )
            for persistence, part in starts
        ),
        key=lambda outcome: outcome.fun,
    )
    at = _natural(np.clip(best.x, *np.transpose(box)))
    error = _standard_error(at, y, share, flat)
    base, echo, memory, size = map(float, at)
    return CountFit(model, base, echo, memory, size, float(-best.fun), 2 if flat else 4, error)


def _natural(at: NDArray[np.float64]) -> NDArray[np.float64]:
    """(base, echo, memory, size) from (log base, echo + memory, memory's part of it, log size)."""
    return np.array([np.exp(at[0]), at[1] * (1 - at[2]), at[1] * at[2], np.exp(at[3])])


def _boxed(
    at: NDArray[np.float64], y: NDArray[np.float64], share: NDArray[np.float64], flat: bool
) -> tuple[float, NDArray[np.float64]]:
    natural = _natural(at)
    level, (base, echo, memory, size) = _likelihood(natural, y, share, flat)
    by_persistence = echo * (1 - at[2]) + memory * at[2]
    return -level, -np.array([base * natural[0], by_persistence, (memory - echo) * at[1], size * natural[3]])


def _likelihood(
    natural: NDArray[np.float64], y: NDArray[np.float64], share: NDArray[np.float64], flat: bool
) -> tuple[float, NDArray[np.float64]]:
    """Log likelihood and its gradient in (base, echo, memory, size)."""
    from scipy.special import psi  # noqa: PLC0415  (slow to import)

    base, echo, memory, size = natural
    happened = y / share
    first = base if flat else happened.mean()
    lam = intensity(happened, base=base, echo=echo, memory=memory, first=first)[:-1]
    slope = _recursion(np.stack([np.ones(y.size), happened, lam]), memory, [1.0 if flat else 0.0, 0.0, 0.0])[:, :-1]
    m = share * lam
    by_mean = share * (y / m - (y + size) / (m + size))
    by_size = psi(y + size) - psi(size) - np.log1p(m / size) + (m - y) / (m + size)
    gradient = np.array([*(by_mean @ one for one in slope), by_size.sum()])
    return float(log_probability(y, m, size).sum()), gradient


def _standard_error(
    at: NDArray[np.float64], y: NDArray[np.float64], share: NDArray[np.float64], flat: bool
) -> tuple[float, float, float, float]:
    """From the curvature of the log likelihood, in the parameters that do not lie on a bound."""
    free = [0, 3] if flat else [k for k in range(4) if at[k] > 1e-6 and (k != 3 or at[k] < 1e5)]
    curve = np.empty((len(free), len(free)))
    for row, k in enumerate(free):
        step = np.zeros(4)
        step[k] = 1e-5 * at[k]
        rise = _likelihood(at + step, y, share, flat)[1] - _likelihood(at - step, y, share, flat)[1]
        curve[row] = -rise[free] / (2 * step[k])
    spread = np.diag(np.linalg.pinv((curve + curve.T) / 2))
    error = np.full(4, np.nan)
    error[free] = np.sqrt(np.where(spread > 0, spread, np.nan))
    base, echo, memory, size = map(float, error)
    return base, echo, memory, size


def simulate_counts(
    n_periods: int,
    *,
    base: float,
    echo: float = 0.0,
    memory: float = 0.0,
    size: float = float("inf"),
    reporting: float = 1.0,
    draws: int = 1,
    rng: np.random.Generator | None = None,
) -> NDArray[np.int64]:
    """Reported counts drawn from the self-exciting model at rest: shape (draws, n_periods).

    What happens follows base, echo, memory and size (see `CountFit`); each event is reported with chance `reporting`,
    by itself.

    Raises
    ------
    AskError
        `history/explosive` where echo + memory ≥ 1; `history/bad-number`.

    >>> simulate_counts(5, base=2, echo=0.5, size=2, rng=np.random.default_rng(0)).shape
    (1, 5)
    """
    n_periods, draws = whole_in(n_periods, "n_periods", least=1, most=MOST_PERIODS), whole_in(draws, "draws", least=1, most=100_000)
    number_in(reporting, "reporting", least=1e-9, most=1)
    number_in(base, "base", least=1e-9, most=1e8)
    number_in(size, "size", least=1e-6, most=np.inf)
    number_in(echo, "echo", least=0, most=1), number_in(memory, "memory", least=0, most=1)
    if echo + memory >= 1:
        what = f"echo + memory = {echo + memory:g}: each event brings about one or more"
        raise AskError(Problem("history/explosive", what, hint="keep echo + memory below 1"))
    rng = np.random.default_rng(0) if rng is None else rng
    expected = np.full(draws, base / (1 - echo - memory))
    happened = np.empty((n_periods, draws), np.int64)
    for t in range(-BURN_IN, n_periods):
        now = draw_counts(expected, size, rng)
        if t >= 0:
            happened[t] = now
        expected = base + echo * now + memory * expected
    reported = happened.T if reporting == 1 else rng.binomial(happened.T, reporting)
    reported = np.ascontiguousarray(reported)
    reported.flags.writeable = False
    return reported


def draw_counts(mean: NDArray[np.float64], size: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """One draw of the negative binomial (Poisson where size is infinite) for each mean: shape as given."""
    return rng.poisson(mean if np.isinf(size) else rng.gamma(size, mean / size))
