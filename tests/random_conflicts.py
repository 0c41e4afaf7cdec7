"""The random conflicts as the program reads them: read once for all the tests of a process."""

from __future__ import annotations

from functools import cache

from bestand.case.read import read_text
from bestand.graph.conflict import Conflict, conflict
from tests.oracle import naive
from tests.oracle.random_cases import either


@cache
def solved(seed: int) -> Conflict:
    """The conflict of a seed."""
    return conflict(read_text(either(seed).text()))


@cache
def moves_of(seed: int) -> naive.Moves:
    """Every party's moves in it, as sets."""
    return naive.moves_of(solved(seed).graph)
