"""Edits of a case as the page sends them, each made as the smallest change in the file and looked over before it counts."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bestand.case.sections import respliced
from bestand.case.yaml import Value, line_end
from bestand.errors import AskError, Problem
from bestand.web.splice import Step, contents, drop, nested, no_such, node_tree, renamed, reordered, set_value

Steps = Annotated[list[Step], Field(min_length=1, max_length=12)]
Entries = dict[str, Value]
MOST_EDITS = 50  # edits of one request


class _Edit(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    at: Steps


class Set(_Edit):
    """A value set at a place, or under a new key."""

    op: Literal["set"]
    value: JsonValue


class Remove(_Edit):
    """What stands at a place removed."""

    op: Literal["remove"]


class Order(_Edit):
    """A list rearranged: items by number, new ones by -1, -2, …"""

    op: Literal["order"]
    items: Annotated[list[int], Field(max_length=10_000)]
    new: Annotated[list[JsonValue], Field(max_length=1_000)] = []


class Rename(_Edit):
    """Another name for a key; what speaks of it is renamed by edits of their own."""

    op: Literal["rename"]
    to: Annotated[str, Field(min_length=1, max_length=20_000)]


class Nest(_Edit):
    """What stands at a place put under a key of its own there, as the wants of a party under its first type."""

    op: Literal["nest"]
    under: Annotated[str, Field(min_length=1, max_length=160)]


OneEdit = Set | Remove | Order | Rename | Nest
Edit = Annotated[OneEdit, Field(discriminator="op")]


def spliced(text: str, plain: Entries, edits: Sequence[OneEdit]) -> tuple[str, Entries]:
    """The text after some edits, its lines ended as they were, and its contents; a section that stands by itself is looked over by itself.

    Raises
    ------
    AskError
        `web/no-such-place`, `web/bad-value`; `web/not-so` where the text would come to say something else.
    """
    end = line_end(text)
    text = text.replace(end, "\n")
    for edit in edits:
        section = str(edit.at[0])
        part = _wanted({section: plain[section]} if section in plain else plain, edit)
        whole = {**plain, **part} if section in part else {**{key: value for key, value in plain.items() if key != section}, **part}
        alone = {section: plain[section]} if section in plain and list(part) == [section] else {}
        new = respliced(text, section, partial(_edited, edit=edit, wanted=part, was=alone)) if alone else None
        text = _edited(text, edit=edit, wanted=whole, was=plain) if new is None else new
        plain = whole
    return text.replace("\n", end), plain


def _edited(text: str, *, edit: OneEdit, wanted: Entries, was: Entries) -> str:
    """A text, of a section or of the whole, that says what is wanted after an edit."""
    try:
        node = node_tree(text)
        if contents(node) != was:
            raise _not_so(edit)
        new = _text(text, node, edit)
        says = contents(node_tree(new)) if new.strip() else {}
    except yaml.YAMLError:
        raise _not_so(edit) from None
    if says != wanted:
        raise _not_so(edit)
    return new


def _text(text: str, node: yaml.Node, edit: OneEdit) -> str:
    match edit:
        case Set():
            return set_value(text, node, edit.at, edit.value)
        case Remove():
            return drop(text, node, edit.at)
        case Order():
            return reordered(text, node, edit.at, _whole(edit), edit.new)
        case Rename():
            return renamed(text, node, edit.at, edit.to)
        case Nest():
            return nested(text, node, edit.at, edit.under)


def _whole(edit: Order) -> list[int]:
    """The numbers of an arrangement; none may stand twice, and each new one must have been given."""
    if len(set(edit.items)) < len(edit.items) or any(k < -len(edit.new) for k in edit.items):
        raise AskError(Problem("web/bad-value", "an item stands twice, or was not given", hint="give each item once"))
    return edit.items


def _not_so(edit: _Edit) -> AskError:
    what = f"'{'.'.join(map(str, edit.at))}' is written in a way in which it cannot be changed by itself"
    return AskError(Problem("web/not-so", what, hint="change it in the text of the case"))


def _wanted(value: Entries, edit: OneEdit) -> Entries:
    """What the contents should be after an edit."""
    value = copy.deepcopy(value)
    holder: Any = value
    for k, step in enumerate(edit.at[:-1]):
        try:
            inner = holder.get(step) if isinstance(holder, dict) and isinstance(edit, Set) else holder[step]
        except (KeyError, IndexError, TypeError):
            raise no_such(edit.at[: k + 1]) from None
        if inner is None:
            holder[step] = inner = {}
        holder = inner
    _changed(holder, edit.at[-1], edit)
    section = str(edit.at[0])
    taken_out = len(edit.at) == 2 if isinstance(edit, Remove) else isinstance(edit, Order) and len(edit.at) == 1
    if taken_out and not value[section]:  # a section of which nothing is left goes altogether
        del value[section]
    return value


def _changed(holder: Any, step: Step, edit: OneEdit) -> None:
    try:
        match edit:
            case Set():
                holder[step] = edit.value
            case Remove():
                del holder[step]
            case Order():
                old = holder[step]
                holder[step] = [old[k] if k >= 0 else edit.new[-k - 1] for k in edit.items]
            case Nest():
                holder[step] = {edit.under: holder[step]}
            case Rename():
                items = [(edit.to if key == step else key, inner) for key, inner in holder.items()]
                if len(dict(items)) < len(items):
                    raise AskError(Problem("web/bad-value", f"there is a '{edit.to}' already", hint="give another name"))
                holder.clear()
                holder.update(items)
    except (KeyError, IndexError, TypeError, AttributeError):
        raise no_such(edit.at) from None
