"""Pages as a browser shows them: blocks, cells, captions and lists end lines; what is struck out or hidden is not said."""

from __future__ import annotations

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from bestand.documents.animated import brings_into_sight, frames_of, takes_out_of_sight
from bestand.documents.canonical import RAISED
from bestand.documents.declared import KEPT, Variables
from bestand.documents.hidden import gone, strikes
from bestand.documents.looks import Appearance, appearance_of, hints, of_fetched
from bestand.documents.selectors import Styled
from bestand.documents.styles import Sheets
from bestand.documents.tags import Markup, plain_markup
from bestand.errors import EvidenceError, Problem

MOST_DEEP = 1_000  # elements of a page inside each other
_BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "caption", "center", "col", "colgroup", "dd", "details",
        "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "optgroup", "option",
        "p", "pre", "section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead",
        "title", "tr", "ul", "br", "img"
    ]
)
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
_UNSEEN = frozenset(
    [
        "script", "style", "template", "head", "noscript", "noframes", "iframe", "object", "audio", "video", "canvas",
        "datalist", "title", "rp", "rt", "rtc", "progress", "meter", "noembed", "defs", "symbol", "desc", "metadata",
        "annotation", "annotation-xml"
    ]
)
_STRUCK = frozenset({"del", "s", "strike"})
_ENDED_BY: Mapping[str, frozenset[str]] = {
    "li": frozenset({"li"}),
    "rt": frozenset({"rt", "rp"}),
    "rp": frozenset({"rt", "rp"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "option": frozenset({"option"}),
    "tr": frozenset({"tr", "td", "th", "caption"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tbody": frozenset({"tr", "td", "th", "thead", "tbody", "caption"}),
}
_OF_HEAD = frozenset({"base", "link", "meta", "noscript", "script", "style", "template", "title"})
_WALLS = frozenset({"table", "ul", "ol", "dl", "select", "td", "th", "div", "section", "article", "body"})


def page_text(source: str) -> tuple[str, frozenset[str]]:
    """The text of an HTML page, and what a reader should know of it: `struck-out`, `hidden`; `unclear`,
    where words may be unseen; `turned`, where letters run against their direction.

    Raises
    ------
    EvidenceError
        `evidence/too-large` where elements stand too deep inside each other.

    >>> page_text("<p>It will <s>not </s>hold<sup>1</sup>.</p>")[0].replace(RAISED, "|").strip()
    'It will hold|1|.'
    """
    markup = plain_markup(source)
    page = _Page(markup)
    page.read(markup)
    return "".join(page.parts), frozenset(page.notes)


@dataclass(slots=True)
class _Open:
    """An element that is open: why what stands in it is not said, if so; and how its words look, which a part may take back."""

    tag: str
    why: str = ""
    look: Appearance = field(default_factory=Appearance)
    variables: Variables = field(default_factory=dict)
    turned: bool = False
    fades: bool = False  # whether an animation takes it out of sight
    moved: bool = False  # whether what stands in it directly is seen elsewhere than between what stands around it
    aside: bool = False  # whether it is put to the right of its block
    lays: str = ""  # see `_lays`
    element: Styled | None = None


class _Nesting(HTMLParser):
    """Which elements of a page stand in which, as browsers close them."""

    def __init__(self, *, folded: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.folded = folded
        self.stack: list[_Open] = []
        self.places: dict[str, list[int]] = defaultdict(list)  # in the stack, of the elements of a tag

    def read(self, markup: Markup) -> None:
        """Reads a page."""
        self.feed(markup.text)
        self.close()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # browsers take no notice of the slash

    def handle_endtag(self, tag: str) -> None:
        if self.places[tag]:
            self._close(self.places[tag][-1])

    def _close(self, k: int) -> None:
        for each in self.stack[k:]:
            self.places[each.tag].pop()
        del self.stack[k:]

    def _make_room(self, tag: str) -> None:
        """Closes what a new element ends without an end tag: paragraphs, items, cells; and the head."""
        if tag == "body" or (tag in _BLOCKS and tag != "title" and self.stack and self.stack[-1].tag == "head"):
            self._end({"head"}, frozenset())
        if tag in _BLOCKS and tag not in ("br", "img", "option"):
            self._end({"p"}, _WALLS)
        self._end(_ENDED_BY.get(tag, frozenset()), frozenset({"table", "ul", "ol", "dl", "select"}))

    def _end(self, ended: frozenset[str] | set[str], walls: frozenset[str]) -> None:
        wall = max((self.places[tag][-1] for tag in walls if self.places[tag]), default=-1) if ended else -1
        inside = [self.places[tag] for tag in ended if self.places[tag] and self.places[tag][-1] > wall]
        if inside:
            self._close(min(places[bisect(places, wall)] for places in inside))

    def _push(self, opened: _Open) -> None:
        if len(self.stack) >= MOST_DEEP:
            what = f"the page is nested more than {MOST_DEEP:,} deep"
            raise EvidenceError(Problem("evidence/too-large", what, hint="save the text that matters as plain text"))
        self.places[opened.tag].append(len(self.stack))
        self.stack.append(opened)


def _element(tag: str, attrs: list[tuple[str, str | None]], *, folded: bool) -> Styled:
    """An element with its attributes; of one given twice the first counts.

    folded : whether capitals do not matter in its class and id
    """
    if not attrs:
        return Styled(tag)
    attributes = {key: value or "" for key, value in reversed(attrs)}
    words, name = attributes.get("class", ""), attributes.get("id", "")
    return Styled(tag, frozenset((words.lower() if folded else words).split()), name.lower() if folded else name, attributes)


class _Outline(_Nesting):
    """The elements of a page in their order, each with what stands around it; `html`, `head` and `body` are there, written or not."""

    def __init__(self, *, folded: bool) -> None:
        super().__init__(folded=folded)
        self.root = Styled("html")
        self.head, self.body = self.root.take(Styled("head")), self.root.take(Styled("body"))
        self.elements: list[Styled] = []
        self.unwritten = {"html": self.root, "head": self.head, "body": self.body}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._make_room(tag)
        element = _element(tag, attrs, folded=self.folded)
        if tag in self.unwritten:
            written, element = element, self.unwritten.pop(tag)
            element.words, element.id, element.attributes = written.words, written.id, written.attributes
        if element.parent is None and element is not self.root:
            above = self.stack[-1].element if self.stack else self.root
            (above if above is not self.root and above is not None else self._outer(tag)).take(element)
        self.elements.append(element)
        if tag not in _VOID:
            self._push(_Open(tag, element=element))

    def _outer(self, tag: str) -> Styled:
        """Where an element stands that stands in no other."""
        return self.head if tag in _OF_HEAD and not self.body.children and not self.body.has_text else self.body

    def handle_data(self, data: str) -> None:
        if data.strip():
            above = self.stack[-1].element if self.stack else None
            (self.body if above is None else above).has_text = True


class _Page(_Nesting):
    """Text of a page: a stack of open elements, each with why what stands in it is not said."""

    def __init__(self, markup: Markup) -> None:
        super().__init__(folded=markup.folded)
        self.sheets, self.parts = Sheets(markup), list[str]()
        self.elements: Iterator[Styled] | None = None  # where no style sheet asks for it, what stands around an element does not matter
        self.notes: set[str] = {"unclear"} if self.sheets.unclear else set()
        self.aside = False  # whether words of this block have been put to its right
        self.n_hidden = 0
        self.first = _Open("", look=Appearance(behind=None, under=None) if self.sheets.fetched else Appearance())
        if self.sheets.by_key:
            outline = _Outline(folded=markup.folded)
            outline.read(markup)
            self.elements = iter(outline.elements)
            for element in (outline.root, outline.body):
                self.first = self._opened(element)
        self.n_hidden = int(bool(self.first.why))
        self.n_why = Counter([self.first.why])

    @property
    def silent(self) -> bool:
        """Whether what stands here is not said."""
        return self.n_hidden > 0 or not (self.stack[-1] if self.stack else self.first).look.seen

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._make_room(tag)
        element = _element(tag, attrs, folded=self.folded) if self.elements is None else next(self.elements)
        if tag in _BLOCKS:
            self.parts.append("\n")
            self.aside = False
        elif tag == "wbr":
            self.parts.append("\u200b")
        if tag in _VOID:
            return
        outer = self.elements is not None and tag in ("html", "body")
        opened = replace(self.first, tag=tag, why="") if outer else self._opened(element)
        self._push(opened)
        if opened.why:
            self.n_why[opened.why] += 1
            self.n_hidden += 1
        self._sign(tag)

    def _sign(self, tag: str) -> None:
        """What stands before and after an element of itself."""
        if not self.silent and tag in ("sup", "sub", "q"):
            self.parts.append('"' if tag == "q" else RAISED)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
            self.aside = False
        if self.places[tag]:
            self._sign(tag)
        super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        here = self.stack[-1] if self.stack else self.first
        if not self.silent:
            self.parts.append(data.replace(RAISED, ""))
            if data.strip():
                self.notes |= {"unclear"} if here.look.unclear or here.fades else set()
                turned = here.turned or here.moved or here.lays == "reversed" or (self.aside and not here.aside)
                self.notes |= {"turned"} if turned and any(sign.isalnum() for sign in data) else set()
                self.aside = self.aside or here.aside
        elif data.strip() and not self.notes >= {"struck-out", "hidden"}:
            self.notes |= {why for why in ("struck-out", "hidden") if self.n_why[why]}
            self.notes |= {"hidden"} if self.n_hidden == 0 else set()

    def _close(self, k: int) -> None:
        closed = Counter(each.why for each in self.stack[k:] if each.why)
        self.n_why -= closed
        self.n_hidden -= closed.total()
        super()._close(k)

    def _opened(self, element: Styled) -> _Open:
        above = self.stack[-1] if self.stack else self.first
        if element.tag in _UNSEEN or self.n_hidden:
            return replace(above, tag=element.tag, why="unseen" if element.tag in _UNSEEN else "")
        style, variables = self.sheets.styled(element, above.variables)
        if _closed(element) and "display" not in style:
            style["display"] = "none"
        style = hints(element) | style
        frames = frames_of(style, self.sheets.keyframes)
        shown = self.sheets.keyframes if frames and brings_into_sight(style, frames) else ()
        if style and gone(style, shown):
            return replace(above, tag=element.tag, why="hidden")
        why = "struck-out" if element.tag in _STRUCK or strikes(style) else ""
        begins = of_fetched(element, above.look) if self.sheets.fetched else above.look
        look = appearance_of(style, begins, shown) if style else begins
        opened = _Open(element.tag, why, look, variables, _turned(element, style, above.turned), above.fades, lays=_lays(style))
        if frames:
            opened.fades |= takes_out_of_sight(style, frames, lambda then: gone(then) or (look.seen and not appearance_of(then, begins).seen))
        within = element.tag not in _BLOCKS
        begun = not self.parts or self.parts[-1] == "\n"
        ordered = above.lays == "in order" and style.get("order", "0").lstrip("+-0") not in ("", *KEPT, "initial")
        opened.moved = above.lays == "reversed" or ordered or (within and (above.moved or (style.get("float") == "left" and not begun)))
        opened.aside = within and (above.aside or style.get("float") == "right")
        return opened


def _turned(element: Styled, style: Mapping[str, str], above: bool) -> bool:
    """Whether the letters of an element are put from right to left, whatever letters they are."""
    overridden = element.tag == "bdo" or style.get("unicode-bidi", "") in ("bidi-override", "isolate-override")
    if not overridden:
        return above
    return style.get("direction", element.attributes.get("dir", "ltr").lower()) == "rtl"


def _lays(style: Mapping[str, str]) -> str:
    """How an element lays out what stands in it: `in order`, `reversed`, or as words on a line."""
    display = style.get("display", "")
    if "flex" not in display and "grid" not in display:
        return ""
    turns = style.get("flex-direction", "").endswith("-reverse") or style.get("flex-wrap") == "wrap-reverse"
    return "reversed" if turns and "flex" in display else "in order"


def _closed(element: Styled) -> bool:
    """Whether a browser does not show an element, as long as no style sheet says otherwise."""
    given = element.attributes
    hidden = "hidden" in given and given["hidden"].lower() != "until-found"
    return hidden or "popover" in given or (element.tag == "dialog" and "open" not in given)
