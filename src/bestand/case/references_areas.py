"""Whether areas on the map name what there is: parties, zones, codes of ground, and corners on the earth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bestand.case.areas import Area, area_guess, known_areas
from bestand.errors import MOST_SHOWN

if TYPE_CHECKING:
    from bestand.case.references import References


def areas(refs: References) -> None:
    """Every mistake in areas."""
    parties, of_code = refs.file.parties, dict[str, str]()
    for name, area in refs.file.areas.items():
        at = f"areas.{name}"
        refs.each_of(area.claimed_by, parties, "party", f"{at}.claimed_by")
        refs.each_of(area.held_by, parties, "party", f"{at}.held_by")
        for k, holding in enumerate(area.held_when):
            refs.each_of(holding.by, parties, "party", f"{at}.held_when[{k}].by")
        if area.zone is not None:
            refs.one_of(area.zone, refs.file.zones, "zone", f"{at}.zone")
        if bool(area.iso) == bool(area.outline):
            what = "an area has both codes and an outline" if area.iso else "an area has no ground"
            refs.wrong("case/codes-or-outline", what, at, "give codes of ISO 3166-2 (`iso`), or corners (`outline`)")
        _codes(refs, area, at, of_code)
        _corners(refs, area, f"{at}.outline")


def _codes(refs: References, area: Area, at: str, of_code: dict[str, str]) -> None:
    for k, code in enumerate(area.iso):
        inside = f"{at}.iso[{k}]" if f"{at}.iso[{k}]" in refs.marks else f"{at}.iso"
        if code not in known_areas():
            hint = area_guess(code) if len(refs.problems) < MOST_SHOWN else ""
            refs.wrong("case/unknown-area", f"no ground has the code '{code}'", inside, hint)
        elif code in of_code:
            refs.wrong("case/area-twice", f"'{code}' is part of {of_code[code]} as well", inside, "each code stands in one area")
        of_code.setdefault(code, at)


def _corners(refs: References, area: Area, at: str) -> None:
    if 0 < len(set(area.outline)) < 3:
        refs.wrong("case/out-of-range", "an outline with fewer than three corners", at, "give at least three")
    if not all(-180 <= east <= 180 and -90 <= north <= 90 for east, north in area.outline):
        refs.wrong("case/out-of-range", "a corner that is not on the earth", at, "give [longitude, latitude]: from -180 to 180, and from -90 to 90")
