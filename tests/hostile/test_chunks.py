"""What stands in the place of a sweep's chunks: never waited for, never replaced, never counted among the draws."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner

from bestand.cli import main
from bestand.explore.store import shard_name

ODD = {
    "pipe": lambda at: os.mkfifo(at, 0o600), "folder": lambda at: at.mkdir(), "device": lambda at: at.symlink_to("/dev/zero"),
    "link to nowhere": lambda at: at.symlink_to("nowhere"), "link to itself": lambda at: at.symlink_to(at.name),
}  # fmt: skip
SWEEP = ["sweep", "example/en", "--measure", "rests truce", "--n", "6", "--each", "2", "--out", "swept"]


@pytest.fixture
def swept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, SWEEP).exit_code == 0
    return tmp_path / "swept"


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices are files on Unix only")
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("k", [1, 7])
def test_what_is_no_file_in_the_place_of_a_chunk_is_named_and_left(k, odd, swept):
    at = swept / shard_name(k)
    at.unlink(missing_ok=True)
    ODD[odd](at)
    before = os.lstat(at).st_ino
    for words in (SWEEP, ["discover", "swept"]):
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, "file/not-plain" in result.output) == (3, True), (words, result.output)
    assert os.lstat(at).st_ino == before


def test_a_chunk_of_no_draw_that_was_asked_for_is_not_counted(swept):
    (swept / shard_name(7)).write_bytes((swept / shard_name(1)).read_bytes())
    for words in (SWEEP, ["discover", "swept"]):
        result = CliRunner().invoke(main, words)
        assert (result.exit_code, "sweep/bad-chunk" in result.output) == (3, True), (words, result.output)
