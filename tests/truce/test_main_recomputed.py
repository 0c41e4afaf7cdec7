"""How long a truce of the main case lasts, and what the record makes of it, worked out again from the file by code of our own.

`tests/oracle/plain_truce.py` imports nothing of the program. Of the case as it stands every posture must agree to a twentieth of a point; over draws made by
other rules of chance, within what so many can tell. `BESTAND_SEARCH=1` looks twelve months ahead, in 150 draws.
"""

from __future__ import annotations

import functools
import itertools
import os

import numpy as np
import pytest

from bestand import base_rates, combine, conflict, equilibrium, postures, read, strategies, withdrawal
from bestand.case.lines import with_file
from bestand.case.write import expanded_text
from bestand.study.hypotheses import verdicts
from tests.depth import only_in_depth
from tests.oracle.plain_truce import Board, Truce, as_stated, drawn, wants_as_stated, wants_drawn
from tests.oracle.plain_view import File
from tests.shipped import shipped

NAME = "ukraine/2025-04"
pytestmark = only_in_depth
SEARCHING = bool(os.environ.get("BESTAND_SEARCH"))
MONTHS = (0.5, 1.0, 3.0, 6.0, 12.0) if SEARCHING else (0.5, 1.0, 2.0)
N_OURS = 150 if SEARCHING else 12
TRUCE, BACKSTOP = "truce_in_force", "us.presence"
LEAST = {"ua.army": "as_now", "eu.force": "none", "us.presence": "gone"}


@functools.cache
def file() -> File:
    return File(expanded_text(read(NAME)))


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
    assert len(told.results) == 10 and {each.backstop for each in told.results if each.leaves} == {"full", "lasting"}
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


def test_what_each_zone_is_worth_is_its_share_over_all_orders(told):
    """Every set of zones at its most, the others at their least; then Shapley's mean over the orders in which they are manned."""
    about, zones = file().file["deterrence"], {name: zone for name, zone in file().file["zones"].items() if zone.get("guards")}
    size = {guard["lever"]: guard["troops_k"] for zone in zones.values() for guard in zone["guards"]} | {BACKSTOP: about["backstop"]["strength"]}
    least = {lever: min(each, key=lambda setting: as_stated(each[setting])) for lever, each in size.items()}
    assert least == LEAST
    holds = {}
    for manned in (each for n in range(len(zones) + 1) for each in itertools.combinations(zones, n)):
        most = {guard["lever"]: guard["troops_k"] for zone in manned for guard in zones[zone]["guards"]}
        sets = least | {lever: max(each, key=lambda setting: as_stated(each[setting])) for lever, each in most.items()}
        made = Board(file(), "guarded", sets)
        holds[manned] = Truce(made, wants_as_stated(file()), as_stated).alive(nearest(made, sets, "guarded"), TRUCE, MONTHS)[-1]
    orders = list(itertools.permutations(zones))
    share = dict.fromkeys(zones, 0.0)
    for order in orders:
        for k, zone in enumerate(order):
            before, after = (tuple(each for each in zones if each in order[:n]) for n in (k, k + 1))
            share[zone] += (holds[after] - holds[before]) / len(orders)
    own = postures(conflict(read(NAME), view="guarded"), months=MONTHS, every=False)
    assert own.subsets == pytest.approx(holds, abs=5e-4) and own.shapley == pytest.approx(share, abs=5e-4) and max(share.values()) > 0.1


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


def nearest(made: Board, held: dict[str, str], view: str) -> int:
    """The state with the truce that is nearest to today, with what is held."""
    at = {**file().now, **(file().file["views"][view].get("fixed") or {}), **held}
    return int(min(np.flatnonzero(made.ok & made.holds(TRUCE)), key=lambda s: sum(at[lever] != setting for lever, setting in made.at.settings(int(s)).items())))


def test_every_strategy_of_the_case_as_it_stands_lasts_as_long():
    """Whether escalation pays, under every backstop and with one that leaves."""
    case, stated = read(NAME), file().file["deterrence"]
    view = stated["strategies_view"]
    found = strategies(conflict(case, view=view), months=[3.0])
    assert len(found.results) == 20
    for each in found.results:
        sets = {**stated["strategies"][each.name]["sets"], BACKSTOP: each.backstop}
        held = {lever: setting for lever, setting in sets.items() if not (each.leaves and lever == BACKSTOP)}
        made = Board(file(), view, held, closed=[BACKSTOP] if each.leaves else ())
        ours = Truce(made, wants_as_stated(file())).alive(nearest(made, sets, view), TRUCE, [3.0])
        assert each.alive[0] == pytest.approx(ours, abs=5e-4), (each.name, each.backstop, each.leaves)


def test_a_guarantor_that_leaves_takes_as_much_with_it_whatever_is_known_of_the_day():
    """The date itself is taken as it is told: at that day everybody stands where the event takes them, and has played for it before."""
    date, months, step = 4.0, (2.0, 3.0, 5.0, 6.0), 0.05
    sets = {lever: setting for lever, setting in file().file["deterrence"]["postures"]["three_zones"]["sets"].items() if lever != BACKSTOP}
    asked = conflict(read(NAME), view="guarded").hold(sets)
    found = withdrawal(asked, event="us_withdraws", start=TRUCE, truce=TRUCE, month=date, months=months)
    made = Board(file(), "guarded", sets, closed=[BACKSTOP])
    played, holds, start = Truce(made, wants_as_stated(file())), made.holds(TRUCE) & made.ok, nearest(made, sets, "guarded")
    (place,) = (k for k, (target, _) in enumerate(played.rates) if (made.at.column[BACKSTOP][target] != made.at.column[BACKSTOP]).any())
    target, can = played.rates[place][0], played.rates[place][1] > 0
    gone, whole = np.where(can, target, np.arange(made.at.n)), round(2 * months[-1] / step)

    def rate(per_month: float) -> None:
        played.rates[place] = (target, np.where(can, per_month, 0.0))

    def curve(values, mass, n_steps: int):
        return played.kept_on(values, mass, holds, n_steps, step=step)

    first, after, before = np.eye(made.at.n)[start], round(date / step), np.zeros(made.at.n)
    rate(0.0)
    stays = played.values(whole, step=step)
    late = played.values(whole - after, step=step)
    dated = played.values(after, step=step, end=late[0][:, gone])
    known = curve(dated, first, after)
    np.add.at(before, gone, known[-1])
    ours = {"stays": curve(stays, first, round(months[-1] / step)), "known date": [*known[:-1], *curve(late, before, round(months[-1] / step) - after)]}
    rate(1 / date)
    ours["unknown date, unforeseen"] = curve(stays, first, round(months[-1] / step))
    ours["unknown date, foreseen"] = curve(played.values(whole, step=step), first, round(months[-1] / step))
    for name, masses in ours.items():
        assert found.alive[name][0] == pytest.approx([masses[round(month / step)].sum() for month in months], abs=2e-3), name


@pytest.mark.parametrize("backstop", ["full", "umbrella"])
def test_what_is_played_for_ever_leaves_nothing_in_the_equations_of_a_case_with_zones(backstop):
    """The command counted the zones and the function of the same name did not: its values missed those of the attacker by 2 a month."""
    found = equilibrium(conflict(read(NAME), view="guarded", hold={BACKSTOP: backstop}))
    graph, made = found.game.graph, Board(file(), "guarded", {BACKSTOP: backstop})
    ours = {tuple(made.at.settings(s)[lever] for lever in graph.levers): s for s in range(made.at.n)}
    places = [ours[tuple(graph.at(s)[lever] for lever in graph.levers)] for s in range(graph.n_states)]
    played = Truce(made, wants_as_stated(file()))
    values = np.zeros_like(played.flow)
    for k, party in enumerate(played.parties):
        values[k, places] = found.values[found.game.conflict.party(party)]
    assert np.abs(played.slope(values)).max() < 1e-6 and np.ptp(played.flow, axis=1).max() > 1


def played_claims() -> list[tuple[str, int]]:
    """Tests of hypotheses that are played forward, by name and place."""
    stated = shipped(NAME).file.hypotheses
    every = [(name, k) for name, about in stated.items() for k, test in enumerate(about.test) if test.ask == "holds_longer"]
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
