"""The workbench as an ASGI application: JSON in and out, one stream of answers, and nothing that the library does not say."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from bestand.case.read import read_text
from bestand.errors import AskError, BestandError, Problem
from bestand.web import asks
from bestand.web.bench import Bench
from bestand.web.carried import statements_told, without_told
from bestand.web.compared import compare, put_back, turned, versions
from bestand.web.conditions import condition_told
from bestand.web.deals import deals_told
from bestand.web.exchanged import blank, export_file, import_files
from bestand.web.ground import ground_told
from bestand.web.guard import Gatekeeper, policy
from bestand.web.handed import HANDED
from bestand.web.lasting import truce_told, zones_told
from bestand.web.moves import moves_told, state_told
from bestand.web.proposed import decided, passages, proposals_told
from bestand.web.renamed import renamed_member
from bestand.web.request import Handler, asked_as, bench_of, readable, safely, taken
from bestand.web.sources import quote_told, source_told, sources_told
from bestand.web.started import dropped, started
from bestand.web.told import Plain, case_told, problems_told

PAGE = Path(__file__).parent / "page"


def application(bench: Bench, *, key: str, hosts: Collection[str], https: bool = False) -> ASGIApp:
    """The workbench around one case, behind its guard.

    key   : of the link
    hosts : names with ports under which it is asked for
    https : whether a proxy in front speaks TLS
    """
    told = [Route(path, safely(handler), methods=[method]) for path, method, handler in ROUTES]
    inner = Starlette(routes=told, lifespan=_alive, exception_handlers={HTTPException: _no_such_page})
    inner.state.bench = bench
    return Gatekeeper(inner, key=key, hosts=hosts, https=https)


@asynccontextmanager
async def _alive(app: Starlette) -> AsyncIterator[None]:
    await app.state.bench.start()
    yield
    await app.state.bench.stop()


async def _no_such_page(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"problems": problems_told([Problem("web/no-page", "there is no such page")])}, status)


async def page(request: Request) -> Response:
    """The page itself."""
    index = PAGE / "index.html"
    if not index.is_file():
        raise AskError(Problem("web/not-built", "the page was not built", hint="run `npm ci && npm run build` in the folder workbench"))
    nonce = secrets.token_urlsafe(16)
    html = index.read_text(encoding="utf-8").replace("NONCE", nonce, 1)
    return Response(html, media_type="text/html; charset=utf-8", headers={"content-security-policy": policy(nonce)})


async def asset(request: Request) -> Response:
    """A script or style of the page."""
    name = request.path_params["name"]
    path = PAGE / "assets" / name
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", name) or name.startswith(".") or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, headers={"cache-control": "private, max-age=31536000, immutable"})


async def stream(request: Request) -> Response:
    """All that there is to tell, as it becomes known."""
    bench = bench_of(request)

    async def lines() -> AsyncIterator[bytes]:
        yield _event("hello", {"language": bench.language, "open": bench.desk_or_none is not None})
        async for kind, told in bench.listen():
            yield _event(kind, told)
            if kind == "bye":
                return

    return StreamingResponse(lines(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def _event(kind: str, told: Plain) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode("utf-8", "replace")


async def edit(request: Request) -> Response:
    """Edits, on disk before they are confirmed."""
    bench, asked = bench_of(request), await asked_as(request, asks.EditCase)
    return await taken(bench, await run_in_threadpool(bench.desk.edit, list(asked.edits), version=asked.version, what=asked.what))


async def rename(request: Request) -> Response:
    """Another name for a party, lever, claim, zone or other member, wherever the case speaks of it."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskRename)
    sheet = await run_in_threadpool(lambda: renamed_member(bench.desk, asked.section, asked.name, asked.to, version=asked.version))
    return await taken(bench, sheet)


async def text(request: Request) -> Response:
    """The text of the case, to read (GET) or as typed (POST)."""
    bench = bench_of(request)
    if request.method == "GET":
        return JSONResponse({"text": bench.desk.sheet.text, "version": bench.desk.sheet.version})
    asked = await asked_as(request, asks.ReplaceText)
    return await taken(bench, await run_in_threadpool(bench.desk.replace, asked.text, version=asked.version))


async def look(request: Request) -> Response:
    """Mistakes in a text that is not saved."""
    bench, asked = bench_of(request), await asked_as(request, asks.ReplaceText)
    try:
        await run_in_threadpool(read_text, asked.text, path=bench.desk.path, sources=bench.sources)
    except BestandError as error:
        return JSONResponse({"problems": problems_told(error.problems)})
    return JSONResponse({"problems": []})


async def undo(request: Request) -> Response:
    """One step back."""
    bench, asked = bench_of(request), await asked_as(request, asks.OnVersion)
    return await taken(bench, await run_in_threadpool(bench.desk.step, "undo", version=asked.version))


async def redo(request: Request) -> Response:
    """One step forward again."""
    bench, asked = bench_of(request), await asked_as(request, asks.OnVersion)
    return await taken(bench, await run_in_threadpool(bench.desk.step, "redo", version=asked.version))


async def restore(request: Request) -> Response:
    """An earlier version put back."""
    bench, asked = bench_of(request), await asked_as(request, asks.Restore)
    sheet = await run_in_threadpool(lambda: put_back(bench.desk, asked.which, version=asked.version))
    return await taken(bench, sheet)


async def choose(request: Request) -> Response:
    """After a change from outside: theirs or mine."""
    bench, asked = bench_of(request), await asked_as(request, asks.Choose)
    return await taken(bench, await run_in_threadpool(lambda: bench.desk.choose(theirs=asked.theirs)))


async def condition(request: Request) -> Response:
    """A condition as it is typed."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskCondition)
    return JSONResponse(condition_told(readable(bench), asked.text))


async def moves(request: Request) -> Response:
    """The picture of today."""
    bench = bench_of(request)
    return JSONResponse(await bench.ask(lambda study: moves_told(study, bench.language)))


async def state(request: Request) -> Response:
    """One state."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskState)
    return JSONResponse(await bench.ask(lambda study: state_told(study, asked.key, bench.language, walk=asked.walk)))


async def deals(request: Request) -> Response:
    """What could be agreed."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskDeals)
    told = await bench.ask(
        lambda study: deals_told(study, bench.language, that=asked.that, without=asked.without, excluding=asked.excluding, pair=asked.pair)
    )
    return JSONResponse(told)


async def statements(request: Request) -> Response:
    """Statements with a switch each."""
    return JSONResponse(await bench_of(request).ask(statements_told))


async def without(request: Request) -> Response:
    """The answer without some statements."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskWithout)
    return JSONResponse(await bench.ask(lambda study: without_told(study, asked.off, bench.language)))


async def zones(request: Request) -> Response:
    """Zones, and what can be changed about them."""
    bench = bench_of(request)
    return JSONResponse(await bench.ask(lambda study: zones_told(study, bench.language)))


async def ground(request: Request) -> Response:
    """The map of zones, or their strip."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskGround)
    return JSONResponse(await bench.ask(lambda study: ground_told(study, asked.where, bench.language)))


async def truce(request: Request) -> Response:
    """How long the truce lasts under changed numbers."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskTruce)
    return JSONResponse(await bench.ask(lambda study: truce_told(study, asked, bench.language)))


async def sources(request: Request) -> Response:
    """Documents of the case."""
    bench = bench_of(request)
    case = readable(bench)
    return JSONResponse(await run_in_threadpool(sources_told, case, bench.sources))


async def source(request: Request) -> Response:
    """The text of one document with its claims."""
    bench = bench_of(request)
    case = readable(bench)
    told = await run_in_threadpool(source_told, case, request.path_params["name"], bench.sources)
    told["proposed"] = await run_in_threadpool(passages, bench.desk, str(told["name"]), str(told["text"] or ""))
    return JSONResponse(told)


async def quote(request: Request) -> Response:
    """Whether a quote stands in a document."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskQuote)
    case = readable(bench)
    told = await run_in_threadpool(lambda: quote_told(case, asked.source, asked.quote, bench.sources, prefix=asked.prefix, suffix=asked.suffix))
    return JSONResponse(told)


async def proposals(request: Request) -> Response:
    """Proposals that wait."""
    return JSONResponse(await run_in_threadpool(proposals_told, bench_of(request).desk))


async def decide(request: Request) -> Response:
    """A proposal accepted or rejected."""
    bench, asked = bench_of(request), await asked_as(request, asks.Decide)
    sheet = await run_in_threadpool(lambda: decided(bench.desk, asked.id, version=asked.version, accepted=asked.accept, fields=asked.fields))
    return await taken(bench, sheet)


async def speak(request: Request) -> Response:
    """Another language."""
    bench, asked = bench_of(request), await asked_as(request, asks.Speak)
    bench.speak(asked.language)
    return JSONResponse({"language": asked.language})


async def view(request: Request) -> Response:
    """Another view."""
    bench, asked = bench_of(request), await asked_as(request, asks.ChooseView)
    bench.choose_view(asked.view)
    return JSONResponse({"view": asked.view})


async def start(request: Request) -> Response:
    """A case begun from the empty page."""
    bench, asked = bench_of(request), await asked_as(request, asks.Start)
    bench.open(await run_in_threadpool(started, bench.folder, asked))
    return JSONResponse(case_told(bench.desk, bench.desk.sheet))


async def document(request: Request) -> Response:
    """A document dropped on the page: kept beside the case, and named in it as a source."""
    bench = bench_of(request)
    content, name = await request.body(), request.query_params.get("name", "")
    desk, sheet = await run_in_threadpool(lambda: dropped(bench.folder, bench.desk_or_none, name, content))
    if desk is not bench.desk_or_none:
        bench.open(desk)
    return await taken(bench, sheet)


async def handed(request: Request) -> Response:
    """A file to hand on: report, brief, table or picture."""
    bench, name = bench_of(request), request.path_params["name"]
    make = HANDED.get(name)
    if make is None:
        raise HTTPException(404)
    known = await bench.ask(lambda study: study)  # what takes long holds up no other question
    content, kind, file = await run_in_threadpool(make, known, dict(request.query_params))
    headers = {"content-disposition": f'{"inline" if kind.startswith("text/html") else "attachment"}; filename="{file}"'}
    headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"
    return Response(content, media_type=kind, headers=headers)


ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("/", "GET", page), ("/assets/{name}", "GET", asset), ("/stream", "GET", stream),
    ("/edit", "POST", edit), ("/text", "GET", text), ("/text", "POST", text), ("/look", "POST", look),
    ("/undo", "POST", undo), ("/redo", "POST", redo), ("/restore", "POST", restore), ("/choose", "POST", choose),
    ("/versions", "GET", versions), ("/compare", "GET", compare), ("/condition", "POST", condition),
    ("/moves", "GET", moves), ("/state", "POST", state), ("/deals", "POST", deals), ("/statements", "GET", statements),
    ("/without", "POST", without), ("/zones", "GET", zones), ("/ground", "POST", ground), ("/truce", "POST", truce),
    ("/sources", "GET", sources), ("/source/{name}", "GET", source), ("/quote", "POST", quote),
    ("/proposals", "GET", proposals), ("/decide", "POST", decide), ("/speak", "POST", speak), ("/view", "POST", view),
    ("/start", "POST", start), ("/document", "POST", document), ("/hand/{name}", "GET", handed),
    ("/turned", "GET", turned), ("/rename", "POST", rename), ("/import", "POST", import_files), ("/export", "POST", export_file),
    ("/blank.xlsx", "GET", blank),
)  # fmt: skip
