"""What a sweep asks, and one chunk of it: drawn, asked, written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.case.lines import member_of
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.explore.applied import Columns, asked_together, case_of, fitting, held_today, n_rows, rows_of
from bestand.explore.openings import Column, columns_of
from bestand.explore.space import Space
from bestand.explore.store import put_shard, shard_name
from bestand.graph.conflict import Conflict, conflict

Design = Literal["draws", "sobol"]
DESIGNS: tuple[Design, ...] = ("draws", "sobol")
MOST_VALUES = 10_000_000  # worths (draws times parties times states) that are held side by side
Value = bool | int | float | np.generic | NDArray[np.generic]
Answer = Value | Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Measure:
    """One question put to a conflict in every draw.

    name     : what its column is called
    ask      : from a conflict to its answer: yes or no, or a number; or several by name
    together : whether `ask` takes all draws at once and gives one answer for each, shape (n_draws,). It must then hang on
               states, moves and worths only; every other measure is asked draw by draw, with each draw written out as a case
    sized    : whether worths need a size
    """

    name: str
    ask: Callable[[Conflict], Answer]
    together: bool = False
    sized: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """All that a worker needs to make any chunk.

    each    : draws per chunk
    options : what may be chosen, by name: levers held; one nameless option where there is nothing to choose
    """

    space: Space
    measures: tuple[Measure, ...]
    seed: int
    each: int
    design: Design = "draws"
    view: str | None = None
    hold: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: {"": {}})
    kept: dict[object, Conflict] = field(default_factory=dict, repr=False, compare=False)

    def digest(self) -> str:
        """A digest of all that decides what a chunk holds; measures count by their names."""
        names = [(each.name, each.together, each.sized) for each in self.measures]
        options = [(name, sorted(held.items())) for name, held in self.options.items()]
        told = (self.space.digest(), names, self.seed, self.each, self.design, self.view, sorted(self.hold.items()), options)
        return hashlib.sha256(repr(told).encode()).hexdigest()


def chunk(task: Task, k: int, size: int) -> dict[str, Column]:
    """The k-th chunk: number of each draw, what was drawn, and the answers; always the same, whoever makes it.

    size : draws of it that are wanted, the first ones
    """
    columns = rows_of(drawn_chunk(task, k), slice(size))
    return {"draw": np.arange(size, dtype=np.int64) + k * task.each, **columns, **answers_by_column(task, columns, size)}


def drawn_chunk(task: Task, k: int) -> dict[str, Column]:
    """What is open in every draw of the k-th chunk."""
    openings, rng = task.space.openings, np.random.default_rng([task.seed, k])
    if task.design == "draws":
        return columns_of(openings, rng.random((task.each, len(openings))))
    return columns_of(openings, crossed(rng.random((2, task.each // (len(openings) + 2), len(openings)))))


def crossed(unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Saltelli's design: of two draws A and B also, for every opening, A with that opening as in B; base by base, A, B, then the mixed.

    unit : (2, n_bases, n_openings); gives (n_bases · (n_openings + 2), n_openings)
    """
    n_openings = unit.shape[2]
    mixed = np.repeat(unit[0][:, None], n_openings + 2, axis=1)
    mixed[:, 1] = unit[1]
    each = np.arange(n_openings)
    mixed[:, each + 2, each] = unit[1]
    return mixed.reshape(-1, n_openings)


def make(task: Task, k: int, size: int, folder: Path, about: Mapping[str, str]) -> int:
    """Makes the k-th chunk and puts it into the folder; gives k."""
    put_shard(chunk(task, k, size), folder / shard_name(k), {**about, "chunk": str(k), "rows": str(size)})
    return k


def answers_by_column(task: Task, columns: Columns, size: int) -> dict[str, Column]:
    """Every measure, under every option, in every draw: by name of its column."""
    answers: dict[str, Column] = {}
    for name, case, off, rows in _alike(task.space, columns, size):
        here = rows_of(_open_in(task.space, case, columns), rows)
        for option in task.options:
            base = _base(task, name, case, off, option)
            for measure in task.measures:
                for key, column in _asked(measure, base, here, rows.size).items():
                    _fill(answers, f"{key} [{option}]" if option else key, column, rows, size)
    return answers


def _fill(answers: dict[str, Column], name: str, column: Column, rows: NDArray[np.int64], size: int) -> None:
    if name not in answers:
        answers[name] = np.zeros(size, column.dtype)
    answers[name][rows] = column


def _alike(space: Space, columns: Columns, size: int) -> Iterator[tuple[str, Case, tuple[str, ...], NDArray[np.int64]]]:
    """Draws that share a version of the case and its rules: the version, what is out of force, and which draws these are."""
    rules = [each.name for each in space.openings if each.kind == "rule"]
    names = tuple(space.cases)
    key = np.stack([columns.get("case", np.zeros(size, np.uint8)), *(columns[rule] for rule in rules)], axis=1).astype(np.uint8)
    kinds, which = np.unique(key, axis=0, return_inverse=True)
    for k, kind in enumerate(kinds):
        off = tuple(rule for rule, on in zip(rules, kind[1:], strict=True) if not on)
        yield names[kind[0]], space.cases[names[kind[0]]], off, np.flatnonzero(which.ravel() == k)


def _open_in(space: Space, case: Case, columns: Columns) -> Columns:
    """The columns that bear on a version of the case once its rules are settled: not those of wants that it lists otherwise."""
    settled = {each.name for each in space.openings if each.kind in ("rule", "case")}
    if case is not space.case:
        same = fitting(space.case, case)
        settled |= {each.name for each in space.openings if each.at.startswith(("wants.", "parties.")) and member_of(each.at) not in same}
    return {name: column for name, column in columns.items() if name not in settled}


def _base(task: Task, name: str, case: Case, off: tuple[str, ...], option: str) -> Conflict:
    key = (name, off, option)
    if key not in task.kept:
        whole = conflict(case, view=task.view, hold={**task.hold, **task.options[option]})
        gone = [each for each in whole.statements() if each.at in off] if off else []
        task.kept[key] = whole.without(*gone) if gone else whole
    return task.kept[key]


def _asked(measure: Measure, base: Conflict, columns: Columns, size: int) -> dict[str, Column]:
    if measure.together:
        rows, told = columns if columns else {"": np.zeros(size)}, dict[str, Column]()
        most = max(1, MOST_VALUES // max(1, base.graph.n_states * len(base.parties)))
        for here, held in held_today(base, rows):
            for first in range(0, here.size, most):
                part = here[first : first + most]
                here_only = rows if part.size == size else rows_of(rows, part)
                for key, column in _asked_together(measure, held, here_only).items():
                    told.setdefault(key, np.empty(size, column.dtype))[part] = column
        return told
    each = [_named(measure, measure.ask(_written_out(base, columns, d, measure))) for d in range(size)]
    return {key: _checked(measure, np.array([answer[key] for answer in each]), size) for key in each[0]}


def _asked_together(measure: Measure, base: Conflict, rows: Columns) -> dict[str, Column]:
    return _columns(measure, measure.ask(asked_together(base, rows, scale="cardinal" if measure.sized else "ordinal")), n_rows(rows))


def _written_out(base: Conflict, columns: Columns, d: int, measure: Measure) -> Conflict:
    row = {name: float(column[d]) for name, column in columns.items()}
    return base.of(case_of(base.case, row)).on_scale("cardinal" if measure.sized else "ordinal")


def _named(measure: Measure, answer: Answer) -> Mapping[str, Value]:
    return {f"{measure.name}: {key}": value for key, value in answer.items()} if isinstance(answer, Mapping) else {measure.name: answer}


def _columns(measure: Measure, answer: Answer, size: int) -> dict[str, Column]:
    return {key: _checked(measure, np.asarray(value), size) for key, value in _named(measure, answer).items()}


def _checked(measure: Measure, column: NDArray[np.generic], size: int) -> Column:
    if column.shape != (size,) or column.dtype.kind not in "biuf":
        what = f"the measure '{measure.name}' gave {column.dtype} of shape {column.shape} for {size} draws"
        raise AskError(Problem("sweep/bad-answer", what, hint="give yes or no, or a number, for every draw"))
    return column if column.dtype == np.bool_ else column.astype(np.float64)


def usual_answers(task: Task) -> dict[str, bool | float]:
    """The answers with everything as it stands, yes or no as a bool."""
    return {name: column[0].item() for name, column in answers_by_column(task, usual_columns(task.space), 1).items()}


def usual_columns(space: Space) -> dict[str, Column]:
    """Everything as it stands, as one draw."""
    return {each.name: np.array([each.usual]) for each in space.openings}


