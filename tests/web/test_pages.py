"""Report and brief in a real browser: on the screen, on a telephone, and printed. Two minutes: asked for by BESTAND_PAGES=1."""

from __future__ import annotations

import os

import pytest

from bestand.case.read import read
from bestand.report.brief import brief
from bestand.report.page import report
from bestand.study.stages import study
from bestand.telling.words import LANGUAGES
from tests.depth import in_depth

MOST_PAGES = {"report": 15, "brief": 2}
pypdf = pytest.importorskip("pypdf")
pytestmark = pytest.mark.skipif(not os.environ.get("BESTAND_PAGES"), reason="asked for by BESTAND_PAGES=1")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Where the pages of the main case lie, by kind and language."""
    found = study(read("ukraine/2025-04"), draws=16, seconds=10.8)
    folder = tmp_path_factory.mktemp("pages")
    return {
        (kind, language): made(found, language=language).save(folder / f"{kind}.{language}.html")
        for kind, made in (("report", report), ("brief", brief)) for language in LANGUAGES
    }  # fmt: skip


@in_depth
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MOST_PAGES)
@pytest.mark.parametrize("width", [1200, 400])
def test_a_page_has_no_serious_barrier_and_fits_the_screen(pages, modules, browser, kind, language, width):
    axe = (modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(pages[kind, language].as_uri())
    for unfolded in (False, True):
        page.evaluate("open => document.querySelectorAll('details').forEach(each => { each.open = each.open || open; })", unfolded)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(axe)
    told = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.filter(each => ['serious', 'critical'].includes(each.impact)).map(each => each.id + ': ' + each.nodes[0].html.slice(0, 160))")
    page.close()
    assert told == []


@in_depth
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MOST_PAGES)
def test_a_page_prints_short(pages, tmp_path, browser, kind, language):
    page = browser.new_page()
    page.goto(pages[kind, language].as_uri())
    path = tmp_path / "printed.pdf"
    page.pdf(path=str(path), prefer_css_page_size=True, print_background=True)
    page.close()
    printed = pypdf.PdfReader(path).pages
    assert len(printed) <= MOST_PAGES[kind]
    for k, sheet in enumerate(printed):
        assert f"{k + 1} / {len(printed)}" in sheet.extract_text()
