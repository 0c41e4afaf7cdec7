"""No unit of worth, and no rounding of sums, changes an answer: random cases with weights of which sums tie but for their last digits."""

from __future__ import annotations

import random

import numpy as np
import pytest

import bestand
from bestand.graph.game import worth_units
from tests.depth import spread

LEVERS = ["a.x", "a.y", "b.z", "c.w"]


def case(seed: int, unit: float, noise: float = 0.7):
    rng = random.Random(seed)
    lines = ["bestand: 1", "title: T", "parties: {a: {name: A}, b: {name: B}, c: {name: C}}", "levers: {a.x: {is: x}, a.y: {is: y}, b.z: {is: z}, c.w: {is: w}}", "terms: {t: a.x and b.z}", "wants:"]
    for party in "abc":
        lines.append(f"  {party}:")
        flat = rng.random() < 0.4  # such a party gets .3 everywhere, in sums that are rounded otherwise
        lever = rng.choice(LEVERS)
        some = [(lever, 0.3), (f"not {lever}", 0.1), (f"not ({lever})", 0.2)] if flat else [
            (f"{rng.choice(['', 'not '])}{rng.choice(LEVERS)} {rng.choice(['and', 'or'])} {rng.choice(LEVERS)}", rng.choice([0.1, 0.2, 0.3, 0.6, 1, 2])) for _ in range(rng.randint(1, 4))
        ]  # fmt: skip
        lines += [f"    - {{that: '{that}', worth: {{value: {worth * unit!r}, assumed: t}}, assumed: t}}" for that, worth in some]
    each = "{" + ", ".join(f"{party}: {noise * unit!r}" for party in "abc") + "}"
    lines.append(f"play: {{tempo: {{a: 1, b: 1, c: 1}}, noise: {each}, discount: {{a: 0.3, b: 0.3, c: 0.3}}}}")
    return bestand.conflict(bestand.read_text("\n".join(lines) + "\n"), scale="cardinal")


def answers(asked, unit: float, noise: float):
    """What is asked of a case, in its own unit; without noise there may be several equilibria, of which rounding may choose."""
    return {
        "ranks": asked.worth.rank[0],
        "stable": bestand.stability(asked).stable,
        "settled": [str(row[0]) for row in bestand.settle(bestand.frontier(asked), rule="nash").table().rows],
        "survival": bestand.survival(asked, start="now", truce="not t", months=[1, 3]).alive,
        "play": bestand.play(asked, months=6).values / unit,
        "equilibrium": bestand.equilibrium(asked).values / unit if noise else bestand.equilibrium(asked).certificate.share < 1e-6,
    }


@spread("seed", range(6), first=2)
@pytest.mark.parametrize("noise", [0.7, 0.0])
def test_no_unit_of_worth_and_no_rounding_changes_an_answer(seed, noise):
    base = answers(case(seed, 1.0, noise), 1.0, noise)
    for unit in (1e-9, 10.0, 1e6):
        other = answers(case(seed, unit, noise), unit, noise)
        for name, value in base.items():
            if isinstance(value, list):
                assert other[name] == value, name
            else:
                assert np.allclose(np.asarray(other[name], float), np.asarray(value, float), rtol=1e-6, atol=1e-7), (name, unit)


def test_sums_that_tie_but_for_their_last_digits_are_one_worth():
    values = {len(np.unique(row)): len(np.unique(rank)) for seed in range(30) for row, rank in zip(case(seed, 1.0).worth.value[0], case(seed, 1.0).worth.rank[0], strict=True)}
    assert len(values) > 2 and all(n == ranks for n, ranks in values.items())


def test_a_party_to_which_all_is_worth_the_same_is_counted_in_its_noise():
    flow = np.array([[0.1 + 0.2, 0.3], [0.0, 0.0], [5e-9, 5e-9], [1.0, 3.0]])
    cost = [np.zeros(1)] * 4
    assert worth_units(flow, cost, np.array([1e-9, 0.0, 0.0, 7.0])).tolist() == [2.0**-29, 1.0, 2.0**-27, 2.0]
