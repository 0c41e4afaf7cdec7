"""The documentation inside the program: every page printed and written as HTML, nothing taken from outside its folder."""

from __future__ import annotations

import json
import pathlib
import re
import runpy

import pytest
from click.testing import CliRunner

import bestand
from bestand.cli import main
from bestand.errors import AskError, FileError
from bestand.manual import html, pages

ROOT = pathlib.Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_every_page_is_listed_by_its_title() -> None:
    listed = pages.pages()
    assert set(listed) == {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    assert listed["glossary"] == "Glossary" and all(listed.values()) and list(listed)[-1].startswith("decisions/")


def test_nothing_of_sphinx_is_left_on_a_page() -> None:
    for name in pages.pages():
        text = pages.page_named(name)
        assert "{toctree}" not in text and "include}" not in text and pages.PUBLIC not in text and "(not installed" not in text, name
    assert "## 0.2.0" in pages.page_named("changelog") and "cff-version" in pages.page_named("how-to-cite")
    assert "[Sweep what is open](sweep.md)" in pages.page_named("how-to/index") and "- `bestand.survival`: " in pages.page_named("reference/api")


def test_every_public_name_is_explained() -> None:
    for name in bestand.__all__:
        assert f"# bestand.{name}\n" in pages.page_named(f"bestand.{name}"), name


def test_a_page_is_found_by_the_last_part_of_its_name_and_before_a_public_name() -> None:
    assert pages.page_named("sweep") == pages.page_named("how-to/sweep") == pages.page_named("how-to/sweep.md")
    assert pages.page_named("vary") == pages.page_named("bestand.vary") != pages.page_named("sweep")


def test_a_whole_name_is_that_page_though_others_end_so() -> None:
    assert pages.page_named("index").startswith("# bestand")


def test_a_word_of_the_glossary_is_told_by_its_name() -> None:
    assert pages.page_named("red line") == pages.page_named("Red Line") == "**red line** (rode lijn): a want that is a limit\n"
    assert pages.page_named("hefboom") == pages.page_named("lever") and pages.page_named("rode lijn") == pages.page_named("red line")
    assert pages.page_named("never").startswith("**ban (`never`)** (uitsluiting)") and "pay" in pages.page_named("SEQ")
    rows = [line.split("|")[1].strip() for line in (pages.folder() / "glossary.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert len(rows) > 100
    for word in rows[1:]:
        asked = re.sub(r" \(.*|[,`].*", "", word.lstrip("`"))
        told = pages.page_named(asked)
        assert f"**{word}**" in told or told.startswith("# "), word  # a page of that name comes first


@pytest.mark.parametrize(("asked", "guess"), [("hazard", "'hazard ratio'"), ("draws", "'draw'"), ("equilibium", "'equilibrium'"), ("Atlantic", "lists the pages"),
                                              ("mediator's", "--find")])
def test_what_is_nearly_called_so_is_guessed_and_no_list_of_hundreds_printed(asked: str, guess: str) -> None:
    with pytest.raises(AskError) as refused:
        pages.page_named(asked)
    assert guess in refused.value.problems[0].hint and len(refused.value.problems[0].hint) < 80


def test_a_search_that_finds_nothing_says_so() -> None:
    told = CliRunner().invoke(main, ["docs", "--find", "zzzz"])
    assert told.exit_code == 0 and "no line has all these words" in told.output


@pytest.mark.parametrize("asked", ["servay", "", "../README", "/etc/passwd", "how-to/../../README", "case/nothing", "bestand.nothing"])
def test_what_there_is_not_is_refused_with_a_guess(asked: str) -> None:
    with pytest.raises(AskError, match="cli/unknown-page") as refused:
        pages.page_named(asked)
    assert refused.value.problems[0].hint


def installed(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, **written: str) -> pathlib.Path:
    """Pages as they lie in an installed program: in its own folder, and none beside it."""
    package = tmp_path / "lib" / "bestand"
    for name, text in written.items():
        path = package / "docs" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(pages, "__file__", str(package / "manual" / "pages.py"))
    return package


def test_an_installed_program_reads_its_own_pages_not_those_of_a_project_around_it(tmp_path, monkeypatch) -> None:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Other\n", encoding="utf-8")
    installed(tmp_path, monkeypatch, index="# Own\n")
    assert pages.pages() == {"index": "Own"}


def test_pages_that_were_not_installed_are_said_not_to_be(tmp_path, monkeypatch) -> None:
    installed(tmp_path, monkeypatch)
    with pytest.raises(AskError, match="cli/no-docs"):
        pages.pages()


def test_nothing_outside_of_the_program_is_taken_onto_a_page(tmp_path, monkeypatch) -> None:
    package = installed(tmp_path, monkeypatch, index="# P\n```{include} ../../secret\n```\n```{include} ../near\n```\n")
    (package.parent / "secret").write_text("hidden", encoding="utf-8")
    (package / "near").write_text("shown\n", encoding="utf-8")
    assert pages.page_named("index") == "# P\n(not installed: secret)\nshown\n"


def test_all_pages_are_written_as_html_whose_links_lead_somewhere(tmp_path: pathlib.Path) -> None:
    first = html.write_pages(tmp_path / "site")
    assert first == tmp_path / "site" / "index.html" and len(list((tmp_path / "site").rglob("*.html"))) == len(pages.pages())
    assert runpy.run_path(str(DOCS / "check_site.py"))["wrong"]((tmp_path / "site").resolve()) == []
    with pytest.raises(FileError, match="file/exists"):
        html.write_pages(tmp_path / "site")
    assert html.write_pages(tmp_path / "site", force=True) == first


def test_html_in_a_page_is_shown_and_not_obeyed(tmp_path, monkeypatch) -> None:
    installed(tmp_path, monkeypatch, index="# <b>A</b>\n\n<script>x</script> [a](javascript:x) [b](p.md#q)\n")
    made = html.page("index", "<i>")
    assert "<script" not in made and 'href="javascript' not in made and 'href="p.html#q"' in made and "<title>&lt;i&gt;" in made


def test_the_site_checker_finds_what_is_wrong(tmp_path: pathlib.Path) -> None:
    bad = '<a href="b.html">b</a><a href="#c">c</a><img src="https://x.example/i"><link rel="stylesheet" href="//x.example/s"><p id="d"><a href="#d">d</a>'
    (tmp_path / "a.html").write_text(bad, encoding="utf-8")
    (tmp_path / "s.css").write_text("@import 'https://x.example/f'; p{background:url(data:,x)}", encoding="utf-8")
    assert len(runpy.run_path(str(DOCS / "check_site.py"))["wrong"](tmp_path)) == 5


@pytest.mark.parametrize("words", [(), ("glossary",), ("--find", "one meaning EACH"), ("case/no-file",)])
def test_the_command_prints_text_and_json(words: tuple[str, ...]) -> None:
    plain = CliRunner().invoke(main, ["docs", *words])
    assert plain.exit_code == 0 and plain.stdout.strip()
    assert json.loads(CliRunner().invoke(main, ["docs", *words, "--json"]).stdout)


def test_the_command_writes_html_and_refuses_to_replace_it(tmp_path: pathlib.Path) -> None:
    made = CliRunner().invoke(main, ["docs", "--html", str(tmp_path / "h")])
    assert made.exit_code == 0 and pathlib.Path(made.stdout.strip()).is_file()
    assert CliRunner().invoke(main, ["docs", "--html", str(tmp_path / "h")]).exit_code == 3
    assert CliRunner().invoke(main, ["docs", "nothing-of-that-name"]).exit_code == 2


def test_a_terminal_gets_the_page_set_in_type(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    main(["docs", "what-this-is-not"], standalone_mode=False)
    told, plain = capsys.readouterr().out, pages.page_named("what-this-is-not")
    title = plain.partition("\n")[0].removeprefix("# ")
    assert title in told and f"# {title}" not in told and "](" in plain and "](" not in told
