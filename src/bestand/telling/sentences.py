"""Sentences that the engines say themselves, by the key of the page's words: English stands with the engine, other languages in the tables."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bestand.checks.findings import SENTENCES
from bestand.explore.openings import PHRASES
from bestand.history.classes import CLASSES, INTERSTATE
from bestand.history.combined import NOT_CLAIMED, NOTES


def sampling_error(share: float, draws: int) -> int:
    """Percentage points either way within which a share of so many draws lies 19 times in 20; at least 1 (Wilson 1927).

    >>> sampling_error(0.5, 100), sampling_error(0.0, 100), sampling_error(0.5, 1_000_000)
    (10, 2, 1)
    """
    z = 1.96
    half = z / (1 + z**2 / draws) * math.sqrt(share * (1 - share) / draws + (z / (2 * draws)) ** 2)
    return max(1, round(100 * half))


def finding_key(saying: str) -> str:
    """The key of a finding's sentence; with `_do` that of its advice.

    >>> finding_key("check/empty-want/repeated")
    'found_empty_want_repeated'
    """
    return "found_" + saying.partition("/")[2].replace("/", "_").replace("-", "_")


def note_key(code: str) -> str:
    """The key of a note on a class of past truces.

    >>> note_key("cause-absent")
    'past_cause_absent'
    """
    return "past_" + code.replace("-", "_")


def class_key(what: str) -> str:
    """The key of what a class of past truces is; empty for spells that the reader brought.

    >>> class_key(CLASSES[1].what)
    'past_class_interstate_fatal'
    """
    return next(("past_class_" + one.name.replace("-", "_") for one in CLASSES if one.what == what), "")


def source_key(source: str) -> str:
    """The key of where the records of a class come from, where that says more than authors and titles; empty else.

    >>> source_key(CLASSES[1].source), source_key("a file of our own")
    ('past_source_interstate', '')
    """
    return "past_source_interstate" if source == INTERSTATE else ""


def english() -> Mapping[str, str]:
    """Every such sentence in English."""
    findings = {finding_key(saying): what for saying, (what, _) in SENTENCES.items()}
    advice = {f"{finding_key(saying)}_do": advice for saying, (_, advice) in SENTENCES.items()}
    notes = {note_key(code): text for code, text in NOTES.items()}
    classes = {class_key(one.what): one.what for one in CLASSES} | {source_key(INTERSTATE): INTERSTATE}
    not_claimed = {f"not_claimed_{k + 1}": text for k, text in enumerate(NOT_CLAIMED)}
    return {**findings, **advice, **notes, **classes, **not_claimed, **{f"open_{phrase}": text for phrase, text in PHRASES.items()}}
