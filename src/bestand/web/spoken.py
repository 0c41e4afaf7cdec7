"""The words of a case for the page: names that run from right to left stand apart from the sentences that hold them."""

from __future__ import annotations

from bestand.graph.conflict import Conflict
from bestand.telling.naming import runs_left
from bestand.telling.telling import Telling
from bestand.telling.words import words


def spoken(conflict: Conflict, language: str) -> Telling:
    """One view of a case, told to a reader of the page in a language."""
    return Telling(conflict, words(language), isolated=runs_left(conflict.case.text))
