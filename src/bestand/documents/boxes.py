"""What boxes leave to be seen: of the words in them, where they clip; of those under them, where they cover."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bestand.documents.colours import read_colour
from bestand.documents.lengths import Length, read_length
from bestand.documents.transforms import transformed

WIDTH = 1_280.0  # pixels of a box whose width is not said
_LINE, _LETTER = 1.15, 0.4  # height of a line, and width of a letter at the least, in heights of letters
_CLIPS, _SCROLLS = ("hidden", "clip"), ("auto", "scroll")


@dataclass(frozen=True, slots=True)
class Room:
    """What a box holds: lines and letters of each; without end where it clips nothing. What stands in one that scrolls can be reached."""

    lines: float = math.inf
    letters: float = math.inf
    one_line: bool = False
    scrolls: bool = False

    def too_small_for(self, n_lines: int, n_letters: int) -> bool:
        """Whether words of so many lines and letters are likely to be cut off.

        >>> Room(2, 20).too_small_for(1, 30), Room(2, 20).too_small_for(3, 6)
        (False, True)
        """
        wrapped = 0 if self.one_line or math.isinf(self.letters) else n_letters // max(1, int(self.letters))
        return n_lines + wrapped > self.lines + 0.5 or (self.one_line and n_letters > self.letters * max(1, n_lines) * 1.3)


def room_of(style: Mapping[str, str], pixels: float) -> Room | None:
    """The room in a box that clips or scrolls; None of any other.

    pixels : height of its letters
    """
    ways = [style.get(f"overflow-{side}", "visible") for side in ("x", "y")]
    if any(way in _SCROLLS for way in ways):
        return Room(scrolls=True)
    if not any(way in _CLIPS for way in ways):
        return None
    clamp = style.get("-webkit-line-clamp", "")
    height = _least(style, "height")
    lines = float(clamp[:4]) if clamp.isdecimal() else height / (pixels * _LINE)
    one_line = style.get("white-space") in ("nowrap", "pre")
    return Room(lines, min(WIDTH, _least(style, "width")) / (pixels * _LETTER), one_line)


def _least(style: Mapping[str, str], side: str) -> float:
    read = (read_length(style.get(name, "")) for name in (side, f"max-{side}"))
    return min((size.pixels for size in read if size is not None and size.percent == 0), default=math.inf)


def clipped_at(style: Mapping[str, str], above: tuple[float, float] | None) -> tuple[float, float] | None:
    """Width and height of the innermost box that clips, in pixels, without end where they are not said; None where nothing clips."""
    ways = [style.get(f"overflow-{side}", "visible") for side in ("x", "y")]
    if any(way in _CLIPS for way in ways):
        return _least(style, "width"), _least(style, "height")
    return None if any(way in _SCROLLS for way in ways) else above


def pushed_out(style: Mapping[str, str], box: tuple[float, float] | None) -> bool:
    """Whether an element is put outside the box that clips it.

    >>> pushed_out({"margin-top": "40px"}, (math.inf, 20.0)), pushed_out({"position": "absolute", "left": "50%"}, (90.0, 20.0))
    (True, False)
    """
    if box is None or not style:
        return False
    loose = style.get("position", "static") in ("absolute", "relative")
    shifts = transformed(style).shifts
    for k, (start, side) in enumerate((("left", "margin-left"), ("top", "margin-top"))):
        ways = [read_length(style.get(name, "")) for name in ((start, side) if loose else (side,))]
        if any(_outside(way, box[k]) for way in (*ways, *shifts[k : k + 1]) if way is not None):
            return True
    return False


def _outside(way: Length, size: float) -> bool:
    return abs(way.percent) >= 100 or abs(way.pixels) >= max(1.0, size)


def covers(style: Mapping[str, str]) -> bool:
    """Whether a box lies over all that it stands in, and lets nothing through.

    >>> covers({"position": "absolute", "top": "0", "left": "0", "width": "100%", "height": "100%", "background-color": "#fff"})
    True
    """
    if style.get("position") not in ("absolute", "fixed") or style.get("z-index", "0").startswith("-") or "opacity" in style:
        return False
    colour, cover = read_colour(style.get("background-color", "transparent"))
    wide, high = (_from_side_to_side(style, *sides) for sides in (("left", "right", "width"), ("top", "bottom", "height")))
    return colour is not None and cover == 1.0 and colour != "transparent" and wide and high


def _from_side_to_side(style: Mapping[str, str], start: str, end: str, size: str) -> bool:
    read = [read_length(style.get(name, "")) for name in (start, end)]
    if all(way is not None and way.pixels <= 0 and way.percent <= 0 for way in read):
        return True
    long = read_length(style.get(size, ""))
    return long is not None and (long.percent >= 100 or long.pixels >= 700)
