"""Asking an endpoint that speaks the OpenAI protocol: one question, one answer, within bounds of size, time and patience."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import urlsplit

from bestand.arguments import shown
from bestand.errors import DraftError, Problem
from bestand.show import printable

MOST_BYTES = 1_000_000  # bytes of a model's answer
MOST_TOKENS = 4_000  # tokens that a model is asked to write at the most
TRIES = 4
LONGEST_WAIT = 30.0  # seconds between two tries
BUSY = frozenset([408, 409, 425, 429, 500, 502, 503, 504, 529])
Message = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a language model answers, and how long it is waited for.

    url     : `http://127.0.0.1:8080/v1`, or the full address of its chat completions
    name    : the model's name, as the endpoint knows it
    key     : what the endpoint asks for, if anything; it is never written anywhere
    seconds : after which one answer is given up, however fast it comes in
    wait    : how to wait, for tests
    """

    url: str
    name: str = "default"
    key: str = field(default="", repr=False)
    seconds: float = 120.0
    wait: Callable[[float], None] = field(default=time.sleep, repr=False)

    def __post_init__(self) -> None:
        if not _is_address(self.url):
            what = f"{shown(self.url)} is no address of an endpoint"
            raise DraftError(Problem("draft/bad-endpoint", what, hint="give one such as http://127.0.0.1:8080/v1"))
        if not re.fullmatch(r"[ -~]*", self.key):
            what = "the key of the endpoint has signs that no key has: line ends, or letters beyond ASCII"
            raise DraftError(Problem("draft/bad-endpoint", what, hint="look at BESTAND_MODEL_KEY"))

    @property
    def address(self) -> str:
        """The full address that is asked."""
        bare = self.url.rstrip("/")
        if bare.endswith("/chat/completions"):
            return bare
        return f"{bare}/chat/completions" if bare.endswith("/v1") else f"{bare}/v1/chat/completions"

    @property
    def label(self) -> str:
        """What stays on everything that it drafts: the model's name and the host it was asked at."""
        return f"model {self.name[:60]} at {urlsplit(self.url).hostname}"


def _is_address(url: str) -> bool:
    """Whether an address is one of http or https that can be asked."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and re.fullmatch(r"[!-~]+", url) is not None
    except ValueError:
        return False


def answer(endpoint: Endpoint, messages: Sequence[Message]) -> str:
    """What the model answers to some messages, as text.

    A busy endpoint is asked again, up to four times in all, after the time that it names or ever longer ones.

    Raises
    ------
    DraftError
        `draft/endpoint-fails`: it stays busy, is not there, or takes too long. `draft/endpoint-refuses`: it does not take the
        question, or sends it on to another address. `draft/endless-answer`: more than a megabyte. `draft/no-answer`: what
        comes back is not an answer of this protocol.
    """
    body = {"model": endpoint.name, "messages": list(messages), "temperature": 0, "max_tokens": MOST_TOKENS}
    last = ""
    for attempt in range(TRIES):
        try:
            return _content(_asked(endpoint, json.dumps(body).encode()))
        except urllib.error.HTTPError as error:
            last = f"HTTP {error.code}"
            if error.code not in BUSY:
                what = f"the endpoint refuses the question: HTTP {error.code}"
                raise DraftError(Problem("draft/endpoint-refuses", what, hint="look at its address, the model's name and the key")) from error
            pause = _named(error.headers.get("Retry-After"), 2.0**attempt)
        except (OSError, http.client.HTTPException) as error:
            last, pause = _reason(error), 2.0**attempt
        if attempt < TRIES - 1:
            endpoint.wait(min(pause, LONGEST_WAIT))
    what = f"the endpoint does not answer: {last}, {TRIES} times"
    raise DraftError(Problem("draft/endpoint-fails", what, hint="what was drafted so far is kept; run the same again to go on"))


def _reason(error: Exception) -> str:
    return printable(str(getattr(error, "reason", "") or error) or type(error).__name__)[:200]


def _named(after: str | None, otherwise: float) -> float:
    """The seconds that an endpoint asks to wait."""
    try:
        return max(0.0, float(after or otherwise))
    except ValueError:
        return otherwise


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A text goes to the address that was agreed to, and to no other."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        """Never follows."""


class _Deadline:
    """Connections that are cut when their time is over, whatever they are waiting for: the head of an answer may drip as well.

    until : `time.monotonic()` after which nothing more is waited for
    """

    def __init__(self, until: float) -> None:
        self.until = until
        self.sockets: list[socket.socket] = []
        self.over = False
        self.timer = threading.Timer(max(0.0, until - time.monotonic()), self.cut)
        self.timer.daemon = True

    def __enter__(self) -> _Deadline:
        self.timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()

    def cut(self) -> None:
        """Ends every connection: who reads from one finds its end."""
        self.over = True
        for each in self.sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def kept(self, connection: type[http.client.HTTPConnection]) -> type[http.client.HTTPConnection]:
        """A kind of connection whose sockets are known here."""
        line = self

        class Kept(connection):  # type: ignore[valid-type,misc]  # one of the two kinds that there are
            def connect(self) -> None:
                super().connect()
                line.sockets.append(self.sock)

        return Kept

    def opener(self) -> urllib.request.OpenerDirector:
        """What opens addresses by such connections, and follows none to another place."""
        plain, secure = self.kept(http.client.HTTPConnection), self.kept(http.client.HTTPSConnection)

        class Plain(urllib.request.HTTPHandler):
            def http_open(self, req: urllib.request.Request) -> Any:
                return self.do_open(plain, req)

        class Secure(urllib.request.HTTPSHandler):
            def https_open(self, req: urllib.request.Request) -> Any:
                return self.do_open(secure, req)

        return urllib.request.build_opener(_StayHere(), Plain(), Secure())


def _asked(endpoint: Endpoint, body: bytes) -> bytes:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    headers |= {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    request = urllib.request.Request(endpoint.address, body, headers, method="POST")
    until = time.monotonic() + endpoint.seconds
    with _Deadline(until) as line:
        try:
            with line.opener().open(request, timeout=endpoint.seconds) as response:
                whole = _bounded(response, until)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if line.over:
                raise TimeoutError("its answer takes too long") from error
            if isinstance(error, OSError | http.client.HTTPException):
                raise
            raise http.client.HTTPException(str(error)) from error  # a length or a size of letters
        if line.over:
            raise TimeoutError("its answer takes too long")
        return whole


def _bounded(response: IO[bytes], until: float) -> bytes:
    """What comes in, up to a size and until a time."""
    parts: list[bytes] = []
    size = 0
    read = getattr(response, "read1", response.read)
    while piece := read(65_536):
        parts.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            what = f"the endpoint's answer has more than {MOST_BYTES:,} bytes"
            raise DraftError(Problem("draft/endless-answer", what, hint="is it the right address? take another model"))
        if time.monotonic() > until:
            raise TimeoutError("its answer takes too long")
    return b"".join(parts)


def _content(raw: bytes) -> str:
    try:
        content = json.loads(raw)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        what = "what the endpoint sends is no answer of a chat"
        raise DraftError(Problem("draft/no-answer", what, hint="is it an endpoint of the OpenAI protocol?")) from error
    return content if isinstance(content, str) else ""
