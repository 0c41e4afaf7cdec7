"""Heads, titles and notes of tables in the reader's language: the one home of their translations.

Engines give their tables in English; `tables.nl.toml` has what each head, title and note is in Dutch, with blanks where something is
filled in. What a blank holds is told in the same way; numbers have the decimal sign of the language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from bestand.show import Cell, Table, cell_text
from bestand.telling.words import words

Part = Literal["heads", "sentences", "cells"]
PARTS: tuple[Part, ...] = get_args(Part)
MOST_BLANKS = 6  # deep: a blank in a blank in a blank
_BLANK = "{}"


@dataclass(frozen=True, slots=True)
class Template:
    """What is said in English, as a pattern with blanks, and in the reader's language, with the blanks numbered from 1."""

    pattern: re.Pattern[str]
    told: str


@dataclass(frozen=True, slots=True)
class TableWords:
    """Heads, sentences and cells of tables in one language: those without blanks by their words, the others by their pattern."""

    language: str
    plain: Mapping[Part, Mapping[str, str]]
    filled: Mapping[Part, tuple[Template, ...]]

    def told(self, text: str, part: Part, deep: int = 0) -> str | None:
        """A text in this language; None where it has no words for it.

        >>> table_words("nl").told("holds 3.5 months of the first 24 on average", "sentences")
        'houdt gemiddeld 3,5 maanden van de eerste 24'
        """
        if text in self.plain[part]:
            return self.plain[part][text]
        several = text.split("; ") if part != "heads" else []
        told = [self.told(each, part, deep + 1) for each in several] if len(several) > 1 and deep < MOST_BLANKS else []
        if told and None not in told:
            return "; ".join(each for each in told if each is not None)
        whole = self.filled_in(text, part, deep)
        if whole is not None or not any(told) or part == "cells":  # of a cell, which may be the case's own words, all or nothing
            return whole
        return "; ".join(said if each is None else each for said, each in zip(several, told, strict=True))

    def filled_in(self, text: str, part: Part, deep: int) -> str | None:
        """A text that is said with blanks, in this language; None where no pattern is like it."""
        for template in self.filled[part] if deep < MOST_BLANKS else ():
            match = template.pattern.fullmatch(text)
            if match is not None:
                return _filled(template.told, [self.blank(blank, deep + 1) for blank in match.groups()])
        return None

    def cell(self, cell: Cell, *, code_names: bool) -> Cell:
        """A cell in this language: yes and no, numbers by its signs, and what the program says."""
        if isinstance(cell, bool):
            return words(self.language)("yes" if cell else "no")
        if isinstance(cell, float):
            return words(self.language).number(cell_text(cell))
        return (self.told(cell, "cells") or cell) if isinstance(cell, str) and not code_names else cell

    def blank(self, text: str, deep: int) -> str:
        """What stands in a blank: a sentence or a number in this language, else as it is; so is a name between quotation marks."""
        if text.startswith("“"):
            return text
        told = self.told(text, "sentences", deep)
        return words(self.language).number(text) if told is None else told


def told_in(text: str, language: str) -> str:
    """A sentence that an engine says, in the reader's language; as it is where there are no words for it.

    >>> told_in("no time passed", "nl"), told_in("no time passed", "en")
    ('er verstreek geen tijd', 'no time passed')
    """
    return text if language == "en" else table_words(language).told(text, "sentences") or text


def translated(table: Table, language: str, *, code_names: bool = False) -> Table:
    """A table in the reader's language: heads, title, notes, and cells that are words of the program and not of the case.

    code_names : whether its cells are names that stand so in the file, to be typed as they are

    >>> print(translated(Table("What breaks it", ("who", "share"), (("nobody", 0.5),), ("of the 0.5 that has ended by month 24",)), "nl"))
    Wat het verbreekt
    wie      deel
    -------  ----
    niemand  0,5
    van de 0,5 die bij maand 24 voorbij is
    """
    if language == "en":
        return Table(with_one(table.title, language), table.columns, table.rows, tuple(with_one(note, language) for note in table.notes))
    known = table_words(language)
    rows = tuple(tuple(known.cell(cell, code_names=code_names) for cell in row) for row in table.rows)
    columns = tuple(known.told(column, "heads") or column for column in table.columns)
    title, *notes = (with_one(known.told(said, "sentences") or said, language) for said in (table.title, *table.notes))
    return Table(title, columns, rows, tuple(notes))


def note_told(note: str, language: str) -> str:
    """A note of a table in a language.

    >>> note_told("nothing changed", "nl")
    'niets is veranderd'
    """
    return note if language == "en" else with_one(table_words(language).told(note, "sentences") or note, language)


def with_one(text: str, language: str) -> str:
    """A title or note in which what is counted as one is told as one: engines count as if there were always more.

    >>> with_one("1 states rest under seq; 11 states; 0.1 points; of 1 draws", "en"), with_one("1 trekkingen", "nl")
    ('1 state rests under seq; 11 states; 0.1 points; of 1 draw', '1 trekking')
    """
    forms = _of_one(language)
    return re.sub(rf"(?<![\w.,=-])1 ({'|'.join(forms)})\b", lambda match: f"1 {forms[match[1]]}", text)


@cache
def _of_one(language: str) -> Mapping[str, str]:
    """What follows a count of one in titles and notes, by what would follow any other count; the longest first."""
    read = tomllib.loads(files("bestand.telling").joinpath(f"tables.{language}.toml").read_text("utf-8"))["one"]
    return {many: read[many] for many in sorted(read, key=len, reverse=True)}


@cache
def table_words(language: str) -> TableWords:
    """The words of tables in a language other than English."""
    read = tomllib.loads(files("bestand.telling").joinpath(f"tables.{language}.toml").read_text("utf-8"))
    plain: dict[Part, Mapping[str, str]] = {}
    filled: dict[Part, tuple[Template, ...]] = {}
    for part in PARTS:
        entries = read[part]
        own = _of_classes(language) if part == "sentences" else {}
        plain[part] = {**own, **{said: told for said, told in entries.items() if _BLANK not in said}}
        blanks = sorted((said for said in entries if _BLANK in said), key=lambda said: len(said.replace(_BLANK, "")), reverse=True)
        filled[part] = tuple(Template(_pattern(said), entries[said]) for said in blanks)
    return TableWords(language, plain, filled)


def _of_classes(language: str) -> dict[str, str]:
    """What classes of past truces are and where they come from, as the page says it, and all that is said of one in a line."""
    from bestand.history.classes import CLASSES  # noqa: PLC0415  seldom needed
    from bestand.telling.sentences import english  # noqa: PLC0415

    say = words(language).phrases
    own = {text: say[key] for key, text in english().items() if key.startswith(("past_class_", "past_source_")) and "{" not in text and key in say}
    read = own | tomllib.loads(files("bestand.telling").joinpath(f"tables.{language}.toml").read_text("utf-8"))["sentences"]
    for one in CLASSES:
        parts = (one.what, one.caution, one.source)
        own[f"{one.name}: {'. '.join(parts)}"] = f"{one.name}: {'. '.join(read.get(each, each) for each in parts)}"
    return own


def _filled(told: str, blanks: list[str]) -> str:
    return re.sub(r"\{(\d+)\}", lambda place: blanks[int(place[1]) - 1], told)


def _pattern(said: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in said.split(_BLANK)), re.DOTALL)
