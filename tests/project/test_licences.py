"""What others made: named with its licence, as it really is in the package; nothing in the core that would bind who uses it."""

from __future__ import annotations

import json
import pathlib
import re
import sys
import tomllib
import zipfile

import pytest

import bestand.web

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def licences(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("packaging")
    monkeypatch.syspath_prepend(str(ROOT / "release"))
    import licences

    yield licences
    sys.modules.pop("licences", None)
    sys.modules.pop("sbom", None)


def listed(where: str) -> dict[str, str]:
    """Names and licences in one of the two tables of the page."""
    part = (ROOT / "THIRD-PARTY.md").read_text("utf-8").partition(f"\n## {where}")[2].partition("\n## ")[0]
    return {row[1].strip(): row[-2].strip() if where.startswith("Beside") else row[3].strip() for line in part.splitlines() if len(row := line.split("|")) > 3}


def test_every_package_in_the_page_of_the_workbench_is_named_with_its_licence(licences) -> None:
    named = {name: of for name, of in listed("In the package").items() if f"| {name} | page of the workbench" in (ROOT / "THIRD-PARTY.md").read_text("utf-8")}
    assert named == licences.bundled()


def test_the_page_that_was_built_holds_just_these(licences) -> None:
    built = pathlib.Path(bestand.web.__file__).parent / "page" / "bundled.json"
    if not built.is_file():
        pytest.skip("the page of the workbench was not built here")
    assert json.loads(built.read_text("utf-8")) == list(licences.bundled())


def test_all_that_the_core_needs_is_named_with_its_licence(licences) -> None:
    needed, named = licences.needed(), listed("Beside it: what pip installs with it")
    asked = {re.split(r"[<>=\[]", each)[0] for each in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]}
    assert {re.sub(r"[-_.]+", "-", each).lower() for each in asked} <= set(named) - {"package", "---"}
    # what an older or newer Python needs besides may be absent here, or not listed there
    assert {name for name in needed if name not in named} <= {"sniffio", "exceptiongroup", "ruamel-yaml-clib", "colorama"}
    assert not [name for name, of in needed.items() if not licences.permissive(of)], needed


def test_extras_bring_nothing_that_binds_who_uses_them(licences) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    asked = [each for name, packages in extras.items() if name not in ("dev", "docs") for each in packages if not each.startswith("bestand")]
    found = {name: of for each in asked for name, of in licences.needed([each]).items() if name == re.sub(r"[-_.]+", "-", re.split(r"[<>=\[]", each)[0]).lower()}
    assert found and not [name for name, of in found.items() if re.search(r"\bA?GPL", of)], found


@pytest.mark.parametrize(("expression", "free"), [("MIT", True), ("GPL-3.0-or-later", False), ("AGPL-3.0-only AND MIT", False), ("unknown", False), ("", False)])
def test_a_licence_that_binds_is_known_as_one(licences, expression: str, free: bool) -> None:
    assert licences.permissive(expression) is free


def test_every_licence_that_asks_for_it_stands_there_in_full() -> None:
    page = (ROOT / "THIRD-PARTY.md").read_text("utf-8")
    for of in set(listed("In the package").values()) - {"licence", "---"}:
        assert re.search(rf"^### {re.escape(of)}\b", page, re.M), of
    assert page.count("THE SOFTWARE IS PROVIDED") >= 1 and "Redistributions in binary form" in page and "UNICODE LICENSE V3" in page


def test_data_that_names_another_maker_is_named(licences) -> None:
    """Word lists and tables of the package that say at their head whose they are."""
    page = (ROOT / "THIRD-PARTY.md").read_text("utf-8")
    for path in (ROOT / "src" / "bestand").rglob("*.toml"):
        if re.search(r"\(c\)|©|Licen[cs]e", path.read_text("utf-8").split("\n", 1)[0]):
            assert path.name in page, path


def test_the_bill_of_materials_names_all_parts_and_no_address(licences, tmp_path, monkeypatch) -> None:
    import sbom

    monkeypatch.setattr(sbom, "version", lambda name: "1.0")
    wheel = tmp_path / "bestand-1.whl"
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr("bestand/web/page/bundled.json", json.dumps(["preact", "@lezer/yaml"]))
    bill = sbom.bill(wheel)
    assert bill == sbom.bill(wheel) and "://" not in json.dumps(bill)
    purls = {each["bom-ref"] for each in bill["components"]}
    assert len(purls) == len(bill["components"]) == 4 + len(licences.DATA) + len(licences.needed())
    assert any(each.startswith("pkg:npm/%40lezer/yaml@") for each in purls) and "pkg:pypi/numpy@1.0" in purls
    assert all(each["licenses"] for each in bill["components"])
    assert set(bill["dependencies"][0]["dependsOn"]) == purls
