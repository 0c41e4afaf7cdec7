"""Programs that print a page: each in a process of its own, ended with all that it started once its time or its room is spent."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

STEP = 0.05  # seconds between two looks at a program that runs
PATIENCE = 5.0  # seconds for a program that was told to end


def run_within(command: Sequence[str], made: Path, *, seconds: float, most: int, environment: Mapping[str, str] | None = None) -> str:
    """Why a program did not make its file within its bounds; empty where it did.

    command : the program and its arguments; what it says is thrown away
    made    : the file that it makes
    seconds : after which it is ended, with every process that it started
    most    : bytes of the file beyond which it is ended

    >>> import sys, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> run_within([sys.executable, "-c", "import time; time.sleep(60)"], Path(folder.name, "x"), seconds=0.2, most=1)
    'it takes more than 0.2 seconds'
    """
    until = time.monotonic() + seconds
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, env=environment, start_new_session=os.name != "nt")
    except OSError as error:
        return type(error).__name__
    why = ""
    try:
        while not why and process.poll() is None:
            if time.monotonic() > until:
                why = f"it takes more than {seconds:g} seconds"
            elif _size(made) > most:
                why = f"it writes more than {most:,} bytes"
            else:
                time.sleep(STEP)
    finally:  # also where somebody interrupts
        _end(process)
    if why or _size(made) > most:
        return why or f"it writes more than {most:,} bytes"
    return f"it ended with {process.returncode}" if process.returncode else ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a program and what it started: the group of processes that it leads, where the system has such groups."""
    end_group = getattr(os, "killpg", None)
    if end_group is not None:
        with suppress(ProcessLookupError, PermissionError):
            end_group(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    elif process.poll() is None:
        process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
