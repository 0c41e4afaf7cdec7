"""How many random cases are tried: a quarter by default, all of them where BESTAND_DEEP is set, as `make test-deep` does."""

from __future__ import annotations

import os

DEEP = bool(os.environ.get("BESTAND_DEEP"))


def tried(n: int) -> int:
    """How many of so many random cases; the first, so that what fails by default fails in depth too.

    A random case is one more look at what the others look at already; cases above a boundary, published ones and awkward ones
    are not counted by this.
    """
    return n if DEEP else max(n // 4, min(n, 5))
