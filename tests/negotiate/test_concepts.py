"""A concept of stability is one row: rows of one's own pass the tests that those of the program pass."""

from __future__ import annotations

import itertools
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

import bestand
from bestand.case.concepts import CONCEPTS, Foresight
from bestand.case.read import read_text
from bestand.errors import AskError
from bestand.graph.conflict import conflict
from bestand.negotiate.coalitions import coalitions
from bestand.negotiate.inverse import inverse
from bestand.negotiate.stability import stability
from bestand.negotiate.unlock import unlock
from bestand.negotiate.why import why
from bestand.telling.words import words
from tests import random_conflicts
from tests.depth import spread
from tests.oracle import groups, naive, unlocking
from tests.oracle.random_cases import either

STEPS = ("none", "any", "weak", "paying", "best")
OWN = [Foresight(f"{steps}_{escape}", f"own: {steps}, {escape}", steps, escape, "a row of one's own") for steps in STEPS for escape in (False, True)]


@pytest.fixture(params=[*CONCEPTS.values(), *OWN], ids=lambda row: row.name)
def row(request, monkeypatch):
    """Every row of the program, and every one that could be written; those of one's own get a row of plain definition."""
    monkeypatch.setattr(naive, "CONCEPTS", {**naive.CONCEPTS, **{own.name: (own.replies, own.escape) for own in OWN}})
    return request.param


def test_every_concept_of_the_program_has_its_plain_row():
    assert {name: (row.replies, row.escape) for name, row in CONCEPTS.items()} == dict(naive.CONCEPTS)


def asked_of(seed):
    asked = random_conflicts.solved(seed)
    return asked, random_conflicts.moves_of(seed), asked.worth.rank[0].tolist(), naive.effort_of(asked.graph)


@spread(("moving", "first"), list(itertools.product(["paying", "best"], range(0, 40, 10))), first=3)
def test_a_concept_means_its_row_in_every_engine(row, first, moving):
    for seed in range(first, first + 10):
        asked, moves, rank, effort = asked_of(seed)
        rests = stability(asked, concepts=[row], moves=moving)
        both = coalitions(asked, concept=row, moves=moving, coalitions=[asked.parties[:2]])
        for s in range(0, asked.graph.n_states, 1 + asked.graph.n_states // 4):
            for i, party in enumerate(asked.parties):
                expected = naive.stable(moves, rank, i, s, row.name, moving=moving, effort=effort)
                assert rests.holds(row.name, party)[s] == expected, (seed, party, s)
                assert why(asked, state=s, party=party, concept=row, moves=moving).stable == expected
            expected = groups.coalition_stable(moves, rank, (0, 1), s, row.name, moving=moving, effort=effort)
            assert both.holds(asked.parties[:2])[s] == expected, (seed, s)


def small(n):
    """Conflicts of at most six states where the present is possible, each with a goal that some state has."""
    chosen = []
    for plain in map(either, range(10_000)):
        goal = f"{plain.levers[0].name} = s1"
        if 4 <= len(plain.states()) <= 6 and (0,) * len(plain.levers) in plain.states():
            asked = conflict(read_text(plain.text()))
            chosen += [(asked, goal)] if asked.where(goal).any() else []
        if len(chosen) == n:
            return chosen
    raise AssertionError("no such conflicts")


SMALL = small(8)


def test_rankings_and_changes_are_found_for_a_row_of_ones_own(row):
    for k, (asked, goal) in enumerate(SMALL):
        moves, rank, effort = naive.moves_of(asked.graph), asked.worth.rank[0].tolist(), naive.effort_of(asked.graph)
        for moving in ("paying", "best"):
            already = unlock(asked, goal=goal, concept=row, most=1, moves=moving, add=[], offers=[]).already
            assert already == unlocking.solves(moves, rank, asked.now, asked.where(goal), row.name, moving, effort), (k, moving)
        if k:
            continue
        rankings, count = inverse(asked, state=0, party=0, concept=row), 0
        for order in itertools.permutations(range(asked.graph.n_states)):
            count += naive.stable(moves, [list(order), *rank[1:]], 0, 0, row.name, effort=effort)
        assert rankings.count == count


def test_rows_are_nested_as_their_replies_are():
    for seed in range(60):
        asked, *_ = asked_of(seed)
        rests = stability(asked, concepts=OWN)
        for fewer, more in itertools.pairwise(("none", "best", "paying", "weak", "any")):
            for escape in (False, True):
                assert not (rests.holds(f"{fewer}_{escape}") & ~rests.holds(f"{more}_{escape}")).any()
        for steps in STEPS:
            assert not (rests.holds(f"{steps}_True") & ~rests.holds(f"{steps}_False")).any()
        assert np.array_equal(rests.holds("none_False"), stability(asked, concepts="nash").holds("nash"))


def test_two_rows_of_one_name_are_refused():
    asked, *_ = asked_of(0)
    with pytest.raises(AskError) as raised:
        stability(asked, concepts=("seq", Foresight("seq", "another", "any", False, "")))
    assert raised.value.code == "negotiate/unknown-concept"


WARY = '    Foresight("wary", "Wary sequential stability", "weak", True, "fears replies that cost nothing, if it cannot escape"),\n'
ASKED_OF_A_COPY = """
import sys

import bestand
from bestand.cli import main

valley = bestand.read(sys.argv[1])
known = bestand.study(valley, quick=True, hypotheses=False, draws=1)
page = str(bestand.report(known).html)
assert "WARY" in page and "some words" in page and "een paar woorden" in str(bestand.report(known, language="nl").html)
assert "wary" in bestand.stability(bestand.conflict(valley)).concepts
assert "'wary'" in str(bestand.schema())
main(["why", sys.argv[1], "--party", "upper", "--concept", "wary"], standalone_mode=False)
"""


def test_a_concept_is_a_row_and_its_words_and_nothing_else(tmp_path):
    """Done by hand in a copy of the program: engines, commands, format, schema and page know the concept by its row."""
    package = tmp_path / "bestand"
    shutil.copytree(pathlib.Path(bestand.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "page"))
    rows = package / "case" / "concepts.py"
    rows.write_text(rows.read_text("utf-8").replace(")\nCONCEPTS:", f"{WARY})\nCONCEPTS:"), "utf-8")
    for language, said in (("en", "some words"), ("nl", "een paar woorden")):
        table = package / "telling" / f"{language}.toml"
        table.write_text(table.read_text("utf-8").replace("\nconcept_nash", f'\nconcept_wary = "WARY"\nforesight_wary = "{said}"\nconcept_nash'), "utf-8")
    command = [sys.executable, "-c", ASKED_OF_A_COPY, str(pathlib.Path(__file__).parents[2] / "cases" / "example" / "en")]
    shown = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, encoding="utf-8", check=False)
    assert shown.returncode == 0 and "stays" in shown.stdout, shown.stderr


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_concept_has_its_words(language):
    phrases = words(language).phrases
    assert all(phrases[f"concept_{name}"] and phrases[f"foresight_{name}"] for name in CONCEPTS)
