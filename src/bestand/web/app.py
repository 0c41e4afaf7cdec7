"""The workbench as an ASGI application: JSON in and out, one stream of answers, and nothing that the library does not say."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from bestand.case.kinds import kinds
from bestand.case.read import read_text
from bestand.errors import AskError, BestandError, Problem
from bestand.web import asks
from bestand.web.bench import Bench
from bestand.web.conditions import condition_told
from bestand.web.guard import Gatekeeper, policy
from bestand.web.request import Handler, answered, asked_as, bench_of, in_json, readable, safely, taken
from bestand.web.told import Plain, problems_told

PAGE = Path(__file__).parent / "page"
QUESTIONS = "bestand.web.questions"
SETTLED = 2.0  # seconds after which the page stands


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
    loading = asyncio.create_task(_load_the_rest())
    yield
    loading.cancel()
    await app.state.bench.stop()


async def _load_the_rest() -> None:
    """What is asked later is loaded when the first answer is out, so that the first question about it waits for nothing."""
    await asyncio.sleep(SETTLED)
    await run_in_threadpool(import_module, QUESTIONS)


async def _no_such_page(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return answered({"problems": problems_told([Problem("web/no-page", "there is no such page")], bench_of(request).language)}, status)


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
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", name) or name.startswith(".") or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, headers={"cache-control": "private, max-age=31536000, immutable"})


async def stream(request: Request) -> Response:
    """All that there is to tell, as it becomes known."""
    bench = bench_of(request)
    bench.room_for_one_more()

    async def lines() -> AsyncIterator[bytes]:
        yield _event("hello", {"language": bench.language, "open": bench.desk_or_none is not None})
        async for kind, told in bench.listen():
            yield _event(kind, told)
            if kind == "bye":
                return

    return StreamingResponse(lines(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def _event(kind: str, told: Plain) -> bytes:
    return f"event: {kind}\ndata: ".encode() + in_json(told) + b"\n\n"


async def edit(request: Request) -> Response:
    """Edits, on disk before they are confirmed."""
    bench, asked = bench_of(request), await asked_as(request, asks.EditCase)
    return await taken(bench, await run_in_threadpool(bench.desk.edit, list(asked.edits), version=asked.version, what=asked.what))


async def text(request: Request) -> Response:
    """The text of the case, to read (GET) or as typed (POST)."""
    bench = bench_of(request)
    if request.method == "GET":
        return answered({"text": bench.desk.sheet.text, "version": bench.desk.sheet.version})
    asked = await asked_as(request, asks.ReplaceText)
    return await taken(bench, await run_in_threadpool(bench.desk.replace, asked.text, version=asked.version))


async def look(request: Request) -> Response:
    """Mistakes in a text that is not saved."""
    bench, asked = bench_of(request), await asked_as(request, asks.ReplaceText)
    try:
        await run_in_threadpool(read_text, asked.text, path=bench.desk.path, sources=bench.sources)
    except BestandError as error:
        return answered({"problems": problems_told(error.problems, bench.language)})
    return answered({"problems": []})


async def undo(request: Request) -> Response:
    """One step back."""
    bench, asked = bench_of(request), await asked_as(request, asks.OnVersion)
    return await taken(bench, await run_in_threadpool(bench.desk.step, "undo", version=asked.version))


async def redo(request: Request) -> Response:
    """One step forward again."""
    bench, asked = bench_of(request), await asked_as(request, asks.OnVersion)
    return await taken(bench, await run_in_threadpool(bench.desk.step, "redo", version=asked.version))


async def choose(request: Request) -> Response:
    """After a change from outside: theirs or mine."""
    bench, asked = bench_of(request), await asked_as(request, asks.Choose)
    return await taken(bench, await run_in_threadpool(lambda: bench.desk.choose(theirs=asked.theirs)))


async def condition(request: Request) -> Response:
    """A condition as it is typed."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskCondition)
    return answered(condition_told(readable(bench), asked.text, bench.language))


async def speak(request: Request) -> Response:
    """Another language."""
    bench, asked = bench_of(request), await asked_as(request, asks.Speak)
    bench.speak(asked.language)
    return answered({"language": asked.language})


async def view(request: Request) -> Response:
    """Another view."""
    bench, asked = bench_of(request), await asked_as(request, asks.ChooseView)
    bench.choose_view(asked.view)
    return answered({"view": asked.view})


async def forms(request: Request) -> Response:
    """What kind of value stands under each key of the format, from which the page makes its forms."""
    return answered({"models": await run_in_threadpool(kinds)})


def later(name: str) -> Handler:
    """A handler of what the page asks once it stands: loaded when it is first asked, so that the server is up the sooner."""

    async def handler(request: Request) -> Response:
        asked: Handler = getattr(await run_in_threadpool(import_module, QUESTIONS), name)
        return await asked(request)

    return handler


LATER: Mapping[str, Sequence[str]] = {
    "GET": (
        "versions", "compare", "turned", "moves", "statements", "zones", "sources", "source/{name}", "proposals", "hand/{name}", "blank.xlsx",
        "cases", "translations", "sweeps", "swept",
    ),
    "POST": (
        "restore", "state", "deals", "without", "ground", "truce", "quote", "draft", "decide", "start", "document", "rename", "import", "export",
        "open", "equilibrium", "forecast", "score",
    ),
}  # fmt: skip
"""What is asked once the page stands, by the name of its handler or that of `NAMED`."""
NAMED: Mapping[str, str] = {"hand": "handed", "import": "import_files", "export": "export_file", "blank.xlsx": "blank", "open": "open_case"}
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("/", "GET", page), ("/assets/{name}", "GET", asset), ("/stream", "GET", stream),
    ("/edit", "POST", edit), ("/text", "GET", text), ("/text", "POST", text), ("/look", "POST", look),
    ("/undo", "POST", undo), ("/redo", "POST", redo), ("/choose", "POST", choose),
    ("/forms", "GET", forms), ("/condition", "POST", condition), ("/speak", "POST", speak), ("/view", "POST", view),
    *(
        (f"/{path}", method, later(NAMED.get(first, first))) for method, paths in LATER.items()
        for path in paths for first in path.split("/")[:1]
    ),
)  # fmt: skip
