"""Colours that style sheets work out by a function: `rgb`, `hsl`, `hwb`, `lab`, `lch`, `oklab`, `oklch`, `color`, `color-mix`, `light-dark`."""

from __future__ import annotations

import colorsys
import math
import re
from collections.abc import Callable, Mapping, Sequence

Known = tuple[tuple[int, int, int] | str | None, float]
Channels = tuple[float, float, float]
_TURN = {"deg": 360.0, "grad": 400.0, "rad": 2 * math.pi, "turn": 1.0, "": 360.0}


def called(text: str, read: Callable[[str], Known]) -> Known | None:
    """A colour made by a function, in lower case, and how much it covers; None where it is not known.

    read : reads the colours that it is made of
    """
    name, _, inner = text.partition("(")
    inner = inner.removesuffix(")").strip()
    try:
        if name == "light-dark":
            return read(_split(inner, ",")[0])
        if name == "color-mix":
            return _mixed(_split(inner, ","), read)
        name = name.removesuffix("a") if name in ("rgba", "hsla") else name
        space = "srgb"
        words = [word for word in re.split(r"[\s,/]+", inner) if word] if "(" not in inner else _split(" ".join(inner.replace("/", " ").split()), " ")
        if name == "color":
            space, *words = words
        if name not in _MADE or (name == "color" and space not in _SPACES) or len(words) not in (3, 4):
            return None
        cover = min(max(_number(words[3], 1.0), 0.0), 1.0) if len(words) == 4 else 1.0
        channels = _MADE[name](words[:3])
        if name == "color" and space == "srgb-linear":
            channels = _bent(channels)
        return _of_255(channels), cover
    except (ValueError, IndexError, OverflowError):  # numbers that are none, or too few of them
        return None


def _split(text: str, sign: str) -> list[str]:
    """A text parted at a sign that stands outside all brackets."""
    parts, depth, start = [], 0, 0
    for at, here in enumerate(text):
        depth += (here == "(") - (here == ")")
        if here == sign and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def _mixed(parts: Sequence[str], read: Callable[[str], Known]) -> Known | None:
    """Two colours mixed, as if in sRGB whatever the space: what lies between two that are alike is alike to both."""
    if len(parts) != 3:
        return None
    shares: list[float | None] = []
    colours: list[Known] = []
    for part in parts[1:]:
        amount = re.search(r"(?:^|\s)([\d.]+)%(?=\s|\Z)", part)
        shares.append(float(amount[1]) / 100 if amount else None)
        colours.append(read((part.replace(amount[0], " ", 1) if amount else part).strip()))
    first, second = shares
    one = first if first is not None else 1 - second if second is not None else 0.5
    other = second if second is not None else 1 - one
    if one + other <= 0:
        return None
    weight = one / (one + other)
    (front, cover), (back, other_cover) = colours
    if not isinstance(front, tuple) or not isinstance(back, tuple):
        return None
    mixed = weight * cover + (1 - weight) * other_cover
    parted = [(weight * cover * a + (1 - weight) * other_cover * b) / mixed if mixed else 0.0 for a, b in zip(front, back, strict=True)]
    return (round(parted[0]), round(parted[1]), round(parted[2])), mixed * min(1.0, one + other)


def _number(word: str, whole: float) -> float:
    """A number, or so many percent of the whole; `none` is 0."""
    if word == "none":
        return 0.0
    return float(word[:-1]) / 100 * whole if word.endswith("%") else float(word)


def _hue(word: str) -> float:
    """A hue as a share of the circle."""
    if word == "none":
        return 0.0
    read = re.fullmatch(r"([-+]?[\d.]+(?:e[-+]?\d+)?)([a-z]*)", word)
    if read is None or read[2] not in _TURN:
        raise ValueError(word)
    return float(read[1]) / _TURN[read[2]] % 1


def _of_255(channels: Channels) -> tuple[int, int, int]:
    red, green, blue = (round(255 * min(max(channel, 0.0), 1.0)) for channel in channels)
    return red, green, blue


def _bent(channels: Channels) -> Channels:
    """Linear light as sRGB has it."""
    red, green, blue = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in (max(each, 0.0) for each in channels))
    return red, green, blue


def _rgb(words: Sequence[str]) -> Channels:
    red, green, blue = (_number(word, 255.0) / 255 for word in words)
    return red, green, blue


def _hsl(words: Sequence[str]) -> Channels:
    full, light = (min(max(_number(word, 100.0) / 100, 0.0), 1.0) for word in words[1:])
    return colorsys.hls_to_rgb(_hue(words[0]), light, full)


def _hwb(words: Sequence[str]) -> Channels:
    white, black = (min(max(_number(word, 100.0) / 100, 0.0), 1.0) for word in words[1:])
    if white + black >= 1:
        grey = white / (white + black)
        return grey, grey, grey
    red, green, blue = (c * (1 - white - black) + white for c in colorsys.hls_to_rgb(_hue(words[0]), 0.5, 1.0))
    return red, green, blue


def _lab(words: Sequence[str]) -> Channels:
    return _from_lab(_number(words[0], 100.0), _number(words[1], 125.0), _number(words[2], 125.0))


def _lch(words: Sequence[str]) -> Channels:
    strength, hue = _number(words[1], 150.0), 2 * math.pi * _hue(words[2])
    return _from_lab(_number(words[0], 100.0), strength * math.cos(hue), strength * math.sin(hue))


def _from_lab(light: float, a: float, b: float) -> Channels:
    """CIE Lab under D50 as sRGB [CSS Color Level 4, sample code]."""
    y = (light + 16) / 116
    x, z = y + a / 500, y - b / 200
    x, y, z = (white * (c**3 if c**3 > 216 / 24389 else (116 * c - 16) / (24389 / 27)) for c, white in ((x, 0.9643), (y, 1.0), (z, 0.8251)))
    return _bent(
        (3.1341 * x - 1.6174 * y - 0.4907 * z, -0.9788 * x + 1.9163 * y + 0.0335 * z, 0.0719 * x - 0.2290 * y + 1.4052 * z)
    )


def _oklab(words: Sequence[str]) -> Channels:
    return _from_oklab(_number(words[0], 1.0), _number(words[1], 0.4), _number(words[2], 0.4))


def _oklch(words: Sequence[str]) -> Channels:
    strength, hue = _number(words[1], 0.4), 2 * math.pi * _hue(words[2])
    return _from_oklab(_number(words[0], 1.0), strength * math.cos(hue), strength * math.sin(hue))


def _from_oklab(light: float, a: float, b: float) -> Channels:
    """Oklab as sRGB [Ottosson 2020]."""
    long, middle, short = (
        (light + p * a + q * b) ** 3 for p, q in ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))
    )
    return _bent(
        (
            4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
        )
    )


def _plain(words: Sequence[str]) -> Channels:
    red, green, blue = (_number(word, 1.0) for word in words)
    return red, green, blue


_SPACES = frozenset({"srgb", "srgb-linear", "display-p3", "a98-rgb", "prophoto-rgb", "rec2020"})  # wide ones as if sRGB: near it at its ends
_MADE: Mapping[str, Callable[[Sequence[str]], Channels]] = {
    "rgb": _rgb, "hsl": _hsl, "hwb": _hwb, "lab": _lab, "lch": _lch, "oklab": _oklab, "oklch": _oklch, "color": _plain,
}  # fmt: skip
