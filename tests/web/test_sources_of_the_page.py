"""The page's sources: typed, linted and tested by their own tools; no addresses in the lock file."""

from __future__ import annotations

import pytest

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
