"""How long such ceasefires have lasted: a reference class that the analyst picks, with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.evidence.spells import Spells, still
from bestand.history.asked import count_of_years, percent, whole_in, years_in
from bestand.history.classes import CLASSES, YEARS, Breakdown, Posture, ReferenceClass, breakdown_in, posture_in
from bestand.history.fits import TwoTypes, kaplan_meier, two_types, unwatched_years
from bestand.show import Cell, Shown, Table

MODELS = ("km", "mixture")
SHOWN = (14 / 365.25, 90 / 365.25, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True, repr=False)
class BaseRates(Shown):
    """Share of a class of past ceasefires that was still in force after so many years.

    posture, breakdown      : what guarded the ceasefires of the class, and what ends one; see `POSTURES`, `BREAKDOWNS`
    years, share, low, high : (n_knots,) float64, beginning with the year from which somebody was watched; 95 % intervals
    between                 : how the knots are joined: `steps` (Kaplan-Meier of records), `points` (a class that comes
                              with the program: what lies between two points is not known better than they bound it),
                              `curve` (a mixture fitted to records)
    types                   : the mixture, where the model is one
    last                    : years; the class says nothing after them
    unwatched               : (from, to) of years in which nobody was watched: the class says nothing of them
    """

    what: str
    source: str
    posture: Posture
    breakdown: Breakdown
    model: str
    n: int
    n_ended: int
    years: NDArray[np.float64]
    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    between: Literal["steps", "points", "curve"]
    types: TwoTypes | None
    last: float
    unwatched: tuple[tuple[float, float], ...] = ()
    notes: tuple[str, ...] = ()

    def survival(self, years: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Share still in force after so many years, and its 95 % interval: estimate, low, high, each shaped as `years`.

        Raises
        ------
        AskError
            `history/beyond-record` for a time later than any in the class; `history/nobody-watched` for one in which no
            ceasefire of the class was under observation; `history/bad-number`.
        """
        t = years_in(years, least=0.0)
        if np.any(t > self.last * (1 + 1e-12)):
            what = f"'{self.what}' says nothing after {self.last:.3g} years, and {t.max():.3g} are asked for"
            raise AskError(Problem("history/beyond-record", what, hint="ask for an earlier time, or take another class"))
        for begin, end in self._unknown():
            if np.any(self._inside(t, begin, end)):
                what = f"'{self.what}': nobody watched {_when(begin, end)}"
                raise AskError(Problem("history/nobody-watched", what, hint="ask for a time in which ceasefires were watched"))
        return self._at(t)

    def _unknown(self) -> tuple[tuple[float, float], ...]:
        """Years of which nothing is known: unwatched, and not after the last of those that were watched had ended."""
        zero = float(self.years[self.share == 0][0]) if np.any(self.share == 0) else np.inf
        return tuple(years for years in self.unwatched if years[0] < zero)

    @staticmethod
    def _inside(t: NDArray[np.float64], begin: float, end: float) -> NDArray[np.bool_]:
        return (t < end) if begin == 0 else (begin < t) & (t <= end)

    def _at(self, t: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        after = np.minimum(np.searchsorted(self.years, t, side="right"), self.years.size) - 1
        next_ = np.minimum(np.where(self.years[after] < t, after + 1, after), self.years.size - 1)
        if self.between == "steps":
            return self.share[after], np.where(t == 0, 1.0, self.low[after]), self.high[after]
        if self.between == "points":
            estimate = self._between(t, after, next_) if self.types is None else self.types.survival(t)
            return estimate, np.minimum(self.low[next_], estimate), np.maximum(self.high[after], estimate)
        low, high = (np.interp(t, self.years, side) for side in (self.low, self.high))
        estimate = self.share[after] if self.types is None else self.types.survival(t)
        return estimate, np.minimum(low, estimate), np.maximum(high, estimate)

    def _between(self, t: NDArray[np.float64], before: NDArray[np.int64], after: NDArray[np.int64]) -> NDArray[np.float64]:
        """Between two points log S runs straight in log t (a Weibull piece); before the first, straight in t."""
        a, b = self.years[before], self.years[after]
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(a > 0, np.log(t / a) / np.log(b / a), t / b)
        part = np.where(after > before, part, 0.0)
        return np.exp((1 - part) * np.log(self.share[before]) + part * np.log(self.share[after]))

    def table(self) -> Table:
        """Share still in force after 14 and 90 days and 1, 2, 5 and 10 years, as far as the class goes."""
        names = {SHOWN[0]: "14 days", SHOWN[1]: "90 days"}
        rows: list[tuple[Cell, ...]] = []
        for year in (year for year in SHOWN if year <= self.last):
            known = not any(self._inside(np.array(year), *years) for years in self._unknown())
            cells = (float(side) for side in self.survival(year)) if known else (None, None, None)
            rows.append((names.get(year, count_of_years(year)), *cells))
        size = f"n = {self.n}, {self.n_ended} ended; {self.source}"
        kinds = () if self.types is None else (
            f"{percent(self.types.fragile)} fragile, failing at {self.types.fragile_per_year:.3g} a year; "
            f"the rest at {self.types.firm_per_year:.2g} a year",
        )
        notes = (size, f"ends by: {self.breakdown}; peacekeepers: {self.posture}", *kinds, *self.watch_notes(), *self.notes)
        return Table(f"Truce survival: {self.what}", ("after", "survival", "low", "high"), tuple(rows), notes)

    def watch_notes(self) -> tuple[str, ...]:
        """What it means that in some years nobody was watched."""
        notes = []
        for begin, end in self.unwatched:
            rest = "what ended then is not known, so that later shares are at most these"
            if begin > 0 and (begin, end) not in self._unknown():
                rest = "the estimate of 0 rests on the few that were watched before"
            if begin == 0:
                rest = f"the curve starts there, of ceasefires that had lasted {count_of_years(end)}"
            notes.append(f"nobody watched {_when(begin, end)}: {rest}")
        return tuple(notes)


def _when(begin: float, end: float) -> str:
    return f"before year {end:.3g}" if begin == 0 else f"from year {begin:.3g} to year {end:.3g}"


def base_rates(
    past: str | Spells,
    *,
    model: str = "km",
    resamples: int = 200,
    posture: Posture | None = None,
    breakdown: Breakdown | None = None,
    rng: np.random.Generator | None = None,
) -> BaseRates:
    """How long a class of past ceasefires lasted.

    past               : a class that comes with the program (`reference_classes`), or your own spells
    model              : `km`, Kaplan-Meier with log-log intervals; `mixture`, fragile and firm ceasefires, each with a
                         constant hazard, with intervals from resampled cases
    resamples          : of cases, for the mixture's interval
    posture, breakdown : of your own spells: whether they had peacekeepers, and what ends one; a class that comes with the
                         program has its own

    Raises
    ------
    AskError
        `history/unknown-class`, `history/unknown-model`, `history/too-few`, `history/bad-number`,
        `history/unknown-posture`, `history/unknown-breakdown`.

    >>> estimate, low, high = base_rates("civil-alone").survival([1, 5])
    >>> estimate.round(2), low.round(2), high.round(2)
    (array([0.59, 0.37]), array([0.46, 0.25]), array([0.71, 0.49]))
    """
    if model not in MODELS:
        raise AskError(Problem("history/unknown-model", f"no model '{model}'", hint=did_you_mean(str(model), MODELS)))
    n_resamples = whole_in(resamples, "resamples", least=20, most=10_000)
    if isinstance(past, Spells):
        kind = posture_in("unknown" if posture is None else posture), breakdown_in("unknown" if breakdown is None else breakdown)
        return _of_curve(past, *kind) if model == "km" else _of_mixture(past, *kind, n_resamples, rng)
    known = {one.name: one for one in CLASSES}
    if past not in known:
        raise AskError(Problem("history/unknown-class", f"no class '{past}'", hint=did_you_mean(str(past), known)))
    if posture is not None or breakdown is not None:
        what = f"'{past}' has its own posture and breakdown: {known[past].posture}, {known[past].breakdown}"
        raise AskError(Problem("history/unknown-posture", what, hint="give them with spells of your own only"))
    return _of_class(known[past], model)


def _of_class(one: ReferenceClass, model: str) -> BaseRates:
    points = np.array([(1.0, 1.0, 1.0), *(one.points if model == "km" else one.mixed)]).T
    years = np.array([0.0, *YEARS])
    types = None if model == "km" else one.types
    share, low, high = (still(np.ascontiguousarray(row)) for row in points)
    return BaseRates(
        what=one.what, source=one.source, posture=one.posture, breakdown=one.breakdown, model=model, n=one.n, n_ended=one.n_ended,
        years=still(years), share=share, low=low, high=high, between="points", types=types, last=YEARS[-1], unwatched=(),
        notes=(one.caution,),
    )  # fmt: skip


def _of_curve(past: Spells, posture: Posture, breakdown: Breakdown) -> BaseRates:
    km = kaplan_meier(past)
    return BaseRates(
        what=past.what, source="your records", posture=posture, breakdown=breakdown, model="km", n=past.n_cases,
        n_ended=int(past.ended.sum()), years=km.years, share=km.share, low=km.low, high=km.high, between="steps", types=None, last=km.last,
        unwatched=km.unwatched, notes=past.notes,
    )  # fmt: skip


def _of_mixture(
    past: Spells, posture: Posture, breakdown: Breakdown, resamples: int, rng: np.random.Generator | None
) -> BaseRates:
    cases = past.one_per_case()
    if cases.ended.sum() < 3:
        what = f"{int(cases.ended.sum())} ends are too few for a mixture with an interval"
        raise AskError(Problem("history/too-few", what, hint="at least 3 ends; or take model 'km'"))
    rng = np.random.default_rng(0) if rng is None else rng
    fitted = two_types(cases)
    last = float(cases.exit.max())
    years = np.concatenate([[0.0], np.geomspace(min(0.01, last / 2), last, 120)])
    curves = np.array([_resampled(cases, fitted, rng).survival(years) for _ in range(resamples)])
    low, high = np.quantile(curves, (0.025, 0.975), axis=0)
    return BaseRates(
        what=past.what, source="your records", posture=posture, breakdown=breakdown, model="mixture", n=cases.n_cases,
        n_ended=int(cases.ended.sum()), years=still(years), share=still(fitted.survival(years)), low=still(low), high=still(high),
        between="curve", types=fitted, last=last, unwatched=unwatched_years(cases), notes=past.notes,
    )  # fmt: skip


def _resampled(cases: Spells, fitted: TwoTypes, rng: np.random.Generator) -> TwoTypes:
    while True:
        rows = rng.integers(0, len(cases.case), len(cases.case))
        if cases.ended[rows].any():
            return two_types(cases.rows(rows), start=fitted)
