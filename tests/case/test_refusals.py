"""Each mistake in a case is refused with the code that the list of codes has for it, at its own place, and beside it nothing else is."""

from __future__ import annotations

import pytest

from bestand.case.read import read_text
from bestand.errors import BestandError

DRAWN = """
bestand: 1
title: T
sources: {s: {title: A letter, sha256: "NOUGHTS"}}
claims: {c: {source: s, quote: q, gloss: g}}
parties: {a: {name: A, types: {x: 0.5, y: 0.5}}, b: {name: B}}
levers:
  a.x: {is: one, because: [c]}
  b.y: {is: two, settings: [low, mid, high], because: [c]}
terms: {t: a.x and b.y = mid}
wants:
  a: {x: [{that: t, because: [c]}], y: [{that: not t, because: [c]}]}
  b: [{that: a.x, because: [c]}]
views: {v: {vary: [a.x], fixed: {b.y: low}}}
""".replace("NOUGHTS", "0" * 64)
LISTED = """
bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}}
states: {s1: {is: one}, s2: {is: two}}
graph: {now: s1, moves: {a: [[s1, s2]], b: []}}
ranking: {a: [s1, s2], b: [s2, s1]}
"""
SEALED = "{source: s, gloss: g, sealed: {start: 3, end: 9, sha256: '" + "0" * 64 + "'}"
MISTAKES = [
    (DRAWN, "levers:\n  a.x: {is: one", "levers:\n  z: {is: it, because: [c]}\n  a.x: {is: one", "case/lever-name", "levers.z"),
    (DRAWN, "types: {x: 0.5, y: 0.5}", "types: {x: 0.5, y: 0.4}", "case/type-shares", "parties.a.types"),
    (DRAWN, ", y: [{that: not t, because: [c]}]", "", "case/missing-type", "wants.a"),
    (DRAWN, "vary: [a.x], fixed: {b.y: low}", "vary: [a.x, b.y], fixed: {b.y: low}", "case/fixed-and-varied", "views.v.fixed.b.y"),
    (DRAWN, "terms: {", "terms: {implies: a.x, ", "case/reserved-word", "terms.implies"),
    (DRAWN, "settings: [low, mid, high]", "settings: [low, mid, high, not]", "case/reserved-word", "levers.b.y.settings"),
    (DRAWN, "{that: a.x,", "{that: t = yes,", "case/term-compared", "wants.b[0].that"),
    (DRAWN, "quote: q, ", "", "case/quote-or-sealed", "claims.c"),
    (DRAWN, "{source: s, quote: q, gloss: g", SEALED[:-1] + "}, quote: q", "case/quote-or-sealed", "claims.c"),
    (DRAWN, "{source: s, quote: q, gloss: g", SEALED[:-1].replace("end: 9", "end: 3") + "}", "case/out-of-range", "claims.c.sealed"),
    (LISTED, "[[s1, s2]]", "[[s1, s1]]", "case/no-move", "graph.moves.a[0]"),
    (LISTED, "a: [s1, s2]", "a: [s1, s2, s1]", "case/ranked-twice", "ranking.a"),
    (LISTED, "a: [s1, s2]", "a: [[s2]]", "case/not-ranked", "ranking.a"),
    (LISTED, "ranking:", "wants: {a: [{that: s1, assumed: x}]}\nranking:", "case/wants-and-ranking", "wants.a"),
    (LISTED, "states:", "levers: {a.x: {is: it, assumed: x}}\nstates:", "case/two-graphs", "graph"),
    (DRAWN, "views:", "states: {now: {is: it, at: {a.x: yes, b.y: low}}}\nviews:", "case/reserved-word", "states.now"),
]


@pytest.mark.parametrize("text", [DRAWN, LISTED, DRAWN.replace("{source: s, quote: q, gloss: g", SEALED[:-1] + "}")], ids=["drawn", "listed", "sealed"])
def test_without_the_mistake_the_case_is_taken(text):
    assert read_text(text).file.title


@pytest.mark.parametrize(("text", "right", "wrong", "code", "at"), MISTAKES, ids=[f"{code} {at}" for *_, code, at in MISTAKES])
def test_a_mistake_is_told_by_its_code_and_its_place(text, right, wrong, code, at):
    assert text.count(right) == 1
    with pytest.raises(BestandError) as told:
        read_text(text.replace(right, wrong))
    assert [(each.code, each.place.at) for each in told.value.problems] == [(code, at)], told.value
