"""What a style declares of the few properties that can hide words: short forms written out, what no browser takes left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import Declaration  # type: ignore[import-untyped]

from bestand.documents.colours import read_colour
from bestand.documents.lengths import read_length
from bestand.documents.values import functions, parted, spelled, tokens_of

MOST_DECLARED = 20_000  # characters of one style
PICTURE = "picture"  # what lies behind words is one
KEPT = ("inherit", "unset", "revert", "revert-layer")
_GLOBAL = frozenset({*KEPT, "initial"})
_WORDS: Mapping[str, frozenset[str]] = {name: frozenset(words.split()) for name, words in {
    "display": "none block inline inline-block flex inline-flex grid inline-grid flow flow-root contents table inline-table table-row table-cell "
               "table-caption table-row-group table-header-group table-footer-group table-column table-column-group list-item run-in ruby "
               "ruby-base ruby-text ruby-base-container ruby-text-container math -webkit-box -webkit-inline-box -webkit-flex -ms-flexbox -ms-grid",
    "visibility": "visible hidden collapse",
    "position": "static relative absolute fixed sticky -webkit-sticky",
    "overflow": "visible hidden clip scroll auto overlay",
    "content-visibility": "visible hidden auto", "-webkit-box-direction": "normal reverse", "offset-path": "none",
    "white-space": "normal nowrap pre pre-wrap pre-line break-spaces",
    "unicode-bidi": "normal embed isolate bidi-override isolate-override plaintext",
    "direction": "ltr rtl", "backface-visibility": "visible hidden", "-webkit-text-security": "none disc circle square",
    "float": "none left right inline-start inline-end",
    "flex-direction": "row row-reverse column column-reverse", "flex-wrap": "nowrap wrap wrap-reverse",
    "text-decoration": "none underline overline line-through blink solid double dotted dashed wavy auto from-font",
    "clip": "auto", "clip-path": "none", "transform": "none", "translate": "none", "scale": "none", "filter": "none", "mask": "none",
    "background-clip": "text border-box padding-box content-box border-area",
    "size": "auto none min-content max-content fit-content stretch -webkit-fill-available normal",
    "font-size": "xx-small x-small small medium large x-large xx-large xxx-large smaller larger math",
}.items()}  # fmt: skip
_SIDES = ("top", "right", "bottom", "left")
_LENGTHS = frozenset(
    [
        *_SIDES, "width", "height", "max-width", "max-height", "text-indent", "margin-left", "margin-top", "margin-right", "padding-left",
        "letter-spacing", "word-spacing", "line-height",
    ]
)  # fmt: skip
_LIKE: Mapping[str, str] = {
    "overflow-x": "overflow", "overflow-y": "overflow", "-webkit-mask-image": "mask", "mask-image": "mask", "text-decoration-line": "text-decoration",
    "-webkit-background-clip": "background-clip",
}  # fmt: skip
_SAME: Mapping[str, str] = {
    "text-decoration-line": "text-decoration", "inset-inline-start": "left", "inset-inline-end": "right", "inset-block-start": "top",
    "inset-block-end": "bottom", "margin-inline-start": "margin-left", "margin-block-start": "margin-top", "inline-size": "width",
    "margin-inline-end": "margin-right", "padding-inline-start": "padding-left", "line-clamp": "-webkit-line-clamp", "-webkit-mask-size": "mask-size",
    "block-size": "height", "max-inline-size": "max-width", "max-block-size": "max-height", "-webkit-mask-image": "mask-image",
    "-webkit-transform": "transform", "-webkit-filter": "filter", "-webkit-clip-path": "clip-path", "-webkit-animation-name": "animation-name",
    "-webkit-background-clip": "background-clip", "overflow-inline": "overflow-x", "overflow-block": "overflow-y",
    "-webkit-text-decoration": "text-decoration", "-webkit-order": "order", "-webkit-flex-direction": "flex-direction",
    "-webkit-flex-wrap": "flex-wrap", "-webkit-animation-duration": "animation-duration", "-webkit-animation-play-state": "animation-play-state",
    "-webkit-backface-visibility": "backface-visibility",
}  # fmt: skip
_ANIMATED = ("animation-name", "animation-duration", "animation-play-state")
_SHORT: Mapping[str, tuple[str, ...]] = {
    "font": ("font-size", "line-height"), "background": ("background-color",), "background-image": ("background-color",),
    "overflow": ("overflow-x", "overflow-y"),
    "inset": _SIDES, "inset-inline": ("left", "right"), "inset-block": ("top", "bottom"), "margin": ("margin-top", "margin-right", "margin-left"),
    "margin-inline": ("margin-left", "margin-right"), "margin-block": ("margin-top",),
    "padding": ("padding-left",), "padding-inline": ("padding-left",),
    "mask": ("mask-image",), "-webkit-mask": ("mask-image",),
    "animation": _ANIMATED, "-webkit-animation": _ANIMATED, "flex-flow": ("flex-direction", "flex-wrap"),
    "grid-row": ("grid-row-start",), "grid-column": ("grid-column-start",), "grid-area": ("grid-row-start", "grid-column-start"),
    "grid": ("grid-auto-flow",), "offset": ("offset-path",),
}  # fmt: skip
_PLAIN = frozenset(
    [
        *_LENGTHS, "display", "visibility", "opacity", "font-size", "color", "text-decoration", "position", "clip", "clip-path", "transform",
        "content-visibility", "overflow-x", "overflow-y", "animation-name", "background-color", "background-clip", "-webkit-text-fill-color",
        "-webkit-text-stroke", "text-shadow", "z-index", "filter", "mix-blend-mode", "zoom", "translate", "scale", "mask-image", "white-space",
        "unicode-bidi", "direction", "backface-visibility", "-webkit-text-security", "animation-duration", "animation-play-state", "order", "float",
        "flex-direction", "flex-wrap", "-webkit-box-direction", "grid-row-start", "grid-column-start", "grid-auto-flow", "offset-path", "rotate",
        "content", "font-size-adjust", "contain", "-webkit-line-clamp", "mask-size", "fill", "fill-opacity",
    ]
)  # fmt: skip
LOOKED_AT = frozenset({*_PLAIN, *_SAME, *_SHORT, "all"})
_BACKGROUND = frozenset(
    [
        "none", "scroll", "fixed", "local", "top", "left", "right", "bottom", "center", "repeat", "no-repeat", "repeat-x", "repeat-y", "round",
        "space", "cover", "contain", "auto", "border-box", "padding-box", "content-box", "/", "text",
    ]
)  # fmt: skip
_RECKONING = frozenset({"if", "attr", "random", "inherit", "toggle"})
_SECONDS = re.compile(r"[\d.]+m?s")
_ANIMATION = re.compile(
    r"[-+]?[\d.]+m?s|[\d.]+|infinite|normal|reverse|alternate|alternate-reverse|none|forwards|backwards|both|running|paused|linear|ease|ease-in|ease-out"
    r"|ease-in-out|step-start|step-end|(?:cubic-bezier|steps|linear)\(.*\)"
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A value as it is declared: whether it is important; where it hangs on variables, in which property it is written."""

    value: str
    important: bool = False
    of: str = ""


def declarations(style: str) -> dict[str, Declared]:
    """The properties of a style that can hide words, and its variables, with their values; the last that a browser takes counts.

    >>> {name: each.value for name, each in declarations("DISPLAY: none !important; display: bogus; font: 0/0 a; --X: y").items()}
    {'display': 'none', 'font-size': '0', 'line-height': '0', '--X': 'y'}
    """
    nodes = tinycss2.parse_blocks_contents(tokens_of(style[:MOST_DECLARED]), skip_whitespace=True)
    return declared_in(node for node in nodes if node.type == "declaration")


def declared_in(nodes: Iterable[Declaration]) -> dict[str, Declared]:
    """The same of declarations that are read already."""
    standing: dict[str, Declared] = {}
    for node in nodes:
        own = node.name.startswith("--")
        name = node.name if own else node.lower_name
        if not own and (name not in LOOKED_AT or any(token == "!" or token.type == "error" for token in node.value)):
            continue
        value = spelled(node.value)
        waits = not own and "var(" in value.lower()
        for longhand, one in ({name: value} if own else dict.fromkeys(_longhands(name), value) if waits else longhands_of(name, value)).items():
            if longhand not in standing or node.important or not standing[longhand].important:
                standing.pop(longhand, None)  # so that order tells which came last
                standing[longhand] = Declared(one, node.important, name if waits else "")
    return standing


def reckoned(nodes: Iterable[Declaration]) -> bool:
    """Whether a value of a property that can hide words is reckoned by the browser from what is not known here.

    >>> reckoned(tinycss2.parse_blocks_contents("display: if(media(print): block; else: none)"))
    True
    """
    declared = (node for node in nodes if node.type == "declaration" and node.lower_name in LOOKED_AT and node.lower_name != "content")
    called = (token for node in declared for token in node.value if token.type == "function")
    return any(token.lower_name in _RECKONING or token.name.startswith("--") for token in called)


def _longhands(name: str) -> tuple[str, ...]:
    return tuple(_PLAIN) if name == "all" else _SHORT.get(name, (_SAME.get(name, name),))


def longhands_of(name: str, value: str) -> dict[str, str]:
    """A declaration in properties that are no short forms; none where no browser takes it.

    >>> longhands_of("margin", "1px 2px 3px -9999px"), longhands_of("overflow", "hidden"), longhands_of("position", "bogus")
    ({'margin-top': '1px', 'margin-right': '2px', 'margin-left': '-9999px'}, {'overflow-x': 'hidden', 'overflow-y': 'hidden'}, {})
    """
    value = value.lower()
    if not value:
        return {}
    if value in _GLOBAL:
        return dict.fromkeys(_longhands(name), value)
    if name not in _SHORT:
        return {_SAME.get(name, name): value} if name != "all" and _taken(_LIKE.get(name, _SAME.get(name, name)), value) else {}
    words = parted(value, " ")
    if name == "font":
        return _of_font(words)
    if name in ("background", "background-image"):
        if name == "background-image" and value == "none":
            return {}
        ground = _ground_in(value, words)
        return {"background-color": ground} if ground else {}
    if name.startswith(("inset", "margin", "overflow", "padding")):
        return _of_sides(name, words)
    if name in ("mask", "-webkit-mask"):
        return {"mask-image": value}
    if name.startswith(("grid", "offset")):
        return _of_places(name, value)
    if name == "flex-flow":
        return {"flex-direction" if _taken("flex-direction", word) else "flex-wrap": word for word in words}
    names = [next((word for word in parted(one, " ") if not _ANIMATION.fullmatch(word)), "none") for one in parted(value, ",")]
    times = [next((word for word in parted(one, " ") if _SECONDS.fullmatch(word)), "0s") for one in parted(value, ",")]
    return dict(zip(_ANIMATED, (",".join(names), ",".join(times), "paused" if "paused" in words else "running"), strict=True))


def _of_font(words: list[str]) -> dict[str, str]:
    for word in words:
        size, _, line = word.partition("/")
        if size in _WORDS["font-size"] or (read_length(size) is not None and not re.fullmatch(r"[1-9]00", size)):
            return {"font-size": size, "line-height": line or "normal"}
    return {}


def _of_sides(name: str, words: list[str]) -> dict[str, str]:
    kind = name if name == "overflow" else "top"
    if not words or len(words) > 4 or not all(_taken(kind, word) for word in words):
        return {}
    top, right = words[0], words[1] if len(words) > 1 else words[0]
    bottom, left = words[2] if len(words) > 2 else top, words[3] if len(words) > 3 else right
    match name:
        case "inset":
            return {"top": top, "right": right, "bottom": bottom, "left": left}
        case "margin":
            return {"margin-top": top, "margin-right": right, "margin-left": left}
        case "padding":
            return {"padding-left": left}
        case "overflow":
            return {"overflow-x": top, "overflow-y": right}
    return dict(zip(_SHORT[name], (top, right), strict=False))


def _of_places(name: str, value: str) -> dict[str, str]:
    """Where a grid puts an element, or along which line it is put.

    >>> _of_places("grid-area", "b"), _of_places("grid-row", "span 2 / 3"), _of_places("offset", "path('M 1 0') 10%")
    ({'grid-row-start': 'b', 'grid-column-start': 'b'}, {'grid-row-start': 'span 2'}, {'offset-path': "path('M 1 0') 10%"})
    """
    if name in ("grid", "offset"):
        return {_SHORT[name][0]: value}
    lines = [line.strip() for line in value.split("/")]
    return dict(zip(_SHORT[name], (lines[0], lines[min(1, len(lines) - 1)]), strict=False))


def _ground_in(background: str, words: list[str]) -> str:
    """The colour in the short form of a background; `picture` where it has one, empty where no browser takes it.

    >>> [_ground_in(each, each.split()) for each in ("no-repeat #fff", "#fff url(x)", "none", "bogus")]
    ['#fff', 'picture', 'transparent', '']
    """
    if re.search(r"url\(|gradient\(|image|element\(|cross-fade\(", background):
        return PICTURE
    colours = [word for word in words if word not in _BACKGROUND and read_length(word.strip("/,")) is None]
    if not all(_is_colour(word) for word in colours) or len(colours) > 1:
        return ""
    return colours[0] if colours else "transparent"


def _is_colour(word: str) -> bool:
    return word in ("currentcolor", "transparent") or word.partition("(")[0] in _COLOURING or isinstance(read_colour(word)[0], tuple)


_COLOURING = frozenset(
    ["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color", "color-mix", "light-dark", "device-cmyk", "contrast-color"]
)  # fmt: skip
_OF_SYSTEM = frozenset(
    ["linktext", "canvastext", "canvas", "visitedtext", "buttontext", "field", "fieldtext", "graytext", "highlight", "highlighttext", "mark"]
)  # fmt: skip
_FUNCTIONS = frozenset(  # values that may be called
    {"clip", "clip-path", "transform", "translate", "scale", "filter", "mask", "offset-path", "text-decoration"}
)


def _taken(kind: str, value: str) -> bool:
    """Whether browsers take a value of a property."""
    size = read_length(value) is not None or value.startswith(("calc", "env(", "fit-content(", "anchor"))
    if kind in _LENGTHS or kind == "font-size":
        return size or value in _WORDS["font-size" if kind == "font-size" else "size"]
    if kind in ("color", "background-color", "-webkit-text-fill-color", "fill"):
        return _is_colour(value) or value in _OF_SYSTEM or (kind == "fill" and (value == "none" or value.startswith("url(")))
    if kind in ("opacity", "zoom", "fill-opacity"):
        return size or value in ("normal", "reset")
    if kind in _WORDS:
        others = [word for word in parted(value, " ") if word not in _WORDS[kind]]
        return not others or (kind in _FUNCTIONS and all(_is_called(word) or read_length(word) is not None or _is_colour(word) for word in others))
    return True


def _is_called(word: str) -> bool:
    """Whether a word is a function that misses none of its arguments between commas."""
    return word.startswith("url(") or any("" not in parted(inner, ",") or not inner for _, inner in functions(word))
