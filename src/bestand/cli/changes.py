"""Commands about what differs, what it comes from, and what would turn an answer: compare, turns, red-team."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from bestand.cli.asking import Number, asks, draws_, examples, hold_, json_, language_, read_case, seed_, sources_, stopping_, view_
from bestand.cli.terminal import progress_bar, show, told_of

goal_ = click.option("--goal", help="Condition that is asked about beside today (the main goal of the case, if not given).")
ten_seconds_ = stopping_(10.0)


@click.command(
    name="compare",
    epilog=examples("bestand compare mine.yaml hers.yaml", 'bestand compare mine.yaml hers.yaml --by party --measure "rests ceasefire" --draws 100'),
)
@click.argument("one")
@click.argument("other")
@view_
@hold_
@click.option(
    "--by", type=click.Choice(["line", "party"]), default="line", show_default=True,
    help="Take over each line by itself, or all that concerns one party together.",
)  # fmt: skip
@click.option("--measure", "measures", multiple=True, help="More to compare, as in `sweep`: 'rests ceasefire' (may be repeated).")
@draws_(1)
@click.option("--seconds", type=Number(0.1), default=10.0, show_default=True, help="Time; orders are sampled where all sets take longer.")
@seed_
@sources_
@language_
@json_
def compare_command(
    one: str, other: str, view: str | None, hold: str, by: Any, measures: Sequence[str], draws: int, seconds: float, seed: int,
    sources: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Say what two cases of one conflict conclude otherwise, and which difference in statements accounts for how much of it."""
    from bestand.graph.conflict import conflict
    from bestand.graph.naming import settings_of
    from bestand.report.worded_changes import comparison_worded
    from bestand.study.clock import by_the_clock
    from bestand.study.compare import compare

    first, second = read_case(one, sources), read_case(other, sources)
    with progress_bar() as progress:
        budget = by_the_clock(seconds, lambda share: progress("compare", share))
        comparison = compare(first, second, view=view, hold=settings_of(hold), by=by, measures=measures, draws=draws, seed=seed, budget=budget)
    told_of(conflict(second))
    show(comparison.table(), as_json, told=lambda telling: comparison_worded(comparison, first, telling))


@click.command(name="turns", epilog=examples("bestand turns ukraine/2025-04", "bestand turns ukraine/2025-04 --goal ceasefire --seconds 30"))
@asks
@goal_
@draws_(32)
@ten_seconds_
@seed_
def turns_command(
    case: str, goal: str | None, draws: int, seconds: float, seed: int, view: str | None, hold: str, sources: str | None, as_json: bool
) -> None:
    """Say what would change our mind: per headline the smallest change of a rank, a reading, odds, a number or a reliability that turns it."""
    from bestand.graph.conflict import conflict
    from bestand.graph.naming import settings_of
    from bestand.report.worded_changes import turns_worded
    from bestand.study.clock import by_the_clock
    from bestand.study.turns import turns

    stated = read_case(case, sources)
    with progress_bar() as progress:
        budget = by_the_clock(seconds, lambda share: progress("turns", share))
        turning = turns(stated, view=view, hold=settings_of(hold), goal=goal, draws=draws, seed=seed, budget=budget)
    told_of(conflict(stated))
    show(turning.table(), as_json, told=lambda telling: turns_worded(turning, telling))


@click.command(name="red-team", epilog=examples("bestand red-team ukraine/2025-04 -o worst.yaml", "bestand diff this-week.yaml worst.yaml"))
@asks
@goal_
@ten_seconds_
@seed_
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="File in which to write the most damaging case.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def red_team_command(
    case: str, goal: str | None, seconds: float, seed: int, output: str | None, force: bool, view: str | None, hold: str, sources: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Search the orders and readings that the claims allow for the one that turns most, and write it as a case that `diff` explains."""
    from bestand.case.write import write_text
    from bestand.files import look_before
    from bestand.graph.conflict import conflict
    from bestand.graph.naming import settings_of
    from bestand.report.worded_changes import red_team_worded
    from bestand.study.clock import by_the_clock
    from bestand.study.red_team import red_team

    if output:
        look_before(output, force=force)
    stated = read_case(case, sources)
    with progress_bar() as progress:
        budget = by_the_clock(seconds, lambda share: progress("red team", share))
        worst = red_team(stated, view=view, hold=settings_of(hold), goal=goal, seed=seed, budget=budget)
    told_of(conflict(stated))
    show(worst.table(), as_json, told=lambda telling: red_team_worded(worst, stated, telling))
    if output:
        write_text(worst.text, output, force=force)


CHANGES = (compare_command, turns_command, red_team_command)
