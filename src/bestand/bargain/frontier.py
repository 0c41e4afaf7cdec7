"""The outcomes that cannot be improved for one party without loss to another, with all outcomes that are worth the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.arguments import numbered
from bestand.bargain.demands import signs
from bestand.bargain.fallback import GAP, Fallback, checked_draw, levels, units, walk_away
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.naming import Condition
from bestand.graph.ready import ready
from bestand.show import Shown, Table

PARTS = 1e9  # worths that agree to one part of the party's largest worth are one: sums of weights differ in the last bits
SHIFT = 0.3819660112501052  # puts the edges between parts where no round worth lies
MOST_PARTIES = 16  # parties whose trade-offs are worked out
MOST_ROWS = 50  # outcomes that a table shows


@dataclass(frozen=True, slots=True, repr=False)
class Frontier(Shown):
    """The Pareto set: points, and the outcomes behind each.

    parties  : names
    worth    : (n_parties, n_outcomes), of every outcome, on the frontier or not; ranks where scale is "ordinal"
    among    : (n_outcomes,) bool, the outcomes that were looked at
    point    : (n_parties, n_points), distinct; the best for the first party first
    members, first : outcomes on the frontier, by point: those of point p are members[first[p]:first[p + 1]]; (n_members,) and
               (n_points + 1,) int64
    unit     : (n_parties,), what is large to each party: its largest worth
    fallback : (n_parties,), or None
    conflict : for the names of outcomes, or None where worths were given as a table
    """

    parties: tuple[str, ...]
    worth: NDArray[np.float64]
    among: NDArray[np.bool_]
    point: NDArray[np.float64]
    first: NDArray[np.int64]
    members: NDArray[np.int64]
    unit: NDArray[np.float64]
    fallback: NDArray[np.float64] | None = None
    scale: Literal["ordinal", "cardinal"] = "cardinal"
    conflict: Conflict | None = None

    @property
    def n_points(self) -> int:
        """Number of distinct points."""
        return int(self.point.shape[1])

    def outcomes(self, point: int) -> NDArray[np.int64]:
        """Every outcome that is worth what this point is worth."""
        point = numbered("point", point, self.n_points)
        return self.members[self.first[point] : self.first[point + 1]]

    def accepted(self) -> NDArray[np.bool_]:
        """Points at which nobody is below its fallback: shape (n_points,)."""
        return above(self.point, self.fallback, self.unit)

    def label(self, outcome: int) -> str:
        """A name for an outcome."""
        return f"outcome {outcome}" if self.conflict is None else self.conflict.label(outcome)

    def table(self) -> Table:
        """One row per point: an outcome, how many are worth the same, and what it is worth to each party."""
        kind = "worth" if self.scale == "cardinal" else "rank"
        columns = ("outcome", "what", "worth the same", *(f"{kind} to {party}" for party in self.parties), "all accept")
        accepted = self.accepted()
        shown = sorted(range(self.n_points), key=lambda p: not accepted[p])[:MOST_ROWS]
        rows = tuple(
            (
                int(self.outcomes(p)[0]),
                self.label(int(self.outcomes(p)[0])),
                int(self.outcomes(p).size),
                *map(float, self.point[:, p]),
                bool(accepted[p]) if self.fallback is not None else None,
            )
            for p in shown
        )
        notes = [f"{self.members.size} of {int(self.among.sum())} outcomes, at {self.n_points} distinct points"]
        if self.fallback is not None:
            notes.append(f"at {int(accepted.sum())} points nobody is below its fallback")
        if self.n_points > MOST_ROWS:
            notes.append(f"the first {MOST_ROWS} are shown")
        return Table("Outcomes that cannot be improved for all", columns, rows, tuple(notes))


def frontier(
    conflict: Conflict | Case, *, among: Condition = None, fallback: Fallback | None = "now", draw: int = 0
) -> Frontier:
    """The Pareto set of the states of a conflict: no other state is as good for all and better for one.

    among    : the states that may be agreed on (all, if not given): a condition, or a mask such as `Agreements.open[0]`
    fallback : what the parties fall back on; it does not shorten the frontier, but settlements start from it; None for none

    By size or by rank, as the conflict's scale has it (Pareto 1906); of the parties that sign. Ties count: every state worth the
    same to all is listed with its point.

    Raises
    ------
    AskError
        `bargain/too-many-parties`, `bargain/no-fallback`, `bargain/unknown-draw`.

    >>> from bestand import conflict, read
    >>> frontier(conflict(read("example/en"), scale="cardinal")).n_points
    3
    """
    conflict = ready(conflict)
    worth = conflict.worth
    _few_enough(conflict.parties)
    inside = None if among is None else conflict.where(among)
    level = levels(worth, checked_draw(conflict, draw))
    away = None if fallback is None else walk_away(conflict, fallback=fallback, draw=draw)
    counts = [i for i, party in enumerate(conflict.parties) if signs(conflict.stated, party)]
    parties = tuple(conflict.parties[i] for i in counts)
    return _pareto(level[counts], parties, inside, None if away is None else away[counts], worth.scale, conflict)


def frontier_of(
    worth: NDArray[np.float64],
    *,
    parties: Sequence[str] = (),
    among: NDArray[np.bool_] | None = None,
    fallback: Sequence[float] | NDArray[np.float64] | None = None,
) -> Frontier:
    """The Pareto set of a plain table of worths, for outcomes that are not states of a graph.

    worth : (n_parties, n_outcomes)

    Raises
    ------
    AskError
        `bargain/bad-number`, `bargain/too-many-parties`.

    >>> frontier_of(np.array([[0, 1, 2, 2], [3, 3, 1, 0]])).members
    array([2, 1])
    """
    level, away = np.array(worth, np.float64), None if fallback is None else np.array(fallback, np.float64)  # of its own: no change later reaches it
    if level.ndim != 2 or not level.size or not np.isfinite(level).all():
        what = f"worths of shape {level.shape} are no table of numbers, parties by outcomes"
        raise AskError(Problem("bargain/bad-number", what, hint="give a row per party and a column per outcome, all finite"))
    names = tuple(parties) or tuple(f"party {i + 1}" for i in range(level.shape[0]))
    inside = None if among is None else np.asarray(among)
    fits = len(names) == level.shape[0] and (away is None or (away.shape == (len(names),) and not np.isnan(away).any()))
    if len(set(names)) < len(names):
        raise AskError(Problem("bargain/bad-number", "two parties have one name", hint="give each party a name of its own"))
    if not fits or (inside is not None and (inside.shape != level.shape[1:] or inside.dtype != np.bool_)):
        what = f"names, fallbacks or the outcomes to look at do not fit {level.shape[0]} parties and {level.shape[1]} outcomes"
        raise AskError(Problem("bargain/bad-number", what, hint="give one name and one number per party, yes or no per outcome"))
    _few_enough(names)
    return _pareto(level, names, inside, away, "cardinal", None)


def _pareto(
    level: NDArray[np.float64],
    parties: tuple[str, ...],
    among: NDArray[np.bool_] | None,
    fallback: NDArray[np.float64] | None,
    scale: Literal["ordinal", "cardinal"],
    conflict: Conflict | None,
) -> Frontier:
    n_outcomes = level.shape[1]
    open_ = np.ones(n_outcomes, bool) if among is None else np.array(among, bool)
    looked = np.flatnonzero(open_)
    unit = units(level, fallback)
    rounded = np.floor((level if looked.size == n_outcomes else level[:, looked]) * (PARTS / unit)[:, None] + SHIFT)
    best = np.flatnonzero(kernels.pareto(np.ascontiguousarray(rounded)))
    rounded = rounded[:, best]
    order = np.lexsort((best, *-rounded[::-1]))
    rounded, members = rounded[:, order], looked[best[order]].astype(np.int64)
    starts = np.ones(members.size, bool)
    starts[1:] = (rounded[:, 1:] != rounded[:, :-1]).any(axis=0)
    first = np.append(np.flatnonzero(starts), members.size).astype(np.int64)
    level = level.view()
    for array in (level, open_, first, members):
        array.flags.writeable = False
    point = level[:, members[first[:-1]]]
    point.flags.writeable = False
    return Frontier(
        parties=parties, worth=level, among=open_, point=point, first=first, members=members, unit=unit, fallback=fallback, scale=scale,
        conflict=conflict,
    )  # fmt: skip


def _few_enough(parties: Sequence[str]) -> None:
    if len(parties) > MOST_PARTIES:
        what = f"{len(parties)} parties are more than the {MOST_PARTIES} that a frontier is computed for"
        raise AskError(Problem("bargain/too-many-parties", what, hint="leave out parties whose worth does not matter here"))


def above(
    worth: NDArray[np.float64], fallback: NDArray[np.float64] | None, unit: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Outcomes at which nobody is below its fallback: shape (n_outcomes,), from worth (n_parties, n_outcomes)."""
    held: NDArray[np.bool_] = np.ones(worth.shape[1], bool)
    for own, least, large in zip(worth, () if fallback is None else fallback, unit, strict=False):
        held &= own >= least - GAP * large
    return held
