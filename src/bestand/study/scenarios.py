"""The likeliest dated courses as a tree: what holds on each of some days, branch by branch, with what tells branches apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import numbered
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict
from bestand.graph.ready import ready
from bestand.play.chain import Near, after, ahead, near, today_mass
from bestand.show import MONTH, Cell, Shown, Table, time_told
from bestand.study.basis import mentions
from bestand.study.indicators import (
    MOST_MONTHS,
    OWN_NUMBERS,
    PLAYED,
    checked_time,
    levers_behind,
    levers_spoken_of,
    open_today,
    share_of,
    sizes_told,
    tells,
    usual_outcome,
)
from bestand.study.posterior import PresentVersions, present_versions
from bestand.study.record import day_in
from bestand.study.span import usual_months
from bestand.study.versions import AHEAD, playable

Floats = NDArray[np.float64]
STEPS, CUT, FEW = 3, 0.05, 3  # days that are looked at, chance below which a course is cut, terms told apart
MOST_STEPS, MOST_TERMS = 12, 6  # days on which courses are told apart, and conditions by which they are
MOST_SIGNS = 2  # at one branch


@dataclass(frozen=True, slots=True)
class Sign:
    """A setting that halfway to a day tells one branch from the others: chances of it if the course goes this way, and if not."""

    lever: str
    setting: str
    if_so: float
    if_not: float


@dataclass(frozen=True, slots=True)
class Branch:
    """A course up to one of the days: what holds then, after what held on the days before.

    parent : place of the course that it goes on from, in the list; None of today
    step   : which day, 0 today
    holds  : of the terms told apart, those that hold; None for the rest: all courses that are each less likely than the cut
    chance : of the whole course up to here
    signs  : what halfway from the day before tells it from its siblings
    """

    parent: int | None
    step: int
    holds: tuple[str, ...] | None
    chance: float
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Scenarios(Shown):
    """Courses as a tree; the chances of the branches of every course add up to its own.

    terms    : what is told apart
    months   : from today, of each day
    days     : the days themselves; empty where the case has no day
    branches : every course, parents before their branches; the first is today
    n_used   : versions of the parties that there was time for
    between  : the lowest and the highest chance of the first of the terms on the last day, over the sets of sizes; None where sizes are given
    """

    present: PresentVersions
    terms: tuple[str, ...]
    months: tuple[float, ...]
    days: tuple[date, ...]
    cut: float
    branches: tuple[Branch, ...]
    n_used: int
    between: tuple[float, float] | None = None

    def below(self, k: int) -> tuple[int, ...]:
        """Branches of a course, the likeliest first, the rest last."""
        numbered("branch", k, len(self.branches))
        return tuple(j for j, each in enumerate(self.branches) if each.parent == k)

    @property
    def ends(self) -> tuple[int, ...]:
        """Whole courses, and rests: their chances add up to 1."""
        return tuple(k for k in range(len(self.branches)) if not self.below(k))

    def course(self, k: int) -> tuple[int, ...]:
        """A course from today on, as places in the list."""
        parent = self.branches[numbered("branch", k, len(self.branches))].parent
        return (k,) if parent is None else (*self.course(parent), k)

    def when(self, step: int) -> str:
        """A day, or how long after today where the case has no day."""
        numbered("step", step, len(self.months))
        return self.days[step].isoformat() if self.days else f"after {time_told(self.months[step])}"

    def table(self) -> Table:
        """One whole course a row, the likeliest first: what holds on each day, and the signs of its branches."""
        rows: list[tuple[Cell, ...]] = []
        for k in sorted(self.ends, key=lambda k: -self.branches[k].chance):
            way = self.course(k)
            held = [_words(self.branches[j].holds) for j in way[1:]]
            signs = "; ".join(f"{s.lever}={s.setting} ({s.if_so:.0%}, else {s.if_not:.0%})" for j in way[1:] for s in self.branches[j].signs[:1])
            rows.append((self.branches[k].chance, *held, *[""] * (len(self.months) - 1 - len(held)), signs))
        columns = ("chance", *(self.when(step) for step in range(1, len(self.months))), "signs on the way")
        return Table("The likeliest courses", columns, tuple(rows), self.notes())

    def notes(self) -> tuple[str, ...]:
        """What the answer rests on, in words."""
        told = [f"told apart: {', '.join(self.terms)}; a course less likely than {100 * self.cut:g} % is in the rest; chances add up to 1"]
        if self.n_used < len(self.present.played.versions):
            told += self.present.played.among(self.n_used)
        if self.between is not None:
            told.append(f"{sizes_told(self.terms[0], self.between)} ({self.when(len(self.months) - 1)})")
        return (*told, OWN_NUMBERS, *open_today(self.present.played.conflict), *self.present.played.notes())


def _words(holds: tuple[str, ...] | None) -> str:
    return "the rest" if holds is None else ", ".join(holds) or "none of these"


def scenarios(
    conflict: Conflict | Case, *, months: float | None = None, steps: int = STEPS, cut: float = CUT, by: Sequence[str] = (), ahead: float = AHEAD,
    budget: Budget | None = None,
) -> Scenarios:
    """The likeliest courses over some months, as a tree: which terms hold on each of `steps` days, equally far apart.

    months : how far ahead; 6, and fewer in a case that moves fast, if not given (see `usual_months`)
    cut    : courses less likely than this are put together as the rest of what they come from
    by     : terms or conditions that are told apart; the usual outcome and the terms, or else levers, most spoken of, if not given
    ahead  : months that everyone looks ahead
    budget : how long it may take; versions that have no time are left out, and the result says so

    Exact for the chains of the versions, weighed by their chances now: the state on a day is not lost sight of where courses are
    told apart by terms only. Where it is open how things stand today, courses begin in every state that may be the present one, as the odds
    have it; the root of the tree shows the one that the case states. What holds between two days is not looked at.

    Raises
    ------
    AskError, GraphError
        `study/bad-time`, `study/no-terms`, those of `versions` and `record`, and of `conflict.where`.

    >>> from bestand import read, scenarios
    >>> round(sum(row[0] for row in scenarios(read("invented/mountain-road"), months=3, ahead=1).table().rows), 9)
    1.0
    """
    given = None if months is None else checked_time("months", months, MOST_MONTHS)
    if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= MOST_STEPS:
        raise AskError(Problem("study/bad-time", f"steps must be a whole number from 1 to {MOST_STEPS}, not {steps}"))
    if isinstance(cut, bool) or not isinstance(cut, int | float) or not 0.001 <= cut <= 1:
        raise AskError(Problem("study/bad-time", f"the cut must be a chance from 0.001 to 1, not {cut}"))
    usual = playable(ready(conflict).draw(1), ahead)
    terms, months = _told_apart(usual, by), usual_months(usual) if given is None else given
    now = present_versions(usual, ahead=ahead, budget=share_of(budget, PLAYED))
    growing = _Growing(usual, terms, months / steps / 2, cut, _signs_of(usual, terms))
    chains, chances = list(growing.chains(now, steps)), now.chances
    branches = growing.grown(chains, chances, steps)
    moments = tuple(float(months * step / steps) for step in range(steps + 1))
    today = day_in(usual.case.file.as_of)
    days = () if today is None else tuple(today + timedelta(days=round(month * MONTH)) for month in moments)
    mask = usual.where(terms[0])
    last = [after(part.chain, part.begun(), months)[mask[part.states]].sum() / part.begun().sum() for part, _ in chains if now.played.n_sets > 1]
    between = now.played.over_sizes(chances, np.array(last)) if last else None
    return Scenarios(now, terms, moments, days, float(cut), branches, len(chains), between)


def _told_apart(conflict: Conflict, by: Sequence[str]) -> tuple[str, ...]:
    """What courses are told apart by: as asked, or the usual outcome and the terms most spoken of, each mask once."""
    first = usual_outcome(conflict)
    often = mentions(conflict.case)
    spoken = sorted(conflict.case.terms, key=lambda term: (term != first, -often[term]))
    by_mask: dict[bytes, str] = {}
    varying = [term for term in spoken if (mask := conflict.where(term)).any() and not mask.all()]
    for term in by or varying or levers_spoken_of(conflict):
        mask = conflict.where(term)
        if by or (mask.any() and not mask.all()):
            by_mask.setdefault(mask.tobytes(), term)
    terms = tuple(by_mask.values())[: len(by) or FEW]
    if not terms or len(terms) > MOST_TERMS:
        what = f"{len(terms)} conditions are told apart" if terms else "no term of the case is now so, now not, in this view"
        raise AskError(Problem("study/no-terms", what, hint=f"name 1 to {MOST_TERMS} conditions with `by`"))
    return terms


def _signs_of(conflict: Conflict, terms: Sequence[str]) -> list[tuple[str, str]]:
    """Settings that may tell branches apart: those of levers that the terms are not made of."""
    apart = frozenset[str]().union(*(levers_behind(conflict, term) for term in terms))
    graph = conflict.graph
    return [(lever, s) for lever, settings in zip(graph.levers, graph.settings, strict=True) for s in settings if lever not in apart]


@dataclass(frozen=True, slots=True)
class _Growing:
    """How a tree is grown: half a step at a time, with what holds on the day ahead seen from halfway."""

    conflict: Conflict
    terms: tuple[str, ...]
    half: float
    cut: float
    looked: list[tuple[str, str]]

    @property
    def kind(self) -> NDArray[np.int64]:
        """Which of the terms hold in each state, as bits: (n_states,)."""
        return np.asarray(sum(self.conflict.where(term).astype(np.int64) << k for k, term in enumerate(self.terms)))

    def chains(self, now: PresentVersions, steps: int) -> Iterator[tuple[Near, Floats]]:
        """The chain of each version that was played, with what halfway says of the day."""
        kinds = np.unique(self.kind)
        ahead_of, today = (self.kind[:, None] == kinds).astype(np.float64), today_mass(self.conflict)
        for each in now.played.versions:
            part = near(each.chain, today, 2 * self.half * steps)
            yield part, ahead(part.chain, ahead_of[part.states], self.half)

    def grown(self, chains: list[tuple[Near, Floats]], chances: Floats, steps: int) -> tuple[Branch, ...]:
        """Every course that is no less likely than the cut, and the rests."""
        here = int(self.kind[self.conflict.now])
        branches, open_ = [Branch(None, 0, self.holding(here), 1.0)], [0]
        masses = [chance * part.begun() for chance, (part, _) in zip(chances, chains, strict=True)]
        kinds = [self.kind[part.states] for part, _ in chains]
        for step in range(1, steps + 1):
            halfway = [after(part.chain, mass, self.half) for (part, _), mass in zip(chains, masses, strict=True)]
            there = [after(part.chain, mass, self.half) for (part, _), mass in zip(chains, halfway, strict=True)]
            grown: list[tuple[int, int]] = []
            for column, parent in enumerate(open_):
                total = sum(np.bincount(kind, mass[:, column], minlength=1 << len(self.terms)) for kind, mass in zip(kinds, there, strict=True))
                children = list(self.branched(branches[parent], parent, step, np.asarray(total)))
                for kind, branch in children:
                    signs = self.signs(kind, column, halfway, chains) if len(children) > 1 and kind is not None else ()
                    if kind is not None and step < steps:
                        grown.append((column, kind))
                    branches.append(replace(branch, signs=signs))
            open_ = [k for k, each in enumerate(branches) if each.step == step and each.holds is not None]
            if step < steps:
                if not grown:
                    break
                masses = [np.stack([mass[:, k] * (of == kind) for k, kind in grown], axis=1) for of, mass in zip(kinds, there, strict=True)]
        return tuple(branches)

    def branched(self, parent: Branch, at: int, step: int, total: Floats) -> Iterator[tuple[int | None, Branch]]:
        """Branches of one course, the likeliest first, and its rest; total by pattern of terms."""
        total = total * parent.chance / total.sum()
        left = parent.chance
        for kind in np.argsort(-total, kind="stable"):
            if total[kind] < self.cut:
                break
            left -= float(total[kind])
            yield int(kind), Branch(at, step, self.holding(int(kind)), float(total[kind]))
        if left > 1e-9:
            yield None, Branch(at, step, None, left)

    def holding(self, kind: int) -> tuple[str, ...]:
        """The terms that hold."""
        return tuple(term for k, term in enumerate(self.terms) if kind >> k & 1)

    def signs(self, kind: int, column: int, halfway: list[Floats], chains: list[tuple[Near, Floats]]) -> tuple[Sign, ...]:
        """Settings that are likelier halfway if the course goes one way, those first that tell most."""
        place = int(np.searchsorted(np.unique(self.kind), kind))
        so, whole = np.zeros(self.kind.size), np.zeros(self.kind.size)
        for mass, (part, day) in zip(halfway, chains, strict=True):
            so[part.states] += mass[:, column] * day[:, place]
            whole[part.states] += mass[:, column]
        made = [(bits, sign) for lever, setting in self.looked for bits, sign in [_sign(self.conflict, lever, setting, so, whole)]]
        apart = [each for each in made if each[1].if_so > each[1].if_not and tells(each[1].if_so, each[1].if_not)]
        return tuple(sign for _, sign in sorted(apart, key=lambda each: -each[0])[:MOST_SIGNS])


def _sign(conflict: Conflict, lever: str, setting: str, so: Floats, whole: Floats) -> tuple[float, Sign]:
    """What a setting says halfway, in bits, and its chances either way."""
    graph = conflict.graph
    at = graph.digits(lever) == graph.all_settings[lever].index(setting)
    table = np.array([[so[at].sum(), (whole - so)[at].sum()], [so[~at].sum(), (whole - so)[~at].sum()]])
    table = np.clip(table / table.sum(), 0.0, 1.0)
    by_row, by_column = table.sum(axis=1), table.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = float(np.nansum(table * np.log2(table / np.outer(by_row, by_column))))
        if_so, if_not = np.nan_to_num(table[0] / by_column)
    return bits, Sign(lever, setting, float(if_so), float(if_not))
