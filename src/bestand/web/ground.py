"""The ground of a case: its map, or a strip of its zones, and what stands in it as a table."""

from __future__ import annotations

from collections.abc import Mapping

from bestand.case.holding import elsewhere
from bestand.draw.svg import standalone
from bestand.draw.zones import zones_picture
from bestand.errors import AskError, Problem, did_you_mean
from bestand.study.everything import Study
from bestand.telling.ground import areas_told, parties_told
from bestand.web.spoken import spoken
from bestand.web.told import Plain


def ground_told(study: Study, where: str, language: str) -> Plain:
    """The picture of today or of where a condition holds, the conditions that can be asked about, and each area in words."""
    telling = spoken(study.conflict, language)
    drawn = zones_picture(telling, where=_asked(study, where))
    return {
        "map": bool(study.case.file.areas), "picture": standalone(drawn) if drawn else "",
        "where": [{"that": that, "words": telling.condition(that)} for that in elsewhere(study.case)],
        "areas": [
            {"area": each.key, "name": each.name, "held": parties_told(each.held, telling), "claimed": parties_told(each.area.claimed_by, telling),
             "disputed": each.disputed, "zone": telling.said(study.case.file.zones[each.zone].name) if each.zone else "",
             "basis": each.area.rests_on or ""}
            for each in areas_told(telling, where=where)
        ],
    }  # fmt: skip


def ground_picture(study: Study, asked: Mapping[str, str]) -> tuple[bytes, str, str]:
    """The picture as a file."""
    telling = spoken(study.conflict, "nl" if asked.get("language") == "nl" else "en")
    drawn = zones_picture(telling, where=_asked(study, asked.get("where", "")))
    if drawn is None:
        raise AskError(Problem("web/no-picture", "there is nothing to draw: the case has no areas and no zones"))
    return standalone(drawn).encode("utf-8"), "image/svg+xml", "zones.svg"


def _asked(study: Study, where: str) -> str:
    """A condition of the case; none stands for today."""
    if where and where not in (known := elsewhere(study.case)):
        raise AskError(Problem("web/unknown-where", f"no area is held otherwise where '{where[:80]}'", hint=did_you_mean(where, known)))
    return where
