"""Pictures of the how-to pages: each shown by a page, small, and still saying what the page in the browser says."""

from __future__ import annotations

import json
import os
import re

import pytest

from tests.pictures import HERE, MOST_BYTES, PICTURES, WORDS, seen

DOCS = HERE.parent.parent
SHOWN = {path: re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", path.read_text("utf-8")) for path in sorted(DOCS.rglob("*.md"))}


def test_every_picture_is_shown_with_words_for_those_who_do_not_see_it():
    shown = {(path.parent / target).resolve() for path, found in SHOWN.items() for _, target in found}
    assert shown == {each.resolve() for each in HERE.glob("*.png")} == {(HERE / f"{which}.png").resolve() for which in PICTURES}
    assert all(len(words) > 20 for found in SHOWN.values() for words, _ in found)


@pytest.mark.parametrize("which", PICTURES)
def test_a_picture_is_small_and_what_it_says_is_recorded(which):
    content = (HERE / f"{which}.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert len(content) < MOST_BYTES
    assert int.from_bytes(content[16:20]) == PICTURES[which][1]
    assert json.loads(WORDS.read_text(encoding="utf-8"))[which]


def test_every_task_of_the_workbench_has_a_page_with_a_picture():
    pages = {path.name for path, found in SHOWN.items() if found}
    table = (DOCS / "how-to" / "open-the-workbench.md").read_text("utf-8")
    assert set(re.findall(r"\((workbench-[a-z]+\.md)\)", table)) == {name for name in pages if name.startswith("workbench-")}
    assert "first-case.md" in pages


@pytest.mark.skipif(not os.environ.get("BESTAND_PAGES"), reason="a minute in the browser: asked for by BESTAND_PAGES=1")
@pytest.mark.parametrize("which", PICTURES)
def test_a_picture_is_still_what_is_seen(browser, tmp_path, which):
    _, said = seen(browser, which, tmp_path)
    assert said == json.loads(WORDS.read_text(encoding="utf-8"))[which], "make them anew: python -m tests.pictures"
