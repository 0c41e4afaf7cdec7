"""Where the published tables lie that may not be copied into the project."""

from __future__ import annotations

import os
import pathlib

import pytest

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
