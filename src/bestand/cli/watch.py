"""Commands about time: posterior, forecast, indicators, scenarios."""

from __future__ import annotations

from typing import Any

import click

from bestand.cli.asking import Command, asked, asks, budget_of, examples, seed_
from bestand.cli.terminal import print_json, progress_bar, say, show

DRAWS = 200


def timed(command: Command) -> Command:
    """A command that plays the versions of the parties: --ahead, --seconds."""
    ahead = click.option(
        "--ahead", type=click.FloatRange(0, 1200, min_open=True), default=6.0, show_default=True, help="Months that everyone looks ahead.",
    )  # fmt: skip
    seconds = click.option("--seconds", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Time after which nothing more is played.")
    for option in (seconds, ahead):
        command = option(command)
    return command


@click.command(name="posterior", epilog=examples("bestand posterior invented/mountain-road", "bestand posterior invented/mountain-road --draws 1"))
@asks
@timed
@click.option(
    "--draws", type=click.IntRange(1, 1_000_000), default=DRAWS, show_default=True,
    help="Draws of numbers and doubtful wants that are weighed; 1 is the case as it stands.",
)
@seed_
@click.option("--picture", type=click.Path(dir_okay=False), help="File (….svg) for the chances week by week.")
@click.option("--force", is_flag=True, help="Replace the file of the picture.")
def posterior_command(
    case: str, draws: int, seed: int, ahead: float, seconds: float, picture: str | None, force: bool, view: str | None, hold: str,
    sources: str | None, as_json: bool,
) -> None:
    """Say what the case's observations say of the parties' types and of the numbers drawn, week by week."""
    from bestand.study.posterior import posterior

    conflict = asked(case, view, hold, sources, draws=draws, seed=seed)
    with progress_bar() as progress:
        found = posterior(conflict, ahead=ahead, budget=budget_of("posterior", None, seconds, progress))
    if picture:
        from bestand.draw.weekly import weekly_picture

        _save(weekly_picture(found, _english(conflict)), picture, force=force)
    tables = {"types": found.table(), "weeks": found.weekly(), "observations": found.entries(), "numbers": found.sizes()}
    if as_json:
        print_json({**{name: table.records() for name, table in tables.items()}, "draws": len(found.by_week), "effective": found.effective,
                    "notes": list(found.notes()), "alike": list(found.alike)})  # fmt: skip
        return
    for table in tables.values():
        if table.rows:
            show(table, as_json)


def _english(conflict: Any) -> Any:
    from bestand.telling.telling import Telling
    from bestand.telling.words import words

    return Telling(conflict, words("en"))


def _save(picture: Any, path: str, *, force: bool) -> None:
    """A picture as a file of its own."""
    from bestand.draw.svg import standalone
    from bestand.files import put

    say(str(put(standalone(picture).encode("utf-8"), path, force=force)))


WATCH = (posterior_command,)
