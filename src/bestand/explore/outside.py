"""What a case leaves open, for other programs that draw and analyse: SALib and the EMA Workbench. Neither is needed to import this."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import checked
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.explore.openings import Column, Opening, columns_of, places_of
from bestand.explore.space import Space
from bestand.explore.sweep import MOST_EACH, Asked, measures_of
from bestand.explore.task import Task, answers_by_column
from bestand.graph.conflict import Conflict
from bestand.graph.ready import viewed


def to_salib(space: Space) -> dict[str, object]:
    """What is open, as a problem of SALib: a number from 0 to 1 for each opening, which `answers_at` turns into how it is.

    So whatever SALib draws keeps the chances, ranges and orders of the case, types and yes or no among them.

    >>> from bestand import read, space
    >>> to_salib(space(read("example/en"), kinds=["type"]))["names"]
    ['parties.co.types']
    """
    names = [each.name for each in space.openings]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


@checked
def answers_at(
    case: Case | Conflict, space: Space, measure: Asked | Sequence[Asked], unit: NDArray[np.float64], *,
    view: str | None = None, hold: Mapping[str, str] | None = None,
) -> dict[str, NDArray[np.generic]]:  # fmt: skip
    """Every measure's answers at points that another program has drawn, by the name of its column: shape (n_points,).

    unit : (n_points, n_openings) from 0 to 1, in the order of the openings; as `to_salib` has them

    Raises
    ------
    AskError
        `sweep/bad-points`; as `sweep`.

    >>> from bestand import measure, read, space
    >>> case = read("example/en")
    >>> open_here = space(case, kinds=["type", "want"])
    >>> found = answers_at(case, open_here, measure(case, "rests truce"), np.full((2, len(open_here.openings)), 0.5))
    >>> found["rests truce"].shape
    (2,)
    """
    task = _task(case, space, measure, view, hold)
    return answers_by_column(task, columns_of(space.openings, _points(space, unit)), len(unit))


def _points(space: Space, unit: NDArray[np.float64]) -> NDArray[np.float64]:
    given, wanted = np.asarray(unit), len(space.openings)
    points = given.astype(np.float64) if given.dtype.kind in "fiu" else np.empty(0)
    if points.ndim != 2 or points.shape[1] != wanted or not 1 <= points.shape[0] <= MOST_EACH:
        what = f"points of shape {given.shape} ({given.dtype}) for {wanted} openings"
        raise AskError(Problem("sweep/bad-points", what, hint=f"one row for each point, from 1 to {MOST_EACH:,}, with a column for each opening"))
    if not ((points >= 0) & (points <= 1)).all():
        raise AskError(Problem("sweep/bad-points", "some points do not lie from 0 to 1", hint="draw by the problem that `to_salib` gives"))
    return points


def _task(case: Case | Conflict, space: Space, measure: Asked | Sequence[Asked], view: str | None, hold: Mapping[str, str] | None) -> Task:
    case, view, held = viewed(case, view, hold)
    return Task(space, measures_of(case, space, measure), 0, 1, "draws", view, held)


@checked
def to_ema(
    case: Case | Conflict, space: Space, measure: Asked | Sequence[Asked], *, view: str | None = None, hold: Mapping[str, str] | None = None
) -> object:
    """What is open and what is asked, as a Model of the EMA Workbench: an uncertainty for each opening, an outcome for each answer.

    Numbers are real parameters in their range; types, versions and settings of today categorical; yes or no boolean; a place a real
    parameter around where the want stands, sorted with the others of its order before it counts. The workbench draws evenly, so that
    what it counts are shares of cases, not of chances. Names are those of the columns with _ for what is no letter or digit.

    Raises
    ------
    AskError
        `sweep/needs-ema` where it is not installed; as `sweep`.

    >>> from bestand import measure, read, space
    >>> case = read("example/en")
    >>> to_ema(case, space(case), measure(case, "rests truce")).name  # doctest: +SKIP
    'bestand'
    """
    try:
        ema = importlib.import_module("ema_workbench")
    except ImportError as error:
        hint = "pip install ema-workbench (one of the packages that it brings, Platypus-Opt, is under the GPL)"
        raise AskError(Problem("sweep/needs-ema", "a model for the EMA Workbench needs it, and it is not installed", hint=hint)) from error
    task = _task(case, space, measure, view, hold)
    named = {_identifier(each.name, k): each for k, each in enumerate(space.openings)}
    usual = answers_by_column(task, {each.name: np.array([each.usual]) for each in space.openings}, 1)
    outcomes = {_identifier(name, k): name for k, name in enumerate(usual)}
    model = ema.Model("bestand", function=partial(_one_experiment, _Experiment(task, named, outcomes)))
    model.uncertainties = [_parameter(ema, name, each) for name, each in named.items() if each.kind != "place" or each.width]
    model.outcomes = [ema.ScalarOutcome(name) for name in outcomes]
    return model


def _identifier(name: str, k: int) -> str:
    """A name that Python takes, with the number of what it names, so that no two are alike.

    >>> _identifier("wants.co[1].worth", 4)
    'wants_co_1_worth_4'
    """
    told = re.sub(r"\W+", "_", name).strip("_")
    return f"{told if told[:1].isalpha() else f'x_{told}'}_{k}"


def _parameter(ema: Any, name: str, each: Opening) -> object:
    if each.kind == "number":
        return ema.RealParameter(name, each.low, each.high)
    if each.choices:
        return ema.CategoricalParameter(name, list(each.choices))
    if each.kind == "place":
        return ema.RealParameter(name, each.usual - each.width, each.usual + each.width)
    return ema.BooleanParameter(name)


@dataclass(frozen=True, slots=True)
class _Experiment:
    """What is asked in one experiment, and the names by which it is asked and answered."""

    task: Task
    openings: Mapping[str, Opening]
    outcomes: Mapping[str, str]


def _one_experiment(asked: _Experiment, **given: object) -> dict[str, float]:
    columns: dict[str, Column] = {}
    shifted = {}
    for name, each in asked.openings.items():
        value = given.get(name, each.usual)
        if each.kind == "place":
            shifted[each.name] = float(value)  # type: ignore[arg-type]
        elif each.choices:
            columns[each.name] = np.array([each.choices.index(str(value))], np.uint8)
        elif each.kind == "number":
            columns[each.name] = np.array([value], np.float32)
        else:
            columns[each.name] = np.array([bool(value)])
    columns |= places_of(asked.task.space.openings, {name: np.array([value]) for name, value in shifted.items()})
    answers = answers_by_column(asked.task, columns, 1)
    return {name: float(answers[column][0]) for name, column in asked.outcomes.items()}
