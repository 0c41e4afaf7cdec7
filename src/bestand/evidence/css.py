"""Style sheets as text: their rules with what each declares, where strings, comments and brackets stand in the way, as browsers read them.

At-rules count as they do on a screen of 1,280 by 720 pixels, with a mouse, in light colours (CSS Syntax Level 3, Media Queries Level 4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from bestand.evidence.declared import LOOKED_AT, declarations
from bestand.evidence.lengths import read_length
from bestand.evidence.selectors import parted

MOST_INSIDE = 20  # rules of a style sheet inside each other, and selectors of one that others stand in
MOST_SHEET = 200_000  # characters of one style sheet that are looked at
MOST_SELECTED = 5_000  # characters of the selectors of one rule
NOT_READ = "!"  # in place of selectors that are too many or too long: one that nobody knows
_WIDTH, _HEIGHT = 1_280, 720  # pixels of the screen
_TOKENS = re.compile(
    r"""/\*(?:[^*]|\*(?!/))*+(?:\*/)?|(?P<string>"(?:[^"\\\n]|\\[\s\S])*+(?:"|(?=\n)|\Z)|'(?:[^'\\\n]|\\[\s\S])*+(?:'|(?=\n)|\Z))"""
    r"""|(?P<url>\burl\(\s*(?!["'\s])[^)]*+\)?)|(?P<aside><!--|-->)|(?P<escape>\\[\s\S])|(?P<sign>[{};()\[\]])|(?P<text>[^\\{};()\[\]"'/<u-]++|[\s\S])""",
    re.IGNORECASE,
)
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
_DOUBTFUL = ("@container", "@scope")
_IN_BETWEEN = re.compile(r"(?:(?P<low>[^<>=]+?)\s*(?P<one>[<>]=?|=)\s*)?(?P<name>[a-z-]+)\s*(?:(?P<two>[<>]=?|=)\s*(?P<high>[^<>=]+))?\Z")


@dataclass(frozen=True, slots=True)
class StyleRule:
    """A rule: its selectors, with those that it stands in; what it declares; its layer, None outside all of
    them; and whether it hangs on something that is not known here."""

    selectors: tuple[str, ...]
    declared: tuple[str, ...]
    layer: int | None
    doubtful: bool


@dataclass(slots=True)
class _Open:
    """A block that is open: whether it counts, the selectors that it is of, and what is declared in it."""

    counts: bool
    selectors: tuple[str, ...] = ()
    declared: list[str] = field(default_factory=list)
    layer: str = ""
    doubtful: bool = False


class Layers:
    """Layers of a page by name, in the order in which they are first spoken of."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}

    def of(self, name: str) -> int:
        """The number of a layer, from 1."""
        return self.number.setdefault(name, len(self.number) + 1)


def blocks(sheet: str, layers: Layers, keyframes: set[str]) -> Iterator[StyleRule]:
    """The rules of a style sheet that count, with those inside others and under `@media` and the like.

    keyframes : gets the names of animations that the sheet has, in lower case

    >>> [each.selectors for each in blocks('a{x:"}"} @media print{b{y:z}} .c{.d{y:z}} <!-- e{y:z} -->', Layers(), set())]
    [('a',), ('.c .d',), ('e',)]
    """
    stack, words, depth = [_Open(counts=True)], list[str](), 0
    for token in _TOKENS.finditer(sheet[:MOST_SHEET]):
        sign = token["sign"]
        if sign is None:
            if not (token["aside"] and len(stack) == 1) and not token[0].startswith("/*"):
                words.append(token[0])
            elif token[0].startswith("/*"):
                words.append(" ")
            continue
        depth = max(0, depth + (sign in "([") - (sign in ")]"))
        if sign in "()[]" or depth:  # what stands in brackets ends nothing
            words.append(sign)
            continue
        said, words = "".join(words).strip(), []
        here = stack[-1]
        if sign == "{":
            stack.append(_opened(here, said, len(stack), layers, keyframes))
            continue
        if said.startswith("@"):
            _spoken(said, here, layers)
        elif said:
            here.declared.append(said)
        if sign == "}" and len(stack) > 1:
            yield from _closed(stack.pop(), layers)
    if (said := "".join(words).strip()) and len(stack) > 1:
        stack[-1].declared.append(said)
    while len(stack) > 1:  # what is left open ends with the sheet
        yield from _closed(stack.pop(), layers)


def _opened(here: _Open, said: str, deep: int, layers: Layers, keyframes: set[str]) -> _Open:
    known = here.counts and deep < MOST_INSIDE
    if here.counts and not known:
        return _Open(counts=True, selectors=(NOT_READ,), layer=here.layer)
    if not said.startswith("@"):
        return _Open(known, _nested(here.selectors, said) if known else (), layer=here.layer, doubtful=here.doubtful)
    name, _, condition = said.partition(" ") if " " in said else said.partition("(")
    name, condition = name.lower(), condition if " " in said else f"({condition}" if "(" in said else ""
    if name.endswith("keyframes"):
        keyframes.add(condition.strip().strip("\"'").lower())
        return _Open(counts=False)
    layer = here.layer
    if name == "@layer":
        layer = f"{layer}.{condition.strip() or f'({len(layers.number)})'}"
        layers.of(layer)
    answer = _counts(name, condition)
    return _Open(known and answer is not False, here.selectors, layer=layer, doubtful=here.doubtful or answer is None)


def _counts(name: str, condition: str) -> bool | None:
    """Whether what stands under an at-rule counts; None where that is not known."""
    if name in ("@media", "@supports"):
        return on_screen(condition) if name == "@media" else _supports(condition)
    return True if name == "@layer" else None if name in _DOUBTFUL else False


def _spoken(said: str, here: _Open, layers: Layers) -> None:
    """Takes down the order of layers that a sheet gives beforehand."""
    if here.counts and said.lower().startswith("@layer "):
        for name in said[7:].split(",")[:100]:
            layers.of(f"{here.layer}.{name.strip()}")


def _closed(block: _Open, layers: Layers) -> Iterator[StyleRule]:
    if block.counts and block.selectors and block.declared:
        yield StyleRule(block.selectors, tuple(block.declared), layers.of(block.layer) if block.layer else None, block.doubtful)


def _nested(outer: tuple[str, ...], words: str) -> tuple[str, ...]:
    """Selectors of a block inside another.

    >>> _nested((".a", ".b"), "&.c, p")
    ('.a.c', '.a p', '.b.c', '.b p')
    """
    if len(words) > MOST_SELECTED:
        return (NOT_READ,)
    inner = [each.strip() for each in parted(words, ",")]
    if not outer:
        return tuple(inner)
    if max(len(outer), len(inner)) > MOST_INSIDE or sum(len(each) + (each.count("&") or 1) * len(above) for above in outer for each in inner) > (
        MOST_SELECTED
    ):
        return (NOT_READ,)
    return tuple(each.replace("&", above) if "&" in each else f"{above} {each}" for above in outer for each in inner)


def on_screen(media: str) -> bool:
    """Whether media are those of the screen.

    >>> [on_screen(media) for media in ("", "print", "screen and (min-width: 600px)", "(max-width:40em)", "not print", "print, screen")]
    [True, False, True, False, True, True]
    >>> some = ("(orientation: landscape)", "not (width < 600px)", "(hover) and (400px <= height)", "(max-width: 9px) or (color)")
    >>> [on_screen(media) for media in some]
    [True, True, True, True]
    """
    return not media.strip() or any(_query(query.strip()) for query in parted(" ".join(media.lower()[:2_000].split()), ","))


def _query(query: str) -> bool:
    kind = re.match(r"(?P<not>not\s+)?(?:only\s+)?(?P<kind>[a-z-]+)(?:\s+and\s+(?P<rest>.+))?\Z", query, re.DOTALL)
    if kind is None or kind["kind"] in ("and", "or", "not"):
        return _holds(query, _feature)
    wanted = kind["kind"] in ("all", "screen") and (kind["rest"] is None or _holds(kind["rest"], _feature))
    return wanted != bool(kind["not"])


def _holds(condition: str, feature: Callable[[str], bool], deep: int = 0) -> bool:
    """Whether a condition of `and`, `or`, `not` and brackets holds."""
    condition = condition.strip()
    if deep > MOST_INSIDE:
        return False
    if condition.startswith("not") and condition[3:4] in (" ", "("):
        return not _holds(condition[3:], feature, deep + 1)
    for word, every in ((" or ", any), (" and ", all)):
        several = _apart(condition, word)
        if len(several) > 1:
            return every(_holds(each, feature, deep + 1) for each in several)
    if condition.startswith("(") and condition.endswith(")"):
        inner = condition[1:-1].strip()
        return _holds(inner, feature, deep + 1) if inner.startswith(("(", "not ", "not(")) else feature(inner)
    return feature(condition)


def _apart(condition: str, word: str) -> list[str]:
    """A condition parted at a word that stands outside all brackets."""
    parts, start, depth, at = [], 0, 0, 0
    while at < len(condition):
        depth += (condition[at] == "(") - (condition[at] == ")")
        if depth == 0 and (condition.startswith(word, at) or (condition[at] == ")" and condition.startswith(word.lstrip(), at + 1))):
            behind = at if condition[at] == " " else at + 1
            parts.append(condition[start:behind])
            start = at = behind + len(word if condition[behind] == " " else word.lstrip())
            continue
        at += 1
    return [*parts, condition[start:]]


def _feature(feature: str) -> bool:
    """Whether the screen has a feature, such as `min-width: 600px`, `hover`, `400px < width <= 900px`."""
    name, colon, value = (part.strip() for part in feature.partition(":"))
    if colon:
        side = name[:4] if name.startswith(("min-", "max-")) else ""
        name = name.removeprefix(side)
        if name in _AMOUNTS and (amount := _amount(value)) is not None:
            return amount <= _AMOUNTS[name] if side == "min-" else amount >= _AMOUNTS[name] if side == "max-" else amount == _AMOUNTS[name]
        return _SAYS.get(name) == value
    between = _IN_BETWEEN.match(feature)
    if between is None or between["name"] not in _AMOUNTS:
        return feature in _SAYS and feature not in _ABSENT
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


def _supports(condition: str) -> bool | None:
    """Whether browsers know what a sheet asks of them; None where that hangs on a property that is not looked at here.

    >>> [_supports(each) for each in ("(display: grid)", "not (display: grid)", "(display: nonsense)", "(a: b)", "(a: b) and (display: none!)")]
    [True, False, False, None, False]
    """
    answers = {_holds(" ".join(condition.lower()[:2_000].split()), partial(_known, other=other)) for other in (True, False)}
    return answers.pop() if len(answers) == 1 else None


def _known(declared: str, other: bool) -> bool:
    """Whether browsers know a declaration; `other` for one that is not looked at here."""
    name, colon, _ = (part.strip() for part in declared.partition(":"))
    return bool(declarations(declared)) if colon and name in LOOKED_AT else other
