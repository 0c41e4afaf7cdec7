"""How much slower than reckoned this machine is as it is now, tried out on one arrangement before many are compared."""

from __future__ import annotations

from collections.abc import Callable

from bestand.graph.budget import Slower
from bestand.graph.conflict import Conflict
from bestand.truce.arrangement import Arrangement, Watched, arranged, clocked
from bestand.truce.survival import slower_than_reckoned


def slower_of(conflict: Conflict, arrangement: Arrangement, asked: Watched) -> Slower:
    """As `slower_than_reckoned`, of a conflict in which an arrangement is held."""

    def slower(clock: Callable[[], float]) -> float:
        stands, start = clocked(conflict, arrangement, asked.start)
        return slower_than_reckoned(arranged(conflict.draw(1), stands), clock, start=start, truce=asked.truce, months=asked.months)

    return slower
