"""Exact anchoring of quotes in a source, on a canonical map in which only what printing changes is folded.

Folded are: Unicode composition (NFC), kinds of quotation marks and dashes, ligatures of print, runs of blanks with line and page
breaks, soft hyphens and zero-width characters. A hyphen between letters at a line end becomes U+2010, which may or may not
belong to the word: it matches a hyphen (with or without a blank after it) in a quote, and it matches nothing at all. Any other
dash stays, at a line end too: `-` before a number is not dropped.

A quote is made of whole words. A hyphen, an apostrophe, and a point or comma between digits hold a word together, so that
`bindend` does not quote `niet-bindend`, nor `can` quote `can't`, nor `afhankelijk` quote `on-` / `afhankelijk` over a line end.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.errors import EvidenceError, Problem

LINE_END = "\u2010"
MOST_WINDOWS = 200_000
MOST_QUOTED = 5_000
_SINGLE = "'\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u0060\u00b4"
_DOUBLE = "\"\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_NOTHING = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_FOLD = {
    **{ord(c): "'" for c in _SINGLE},
    **{ord(c): '"' for c in _DOUBLE},
    **{ord(c): "-" for c in _DASHES},
    **{ord(c): "" for c in _NOTHING},
    **dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),
}
_HYPHENS = "-\u2010\u2011"
_APOSTROPHES = "'\u2019"
_LINE_END = re.compile("[ \\t\u00a0]*[\n\r\x0b\x0c\x85\u2028\u2029]\\s*")


@dataclass(frozen=True, slots=True)
class Canonical:
    """A text as it is compared, and where each of its code points comes from.

    text   : the canonical text
    origin : (len(text),) offset in the original text, in code points
    end    : (len(text),) offset just past what each code point stands for
    inside : (len(text),) whether a code point stands inside a word: letters, digits, and what holds two halves together
    """

    text: str
    origin: NDArray[np.int64]
    end: NDArray[np.int64]
    inside: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a quote stands: code points [start, end) of the original, and of the canonical text."""

    start: int
    end: int
    canonical_start: int
    canonical_end: int


def canonical(text: str) -> Canonical:
    """The canonical form of a text.

    >>> canonical("a  ceasefire\\u2014\\u2018now\\u2019").text
    "a ceasefire-'now'"
    """
    letters: list[str] = []
    start: list[int] = []
    end: list[int] = []
    for piece, first, last in _pieces(text):
        if piece == " " and letters and letters[-1] == " ":
            end[-1] = last
            continue
        for letter in piece:
            letters.append(letter)
            start.append(first)
            end.append(last)
    folded = "".join(letters)
    inside = np.array([_inside(text, folded, k, start[k]) for k in range(len(folded))], bool)
    return Canonical(folded, np.array(start, np.int64), np.array(end, np.int64), inside)


def _letter(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


def _inside(text: str, folded: str, place: int, origin: int) -> bool:
    """Whether a canonical code point stands inside a word; the original tells a hyphen from a dash, an apostrophe from a quote."""
    if folded[place].isalnum() or folded[place] == LINE_END:
        return True
    if not 0 < place < len(folded) - 1:
        return _letter(folded[place])
    before, after = folded[place - 1], folded[place + 1]
    if text[origin] in _HYPHENS + _APOSTROPHES:
        return _letter(before) and after.isalnum()
    if folded[place] in ".,":
        return before.isdigit() and after.isdigit()
    return _letter(folded[place])


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Folded pieces of the text with the offsets they come from."""
    at = 0
    while at < len(text):
        last = at + 1
        if text[at].isspace():
            while last < len(text) and (text[last].isspace() or text[last] in _NOTHING):
                last += 1
            yield " ", at, last
        elif text[at] in _HYPHENS + "\u00ad" and (gap := _word_break(text, at)) is not None:
            last = gap
            yield "" if text[at] == "\u00ad" else LINE_END, at, last
        else:
            while last < len(text) and _composes(text, at, last):
                last += 1
            yield unicodedata.normalize("NFC", text[at:last]).translate(_FOLD), at, last
        at = last


def _word_break(text: str, at: int) -> int | None:
    """Where a word goes on whose hyphen stands at `at`, at the end of a line; None if that is no broken word."""
    gap = _LINE_END.match(text, at + 1)
    broken = gap is not None and at > 0 and _letter(text[at - 1]) and gap.end() < len(text) and text[gap.end()].isalpha()
    return gap.end() if broken and gap is not None else None


def _composes(text: str, first: int, last: int) -> bool:
    """Whether a code point belongs to the letter before it under NFC."""
    if text[last] < "\u0300":
        return False
    if unicodedata.combining(text[last]):
        return True
    so_far = unicodedata.normalize("NFC", text[first:last])
    return unicodedata.normalize("NFC", text[first : last + 1]) != so_far + unicodedata.normalize("NFC", text[last])


def _pattern(quote: str) -> str:
    parts = []
    for place, letter in enumerate(quote):
        after_dash = letter == " " and place > 0 and quote[place - 1] == "-"
        if letter == LINE_END:
            parts.append(f"(?:- ?|{LINE_END})?")
        elif letter == "-":
            parts.append(f"[-{LINE_END}]")
        elif after_dash:
            parts.append(f"(?:(?<={LINE_END})| )")  # `land- en` over a line end
        else:
            parts.append((f"{LINE_END}?" if place else "") + re.escape(letter))
    return "".join(parts)


def _found(source: Canonical, quote: str, prefix: str, suffix: str) -> list[tuple[int, int]]:
    before = f"(?:{_pattern(prefix)})[ ]?" if prefix else ""
    after = f"[ ]?(?:{_pattern(suffix)})" if suffix else ""
    matches = re.finditer(f"(?={before}({_pattern(quote)}){after})", source.text)
    return list(dict.fromkeys(match.span(1) for match in matches))


def _whole_words(inside: NDArray[np.bool_], start: int, end: int) -> bool:
    cuts_left = start > 0 and inside[start - 1] and inside[start]
    cuts_right = end < inside.size and inside[end] and inside[end - 1]
    return not cuts_left and not cuts_right


def anchor(source: Canonical, quote: str, *, prefix: str = "", suffix: str = "") -> Anchor:
    """Where a quote stands in a source, exactly and only once, in whole words.

    Raises
    ------
    EvidenceError
        `evidence/empty-quote`, `evidence/not-found` (with the nearest passage as a suggestion), `evidence/ambiguous`,
        `evidence/cuts-word`, `evidence/long-quote`.

    >>> anchor(canonical("No truce,\\nno force."), "truce, no").start
    3
    """
    wanted, before, after = (canonical(part).text.strip() for part in (quote, prefix, suffix))
    if not wanted:
        raise EvidenceError(Problem("evidence/empty-quote", "the quote is empty", hint="quote the passage, or seal it"))
    if max(len(wanted), len(before), len(after)) > MOST_QUOTED:
        what = f"a quote, prefix or suffix of more than {MOST_QUOTED} characters"
        raise EvidenceError(Problem("evidence/long-quote", what, hint="quote the words that matter, or seal the passage"))
    places = _found(source, wanted, before, after)
    whole = [place for place in places if _whole_words(source.inside, *place)]
    if len(whole) == 1:
        start, end = whole[0]
        return Anchor(int(source.origin[start]), int(source.end[end - 1]), start, end)
    if len(whole) > 1:
        what = f"the quote '{quote}' stands {len(whole)} times in the source"
        raise EvidenceError(Problem("evidence/ambiguous", what, hint="quote more words, or give a `prefix` or `suffix`"))
    if places:
        what = f"the quote '{quote}' begins or ends inside a word"
        raise EvidenceError(Problem("evidence/cuts-word", what, hint="quote whole words: half a word can mean the opposite"))
    near = nearest(source, wanted)
    hint = f"the nearest passage is '{near}'; a suggestion only, check it against the source" if near else ""
    raise EvidenceError(Problem("evidence/not-found", f"the source does not say '{quote}'", hint=hint))


def unseal(source: Canonical, start: int, end: int, sha256: str) -> Anchor:
    """Where a sealed quote stands, if the source's canonical text has that digest there.

    Raises
    ------
    EvidenceError
        `evidence/sealed-mismatch`.
    """
    passage = source.text[start:end]
    if not 0 <= start < end <= len(source.text) or seal(passage) != sha256:
        what = f"the sealed passage [{start}, {end}) is not what the source says there"
        raise EvidenceError(Problem("evidence/sealed-mismatch", what, hint="seal the passage again from the source"))
    return Anchor(int(source.origin[start]), int(source.end[end - 1]), start, end)


def seal(passage: str) -> str:
    """Digest of a canonical passage."""
    return hashlib.sha256(passage.encode("utf-8", "surrogatepass")).hexdigest()


def nearest(source: Canonical, quote: str) -> str:
    """The passage of as many words that is most like the quote; empty if nothing is like it. A suggestion, never a match."""
    words, wanted = source.text.split(" ")[:MOST_WINDOWS], quote.split(" ")
    known = {word.lower() for word in wanted}
    n = len(wanted)
    hits = np.array([word.lower() in known for word in words], np.int64)
    total = np.convolve(hits, np.ones(min(n, max(1, hits.size)), np.int64), "valid")
    best = sorted(np.argsort(-total, kind="stable")[:20].tolist())
    windows = [" ".join(words[first : first + n])[:400] for first in best if total[first] or n == 1]
    scored = [(difflib.SequenceMatcher(None, quote[:400].lower(), w.lower()).ratio(), w) for w in windows]
    score, passage = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    return passage if score >= 0.6 else ""
