"""Small cases whose answers are worked out by hand, in the words above each."""

from __future__ import annotations

import pytest

from bestand.case.read import read_text
from bestand.graph.conflict import conflict
from bestand.negotiate.stability import stability
from bestand.study.agreements import agreement_answers
from bestand.study.audit import assumed_about, cannot_arise
from bestand.study.by_version import by_version
from bestand.study.hypotheses import verdicts
from bestand.study.stages import study
from tests.study.test_by_version import many

HEAD = """
bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}, c: {name: C}}
"""


def asked_of(lines: str):
    return study(read_text(HEAD + lines), draws=1, quick=True, hypotheses=False)


def test_of_many_states_that_rest_the_nearest_of_each_kind_is_told_with_how_many_are_like_it():
    """Nobody can do anything about what they want, so that all 64 states rest: t holds in half of them, u in a quarter."""
    levers = ", ".join(f"a.l{k}: {{is: l{k}, assumed: x}}" for k in range(6))
    made = asked_of(f"levers: {{{levers}}}\nterms: {{t: a.l0, u: a.l1 and a.l2}}\nwants: {{b: [{{that: t, assumed: x}}]}}\n")
    assert made.n_kinds == 4
    least = {"": (), "t": ("a.l0",), "u": ("a.l1", "a.l2"), "t u": ("a.l0", "a.l1", "a.l2")}  # as few levers as the terms take
    at = made.conflict.at
    told = {" ".join(each.terms): (tuple(lever for lever, now in at(each.state).items() if now == "yes"), each.n_alike) for each in made.rests}
    assert told == {kind: (least[kind], n) for kind, n in {"": 24, "t": 24, "u": 8, "t u": 8}.items()}


def test_who_would_leave_the_nearest_state_with_a_term_is_told_and_who_would_not():
    """A wants not to do it, B wants it done and can do nothing, and C minds and can do nothing: A alone would undo it, and nobody leaves today."""
    made = asked_of("levers: {a.x: {is: it, assumed: x}}\nterms: {t: a.x}\nwants: {a: [{that: not a.x, assumed: x}], b: [{that: a.x, assumed: x}]}\n")
    assert [(each.party, each.stable) for each in made.today] == [("a", True), ("b", True), ("c", True)]
    (term,) = made.terms
    assert [each.party for each in term.leavers] == ["a"] and [(each.party, each.sign) for each in term.stands] == [("a", -1), ("b", 1), ("c", 0)]


OPENED = """
levers: {a.x: {is: x, assumed: x}, b.z: {is: z, assumed: x}, c.p: {is: p, assumed: x}, c.q: {is: q, assumed: x}}
terms: {t: b.z, help: HELP}
wants:
  a: [{that: a.x implies b.z, assumed: x}]
  b: [{that: b.z and help, assumed: x}, {that: not b.z, assumed: x}]
  c: [{that: (c.p or c.q) implies b.z, assumed: x}]
"""


@pytest.mark.parametrize(("help_", "openings"), [
    ("c.p and c.q", [("c", {"c.p", "c.q"})]),
    ("a.x or c.p and c.q", [("a", {"a.x"})]),
    ("a.x or c.p", [("a", {"a.x"}), ("c", {"c.p"})]),
])  # fmt: skip
def test_only_openings_with_the_fewest_levers_are_told(help_, openings):
    """B does it where it is helped, and who helps loses by it until B does: of those whose help is enough, who need the fewest levers are told."""
    (term,) = [each for each in asked_of(OPENED.replace("HELP", help_)).terms if each.term == "t"]
    assert sorted((each.step.party, set(each.step.changes)) for each in term.openings) == openings


COORDINATED = """
levers: {a.x: {is: x, assumed: x}, b.y: {is: y, assumed: x}}
wants: {a: [{that: LIKE, assumed: x}], b: [{that: LIKE, assumed: x}]}
hypotheses: {h: {claim: c, assumed: x, test: TEST}}
""".replace("LIKE", "a.x and b.y or not a.x and not b.y")
ALONE = COORDINATED.replace("a: [{that: a.x and b.y or not a.x and not b.y", "a: [{that: a.x")


@pytest.mark.parametrize(("lines", "test", "rests", "n"), [
    (COORDINATED, "{ask: rests, that: a.x, concept: nash}", True, (1, 2)),
    (COORDINATED, "{ask: rests, that: a.x, concept: nash, from: not a.x and not b.y, by: paying}", False, (0, 1)),
    (COORDINATED, "{ask: rests, that: a.x, concept: nash, from: a.x and b.y, by: paying}", True, (1, 1)),
    (COORDINATED, "{ask: rests, that: a.x, concept: nash, from: not a.x and not b.y, by: any}", True, (1, 2)),
    (ALONE, "{ask: rests, that: not b.y, concept: nash}", False, (0, 1)),
    (ALONE, "{ask: rests, that: not b.y, concept: nash, excluding: [b]}", True, (1, 2)),
    (ALONE, "{ask: rests, that: not a.x, concept: nash, excluding: [a]}", True, (1, 2)),
    (ALONE, "{ask: rests, that: not a.x and b.y, concept: nash, party: a}", False, (0, 2)),
    (ALONE, "{ask: rests, that: not a.x and not b.y, concept: nash, party: b}", True, (1, 2)),
])  # fmt: skip
def test_what_rests_is_counted_among_those_that_are_asked_and_where_it_starts(lines, test, rests, n):
    """Both want the same done or left: (yes, yes) and (no, no) rest, and neither leads to the other by moves that pay.

    Where A wants but to do it, (yes, yes) alone rests; without B's say (yes, no) does too, and without A's (no, no)."""
    (verdict,) = verdicts(read_text(HEAD + lines.replace("TEST", test)))
    (outcome,) = verdict.outcomes
    assert (outcome.code, (outcome.parts["n"], outcome.parts["all"])) == ("rests" if rests else "rests_nowhere", n)


def test_an_answer_is_told_by_the_parties_it_hangs_on_and_no_others():
    """Of three parties of two types, each as likely, the answer hangs on the first and the last: yes where these are of one type."""
    free = conflict(read_text(many(3)))
    alike = by_version(free, lambda versions: [types["p0"] == types["p2"] for types in versions])
    assert sorted((each.types["p0"], each.types["p2"], len(each.types), each.chance, each.answer) for each in alike) == [
        (one, other, 2, 0.25, "holds" if one == other else "fails") for one in ("mild", "stern") for other in ("mild", "stern")
    ]
    assert by_version(free, lambda versions: [True for _ in versions]) == ()


DEAL = """
sizes: drawn
levers: {a.x: {is: x, assumed: x}, b.y: {is: y, assumed: x}}
terms: {deal: a.x and b.y}
wants:
  a: [{that: b.y, worth: 3, assumed: x}, {that: not a.x, worth: 1, assumed: x}]
  b: [{that: a.x, worth: 2, assumed: x}, {that: not b.y, worth: 1, assumed: x}]
"""


def test_what_each_rule_picks_is_handed_back_to_the_graph():
    """Both gain by the deal, 2 and 1 a month, and by nothing else together. Who leaves it gains 1 until the other leaves too, and then has lost:
    it rests. Nobody is the first to give: no move from today pays."""
    asked = conflict(read_text(HEAD + DEAL))
    made = agreement_answers(asked, stability(asked, moves="best"), goal="deal")
    assert [each.rule for each in made.packages] == ["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"] and made.why_none == ""
    for each in made.packages:
        assert asked.at(each.state) == {"a.x": "yes", "b.y": "yes"}
        assert (each.settlement.outcomes.size, each.rests, each.leavers, each.reached) == (1, True, (), False)


def test_where_a_deal_crosses_a_red_line_no_rule_picks_it():
    asked = conflict(read_text(HEAD + DEAL.replace("{that: not a.x, worth: 1,", "{that: not a.x, worth: 1, red_line: yes,")))
    made = agreement_answers(asked, stability(asked, moves="best"), goal="deal")
    assert (made.packages, made.why_none) == ((), "red-line")


VIEWED = """
levers: {a.x: {is: x, assumed: x}, b.y: {is: y, assumed: x}, c.z: {is: z, assumed: x, needs: {yes: b.y}}}
never: [{that: a.x and c.z, assumed: x}]
wants: {a: [{that: a.x, assumed: x}], b: [{that: not b.y, assumed: x}], c: [{that: a.x implies c.z, assumed: x}]}
views: {small: {vary: [a.x], fixed: {b.y: no}}, whole: {vary: all}, middle: {vary: [a.x, b.y]}}
hypotheses: {h: {claim: c, assumed: x, test: TEST}}
"""


@pytest.mark.parametrize(("test", "absent"), [
    ("{ask: rests, that: a.x}", None),  # it varies
    ("{ask: rests, that: a.x or b.y}", None),  # a part of it does
    ("{ask: rests, that: b.y}", ({"b.y": "no"}, "middle", False)),  # nowhere in the view; the smallest one that has it
    ("{ask: rests, that: not b.y}", ({"b.y": "no"}, "middle", True)),  # everywhere in the view
    ("{ask: rests, that: c.z}", ({"c.z": "no"}, "whole", False)),
    ("{ask: rests, that: a.x and c.z}", ({"c.z": "no"}, None, False)),  # banned everywhere
    ("{ask: holds_longer, that: b.y, months: 3}", None),  # what holds nowhere has no length
    ("{ask: rests, that: not b.y, hold: {b.y: yes}, against: {b.y: no}, expect: more}", None),  # it is what is compared
    ("{ask: gains, party: b, that: b.y}", None),  # a question about one party's wish
])  # fmt: skip
def test_what_a_view_cannot_tell_is_put_in_the_smallest_that_can(test, absent):
    case = read_text(HEAD + VIEWED.replace("TEST", test))
    found = cannot_arise(conflict(case, view="small"), case.file.hypotheses["h"].test[0])
    assert (None if found is None else (dict(found.held), found.view, found.everywhere)) == absent


@pytest.mark.parametrize(("that", "at"), [
    ("a.x", {"wants.a[0]", "wants.c[0]", "never[0]"}),
    ("b.y", {"wants.b[0]", "levers.c.z.needs.yes"}),
    ("c.z", {"wants.c[0]", "never[0]", "levers.c.z.needs.yes"}),
])  # fmt: skip
def test_lines_about_what_is_asked_are_those_that_speak_of_its_levers(that, at):
    case = read_text(HEAD + VIEWED.replace("TEST", f"{{ask: rests, that: {that}}}"))
    assert {each.at for each in assumed_about(case, case.file.hypotheses["h"].test[0])} == at
