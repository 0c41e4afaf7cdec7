"""A case that has been read: the file's model with its places, parsed conditions and checked quotes."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from pydantic import BaseModel

from bestand.arguments import checked, shown
from bestand.case.conditions import Node, parse
from bestand.case.model import CaseFile, Lever, Want
from bestand.case.parts import IsCondition, Part, marked
from bestand.case.remembered import remembered
from bestand.case.sizes import only_ordered, with_sizes
from bestand.case.yaml import joined, steps
from bestand.errors import AskError, Place, Problem, did_you_mean, short
from bestand.evidence.claim import CheckedQuote


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """One conflict as stated in one file; nothing in it refers to what does not exist.

    file       : the contents, as frozen models, with short forms written out
    path       : where it was read, or None for a text
    digest     : sha256 of the file's bytes
    text       : the file's text, with its comments
    marks      : line and column (from 1) of every key path, such as ``wants.ru[2].that``
    terms      : the named conditions, parsed
    conditions : every condition in the file, parsed, by its text
    quotes     : what became of each claim's quote
    notes      : what readers should know of each source at hand (`tracked-changes`, `struck-out`, `hidden`, `unclear`, `turned`)
    written    : the contents as written, with their short forms; None where they were changed since
    known_through : party → lever that it knows through channels only → where one stands: so a want that is added is read as well
    """

    file: CaseFile
    path: Path | None
    digest: str
    text: str
    marks: Mapping[str, tuple[int, int]]
    terms: Mapping[str, Node] = field(default_factory=dict)
    conditions: Mapping[str, Node] = field(default_factory=dict)
    quotes: Mapping[str, CheckedQuote] = field(default_factory=dict)
    notes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    written: CaseFile | None = None
    known_through: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __repr__(self) -> str:
        """One line: a case is too long to be shown whole."""
        parts = (f"{len(getattr(self.file, name))} {name}" for name in ("parties", "levers", "claims"))
        return f"<case {short(self.file.title, most=60)!r}: {', '.join(parts)}; sha256 {self.digest[:12]}…>"

    def __hash__(self) -> int:
        """Of the digest of its file."""
        return hash(self.digest)

    @checked
    def condition(self, text: str) -> Node:
        """The tree of a condition; one that stands in the file is not parsed again."""
        return self.conditions[text] if text in self.conditions else parse(text)

    @property
    def settings(self) -> Mapping[str, tuple[str, ...]]:
        """Settings of every lever, in order."""
        return dict(_settings(self.file.levers))

    @property
    def now(self) -> Mapping[str, str]:
        """Present setting of every lever."""
        return dict(_now(self.file.levers))

    @checked
    def wants(self, party: str) -> Mapping[str, tuple[Want, ...]]:
        """A party's wants per type, most important first; the type's name is empty where wants are the same for all.

        Where the case says that sizes are drawn, wants of which only the order is known have the middle ones.
        """
        listed = self._listed(party)
        if self.file.sizes == "stated":
            return listed
        return {kind: with_sizes(wants) if only_ordered(self.file, wants) else wants for kind, wants in listed.items()}

    @checked
    def listed(self, party: str) -> Mapping[str, tuple[Want, ...]]:
        """A party's wants per type as the file has them, without sizes that are drawn."""
        return self._listed(party)

    def _listed(self, party: str) -> Mapping[str, tuple[Want, ...]]:
        if party not in self.file.parties:
            raise AskError(Problem("graph/unknown-party", f"no party {shown(party)}", hint=did_you_mean(party, self.file.parties)))
        stated = self.file.wants.get(party, ())
        return stated if isinstance(stated, Mapping) else {"": stated}

    @checked
    def place(self, at: str) -> Place:
        """Where in the file a key path stands, or the nearest path above it that does."""
        return place(at, self.marks, str(self.path) if self.path else None)


@remembered(8)
def _settings(levers: Mapping[str, Lever]) -> Mapping[str, tuple[str, ...]]:
    return {name: lever.settings for name, lever in levers.items()}


@remembered(8)
def _now(levers: Mapping[str, Lever]) -> Mapping[str, str]:
    return {name: lever.now or lever.settings[0] for name, lever in levers.items()}


@runtime_checkable
class OfCase(Protocol):
    """What was made of a case and knows it, such as a conflict or a study."""

    @property
    def case(self) -> Case:
        """The case."""


def stated(given: Case | OfCase) -> Case:
    """The case itself, or the one that something was made of.

    Raises
    ------
    AskError
        `ask/wrong-form` where there is none.
    """
    case = given if isinstance(given, Case) else getattr(given, "case", None)
    if isinstance(case, Case):
        return case
    raise AskError(Problem("ask/wrong-form", f"a case is asked for, not {shown(given)}", hint="read('FILE') reads one"))


def place(at: str, marks: Mapping[str, tuple[int, int]], file: str | None) -> Place:
    """Where in a file a key path stands, or the nearest path above it that does."""
    for step in steps(at):
        for written in (step, step.replace("[0]", "")):  # one test may stand without its list
            if written in marks:
                return Place(file, *marks[written], at)
    return Place(file, at=at)


def conditions_of(file: CaseFile) -> Iterator[tuple[str, str]]:
    """Every condition of a case file: key path and text; the model marks which keys hold one."""
    return conditions_in(parts(file))


def conditions_in(some: Iterable[tuple[str, Part]]) -> Iterator[tuple[str, str]]:
    """Every condition of some parts, themselves alone."""
    for at, part in some:
        for attribute, key, _ in marked(type(part), IsCondition):
            if (text := getattr(part, attribute)) is not None:
                yield joined(at, key), text


def parts(value: object, at: str = "") -> Iterator[tuple[str, Part]]:
    """Every part of a case file with its key path, outer parts first, in the order of the models."""
    return iter(_of_file(value) if isinstance(value, CaseFile) else _gathered(value, at))


@remembered(2)  # the file as read, and as written out
def _of_file(file: CaseFile) -> list[tuple[str, Part]]:
    return _gathered(file, "")


def _gathered(value: object, at: str) -> list[tuple[str, Part]]:
    every: list[tuple[str, Part]] = []
    _gather(value, at, every)
    return every


def _gather(value: object, at: str, every: list[tuple[str, Part]]) -> None:
    if isinstance(value, BaseModel):
        if isinstance(value, Part):
            every.append((at, value))
        for name, key in _keys(type(value)):
            inner = getattr(value, name)
            if inner and not isinstance(inner, _WITHOUT):
                _gather(inner, joined(at, key), every)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(inner, _WITHOUT):
                _gather(inner, joined(at, str(key)), every)
    elif isinstance(value, tuple):
        for k, inner in enumerate(value):
            if not isinstance(inner, _WITHOUT):
                _gather(inner, joined(at, k), every)


_WITHOUT = (str, int, float, type(None))  # what has no parts: most of a file


@functools.cache
def _keys(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Attributes of a model, with the keys that they have in a file."""
    return tuple((name, info.alias or name) for name, info in model.model_fields.items())
