"""From columns of what is open to conflicts that can be asked: many draws side by side, or one draw written out as a case."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from bestand.case.lines import every_want, likeliest, share_place, want_place, with_file
from bestand.case.loaded import Case, parts
from bestand.case.model import Lever, Want
from bestand.case.parts import Quantity
from bestand.case.sizes import by_order, middle_share, only_ordered, sizes_by_shares
from bestand.case.without import of_types
from bestand.case.yaml import joined
from bestand.errors import GraphError
from bestand.explore.openings import Column
from bestand.graph.conflict import Conflict
from bestand.graph.draws import CHANCE, DrawnWants, heard_through, sources_of
from bestand.graph.worth import PartyWorth, Scale, ranked_alike, worth_of_wants

MOST_REMEMBERED = 10_000_000  # states times parties of which combinations of conditions are remembered from chunk to chunk
Columns = Mapping[str, Column]
_Number = TypeVar("_Number")
Truths = dict[str, NDArray[np.bool_]]
"""Claims, and in which draws each is true."""


def fitting(first: Case, other: Case) -> set[str]:
    """Parties whose wants another version of a case lists as the first does, so that what is open in these is open in both."""
    return {
        party for party in first.file.wants if party in other.file.wants
        and [(at, want.that) for at, want in every_want(first.file, party)] == [(at, want.that) for at, want in every_want(other.file, party)]
    }


def n_rows(columns: Columns) -> int:
    """Number of draws in some columns."""
    return int(next(iter(columns.values())).size) if columns else 0


def rows_of(columns: Columns, which: NDArray[np.generic] | slice) -> dict[str, Column]:
    """Some of the draws."""
    return {name: column[which] for name, column in columns.items()}


def case_of(case: Case, row: Mapping[str, float]) -> Case:
    """One draw written out: the case with its numbers, types, wants and their order as drawn.

    row : value of every opening, by name; rules are lifted and versions chosen before
    """
    row = {**row, **_the_same(case, row)}
    one: Columns = {name: np.array([value]) for name, value in row.items()}
    sure = of_types(case, {party: tuple(case.wants(party))[int(row[at])] for party in case.file.parties if (at := f"parties.{party}.types") in row})
    wanted = {party: _drawn_list(case, party, one) for party in case.file.wants}
    stated = with_file(sure, wants=wanted, levers=_levers_today(case, row))
    numbers = {at: float(value) for at, value in row.items() if not at.startswith(("wants.", "parties.", "levers."))}  # these are settled above
    sections = {name: getattr(stated.file, name) for name in type(stated.file).model_fields}
    moved = {name: _replaced(section, numbers, name) for name, section in sections.items()}
    return with_file(stated, **{name: section for name, section in moved.items() if section is not sections[name]})


def _the_same(case: Case, numbers: Mapping[str, _Number]) -> dict[str, _Number]:
    """Numbers that are one number with some that are given, by key path."""
    named = [(at, part.same_as) for at, part in parts(case.file) if isinstance(part, Quantity) and part.same_as] if numbers else []
    given = {name: numbers[at] for at, name in named if at in numbers}
    return {at: given[name] for at, name in named if name in given}


def _levers_today(case: Case, row: Mapping[str, float]) -> Mapping[str, Lever]:
    """The levers, each that is open at the setting it is drawn at."""
    drawn = {name: lever.possible_now[int(row[at])] for name, lever in case.file.levers.items() if (at := f"levers.{name}.now") in row}
    return {name: lever.model_copy(update={"now": drawn[name], "odds": {}}) if name in drawn else lever for name, lever in case.file.levers.items()}


def _drawn_list(case: Case, party: str, one: Columns) -> object:
    by_type = {kind: _drawn_wants(case, party, kind, listed, one) for kind, listed in case.listed(party).items()}
    return by_type[""] if set(by_type) == {""} else by_type


def _drawn_wants(case: Case, party: str, kind: str, listed: tuple[Want, ...], one: Columns) -> tuple[Want, ...]:
    there, place, weight = _wants_of(case, party, kind, listed, one, 1, {})
    numbers = {at: float(column[0]) for at, column in one.items() if at.endswith(".worth")}
    valued = [_replaced(want, numbers, want_place(party, kind, k)) for k, want in enumerate(listed)]
    if only_ordered(case.file, listed) and any(share_place(party, kind, k) in one for k in range(len(listed))):
        valued = [want.model_copy(update={"worth": Quantity(value=float(size))}) for want, size in zip(listed, weight[0], strict=True)]
    return tuple(valued[k] for k in np.argsort(place[0], kind="stable") if there[0, k])


def _replaced(value: object, numbers: Mapping[str, float], at: str) -> object:
    """A part of a case file with some of its numbers put in place of others; what does not change is the very same object."""
    if isinstance(value, Quantity):
        return value.model_copy(update={"value": numbers[at], "range": None}) if at in numbers else value
    if not any(path.startswith(at) for path in numbers):
        return value
    if isinstance(value, BaseModel):
        own = {name: (info.alias or name, getattr(value, name)) for name, info in type(value).model_fields.items()}
        new = {name: _replaced(inner, numbers, joined(at, key)) for name, (key, inner) in own.items()}
        changed = {name: inner for name, inner in new.items() if inner is not own[name][1]}
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, Mapping):
        return _same_or({key: _replaced(inner, numbers, joined(at, str(key))) for key, inner in value.items()}, value)
    if isinstance(value, tuple):
        made = tuple(_replaced(inner, numbers, joined(at, k)) for k, inner in enumerate(value))
        return made if any(a is not b for a, b in zip(made, value, strict=True)) else value
    return value


def _same_or(made: dict[object, object], old: Mapping[object, object]) -> object:
    return made if any(made[key] is not inner for key, inner in old.items()) else old


def asked_together(base: Conflict, columns: Columns, *, scale: Scale = "ordinal") -> Conflict:
    """The conflict over many draws at once: states and moves of `base`, worths as drawn.

    Numbers other than the worths of wants and the odds of types are left as they stand.
    """
    draws, graph = n_rows(columns), base.graph
    true: Truths = {}
    parts = [_party_worth(base, party, columns, draws, scale, true) for party in graph.parties]
    return base.stacked(parts, scale=scale, todays=_todays(base, columns, draws))


def held_today(base: Conflict, columns: Columns) -> Iterator[tuple[NDArray[np.int64], Conflict]]:
    """Draws with the conflict that they are asked of: levers that the view holds at their present setting are held as drawn.

    What the view or the user fixes stays; a setting that leaves no present state counts as `now`.
    """
    file, size = base.case.file, n_rows(columns)
    put = {*base.graph.levers, *base.held, *(file.views[base.view].fixed if base.view else ())}
    held = [name for name, lever in file.levers.items() if lever.odds and name not in put and f"levers.{name}.now" in columns]
    if not held:
        yield np.arange(size), base
        return
    drawn = np.stack([columns[f"levers.{name}.now"].astype(np.int64) for name in held], axis=1)
    ways, which = np.unique(drawn, axis=0, return_inverse=True)
    for k, way in enumerate(ways):
        setting = {name: file.levers[name].possible_now[int(at)] for name, at in zip(held, way, strict=True)}
        yield np.flatnonzero(which.ravel() == k), _held_so(base, {name: each for name, each in setting.items() if each != base.case.now[name]})


def _held_so(base: Conflict, settings: Mapping[str, str]) -> Conflict:
    """A conflict with levers held otherwise than they stand; as it is where that leaves no present state."""
    if not settings:
        return base
    narrower = base.once_of_graph(("held today", *sorted(settings.items())), lambda: base.hold(settings))
    try:
        return base if narrower.graph.now is None else narrower
    except GraphError:
        return base


def _todays(base: Conflict, columns: Columns, draws: int) -> NDArray[np.int64] | None:
    """The present state in every draw; None where it is the same in all. A present that is banned counts as `now`."""
    graph, levers = base.graph, base.case.file.levers
    varied = [k for k, name in enumerate(graph.levers) if f"levers.{name}.now" in columns]
    if not varied:
        return None
    code = np.full(draws, int(graph.codes[base.now]))
    for k in varied:
        stride = math.prod(map(len, graph.settings[:k]))
        at = [graph.settings[k].index(setting) for setting in levers[graph.levers[k]].possible_now]
        code += stride * (np.array(at)[columns[f"levers.{graph.levers[k]}.now"].astype(np.int64)] - int(graph.digits(graph.levers[k])[base.now]))
    state = np.minimum(np.searchsorted(graph.codes, code), graph.n_states - 1)
    return np.where(graph.codes[state] == code, state, base.now)


def _party_worth(base: Conflict, party: str, columns: Columns, draws: int, scale: Scale, true: Truths) -> PartyWorth:
    case = base.case
    if party in case.file.ranking:
        return ranked_alike(base.rank_of(party)[0], draws)
    drawn = drawn_columns(case, party, columns, draws, true)
    few = base.graph.n_states * len(base.parties) <= MOST_REMEMBERED
    kept = {"once": base.once_of_graph} if few else {}
    return worth_of_wants(case, party, drawn, base.where, base.graph.n_states, scale=scale, **kept)


def drawn_columns(case: Case, party: str, columns: Columns, draws: int, true: Truths | None = None) -> DrawnWants:
    """A party's type and wants in every draw, from the columns of what is open; what is not open is as it stands.

    true : claims that have been looked at in these draws, to be added to
    """
    true = {} if true is None else true
    by_type = case.wants(party)
    if any(want.worth is not None and want.worth.same_as for listed in by_type.values() for want in listed):
        columns = {**columns, **_the_same(case, columns)}
    names = tuple(by_type)
    usual = names.index(likeliest(case, party, by_type)) if names else 0
    type_ = columns.get(f"parties.{party}.types", np.full(draws, usual)).astype(np.int64)
    drawn = [_wants_of(case, party, kind, listed, columns, draws, true) for kind, listed in by_type.items()]
    return DrawnWants(names, type_, tuple(each[0] for each in drawn), tuple(each[1] for each in drawn), tuple(each[2] for each in drawn))


def _wants_of(
    case: Case, party: str, kind: str, listed: tuple[Want, ...], columns: Columns, draws: int, true: Truths
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    there = np.ones((draws, len(listed)), np.bool_)
    place = np.tile(np.arange(1.0, len(listed) + 1), (draws, 1))
    weight = np.full(place.shape, np.nan)
    for k, want in enumerate(listed):
        at = want_place(party, kind, k)
        there[:, k] = _there(case, want, at, columns, draws, true)
        place[:, k] = columns.get(f"place of {at}", place[:, k])
        if want.worth is not None:
            weight[:, k] = np.where(there[:, k], columns.get(f"{at}.worth", want.worth.value), 0.0)
    if only_ordered(case.file, case.listed(party)[kind]):
        below = range(len(listed) - 1, 0, -1)
        shares = [columns.get(share_place(party, kind, k), np.full(draws, middle_share(left))) for k, left in enumerate(below)]
        weight = by_order(sizes_by_shares(np.array(shares, np.float64).reshape(len(below), draws).T), place, there)
    return there, place, weight


def _there(case: Case, want: Want, at: str, columns: Columns, draws: int, true: Truths) -> NDArray[np.bool_]:
    """Whether a want is there: all claims that it needs are true; or, where it needs none, any that supports it."""
    needed, supporting = ([name for name in names if name in case.file.claims] for names in (want.because, want.supported_by))
    for name in needed or supporting:
        if name not in true:
            true[name] = _true(case, name, columns, draws)
    if needed or supporting:
        return reduce(np.logical_and if needed else np.logical_or, [true[name] for name in needed or supporting])
    return columns[at].astype(bool) if at in columns else np.ones(draws, bool)


def _true(case: Case, name: str, columns: Columns, draws: int) -> NDArray[np.bool_]:
    always, claim = np.ones(draws, bool), case.file.claims[name]
    true = columns.get(f"claims.{name}", always).astype(bool)
    for source in sources_of(case, claim):
        true = true & columns.get(f"sources.{source}", always).astype(bool)
    for who, degree in heard_through(claim):
        true = true & (columns.get(f"speakers.{who}", np.zeros(draws)).astype(np.int64) <= _DEGREES.index(CHANCE[degree]))
    return true


_DEGREES = sorted(set(CHANCE.values()))
