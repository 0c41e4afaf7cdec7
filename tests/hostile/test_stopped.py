"""Commands that are stopped from without: a reader who goes away, an interrupt, a question that nobody answers. The same code for all, and few words."""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bestand import loading
from bestand.case.read import read
from bestand.case.template import new
from bestand.cli import COMMANDS, main
from bestand.drafting.proposals import waiting
from bestand.errors import AskError
from bestand.web.desk import Desk
from tests.conftest import less_progress
from tests.depth import in_depth, spread

SAYS = [
    ["--help"], ["--version"], ["list"], ["list", "--json"], ["schema"], ["docs", "glossary"], ["docs", "--find", "truce"], ["check", "example/en"],
    ["show", "example/en", "--expanded"], ["why", "example/en"], ["diff", "example/en", "example/nl"], ["new", "T"], ["base-rates"],
    ["divide", "--between", "A", "B", "--points", "x=1:2"], *([each.name, "--help"] for each in COMMANDS),
]  # fmt: skip


def _gone(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Puts streams whose reader went away in place of those of Python."""
    for name in names:
        reader, writer = os.pipe()
        os.close(reader)
        monkeypatch.setattr(sys, name, os.fdopen(writer, "w", encoding="utf-8"))


@pytest.mark.parametrize("words", SAYS, ids=" ".join)
def test_a_reader_who_goes_away_ends_every_command_alike(words, monkeypatch, capsys):
    _gone(monkeypatch, "stdout")
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 141 and capsys.readouterr().err == ""


@pytest.mark.parametrize("words", [["no-such-command"], ["show", "no-such-case"], ["show"], ["why", "example/en", "--party", "nobody"]], ids=" ".join)
def test_a_reader_of_mistakes_who_goes_away_ends_them_alike(words, monkeypatch):
    _gone(monkeypatch, "stdout", "stderr")
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 141


def test_debugging_changes_nothing_of_how_a_reader_goes_away(monkeypatch):
    monkeypatch.setenv("BESTAND_DEBUG", "1")
    _gone(monkeypatch, "stdout")
    with pytest.raises(SystemExit) as ended:
        main(["list"])
    assert ended.value.code == 141


def _interrupts(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("debug", ["0", "1"])
@pytest.mark.parametrize("words", [["show", "example/en"], ["run", "example/en", "--out", "x.pdf"], ["discover", ".", "--page", "x.pdf"]], ids=" ".join)
def test_an_interrupt_ends_alike_wherever_it_comes(words, debug, monkeypatch, tmp_path):
    """Also while options are looked at: whether a PDF can be made here is one of them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BESTAND_DEBUG", debug)
    monkeypatch.setattr(importlib.import_module("bestand.case.read"), "read", _interrupts)
    monkeypatch.setattr(importlib.import_module("bestand.report.printed"), "can_be_made", _interrupts)
    result = CliRunner().invoke(main, words)
    assert (result.exit_code, result.stderr, result.stdout) == (130, "interrupted\n", "") and not list(tmp_path.iterdir())


@pytest.mark.parametrize("debug", ["0", "1"])
def test_an_interrupt_that_comes_as_an_error_of_what_loads_a_module_ends_alike(debug, monkeypatch):
    def interrupted_within(*_: object, **__: object) -> None:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setenv("BESTAND_DEBUG", debug)
    monkeypatch.setattr(importlib.import_module("bestand.case.read"), "read", interrupted_within)
    result = CliRunner().invoke(main, ["show", "example/en"])
    assert (result.exit_code, result.stderr, result.stdout) == (130, "interrupted\n", "")


AS_INSTALLED = "from bestand.__main__ import begin\nbegin()\n"  # what pip writes
BY_A_PROGRAM = "import bestand"
BY_A_HELPER = "import sys; sys.argv[0] = '/somewhere/bin/bestand'; import bestand"  # as multiprocessing has it


def loads(tmp_path, module: str, *call: str) -> tuple[int, str]:
    """A Python in which a module that is loaded on the way interrupts: the code with which it ends, and what it says."""
    (tmp_path / f"{module}.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n", encoding="utf-8")
    places = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    there = {**os.environ, "PYTHONPATH": places}
    ended = subprocess.run([sys.executable, *call], env=there, cwd=tmp_path, check=False, capture_output=True, text=True)
    return ended.returncode, ended.stderr


@spread("call", [("-m", "bestand", "list"), ("bin/bestand", "list")], ids=["module", "script"], first=1)
@pytest.mark.parametrize("module", ["html", "click"])
def test_an_interrupt_while_the_command_loads_ends_it_with_a_word(call, module, tmp_path):
    """In what the package itself imports, which nothing of it can catch yet; and in what the commands import."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "bestand").write_text(AS_INSTALLED, encoding="utf-8")
    assert loads(tmp_path, module, *call) == (130, "interrupted\n")


def test_nothing_written_in_python_is_loaded_before_an_interrupt_is_heard():
    """What is compiled into Python loads at once; in what is not, an interrupt ends in a traceback."""
    script = "import sys; loaded = set(sys.modules); exec(open(sys.argv[1]).read(), {'__name__': 'loading'}); print(*set(sys.modules) - loaded)"
    told = subprocess.run([sys.executable, "-c", script, loading.__file__], check=True, capture_output=True, text=True).stdout
    assert set(told.split()) <= set(sys.builtin_module_names)


@pytest.mark.parametrize("program", [BY_A_PROGRAM, BY_A_HELPER])
def test_a_program_that_uses_the_library_has_its_own_interrupts(program, tmp_path):
    _, told = loads(tmp_path, "html", "-c", program)
    assert told.rstrip().endswith("KeyboardInterrupt")


@pytest.fixture
def proposed(tmp_path):
    (tmp_path / "case.yaml").write_text(new("T"), encoding="utf-8")
    (tmp_path / "said.txt").write_text("On Monday A said that it would not attack. B must stand there.\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["draft", str(tmp_path / "said.txt"), "--into", str(tmp_path / "case.yaml")]).exit_code == 0
    return tmp_path


ASKING = [["accept", "CASE"], ["draft", "TEXT", "--into", "CASE", "--model", "http://127.0.0.1:9/v1"]]


@pytest.mark.parametrize("words", ASKING, ids=lambda words: words[0])
def test_a_question_that_nobody_answers_is_a_refusal_and_an_interrupt_is_an_interrupt(words, proposed, monkeypatch, capsys):
    asked = [str(proposed / {"CASE": "case.yaml", "TEXT": "said.txt"}[word]) if word.isupper() else word for word in words]
    before = {path: path.read_bytes() for path in proposed.rglob("*") if path.is_file()}
    unanswered = CliRunner().invoke(main, asked, input="")
    assert unanswered.exit_code == 2 and "nobody answers" in unanswered.stderr
    monkeypatch.setattr(click.termui, "visible_prompt_func", _interrupts)
    with pytest.raises(SystemExit) as ended:
        main(asked)
    assert ended.value.code == 130 and capsys.readouterr().err.endswith("interrupted\n")
    assert {path: path.read_bytes() for path in proposed.rglob("*") if path.is_file()} == before


def _runs_in(session: int) -> bool:
    """Whether a process of a session is left that has not ended."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended just now
            stat = path.read_text().rpartition(")")[2].split()
            if int(stat[3]) == session and stat[0] != "Z":
                return True
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="what is left of a session is read from /proc")
@pytest.mark.parametrize("whom", [os.kill, os.killpg], ids=["the command", "its workers too"])
def test_an_interrupted_sweep_takes_its_workers_along_and_says_so_in_a_word(whom, tmp_path):
    pytest.importorskip("loky")
    out = tmp_path / "out"
    words = ["sweep", "example/en", "--measure", "rests truce", "--n", "200000", "--each", "200", "--workers", "2", "--out", str(out)]
    asked = subprocess.Popen([sys.executable, "-m", "bestand", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    until = time.monotonic() + 120
    while len(list(out.glob("*.parquet"))) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    whom(asked.pid, signal.SIGINT)
    told, wrong = asked.communicate(timeout=60)
    assert (asked.returncode, told, less_progress(wrong)) == (130, "", "interrupted\n")
    while _runs_in(asked.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs_in(asked.pid)


@pytest.mark.parametrize("which", ["case.yaml", "proposals.yaml"])
@pytest.mark.parametrize("words", [["accept", "CASE"], ["accept", "CASE", "p1"], ["draft", "TEXT", "--into", "CASE"]], ids=" ".join)
def test_what_others_write_while_somebody_decides_is_not_written_over(words, which, proposed, monkeypatch):
    """They change the file once it has been read: while a person is asked, or while the program works."""
    (proposed / "more.txt").write_text("On Tuesday B said that it would withdraw from the harbour.\n", encoding="utf-8")
    asked = [str(proposed / {"CASE": "case.yaml", "TEXT": "more.txt"}[word]) if word.isupper() else word for word in words]
    written = []

    def meanwhile(*_: object, **__: object) -> str:
        if not written:
            path = proposed / which
            text = path.read_text(encoding="utf-8").replace("status: waiting", "status: rejected")
            path.write_text(text.replace("would not attack", "will not attack") if which == "proposals.yaml" else text + "# by hand\n", encoding="utf-8")
            written.append(path.read_bytes())
        return "a"

    module = importlib.import_module(f"bestand.drafting.{words[0]}")
    worked = getattr(module, words[0])
    monkeypatch.setattr(module, words[0], lambda *given, **named: (meanwhile(), worked(*given, **named))[1])
    monkeypatch.setattr(click, "prompt", meanwhile)
    before = (proposed / "case.yaml").read_bytes()
    result = CliRunner().invoke(main, asked)
    if words[0] == "draft" and which == "case.yaml":  # proposals are for any version of the case
        assert result.exit_code == 0
    else:
        assert "others have written to this file meanwhile" in result.stderr and which in result.stderr
        assert which == "case.yaml" or (proposed / "case.yaml").read_bytes() == before
    assert (proposed / which).read_bytes() == written[0]
    assert not [path for path in proposed.iterdir() if path.name.startswith(".bestand-")]


def test_a_case_that_another_program_changes_while_the_workbench_saves_is_not_written_over(proposed, monkeypatch):
    desk = Desk(proposed / "case.yaml")
    theirs = desk.sheet.text + "# theirs\n"
    kept = desk.versions.keep
    monkeypatch.setattr(desk.versions, "keep", lambda text: (kept(text), (proposed / "case.yaml").write_text(theirs, encoding="utf-8")))
    with pytest.raises(AskError, match="another program has changed the file"):
        desk.replace(desk.sheet.text + "# mine\n", version=desk.sheet.version)
    assert (proposed / "case.yaml").read_text(encoding="utf-8") == theirs and not list(proposed.glob(".bestand-*"))


@in_depth
@pytest.mark.parametrize("seed", range(3))
def test_commands_killed_and_two_at_once_lose_nothing(seed, proposed):
    """Every file is whole after each kill, what was decided is in the case once, and the next run leaves nothing hidden behind."""
    rng = random.Random(seed)
    (proposed / "page.html").write_text("<p>On Friday A said that a truce is near.</p>", encoding="utf-8")
    case = str(proposed / "case.yaml")
    each = [["accept", case, "p1", "--by", "X"], ["accept", case, "p2", "--by", "X"], ["draft", str(proposed / "page.html"), "--into", case]]
    for _ in range(6):
        begun = [subprocess.Popen([sys.executable, "-m", "bestand", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for words in rng.sample(each, 2)]
        time.sleep(rng.uniform(0.1, 1.2))
        for process in begun:
            process.send_signal(signal.SIGKILL)
            process.wait()
        waiting(proposed / "proposals.yaml")
        read(case)
    for words in each:
        subprocess.run([sys.executable, "-m", "bestand", *words], capture_output=True, check=False)
    quotes = [claim.quote for claim in read(case).file.claims.values()]
    assert sorted(quotes) == sorted(set(quotes)) and len(quotes) == 2 and "truce is near" in (proposed / "proposals.yaml").read_text(encoding="utf-8")
    assert not [path for path in proposed.iterdir() if path.name.startswith(".bestand-")]
