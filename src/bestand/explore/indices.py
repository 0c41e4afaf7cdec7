"""How much of the spread of an answer each open thing carries: Sobol's indices, and measures by rank from plain draws."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem
from bestand.explore.openings import Opening
from bestand.explore.store import arrays_of, column_sql, columns_in, value
from bestand.explore.sweep import Sweep
from bestand.graph.asked import checked_seed
from bestand.show import Shown, Table

TOGETHER = 25  # resamples that are reckoned side by side
MOST_RESAMPLES = 10_000  # of bases, for intervals of indices
MOST_ROWS = 200_000  # of the draws that are loaded to be ranked: every so-manieth is taken
CAREFUL = 1e-12
CHANCE, FEW = 0.05, 5  # chance that any opening without a part is told as one that has; openings that are shown where none is told from chance


@dataclass(frozen=True, slots=True)
class Index:
    """One opening's part in the variance of an answer, with the middle 95 % of the resamples.

    first : by itself; total : with all that it does together with others
    """

    name: str
    words: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


@dataclass(frozen=True, slots=True, repr=False)
class Indices(Shown):
    """What carries the spread of an answer, the largest total first."""

    measure: str
    variance: float
    n_bases: int
    indices: tuple[Index, ...]

    def table(self) -> Table:
        """One row per opening."""
        rows = tuple((e.words, e.first, e.first_low, e.first_high, e.total, e.total_low, e.total_high) for e in self.indices)
        columns = ("what is open", "by itself", "from", "to", "with others", "from", "to")
        notes = (f"shares of the variance {self.variance:.3g}; {self.n_bases:,} bases; ranges hold 95 % of the resamples",)
        return Table(f"What carries “{self.measure}”", columns, rows, notes)


def indices(sweep: Sweep, measure: str | None = None, *, resamples: int = 100, seed: int = 0) -> Indices:
    """Sobol's first and total indices of every opening, with bootstrap intervals, from a sweep of the design `sobol`.

    First: mean of f(B) (f(AB_i) − f(A)) / V (Saltelli et al. 2010, table 2b); total: mean of (f(A) − f(AB_i))² / 2V (Jansen 1999).
    Places of one order depend on each other's shifts: the index is of a want's *own* shift. Bases are resampled whole.

    Raises
    ------
    AskError
        `sweep/needs-sobol`, `sweep/unknown-column`, `sweep/bad-number`.

    >>> import tempfile
    >>> from bestand import measure, read, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> drawn = sweep(case, space(case, kinds=["type", "want"]), measure(case, "rests truce"), n=64, out=folder.name, design="sobol")
    >>> len(indices(drawn).indices) == len(drawn.openings)
    True
    >>> folder.cleanup()
    """
    if sweep.design != "sobol":
        what = "these indices need a sweep of the design 'sobol'"
        raise AskError(Problem("sweep/needs-sobol", what, hint="sweep with design='sobol', or ask `ranks`, which takes any draws"))
    name = sweep.column(measure)
    answers = columns_in(sweep.folder, [name])[name].astype(np.float64)
    size = len(sweep.openings) + 2
    whole = answers[: answers.size - answers.size % size].reshape(-1, size)
    whole = whole[~np.isnan(whole).any(axis=1)]
    told = sobol(whole, resamples=resamples, seed=seed)
    openings, variance = sweep.openings, float(whole[:, :2].var())
    rows = [Index(each.name, each.words, *map(float, told[:, k])) for k, each in enumerate(openings)]
    return Indices(name, variance, whole.shape[0], tuple(sorted(rows, key=lambda each: -each.total)))


def sobol(answers: NDArray[np.float64], *, resamples: int = 100, seed: int = 0) -> NDArray[np.float64]:
    """First index with its range and total index with its range: shape (6, n_openings).

    answers : (n_bases, n_openings + 2): f(A), f(B), then f(A with one opening as in B)
    """
    if not 2 <= resamples <= MOST_RESAMPLES or answers.shape[0] < 2:
        what = f"{answers.shape[0]} bases and {resamples} resamples will not do"
        raise AskError(Problem("sweep/bad-number", what, hint=f"take at least 2 of both, and at most {MOST_RESAMPLES:,} resamples"))
    centred = answers - answers[:, :2].mean()
    a, b, mixed = centred[:, :1], centred[:, 1:2], centred[:, 2:]
    n_openings = mixed.shape[1]
    parts = np.hstack([b * (mixed - a), (a - mixed) ** 2 / 2, (a + b) / 2, (a**2 + b**2) / 2])
    rng = np.random.default_rng(checked_seed(seed))
    weights = np.full((1, parts.shape[0]), 1 / parts.shape[0])
    whole = _shares(weights @ parts, n_openings)
    again = [_shares(_resampled(rng, parts, min(TOGETHER, resamples - k)), n_openings) for k in range(0, resamples, TOGETHER)]
    low, high = np.quantile(np.vstack(again), (0.025, 0.975), axis=0)
    d = n_openings
    return np.stack([whole[0, :d], low[:d], high[:d], whole[0, d:], low[d:], high[d:]])


def _resampled(rng: np.random.Generator, parts: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Means of the parts over bases drawn with replacement, one row a resample: how often each base comes up, times the parts."""
    n_bases = parts.shape[0]
    counts = np.stack([np.bincount(rng.integers(0, n_bases, n_bases, dtype=np.int32), minlength=n_bases) for _ in range(n)])
    return counts.astype(np.float64) @ parts / n_bases


def _shares(means: NDArray[np.float64], n_openings: int) -> NDArray[np.float64]:
    variance = np.maximum(means[:, -1:] - means[:, -2:-1] ** 2, 0)
    shares = np.divide(means[:, :-2], variance, out=np.zeros_like(means[:, :-2]), where=variance > CAREFUL)
    return shares[:, : 2 * n_openings]


@dataclass(frozen=True, slots=True)
class Rank:
    """How an answer goes with one opening, by ranks.

    first : share of the variance that it carries by itself (Gamboa, Gremaud, Klein & Lagnoux 2022)
    error : standard error of `first` where the opening had no part
    along : Spearman's rank correlation: which way the answer goes
    chance : how often as much would be seen, by the share or by the correlation, if the opening had no part
    """

    name: str
    words: str
    first: float
    error: float
    along: float
    chance: float = 0.0


@dataclass(frozen=True, slots=True, repr=False)
class Ranks(Shown):
    """How an answer goes with each opening, by ranks, the largest first."""

    measure: str
    n: int
    ranks: tuple[Rank, ...]

    def table(self) -> Table:
        """One row for each of the first openings; those of which nothing can be told from chance are counted."""
        shown = self.told or self.ranks[:FEW] if self.varies else ()
        rows = tuple((each.words, each.first, each.error, each.along) for each in shown)
        columns = ("what is open", "carries by itself", "error", "rank correlation")
        n = len(self.ranks)
        notes = [f"{self.n:,} draws"]
        if not self.varies and n:
            notes.append("the answer is the same in every draw: nothing goes with it")
        elif n and not self.told:
            notes.append(f"none of {n} openings can be told from chance: those that come first by chance are shown")
        elif n > len(rows):
            notes.append(f"{n - len(rows)} openings more cannot be told from chance, which among {n} makes some look as if they carried something")
        return Table(f"What goes with “{self.measure}”", columns, rows, tuple(notes))

    @property
    def told(self) -> tuple[Rank, ...]:
        """Those that can be told from chance: with as many openings without a part, one would be among them in a case of twenty."""
        return tuple(each for each in self.ranks if each.chance * len(self.ranks) < CHANCE)

    @property
    def varies(self) -> bool:
        """Whether anything goes with the answer at all."""
        return any(each.first or each.along for each in self.ranks)


def ranks(sweep: Sweep, measure: str | None = None) -> Ranks:
    """What goes with an answer, from any draws: fit for places in orders, whose values are ranks and hang together.

    Of a thing with few values the part is the variance between the means at each (less what chance alone gives); of a number
    it is read off neighbours in its order.

    Raises
    ------
    AskError
        `sweep/unknown-column`, `sweep/needs-draws`.

    >>> import tempfile
    >>> from bestand import measure, read, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> drawn = sweep(case, space(case, kinds=["type", "want"]), measure(case, "rests truce"), n=64, out=folder.name)
    >>> len(ranks(drawn).ranks) == len(drawn.openings)
    True
    >>> folder.cleanup()
    """
    name = sweep.column(measure)
    columns, answer = loaded(sweep, name)
    ranked = [_rank(each, columns[each.name].astype(np.float64), answer) for each in sweep.openings]
    return Ranks(name, answer.size, tuple(sorted(ranked, key=lambda each: -each.first)))


def loaded(sweep: Sweep, name: str, *, most: int = MOST_ROWS) -> tuple[dict[str, NDArray[np.generic]], NDArray[np.float64]]:
    """What was drawn and one answer; of more than `most` draws every so-manieth.

    Raises
    ------
    AskError
        `sweep/needs-draws` in the crossed design, where draws are not independent.
    """
    if sweep.design != "draws":
        raise AskError(Problem("sweep/needs-draws", "this needs a sweep of independent draws", hint="sweep with design='draws'"))
    step = max(1, -(-sweep.done // most))
    names = [*(each.name for each in sweep.openings), name]
    some = f"draw % {step} = 0 and {value(name)} is not null"
    columns = arrays_of(sweep.folder, f"select {', '.join(map(column_sql, names))} from {{draws}} where {some} order by draw")
    return columns, columns[name].astype(np.float64)


def _rank(opening: Opening, column: NDArray[np.float64], answer: NDArray[np.float64]) -> Rank:
    first, error, chance = (_by_neighbours if opening.kind == "number" else between_values)(column, answer)
    along = _spearman(column, answer)
    rising = erfc(abs(along) * sqrt(max(answer.size - 1, 0) / 2))  # about normal where the opening has no part
    return Rank(opening.name, opening.words, first, error, along, min(1.0, 2 * min(chance, rising)))


def _by_neighbours(column: NDArray[np.float64], answer: NDArray[np.float64]) -> tuple[float, float, float]:
    """Part of the variance by draws next to each other, error without a part, and how often as much would be seen then: about normal."""
    variance, error = float(answer.var()), float(answer.size**-0.5)
    if variance <= CAREFUL:
        return 0.0, error, 1.0
    ordered = answer[np.argsort(column, kind="stable")]
    first = float((ordered * np.roll(ordered, -1)).mean() - answer.mean() ** 2) / variance
    return first, error, erfc(first / error / sqrt(2)) / 2


def between_values(column: NDArray[np.float64], answer: NDArray[np.float64]) -> tuple[float, float, float]:
    """Part of the variance between the means at each value, error without a part, and how often as much would be seen then.

    About chi-squared, with as many degrees of freedom as values less one.
    """
    variance, n = float(answer.var()), answer.size
    _, which, counts = np.unique(column, return_inverse=True, return_counts=True)
    free = counts.size - 1
    error = sqrt(2 * free) / n
    if variance <= CAREFUL or free < 1 or n <= counts.size:
        return 0.0, error, 1.0
    from scipy.special import chdtrc  # type: ignore[import-untyped]  # noqa: PLC0415  seldom needed

    means = np.bincount(which, answer) / counts
    between = float((counts * (means - answer.mean()) ** 2).sum()) / n / variance
    by_chance = free / (n - 1)
    return (between - by_chance) / (1 - by_chance), error, float(chdtrc(free, n * between))


def _spearman(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    x, y = _midranks(a), _midranks(b)
    spread = float(x.std() * y.std())
    return float(((x - x.mean()) * (y - y.mean())).mean() / spread) if spread > CAREFUL else 0.0


def _midranks(a: NDArray[np.float64]) -> NDArray[np.float64]:
    _, which, n = np.unique(a, return_inverse=True, return_counts=True)
    return (np.cumsum(n) - (n - 1) / 2)[which]


