"""A case as a propositional formula: levers, bans and demands as clauses that a solver reads."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne

from bestand.bargain.demands import ALWAYS, Demand
from bestand.bargain.scope import scope
from bestand.case.conditions import Compared, Joined, Named, Node, Not, Truth
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict

DIGITS = (12, 9, 6)  # of a worth: as many as the solver can count with
LARGEST = 1 << 40
LONGEST = 1e6  # seconds
MOST_NODES = 400_000  # different sums of the worths of one party, for the solver
TRUE = 1  # the literal that always holds
_SIGNS: dict[str, Callable[[int, int], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


class Formula:
    """Clauses over numbered variables; a literal is a number, or minus it for its opposite (Tseitin 1968).

    clauses : what must hold in every state
    n       : variables used so far
    """

    def __init__(self, conflict: Conflict, that: Node = ALWAYS) -> None:
        case, looked = conflict.case, scope(conflict)
        self.case, self.clauses, self.n = case, [[TRUE]], TRUE
        self.setting: dict[str, list[int]] = {}
        self.known: dict[object, int] = {}
        for lever, settings in case.settings.items():
            if lever in looked.varied:
                self.setting[lever] = self._lever(len(settings))
            else:
                now = settings.index(looked.now[lever])
                self.setting[lever] = [TRUE if k == now else -TRUE for k in range(len(settings))]
        for ban in case.file.never:
            self.clauses.append([-self.literal(case.condition(ban.that))])
        self.clauses.append([self.literal(that)])

    def _new(self) -> int:
        self.n += 1
        return self.n

    def _lever(self, n_settings: int) -> list[int]:
        if n_settings == 2:
            yes = self._new()
            return [-yes, yes]
        each = [self._new() for _ in range(n_settings)]
        self.clauses.append(list(each))
        self.clauses += [[-a, -b] for k, a in enumerate(each) for b in each[:k]]
        return each

    def literal(self, node: Node) -> int:
        """A literal that holds exactly where a condition does."""
        if node not in self.known:
            self.known[node] = self._of(node)
        return self.known[node]

    def _of(self, node: Node) -> int:
        match node:
            case Truth(value):
                return TRUE if value else -TRUE
            case Named(name) if name in self.case.terms:
                return self.literal(self.case.terms[name])
            case Named(name):
                return -self.setting[name][0]
            case Compared(lever, sign, setting):
                place = self.case.settings[lever].index(setting)
                return self.any_of(each for k, each in enumerate(self.setting[lever]) if _SIGNS[sign](k, place))
            case Not(part):
                return -self.literal(part)
            case Joined("implies", (left, right)):
                return self.any_of([-self.literal(left), self.literal(right)])
            case Joined(word, parts):
                each = [self.literal(part) for part in parts]
                return {"and": self.all_of, "or": self.any_of, "iff": self._same}[word](each)

    def all_of(self, literals: Iterable[int]) -> int:
        """A literal that holds where all of these do."""
        return -self.any_of(-each for each in literals)

    def any_of(self, literals: Iterable[int]) -> int:
        """A literal that holds where one of these does."""
        each = sorted(set(literals) - {-TRUE})
        if TRUE in each or any(-one in each for one in each):
            return TRUE
        if len(each) < 2:
            return each[0] if each else -TRUE
        key = ("or", *each)
        if key not in self.known:
            some = self._new()
            self.clauses += [[some, -one] for one in each] + [[-some, *each]]
            self.known[key] = some
        return self.known[key]

    def _same(self, literals: Sequence[int]) -> int:
        same = literals[0]
        for other in literals[1:]:
            both, neither = self.all_of([same, other]), self.all_of([-same, -other])
            same = self.any_of([both, neither])
        return same

    def demand(self, demand: Demand) -> int:
        """A literal that holds exactly where a demand is met."""
        condition = self.literal(demand.condition)
        return self.all_of([condition, self._enough(demand)]) if demand.weighed else condition

    def separate(self, literal: int) -> int:
        """A variable of its own that holds exactly where a literal does: equal demands of two parties stay two."""
        own = self._new()
        self.clauses += [[-own, literal], [own, -literal]]
        return own

    def _enough(self, demand: Demand) -> int:
        """Where weights sum to enough: a decision diagram, the largest weight first (Eén & Sörensson 2006)."""
        sizes, (need,), _ = in_whole([weight for _, weight in demand.weighed], [demand.least])
        terms = []
        for (node, _), size in zip(demand.weighed, sizes, strict=True):
            literal = self.literal(node)
            need -= min(size, 0)  # what weighs against counts as its absence weighing for
            terms.append((abs(size), literal if size > 0 else -literal))
        terms.sort(reverse=True)
        left = [0]
        for size, _ in reversed(terms):
            left.append(left[-1] + size)
        left.reverse()
        return self._diagram(terms, left, need)

    def _diagram(self, terms: Sequence[tuple[int, int]], left: Sequence[int], need: int) -> int:
        """Level by level from the top; nodes that need the same are one."""
        needs = [{need}]
        for k, (size, _) in enumerate(terms):
            needs.append({after for each in needs[k] if 0 < each <= left[k] for after in (each, each - size)})
            if sum(map(len, needs)) > MOST_NODES:
                what = "the worths of a party's wants sum in too many different ways for the solver"
                raise AskError(Problem("bargain/too-many-sums", what, hint="round the worths, or compare by rank"))
        below: dict[int, int] = {}
        for k in range(len(terms), -1, -1):
            here = {each: TRUE if each <= 0 else -TRUE for each in needs[k] if not 0 < each <= left[k]}
            for each in needs[k] - here.keys():
                size, literal = terms[k]
                here[each] = self.any_of([below[each], self.all_of([literal, below[each - size]])])
            below = here
        return below[need]


def no_mask() -> AskError:
    """The error that a solver lists no states."""
    what = "a mask of states is given, and the solver lists no states"
    return AskError(Problem("bargain/no-mask", what, hint="give a condition, or let every state be looked at"))


def checked_seconds(seconds: float) -> float:
    """A number of seconds to search in.

    Raises
    ------
    AskError
        `bargain/bad-number`.
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < math.inf:
        raise AskError(Problem("bargain/bad-number", f"{seconds} seconds are no time to search in", hint="give seconds above 0"))
    return min(float(seconds), LONGEST)


def in_whole(
    weights: Sequence[float], least: Sequence[float] = (), *, largest: int = LARGEST
) -> tuple[list[int], list[int], float]:
    """Worths as whole numbers of one unit, the sums that they must reach, and the unit: for solvers that count.

    Exact where worths have up to twelve digits and a common unit that is not too small; else rounded to nine, or six.
    Stating worth in another unit changes the unit only. `largest` is the largest number that will do.

    >>> in_whole([0.5, 2.0, 3.5], [1.0])
    ([1, 4, 7], [2], 0.5)
    >>> in_whole([0.5e-9, 2.0e-9, 3.5e-9], [1.0e-9])[:2]
    ([1, 4, 7], [2])
    """
    large = max(map(abs, weights), default=0.0) or max(map(abs, least), default=0.0)
    if not large:
        return [0] * len(weights), [0] * len(least), 1.0
    for digits in DIGITS:
        places = digits - 1 - math.floor(math.log10(large))
        parts = [Fraction(repr(round(float(each), places))) for each in (*weights, *least)]
        unit = Fraction(math.gcd(*(part.numerator for part in parts)), math.lcm(*(part.denominator for part in parts)))
        sizes = [int(part / unit) for part in parts]
        if max(map(abs, sizes)) <= largest:
            break
    return sizes[: len(weights)], sizes[len(weights) :], float(unit)
