"""What changed between two versions of a case, statement by statement, in words."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bestand.case.conditions import unparse
from bestand.case.loaded import Case, OfCase, stated
from bestand.case.model import CaseFile
from bestand.case.shape import keys_of_conditions
from bestand.show import Shown, Table

ALIKE = 0.5  # share that two statements in one place have in common, from which one is the other, edited
MOST_NEAR = 50  # statements in one place that an edited one is compared with
SECTIONS = frozenset(name for name, field in CaseFile.model_fields.items() if field.default in ({}, ()))


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that was added, removed, changed, edited (its condition, in its place) or moved."""

    at: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes(Shown):
    """All changes, in the order of the file."""

    changes: tuple[Change, ...]

    def table(self) -> Table:
        """One row per change."""
        rows = tuple((c.kind, c.at, c.before, c.after) for c in self.changes)
        return Table("Changes", ("what", "where", "before", "after"), rows, () if rows else ("nothing changed",))


def diff(old: Case | OfCase, new: Case | OfCase) -> Changes:
    """The statements that differ; comments, order of keys and the writing of conditions do not count.

    >>> from bestand.case.read import read_text
    >>> text = "bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nlevers: {a.stops: {is: stops}}\\n"
    >>> print(diff(read_text(text), read_text(text.replace("is: stops", "is: halts"))).changes[0].after)
    halts
    """
    before, after = _plain(stated(old)), _plain(stated(new))
    found = [c for name in {**before, **after} for c in _section(name, before.get(name), after.get(name))]
    return Changes(tuple(found))


def _plain(case: Case) -> dict[str, Any]:
    plain = (case.written or case.file).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    keys = keys_of_conditions()

    def canonical(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: canonical(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [canonical(v, key) for v in value]
        if key in keys and isinstance(value, str) and value in case.conditions:
            return unparse(case.conditions[value])
        return value

    found: dict[str, Any] = canonical(plain)
    return found


def _section(at: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if at in SECTIONS:  # each of its statements is told by itself, where the whole section is new too
        old, new = (([] if isinstance(old or new, list) else {}) if part is None else part for part in (old, new))
    if isinstance(old, Mapping) and isinstance(new, Mapping) and not (_is_one_thing(old) or _is_one_thing(new)):
        for key in {**old, **new}:
            yield from _section(f"{at}.{key}", old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and _statements([*old, *new]):
        yield from _list(at, old, new)
    elif old is None:
        yield Change(at, "added", "", _words(new))
    elif new is None:
        yield Change(at, "removed", _words(old), "")
    else:
        yield Change(at, "changed", _words(old), _words(new))


def _is_one_thing(value: Mapping[str, Any]) -> bool:
    """Whether a mapping is one number with its range and basis, or one text in several languages."""
    by_language = bool(value) and all(len(key) in (2, 3) and isinstance(part, str) for key, part in value.items())
    return by_language or "value" in value


def _statements(value: list[Any]) -> bool:
    return all(isinstance(part, dict) for part in value)


def _list(at: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[Change]:
    """Lists of statements are matched by what they say, so that a moved want reads as moved and an edited one as edited."""
    pairs = _paired(old, new)
    stayed = [j for i, j in sorted(pairs.items())]
    kept = _longest_rising(stayed)
    back = {j: i for i, j in pairs.items()}
    for i, part in enumerate(old):
        if i not in pairs:
            yield Change(f"{at}[{i}]", "removed", _words(part), "")
    for j, part in enumerate(new):
        if j not in back:
            yield Change(f"{at}[{j}]", "added", "", _words(part))
            continue
        if j not in kept:
            yield Change(f"{at}[{j}]", "moved", f"{back[j] + 1}. {_says(part)}", f"{j + 1}. {_says(part)}")
        was = old[back[j]]
        if "that" in part and _says(was) != _says(part):
            yield Change(f"{at}[{j}]", "edited", _says(was), _says(part))
        else:
            yield from _section(f"{at}[{j}]", was, part)


def _paired(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> dict[int, int]:
    """Which statement of the new list each old one has become: equal ones first, then those that say the same, or are called the same.

    What is then left between two that stayed is taken to be edited where its two sides are alike.
    """
    pairs: dict[int, int] = {}
    for same in (_whole, _says, _called):
        by: dict[str, list[int]] = {}
        taken = set(pairs.values())
        for j, part in enumerate(new):
            if j not in taken and same(part):
                by.setdefault(same(part), []).append(j)
        for i, part in enumerate(old):
            if i not in pairs and by.get(same(part)):
                pairs[i] = by[same(part)].pop(0)
    pairs |= _edited(old, new, pairs)
    return pairs


def _edited(old: list[dict[str, Any]], new: list[dict[str, Any]], pairs: Mapping[int, int]) -> dict[int, int]:
    """Statements between the same neighbours that have more in common than not."""
    found: dict[int, int] = {}
    taken = set(pairs.values())
    left = [j for j in range(len(new)) if j not in taken]
    for i in (i for i in range(len(old)) if i not in pairs):
        before = max((j for k, j in pairs.items() if k < i), default=-1)
        after = min((j for k, j in pairs.items() if k > i), default=len(new))
        near = [j for j in left if before < j < after] or ([j for j in left if j == i])
        alike = max(near[:MOST_NEAR], key=lambda j: (_alike(old[i], new[j]), -abs(j - i)), default=None)
        if alike is not None and _alike(old[i], new[alike]) >= ALIKE:
            found[i] = alike
            left.remove(alike)
    return found


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """How much of two statements is the same, from 0 to 1: their keys and values, and the words of their conditions."""
    keys = {**one, **other}
    same = sum(one.get(key) == other.get(key) for key in keys)
    words, others = set(_says(one).split()), set(_says(other).split())
    shared = len(words & others) / max(1, len(words | others))
    return max(shared, (same + shared) / (len(keys) + 1))


def _longest_rising(numbers: list[int]) -> set[int]:
    """The members of the longest rising run, not necessarily side by side: what lies outside it has moved."""
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


def _whole(part: Mapping[str, Any]) -> str:
    return json.dumps(part, sort_keys=True, ensure_ascii=False)


def _says(part: Mapping[str, Any]) -> str:
    """What a statement says, without what it rests on."""
    return str(next((part[key] for key in ("that", "what", "ask", "by", "who", "party") if key in part), ""))


def _called(part: Mapping[str, Any]) -> str:
    return str(part.get("is", ""))


def _words(value: Any) -> str:
    if isinstance(value, Mapping) and "value" in value:
        rest = [f"{key} {_words(inner)}" for key, inner in value.items() if key != "value"]
        return f"{value['value']:g}" + (f" ({'; '.join(rest)})" if rest else "")
    if isinstance(value, Mapping):
        lead = next((_words(value[key]) for key in ("gloss", "is", "claim", "that", "name", "what") if key in value), "")
        return lead or ", ".join(f"{key}: {_words(inner)}" for key, inner in value.items())
    return ", ".join(_words(inner) for inner in value) if isinstance(value, list) else str(value)
