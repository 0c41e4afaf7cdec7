"""The deeper stages of a study in processes of their own: the page stays quick, and what is stale is stopped at once.

Two of them share the work, as most machines have two cores: one goes through the stages, the other meanwhile plays forward what they ask about
truces. They give way to the page (`nice`).
"""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bestand.collecting import collect_seldom
from bestand.errors import BestandError, Problem
from bestand.web.told import problems_told

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext

    from bestand.graph.conflict import Conflict

SECONDS = 2.0  # for truces, of which the error is shown; the report takes longer, and is more exact
LOADED = [  # before a question comes
    "bestand.web.blocks", "bestand.report.headline", "bestand.study.stages", "bestand.case.read", "bestand.study.agreements",
    "bestand.study.by_source", "bestand.study.truces", "bestand.study.watch", "bestand.negotiate.coalitions", "bestand.negotiate.unlock",
]  # fmt: skip
GIVES_WAY = 5  # how much more the page's own questions count than these
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
    """Two processes that study the newest version; a newer one stops them.

    told : is given the version, the stage and what is known; called from a thread
    """

    def __init__(self, told: Told) -> None:
        self.told = told
        self.starting = started_from_loaded()
        self.process: multiprocessing.process.BaseProcess | None = None
        self.player: multiprocessing.process.BaseProcess | None = None
        self.pipe: Connection | None = None
        self.busy = self.closed = False
        self.lock = threading.RLock()
        self.listeners: list[threading.Thread] = []

    def warm(self) -> None:
        """Has processes ready that have loaded what they need."""
        with self.lock:
            if self.closed or (self.process is not None and self.process.is_alive() and not self.busy):
                return
            self._end()
            here, there = self.starting.Pipe()
            asks, plays = self.starting.Pipe()
            self.process = self.starting.Process(target=work, args=(there, asks), daemon=True)
            self.player = self.starting.Process(target=play_along, args=(plays,), daemon=True)
            for each in (self.process, self.player):
                each.start()
            for end in (there, asks, plays):
                end.close()
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
                self._end()
                self.told(version, "refused", {"problems": problems_told([FELL], language)})

    def stop(self) -> None:
        """Stops a study that is under way."""
        with self.lock:
            if self.busy:
                self._end()

    def _end(self) -> None:
        for each in (self.process, self.player):
            if each is not None:
                each.kill()
        self.process, self.player, self.pipe, self.busy = None, None, None, False

    def close(self) -> None:
        """Ends the process, and does not return before the last word has been told."""
        with self.lock:
            self.closed = True
            self._end()
            listeners = self.listeners
        for each in listeners:
            each.join()


def started_from_loaded() -> SpawnContext | ForkServerContext:
    """How processes are started: from one that has loaded what they need on Linux; each on its own elsewhere, where that is not sound."""
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    starting = multiprocessing.get_context("forkserver")
    starting.set_forkserver_preload(LOADED)
    return starting


def work(pipe: Connection, player: Connection) -> None:
    """Studies what comes through a pipe, stage by stage, until nobody is left to tell; `player` plays what is played forward."""
    from bestand.study.stages import stages  # noqa: F401  loaded before the first question

    _give_way()
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt, OSError):
        for turn in itertools.count():
            _answer(pipe, player, pipe.recv(), turn)
            pipe.send(("done", {}))


def play_along(pipe: Connection) -> None:
    """Plays forward what the stages of a study will ask for: the tests of hypotheses, then the truce."""
    from bestand.study.hypotheses import PLAYED, outcomes
    from bestand.study.stages import n_asked_of, truces_of

    _give_way()
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt, OSError):
        while True:
            turn, question = pipe.recv()
            try:
                asked = _asked(question)
            except BestandError:
                continue  # which the other one tells
            pipe.send((turn, "hypotheses", _given(lambda: outcomes(asked, PLAYED, draws=n_asked_of(question.draws)))))  # noqa: B023 (called at once)
            pipe.send((turn, "truces", _given(lambda: truces_of(asked.case, question.draws, 0, SECONDS))))  # noqa: B023


def _given(make: Callable[[], object]) -> object:
    try:
        return make()
    except BestandError as error:
        return error


def _heard(player: Connection, turn: int, wanted: str) -> Any:
    """What the player played in this turn; what nobody asked it for any more is passed over."""
    while True:
        told, kind, played = player.recv()
        if (told, kind) == (turn, wanted):
            if isinstance(played, BestandError):
                raise played
            return played


def _give_way() -> None:
    collect_seldom()
    if hasattr(os, "nice"):
        os.nice(GIVES_WAY)


def _asked(question: Question) -> Conflict:
    from bestand.case.read import read_text
    from bestand.graph.conflict import conflict

    return conflict(read_text(question.text, path=question.path, sources=question.sources), view=question.view)


def _answer(pipe: Connection, player: Connection, question: Question, turn: int) -> None:
    from bestand.study.clock import by_the_clock
    from bestand.study.stages import Elsewhere, stages
    from bestand.study.watch import watch_answers
    from bestand.web.blocks import presents_told, watch_told
    from bestand.web.spoken import spoken
    from bestand.web.told import answer_told

    try:
        player.send((turn, question))
        asked = _asked(question)
        telling = spoken(asked, question.language)
        told = lambda stage, share: pipe.send(("progress", {"stage": stage, "share": round(share, 2)}))  # noqa: E731
        meanwhile = Elsewhere(lambda: _heard(player, turn, "hypotheses"), lambda: _heard(player, turn, "truces"))
        for stage, study in stages(asked, draws=question.draws, seconds=SECONDS, progress=told, elsewhere=meanwhile):
            pipe.send((stage, answer_told(study, stage, question.language)))
            if stage == "drawn":
                pipe.send(("presents", presents_told(study, telling)))
        answers, why_not = watch_answers(asked, budget=by_the_clock(WATCHED))
        pipe.send(("watch", watch_told(answers, why_not, telling)))
    except BestandError as error:
        pipe.send(("refused", {"problems": problems_told(error.problems, question.language)}))
