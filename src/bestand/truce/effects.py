"""What each part of a posture adds by itself: main effects of its factors, and each zone's share of the gain."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bestand.graph.budget import standard_error
from bestand.show import Fixed
from bestand.truce.arrangement import LEAVING
from bestand.truce.zones import Floats

LEAST = 1e-3  # a smaller difference between two chances is within the error of the steps of play
SMALL = f"differences of less than {LEAST:g} count as none"


def differences(one: Floats, other: Floats) -> Floats:
    """One chance less another, draw by draw; 0 where they differ by less than `LEAST`, which says nothing.

    >>> differences(np.array([0.5, 0.3, 1.0]), np.array([0.25, 0.3 - 1e-12, 1.0]))
    array([0.25, 0.  , 0.  ])
    """
    apart = one - other
    return np.where(np.abs(apart) < LEAST, 0.0, apart)


@dataclass(frozen=True, slots=True)
class Effect(Fixed):
    """What one setting of one factor adds, all others alike: the mean over every combination of the others.

    factor  : a lever, or `leaving`
    against : the setting that it is compared with, which has the least force
    alive   : (n_draws, n_times), with the setting
    gain    : (n_draws, n_times), the same less that with the other setting, in the same draws (see `differences`)
    """

    factor: str
    setting: str
    against: str
    alive: Floats
    gain: Floats

    @property
    def standard_error(self) -> Floats:
        """Standard error of the mean of `gain`: (n_times,)."""
        return standard_error(self.gain)


def lead(one: Floats, other: Floats) -> tuple[float, float]:
    """How much more often a truce holds in one comparison than in another, at the last time and in the same draws: mean, standard error.

    one, other : (n_draws, n_times)
    """
    gain = differences(one[:, -1], other[:, -1])
    return float(gain.mean()), float(standard_error(gain))


def main_effects(
    options: Mapping[str, Sequence[str]], curves: Mapping[tuple[tuple[tuple[str, str], ...], bool], Floats]
) -> Iterator[Effect]:
    """Main effects over the full table: per factor and setting the mean over all combinations of the others; none where a
    combination is missing.

    options : factor: its settings from the least force on
    curves  : (settings by factor in alphabetical order, whether the backstop may leave): (n_draws, n_times)
    """
    cells = {
        (tuple(chosen[lever] for lever in options), leaves): alive
        for (sets, leaves), alive in curves.items() if (chosen := dict(sets)).keys() == options.keys()
    }  # fmt: skip
    if len({chosen for chosen, _ in cells}) < math.prod(map(len, options.values())):
        return
    for place, (lever, settings) in enumerate(options.items()):
        mean = {
            setting: np.mean([curve for (chosen, leaves), curve in cells.items() if chosen[place] == setting and not leaves], axis=0)
            for setting in settings
        }
        for setting in settings[1:]:
            yield Effect(lever, setting, settings[0], mean[setting], differences(mean[setting], mean[settings[0]]))
    able = [chosen for chosen, leaves in cells if leaves]  # where there is nothing to leave, nothing is compared
    if able:
        held, may_leave = (np.mean([cells[chosen, way] for chosen in able], axis=0) for way in (False, True))
        yield Effect(LEAVING, "may leave", "held", may_leave, differences(may_leave, held))


def shapley_shares(value: Mapping[tuple[str, ...], Floats]) -> dict[str, Floats]:
    """Shares of the gain by zone, over all orders in which zones are manned: per draw, as the values are."""
    zones = max(value, key=len)
    shapley = {}
    for zone in zones:
        others = [each for each in zones if each != zone]
        shapley[zone] = np.sum([
            (value[tuple(z for z in zones if z in (*before, zone))] - value[before])
            * math.factorial(n) * math.factorial(len(others) - n) / math.factorial(len(zones))
            for n in range(len(others) + 1)
            for before in itertools.combinations(others, n)
        ], axis=0)  # fmt: skip
    return shapley
