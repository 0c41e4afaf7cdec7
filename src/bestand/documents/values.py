"""Style sheets as tokens, by tinycss2, and their values as text that is written in one way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import Node  # type: ignore[import-untyped]

MOST_NESTED = 50  # brackets of a value or selector inside each other
__all__ = ["MOST_NESTED", "Node", "Tokens", "functions", "held", "parted", "significant", "sized", "spelled", "split", "tokens_of"]
_LONG = re.compile(r"(\d{400})\d+")  # digits that make no number larger: all are too large by then
Tokens = Sequence[Node]


def tokens_of(text: str) -> Tokens:
    """Tokens of a style sheet, without comments; brackets hold theirs."""
    return tinycss2.parse_component_value_list(_LONG.sub(r"\1", text) if len(text) > 400 else text, skip_comments=True)


def held(token: Node) -> Tokens:
    """What a token holds between its brackets."""
    return token.arguments if token.type == "function" else token.content if token.type.endswith(" block") else ()


def significant(tokens: Tokens) -> list[Node]:
    """Tokens that are no blanks."""
    return [token for token in tokens if token.type != "whitespace"]


def sized(tokens: Tokens) -> int | None:
    """How many tokens there are, with those in brackets; None where they stand too deep in each other."""
    n_tokens, level = 0, list(tokens)
    for _ in range(MOST_NESTED):
        if not level:
            return n_tokens
        n_tokens += len(level)
        level = [inner for token in level for inner in held(token)]
    return None


def spelled(tokens: Tokens) -> str:
    """Tokens as text: no escapes that are not needed, every gap one blank; empty where they stand too deep in each other."""
    return "" if sized(tokens) is None else " ".join(tinycss2.serialize(tokens).split())


def split(tokens: Tokens, sign: str) -> list[list[Node]]:
    """Tokens parted at a sign, at a word, or at blanks.

    >>> [spelled(part) for part in split(tokens_of("a, f(b, c) d"), ",")]
    ['a', 'f(b, c) d']
    """
    parts: list[list[Node]] = [[]]
    for token in tokens:
        if token == sign or (token.type == "whitespace" if sign == " " else token.type == "ident" and token.lower_value == sign):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def parted(text: str, sign: str) -> list[str]:
    """A value parted at a sign that stands outside of brackets and quotes; at blanks, without what is empty.

    >>> parted("1px  calc(2px + 1px)", " "), parted("to left, rgb(0, 0, 0)", ",")
    (['1px', 'calc(2px + 1px)'], ['to left', 'rgb(0, 0, 0)'])
    """
    return [word for part in split(tokens_of(text), sign) if (word := spelled(part)) or sign != " "]


def functions(text: str) -> Iterator[tuple[str, str]]:
    """Functions of a value, with what stands between their brackets.

    >>> list(functions("scale(0) rotate(1deg)"))
    [('scale', '0'), ('rotate', '1deg')]
    """
    return ((token.lower_name, spelled(token.arguments)) for token in tokens_of(text) if token.type == "function")
