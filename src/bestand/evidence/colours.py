"""Colours as pages and Word files write them, and whether letters of one can be told from a ground of another."""

from __future__ import annotations

import colorsys
import re

Colour = tuple[int, int, int] | str  # red, green and blue of 255; or the name of one that is not known here by its numbers

CLEAR = "transparent"
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
LEAST_CONTRAST = 1.05  # of letters that are seen; #fafafa on white has 1.04
_FAINT = 0.05  # share of a colour below which nothing is seen of it
_NAMES = {
    name: (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16))
    for name, code in re.findall(r"(\w+)=(\w+)", (
        "black=000000 canvastext=000000 silver=c0c0c0 gray=808080 grey=808080 white=ffffff canvas=ffffff maroon=800000 red=ff0000 "
        "purple=800080 fuchsia=ff00ff magenta=ff00ff green=008000 lime=00ff00 olive=808000 yellow=ffff00 navy=000080 blue=0000ff "
        "teal=008080 aqua=00ffff cyan=00ffff orange=ffa500 snow=fffafa ivory=fffff0 floralwhite=fffaf0 ghostwhite=f8f8ff "
        "whitesmoke=f5f5f5 mintcream=f5fffa azure=f0ffff seashell=fff5ee lightyellow=ffffe0 honeydew=f0fff0 aliceblue=f0f8ff "
        "lightgray=d3d3d3 lightgrey=d3d3d3 darkgray=a9a9a9 darkgrey=a9a9a9 dimgray=696969 dimgrey=696969"
    ))
}  # fmt: skip
_FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)\Z")


def read_colour(text: str) -> tuple[Colour | None, float]:
    """A colour, None where it is not known, and how much of what lies behind it covers (0 to 1).

    >>> read_colour("#FFF"), read_colour("rgb(0 0 0 / 50%)"), read_colour("hsla(0,100%,50%,0)"), read_colour("var(--x)")
    (((255, 255, 255), 1.0), ((0, 0, 0), 0.5), ((255, 0, 0), 0.0), (None, 1.0))
    """
    text = text.strip().lower()
    if text == CLEAR:
        return BLACK, 0.0
    if re.fullmatch(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", text):
        digits = text[1:] if len(text) > 5 else "".join(2 * digit for digit in text[1:])
        red, green, blue, cover = (int(digits[k : k + 2] or "ff", 16) for k in (0, 2, 4, 6))
        return (red, green, blue), cover / 255
    called = _FUNCTION.match(text)
    if called is not None:
        return _called(called[1], re.split(r"[\s,/]+", called[2].strip()))
    return (_NAMES.get(text, text) if text.isalpha() else None), 1.0


def _called(function: str, parts: list[str]) -> tuple[Colour | None, float]:
    """A colour by its three or four numbers."""
    try:
        cover = _share(parts[3], 1.0) if len(parts) == 4 else 1.0
        if function == "rgb":
            red, green, blue = (round(255 * _share(part, 255.0)) for part in parts[:3])
            return (red, green, blue), cover
        hue, full, light = float(parts[0].removesuffix("deg")) / 360, _share(parts[1], 100.0), _share(parts[2], 100.0)
        made = colorsys.hls_to_rgb(hue % 1, light, full)
        return (round(255 * made[0]), round(255 * made[1]), round(255 * made[2])), cover
    except (ValueError, IndexError, OverflowError):  # numbers that are none, or too few of them
        return None, 1.0


def _share(text: str, whole: float) -> float:
    """A number of so much, or percent, as a share from 0 to 1."""
    value = float(text[:-1]) / 100 if text.endswith("%") else float(text) / whole
    return min(max(value, 0.0), 1.0)


def laid_over(colour: Colour | None, cover: float, behind: Colour | None) -> Colour | None:
    """What is seen of a colour that covers so much of what lies behind it; `transparent` where nothing is seen of it.

    >>> laid_over((0, 0, 0), 0.5, (255, 255, 255)), laid_over("tan", 0.01, None), laid_over("tan", 0.5, None) is None
    ((128, 128, 128), 'transparent', True)
    """
    if cover < _FAINT:
        return CLEAR
    if cover > 1 - _FAINT:
        return colour
    if not isinstance(colour, tuple) or not isinstance(behind, tuple):
        return None
    mixed = [round(cover * over + (1 - cover) * under) for over, under in zip(colour, behind, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def blend_in(letters: Colour | None, behind: Colour | None) -> bool:
    """Whether letters of a colour cannot be told from what lies behind them; what is not known can be.

    >>> blend_in((255, 255, 255), (250, 250, 250)), blend_in("tan", "tan"), blend_in(None, None), blend_in((0, 0, 0), (255, 255, 255))
    (True, True, False, False)
    """
    if letters == CLEAR:
        return True
    if letters is None or behind is None:
        return False
    if isinstance(letters, tuple) and isinstance(behind, tuple):
        darker, lighter = sorted((_luminance(letters), _luminance(behind)))
        far = max(abs(one - other) for one, other in zip(letters, behind, strict=True))
        return far <= 32 and (lighter + 0.05) / (darker + 0.05) < LEAST_CONTRAST
    return letters == behind


def _luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance [WCAG 2.1, definition of relative luminance]."""
    red, green, blue = (part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
