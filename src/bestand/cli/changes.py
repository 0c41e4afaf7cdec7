"""Commands about what differs and what it comes from: compare."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import click

from bestand.cli.asking import draws_, examples, hold_, json_, read_case, seed_, sources_, view_
from bestand.cli.terminal import progress_bar, show


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
@click.option("--seconds", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Time; orders are sampled where all sets take longer.")
@seed_
@sources_
@json_
def compare_command(
    one: str, other: str, view: str | None, hold: str, by: Any, measures: Sequence[str], draws: int, seconds: float, seed: int,
    sources: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Say what two cases of one conflict conclude otherwise, and which difference in statements accounts for how much of it."""
    from bestand.graph.budget import Budget
    from bestand.graph.naming import settings_of
    from bestand.study.compare import compare

    first, second = read_case(one, sources), read_case(other, sources)
    with progress_bar() as progress:
        budget = Budget(seconds=seconds, clock=perf_counter, progress=lambda share: progress("compare", share))
        found = compare(first, second, view=view, hold=settings_of(hold), by=by, measures=measures, draws=draws, seed=seed, budget=budget)
    show(found.table(), as_json)


CHANGES = (compare_command,)
