"""What a style declares of the few properties that can hide words: short forms written out, what no browser takes left out, variables put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import Declaration, FunctionBlock, Node  # type: ignore[import-untyped]

from bestand.documents.colours import read_colour
from bestand.documents.lengths import read_length
from bestand.documents.values import MOST_NESTED, Tokens, functions, held, parted, significant, sized, spelled, split, tokens_of

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
    "content-visibility": "visible hidden auto",
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
    [*_SIDES, "width", "height", "max-width", "max-height", "text-indent", "margin-left", "margin-top", "letter-spacing", "line-height"]
)  # fmt: skip
_LIKE: Mapping[str, str] = {
    "overflow-x": "overflow", "overflow-y": "overflow", "-webkit-mask-image": "mask", "mask-image": "mask", "text-decoration-line": "text-decoration",
    "-webkit-background-clip": "background-clip",
}  # fmt: skip
_SAME: Mapping[str, str] = {
    "text-decoration-line": "text-decoration", "inset-inline-start": "left", "inset-inline-end": "right", "inset-block-start": "top",
    "inset-block-end": "bottom", "margin-inline-start": "margin-left", "margin-block-start": "margin-top", "inline-size": "width",
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
    "inset": _SIDES, "inset-inline": ("left", "right"), "inset-block": ("top", "bottom"), "margin": ("margin-top", "margin-left"),
    "margin-inline": ("margin-left",), "margin-block": ("margin-top",), "mask": ("mask-image",), "-webkit-mask": ("mask-image",),
    "animation": _ANIMATED, "-webkit-animation": _ANIMATED, "flex-flow": ("flex-direction", "flex-wrap"),
}  # fmt: skip
_PLAIN = frozenset(
    [
        *_LENGTHS, "display", "visibility", "opacity", "font-size", "color", "text-decoration", "position", "clip", "clip-path", "transform",
        "content-visibility", "overflow-x", "overflow-y", "animation-name", "background-color", "background-clip", "-webkit-text-fill-color",
        "-webkit-text-stroke", "text-shadow", "z-index", "filter", "mix-blend-mode", "zoom", "translate", "scale", "mask-image", "white-space",
        "unicode-bidi", "direction", "backface-visibility", "-webkit-text-security", "animation-duration", "animation-play-state", "order", "float",
        "flex-direction", "flex-wrap",
    ]
)  # fmt: skip
LOOKED_AT = frozenset({*_PLAIN, *_SAME, *_SHORT, "all"})
_BACKGROUND = frozenset(
    [
        "none", "scroll", "fixed", "local", "top", "left", "right", "bottom", "center", "repeat", "no-repeat", "repeat-x", "repeat-y", "round",
        "space", "cover", "contain", "auto", "border-box", "padding-box", "content-box", "/", "text",
    ]
)  # fmt: skip
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


def _longhands(name: str) -> tuple[str, ...]:
    return tuple(_PLAIN) if name == "all" else _SHORT.get(name, (_SAME.get(name, name),))


def longhands_of(name: str, value: str) -> dict[str, str]:
    """A declaration in properties that are no short forms; none where no browser takes it.

    >>> longhands_of("margin", "1px 2px 3px -9999px"), longhands_of("overflow", "hidden"), longhands_of("position", "bogus")
    ({'margin-top': '1px', 'margin-left': '-9999px'}, {'overflow-x': 'hidden', 'overflow-y': 'hidden'}, {})
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
    if name.startswith(("inset", "margin", "overflow")):
        return _of_sides(name, words)
    if name in ("mask", "-webkit-mask"):
        return {"mask-image": value}
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
    kind = "overflow" if name == "overflow" else "top"
    if not words or len(words) > 4 or not all(_taken(kind, word) for word in words):
        return {}
    top, right = words[0], words[1] if len(words) > 1 else words[0]
    bottom, left = words[2] if len(words) > 2 else top, words[3] if len(words) > 3 else right
    match name:
        case "inset":
            return {"top": top, "right": right, "bottom": bottom, "left": left}
        case "margin":
            return {"margin-top": top, "margin-left": left}
        case "overflow":
            return {"overflow-x": top, "overflow-y": right}
    return dict(zip(_SHORT[name], (top, right), strict=False))


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
_FUNCTIONS = frozenset({"clip", "clip-path", "transform", "translate", "scale", "filter", "mask", "text-decoration"})  # values that may be called


def _taken(kind: str, value: str) -> bool:
    """Whether browsers take a value of a property."""
    size = read_length(value) is not None or value.startswith(("calc", "env(", "fit-content(", "anchor"))
    if kind in _LENGTHS or kind == "font-size":
        return size or value in _WORDS["font-size" if kind == "font-size" else "size"]
    if kind in ("color", "background-color", "-webkit-text-fill-color"):
        return _is_colour(value) or value in _OF_SYSTEM
    if kind in ("opacity", "zoom"):
        return size or value in ("normal", "reset")
    if kind in _WORDS:
        others = [word for word in parted(value, " ") if word not in _WORDS[kind]]
        return not others or (kind in _FUNCTIONS and all(_is_called(word) or read_length(word) is not None or _is_colour(word) for word in others))
    return True


def _is_called(word: str) -> bool:
    """Whether a word is a function that misses none of its arguments between commas."""
    return any("" not in parted(inner, ",") or not inner for _, inner in functions(word))


@dataclass(frozen=True, slots=True)
class Variable:
    """The value of a variable, with others put in, and how many tokens it has, with those in brackets."""

    tokens: Tokens
    size: int


Variables = Mapping[str, Variable]


def substituted(value: str, variables: Variables, counted: Callable[[int], None]) -> str | None:
    """A value with its variables put in; None where one has no value.

    counted : gets how many comparisons would take as long; may raise to end it

    >>> known = with_variables({"--b": "2px"}, {}, abs)
    >>> substituted("var(--a, 1px) var(--b)", known, abs), substituted("var(--c)", known, abs)
    ('1px 2px', None)
    """
    put = _put_in(tokens_of(value), variables, counted)
    return None if put is None else spelled(put)


def _put_in(tokens: Tokens, variables: Variables, counted: Callable[[int], None], deep: int = 0) -> list[Node] | None:
    """Tokens with variables put in."""
    made = list[Node]()
    for token in tokens:
        inner: Tokens | None = held(token)
        counted(5)
        if token.type == "function" and token.lower_name == "var":
            name, *other = split(token.arguments, ",")
            known = variables.get(_name(name))
            counted(5 + (known.size if known is not None else len(token.arguments)))
            inner = known.tokens if known is not None else _put_in(token.arguments[len(name) + 1 :], variables, counted, deep + 1) if other else None
            made += inner or ()
        elif inner:
            inner = _put_in(inner, variables, counted, deep + 1)
            made.append(FunctionBlock(1, 1, token.name, inner) if token.type == "function" else type(token)(1, 1, inner))
        else:
            made.append(token)
        if inner is None or deep > MOST_NESTED:
            return None
    return made


def _name(tokens: Tokens) -> str:
    words = significant(tokens)
    return words[0].value if len(words) == 1 and words[0].type == "ident" else ""


def with_variables(declared: Mapping[str, str], above: Variables, counted: Callable[[int], None]) -> Variables:
    """The variables of an element: its own with others put in, and those of what it stands in; none of those that hang on themselves.

    >>> above = with_variables({"--c": "3px", "--d": "4px"}, {}, abs)
    >>> {name: spelled(each.tokens) for name, each in with_variables({"--a": "var(--b) 1px", "--b": "2px", "--c": "var(--c)"}, above, abs).items()}
    {'--d': '4px', '--b': '2px', '--a': '2px 1px'}
    """
    if not declared:
        return above
    wanted = {name: tokens_of(value) for name, value in declared.items() if value.lower() not in KEPT}
    counted(len(above) // 5)  # which are put down once more
    standing = {name: value for name, value in above.items() if name not in wanted}
    for name in _ordered(wanted):
        value = _put_in(wanted[name], standing, counted) if declared[name].lower() != "initial" else None
        size = sized(value) if value is not None else None
        if value is not None and size is not None:
            standing[name] = Variable(value, size)
    return standing


def _named(tokens: Tokens) -> Iterator[str]:
    """Names of the variables that a value hangs on."""
    for token in tokens:
        if token.type == "function" and token.lower_name == "var":
            yield _name(split(token.arguments, ",")[0])
        yield from _named(held(token))


def _ordered(wanted: Mapping[str, Tokens]) -> list[str]:
    """Variables, each behind those that it hangs on; without those that hang on themselves."""
    needs = {name: [other for other in _named(value) if other in wanted] for name, value in wanted.items()}
    ordered: dict[str, None] = {}
    on_themselves: set[str] = set()
    for first in wanted:
        path = {first: iter(needs[first])} if first not in ordered else {}
        while path:
            name, left = next(reversed(path.items()))
            other = next((each for each in left if each not in ordered), None)
            if other is None:
                ordered[name] = None
                del path[name]
            elif other in path:
                names = list(path)
                on_themselves |= set(names[names.index(other) :])
            else:
                path[other] = iter(needs[other])
    return [name for name in ordered if name not in on_themselves]
