"""The documentation hangs together: every link and anchor leads somewhere, every page is in the site, the site asks nobody for anything."""

from __future__ import annotations

import ast
import builtins
import pathlib
import re
import runpy
import sys

import bestand
from tests.depth import in_depth

ROOT = pathlib.Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
WRITTEN = [ROOT / "README.md", *PAGES]


def prose(path: pathlib.Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^(`{3,}|:{3,}).*?^\1", "", path.read_text("utf-8"), flags=re.S | re.M)


def anchors(path: pathlib.Path) -> set[str]:
    """What can stand after # in a link to a page: its headings, as code hosts and MyST write them; repeats are numbered."""
    found: dict[str, int] = {}
    for heading in re.findall(r"^#{1,4} (.+)$", prose(path), re.M):
        name = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()).replace(" ", "-")
        found[name] = found.get(name, -1) + 1
        if found[name]:
            found[f"{name}-{found[name]}"] = 0
    return set(found)


def links(path: pathlib.Path) -> list[str]:
    text = re.sub(r"`[^`\n]*`", "", prose(path))
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", target)]


def test_every_link_leads_to_a_page_and_to_a_heading_on_it() -> None:
    for path in WRITTEN:
        for target in links(path):
            page, _, anchor = target.partition("#")
            to = (path.parent / page) if page else path
            assert to.exists(), (path, target)
            assert not anchor or anchor in anchors(to), f"{path}: {target}: headings are {sorted(anchors(to))}"


def test_links_with_anchors_are_looked_at() -> None:
    assert sum("#" in target for path in PAGES for target in links(path)) >= 2
    assert "two-readings-of-what-others-do" in anchors(DOCS / "theory" / "stability.md")


def test_a_page_begins_with_its_title_and_has_one() -> None:
    for path in PAGES:
        if path.name != "changelog.md":
            assert re.match(r"# \S", path.read_text("utf-8")) and len(re.findall(r"^# ", prose(path), re.M)) == 1, path


@in_depth
def test_every_function_that_a_page_names_in_passing_is_there() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "src" / "bestand").rglob("*.py")]
    known = {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)} | set(dir(builtins))
    named = [
        (page.name, call)
        for page in WRITTEN if not {"decisions", "upgrading.md"} & {page.parent.name, page.name}  # which speak of what was
        for span in re.findall(r"`([^`\n]+)`", prose(page)) for call in re.findall(r"(?:^|[\s.(\[])([A-Za-z_]\w*)\(", span)
    ]  # fmt: skip
    assert len(named) > 20 and [each for each in named if each[1] not in known] == []


def test_every_name_of_several_parts_that_a_page_gives_is_there() -> None:
    """Of functions, tables, keys and files alike: a name with an underscore stands in the program, in its tests or in a case, or the page made it up."""
    made_up = {"if_dove", "if_hawk", "tempo_i", "manylinux_2_34", "sec_", "concept_", "foresight_", "rule_of_", "found_", "advice_"}  # examples; beginnings of names
    places = [*(ROOT / "src").rglob("*"), *(ROOT / "tests").rglob("*"), *(ROOT / "workbench" / "src").iterdir(), *(ROOT / "cases").rglob("*.yaml")]
    places += [*(ROOT / "benchmarks").iterdir(), *(ROOT / "release").iterdir()]
    known = {path.stem for path in places}
    for path in places:
        if path.suffix in (".py", ".pyi", ".toml", ".cpp", ".hpp", ".ts", ".tsx", ".yaml", ".j2"):
            known |= set(re.findall(r"\w+", path.read_text("utf-8")))
    named = [
        (page.name, name)
        for page in WRITTEN if not {"decisions", "upgrading.md", "changelog.md"} & {page.parent.name, page.name}  # which speak of what was
        for span in re.findall(r"`([^`\n]+)`", prose(page)) for name in re.findall(r"\b[A-Za-z_]\w*_\w*\b", span)
    ]  # fmt: skip
    assert len(named) > 150 and [each for each in named if each[1] not in known | made_up] == []


def test_every_page_is_in_a_list_of_contents() -> None:
    """As Sphinx asks, without building: what a toctree names, or takes by its glob."""
    listed = {DOCS / "index.md"}
    for page in PAGES:
        for block in re.findall(r"```\{toctree\}\n(.*?)```", page.read_text("utf-8"), re.S):
            names = [line.strip() for line in block.splitlines() if line.strip() and not line.startswith(":")]
            for name in names:
                found = {*page.parent.glob(f"{name}.md")} - {page}
                assert found, (page, name)
                listed |= found
    assert listed == set(PAGES)


def test_no_page_fetches_a_picture_or_a_program_from_elsewhere() -> None:
    for path in WRITTEN:
        assert not re.search(r"!\[[^\]]*\]\(https?:|<(script|img|iframe|link)\b", prose(path)), path


def site() -> dict[str, object]:
    before = list(sys.path)
    try:
        return runpy.run_path(str(DOCS / "conf.py"))
    finally:
        sys.path[:] = before


def test_the_site_has_every_public_name_and_a_heading_for_every_room() -> None:
    made = site()
    text = made["public_names"]()
    assert [name for name in bestand.__all__ if not re.search(rf":: bestand\.{name}$", text, re.M)] == []
    assert made["MARK"] in (DOCS / "reference" / "api.md").read_text("utf-8")


def test_docstrings_become_paragraphs_columns_sections_and_examples() -> None:
    lines = ["Chance of a *move* by a_party_.", "", "years : (n,) float", "        from now", "rate  : per year", "", "Raises", "------", "AskError", "    `a/b`.", "", ">>> 1", "1"]
    site()["explained"](None, "function", "f", None, None, lines)
    assert "\n".join(lines) == (
        "Chance of a \\*move\\* by a_party\\_.\n\n``years``\n    (n,) float\n    from now\n``rate``\n    per year\n\n"
        "**Raises**\n\nAskError\n    `a/b`.\n\n>>> 1\n1"
    )


def test_every_limit_says_of_what_it_is() -> None:
    rows = re.findall(r"^\| [\d,.]+ \| (.*?) \| `", (DOCS / "reference" / "limits.md").read_text("utf-8"), re.M)
    assert len(rows) > 150 and not [what for what in rows if len(what.split()) < 2]
