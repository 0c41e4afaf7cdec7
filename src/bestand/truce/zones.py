"""Zones of deterrence: what force is at hand where, what an attack there would bring, and what it would cost.

Force at hand of a guard with `troops` thousand in a zone:

    troops · tooth · ( in place · sector / width + (1 − in place) · min(1, warning / (arrival · hub + distance / march)) )

What stands in place is spread over the width of the zone, and the attacker comes on a sector of it; what is not in place comes
in the days of warning, later where the logistics node is in other hands and where it stands far away. An attacker with
`surge` thousand prevails against a force F with chance surge^m / (surge^m + F^m), the ratio form of the contest-success
function (Tullock 1980; Skaperdas 1996). Guards of one party add up; each party answers with a chance of its own, so the chance
is the mean over who answers.
In a state in which the truce is broken by an attack on a zone the attacker gains `prize` times that chance, and loses

    Σ over third parties with troops there of presence cost · chance to answer · chance to be seen, and backstop cost · strength

a month; an attack is seen with chance exp(−distance / detection). While the truce holds, `provocation` times foreign troops / 10
is taken off what it is worth to the attacker: the sign is free.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.case.parts import Quantity
from bestand.case.zones import Deterrence, Guarding, Zone
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.conflict import Conflict
from bestand.graph.grid import Occurring
from bestand.graph.numbers import quantity
from bestand.show import Shown, Table

MARCH_KM = 150.0  # a day, where the case gives none
DETECTION_KM = 300.0  # distance over which the chance to see an attack falls by a factor e
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, repr=False)
class Ground(Shown):
    """One zone in every draw and setting of what it hangs on: what force is at hand, and what an attack would bring and cost.

    kind    : (n_states,), which of the combinations of the guards' levers and the hub's each state has
    force   : per guard (n_draws, n_kinds), thousand fighting troops at hand
    foreign : (n_draws, n_kinds), thousand troops of third parties there
    success : (n_draws, n_kinds), chance that an attack prevails
    cost    : (n_draws, n_kinds), worth a month that attacking past third parties' troops costs the attacker
    attack  : (n_states,) bool, whether the zone is attacked
    """

    name: str
    attacker: str
    kind: NDArray[np.int64]
    force: Mapping[str, Floats]
    foreign: Floats
    success: Floats
    cost: Floats
    attack: NDArray[np.bool_]

    def table(self) -> Table:
        """Force at hand and chance of success, in the median draw, over all settings."""
        rows = tuple((guard, float(np.median(force.min(axis=1))), float(np.median(force.max(axis=1)))) for guard, force in self.force.items())
        low, high = (float(np.median(each)) for each in (self.success.min(axis=1), self.success.max(axis=1)))
        return Table(self.name, ("guard", "least force, k", "most force, k"), rows, (f"an attack prevails with chance {low:.2f} to {high:.2f}",))


def grounds(conflict: Conflict, *, troops: Mapping[str, Floats] | None = None) -> tuple[Ground, ...]:
    """The zones of a case over the states of a view.

    troops : zone: thousand troops of its first guard in every draw, (n_draws,), in place of what the case gives

    Raises
    ------
    AskError
        `truce/no-zones` where the case has none; `truce/unknown-zone`, `truce/bad-number`.
    """
    deterrence_of(conflict)
    for zone, each in (troops or {}).items():
        _checked_troops(conflict, zone, each)
    return tuple(_ground(conflict, name, zone, (troops or {}).get(name)) for name, zone in conflict.case.file.zones.items())


def deterrence_of(conflict: Conflict) -> Deterrence:
    """The case's numbers of deterrence.

    Raises
    ------
    AskError
        `truce/no-zones` where the case has none.
    """
    file = conflict.case.file
    if file.deterrence is None or not file.zones:
        what = "the case gives no zones, or no `deterrence`"
        raise AskError(Problem("truce/no-zones", what, hint="see `zones` and `deterrence` in docs/reference/file-format.md"))
    return file.deterrence


def _checked_troops(conflict: Conflict, zone: str, each: Floats) -> None:
    zones = conflict.case.file.zones
    if zone not in zones:
        raise AskError(Problem("truce/unknown-zone", f"no zone '{zone}'", hint=did_you_mean(zone, zones)))
    if np.shape(each) != (conflict.draws,) or not np.all(np.isfinite(each) & (np.asarray(each) >= 0)):
        what = f"troops of zone '{zone}' must be one finite number per draw ({conflict.draws}), none negative"
        raise AskError(Problem("truce/bad-number", what))


@dataclass(slots=True)
class _Manning:
    """What one party's guards in a zone come to together; a party answers with all of them or with none.

    force, there : (n_draws, n_kinds), thousand troops at hand and in all
    seen         : (n_draws, n_kinds), chance that the nearest of them sees an attack
    """

    force: Floats
    there: Floats
    seen: Floats


def _ground(conflict: Conflict, name: str, zone: Zone, troops: Floats | None) -> Ground:
    at, deterrence = f"zones.{name}", deterrence_of(conflict)
    hub = {deterrence.hub.lever} if deterrence.hub else set[str]()
    kinds = conflict.graph.occurring(frozenset(hub.union(guard.lever for guard in zone.guards)))
    manning = _mannings(conflict, kinds, name, zone, troops)
    answer = {party: quantity(conflict, deterrence.answer.get(party), 1.0, at=f"deterrence.answer.{party}") for party in manning}
    shape = (conflict.draws, kinds.there.size)
    foreign, cost = np.zeros(shape), np.zeros(shape)
    for party, price in zone.presence_cost.items():
        if party in manning:
            foreign += manning[party].there
            a_month = quantity(conflict, price, at=f"{at}.presence_cost.{party}") * answer[party]
            cost += a_month[:, None] * manning[party].seen
    surge = quantity(conflict, zone.surge_k, at=f"{at}.surge_k")
    exponent = quantity(conflict, deterrence.decisiveness, 1.0, at="deterrence.decisiveness")
    force = {party: each.force for party, each in manning.items()}
    success = _success(surge[:, None], exponent[:, None], force, answer, shape)
    return Ground(name, zone.attacker, kinds.kind, force, foreign, success, cost, conflict.where(zone.attack))


def _mannings(conflict: Conflict, kinds: Occurring, name: str, zone: Zone, troops: Floats | None) -> dict[str, _Manning]:
    """Per party what its guards in a zone come to: guards of one party add up."""
    mannings: dict[str, _Manning] = {}
    detection = quantity(conflict, deterrence_of(conflict).detection_km, DETECTION_KM, at="deterrence.detection_km")
    shape = (conflict.draws, kinds.there.size)
    for k, guard in enumerate(zone.guards):
        at = f"zones.{name}.guards[{k}]"
        there = _per_setting(conflict, kinds, guard.lever, guard.troops_k, f"{at}.troops_k")
        if troops is not None and k == 0:
            there = np.broadcast_to(np.asarray(troops, np.float64)[:, None], there.shape)
        seen = np.exp(-quantity(conflict, guard.from_front_km, at=f"{at}.from_front_km") / detection)[:, None] * (there > 0)
        party = mannings.setdefault(guard.party, _Manning(np.zeros(shape), np.zeros(shape), np.zeros(shape)))
        party.force = party.force + there * _share_at_hand(conflict, kinds, zone, guard, at)
        party.there, party.seen = party.there + there, np.maximum(party.seen, seen)
    return mannings


def _per_setting(conflict: Conflict, kinds: Occurring, lever: str, given: Mapping[str, Quantity], at: str) -> Floats:
    """A number that hangs on the setting of a lever: (n_draws, n_kinds); 0 for settings that are not named."""
    settings = conflict.graph.all_settings[lever]
    table = np.stack([quantity(conflict, given.get(setting), at=f"{at}.{setting}") for setting in settings], axis=1)
    return table[:, kinds.digits(lever)]


def _share_at_hand(conflict: Conflict, kinds: Occurring, zone: Zone, guard: Guarding, at: str) -> Floats:
    """The share of a guard's troops that fights when its zone is attacked: (n_draws, n_kinds)."""
    deterrence, home = deterrence_of(conflict), at.partition(".guards")[0]

    def each(given: Quantity | None, default: float, name: str) -> Floats:
        return quantity(conflict, given, default, at=name)[:, None]

    tooth, in_place = each(guard.tooth, 1.0, f"{at}.tooth"), each(guard.in_place, 1.0, f"{at}.in_place")
    width = each(zone.width_km, 0.0, f"{home}.width_km")
    sector = width if zone.sector_km is None else each(zone.sector_km, 0.0, f"{home}.sector_km")
    march = each(deterrence.march_km_per_day, MARCH_KM, "deterrence.march_km_per_day")
    days = each(guard.arrival_days, 0.0, f"{at}.arrival_days") * _hub(conflict, kinds) + each(guard.from_front_km, 0.0, f"{at}.from_front_km") / march
    warning = each(zone.warning_days, 0.0, f"{home}.warning_days")
    arrived = np.where(days <= 0, 1.0, np.minimum(1.0, warning / np.maximum(days, 1e-9)))
    return tooth * (in_place * np.minimum(1.0, sector / width) + (1.0 - in_place) * arrived)


def _hub(conflict: Conflict, kinds: Occurring) -> Floats:
    """Factor on arrival times, by who holds the logistics node: (n_draws, n_kinds)."""
    hub, at = deterrence_of(conflict).hub, "deterrence.hub.arrival_factor"
    return np.ones((conflict.draws, 1)) if hub is None else _per_setting(conflict, kinds, hub.lever, hub.arrival_factor, at)


def _success(surge: Floats, exponent: Floats, force: Mapping[str, Floats], answer: Mapping[str, Floats], shape: tuple[int, int]) -> Floats:
    """Chance that an attack prevails, over who of the guards answers: (n_draws, n_kinds)."""
    success = np.zeros(shape)
    for answering in itertools.product((False, True), repeat=len(force)):
        chance, total = np.ones((shape[0], 1)), np.zeros(shape)
        for (guard, each), answers in zip(force.items(), answering, strict=True):
            chance = chance * (answer[guard] if answers else 1.0 - answer[guard])[:, None]
            total = total + (each if answers else 0.0)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):  # against a force beyond all numbers an attack has no chance
            success += np.where(surge > 0, chance / (1.0 + (total / surge) ** exponent), 0.0)  # nor has one with no force
    return success


def backstop(conflict: Conflict) -> Floats:
    """Strength of the backstop, from 0 to 1: (n_draws, n_states); 0 where the case gives none."""
    deterrence = conflict.case.file.deterrence
    if deterrence is None or deterrence.backstop is None:
        return np.zeros((conflict.draws, conflict.graph.n_states))
    behind = deterrence.backstop
    kinds = conflict.graph.occurring(frozenset({behind.lever}))
    return _per_setting(conflict, kinds, behind.lever, behind.strength, "deterrence.backstop.strength")[:, kinds.kind]


def with_zones(conflict: Conflict, flow: Floats, *, troops: Mapping[str, Floats] | None = None) -> Floats:
    """What states are worth a month with what attacks bring and cost: (n_draws, n_parties, n_states); a new array.

    flow : the same without it
    """
    deterrence, zones = conflict.case.file.deterrence, conflict.case.file.zones
    worth = np.array(flow)
    if deterrence is None or not zones:
        return worth
    behind, holds = backstop(conflict), conflict.where(deterrence.truce)
    broken, kept = ~holds & conflict.where(deterrence.breach), np.flatnonzero(holds)
    provocation = quantity(conflict, deterrence.provocation, at="deterrence.provocation")[:, None]
    attacked: dict[str, NDArray[np.bool_]] = {}
    for ground in grounds(conflict, troops=troops):
        attack, at = ground.attack & broken, np.flatnonzero(ground.attack & broken)
        attacker = conflict.party(ground.attacker)
        for party, prize in zones[ground.name].prize.items():
            gain = quantity(conflict, prize, at=f"zones.{ground.name}.prize.{party}")[:, None]
            worth[:, conflict.party(party), at] += np.take(gain * ground.success, ground.kind[at], axis=1)
        worth[:, attacker, at] -= np.take(ground.cost, ground.kind[at], axis=1)
        worth[:, attacker, kept] -= np.take(provocation * ground.foreign / 10.0, ground.kind[kept], axis=1)
        attacked[ground.attacker] = attacked.get(ground.attacker, np.zeros_like(attack)) | attack
    for party, attack in attacked.items():
        price = deterrence.backstop.cost.get(party) if deterrence.backstop else None
        cost = quantity(conflict, price, at=f"deterrence.backstop.cost.{party}")[:, None]
        worth[:, conflict.party(party), attack] -= cost * behind[:, attack]
    return worth
