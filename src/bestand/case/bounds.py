"""Numbers of a case with the lowest and highest that can be meant, by what they mean."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from bestand.case.parts import Bounds, Part, Quantity, marked
from bestand.case.yaml import joined


def numbers_with_bounds(parts: Iterable[tuple[str, Part]]) -> Iterator[tuple[str, Quantity, Bounds]]:
    """Every number that has bounds, with its key path and these.

    parts : of a case file, with their key paths
    """
    for at, part in parts:
        for attribute, key, bounds in marked(type(part), Bounds):
            for where, number in _within(getattr(part, attribute), joined(at, key)):
                yield where, number, bounds


def _within(value: object, at: str) -> Iterator[tuple[str, Quantity]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _within(inner, joined(at, str(key)))
    elif isinstance(value, tuple):
        for k, inner in enumerate(value):
            yield from _within(inner, joined(at, k))
    elif isinstance(value, Quantity):
        yield at, value


def can_be(number: float, bounds: Bounds) -> bool:
    """Whether a number lies within its bounds; what is not a number does not.

    >>> can_be(0.5, Bounds("a share", 0, 1)), can_be(float("nan"), Bounds("a share", 0, 1))
    (True, False)
    """
    return math.isfinite(number) and bounds.low <= number <= bounds.high and (number == 0 or abs(number) >= bounds.least)


def bounds_told(bounds: Bounds) -> str:
    """Bounds as a hint tells them.

    >>> bounds_told(Bounds("a worth", -10, 10, 0.1))
    'give a worth: from -10 to 10, and not nearer to 0 than 0.1'
    """
    said = f"give {bounds.what}: from {bounds.low:,.10g} to {bounds.high:,.10g}"
    return said + (f", and not nearer to 0 than {bounds.least:g}" if bounds.least else "")
