"""Who holds an area: as the case stands, or where a condition holds."""

from __future__ import annotations

import numpy as np

from bestand.case.areas import Area
from bestand.case.conditions import holds
from bestand.case.loaded import Case


def held_by(case: Case, area: Area, *, where: str = "") -> tuple[str, ...]:
    """The parties that hold it: those of the first condition that holds today, or is the one asked about; else as the area itself says.

    >>> from bestand.case.read import read_text
    >>> text = "bestand: 1\\ntitle: T\\nparties: {a: {name: A}, b: {name: B}}\\nlevers: {a.leaves: {is: leaves}}\\n"
    >>> case = read_text(text + "areas: {hill: {name: Hill, iso: NL-UT, held_by: a, held_when: [{that: a.leaves, by: b}]}}\\n")
    >>> hill = case.file.areas["hill"]
    >>> held_by(case, hill), held_by(case, hill, where="a.leaves")
    (('a',), ('b',))
    """
    return next((each.by for each in area.held_when if each.that == where or _holds_today(case, each.that)), area.held_by)


def is_disputed(area: Area, held: tuple[str, ...]) -> bool:
    """Whether more than one party claims it, or one claims it and others hold it."""
    return len(area.claimed_by) > 1 or bool(area.claimed_by and held and set(area.claimed_by) != set(held))


def elsewhere(case: Case) -> tuple[str, ...]:
    """The conditions under which some area is held otherwise, and which do not hold today."""
    every = dict.fromkeys(each.that for area in case.file.areas.values() for each in area.held_when)
    return tuple(that for that in every if not _holds_today(case, that))


def _holds_today(case: Case, that: str) -> bool:
    """Whether a condition holds in the present state; not where that is unknown."""
    if case.file.present == "unknown" or not case.file.levers:
        return False
    settings, now = case.settings, case.now
    true_now = holds(case.condition(that), lambda lever: np.array([settings[lever].index(now[lever])], dtype=np.uint8), case.terms, settings)
    return bool(np.all(true_now))
