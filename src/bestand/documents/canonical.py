"""A text as it is compared: what only printing changes is folded, and where words may be cut is known.

Folded are: Unicode composition (NFC), kinds of quotation marks and dashes, ligatures of print, runs of blanks with line and
page breaks (away between signs of scripts that are written without blanks), the stroke that stretches Arabic words, and what has
neither glyph nor width: soft hyphens, zero-width characters, controls of the direction of writing, variation selectors. A hyphen
between letters at a line end becomes U+2010, which may or may not belong to the word. Any other dash stays, at a line end too:
`-` before a number is not dropped.

Words end where Unicode says (UAX 29): between any two letters of scripts that are written without blanks (Chinese, Japanese but
for runs of katakana, Thai, Lao, Khmer, Burmese), never before a combining mark. More strictly than there, a hyphen holds a word
together. Readers of documents put U+2063 around raised and lowered signs; a word may be cut there.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LINE_END = "\u2010"
RAISED = "\u2063"  # invisible; stands before and after raised and lowered signs
_SINGLE = "'\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u0060\u00b4"
_DOUBLE = "\"\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_UNSEEN = "\u00ad\u034f\u061c\u0640\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef"
_LIGATURES = dict(zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_LIGATURES |= {"\u0132": "IJ", "\u0133": "ij"}
_SAME_LENGTH = {**{ord(c): "'" for c in _SINGLE}, **{ord(c): '"' for c in _DOUBLE}, **{ord(c): "-" for c in _DASHES}}
_HYPHENS = "-\u2010\u2011"
_APOSTROPHES = "'\u2019"
_BREAK = "[-\u2010\u2011\u00ad][ \\t\u00a0]*[\n\r\x0b\x0c\x85\u2028\u2029]\\s*"
_BLANKS = f"(?:[^\\S ]| (?=[\\s{_UNSEEN}]))[\\s{_UNSEEN}]*"
_WITHOUT_BLANKS = (  # Thai, Lao, Burmese, Khmer; kana and Chinese, with their points and commas
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3001-\u30a0\u30fb\u3400-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff20\U00020000-\U0003ffff"
)
_RUN = "\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9f"  # katakana, of which two words may follow each other
_BETWEEN = f"(?<=[{_WITHOUT_BLANKS}])[\\s{_UNSEEN}]+(?=[{_WITHOUT_BLANKS}{_RUN}])|(?<=[{_RUN}])[\\s{_UNSEEN}]+(?=[{_WITHOUT_BLANKS}])"
_ODD = f"(?P<between>{_BETWEEN})|(?P<broken>{_BREAK})|(?P<blanks>{_BLANKS})|(?P<unseen>[{_UNSEEN}]+)|(?P<ligature>[\ufb00-\ufb06\u0132\u0133])"
_UNSPACED = re.compile("CJK|IDEOGRAPHIC|HIRAGANA|THAI|LAO|KHMER|MYANMAR|TAI |NEW TAI|NUSHU|TANGUT")
_KATAKANA = re.compile("KATAKANA|HALFWIDTH KATAKANA")

# French words that lose their end before a vowel and stay words: `qu'il`, `l'accord`; not `n'`, without which a sentence says its opposite
_ELIDED = re.compile(r"(?<![^\W_])(?<!['’-])(?:qu|lorsqu|puisqu|quoiqu|jusqu|[ldjc])'(?=[^\W\d_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Canonical:
    """A text as it is compared, and where each of its code points comes from.

    text   : the canonical text
    origin : (len(text),) offset in the original text, in code points
    end    : (len(text),) offset just past what each code point stands for
    cuts   : (len(text) + 1,) whether a cut before a code point, or at the end, parts a word
    """

    text: str
    origin: NDArray[np.int64]
    end: NDArray[np.int64]
    cuts: NDArray[np.bool_]


def canonical(text: str) -> Canonical:
    """The canonical form of a text; the work is linear in its length.

    >>> canonical("a  ceasefire\\u2014\\u2018now\\u2019").text
    "a ceasefire-'now'"
    """
    parts: list[str] = []
    first: list[NDArray[np.int64]] = []
    last: list[NDArray[np.int64]] = []
    for piece, start, end in _pieces(text):
        parts.append(piece)
        same = len(piece) == end - start
        first.append(np.arange(start, end) if same else np.full(len(piece), start))
        last.append(np.arange(start, end) + 1 if same else np.full(len(piece), end))
    whole = "".join(parts)
    origin = np.concatenate(first) if first else np.zeros(0, np.int64)
    return Canonical(whole, origin, np.concatenate(last) if last else origin, _cuts(text, whole, origin))


def folded(text: str) -> str:
    """The text of the canonical form alone, for what is looked for in another text.

    >>> folded("a  ceasefire\\u2014now")
    'a ceasefire-now'
    """
    return "".join(piece for piece, _, _ in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Folded pieces of the text with the offsets they come from; pieces of the same length fold sign by sign."""
    done = at = 0
    may_be, is_odd = _odd(unicodedata.is_normalized("NFC", text))
    while (near := may_be.search(text, at)) is not None:
        odd = is_odd.match(text, near.start())
        if odd is None:
            at = near.end()
            continue
        first = max(done, odd.start() - (odd.lastgroup == "marks"))  # marks compose with the letter before them
        if first > done:
            yield text[done:first].translate(_SAME_LENGTH), done, first
        piece, at = _folded(text, odd, first)
        if piece:
            yield piece, first, at
        done = at
    if done < len(text):
        yield text[done:].translate(_SAME_LENGTH), done, len(text)


@functools.cache
def _odd(composed: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Signs at which something odd may begin (one class of signs: quick to search for), and what it then is."""
    marks, alone = ("", "") if composed else _composing()
    kinds = f"{_ODD}|(?P<marks>[{marks}]+)|(?P<alone>[{alone}])" if marks else _ODD
    return re.compile(f"[\\s{_UNSEEN}\u2010\u2011\ufb00-\ufb06\u0132\u0133{marks}{alone}-]"), re.compile(kinds)


def _composing() -> tuple[str, str]:
    """Marks that NFC composes with the letter before them, and signs that it writes in another way."""
    marks, alone = [], []
    for code in (*range(0x300, 0xD800), *range(0xF900, 0x20000), *range(0x2F800, 0x2FA20)):
        sign = chr(code)
        if unicodedata.combining(sign) or unicodedata.category(sign) == "Mc" or 0x1161 <= code <= 0x11C2:
            marks.append(sign)
        elif unicodedata.normalize("NFC", sign) != sign:
            alone.append(sign)
    return "".join(marks), "".join(alone)


def _folded(text: str, odd: re.Match[str], first: int) -> tuple[str, int]:
    """What an odd place of the text is folded to, and where the text goes on."""
    kind, words = odd.lastgroup, odd.group()
    if kind == "blanks":
        return " ", odd.end()
    if kind == "ligature":
        return _LIGATURES[words], odd.end()
    if kind in ("marks", "alone"):
        return unicodedata.normalize("NFC", text[first : odd.end()]).translate(_SAME_LENGTH), odd.end()
    if kind == "broken" and _goes_on(text, odd):
        return "" if words[0] == "\u00ad" else LINE_END, odd.end()
    if kind == "broken":
        return "" if words[0] == "\u00ad" else "-", odd.start() + 1
    return "", odd.end()


def _goes_on(text: str, hyphen: re.Match[str]) -> bool:
    """Whether a hyphen at a line end stands between two halves of a word."""
    return hyphen.start() > 0 and _letter(text[hyphen.start() - 1]) and hyphen.end() < len(text) and text[hyphen.end()].isalpha()


def _letter(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


_LETTER, _ALNUM, _DIGIT, _MARK, _OPEN, _KANA, _POINT = (1 << k for k in range(7))


def _class(sign: str) -> int:
    """What a sign is, for where words end."""
    mark = unicodedata.category(sign)[0] == "M"
    name = unicodedata.name(sign, "") if sign.isalpha() and sign > "\u0e00" else ""
    kana = bool(_KATAKANA.match(name))
    return (
        _LETTER * (sign.isalnum() or mark)
        | _ALNUM * sign.isalnum()
        | _DIGIT * sign.isdigit()
        | _MARK * mark
        | _OPEN * (bool(_UNSPACED.match(name)) and not kana)
        | _KANA * kana
        | _POINT * (sign in ".,")
    )


def _classes(text: str) -> NDArray[np.uint8]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    table = np.zeros(int(codes.max(initial=0)) + 1, np.uint8)
    for sign in set(text):
        table[ord(sign)] = _class(sign)
    return table[codes]


def _cuts(text: str, whole: str, origin: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a cut before each code point, or at the end, parts a word; the original tells a hyphen from a dash."""
    n = len(whole)
    kind = np.concatenate(([0], _classes(whole), [0])).astype(np.uint8)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    was = np.concatenate(([0], codes[origin], [0])).astype(np.uint32)
    line_end = np.concatenate(([0], np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32), [0])) == ord(LINE_END)
    inside = (kind & _LETTER > 0) | line_end
    before, after = np.roll(kind, 1), np.roll(kind, -1)
    holds = np.isin(was, [ord(c) for c in _HYPHENS + _APOSTROPHES]) & ~line_end
    inside |= holds & (before & _LETTER > 0) & (after & _ALNUM > 0)
    inside |= (kind & _POINT > 0) & (before & _DIGIT > 0) & (after & _DIGIT > 0)
    left, right = kind[:-1], kind[1:]
    cuts = inside[:-1] & inside[1:]
    free = ((left | right) & _OPEN > 0) | ((left & _KANA > 0) != (right & _KANA > 0))
    cuts &= ~(free & (right & _MARK == 0) & ~holds[:-1] & ~holds[1:])
    if RAISED in text:
        raised = np.concatenate(([0], np.cumsum(codes == ord(RAISED))))
        first = np.append(origin, len(text))
        cuts[1:n] &= raised[first[1:n]] == raised[first[: n - 1]]
    for elided in _ELIDED.finditer(whole):
        cuts[elided.end()] = False
    return cuts
