"""How far the steps of time put the chance that a truce holds off: told beside the error of the draws, and true."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

from bestand.cli import main
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict
from bestand.truce.survival import error_of_steps, played, survival
from tests.depth import spread
from tests.shipped import shipped

ASKED = [("example/en", None, "truce", (0.5, 1, 6)), ("invented/mountain-road", None, "gang.holds", (0.03, 0.1, 0.2)), ("ukraine/2025-04", "line", "ceasefire", (1, 6))]


@spread(("name", "view", "truce", "months"), ASKED, ids=str, first=1)
def test_the_error_told_of_the_steps_is_about_that_to_much_shorter_ones(name, view, truce, months):
    case = conflict(shipped(name), view=view, draws=8, scale="cardinal")
    told = error_of_steps(case, start=truce, truce=truce, months=months)
    usual, short = (played(case, start=truce, truce=truce, months=months, finer=finer).alive for finer in (1, 8))
    off = float(np.abs(usual - short).mean(axis=0).max())
    assert off > 0 and off / 2 <= told + 1e-9 <= 2 * off + 1e-7


@pytest.mark.parametrize(("seconds", "says"), [(1e6, "steps of time: off by"), (0.03, "there was no time to see how exact the steps of time are")])
def test_the_error_of_the_steps_stands_beside_that_of_the_draws(seconds, says):
    case = conflict(shipped("example/en"), draws=8, scale="cardinal")
    told = survival(case, start="truce", truce="truce", months=[1, 6], budget=Budget(seconds=seconds, error=0.1))
    assert says in str(told) and np.isnan(told.error) == (seconds < 1)


def test_draws_that_are_asked_for_tell_the_error_of_the_steps_too():
    case = conflict(shipped("example/en"), draws=8, scale="cardinal")
    looked = survival(case, start="truce", truce="truce", months=[1, 6], estimate_error=True)
    assert looked.error == error_of_steps(case, start="truce", truce="truce", months=[1, 6]) and "steps of time: off by" in str(looked)
    assert "how exact the steps of time are was not looked at" in str(survival(case, start="truce", truce="truce", months=[1, 6]))
    answer = CliRunner().invoke(main, ["survival", "example/en", "--truce", "truce", "--draws", "3", "--months", "1,6"])
    assert answer.exit_code == 0 and answer.output.count("steps of time: off by") == 1, answer.output
    assert "by the case's own numbers, of which nothing is drawn" in answer.output


def test_one_draw_tells_no_error_at_most_unknown():
    case = conflict(shipped("example/en"), scale="cardinal")
    told = str(survival(case, start="truce", truce="truce", months=[1, 6], estimate_error=True))
    assert "; standard error unknown" in told and "at most unknown" not in told and "steps of time: off by" in told
