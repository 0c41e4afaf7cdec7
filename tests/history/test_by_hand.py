"""What counts leave likely, and how a pool moves, beside formulas of their own."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.history.base_rates import base_rates
from bestand.history.combined import combine
from bestand.history.violations import violations


def test_of_counts_without_echo_the_level_is_known_as_well_as_by_its_own_formula():
    """Of n counts by Poisson, with the level beforehand as likely in every equal step of its logarithm, it is gamma: mean Σy / n and deviation √Σy / n.

    Some of the weight is on counts that vary more, of which it is known less well, and none on counts that vary less."""
    seen = np.tile([4, 2, 6, 4, 5, 3], 10)
    sets = violations(seen.tolist()).likely
    plain = (sets.echo == 0) & (sets.memory == 0)
    weight = sets.weight[plain] / sets.weight[plain].sum()
    mean = float(weight @ sets.base[plain])
    deviation = float(np.sqrt(weight @ (sets.base[plain] - mean) ** 2))
    usual = np.sqrt(seen.sum()) / seen.size
    assert mean == pytest.approx(seen.mean(), rel=0.01) and usual * 0.98 < deviation < usual * 1.15
    assert sets.no_echo == pytest.approx(sets.weight[plain].sum(), abs=0.02) and sets.no_echo > 0.5


def test_the_first_period_is_expected_to_be_as_the_mean_of_all():
    """Nothing is known of what went before it; the second hangs on it, by base + echo · count + memory · mean."""
    seen = [0, 1, 1, 5, 7, 3, 1, 0, 0, 2, 6, 8, 4, 1, 0, 1]
    made = violations(seen)
    fit = made.fit
    assert fit.model == "self-exciting" and fit.echo > 0
    assert made.expected[0] == pytest.approx(2.5)
    assert made.expected[1] == pytest.approx(fit.base + fit.echo * seen[0] + fit.memory * 2.5)


def test_how_far_a_pool_moves_under_other_weights_is_told_from_its_own_table():
    table = combine(base_rates("civil-alone"), [0.5, 0.7], weights={"game": 0.5, "no difference": 0.5}, years=[1, 5]).sensitivity()
    moved = [max(row[k] for row in table.rows) - min(row[k] for row in table.rows) for k in (-2, -1)]
    assert table.notes == (f"after 1 year it moves by {moved[0]:.2f}; after 5 years it moves by {moved[1]:.2f}",) and min(moved) > 0.05
