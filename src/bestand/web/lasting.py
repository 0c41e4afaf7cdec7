"""Does it last: the truce of the case under other forces, another presence, another rate of incidents or date of leaving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from bestand.case.model import Event
from bestand.case.parts import Quantity
from bestand.case.zones import Deterrence, Guarding, Zone
from bestand.draw.curves import Curve, curves
from bestand.draw.svg import standalone
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.conflict import Conflict, conflict
from bestand.report.truces import ASSUMED
from bestand.study.everything import Study
from bestand.telling.words import words
from bestand.truce.survival import survival
from bestand.truce.withdrawal import FORESEEN, KNOWN, departures, withdrawal
from bestand.truce.zones import Floats
from bestand.web.asks import AskTruce
from bestand.web.spoken import spoken
from bestand.web.told import Plain

AnyQuantity = TypeVar("AnyQuantity", bound=Quantity)
FEW = 2  # draws for a date of leaving, which is played five ways
SHARES = (1 / 48, 1 / 24, 1 / 12, 1 / 6, 1 / 3, 1 / 2, 3 / 4, 1)  # of the time asked about, at which a curve is looked at


def zones_told(study: Study, language: str) -> Plain:
    """Zones with their guards, the backstop, and the events whose rate can be changed."""
    file, telling = study.case.file, spoken(study.conflict, language)
    about = file.deterrence
    levers = [guard.lever for zone in file.zones.values() for guard in zone.guards]
    levers += [about.backstop.lever] if about and about.backstop else []
    return {
        "asked": about is not None and bool(file.zones),
        "truce": about.truce if about else "",
        "zones": [
            {
                "zone": name, "name": telling.said(zone.name), "width_km": zone.width_km.value, "attacker": telling.party(zone.attacker),
                "guards": [{"party": telling.party(guard.party), "lever": guard.lever,
                            "troops_k": {setting: number.value for setting, number in guard.troops_k.items()}} for guard in zone.guards],
            }
            for name, zone in file.zones.items()
        ],
        "levers": [
            {"lever": lever, "label": telling.long_lever(lever),
             "settings": [{"setting": each, "name": telling.value(each)} for each in file.levers[lever].settings],
             "now": None if file.present == "unknown" else study.case.now[lever], "odds": dict(file.levers[lever].odds),
             "backstop": bool(about and about.backstop and about.backstop.lever == lever)}
            for lever in dict.fromkeys(levers)
        ],
        "events": list(_incidents(study.conflict)),
        "leaves": bool(departures(study.conflict)),
    }  # fmt: skip


def _incidents(asked: Conflict) -> list[str]:
    """Events that stand for incidents; where no incident names one, every event."""
    file = asked.case.file
    named = [incident.event for incident in file.incidents.values() if incident.event]
    return list(dict.fromkeys(named)) or list(file.events)


def truce_told(study: Study, ask: AskTruce, language: str) -> Plain:
    """The curve as the case stands beside the curve under the changed numbers, each with the error of its draws."""
    about = study.case.file.deterrence
    if about is None or not study.case.file.zones:
        raise AskError(Problem("truce/no-zones", "the case gives no zones, or no `deterrence`", hint="add them under Build"))
    say = words(language)
    usual = _asked(study, about, ask.draws)
    months = [round(share * ask.months, 3) for share in SHARES]
    changed = _changed(usual, ask)
    by_name = {say("web_as_stated"): _alive(usual, about, months)}
    if changed is not usual:
        by_name[say("web_as_changed")] = _alive(changed, about, months)
    if ask.leaves is not None:
        by_name |= {say(ASSUMED[name], month=f"{ask.leaves:g}"): alive for name, alive in _leaving(changed, about, ask.leaves, months).items()}
    lines = {name: _line(alive) for name, alive in by_name.items()}
    told = [_told(name, alive[:, -1]) for name, alive in by_name.items()]
    label = say("web_curve_alt", months=f"{ask.months:g}")
    drawn = curves(months, lines, label=label, unit=say("web_months"))
    return {"picture": standalone(drawn), "told": told, "draws": usual.draws, "months": ask.months}


def _told(name: str, last: Floats) -> Plain:
    """What a curve comes to at its end: mean over draws, its error, and the draws that lie farthest apart."""
    error = float(last.std(ddof=1) / np.sqrt(len(last))) if len(last) > 1 else None
    return {"name": name, "share": float(last.mean()), "error": error, "low": float(last.min()), "high": float(last.max()), "draws": len(last)}


def _leaving(asked: Conflict, about: Deterrence, date: float, months: Sequence[float]) -> Mapping[str, Floats]:
    """The truce where the backstop leaves at a date that all know, or at an unknown one with the same mean."""
    leaving = departures(asked)
    if not leaving:
        raise AskError(Problem("truce/unknown-event", "no event of the case takes the backstop away", hint="add one under Build, Events"))
    made = asked.once(
        ("web withdrawal", date, tuple(months)),
        lambda: withdrawal(asked.draw(FEW), event=leaving[0], start=about.truce, truce=about.truce, month=date, months=months),
    )
    return {name: alive for name, alive in made.alive.items() if name in (FORESEEN, KNOWN)}


def _alive(asked: Conflict, about: Deterrence, months: Sequence[float]) -> Floats:
    """Chance that the truce still holds, in every draw; kept with the conflict."""
    return asked.once(("web truce", tuple(months)), lambda: survival(asked, start=about.truce, truce=about.truce, months=months).alive)


def _asked(study: Study, about: Deterrence, draws: int) -> Conflict:
    """The case in the view in which its truce is played, drawn a few times; kept with the study."""
    return study.conflict.once(
        ("web truce conflict", draws), lambda: conflict(study.case, view=about.view or study.conflict.view, draws=draws, scale="cardinal")
    )


def _line(alive: Floats) -> Curve:
    low, high = np.quantile(alive, [0.1, 0.9], axis=0)
    return Curve([float(x) for x in alive.mean(axis=0)], [float(x) for x in low], [float(x) for x in high])


def _changed(usual: Conflict, ask: AskTruce) -> Conflict:
    """The conflict with other forces, presence and incidents; the very same where nothing is changed."""
    file = usual.case.file
    changes: dict[str, object] = {}
    for zone in ask.factors:
        if zone not in file.zones:
            raise AskError(Problem("truce/unknown-zone", f"no zone '{zone}'", hint=did_you_mean(zone, file.zones)))
    if any(factor != 1 for factor in ask.factors.values()):
        changes["zones"] = {name: _scaled(zone, ask.factors.get(name, 1.0)) for name, zone in file.zones.items()}
    if ask.incidents != 1:
        named = _incidents(usual)
        changes["events"] = {name: _rarer(event, ask.incidents) if name in named else event for name, event in file.events.items()}
    changed = usual.change(**changes) if changes else usual
    return changed.hold(ask.presence) if ask.presence else changed


def _scaled(zone: Zone, factor: float) -> Zone:
    return zone.model_copy(update={"guards": tuple(_with_troops(guard, factor) for guard in zone.guards)})


def _with_troops(guard: Guarding, factor: float) -> Guarding:
    return guard.model_copy(update={"troops_k": _times(guard.troops_k, factor)})


def _times(numbers: Mapping[str, Quantity], factor: float) -> dict[str, Quantity]:
    return {name: _time(number, factor) for name, number in numbers.items()}


def _time(number: AnyQuantity, factor: float) -> AnyQuantity:
    span = None if number.range is None else (number.range[0] * factor, number.range[1] * factor)
    return number.model_copy(update={"value": number.value * factor, "range": span})


def _rarer(event: Event, factor: float) -> Event:
    rates = event.per_month
    rarer = tuple(_time(rate, factor) for rate in rates) if isinstance(rates, tuple) else _time(rates, factor)
    return event.model_copy(update={"per_month": rarer})
