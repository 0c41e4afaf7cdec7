"""Games of Gambit (.nfg, .efg) as cases: strategies, or for a tree its information sets, become levers."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from bestand.errors import CaseError, Place, Problem, line_at, short
from bestand.exchange.games import STRATEGY, GameChoice, Payoffs, at, checked_size, game_text, pure_profiles
from bestand.exchange.names import clean
from bestand.exchange.notes import Carried, Remark, noted

MOST_LETTERS = 20_000_000  # characters of a game that is read
MOST_NODES = 200_000  # nodes of a game tree that is read
MOST_WORK = 500_000_000  # ends of a game tree times combinations of its strategies
MOST_DIGITS = 40  # digits of one number
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([{}])|([^\s{}",]+)|(?:\s|,)+', re.DOTALL)
_COMMA = re.compile(r",\d")
_NUMBER = re.compile(r"[+-]?(?:\d+/\d+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)\Z")


@functools.lru_cache(maxsize=1 << 12)
def _exact(word: str) -> Fraction | None:
    """The number that a word is, exactly; None where it is none."""
    return Fraction(word) if _NUMBER.match(word) and len(word) <= MOST_DIGITS and not re.search(r"/0+\Z", word) else None


class Tokens:
    """The words, numbers, texts and braces of a file, one after another; a mistake says on which line it stands."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name, self.at = text, name, 0
        self.kind, self.value, self.began = "", "", 0
        self.next()

    def next(self) -> tuple[str, str]:
        """What stands here; what follows stands here then."""
        here = self.kind, self.value
        while True:
            self.began = self.at
            token = _TOKEN.match(self.text, self.at)
            if token is None:
                if self.at < len(self.text):
                    raise self.wrong("a text that is not closed by a quotation mark")
                self.kind, self.value = "end", ""
                return here
            self.at = token.end()
            if token.lastindex is not None:
                self.kind = ("text", "brace", "word")[token.lastindex - 1]
                self.value = token[token.lastindex]
                return here

    def wrong(self, what: str, code: str = "import/malformed", hint: str = "save the game again in Gambit, as .nfg or .efg") -> CaseError:
        """The mistake that stands here."""
        return CaseError(Problem(code, what, Place(self.name, line_at(self.text, self.began)), hint))

    def is_(self, value: str) -> bool:
        """Whether a brace stands here."""
        return self.kind == "brace" and self.value == value

    def take(self, value: str) -> None:
        """Passes a brace, which must stand here."""
        if not self.is_(value):
            here = "the end of the file" if self.kind == "end" else f"'{short(self.value, most=40)}'"
            raise self.wrong(f"'{value}' is expected, not {here}")
        self.next()

    def text_(self) -> str:
        """A text, which must stand here."""
        if self.kind != "text":
            raise self.wrong(f"a text in quotation marks is expected, not '{short(self.value, most=40)}'")
        return re.sub(r"\\(.)", r"\1", self.next()[1])

    def number(self) -> Fraction:
        """A number, which must stand here, exactly; a comma between digits may be a decimal one or stand between two numbers, and is refused."""
        if self.text.startswith(",", self.at) and _COMMA.match(self.text, self.at) and self.value[-1:].isdigit() and self.kind == "word":
            either = f"'{short(self.text[self.began : self.at], most=40)}{short(self.text[self.at :].split(maxsplit=1)[0], most=40)}'"
            hint = "write 1.5 for one number, and a space after the comma of two: 1, 5"
            raise self.wrong(f"{either} may be one number or two", "import/bad-number", hint)
        exact = _exact(self.value) if self.kind == "word" else None
        if exact is None:
            raise self.wrong(f"a number is expected, not '{short(self.value, most=40) or 'the end of the file'}'", "import/bad-number")
        self.next()
        return exact

    def whole(self, most: int) -> int:
        """A whole number from 0 on, which must stand here."""
        number = self.number()
        if number.denominator != 1 or not 0 <= number <= most:
            raise self.wrong(f"a whole number of at most {most:,} is expected, not {number}", "import/bad-number")
        return int(number)

    def texts(self) -> tuple[str, ...]:
        """Texts between braces."""
        self.take("{")
        texts = []
        while not self.is_("}"):
            texts.append(self.text_())
        self.take("}")
        return tuple(texts)


def from_gambit(text: str, *, name: str = "file") -> Carried:
    """A game of Gambit as a case: `NFG 1` or `EFG 2`.

    Raises
    ------
    CaseError
        `import/too-large`, `import/unknown-format`, `import/malformed`, `import/bad-number`.

    >>> game = 'NFG 1 R "Chicken" { "A" "B" } { { "stay" "swerve" } { "stay" "swerve" } } 0 0 1 3 3 1 2 2'
    >>> print(from_gambit(game).told("kept"))
    ('parties: 2', 'levers: 2')
    """
    if len(text) > MOST_LETTERS:
        raise CaseError(Problem("import/too-large", f"more than {MOST_LETTERS:,} characters", Place(name), "is it the right file?"))
    read = Tokens(text, name)
    kind, version, numbers = read.next(), read.next(), read.next()
    known = {("NFG", "1"): _nfg, ("EFG", "2"): _efg}
    if (kind[1], version[1]) not in known or numbers[1] not in ("R", "D") or "text" in (kind[0], version[0], numbers[0]):
        raise CaseError(Problem("import/unknown-format", "this is no game of Gambit", Place(name, 1), "read are NFG 1 and EFG 2"))
    return known[kind[1], version[1]](read, name)


def _heading(read: Tokens) -> tuple[str, tuple[str, ...]]:
    title = read.text_()
    players = read.texts()
    if not players:
        raise read.wrong("a game without players")
    return title, players


def _comment(read: Tokens) -> list[Remark]:
    if read.kind != "text":
        return []
    text = clean(read.text_())
    return [noted("comment", text=short(text, most=200))] if text else []


def _nfg(read: Tokens, name: str) -> Carried:
    title, players = _heading(read)
    choices = _strategies(read, players)
    sizes = [len(choice.settings) for choice in choices]
    notes = _comment(read)
    listed = read.is_("{")
    outcomes = _outcomes(read, len(players), notes) if listed else []
    payoff = np.zeros((len(players), *sizes))
    for profile in pure_profiles(sizes, first_fastest=True):
        if listed:
            outcome = read.whole(len(outcomes))
            each: Sequence[Fraction] = outcomes[outcome - 1] if outcome else [Fraction(0)] * len(players)
        else:
            each = [read.number() for _ in players]
        at(payoff, profile)[:, 0] = [_float(value, read) for value in each]
    if read.kind != "end":
        raise read.wrong(f"more payoffs than {math.prod(sizes):,} combinations of strategies have")
    return game_text(Payoffs(title, players, choices, payoff), "gambit .nfg", notes, name=name)


def _strategies(read: Tokens, players: Sequence[str]) -> tuple[GameChoice, ...]:
    """Strategies by name, or only how many."""
    read.take("{")
    named: list[tuple[str, ...]] = []
    sizes: list[int] = []
    while not read.is_("}"):
        if read.is_("{"):
            named.append(read.texts())
            sizes.append(len(named[-1]))
        else:
            sizes.append(read.whole(10**9))
    read.take("}")
    if len(sizes) != len(players) or 0 in sizes or (named and len(named) != len(sizes)):
        raise read.wrong(f"strategies of {len(sizes)} players, of whom there are {len(players)}, or of one who has none")
    checked_size(sizes, len(players), read.name)
    each = named or [tuple(str(k + 1) for k in range(size)) for size in sizes]
    return tuple(GameChoice(i, STRATEGY, settings) for i, settings in enumerate(each))


def _outcomes(read: Tokens, n_players: int, notes: list[Remark]) -> list[list[Fraction]]:
    """Payoffs of every outcome of a list; names of outcomes are told as lost."""
    read.take("{")
    outcomes = []
    while not read.is_("}"):
        read.take("{")
        if read.kind == "text" and clean(read.text_()):
            notes.append(noted("names-of-outcomes"))
        outcomes.append([read.number() for _ in range(n_players)])
        read.take("}")
    read.take("}")
    return outcomes


def _float(value: Fraction, read: Tokens) -> float:
    try:
        return _rounded(value.numerator, value.denominator)
    except OverflowError:
        raise read.wrong("a payoff that is too large", "import/bad-number") from None


@functools.lru_cache(maxsize=1 << 12)
def _rounded(above: int, below: int) -> float:
    return float(f"{above / below:.12g}")


@dataclass(slots=True)
class _Tree:
    """A game tree as it is read.

    choices : per information set, its place among the choices and its actions
    outcome : payoffs of outcomes by number
    ends    : payoffs with the chance of the way there, and which action each choice on it takes; None for a way that cannot be
    """

    n_players: int
    choices: dict[tuple[int, int], tuple[int, GameChoice]] = field(default_factory=dict)
    chances: dict[int, tuple[Fraction, ...]] = field(default_factory=dict)
    outcome: dict[int, list[Fraction]] = field(default_factory=dict)
    ends: list[tuple[list[Fraction], dict[int, int]]] = field(default_factory=list)
    averaged: bool = False


@dataclass(slots=True)
class _Way:
    """A node whose branches are being read: what led there, and what each branch adds."""

    paid: list[Fraction]
    chance: Fraction
    taken: dict[int, int]
    choice: int | None
    odds: tuple[Fraction, ...]
    n_branches: int
    branch: int = 0

    def down(self) -> tuple[list[Fraction], Fraction, dict[int, int] | None]:
        """Payments, chance and actions along the next branch; no actions where it contradicts those taken before."""
        k, self.branch = self.branch, self.branch + 1
        if self.choice is None:
            return self.paid, self.chance * self.odds[k], self.taken
        if self.taken.get(self.choice, k) != k:
            return self.paid, self.chance, None
        return self.paid, self.chance, {**self.taken, self.choice: k}


def _efg(read: Tokens, name: str) -> Carried:
    title, players = _heading(read)
    notes = [*_comment(read), noted("information-sets")]
    checked_size([], len(players), name)
    tree = _Tree(len(players))
    open_: list[_Way] = []
    for n_nodes in range(MOST_NODES + 1):
        if n_nodes == MOST_NODES:
            raise CaseError(Problem("import/too-large", f"a tree of more than {MOST_NODES:,} nodes", Place(name), "take a smaller part of it"))
        here = open_[-1].down() if open_ else ([Fraction(0)] * len(players), Fraction(1), {})
        way = _node(read, tree, here, notes)
        if way is not None:
            open_.append(way)
        while open_ and open_[-1].branch == open_[-1].n_branches:
            open_.pop()
        if not open_:
            break
    if read.kind != "end":
        raise read.wrong("the tree is complete, and the file goes on")
    return _of_tree(tree, title, players, notes, name)


def _node(
    read: Tokens, tree: _Tree, here: tuple[list[Fraction], Fraction, dict[int, int] | None], notes: list[Remark]
) -> _Way | None:
    """A node with its branches; None at an end."""
    kind = read.next()
    if kind[0] != "word" or kind[1] not in ("p", "c", "t"):
        raise read.wrong("a node (p, c or t) is expected" if kind[0] != "end" else "the file ends before its tree is complete")
    read.text_()
    paid, chance, taken = here
    if kind[1] == "t":
        paid = _paid(read, tree, paid, notes)
        if taken is not None and chance:
            tree.ends.append(([chance * value for value in paid], taken))
        return None
    choice, odds, n = _information_set(read, tree) if kind[1] == "p" else _chance(read, tree)
    paid = _paid(read, tree, paid, notes)
    if taken is None:
        chance, taken = Fraction(0), {}
    return _Way(paid, chance, taken, choice, odds, n)


def _information_set(read: Tokens, tree: _Tree) -> tuple[int, tuple[Fraction, ...], int]:
    player, number = read.whole(tree.n_players) - 1, read.whole(10**9)
    if player < 0:
        raise read.wrong("players are numbered from 1")
    named = read.text_() if read.kind == "text" else ""
    actions = read.texts() if read.is_("{") else ()
    if (player, number) not in tree.choices:
        if not actions:
            raise read.wrong("an information set without actions")
        tree.choices[player, number] = (len(tree.choices), GameChoice(player, named or f"information set {number}", actions))
        sizes = [len(choice.settings) for _, choice in tree.choices.values()]
        checked_size(sizes, tree.n_players, read.name)
    place, choice = tree.choices[player, number]
    if actions and actions != choice.settings:
        raise read.wrong("an information set with other actions than before")
    return place, (), len(choice.settings)


def _chance(read: Tokens, tree: _Tree) -> tuple[None, tuple[Fraction, ...], int]:
    tree.averaged = True
    number = read.whole(10**9)
    if read.kind == "text":
        read.text_()
    if read.is_("{"):
        read.take("{")
        odds = []
        while not read.is_("}"):
            read.text_()
            odds.append(read.number())
        read.take("}")
        if not odds or min(odds) < 0 or abs(float(sum(odds)) - 1) > 1e-3:
            raise read.wrong("chances that are no shares of one", "import/bad-number")
        tree.chances[number] = tuple(odds)
    if number not in tree.chances:
        raise read.wrong("a chance move without its chances")
    return None, tree.chances[number], len(tree.chances[number])


def _paid(read: Tokens, tree: _Tree, paid: list[Fraction], notes: list[Remark]) -> list[Fraction]:
    """What is paid up to a node, with the outcome that stands there."""
    number = read.whole(10**9)
    if number and read.kind == "text" and clean(read.text_()):
        notes.append(noted("names-of-outcomes"))
    if number and read.is_("{"):
        read.take("{")
        payoffs = [read.number() for _ in range(tree.n_players)]
        if tree.outcome.setdefault(number, payoffs) != payoffs:
            raise read.wrong(f"outcome {number} has other payoffs here than before: each outcome needs a number of its own")
        read.take("}")
    if number and number not in tree.outcome:
        raise read.wrong(f"outcome {number} has no payoffs")
    return [a + b for a, b in zip(paid, tree.outcome[number], strict=True)] if number else paid


def _of_tree(tree: _Tree, title: str, players: tuple[str, ...], notes: list[Remark], name: str) -> Carried:
    """The game of plans: what each combination of actions at all information sets comes to."""
    choices = tuple(choice for _, choice in tree.choices.values())
    if not choices:
        what = "nobody chooses anything in this tree: it has no move of a player"
        raise CaseError(Problem("import/malformed", what, Place(name), "give a game in which a player moves"))
    sizes = [len(choice.settings) for choice in choices]
    if len(tree.ends) * math.prod(sizes) > MOST_WORK:
        what = f"{len(tree.ends):,} ends of {math.prod(sizes):,} combinations"
        raise CaseError(Problem("import/too-large", what, Place(name), "take a smaller part"))
    payoff = np.zeros((len(players), *sizes))
    for paid, taken in tree.ends:
        where: tuple[int | slice, ...] = tuple(taken.get(k, slice(None)) for k in range(len(sizes)))
        for value, own in zip(paid, payoff, strict=True):
            own[where] += float(value)
    rounded = np.array([float(f"{value:.12g}") for value in payoff.flat]).reshape(payoff.shape)
    notes += [noted("chance-averaged")] if tree.averaged else []
    return game_text(Payoffs(title, players, choices, rounded), "gambit .efg", notes, name=name)
