"""Where commands write: what stands there and is no file is never replaced, what is read never written over, and nothing is left half done."""

from __future__ import annotations

import os
import pathlib

import click
import pytest
from click.testing import CliRunner

from bestand.cli import COMMANDS, main
from tests.depth import spread
from tests.hostile.odd_cases import SAID, odd_case

WRITES = {
    "run": "run case.yaml --quick --out", "brief": "brief case.yaml --seconds 1 --out", "new": "new T -o", "export": "export case.yaml --to nfg -o",
    "import": "import game.nfg -o", "red-team": "red-team case.yaml --seconds 1 -o", "posterior": "posterior case.yaml --seconds 1 --draws 5 --picture",
    "forecast": "forecast case.yaml --seconds 1 --freeze", "scenarios": "scenarios case.yaml --seconds 1 --picture", "discover": "discover swept --page",
    "sweep": "sweep case.yaml --measure rests-truce --n 4 --out", "unlock": "unlock case.yaml truce --most 1 --write", "docs": "docs --html",
}  # fmt: skip
ENDS = {"run": ".html", "brief": ".html", "posterior": ".svg", "scenarios": ".svg", "discover": ".html"}
FOLDERS = {"sweep", "unlock", "docs"}
TARGETS = {
    "a pipe": lambda at: os.mkfifo(at, 0o600), "a link": lambda at: at.symlink_to("real"), "a link to nowhere": lambda at: at.symlink_to("nowhere"),
    "a device": lambda at: at.symlink_to("/dev/null"), "a full device": lambda at: at.symlink_to("/dev/full"), "a file": lambda at: at.write_text("mine"),
}  # fmt: skip


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "said.txt").write_text(SAID, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(odd_case("no areas"), encoding="utf-8")
    (tmp_path / "real").write_text("mine")
    assert CliRunner().invoke(main, ["export", "case.yaml", "--to", "nfg", "-o", "game.nfg"]).exit_code == 0
    assert CliRunner().invoke(main, ["sweep", "case.yaml", "--measure", "rests truce", "--n", "4", "--out", "swept"]).exit_code == 0
    return tmp_path


def _standing(folder: pathlib.Path) -> dict[str, tuple[int, int, bytes]]:
    """What stands in a folder, and which file it is."""
    each = {str(path.relative_to(folder)): path for path in folder.rglob("*")}
    return {name: (os.lstat(path).st_ino, os.lstat(path).st_mode, b"" if path.is_symlink() or not path.is_file() else path.read_bytes()) for name, path in each.items()}


def test_every_command_that_writes_is_tried():
    named = {"output", "out", "freeze", "picture", "page", "write", "html", "folder"}
    writing = {command.name for command in COMMANDS for each in command.params if isinstance(each, click.Option) and each.name in named}
    assert writing == set(WRITES)


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices are files on Unix only")
@spread(("command", "target"), [(command, target) for command in WRITES for target in TARGETS], first=14)
def test_what_stands_there_and_is_no_plain_file_is_never_replaced(command, target, here):
    at = here / f"there{ENDS.get(command, '')}"
    TARGETS[target](at)
    before, forced = _standing(here), [] if command in FOLDERS or target == "a file" else ["--force"]
    words = [word.replace("-", " ") if word == "rests-truce" else word for word in WRITES[command].split()]
    result = CliRunner().invoke(main, [*words, at.name, *forced])
    assert isinstance(result.exception, SystemExit) and result.exit_code in (2, 3), (words, result.exit_code, result.output)
    assert _standing(here) == before


@pytest.mark.parametrize("words", ["export case.yaml --to nfg -o case.yaml", "export . --to nfg -o case.yaml", "red-team case.yaml --seconds 1 -o ./case.yaml",
                                   "forecast case.yaml --seconds 1 --freeze case.yaml", "import game.nfg -o game.nfg", "export case.yaml --to gexf -o hard"])  # fmt: skip
def test_what_is_read_is_not_written_over_even_where_one_may_replace(words, here):
    os.link("case.yaml", "hard")
    before = _standing(here)
    result = CliRunner().invoke(main, [*words.split(), "--force"])
    assert result.exit_code == 3 and "the file that is read" in result.output and _standing(here) == before


def test_a_file_that_is_called_like_a_page_of_the_documentation_hides_no_page(here):
    (here / "index").write_text("mine", encoding="utf-8")
    result = CliRunner().invoke(main, ["docs", "index"])
    assert result.exit_code == 0 and result.output.startswith("# ")


@spread("command", sorted(set(WRITES) - FOLDERS), first=4)
@pytest.mark.parametrize("end", ["/", "/."])
def test_a_name_that_ends_as_a_folders_makes_no_file_of_that_name(command, end, here):
    """A report goes into that folder; where one file is to be written the name is refused before any work."""
    before = _standing(here)
    result = CliRunner().invoke(main, [*(word.replace("-", " ") if word == "rests-truce" else word for word in WRITES[command].split()), f"named{end}"])
    if command in ("run", "brief"):
        assert result.exit_code == 0 and (here / "named").is_dir()
    else:
        assert result.exit_code in (2, 3) and result.stdout == "" and _standing(here) == before
