"""Style sheets as their rules with what each declares, where it counts.

At-rules count as they do on a screen of 1,280 by 720 pixels, with a mouse, in light colours (Media Queries Level 4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import AtRule, Declaration, FunctionBlock, Node, WhitespaceToken  # type: ignore[import-untyped]

from bestand.documents.animated import Frame, frames_in
from bestand.documents.declared import LOOKED_AT, declarations
from bestand.documents.lengths import read_length
from bestand.documents.tags import sheet_in
from bestand.documents.values import MOST_NESTED, Tokens, significant, sized, spelled, split, tokens_of

MOST_INSIDE = 20  # rules of a style sheet inside each other
MOST_SHEET = 200_000  # characters of one style sheet that are looked at
MOST_SELECTED = 2_000  # tokens of the selectors of one rule, with those that it stands in
_WIDTH, _HEIGHT = 1_280, 720  # pixels of the screen
_SAYS: dict[str, str] = {
    "orientation": "landscape", "hover": "hover", "any-hover": "hover", "pointer": "fine", "any-pointer": "fine", "prefers-color-scheme": "light",
    "prefers-reduced-motion": "no-preference", "prefers-contrast": "no-preference", "prefers-reduced-transparency": "no-preference",
    "prefers-reduced-data": "no-preference", "forced-colors": "none", "inverted-colors": "none", "scripting": "enabled", "update": "fast",
    "overflow-block": "scroll", "overflow-inline": "scroll", "display-mode": "browser", "color-gamut": "srgb", "dynamic-range": "standard",
    "scan": "progressive", "grid": "0", "monochrome": "0", "-webkit-transform-3d": "1",
}  # fmt: skip
_AMOUNTS: dict[str, float] = {
    "width": _WIDTH, "device-width": _WIDTH, "height": _HEIGHT, "device-height": _HEIGHT, "aspect-ratio": _WIDTH / _HEIGHT,
    "device-aspect-ratio": _WIDTH / _HEIGHT, "color": 8, "resolution": 1, "-webkit-device-pixel-ratio": 1, "color-index": 0, "monochrome": 0,
}  # fmt: skip
_ABSENT = frozenset({"monochrome", "grid", "color-index", "forced-colors", "inverted-colors"})  # where no value is asked for
_IN_BETWEEN = re.compile(r"(?:(?P<low>[^<>=]+?)\s*(?P<one>[<>]=?|=)\s*)?(?P<name>[a-z-]+)\s*(?:(?P<two>[<>]=?|=)\s*(?P<high>[^<>=]+))?\Z")


@dataclass(frozen=True, slots=True)
class StyleRule:
    """A rule: its selectors, with those that it stands in, None where they are too many to be read; what it declares,
    None where it stands too deep to be read; its layer, None outside all of them; and whether it hangs on something
    that is not known here."""

    selectors: Tokens | None = ()
    declared: tuple[Declaration, ...] | None = ()
    layer: int | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Around:
    """What rules stand in: how many others, the selectors of the innermost, the name of their layer, and whether it is known to count."""

    deep: int = 0
    selectors: Tokens | None = ()
    layer: str = ""
    doubtful: bool = False


class Layers:
    """Layers of a page by name, in the order in which they are first spoken of."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}

    def of(self, name: str) -> int:
        """The number of a layer, from 1."""
        return self.number.setdefault(name, len(self.number) + 1)


def blocks(sheet: str, layers: Layers, keyframes: dict[str, tuple[Frame, ...]]) -> Iterator[StyleRule]:
    """The rules of a style sheet that count, with those inside others and under `@media` and the like.

    keyframes : gets the animations that the sheet has, by their names in lower case

    >>> read = blocks('a{x:"}"} @media print{b{y:z}} .c{.d{y:z}} <!-- e{y:z} -->', Layers(), {})
    >>> [spelled(each.selectors) for each in read]
    ['a', ':is(.c) .d', 'e']
    """
    nodes = tinycss2.parse_stylesheet(tokens_of(sheet[:MOST_SHEET]), skip_whitespace=True)
    return _rules(nodes, _Around(), layers, keyframes)


def _rules(nodes: Iterable[Node], around: _Around, layers: Layers, keyframes: dict[str, tuple[Frame, ...]]) -> Iterator[StyleRule]:
    made = StyleRule(around.selectors, (), layers.of(around.layer) if around.layer else None, around.doubtful)
    declared = list[Declaration]()
    for node in nodes:
        if node.type == "declaration":
            declared.append(node)
            continue
        inner, content = None, getattr(node, "content", None)
        if node.type == "qualified-rule":
            inner = replace(around, selectors=_nested(around.selectors, node.prelude))
        elif node.type == "at-rule" and node.lower_at_keyword == "import":
            inner, content = _imported(node, around)
        elif node.type == "at-rule":
            inner = _under(node, around, layers, keyframes)
        if inner is not None:
            if declared and around.selectors != ():
                yield replace(made, declared=tuple(declared))
                declared = []
            if around.deep >= MOST_INSIDE:
                yield replace(made, declared=None)
                continue
            contents = tinycss2.parse_blocks_contents(content, skip_whitespace=True)
            yield from _rules(contents, replace(inner, deep=around.deep + 1), layers, keyframes)
    if declared and around.selectors != ():
        yield replace(made, declared=tuple(declared))


def _under(rule: AtRule, around: _Around, layers: Layers, keyframes: dict[str, tuple[Frame, ...]]) -> _Around | None:
    """What stands in an at-rule stands in; None where it does not count."""
    name, said = rule.lower_at_keyword, spelled(rule.prelude)
    if name == "layer" and rule.content is None:
        for each in said.split(",")[:100]:  # the order of layers, given beforehand
            layers.of(f"{around.layer}.{each.strip()}")
    if name.endswith("keyframes"):
        keyframes[said.strip("\"'").lower()] = frames_in(rule.content or [])
    if rule.content is None:
        return None
    if name == "layer":
        layer = f"{around.layer}.{said or f'({len(layers.number)})'}"
        layers.of(layer)
        return replace(around, layer=layer)
    counts = on_screen(rule.prelude) if name == "media" else _supports(rule.prelude) if name == "supports" else None
    if counts is False or name not in ("media", "supports", "container", "scope"):
        return None
    return replace(around, doubtful=around.doubtful or counts is None)


def _imported(rule: AtRule, around: _Around) -> tuple[_Around | None, Tokens]:
    """What a sheet stands in whose text stands in the address from which it is fetched, and its tokens."""
    address, *media = significant(rule.prelude) or [None]
    held = address.arguments[0] if getattr(address, "type", "") == "function" and address.arguments else address
    text = sheet_in(getattr(held, "value", "") or "")
    layered = [token for token in media if getattr(token, "lower_value", getattr(token, "lower_name", "")) == "layer"]
    counts = text is not None and (bool(layered) or on_screen(media))
    return (replace(around, doubtful=bool(layered)), tokens_of((text or "")[:MOST_SHEET])) if counts else (None, ())


def _nested(outer: Tokens | None, prelude: Tokens) -> Tokens | None:
    """Selectors of a rule inside another.

    >>> spelled(_nested(tokens_of(".a, .b"), tokens_of("&.c, > p")))
    ':is(.a, .b).c,:is(.a, .b) > p'
    """
    if outer is None or (n_tokens := sized(prelude)) is None:
        return None
    if outer == ():
        return prelude if n_tokens <= MOST_SELECTED else None
    above = [tokens_of(":")[0], FunctionBlock(1, 1, "is", list(outer))]
    nested = list[Node]()
    for part in split(prelude, ","):
        named = any(token == "&" for token in part)
        inner = part if named else [tokens_of("&")[0], WhitespaceToken(1, 1, " "), *part]
        nested += [*tokens_of("," if nested else ""), *(each for token in inner for each in (above if token == "&" else [token]))]
    size = sized(nested)
    return nested if size is not None and size <= MOST_SELECTED else None


def on_screen(media: Tokens) -> bool:
    """Whether media are those of the screen.

    >>> some = ("", "print", "screen and (min-width: 600px)", "(max-width:40em)", "not print", "print, screen")
    >>> [on_screen(tokens_of(media)) for media in some]
    [True, False, True, False, True, True]
    >>> some = ("(orientation: landscape)", "not (width < 600px)", "(hover) and (400px <= height)", "(max-width: 9px) or (color)")
    >>> [on_screen(tokens_of(media)) for media in some]
    [True, True, True, True]
    """
    return not significant(media) or any(_query(significant(query)) for query in split(media, ","))


def _query(words: list[Node]) -> bool:
    lead = words[0].lower_value if len(words) > 1 and words[0].type == words[1].type == "ident" else ""
    words = words[1:] if lead in ("not", "only") else words
    if not words or words[0].type != "ident" or words[0].lower_value == "not":
        return _holds(words, _feature) is True
    wanted = words[0].lower_value in ("all", "screen")
    if len(words) > 1:
        rest = _holds(words[2:], _feature) if words[1].type == "ident" and words[1].lower_value == "and" else None
        if rest is None:
            return False
        wanted = wanted and rest
    return wanted != (lead == "not")


def _holds(condition: list[Node], feature: Callable[[str], bool | None], deep: int = 0) -> bool | None:
    """Whether a condition of `and`, `or`, `not` and brackets holds; None where that is not known."""
    if not condition or deep > MOST_NESTED:
        return None
    for word, ends in (("or", True), ("and", False)):
        several = split(condition, word)
        if len(several) > 1:
            answers = {_holds(each, feature, deep + 1) for each in several}
            return ends if ends in answers else None if None in answers else not ends
    if condition[0].type == "ident" and condition[0].lower_value == "not":
        answer = _holds(condition[1:], feature, deep + 1)
        return None if answer is None else not answer
    if len(condition) > 1 or condition[0].type != "() block":
        return None
    inner = significant(condition[0].content)
    if inner and (inner[0].type in ("() block", "function") or (inner[0].type == "ident" and inner[0].lower_value == "not")):
        return _holds(inner, feature, deep + 1)
    return feature(spelled(condition[0].content).lower())


def _feature(feature: str) -> bool | None:
    """Whether the screen has a feature, such as `min-width: 600px`, `hover`, `400px < width <= 900px`; None for one that nobody knows."""
    name, colon, value = (part.strip() for part in feature.partition(":"))
    if colon:
        side = name[:4] if name.startswith(("min-", "max-")) else ""
        name = name.removeprefix(side)
        if name in _AMOUNTS and (amount := _amount(value)) is not None:
            return amount <= _AMOUNTS[name] if side == "min-" else amount >= _AMOUNTS[name] if side == "max-" else amount == _AMOUNTS[name]
        return _SAYS[name] == value if name in _SAYS else None
    between = _IN_BETWEEN.match(feature)
    if between is None or between["name"] not in _AMOUNTS:
        return feature not in _ABSENT if feature in _SAYS else None
    have = _AMOUNTS[between["name"]]
    low, high = (_amount(between[side]) if between[side] else None for side in ("low", "high"))
    if not (between["low"] or between["high"]):
        return have > 0
    fits_low = not between["low"] or (low is not None and _compared(low, between["one"], have))
    return fits_low and (not between["high"] or (high is not None and _compared(have, between["two"], high)))


def _amount(text: str) -> float | None:
    if (ratio := re.match(r"([\d.]{1,9})\s*/\s*([\d.]{1,9})\Z", text.strip())) is not None:
        try:
            return float(ratio[1]) / float(ratio[2])
        except (ValueError, ZeroDivisionError):
            return None
    plain = re.match(r"([\d.]{1,9})(dppx|x|dpi)\Z", text.strip())
    if plain is not None:
        dots = read_length(plain[1])
        return None if dots is None else dots.pixels / (96 if plain[2] == "dpi" else 1)
    read = read_length(text.strip())
    return None if read is None else read.pixels


def _compared(one: float, sign: str, other: float) -> bool:
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other, "=": one == other}[sign]


def _supports(condition: Tokens) -> bool | None:
    """Whether browsers know what a sheet asks of them; None where that hangs on a property that is not looked at here.

    >>> some = ("(display: grid)", "not (display: grid)", "(display: nonsense)", "(a: b)", "(a: b) and (display: none!)")
    >>> [_supports(tokens_of(each)) for each in some]
    [True, False, False, None, False]
    """
    return _holds(significant(condition), _known)


def _known(declared: str) -> bool | None:
    """Whether browsers know a declaration; None for one that is not looked at here."""
    name, colon, _ = (part.strip() for part in declared.partition(":"))
    return bool(declarations(declared)) if colon and name in LOOKED_AT else None
