"""What every answer of the page begins with: the bench that is asked, the request as a model, and a new version told."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bestand.case.loaded import Case
from bestand.errors import AskError, BestandError, Problem
from bestand.web.bench import Bench
from bestand.web.desk import DeskVersion
from bestand.web.told import problems_told

CONFLICTS = frozenset({"web/other-version", "web/changed-outside"})
_Ask = TypeVar("_Ask", bound=BaseModel)
Handler = Callable[[Request], Awaitable[Response]]


def answered(told: object, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(in_json(told), status, media_type="application/json")


def in_json(told: object) -> bytes:
    """What is told, as JSON in UTF-8; signs that are no text, as names on a disk or words of git may have, are told as `?`."""
    return json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")


def bench_of(request: Request) -> Bench:
    """The bench that is asked."""
    bench: Bench = request.app.state.bench
    return bench


async def asked_as(request: Request, kind: type[_Ask]) -> _Ask:
    """The request's body as a model.

    Raises
    ------
    AskError
        `web/bad-request`.
    """
    try:
        return kind.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise AskError(Problem("web/bad-request", f"{where}: {first['msg']}"[:300], hint="reload the page")) from error


def safely(handler: Handler) -> Handler:
    """A handler whose refusals are told as problems."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except BestandError as error:
            status = 409 if error.code in CONFLICTS else 422
            return answered({"problems": problems_told(error.problems, bench_of(request).language)}, status)
        except OSError as error:
            refused = Problem("file/refused", error.strerror or str(error))
            return answered({"problems": problems_told([refused], bench_of(request).language)}, 422)
        except ClientDisconnect:
            return Response(status_code=413)

    return answer


async def taken(bench: Bench, sheet: DeskVersion) -> Response:
    """A new version, told to everyone; it is on disk already."""
    bench.take(sheet)
    return answered({"version": sheet.version, "digest": sheet.digest})


def readable(bench: Bench) -> Case:
    """The case on the desk, where its file has no mistakes.

    Raises
    ------
    AskError
        `web/not-readable`.
    """
    return bench.desk.sheet.readable()
