"""Commands that look ahead: play, equilibrium, survival, postures, withdrawal, strategies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from bestand.cli.asking import (
    Amount,
    Moments,
    Number,
    amounts,
    asked,
    asks,
    budget_of,
    by_size,
    each_once,
    examples,
    months_,
    sampled,
    state_,
    stopping_,
)
from bestand.cli.terminal import note, print_json, progress_bar, say, sentence, show

if TYPE_CHECKING:
    from bestand.graph.conflict import Conflict

FIRST = 16  # draws of the first batch, where there is a time to keep to
FOR_CURVE = 0.8  # share of the time for how long a truce holds, before it is asked what breaks it
FOR_PLAY = 0.5  # share of the time for play to the horizon, before it is asked how what is done hangs on that
_truce = click.option("--truce", help="Condition that is watched until it is left (the case's truce, if not given).")
_start = click.option("--start", help="Condition or state from which it is watched (the truce, if not given).")


def _deterrence_view(case: str, view: str | None, sources: str | None, *, steps: bool = False) -> str | None:
    """The view asked for, or else the one that the case names for its zones."""
    from bestand.cli.asking import read_case

    if view is not None:
        return view
    about = read_case(case, sources).file.deterrence
    return None if about is None else (about.strategies_view or about.view) if steps else about.view


def _watched(conflict: Conflict, truce: str | None, start: str | None) -> tuple[str, str]:
    """The truce and where it starts, from the options or the case."""
    about = conflict.case.file.deterrence
    truce = truce or (about.truce if about else None)
    if truce is None:
        raise click.UsageError("the case names no truce under `deterrence`: say what should hold with --truce")
    return truce, start or truce


@click.command(
    name="survival",
    epilog=examples(
        'bestand survival ukraine/2025-04 --start ceasefire --view guarded --hold eu.force=corps',
        "bestand survival ukraine/2025-04 --seconds 20",
    ),
)
@asks
@_truce
@_start
@months_
@sampled
def survival_command(
    case: str, truce: str | None, start: str | None, months: tuple[float, ...], draws: int | None, seconds: float, seed: int,
    view: str | None, hold: str, sources: str | None, as_json: bool,
) -> None:
    """Say how long a condition holds once it does, if everyone looks ahead; and what breaks it."""
    from bestand.truce.survival import breaking, survival

    conflict = by_size(asked(case, _deterrence_view(case, view, sources), hold, sources, draws=draws or FIRST, seed=seed))
    truce, start = _watched(conflict, truce, start)
    with progress_bar() as progress:
        budget = budget_of("survival", draws, seconds, progress)
        for_curve = budget and budget.part(FOR_CURVE)
        curve = survival(conflict, start=start, truce=truce, months=months, budget=for_curve, estimate_error=for_curve is None)
        broken = breaking(conflict, start=start, truce=truce, months=months[-1], budget=budget).table()
    if as_json:
        print_json({"survival": curve.table().records(), "breaks": broken.records()})
        return
    show(curve.table(), as_json)
    show(broken, as_json)


@click.command(name="play", epilog=examples("bestand play ukraine/2025-04", "bestand play ukraine/2025-04 --state us.mediates=no --months 12"))
@asks
@state_
@click.option("--months", type=Number(0, min_open=True), default=24.0, show_default=True, help="How far ahead everyone looks.")
@stopping_(10.0)
def play_command(
    case: str, state: str, months: float, seconds: float, view: str | None, hold: str, sources: str | None, as_json: bool
) -> None:  # fmt: skip
    """Say what everyone does next if they look ahead, and how that hangs on how far."""
    from bestand.play.horizon import horizon_sensitivity, play_game
    from bestand.truce.survival import game_with_zones

    conflict = by_size(asked(case, view, hold, sources))
    at = conflict.state(state)
    with progress_bar() as progress:
        budget = budget_of("play", None, seconds, progress)
        looked = play_game(game_with_zones(conflict), horizon=months, budget=budget and budget.part(FOR_PLAY))
        how_far = horizon_sensitivity(looked, state=at)
    choices = looked.next_choices(state=at)
    if as_json:
        likely = [{"who": each.who, "to": conflict.label(each.target), "chance": each.chance, "per_month": each.per_month} for each in choices]
        print_json({"choices": likely, "never_act": looked.game.idle, "error": looked.error, "horizons": how_far.table().records()})
        return
    show(how_far.table(), as_json)
    say(sentence(looked.exact) + ".")
    say(sentence("A model of choices under stated wants, not a forecast."))


@click.command(
    name="equilibrium",
    epilog=examples('bestand equilibrium ukraine/2025-04 --view guarded --hold "us.presence=full,ua.army=as_now,eu.force=none,eu.burden=no"'),
)
@asks
@click.option("--select", default="status quo", show_default=True, help='status quo, most movers, logit, "best for PARTY" or "worst for PARTY".')
@click.option(
    "--tolerance", type=Number(0, 1, min_open=True), default=1e-6, show_default=True,
    help="Largest gain that may be left, as a share of the range of payoffs.",
)
@click.option("--seconds", type=Number(0.1), default=120.0, show_default=True, help="Time after which no more is tried.")
def equilibrium_command(
    case: str, select: str, tolerance: float, seconds: float, view: str | None, hold: str, sources: str | None, as_json: bool
) -> None:
    """Find a stationary equilibrium of the case played for ever, with its certificate; or say that none was found."""
    from bestand.stationary.equilibrium import solve
    from bestand.truce.survival import game_with_zones

    conflict = by_size(asked(case, view, hold, sources))
    with progress_bar() as progress:
        budget = budget_of("equilibrium", None, seconds, progress)
        answer = solve(game_with_zones(conflict), select=select, tolerance=tolerance, budget=budget)
    if as_json:
        print_json({"equilibrium": answer.table().records(), "certificate": answer.certificate.table().records()})
        return
    show(answer.table(), as_json)
    show(answer.certificate.table(), as_json)


@click.command(name="postures", epilog=examples("bestand postures ukraine/2025-04 --start ceasefire"))
@asks
@_truce
@_start
@click.option("--every", is_flag=True, help="Compare every choice of guards and backstop, not only the postures that the case names.")
@click.option("--capacity", type=Amount(), multiple=True, callback=each_once, help="party=thousand troops, in place of the case's; may be repeated.")
@click.option(
    "--target", type=Number(0, min_open=True), default=0.5, show_default=True,
    help="Hazard ratio for which the smallest forces are looked for.",
)
@months_
@sampled
def postures_command(
    case: str, truce: str | None, start: str | None, every: bool, capacity: Sequence[tuple[str, float]], target: float, months: tuple[float, ...],
    draws: int | None, seconds: float, seed: int, view: str | None, hold: str, sources: str | None, as_json: bool,
) -> None:
    """Compare guarantee forces: how long the truce holds under each, and what it takes."""
    from bestand.truce.postures import postures

    conflict = by_size(asked(case, _deterrence_view(case, view, sources), hold, sources, draws=draws or FIRST, seed=seed))
    with progress_bar() as progress:
        compared = postures(
            conflict, start=start, truce=truce, months=months, capacity=amounts(capacity), target=target, every=every,
            budget=budget_of("postures", draws, seconds, progress),
        )
    tables = {"postures": compared.table(), "one thing at a time": compared.main_effects(), "forces": compared.forces(), "zones": compared.zones()}
    if as_json:
        print_json({name: table.records() for name, table in tables.items()})
        return
    for table in tables.values():
        if table.rows:
            show(table, as_json)
    if not every:
        note(sentence("what each guard does by itself, over all combinations: --every"))


@click.command(name="withdrawal", epilog=examples("bestand withdrawal ukraine/2025-04 us_withdraws --month 12"))
@asks
@click.argument("event")
@click.option(
    "--month", type=Number(0, min_open=True),
    help="When it comes: the known date, and the mean of the unknown one (by the case's own rate, if not given).",
)
@_truce
@_start
@click.option("--months", type=Moments(), help="Months at which it is looked at, increasing (around the date, if not given).")
@sampled
def withdrawal_command(
    case: str, event: str, month: float | None, truce: str | None, start: str | None, months: tuple[float, ...] | None,
    draws: int | None, seconds: float, seed: int, view: str | None, hold: str, sources: str | None, as_json: bool,
) -> None:
    """Compare a guarantor that stays, has left, or leaves at a date that is known, unknown, or not reckoned with."""
    from bestand.truce.withdrawal import withdrawal

    conflict = by_size(asked(case, _deterrence_view(case, view, sources), hold, sources, draws=draws or FIRST, seed=seed))
    truce, start = _watched(conflict, truce, start)
    with progress_bar() as progress:
        compared = withdrawal(
            conflict, event=event, month=month, start=start, truce=truce, months=months, budget=budget_of("withdrawal", draws, seconds, progress)
        )
    if as_json:
        print_json({"survival": compared.table().records(), "known against unknown": compared.known_against_foreseen().records()})
        return
    show(compared.table(), as_json)
    show(compared.known_against_foreseen(), as_json)


@click.command(name="strategies", epilog=examples("bestand strategies ukraine/2025-04 --seconds 60"))
@asks
@_start
@click.option("--months", type=Moments(), default="24", show_default=True, help="When truces are looked at; of several months the last is told.")
@sampled
def strategies_command(
    case: str, start: str | None, months: tuple[float, ...], draws: int | None, seconds: float, seed: int, view: str | None, hold: str,
    sources: str | None, as_json: bool,
) -> None:
    """Compare strategies (escalation, a new concept, both, neither) under every setting of the backstop."""
    from bestand.truce.strategies import strategies

    conflict = by_size(asked(case, _deterrence_view(case, view, sources, steps=True), hold, sources, draws=draws or FIRST, seed=seed))
    with progress_bar() as progress:
        compared = strategies(conflict, start=start, months=months, budget=budget_of("strategies", draws, seconds, progress))
    show(compared.table(), as_json)


TRUCES: tuple[Any, ...] = (play_command, equilibrium_command, survival_command, postures_command, withdrawal_command, strategies_command)
