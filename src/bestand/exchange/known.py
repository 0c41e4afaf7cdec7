"""Which of the claims that arrive a case has already, by what they say, whatever they are called there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from bestand.case.loaded import Case
from bestand.case.model import Claim
from bestand.documents.canonical import canonical
from bestand.errors import Place

BY_NAME = ("supports", "denies")  # fields that name other claims


@dataclass(frozen=True, slots=True)
class Arrived:
    """A claim as a file has it.

    name   : what it is to be called; empty where the file does not say
    fields : as in a case file
    place  : where in the file it stands
    cells  : where each field stands, where the file has a place for each
    wished : whether the name is no more than a wish: the file only numbers its claims
    known  : the claim of the case that this is, where the format itself tells
    """

    name: str
    fields: Mapping[str, Any]
    place: Place
    cells: Mapping[str, Place] = field(default_factory=dict)
    wished: bool = False
    known: str = ""


@dataclass(frozen=True, slots=True)
class KnownClaims:
    """Claims that arrive, parted by what the case has.

    new      : those that it has not, as they come in
    there    : name in the file: name in the case, of those that it has
    n_there  : how many those are, with those that have no name
    n_beside : new ones whose very passage a claim of the case has as well, which says something else of it
    """

    new: tuple[Arrived, ...]
    there: Mapping[str, str]
    n_there: int
    n_beside: int


def known_claims(claims: Sequence[Arrived], old: Case) -> KnownClaims:
    """The claims that arrive, parted by whether the case has them: under their name, or under another one or none with the same
    passage of the same source and the same in all that the file says of it.

    Claims that name one another do so by the names of the case. Of several that say the same, each claim of the case is one.
    """
    by_passage: dict[tuple[str, str], list[str]] = {}
    for name, claim in old.file.claims.items():
        by_passage.setdefault(_passage(claim.source, claim.quote), []).append(name)
    there = _parted([replace(each, fields=_without(each.fields)) for each in claims], old, by_passage)
    called = {claims[k].name: name for k, name in there.items() if claims[k].name}
    there = _parted([_renamed(each, called) for each in claims], old, by_passage)
    called = {claims[k].name: name for k, name in there.items() if claims[k].name}
    new = tuple(_renamed(each, called) for k, each in enumerate(claims) if k not in there)
    beside = sum(_passage(each.fields.get("source"), each.fields.get("quote")) in by_passage for each in new)
    return KnownClaims(new, called, len(there), beside)


def _parted(claims: Sequence[Arrived], old: Case, by_passage: Mapping[tuple[str, str], Sequence[str]]) -> dict[int, str]:
    """Number of a claim that arrives: its name in the case, of those that it has."""
    there: dict[int, str] = {}
    taken: set[str] = set()
    for k, each in enumerate(claims):
        passage = _passage(each.fields.get("source"), each.fields.get("quote"))
        free = [name for name in by_passage.get(passage, ()) if name not in taken]
        mine = each.known if each.known and each.known not in taken else _found(each, old, free)
        if mine:
            there[k] = mine
            taken.add(mine)
    return there


def _without(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A claim's fields without those that name other claims."""
    return {key: value for key, value in fields.items() if key not in BY_NAME}


def _passage(source: object, quote: object) -> tuple[str, str]:
    return str(source or ""), canonical(str(quote or "")).text


def _found(each: Arrived, old: Case, free: Sequence[str]) -> str:
    """The claim of the case that one that arrives is, among those of its passage; empty where it has none."""
    if each.name in free and _says_the_same(each.fields, old.file.claims[each.name]):
        return each.name
    if each.name in old.file.claims and not each.wished:
        return ""  # another claim of that name: told as a mistake
    return next((name for name in free if _says_the_same(each.fields, old.file.claims[name])), "")


def _says_the_same(fields: Mapping[str, Any], claim: Claim) -> bool:
    """Whether a claim of the case says of its passage all that a file says of it."""
    try:
        given = Claim.model_validate(fields)
    except ValidationError:
        return False
    if any(getattr(given, key) and getattr(claim, key) and getattr(given, key) != getattr(claim, key) for key in ("prefix", "suffix")):
        return False  # the same words at another place
    said = given.model_fields_set - {"quote", "source", "prefix", "suffix"}
    return all(getattr(given, name) == getattr(claim, name) for name in said)


def _renamed(each: Arrived, there: Mapping[str, str]) -> Arrived:
    """A claim that names others by what they are called in the case."""
    fields = dict(each.fields)
    for key in BY_NAME:
        if isinstance(fields.get(key), list | tuple):
            fields[key] = [there.get(name, name) for name in fields[key]]
    return replace(each, fields=fields)
