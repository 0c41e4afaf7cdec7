"""Guarantee forces: how long a truce holds under each posture, what it takes, and what each zone is worth."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bestand.case.parts import Quantity
from bestand.case.zones import Guarding
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.conflict import Conflict
from bestand.graph.naming import Condition
from bestand.graph.numbers import number
from bestand.play.survival import Months, Start, checked_months
from bestand.show import Shown, Table
from bestand.truce.survival import by_chance_only, hazard_ratio, survival
from bestand.truce.zones import Floats, deterrence_of

LEAVING = "leaving"  # in place of a setting of the backstop: it is there now and may go at an unknown date
GRID = 9
MOST_CHOICES = 400
NAMED_ONLY = "every=False compares those that the case names"


@dataclass(frozen=True, slots=True)
class PostureResult:
    """One posture: how long the truce holds under it, against no force and no backstop, and what it takes.

    sets     : lever → setting; the backstop's may be `leaving`
    alive    : (n_draws, n_times) chance that the truce has not yet been left
    ratio    : (n_draws,) hazard ratio against no force and no backstop, over the whole time
    burden_k : party → (n_draws,), thousand troops that it keeps under arms for it, with rotation
    affordable : (n_draws,) bool, whether every party stays within its capacity
    """

    name: str
    sets: Mapping[str, str]
    alive: Floats
    ratio: Floats
    burden_k: Mapping[str, Floats]
    affordable: Floats

    @property
    def total_k(self) -> float:
        """Thousand troops in all, on average over draws."""
        return float(sum(np.mean(each) for each in self.burden_k.values()))


@dataclass(frozen=True, slots=True)
class SmallestForce:
    """The smallest force in one zone that brings the hazard ratio to a target, the other zones as in a posture.

    force_k : (n_draws,) thousand troops, inf where no force within capacity suffices
    """

    zone: str
    guard: str
    force_k: Floats

    @property
    def share_none(self) -> float:
        """Share of draws in which no force within capacity suffices."""
        return float(np.mean(~np.isfinite(self.force_k)))


@dataclass(frozen=True, slots=True)
class Postures(Shown):
    """Postures compared: survival, hazard ratio, burden, the smallest forces, and what each zone is worth.

    months   : (n_times,) the last is the one that tables speak of
    results  : postures, best survival first
    front    : names of those that no other beats both in survival and in burden
    target   : hazard ratio for the smallest forces
    subsets  : zones manned together → chance that the truce still holds at the end, mean over draws
    shapley  : zone → its share of the gain (Shapley 1953)
    """

    months: tuple[float, ...]
    results: tuple[PostureResult, ...]
    front: tuple[str, ...]
    target: float
    smallest: tuple[SmallestForce, ...]
    subsets: Mapping[tuple[str, ...], float]
    shapley: Mapping[str, float]

    def table(self) -> Table:
        """One row per posture."""
        holds = f"holds {self.months[-1]:g} months"
        columns = ("posture", holds, "low 10%", "high 10%", "hazard ratio", "low", "high", "troops, k", "within capacity", "front")
        rows = []
        for each in self.results:
            low, high = np.quantile(each.alive[:, -1], [0.1, 0.9])
            below, middle, above = np.quantile(each.ratio, [0.1, 0.5, 0.9])
            cells = (each.name, float(each.alive[:, -1].mean()), float(low), float(high), float(middle), float(below), float(above))
            rows.append((*cells, each.total_k, float(each.affordable.mean()), each.name in self.front))
        notes = (
            "hazard ratio: against no force and no backstop, median draw; below 1 the truce holds longer",
            "all numbers rest on the case's assumptions and their ranges; none is a forecast",
        )
        return Table("Postures", columns, tuple(rows), notes)

    def forces(self) -> Table:
        """Smallest force per zone."""
        rows = []
        for each in self.smallest:
            enough = each.force_k[np.isfinite(each.force_k)]
            low, middle, high = np.quantile(enough, [0.1, 0.5, 0.9]) if enough.size else (None, None, None)
            rows.append((each.zone, each.guard, *(None if k is None else float(k) for k in (middle, low, high)), each.share_none))
        columns = ("zone", "guard", "smallest force, k", "low 10%", "high 10%", "none suffices in share of draws")
        return Table(f"Force that brings the hazard ratio to {self.target:g}", columns, tuple(rows))

    def zones(self) -> Table:
        """Every subset of zones, and each zone's share of the gain."""
        rows = tuple((" + ".join(zones) or "none", value) for zones, value in self.subsets.items())
        notes = tuple(f"{zone}: {worth:+.3f} on average over the orders in which zones are manned" for zone, worth in self.shapley.items())
        return Table("Zones manned", ("zones", f"holds {self.months[-1]:g} months"), rows, notes)


def alive(
    conflict: Conflict, sets: Mapping[str, str], *, start: Start, truce: Condition, months: Months, troops: Mapping[str, Floats] | None = None
) -> Floats:
    """Chance over time that the truce holds under some settings: (n_draws, n_times); worked out once.

    sets : lever → setting; the backstop's may be `leaving`
    """
    if not isinstance(start, str) or not isinstance(truce, str):
        return _alive(conflict, sets, start, truce, months, troops)
    given = () if troops is None else tuple((zone, each.tobytes()) for zone, each in troops.items())
    key = ("truce alive", *sorted(sets.items()), start, truce, *checked_months(months).tolist(), given)
    return conflict.once(key, lambda: _alive(conflict, sets, start, truce, months, troops))


def _alive(
    conflict: Conflict, sets: Mapping[str, str], start: Start, truce: Condition, months: Months, troops: Mapping[str, Floats] | None
) -> Floats:
    deterrence = deterrence_of(conflict)
    lever = deterrence.backstop.lever if deterrence.backstop else ""
    leaves = sets.get(lever) == LEAVING
    hold = {name: setting for name, setting in sets.items() if not (leaves and name == lever)}
    freed = by_chance_only(conflict, lever) if leaves else conflict
    return survival(freed.hold(hold), start=start, truce=truce, months=months, troops=troops).alive


def _guards(conflict: Conflict) -> Iterator[tuple[str, int, Guarding]]:
    """Zone, place and guard, one by one."""
    return ((zone, k, guard) for zone, about in conflict.case.file.zones.items() for k, guard in enumerate(about.guards))


def least(conflict: Conflict) -> dict[str, str]:
    """Every guard at its least, no backstop: what ratios are taken against."""
    sets = {guard.lever: _least(guard.troops_k) for _, _, guard in _guards(conflict)}
    backstop = deterrence_of(conflict).backstop
    return sets | ({backstop.lever: _least(backstop.strength)} if backstop else {})


def burden(conflict: Conflict, sets: Mapping[str, str]) -> dict[str, Floats]:
    """Thousand troops that each party keeps under arms for some settings, with rotation."""
    troops: dict[str, Floats] = {}
    for zone, k, guard in _guards(conflict):
        at, setting = f"zones.{zone}.guards[{k}]", sets.get(guard.lever, conflict.case.now[guard.lever])
        setting = conflict.case.now[guard.lever] if setting == LEAVING else setting
        there = number(conflict, guard.troops_k.get(setting), at=f"{at}.troops_k.{setting}")
        kept = there * number(conflict, guard.rotation, 1.0, at=f"{at}.rotation")
        troops[guard.party] = troops.get(guard.party, np.zeros(conflict.draws)) + kept
    return troops


def _least(given: Mapping[str, Quantity]) -> str:
    return min(given, key=lambda setting: given[setting].value)


def _most(given: Mapping[str, Quantity]) -> str:
    return max(given, key=lambda setting: given[setting].value)


def postures(
    conflict: Conflict,
    *,
    start: str | None = None,
    truce: str | None = None,
    months: Months = (3, 6, 12, 24),
    capacity: Mapping[str, float] | None = None,
    target: float = 0.5,
    every: bool = True,
    progress: Callable[[float], None] = lambda share: None,
) -> Postures:
    """All force choices within capacity, and the postures that the case names, compared.

    start, truce : conditions; the case's `deterrence.truce`, if not given
    months   : when the truce is looked at; ratios are over the last
    capacity : thousand troops per party, in place of the case's
    target   : hazard ratio for which the smallest force of each zone is looked for
    every    : compare every choice of guards, hub and backstop, or only the postures that the case names

    Raises
    ------
    AskError
        `truce/no-zones`, `truce/too-large`, `play/no-start`, `truce/unknown-party`, `worth/ordinal`.
    """
    usual, moments = deterrence_of(conflict).truce, checked_months(months)
    for party in capacity or {}:
        if party not in conflict.parties:
            raise AskError(Problem("truce/unknown-party", f"no party '{party}'", hint=did_you_mean(party, conflict.parties)))
    choices = dict(named(conflict)) | (dict(_choices(conflict)) if every else {})
    if len(choices) > MOST_CHOICES:
        raise AskError(Problem("truce/too-large", f"{len(choices)} postures are too many to compare", hint=NAMED_ONLY))

    def curves(sets: Mapping[str, str], troops: Mapping[str, Floats] | None = None) -> Floats:
        return alive(conflict, sets, start=start or usual, truce=truce or usual, months=moments, troops=troops)

    base = curves(least(conflict))[:, -1]
    results = []
    for k, (name, sets) in enumerate(choices.items()):
        results.append(_result(conflict, name, sets, curves(sets), base, capacity))
        progress(0.7 * (k + 1) / len(choices))
    results.sort(key=lambda each: (-float(each.alive[:, -1].mean()), each.total_k))
    subsets, shapley = _zones(conflict, curves)
    progress(0.85)
    smallest = tuple(_smallest(conflict, curves, target, base, capacity))
    return Postures(tuple(map(float, moments)), tuple(results), _front(results), target, smallest, subsets, shapley)


Curves = Callable[..., Floats]
"""From settings, and troops per zone, to (n_draws, n_times) chances that the truce holds."""


def named(conflict: Conflict) -> Iterator[tuple[str, dict[str, str]]]:
    """The postures that the case names; where a backstop stands, also with it leaving at an unknown date."""
    deterrence = deterrence_of(conflict)
    for name, stated in deterrence.postures.items():
        sets, backstop = dict(stated.sets), deterrence.backstop
        yield name, sets
        if backstop and backstop.strength.get(sets.get(backstop.lever, ""), Quantity(value=0)).value >= 1:
            yield f"{name}, {LEAVING}", sets | {backstop.lever: LEAVING}


def _choices(conflict: Conflict) -> Iterator[tuple[str, dict[str, str]]]:
    """Every choice of guards, hub and backstop."""
    deterrence, settings = deterrence_of(conflict), conflict.case.settings
    levers = dict.fromkeys(guard.lever for _, _, guard in _guards(conflict))
    if deterrence.hub:
        levers[deterrence.hub.lever] = None
    options = {lever: list(settings[lever]) for lever in levers}
    if deterrence.backstop:
        options[deterrence.backstop.lever] = [*settings[deterrence.backstop.lever], LEAVING]
    if math.prod(map(len, options.values())) > MOST_CHOICES:
        raise AskError(Problem("truce/too-large", "too many postures to compare", hint=NAMED_ONLY))
    for chosen in itertools.product(*options.values()):
        sets = dict(zip(options, chosen, strict=True))
        yield ", ".join(f"{lever}={setting}" for lever, setting in sets.items()), sets


def _result(
    conflict: Conflict, name: str, sets: Mapping[str, str], curve: Floats, base: Floats, capacity: Mapping[str, float] | None
) -> PostureResult:
    troops, affordable = burden(conflict, sets), np.ones(conflict.draws, np.bool_)
    for party, each in troops.items():
        affordable &= each <= _capacity(conflict, party, capacity)
    return PostureResult(name, sets, curve, hazard_ratio(curve[:, -1], base), troops, affordable.astype(float))


def _capacity(conflict: Conflict, party: str, capacity: Mapping[str, float] | None) -> Floats:
    if capacity and party in capacity:
        return np.full(conflict.draws, capacity[party])
    given = deterrence_of(conflict).capacity_k.get(party)
    return number(conflict, given, np.inf, at=f"deterrence.capacity_k.{party}")


def _front(results: Sequence[PostureResult]) -> tuple[str, ...]:
    """Names of the affordable postures that none beats in both survival and burden."""
    able = [(each.name, float(each.alive[:, -1].mean()), each.total_k) for each in results if each.affordable.mean() >= 0.5]
    return tuple(
        name for name, lives, troops in able if not any((a >= lives and t <= troops and (a, t) != (lives, troops)) for _, a, t in able)
    )


def _zones(conflict: Conflict, curves: Curves) -> tuple[dict[tuple[str, ...], float], dict[str, float]]:
    """Survival with every subset of zones manned at its most, the others at their least; and Shapley values."""
    zones = [zone for zone, about in conflict.case.file.zones.items() if about.guards]
    none, value = least(conflict), {}
    for n in range(len(zones) + 1):
        for manned in itertools.combinations(zones, n):
            sets = none | {guard.lever: _most(guard.troops_k) for zone, _, guard in _guards(conflict) if zone in manned}
            value[manned] = float(curves(sets)[:, -1].mean())
    shapley = {}
    for zone in zones:
        others = [each for each in zones if each != zone]
        shapley[zone] = sum(
            (value[tuple(z for z in zones if z in (*before, zone))] - value[before])
            * math.factorial(n) * math.factorial(len(others) - n) / math.factorial(len(zones))
            for n in range(len(others) + 1)
            for before in itertools.combinations(others, n)
        )  # fmt: skip
    return value, shapley


def _smallest(
    conflict: Conflict, curves: Curves, target: float, base: Floats, capacity: Mapping[str, float] | None
) -> Iterator[SmallestForce]:
    """Per zone the smallest force of its first guard that meets the target in each draw, on a grid up to capacity."""
    for zone, about in conflict.case.file.zones.items():
        if not about.guards:
            continue
        guard = about.guards[0]
        rotation = number(conflict, guard.rotation, 1.0, at=f"zones.{zone}.guards[0].rotation")
        most = _capacity(conflict, guard.party, capacity) / rotation
        if not np.isfinite(most).all():
            continue
        sets = least(conflict) | {guard.lever: _most(guard.troops_k)}
        shares = np.linspace(0, 1, GRID)
        ratio = np.stack([hazard_ratio(curves(sets, {zone: share * most})[:, -1], base) for share in shares])
        yield SmallestForce(zone, guard.party, _first_below(shares, ratio, target) * most)


def _first_below(shares: Floats, ratio: Floats, target: float) -> Floats:
    """First share at which a ratio falls to the target, linear between grid points: (n_draws,); inf where it never does."""
    first = np.full(ratio.shape[1], np.inf)
    for d, curve in enumerate(ratio.T):
        below = np.flatnonzero(curve <= target)
        if below.size:
            k = int(below[0])
            part = (curve[k - 1] - target) / (curve[k - 1] - curve[k]) if k else 0.0
            first[d] = shares[k - 1] + part * (shares[k] - shares[k - 1]) if k else 0.0
    return first
