"""The command line: each command, each exit code, no traceback."""

from __future__ import annotations

import gc
import inspect
import json
import re
import subprocess
import sys
import threading
import types
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import bestand
import bestand.cli
from bestand.__main__ import begin
from bestand.case.read import read_text
from bestand.cli import EXIT_CODES, main, terminal
from bestand.errors import AskError, Problem
from tests.depth import spread

COMMANDS = tuple(command.name for command in bestand.cli.COMMANDS)
ELMIRA = "literature/kilgour-2001/elmira"


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def calling(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    return calling


@pytest.fixture
def dispute(call, tmp_path: Path) -> str:
    assert call("new", "A dispute", "-o", "dispute.yaml").exit_code == 0
    return str(tmp_path / "dispute.yaml")


def test_help_is_quick_and_loads_no_engine() -> None:
    code = "import sys, bestand.cli; print(sorted({'numpy', 'pydantic', 'rich', 'jinja2', 'yaml'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(call, command: str) -> None:
    found = call(command, "--help")
    assert found.exit_code == 0 and "Usage:" in found.output


def test_all_commands_are_listed_with_the_exit_codes(call) -> None:
    found = call("--help").output
    assert all(f"  {command}" in found for command in COMMANDS) and "Exit codes" in found


def test_each_command_stands_once_under_a_topic_in_a_line_that_fits(call) -> None:
    from bestand.cli import main
    from bestand.cli.topics import TOPICS

    listed = [name for commands in TOPICS.values() for name in commands]
    assert sorted(listed) == sorted(main.commands)
    printed = call("--help").output
    assert all(len(line) <= 80 and "..." not in line for line in printed.splitlines()[1:])
    assert all(f"  {name} " in printed and line in printed for commands in TOPICS.values() for name, line in commands.items())


def test_version_is_printed(call) -> None:
    assert call("--version").output.startswith("bestand ")


def test_run_writes_a_page_and_prints_the_answer(call, dispute: str) -> None:
    found = call("run", dispute)
    assert found.exit_code == 0 and "reports/dispute.html" in found.output
    assert Path("reports/dispute.html").read_text("utf-8").startswith("<!doctype html>")


def test_run_takes_a_language_a_file_and_a_folder(call, dispute: str) -> None:
    assert call("run", dispute, "--language", "nl", "--out", "deep/page.html").exit_code == 0
    assert 'lang="nl"' in Path("deep/page.html").read_text("utf-8")
    assert call("run", ELMIRA, "--out", "pages").exit_code == 0
    assert Path("pages/literature-kilgour-2001-elmira.html").exists()


def test_run_prints_json_and_compares_with_an_earlier_version(call, dispute: str) -> None:
    found = json.loads(call("run", dispute, "--since", dispute, "--json").stdout)
    assert found["states"] > 1 and all(set(each) == {"nash", "gmr", "smr", "seq", "ssr"} for each in found["equilibria"].values())
    assert found["provenance"]["digest"]


def test_check_ends_with_zero_without_errors(call, dispute: str) -> None:
    assert call("check", dispute).exit_code == 0
    assert isinstance(json.loads(call("check", dispute, "--json").stdout), list)


def test_show_prints_parties_levers_and_equilibria(call, dispute: str) -> None:
    found = call("show", dispute)
    assert found.exit_code == 0 and "Party A" in found.output and "seq" in found.output
    assert "Levers" in json.loads(call("show", dispute, "--json").stdout)


def test_why_gives_a_witness_for_a_state(call, dispute: str) -> None:
    assert call("why", dispute).exit_code == 0
    found = call("why", dispute, "--state", "a.stops=yes", "--party", "a", "--concept", "nash", "--json")
    assert json.loads(found.stdout)[0]["party"] == "a"


@pytest.mark.parametrize(
    "arguments",
    [
        ("why", "DISPUTE", "--party", "nobody"),
        ("why", "DISPUTE", "--concept", "magic"),
        ("why", "DISPUTE", "--state", "a.stops=perhaps"),
        ("why", "DISPUTE", "--state", "elsewhere"),
        ("paths", "DISPUTE", "--goal", "truc"),
        ("run", "DISPUTE", "--language", "de"),
        ("run", "DISPUTE", "--view", "nowhere"),
        ("run",),
        ("paths", "DISPUTE"),
        ("nonsense",),
    ],
)
def test_wrong_questions_end_with_two(call, dispute: str, arguments: tuple[str, ...]) -> None:
    found = call(*(dispute if word == "DISPUTE" else word for word in arguments))
    assert found.exit_code == 2 and "Traceback" not in found.output


def test_paths_end_with_one_where_there_is_no_way(call, dispute: str) -> None:
    assert call("paths", dispute, "--goal", "truce", "--by", "any").exit_code == 0
    assert call("paths", dispute, "--goal", "truce and not truce", "--by", "any").exit_code == 1
    assert json.loads(call("paths", dispute, "--goal", "truce", "--by", "any", "--json").stdout)


def test_diff_ends_with_one_where_something_changed(call, dispute: str, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(Path(dispute).read_text("utf-8").replace("Party A", "Party X"), encoding="utf-8")
    assert call("diff", dispute, dispute).exit_code == 0
    found = call("diff", dispute, str(other))
    assert found.exit_code == 1 and "Party X" in found.output
    assert json.loads(call("diff", dispute, str(other), "--json").stdout)


@pytest.mark.parametrize("text", ["", "a: [", "bestand: 1", "bestand: 1\ntitle: T\nparties: {a: {nam: A}}", "\x00"])
def test_bad_files_end_with_three_and_say_where(call, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    found = call("check", "bad.yaml")
    assert found.exit_code == 3 and "[case/" in found.output and "Traceback" not in found.output


def test_a_missing_file_ends_with_three_and_guesses(call) -> None:
    found = call("run", "ukraine/2025-05")
    assert found.exit_code == 3 and "ukraine/2025-04" in found.output


def test_import_reads_json_and_refuses_the_rest(call, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    assert call("import", "bad.json").exit_code == 3
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    assert call("import", "bytes.json").exit_code == 3
    assert call("import", "nowhere.json").exit_code == 2
    neutral = {
        "format": "gmcr-case/1", "title": "T", "dms": [{"name": "A", "options": [0]}], "options": [{"name": "o"}],
        "states": [{"id": "1", "yn": "N"}, {"id": "2", "yn": "Y"}], "payoffs": {"A": [1, 2]},
    }  # fmt: skip
    (tmp_path / "case.json").write_text(json.dumps(neutral), encoding="utf-8")
    read = call("import", "case.json")
    assert read.exit_code == 0 and list(read_text(read.stdout).file.levers) == ["a.o"]


def test_new_prints_a_case_that_can_be_read(call) -> None:
    for language in ("en", "nl"):
        found = call("new", "Een geschil", "--language", language)
        assert bestand.read_text(found.stdout).file.title == "Een geschil"


def test_schema_and_list_print(call) -> None:
    assert json.loads(call("schema").stdout)["$schema"]
    assert ELMIRA in call("list").output.split()
    assert ELMIRA in [each["name"] for each in json.loads(call("list", "--json").stdout)]


def test_debug_shows_where_an_error_arose(call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BESTAND_DEBUG", "1")
    assert isinstance(call("run", "no/such").exception, bestand.errors.BestandError)


def test_public_names_are_there_and_are_not_hidden_by_modules() -> None:
    import bestand.report.page
    import bestand.study

    assert set(bestand.__all__) <= set(dir(bestand))
    assert all(callable(getattr(bestand, name)) for name in bestand.__all__)
    with pytest.raises(AttributeError):
        _ = bestand.nothing


DEEPER = [
    ["agreements", "example/en", "--that", "truce"],
    ["settle", "example/en", "--rule", "egalitarian", "--power", "co=2"],
    ["unlock", "example/en", "truce", "--most", "1"],
    ["coalitions", "example/en"],
    ["sensitivity", "example/en"],
    ["play", "example/en", "--months", "6"],
    ["survival", "example/en", "--truce", "not truce", "--months", "1,3", "--draws", "3"],
    ["postures", "ukraine/2025-04", "--view", "guarded", "--months", "1,2", "--draws", "2", "--capacity", "eu=100"],
    ["withdrawal", "ukraine/2025-04", "us_withdraws", "--view", "guarded", "--months", "1,2", "--month", "1", "--draws", "1"],
    ["strategies", "ukraine/2025-04", "--view", "guarded_steps", "--months", "2", "--draws", "2"],
    ["equilibrium", "ukraine/2025-04", "--view", "guarded", "--hold", "us.presence=full,ua.army=as_now,eu.force=none,eu.burden=no"],
    ["base-rates"],
    ["base-rates", "interstate-force", "--model", "mixture"],
]


@spread("command", DEEPER, ids=lambda command: " ".join(command[:3]), first=2)
def test_deeper_questions_print_tables_and_json(command):
    for extra in ([], ["--json"]):
        result = CliRunner().invoke(main, [*command, *extra])
        assert result.exit_code == (command[0] == "agreements"), result.output  # nothing could be agreed there
        assert json.loads(result.stdout) if extra else result.stdout.strip()


def test_changed_cases_are_saved_and_explained_by_diff(tmp_path):
    CliRunner().invoke(main, ["unlock", "example/en", "truce", "--most", "1", "--write", str(tmp_path)])
    saved = sorted(tmp_path.glob("*.yaml"))
    assert saved
    assert CliRunner().invoke(main, ["diff", "example/en", str(saved[0])]).exit_code == 1


def test_tables_can_be_printed_as_csv(monkeypatch):
    monkeypatch.setenv("BESTAND_TABLES", "csv")
    printed = CliRunner().invoke(main, ["base-rates"]).stdout.splitlines()
    assert printed[0].startswith("class,what,n,ended") and len(printed) == 7


def test_counts_of_violations_are_read_fitted_and_drawn(tmp_path):
    rows = "\n".join(f"{2010 + k // 12}-{k % 12 + 1:02},{n}" for k, n in enumerate([2, 0, 1, 3, 2, 1, 0, 2, 4, 1] * 9 + [60]))
    file = tmp_path / "counts.csv"
    file.write_text(f"month,count\n{rows}\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["violations", str(file)])
    assert result.exit_code == 1 and "Out of the ordinary" in result.stdout


@pytest.mark.parametrize(
    "command",
    [
        ["survival", "example/en", "--truce", "truce", "--months", "a,b"],
        ["survival", "literature/fang-1993/chicken"],
        ["settle", "example/en", "--power", "co"],
        ["unlock", "example/en", "nothing_known"],
        ["postures", "example/en"],
        ["base-rates", "no-such-class"],
    ],
    ids=lambda command: " ".join(command[:4]),
)
def test_wrong_deeper_questions_end_with_two_and_no_traceback(command):
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2 and "Traceback" not in result.output and result.output.strip()


def test_show_says_how_likely_each_setting_is_today_where_that_is_not_certain(call, tmp_path: Path) -> None:
    text = (
        "bestand: 1\ntitle: T\nparties: {a: {name: A}}\n"
        "levers: {a.x: {is: x, settings: [low, mid, high], now: high, odds: {low: 0.2, high: 0.8}, assumed: t}, a.y: {is: y, assumed: t}}\n"
        "wants: {a: [{that: a.y, assumed: t}]}\n"
    )
    (tmp_path / "odds.yaml").write_text(text, encoding="utf-8")
    assert "high 80 %, low 20 %" in call("show", "odds.yaml").output
    levers = json.loads(call("show", "odds.yaml", "--json").stdout)["Levers"]
    assert [(each["now"], each["odds today"]) for each in levers] == [("high", "high 80 %, low 20 %"), ("no", "")]


def test_what_takes_long_says_how_far_it_is_where_nobody_sits_at_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    told = threading.Event()
    monkeypatch.setattr(terminal, "PATIENCE", 0.01)
    monkeypatch.setattr(terminal, "BETWEEN", 0.01)
    monkeypatch.setattr(terminal.click, "echo", lambda words, **how: (print(words), "%" in words and told.set()))
    with terminal.progress_bar() as progress:
        progress("changes", 0.25)
        assert told.wait(60)
    assert "bestand: what changed, 25 % after" in capsys.readouterr().out


def test_a_command_looks_seldom_for_what_points_only_at_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    before, asked = gc.get_threshold(), []
    monkeypatch.setattr(bestand.cli, "main", lambda: asked.append(gc.get_threshold()))
    try:
        begin()
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
    assert len(asked) == 1 and asked[0][0] > 10 * 700


READ = "bestand.case.read.read"
WAITED_FOR = {
    **{name: (READ, ["example/en", *more]) for name, more in {
        "run": [], "brief": [], "show": [], "check": [], "why": [], "paths": ["--goal", "truce"], "joint": ["--that", "truce"], "coalitions": [],
        "unlock": ["truce"], "sensitivity": [], "agreements": [], "settle": [], "cores": [], "settle-by-solver": [], "offers": [], "play": [],
        "equilibrium": [], "survival": [], "postures": [], "withdrawal": ["e"], "strategies": [], "diff": ["example/nl"],
        "compare": ["example/nl"], "turns": [], "red-team": [], "posterior": [], "indicators": [], "scenarios": [], "forecast": [],
        "sweep": ["--measure", "rests truce", "--out", "swept"], "export": ["--to", "nfg"], "accept": [],
    }.items()},
    "draft": (READ, ["text.txt", "--into", "example/en"]),
    "import": ("bestand.exchange.reading.import_", ["text.txt"]),
    "discover": ("bestand.explore.sweep.read_sweep", ["."]),
    "base-rates": ("bestand.history.base_rates.base_rates", ["interstate-force"]),
    "backtest": ("bestand.evidence.records.read_spells", ["text.txt"]),
    "violations": ("bestand.evidence.records.read_counts", ["text.txt"]),
}  # fmt: skip
AT_ONCE = {"open", "list", "new", "schema", "docs", "divide"}  # serves, or is as quick whatever it is asked


def test_every_command_is_waited_for_or_done_at_once() -> None:
    assert set(COMMANDS) == set(WAITED_FOR) | AT_ONCE


@pytest.mark.parametrize("command", WAITED_FOR)
def test_who_waits_is_told_that_a_command_works_from_the_first_thing_that_can_take_long(call, monkeypatch, tmp_path, command: str) -> None:
    """Nothing is answered before something has been said of it."""
    (tmp_path / "text.txt").write_text("A text.", encoding="utf-8")
    said = threading.Event()
    share = terminal.share_done
    monkeypatch.setattr(terminal, "PATIENCE", 0.0)
    monkeypatch.setattr(terminal, "share_done", lambda of: (said.set(), share(of))[1])

    def slow(*_: object, **__: object) -> object:
        raise AskError(Problem("graph/too-long", "over" if said.wait(60) else "nothing was said"))

    where, words = WAITED_FOR[command]
    monkeypatch.setattr(where, slow)
    found = call(command, *words)
    assert found.exit_code == 2 and "graph/too-long] over" in found.stderr and "bestand: " in found.stderr


def test_who_waits_is_told_so_while_compiled_code_is_being_loaded(monkeypatch, capsys) -> None:
    """As another thread meets it that looks for it in the meantime: there, and without what it will have."""
    monkeypatch.setitem(sys.modules, "bestand.kernels", types.ModuleType("bestand.kernels"))
    turns = iter((False, True))
    terminal.tell_lines({"within": 0.0, "stage": "working", "share": 0.0, "language": "en"}, types.SimpleNamespace(wait=lambda _: next(turns)))
    assert "bestand: working, for 0 s" in capsys.readouterr().err


@pytest.mark.parametrize(("language", "words"), [("en", "first answers, 30 % after 0 s"), ("nl", "eerste antwoorden, 30 % na 0 s")])
def test_who_waits_is_told_at_what_in_words(capsys, language, words) -> None:
    turns = iter((False, True))
    said = {"within": 0.0, "stage": "core", "share": 0.3, "language": language}
    terminal.tell_lines(said, types.SimpleNamespace(wait=lambda _: next(turns)))
    assert f"bestand: {words}" in capsys.readouterr().err


FUNCTIONS = {name: name.replace("-", "_") if name != "import" else "import_" for name in COMMANDS}


@pytest.mark.parametrize("name", [name for name, function in FUNCTIONS.items() if function in bestand.__all__])
def test_an_option_is_called_as_the_argument_that_it_stands_for(name):
    arguments = inspect.signature(getattr(bestand, FUNCTIONS[name])).parameters
    for option in (each for each in main.get_command(click.Context(main), name).params if isinstance(each, click.Option) and each.name in arguments):
        spelt = {each.lstrip("-").replace("-", "_") for each in option.opts}
        assert spelt & {option.name, option.name.removesuffix("s") if option.multiple else ""}, f"{option.opts} stands for {option.name}="


def test_the_list_of_exit_codes_names_every_command_that_ends_with_one() -> None:
    told = EXIT_CODES.split("  1 ")[1].split("  2 ")[0]
    every = [(str(command.name), inspect.unwrap(command.callback)) for command in bestand.cli.COMMANDS if command.callback]
    ends = {name for name, work in every if "FOUND" in inspect.getsource(work)}
    assert {name for name, _ in every if re.search(rf"\b{name}\b", told)} == ends and len(ends) > 5
