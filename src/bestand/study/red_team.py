"""The most damaging case that the claims still allow: orders and readings searched for the one that turns most, written out as a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.outcomes import deals_of_draws
from bestand.case.lines import every_want, likeliest, member_of, want_place
from bestand.case.loaded import Case, OfCase, stated
from bestand.case.options import dumped
from bestand.case.read import read_text
from bestand.case.write import edited, rearranged
from bestand.changes.diff import Changes, as_written, diff
from bestand.explore.applied import asked_together, drawn_columns
from bestand.explore.openings import Column, Kind, Opening, columns_of
from bestand.explore.space import Space, space
from bestand.graph.budget import Budget, Pace
from bestand.graph.conflict import Conflict, conflict
from bestand.show import Shown, Table
from bestand.study.conclusions import Answer, concluded
from bestand.study.goals import main_goal
from bestand.study.sensitivity import Key, answerable, answers

TOGETHER = 32  # readings that are asked side by side
MOST_READINGS = 4_000  # readings of the case that are tried without a clock
ROUNDING = 1e-9
FIRST = 4  # readings that are asked first, to see how long one takes
PER_CHARACTER = 2e-5  # seconds that writing a case anew takes, per character of its text, on an ordinary machine
AGAIN = 2.0  # times as long as asking the case takes what is left for writing the new one and asking it
SHARE_OF_SEARCH = 0.4  # of the time; the rest is for taking back what is not needed
READINGS: tuple[Kind, ...] = ("type", "claim", "want", "source", "speaker", "place")
Row = dict[str, float]


@dataclass(frozen=True, slots=True, repr=False)
class RedTeam(Shown):
    """The most damaging case found.

    text    : the case as a file, comments kept; the case itself where nothing was turned
    changes : how it differs, as `diff` tells it
    turned  : conclusions that it turns, with both answers; those on the goal and on today first
    tried   : orders and readings that were asked
    whole   : whether what is not needed was taken back to the last; else time was spent first
    """

    text: str
    changes: Changes
    turned: Mapping[Key, tuple[Answer, Answer]]
    tried: int
    whole: bool

    def table(self) -> Table:
        """One row per conclusion that is turned, then one per change that it takes."""
        rows = [("turned", " ".join(filter(None, key)), str(before), str(after)) for key, (before, after) in self.turned.items()]
        rows += [(change.kind, change.at, change.before, change.after) for change in self.changes.changes]
        notes = [f"{self.tried} orders and readings that the claims allow were asked; against the case as it stands"]
        notes += ["odds of a party's versions stay within the ranges that the case gives; without a range they stay as they are"]
        asked = self.tried or self.whole
        notes += [] if self.turned else ["none of them turned a conclusion" if asked else "there was no time to ask any: allow more seconds"]
        notes += [] if self.whole else ["time was spent before all that is not needed was taken back: fewer changes may do it"]
        return Table("The most damaging case that the claims allow", ("what", "where", "before", "after"), tuple(rows), tuple(notes))


def red_team(
    case: Case | OfCase, *, view: str | None = None, hold: Mapping[str, str] | None = None, goal: str | None = None, seed: int = 0,
    budget: Budget | None = None,
) -> RedTeam:  # fmt: skip
    """A search for the order of wants and the reading of claims, among those that the case leaves open, that turns most.

    goal   : what counts most, beside today: a condition; the main goal of the case, if not given
    budget : the time; at most `MOST_READINGS` readings without a clock

    Wants that unhedged claims carry stay and keep their order among themselves; doubtful claims may be false, speakers disbelieved,
    another version of a party the likeliest where the ranges of its odds allow it (odds without a range stay), doubtful wants gone or
    shifted as far as in draws. From the reading that turns most (headlines first, then all terms) everything is then taken back that is
    not needed for it, and what is left is written as a case and asked anew.

    Raises
    ------
    AskError
        `study/no-levers`, `study/too-many-states`; GraphError `graph/no-present`.

    >>> from bestand import Budget, read, red_team
    >>> red_team(read("example/en"), budget=Budget(seconds=60)).table().rows[0][0]
    'turned'
    """
    given = stated(case)
    known = given if given.text else read_text(dumped(as_written(given)))
    asked, budget = conflict(known, view=view, hold=hold, seed=seed), budget or Budget()
    answerable(asked)
    aim = goal if goal is not None else main_goal(asked)
    asked.where(aim or "true")  # a goal that is none is refused also where there is no time
    ending = Pace(budget)
    before = ending.step(lambda: concluded(asked, aim))
    search = AskedReadings(asked, other_readings(known), aim, Pace(budget, kept=AGAIN * ending.each + PER_CHARACTER * len(known.text)))
    searching = Budget(seconds=SHARE_OF_SEARCH * search.pace.left, clock=budget.clock, progress=budget.progress)
    best = search.best(np.random.default_rng(seed), searching)
    row, whole = search.shrunk(best)
    text = _written(known, row)
    there = read_text(text)
    after = concluded(conflict(there, view=view, hold=hold), aim) if row != search.space.usual else before
    turned = {key: (before[key], after[key]) for key in sorted(before, key=search.rank) if key in after and before[key] != after[key]}
    return RedTeam(text, diff(known, there), turned, search.tried, whole)


def other_readings(case: Case) -> Space:
    """What may be read otherwise: all that the case leaves open, of versions of a party those that its ranges let be the likeliest."""
    whole = space(case, kinds=READINGS)
    told = (_reachable(case, each) if each.kind == "type" else each for each in whole.openings)
    return replace(whole, openings=tuple(each for each in told if each is not None))


def _reachable(case: Case, opening: Opening) -> Opening | None:
    """The version of a party, as likely each, of those that can be the likeliest; None where only one can."""
    party = member_of(opening.at)
    can = [k == opening.usual or bool(likeliest_odds(case, party, name)) for k, name in enumerate(opening.choices)]
    return replace(opening, odds=tuple(map(float, can)), odds_at=()) if sum(can) > 1 else None


def likeliest_odds(case: Case, party: str, chosen: str) -> dict[str, float]:
    """Odds of a party's versions, within their ranges, of which the chosen one's are the highest; empty where there are none.

    Its own odds are as high as they can be; what that takes, the others give up alike, between their least and what they may have.
    """
    types = case.file.parties[party].types
    ends = {name: each.range or (each.value, each.value) for name, each in types.items()}
    least, most = ({name: end[k] for name, end in ends.items() if name != chosen} for k in (0, 1))
    top = min(ends[chosen][1], 1 - sum(least.values()))
    most = {name: min(end, top) for name, end in most.items()}
    rest, low, high = 1 - top, sum(least.values()), sum(most.values())
    if top < ends[chosen][0] or not low - ROUNDING <= rest <= high + ROUNDING:
        return {}
    part = (rest - low) / (high - low) if high > low else 0.0
    odds = {name: round(top if name == chosen else least[name] + part * (most[name] - least[name]), 6) for name in types}
    return odds if max(case.wants(party), key=lambda name: odds.get(name, 0.0)) == chosen else {}


@dataclass(slots=True)
class AskedReadings:
    """Asks many readings side by side, and remembers how many.

    pace : how long a reading takes, and what is left for what comes after
    """

    asked: Conflict
    space: Space
    goal: str | None
    pace: Pace
    tried: int = 0

    def rank(self, key: Key) -> tuple[int, str]:
        """Headlines before the rest."""
        return (0 if key[0] in ("now_rests", "deal_exists") or key[1] == self.goal else 1, "")

    def damage(self, columns: Mapping[str, Column]) -> NDArray[np.float64]:
        """Per reading how many headlines it turns, and, behind the point, how many conclusions in all."""
        usual = {each.name: np.array([each.usual]) for each in self.space.openings}
        whole = {name: np.concatenate([usual[name], column]) for name, column in columns.items()}
        drawn = asked_together(self.asked, whole)
        told = dict(answers(drawn, {term: mask for term in self.asked.case.terms if (mask := self.asked.where(term)).any()}))
        if self.goal is not None:
            told["deal_exists", self.goal] = np.asarray(deals_of_draws(drawn, that=self.goal).any(axis=1))
        turned = {key: each[1:] != each[0] for key, each in told.items()}
        self.tried += drawn.draws - 1
        heads, rest = np.zeros(drawn.draws - 1, np.int64), np.zeros(drawn.draws - 1, np.int64)
        for key, each in turned.items():
            (heads if self.rank(key)[0] == 0 else rest)[:] += each
        return heads + rest / (len(told) + 1)  # counted, and then weighed: what turns as much counts as much to the last digit

    def best(self, rng: np.random.Generator, budget: Budget) -> Row:
        """The most damaging of the readings drawn; of equals the one that is nearest to the case."""
        usual = self.space.usual
        best, worst = dict(usual), (0.0, 0)
        pace = Pace(budget)
        while self.space.openings and self.tried < MOST_READINGS:
            n = min(pace.most(TOGETHER if self.tried else FIRST), self.pace.most(TOGETHER))
            if n == 0:
                break
            columns = columns_of(self.space.openings, rng.random((n, len(self.space.openings))))
            damages = pace.step(partial(self.damage, columns), n)
            self.pace.each = pace.each
            for k, damage in enumerate(damages):
                row = {name: float(column[k]) for name, column in columns.items()}
                score = (float(damage), -sum(row[name] != usual[name] for name in row))
                if damage > 0 and score > worst:
                    best, worst = row, score
            budget.progress(min(1.0, self.tried / MOST_READINGS))
        return best

    def shrunk(self, row: Row) -> tuple[Row, bool]:
        """The reading with all taken back that is not needed for its damage, many at a time and then one by one; whether time sufficed."""
        usual = self.space.usual
        different = [name for name in row if row[name] != usual[name]]
        if not different:
            return row, bool(self.tried or not self.space.openings)
        if not self.pace.fits(2):
            return row, False
        level, size = self._damage(row), max(1, len(different) // 2)
        while True:
            taken = False
            for first in range(0, len(different), size):
                if not self.pace.fits():
                    return row, False
                some = [name for name in different[first : first + size] if row[name] != usual[name]]
                back = {**row, **{name: usual[name] for name in some}}
                if some and self._damage(back) >= level:
                    row, taken = back, True
            different = [name for name in different if row[name] != usual[name]]
            if size == 1 and not taken:
                return row, True
            size = max(1, size // 2)

    def _damage(self, row: Row) -> float:
        columns: dict[str, Column] = {name: np.array([value]) for name, value in row.items()}
        return float(self.pace.step(partial(self.damage, columns))[0])


def _written(case: Case, row: Row) -> str:
    """The case's text in one reading: wants that are gone left out, the others in their order, another version of a party the likeliest.

    Where something else in the case names a want that is gone, or its place, wants that are gone stay where they are and ask for nothing.
    """
    orders = _orders(case, row)
    gone = {home: [k for k in range(n) if k not in order] for home, (n, order) in orders.items()}
    idle = any(_named(case, home, k) for home, some in gone.items() for k in some)
    chosen = {party: int(row[at]) for party in case.file.parties if (at := f"parties.{party}.types") in row}
    edits: dict[str, object] = {f"parties.{party}.types": _odds(case, party, kind) for party, kind in chosen.items() if _other(case, party, kind)}
    edits |= {f"{home}[{k}].that": "true" for home, some in gone.items() for k in some} if idle else {}
    lists = {home: _kept(order, gone[home]) if idle else order for home, (_, order) in orders.items()}
    moved = {home: order for home, order in lists.items() if order != list(range(orders[home][0]))}
    text = edited(case, edits) if edits else case.text
    return rearranged(replace(case, text=text), moved) if moved else text


def _named(case: Case, home: str, k: int) -> bool:
    """Whether a framing names a want, or something rests on a line of its list by its place."""
    party = member_of(home)
    want = next(want for at, want in every_want(case.file, party) if at == f"{home}[{k}]")
    file = case.written or case.file
    shifted = {name for incident in file.incidents.values() for each in incident.framings for name in each.shifts.get(party, ())}
    return bool({str(want.label), want.that} & shifted) or any(at.startswith(f"{home}[") for each in file.unsaid for at in each.where)


def _orders(case: Case, row: Row) -> dict[str, tuple[int, list[int]]]:
    """Per list of wants that differs: how many there are, and those that are there, in their order."""
    columns: dict[str, Column] = {name: np.array([value]) for name, value in row.items()}
    orders: dict[str, tuple[int, list[int]]] = {}
    for party in case.file.wants:
        drawn = drawn_columns(case, party, columns, 1)
        for kind, there, place in zip(case.wants(party), drawn.there, drawn.place, strict=True):
            order = [int(k) for k in np.argsort(place[0], kind="stable") if there[0, k]]
            if order != list(range(there.shape[1])):
                orders[want_place(party, kind)] = (there.shape[1], order)
    return orders


def _kept(order: list[int], gone: list[int]) -> list[int]:
    """The order with what is gone put back at its place."""
    whole = list(order)
    for k in sorted(gone):
        whole.insert(min(k, len(whole)), k)
    return whole


def _other(case: Case, party: str, chosen: int) -> bool:
    kinds = case.wants(party)
    return tuple(kinds)[chosen] != likeliest(case, party, kinds)


def _odds(case: Case, party: str, chosen: int) -> dict[str, object]:
    """The odds of a party's versions, within their ranges, that make the chosen one the likeliest."""
    written = as_written(case)["parties"][party]["types"]
    odds = likeliest_odds(case, party, tuple(case.wants(party))[chosen])
    return {name: {**written[name], "value": odds[name]} for name in odds}
