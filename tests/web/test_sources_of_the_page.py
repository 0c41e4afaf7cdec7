"""The page's sources: typed, linted and tested by their own tools; no addresses in the lock file."""

from __future__ import annotations

import re

from bestand.case.kinds import kinds
from bestand.case.model import CaseFile
from bestand.case.read import read
from bestand.exchange.network_files import to_graphml
from bestand.exchange.study_tables import study_tables
from bestand.exchange.writing import WRITERS
from bestand.graph.conflict import conflict
from bestand.study.stages import study
from tests.depth import spread
from tests.web.conftest import ROOT, WORKBENCH, flat, npm


@spread("script", ["test", "types", "lint"], first=1)
def test_the_sources_of_the_page_pass_their_own_checks(modules, script):
    done = npm("run", script)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_the_lock_file_names_no_address():
    text = (WORKBENCH / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in text
    assert '"resolved"' not in text
    assert "registry" not in text


def sources(*, tests=False):
    """The page's sources by name."""
    return {each.name: each.read_text(encoding="utf-8") for each in sorted((WORKBENCH / "src").glob("*.ts*")) if tests or ".test." not in each.name}


def test_the_parts_of_the_page_are_small():
    lengths = {name: text.count("\n") for name, text in sources().items() if not name.endswith("words.ts")}
    assert len(lengths) > 40
    assert {name: length for name, length in lengths.items() if length > (300 if name.endswith(".tsx") else 400)} == {}


def test_no_parts_of_the_page_load_each_other_in_a_circle():
    """But for forms, which hold forms."""
    forms = {"fields", "members", "types"}
    loads = {name.partition(".")[0]: re.findall(r"^(?:import|export) (?!type )[^;]*?from \"\./(\w+)\"", text, re.M) for name, text in sources().items()}
    reached = {name: set(first) for name, first in loads.items()}
    for _ in loads:
        reached = {name: some.union(*(reached.get(each, set()) for each in some)) for name, some in reached.items()}
    assert len(loads) > 40 and {name for name, some in reached.items() if name in some} == forms


def test_nothing_is_given_away_that_nobody_takes():
    every = sources(tests=True)
    given = [(name, what) for name, text in every.items() for what in re.findall(r"^export (?:async )?(?:const|function|class) (\w+)", text, re.M)]
    assert len(given) > 100
    assert [each for each in given if not any(re.search(rf"\b{each[1]}\b", text) for name, text in every.items() if name != each[0])] == []


def test_every_rule_of_the_style_has_a_line_and_something_that_it_is_for():
    style = (WORKBENCH / "src" / "style.css").read_text(encoding="utf-8")
    assert max(map(len, style.splitlines())) <= 150 and not re.search(r"\}[^\n}]*\{[^\n]*\}", style)
    drawn = "".join(each.read_text(encoding="utf-8") for each in (ROOT / "src" / "bestand" / "draw").glob("*.py"))
    said = "".join(re.findall(r"[\"'`][^\n]*[\"'`]", "".join(text for name, text in sources().items() if "words" not in name) + drawn))
    told = {"gain0", "gain2", "undecidable", "moved", "removed", "added", "inferred", "warning"}  # kinds that the server tells
    classes = {each for rule in re.findall(r"([^{}]+)\{", style) for each in re.findall(r"\.([a-zA-Z][\w-]*)", rule)}
    assert [each for each in sorted(classes - told) if not re.search(rf"(?<![\w-]){each}(?![\w-])", said)] == []
    elements = {each for rule in re.findall(r"(?:^|\})([^{}@]+)\{", style) for each in re.findall(r"(?<![\w.#-])(h[1-6]|del|ins|figure|blockquote|table)(?![\w-])", rule)}
    assert elements and [each for each in elements if not any(f"<{each}" in text for text in sources().values())] == []


def test_every_phrase_of_the_page_stands_once_and_is_said():
    keys = [key.strip('"') for key in re.findall(r'("[^"]+"|\w+): \["', flat("*words.ts"))]
    assert len(keys) == len(set(keys)) > 850
    said = "".join(text for name, text in sources().items() if not name.endswith("words.ts"))
    built = {start for start in re.findall(r"`(\w*)\$\{", said) if start}
    never = [key for key in keys if not re.search(rf"[\"'`]{re.escape(key)}[\"'`]", said) and not key.startswith(tuple(built)) and not key.startswith(BY_PARTS)]
    assert never == []


BY_PARTS = ("column_", "report_", "brief_")  # put together of two names


def test_the_first_load_is_small(page_built):
    import gzip

    first = [page_built, *(each for each in (page_built.parent / "assets").iterdir() if each.name.startswith("index-"))]
    assert sum(len(gzip.compress(each.read_bytes())) for each in first) <= 150_000


def test_what_a_section_says_first_is_what_its_model_has():
    text = flat("sections.ts")
    backed = re.findall(r'"(\w+)"', re.search(r"BACKED = \[(.*?)\]", text)[1])
    sections = re.findall(r'key: "(\w+)".*?model: "(\w*)".*?first: \[(.*?)\]', text)
    assert {each for each, _, _ in sections} <= set(CaseFile.model_fields)
    for section, model, first in sections:
        named = re.findall(r'"(\w+)"', first) + (backed if "...BACKED" in first else [])
        known = {each["key"] for each in kinds()[model]} if model else set()
        assert [each for each in named if each not in known] == [], section
    head = re.findall(r'"(\w+)"', re.search(r"HEAD = \[(.*?)\]", text)[1])
    assert {each for each, _, _ in sections} | set(head) | {"bestand"} == {each["key"] for each in kinds()["CaseFile"]}


def test_what_the_page_offers_to_write_is_what_the_library_writes():
    """Formats, parts and tables stand in the page's source too: each is one that the library has."""
    text = flat("hand.tsx")
    assert set(re.findall(r'\bto: "([\w-]+)"', text)) <= set(WRITERS)
    parts = re.findall(r'"(\w+)"', re.search(r'\.\.\.\[(.*?)\]\.map\(\(of\)', text)[1])
    asked = conflict(read("example/en"))
    for of in parts:
        assert to_graphml(asked, of=of).content
    tables = re.findall(r'"(\w+)"', re.search(r"TABLES = \[(.*?)\]", text)[1])
    assert set(tables) <= set(study_tables(study(asked, quick=True, draws=1)))
