"""Quotes that anchor, passages that are one, names without their office: by plain rules on small texts."""

from __future__ import annotations

import itertools
import random
import re

import pytest

from bestand import read_text
from bestand.documents.canonical import canonical
from bestand.documents.html import page_text
from bestand.drafting.lexicon import lexicon
from bestand.drafting.merge import SAME_PASSAGE, merged
from bestand.drafting.names import person_name
from bestand.drafting.proposals import Proposal, Proposals
from bestand.drafting.verbatim import AROUND, VerbatimText, quoted
from bestand.evidence.quote import anchor
from tests.depth import tried

WORDS = ["truce", "no", "force", "the", "wells", "open", "of", "north", "talks"]


@pytest.mark.parametrize("seed", range(tried(60)))
def test_a_quote_anchors_where_it_was_taken_or_is_none(seed):
    """However often its words stand in the text: exactly one place has them with the words beside them, or there is no quote."""
    rng = random.Random(seed)
    words = [rng.choice(WORDS[: rng.randrange(2, 9)]) for _ in range(rng.randrange(4, 160))]
    text = VerbatimText("t", canonical(" ".join(words) + "."))
    spans = [(m.start(), m.end()) for m in re.finditer(r"\w+", text.source.text)]
    for _ in range(12):
        first = rng.randrange(len(spans))
        last = min(len(spans) - 1, first + rng.randrange(4))
        start, end = spans[first][0], spans[last][1]
        made = quoted(text, start, end)
        plain = text.source.text
        before = " ".join(words[max(0, first - AROUND) : first])
        after = " ".join(plain[end:].split()[:AROUND])
        around = [("", ""), (before, ""), ("", after), (before, after)]
        once = [(a, b) for a, b in around if plain.replace(" ", "").count(f"{a}{plain[start:end]}{b}".replace(" ", "")) == 1]
        if not once:
            assert made is None
            continue
        assert made is not None and (made["quote"], made.get("prefix", ""), made.get("suffix", "")) == (plain[start:end], *once[0])
        place = anchor(text.source, made["quote"], prefix=made.get("prefix", ""), suffix=made.get("suffix", ""))
        assert (place.start, place.end) == (start, end)


def test_a_quote_that_stands_twice_is_told_by_the_six_words_beside_it():
    text = VerbatimText("t", canonical("x truce a y x truce b"))
    assert quoted(text, 2, 7) == {"quote": "truce", "suffix": "a y x truce b"} and quoted(text, 14, 19) == {"quote": "truce", "prefix": "x truce a y x"}
    far = VerbatimText("t", canonical("truce. One two three four five six seven eight truce nine ten eleven twelve. Truce"))
    assert quoted(far, 47, 52) == {"quote": "truce", "prefix": "three four five six seven eight"} and quoted(far, 0, 5) == {"quote": "truce", "suffix": ". One two three four five"}


def test_half_a_word_and_nothing_at_all_are_no_quotes():
    text = VerbatimText("t", canonical("No truce stands here, and no force."))
    n = len(text.source.text)
    for start, end in itertools.combinations(range(n), 2):
        inside = text.source.text[start:end]
        cut = any(0 < at < n and (text.source.text[at - 1] + text.source.text[at]).isalnum() for at in (start, end))
        if cut or not inside.strip():
            assert quoted(text, start, end) is None, inside
        elif text.squeezed.count(inside.replace(" ", "")) == 1:
            assert quoted(text, start, end) == {"quote": inside}
    assert quoted(text, 1, 8) is None and quoted(text, 3, 6) is None and quoted(text, 2, 3) is None and quoted(text, 3, 8) is not None


CASE = "bestand: 1\ntitle: T\nparties: {a: {name: A}}\nlevers: {a.x: {is: x, assumed: t}}\nwants: {a: [{that: a.x, assumed: t}]}\n"


def proposed(number: int, passage: str, quote: str = "one thing", **fields: object) -> Proposal:
    return Proposal(id=f"n{number}", kind="claim", passage=passage, fields={"source": "s", "quote": quote, "gloss": quote, **fields})


@pytest.mark.parametrize(("first", "second", "one"), [
    ((10, 20), (10, 20), True), ((10, 20), (16, 40), False), ((10, 20), (14, 40), True), ((10, 20), (12, 16), True), ((10, 20), (20, 30), False), ((0, 100), (90, 96), True),
    ((0, 100), (97, 105), False), ((90, 96), (0, 100), True),
])  # fmt: skip
def test_passages_are_one_where_they_share_more_than_half_of_the_shorter(first, second, one):
    shared = min(first[1], second[1]) - max(first[0], second[0])
    assert one == (shared > SAME_PASSAGE * min(first[1] - first[0], second[1] - second[0]))
    case, places = read_text(CASE), [f"s:{start}-{end}" for start, end in (first, second)]
    standing = merged(Proposals(items=()), [proposed(1, "s:500-520"), proposed(2, places[0])], case)
    of_it = Proposal(id="n4", kind="lever", fields={"id": "a.z", "is": "z"}, because=("n1",))
    again = merged(standing, [proposed(1, places[1]), proposed(2, "s:500-520"), proposed(3, f"other:{places[1].partition(':')[2]}"), of_it], case)
    assert len(standing.items) == 2 and len(again.items) == 2 + (not one) + 2 and again.items[-1].because == (again.items[1 if one else 2].id,)
    assert len({item.id for item in again.items}) == len(again.items) and again.items[:2] == standing.items


@pytest.mark.parametrize(("member", "language", "name"), [
    ("Foreign Minister Lena Oram", "en", "Lena Oram"), ("President Lena Oram (since May)", "en", "Lena Oram"), ("NATO secretary general Mark Rutte", "en", "Mark Rutte"),
    ("minister Bo", "en", "Bo"), ("the spokesman", "en", ""), ("minister-president Ada Berg", "nl", "Ada Berg"), ("Lena Oram", "de", "Lena Oram"), ("Präsident Lena Oram", "en", "Lena Oram"),
    ("ministre Lena Oram", "nl", "Lena Oram"),
])  # fmt: skip
def test_a_person_is_named_without_the_office_in_whatever_language_it_stands(member, language, name):
    assert person_name(member, lexicon(language)) == name


@pytest.mark.parametrize("sides", [
    "50%", "49%", "48%", "98% 0 0 0", "0 98% 0 0", "60% 0 38% 0", "60% 0 37% 0", "0 60% 0 38%", "0 60% 0 37%", "20% 60%", "49% 1% 49%", "48% 1% 49%", "10% 49%", "0 0 0 99%", "9000px",
])  # fmt: skip
def test_a_frame_that_leaves_nothing_hides_what_stands_in_it(sides):
    """`inset`: top, right, bottom, left; what is not said is as across [CSS Shapes 1, section 3.1]."""
    top, *others = (float(side.rstrip("%px")) for side in sides.split())
    right = others[0] if others else top
    bottom, left = others[1] if len(others) > 1 else top, others[2] if len(others) > 2 else right
    hidden = "px" in sides or max(top + bottom, right + left) >= 98
    told, _ = page_text(f"<p>seen <b style='clip-path: inset({sides})'>word</b></p>")
    assert ("word" in told) != hidden, told
