"""Games known to be hard (nobody content, many ways to agree, ties, worths of very different sizes): an answer that an own check bears out, or none."""

from __future__ import annotations

import random

import numpy as np
import pytest

from bestand import conflict, equilibrium, read_text
from bestand.errors import AskError
from tests.depth import spread

KINDS = ("pursuit", "coordination", "ties", "scales")
FAR_APART = """bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x}, a.y: {is: y}, b.z: {is: z}}
wants:
  a: [{that: b.z implies a.y, worth: 1e5}, {that: not (a.y implies b.z), worth: 1e6}, {that: not (a.x and b.z), worth: 1e-6}, {that: not (b.z iff a.x), worth: 1000}]
  b: [{that: not (a.x implies a.y), worth: 10000}, {that: b.z iff a.y, worth: 0.01}, {that: not (b.z iff a.y), worth: 1e-5}, {that: a.x implies b.z, worth: 1e-4}]
play: {tempo: {a: 1, b: 1}, noise: {a: 0.001, b: 0.001}, discount: {a: 0.05, b: 0.05}}
events: {e: {sets: {a.x: yes}, per_month: 0.2, assumed: t}}
"""


def game(kind: str, seed: int, noise: float = 0.0):
    r = random.Random(f"{kind} {seed}")
    n = r.randint(3, 5)
    levers = [f"p{i}.l{j}" for i in range(n) for j in range(2 if n == 3 and i < 2 else 1)]
    lines = []
    for i in range(n):
        own, other = f"p{i}.l0", f"p{(i + 1) % n}.l0"
        wants = {"pursuit": [(f"{own} iff {other}" if i % 2 else f"not ({own} iff {other})", 1.0)], "coordination": [(f"{own} iff p{k}.l0", 1.0) for k in range(n) if k != i]}.get(kind, [])
        for _ in range(r.randint(1, 4)):
            one, two = r.sample(levers, 2)
            size = 10.0 ** r.randint(-6, 6) if kind == "scales" else 1.0 if kind == "ties" else float(r.randint(1, 3))
            wants.append((f"{r.choice(['', 'not '])}({one} {r.choice(['and', 'or', 'iff', 'implies'])} {two})", size))
        lines.append(f"  p{i}: [{', '.join(f'{{that: {that}, worth: {size!r}}}' for that, size in wants)}]")
    discount, tempo = r.choice([1e-3, 0.05, 0.5, 3.0]), [r.choice([0.1, 1, 10]) for _ in range(n)]
    pace = {"tempo": tempo, "noise": [noise] * n, "discount": [discount] * n}
    numbers = ", ".join(f"{key}: {{{', '.join(f'p{i}: {each}' for i, each in enumerate(some))}}}" for key, some in pace.items())
    parties = ", ".join(f"p{i}: {{name: P{i}}}" for i in range(n))
    text = f"bestand: 1\ntitle: T\nparties: {{{parties}}}\nlevers: {{{', '.join(f'{lever}: {{is: x}}' for lever in levers)}}}\nwants:\n" + "\n".join(lines)
    return conflict(read_text(f"{text}\nplay: {{{numbers}}}\n"), scale="cardinal")


def checked(found) -> tuple[np.ndarray, np.ndarray]:
    """What each party would gain for ever by its own best reply to the others, and what its moves are worth in every state; worked out by own code."""
    graph, game = found.game.graph, found.game
    n, parties = graph.n_states, range(len(graph.parties))
    chance = [np.zeros((n, n)) for _ in parties]
    for k in parties:
        for s in range(n):
            for target, p in found.policy.at(s, k).items():
                chance[k][s, target] += p
            chance[k][s, s] += 1 - chance[k][s].sum()
    regret, worth = [], []
    for k in parties:
        others = sum(game.tempo[j] * (chance[j] - np.eye(n)) for j in parties if j != k)
        legal = [[s, *map(int, graph.moves[k].targets(s))] for s in range(n)]

        def of(mine, k=k, others=others):
            return np.linalg.solve(game.discount[k] * np.eye(n) - others - game.tempo[k] * (mine - np.eye(n)), game.flow[k])

        worth.append(of(chance[k]))
        best = np.arange(n)
        for _ in range(500):
            value = of(np.eye(n)[best])
            new = np.array([options[int(value[options].argmax())] for options in legal])
            new = np.where(value[new] > value[best] + 1e-13 * np.abs(value).max(), new, best)
            if (new == best).all():
                break
            best = new
        regret.append((value - worth[-1]).max())
    return np.array(regret), np.array(worth)


@pytest.mark.parametrize("kind", KINDS)
@spread("first", range(0, 60, 6), first=1)
def test_an_answer_is_an_equilibrium_by_an_own_check_and_says_what_regret_it_leaves(kind, first):
    refused = 0
    for seed in range(first, first + 6):
        try:
            found = equilibrium(game(kind, seed))
        except AskError as refusal:
            assert refusal.code == "stationary/no-equilibrium"
            refused += 1
            continue
        span = found.certificate.span
        regret, worth = checked(found)
        assert np.abs(found.values - worth).max(axis=1) / span == pytest.approx(0, abs=1e-6), (kind, seed)
        assert found.certificate.regret / span == pytest.approx(np.maximum(regret, 0) / span, abs=1e-8, rel=1e-5), (kind, seed)
        assert found.certificate.share <= 1e-6
        assert (regret <= found.game.tempo / found.game.discount * 1e-6 * span * (1 + 1e-6)).all()
    assert refused <= 1  # 2 of all 240


def test_where_choices_were_found_with_more_noise_than_is_asked_only_that_is_said():
    """At any tolerance it was said that the best found leaves a gain far below it."""
    asked = conflict(read_text(FAR_APART), scale="cardinal")
    for tolerance, words in ((1e-6, "the best that was found leaves a gain"), (0.1, "what was found, with more noise than is asked, leaves a gain")):
        with pytest.raises(AskError, match=words):
            equilibrium(asked, tolerance=tolerance)
