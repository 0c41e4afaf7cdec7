"""Cases of the catalogue, each read once in a process: for tests of what is done with a case, not of how it is read."""

from __future__ import annotations

from functools import cache

from bestand.case.loaded import Case
from bestand.case.read import read


@cache
def shipped(name: str) -> Case:
    """A case of the catalogue as it stands."""
    return read(name)
