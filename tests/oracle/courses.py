"""Chances of courses by dense matrix exponentials, every sequence one by one, and by simulation: for comparison with the fast code.

q is (n, n), the rate from row to column per month; a generator is q with minus its row sums on the diagonal.
"""

from __future__ import annotations

import itertools
import random

import numpy as np
from scipy.linalg import expm


def generator(q: np.ndarray) -> np.ndarray:
    return q - np.diag(q.sum(axis=1))


def within(q: np.ndarray, inside: np.ndarray, months: float) -> np.ndarray:
    """Chances to go from row to column without leaving a set of states: (n, n), 0 outside."""
    found = np.zeros_like(q)
    found[np.ix_(inside, inside)] = expm(months * generator(q)[np.ix_(inside, inside)])
    return found


def taken(q, start: int, never: np.ndarray, months: float) -> float:
    """Chance that states outside `never` are entered within some months."""
    return 1 - within(q, never, months)[start].sum()


def jointly(q, start: int, never: np.ndarray, came: np.ndarray, soon: float, late: float) -> np.ndarray:
    """[seen or not within `soon`, comes between then and `late` or not], of courses in which it has not come by `soon`."""
    still = ~came
    all_, silent = within(q, still, soon)[start], within(q, still & never, soon)[start]
    comes = 1 - within(q, still, late - soon).sum(axis=1)
    return np.array([[mass @ comes, mass @ (1 - comes)] for mass in (all_ - silent, silent)])


def sequences(q, start: int, kind: np.ndarray, months: float, steps: int) -> dict[tuple[int, ...], float]:
    """Chance of every sequence of kinds on `steps` days, equally far apart."""
    step = expm(months / steps * generator(q))
    found = {}
    for way in itertools.product(np.unique(kind), repeat=steps):
        mass = np.eye(len(q))[start]
        for wanted in way:
            mass = (mass @ step) * (kind == wanted)
        found[tuple(int(k) for k in way)] = float(mass.sum())
    return found


def simulated(q, start: int, kind: np.ndarray, months: float, steps: int, r: random.Random) -> tuple[int, ...]:
    """One sequence of kinds, by drawing every move and its time (Gillespie 1977)."""
    here, clock, seen = start, 0.0, []
    days = [months * (k + 1) / steps for k in range(steps)]
    leaves = q.sum(axis=1)
    while days:
        wait = r.expovariate(leaves[here]) if leaves[here] > 0 else np.inf
        while days and clock + wait > days[0]:
            seen.append(int(kind[here]))
            days.pop(0)
        clock += wait
        if days:
            here = r.choices(range(len(q)), q[here])[0]
    return tuple(seen)
