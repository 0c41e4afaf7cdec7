"""Names on a disk, and words of git, that are no text: the workbench opens there, lists them, and opens what it lists."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bestand.case.read import read
from bestand.errors import FileError
from bestand.explore.sweep import ABOUT
from bestand.web.ahead import sweeps_in
from bestand.web.desk import Desk
from bestand.web.serve import listening
from tests.web.conftest import Served

ODD = os.fsdecode(b"cas\xe9 %20#?\n")


@pytest.fixture
def odd(tmp_path):
    """A workbench in a folder whose name is no text, with another case, and a sweep, that are named so."""
    folder = tmp_path / ODD
    try:
        folder.mkdir()
    except (OSError, UnicodeError):
        pytest.skip("this disk takes names that are text only")
    case = read("example/en").path
    shutil.copy(case, folder / "case.yaml")
    shutil.copy(case, folder / os.fsdecode(b"f\xfcnf.yaml"))
    (folder / os.fsdecode(b"f\xfcnf")).mkdir()
    (folder / os.fsdecode(b"f\xfcnf") / ABOUT).write_text("{}", encoding="utf-8")
    served = Served(folder, case)
    yield served
    served.stop()


def test_a_folder_whose_name_is_no_text_has_a_port_like_any_other(odd):
    first = listening(odd.folder)
    number = first.getsockname()[1]
    first.close()
    again = listening(odd.folder)
    assert again.getsockname()[1] == number >= 20_000
    again.close()


def test_a_case_whose_name_is_no_text_is_listed_and_opened(odd):
    status, told = odd.json("GET", "/cases")
    assert status == 200 and [(each["case"], each["open"]) for each in told["cases"]] == [("case.yaml", True), ("f\\xfcnf.yaml", False)]
    status, told = odd.json("POST", "/open", {"case": "f\\xfcnf.yaml"})
    assert status == 200 and told["folder"] == "cas? %20#?\n" and odd.bench.desk.path.name == os.fsdecode(b"f\xfcnf.yaml")
    status, told = odd.edit({"op": "set", "at": ["title"], "value": "New"})
    assert status == 200 and "New" in odd.bench.desk.path.read_text(encoding="utf-8")


def test_a_sweep_whose_folder_is_no_text_is_listed_and_read_from_there(odd):
    assert odd.json("GET", "/sweeps") == (200, {"sweeps": ["f\\xfcnf"]})
    assert sweeps_in(odd.folder) == {"f\\xfcnf": odd.folder / os.fsdecode(b"f\xfcnf")}


def test_a_commit_whose_words_are_no_text_is_listed(odd):
    if shutil.which("git") is None:
        pytest.skip("git is not installed here")
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "PATH": os.environ["PATH"]}
    name = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "i18n.commitEncoding=none")
    message = Path(odd.folder.parent, "message")
    message.write_bytes(b"Caf\xe9")
    for command in (("init", "-q"), ("add", "case.yaml"), (*name, "commit", "-q", "-F", str(message))):
        subprocess.run(["git", *command], cwd=odd.folder, env=settings, check=True, timeout=60, capture_output=True)
    status, told = odd.json("GET", "/versions")
    assert status == 200 and [each["subject"] for each in told["commits"]] == ["Caf\ufffd"]


def test_what_the_system_refuses_is_told_in_words(odd, monkeypatch):
    """A case in a folder that cannot be written in was answered with a bare 500."""

    def fails(_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("bestand.web.desk.bytes_of", fails)
    status, told = odd.json("POST", "/open", {"case": "f\\xfcnf.yaml"})
    assert (status, told["problems"][0]["code"], told["problems"][0]["what"]) == (422, "file/refused", os.strerror(errno.EIO))


def test_a_case_in_a_folder_that_takes_no_folders_is_refused_in_words(tmp_path, monkeypatch):
    case = shutil.copy(read("example/en").path, tmp_path / "case.yaml")

    def none_is_made(*_, **__):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "mkdir", none_is_made)
    with pytest.raises(FileError) as raised:
        Desk(Path(case))
    assert raised.value.code == "file/cannot-write" and "is the folder writable?" in str(raised.value)
