"""Graphs of very many states: conditions are looked at on combinations of levers, and all comes out as state by state."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bestand.case.read import read, read_text
from bestand.graph.conflict import conflict
from tests.depth import spread
from tests.oracle.random_cases import either

FEW = ("bestand.graph.model.MOST_KNOWN", "bestand.graph.build.MOST_KNOWN", "bestand.graph.conflict.MOST_LOOKED")
EVENTS = "events:\n  night: {is: night falls, when: not p0.l0 >= s1, sets: {p0.l0: s1}, per_month: 2}\n"


def as_many(monkeypatch, chunk=6):
    """From here on every graph counts as one of very many states, and combinations are looked through by the handful."""
    for name in FEW:
        monkeypatch.setattr(name, 0)
    monkeypatch.setattr("bestand.graph.build.CHUNK", chunk)


def same(ours, theirs):
    for field in dataclasses.fields(ours):
        mine, other = getattr(ours, field.name), getattr(theirs, field.name)
        assert np.array_equal(mine, other) if isinstance(mine, np.ndarray) else mine == other, field.name


@pytest.mark.parametrize("sparse", [0, 1000])
@spread("first", range(0, 60, 20))
def test_states_moves_events_masks_and_worths_are_those_worked_out_state_by_state(monkeypatch, first, sparse):
    """Also where so many combinations are banned that states are looked at by themselves (sparse = 0)."""
    cases = [read_text(either(seed).text() + EVENTS * (seed % 2)) for seed in range(first, first + 20)]
    plain = [conflict(case, draws=1 + 8 * (k % 2)) for k, case in enumerate(cases)]
    for asked in plain:
        assert asked.worth.rank.size and not asked.graph.wide
    as_many(monkeypatch)
    monkeypatch.setattr("bestand.graph.model.SPARSE", sparse)
    for asked in plain:
        wide = conflict(asked.case, draws=asked.draws)
        assert wide.graph.wide == bool(sparse and wide.graph.levers)
        assert np.array_equal(wide.graph.codes, asked.graph.codes) and wide.graph.now == asked.graph.now
        for ours, theirs in zip((*wide.graph.moves, *wide.graph.chances), (*asked.graph.moves, *asked.graph.chances), strict=True):
            same(ours, theirs)
        for lever in asked.graph.levers:
            assert np.array_equal(wide.graph.digits(lever), asked.graph.digits(lever)), lever
        assert np.array_equal(wide.worth.rank, asked.worth.rank) and wide.worth.types == asked.worth.types
        for party in asked.parties:
            assert np.array_equal(wide.rank_of(party), asked.rank_of(party)), party
            for want in (want for listed in asked.case.wants(party).values() for want in listed):
                assert np.array_equal(wide.where(want.that), asked.where(want.that)), want.that


@pytest.mark.parametrize("view", ["core", "guarded", "pressure"])
def test_sizes_and_versions_of_the_talks_are_those_worked_out_state_by_state(monkeypatch, view):
    case = read("ukraine/2025-04")
    plain = conflict(case, view=view, draws=5)
    before = plain.worth, plain.sized
    as_many(monkeypatch, chunk=1 << 10)
    wide = conflict(case, view=view, draws=5)
    for ours, theirs in zip((wide.worth, wide.sized), before, strict=True):
        assert np.array_equal(ours.rank, theirs.rank) and ours.types == theirs.types and ours.absent == theirs.absent
    assert np.array_equal(wide.sized.value, before[1].value)
    line = wide.statements()[0]
    assert np.array_equal(wide.without(line).worth.rank, plain.without(line).worth.rank)


def test_a_party_without_levers_shares_its_moves_with_every_other_such_party():
    asked = conflict(read_text(
        "bestand: 1\ntitle: t\nparties: {a: {name: A}, b: {name: B}, c: {name: C}}\nlevers: {a.x: {is: x}}\nwants: {b: [{that: a.x}]}\n"
    ))  # fmt: skip
    assert asked.graph.moves[1] is asked.graph.moves[2] and asked.graph.moves[1] is not asked.graph.moves[0]
    assert [moves.any for moves in asked.graph.moves] == [True, False, False]
