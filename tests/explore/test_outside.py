"""What is open and what is asked, as SALib and the EMA Workbench take it, and what these two and OpenTURNS find in the same draws."""

from __future__ import annotations

import sys
import tomllib
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("duckdb", reason="sweeps need the extra [sweep]")

from bestand.case.read import read
from bestand.errors import AskError
from bestand.explore.boxes import boxes
from bestand.explore.indices import sobol
from bestand.explore.outside import answers_at, to_ema, to_salib
from bestand.explore.space import space, vary
from bestand.explore.task import Measure, Task, chunk
from bestand.study.measures import measure
from tests.explored import X, Y, Z, linear, numbers, small
from tests.oracle.theirs import FILE, crossed_answers, table

THEIRS = tomllib.loads(FILE.read_text("utf-8"))
SUM = Measure("sum", lambda asked: sum(numbers(asked)), together=True, sized=True)


def test_the_box_of_the_ema_workbench_is_found_in_the_same_draws(tmp_path):
    ours, theirs = boxes(table(tmp_path)).boxes[0], THEIRS["ema"]
    for key in ("coverage", "density", "mass"):
        assert getattr(ours, key) == pytest.approx(theirs[key], abs=0.03), key
    limits = {each.opening.name: each for each in ours.limits}
    assert set(limits) == {X, Y} and (theirs["z"][0] < 0.01 and theirs["z"][1] > 0.99)
    assert limits[X].low == pytest.approx(theirs["x"][0], abs=0.02) and limits[Y].high == pytest.approx(theirs["y"][1], abs=0.02)


@pytest.mark.parametrize("whose", ["salib", "openturns"])
def test_the_indices_of_other_programs_in_the_same_draws(whose):
    told = sobol(crossed_answers(), resamples=4)
    assert np.allclose(told[0], THEIRS[whose]["first"], atol=0.02) and np.allclose(told[3], THEIRS[whose]["total"], atol=0.02)


def test_points_drawn_elsewhere_are_answered_as_draws_of_a_sweep_are():
    case = small()
    open_here = vary(space(case), rule=["never[0]"])
    unit = np.random.default_rng([7, 0]).random((40, len(open_here.openings)))  # what chunk 0 of seed 7 draws
    found = answers_at(case, open_here, Measure("top", lambda asked: asked.worth.rank[:, 0].max(axis=1), together=True), unit)
    made = chunk(Task(open_here, (Measure("top", lambda asked: asked.worth.rank[:, 0].max(axis=1), together=True),), 7, 40), 0, 40)
    assert np.array_equal(found["top"], made["top"]) and len(set(made["top"].tolist())) > 1


def test_salib_draws_and_analyses_what_is_open():
    sample = pytest.importorskip("SALib.sample.sobol", reason="SALib is not installed: nothing is drawn by it")
    from SALib.analyze import sobol as analyze

    case = linear()
    open_here = vary(space(case, kinds=()), number={X: (0.0, 1.0), Y: (0.0, 2.0), Z: (0.0, 3.0)})
    problem = to_salib(open_here)
    unit = sample.sample(problem, 256, calc_second_order=False, seed=1)
    told = analyze.analyze(problem, answers_at(case, open_here, SUM, unit)["sum"], calc_second_order=False, seed=1)
    assert np.allclose(told["S1"], np.array([1, 4, 9]) / 14, atol=0.05) and np.allclose(told["ST"], np.array([1, 4, 9]) / 14, atol=0.05)


@pytest.mark.parametrize("points", [np.zeros((3, 2)), np.zeros(3), np.zeros((0, 3)), np.full((1, 3), 1.1), np.full((1, 3), np.nan)], ids=["columns", "flat", "none", "beyond", "nan"])
def test_points_that_are_none_of_the_space_are_refused(points):
    case = linear()
    with pytest.raises(AskError, match="sweep/bad-points"):
        answers_at(case, space(case, kinds=["number"]), SUM, points)


def workbench(monkeypatch):
    """As much of the EMA Workbench as takes a model in; the test below runs the real one where it is installed."""
    made = ModuleType("ema_workbench")
    for kind in ("RealParameter", "CategoricalParameter", "BooleanParameter", "ScalarOutcome"):
        setattr(made, kind, lambda name, *rest, kind=kind: SimpleNamespace(kind=kind, name=name, rest=rest))
    made.Model = lambda name, function: SimpleNamespace(name=name, function=function)
    monkeypatch.setitem(sys.modules, "ema_workbench", made)


def test_an_experiment_of_the_workbench_is_a_draw(monkeypatch):
    """Whatever a draw of a sweep has, asked as an experiment, is answered as in the sweep."""
    workbench(monkeypatch)
    case = read("example/en")
    open_here, asked = space(case), measure(case, "share-of-rests truce")
    model = to_ema(case, open_here, asked)
    by_name = {each.name: each for each in model.uncertainties}
    assert {each.kind for each in model.uncertainties} == {"RealParameter", "CategoricalParameter", "BooleanParameter"}
    assert all(name.isidentifier() for name in by_name) and len(by_name) == sum(each.kind != "place" or each.width > 0 for each in open_here.openings)
    columns = chunk(Task(open_here, (asked,), 0, 12), 0, 12)
    for d in range(12):
        given = {}
        for k, each in enumerate(open_here.openings):
            name = next((name for name in by_name if name.endswith(f"_{k}")), None)
            value = columns[each.name][d]
            if name is not None:
                given[name] = each.choices[int(value)] if each.choices else value.item()
        assert model.function(**given) == {model.outcomes[0].name: columns["share-of-rests truce"][d]}


def test_the_workbench_itself_runs_the_model():
    ema = pytest.importorskip("ema_workbench", reason="the EMA Workbench is not installed: no experiment is made by it")
    case = linear()
    open_here = vary(space(case, kinds=["place"]), number={X: (0.0, 1.0)})
    drawn, found = ema.perform_experiments(to_ema(case, open_here, SUM), scenarios=20)
    (name,) = (column for column in drawn.columns if column.startswith("wants_a_0_worth"))
    assert np.allclose(found["sum_0"], drawn[name].to_numpy(float) + 0.4, atol=1e-6)


def test_a_model_for_the_workbench_is_refused_in_words_where_it_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    case = linear()
    with pytest.raises(AskError, match="sweep/needs-ema") as refused:
        to_ema(case, space(case), SUM)
    assert "pip install ema-workbench" in str(refused.value)
