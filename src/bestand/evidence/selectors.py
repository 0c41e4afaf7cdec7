"""Selectors of style sheets, as far as they can be asked of an element and what it stands in.

Elements, classes, ids and attributes, one inside another or right below; `:is`, `:where` and `:not` of single such parts; names with escapes. Those
that speak of states (`:hover`), of siblings or of generated content are not known, and select nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

MOST_ASKED = 50  # things that one part of a selector asks of an element
MOST_CHOICES = 20  # selectors between the brackets of one `:is`, `:where` or `:not`
_NAME = r"(?:[\w-]|[^\x00-\x7f\w]|\\[0-9A-Fa-f]{1,6}+[ \t\n]?+|\\[^0-9A-Fa-f\n])++"
_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})[ \t\n]?|(.))", re.DOTALL)
_PART = re.compile(
    rf"(?P<tag>[a-zA-Z][\w-]*|\*)|[.](?P<word>{_NAME})|#(?P<id>{_NAME})|(?P<root>:root)\b"
    rf"|\[\s*(?P<key>[\w-]+)\s*(?:(?P<sign>[~|^$*]?=)\s*(?P<value>\"[^\"]*\"|'[^']*'|{_NAME})\s*(?P<fold>[iI]\s*)?)?\]"
    r"|:(?P<of>is|where|not|matches|-webkit-any)\((?P<some>[^()]*)\)"
)


@dataclass(frozen=True, slots=True)
class Styled:
    """What a selector may ask of an element."""

    tag: str
    words: frozenset[str] = frozenset()
    id: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An attribute that an element must have: with what value, if it matters, and how that is compared."""

    key: str
    sign: str = ""
    value: str = ""
    folded: bool = False

    def fits(self, element: Styled) -> bool:
        if self.key not in element.attributes:
            return False
        have = element.attributes[self.key].lower() if self.folded else element.attributes[self.key]
        if self.sign in ("^=", "$=", "*=") and not self.value:
            return False
        match self.sign:
            case "=":
                return have == self.value
            case "~=":
                return self.value in have.split()
            case "|=":
                return have == self.value or have.startswith(f"{self.value}-")
            case "^=":
                return have.startswith(self.value)
            case "$=":
                return have.endswith(self.value)
            case "*=":
                return self.value in have
        return True


@dataclass(frozen=True, slots=True)
class Compound:
    """A part of a selector: element, classes, id and attributes; `close` if it stands right above the part that follows.

    any_of  : of each of these one must fit as well
    none_of : none of these may fit
    weight  : ids, classes and attributes, elements
    cost    : how many comparisons it takes at most
    """

    tag: str = ""
    words: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    attributes: tuple[_Asked, ...] = ()
    any_of: tuple[tuple[Compound, ...], ...] = ()
    none_of: tuple[Compound, ...] = ()
    weight: tuple[int, int, int] = (0, 0, 0)
    cost: int = 1
    close: bool = False

    def fits(self, element: Styled) -> bool:
        """Whether the element is one of those that this part asks for."""
        if self.tag not in ("", "*", element.tag) or not self.words <= element.words or (self.ids and self.ids != {element.id}):
            return False
        if not (self.attributes or self.any_of or self.none_of):
            return True
        asked = all(each.fits(element) for each in self.attributes) and all(any(one.fits(element) for one in some) for some in self.any_of)
        return asked and not any(one.fits(element) for one in self.none_of)


Chain = tuple[Compound, ...]
"""The parts of a selector, from outside in; the last stands for the element itself."""


def chains(selectors: str) -> Iterator[Chain]:
    """The selectors of a list, each as its parts; those that ask for what is not known here are left out.

    >>> [len(each) for each in chains("p.x, div > :is(.a, .b), p:hover, h1 + p")]
    [1, 2]
    """
    for selector in parted(selectors, ","):
        if chain := _chain(selector.strip()):
            yield chain


def parted(text: str, sign: str) -> list[str]:
    """A text parted at a sign, but not between brackets.

    >>> parted("a, :is(b, c) d", ",")
    ['a', ' :is(b, c) d']
    """
    parts, start, depth, at = [], 0, 0, 0
    while at < len(text):
        here = text[at]
        depth += (here in "([") - (here in ")]")
        if here == "\\":
            at += 1
        elif here == sign and depth == 0:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [*parts, text[start:]]


def unescaped(name: str) -> str:
    r"""A name without its escapes.

    >>> unescaped(r"md\:hidden"), unescaped(r"dis\70 lay")
    ('md:hidden', 'display')
    """
    return _ESCAPE.sub(lambda escape: _sign(int(escape[1], 16)) if escape[1] else escape[2], name) if "\\" in name else name


def _sign(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _chain(selector: str) -> Chain:
    chain: list[Compound] = []
    close = False
    steps = [step for step in parted(" ".join(_spaced(selector).split()), " ") if step]
    for step in steps[:50]:
        if step == ">":
            if not chain or close:
                return ()
            close = True
            continue
        part = _compound(step)
        if part is None:
            return ()
        if close:
            chain[-1] = replace(chain[-1], close=True)
        chain.append(part)
        close = False
    return () if close else tuple(chain)


def _spaced(selector: str) -> str:
    """A selector with blanks round its `>`, and none inside its brackets."""
    parts, depth = [], 0
    for sign in selector:
        depth += (sign in "([") - (sign in ")]")
        parts.append(f" {sign} " if sign == ">" and depth == 0 else "" if depth and sign.isspace() else sign)
    return "".join(parts)


def _compound(step: str) -> Compound | None:
    made, at, left = Compound(), 0, MOST_ASKED
    while at < len(step):
        part, left = _PART.match(step, at), left - 1
        if part is None or (part["tag"] and at) or left < 0:
            return None
        grown = _with(made, part)
        if grown is None:
            return None
        made, at = grown, part.end()
    return made


def _with(made: Compound, part: re.Match[str]) -> Compound | None:
    """A part of a selector with one thing more that it asks for; None where that is not known."""
    ids, kinds, tags = made.weight
    if part["of"]:
        return _of(made, part["of"].lower(), part["some"])
    if part["tag"] or part["root"]:
        tag = "html" if part["root"] else part["tag"].lower()
        return replace(made, tag=tag, weight=(ids, kinds + bool(part["root"]), tags + bool(part["tag"] and tag != "*")))
    if part["id"]:
        return replace(made, ids=made.ids | {unescaped(part["id"])}, weight=(ids + 1, kinds, tags))
    weight = (ids, kinds + 1, tags)
    if part["word"]:
        return replace(made, words=made.words | {unescaped(part["word"])}, weight=weight)
    value = unescaped((part["value"] or "").strip("\"'"))
    asked = _Asked(part["key"].lower(), part["sign"] or "", value.lower() if part["fold"] else value, folded=bool(part["fold"]))
    return replace(made, attributes=(*made.attributes, asked), weight=weight)


def _of(made: Compound, of: str, some: str) -> Compound | None:
    """What `:is`, `:where` or `:not` asks of an element, if between their brackets stand parts without others above them."""
    choices = [_chain(each.strip()) for each in some.split(",")[: MOST_CHOICES + 1]]
    known = [chain[0] for chain in choices if len(chain) == 1]
    if len(choices) > MOST_CHOICES or not known or (of == "not" and len(known) < len(choices)) or any(len(chain) > 1 for chain in choices):
        return None
    heaviest = (0, 0, 0) if of == "where" else max(each.weight for each in known)
    weight = (made.weight[0] + heaviest[0], made.weight[1] + heaviest[1], made.weight[2] + heaviest[2])
    cost = made.cost + sum(each.cost for each in known)
    if of == "not":
        return replace(made, none_of=(*made.none_of, *known), weight=weight, cost=cost)
    return replace(made, any_of=(*made.any_of, tuple(known)), weight=weight, cost=cost)
