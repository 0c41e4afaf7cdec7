"""What became of what a file says: kept, changed or lost, each as a code with its data; its sentences stand in the message tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bestand.arguments import named
from bestand.show import Shown, Table
from bestand.telling.words import words

Fate = Literal["kept", "changed", "lost"]

CODES: Mapping[Fate, tuple[str, ...]] = {
    "kept": (
        "states", "moves", "equilibria", "parties", "levers", "claims", "sources", "wants", "tables", "rows", "sources-there", "there-already",
        "beside", "checked",
    ),
    "changed": (
        "settings-as-strategies", "ranks-as-payoffs", "worths-as-payoffs", "simultaneous", "other-equilibria", "bans", "banned-equilibria",
        "chance-party", "no-strategies", "information-sets", "chance-averaged", "payoffs-rounded", "from-lowest", "one-choice", "names-changed",
        "more-names-changed",
        "controls", "at-the-table", "by-largest", "no-reservation", "seen-by", "positions", "one-way-each", "digested", "commands",
        "signs-of-dna", "undated", "merged", "hidden", "results",
    ),
    "lost": (
        "guards", "one-way", "consent", "events", "types", "ranges", "red-lines", "held", "tempo", "now", "conditions", "moves-of-none",
        "node-attributes", "alone", "quick", "many-states", "other-tables", "sources-apart", "lines-apart", "no-text", "claims-apart", "degrees",
        "names-of-outcomes", "comment", "discount", "present", "left-out", "coalitions", "misperceptions", "unchecked", "no-position", "sealed",
        "column", "annotations", "feature", "field", "not-said", "reliability", "not-read-back",
        "addressed", "grouped", "markup", "element", "cell-comments",
    ),
}  # fmt: skip
FATES: Mapping[str, Fate] = {code: fate for fate, codes in CODES.items() for code in codes}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was kept, changed or lost: a code of `FATES`, and what fills its blanks; its sentence stands in the message tables."""

    code: str
    data: tuple[tuple[str, str | int], ...] = ()

    @property
    def fate(self) -> Fate:
        """Whether it was kept, changed or lost."""
        return FATES[self.code]

    @property
    def words(self) -> str:
        """The note as a sentence, in English."""
        return self.said("en")

    def said(self, language: str) -> str:
        """The note as a sentence in one of the languages of the page.

        >>> noted("states", n=4_096).said("nl")
        'toestanden: 4.096'
        """
        parts = {key: f"{value:,}" if isinstance(value, int) else value for key, value in self.data}
        return words(language)(f"carried_{self.code.replace('-', '_')}", **parts)

    def line(self, language: str = "en") -> str:
        """What became of it, and what, in one line."""
        return f"{words(language)(f'carried_is_{self.fate}')}: {self.said(language)}"

    def __str__(self) -> str:
        return self.line()


def noted(code: str, **data: str | int) -> Remark:
    """A note.

    >>> print(noted("states", n=4_096))
    kept: states: 4,096
    """
    return Remark(code, tuple(data.items()))


@dataclass(frozen=True, slots=True, repr=False)
class Carried(Shown):
    """A file in another form, and what of the first was kept, changed and lost on the way.

    format  : the form it was read from, or is written in
    content : the bytes: a case file where something was read, else the file to be handed on
    notes   : what was kept, changed and lost, in that order
    """

    format: str
    content: bytes
    notes: tuple[Remark, ...]

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-8")

    def told(self, fate: Fate, *, language: str = "en") -> tuple[str, ...]:
        """What was kept, changed or lost, in words of one of the languages of the page."""
        named("fate", fate, CODES)
        return tuple(note.said(language) for note in self.notes if note.fate == fate)

    def table(self) -> Table:
        """One row for each thing that was kept, changed or lost."""
        return Table(self.format, ("what became of it", "what"), tuple((note.fate, note.words) for note in self.notes))


def carried_over(format: str, content: bytes | str, notes: list[Remark]) -> Carried:
    """What was carried over, with its notes in order and each once."""
    told = tuple(note for fate in CODES for note in dict.fromkeys(notes) if note.fate == fate)
    return Carried(format, content.encode("utf-8") if isinstance(content, str) else content, told)


def unsaid(notes: list[Remark]) -> list[dict[str, str]]:
    """What was lost, and what numbers are counted from, as entries of a case's `unsaid`."""
    told = dict.fromkeys(note.words for note in notes if note.fate == "lost" or note.code == "from-lowest")
    return [{"what": words, "instead": "the imported case does without it"} for words in told]
