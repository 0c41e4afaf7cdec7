"""A case file read and worked out with PyYAML and the standard library alone: nothing of the program is imported.

Slow, short and by the letter of the format, so that counts, moves, ranks, paths and verdicts of the program can be recomputed
from the YAML by other means. `read_plain(path)` gives a `PlainCase`; `case.view("core")` its states, moves, ranks and chances, in
the form that `tests/oracle/naive.py` takes: `naive.stable(view.moves, view.rank, i, s, "seq", moving="best", effort=view.effort)`.
"""

from __future__ import annotations

import functools
import itertools
import pathlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import yaml

State = tuple[str, ...]  # a setting per lever that varies
Test = Callable[[Mapping[str, str]], bool]
_WORD = re.compile(r"\s*(<=|>=|!=|[=<>()]|[A-Za-z0-9_][A-Za-z0-9_.+-]*)")


@dataclass
class PlainLever:
    name: str
    party: str
    settings: list[str]
    now: str
    one_way: str | None
    needs: dict[str, str]  # setting: condition that must hold in the state that is left


class Parser:
    """Conditions, by their grammar: iff < implies (to the right) < or < and < not < a name, a comparison, or brackets."""

    def __init__(self, text: str, case: PlainCase):
        self.words, self.at, self.case = [], 0, case
        end = 0
        while end < len(text.rstrip()):
            match = _WORD.match(text, end)
            assert match, f"cannot read {text!r} at {end}"
            self.words.append(match.group(1))
            end = match.end()

    def peek(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def take(self, *words: str) -> str:
        word = self.peek()
        if word and (not words or word in words):
            self.at += 1
            return word
        return ""

    def whole(self) -> Test:
        test = self.iff()
        assert not self.peek(), f"left over: {self.words[self.at:]}"
        return test

    def iff(self) -> Test:
        test = self.implies()
        while self.take("iff"):
            test = _same(test, self.implies())
        return test

    def implies(self) -> Test:
        test = self.either()
        if self.take("implies"):
            then = self.implies()
            return lambda s: not test(s) or then(s)
        return test

    def either(self) -> Test:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else lambda s: any(part(s) for part in parts)

    def both(self) -> Test:
        parts = [self.negated()]
        while self.take("and"):
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else lambda s: all(part(s) for part in parts)

    def negated(self) -> Test:
        if self.take("not"):
            part = self.negated()
            return lambda s: not part(s)
        if self.take("("):
            test = self.iff()
            assert self.take(")"), "a bracket is not closed"
            return test
        name, sign = self.take(), self.take("=", "!=", "<", "<=", ">", ">=")
        if name in ("true", "false"):
            return lambda s: name == "true"
        return self.compared(name, sign, self.take()) if sign else self.named(name)

    def compared(self, name: str, sign: str, setting: str) -> Test:
        order = self.case.levers[name].settings
        right = order.index(setting)
        allowed = {
            a for k, a in enumerate(order)
            if {"=": k == right, "!=": k != right, "<": k < right, "<=": k <= right, ">": k > right, ">=": k >= right}[sign]
        }
        return lambda s: s[name] in allowed

    def named(self, name: str) -> Test:
        if name in self.case.terms:
            return self.case.condition(self.case.terms[name])
        first = self.case.levers[name].settings[0]
        return lambda s: s[name] != first


def _same(one: Test, other: Test) -> Test:
    return lambda s: one(s) == other(s)


class PlainCase:
    """The parts of a case file that make states, moves and ranks."""

    def __init__(self, file: Mapping):
        self.file = file
        self.parties: list[str] = list(file["parties"])
        self.terms: dict[str, str] = {name: term if isinstance(term, str) else term["that"] for name, term in (file.get("terms") or {}).items()}
        self.levers: dict[str, PlainLever] = {}
        for party in self.parties:  # levers stand party by party
            for name, given in file["levers"].items():
                if name.split(".")[0] == party:
                    settings = given.get("settings") or ["no", "yes"]
                    needs = {setting: _that(guard) for setting, guard in (given.get("needs") or {}).items()}
                    self.levers[name] = PlainLever(name, party, settings, given.get("now", settings[0]), given.get("one_way"), needs)
        self.never = [_that(ban) for ban in file.get("never") or []]

    @functools.cache  # noqa: B019 (a few cases live as long as the tests)
    def condition(self, text: str) -> Test:
        return Parser(text, self).whole()

    def types(self, party: str) -> dict[str, float]:
        """Types of a party with their probabilities; one without a name where it has none."""
        stated = self.file["parties"][party].get("types") or {}
        return {name: float(number["value"] if isinstance(number, Mapping) else number) for name, number in stated.items()} or {"": 1.0}

    def wants(self, party: str, type_: str | None = None) -> list[dict]:
        """A party's wants, most important first; of its most probable type, if none is named."""
        stated = (self.file.get("wants") or {}).get(party) or []
        if isinstance(stated, Mapping):
            chance = self.types(party)
            stated = stated[type_ or max(stated, key=lambda name: chance.get(name, 0.0))]
        return list(stated)

    def view(self, name: str | None = None, *, hold: Mapping[str, str] | None = None, types: Mapping[str, str] | None = None) -> PlainView:
        """One view: the levers that vary, all others held at `fixed` or `now`; `hold` holds more of them."""
        view = self.file["views"][name] if name else {"vary": ["all"]}
        vary = [view["vary"]] if isinstance(view["vary"], str) else view["vary"]
        held = {lever.name: lever.now for lever in self.levers.values()} | dict(view.get("fixed") or {}) | dict(hold or {})
        free = [lever for lever in self.levers if ("all" in vary or lever in vary) and lever not in (hold or {})]
        return PlainView(self, free, {lever: held[lever] for lever in self.levers if lever not in free}, dict(types or {}))


@dataclass
class PlainView:
    case: PlainCase
    levers: list[str]  # those that vary
    held: dict[str, str]
    types: dict[str, str] = field(default_factory=dict)

    def settings(self, state: State) -> dict[str, str]:
        """Setting of every lever of the case."""
        return {**self.held, **dict(zip(self.levers, state, strict=True))}

    @functools.cached_property
    def states(self) -> list[State]:
        every = itertools.product(*(self.case.levers[lever].settings for lever in self.levers))
        bans = [self.case.condition(ban) for ban in self.case.never]
        return [state for state in every if not any(ban(self.settings(state)) for ban in bans)]

    @functools.cached_property
    def number(self) -> dict[State, int]:
        return {state: k for k, state in enumerate(self.states)}

    @functools.cached_property
    def now(self) -> int:
        return self.number[tuple(self.case.levers[lever].now for lever in self.levers)]

    def where(self, text: str) -> set[int]:
        """Numbers of the states in which a condition holds."""
        test = self.case.condition(text)
        return {k for k, state in enumerate(self.states) if test(self.settings(state))}

    @functools.cached_property
    def moves(self) -> list[list[frozenset[int]]]:
        """Per party and state, the states that one move leads to: any of its own levers are set otherwise, nothing else."""
        return [[frozenset(self.targets(party, state)) for state in self.states] for party in self.case.parties]

    def targets(self, party: str, state: State) -> Iterable[int]:
        """States that one move of a party leads to."""
        if self.case.file["parties"][party].get("chance") == "true":  # chance decides nothing: its levers move by events alone
            return
        here = self.settings(state)
        open_ = []
        for lever, setting in zip(self.levers, state, strict=True):
            about = self.case.levers[lever]
            allowed = [setting]
            if about.party == party:
                k = about.settings.index(setting)
                ways = {"up": about.settings[k + 1 :], "down": about.settings[:k], None: [a for a in about.settings if a != setting]}
                allowed += [a for a in ways[about.one_way] if a not in about.needs or self.case.condition(about.needs[a])(here)]
            open_.append(allowed)
        for target in itertools.product(*open_):
            if target != state and target in self.number:
                yield self.number[target]

    @functools.cached_property
    def rank(self) -> list[list[int]]:
        """Per party and state, what it is worth: of m wants the k-th counts 2^(m-k)."""
        every = [self.settings(state) for state in self.states]
        ranks = []
        for party in self.case.parties:
            tests = [self.case.condition(want["that"]) for want in self.case.wants(party, self.types.get(party))]
            ranks.append([functools.reduce(lambda total, test, s=s: 2 * total + test(s), tests, 0) for s in every])
        return ranks

    @functools.cached_property
    def chances(self) -> dict[str, tuple[float, dict[int, int]]]:
        """Per event its rate a month, and per state in which it can happen the state that it leads to."""
        chances = {}
        for name, event in (self.case.file.get("events") or {}).items():
            when, leads = self.case.condition(event.get("when", "true")), {}
            for k, state in enumerate(self.states):
                after = self.settings(state) | event["sets"]
                target = tuple(after[lever] for lever in self.levers)
                kept = all(after[lever] == setting for lever, setting in self.held.items())
                if when(self.settings(state)) and kept and target != state and target in self.number:
                    leads[k] = self.number[target]
            if leads:
                rate = event["per_month"]
                chances[name] = float(rate["value"] if isinstance(rate, Mapping) else rate), leads
        return chances

    def effort(self, source: int, target: int) -> int:
        """How many levers a move sets."""
        return sum(a != b for a, b in zip(self.states[source], self.states[target], strict=True))


def _that(stated: str | Mapping) -> str:
    return stated if isinstance(stated, str) else stated["that"]


def read_plain(path: pathlib.Path | str) -> PlainCase:
    """A case file or folder; every scalar stays the text that it is (`no` is a word, not False)."""
    path = pathlib.Path(path)
    text = (path / "case.yaml" if path.is_dir() else path).read_text(encoding="utf-8")
    return PlainCase(yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)))
