"""What was seen and what may follow in an invented case with a dated record, worked out again from its file by code of our own.

In the record of the mountain road something is *seen* to be done, which the main case has not. `tests/oracle/plain_courses.py` imports nothing of the program.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest

from bestand import forecast, indicators, posterior, read, scenarios
from bestand.case.write import expanded_text
from tests.depth import in_depth
from tests.oracle.plain_courses import MONTH, Version, courses, sign, stands, today
from tests.oracle.plain_truce import Board
from tests.oracle.plain_view import File

NAME, PARTY, AHEAD = "invented/mountain-road", "gang", 6.0
TERMS = ("in_danger", "free")


@functools.cache
def played() -> tuple[Board, dict[str, tuple[float, Version]]]:
    """Either version of those who hold her, with its chance beforehand."""
    file = File(expanded_text(read(NAME)))
    board = Board(file, "core", {})
    return board, {name: (chance, Version(board, file.usual() | {PARTY: name}, AHEAD, step=0.05)) for name, chance in file.types(PARTY).items()}


def log_likelihood(version: Version) -> float:
    """Three days in which no threat is made, a threat that asks for no less, and six days in which nothing else comes; the priest is not in this view."""
    board = played()[0]
    now = board.at.now
    before = int(board.goes("gang.threat", "none")[now])
    at = {name: stands(board, lever, setting) for name, lever, setting in (
        ("pays", "family.pays", "yes"), ("talks", "ministry.talks", "yes"), ("asks", "gang.asks_little", "yes"),
        ("threat", "gang.threat", "threatened"), ("deed", "gang.threat", "carried_out"), ("silent", "gang.threat", "none"))}  # fmt: skip

    def rate(state: int, wanted: np.ndarray) -> float:
        return sum(float(r[state]) for target, r in version.moves if int(target[state]) != state and wanted[int(target[state])])

    first = at["pays"] | at["talks"] | ~at["silent"]
    waited = 3 * rate(before, first) + 2 * rate(before, at["asks"] & ~first)  # less was not asked for from the second day on
    waited += 6 * rate(now, at["pays"] | at["talks"] | at["asks"] | at["deed"])
    return float(np.log(rate(before, at["threat"] & ~at["asks"]))) - waited / MONTH


@functools.cache
def weighed() -> dict[str, float]:
    """Chances of the versions after what was seen, by Bayes' rule."""
    weight = {name: chance * np.exp(log_likelihood(version)) for name, (chance, version) in played()[1].items()}
    return {name: each / sum(weight.values()) for name, each in weight.items()}


@in_depth
def test_a_move_that_was_seen_is_none_that_does_what_was_not_done():
    """A threat made together with asking for less counted as the threat that was seen, though less was not asked for: 87 % was told where it is 96 %."""
    found = posterior(read(NAME), ahead=AHEAD)
    told = {each.types[PARTY]: found.by_entry[0, k].sum() for k, each in enumerate(found.played.versions)}
    assert told == pytest.approx({name: log_likelihood(version) for name, (_, version) in played()[1].items()}, abs=0.02)
    assert {name: found.own.of(PARTY, name) for name in told} == pytest.approx(weighed(), abs=3e-3) and weighed()["for_their_men"] > 0.95


@in_depth
def test_what_may_follow_is_as_likely():
    board, versions = played()
    mixed = [(weighed()[name], version) for name, (_, version) in versions.items()]
    made = forecast(read(NAME), months=(1.0,), ahead=AHEAD)
    mass = sum(chance * version.after(today(board), 1.0) for chance, version in mixed)
    for question in made.questions:
        for setting, chance in question.chances.items():
            where = stands(board, question.of, setting) if question.kind == "lever" else board.holds(question.of) == (setting == "yes")
            assert chance == pytest.approx(mass[where].sum(), abs=5e-3), (question.of, setting)
    tree = scenarios(read(NAME), months=2.0, steps=2, by=TERMS, ahead=AHEAD)
    ours = courses(mixed, TERMS, (1.0, 2.0))
    told = {tuple(frozenset(tree.branches[j].holds) for j in tree.course(k)[1:]): tree.branches[k].chance
            for k in tree.ends if all(tree.branches[j].holds is not None for j in tree.course(k))}  # fmt: skip
    assert len(told) > 2 and {way: ours[way] for way in told} == pytest.approx(told, abs=5e-3)


@in_depth
def test_signs_say_as_much():
    mixed = [(weighed()[name], version) for name, (_, version) in played()[1].items()]
    found = [each for each in indicators(read(NAME), weeks=8, months=6, outcome="in_danger", ahead=AHEAD).indicators if each.about == "outcome"][:2]
    assert found
    for each in found:
        ours = sign(mixed, "in_danger", each.lever, each.setting, 56 / MONTH, 6.0)
        if each.one != "comes":
            ours |= {name: 1 - ours[name] for name in ("now", "seen", "silent")}
        assert {"chance": each.chance, "now": each.before, "seen": each.seen, "silent": each.silent} == pytest.approx(ours, abs=6e-3)
