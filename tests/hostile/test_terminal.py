"""What reaches a terminal moves no cursor: names of files and folders that a stranger chose, whatever command speaks of them."""

from __future__ import annotations

import ast
import errno
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import types
from contextlib import suppress

import pytest
from click.testing import CliRunner

import bestand.cli
from bestand import files
from bestand.__main__ import begin
from bestand.cli import main, terminal
from bestand.cli.terminal import one_line
from bestand.errors import FileError
from tests.depth import spread

CLI = pathlib.Path(bestand.cli.__file__).parent
SIGNS = "\x1b]0;x\x07\x1b[31m\r\u202e\x9b2J"
CASE = (
    "bestand: 1\ntitle: T\nas_of: 2030-01-01\nparties: {a: {name: A}, b: {name: B}}\n"
    "levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}}\nterms: {both: a.x and b.y}\n"
    "wants: {a: [{that: not a.x, assumed: t}, {that: b.y, assumed: t}], b: [{that: both, assumed: t}]}\n"
)


def test_every_line_that_a_command_says_goes_through_one_door():
    for path in CLI.glob("*.py"):
        loose = [node.lineno for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute) and node.attr in ("echo", "secho")]
        assert not loose or path.name == "terminal.py" or (path.name == "__init__.py" and len(loose) == 1), (path.name, loose)


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made as Unix makes them")
@spread(
    ("environment", "bold"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": ""}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "xterm", "CLICOLOR": "0"}, False), ({"TERM": "dumb"}, False), ({}, False)],
    first=2,
)
def test_a_terminal_gets_plain_text_where_it_knows_nothing_else_or_nobody_wants_more(environment, bold):
    import pty

    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("TERM", "NO_COLOR", "CLICOLOR", "FORCE_COLOR")}
    run = subprocess.Popen([sys.executable, "-m", "bestand", "list"], stdin=theirs, stdout=theirs, stderr=theirs, env=kept | environment)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # Linux ends the reading of a terminal that is gone with an error
        while part := os.read(ours, 1 << 16):
            shown += part
    assert run.wait() == 0 and b"ukraine/2025-04" in shown and (b"\x1b" in shown) == bold


def test_a_terminal_without_controls_is_told_of_progress_in_lines(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    told = []
    for name in ("draw_bar", "tell_lines"):
        monkeypatch.setattr(terminal, name, lambda *_, name=name: told.append(name))
    for term, moves in (("xterm", True), ("dumb", False), ("", False)):
        monkeypatch.setenv("TERM", term)
        terminal.WaitingBar().end()
        assert told.pop() == ("draw_bar" if moves else "tell_lines"), term


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pathlib.Path(f"case{SIGNS}\n.yaml").write_text(CASE, encoding="utf-8")
    pathlib.Path(f"said{SIGNS}\n.txt").write_text("On Monday A said that it would not move. B must pay.\n", encoding="utf-8")
    pathlib.Path(f"odd{SIGNS}\n.csv").write_text("years,ended\n1,1\nx,0\n", encoding="utf-8")
    return tmp_path


NAMED = [
    ["check", "CASE"], ["check", "CASE", "--sources", "NONE"], ["show", "CASE"], ["show", "CASE", "--expanded"], ["unlock", "CASE", "both", "--write", "NEW"],
    ["new", "T", "-o", "NEW.yaml"], ["export", "CASE", "--to", "nfg"], ["export", "CASE", "--to", "nfg", "-o", "NEW.nfg"], ["export", "CASE", "--to", "template", "-o", "NEW.xlsx"],
    ["draft", "TEXT", "--into", "CASE"], ["diff", "CASE", "CASE"], ["backtest", "CSV"], ["violations", "CSV"], ["import", "CSV"], ["check", "NONE"], ["draft", "NONE", "--into", "CASE"],
    ["new", "T", "-o", "CASE"], ["run", "CASE", "--quick", "--out", "CSV"], ["paths", "CASE", "--goal", "NONE"], ["docs", "NONE"], ["NONE"], ["show", "CASE", "--NONE"],
]  # fmt: skip


@pytest.mark.parametrize("words", NAMED, ids=" ".join)
def test_names_of_files_never_move_the_cursor(words, folder):
    real = {"CASE": f"case{SIGNS}\n.yaml", "TEXT": f"said{SIGNS}\n.txt", "CSV": f"odd{SIGNS}\n.csv", "NONE": f"none{SIGNS}"}
    asked = [re.sub("^NEW", f"new{SIGNS}\n".replace("\\", r"\\"), real.get(word.removeprefix("--"), word)) for word in words]
    asked[1:] = [f"--{word}" if words[k] == "--NONE" else word for k, word in enumerate(asked[1:], 1)]
    result = CliRunner().invoke(main, asked, color=True)
    assert isinstance(result.exception, SystemExit | None), result.exception
    loose = re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", result.output)
    assert result.output and not loose and "\n.yaml" not in result.output and "\n.txt" not in result.output and "\n.csv" not in result.output


def test_a_path_is_told_in_one_line():
    assert one_line("a\r\n\tb\x9b\u202e") == "a␍␊␉b�"


@pytest.mark.parametrize("number", ["ENOSPC", "EDQUOT", "EFBIG"])
def test_a_full_disk_is_told_with_what_to_do(number, tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(getattr(errno, number), "no room")

    monkeypatch.setattr(files, "put_whole", full)
    with pytest.raises(FileError, match="make room there"):
        files.put(b"x", tmp_path / "x")


def test_an_interrupt_while_the_program_loads_ends_as_later_ones_do(monkeypatch, capsys):
    class Loading(types.ModuleType):
        def __getattr__(self, name: str) -> object:
            if name == "main":
                raise KeyboardInterrupt
            raise AttributeError(name)  # whoever else looks through all modules is not interrupted

    monkeypatch.setitem(sys.modules, "bestand.cli", Loading("bestand.cli"))
    with pytest.raises(SystemExit) as ended:
        begin()
    assert ended.value.code == 130 and capsys.readouterr().err == "interrupted\n"
    assert tomllib.loads((pathlib.Path(__file__).resolve().parents[2] / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]["bestand"] == "bestand.__main__:begin"


ON_TERMINALS = [
    ["show", "no/such"], ["show", "ukraine/2025-04", "--view", "nope"], ["settle", "invented/harbour-strike"],
    ["play", "invented/harbour-strike", "--months", "1"], ["agreements", "ukraine/2025-04", "--that", "ceasefire"],
]  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals")
@spread(("words", "language"), list(itertools.product(ON_TERMINALS, ["en", "nl"])), first=2)
def test_what_a_terminal_shows_is_no_wider_than_it(words, language):
    import fcntl
    import pty
    import struct
    import termios

    terminal, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
    plain = {**os.environ, "TERM": "dumb"}
    plain.pop("COLUMNS", None)
    with subprocess.Popen(
        [sys.executable, "-m", "bestand", *words, "--language", language], stdin=subprocess.DEVNULL, stdout=other, stderr=other, env=plain
    ):
        os.close(other)
        printed = b""
        with suppress(OSError):  # of a terminal that nobody writes to any more
            while more := os.read(terminal, 1 << 16):
                printed += more
    os.close(terminal)
    lines = printed.decode().splitlines()
    assert len(lines) > 2 and max(map(len, lines)) <= 60, max(lines, key=len)
