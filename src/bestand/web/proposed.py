"""Proposals that wait beside a case: shown in its sources, accepted into it, or rejected; nothing counts until somebody says so."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from bestand.drafting.accept import accept, reject
from bestand.drafting.draft import draft
from bestand.drafting.proposals import Proposal, file_of, keep, waiting
from bestand.errors import AskError, Problem
from bestand.evidence.canonical import canonical
from bestand.files import writer
from bestand.web.desk import Desk, DeskVersion
from bestand.web.sources import document_of
from bestand.web.told import Plain


def proposals_told(desk: Desk) -> Plain:
    """Proposals that nobody has decided on."""
    return {"proposals": [_told(item) for item in waiting(file_of(desk.path)).waiting]}


def _told(item: Proposal) -> Plain:
    return {
        "id": item.id, "kind": item.kind, "words": item.words(), "fields": {str(key): value for key, value in item.fields.items()},
        "because": list(item.because), "generated_by": item.generated_by, "passage": item.passage,
    }  # fmt: skip


def passages(desk: Desk, source: str, text: str) -> list[Plain]:
    """Where the proposed claims stand in a source; offsets in code points of its text."""
    items = [item for item in waiting(file_of(desk.path)).waiting if item.passage.rpartition(":")[0] == source]
    if not items:
        return []
    compared = canonical(text)
    places: list[Plain] = []
    for item in items:
        first, _, last = item.passage.rpartition(":")[2].partition("-")
        if first.isdigit() and last.isdigit() and int(first) < int(last) <= len(compared.text):
            places.append({"name": item.id, "start": int(compared.origin[int(first)]), "end": int(compared.end[int(last) - 1])})
    return places


def drafted_from(desk: Desk, source: str, sources: Path | None) -> Plain:
    """Proposals that wait after the rules have read one source of the case; what was proposed before is not proposed again.

    Raises
    ------
    AskError
        `web/no-source`, `web/not-readable`; DraftError where the rules read no such language.
    """
    case, path = desk.sheet.readable(), file_of(desk.path)
    document = document_of(case, source, sources)
    if document is None:
        raise AskError(Problem("web/no-source", f"the text of '{source}' is not at hand", hint="put the document beside the case"))
    standing = waiting(path)
    made = draft([document.path], into=case, waiting=standing, language=case.file.sources[source].language or None)
    with desk.lock:
        if waiting(path) != standing:  # reading takes a while, and others decide meanwhile
            raise AskError(Problem("web/other-version", "others have decided on proposals meanwhile", hint="ask again"))
        keep(made, path)
        return {**proposals_told(desk), "new": len(made.waiting) - len(standing.waiting)}


def decided(desk: Desk, which: str, *, version: int, accepted: bool, fields: Mapping[str, str]) -> DeskVersion:
    """The case after a proposal was accepted into it, with what it rests on, or rejected.

    fields : those of the proposal that shall be otherwise

    Raises
    ------
    AskError
        `web/other-version`, `web/not-readable`; DraftError where it was decided before; CaseError where it does not fit in the case.
    """
    with desk.lock:
        path = file_of(desk.path)
        standing = waiting(path)
        if not accepted:
            keep(reject(standing, [which]), path)
            return desk.sheet
        case = desk.sheet.readable()
        by = writer()
        edits = {which: fields} if fields else {}
        taken = accept(case, standing, take=[which], by=by, on=str(datetime.date.today()), edits=edits, sources=desk.sources)
        sheet = desk.replace(taken.case.text, version=version, what=f"proposal {which}")
        keep(taken.proposals, path)
        return sheet
