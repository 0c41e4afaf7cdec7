"""The page's words, per language: one literal file each, with the same keys."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bestand.errors import AskError, Problem, did_you_mean

LANGUAGES = ("en", "nl")


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases of one language, filled in on demand."""

    language: str
    phrases: Mapping[str, str]

    def __call__(self, key: str, **parts: object) -> str:
        """The phrase of a key, with its blanks filled in; a phrase missing altogether is a mistake of ours."""
        return self.phrases[key].format_map(parts) if parts else self.phrases[key]

    def listed(self, items: list[str]) -> str:
        """Items in one sentence: a, b and c.

        >>> words("en").listed(["a", "b", "c"])
        'a, b and c'
        """
        if len(items) < 2:
            return items[0] if items else self("none")
        return f"{', '.join(items[:-1])} {self('and')} {items[-1]}"


@cache
def words(language: str) -> Words:
    """The words of a language.

    Raises
    ------
    AskError
        `report/unknown-language`.
    """
    if language not in LANGUAGES:
        hint = did_you_mean(language, LANGUAGES)
        raise AskError(Problem("report/unknown-language", f"no page in language '{language}'", hint=hint))
    return Words(language, tomllib.loads(files("bestand.telling").joinpath(f"{language}.toml").read_text("utf-8")))
