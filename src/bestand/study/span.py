"""How far ahead one looks where nobody says: eight weeks, or as long as the slowest of a case that moves faster takes."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from bestand.case.expand import settings_of_clock
from bestand.graph.conflict import Conflict
from bestand.graph.numbers import pace
from bestand.show import MONTH, WEEK

WEEKS, MONTHS = 8, 6.0
CHANCES = 2  # to move, of whoever moves most seldom: at one a month that is the usual eight weeks


def usual_weeks(conflict: Conflict) -> float:
    """Weeks within which one looks: `WEEKS`; fewer, in whole days, where by then the longest clock of the case is over and each party has
    had `CHANCES` chances to move, both on average.

    Who cannot move in this view, or never gets to, does not count; what happens by chance does not either: that it is seldom
    does not make it slow.

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> usual_weeks(conflict(read("example/en")))
    8.0
    """
    tempo = pace(conflict)[0][0]
    moving = [float(each) for each, moves in zip(tempo, conflict.graph.moves, strict=True) if each > 0 and moves.any]
    slowest = [*_clocks(conflict), *(CHANCES * MONTH / each for each in moving)]
    days = ceil(max(slowest) - 1e-6) if moving else WEEKS * WEEK
    return min(max(1, days), WEEKS * WEEK) / WEEK


def usual_months(conflict: Conflict) -> float:
    """Months within which an outcome is to come: `MONTHS`, and fewer, in whole days, as the weeks are.

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> usual_months(conflict(read("example/en")))
    6.0
    """
    weeks = usual_weeks(conflict)
    return MONTHS if weeks == WEEKS else ceil(MONTHS * MONTH * weeks / WEEKS) / MONTH


def _clocks(conflict: Conflict) -> Iterator[float]:
    """Days that each clock of the case runs, on average: a lever with the settings of a clock, and the event that ends it."""
    file = conflict.case.file
    for name, lever in file.levers.items():
        *stages, over = lever.settings
        if lever.settings == settings_of_clock(len(stages)):
            ends = [event.rate.value for event in file.events.values() if event.sets.get(name) == over]
            yield from (len(stages) * MONTH / rate for rate in ends if rate > 0)
