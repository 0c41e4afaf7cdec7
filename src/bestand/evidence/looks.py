"""How the words of an element look: their colour, what lies behind them, their size; and whether a person sees them.

A page that fetches style sheets may look otherwise than its own text says: there, what lies behind words is known only where the
page itself says it. Nor is it known where a picture lies, and under what is moved out of its place. What is not known counts as seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bestand.evidence.colours import BLACK, CLEAR, WHITE, Colour, blend_in, laid_over, read_colour
from bestand.evidence.selectors import Styled

LEAST_PIXELS = 2.5  # height of letters that can be read; smaller ones are no larger than a hair is thick
PICTURE = "picture"  # what lies behind words is one
_KEPT = ("inherit", "unset", "currentcolor", "revert")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "rem": 16.0, "vw": 12.8, "vh": 7.2, "": 1.0}
_RELATIVE = {"em": 1.0, "%": 0.01, "ex": 0.5, "ch": 0.5}
_LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*([a-z]*|%)\Z")
_WITH_OWN_GROUND = frozenset({"button", "select", "textarea", "option", "input", "optgroup", "fieldset"})
_GROUNDS = frozenset({"body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"})


@dataclass(frozen=True, slots=True)
class Appearance:
    """Colour of words, what lies behind them, the height of their letters in pixels, and whether they are shown at all.

    colour, behind : None where it is not known
    """

    colour: Colour | None = BLACK
    behind: Colour | None = WHITE
    pixels: float = 16.0
    visible: bool = True

    @property
    def seen(self) -> bool:
        """Whether a person sees the words."""
        return self.visible and self.pixels >= LEAST_PIXELS and not blend_in(self.colour, self.behind)


def hints(element: Styled) -> dict[str, str]:
    """What an element says of its looks without a style: by its attributes, and by what browsers make of it.

    >>> hints(Styled("font", attributes={"color": "FFFFFF"})), hints(Styled("p"))
    ({'color': '#ffffff'}, {})
    """
    tag, given = element.tag, element.attributes
    style: dict[str, str] = {}
    if tag == "mark":
        style = {"color": "black", "background-color": "yellow"}
    elif tag == "a" and "href" in given:
        style = {"color": "linktext"}
    elif tag in _WITH_OWN_GROUND or tag == "svg":
        style = {"color": "canvastext", "background-color": PICTURE}
    if tag in _GROUNDS and "background" in given:
        style["background-color"] = PICTURE
    elif tag in _GROUNDS and "bgcolor" in given:
        style["background-color"] = _of_old(given["bgcolor"])
    if (old := given.get("color" if tag == "font" else "text" if tag == "body" else "")) is not None:
        style["color"] = _of_old(old)
    return style


def _of_old(text: str) -> str:
    """A colour as old attributes write it, where the # may be missing."""
    text = text.strip().lower()
    return f"#{text}" if re.fullmatch(r"[0-9a-f]{6}", text) else text


def appearance_of(style: Mapping[str, str], above: Appearance) -> Appearance:
    """How the words of an element look that stands in another.

    >>> page = appearance_of({"background-color": "#fff"}, Appearance())
    >>> appearance_of({"color": "white"}, page).seen, appearance_of({"color": "white", "background-color": "navy"}, page).seen
    (False, True)
    """
    visible = above.visible
    if (visibility := style.get("visibility", "inherit")) not in _KEPT:
        visible = visibility not in ("hidden", "collapse")
    behind = _behind(style, above.behind)
    colour = _painted(style, above.colour, behind)
    return Appearance(colour, behind, _pixels(style.get("font-size", ""), above.pixels), visible)


def of_fetched(element: Styled, above: Appearance) -> Appearance:
    """How an element begins to look on a page that fetches style sheets, which may give a ground to whatever has a name."""
    return replace(above, behind=None) if element.words or element.id else above


def _behind(style: Mapping[str, str], above: Colour | None) -> Colour | None:
    """What lies behind the words of an element."""
    if style.get("position") in ("absolute", "fixed") or "z-index" in style or style.get("transform", "none") != "none":
        above = None
    if style.get("filter", "none") != "none" or style.get("mix-blend-mode", "normal") != "normal":
        return None
    ground = style.get("background-color", CLEAR)
    if ground in _KEPT or ground == "initial":
        return above
    if ground == PICTURE:
        return None
    painted = laid_over(*read_colour(ground), above)
    return above if painted == CLEAR else painted


def _painted(style: Mapping[str, str], above: Colour | None, behind: Colour | None) -> Colour | None:
    """The colour of the words of an element; not known where a shadow or a line makes them stand out."""
    if style.get("text-shadow", "none") != "none" or style.get("-webkit-text-stroke", "0") != "0":
        return None
    said = style.get("-webkit-text-fill-color", "") or style.get("color", "")
    if not said or said in _KEPT:
        return above
    if style.get("background-clip", style.get("-webkit-background-clip", "")) == "text":
        return None  # the picture behind shows through the letters
    return BLACK if said == "initial" else laid_over(*read_colour(said), behind)


def _pixels(size: str, above: float) -> float:
    """The height of letters; as above where a size is not known."""
    read = _LENGTH.match(size)
    if read is None:
        return 13.0 if size.endswith("small") else 16.0 if size in ("medium", "initial") or size.endswith("large") else above
    return float(read[1]) * (_RELATIVE[read[2]] * above if read[2] in _RELATIVE else _PIXELS.get(read[2], 16.0))
