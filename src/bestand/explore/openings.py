"""The kinds of things that a case leaves open, and how a number between 0 and 1 becomes one of the ways each can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["number", "source", "speaker", "claim", "want", "type", "today", "place", "rule", "case"]
KINDS: Mapping[Kind, str] = {
    "number": "a number with a range: triangular between its ends with its value as the mode, or even where the user varies it; of wants of which "
    "only the order is known how much each place weighs of it and all below, so that all sizes that agree with the order are as likely",
    "source": "whether a source is right, once in a draw for all that it says, with its reliability",
    "speaker": "how far one is believed through whom claims are heard, once in a draw for all of them: down to which degree of doubt",
    "claim": "whether a claim is so, if all through whom it is heard are believed",
    "want": "whether a want that no claim carries is there",
    "type": "which of its types a party is, by their probabilities",
    "today": "how a lever stands today, by its odds",
    "place": "where a want stands in its party's order, 1 the most important: shifted by up to `width` places, then sorted",
    "rule": "whether a guard, a ban or a one-way lever is in force",
    "case": "which of several versions of the case it is",
}
PHRASES: Mapping[str, str] = {
    "claim": "{one} ({two})",
    "type": "type of {one}",
    "today": "“{one}” today",
    "source": "{one} is right",
    "speaker": "what is heard through {one} is believed from",
    "want": "{one} wants “{two}”",
    "want_of_type": "{two} ({three}) wants “{one}”",
    "place": "place of “{one}” in the order of {two}",
    "place_of_type": "place of “{one}” in the order of {two} ({three})",
    "chance": "chance of “{one}” of {two}",
    "worth": "worth of “{one}” to {two}",
    "share": "weight of place {one} in the order of {two}, of it and all below",
    "share_of_type": "weight of place {one} in the order of {two} ({three}), of it and all below",
    "worth_of_type": "worth of “{one}” to {two} ({three})",
    "tempo": "tempo of {one}",
    "noise": "noise of {one}",
    "discount": "discount of {one}",
    "cost": "cost of moving “{one}”",
    "rate": "rate of “{one}”",
    "rate_of": "rate {two} of “{one}”",
    "rate_to": "rate of “{one}” to “{two}”",
    "rate_to_of": "rate {three} of “{one}” to “{two}”",
    "width_km": "width of “{one}”, km",
    "sector_km": "width of an attack on “{one}”, km",
    "surge_k": "troops that can attack “{one}”, thousands",
    "warning_days": "days of warning of an attack on “{one}”",
    "prize": "worth of taking “{one}” to {two}",
    "presence_cost": "cost of an attack on “{one}” past troops of {two}",
    "troops_k": "troops of {two} in “{one}” ({three}), thousands",
    "in_place": "share of the troops of {two} that stands in “{one}” beforehand",
    "arrival_days": "days until the troops of {two} are in “{one}”",
    "tooth": "share of the troops of {two} in “{one}” that fights",
    "rotation": "soldiers that each one of {two} in “{one}” takes",
    "from_front_km": "distance of the troops of {two} in “{one}” from the front, km",
    "capacity_k": "troops that {one} can keep deployed, thousands",
    "answer": "chance that {one} fights where it is attacked",
    "backstop_cost": "cost to {one} of attacking under the whole backstop",
    "strength": "strength of the backstop at “{one}”: {two}",
    "arrival_factor": "factor on arrivals at “{one}”: {two}",
    "decisiveness": "how surely the stronger side prevails",
    "provocation": "how far foreign troops provoke",
    "march_km_per_day": "how far reserves come in a day, km",
    "detection_km": "over which distance an attack is seen, km",
    "guard": "guard: {one}",
    "ban": "ban: {one}",
    "one_way": "one-way: {one}",
    "version": "version of the case",
}
"""What is open, in English, with the case's own words in the blanks; other languages say the same keys (`open_…`) in their message tables."""
BLANKS = ("one", "two", "three")
Column = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Opening:
    """One thing that is open.

    at      : its key path, such as ``wants.ru[2]``; also the name of its column, after its kind where that is needed to tell it
    kind    : one of `KINDS`
    words   : what it is, in English
    usual   : how it is as the case stands: a number, 1 or 0 (there or not), the number of a choice, a place
    low, high : ends of a number's range
    mode    : a number's likeliest value; nan where every value is as likely
    below   : of the weight of a place, how many places are below it: by that all sizes are as likely together
    chance  : of being there, for source, claim, want and rule
    choices : names of types or cases
    odds    : of the choices
    odds_at : columns of numbers that take the place of `odds`, or of `chance`, draw by draw, where they are open too
    width   : how many places a want shifts either way
    together : the order that a place is in: wants with the same word here are sorted together
    phrase  : by what phrase `words` says it, so that it can be said in another language: a key of `PHRASES`; empty where it stands for itself
    about   : the case's own words in it, in their order
    told    : what the choices are called, where the case says so
    """

    at: str
    kind: Kind
    words: str
    usual: float
    low: float = 0.0
    high: float = 1.0
    mode: float = float("nan")
    chance: float = 0.5
    choices: tuple[str, ...] = ()
    odds: tuple[float, ...] = ()
    odds_at: tuple[str, ...] = ()
    width: float = 0.0
    together: str = ""
    phrase: str = ""
    about: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    below: int = 0

    @property
    def name(self) -> str:
        """Name of its column: the key path, after the kind where one path has several openings."""
        return f"place of {self.at}" if self.kind == "place" else self.at

    def called(self, k: int) -> str:
        """What its k-th choice is called."""
        return self.told[k] if self.told else self.choices[k]

    def far(self, value: float) -> float:
        """How far a value is from how it stands: of a number, as a share of its range; of a place, in places; else 1.

        >>> Opening("play.tempo.ru", "number", "tempo", 1, low=0, high=4).far(3)
        0.5
        """
        if self.kind == "number":
            return abs(value - self.usual) / ((self.high - self.low) or 1.0)
        return abs(value - self.usual) if self.kind == "place" else 1.0

    def said(self, value: float) -> str:
        """One of the ways it can be, in words.

        >>> Opening("parties.us.types", "type", "type of us", 0, choices=("doves", "hawks"), odds=(.6, .4)).said(1)
        'type of us: hawks'
        """
        if self.choices:
            return f"{self.words}: {self.called(int(value))}"
        if self.kind in ("number", "place"):
            return f"{self.words}: {value:.3g}"
        return f"{self.words}: {'yes' if value else 'no'}"


def phrased(opening: Opening, phrase: str, *about: str) -> Opening:
    """The opening with its words, by their phrase.

    >>> phrased(Opening("play.tempo.ru", "number", "", 1), "tempo", "Russia").words
    'tempo of Russia'
    """
    said = PHRASES[phrase].format_map(dict(zip(BLANKS, about, strict=False)))
    return replace(opening, words=said, phrase=phrase, about=about)


def columns_of(openings: Sequence[Opening], unit: NDArray[np.float64]) -> dict[str, Column]:
    """Every opening in every draw, by name.

    unit : (n_draws, n_openings) between 0 and 1, one column per opening, each independent and even

    Numbers are float32: what is stored is what is asked with. Numbers come first, since odds and reliabilities may hang on them.
    """
    made: dict[str, Column] = {}
    place = {each.name: k for k, each in enumerate(openings)}
    ordered = sorted(openings, key=lambda each: each.kind != "number")
    for opening in ordered:
        if opening.kind != "place":
            made[opening.name] = _column(opening, unit[:, place[opening.name]], made)
    for home in dict.fromkeys(each.together for each in openings if each.kind == "place"):
        made |= _places([each for each in openings if each.together == home and each.kind == "place"], unit, place)
    return {each.name: made[each.name] for each in openings}


def _column(opening: Opening, unit: NDArray[np.float64], made: Mapping[str, Column]) -> Column:
    if opening.kind == "number":
        return _number(opening, unit).astype(np.float32)
    if opening.choices:
        odds = _odds(opening, unit.size, made)
        below = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)
        return np.minimum((unit[:, None] >= below).sum(axis=1), len(opening.choices) - 1).astype(np.uint8)
    known = [made[name].astype(np.float64) for name in opening.odds_at if name in made]
    chance = known[0] if known else opening.chance
    return unit < chance


def _number(opening: Opening, unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """A number at a share of its distribution: triangular, even where it has no mode, or beta(1, n) with n places below."""
    low, high, mode = opening.low, opening.high, opening.mode
    if high <= low:
        return np.full(unit.size, low)
    if opening.below:
        return low + (high - low) * (1 - (1 - unit) ** (1 / opening.below))
    if np.isnan(mode):
        return low + (high - low) * unit
    rising = low + np.sqrt(unit * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - unit) * (high - low) * (high - mode))
    return np.where(unit < (mode - low) / (high - low), rising, falling)


def _odds(opening: Opening, n_draws: int, made: Mapping[str, Column]) -> NDArray[np.float64]:
    odds = np.tile(np.array(opening.odds, np.float64), (n_draws, 1))
    for k, name in enumerate(opening.odds_at):
        if name in made:
            odds[:, k] = made[name]
    return odds


def _places(order: Sequence[Opening], unit: NDArray[np.float64], place: Mapping[str, int]) -> dict[str, Column]:
    """Places, from 1, of the wants of one order: each is shifted from where it stands, then all are sorted."""
    stood = np.array([each.usual for each in order])
    width = np.array([each.width for each in order])
    columns = [place[each.name] for each in order]
    return _sorted(order, stood + width * (2 * unit[:, columns] - 1))


def places_of(openings: Sequence[Opening], shifted: Mapping[str, NDArray[np.float64]]) -> dict[str, Column]:
    """Places of all wants, from where each would stand before those of its order are sorted, (n_draws,) by name of its opening."""
    made: dict[str, Column] = {}
    for home in dict.fromkeys(each.together for each in openings if each.kind == "place"):
        order = [each for each in openings if each.together == home and each.kind == "place"]
        made |= _sorted(order, np.stack([shifted[each.name] for each in order], axis=1))
    return made


def _sorted(order: Sequence[Opening], shifted: NDArray[np.float64]) -> dict[str, Column]:
    ranked = np.argsort(np.argsort(shifted, axis=1, kind="stable"), axis=1, kind="stable") + 1
    return {each.name: ranked[:, k].astype(np.uint16) for k, each in enumerate(order)}
