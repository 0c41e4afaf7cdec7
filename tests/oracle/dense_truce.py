"""How long a truce holds, worked out anew from the text of a case: nothing of the program is used, only numpy, scipy, YAML.

Every number as it stands, all levers free but those held, zones included. States are all combinations of settings; values go
backwards from the horizon by Runge-Kutta steps of order four, survival forwards by dense matrix exponentials of the rates
halfway through every step.
"""

from __future__ import annotations

import itertools
import math
import re

import numpy as np
from ruamel.yaml import YAML
from scipy.linalg import expm


def number(given):
    return float(given["value"] if isinstance(given, dict) else given)


def word(setting):
    """A setting as written: YAML reads yes and no as truth values."""
    return {True: "yes", False: "no"}.get(setting, str(setting))


def truth(text, at, settings, terms):
    """Whether a condition holds at some settings: names, comparisons, `not`, `and`, `or`, `implies`, parentheses."""
    tokens = re.findall(r"[()]|[<>!]=|=|[^\s()=<>!]+", {True: "true", False: "false"}.get(text, str(text)))

    def implied():
        left = either()
        if tokens and tokens[0] == "implies":
            tokens.pop(0)
            right = implied()
            return not left or right
        return left

    def either():
        left = both()
        while tokens and tokens[0] == "or":
            tokens.pop(0)
            right = both()
            left = left or right
        return left

    def both():
        left = one()
        while tokens and tokens[0] == "and":
            tokens.pop(0)
            right = one()
            left = left and right
        return left

    def one():
        name = tokens.pop(0)
        if name == "not":
            return not one()
        if name in ("true", "false"):
            return name == "true"
        if name == "(":
            inner = implied()
            assert tokens.pop(0) == ")"
            return inner
        if tokens and tokens[0] in ("=", "!=", "<=", ">="):
            sign, order = tokens.pop(0), settings[name]
            here, there = order.index(at[name]), order.index(tokens.pop(0))
            return {"=": here == there, "!=": here != there, "<=": here <= there, ">=": here >= there}[sign]
        if name in terms:
            return truth(terms[name], at, settings, terms)
        return at[name] != settings[name][0]

    return implied()


class Truce:
    """A case as dense arrays."""

    def __init__(self, text, held):
        self.case = YAML(typ="base").load(text)
        levers = self.case["levers"]
        self.settings = {name: [word(each) for each in about.get("settings", ["no", "yes"])] for name, about in levers.items()}
        self.now = {name: word(about.get("now", self.settings[name][0])) for name, about in levers.items()}
        free_levers = [name for name in levers if name not in held]
        assert not any("needs" in levers[name] for name in free_levers)  # guards are not written out here
        self.terms = self.case.get("terms", {})
        free = [[held[name]] if name in held else options for name, options in self.settings.items()]
        self.held = held
        self.states = [dict(zip(self.settings, chosen, strict=True)) for chosen in itertools.product(*free)]
        self.parties = list(self.case["parties"])
        self.play = self.case["play"]
        self.flow = np.array([[self.worth(party, at) for at in self.states] for party in self.parties])
        self.option = np.array([self.prices(party) for party in self.parties])
        self.chance = self.events()

    def holds(self, condition):
        return np.array([truth(condition, at, self.settings, self.terms) for at in self.states])

    def wants(self, party):
        """Those of its likeliest version, the first of equals."""
        stated, types = self.case["wants"].get(party, []), self.case["parties"][party].get("types")
        return stated[max(types, key=lambda name: number(types[name]))] if types else stated

    def worth(self, party, at):
        total = sum(number(want["worth"]) for want in self.wants(party) if truth(want["that"], at, self.settings, self.terms))
        about = self.case["deterrence"]
        truce = truth(about["truce"], at, self.settings, self.terms)
        broken = not truce and truth(about.get("breach", "true"), at, self.settings, self.terms)
        behind = []  # the backstop answers once, however many zones are attacked
        for zone in self.case["zones"].values():
            success, cost, foreign = self.attack(zone, at)
            attacked = broken and truth(zone["attack"], at, self.settings, self.terms)
            if attacked and party in zone.get("prize", {}):
                total += number(zone["prize"][party]) * success
            if party == zone["attacker"]:
                total -= cost if attacked else 0.0
                total -= number(about.get("provocation", 0)) * foreign / 10 if truce else 0.0
                stands = about["backstop"]
                behind.append(number(stands["cost"][party]) * number(stands["strength"][at[stands["lever"]]]) if attacked else 0.0)
        return total - max(behind, default=0.0)

    def attack(self, zone, at):
        """Chance that an attack prevails, what it costs, foreign troops: by the formulas of docs/theory/zones.md."""
        about, forces, cost, foreign = self.case["deterrence"], {}, 0.0, 0.0
        factor = number(about["hub"]["arrival_factor"][at[about["hub"]["lever"]]])
        for guard in zone["guards"]:
            troops = number(guard["troops_k"][at[guard["lever"]]])
            far, place = number(guard.get("from_front_km", 0)), number(guard["in_place"])
            days = number(guard["arrival_days"]) * factor + far / 150
            arrived = min(1.0, number(zone["warning_days"]) / days)
            spread = min(1.0, number(zone.get("sector_km", zone["width_km"])) / number(zone["width_km"]))
            forces.setdefault(guard["party"], 0.0)
            forces[guard["party"]] += troops * number(guard["tooth"]) * (place * spread + (1 - place) * arrived)
            if guard["party"] in zone.get("presence_cost", {}) and troops:
                answer = number(about["answer"].get(guard["party"], 1))
                cost += number(zone["presence_cost"][guard["party"]]) * answer * math.exp(-far / 300)
                foreign += troops
        success = 0.0
        for answering in itertools.product((0, 1), repeat=len(forces)):
            chance, total = 1.0, 0.0
            for (party, force), answers in zip(forces.items(), answering, strict=True):
                p = number(about["answer"].get(party, 1))
                chance *= p if answers else 1 - p
                total += force if answers else 0.0
            success += chance / (1 + (total / number(zone["surge_k"])) ** number(about["decisiveness"]))
        return success, cost, foreign

    def prices(self, party):
        """(n, n): what a party's move from row to column costs; inf where it has none."""
        n = len(self.states)
        table = np.full((n, n), np.inf)
        given = self.play.get("move_cost", {})
        for s, here in enumerate(self.states):
            for t, there in enumerate(self.states):
                changed = [name for name in here if here[name] != there[name]]
                if all(name.startswith(party + ".") and self.one_way(name, here, there) for name in changed):
                    table[s, t] = sum(number(given.get(name, 0)) for name in changed)
        return table

    def one_way(self, name, here, there):
        way, order = self.case["levers"][name].get("one_way"), self.settings[name]
        rises = order.index(there[name]) > order.index(here[name])
        return way is None or rises == (way == "up")

    def events(self):
        n = len(self.states)
        rates = np.zeros((n, n))
        for event in self.case["events"].values():
            if set(event["sets"]) & set(self.held):
                continue
            for s, at in enumerate(self.states):
                target = self.states.index(at | {lever: word(setting) for lever, setting in event["sets"].items()})
                if target != s and truth(event["when"], at, self.settings, self.terms):
                    rates[s, target] += number(event["per_month"])
        return rates

    def per_party(self, name):
        return np.array([number(self.play[name][party]) for party in self.parties])

    def choices(self, values):
        """P_i(to | from), and the smoothed best: (n_parties, n, n), (n_parties, n)."""
        noise = self.per_party("noise")[:, None, None]
        worth = (values[:, None, :] - self.option) / noise
        top = worth.max(axis=2, keepdims=True)
        odds = np.exp(worth - top)
        total = odds.sum(axis=2, keepdims=True)
        return odds / total, (noise * (top + np.log(total)))[:, :, 0]

    def slope(self, values):
        odds, best = self.choices(values)
        tempo, discount = self.per_party("tempo"), self.per_party("discount") / 12
        out = self.flow - discount[:, None] * values + values @ self.chance.T - values * self.chance.sum(axis=1)
        for k in range(len(tempo)):
            after = values @ odds[k].T
            after[k] = best[k]
            out += tempo[k] * (after - values)
        return out

    def alive(self, truce, start, months, step=0.02):
        """Chance that the truce has not been left by each month, from one state; looking twice as far as the last month."""
        holds, here = self.holds(truce), self.states.index(start)
        n_steps = round(2 * months[-1] / step)
        values, kept = np.zeros_like(self.flow), {}
        for k in range(n_steps, 0, -1):
            half = values + 0.5 * step * self.slope(values)
            second = self.slope(half)
            third = self.slope(values + 0.5 * step * second)
            fourth = self.slope(values + step * third)
            values = values + step / 6 * (self.slope(values) + 2 * second + 2 * third + fourth)
            kept[k - 1] = values
        mass, curve = np.zeros(len(holds)), []
        mass[here] = 1.0
        for k in range(round(months[-1] / step)):
            odds, _ = self.choices(0.5 * (kept[k] + kept[k + 1]))
            rates = np.tensordot(self.per_party("tempo"), odds, axes=1) + self.chance
            np.fill_diagonal(rates, 0)
            within = rates * holds - np.diag(rates.sum(axis=1))
            mass[holds] = mass[holds] @ expm(within[np.ix_(holds, holds)] * step)
            if any(abs((k + 1) * step - month) < step / 2 for month in months):
                curve.append(mass.sum())
        return np.array(curve)
