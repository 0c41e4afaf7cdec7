"""How long past ceasefires lasted: spells with delayed entry, an end or none yet, and what was known of each."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bestand.arguments import numbered
from bestand.errors import AskError, Problem, did_you_mean
from bestand.show import Cell, Shown, Table

Scalar = TypeVar("Scalar", bound=np.generic)
DAYS_PER_YEAR = 365.25
MOST_YEARS = 1_000  # years of a spell
LARGEST = 1e12
APART = "spells of one ceasefire follow one another, and only the last may have ended: give each ceasefire a case of its own"


@dataclass(frozen=True, slots=True, repr=False)
class Spells(Shown):
    """Spells of ceasefire; a case may have several, one after another, when what is known of it changed.

    what       : what counts as the end
    case       : (n_spells,) the ceasefire each spell belongs to
    group      : (n_spells,) the war or country, for cross-validation
    entry, exit: (n_spells,) float64, years since the ceasefire began; at risk where entry < t ≤ exit
    ended      : (n_spells,) bool, whether it ended at `exit`; if not, it was last seen in force
    covariates : names of the columns of `values`
    values     : (n_spells, n_covariates) float64; nan is missing
    notes      : what a file's reader left out, and why
    """

    what: str
    case: tuple[str, ...]
    group: tuple[str, ...]
    entry: NDArray[np.float64]
    exit: NDArray[np.float64]
    ended: NDArray[np.bool_]
    covariates: tuple[str, ...]
    values: NDArray[np.float64]
    notes: tuple[str, ...] = ()

    @property
    def n_cases(self) -> int:
        """Number of ceasefires."""
        return len(set(self.case))

    def column(self, covariate: str) -> NDArray[np.float64]:
        """One covariate: shape (n_spells,)."""
        return self.columns([covariate])[:, 0]

    def columns(self, covariates: Sequence[str]) -> NDArray[np.float64]:
        """Some covariates: shape (n_spells, n_named)."""
        for name in covariates:
            if name not in self.covariates:
                hint = did_you_mean(name, self.covariates)
                raise AskError(Problem("history/unknown-covariate", f"no covariate '{name}' in these spells", hint=hint))
        return self.values[:, [self.covariates.index(name) for name in covariates]]

    def where(self, mask: ArrayLike) -> Spells:
        """The spells for which `mask`, (n_spells,) bool, is true."""
        holds = np.asarray(mask, bool)
        if holds.shape != self.ended.shape:
            what = f"a mask of shape {holds.shape} is given, and there are {self.ended.size} spells"
            raise AskError(Problem("history/bad-number", what, hint="give True or False for each spell"))
        return self.rows(np.flatnonzero(holds))

    def complete(self, covariates: Sequence[str]) -> Spells:
        """The spells for which none of these covariates is missing; a note says how many were left out."""
        known = np.isfinite(self.columns(covariates)).all(axis=1)
        if known.all():
            return self
        note = f"{int((~known).sum())} spells left out: a covariate is missing"
        return replace(self.where(known), notes=(*self.notes, note))

    def one_per_case(self) -> Spells:
        """One spell per ceasefire: its whole length, with what was known of it at the start."""
        order = np.argsort(self.entry, kind="stable")
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        for row in order:
            first.setdefault(self.case[row], int(row))
            last[self.case[row]] = int(row)
        cases = list(dict.fromkeys(self.case))
        begin = self.rows(np.array([first[case] for case in cases], np.int64))
        end = [last[case] for case in cases]
        return replace(begin, exit=still(self.exit[end]), ended=still(self.ended[end]))

    def rows(self, rows: NDArray[np.int64]) -> Spells:
        """The spells with these numbers, in this order; a number may stand more than once."""
        rows, n = np.ravel(rows), self.ended.size
        for number in rows[(rows < 0) | (rows >= n)].tolist():
            numbered("spell", number, n)
        return replace(
            self,
            case=tuple(self.case[k] for k in rows),
            group=tuple(self.group[k] for k in rows),
            entry=still(self.entry[rows]),
            exit=still(self.exit[rows]),
            ended=still(self.ended[rows]),
            values=still(self.values[rows]),
        )

    def table(self) -> Table:
        """The spells as rows; the first 50 of many."""
        columns = ("case", "group", "from year", "to year", "ended", *self.covariates[:6])
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (self.case[k], self.group[k], float(self.entry[k]), float(self.exit[k]), bool(self.ended[k]),
             *(None if np.isnan(v) else float(v) for v in self.values[k, :6]))
            for k in range(min(len(self.case), 50))
        )
        size = f"{len(self.case)} spells of {self.n_cases} ceasefires, {int(self.ended.sum())} ended"
        return Table(f"Past ceasefires: {self.what}", columns, rows, (size, *self.notes))


def spells(
    years: ArrayLike,
    ended: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    case: Sequence[str] | None = None,
    group: Sequence[str] | None = None,
    covariates: Mapping[str, ArrayLike] | None = None,
    what: str = "the ceasefire ends",
    notes: Sequence[str] = (),
) -> Spells:
    """Spells from arrays: years from the start to the end or the last look, and whether it ended then.

    years, ended : (n_spells,)
    entry        : (n_spells,) years from the start at which a spell comes under observation; 0 if not given
    case, group  : names; each spell its own case, each case its own group, if not given
    covariates   : name: (n_spells,) float

    Raises
    ------
    AskError
        `history/bad-spell` where lengths differ, a number is not finite, a spell does not end after it begins, or spells of one
        case overlap or go on after it has ended.

    >>> print(spells([0.5, 3.0], [True, False], case=["first", "second"]))
    Past ceasefires: the ceasefire ends
    case    group   from year  to year  ended
    ------  ------  ---------  -------  -----
    first   first   0          0.5      yes
    second  second  0          3        no
    2 spells of 2 ceasefires, 1 ended
    """
    exits = _numbers("years", years)
    n = exits.size
    entries = np.zeros(n) if entry is None else _numbers("entry", entry)
    over = _truths(ended)
    columns = [_numbers(name, values) for name, values in (covariates or {}).items()]
    names = tuple(str(k + 1) for k in range(n)) if case is None else tuple(case)
    groups = names if group is None else tuple(group)
    sizes = {entries.size, over.size, len(names), len(groups), *(column.size for column in columns)}
    if sizes != {n} or n == 0:
        lengths = f"{n} lengths, but other columns of {sorted(sizes - {n}) or 'no'} entries"
        raise AskError(Problem("history/bad-spell", lengths, hint="every column has one entry for each spell, and there is one at least"))
    possible = np.isfinite(exits) & np.isfinite(entries) & (entries >= 0) & (exits > entries) & (exits <= MOST_YEARS)
    for k in np.flatnonzero(~possible)[:1]:
        runs = f"spell {k + 1} ('{names[k]}') runs from year {entries[k]:g} to year {exits[k]:g}"
        hint = f"0 ≤ entry < exit ≤ {MOST_YEARS:,}, in years; half a day is 0.0014"
        raise AskError(Problem("history/bad-spell", runs, hint=hint))
    for k, why in clashes(names, entries, exits, over)[:1]:
        runs = f"spell {k + 1} ('{names[k]}', from year {entries[k]:g}) {why}"
        raise AskError(Problem("history/bad-spell", runs, hint=APART))
    values = np.column_stack(columns) if columns else np.empty((n, 0))
    if np.any(np.abs(np.nan_to_num(values, nan=0.0, posinf=np.inf, neginf=-np.inf)) > LARGEST):
        raise AskError(Problem("history/bad-spell", "a covariate is beyond 10^12", hint="use a larger unit, or its logarithm"))
    return Spells(
        what, names, groups, still(entries), still(exits), still(over), tuple(covariates or ()), still(values), tuple(notes)
    )


def clashes(
    case: Sequence[str], entry: NDArray[np.float64], exit_: NDArray[np.float64], ended: NDArray[np.bool_]
) -> list[tuple[int, str]]:
    """Spells that cannot be with the one before them of the same case, by number, and why."""
    order = sorted(range(len(case)), key=lambda k: (case[k], entry[k], exit_[k]))
    wrong = []
    for before, k in itertools.pairwise(order):
        if case[before] == case[k] and ended[before] and exit_[k] > exit_[before]:
            wrong.append((k, f"goes on after this ceasefire has ended in year {exit_[before]:g}"))
        elif case[before] == case[k] and entry[k] < exit_[before] * (1 - 1e-9):
            wrong.append((k, f"begins before the one of the same ceasefire that lasts until year {exit_[before]:g} is over"))
    return sorted(wrong)


def _numbers(what: str, given: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.array(given, np.float64).reshape(-1)
    except (TypeError, ValueError, OverflowError):
        raise AskError(Problem("history/bad-spell", f"'{what}' is not all numbers", hint="one number for each spell")) from None


def _truths(ended: ArrayLike) -> NDArray[np.bool_]:
    numbers = _numbers("ended", ended)
    if not np.all((numbers == 0) | (numbers == 1)):
        raise AskError(Problem("history/bad-spell", "'ended' says neither yes nor no", hint="true or false (1 or 0) for each spell"))
    return numbers.astype(bool)


def still(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """The array itself, made read-only."""
    array.flags.writeable = False
    return array
