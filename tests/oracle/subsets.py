"""Plain definitions over all subsets: smallest sets of edits that turn an answer, and shares of a difference by Shapley."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Hashable, Sequence

Value = Callable[[frozenset[Hashable]], object]


def subsets(members: Collection[Hashable]) -> list[frozenset[Hashable]]:
    return [frozenset(each) for size in range(len(members) + 1) for each in itertools.combinations(members, size)]


def smallest_making(members: Sequence[Hashable], value: Value) -> set[frozenset[Hashable]]:
    """Sets that, made alone, bring the answer of all together; none of their proper subsets does."""
    wanted = value(frozenset(members))
    doing = [each for each in subsets(members) if value(each) == wanted]
    return {each for each in doing if not any(other < each for other in doing)}


def smallest_undoing(members: Sequence[Hashable], value: Value) -> set[frozenset[Hashable]]:
    """Sets that, left out alone, bring the answer of none; no proper subset of them does."""
    wanted, whole = value(frozenset()), frozenset(members)
    doing = [each for each in subsets(members) if value(whole - each) == wanted]
    return {each for each in doing if not any(other < each for other in doing)}


def shapley(members: Sequence[Hashable], value: Callable[[frozenset[Hashable]], float]) -> dict[Hashable, float]:
    """Each member's mean addition over all orders in which the members could come."""
    shares = dict.fromkeys(members, 0.0)
    for order in itertools.permutations(members):
        for k, member in enumerate(order):
            shares[member] += value(frozenset(order[: k + 1])) - value(frozenset(order[:k]))
    return {member: total / math.factorial(len(members)) for member, total in shares.items()}
