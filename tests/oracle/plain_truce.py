"""How long a truce of a whole case holds, from its file with short forms written out: numpy and the standard library, nothing of the program.

For views too large for dense matrices between all states (`dense_truce.py`): every party has a list of targets per state, every event one. Guards,
bans, one-way levers, chance, rates by condition, versions of parties, doubtful wants, zones and the backstop are all read. By the definitions of
`docs/theory/play.md` and `docs/theory/zones.md`; values go backwards by classical Runge-Kutta steps, the truce forwards by the same.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tests.oracle.plain_answers import draw, triangular
from tests.oracle.plain_view import File, View, stated

Number = Callable[[object, float], float]


def as_stated(given, default: float = 0.0) -> float:
    """A number as the file has it."""
    return default if given is None else float(given["value"] if isinstance(given, Mapping) else given)


def drawn(rng: np.random.Generator) -> Number:
    """Numbers with a range drawn, each once."""
    known: dict[str, float] = {}
    seen: dict[int, float] = {}

    def of(given, default: float = 0.0) -> float:
        if given is None:
            return default
        if id(given) not in seen:
            seen[id(given)] = triangular(given, rng, known)
        return seen[id(given)]

    return of


class Board:
    """States that a truce can come to, with who can go where: the same in every draw. `closed` levers are moved by events alone."""

    def __init__(self, file: File, view: str, held: Mapping[str, str], *, closed: Sequence[str] = ()):
        self.file, self.at = file, View(file, view, held)
        self.levers = file.file["levers"]
        self.ok = self.at.ok
        self.moving = [party for party in file.parties if party not in file.chance]
        self.moves = {party: self._moves(party, closed) for party in self.moving}
        self.events = [made for event in (file.file.get("events") or {}).values() for made in self._event(event)]

    def holds(self, text: str) -> np.ndarray:
        return self.at.holds(text) & np.ones(self.at.n, bool)

    def goes(self, lever: str, setting: str) -> np.ndarray:
        """The state with that setting of a lever, for every state; itself where the lever does not vary."""
        if lever not in self.at.levers:
            return np.arange(self.at.n)
        return np.arange(self.at.n) + (self.file.settings[lever].index(setting) - self.at.column[lever]) * self.at.step[self.at.levers.index(lever)]

    def _moves(self, party: str, closed: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray, list[str]]]:
        """Every choice of settings of the party's levers: where it leads, where it may be made, and which levers it may set."""
        mine = [lever for lever in self.at.levers if lever.split(".")[0] == party and lever not in closed]
        made = []
        for chosen in itertools.product(*(self.file.settings[lever] for lever in mine)):
            target, legal, sets = np.arange(self.at.n), self.ok.copy(), []
            for lever, setting in zip(mine, chosen, strict=True):
                here, there = self.at.column[lever], self.file.settings[lever].index(setting)
                way, guard = self.levers[lever].get("one_way"), (self.levers[lever].get("needs") or {}).get(setting)
                target = target + self.goes(lever, setting) - np.arange(self.at.n)
                legal &= (here <= there if way == "up" else here >= there if way == "down" else True)
                legal &= (here == there) | (self.holds(stated(guard)) if guard is not None else True)
                sets.append((lever, here != there))
            moved = np.logical_or.reduce([changed for _, changed in sets]) if sets else np.zeros(self.at.n, bool)
            made.append((target, legal & moved & self.ok[target], sets))
        return made

    def _event(self, event: Mapping):
        here, kept = np.arange(self.at.n), np.ones(self.at.n, bool)
        target = here
        for lever, setting in event["sets"].items():
            target = target + self.goes(lever, setting) - here
            if lever not in self.at.levers:
                kept &= self.at.column[lever] == self.file.settings[lever].index(setting)
        can = self.ok & self.ok[target] & kept & (target != here) & self.holds(event.get("when", "true"))
        rates = event["per_month"] if isinstance(event["per_month"], list) else [event["per_month"]]
        for rate in rates:
            counts = self.holds(rate.get("when", "true")) if isinstance(rate, Mapping) else np.ones(self.at.n, bool)
            if (can & counts).any():
                yield target, can & counts, rate


class Truce:
    """One draw of a board: what states are worth a month to everybody, and how everybody plays."""

    def __init__(self, board: Board, wants: Mapping[str, Sequence[Mapping]], of: Number = as_stated):
        self.board, self.of = board, of
        play = board.file.file["play"]
        self.parties = [party for party in board.moving if any(legal.any() for _, legal, _ in board.moves[party])]
        self.tempo, self.noise = ([of((play.get(name) or {}).get(party), usual) for party in self.parties] for name, usual in (("tempo", 1.0), ("noise", 0.5)))
        self.discount = np.array([of((play.get("discount") or {}).get(party), 0.2) / 12 for party in self.parties])
        self.flow = np.array([self._worth(party, wants[party]) for party in self.parties])
        price = {lever: of(given) for lever, given in (play.get("move_cost") or {}).items()}
        self.options = [
            [(target, legal, sum(price.get(lever, 0.0) * changed for lever, changed in sets)) for target, legal, sets in board.moves[party] if legal.any()]
            for party in self.parties
        ]
        self.rates = [(target, np.where(can, of(rate), 0.0)) for target, can, rate in board.events]

    def _worth(self, party: str, wants: Sequence[Mapping]) -> np.ndarray:
        worth = np.zeros(self.board.at.n)
        for want in wants:
            worth += self.of(want.get("worth")) * self.board.holds(stated(want))
        return worth + self._zones(party) if "deterrence" in self.board.file.file else worth

    def _zones(self, party: str) -> np.ndarray:
        board, of, about = self.board, self.of, self.board.file.file["deterrence"]
        holds = board.holds(about["truce"])
        broken, total, attacked = ~holds & board.holds(about.get("breach", "true")), np.zeros(board.at.n), np.zeros(board.at.n, bool)
        for zone in board.file.file["zones"].values():
            success, cost, foreign = self._attack(zone, about)
            attack = broken & board.holds(zone["attack"])
            if party in (zone.get("prize") or {}):
                total += of(zone["prize"][party]) * success * attack
            if party == zone["attacker"]:
                total -= cost * attack + of(about.get("provocation")) * foreign / 10 * holds
                attacked |= attack
        if "backstop" in about and party in about["backstop"]["cost"]:
            strength = np.array([of(about["backstop"]["strength"].get(s)) for s in board.file.settings[about["backstop"]["lever"]]])
            total -= of(about["backstop"]["cost"][party]) * strength[board.at.column[about["backstop"]["lever"]]] * attacked
        return total

    def _attack(self, zone: Mapping, about: Mapping) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Chance that an attack prevails, what shooting past others' troops costs, and how many foreign troops are there."""
        board, of, n = self.board, self.of, self.board.at.n
        force, there, seen = {}, {}, {}
        hub = np.ones(n)
        if "hub" in about:
            hub = np.array([of(about["hub"]["arrival_factor"].get(s), 1.0) for s in board.file.settings[about["hub"]["lever"]]])[board.at.column[about["hub"]["lever"]]]
        for guard in zone.get("guards") or []:
            party, far = guard["party"], of(guard.get("from_front_km"))
            troops = np.array([of(guard["troops_k"].get(s)) for s in board.file.settings[guard["lever"]]])[board.at.column[guard["lever"]]]
            days = of(guard.get("arrival_days")) * hub + far / of(about.get("march_km_per_day"), 150.0)
            arrived = np.minimum(1.0, of(zone.get("warning_days")) / np.maximum(days, 1e-12))
            place, wide = of(guard.get("in_place"), 1.0), of(zone["width_km"])
            at_hand = place * min(1.0, of(zone.get("sector_km"), wide) / wide) + (1 - place) * arrived
            force[party] = force.get(party, 0.0) + troops * of(guard.get("tooth"), 1.0) * at_hand
            there[party] = there.get(party, 0.0) + troops
            seen[party] = np.maximum(seen.get(party, 0.0), np.where(troops > 0, math.exp(-far / of(about.get("detection_km"), 300.0)), 0.0))
        answer = {party: of((about.get("answer") or {}).get(party), 1.0) for party in force}
        success = np.zeros(n)
        for who in itertools.product((False, True), repeat=len(force)):
            chance = math.prod(answer[p] if yes else 1 - answer[p] for p, yes in zip(force, who, strict=True))
            total = sum((force[p] for p, yes in zip(force, who, strict=True) if yes), np.zeros(n))
            success += chance / (1 + (total / of(zone["surge_k"])) ** of(about.get("decisiveness"), 1.0))
        priced = [p for p in (zone.get("presence_cost") or {}) if p in force]
        cost = sum((of(zone["presence_cost"][p]) * answer[p] * seen[p] for p in priced), np.zeros(n))
        return success, cost, sum((there[p] for p in priced), np.zeros(n))

    # ---- play ------------------------------------------------------------------------------------------------------------------
    def odds(self, k: int, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Chances of every option of party k, staying first, and the smoothed best."""
        worth = np.stack([value, *(np.where(legal, value[target] - cost, -np.inf) for target, legal, cost in self.options[k])]) / self.noise[k]
        top = worth.max(axis=0)
        chance = np.exp(worth - top)
        total = chance.sum(axis=0)
        return chance / total, self.noise[k] * (top + np.log(total))

    def slope(self, values: np.ndarray) -> np.ndarray:
        out = self.flow - self.discount[:, None] * values
        for target, rate in self.rates:
            out = out + rate * (values[:, target] - values)
        for k in range(len(self.parties)):
            chance, best = self.odds(k, values[k])
            change = sum((p * (values[:, target] - values) for p, (target, _, _) in zip(chance[1:], self.options[k], strict=True)), np.zeros_like(values))
            change[k] = best - values[k]
            out += self.tempo[k] * change
        return out

    def outflow(self, values: np.ndarray) -> list[tuple[str, np.ndarray, np.ndarray]]:
        moves = [
            (party, target, self.tempo[k] * p)
            for k, party in enumerate(self.parties)
            for p, (target, _, _) in zip(self.odds(k, values[k])[0][1:], self.options[k], strict=True)
        ]
        return [*(("", target, rate) for target, rate in self.rates), *moves]

    def alive(self, start: int, truce: str, months: Sequence[float], *, step: float = 0.05) -> np.ndarray:
        """Chance that the truce has not been left by each month; all look twice as far as the last of them."""
        return self.left(start, truce, months, step=step)[0]

    def left(self, start: int, truce: str, months: Sequence[float], *, step: float = 0.05) -> tuple[np.ndarray, dict[str, float]]:
        """The same, and by the last month by whom it was left: a party, or nobody ('')."""
        holds = self.board.holds(truce) & self.board.ok
        kept, n_steps = self.values(round(2 * months[-1] / step), step=step), round(months[-1] / step)
        first = np.eye(self.board.at.n)[start]
        masses, by = self.kept_on(kept, first, holds, n_steps, step=step), dict[str, float]()
        for k in range(n_steps):
            for who, target, rate in self.outflow(0.5 * (kept[k] + kept[k + 1])):
                by[who] = by.get(who, 0.0) + step * float((rate * 0.5 * (masses[k] + masses[k + 1]))[~holds[target]].sum())
        return np.array([masses[round(month / step)].sum() for month in months]), by

    def values(self, n_steps: int, *, step: float, end: np.ndarray | None = None) -> list[np.ndarray]:
        """What every state is worth to everybody, step by step from now on to the horizon."""
        made = [np.zeros_like(self.flow) if end is None else end]
        for _ in range(n_steps):
            made.append(runge_kutta(self.slope, made[-1], step))
        return made[::-1]

    def kept_on(self, values: Sequence[np.ndarray], first: np.ndarray, holds: np.ndarray, n_steps: int, *, step: float) -> list[np.ndarray]:
        """Where the truce stands that has not been left, step by step."""
        masses = [first]
        for k in range(n_steps):
            rates = self.outflow(0.5 * (values[k] + values[k + 1]))

            def flows(mass: np.ndarray, rates=rates) -> np.ndarray:
                out = np.zeros_like(mass)
                for _, target, rate in rates:
                    moved = rate * mass
                    out -= moved
                    np.add.at(out, target, moved)
                return np.where(holds, out, 0.0)

            masses.append(runge_kutta(flows, masses[-1], step))
        return masses


def runge_kutta(slope: Callable[[np.ndarray], np.ndarray], values: np.ndarray, step: float) -> np.ndarray:
    first = slope(values)
    second = slope(values + step / 2 * first)
    third = slope(values + step / 2 * second)
    fourth = slope(values + step * third)
    return values + step / 6 * (first + 2 * second + 2 * third + fourth)


def wants_as_stated(file: File) -> dict[str, Sequence[Mapping]]:
    """The wants of everybody's likeliest version."""
    return {party: file.wants(party, kind) for party, kind in file.usual().items()}


def wants_drawn(file: File, rng: np.random.Generator) -> dict[str, Sequence[Mapping]]:
    """Wants of one draw, with sizes already drawn."""
    return draw(file, rng)[1]
