"""Limits on what is open: as data, and as the store counts them; and draws put into few classes so that limits are quickly tried."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem
from bestand.explore.indices import loaded
from bestand.explore.openings import Opening
from bestand.explore.store import ask, column_sql, value
from bestand.explore.sweep import Sweep
from bestand.show import cell_text

CLASSES = 40  # classes into which a number's draws are put, of equal size
MOST_TRIED = 50_000  # draws in which limits are tried; what comes of it is counted in all
MOST_TOGETHER = 40  # openings that are tried, those that carry the answer most


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on one opening: from `low` to `high`, either of them open (inf); or, of a choice, those that are let in."""

    opening: Opening
    low: float = -np.inf
    high: float = np.inf
    among: tuple[int, ...] = ()

    def __str__(self) -> str:
        """The limit in signs, for a cell of a table.

        >>> tempo = Opening("play.tempo.ru", "number", "tempo of Russia", 1.0)
        >>> [str(Limit(tempo, *ends)) for ends in ((2, 3.5), (2,), (-np.inf, 3.5), (2, 2))]
        ['2 ≤ tempo of Russia ≤ 3.5', 'tempo of Russia ≥ 2', 'tempo of Russia ≤ 3.5', 'tempo of Russia = 2']
        """
        what = self.opening.words
        if self.among:
            return f"{what} = {', '.join(self.opening.called(k) for k in self.among)}"
        if self.opening.kind not in ("number", "place"):
            return f"{what} = {cell_text(self.low > 0)}"
        if self.low == self.high:
            return f"{what} = {self.low:.3g}"
        if np.isfinite([self.low, self.high]).all():
            return f"{self.low:.3g} ≤ {what} ≤ {self.high:.3g}"
        return f"{what} ≥ {self.low:.3g}" if self.low > -np.inf else f"{what} ≤ {self.high:.3g}"

    @property
    def sql(self) -> str:
        """The limit as the store counts it."""
        column = column_sql(self.opening.name)
        if self.among:
            return f"{column} in ({', '.join(map(str, self.among))})"
        ends = [f"{column}::double >= {float(self.low)!r}"] if self.low > -np.inf else []
        ends += [f"{column}::double <= {float(self.high)!r}"] if self.high < np.inf else []
        return "(" + " and ".join(ends) + ")"


@dataclass(frozen=True, slots=True)
class Classed:
    """Draws in classes, and whether each has the answer that is looked for.

    classes : (n_draws, n_openings) int64, from 0, in the order of the values
    bottom, top : per opening, lowest and highest value in each class
    wanted  : (n_draws,) bool
    """

    openings: tuple[Opening, ...]
    classes: NDArray[np.int64]
    bottom: tuple[NDArray[np.float64], ...]
    top: tuple[NDArray[np.float64], ...]
    wanted: NDArray[np.bool_]

    def limit(self, k: int, let: NDArray[np.bool_]) -> Limit | None:
        """The limit that lets in these classes of the k-th opening; None where it lets in all."""
        if let.all():
            return None
        opening, inside = self.openings[k], np.flatnonzero(let)
        if opening.choices:
            return Limit(opening, among=tuple(int(self.bottom[k][each]) for each in inside))
        low = -np.inf if let[0] else float(self.bottom[k][inside[0]])
        high = np.inf if let[-1] else float(self.top[k][inside[-1]])
        return Limit(opening, low, high)

    def counts(self, inside: NDArray[np.bool_], k: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Draws, and draws with the answer, in each class of the k-th opening, of those inside."""
        here, n = self.classes[inside, k], self.bottom[k].size
        return np.bincount(here, minlength=n), np.bincount(here[self.wanted[inside]], minlength=n)


def together(limits: Sequence[Limit]) -> str:
    """Limits that hold together, for a cell of a table."""
    return "; ".join(map(str, limits)) or "always"


def levelled(name: str, at_least: float | None) -> str:
    """What is asked of a measure, in words: a number is asked whether it is at least so much."""
    return name if at_least is None else f"{name} at least {at_least:g}"


def wanted_sql(sweep: Sweep, name: str, at_least: float | None, answer: str) -> str:
    """That a draw has the answer looked for, as the store counts it.

    Raises
    ------
    AskError
        `sweep/needs-level`, `sweep/unknown-answer`, `sweep/bad-number`.
    """
    if answer not in ("yes", "no"):
        raise AskError(Problem("sweep/unknown-answer", f"no answer '{answer}'", hint="choices are yes, no"))
    if at_least is None and name not in sweep.yes:
        raise AskError(Problem("sweep/needs-level", f"'{name}' is a number, and it is not said which level is asked about", hint="give `at_least`"))
    if at_least is not None and not math.isfinite(at_least):
        raise AskError(Problem("sweep/bad-number", f"the level that counts as yes must be a number, not {at_least}"))
    holds = f"({value(name)} >= {0.5 if at_least is None else float(at_least)!r})"
    return holds if answer == "yes" else f"(not {holds})"


def classed(sweep: Sweep, name: str, at_least: float | None, answer: str) -> Classed:
    """Draws of a sweep in classes, of the openings that carry the answer most."""
    wanted_sql(sweep, name, at_least, answer)
    columns, told = loaded(sweep, name, most=MOST_TRIED)
    wanted = (told >= (0.5 if at_least is None else at_least)) == (answer == "yes")
    parts = [(opening, *_classes(opening, columns[opening.name].astype(np.float64))) for opening in sweep.openings]
    strongest = sorted(parts, key=lambda part: -variance_told(part[1], wanted))[:MOST_TOGETHER]
    kept = [part for part in strongest if part[2].size > 1]
    classes = np.stack([part[1] for part in kept], axis=1) if kept else np.zeros((wanted.size, 0), np.int64)
    return Classed(tuple(part[0] for part in kept), classes, tuple(part[2] for part in kept), tuple(part[3] for part in kept), wanted)


def _classes(opening: Opening, column: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    values, which = np.unique(column, return_inverse=True)
    which = which.ravel()
    if opening.kind == "number" and values.size > CLASSES:
        edges = np.unique(np.quantile(column, np.arange(1, CLASSES) / CLASSES))
        which = np.searchsorted(edges, column, side="right")
    classes = np.unique(which)
    which = np.searchsorted(classes, which)
    bottom, top = np.full(classes.size, np.inf), np.full(classes.size, -np.inf)
    np.minimum.at(bottom, which, column)
    np.maximum.at(top, which, column)
    return which.astype(np.int64), bottom, top


def variance_told(which: NDArray[np.int64], wanted: NDArray[np.bool_]) -> float:
    """How much of the variance of an answer, (n_draws,), the classes of its draws tell beyond what as many would by luck; about 0 where nothing."""
    n = np.bincount(which)
    means = np.bincount(which, wanted) / np.maximum(n, 1)
    return float((n * (means - wanted.mean()) ** 2).sum()) / max(wanted.size, 1) - (n.size - 1) * float(wanted.var()) / max(wanted.size, 1)


def counted(sweep: Sweep, wanted: str, limits: Sequence[Limit]) -> tuple[int, int, int, int]:
    """All draws, those with the answer, those within the limits, and those with both; counted by the store."""
    inside = " and ".join(each.sql for each in limits) or "true"
    counts = f"count({wanted}), count(*) filter ({wanted}), count({wanted}) filter ({inside}), count(*) filter ({wanted} and {inside})"
    n, has, within, both = ask(sweep.folder, f"select {counts} from {{draws}}")[0]
    return int(n), int(has), int(within), int(both)
