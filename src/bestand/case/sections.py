"""A case's text cut into its sections, so that those in which nothing changed need not be parsed again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bestand.case.yaml import MOST_BYTES, MOST_PATHS, MOST_VALUES, Value, load
from bestand.errors import CaseError

_KEY = re.compile(r"^([A-Za-z_]\w*):(?=[ \n]|\Z)", re.MULTILINE | re.ASCII)
_UNUSUAL = re.compile("[\r\x85\u2028\u2029\ufeff]|^(?:---|\\.\\.\\.|%)", re.MULTILINE)  # other line ends; several documents
Spots = Mapping[str, tuple[int, int]]
Loaded = tuple[Value, Spots, int]  # and the letters of all key paths


@dataclass(frozen=True, slots=True)
class TextSection:
    """A section of a case's text: its key, where its lines begin, counted in letters and in lines, and the lines."""

    key: str
    start: int
    line: int
    text: str


@dataclass(slots=True)
class KnownSections:
    """What sections of a text say, by their lines; what a text no longer has is forgotten when the next one is loaded."""

    loaded: dict[str, Loaded] = field(default_factory=dict)

    def load(self, text: str, name: str | None = None) -> tuple[Value, dict[str, tuple[int, int]]]:
        """The same as `yaml.load` of a text; only sections that were not in the text before are parsed.

        >>> known = KnownSections()
        >>> known.load("a: [no]\\nb: 1\\n") == load("a: [no]\\nb: 1\\n")
        True

        Raises
        ------
        CaseError
            As `yaml.load`.
        """
        sections = sections_of(text) if len(text) <= MOST_BYTES // 4 else None  # letters of up to four bytes
        parts = None if sections is None else self._parts(sections)
        if sections is None or parts is None:
            return load(text, name)
        self.loaded = {section.text: part for section, part in zip(sections, parts, strict=True)}
        whole: dict[str, Value] = {}
        spots: dict[str, tuple[int, int]] = {"": parts[0][1][sections[0].key]}
        for section, (value, marks, _) in zip(sections, parts, strict=True):
            whole[section.key] = value
            spots.update({at: (line + section.line, column) for at, (line, column) in marks.items()})
        return whole, spots

    def _parts(self, sections: Sequence[TextSection]) -> list[Loaded] | None:
        """Value and places of each section by itself; None where one does not stand by itself, or where they near the bounds of a file."""
        parts: list[Loaded] = []
        n_marks = n_letters = 0
        for section in sections:
            part = self.loaded.get(section.text) or _alone(section)
            if part is None:
                return None
            parts.append(part)
            n_marks, n_letters = n_marks + len(part[1]), n_letters + part[2]
            if n_marks > MOST_VALUES // 2 or n_letters > MOST_PATHS // 2:
                return None
        return parts


def _alone(section: TextSection) -> Loaded | None:
    try:
        value, marks = load(section.text)
    except CaseError:
        return None
    if not isinstance(value, dict) or list(value) != [section.key]:
        return None
    del marks[""]
    return value[section.key], marks, sum(map(len, marks))


def sections_of(text: str) -> tuple[TextSection, ...] | None:
    """The sections of a text, which together are all of it; None where it is written in a way in which they cannot be told apart.

    >>> [(section.key, section.line) for section in sections_of("# about\\na: 1\\n# of b\\nb:\\n  - c\\n")]
    [('a', 0), ('b', 3)]
    """
    beginnings = list(_KEY.finditer(text))
    keys = [each[1] for each in beginnings]
    if not beginnings or len(set(keys)) < len(keys) or _UNUSUAL.search(text):
        return None
    edges = [0, *(each.start() for each in beginnings[1:]), len(text)]
    sections, line = [], 0
    for key, first, last in zip(keys, edges, edges[1:], strict=False):
        sections.append(TextSection(key, first, line, text[first:last]))
        line += text.count("\n", first, last)
    return tuple(sections)


def respliced(text: str, key: str, change: Callable[[str], str]) -> str | None:
    """The text with one section of it changed; None where that section does not stand by itself."""
    section = next((each for each in sections_of(text) or () if each.key == key), None)
    return None if section is None else text[: section.start] + change(section.text) + text[section.start + len(section.text) :]
