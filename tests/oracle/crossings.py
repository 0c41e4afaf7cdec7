"""Where most draws turn on one opening, in plain loops over rows, with nothing of the program but what an opening is."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

TENTHS = 10


def crossing_of(opening, values, answers):
    """(at, share as it stands, share there, share of draws there) of one opening, or None; answers are yes or no.

    Groups are the values, or tenths of a number's range. A group says yes, or no, where the yeses are two standard errors of a fair coin
    away from half. From the group that is nearest to how the opening stands one looks at the nearest group that says the other (of what has no order: at that of most draws).
    """
    number = opening.kind == "number"
    rows = {}
    for value, answer in zip(values, answers, strict=True):
        tenth = min(TENTHS - 1, max(0, int((value - opening.low) / (opening.high - opening.low) * TENTHS))) if number else int(value)
        rows.setdefault(tenth, []).append((float(value), bool(answer)))
    place = {g: sum(value for value, _ in group) / len(group) for g, group in rows.items()}
    share = {g: sum(answer for _, answer in group) / len(group) for g, group in rows.items()}

    def says(g):
        error = sqrt(0.25 / len(rows[g]))
        return 0 if abs(share[g] - 0.5) < 2 * error - 1e-12 else 1 if share[g] > 0.5 else -1

    here = min(sorted(rows), key=lambda g: abs(place[g] - opening.usual))
    others = [g for g in sorted(rows) if says(here) and says(g) == -says(here)]
    if not others:
        return None
    unordered = opening.kind in ("type", "today", "case")
    there = max(others, key=lambda g: len(rows[g])) if unordered else min(others, key=lambda g: abs(place[g] - place[here]))
    at, step = place[there], 1 if there > here else -1
    between = [g for g in range(here, there + step, step) if g in rows]
    for one, two in reversed(list(pairwise(between))) if number else []:
        if (share[one] - 0.5) * (share[two] - 0.5) <= 0 and share[one] != share[two]:
            at = place[one] + (place[two] - place[one]) * (0.5 - share[one]) / (share[two] - share[one])
    return at, share[here], share[there], sum(len(rows[g]) for g in others) / len(values)
