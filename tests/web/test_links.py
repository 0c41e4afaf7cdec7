"""A case that came from elsewhere: links, logs and kept versions that somebody else made lead nowhere and open nothing."""

from __future__ import annotations

import gzip
import json
import os

import pytest

from bestand.case.read import read
from bestand.errors import BestandError, FileError
from bestand.web.desk import Desk
from bestand.web.edits import Set
from bestand.web.started import cases_in, dropped
from bestand.web.versions import FOLDER, digest_of

EDIT = Set(op="set", at=["title"], value="Edited")
SECRET = "not for you\n"


@pytest.fixture
def folder(tmp_path):
    """A case in a folder of its own, with a file outside that nobody may read or change."""
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "case.yaml").write_text(read("example/en").text, encoding="utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text(SECRET, encoding="utf-8")
    return inside


def linked(folder, at, to):
    place = folder / at
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(folder.parent / to, target_is_directory=not to.rpartition("/")[2].count("."))


@pytest.mark.parametrize(("at", "to"), [
    (FOLDER, "outside"), (f"{FOLDER}/case.yaml", "outside"), (f"{FOLDER}/case.yaml/log.jsonl", "outside/secret.txt"), (f"{FOLDER}/case.yaml/log.jsonl", "outside/new.txt"),
    (f"{FOLDER}/.gitignore", "outside/new.txt"),
])  # fmt: skip
def test_no_version_is_written_through_a_link(folder, at, to):
    linked(folder, at, to)
    with pytest.raises(FileError):
        Desk(folder / "case.yaml").edit([EDIT], version=1)
    assert [(each.name, each.read_text(encoding="utf-8")) for each in (folder.parent / "outside").iterdir()] == [("secret.txt", SECRET)]


@pytest.mark.parametrize("to", ["outside/new.txt", "outside/secret.txt"])
def test_no_document_is_written_or_read_through_a_link(folder, to):
    linked(folder, "nota.txt", to)
    desk, _ = dropped(folder, Desk(folder / "case.yaml"), "nota.txt", b"The words of a document.")
    assert (folder / "nota-2.txt").read_bytes() == b"The words of a document." and (folder / "nota.txt").is_symlink()
    assert [each.name for each in (folder.parent / "outside").iterdir()] == ["secret.txt"]
    assert desk.sheet.case is not None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_in_the_folder_holds_nobody_up(folder):
    os.mkfifo(folder / "nota.txt")
    (folder / FOLDER / "case.yaml").mkdir(parents=True)
    desk, _ = dropped(folder, Desk(folder / "case.yaml"), "nota.txt", b"The words of a document.")
    assert (folder / "nota-2.txt").is_file() and desk.sheet.version == 2
    os.mkfifo(folder / "other.yaml")
    assert list(cases_in(folder)) == ["case.yaml"]


def test_cases_behind_a_link_are_not_listed(folder):
    (folder.parent / "outside" / "case.yaml").write_text("bestand: 1\ntitle: Theirs\n", encoding="utf-8")
    linked(folder, "link", "outside")
    linked(folder, "other.yaml", "outside/case.yaml")
    assert list(cases_in(folder)) == ["case.yaml"]


def test_a_log_that_somebody_else_wrote_names_only_versions_that_are_what_they_say(folder):
    text = read("example/en").text
    kept = folder / FOLDER / "case.yaml"
    kept.mkdir(parents=True)
    bomb, other = "a" * 64, "b" * 64
    (kept / f"{bomb}.yaml.gz").write_bytes(gzip.compress(b" " * 50_000_000))
    (kept / f"{other}.yaml.gz").write_bytes(gzip.compress(b"bestand: 1\n"))
    (folder.parent / "secret.yaml.gz").write_bytes(gzip.compress(SECRET.encode()))
    lines = [{"number": k, "kind": "edit", "digest": digest, "what": "", "when": "2026"} for k, digest in enumerate((bomb, other, "../../../secret", digest_of(text)), 1)]
    wrong = [{**lines[0], "number": "1"}, {**lines[0], "kind": "exec"}, {**lines[0], "what": {"a": 1}}, {**lines[0], "more": 1}, [1], None]
    (kept / "log.jsonl").write_text("\n".join(json.dumps(each) for each in [*lines, *wrong]) + "\n" + "[" * 100_000, encoding="utf-8")
    desk = Desk(folder / "case.yaml")
    assert [each.number for each in desk.versions.all] == [1, 2, 4]
    for number in (1, 2, 3):
        with pytest.raises(BestandError, match="no version"):
            desk.restore(number, version=desk.sheet.version)
    assert desk.edit([EDIT], version=desk.sheet.version).version == 5
    assert Desk(folder / "case.yaml").sheet.case.file.title == "Edited"  # a last line that was torn off hides none after it
