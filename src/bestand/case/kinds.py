"""What kind of value stands under each key of the format, as plain data: what a form for the key has to ask, and within which bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bestand.case.model import CaseFile, Term
from bestand.case.parts import Bounds, IsCondition, Name, Quantity, Setting, StateName, Words
from bestand.case.worlds import ONE_OR_MORE, RateWhen
from bestand.case.zones import REFERENCES

Kind = dict[str, object]
PARTIES, LEVERS = ("parties",), ("levers",)
SAYS_WHAT_IT_NAMES: Mapping[str, Sequence[str]] = {
    "because": ("claims",), "supported_by": ("claims",), "supports": ("claims",), "denies": ("claims",), "source": ("sources",),
    "party": PARTIES, "attacker": PARTIES, "to": PARTIES, "veto": PARTIES, "claimed_by": PARTIES, "held_by": PARTIES, "Holding.by": PARTIES,
    "Framing.by": PARTIES, "excluding": PARTIES, "between": PARTIES, "consent": PARTIES, "zone": ("zones",), "view": ("views",),
    "strategies_view": ("views",), "posture": ("deterrence.postures",), "lever": LEVERS, "vary": LEVERS, "carries": LEVERS,
    "Incident.event": ("events",),
    "about": ("parties", "levers", "terms", "zones", "areas"),
}  # fmt: skip
"""Whose names stand under a key, where they are names of other members of the case; `Model.key` where that differs by model."""
SORTED_BY: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("tempo", "noise", "discount", "capacity_k", "answer", "prize", "presence_cost", "cost", "shifts"), PARTIES),
    **dict.fromkeys(("wants", "ranking", "moves"), PARTIES),
    **dict.fromkeys(("sets", "fixed", "hold", "against", "at", "decides", "costs", "move_cost"), LEVERS),
}
"""By whose names a mapping is sorted, in the same way; those that are not here give their parts names of their own."""


@cache
def kinds() -> Mapping[str, tuple[Kind, ...]]:
    """Each model of the format, by name, with its keys: `key`, whether it `must` be there, `kind` and what belongs to that kind.

    >>> next(each for each in kinds()["Want"] if each["key"] == "worth")["kind"]
    'quantity'
    """
    told: dict[str, tuple[Kind, ...]] = {}
    left: list[type[BaseModel]] = [CaseFile]
    while left:
        model = left.pop()
        if model.__name__ not in told:
            told[model.__name__] = tuple(_keys(model))
            left += [inner for hint in get_type_hints(model, include_extras=True).values() for inner in _models(hint)]
    return told


def _keys(model: type[BaseModel]) -> Iterator[Kind]:
    hints = get_type_hints(model, include_extras=True)
    for name, info in model.model_fields.items():
        key = info.alias or name
        where = f"{model.__name__}.{key}"
        usual: Kind = {"usual": True} if info.default is True else {}  # of a flag that is so where nothing is said
        yield {"key": key, "must": info.is_required(), **_kind(hints[name], where), **usual}


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for inner in get_args(hint):
        yield from _models(inner)


def _kind(hint: Any, where: str) -> Kind:
    hint, marks = _bare(hint)
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _one_of([each for each in inside if each is not NoneType], marks, where)
    if origin is Literal:
        return {"kind": "fixed", "value": inside[0]} if len(inside) == 1 else {"kind": "choice", "of": list(inside)}
    if origin is dict:
        return {"kind": "map", "keys": _sorted_by(inside[0], where), "item": _kind(inside[1], f"{where}[]"), "least": _length(marks)}
    if origin is tuple:
        return _list(inside, marks, where)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return _part(hint, marks)
    return _single(hint, marks, where)


def _bare(hint: Any) -> tuple[Any, tuple[object, ...]]:
    """A type without its marks, and the marks."""
    if get_origin(hint) is not Annotated:
        return hint, ()
    return get_args(hint)[0], tuple(get_args(hint)[1:])


def _one_of(members: Sequence[Any], marks: tuple[object, ...], where: str) -> Kind:
    """A value of one of several forms; one that need not be there is of the form that it has where it is."""
    if len(members) == 1:
        return _kind(Annotated[members[0], *marks] if marks else members[0], where)
    inner = [_kind(each, where) for each in members]
    if any(each.get("kind") == "list" and isinstance(each["item"], dict) and each["item"].get("model") == RateWhen.__name__ for each in inner):
        return {**inner[0], "kind": "rates", "each": inner[1]["item"]}
    return {"kind": "either", "of": inner}


def _list(inside: Sequence[Any], marks: tuple[object, ...], where: str) -> Kind:
    if len(inside) != 2 or inside[1] is not Ellipsis:
        return {"kind": "together", "of": [_kind(each, where) for each in inside]}
    item = _kind(inside[0], where)
    if item["kind"] in ("together", "either"):  # pairs, or ties: a line each
        return {"kind": "rows", "item": item, "least": _length(marks)}
    return {"kind": "list", "item": item, "least": _length(marks), "one": _one_will_do(marks) or item.get("model") == "Test"}


def _part(model: type[BaseModel], marks: tuple[object, ...]) -> Kind:
    bounds = next((each for each in marks if isinstance(each, Bounds)), None)
    if issubclass(model, Quantity) and model is not RateWhen:
        limits: Kind = {} if bounds is None else {"what": bounds.what, "low": bounds.low, "high": bounds.high}
        return {"kind": "quantity", "model": model.__name__, **limits}
    return {"kind": "part", "model": model.__name__, "short": "that" if model is Term or _takes_text(marks) else ""}


def _takes_text(marks: tuple[object, ...]) -> bool:
    """Whether a condition alone may stand for the whole part."""
    return any(type(each).__name__ == "BeforeValidator" for each in marks)


def _single(hint: Any, marks: tuple[object, ...], where: str) -> Kind:
    if hint is Words:
        return {"kind": "words"}
    if hint is bool:
        return {"kind": "flag"}
    if hint in (int, float):
        low, high = _bounds(marks)
        return {"kind": "number", "whole": hint is int, "low": low, "high": high}
    if any(isinstance(each, IsCondition) for each in marks):
        return {"kind": "condition"}
    if _is(Setting, marks):
        return {"kind": "setting"}
    if _is(StateName, marks):
        return {"kind": "state"}
    named = _what(SAYS_WHAT_IT_NAMES, where)
    if named:
        return {"kind": "name", "of": list(named)}
    if where == "Past.reference":
        return {"kind": "text", "known": list(REFERENCES)}
    return {"kind": "day" if any("d{4}" in str(getattr(each, "pattern", "")) for each in _infos(marks)) else "text"}


def _sorted_by(hint: Any, where: str) -> Kind:
    hint, marks = _bare(hint)
    if get_origin(hint) is Literal:
        return {"kind": "choice", "of": list(get_args(hint))}
    if _is(Setting, marks):
        return {"kind": "setting"}
    named = _what(SORTED_BY, where)
    return {"kind": "name", "of": list(named)} if named else {"kind": "new" if _is(Name, marks) else "text"}


def _what(table: Mapping[str, Sequence[str]], where: str) -> Sequence[str]:
    """Whose names stand at a place, by model and key or by key alone."""
    place = where.rstrip("[]")
    return table.get(place) or table.get(place.partition(".")[2], ())


def _is(known: Any, marks: tuple[object, ...]) -> bool:
    return any(each is mark for mark in get_args(known)[1:] for each in marks)


def _infos(marks: tuple[object, ...]) -> Iterator[object]:
    for each in marks:
        yield from each.metadata if isinstance(each, FieldInfo) else ()


def _bounds(marks: tuple[object, ...]) -> tuple[float | None, float | None]:
    """The lowest and the highest that a number may be."""
    infos = list(_infos(marks))
    low = next((bound for each in infos for name in ("ge", "gt") if (bound := getattr(each, name, None)) is not None), None)
    high = next((bound for each in infos for name in ("le", "lt") if (bound := getattr(each, name, None)) is not None), None)
    return low, high


def _length(marks: tuple[object, ...]) -> int:
    return max((int(getattr(each, "min_length", 0) or 0) for each in _infos(marks)), default=0)


def _one_will_do(marks: tuple[object, ...]) -> bool:
    extra = [each.json_schema_extra for each in marks if isinstance(each, FieldInfo)]
    return any(isinstance(each, dict) and bool(each.get(ONE_OR_MORE)) for each in extra)
