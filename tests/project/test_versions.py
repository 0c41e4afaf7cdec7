"""Versions: one number everywhere, a newer format refused as such, and nothing public that goes away untold."""

from __future__ import annotations

import pathlib
import re
import runpy
import tomllib

import pytest

import bestand
from bestand.case.read import read_text
from bestand.cli import COMMANDS
from bestand.errors import CaseError

ROOT = pathlib.Path(__file__).parents[2]
RELEASED = sorted((ROOT / "tests" / "released").glob("*.toml"))
REST = "title: T\nparties: {a: {name: A}}\n"


def version() -> str:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def test_one_version_stands_everywhere() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+|\.dev\d+)?", version())
    assert re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.M)[1] == version()
    assert re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)[1] == version()
    assert version() in (ROOT / "docs" / "how-to-cite.md").read_text("utf-8")
    assert bestand.__version__.removesuffix(".dev0") == version()


@pytest.mark.parametrize("number", ["2", "1.5", "999999999999999999999", ".inf"])
def test_a_file_of_a_newer_format_is_refused_as_such_and_for_nothing_else(number: str) -> None:
    with pytest.raises(CaseError) as refused:
        read_text(f"bestand: {number}\n{REST}a_key_of_then: 3\nlevers: {{a.x: [of, another, form]}}\n")
    told = refused.value.problems
    assert [each.code for each in told] == ["case/newer-format"] and (told[0].place.line, told[0].place.column) == (1, 1)
    assert "newer version" in told[0].hint


@pytest.mark.parametrize("number", ["0", "-1", "true", "false", ".nan"])
def test_a_format_that_there_is_not_is_refused(number: str) -> None:
    with pytest.raises(CaseError) as refused:
        read_text(f"bestand: {number}\n{REST}")
    assert [each.code for each in refused.value.problems] == ["case/unknown-format"]


def test_what_is_public_now_is_on_record() -> None:
    kept = ROOT / "tests" / "released" / f"{'.'.join(version().split('.')[:2])}.toml"
    assert kept.read_text("utf-8") == runpy.run_path(str(ROOT / "release" / "record.py"))["record"](), "run python release/record.py"


def test_a_file_of_this_format_is_read() -> None:
    assert read_text(f"bestand: 1\n{REST}").file.title == "T"


def codes() -> set[str]:
    return set(re.findall(r"^\| `([a-z]+/[a-z0-9-]+)` \|", (ROOT / "docs" / "reference" / "errors.md").read_text("utf-8"), re.M))


def told_of(name: str) -> bool:
    """Whether upgrading.md has the name in code, as something that was before."""
    text = (ROOT / "docs" / "upgrading.md").read_text("utf-8")
    return any(re.search(rf"`{re.escape(name)}`", row.split("|")[1]) for row in text.splitlines() if row.startswith("|"))


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_what_a_version_had_is_still_there_or_upgrading_says_what_takes_its_place(path: pathlib.Path) -> None:
    had = tomllib.loads(path.read_text("utf-8"))
    have = {"names": {*bestand.__all__, *bestand.GOING}, "commands": {command.name for command in COMMANDS}, "codes": codes()}
    assert had.keys() == have.keys() and all(had[kind] for kind in had)
    assert [(kind, name) for kind in had for name in had[kind] if name not in have[kind] and not told_of(name)] == []


def test_there_is_a_record_of_this_version_and_of_the_one_before() -> None:
    """That of this version may lag behind what is new as long as it is not out: `make release-check` compares the two."""
    minors = sorted(tuple(map(int, path.stem.split("."))) for path in RELEASED)
    assert minors[-1] == tuple(map(int, version().split(".")[:2])) and len(minors) > 1


def test_what_is_written_down_of_this_version_is_what_there_is() -> None:
    release = {"__name__": "record", "__file__": str(ROOT / "release" / "record.py")}
    exec((ROOT / "release" / "record.py").read_text("utf-8"), release)
    told = tomllib.loads(release["record"]())
    assert told == release["public"]() and told["names"] == sorted(bestand.__all__) and set(told["codes"]) == codes()
    assert (ROOT / "tests" / "released" / f"{release['version']()}.toml").is_file()


def test_a_name_on_its_way_out_still_works_and_warns_where_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of versioning.md, on a name that is put on its way for this test."""
    monkeypatch.setitem(bestand.GOING, "carrying", ("sensitivity", "0.3"))
    with pytest.warns(DeprecationWarning, match=r"bestand\.carrying goes with version 0\.3: use bestand\.sensitivity") as told:
        assert bestand.carrying is bestand.sensitivity
    assert told[0].filename == __file__
    with pytest.warns(DeprecationWarning):
        from bestand import carrying  # noqa: F401
    assert "carrying" not in bestand.__all__ and "carrying" not in vars(bestand)


def test_names_on_their_way_out_are_told_of_and_lead_somewhere() -> None:
    for name, (newer, until) in bestand.GOING.items():
        assert newer in bestand.__all__ and name not in bestand.__all__ and told_of(name)
        assert tuple(map(int, until.split("."))) > tuple(map(int, version().split(".")[:2]))
