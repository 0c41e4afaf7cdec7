"""Pages as a browser shows them: blocks, cells, captions and lists end lines; what is struck out or hidden is not said."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bestand.documents.animated import Frame, brings_into_sight, frames_of, takes_out_of_sight
from bestand.documents.boxes import clipped_at, covers, pushed_out, room_of
from bestand.documents.canonical import RAISED
from bestand.documents.hidden import doubtful, gone, strikes
from bestand.documents.looks import Appearance, appearance_of, as_drawn, hints, of_fetched
from bestand.documents.nesting import BLOCKS, OLD_LOOKS, VOID, Nesting, Opened, Outline, styled_element
from bestand.documents.placed import Placed, placed
from bestand.documents.selectors import Styled
from bestand.documents.styles import Sheets
from bestand.documents.tags import Markup, plain_markup
from bestand.errors import EvidenceError, Problem

_UNSEEN = frozenset(
    [
        "script", "style", "template", "head", "noscript", "noframes", "iframe", "audio", "video", "canvas",
        "datalist", "title", "rp", "rt", "rtc", "progress", "meter", "noembed"
    ]
)  # fmt: skip
_UNDRAWN = frozenset(  # parts of drawings and formulas that are not shown where they stand
    [
        "defs", "symbol", "desc", "metadata", "annotation", "annotation-xml", "mask", "pattern", "clippath", "marker", "lineargradient",
        "radialgradient", "filter"
    ]
)  # fmt: skip
_STRUCK = frozenset({"del", "s", "strike"})
_IN_PLACE = Placed()
MOST_TAGS = 200_000  # tags of a page
_READINGS = ("HIRAGANA", "KATAKANA", "BOPOMOFO")


def page_text(source: str) -> tuple[str, frozenset[str]]:
    """The text of an HTML page, and what a reader should know of it: `struck-out`, `hidden`; `unclear`,
    where words may be unseen; `turned`, where letters run against their direction.

    Raises
    ------
    EvidenceError
        `evidence/too-large` where there are too many elements, or they stand too deep inside each other.

    >>> page_text("<p>It will <s>not </s>hold<sup>1</sup>.</p>")[0].replace(RAISED, "|").strip()
    'It will hold|1|.'
    """
    if source.count("<") > MOST_TAGS:
        what = f"the page has more than {MOST_TAGS:,} tags"
        raise EvidenceError(Problem("evidence/too-large", what, hint="save the text that matters as plain text"))
    markup = plain_markup(source)
    page = HtmlText(markup)
    page.read(markup)
    return "".join(page.parts), frozenset({*page.notes, "unclear"} if page.sheets.unclear else page.notes)


class HtmlText(Nesting):
    """Text of a page: a stack of open elements, each with why what stands in it is not said."""

    def __init__(self, markup: Markup) -> None:
        super().__init__(folded=markup.folded)
        self.sheets, self.parts = Sheets(markup), list[str]()
        self.elements: Iterator[Styled] | None = None  # where no style sheet asks for it, what stands around an element does not matter
        self.notes: set[str] = set()
        self.aside = False  # whether words of this block have been put behind the others
        self.n_elements = self.n_lines = self.n_letters = 0
        self.n_said_on = -1  # parts that were there when words were last said
        self.cells: dict[int, int] = {}  # of those put beside each other from right to left, the one whose words run from left to right
        self.n_hidden = 0
        self.first = Opened("", look=Appearance(behind=None, under=None) if self.sheets.fetched else Appearance())
        if self.sheets.by_key:
            outline = Outline(folded=markup.folded)
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
        if self.ignored(tag):
            return
        self._make_room("b" if tag == "font" and OLD_LOOKS & dict(attrs).keys() else tag)
        element = styled_element(tag, attrs, folded=self.folded) if self.elements is None else next(self.elements)
        if tag in BLOCKS:
            self.parts.append("\n")
            self.aside = False
        elif tag == "wbr":
            self.parts.append("\u200b")
        self.notes |= {"unclear"} if self._shows_others(element) else set()
        if tag in VOID:
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
        if tag in ("html", "body"):
            return  # what comes behind is put into what is still open
        if tag in BLOCKS:
            self.parts.append("\n")
            self.aside = False
        if self._ended(tag) is not None:
            self._sign(tag)
        super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        self._end_head(data)
        here = self.stack[-1] if self.stack else self.first
        if self.before_table and data.strip():
            self.notes.add("unclear" if self.silent else "turned")
        if self.undrawn:
            self.notes |= {"hidden"} if data.strip() else set()
        elif not self.silent:
            self.parts.append(data.replace(RAISED, ""))
            if data.strip():
                self.notes |= {"unclear"} if here.look.unclear or here.doubtful else set()
                self.notes |= {"turned"} if any(sign.isalnum() for sign in data) and self._out_of_order(data, here.placed) else set()
                self.aside = self.aside or here.placed.aside
                self._count(data)
        elif data.strip() and not self.notes >= {"struck-out", "hidden"}:
            self.notes |= {why for why in ("struck-out", "hidden") if self.n_why[why]}
            self.notes |= {"hidden"} if self.n_hidden == 0 else set()
        self.notes |= {"unclear"} if self.n_why["unseen"] and self._above_words(data) else set()

    def _above_words(self, words: str) -> bool:
        """Whether words that are not said are seen: put above others, and not to tell how these are read."""
        above = any(self.places[tag] for tag in ("rt", "rtc", "object"))
        return above and any(sign.isalnum() and not unicodedata.name(sign, "").startswith(_READINGS) for sign in words)

    def _shows_others(self, element: Styled) -> bool:
        """Whether an element shows words that are not read, or shows them in place of those that stand in it."""
        given = element.attributes
        match element.tag:
            case "template":
                return "shadowrootmode" in given
            case "iframe" | "embed" | "object":
                return "srcdoc" in given or any(given.get(key, "").lower().lstrip().startswith("data:") for key in ("src", "data"))
            case "input":
                typed = given.get("type", "text").lower() not in ("hidden", "checkbox", "radio", "image", "color", "range", "file")
                words = given.get("value", "") or given.get("placeholder", "")
                return typed and not self.silent and self.begun and any(sign.isalnum() for sign in words)
            case "html" | "body":
                return self.n_said_on >= 0 and bool(given)
        return False

    @property
    def begun(self) -> bool:
        """Whether words of a block stand before what comes."""
        return bool(self.parts) and self.parts[-1] != "\n"

    def _out_of_order(self, words: str, where: Placed) -> bool:
        """Whether words are seen elsewhere than where they stand."""
        if where.turned or where.moved or where.lays == "reversed" or (self.aside and not where.aside):
            return True
        if not where.row or not any(unicodedata.bidirectional(sign) == "L" for sign in words):
            return False
        return self.cells.setdefault(where.row, where.cell) != where.cell

    def _count(self, words: str) -> None:
        new_line = "\n" in self.parts[max(0, self.n_said_on) : -1] or self.n_said_on < 0
        self.n_lines += new_line
        self.n_letters += len(words.strip())
        self.n_said_on = len(self.parts)

    def _look_back(self, closed: Opened) -> None:
        """Notes what a box that ends leaves unseen, of the words in it or under it."""
        n_lines, n_letters = (now - before for now, before in zip((self.n_lines, self.n_letters), closed.before, strict=True))
        if (closed.room is not None and closed.room.too_small_for(n_lines, n_letters)) or (closed.covers and not n_letters):
            self.notes.add("unclear")
        if closed.room is not None and closed.room.scrolls:
            self.n_lines, self.n_letters = closed.before

    def _reopened(self, formats: list[Opened]) -> None:
        if any(each.why or not each.look.seen for each in formats):
            self.notes.add("unclear")

    def _close(self, k: int) -> None:
        for each in reversed(self.stack[k:]):
            if each.room is not None or each.covers:
                self._look_back(each)
        closed = Counter(each.why for each in self.stack[k:] if each.why)
        self.n_why -= closed
        self.n_hidden -= closed.total()
        super()._close(k)

    def _opened(self, element: Styled) -> Opened:
        above = self.stack[-1] if self.stack else self.first
        unseen = element.tag in _UNSEEN or (element.tag in _UNDRAWN and self.drawing) or (element.tag == "object" and "data" in element.attributes)
        if unseen or self.n_hidden:
            return replace(above, tag=element.tag, why="unseen" if unseen else "", room=None, covers=False)
        style, variables = self.sheets.styled(element, above.variables)
        if _closed(element) and "display" not in style:
            style["display"] = "none"
        style = as_drawn(element, hints(element) | style)
        frames = frames_of(style, self.sheets.keyframes)
        shown = self.sheets.keyframes if frames and brings_into_sight(style, frames) else ()
        if style and gone(style, shown):
            return replace(above, tag=element.tag, why="hidden", room=None, covers=False)
        why = "struck-out" if element.tag in _STRUCK or strikes(style) else ""
        begins = of_fetched(element, above.look) if self.sheets.fetched else above.look
        look = appearance_of(style, begins, shown) if style else begins
        return self._laid_out(Opened(element.tag, why, look, variables), element, style, above, frames=frames, begins=begins)

    def _laid_out(
        self, opened: Opened, element: Styled, style: Mapping[str, str], above: Opened, *, frames: tuple[Frame, ...], begins: Appearance
    ) -> Opened:
        """An element with where it is put, and what may take it out of sight."""
        self.n_elements += 1
        opened.before = self.n_lines, self.n_letters
        if not style and "dir" not in element.attributes and element.tag != "bdo" and above.placed == _IN_PLACE:
            opened.placed, opened.doubtful, opened.box = above.placed, above.doubtful, above.box
            return opened
        opened.placed = placed(element, style, above.placed, number=self.n_elements, within=element.tag not in BLOCKS, begun=self.begun)
        opened.doubtful = above.doubtful or doubtful(style) or pushed_out(style, above.box)
        if frames:
            seen = opened.look.seen
            opened.doubtful |= takes_out_of_sight(style, frames, lambda then: gone(then) or (seen and not appearance_of(then, begins).seen))
        opened.box, opened.room, opened.covers = clipped_at(style, above.box), room_of(style, opened.look.pixels), covers(style)
        return opened


def _closed(element: Styled) -> bool:
    """Whether a browser does not show an element, as long as no style sheet says otherwise."""
    given = element.attributes
    hidden = "hidden" in given and given["hidden"].lower() != "until-found"
    return hidden or "popover" in given or (element.tag == "dialog" and "open" not in given)
