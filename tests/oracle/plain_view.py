"""A second plain reader of case files, whole columns of states at a time: numpy and PyYAML, nothing of the program.

Written apart from `plain_case.py`, so that one reader's mistake is not the other's. A state is a row; a condition is a column of yes and no.
"""

from __future__ import annotations

import functools
import itertools
import pathlib
import re
from collections.abc import Collection, Iterator, Mapping

import numpy as np
import yaml

WORD = re.compile(r"<=|>=|!=|[=<>()]|[A-Za-z0-9_][\w.+-]*")
SIGNS = {
    "=": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
NONE = np.iinfo(np.int64).max


def as_texts(text: str):
    """What a file says, every scalar the text that it is; by the C parser, which is ten times as quick, where PyYAML has it."""
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def stated(line) -> str:
    return line if isinstance(line, str) else line["that"]


def number(given) -> float:
    return float(given["value"] if isinstance(given, Mapping) else given)


class File:
    """Parties, levers, wants and terms as the file has them."""

    def __init__(self, given: pathlib.Path | str | Mapping):
        self.file = given if isinstance(given, Mapping) else as_texts(given if isinstance(given, str) else given.read_text(encoding="utf-8"))
        self.parties = list(self.file["parties"])
        self.chance = {party for party, about in self.file["parties"].items() if about.get("chance") == "true"}  # it decides nothing
        self.unsigned = {party for party, about in self.file["parties"].items() if about.get("signs") == "false"}  # no deal takes its signature
        self.settings = {name: lever.get("settings") or ["no", "yes"] for name, lever in self.file["levers"].items()}
        self.now = {name: lever.get("now", self.settings[name][0]) for name, lever in self.file["levers"].items()}
        self.terms = {name: stated(term) for name, term in (self.file.get("terms") or {}).items()}

    def types(self, party: str) -> dict[str, float]:
        types = self.file["parties"][party].get("types") or {"": 1.0}
        return {name: number(chance) for name, chance in types.items()}

    def profiles(self) -> Iterator[tuple[dict[str, str], float]]:
        """One type per party, and the chance of it."""
        for chosen in itertools.product(*(self.types(party).items() for party in self.parties)):
            yield dict(zip(self.parties, (name for name, _ in chosen), strict=True)), float(np.prod([chance for _, chance in chosen]))

    def usual(self) -> dict[str, str]:
        """The most probable type of each party; of equals the first that the file names."""
        return {party: max(self.types(party), key=self.types(party).__getitem__) for party in self.parties}

    def wants(self, party: str, type_: str) -> list[Mapping]:
        wants = (self.file.get("wants") or {}).get(party) or []
        return wants[type_] if isinstance(wants, Mapping) else wants


class View:
    """All combinations of settings of the levers that vary; `ok` are those that no ban forbids. `hold` puts and holds levers besides."""

    def __init__(self, file: File, name: str | None, hold: Mapping[str, str] | None = None, free: Collection[str] = ()):
        self.file, self.name, self.hold = file, name, hold or {}
        view = file.file["views"][name] if name else {"vary": ["all"]}
        held = file.now | (view.get("fixed") or {}) | self.hold
        vary = [view["vary"]] if isinstance(view["vary"], str) else view["vary"]
        order = [lever for party in file.parties for lever in file.settings if lever.split(".")[0] == party]
        self.levers = [lever for lever in order if ("all" in vary or lever in vary or lever in free) and lever not in self.hold]
        sizes = [len(file.settings[lever]) for lever in self.levers]
        self.n = int(np.prod(sizes))
        self.digits = np.stack(np.unravel_index(np.arange(self.n), sizes or [1]), axis=1)
        self.column = {lever: np.full(self.n, file.settings[lever].index(setting)) for lever, setting in held.items()}
        self.column |= {lever: self.digits[:, k] for k, lever in enumerate(self.levers)}
        self.step = [int(np.prod(sizes[k + 1 :])) for k in range(len(sizes))]
        self.ok = np.ones(self.n, bool)
        for ban in file.file.get("never") or []:
            self.ok &= ~self.holds(stated(ban))
        self.now = sum(file.settings[lever].index(file.now[lever]) * step for lever, step in zip(self.levers, self.step, strict=True))
        self.moves = {party: self._moves(party) for party in file.parties}

    def settings(self, state: int) -> dict[str, str]:
        return {lever: self.file.settings[lever][k] for lever, k in zip(self.levers, self.digits[state], strict=True)}

    def holds(self, text: str) -> np.ndarray:
        """Where a condition holds."""
        return self._tree(WORD.findall(text))

    def _tree(self, words: list[str]) -> np.ndarray:
        for join in ("iff", "implies", "or", "and"):
            parts = _split(words, join)
            if len(parts) > 1:
                told = [self._tree(part) for part in parts]
                if join == "implies":  # to the right
                    return functools.reduce(lambda then, when: ~when | then, reversed(told))
                return functools.reduce({"iff": np.equal, "or": np.logical_or, "and": np.logical_and}[join], told)
        if words[0] == "not":
            return ~self._tree(words[1:])
        if words[0] == "(":
            return self._tree(words[1:-1])
        if len(words) == 3:
            lever, sign, setting = words
            return SIGNS[sign](self.column[lever], self.file.settings[lever].index(setting))
        (name,) = words
        if name in ("true", "false"):
            return np.full(self.n, name == "true")
        return self.holds(self.file.terms[name]) if name in self.file.terms else self.column[name] != 0

    def _moves(self, party: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Per state and combination of the party's own settings: where it leads, whether it may, how many levers it sets."""
        own = [k for k, lever in enumerate(self.levers) if lever.split(".")[0] == party]
        every = []
        for combination in itertools.product(*(range(len(self.file.settings[self.levers[k]])) for k in own)):
            target, legal, effort = np.arange(self.n), self.ok & (party not in self.file.chance), np.zeros(self.n, int)
            for k, there in zip(own, combination, strict=True):
                lever, here = self.levers[k], self.digits[:, k]
                about = self.file.file["levers"][lever]
                target, effort = target + (there - here) * self.step[k], effort + (there != here)
                legal &= {"up": here <= there, "down": here >= there}.get(about.get("one_way"), True)
                guard = (about.get("needs") or {}).get(self.file.settings[lever][there])
                if guard is not None:
                    legal &= (here == there) | self.holds(stated(guard))
            every.append((target, legal & (effort > 0) & self.ok[target], effort))
        return tuple(np.stack(column, axis=1) for column in zip(*every, strict=True))  # type: ignore[return-value]

    def rank(self, wants: list[Mapping]) -> np.ndarray:
        """Of m wants the k-th counts 2^(m-k)."""
        return functools.reduce(lambda total, want: 2 * total + self.holds(want["that"]), wants, np.zeros(self.n, np.int64))

    def size(self, wants: list[Mapping]) -> np.ndarray:
        """The sum of the worths of what holds."""
        return sum((number(want["worth"]) * self.holds(want["that"]) for want in wants), np.zeros(self.n))


def _split(words: list[str], at: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    depth = 0
    for word in words:
        depth += (word == "(") - (word == ")")
        if word == at and not depth:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


class Game:
    """A view with one type per party, or with wants of another making."""

    def __init__(self, view: View, types: Mapping[str, str], wants: Mapping[str, list[Mapping]] | None = None):
        self.view, self.types, self.parties = view, types, view.file.parties
        self.wants = wants or {party: view.file.wants(party, types[party]) for party in self.parties}
        self.rank = {party: view.rank(self.wants[party]) for party in self.parties}
        self.steps: dict[str, dict[str, np.ndarray]] = {"paying": {}, "best": {}}
        self.known: dict[tuple, np.ndarray] = {}
        for party in self.parties:
            (target, legal, effort), rank = view.moves[party], self.rank[party]
            pays = legal & (rank[target] > rank[:, None])
            best = pays & (rank[target] == np.where(pays, rank[target], -1).max(axis=1, keepdims=True))
            fewest = np.where(best, effort, NONE).min(axis=1, keepdims=True)
            self.steps["paying"][party], self.steps["best"][party] = pays, best & (effort == fewest)

    def worst_reply(self, party: str, how: str) -> np.ndarray:
        """The least that the party may find itself with after the others' moves, nobody twice in a row; NONE where nobody moves."""
        return self.worst_of(party, [each for each in self.parties if each != party], how)

    def _worst_of(self, party: str, others: Collection[str], how: str) -> np.ndarray:
        worst = {each: np.full(self.view.n, NONE) for each in others}  # where `each` moves first
        while True:
            again = {}
            for first in others:
                after = functools.reduce(np.minimum, (worst[each] for each in others if each != first), self.rank[party])
                again[first] = np.where(self.steps[how][first], after[self.view.moves[first][0]], NONE).min(axis=1)
            if all((again[each] == worst[each]).all() for each in others):
                return functools.reduce(np.minimum, worst.values(), np.full(self.view.n, NONE))
            worst = again

    def worst_of(self, party: str, others: Collection[str], how: str) -> np.ndarray:
        """The same after moves of some others."""
        key = (party, tuple(others), how)
        if key not in self.known:
            self.known[key] = self._worst_of(party, others, how)
        return self.known[key]

    def stays(self, party: str, how: str) -> np.ndarray:
        """Sequential stability for a party: each paying move meets a reply that leaves it no better off."""
        target, pays, rank = self.view.moves[party][0], self.steps["paying"][party], self.rank[party]
        return ~(pays & (self.worst_reply(party, how)[target] > rank[:, None])).any(axis=1)

    def rests(self, how: str) -> np.ndarray:
        return self.view.ok & np.logical_and.reduce([self.stays(party, how) for party in self.parties])

    def quiet(self) -> np.ndarray:
        """Where nobody gains by moving."""
        return self.view.ok & ~np.logical_or.reduce([self.steps["paying"][party].any(axis=1) for party in self.parties])

    def reached(self, how: str, start: int) -> np.ndarray:
        seen, front = np.zeros(self.view.n, bool), np.array([start])
        while front.size:
            seen[front] = True
            ahead = [self.view.moves[party][0][front][self.steps[how][party][front]] for party in self.parties]
            front = np.setdiff1d(np.concatenate(ahead), np.flatnonzero(seen))
        return seen

    def agreed(self, goal: str, *, by: str) -> np.ndarray:
        """States with `goal` that cross no red line and leave nobody worse off than today, by order or by size of wants; what chance moves stays."""
        deals = self.view.ok & self.view.holds(goal)
        for k, lever in enumerate(self.view.levers):  # nobody can promise what chance moves
            if lever.split(".")[0] in self.view.file.chance | self.view.file.unsigned:
                deals &= self.view.digits[:, k] == self.view.digits[self.view.now, k]
        for party in [each for each in self.parties if each not in self.view.file.unsigned]:
            for want in self.wants[party]:
                if want.get("red_line") == "true":
                    deals &= self.view.holds(want["that"])
            worth = self.rank[party] if by == "order" else self.view.size(self.wants[party])
            deals &= worth >= worth[self.view.now] - (0 if by == "order" else 1e-9 * worth.max())
        return deals
