"""The markup of a page put plainly: every tag written out, no comments, and nothing that looks like a tag inside scripts and the like.

Browsers read a page by rules of their own (HTML, section 13.2.5): what stands in a script, a title or a text field is no markup, a comment
in a style sheet is none, and an attribute may hold anything. Read otherwise, a page could say one thing here and show another.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

_OPENS = re.compile(r"<(?=[a-zA-Z/!?])")
_TYPE = re.compile(r"\s+|<!--(?:-?>|.*?--!?>)|<\?[^>]*>", re.DOTALL)
_BLANK = re.compile(r"\s*")
_TYPE = re.compile(r"\s*<!doctype[\s>]", re.IGNORECASE)
_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_GAP = re.compile(r"[\s/]*")
_KEY = re.compile(r"=?[^\s/>=]*")
_IS = re.compile(r"\s*=\s*")
_BARE = re.compile(r"[^\s>]*")
_PLAIN_KEY = re.compile(r"[a-zA-Z_:][\w:.-]*\Z")
_IN_SCRIPT = re.compile(r"<!--(?!-?>)|-->|</?script(?=[\s/>])")
_FETCHES = re.compile(r"@import(?!\s*(?:url\(\s*)?[\"']?data:)", re.IGNORECASE)
_COMMENT_ENDS = re.compile(r"--!?>|(?<=<!--)-?>")
_AS_TEXT = frozenset({"textarea", "title"})  # text with character references
_AS_WRITTEN = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "noscript"})  # text without
_HOLDING = _AS_TEXT | _AS_WRITTEN
FOREIGN = frozenset({"svg", "math"})
POINTS = frozenset({"foreignobject", "desc", "title", "mi", "mo", "mn", "ms", "mtext", "annotation-xml"})  # of drawings, with a page in them
BREAKS_OUT = frozenset(  # what ends a drawing that it stands in
    [
        "b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em", "embed", "h1", "h2", "h3", "h4", "h5", "h6",
        "head", "hr", "i", "img", "li", "listing", "menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike",
        "sub", "sup", "table", "tt", "u", "ul", "var"
    ]
)  # fmt: skip
_COUNTED = FOREIGN | POINTS | BREAKS_OUT | {"template"}
_MOST_INSIDE = 1_000  # drawings inside each other that are counted


@dataclass(frozen=True, slots=True)
class PageSheet:
    """A style sheet of a page as it is written: its text, its `media` and the `title` that makes it one of several to choose from."""

    text: str
    media: str = ""
    title: str = ""


@dataclass(slots=True)
class Markup:
    """A page as tags and text, and its style sheets."""

    parts: list[str] = field(default_factory=list)
    sheets: list[PageSheet] = field(default_factory=list)
    aside: int = 0  # templates that are open
    inside: list[str] = field(default_factory=list)  # drawings and formulas that are open, and what holds a page in them
    links: bool = False  # to style sheets of other places
    folded: bool = False  # names of classes and ids may be written in capitals or not, as browsers read pages without a document type

    @property
    def foreign(self) -> bool:
        """Whether what comes stands in a drawing or a formula."""
        return bool(self.inside) and self.inside[-1] in FOREIGN

    @property
    def fetches(self) -> bool:
        """Whether the page fetches style sheets."""
        return self.links or any(_FETCHES.search(sheet.text) for sheet in self.sheets)

    @property
    def text(self) -> str:
        """The page, every tag written out."""
        return "".join(self.parts)


def plain_markup(source: str) -> Markup:
    """A page with every tag written out, and its style sheets.

    >>> page = plain_markup("<!-- a --><p CLASS=x title='<b>'>1 < 2<script>'<i>'</script><style><!-- p{} --></style>")
    >>> page.text
    '<p class="x" title="<b>">1 &lt; 2<script>\\'?i>\\'</script><style>?!-- p{} --></style>'
    >>> page.sheets[0].text
    '<!-- p{} -->'
    """
    made, at = Markup(folded=not _is_typed(source)), 0
    lower = source.lower() if len(source.lower()) == len(source) else source
    while (opening := _OPENS.search(source, at)) is not None:
        made.parts.append(source[at : opening.start()].replace("<", "&lt;"))
        start = opening.end()
        if made.foreign and source.startswith("![CDATA[", start):
            end = source.find("]]>", start)
            made.parts.append(source[start + 8 : end if end >= 0 else None].replace("&", "&amp;").replace("<", "&lt;"))
            at = end + 3 if end >= 0 else len(source)
            continue
        if source[start] in "!?" or (source[start] == "/" and not source[start + 1 : start + 2].isalpha()):
            at = _after_comment(source, opening.start())
            continue
        closing = source[start] == "/"
        name = _NAME.match(source, start + closing)
        if name is None:  # a letter of another alphabet
            made.parts.append("&lt;")
            at = start
            continue
        tag, attributes, at = name[0].lower(), list[tuple[str, str]](), name.end()
        if source[at : at + 1] == ">":
            at += 1
        else:
            for key, value, end in _attributes(source, at):
                at = end
                if key:
                    attributes.append((key, value))
        if at < 0:
            return made  # the page ends inside a tag, which no browser shows
        shut = source[at - 2] == "/" and not _bare_to(source, at - 1, attributes)
        if tag == "link" and not closing:
            _link(made, dict(reversed(attributes)))
        if tag in _COUNTED:
            _count(made, tag, closing, shut)
        made.parts.append(f"</{tag}>" if closing else _written(tag, attributes, shut=shut and (made.foreign or tag in FOREIGN)))
        if not closing and tag in _HOLDING and not (shut and made.foreign):
            at = _inside(made, source, lower, tag, dict(reversed(attributes)), at)
        elif not closing and tag == "plaintext":
            made.parts.append(source[at:].replace("&", "&amp;").replace("<", "&lt;"))
            return made
    made.parts.append(source[at:].replace("<", "&lt;"))
    return made


def _link(made: Markup, attributes: dict[str, str]) -> None:
    """Takes the style sheet that a page links to: its text, where the address holds it."""
    if "stylesheet" not in attributes.get("rel", "").lower().split():
        return
    text = sheet_in(attributes.get("href", ""))
    if text is None:
        made.links = True
    elif not made.aside:
        made.sheets.append(PageSheet(text, attributes.get("media", ""), attributes.get("title", "").strip()))


def sheet_in(address: str) -> str | None:
    """The style sheet that an address itself holds (RFC 2397); None where it is elsewhere.

    >>> sheet_in("data:text/css,p%7Bcolor:red%7D"), sheet_in("data:text/css;base64,cHt9"), sheet_in("a.css")
    ('p{color:red}', 'p{}', None)
    """
    head, comma, held = address.strip().partition(",")
    if not comma or not head.lower().startswith("data:"):
        return None
    try:
        return b64decode(unquote(held)).decode("utf-8", "replace") if head.lower().rstrip().endswith(";base64") else unquote(held)
    except ValueError:
        return ""


def _after_comment(source: str, start: int) -> int:
    """Where a comment, or what browsers take for one, ends."""
    if source.startswith("<!--", start):
        end = _COMMENT_ENDS.search(source, start + 2)  # browsers take `<!-->` for a comment, and let `--!>` end one
        return end.end() if end is not None else len(source)
    end_of_tag = source.find(">", start)
    return end_of_tag + 1 if end_of_tag >= 0 else len(source)


def _attributes(source: str, at: int) -> Iterator[tuple[str, str, int]]:
    """Attributes of a tag with where each ends; at last an empty one with where the tag ends, -1 where it does not."""
    while True:
        gap = _GAP.match(source, at)
        at = gap.end() if gap is not None else at
        if at >= len(source):
            yield "", "", -1
            return
        if source[at] == ">":
            yield "", "", at + 1
            return
        key = _KEY.match(source, at)
        name, at, value = (key[0].lower(), key.end(), "") if key is not None else ("", at + 1, "")
        if (sign := _IS.match(source, at)) is not None:
            at = sign.end()
            quote = source[at : at + 1]
            if quote in ('"', "'") and quote:
                end = source.find(quote, at + 1)
                if end < 0:
                    yield "", "", -1
                    return
                value, at = source[at + 1 : end], end + 1
            elif (bare := _BARE.match(source, at)) is not None:
                value, at = bare[0], bare.end()
        yield name, value, at


def _bare_to(source: str, end: int, attributes: list[tuple[str, str]]) -> bool:
    """Whether a tag ends in a value without quotes, so that a slash at its end is part of that."""
    value = attributes[-1][1] if attributes else ""
    return bool(value) and source.endswith(value, 0, end) and source[end - len(value) - 1] in "= \t\n\f\r"


def _written(tag: str, attributes: list[tuple[str, str]], *, shut: bool) -> str:
    """A tag with its attributes, all in quotes."""
    slash = "/" if shut else ""
    if not attributes:
        return f"<{tag}{slash}>"
    given = "".join(f' {key}="{value.replace(chr(34), "&quot;")}"' for key, value in attributes if _PLAIN_KEY.match(key))
    return f"<{tag}{given}{slash}>"


def _count(made: Markup, tag: str, closing: bool, shut: bool) -> None:
    if tag == "template":
        made.aside = max(0, made.aside + (-1 if closing else 1))
    elif closing:
        if tag in made.inside:
            del made.inside[len(made.inside) - 1 - made.inside[::-1].index(tag) :]
    elif made.foreign and tag in BREAKS_OUT:
        while made.foreign:
            made.inside.pop()
    elif (tag in FOREIGN or (made.foreign and tag in POINTS)) and not shut and len(made.inside) < _MOST_INSIDE:
        made.inside.append(tag)


def _inside(made: Markup, source: str, lower: str, tag: str, attributes: dict[str, str], at: int) -> int:
    """Takes what stands in an element that holds text alone; where its end tag begins."""
    end = _end_of(lower, tag, at)
    inner = source[at:end]
    if tag in _AS_TEXT:
        made.parts.append(inner.replace("<", "&lt;"))
    elif tag in ("script", "style"):
        made.parts.append(inner.replace("<", "?"))
    else:
        made.parts.append(inner.replace("&", "&amp;").replace("<", "&lt;"))
    if tag == "style" and not made.aside and attributes.get("type", "").strip().lower() in ("", "text/css"):
        made.sheets.append(PageSheet(inner, attributes.get("media", ""), attributes.get("title", "").strip()))
    return end


def _end_of(lower: str, tag: str, at: int) -> int:
    """Where the end tag of an element begins that holds text alone; in a script not where another one is spoken of in a comment."""
    if tag != "script":
        end = re.compile(rf"</{tag}(?=[\s/>])").search(lower, at)
        return len(lower) if end is None else end.start()
    aside = spoken_of = False  # in a comment; in another script that stands in it
    for sign in _IN_SCRIPT.finditer(lower, at):
        match sign[0]:
            case "<!--":
                aside = True
            case "-->":
                aside = spoken_of = False
            case "<script":
                spoken_of = aside
            case _ if not spoken_of:
                return sign.start()
            case _:
                spoken_of = False
    return len(lower)


def _is_typed(source: str) -> bool:
    """Whether a page says of what type it is before all else; of those that do not, browsers fold the case of classes and names."""
    at = 0
    while (opening := _BLANK.match(source, at)) is not None and source.startswith(("<!--", "<?"), opening.end()):
        at = _after_comment(source, opening.end())
    return _TYPE.match(source, at) is not None
