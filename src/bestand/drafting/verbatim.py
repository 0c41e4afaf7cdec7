"""Quotes that stand word for word, once, in whole words: the last door that every proposal goes through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bestand.documents.canonical import LINE_END, Canonical

AROUND = 6  # words of a prefix or suffix, where a quote stands more than once
_FOLDED = re.compile(f"[-{LINE_END} ]")


@dataclass(frozen=True, slots=True)
class VerbatimText:
    """A document's canonical text under its key, and the same without hyphens and blanks, in which repeats are counted.

    A quote that stands once in the second stands once however a hyphen at a line end is read: so it anchors, exactly and only once.
    """

    key: str
    source: Canonical
    squeezed: str = field(default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "squeezed", _FOLDED.sub("", self.source.text))


def quoted(text: VerbatimText, start: int, end: int) -> Mapping[str, str] | None:
    """The words at [start, end) as a quote that anchors there, with a prefix or suffix where it needs one; None if it cannot.

    >>> from bestand.documents.canonical import canonical
    >>> dict(quoted(VerbatimText("t", canonical("No truce. No truce, no force.")), 10, 18))
    {'quote': 'No truce', 'prefix': 'No truce.'}
    """
    words = _joined(text.source.text[start:end])
    if not words.strip() or not _whole(text.source, start, end):
        return None
    before = _joined(" ".join(text.source.text[max(0, start - 200) : start].split()[-AROUND:]))
    after = _joined(" ".join(text.source.text[end : end + 200].split()[:AROUND]))
    for prefix, suffix in (("", ""), (before, ""), ("", after), (before, after)):
        if _stands_once(text.squeezed, _FOLDED.sub("", prefix + words + suffix)):
            around = {"prefix": prefix, "suffix": suffix}
            return {"quote": words, **{name: value for name, value in around.items() if value}}
    return None


def _stands_once(text: str, words: str) -> bool:
    """Whether words stand in a text exactly once, also where two places of them would overlap (`no force no` in `no force no force no`)."""
    at = text.find(words)
    return at >= 0 and text.find(words, at + 1) < 0


def _whole(source: Canonical, start: int, end: int) -> bool:
    return not source.cuts[start] and not source.cuts[end]


def _joined(words: str) -> str:
    """A word broken over a line end as one word, or with its hyphen before a capital."""
    return re.sub(f"{LINE_END}(?=(.?))", lambda match: "-" if match.group(1).isupper() else "", words)
