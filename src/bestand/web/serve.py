"""Serving the workbench on this machine: a port that stays the same for a case, a key that only its owner can read."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from bestand.collecting import collect_seldom
from bestand.errors import AskError, FileError, Problem
from bestand.files import content
from bestand.web.app import application
from bestand.web.bench import Bench
from bestand.web.guard import new_key
from bestand.web.versions import FOLDER

HOST = "127.0.0.1"
FIRST, PORTS, TRIED = 20_000, 20_000, 20
LET_GO = 2.0  # seconds after an interrupt in which what is being worked out may still be finished
MOST_KEY = 1_000  # bytes of the file of a key


def key_of(folder: Path, *, fresh: bool = False) -> str:
    """The key of the link into a folder: kept in it, readable by its owner alone, so that links survive a restart."""
    kept = folder / FOLDER / "key"
    if not fresh and (known := _known(kept)):
        return known
    key = new_key()
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        (kept.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        kept.unlink(missing_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
    except OSError:
        return key  # a folder that cannot be written: the key lives as long as the program
    return key


def _known(kept: Path) -> str:
    """The key that a file keeps, if it is such a file; else empty."""
    if not kept.is_file() or kept.is_symlink() or not _for_its_owner(kept):
        return ""
    try:
        key = content(kept, most=MOST_KEY).decode("ascii", "replace").strip()
    except FileError:
        return ""
    return key if re.fullmatch(r"[\w-]{40,}", key, re.ASCII) else ""


def _for_its_owner(kept: Path) -> bool:
    """Whether others are kept out; Windows does that by lists that a folder hands down, and its modes say nothing."""
    return os.name == "nt" or kept.stat().st_mode & 0o077 == 0


def listening(folder: Path, port: int | None = None) -> socket.socket:
    """A socket on this machine alone: on the port asked for, else on one that follows from the folder's name, if it is free.

    Raises
    ------
    AskError
        `web/no-port`.
    """
    usual = FIRST + int.from_bytes(hashlib.sha256(os.fsencode(folder.resolve())).digest()[:4], "big") % PORTS
    wanted: Sequence[int] = [port] if port else [*range(usual, usual + TRIED), 0]
    for number in wanted:
        made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, *alone_at_a_port())
        try:
            made.bind((HOST, number))
        except OSError:
            made.close()
            continue
        made.listen(128)
        return made
    raise AskError(Problem("web/no-port", f"port {port} is taken", hint="give another --port, or none"))


def alone_at_a_port() -> tuple[int, int]:
    """The option by which a port is ours: on Windows SO_REUSEADDR would let another program take it as well."""
    exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
    return (socket.SO_REUSEADDR, 1) if exclusive is None else (exclusive, 1)


class _Server(uvicorn.Server):
    """A server that at its end waits for no answer: what is being worked out may take a minute, and what was confirmed is on disk."""

    def __init__(self, config: uvicorn.Config, late: Callable[[], None]) -> None:
        super().__init__(config)
        self.late = threading.Timer(LET_GO, late)
        self.late.daemon = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends all that can be ended, and gives the rest a moment."""
        self.late.start()
        await super().shutdown(sockets)


def serve(
    bench: Bench, *, port: int | None = None, fresh: bool = False, also: Sequence[str] = (), https: bool = False, ready: Callable[[str], None],
    late: Callable[[], None],
) -> None:
    """Serves until interrupted; `ready` is given the link, `late` is called where the program is still there a moment after that.

    also  : further names under which a proxy in front is asked for, such as ``workbench.example.org``
    https : whether that proxy speaks TLS
    """
    made = listening(bench.folder, port)
    number = made.getsockname()[1]
    key = key_of(bench.folder, fresh=fresh)
    hosts = [f"{HOST}:{number}", f"localhost:{number}", *also]
    inner = application(bench, key=key, hosts=hosts, https=https)
    # Streams are open as long as pages are: nobody waits for them at the end.
    config = uvicorn.Config(inner, log_level="critical", access_log=False, server_header=False, timeout_graceful_shutdown=1, lifespan="on", ws="none")
    collect_seldom()
    ready(f"http://{HOST}:{number}/?key={key}")
    _Server(config, late).run(sockets=[made])
