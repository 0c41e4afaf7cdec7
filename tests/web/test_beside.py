"""The deeper study runs beside the page: it can be stopped at any moment, and its fall is told, not waited for."""

from __future__ import annotations

import asyncio
import queue
import threading

import pytest

from bestand.case.read import read
from bestand.errors import AskError
from bestand.web.bench import MOST_WINDOWS, Bench, Window
from bestand.web.beside import Beside, Question
from bestand.web.desk import Desk
from tests.web.conftest import PATIENCE, alone, until


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
    first = told.get(timeout=PATIENCE)
    assert first[0] == 1
    beside.ask(question(2))
    stages = []
    while "watch" not in stages:
        version, stage, known = told.get(timeout=PATIENCE)
        if version == 2:
            stages.append(stage)
            assert stage in ("progress", "refused", "presents") or (known["blocks"] if stage == "watch" else known["sentences"])
    assert next(stage for stage in stages if stage != "progress") == "core"
    assert "refused" not in stages


def test_a_study_that_falls_is_told(beside, told):
    beside.ask(question(3))
    told.get(timeout=PATIENCE)
    beside.process.kill()
    while (heard := told.get(timeout=PATIENCE))[1] != "refused":
        pass
    assert heard[2]["problems"][0]["code"] == "web/fell"


def test_nothing_is_told_after_it_is_closed_and_nothing_is_begun():
    heard, go_on = queue.Queue(), threading.Event()

    def told(*known):
        heard.put(known)
        assert go_on.wait(PATIENCE)

    beside = Beside(told)
    beside.ask(question(1))
    heard.get(timeout=PATIENCE)  # the next words wait behind this one
    closing = threading.Thread(target=beside.close)
    closing.start()
    until(lambda: beside.closed)
    assert closing.is_alive()
    go_on.set()
    closing.join()
    assert not any(each.is_alive() for each in beside.listeners)
    beside.ask(question(2))
    assert beside.process is None
    assert heard.empty()


def test_a_window_is_told_the_newest_of_each_kind_in_order_however_long_it_does_not_listen():
    async def heard():
        window = Window({"case": {"version": 1}})
        for version in range(2, 2000):
            for kind in ("case", "answer", "progress", "answer"):
                window.tell(kind, {"version": version, "words": "many"})
        assert len(window.waiting) == 3
        return [await window.next(0.01) for _ in range(4)]

    told = alone(heard())
    assert [kind for kind, _ in told] == ["case", "progress", "answer", "beat"]
    assert {each["version"] for _, each in told[:3]} == {1999}


def test_a_window_too_many_is_refused(tmp_path):
    bench = Bench(tmp_path, None)
    bench.listeners = {object() for _ in range(MOST_WINDOWS - 1)}
    bench.room_for_one_more()
    bench.listeners.add(object())
    with pytest.raises(AskError, match="too-many-windows"):
        bench.room_for_one_more()


def test_a_bench_that_is_left_while_its_study_begins_speaks_to_no_loop_that_is_gone(tmp_path, monkeypatch):
    (tmp_path / "case.yaml").write_text(read("example/en").text, encoding="utf-8")
    monkeypatch.setattr("bestand.web.bench.QUIET", 0.0)
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    async def used():
        bench = Bench(tmp_path, Desk(tmp_path / "case.yaml"))
        ask = bench.beside.ask

        def late(asked):
            begun.set()
            go_on.wait(PATIENCE)
            ask(asked)
            ended.set()

        bench.beside.ask = late
        await bench.start()
        while not begun.is_set():
            await asyncio.sleep(0.01)
        await bench.stop()
        return bench

    left = []
    using = threading.Thread(target=lambda: left.append(asyncio.run(used())))  # in this one a browser's own loop may run
    using.start()
    using.join()
    (bench,) = left
    go_on.set()
    assert ended.wait(PATIENCE)
    assert bench.beside.process is None
    assert bench.beside.listeners == []
