"""Pictures of the workbench for the how-to pages: `python -m tests.pictures` does what a page describes, in a real browser, and writes what is seen."""

from __future__ import annotations

import io
import json
import pathlib
import re
import shutil
import sys
import tempfile

from bestand.case.read import read
from tests.web.conftest import COUNTED, PATIENCE, Served, go, settled

HERE = pathlib.Path(__file__).parent.parent / "docs" / "how-to" / "pictures"
WORDS = HERE / "words.json"  # what each picture says, so that a test sees when the page has come to say something else
MOST_BYTES, COLOURS = 60_000, 40
SAID = "h1, h2, h3, label, legend, main button:not(.plain):not(.move):not(.entry), .start button, th[scope=col], summary"


def _settled(page):
    page.wait_for_selector(".answer[data-stage=truces]", timeout=120_000)


def start(page, served):
    page.wait_for_selector(".ways")


def claim(page, served):
    go(page, "read/paper/c10")
    page.wait_for_selector("article.claim")


def wants(page, served):
    _settled(page)
    go(page, "build/wants/upper")
    page.locator(".ordered > li .grip").nth(2).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_selector(".sentences li.changed", timeout=60_000)


def today(page, served):
    go(page, "build/levers/co.pumps")
    page.locator("main summary", has_text="More:").last.click()
    page.get_by_label("it is open how it stands today").check()
    page.get_by_label("chance of by_day").fill("0.3")
    page.get_by_label("chance of day_and_night").fill("0.7")
    page.get_by_role("button", name="Keep these chances").click()
    page.wait_for_function("() => document.querySelector('.bar .state').textContent.endsWith(' 2')")


def name(page, served):
    go(page, "build/parties/co")
    page.get_by_label("name in the case").fill("upper")
    page.get_by_label("name in the case").press("Enter")
    page.wait_for_selector(".field .problems")


def moves(page, served):
    go(page, "moves")
    page.locator(".graph .box.rest").first.click()
    page.wait_for_function("() => location.hash.startsWith('#/moves/') && !document.querySelector('.state h2').textContent.includes('Today')")


def walk(page, served):
    go(page, "walk")
    page.locator("button.move").first.click()
    page.wait_for_selector(".trail li:nth-child(2)")


def deals(page, served):
    go(page, "deals")
    page.wait_for_selector(".scatter circle")
    page.get_by_label("Upper Harne", exact=True).last.uncheck()
    page.wait_for_selector(".scatter .deal", timeout=60_000)


def truce(page, served):
    go(page, "truce")
    page.wait_for_selector("svg.curves, main p a", timeout=60_000)


def carries(page, served):
    go(page, "carries")
    page.locator(".switchlist [role=switch]").first.click()
    page.wait_for_function("() => document.querySelector('section[aria-labelledby=turns-title] h3')")


def watch(page, served):
    go(page, "watch")
    page.wait_for_selector("main svg.courses", timeout=120_000)


def changes(page, served):
    lever = "co.truce"
    served.edit({"op": "set", "at": ["title"], "value": "The Aldermere, looked at again"})
    served.edit({"op": "set", "at": ["levers", lever, "now"], "value": "yes"})
    go(page, "changes")
    page.locator(".versions button.plain").last.click()
    page.wait_for_selector("section[aria-labelledby=turned-title] [aria-busy=false]", timeout=60_000)


def hand(page, served):
    go(page, "hand")
    with page.expect_download():
        page.get_by_role("button", name="Gambit .nfg", exact=True).click()
    page.wait_for_selector(".notes li")
    page.evaluate("window.scrollTo(0, document.getElementById('export-title').getBoundingClientRect().top + scrollY - 80)")


PICTURES = {
    "start": (start, 1000, 680), "claim": (claim, 1000, 620), "wants": (wants, 1200, 720), "today": (today, 1000, 640), "name": (name, 1000, 420),
    "moves": (moves, 1000, 760), "walk": (walk, 1000, 640), "deals": (deals, 1000, 760), "truce": (truce, 1000, 700), "carries": (carries, 1000, 640),
    "watch": (watch, 1000, 760), "changes": (changes, 1000, 640), "hand": (hand, 1000, 640),
}  # fmt: skip
"""Picture → what is done, and how wide and tall the window is."""
OF_CASE = {"truce": "ukraine/2025-04", "start": ""}


def seen(browser, which, folder):
    """One picture as a file, and the words that it says."""
    act, width, height = PICTURES[which]
    case = OF_CASE.get(which, "example/en")
    for each in read(case).path.parent.iterdir() if case else ():
        if each.suffix in (".yaml", ".txt") and each.name != "transcript.txt":
            shutil.copy(each, folder / each.name)
    served = Served(folder, case)
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light", reduced_motion="reduce")
    try:
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.add_init_script(COUNTED)
        page.goto(served.link)
        page.wait_for_selector(".sentences li, .start h1", timeout=60_000)
        act(page, served)
        if case:
            _settled(page)  # what the page says hangs on how far the study is
        settled(page)
        said = page.evaluate("which => [...document.querySelectorAll(which)].map(each => each.innerText.trim()).filter(Boolean)", SAID)
        return page.screenshot(animations="disabled", caret="hide"), [re.sub(r"[0-9]+", "#", " ".join(each.split())) for each in dict.fromkeys(said)]
    finally:
        context.close()
        served.stop()


def small(screenshot):
    """A screenshot with few colours, as what is drawn has."""
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(screenshot)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(wanted):
    from playwright.sync_api import sync_playwright

    HERE.mkdir(exist_ok=True)
    said = json.loads(WORDS.read_text(encoding="utf-8")) if WORDS.is_file() else {}
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox", "--disable-gpu"])
        for which in wanted or PICTURES:
            with tempfile.TemporaryDirectory() as folder:
                screenshot, said[which] = seen(browser, which, pathlib.Path(folder))
            (HERE / f"{which}.png").write_bytes(small(screenshot))
            print(which, f"{(HERE / f'{which}.png').stat().st_size:,} bytes")
        browser.close()
    kept = {which: said[which] for which in PICTURES if which in said}
    WORDS.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
