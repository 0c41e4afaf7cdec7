"""Events that follow almost at once are played apart: the same answers as steps short enough for them, in a fraction of the steps."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from bestand import kernels
from bestand.errors import KernelError
from bestand.graph.conflict import conflict_of
from bestand.graph.game import Game, game_arrays, in_own_units, worth_units
from bestand.graph.model import Chance, Worth
from bestand.play.fast import fast_events, largest_leaving
from bestand.play.horizon import fewest_sweeps, largest_rate, play_game, played_apart
from bestand.play.many import survive_many, values_of_movers
from bestand.play.survival import survival_under
from tests.depth import spread
from tests.oracle.dense_play import Dense, random_game


def event(rate: float, source: list[int], target: list[int]) -> Chance:
    return Chance(f"at {rate:g}", rate, np.array(source, np.uint32), np.array(target, np.uint32))


@cache
def with_reset(seed: int, rate: float) -> tuple[Game, Dense]:
    """A random game in which some states are left at once for others, which are not; for our code and written out."""
    made, dense = random_game(seed, 24)
    n = made.graph.n_states
    leaves = np.random.default_rng(seed).permutation(n)[: max(1, n // 3)]
    stays = np.setdiff1d(np.arange(n), leaves)
    target = stays[np.random.default_rng(seed + 1).integers(0, stays.size, leaves.size)]
    graph = replace(made.graph, chances=(*made.graph.chances, event(rate, leaves.tolist(), target.tolist())))
    worth = Worth(graph.parties, np.zeros((1, *made.flow.shape), np.uint32), made.flow[None], "cardinal")
    chance = dense.chance.copy()
    chance[leaves, target] += rate
    return replace(made, conflict=conflict_of(graph, worth), rate=np.append(made.rate, rate)), replace(dense, chance=chance)


def plainly(dense: Dense, reset: np.ndarray, horizon: float, n_steps: int, end: np.ndarray) -> np.ndarray:
    """Steps of SSPRK(4,3) in which the difference of a fleeting state to where it leads goes by exponential Euler, written out.

    reset : (n, n) rates of the fast event
    """
    slow, rate = replace(dense, chance=dense.chance - reset), reset.sum(axis=1)
    fleeting = rate > 0
    leads = np.where(fleeting[:, None], reset / np.where(fleeting, rate, 1)[:, None], 0)
    half = horizon / n_steps / 2
    left = np.exp(-rate * half)
    counts = np.where(fleeting, (1 - left) / np.where(fleeting, rate, 1), half)

    def apart(x: np.ndarray) -> np.ndarray:
        return x - x @ leads.T

    def euler(values: np.ndarray, start: np.ndarray, share: float) -> np.ndarray:
        drift = slow.right_hand_side(values)
        after = (1 - share) * (values + half * drift) + share * start
        differs = (1 - share) * (left * apart(values) + counts * apart(drift)) + share * apart(start)
        return np.where(fleeting, differs + after @ leads.T, after)

    values = end
    for _ in range(n_steps):
        start = values
        for share in (0, 0, 2 / 3, 0):
            values = euler(values, start, share)
    return values


@cache
def seeds() -> list[int]:
    """Of random games in which the reset is played apart."""
    return [seed for seed in range(60) if played_apart(with_reset(seed, 80.0)[0]).any()]


def test_most_random_games_with_a_reset_have_it_played_apart():
    assert len(seeds()) > 50
    assert all(largest_rate(with_reset(seed, 80.0)[0]) < 30 for seed in seeds())


@spread("k", range(25))
def test_steps_are_those_written_out(k):
    made, dense = with_reset(seed := seeds()[k], 80.0)
    end = np.random.default_rng(seed).normal(size=made.flow.shape)
    reset = (dense.chance - random_game(seed, 24)[1].chance).round(6)
    found = play_game(made, horizon=1.5, end=end, sweeps=96, slices=2)
    expected = plainly(dense, reset, 1.5, 24, end)
    assert np.abs(found.values - expected).max() < 1e-10 * np.abs(expected).max()


@spread("first", range(0, 50, 5), first=1)
def test_values_are_those_of_a_plain_dense_solution(first):
    for seed in seeds()[first : first + 5]:
        made, dense = with_reset(seed, 80.0)
        expected = dense.values(3.0, tolerance=1e-8)
        found = play_game(made, horizon=3.0, sweeps=256, slices=8)
        scale = 1 + np.abs(expected(0)).max()
        assert np.abs(found.values - expected(0)).max() < 3e-4 * scale, seed
        assert np.abs(found.values - expected(0)).max() < 3 * found.error + 1e-6 * scale, seed
        finer = play_game(made, horizon=3.0, sweeps=1024, slices=8)
        assert np.abs(finer.values - expected(0)).max() < 1e-4 * scale, seed


@spread("k", range(12))
def test_survival_is_that_of_a_plain_forward_equation_and_draws_at_once_are_each_alone(k):
    made, priced = with_reset(seed := seeds()[k], 60.0)
    dense = replace(priced, option=np.where(np.isfinite(priced.option), 0.0, np.inf))
    rng = np.random.default_rng(seed)
    holds = rng.random(made.graph.n_states) < 0.7
    holds[0] = True
    months, start = [0.5, 1.0, 3.0], np.eye(made.graph.n_states)[0]
    expected = dense.alive(dense.values(6.0), start, holds, months)
    flow, rate = np.stack([made.flow, 1.3 * made.flow]), np.stack([made.rate, made.rate * np.append(np.ones(made.rate.size - 1), 0.7)])
    many = survive_many(
        made.conflict, flow=flow, tempo=made.tempo[None], noise=made.noise[None], discount=made.discount[None], chance=rate, horizon=6.0, start=start, truce=holds,
        months=months, sweeps=768, slices=96,
    )  # fmt: skip
    free = replace(made, cost=tuple(np.zeros_like(part) for part in made.cost))
    for d in range(2):
        played = play_game(replace(free, flow=flow[d], rate=rate[d]), horizon=6.0, sweeps=768, slices=96)
        alone = survival_under(played, start=start, truce=holds, months=months)
        assert many.alive[d] == pytest.approx(alone.alive[0], abs=1e-6)
    assert many.alive[0] == pytest.approx(expected, abs=1e-4)


def test_values_of_movers_are_those_of_play_and_none_for_who_cannot_move():
    for seed in seeds()[:10]:
        made, _ = with_reset(seed, 80.0)
        moves = [i for i, own in enumerate(made.graph.moves) if own.target.size]
        games = [replace(made, flow=factor * made.flow, rate=factor * made.rate) for factor in (1.0, 1.2, 0.9)] * 4
        found = values_of_movers(games, horizon=2.0)
        for game, values in zip(games, found, strict=True):
            alone = play_game(game, horizon=2.0, sweeps=max(fewest_sweeps(largest_rate(each), 2.0) for each in games))
            assert np.abs(values[moves] - alone.values[moves]).max() <= 3 * alone.error + 1e-9
            assert not values[[i for i in range(len(made.graph.moves)) if i not in moves]].any()


def test_what_is_played_apart():
    once = np.array([3.0])
    rate = lambda *each: np.array([each])  # noqa: E731
    reset, back, next_, usual = event(30, [1], [0]), event(30, [0], [1]), event(40, [2], [1]), event(1, [0], [2])
    assert fast_events([reset, usual], rate(30, 1), once, 3).tolist() == [True, False]
    assert fast_events([reset, back], rate(30, 30), once, 3).tolist() == [False, False]  # one of the two would be left: nothing gained
    assert fast_events([reset, next_], rate(30, 40), once, 3).tolist() == [False, False]
    assert fast_events([reset], rate(7), once, 3).tolist() == [False]
    assert fast_events([reset], np.array([[30.0], [7.0]]), np.array([3.0, 3.0]), 3).tolist() == [False]  # not in every draw
    assert fast_events([], np.zeros((1, 0)), once, 3).tolist() == []


def test_the_largest_rate_is_that_of_the_state_that_is_left_most():
    rng = np.random.default_rng(5)
    for _ in range(50):
        n, n_events = int(rng.integers(1, 40)), int(rng.integers(1, 12))
        events = [event(1.0, rng.integers(0, n, k).tolist(), rng.integers(0, n, k).tolist()) for k in rng.integers(0, 30, n_events)]
        rate = rng.random((4, n_events))
        expected = [max(sum(rate[d, c] * (each.source == s).sum() for c, each in enumerate(events)) for s in range(n)) for d in range(4)]
        assert largest_leaving(events, rate, n) == pytest.approx(np.array(expected))


def test_the_door_refuses_events_that_cannot_be_played_apart():
    made, _ = with_reset(seeds()[0], 80.0)
    game = game_arrays(in_own_units(made)).named()
    end = np.zeros((1, *made.flow.shape)) / worth_units(made.flow, made.cost, made.noise)[:, None]
    source = int(made.graph.chances[-1].source[0])
    loop = (*made.graph.chances[:-1], event(80, [source], [source]))
    run, last = {"end": end, "horizon": 1.0, "n_slices": 2, "steps_each": 200, "surplus": True, "threads": 1}, np.arange(len(loop)) == len(loop) - 1
    with pytest.raises(KernelError, match="leads to a state that a fast event leaves"):
        kernels.play_back(**{**game, "chances": loop}, **run, fast=last)
    with pytest.raises(KernelError, match="`fast` must have shape"):
        kernels.play_back(**game, **run, fast=np.array([True] * 9))
    with pytest.raises(KernelError, match="must have a rate in every draw"):
        kernels.play_back(**{**game, "chance": game["chance"] * 0}, **run, fast=last)
