"""Exact anchoring of quotes in a source, in whole words, on the canonical map; the work is linear in source and quote.

A hyphen at a line end matches a hyphen (with or without a blank after it) in a quote, and it matches nothing at all. A hyphen, an
apostrophe, and a point or comma between digits hold a word together, so that `bindend` does not quote `niet-bindend`, nor `can`
quote `can't`, nor `afhankelijk` quote `on-` / `afhankelijk` over a line end. French words that are cut short before a vowel stay
words of their own (`qu'il`, `l'accord`), all but `n'`.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.documents.canonical import LINE_END, Canonical, folded
from bestand.errors import EvidenceError, Problem, short

MOST_WINDOWS = 200_000  # words of a source that are looked through for a passage like a quote
MOST_QUOTED = 5_000  # characters of a quote, prefix or suffix
MOST_PLACES = 1_000  # places in a source that are compared with one quote
_LOOSE = f"-{LINE_END} "
_NOTHING = dict.fromkeys(map(ord, _LOOSE))


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a quote stands: code points [start, end) of the original, and of the canonical text."""

    start: int
    end: int
    canonical_start: int
    canonical_end: int


def anchor(source: Canonical, quote: str, *, prefix: str = "", suffix: str = "", suggest: bool = True) -> Anchor:
    """Where a quote stands in a source, exactly and only once, in whole words.

    suggest : whether the nearest passage is looked for where the source does not say it

    Raises
    ------
    EvidenceError
        `evidence/not-found` (with the nearest passage as a suggestion), `evidence/ambiguous`, `evidence/cuts-word`,
        `evidence/empty-quote`, `evidence/long-quote`, `evidence/too-many-places`.

    >>> from bestand.documents.canonical import canonical
    >>> anchor(canonical("No truce,\\nno force."), "truce, no").start
    3
    """
    _bounded(quote, prefix, suffix)
    wanted, before, after = (folded(part).strip() for part in (quote, prefix, suffix))
    if not wanted.strip(_LOOSE):
        raise EvidenceError(Problem("evidence/empty-quote", "the quote is empty", hint="quote the passage, or seal it"))
    cut = False
    whole: dict[tuple[int, int], None] = {}
    for start, end in _places(source, wanted, before, after):
        cut |= bool(source.cuts[start] or source.cuts[end])
        if not (source.cuts[start] or source.cuts[end]):
            whole[start, end] = None
        if len(whole) > 1:
            what = f"the quote '{short(quote, most=200)}' stands more than once in the source"
            raise EvidenceError(Problem("evidence/ambiguous", what, hint="quote more words, or give a `prefix` or `suffix`"))
    if not whole:
        raise _missing(source, wanted, quote, cut=cut, suggest=suggest)
    [(start, end)] = whole
    return Anchor(int(source.origin[start]), int(source.end[end - 1]), start, end)


def _bounded(*parts: str) -> None:
    if max(map(len, parts)) > MOST_QUOTED:
        what = f"a quote, prefix or suffix of more than {MOST_QUOTED:,} characters"
        raise EvidenceError(Problem("evidence/long-quote", what, hint="quote the words that matter, or seal the passage"))


def _missing(source: Canonical, wanted: str, quote: str, *, cut: bool, suggest: bool) -> EvidenceError:
    if cut:
        what = f"the quote '{short(quote, most=200)}' begins or ends inside a word"
        return EvidenceError(Problem("evidence/cuts-word", what, hint="quote whole words: half a word can mean the opposite"))
    near = nearest(source, wanted) if suggest else ""
    hint = f"the nearest passage is '{near}'; a suggestion only, check it against the source" if near else ""
    return EvidenceError(Problem("evidence/not-found", f"the source does not say '{short(quote, most=200)}'", hint=hint))


def _places(source: Canonical, quote: str, prefix: str, suffix: str) -> Iterator[tuple[int, int]]:
    """Where the source says the quote, between its prefix and suffix: canonical code points [start, end).

    Hyphens and blanks are left out of source and quote first; each place where the rest agrees is then looked at closely.
    """
    letters, at = _skeleton(source.text)
    wanted = _tight(prefix + quote + suffix)
    before = f"({_expression(prefix)})[ ]?" if prefix else "()"
    after = f"[ ]?(?:{_expression(suffix)})" if suffix else ""
    closely = re.compile(f"{before}({_expression(quote)}){after}")
    loose = min(100, len(prefix + quote) - len((prefix + quote).lstrip(_LOOSE)))
    place, n_places = letters.find(wanted), 0
    while place >= 0:
        n_places += 1
        if n_places > MOST_PLACES:
            what = f"the letters of the quote '{short(quote, most=200)}' stand in more than {MOST_PLACES:,} places"
            raise EvidenceError(Problem("evidence/too-many-places", what, hint="quote more words"))
        first = int(at[place])
        for start in range(max(0, first - loose), first + 1):
            if (match := closely.match(source.text, start)) is not None:
                yield match.span(2)
        place = letters.find(wanted, place + 1)


@functools.lru_cache(maxsize=4)
def _skeleton(text: str) -> tuple[str, NDArray[np.int64]]:
    """The text without hyphens and blanks, and where each of its signs stands."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kept = np.flatnonzero(~np.isin(codes, [ord(sign) for sign in _LOOSE]))
    return _tight(text), kept


def _tight(text: str) -> str:
    return text.translate(_NOTHING)


def _expression(quote: str) -> str:
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
    words, wanted = source.text.split(" ", MOST_WINDOWS)[:MOST_WINDOWS], quote.split(" ")
    known = {word.lower() for word in wanted}
    n = min(len(wanted), len(words))
    hits = np.concatenate(([0], np.cumsum([word[:400].lower() in known for word in words])))
    total = hits[n:] - hits[:-n]
    best = sorted(np.argsort(-total, kind="stable")[:20].tolist())
    windows = [short(" ".join(words[first : first + n]), most=400) for first in best if total[first] or n == 1]
    scored = [(difflib.SequenceMatcher(None, quote[:400].lower(), w.lower()).ratio(), w) for w in windows]
    score, passage = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
    return passage if score >= 0.6 else ""
