"""What could be agreed, by the definitions, written out plainly and slowly."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence

from tests.oracle.random_cases import Conflict, State, conflict

Demands = Sequence[Callable[[State], bool]]


def disputed(seed: int) -> tuple[Conflict, str, list[list[bool]], list[list[float]]]:
    """A random conflict with red lines and worths: itself, its text, and which wants are red lines and worth what."""
    plain = conflict(seed)
    r = random.Random(seed + 1_000_000)
    limits = [[r.random() < 0.5 for _ in wants] for wants in plain.wants]
    sizes = [[r.choice([0.5, 1.0, 1.0, 2.0, 3.5, 4.0]) for _ in wants] for wants in plain.wants]
    lines, party, k = [], -1, 0
    for stated in plain.text().splitlines():
        line = stated
        if line.startswith("  p") and line.endswith(":") and "." not in line:
            party, k = int(line.strip()[1:-1]), 0
        if line.startswith("    - {that:"):
            line = f"{line[:-1]}, worth: {sizes[party][k]}, red_line: {'true' if limits[party][k] else 'false'}}}"
            k += 1
        lines.append(line)
    return plain, "\n".join(lines) + "\n", limits, sizes


def truth(plain: Conflict, party: int, s: State) -> tuple[bool, ...]:
    """Which wants of a party hold in a state."""
    return tuple((s[a] >= b) if wanted else (s[a] != b) for a, b, wanted in plain.wants[party])


def worth(plain: Conflict, sizes: Sequence[Sequence[float]], party: int, s: State) -> float:
    return sum(size for size, held in zip(sizes[party], truth(plain, party, s), strict=True) if held)


def limits_and_fallback(
    plain: Conflict, limits: Sequence[Sequence[bool]], sizes: Sequence[Sequence[float]], scale: str, now: State
) -> Demands:
    """Red lines party by party, then one demand per party not to be below what it has now."""
    found: list[Callable[[State], bool]] = []
    for i, wants in enumerate(plain.wants):
        found += [lambda s, i=i, k=k: truth(plain, i, s)[k] for k in range(len(wants)) if limits[i][k]]
    for i in range(plain.n_parties):
        if scale == "cardinal":
            found.append(lambda s, i=i: worth(plain, sizes, i, s) >= worth(plain, sizes, i, now) - 1e-9)
        else:
            found.append(lambda s, i=i: truth(plain, i, s) >= truth(plain, i, now))
    return found


def cores(states: Sequence[State], demands: Demands) -> set[frozenset[int]]:
    """Minimal sets of demands that no state meets, by trying all sets."""
    unmet = [frozenset(k for k, demand in enumerate(demands) if not demand(s)) for s in states]
    found: list[frozenset[int]] = []
    for size in range(len(demands) + 1):
        for chosen in map(frozenset, itertools.combinations(range(len(demands)), size)):
            if not any(each <= chosen for each in found) and all(chosen & each for each in unmet):
                found.append(chosen)
    return set(found)


def concessions(states: Sequence[State], demands: Demands) -> set[frozenset[int]]:
    """Minimal sets of demands without which some state meets the rest."""
    unmet = {frozenset(k for k, demand in enumerate(demands) if not demand(s)) for s in states}
    return {each for each in unmet if not any(other < each for other in unmet)}


def pareto(points: Sequence[Sequence[float]]) -> list[bool]:
    """Which points no other point is as good as for all and better for one."""
    def beats(a: Sequence[float], b: Sequence[float]) -> bool:
        return all(x >= y for x, y in zip(a, b, strict=True)) and any(x > y for x, y in zip(a, b, strict=True))

    return [not any(beats(other, point) for other in points) for point in points]


def offers(
    points: Sequence[Sequence[float]],
    fallback: Sequence[float],
    order: Sequence[int],
    discount: Sequence[float],
    risk: float,
    rounds: int,
) -> tuple[int | None, list[float]]:
    """Outcome of alternating offers, backwards from the last round: the first proposal (None if refused) and the values."""
    later = list(fallback)
    proposal: int | None = None
    for t in reversed(range(rounds)):
        wait = [
            risk * away + (1 - risk) * ((1 - d) * away + d * value) if t < rounds - 1 else away
            for away, d, value in zip(fallback, discount, later, strict=True)
        ]
        fine = [x for x, point in enumerate(points) if all(u >= w - 1e-9 for u, w in zip(point, wait, strict=True))]
        if fine:
            best = fine
            for party in [*(order[(t + k) % len(order)] for k in range(len(order))), *range(len(fallback))]:
                top = max(points[x][party] for x in best)
                best = [x for x in best if points[x][party] >= top - 1e-9]
            proposal = best[0]
            later = list(points[proposal])
        else:
            proposal, later = None, wait
    return proposal, later


def joint(plain: Conflict, that: Callable[[State], bool], start: State, excluding: Sequence[int] = ()) -> dict[frozenset[int], set[State]]:
    """Minimal sets of parties with the outcomes that they reach only by acting together at once, by trying every state."""
    states = plain.states()
    ranks = [dict(zip(states, each, strict=True)) for each in plain.ranks(states)]
    alone, waiting = {start}, [start]
    while waiting:
        s = waiting.pop()
        for i in set(range(plain.n_parties)) - set(excluding):
            for t in states:
                if t != s and plain._legal(i, s, t) and ranks[i][t] > ranks[i][s] and t not in alone:
                    alone.add(t)
                    waiting.append(t)
    groups: dict[frozenset[int], set[State]] = {}
    for t in states:
        movers = frozenset(lever.party for k, lever in enumerate(plain.levers) if t[k] != start[k])
        if that(t) and len(movers) > 1 and t not in alone and not movers & set(excluding) and _all_may(plain, start, t):
            parts = {i: tuple(t[k] if lever.party == i else start[k] for k, lever in enumerate(plain.levers)) for i in movers}
            pays = [part in ranks[i] and plain._legal(i, start, part) and ranks[i][part] > ranks[i][start] for i, part in parts.items()]
            if all(ranks[i][t] > ranks[i][start] for i in movers) and not any(pays):
                groups.setdefault(movers, set()).add(t)
    return {movers: ends for movers, ends in groups.items() if not any(other < movers for other in groups)}


def _all_may(plain: Conflict, s: State, t: State) -> bool:
    """Whether all levers that differ may change at once, each on condition of the others."""
    for k, lever in enumerate(plain.levers):
        if s[k] != t[k]:
            if (lever.way == "up" and t[k] < s[k]) or (lever.way == "down" and t[k] > s[k]):
                return False
            guard = lever.guards.get(t[k], [])
            if not all(s[a] >= b for a, b in guard) and not all(t[a] >= b for a, b in guard):
                return False
    return True


def shares_by_power(power: Sequence[float], fallback: Sequence[float] | None = None, curvature: Sequence[float] | None = None, pie: float = 1.0) -> float:
    """Share of a pie to the first of two parties under the asymmetric Nash solution, by trying ever finer shares.

    A share x is worth x^curvature; the product of (worth − fallback)^power is largest (Nash 1950; Kalai 1977).
    """
    away, bend = fallback or (0.0, 0.0), curvature or (1.0, 1.0)

    def product(x: float) -> float:
        first, second = x ** bend[0] - away[0], (pie - x) ** bend[1] - away[1]
        return first ** power[0] * second ** power[1] if min(first, second) > 0 else -1.0

    low, high = 0.0, pie
    for _ in range(40):
        grid = [low + (high - low) * k / 20 for k in range(21)]
        best = max(range(21), key=lambda k: product(grid[k]))
        low, high = grid[max(0, best - 1)], grid[min(20, best + 1)]
    return (low + high) / 2


def share_by_offers(discount: Sequence[float]) -> float:
    """Share of a pie of 1 to the first of two that make offers in turn for ever (Rubinstein 1982)."""
    return (1 - discount[1]) / (1 - discount[0] * discount[1])
