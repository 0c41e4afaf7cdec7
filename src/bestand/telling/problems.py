"""What is wrong and what to do about it, in the reader's language: the one home of its translations.

The rooms say it in English where they find it; `problems.nl.toml` has the same in Dutch, with blanks where something is filled in. What stands
between quotation marks is the case's own and stays; what fills another blank is told in the same way. What has no words in the language
is told in English: better that than not at all, or half.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bestand.errors import Problem
from bestand.telling.words import words

MOST_NESTED = 5  # blanks in blanks of one sentence
_BLANK = "{}"
_SENTENCE = re.compile(r"(?<![\w-])(?:the|of|is|are|has|have|that|this|which|with|from|be|where|not|and|nor)(?![\w-])")
_QUOTED = re.compile(r"'[^']*'|`[^`]*`")
_BOUNDS = frozenset("'\"`[")  # what stands behind one of these is quoted


@dataclass(frozen=True, slots=True)
class Sayings:
    """Sentences in one language by what they are in English: those without blanks, and patterns of the others, the most particular first."""

    language: str
    plain: Mapping[str, str]
    filled: tuple[tuple[re.Pattern[str], str, str], ...]

    def told(self, text: str, deep: int = 0) -> str | None:
        """A sentence in this language; None where it has no words for it.

        >>> sayings("nl").told("lever 'a.x' has no setting 'none'")
        "hefboom 'a.x' heeft geen stand 'none'"
        """
        if text in self.plain:
            return self.plain[text]
        for pattern, english, told in self.filled if deep < MOST_NESTED else ():
            match = pattern.fullmatch(text)
            if match is not None:
                before = [part[-1:] for part in english.split(_BLANK)]
                filled = zip(match.groups(), before, strict=False)
                blanks = [blank if sign in _BOUNDS else self._blank(blank, deep + 1) for blank, sign in filled]
                if None not in blanks:
                    return _filled(told, [blank for blank in blanks if blank is not None])
        return None

    def _blank(self, text: str, deep: int) -> str | None:
        """What fills a blank: told, or a name or number as it is; None where it is the rest of another sentence."""
        told = self.told(text, deep)
        if told is None and _SENTENCE.search(_QUOTED.sub("", text)):
            return None
        return words(self.language).number(text) if told is None else told


def problem_words(problem: Problem, language: str) -> tuple[str, str]:
    """What is wrong and what to do about it, in a language.

    >>> problem_words(Problem("case/settings", "1 settings", hint="they must sum to 1"), "nl")
    ('1 standen', 'samen moeten ze 1 zijn')
    """
    return sentence_in(problem.what, language), sentence_in(problem.hint, language)


def sentence_in(text: str, language: str) -> str:
    """A sentence of the program in a language, as it stands where it has no words for it."""
    if language == "en" or not text:
        return text
    return sayings(language).told(text) or text


@cache
def sayings(language: str) -> Sayings:
    """The sentences of a language other than English."""
    read = tomllib.loads(files("bestand.telling").joinpath(f"problems.{language}.toml").read_text("utf-8"))["sentences"]
    blanks = sorted((english for english in read if _BLANK in english), key=lambda english: len(english.replace(_BLANK, "")), reverse=True)
    filled = tuple((_pattern(english), english, read[english]) for english in blanks)
    return Sayings(language, {english: told for english, told in read.items() if _BLANK not in english}, filled)


def _filled(told: str, blanks: Sequence[str]) -> str:
    return re.sub(r"\{(\d+)\}", lambda place: blanks[int(place[1]) - 1], told)


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(re.escape(part) for part in english.split(_BLANK)), re.DOTALL)
