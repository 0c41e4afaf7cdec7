"""Versions of the case: each save, and each commit of git that touched its file; any two compared, statements and conclusions."""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bestand.case.read import read_text
from bestand.changes.diff import diff
from bestand.changes.earlier import MOST_REVISIONS, revisions, text_at
from bestand.graph.conflict import Conflict
from bestand.report.since import since_told
from bestand.study.clock import by_the_clock
from bestand.study.flips import flips
from bestand.web.desk import Desk, DeskVersion
from bestand.web.request import answered, bench_of
from bestand.web.spoken import spoken
from bestand.web.told import Plain

MOST_SAVES = 500  # that are listed
SECONDS = 4.0  # for the smallest sets of changes that turned a conclusion, and for hypotheses in what is left of it
_SAVE, _COMMIT = re.compile(r"[0-9]{1,12}\Z"), re.compile(r"git:([0-9a-f]{7,64})\Z")


async def versions(request: Request) -> Response:
    """Every version that was saved, and every one that git keeps, the newest first."""
    desk = bench_of(request).desk
    kept = await run_in_threadpool(revisions, desk.path)
    saves = [{"number": v.number, "kind": v.kind, "what": v.what, "when": v.when} for v in reversed(desk.versions.all[-MOST_SAVES:])]
    commits = [{"commit": each.commit, "day": each.day, "subject": each.subject} for each in kept]
    return answered({"versions": saves, "commits": commits, "more": len(commits) == MOST_REVISIONS})


async def compare(request: Request) -> Response:
    """Statements that differ between two versions; `disk` for what another program wrote."""
    old, new = await _texts(request)
    changes = await run_in_threadpool(lambda: diff(read_text(old), read_text(new)))
    told = [{"at": each.at, "kind": each.kind, "before": each.before, "after": each.after} for each in changes.changes]
    return answered({"changes": told, "old": old, "new": new})


async def turned(request: Request) -> Response:
    """Conclusions that came out otherwise in the later of two versions, and the smallest sets of changes that did it."""
    bench = bench_of(request)
    old, new = await _texts(request)
    asked = await bench.ask(lambda study: study.conflict)  # the view that is looked at
    return answered(await run_in_threadpool(turned_told, old, new, asked, bench.language))


def turned_told(old: str, new: str, asked: Conflict, language: str) -> Plain:
    """What came out otherwise between two texts of a case, in the view of a conflict where both have it."""
    before, after = read_text(old), read_text(new)
    view = asked.view if asked.view in before.file.views and asked.view in after.file.views else None
    compared = flips(before, after, view=view, hypotheses=True, budget=by_the_clock(SECONDS))
    told = since_told(compared, spoken(asked.of(compared.new), language))
    flipped = [{"now": each.now, "before": each.before, "causes": list(each.causes)} for each in told.turned]
    return {"turned": flipped, "notes": [*told.today, *told.notes], "view": view}


async def _texts(request: Request) -> tuple[str, str]:
    desk, query = bench_of(request).desk, request.query_params
    return await run_in_threadpool(version_text, desk, query.get("old", "")), await run_in_threadpool(version_text, desk, query.get("new", ""))


def version_text(desk: Desk, which: str) -> str:
    """The text of a version: a save by its number, `git:` and a commit, `disk`, or else what lies on the desk.

    Raises
    ------
    AskError
        `web/no-version`; CaseError where git does not have it.
    """
    if which == "disk":
        return desk.changed_outside() or desk.sheet.text
    commit = _COMMIT.match(which)
    if commit:
        return text_at(desk.path, commit[1])
    return desk.text_of(int(which)) if _SAVE.match(which) else desk.sheet.text


def put_back(desk: Desk, which: str, *, version: int) -> DeskVersion:
    """The case as it was in an earlier version, as a new edit."""
    if _SAVE.match(which):
        return desk.restore(int(which), version=version)
    return desk.replace(version_text(desk, which), version=version, what=f"version {which[:14]}")
