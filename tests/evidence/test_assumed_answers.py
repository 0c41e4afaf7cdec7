"""An answer that hangs on lines which no claim stands behind is not the text's, whatever the question."""

from __future__ import annotations

import pytest

from bestand.case.lines import with_file
from bestand.case.read import read, read_text
from bestand.graph.conflict import conflict
from bestand.negotiate.stability import stability
from bestand.study.audit import assumed_about
from bestand.study.hypotheses import verdicts
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.negotiate.test_what_can_come import LEAVING

SAID = """
sources: {s: {title: Notes, sha256: "0000000000000000000000000000000000000000000000000000000000000000"}}
claims: {c1: {source: s, quote: nobody leaves while talks go on, gloss: it stays while it mediates}}
play: {tempo: {u: 1, r: 1}, noise: {u: 0.2, r: 0.2}, discount: {u: 0.2, r: 0.2}}
hypotheses:
  h: {claim: x, because: [c1], test: TEST}
"""
POSSIBLE = "{ask: possible, that: u.gone and u.mediates, expect: no}"
RUNS_OUT = "{ask: holds_longer, that: not w.over, months: 6, expect: no}"
KEPT = "{ask: holds_longer, that: r.signs, months: 6, expect: yes}"
WANT = "  r: [{that: r.signs, is: a signature, assumed: x, worth: 5}]\n"


def put(test: str, text: str = LEAVING):
    whole = text.replace("assumed: x}]", "assumed: x, worth: 0}]", 1) + (WANT if test == KEPT else "")
    return read_text(whole + SAID.replace("TEST", f"[{test}]"))


@pytest.mark.parametrize(("test", "line"), [(POSSIBLE, "not u.mediates"), (RUNS_OUT, "the days run out"), (KEPT, "a signature")])
def test_a_guard_an_event_or_a_want_without_a_claim_that_carries_the_answer_leaves_it_undecided(test, line):
    """None of them rests on the claims under test, for it names none; each says what is asked all the same."""
    case = put(test)
    (outcome,) = verdicts(case)[0].outcomes
    assert (outcome.status, outcome.said, [each.words for each in outcome.lines]) == ("undecidable", "holds", [line])
    for language, told in (("en", "on no claim"), ("nl", "op geen bewering")):
        assert told in Telling(conflict(case), words(language)).outcome(outcome)


def test_the_same_line_with_a_claim_of_its_own_leaves_the_answer_as_it_is():
    other = "claims: {c2: {source: s, quote: it goes only after its talks, gloss: first the talks end}, c1:"
    text = LEAVING.replace("{that: not u.mediates, assumed: x}", "{that: not u.mediates, because: [c2]}")
    whole = text + SAID.replace("TEST", f"[{POSSIBLE}]").replace("claims: {c1:", other)
    assert verdicts(read_text(whole))[0].status == "holds"
    assert all(each.words != "not u.mediates" for each in assumed_about(read_text(whole), read_text(whole).file.hypotheses["h"].test[0]))


@pytest.mark.parametrize(("language", "told"), [("en", "where any reply that pays at all is feared: holds"), ("nl", "waar elk antwoord dat hoe dan ook loont wordt gevreesd: klopt")])
def test_what_rests_in_one_reading_of_replies_only_is_not_decided(language, told):
    """Of the Ukraine case's resting states 56 have the Europeans left out where any paying reply is feared, and none where replies are best moves."""
    case = read("ukraine/2025-04")
    stated = case.file.hypotheses["h_sidelined"]
    only = with_file(case, hypotheses={"h": stated.model_copy(update={"test": tuple(each for each in stated.test if each.ask == "rests")})})
    (outcome,) = verdicts(only)[0].outcomes
    view = conflict(only, view=outcome.test.view, hold=outcome.test.hold)
    n = {moves: int((stability(view, concepts=("seq",), moves=moves).holds("seq") & view.where(outcome.test.that)).sum()) for moves in ("best", "paying")}
    assert n["best"] == 0 < n["paying"] and (outcome.status, outcome.said) == ("undecidable", "fails")
    assert told in Telling(view, words(language)).outcome(outcome)
