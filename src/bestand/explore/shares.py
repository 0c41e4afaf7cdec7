"""How often each answer comes out in a sweep, with its error: by all draws, or by one thing that is open."""

from __future__ import annotations

from dataclasses import dataclass

from bestand.explore.openings import Opening
from bestand.explore.store import ask, column_sql, value
from bestand.explore.sweep import Sweep
from bestand.show import Shown, Table

BINS = 10  # equal parts of the range of a number into which draws are put


@dataclass(frozen=True, slots=True)
class Share:
    """One answer over some draws.

    mean  : share of yes, or mean
    error : its standard error, from the draws being a sample
    low, high : 5 % and 95 % quantiles of the draws
    usual : the answer as the case stands
    """

    measure: str
    group: str
    n: int
    mean: float
    error: float
    low: float
    high: float
    usual: float


@dataclass(frozen=True, slots=True, repr=False)
class Shares(Shown):
    """How often each answer comes out."""

    sweep: Sweep
    shares: tuple[Share, ...]

    def table(self) -> Table:
        """One row per measure, and per group where draws are grouped."""
        rows = tuple((each.measure, each.group, each.n, each.mean, each.error, each.low, each.high, each.usual) for each in self.shares)
        notes = (f"{self.sweep.done:,} draws; the error is of the sample of draws, not of the model",)
        columns = ("measure", "where", "draws", "mean or share", "standard error", "5 %", "95 %", "as the case stands")
        return Table("Over all that is open", columns, rows, notes)


def shares(sweep: Sweep, *, by: str | None = None) -> Shares:
    """Every measure's mean, or share of yes, with its standard error; within groups of what is open under the name `by`.

    Numbers are grouped in tenths of their range. Everything is counted by the store: no draw is loaded. In the design `sobol` draws
    come in bases that share values, so the error is taken over bases.

    Raises
    ------
    AskError
        `sweep/unknown-opening`.

    >>> import tempfile
    >>> from bestand import measure, read, space, sweep
    >>> case, folder = read("example/en"), tempfile.TemporaryDirectory()
    >>> drawn = sweep(case, space(case, kinds=["type", "want"]), measure(case, "rests truce"), n=64, out=folder.name)
    >>> shares(drawn).shares[0].n
    64
    >>> folder.cleanup()
    """
    if by is not None:
        sweep.opening(by)
    counted = [each for name in sweep.answers for each in _of(sweep, name, by)]
    return Shares(sweep, tuple(counted))


def _of(sweep: Sweep, name: str, by: str | None) -> list[Share]:
    column = value(name)
    opening = None if by is None else sweep.opening(by)
    group = "0" if opening is None else grouped(opening)
    base = f"draw // {len(sweep.openings) + 2}" if sweep.design == "sobol" else "draw"
    sql = f"""
        with kept as (select {column} as y, {group} as g, {base} as b from {{draws}}),
             based as (select g, b, avg(y) as y from kept where y is not null group by g, b),
             errors as (select g, coalesce(stddev_samp(y), 0) / sqrt(count(*)) as error from based group by g)
        select g, count(y), avg(y), any_value(error), quantile_cont(y, .05), quantile_cont(y, .95)
        from kept join errors using (g) group by g order by g
    """
    if sweep.design == "draws":
        sql = f"""
            select {group} as g, count({column}), avg({column}), coalesce(stddev_samp({column}), 0) / sqrt(count({column})),
                   quantile_cont({column}, .05), quantile_cont({column}, .95) from {{draws}} group by g order by g
        """
    usual = sweep.answers[name]
    return [Share(name, _group(opening, g), n, *told, usual) for g, n, *told in ask(sweep.folder, sql) if n]  # type: ignore[call-arg]


def grouped(opening: Opening) -> str:
    """The group of a draw by what is open, in SQL: the thing itself, or a tenth of the range of a number."""
    if opening.kind != "number":
        return f"{column_sql(opening.name)}::integer"
    low, high = opening.low, opening.high
    return f"least({BINS - 1}, greatest(0, floor({BINS} * ({column_sql(opening.name)} - {low!r}) / {high - low!r})))::integer"


def _group(opening: Opening | None, g: int) -> str:
    if opening is None:
        return ""
    if opening.kind != "number":
        return opening.said(g)
    step = (opening.high - opening.low) / BINS
    return f"{opening.words}: {opening.low + g * step:.3g} to {opening.low + (g + 1) * step:.3g}"
