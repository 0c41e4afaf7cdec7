"""Parts of the report as plain data for the page: the same titles, tables and pictures, drawn and worded once."""

from __future__ import annotations

from collections.abc import Iterable

from bestand.draw.svg import standalone
from bestand.report.blocks import Block
from bestand.report.versions import present_blocks
from bestand.report.watch import watch_blocks
from bestand.study.everything import Study
from bestand.study.watch import WatchAnswers
from bestand.telling.telling import Telling
from bestand.web.told import Plain


def blocks_told(blocks: Iterable[Block]) -> list[Plain]:
    """Titled parts of a section; a cell is its text and the claims behind it."""
    return [
        {
            "title": each.title, "notes": list(each.notes), "columns": list(each.columns), "after": list(each.after),
            "rows": [[{"text": cell.text, "claims": list(cell.claims)} for cell in row] for row in each.rows],
            "picture": None if each.picture is None else standalone(each.picture), "folded": each.folded, "shown": each.shown,
        }
        for each in blocks
    ]  # fmt: skip


def watch_told(answers: WatchAnswers | None, why_not: str, telling: Telling) -> Plain:
    """What to watch, what may follow and what was seen; no parts where the case has nothing to say of that."""
    return {"blocks": blocks_told(watch_blocks(answers, why_not, telling))}


def presents_told(study: Study, telling: Telling) -> Plain:
    """What hangs on how things stand today: how many ways there are to stand, and the answers from each where they differ."""
    return {"ways": 0 if study.presents is None else len(study.presents.presents), "blocks": blocks_told(present_blocks(study, telling))}
