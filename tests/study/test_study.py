"""Study and hypotheses on a case small enough to check by hand."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from bestand.bargain.outcomes import agreements
from bestand.case.lines import hedged, wants, with_file
from bestand.case.read import read, read_text
from bestand.case.without import without
from bestand.graph.conflict import conflict
from bestand.report.headline import headline
from bestand.study.basis import wants_dropped
from bestand.study.hypotheses import verdicts
from bestand.study.outlook import Outlook
from bestand.study.stages import stages, study
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.depth import in_depth

CASE = """
bestand: 1
title: Two neighbours
sources: {s: {title: Letter, author: Somebody, sha256: "%s", file: letter.txt}}
claims:
  c1: {source: s, quote: "stops if the other stops", gloss: A stops if B does, author_holds: certain}
  c3: {source: s, quote: "what is tested", gloss: what is tested}
  c2: {source: s, quote: "is said to want money", gloss: B wants money, author_holds: uncommitted, hedge: is said to}
parties:
  a: {name: Alpha}
  b: {name: Beta}
levers:
  a.stops: {is: Alpha stops, because: [c1]}
  b.stops: {is: Beta stops, because: [c1]}
  a.pays: {is: Alpha pays, needs: {yes: truce}, because: [c2], basis: reported}
terms:
  truce: a.stops and b.stops
  fee: a.pays
wants:
  a:
    - {that: b.stops, is: Beta stops, because: [c1]}
    - {that: b.stops iff a.stops, is: like for like, because: [c1]}
    - {that: not a.pays, is: to keep its money, because: [c1]}
  b:
    - {that: a.stops, is: Alpha stops, because: [c1]}
    - {that: a.stops implies b.stops, is: to answer in kind, because: [c1]}
    - {that: not b.stops, is: a free hand, because: [c2], basis: reported}
hypotheses: {}
""" % ("0" * 64)


def case_with(*tests: str):
    hypotheses = "".join(f"\n  h{k}: {{claim: claim {k}, because: [c3], test: {test}}}" for k, test in enumerate(tests))
    return read_text(CASE.replace("hypotheses: {}", f"hypotheses:{hypotheses}"))


def verdict(test: str):
    return verdicts(case_with(test))[0]


@pytest.mark.parametrize(
    ("test", "status"),
    [
        ("{ask: rests, that: truce}", "holds"),
        ("{ask: rests, that: a.pays, expect: no}", "holds"),
        ("{ask: rests, that: a.pays}", "fails"),
        ("{ask: possible, that: fee}", "holds"),
        ("{ask: possible, that: fee, without: truce, expect: no}", "holds"),
        ("{ask: possible, that: truce, excluding: [b], expect: no}", "holds"),
        ("{ask: gains, party: a, that: a.stops, expect: no}", "holds"),
        ("{ask: gains, party: b, from: a.stops and not b.stops, that: b.stops}", "holds"),
        ("{ask: gains, party: a, from: not a.stops, that: a.stops}", "undecidable"),
        ("{ask: reached, that: truce, hold: {a.stops: yes}, against: {a.stops: no}, expect: more}", "holds"),
        ("{ask: holds_longer, that: truce}", "unanswered"),  # its wants have no worth
        ("{ask: agreement, that: truce}", "holds"),
        ("{ask: agreement, that: fee}", "holds"),
        ("{ask: agreement, that: a.stops and not b.stops}", "fails"),
        ("{ask: unlocked, that: truce}", "fails"),
        ("{ask: unlocked, that: a.stops, hold: {b.stops: yes}, against: {b.stops: no}, expect: more}", "holds"),
        ("{ask: undecidable, reason: nobody says}", "undecidable"),
        ("{ask: reached, from: a.stops and not a.stops, that: truce}", "unanswered"),
    ],
)
def test_each_question_is_answered_as_worked_out_by_hand(test: str, status: str) -> None:
    assert verdict(test).status == status


def test_a_question_of_size_to_wants_without_size_is_not_answered() -> None:
    found = verdict("{ask: holds_longer, from: truce, that: truce}").outcomes[0]
    assert (found.status, found.code) == ("unanswered", "cannot") and "ordinal" in str(found.parts["reason"])


def test_gains_from_some_starts_only_is_not_decidable() -> None:
    found = verdict("{ask: gains, party: a, from: not a.stops, that: a.stops}").outcomes[0]
    assert 0 < int(found.parts["n"]) < int(found.parts["all"])


def test_a_claim_that_a_single_weak_want_turns_round_is_undecidable() -> None:
    text = CASE.replace("because: [c1]}\n    - {that: a.stops implies b.stops", "assumed: guess}\n    - {that: a.stops implies b.stops")
    text = text.replace("hypotheses: {}", "hypotheses: {h: {claim: c, because: [c3], test: {ask: rests, that: not b.stops}}}")
    case = read_text(text)
    found = verdicts(case)[0]
    weak = {line.at for line in wants_dropped(conflict(case)).wants}
    assert {line.at for line in found.outcomes[0].flips or ()} <= weak
    assert (found.status == "undecidable") == bool(found.outcomes[0].flips)


RIVER = """
bestand: 1
title: stocks
parties: {owner: {name: Owner of the pass}, band: {name: The band}, world: {name: Chance, chance: true}}
levers:
  owner.closes: {is: the pass is closed}
  band.fights: {is: the band fights, now: yes}
  world.stocks: {is: stocks, settings: [empty, full], now: full, down: [{when: owner.closes, value: 2, assumed: x}]}
wants: {owner: [{that: owner.closes, worth: 1}], band: [{that: world.stocks = empty implies not band.fights, worth: 2}, {that: band.fights, worth: 1}]}
views: {core: {vary: [owner.closes, band.fights]}, pass: {is: the pass, vary: [owner.closes, world.stocks]}}
hypotheses:
  h: {claim: a closed pass empties stocks, assumed: x, test: {ask: holds_longer, that: world.stocks = full, hold: {owner.closes: no}, against: {owner.closes: yes}, expect: more}}
"""


def test_what_a_view_holds_is_asked_in_the_view_that_lets_it_vary():
    """A question about what the usual view holds was told to have no mechanism, as if the case had none."""
    case = read_text(RIVER)
    (found,) = verdicts(case)
    (outcome,) = found.outcomes
    assert (found.status, outcome.code, outcome.parts["view"]) == ("cannot_arise", "always_there", "pass")
    assert outcome.elsewhere is not None and outcome.elsewhere.said == "holds"  # as far as what is assumed of the stocks is so
    told = {code: Telling(conflict(case), words(code)).outcome(outcome) for code in ("en", "nl")}
    assert told["en"].startswith("every state of this view has “stocks: full”: stocks: full is held there; asked in the view the pass: not decidable")
    assert told["nl"].startswith("elke toestand van deze uitsnede heeft")
    alone = read_text(RIVER.replace(", pass: {is: the pass, vary: [owner.closes, world.stocks]}", ""))
    assert verdicts(alone)[0].status == "no_mechanism"


def test_the_worst_test_decides_a_hypothesis() -> None:
    tests = "[{ask: rests, that: truce}, {ask: rests, that: a.pays}, {ask: holds_longer, that: truce}]"
    assert verdict(tests).status == "fails"


def test_weak_wants_are_those_that_no_firm_claim_carries() -> None:
    case = read_text(CASE)
    assert [line.at for line in wants_dropped(conflict(case)).wants] == ["wants.b[2]"]
    assert hedged(case.file.claims["c2"]) and not hedged(case.file.claims["c1"])


def test_dropping_a_want_changes_only_its_party() -> None:
    case = read_text(CASE)
    tried = wants_dropped(conflict(case)).conflict
    assert tried.draws == 2
    assert (tried.worth.rank[1, 0] == tried.worth.rank[0, 0]).all()
    assert (tried.worth.rank[1, 1] != tried.worth.rank[0, 1]).any()


@pytest.mark.parametrize("name", ["invented/harbour-strike", "invented/mountain-road"])
def test_what_one_party_makes_of_every_version_is_what_all_of_them_say(name) -> None:
    """Asked of one party nobody else's wants are looked at; asked of all they are the ranks of each version by itself."""
    asked = conflict(read(name))
    tried = wants_dropped(asked, draws=5, seed=3)
    alone = {party: tried.worth_of(party).rank for party in asked.parties}
    assert tried.n_versions == tried.conflict.draws == 1 + len(tried.wants) + 5 and len(tried.wants) > 1
    drawn = conflict(asked.case, draws=6, seed=3)
    rows, which = tried.conflict.rankings
    for i, party in enumerate(asked.parties):
        assert np.array_equal(tried.conflict.worth.rank[:, i], alone[party]) and np.array_equal(rows[which[:, i]], alone[party])
        assert np.array_equal(alone[party][0], asked.worth.rank[0, i]) and np.array_equal(alone[party][-5:], drawn.worth.rank[1:, i])
    for k, want in enumerate(tried.wants[:8]):
        assert np.array_equal(alone[want.party][1 + k], conflict(without(asked.case, [want])).worth.rank[0, asked.party(want.party)])
    assert tried.conflict.worth.types[-5:] == drawn.worth.types[1:] and tried.conflict.worth.absent[-5:] == drawn.worth.absent[1:]
    assert tried.conflict.worth.absent[:-5] == (frozenset(), *(frozenset({want.at}) for want in tried.wants))


def test_a_study_says_what_rests_and_what_is_reached() -> None:
    found = study(read_text(CASE))
    truce = next(answer for answer in found.terms if answer.term == "truce")
    assert found.counts["nash"] >= 1
    assert truce.rests["seq"] >= 1 and truce.nearest is not None
    assert all(rest.state in found.stability.equilibria("seq") for rest in found.rests)
    assert found.provenance.digest == found.case.digest
    assert "Two neighbours" in str(found)


def test_ways_lead_from_today_step_by_step() -> None:
    found = study(read_text(CASE))
    for rest in found.rests:
        if rest.way:
            assert rest.way[0].source == found.graph.now and rest.way[-1].target == rest.state
            assert all(one.target == two.source for one, two in zip(rest.way, rest.way[1:], strict=False))
            assert not rest.improving or all(step.rank_after > step.rank_before for step in rest.way)


def test_a_stuck_step_does_not_pay_and_names_the_want_it_loses() -> None:
    found = study(read_text(CASE))
    for answer in found.terms:
        for stuck in answer.stuck:
            assert stuck.step.rank_after <= stuck.step.rank_before
            assert stuck.deciding is None or not stuck.deciding.won


def test_a_present_state_that_is_banned_is_reported_and_nothing_is_concluded() -> None:
    found = study(read_text(CASE.replace("wants:", 'never: [{that: not a.stops and not b.stops, assumed: test}]\nwants:', 1)))
    assert found.graph.now is None and found.conclusions == () and found.today == ()


def test_the_most_probable_type_is_the_one_that_is_told() -> None:
    text = CASE.replace("a: {name: Alpha}", "a: {name: Alpha, types: {hard: 0.3, soft: 0.7}}").replace(
        "  a:\n    - {that: b.stops, is: Beta stops, because: [c1]}\n",
        "  a:\n    hard: [{that: not a.stops, because: [c1]}]\n    soft:\n    - {that: b.stops, is: Beta stops, because: [c1]}\n",
    )
    text = text.replace("    - {that: b.stops iff a.stops, is: like for like, because: [c1]}\n    - {that: not a.pays, is: to keep its money, because: [c1]}\n", "")
    assert [line.at for line, _ in wants(read_text(text), "a")] == ["wants.a.soft[0]"]


def test_progress_is_told_in_order() -> None:
    told: list[float] = []
    study(case_with("{ask: rests, that: truce}"), progress=lambda stage, share: told.append(share))
    assert told == sorted(told) and told


def test_long_stages_say_how_far_they_are() -> None:
    told: list[tuple[str, float]] = []
    study(read("example/en"), draws=2, seconds=1.0, progress=lambda stage, share: told.append((stage, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    for stage in ("core", "sensitivity", "agreements", "unlocking", "hypotheses"):
        assert len({share for name, share in told if name == stage}) >= 2, stage


def test_a_quick_study_leaves_deeper_questions_out_and_says_so(ukraine):
    found = study(ukraine.case, draws=1, quick=True)
    left = [each for each in found.hypotheses if each.left_out]
    deep = [name for name, each in ukraine.case.file.hypotheses.items() if any(test.ask in ("holds_longer", "agreement", "unlocked") for test in each.test)]
    assert {each.name for each in left} <= set(deep) and left
    assert found.sensitivity is None and found.truce is None
    for each in found.hypotheses:
        assert all((outcome.code == "quick") == (outcome.test.ask in ("holds_longer", "agreement", "unlocked")) for outcome in each.outcomes)
    said = " ".join(" ".join((each.text, *each.more)) for each in headline(found, Telling(found.conflict, words("en"))))
    assert f"{len(left)} are left out of this quick study" in said


COIN = """
bestand: 1
title: A coin
sources: {s: {title: Letter, author: Somebody, sha256: "%s", file: letter.txt}}
claims: {c: {source: s, quote: "stops", gloss: stops, author_holds: certain}}
parties: {a: {name: Alpha, types: {soft: 0.5, hard: 0.5}}}
levers: {a.stops: {is: Alpha stops, because: [c]}}
wants:
  a: {soft: [{that: a.stops, because: [c]}], hard: [{that: not a.stops, because: [c]}]}
hypotheses:
  h: {claim: Alpha stops, test: [{ask: rests, that: a.stops, concept: nash, expect: yes}]}
""" % ("0" * 64)


def test_a_share_near_a_half_is_asked_of_more_draws_and_not_decided_by_noise():
    """Who wants what half of the draws leave out: twenty draws say anything from a quarter to three quarters."""
    case = read_text(COIN)
    (few,) = verdicts(case, draws=20, seed=3)[0].outcomes
    assert few.drawn == 100 and abs(few.share - 0.5) < 0.2
    assert few.status == ("undecidable" if few.share < 0.55 else "holds")
    (sure,) = verdicts(read_text(COIN.replace("soft: 0.5, hard: 0.5", "soft: 0.99, hard: 0.01")), draws=20, seed=3)[0].outcomes
    assert (sure.share, sure.drawn) == (1.0, 20)
    assert (sure.status, [(version.types["a"], version.answer) for version in sure.versions]) == ("undecidable", [("soft", "holds"), ("hard", "fails")])


def test_with_less_time_claims_that_are_played_forward_are_put_to_fewer_draws_and_say_so():
    """Neither the others nor the answer itself change: what is told is the share, with of how many draws it is."""
    sized = COIN.replace("because: [c]}]", "because: [c], worth: 1}]").replace("expect: yes}]", "expect: yes}, {ask: holds_longer, that: a.stops}]")
    case = read_text(sized)
    (every, few), (none, seven) = (verdicts(case, draws=20, seed=3, n_played=n)[0].outcomes for n in (None, 7))
    assert none == every and every.drawn == 100  # what is not played is put to as many as before
    assert seven.drawn == 7 and few.drawn in (20, 100)
    assert abs(7 * seven.share - round(7 * seven.share)) < 1e-9
    assert (seven.code, seven.parts) == (few.code, few.parts)


def test_every_answer_of_the_main_case_is_tried_without_each_doubtful_want_and_drawn():
    """Its 48 doubtful wants were once too many to try any, and then nothing was drawn either: answers held that one want turns."""
    case = read("ukraine/2025-04")
    (told,) = verdicts(with_file(case, hypotheses={"h_hundred_days": case.file.hypotheses["h_hundred_days"]}), draws=5)
    (outcome,) = told.outcomes
    assert told.status == "undecidable" and outcome.drawn >= 5 and outcome.share is not None
    assert [line.at for line in outcome.flips] == ["wants.us.doves[4]"]


def test_a_red_line_falls_with_its_want_where_wants_are_dropped_or_not_drawn():
    """Only the line of the one stands in the way of a deal; without its want, and in draws in which that is not there, there is one."""
    text = """
bestand: 1
title: A fence
parties: {a: {name: A}, b: {name: B}}
levers: {a.gives: {is: A gives, assumed: x}, b.takes: {is: B takes, assumed: x}}
wants:
  a: [{that: not a.gives, red_line: true, assumed: x}]
  b: [{that: b.takes, assumed: x}]
hypotheses: {h: {claim: no deal, test: {ask: agreement, that: a.gives and b.takes, expect: no}}}
"""
    case = read_text(text)
    (told,) = verdicts(case)
    assert told.status == "undecidable" and [line.at for line in told.outcomes[0].flips] == ["wants.a[0]"]
    tried = wants_dropped(conflict(case), draws=200, seed=1)
    deals = agreements(tried.conflict, that="a.gives and b.takes").deal.any(axis=1)
    gone = np.array([bool(each) for each in tried.conflict.worth.absent])
    assert not deals[0] and deals[1] and 0.2 < deals[2:].mean() < 0.4
    assert (deals == np.array(["wants.a[0]" in each for each in tried.conflict.worth.absent])).all() and gone.any()


def test_beyond_its_cells_no_want_is_dropped_and_then_nothing_drawn():
    asked = conflict(read("example/en"))
    n = asked.graph.n_states
    weak = len(wants_dropped(asked).wants)
    assert wants_dropped(asked, draws=3, most_cells=n * (4 + weak)).conflict.draws == 4 + weak
    few = wants_dropped(asked, draws=3, most_cells=n * 4)
    assert few.wants is None and few.conflict.draws == 4 and len(few.drawn(list(range(4)))) == 3
    assert wants_dropped(asked, draws=3, most_cells=n).conflict.draws == 1


@in_depth
def test_the_ways_from_today_are_let_go_before_what_takes_most_room() -> None:
    for stage, _ in stages(conflict(read("example/en")), draws=2, hypotheses=False, quick=True):
        if stage == "drawn":
            break
    gc.collect()
    assert not [each for each in gc.get_objects() if isinstance(each, Outlook)]
