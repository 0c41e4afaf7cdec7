"""Commands on whether a truce holds: holds, posture, withdrawal, strategies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from bestand.cli.asking import amounts, case_, condition_of, examples, json_, read_case, settings_of, sources_, view_
from bestand.cli.terminal import print_json, progress_bar, show

_start = click.option("--from", "start", help="Condition from which the truce is watched (the case's truce, if not given).")
_months = click.option("--months", default="1,3,6,12,24", show_default=True, help="Months at which it is looked at, increasing.")
_draws = click.option("--draws", default=100, show_default=True, help="Draws of what the case leaves open.")
_seed = click.option("--seed", default=0, show_default=True, help="Seed of the draws.")


def _moments(months: str) -> list[float]:
    try:
        return [float(part) for part in months.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"'{months}' is not a list of numbers such as 1,3,6", param_hint="--months") from error


@click.command(
    name="survival",
    epilog=examples(
        'bestand survival ukraine/2025-04 --from "ceasefire and ua.cedes = line" --view guarded --hold eu.force=corps',
        'bestand survival ukraine/2025-04 --that "not ceasefire" --from "not ceasefire" --view core',
    ),
)
@case_
@click.option("--that", "holds", help="Condition that holds or is left (the case's truce, if not given).")
@_start
@click.option("--hold", default="", help="Levers put and held: lever=setting,…")
@_months
@_draws
@_seed
@view_
@sources_
@json_
def survival_command(
    case: str, holds: str | None, start: str | None, hold: str, months: str, draws: int, seed: int, view: str | None,
    sources: str | None, as_json: bool,
) -> None:
    """Say how long a condition holds once it does, if everyone looks ahead; and what breaks it."""
    from bestand.truce.survival import breaking, survival

    asked = read_case(case, sources)
    truce = asked.file.deterrence.truce if asked.file.deterrence else None
    holds, start = holds or truce, start or holds or truce
    if holds is None or start is None:
        raise click.UsageError("the case names no truce under `deterrence`: say what should hold with --that")
    for text in (holds, start):
        condition_of(asked, text)
    held: Any = settings_of(hold) if hold else {}
    with progress_bar():
        found = survival(asked, start=start, holds=holds, months=_moments(months), view=view, hold=held, draws=draws, seed=seed)
        broken = breaking(asked, start=start, holds=holds, month=_moments(months)[-1], view=view, hold=held)
    if as_json:
        print_json({"survival": found.table().records(), "breaks": broken.records()})
        return
    show(found.table(), as_json)
    show(broken, as_json)


@click.command(name="play", epilog=examples("bestand play ukraine/2025-04", "bestand play ukraine/2025-04 --state us.mediates=no --months 12"))
@case_
@click.option("--state", default="now", show_default=True, help="now, a state's name, or lever=setting,… (the rest as today).")
@click.option("--months", "horizon", default=24.0, show_default=True, help="How far ahead everyone looks.")
@click.option("--hold", default="", help="Levers put and held: lever=setting,…")
@view_
@sources_
@json_
def play_command(case: str, state: str, horizon: float, hold: str, view: str | None, sources: str | None, as_json: bool) -> None:
    """Say what everyone does next if they look ahead, and how that hangs on how far."""
    from bestand.play.horizon import horizon_sensitivity, play_game
    from bestand.truce.survival import situation

    held: Any = settings_of(hold) if hold else {}
    played = situation(read_case(case, sources), view=view, hold=held)
    with progress_bar():
        found = play_game(played.game(0), horizon=horizon)
        how_far = horizon_sensitivity(found, settings_of(state))
    at = found.next_choices(settings_of(state))
    if as_json:
        likely = [{"who": each.who, "to": played.graph.label(each.target), "chance": each.chance, "per_month": each.per_month} for each in at]
        print_json({"choices": likely, "error": found.error, "horizons": how_far.table().records()})
        return
    show(how_far.table(), as_json)
    click.echo(f"{found.sweeps} sweeps; values right within about {found.error:.2g}. A model of choices under stated wants, not a forecast.")


@click.command(
    name="equilibrium",
    epilog=examples('bestand equilibrium ukraine/2025-04 --view guarded --hold "us.presence=full,ua.army=as_now,eu.force=none,eu.burden=no"'),
)
@case_
@click.option("--select", default="status quo", show_default=True, help='status quo, most movers, logit, "best for PARTY" or "worst for PARTY".')
@click.option("--hold", default="", help="Levers put and held: lever=setting,…")
@click.option("--tolerance", default=1e-6, show_default=True, help="Largest gain that may be left, as a share of the range of payoffs.")
@view_
@sources_
@json_
def equilibrium_command(
    case: str, select: str, hold: str, tolerance: float, view: str | None, sources: str | None, as_json: bool
) -> None:
    """Find a stationary equilibrium of the case played for ever, with its certificate; or say that none was found.

    Where hundreds of states lead round in a circle this can take minutes; `play` always answers at once.
    """
    from bestand.stationary.equilibrium import solve
    from bestand.truce.survival import situation

    held: Any = settings_of(hold) if hold else {}
    played = situation(read_case(case, sources), view=view, hold=held)
    with progress_bar():
        found = solve(played.game(0), select=select, tolerance=tolerance)
    if as_json:
        print_json({"equilibrium": found.table().records(), "certificate": found.certificate.table().records()})
        return
    show(found.table(), as_json)
    show(found.certificate.table(), as_json)


@click.command(name="postures", epilog=examples('bestand postures ukraine/2025-04 --view guarded --from "ceasefire and ua.cedes = line"'))
@case_
@_start
@click.option("--every", is_flag=True, help="Compare every choice of guards and backstop, not only the postures that the case names.")
@click.option("--capacity", multiple=True, help="party=thousand troops, in place of the case's; may be repeated.")
@click.option("--target", default=0.5, show_default=True, help="Hazard ratio for which the smallest forces are looked for.")
@_months
@_draws
@_seed
@view_
@sources_
@json_
def postures_command(
    case: str, start: str | None, every: bool, capacity: Sequence[str], target: float, months: str, draws: int, seed: int,
    view: str | None, sources: str | None, as_json: bool,
) -> None:
    """Compare guarantee forces: survival, hazard ratio, burden, smallest forces, and what each zone is worth."""
    from bestand.truce.postures import postures

    asked = read_case(case, sources)
    if start:
        condition_of(asked, start)
    with progress_bar() as progress:
        found = postures(
            asked, view=view, start=start, months=_moments(months), capacity=amounts(capacity, "--capacity") or None, target=target,
            every=every, draws=draws, seed=seed, progress=lambda share: progress("postures", share),
        )
    tables = {"postures": found.table(), "forces": found.forces(), "zones": found.zones()}
    if as_json:
        print_json({name: table.records() for name, table in tables.items()})
        return
    for table in tables.values():
        show(table, as_json)


@click.command(name="withdrawal", epilog=examples("bestand withdrawal ukraine/2025-04 us_withdraws --month 12 --view guarded"))
@case_
@click.argument("event")
@click.option("--month", "date", default=12.0, show_default=True, help="When it comes, where the date is known.")
@_start
@_months
@click.option("--draws", default=20, show_default=True, help="Draws of what the case leaves open.")
@_seed
@view_
@sources_
@json_
def withdrawal_command(
    case: str, event: str, date: float, start: str | None, months: str, draws: int, seed: int, view: str | None, sources: str | None,
    as_json: bool,
) -> None:
    """Compare a guarantor that stays, has left, or leaves at a date that is known, unknown, or not reckoned with."""
    from bestand.truce.withdrawal import withdrawal

    asked = read_case(case, sources)
    if asked.file.deterrence is None:
        raise click.UsageError("the case names no truce under `deterrence`")
    truce = asked.file.deterrence.truce
    if start:
        condition_of(asked, start)
    with progress_bar():
        moments = _moments(months)
        found = withdrawal(asked, event=event, date=date, start=start or truce, holds=truce, months=moments, view=view, draws=draws, seed=seed)
    show(found.table(), as_json)


@click.command(name="strategies", epilog=examples("bestand strategies ukraine/2025-04 --view europe"))
@case_
@_start
@click.option("--month", default=24.0, show_default=True, help="When truces are looked at.")
@_draws
@_seed
@view_
@sources_
@json_
def strategies_command(
    case: str, start: str | None, month: float, draws: int, seed: int, view: str | None, sources: str | None, as_json: bool
) -> None:
    """Compare strategies (escalation, a new concept, both, neither) under every setting of the backstop."""
    from bestand.truce.strategies import strategies

    asked = read_case(case, sources)
    if start:
        condition_of(asked, start)
    with progress_bar():
        found = strategies(asked, view=view, start=start, months=month, draws=draws, seed=seed)
    show(found.table(), as_json)


TRUCES = (
    play_command, equilibrium_command, survival_command, postures_command, withdrawal_command, strategies_command,
)  # fmt: skip
