"""Where an answer comes out: boxes of limits, found by patient peeling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem
from bestand.explore.limits import Classed, Limit, classed, counted, levelled, together, wanted_sql
from bestand.explore.sweep import Sweep
from bestand.show import Shown, Table

MOST_BOXES = 50  # that are looked for
PEEL = 0.05  # share of the draws left that one peel takes off, of what has many values
SMALLEST = 0.02  # share of all draws below which a box is not peeled
SURE, SURER = 2.0, 4.0  # standard errors by which a peel, and a cut of any size, must gain
_Let = list[NDArray[np.bool_]]  # per opening, the classes that are let in
_Peel = tuple[float, float, int, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Box:
    """Limits within which an answer mostly comes out, counted in all draws.

    coverage : share of the draws with the answer that are inside
    density  : share of the draws inside that have the answer
    mass     : share of all draws that are inside
    """

    measure: str
    answer: str
    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True, slots=True, repr=False)
class Boxes(Shown):
    """Boxes, the first found first; each covers draws that those before it do not."""

    measure: str
    answer: str
    share: float
    n: int
    boxes: tuple[Box, ...]

    def table(self) -> Table:
        """One row per box."""
        rows = tuple((together(each.limits), each.coverage, each.density, each.mass) for each in self.boxes)
        notes = (f"without any limit: {100 * self.share:.0f} % of {self.n:,} draws", *(() if rows else ("no box does better than that",)))
        return Table(f"Where “{self.measure}” is {self.answer}", ("where", "coverage", "density", "mass"), rows, notes)


def boxes(
    sweep: Sweep, measure: str | None = None, *, at_least: float | None = None, answer: str = "yes", density: float | None = None, most: int = 2
) -> Boxes:
    """Boxes in which an answer mostly comes out (PRIM: Friedman & Fisher 1999; Bryant & Lempert 2010).

    at_least : of a measure that is a number, the level that counts as yes
    answer   : `yes` or `no`
    density  : of the boxes on the way, the one that covers most at this density; the best mean of coverage and density
               (harmonic), if not given
    most     : boxes that are looked for

    A peel takes a twentieth of what is left off either end of what is in an order, or one of several choices; the one that gains
    most density per draw lost, of those that gain two standard errors. Where none does, the cut of any size that is surest, if it
    gains four. Limits that do not help are dropped. Peeled in up to 50,000 draws; counted in all.

    Raises
    ------
    AskError
        `sweep/needs-level`, `sweep/unknown-answer`, `sweep/needs-draws`, `sweep/unknown-column`, `sweep/bad-number`.

    >>> import tempfile
    >>> from bestand import measure, read, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> drawn = sweep(case, space(case, kinds=["type", "want"]), measure(case, "rests truce"), n=64, out=folder.name)
    >>> boxes(drawn).table().title
    'Where “rests truce” is yes'
    >>> folder.cleanup()
    """
    if density is not None and not 0 < density <= 1:
        raise AskError(Problem("sweep/bad-number", f"a density is above 0 and at most 1, not {density}"))
    if not 1 <= most <= MOST_BOXES:
        raise AskError(Problem("sweep/bad-number", f"from 1 to {MOST_BOXES} boxes can be looked for, not {most:,}"))
    name = sweep.column(measure)
    draws, wanted = classed(sweep, name, at_least, answer), wanted_sql(sweep, name, at_least, answer)
    n, has, *_ = counted(sweep, wanted, [])
    covering: list[Box] = []
    left = np.ones(draws.wanted.size, bool)
    for let in _boxes(draws, left, density, most):
        limits = tuple(limit for k, each in enumerate(let) if (limit := draws.limit(k, each)) is not None)
        _, _, within, both = counted(sweep, wanted, limits)
        if within:
            covering.append(Box(levelled(name, at_least), answer, limits, both / max(has, 1), both / within, within / max(n, 1)))
    return Boxes(levelled(name, at_least), answer, has / max(n, 1), n, tuple(covering))


def _boxes(draws: Classed, left: NDArray[np.bool_], density: float | None, most: int) -> Iterator[_Let]:
    for _ in range(most):
        if not draws.wanted[left].any() or (draws.wanted[left].all() and left.all()):
            return
        path = list(peeled(draws, left))
        let = path[_chosen(draws, left, path, density)]
        let = _simpler(draws, left, let, density)
        if all(each.all() for each in let):
            return
        yield let
        left = left & ~_inside(draws, let)


def _inside(draws: Classed, let: _Let) -> NDArray[np.bool_]:
    inside = np.ones(draws.wanted.size, bool)
    for k, each in enumerate(let):
        if not each.all():
            inside &= each[draws.classes[:, k]]
    return inside


def peeled(draws: Classed, left: NDArray[np.bool_]) -> Iterator[_Let]:
    """Ever smaller boxes, from no limit at all."""
    let: _Let = [np.ones(each.size, bool) for each in draws.bottom]
    inside = left.copy()
    while True:
        yield [each.copy() for each in let]
        n = int(inside.sum())
        best = _best(draws, inside, let)
        if best is None:
            return
        _, _, k, off = best
        let[k] &= ~off
        inside &= ~off[draws.classes[:, k]]
        if inside.sum() < SMALLEST * left.size or inside.sum() == n or draws.wanted[inside].all():
            yield [each.copy() for each in let]
            return


def _best(draws: Classed, inside: NDArray[np.bool_], let: _Let) -> _Peel | None:
    """The peel that gains most, of those that gain more than chance would; where there is none, the cut of any size that is surest."""
    openings = range(len(let))
    small = [each for k in openings for each in _peels(draws, inside, let[k], k, whole=False) if each[1] >= SURE]
    if small:
        return max(small, key=lambda each: each[0])
    cuts = [each for k in openings for each in _peels(draws, inside, let[k], k, whole=True) if each[1] >= SURER]
    return max(cuts, key=lambda each: each[1], default=None)


def _peels(draws: Classed, inside: NDArray[np.bool_], let: NDArray[np.bool_], k: int, *, whole: bool) -> Iterator[_Peel]:
    """What may be taken off one opening: density gained per draw lost, in how many standard errors it is gained, opening, classes.

    whole : cuts of any size; else about a twentieth
    """
    n, has = draws.counts(inside, k)
    total, hits = int(n.sum()), int(has.sum())
    there = np.flatnonzero((n > 0) & let)
    if there.size < 2:
        return
    for off in _ends(draws, n, there, k, whole=whole):
        lost, hit = int(n[off].sum()), int(has[off].sum())
        if 0 < lost < total:
            mask = np.zeros(let.size, bool)
            mask[off] = True
            kept, share = (hits - hit) / (total - lost), hits / total
            error = (share * (1 - share) * (1 / lost + 1 / (total - lost))) ** 0.5
            surely = (kept - hit / lost) / error if error else 0.0
            yield (kept - share) / lost, surely, k, _with_beyond(mask, there, bool(draws.openings[k].choices))


def _ends(draws: Classed, n: NDArray[np.int64], there: NDArray[np.int64], k: int, *, whole: bool) -> Iterator[NDArray[np.int64]]:
    if draws.openings[k].choices:
        yield from (there[j : j + 1] for j in range(there.size))
        return
    enough = PEEL * n.sum()
    for way in (there, there[::-1]):
        first = int(np.searchsorted(np.cumsum(n[way]), enough)) + 1
        for upto in range(first, there.size) if whole else [first]:
            if upto < there.size:
                yield way[:upto]


def _with_beyond(off: NDArray[np.bool_], there: NDArray[np.int64], any_order: bool) -> NDArray[np.bool_]:
    """What is taken off, and, of what is in an order, everything beyond it."""
    if any_order:
        return off
    at = np.flatnonzero(off)
    if at[0] == there[0]:
        off[: at[-1] + 1] = True
    else:
        off[at[0] :] = True
    return off


def _score(draws: Classed, left: NDArray[np.bool_], let: _Let) -> tuple[float, float]:
    """Coverage and density of a box among the draws that are left."""
    inside = _inside(draws, let) & left
    both = int(draws.wanted[inside].sum())
    return both / max(int(draws.wanted[left].sum()), 1), both / max(int(inside.sum()), 1)


def _mean(coverage: float, density: float) -> float:
    return 2 * coverage * density / (coverage + density) if coverage + density else 0.0


def _chosen(draws: Classed, left: NDArray[np.bool_], path: list[_Let], density: float | None) -> int:
    scores = [_score(draws, left, let) for let in path]
    if density is not None and any(each[1] >= density for each in scores):
        return max((k for k, each in enumerate(scores) if each[1] >= density), key=lambda k: scores[k][0])
    return max(range(len(path)), key=lambda k: _mean(*scores[k]))


def _simpler(draws: Classed, left: NDArray[np.bool_], let: _Let, density: float | None) -> _Let:
    """The box less the limits without which it is no worse: no density lost beyond chance, and coverage gained."""
    while True:
        usual = _score(draws, left, let)
        error = (usual[1] * (1 - usual[1]) / max(int((_inside(draws, let) & left).sum()), 1)) ** 0.5
        tried = []
        for k, each in enumerate(let):
            if not each.all():
                without = [np.ones_like(one) if j == k else one for j, one in enumerate(let)]
                score = _score(draws, left, without)
                if usual[1] - score[1] <= error or (density is None and _mean(*score) >= _mean(*usual)):
                    tried.append((score[1], k, without))
        if not tried:
            return let
        let = max(tried, key=lambda each: each[0])[2]
