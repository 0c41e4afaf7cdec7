"""Pages as a browser shows them: blocks, cells, captions and lists end lines; what is struck out or hidden is not said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bestand.errors import EvidenceError, Problem
from bestand.evidence.canonical import RAISED
from bestand.evidence.looks import Appearance, appearance_of, hints, of_fetched
from bestand.evidence.selectors import Styled
from bestand.evidence.styles import Sheets, gone, strikes

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
_COMMENT_ENDS = re.compile(r"--!?>|(?<=<!--)-?>")
_WALLS = frozenset({"table", "ul", "ol", "dl", "select", "td", "th", "div", "section", "article", "body"})


def page_text(source: str) -> tuple[str, frozenset[str]]:
    """The text of an HTML page, and what a reader should know of it: `struck-out`, `hidden`.

    Raises
    ------
    EvidenceError
        `evidence/too-large` where elements stand too deep inside each other.

    >>> page_text("<p>It will <s>not </s>hold<sup>1</sup>.</p>")[0].replace(RAISED, "|").strip()
    'It will hold|1|.'
    """
    bare = _without_comments(source)
    page = _Page(Sheets(bare))
    page.feed(bare)
    page.close()
    return "".join(page.parts), frozenset(page.notes)


def _without_comments(source: str) -> str:
    """The page without comments, and with no tag left open at its end: parsers take long over those."""
    kept, at = [], 0
    while (start := source.find("<!--", at)) >= 0:
        kept.append(source[at:start])
        end = _COMMENT_ENDS.search(source, start + 2)  # browsers take `<!-->` for a comment, and let `--!>` end one
        at = end.end() if end is not None else len(source)
    kept.append(source[at:])
    page = "".join(kept)
    last = page.rfind(">") + 1
    return page[:last] + page[last:].replace("<", "&lt;")


@dataclass(slots=True)
class _Open:
    """An element that is open: why what stands in it is not said, if so; and how its words look, which a part may take back."""

    tag: str
    why: str = ""
    look: Appearance = field(default_factory=Appearance)


class _Page(HTMLParser):
    """Text of a page: a stack of open elements, each with why what stands in it is not said."""

    def __init__(self, sheets: Sheets) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets, self.parts = sheets, list[str]()
        self.first = _canvas(sheets)
        self.notes: set[str] = set()
        self.stack: list[_Open] = []
        self.elements: list[Styled] = []
        self.n_hidden = 0

    @property
    def silent(self) -> bool:
        """Whether what stands here is not said."""
        return self.n_hidden > 0 or bool(self.stack and not self.stack[-1].look.seen)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._make_room(tag)
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "wbr":
            self.parts.append("\u200b")
        if tag in _VOID:
            return
        if len(self.stack) >= MOST_DEEP:
            what = f"the page is nested more than {MOST_DEEP:,} deep"
            raise EvidenceError(Problem("evidence/too-large", what, hint="save the text that matters as plain text"))
        attributes = {key: value or "" for key, value in reversed(attrs)}  # of one given twice the first counts
        element = Styled(tag, frozenset(attributes.get("class", "").split()), attributes.get("id", ""), attributes)
        opened = self._opened(element)
        self.stack.append(opened)
        self.elements.append(element)
        self.n_hidden += bool(opened.why)
        self._sign(tag)

    def _sign(self, tag: str) -> None:
        """What stands before and after an element of itself."""
        if not self.silent and tag in ("sup", "sub", "q"):
            self.parts.append('"' if tag == "q" else RAISED)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # browsers take no notice of the slash

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        for k in range(len(self.stack) - 1, -1, -1):
            if self.stack[k].tag == tag:
                self._sign(tag)
                self._close(k)
                break

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data.replace(RAISED, ""))
        elif data.strip() and not self.notes >= {"struck-out", "hidden"}:
            self.notes |= {each.why for each in self.stack if each.why in ("struck-out", "hidden")}
            self.notes |= {"hidden"} if self.n_hidden == 0 else set()

    def _close(self, k: int) -> None:
        self.n_hidden -= sum(bool(each.why) for each in self.stack[k:])
        del self.stack[k:], self.elements[k:]

    def _make_room(self, tag: str) -> None:
        """Closes what a new element ends without an end tag: paragraphs, items, cells; and the head."""
        if tag == "body" or (tag in _BLOCKS and tag != "title" and self.stack and self.stack[-1].tag == "head"):
            self._end({"head"}, frozenset())
        if tag in _BLOCKS and tag not in ("br", "img", "option"):
            self._end({"p"}, _WALLS)
        self._end(_ENDED_BY.get(tag, frozenset()), frozenset({"table", "ul", "ol", "dl", "select"}))

    def _end(self, ended: frozenset[str] | set[str], walls: frozenset[str]) -> None:
        lowest = None
        for k in range(len(self.stack) - 1, -1, -1):
            if self.stack[k].tag in ended:
                lowest = k
            elif self.stack[k].tag in walls:
                break
        if lowest is not None:
            self._close(lowest)

    def _opened(self, element: Styled) -> _Open:
        above = self.stack[-1].look if self.stack else self.first
        if element.tag in _UNSEEN:
            return _Open(element.tag, "unseen", above)
        if self.n_hidden:
            return _Open(element.tag, "", above)
        style = self.sheets.styled(element, self.elements)
        if _closed(element) and "display" not in style:
            style["display"] = "none"
        if style and gone(style):
            return _Open(element.tag, "hidden", above)
        why = "struck-out" if element.tag in _STRUCK or strikes(style) else ""
        style = hints(element) | style
        begins = of_fetched(element, above) if self.sheets.fetched else above
        return _Open(element.tag, why, appearance_of(style, begins) if style else begins)


def _canvas(sheets: Sheets) -> Appearance:
    """Colour and ground of a page before its first element; `html` and `body` are there, written or not."""
    look = Appearance(behind=None) if sheets.fetched else Appearance()
    for tag in ("html", "body"):
        look = appearance_of(sheets.styled(Styled(tag), ()), look)
    return Appearance(look.colour, look.behind)


def _closed(element: Styled) -> bool:
    """Whether a browser does not show an element, as long as no style sheet says otherwise."""
    given = element.attributes
    hidden = "hidden" in given and given["hidden"].lower() != "until-found"
    return hidden or "popover" in given or (element.tag == "dialog" and "open" not in given)
