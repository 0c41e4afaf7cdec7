"""How long conditions hold: closed forms, plain dense solutions, and what every curve must do."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.sparse import csr_array
from scipy.sparse.linalg import expm_multiply
from scipy.stats import gamma
from scipy.stats import poisson as poisson_law

import bestand
from bestand.case.read import read, read_text
from bestand.errors import AskError
from bestand.graph.build import build
from bestand.graph.conflict import conflict
from bestand.graph.game import Game, move_costs
from bestand.graph.model import Chance
from bestand.play.breaks import Way, Ways, ways_to_break
from bestand.play.chain import CUT, poisson
from bestand.play.choices import MoveChance, move_rates
from bestand.play.horizon import play_game
from bestand.play.many import survive_many
from bestand.play.survival import Standing, mixture, standing, survival_under
from tests.depth import in_depth, spread
from tests.oracle.dense_play import random_game
from tests.play.test_play import free, plain_game

MONTHS = [0.5, 1, 3, 6, 12]


def clock(stages: int, per_month: float) -> Standing:
    """A patience clock in stages, which nobody moves: an event takes it one stage on."""
    settings = ", ".join(f"s{k}" for k in range(stages + 1))
    events = "\n".join(
        f"  tick{k}: {{sets: {{a.clock: s{k + 1}}}, when: a.clock = s{k}, per_month: {per_month}}}" for k in range(stages)
    )
    case = f"bestand: 1\ntitle: c\nparties: {{a: {{name: A}}}}\nlevers: {{a.clock: {{is: patience, settings: [{settings}]}}}}\n"
    graph = build(read_text(f"{case}events:\n{events}\nwants: {{a: [{{that: a.clock = s0}}]}}\n"))
    return Standing(plain_game(graph, np.zeros((1, stages + 1)), tempo=0), np.zeros((1, stages + 1)))


def some_hold(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """A mask with states on both sides, and a start within it."""
    rng = np.random.default_rng(seed)
    holds = rng.random(n) < 0.6
    holds[rng.integers(n)] = True
    start = holds * rng.random(n)
    return holds, start / start.sum()


@pytest.mark.parametrize("rate", [0.02, 0.3, 4.0, 900.0])
def test_a_chance_event_is_survived_exponentially_and_takes_one_over_its_rate(rate):
    kept = clock(1, rate)
    found = survival_under(kept, start=0, truce=np.array([True, False]), months=MONTHS)
    assert found.alive[0] == pytest.approx(np.exp(-rate * np.array(MONTHS)), abs=1e-9)
    assert found.expected_months[0] == pytest.approx(1 / rate)
    assert found.lasted[0] == pytest.approx((1 - np.exp(-rate * 12)) / rate)
    assert found.hazard[np.isfinite(found.hazard)] == pytest.approx(rate) if rate < 2 else True
    assert found.exits.flow.sum() == pytest.approx(1 - found.alive[0, -1])


def test_a_staged_clock_is_erlang_and_an_event_exponential_with_the_same_mean():
    staged = survival_under(clock(4, 4 / 6), start=0, truce=np.array([True] * 4 + [False]), months=MONTHS)
    sudden = survival_under(clock(1, 1 / 6), start=0, truce=np.array([True, False]), months=MONTHS)
    assert staged.alive[0] == pytest.approx(gamma.sf(MONTHS, 4, scale=6 / 4), abs=1e-9)
    assert staged.expected_months[0] == pytest.approx(6) and sudden.expected_months[0] == pytest.approx(6)
    assert np.all(np.diff(staged.hazard) > 0)  # the longer one has waited, the nearer the end
    assert np.allclose(sudden.hazard, 1 / 6)  # having waited says nothing


def test_types_that_nobody_knows_make_the_pooled_hazard_fall():
    fragile, firm = (survival_under(clock(1, rate), start=0, truce=np.array([True, False]), months=MONTHS) for rate in (1.0, 0.05))
    firm = replace(firm, conflict=fragile.conflict)
    both = mixture([fragile, firm], [0.5, 0.5])
    assert both.pooled == pytest.approx(0.5 * np.exp(-np.array(MONTHS)) + 0.5 * np.exp(-0.05 * np.array(MONTHS)))
    assert np.all(np.diff(both.hazard) < 0) and both.hazard[-1] < 0.1
    assert both.alive.shape == (2, 5) and both.weights.sum() == pytest.approx(1)
    nested = mixture([both, firm], [2, 2])
    assert nested.weights == pytest.approx([0.25, 0.25, 0.5])
    assert both.exits.flow.sum() == pytest.approx(1 - both.pooled[-1])
    assert both.table().columns[2:6] == ("± error", "low 10%", "median", "high 10%")


@pytest.mark.parametrize("months, told", [((0.0,), "holds 0 ± 0 hours of the first 0 hours"), ((0.0, 6.0), "holds 25 ± 5 days of the first 6 months")])
def test_the_time_that_it_holds_has_its_error_in_the_same_unit_also_where_nothing_is_looked_at(months, told):
    """By hand: .9975 and .6666 months, so .832 and half the difference, in days."""
    each = [survival_under(clock(1, rate), start=0, truce=np.array([True, False]), months=list(months)) for rate in (1.0, 1.5)]
    assert told in mixture([each[0], replace(each[1], conflict=each[0].conflict)], [0.5, 0.5]).table().notes[0]


@spread("first", range(0, 200, 50), first=1)
def test_choices_kept_for_ever_are_survived_as_the_matrix_exponential_says(first):
    for seed in range(first, first + 50):
        made, dense = random_game(seed, 24)
        values = np.random.default_rng(seed).normal(size=made.flow.shape)
        holds, start = some_hold(seed, made.graph.n_states)
        rates = dense.rates(values)
        within = (rates - np.diag(rates.sum(axis=1)))[np.ix_(holds, holds)]
        found = survival_under(Standing(made, values), start=start, truce=holds, months=[0.5, 8])
        half = expm(within / 2)
        expected = [(start[holds] @ half).sum(), (start[holds] @ np.linalg.matrix_power(half, 16)).sum()]
        assert found.alive[0] == pytest.approx(expected, abs=1e-8), seed
        assert found.exits.flow.sum() == pytest.approx(1 - expected[-1], abs=1e-8)
        if np.isfinite(found.expected_months[0]):
            mean = start[holds] @ np.linalg.solve(-within, np.ones(holds.sum()))
            assert found.expected_months[0] == pytest.approx(mean, rel=1e-6), seed
            assert found.lasted[0] <= mean * (1 + 1e-8)
        else:
            assert np.linalg.cond(within) > 1e12


@spread("first", range(0, 40, 10))
def test_play_is_survived_as_a_plain_forward_equation_says(first):
    for seed in range(first, first + 10):
        made, dense = random_game(seed, 16)
        holds, start = some_hold(seed, made.graph.n_states)
        found = survival_under(play_game(made, horizon=2, sweeps=1024, slices=128), start=start, truce=holds, months=[0.3, 1, 1.7])
        expected = dense.alive(dense.values(2), start, holds, [0.3, 1, 1.7])
        assert np.abs(found.alive[0] - expected).max() < 3 * found.error + 1e-6, seed
        assert found.error < 1e-3
        assert np.all(np.diff(found.alive[0]) <= 0) and np.all((found.alive >= 0) & (found.alive <= 1))


def test_survival_without_an_estimate_of_its_error_is_the_same():
    made, _ = random_game(3, 16)
    holds, start = some_hold(3, made.graph.n_states)
    played = play_game(made, horizon=2, sweeps=256)
    whole, bare = (survival_under(played, start=start, truce=holds, months=[0.3, 1], estimate_error=each) for each in (True, False))
    assert np.array_equal(whole.alive, bare.alive) and np.array_equal(whole.lasted, bare.lasted) and str(whole.breaks()) == str(bare.breaks())
    assert whole.error > 0 and np.isnan(bare.error)


@in_depth
def test_more_than_sixty_five_thousand_states_are_survived_as_sparse_matrices_say():
    graph = free([3, 2, 2, 2, 2, 2, 2, 2], "never: [{that: p1.l0 and p2.l0 and p3.l0}]")
    rng = np.random.default_rng(0)
    out = rng.random(graph.n_states) < 0.3
    event = Chance("storm", 0.2, np.flatnonzero(out).astype(np.uint32), np.roll(np.arange(graph.n_states), 7)[out].astype(np.uint32))
    kept = Standing(plain_game(replace(graph, chances=(event,)), np.zeros((8, graph.n_states))), rng.normal(size=(8, graph.n_states)))
    holds = graph.digits("p0.l0") + graph.digits("p4.l1") < 2
    assert graph.n_states > 65_536
    moves = move_rates(kept.game, kept.values)
    rates = csr_array((moves.rate, (moves.source, moves.target)), shape=(graph.n_states,) * 2)
    within = rates[holds][:, holds]
    total = rates.sum(axis=1)[holds]
    start = holds / holds.sum()
    back = (within - csr_array((total, (np.arange(total.size),) * 2))).T
    found = survival_under(kept, start=holds, truce=holds, months=[0.5, 2])
    for column, month in enumerate([0.5, 2]):
        assert found.alive[0, column] == pytest.approx(expm_multiply(back * month, start[holds]).sum(), abs=1e-7)
    assert found.expected_months[0] > found.lasted[0]
    assert np.isfinite(found.expected_months[0])
    assert found.breaks().rows


def zone(n_draws: int):
    """A little game of 16 states with a chance event, prices and a ban on nothing, in many draws."""
    asked = conflict(read_text("""
bestand: 1
title: a zone
parties: {att: {name: Attacker}, def: {name: Defender}, gua: {name: Guarantor}}
levers: {att.strikes: {is: strikes}, def.strikes: {is: strikes}, gua.stays: {is: stays, now: yes, one_way: down}, gua.helps: {is: helps, needs: {yes: gua.stays}}}
events: {incident: {sets: {att.strikes: yes}, when: not att.strikes, per_month: 0.05}, tired: {sets: {gua.stays: no}, when: gua.stays, per_month: 0.02}}
wants: {att: [{that: att.strikes}]}
"""))
    rng = np.random.default_rng(1)
    flow = rng.normal(size=(n_draws, 3, asked.graph.n_states)) * 2
    numbers = {
        "tempo": rng.uniform(0.3, 2, (n_draws, 3)),
        "noise": rng.uniform(0.2, 1.5, (n_draws, 3)),
        "discount": rng.uniform(0.01, 0.05, (n_draws, 3)),
    }
    chance = rng.uniform(0, 0.3, (n_draws, 2))
    price = {"att.strikes": rng.uniform(0, 1, n_draws), "gua.helps": 0.5}
    return asked, flow, numbers, chance, price, asked.where("not att.strikes")

def test_a_party_that_cannot_move_changes_nothing_whatever_it_likes():
    text = """
bestand: 1
title: a truce
parties: {a: {name: A}, b: {name: B}%s}
levers: {a.truce: {is: keeps the truce, now: yes}, b.fires: {is: fires}}
wants: {a: [{that: a.truce and not b.fires}], b: [{that: b.fires and a.truce}]}
"""
    two, three = (conflict(read_text(text % more)) for more in ("", ", watcher: {name: W}"))
    rng = np.random.default_rng(4)
    flow = rng.normal(size=(5, 3, two.graph.n_states))
    ask = {"horizon": 12.0, "start": "now", "truce": "a.truce", "months": [1, 6], "tempo": np.array([[1.0, 2.0, 40.0]]), "sweeps": 256}
    with_watcher = survive_many(three, flow=flow, **ask)
    alone = survive_many(two, flow=flow[:, :2], **{**ask, "tempo": np.array([[1.0, 2.0]])})
    np.testing.assert_array_equal(with_watcher.alive, alone.alive)
    still = survive_many(three, flow=flow, **{**ask, "tempo": 1.0, "truce": "true"})
    np.testing.assert_allclose(still.alive, 1.0, atol=1e-7)



@pytest.mark.parametrize("n_draws", [1, 4, 11])
@pytest.mark.parametrize("surplus", [True, False])
def test_many_draws_at_once_are_each_draw_alone(n_draws, surplus):
    asked, flow, numbers, chance, price, truce = zone(n_draws)
    numbers["noise"][0, 1] = 0
    together = survive_many(
        asked, flow=flow, **numbers, chance=chance, move_cost=price, horizon=24, start="now", truce=truce, months=[1, 5, 20], sweeps=384, slices=48,
        surplus=surplus,
    )  # fmt: skip
    assert together.alive.shape == (n_draws, 3) and np.isnan(together.error)
    for d in range(n_draws):
        prices = {lever: float(np.broadcast_to(value, n_draws)[d]) for lever, value in price.items()}
        costs = tuple(move_costs(asked.graph, i, prices) for i in range(3))
        made = Game(asked, flow[d], numbers["tempo"][d], numbers["noise"][d], numbers["discount"][d], costs, chance[d])
        played = play_game(made, horizon=24, sweeps=384, slices=48, surplus=surplus)
        found = survival_under(played, start="now", truce=truce, months=[1, 5, 20])
        assert together.alive[d] == pytest.approx(found.alive[0], abs=1e-9)
        assert together.lasted[d] == pytest.approx(found.lasted[0], abs=1e-8)


def test_numbers_that_all_draws_share_are_given_once():
    asked, flow, numbers, _, _, truce = zone(5)
    shared = {name: value[:1] for name, value in numbers.items()}
    ask = {"horizon": 12, "start": "now", "truce": truce, "months": [6, 12]}
    one = survive_many(asked, flow=flow, **shared, **ask)
    all_ = survive_many(asked, flow=flow, **{name: np.repeat(value, 5, axis=0) for name, value in shared.items()}, **ask)
    assert np.allclose(one.alive, all_.alive) and one.weights == pytest.approx(0.2)
    with pytest.raises(AskError, match="draws"):
        survive_many(asked, flow=flow, tempo=numbers["tempo"][:3], **ask)
    with pytest.raises(AskError, match="no-exits"):
        one.breaks()
    with pytest.raises(AskError, match="too-few-sweeps"):
        survive_many(asked, flow=flow, **ask, sweeps=4)


def test_what_breaks_it_is_named_with_its_share():
    asked, flow, _, _, _, truce = zone(1)
    graph = asked.graph
    made = plain_game(graph, flow[0], cost=0.1)
    found = survival_under(play_game(made, horizon=24), start=truce, truce=truce, months=[24])
    shares = {(row[0], row[1]): row[2] for row in found.breaks().rows}
    assert sum(shares.values()) == pytest.approx(1)
    assert set(shares) == {("att", "att.strikes=yes"), ("incident", "att.strikes=yes")}
    assert found.exits.flow.sum() == pytest.approx(1 - found.alive[0, -1], abs=1e-9)


def test_the_likeliest_ways_are_those_of_all_paths_written_out():
    made, dense = random_game(7, 12)
    values = np.random.default_rng(0).normal(size=made.flow.shape)
    holds, start = some_hold(3, made.graph.n_states)
    rates = dense.rates(values)
    jump = rates / rates.sum(axis=1, keepdims=True)
    chances = []
    paths = [(float(start[s]), int(s)) for s in np.flatnonzero(start)]
    for _ in range(6):
        longer = [(p * jump[s, t], int(t)) for p, s in paths for t in np.flatnonzero(jump[s]) if p * jump[s, t] > 1e-4]
        chances += [p for p, t in longer if not holds[t]]
        paths = [(p, t) for p, t in longer if holds[t]]
    found = ways_to_break(Standing(made, values), start=start, truce=holds, most=4)
    by_states: dict[tuple[int, ...], float] = {}
    for way in ways_to_break(Standing(made, values), start=start, truce=holds, most=12).ways:
        key = (way.start, *(move.target for move in way.moves))
        by_states[key] = by_states.get(key, 0) + way.chance
    assert sorted(by_states.values())[::-1][:3] == pytest.approx(sorted(chances)[::-1][:3], rel=1e-6)
    assert [way.chance for way in found.ways] == sorted((way.chance for way in found.ways), reverse=True)
    assert "together" in str(found) and "step" in str(found.ways[0])


def test_what_hardly_ever_happens_is_told_without_powers_of_ten():
    kept = clock(1, 1e-9)
    found = survival_under(kept, start=0, truce=np.array([True, False]), months=MONTHS)
    asked = found.conflict
    seldom = Way(asked, 0, (MoveChance("incident", 1, None, 1e-9),), 4.33e-11)
    for told in (found.breaks(), found.table(), seldom.table(), Ways(asked, (seldom,), True).table()):
        assert not re.search(r"\de[-+]?\d", str(told.title) + str(told.notes)), told
    assert "of the <0.1 % that has ended" in str(found.breaks()) and "probability <0.1 %" in str(seldom) and "together <0.1 %" in str(Ways(asked, (seldom,), True))


def test_a_condition_that_cannot_be_left_holds_for_ever():
    kept = clock(1, 0.5)
    found = survival_under(kept, start=1, truce=np.array([False, True]), months=[1, 100])
    assert found.alive == pytest.approx(1, abs=1e-9) and found.expected_months[0] == np.inf and not found.breaks().rows


def test_start_may_be_a_state_a_mask_or_a_distribution():
    asked, flow, _, _, _, truce = zone(1)
    graph = asked.graph
    found = play_game(plain_game(graph, flow[0]), horizon=6)
    by_state = [survival_under(found, start=int(s), truce=truce, months=[3]).alive[0, 0] for s in np.flatnonzero(truce)]
    pooled = survival_under(found, start=truce, truce=truce, months=[3]).alive[0, 0]
    assert pooled == pytest.approx(np.mean(by_state))
    assert survival_under(found, start=truce / truce.sum(), truce=truce, months=[3]).alive[0, 0] == pytest.approx(pooled)


def test_of_a_condition_the_states_nearest_to_today_begin_alike_in_whatever_order_levers_stand():
    levers = ["a.x: {is: x, settings: [no, some, all]}", "b.y: {is: y}", "a.z: {is: z}"]
    text = """bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}}
levers: {%s}
terms: {t: a.x != no or b.y}
wants: {a: [{that: a.x = all or a.z, worth: 3}, {that: not b.y, worth: 1}], b: [{that: b.y iff a.z, worth: 2}]}
"""
    told = []
    for order in itertools.permutations(levers):
        asked = conflict(read_text(text % ", ".join(order)), scale="cardinal")
        looked, near = bestand.play(asked, months=24), [{"a.x": "some"}, {"a.x": "all"}, {"b.y": "yes"}]
        each = [survival_under(looked, start=state, truce="t", months=[1, 6]).alive[0] for state in near]
        told.append(survival_under(looked, start="t", truce="t", months=[1, 6]).alive[0])
        assert told[-1] == pytest.approx(np.mean(each, axis=0), abs=1e-9)
        assert max(one[0] for one in each) > min(one[0] for one in each) + 0.05
    assert np.ptp(told, axis=0).max() < 1e-6


def test_months_past_a_horizon_need_choices_that_are_kept():
    asked, flow, _, _, _, truce = zone(1)
    graph = asked.graph
    found = play_game(plain_game(graph, flow[0]), horizon=6)
    with pytest.raises(AskError, match="past-horizon"):
        survival_under(found, start="now", truce=truce, months=[12])
    after = survival_under(standing(found), start="now", truce=truce, months=[12])
    assert 0 <= after.alive[0, 0] < 1 and np.isfinite(after.expected_months[0])
    assert np.isnan(survival_under(found, start="now", truce=truce, months=[6]).expected_months[0])


def test_wrong_questions_are_refused():
    kept, holds = clock(1, 0.5), np.array([True, False])
    with pytest.raises(AskError, match="start-outside"):
        survival_under(kept, start=1, truce=holds, months=[1])
    for months in ([], [2, 1], [-1], [[1]], [np.nan]):
        with pytest.raises(AskError, match="bad-months"):
            survival_under(kept, start=0, truce=holds, months=months)
    for wrong in ({"start": np.array([0.5, 0])}, {"start": np.ones(3)}, {"start": 0, "truce": np.ones(2)}):
        with pytest.raises(AskError, match=r"bad-number|bad-mask"):
            survival_under(kept, **{"truce": holds, "months": [1], **wrong})
    found = survival_under(kept, start=0, truce=holds, months=[1])
    with pytest.raises(AskError, match="mixture"):
        mixture([found, found], [1])


def test_the_truce_of_the_catalogue_has_a_curve_and_a_picture():
    asked = conflict(read("ukraine/2025-04"), view="core")
    flow = np.random.default_rng(0).normal(size=(len(asked.parties), asked.graph.n_states))
    played = replace(plain_game(asked.graph, flow), conflict=asked)
    truce = asked.where("ceasefire")
    found = survival_under(play_game(played, horizon=3, sweeps=128), start=truce, truce="ceasefire", months=[1, 3])
    assert "still holds" in str(found)
    assert found.breaks(most=3).rows and len(found.breaks(most=3).rows) <= 3


@pytest.mark.parametrize("mean", [1e-3, 0.7, 12.0, 340.0])
def test_jumps_have_the_chances_of_poisson(mean):
    chance = poisson(mean)
    expected = poisson_law(mean).pmf(np.arange(chance.size))
    assert chance == pytest.approx(expected, rel=1e-9, abs=1e-15) and chance.sum() == pytest.approx(1, abs=1e-14)
    assert poisson_law(mean).sf(chance.size - 1) < 2 * CUT  # no more is cut than is said
