"""The commands on bargaining: what they print is what the library says."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bestand.bargain.cores import concessions, cores
from bestand.bargain.joint import joint
from bestand.case.read import read, read_text
from bestand.cli.bargain import BARGAIN
from bestand.errors import BestandError
from bestand.graph.conflict import conflict

COMMANDS = {command.name: command for command in BARGAIN}
TOGETHER = """
bestand: 1
title: two armies
parties: {a: {name: Alfa}, b: {name: Beta}}
levers: {a.out: {is: Alfa leaves}, b.out: {is: Beta leaves}}
wants: {a: [{that: b.out, worth: 3}, {that: not a.out, worth: 1}], b: [{that: a.out, worth: 3}, {that: not b.out, worth: 1}]}
"""


def run(name, *words):
    return CliRunner().invoke(COMMANDS[name], list(words))


@pytest.fixture
def armies(tmp_path):
    path = tmp_path / "armies.yaml"
    path.write_text(TOGETHER, encoding="utf-8")
    return str(path)


def test_cores_prints_clashes_and_concessions_by_either_route():
    asking = conflict(read("ukraine/2025-04"))
    for route in ("enumerate", "solver"):
        told = json.loads(run("cores", "ukraine/2025-04", "--that", "deal", "--route", route, "--json").output)
        assert len(told["clashes"]) == len(cores(asking, that="deal").sets)
        opened = concessions(asking, that="deal")
        assert [row["given up"] for row in told["concessions"]] == [opened.words(k) for k in range(len(opened.sets))]


def test_joint_prints_who_must_act_together_and_ends_with_one_where_nobody_must(armies):
    told = run("joint", armies, "--that", "a.out and b.out")
    assert told.exit_code == 0 and "only together at once" in told.output
    row = json.loads(run("joint", armies, "--that", "a.out and b.out", "--json").output)[0]
    assert row["parties"] == ", ".join(joint(conflict(read_text(TOGETHER)), that="a.out and b.out").signings[0].parties)
    assert run("joint", armies, "--that", "a.out and not b.out").exit_code == 1


def test_a_package_by_solver_is_the_one_that_all_gain_by(armies):
    pytest.importorskip("ortools", reason="OR-tools, of the optional extra `solver`, is not installed")
    rows = json.loads(run("settle-by-solver", armies, "--rule", "egalitarian", "--json").output)
    assert {row["party"]: row["gain"] for row in rows} == {"a": 2.0, "b": 2.0}


def test_offers_say_what_is_agreed_and_at_which_risks_it_changes(armies):
    rows = json.loads(run("offers", armies, "--rounds", "2", "--order", "b", "--risk", "0.1", "--json").output)
    assert [row["proposes"] for row in rows] == ["b", "b"] and rows[0]["worth to b"] >= rows[0]["worth to a"]
    spans = json.loads(run("offers", armies, "--rounds", "2", "--spans", "--json").output)
    assert spans[0]["risk from"] == 0 and spans[-1]["to"] == 1


def test_issues_are_divided_by_points():
    told = run("divide", "--between", "A", "B", "--points", "land=60:40", "--points", "water=40:60", "--json")
    assert json.loads(told.output) == [
        {"issue": "land", "share of A": 1.0, "share of B": 0.0}, {"issue": "water", "share of A": 0.0, "share of B": 1.0},
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("cores", "example/en", "--route", "slover"), "bargain/unknown-route"),
        (("offers", "example/en", "--order", "nobody"), "graph/unknown-party"),
        (("offers", "example/en", "--discount", "nobody=0.5"), "graph/unknown-party"),
        (("joint", "example/en", "--that", "trcue"), "case/unknown-name"),
        (("settle-by-solver", "example/en", "--rule", "nahs"), "bargain/unknown-rule"),
        (("divide", "--between", "A", "B", "--points", "land=nan:1"), "bargain/bad-number"),
        (("divide", "--between", "A", "B", "--points", "land=1:1", "--rule", "adjusted"), "bargain/unknown-rule"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(words, code):
    refused = run(*words)
    assert isinstance(refused.exception, BestandError) and refused.exception.code == code


@pytest.mark.parametrize("points", ["land", "land=1", "=1:2", "land=a:b"])
def test_points_that_cannot_be_read_are_refused(points):
    refused = run("divide", "--between", "A", "B", "--points", points)
    assert refused.exit_code == 2 and "such as land=60:40" in refused.output
