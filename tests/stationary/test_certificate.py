"""The certificate finds what is wrong with an answer, and nothing where nothing is."""

from __future__ import annotations

import ast
import pathlib

import numpy as np
import pytest

from bestand.errors import AskError
from bestand.stationary import certificate as module
from bestand.stationary.certificate import certificate
from bestand.stationary.equilibrium import solve
from bestand.stationary.policy import Policy, policy_of
from tests.depth import spread
from tests.oracle import dense_games as plain


def policy(n, *parties):
    """A policy from mappings (state, target): chance."""
    first, target, chance = [], [], []
    for own in parties:
        pairs = sorted(own)
        count = np.bincount([s for s, _ in pairs], minlength=n) if pairs else np.zeros(n, int)
        first.append(np.concatenate(([0], np.cumsum(count))))
        target.append(np.array([t for _, t in pairs], np.uint32))
        chance.append(np.array([own[pair] for pair in pairs], float))
    return Policy(tuple(first), tuple(target), tuple(chance))


def ladder():
    """One party climbs from 0 to 1 to 2, each step worth one a month more."""
    return plain.small_game([[0.0, 1.0, 2.0]], [{(0, 1): 0.1, (1, 2): 0.1}], discount=0.5)


def test_the_module_that_checks_imports_nothing_of_the_solver():
    tree = ast.parse(pathlib.Path(module.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in imported if name.startswith(("bestand.graph", "bestand.play", "bestand.stationary"))} == {"bestand.graph.game", "bestand.stationary.policy"}
    assert not any("_kernels" in name for name in imported)


def test_an_equilibrium_leaves_nothing_to_gain():
    game = ladder()
    check = certificate(game, policy(3, {(0, 1): 1.0, (1, 2): 1.0}))
    assert check.gain.max() < 1e-12
    assert check.regret.max() < 1e-12
    assert check.share < 1e-12


def test_staying_where_moving_pays_is_found_with_its_place():
    check = certificate(ladder(), policy(3, {(0, 1): 1.0}))
    assert (check.state, check.party, check.move) == (1, 0, 2)
    # staying at 1 is worth 1 / 0.5, moving 2 / 0.5 less 0.1
    assert np.isclose(check.gain[0], 4.0 - 0.1 - 2.0)
    # for ever: (1 + 1 * (4 - 0.1)) / 1.5 against 2
    assert check.regret[0] >= (1 + 3.9) / 1.5 - 2 - 1e-12
    assert check.regret[0] <= check.at_most[0] + 1e-12
    assert "%" in str(check)


def test_moving_where_staying_pays_is_found_too():
    game = plain.small_game([[1.0, 0.0]], [{(0, 1): 0.0}], discount=0.5)
    check = certificate(game, policy(2, {(0, 1): 0.5}))
    assert check.move is None
    assert check.state == 0


def test_values_that_are_wrong_widen_the_bound_by_what_they_can_hide():
    game = ladder()
    chosen = policy(3, {(0, 1): 1.0, (1, 2): 1.0})
    true = plain.values_of(game, [[np.array([0.0, 1.0])], [np.array([0.0, 1.0])], [np.array([1.0])]])
    assert certificate(game, chosen, true).share < 1e-12
    check = certificate(game, chosen, true + 0.01)
    assert np.isclose(check.residual[0], 0.01 * 0.5)
    assert np.isclose(check.error[0], 0.01)
    assert check.bound[0] >= 0.02 - 1e-12


@spread("seed", range(60))
def test_the_true_regret_never_exceeds_what_the_one_shot_gain_allows(seed):
    r = np.random.default_rng(seed)
    moves = [{(s, t): 0.2 * r.random() for s in range(5) for t in range(5) if s != t and r.random() < 0.5} for _ in range(2)]
    game = plain.small_game(r.random((2, 5)), moves, tempo=[0.5, 1.0], discount=[0.1, 0.3], chances=[(0.1, 0, 3)])
    drawn = [{pair: r.random() / 5 for pair in own} for own in moves]
    chosen = policy(5, *drawn)
    check = certificate(game, chosen)
    choices = plain.choices_of(game)
    chances = [[np.array([1 - sum(drawn[k].get((s, t), 0) for t, _ in own[1:]), *(drawn[k].get((s, t), 0) for t, _ in own[1:])]) for k, own in enumerate(row)] for s, row in enumerate(choices)]
    values = plain.values_of(game, chances)
    gain = [
        max(max(values[k, t] - c for t, c in choices[s][k]) - sum(p * (values[k, t] - c) for (t, c), p in zip(choices[s][k], chances[s][k], strict=True)) for s in range(5))
        for k in range(2)
    ]
    assert np.allclose(check.gain, gain)
    assert (check.regret <= check.at_most + 1e-9).all()
    assert np.allclose(certificate(game, chosen, values).gain, gain)


@spread("seed", range(20))
def test_a_disturbed_logit_equilibrium_is_found_out(seed):
    r = np.random.default_rng(seed)
    moves = [{(s, t): 0.0 for s in range(4) for t in range(4) if s != t} for _ in range(2)]
    game = plain.small_game(r.random((2, 4)), moves, noise=0.3, discount=0.1)
    found = solve(game)
    good = certificate(game, found.policy)
    assert good.chance_gap < 1e-9
    assert good.gain.max() < 1e-9
    other = Policy(found.policy.first, found.policy.target, tuple(0.9 * chance for chance in found.policy.chance))
    bad = certificate(game, other)
    assert bad.chance_gap > 0.01
    assert bad.gain.max() > 1e-5


@pytest.mark.parametrize("wrong", [{(0, 2): 1.0}, {(0, 1): 1.5}, {(0, 1): -0.1}, {(2, 0): 0.5}])
def test_what_is_no_policy_is_refused(wrong):
    with pytest.raises(AskError) as caught:
        certificate(ladder(), policy(3, wrong))
    assert caught.value.code == "stationary/not-a-policy"


def test_moves_never_taken_may_be_left_out():
    whole = policy_of([np.array([0, 1, 2, 2])], [np.array([1, 2], np.uint32)], [np.array([1.0, 0.0])])
    assert whole.target[0].tolist() == [1]
    assert whole.staying(0).tolist() == [0.0, 1.0, 1.0]
