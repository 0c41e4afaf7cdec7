"""Versions of the case: saves and git's commits, any two compared, statements and conclusions."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from bestand.case.read import read
from bestand.changes.earlier import MOST_REVISIONS, MOST_SUBJECT, revisions, text_at
from bestand.errors import BestandError
from tests.study.test_since import NEW, OLD, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed here")


def commit(folder, text, subject, day):
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    git(folder, "add", "case.yaml")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject, day=day)


@pytest.fixture
def kept(serve):
    """A workbench on a case that git keeps."""
    served = serve(OLD)
    git(served.folder, "init", "-q")
    commit(served.folder, OLD, "first", "2026-01-05")
    commit(served.folder, NEW, "second <b>\u202eevil", "2026-01-12")
    (served.folder / "other.txt").write_text("x", encoding="utf-8")
    git(served.folder, "add", "other.txt")
    git(served.folder, "commit", "-q", "-m", "touches another file", day="2026-01-13")
    return served


def test_the_commits_that_touched_the_file_are_listed_with_day_and_subject(kept):
    told = kept.json("GET", "/versions")[1]
    assert [(each["day"], each["subject"]) for each in told["commits"]] == [("2026-01-12", "second <b>\\u202eevil"), ("2026-01-05", "first")]
    assert not told["more"]


def test_two_commits_are_compared_in_statements_and_conclusions(kept):
    new, old = (f"git:{each['commit']}" for each in kept.json("GET", "/versions")[1]["commits"])
    status, told = kept.json("GET", f"/compare?old={old}&new={new}")
    assert status == 200
    assert {each["kind"] for each in told["changes"]} >= {"hedge"}
    status, told = kept.json("GET", f"/turned?old={old}&new={new}")
    assert status == 200
    assert told["turned"]
    assert all(each["now"] and each["causes"] for each in told["turned"])
    same = kept.json("GET", f"/turned?old={old}&new={old}")[1]
    assert same["turned"] == []
    assert same["notes"]


def test_a_commit_is_put_back_as_an_edit_that_can_be_undone(kept):
    first = kept.json("GET", "/versions")[1]["commits"][-1]["commit"]
    kept.bench.desk.choose(theirs=True)
    on = kept.bench.desk.sheet.version
    assert kept.json("POST", "/restore", {"version": on, "which": f"git:{first}"})[0] == 200
    assert kept.path.read_text(encoding="utf-8") == OLD
    assert kept.json("POST", "/undo", {"version": on + 1})[0] == 200
    assert kept.path.read_text(encoding="utf-8") == NEW


@pytest.mark.parametrize("which", ["git:--output=x", "git:HEAD", "git:0123456789abcdef", "9999", "git:", "../x", ""])
def test_what_is_no_version_is_refused_in_words_or_is_what_lies_here(kept, which):
    status, told = kept.json("GET", f"/compare?old={which}&new=now")
    assert status in (200, 422)
    assert told["problems"][0]["what"] if status == 422 else told["old"] == kept.bench.desk.sheet.text
    assert (status == 422) == (which in ("git:0123456789abcdef", "9999"))


def test_where_git_keeps_nothing_only_saves_are_listed(serve, tmp_path):
    served = serve()
    told = served.json("GET", "/versions")[1]
    assert len(told["versions"]) == 1
    assert told["commits"] == []
    assert revisions(tmp_path / "no such folder" / "case.yaml") == ()


def test_no_configuration_of_the_folder_is_run_and_the_list_is_bounded(tmp_path):
    git(tmp_path, "init", "-q")
    hook = tmp_path / "ran"
    program = tmp_path / "program.sh"
    program.write_text(f"#!/bin/sh\ntouch {hook}\n", encoding="utf-8")
    program.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "gpg.program", "core.sshCommand", "log.showSignature"):
        subprocess.run(["git", "-C", str(tmp_path), "config", key, "true" if key == "log.showSignature" else str(program)], check=True)
    commit(tmp_path, read("example/en").text, "s" * 100_000, "2026-01-01")
    for k in range(3):
        commit(tmp_path, read("example/en").text + f"# {k}\n", "\nsubject", f"2026-01-0{k + 2}")
    hook.unlink(missing_ok=True)
    found = revisions(tmp_path / "case.yaml", most=3)
    assert len(found) == 3 <= MOST_REVISIONS
    assert len(revisions(tmp_path / "case.yaml")[-1].subject) <= MOST_SUBJECT
    assert text_at(tmp_path / "case.yaml", found[0].commit).endswith("# 2\n")
    assert not hook.exists()
    with pytest.raises(BestandError):
        text_at(tmp_path / "case.yaml", "no-such")
