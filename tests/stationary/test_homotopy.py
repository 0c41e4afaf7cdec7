"""The branch of logit equilibria: where it ends does not depend on how it is stepped along, and where it is straight it is soon walked."""

from __future__ import annotations

import numpy as np

import bestand
from bestand.graph.conflict import conflict
from bestand.stationary import homotopy
from bestand.stationary.components import listing
from bestand.stationary.logit import System, system
from bestand.truce.ahead import equilibrium
from tests.depth import spread
from tests.stationary.test_equilibrium import random_game


def any_system(seed: int) -> tuple[System, float]:
    """The largest component of a small random game, and its noise."""
    r = np.random.default_rng(seed)
    n, n_parties, noise = int(r.integers(4, 14)), int(r.integers(2, 4)), float(r.choice([0.1, 0.02, 0.004, 0.0008]))
    density, cost = float(r.choice([0.2, 0.45])), float(r.choice([0.05, 0.3]))
    game = random_game(seed, n=n, n_parties=n_parties, noise=noise, density=density, cost=cost, events=bool(r.integers(2)))
    listed = listing(game)
    members = listed.members(int(np.argmax(np.diff(listed.begins))))
    return system(game, listed, members, np.zeros((n, n_parties)), surplus=True), noise


def end_of_branch(unknown: System, last: float) -> tuple[np.ndarray, float]:
    start = next(homotopy.descent(unknown, last))
    return list(homotopy.branch(unknown, last, start))[-1]


@spread("first", range(0, 100, 5), first=1)
def test_a_branch_ends_where_it_ends_in_steps_of_a_tenth(first, monkeypatch):
    for seed in range(first, first + 5):
        unknown, last = any_system(seed)
        if not unknown.first.size:
            continue
        values, noise = end_of_branch(unknown, last)
        with monkeypatch.context() as patch:
            patch.setattr(homotopy, "LARGEST", homotopy.LARGEST / 10)
            patch.setattr(homotopy, "MOST_STEPS", 10 * homotopy.MOST_STEPS)
            slowly, noise_of_slow = end_of_branch(unknown, last)
        assert noise <= last * (1 + 1e-9) and noise_of_slow <= last * (1 + 1e-9), seed
        assert np.abs(values - slowly).max() <= 1e-9 * np.abs(slowly).max(), seed


def test_a_branch_along_which_values_move_far_and_straight_is_walked_in_few_steps(monkeypatch):
    settle, n_steps = homotopy.corrected, []
    monkeypatch.setattr(homotopy, "corrected", lambda *given: n_steps.append(1) or settle(*given))
    solved = equilibrium(conflict(bestand.read("example/en")))
    assert "logit path round its turns" in solved.rungs and solved.certificate.share < 1e-6
    assert 20 < len(n_steps) < 150  # 1,049 with steps of at most three times the noise
