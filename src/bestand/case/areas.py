"""Areas on a map, as an analyst states them: which ground it is, who claims it, who holds it; and the codes by which ground is named."""


import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated

from pydantic import BeforeValidator, Field

from bestand.case.parts import Backed, Condition, Name, Real, Words
from bestand.case.worlds import ONE_OR_MORE, Names
from bestand.errors import did_you_mean

MOST_AREAS = 200  # of a case
MOST_CODES = 500  # of one area
MOST_CORNERS = 500  # of an outline
MOST_HOLDINGS = 50  # conditions under which an area is held otherwise
Place = tuple[Real, Real]
_Codes = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda v: [v] if isinstance(v, str) else v),
    Field(max_length=MOST_CODES, json_schema_extra={ONE_OR_MORE: True}, description="provinces by code of ISO 3166-2, or countries by two letters"),
]


class Holding(Backed):
    """Who holds an area where a condition holds."""

    that: Condition
    by: Annotated[Names, Field(description="parties that hold it then; several where each holds a part, none where nobody does")]


class Area(Backed):
    """Ground on the map: provinces or countries by their codes, or an outline of its own; who claims it, and who holds it."""

    name: Words
    iso: _Codes = ()
    outline: Annotated[
        tuple[Place, ...],
        Field(max_length=MOST_CORNERS, description="corners as [longitude, latitude] in degrees, for ground that has no code"),
    ] = ()
    zone: Annotated[Name | None, Field(description="the zone it belongs to")] = None
    claimed_by: Annotated[Names, Field(description="parties that say it is theirs")] = ()
    held_by: Annotated[Names, Field(description="parties that hold it; several where each holds a part")] = ()
    held_when: Annotated[
        tuple[Holding, ...], Field(max_length=MOST_HOLDINGS, description="who holds it instead where a condition holds; the first that holds counts")
    ] = ()


@cache
def known_areas() -> Mapping[str, str]:
    """Every code that a case can name, with the English name of the ground: provinces, and countries by two letters."""
    text = files("bestand.case").joinpath("areas.tsv").read_text(encoding="utf-8")
    return MappingProxyType({code: name for code, _, name in (line.partition("\t") for line in text.splitlines())})


def area_guess(word: str) -> str:
    """A hint at the code that a word may have been meant for: another of the same country, or that of the ground which is called so.

    >>> area_guess("NL-UR"), area_guess("Utrecht")
    ("did you mean 'NL-UT' (Utrecht)?", "did you mean 'NL-UT' (Utrecht)?")
    """
    known = known_areas()
    called = _folded(word)
    guess = next((code for code, name in known.items() if _folded(name) == called), "")
    if not guess:
        country = word.upper()[:2]
        near = {code: code for code in known if code.startswith(country)} or {code: code for code in known if len(code) == 2}
        told = re.search(r"'([^']+)'\?", did_you_mean(word.upper(), near))
        guess = told[1] if told else ""
    return f"did you mean '{guess}' ({known[guess]})?" if guess else "give a code of ISO 3166-2 such as NL-UT, or a country such as NL"


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
