"""Style sheets of a page, as far as they decide what a person sees: what is hidden, shown again, or struck out.

A plain cascade (importance, specificity, order) over the few properties that can hide words, of the selectors that
`selectors` knows; `html` and `body` are there, written or not. Of media, those of a screen 1,280 pixels wide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bestand.errors import EvidenceError, Problem
from bestand.evidence.selectors import Chain, Styled, chains, parted, unescaped

MOST_RULES = 2_000  # rules of a page's style sheets that hide, show or strike
MOST_COMPARED = 1_000_000  # comparisons of an element with a part of a selector
MOST_INSIDE = 20  # rules of a style sheet inside each other, and selectors of one that others stand in
MOST_SHEET = 200_000  # characters of one style sheet that are looked at
_SCREEN = 1_280  # pixels
_HIDING = frozenset(
    [
        "display", "visibility", "opacity", "font", "font-size", "color", "text-decoration", "text-decoration-line",
        "position", "left", "top", "right", "clip", "clip-path", "text-indent", "transform", "content-visibility",
        "overflow", "width", "height", "max-width", "max-height", "animation", "animation-name", "transition", "background",
        "background-color", "background-image", "background-clip", "-webkit-background-clip", "-webkit-text-fill-color", "margin-left",
        "-webkit-text-stroke", "text-shadow", "z-index", "filter", "mix-blend-mode", "bottom", "zoom", "margin-top", "translate", "scale"
    ]
)
_OF_BACKGROUNDS = frozenset(
    ["none", "scroll", "fixed", "local", "top", "left", "right", "bottom", "center", "repeat", "round", "space", "cover", "contain"]
)
_NOTHING = re.compile(r"[-+]?0*(?:\.0*)?(?:px|em|rem|ex|ch|pt|cm|mm|in|vh|vw|%)?\Z")
_FAR = re.compile(r"-\s?\d{4,}(?:\.\d+)?px\Z|-\s?\d{3,}(?:\.\d+)?(?:r?em|%|vw|vh|cm)\Z")
_FAR_MOVED = re.compile(r"(?:translate(?:x|y|3d)?\(|^)[^)]*-\s?(?:\d{4,}(?:\.\d+)?px|\d{3,}(?:\.\d+)?(?:r?em|vw|vh|cm)|\d{4,}(?:\.\d+)?%)")
_NO_LIGHT = re.compile(r"(?:0*(?:\.0\d*)?|[0-5](?:\.\d*)?%)\Z")  # at most .1 of it, or 5 %: nobody reads it
_SPECK = re.compile(r"[01](?:\.0*)?(?:px)?\Z")
_CUT_AWAY = re.compile(
    r"inset\(\s*(?:[5-9]\d|100)%\s*\)|circle\(\s*0"
    r"|polygon\(\s*0(?:px)? 0(?:px)?\s*,\s*0(?:px)? 0(?:px)?\s*,\s*0(?:px)? 0"
)
_FETCHES = re.compile(r"<link\b[^>]{0,500}\bstylesheet\b|@import\b", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\(\s*(?:(?P<low>[\d.]+(?:px|r?em))\s*(?P<small>[<>]=?|=)\s*)?(?:device-)?width\s*(?:(?P<large>[<>]=?|=)\s*(?P<high>[\d.]+(?:px|r?em)))?\s*\)"
)
_SUM_OF_ONE = re.compile(r"calc\(\s*([-+]?[\d.]+[a-z%]*)\s*\)")
_WIDTH = re.compile(r"\(\s*(min|max)-(?:device-)?width\s*:\s*([\d.]+)(px|r?em)\s*\)")


@dataclass(frozen=True, slots=True)
class _Rule:
    chain: Chain
    weight: tuple[int, int, int, int]
    declared: Mapping[str, tuple[bool, str]]  # property: whether it is important, its value


class Sheets:
    """The rules of a page's style sheets, found by what their last part asks for."""

    def __init__(self, page: str) -> None:
        self.fetched = _FETCHES.search(page) is not None  # others, which are not looked at
        self.by_key: dict[str, list[tuple[int, _Rule]]] = defaultdict(list)
        self.n_compared = 0
        n_rules = 0
        for sheet in _sheets(page):
            for rule in _rules(sheet):
                n_rules += 1
                if n_rules > MOST_RULES:
                    return
                last = rule.chain[-1]
                key = next((f"#{name}" for name in last.ids), "") or next((f".{name}" for name in last.words), "") or last.tag.strip("*")
                self.by_key[key].append((n_rules, rule))

    def styled(self, element: Styled, above: Sequence[Styled]) -> dict[str, str]:
        """The properties of an element that can hide it, as its style sheets and its own `style` leave them.

        Raises
        ------
        EvidenceError
            `evidence/too-large` where the style sheets take too long to look through.
        """
        if not self.by_key and "style" not in element.attributes:
            return {}
        above = [*_unwritten(element, above), *above]
        keys = ("", element.tag, f"#{element.id}", *(f".{word}" for word in element.words))
        claims: dict[str, tuple[tuple[bool, tuple[int, int, int, int], int], str]] = {}
        own = declarations(element.attributes.get("style", "")[:5_000])
        matched = [(n, rule) for key in keys for n, rule in self.by_key.get(key, ()) if self._matches(rule.chain, element, above)]
        for order, rule in [*matched, (0, _Rule((), (1, 0, 0, 0), own))]:
            for name, (important, value) in rule.declared.items():
                claim = (important, rule.weight, order)
                if name not in claims or claims[name][0] <= claim:
                    claims[name] = claim, value
        return {name: value for name, (_, value) in claims.items()}

    def _matches(self, chain: Chain, element: Styled, above: Sequence[Styled]) -> bool:
        """Whether a selector means an element; a part is looked for as low as it fits, which settles chains without `>`."""
        self.n_compared += chain[-1].cost
        if self.n_compared > MOST_COMPARED:
            what = "the style sheets of the page take too long to look through"
            raise EvidenceError(Problem("evidence/too-large", what, hint="save the text that matters as plain text"))
        if not chain[-1].fits(element):
            return False
        level = len(above)
        for part in reversed(chain[:-1]):
            while True:
                level -= 1
                self.n_compared += part.cost
                if level < 0:
                    return False
                if part.fits(above[level]):
                    break
                if part.close:
                    return False
        return True


def _unwritten(element: Styled, above: Sequence[Styled]) -> list[Styled]:
    """Elements that every page has, where it does not write them."""
    written = {each.tag for each in above[:2]} | {element.tag}
    if "head" in written or element.tag == "html":
        return []
    return [Styled(tag) for tag in ("html", "body") if tag not in written]


def declarations(style: str) -> dict[str, tuple[bool, str]]:
    """The properties of a `style` that can hide words: whether each is important, and its value.

    >>> declarations("DISPLAY: none !important; margin: 0; font: 0/0 a")
    {'display': (True, 'none'), 'font-size': (False, '0')}
    """
    standing: dict[str, tuple[bool, str]] = {}
    for declared in _plain(style).lower().split(";"):
        name, _, value = (unescaped(part.strip()) for part in declared.partition(":"))
        if name not in _HIDING or not value:
            continue
        value, important, _ = value.partition("!")
        value = _SUM_OF_ONE.sub(r"\1", " ".join(value.split()))
        name = "text-decoration" if name == "text-decoration-line" else name
        if name == "font":
            name, value = "font-size", _size_in(value)
        elif name.startswith("background") and not name.endswith("clip"):
            if name == "background-image" and value == "none":
                continue
            name, value = "background-color", _ground_in(value)
        if name not in standing or important or not standing[name][0]:
            standing[name] = bool(important), value
    return standing


def _size_in(font: str) -> str:
    """The size in the short form of a font.

    >>> _size_in("0/0 a"), _size_in("italic 700 1px/2 serif"), _size_in("inherit")
    ('0', '1px', 'inherit')
    """
    return next((size for word in font.split() if re.match(r"[\d.]+[a-z%]", size := word.split("/")[0]) or "/" in word), "inherit")


def _ground_in(background: str) -> str:
    """The colour in the short form of a background; `picture` where it has one.

    >>> _ground_in("no-repeat #fff"), _ground_in("#fff url(x)"), _ground_in("none"), _ground_in("rgb(1, 2, 3) fixed")
    ('#fff', 'picture', 'transparent', 'rgb(1, 2, 3)')
    """
    if "url(" in background or "gradient(" in background or "image" in background or "var(" in background:
        return "picture"
    colour = re.search(r"(?:rgb|hsl)a?\([^()]*\)|#[0-9a-f]+", background)
    return colour[0] if colour else next((word for word in background.split() if word.isalpha() and word not in _OF_BACKGROUNDS), "transparent")


def gone(style: Mapping[str, str]) -> bool:
    """Whether an element is out of sight with all that stands in it.

    >>> gone({"display": "none"}), gone({"position": "absolute", "left": "-9999px"}), gone({"left": "-9999px"})
    (True, True, False)
    """
    say = style.get
    loose = say("position", "") in ("absolute", "fixed")
    appears = say("animation", "none") != "none" or say("animation-name", "none") != "none"  # what fades in is seen
    small = _SPECK.match(say("width", "")) and _SPECK.match(say("height", ""))
    narrow = any(_NOTHING.match(say(side, "x")) for side in ("height", "max-height", "width", "max-width"))
    cut = say("overflow", "").split(" ")[0] in ("hidden", "clip") and (small or narrow)
    clipped = re.match(r"rect\(\s*(?:[01]p?x?[\s,]+){3}[01](?:px)?\s*\)", say("clip", "")) if loose else None
    path = _CUT_AWAY.match(say("clip-path", ""))
    return bool(
        say("display") == "none"
        or say("content-visibility") == "hidden"
        or ((_NO_LIGHT.match(say("opacity", "1")) or re.match(r"opacity\(\s*0*(?:\.0*)?%?\s*\)", say("filter", ""))) and not appears)
        or (loose and any(_FAR.match(say(side, "")) for side in ("left", "top", "right")))
        or (say("position") == "fixed" and _FAR.match(say("bottom", "")))
        or any(_FAR.match(say(side, "")) for side in ("text-indent", "margin-left", "margin-top"))
        or re.search(r"scale(?:3d|[xy])?\(\s*0(?:\.0*)?\s*[,)]", say("transform", ""))
        or (not appears and (_FAR_MOVED.search(say("transform", "")) or _FAR_MOVED.match(say("translate", ""))))
        or _NOTHING.match(say("scale", "1")) or _NOTHING.match(say("zoom", "1"))
        or cut or clipped or path
    )


def strikes(style: Mapping[str, str]) -> bool:
    """Whether the words of an element are struck out."""
    return "line-through" in style.get("text-decoration", "")


def _plain(css: str) -> str:
    """Style without comments."""
    kept, at = [], 0
    while (start := css.find("/*", at)) >= 0:
        kept.append(css[at:start])
        end = css.find("*/", start + 2)
        at = end + 2 if end >= 0 else len(css)
    return "".join(kept) + css[at:]


def _sheets(page: str) -> Iterator[str]:
    """The style sheets in a page that count on a screen where scripts run."""
    at, lower = 0, page.lower()
    while (opening := re.compile(r"<(style|noscript|template)\b").search(lower, at)) is not None:
        end = lower.find(f"</{opening[1]}", opening.end())
        at = end if end >= 0 else len(page)
        head = lower.find(">", opening.end(), at)
        if opening[1] == "style" and head >= 0:
            media = re.search(r"\bmedia\s*=\s*[\"']?([^\"'>]*)", lower[opening.end() : head])
            if media is None or _on_screen(media[1]):
                yield _plain(page[head + 1 : at][:MOST_SHEET])


@dataclass(slots=True)
class _Open:
    """A block of a style sheet that is open: whether it counts, the selectors that it is of, and what is declared in it."""

    counts: bool
    selectors: tuple[str, ...] = ()
    declared: list[str] = field(default_factory=list)


def _rules(sheet: str) -> Iterator[_Rule]:
    """The rules of a style sheet that can hide or strike, with those inside others and under `@media` and the like."""
    stack, start = [_Open(counts=True)], 0
    for mark in re.finditer(r"[{};]|\Z", sheet):
        words, start = sheet[start : mark.start()].strip(), mark.end()
        here = stack[-1]
        if mark[0] == "{":
            known = here.counts and len(stack) < MOST_INSIDE
            if words.startswith("@"):
                stack.append(_Open(known and _at_rule_counts(words.lower()), here.selectors))
            else:
                stack.append(_Open(known, _nested(here.selectors, words[:5_000]) if known else ()))
            continue
        here.declared.append(words)
        if mark[0] == "}" and len(stack) > 1:
            yield from _rule(stack.pop())
    while len(stack) > 1:  # what is left open ends with the sheet
        yield from _rule(stack.pop())


def _nested(outer: tuple[str, ...], words: str) -> tuple[str, ...]:
    """Selectors of a block inside another.

    >>> _nested((".a", ".b"), "&.c, p")
    ('.a.c', '.a p', '.b.c', '.b p')
    """
    inner = [each.strip() for each in parted(words, ",")]
    if not outer:
        return tuple(inner)
    return tuple(each.replace("&", above) if "&" in each else f"{above} {each}" for above in outer[:MOST_INSIDE] for each in inner[:MOST_INSIDE])


def _rule(block: _Open) -> Iterator[_Rule]:
    declared = declarations(";".join(block.declared)[:5_000]) if block.counts and block.selectors else {}
    for chain in chains(",".join(block.selectors)) if declared else ():
        ids, kinds, tags = (sum(part.weight[k] for part in chain) for k in range(3))
        yield _Rule(chain, (0, ids, kinds, tags), declared)


def _at_rule_counts(words: str) -> bool:
    name, _, condition = words.partition(" ")
    return _on_screen(condition) if name == "@media" else name in ("@supports", "@layer", "@container", "@scope")


def _on_screen(media: str) -> bool:
    """Whether media are those of a wide screen.

    >>> [_on_screen(media) for media in ("", "print", "screen and (min-width: 600px)", "(max-width:40em)", "not print", "print, screen")]
    [True, False, True, False, True, True]
    """
    return not media.strip() or any(_fits(query.split(" and ")) for query in media.lower().split(","))


def _fits(parts: Iterable[str]) -> bool:
    kind, *features = [part.strip() for part in parts]
    if kind.startswith("("):
        kind, features = "all", [kind, *features]
    wanted = kind.removeprefix("only ").removeprefix("not ").strip() in ("all", "screen")
    return wanted != kind.startswith("not ") and all(_has(feature) for feature in features)


def _has(feature: str) -> bool:
    if between := _BETWEEN.match(feature):
        low, small, large, high = between["low"], between["small"], between["large"], between["high"]
        wide, narrow = not low or _compared(_pixels_of(low), small, _SCREEN), not high or _compared(_SCREEN, large, _pixels_of(high))
        return bool(low or high) and wide and narrow
    width_rule = _WIDTH.match(feature)
    if width_rule is None:
        return False
    width = _pixels_of(width_rule[2] + width_rule[3])
    return width <= _SCREEN if width_rule[1] == "min" else width >= _SCREEN


def _pixels_of(length: str) -> float:
    number = re.match(r"\d*(?:\.\d+)?", length)
    return float(number[0] if number and number[0] else 0) * (1 if length.endswith("px") else 16)


def _compared(one: float, sign: str, other: float) -> bool:
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other, "=": one == other}[sign]
