"""Stationary equilibria: published lists and values, plain dense solutions, and what may not change an answer."""

from __future__ import annotations

import dataclasses
import json
import os

import numpy as np
import pytest

from bestand.case.read import read_text
from bestand.errors import AskError
from bestand.graph.build import build
from bestand.graph.conflict import conflict
from bestand.graph.game import Game
from bestand.graph.game import game as played
from bestand.stationary import ladder
from bestand.stationary.certificate import certificate
from bestand.stationary.components import listing
from bestand.stationary.enumeration import pure_equilibria
from bestand.stationary.equilibrium import solve
from bestand.stationary.policy import Policy
from bestand.truce.ahead import equilibrium
from tests.depth import in_depth, spread
from tests.oracle import dense_games as plain
from tests.oracle.given_games import game_of

DISCOUNT = 1 / 0.95 - 1


def enumerated(shared):
    return json.loads((shared / "oracles" / "games" / "async_enumerated.json").read_text())


def flips(row) -> Game:
    flow = np.array(row["u"]).T
    moves = [{(s, s ^ (1 << k)): row["flip_cost"] for s in range(flow.shape[1])} for k in range(2)]
    return plain.small_game(flow, moves, tempo=row["activation"], discount=1 / row["delta"] - 1)


def random_game(seed, *, n=4, n_parties=2, noise=0.0, density=0.45, back=True, events=False, cost=0.3) -> Game:
    r = np.random.default_rng(seed)
    moves = [
        {(s, t): float(cost * r.random()) for s in range(n) for t in range(n) if s != t and (back or t > s) and r.random() < density}
        for _ in range(n_parties)
    ]
    chances = [(0.2 * r.random() + 0.01, s, int(r.integers(n))) for s in range(n) if events and r.random() < 0.5]
    chances = [(rate, s, t) for rate, s, t in chances if s != t and (back or t > s)]
    tempo = r.uniform(0.2, 1.5, n_parties)
    discount = r.choice([0.03, 0.1, 0.4], n_parties)
    return plain.small_game(r.random((n_parties, n)), moves, tempo=tempo, noise=noise, discount=discount, chances=chances)


def checked(game, **how):
    """A solution with its certificate repeated from the policy alone."""
    found = solve(game, **how)
    again = certificate(game, found.policy, surplus=found.surplus)
    assert again.share <= 2 * found.tolerance + 1e-12
    for k in range(len(game.tempo)):
        total = found.policy.staying(k) + [sum(found.policy.at(s, k).values()) for s in range(game.graph.n_states)]
        assert np.allclose(total, 1)
    return found


# ---- published lists and values -----------------------------------------------------------------------------------------
def test_every_pure_equilibrium_of_the_enumerated_games_is_listed(shared):
    for row in enumerated(shared):
        game = flips(row)
        mine = pure_equilibria(game)
        theirs = np.array([row["delta"] * np.array(one["V"]).T for one in row["pure_MPE"]]).reshape(-1, 2, game.graph.n_states)
        assert len(mine) == row["n_pure_MPE"]
        for values in theirs:
            assert np.abs(mine - values).max(axis=(1, 2)).min() < 1e-9


def test_each_enumerated_game_gets_an_equilibrium_of_the_list_or_a_mixed_one(shared):
    for row in enumerated(shared):
        found = checked(flips(row))
        mixed = any(0 < p < 1 for chance in found.policy.chance for p in chance)
        assert mixed == (row["n_pure_MPE"] == 0)
        assert found.certificate.regret.max() < 1e-9
        if not mixed:
            assert np.abs(found.pure - found.values).max(axis=(1, 2)).min() < 1e-9


QUICK = [f"L{levers}_{kind}_{k}" for levers in ("4_N2", "6_N2", "6_N3") for kind in ("pairwise", "random") for k in (0, 1)]
DENSE = [f"L8_N2_{kind}_{k}" for kind in ("pairwise", "random") for k in (0, 1)]


@spread("name", QUICK + DENSE, first=3)
def test_logit_values_agree_with_the_published_ones(shared, name):
    if name in DENSE and os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        pytest.skip("512 unknowns round turns: seconds with OPENBLAS_NUM_THREADS=1, minutes where threads compete for cores")
    row = json.loads((shared / "oracles" / "games" / "async_logit10_values.json").read_text())["games"][f"async_{name}"]
    game = plain.game_of(dict(np.load(shared / "bench" / "games" / f"async_{name}.npz")), noise=0.1)
    found = solve(game, surplus=False)
    assert found.certificate.share < 1e-9
    assert found.certificate.chance_gap < 1e-9
    published = np.array(row["V_first_states"]).T
    mine = found.values[:, : published.shape[1]] * (1 + game.discount[:, None])
    if row["unique_as_far_as_seen"]:
        assert np.abs(mine - published).max() < 1e-6


@spread("name", ["scc1_cost.5_seed0", "scc1_cost.5_seed1", "scc4_seed0", "scc4_seed1", "scc16_seed0"], first=1)
def test_games_of_4096_states_in_small_components_are_solved(shared, name):
    game = plain.game_of(dict(np.load(shared / "bench" / "games" / f"amg_L12_N5_{name}.npz")))
    found = solve(game)
    assert sum(found.rungs.values()) == listing(game).n_components
    assert found.certificate.share <= 1e-6


# ---- against plain dense solutions --------------------------------------------------------------------------------------
@spread("seed", range(120))
def test_pure_lists_agree_with_trying_every_policy(seed):
    game = random_game(seed, n=3, density=0.5, events=seed % 3 == 0)
    theirs = plain.pure_equilibria(game)
    mine = pure_equilibria(game)
    assert len(mine) == len(theirs)
    for _, values in theirs:
        assert np.abs(mine - values).max(axis=(1, 2)).min() < 1e-9
    found = checked(game)
    if len(theirs) == 1 and max((p for chance in found.policy.chance for p in chance), default=1.0) == 1.0 and found.exhaustive:
        assert np.allclose(found.values, theirs[0][1])


@spread("seed", range(100))
def test_logit_equilibria_are_fixed_points_of_the_plain_definition(seed):
    n_parties = 2 + seed % 3
    game = random_game(seed, n=3 + seed % 6, n_parties=n_parties, noise=0.05 + 0.3 * (seed % 5), events=seed % 2 == 0, back=seed % 4 != 0)
    surplus = seed % 3 != 0
    found = checked(game, surplus=surplus)
    chances = plain.logit_of(game, found.values)
    assert np.allclose(plain.values_of(game, chances, entropy=surplus), found.values, atol=1e-8)


@spread("seed", range(60))
def test_exact_equilibria_are_worth_what_the_plain_definition_says(seed):
    game = random_game(seed, n=3 + seed % 5, n_parties=2 + seed % 2, events=seed % 2 == 0, back=seed % 3 != 0)
    found = checked(game)
    chances = [
        [np.array([1 - sum(found.policy.at(s, k).values()), *(found.policy.at(s, k).get(t, 0.0) for t, _ in own[1:])]) for k, own in enumerate(row)]
        for s, row in enumerate(plain.choices_of(game))
    ]
    values = plain.values_of(game, chances)
    assert np.allclose(values, found.values, atol=1e-8)
    for s, row in enumerate(plain.choices_of(game)):
        for k, own in enumerate(row):
            got = sum(p * (values[k, t] - cost) for (t, cost), p in zip(own, chances[s][k], strict=True))
            assert max(values[k, t] - cost for t, cost in own) <= got + 1e-5


def test_as_noise_falls_the_only_equilibrium_is_approached():
    compared = 0
    for seed in range(40):
        game = random_game(seed, n=3, back=False, density=0.8)
        exact = solve(game)
        if exact.several:
            continue
        little = solve(dataclasses.replace(game, noise=np.full(2, 1e-4)))
        assert np.abs(little.values - exact.values).max() < 0.05
        compared += 1
    assert compared > 20


def test_an_event_may_lead_from_one_state_to_several():
    """As one event with a state standing twice among its sources, or as two."""
    game = plain.small_game([[0.0, 1.0, 2.0]], [{(0, 1): 0.2}], discount=0.1, chances=[(0.3, 0, 1), (0.3, 0, 2)])
    one = game.graph.chances[0]
    both = dataclasses.replace(one, source=np.array([0, 0], np.uint32), target=np.array([1, 2], np.uint32))
    graph = dataclasses.replace(game.graph, chances=(both,))
    other = game_of(graph, game.flow, tempo=game.tempo, noise=game.noise, discount=game.discount, cost=game.cost)
    assert np.allclose(checked(other).values, checked(game).values)


def test_parties_with_and_without_noise_can_meet():
    game = random_game(3, n=4)
    found = solve(dataclasses.replace(game, noise=np.array([0.0, 0.2])), tolerance=1e-5)
    assert found.certificate.share <= 1e-5


# ---- what may not change an answer --------------------------------------------------------------------------------------
def relabelled(game: Game, new) -> Game:
    n = game.graph.n_states
    flow = np.empty_like(game.flow)
    flow[:, new] = game.flow
    moves = []
    for k in range(len(game.tempo)):
        own = plain.choices_of(game)
        moves.append({(int(new[s]), int(new[t])): cost for s in range(n) for t, cost in own[s][k][1:]})
    return plain.small_game(flow, moves, tempo=game.tempo, noise=game.noise, discount=game.discount)


@spread("seed", range(12))
@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_other_numbers_for_the_states_change_nothing(seed, noise):
    game = random_game(seed, n=5, back=False, noise=noise)
    new = np.random.default_rng(seed).permutation(5)
    assert np.allclose(solve(relabelled(game, new)).values[:, new], solve(game).values, atol=1e-9)


@spread("seed", range(12))
@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_worth_noise_and_cost_in_another_unit_change_only_the_unit(seed, noise):
    game = random_game(seed, n=4, noise=noise, back=seed % 2 == 0)
    other = dataclasses.replace(game, flow=7 * game.flow, noise=7 * game.noise, cost=tuple(7 * cost for cost in game.cost))
    assert np.allclose(solve(other).values, 7 * solve(game).values, atol=1e-7)


def test_a_constant_more_worth_each_month_moves_nobody():
    game = random_game(5, n=5, back=False)
    other = dataclasses.replace(game, flow=game.flow + 3.0)
    assert np.allclose(solve(other).values, solve(game).values + 3.0 / game.discount[:, None])


CASE = """
bestand: 1
title: a dispute
parties:
  a: {{name: A}}
  b: {{name: B}}
{extra_party}
levers:
  a.attacks: {{is: attacks, now: no, one_way: up}}
  b.arms: {{is: arms, now: no}}
{extra_lever}
wants:
  a: [{{that: a.attacks, worth: 2, assumed: made up}}, {{that: not b.arms, worth: 3, assumed: made up}}]
  b: [{{that: not a.attacks, worth: 4, assumed: made up}}, {{that: not b.arms, worth: 1, assumed: made up}}]
{extra_want}
"""


def dispute(extra: bool):
    text = CASE.format(
        extra_party="  c: {name: C}" if extra else "",
        extra_lever="  c.talks: {is: talks, now: no}" if extra else "",
        extra_want="  c: [{that: a.attacks, worth: 1, assumed: made up}]" if extra else "",
    )
    return conflict(read_text(text))


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_a_party_whose_lever_matters_to_nobody_changes_nothing(noise):
    without = equilibrium(dispute(False), noise=noise)
    beside = equilibrium(dispute(True), noise=noise)
    by_setting = {tuple(sorted(without.game.graph.at(s).items())): without.values[:, s] for s in range(4)}
    for s in range(8):
        at = beside.game.graph.at(s)
        at.pop("c.talks")
        assert np.allclose(beside.values[:2, s], by_setting[tuple(sorted(at.items()))], atol=1e-8)


# ---- no discount, no chance to move, any unit, any time ----------------------------------------------------------------------
PAIR = """
bestand: 1
title: two switches
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x}, b.y: {is: y}}
wants:
  a: [{that: a.x, worth: 2}, {that: not b.y, worth: 1}]
  b: [{that: b.y, worth: 1}, {that: not a.x, worth: 5}]
play: %s
"""


def test_a_party_that_never_gets_to_move_stays_and_the_other_chooses_by_the_closed_form():
    asked = conflict(read_text(PAIR % "{tempo: {a: 0, b: 1}}"))
    found = equilibrium(asked)
    better = 1 / (0.2 / 12 + 1)  # b's next chance to move comes after a month on average
    no, yes = asked.state("now"), asked.state("b.y=yes")
    assert found.policy.at(no, 0) == {} and found.policy.staying(0).min() == 1
    assert found.policy.at(no, 1)[yes] == pytest.approx(1 / (1 + np.exp(-better / 0.5)), abs=1e-6) == pytest.approx(0.877, abs=5e-4)
    assert found.certificate.gain[0] == 0 and found.values[1, yes] - found.values[1, no] == pytest.approx(better)


def test_no_discount_is_refused_where_what_lasts_is_worth_something():
    asked = conflict(read_text(PAIR % "{discount: {a: 0, b: 0}}"))
    with pytest.raises(AskError, match="no bound") as caught:
        equilibrium(asked)
    assert caught.value.code == "stationary/no-value"
    with pytest.raises(AskError, match="no-value"):
        certificate(game_of(asked.graph, np.zeros((2, 4)), tempo=np.ones(2), noise=np.zeros(2), discount=np.zeros(2)), Policy((), (), ()))


def test_no_discount_is_answered_where_everything_passes():
    """A costly wait of 2 a month that an event ends at rate .5 is worth -4; a way out at tempo 1 is taken, and then it is -2 / 1.5."""
    waits = plain.small_game([[-2.0, 0.0]], [set()], discount=0.0, chances=[(0.5, 0, 1)])
    assert solve(waits).values[0] == pytest.approx([-4.0, 0.0], abs=1e-6)
    leaves = plain.small_game([[-2.0, 0.0]], [{(0, 1): 0.0}], discount=0.0, chances=[(0.5, 0, 1)])
    found = solve(leaves)
    assert found.values[0] == pytest.approx([-2 / 1.5, 0.0], abs=1e-6) and found.policy.at(0, 0) == {1: 1.0}
    with pytest.raises(AskError, match="no-value"):
        solve(plain.small_game([[-2.0, 0.0]], [{(0, 1): 0.0}], discount=0.0))  # it may stay, and lose 2 a month for ever
    with pytest.raises(AskError, match="no-value"):
        solve(plain.small_game([[-2.0, 0.0]], [{(0, 1): 0.0}], discount=0.0, noise=0.3, chances=[(0.5, 0, 1)]))
    indifferent = plain.small_game([[0.0, 0.0], [1.0, 3.0]], [{(0, 1): 0.0}, set()], discount=[0.0, 0.1])
    assert solve(indifferent).values == pytest.approx(np.array([[0.0, 0.0], [10.0, 30.0]]))


@pytest.mark.parametrize("unit", [10.0, 1000.0, 1e-9])
@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_no_unit_of_worth_changes_who_does_what(unit, noise):
    for seed in range(6):
        one = random_game(seed, n=5, noise=noise, events=True)
        other = dataclasses.replace(one, flow=unit * one.flow, noise=unit * one.noise, cost=tuple(unit * cost for cost in one.cost))
        first, second = solve(one), solve(other)
        assert second.values / unit == pytest.approx(first.values, abs=1e-7)
        assert second.rungs == first.rungs and second.several == first.several
        for k in range(2):
            assert second.policy.staying(k) == pytest.approx(first.policy.staying(k), abs=1e-6)
        if first.pure is not None:
            assert len(first.pure) == len(second.pure)


@spread("unit", [10.0, 1000.0, 1e-9, 7.0, 0.3], first=1)
def test_no_unit_of_worth_changes_which_of_several_equilibria_is_found(unit):
    """Two parties that like two levers each set alike, or not: without noise a game of several equilibria, of which one is told."""
    for seed in range(20):
        r = np.random.default_rng(seed)
        names = [f"p{k % 2}.l{k}" for k in range(3 + seed % 2)]
        lines = ["bestand: 1", "title: t", "parties: {p0: {name: A}, p1: {name: B}}", "levers:"]
        lines += [f"  {name}: {{is: x, now: no}}" for name in names] + ["wants:"]
        for party in ("p0", "p1"):
            pairs = [(r.choice(names), "not " * int(r.integers(2)), r.choice(names), r.integers(1, 6)) for _ in range(3)]
            lines.append(f"  {party}: [{', '.join(f'{{that: {a} iff {no}{b}, worth: {w}}}' for a, no, b, w in pairs)}]")
        one = played(conflict(read_text("\n".join(lines)), scale="cardinal"), noise=0.0)
        first, second = solve(one), solve(dataclasses.replace(one, flow=unit * one.flow))
        assert second.several == first.several and second.rungs == first.rungs, seed
        assert all(np.array_equal(second.policy.staying(k), first.policy.staying(k)) for k in range(2)), seed
        assert second.values == pytest.approx(unit * first.values, rel=1e-9, abs=1e-9 * unit), seed


def levers_case(n: int):
    """Parties of several levers each, all of which go both ways: one component."""
    r = np.random.default_rng(1)
    names = [f"p{k % 3}.l{k}" for k in range(n)]
    lines = ["bestand: 1", "title: t", "parties: {p0: {name: A}, p1: {name: B}, p2: {name: C}}", "levers:"]
    lines += [f"  {name}: {{is: x, now: no}}" for name in names] + ["wants:"]
    for i in range(3):
        pairs = [r.choice(n, 2, replace=False) for _ in range(6)]
        wants = ", ".join(f"{{that: {names[a]} and not {names[b]}, worth: {r.integers(1, 5)}}}" for a, b in pairs)
        lines.append(f"  p{i}: [{wants}]")
    return conflict(read_text("\n".join(lines)))


@in_depth
def test_large_components_are_solved_by_long_play_and_pass_the_same_certificate():
    asked = levers_case(10)
    found = equilibrium(asked)
    assert found.rungs == {"play to its end, weights made exact": 1} and found.certificate.share < 1e-9
    branch = equilibrium(asked, select="logit")
    assert branch.rungs == {"Newton-Krylov, noise reduced": 1}
    assert branch.values == pytest.approx(found.values, abs=1e-6)  # here there is one, and both come to it


@spread("tempo", [{"p0": 1.0, "p1": 1.0, "p2": 0.0}, {"p0": 0.0, "p1": 0.0, "p2": 1.0}, {"p0": 0.0, "p1": 0.0, "p2": 0.0}, {"p0": 1.0, "p1": 1e-9, "p2": 1.0}], ids=str, first=1)
def test_a_large_component_is_solved_however_slowly_some_of_its_parties_move(tempo):
    asked = levers_case(10)
    found = equilibrium(asked, tempo=tempo)
    assert found.certificate.share < 1e-9
    for k, party in enumerate(asked.parties):
        assert np.all(found.policy.staying(k) == 1) == (tempo[party] == 0)


def test_the_least_that_a_ladder_takes_is_reckoned_by_states_and_parties_where_there_are_no_moves():
    from bestand.graph.budget import Budget
    from bestand.stationary.components import PER_MOVE, PER_VALUE, seconds_of_solving

    events = "".join(f"  e{k}: {{sets: {{w.l{k}: yes}}, per_month: 1, assumed: t}}\n" for k in range(12))
    levers = "".join(f"  w.l{k}: {{is: l{k}, assumed: t}}\n" for k in range(12))
    head = "bestand: 1\ntitle: t\nparties: {w: {name: W, chance: true}, a: {name: A}}\nwants: {a: [{that: w.l0, worth: 1}]}\nlevers:\n"
    asked = conflict(read_text(f"{head}{levers}events:\n{events}"), scale="cardinal")
    reckoned = seconds_of_solving(played(asked))
    assert 4096 * 2 * PER_VALUE <= reckoned < 4096 * 2 * PER_VALUE + 4096 * 12 * 2 * PER_MOVE
    with pytest.raises(AskError, match="graph/too-long"):
        equilibrium(asked, budget=Budget(seconds=reckoned / 4))


def test_time_that_is_up_is_a_refusal_that_says_so():
    from bestand.graph.budget import Budget

    ticks = iter(range(1_000_000))
    with pytest.raises(AskError, match="in the time allowed") as caught:
        equilibrium(levers_case(10), budget=Budget(seconds=1, clock=lambda: float(next(ticks))))
    assert caught.value.code == "stationary/no-equilibrium"
    with pytest.raises(AskError, match="bad-tolerance"):
        solve(stand_off(), tolerance=float("nan"))


# ---- choosing among several, and refusing -------------------------------------------------------------------------------
def stand_off():
    """Either may move first; each would rather that the other did: moving gives 2, the other's move gives 4."""
    flow = np.array([[0.0, 2.0, 4.0], [0.0, 4.0, 2.0]]) * DISCOUNT
    return plain.small_game(flow, [{(0, 1): 0.0}, {(0, 2): 0.0}], tempo=0.5, discount=DISCOUNT, parties=("a", "b"))


def test_the_rule_of_selection_is_followed_and_recorded():
    game = stand_off()
    values = {rule: solve(game, select=rule) for rule in ("status quo", "most movers", "best for a", "worst for a", "best for b")}
    assert all(found.several == 1 and found.exhaustive and found.select == rule for rule, found in values.items())
    assert np.allclose(values["status quo"].values[:, 0], 2)
    assert values["best for a"].values[0, 0] > 3
    assert np.allclose(values["best for b"].values[1, 0], values["best for a"].values[0, 0])
    low, high = values["status quo"].range()
    assert np.isclose(high[0, 0], values["best for a"].values[0, 0])
    assert low[0, 0] <= values["worst for a"].values[0, 0] + 1e-9
    assert len(values["status quo"].pure) == 2
    assert "several" in str(values["status quo"])


def test_the_logit_branch_ends_in_the_even_answer_of_an_even_game():
    found = solve(stand_off(), select="logit")
    assert np.allclose(found.values[:, 0], 2, atol=1e-5)


def test_an_unknown_rule_or_party_is_named():
    with pytest.raises(AskError, match="no rule 'status'") as caught:
        solve(stand_off(), select="status")
    assert caught.value.code == "stationary/unknown-rule"
    with pytest.raises(AskError, match="no party 'x'"):
        solve(stand_off(), select="best for x")


def test_what_is_not_found_is_refused_with_the_best_that_was(shared):
    game = plain.game_of(dict(np.load(shared / "bench" / "games" / "async_L6_N2_pairwise_1.npz")))
    with pytest.raises(AskError, match="no stationary equilibrium found at") as caught:
        solve(game, tolerance=1e-18)
    assert caught.value.code == "stationary/no-equilibrium"
    assert "horizon" in caught.value.problems[0].hint


def test_ordinal_worth_is_refused():
    case = read_text("bestand: 1\ntitle: t\nparties: {a: {name: A}}\nlevers: {a.x: {is: x}}\nwants: {a: [{that: a.x}]}\n")
    with pytest.raises(AskError, match="ordinal"):
        equilibrium(conflict(case))


def test_a_graph_in_which_nobody_can_move_is_worth_its_flow():
    game = plain.small_game([[1.0, 2.0]], [set()], discount=0.5)
    assert np.allclose(solve(game).values, [[2.0, 4.0]])
    assert np.allclose(solve(dataclasses.replace(game, noise=np.array([0.3]))).values, [[2.0, 4.0]])


# ---- components, and one case above every size boundary -----------------------------------------------------------------
def test_components_are_those_of_scipy_and_stand_successors_first():
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    for seed in range(30):
        game = random_game(seed, n=12, density=0.08, events=True)
        listed = listing(game)
        pairs = [(s, int(t)) for k in range(2) for s in range(12) for t in listed.target[k][listed.first[k][s] : listed.first[k][s + 1]]]
        pairs += [(s, int(t)) for s in range(12) for t in listed.chance_target[listed.chance_first[s] : listed.chance_first[s + 1]]]
        rows, columns = np.array(pairs).T
        count, label = connected_components(coo_matrix((np.ones(len(pairs)), (rows, columns)), shape=(12, 12)), connection="strong")
        assert listed.n_components == count
        number = np.empty(12, int)
        for c in range(count):
            members = listed.members(c)
            assert len(set(label[members])) == 1
            number[members] = c
        assert all(number[t] <= number[s] for s, t in pairs)


def large(reversible) -> Game:
    lines = ["bestand: 1", "title: large", "parties: {p0: {name: A}, p1: {name: B}, p2: {name: C}, p3: {name: D}}", "levers:"]
    lines += [f"  p{k % 4}.l{k}: {{is: a lever, now: no{'' if k in reversible else ', one_way: up'}}}" for k in range(17)]
    graph = build(read_text("\n".join(lines) + "\n"))
    flow, each = np.random.default_rng(1).random((4, graph.n_states)), np.ones(4)
    return game_of(graph, flow, tempo=0.25 * each, noise=0 * each, discount=DISCOUNT * each)


def test_131072_states_of_one_way_levers_are_solved_exactly():
    found = solve(large(()), tolerance=1e-11)
    assert found.exhaustive and "not looked for" not in str(found)
    assert found.certificate.gain.max() < 1e-10


@in_depth
def test_131072_states_with_noise_are_solved():
    game = large(())
    found = solve(dataclasses.replace(game, noise=np.full(4, 0.3)), tolerance=1e-9)
    assert found.certificate.chance_gap < 1e-9


@in_depth
def test_131072_states_with_reversible_levers_are_solved():
    found = solve(large((0, 1)))
    assert found.certificate.share <= 1e-6
    assert not found.exhaustive and "other equilibria may exist that were not looked for" in str(found)


def reversible(n_levers: int) -> str:
    """A newcomer's case: every lever can be put back, so that all states lead to each other."""
    levers = "".join(f"  p{k % 3}.l{k}: {{is: l, assumed: t}}\n" for k in range(n_levers))
    wants = "".join(f"  p{k}: [{{that: p{(k + 1) % 3}.l{(k + 1) % 3}, worth: 2, assumed: t}}]\n" for k in range(3))
    return f"bestand: 1\ntitle: T\nparties: {{p0: {{name: A}}, p1: {{name: B}}, p2: {{name: C}}}}\nlevers:\n{levers}wants:\n{wants}"


def test_equations_that_do_not_fit_are_refused_before_they_are_written_out(monkeypatch):
    game = conflict(read_text(reversible(6)), scale="cardinal")
    assert equilibrium(game).certificate.share <= 1e-6
    monkeypatch.setattr(ladder, "MOST_BYTES", 200 * 64 * (3 + 9))
    assert equilibrium(game).certificate.share <= 1e-6
    monkeypatch.setattr(ladder, "MOST_BYTES", 199 * 64 * (3 + 9))
    monkeypatch.setattr(ladder, "system", lambda *_, **__: pytest.fail("written out"))
    with pytest.raises(AskError, match=r"too-many-moves\] 64 states lead to each other, and their 768 moves"):
        equilibrium(game)


@in_depth
def test_eighteen_levers_that_can_be_put_back_are_refused_at_once():
    with pytest.raises(AskError, match="262,144 states lead to each other"):
        equilibrium(conflict(read_text(reversible(18)), scale="cardinal"))


def test_the_table_has_a_row_per_state_and_party_and_tells_what_moves_change():
    found = equilibrium(conflict(read_text(TOLD)))
    rows = found.table().rows
    assert [row[:2] for row in rows[:3]] == [("now", "a"), ("now", "b"), ("a.x=yes", "a")] and len(rows) == 2 * found.game.graph.n_states
    moves = {row[:2]: row[3] for row in rows}
    assert moves["now", "a"] == "100 %: a.x=yes, a.y=yes" and moves["now", "b"] == "stays"


TOLD = """
bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x}, a.y: {is: y}, b.z: {is: z}}
wants: {a: [{that: a.x and a.y, worth: 1}], b: [{that: not b.z, worth: 1}]}
play: {tempo: {a: 1, b: 1}, noise: {a: 0, b: 0}, discount: {a: 0.1, b: 0.1}}
"""
