"""What observations say, written out plainly: a loop over days and over pairs of states, on dense rates per month.

A state is a dict from lever to setting; q[v][s][t] is the rate at which version v goes from state s to state t.
"""

from __future__ import annotations

import itertools
import math
from datetime import date, timedelta

MONTH = 365.25 / 12


def log_likelihood(q, states, settings, now, observations, as_of: str) -> float:
    """Log of the mean likelihood over the ways in which the levers may have stood before they were first seen to move."""
    rows = [row for row in sorted(observations, key=lambda row: row["on"]) if row["on"] <= as_of]
    first_take = {}
    for row in rows:
        if "took" in row:
            first_take.setdefault(row["lever"], row["took"])
    unknown = list(first_take)
    found = []
    for before in itertools.product(*([s for s in settings[lever] if may_begin(lever, s, rows)] for lever in unknown)):
        start = {**now, **dict(zip(unknown, before, strict=True))}
        found.append(one_way(q, states, start, rows, as_of))
    top = max(found)
    return top + math.log(sum(math.exp(each - top) for each in found) / len(found))


def may_begin(lever: str, setting: str, rows) -> bool:
    """Whether a lever may have stood at a setting before it was first seen to move."""
    first = next(row for row in rows if row["lever"] == lever and "took" in row)
    early = [row for row in rows if row["lever"] == lever and "not_given" in row and (row.get("since") or row["on"]) <= first["on"]]
    early = [row for row in early if row.get("since", "") != first["on"]]
    return setting != first["took"] and setting not in [row["not_given"] for row in early]


def one_way(q, states, start, rows, as_of: str) -> float:
    """Log-likelihood if the levers stood so on the first day."""
    first = min(date.fromisoformat(row.get("since") or row["on"]) for row in rows)
    last = date.fromisoformat(as_of)
    here, total, day = dict(start), 0.0, first
    while day <= last:
        for owner in dict.fromkeys(row["lever"].split(".")[0] for row in rows if row["on"] == day.isoformat() and "took" in row):
            took = {r["lever"]: r["took"] for r in rows if r["on"] == day.isoformat() and "took" in r and r["lever"].split(".")[0] == owner}
            s = states.index(here)
            others = [row for row in rows if row["lever"] not in took]
            does = [t for t, there in enumerate(states) if t != s and all(there[k] == v for k, v in took.items())]
            does = [t for t in does if not any(watching(row, rows, here, states[t], day, first, seen=True) for row in others)]
            total += math.log(max(sum(q[s][t] for t in does), 1e-300))
            here = {**here, **took}
        s = states.index(here)
        watched = [t for t, there in enumerate(states) if t != s and any(watching(row, rows, here, there, day, first) for row in rows)]
        total -= sum(q[s][t] for t in watched) / MONTH
        day += timedelta(days=1)
    return total


def watching(row, rows, here, there, day: date, first: date, *, seen: bool = False) -> bool:
    """Whether, on a day, a move from here to there would have belied an entry; a move that is seen is made before its day, the last included."""
    lever, ends = row["lever"], date.fromisoformat(row["on"])
    if here[lever] == there[lever] or day > ends or (day == ends and not seen):
        return False
    if "took" in row:  # its lever stood still from the first day to the last day on which it was seen to move
        return True
    begins = row.get("since") or max((r["on"] for r in rows if r["lever"] == lever and r["on"] < row["on"]), default=first.isoformat())
    return day >= date.fromisoformat(begins) and there[lever] == row["not_given"]


def posterior(prior, logs):
    """Bayes' rule."""
    top = max(logs)
    weights = [p * math.exp(log - top) for p, log in zip(prior, logs, strict=True)]
    return [w / sum(weights) for w in weights]
