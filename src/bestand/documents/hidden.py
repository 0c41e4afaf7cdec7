"""Whether a style takes an element out of sight with all that stands in it, or strikes its words out."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from bestand.documents.colours import CLEAR, laid_over, read_colour
from bestand.documents.declared import KEPT
from bestand.documents.lengths import Length, read_length
from bestand.documents.transforms import transformed
from bestand.documents.values import functions, parted

LEAST_LIGHT = 0.1  # share of its light below which nobody reads a word
_FAR, _FAR_RIGHT = -1_000.0, 5_000.0  # pixels out of place
_UNSHOWN = ("none", "table-column", "table-column-group")
_PICTURED = re.compile(r"url\(|image\(|image-set\(|[a-z-]*gradient\(")
_DRAWN = re.compile(r"\b(?:url|path|shape)\(")
_WHOLE = ("auto", "cover", "contain", "100% 100%", "100%", *KEPT, "initial")
_NO_LINE = ("none", *KEPT, "initial", "normal")
_LOOSE = ("absolute", "fixed", "relative", "sticky", "-webkit-sticky")


def gone(style: Mapping[str, str], keyframes: Collection[str] = ()) -> bool:
    """Whether an element is out of sight with all that stands in it.

    keyframes : animations that may bring it into sight

    >>> gone({"display": "none"}), gone({"position": "absolute", "left": "-9999px"}), gone({"left": "-9999px"})
    (True, True, False)
    """
    return _gone(tuple(style.items()), frozenset(keyframes))


@lru_cache(maxsize=4_096)  # elements of a page are styled in few ways
def _gone(items: tuple[tuple[str, str], ...], keyframes: frozenset[str]) -> bool:
    style = dict(items)
    veiled = style.get("-webkit-text-security", "none") not in ("none", *KEPT, "initial")  # dots in the place of letters
    unshown = style.get("display") in _UNSHOWN or style.get("content-visibility") == "hidden" or _none(style.get("font-size-adjust"))
    return veiled or unshown or bool(_PICTURED.match(style.get("content", ""))) or _away(style, keyframes) or _cut(style)


def doubtful(style: Mapping[str, str]) -> bool:
    """Whether a style may take words out of sight in ways that are not worked out: along a line, behind a drawing, by a filter of its own.

    >>> doubtful({"offset-path": "path('M 0 0')"}), doubtful({"clip-path": "circle(9px)"})
    (True, False)
    """
    drawn = any(side in style and _DRAWN.search(style[side]) for side in ("clip-path", "filter", "mask-image"))
    masked = style.get("mask-image", "none") not in _NO_LINE and style.get("mask-size", "auto") not in _WHOLE
    return drawn or masked or style.get("offset-path", "none") not in _NO_LINE


def hides(style: Mapping[str, str]) -> bool:
    """Whether a style would hide or strike out words, whatever stands around them."""
    small = read_length(style.get("font-size", "x"))
    if light_of(style, ()) <= LEAST_LIGHT:
        return True
    unseen = style.get("visibility") in ("hidden", "collapse") or (small is not None and small.percent == 0 and small.pixels < 2.5)
    return unseen or strikes(style) or gone({"position": "absolute", "overflow-x": "hidden", "overflow-y": "hidden", **style})


def strikes(style: Mapping[str, str]) -> bool:
    """Whether the words of an element are struck out."""
    return "line-through" in style.get("text-decoration", "").split()


def light_of(style: Mapping[str, str], keyframes: Collection[str]) -> float:
    """Share of its light that an element keeps, by its opacity and filters; all of it where an animation may give it back."""
    if _appears(style, keyframes):
        return 1.0
    return _light(style.get("opacity", "1"), style.get("filter", "none"))


@lru_cache(maxsize=4_096)
def _light(opacity: str, filtered: str) -> float:
    light = _share(opacity)
    for name, inner in functions(filtered):
        if name in ("opacity", "contrast"):
            light *= min(1.0, _share(inner or "1"))
        elif name == "blur" and (blurred := read_length(inner)) is not None and blurred.pixels >= 5:
            light = 0.0
    return min(1.0, light)


def _appears(style: Mapping[str, str], keyframes: Collection[str]) -> bool:
    """What fades in is seen."""
    return style.get("animation-name", "none").strip("\"'") in keyframes


def _share(text: str) -> float:
    read = read_length(text)
    return 1.0 if read is None else max(0.0, read.pixels + read.percent / 100)


def _away(style: Mapping[str, str], keyframes: Collection[str]) -> bool:
    """Whether it is moved out of the page, or shrunk or turned till nothing is left of it."""
    position = style.get("position", "static")
    if position in _LOOSE and any(_far(style.get(side, "auto")) for side in ("left", "top")):
        return True
    if position in _LOOSE and any(_far_right(style.get(side, "auto")) for side in ("left", "right", "bottom")):
        return True
    if position in ("absolute", "fixed") and _far(style.get("right", "auto")):
        return True
    if position == "fixed" and (_far(style.get("bottom", "auto")) or _far_right(style.get("top", "auto"))):
        return True
    if any(_far(style.get(side, "0")) for side in ("text-indent", "margin-left", "margin-top")):
        return True
    if any(_far_right(style.get(side, "0")) for side in ("text-indent", "margin-left", "padding-left")):
        return True
    shown = transformed(style)
    if min(shown.thin, _share(style.get("zoom", "1"))) < LEAST_LIGHT or abs(shown.area) < LEAST_LIGHT**2 or min(map(abs, shown.facing)) < 0.02:
        return True
    moved = any(min(way.pixels, way.percent) <= _FAR or way.pixels >= _FAR_RIGHT for way in shown.shifts)
    from_behind = style.get("backface-visibility") == "hidden" and shown.from_behind
    return (moved and not _appears(style, keyframes)) or from_behind


def _far(text: str) -> bool:
    read = read_length(text)
    return read is not None and (read.pixels <= _FAR or read.percent <= -100 or (text.endswith(("vw", "vh", "em", "cm")) and read.pixels <= -700))


def _far_right(text: str) -> bool:
    read = read_length(text)
    return read is not None and read.pixels >= _FAR_RIGHT


def _cut(style: Mapping[str, str]) -> bool:
    """Whether nothing is left inside what clips it."""
    across, down = (style.get(f"overflow-{side}", "visible") for side in ("x", "y"))
    clips_across, clips_down = across not in ("visible", "overlay"), down not in ("visible", "overlay")
    sizes = [read_length(style.get(side, "auto")) for side in ("width", "height")]
    small = all(size is not None and size.pixels <= 1.5 and size.percent <= 0 for size in sizes)
    if (clips_across or clips_down) and small:
        return True
    if (clips_down or clips_across) and any(_none(style.get(side)) for side in ("height", "max-height")):
        return True
    if (clips_across or clips_down) and any(_none(style.get(side)) for side in ("width", "max-width")):
        return True
    contained = {"size", "strict"} & set(style.get("contain", "").split())
    if contained and (clips_down or "strict" in contained) and style.get("height", "auto") == "auto":
        return True
    if clips_down and _none(style.get("line-height")) and style.get("height", "auto") == "auto":
        return True
    indent = read_length(style.get("text-indent", "0"))
    if clips_across and indent is not None and (indent.percent >= 100 or indent.pixels >= 1_000):
        return True
    if (spacing := style.get("letter-spacing", "")).endswith("em") and (read := read_length(spacing)) is not None and read.pixels <= -8:
        return True
    return _clipped(style) or _masked(style.get("mask-image", "none"))


def _none(text: str | None) -> bool:
    read = read_length(text) if text else None
    return read is not None and read.nothing


def _clipped(style: Mapping[str, str]) -> bool:
    if style.get("position") in ("absolute", "fixed"):
        for name, inner in functions(style.get("clip", "auto")):
            edges = _read(inner)
            if name == "rect" and len(edges) == 4 and all(abs(edge.pixels) <= 1.5 for edge in edges):
                return True
    return _closed_in(style.get("clip-path", "none"))


@lru_cache(maxsize=4_096)
def _closed_in(path: str) -> bool:
    """Whether a shape that clips an element lets nothing of it through."""
    for name, inner in functions(path):
        sides = _read(inner.split(" at ")[0].split(" round ")[0])
        if name == "inset" and sides:
            top, right = sides[0], sides[1] if len(sides) > 1 else sides[0]
            bottom, left = sides[2] if len(sides) > 2 else top, sides[3] if len(sides) > 3 else right
            across, down = right.percent + left.percent, top.percent + bottom.percent
            if max(across, down) >= 98 or max(side.pixels for side in (top, right, bottom, left)) >= _FAR_RIGHT:
                return True
        elif (name in ("circle", "ellipse") and any(side.nothing for side in sides)) or _no_area(name, sides):
            return True
    return False


def _read(text: str) -> list[Length]:
    read = (read_length(part) for part in re.split(r"[\s,]+", text))
    return [side for side in read if side is not None]


def _no_area(name: str, sides: list[Length]) -> bool:
    """Whether the points of a shape enclose nothing."""
    across, down = [side for k, side in enumerate(sides) if k % 2 == 0], [side for k, side in enumerate(sides) if k % 2]
    if name == "rect":
        return len(sides) == 4 and (sides[0] == sides[2] or sides[1] == sides[3])
    if name == "xywh":
        return len(sides) >= 4 and (sides[2].nothing or sides[3].nothing)
    return name == "polygon" and (len(set(across)) <= 1 or len(set(down)) <= 1)


@lru_cache(maxsize=4_096)
def _masked(mask: str) -> bool:
    """Whether a mask lets nothing through: a course of colours that are all clear."""
    if "gradient(" not in mask or "url(" in mask:
        return False
    inner = mask[mask.index("gradient(") + 9 :].rsplit(")", 1)[0]
    stops = parted(inner, ",")
    colours = [re.match(r"[#a-z][\w-]*(?:\([^()]*\))?", stop) for stop in stops]
    places = ("to", "circle", "ellipse", "closest", "farthest", "at", "from")
    read = [read_colour(word[0]) for word in colours if word is not None and not word[0].startswith(places)]
    return bool(read) and all(laid_over(colour, cover, None) == CLEAR for colour, cover in read)
