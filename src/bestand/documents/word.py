"""Word files as a reader sees them with all changes accepted, without the help of another package.

Inserted and moved-in text stands, deleted and moved-out text does not, nor do struck-out and hidden text, field codes and
comments. Tables, lists and captions stand in their place, a text box after the paragraph that it hangs on; notes, headers and
footers follow the body. Raised and lowered signs are told from the word that they stand beside.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from unicodedata import bidirectional

from bestand.documents.canonical import RAISED
from bestand.documents.word_looks import Dress, Styles, said_of, with_fill
from bestand.documents.word_parts import parsed, word_parts
from bestand.errors import EvidenceError, Problem

MOST_DEEP = 300  # elements of a Word file inside each other
_OFF = frozenset({"0", "false", "off", "none"})
_LEFT_OUT = frozenset(
    [
        "del", "moveFrom", "instrText", "delText", "delInstrText", "rPrChange", "pPrChange", "tblPrChange",
        "trPrChange", "tcPrChange", "sectPrChange", "rt"
    ]
)
_CHANGES = frozenset(["ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "cellIns", "cellDel"])
_RAISING = frozenset({("vertAlign", "superscript"), ("vertAlign", "subscript")})
_KNOWN_TO_WORD = (
    "http://schemas.microsoft.com/office/", "http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/", "urn:schemas-microsoft-com:"
)  # fmt: skip
_SHIFTED = re.compile(r"-?[1-9]\d*(?:pt)?\Z")  # a run that is raised or lowered by so much
_SIGNS: Mapping[str, str] = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}


def word_text(content: bytes) -> tuple[str, frozenset[str]]:
    """The text of a Word file (.docx), and what a reader should know of it: `tracked-changes`, `struck-out`,
    `hidden`; `unclear`, where it holds words of another file; `turned`, where letters run against their direction.

    Raises
    ------
    EvidenceError
        `evidence/unreadable`, `evidence/too-large`.
    """
    parts = word_parts(content)
    styles = Styles()
    if parts.styles:
        parsed(parts.styles, StartElementHandler=styles.start, EndElementHandler=styles.end)
    reader = _Reader(styles)
    texts = [reader.read(part) for part in parts.texts]
    return "\n".join(texts), frozenset(reader.notes)


@dataclass(slots=True)
class _Open:
    """An element that is being read: whether it counts, and what is collected in it."""

    name: str
    out: bool = False
    dress: Dress = field(default_factory=Dress)
    raised: bool = False
    leftwards: bool = False  # letters are put from right to left, whatever they are
    merges: bool = False  # the paragraph's end was deleted
    covered: bool = False  # another cell lies over it
    chosen: bool = False  # one of the alternatives that it gives was read
    boxed: bool = False  # what it holds is collected apart
    boxes: list[str] = field(default_factory=list)


class _Reader:
    """Text of one part, from the events of a parser; deep files cannot exhaust Python's stack."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.notes: set[str] = set()
        self.noted: set[tuple[str, str]] = set()  # notes that the body refers to
        self.stack: list[_Open] = []
        self.open_of: dict[str, list[_Open]] = defaultdict(list)  # what is open, by name
        self.n_changed = self.n_covered = 0  # open: former properties, cells that others lie over
        self.buffers: list[list[str]] = [[]]
        self.spaces: dict[str, str] = {}
        self.fields: list[bool] = []  # per open field, whether its result has begun

    def read(self, xml: bytes) -> str:
        self.stack, self.open_of, self.buffers, self.fields, self.spaces = [], defaultdict(list), [[]], [], {}
        parsed(
            xml, StartNamespaceDeclHandler=self.space, StartElementHandler=self.start, EndElementHandler=self.end, CharacterDataHandler=self.words
        )
        return "".join(self.buffers[0])

    def space(self, prefix: str | None, uri: str | None) -> None:
        """What a prefix stands for; of one that stands for several the last counts."""
        self.spaces[prefix or ""] = uri or ""

    def start(self, full: str, attributes: dict[str, str]) -> None:
        if len(self.stack) >= MOST_DEEP:
            raise EvidenceError(Problem("evidence/too-large", f"the document is nested more than {MOST_DEEP} deep", hint="save it as plain text"))
        name, above = full.rpartition(" ")[2], self.stack[-1] if self.stack else _Open("", dress=Dress().wearing(self.styles.own[""]))
        given = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        out = self.left_out(name, given, above)
        plain = self.styles.of(self.styles.plain) if name == "p" else {}
        self.stack.append(_Open(name, out, above.dress.wearing(plain) if plain else above.dress, above.raised, above.leftwards))
        self.open_of[name].append(self.stack[-1])
        self.n_changed += name.endswith("PrChange")
        if name == "fldChar":
            self.turn_field(given.get("fldCharType", ""))
        if above.name in ("rPr", "pPr", "trPr", "tcPr", "tblPr") and len(self.stack) > 2:
            self.property(name, given.get("val", ""))
            self.dress(name, given)
        elif name in _CHANGES:
            self.notes.add("tracked-changes")
        elif name == "txbxContent":
            self.buffers.append([])
            self.stack[-1].boxed = True
            self.stack[-1].dress = above.dress.on(None)
        elif name == "background":
            self.stack[-2].dress = above.dress.on(None)
        elif name == "altChunk":  # words of another file, which are not read
            self.notes.add("unclear")
        elif name == "bdo":
            self.stack[-1].leftwards = given.get("val") == "rtl"
        elif above.name in ("phantPr", "borderBoxPr") and len(self.stack) > 2:
            self.formula(name, given.get("val", ""))
        elif self.open_of["textFill"]:
            self.fill(name, given)
        elif out or above.dress.why:
            return
        elif name in _SIGNS and all(self.fields):
            self.buffers[-1].append(_SIGNS[name])
        elif name == "sym" and all(self.fields):
            self.buffers[-1].append(_symbol(given.get("char", "")))
        elif name in ("footnoteReference", "endnoteReference"):
            self.noted.add((name.removesuffix("Reference"), given.get("id", "")))
            self.buffers[-1].append(RAISED)

    def left_out(self, name: str, given: dict[str, str], above: _Open) -> bool:
        """Whether nobody sees what stands in an element: within what is left out, a note that nothing refers to, or another choice."""
        if name == "Choice":
            known = all(self.spaces.get(prefix, "").startswith(_KNOWN_TO_WORD) for prefix in given.get("Requires", "").split())
            out = above.out or above.chosen or not known
            above.chosen |= known
            return out
        unread = name in ("footnote", "endnote") and (name, given.get("id", "")) not in self.noted
        return above.out or name in _LEFT_OUT or (name == "Fallback" and above.chosen) or unread

    def turn_field(self, turn: str) -> None:
        """A field's begin, the beginning of its result, or its end; of what stands before its result nothing is seen."""
        if turn == "begin":
            self.fields.append(False)
        elif turn == "separate" and self.fields:
            self.fields[-1] = True
        elif turn == "end" and self.fields:
            self.fields.pop()

    def property(self, name: str, value: str) -> None:
        """A property of the run, paragraph mark, row or cell that is open."""
        if self.n_changed:  # how it was before a change
            return
        on, kind = value.lower() not in _OFF, self.stack[-2].name
        paragraph = kind == "rPr" and self.stack[-3].name == "pPr"
        if name in ("del", "moveFrom", "cellDel", "ins", "moveTo", "cellIns"):
            self.notes.add("tracked-changes")
        if kind == "tcPr" and name in ("vMerge", "hMerge") and value in ("", "continue"):  # the cell above or before covers it
            self.n_covered += not self.stack[-3].covered
            self.stack[-3].out = self.stack[-3].covered = True
        elif kind == "trPr" and name == "hidden" and on:
            self.stack[-3].out = True
            self.notes.add("hidden")
        elif name in ("del", "moveFrom", "cellDel"):
            wanted = "p" if paragraph else {"trPr": "tr", "tcPr": "tc"}.get(kind, "")
            for owner in self.open_of[wanted][-1:]:
                owner.merges |= paragraph
                owner.out |= not paragraph
        elif kind == "rPr" and not paragraph and (_SHIFTED.match(value) if name == "position" else (name, value) in _RAISING):
            self.stack[-3].raised = True

    def dress(self, name: str, given: Mapping[str, str]) -> None:
        """A property of how the words of the run, paragraph, cell or table look that is open."""
        kind, value = self.stack[-2].name, given.get("val", "")
        if self.n_changed or (kind == "rPr" and self.stack[-3].name == "pPr"):
            return
        owner = self.stack[-3]
        if name == "pStyle" and len(self.stack) > 3:
            owner.dress = self.stack[-4].dress.wearing(self.styles.of(value))
        elif name == "rStyle":
            owner.dress = owner.dress.wearing(self.styles.of(value))
        elif name == "tblStyle" and self.styles.shades(value):
            owner.dress = owner.dress.on(None)
        elif said := said_of(name, given):
            owner.dress = owner.dress.wearing(said)

    def formula(self, name: str, value: str) -> None:
        """A property of the part of a formula that is open: a place without signs, lines through it."""
        off = value.lower() in _OFF
        if (name == "show" and off) or (name.startswith("strike") and not off):
            owner = self.stack[-3]
            owner.dress = owner.dress.wearing({"vanish" if name == "show" else "strike": ""})

    def fill(self, name: str, given: Mapping[str, str]) -> None:
        """How the letters of the run that is open are filled."""
        for run in self.open_of["r"][-1:] if not self.n_changed else ():
            run.dress = run.dress.wearing(said_of(name, given)) if name == "alpha" else with_fill(run.dress, name, self.stack[-2].name, given)

    def words(self, text: str) -> None:
        here = self.stack[-1] if self.stack else _Open("")
        if here.name == "t" and here.dress.why and not here.out:
            self.notes |= here.dress.why if text.strip() else set()
        elif here.name == "t" and here.out and text.strip() and self.n_covered:
            self.notes.add("hidden")
        elif here.name == "t" and not here.out and all(self.fields):
            said = text.replace(RAISED, "")
            self.notes |= {"turned"} if here.leftwards and any(bidirectional(sign) == "L" for sign in said) else set()
            self.buffers[-1].append(f"{RAISED}{said}{RAISED}" if here.raised else said)

    def end(self, _: str) -> None:
        closed = self.stack.pop()
        self.open_of[closed.name].pop()
        self.n_changed -= closed.name.endswith("PrChange")
        self.n_covered -= closed.covered
        if closed.boxed:
            text = "".join(self.buffers.pop())
            for hangs_on in self.open_of["p"][-1:] if not closed.out else ():
                hangs_on.boxes.append(text)
        elif closed.name == "p" and not closed.out:
            self.buffers[-1] += ["" if closed.merges else "\n", *closed.boxes]
        elif closed.name == "tc" and not closed.out:
            self.buffers[-1].append("\n")


def _symbol(code: str) -> str:
    """A sign of a symbol font; those without a code of their own, and damaged ones, part words as any sign does.

    >>> _symbol("00A7"), _symbol("F0B7"), _symbol("x")
    ('§', '\\ufffd', '\\ufffd')
    """
    number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{1,6}", code) else 0
    own = 0x20 <= number < 0xD800 or 0xF900 <= number < 0x110000
    return chr(number) if own else "\ufffd"
