"""Commands on what could be agreed: agreements, settle."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

import click

from bestand.cli.asking import amounts, asked, asks, by_size, examples
from bestand.cli.deal_options import every_want_, excluding_, fallback_, power_, rule_, sized_, that_
from bestand.cli.terminal import FOUND, OK, print_json, say, sentence, show


@click.command(
    name="agreements",
    epilog=examples(
        "bestand agreements ukraine/2025-04 --that ceasefire",
        'bestand agreements ukraine/2025-04 --that ceasefire --fallback "us.mediates=no" --excluding eu',
        "bestand agreements ukraine/2025-04 --that ceasefire --every-want",
    ),
)
@asks
@that_
@fallback_
@excluding_
@every_want_
@sized_
def agreements_command(
    case: str, that: str | None, fallback: str, excluding: Sequence[str], every_want: bool, sized: bool, view: str | None, hold: str,
    sources: str | None, as_json: bool,
) -> None:
    """Say what could be agreed, which demands clash, and what would open a deal; exit 1 if nothing could be agreed."""
    from bestand.bargain.cores import concessions, cores
    from bestand.bargain.outcomes import agreements
    from bestand.report.worded_changes import demands_worded
    from bestand.study.deals_by_version import deals_by_version

    conflict = asked(case, view, hold, sources)
    conflict = by_size(conflict).on_scale("cardinal") if sized else conflict
    which: Any = "every want" if every_want else "red lines and fallback"
    deals = agreements(conflict, fallback=fallback, excluding=excluding, that=that)
    clashes = cores(conflict, which=which, fallback=fallback, excluding=excluding, that=that)
    opens = concessions(conflict, which=which, fallback=fallback, excluding=excluding, that=that)
    versions = deals_by_version(conflict, fallback=fallback, excluding=excluding, that=that)
    if as_json:
        tables = {"agreements": deals, "versions": versions, "clashes": clashes, "concessions": opens}
        print_json({name: each.table().records() for name, each in tables.items()})
    else:
        if versions.differ:
            show(versions.table(), as_json)
        if deals.n_deals:
            show(deals.table(), as_json)
        else:
            say(sentence("Nothing can be agreed.") + "\n")
        for demands in (clashes, opens):
            show(demands.table(), as_json, told=partial(demands_worded, demands))
    sys.exit(OK if deals.n_deals else FOUND)


@click.command(name="settle", epilog=examples("bestand settle invented/harbour-strike --that settled --rule nash --power union=2"))
@asks
@that_
@rule_
@power_
@fallback_
def settle_command(
    case: str, that: str | None, rule: Any, power: Sequence[tuple[str, float]], fallback: str, view: str | None, hold: str, sources: str | None,
    as_json: bool,
) -> None:
    """Print the package that a rule of fair division picks among deals that cross no red line; wants need a `worth`."""
    from bestand.bargain.frontier import frontier
    from bestand.bargain.outcomes import agreements
    from bestand.bargain.solutions import settle

    conflict = by_size(asked(case, view, hold, sources)).on_scale("cardinal")
    open_ = agreements(conflict, fallback=fallback, that=that).open[0]
    edge = frontier(conflict, among=open_, fallback=fallback)
    show(settle(edge, rule=rule, power=amounts(power)).table(), as_json)


AGREEMENTS = (agreements_command, settle_command)
