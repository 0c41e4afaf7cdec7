"""Checking the quotes of a case against its sources, where their text is at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bestand.case.loaded import place
from bestand.case.model import CaseFile, Claim
from bestand.documents.canonical import Canonical, canonical
from bestand.errors import MOST_SHOWN, EvidenceError, FileError, Problem
from bestand.evidence.claim import CheckedQuote, in_context
from bestand.evidence.quote import anchor, unseal
from bestand.evidence.source import Document, Shelf, text_of
from bestand.files import has_bytes, put

MOST_COMPARED = 2_000_000_000  # claims of a source times characters of its text
MOST_TEXT = 6_000_000  # characters of all sources together
Marks = Mapping[str, tuple[int, int]]


@dataclass(slots=True)
class Checked:
    """What became of each claim's quote, what readers should know of each source, and all that is not as the case says."""

    quotes: dict[str, CheckedQuote] = field(default_factory=dict)
    notes: dict[str, frozenset[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def checked_quotes(file: CaseFile, marks: Marks, path: Path | None, sources: Path | None) -> Checked:
    """The quotes of a case held against its sources, each source read once."""
    checked, shelf = Checked(), Shelf(_folders(path, sources))
    name = str(path) if path is not None else None
    by_source: dict[str, list[str]] = {key: [] for key in file.sources}
    for key, claim in file.claims.items():
        by_source.get(claim.source, []).append(key)
    left = MOST_TEXT
    for key, claims in by_source.items():
        try:
            text = _text(file, key, shelf, checked, left=left, n_claims=len(claims))
        except EvidenceError as error:
            checked.problems += [replace(p, place=place(f"sources.{key}", marks, name)) for p in error.problems]
            text = None
        left -= len(text[0]) if text is not None else 0
        for each in claims:
            _check(each, file.claims[each], text, checked, marks, name)
    checked.quotes = {key: checked.quotes[key] for key in file.claims if key in checked.quotes}
    return checked


def _text(
    file: CaseFile, key: str, shelf: Shelf, checked: Checked, *, left: int, n_claims: int
) -> tuple[str, Canonical] | None:
    """The text of a source, as it is and as it is compared; None if it is not at hand."""
    source = file.sources[key]
    document = shelf.locate(source.file, source.sha256)
    if document is None:
        return None
    text = text_of(document)
    checked.notes[key] = text.notes
    if len(text.words) > left or len(text.words) * n_claims > MOST_COMPARED:
        what = "the sources have more text than can be held against so many claims"
        raise EvidenceError(Problem("evidence/too-large", what, hint="quote from an excerpt, or split the case"))
    return text.words, canonical(text.words)


def _check(key: str, claim: Claim, text: tuple[str, Canonical] | None, checked: Checked, marks: Marks, name: str | None) -> None:
    if text is None:
        checked.quotes[key] = CheckedQuote("unchecked")
        return
    try:
        checked.quotes[key] = _anchored(claim, *text, suggest=len(checked.problems) < MOST_SHOWN)
    except EvidenceError as error:
        checked.problems += [replace(p, place=place(f"claims.{key}.quote", marks, name)) for p in error.problems]


def _folders(path: Path | None, sources: Path | None) -> list[Path]:
    return [folder for folder in (sources, path.parent if path is not None else None) if folder is not None]


def keep_texts(file: CaseFile, path: Path | None, sources: Path | None, *, force: bool = False) -> list[Path]:
    """Writes the text of every source at hand that is not plain text beside the original; the paths written.

    Raises
    ------
    EvidenceError
        As for reading a source.
    FileError
        `file/exists`, `file/cannot-write`: the text cannot be kept there.
    """
    shelf = Shelf(_folders(path, sources))
    documents = [shelf.locate(source.file, source.sha256) for source in file.sources.values()]
    return [_kept(each, force) for each in documents if each is not None and each.path.suffix.lower() not in (".txt", ".md")]


def _kept(document: Document, force: bool) -> Path:
    """Where the text of a document is kept; the same text is not written again."""
    path, text = document.path.with_suffix(document.path.suffix + ".txt"), text_of(document).words.encode("utf-8", "replace")
    try:
        return path if has_bytes(path, text) else put(text, path, force=force)
    except FileError:
        if has_bytes(path, text):  # another run has kept it meanwhile
            return path
        raise


def _anchored(claim: Claim, text: str, source: Canonical, *, suggest: bool) -> CheckedQuote:
    if claim.sealed is not None:
        return in_context(text, unseal(source, claim.sealed.start, claim.sealed.end, claim.sealed.sha256))
    return in_context(text, anchor(source, claim.quote, prefix=claim.prefix, suffix=claim.suffix, suggest=suggest))
