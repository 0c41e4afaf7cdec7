"""The workbench around one case: the desk, what is being worked out, and everyone who listens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from starlette.concurrency import run_in_threadpool

from bestand.errors import AskError, BestandError, Problem
from bestand.web.beside import Beside, Question
from bestand.web.desk import Desk, DeskVersion
from bestand.web.told import Plain, answer_told, case_told, problems_told

if TYPE_CHECKING:  # the server is up before all that answers is loaded
    from bestand.graph.conflict import Conflict
    from bestand.study.everything import Study

QUIET = 0.3  # seconds without an edit before the deeper stages begin
WATCHED = 1.0  # seconds between looks at the file
BEAT = 20.0  # seconds after which a window that was told nothing is told that all is well
MOST_WINDOWS = 64  # windows that listen at once
_Any = TypeVar("_Any")


class Window:
    """What one window is still to be told: of each kind the newest only, so that one that does not listen takes no room."""

    def __init__(self, known: Mapping[str, Plain]) -> None:
        self.waiting, self.rung = dict(known), asyncio.Event()
        if known:
            self.rung.set()

    def tell(self, kind: str, told: Plain) -> None:
        """Puts one more thing before it; a new version of the case makes all older things stale."""
        if kind == "case":
            self.waiting.clear()
        self.waiting.pop(kind, None)
        self.waiting[kind] = told
        self.rung.set()

    async def next(self, seconds: float) -> tuple[str, Plain]:
        """The next thing to be told; a beat where nothing comes for so long."""
        try:
            await asyncio.wait_for(self.rung.wait(), seconds)
        except TimeoutError:
            return "beat", {}
        kind = next(iter(self.waiting))
        told = self.waiting.pop(kind)
        if not self.waiting:
            self.rung.clear()
        return kind, told


class Bench:
    """One case on the bench.

    folder   : everything that is read or written lies in it
    desk     : the case; None on the empty page
    language : of sentences
    """

    def __init__(self, folder: Path, desk: Desk | None, *, sources: Path | None = None, language: str = "en") -> None:
        self.folder, self.desk_or_none, self.sources, self.language = folder, desk, sources, language
        self.view: str | None = None
        self.listeners: set[Window] = set()
        self.last: dict[str, Plain] = {}
        self.asked: Conflict | None = None
        self.study: Study | None = None
        self.asking = threading.RLock()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.beside = Beside(self._told)
        self.waiting: asyncio.Task[None] | None = None
        self.watching: asyncio.Task[None] | None = None

    @property
    def desk(self) -> Desk:
        """The case on the desk.

        Raises
        ------
        AskError
            `web/no-case`.
        """
        if self.desk_or_none is None:
            raise AskError(Problem("web/no-case", "no case is open", hint="open one, or start one"))
        return self.desk_or_none

    async def start(self) -> None:
        """Begins to watch the file and to work out answers."""
        self.loop = asyncio.get_running_loop()
        self.watching = self.loop.create_task(self._watch())
        if self.desk_or_none is not None:
            self.take(self.desk.sheet, edited=False)

    async def stop(self) -> None:
        """Ends all that runs."""
        for task in (self.watching, self.waiting):
            if task is not None:
                task.cancel()
        self.beside.close()
        for window in self.listeners:
            window.tell("bye", {})

    def open(self, desk: Desk) -> None:
        """Puts another case on the desk."""
        self.desk_or_none, self.asked, self.study, self.view = desk, None, None, None
        self.take(desk.sheet, edited=False)

    def take(self, sheet: DeskVersion, *, edited: bool = True) -> None:
        """Tells everyone of a new version, and begins to work out what follows from it: the deeper stages at once where nobody is editing."""
        self.publish("case", {**case_told(self.desk, sheet, self.language), "view": self._view(sheet) or "", "language": self.language})
        self.beside.stop()
        if self.waiting is not None:
            self.waiting.cancel()
        if sheet.case is not None and self.loop is not None:
            self.waiting = self.loop.create_task(self._answer(sheet, QUIET if edited else 0.0))

    async def _answer(self, sheet: DeskVersion, quiet: float) -> None:
        try:
            core = await run_in_threadpool(self._core, sheet)
            if core is None:
                return
        except BestandError as error:
            self.publish("refused", {"version": sheet.version, "problems": problems_told(error.problems, self.language)})
            return
        self.publish("answer", {"version": sheet.version, **core})
        await asyncio.sleep(quiet)
        question = Question(sheet.version, sheet.text, self.desk.path, self.sources, self._view(sheet), self.language)
        await run_in_threadpool(self.beside.ask, question)

    def _core(self, sheet: DeskVersion) -> Plain | None:
        """What is told of a version at once; None where another one has come while this one waited."""
        from bestand.graph.conflict import conflict
        from bestand.study.stages import stages

        with self.asking:
            if self.desk.sheet.version != sheet.version:
                return None
            case = sheet.readable()
            same = self.asked is not None and self.asked.view == self._view(sheet)
            asked = cast("Conflict", self.asked).of(case) if same else conflict(case, view=self._view(sheet))
            _, study = next(iter(stages(asked)))
            self.asked, self.study = asked, study
            return answer_told(study, "core", self.language)

    def _view(self, sheet: DeskVersion) -> str | None:
        views = sheet.case.file.views if sheet.case is not None else {}
        return self.view if self.view in views else "core" if "core" in views else None

    async def ask(self, question: Callable[[Study], _Any]) -> _Any:
        """What a question about the present version gives; one at a time, off the page's own thread."""
        return await run_in_threadpool(self._ask, question)

    def _ask(self, question: Callable[[Study], _Any]) -> _Any:
        with self.asking:
            while self.study is None or self.asked is None or self.asked.case is not self.desk.sheet.case:
                self._core(self.desk.sheet)
            return question(self.study)

    def choose_view(self, view: str | None) -> None:
        """Asks in another view of the case."""
        self.view = view
        self.take(self.desk.sheet, edited=False)

    def speak(self, language: str) -> None:
        """Tells in another language."""
        self.language = language
        if self.desk_or_none is not None:
            self.take(self.desk.sheet, edited=False)

    def _told(self, version: int, stage: str, known: Plain) -> None:
        """From the process beside: what is known, if it is still about the present version."""
        if self.loop is None or self.desk_or_none is None or version != self.desk.sheet.version:
            return
        kind = stage if stage in ("progress", "refused", "presents", "watch") else "answer"
        self.loop.call_soon_threadsafe(self.publish, kind, {"version": version, **known})

    def publish(self, kind: str, told: Plain) -> None:
        """Tells everyone who listens; the last of each kind is kept for those who come later."""
        if kind == "case":
            self.last = {}
        if kind in ("answer", "refused"):
            self.last.pop("progress", None)  # of the stage before: who comes later would wait for what has been told
        self.last[kind] = told
        for window in self.listeners:
            window.tell(kind, told)

    async def listen(self) -> AsyncIterator[tuple[str, Plain]]:
        """What there is to tell, from the present version on."""
        window = Window(self.last)
        self.listeners.add(window)
        try:
            while True:
                yield await window.next(BEAT)
        finally:
            self.listeners.discard(window)

    def room_for_one_more(self) -> None:
        """Refuses a window too many.

        Raises
        ------
        AskError
            `web/too-many-windows`.
        """
        if len(self.listeners) >= MOST_WINDOWS:
            raise AskError(Problem("web/too-many-windows", f"{MOST_WINDOWS} windows are open on this case", hint="close some, and reload"))

    async def _watch(self) -> None:
        """Notices that another program has changed the file."""
        seen: str | None = None
        stamp: tuple[int, int] | None = None
        while True:
            await asyncio.sleep(WATCHED)
            if self.desk_or_none is None:
                continue
            try:
                stat = self.desk.path.stat()
                now = (stat.st_mtime_ns, stat.st_size)
            except OSError:
                now = (0, 0)
            if now == stamp:
                continue
            stamp = now
            text = await run_in_threadpool(self._looked)
            if text is not None and text != seen:
                self.publish("outside", {"text": text})
            seen = text

    def _looked(self) -> str | None:
        with self.desk.lock:
            return self.desk.changed_outside()
