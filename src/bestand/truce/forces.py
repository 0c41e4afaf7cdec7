"""What forces take and what they bring: troops under arms, the smallest force that meets a target, every subset of zones."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bestand.case.parts import Quantity
from bestand.case.zones import Guarding
from bestand.graph.budget import Arrays
from bestand.graph.conflict import Conflict
from bestand.graph.numbers import quantity
from bestand.show import Fixed
from bestand.truce.arrangement import Arrangement, Watched, alive
from bestand.truce.survival import hazard_ratio
from bestand.truce.zones import Floats, deterrence_of

GRID = 9


@dataclass(frozen=True, slots=True)
class SmallestForce(Fixed):
    """The smallest force in one zone that brings the hazard ratio to a target, the other zones at their least.

    force_k : (n_draws,) thousand troops, inf where no force within capacity suffices, nan where that is not known, for nothing
              is left of one of the two truces that are compared at any of the times looked at
    backed  : whether the guard's lever is the backstop too, which then stands at its strongest whatever the force
    """

    zone: str
    guard: str
    force_k: Floats
    backed: bool = False

    @property
    def share_none(self) -> float:
        """Share of draws in which no force within capacity suffices."""
        return float(np.mean(np.isposinf(self.force_k)))

    @property
    def share_unknown(self) -> float:
        """Share of draws in which it is not known whether some force suffices."""
        return float(np.mean(np.isnan(self.force_k)))

    @classmethod
    def of(cls, conflict: Conflict, arrays: Arrays, target: float) -> tuple[SmallestForce, ...]:
        """From what `smallest_forces` gathered: per zone where the ratio first falls to the target."""
        shares, made, backstop = np.linspace(0, 1, GRID), [], deterrence_of(conflict).backstop
        for zone, about in conflict.case.file.zones.items():
            if ("force", zone) in arrays:
                curves = arrays["force", zone].transpose(1, 0, 2)
                ratio = np.array([hazard_ratio(curve, arrays["base"]) for curve in curves])
                force, guard = _first_below(shares, ratio, target) * arrays["most", zone], about.guards[0]
                made.append(cls(zone, guard.party, force, backstop is not None and guard.lever == backstop.lever))
        return tuple(made)


def zone_guards(conflict: Conflict) -> Iterator[tuple[str, int, Guarding]]:
    """Zone, place and guard, one by one."""
    return ((zone, k, guard) for zone, about in conflict.case.file.zones.items() for k, guard in enumerate(about.guards))


def force_levers(conflict: Conflict) -> dict[str, Mapping[str, Quantity]]:
    """Levers that put troops into zones, with the troops that each setting puts there (of the first zone that has it)."""
    levers: dict[str, Mapping[str, Quantity]] = {}
    for _, _, guard in zone_guards(conflict):
        levers.setdefault(guard.lever, guard.troops_k)
    return levers


def least(conflict: Conflict) -> dict[str, str]:
    """Every guard at its least, no backstop: what ratios are taken against."""
    settings, backstop = conflict.case.settings, deterrence_of(conflict).backstop
    sizes = [(guard.lever, guard.troops_k) for _, _, guard in zone_guards(conflict)]
    sizes += [(backstop.lever, backstop.strength)] if backstop else []
    return {lever: least_of(settings[lever], size) for lever, size in sizes}


def burden(conflict: Conflict, sets: Mapping[str, str]) -> dict[str, Floats]:
    """Thousand troops that each party keeps under arms for some settings, with rotation: per party (n_draws,)."""
    troops: dict[str, Floats] = {}
    for zone, k, guard in zone_guards(conflict):
        at, setting = f"zones.{zone}.guards[{k}]", sets.get(guard.lever, conflict.case.now[guard.lever])
        there = quantity(conflict, guard.troops_k.get(setting), at=f"{at}.troops_k.{setting}")
        kept = there * quantity(conflict, guard.rotation, 1.0, at=f"{at}.rotation")
        troops[guard.party] = troops.get(guard.party, np.zeros(conflict.draws)) + kept
    return troops


def size_at(size: Mapping[str, Quantity], setting: str) -> float:
    """What a setting brings by the case's own numbers; nothing where it is not named."""
    return size[setting].value if setting in size else 0.0


def least_of(settings: Sequence[str], size: Mapping[str, Quantity]) -> str:
    """The setting that brings least, the first of several."""
    return min(settings, key=lambda setting: size_at(size, setting))


def _most(given: Mapping[str, Quantity]) -> str:
    return max(given, key=lambda setting: given[setting].value)


def capacity_of(conflict: Conflict, party: str, capacity: Mapping[str, float]) -> Floats:
    """Thousand troops that a party can keep: (n_draws,); inf where nothing is said.

    Never fewer than it keeps today, in the same draw: what is there can be kept. A capacity that is given is taken as it is.
    """
    if party in capacity:
        return np.full(conflict.draws, float(capacity[party]))
    drawn = quantity(conflict, deterrence_of(conflict).capacity_k.get(party), np.inf, at=f"deterrence.capacity_k.{party}")
    return np.maximum(drawn, burden(conflict, {}).get(party, 0.0))


def subsets_of_zones(conflict: Conflict, asked: Watched) -> Arrays:
    """Survival at the end with every subset of zones manned at its most, the others at their least: ("manned", zones)."""
    zones = [zone for zone, about in conflict.case.file.zones.items() if about.guards]
    none, arrays = least(conflict), dict[Hashable, Floats]()
    for manned in itertools.chain.from_iterable(itertools.combinations(zones, n) for n in range(len(zones) + 1)):
        sets = none | {guard.lever: _most(guard.troops_k) for zone, _, guard in zone_guards(conflict) if zone in manned}
        arrays["manned", manned] = alive(conflict, Arrangement(sets), asked)[:, -1]
    return arrays


def smallest_forces(conflict: Conflict, asked: Watched, capacity: Mapping[str, float]) -> Arrays:
    """Per zone survival with shares of what its first guard could put there: ("force", zone) (n_draws, GRID, n_times).

    Only for guards with a capacity; ("most", zone) (n_draws,) is what that comes to in the zone, after rotation.
    """
    arrays = dict[Hashable, Floats]()
    for zone, about in conflict.case.file.zones.items():
        if not about.guards:
            continue
        guard = about.guards[0]
        most = capacity_of(conflict, guard.party, capacity) / quantity(conflict, guard.rotation, 1.0, at=f"zones.{zone}.guards[0].rotation")
        if not np.isfinite(most).all():
            continue
        sets = least(conflict) | {guard.lever: _most(guard.troops_k)}
        curves = [alive(conflict, Arrangement(sets), asked, troops={zone: share * most}) for share in np.linspace(0, 1, GRID)]
        arrays["force", zone], arrays["most", zone] = np.stack(curves, axis=1), most
    return arrays


def n_runs(conflict: Conflict) -> int:
    """How often survival is asked for forces and subsets of zones together."""
    manned = sum(bool(about.guards) for about in conflict.case.file.zones.values())
    return 1 + 2**manned + GRID * manned


def _first_below(shares: Floats, ratio: Floats, target: float) -> Floats:
    """First share at which a ratio falls to the target, linear between grid points: (n_draws,); inf where it never does, nan where
    the ratio is not known at some share before that.
    """
    first = np.full(ratio.shape[1], np.inf)
    for d, curve in enumerate(ratio.T):
        below, unknown = np.flatnonzero(curve <= target), np.flatnonzero(np.isnan(curve))
        if unknown.size and (not below.size or unknown[0] < below[0]):
            first[d] = np.nan
        elif below.size:
            k = int(below[0])
            part = (curve[k - 1] - target) / (curve[k - 1] - curve[k]) if k else 0.0
            first[d] = shares[k - 1] + part * (shares[k] - shares[k - 1]) if k else 0.0
    return first
