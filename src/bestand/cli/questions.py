"""Commands that put one question to a case: why, paths, unlock, coalitions, sensitivity."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bestand.cli.asking import READINGS, Number, asked, asks, concept_, examples, moves_, replying_, seconds_, state_
from bestand.cli.terminal import FOUND, OK, language, note, one_line, print_json, progress_bar, say, sentence, show, telling_of


@click.command(
    name="why",
    epilog=examples(
        "bestand why ukraine/2025-04 --party ru",
        'bestand why ukraine/2025-04 --party us --state "us.mediates=no,us.presence=umbrella" --concept nash',
    ),
)
@asks
@state_
@click.option("--party", "parties", multiple=True, help="Party to explain (all, if not given; may be repeated).")
@concept_
@replying_(" (which `why` in Python takes, as `stability` does)")
def why_command(
    case: str, state: str, parties: Sequence[str], concept: Any, moves: Any, view: str | None, hold: str, sources: str | None, as_json: bool
) -> None:
    """Say why a party would stay in a state or leave it: the tempting move, and the reply that stops it."""
    from bestand.negotiate.why import why

    conflict = asked(case, view, hold, sources)
    number, telling = conflict.state(state), telling_of(conflict)
    witnesses = [why(conflict, state=number, party=party, concept=concept, moves=moves) for party in parties or conflict.parties]
    if as_json:
        print_json([{"party": w.party, "stable": w.stable, "state": conflict.label(w.state), "words": telling.witness(w)} for w in witnesses])
        return
    for witness in witnesses:
        say(f"{telling.party(witness.party)}: {sentence('stays' if witness.stable else 'would leave')}")
        say("\n".join(f"  {sentence}" for sentence in telling.witness(witness)))


@click.command(name="paths", epilog=examples("bestand paths ukraine/2025-04 --goal ceasefire --by any"))
@asks
@click.option("--goal", required=True, help="Condition on the states to reach.")
@click.option(
    "--by", type=click.Choice([*READINGS, "any"]), default="best", show_default=True,
    help="Which moves count: each mover's best, all that pay, or all that are legal.",
)  # fmt: skip
@click.option("--start", default="now", show_default=True, help="State to start from.")
@click.option("--most", type=click.IntRange(1), default=5, show_default=True, help="How many ways to print, shortest first.")
@seconds_
def paths_command(
    case: str, goal: str, by: Any, start: str, most: int, seconds: float, view: str | None, hold: str, sources: str | None, as_json: bool
) -> None:
    """Print the shortest ways to the states where a condition holds; exit 1 if there are none."""
    from bestand.errors import AskError, Problem
    from bestand.negotiate.paths import paths
    from bestand.report.summary import ways
    from bestand.study.clock import by_the_clock

    reached = paths(asked(case, view, hold, sources), start=start, goal=goal, by=by, budget=by_the_clock(seconds))
    if not reached.whole and not reached.goals.size:
        what = f"no way was found in {seconds:,.3g} seconds; there was time to follow the moves from {reached.n_followed:,} states"
        raise AskError(Problem("graph/too-long", what, hint="allow more with --seconds, hold more levers, or take a smaller view"))
    show(ways(reached, most=most, language=language()), as_json)
    sys.exit(OK if reached.goals.size else FOUND)


@click.command(
    name="unlock",
    epilog=examples(
        "bestand unlock ukraine/2025-04 ceasefire --most 1",
        'bestand unlock ukraine/2025-04 "ceasefire and ua.cedes = no" --write changed/',
    ),
)
@asks
@click.argument("goal")
@concept_
@moves_
@click.option("--most", type=click.IntRange(1, 3), default=2, show_default=True, help="Largest number of changes.")
@click.option("--add", multiple=True, help="Condition that a party could come to want (the goal and the terms, if none is given).")
@click.option("--offer", multiple=True, help="Lever that could be set and held (those the goal does not speak of, if none is given).")
@click.option("--weight", type=Number(0, 1e9, min_open=True), help="Worth per month of promises and penalties, for cases whose wants are weighed.")
@click.option("--write", type=click.Path(file_okay=False), help="Folder in which to save the changed case of each result shown.")
@seconds_
def unlock_command(
    case: str, goal: str, concept: Any, moves: Any, most: int, add: Sequence[str], offer: Sequence[str], weight: float | None,
    write: str | None, seconds: float, view: str | None, hold: str, sources: str | None, as_json: bool,
) -> None:
    """List the smallest changes that make GOAL rest and be reached: a mediator's list. Exit 1 if there are none."""
    from bestand.files import look_before
    from bestand.negotiate.unlock import unlock
    from bestand.report.worded_changes import unlocks_worded
    from bestand.study.clock import by_the_clock

    if write:
        look_before(write, folder=True)
        look_before(Path(write) / "unlock-01.yaml")
    conflict = asked(case, view, hold, sources)
    with progress_bar() as progress:
        budget = by_the_clock(seconds, lambda share: progress("unlocking", share))
        unlocks = unlock(
            conflict, goal=goal, concept=concept, moves=moves, most=most, add=add or None, weight=weight, offers=offer or None, budget=budget,
        )
    show(unlocks.table(), as_json, told=lambda telling: unlocks_worded(unlocks, telling))
    if write:
        _write_changed(conflict, unlocks, Path(write))
    sys.exit(OK if unlocks.sets or unlocks.already else FOUND)


def _write_changed(conflict: Any, unlocks: Any, folder: Path) -> None:
    """Saves the changed case of each result shown, numbered as in the table."""
    from bestand.case.write import write_text
    from bestand.errors import AskError
    from bestand.negotiate.changed import text_with_changes

    shown = unlocks.sets[: len(unlocks.table().rows)]
    n_written = 0
    for number, each in enumerate(shown, 1):
        try:
            text = text_with_changes(conflict, unlock=each)
        except AskError as error:
            note(f"row {number} is not written: {error}")
            continue
        write_text(text, folder / f"unlock-{number:02}.yaml")
        n_written += 1
    note(f"{n_written} changed cases in {one_line(folder)}; compare one with `bestand diff`")


@click.command(
    name="sensitivity", epilog=examples("bestand sensitivity ukraine/2025-04", "bestand sensitivity ukraine/2025-04 --by speaker --seconds 5")
)
@asks
@click.option(
    "--by", type=click.Choice(["statement", "source", "speaker"]), default="statement", show_default=True,
    help="What is taken away: statements; or all that a document, or a speaker, says.",
)  # fmt: skip
@click.option("--seconds", type=Number(0.1), default=10.0, show_default=True, help="Time for trying sets of sources or speakers.")
def sensitivity_command(case: str, by: Any, seconds: float, view: str | None, hold: str, sources: str | None, as_json: bool) -> None:
    """Say which statements, sources or speakers carry each conclusion, and what falls if one is wrong."""
    from bestand.study.goals import main_goal
    from bestand.study.sensitivity import sensitivity

    conflict = asked(case, view, hold, sources)
    if by != "statement":
        return _show_sources(conflict, by, seconds, as_json)
    with progress_bar() as progress:
        carried = sensitivity(conflict, goal=main_goal(conflict), progress=lambda share: progress("sensitivity", share))
    if as_json:
        return print_json({"conclusions": carried.table().records(), "falls": carried.falling().records()})
    show(carried.table(), as_json)
    return show(carried.falling(), as_json)


def _show_sources(conflict: Any, by: Any, seconds: float, as_json: bool) -> None:
    """Prints what each conclusion hangs on, by source or speaker."""
    from bestand.study.by_source import by_source
    from bestand.study.clock import by_the_clock
    from bestand.study.goals import main_goal

    with progress_bar() as progress:
        budget = by_the_clock(seconds, lambda share: progress("sources", share))
        conclusions = by_source(conflict, by=by, goal=main_goal(conflict), budget=budget)
    if as_json:
        return print_json({by: conclusions.table().records(), "carriers": conclusions.carriers().records()})
    show(conclusions.table(), as_json)
    return show(conclusions.carriers(), as_json)


@click.command(name="coalitions", epilog=examples("bestand coalitions ukraine/2025-04 --concept seq"))
@asks
@concept_
@moves_
@click.option("--merged", is_flag=True, help="Each member changes its levers once: a coalition moves as one.")
@seconds_
def coalitions_command(
    case: str, concept: Any, moves: Any, merged: bool, seconds: float, view: str | None, hold: str, sources: str | None, as_json: bool
) -> None:
    """Say which coalitions could upset the outcomes that no party upsets alone."""
    from bestand.negotiate.coalitions import coalitions
    from bestand.study.clock import by_the_clock

    conflict = asked(case, view, hold, sources)
    with progress_bar() as progress:
        progress("coalitions", 0.0)
        budget = by_the_clock(seconds, lambda share: progress("coalitions", share))
        upsets = coalitions(conflict, concept=concept, moves=moves, reading="merged" if merged else "sequences", budget=budget)
    show(upsets.table(), as_json)


QUESTIONS = (why_command, paths_command, unlock_command, sensitivity_command, coalitions_command)
