"""Behind a real nginx with a password, configured as the how-to says: the page, its stream and its uploads work, strangers are refused."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile

import pytest

from bestand.case.read import read
from tests.depth import in_depth
from tests.web.conftest import PATIENCE, ROOT, expect, until

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
HOST = "workbench.example.org"
PAGE = (ROOT / "docs" / "how-to" / "open-the-workbench.md").read_text(encoding="utf-8")
PASSWORD = "Basic " + base64.b64encode(b"anna:pass word").decode()
pytestmark = pytest.mark.skipif(NGINX is None or not hasattr(os, "geteuid"), reason="nginx is not installed here (Debian: apt-get install nginx)")


def free_port():
    """A port for the workbench, which the documented command tells it: none that a system or the workbench gives out unasked."""
    for port in random.SystemRandom().sample(range(10_000, 20_000), 100):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no free port")


class Proxied:
    """A workbench behind nginx: where nginx listens, and a way to ask."""

    def __init__(self, port, key, inner):
        self.port, self.key, self.inner = port, key, inner
        self.cookie = f"bestand-{inner}={key}"

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, method, path, body=None, **headers):
        usual = {"Host": HOST, "Origin": f"https://{HOST}", "Authorization": PASSWORD, "Cookie": self.cookie, "Content-Type": "application/json"}
        given = {name: value for name, value in {**usual, **{k.replace("_", "-"): v for k, v in headers.items()}}.items() if value is not None}
        connection = self.connection()
        try:
            connection.request(method, path, body if isinstance(body, bytes | None) else json.dumps(body), given)
            answer = connection.getresponse()
            assert answer.headers["Server"].startswith("nginx"), "nginx was passed by"
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()


@pytest.fixture
def behind(tmp_path):
    """Runs the documented command, and nginx with the documented block: an unprivileged process with its own folder, socket and pid.

    nginx is handed a socket that listens already (as it hands its own to a new binary): its port can be nobody else's, and who asks early waits.
    """
    begun, folder = [], pathlib.Path(tempfile.mkdtemp(prefix="nginx"))
    nobody = 65534 if os.geteuid() == 0 else None

    def begin(*, https=True):
        (tmp_path / "my-case.yaml").write_text(read("example/en").text, encoding="utf-8")
        door = socket.create_server(("127.0.0.1", 0))
        outer, key = door.getsockname()[1], ""
        while not key:  # where somebody else has taken the port meanwhile, the workbench says so and ends
            inner = free_port()
            command = re.search(r"^bestand (open my-case\.yaml .*--behind.*)$", PAGE, re.M)[1].replace("8123", str(inner)).split()
            command = command if https else [*(word for word in command if word != "--https"), "--behind", f"localhost:{outer}"]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
            begun.append(program := subprocess.Popen([sys.executable, "-m", "bestand", *command], cwd=tmp_path, env=environment, **piped))
            key = next((line.strip().partition("?key=")[2] for line in program.stdout if "?key=" in line), "")
            assert key or "taken" in (said := program.stderr.read()), said
        users = folder / "users"
        users.write_text("anna:{SHA}" + base64.b64encode(hashlib.sha1(b"pass word").digest()).decode() + "\n", encoding="utf-8")
        block = re.search(r"```nginx\n(.*?)```", PAGE, re.S)[1].replace("8123", str(inner)).replace("/etc/nginx/bestand.users", str(users))
        places = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
            f"http {{ access_log off; {places}\nserver {{ listen 127.0.0.1:{outer};\n{block}}} }}\n", encoding="utf-8",
        )  # fmt: skip
        if nobody is not None:
            for each in (folder, *folder.iterdir()):
                os.chown(each, nobody, nobody)
        run = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
        handed, given = {**os.environ, "NGINX": f"{door.fileno()};"}, [door.fileno()]
        with door:
            inherited = {"env": handed, "pass_fds": given, "user": nobody, "group": nobody, "extra_groups": [] if nobody else None}
            begun.append(subprocess.Popen(run, stderr=subprocess.DEVNULL, **inherited))
        return Proxied(outer, key, inner)

    yield begin
    for each in reversed(begun):
        each.terminate()
        each.wait(PATIENCE)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_team_works_behind_nginx_and_strangers_do_not(behind, tmp_path):
    proxied = behind()
    assert proxied.ask("GET", "/versions", Authorization=None)[0] == 401
    assert proxied.ask("GET", f"/?key={proxied.key}", Authorization=None)[0] == 401
    status, headers, _ = proxied.ask("GET", f"/?key={proxied.key}", Cookie=None, Origin=None)
    assert (status, headers["location"]) == (303, "/")
    assert headers["set-cookie"].startswith(f"{proxied.cookie};")
    assert {"HttpOnly", "SameSite=Strict", "Secure"} <= set(headers["set-cookie"].split("; "))
    status, _, content = proxied.ask("GET", "/versions", Cookie=None)
    assert (status, json.loads(content)["problems"][0]["code"]) == (401, "web/no-key")
    for changed in ({"Host": "evil.example.org"}, {"Origin": "https://evil.example.org"}, {"Origin": f"http://{HOST}"}, {"Sec-Fetch-Site": "cross-site"}):
        edit = {"version": 1, "edits": [{"op": "set", "at": ["title"], "value": "Taken over"}]}
        assert proxied.ask("POST", "/edit", edit, **changed)[0] == 403, changed
    assert "Taken over" not in (tmp_path / "my-case.yaml").read_text(encoding="utf-8")
    letter = b"The mayor would sign.\n" * 60_000  # more than nginx takes unless it is told to
    assert proxied.ask("POST", "/document?name=letter.txt", letter, Content_Type="application/octet-stream")[0] == 200
    assert (tmp_path / "letter.txt").read_bytes() == letter


def test_what_is_told_comes_through_nginx_as_it_is_told(behind):
    proxied = behind()
    connection = proxied.connection()
    connection.request("GET", "/stream", headers={"Host": HOST, "Authorization": PASSWORD, "Cookie": proxied.cookie})
    told = connection.getresponse()
    assert told.status == 200
    heard = [told.fp.readline() for _ in range(3)]
    assert any(b"event: hello" in line for line in heard)
    assert proxied.ask("POST", "/edit", {"version": 1, "edits": [{"op": "set", "at": ["title"], "value": "By a colleague"}]})[0] == 200
    lines = iter(told.fp.readline, b"")
    until(lambda: b"By a colleague" in next(lines), "the stream does not tell it")
    connection.close()


@in_depth
def test_the_page_works_in_a_browser_through_nginx(behind, browser, tmp_path):
    proxied = behind(https=False)
    context = browser.new_context(http_credentials={"username": "anna", "password": "pass word"}, viewport={"width": 1300, "height": 900})
    page = context.new_page()
    page.goto(f"http://localhost:{proxied.port}/?key={proxied.key}")
    page.set_default_timeout(1000 * PATIENCE)
    page.wait_for_selector(".sentences li")
    page.evaluate("location.hash = '#/build'")
    page.get_by_label("title").fill("Through the proxy")
    page.get_by_label("title").press("Enter")
    expect(page.locator(".bar .title")).to_have_text("Through the proxy")
    context.close()
    assert "Through the proxy" in (tmp_path / "my-case.yaml").read_text(encoding="utf-8")
