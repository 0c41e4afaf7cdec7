"""The house rules that a machine can check: sizes, documented codes, examples that run, pages that are up to date."""

from __future__ import annotations

import ast
import itertools
import pathlib
import re
import runpy
import shlex
from functools import cache

import pytest

from bestand import conflict
from bestand.case.read import read_text
from bestand.checks.check import check
from bestand.cli import main
from tests.depth import spread
from tests.shipped import shipped

ROOT = pathlib.Path(__file__).parents[2]
MODULES = sorted((ROOT / "src" / "bestand").rglob("*.py"))


@cache
def tree_of(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def bodies(tree: ast.Module):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1] if len(node.body) > 1 and isinstance(node.body[0], ast.Expr) else node.body[0]
            yield node, (node.end_lineno or 0) - first.lineno + 1


def test_modules_and_functions_are_small_and_public_ones_explained():
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, path
        tree = tree_of(path)
        assert text == "" or ast.get_docstring(tree), f"{path}: a module says what it is"
        for node, length in bodies(tree):
            assert length <= 60, (path, node.name)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), (path, node.name)


def test_no_two_public_classes_or_functions_share_a_name():
    at: dict[str, list[str]] = {}
    for path in MODULES:
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                at.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert not {name: places for name, places in at.items() if len(places) > 1}


def test_half_of_all_functions_have_at_most_eight_lines():
    lengths = sorted(length for path in MODULES for _, length in bodies(tree_of(path)))
    assert lengths[len(lengths) // 2] <= 8


WRITTEN_BY_COMPILED_CODE = {"kernels.py"}  # where `found` is what an argument is called


def locals_of(tree: ast.Module):
    """Parameters, names bound in functions, and those of comprehensions and lambdas, wherever they stand; with their lines."""
    scopes = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    for scope in (node for node in ast.walk(tree) if isinstance(node, scopes)):
        for node in ast.walk(scope):
            if isinstance(node, ast.arg):
                yield node.arg, node.lineno
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, node.lineno


def test_locals_say_what_they_hold():
    paths = [path for path in MODULES if path.name not in WRITTEN_BY_COMPILED_CODE]
    places = {(path.name, line) for path in paths for name, line in locals_of(tree_of(path)) if name == "found"}
    assert len(paths) > 300 and not places, sorted(places)


@cache
def generator():
    return runpy.run_path(str(ROOT / "docs" / "generate.py"))


@pytest.mark.parametrize("page", ["reference/file-format.md", "reference/commands.md", "reference/limits.md"])
def test_generated_pages_are_up_to_date(page):
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == generator()["PAGES"][page]()


def test_every_error_code_is_documented_and_every_documented_one_exists():
    text = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `([a-z]+/[a-z0-9-]+)` \|", text, re.M)) == generator()["codes"]()


def test_error_codes_are_written_out_so_that_the_index_can_have_them_all():
    made = r"f\"(?:{})/[^\"]*\{{".format("|".join(sorted({code.partition("/")[0] for code in generator()["codes"]()})))
    assert not [f"{path.name}: {line}" for path in MODULES for line in path.read_text(encoding="utf-8").splitlines() if re.search(made, line)]


def blocks(language: str):
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for k, block in enumerate(re.findall(rf"```{language}\n(.*?)```", path.read_text(encoding="utf-8"), re.S)):
            yield pytest.param(block, id=f"{path.name}-{k}")


@pytest.mark.parametrize("block", list(blocks("yaml")))
def test_cases_in_the_documentation_read_and_check_clean(block):
    assert not [f for f in check(read_text(block)).found if f.severity != "note"]


@spread("block", list(blocks("python")), first=12)
def test_examples_in_the_documentation_run(block, capsys):
    exec(compile(block, "documentation", "exec"), {})
    assert capsys.readouterr().out


def told_commands():
    """Every command line of the documentation that puts conditions to a case of the catalogue: the page, and its words."""
    told = {}
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for line in re.findall(r"^[$ ]*(bestand [a-z-]+ [a-z]+/[^#\n`]*)", page.read_text(encoding="utf-8"), re.M):
            words = tuple(shlex.split(line))
            if words[1] == "unlock" or {"--from", "--that", "--to", "--truce", "--hold", "--view"} & set(words):
                told[words] = pytest.param(words, id=f"{page.name}: {line.strip()}")
    return list(told.values())


def test_options_in_the_commands_of_the_documentation_exist():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for name, rest in re.findall(r"^[$ ]*bestand ([a-z-]+)([^#\n`]*)", page.read_text(encoding="utf-8"), re.M):
            command = main.commands.get(name)
            known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)} | {"--help"} if command else set()
            assert set(re.findall(r"(?<!\S)--[a-z][a-z-]*", rest)) <= known or command is None, (page.name, name, rest)


@cache
def put_to(case: str, view: str | None, hold: str):
    return conflict(shipped(case), view=view, hold=dict(each.strip().split("=") for each in hold.split(",") if each))


@pytest.mark.parametrize("words", told_commands())
def test_conditions_in_the_commands_of_the_documentation_speak_of_the_case(words):
    _, command, case, *rest = words
    if case.split("/")[0] not in {path.name for path in (ROOT / "cases").iterdir()}:
        return  # a file of the reader's own
    given = dict(itertools.pairwise(rest))
    view = None if command == "settle-by-solver" else given.get("--view")  # a solver lists no states
    asked = put_to(case, view, given.get("--hold", ""))
    told = () if command == "export" else ("--from", "--that", "--to", "--truce")  # there a format stands behind --to
    conditions = [given[option] for option in told if option in given]
    for text in conditions + ([rest[0]] if command == "unlock" else []):
        assert asked.where(text).any() or command == "unlock", text


def test_the_glossary_gives_each_word_one_meaning():
    words = re.findall(r"^\| ([^|]+?) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.M)
    assert len(words) > 50 and len(words) == len(set(words)), sorted({word for word in words if words.count(word) > 1})


def test_local_links_in_the_documentation_lead_somewhere():
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), (path.name, target)


@spread("path", [path for path in MODULES if ">>> " in path.read_text(encoding="utf-8")], ids=lambda p: str(p.relative_to(ROOT / "src")), first=70)
def test_examples_in_docstrings_run(path):
    import doctest
    import importlib

    name = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    if name != "bestand.__main__":
        assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_lock_file_of_the_workbench_holds_no_addresses():
    assert not re.search(r"https?://", (ROOT / "workbench" / "package-lock.json").read_text(encoding="utf-8"))


def test_a_test_stands_in_the_folder_of_the_room_that_it_tests():
    rooms = {path.name for path in (ROOT / "src" / "bestand").iterdir() if path.is_dir()} | {"hostile", "project"}
    strays = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py") if path.parent.name not in rooms or path.parent.parent.name != "tests"]
    assert not strays, f"a room has a folder of tests of its own name, the project's files have tests/project: {strays}"


def test_the_party_of_a_lever_is_told_at_one_place():
    split = re.compile(r'\b(?:lever|name|id|to)\.(?:partition|split)\("\."(?:, 1)?\)\[0\]')
    assert {str(path.relative_to(path.parents[1])) for path in MODULES if split.search(path.read_text(encoding="utf-8"))} == {"case/lines.py"}


def test_no_group_of_a_pattern_is_repeated_possessively():
    """Python before 3.11.5 matches such groups wrongly where they hold a choice [python/cpython issue 106052]: pages were read otherwise there."""
    held = re.compile(r"\)[*+?]\+|\)\{[\d,]+\}\+|\(\?>")
    for path in MODULES:
        texts = [node.value for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        assert not [text for text in texts if held.search(text)], path
