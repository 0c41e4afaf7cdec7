"""The house rules that a machine can check: sizes, documented codes, examples that run, pages that are up to date."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import pathlib
import re
import runpy
import shlex
import tomllib
from functools import cache

import pytest

import bestand
from bestand import conflict
from bestand.case.read import read_text
from bestand.checks.check import check
from bestand.cli import main
from bestand.report.page import BLOCKS
from tests.depth import spread
from tests.shipped import shipped

ROOT = pathlib.Path(__file__).parents[2]
MODULES = sorted((ROOT / "src" / "bestand").rglob("*.py"))


@cache
def tree_of(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def statements(tree: ast.Module):
    """Every statement, however deep, and none of the many parts of expressions."""
    inside: list[ast.AST] = [tree]
    for node in inside:
        inside += [each for part in ("body", "handlers", "cases", "orelse", "finalbody") for each in getattr(node, part, ())]
    return inside


def bodies(tree: ast.Module):
    for node in statements(tree):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1] if len(node.body) > 1 and isinstance(node.body[0], ast.Expr) else node.body[0]
            yield node, (node.end_lineno or 0) - first.lineno + 1


def test_modules_and_functions_are_small_and_public_ones_explained():
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, path
        tree = tree_of(path)
        assert ast.get_docstring(tree), f"{path}: a module says what it is"
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


def test_no_module_and_no_test_imports_the_private_names_of_another():
    """What a test must call by itself is a unit of its own, and has a public name and a docstring."""
    imports = [
        (path.name, each.name)
        for path in [*MODULES, *sorted((ROOT / "tests").rglob("*.py"))]
        for node in statements(tree_of(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("bestand.", "tests."))
        for each in node.names
    ]
    assert len(imports) > 3_000 and not [each for each in imports if each[1].startswith("_")]


PRIVATE = {"setattr", "delattr", "getattr", "slow"}  # calls that reach a name given as a text
OF_OTHERS = {"_repr_html_", "_p", "_tbl", "_add_object"}  # what Jupyter, python-docx and pypdf call so


def reached(node: ast.AST) -> str:
    """The private name of something else that a line of a test reaches; empty where it reaches none."""
    if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
        return node.attr
    if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in PRIVATE:
        return next((each.value for each in node.args if isinstance(each, ast.Constant) and str(each.value).startswith("_")), "")
    return ""


def test_no_test_reaches_a_private_name_of_the_program():
    tests = [path for path in sorted((ROOT / "tests").rglob("*.py")) if "oracle" not in path.parts]  # the plain versions are their own
    names = [(path.name, reached(node)) for path in tests for node in ast.walk(tree_of(path))]
    private = [each for each in names if each[1].startswith("_") and not each[1].startswith("__") and each[1] not in OF_OTHERS]
    assert ("test_report.py", "_repr_html_") in names and not private


def test_no_call_counts_on_the_order_of_ten_things():
    """Two that change places are nobody's error where both are arrays, or both words: ten or more are handed over by name."""
    calls = [(path.name, node) for path in MODULES for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    longest = max(len(node.args) for _, node in calls)
    assert longest == 9, [(name, node.lineno) for name, node in calls if len(node.args) > 9]


def test_half_of_all_functions_have_at_most_eight_lines():
    lengths = sorted(length for path in MODULES for _, length in bodies(tree_of(path)))
    assert lengths[len(lengths) // 2] <= 8


def names_of(tree: ast.Module):
    """Fields of classes, parameters, names bound in functions, and those of comprehensions and lambdas, wherever they stand; with their lines."""
    for part in (part for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for part in node.body):
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            yield part.target.id, part.lineno
    scopes = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    for scope in (node for node in ast.walk(tree) if isinstance(node, scopes)):
        for node in ast.walk(scope):
            if isinstance(node, ast.arg):
                yield node.arg, node.lineno
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, node.lineno


def test_fields_and_locals_say_what_they_hold():
    said = [path for path in MODULES if re.search(r"\bfound\b", path.read_text(encoding="utf-8"))]
    places = {(path.name, line) for path in said for name, line in names_of(tree_of(path)) if name == "found"}
    assert len(MODULES) > 300 and said and not places, sorted(places)


@cache
def generator():
    return runpy.run_path(str(ROOT / "docs" / "generate.py"))


@pytest.mark.parametrize("page", ["reference/file-format.md", "reference/commands.md", "reference/limits.md", "glossary.md"])
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
    assert not [f for f in check(read_text(block)).findings if f.severity != "note"]


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
            if words[1] == "unlock" or {"--start", "--that", "--goal", "--truce", "--hold", "--view"} & set(words):
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
    conditions = [given[option] for option in ("--start", "--that", "--goal", "--truce") if option in given]
    for text in conditions + ([rest[0]] if command == "unlock" else []):
        assert asked.where(text).any() or command == "unlock", text


def glossary():
    return re.findall(r"^\| ([^|]+?) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.M)[1:]


def test_the_dutch_words_of_the_glossary_are_those_that_a_reader_meets():
    """Each is a word of the glossary, and said in Dutch somewhere; where a table or a page has the English word by itself, it says this."""
    telling = ROOT / "src" / "bestand" / "telling"
    known = {re.sub(r" \(.*\)", "", row) for row in glossary()}
    dutch = tomllib.loads((telling / "glossary.nl.toml").read_text(encoding="utf-8"))
    files = [*(telling / name for name in ("nl.toml", "tables.nl.toml", "problems.nl.toml")), *(ROOT / "workbench" / "src").glob("*.ts")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in files).lower()
    assert [word for word, called in dutch.items() if word not in known or not re.search(rf"\b{re.escape(called.lower())}", said)] == []
    heads = tomllib.loads((telling / "tables.nl.toml").read_text(encoding="utf-8"))["heads"]
    apart = {"guard": "bewaker", "chance": "kans"}  # the guard of a zone, and a chance: other things that English calls so too
    assert {word: heads[word] for word, called in dutch.items() if word in heads and heads[word] not in (called, apart.get(word))} == {}


def test_the_glossary_gives_each_word_one_meaning():
    words = [word.strip(" )") for row in glossary() for word in re.split(r"[,(]", row)]
    assert len(words) > 50 and len(words) == len(set(words)), sorted({word for word in words if words.count(word) > 1})


@pytest.mark.parametrize("name", [name for name in bestand.__all__ if name[0].isupper() and not name.endswith("Error")])
def test_what_a_function_returns_is_called_by_a_word_of_the_glossary(name):
    """`RedTeam` by *red team*, `Boxes` by *box*: a result with a name of its own would be a second word for something, or one nobody explains."""
    words = [word for row in glossary() for word in re.findall(r"[a-z]+", row.lower())]
    parts = [part.lower() for part in re.findall(r"[A-Z][a-z]+", name)]
    stem = {"indices": "index"}.get(parts[-1], re.sub(r"(ies|es|s)$", "", parts[-1]))
    assert any(word.startswith(stem) for word in words), f"{name}: say in docs/glossary.md what it is"


@pytest.mark.parametrize("section", sorted(BLOCKS))
def test_chapters_of_answers_are_called_as_their_functions(section):
    assert section in bestand.__all__ or section == "watch"  # indicators and scenarios side by side


def test_local_links_in_the_documentation_lead_somewhere():
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), (path.name, target)


@spread("path", [path for path in MODULES if ">>> " in path.read_text(encoding="utf-8")], ids=lambda p: str(p.relative_to(ROOT / "src")), first=46)
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
    """What stands before the first dot of anything but a key path or a module is the party of a lever: `party_of` says it."""
    split = re.compile(r'([\w.\]\)]+)\.(?:partition|split)\("\."(?:, (?:maxsplit=)?1)?\)\[0\]')
    paths = re.compile(r"(?:\w+\.)?(?:at|module|__module__)$")
    strays = {
        f"{path.name}: {match[0]}" for path in MODULES if path.name != "lines.py"
        for match in split.finditer(path.read_text(encoding="utf-8")) if not paths.match(match[1])
    }
    assert split.search('to.partition(".")[0]') and not strays, strays


def test_key_paths_of_wants_are_written_and_read_at_one_place():
    written = re.compile(r'f"wants\.\{|[fr]"wants\\?\.[^"]*(?:\{|\\w)|removeprefix\(f?"wants')
    home = {str(path.relative_to(ROOT / "src" / "bestand")) for path in MODULES if written.search(path.read_text(encoding="utf-8"))}
    assert home == {"case/lines.py"}, home


def test_no_group_of_a_pattern_is_repeated_possessively():
    """Python before 3.11.5 matches such groups wrongly where they hold a choice [python/cpython issue 106052]: pages were read otherwise there."""
    held = re.compile(r"\)[*+?]\+|\)\{[\d,]+\}\+|\(\?>")
    for path in MODULES:
        texts = [node.value for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        assert not [text for text in texts if held.search(text)], path


ENGINES = ("graph", "negotiate", "bargain", "play", "stationary", "truce", "history")
OUTSIDE = {
    "click", "csv", "glob", "http", "io", "logging", "pathlib", "rich", "shutil", "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
WITH_A_TIMER = {("bargain/cores_by_solver.py", "threading")}  # a solver is told to stop by nothing else
OF_EVERYBODY = re.compile(r"os\.(?!cpu_count$)|random\.|np\.random\.(?!default_rng|SeedSequence)")
DOORS = {"open", "print", "input", "read_bytes", "write_text", "write_bytes", "date.today", "datetime.now", "utcnow", "random.seed"}


def reaches_outside(tree: ast.Module):
    """What of a module goes past its arguments: files, the terminal, the network, the clock, other programs, random numbers of everybody."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
            yield from OUTSIDE & {name.partition(".")[0] for name in names}
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            yield from DOORS & {called, called.rpartition(".")[2], ".".join(called.split(".")[-2:])}
            if OF_EVERYBODY.match(called):
                yield called


@pytest.mark.parametrize("room", ENGINES)
def test_engines_go_past_their_arguments_nowhere(room):
    home = ROOT / "src" / "bestand"
    outside = {(path.relative_to(home).as_posix(), what) for path in (home / room).rglob("*.py") for what in reaches_outside(tree_of(path))}
    assert outside <= WITH_A_TIMER, sorted(outside - WITH_A_TIMER)


@pytest.mark.parametrize("text", ["import time", "from pathlib import Path", "open('x')", "date.today()", "np.random.rand(3)", "os.getcwd()", "print(1)"])
def test_what_goes_past_arguments_is_seen(text):
    assert list(reaches_outside(ast.parse(text)))


RESULTS = [each for name in bestand.__all__ if isinstance(each := getattr(bestand, name), type) and dataclasses.is_dataclass(each)]


@pytest.mark.parametrize("result", RESULTS, ids=lambda each: each.__name__)
def test_arrays_of_a_result_are_told_with_their_shape(result):
    entries = re.split(r"\n(?=    \S)", inspect.cleandoc(result.__doc__).replace("\n", "\n    "))
    for each in (field.name for field in dataclasses.fields(result) if re.search("NDArray|Floats", str(field.type))):
        told = [entry for entry in entries if re.search(rf"\b{each}\b", entry.partition(":")[0])] or [entry for entry in entries if f"`{each}` (n_" in entry]
        assert told and (any("(" in entry for entry in told) or "(n_" in entries[0]), f"{result.__name__}.{each}"


def test_the_page_for_those_who_extend_it_names_every_room():
    table = re.findall(r"^\| (`.+?) \|", (ROOT / "docs" / "how-to" / "extend.md").read_text(encoding="utf-8"), re.M)
    told = [name for row in table for name in re.findall(r"`(\w+)`", row)]
    assert sorted(told) == sorted(path.name for path in (ROOT / "src" / "bestand").iterdir() if (path / "__init__.py").exists())


@pytest.mark.parametrize("room", sorted(path.name for path in (ROOT / "src" / "kernels").iterdir() if path.is_dir()))
def test_what_files_of_one_room_of_compiled_code_keep_to_themselves_has_names_of_its_own(room):
    """A wheel compiles the files of a room as one, where what two of them call alike clashes."""
    named = re.compile(r"^(?:constexpr|static|using|struct|class|enum)\b[^=;({]*?(\w+) *(?:=|\{|\()", re.M)
    names = [name for path in (ROOT / "src" / "kernels" / room).glob("*.cpp") for name in set(named.findall(path.read_text("utf-8")))]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
