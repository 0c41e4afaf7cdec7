"""Conditions on states: a small grammar, read into a tree, evaluated on whole arrays, printed back in one form.

::

    condition := implied ("iff" implied)*
    implied   := either ("implies" implied)?          # to the right: a implies b implies c = a implies (b implies c)
    either    := both ("or" both)*
    both      := not ("and" not)*
    not       := "not" not | "(" condition ")" | "true" | "false" | NAME | NAME ("=" | "!=" | "<" | "<=" | ">" | ">=") SETTING

A name alone is a term, or a lever that is not at its first setting (for no/yes: `yes`). Settings compare in their order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bestand.case.meant import sign_meant
from bestand.errors import MOST_SHOWN, CaseError, Place, Problem, did_you_mean

Bools = NDArray[np.bool_]
WORDS = frozenset({"and", "or", "not", "implies", "iff", "true", "false"})
MOST_DEEP = 100  # brackets and `not`s of a condition inside each other
_TOKEN = re.compile(r"\s*(?:(<=|>=|!=|[=<>()])|([A-Za-z0-9_][A-Za-z0-9_.+-]*))")


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A term, or a lever that is not at its first setting."""

    name: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A lever's setting compared with a setting, in the lever's order."""

    lever: str
    sign: str
    setting: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    part: Node


@dataclass(frozen=True, slots=True)
class Joined:
    """Two or more conditions joined by and, or, implies, iff."""

    word: str
    parts: tuple[Node, ...]


SIGNS = ("=", "!=", "<", "<=", ">", ">=")
Node = Truth | Named | Compared | Not | Joined


def parse(text: str, place: Place = Place()) -> Node:  # noqa: B008  (Place is frozen)
    """The tree of a condition.

    Raises
    ------
    CaseError
        `case/condition` with the column of the first word that does not fit.

    >>> unparse(parse("a and (not b or c.x>=two)"))
    'a and (not b or c.x >= two)'
    """
    return _Reader(text, place).condition_to_end()


class _Reader:
    """One pass over the tokens of one condition."""

    def __init__(self, text: str, place: Place) -> None:
        self.text, self.place = text, place
        self.tokens = list(self._tokens())
        self.next, self.depth = 0, 0

    def _tokens(self) -> Iterator[tuple[str, int]]:
        at, end = 0, len(self.text.rstrip())
        while at < end:
            token = _TOKEN.match(self.text, at)
            if token is None:
                start = next(place for place in range(at, end) if not self.text[place].isspace())
                raise self.wrong(f"'{self.text[start]}' means nothing here", start)
            yield token.group(1) or token.group(2), token.start(1) if token.group(1) else token.start(2)
            at = token.end()

    def wrong(self, what: str, at: int) -> CaseError:
        meant = sign_meant(self.text, at)
        words = "conditions are made of lever and term names, settings without quotes, = != < <= > >=, and or not implies iff, parentheses"
        hint = f"write '{meant}' for it" if meant else words
        return CaseError(Problem("case/condition", f"{what} (character {at + 1} of '{self.text[:120]}')", self.place, hint))

    def peek(self) -> str:
        return self.tokens[self.next][0] if self.next < len(self.tokens) else ""

    def at(self) -> int:
        return self.tokens[self.next][1] if self.next < len(self.tokens) else len(self.text)

    def take(self) -> str:
        word = self.peek()
        self.next += 1
        return word

    def condition_to_end(self) -> Node:
        node = self.condition()
        if self.peek():
            raise self.wrong(f"'{self.peek()}' is not expected", self.at())
        return node

    def condition(self) -> Node:
        return self._chain("iff", self.implied)

    def implied(self) -> Node:
        self.depth += 1
        if self.depth > MOST_DEEP:
            raise self.wrong(f"nested more than {MOST_DEEP} deep", self.at())
        left = self._chain("or", self.both)
        if self.peek() == "implies":
            self.take()
            left = Joined("implies", (left, self.implied()))
        self.depth -= 1
        return left

    def both(self) -> Node:
        return self._chain("and", self.single)

    def _chain(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.peek() == word:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(word, tuple(parts))

    def single(self) -> Node:
        negations = 0
        while self.peek() == "not":
            self.take()
            negations += 1
            if negations > MOST_DEEP:
                raise self.wrong(f"more than {MOST_DEEP} times `not`", self.at())
        self.depth += negations
        node = self.atom()
        self.depth -= negations
        for _ in range(negations):
            node = Not(node)
        return node

    def atom(self) -> Node:
        at, word = self.at(), self.take()
        if word == "(":
            node = self.condition()
            if self.take() != ")":
                raise self.wrong("a parenthesis is not closed", at)
            return node
        if word in ("true", "false"):
            return Truth(word == "true")
        if not word or word in WORDS or not re.match(r"[A-Za-z0-9_]", word):
            raise self.wrong(f"a name is missing before '{word}'" if word else "the condition ends too early", at)
        if self.peek() in ("=", "!=", "<", "<=", ">", ">="):
            sign, at_setting = self.take(), self.at()
            setting = self.take()
            if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_+-]*", setting) or setting in WORDS:
                raise self.wrong(f"a setting is missing after '{sign}'", at_setting)
            return Compared(word, sign, setting)
        return Named(word)


_TIGHT = {"iff": 0, "implies": 1, "or": 2, "and": 3}


def unparse(node: Node) -> str:
    """The condition in its one canonical form; `parse` reads it back to an equal tree."""
    match node:
        case Truth(value):
            return "true" if value else "false"
        case Named(name):
            return name
        case Compared(lever, sign, setting):
            return f"{lever} {sign} {setting}"
        case Not(part):
            return f"not {_bracketed(part, 4)}"
        case Joined("implies", (left, right)):
            return f"{_bracketed(left, 2)} implies {_bracketed(right, 1)}"
        case Joined(word, parts):
            return f" {word} ".join(_bracketed(part, _TIGHT[word] + 1) for part in parts)


def _bracketed(node: Node, tight: int) -> str:
    return f"({unparse(node)})" if isinstance(node, Joined) and _TIGHT[node.word] < tight else unparse(node)


def with_names(text: str, other: Callable[[str], str]) -> str:
    """A condition with other names for its levers and terms, otherwise written as it was; settings are no names.

    Raises
    ------
    CaseError
        `case/condition`.

    >>> with_names("not (a.x) and  yes.b = yes", lambda name: name.replace("yes", "no"))
    'not (a.x) and  no.b = yes'
    """
    reader, made, end = _Reader(text, Place()), [], 0
    reader.condition_to_end()
    for k, (word, at) in enumerate(reader.tokens):
        if word[0] in "<>=!()" or word in WORDS or (k and reader.tokens[k - 1][0] in SIGNS):
            continue
        made += [text[end:at], other(word)]
        end = at + len(word)
    return "".join([*made, text[end:]])


def with_settings(text: str, lever: str, other: Callable[[str], str]) -> str:
    """A condition with other settings of one lever, otherwise written as it was.

    Raises
    ------
    CaseError
        `case/condition`.

    >>> with_settings("a.x = low and  b.x != low", "a.x", lambda setting: setting.upper())
    'a.x = LOW and  b.x != low'
    """
    reader, made, end = _Reader(text, Place()), [], 0
    reader.condition_to_end()
    for (name, _), (sign, _), (word, at) in zip(reader.tokens, reader.tokens[1:], reader.tokens[2:], strict=False):
        if name == lever and sign in SIGNS:
            made += [text[end:at], other(word)]
            end = at + len(word)
    return "".join([*made, text[end:]])


def names(node: Node) -> Iterator[str]:
    """Every lever and term name in a condition, in order, with repeats."""
    match node:
        case Named(name):
            yield name
        case Compared(lever, _, _):
            yield lever
        case Not(part):
            yield from names(part)
        case Joined(_, parts):
            for part in parts:
                yield from names(part)


def levers_of(node: Node, terms: Mapping[str, Node]) -> frozenset[str]:
    """The levers that a condition depends on, through its terms."""
    reached: set[str] = set()
    left = [node]
    while left:
        for name in dict.fromkeys(names(left.pop())):
            if name not in reached and name in terms:
                left.append(terms[name])
            reached.add(name)
    return frozenset(reached - terms.keys())


def holds(
    node: Node,
    digits: Callable[[str], NDArray[np.uint8]],
    terms: Mapping[str, Node],
    settings: Mapping[str, tuple[str, ...]],
    *,
    known: dict[str, Bools] | None = None,
) -> Bools:
    """Truth of a condition in every state: an array that broadcasts to (n_states,).

    digits(lever) gives the setting (index) of a lever in every state.
    known : truth of terms that were worked out already; those that are worked out now are added
    """
    known = {} if known is None else known  # a term counts once, however many terms rest on it

    def term(name: str) -> Bools:
        if name not in known:
            known[name] = truth(terms[name])
        return known[name]

    def truth(part: Node) -> Bools:
        match part:
            case Truth(value):
                return np.asarray(value)
            case Named(name):
                return term(name) if name in terms else digits(name) > 0
            case Compared(lever, sign, setting):
                return _SIGNS[sign](digits(lever), settings[lever].index(setting))
            case Not(inner):
                return ~truth(inner)
            case Joined("implies", (left, right)):
                return ~truth(left) | truth(right)
            case Joined(word, parts):
                out = truth(parts[0])
                for other in parts[1:]:
                    out = _WORDS[word](out, truth(other))
                return out

    return truth(node)


_SIGNS: Mapping[str, Callable[[NDArray[np.uint8], int], Bools]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_WORDS: Mapping[str, Callable[[Bools, Bools], Bools]] = {
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "iff": lambda a, b: a == b,
}


def unknown_names(
    node: Node,
    terms: Collection[str],
    settings: Mapping[str, tuple[str, ...]],
    place: Place,
    guess: Callable[[str, Iterable[str]], str] = did_you_mean,
) -> list[Problem]:
    """Names and settings in a condition that the case does not have; `guess` makes a hint of a wrong name and the right ones."""
    problems: list[Problem] = []
    for name in dict.fromkeys(names(node)):
        if name not in terms and name not in settings:
            hint = guess(name, chain(terms, settings)) if len(problems) < MOST_SHOWN else ""
            problems.append(Problem("case/unknown-name", f"no lever or term '{name}'", place, hint))
    for part in comparisons(node):
        if part.lever in terms:
            what = f"'{part.lever}' is a term: it holds or does not, and has no setting '{part.setting}'"
            problems.append(Problem("case/term-compared", what, place, "use the term alone, or with `not`"))
        elif part.lever in settings and part.setting not in settings[part.lever]:
            hint = guess(part.setting, settings[part.lever]) if len(problems) < MOST_SHOWN else ""
            problems.append(Problem("case/unknown-setting", f"lever '{part.lever}' has no setting '{part.setting}'", place, hint))
    return problems


def comparisons(node: Node) -> Iterator[Compared]:
    """Every comparison in a condition."""
    match node:
        case Compared():
            yield node
        case Not(part):
            yield from comparisons(part)
        case Joined(_, parts):
            for part in parts:
                yield from comparisons(part)
