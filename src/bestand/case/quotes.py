"""Checking the quotes of a case against its sources, where their text is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bestand.case.loaded import place
from bestand.case.model import CaseFile, Claim
from bestand.errors import EvidenceError, Problem
from bestand.evidence.claim import CheckedQuote, in_context
from bestand.evidence.quote import Canonical, anchor, canonical, unseal
from bestand.evidence.source import keep_text, locate, text_of

Marks = Mapping[str, tuple[int, int]]


def checked_quotes(
    file: CaseFile, marks: Marks, path: Path | None, sources: Path | None
) -> tuple[dict[str, CheckedQuote], list[Problem]]:
    """What became of each claim's quote, and every quote or source that is not as the case says."""
    problems: list[Problem] = []
    texts: dict[str, tuple[str, Canonical] | None] = {}
    folders = _folders(path, sources)
    name = str(path) if path is not None else None
    for key, source in file.sources.items():
        try:
            found = locate(source.file, source.sha256, folders)
            text = text_of(found) if found is not None else None
            texts[key] = None if text is None else (text, canonical(text))
        except EvidenceError as error:
            problems += [replace(p, place=place(f"sources.{key}", marks, name)) for p in error.problems]
            texts[key] = None
    quotes: dict[str, CheckedQuote] = {}
    for key, claim in file.claims.items():
        source_text = texts.get(claim.source)
        try:
            quotes[key] = CheckedQuote("unchecked") if source_text is None else _checked(claim, *source_text)
        except EvidenceError as error:
            problems += [replace(p, place=place(f"claims.{key}.quote", marks, name)) for p in error.problems]
    return quotes, problems


def _folders(path: Path | None, sources: Path | None) -> list[Path]:
    return [folder for folder in (sources, path.parent if path is not None else None) if folder is not None]


def keep_texts(file: CaseFile, path: Path | None, sources: Path | None) -> list[Path]:
    """Writes the text of every source at hand that is not plain text beside the original; the paths written.

    Raises
    ------
    EvidenceError
        As for reading a source.
    """
    found = [locate(source.file, source.sha256, _folders(path, sources)) for source in file.sources.values()]
    return [keep_text(document) for document in found if document is not None and document.suffix.lower() not in (".txt", ".md")]


def _checked(claim: Claim, text: str, source: Canonical) -> CheckedQuote:
    if claim.sealed is not None:
        return in_context(text, unseal(source, claim.sealed.start, claim.sealed.end, claim.sealed.sha256))
    return in_context(text, anchor(source, claim.quote, prefix=claim.prefix, suffix=claim.suffix))
