"""Another name for a party, lever, claim or other member: one edit that changes the name wherever the case speaks of it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

import yaml

from bestand.case.lines import party_of
from bestand.case.loaded import Case
from bestand.case.shape import keys_of_conditions
from bestand.changes.diff import as_written
from bestand.changes.renames import SECTIONS, CarriedName, NewName, carry_name, terms_made_of
from bestand.errors import AskError, Problem, did_you_mean
from bestand.web.desk import Desk, DeskVersion
from bestand.web.splice import node_tree, set_value, written

PLAIN, _OF_PARTY = re.compile(r"[A-Za-z_]\w*\Z"), re.compile(r"[A-Za-z_]\w*\.[A-Za-z_]\w*\Z")


def renamed_member(desk: Desk, section: str, name: str, to: str, *, version: int, called: str = "") -> DeskVersion:
    """The case with another name for a member of a section, wherever it is named; on disk when this returns.

    called : what a party is called, that had no name yet and gets one with this edit

    Raises
    ------
    AskError
        `web/no-such-place`, `web/bad-name`, `web/name-taken`, `web/not-so`; those of `Desk.edit`.
    """
    with desk.lock:
        case = desk.sheet.readable()
        if to == name:
            return desk.sheet
        rename = checked_name(case, section, name, to)
        text = carried_text(desk.sheet.text, node_tree(desk.sheet.text), rename, terms_made_of(rename, as_written(case)))
        if called:
            text = set_value(text, node_tree(text), [section, to, "name"], called)
        what = f"{section}.{name} → {to}"[:200]
        return desk.replace(text, version=version, what=what, agreed=lambda made: _said_so(case, made, rename, called))


def require_the_same(same: bool, name: str) -> None:
    """Refuses another name with which the case would say something else.

    Raises
    ------
    AskError
        `web/not-so`.
    """
    if not same:
        what = f"'{name}' is named in a way in which it cannot be changed by itself"
        raise AskError(Problem("web/not-so", what, hint="change it in the text of the case"))


def checked_name(case: Case, section: str, name: str, to: str) -> NewName:
    """A name that a member can have: of the right form, and not in use."""
    members = getattr(case.written or case.file, section) if section in SECTIONS else {}
    if name not in members:
        raise _not_here(section, name)
    form, example = (_OF_PARTY, "a name such as ru.holds_fire") if section == "levers" else (PLAIN, "letters, digits and _, not a digit first")
    well_formed(to, form, example)
    if section == "levers" and (party := party_of(to)) not in case.file.parties:
        hint = did_you_mean(party, case.file.parties)
        raise AskError(Problem("web/bad-name", f"no party '{party}' that could have the lever", hint=hint))
    for beside in _beside(section):
        not_taken(to, getattr(case.file, beside), beside)
    return NewName(section, name, to)


def well_formed(name: str, form: re.Pattern[str], example: str) -> None:
    """Refuses what cannot be a name.

    Raises
    ------
    AskError
        `web/bad-name`.
    """
    if not form.match(name):
        raise AskError(Problem("web/bad-name", f"'{name[:60]}' cannot be a name", hint=f"give {example}"))


def not_taken(name: str, members: Container[str], under: str) -> None:
    """Refuses a name that another member has.

    Raises
    ------
    AskError
        `web/name-taken`.
    """
    if name in members:
        raise AskError(Problem("web/name-taken", f"'{name}' is in use already, under {under}", hint="give another name"))


def _beside(section: str) -> tuple[str, ...]:
    """Sections whose members are named in one and the same place."""
    return ("levers", "terms") if section in ("levers", "terms") else (section,)


def _not_here(section: str, name: str) -> AskError:
    return AskError(Problem("web/no-such-place", f"the case has no '{section}.{name}'", hint="it may have gone in another window: look again"))


def _said_so(old: Case, new: Case, rename: NewName, called: str) -> None:
    """Refuses a text that says anything but the same with the new name, and with what the member is called now."""
    expected = carry_name(rename, as_written(old))
    if called:
        expected[rename.section][rename.new]["name"] = called
    require_the_same(as_written(new) == expected, rename.old)


def carried_text(text: str, node: yaml.Node, rename: NewName, made: frozenset[str] = frozenset()) -> str:
    """The text of a case with a name carried through: only the names themselves are written anew.

    made : terms that are made of the member and named for it
    """
    names = CarriedName(rename, keys_of_conditions(), made)
    spans = sorted(_spans(text, node, (), names), reverse=True)
    for first, last, by in spans:
        text = text[:first] + by + text[last:]
    return text


def _spans(text: str, node: yaml.Node, path: tuple[str, ...], names: CarriedName) -> Iterator[tuple[int, int, str]]:
    """Where a name stands in the text, and what is to stand there."""
    if isinstance(node, yaml.MappingNode) and path[:1] != ("translations",):
        as_key = names.as_key(path)
        for key, value in node.value:
            yield from written_anew(text, key, as_key(key.value))
            yield from _spans(text, value, (*path, key.value), names)
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _spans(text, part, path, names)
    elif isinstance(node, yaml.ScalarNode) and path:
        yield from written_anew(text, node, _after(node.value, path, names))


def _after(value: str, path: tuple[str, ...], names: CarriedName) -> str:
    """What a word or a condition at a place says by the new name; a term and a guard may be a condition by themselves."""
    if path[-1] in names.conditions or path[-2:-1] in (("terms",), ("needs",)):
        return names.written(value)
    return names.word(value) if names.stands_at(path) else value


def written_anew(text: str, node: yaml.ScalarNode, after: str) -> Iterator[tuple[int, int, str]]:
    """Where a word stands in the text, and what is to stand there; nothing where it stays."""
    if after == node.value:
        return
    first, last = int(node.start_mark.index), int(node.end_mark.index)
    stands = text[first:last]
    if node.value in stands and not node.style:
        yield first, last, stands.replace(node.value, after, 1)
    elif node.style in ("'", '"') and stands == f"{node.style}{node.value}{node.style}":
        yield first + 1, last - 1, after
    else:  # over several lines
        end = first + len(stands.rstrip())
        yield first, end, written(after)
