"""What is told of states, moves and conditions says all that there is, once, and counts what it leaves out."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import bestand
from bestand.negotiate.why import why
from bestand.telling.naming import condition_words, posture_words, setting_words
from bestand.telling.states import few
from bestand.telling.telling import MOST_TEMPTING, Telling
from bestand.telling.words import words

CROWD = """bestand: 1
title: T
parties: {a: {name: Alm}, b: {name: Brill}}
levers:
  a.x: {is: extent, settings: [s0, s1, s2, s3, s4, s5], assumed: t}
  b.y: {is: pump, assumed: t}
wants:
  a: [{that: a.x = s0 and b.y, assumed: t}, {that: not b.y, assumed: t}, {that: a.x > s0, assumed: t}]
  b: [{that: a.x = s0 iff not b.y, assumed: t}]
"""


def told_of(case) -> Telling:
    asked = bestand.conflict(case)
    return Telling(asked, words("en"))


@pytest.mark.parametrize("case", [bestand.read_text(CROWD), bestand.read("example/en")], ids=["crowd", "valley"])
def test_reasons_to_stay_are_told_one_by_one_with_every_reply_and_the_rest_counted(case):
    telling = told_of(case)
    conflict, seen = telling.conflict, set()
    for state, party in itertools.product(range(0, conflict.graph.n_states, 1 + conflict.graph.n_states // 60), conflict.parties):
        witness = why(conflict, state=state, party=party, concept="seq", moves="paying")
        sentences, name = telling.witness(witness), telling.party(party)
        assert sentences and all(name in each for each in sentences[:MOST_TEMPTING])
        if witness.stable and witness.answers:
            n_more = len(witness.answers) - MOST_TEMPTING
            assert len(sentences) == min(len(witness.answers), MOST_TEMPTING) + (n_more > 0)
            assert n_more <= 0 or str(n_more) in sentences[-1]
            sizes = [len(telling.differing(state, each.move)) for each in witness.answers]
            shortest = sorted(witness.answers, key=lambda each: len(telling.differing(state, each.move)))[: len(sentences) - (n_more > 0)]
            for sentence, answer in zip(sentences, shortest, strict=False):
                assert all(telling.party(who) in sentence and telling.changes(here, there) in sentence for (who, there), here in
                           zip(answer.reply, [answer.move, *(at for _, at in answer.reply)], strict=False))
            seen |= {(n_more > 0, bool(witness.answers[0].reply))} if sizes else set()
        elif witness.answers:
            assert len(sentences) == 1
    assert (False, True) in seen


def test_many_tempting_moves_are_counted():
    telling = told_of(bestand.read_text(CROWD))
    conflict = telling.conflict
    lengths = {len(telling.witness(why(conflict, state=s, party="a", concept="seq", moves="paying"))) for s in range(conflict.graph.n_states)}
    n_answers = {len(w.answers) for s in range(conflict.graph.n_states) if (w := why(conflict, state=s, party="a", concept="seq", moves="paying")).stable}
    assert max(n_answers) > MOST_TEMPTING and max(lengths) == MOST_TEMPTING + 1


def test_a_state_is_told_in_brief_by_two_things_and_how_many_more():
    case = bestand.read("example/en")
    telling = told_of(case)
    now, n = telling.graph.now, telling.graph.n_states
    for state in range(0, n, 7):
        parts = [telling.short(*each) for each in telling.differing(now, state).items()]
        told = telling.brief(state)
        assert told == (few(parts, telling.say("more_changes", n=len(parts) - 2), 2) or telling.say("same_as_today"))
        assert all(part in told for part in parts[:2]) and not any(part in told.split("; ") for part in parts[2:])
    assert np.any([len(telling.differing(now, s)) > 3 for s in range(n)])


@pytest.mark.parametrize(("condition", "told"), [
    ("a.x = s1 implies b.y implies a.x = s2", ("s1", "pump", "s2")), ("a.x = s1 iff b.y iff a.x = s2", ("s1", "pump", "s2")), ("not (a.x = s1 or b.y)", ("s1", "pump")),
    ("a.x = s0 and b.y and a.x = s3", ("s0", "pump", "s3")),
])  # fmt: skip
def test_a_condition_is_told_with_each_of_its_parts_in_their_order(condition, told):
    text = condition_words(condition, told_of(bestand.read_text(CROWD)))
    assert all(text.count(part) == 1 for part in told) and [text.index(part) for part in told] == sorted(text.index(part) for part in told), text


def test_a_posture_is_told_by_what_it_sets_where_all_of_it_are_levers():
    telling = told_of(bestand.read_text(CROWD))
    whole = posture_words("a.x=s1, b.y=yes", telling)
    assert whole == f"{telling.short('a.x', 's1')}; {telling.short('b.y', 'yes')}" and "=" not in whole
    assert posture_words("a.x=s1, c.z=yes", telling) == "a.x=s1, c.z=yes" and posture_words("", telling) == telling.say("same_as_today")
    assert posture_words("a_guard_force", telling) == "a guard force"


def test_to_be_at_a_setting_and_to_move_to_it_are_told_apart():
    telling = told_of(bestand.read_text(CROWD))
    ways = [[setting_words(*at, telling, entered=entered) for entered in (False, True)] for at in (("b.y", "yes"), ("b.y", "no"), ("a.x", "s1"))]
    assert any(still != moved for still, moved in ways) and setting_words("b.y", "no", telling) == ways[1][0]
