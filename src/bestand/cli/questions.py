"""Commands that put one question to a case: why, paths, unlock, carries."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bestand.cli.asking import case_, condition_of, examples, json_, settings_of, solved, sources_, view_
from bestand.cli.terminal import FOUND, OK, print_json, progress_bar, show


@click.command(
    name="why",
    epilog=examples(
        "bestand why ukraine/2025-04 --party ru",
        'bestand why ukraine/2025-04 --party us --state "us.mediates=no,us.presence=umbrella" --concept nash',
    ),
)
@case_
@click.option("--state", default="now", show_default=True, help="now, a state's name, or lever=setting,… (the rest as today).")
@click.option("--party", "parties", multiple=True, help="Party to explain (all, if not given; may be repeated).")
@click.option("--concept", default="seq", show_default=True, help="nash, gmr, smr, seq or ssr.")
@view_
@sources_
@json_
def why_command(
    case: str, state: str, parties: Sequence[str], concept: str, view: str | None, sources: str | None, as_json: bool
) -> None:
    """Say why a party would stay in a state or leave it: the tempting move, and the reply that stops it."""
    from bestand.negotiate.why import why
    from bestand.report.telling import Telling
    from bestand.report.words import words

    asked, graph, worth = solved(case, view, sources)
    number, telling = graph.state(settings_of(state)), Telling(asked, graph, words("en"))
    witnesses: list[Any] = [
        why(graph, worth, state=number, party=party, concept=concept)  # type: ignore[arg-type]
        for party in parties or graph.parties
    ]
    if as_json:
        print_json([{"party": w.party, "stable": w.stable, "state": graph.label(w.state), "words": telling.witness(w)} for w in witnesses])
        return
    for witness in witnesses:
        click.echo(f"{telling.party(witness.party)}: {'stays' if witness.stable else 'would leave'}")
        click.echo("\n".join(f"  {sentence}" for sentence in telling.witness(witness)))


@click.command(name="paths", epilog=examples("bestand paths ukraine/2025-04 --to ceasefire --by any"))
@case_
@click.option("--to", "to", required=True, help="Condition on the states to reach.")
@click.option("--by", type=click.Choice(["improving", "any"]), default="improving", show_default=True, help="Which moves count.")
@click.option("--from", "start", default="now", show_default=True, help="State to start from.")
@click.option("--most", default=5, show_default=True, help="How many ways to print, shortest first.")
@view_
@sources_
@json_
def paths_command(
    case: str, to: str, by: Any, start: str, most: int, view: str | None, sources: str | None, as_json: bool
) -> None:
    """Print the shortest ways to the states where a condition holds; exit 1 if there are none."""
    from bestand.negotiate.paths import paths
    from bestand.report.summary import ways

    asked, graph, worth = solved(case, view, sources)
    goal = graph.where(condition_of(asked, to))
    found = paths(graph, worth, start=graph.state(settings_of(start)), goal=goal, by=by)
    show(ways(asked, found, most=most), as_json)
    sys.exit(OK if found.goals.size else FOUND)


@click.command(
    name="unlock",
    epilog=examples(
        "bestand unlock ukraine/2025-04 ceasefire --most 1",
        'bestand unlock ukraine/2025-04 "ceasefire and ua.cedes = no" --write changed/',
    ),
)
@case_
@click.argument("goal")
@click.option("--concept", default="seq", show_default=True, help="Foresight under which the goal must rest: nash, gmr, smr, seq or ssr.")
@click.option("--most", default=2, show_default=True, help="Largest number of changes: 1, 2 or 3.")
@click.option("--add", multiple=True, help="Condition that a party could come to want (the goal and the terms, if none is given).")
@click.option("--offer", multiple=True, help="Lever that could be set and held (those the goal does not speak of, if none is given).")
@click.option("--weight", type=float, help="Worth per month of promises and penalties, for cases whose wants are weighed.")
@click.option("--write", type=click.Path(file_okay=False), help="Folder in which to save the changed case of each result shown.")
@view_
@sources_
@json_
def unlock_command(
    case: str, goal: str, concept: Any, most: int, add: Sequence[str], offer: Sequence[str], weight: float | None,
    write: str | None, view: str | None, sources: str | None, as_json: bool,
) -> None:
    """List the smallest changes that make GOAL rest and be reached: a mediator's list. Exit 1 if there are none."""
    from bestand.negotiate.unlock import unlock

    asked, graph, _ = solved(case, view, sources)
    for text in (goal, *add):
        condition_of(asked, text)
    with progress_bar() as progress:
        found = unlock(
            asked, graph, goal=goal, concept=concept, most=most, add=add or None, weight=weight, offers=offer or None,
            progress=lambda share: progress("unlocking", share),
        )
    show(found.table(), as_json)
    if write:
        _write_changed(asked, graph, found, Path(write))
    sys.exit(OK if found.found or found.already else FOUND)


def _write_changed(case: Any, graph: Any, found: Any, folder: Path) -> None:
    """Saves the changed case of each result shown, numbered as in the table."""
    from bestand.case.write import write_text
    from bestand.negotiate.changed import changed

    shown = found.found[: len(found.table().rows)]
    for number, each in enumerate(shown, 1):
        write_text(changed(case, graph, each), folder / f"unlock-{number:02}.yaml")
    click.echo(f"{len(shown)} changed cases in {folder}; compare one with `bestand diff`", err=True)


@click.command(name="sensitivity", epilog=examples("bestand sensitivity ukraine/2025-04"))
@case_
@view_
@sources_
@json_
def sensitivity_command(case: str, view: str | None, sources: str | None, as_json: bool) -> None:
    """Say what carries each conclusion, and what falls if a source is wrong."""
    from bestand.study.agreements import main_goal
    from bestand.study.sensitivity import sensitivity

    asked, graph, _ = solved(case, view, sources)
    with progress_bar() as progress:
        found = sensitivity(asked, graph, view=view, goal=main_goal(asked, graph), progress=lambda share: progress("leaning", share))
    if found is None:
        click.echo("too many states to try, or the present state is banned: take a smaller view", err=True)
        sys.exit(FOUND)
    if as_json:
        print_json({"conclusions": found.table().records(), "falls": found.falling().records()})
        return
    show(found.table(), as_json)
    show(found.falling(), as_json)


@click.command(
    name="agreements",
    epilog=examples(
        "bestand agreements ukraine/2025-04 --that ceasefire",
        'bestand agreements ukraine/2025-04 --that ceasefire --fallback "us.mediates=no" --excluding eu',
        "bestand agreements ukraine/2025-04 --that ceasefire --every-want",
    ),
)
@case_
@click.option("--that", default="true", help="Condition that a deal must have in any case.")
@click.option("--fallback", default="now", show_default=True, help="What parties fall back on: now, a state's name, or lever=setting,…")
@click.option("--excluding", multiple=True, help="Party without a veto; may be repeated.")
@click.option("--every-want", is_flag=True, help="Look for clashes among all single wants, not only red lines and fallbacks.")
@click.option("--sized", is_flag=True, help="Weigh wants by their `worth` instead of ordering them.")
@view_
@sources_
@json_
def agreements_command(
    case: str, that: str, fallback: str, excluding: Sequence[str], every_want: bool, sized: bool, view: str | None, sources: str | None,
    as_json: bool,
) -> None:
    """Say what could be agreed, which demands clash, and what would open a deal; exit 1 if nothing could be agreed."""
    from bestand.bargain.cores import concessions, cores
    from bestand.bargain.outcomes import agreements
    from bestand.graph.worth import worth

    asked, graph, usual = solved(case, view, sources)
    if that != "true":
        condition_of(asked, that)
    at: Any = graph.at(graph.state(settings_of(fallback)))
    scale: Any = "cardinal" if sized else "ordinal"
    values = worth(asked, graph, scale="cardinal") if sized else usual
    found = agreements(asked, graph, values, fallback=graph.state(settings_of(fallback)), excluding=excluding, that=that)
    which: Any = "every want" if every_want else "red lines and fallback"
    clashes = cores(asked, which=which, fallback=at, excluding=excluding, that=that, view=view, scale=scale)
    opens = concessions(asked, which=which, fallback=at, excluding=excluding, that=that, view=view, scale=scale)
    tables = {"agreements": found.table(), "clashes": clashes.table(), "concessions": opens.table()}
    if as_json:
        print_json({name: table.records() for name, table in tables.items()})
    else:
        for name, table in tables.items():
            if name == "agreements" and not found.n_deals:
                click.echo("Nothing can be agreed.\n")
            else:
                show(table, as_json)
    sys.exit(OK if found.n_deals else FOUND)


@click.command(
    name="settle", epilog=examples("bestand settle ukraine/2025-04 --that ceasefire --rule nash --power ru=2")
)
@case_
@click.option("--that", default="true", help="Condition that a deal must have in any case.")
@click.option("--rule", default="nash", show_default=True, help="nash, kalai_smorodinsky, egalitarian or utilitarian.")
@click.option("--power", multiple=True, help="party=bargaining power; may be repeated.")
@click.option("--fallback", default="now", show_default=True, help="What parties fall back on: now, a state's name, or lever=setting,…")
@view_
@sources_
@json_
def settle_command(
    case: str, that: str, rule: Any, power: Sequence[str], fallback: str, view: str | None, sources: str | None, as_json: bool
) -> None:
    """Print the package that a rule of fair division picks among deals that cross no red line; wants need a `worth`."""
    from bestand.bargain.frontier import frontier
    from bestand.bargain.outcomes import agreements
    from bestand.bargain.solutions import settle
    from bestand.cli.asking import amounts
    from bestand.graph.worth import worth

    asked, graph, _ = solved(case, view, sources)
    if that != "true":
        condition_of(asked, that)
    values = worth(asked, graph, scale="cardinal")
    at = graph.state(settings_of(fallback))
    open_ = agreements(asked, graph, values, fallback=at, that=that).open[0]
    edge = frontier(graph, values, among=open_, fallback=at)
    show(settle(edge, rule=rule, power=amounts(power, "--power") or None).table(), as_json)


@click.command(name="coalitions", epilog=examples("bestand coalitions ukraine/2025-04 --concept seq"))
@case_
@click.option("--concept", default="seq", show_default=True, help="nash, gmr, smr, seq or ssr.")
@click.option("--merged", is_flag=True, help="Each member changes its levers once: a coalition moves as one.")
@view_
@sources_
@json_
def coalitions_command(case: str, concept: Any, merged: bool, view: str | None, sources: str | None, as_json: bool) -> None:
    """Say which coalitions could upset the outcomes that no party upsets alone."""
    from bestand.negotiate.coalitions import coalitions

    _, graph, usual = solved(case, view, sources)
    with progress_bar():
        found = coalitions(graph, usual, concept=concept, reading="merged" if merged else "sequences")
    show(found.table(), as_json)


QUESTIONS = (why_command, paths_command, unlock_command, sensitivity_command, agreements_command, settle_command, coalitions_command)
