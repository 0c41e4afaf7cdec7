"""Settings of a lever and types of a party that go by another name in a later version: found here, and carried through the earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bestand.case.conditions import with_settings
from bestand.case.model import Lever
from bestand.case.shape import keys_of_conditions
from bestand.changes.renames import NewName, Path, Plain, goes_by_types, heads_of_settings, heads_of_types, in_key_path, renames, settings_named
from bestand.errors import BestandError

NOT_NAMED = [*Lever.model_fields["settings"].default]  # the settings of a lever that names none


def every_rename(old: Plain, new: Plain) -> tuple[tuple[NewName, ...], Plain]:
    """Members, settings and types that go by another name in the later of two versions, and the earlier one with these names carried through.

    >>> every_rename({"terms": {"t": {"that": "a.x"}}}, {"terms": {"u": {"that": "a.x"}}})[1]
    {'terms': {'u': {'that': 'a.x'}}}
    """
    members, old = renames(old, new)
    within, old = inner_renames(old, new)
    return (*members, *within), old


def inner_renames(old: Plain, new: Plain) -> tuple[tuple[NewName, ...], Plain]:
    """Settings and types that go by another name in the later of two versions as plain data, and the earlier one with these names carried through.

    A name has another one where it is gone, and one that was not there stands in its place; of types, if that has its wants or its odds.

    >>> levers = {"a.x": {"settings": ["low", "mid", "high"]}}
    >>> later = {"levers": {"a.x": {"settings": ["low", "middle", "high"]}}}
    >>> found, after = inner_renames({"levers": levers, "wants": {"a": [{"that": "a.x >= mid"}]}}, later)
    >>> found[0].section, found[0].new, after["wants"]
    ('levers.a.x.settings', 'middle', {'a': [{'that': 'a.x >= middle'}]})
    """
    new_names: list[NewName] = []
    for lever, was, now in _both("levers", old, new):
        by = dict(_replaced(was.get("settings") or NOT_NAMED, now.get("settings") or NOT_NAMED))
        if by:
            new_names += [NewName(f"levers.{lever}.settings", setting, other) for setting, other in by.items()]
            old = _with_setting(old, (), lever, by, keys_of_conditions())
            old["levers"][lever].pop("settings", None)
            old["levers"][lever] |= {"settings": now["settings"]} if "settings" in now else {}
    for party, was, now in _both("parties", old, new):
        odds, others = was.get("types") or {}, now.get("types") or {}
        wants, theirs = ((plain.get("wants") or {}).get(party) for plain in (old, new))
        for kind, other in _replaced([*odds], [*others]):
            same = isinstance(wants, Mapping) and isinstance(theirs, Mapping) and wants.get(kind) == theirs.get(other)
            if same or odds[kind] == others[other]:
                new_names.append(NewName(f"parties.{party}.types", kind, other))
                old = _with_type(old, (), party, {kind: other})
    return tuple(new_names), old


def _both(section: str, old: Plain, new: Plain) -> list[tuple[str, Plain, Plain]]:
    was, now = old.get(section) or {}, new.get(section) or {}
    return [(name, was[name], now[name]) for name in was if name in now]


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names that are gone, each with the new one in its place."""
    if len(old) == len(new):
        yield from ((a, b) for a, b in zip(old, new, strict=True) if a not in new and b not in old)


def _with_setting(value: Any, path: Path, lever: str, by: Mapping[str, str], conditions: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_with_setting(inner, path, lever, by, conditions) for inner in value]
    if isinstance(value, dict):
        made = {}
        for key, inner in value.items():
            told = _with_setting(inner, (*path, key), lever, by, conditions)
            settings, goes_by_them = settings_named(path, key, lever, value.get("lever"))
            told = _words(told, by) if settings else told
            made[key] = _sorted_by(told, by) if goes_by_them else told
        return made
    if isinstance(value, str) and path[-1:] == ("where",):
        return in_key_path(value, heads_of_settings(lever), by)
    if isinstance(value, str) and path[-1:] and path[-1] in conditions:
        try:
            return with_settings(value, lever, lambda setting: by.get(setting, setting))
        except BestandError:
            return value
    return value


def _with_type(value: Any, path: Path, party: str, by: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_with_type(inner, path, party, by) for inner in value]
    if isinstance(value, dict):
        made = {key: _with_type(inner, (*path, key), party, by) for key, inner in value.items()}
        return _sorted_by(made, by) if goes_by_types(path, party) else made
    return in_key_path(value, heads_of_types(party), by) if isinstance(value, str) and path[-1:] == ("where",) else value


def _words(told: Any, by: Mapping[str, str]) -> Any:
    return [by.get(each, each) for each in told] if isinstance(told, list) else by.get(told, told) if isinstance(told, str) else told


def _sorted_by(told: Any, by: Mapping[str, str]) -> Any:
    """A mapping by the other names; a number with its range is sorted by no setting."""
    return {by.get(key, key): inner for key, inner in told.items()} if isinstance(told, dict) and "value" not in told else told
