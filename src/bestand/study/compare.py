"""Two analysts' cases of one conflict: what they conclude otherwise, and how much of it each difference in statements accounts for."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import numbered
from bestand.case.loaded import Case, OfCase, stated
from bestand.changes.between import Between, between, mended
from bestand.changes.diff import Change
from bestand.errors import AskError, BestandError, Problem
from bestand.graph.budget import Budget, Pace
from bestand.graph.conflict import Conflict, conflict
from bestand.negotiate.stability import stability
from bestand.show import Cell, Shown, Table
from bestand.study.conclusions import concluded
from bestand.study.flips import Mixtures
from bestand.study.goals import checked_by, main_goal
from bestand.study.measures import measure
from bestand.study.outlook import FORESIGHT, READING, refuse_too_long
from bestand.truce.effects import LEAST, SMALL

By = Literal["line", "party"]
FEW = 8  # groups of lines up to which shares are worked out over all sets
MOST_ORDERS = 2_000  # in which the groups are let come, where they are more
ROUNDING = 1e-9  # below which a difference is nothing; of a chance that is played out it is `effects.LEAST`
RESTING = "resting states"
PLAYED = "holds-a-year"  # a measure that is played out
Set = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """How much of one difference a group of lines accounts for: its Shapley value.

    group : place in `Comparison.groups`
    share : of the difference between the two cases; the shares of all groups sum to it
    error : standard error, where orders were sampled, nan of a single one; 0 where all were gone through
    """

    group: int
    share: float
    error: float


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Shown):
    """What two cases of one conflict say, and what the difference comes from.

    changes  : statements in which the second differs from the first, as `diff` tells it; lines of both are matched by what they
               say and by their words
    groups   : numbers of the changes that are taken over together
    values   : per measure its value in the first and in the second: yes is 1, no is 0; of what is not a yes or no, whether it is
               what the second says
    accounts : per measure that differs, what each group accounts for; those that account for nothing are left out
    alike    : conclusions that both come to
    exact    : whether all sets of groups were gone through; else `orders` were sampled
    """

    changes: tuple[Change, ...]
    groups: tuple[Set, ...]
    values: Mapping[str, tuple[float, float]]
    accounts: Mapping[str, tuple[Account, ...]]
    alike: int
    exact: bool
    orders: int

    def told(self, group: int) -> str:
        """What a group of lines is, as codes."""
        lines = (self.changes[number] for number in self.groups[numbered("group", group, len(self.groups))])
        return " and ".join(f"{line.kind} {line.at}" for line in lines)

    def _errors(self) -> list[float]:
        return [each.error for accounts in self.accounts.values() for each in accounts]

    def table(self) -> Table:
        """One row per measure that differs and group of lines that accounts for some of it."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (name, *self.values[name], self.told(each.group), round(each.share, 4), round(each.error, 4))
            for name, accounts in self.accounts.items()
            for each in accounts
        )
        late = bool(self.values) and not self.exact and not self.orders
        how = "all sets of groups were gone through" if self.exact else f"{self.orders} orders of the groups were sampled as time allowed"
        rows += tuple((name, *both, "(there was no time to say)", None, None) for name, both in self.values.items()) if late else ()
        columns = ("measure", "first", "second", "difference in statements", "accounts for", "error")
        lines = "statement differs" if len(self.changes) == 1 else "statements differ"
        same = "conclusion is" if self.alike == 1 else "conclusions are"
        notes = [f"{len(self.changes) or 'no'} {lines}; {self.alike} {same} the same" + (f"; {how}" if self.accounts else "")]
        if late:
            notes.append("there was no time for what the difference comes from: allow more seconds")
            return Table("What the difference comes from", columns, rows, tuple(notes))
        counted = "yes is 1, no is 0; of a package, whether it is that of the second; shares of one measure sum to the difference"
        notes += [counted] if rows else [_agreeing(bool(self.changes), bool(self.values))]
        notes += [SMALL] if any(name.startswith(PLAYED) for name in self.values) else []
        notes += ["of a single order no error can be told"] if self.accounts and any(np.isnan(self._errors())) else []
        return Table("What the difference comes from", columns, rows, tuple(notes))


def _agreeing(differs: bool, measured: bool) -> str:
    """Why nothing is accounted for."""
    if measured:
        return "what the cases conclude otherwise, no difference in statements accounts for"
    return "the two cases conclude the same" + (", though their statements differ" if differs else ": they state the same")


def compare(
    one: Case | OfCase, other: Case | OfCase, *, view: str | None = None, hold: Mapping[str, str] | None = None, by: By = "line",
    measures: Sequence[str] = (), draws: int = 1, seed: int = 0, budget: Budget | None = None,
) -> Comparison:  # fmt: skip
    """What two cases of one conflict conclude otherwise, and the Shapley value of each difference in statements.

    by       : whether each line of the second is taken over by itself, or all that concerns one party together
    measures : more that is compared, by `study.measures.KINDS`: the mean over the draws
    budget   : the time; `Budget()`, if not given

    A group's share is its mean addition to the difference, over all orders in which the groups could be taken over from the second
    case. It is worked out over all sets of up to `FEW` groups where time allows, else over sampled orders, with standard errors: as
    many as fit, so that the time is kept; where not even one does, that is said.

    Raises
    ------
    AskError
        `study/not-asked` where one of the cases, or a case between the two, cannot be asked in this view; `study/nothing-shared` where they
        have no lever in common; `study/unknown-measure`, `study/unknown-by`; `graph/too-long` where one of them alone would take too long.

    >>> from bestand import compare, read
    >>> compare(read("example/en"), read("example/en")).table().rows
    ()
    """
    checked_by(by, get_args(By))
    second = stated(other)
    asked, both, budget = conflict(second, view=view, hold=hold, draws=draws, seed=seed), between(stated(one), second), budget or Budget()
    if both.old.file.levers and second.file.levers and not both.old.file.levers.keys() & second.file.levers.keys():
        what = "the two cases share no lines: no lever of the one is in the other, by its name or by what it says"
        raise AskError(Problem("study/nothing-shared", what, hint="compare two cases of one conflict"))
    for words in measures:
        measure(second, words, view=view)
    refuse_too_long(asked, budget)
    comparison = _compared(both, asked, by, measures, draws, seed, budget) or _compared(mended(both), asked, by, measures, draws, seed, budget)
    if comparison is not None:
        return comparison
    what = "one of the cases, or a case between the two, cannot be asked in this view"
    raise AskError(Problem("study/not-asked", what, hint="compare in a view that both have"))


def _compared(
    both: Between, asked: Conflict, by: By, measures: Sequence[str], draws: int, seed: int, budget: Budget
) -> Comparison | None:
    """The comparison; None where some case between the two is none."""
    both = replace(both, groups=_by_party(both)) if by == "party" else both
    bearing = range(len(both.groups)) if measures else both.bearing()
    versions = Mixtures(both, asked, main_goal(asked))
    mixtures = _Mixtures(versions, tuple(bearing), measures, draws, seed, Pace(budget))
    ends = [mixtures.value(chosen) for chosen in ((), bearing)]
    if ends[0] is None or ends[1] is None:
        return None
    first, second = mixtures.numbers(ends[0], ends[1]), mixtures.numbers(ends[1], ends[1])
    names = [name for name in second if name in first and mixtures.apart(name, first[name], second[name])]
    versions.kinds = {name.partition(" ")[0] for name in names}
    shares = mixtures.shapley(names, ends[1], np.random.default_rng(seed)) if names else _Shares({}, True, 0)
    if shares is None:
        return None
    values = {name: (first[name], second[name]) for name in names}
    alike = sum(name in first for name in second) - len(names)
    return Comparison(both.changes, both.groups, values, shares.accounts, alike, shares.exact, shares.orders)


def _by_party(both: Between) -> tuple[Set, ...]:
    """Groups of changes that concern one party, or one section, put together."""
    groups: dict[str, list[int]] = {}
    for k, group in enumerate(both.groups):
        section, name = ([*re.split(r"[.\[]", both.told(k)[0].at), ""])[:2]
        groups.setdefault(name if section in ("wants", "levers", "parties", "ranking") else section, []).extend(group)
    return tuple(tuple(sorted(each)) for each in groups.values())


@dataclass(frozen=True, slots=True)
class _Shares:
    accounts: Mapping[str, tuple[Account, ...]]
    exact: bool
    orders: int


Told = Mapping[str, float | bool | str]


@dataclass(slots=True)
class _Mixtures:
    """Asks the first case with some groups of lines taken over from the second, each mixture once; `pace` knows how long one takes."""

    versions: Mixtures
    groups: Set
    measures: Sequence[str]
    draws: int
    seed: int
    pace: Pace
    known: dict[frozenset[int], Told | None] = field(default_factory=dict)

    def value(self, chosen: Collection[int]) -> Told | None:
        """All answers and measures of a mixture; groups that bear on nothing are taken over."""
        key = frozenset(chosen)
        if key not in self.known:
            silent = set(range(len(self.versions.both.groups))) - set(self.groups)
            self.known[key] = self.pace.step(partial(self._made, key | silent))
        return self.known[key]

    def _made(self, chosen: frozenset[int]) -> Told | None:
        asked = self.versions.conflict(chosen)
        return None if asked is None else self._asked(asked)

    def _asked(self, asked: Conflict) -> Told | None:
        try:
            answers = concluded(asked, self.versions.goal, self.versions.kinds)
            told: dict[str, float | bool | str] = {" ".join(filter(None, key)): each for key, each in answers.items()}
            told[RESTING] = float(stability(asked.draw(1).on_scale("ordinal"), concepts=(FORESIGHT,), moves=READING).equilibria(FORESIGHT).size)
            for words in self.measures:
                told[words] = self._measured(asked, words)
        except BestandError:
            return None
        return told

    def _measured(self, asked: Conflict, words: str) -> float:
        named = measure(asked.case, words, view=asked.view)
        drawn = asked.draw(self.draws, seed=self.seed) if named.together else asked.draw(1)
        answer = named.ask(drawn.on_scale("cardinal") if named.sized else drawn)
        if isinstance(answer, Mapping):
            raise AskError(Problem("study/unknown-measure", f"'{words}' gives several numbers", hint="ask for one of them"))
        return float(np.mean(np.asarray(answer, np.float64)))

    def numbers(self, told: Told, second: Told) -> dict[str, float]:
        """Answers as numbers: yes is 1; of what is neither a number nor yes or no, whether it is what the second case says."""
        return {name: float(each == second.get(name)) if isinstance(each, str) else float(each) for name, each in told.items()}

    def least(self, name: str) -> float:
        """The difference below which two values of a measure are the same."""
        return LEAST if name.startswith(PLAYED) else ROUNDING

    def apart(self, name: str, first: float, second: float) -> bool:
        """Whether two values of a measure differ; nan is that it has none."""
        return bool(np.isnan(first) != np.isnan(second)) or abs(first - second) > self.least(name)

    def vector(self, chosen: Collection[int], names: Sequence[str], second: Told) -> NDArray[np.float64] | None:
        """The measures that differ, of one mixture; what has no answer there counts as no."""
        told = self.value(chosen)
        if told is None:
            return None
        measured = self.numbers(told, second)
        return np.nan_to_num(np.array([measured.get(name, 0.0) for name in names]))

    def shapley(self, names: Sequence[str], second: Told, rng: np.random.Generator) -> _Shares | None:
        """What each group accounts for, over all sets where these fit into the time; None where some mixture makes no case."""
        n = len(self.groups)
        if n <= FEW and self.pace.fits(2**n - 2):
            shares = self._exact(names, second)
            if shares is None or shares.exact:
                return shares
        return self._sampled(names, second, rng)

    def _exact(self, names: Sequence[str], second: Told) -> _Shares | None:
        """Shares over all sets; not exact, and empty, where they take longer than was reckoned and time runs out."""
        n = len(self.groups)
        total = np.zeros((n, len(names)))
        for size in range(n + 1):
            for chosen in itertools.combinations(range(n), size):
                if 0 < size < n and not self.pace.fits():
                    return _Shares({}, False, 0)
                value = self.vector([self.groups[k] for k in chosen], names, second)
                if value is None:
                    return None
                for k in range(n):
                    before = size - (k in chosen)  # of the others, how many come before it
                    weight = math.factorial(before) * math.factorial(n - 1 - before) / math.factorial(n)
                    total[k] += weight * value if k in chosen else -weight * value
            self.pace.budget.progress((size + 1) / (n + 1))
        return _Shares(self._accounts(names, total, np.zeros_like(total)), True, 0)

    def _sampled(self, names: Sequence[str], second: Told, rng: np.random.Generator) -> _Shares | None:
        """Mean additions over sampled orders, as many as there is time for, each beside its reverse where that fits too."""
        orders, added = 0, list[NDArray[np.float64]]()
        while orders < MOST_ORDERS and (pairs := self._able()):
            order = rng.permutation(len(self.groups))
            runs = [self._added(run, names, second) for run in (order, order[::-1])[:pairs]]
            if any(run is None for run in runs):
                return None
            told = [run for run in runs if run is not None and run.size]
            if len(told) < len(runs):  # time ran out on the way: half an order says nothing
                break
            orders += len(told)
            added.append(np.mean(told, axis=0))
            self.pace.budget.progress(min(1.0, orders / MOST_ORDERS))
        if not added:
            return _Shares({}, False, 0)
        stacked = np.stack(added)
        spread = stacked.std(axis=0, ddof=1) / math.sqrt(len(added)) if len(added) > 1 else np.full_like(stacked[0], np.nan)
        return _Shares(self._accounts(names, stacked.mean(axis=0), spread), False, orders)

    def _able(self) -> int:
        """How many orders there is time for, of an order and its reverse; each takes a mixture per group but the last."""
        n = max(1, len(self.groups) - 1)
        return 2 if self.pace.fits(2 * n) else 1 if self.pace.fits(n) else 0

    def _added(self, run: NDArray[np.int64], names: Sequence[str], second: Told) -> NDArray[np.float64] | None:
        """What each group adds in one order; empty where time runs out, None where a mixture makes no case."""
        mean, last = np.zeros((len(run), len(names))), self.vector((), names, second)
        for k, member in enumerate(run):
            if k and k + 1 < len(run) and not self.pace.fits():
                return np.zeros(0)
            value = self.vector([self.groups[j] for j in run[: k + 1]], names, second)
            if last is None or value is None:
                return None
            mean[member] = value - last
            last = value
        return mean

    def _accounts(self, names: Sequence[str], share: NDArray[np.float64], error: NDArray[np.float64]) -> dict[str, tuple[Account, ...]]:
        least = np.array([self.least(name) for name in names])
        accounts, tells = {}, (np.abs(share) > least) | (error > least)
        for m, name in enumerate(names):
            some = [Account(group, float(share[k, m]), float(error[k, m])) for k, group in enumerate(self.groups) if tells[k, m]]
            accounts[name] = tuple(sorted(some, key=lambda each: -abs(each.share)))
        return accounts
