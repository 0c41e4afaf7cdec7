"""The cases between two versions of a case: the earlier one with some of the changes made."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from bestand.case.conditions import Node
from bestand.case.expand import expand, plain
from bestand.case.lines import member_of, party_of, want_at
from bestand.case.loaded import Case
from bestand.case.model import CaseFile
from bestand.case.references import References
from bestand.case.references_worlds import taken
from bestand.case.shifted import known_through
from bestand.changes.beside import mixed
from bestand.changes.diff import Change, laid
from bestand.changes.renames import NewName, carry_name
from bestand.errors import BestandError, Place

MODEL = frozenset({
    "parties", "levers", "terms", "never", "events", "clocks", "credibility", "budgets", "channels", "wants", "ranking", "states", "graph", "talks",
    "incidents", "views", "present", "sizes",
})  # fmt: skip
"""Sections that make states, moves and what they are worth."""
SAID = frozenset({
    "is", "because", "supported_by", "basis", "assumed", "meaning", "told", "name", "also", "members", "cite", "place", "date", "result",
})  # fmt: skip
"""Keys that say in words what a line is, or on what it rests: they are told, and turn no answer of the case as it stands."""
_SIMPLE = re.compile(r"levers\.\w+\.\w+\.now$|claims\.\w+\.(hedge|says|via|author_holds|source_holds|gloss)")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?")


@dataclass(frozen=True, slots=True)
class Between:
    """Two versions of a case and all that lies between.

    old     : the earlier version, by the names of the later one
    changes : what differs; names that changed come first
    groups  : numbers of the changes that can be made by themselves, together where one names what the other brings or takes away;
              names that changed are in none: a name turns nothing
    given   : number of a change by which a lever is another party's, with its names
    simple  : whether nothing differs but wants, settings of today and claims: then every mixture of the two is a case
    """

    old: Case
    new: Case
    changes: tuple[Change, ...]
    groups: tuple[tuple[int, ...], ...]
    simple: bool
    side_by_side: Any = field(repr=False)
    known: Mapping[str, Node] = field(repr=False)
    given: Mapping[int, NewName] = field(default_factory=dict)

    def case(self, chosen: Collection[int]) -> Case | None:
        """The earlier version with some groups of changes made; None where that is no case: something names what is not there."""
        numbers = {number for group in chosen for number in self.groups[group]}
        if len(chosen) == len(self.groups):
            return self.new
        return self.old if not chosen else _case(self.mixture(numbers), self)

    def mixture(self, numbers: Collection[int]) -> dict[str, Any]:
        """The earlier version as plain data with some changes made; a lever that has not been given away goes by its old name."""
        made: dict[str, Any] = mixed(self.side_by_side, numbers)
        for number, name in self.given.items():
            made = made if number in numbers else carry_name(name.back, made)
        return made

    def told(self, group: int) -> tuple[Change, ...]:
        """The changes of a group."""
        return tuple(self.changes[number] for number in self.groups[group])

    def bearing(self, more: Collection[str] = ()) -> tuple[int, ...]:
        """Groups that touch states, moves or worths; those of other sections named too."""
        return tuple(k for k in range(len(self.groups)) if any(bears(change, more) for change in self.told(k)))


def bears(change: Change, more: Collection[str] = ()) -> bool:
    """Whether a change touches states, moves or worths, or one of the other sections named."""
    keys = re.split(r"[.\[\]]+", change.at)
    section = keys[0]
    if section in more:
        return True
    return section in MODEL and not (len(keys) > 2 and set(keys[2:]) & SAID and change.kind != "edited")


def between(old: Case, new: Case) -> Between:
    """Two versions of a case and all that lies between them.

    >>> from bestand.case.read import read_text
    >>> text = "bestand: 1\\ntitle: T\\nparties: {a: {name: A}}\\nlevers: {a.stops: {is: it stops, assumed: t}}\\n"
    >>> wants = "wants: {a: [{that: a.stops, assumed: t}, {that: not a.stops, assumed: t}]}\\n"
    >>> both = between(read_text(text), read_text(text + wants))
    >>> [len(both.case(chosen).file.wants["a"]) for chosen in ([0], [1], [0, 1])]
    [1, 1, 2]
    """
    changes, side_by_side, names = laid(old, new)
    given = {number: name for number, name in enumerate(names) if name.gives}
    known = {**old.conditions, **new.conditions}
    groups = _together(changes, _named_by(changes, side_by_side))
    simple = not any(each.shifts for incident in new.file.incidents.values() for each in incident.framings)
    simple = simple and all(_is_simple(change) for change in changes)
    both = Between(old, new, changes, groups, simple, side_by_side, known, given)
    if any(change.kind == "renamed" for change in changes):
        both = replace(both, old=_case(both.mixture(()), both) or old)
    return both


def _is_simple(change: Change) -> bool:
    """Whether a change can be left out by itself: of one want, of the order of wants, of where a lever stands, of how a claim is said."""
    place = want_at(change.at)
    return bool(_SIMPLE.match(change.at)) or (place is not None and (place[2] is not None or change.kind == "moved"))


def mended(both: Between) -> Between:
    """The same with groups that cannot be made, or left out, alone put together with all that touch more than wants."""
    every = range(len(both.groups))
    if len(both.groups) < 2 or all(both.case(chosen) is not None for k in every for chosen in ({k}, set(every) - {k})):
        return both
    loose = [k for k in every if all(change.at.startswith("wants.") for change in both.told(k)) and both.case({k}) and both.case(set(every) - {k})]
    rest = tuple(sorted(number for k in every if k not in loose for number in both.groups[k]))
    return replace(both, groups=tuple(sorted([*(both.groups[k] for k in loose), rest])))


def _named_by(changes: Sequence[Change], side_by_side: Any) -> list[tuple[set[str], set[str]]]:
    """Per change, the names that it brings or takes away, and all names on either of its sides."""
    sides = _sides(side_by_side, [list[Any]() for _ in changes])
    return [(_brought(change), set(_names(sides[k]))) for k, change in enumerate(changes)]


def _sides(part: Any, sides: list[list[Any]]) -> list[list[Any]]:
    number = getattr(part, "number", None)
    if number is not None:
        sides[number] += [part.old, part.new]
    inner = getattr(part, "parts", {})
    for key in inner:
        _sides(inner[key], sides)
    return sides


def _names(sides: list[Any]) -> Iterable[str]:
    for word in _WORD.findall(json.dumps(sides, ensure_ascii=False)):
        yield word
        yield party_of(word)


def _brought(change: Change) -> set[str]:
    """The name of a member that comes or goes; of settings, those that do so."""
    section, _, name = change.at.partition(".")
    if change.kind in ("added", "removed") and name and section != "wants" and "[" not in name and name.count(".") <= (section == "levers"):
        return {name}
    if change.at.endswith(".settings"):
        return set(change.before.split(", ")) ^ set(change.after.split(", "))
    return set()


def _together(changes: Sequence[Change], names: Sequence[tuple[set[str], set[str]]]) -> tuple[tuple[int, ...], ...]:
    """Changes joined where one names what the other brings or takes away, or stands within it."""
    head = list(range(len(changes)))

    def top(k: int) -> int:
        while head[k] != k:
            k = head[k]
        return k

    for k, (brought, _) in enumerate(names):
        for other, change in enumerate(changes):
            inside = change.at.startswith("wants.") and member_of(change.at) in brought
            if brought and other != k and (brought & names[other][1] or inside):
                head[top(other)] = top(k)
    groups: dict[int, list[int]] = {}
    for k, change in enumerate(changes):
        if change.kind != "renamed":
            groups.setdefault(top(k), []).append(k)
    return tuple(tuple(each) for each in groups.values())


class _Known(References):
    """The check of a case whose conditions have been parsed before."""

    def __init__(self, file: CaseFile, written: CaseFile, both: Between) -> None:
        self.trees = both.known
        super().__init__(file, {**both.old.marks, **both.new.marks}, None, written=written)

    def parsed(self, text: str, at: str) -> Node | None:
        """The tree of a condition."""
        if text not in self.trees:
            return super().parsed(text, at)
        self.conditions[text] = self.trees[text]
        return self.trees[text]

    def place(self, at: str) -> Place:
        """Nowhere: a case between two versions has no lines."""
        return Place(at=at)


def _case(made: dict[str, Any], both: Between) -> Case | None:
    """The case that plain data stand for; None where they are none."""
    try:
        written = CaseFile.model_validate(made)
        file, _, names_taken = expand(written)
        if both.simple:
            return Case(
                file=plain(file), path=both.new.path, digest=both.new.digest, text="", marks={}, terms=both.new.terms,
                conditions=both.known, quotes={}, notes={}, written=written, known_through=known_through(written),
            )  # fmt: skip
        refs = _Known(file, written, both)
        taken(refs, names_taken)
        if refs.all():
            return None
    except (ValidationError, BestandError):
        return None
    return Case(
        file=plain(file), path=both.new.path, digest=both.new.digest, text="", marks={}, terms=refs.terms, conditions=refs.conditions,
        quotes={}, notes={}, written=written, known_through=known_through(written),
    )  # fmt: skip
