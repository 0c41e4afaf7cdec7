"""Sources on the page: their text with claims as marks, and a new quote checked at once."""

from __future__ import annotations

import re
from bisect import bisect_left
from pathlib import Path

from bestand.case.lines import hedged
from bestand.case.loaded import Case, parts
from bestand.documents.canonical import canonical
from bestand.drafting.claims import drafted
from bestand.drafting.lexicon import LANGUAGES, lexicon
from bestand.drafting.names import names_in
from bestand.drafting.sentences import sentences
from bestand.errors import AskError, EvidenceError, Problem, did_you_mean
from bestand.evidence.quote import anchor
from bestand.evidence.source import Document, locate, text_of
from bestand.web.told import Plain, problems_told

READ = ("says", "via", "author_holds", "source_holds", "hedge", "condition")
PLAIN_WORD = (("says", "author"), ("author_holds", "certain"))
BEFORE, AFTER = 4_000, 1_000  # letters around a passage that are read to tell who is speaking


def sources_told(case: Case, sources: Path | None) -> Plain:
    """Documents of a case, and whether their text is at hand."""
    told: list[Plain] = []
    for name, source in case.file.sources.items():
        text = document_text(case, name, sources)
        n_claims = sum(claim.source == name for claim in case.file.claims.values())
        known: Plain = {"name": name, "title": source.title, "author": source.author, "date": source.date, "language": source.language}
        says_we = text is not None and _says_we(text, source.language or case.file.language)
        told.append({**known, "at_hand": text is not None, "says_we": says_we, "claims": n_claims})
    return {"sources": told}


def document_text(case: Case, name: str, sources: Path | None) -> str | None:
    """The text of a source; None where it is not at hand."""
    document = document_of(case, name, sources)
    return None if document is None else text_of(document).words


def document_of(case: Case, name: str, sources: Path | None) -> Document | None:
    """The document of a source; None where it is not at hand.

    Raises
    ------
    AskError
        `web/no-source`; EvidenceError where it cannot be read.
    """
    source = case.file.sources.get(name)
    if source is None:
        raise AskError(Problem("web/no-source", f"no source '{name}'", hint=did_you_mean(name, case.file.sources)))
    folders = [folder for folder in (sources, case.path.parent if case.path else None) if folder is not None]
    return locate(source.file, source.sha256, folders)


def source_told(case: Case, name: str, sources: Path | None) -> Plain:
    """A source's text and where each of its claims stands in it; offsets in code points."""
    text = document_text(case, name, sources)
    claims = {key: claim for key, claim in case.file.claims.items() if claim.source == name}
    leaning = lines_on(case)
    return {
        "name": name, "text": text,
        "claims": [
            {
                "name": key, "start": place.start if (place := case.quotes[key].anchor) else None, "end": place.end if place else None,
                "status": case.quotes[key].status, "hedged": hedged(claim), "said_by_author": claim.says == "author",
                "claim": claim.model_dump(mode="json", by_alias=True, exclude_defaults=True), "lines": leaning.get(key, []),
            }
            for key, claim in claims.items()
        ],
    }  # fmt: skip


def _says_we(text: str, language: str) -> bool:
    """Whether a text says *we*, of which it may not be clear whom it means."""
    if language not in LANGUAGES:
        return False
    selves = "|".join(map(re.escape, lexicon(language).words["selves"]))
    return bool(selves) and re.search(rf"\b(?:{selves})\b", text, re.IGNORECASE) is not None


def lines_on(case: Case) -> dict[str, list[str]]:
    """Per claim the places of the lines that lean on it, as they stand in the case: short forms are not written out, and parties are lines too."""
    by_claim: dict[str, list[str]] = {}
    for at, part in parts(case.written or case.file):
        for name in getattr(part, "because", ()):
            by_claim.setdefault(name, []).append(at)
    return by_claim


def quote_told(case: Case, name: str, quote: str, sources: Path | None, told_in: str, *, prefix: str = "", suffix: str = "") -> Plain:
    """Whether a quote stands in a source exactly and once, and how drafting reads it: who says it, how surely, in which words."""
    text = document_text(case, name, sources)
    if text is None:
        raise AskError(Problem("web/no-source", f"the text of '{name}' is not at hand", hint="put the document beside the case"))
    told: Plain = {"words": len(quote.split())}
    try:
        place = anchor(canonical(text), quote, prefix=prefix, suffix=suffix)
    except EvidenceError as error:
        return {**told, "ok": False, "problems": problems_told(error.problems, told_in), "read": {}}
    language = case.file.sources[name].language or case.file.language
    return {**told, "ok": True, "problems": [], "start": place.start, "end": place.end, "read": as_read(case, text, place.start, place.end, language)}


def as_read(case: Case, text: str, start: int, end: int, language: str) -> dict[str, str]:
    """What a claim says of its speaker and of how surely, where the rules of drafting read it; nothing where it is the author's plain word.

    start, end : of the passage in the text, in code points
    """
    if language not in LANGUAGES:
        return {}
    words, first = lexicon(language), _paragraph(text, start)
    near = text[first : end + AFTER]
    source = canonical(near)
    read = drafted(sentences(near, source, words), names_in(case.file, words), words)
    left, right = (bisect_left(source.origin, place - first) for place in (start, end))
    claim = max(read, key=lambda each: min(each.end, right) - max(each.start, left), default=None)
    if claim is None or min(claim.end, right) <= max(claim.start, left):
        return {}
    return {key: value for key in READ if (value := getattr(claim, key)) and (key, value) not in PLAIN_WORD}


def _paragraph(text: str, start: int) -> int:
    """Where the paragraph before that of a place begins, no further back than is read."""
    far = max(0, start - BEFORE)
    return text.rfind("\n\n", far, max(far, text.rfind("\n\n", far, start))) + 1 or far
