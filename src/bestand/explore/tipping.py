"""Tipping points: which single thing that is open, moved alone and how far, turns an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.explore.openings import Column, Opening
from bestand.explore.space import Space
from bestand.explore.sweep import Asked
from bestand.explore.task import Measure, Task, answers_by_column, usual_columns
from bestand.graph.conflict import Conflict
from bestand.graph.ready import viewed
from bestand.show import Shown, Table

HALVINGS = 12  # by which a tipping point is closed in on
MOST_GRID = 10_000  # values of each opening that are tried


@dataclass(frozen=True, slots=True)
class Tip:
    """One opening that, moved alone, turns the answer.

    usual : how it is as the case stands; at : the nearest value found with another answer; of choices with odds the likeliest
    far   : how far that is, as a share of its range (of a place: in places; else 1)
    answer : the answer there
    """

    opening: Opening
    usual: float
    at: float
    far: float
    answer: float

    @property
    def words(self) -> str:
        """The tip in words."""
        return f"{self.opening.said(self.usual)} → {self.opening.said(self.at).rpartition(': ')[2]}"


@dataclass(frozen=True, slots=True, repr=False)
class Tips(Shown):
    """What turns an answer alone, the nearest first; what is not listed does not, at any value tried."""

    measure: str
    answer: float
    at_least: float
    n_openings: int
    tips: tuple[Tip, ...]

    def table(self) -> Table:
        """One row per opening that turns the answer alone."""
        rows = tuple((each.words, each.far, each.answer) for each in self.tips)
        notes = (f"as the case stands: {self.answer:.3g}; {len(self.tips)} of {self.n_openings} openings turn it alone",)
        return Table(f"What turns “{self.measure}” alone", ("what is moved", "how far", "answer there"), rows, notes)


def tipping(
    case: Case | Conflict,
    space: Space,
    measure: Asked,
    *,
    at_least: float = 0.5,
    grid: int = 9,
    view: str | None = None,
    hold: Mapping[str, str] | None = None,
) -> Tips:
    """Which single opening turns an answer, and how far it has to be moved; everything else as the case stands.

    at_least : the level that counts as yes
    grid     : values of a number that are tried, ends included; between two that differ the point is closed in on by halving,
               to a four-thousandth of the step. An answer that turns and turns back between two values is not seen

    Asked side by side where the measure allows it: one batch for all openings and one per halving.

    Raises
    ------
    AskError
        `sweep/bad-number`, `sweep/other-case`.

    >>> from bestand import measure, read, space
    >>> case = read("example/en")
    >>> tipping(case, space(case, kinds=["type"]), measure(case, "rests truce")).answer
    0.0
    """
    case, view, held = viewed(case, view, hold)
    if not 2 <= grid <= MOST_GRID:
        raise AskError(Problem("sweep/bad-number", f"between 2 and {MOST_GRID:,} values can be tried, not {grid}"))
    if case.file != space.case.file:
        raise AskError(Problem("sweep/other-case", "the space was made of another case", hint="give the case that `space` was made of"))
    if not np.isfinite(at_least):
        raise AskError(Problem("sweep/bad-number", f"the level that counts as yes must be a number, not {at_least}"))
    asked = measure if isinstance(measure, Measure) else Measure(getattr(measure, "__name__", "measure"), measure)
    tried = _Tried(Task(space, (asked,), 0, 1, view=view, hold=held))
    usual = float(tried.ask([])[0])
    moved = [(opening, value) for opening in space.openings for value in _values(opening, grid)]
    told = tried.ask(moved)[1:]
    turned = (told >= at_least) != (usual >= at_least)
    nearest: dict[tuple[str, bool], Tip] = {}  # of numbers on either side: which is nearer is known when it has been closed in on
    for (opening, value), answer, other in zip(moved, told, turned, strict=True):
        at = (opening.name, opening.kind == "number" and value > opening.usual)
        if other and (at not in nearest or _far(opening, value) < _far(opening, nearest[at].at)):
            nearest[at] = Tip(opening, opening.usual, value, opening.far(value), float(answer))
    tips = sorted(_closer(tried, list(nearest.values()), grid, usual >= at_least, at_least), key=lambda each: each.far)
    once = {each.opening.name: each for each in reversed(tips)}
    return Tips(asked.name, usual, at_least, len(space.openings), tuple(each for each in tips if once[each.opening.name] is each))


def _far(opening: Opening, value: float) -> float:
    """What orders the values of one opening, the nearest first: how far each is, or of choices that have odds how unlikely."""
    return -opening.odds[int(value)] if opening.odds else abs(value - opening.usual)


@dataclass(frozen=True, slots=True)
class _Tried:
    """Answers with one opening moved and all else as it stands; the first is with nothing moved."""

    task: Task

    def ask(self, moved: Sequence[tuple[Opening, float]]) -> NDArray[np.float64]:
        size = len(moved) + 1
        usual = usual_columns(self.task.space)
        columns: dict[str, Column] = {name: np.repeat(column, size).astype(np.float64) for name, column in usual.items()}
        for row, (opening, value) in enumerate(moved, start=1):
            _put(columns, self.task.space, opening, value, row)
        return next(iter(answers_by_column(self.task, columns, size).values())).astype(np.float64)


def _put(columns: dict[str, Column], space: Space, opening: Opening, value: float, row: int) -> None:
    """Moves one opening; a want that changes places lets those it passes move up or down by one."""
    columns[opening.name][row] = value
    if opening.kind == "place":
        step = 1 if value < opening.usual else -1
        low, high = sorted((value, opening.usual))
        for other in space.openings:
            if other.kind == "place" and other.together == opening.together and other is not opening and low <= other.usual <= high:
                columns[other.name][row] = other.usual + step


def _values(opening: Opening, grid: int) -> list[float]:
    if opening.kind == "number":
        values = [float(each) for each in np.linspace(opening.low, opening.high, grid)]
    elif opening.kind == "place":
        reach = int(opening.width)  # others that it passes if they stay where they are
        values = [float(each) for each in range(int(opening.low), int(opening.high) + 1) if abs(each - opening.usual) <= reach]
    else:
        values = [float(k) for k in range(len(opening.choices) or 2)]
    return [value for value in values if value != opening.usual]


def _closer(tried: _Tried, tips: list[Tip], grid: int, usual: bool, at_least: float) -> list[Tip]:
    """Tips of numbers, closed in on: between the value found and the one before it, towards how the case stands."""
    numbers = [each for each in tips if each.opening.kind == "number"]
    beyond = [(each.at, each.answer) for each in numbers]
    before = [_before(each, grid) for each in numbers]
    for _ in range(HALVINGS if numbers else 0):
        middle = [(each.opening, (far + near) / 2) for each, (far, _), near in zip(numbers, beyond, before, strict=True)]
        for k, answer in enumerate(tried.ask(middle)[1:].tolist()):
            if (answer >= at_least) != usual:
                beyond[k] = middle[k][1], answer
            else:
                before[k] = middle[k][1]
    closed = [Tip(each.opening, each.usual, at, each.opening.far(at), answer) for each, (at, answer) in zip(numbers, beyond, strict=True)]
    return [*(each for each in tips if each.opening.kind != "number"), *closed]


def _before(tip: Tip, grid: int) -> float:
    step = (tip.opening.high - tip.opening.low) / (grid - 1)
    return max(tip.usual, tip.at - step) if tip.at > tip.usual else min(tip.usual, tip.at + step)

