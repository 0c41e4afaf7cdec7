"""Draws of what a case leaves open: types, doubtful wants, their order, numbers with a range. The rules are in `RULES`."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bestand.case.lines import every_want, hedged, likeliest, likely_wants, line, line_of_want, want_place
from bestand.case.loaded import Case
from bestand.case.model import Claim, Holds, Want
from bestand.case.parts import Quantity
from bestand.case.remembered import remembered
from bestand.case.sizes import by_order, drawn_sizes, only_ordered

CHANCE: Mapping[str, float] = MappingProxyType(
    {"certain": 1.0, "probable": 0.8, "possible": 0.5, "uncommitted": 0.5, "denied": 0.1}
)
MOST_SUPPORTING = 12  # claims that support one want, of which the chance is worked out
FEW_DRAWS = 1_000  # up to which the streams of claims and speakers, and the wants drawn from them, are remembered
MOST_STANDING = 1_024  # lists of wants that are remembered as they stand
MOST_DRAWN = 256  # lists of wants of which the draws are remembered: up to a thousand numbers for each want
HEDGED = 0.8  # a claim that is hedged in words only
ASSUMED = 0.7  # a want that no claim carries
SHIFT = 1.5  # places by which a doubtful want shifts, either way
RULES = ("types", "presence", "order", "today", "numbers")
"""What is drawn; the page says each in words (`rule_…`), with the chances that stand above."""
EVERY = frozenset(RULES)
_Read = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class DrawnWants:
    """One party's wants in every draw; draw 0 is the case as it stands.

    types   : names of its types ('' where it has none)
    type_   : (n_draws,) int64, which of them it is
    there   : per type (n_draws, n_wants) bool, whether each want is there
    place   : per type (n_draws, n_wants) float64, wants stand in ascending order of it
    weight  : per type (n_draws, n_wants) float64, worth per month, 0 where the want is not there; nan where none is given
    """

    types: tuple[str, ...]
    type_: NDArray[np.int64]
    there: tuple[NDArray[np.bool_], ...]
    place: tuple[NDArray[np.float64], ...]
    weight: tuple[NDArray[np.float64], ...]

    @property
    def type_names(self) -> tuple[str, ...]:
        """Per draw the name of its type; '' where it has none."""
        return tuple(self.types[k] if self.types else "" for k in self.type_)


_Kept = dict[_Read, tuple[_Read, DrawnWants]]
_standing: _Kept = {}
_drawn_before: _Kept = {}


def chance_of_claim(claim: Claim) -> float:
    """How far a claim is to be believed, by the degrees of everyone in its chain of speakers.

    >>> chance_of_claim(Claim(source="s", quote="q", gloss="g", author_holds="uncommitted", source_holds="probable"))
    0.4
    """
    degrees = [claim.author_holds, claim.source_holds or "certain", *(link.holds for link in claim.chain)]
    chance = math.prod(CHANCE[degree] for degree in degrees)
    return HEDGED if chance == 1.0 and hedged(claim) else chance


def heard_through(claim: Claim) -> tuple[tuple[str, Holds], ...]:
    """Everyone through whom a claim is heard, nearest to the author first, with how far the one who hears it holds it to be so.

    >>> from bestand.case.model import Link
    >>> told = Claim(source="s", quote="q", gloss="g", says="A", author_holds="uncommitted", chain=(Link(who="W", holds="probable"),))
    >>> heard_through(told)
    (('W', 'uncommitted'), ('A', 'probable'))
    """
    path = [link.who for link in claim.chain] + ([claim.says] if claim.says != "author" else [])
    holding: list[Holds] = [claim.author_holds, *(link.holds for link in claim.chain)]
    return tuple(zip(path, holding, strict=False))


def chance_of_its_own(claim: Claim) -> float:
    """The chance that a claim is so, if all through whom it is heard are believed: what the last of them holds, or the words of doubt."""
    if claim.says != "author":
        last = CHANCE[claim.source_holds or "certain"]
    else:
        last = CHANCE[claim.chain[-1].holds if claim.chain else claim.author_holds] * CHANCE[claim.source_holds or "certain"]
    return HEDGED if chance_of_claim(claim) == HEDGED and last == 1.0 and not _doubted(claim) else last


def _doubted(claim: Claim) -> bool:
    return any(CHANCE[degree] < 1 for _, degree in heard_through(claim))


def sources_of(case: Case, claim: Claim) -> tuple[str, ...]:
    """The sources that a claim falls with: its own, and any that speaks in its chain, by its name, title or author."""
    speakers = {who for who, _ in heard_through(claim)}
    through = (name for name, each in case.file.sources.items() if {name, str(each.title), each.author} & speakers)
    return tuple(name for name in dict.fromkeys((claim.source, *through)) if name in case.file.sources)


def chance_of_want(case: Case, want: Want) -> float:
    """The chance with which a want is there in a draw, by the rule `presence`; of many claims that support it, the first `MOST_SUPPORTING` count."""
    needed, supporting = ([name for name in names if name in case.file.claims] for names in (want.because, want.supported_by))
    if needed or not supporting:
        return chance_together(case, needed) if needed else ASSUMED
    some = supporting[:MOST_SUPPORTING]
    sets = (chosen for size in range(1, len(some) + 1) for chosen in itertools.combinations(some, size))
    return float(sum((-1) ** (len(chosen) + 1) * chance_together(case, chosen) for chosen in sets))


def chance_together(case: Case, names: Collection[str]) -> float:
    """The chance that all of some claims are true: what is heard through one speaker and what one source says falls together."""
    claims = [case.file.claims[name] for name in set(names)]
    heard: dict[str, float] = {}
    for claim in claims:
        for who, degree in heard_through(claim):
            heard[who] = min(CHANCE[degree], heard.get(who, 1.0))
    stated = [case.file.sources[name].reliability for name in {name for claim in claims for name in sources_of(case, claim)}]
    right = [fmean((each.value, *(each.range or (each.value, each.value)))) for each in stated if each is not None]
    return math.prod([*(chance_of_its_own(claim) for claim in claims), *heard.values(), *right])


def claim_is_true(case: Case, name: str, draws: int, seed: int) -> NDArray[np.bool_]:
    """Whether a claim is true in every draw: shape (draws,); the same whoever asks, true in draw 0.

    It is if all in its chain are believed so far, its sources are right, and what the last of them says of it is so.
    """
    claim = case.file.claims[name]
    true = _uniform(seed, f"claims.{name}", draws) < chance_of_its_own(claim)
    for who, degree in heard_through(claim):
        true &= _uniform(seed, f"speakers.{who}", draws) < CHANCE[degree]
    for source in sources_of(case, claim):
        true &= source_is_right(case, source, draws, seed)
    true[0] = True
    return true


def _uniform(seed: int, name: str, draws: int) -> NDArray[np.float64]:
    """The first numbers of a stream, which many wants of many variants of a case ask for."""
    return _remembered(seed, name, draws) if draws <= FEW_DRAWS else _stream(seed, name).random(draws)


@functools.lru_cache(maxsize=4096)
def _remembered(seed: int, name: str, draws: int) -> NDArray[np.float64]:
    first = _stream(seed, name).random(draws)
    first.flags.writeable = False
    return first


def _stream(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, *name.encode()])


def source_is_right(case: Case, name: str, draws: int, seed: int) -> NDArray[np.bool_]:
    """Whether a source is right in every draw, once for all that it says: shape (draws,); right where no reliability is given, and in draw 0."""
    stated = case.file.sources[name].reliability
    if stated is None:
        return np.ones(draws, np.bool_)
    rng = _stream(seed, f"sources.{name}")
    right = rng.random(draws) < _drawn_by_name(stated, draws, rng, seed)
    right[0] = True
    return right


def want_is_there(case: Case, want: Want, draws: int, seed: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Whether a want is there in every draw, by the rule `presence`: shape (draws,)."""
    alone = rng.random(draws) < ASSUMED  # drawn in any case, so that a claim more or less shifts no other draw
    needed, supporting = (
        [claim_is_true(case, name, draws, seed) for name in names if name in case.file.claims] for names in (want.because, want.supported_by)
    )
    if needed:
        return np.asarray(np.logical_and.reduce(needed))
    return np.asarray(np.logical_or.reduce(supporting)) if supporting else alone


def drawn_number(number: Quantity, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A number in every draw: shape (draws,); triangular within its range, draw 0 as it stands.

    >>> drawn_number(Quantity(value=2, range=(1, 4)), 3, np.random.default_rng(0)).round(2)
    array([2.  , 1.9 , 1.35])
    """
    if number.range is None or number.range[0] == number.range[1]:
        return np.full(draws, number.value)
    drawn = rng.triangular(number.range[0], number.value, number.range[1], draws)
    drawn[0] = number.value
    return drawn


def _drawn_by_name(number: Quantity, draws: int, rng: np.random.Generator, seed: int) -> NDArray[np.float64]:
    """As `drawn_number`; numbers of one name (`same_as`) from one stream, that of the name."""
    alone = drawn_number(number, draws, rng)  # in any case, so that a name shifts no other draw
    return drawn_number(number, draws, _stream(seed, f"same_as.{number.same_as}")) if number.same_as else alone


def drawn_wants(
    case: Case, party: str, draws: int, seed: int = 0, *, vary: Collection[str] = EVERY
) -> DrawnWants:
    """A party's type and, for each type, its wants in every draw, from streams of the party's and each claim's own.

    vary : which of `RULES` apply
    """
    if draws > FEW_DRAWS:
        return _drawn_wants(case, party, draws, seed, vary)
    read = (case.file.wants.get(party), case.file.claims, case.file.sources, case.file.parties.get(party))
    key = (party, case.file.sizes, *((draws, seed, frozenset(vary)) if draws > 1 else ()), *map(id, read))
    kept, most = (_drawn_before, MOST_DRAWN) if draws > 1 else (_standing, MOST_STANDING)
    known = kept.get(key)
    if known is None:
        if len(kept) >= most:
            kept.clear()
        made = _drawn_wants(case, party, draws, seed, vary) if draws > 1 else _as_it_stands(case, party)
        known = kept[key] = (read, made)  # what it was drawn from is kept, so that no other gets its id
    return known[1]


def _drawn_wants(case: Case, party: str, draws: int, seed: int, vary: Collection[str]) -> DrawnWants:
    by_type, rng = case.wants(party), np.random.default_rng([seed, *party.encode()])
    names = tuple(by_type)
    parts = [_drawn(case, party, name, wants, draws, rng, vary, seed) for name, wants in by_type.items()]
    there, place, weight = (tuple(part[k] for part in parts) for k in range(3))
    return _frozen(DrawnWants(names, _types(case, party, names, draws, rng, vary, seed), there, place, weight))  # type: ignore[arg-type]


def _frozen(made: DrawnWants) -> DrawnWants:
    for array in (made.type_, *made.there, *made.place, *made.weight):
        array.flags.writeable = False
    return made


def _as_it_stands(case: Case, party: str) -> DrawnWants:
    """The one draw in which nothing is drawn."""
    by_type = case.wants(party)
    usual = list(by_type).index(likeliest(case, party, by_type)) if by_type else 0
    there = [np.ones((1, len(wants)), np.bool_) for wants in by_type.values()]
    place = [np.arange(len(wants), dtype=np.float64)[None] for wants in by_type.values()]
    weight = [np.array([[np.nan if want.worth is None else want.worth.value for want in wants]], np.float64) for wants in by_type.values()]
    return _frozen(DrawnWants(tuple(by_type), np.full(1, usual), tuple(there), tuple(place), tuple(weight)))


def each_dropped(case: Case, party: str, dropped: Sequence[Collection[str]], drawn: DrawnWants | None = None) -> DrawnWants:
    """A party's wants as they stand, then less each set of those of its most probable type (key paths), then as drawn.

    drawn : draws of them, of which the first, as they stand, is left out
    """
    usual = drawn_wants(case, party, 1)
    drawn, n, likely = drawn or usual, 1 + len(dropped), int(usual.type_[0])
    there, place, weight = (
        tuple(np.concatenate([np.repeat(before, n, axis=0), after[1:]]) for before, after in zip(*parts, strict=True))
        for parts in ((usual.there, drawn.there), (usual.place, drawn.place), (usual.weight, drawn.weight))
    )
    number = {at: k for k, (at, _) in enumerate(likely_wants(case, party))}
    for row, gone in enumerate(dropped, start=1):
        those = [number[at] for at in gone]
        there[likely][row, those], weight[likely][row, those] = False, 0.0
    return DrawnWants(usual.types, np.concatenate([np.repeat(usual.type_, n), drawn.type_[1:]]), there, place, weight)


def leaves_open(case: Case) -> bool:
    """Whether anything but a number may be drawn otherwise: a version of a party, a want that may not be there or pass a neighbour, or today.

    Where nothing is, every draw is the case as it stands, and shares of draws say nothing.

    >>> from bestand.case.read import read
    >>> leaves_open(read("literature/fang-1993/chicken")), leaves_open(read("example/en"))
    (False, True)
    """
    if any(len(party.types) > 1 for party in case.file.parties.values()) or any(lever.odds for lever in case.file.levers.values()):
        return True
    stated = (each for party in case.file.wants for each in every_want(case.file, party))
    return any(not line_of_want(case, at, "", want).firm or chance_of_want(case, want) < 1.0 for at, want in stated)


@remembered(8)
def likely_types(case: Case) -> Mapping[str, str]:
    """Every party's most probable type; '' where it has none."""
    return {party: likeliest(case, party, case.wants(party)) for party in case.file.parties}


def _types(
    case: Case, party: str, names: tuple[str, ...], draws: int, rng: np.random.Generator, vary: Collection[str], seed: int
) -> NDArray[np.int64]:
    usual = names.index(likeliest(case, party, case.wants(party))) if names else 0
    if len(names) < 2 or "types" not in vary:
        return np.full(draws, usual)
    given = [case.file.parties[party].types[name] for name in names]
    if "numbers" in vary:
        chances = np.stack([_drawn_by_name(number, draws, rng, seed) for number in given], axis=1)
    else:
        chances = np.tile([number.value for number in given], (draws, 1))
    below = np.cumsum(chances / chances.sum(axis=1, keepdims=True), axis=1)
    picked = np.minimum((rng.random((draws, 1)) > below).sum(axis=1), len(names) - 1)
    picked[0] = usual
    return picked


def _drawn(
    case: Case, party: str, type_: str, wants: tuple[Want, ...], draws: int, rng: np.random.Generator, vary: Collection[str],
    seed: int,
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    there, shift = np.ones((draws, len(wants)), np.bool_), np.zeros((draws, len(wants)))
    if "presence" in vary:
        there = np.stack([want_is_there(case, want, draws, seed, rng) for want in wants], axis=1) if wants else there
    if "order" in vary:
        firm = [line(case, "want", want_place(party, type_, k), party, "", want).firm for k, want in enumerate(wants)]
        shift = np.where(np.array(firm, bool), 0.0, rng.uniform(-SHIFT, SHIFT, there.shape))
    there[0], shift[0] = True, 0.0
    weight = np.full(there.shape, np.nan)
    for k, want in enumerate(wants):
        if want.worth is not None:
            varied = _drawn_by_name(want.worth, draws, rng, seed) if "numbers" in vary else np.full(draws, want.worth.value)
            weight[:, k] = np.where(there[:, k], varied, 0.0)
    place = np.arange(len(wants)) + shift
    if only_ordered(case.file, case.listed(party)[type_]):
        sized = drawn_sizes(len(wants), draws if "numbers" in vary else 1, _stream(seed, f"sizes.{party}.{type_}"))
        weight = by_order(sized if "numbers" in vary else sized[0], place, there)
    return there, place, weight
