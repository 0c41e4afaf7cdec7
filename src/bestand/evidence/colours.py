"""Colours as pages and Word files write them, and whether letters of one can be told from a ground of another."""

from __future__ import annotations

import re
from functools import lru_cache

from bestand.evidence.colour_functions import called

Colour = tuple[int, int, int] | str  # red, green and blue of 255; or the name of one that is not known here by its numbers

CLEAR = "transparent"
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
MOST_WRITTEN = 500  # characters of one colour; a longer one is not known
LEAST_CONTRAST = 1.05  # of letters that are seen; #fafafa on white has 1.04
_FAINT = 0.05  # share of a colour below which nothing is seen of it
_NAMES = {
    name: (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16))
    for name, code in re.findall(r"(\w+)=(\w+)", (
        "aliceblue=f0f8ff antiquewhite=faebd7 aqua=00ffff aquamarine=7fffd4 azure=f0ffff beige=f5f5dc bisque=ffe4c4 black=000000 "
        "blanchedalmond=ffebcd blue=0000ff blueviolet=8a2be2 brown=a52a2a burlywood=deb887 cadetblue=5f9ea0 chartreuse=7fff00 chocolate=d2691e "
        "coral=ff7f50 cornflowerblue=6495ed cornsilk=fff8dc crimson=dc143c cyan=00ffff darkblue=00008b darkcyan=008b8b darkgoldenrod=b8860b "
        "darkgray=a9a9a9 darkgreen=006400 darkgrey=a9a9a9 darkkhaki=bdb76b darkmagenta=8b008b darkolivegreen=556b2f darkorange=ff8c00 "
        "darkorchid=9932cc darkred=8b0000 darksalmon=e9967a darkseagreen=8fbc8f darkslateblue=483d8b darkslategray=2f4f4f darkslategrey=2f4f4f "
        "darkturquoise=00ced1 darkviolet=9400d3 deeppink=ff1493 deepskyblue=00bfff dimgray=696969 dimgrey=696969 dodgerblue=1e90ff "
        "firebrick=b22222 floralwhite=fffaf0 forestgreen=228b22 fuchsia=ff00ff gainsboro=dcdcdc ghostwhite=f8f8ff gold=ffd700 goldenrod=daa520 "
        "gray=808080 green=008000 greenyellow=adff2f grey=808080 honeydew=f0fff0 hotpink=ff69b4 indianred=cd5c5c indigo=4b0082 ivory=fffff0 "
        "khaki=f0e68c lavender=e6e6fa lavenderblush=fff0f5 lawngreen=7cfc00 lemonchiffon=fffacd lightblue=add8e6 lightcoral=f08080 "
        "lightcyan=e0ffff lightgoldenrodyellow=fafad2 lightgray=d3d3d3 lightgreen=90ee90 lightgrey=d3d3d3 lightpink=ffb6c1 lightsalmon=ffa07a "
        "lightseagreen=20b2aa lightskyblue=87cefa lightslategray=778899 lightslategrey=778899 lightsteelblue=b0c4de lightyellow=ffffe0 "
        "lime=00ff00 limegreen=32cd32 linen=faf0e6 magenta=ff00ff maroon=800000 mediumaquamarine=66cdaa mediumblue=0000cd mediumorchid=ba55d3 "
        "mediumpurple=9370db mediumseagreen=3cb371 mediumslateblue=7b68ee mediumspringgreen=00fa9a mediumturquoise=48d1cc "
        "mediumvioletred=c71585 midnightblue=191970 mintcream=f5fffa mistyrose=ffe4e1 moccasin=ffe4b5 navajowhite=ffdead navy=000080 "
        "oldlace=fdf5e6 olive=808000 olivedrab=6b8e23 orange=ffa500 orangered=ff4500 orchid=da70d6 palegoldenrod=eee8aa palegreen=98fb98 "
        "paleturquoise=afeeee palevioletred=db7093 papayawhip=ffefd5 peachpuff=ffdab9 peru=cd853f pink=ffc0cb plum=dda0dd powderblue=b0e0e6 "
        "purple=800080 rebeccapurple=663399 red=ff0000 rosybrown=bc8f8f royalblue=4169e1 saddlebrown=8b4513 salmon=fa8072 sandybrown=f4a460 "
        "seagreen=2e8b57 seashell=fff5ee sienna=a0522d silver=c0c0c0 skyblue=87ceeb slateblue=6a5acd slategray=708090 slategrey=708090 "
        "snow=fffafa springgreen=00ff7f steelblue=4682b4 tan=d2b48c teal=008080 thistle=d8bfd8 tomato=ff6347 turquoise=40e0d0 violet=ee82ee "
        "wheat=f5deb3 white=ffffff whitesmoke=f5f5f5 yellow=ffff00 yellowgreen=9acd32 canvastext=000000 canvas=ffffff "
    ))
}  # fmt: skip


def read_colour(text: str) -> tuple[Colour | None, float]:
    """A colour, None where it is not known, and how much of what lies behind it covers (0 to 1).

    >>> read_colour("#FFF"), read_colour("rgb(0 0 0 / 50%)"), read_colour("hsla(0,100%,50%,0)"), read_colour("var(--x)")
    (((255, 255, 255), 1.0), ((0, 0, 0), 0.5), ((255, 0, 0), 0.0), (None, 1.0))
    >>> read_colour("oklch(100% 0 0)"), read_colour("color-mix(in srgb, red, blue 25%)"), read_colour("light-dark(white, black)")
    (((255, 255, 255), 1.0), ((191, 0, 64), 1.0), ((255, 255, 255), 1.0))
    """
    text = text.strip().lower()
    if text == CLEAR:
        return BLACK, 0.0
    if re.fullmatch(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", text):
        digits = text[1:] if len(text) > 5 else "".join(2 * digit for digit in text[1:])
        red, green, blue, cover = (int(digits[k : k + 2] or "ff", 16) for k in (0, 2, 4, 6))
        return (red, green, blue), cover / 255
    if text.endswith(")") and len(text) <= MOST_WRITTEN:
        made = called(text, read_colour)
        return made if made is not None else (None, 1.0)
    return (_NAMES.get(text, text) if text.isalpha() else None), 1.0


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
