"""Names that were given to something else in a later version of a case: found here, and carried through the earlier one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from bestand.case.conditions import Compared, Joined, Named, Node, Not, parse, unparse, with_names
from bestand.case.lines import consent_name, consent_parts, party_of, want_place
from bestand.case.shape import keys_of_conditions
from bestand.changes.matching import alike
from bestand.errors import BestandError

SETTINGS = frozenset({"settings", "now", "took", "not_given", "setting", "falls_to", "threat", "deed"})  # under which a setting stands
BY_LEVER = frozenset({"sets", "fixed", "hold", "against", "at", "decides"})  # lever: setting
BY_SETTING = frozenset({"meaning", "told", "needs", "only_while", "odds", "consent", "troops_k", "strength", "arrival_factor"})  # by setting
WORDS = frozenset({
    "is", "name", "also", "members", "title", "summary", "citation", "gloss", "quote", "prefix", "suffix", "claim", "assumed", "says", "via",
    "author", "publisher", "hedge", "condition", "meaning", "told", "instead", "what", "place", "date", "result", "cite", "reason", "as", "language",
    "basis", "iso", "same_as",
})  # fmt: skip
NAMED_UNDER: Mapping[str, frozenset[str]] = {
    "claims": frozenset({"because", "supported_by", "supports", "denies"}), "sources": frozenset({"source"}), "terms": frozenset({"about", "goal"}),
    "zones": frozenset({"zone", "zones"}), "views": frozenset({"view", "strategies_view"}), "events": frozenset({"event"}),
    "hypotheses": frozenset(), "talks": frozenset({"about", "goal"}), "incidents": frozenset(), "areas": frozenset(),
}  # fmt: skip
"""Section → keys whose strings name its members; parties and levers are named wherever neither words nor settings stand."""
SECTIONS = ("parties", "sources", "claims", "levers", *(name for name in NAMED_UNDER if name not in ("sources", "claims")))
MOST_GONE = 40  # levers that are gone, of which it is looked whether another party has them
Plain = dict[str, Any]
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewName:
    """One member of a section that goes by another name in the later version."""

    section: str
    old: str
    new: str

    @property
    def gives(self) -> bool:
        """Whether a lever is another party's by it."""
        return self.section == "levers" and party_of(self.old) != party_of(self.new)

    @property
    def back(self) -> NewName:
        """The same the other way round."""
        return NewName(self.section, self.new, self.old)


def renames(old: Plain, new: Plain) -> tuple[tuple[NewName, ...], Plain]:
    """What goes by another name in the later of two versions as plain data, and the earlier one with these names carried through.

    A member has another name where a name is gone and a new one says the very same, or carries the same words.

    >>> found, after = renames({"terms": {"t": {"that": "a.x"}}, "wants": {"a": [{"that": "t"}]}}, {"terms": {"u": {"that": "a.x"}}})
    >>> found[0].new, after["wants"]["a"]
    ('u', [{'that': 'u'}])
    """
    new_names: list[NewName] = []
    for section in SECTIONS:
        here = _in_section(section, old.get(section) or {}, new.get(section) or {})
        old = reduce(lambda plain, each: carry_name(each, plain), here, old)
        new_names += here
    return tuple(new_names), old


def in_place(old: Plain, new: Plain) -> Iterator[NewName]:
    """Names that are gone, each with a new one that stands behind, or before, the same member: it may be the same one, said otherwise.

    >>> [each.new for each in in_place({"terms": {"s": "a.y", "t": "a.x"}}, {"terms": {"s": "a.y", "u": "not a.x"}})]
    ['u']
    """
    for section in SECTIONS:
        was, now = old.get(section) or {}, new.get(section) or {}
        come = {beside: name for name, beside in _neighbours(now) if name not in was}
        pairs = dict.fromkeys((gone, come[beside]) for gone, beside in _neighbours(was) if gone not in now and beside in come)
        yield from (NewName(section, gone, name) for gone, name in pairs if section != "levers" or party_of(gone) == party_of(name))


def given_away(old: Plain, new: Plain) -> Iterator[NewName]:
    """Levers that are gone, each with one of the same name that another party has got: it may be the same one, in other hands.

    >>> [each.new for each in given_away({"levers": {"a.x": {}, "a.y": {}}}, {"levers": {"a.y": {}, "b.x": {}}})]
    ['b.x']
    """
    was, now = old.get("levers") or {}, new.get("levers") or {}
    come: dict[str, list[str]] = {}
    for name in (name for name in now if name not in was):
        come.setdefault(name.partition(".")[2], []).append(name)
    gone = [name for name in was if name not in now]
    alone = {end for end, names in come.items() if len(names) == 1 and sum(name.partition(".")[2] == end for name in gone[:MOST_GONE]) == 1}
    yield from (NewName("levers", name, come[end][0]) for name in gone[:MOST_GONE] if (end := name.partition(".")[2]) in alone)


def _neighbours(members: Iterable[str]) -> Iterator[tuple[str, tuple[str | None, bool]]]:
    """Every member with the one before it, and again with the one behind it."""
    names = [None, *members, None]
    for before, name, behind in zip(names, names[1:], names[2:], strict=False):
        if name is not None:
            yield name, (before, False)
            yield name, (behind, True)


def _in_section(section: str, old: Mapping[str, Plain], new: Mapping[str, Plain]) -> list[NewName]:
    gone = {name: k for k, name in enumerate(each for each in old if each not in new)}
    come = {name: k for k, name in enumerate(each for each in new if each not in old)}
    saying: dict[str, list[str]] = {}
    for b in come:
        for said in _sayings(new[b]):
            saying.setdefault(said, []).append(b)
    pairs = {(a, b) for a in gone for said in _sayings(old[a]) for b in saying.get(said, ()) if section != "levers" or party_of(a) == party_of(b)}
    close = [(alike(old[a], new[b]), -gone[a], -come[b], a, b) for a, b in pairs]
    new_names: dict[str, str] = {}
    taken: set[str] = set()
    for *_, a, b in sorted(close, reverse=True):
        if a not in new_names and b not in taken:
            new_names[a] = b
            taken.add(b)
    return [NewName(section, a, b) for a, b in new_names.items()]


def _sayings(member: Any) -> list[str]:
    """What makes two members the same where they share it: everything that they say, or the words by which a reader knows them."""
    if not isinstance(member, Mapping):
        return []
    known = [f"{key} {json.dumps(member[key], sort_keys=True)}" for key in ("is", "name", "quote", "sha256", "claim") if key in member]
    return [json.dumps(member, sort_keys=True), *known]


def carry_name(rename: NewName, plain: Plain) -> Plain:
    """A version as plain data with one name put in place of another, wherever it names that member."""
    told: Plain = _carried(plain, (), CarriedName(rename, keys_of_conditions(), terms_made_of(rename, plain)))
    return told


def terms_made_of(rename: NewName, plain: Plain) -> frozenset[str]:
    """The terms that are made of a talk: one per point on the table, and two of them all."""
    talk = (plain.get("talks") or {}).get(rename.old) if rename.section == "talks" else None
    points = (talk.get("issues") or {}) if isinstance(talk, Mapping) else {}
    return frozenset(f"{rename.old}_{point}" for point in (*points, "agreed", "some_agreed")) if points else frozenset()


@dataclass(frozen=True, slots=True)
class CarriedName:
    """How one member's new name is carried through: which words, keys and conditions name it.

    conditions : keys under which conditions stand
    made       : terms that are made of the member and named for it
    """

    rename: NewName
    conditions: frozenset[str]
    made: frozenset[str] = frozenset()

    def word(self, name: str) -> str:
        """The name of the member, a lever of the party, or a key path that passes through it."""
        section, old, new = self.rename.section, self.rename.old, self.rename.new
        if name in self.made:
            return f"{new}{name[len(old) :]}"
        heads = [f"{section}.{old}"] + ([f"levers.{old}", want_place(old)] if section == "parties" else [] if section == "talks" else [old])
        heads = [old, *heads] if section == "parties" else heads
        for head in heads:
            if name == head or name.startswith((f"{head}.", f"{head}[")):
                return self._made(head[: len(head) - len(old)] + new + name[len(head) :])
        return self._made(name)

    def _made(self, name: str) -> str:
        """A lever of consent is named for the lever that it is about."""
        party, about = consent_parts(name)
        old, new = (each.replace(".", "_") for each in (self.rename.old, self.rename.new))
        if self.rename.section == "levers" and about == old:
            return consent_name(party, new)
        if self.rename.section == "parties" and about.startswith(f"{old}_"):
            return consent_name(party, f"{new}{about[len(old) :]}")
        return name

    def condition(self, text: str) -> str:
        """A condition that names the member by its other name."""
        try:
            return unparse(self.node(parse(text)))
        except BestandError:
            return text

    def written(self, text: str) -> str:
        """A condition that names the member by its other name, otherwise written as it was."""
        try:
            return with_names(text, lambda name: self.word(name) if self._in_conditions(name) else name)
        except BestandError:
            return text

    def node(self, node: Node) -> Node:
        """A parsed condition that names the member by its other name."""
        match node:
            case Named(name) if self._in_conditions(name):
                return Named(self.word(name))
            case Compared(lever, sign, setting) if self._in_conditions(lever):
                return Compared(self.word(lever), sign, setting)
            case Not(part):
                return Not(self.node(part))
            case Joined(word, parts):
                return Joined(word, tuple(self.node(part) for part in parts))
            case _:
                return node

    def _in_conditions(self, name: str) -> bool:
        return name in self.made or self.rename.section in (("parties", "levers") if "." in name else ("terms",))

    def as_key(self, path: Path) -> Callable[[str], str]:
        """How the keys of the mapping at a path are carried over."""
        if path == ("talks",) == (self.rename.section,):
            return lambda name: self.rename.new if name == self.rename.old else name
        if path == (self.rename.section,):
            return self.word
        everywhere = self.rename.section in ("parties", "levers") and path and path[-1] not in BY_SETTING | {"types"}
        of_types = len(path) == 2 and path[0] == "wants"
        return self.word if everywhere and not of_types else str

    def stands_at(self, path: Path) -> bool:
        """Whether a string at a path may name the member."""
        if set(path[-1:]) & (WORDS | SETTINGS) or set(path[-2:-1]) & (WORDS | BY_LEVER):
            return False
        section = self.rename.section
        return path[-1] == "where" or section not in NAMED_UNDER or path[-1] in NAMED_UNDER[section]


def settings_named(path: Path, key: str, lever: str, beside: object) -> tuple[bool, bool]:
    """Whether what stands under a key of the mapping at a path are settings of a lever, and whether it goes by them.

    beside : what that mapping gives as its `lever`

    >>> settings_named(("levers", "a.x"), "now", "a.x", None), settings_named(("views", "v", "fixed"), "a.x", "a.x", None)
    ((True, False), (True, True))
    """
    named = key == lever and path != ("levers",)
    own = path in (("levers", lever), ("levers", lever, "only_while", *path[3:4])) or beside == lever
    return named or (own and key in SETTINGS), named or (own and key in BY_SETTING)


def heads_of_settings(lever: str) -> tuple[str, ...]:
    """What stands before a setting of a lever in key paths."""
    return tuple(f"levers.{lever}.{key}." for key in sorted(BY_SETTING))


def heads_of_types(party: str) -> tuple[str, ...]:
    """What stands before a type of a party in key paths."""
    return f"{want_place(party)}.", f"parties.{party}.types."


def goes_by_types(path: Path, party: str) -> bool:
    """Whether the mapping at a path goes by the types of a party."""
    return path in (("parties", party, "types"), ("wants", party))


def in_key_path(at: str, heads: Iterable[str], by: Mapping[str, str]) -> str:
    """A key path that passes through a part, by the other name of that part.

    >>> in_key_path("levers.a.x.odds.low.basis", heads_of_settings("a.x"), {"low": "least"})
    'levers.a.x.odds.least.basis'
    """
    for head in heads:
        for old, new in by.items():
            if at == head + old or at.startswith((f"{head}{old}.", f"{head}{old}[")):
                return head + new + at[len(head) + len(old) :]
    return at


def _carried(value: Any, path: Path, names: CarriedName) -> Any:
    if isinstance(value, dict):
        as_key = names.as_key(path)
        return {as_key(key): _carried(part, (*path, key), names) for key, part in value.items()}
    if isinstance(value, list):
        return [_carried(part, path, names) for part in value]
    if not (isinstance(value, str) and path):
        return value
    if path[-1] in names.conditions:
        return names.condition(value)
    return names.word(value) if names.stands_at(path) else value
