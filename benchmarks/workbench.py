"""How quick the workbench is, measured in a real browser: python benchmarks/workbench.py [--kills 200]

Needs playwright and Chromium. Every figure stands beside the time in which an empty page of the same server loads.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import Page, sync_playwright

from bestand.case.read import read

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
EDIT = """() => new Promise(done => {
  const state = document.querySelector('.bar .state'), box = document.querySelector('.answer'), was = state.textContent, begun = performance.now();
  const look = () => state.textContent !== was && /\\d/.test(state.textContent) && box.getAttribute('aria-busy') === 'false'
    ? requestAnimationFrame(() => done(performance.now() - begun)) : setTimeout(look, 1);
  document.querySelectorAll('.ordered .shift button:not(:disabled)')[Math.floor(Math.random() * 10)].click(); look(); })"""
FRAMES = """() => { window.slowest = 0; let last = performance.now();
  const next = now => { window.slowest = Math.max(window.slowest, now - last); last = now; requestAnimationFrame(next); };
  requestAnimationFrame(next); }"""
# from an action to a change of what some elements say, in milliseconds; 5,000 where nothing changes
UNTIL = """async (act, watched) => { const seen = () => [...document.querySelectorAll(watched)].map(each => each.innerHTML).join(), was = seen();
  const begun = performance.now(); act();
  await new Promise(done => { const look = () => seen() !== was || performance.now() - begun > 5000 ? done() : setTimeout(look, 1); look(); });
  return performance.now() - begun; }"""
CLICKS = f"""async () => {{ const timed = {UNTIL}; const found = []; const n = document.querySelectorAll('.graph [data-state]').length;
  for (let k = 1; k < Math.min(n, 12); k += 1) found.push(await timed(
    () => document.querySelectorAll('.graph [data-state]')[k].dispatchEvent(new MouseEvent('click', {{ bubbles: true }})), 'article.state'));
  return found; }}"""
SLIDES = f"""async () => {{ const timed = {UNTIL}; const found = []; const slider = document.querySelectorAll('input[type=range]')[0];
  const put = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  for (const value of [1.5, 2, 2.5, 0.5, 0.8, 1.2]) found.push(await timed(
    () => {{ put.call(slider, value); slider.dispatchEvent(new Event('input', {{ bubbles: true }})); }}, 'svg.curves, main tbody'));
  return found; }}"""
# a party renamed and named back, and the edit before that compared with what stands there now, in milliseconds
ANEW = """async () => {
  const posted = body => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const asked = (path, body) => fetch(path, body ? posted(body) : {}).then(told => told.json());
  const timed = async act => { const begun = performance.now(); const told = await act(); return [performance.now() - begun, told]; };
  const { text, version } = await asked('/text');
  const there = await timed(() => asked('/rename', { version, section: 'parties', name: 'ua', to: 'kyiv' }));
  const back = await timed(() => asked('/rename', { version: there[1].version, section: 'parties', name: 'kyiv', to: 'ua' }));
  const said = await timed(() => asked('/compare?old=1&new=now')), turned = await timed(() => asked('/turned?old=1&new=now'));
  return [[there[0], back[0], text.match(/\\bua\\./g).length], [said[0], turned[0]]]; }"""
WRITER = """
import pathlib, sys
from bestand.web.desk import Desk
from bestand.web.edits import Set
desk, k = Desk(pathlib.Path(sys.argv[1])), int(sys.argv[2])
while True:
    k += 1
    desk.edit([Set(op="set", at=["title"], value=f"Title {k}")], version=desk.sheet.version)
    print(k, flush=True)
"""


def opened(folder: pathlib.Path, *arguments: str) -> tuple[subprocess.Popen[str], str, float]:
    """The program, its link, and the seconds until it said so."""
    begun = time.perf_counter()
    program = subprocess.Popen([sys.executable, "-m", "bestand", "open", "--no-browser", *arguments], cwd=folder, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    link = next(line.strip() for line in program.stdout if "http://" in line)
    return program, link, time.perf_counter() - begun


def large(n_claims: int = 500, n_levers: int = 40) -> str:
    """A case of five sources with a hundred claims each, and forty levers."""
    parties = "".join(f"  p{k}: {{name: Party {k}}}\n" for k in range(8))
    sources = "".join(f'  s{k}: {{title: Source {k}, sha256: "{k}{"0" * 63}", file: s{k}.txt}}\n' for k in range(5))
    claims = "".join(f'  c{k}: {{source: s{k % 5}, quote: "words number {k} of it", gloss: what is said in place {k}}}\n' for k in range(n_claims))
    levers = "".join(f"  p{k % 8}.l{k}: {{is: lever number {k}, now: no, because: [c{k}]}}\n" for k in range(n_levers))
    lever = [[f"p{(p + k) % 8}.l{(p + k) % 8 + 8 * (k % 5)}" for k in range(12)] for p in range(8)]
    wants = "".join(
        f"  p{p}:\n" + "".join(f"    - {{that: {lever[p][k]}, is: want {k}, because: [c{p * 12 + k}]}}\n" for k in range(12)) for p in range(8)
    )
    view = ", ".join(f"p{k}.l{k}" for k in range(8))
    head = f"bestand: 1\ntitle: Large\nsources:\n{sources}claims:\n{claims}parties:\n{parties}"
    return f"{head}levers:\n{levers}wants:\n{wants}views:\n  core: {{vary: [{view}]}}\n"


def times(page: Page, n: int, pause: int = 60) -> list[float]:
    """Milliseconds from an edit of a want's place to the new answer on the screen."""
    found = []
    for _ in range(n):
        found.append(page.evaluate(EDIT))
        page.wait_for_timeout(pause)
    return found


def ukraine(browser, sources: str | None) -> None:
    folder = pathlib.Path(tempfile.mkdtemp())
    program, link, up = opened(folder, "ukraine/2025-04", *(["--sources", sources] if sources else []))
    try:
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        begun = time.perf_counter()
        page.goto(link)
        page.wait_for_selector(".sentences li")
        first = time.perf_counter() - begun
        print(f"server up {up:.2f} s; first useful paint {first:.2f} s")
        whole = time.perf_counter()
        page.wait_for_selector(".answer[data-stage=truces]", timeout=180_000)
        print(f"whole study streamed {time.perf_counter() - whole + first:.1f} s after opening")
        page.evaluate("location.hash = '#/watch'")
        page.wait_for_selector("main table tbody", timeout=180_000)
        print(f"what to watch {time.perf_counter() - whole + first:.1f} s after opening")
        page.goto(link.partition("?")[0] + "#/build/wants/us")
        page.wait_for_selector(".ordered li")
        page.wait_for_selector(".answer[aria-busy=false]")
        edits = times(page, 40)
        begun = time.perf_counter()
        page.wait_for_selector(".answer[data-stage=truces]", timeout=180_000)
        print(f"whole study streamed {time.perf_counter() - begun:.1f} s after the last edit")
        print(f"edit to answer: median {statistics.median(edits):.0f} ms, worst {max(edits):.0f} ms of {len(edits)}")
        page.evaluate("location.hash = '#/moves'")
        page.wait_for_selector(".graph .box.rest")
        clicks = page.evaluate(CLICKS)
        print(f"click on a state to its witness: median {statistics.median(clicks):.0f} ms of {len(clicks)}")
        page.evaluate("location.hash = '#/truce'")
        page.wait_for_selector("svg.curves")
        slides = page.evaluate(SLIDES)
        print(f"slider to curve: median {statistics.median(slides):.0f} ms of {len(slides)}")
        named, otherwise = page.evaluate(ANEW)
        print(f"a party in {named[2]} places renamed {named[0]:.0f} ms, and back {named[1]:.0f} ms")
        print(f"two versions compared: statements {otherwise[0]:.0f} ms, conclusions {otherwise[1]:.0f} ms")
        page.evaluate("location.hash = '#/build/wants/ru'")
        page.wait_for_selector(".ordered li")
        for _ in range(6):
            times(page, 25, 5)
            for screen in ("read", "moves", "walk", "carries", "changes", "build/claims", "build/wants/ru"):
                page.evaluate(f"location.hash = '#/{screen}'")
                page.wait_for_timeout(200)
            page.wait_for_selector(".ordered li")
        session = page.context.new_cdp_session(page)
        session.send("HeapProfiler.collectGarbage")
        used = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
        print(f"memory of the page after 150 edits and 42 screens: {used:.0f} MB")
    finally:
        program.terminate()


def usable(browser) -> None:
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "case.yaml").write_text(large(), encoding="utf-8")
    program, link, _ = opened(folder, "case.yaml")
    try:
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(link)
        page.wait_for_selector(".sentences li")
        page.goto(link.partition("?")[0] + "#/build/wants/p1")
        page.wait_for_selector(".ordered li")
        page.evaluate(FRAMES)
        edits = times(page, 200, 10)
        print(f"500 claims, 40 levers: 200 edits, median {statistics.median(edits):.0f} ms, slowest frame {page.evaluate('window.slowest'):.0f} ms")
    finally:
        program.terminate()


def kills(n: int) -> None:
    folder = pathlib.Path(tempfile.mkdtemp())
    path = folder / "case.yaml"
    shutil.copy(read("example/en").path, path)
    confirmed = lost = 0
    for turn in range(n):
        program = subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(confirmed)], stdout=subprocess.PIPE, text=True)
        assert program.stdout is not None
        for _ in range(1 + turn % 4):
            confirmed = int(program.stdout.readline())
        time.sleep((turn % 7) / 500)
        program.send_signal(signal.SIGKILL)
        confirmed = max([confirmed, *map(int, program.stdout.read().split())])
        program.wait()
        stands = int(read(path).file.title.removeprefix("Title "))
        lost += stands < confirmed
        confirmed = stands
    print(f"{n} kills, {confirmed} edits: {lost} confirmed edits lost")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", help="folder with the source of the Ukraine case")
    parser.add_argument("--kills", type=int, default=0)
    given = parser.parse_args()
    print(f"load of the machine at the start: {os.getloadavg()[0]:.1f}")
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        ukraine(browser, given.sources)
        usable(browser)
        browser.close()
    if given.kills:
        kills(given.kills)


if __name__ == "__main__":
    main()
