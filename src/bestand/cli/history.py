"""Commands on how long such truces lasted: base-rates, backtest, violations."""

from __future__ import annotations

import dataclasses
import math
import os
import sys
import textwrap
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING, Any

import click

from bestand.cli.asking import examples, idle, json_, language_
from bestand.cli.terminal import FOUND, OK, language, print_json, progress_bar, show

if TYPE_CHECKING:
    from bestand.show import Cell, Table

WIDTH = 80
SHARES = {
    "base-rates": {"survival", "low", "high", "1 year", "2 years", "5 years"},
    "thirds": {"foretold", "seen", "low", "high"},
}
"""Columns of shares, by table; printed in percent for people."""

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False))
_kind = click.option(
    "--kind", default="plain", show_default=True,
    help="Layout of the file: plain, fortna, interstate-war, interstate-fatal, interstate-force, ethprio.",
)  # fmt: skip
_group = click.option("--group-by", help="Column that names the war or country.")


def _print(tables: dict[str, Table], as_json: bool) -> None:
    """Tables for people, or their rows under their names as JSON."""
    if as_json:
        print_json({name: [_known(row) for row in table.records()] for name, table in tables.items()})
        return
    for name, table in tables.items():
        show(_readable(table, SHARES.get(name, set())), as_json)


def _known(row: dict[str, Cell]) -> dict[str, Cell]:
    """A row in which what is not a number is nothing."""
    return {name: None if isinstance(cell, float) and not math.isfinite(cell) else cell for name, cell in row.items()}


def _readable(table: Table, shares: Set[str]) -> Table:
    """Shares in percent, title and notes broken into lines that fit a terminal; as it is where tables are printed as CSV."""
    if os.environ.get("BESTAND_TABLES") == "csv":
        return table
    from bestand.telling.tables import translated

    rows = tuple(tuple(_cell(cell, name in shares) for name, cell in zip(table.columns, row, strict=True)) for row in table.rows)
    columns = tuple("after so long" if name == "after" and language() != "en" else name for name in table.columns)
    table = translated(dataclasses.replace(table, columns=columns, rows=rows), language())
    notes = tuple(line for note in table.notes for line in textwrap.wrap(note, WIDTH, subsequent_indent="  "))
    return dataclasses.replace(table, title=textwrap.fill(table.title, WIDTH), notes=notes)


def _cell(cell: Cell, is_share: bool) -> Cell:
    """A share in percent; another number that is nothing to speak of, or beyond telling apart, in words."""
    from bestand.history.asked import percent

    if not isinstance(cell, float) or not math.isfinite(cell):
        return cell
    if is_share:
        return percent(cell)
    if 0 < abs(cell) < 0.001:
        return "<0.001"
    return ">10,000" if cell > 10_000 else cell


@click.command(
    name="base-rates",
    epilog=examples(
        "bestand base-rates", "bestand base-rates interstate-force", "bestand base-rates --file spells.csv --model mixture",
    ),
)  # fmt: skip
@click.argument("name", required=False)
@click.option("--file", "path", type=click.Path(exists=True, dir_okay=False), help="Spells of your own, in place of a shipped class.")
@_kind
@_group
@click.option("--model", default="km", show_default=True, help="km (Kaplan-Meier) or mixture (two types).")
@click.option("--resamples", default=200, show_default=True, help="Resampled records for the interval of a mixture of your own.")
@language_
@json_
def base_rates_command(
    name: str | None, path: str | None, kind: str, group_by: str | None, model: str, resamples: int, as_json: bool
) -> None:
    """List classes of past ceasefires, or say how long those of one class lasted."""
    from bestand.evidence.records import read_spells
    from bestand.history.base_rates import base_rates
    from bestand.history.classes import reference_classes

    if name is not None and path is not None:
        raise click.UsageError(f"either the class '{name}' or the file '{path}', not both")
    if path is None:
        idle("without --file", "kind", "group_by", "resamples")
    if name is None and path is None:
        idle("where classes are listed", "model")
        classes = reference_classes()
        listed = classes.table() if as_json or os.environ.get("BESTAND_TABLES") == "csv" else classes.overview()
    else:
        past = read_spells(path, kind=kind, group_by=group_by) if path else name or ""
        listed = base_rates(past, model=model, resamples=resamples).table()
    if as_json:
        print_json([_known(row) for row in listed.records()])
        return
    show(_readable(listed, SHARES["base-rates"]), as_json)


@click.command(
    name="backtest",
    epilog=examples(
        "bestand backtest spells.csv", "bestand backtest spells.csv --covariate peacekeepers --model lognormal --years 1,2",
    ),
)  # fmt: skip
@_file
@_kind
@_group
@click.option("--model", "models", multiple=True, default=("mixture",), show_default=True, help="weibull, mixture or lognormal; may be repeated.")
@click.option("--covariate", "covariates", multiple=True, help="Column for Cox's model and lognormal; may be repeated.")
@click.option("--years", default="1,2,5", show_default=True, help="Years to foretell; thirds are shown for the first.")
@click.option("--penalty", default=0.05, show_default=True, help="On standardised coefficients.")
@click.option("--leave-out", default="group", show_default=True, help="What is left out at a time: group (a war) or case.")
@json_
def backtest_command(
    file: str, kind: str, group_by: str | None, models: Sequence[str], covariates: Sequence[str], years: str, penalty: float,
    leave_out: Any, as_json: bool,
) -> None:
    """Say how well models foretell past ceasefires of wars that they have not seen.

    Constant hazard and Kaplan-Meier always stand beside the models asked for; with covariates so does Cox's model, whose
    hazard ratios are printed too.
    """
    from bestand.evidence.records import read_spells
    from bestand.history.backtest import backtest
    from bestand.history.cox import cox

    if not covariates:
        idle("without --covariate", "penalty")
    try:
        horizon = [float(part) for part in years.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"'{years}' is not a list of numbers such as 1,2,5", param_hint="--years") from error
    with progress_bar() as progress:
        past = read_spells(file, kind=kind, group_by=group_by)
        scored = backtest(
            past, tuple(models), covariates=tuple(covariates), years=horizon, penalty=penalty, leave_out=leave_out,
            progress=lambda share: progress("left out", share),
        )
        tables = {"scores": scored.table(), "thirds": scored.calibration(year=scored.years[0]).table()}
        if covariates:
            tables["ratios"] = cox(past, tuple(covariates), penalty=penalty).table()
    _print(tables, as_json)


@click.command(name="violations", epilog=examples("bestand violations counts.csv --column total"))
@_file
@click.option("--column", help="Column with the counts (the only one, if there is one).")
@click.option("--reporting", default=1.0, show_default=True, help="Share of what happens that is counted.")
@click.option("--level", default=0.99, show_default=True, help="Share of ordinary periods that stay below the thresholds.")
@click.option("--ahead", default=1, show_default=True, help="Periods to look ahead.")
@click.option("--last", type=int, help="Also score forecasts of this many last periods, refitted before each.")
@json_
def violations_command(
    file: str, column: str | None, reporting: float, level: float, ahead: int, last: int | None, as_json: bool
) -> None:
    """Fit counts of violations over time, and say whether the last one is outside the quiet regime; exit 1 if it is."""

    from bestand.evidence.records import read_counts
    from bestand.history.asked import number_in
    from bestand.history.violations import forecast_scores, violations

    number_in(level, "level", least=0, most=1, open_=True)
    with progress_bar() as progress:
        counted = read_counts(file, column=column)
        fitted = violations(counted, reporting=reporting)
        alarm, ahead_of_it = fitted.alarm(level=level), fitted.forecast(periods=ahead)
        tables = {"fits": fitted.table(), "alarm": alarm.table(), "next": ahead_of_it.table()}
        if last is not None:
            scores = forecast_scores(counted, last=last, reporting=reporting, progress=lambda share: progress("forecasts", share))
            tables["scores"] = scores.table()
    _print(tables, as_json)
    sys.exit(FOUND if alarm.not_quiet[-1] else OK)


HISTORY = (base_rates_command, backtest_command, violations_command)
