"""What many tests share: where the published tables lie that may not be copied into the project, and studies made once."""

from __future__ import annotations

import os
import pathlib

import pytest

from bestand.case.read import read
from bestand.study.stages import study
from tests.oracle.frozen import TALKS

ROOT = pathlib.Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """The folder of published tables; a test that needs it is skipped where it is absent."""
    folder = pathlib.Path(os.environ.get("BESTAND_SHARED", ROOT.parent / "shared"))
    if not (folder / "oracles").is_dir():
        if os.environ.get("BESTAND_ORACLES_REQUIRED"):
            pytest.fail(f"no published tables in {folder}")
        pytest.skip("the published tables (oracles) are not on this machine; set BESTAND_SHARED to their folder")
    return folder


@pytest.fixture(scope="session")
def ukraine():
    """A whole study of the main case, made once for all tests of pages."""
    return study(read("ukraine/2025-04"), draws=8, seconds=5)


@pytest.fixture(scope="session")
def talks():
    """A whole study of the first form of the main case, whose numbers do not change."""
    return study(read(TALKS), draws=8, hypotheses=False, seconds=2)
