"""Nobody but this browser, from this page, with the key, can read or write; nothing outside the case's folder is reached."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from bestand.web import guard
from bestand.web.app import ROUTES
from bestand.web.guard import COOKIE, MOST_SENT
from tests.depth import spread
from tests.web.conftest import KEY, alone

READING = sorted({path.replace("{name}", "x") for path, method, _ in ROUTES if method == "GET"} | {"/no-such-page"})
WRITING = sorted({path for path, method, _ in ROUTES if method == "POST"})
EVIL = "http://evil.example"
SMALL = """
bestand: 1
title: A truce of two
parties: {a: {name: A}, b: {name: B}}
levers: {a.stops: {is: stops, assumed: so}, b.stops: {is: stops, assumed: so}}
wants: {a: [{that: b.stops, worth: 2, assumed: so}], b: [{that: a.stops, worth: 1, assumed: so}]}
play: {tempo: {a: 1, b: 1}, noise: {a: 0.5, b: 0.5}, discount: {a: 0.1, b: 0.1}}
"""  # an empty question asks some paths everything: of a large case that takes a quarter of a minute


@pytest.fixture
def served(serve):
    return serve()


def unchanged(served, before):
    return served.path.read_bytes() == before and served.bench.desk.sheet.version == 1


@spread("headers", [
    {"Cookie": None}, {"Cookie": f"{COOKIE}=guess"}, {"Cookie": "bestand-1=" + KEY}, {"Host": "evil.example"}, {"Host": "127.0.0.1:1"}, {"Host": "localhost.evil.example"}, {"Host": None},
    {"Origin": EVIL}, {"Origin": "null"}, {"Origin": "https://127.0.0.1"}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
], ids=str, first=4)  # fmt: skip
def test_every_page_is_shut_to_who_is_not_ours(served, headers):
    before = served.path.read_bytes()
    for path in READING:
        status, _, content = served.ask("GET", path, **headers)
        assert status in (400, 401, 403), path
        assert b"Aldermere" not in content
    for path in WRITING:
        edit = {"version": 1, "edits": [{"op": "set", "at": ["title"], "value": "taken over"}]}
        status, _, _ = served.ask("POST", path, edit, **headers)
        assert status in (400, 401, 403), path
    assert unchanged(served, before)


@pytest.mark.parametrize("headers", [{"Origin": None}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}, {"Sec-Fetch-Site": "cross-site"}], ids=str)
def test_a_form_on_another_page_cannot_write(served, headers):
    before = served.path.read_bytes()
    for path in WRITING:
        assert served.ask("POST", path, {"version": 1, "edits": [{"op": "set", "at": ["title"], "value": "x"}]}, **headers)[0] == 403, path
    assert unchanged(served, before)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_refused(served, method):
    assert served.ask(method, "/edit")[0] == 403


def test_the_key_of_the_link_becomes_a_cookie_that_no_script_reads(served):
    status, headers, _ = served.ask("GET", f"/?key={KEY}", Cookie=None, Origin=None)
    assert status == 303
    assert headers["location"] == "/"
    assert KEY not in headers["location"]
    for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in headers["set-cookie"]
    assert served.ask("GET", "/?key=wrong", Cookie=None, Origin=None)[0] == 401


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(served):
    for path in ("/text", "/versions", "/no-such-page"):
        _, headers, _ = served.ask("GET", path)
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in headers


def test_whatever_is_answered_the_policy_stands_with_it(serve):
    """Every route, as the page and as a stranger would ask it, also where it is refused, is none, or was sent too much."""
    asked = [(method, re.sub("{[^}]*}", "x", path)) for path, method, _ in ROUTES if path != "/stream"]
    asked += [("GET", "/?key=wrong"), ("GET", f"/?key={KEY}"), ("HEAD", "/"), ("PUT", "/edit"), ("GET", "/%00"), ("POST", "/no-such-page"), ("FOO", "/")]
    served, statuses = serve(SMALL), set()
    for method, path in asked:
        for stranger in ({}, {"Cookie": None}, {"Origin": "http://elsewhere.example"}, {"Host": "elsewhere.example"}, {"Content-Length": str(10**12)}):
            status, headers, _ = served.ask(method, path, b"{" if method == "POST" else None, **stranger)  # no JSON: nothing is done
            statuses.add(status)
            assert "default-src 'none'" in headers["content-security-policy"] and headers["x-content-type-options"] == "nosniff", (method, path, stranger, status)
    assert statuses >= {200, 303, 401, 403, 404} and not any(status >= 500 for status in statuses), statuses


@pytest.mark.parametrize("path", [
    "/assets/../../../../etc/passwd", "/assets/..%2f..%2f..%2fapp.py", "/assets/%2e%2e/app.py", "/assets/.hidden", "/assets/..%5c..%5capp.py", "/source/..%2f..%2fetc%2fpasswd",
    "/hand/..%2f..%2fcase.yaml", "//etc/passwd", "/assets/app.py%00.js", "/assets/" + "a" * 3_000, "/source/" + "a" * 3_000, "/hand/" + "a" * 3_000, "/assets/" + "a" * 3_000, "/source/" + "a" * 3_000, "/hand/" + "a" * 3_000,
])  # fmt: skip
def test_no_path_leads_out(served, path):
    status, _, content = served.ask("GET", path)
    assert status in (400, 404, 422)
    assert b"root:" not in content
    assert b"import" not in content


@pytest.mark.parametrize("name", ["../../outside.txt", "..\\..\\outside.txt", "/etc/outside.txt", "a/../../outside.txt"])
def test_a_document_is_kept_in_the_folder_whatever_its_name(served, name):
    from urllib.parse import quote

    outside = served.folder.parent / "outside.txt"
    status, _ = served.json("POST", f"/document?name={quote(name, safe='')}", b"some words of a document", Content_Type="application/octet-stream")
    assert status == 200
    assert not outside.exists()
    assert (served.folder / "outside.txt").read_bytes() == b"some words of a document"


@pytest.mark.parametrize("name", ["x.exe", "x.py", "case.yaml", ".bestand", "", "x", "..", "x.txt\x00.exe"])
def test_what_is_no_document_is_refused(served, name):
    from urllib.parse import quote

    before = served.path.read_bytes()
    assert served.json("POST", f"/document?name={quote(name)}", b"x", Content_Type="application/octet-stream")[0] == 422
    assert unchanged(served, before)


def test_a_source_that_points_out_of_the_folder_is_not_read(serve):
    served = serve(f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}}}\nlevers: {{a.x: {{is: x}}}}\nsources:\n  s: {{title: S, file: ../../etc/passwd, sha256: {'0' * 64}}}\n")
    status, told = served.json("GET", "/source/s")
    assert status == 422
    assert "root:" not in json.dumps(told)


def test_a_body_that_does_not_come_is_waited_for_only_so_long_and_one_that_came_as_long_as_there_is(monkeypatch):
    monkeypatch.setattr(guard, "PART", 0.02)

    async def told(*messages):
        waiting = iter(messages)

        async def receive():
            message = next(waiting, None)
            return message if message is not None else await asyncio.Event().wait()

        bounded = guard.body_within(receive, 10)
        heard = [await bounded() for _ in messages]
        return [*(each["type"] for each in heard), (await asyncio.wait_for(bounded(), 0.2))["type"]]

    part = {"type": "http.request", "body": b"abc", "more_body": True}
    assert alone(told(part)) == ["http.request", "http.disconnect"]
    assert alone(told(part, part, part)) == ["http.request"] * 3 + ["http.disconnect"]
    assert alone(told(part, part, part, part))[3] == "http.disconnect"  # more than ten bytes
    with pytest.raises(TimeoutError):  # a whole request: nothing more need come, as a stream is listened to all day
        alone(told({"type": "http.request", "body": b"abc"}))


def test_an_oversized_request_is_refused_before_it_is_read(served):
    assert served.ask("POST", "/text", b"{}", Content_Length=str(MOST_SENT + 1))[0] == 413
    before = served.path.read_bytes()
    try:
        status = served.ask("POST", "/text", b'{"version":1,"text":"' + b"x" * (MOST_SENT + 10) + b'"}')[0]
    except OSError:  # the server shut the door in the middle
        status = 413
    assert status == 413
    assert unchanged(served, before)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b'{"version": "1"}', b'{"version":1,"edits":[]}', b'{"version":1,"edits":[{"op":"exec","at":["x"]}]}', b"\xff\xfe", b'{"version":1e999}', b"[" * 50_000])
def test_a_request_that_makes_no_sense_is_refused_in_words(serve, body):
    served = serve(SMALL)
    before = served.path.read_bytes()
    for path in WRITING:
        if path == "/document":
            continue
        status, told = served.json("POST", path, body)
        assert status in (200, 409, 422), path
        assert status == 200 or told["problems"][0]["code"]
    assert unchanged(served, before)
