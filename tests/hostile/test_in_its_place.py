"""What stands where the program expects a file of its own: a pipe, a device, a folder, far too much; nothing waits for it, nothing reads it all."""

from __future__ import annotations

import os
import re
import socket
import threading
from pathlib import Path

import pytest

from bestand.drafting.proposals import waiting
from bestand.errors import AskError, BestandError, FileError
from bestand.files import has_bytes
from bestand.web.desk import Desk
from bestand.web.serve import key_of

SOURCE = Path(__file__).parents[2] / "src" / "bestand"
CASE = "bestand: 1\ntitle: Two\nparties: {a: {name: A}}\nlevers: {a.stops: {is: it stops, assumed: so}}\n"
ODD = {
    "a pipe": os.mkfifo,
    "a folder": os.mkdir,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a socket": lambda path: socket.socket(socket.AF_UNIX).bind(str(path)),
    "far too much": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 2**40),
}
in_its_place = pytest.mark.parametrize("odd", ODD.values(), ids=ODD)


def at_once(work):
    """What some work gives or raises, which must wait for nobody: a pipe that nobody writes to keeps a reader for ever."""
    given: list[object] = []

    def run():
        try:
            given.append(work())
        except BestandError as error:
            given.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(30)
    assert given, "it still waits"
    return given[0]


@in_its_place
def test_what_takes_the_place_of_an_open_case_is_a_change_from_outside(tmp_path, odd):
    path = tmp_path / "case.yaml"
    path.write_text(CASE)
    desk = Desk(path)
    path.unlink()
    odd(path)
    assert at_once(desk.changed_outside) == ""
    refused = at_once(lambda: desk.replace(CASE.replace("Two", "Three"), version=desk.sheet.version))
    assert isinstance(refused, AskError) and refused.code == "web/changed-outside"
    assert desk.sheet.text == CASE


@in_its_place
def test_no_case_is_opened_there(tmp_path, odd):
    odd(tmp_path / "case.yaml")
    assert isinstance(at_once(lambda: Desk(tmp_path / "case.yaml")), BestandError)


@in_its_place
def test_what_stands_for_proposals_is_refused_in_words(tmp_path, odd):
    path = tmp_path / "proposals.yaml"
    odd(path)
    assert isinstance(at_once(lambda: waiting(path)), FileError)


@in_its_place
def test_what_is_no_file_holds_nothing(tmp_path, odd):
    path = tmp_path / "kept.txt"
    odd(path)
    assert at_once(lambda: has_bytes(path, b"some words")) is False
    path.rmdir() if path.is_dir() else path.unlink()
    path.write_bytes(b"some words")
    assert has_bytes(path, b"some words")
    assert not has_bytes(path, b"some word") and not has_bytes(path, b"some words more")


def test_a_key_that_never_ends_is_made_anew(tmp_path):
    (tmp_path / ".bestand").mkdir()
    kept = tmp_path / ".bestand" / "key"
    kept.touch(0o600)
    os.truncate(kept, 2**40)
    key = at_once(lambda: key_of(tmp_path))
    assert len(key) >= 40 and kept.read_text() == key


def test_files_that_others_may_have_put_there_are_read_at_one_place():
    own = {"files.py", "loading.py", "report/page.py", "report/weasy.py", "exchange/study_tables.py", "web/app.py", "web/started.py"}
    whole = re.compile(r"[\w)\]]\.(read_bytes\(\)|read_text\((\)|encoding|\"utf))")
    packaged = re.compile(r"^(manual|telling|drafting/(names|lexicon)|case/areas)\b")  # what is installed with the program
    reading = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if whole.search(path.read_text(encoding="utf-8"))}
    assert {name for name in reading - own if not packaged.match(name)} == set()
