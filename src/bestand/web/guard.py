"""Who may speak with the workbench: this browser, from this page, with the key of the link; everyone else is refused.

A page elsewhere on the web cannot read (no cookie is sent with its requests, and their origin is looked at), nor write, nor
reach the server under a name of its own (the Host header has to be one of ours).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Collection
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bestand.files import MOST_FORECAST, MOST_IMPORTED

COOKIE = "bestand"
MOST_SENT = 2_000_000  # bytes of one request that is no file
MOST_DOCUMENT = 30_000_000  # bytes of one document that is dropped on the page
PART = 30.0  # seconds in which the next part of a request has to come
SAFE = frozenset({"GET", "HEAD"})
KINDS = ("application/json", "application/octet-stream")


def policy(nonce: str = "") -> str:
    """The page's content security policy: scripts and data from here only, nothing inline; one nonce for the editor's styles."""
    styles = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def new_key() -> str:
    """A key that nobody guesses: 256 random bits."""
    return secrets.token_urlsafe(32)


class Gatekeeper:
    """An application behind the checks; what it answers carries the page's policy.

    key   : of the link, then of the cookie
    hosts : names and ports under which the page is asked for, such as ``127.0.0.1:8123``
    https : whether a proxy in front speaks TLS, so that the cookie may travel over nothing else
    """

    def __init__(self, app: ASGIApp, *, key: str, hosts: Collection[str], https: bool = False) -> None:
        self.app, self.key, self.hosts, self.https = app, key, frozenset(hosts), https
        self.origins = frozenset(f"{'https' if https else 'http'}://{host}" for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or refuses it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers, send = Headers(scope=scope), _with_policy(send)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
        if (reason := self._foreign(scope["method"], headers)) is not None:
            await _refuse(send, 403, reason)
        elif given and scope["method"] == "GET" and scope["path"] == "/" and self._is_key(given):
            await self._let_in(scope, send)
        elif not self._is_key(_cookie(headers, self.cookie_name)):
            await _refuse(send, 401, "web/no-key")
        elif (length := headers.get("content-length", "0")) and (not length.isdecimal() or int(length) > _most(scope["path"])):
            await _refuse(send, 413, "web/too-large")
        else:
            await self.app(scope, body_within(receive, _most(scope["path"])), send)

    @property
    def cookie_name(self) -> str:
        """Name of the cookie: one for each port, as browsers keep one jar for all ports of a host."""
        port = min((host.rpartition(":")[2] for host in self.hosts if ":" in host), default="")
        return f"{COOKIE}-{port}" if port else COOKIE

    def _is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.key.encode())

    def _foreign(self, method: str, headers: Headers) -> str | None:
        """Why a request cannot come from our page; None if it can."""
        if headers.get("host", "") not in self.hosts or len(headers.getlist("host")) != 1:
            return "web/other-host"
        if method not in (*SAFE, "POST"):
            return "web/other-method"
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if (origin is not None and origin not in self.origins) or (method not in SAFE and origin is None):
            return "web/other-origin"
        if method not in SAFE and (site not in (None, "same-origin") or headers.get("content-type", "").split(";")[0] not in KINDS):
            return "web/other-origin"
        if method in SAFE and site in ("cross-site", "same-site") and headers.get("sec-fetch-mode") != "navigate":
            return "web/other-origin"
        return None

    async def _let_in(self, scope: Scope, send: Send) -> None:
        """The key of the link becomes a cookie that no script reads, and leaves the address bar."""
        rest = {name: values for name, values in parse_qs(scope["query_string"].decode("latin-1")).items() if name != "key"}
        where = "/?" + urlencode(rest, doseq=True) if rest else "/"
        cookie = f"{self.cookie_name}={self.key}; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000" + ("; Secure" if self.https else "")
        headers = [(b"location", where.encode("latin-1")), (b"set-cookie", cookie.encode())]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _most(path: str) -> int:
    return {"/document": MOST_DOCUMENT, "/import": MOST_IMPORTED, "/score": MOST_FORECAST}.get(path, MOST_SENT)


def _cookie(headers: Headers, name: str) -> str:
    parts = (part.strip().partition("=") for line in headers.getlist("cookie") for part in line.split(";"))
    return next((value for key, _, value in parts if key == name), "")


def body_within(receive: Receive, most: int) -> Receive:
    """A body that breaks off where it grows over the limit, whatever its headers say, or where its next part does not come."""
    seen, whole = 0, False

    async def next_part() -> Message:
        nonlocal seen, whole
        try:
            message = await asyncio.wait_for(receive(), None if whole else PART)
        except TimeoutError:
            return {"type": "http.disconnect"}
        seen += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        return {"type": "http.disconnect"} if seen > most else message

    return next_part


def _with_policy(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("content-security-policy", policy())
            headers.setdefault("cache-control", "no-store")
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "no-referrer"
            headers["cross-origin-opener-policy"] = headers["cross-origin-resource-policy"] = "same-origin"
            headers["x-frame-options"] = "DENY"
        await send(message)

    return sent


async def _refuse(send: Send, status: int, code: str) -> None:
    told = {
        "web/no-key": "open the page by the link that `bestand open` prints",
        "web/too-large": "more than the workbench takes at once",
    }.get(code, "asked from a place that is not the workbench's own page")
    body = json.dumps({"problems": [{"code": code, "what": told, "at": "", "line": None, "column": None, "hint": ""}]}).encode()
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
