"""Versions of a case that were saved in the workbench: kept beside it, each whole, so that every step can be taken back."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from bestand.files import put

FOLDER = ".bestand"
Kind = Literal["opened", "edit", "undo", "redo", "outside"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its number, what made it, the digest of its text, what it is about, and when."""

    number: int
    kind: Kind
    digest: str
    what: str
    when: str


def digest_of(text: str) -> str:
    """The sha256 of a text as it stands in its file."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Versions:
    """The log of one case; a line that a crash tore off is passed over."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent / FOLDER / path.name
        self.all: list[Version] = []
        self.done: list[str] = []
        self.undone: list[str] = []
        for line in self._lines():
            self._take(line)

    def _lines(self) -> list[Version]:
        try:
            lines = (self.folder / "log.jsonl").read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return []
        versions = []
        for line in lines:
            try:
                versions.append(Version(**json.loads(line)))
            except (ValueError, TypeError):
                continue
        return versions

    def _take(self, version: Version) -> None:
        """The stacks of undo and redo after one more version."""
        self.all.append(version)
        if version.kind == "undo" and len(self.done) > 1:
            self.undone.append(self.done.pop())
        elif version.kind == "redo" and self.undone:
            self.done.append(self.undone.pop())
        else:
            self.done.append(version.digest)
            self.undone.clear()

    @property
    def number(self) -> int:
        """Number of the present version."""
        return self.all[-1].number if self.all else 0

    def keep(self, text: str) -> None:
        """Keeps a text by its digest, before anything points to it."""
        kept = self.folder / f"{digest_of(text)}.yaml.gz"
        if kept.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        ignored = self.folder.parent / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")
        put(gzip.compress(text.encode("utf-8"), 3), kept, force=True)

    def add(self, kind: Kind, text: str, what: str) -> Version:
        """The next version, written to the log."""
        version = Version(self.number + 1, kind, digest_of(text), what, time.strftime("%Y-%m-%dT%H:%M:%S"))
        with (self.folder / "log.jsonl").open("ab") as log:
            log.write(b"\n" if log.tell() and not self._ends_line() else b"")
            log.write(json.dumps(asdict(version), ensure_ascii=False).encode("utf-8") + b"\n")
        self._take(version)
        return version

    def _ends_line(self) -> bool:
        with (self.folder / "log.jsonl").open("rb") as log:
            log.seek(-1, os.SEEK_END)
            return log.read(1) == b"\n"

    def text(self, digest: str) -> str | None:
        """The text of a version; None where it is no longer kept."""
        try:
            return gzip.decompress((self.folder / f"{digest}.yaml.gz").read_bytes()).decode("utf-8")
        except (OSError, ValueError, EOFError):
            return None
