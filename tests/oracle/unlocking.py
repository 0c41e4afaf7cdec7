"""Every set of changes tried one after another, by the definitions, for comparison with the fast search."""

from __future__ import annotations

import itertools

from tests.oracle import naive


def primitives(wants, add, settings, now):
    """Every single change: ("drop", party, condition), ("place", party, condition, place), ("hold", lever, setting).

    wants[i], add: conditions (masks); settings[lever]: number of settings
    """
    for i, own in enumerate(wants):
        yield from (("drop", i, mask) for mask in own)
        for mask in [*own, *(m for m in add if m not in own)]:
            yield from (("place", i, mask, place) for place in range(len(own) + 2))
    for lever, n in settings.items():
        yield from (("hold", lever, k) for k in range(n) if k != now[lever] or n > 1)


def changed_wants(wants, changes):
    """Wants after a set of changes; None where a place does not exist or a condition is touched twice."""
    out = []
    for i, own in enumerate(wants):
        mine = [c for c in changes if c[0] != "hold" and c[1] == i]
        touched = [c[2] for c in mine]
        if len(set(touched)) < len(touched):
            return None
        places = sorted((c[3], c[2]) for c in mine if c[0] == "place")
        if len({place for place, _ in places}) < len(places):
            return None
        order = [m for m in own if m not in touched]
        if any(place >= len(order) + len(places) for place, _ in places):
            return None
        for place, mask in places:
            order.insert(place, mask)
        out.append(order)
    return out


def ranks(n, wants):
    return [[sum(mask[s] << (len(own) - 1 - k) for k, mask in enumerate(own)) for s in range(n)] for own in wants]


def dense(row):
    levels = sorted(set(row))
    return tuple(levels.index(v) for v in row)


def solves(moves, rank, start, goal, concept, moving="paying", effort=naive.one_each):
    """Whether a goal state rests under a concept and is reached from `start` by paying (or best) moves."""
    reached = naive.ways(moves, rank, start, moving, effort)
    return any(
        goal[s] and all(naive.stable(moves, rank, i, s, concept, moving=moving, effort=effort) for i in range(len(moves))) for s in reached
    )


def sets_of(every, most):
    for n in range(most + 1):
        yield from (frozenset(chosen) for chosen in itertools.combinations(every, n))
