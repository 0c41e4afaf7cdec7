"""Another name for a type of a party or a setting of a lever: one edit that changes it wherever the case speaks of it, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import yaml

from bestand.case.conditions import with_settings
from bestand.case.loaded import Case
from bestand.case.model import CaseFile
from bestand.case.shape import keys_of_conditions
from bestand.case.translations import texts
from bestand.changes.renames import goes_by_types, heads_of_settings, heads_of_types, in_key_path, settings_named
from bestand.errors import AskError, BestandError, Problem, did_you_mean
from bestand.show import spaced
from bestand.web.desk import Desk, DeskVersion
from bestand.web.renamed import PLAIN, not_taken, require_the_same, well_formed, written_anew
from bestand.web.splice import node_tree, set_value, whole_contents

_NAME = {"types": PLAIN, "settings": re.compile(r"[\w+-]+\Z")}
Part = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class NewPart:
    """A type of a party (`kind` types) or a setting of a lever (`kind` settings) that goes by another name.

    told : whether translations of its name, as words, are of nothing else and go along
    """

    kind: str
    of: str
    old: str
    new: str
    told: bool = False


def renamed_part(desk: Desk, part: NewPart, *, version: int) -> DeskVersion:
    """The case with another name for a type or a setting, wherever it is named; on disk when this returns.

    The new text is looked over: named back, it says what the case said; a place that was passed over is refused by the reader of cases.

    Raises
    ------
    AskError
        `web/no-such-place`, `web/bad-name`, `web/name-taken`, `web/not-so`; those of `Desk.replace`.
    """
    with desk.lock:
        case = desk.sheet.readable()
        if part.new == part.old:
            return desk.sheet
        _look(case, part)
        part = replace(part, told=_alone(case.written or case.file, part))
        text = carried_part(desk.sheet.text, part)
        require_the_same(whole_contents(carried_part(text, replace(part, old=part.new, new=part.old))) == desk.sheet.plain, part.old)
        text = text if part.told or part.kind != "settings" else _told_as_well(text, case.file.translations, part)
        return desk.replace(text, version=version, what=f"{part.of}: {part.old} → {part.new}"[:200])


def _alone(file: CaseFile, part: NewPart) -> bool:
    """Whether the words of a setting's name stand for nothing else in the case, neither by the name that it has nor by that which it gets."""
    if part.kind != "settings":
        return False
    others = [spaced(each) for name, lever in file.levers.items() for each in lever.settings if (name, each) != (part.of, part.old)]
    known = {*others, *(str(words) for _, words in texts(file))}
    taken = any(spaced(part.new) in told for told in file.translations.values())
    return spaced(part.old) not in known and not taken


def _told_as_well(text: str, translations: Mapping[str, Mapping[str, str]], part: NewPart) -> str:
    """The text with what a setting was told as in other languages under its new name too: others still go by the old one."""
    for language, told in translations.items():
        if spaced(part.old) in told and spaced(part.new) not in told:
            text = set_value(text, node_tree(text), ["translations", language, spaced(part.new)], told[spaced(part.old)])
    return text


def _look(case: Case, part: NewPart) -> None:
    file = case.written or case.file
    parties, levers = file.parties, file.levers
    members = (
        list(parties[part.of].types) if part.kind == "types" and part.of in parties
        else list(levers[part.of].settings) if part.kind == "settings" and part.of in levers else []
    )  # fmt: skip
    if part.old not in members:
        hint = did_you_mean(part.old, members) or "it may have gone in another window: look again"
        raise AskError(Problem("web/no-such-place", f"'{part.of}' has no '{part.old}'", hint=hint))
    well_formed(part.new, _NAME[part.kind], "letters, digits and _")
    not_taken(part.new, members, part.of)


def carried_part(text: str, part: NewPart) -> str:
    """The text of a case with another name for a type or a setting: only that name is written anew."""
    spans = _types(text, node_tree(text), (), part) if part.kind == "types" else _settings(text, node_tree(text), (), part, keys_of_conditions())
    for first, last, by in sorted(spans, reverse=True):
        text = text[:first] + by + text[last:]
    return text


def _types(text: str, node: yaml.Node, path: tuple[str, ...], part: NewPart) -> Iterator[Part]:
    """Where a type is named: under the party, among its wants, and in key paths."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if goes_by_types(path, part.of) and key.value == part.old:
                yield from written_anew(text, key, part.new)
            yield from _types(text, value, (*path, key.value), part)
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _types(text, inner, path, part)
    elif isinstance(node, yaml.ScalarNode) and path[-1:] == ("where",):
        yield from _in_path(text, node, part, heads_of_types(part.of))


def _settings(text: str, node: yaml.Node, path: tuple[str, ...], part: NewPart, conditions: frozenset[str]) -> Iterator[Part]:
    """Where a setting is named: under the lever, beside it, by it, in conditions, and among translations where it alone is meant."""
    if isinstance(node, yaml.MappingNode) and path[:1] == ("translations",) and part.told:
        for key, value in node.value:
            if len(path) == 2 and key.value == spaced(part.old):
                yield from written_anew(text, key, spaced(part.new))
            yield from _settings(text, value, (*path, key.value), part, conditions)
    if isinstance(node, yaml.MappingNode) and path[:1] != ("translations",):
        beside = next((value.value for key, value in node.value if key.value == "lever"), None)
        for key, value in node.value:
            settings, goes_by_them = settings_named(path, key.value, part.of, beside)
            if settings:
                yield from _words(text, value, part)
            if goes_by_them:
                yield from _keys(text, value, part)
            yield from _settings(text, value, (*path, key.value), part, conditions)
    elif isinstance(node, yaml.SequenceNode):
        for inner in node.value:
            yield from _settings(text, inner, path, part, conditions)
    elif isinstance(node, yaml.ScalarNode) and path[-1:] == ("where",):
        yield from _in_path(text, node, part, heads_of_settings(part.of))
    elif isinstance(node, yaml.ScalarNode) and path and (path[-1] in conditions or path[-2:-1] in (("terms",), ("needs",))):
        yield from written_anew(text, node, _condition(node.value, part))


def _words(text: str, node: yaml.Node, part: NewPart) -> Iterator[Part]:
    for word in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        if isinstance(word, yaml.ScalarNode) and word.value == part.old:
            yield from written_anew(text, word, part.new)


def _keys(text: str, node: yaml.Node, part: NewPart) -> Iterator[Part]:
    keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    for key in keys if all(key.value != "value" for key in keys) else []:  # a number with its range is sorted by no setting
        if key.value == part.old:
            yield from written_anew(text, key, part.new)


def _condition(condition: str, part: NewPart) -> str:
    try:
        return with_settings(condition, part.of, lambda setting: part.new if setting == part.old else setting)
    except BestandError:
        return condition


def _in_path(text: str, node: yaml.ScalarNode, part: NewPart, heads: tuple[str, ...]) -> Iterator[Part]:
    """A key path that passes through the part."""
    told = in_key_path(node.value, heads, {part.old: part.new})
    if told != node.value:
        yield from written_anew(text, node, told)
