"""In and out: files of other programs become a case, or go into the open one; the open case goes out in a file that another program opens."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bestand.case.read import read_text
from bestand.case.template import new
from bestand.errors import AskError, BestandError, Problem
from bestand.exchange.notes import Carried
from bestand.exchange.reading import MOST_FILES, ImportWishes, read_files
from bestand.exchange.template import to_template
from bestand.exchange.writing import export
from bestand.graph.conflict import Conflict
from bestand.show import printable
from bestand.study.everything import Study
from bestand.web.asks import AskExport
from bestand.web.desk import Desk, DeskVersion
from bestand.web.handed import whole_study
from bestand.web.request import answered, asked_as, bench_of, readable
from bestand.web.started import written_in
from bestand.web.told import Plain, case_told

ENDS = {
    "nfg-outcomes": "nfg", "payoffs": "csv", "edges": "csv", "template": "xlsx", "claims": "csv", "claims-xlsx": "xlsx",
    "annotations": "jsonld", "dna": "csv", "csl": "json", "bibtex": "bib",
}  # fmt: skip
"""Format → how its file's name ends, where that is not the format's own name."""
TABLES = ("xlsx", "csv", "parquet")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def carried_told(carried: Carried, language: str) -> Plain:
    """What became of a file's contents, in the reader's language."""
    return {"format": carried.format, "notes": [{"fate": note.fate, "words": printable(note.said(language))} for note in carried.notes]}


async def export_file(request: Request) -> Response:
    """The open case, in the view that is looked at, as a file for another program; with what that file does not say."""
    bench, asked = bench_of(request), await asked_as(request, AskExport)
    known = await bench.ask(lambda study: study)
    carried = await run_in_threadpool(exported, known, asked, bench.sources)
    name = f"{bench.desk.path.parent.name}{f'-{asked.of}' if asked.of else ''}.{ENDS.get(asked.to, asked.to)}"
    return answered({"name": name, "content": base64.b64encode(carried.content).decode("ascii"), **carried_told(carried, bench.language)})


def exported(known: Study, asked: AskExport, sources: Path | None) -> Carried:
    """The file; tables of a whole study where that is asked for, else of a quick one."""
    if asked.to in TABLES:
        of: Conflict | Study = whole_study(known) if asked.whole else known.conflict
        return export(of, to=asked.to, of=asked.of)
    return export(known.conflict.on_scale(asked.scale), to=asked.to, of=asked.of, sources=sources)


async def import_files(request: Request) -> Response:
    """Files of another program: a case of its own, or put into the open one; with what was kept, changed and lost."""
    bench, query = bench_of(request), request.query_params
    files = sent_files(query.getlist("name"), query.getlist("size"), await request.body())
    kind, seen_by = query.get("kind") or None, query.get("seen_by") or None
    if query.get("into"):
        asked, on = ImportWishes(seen_by, readable(bench), bench.sources), bench.desk.sheet.version
        sheet, carried = await run_in_threadpool(lambda: put_into(bench.desk, files, kind, asked, version=on))
        bench.take(sheet)
    else:
        desk, carried = await run_in_threadpool(made_case, bench.folder, files, kind, ImportWishes(seen_by))
        bench.open(desk)
    told = case_told(bench.desk, bench.desk.sheet, bench.language)
    return answered({**carried_told(carried, bench.language), "version": told["version"], "folder": told["folder"]})


async def blank(request: Request) -> Response:
    """A workbook in which parties, levers and wants are written, to be imported when it is filled in."""
    title = request.query_params.get("title", "").strip()[:200] or "A dispute"
    made = await run_in_threadpool(lambda: to_template(read_text(new(title))))
    return Response(made.content, media_type=WORKBOOK, headers={"content-disposition": 'attachment; filename="case.xlsx"'})


def sent_files(names: list[str], sizes: list[str], body: bytes) -> dict[str, bytes]:
    """Files by name, as they follow each other in what was sent.

    Raises
    ------
    AskError
        `web/bad-request`.

    >>> sent_files(["a.xml", "b.xml"], ["2", "1"], b"xyz")
    {'a.xml': b'xy', 'b.xml': b'z'}
    """
    lengths = [int(each) if each.isascii() and each.isdigit() and len(each) < 10 else -1 for each in sizes]
    whole = len(names) == len(lengths) == len(set(names)) and min(lengths, default=-1) >= 0 and sum(lengths) == len(body)
    if not whole or len(names) > MOST_FILES:
        hint = f"choose from 1 to {MOST_FILES} files, each once"
        raise AskError(Problem("web/bad-request", "the files did not arrive as they were named", hint=hint))
    files, at = {}, 0
    for name, length in zip(names, lengths, strict=True):
        files[printable(name.replace("\\", "/").rpartition("/")[2])[:100]] = body[at : at + length]
        at += length
    return files


def made_case(folder: Path, files: Mapping[str, bytes], kind: str | None, asked: ImportWishes) -> tuple[Desk, Carried]:
    """A case made of files, in a folder of its own.

    Raises
    ------
    AskError
        `web/no-case-yet` where what is in the file goes into a case; CaseError with what is wrong in the file.
    """
    carried = _case_file(files) if kind is None else None
    if carried is None:
        try:
            carried = read_files(files, kind=kind, asked=asked)
        except BestandError as error:
            if error.code != "import/needs-case":
                raise
            what = "claims and sources go into a case, and none is open"
            raise AskError(Problem("web/no-case-yet", what, hint="open or begin a case, and add this file under Read")) from error
    text = carried.text
    return Desk(written_in(folder, str(read_text(text).file.title), text)), carried


def _case_file(files: Mapping[str, bytes]) -> Carried | None:
    """A case file as it is; None where it is another kind of file."""
    (content,) = files.values() if len(files) == 1 else (b"",)
    if not re.search(rb"^bestand:", content, re.M):
        return None
    text = content.decode("utf-8-sig", "replace")
    read_text(text)
    return Carried("case", text.encode("utf-8"), ())


def put_into(desk: Desk, files: Mapping[str, bytes], kind: str | None, asked: ImportWishes, *, version: int) -> tuple[DeskVersion, Carried]:
    """The open case with the claims or sources of a file put into it, as one edit.

    Raises
    ------
    AskError
        `web/own-case` where the file is a case of its own; CaseError with what is wrong in the file.
    """
    try:
        carried = read_files(files, kind=kind, asked=asked)
    except BestandError as error:
        if error.code != "import/own-case":
            raise
        what = f"'{', '.join(files)}' is a case of its own"
        raise AskError(Problem("web/own-case", what, hint="import it under All cases")) from error
    return desk.replace(carried.text, version=version, what=", ".join(files)), carried
