"""The smallest change in a case's text that makes one change in its contents; every other letter stays as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import cast

import yaml

from bestand.case.yaml import Value, scalar, unbroken
from bestand.errors import AskError, Problem

Step = str | int
Steps = Sequence[Step]
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = re.compile(r"[A-Za-z_\u00c0-\u024f][\w \-./()'’+]*\Z")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
_LINE_END = re.compile("\r\n?|\n")
_DASH = re.compile(r"-(?=\s|$)")  # of an item of a block
_SURROGATE = re.compile("[\ud800-\udfff]")


def node_tree(text: str) -> yaml.Node:
    """The nodes of a case's text, with the places where they stand."""
    stands, back = unbroken(text)
    node = yaml.compose(stands, Loader=_Loader)
    if stands != text:
        _put_back(node, back)
    if not isinstance(node, yaml.MappingNode):
        raise no_such(())
    return node


def _put_back(node: yaml.Node | None, back: Callable[[str], str]) -> None:
    """Puts back the letters for which others stood when the text was parsed."""
    if isinstance(node, yaml.ScalarNode):
        node.value = back(node.value)
    for inner in node.value if isinstance(node, yaml.CollectionNode) else ():
        for each in inner if isinstance(inner, tuple) else (inner,):
            _put_back(each, back)


def whole_contents(text: str) -> dict[str, Value]:
    """What a case's text says, as it stands there."""
    return cast("dict[str, Value]", contents(node_tree(text)))


def contents(node: yaml.Node) -> Value:
    """A node's value, as the reader of cases sees it."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): contents(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [contents(item) for item in node.value]
    plain = isinstance(node, yaml.ScalarNode) and not node.style  # a plain word has no style
    return scalar(node.value) if plain else str(node.value)


def written(value: Value) -> str:
    """A value on one line.

    >>> written({"that": "not a.x", "is": "it: stops", "worth": 2, "because": ["c1"], "now": "true"})
    '{that: not a.x, is: "it: stops", worth: 2, because: [c1], now: "true"}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(str(key))}: {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(item) for item in value) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.match(value) and value == value.strip() and isinstance(scalar(value), str):
        return value
    if _SURROGATE.search(value):
        raise AskError(Problem("web/bad-value", "half a letter cannot be written", hint="type it again"))
    return _UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign.group()):04x}", json.dumps(value, ensure_ascii=False))


def set_value(text: str, node: yaml.Node, at: Steps, value: Value) -> str:
    """The text with a value set at a place that is there already, or under a new key of what holds it."""
    missing = _missing(node, at)
    if missing < len(at) - 1:  # what should hold it is not there yet
        return set_value(text, node, at[: missing + 1], _nested(at[missing + 1 :], value))
    holder, step = _at(node, at[:-1]), at[-1]
    if isinstance(holder, yaml.MappingNode):
        for key, inner in holder.value:
            if key.value == step:
                return _replaced(text, key, inner, value)
        return _added(text, node, at, holder, str(step), value)
    if isinstance(holder, yaml.SequenceNode) and isinstance(step, int) and step < len(holder.value):
        return _over(text, holder.value[step].start_mark.index, _end(text, holder.value[step]), written(value))
    if at[:-1] and isinstance(holder, yaml.ScalarNode):
        return set_value(text, node, at[:-1], {str(step): value})
    raise no_such(at)


def _missing(node: yaml.Node, at: Steps) -> int:
    """The first step of a place that a mapping does not have yet."""
    for k in range(len(at)):
        holder = _at(node, at[:k])
        if isinstance(holder, yaml.MappingNode) and all(key.value != at[k] for key, _ in holder.value):
            return k
    return len(at)


def _nested(steps: Steps, value: Value) -> Value:
    for step in reversed(steps):
        value = {str(step): value}
    return value


def drop(text: str, node: yaml.Node, at: Steps) -> str:
    """The text without what stands at a place."""
    holder, step = _at(node, at[:-1]), at[-1]
    spans = _spans(text, holder)
    number = step if isinstance(step, int) else next((k for k, (key, _) in enumerate(holder.value) if key.value == step), len(spans))
    if not isinstance(holder, yaml.CollectionNode) or number >= len(spans):
        raise no_such(at)
    if len(spans) == 1:
        return _emptied(text, node, at[:-1], holder)
    return _without(text, holder, spans, number)


def reordered(text: str, node: yaml.Node, at: Steps, items: Sequence[int | Value], new: Sequence[Value]) -> str:
    """The text with a list rearranged: items that stand there, by number; -1, -2, … for the first, second, … new one."""
    holder = _at(node, at)
    if not isinstance(holder, yaml.SequenceNode):
        raise no_such(at)
    if not items:
        return _emptied(text, node, at, holder)
    if not holder.value:
        return set_value(text, node, at, [new[-cast("int", k) - 1] for k in items])
    if holder.flow_style:
        spans = _spans(text, holder)
        old = [text[first:last] for first, last in spans]
        line = ", ".join(old[k] if k >= 0 else written(new[-k - 1]) for k in cast("Sequence[int]", items))
        return _over(text, spans[0][0], spans[-1][1], line)
    chunks = _chunks(text, holder)
    indent = " " * (holder.start_mark.column)
    behind = "" if chunks[0][0] == _line_start(text, chunks[0][0]) else indent  # the first stands behind the dash of another list
    old = [text[first:last] for first, last in chunks]
    old = [part if part.endswith(("\n", "\r")) else part + "\n" for part in (behind + old[0], *old[1:])]
    made = [old[k] if k >= 0 else f"{indent}- {written(new[-k - 1])}\n" for k in cast("Sequence[int]", items)]
    return _over(text, chunks[0][0], chunks[-1][1], "".join(made).removeprefix(behind))


def renamed(text: str, node: yaml.Node, at: Steps, to: str) -> str:
    """The text with another name for a key."""
    holder = _at(node, at[:-1])
    for key, _ in holder.value if isinstance(holder, yaml.MappingNode) else ():
        if key.value == at[-1]:
            return _over(text, key.start_mark.index, key.end_mark.index, written(to))
    raise no_such(at)


def nested(text: str, node: yaml.Node, at: Steps, under: str) -> str:
    """The text with what stands at a place put under a key of its own there."""
    inner, holder = _at(node, at), _at(node, at[:-1])
    if not isinstance(holder, yaml.MappingNode):
        raise no_such(at)
    first, last = int(inner.start_mark.index), _end(text, inner)
    key = next(key for key, value in holder.value if value is inner)
    if not isinstance(inner, yaml.CollectionNode) or inner.flow_style:
        anew = isinstance(inner, yaml.ScalarNode) and inner.style not in ("'", '"')  # what stands between braces is written otherwise
        return _over(text, first, last, f"{{{written(under)}: {written(contents(inner)) if anew else text[first:last]}}}")
    start, end = _line_end(text, key.end_mark.index), _line_end(text, last)
    lines = [f"  {line}" if line.strip() else line for line in text[start:end].splitlines(keepends=True)]
    return _over(text, start, end, f"{' ' * (key.start_mark.column + 2)}{written(under)}:\n{''.join(lines)}")


def no_such(at: Steps) -> AskError:
    """The refusal of a place that is not in the case."""
    what = f"the case has no '{'.'.join(map(str, at))}'"
    return AskError(Problem("web/no-such-place", what, hint="it may have gone in another window: look again"))


def _at(node: yaml.Node, at: Steps) -> yaml.Node:
    for k, step in enumerate(at):
        inner = None
        if isinstance(node, yaml.MappingNode):
            inner = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
            inner = node.value[step]
        if inner is None:
            raise no_such(at[: k + 1])
        node = inner
    return node


def _over(text: str, first: int, last: int, by: str) -> str:
    return text[:first] + by + text[last:]


def _end(text: str, node: yaml.Node) -> int:
    """Where a node's own text ends; comments and blank lines after it are not its own."""
    first, last = int(node.start_mark.index), int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode):
        return first + len(text[first:last].rstrip()) if node.style in ("|", ">") else last
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return last
    tail = node.value[-1]
    return _end(text, tail[1] if isinstance(tail, tuple) else tail)


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _line_end(text: str, at: int) -> int:
    """Just past the end of a line."""
    ended = _LINE_END.search(text, at)
    return len(text) if ended is None else ended.end()


def _replaced(text: str, key: yaml.Node, inner: yaml.Node, value: Value) -> str:
    first, last = int(inner.start_mark.index), _end(text, inner)
    if isinstance(inner, yaml.CollectionNode) and not inner.flow_style:
        colon = text.index(":", key.end_mark.index)
        return _over(text, colon + 1, last, " " + written(value))
    lead = "" if first and text[first - 1] in " \t" else " "
    return _over(text, first, last, lead + written(value))


def _added(text: str, node: yaml.Node, at: Steps, holder: yaml.MappingNode, key: str, value: Value) -> str:
    entry = f"{written(key)}: {written(value)}"
    if not holder.value:
        return set_value(text, node, at[:-1], {key: value}) if at[:-1] else text.rstrip() + f"\n{entry}\n"
    last = _end(text, holder.value[-1][1])
    if holder.flow_style:
        return _over(text, last, last, f", {entry}")
    where = _line_end(text, last)
    newline = "" if text[:where].endswith(("\n", "\r")) else "\n"
    indent = " " * holder.value[0][0].start_mark.column
    listed = isinstance(value, list) and value and isinstance(value[0], dict)
    block = f"\n{key}:\n{_block(value, 2)}" if len(at) == 1 and isinstance(value, dict | list) and value else f"{indent}{entry}\n"
    if listed and len(at) > 1:
        block = f"{indent}{written(key)}:\n{_block(value, len(indent) + 2)}"
    return _over(text, where, where, newline + block)


def _block(value: Value, indent: int) -> str:
    """A new section, one line for each of its parts."""
    lead = " " * indent
    if isinstance(value, list):
        return "".join(f"{lead}- {written(item)}\n" for item in value)
    parts = value.items() if isinstance(value, dict) else ()
    return "".join(
        f"{lead}{written(key)}:\n{_block(inner, indent + 2)}" if isinstance(inner, list) and inner and isinstance(inner[0], dict)
        else f"{lead}{written(key)}: {written(inner)}\n"
        for key, inner in parts
    )


def _spans(text: str, holder: yaml.Node) -> list[tuple[int, int]]:
    """Where each part of a list or mapping stands."""
    if isinstance(holder, yaml.MappingNode):
        return [(int(key.start_mark.index), _end(text, value)) for key, value in holder.value]
    return [(int(item.start_mark.index), _end(text, item)) for item in holder.value] if isinstance(holder, yaml.SequenceNode) else []


def _chunks(text: str, holder: yaml.SequenceNode) -> list[tuple[int, int]]:
    """Lines of each item of a list; a comment goes with the item below it."""
    chunks: list[tuple[int, int]] = []
    for first, last in _spans(text, holder):
        chunks.append((chunks[-1][1] if chunks else _begins(text, holder, first), _line_end(text, last)))
    return chunks


def _begins(text: str, holder: yaml.CollectionNode, first: int) -> int:
    """Where a part of a block begins: its line, or that of its dash, which may stand above it; behind the dash of another list the part itself."""
    start, at = _line_start(text, first), first
    if isinstance(holder, yaml.SequenceNode):
        while start and not _DASH.match(text, start + holder.start_mark.column):
            start = _line_start(text, start - 1)
        at = start + holder.start_mark.column
    return at if text[start:at].strip() else start


def _without(text: str, holder: yaml.CollectionNode, spans: Sequence[tuple[int, int]], number: int) -> str:
    first, last = spans[number]
    if holder.flow_style:
        return _over(text, first, spans[number + 1][0], "") if number + 1 < len(spans) else _over(text, spans[number - 1][1], last, "")
    start = _begins(text, holder, first)
    if start == _line_start(text, start):
        return _over(text, start, _line_end(text, last), "")
    following = spans[number + 1][0]
    return _over(text, start, _begins(text, holder, following) + holder.start_mark.column if isinstance(holder, yaml.SequenceNode) else following, "")


def _emptied(text: str, node: yaml.Node, at: Steps, holder: yaml.Node) -> str:
    """The text with nothing left in a list or mapping; a section that is empty goes altogether."""
    if len(at) == 1:
        top = cast("yaml.MappingNode", node)
        spans = _spans(text, top)
        return _without(text, top, spans, next(k for k, (key, _) in enumerate(top.value) if key.value == at[0]))
    return set_value(text, node, at, [] if isinstance(holder, yaml.SequenceNode) else {})
