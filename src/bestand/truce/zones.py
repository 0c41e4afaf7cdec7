"""Zones of deterrence: what force is at hand where, what an attack there would bring, and what it would cost.

Force at hand of a guard with `troops` thousand in a zone:

    troops · tooth · ( in place · sector / width + (1 − in place) · min(1, warning / (arrival · hub + distance / march)) )

What stands in place is spread over the width of the zone, and the attacker comes on a sector of it; what is not in place comes
in the days of warning, later where the logistics node is in other hands and where it stands far away. An attacker with
`surge` thousand prevails against a force F with chance surge^m / (surge^m + F^m), the ratio form of the contest-success
function (Tullock 1980; Skaperdas 1996). Each guard answers with a chance of its own, so the chance is the mean over who answers.
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

from bestand.case.loaded import Case
from bestand.case.parts import Quantity
from bestand.case.zones import Guarding, Zone
from bestand.errors import AskError, Problem
from bestand.graph.model import Graph
from bestand.graph.numbers import Numbers
from bestand.show import Shown, Table

MARCH_KM = 150.0  # a day, where the case gives none
DETECTION_KM = 300.0  # distance over which the chance to see an attack falls by a factor e
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ground(Shown):
    """One zone in every draw and state: what force is at hand, and what an attack would bring and cost.

    force   : per guard (n_draws, n_states), thousand fighting troops at hand
    foreign : (n_draws, n_states), thousand troops of third parties there
    success : (n_draws, n_states), chance that an attack prevails
    cost    : (n_draws, n_states), worth a month that attacking past third parties' troops costs the attacker
    attack  : (n_states,) bool, whether the zone is attacked
    """

    name: str
    attacker: str
    force: Mapping[str, Floats]
    foreign: Floats
    success: Floats
    cost: Floats
    attack: NDArray[np.bool_]

    def table(self) -> Table:
        """Force at hand and chance of success, in the median draw, over states."""
        rows = tuple((guard, float(np.median(force.min(axis=1))), float(np.median(force.max(axis=1)))) for guard, force in self.force.items())
        low, high = (float(np.median(each)) for each in (self.success.min(axis=1), self.success.max(axis=1)))
        return Table(self.name, ("guard", "least force, k", "most force, k"), rows, (f"an attack prevails with chance {low:.2f} to {high:.2f}",))


def grounds(case: Case, graph: Graph, numbers: Numbers, *, troops: Mapping[str, Floats] | None = None) -> tuple[Ground, ...]:
    """The zones of a case over the states of a view.

    troops : zone: thousand troops of its first guard in every draw, (n_draws,), in place of what the case gives

    Raises
    ------
    AskError
        `truce/no-zones` where the case has none.
    """
    if not case.file.zones or case.file.deterrence is None:
        what = "the case gives no zones, or no `deterrence`"
        raise AskError(Problem("truce/no-zones", what, hint="see `zones` and `deterrence` in docs/reference/file-format.md"))
    return tuple(_ground(case, graph, numbers, name, zone, (troops or {}).get(name)) for name, zone in case.file.zones.items())


def _ground(case: Case, graph: Graph, numbers: Numbers, name: str, zone: Zone, troops: Floats | None) -> Ground:
    at, deterrence = f"zones.{name}", case.file.deterrence
    assert deterrence is not None
    force, foreign, cost = {}, np.zeros((numbers.draws, graph.n_states)), np.zeros((numbers.draws, graph.n_states))
    answer: dict[str, Floats] = {}
    for k, guard in enumerate(zone.guards):
        there = _per_setting(graph, numbers, guard.lever, guard.troops_k, f"{at}.guards[{k}].troops_k")
        if troops is not None and k == 0:
            there = np.broadcast_to(troops[:, None], there.shape)
        force[guard.party] = there * _share_at_hand(case, graph, numbers, zone, guard, f"{at}.guards[{k}]")
        answer[guard.party] = numbers.of(deterrence.answer.get(guard.party), 1.0, at=f"deterrence.answer.{guard.party}")
        if guard.party in zone.presence_cost:
            foreign += there
            seen = np.exp(-numbers.of(guard.from_front_km, at=f"{at}.guards[{k}].from_front_km") / _detection(case, numbers))
            price = numbers.of(zone.presence_cost[guard.party], at=f"{at}.presence_cost.{guard.party}")
            cost += (price * answer[guard.party] * seen)[:, None] * (there > 0)
    surge = numbers.of(zone.surge_k, at=f"{at}.surge_k")
    exponent = numbers.of(deterrence.decisiveness, 1.0, at="deterrence.decisiveness")
    success = _success(surge[:, None], exponent[:, None], force, answer, (numbers.draws, graph.n_states))
    return Ground(name, zone.attacker, force, foreign, success, cost, graph.where(case.condition(zone.attack)))


def _detection(case: Case, numbers: Numbers) -> Floats:
    assert case.file.deterrence is not None
    return numbers.of(case.file.deterrence.detection_km, DETECTION_KM, at="deterrence.detection_km")


def _per_setting(graph: Graph, numbers: Numbers, lever: str, given: Mapping[str, Quantity], at: str) -> Floats:
    """A number that hangs on the setting of a lever: (n_draws, n_states); 0 for settings that are not named."""
    settings = graph.all_settings[lever]
    table = np.stack([numbers.of(given.get(setting), at=f"{at}.{setting}") for setting in settings], axis=1)
    return table[:, graph.digits(lever)]


def _share_at_hand(case: Case, graph: Graph, numbers: Numbers, zone: Zone, guard: Guarding, at: str) -> Floats:
    """The share of a guard's troops that fights when its zone is attacked: (n_draws, n_states)."""
    deterrence = case.file.deterrence
    assert deterrence is not None
    tooth = numbers.of(guard.tooth, 1.0, at=f"{at}.tooth")[:, None]
    in_place = numbers.of(guard.in_place, 1.0, at=f"{at}.in_place")[:, None]
    home = at.partition(".guards")[0]
    width = numbers.of(zone.width_km, at=f"{home}.width_km")[:, None]
    sector = width if zone.sector_km is None else numbers.of(zone.sector_km, at=f"{home}.sector_km")[:, None]
    march = numbers.of(deterrence.march_km_per_day, MARCH_KM, at="deterrence.march_km_per_day")[:, None]
    days = numbers.of(guard.arrival_days, at=f"{at}.arrival_days")[:, None] * _hub(case, graph, numbers)
    days = days + numbers.of(guard.from_front_km, at=f"{at}.from_front_km")[:, None] / march
    warning = numbers.of(zone.warning_days, at=f"{home}.warning_days")[:, None]
    arrived = np.where(days <= 0, 1.0, np.minimum(1.0, warning / np.maximum(days, 1e-9)))
    return tooth * (in_place * np.minimum(1.0, sector / width) + (1.0 - in_place) * arrived)


def _hub(case: Case, graph: Graph, numbers: Numbers) -> Floats:
    """Factor on arrival times, by who holds the logistics node: (n_draws, n_states)."""
    hub = case.file.deterrence.hub if case.file.deterrence else None
    if hub is None:
        return np.ones((numbers.draws, 1))
    return _per_setting(graph, numbers, hub.lever, hub.arrival_factor, "deterrence.hub.arrival_factor")


def _success(surge: Floats, exponent: Floats, force: Mapping[str, Floats], answer: Mapping[str, Floats], shape: tuple[int, int]) -> Floats:
    """Chance that an attack prevails, over who of the guards answers: (n_draws, n_states)."""
    found = np.zeros(shape)
    for answering in itertools.product((False, True), repeat=len(force)):
        chance, total = np.ones((shape[0], 1)), np.zeros(shape)
        for (guard, each), answers in zip(force.items(), answering, strict=True):
            chance = chance * (answer[guard] if answers else 1.0 - answer[guard])[:, None]
            total = total + (each if answers else 0.0)
        with np.errstate(divide="ignore"):
            found += chance / (1.0 + (total / surge) ** exponent)
    return found


def backstop(case: Case, graph: Graph, numbers: Numbers) -> Floats:
    """Strength of the backstop, from 0 to 1: (n_draws, n_states); 0 where the case gives none."""
    stands = case.file.deterrence.backstop if case.file.deterrence else None
    if stands is None:
        return np.zeros((numbers.draws, graph.n_states))
    return _per_setting(graph, numbers, stands.lever, stands.strength, "deterrence.backstop.strength")


def with_zones(case: Case, graph: Graph, numbers: Numbers, flow: Floats, *, troops: Mapping[str, Floats] | None = None) -> Floats:
    """What states are worth a month with what attacks bring and cost: (n_draws, n_parties, n_states); a new array.

    flow : the same without it
    """
    deterrence = case.file.deterrence
    found = flow.copy()
    if deterrence is None or not case.file.zones:
        return found
    behind = backstop(case, graph, numbers)
    holds = graph.where(case.condition(deterrence.truce))
    broken = ~holds & (graph.where(case.condition(deterrence.breach)) if deterrence.breach else True)
    provocation = numbers.of(deterrence.provocation, at="deterrence.provocation")[:, None]
    attacked: dict[str, NDArray[np.bool_]] = {}
    for ground in grounds(case, graph, numbers, troops=troops):
        zone, attack = case.file.zones[ground.name], ground.attack & broken
        for party, prize in zone.prize.items():
            worth = numbers.of(prize, at=f"zones.{ground.name}.prize.{party}")[:, None]
            found[:, graph.parties.index(party)] += np.where(attack, worth * ground.success, 0.0)
        attacker = graph.parties.index(ground.attacker)
        found[:, attacker] -= np.where(attack, ground.cost, 0.0) + np.where(holds, provocation * ground.foreign / 10.0, 0.0)
        attacked[ground.attacker] = attacked.get(ground.attacker, np.zeros(graph.n_states, np.bool_)) | attack
    for party, attack in attacked.items():
        price = deterrence.backstop.cost.get(party) if deterrence.backstop else None
        cost = numbers.of(price, at=f"deterrence.backstop.cost.{party}")[:, None]
        found[:, graph.parties.index(party)] -= np.where(attack, cost * behind, 0.0)
    return found
