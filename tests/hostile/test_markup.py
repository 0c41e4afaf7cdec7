"""No word of a case becomes part of a page or picture: every field that holds words is attacked at once, and the markup that comes out is counted."""

from __future__ import annotations

import json
from collections import Counter
from html.parser import HTMLParser

import pytest

from bestand import brief, conflict, report, study
from bestand.case.read import read, read_text
from bestand.case.yaml import load
from bestand.changes.renames import WORDS

ATTACK = "</title></style></svg>\"'><x-evil onclick=1></x-evil><img src=x onerror=window.hit=1>{{7*7}}{%raw%}]]>--><!--&lt;x-evil&gt;"
NO_PROSE = {"basis", "iso", "language", "same_as", "quote", "prefix", "suffix", "via", "date", "condition"}
LINK = "javascript:window.hit=1//"


class Seen(HTMLParser):
    """The tags of a page, and what its attributes hold."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += [(key, value or "") for key, value in attrs]


def attacked(value, path=()):
    """A case as plain data with the attack behind every word, and a link that would run."""
    if isinstance(value, dict):
        return {key: attacked(inner, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [attacked(inner, path) for inner in value]
    if not isinstance(value, str) or path[0] == "translations":
        return value
    if path[-1] == "url":
        return LINK + value
    prose = path[-1] in WORDS - NO_PROSE or (len(path) > 1 and path[-2] in ("meaning", "told", "is", "name", "title", "summary"))
    return value + ATTACK if prose or "shifts" in path else value


@pytest.fixture(scope="module")
def attacked_conflict():
    return conflict(read_text(json.dumps(attacked(load(read("example/nl").text)[0]))), draws=5)


def pages(asked):
    made = study(asked, quick=True)
    for language in ("en", "nl"):
        yield report(made, language=language).html
        yield brief(made, language=language).html


def test_no_word_of_a_case_becomes_part_of_a_page(attacked_conflict):
    plain = Counter()
    for html in pages(conflict(read("example/nl"), draws=5)):
        seen = Seen()
        seen.feed(html)
        plain += seen.tags
    tags = Counter()
    for html in pages(attacked_conflict):
        seen = Seen()
        seen.feed(html)
        tags += seen.tags
        assert html.count("x-evil") > 20 and "{{7*7}}" in html  # the attack is there, as words
        assert not [pair for pair in seen.attributes if pair[0].startswith("on") or pair[1].lower().strip().startswith(("javascript:", "vbscript:", "data:text"))]
        assert ("http-equiv", "Content-Security-Policy") in seen.attributes
    assert set(tags) <= set(plain) and not {"x-evil", "script", "img", "iframe", "object"} & set(tags)
