"""Zones of deterrence, as an analyst states them: who guards what, with how much, how fast."""


from typing import Annotated, Literal

from pydantic import Field

from bestand.case.parts import (
    MOST_OF_A_LINE,
    Backed,
    Condition,
    Days,
    Exponent,
    Factor,
    Kilometres,
    Name,
    Part,
    Real,
    Rotation,
    Setting,
    Share,
    Troops,
    Width,
    Words,
    Worth,
)

REFERENCES = ("interstate-war", "interstate-fatal", "interstate-force", "civil-alone", "civil-peacekeepers", "ethprio-open")
"""Classes of past ceasefires that come with the program; a test holds them against what `history` has."""
MOST_ZONES = 100  # of a case
MOST_POSTURES = 1_000  # of a case, and strategies


class Guarding(Backed):
    """What one party keeps in a zone, per setting of the lever that puts it there.

    Force at hand = troops · tooth · (share in place + what arrives in time) / 1; rotation says how many troops of the
    party's capacity one deployed soldier takes (3 means two more in training or at rest).
    """

    party: Name
    lever: str
    troops_k: Annotated[dict[Setting, Troops], Field(min_length=1, description="thousand troops, per setting; none in one that is not named")]
    in_place: Annotated[Share | None, Field(description="share that stands in the zone beforehand, 0-1")] = None
    arrival_days: Annotated[Days | None, Field(description="days until the rest arrives")] = None
    tooth: Annotated[Share | None, Field(description="share of the troops that fights, 0-1")] = None
    rotation: Annotated[Rotation | None, Field(description="troops of capacity per deployed soldier, ≥ 1")] = None
    from_front_km: Annotated[Kilometres | None, Field(description="distance from the front: detection and arrival")] = None


class Zone(Backed):
    """A stretch of ground that could be attacked and is guarded."""

    name: Words
    width_km: Width
    sector_km: Annotated[Width | None, Field(description="width on which an attack comes; the whole, if not given")] = None
    attacker: Name
    attack: Annotated[Condition, Field(description="condition (on the attacker's levers) that means an attack here")]
    surge_k: Annotated[Troops, Field(description="thousand troops the attacker can bring to bear here")]
    warning_days: Annotated[Days | None, Field(description="days between signs of an attack and the attack")] = None
    guards: Annotated[tuple[Guarding, ...], Field(max_length=MOST_OF_A_LINE)] = ()
    prize: Annotated[dict[Name, Worth], Field(description="party: worth per month of a successful attack here")] = {}
    presence_cost: Annotated[
        dict[Name, Worth], Field(description="third party: what attacking past its troops costs the attacker a month")
    ] = {}


class Backstop(Backed):
    """The outside power that stands behind the guards, and how much of it each setting of a lever brings."""

    lever: str
    strength: Annotated[dict[Setting, Share], Field(min_length=1, description="setting: strength, 0 (gone) to 1 (full); 0 in one that is not named")]
    cost: Annotated[dict[Name, Worth], Field(description="party: worth per month lost if it attacks under full backstop")] = {}


class Hub(Backed):
    """A logistics node that the guards' arrival hangs on, and who holds it."""

    name: Words
    lever: str
    arrival_factor: Annotated[dict[Setting, Factor], Field(description="setting of the lever: factor on arrival times")]


class Posture(Backed):
    """A named choice of guarding settings, to compare with others."""

    label: Annotated[Words, Field(alias="is")] = Words.of("")
    sets: dict[str, Setting]


class StrategyStep(Backed):
    """A step of escalation: a lever's setting, what it costs and what capacity it takes."""

    label: Annotated[Words, Field(alias="is")] = Words.of("")
    sets: dict[str, Setting]
    kind: Annotated[Literal["escalation", "concept", "both", "none"], Field(description="for comparing strategies")] = "none"


class Past(Backed):
    """The class of past ceasefires that the analyst compares with, and how its level is shifted by the posture's ratio."""

    reference: Annotated[str, Field(description="name of a class; `bestand base-rates` lists those that come with the program")]
    posture: Annotated[
        Name | None, Field(description="posture of this case that ceasefires of the class had; no force and no backstop, if not given")
    ] = None
    breakdown: Annotated[
        Literal["forcible act", "fatal clash", "war", "failure"] | None,
        Field(description="what the end of this truce means; must be what ends one of the class"),
    ] = None
    weights: Annotated[
        dict[Literal["game", "empirical", "no difference"], Annotated[Real, Field(ge=0, le=1)]],
        Field(description="weights of the ratio from the game, from peacekeeping after civil wars, and of no difference"),
    ] = {"game": 1 / 3, "empirical": 1 / 3, "no difference": 1 / 3}


class Deterrence(Part):
    """Numbers of the zone game that belong to no one zone."""

    truce: Annotated[Condition, Field(description="condition under which a truce is in force")]
    view: Annotated[Name | None, Field(description="view in which a truce is played forward; the usual one, if not given")] = None
    strategies_view: Annotated[Name | None, Field(description="view in which strategies are compared; `view`, if not given")] = None
    breach: Annotated[Condition | None, Field(description="condition under which an attack breaks a truce; any attack, if not given")] = None
    march_km_per_day: Annotated[Width | None, Field(description="how far reserves come in a day; 150, if not given")] = None
    detection_km: Annotated[Width | None, Field(description="distance over which the chance to see an attack falls by e; 300")] = None
    capacity_k: Annotated[dict[Name, Troops], Field(description="thousand troops a party can keep deployed in all")] = {}
    backstop: Backstop | None = None
    hub: Hub | None = None
    decisiveness: Annotated[Exponent | None, Field(description="exponent m of the contest a^m/(a^m+d^m)")] = None
    provocation: Annotated[
        Worth | None, Field(description="change of an attacker's worth of the truce per 10 k foreign troops; any sign")
    ] = None
    past: Past | None = None
    answer: Annotated[dict[Name, Share], Field(description="guard: chance that it fights when its zone is attacked")] = {}
    postures: Annotated[dict[Name, Posture], Field(max_length=MOST_POSTURES)] = {}
    strategies: Annotated[dict[Name, StrategyStep], Field(max_length=MOST_POSTURES)] = {}
