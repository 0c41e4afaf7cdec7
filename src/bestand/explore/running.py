"""Chunks handed out to whoever makes them: here, to an executor, or to one that is replaced when its workers are killed."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from pathlib import Path

from bestand.arguments import shown
from bestand.errors import AskError, Problem
from bestand.explore.task import Task, make
from bestand.extras import optional
from bestand.graph.budget import Budget, Pace

MOST_REPLACED = 20  # times in a row that an executor is replaced without a chunk having been made
_KNOWN: dict[str, Task] = {}  # the task that this worker was last sent
Executors = Executor | Callable[[], Executor] | None


def run(
    task: Task,
    todo: Mapping[int, int],
    folder: Path,
    about: Mapping[str, str],
    executor: Executors,
    *,
    ahead: int,
    budget: Budget,
) -> None:
    """Makes the chunks that are missing: number → size; the first in any case, and others as long as there is time.

    Raises
    ------
    AskError
        `sweep/broken` where workers die again and again; `sweep/needs-extra` where a task cannot be sent to them.
    """
    pace = Pace(budget)
    if executor is None:
        for done, (k, size) in enumerate(todo.items()):
            if done and not pace.fits():
                return
            pace.step(lambda k=k, size=size: make(task, k, size, folder, about))  # type: ignore[misc]
            budget.progress((done + 1) / len(todo))
        return
    left, in_vain = dict(todo), 0
    while left and (len(left) == len(todo) or pace.left):
        before = len(left)
        try:
            with_it = executor() if callable(executor) else executor
            if not isinstance(with_it, Executor):
                raise AskError(Problem("ask/wrong-form", f"the workers are {shown(with_it)}", hint="give an Executor, or a function that makes one"))
            _hand_out(with_it, task, left, folder, about, ahead=ahead, told=lambda: budget.progress(1 - len(left) / len(todo)), pace=pace)
        except (BrokenExecutor, CancelledError) as error:
            in_vain = in_vain + 1 if len(left) == before else 0
            if not callable(executor) or in_vain > MOST_REPLACED:
                what = f"workers were killed with {len(left):,} chunks still to make"
                raise AskError(Problem("sweep/broken", what, hint="begin the sweep again: it goes on where it stopped")) from error


def _hand_out(
    executor: Executor,
    task: Task,
    left: dict[int, int],
    folder: Path,
    about: Mapping[str, str],
    *,
    ahead: int,
    told: Callable[[], None],
    pace: Pace,
) -> None:
    """Hands out chunks, a bounded number at a time, until the time is up; takes those that are made out of `left`."""
    digest, sent = about["sweep"], _packed(task)
    where, waiting = str(folder.absolute()), iter(list(left.items()))
    pending: dict[Future[bool], int] = {}
    bare, first, n_wanted = _first(executor, ahead), 0, len(left)
    try:
        while True:
            while len(pending) < ahead and (following := next(waiting, None)) is not None:
                if first < bare:  # the task goes with the first chunks, so that no worker has to ask for it
                    pending[executor.submit(made, digest, sent, *following, where, dict(about))] = following[0]
                else:
                    pending[executor.submit(made_if_known, digest, *following, where, dict(about))] = following[0]
                first += 1
            if not pending or (len(left) < n_wanted and not pace.left):
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                k = pending.pop(future)
                if future.result():
                    del left[k]
                    told()
                else:
                    pending[executor.submit(made, digest, sent, k, left[k], where, dict(about))] = k
    finally:
        for future in pending:
            future.cancel()


def _first(executor: Executor, ahead: int) -> int:
    """With how many chunks the task is sent along: two for each worker, where an executor says how many it has; else all that go first."""
    workers = getattr(executor, "_max_workers", None)
    return min(ahead, 2 * workers) if isinstance(workers, int) and workers > 0 else ahead


def _packed(task: Task) -> bytes:
    """A task as bytes, functions of the user's own included."""
    bare = Task(task.space, task.measures, task.seed, task.each, task.design, task.view, task.hold, task.options)
    cloudpickle = optional("cloudpickle", extra="sweep", code="sweep/needs-extra", what="sending a task to workers")
    packed: bytes = cloudpickle.dumps(bare)
    return packed


def made_if_known(digest: str, k: int, size: int, folder: str, about: Mapping[str, str]) -> bool:
    """Makes a chunk of a task that this worker has been sent before; False where it has not."""
    task = _KNOWN.get(digest)
    if task is None:
        return False
    make(task, k, size, Path(folder), about)
    return True


def made(digest: str, sent: bytes, k: int, size: int, folder: str, about: Mapping[str, str]) -> bool:
    """Makes a chunk of a task that is sent along, and remembers the task."""
    if digest not in _KNOWN:
        _KNOWN.clear()
        _KNOWN[digest] = pickle.loads(sent)
    return bool(made_if_known(digest, k, size, folder, about))
