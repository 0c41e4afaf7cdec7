"""Colours as pages and Word files write them, and whether letters of one can be told from a ground of another."""

from __future__ import annotations

from functools import lru_cache

from tinycss2.color4 import Color, parse_color  # type: ignore[import-untyped]

from bestand.documents.values import Node, Tokens, significant, split, tokens_of

Colour = tuple[int, int, int] | str  # red, green and blue of 255; or the name of one that is not known here by its numbers

CLEAR = "transparent"
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
MOST_WRITTEN = 500  # characters of one colour; a longer one is not known
LEAST_CONTRAST = 1.05  # of letters that are seen; #fafafa on white has 1.04
_FAINT = 0.05  # share of a colour below which nothing is seen of it
_OF_SYSTEM = {"canvastext": BLACK, "canvas": WHITE}
_LIGHT = {"lab": "xyz-d50", "lch": "xyz-d50", "oklab": "xyz-d65", "oklch": "xyz-d65"}
_FROM_XYZ = {  # CSS Color Level 4, sample code
    "xyz-d50": ((3.1341, -1.6174, -0.4907), (-0.9788, 1.9163, 0.0335), (0.0719, -0.2290, 1.4052)),
    "xyz-d65": ((3.24097, -1.53738, -0.49861), (-0.96924, 1.87597, 0.04156), (0.05563, -0.20398, 1.05697)),
}


@lru_cache(maxsize=4_096)
def read_colour(text: str) -> tuple[Colour | None, float]:
    """A colour, None where it is not known, and how much of what lies behind it covers (0 to 1).

    >>> read_colour("#FFF"), read_colour("rgb(0 0 0 / 50%)"), read_colour("hsla(0,100%,50%,0)"), read_colour("var(--x)")
    (((255, 255, 255), 1.0), ((0, 0, 0), 0.5), ((255, 0, 0), 0.0), (None, 1.0))
    >>> read_colour("oklch(100% 0 0)"), read_colour("color-mix(in srgb, red, blue 25%)"), read_colour("light-dark(white, black)")
    (((255, 255, 255), 1.0), ((191, 0, 64), 1.0), ((255, 255, 255), 1.0))
    """
    return _read(tokens_of(text)) if len(text) <= MOST_WRITTEN else (None, 1.0)


def _read(tokens: Tokens) -> tuple[Colour | None, float]:
    several = significant(tokens)
    if len(several) != 1:
        return None, 1.0
    (token,) = several
    if token.type == "ident" and token.lower_value in _OF_SYSTEM:
        return _OF_SYSTEM[token.lower_value], 1.0
    name = token.lower_name if token.type == "function" else ""
    if name == "light-dark":
        return _read(split(token.arguments, ",")[0])
    if name == "color-mix":
        return _mixed(token)
    try:
        colour = parse_color(token)
        if isinstance(colour, Color):
            return _of_255(colour), colour.alpha
    except (ValueError, OverflowError, AttributeError):  # numbers that are none, or too few of them
        return None, 1.0
    word = token.lower_value if token.type == "ident" else ""
    return (word if word.isalpha() else None), 1.0


def _of_255(colour: Color) -> Colour:
    """A colour as a screen shows it; wide spaces as if sRGB, near to which they are at its ends."""
    colour = colour.to("srgb") if colour.space in ("hsl", "hwb") else colour.to(_LIGHT.get(colour.space, colour.space))
    channels = colour.coordinates
    if colour.space in _FROM_XYZ:
        channels = tuple(sum(share * part for share, part in zip(row, channels, strict=True)) for row in _FROM_XYZ[colour.space])
    if colour.space in (*_FROM_XYZ, "srgb-linear"):
        channels = tuple(12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in channels)
    red, green, blue = (round(255 * min(max(channel, 0.0), 1.0)) for channel in channels)
    return red, green, blue


def _mixed(token: Node) -> tuple[Colour | None, float]:
    """Two colours mixed, as if in sRGB whatever the space: what lies between two that are alike is alike to both."""
    parts = split(token.arguments, ",")[1:]
    shares = [next((each.value / 100 for each in part if each.type == "percentage"), None) for part in parts]
    read = [_read([each for each in part if each.type != "percentage"]) for part in parts]
    colours = [colour for colour, _ in read if isinstance(colour, tuple)]
    if len(parts) != 2 or len(colours) != 2:
        return None, 1.0
    first, second = shares
    one = first if first is not None else 1 - second if second is not None else 0.5
    other = second if second is not None else 1 - one
    if min(one, other) < 0 or one + other <= 0:
        return None, 1.0
    front, back = (part / (one + other) * cover for part, (_, cover) in zip((one, other), read, strict=True))
    red, green, blue = (round((front * a + back * b) / ((front + back) or 1.0)) for a, b in zip(*colours, strict=True))
    return (red, green, blue), (front + back) * min(1.0, one + other)


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


@lru_cache(maxsize=4_096)
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
