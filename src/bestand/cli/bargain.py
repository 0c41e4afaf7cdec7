"""Commands on bargaining: cores, joint, settle-by-solver, offers, divide."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

import click

from bestand.cli.asking import Amount, Number, amounts, asked, asks, by_size, each_once, examples, idle, json_, seconds_
from bestand.cli.deal_options import every_want_, excluding_, fallback_, power_, rule_, sized_, that_
from bestand.cli.terminal import FOUND, OK, print_json, show


@click.command(
    name="cores",
    epilog=examples("bestand cores ukraine/2025-04 --that deal", "bestand cores ukraine/2025-04 --every-want --route solver --most 12"),
)
@asks
@that_
@fallback_
@excluding_
@every_want_
@sized_
@click.option("--route", default="auto", show_default=True, help="enumerate (every state), solver, or auto.")
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="Look for at most so many (1,000 in Python); 50 are shown.")
@seconds_
def cores_command(
    case: str, that: str | None, fallback: str, excluding: Sequence[str], every_want: bool, sized: bool, route: Any, most: int, seconds: float,
    view: str | None, hold: str, sources: str | None, as_json: bool,
) -> None:
    """Say which demands clash and what would open a deal, without listing states where they are too many."""
    from bestand.bargain.cores import concessions, cores
    from bestand.report.worded_changes import demands_worded

    conflict = asked(case, view, hold, sources)
    conflict = by_size(conflict).on_scale("cardinal") if sized else conflict
    which: Any = "every want" if every_want else "red lines and fallback"
    clashes = cores(conflict, which=which, fallback=fallback, excluding=excluding, that=that, route=route, most=most, seconds=seconds)
    opens = concessions(conflict, which=which, fallback=fallback, excluding=excluding, that=that, route=route, most=most, seconds=seconds)
    if as_json:
        print_json({"clashes": clashes.table().records(), "concessions": opens.table().records()})
        return
    for demands in (clashes, opens):
        show(demands.table(), as_json, told=partial(demands_worded, demands))


@click.command(name="joint", epilog=examples("bestand joint invented/harbour-strike --that settled"))
@asks
@click.option("--that", required=True, help="Condition that the outcome must have.")
@click.option("--start", default="now", show_default=True, help="now, a state's name, or lever=setting,… (the rest as today).")
@click.option("--excluding", multiple=True, help="Party that takes no part; may be repeated.")
def joint_command(
    case: str, that: str, start: str, excluding: Sequence[str], view: str | None, hold: str, sources: str | None, as_json: bool
) -> None:
    """Say what parties reach only by acting together at once, each on condition of the others; exit 1 if nothing."""
    from bestand.bargain.joint import joint

    together = joint(asked(case, view, hold, sources, at_once=True), that=that, start=start, excluding=excluding)
    show(together.table(), as_json)
    sys.exit(OK if together.signings else FOUND)


@click.command(name="settle-by-solver", epilog=examples("bestand settle-by-solver invented/harbour-strike --that settled --seconds 30"))
@asks
@that_
@rule_
@power_
@fallback_
@excluding_
@seconds_
def settle_by_solver_command(
    case: str, that: str | None, rule: str, power: Sequence[tuple[str, float]], fallback: str, excluding: Sequence[str], seconds: float,
    view: str | None, hold: str, sources: str | None, as_json: bool,
) -> None:
    """Print one package that a rule picks where the states are too many to list, and how good it is proven to be."""
    from bestand.bargain.settle_by_solver import settle_by_solver

    conflict = asked(case, view, hold, sources)
    settled = settle_by_solver(
        conflict, rule=rule, power=amounts(power), that=that, fallback=fallback, excluding=excluding, seconds=seconds
    )
    show(settled.table(), as_json)


@click.command(
    name="offers",
    epilog=examples(
        "bestand offers invented/harbour-strike --that settled --rounds 4 --risk 0.1 --order company --order union",
        "bestand offers invented/harbour-strike --rounds 4 --discount union=0.8 --spans",
    ),
)
@asks
@that_
@fallback_
@click.option("--rounds", type=click.IntRange(1), default=4, show_default=True, help="Rounds of talks; the last one is the deadline.")
@click.option(
    "--discount", type=Amount(), multiple=True, callback=each_once, help="party=what a gain in the next round counts now (1, if not given).",
)
@click.option("--risk", type=Number(0, 1), default=0.0, show_default=True, help="Chance that talks break down after a refusal.")
@click.option("--order", multiple=True, help="Who proposes, in turn; may be repeated.")
@click.option("--spans", is_flag=True, help="Say instead at which risks of breakdown the agreement changes.")
def offers_command(
    case: str, that: str | None, fallback: str, rounds: int, discount: Sequence[tuple[str, float]], risk: float, order: Sequence[str], spans: bool,
    view: str | None, hold: str, sources: str | None, as_json: bool,
) -> None:
    """Say what is agreed, and when, if talks have a deadline and may break down; wants need a `worth`."""
    from bestand.bargain.frontier import frontier
    from bestand.bargain.offers import offers, risk_thresholds
    from bestand.bargain.outcomes import agreements

    if spans:
        idle("beside --spans", "risk")
    conflict = by_size(asked(case, view, hold, sources)).on_scale("cardinal")
    edge = frontier(conflict, among=agreements(conflict, fallback=fallback, that=that).open[0], fallback=fallback)
    turns, patience = list(order) or None, dict(discount)
    if spans:
        show(risk_thresholds(edge, rounds=rounds, discount=patience, order=turns, grid=21).table(), as_json)
    else:
        show(offers(edge, rounds=rounds, discount=patience, risk=risk, order=turns).table(), as_json)


class IssuePoints(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """What two parties give for one issue, as issue=points:points."""

    name = "issue=points:points"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float, float]:
        """The issue, and the points of the first and of the second party."""
        if isinstance(value, tuple):
            return value
        issue, sign, both = str(value).rpartition("=")
        first, colon, second = both.partition(":")
        try:
            points = issue.strip(), float(first), float(second)
        except ValueError:
            points = "", 0.0, 0.0
        if not (sign and colon and points[0]):
            self.fail(f"'{value}' is not issue=points:points, such as land=60:40", param, ctx)
        return points


@click.command(
    name="divide", epilog=examples("bestand divide --between Egypt Israel --points Sinai=55:35 --points recognition=10:10 --points guarantees=35:55")
)
@click.option("--between", nargs=2, required=True, help="The two parties.")
@click.option(
    "--points", type=IssuePoints(), multiple=True, required=True, callback=each_once,
    help="issue=points of the one:points of the other; once per issue.",
)  # fmt: skip
@click.option("--rule", default="adjusted winner", show_default=True, help='"adjusted winner" (both get the same points) or nash.')
@json_
def divide_command(between: tuple[str, str], points: Sequence[tuple[str, float, float]], rule: Any, as_json: bool) -> None:
    """Divide issues between two parties by the points that each spreads over them."""
    from bestand.bargain.divisible import divide

    one, other = between
    show(divide({issue: {one: first, other: second} for issue, first, second in points}, rule=rule).table(), as_json)


BARGAIN = (cores_command, joint_command, settle_by_solver_command, offers_command, divide_command)
