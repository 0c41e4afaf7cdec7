"""Sources on the page: their text with claims as marks, and a new quote checked at once."""

from __future__ import annotations

from pathlib import Path

from bestand.case.lines import hedged
from bestand.case.loaded import Case, parts
from bestand.case.parts import Backed
from bestand.errors import AskError, EvidenceError, Problem, did_you_mean
from bestand.evidence.canonical import canonical
from bestand.evidence.quote import anchor
from bestand.evidence.source import locate, text_of
from bestand.web.told import Plain, problems_told

HEDGES = {
    "en": ("reportedly", "allegedly", "apparently", "could", "would", "may", "might", "perhaps", "possibly", "expected", "hopes"),
    "nl": ("naar verluidt", "blijkbaar", "kennelijk", "zou", "zouden", "kan", "mogelijk", "misschien", "wellicht", "hoopt", "hoopte"),
}


def sources_told(case: Case, sources: Path | None) -> Plain:
    """Documents of a case, and whether their text is at hand."""
    return {
        "sources": [
            {"name": name, "title": source.title, "author": source.author, "date": source.date, "language": source.language,
             "at_hand": document_text(case, name, sources) is not None, "claims": sum(claim.source == name for claim in case.file.claims.values())}
            for name, source in case.file.sources.items()
        ]
    }  # fmt: skip


def document_text(case: Case, name: str, sources: Path | None) -> str | None:
    """The text of a source; None where it is not at hand.

    Raises
    ------
    AskError
        `web/no-source`; EvidenceError where it cannot be read.
    """
    source = case.file.sources.get(name)
    if source is None:
        raise AskError(Problem("web/no-source", f"no source '{name}'", hint=did_you_mean(name, case.file.sources)))
    folders = [folder for folder in (sources, case.path.parent if case.path else None) if folder is not None]
    document = locate(source.file, source.sha256, folders)
    return None if document is None else text_of(document).words


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


def lines_on(case: Case) -> dict[str, list[str]]:
    """Per claim the places of the lines that lean on it."""
    by_claim: dict[str, list[str]] = {}
    for at, part in parts(case.file):
        for name in part.because if isinstance(part, Backed) else ():
            by_claim.setdefault(name, []).append(at)
    return by_claim


def quote_told(case: Case, name: str, quote: str, sources: Path | None, told_in: str, *, prefix: str = "", suffix: str = "") -> Plain:
    """Whether a quote stands in a source exactly and once, with the words in it that hedge."""
    text = document_text(case, name, sources)
    if text is None:
        raise AskError(Problem("web/no-source", f"the text of '{name}' is not at hand", hint="put the document beside the case"))
    try:
        place = anchor(canonical(text), quote, prefix=prefix, suffix=suffix)
    except EvidenceError as error:
        return {"ok": False, "problems": problems_told(error.problems, told_in), "hedge": "", "words": len(quote.split())}
    start = max(text.rfind(".", 0, place.start), text.rfind("\n", 0, place.start)) + 1
    near = text[start : place.end].lower()
    language = case.file.sources[name].language or case.file.language
    hedge = next((word for word in HEDGES.get(language, HEDGES["en"]) if f" {word} " in f" {near} "), "")
    return {"ok": True, "problems": [], "start": place.start, "end": place.end, "hedge": hedge, "words": len(quote.split())}
