"""Guarantee forces: how long a truce holds under each posture, what it takes, and what each zone is worth."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bestand.case.loaded import Case
from bestand.case.parts import Quantity
from bestand.case.zones import Deterrence, Guarding
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.numbers import Numbers
from bestand.show import Shown, Table, chart
from bestand.truce.survival import by_chance_only, survival
from bestand.truce.zones import Floats

LEAVING = "leaving"  # in place of a setting of the backstop: it is there now and may go at an unknown date
GRID = 9
MOST_CHOICES = 400
NAMED_ONLY = "every=False compares those that the case names"


@dataclass(frozen=True, slots=True)
class Held:
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
class Smallest:
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
    held     : postures, best survival first
    front    : names of those that no other beats both in survival and in burden
    target   : hazard ratio for the smallest forces
    subsets  : zones manned together → chance that the truce still holds at the end, mean over draws
    shapley  : zone → its share of the gain (Shapley 1953)
    """

    months: tuple[float, ...]
    held: tuple[Held, ...]
    front: tuple[str, ...]
    target: float
    smallest: tuple[Smallest, ...]
    subsets: Mapping[tuple[str, ...], float]
    shapley: Mapping[str, float]

    def table(self) -> Table:
        """One row per posture."""
        holds = f"holds {self.months[-1]:g} months"
        columns = ("posture", holds, "low 10%", "high 10%", "hazard ratio", "low", "high", "troops, k", "within capacity", "front")
        rows = []
        for each in self.held:
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
            found = each.force_k[np.isfinite(each.force_k)]
            low, middle, high = np.quantile(found, [0.1, 0.5, 0.9]) if found.size else (None, None, None)
            rows.append((each.zone, each.guard, *(None if k is None else float(k) for k in (middle, low, high)), each.share_none))
        columns = ("zone", "guard", "smallest force, k", "low 10%", "high 10%", "none suffices in share of draws")
        return Table(f"Force that brings the hazard ratio to {self.target:g}", columns, tuple(rows))

    def zones(self) -> Table:
        """Every subset of zones, and each zone's share of the gain."""
        rows = tuple((" + ".join(zones) or "none", value) for zones, value in self.subsets.items())
        notes = tuple(f"{zone}: {worth:+.3f} on average over the orders in which zones are manned" for zone, worth in self.shapley.items())
        return Table("Zones manned", ("zones", f"holds {self.months[-1]:g} months"), rows, notes)

    def figure(self) -> dict[str, object]:
        """Survival against burden."""
        return chart(self.table(), "point", x="troops, k:Q", y=f"holds {self.months[-1]:g} months:Q", color="front:N")


@dataclass(slots=True)
class Asking:
    """What is asked of every posture alike, and what has been worked out.

    start, holds : conditions; months : increasing
    """

    case: Case
    start: str
    holds: str
    months: tuple[float, ...]
    view: str | None = None
    draws: int = 100
    seed: int = 0
    known: dict[tuple[object, ...], Floats] = field(default_factory=dict)

    @property
    def deterrence(self) -> Deterrence:
        """The case's numbers of deterrence."""
        if self.case.file.deterrence is None or not self.case.file.zones:
            what = "the case gives no zones, or no `deterrence`"
            raise AskError(Problem("truce/no-zones", what, hint="see `zones` and `deterrence` in docs/reference/file-format.md"))
        return self.case.file.deterrence

    def alive(self, sets: Mapping[str, str], troops: Mapping[str, Floats] | None = None) -> Floats:
        """Chance over time that the truce holds under some settings: (n_draws, n_times)."""
        key = (*sorted(sets.items()), *(() if troops is None else tuple((zone, each.tobytes()) for zone, each in troops.items())))
        if key not in self.known:
            lever = self.deterrence.backstop.lever if self.deterrence.backstop else ""
            leaves = sets.get(lever) == LEAVING
            hold = {name: setting for name, setting in sets.items() if not (leaves and name == lever)}
            self.known[key] = survival(
                by_chance_only(self.case, lever) if leaves else self.case, start=self.start, holds=self.holds, months=self.months,
                view=self.view, hold=hold, draws=self.draws, seed=self.seed, troops=troops,
            ).alive
        return self.known[key]

    def guards(self) -> Iterator[tuple[str, Guarding]]:
        """Zone and guard, one by one."""
        return ((zone, guard) for zone, about in self.case.file.zones.items() for guard in about.guards)

    def least(self) -> dict[str, str]:
        """Every guard at its least, no backstop: what ratios are taken against."""
        found = {guard.lever: _least(guard.troops_k) for _, guard in self.guards()}
        if self.deterrence.backstop:
            found[self.deterrence.backstop.lever] = _least(self.deterrence.backstop.strength)
        return found

    def burden(self, sets: Mapping[str, str]) -> dict[str, Floats]:
        """Troops that each party keeps under arms for some settings, with rotation."""
        numbers = Numbers(draws=self.draws, seed=self.seed)
        found: dict[str, Floats] = {}
        for zone, guard in self.guards():
            k = self.case.file.zones[zone].guards.index(guard)
            at, setting = f"zones.{zone}.guards[{k}]", sets.get(guard.lever, self.case.now[guard.lever])
            setting = self.case.now[guard.lever] if setting == LEAVING else setting
            troops = numbers.of(guard.troops_k.get(setting), at=f"{at}.troops_k.{setting}")
            found[guard.party] = found.get(guard.party, np.zeros(self.draws)) + troops * numbers.of(guard.rotation, 1.0, at=f"{at}.rotation")
        return found


def _least(given: Mapping[str, Quantity]) -> str:
    return min(given, key=lambda setting: given[setting].value)


def _most(given: Mapping[str, Quantity]) -> str:
    return max(given, key=lambda setting: given[setting].value)


def hazard_ratio(alive: Floats, against: Floats) -> Floats:
    """Ratio of the mean hazards over a time, from the chances to survive it: log S / log S₀, per draw.

    >>> hazard_ratio(np.array([0.25, 0.5]), np.array([0.5, 0.5]))
    array([2., 1.])
    """
    tiny = 1e-12
    return np.log(np.clip(alive, tiny, 1 - tiny)) / np.log(np.clip(against, tiny, 1 - tiny))


def postures(
    case: Case,
    *,
    view: str | None = None,
    start: str | None = None,
    holds: str | None = None,
    months: Sequence[float] = (3, 6, 12, 24),
    capacity: Mapping[str, float] | None = None,
    target: float = 0.5,
    every: bool = True,
    draws: int = 100,
    seed: int = 0,
    progress: Callable[[float], None] = lambda share: None,
) -> Postures:
    """All force choices within capacity, and the postures that the case names, compared.

    start, holds : conditions; the case's `deterrence.truce`, if not given
    months   : when the truce is looked at; ratios are over the last
    capacity : thousand troops per party, in place of the case's
    target   : hazard ratio for which the smallest force of each zone is looked for
    every    : compare every choice of guards, hub and backstop, or only the postures that the case names

    Raises
    ------
    AskError
        `truce/no-zones`, `truce/too-large`, `truce/no-start`, `truce/unknown-party`, `worth/ordinal`.
    """
    asking = Asking(case, start or "", holds or "", tuple(map(float, months)), view, draws, seed)
    truce = asking.deterrence.truce
    asking.start, asking.holds = start or truce, holds or truce
    for party in capacity or {}:
        if party not in case.file.parties:
            raise AskError(Problem("truce/unknown-party", f"no party '{party}'", hint=did_you_mean(party, case.file.parties)))
    choices = dict(named(asking)) | (dict(_choices(asking)) if every else {})
    if len(choices) > MOST_CHOICES:
        raise AskError(Problem("truce/too-large", f"{len(choices)} postures are too many to compare", hint=NAMED_ONLY))
    base = asking.alive(asking.least())[:, -1]
    held = []
    for k, (name, sets) in enumerate(choices.items()):
        held.append(_held(asking, name, sets, base, capacity))
        progress(0.7 * (k + 1) / len(choices))
    held.sort(key=lambda each: (-float(each.alive[:, -1].mean()), each.total_k))
    subsets, shapley = _zones(asking)
    progress(0.85)
    return Postures(asking.months, tuple(held), _front(held), target, tuple(_smallest(asking, target, base, capacity)), subsets, shapley)


def named(asking: Asking) -> Iterator[tuple[str, dict[str, str]]]:
    """The postures that the case names; where a backstop stands, also with it leaving at an unknown date."""
    backstop = asking.deterrence.backstop
    for name, stated in asking.deterrence.postures.items():
        sets = dict(stated.sets)
        yield name, sets
        if backstop and backstop.strength.get(sets.get(backstop.lever, ""), Quantity(value=0)).value >= 1:
            yield f"{name}, {LEAVING}", sets | {backstop.lever: LEAVING}


def _choices(asking: Asking) -> Iterator[tuple[str, dict[str, str]]]:
    """Every choice of guards, hub and backstop."""
    levers = dict.fromkeys(guard.lever for _, guard in asking.guards())
    if asking.deterrence.hub:
        levers[asking.deterrence.hub.lever] = None
    options = {lever: list(asking.case.settings[lever]) for lever in levers}
    if asking.deterrence.backstop:
        options[asking.deterrence.backstop.lever] = [*asking.case.settings[asking.deterrence.backstop.lever], LEAVING]
    if math.prod(map(len, options.values())) > MOST_CHOICES:
        raise AskError(Problem("truce/too-large", "too many postures to compare", hint=NAMED_ONLY))
    for settings in itertools.product(*options.values()):
        sets = dict(zip(options, settings, strict=True))
        yield ", ".join(f"{lever}={setting}" for lever, setting in sets.items()), sets


def _held(asking: Asking, name: str, sets: Mapping[str, str], base: Floats, capacity: Mapping[str, float] | None) -> Held:
    alive, burden = asking.alive(sets), asking.burden(sets)
    affordable = np.ones(asking.draws, np.bool_)
    for party, troops in burden.items():
        affordable &= troops <= _capacity(asking, party, capacity)
    return Held(name, sets, alive, hazard_ratio(alive[:, -1], base), burden, affordable.astype(float))


def _capacity(asking: Asking, party: str, capacity: Mapping[str, float] | None) -> Floats:
    if capacity and party in capacity:
        return np.full(asking.draws, capacity[party])
    given = asking.deterrence.capacity_k.get(party)
    return Numbers(draws=asking.draws, seed=asking.seed).of(given, np.inf, at=f"deterrence.capacity_k.{party}")


def _front(held: Sequence[Held]) -> tuple[str, ...]:
    """Names of the affordable postures that none beats in both survival and burden."""
    able = [(each.name, float(each.alive[:, -1].mean()), each.total_k) for each in held if each.affordable.mean() >= 0.5]
    return tuple(
        name for name, alive, troops in able if not any((a >= alive and t <= troops and (a, t) != (alive, troops)) for _, a, t in able)
    )


def _zones(asking: Asking) -> tuple[dict[tuple[str, ...], float], dict[str, float]]:
    """Survival with every subset of zones manned at its most, the others at their least; and Shapley values."""
    zones = [zone for zone, about in asking.case.file.zones.items() if about.guards]
    least, value = asking.least(), {}
    for n in range(len(zones) + 1):
        for manned in itertools.combinations(zones, n):
            sets = least | {guard.lever: _most(guard.troops_k) for zone, guard in asking.guards() if zone in manned}
            value[manned] = float(asking.alive(sets)[:, -1].mean())
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


def _smallest(asking: Asking, target: float, base: Floats, capacity: Mapping[str, float] | None) -> Iterator[Smallest]:
    """Per zone the smallest force of its first guard that meets the target in each draw, on a grid up to capacity."""
    for zone, about in asking.case.file.zones.items():
        if not about.guards:
            continue
        guard = about.guards[0]
        rotation = Numbers(draws=asking.draws, seed=asking.seed).of(guard.rotation, 1.0, at=f"zones.{zone}.guards[0].rotation")
        most = _capacity(asking, guard.party, capacity) / rotation
        if not np.isfinite(most).all():
            continue
        sets = asking.least() | {guard.lever: _most(guard.troops_k)}
        shares = np.linspace(0, 1, GRID)
        ratio = np.stack([hazard_ratio(asking.alive(sets, {zone: share * most})[:, -1], base) for share in shares])
        yield Smallest(zone, guard.party, _first_below(shares, ratio, target) * most)


def _first_below(shares: Floats, ratio: Floats, target: float) -> Floats:
    """First share at which a ratio falls to the target, linear between grid points: (n_draws,); inf where it never does."""
    found = np.full(ratio.shape[1], np.inf)
    for d, curve in enumerate(ratio.T):
        below = np.flatnonzero(curve <= target)
        if below.size:
            k = int(below[0])
            if k == 0:
                found[d] = 0.0
            else:
                part = (curve[k - 1] - target) / (curve[k - 1] - curve[k])
                found[d] = shares[k - 1] + part * (shares[k] - shares[k - 1])
    return found
