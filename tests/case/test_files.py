"""Files are written whole or not at all, replace nothing unasked, and what a kill leaves behind is cleaned."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest

from bestand.case.read import read, read_text
from bestand.case.template import new
from bestand.case.write import write
from bestand.errors import CaseError, FileError
from bestand.files import content, put


def test_nothing_is_replaced_unasked(tmp_path):
    case = read_text(new("T"))
    write(case, tmp_path / "deep" / "case.yaml")
    with pytest.raises(FileError, match="file/exists"):
        write(case, tmp_path / "deep" / "case.yaml")
    write(case, tmp_path / "deep" / "case.yaml", force=True)
    assert os.listdir(tmp_path / "deep") == ["case.yaml"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_the_mode_of_a_file_is_kept(mode, tmp_path):
    (tmp_path / "f").write_text("old")
    (tmp_path / "f").chmod(mode)
    put(b"new", tmp_path / "f", force=True)
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == mode and (tmp_path / "f").read_text() == "new"


def test_a_new_file_has_the_mode_that_the_user_gives_new_files(tmp_path):
    before = os.umask(0o077)
    try:
        put(b"new", tmp_path / "f")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == 0o600


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("elsewhere", path), lambda path: os.symlink("/dev/null", path)])
def test_links_pipes_and_folders_are_never_replaced(make, force, tmp_path):
    (tmp_path / "elsewhere").write_text("kept")
    make(tmp_path / "f")
    before = os.lstat(tmp_path / "f")
    with pytest.raises(FileError, match="file/not-plain"):
        put(b"new", tmp_path / "f", force=force)
    assert os.lstat(tmp_path / "f").st_ino == before.st_ino and (tmp_path / "elsewhere").read_text() == "kept"
    assert sorted(os.listdir(tmp_path)) == ["elsewhere", "f"]


@pytest.mark.parametrize("path", ["/dev/null", "/dev/full", "/proc/version"])
def test_devices_are_never_replaced(path):
    with pytest.raises(FileError, match=r"file/(not-plain|cannot-write|exists)"):
        put(b"new", path, force=True)


def test_what_cannot_be_written_says_so_and_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "inside", tmp_path / ("x" * 300), tmp_path / "a\0b"):
        with pytest.raises(FileError, match="file/cannot-write"):
            put(b"new", path)
    assert os.listdir(tmp_path) == ["file"]


def test_what_a_killed_run_left_is_cleaned_and_what_a_living_one_writes_is_not(tmp_path):
    script = "import os, sys, time; import bestand.files as f; os.fsync = lambda handle: (print('here', flush=True), time.sleep(60)); f.put(b'x', sys.argv[1])"
    run = subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "f")], stdout=subprocess.PIPE, env={**os.environ})
    assert run.stdout is not None and run.stdout.readline() == b"here\n"
    [left] = os.listdir(tmp_path)
    assert left.startswith(".")
    (tmp_path / left.replace(socket.gethostname(), "another-machine")).touch()  # of a folder that machines share
    put(b"other", tmp_path / "g")
    assert left in os.listdir(tmp_path)
    run.send_signal(signal.SIGKILL)
    run.wait()
    put(b"another", tmp_path / "h")
    assert sorted(os.listdir(tmp_path)) == [left.replace(socket.gethostname(), "another-machine"), "g", "h"]


def test_what_a_machine_of_another_name_left_is_cleaned_a_day_later(tmp_path):
    """As a machine that was called anew, or a container, which is called otherwise each time; a file that is written now is left, whoever writes it."""
    old, living = (tmp_path / f".bestand-another-{k}-{'0' * 16}.part" for k in (1, os.getpid()))
    reused, kept = tmp_path / f".bestand-{socket.gethostname()}-{os.getpid()}-{'1' * 16}.part", tmp_path / ".bestand-another.part"
    for each in (old, living, reused, kept):
        each.write_text("x")
    for each in (old, reused, kept):
        os.utime(each, (0, 0))
    (tmp_path / f".bestand-another-1-{'2' * 16}.part").symlink_to(kept)
    put(b"new", tmp_path / "g")
    assert sorted(os.listdir(tmp_path)) == sorted([living.name, kept.name, f".bestand-another-1-{'2' * 16}.part", "g"])


def test_only_plain_files_within_bounds_are_read(tmp_path):
    (tmp_path / "f").write_bytes(b"12345")
    assert content(tmp_path / "f", most=5) == b"12345"
    with pytest.raises(FileError, match="file/too-large"):
        content(tmp_path / "f", most=4)
    os.mkfifo(tmp_path / "p")
    for path in (tmp_path / "p", tmp_path, "/dev/zero"):
        with pytest.raises(FileError, match="file/not-plain"):
            content(path, most=5)
    for path in (tmp_path / "absent", "a\0b"):
        with pytest.raises(FileError, match="file/unreadable"):
            content(path, most=5)


def test_two_writers_of_one_name_leave_one_whole_file(tmp_path):
    script = "import sys; from bestand.files import put\nfor k in range(50): put(sys.argv[2].encode() * 100_000, sys.argv[1], force=True)"
    runs = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "f"), letter]) for letter in "ab"]
    until = time.monotonic() + 600
    while any(run.poll() is None for run in runs) and time.monotonic() < until:
        if (tmp_path / "f").exists():
            assert (tmp_path / "f").read_bytes() in (b"a" * 100_000, b"b" * 100_000)
    assert [run.wait() for run in runs] == [0, 0] and os.listdir(tmp_path) == ["f"]


def test_a_folder_of_sources_that_is_not_there_is_refused(tmp_path):
    write(read_text(new("T")), tmp_path / "case.yaml")
    for name in (tmp_path / "absent", tmp_path / "case.yaml"):
        with pytest.raises(CaseError, match="case/no-folder"):
            read(tmp_path, sources=name)


def test_a_case_shows_itself_in_one_line():
    shown = repr(read("ukraine/2025-04"))
    assert len(shown) < 200 and "levers" in shown and "\n" not in shown
