"""The deeper study runs beside the page: it can be stopped at any moment, and its fall is told, not waited for."""

from __future__ import annotations

import queue

import pytest

from bestand.case.read import read
from bestand.web.beside import Beside, Question


@pytest.fixture
def told():
    return queue.Queue()


@pytest.fixture
def beside(told):
    made = Beside(lambda version, stage, known: told.put((version, stage, known)))
    yield made
    made.close()


def question(version):
    case = read("example/en")
    return Question(version, case.text, case.path, None, None, "en", draws=20)


def test_a_newer_version_stops_the_study_of_an_older_one(beside, told):
    beside.ask(question(1))
    first = told.get(timeout=60)
    assert first[0] == 1
    beside.ask(question(2))
    stages = []
    while "watch" not in stages:
        version, stage, known = told.get(timeout=60)
        if version == 2:
            stages.append(stage)
            assert stage in ("progress", "refused", "presents") or (known["blocks"] if stage == "watch" else known["sentences"])
    assert next(stage for stage in stages if stage != "progress") == "core"
    assert "refused" not in stages


def test_a_study_that_falls_is_told(beside, told):
    beside.ask(question(3))
    told.get(timeout=60)
    beside.process.kill()
    while (heard := told.get(timeout=60))[1] != "refused":
        pass
    assert heard[2]["problems"][0]["code"] == "web/fell"
