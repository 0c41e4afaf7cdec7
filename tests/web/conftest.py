"""A workbench that is really served, to be spoken with by hand and by a real browser."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn

from bestand.case.read import read
from bestand.web.app import PAGE, application
from bestand.web.bench import Bench
from bestand.web.desk import Desk
from bestand.web.guard import COOKIE

ROOT = pathlib.Path(__file__).parent.parent.parent
WORKBENCH = ROOT / "workbench"
KEY = "k" * 43
SLOWER = float(os.environ.get("BESTAND_SLOWER", "1"))  # how many times slower the page is made to run
PATIENCE = 120.0 * SLOWER  # seconds: how long a slow and busy machine may take for anything; nobody waits longer than it lasts
COUNTED = """{
    window.asked = 0;
    const ask = window.fetch;
    window.fetch = async (...given) => {
        window.asked += 1;
        try {
            const got = await ask(...given);
            const whole = await got.arrayBuffer();
            return new Response(whole.byteLength ? whole : null, { status: got.status, headers: got.headers });
        } finally { setTimeout(() => { window.asked -= 1; }); }
    };
}"""
QUIET = """async seconds => {
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const until = performance.now() + 1000 * seconds;
    for (let quiet = 0; quiet < 3; quiet = window.asked ? 0 : quiet + 1) {
        if (performance.now() > until) throw new Error(`${window.asked} questions to the server are still under way`);
        await frame();
    }
}"""
GONE = """to => new Promise(done => {
    const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => done()));
    if (location.hash === to) drawn();
    else { addEventListener('hashchange', drawn, { once: true }); location.hash = to; }
})"""


def flat(name: str) -> str:
    """One of the page's sources, or several (`*words.ts`), on one line: however its formatter breaks lists over lines."""
    text = " ".join(each.read_text(encoding="utf-8") for each in sorted((WORKBENCH / "src").glob(name)))
    return re.sub(r",? ([\]})])", r"\1", re.sub(r"([\[{(]) ", r"\1", re.sub(r"\s+", " ", text)))


def until(holds, what=""):
    """Waits until it holds, as what is written to disk or told by a server does in its own time."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what or "it never came to hold"
        time.sleep(0.02)


def alone(work):
    """What a coroutine gives, run where no other loop is: in this thread a browser's own may run."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, work).result(PATIENCE)


def expect(found):
    """What a page is to show, waited for: a look at a page is never right before the page is."""
    from playwright import sync_api

    return sync_api.expect(found)


class Served:
    """One workbench at work: where it is, its folder, and a way to speak with it."""

    def __init__(self, folder, case):
        self.folder = folder
        self.path = folder / "case.yaml"
        self.bench = Bench(folder, Desk(self.path) if case else None)
        made = socket.create_server(("127.0.0.1", 0))
        self.port = made.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        config = uvicorn.Config(application(self.bench, key=KEY, hosts=[self.host]), log_level="error", lifespan="on", ws="none", timeout_graceful_shutdown=1)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [made]}, daemon=True)
        self.thread.start()
        until(lambda: self.server.started, "the workbench did not start")

    @property
    def link(self):
        return f"http://{self.host}/?key={KEY}"

    def ask(self, method, path, body=None, **headers):
        """Status, headers and contents; as the page would ask unless headers say otherwise, None leaves one out."""
        usual = {"Host": self.host, "Cookie": f"{COOKIE}-{self.port}={KEY}", "Origin": f"http://{self.host}", "Content-Type": "application/json"}
        given = {name: value for name, value in {**usual, **{k.replace("_", "-"): v for k, v in headers.items()}}.items() if value is not None}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in given.items():
                connection.putheader(name, value)
            if content is not None and "Content-Length" not in given:
                connection.putheader("Content-Length", str(len(content)))
            connection.endheaders(content)
            answer = connection.getresponse()
            try:
                told = answer.read()
            except ConnectionResetError:  # a server that refuses before it has read all may hang up first
                told = b""
            return answer.status, dict(answer.getheaders()), told
        finally:
            connection.close()

    def json(self, method, path, body=None, **headers):
        status, _, content = self.ask(method, path, body, **headers)
        return status, json.loads(content)

    def edit(self, *edits):
        return self.json("POST", "/edit", {"version": self.bench.desk.sheet.version, "edits": list(edits)})

    def edited(self, *edits):
        """Edits by another window, which are taken."""
        status, told = self.edit(*edits)
        assert status == 200, told

    def stop(self):
        self.server.should_exit = True
        self.thread.join(PATIENCE)


@pytest.fixture
def serve(tmp_path):
    """Serves a text as a case, a case of the catalogue, or the empty page."""
    running = []

    def begin(case="example/en"):
        folder = tmp_path / f"case{len(running)}"
        folder.mkdir()
        if case and "\n" in case:
            (folder / "case.yaml").write_text(case, encoding="utf-8")
        elif case:
            source = read(case).path.parent
            for each in source.iterdir():
                if each.suffix in (".yaml", ".txt") and each.name != "transcript.txt":
                    shutil.copy(each, folder / each.name)
        served = Served(folder, case)
        running.append(served)
        return served

    yield begin
    for served in running:
        served.stop()


def npm(*arguments, seconds=240):
    """Runs npm in the folder of the page's sources; skips where there is no Node.js."""
    if shutil.which("npm") is None or not WORKBENCH.is_dir():
        pytest.skip("Node.js is not installed here (the wheel's build brings it along, tests do not)")
    return subprocess.run(["npm", *arguments], cwd=WORKBENCH, capture_output=True, text=True, timeout=seconds, check=False)


@pytest.fixture(scope="session")
def modules():
    """The page's own tools, installed from its lock file if they are not there yet."""
    if not (WORKBENCH / "node_modules" / "vitest").is_dir():
        done = npm("ci", "--no-audit", "--no-fund")
        if done.returncode:
            pytest.skip(f"the npm registry cannot be reached: {done.stderr[-300:]}")
    return WORKBENCH / "node_modules"


@pytest.fixture(scope="session")
def page_built(modules):
    """The page, built from its sources where those are newer; an installed one is taken as it is."""
    index = PAGE / "index.html"
    inside = PAGE.is_relative_to(ROOT / "src")
    newest = max(each.stat().st_mtime for each in [*(WORKBENCH / "src").iterdir(), WORKBENCH / "index.html"])
    if inside and (not index.is_file() or index.stat().st_mtime < newest):
        done = npm("run", "build")
        assert done.returncode == 0, done.stderr
    assert index.is_file()
    return index


@pytest.fixture(scope="session")
def browser(page_built):
    """A real browser, without a window."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium is installed here (Debian: apt-get install chromium)")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    playwright.expect.set_options(timeout=1000 * PATIENCE)
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=chromium, args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def visit(browser):
    """Opens a workbench in the browser; what goes wrong in the page fails the test."""
    wrong, contexts = [], []

    def begin(served, hash_="", *, width=1440, scheme="light", ready=".sentences li", expected=()):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.add_init_script(COUNTED)
        if SLOWER > 1:
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("response", lambda got: wrong.append(f"{got.status} {got.url.rpartition('/')[2]}: {got.text()[:300]}") if got.status >= 400 and not any(each in str(got.status) for each in expected) else None)
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" and "Failed to load resource" not in said.text else None)
        page.goto(served.link)
        page.wait_for_selector(ready)
        if hash_:
            go(page, hash_)
        return page

    yield begin
    for context in contexts:
        context.close()
    assert not wrong


def barriers(page, modules):
    """Serious findings of axe-core on what the page shows, in the light and in the dark, where only colours differ."""
    page.evaluate((modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    wrong = []
    for scheme, rules in (("light", "undefined"), ("dark", "{ type: 'rule', values: ['color-contrast'] }")):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        told = page.evaluate("async () => (await axe.run(document, { runOnly: " + rules + ", resultTypes: ['violations'] })).violations.filter(each => ['serious', 'critical'].includes(each.impact)).map(each => each.id + ': ' + each.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | '))")
        wrong += [f"{scheme}: {each}" for each in told]
    page.emulate_media(color_scheme="light")
    return wrong


def go(page, hash_):
    """Another screen of the page, drawn; what it asks of the server may still be under way."""
    page.evaluate(GONE, f"#/{hash_}")
    page.wait_for_selector("main h1, .start h1")


def settled(page):
    """Waits until a screen shows all that it asks for: nothing is under way, and what came has been drawn."""
    page.evaluate(QUIET, PATIENCE)
