"""The page's sources: typed, linted and tested by their own tools; no addresses in the lock file."""

from __future__ import annotations

import re

import pytest

from bestand.case.model import CaseFile
from tests.web.conftest import WORKBENCH, npm


@pytest.mark.parametrize("script", ["types", "lint", "test"])
def test_the_sources_of_the_page_pass_their_own_checks(modules, script):
    done = npm("run", script)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_the_lock_file_names_no_address():
    text = (WORKBENCH / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in text
    assert '"resolved"' not in text
    assert "registry" not in text


def test_the_first_load_is_small(page_built):
    import gzip

    first = [page_built, *(each for each in (page_built.parent / "assets").iterdir() if each.name.startswith("index-"))]
    assert sum(len(gzip.compress(each.read_bytes())) for each in first) <= 150_000


def referred(part):
    """The first model that a part of a JSON Schema refers to, by name."""
    inner = list(part.values()) if isinstance(part, dict) else part if isinstance(part, list) else []
    if isinstance(part, dict) and "$ref" in part:
        return part["$ref"].rpartition("/")[2]
    return next((name for each in inner if (name := referred(each))), None)


def test_every_field_of_a_form_is_one_that_the_case_knows():
    schema = CaseFile.model_json_schema(by_alias=True)
    text = (WORKBENCH / "src" / "sections.ts").read_text(encoding="utf-8")
    backed = re.findall(r'f\("(\w+)"', re.search(r"BACKED = \[(.*)\]", text)[1])
    forms = re.findall(r'\{ key: "(\w+)", list.*?fields: \[(.*?)\], start', text)
    assert len(forms) > 14
    for section, fields in forms:
        named = re.findall(r'f\("(\w+)"', fields) + (backed if "...BACKED" in fields else [])
        known = schema["$defs"][referred(schema["properties"][section])]["properties"] if named else {}
        assert [each for each in named if each not in known] == [], section
    for const, model in (("DETERRENCE", "Deterrence"), ("TEST", "Test")):
        named = re.findall(r'f\("(\w+)"', re.search(rf"const {const}: Field\[\] = \[(.*?)\n\];", text, re.S)[1])
        assert named and set(named) <= set(schema["$defs"][model]["properties"]), const
