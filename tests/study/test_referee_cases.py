"""What a page says of small cases with chance, consent, ties between types and several missing steps, held against the plain reading."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import numpy as np
import pytest

from bestand import agreements, concessions, conflict, cores, read, report, study, unlock
from bestand.case.read import read_text
from bestand.errors import GraphError
from bestand.report.headline import headline
from bestand.study.goals import main_goal
from bestand.study.hypotheses import verdicts
from bestand.study.posterior import present_versions
from bestand.study.watch import WatchAnswers
from bestand.telling.telling import Telling
from bestand.telling.words import words
from bestand.truce.postures import PostureResult
from bestand.truce.survival import hazard_ratio
from tests.oracle.plain_view import File, Game, View

FLOOD = """
    bestand: 1
    title: A dam and a flood
    as_of: "2030-01-01"
    sources: {s: {title: Notes, sha256: "0000000000000000000000000000000000000000000000000000000000000000"}}
    claims:
      c1: {source: s, quote: the rain fills the lake, gloss: it fills}
      c2: {source: s, quote: the gate keeps it low, gloss: the gate helps}
    parties:
      up: {name: Uphill, types: {calm: {value: 0.5, assumed: x}, rash: {value: 0.5, assumed: x}}}
      down: {name: Downhill}
      world: {name: The rain, chance: true, assumed: x}
    levers:
      up.gate: {is: the gate is open, consent: {yes: down}, assumed: x}
      up.signs: {is: Uphill signs, assumed: x}
      down.signs: {is: Downhill signs, assumed: x}
      world.lake: {is: the lake, settings: [low, high], now: low, assumed: x,
        up: [{when: not up.gate, value: 1, because: [c2]}], down: [{when: up.gate, value: 1, because: [c2]}]}
    terms:
      flood: world.lake = high
      pact: up.signs and down.signs
      relief: world.lake = high and up.gate
    wants:
      up:
        calm: [{that: up.signs iff pact, is: not to sign alone, worth: 2, assumed: x}, {that: pact, is: a pact, worth: 1, assumed: x}]
        rash: [{that: not up.signs, is: no pact, worth: 2, assumed: x}]
      down:
        - {that: down.signs iff pact, is: not to sign alone, worth: 2, assumed: x}
        - {that: pact, is: a pact, worth: 1, assumed: x}
        - {that: not flood, is: no flood, worth: 1, assumed: x}
    hypotheses:
      h_gate: {claim: the gate keeps the lake low, because: [c2], test: {ask: holds_longer, that: world.lake = low, months: 6,
        hold: {up.gate: yes}, against: {up.gate: no}, expect: more}}
    views: {core: {vary: [all]}}
"""


@pytest.fixture(scope="module")
def flood(tmp_path_factory):
    path = tmp_path_factory.mktemp("flood") / "case.yaml"
    path.write_text(textwrap.dedent(FLOOD), encoding="utf-8")
    return read(path)


@pytest.fixture(scope="module")
def known(flood):
    return study(flood, draws=40)


@pytest.fixture(scope="module")
def page(known):
    return report(known).html


@pytest.fixture(scope="module")
def box(known):
    return " ".join(" ".join((each.text, *each.more)) for each in headline(known, Telling(known.conflict, words("en"))))


def test_what_chance_alone_brings_is_no_goal_of_a_deal(flood):
    asked = conflict(flood)
    assert main_goal(asked) == "pact"


@pytest.mark.parametrize("that", ["flood", "relief"])
@pytest.mark.parametrize("route", ["enumerate", "solver"])
def test_deals_clashes_and_concessions_speak_of_one_world(flood, that, route):
    """No deal, and no demand that could be blamed for it: the lake is low, and nobody can promise otherwise."""
    asked = conflict(flood)
    assert agreements(asked, that=that).n_deals == 0
    for ask in (cores, concessions):
        with pytest.raises(GraphError, match="no-states"):
            ask(asked, that=that, route=route)


@pytest.mark.parametrize("route", ["enumerate", "solver"])
def test_what_opens_a_deal_opens_it_in_the_world_as_it_is(flood, route):
    """Without a flood the lake must stay low: giving up what a high lake breaks opens nothing."""
    asked = conflict(flood, hold={"down.signs": "no"})
    plain = concessions(asked, that="world.lake = low", route=route).sets
    assert plain == concessions(asked, route=route).sets


def test_an_event_that_states_the_claim_only_repeats_it(flood):
    (verdict,) = verdicts(flood, draws=5)
    (outcome,) = verdict.outcomes
    assert (verdict.status, outcome.said) == ("repeats", "holds")
    assert {line.at.split(".")[0] for line in outcome.lines} == {"events"}


def test_nobody_is_advised_to_hold_what_chance_moves(flood):
    found = unlock(conflict(flood), goal="pact", most=1)
    assert not [change for each in found.sets for change in each.changes if change.party == "world"]


def test_the_present_state_stays_events_aside(box):
    assert "events aside, the conflict stays where it is" in box


def test_every_step_that_does_not_pay_is_counted(flood, known, box):
    """A pact takes two signatures, of which each alone does not pay: the first alone is half of what is missing."""
    answer = next(each for each in known.terms if each.term == "pact")
    unpaid = [step for step in answer.way if step.rank_after <= step.rank_before]
    assert len(answer.stuck) == len(unpaid)
    assert ("steps do not pay" in box) == (len(unpaid) > 1 and not answer.openings)


def test_the_page_tells_chance_ties_and_consent(page):
    assert "No moves of the parties alone lead there" in page
    assert "none is likelier than every other" in page
    assert "consent of Downhill to ‘the gate is open’" in page
    assert "without a veto of The rain" not in page and "<td>The rain</td>" not in page
    assert "&amp;#39;" not in page


def test_a_term_that_best_moves_reach_is_told_of_by_that_way(tmp_path):
    text = """
        bestand: 1
        title: A way round
        parties: {a: {name: A}, b: {name: B}}
        levers:
          a.asks: {is: A asks, assumed: x}
          b.gives: {is: B gives, assumed: x}
          a.thanks: {is: A thanks, needs: {yes: {that: b.gives, assumed: x}}, assumed: x}
        terms: {done: a.thanks}
        wants:
          a: [{that: a.thanks, assumed: x}, {that: a.asks, assumed: x}]
          b: [{that: a.asks implies b.gives, assumed: x}, {that: not b.gives, assumed: x}]
        views: {core: {vary: [all]}}
    """
    path = tmp_path / "case.yaml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    found = study(read(path))
    (answer,) = found.terms
    file = File(path)
    game = Game(View(file, "core"), file.usual())
    assert answer.reached == bool((game.reached("best", game.view.now) & game.view.holds("done")).any()) is True
    assert answer.way and not answer.stuck and all(step.rank_after > step.rank_before for step in answer.way)


def test_an_answer_that_most_draws_deny_says_so(known, box):
    few = [each for each in known.conclusions if each.share is not None and each.share < 0.5]
    assert ("No more than half of the draws" in box) == bool(few)
    told = study(read("example/en"), draws=100)
    share = next(each.share for each in told.conclusions if each.kind == "now_rests")
    paragraphs = headline(told, Telling(told.conflict, words("en")))
    denied = f"oday's state is not at rest ({100 * share:.0f} % of 100 draws"
    assert share < 0.5 and [each.kind for each in paragraphs if denied in each.text] == ["now"], "beside the answer, and not below it"
    assert not any(denied in more for each in paragraphs for more in each.more), "and once"


def test_weights_of_versions_say_whether_what_was_seen_counts():
    """On one page stand weights from before what was seen and from after it: the answer box says which are which."""
    case = read("invented/mountain-road")
    found = present_versions(conflict(case)).posterior
    told = replace(study(case, draws=2, quick=True), watch=WatchAnswers(None, None, found))
    sentence = " ".join(" ".join((each.text, *each.more)) for each in headline(told, Telling(told.conflict, words("en"))))
    assert f"weighs {100 * found.of('gang', 'for_their_men'):.0f} % after it ({100 * found.before('gang', 'for_their_men'):.0f} % before)" in sentence
    assert found.of("gang", "for_their_men") > 0.8 > found.before("gang", "for_their_men")
    few = replace(found, played=replace(found.played, n_left=2, played=0.5))  # chances among some versions are not the weights told before
    sentence = " ".join(" ".join((each.text, *each.more)) for each in headline(replace(told, watch=WatchAnswers(None, None, few)), Telling(told.conflict, words("en"))))
    assert "% before)" not in sentence and "versions only (50 % of their chance)" in sentence


def test_what_the_error_of_the_steps_decides_has_no_hazard_ratio():
    """Of a truce that surely ends within a year 1e-12 is left under one posture and 1e-11 under another: that is the method's error."""
    alive, base = {"none": 1e-12, "force": 1.3e-11, "more": 1e-3}, np.array([0.01])
    told = {}
    for name, left in alive.items():
        ratio = hazard_ratio(np.array([left]), base)
        told[name] = PostureResult(name, {}, "", False, True, np.array([[left]]), ratio, {}, np.ones(1)).ratio_told
    assert told == {"none": False, "force": False, "more": True}


ONE_WANTS = """
bestand: 1
title: One who wants
parties: {a: {name: Owner}%s}
levers: {a.sells: {is: the owner sells}%s}
terms: {sold: a.sells}
wants: {a: [{that: not a.sells, assumed: x, worth: 1}]}
"""


@pytest.mark.parametrize(
    "text", [ONE_WANTS % ("", ""), ONE_WANTS % (", b: {name: Guest}", ", b.pays: {is: the guest pays}")], ids=["one party", "one of two wants anything"]
)
def test_what_could_be_agreed_is_asked_where_one_party_alone_demands_anything(text):
    """Asked without the only one who demands anything there was nothing to ask, and the whole chapter was lost."""
    found = study(read_text(text), draws=1)
    assert "agreements" not in found.failed and found.agreements is not None
    (now, *_others) = found.agreements.terms
    assert now.deals.n_deals == 0 and "a" not in {each.who for each in found.agreements.terms if each.kind == "excluded"}
    assert "could be agreed on today" in " ".join(part.text for part in headline(found, Telling(found.conflict, words("en"))))
