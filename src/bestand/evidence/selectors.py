"""Selectors of style sheets, asked of an element and what stands around it.

Elements, classes, ids and attributes; one inside another, right below, right behind or somewhere behind; `:is`, `:where`, `:not`, `:has`; the
place among brothers; names with escapes. States (`:hover`) and generated content (`::before`) select no words that stand there; what is not known
here raises `Unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

MOST_ASKED = 50  # things that one part of a selector asks of an element
MOST_CHOICES = 20  # selectors between the brackets of one `:is`, `:where`, `:not` or `:has`
MOST_NESTED = 6  # brackets inside each other
_NAME = r"(?:[\w-]|[^\x00-\x7f\w]|\\[0-9A-Fa-f]{1,6}+[ \t\n]?+|\\[^0-9A-Fa-f\n])++"
_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})[ \t\n]?|(.))", re.DOTALL)
_PART = re.compile(
    rf"[.](?P<word>{_NAME})|#(?P<id>{_NAME})"
    rf"|\[\s*(?:\*?\|)?(?P<key>[\w-]+)\s*(?:(?P<sign>[~|^$*]?=)\s*(?P<value>\"[^\"]*\"|'[^']*'|{_NAME})\s*(?P<fold>[iIsS]\s*)?)?\]"
    r"|::?(?P<of>[a-zA-Z-]+)(?P<open>\()?"
)
_TAG = re.compile(r"(?:\*?\|)?(?P<tag>[a-zA-Z][\w-]*|\*)")
_STEP = re.compile(r"(?:(?P<sign>[+-]?\d{0,9})n(?:\s*(?P<plus>[+-])\s*(?P<more>\d{1,9}))?|(?P<only>[+-]?\d{1,9}))\Z")
_SETS = frozenset({"is", "where", "not", "matches", "-webkit-any", "-moz-any", "has"})
_STATES = frozenset(
    [
        "hover", "focus", "focus-within", "focus-visible", "active", "visited", "target", "target-within", "before", "after", "first-line",
        "first-letter", "selection", "marker", "placeholder", "backdrop", "fullscreen", "popover-open", "modal", "autofill", "user-invalid",
        "user-valid", "playing", "paused", "current", "past", "future", "-moz-focus-inner", "-moz-focusring", "file-selector-button", "cue", "part",
        "slotted", "grammar-error", "spelling-error", "target-text", "highlight", "view-transition", "host", "host-context", "placeholder-shown",
    ]
)  # fmt: skip


class Unknown(Exception):
    """A selector asks for what is not known here."""


class _Never(Exception):
    """A selector selects no words that stand in a page by themselves."""


@dataclass(slots=True, eq=False)
class Styled:
    """What a selector may ask of an element, and what stands around it.

    place, of_kind : which child of its parent it is, and which of its kind, from 0
    """

    tag: str
    words: frozenset[str] = frozenset()
    id: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    parent: Styled | None = None
    children: list[Styled] = field(default_factory=list)
    place: int = 0
    of_kind: int = 0
    kinds: dict[str, int] = field(default_factory=dict)  # how many children of each tag
    has_text: bool = False
    near: dict[str, str] = field(default_factory=dict)  # attributes of the nearest element around it that has them, as they are asked for

    def take(self, child: Styled) -> Styled:
        """The child, put behind the others."""
        child.parent, child.place, child.of_kind = self, len(self.children), self.kinds.get(child.tag, 0)
        self.kinds[child.tag] = child.of_kind + 1
        self.children.append(child)
        return child


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
    """A part of a selector: element, classes, id, attributes and place.

    joined  : how it stands to the part before: blank (inside), `>`, `+`, `~`; for the first part of what `:has` asks, to the element itself
    any_of  : of each of these one must fit as well
    none_of : none of these may fit
    has     : of each of these one must fit something inside, below or behind the element
    weight  : ids, classes and attributes, elements
    cost    : how many comparisons it takes at most, without `has`
    """

    tag: str = ""
    words: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    attributes: tuple[_Asked, ...] = ()
    places: tuple[Callable[[Styled], bool], ...] = ()
    any_of: tuple[tuple[Chain, ...], ...] = ()
    none_of: tuple[Chain, ...] = ()
    has: tuple[tuple[Chain, ...], ...] = ()
    weight: tuple[int, int, int] = (0, 0, 0)
    cost: int = 1
    joined: str = " "


Chain = tuple[Compound, ...]
"""The parts of a selector, from outside in; the last stands for the element itself."""


def chains(selectors: str) -> Iterator[Chain | None]:
    """The selectors of a list, each as its parts; None for one that asks for what is not known here. Those of states are left out.

    >>> [len(each) if each else None for each in chains("p.x, div > :is(.a, .b), p:hover, h1 + p, p:odd")]
    [1, 2, 2, None]
    """
    for selector in parted(selectors, ","):
        try:
            yield _chain(selector.strip())
        except Unknown:
            yield None
        except _Never:
            continue


def parted(text: str, sign: str) -> list[str]:
    """A text parted at a sign, but not between brackets or in quotes.

    >>> parted("a, :is(b, c) d, [e=',']", ",")
    ['a', ' :is(b, c) d', " [e=',']"]
    """
    parts, start = [], 0
    for at, here, depth in _outside_quotes(text, 0, sign):
        if here == sign and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def closing(text: str, start: int) -> int:
    """Where the bracket stands that closes what begins at a place; the end of the text where none does.

    >>> closing("var(a(b), ')') c", 4)
    13
    """
    return next((at for at, here, depth in _outside_quotes(text, start) if here == ")" and depth == 0), len(text))


def _outside_quotes(text: str, start: int, sign: str = "") -> Iterator[tuple[int, str, int]]:
    """Where brackets and a sign stand outside of quotes, from a place on, and in how many brackets each stands."""
    depth, quote, at = 0, "", start
    signs = re.compile(rf"[\\\"'(\[)\]{re.escape(sign)}]")
    while (met := signs.search(text, at)) is not None:
        here, at = met[0], met.end()
        if here == "\\":
            at += 1
        elif quote:
            quote = "" if here == quote else quote
        elif here in "\"'":
            quote = here
        else:
            yield met.start(), here, depth
            depth += (here in "([") - (here in ")]")


def unescaped(name: str) -> str:
    r"""A name without its escapes.

    >>> unescaped(r"md\:hidden"), unescaped(r"dis\70 lay")
    ('md:hidden', 'display')
    """
    return _ESCAPE.sub(lambda escape: _sign(int(escape[1], 16)) if escape[1] else escape[2], name) if "\\" in name else name


def _sign(code: int) -> str:
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


def _not_known() -> NoReturn:
    raise Unknown


def _chain(selector: str, deep: int = 0) -> Chain:
    """The parts of one selector.

    Raises
    ------
    Unknown, _Never
    """
    chain: list[Compound] = []
    joined, at = " ", 0
    while at < len(selector):
        gap = re.compile(r"\s*([>+~]|\|\|)?\s*").match(selector, at)
        if gap is not None and gap.end() > at:
            if gap[1] == "||" or (gap[1] and joined != " "):
                _not_known()
            joined, at = gap[1] or joined, gap.end()
            if at >= len(selector):
                break
        part, at = _compound(selector, at, deep)
        chain.append(replace(part, joined=joined))
        joined = " "
        if len(chain) > MOST_ASKED:
            _not_known()
    if not chain or joined != " " or (chain[0].joined != " " and deep == 0):
        _not_known()
    return tuple(chain)


def _compound(selector: str, at: int, deep: int) -> tuple[Compound, int]:
    made, start = Compound(), at
    if (tag := _TAG.match(selector, at)) is not None:
        name = tag["tag"].lower()
        made, at = Compound(tag=name, weight=(0, 0, int(name != "*"))), tag.end()
    for _ in range(MOST_ASKED):
        part = _PART.match(selector, at) if at < len(selector) else None
        if part is None or part.end() == at:
            break
        if part["of"]:
            inner, at = _bracketed(selector, part.end()) if part["open"] else ("", part.end())
            made = _of(made, part["of"].lower(), inner, bool(part["open"]), deep)
        else:
            made, at = _with(made, part), part.end()
    if at == start or (at < len(selector) and selector[at] not in " \t\n\r\f>+~|"):
        _not_known()
    return made, at


def _bracketed(text: str, start: int) -> tuple[str, int]:
    """What stands up to the bracket that closes, and where it goes on."""
    end = closing(text, start)
    return text[start:end], min(len(text), end + 1)


def _with(made: Compound, part: re.Match[str]) -> Compound:
    """A part of a selector with one thing more that it asks for."""
    ids, kinds, tags = made.weight
    if part["id"]:
        return replace(made, ids=made.ids | {unescaped(part["id"])}, weight=(ids + 1, kinds, tags))
    weight = (ids, kinds + 1, tags)
    if part["word"]:
        return replace(made, words=made.words | {unescaped(part["word"])}, weight=weight)
    value, fold = unescaped((part["value"] or "").strip("\"'")), (part["fold"] or "").strip().lower() == "i"
    asked = _Asked(part["key"].lower(), part["sign"] or "", value.lower() if fold else value, folded=fold)
    return replace(made, attributes=(*made.attributes, asked), weight=weight)


def _of(made: Compound, of: str, inner: str, opened: bool, deep: int) -> Compound:
    """What a word with a colon asks of an element."""
    ids, kinds, tags = made.weight
    if of in _SETS and opened:
        return _sets(made, of, inner, deep)
    if of in _STATES or of.startswith("-webkit-"):
        raise _Never
    asks = _nth(of, inner) if opened else _PLACES.get(of)
    if asks is None:
        _not_known()
    return replace(made, places=(*made.places, asks), weight=(ids, kinds + 1, tags))


def _sets(made: Compound, of: str, inner: str, deep: int) -> Compound:
    """What `:is`, `:where`, `:not` and `:has` ask of an element; a list of choices forgives those that are not known, the others do not."""
    choices = parted(inner, ",")
    if deep >= MOST_NESTED or len(choices) > MOST_CHOICES:
        _not_known()
    known: list[Chain] = []
    for each in choices:
        try:
            known.append(_chain(each.strip(), deep + 1))
        except (Unknown, _Never):
            if of in ("not", "has"):
                raise
    if of != "has" and any(chain[0].joined != " " for chain in known):
        _not_known()
    heaviest = (0, 0, 0) if of == "where" or not known else max(tuple(sum(part.weight[k] for part in chain) for k in range(3)) for chain in known)
    weight = (made.weight[0] + heaviest[0], made.weight[1] + heaviest[1], made.weight[2] + heaviest[2])
    cost = made.cost + sum(part.cost for chain in known for part in chain)
    if of == "not":
        return replace(made, none_of=(*made.none_of, *known), weight=weight, cost=cost)
    if of == "has":
        return replace(made, has=(*made.has, tuple(known)), weight=weight, cost=cost)
    return replace(made, any_of=(*made.any_of, tuple(known)), weight=weight, cost=cost)


def _nth(of: str, inner: str) -> Callable[[Styled], bool] | None:
    """Which child, counted from the first or the last, of all or of its kind; or of which language."""
    if of == "lang":
        wanted = tuple(each.strip().strip("\"'").lower() + "-" for each in inner.split(","))
        return None if len(wanted) > MOST_CHOICES else lambda element: f"{_nearest(element, 'lang')}-".startswith(wanted)
    if of == "dir":
        return lambda element: (_nearest(element, "dir") != "rtl") == (inner.strip().lower() != "rtl")
    step = _STEP.match({"odd": "2n+1", "even": "2n"}.get(inner.strip().lower(), inner.strip().lower()))
    if of not in ("nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type") or step is None:
        return None
    every = 0 if step["only"] else int(f"{step['sign']}1") if step["sign"] in ("", "+", "-") else int(step["sign"])
    first = int(step["only"] or 0) if step["only"] else int(step["more"] or 0) * (-1 if step["plus"] == "-" else 1)

    def fits(element: Styled) -> bool:
        number, of_all = (element.place, _brothers(element)) if of.endswith("child") else (element.of_kind, _alike(element))
        number = of_all - number if "last" in of else number + 1
        return number == first if every == 0 else (number - first) % every == 0 and (number - first) // every >= 0

    return fits


def _brothers(element: Styled) -> int:
    return len(element.parent.children) if element.parent is not None else 1


def _alike(element: Styled) -> int:
    return element.parent.kinds[element.tag] if element.parent is not None else 1


def _nearest(element: Styled, key: str) -> str:
    """An attribute of an element, or of the nearest around it that has it, in lower case; each is walked past once."""
    passed: list[Styled] = []
    here: Styled | None = element
    while here is not None and key not in here.attributes and key not in here.near:
        passed.append(here)
        here = here.parent
    value = "" if here is None else here.attributes[key].lower() if key in here.attributes else here.near[key]
    for each in passed:
        each.near[key] = value
    return value


_FIELDS = frozenset({"button", "input", "select", "textarea", "option", "optgroup", "fieldset"})
_PLACES: Mapping[str, Callable[[Styled], bool]] = {
    "root": lambda element: element.tag == "html",
    "first-child": lambda element: element.place == 0,
    "last-child": lambda element: element.place == _brothers(element) - 1,
    "only-child": lambda element: _brothers(element) == 1,
    "first-of-type": lambda element: element.of_kind == 0,
    "last-of-type": lambda element: element.of_kind == _alike(element) - 1,
    "only-of-type": lambda element: _alike(element) == 1,
    "empty": lambda element: not element.children and not element.has_text,
    "link": lambda element: element.tag in ("a", "area") and "href" in element.attributes,
    "any-link": lambda element: element.tag in ("a", "area") and "href" in element.attributes,
    "checked": lambda element: "checked" in element.attributes or "selected" in element.attributes,
    "disabled": lambda element: element.tag in _FIELDS and "disabled" in element.attributes,
    "enabled": lambda element: element.tag in _FIELDS and "disabled" not in element.attributes,
    "open": lambda element: "open" in element.attributes,
    "defined": lambda element: "-" not in element.tag,
    "scope": lambda element: element.tag == "html",
}  # fmt: skip
