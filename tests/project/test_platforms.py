"""Nothing that only Linux has without another way: looked for in the source, and the other ways tried by pretending."""

from __future__ import annotations

import ast
import getpass
import io
import os
import pathlib
import re
import socket
import subprocess
import sys

import pytest
from click.testing import CliRunner

from bestand import cli, files
from bestand.cli import main
from bestand.web import serve
from tests.depth import spread

ROOT = pathlib.Path(__file__).parents[2]
MODULES = sorted((ROOT / "src" / "bestand").rglob("*.py"))
ONLY_UNIX = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
ONLY_THERE = {
    "os": {
        "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_PATH", "O_SYNC", "O_TMPFILE", "chown", "chroot", "fchmod", "fchown", "fork", "forkpty",
        "getegid", "geteuid", "getgid", "getgroups", "getpgid", "getuid", "killpg", "lchown", "mkfifo", "mknod", "nice", "pread", "pwrite", "sched_getaffinity",
        "sched_setaffinity", "setpgid", "setsid", "sysconf", "uname", "wait", "wait3", "wait4", "getloadavg", "openpty", "posix_spawn", "sendfile", "statvfs", "sync",
    },
    "signal": {"SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGQUIT", "SIGUSR1", "SIGUSR2", "alarm", "pause", "setitimer", "sigwait", "pthread_kill"},
    "socket": {"AF_UNIX", "SO_REUSEPORT", "SO_PEERCRED"},
    "time": {"tzset", "clock_gettime"},
}  # fmt: skip


def only_there(tree: ast.Module) -> list[str]:
    """What a module takes for granted that Windows does not have; who asks by `getattr` or `hasattr` takes nothing for granted."""
    asked = {node.args[1].value for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hasattr" and isinstance(node.args[1], ast.Constant)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names if each.name.split(".")[0] in ONLY_UNIX]
        elif isinstance(node, ast.ImportFrom):
            found += [str(node.module)] if str(node.module).split(".")[0] in ONLY_UNIX else []
            found += [each.name for each in node.names if each.name in ONLY_THERE.get(str(node.module), ())]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found += [f"{node.value.id}.{node.attr}"] if node.attr in ONLY_THERE.get(node.value.id, set()) - asked else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += re.findall(r"^/(?:proc|dev|tmp|etc|sys|var)/\S*", node.value)
    return found


def no_encoding(tree: ast.Module) -> list[int]:
    """Lines that read or write text in whatever encoding the machine prefers."""
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        keys, texts = {each.arg for each in node.keywords}, [each.value for each in node.args if isinstance(each, ast.Constant)]
        if name == "read_text" and isinstance(node.func, ast.Attribute) and not keys and not node.args:
            found.append(node.lineno)
        if name == "write_text" and isinstance(node.func, ast.Attribute) and "encoding" not in keys:
            found.append(node.lineno)
        if (isinstance(node.func, ast.Name) and name == "open") and "encoding" not in keys and not any("b" in str(each) for each in texts[-1:]):
            found.append(node.lineno)
    return found


@spread("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_a_module_takes_nothing_for_granted_that_windows_lacks(path: pathlib.Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert only_there(tree) == [] and no_encoding(tree) == []


@pytest.mark.parametrize(
    "text", ["import fcntl", "from pwd import getpwnam", "import os\nos.fork()", "from os import fork", "import signal\nsignal.SIGKILL", "open('/proc/meminfo')"],
)
def test_what_windows_lacks_would_be_found(text: str) -> None:
    assert only_there(ast.parse(text))


@pytest.mark.parametrize("text", ["p.read_text()", "p.write_text('x')", "open(p)", "open(p, 'w')"])
def test_a_text_in_no_said_encoding_would_be_found(text: str) -> None:
    assert no_encoding(ast.parse(text))


@pytest.mark.parametrize("text", ["getattr(os, 'O_NOFOLLOW', 0)", "hasattr(os, 'geteuid') and os.geteuid() == 0"])
def test_asking_first_takes_nothing_for_granted(text: str) -> None:
    assert only_there(ast.parse(text)) == []


def test_modes_say_nothing_on_windows_so_the_key_of_a_link_survives_a_restart(tmp_path, monkeypatch) -> None:
    key = serve.key_of(tmp_path)
    (tmp_path / ".bestand" / "key").chmod(0o666)  # as Windows shows it
    monkeypatch.setattr(serve.os, "name", "nt")
    assert serve.key_of(tmp_path) == key


def test_on_windows_a_port_is_asked_for_alone(monkeypatch) -> None:
    assert serve.alone_at_a_port() == (socket.SO_REUSEADDR, 1)
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", -5, raising=False)
    assert serve.alone_at_a_port() == (-5, 1)


class Stream(io.StringIO):
    """A stream of the program that keeps what it is told."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal, self.told = terminal, {}

    def isatty(self) -> bool:
        return self.terminal

    def reconfigure(self, **how: str) -> None:
        self.told = how


@pytest.mark.parametrize(
    ("system", "terminal", "chosen", "encoding"),
    [("nt", False, False, "utf-8"), ("nt", True, False, None), ("nt", False, True, None), ("posix", False, False, None)],
)
def test_what_goes_to_a_file_on_windows_is_utf8_unless_chosen_otherwise(monkeypatch, system, terminal, chosen, encoding) -> None:
    out = Stream(terminal=terminal)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(cli.os, "name", system)
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252") if chosen else monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    cli.lose_nothing()
    assert out.told.get("encoding") == encoding and out.told["errors"] == "backslashreplace"


def test_a_terminal_of_another_encoding_loses_nothing() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bestand", "docs", "how-to-cite"], capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"},
    )
    told.stdout.decode("ascii")
    assert b"How to cite" in told.stdout


def test_lines_of_a_csv_end_as_those_of_a_text(monkeypatch) -> None:
    monkeypatch.setenv("BESTAND_TABLES", "csv")
    assert "\r" not in CliRunner().invoke(main, ["base-rates"]).stdout


@pytest.mark.parametrize("error", [KeyError("uid"), OSError("no name"), ImportError("pwd")])
def test_who_writes_is_unknown_where_the_machine_knows_no_name(monkeypatch, error) -> None:
    def nameless() -> str:
        raise error

    monkeypatch.setattr(getpass, "getuser", nameless)
    monkeypatch.delenv("BESTAND_NAME", raising=False)
    assert files.writer() == "unknown"
    monkeypatch.setenv("BESTAND_NAME", "Ada")
    assert files.writer() == "Ada"


def test_a_process_is_never_signalled_on_windows(monkeypatch) -> None:
    """Signal 0 asks whether a process runs; on Windows it would end it."""
    monkeypatch.setattr(files.os, "name", "nt")
    monkeypatch.setattr(files.os, "kill", lambda *_: pytest.fail("signalled"))
    assert files.runs(1)


def test_a_file_is_written_where_links_flags_and_modes_are_missing(tmp_path, monkeypatch) -> None:
    def refused(*_: object) -> None:
        raise OSError("not here")

    monkeypatch.setattr(files.os, "link", refused)
    monkeypatch.delattr(files.os, "O_NONBLOCK", raising=False)
    assert files.put(b"a\r\n\xff", tmp_path / "x").read_bytes() == b"a\r\n\xff"
    assert files.content(tmp_path / "x", most=10) == b"a\r\n\xff"


def test_sources_keep_their_line_ends_in_every_checkout() -> None:
    assert re.search(r"^\* text=auto eol=lf$", (ROOT / ".gitattributes").read_text("utf-8"), re.M)


def test_flags_of_one_compiler_are_given_to_no_other() -> None:
    text = (ROOT / "CMakeLists.txt").read_text("utf-8")
    assert 'CMAKE_CXX_COMPILER_ID MATCHES "Clang|GNU"' in text and "CMAKE_OSX_ARCHITECTURES" in text
    of_cl = text.partition('\nif(CMAKE_CXX_COMPILER_FRONTEND_VARIANT STREQUAL "MSVC")')[2].partition("elseif")[0]
    assert "/clang:-O3" in of_cl and " -" not in of_cl.replace("# clang-cl", "").split("\n", 1)[1]
