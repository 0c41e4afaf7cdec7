"""Where most draws of a sweep turn: past which value of one thing that is open, and how far that is from how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bestand.explore.limits import levelled, wanted_sql
from bestand.explore.openings import Opening
from bestand.explore.shares import grouped
from bestand.explore.store import ask, column_sql, value
from bestand.explore.sweep import Sweep
from bestand.show import Cell, Portion, Shown, Table


@dataclass(frozen=True, slots=True)
class Crossing:
    """One opening past one value of which most draws answer otherwise than where it is as it stands.

    at     : the value nearest to how it stands at which they turn
    far    : how far that is: of a number, as a share of its range; of a place, in places; else 1
    share  : share of yes where it is as it stands; there : of the nearest draws that surely answer otherwise
    beyond : share of all draws in which it is where most surely answer otherwise
    """

    opening: Opening
    at: float
    far: float
    share: float
    there: float
    beyond: float


@dataclass(frozen=True, slots=True, repr=False)
class Crossings(Shown):
    """What turns most draws by itself, the nearest first.

    n_openings : how many were looked at
    """

    measure: str
    n: int
    n_openings: int
    crossings: tuple[Crossing, ...]

    def table(self) -> Table:
        """One row per opening that turns most draws."""
        rows = tuple(
            (each.opening.words, _way(each.opening, each.opening.usual), _way(each.opening, each.at), each.far, Portion(each.share),
             Portion(each.there), Portion(each.beyond))
            for each in self.crossings
        )  # fmt: skip
        columns = ("what is moved", "as it stands", "turns at", "how far", "yes as it stands", "yes there", "draws there")
        notes = (f"{self.n:,} draws; {len(self.crossings)} of {self.n_openings} openings turn most of them, all else as drawn",)
        return Table(f"What turns most draws of “{self.measure}”", columns, rows, notes)


@dataclass(frozen=True, slots=True)
class _Group:
    """Draws that are alike in one opening: which, where it is on the mean, how many, and how many say yes."""

    which: int
    mean: float
    n: int
    yes: int

    @property
    def surely(self) -> int:
        """1 or -1 where two standard errors more than half say yes, or no; else 0."""
        more = 2 * self.yes - self.n
        return (more > 0) - (more < 0) if more * more >= 4 * self.n else 0


def crossings(sweep: Sweep, measure: str | None = None, *, at_least: float | None = None) -> Crossings:
    """Which single opening turns what most draws answer, and how far it has to be from how it stands; all else as drawn.

    measure  : the first, if not given
    at_least : of a measure that is a number, the level that counts as yes

    Draws are grouped by one opening: by its values, or a number's by tenths of its range. Where the group in which it is as it stands
    says one thing by two standard errors of even draws, and another group says the other, it crosses: of a number, at the value at which
    the line through the groups' shares first passes a half; else at the nearest such value, or, of what has no order, at that of most
    draws. Counted by the store, in all draws; of the design `sobol` in those of a base that are independent. `tipping` moves one opening
    with all else as it *stands*.

    Raises
    ------
    AskError
        `sweep/needs-level`, `sweep/unknown-column`.

    >>> import tempfile
    >>> from bestand import measure, read, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> drawn = sweep(case, space(case, kinds=["type"]), measure(case, "rests truce"), n=64, out=folder.name)
    >>> crossings(drawn).n_openings
    1
    >>> folder.cleanup()
    """
    name = sweep.column(measure)
    yes = wanted_sql(sweep, name, at_least, "yes")
    some = f"{value(name)} is not null" + (f" and draw % {len(sweep.openings) + 2} < 2" if sweep.design == "sobol" else "")
    crossed = [crossing for each in sweep.openings for crossing in [_crossing(each, _groups(sweep, each, yes, some))] if crossing is not None]
    n = int(ask(sweep.folder, f"select count(*) from {{draws}} where {some}")[0][0])
    return Crossings(levelled(name, at_least), n, len(sweep.openings), tuple(sorted(crossed, key=lambda each: (each.far, -each.beyond))))


def _groups(sweep: Sweep, opening: Opening, yes: str, some: str) -> list[_Group]:
    column = f"{column_sql(opening.name)}::double"
    sql = f"select {grouped(opening)} as g, avg({column}), count(*), count(*) filter ({yes}) from {{draws}} where {some} group by g order by g"
    return [_Group(int(which), float(mean), int(n), int(answers)) for which, mean, n, answers in ask(sweep.folder, sql)]


def _crossing(opening: Opening, groups: list[_Group]) -> Crossing | None:
    if not groups:
        return None
    number = opening.kind == "number"
    here = min(groups, key=lambda each: abs((each.mean if number else each.which) - opening.usual))
    other = [each for each in groups if each.surely == -here.surely] if here.surely else []
    if not other:
        return None
    ordered = opening.kind not in ("type", "today", "case")
    turned = min(other, key=lambda each: (abs(each.mean - here.mean) if ordered else 0.0, -each.n))
    at = _passes(groups, here, turned) if number else float(turned.which)
    beyond = sum(each.n for each in other) / sum(each.n for each in groups)
    return Crossing(opening, at, opening.far(at), here.yes / here.n, turned.yes / turned.n, beyond)


def _passes(groups: list[_Group], here: _Group, turned: _Group) -> float:
    """Where the line through the groups' shares first passes a half, from one group to another that says otherwise."""
    low, high = sorted((groups.index(here), groups.index(turned)))
    line = groups[low : high + 1] if groups[low] is here else groups[low : high + 1][::-1]
    for one, next_ in pairwise(line):
        a, b = one.yes / one.n - 0.5, next_.yes / next_.n - 0.5
        if a * b <= 0 and a != b:
            return one.mean + (next_.mean - one.mean) * a / (a - b)
    return turned.mean


def _way(opening: Opening, value: float) -> Cell:
    """One of the ways in which it can be, as a cell."""
    if opening.choices:
        return opening.called(int(value))
    if opening.kind == "number":
        return float(value)
    return int(value) if opening.kind == "place" else bool(value)
