"""Versions of a case that were saved in the workbench: kept beside it, each whole, so that every step can be taken back."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import time
import zlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from bestand.errors import FileError, Place, Problem
from bestand.files import add_line, content, put

FOLDER = ".bestand"
MOST_LOGGED = 200_000_000  # bytes of a log: a million edits
MOST_VERSIONS = 1_000_000_000  # largest number of a version; what says a larger one is no line of a log
MOST_KEPT = 8_000_000  # bytes of one version's text: no case is as long
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
        for each in (self.folder.parent, self.folder):
            if each.is_symlink():  # a case that came from elsewhere may point anywhere
                hint = "take it away: versions are kept in the case's own folder"
                raise FileError(Problem("file/not-plain", f"'{each.name}' is a link", Place(str(path)), hint))
        for line in self._lines():
            self._take(replace(line, number=max(line.number, self.number + 1)))  # two workbenches may have counted on from the same

    def _lines(self) -> list[Version]:
        log = self.folder / "log.jsonl"
        if log.is_symlink() or not log.exists():
            return []
        lines = content(log, most=MOST_LOGGED).decode("utf-8", "replace").split("\n")
        return [version for line in lines if (version := _version(line)) is not None]

    def _take(self, version: Version) -> None:
        """The stacks of undo and redo after one more version."""
        self.all.append(version)
        if version.kind == "undo" and len(self.done) > 1:
            self.undone.append(self.done.pop())
        elif version.kind == "redo" and self.undone:
            self.done.append(self.undone.pop())
        else:
            if self.done[-1:] != [version.digest]:  # what one of two workbenches wrote, the other saw come from outside
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
        ignored = self.folder.parent / ".gitignore"
        if not ignored.exists():
            put(b"*\n", ignored, force=True)  # another workbench may make one in the meantime
        put(gzip.compress(text.encode("utf-8"), 3), kept, force=True)

    def add(self, kind: Kind, text: str, what: str) -> Version:
        """The next version, written to the log."""
        version = Version(self.number + 1, kind, digest_of(text), what, time.strftime("%Y-%m-%dT%H:%M:%S"))
        add_line(json.dumps(asdict(version), ensure_ascii=False).encode("utf-8"), self.folder / "log.jsonl")
        self._take(version)
        return version

    def text(self, digest: str) -> str | None:
        """The text of a version; None where it is no longer kept."""
        try:
            packed = content(self.folder / f"{digest}.yaml.gz", most=MOST_KEPT)
            text = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(packed, MOST_KEPT).decode("utf-8")
        except (FileError, ValueError, zlib.error):
            return None
        return text if digest_of(text) == digest else None


def _version(line: str) -> Version | None:
    """A line of the log; None where it is torn, or not such a line."""
    try:
        version = Version(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    words = (version.what, version.when, version.digest)
    numbered = isinstance(version.number, int) and 0 < version.number < MOST_VERSIONS
    known = version.kind in get_args(Kind) and numbered and all(isinstance(each, str) for each in words)
    return version if known and re.fullmatch(r"[0-9a-f]{64}", version.digest) else None
