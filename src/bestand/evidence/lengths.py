"""Lengths of style sheets: numbers with a unit, and what `calc`, `min`, `max` and `clamp` make of them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

MOST_PARTS = 200  # of one calculation
_PIXELS = {
    "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945, "rem": 16.0, "lh": 20.0, "rlh": 20.0, "cap": 11.0, "ic": 16.0,
    "vw": 12.8, "vi": 12.8, "vh": 7.2, "vb": 7.2, "vmin": 7.2, "vmax": 12.8, "svw": 12.8, "svh": 7.2, "lvw": 12.8, "lvh": 7.2,
    "dvw": 12.8, "dvh": 7.2, "em": 16.0, "ex": 8.0, "ch": 8.0,
}  # fmt: skip
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?P<unit>[a-z]+|%)?|(?P<name>[a-z-]+)?(?P<open>\()|(?P<sign>[-+*/,)]))\s*"
)


@dataclass(frozen=True, slots=True)
class Length:
    """Pixels, of letters 16 pixels high on a screen of 1,280 by 720, and percent of something."""

    pixels: float = 0.0
    percent: float = 0.0

    @property
    def nothing(self) -> bool:
        """Whether it is no length at all."""
        return self.pixels <= 0 and self.percent <= 0


def read_length(text: str, *, em: float = 16.0) -> Length | None:
    """A length; None for what is none. Numbers without a unit are pixels, as browsers take 0.

    em : pixels of one em

    >>> read_length("1.5em"), read_length("calc(100% - 2 * 8px)"), read_length("clamp(0px, 5vw, 1px)"), read_length("auto")
    (Length(pixels=24.0, percent=0.0), Length(pixels=-16.0, percent=100.0), Length(pixels=1.0, percent=0.0), None)
    """
    tokens, at = list[re.Match[str]](), 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or len(tokens) >= MOST_PARTS:
            return None
        tokens.append(token)
        at = token.end()
    try:
        value, end = _sum(tokens, 0, em) if tokens else (None, 0)
    except (IndexError, ZeroDivisionError, OverflowError, RecursionError, ValueError):
        return None
    if value is None or end != len(tokens) or not (math.isfinite(value.pixels) and math.isfinite(value.percent)):
        return None
    return value


def _sum(tokens: list[re.Match[str]], at: int, em: float) -> tuple[Length | None, int]:
    value, at = _product(tokens, at, em)
    while value is not None and at < len(tokens) and tokens[at]["sign"] in ("+", "-"):
        by = -1.0 if tokens[at]["sign"] == "-" else 1.0
        other, at = _product(tokens, at + 1, em)
        if other is None:
            return None, at
        value = Length(value.pixels + by * other.pixels, value.percent + by * other.percent)
    return value, at


def _product(tokens: list[re.Match[str]], at: int, em: float) -> tuple[Length | None, int]:
    value, at = _one(tokens, at, em)
    while value is not None and at < len(tokens) and tokens[at]["sign"] in ("*", "/"):
        sign = tokens[at]["sign"]
        other, at = _one(tokens, at + 1, em)
        if other is None:
            return None, at
        if sign == "/":
            value = Length(value.pixels / other.pixels, value.percent / other.pixels)
        else:  # one of the two is a plain number, whose pixels it is
            value = Length(value.pixels * other.pixels, value.percent * other.pixels + value.pixels * other.percent)
    return value, at


def _one(tokens: list[re.Match[str]], at: int, em: float) -> tuple[Length | None, int]:
    token = tokens[at]
    if token["number"] is not None:
        number, unit = float(token["number"]), token["unit"]
        if unit == "%":
            return Length(0.0, number), at + 1
        if unit in ("em", "ex", "ch"):
            return Length(number * em * (1.0 if unit == "em" else 0.5)), at + 1
        return (Length(number * _PIXELS[unit]) if unit in _PIXELS else Length(number) if unit is None else None), at + 1
    if token["sign"] in ("+", "-"):
        value, at = _one(tokens, at + 1, em)
        return (None if value is None else Length(-value.pixels, -value.percent) if token["sign"] == "-" else value), at
    if not token["open"]:
        return None, at
    values, at = [], at + 1
    while True:
        value, at = _sum(tokens, at, em)
        if value is None:
            return None, at
        values.append(value)
        at += 1
        if tokens[at - 1]["sign"] == ")":
            break
        if tokens[at - 1]["sign"] != ",":
            return None, at
    return _called(token["name"] or "", values), at


def _called(name: str, values: list[Length]) -> Length | None:
    def size(value: Length) -> float:
        return value.pixels + 12.8 * value.percent

    if name in ("", "calc", "-webkit-calc") and len(values) == 1:
        return values[0]
    if name in ("min", "max"):
        return min(values, key=size) if name == "min" else max(values, key=size)
    if name == "clamp" and len(values) == 3:
        low, wish, high = values
        return max(low, min(wish, high, key=size), key=size)
    if name == "abs" and len(values) == 1:
        return Length(abs(values[0].pixels), abs(values[0].percent))
    return None
