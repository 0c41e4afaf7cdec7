"""Sizes of graphs: what is too large is refused before anything about it is worked out, and what is small is found soon, among however many."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

import bestand
from bestand.case.read import read_text
from bestand.errors import AskError, GraphError
from bestand.graph import build as building
from bestand.graph.conflict import Conflict
from bestand.truce import survival as playing
from bestand.truce import withdrawal as leaving
from tests.depth import DEEP
from tests.hostile.test_options import case

ASKS = {
    "scenarios": bestand.scenarios,
    "indicators": lambda asked: bestand.indicators(asked, outcome="truce"),
    "withdrawal": lambda asked: bestand.withdrawal(asked, event="e", start="truce", truce="truce"),
    "survival": lambda asked: bestand.survival(asked, start="truce", truce="truce", months=[1]),
}


@pytest.mark.parametrize("ask", ASKS)
def test_what_is_too_large_to_play_is_refused_before_worths_and_moves_are_made(ask, monkeypatch):
    asked = bestand.conflict(case())

    def worked(*_: object, **__: object) -> None:
        raise AssertionError("something was worked out")

    monkeypatch.setattr(playing, "MOST_CELLS", 1)
    monkeypatch.setattr(Conflict, "worths", worked)
    monkeypatch.setattr(Conflict, "of", worked)
    with pytest.raises(AskError) as refused:
        ASKS[ask](asked)
    assert refused.value.code == "truce/too-large"


def test_a_guarantor_with_many_levers_is_refused_before_its_moves_are_followed(monkeypatch):
    levers = "".join(f"  a.l{k}: {{is: lever {k}, now: yes, assumed: t}}\n" for k in range(13))
    event = '{is: leaves, sets: {a.l12: "no"}, per_month: {value: 0.1, assumed: t}, assumed: t}'
    asked = bestand.conflict(read_text(
        f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}}}\nlevers:\n{levers}terms: {{truce: a.l0}}\n"
        f"wants: {{a: [{{that: a.l0, worth: 1, assumed: t}}]}}\nevents: {{e: {event}}}\n"
    ))  # fmt: skip

    def followed(*_: object) -> None:
        raise AssertionError("moves were followed")

    monkeypatch.setattr(leaving, "arcs", followed)
    for months in ([1], None):
        with pytest.raises(AskError) as refused:
            bestand.withdrawal(asked, event="e", start="truce", truce="truce", months=months, budget=bestand.Budget(seconds=0.5))
        assert refused.value.code == "graph/too-long"
    with pytest.raises(AssertionError):
        bestand.withdrawal(asked, event="e", start="truce", truce="truce", budget=bestand.Budget(seconds=1e6))


def chain(n: int, n_parties: int = 4) -> str:
    """Levers of which each may be at yes only if the one before it is: n + 1 states of 2^n combinations."""
    text = "bestand: 1\ntitle: T\nparties: {" + ", ".join(f"p{k}: {{name: P{k}}}" for k in range(n_parties)) + "}\nlevers:\n"
    levers = [f"p{k % n_parties}.l{k}" for k in range(n)]
    text += "".join(f"  {lever}: {{is: {lever}, assumed: t}}\n" for lever in levers) + "never:\n"
    return text + "".join(f"  - {{that: {lever} and not {before}, assumed: t}}\n" for before, lever in itertools.pairwise(levers))


def test_few_states_of_very_many_combinations_are_come_by_without_looking_at_each():
    began = time.process_time()
    graph = bestand.conflict(read_text(chain(30))).graph
    assert time.process_time() - began < 2 and graph.n_states == 31
    assert sorted(sum(int(graph.digits(lever)[s]) for lever in graph.levers) for s in range(31)) == list(range(31))


def test_bans_leave_the_same_states_whichever_way_they_are_looked_for(monkeypatch):
    rng = np.random.default_rng(3)
    for _ in range(20 if DEEP else 5):
        levers = [f"p{k % 3}.l{k}" for k in rng.permutation(9)]
        settings = {lever: [f"s{k}" for k in range(rng.integers(2, 5))] for lever in levers}
        text = "bestand: 1\ntitle: T\nparties: {p0: {name: A}, p1: {name: B}, p2: {name: C}}\nlevers:\n"
        text += "".join(f"  {lever}: {{is: x, settings: [{', '.join(each)}], assumed: t}}\n" for lever, each in settings.items())
        text += f"terms: {{t: {levers[0]} or not {levers[1]}}}\nnever:\n"
        for _ in range(rng.integers(1, 8)):
            some = rng.choice(levers, rng.integers(1, 4), replace=False)
            text += f"  - {{that: {' and '.join([*(f'{lever} = {rng.choice(settings[lever])}' for lever in some), 't'][: rng.integers(2, 5)])}, assumed: t}}\n"
        case = read_text(text)
        codes = []
        for at_once in (1 << 30, 0):
            monkeypatch.setattr(building, "CHUNK", 64)
            monkeypatch.setattr(building, "MOST_AT_ONCE", at_once)
            codes.append(building.build(case, hold={levers[2]: "s1"}).codes)
        assert codes[0].tolist() == codes[1].tolist() and codes[0].size


@pytest.mark.parametrize("kind", ["u1", "i2", "i8", "u8"])
def test_very_many_numbers_of_states_are_looked_at_at_once(kind):
    asked = bestand.conflict(case())
    began, many = time.process_time(), np.zeros(20_000_000, kind)
    many[-1] = 1
    assert asked.states(many)[-2:].tolist() == [0, 1]
    many[7] = asked.graph.n_states
    with pytest.raises(GraphError, match=f"no state {asked.graph.n_states}"):
        asked.states(many)
    for other in (many.astype("f4"), many.reshape(2, -1)):
        with pytest.raises(GraphError, match="no state an array"):
            asked.states(other)
    assert time.process_time() - began < 4
