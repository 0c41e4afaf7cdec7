"""Play to a horizon against closed forms, plain dense solutions, and what may not change it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from bestand.case.read import read, read_text
from bestand.errors import AskError
from bestand.graph.budget import Budget
from bestand.graph.build import build
from bestand.graph.conflict import conflict
from bestand.graph.game import Game, game
from bestand.graph.naming import state_number
from bestand.play.choices import move_rates, next_choices
from bestand.play.horizon import horizon_sensitivity, play_game, values_at
from bestand.truce.ahead import equilibrium, play
from tests.depth import in_depth, spread
from tests.oracle.dense_play import random_game
from tests.oracle.given_games import game_of

N_RANDOM = 210


def free(levers: list[int], extra: str = "") -> object:
    """A graph of yes/no levers, so many per party."""
    lines = ["bestand: 1", "title: free", "parties:", *(f"  p{i}: {{name: P{i}}}" for i in range(len(levers))), "levers:"]
    lines += [f"  p{i}.l{k}: {{is: a lever}}" for i, n in enumerate(levers) for k in range(n)]
    lines += [extra] if extra else []
    lines += ["wants:", *(f"  p{i}: [{{that: p{i}.l0, worth: 1}}]" for i in range(len(levers)))]
    return build(read_text("\n".join(lines)))


def plain_game(graph, flow, *, tempo=1.0, noise=0.5, discount=0.1, cost=0.0) -> Game:
    each = np.ones(len(graph.parties))
    costs = tuple(np.full(m.target.size, cost) for m in graph.moves)
    return game_of(graph, flow, tempo=tempo * each, noise=noise * each, discount=discount * each, cost=costs)


@pytest.mark.parametrize("noise", [0, 0.05, 0.5, 5])
def test_of_two_states_the_better_is_worth_what_it_pays_until_the_next_chance_to_move(noise):
    found = play_game(plain_game(free([1]), [[0, 1]], tempo=0.7, noise=noise), horizon=10, sweeps=2000)
    for k, month in enumerate(found.times):
        to_go = 10 - month
        apart = (1 - np.exp(-0.8 * to_go)) / 0.8  # D' = 1 − (discount + tempo) D
        assert found.slices[k, 0, 1] - found.slices[k, 0, 0] == pytest.approx(apart, abs=1e-6)
        if noise == 0:
            assert found.slices[k, 0, 1] == pytest.approx((1 - np.exp(-0.1 * to_go)) / 0.1, abs=1e-6)
    chance = next_choices(found.game, found.values, 0)[1].chance
    assert chance == pytest.approx(1.0 if noise == 0 else 1 / (1 + np.exp(-(1 - np.exp(-8)) / 0.8 / noise)), abs=1e-6)


def test_shocks_are_worth_noise_times_log_of_the_options_and_nothing_without_surplus():
    made = plain_game(free([2]), np.zeros((1, 4)), tempo=1.5, noise=0.4)
    expected = 1.5 * 0.4 * np.log(4) * (1 - np.exp(-0.1 * 8)) / 0.1
    assert play_game(made, horizon=8).values == pytest.approx(expected, abs=1e-4)
    assert play_game(made, horizon=8, surplus=False).values == pytest.approx(0, abs=1e-12)


@spread("first", range(0, N_RANDOM, 30), first=1)
def test_values_and_choices_are_those_of_a_plain_dense_solution(first):
    for seed in range(first, first + 30):
        made, dense = random_game(seed, 24)
        surplus, horizon = seed % 3 != 0, 1.0
        end = np.random.default_rng(seed).normal(size=made.flow.shape) if seed % 2 else None
        expected = dense.values(horizon, end, surplus, tolerance=1e-8)
        found = play_game(made, horizon=horizon, end=end, sweeps=512, slices=8, surplus=surplus)
        scale = 1 + np.abs(expected(0)).max()
        assert np.abs(found.values - expected(0)).max() < 2e-6 * scale, seed
        assert np.abs(found.slices[4] - expected(0.5)).max() < 2e-6 * scale, seed
        assert np.abs(found.values - expected(0)).max() < 3 * found.error + 1e-7 * scale, seed
        matrix, mine = dense.rates(found.values), move_rates(made, found.values)
        rates = np.zeros_like(matrix)
        np.add.at(rates, (mine.source, mine.target), mine.rate)
        assert np.abs(rates - matrix).max() < 1e-12, seed
        state, odds = seed % made.graph.n_states, dense.odds(found.values)
        for i, party in enumerate(made.graph.parties):
            options = [c for c in next_choices(made, found.values, state) if c.who == party]
            assert sum(c.chance for c in options) == pytest.approx(1)
            for c in options:
                assert c.chance == pytest.approx(odds[i, state, c.target], abs=1e-12)


@spread("seed", range(40))
def test_sweeps_are_the_runge_kutta_steps_written_out(seed):
    made, dense = random_game(seed)
    noise = np.where(np.arange(len(made.noise)) % 3 == seed % 5, 0.0, made.noise)
    end = np.random.default_rng(seed).normal(size=made.flow.shape)
    found = play_game(replace(made, noise=noise), horizon=1.5, end=end, sweeps=96, slices=2, surplus=seed % 2 == 0)
    expected = replace(dense, noise=noise).steps(1.5, 24, end, seed % 2 == 0)
    assert np.abs(found.values - expected).max() < 1e-11 * np.abs(expected).max()


@spread("seed", range(12))
def test_without_noise_values_are_those_of_exact_best_replies(seed):
    made, dense = random_game(seed)
    dense = replace(dense, noise=np.where(np.arange(len(made.noise)) % 2 == seed % 2, 0.0, made.noise))
    found = play_game(replace(made, noise=dense.noise), horizon=1.0, sweeps=4000, slices=4)
    expected = dense.values(1.0, tolerance=1e-7)(0)
    assert np.abs(found.values - expected).max() < 5e-3 * (1 + np.abs(expected).max())
    options = move_rates(replace(made, noise=0 * made.noise), found.values)
    assert np.all(options.rate[options.who < len(made.tempo)] >= 0)


def test_much_noise_makes_all_options_alike_and_little_makes_the_best_certain():
    made = plain_game(free([2, 1]), np.random.default_rng(0).normal(size=(2, 8)))
    wild = play_game(replace(made, noise=np.full(2, 1e6)), horizon=6)
    assert [c.chance for c in wild.next_choices(0)] == pytest.approx([0.25] * 4 + [0.5] * 2, abs=1e-4)
    sharp = play_game(replace(made, noise=np.full(2, 1e-4)), horizon=6)
    best = play_game(replace(made, noise=np.zeros(2)), horizon=6)
    assert np.abs(sharp.values - best.values).max() < 1e-2
    for s in range(8):
        surest = [c.target for c in best.next_choices(s) if c.chance == 1]
        assert [c.target for c in sharp.next_choices(s) if c.chance > 0.99] == surest


def test_a_party_that_is_indifferent_and_without_noise_stays():
    found = play_game(plain_game(free([1]), [[1, 1]], noise=0), horizon=5)
    assert [c.chance for c in found.next_choices(0)] == [1, 0]


def test_far_worse_places_still_choose_rightly():
    graph = build(read_text("""
bestand: 1
title: a ladder
parties: {a: {name: A}}
levers: {a.l: {is: a ladder, settings: [low, mid, high], one_way: down}}
wants: {a: [{that: a.l = high}]}
"""))
    made = plain_game(graph, [[0, 5, 1e5]], noise=0.5)  # e^((low − high) / noise) is no number
    odds = {c.target: c.chance for c in next_choices(made, np.array([[0.0, 0.5, 1e5]]), 1)}
    assert odds[0] == pytest.approx(1 / (1 + np.e))
    found = play_game(made, horizon=0.5, sweeps=800, slices=2, surplus=False)
    apart = found.values[0, 1] - found.values[0, 0]
    assert 0 < apart < 2.5 and np.isfinite(found.values).all()


@pytest.mark.parametrize("seed", range(8))
def test_scaling_worth_cost_and_noise_together_scales_values_and_changes_no_choice(seed):
    made, _ = random_game(seed)
    larger = replace(made, flow=7 * made.flow, noise=7 * made.noise, cost=tuple(7 * part for part in made.cost))
    one, seven = (play_game(g, horizon=3, sweeps=400) for g in (made, larger))
    assert np.allclose(7 * one.values, seven.values, rtol=1e-9, atol=1e-9)
    assert np.allclose(move_rates(made, one.values).rate, move_rates(larger, seven.values).rate, atol=1e-9)


def test_relabelling_parties_and_levers_changes_nothing():
    text = """
bestand: 1
title: order
parties: {%s}
levers: {%s}
never: [{that: a.x and b.y}]
wants: {a: [{that: a.x}], b: [{that: b.y}]}
"""
    parties, levers = ["a: {name: A}", "b: {name: B}"], ["a.x: {is: x}", "b.y: {is: y, needs: {yes: a.z}}", "a.z: {is: z}"]
    graphs = [build(read_text(text % (", ".join(p), ", ".join(q)))) for p, q in ((parties, levers), (parties[::-1], levers[::-1]))]
    one = {tuple(sorted(graphs[0].at(s).items())): s for s in range(graphs[0].n_states)}
    order = [one[tuple(sorted(graphs[1].at(s).items()))] for s in range(graphs[1].n_states)]
    flow = np.random.default_rng(3).normal(size=(2, len(order)))
    first = play_game(plain_game(graphs[0], flow), horizon=9, sweeps=400)
    second = play_game(plain_game(graphs[1], flow[::-1][:, order]), horizon=9, sweeps=400)
    assert np.allclose(second.values, first.values[::-1][:, order], atol=1e-10)


def test_a_lever_that_nobody_cares_about_changes_nothing_if_its_party_has_no_other():
    flow = np.random.default_rng(1).normal(size=(2, 4))
    small = play_game(plain_game(free([1, 1]), flow), horizon=9, sweeps=600)
    dummy = play_game(plain_game(free([1, 1, 1]), np.vstack([np.tile(flow, 2), np.zeros((1, 8))])), horizon=9, sweeps=600)
    assert np.allclose(dummy.values[:2, :4], small.values, atol=1e-5)
    copies = play_game(plain_game(free([2, 1]), np.array([[0, 1, 0, 1, 0, 1, 0, 1], [0] * 8]), noise=1), horizon=9, surplus=False)
    alone = play_game(plain_game(free([1, 1]), np.array([[0, 1, 0, 1], [0] * 4]), noise=1), horizon=9, surplus=False)
    # with another lever of its own the options come twice, both staying and moving: here the odds are as they were
    assert sum(c.chance for c in copies.next_choices(0) if c.who == "p0" and c.target % 2) == pytest.approx(alone.next_choices(0)[1].chance, abs=1e-4)


def test_a_copy_of_one_option_draws_choices_to_it():
    text = "bestand: 1\ntitle: buses\nparties: {a: {name: A}}\nlevers:\n  a.goes: {is: goes}\n  a.red: {is: in red%s}\nwants: {a: [{that: a.goes}]}\n"
    guarded = build(read_text(text % ", needs: {yes: a.goes}"))
    here, value = state_number(guarded, {"a.goes": "yes", "a.red": "no"}), np.zeros((1, 4))
    odds = {c.target: c.chance for c in next_choices(plain_game(guarded, value, noise=1), value, here)}
    assert odds[state_number(guarded, {"a.goes": "no", "a.red": "no"})] == pytest.approx(0.25)  # stays, red, goes away, both


def test_halving_the_step_divides_the_error_by_about_eight():
    made, dense = random_game(5)
    expected = dense.values(2.0, tolerance=1e-12)(0)
    errors = [np.abs(play_game(made, horizon=2, sweeps=n, slices=4, estimate_error=False).values - expected).max() for n in (128, 256, 512)]
    assert 5 < errors[0] / errors[1] < 12 and 5 < errors[1] / errors[2] < 12


def test_sweeps_are_doubled_until_the_error_is_small_and_too_few_are_refused():
    made, dense = random_game(8)
    found = play_game(made, horizon=6)
    assert found.error <= 0.01 * made.noise.min()
    assert np.abs(found.values - dense.values(6)(0)).max() < 3 * found.error + 1e-7
    with pytest.raises(AskError, match="at least"):
        play_game(made, horizon=6, sweeps=4)


def test_half_the_horizon_is_a_slice_and_twice_goes_on_from_once():
    made, _ = random_game(11)
    found = play_game(made, horizon=4, sweeps=800)
    for horizon, column in ((2, 0), (8, 2)):
        other = play_game(made, horizon=horizon, sweeps=200 * horizon)
        expected = [c.chance or 0 for c in other.next_choices(0)]
        assert horizon_sensitivity(found, state=0).chances[:, column] == pytest.approx(expected, abs=1e-4)
    assert "largest change" in str(horizon_sensitivity(found, state=0))


def test_values_between_stored_times_are_between_their_values():
    made, _ = random_game(2)
    found = play_game(made, horizon=4, sweeps=400)
    assert np.allclose(values_at(found, float(found.times[3])), found.slices[3])
    step = float(found.times[4] - found.times[3])
    assert step < 0.5 and not np.allclose(found.slices[3], found.slices[4], rtol=1e-6)
    assert np.allclose(values_at(found, float(found.times[3]) + step / 4), found.slices[3] * 0.75 + found.slices[4] * 0.25)
    with pytest.raises(AskError, match="past-horizon"):
        values_at(found, 5)


@in_depth
def test_more_than_sixty_five_thousand_states_agree_with_sparse_matrices():
    guard = "never: [{that: p1.l0 and p2.l0 and p3.l0}]"
    graph = free([3, 2, 2, 2, 2, 2, 2, 2], guard)
    rng = np.random.default_rng(0)
    made = plain_game(graph, rng.normal(size=(8, graph.n_states)))
    assert graph.n_states > 65_536
    uniform = move_rates(replace(made, noise=np.full(8, 1e12)), made.flow)
    among = []
    for i in range(8):
        mine = uniform.who == i
        who = (np.ones(mine.sum()), (uniform.source[mine], uniform.target[mine]))
        among.append(csr_array(who, shape=(graph.n_states,) * 2) + csr_array((np.ones(graph.n_states), (np.arange(graph.n_states),) * 2)))

    def slope(values):
        out = made.flow - (0.1 + 8) * values
        for i in range(8):
            odds = np.exp(values[i] / 0.5)
            total = among[i] @ odds
            after = (among[i] @ (odds[:, None] * values.T) / total[:, None]).T
            after[i] = 0.5 * np.log(total)
            out += after
        return out

    values, h = np.zeros((8, graph.n_states)), 0.1 / 5
    for _ in range(5):
        k1 = slope(values)
        k2 = slope(values + h / 2 * k1)
        k3 = slope(values + h / 2 * k2)
        values = values + h / 6 * (k1 + 2 * k2 + 2 * k3 + slope(values + h * k3))
    found = play_game(made, horizon=0.1, sweeps=64, slices=2, estimate_error=False)
    assert np.abs(found.values - values).max() < 1e-5


def test_threads_change_nothing():
    graph = free([3, 3, 3, 3, 3])
    made = plain_game(graph, np.random.default_rng(0).normal(size=(5, graph.n_states)))
    one, two = (play_game(made, horizon=0.5, sweeps=16, threads=n, estimate_error=False) for n in (1, 2))
    assert np.array_equal(one.values, two.values)


@pytest.mark.parametrize("n_parties", [1, 2, 3, 5, 9, 17])
def test_any_number_of_parties_is_played(n_parties):
    graph = free([1] * min(n_parties, 6) + [0] * max(0, n_parties - 6)) if n_parties <= 6 else many_parties(n_parties)
    rng = np.random.default_rng(n_parties)
    made = plain_game(graph, rng.normal(size=(n_parties, graph.n_states)))
    found = play_game(made, horizon=1)
    backwards = play_game(made, horizon=1, end=None, slices=2)
    assert np.allclose(found.values, backwards.values, atol=1e-2) and found.values.shape == made.flow.shape


def many_parties(n: int):
    """Parties of which only the first six have a lever that anything can happen to."""
    lines = ["bestand: 1", "title: many", "parties:", *(f"  p{i}: {{name: P{i}}}" for i in range(n)), "levers:"]
    lines += [f"  p{i}.l: {{is: a lever}}" for i in range(n)]
    lines += ["wants: {p0: [{that: p0.l}]}", f"views: {{part: {{vary: [{', '.join(f'p{i}.l' for i in range(6))}]}}}}"]
    return build(read_text("\n".join(lines)), view="part")


def test_the_example_of_the_catalogue_can_be_played():
    asked = conflict(read("ukraine/2025-04"), view="core")
    found = play(asked, months=3, sweeps=96, discount=dict.fromkeys(asked.parties, 0.02))
    moving = {party for party, moves in zip(asked.parties, asked.graph.moves, strict=True) if moves.target.size}
    assert len(moving) == 4 and {row[0] for row in found.table().rows} >= moving


def test_wrong_questions_are_refused():
    made = plain_game(free([1]), [[0, 1]])
    for wrong in ({"horizon": 0}, {"horizon": 1, "end": np.zeros((2, 2))}):
        with pytest.raises(AskError, match="bad-number"):
            play_game(made, **wrong)
    case = read_text("bestand: 1\ntitle: t\nparties: {a: {name: A}}\nlevers: {a.x: {is: x}}\nwants: {a: [{that: a.x}]}\n")
    with pytest.raises(AskError, match="ordinal"):
        game(conflict(case))


def test_play_stops_halving_its_steps_when_time_is_up_and_says_what_error_is_left():
    made, _ = random_game(8)
    whole = play_game(made, horizon=60)
    ticks = iter(range(1_000_000))
    hasty = play_game(made, horizon=60, budget=Budget(seconds=15, clock=lambda: float(next(ticks))))
    assert hasty.sweeps < whole.sweeps and hasty.error > whole.error
    with pytest.raises(AskError, match="too-long"):
        play_game(made, horizon=60, budget=Budget(seconds=1e-9))


def test_no_discount_is_played_and_only_what_is_kept_for_ever_has_no_value():
    made = replace(plain_game(free([1]), [[0, 1]]), discount=np.zeros(1))
    found = play_game(made, horizon=10)
    assert found.values[0, 1] - found.values[0, 0] == pytest.approx(1 - np.exp(-10.0), abs=1e-4)  # D' = 1 − tempo D
    with pytest.raises(AskError, match="no-value"):
        play_game(made, horizon=10, afterwards="as it stands")


@pytest.mark.parametrize("unit", [10.0, 1000.0, 1e-9])
@pytest.mark.parametrize("noise", [0.0, 0.4])
def test_no_unit_of_worth_changes_a_choice(unit, noise):
    for seed in range(4):
        made, _ = random_game(seed)
        made = replace(made, noise=np.full(made.noise.size, noise))
        other = replace(made, flow=unit * made.flow, noise=unit * made.noise, cost=tuple(unit * part for part in made.cost))
        one, two = (play_game(each, horizon=3, sweeps=400) for each in (made, other))
        assert np.allclose(unit * one.values, two.values, rtol=1e-9, atol=1e-9 * unit)
        assert np.allclose(move_rates(made, one.values).rate, move_rates(other, two.values).rate, atol=1e-9)
        assert [c.per_month for c in one.next_choices(0)] == pytest.approx([c.per_month for c in two.next_choices(0)], abs=1e-9)


NEVER = """
bestand: 1
title: Who never gets a chance to move
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}}
wants:
  a: [{that: a.x, worth: 2, assumed: t}, {that: not b.y, worth: 1, assumed: t}]
  b: [{that: b.y, worth: 1, assumed: t}, {that: not a.x, worth: 5, assumed: t}]
play: {tempo: {a: 0, b: TEMPO}, discount: {a: DISCOUNT, b: DISCOUNT}}
"""


@pytest.mark.parametrize("months", [2.0, 12.0])
@pytest.mark.parametrize("a_year", [0.0, 0.2])
def test_who_has_no_chance_to_move_never_acts_and_the_other_chooses_by_the_closed_form(months, a_year):
    asked = conflict(read_text(NEVER.replace("TEMPO", "1").replace("DISCOUNT", str(a_year))))
    made = play(asked, months=months)
    rate = 1 + a_year / 12
    apart = (1 - np.exp(-rate * months)) / rate  # D' = 1 − (discount + tempo) D, where only one's own lever is worth something
    odds = 1 / (1 + np.exp(-apart / 0.5))
    assert {c.who: c.chance for c in made.next_choices() if c.target} == {"b": pytest.approx(odds, abs=1e-4)}
    assert "a never acts: the tempo is 0" in made.table().notes and "a" not in {row[0] for row in made.table().rows}
    assert "a never acts: the tempo is 0" in horizon_sensitivity(made).table().notes


@pytest.mark.parametrize("a_year", [0.0, 0.2])
def test_where_nobody_has_a_chance_to_move_states_are_worth_their_flow_for_so_long(a_year):
    made = play(conflict(read_text(NEVER.replace("TEMPO", "0").replace("DISCOUNT", str(a_year)))), months=12)
    long = 12 if a_year == 0 else (1 - np.exp(-a_year)) / (a_year / 12)
    assert np.allclose(made.values, made.game.flow * long, rtol=1e-6)
    assert made.next_choices() == () and "a, b never act: the tempo is 0" in made.table().notes


def test_for_ever_who_has_no_chance_to_move_leaves_the_choice_to_the_other():
    rested = equilibrium(conflict(read_text(NEVER.replace("TEMPO", "1").replace("DISCOUNT", "0.2"))))
    assert max(rested.policy.at(0, 1).values()) == pytest.approx(1 / (1 + np.exp(-1 / (1 + 0.2 / 12) / 0.5)), abs=1e-4)
    assert "a never acts: the tempo is 0" in rested.table().notes


@in_depth
def test_the_table_has_the_three_likeliest_options_of_each_party_the_likeliest_first():
    asked = conflict(read("ukraine/2025-04"), view="core")
    played = play(asked, months=3, discount=dict.fromkeys(asked.parties, 0.02))
    options, rows = played.next_choices("now"), played.table().rows
    for who in dict.fromkeys(choice.who for choice in options):
        expected = sorted((choice.per_month for choice in options if choice.who == who), reverse=True)[:3]
        assert [row[3] for row in rows if row[0] == who] == expected
    assert max(sum(choice.who == who for choice in options) for who in asked.parties) > 3


@pytest.mark.parametrize("given", ["fast", True, None, [1.0], {"tempo": 1}])
def test_numbers_of_play_that_are_none_are_refused(given):
    asked = conflict(read_text("bestand: 1\ntitle: t\nparties: {a: {name: A}}\nlevers: {a.x: {is: x}}\nwants: {a: [{that: a.x, worth: 1}]}\n"))
    for name in ("tempo", "noise", "discount"):
        with pytest.raises(AskError, match=r"play/(bad-number|unknown-party)"):
            game(asked, **{name: {"a": given}})
    with pytest.raises(AskError, match="play/bad-number"):
        game(asked, move_cost={"a.x": given})
