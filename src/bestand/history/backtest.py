"""How well past ceasefires foretell others: predictions for wars left out, scored with censoring taken into account."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.evidence.spells import Spells, still
from bestand.history.asked import count_of_years, number_in, years_in
from bestand.history.cox import cox
from bestand.history.fits import constant_hazard, kaplan_meier, log_normal, two_types, weibull
from bestand.show import Cell, Shown, Table

Model = Callable[[Spells, Spells, NDArray[np.float64]], NDArray[np.float64]]
"""From the spells to learn from, those to foretell and years, the share still in force: (n_foretold, n_years)."""

THIRDS = ("least likely to last", "middle", "most likely to last")
ALIKE = 0.05  # a model whose chances lie closer together than this does not tell ceasefires apart
ALWAYS = ("constant", "km")


@dataclass(frozen=True, slots=True, repr=False)
class Backtest(Shown):
    """Predictions for ceasefires of a war that the model had not seen.

    cases     : one spell per ceasefire
    years     : (n_years,) float64, after a ceasefire began
    foretold  : (n_models, n_cases, n_years) float64, chance to be in force still
    weight    : (n_cases, n_years) float64, of each case in the scores: 0 where it was lost from sight before or not yet seen, else the
                inverse of the chance to be in sight still
    brier     : (n_models, n_years) float64, weighted mean squared error; a case that was first seen late is foretold as one that had
                lasted until then
    """

    cases: Spells
    models: tuple[str, ...]
    years: NDArray[np.float64]
    foretold: NDArray[np.float64]
    weight: NDArray[np.float64]
    brier: NDArray[np.float64]
    left_out: str

    def score(self, model: str) -> float:
        """Brier score, mean over the years; smaller is better, and 0.25 is what saying 'half' gets."""
        return float(self.brier[self._row(model)].mean())

    def calibration(self, *, year: float) -> Calibration:
        """Foretold and seen shares in the thirds that each model finds least, middling and most likely to last.

        A model without covariates foretells nearly the same for all (what differs is only which war was left out): one row.
        Where nobody of a third was watched by then, what was seen is nan.
        """
        column = np.flatnonzero(np.isclose(self.years, number_in(year, "year", least=0, most=1000)))
        if not column.size:
            hint = f"years are {', '.join(f'{y:g}' for y in self.years)}"
            raise AskError(Problem("history/bad-number", f"no predictions for year {year:g}", hint=hint))
        rows = []
        for model, foretold in zip(self.models, self.foretold[:, :, column[0]], strict=True):
            alike = np.ptp(foretold) < ALIKE
            parts = [np.arange(foretold.size)] if alike else np.array_split(np.argsort(foretold, kind="stable"), 3)
            for third, cases in zip(("all, foretold alike",) if alike else THIRDS, parts, strict=True):
                if not cases.size:
                    continue
                curve = kaplan_meier(self.cases.rows(cases))
                at = int(np.searchsorted(curve.years, year, side="right")) - 1
                seen = (float(curve.share[at]), float(curve.low[at]), float(curve.high[at])) if at >= 0 else (np.nan,) * 3
                rows.append(CalibrationRow(model, third, cases.size, float(foretold[cases].mean()), *seen))
        return Calibration(float(year), tuple(rows))

    def _row(self, model: str) -> int:
        if model not in self.models:
            raise AskError(Problem("history/unknown-model", f"no model '{model}' here", hint=did_you_mean(model, self.models)))
        return self.models.index(model)

    def table(self) -> Table:
        """One model a row, best first."""
        mean = self.brier.mean(axis=1)
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (self.models[k], float(mean[k]), *map(float, self.brier[k])) for k in np.argsort(mean, kind="stable")
        )
        columns = ("model", "mean", *(count_of_years(year) for year in self.years))
        notes = (
            f"{self.cases.n_cases} ceasefires, {int(self.cases.ended.sum())} ended; one {self.left_out} left out at a time",
            "Brier score, adjusted for censoring; smaller is better",
        )
        return Table("Foretelling ceasefires that were left out", columns, rows, (*notes, *self.cases.notes))


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """One third of the ceasefires: what a model foretold of them, and the Kaplan-Meier share seen with its interval."""

    model: str
    third: str
    n: int
    foretold: float
    seen: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, repr=False)
class Calibration(Shown):
    """Foretold against seen shares, by thirds of what each model foretold."""

    year: float
    rows: tuple[CalibrationRow, ...]

    def table(self) -> Table:
        """One third a row."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (row.model, row.third, row.n, row.foretold, row.seen, row.low, row.high) for row in self.rows
        )
        title = f"Still in force after {count_of_years(self.year)}: foretold and seen"
        return Table(title, ("model", "third", "n", "foretold", "seen", "low", "high"), rows)


def backtest(
    spells: Spells,
    models: Sequence[str] = ("mixture",),
    *,
    covariates: Sequence[str] = (),
    years: ArrayLike = (1.0, 2.0, 5.0),
    penalty: float = 0.05,
    leave_out: Literal["group", "case"] = "group",
    own: Mapping[str, Model] | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Backtest:
    """Predictions for each war (or case) from all others, scored.

    models     : of `MODELS`; constant hazard and Kaplan-Meier are always added, and Cox where covariates are given
    covariates : for `cox` and `lognormal`, at their value when the ceasefire began; cases that lack one are left out
    penalty    : on standardised coefficients, of models with covariates
    leave_out  : `group` holds out one war or country at a time, so that nothing is learnt from the war itself
    own        : further models, name: function
    progress   : told the share done

    Raises
    ------
    AskError
        `history/unknown-model`, `history/unknown-covariate`, `history/nobody-watched`, `history/too-few` (two groups are the least),
        `history/needs-extra` (Weibull and log-normal need lifelines), `history/bad-number`.

    >>> from bestand import spells
    >>> past = spells([1, 2, 3, 4, 5, 6, 2, 3], [True, True, False, True, True, False, True, True], group=list("aabbccdd"))
    >>> round(backtest(past, ["constant"], years=[2]).table().rows[0][1], 2)
    0.3
    """
    for name in models:
        if name not in MODELS:
            raise AskError(Problem("history/unknown-model", f"no model '{name}'", hint=did_you_mean(str(name), MODELS)))
    if leave_out not in ("group", "case"):
        raise AskError(Problem("history/unknown-model", f"leave out '{leave_out}'?", hint="leave_out is group or case"))
    penalty = number_in(penalty, "penalty", least=0, most=1e6)
    horizon = np.unique(years_in(years, least=1e-6))
    _check_covariates(spells, models, covariates)
    cases = spells.complete(covariates).one_per_case()
    names = list(dict.fromkeys([*ALWAYS, *(["cox"] if covariates else []), *models]))
    made: dict[str, Model] = {name: MODELS[name](tuple(covariates), penalty) for name in names} | dict(own or {})
    folds = np.array(cases.group if leave_out == "group" else cases.case)
    if np.unique(folds).size < 2:
        what = f"all ceasefires are of one {leave_out}: none is left to learn from"
        raise AskError(Problem("history/too-few", what, hint="leave out single cases, or name the column of wars"))
    late = np.unique(cases.entry[cases.entry > 0])
    every = np.union1d(horizon, late)
    curves = np.empty((len(made), len(cases.case), every.size))
    names_left_out = list(dict.fromkeys(folds.tolist()))
    for k, fold in enumerate(names_left_out):
        progress(k / len(names_left_out))
        out = folds == fold
        learnt, asked = cases.where(~out), cases.where(out)
        for row, model in enumerate(made.values()):
            curves[row, out] = model(learnt, asked, every)
    foretold, seen = curves[:, :, np.searchsorted(every, horizon)], cases.entry[:, None] < horizon
    since = _since_seen(curves, foretold, cases.entry, every)
    if not (np.isfinite(foretold).all() and np.isfinite(since[:, seen]).all()):
        what = "with one left out, nobody was watched in the first years, and the share in force is not known"
        raise AskError(Problem("history/nobody-watched", what, hint="leave out the ceasefires that were first seen late"))
    weight = censoring_weight(cases, horizon)
    for year in horizon[~(np.isfinite(weight).all(axis=0) & seen.any(axis=0))]:
        what = f"at {year:g} years no ceasefire that is still in force is in sight, and no prediction can be scored there"
        raise AskError(Problem("history/nobody-watched", what, hint="ask for earlier years"))
    in_force = cases.exit[:, None] > horizon
    brier = np.where(seen, weight * (since - in_force) ** 2, 0.0).sum(axis=1) / seen.sum(axis=0)
    return Backtest(cases, tuple(made), still(horizon), still(foretold), still(weight), still(brier), leave_out)


def _since_seen(
    curves: NDArray[np.float64], foretold: NDArray[np.float64], entry: NDArray[np.float64], years: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What is foretold of each case once it is seen: of one first seen late, as of those that had lasted until then, which is no forecast.

    curves : (n_models, n_cases, n_years) at `years`, among which are those of `entry`
    """
    begun = np.where(entry > 0, curves[:, np.arange(entry.size), np.searchsorted(years, entry)], 1.0)[:, :, None]
    return np.divide(foretold, begun, out=np.zeros_like(foretold), where=begun != 0)


def _check_covariates(spells: Spells, models: Sequence[str], covariates: Sequence[str]) -> None:
    """Refuses names that are not there, and models that need some where none is given."""
    spells.columns(covariates)
    for name in models:
        if name in ("cox", "lognormal") and not covariates:
            what = f"'{name}' compares by covariates, and none is given"
            raise AskError(Problem("history/unknown-covariate", what, hint=f"columns are {', '.join(spells.covariates) or 'none'}"))


def censoring_weight(cases: Spells, years: ArrayLike) -> NDArray[np.float64]:
    """Weights of the cases in a Brier score at each year: shape (n_cases, n_years) (Graf, Schmoor, Sauerbrei & Schumacher 1999).

    A case that ended by then counts 1/G just before its end, one still in force then 1/G then, and one lost from sight
    before counts 0, where G is the Kaplan-Meier chance to be in sight still, of those in sight when the case was first seen. One that was
    not yet seen then counts 0: that it was in force was the condition for seeing it.
    """
    horizon = np.asarray(years, np.float64)
    lost = kaplan_meier(replace(cases, ended=~cases.ended))
    before = lost.share[np.searchsorted(lost.years, cases.exit, side="left") - 1]
    first = lost.share[np.maximum(np.searchsorted(lost.years, cases.entry, side="right") - 1, 0)]
    then = lost.survival(horizon)
    ended = cases.ended[:, None] & (cases.exit[:, None] <= horizon)
    with np.errstate(divide="ignore", invalid="ignore"):  # nobody in sight any more, or already then: not finite, which whoever asks refuses
        weight = np.where(ended, 1 / before[:, None], np.where(cases.exit[:, None] > horizon, 1 / then, 0.0))
        return np.where(cases.entry[:, None] < horizon, first[:, None] * weight, 0.0)


def _alike(curve: NDArray[np.float64], asked: Spells) -> NDArray[np.float64]:
    """The same curve for every case."""
    return np.broadcast_to(curve, (len(asked.case), curve.size))


def _constant(learnt: Spells, asked: Spells, years: NDArray[np.float64]) -> NDArray[np.float64]:
    return _alike(np.exp(-constant_hazard(learnt) * years), asked)


def _km(learnt: Spells, asked: Spells, years: NDArray[np.float64]) -> NDArray[np.float64]:
    return _alike(kaplan_meier(learnt).survival(years), asked)


def _weibull(learnt: Spells, asked: Spells, years: NDArray[np.float64]) -> NDArray[np.float64]:
    return _alike(weibull(learnt).survival(years), asked)


def _mixture(learnt: Spells, asked: Spells, years: NDArray[np.float64]) -> NDArray[np.float64]:
    return _alike(two_types(learnt).survival(years), asked)


def _cox(
    learnt: Spells, asked: Spells, years: NDArray[np.float64], *, covariates: tuple[str, ...], penalty: float
) -> NDArray[np.float64]:
    return cox(learnt, covariates, penalty=penalty).survival(asked.columns(covariates), years)


def _log_normal(
    learnt: Spells, asked: Spells, years: NDArray[np.float64], *, covariates: tuple[str, ...], penalty: float
) -> NDArray[np.float64]:
    return log_normal(learnt, covariates, penalty=penalty).survival(asked.columns(covariates), years)


MODELS: dict[str, Callable[[tuple[str, ...], float], Model]] = {
    "constant": lambda covariates, penalty: _constant,
    "km": lambda covariates, penalty: _km,
    "weibull": lambda covariates, penalty: _weibull,
    "mixture": lambda covariates, penalty: _mixture,
    "cox": lambda covariates, penalty: partial(_cox, covariates=covariates, penalty=penalty),
    "lognormal": lambda covariates, penalty: partial(_log_normal, covariates=covariates, penalty=penalty),
}
