"""Proposals that wait beside a case: shown in its sources, accepted into it, or rejected; nothing counts until somebody says so."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from bestand.documents.canonical import canonical
from bestand.drafting.accept import accept, reject
from bestand.drafting.beside import file_of
from bestand.drafting.draft import draft
from bestand.drafting.proposals import Proposal, Proposals, keep, waiting
from bestand.errors import AskError, Problem
from bestand.files import writer
from bestand.telling.tables import note_told
from bestand.web.desk import Desk, DeskVersion
from bestand.web.sources import document_of
from bestand.web.started import without_placeholder
from bestand.web.told import Plain

ACCEPTED = "proposal "  # what a version is about that took a proposal, and before its id
Becomes = Literal["accepted", "rejected", "waiting"]


def proposals_told(desk: Desk) -> Plain:
    """Proposals that nobody has decided on, and apart from them what was rejected, or rests on nothing else."""
    standing = _standing(desk)
    fallen = _fallen(standing)
    new = [item for item in standing.items if item.kind in ("party", "lever")]
    set_aside = [item for item in standing.items if item.id in fallen or item.status == "rejected"]
    return {
        "proposals": [_told(item) for item in standing.waiting if item.id not in fallen],
        "set_aside": [{**_told(item), "fallen": item.id in fallen} for item in set_aside],
        "names": {item.fields.get("id", ""): item.fields.get("name" if item.kind == "party" else "is", "") for item in new},
    }  # fmt: skip


def _standing(desk: Desk) -> Proposals:
    """The proposals of a case; what was accepted in an edit that was undone since waits again."""
    standing = waiting(file_of(desk.path))
    accepted_in = {key: each.digest for each in desk.versions.all if each.what.startswith(ACCEPTED) for key in re.findall(r"\bp\d+\b", each.what)}
    undone = {key for key, digest in accepted_in.items() if digest not in desk.versions.done}
    again = [replace(item, status="waiting") for item in standing.items if item.id in undone and item.status == "accepted"]
    return standing.changed(again)


def _fallen(standing: Proposals) -> set[str]:
    """Proposals that wait, but of which all claims, or something that they need, were rejected."""
    lost = {item.id for item in standing.items if item.status == "rejected"}
    rejected, n_before = frozenset(lost), -1
    while len(lost) > n_before:
        n_before = len(lost)
        waiting_still = [item for item in standing.waiting if item.id not in lost]
        lost |= {item.id for item in waiting_still if set(item.needs) & lost or (item.because and set(item.because) <= lost)}
    return lost - rejected


def _told(item: Proposal) -> Plain:
    return {
        "id": item.id, "kind": item.kind, "words": item.words(), "fields": {str(key): value for key, value in item.fields.items()},
        "because": list(item.because), "generated_by": item.generated_by, "passage": item.passage,
    }  # fmt: skip


def passages(desk: Desk, source: str, text: str) -> list[Plain]:
    """Where the proposed claims stand in a source; offsets in code points of its text."""
    items = [item for item in _standing(desk).waiting if item.passage.rpartition(":")[0] == source]
    if not items:
        return []
    compared = canonical(text)
    places: list[Plain] = []
    for item in items:
        first, _, last = item.passage.rpartition(":")[2].partition("-")
        if first.isdigit() and last.isdigit() and int(first) < int(last) <= len(compared.text):
            places.append({"name": item.id, "start": int(compared.origin[int(first)]), "end": int(compared.end[int(last) - 1])})
    return places


def drafted_from(desk: Desk, source: str, sources: Path | None, *, speaker: str = "", language: str = "en") -> Plain:
    """Proposals that wait after the rules have read one source of the case, and what there is to say of it; what was proposed before is
    not proposed again.

    speaker  : the party whom *we* means in it; told from the document itself, if not given
    language : of what is said: that it names no party of the case

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
    made = draft([document.path], into=case, waiting=standing, language=case.file.sources[source].language or None, speaker=speaker or None)
    with desk.lock:
        if waiting(path) != standing:  # reading takes a while, and others decide meanwhile
            raise AskError(Problem("web/other-version", "others have decided on proposals meanwhile", hint="ask again"))
        keep(made, path)
        notes = [note_told(note, language) for note in made.notes if note not in standing.notes]
        return {**proposals_told(desk), "new": len(made.waiting) - len(standing.waiting), "notes": notes}


def decided(desk: Desk, which: str, *, version: int, becomes: Becomes, fields: Mapping[str, str]) -> DeskVersion:
    """The case after a proposal was accepted into it, with what it rests on, or rejected, or put back among those that wait.

    fields : those of the proposal that shall be otherwise

    Raises
    ------
    AskError
        `web/other-version`, `web/not-readable`; DraftError where it was decided before; CaseError where it does not fit in the case.
    """
    with desk.lock:
        path = file_of(desk.path)
        standing = _standing(desk)
        if becomes == "rejected":
            keep(reject(standing, [which]), path)
            return desk.sheet
        if becomes == "waiting":
            keep(_put_back(standing, which), path)
            return desk.sheet
        case = desk.sheet.readable()
        by = writer()
        edits = {which: fields} if fields else {}
        taken = accept(case, standing, take=[which], by=by, on=str(datetime.date.today()), edits=edits, sources=desk.sources)
        what = " ".join((ACCEPTED + which, *taken.along))
        sheet = desk.replace(without_placeholder(taken.case), version=version, what=what)
        keep(taken.proposals, path)
        return sheet


def _put_back(standing: Proposals, which: str) -> Proposals:
    """The proposals with one among those that wait again, and with it what it rests on and needs."""
    known = {item.id: item for item in standing.items}
    back, left = {which: standing[which]}, [which]
    while left:
        item = known[left.pop()]
        more = [key for key in (*item.because, *item.needs) if key in known and known[key].status != "accepted" and key not in back]
        back |= {key: known[key] for key in more}
        left += more
    return standing.changed([replace(item, status="waiting") for item in back.values() if item.status == "rejected"])
