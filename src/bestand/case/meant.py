"""What somebody meant who wrote a number, or a sign of a condition, as the format does not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:([.,' _])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_SIGNS: Mapping[str, str] = {
    "&&": "and", "&": "and", "∧": "and", "||": "or", "|": "or", "∨": "or", "¬": "not", "!": "not", "<->": "iff", "<=>": "iff", "↔": "iff", "⇔": "iff",
    "->": "implies", "=>": "implies", "→": "implies", "⇒": "implies", "≠": "!=", "<>": "!=", "≤": "<=", "≥": ">=", "==": "=",
}  # fmt: skip
_WORDS = frozenset({"and", "or", "not", "implies", "iff"})


def without_comma(number: str) -> str:
    """How to write a number that has a comma: three figures behind it may be thousands.

    >>> without_comma("0,5"), without_comma("1,000")
    ('write 0.5', 'write 1000, or 1.000 where a fraction is meant')
    """
    whole, _, rest = number.partition(",")
    thousands = len(rest) == 3 and whole.strip("+-0") != ""
    return f"write {whole}{rest}, or {whole}.{rest} where a fraction is meant" if thousands else f"write {whole}.{rest}"


def number_meant(text: str) -> str:
    """The number that a text stands for, as it is to be written; empty where it is none.

    >>> [number_meant(text) for text in ("3", " 3.5 ", "1_000", "1.000,5", "5 %", "1/2", "٣", "017", "0x10", "three")]
    ['3', '3.5', '1000', '1000.5', '0.05', '0.5', '3', '17', '16', '']
    """
    signs = unicodedata.normalize("NFKC", text[:60]).replace("\u2212", "-")
    plain = _ungrouped("".join(str(unicodedata.decimal(sign, sign)) for sign in signs).strip(" '\"").lower())
    share, over = re.fullmatch(r"(.+?)\s?%", plain), re.fullmatch(r"(\d{1,6})/(\d{1,6})", plain)
    if re.fullmatch(r"0x[0-9a-f]{1,12}|0o[0-7]{1,12}", plain):
        return str(int(plain, 0))
    if over is not None and int(over[2]):
        return f"{int(over[1]) / int(over[2]):.6g}"
    bare = share[1].replace(",", ".") if share is not None else plain
    if _NUMBER.fullmatch(bare) is None:
        return ""
    return f"{float(bare) / (100 if share is not None else 1):.12g}"


def _ungrouped(number: str) -> str:
    """A number without what parts its thousands, where it is clear what that is."""
    grouped = _GROUPED.fullmatch(number)
    if grouped is None:
        return number
    clear = grouped[1] not in ".," or number.count(grouped[1]) > 1 or len(set(number) & {".", ","}) > 1
    return number.replace(grouped[1], "").replace(",", ".") if clear else number


def sign_meant(text: str, at: int) -> str:
    """What a condition should have in place of what stands at a place of it; empty where that is not known.

    >>> sign_meant("a.x && b.y", 4), sign_meant("a.x AND b.y", 4), sign_meant("a.x ? b.y", 4)
    ('and', 'and', '')
    """
    word = re.compile(r"[A-Za-z]+").match(text, at)
    if word is not None and word[0] not in _WORDS and word[0].lower() in _WORDS:
        return word[0].lower()
    for first in range(max(0, at - 2), at + 1):  # of a sign of two or three the first may have been read
        for sign in sorted(_SIGNS, key=len, reverse=True):
            if text.startswith(sign, first) and first + len(sign) > at:
                return _SIGNS[sign]
    return ""
