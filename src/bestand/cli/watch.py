"""Commands about time: posterior, forecast, indicators, scenarios."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from bestand.cli.asking import Command, Moments, Number, asked, asks, budget_of, examples, idle, read_case, seed_
from bestand.cli.terminal import one_line, print_json, progress_bar, refuse_existing, say, show, telling_of, told_of

DRAWS = 200


def _svg(_: click.Context, __: click.Parameter, path: str | None) -> str | None:
    """The name of a picture, which is an SVG."""
    if path is not None and not path.lower().endswith(".svg"):
        raise click.BadParameter(f"pictures are SVG files: '{path}' must end in .svg")
    return path


def picture_(text: str) -> Callable[[Command], Command]:
    """A file for a picture, and whether it may be replaced: --picture, --force."""

    def with_picture(command: Command) -> Command:
        command = click.option("--force", is_flag=True, help="Replace the file of the picture.")(command)
        return click.option("--picture", type=click.Path(dir_okay=False), callback=_svg, help=f"File (….svg) for {text}.")(command)

    return with_picture


def timed(command: Command) -> Command:
    """A command that plays the versions of the parties: --ahead, --seconds."""
    ahead = click.option(
        "--ahead", type=Number(0, 1200, min_open=True), default=6.0, show_default=True, help="Months that everyone looks ahead.",
    )  # fmt: skip
    seconds = click.option("--seconds", type=Number(0.1), default=10.0, show_default=True, help="Time after which nothing more is played.")
    for option in (seconds, ahead):
        command = option(command)
    return command


@click.command(name="posterior", epilog=examples("bestand posterior invented/mountain-road", "bestand posterior invented/mountain-road --draws 1"))
@asks
@timed
@click.option(
    "--draws", type=click.IntRange(1, 1_000_000), default=DRAWS, show_default=True,
    help="Draws of numbers and doubtful wants that are weighed beside the case's own numbers; 1 is these alone.",
)
@seed_
@picture_("the chances week by week")
def posterior_command(
    case: str, draws: int, seed: int, ahead: float, seconds: float, picture: str | None, force: bool, view: str | None, hold: str,
    sources: str | None, as_json: bool,
) -> None:
    """Say what the case's observations say of the parties' types and of the numbers drawn, week by week."""
    from bestand.study.posterior import posterior

    conflict = asked(case, view, hold, sources, draws=draws, seed=seed)
    if picture:
        refuse_existing(picture, force=force)
    with progress_bar() as progress:
        odds = posterior(conflict, ahead=ahead, budget=budget_of("posterior", None, seconds, progress))
    if picture:
        from bestand.draw.weekly import weekly_picture

        _save(weekly_picture(odds.own, telling_of(conflict)), picture, force=force)
    tables = {"types": odds.table(), "weeks": odds.own.weekly(), "observations": odds.own.entries(), "numbers": odds.sizes()}
    if as_json:
        rest = {"draws": len(odds.by_week), "draws_asked": odds.asked, "effective": odds.effective}
        print_json({**{name: table.records() for name, table in tables.items()}, **rest, "notes": list(odds.notes()), "alike": list(odds.alike)})
        return
    for table in tables.values():
        if table.rows:
            show(table, as_json)


def _save(picture: Any, path: str, *, force: bool) -> None:
    """A picture as a file of its own."""
    from bestand.draw.svg import standalone
    from bestand.files import put

    say(one_line(put(standalone(picture).encode("utf-8"), path, force=force)))


by_ = click.option("--by", "by", multiple=True, help="Term or condition that courses are told apart by (may be repeated).")


@click.command(
    name="indicators", epilog=examples("bestand indicators ukraine/2025-04 --weeks 8", "bestand indicators example/en --weeks 4 --outcome truce"),
)  # fmt: skip
@asks
@timed
@click.option("--weeks", type=Number(0, 520, min_open=True), help="Within which something is looked for (8, fewer where the case moves fast).")
@click.option("--months", type=Number(0, 120, min_open=True), help="Within which the outcome is to come (6, fewer where the case moves fast).")
@click.option("--outcome", help="Condition that comes, or ends if it holds now (the case's truce, if not given).")
@click.option("--most", type=click.IntRange(1), default=12, show_default=True, help="How many to print, those first that say most.")
def indicators_command(
    case: str, weeks: float | None, months: float | None, outcome: str | None, most: int, ahead: float, seconds: float, view: str | None, hold: str,
    sources: str | None, as_json: bool,
) -> None:
    """Say what to watch within some weeks: moves and silences that tell types, or outcomes, apart."""
    from dataclasses import replace

    from bestand.study.indicators import indicators

    conflict = asked(case, view, hold, sources)
    with progress_bar() as progress:
        to_watch = indicators(
            conflict, weeks=weeks, months=months, outcome=outcome, ahead=ahead, budget=budget_of("indicators", None, seconds, progress)
        )
    table = to_watch.table()
    left = len(table.rows) - most
    notes = (*table.notes, *((f"{left} that say less are not shown: --most",) if left > 0 else ()))
    show(replace(table, rows=table.rows[:most], notes=notes), as_json)


@click.command(
    name="scenarios",
    epilog=examples("bestand scenarios ukraine/2025-04 --months 6", "bestand scenarios example/en --by truce --picture tree.svg"),
)
@asks
@timed
@click.option("--months", type=Number(0, 120, min_open=True), help="How far ahead courses are followed (6, less where the case moves fast).")
@click.option("--steps", type=click.IntRange(1, 12), default=3, show_default=True, help="How many days on the way are looked at.")
@click.option("--cut", type=Number(0.001, 1), default=0.05, show_default=True, help="Chance below which a course goes into the rest.")
@by_
@picture_("the tree")
def scenarios_command(
    case: str, months: float | None, steps: int, cut: float, by: tuple[str, ...], picture: str | None, force: bool, ahead: float, seconds: float,
    view: str | None, hold: str, sources: str | None, as_json: bool,
) -> None:
    """Print the likeliest dated courses as a tree, what is less likely as the rest, and what tells branches apart."""
    from bestand.study.scenarios import scenarios

    conflict = asked(case, view, hold, sources)
    if picture:
        refuse_existing(picture, force=force)
    with progress_bar() as progress:
        courses = scenarios(
            conflict, months=months, steps=steps, cut=cut, by=by, ahead=ahead, budget=budget_of("scenarios", None, seconds, progress)
        )
    if picture:
        from bestand.draw.courses import courses_picture

        _save(courses_picture(courses, telling_of(conflict)), picture, force=force)
    show(courses.table(), as_json)


@click.command(
    name="forecast",
    epilog=examples(
        "bestand forecast ukraine/2025-04 --freeze 2025-04-25.json",
        "bestand forecast my-case/ --weeks 1,2,4 --freeze week-17.json",
        "bestand forecast my-case/ --score 2025-04-25.json",
    ),
)
@asks
@timed
@click.option("--months", type=Moments(), default="1,3,6", show_default=True, help="Months from the day of the case, increasing.")
@click.option("--weeks", type=Moments(), help="Weeks from the day of the case instead, such as 1,2,4.")
@click.option("--freeze", type=click.Path(dir_okay=False), help="Write the forecast into this file.")
@click.option("--score", type=click.Path(exists=True, dir_okay=False), help="Hold a frozen forecast against what this case says was seen since.")
@click.option("--force", is_flag=True, help="Replace the file that is there.")
def forecast_command(
    case: str, months: tuple[float, ...], weeks: tuple[float, ...] | None, freeze: str | None, score: str | None, force: bool, ahead: float,
    seconds: float, view: str | None, hold: str, sources: str | None, as_json: bool,
) -> None:
    """Foretell where levers and terms will stand; freeze that in a file, or score a frozen forecast against what came."""
    if freeze and score:
        raise click.UsageError("freeze a forecast, or score one: give --freeze or --score")
    if weeks is not None:
        idle("beside --weeks", "months")
    if score:
        idle("beside --score", "months", "weeks", "ahead", "seconds", "view", "hold")
        _scored(case, score, sources, as_json)
        return
    from datetime import UTC, datetime

    from bestand.files import put
    from bestand.show import MONTH, WEEK
    from bestand.study.forecast import forecast

    conflict = asked(case, view, hold, sources)
    if freeze:
        refuse_existing(freeze, force=force)
    today = datetime.now(UTC).date().isoformat()
    with progress_bar() as progress:
        moments = months if weeks is None else tuple(week * WEEK / MONTH for week in weeks)
        made = forecast(conflict, months=moments, ahead=ahead, made_on=today, budget=budget_of("forecast", None, seconds, progress))
    if freeze:
        put(made.text().encode("utf-8"), freeze, force=force)
    show(made.table(), as_json)
    if freeze and not as_json:
        say(one_line(freeze))


def _scored(case: str, path: str, sources: str | None, as_json: bool) -> None:
    """A frozen forecast against a case."""
    from bestand.files import MOST_FORECAST, content
    from bestand.graph.conflict import conflict
    from bestand.study.forecast import read_forecast
    from bestand.study.scores import score_forecast

    text = content(path, most=MOST_FORECAST).decode("utf-8", "replace")
    stated = read_case(case, sources)
    scores = score_forecast(read_forecast(text, name=path), stated)
    if as_json:
        print_json({"scores": scores.table().records(), "questions": scores.questions().records(), "notes": list(scores.notes())})
        return
    told_of(conflict(stated))
    show(scores.table(), as_json)
    show(scores.questions(), as_json)


WATCH = (posterior_command, forecast_command, indicators_command, scenarios_command)
