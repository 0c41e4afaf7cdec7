"""What the default run leaves to `make test-deep`, which sets BESTAND_DEEP and runs just that: what repeats, and what is worked out again in seconds a test."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest

DEEP = bool(os.environ.get("BESTAND_DEEP"))
more_in_depth = pytest.mark.deep
"""A test that tries more in depth: see `tried`."""


only_in_depth = [pytest.mark.deep, pytest.mark.skipif(not DEEP, reason="in depth only: make test-deep")]
"""For a module whose tests are for the deep run only."""


def in_depth(test: Any) -> Any:
    """A test for the deep run only."""
    for mark in only_in_depth:
        test = mark(test)
    return test


def tried(n: int) -> int:
    """How many of so many random cases are tried inside a test: a tenth by default; the first, so that what fails by default fails in depth too."""
    return n if DEEP else max(n // 10, min(n, 4))


def _combined(values: list[Any]) -> Iterator[tuple[list[str], int]]:
    """Of combinations of all values of several things, for each thing its value in each combination, and how many it has."""
    columns = [[repr(each) for each in column] for column in zip(*values, strict=False)] if all(isinstance(each, tuple) for each in values) else []
    sizes = [len(set(column)) for column in columns]
    if len(columns) > 1 and math.prod(sizes) == len(values):
        yield from zip(columns, sizes, strict=True)


def spread(names: str | tuple[str, ...], values: Iterable[Any], *, first: int | None = None, ids: Callable[[Any], str] | Sequence[str] | None = None) -> Callable[[Any], Any]:
    """Cases of a test of which so many, far apart, are tried by default (a tenth, if not given), and the others in depth."""
    all_of = list(values)
    n = max(len(all_of) // 10, 1) if first is None else first
    assert n < len(all_of), f"nothing is left for the deep run of {names}: use parametrize"
    usual = {k * len(all_of) // n for k in range(n)}
    for column, n_values in _combined(all_of):
        tried_of = len({column[k] for k in usual})
        assert tried_of == min(n, n_values), f"of {n_values} values of one of {names} the default run tries {tried_of}: give another `first`, or order"
    chosen = [k for k in range(len(all_of)) if (k in usual) != DEEP]
    named = ids if ids is None or callable(ids) else [ids[k] for k in chosen]

    def made(test: Any) -> Any:
        parametrized = pytest.mark.parametrize(names, [all_of[k] for k in chosen], ids=named)(test)
        return pytest.mark.deep(parametrized) if DEEP else parametrized

    return made
