"""Pages as a browser shows them: blocks, cells, captions and lists end lines; what is struck out or hidden is not said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from bestand.errors import EvidenceError, Problem
from bestand.evidence.canonical import RAISED

MOST_DEEP = 1_000  # elements of a page inside each other
MOST_RULES = 2_000  # rules of a page's style sheets that are looked at
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
        "datalist", "title", "rp"
    ]
)
_STRUCK = frozenset({"del", "s", "strike"})
_HIDES = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*\.?0*(?:%|\s|;|!|$)"
    r"|font-size\s*:\s*0+(?:\.0+)?(?:px|em|rem|pt|%)?\s*(?:;|!|$))"
)
_STRIKES = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through")
_ENDED_BY: Mapping[str, frozenset[str]] = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "option": frozenset({"option"}),
    "tr": frozenset({"tr", "td", "th", "caption"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "tbody": frozenset({"tr", "td", "th", "thead", "tbody", "caption"}),
}
_WALLS = frozenset({"table", "ul", "ol", "dl", "select", "td", "th", "div", "section", "article", "body"})
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?((?:[.#][\w-]+)*)\Z", re.IGNORECASE)


def page_text(source: str) -> tuple[str, frozenset[str]]:
    """The text of an HTML page, and what a reader should know of it: `struck-out`, `hidden`.

    Raises
    ------
    EvidenceError
        `evidence/too-large` where elements stand too deep inside each other.

    >>> page_text("<p>It will <s>not </s>hold<sup>1</sup>.</p>")[0].replace(RAISED, "|").strip()
    'It will hold|1|.'
    """
    page = _Page(_rules(source))
    page.feed(_without_comments(source))
    page.close()
    return "".join(page.parts), frozenset(page.notes)


def _without_comments(source: str) -> str:
    """The page without comments, and with no tag left open at its end: parsers take long over those."""
    kept, at = [], 0
    while (start := source.find("<!--", at)) >= 0:
        kept.append(source[at:start])
        end = source.find("-->", start + 4)
        at = end + 3 if end >= 0 else len(source)
    kept.append(source[at:])
    page = "".join(kept)
    last = page.rfind(">") + 1
    return page[:last] + page[last:].replace("<", "&lt;")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of a style sheet that hides or strikes: an element's name, classes and ids that it asks for."""

    tag: str
    marks: frozenset[str]
    struck: bool


def _rules(source: str) -> list[_Rule]:
    rules: list[_Rule] = []
    at, lower = 0, source.lower()
    while (start := lower.find("<style", at)) >= 0 and len(rules) < MOST_RULES:
        end = lower.find("</style", start)
        at = end if end >= 0 else len(source)
        sheet = re.sub(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/", "", source[start:at][:200_000])
        for rule in sheet[sheet.find(">") + 1 :].split("}"):
            selectors, _, style = rule.rpartition("{")
            hides, struck = _HIDES.search(style[:5_000].lower()), _STRIKES.search(style[:5_000].lower())
            for selector in selectors.rpartition("{")[2].split(",") if hides or struck else ():
                if (simple := _SIMPLE.match(selector.strip())) and selector.strip():
                    rules.append(_Rule((simple[1] or "").lower(), frozenset(re.findall(r"[.#][\w-]+", simple[2])), not hides))
    return rules[:MOST_RULES]


class _Page(HTMLParser):
    """Text of a page: a stack of open elements, each with why what stands in it is not said."""

    def __init__(self, rules: list[_Rule]) -> None:
        super().__init__(convert_charrefs=True)
        self.rules, self.parts = rules, list[str]()
        self.notes: set[str] = set()
        self.stack: list[tuple[str, str]] = []
        self.n_hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._make_room(tag)
        why = self._why(tag, {key: value or "" for key, value in attrs})
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "wbr":
            self.parts.append("\u200b")
        elif tag in ("sup", "sub") and not self.n_hidden:
            self.parts.append(RAISED)
        if tag in _VOID:
            return
        if len(self.stack) >= MOST_DEEP:
            what = f"the page is nested more than {MOST_DEEP:,} deep"
            raise EvidenceError(Problem("evidence/too-large", what, hint="save the text that matters as plain text"))
        self.stack.append((tag, why))
        self.n_hidden += bool(why)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # browsers take no notice of the slash

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        for k in range(len(self.stack) - 1, -1, -1):
            if self.stack[k][0] == tag:
                self._close(k)
                break
        if tag in ("sup", "sub") and not self.n_hidden:
            self.parts.append(RAISED)

    def handle_data(self, data: str) -> None:
        if not self.n_hidden:
            self.parts.append(data.replace(RAISED, ""))
        elif data.strip() and not self.notes >= {"struck-out", "hidden"}:
            self.notes |= {why for _, why in self.stack if why in ("struck-out", "hidden")}

    def _close(self, k: int) -> None:
        self.n_hidden -= sum(bool(why) for _, why in self.stack[k:])
        del self.stack[k:]

    def _make_room(self, tag: str) -> None:
        """Closes what a new element ends without an end tag: paragraphs, items, cells; and the head."""
        if tag == "body" or (tag in _BLOCKS and tag != "title" and self.stack and self.stack[-1][0] == "head"):
            self._end({"head"}, frozenset())
        if tag in _BLOCKS and tag not in ("br", "img", "option"):
            self._end({"p"}, _WALLS)
        self._end(_ENDED_BY.get(tag, frozenset()), frozenset({"table", "ul", "ol", "dl", "select"}))

    def _end(self, ended: frozenset[str] | set[str], walls: frozenset[str]) -> None:
        lowest = None
        for k in range(len(self.stack) - 1, -1, -1):
            if self.stack[k][0] in ended:
                lowest = k
            elif self.stack[k][0] in walls:
                break
        if lowest is not None:
            self._close(lowest)

    def _why(self, tag: str, attributes: Mapping[str, str]) -> str:
        """Why what stands in an element is not said; empty if it is."""
        style = attributes.get("style", "")[:5_000].lower()
        hidden = "hidden" in attributes and attributes["hidden"].lower() != "until-found"
        marks = {f".{name}" for name in attributes.get("class", "").split()} | {f"#{attributes.get('id', '')}"}
        matched = [rule for rule in self.rules if rule.tag in ("", tag) and rule.marks <= marks]
        if tag in _UNSEEN:
            return "unseen"
        if hidden or (style and _HIDES.search(style)) or any(not rule.struck for rule in matched):
            return "hidden"
        if tag in _STRUCK or (style and _STRIKES.search(style)) or any(rule.struck for rule in matched):
            return "struck-out"
        return ""
