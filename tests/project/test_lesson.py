"""The lesson for newcomers prints what it says: its files saved, its commands typed in their order, every line shown found in what is printed."""

from __future__ import annotations

import pathlib
import re
import shlex

import pytest
from click.testing import CliRunner

from bestand.cli import main

LESSON = (pathlib.Path(__file__).parents[2] / "docs" / "tutorial" / "conflict-analysis.md").read_text("utf-8")


def typed() -> list[tuple[str, list[str]]]:
    """Every command of the lesson, and the lines that it shows below."""
    made: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", LESSON, re.S):
        for line in block.splitlines():
            if line.startswith("$ bestand "):
                made.append((line.removeprefix("$ bestand "), []))
            else:
                made[-1][1].append(line)
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> pathlib.Path:
    at = tmp_path_factory.mktemp("lesson")
    for name, text in re.findall(r"`(\w+\.yaml)`:\n\n```yaml\n(.*?)```", LESSON, re.S):
        (at / name).write_text(text, encoding="utf-8")
    assert {path.name for path in at.iterdir()} == {"well.yaml", "premium.yaml"}
    return at


@pytest.mark.parametrize(("command", "shown"), typed(), ids=[command for command, _ in typed()])
def test_a_command_of_the_lesson_prints_what_the_lesson_shows(command, shown, folder, monkeypatch):
    monkeypatch.chdir(folder)
    printed = [line.rstrip() for line in CliRunner().invoke(main, shlex.split(command)).stdout.splitlines()]
    lines = [line.rstrip() for line in shown if line != "…"]
    assert lines and [line for line in lines if line not in printed] == []
    assert [printed.index(line) for line in lines] == sorted(printed.index(line) for line in lines)


def test_the_table_that_is_worked_out_by_hand_is_the_ranking_of_the_case(folder):
    from bestand import conflict, read

    well = conflict(read(folder / "well.yaml"))
    rows = {row[0]: list(map(int, row[1:])) for row in re.findall(r"^\| (Farm \w) \| (\d) \| (\d) \| (\d) \| (\d) \|$", LESSON, re.M)}
    states = ["a.pumps and not b.pumps", "spared", "b.pumps and not a.pumps", "a.pumps and b.pumps"]
    for k, name in enumerate(("Farm A", "Farm B")):
        ranks = [int(well.worth.rank[0, k][well.where(state)][0]) for state in states]
        assert [1 + sum(other > rank for other in ranks) for rank in ranks] == rows[name]


def test_what_the_page_on_stability_counts_in_the_main_case_is_what_there_is():
    from bestand import conflict, stability
    from tests.shipped import shipped

    told = (pathlib.Path(__file__).parents[2] / "docs" / "theory" / "stability.md").read_text("utf-8")
    counted = re.search(r"(\d+) states rest under SEQ; with best replies (\d+) of them do\. The other (\d+)", told)
    case = conflict(shipped("ukraine/2025-04"))
    classical, best = (len(stability(case, moves=moves).equilibria("seq")) for moves in ("paying", "best"))
    assert tuple(map(int, counted.groups())) == (classical, best, classical - best)


REFERENCE = (pathlib.Path(__file__).parents[2] / "docs" / "reference" / "commands.md").read_text("utf-8")
ASKED = re.findall(r"^    bestand ((?:settle|settle-by-solver|offers|joint|divide) .+)$", REFERENCE, re.M)


@pytest.mark.parametrize("command", ASKED)
def test_examples_of_help_about_what_could_be_agreed_find_something(command):
    """They were put to a case in which nothing can be agreed, and refused."""
    assert len(ASKED) > 5
    assert CliRunner().invoke(main, shlex.split(command)).exit_code == 0
