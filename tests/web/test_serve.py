"""Links survive a restart, the key is its owner's alone, and a case of the catalogue is copied before it is worked on."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys

import pytest

from bestand.case.read import read
from bestand.errors import AskError
from bestand.web.guard import COOKIE
from bestand.web.serve import HOST, key_of, listening
from bestand.web.started import cases_in, copied, listed_case
from tests.web.conftest import PATIENCE


def test_the_key_stays_and_only_its_owner_reads_it(tmp_path):
    key = key_of(tmp_path)
    kept = tmp_path / ".bestand" / "key"
    assert len(key) >= 40
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert key_of(tmp_path) == key
    assert key_of(tmp_path, fresh=True) != key
    assert (tmp_path / ".bestand" / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_a_key_that_others_could_have_read_is_not_used_again(tmp_path):
    key = key_of(tmp_path)
    (tmp_path / ".bestand" / "key").chmod(0o644)
    assert key_of(tmp_path) != key


def test_a_key_that_is_a_link_to_elsewhere_is_not_followed(tmp_path):
    (tmp_path / ".bestand").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("k" * 50, encoding="utf-8")
    (tmp_path / ".bestand" / "key").symlink_to(elsewhere)
    assert key_of(tmp_path) != "k" * 50
    assert elsewhere.read_text(encoding="utf-8") == "k" * 50


def test_the_port_follows_from_the_folder_and_is_open_to_this_machine_alone(tmp_path):
    with listening(tmp_path) as first:
        address = first.getsockname()
    with listening(tmp_path) as again:
        assert again.getsockname() == address
        assert address[0] == HOST
        with listening(tmp_path) as beside:
            assert beside.getsockname() != address
    with socket.create_server((HOST, 0)) as taken, pytest.raises(AskError, match="taken"):
        listening(tmp_path, taken.getsockname()[1])


def test_a_case_of_the_catalogue_is_copied_once_and_then_left_as_it_is(tmp_path):
    path = copied("example/en", tmp_path)
    assert path.read_text(encoding="utf-8") == read("example/en").text
    path.write_text("changed", encoding="utf-8")
    assert copied("example/en", tmp_path) == path
    assert path.read_text(encoding="utf-8") == "changed"


def test_the_command_prints_the_same_link_after_a_restart(tmp_path):
    links = []
    for _ in range(2):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen([sys.executable, "-m", "bestand", "open", "example/en", "--no-browser"], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment) as program:
            links.append(next(line.strip() for line in program.stdout if "http://" in line))
            program.terminate()
            program.wait(90)
    assert links[0] == links[1]
    assert links[0].startswith(f"http://{HOST}:")


def test_only_cases_of_the_folder_are_listed_and_opened(tmp_path):
    for name, text in {"a.yaml": "bestand: 1\ntitle: One  # of them\n", "b/case.yaml": "bestand: 1\ntitle: 'Two'\n", "b/other.yaml": "bestand: 1\n", "c.yaml": "title: no case\n", "d/e/case.yaml": "bestand: 1\n"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "d" / "e" / "case.yaml")
    assert cases_in(tmp_path) == {"a.yaml": (tmp_path / "a.yaml", "One"), "b/case.yaml": (tmp_path / "b" / "case.yaml", "Two")}
    assert listed_case(tmp_path, "b/case.yaml", None).path == (tmp_path / "b" / "case.yaml").resolve()
    for name in ("../a.yaml", "b/other.yaml", "c.yaml", "link.yaml", "/etc/passwd", ""):
        with pytest.raises(AskError, match="web/no-case"):
            listed_case(tmp_path, name, None)


AT_WORK = """
import sys, time
from bestand.cli import main
from bestand.web import questions

def at_work(*_):
    print("at work", flush=True)
    time.sleep(1e6)

questions.for_ever = at_work
main(["open", sys.argv[1], "--no-browser"])
"""


@pytest.mark.skipif(os.name == "nt", reason="interrupts are sent otherwise there")
def test_an_interrupt_ends_the_workbench_whatever_is_being_worked_out(tmp_path):
    """It waited until the last answer was there: a minute for an equilibrium."""
    shutil.copy(read("example/en").path, tmp_path / "case.yaml")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    served = subprocess.Popen([sys.executable, "-c", AT_WORK, str(tmp_path / "case.yaml")], **pipes)
    try:
        port, key = next(found.groups() for line in served.stdout if (found := re.search(r"127\.0\.0\.1:(\d+)/\?key=(\S+)", line)))
        host = f"127.0.0.1:{port}"
        connection = http.client.HTTPConnection(host, timeout=PATIENCE)
        headers = {"Cookie": f"{COOKIE}-{port}={key}", "Origin": f"http://{host}", "Content-Type": "application/json"}
        connection.request("POST", "/equilibrium", "{}", headers)
        assert any(line == "at work\n" for line in served.stdout)
        served.send_signal(signal.SIGINT)
        _, said = served.communicate(timeout=PATIENCE)
        assert (served.returncode, said) == (130, "interrupted\n")
    finally:
        served.kill()
        served.wait()
