"""`--force` replaces the file that is there; without it nothing is lost."""

import os
from importlib import import_module

import pytest
from click.testing import CliRunner

from bestand.cli import main
from bestand.report import page
from tests.depth import spread


def test_force_replaces_a_file_that_is_there(tmp_path):
    there = tmp_path / "case.yaml"
    there.write_text("mine\n")
    refused = CliRunner().invoke(main, ["new", "Valley", "-o", str(there)])
    assert refused.exit_code == 2 and there.read_text() == "mine\n"
    done = CliRunner().invoke(main, ["new", "Valley", "-o", str(there), "--force"])
    assert done.exit_code == 0, done.output
    assert "Valley" in there.read_text()


@spread(("command", "file"), [("run", "out.html"), ("brief", "out.html"), ("brief", "out-report.html"), ("brief", "out.docx")], first=1)
def test_a_page_replaces_pages_of_this_program_and_no_other_file(command, file, tmp_path, monkeypatch):
    out = str(tmp_path / ("out.docx" if file.endswith("docx") else "out.html"))
    words = [command, "example/en", "--draws", "1", "--out", out]
    (tmp_path / file).write_text("<!doctype html><title>mine</title>")
    with monkeypatch.context() as asleep:
        asleep.setattr(import_module("bestand.study.stages"), "study", lambda *_, **__: pytest.fail("worked before looking"))
        refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 3 and "file/exists" in refused.output and "mine" in (tmp_path / file).read_text()
    if file.endswith("html"):
        (tmp_path / file).write_bytes(b"<!doctype html><head>" + page.MARK + b' 0.1">')
        for _ in range(2):
            assert CliRunner().invoke(main, words).exit_code == 0
        (tmp_path / file).write_text("mine")
    assert CliRunner().invoke(main, [*words, "--force"]).exit_code == 0
    assert (tmp_path / file).read_bytes()[:4] in (b"<!do", b"PK\x03\x04")


@pytest.mark.parametrize("words", [["run", "example/en", "--out"], ["brief", "example/en", "--out"], ["unlock", "example/en", "truce", "--write"]])
@pytest.mark.parametrize("stands", ["link", "pipe", "loop", "below a file", "below a device"])
def test_a_place_where_nothing_can_be_written_is_refused_before_the_work(words, stands, tmp_path, monkeypatch):
    for module, work in (("bestand.study.stages", "study"), ("bestand.negotiate.unlock", "unlock")):
        monkeypatch.setattr(import_module(module), work, lambda *_, **__: pytest.fail("worked before looking"))
    place = tmp_path / "p.html"
    if stands == "link":
        place.symlink_to(tmp_path / "nowhere")
    elif stands == "loop":
        place.symlink_to(place)
    elif stands == "pipe":
        os.mkfifo(place)
    elif stands == "below a file":
        (tmp_path / "f").write_text("x")
        place = tmp_path / "f" / "p.html"
    else:
        place = "/dev/null/p.html"
    found = CliRunner().invoke(main, [*words, str(place)])
    assert found.exit_code == 3 and "[file/" in found.output, found.output
