"""The case on the desk: what its file says, the version it is at, and every accepted edit on disk before it is confirmed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bestand.case.loaded import Case
from bestand.case.read import bytes_of, read_again
from bestand.case.sections import KnownSections, sections_of
from bestand.case.write import write_text
from bestand.case.yaml import Value
from bestand.errors import AskError, BestandError, CaseError, FileError, Place, Problem
from bestand.web.edits import OneEdit, spliced
from bestand.web.splice import whole_contents
from bestand.web.translated import with_translations
from bestand.web.versions import Kind, Version, Versions, digest_of


@dataclass(frozen=True, slots=True)
class DeskVersion:
    """One version of the case as it lies on the desk.

    case     : None where the file has mistakes, which `problems` tells
    plain    : the contents, as they stand in the file; None where the case is
    """

    text: str
    digest: str
    version: int
    case: Case | None
    problems: tuple[Problem, ...]
    plain: dict[str, Value] | None

    def readable(self) -> Case:
        """The case, where its file has no mistakes.

        Raises
        ------
        AskError
            `web/not-readable`.
        """
        if self.case is None:
            raise _not_readable()
        return self.case


def _not_readable() -> AskError:
    return AskError(Problem("web/not-readable", "the file has mistakes", hint="put them right in its text first"))


class Desk:
    """One case file, open for editing; one edit at a time."""

    def __init__(self, path: Path, sources: Path | None = None) -> None:
        self.path, self.sources = path.resolve(), sources
        self.lock = threading.RLock()
        self.versions, self.sections = Versions(self.path), KnownSections()
        self.contents: dict[str, dict[str, Value]] = {}
        self.stood: dict[Path, tuple[int, ...]] = {}
        self.sheet: DeskVersion
        text = self._on_disk()
        self.versions.keep(text)
        if not self.versions.done or self.versions.done[-1] != digest_of(text):
            self.versions.add("opened" if not self.versions.all else "outside", text, "")
        self.sheet = self._sheet(text)

    def _on_disk(self) -> str:
        if self.path.is_symlink():  # none was opened: it was put there since, and may point anywhere
            raise CaseError(Problem("file/not-plain", "a link stands there", Place(str(self.path)), "put the file back"))
        try:
            return bytes_of(self.path).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CaseError(Problem("case/yaml", "the file is not UTF-8", Place(str(self.path)), "save it as UTF-8")) from error

    def _sheet(self, text: str) -> DeskVersion:
        case, problems = self._read(text, known=self._same_evidence(text))
        return DeskVersion(text, digest_of(text), self.versions.number, case, problems, None if case is None else self._contents(text))

    def _same_evidence(self, text: str) -> Case | None:
        """The case that lies on the desk, where a text says the same of claims and sources: its quotes need not be checked again."""
        lies = getattr(self, "sheet", None)
        if lies is None or lies.case is None:
            return None
        try:
            then, now = (self.sections.load(one)[0] for one in (lies.text, text))  # values: a key may stand in quotes, within another section's lines
        except CaseError:
            return None
        same = isinstance(then, dict) and isinstance(now, dict) and all(now.get(key) == then.get(key) for key in ("claims", "sources"))
        return lies.case if same and self._documents(lies.case) == self.stood else None

    def _documents(self, case: Case) -> dict[Path, tuple[int, ...]]:
        """The documents that a case names, where they stand, each with what tells whether it is still the same file."""
        stand: dict[Path, tuple[int, ...]] = {}
        for folder in {self.path.parent, *((self.sources.resolve(),) if self.sources else ())}:
            for name in {source.file for source in case.file.sources.values() if source.file}:
                with suppress(OSError, ValueError):  # not there, or no name of a file
                    at = (folder / name).resolve()
                    known = at.stat() if at.is_relative_to(folder) else None
                    stand |= {at: (known.st_mtime_ns, known.st_size, known.st_ino)} if known else {}
        return stand

    def _contents(self, text: str) -> dict[str, Value]:
        """What a text says that was just read; of sections that were there before, what they said."""
        stand = sections_of(text) or ()
        if not stand or any(each.text not in self.sections.loaded for each in stand):
            return whole_contents(text)
        self.contents = {each.text: self.contents.get(each.text) or whole_contents(each.text) for each in stand}
        return {key: value for each in stand for key, value in self.contents[each.text].items()}

    def _read(self, text: str, *, known: Case | None = None) -> tuple[Case | None, tuple[Problem, ...]]:
        """The case in a text; `known` is a version with the same claims and sources, whose quotes need not be checked again."""
        try:
            if known is None:
                case = read_again(text, self.sections, path=self.path, sources=self.sources)
                self.stood = self._documents(case)
                return case, ()
            return replace(read_again(text, self.sections), path=self.path, quotes=known.quotes, notes=known.notes), ()
        except BestandError as error:
            return None, error.problems

    def edit(self, edits: list[OneEdit], *, version: int, what: str = "") -> DeskVersion:
        """The case after some edits, which stand or fall together; on disk when this returns.

        Raises
        ------
        AskError
            `web/other-version`, `web/changed-outside`; those of the edits; CaseError with what is wrong in the case they would make.
        """
        with self.lock:
            self._current(version)
            if self.sheet.plain is None:
                raise _not_readable()
            case = self.sheet.case
            carried = edits if case is None else with_translations(case, self.sheet.plain, edits)
            text, plain = spliced(self.sheet.text, self.sheet.plain, carried)
            touched = any(edit.at[0] in ("claims", "sources") for edit in edits)
            known = None if touched or case is None or self._documents(case) != self.stood else case
            return self._accept(text, "edit", what or _about(edits), known=known, plain=plain)

    def replace(self, text: str, *, version: int, what: str = "text", agreed: Callable[[Case], None] = lambda made: None) -> DeskVersion:
        """The case with another text, as typed; refused with its mistakes if it has any, or where it is not as agreed."""
        with self.lock:
            self._current(version)
            text = text.removeprefix("\ufeff")
            return self._accept(text, "edit", what, agreed=agreed, known=self._same_evidence(text))

    def _current(self, version: int) -> None:
        if version != self.sheet.version:
            what = f"the case is at version {self.sheet.version}, and this was made on version {version}"
            raise AskError(Problem("web/other-version", what, hint="look at what changed, and edit again"))

    def _accept(
        self, text: str, kind: Kind, what: str, *, known: Case | None = None, plain: dict[str, Value] | None = None,
        agreed: Callable[[Case], None] = lambda made: None,
    ) -> DeskVersion:  # fmt: skip
        if text == self.sheet.text:
            return self.sheet
        case, problems = self._read(text, known=known)
        if case is None:
            raise CaseError(problems)
        agreed(case)
        self._save(text, kind, what)
        self.sheet = DeskVersion(text, digest_of(text), self.versions.number, case, (), self._contents(text) if plain is None else plain)
        return self.sheet

    def _save(self, text: str, kind: Kind, what: str) -> None:
        """The text on disk, where nobody else has changed the file meanwhile."""
        self._look()
        self.versions.keep(text)
        write_text(text, self.path, force=True, look=self._look)
        try:
            self.versions.add(kind, text, what)
        except FileError:  # what is refused changes nothing
            with suppress(FileError):
                write_text(self.sheet.text, self.path, force=True)
            raise

    def _look(self) -> None:
        if self.changed_outside() is not None:
            what = "another program has changed the file"
            raise AskError(Problem("web/changed-outside", what, Place(str(self.path)), "look at the comparison, and choose"))

    def changed_outside(self) -> str | None:
        """The text that another program put into the file; None where nobody did."""
        try:
            text = self._on_disk()
        except CaseError:
            return ""
        return None if digest_of(text) == self.sheet.digest else text

    def choose(self, *, theirs: bool) -> DeskVersion:
        """The case after a change from outside: with what is on disk, or with what lay on the desk; both stay among the versions."""
        with self.lock:
            outside, mine = self.changed_outside(), self.sheet.text
            if outside is None:
                return self.sheet
            if outside:
                self.versions.keep(outside)
                self.versions.add("outside", outside, "")
                self.sheet = self._sheet(outside)
            if not theirs or not outside:
                self.versions.keep(mine)
                write_text(mine, self.path, force=True)
                self.versions.add("edit", mine, "kept")
                self.sheet = self._sheet(mine)
            return self.sheet

    def step(self, kind: Kind, *, version: int) -> DeskVersion:
        """The case one step back (`undo`) or forward again (`redo`)."""
        with self.lock:
            self._current(version)
            stack = self.versions.done[:-1] if kind == "undo" else self.versions.undone
            text = self.versions.text(stack[-1]) if stack else None
            if text is None:
                raise AskError(Problem("web/no-step", f"nothing left to {kind}", hint="every version is listed under Changes"))
            self._save(text, kind, "")
            self.sheet = self._sheet(text)
            return self.sheet

    def restore(self, number: int, *, version: int) -> DeskVersion:
        """The case as it was in an earlier version, as a new edit."""
        with self.lock:
            self._current(version)
            return self._accept(self.text_of(number), "edit", f"version {number}")

    def text_of(self, number: int) -> str:
        """The text of a version.

        Raises
        ------
        AskError
            `web/no-version`.
        """
        version: Version | None = next((each for each in self.versions.all if each.number == number), None)
        text = self.versions.text(version.digest) if version else None
        if text is None:
            raise AskError(Problem("web/no-version", f"no version {number}", hint="choose one of those listed"))
        return text


def _about(edits: list[OneEdit]) -> str:
    return ", ".join(dict.fromkeys(".".join(map(str, edit.at)) for edit in edits))[:200]
