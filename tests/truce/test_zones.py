"""Zones, forces, postures, withdrawals: formulas by hand, theorems, and orders that must hold."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from bestand.case.parts import Quantity
from bestand.case.read import read, read_text
from bestand.errors import AskError
from bestand.graph.conflict import conflict
from bestand.graph.numbers import quantity
from bestand.play.survival import starting
from bestand.truce.postures import postures
from bestand.truce.strategies import strategies
from bestand.truce.survival import breaking, by_chance_only, flow_with_zones, hazard_ratio, survival
from bestand.truce.withdrawal import FORESEEN, GONE, KNOWN, STAYS, UNFORESEEN, withdrawal
from bestand.truce.zones import backstop, grounds, with_zones

TEXT = """
bestand: 1
title: A line to guard
parties: {{a: {{name: Attacker}}, g: {{name: Guard}}, o: {{name: Outsider}}}}
levers:
  a.attacks: {{is: attacks, now: no}}
  g.force: {{is: force, settings: [none, some, much], now: none}}
  o.stands: {{is: stands behind, settings: [gone, behind], now: behind, one_way: down}}
  o.hub: {{is: holds the hub, now: yes}}
terms: {{truce: not a.attacks}}
events:
  leaves: {{sets: {{o.stands: gone}}, when: o.stands = behind, per_month: 0.05, assumed: x}}
  accident: {{sets: {{a.attacks: yes}}, when: truce, per_month: 0.01, assumed: x}}
wants:
  a: [{{that: not a.attacks, worth: {truce_worth}}}]
  g: [{{that: not a.attacks, worth: 5}}]
  o: [{{that: not a.attacks, worth: 1}}]
zones:
  line:
    name: the line
    width_km: 200
    sector_km: 50
    attacker: a
    attack: a.attacks
    surge_k: 40
    warning_days: 4
    guards:
      - {{party: g, lever: g.force, troops_k: {{none: 0, some: 20, much: 60}}, in_place: 0.5, arrival_days: 5, tooth: 0.5, rotation: 3, from_front_km: 150}}
    prize: {{a: {prize}}}
    presence_cost: {{g: {presence}}}
deterrence:
  truce: truce
  capacity_k: {{g: 300}}
  backstop: {{lever: o.stands, strength: {{gone: 0, behind: 1}}, cost: {{a: {cost}}}}}
  hub: {{name: hub, lever: o.hub, arrival_factor: {{no: 2, yes: 1}}}}
  decisiveness: {m}
  provocation: {provocation}
  answer: {{g: {answer}}}
  postures:
    bare: {{is: nothing, sets: {{g.force: none, o.stands: gone}}}}
    full: {{is: everything, sets: {{g.force: much, o.stands: behind}}}}
  strategies:
    hold: {{is: hold on, kind: none, sets: {{g.force: some}}}}
    idea: {{is: something new, kind: concept, sets: {{g.force: much}}}}
play: {{tempo: {{a: 1, g: 1, o: 1}}, noise: {{a: 0.5, g: 0.5, o: 0.5}}, discount: {{a: 0.2, g: 0.2, o: 0.2}}}}
"""
USUAL = {"truce_worth": 1, "prize": 3, "presence": 0, "cost": 2, "m": 1, "provocation": 0, "answer": 1}


def case_with(**changes):
    return read_text(TEXT.format(**(USUAL | changes)))


def test_force_and_success_are_those_worked_out_by_hand():
    asked = conflict(case_with(m=2, answer=0.8))
    graph, (ground,) = asked.graph, grounds(asked)
    for state in range(graph.n_states):
        at = graph.at(state)
        troops = {"none": 0, "some": 20, "much": 60}[at["g.force"]]
        days = 5 * (1 if at["o.hub"] == "yes" else 2) + 150 / 150
        force = troops * 0.5 * (0.5 * 50 / 200 + 0.5 * min(1, 4 / days))
        assert ground.force["g"][0, ground.kind[state]] == pytest.approx(force)
        assert ground.success[0, ground.kind[state]] == pytest.approx(0.2 + 0.8 * 40**2 / (40**2 + force**2))


def test_guards_of_one_party_in_a_zone_add_up():
    """Twice 20 thousand against 40: as one guard of 40, and never only the guard that is named last."""
    text = TEXT.format(**USUAL)
    first = "{party: g, lever: g.force, troops_k: {none: 0, some: 20, much: 60}, in_place: 1}"
    twice = "{party: g, lever: g.force, troops_k: {none: 0, some: 40, much: 120}, in_place: 1}"
    last = "{party: g, lever: g.force, troops_k: {none: 0, some: 0, much: 0}, in_place: 1}"
    line = next(row for row in text.splitlines() if "party: g, lever" in row)
    success = {}
    for name, rows in (("two", [first, first]), ("one", [twice]), ("none last", [twice, last])):
        case = read_text(text.replace(line, "\n".join(f"      - {row}" for row in rows)).replace("sector_km: 50", "sector_km: 200"))
        asked = conflict(case)
        (ground,) = grounds(asked)
        success[name] = ground.success[0, ground.kind[asked.state({"g.force": "some"})]]
    assert success == {"two": pytest.approx(0.5), "one": pytest.approx(0.5), "none last": pytest.approx(0.5)}


def test_an_attack_that_breaks_the_truce_brings_the_prize_and_costs_what_was_stated():
    asked = conflict(case_with(presence=4, provocation=0.3, answer=0.5))
    graph, (ground,), behind = asked.graph, grounds(asked), backstop(asked)
    flow = with_zones(asked, np.zeros((1, 3, graph.n_states)))
    for state in range(graph.n_states):
        at = graph.at(state)
        troops = {"none": 0, "some": 20, "much": 60}[at["g.force"]]
        if at["a.attacks"] == "yes":
            expected = 3 * ground.success[0, ground.kind[state]] - (4 * 0.5 * math.exp(-150 / 300) if troops else 0) - 2 * behind[0, state]
        else:
            expected = -0.3 * troops / 10
        assert flow[0, 0, state] == pytest.approx(expected)
        assert (flow[0, 1:, state] == 0).all()


def alive(case, **sets):
    hold = {"g.force": "none", "o.stands": "gone", "o.hub": "yes"} | {k.replace("_", "."): v for k, v in sets.items()}
    return survival(conflict(case, hold=hold), start="truce", truce="truce", months=12).alive[0, 0]


@pytest.mark.parametrize("seed", range(12))
def test_without_provocation_the_ratio_falls_with_force_and_with_the_backstop(seed):
    rng = np.random.default_rng(seed)
    case = case_with(truce_worth=rng.uniform(0, 2), prize=rng.uniform(0.5, 6), presence=rng.uniform(0, 3), cost=rng.uniform(0.1, 5), m=rng.uniform(0.5, 2), answer=rng.uniform(0.3, 1))
    base = alive(case)
    assert hazard_ratio(np.array([alive(case)]), np.array([base])) == pytest.approx(1.0)
    forces = [alive(case, g_force=force) for force in ("none", "some", "much")]
    assert forces[0] < forces[1] < forces[2]
    assert alive(case, g_force="some", o_stands="behind") > forces[1]


def test_troops_that_provoke_can_make_a_truce_shorter():
    calm, touchy, welcome = (case_with(provocation=p) for p in (0, 1.5, -1.5))
    assert alive(touchy, g_force="much") < alive(calm, g_force="much") < alive(welcome, g_force="much")


def test_a_number_is_drawn_alike_whoever_asks_first():
    one, two = Quantity(value=2, range=(1, 3)), Quantity(value=5, range=(4, 9))
    first, second, other = (conflict(case_with(), draws=50, seed=seed) for seed in (3, 3, 4))
    a = (quantity(first, one, at="x"), quantity(first, two, at="y"))
    b = (quantity(second, two, at="y"), quantity(second, one, at="x"))
    assert (a[0] == b[1]).all() and (a[1] == b[0]).all() and a[0][0] == 2
    assert not (a[0] == quantity(other, one, at="x")).all()


def test_shapley_values_share_out_the_whole_gain_and_all_subsets_are_there():
    case = read("ukraine/2025-04")
    found = postures(conflict(case, view="guarded", draws=3), every=False, months=[3, 6])
    zones = list(case.file.zones)
    assert len(found.subsets) == 2 ** len(zones)
    gain = found.subsets[tuple(zones)] - found.subsets[()]
    assert sum(found.shapley.values()) == pytest.approx(gain)


def test_a_posture_with_nothing_has_ratio_one_and_the_front_is_not_beaten():
    found = postures(conflict(case_with(presence=1), draws=4), months=[3, 12], every=True)
    bare = next(each for each in found.results if each.name == "bare" and not each.leaves)
    assert bare.ratio == pytest.approx(np.ones(4))
    for place, other in itertools.product(found.front, found.results):
        mine = found.results[place]
        if (mine.backstop, mine.leaves) == (other.backstop, other.leaves):
            better = other.alive[:, -1].mean() >= mine.alive[:, -1].mean() and other.total_k <= mine.total_k
            strictly = (other.alive[:, -1].mean(), -other.total_k) != (mine.alive[:, -1].mean(), -mine.total_k)
            assert not (better and strictly and other.affordable.mean() >= 0.5)
    assert len(found.results) == (2 + 1) + (3 * 2 * 2 + 3 * 2)  # held, and leaving what can leave: named, and every choice of force, hub and backstop


def test_the_smallest_force_brings_the_ratio_to_the_target():
    case = case_with(prize=2, cost=0, truce_worth=1.5)
    found = postures(conflict(case), months=[12], target=0.7, every=False)
    (smallest,) = found.smallest
    assert 0 < smallest.force_k[0] < 100
    sets = {"g.force": "much", "o.stands": "gone"}
    asked = {"start": "truce", "truce": "truce", "months": [12]}
    base = survival(conflict(case, hold={"g.force": "none", "o.stands": "gone"}), **asked).alive[:, -1]
    for share, sign in ((0.9, 1), (1.1, -1)):
        reached = survival(conflict(case, hold=sets), **asked, troops={"line": share * smallest.force_k}).alive[:, -1]
        assert sign * (hazard_ratio(reached, base)[0] - 0.7) > 0
    impossible = postures(conflict(case), months=[12], target=0.01, every=False)
    assert impossible.smallest[0].share_none == 1.0
    gone = postures(conflict(case), months=[1200], target=0.7, every=False)  # nothing is left of any truce: no force is said to fail
    assert gone.smallest[0].share_none == 0.0 and gone.smallest[0].share_unknown == 1.0
    later = postures(conflict(case), months=[12, 1200], target=0.7, every=False)
    assert later.smallest[0].force_k == pytest.approx(smallest.force_k, rel=0.1)


def test_a_posture_that_the_case_names_is_not_listed_again_among_all_choices():
    text = TEXT.format(**USUAL).replace("{g.force: much, o.stands: behind}", "{g.force: much, o.stands: behind, o.hub: yes}")
    found = postures(conflict(read_text(text)), months=[3], every=True)
    settings = [(*sorted(each.sets.items()), each.leaves) for each in found.results]
    assert len(settings) == len(set(settings)) == (2 + 1) + (3 * 2 * 2 + 3 * 2) - 2
    assert [each.name for each in found.results if each.sets == {"g.force": "much", "o.stands": "behind", "o.hub": "yes"}] == ["full", "full"]
    assert found.effects  # of the whole table all the same
    held = postures(conflict(read_text(text), hold={"o.hub": "yes"}), months=[3], every=True)  # what the view holds anyway need not be named
    assert sum(each.sets["g.force"] == "much" and each.sets["o.stands"] == "behind" and each.sets.get("o.hub") != "no" for each in held.results) == 2


def test_a_guarantor_that_stays_is_worth_most_and_a_date_far_off_is_like_staying():
    asked = {"event": "leaves", "start": "truce", "truce": "truce", "months": [6, 12]}
    of = conflict(case_with(cost=4), hold={"g.force": "none", "o.hub": "yes"}, draws=2)
    soon, far = (withdrawal(of, month=date, **asked).alive for date in (6, 1000))
    assert far[KNOWN] == pytest.approx(far[STAYS], abs=1e-3)
    assert (soon[STAYS][:, -1] > soon[FORESEEN][:, -1]).all()
    assert (soon[UNFORESEEN][:, -1] >= soon[FORESEEN][:, -1] - 1e-9).all()
    assert (soon[FORESEEN][:, -1] > soon[GONE][:, -1]).all()
    assert (soon[GONE][:, -1] < soon[KNOWN][:, -1]).all() and (soon[KNOWN][:, -1] < soon[STAYS][:, -1]).all()


def test_a_lever_that_only_events_move_is_moved_by_no_party():
    graph = by_chance_only(conflict(case_with()), "o.stands").graph
    stands = graph.digits("o.stands")
    for moves in graph.moves:
        for state in range(graph.n_states):
            assert (stands[moves.targets(state)] == stands[state]).all()
    assert any(event.name == "leaves" for event in graph.chances)


def test_strategies_are_compared_under_every_backstop():
    found = strategies(conflict(case_with(), draws=3), months=12)
    groups = [("behind", False), ("gone", False), ("behind", True)]
    assert [(each.backstop, each.leaves, each.name) for each in found.results] == [(*group, n) for group in groups for n in ("hold", "idea")]
    assert all(((each.alive >= 0) & (each.alive <= 1)).all() for each in found.results)
    shorter = {row[0]: row[-3] for row in found.table().rows if row[1] == "hold"}
    assert shorter["behind"] == 1.0  # fewer troops: shorter in every draw, by more than the error of the steps


def test_what_breaks_it_adds_up_and_draws_are_the_same_under_the_same_seed():
    case = case_with()
    table = breaking(conflict(case), start="truce", truce="truce", months=12).table()
    assert sum(row[2] for row in table.rows) == pytest.approx(1.0) and {row[0] for row in table.rows} <= {"a", "accident"}
    one, two = (survival(conflict(case, draws=5, seed=9), start="truce", truce="truce", months=[3]).alive for _ in range(2))
    assert (one == two).all()


@pytest.mark.parametrize(("worth", "by_lot"), [(0.02, True), (2, False)])
def test_a_truce_that_is_broken_about_as_often_as_by_lot_is_told_so(worth, by_lot):
    """Its wants said that it keeps the truce, and the answer was five weeks: usual noise, and no more."""
    text = "bestand: 1\ntitle: t\nparties: {north: {name: The north}, south: {name: The south}}\nterms: {truce: not north.fires}\n"
    text += "levers: {north.fires: {is: the north fires}, south.farms: {is: the south farms}}\n"
    text += f"wants: {{north: [{{that: not north.fires, worth: {worth}}}], south: [{{that: south.farms, worth: 1}}]}}"
    notes = breaking(conflict(read_text(text)), start="truce", truce="truce", months=12).table().notes
    assert any(note.startswith("north: breaks it about as often as by drawing lots") for note in notes) == by_lot, notes


def test_bad_questions_get_a_clear_answer():
    asked = conflict(case_with())
    with pytest.raises(AskError, match="no state of this view has"):
        survival(asked, start="truce and a.attacks", truce="truce", months=[1])
    with pytest.raises(AskError, match="no event 'leave'"):
        withdrawal(asked, event="leave", month=1, start="truce", truce="truce", months=[1])
    with pytest.raises(AskError, match="no zones"):
        postures(conflict(read("example/en")))
    with pytest.raises(AskError, match="too many to play"):
        flow_with_zones(conflict(read("ukraine/2025-04"), view="truce", draws=10_000))
    with pytest.raises(AskError, match="no party 'x'"):
        postures(asked, capacity={"x": 1})
    assert starting(asked, "truce", asked.where("truce"))[asked.now] == 1
