"""Areas of a case in the reader's words: what each is called, who holds it, who claims it, in which zone it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bestand.case.areas import Area
from bestand.case.holding import held_by, is_disputed
from bestand.telling.telling import Telling


@dataclass(frozen=True, slots=True)
class AreaTold:
    """One area: its name in the case and in words, the parties that hold and claim it, whether it is disputed, its zone (empty where none)."""

    key: str
    name: str
    area: Area
    held: tuple[str, ...]
    disputed: bool

    @property
    def zone(self) -> str:
        """The zone's name in the case."""
        return self.area.zone or ""


def areas_told(telling: Telling, *, where: str = "") -> list[AreaTold]:
    """Every area of the case, as it is held today or where a condition holds."""
    areas = []
    for key, area in telling.case.file.areas.items():
        held = held_by(telling.case, area, where=where)
        areas.append(AreaTold(key, telling.name(telling.said(area.name)), area, held, is_disputed(area, held)))
    return areas


def parties_told(parties: Sequence[str], telling: Telling) -> str:
    """Parties in a row; a word for nobody where there are none."""
    return telling.say.listed([telling.party(party) for party in parties]) if parties else telling.say("ground_nobody")


def held_told(held: Sequence[str], telling: Telling) -> str:
    """Who holds an area: nobody said, one, or several each a part."""
    if not held:
        return telling.say("ground_held_unsaid")
    return telling.say("ground_held_by" if len(held) == 1 else "ground_held_in_parts", parties=parties_told(held, telling))


def zone_told(zone: str, telling: Telling) -> str:
    """A zone by its number in the case and its name."""
    zones = telling.case.file.zones
    return telling.say("ground_zone", n=list(zones).index(zone) + 1, zone=telling.said(zones[zone].name)) if zone in zones else ""


def sentence_told(each: AreaTold, telling: Telling) -> str:
    """All about one area in a sentence, for who does not see the map."""
    parts = [held_told(each.held, telling)]
    if each.area.claimed_by:
        parts.append(telling.say("ground_claimed_by", parties=parties_told(each.area.claimed_by, telling)))
    parts += [telling.say("ground_disputed")] if each.disputed else []
    parts += [zone_told(each.zone, telling)] if each.zone else []
    return f"{each.name}: {'; '.join(parts)}."
