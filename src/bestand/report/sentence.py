"""One sentence of a brief, and the section of the report that it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlacedSentence:
    """A sentence, and the name of the section of the report that it comes from."""

    text: str
    section: str
