"""How long such ceasefires have lasted: a reference class that the analyst picks, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.history.classes import CLASSES, YEARS, ReferenceClass
from bestand.history.fits import TwoTypes, kaplan_meier, two_types
from bestand.evidence.spells import Spells, still
from bestand.show import Cell, Shown, Table, chart

MODELS = ("km", "mixture")
SHOWN = (14 / 365.25, 90 / 365.25, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class BaseRates(Shown):
    """Share of a class of past ceasefires that still held after so many years.

    years, holding, low, high : (n_knots,) float64, beginning with year 0; 95 % intervals
    between                   : how the knots are joined: `steps` (Kaplan-Meier of records), `points` (a class that comes
                                with the program: what lies between two points is not known better than they bound it),
                                `curve` (a mixture fitted to records)
    types                     : the mixture, where the model is one
    last                      : years; the class says nothing after them
    """

    what: str
    source: str
    model: str
    n: int
    n_ended: int
    years: NDArray[np.float64]
    holding: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    between: Literal["steps", "points", "curve"]
    types: TwoTypes | None
    last: float
    notes: tuple[str, ...] = ()

    def survival(self, years: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Share still holding after so many years, and its 95 % interval: estimate, low, high, each shaped as `years`.

        Raises
        ------
        AskError
            `history/beyond-record` for a time later than any in the class; `history/bad-number`.
        """
        t = np.asarray(years, np.float64)
        if not np.all(np.isfinite(t) & (t >= 0)):
            raise AskError(Problem("history/bad-number", "years must be finite and at least 0"))
        if np.any(t > self.last * (1 + 1e-12)):
            what = f"'{self.what}' says nothing after {self.last:.3g} years, and {t.max():.3g} are asked for"
            raise AskError(Problem("history/beyond-record", what, hint="ask for an earlier time, or take another class"))
        after = np.minimum(np.searchsorted(self.years, t, side="right"), self.years.size) - 1
        next_ = np.minimum(np.where(self.years[after] < t, after + 1, after), self.years.size - 1)
        if self.between == "steps":
            return self.holding[after], np.where(t == 0, 1.0, self.low[after]), self.high[after]
        if self.between == "points":
            estimate = self._between(t, after, next_) if self.types is None else self.types.survival(t)
            return estimate, np.minimum(self.low[next_], estimate), np.maximum(self.high[after], estimate)
        low, high = (np.interp(t, self.years, side) for side in (self.low, self.high))
        estimate = self.holding[after] if self.types is None else self.types.survival(t)
        return estimate, np.minimum(low, estimate), np.maximum(high, estimate)

    def _between(self, t: NDArray[np.float64], before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.float64]:
        """Between two points log S runs straight in log t (a Weibull piece); before the first, straight in t."""
        a, b = self.years[before], self.years[after]
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(a > 0, np.log(t / a) / np.log(b / a), t / b)
        part = np.where(after > before, part, 0.0)
        return np.exp((1 - part) * np.log(self.holding[before]) + part * np.log(self.holding[after]))

    def table(self) -> Table:
        """Share still holding after 14 and 90 days and 1, 2, 5 and 10 years, as far as the class goes."""
        years = [year for year in SHOWN if year <= self.last]
        names = {SHOWN[0]: "14 days", SHOWN[1]: "90 days"}
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (names.get(year, f"{year:g} years"), *map(float, cells))
            for year, cells in zip(years, np.transpose(self.survival(years)), strict=True)
        )
        size = f"n = {self.n}, {self.n_ended} ended; {self.source}"
        kinds = () if self.types is None else (
            f"{self.types.fragile:.0%} fragile, failing at {self.types.fragile_per_year:.3g} a year; "
            f"the rest at {self.types.lasting_per_year:.2g} a year",
        )
        return Table(f"Still holding: {self.what}", ("after", "holding", "low", "high"), rows, (size, *kinds, *self.notes))

    def figure(self) -> dict[str, object]:
        """The curve and the ends of its interval, as lines."""
        years = np.unique(np.concatenate([np.linspace(0, self.last, 101), self.years[self.years <= self.last]]))
        curves = zip(("holding", "low", "high"), self.survival(years), strict=True)
        rows = tuple((name, float(y), float(s)) for name, curve in curves for y, s in zip(years, curve, strict=True))
        long = Table(f"Still holding: {self.what}", ("what", "years", "share"), rows)
        return chart(long, "line", x="years:Q", y="share:Q", strokeDash="what:N")


def base_rates(
    past: str | Spells,
    *,
    model: str = "km",
    resamples: int = 200,
    rng: np.random.Generator | None = None,
) -> BaseRates:
    """How long a class of past ceasefires lasted.

    past      : a class that comes with the program (`reference_classes`), or your own spells
    model     : `km`, Kaplan-Meier with log-log intervals; `mixture`, fragile and lasting ceasefires, each with a
                constant hazard, with intervals from resampled cases
    resamples : of cases, for the mixture's interval

    Raises
    ------
    AskError
        `history/unknown-class`, `history/unknown-model`, `history/too-few`.

    >>> estimate, low, high = base_rates("civil-alone").survival([1, 5])
    >>> estimate.round(2), low.round(2), high.round(2)
    (array([0.59, 0.37]), array([0.46, 0.25]), array([0.71, 0.49]))
    """
    if model not in MODELS:
        raise AskError(Problem("history/unknown-model", f"no model '{model}'", hint=did_you_mean(model, MODELS)))
    if isinstance(past, Spells):
        return _of_curve(past) if model == "km" else _of_mixture(past, resamples, rng)
    known = {one.name: one for one in CLASSES}
    if past not in known:
        raise AskError(Problem("history/unknown-class", f"no class '{past}'", hint=did_you_mean(past, known)))
    return _of_class(known[past], model)


def _of_class(one: ReferenceClass, model: str) -> BaseRates:
    points = np.array([(1.0, 1.0, 1.0), *(one.points if model == "km" else one.mixed)]).T
    years = np.array([0.0, *YEARS])
    types = None if model == "km" else one.types
    holding, low, high = (still(np.ascontiguousarray(row)) for row in points)
    return BaseRates(
        one.what, one.source, model, one.n, one.n_ended, still(years), holding, low, high, "points", types, YEARS[-1],
        (one.caution,),
    )


def _of_curve(past: Spells) -> BaseRates:
    km = kaplan_meier(past)
    return BaseRates(
        past.what, "your records", "km", past.n_cases, int(past.ended.sum()), km.years, km.holding, km.low, km.high, "steps",
        None, km.last, past.notes,
    )


def _of_mixture(past: Spells, resamples: int, rng: np.random.Generator | None) -> BaseRates:
    cases = past.one_per_case()
    if cases.ended.sum() < 3 or resamples < 20:
        what = f"{int(cases.ended.sum())} ends and {resamples} resamples are too few for a mixture with an interval"
        raise AskError(Problem("history/too-few", what, hint="at least 3 ends and 20 resamples"))
    rng = np.random.default_rng(0) if rng is None else rng
    found = two_types(cases)
    last = float(cases.exit.max())
    years = np.concatenate([[0.0], np.geomspace(min(0.01, last / 2), last, 120)])
    curves = np.array([_resampled(cases, found, rng).survival(years) for _ in range(resamples)])
    low, high = np.quantile(curves, (0.025, 0.975), axis=0)
    return BaseRates(
        past.what, "your records", "mixture", cases.n_cases, int(cases.ended.sum()), still(years), still(found.survival(years)),
        still(low), still(high), "curve", found, last, past.notes,
    )


def _resampled(cases: Spells, found: TwoTypes, rng: np.random.Generator) -> TwoTypes:
    while True:
        rows = rng.integers(0, len(cases.case), len(cases.case))
        if cases.ended[rows].any():
            return two_types(cases.rows(rows), start=found)
