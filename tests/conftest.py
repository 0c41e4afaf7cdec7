"""What many tests share: where the published tables lie that may not be copied into the project, and studies made once."""

from __future__ import annotations

import gc
import os
import pathlib
import pickle
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import settings

from bestand.case.read import read, read_text
from bestand.cli import terminal
from bestand.collecting import collect_seldom
from bestand.files import put
from bestand.study import clock
from bestand.study.stages import Study, study
from tests.banks import CASE
from tests.oracle.frozen import TALKS

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # of tests begun in the background: what they start would hear no interrupt
    signal.signal(signal.SIGINT, signal.default_int_handler)
gc.disable()  # until all is loaded and collected, of which nothing is thrown away
ROOT = pathlib.Path(__file__).parent.parent
terminal.PATIENCE = 1e6  # seconds: what a command prints does not hang on how busy the machine is
WALL, clock.CLOCK = clock.CLOCK, None  # nor does how many draws an answer rests on: what takes how long is reckoned
settings.register_profile("any machine", deadline=None, derandomize=True)  # how busy the machine is says nothing of the program, nor does luck
settings.register_profile("search", deadline=None, max_examples=400)  # for cases that nobody has seen yet: BESTAND_SEARCH=1
settings.load_profile("search" if os.environ.get("BESTAND_SEARCH") else "any machine")


PROGRESS = re.compile(r"^bestand: [\w ]+, (for|\d+ % after) \d+ s\r?\n", re.M)


def less_progress(told: str) -> str:
    """What another process said on stderr, less its lines of progress: on a busy machine it may say that it is still at work."""
    return PROGRESS.sub("", told)


def pytest_collection_finish() -> None:
    """What has been loaded and collected stays: Python does not look through it for what it could throw away, again and again."""
    gc.enable()
    collect_seldom()


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """The folder of published tables; a test that needs it is skipped where it is absent."""
    folder = pathlib.Path(os.environ.get("BESTAND_SHARED", ROOT.parent / "shared"))
    if not (folder / "oracles").is_dir():
        if os.environ.get("BESTAND_ORACLES_REQUIRED"):
            pytest.fail(f"no published tables in {folder}")
        pytest.skip("the published tables (oracles) are not on this machine; set BESTAND_SHARED to their folder")
    return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, Callable[[], Study]], Study]]:
    """What is made under a name, made by the first of a run's processes that asks for it and read by the others."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield lambda name, make: make()
        return
    folder = tmp_path_factory.getbasetemp().parent / "once"  # its parent is the one that all processes of a run share
    folder.mkdir(exist_ok=True)
    (mine := folder / f"{os.environ['PYTEST_XDIST_WORKER']}.here").touch()

    def made(name: str, make: Callable[[], Study]) -> Study:
        kept, begun = folder / f"{name}.pickle", folder / f"{name}.begun"
        try:
            begun.touch(exist_ok=False)
        except FileExistsError:
            for _ in range(6000):
                with suppress(FileNotFoundError):  # not yet, or no longer
                    return pickle.loads(kept.read_bytes())
                if not begun.exists():
                    break
                time.sleep(0.1)
            return make()  # whoever began it has failed, and says so in its own tests
        try:
            fresh = make()
            put(pickle.dumps(fresh), kept)
        except BaseException:
            begun.unlink()
            raise
        return fresh

    yield made
    mine.unlink()
    for file in () if any(folder.glob("*.here")) else folder.iterdir():  # large, and of no use to the next run: the last one cleans
        file.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def ukraine(once) -> Study:
    """A whole study of the main case, made once for all tests of pages."""
    return once("ukraine", lambda: study(read("ukraine/2025-04"), draws=4, seconds=1.3))


@pytest.fixture(scope="session")
def banks(once) -> Study:
    """A whole study of a small case with every kind of line."""
    return once("banks", lambda: study(read_text(CASE), draws=4))


@pytest.fixture(scope="session")
def talks(once) -> Study:
    """A whole study of the first form of the main case, whose numbers do not change."""
    return once("talks", lambda: study(read(TALKS), draws=8, hypotheses=False, seconds=0.9))
