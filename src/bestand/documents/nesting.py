"""Which elements of a page stand in which, as browsers put a page together (HTML, section 13.2.6)."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bestand.documents.boxes import Room
from bestand.documents.looks import Appearance
from bestand.documents.placed import Placed
from bestand.documents.selectors import Styled
from bestand.documents.tags import BREAKS_OUT, FOREIGN, POINTS, Markup
from bestand.documents.variables import Variables
from bestand.errors import EvidenceError, Problem

MOST_DEEP = 1_000  # elements of a page inside each other
BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "caption", "center", "col", "colgroup", "dd", "details",
        "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option",
        "p", "pre", "section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead",
        "title", "tr", "ul", "br", "img"
    ]
)  # fmt: skip
VOID = frozenset(
    [
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img", "input", "keygen", "link", "meta", "param",
        "source", "track", "wbr",
    ]
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = ("td", "th", "caption")
_BETWEEN_CELLS = ("table", "tbody", "thead", "tfoot", "tr")
_IN_TABLES = frozenset({"tbody", "thead", "tfoot", "tr", "td", "th", "caption", "col", "colgroup"})
_FORMATS = frozenset({"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"})
_ENDED_BY: Mapping[str, frozenset[str]] = {
    "li": frozenset({"li"}),
    "rt": frozenset({"rt", "rp"}),
    "rp": frozenset({"rt", "rp"}),
    "rb": frozenset({"rb", "rt", "rp", "rtc"}),
    "rtc": frozenset({"rt", "rp"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "option": frozenset({"option"}),
    "optgroup": frozenset({"option", "optgroup"}),
    "tr": frozenset({"tr", "td", "th", "caption"}),
    "td": frozenset({"td", "th", "caption"}),
    "th": frozenset({"td", "th", "caption"}),
    **dict.fromkeys(("thead", "tbody", "tfoot"), frozenset({"tr", "td", "th", "thead", "tbody", "tfoot", "caption"})),
}
_ENDED_IN_CELLS: Mapping[str, frozenset[str]] = {
    "a": frozenset({"a"}), "nobr": frozenset({"nobr"}), "button": frozenset({"button"}),
    **dict.fromkeys(("input", "select", "textarea", "keygen"), frozenset({"select"})),
}  # fmt: skip
OLD_LOOKS = frozenset({"color", "face", "size"})  # with which `font` is no part of a drawing
_OF_HEAD = frozenset({"base", "link", "meta", "noscript", "script", "style", "template", "title"})
_SCOPES = frozenset({"table", "td", "th", "caption", "applet", "marquee", "object", "template", "foreignobject", "desc", "title"})
_ENDS_P = (BLOCKS - {"br", "img", "option", "optgroup", "select", "textarea", "title", "body", "caption", "col", "colgroup", *_IN_TABLES}) | {
    "listing", "plaintext", "search", "xmp"
}  # fmt: skip
_SPECIAL = BLOCKS | _SCOPES | {"button", "listing", "plaintext", "search", "xmp", "iframe", "noscript", "script", "style"}
_WALLS_OF_LISTS = frozenset({"table", "ul", "ol", "dl", "select"})
_WALLS_OF_ITEMS = _SPECIAL - {"address", "div", "p", "li", "dt", "dd"}
_WALLS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("li", "dt", "dd"), _WALLS_OF_ITEMS), **dict.fromkeys(_IN_TABLES, frozenset({"table"})),
}  # fmt: skip


@dataclass(slots=True)
class Opened:
    """An element that is open: why what stands in it is not said, if so; and how its words look, which a part may take back."""

    tag: str
    why: str = ""
    look: Appearance = field(default_factory=Appearance)
    variables: Variables = field(default_factory=dict)
    placed: Placed = field(default_factory=Placed)
    doubtful: bool = False  # whether an animation, or what is not worked out, takes it out of sight
    box: tuple[float, float] | None = None  # see `clipped_at`
    room: Room | None = None
    covers: bool = False
    before: tuple[int, int] = (0, 0)  # lines and letters that were said before it
    element: Styled | None = None


class Nesting(HTMLParser):
    """Which elements of a page stand in which, as browsers close them."""

    def __init__(self, *, folded: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.folded = folded
        self.stack: list[Opened] = []
        self.places: dict[str, list[int]] = defaultdict(list)  # in the stack, of the elements of a tag

    def read(self, markup: Markup) -> None:
        """Reads a page."""
        self.feed(markup.text)
        self.close()
        self._close(0)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        counts = tag in FOREIGN or (self.drawing and tag not in BREAKS_OUT)  # elsewhere browsers take no notice of the slash
        self.handle_starttag(tag, attrs)
        if counts and tag not in VOID:
            self._close(len(self.stack) - 1)

    def handle_endtag(self, tag: str) -> None:
        if self.drawing and tag in ("p", "br"):
            self._break_out()
        if (place := self._ended(tag)) is not None:
            self._close_with_formats(place)

    def _ended(self, tag: str) -> int | None:
        """Where the element stands that an end tag ends; None where browsers take no notice of it."""
        tags = _HEADINGS if tag in _HEADINGS else {tag}
        place = self._last(tags)
        if place < 0 or (tag == "form" and place < len(self.stack) - 1):
            return None
        if tag in _FORMATS or tag in _IN_TABLES or tag == "table":
            return place
        walls = _SPECIAL - POINTS if tag in FOREIGN or tag in POINTS else _SCOPES if tag in _SPECIAL else _SPECIAL
        return place if self._last(walls - tags) < place else None

    @property
    def drawing(self) -> bool:
        """Whether what comes stands in a drawing or a formula."""
        return bool(self.places["svg"] or self.places["math"]) and self._last(FOREIGN) > self._last(POINTS)

    @property
    def before_table(self) -> bool:
        """Whether what comes stands in a table and in none of its cells: browsers put it before the table."""
        return bool(self.places["table"]) and self._last(_BETWEEN_CELLS) > self._last(_CELLS)

    @property
    def undrawn(self) -> bool:
        """Whether words that come stand in a drawing beside its texts, where nothing is drawn of them."""
        return bool(self.places["svg"]) and self._last(("svg",)) > self._last(("text", "math", *POINTS))

    def ignored(self, tag: str) -> bool:
        """Whether browsers take no notice of a tag: a part of a table without one."""
        return tag in _IN_TABLES and not self.places["table"] and not self.places["template"]

    def _last(self, tags: Iterable[str]) -> int:
        return max((self.places[tag][-1] for tag in tags if self.places[tag]), default=-1)

    def _close_with_formats(self, k: int) -> None:
        """Closes elements; formats that are not ended themselves are opened again by browsers, unless a cell ends."""
        formats = [each for each in self.stack[k + 1 :] if each.tag in _FORMATS]
        if formats and self.stack[k].tag not in _CELLS:
            self._reopened(formats)
        self._close(k)

    def _reopened(self, formats: list[Opened]) -> None:
        """What to do about formats that browsers open again."""

    def _close(self, k: int) -> None:
        for each in self.stack[k:]:
            self.places[each.tag].pop()
        del self.stack[k:]

    def _make_room(self, tag: str) -> None:
        """Closes what a new element ends without an end tag: drawings, the head, paragraphs, headings, items, cells."""
        if tag in BREAKS_OUT and self.drawing:
            self._break_out()
        self._end_head("" if tag in _OF_HEAD else tag)
        if tag in _ENDS_P and not (tag == "table" and self.folded):
            self._end({"p"}, _SCOPES | {"button"})
        if tag in _HEADINGS and self.stack and self.stack[-1].tag in _HEADINGS:
            self._close(len(self.stack) - 1)
        if tag == "table" and self.stack and self.stack[-1].tag in _BETWEEN_CELLS:
            self._close(self.places["table"][-1])
        self._end(_ENDED_BY.get(tag, frozenset()), _WALLS.get(tag, _WALLS_OF_LISTS))
        self._end(_ENDED_IN_CELLS.get(tag, frozenset()), frozenset(_CELLS))

    def _break_out(self) -> None:
        """Ends the drawing in which what comes stands."""
        point = self._last(POINTS)
        self._close(min(place for name in FOREIGN for place in self.places[name] if place > point))

    def _end_head(self, by: str) -> None:
        """Ends the head by words or by an element that does not stand in one."""
        if by.strip() and self.stack and self.stack[-1].tag == "head":
            self._close(len(self.stack) - 1)

    def _end(self, ended: frozenset[str] | set[str], walls: frozenset[str]) -> None:
        open_ones = [self.places[tag] for tag in ended if self.places[tag]]
        if not open_ones:
            return
        wall = self._last(walls)
        inside = [places[bisect(places, wall)] for places in open_ones if places[-1] > wall]
        if inside:
            self._close_with_formats(min(inside))

    def _push(self, opened: Opened) -> None:
        if len(self.stack) >= MOST_DEEP:
            what = f"the page is nested more than {MOST_DEEP:,} deep"
            raise EvidenceError(Problem("evidence/too-large", what, hint="save the text that matters as plain text"))
        self.places[opened.tag].append(len(self.stack))
        self.stack.append(opened)


def styled_element(tag: str, attrs: list[tuple[str, str | None]], *, folded: bool) -> Styled:
    """An element with its attributes; of one given twice the first counts.

    folded : whether capitals do not matter in its class and id
    """
    if not attrs:
        return Styled(tag)
    attributes = {key: value or "" for key, value in reversed(attrs)}
    words, name = attributes.get("class", ""), attributes.get("id", "")
    return Styled(tag, frozenset((words.lower() if folded else words).split()), name.lower() if folded else name, attributes)


class Outline(Nesting):
    """The elements of a page in their order, each with what stands around it; `html`, `head` and `body` are there, written or not."""

    def __init__(self, *, folded: bool) -> None:
        super().__init__(folded=folded)
        self.root = Styled("html")
        self.head, self.body = self.root.take(Styled("head")), self.root.take(Styled("body"))
        self.elements: list[Styled] = []
        self.unwritten = {"html": self.root, "head": self.head, "body": self.body}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.ignored(tag):
            return
        self._make_room("b" if tag == "font" and OLD_LOOKS & dict(attrs).keys() else tag)
        element = styled_element(tag, attrs, folded=self.folded)
        if tag in self.unwritten:
            written, element = element, self.unwritten.pop(tag)
            element.words, element.id, element.attributes = written.words, written.id, written.attributes
        if element.parent is None and element is not self.root:
            above = self.stack[-1].element if self.stack else self.root
            (above if above is not self.root and above is not None else self._outer(tag)).take(element)
        self.elements.append(element)
        if tag not in VOID:
            self._push(Opened(tag, element=element))

    def _outer(self, tag: str) -> Styled:
        """Where an element stands that stands in no other."""
        return self.head if tag in _OF_HEAD and not self.body.children and not self.body.has_text else self.body

    def handle_data(self, data: str) -> None:
        self._end_head(data)
        if data.strip():
            above = self.stack[-1].element if self.stack else None
            (self.body if above is None else above).has_text = True
