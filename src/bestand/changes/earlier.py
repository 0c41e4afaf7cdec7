"""An earlier version of a case: another file, or the same file as git keeps it at a revision or a day."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from bestand.case.loaded import Case, OfCase, stated
from bestand.case.read import catalogue, read, read_text
from bestand.case.yaml import MOST_BYTES
from bestand.errors import CaseError, Place, Problem, short, written_out

SECONDS = 20  # that git may take for one answer
MOST_LETTERS = 200  # of the name of a revision
MOST_REVISIONS = 200  # that are listed
MOST_OF_A_DAY = 1000  # commits that are looked at for one of a day: when a day ends differs by a day and two hours on earth
MOST_SUBJECT = 120  # letters of what an author wrote of a revision
_REVISION = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_./@{}^~+-]*\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """What an earlier version is: a file, a revision of the repository, or what stood there on a day.

    name   : the file or the revision as it was asked for, or the day
    commit : the commit that was read, shortened; empty for a file
    day    : the day of that commit; of a file the day that it describes, where it says so
    """

    kind: Literal["file", "revision", "day"]
    name: str
    commit: str = ""
    day: str = ""


def earlier(case: Case | OfCase, since: str, *, sources: str | Path | None = None) -> tuple[Case, EarlierVersion]:
    """An earlier version of a case and what it is.

    since : a case file, a folder with one, or a name in the catalogue; else a day (2025-04-25), for the last commit on or before
            it; else a revision of the git repository that the case lies in. A file of that name goes before a day or a revision.

    A version out of git is read without its sources: its quotes are not checked anew, and no answer hangs on that.

    Raises
    ------
    CaseError
        `case/no-git`, `case/no-repository`, `case/no-revision`; whatever is wrong in that version.

    >>> from bestand import earlier, read
    >>> old, version = earlier(read("example/nl"), "example/en")
    >>> old.file.title
    'The Aldermere: a truce on pumping'
    """
    new = stated(case)
    if not since.strip():
        raise _no_revision("an empty name is no version")
    if _is_there(since):
        old = read(since, sources=sources)
        return old, EarlierVersion("file", since, day=old.file.as_of)
    day = _day(since)
    repository = _Repository(_git(), _folder(new, since), since)
    commit = repository.last_on(since) if day else repository.commit(since)
    version = EarlierVersion("day" if day else "revision", since, commit[:10], repository.day(commit))
    path = Path(new.path or "").resolve()
    return _read(repository.text(commit, path), f"{path.name} at {since} ({commit[:10]})"), version


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit that touched a case file: its name, its day, and the first line of what its author wrote of it."""

    commit: str
    day: str
    subject: str


def revisions(path: Path, *, most: int = MOST_REVISIONS) -> tuple[Revision, ...]:
    """The commits up to HEAD that touched a case file, the newest first, at most so many; none where git knows nothing of the file.

    A file that was renamed is followed no further back than its name.
    """
    git, path = shutil.which("git"), path.resolve()
    if git is None:
        return ()
    repository = _Repository(git, path.parent, path.name)
    try:
        return repository.touching(path, most)
    except CaseError:
        return ()


def text_at(path: Path, commit: str) -> str:
    """The text of a case file at a revision.

    Raises
    ------
    CaseError
        `case/no-git`, `case/no-repository`, `case/no-revision`, `case/too-large`, `case/yaml`.
    """
    path = path.resolve()
    repository = _Repository(_git(), path.parent, commit)
    return repository.text(repository.commit(commit), path)


def _read(text: str, name: str) -> Case:
    """The case in a text out of git; whatever is wrong in it is told with its file and revision."""
    try:
        return read_text(text)
    except CaseError as error:
        raise CaseError(replace(each, place=replace(each.place, file=name)) for each in error.problems) from error


def _is_there(name: str) -> bool:
    """Whether a name is that of a file, a folder or a case of the catalogue."""
    try:
        return Path(name).exists() or name.strip("/") in catalogue()
    except (OSError, ValueError):  # too long, or with a NUL
        return False


def _day(text: str) -> bool:
    """Whether a text is a day of the calendar."""
    if not _DAY.match(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise _no_revision(f"'{text}' is no day of the calendar") from error
    return True


def _git() -> str:
    program = shutil.which("git")
    if program is None:
        what = "git is not installed, and only git knows of earlier days and revisions"
        raise CaseError(Problem("case/no-git", what, hint="name a case file instead"))
    return program


def _folder(case: Case, since: str) -> Path:
    """The folder of the case."""
    if case.path is None:
        what = f"a case that lies in no file has no version '{_shown(since)}'"
        raise CaseError(Problem("case/no-repository", what, hint="save it, or name a case file"))
    return case.path.resolve().parent


def _no_revision(what: str) -> CaseError:
    return CaseError(Problem("case/no-revision", what, hint="name a case file, a day such as 2025-04-25, or a revision that `git log` shows"))


def _shown(text: str) -> str:
    return written_out(short(text, most=60))


@dataclass(frozen=True, slots=True)
class _Repository:
    """The repository that a folder lies in; git is only ever asked to look things up, with arguments and never a shell."""

    git: str
    folder: Path
    since: str

    def commit(self, revision: str) -> str:
        """The commit that a revision stands for."""
        if len(revision) > MOST_LETTERS or not _REVISION.match(revision):
            raise _no_revision(f"'{_shown(revision)}' is no file, no day, and cannot be a revision")
        self._top()
        commit = self._asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if commit is None:
            raise _no_revision(f"no file and no revision '{_shown(revision)}'")
        return commit.strip()

    def last_on(self, day: str) -> str:
        """The last commit on or before a day, by the date that stands in the commit, wherever on earth it is asked for."""
        self._top()
        listed = self._asked("rev-list", f"--max-count={MOST_OF_A_DAY}", f"--before={day}T23:59:59-1200", "--format=%H %cs", "HEAD", "--") or ""
        for commit, made_on in (line.split(" ", 1) for line in listed.splitlines() if not line.startswith("commit ")):
            if made_on <= day:
                return commit
        raise _no_revision(f"the repository has no commit on or before {day}")

    def touching(self, path: Path, most: int) -> tuple[Revision, ...]:
        """The commits that touched a file, the newest first."""
        form = f"--format=%H%x1f%cs%x1f%<({MOST_SUBJECT},trunc)%s"
        log = self._bytes("rev-list", f"--max-count={most}", form, "--encoding=UTF-8", "HEAD", "--", f":(literal,top){self._inside(path)}") or b""
        lines = [line.split("\x1f", 2) for line in log.decode("utf-8", "replace").split("\n")]
        return tuple(Revision(each[0], each[1], written_out(each[2].strip())) for each in lines if len(each) == 3)

    def _inside(self, path: Path) -> str:
        """Where a file lies in the repository."""
        try:
            return path.relative_to(self._top()).as_posix()
        except ValueError as error:
            raise CaseError(Problem("case/no-repository", f"'{path.name}' lies outside the repository", hint="name a case file instead")) from error

    def day(self, commit: str) -> str:
        """The day of a commit."""
        return (self._asked("show", "--no-patch", "--format=%cs", commit, "--") or "").strip()

    def text(self, commit: str, path: Path) -> str:
        """The text of a file at a commit."""
        inside = self._inside(path)
        blob = f"{commit}:{inside}"
        size = self._asked("cat-file", "-s", blob)
        if size is None:
            raise _no_revision(f"'{_shown(inside)}' was not in the repository at {commit[:10]}")
        if int(size) > MOST_BYTES:
            raise CaseError(Problem("case/too-large", f"'{_shown(inside)}' at {commit[:10]} is larger than {MOST_BYTES:,} bytes"))
        raw = self._bytes("cat-file", "blob", blob) or b""
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            place = Place(f"{path.name} at {self.since} ({commit[:10]})", raw[: error.start].count(b"\n") + 1)
            raise CaseError(Problem("case/yaml", "this version of the file is not UTF-8", place, "name a version that is")) from error

    def _top(self) -> Path:
        top = self._asked("rev-parse", "--show-toplevel")
        if top is None:
            what = f"no file '{_shown(self.since)}', and '{_shown(str(self.folder))}' is in no git repository, which would know of days and revisions"
            raise CaseError(Problem("case/no-repository", what, hint="name a case file instead"))
        return Path(top.removesuffix("\n")).resolve()

    def _asked(self, *arguments: str) -> str | None:
        """What git answers, as text; None where it refuses."""
        answer = self._bytes(*arguments)
        return None if answer is None else answer.decode("utf-8", "surrogateescape")

    def _bytes(self, *arguments: str) -> bytes | None:
        """What git answers; None where it refuses."""
        settings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        settings |= {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}
        safe = ("core.fsmonitor=false", "log.showSignature=false", "protocol.allow=never")
        command = [self.git, "--no-pager", *(word for each in safe for word in ("-c", each)), "-C", str(self.folder), *arguments]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, env=settings, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CaseError(Problem("case/no-git", f"git gave no answer within {SECONDS} seconds", hint="name a case file instead")) from error
        return done.stdout if done.returncode == 0 else None
