"""Claims that bear on each other, how far a source is to be trusted, and what was seen since."""

from __future__ import annotations

import pytest

from bestand.case.parts import Quantity
from bestand.case.read import read_text
from bestand.changes.diff import diff
from bestand.checks.check import check
from bestand.errors import CaseError

CASE = """
bestand: 1
title: A strike
as_of: "2025-04-25"
sources: {s: {title: S, sha256: "%s", reliability: {value: 0.8, range: [0.6, 0.9], assumed: a guess}}}
claims:
  c1: {source: s, quote: q, gloss: it stops}
  c2: {source: s, quote: r, gloss: it does not, denies: [c1]}
  c3: {source: s, quote: t, gloss: it has stopped before, supports: [c1]}
parties: {a: {name: A, types: {firm: {value: 0.4, is: {en: the firm, nl: de harden}}, soft: 0.6}}, b: {name: B}}
levers: {a.x: {is: it stops, now: "yes", because: [c1]}, b.y: {is: y, assumed: t}}
wants: {a: {firm: [{that: b.y, assumed: t}], soft: [{that: not b.y, assumed: t}]}, b: [{that: a.x, assumed: t}]}
observations:
  - {on: "2025-04-20", lever: a.x, took: "yes", because: [c1]}
  - {on: "2025-04-24", since: "2025-04-01", lever: b.y, not_given: "yes", assumed: nobody reported it}
""" % ("0" * 64)


def codes(text: str) -> set[str]:
    return {each.code for each in check(read_text(text)).findings}


def test_what_was_stated_is_read():
    file = read_text(CASE).file
    trust = file.sources["s"].reliability
    assert isinstance(trust, Quantity) and trust.range == (0.6, 0.9)
    assert file.claims["c2"].denies == ("c1",) and file.observations[1].not_given == "yes"
    firm = file.parties["a"].types["firm"]
    assert isinstance(firm, Quantity) and firm.value == 0.4 and firm.label.said("nl") == "de harden" and file.parties["a"].types["soft"].label == ""


def test_a_model_that_rests_on_a_denied_claim_is_a_finding():
    assert "check/denied-claim" in codes(CASE)
    assert "check/denied-claim" not in codes(CASE.replace(", denies: [c1]", ""))
    assert "check/unused-claim" not in codes(CASE)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("denies: [c1]", "denies: [c9]", "case/unknown-name"),
        ("denies: [c1]", "denies: [c2]", "case/bears-on-itself"),
        ("denies: [c1]", "denies: [c1], supports: [c1]", "case/bears-on-itself"),
        ("supports: [c1]", "supports: [c3]", "case/bears-on-itself"),
        ("value: 0.8, range: [0.6, 0.9]", "value: 1.2", "case/out-of-range"),
        ("value: 0.4, is", "value: 1.4, is", "case/out-of-range"),
        ('took: "yes", b', 'b', "case/took-or-not-given"),
        ('took: "yes", b', 'took: "yes", not_given: "yes", b', "case/took-or-not-given"),
        ('took: "yes", b', "took: maybe, b", "case/unknown-setting"),
        ("lever: a.x, took", "lever: a.z, took", "case/unknown-name"),
        ('on: "2025-04-20"', 'on: "2025-04-31"', "case/wrong-value"),
        ('on: "2025-04-20"', 'on: "last week"', "case/wrong-value"),
        ('since: "2025-04-01"', 'since: "2025-05-01"', "case/wrong-value"),
    ],
)
def test_what_cannot_be_is_refused(old, new, code):
    assert old in CASE
    with pytest.raises(CaseError) as caught:
        read_text(CASE.replace(old, new))
    assert code in [problem.code for problem in caught.value.problems]


def test_what_was_seen_is_held_against_the_present():
    assert "check/seen-otherwise" in codes(CASE.replace('now: "yes"', 'now: "no"'))
    assert "check/seen-later" in codes(CASE.replace('on: "2025-04-20"', 'on: "2025-05-20"'))
    assert not {"check/seen-otherwise", "check/seen-later"} & codes(CASE)


def test_what_is_seen_since_is_one_change():
    later = CASE + '  - {on: "2025-04-25", lever: b.y, took: "no", assumed: t}\n'
    assert [(change.kind, change.at) for change in diff(read_text(CASE), read_text(later)).changes] == [("added", "observations[2]")]
