"""How words of a Word file look, by their own properties and by the styles that they have; and why some are not said.

Without a colour of their own words stand out against whatever lies behind them (`auto`). What lies behind is not known in boxes, on
pages with a background, and in tables whose style has shades; what is not known counts as seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bestand.documents.colours import CLEAR, Colour, read_colour
from bestand.documents.looks import Appearance

MOST_BASES = 300  # styles of a Word file that rest on each other
_OFF = frozenset({"0", "false", "off", "none"})
_AWAY = ("spacing", "line", "ind", "trHeight", "position", "fitText", "framePr", "alpha")  # by which words may be out of sight
_UNSAID: Mapping[str, str] = {"strike": "struck-out", "dstrike": "struck-out", "vanish": "hidden", **dict.fromkeys(_AWAY, "hidden")}
_FLAT, _FAR_LEFT, _FAR_RIGHT = 40.0, -5_000.0, 20_000.0  # twentieths of a point: less than can be read, off the page
_TWIPS: Mapping[str, float] = {"": 1.0, "pt": 20.0, "pc": 240.0, "pi": 240.0, "in": 1_440.0, "cm": 567.0, "mm": 56.7}
_BARE = frozenset({"", "auto", "none", "nil"})
_SOME = frozenset([*_UNSAID, "color", "shd", "highlight", "sz", "w"])
Said = Mapping[str, str]  # property: its value


@dataclass(frozen=True, slots=True)
class Dress:
    """How the words of a run look, and which of its properties keep them from being said."""

    look: Appearance = field(default_factory=lambda: Appearance(colour=None))
    unsaid: frozenset[str] = frozenset()

    @property
    def why(self) -> frozenset[str]:
        """Why words are not said: `struck-out`, `hidden`; nothing where they are."""
        return frozenset(_UNSAID[name] for name in self.unsaid) | (frozenset() if self.look.seen else {"hidden"})

    def on(self, ground: Colour | None) -> Dress:
        """The same on another ground."""
        return replace(self, look=replace(self.look, behind=ground))

    def of(self, colour: Colour | None) -> Dress:
        """The same in another colour."""
        return replace(self, look=replace(self.look, colour=colour))

    def wearing(self, said: Said) -> Dress:
        """The same with some properties."""
        here = self
        for name, value in said.items():
            if name in _UNSAID:
                off = value.lower() in _OFF
                here = replace(here, unsaid=here.unsaid - {name} if off else here.unsaid | {name})
            elif name == "color":
                here = here.of(_colour(value))
            elif name in ("shd", "highlight") and value not in _BARE:
                here = here.on(_colour(value))
            elif name in ("sz", "w"):
                here = replace(here, look=replace(here.look, pixels=_pixels(name, value, here.look.pixels)))
        return here


def said_of(name: str, given: Mapping[str, str]) -> Said:
    """What a property says of looks, if anything.

    >>> said_of("shd", {"val": "clear", "fill": "FFFFFF"}), said_of("strike", {}), said_of("ind", {})
    ({'shd': 'FFFFFF'}, {'strike': ''}, {})
    """
    if name in _AWAY:
        return {("line" if name == "spacing" and "line" in given else name): "1" if _away(name, given) else "0"}
    if name not in _SOME:
        return {}
    if name == "color" and given.get("val", "") in _BARE and given.get("themeColor", "") in ("background1", "light1"):
        return {name: "FFFFFF"}
    if name != "shd":
        return {name: given.get("val", "")}
    pattern = given.get("val", "clear")
    return {"shd": given.get("fill", "") if pattern in _BARE or pattern == "clear" else given.get("color", "") if pattern == "solid" else pattern}


def _away(name: str, given: Mapping[str, str]) -> bool:
    """Whether a property leaves nothing of words to be seen: no height, letters upon each other, off the page.

    >>> _away("ind", {"left": "-9000"}), _away("spacing", {"line": "240", "lineRule": "exact"}), _away("trHeight", {"val": "1", "hRule": "exact"})
    (True, False, True)
    """
    long = {key: twips for key in given if (twips := _twips(given[key])) is not None}
    match name:
        case "spacing":
            exact = given.get("lineRule") == "exact" and long.get("line", _FLAT + 1) <= _FLAT
            return exact or long.get("val", 0.0) <= -100
        case "ind":
            return any(not _FAR_LEFT < long.get(side, 0.0) < _FAR_RIGHT for side in ("left", "start", "right", "end"))
        case "position":
            return abs(long.get("val", 0.0)) >= 1_000
        case "fitText":
            return long.get("val", _FLAT + 1) <= _FLAT
        case "alpha":
            return long.get("val", 0.0) >= 90_000  # thousandths of a percent that the ground shines through
    exact = given.get("hRule") == "exact" and long.get("val" if name == "trHeight" else "h", _FLAT + 1) <= _FLAT
    return exact or (name == "framePr" and any(not _FAR_LEFT < long.get(side, 0.0) < _FAR_RIGHT for side in ("x", "y")))


def _twips(text: str) -> float | None:
    read = re.fullmatch(r"(-?\d{1,7}(?:\.\d{1,5})?)([a-z]{0,2})", text)
    return None if read is None or read[2] not in _TWIPS else float(read[1]) * _TWIPS[read[2]]


def _colour(value: str) -> Colour | None:
    """A colour as Word writes it; None where it is chosen by what lies behind, or not known."""
    if value in _BARE:
        return None
    return read_colour(f"#{value}" if re.fullmatch("[0-9A-Fa-f]{6}", value) else value)[0]


def _pixels(name: str, value: str, above: float) -> float:
    """The height of letters of so many half points, or with so many percent of their width."""
    read = re.match(r"\d{1,6}(?:\.\d+)?", value)
    if read is None:
        return above
    if name == "w":
        return above if float(read[0]) > 5 else 0.0  # percent
    return float(read[0]) * (4 / 3 if value.endswith("pt") else 2 / 3)


class Styles:
    """The styles of a Word file, from the events of a parser."""

    def __init__(self) -> None:
        self.own: dict[str, dict[str, str]] = {"": {}}  # the first are the defaults of the document
        self.base: dict[str, str] = {}
        self.shaded: set[str] = set()
        self.known: dict[str, dict[str, str]] = {}
        self.plain = ""  # the style of a paragraph that names none
        self.inside: list[str] = []
        self.here = ""

    def start(self, full: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        name, given = full.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self.inside.append(name)
        if name == "style":
            self.here = given.get("styleId", "")
            self.own.setdefault(self.here, {})
            if given.get("type") == "paragraph" and given.get("default", "0").lower() not in _OFF:
                self.plain = self.here
        elif name == "basedOn":
            self.base[self.here] = given.get("val", "")
        elif said := said_of(name, given):
            if name == "shd" and said["shd"] not in _BARE:
                self.shaded.add(self.here)
            if self.inside[-2:-1] in (["rPr"], ["pPr"]) and "tblStylePr" not in self.inside:
                self.own[self.here] |= said

    def end(self, full: str) -> None:
        """An element ends."""
        self.inside.pop()
        self.here = "" if full.rpartition(" ")[2] == "style" else self.here

    def line(self, style: str) -> list[str]:
        """A style and those that it rests on, the last first."""
        bases: dict[str, None] = {}
        while style and style not in bases and len(bases) < MOST_BASES:
            bases[style] = None
            style = self.base.get(style, "")
        return list(bases)[::-1]

    def of(self, style: str) -> Said:
        """What a style says, with what it rests on; asked for when all styles are read."""
        if style not in self.known:
            self.known[style] = {name: value for base in self.line(style) for name, value in self.own.get(base, {}).items()}
        return self.known[style]

    def shades(self, style: str) -> bool:
        """Whether a style of tables gives cells a ground."""
        return any(base in self.shaded for base in self.line(style))


def with_fill(dress: Dress, name: str, inside: str, given: Mapping[str, str]) -> Dress:
    """A run whose letters are filled as newer files of Word say.

    >>> with_fill(Dress(), "noFill", "textFill", {}).look.seen
    False
    """
    if name == "noFill" and inside == "textFill":
        return dress.of(CLEAR)
    if name == "srgbClr":
        return dress.of(_colour(given.get("val", "")))
    return dress.of(None) if name in ("schemeClr", "gradFill") else dress
