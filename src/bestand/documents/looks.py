"""How the words of an element look: their colour, what lies behind them, their size; and whether a person sees them.

A page that fetches style sheets may look otherwise than its own text says: there, what lies behind words is known only where the
page itself says it. Nor is it known where a picture lies, and under what is moved out of its place. What is not known counts as seen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bestand.documents.colours import BLACK, CLEAR, WHITE, Colour, blend_in, laid_over, read_colour
from bestand.documents.declared import KEPT, PICTURE
from bestand.documents.hidden import LEAST_LIGHT, light_of
from bestand.documents.lengths import read_length
from bestand.documents.selectors import Styled
from bestand.documents.values import parted

LEAST_PIXELS = 2.5  # height of letters that can be read; smaller ones are no larger than a hair is thick
_KEPT = (*KEPT, "currentcolor")
_WITH_OWN_GROUND = frozenset({"button", "select", "textarea", "option", "input", "optgroup", "fieldset"})
_DRAWN = frozenset({"text", "tspan", "g", "textpath", "svg"})
_AS_STYLE: Mapping[str, str] = {
    **{key: key for key in ("display", "visibility", "opacity", "font-size", "fill", "fill-opacity", "transform", "clip-path", "filter")},
    "mask": "mask-image",
}
_FAR_AWAY: Mapping[str, str] = {"x": "margin-left", "y": "margin-top"}
_FAR = 1_000.0  # pixels from where a drawing begins
_GROUNDS = frozenset({"body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"})


@dataclass(frozen=True, slots=True)
class Appearance:
    """Colour of words, what lies behind them, the height of their letters in pixels, and whether they are shown at all.

    colour, behind : None where it is not known
    light          : share of their light that opacity leaves them
    under          : what lies behind by what the page writes, whatever pictures and places may make of it
    """

    colour: Colour | None = BLACK
    behind: Colour | None = WHITE
    pixels: float = 16.0
    visible: bool = True
    light: float = 1.0
    under: Colour | None = WHITE
    guess: Colour | None = BLACK

    @property
    def seen(self) -> bool:
        """Whether a person sees the words."""
        return self.visible and self.light > LEAST_LIGHT and self.pixels >= LEAST_PIXELS and not blend_in(self.colour, self.behind)

    @property
    def unclear(self) -> bool:
        """Whether they may well be unseen: their colour is that of the ground, were it not for what is not known."""
        return (self.behind is None or self.colour is None) and (self.guess is None or blend_in(self.guess, self.under))


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
    if tag in _DRAWN:
        style |= {to: given[key].strip().lower() for key, to in _AS_STYLE.items() if key in given}
        far = {to: read for key, to in _FAR_AWAY.items() if (read := read_length(given.get(key, ""))) is not None and abs(read.pixels) >= _FAR}
        style |= {to: f"{read.pixels}px" for to, read in far.items()}
    return {"visibility": "hidden"} if tag == "mphantom" else style


def as_drawn(element: Styled, style: dict[str, str]) -> dict[str, str]:
    """A style in which what a drawing fills its letters with is their colour.

    >>> as_drawn(Styled("text"), {"fill": "none"})["color"]
    'transparent'
    """
    if element.tag not in _DRAWN or not ("fill" in style or "fill-opacity" in style):
        return style
    light = {"opacity": style["fill-opacity"]} if "fill-opacity" in style and "opacity" not in style else {}
    outlined = style.get("fill") == "none" and "stroke" in element.attributes
    return style | light | ({"color": style["fill"].replace("none", CLEAR)} if "fill" in style and not outlined else {})


def _of_old(text: str) -> str:
    """A colour as old attributes write it, where the # may be missing."""
    text = text.strip().lower()
    return f"#{text}" if re.fullmatch(r"[0-9a-f]{6}", text) else text


def appearance_of(style: Mapping[str, str], above: Appearance, keyframes: Collection[str] = ()) -> Appearance:
    """How the words of an element look that stands in another.

    keyframes : animations that may bring them into sight

    >>> page = appearance_of({"background-color": "#fff"}, Appearance())
    >>> appearance_of({"color": "white"}, page).seen, appearance_of({"color": "white", "background-color": "navy"}, page).seen
    (False, True)
    """
    visible = above.visible
    if (visibility := style.get("visibility", "inherit")) not in _KEPT:
        visible = visibility not in ("hidden", "collapse")
    behind = _behind(style, above.behind)
    under = _under(style, above.under)
    colour, guess = _painted(style, above.colour, behind), _guessed(style, above.guess, under)
    light = above.light * light_of(style, keyframes)
    return Appearance(colour, behind, _pixels(style.get("font-size", ""), above.pixels), visible, light, under, guess)


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


def _under(style: Mapping[str, str], above: Colour | None) -> Colour | None:
    """What lies behind the words by what the page writes alone."""
    ground = style.get("background-color", CLEAR)
    if ground in _KEPT or ground in ("initial", PICTURE):
        return above
    painted = laid_over(*read_colour(ground), above)
    return above if painted in (CLEAR, None) else painted


def _painted(style: Mapping[str, str], above: Colour | None, behind: Colour | None) -> Colour | None:
    """The colour of the words of an element; not known where a shadow or a line makes them stand out."""
    outline = style.get("-webkit-text-stroke", "0")
    made = (style.get("text-shadow", "none"), "none" if outline.split()[0] in ("0", "0px") else outline)
    if any(each != "none" and not _blends(each, behind) for each in made):
        return None
    said = _said(style)
    if said in _KEPT:
        return above
    if style.get("background-clip", "") == "text":
        return None  # the picture behind shows through the letters
    return BLACK if said == "initial" else laid_over(*read_colour(said), behind)


def _guessed(style: Mapping[str, str], above: Colour | None, under: Colour | None) -> Colour | None:
    """The colour of the words by what the page writes alone."""
    said = _said(style)
    return above if said in _KEPT else BLACK if said == "initial" else laid_over(*read_colour(said), under)


def _said(style: Mapping[str, str]) -> str:
    filled = style.get("-webkit-text-fill-color", "")
    return filled if filled and filled not in _KEPT else style.get("color", "inherit")


def _blends(made: str, behind: Colour | None) -> bool:
    """Whether all colours of a shadow or an outline are that of the ground."""
    words = [word for word in parted(made, " ") if word.strip(",") and not re.match(r"[-+.\d]", word)]
    return bool(words) and all(blend_in(laid_over(*read_colour(word.strip(",")), behind), behind) for word in words)


def _pixels(size: str, above: float) -> float:
    """The height of letters; as above where a size is not known."""
    read = read_length(size, em=above)
    if read is None:
        return 13.0 if size.endswith("small") else 16.0 if size in ("medium", "initial") or size.endswith("large") else above
    return read.pixels + read.percent / 100 * above
