"""Which statement of one list has become which of another: matched by what they say, not by where they stand."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping
from typing import Any

ALIKE = 0.5  # share that two statements in one place have in common, from which one is the other, edited
MOST_NEAR = 50  # statements in one place that an edited one is compared with
SAYING = ("that", "what", "ask", "by", "who", "party", "when")  # keys of which the first that is there says what a statement says
Statement = Mapping[str, Any]


def paired(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> dict[int, int]:
    """Which statement of the new list each old one has become: equal ones first, then those that say the same, or are called the same.

    What is then left between two that stayed is taken to be edited where its two sides are alike.

    >>> paired([{"that": "a"}, {"that": "b"}], [{"that": "b"}, {"that": "c", "is": "new"}])
    {1: 0}
    """
    pairs: dict[int, int] = {}
    for same in (_whole, says, _called):
        by: dict[str, list[int]] = {}
        taken = set(pairs.values())
        for j, part in enumerate(new):
            if j not in taken and same(part):
                by.setdefault(same(part), []).append(j)
        for i, part in enumerate(old):
            if i not in pairs and by.get(same(part)):
                pairs[i] = by[same(part)].pop(0)
    return pairs | _edited(old, new, pairs)


def _edited(old: list[dict[str, Any]], new: list[dict[str, Any]], pairs: Mapping[int, int]) -> dict[int, int]:
    """Statements between the same neighbours that have more in common than not."""
    edited: dict[int, int] = {}
    taken = set(pairs.values())
    left = [j for j in range(len(new)) if j not in taken]
    for i in (i for i in range(len(old)) if i not in pairs):
        before = max((j for k, j in pairs.items() if k < i), default=-1)
        after = min((j for k, j in pairs.items() if k > i), default=len(new))
        near = [j for j in left if before < j < after] or ([j for j in left if j == i])
        best = max(near[:MOST_NEAR], key=lambda j: (alike(old[i], new[j]), -abs(j - i)), default=None)
        if best is not None and alike(old[i], new[best]) >= ALIKE:
            edited[i] = best
            left.remove(best)
    return edited


def alike(one: Statement, other: Statement) -> float:
    """How much of two statements is the same, from 0 to 1: their keys and values, and the words of their conditions."""
    keys = {**one, **other}
    same = sum(one.get(key) == other.get(key) for key in keys)
    words, others = set(says(one).split()), set(says(other).split())
    shared = len(words & others) / max(1, len(words | others))
    return max(shared, (same + shared) / (len(keys) + 1))


def longest_rising(numbers: list[int]) -> set[int]:
    """The members of the longest rising run, not necessarily side by side: what lies outside it has moved.

    >>> sorted(longest_rising([3, 0, 1, 2]))
    [0, 1, 2]
    """
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        k = bisect_left(tails, number)
        before[number] = tails[k - 1] if k else None
        tails[k : k + 1] = [number]
    kept: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept


def says(part: Statement) -> str:
    """What a statement says, without what it rests on."""
    return str(next((part[key] for key in SAYING if key in part), ""))


def _whole(part: Statement) -> str:
    return json.dumps(part, sort_keys=True, ensure_ascii=False)


def _called(part: Statement) -> str:
    return str(part.get("is", ""))
