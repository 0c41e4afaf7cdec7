"""What is tried by default, and what where BESTAND_DEEP is set, as `make test-deep` does: all random cases, and the main case worked out again."""

from __future__ import annotations

import os

import pytest

DEEP = bool(os.environ.get("BESTAND_DEEP"))
in_depth = pytest.mark.skipif(not DEEP, reason="the main case worked out again by plain code, in seconds a test: make test-deep")


def tried(n: int) -> int:
    """How many of so many random cases; the first, so that what fails by default fails in depth too.

    A random case is one more look at what the others look at already; cases above a boundary, published ones and awkward ones
    are not counted by this.
    """
    return n if DEEP else max(n // 4, min(n, 5))
