"""What was seen, what may follow and where things will stand on the main case, worked out again from its file by code of our own.

`tests/oracle/plain_courses.py` imports nothing of the program. `BESTAND_SEARCH=1` takes all versions of the parties; else
one party alone has two.
"""

from __future__ import annotations

import functools
import itertools
import os

import numpy as np
import pytest

from bestand import forecast, indicators, posterior, read, scenarios
from bestand.case.without import of_types
from bestand.case.write import expanded_text
from tests.depth import only_in_depth
from tests.oracle.plain_courses import MONTH, Version, courses, sign, stands, today
from tests.oracle.plain_truce import Board
from tests.oracle.plain_view import File

pytestmark = only_in_depth
SEARCHING = bool(os.environ.get("BESTAND_SEARCH"))
AHEAD = 6.0  # months
TYPED = ("ru", "ua", "us", "eu")  # parties whose versions differ in what they do
DAYS = 8  # from the talks to the day of the case
TERMS = ("truce_in_force", "truce_signed", "annexations_kept")


@functools.cache
def case():
    """The case, with one version of each party but of one for sure unless all are to be played."""
    stated = read("ukraine/2025-04")
    several = {party: about.types for party, about in stated.file.parties.items() if about.types and party != "ru"}
    usual = {party: max(types, key=lambda name: types[name].value) for party, types in several.items()}
    return stated if SEARCHING else of_types(stated, usual)


@functools.cache
def played() -> tuple[Board, list[tuple[float, dict[str, str], Version]]]:
    """Every version that has a chance, by the plain reader."""
    file = File(expanded_text(case()))
    board = Board(file, "core", {})
    made = []
    for chosen in itertools.product(*(file.types(party).items() for party in TYPED)):
        chance = float(np.prod([chance for _, chance in chosen]))
        types = file.usual() | {party: name for party, (name, _) in zip(TYPED, chosen, strict=True)}
        if chance:
            made.append((chance, types, Version(board, types, AHEAD, step=0.1 if SEARCHING else 0.2)))
    return board, made


def watched() -> list[tuple[str, str]]:
    return [(seen["lever"], seen["not_given"]) for seen in played()[0].file.file["observations"]]


@functools.cache
def weighed() -> tuple[tuple[float, Version], ...]:
    """Versions with their chances after what was seen, by Bayes' rule."""
    made = played()[1]
    weight = np.array([chance * np.exp(sum(version.silence(watched(), DAYS))) for chance, _, version in made])
    return tuple(zip(weight / weight.sum(), (version for _, _, version in made), strict=True))


def test_what_was_not_seen_weighs_as_much():
    found = posterior(case(), ahead=AHEAD)
    ours = {tuple(types[party] for party in TYPED): version for _, types, version in played()[1]}
    assert len(found.played.versions) == len(ours)
    usual = played()[0].file.usual()
    assert len(ours) > 1
    for k, each in enumerate(found.played.versions):
        version = ours[tuple({**usual, **each.types}[party] for party in TYPED)]
        assert found.by_entry[0, k] == pytest.approx(version.silence(watched(), DAYS), abs=2e-4)
        assert found.by_week[0, k, -1] == pytest.approx(sum(version.silence(watched(), DAYS)), abs=5e-4)


def test_levers_and_terms_will_stand_as_likely_where_the_forecast_says():
    months = (1.0, 6.0) if SEARCHING else (1.0,)
    found = forecast(case(), months=months, ahead=AHEAD)
    board = played()[0]
    mass = {}
    for month in months:
        mass[month] = sum(chance * version.after(today(board), month) for chance, version in weighed())
    days = sorted({question.on for question in found.questions})
    n_held = 0
    for question in found.questions:
        month = months[days.index(question.on)]
        for setting, chance in question.chances.items():
            if question.kind == "lever":
                ours = mass[month][stands(board, question.of, setting)].sum()
            else:
                ours = mass[month][board.holds(question.of) == (setting == "yes")].sum()
            assert chance == pytest.approx(ours, abs=2e-3), (question.of, setting)
            n_held += 1
    assert n_held > 30


def test_the_likeliest_courses_are_as_likely():
    found = scenarios(case(), months=2.0, steps=2, by=TERMS, ahead=AHEAD)
    ours = courses(weighed(), TERMS, (1.0, 2.0))
    told = {tuple(frozenset(found.branches[j].holds) for j in found.course(k)[1:]): found.branches[k].chance
            for k in found.ends if all(found.branches[j].holds is not None for j in found.course(k))}  # fmt: skip
    assert told
    for way, chance in told.items():
        assert chance == pytest.approx(ours[way], abs=2e-3), way
    assert sum(ours.values()) == pytest.approx(1.0, abs=1e-4)


def test_a_sign_is_as_likely_and_says_as_much():
    """The chance of seeing it, too, is among courses in which the outcome has not come by then: over all courses it is another.

    Versions in which the outcome cannot come were left out of all chances, so that 20 % was told as 29 %.
    """
    found = indicators(case(), weeks=8, months=6, outcome="truce_in_force", ahead=AHEAD)
    soon, n_held = 56 / MONTH, 0
    for each in found.indicators:
        if each.about == "outcome" and n_held < 3:
            ours = sign(weighed(), "truce_in_force", each.lever, each.setting, soon, 6.0)
            if each.one != "comes":
                ours |= {name: 1 - ours[name] for name in ("now", "seen", "silent")}
            told = {"chance": each.chance, "now": each.before, "seen": each.seen, "silent": each.silent}
            assert told == pytest.approx(ours, abs=4e-3), (each.lever, each.setting)
            n_held += 1
    assert n_held
    chances = {each.before if each.one == "comes" else 1 - each.before for each in found.indicators if each.about == "outcome"}
    assert max(chances) - min(chances) < 1e-9  # one chance beforehand, whatever is looked for
    board = played()[0]
    comes = [float(version.after(today(board), 6.0)[board.holds("truce_in_force")].sum()) for _, version in weighed()]
    assert min(comes) < 1e-6
    assert max(comes) > 0.2
