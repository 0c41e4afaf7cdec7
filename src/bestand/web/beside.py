"""The deeper stages of a study in a process of their own: the page stays quick, and what is stale is stopped at once."""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from bestand.collecting import collect_seldom
from bestand.errors import Problem
from bestand.web.told import problems_told

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

SECONDS = 4.0  # for truces, of which the error is shown; the report takes longer, and is more exact
FELL = Problem("web/fell", "the deeper study broke off; the answers so far stand", hint="edit on, or run `bestand run` to see why")
WATCHED = 8.0  # for what to watch, as reckoned beforehand: it comes last, and the report takes longer
Told = Callable[[int, str, dict[str, object]], None]


@dataclass(frozen=True, slots=True)
class Question:
    """A case to be studied: its text, and how it is asked."""

    version: int
    text: str
    path: Path
    sources: Path | None
    view: str | None
    language: str
    draws: int = 200


class Beside:
    """One process that studies the newest version; a newer one stops it.

    told : is given the version, the stage and what is known; called from a thread
    """

    def __init__(self, told: Told) -> None:
        self.told = told
        self.starting = started_from_loaded()
        self.process: multiprocessing.process.BaseProcess | None = None
        self.pipe: Connection | None = None
        self.busy = self.closed = False
        self.lock = threading.RLock()
        self.listeners: list[threading.Thread] = []

    def warm(self) -> None:
        """Has a process ready that has loaded what it needs."""
        with self.lock:
            if self.closed or (self.process is not None and self.process.is_alive() and not self.busy):
                return
            here, there = self.starting.Pipe()
            self.process = self.starting.Process(target=work, args=(there,), daemon=True)
            self.process.start()
            there.close()
            self.pipe, self.busy = here, False

    def ask(self, question: Question) -> None:
        """Studies a version; what was being studied is stopped. Once closed, nothing is."""
        with self.lock:
            self.stop()
            self.warm()
            if self.closed or self.pipe is None:
                return
            self.busy = True
            self.pipe.send(question)
            self.listeners = [each for each in self.listeners if each.is_alive()]
            self.listeners.append(threading.Thread(target=self._listen, args=(self.pipe, question.version, question.language), daemon=True))
            self.listeners[-1].start()

    def _listen(self, pipe: Connection, version: int, language: str) -> None:
        try:
            while True:
                stage, known = pipe.recv()
                if stage == "done" or self.closed:
                    self.busy = pipe is not self.pipe and self.busy
                    return
                self.told(version, stage, known)
        except (EOFError, OSError):
            if pipe is self.pipe:  # nobody stopped it: it fell
                self.process, self.pipe, self.busy = None, None, False
                self.told(version, "refused", {"problems": problems_told([FELL], language)})

    def stop(self) -> None:
        """Stops a study that is under way."""
        with self.lock:
            if self.process is not None and self.busy:
                self.process.kill()
                self.process, self.pipe, self.busy = None, None, False

    def close(self) -> None:
        """Ends the process, and does not return before the last word has been told."""
        with self.lock:
            self.closed = True
            if self.process is not None:
                self.process.kill()
            self.process, self.pipe, self.busy = None, None, False
            listeners = self.listeners
        for each in listeners:
            each.join()


def started_from_loaded() -> SpawnContext | ForkServerContext:
    """How processes are started: from one that has loaded what they need on Linux; each on its own elsewhere, where that is not sound."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    starting = multiprocessing.get_context("forkserver")
    starting.set_forkserver_preload(["bestand.web.blocks", "bestand.report.headline", "bestand.study.stages", "bestand.case.read"])
    return starting


def work(pipe: Connection) -> None:
    """Studies what comes through a pipe, stage by stage, until nobody is left to tell."""
    from bestand.study.stages import stages  # noqa: F401  loaded before the first question

    collect_seldom()
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt, OSError):
        while True:
            _answer(pipe, pipe.recv())
            pipe.send(("done", {}))


def _answer(pipe: Connection, question: Question) -> None:
    from bestand.case.read import read_text
    from bestand.errors import BestandError
    from bestand.graph.budget import Budget
    from bestand.graph.conflict import conflict
    from bestand.study.stages import stages
    from bestand.study.watch import watch_answers
    from bestand.telling.telling import Telling
    from bestand.telling.words import words
    from bestand.web.blocks import presents_told, watch_told
    from bestand.web.told import answer_told

    try:
        case = read_text(question.text, path=question.path, sources=question.sources)
        asked = conflict(case, view=question.view)
        telling = Telling(asked, words(question.language))
        told = lambda stage, share: pipe.send(("progress", {"stage": stage, "share": round(share, 2)}))  # noqa: E731
        for stage, study in stages(asked, draws=question.draws, seconds=SECONDS, progress=told):
            pipe.send((stage, answer_told(study, stage, question.language)))
            if stage == "drawn":
                pipe.send(("presents", presents_told(study, telling)))
        answers, why_not = watch_answers(asked, budget=Budget(seconds=WATCHED, clock=time.perf_counter))
        pipe.send(("watch", watch_told(answers, why_not, telling)))
    except BestandError as error:
        pipe.send(("refused", {"problems": problems_told(error.problems, question.language)}))
