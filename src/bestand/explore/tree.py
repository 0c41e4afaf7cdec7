"""Where an answer comes out: a small tree of questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem
from bestand.explore.limits import Classed, Limit, classed, counted, levelled, together, wanted_sql
from bestand.explore.sweep import Sweep
from bestand.show import Shown, Table

FEWEST = 0.02  # share of the draws that each leaf holds at least
MOST_DEPTH = 6  # questions one after another
_Split = tuple[float, int, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Leaf:
    """The draws in which some limits hold, and how many of these have the answer; counted in all draws."""

    limits: tuple[Limit, ...]
    n: int
    share: float


@dataclass(frozen=True, slots=True, repr=False)
class Tree(Shown):
    """Leaves of a small tree, in the order in which its questions are put."""

    measure: str
    answer: str
    n: int
    leaves: tuple[Leaf, ...]

    def table(self) -> Table:
        """One row per leaf."""
        rows = tuple((together(each.limits), each.n / max(self.n, 1), each.share) for each in self.leaves)
        columns = ("where", "share of draws", f"of these {self.answer}")
        return Table(f"How often “{self.measure}” is {self.answer}", columns, rows, (f"{self.n:,} draws",))


def tree(sweep: Sweep, measure: str | None = None, *, at_least: float | None = None, answer: str = "yes", depth: int = 3) -> Tree:
    """A small tree of questions about what is open that tells an answer apart (CART: Breiman et al. 1984, Gini).

    depth : questions one after another, at most

    Grown in up to 50,000 draws; its leaves are counted in all.

    Raises
    ------
    AskError
        `sweep/needs-level`, `sweep/unknown-answer`, `sweep/needs-draws`, `sweep/unknown-column`, `sweep/bad-number`.

    >>> import tempfile
    >>> from bestand import measure, read, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> drawn = sweep(case, space(case, kinds=["type", "want"]), measure(case, "rests truce"), n=64, out=folder.name)
    >>> tree(drawn, depth=1).table().rows[0]
    ('always', 1.0, 0.0)
    >>> folder.cleanup()
    """
    if not 0 <= depth <= MOST_DEPTH:
        raise AskError(Problem("sweep/bad-number", f"a tree has from 0 to {MOST_DEPTH} questions one after another, not {depth}"))
    name = sweep.column(measure)
    draws, wanted = classed(sweep, name, at_least, answer), wanted_sql(sweep, name, at_least, answer)
    let = [np.ones(each.size, bool) for each in draws.bottom]
    leaves = []
    for leaf in _grown(draws, np.ones(draws.wanted.size, bool), let, depth):
        limits = tuple(limit for k, each in enumerate(leaf) if (limit := draws.limit(k, each)) is not None)
        _, _, within, both = counted(sweep, wanted, limits)
        leaves.append(Leaf(limits, within, both / max(within, 1)))
    return Tree(levelled(name, at_least), answer, counted(sweep, wanted, [])[0], tuple(leaves))


def _grown(draws: Classed, inside: NDArray[np.bool_], let: list[NDArray[np.bool_]], depth: int) -> Iterator[list[NDArray[np.bool_]]]:
    best = max((each for k in range(len(let)) for each in _splits(draws, inside, k)), default=None, key=lambda each: each[0]) if depth else None
    if best is None or best[0] <= 0:
        yield let
        return
    _, k, one = best
    for side in (one, ~one):
        narrowed = [each & side if j == k else each for j, each in enumerate(let)]
        yield from _grown(draws, inside & side[draws.classes[:, k]], narrowed, depth - 1)


def _splits(draws: Classed, inside: NDArray[np.bool_], k: int) -> Iterator[_Split]:
    """Ways to part the draws by one opening, with what the mixture (Gini) falls by."""
    n, has = draws.counts(inside, k)
    total, hits = int(n.sum()), int(has.sum())
    if draws.openings[k].choices:
        sides = np.eye(n.size, dtype=bool)
    else:
        sides = np.tri(n.size, dtype=bool)[:-1]
    left, left_hits = sides @ n, sides @ has
    right, right_hits = total - left, hits - left_hits
    ok = np.minimum(left, right) >= max(1.0, FEWEST * inside.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        mixed = left_hits * (1 - left_hits / left) + right_hits * (1 - right_hits / right)
    gain = np.where(ok, hits * (1 - hits / max(total, 1)) - mixed, -1.0)
    if gain.size and gain.max() > 0.002 * total * 0.25:
        best = int(gain.argmax())
        yield float(gain[best]), k, sides[best]
