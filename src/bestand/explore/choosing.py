"""Which of several choices stands up best over all that is open, and which fact, if known, would change the advice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import erfc, sqrt

from bestand.errors import AskError, Problem
from bestand.explore.indices import CHANCE
from bestand.explore.openings import Opening
from bestand.explore.shares import grouped
from bestand.explore.store import ask, value
from bestand.explore.sweep import Sweep
from bestand.show import Shown, Table

TINY = 1e-12  # an error below which the worth of a fact is certain


@dataclass(frozen=True, slots=True)
class Choice:
    """One option over all draws.

    mean     : share of yes, or mean
    enough   : share of the draws in which it gives at least what is enough (satisficing)
    best     : share of the draws in which no other does better
    regret, regret_90, regret_most : what it falls short of the best in that draw: mean, nine tenths of the draws, at most
    """

    option: str
    mean: float
    enough: float
    best: float
    regret: float
    regret_90: float
    regret_most: float


@dataclass(frozen=True, slots=True, repr=False)
class Choices(Shown):
    """Options, the one with the least regret on the whole first."""

    measure: str
    at_least: float
    n: int
    choices: tuple[Choice, ...]

    def table(self) -> Table:
        """One row per option."""
        rows = tuple((e.option, e.mean, e.enough, e.best, e.regret, e.regret_90, e.regret_most) for e in self.choices)
        columns = ("option", "mean", f"at least {self.at_least:g}", "best or tied", "regret", "regret, 90 %", "regret, most")
        return Table(f"Choosing by “{self.measure}”", columns, rows, (f"{self.n:,} draws, every option in each",))


def choices(sweep: Sweep, measure: str | None = None, *, at_least: float = 0.5) -> Choices:
    """How each option does over all draws: how often it is good enough, and how far it falls short of the best.

    measure  : the measure without its option; the first, if not given. More of it is better
    at_least : what is good enough

    Satisficing: the share of draws in which the option gives enough (Rosenhead 1990). Regret: Savage 1951. Both by draw, all
    options in the same draws, counted by the store.

    Raises
    ------
    AskError
        `sweep/needs-options`, `sweep/unknown-column`, `sweep/bad-number`.

    >>> import tempfile
    >>> from bestand import measure, read, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> options = {"pipe": {"co.pipe": "yes"}, "none": {"co.pipe": "no"}}
    >>> drawn = sweep(case, space(case, kinds=["type"]), measure(case, "rests truce"), n=64, out=folder.name, options=options)
    >>> [row[0] for row in choices(drawn).table().rows]
    ['pipe', 'none']
    >>> folder.cleanup()
    """
    if not math.isfinite(at_least):
        raise AskError(Problem("sweep/bad-number", f"what is good enough must be a number, not {at_least}"))
    name, columns = _options(sweep, measure)
    top = f"greatest({', '.join(columns.values())})"
    all_there = " and ".join(f"{column} is not null" for column in columns.values())
    compared = []
    for option, column in columns.items():
        sql = f"""
            select count(*), avg({column}), avg(({column} >= {float(at_least)!r})::int), avg(({column} >= {top})::int),
                   avg({top} - {column}), quantile_cont({top} - {column}, .9), max({top} - {column})
            from {{draws}} where {all_there}
        """
        n, *told = ask(sweep.folder, sql)[0]
        compared.append(Choice(option, *map(float, told)))
    return Choices(name, at_least, int(n), tuple(sorted(compared, key=lambda each: (each.regret, -each.enough))))


def _options(sweep: Sweep, measure: str | None) -> tuple[str, dict[str, str]]:
    """The measure, and per option its column as a number in SQL."""
    if len(sweep.options) < 2:
        raise AskError(Problem("sweep/needs-options", "there is nothing to choose between in this sweep", hint="sweep with two `options` or more"))
    ends = {option: f" [{option}]" for option in sweep.options}
    names = list(dict.fromkeys(column.removesuffix(end) for column in sweep.answers for end in ends.values() if column.endswith(end)))
    name = names[0] if measure is None else measure
    if name not in names:
        raise AskError(Problem("sweep/unknown-column", f"the sweep has no measure '{name}' under options", hint="it has " + ", ".join(names)))
    return name, {option: value(name + end) for option, end in ends.items()}


@dataclass(frozen=True, slots=True)
class Worthwhile:
    """What it is worth to know one thing before choosing.

    value   : what the mean of the option chosen rises by, if it is known
    changes : share of the draws in which the advice would be another
    error   : standard error of `value`, by the draws
    """

    name: str
    words: str
    value: float
    changes: float
    error: float = 0.0


@dataclass(frozen=True, slots=True, repr=False)
class Information(Shown):
    """What it is worth to know each thing before choosing, the most worth first.

    advice : what is advised if nothing more is known
    all    : what the mean rises by if everything is known
    """

    measure: str
    advice: str
    all: float
    facts: tuple[Worthwhile, ...]

    def table(self) -> Table:
        """One row per fact whose worth can be told from chance."""
        rows = tuple((each.words, each.value, each.error, each.changes) for each in self.told)
        notes = [f"advice as things stand: {self.advice}", f"if everything were known, the mean would rise by {self.all:.3g}"]
        seeming = sum(each.value > 0 or each.changes > 0 for each in self.facts) - len(rows)
        notes += [f"{seeming} facts more would change the advice by chance: their worth cannot be told from none"] if seeming else []
        columns = ("fact", "raises the mean by", "error", "changes the advice in")
        return Table(f"What is worth knowing before choosing by “{self.measure}”", columns, rows, tuple(notes))

    @property
    def told(self) -> tuple[Worthwhile, ...]:
        """Facts whose worth can be told from none: of as many that are worth nothing, one would be among them in a case of twenty."""
        by_chance = [erfc(each.value / max(each.error, TINY) / sqrt(2)) / 2 for each in self.facts]
        return tuple(each for each, chance in zip(self.facts, by_chance, strict=True) if each.value > 0 and chance * len(self.facts) < CHANCE)


def information(sweep: Sweep, measure: str | None = None) -> Information:
    """Which fact, if known, would change the advice most often, and what it would be worth.

    The advice is the option with the highest mean. A fact is one opening: each of its values, or a tenth of a number's range. What
    is best in a group of draws is found in one half of the draws and valued in the other, both ways, so that chance does not
    pass for worth (the plain estimate is never below 0; this one may be, where a fact is worth nothing). Raiffa & Schlaifer 1961.

    Raises
    ------
    AskError
        `sweep/needs-options`, `sweep/unknown-column`.

    >>> import tempfile
    >>> from bestand import measure, read, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> options = {"pipe": {"co.pipe": "yes"}, "none": {"co.pipe": "no"}}
    >>> drawn = sweep(case, space(case, kinds=["type"]), measure(case, "rests truce"), n=64, out=folder.name, options=options)
    >>> information(drawn).advice
    'pipe'
    >>> folder.cleanup()
    """
    name, columns = _options(sweep, measure)
    options = list(columns)
    all_there = " and ".join(f"{column} is not null" for column in columns.values())
    means = ask(sweep.folder, f"select {', '.join(f'avg({column})' for column in columns.values())} from {{draws}} where {all_there}")[0]
    advice = max(range(len(options)), key=lambda k: means[k])
    best = ask(sweep.folder, f"select avg(greatest({', '.join(columns.values())})) from {{draws}} where {all_there}")[0][0]
    facts = [_known(sweep, each, columns, advice, all_there) for each in sweep.openings]
    return Information(name, options[advice], float(best - means[advice]), tuple(sorted(facts, key=lambda each: (-each.changes, -each.value))))


def _known(sweep: Sweep, opening: Opening, columns: dict[str, str], advice: int, among: str) -> Worthwhile:
    """Sums per group and half; the best option by one half, its gain over the advice by the other."""
    held = list(columns.values())[advice]
    each = ", ".join([f"sum({column})" for column in columns.values()] + [f"sum(({column} - {held}) ** 2)" for column in columns.values()])
    by = f"select {grouped(opening)} as g, draw % 2 as half, count(*), {each} from {{draws}} where {among} group by g, half"
    rows = ask(sweep.folder, by)
    sums = {(g, half): (n, total[: len(columns)], total[len(columns) :]) for g, half, n, *total in rows}
    value = changed = whole = squares = 0.0
    for (g, half), (n, total, spread) in sums.items():
        other = sums.get((g, 1 - half))
        whole += n
        if other is None:
            continue
        picked = max(range(len(total)), key=lambda k: (other[1][k], k == advice))
        if picked != advice:
            value += total[picked] - total[advice]
            squares += spread[picked]
            changed += n if total[picked] > total[advice] else 0
    n, mean = max(whole, 1), value / max(whole, 1)
    return Worthwhile(opening.name, opening.words, mean, changed / n, sqrt(max(squares / n - mean**2, 0.0) / n))
