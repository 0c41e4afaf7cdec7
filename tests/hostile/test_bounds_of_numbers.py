"""Every number of the format at both ends that the table of limits gives, where it is read, and just past them, where it is refused."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bestand import read_text
from bestand.changes.diff import as_written
from bestand.errors import CaseError
from tests.hostile.test_options import CASE

TABLE = (Path(__file__).parents[2] / "docs" / "reference" / "limits.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| [^|]+ \| ([-\d,.]+) \| ([-\d,.]+) \| (`[^|]+`) \|$", TABLE, re.M)
BOUNDS = {key: (float(low.replace(",", "")), float(high.replace(",", ""))) for low, high, keys in ROWS for key in re.findall(r"`(\w+\.\w+)`", keys)}
ELSEWHERE = {  # in no place of the case that is read here, or bound by more than their ends
    "Clock.days", "Credibility.fades_per_month", "Credibility.restored_per_month", "Lever.down", "Lever.up", "Party.types", "Source.reliability",
}  # fmt: skip


def numbers(part: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, each in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from numbers(each, (*at, key))
    if isinstance(part, int | float) and not isinstance(part, bool):
        yield at


def with_number(plain: dict[str, Any], at: tuple[Any, ...], number: float) -> str:
    other = copy.deepcopy(plain)
    part = other
    for key in at[:-1]:
        part = part[key]
    part[at[-1]] = number
    return yaml.safe_dump(other, sort_keys=False)


def test_the_table_has_the_numbers_of_the_format():
    assert len(BOUNDS) > 30
    assert BOUNDS.keys() >= ELSEWHERE


@pytest.mark.parametrize("key", sorted(BOUNDS.keys() - ELSEWHERE))
def test_a_number_is_read_up_to_its_ends_and_refused_just_past_them(key):
    plain, (low, high) = as_written(read_text(CASE)), BOUNDS[key]
    at = next(at for at in numbers(plain) if key.partition(".")[2] in at[-3:])
    for number in (low, high):
        read_text(with_number(plain, at, number))
    for number in (low - max(1e-6, 1e-6 * abs(low)), high + max(1e-9, 1e-9 * abs(high))):
        with pytest.raises(CaseError) as refused:
            read_text(with_number(plain, at, number))
        assert any(each.code == "case/out-of-range" for each in refused.value.problems), refused.value
