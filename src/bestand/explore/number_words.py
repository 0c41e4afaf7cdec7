"""What a number of a case is about, in the case's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bestand.case.loaded import Case
from bestand.case.model import Event
from bestand.case.zones import Guarding
from bestand.explore.openings import Opening, phrased
from bestand.show import spaced


def number_in_words(case: Case, opening: Opening) -> Opening:
    """A number with its words; with its key path where there are none for it."""
    file, at = case.file, opening.at
    section, *rest = re.split(r"[.\[\]]+", at)
    match section, rest:
        case "parties", [party, "types", kind]:
            return phrased(opening, "chance", str(file.parties[party].types[kind].label) or kind, file.parties[party].name)
        case "wants", [party, *inner, "worth"]:
            *kind, k = inner
            want = case.wants(party)[kind[0] if kind else ""][int(k)]
            return of_type(opening, "worth", case, party, kind[0] if kind else "", str(want.label) or want.that)
        case "play", ["tempo" | "noise" | "discount" as what, party]:
            return phrased(opening, what, file.parties[party].name)
        case "play", ["move_cost", *_]:
            lever = at.removeprefix("play.move_cost.")
            return phrased(opening, "cost", _lever(case, lever))
        case "events", [event, "per_month"]:
            return _rate(case, opening, event)
        case "zones", [zone, *inner]:
            return _of_zone(case, opening, zone, inner)
        case "deterrence", inner:
            return _of_truce(case, opening, inner)
    return opening


def of_type(opening: Opening, phrase: str, case: Case, party: str, kind: str, what: str) -> Opening:
    """Words about a want: whose it is, and of which version of it."""
    stated = case.file.parties[party]
    if not kind:
        return phrased(opening, phrase, what, stated.name)
    version = stated.types.get(kind)
    return phrased(opening, f"{phrase}_of_type", what, stated.name, (str(version.label) if version else "") or kind)


def _lever(case: Case, name: str) -> str:
    return str(case.file.levers[name].label) or name


def _rate(case: Case, opening: Opening, event: str) -> Opening:
    """The rate of an event; where several are called the same, with what it brings about, and numbered where that is the same as well."""
    events = case.file.events
    called = {name: str(each.label) or name for name, each in events.items()}
    label, brought = called[event], _brought(events[event])
    alike = [name for name, other in called.items() if other == label]
    same = [name for name in alike if _brought(events[name]) == brought]
    to, which = () if len(same) == len(alike) else (brought,), () if len(same) == 1 else (str(same.index(event) + 1),)
    return phrased(opening, "_".join(("rate", *(["to"] if to else []), *(["of"] if which else []))), label, *to, *which)


def _brought(event: Event) -> str:
    return ", ".join(map(spaced, event.sets.values()))


def _of_zone(case: Case, opening: Opening, name: str, inner: Sequence[str]) -> Opening:
    zone = case.file.zones[name]
    match inner:
        case ["width_km" | "sector_km" | "surge_k" | "warning_days" as what]:
            return phrased(opening, what, str(zone.name))
        case ["prize" | "presence_cost" as what, party]:
            return phrased(opening, what, str(zone.name), case.file.parties[party].name)
        case ["guards", k, what, *setting]:
            guard = zone.guards[int(k)]
            return phrased(opening, what, str(zone.name), _guard(case, zone.guards, guard), *map(spaced, setting))
    return opening


def _guard(case: Case, guards: Sequence[Guarding], guard: Guarding) -> str:
    """Whose troops they are; where it has two kinds of them in the zone, by the lever that puts them there."""
    return case.file.parties[guard.party].name if sum(each.party == guard.party for each in guards) == 1 else _lever(case, guard.lever)


def _of_truce(case: Case, opening: Opening, inner: Sequence[str]) -> Opening:
    about, parties = case.file.deterrence, case.file.parties
    match inner:
        case ["capacity_k" | "answer" as what, party]:
            return phrased(opening, what, parties[party].name)
        case ["backstop", "cost", party]:
            return phrased(opening, "backstop_cost", parties[party].name)
        case ["backstop", "strength", setting] if about and about.backstop:
            return phrased(opening, "strength", _lever(case, about.backstop.lever), spaced(setting))
        case ["hub", "arrival_factor", setting] if about and about.hub:
            return phrased(opening, "arrival_factor", str(about.hub.name), spaced(setting))
        case ["decisiveness" | "provocation" | "march_km_per_day" | "detection_km" as what]:
            return phrased(opening, what)
    return opening
