"""Another name for what lies deeper in a case, or is written out as a line of another name: postures, points on a table, clocks, budgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from bestand.case.expand import chance_party
from bestand.case.loaded import Case
from bestand.changes.renames import NewName
from bestand.errors import AskError, Problem, did_you_mean
from bestand.web.desk import Desk, DeskVersion
from bestand.web.renamed import PLAIN, carried_text, not_taken, require_the_same, well_formed, written_anew
from bestand.web.splice import node_tree, renamed, whole_contents

LEVERS_OF = ("clocks", "credibility")  # sections of which each member is written out as a lever of its name


@dataclass(frozen=True, slots=True)
class NewKey:
    """A member of the mapping at a place that goes by another name."""

    at: tuple[str, ...]
    old: str
    new: str

    @property
    def back(self) -> NewKey:
        """The same the other way round."""
        return NewKey(self.at, self.new, self.old)


def renamed_inner(desk: Desk, at: Sequence[str], name: str, to: str, *, version: int) -> DeskVersion:
    """The case with another name for a member of the mapping at a place, wherever it is named; on disk when this returns.

    The new text is looked over: named back, it says what the case said; a place that was passed over is refused by the reader of cases.

    Raises
    ------
    AskError
        `web/no-such-place`, `web/bad-name`, `web/name-taken`, `web/not-so`; those of `Desk.replace`.
    """
    with desk.lock:
        case, plain = desk.sheet.readable(), desk.sheet.plain
        if to == name:
            return desk.sheet
        key = _looked(plain, NewKey(tuple(at), name, to))
        text = carried_key(desk.sheet.text, key, case)
        require_the_same(whole_contents(carried_key(text, key.back, case)) == plain, name)
        return desk.replace(text, version=version, what=f"{'.'.join(at)}.{name} → {to}"[:200])


def _looked(plain: object, key: NewKey) -> NewKey:
    """A name that the member can have."""
    here = plain
    for step in key.at:
        here = here.get(step) if isinstance(here, dict) else None
    members = list(here) if isinstance(here, dict) else []
    if key.old not in members:
        raise AskError(Problem("web/no-such-place", f"'{'.'.join(key.at)}' has no '{key.old}'", hint=did_you_mean(key.old, members)))
    well_formed(key.new, PLAIN, "letters, digits and _, not a digit first")
    not_taken(key.new, members, ".".join(key.at))
    return key


def carried_key(text: str, key: NewKey, case: Case) -> str:
    """The text of a case with another name for a key, and for what it is spoken of as."""
    text = renamed(text, node_tree(text), [*key.at, key.old], key.new)
    spans = sorted(_spoken_of(text, node_tree(text), (), key), reverse=True)
    for first, last, by in spans:
        text = text[:first] + by + text[last:]
    for line in _lines_of(key, case):
        text = carried_text(text, node_tree(text), line)
    return text


def _lines_of(key: NewKey, case: Case) -> Iterator[NewName]:
    """Lines of another name that the member is written out as: the lever of a clock or threat, the term of a point on a table."""
    if key.at[0] in LEVERS_OF:
        stated = getattr(case.written or case.file, key.at[0])
        party = chance_party(case.written or case.file, next((each.party for name, each in stated.items() if name in (key.old, key.new)), None))
        yield NewName("levers", f"{party}.{key.old}", f"{party}.{key.new}")
    if key.at[0] == "talks" and key.at[2:] == ("issues",):
        yield NewName("terms", f"{key.at[1]}_{key.old}", f"{key.at[1]}_{key.new}")


def _spoken_of(text: str, node: yaml.Node, path: tuple[str, ...], key: NewKey) -> Iterator[tuple[int, int, str]]:
    """Where a posture is named, and key paths that pass through the member."""
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _spoken_of(text, value, (*path, name.value), key)
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _spoken_of(text, inner, path, key)
    elif isinstance(node, yaml.ScalarNode):
        if path == ("deterrence", "past", "posture") and key.at == ("deterrence", "postures") and node.value == key.old:
            yield from written_anew(text, node, key.new)
        head = ".".join((*key.at, key.old))
        if path[-1:] == ("where",) and (node.value == head or node.value.startswith((f"{head}.", f"{head}["))):
            yield from written_anew(text, node, ".".join((*key.at, key.new)) + node.value[len(head) :])
