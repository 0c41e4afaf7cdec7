"""Lengths of style sheets: numbers with a unit, and what `calc`, `min`, `max` and `clamp` make of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from bestand.documents.values import MOST_NESTED, Node, Tokens, significant, split, tokens_of

MOST_PARTS = 200  # of one calculation, in its text
_PIXELS = {
    "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945, "rem": 16.0, "lh": 20.0, "rlh": 20.0, "cap": 11.0, "ic": 16.0,
    "vw": 12.8, "vi": 12.8, "vh": 7.2, "vb": 7.2, "vmin": 7.2, "vmax": 12.8, "svw": 12.8, "svh": 7.2, "lvw": 12.8, "lvh": 7.2,
    "dvw": 12.8, "dvh": 7.2,
}  # fmt: skip
_OF_LETTERS = {"em": 1.0, "ex": 0.5, "ch": 0.5}


@dataclass(frozen=True, slots=True)
class Length:
    """Pixels, of letters 16 pixels high on a screen of 1,280 by 720, and percent of something."""

    pixels: float = 0.0
    percent: float = 0.0

    @property
    def nothing(self) -> bool:
        """Whether it is no length at all."""
        return self.pixels <= 0 and self.percent <= 0


@lru_cache(maxsize=4_096)
def read_length(text: str, *, em: float = 16.0) -> Length | None:
    """A length; None for what is none. Numbers without a unit are pixels, as browsers take 0.

    em : pixels of one em

    >>> read_length("1.5em"), read_length("calc(100% - 2 * 8px)"), read_length("clamp(0px, 5vw, 1px)"), read_length("auto")
    (Length(pixels=24.0, percent=0.0), Length(pixels=-16.0, percent=100.0), Length(pixels=1.0, percent=0.0), None)
    """
    tokens = significant(tokens_of(text[: MOST_PARTS * 20]))
    try:
        value = _one(tokens[0], em, 0) if len(tokens) == 1 else None
    except (ZeroDivisionError, OverflowError):
        return None
    return value if value is not None and math.isfinite(value.pixels) and math.isfinite(value.percent) else None


def _one(token: Node, em: float, deep: int) -> Length | None:
    match token.type:
        case "number":
            return Length(token.value)
        case "percentage":
            return Length(0.0, token.value)
        case "dimension":
            pixels = _OF_LETTERS[token.lower_unit] * em if token.lower_unit in _OF_LETTERS else _PIXELS.get(token.lower_unit)
            return None if pixels is None else Length(token.value * pixels)
        case "() block":
            return _sum(token.content, em, deep + 1)
        case "function":
            values = [value for part in split(token.arguments, ",") if (value := _sum(part, em, deep + 1)) is not None]
            return _called(token.lower_name, values) if len(values) == len(split(token.arguments, ",")) else None
    return None


def _sum(tokens: Tokens, em: float, deep: int) -> Length | None:
    """What a calculation comes to: sums of products, from left to right."""
    if deep > MOST_NESTED:
        return None
    total, by = Length(), 1.0
    product: Length | None = None
    sign = "+"
    for token in [*significant(tokens), None]:
        if sign:  # a number comes next
            value = None if token is None else _one(token, em, deep)
            if value is None:
                return None
            if product is None or sign in "+-":
                by, product = -1.0 if sign == "-" else 1.0, value
            elif sign == "/":
                product = Length(product.pixels / value.pixels, product.percent / value.pixels)
            else:  # one of the two is a plain number, whose pixels it is
                product = Length(product.pixels * value.pixels, product.percent * value.pixels + product.pixels * value.percent)
            sign = ""
            continue
        if (token is None or token in ("+", "-")) and product is not None:
            total = Length(total.pixels + by * product.pixels, total.percent + by * product.percent)
        elif token not in ("*", "/"):
            return None
        sign = "" if token is None else token.value
    return total


def _called(name: str, values: list[Length]) -> Length | None:
    def size(value: Length) -> float:
        return value.pixels + 12.8 * value.percent

    if name in ("calc", "-webkit-calc") and len(values) == 1:
        return values[0]
    if name in ("min", "max"):
        return min(values, key=size) if name == "min" else max(values, key=size)
    if name == "clamp" and len(values) == 3:
        low, wish, high = values
        return max(low, min(wish, high, key=size), key=size)
    if name == "abs" and len(values) == 1:
        return Length(abs(values[0].pixels), abs(values[0].percent))
    return None
