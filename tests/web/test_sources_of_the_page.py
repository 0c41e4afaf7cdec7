"""The page's sources: typed, linted and tested by their own tools; no addresses in the lock file."""

from __future__ import annotations

import re

import pytest

from bestand.case.kinds import kinds
from bestand.case.model import CaseFile
from bestand.case.read import read
from bestand.exchange.network_files import to_graphml
from bestand.exchange.study_tables import study_tables
from bestand.exchange.writing import WRITERS
from bestand.graph.conflict import conflict
from bestand.study.stages import study
from tests.web.conftest import WORKBENCH, npm


@pytest.mark.parametrize("script", ["types", "lint", "test"])
def test_the_sources_of_the_page_pass_their_own_checks(modules, script):
    done = npm("run", script)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_the_lock_file_names_no_address():
    text = (WORKBENCH / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in text
    assert '"resolved"' not in text
    assert "registry" not in text


def test_the_first_load_is_small(page_built):
    import gzip

    first = [page_built, *(each for each in (page_built.parent / "assets").iterdir() if each.name.startswith("index-"))]
    assert sum(len(gzip.compress(each.read_bytes())) for each in first) <= 150_000


def test_what_a_section_says_first_is_what_its_model_has():
    text = (WORKBENCH / "src" / "sections.ts").read_text(encoding="utf-8")
    backed = re.findall(r'"(\w+)"', re.search(r"BACKED = \[(.*)\]", text)[1])
    sections = re.findall(r'key: "(\w+)".*?model: "(\w*)".*?first: \[(.*?)\]', text)
    assert {each for each, _, _ in sections} <= set(CaseFile.model_fields)
    for section, model, first in sections:
        named = re.findall(r'"(\w+)"', first) + (backed if "...BACKED" in first else [])
        known = {each["key"] for each in kinds()[model]} if model else set()
        assert [each for each in named if each not in known] == [], section
    head = re.findall(r'"(\w+)"', re.search(r"HEAD = \[(.*)\]", text)[1])
    assert {each for each, _, _ in sections} | set(head) | {"bestand"} == {each["key"] for each in kinds()["CaseFile"]}


def test_what_the_page_offers_to_write_is_what_the_library_writes():
    """Formats, parts and tables stand in the page's source too: each is one that the library has."""
    text = (WORKBENCH / "src" / "hand.tsx").read_text(encoding="utf-8")
    assert set(re.findall(r'\bto: "([\w-]+)"', text)) <= set(WRITERS)
    parts = re.findall(r'"(\w+)"', re.search(r'\.\.\.\[(.*?)\]\.map\(\(of\)', text)[1])
    asked = conflict(read("example/en"))
    for of in parts:
        assert to_graphml(asked, of=of).content
    tables = re.findall(r'"(\w+)"', re.search(r"TABLES = \[(.*)\]", text)[1])
    assert set(tables) <= set(study_tables(study(asked, quick=True, draws=1)))
