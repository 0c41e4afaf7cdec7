"""How long a truce of the main case lasts, and what the record makes of it, worked out again from the file by code of our own.

`tests/oracle/plain_truce.py` imports nothing of the program. Of the case as it stands every posture must agree to a twentieth of a point; over draws made by
other rules of chance, within what so many can tell. `BESTAND_SEARCH=1` looks twelve months ahead, in 150 draws.
"""

from __future__ import annotations

import functools
import os

import numpy as np
import pytest
import yaml

from bestand import base_rates, combine, conflict, postures, read
from bestand.case.lines import with_file
from bestand.case.write import expanded_text
from bestand.study.hypotheses import verdicts
from tests.oracle.plain_truce import Board, Truce, as_stated, drawn, wants_as_stated, wants_drawn
from tests.oracle.plain_view import File

NAME = "ukraine/2025-04"
SEARCHING = bool(os.environ.get("BESTAND_SEARCH"))
MONTHS = (0.5, 1.0, 3.0, 6.0, 12.0) if SEARCHING else (0.5, 1.0, 2.0)
N_OURS = 150 if SEARCHING else 12
TRUCE, BACKSTOP = "truce_in_force", "us.presence"
LEAST = {"ua.army": "as_now", "eu.force": "none", "us.presence": "gone"}


@functools.cache
def file() -> File:
    return File(yaml.load(expanded_text(read(NAME)), Loader=yaml.BaseLoader))


@functools.cache
def board(name: str, leaves: bool) -> tuple[Board, int]:
    """States under a posture, and the one in which the clock starts: nobody attacks, all else as today and as the posture has it."""
    sets = LEAST if name == "least" else file().file["deterrence"]["postures"][name]["sets"]
    held = {lever: setting for lever, setting in sets.items() if not (leaves and lever == BACKSTOP)}
    made = Board(file(), "guarded", held, closed=[BACKSTOP] if leaves else ())
    at = {**file().now, **file().file["views"]["guarded"]["fixed"], **sets, "ru.attacks": "quiet"}
    (start,) = (k for k in range(made.at.n) if made.ok[k] and all(at[lever] == setting for lever, setting in made.at.settings(k).items()))
    assert made.holds(TRUCE)[start]
    return made, start


def alive(name: str, leaves: bool, wants, of) -> np.ndarray:
    made, start = board(name, leaves)
    return Truce(made, wants, of).alive(start, TRUCE, MONTHS)


@pytest.fixture(scope="module")
def told():
    return postures(conflict(read(NAME), view="guarded", draws=400 if SEARCHING else 120, seed=4), months=MONTHS, every=False)


def test_every_posture_of_the_case_as_it_stands_lasts_as_long(told):
    assert len(told.results) == 12
    for each in told.results:
        assert alive(each.name, each.leaves, wants_as_stated(file()), as_stated) == pytest.approx(each.alive[0], abs=5e-4), (each.name, each.leaves)


def test_over_draws_of_our_own_the_three_zones_last_as_long_and_the_record_makes_as_much_of_it(told):
    """The mean of the survival, of the ratio to a truce without guards, and of the pool: level raised to game, record and one."""
    (zones,) = (each for each in told.results if each.name == "three_zones" and each.leaves)
    rng, ours, least = np.random.default_rng(5), [], []
    for _ in range(N_OURS):
        wants, of = wants_drawn(file(), rng), drawn(rng)
        ours.append(alive("three_zones", True, wants, of))
        least.append(alive("least", False, wants, of))
    ours, least = np.array(ours), np.array(least)
    spread = np.sqrt(ours.var(axis=0, ddof=1) / N_OURS + zones.alive.var(axis=0) / len(zones.alive))
    assert (np.abs(ours.mean(axis=0) - zones.alive.mean(axis=0)) < 3.5 * spread).all() and (ours.std(axis=0) > 0.05).all()

    known = (least > 1e-9) & (ours > 1e-9)
    last = [np.flatnonzero(row)[-1] for row in known]
    ratio = np.array([np.log(a[k]) / np.log(b[k]) for a, b, k in zip(ours, least, last, strict=True)])
    program = combine(base_rates("interstate-fatal"), zones.ratio[np.isfinite(zones.ratio)], weights={"game": 1 / 3, "empirical": 1 / 3, "no difference": 1 / 3},
                      cause_present=True, against="absent", breakdown="fatal clash", years=[1.0])  # fmt: skip
    level = 0.61
    record = np.exp(np.log(0.427) + np.log(0.92 / 0.20) / (2 * 1.959964) * rng.standard_normal(200_000))
    pool = np.array([(level**ratio).mean(), (level**record).mean(), level]).mean()
    assert abs(pool - program.pool[0, 0]) < 3.5 * np.sqrt((level**ratio).var(ddof=1) / N_OURS) / 3 + 0.004
    assert program.level[0, 0] == pytest.approx(level, abs=0.005)


def test_what_ends_it_is_told_of_the_posture_that_does_best(ukraine):
    """The brief told, under the posture that does best of its group, what ends another one: that of the strongest backstop, which no party breaks."""
    truce = ukraine.truce
    assert truce.breaks[0].posture is truce.best and truce.best.backstop == "lasting" and truce.best.leaves
    made, start = board(truce.best.name, True)
    alive_, by = Truce(made, wants_as_stated(file())).left(start, TRUCE, (12.0,))
    rows, events = truce.breaks[0].table.rows, file().file["events"]
    told = {"": sum(row[2] for row in rows if row[0] in events), "ru": sum(row[2] for row in rows if row[0] == "ru")}
    assert told["ru"] > 0.6 and alive_[0] == pytest.approx(truce.best.alive[0, -1], abs=5e-4)
    assert {who: by[who] / sum(by.values()) for who in told} == pytest.approx(told, abs=0.01)


def played_claims() -> list[tuple[str, int]]:
    """Tests of hypotheses that are played forward, by name and place."""
    stated = file().file["hypotheses"]
    every = [(name, k) for name, about in stated.items() for k, test in enumerate(put_by(about)) if test["ask"] == "holds_longer"]
    return every if SEARCHING else [each for each in every if each[0] in ("h_three_zones", "h_afford")]


def put_by(about) -> list:
    return about["test"] if isinstance(about["test"], list) else [about["test"]]


@pytest.mark.parametrize(("name", "k"), played_claims())
def test_claims_that_are_played_forward_last_as_long_on_both_sides(name, k):
    """How long what is asked of lasts, in percent of the months, with what is held and with what that is held against."""
    case, test = read(NAME), put_by(file().file["hypotheses"][name])[k]
    (told,) = verdicts(with_file(case, hypotheses={name: case.file.hypotheses[name]}))
    months, that, view, step = float(test.get("months", 12)), test["that"], test["view"], 0.1
    ours = []
    for held in (test["hold"], test["against"]):
        made, at = Board(file(), view, held), {**file().now, **(file().file["views"][view].get("fixed") or {}), **held}
        starts = np.flatnonzero(made.ok & made.holds(test.get("from") or that))
        start = min(starts, key=lambda s: sum(at[lever] != setting for lever, setting in made.at.settings(int(s)).items()))
        curve = Truce(made, wants_as_stated(file())).alive(int(start), that, step * np.arange(1, round(months / step) + 1), step=step)
        ours.append(100 * step * (curve.sum() + (1 - curve[-1]) / 2) / months)
    parts = told.outcomes[k].parts
    assert [float(parts[f"{side}_share"]) for side in ("here", "there")] == pytest.approx(ours, abs=0.7)
