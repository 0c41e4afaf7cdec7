"""What transforms make of an element: how much is left of its size, whether it shows its front, and how far it is moved."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bestand.documents.lengths import Length, read_length
from bestand.documents.values import functions, parted

MOST_TRANSFORMED = 100  # functions of one transform
_ANGLE = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(deg|turn|rad|grad)?\Z")
_PROPERTIES = ("transform", "translate", "scale", "rotate")


@dataclass(frozen=True, slots=True)
class Transformed:
    """An element as it is shown.

    area   : of a square of size 1, below 0 where it is shown as in a mirror
    thin   : the least factor of its width or height, without sign
    facing : cosines of the angles by which it is turned about the axes that lie in the page
    shifts : ways by which it is moved, across and down
    """

    area: float = 1.0
    thin: float = 1.0
    facing: tuple[float, float] = (1.0, 1.0)
    shifts: tuple[Length, ...] = ()

    @property
    def mirrored(self) -> bool:
        """Whether letters are shown as in a mirror; upside down they are not."""
        return (self.area < 0) != self.from_behind

    @property
    def from_behind(self) -> bool:
        """Whether its back is shown."""
        return math.prod(self.facing) < 0


def transformed(style: Mapping[str, str]) -> Transformed:
    """How an element is shown, by its transforms.

    >>> transformed({"transform": "scaleX(-1)"}).mirrored, transformed({"rotate": "y 180deg"}).from_behind
    (True, True)
    >>> transformed({"transform": "translate(9px, 1%) scale(.5)"}).shifts
    (Length(pixels=9.0, percent=0.0), Length(pixels=0.0, percent=1.0))
    """
    return _transformed(*(style.get(name, "none") for name in _PROPERTIES)) if any(name in style for name in _PROPERTIES) else Transformed()


@lru_cache(maxsize=4_096)
def _transformed(transform: str, translate: str, scale: str, rotate: str) -> Transformed:
    steps = [(name, [word for part in parted(inner, ",") for word in parted(part, " ")]) for name, inner in functions(transform)]
    steps += [("translate", parted(translate, " ")), ("scale", parted(scale, " ")), ("rotate", parted(rotate, " "))]
    area, thin, facing, shifts = 1.0, 1.0, [1.0, 1.0], list[Length]()
    for name, words in steps[:MOST_TRANSFORMED]:
        if words == ["none"] or not words:
            continue
        if name.startswith("translate") and name != "translatez":
            shifts += _lengths(words[:2])
        elif name.startswith("matrix") and len(words) in (6, 16):
            (a, b, c, d), (across, down) = _matrix(words)
            area, shifts = area * (a * d - b * c), [*shifts, Length(across), Length(down)]
        elif name.startswith("scale") and name != "scalez":
            across, down = _factors(name, words)
            area, thin = area * across * down, min(thin, abs(across), abs(down))
        elif name.startswith("rotate"):
            for k, cosine in enumerate(_cosines(name, words)):
                facing[k] *= cosine
        elif name.startswith("skew") and abs(math.cos(_radians(words[0]))) < 0.02:
            thin = 0.0
    return Transformed(area, thin, (facing[0], facing[1]), tuple(shifts))


def _lengths(words: list[str]) -> list[Length]:
    return [read for word in words if (read := read_length(word)) is not None]


def _matrix(words: list[str]) -> tuple[tuple[float, float, float, float], tuple[float, float]]:
    numbers = [0.0 if (read := read_length(word)) is None else read.pixels for word in words]
    a, b, c, d, across, down = (numbers[k] for k in ((0, 1, 2, 3, 4, 5) if len(words) == 6 else (0, 1, 4, 5, 12, 13)))
    return (a, b, c, d), (across, down)


def _factors(name: str, words: list[str]) -> tuple[float, float]:
    sizes = [1.0 if (read := read_length(word)) is None else read.pixels + read.percent / 100 for word in words]
    if name in ("scalex", "scaley"):
        return (sizes[0], 1.0) if name == "scalex" else (1.0, sizes[0])
    return sizes[0], sizes[1] if len(sizes) > 1 else sizes[0]


def _cosines(name: str, words: list[str]) -> tuple[float, float]:
    """Cosines of a turn about the axis that lies across the page, and about the one that lies down it."""
    cosine = math.cos(_radians(words[-1]))
    axes = [abs(read.pixels) for read in _lengths(words[:-1])] or [float(words[0] == axis) for axis in "xyz"]
    if name in ("rotatex", "rotatey"):
        axes = [float(name == "rotatex"), float(name == "rotatey"), 0.0]
    if len(axes) < 3 or not any(axes[:2]) or axes[2] >= max(axes[:2]):  # about the axis that stands on the page: what is seen stays seen
        return 1.0, 1.0
    return (cosine, 1.0) if axes[0] >= axes[1] else (1.0, cosine)


def _radians(text: str) -> float:
    read = _ANGLE.match(text)
    if read is None:
        return 0.0
    return float(read[1]) * {"turn": 2 * math.pi, "rad": 1.0, "grad": math.pi / 200}.get(read[2] or "deg", math.pi / 180)
