"""Sizes that agree with an order of wants, the plain way: by the definition, for a few wants."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def corner(n_wants: int, k: int) -> list[Fraction]:
    """The sizes with a sum of 1 in which every want but the k-th (from 0) counts just as much as all below it together."""
    sizes: list[Fraction] = []
    for want in reversed(range(n_wants)):
        below = sum(sizes, Fraction(0))
        sizes.append(below + (1 if want == k else 0))
    whole = sum(sizes)
    return [size / whole for size in reversed(sizes)]


def agrees(sizes: Sequence[float], held: Sequence[Sequence[bool]]) -> bool:
    """Whether sums of sizes rank states as the order of the wants does: the first want that two states differ in decides."""
    for one in held:
        for other in held:
            first = next((a for a, b in zip(one, other, strict=True) if a != b), None)
            gain = sum(s for s, a in zip(sizes, one, strict=True) if a) - sum(s for s, b in zip(sizes, other, strict=True) if b)
            if first is not None and (gain > 0) != first:
                return False
    return True
