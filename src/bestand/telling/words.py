"""The page's words, per language: one literal file each, with the same keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from bestand.case.parts import Words as CaseWords
from bestand.errors import AskError, Problem, did_you_mean
from bestand.show import Blank, time_that_fits
from bestand.telling.sentences import english

LANGUAGES = ("en", "nl")
GROUPED = 10_000  # counts from here on stand in groups of three digits
_NUMBERS = re.compile(r"[\d\s.,%±+−<>…()–/-]*\d[\d\s.,%±+−<>…()–/-]*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def capital(text: str) -> str:
    """A sentence with its first letter as a capital, also behind a quotation mark.

    >>> capital("most troops leave"), capital("“ceasefire” comes")
    ('Most troops leave', '“Ceasefire” comes')
    """
    first = re.match(r"[“\u2068]*", text)
    start = first.end() if first else 0
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]


def quoted_within(text: str) -> str:
    """A text in which what is quoted within a quotation stands between single marks; as it is where marks do not pair.

    >>> quoted_within("they have “not “peace” and rain”"), quoted_within("“one” and “two”"), quoted_within("an open “mark")
    ('they have “not ‘peace’ and rain”', '“one” and “two”', 'an open “mark')
    """
    if text.count("“") < 2:
        return text
    depth, told = 0, []
    for mark in text:
        depth += mark == "“"
        told.append({"“": "‘", "”": "’"}.get(mark, mark) if depth % 2 == 0 else mark)
        depth -= mark == "”"
        if depth < 0:
            return text
    return text if depth else "".join(told)


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Phrases of one language, filled in on demand."""

    language: str
    phrases: Mapping[str, str]

    def __call__(self, key: str, **parts: object) -> str:
        """The phrase of a key, with its blanks filled in; a phrase missing altogether is a mistake of ours."""
        if not parts:
            return self.phrases[key]
        return quoted_within(self.phrases[key].format_map({name: Blank(str(self._told(part))) for name, part in parts.items()}))

    def _told(self, part: object) -> object:
        """What fills a blank: numbers with the signs of the language, counts of five digits and more in groups of three."""
        if isinstance(part, int | np.integer) and not isinstance(part, bool):
            count = int(part)
            return self.number(f"{count:,}") if abs(count) >= GROUPED else count
        return self.number(part) if isinstance(part, str) else part

    def count(self, n: int) -> str:
        """A count as prose has it: in a word up to ten.

        >>> words("en").count(2), words("nl").count(12)
        ('two', '12')
        """
        return self.phrases.get(f"count_{n}", str(n))

    def said(self, text: str) -> str:
        """Words of a case in this language, where the case gives them; any other text as it is."""
        return text.said(self.language) if isinstance(text, CaseWords) else text

    def number(self, text: str) -> str:
        """A text of nothing but numbers with the decimal sign of the language; any other text as it is.

        >>> words("nl").number("0.44 (0.07–1.00)"), words("nl").number("1,504"), words("nl").number("version 0.2"), words("en").number("5 % ± 0.7")
        ('0,44 (0,07–1,00)', '1.504', 'version 0.2', '5 % ± 0.7')
        """
        if self.phrases["decimal"] == "." or not _NUMBERS.fullmatch(text):
            return text
        grouped = _THOUSANDS.sub("\0", text)
        return re.sub(r"(?<=\d)\.(?=\d)", self.phrases["decimal"], grouped).replace("\0", ".")

    def listed(self, items: list[str], join: str = "and") -> str:
        """Items in one sentence: a, b and c; or joined by another word of the book.

        >>> words("en").listed(["a", "b", "c"])
        'a, b and c'
        """
        if len(items) < 2:
            return items[0] if items else self("none")
        return f"{', '.join(items[:-1])} {self(join)} {items[-1]}"


@cache
def words(language: str) -> PhraseBook:
    """The words of a language.

    Raises
    ------
    AskError
        `report/unknown-language`.
    """
    if language not in LANGUAGES:
        hint = did_you_mean(language, LANGUAGES)
        raise AskError(Problem("report/unknown-language", f"no page in language '{language}'", hint=hint))
    phrases = tomllib.loads(files("bestand.telling").joinpath(f"{language}.toml").read_text("utf-8"))
    return PhraseBook(language, {**english(), **phrases} if language == "en" else phrases)


def time_words(months: float, say: PhraseBook) -> str:
    """A time in words, in the unit that fits: 4.7 days, 2 weeks, 6 months.

    >>> time_words(0.5, words("en")), time_words(0.15332, words("nl"))
    ('15 days', '4,7 dagen')
    """
    number, unit = time_that_fits(months)
    return say(f"time_{unit}", n=say.number(number))
