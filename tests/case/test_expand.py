"""Short forms of a case: what each is written out as, and that changing it changes an answer; small cases of other conflicts."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

from bestand.bargain.outcomes import agreements
from bestand.case.read import catalogue, read, read_text
from bestand.case.write import expanded_text
from bestand.cli import main
from bestand.errors import CaseError
from bestand.graph.conflict import conflict
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.play.survival import survival_under
from bestand.truce.ahead import play
from tests.depth import spread


def case_of(body: str, as_of: str = "2026-03-01"):
    return read_text(f'bestand: 1\ntitle: small\nas_of: "{as_of}"\n{body}')


def lasts(case, truce: str, months: float = 24.0) -> float:
    """Months that a condition holds, played forward from the present state."""
    return float(survival_under(play(conflict(case), months=2 * months), start="now", truce=truce, months=[months]).lasted[0])


def rests(case, state: str = "now") -> bool:
    """Whether nobody moves from a state, by sequential stability."""
    asked = conflict(case)
    return asked.state(state) in stability(asked, concepts=("seq",)).equilibria("seq")


def ends(case) -> set[str]:
    """Where best moves lead from the present state."""
    asked = conflict(case)
    return {asked.label(int(state)) for state in paths(asked).ends}


RIVER = """
parties: {up: {name: Upstream}, down: {name: Downstream}, world: {name: The river, chance: true}}
levers:
  up.releases: {is: releases water, now: yes}
  down.guards: {is: guards the dam, now: yes}
  world.level: {is: the river's level, settings: [low, middle, high], now: high, %s}
wants:
  up: [{that: up.releases, worth: 50}]
  down: [{that: down.guards, worth: 50}]
"""


def test_chance_never_moves_its_levers_by_itself_and_events_do():
    asked = conflict(case_of(RIVER % "down: 0.5"))
    world = asked.party("world")
    assert all(asked.graph.moves[world].targets(s).size == 0 for s in range(asked.graph.n_states))
    assert sum(chance.source.size for chance in asked.graph.chances) > 0
    assert not any("world" in state for state in ends(case_of(RIVER % "down: 0.5")))


@pytest.mark.parametrize(("steps", "months"), [("down: 0.5", 2.0), ("down: 0.25", 4.0)])
def test_a_lever_that_sinks_does_so_at_its_rate(steps, months):
    assert lasts(case_of(RIVER % steps), "world.level = high", 40.0) == pytest.approx(months, rel=0.01)


def test_rates_that_depend_on_others_levers_count_where_their_condition_holds_and_add_up():
    both = "down: [{when: up.releases, value: 0.2}, {when: down.guards, value: 0.3}]"
    one = "down: [{when: up.releases, value: 0.2}, {when: not down.guards, value: 0.3}]"
    assert lasts(case_of(RIVER % both), "world.level = high", 40.0) == pytest.approx(2.0, rel=0.01)
    assert lasts(case_of(RIVER % one), "world.level = high", 40.0) == pytest.approx(5.0, rel=0.01)


def test_an_event_with_several_rates_is_written_out_as_one_event_each():
    events = 'events: {flood: {sets: {world.level: low}, when: world.level = high, per_month: [{when: up.releases, value: 0.2}, {when: "true", value: 0.1}]}}'
    file = case_of((RIVER % "up: 0") + events).file
    assert {name: (file.events[name].when, file.events[name].rate.value) for name in ("flood", "flood_2")} == {
        "flood": ("(world.level = high) and (up.releases)", 0.2), "flood_2": ("world.level = high", 0.1)
    }


HEALING = """
parties: {a: {name: A}, world: {name: The border, chance: true}}
levers:
  a.holds: {is: keeps the truce, now: yes}
  world.calm: {is: how calm it is, settings: [breakdown, incidents, calm], now: calm, down: 0.3, up: [{when: world.calm = incidents, value: %s}]}
wants: {a: [{that: a.holds, worth: 100}]}
"""


def test_a_truce_outlives_incidents_that_heal():
    unhealed, healed = (lasts(case_of(HEALING % rate), "world.calm != breakdown", 60.0) for rate in (0, 3))
    assert lasts(case_of(HEALING % 3), "world.calm = calm", 60.0) == pytest.approx(1 / 0.3, rel=0.02)
    assert unhealed == pytest.approx(2 / 0.3, rel=0.05) and healed > 3 * unhealed


CLOCK = """
parties: {a: {name: A}, b: {name: B}}
levers:
  a.truce: {is: keeps the truce, now: yes}
  b.extends: {is: agrees to another term, now: %s}
clocks: {term: {is: thirty days, while: a.truce, days: %s, stages: %s, sets: {a.truce: no}, renewed_by: b.extends}}
wants:
  a: [{that: a.truce, worth: 100}]
  b: [{that: b.extends, worth: %s}]
"""


@pytest.mark.parametrize(("days", "stages"), [(30.4375, 1), (60.875, 1), (30.4375, 4)])
def test_a_clock_ends_what_it_ends_after_its_days(days, stages):
    found = lasts(case_of(CLOCK % ("no", days, stages, -100)), "a.truce", 60.0)
    assert found == pytest.approx(days / 30.4375, rel=0.02)


def test_more_stages_scatter_less():
    early = [survival_under(play(conflict(case_of(CLOCK % ("no", 30.4375, n, -100))), months=4), start="now", truce="a.truce", months=[0.25]).alive[0, 0] for n in (1, 4)]
    assert early[0] == pytest.approx(np.exp(-0.25), abs=0.01) and early[1] > 0.97


def test_a_clock_that_is_renewed_ends_nothing():
    assert lasts(case_of(CLOCK % ("yes", 30.4375, 2, 100)), "a.truce", 24.0) > 23


def test_a_clock_that_does_not_run_goes_back_to_its_start():
    case = case_of(CLOCK % ("no", 30, 2, 1))
    assert case.file.events["term_reset"].sets == {"world.term": "stage_1"}
    assert case.file.parties["world"].chance


@pytest.mark.parametrize(("on", "rate"), [("2026-03-31", 30.4375 / 30), ("2026-04-30", 30.4375 / 60)])
def test_a_deadline_is_counted_from_the_day_of_the_case(on, rate):
    case = case_of(f"parties: {{a: {{name: A}}}}\nlevers: {{a.x: {{is: x}}}}\nclocks: {{end: {{is: deadline, on: {on}}}}}")
    assert case.file.events["end_over"].rate.value == pytest.approx(rate)


def test_a_range_of_days_is_a_range_of_rates_the_other_way_round():
    body = "parties: {a: {name: A}}\nlevers: {a.x: {is: x}}\nclocks: {end: {is: e, days: {value: 30.4375, range: [15.21875, 60.875]}}}"
    assert case_of(body).file.events["end_over"].rate.range == pytest.approx((0.5, 2.0))


KIDNAPPING = """
parties: {gang: {name: Gang}, family: {name: Family}}
levers:
  gang.threat: {is: threatens, settings: [none, threatened, carried_out], now: threatened}
  family.pays: {is: pays}
credibility: {of_gang: {is: how far the gang is believed, lever: gang.threat, threat: threatened, deed: carried_out, fades_per_month: %s, now: %s}}
wants:
  gang: [{that: gang.threat = threatened, worth: 90}]
  family:
    - {that: (gang.threat = threatened and world.of_gang = believed) implies family.pays, worth: 20}
    - {that: not family.pays, worth: 10}
"""


def test_a_threat_that_is_believed_makes_others_pay_and_one_that_is_spent_does_not():
    assert ends(case_of(KIDNAPPING % (0.5, "believed"))) == {"family.pays=yes"}
    assert ends(case_of(KIDNAPPING % (0.5, "spent"))) == {"now"}


def test_a_threat_that_is_not_carried_out_is_believed_the_less_long_the_faster_it_fades():
    slow, fast = (lasts(case_of(KIDNAPPING % (rate, "believed")), "world.of_gang = believed", 60.0) for rate in (0.2, 1))
    assert (slow, fast) == pytest.approx((5, 1), rel=0.03)


STRIKE = """
parties: {union: {name: Union}, firm: {name: Firm}}
levers:
  firm.offers: {is: offers more}
  union.works: {is: back to work%s}
  union.pickets: {is: pickets, now: yes}
  union.campaign: {is: campaigns in the press}
wants:
  union: [{that: firm.offers implies union.works}, {that: union.pickets}, {that: union.campaign}]
  firm: [{that: union.works}, {that: not firm.offers}]
"""


def test_a_move_that_needs_consent_is_made_only_with_it():
    free, bound = conflict(case_of(STRIKE % "")), conflict(case_of(STRIKE % ", consent: {yes: firm}"))
    assert "firm.consents_union_works" in bound.case.file.levers
    asked = bound.graph.moves[bound.party("union")].targets(bound.now)
    assert not bound.where("union.works")[asked].any()
    assert free.where("union.works")[free.graph.moves[free.party("union")].targets(free.now)].any()
    agreed = bound.state({"firm.consents_union_works": "yes"})
    assert bound.where("union.works")[bound.graph.moves[bound.party("union")].targets(agreed)].any()


@pytest.mark.parametrize(("of", "both"), [(3, True), (2, False)])
def test_means_that_are_shared_do_not_stretch_to_both(of, both):
    budget = f"budgets: {{strength: {{party: union, of: {of}, costs: {{union.pickets: {{yes: 2}}, union.campaign: {{yes: 1}}}}}}}}"
    case = case_of((STRIKE % "") + budget)
    assert conflict(case).where("union.pickets and union.campaign").any() == both
    assert ("union.campaign=yes" in "".join(ends(case))) == both


FRAMED = """
parties: {state: {name: State}, press: {name: Press}}
levers:
  press.calls: {is: what it calls the raid, settings: [accident, murder], now: %s}
  state.talks: {is: talks with the gang, now: yes}
incidents:
  raid: {is: a raid, framings: [{by: press, as: murder, lever: press.calls, setting: murder, shifts: {state: [no talks with murderers]}}]}
wants:
  state: [{that: not state.talks, is: no talks with murderers}, {that: state.talks, is: an end to it}]
"""


def test_a_framing_brings_wants_into_force():
    assert ends(case_of(FRAMED % "accident")) == {"now"}
    assert ends(case_of(FRAMED % "murder")) == {"state.talks=no"}


CHANNEL = """
parties: {up: {name: Upstream}, down: {name: Downstream}}
levers:
  up.offers: {is: offers a share of the power, now: yes}
  up.envoy: {is: an envoy goes back and forth, now: %s}
  down.signs: {is: signs}
channels: {envoy: {carries: [up.offers], to: down, stands: up.envoy}}
wants:
  up: [{that: up.offers}]
  down: [{that: up.offers implies down.signs}, {that: not down.signs}]
"""


def test_an_offer_counts_only_while_a_channel_carries_it():
    assert ends(case_of(CHANNEL % "yes")) == {"down.signs=yes"}
    assert ends(case_of(CHANNEL % "no")) == {"now"}


def test_a_channel_is_seen_through_terms_and_comparisons():
    body = (CHANNEL % "no").replace("{that: up.offers implies down.signs}", "{that: offered implies down.signs}, {that: up.offers = no or down.signs}")
    case = case_of(body + "terms: {offered: up.offers}\n")
    assert [want.that for want in case.file.wants["down"]][:2] == ["up.envoy and up.offers implies down.signs", "(up.envoy implies up.offers = no) or down.signs"]


TABLE = """
parties: {a: {name: A}, b: {name: B}, c: {name: C}}
levers:
  a.land: {is: gives land}
  b.arms: {is: gives up arms}
  a.signs: {is: signs at the table}
talks:
  table: {is: the table, between: [a, b, c], issues: {land: {open_until: a.land}, arms: {open_until: b.arms}}%s}
wants:
  a: [{that: table_agreed implies a.signs}, {that: table_some_agreed}]
  b: [{that: a.signs}]
  c: [{that: not a.signs}]
"""


def test_what_is_agreed_so_far_is_a_term_that_wants_can_name():
    case = case_of(TABLE % "")
    asked = conflict(case)
    assert (asked.where("table_agreed") == asked.where("a.land and b.arms")).all()
    assert (asked.where("table_some_agreed") == asked.where("a.land or b.arms")).all()
    assert ends(case) == {"a.land=yes"}


def test_a_seat_with_a_veto_stops_what_the_table_decides():
    reached = {}
    for veto in ("", ", decides: {a.signs: yes}, veto: [b]", ", decides: {a.signs: yes}, veto: [b, c]"):
        body = (TABLE % veto).replace("{that: table_agreed implies a.signs}", "{that: a.signs}")
        asked = conflict(case_of(body))
        reached[veto] = bool((paths(asked, by="paying").reached & asked.where("a.signs")).any())
        if "c]" in veto:
            assert {"b.consents_a_signs", "c.consents_a_signs"} <= set(asked.graph.levers)
    assert next(iter(reached.values())) and not list(reached.values())[-1]


COMMITMENT = """
parties: {weak: {name: Declining}, strong: {name: Rising}, world: {name: Power, chance: true}}
levers:
  strong.demands: {is: asks for all of it}
  weak.fights: {is: fights, one_way: up, needs: {yes: world.power = even}}
  world.power: {is: who is the stronger, settings: [even, shifted], up: %s}
never: [{that: weak.fights and strong.demands}]
wants:
  weak: [{that: not strong.demands, worth: 10}, {that: not weak.fights, worth: 4}]
  strong: [{that: world.power = even implies not strong.demands, worth: 10}, {that: (world.power = shifted and not weak.fights) implies strong.demands, worth: 10}]
play: {noise: {weak: 0.2, strong: 0.2}, tempo: {weak: 2, strong: 2}, discount: {weak: 0.05, strong: 0.05}}
"""


def test_power_that_shifts_makes_a_promise_worthless_and_the_declining_side_fights():
    """A commitment problem (Fearon 1995; Powell 2006): nobody wants war today, and what comes makes it better than waiting."""
    peace = {}
    for rate in (0, 0.5):
        asked = conflict(case_of(COMMITMENT % rate))
        assert rests(case_of(COMMITMENT % rate))
        peace[rate] = float(survival_under(play(asked, months=40), start="now", truce="not weak.fights", months=[6]).alive[0, 0])
    assert peace[0] > 0.9 and peace[0.5] < 0.5 * peace[0]


TRANSFER = """
parties: {rich: {name: Rich}, poor: {name: Poor}}
levers:
  rich.invests: {is: invests, now: %s}
  poor.presses: {is: presses}
wants:
  poor: [{that: rich.invests implies not poor.presses}, {that: poor.presses}]
"""


def test_a_transfer_changes_what_the_receiver_does():
    assert ends(case_of(TRANSFER % "yes")) == {"now"} and ends(case_of(TRANSFER % "no")) == {"poor.presses=yes"}


def test_deals_are_made_in_the_world_as_it_is():
    asked = conflict(case_of(RIVER % "down: 0.5"))
    found = agreements(asked)
    assert found.n_deals and (asked.where("world.level = high") | ~found.deal[0]).all()


WRONG = [
    ("levers: {a.x: {is: x, up: 1}}", "case/chance"),
    ("levers: {w.x: {is: x}}\nwants: {w: [{that: w.x}]}", "case/chance"),
    ("levers: {a.x: {is: x, consent: {yes: nobody}}}", "case/unknown-name"),
    ("levers: {a.x: {is: x, consent: {maybe: a}}}", "case/unknown-setting"),
    ("levers: {a.x: {is: x, consent: {yes: w}}}", "case/chance"),
    ("levers: {a.x: {is: x}}\ntalks: {t: {is: t, between: [a], decides: {a.x: yes}, veto: [w]}}", "case/chance"),
    ("clocks: {t: {is: t, days: 3, party: a}}", "case/chance"),
    ("clocks: {t: {is: t}}", "case/days-or-on"),
    ("clocks: {t: {is: t, days: 30, stages: 3, since: 2026-03-02}}", "case/wrong-value"),
    *((f"clocks: {{t: {{is: t, days: 30, stages: {n}, since: {day}}}}}", "case/wrong-value") for n in (1, 3) for day in ("2026-01-02", "2036-01-02", "9999-12-31", "0001-01-01")),
    *((f"clocks: {{t: {{is: t, on: 2027-01-01, stages: 3, since: {day}}}}}", "case/wrong-value") for day in ("2026-12-31", "9999-12-31")),
    ("clocks: {t: {is: t, days: 60, since: 2026-02-02}}", "case/wrong-value"),
    ("clocks: {t: {is: t, days: 0}}", "case/out-of-range"),
    ("clocks: {t: {is: t, on: 2020-01-01}}", "case/wrong-value"),
    ("clocks: {t: {is: t, days: 3, while: b.zz}}", "case/unknown-name"),
    ("clocks: {t: {is: t, days: 3, sets: {a.y: no}}}", "case/unknown-name"),
    ("levers: {w.t: {is: t}}\nclocks: {t: {is: t, days: 3}}", "case/name-taken"),
    ("levers: {a.x: {is: x}}\ncredibility: {m: {is: m, lever: a.x, threat: maybe, deed: yes, fades_per_month: 1}}", "case/unknown-setting"),
    ("levers: {a.x: {is: x}}\nbudgets: {m: {party: w, of: 1, costs: {a.x: {yes: 2}}}}", "case/budget-of-others"),
    ("levers: {a.x: {is: x}}\nchannels: {m: {carries: [a.z], to: a, stands: a.x}}", "case/unknown-name"),
    ("levers: {a.x: {is: x}}\nincidents: {i: {is: i, framings: [{by: a, as: b, lever: a.x, shifts: {a: [none such]}}]}}", "case/unknown-want"),
    ("levers: {a.x: {is: x}}\ntalks: {t: {is: t, between: [a], decides: {a.x: yes}}}", "case/missing-key"),
    ("levers: {a.x: {is: x}}\nevents: {e: {sets: {a.x: yes}, per_month: [{when: a.q, value: 1}]}}", "case/unknown-name"),
    ("levers: {a.x: {is: x}}\nevents: {e: {sets: {a.x: yes}, per_month: [{when: a.x, value: -1}]}}", "case/out-of-range"),
    ("levers: {a.x: {is: x}}\nevents: {e: {sets: {a.x: yes}, per_month: [{value: 1}]}}", "case/missing-key"),
    ("levers: {a.x: {is: x}}\nevents: {e: {sets: {a.x: yes}, per_month: []}}", "case/wrong-value"),
]


@pytest.mark.parametrize(("body", "code"), WRONG, ids=[f"{code}-{k}" for k, (_, code) in enumerate(WRONG)])
def test_what_cannot_be_is_said_at_its_line(body, code):
    with pytest.raises(CaseError) as told:
        case_of(f"parties: {{a: {{name: A}}, w: {{name: W, chance: true}}}}\n{body}\n")
    assert [problem.code for problem in told.value.problems] == [code], told.value
    assert all((problem.place.line or 0) >= 5 for problem in told.value.problems)


def test_a_channel_of_a_lever_that_is_not_there_is_said_also_where_a_want_speaks_of_that_lever():
    with pytest.raises(CaseError) as told:
        case_of("parties: {a: {name: A}}\nlevers: {a.x: {is: x}}\nchannels: {m: {carries: [a.z], to: a, stands: a.x}}\nwants: {a: [{that: a.z = yes}]}\n")
    assert [problem.code for problem in told.value.problems] == ["case/unknown-name"] * 2


def test_a_case_in_which_nobody_signs_is_refused():
    with pytest.raises(CaseError) as told:
        case_of("parties: {a: {name: A, signs: false}, w: {name: W, chance: true}}\n")
    assert [problem.code for problem in told.value.problems] == ["case/nobody-signs"]


@spread("name", catalogue(), first=4)
def test_a_case_written_out_reads_as_the_same_case(name):
    case = read(name)
    again = read_text(expanded_text(case))
    assert again.file == case.file
    assert again.written == again.file


def test_show_prints_a_case_written_out(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text('bestand: 1\ntitle: small\nas_of: "2026-03-01"\n' + CLOCK % ("no", 30, 2, 1), encoding="utf-8")
    told = CliRunner().invoke(main, ["show", str(path), "--expanded"])
    assert told.exit_code == 0 and read_text(told.output).file == read(path).file


@pytest.mark.parametrize("name", ["invented/harbour-strike", "invented/mountain-road"])
def test_the_invented_cases_use_clocks_memory_consent_chance_and_framings(name):
    written = read(name).written
    assert written.clocks and written.credibility and any(party.chance for party in written.parties.values())
    assert any(lever.consent for lever in written.levers.values()) and any(lever.down for lever in written.levers.values())
    assert any(framing.shifts for incident in written.incidents.values() for framing in incident.framings)


def test_without_the_priest_nothing_that_is_offered_moves_the_family():
    asked = {stands: conflict(read("invented/mountain-road"), hold={"gang.asks_little": "yes", "gang.sends_priest": stands}) for stands in ("yes", "no")}
    paid = {stands: bool((paths(one).reached & one.where("family.pays")).any()) for stands, one in asked.items()}
    assert paid == {"yes": True, "no": False}


def test_the_dockers_go_back_where_the_threat_is_believed_and_nobody_calls_it_revenge():
    held = {"families.say_revenge": "no"}
    asked = [conflict(read("invented/harbour-strike"), hold={**held, "world.threat_of_crews": level}) for level in ("believed", "spent")]
    back = [bool(one.rank_of("union")[0, one.state({"union.strikes": "no", "union.pickets": "no"})] > one.rank_of("union")[0, one.now]) for one in asked]
    assert back == [True, False]
