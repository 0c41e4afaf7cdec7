"""What changed between two versions of a case, statement by statement, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from bestand.case.conditions import unparse
from bestand.case.loaded import Case
from bestand.case.model import CaseFile
from bestand.case.shape import keys_of_conditions
from bestand.show import Shown, Table

SECTIONS = frozenset(name for name, field in CaseFile.model_fields.items() if field.default in ({}, ()))


@dataclass(frozen=True, slots=True)
class Change:
    """One statement that was added, removed, changed or moved."""

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


def diff(old: Case, new: Case) -> Changes:
    """The statements that differ; comments, order of keys and the writing of conditions do not count.

    >>> from bestand.case.read import read_text
    >>> text = "bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nlevers: {a.stops: {is: stops}}\\n"
    >>> print(diff(read_text(text), read_text(text.replace("is: stops", "is: halts"))).changes[0].after)
    halts
    """
    before, after = _plain(old), _plain(new)
    found = [c for name in {**before, **after} for c in _section(name, before.get(name), after.get(name))]
    return Changes(tuple(found))


def _plain(case: Case) -> dict[str, Any]:
    plain = case.file.model_dump(mode="json", by_alias=True, exclude_defaults=True)
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
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in {**old, **new}:
            yield from _section(f"{at}.{key}", old.get(key), new.get(key))
    elif _statements(old) and _statements(new):
        yield from _list(at, old, new)
    elif old is None:
        yield Change(at, "added", "", _words(new))
    elif new is None:
        yield Change(at, "removed", _words(old), "")
    else:
        yield Change(at, "changed", _words(old), _words(new))


def _statements(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) and ("that" in part or "what" in part) for part in value)


def _list(at: str, old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[Change]:
    """Lists of statements are matched by what they say, so that a moved want reads as moved."""
    before, after = _keyed(old), _keyed(new)
    stayed_old = [key for key in before if key in after]
    stayed_new = [key for key in after if key in before]
    matching = SequenceMatcher(None, stayed_old, stayed_new, autojunk=False).get_matching_blocks()
    moved = set(stayed_new) - {key for block in matching for key in stayed_new[block.b : block.b + block.size]}
    for key in before:
        if key not in after:
            yield Change(f"{at}[{before[key][0]}]", "removed", _words(before[key][1]), "")
    for key, (k, part) in after.items():
        if key not in before:
            yield Change(f"{at}[{k}]", "added", "", _words(part))
            continue
        if key in moved:
            yield Change(f"{at}[{k}]", "moved", f"{before[key][0] + 1}. {key[0]}", f"{k + 1}. {key[0]}")
        yield from _section(f"{at}[{k}]", before[key][1], part)


def _keyed(parts: list[dict[str, Any]]) -> dict[tuple[str, int], tuple[int, dict[str, Any]]]:
    found: dict[tuple[str, int], tuple[int, dict[str, Any]]] = {}
    for k, part in enumerate(parts):
        says = str(part.get("that", part.get("what")))
        again = sum(1 for key in found if key[0] == says)
        found[says, again] = (k, part)
    return found


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        lead = next((str(value[key]) for key in ("gloss", "is", "claim", "that", "name", "what", "value") if key in value), "")
        return lead or ", ".join(f"{key}: {_words(inner)}" for key, inner in value.items())
    return ", ".join(_words(inner) for inner in value) if isinstance(value, list) else str(value)
