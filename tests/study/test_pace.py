"""Commands keep to their --seconds: what the next step takes is reckoned from those before it, and what did not fit is said.

The clock is one that only work moves on, so that the tests count steps and measure no machine.
"""

from __future__ import annotations

import itertools
import random
import time

import numpy as np
import pytest
from click.testing import CliRunner

from bestand import kernels
from bestand.case.read import read, read_text
from bestand.cli import COMMANDS, main
from bestand.errors import AskError
from bestand.graph import conflict as conflict_module
from bestand.graph.budget import Budget, Pace
from bestand.graph.conflict import Conflict, conflict
from bestand.negotiate.unlock import unlock
from bestand.play import horizon as horizon_module
from bestand.study import by_source as by_source_module
from bestand.study import clock as clock_module
from bestand.study import compare as compare_module
from bestand.study import flips as flips_module
from bestand.study import outlook as outlook_module
from bestand.study import red_team as red_team_module
from bestand.study import stages as stages_module
from bestand.study import turns as turns_module
from bestand.study import versions as versions_module
from bestand.study.forecast import forecast
from bestand.study.indicators import indicators
from bestand.study.scenarios import scenarios
from bestand.study.watch import watch_answers
from bestand.truce import survival as survival_module
from bestand.truce import withdrawal as withdrawal_module
from bestand.truce.postures import postures
from bestand.truce.strategies import strategies
from bestand.truce.survival import survival
from bestand.truce.withdrawal import withdrawal
from tests.cli.test_terminal_words import CASE
from tests.conftest import WALL
from tests.depth import spread
from tests.oracle.dense_play import random_game
from tests.study.test_mind import GOAL, TEXT
from tests.truce.test_zones import case_with
from tests.two_versions import edited


class Clock:
    """Seconds that pass only where work is done."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def slow(self, monkeypatch: pytest.MonkeyPatch, home: object, name: str, seconds, *arguments: int) -> None:
        """Makes a function take so many seconds, or so many for each of what it is given."""
        work = getattr(home, name)

        def slower(*given, **more):
            self.now += seconds(*given, **more) if callable(seconds) else seconds
            return work(*given, **more)

        monkeypatch.setattr(home, name, slower)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize("seed", range(20))
def test_no_step_is_begun_that_takes_longer_than_those_before_it_left(clock, seed):
    rng = random.Random(seed)
    slowest, seconds = rng.uniform(0.1, 3), rng.uniform(0, 20)
    pace, steps = Pace(Budget(seconds=seconds, clock=clock), each=slowest), 0
    while pace.fits():
        took = slowest * rng.uniform(0.5, 1)
        pace.step(lambda took=took: setattr(clock, "now", clock.now + took))
        pace.each, steps = max(pace.each, slowest), steps + 1
    assert clock.now <= seconds and (steps > 0) == (seconds >= slowest)


def test_without_a_clock_each_piece_takes_what_is_reckoned():
    pace = Pace(Budget(seconds=6.0), each=2.0)
    assert (pace.fits(3), pace.fits(4), pace.most(9)) == (True, False, 3)
    pace.step(lambda: None)
    assert (pace.each, pace.fits(2), pace.fits(3), pace.most(9)) == (2.0, True, False, 2)
    pace.step(lambda: None, 2)
    assert not pace.fits() and pace.most(9) == 0


@spread("seconds", [0.5, 2.5, 3.0], first=1)
def test_turns_without_a_clock_asks_about_as_many_numbers_as_are_reckoned_to_fit(monkeypatch, seconds):
    asked, reckoned, tipping = [], 0.1, turns_module.tipping
    monkeypatch.setattr(turns_module, "seconds_of_draw", lambda *_: reckoned)
    monkeypatch.setattr(turns_module, "tipping", lambda case, some, *rest, **named: (asked.append(some), tipping(case, some, *rest, **named))[1])
    found = turns_module.turns(read("example/en"), budget=Budget(seconds=seconds))
    n_numbers = sum(each.kind == "number" for some in asked for each in some.openings)
    one_more = turns_module.TRIED + turns_module.HALVINGS
    assert n_numbers == max(0, int((seconds / reckoned - 1 - one_more) // turns_module.TRIED + 1))
    assert found.untried["lasts_a_year", "truce"] == len(turns_module.numbers_that_count(conflict(read("example/en"))).openings) - n_numbers


@pytest.mark.parametrize("seconds", [0.5, 3.0, 30.0, 3000.0])
def test_turns_keeps_to_its_time_and_says_what_was_left_out(clock, monkeypatch, seconds):
    clock.slow(monkeypatch, turns_module, "tipping", lambda case, some, *_, **__: 0.1 * len(some.openings))
    clock.slow(monkeypatch, turns_module, "answers", lambda drawn, _: float(drawn.draws > 1))
    found = turns_module.turns(read_text(TEXT), goal=GOAL, budget=Budget(seconds=seconds, clock=clock))
    first = 4 * turns_module.FIRST_TRIED * 0.1 + 2.0  # what has to be done once to know how long it takes
    assert clock.now <= max(seconds, first)
    if seconds == 3000.0:
        assert not any(found.untried.values()) and not found.silent and "want of time" not in str(found)
    if seconds == 0.5:
        assert any(found.untried.values()) and "want of time" in str(found)


def test_turns_without_time_builds_the_view_once_and_plays_nothing(monkeypatch, clock):
    views, built = [], conflict_module.built
    monkeypatch.setattr(conflict_module, "built", lambda *given: (views.append(given[1:3]), built(*given))[1])
    monkeypatch.setattr(turns_module, "seconds_of_draw", lambda *_: pytest.fail("there is no time to reckon how long play would take"))
    clock.slow(monkeypatch, turns_module, "answers", 5.0)
    found = turns_module.turns(read("example/en"), goal="truce", budget=Budget(seconds=3.0, clock=clock))
    assert len(views) == 1 and found.answers and all(found.untried.values()) and found.untried["lasts_a_year", "truce"]


@pytest.mark.parametrize("seconds", [4.0, 9.0, 20.0])
def test_unlock_looks_at_the_clock_between_conditions(clock, monkeypatch, seconds):
    clock.slow(monkeypatch, Conflict, "where", 1.0)
    first = unlock(conflict(read("example/en")), goal="truce", budget=Budget(seconds=0, clock=clock))
    needed = clock.now  # for the case as it stands, which is looked at in any case
    found = unlock(conflict(read("example/en")), goal="truce", budget=Budget(seconds=needed + seconds, clock=clock))
    assert clock.now - needed <= needed + seconds + 1 and first.complete == 0 and found.complete < 2 and "no time" in str(found)


@spread("seconds", [2.5, 8.0, 40.0, 150.0], first=2)
@pytest.mark.parametrize("n_edits", [3, 12])
def test_compare_samples_as_many_orders_as_fit(clock, monkeypatch, seconds, n_edits):
    made = next(each for each in (edited(seed, n_edits) for seed in range(9, 40)) if _differs(each))
    clock.slow(monkeypatch, compare_module, "concluded", 1.0)
    found = compare_module.compare(made.case(()), made.case(made.edits), budget=Budget(seconds=seconds, clock=clock))
    assert clock.now <= max(seconds, 4.0)  # both ends are asked in any case, and once more where some mixture is no case
    if found.values and not found.exact and not found.orders:
        assert "no time for what the difference comes from" in str(found) and not found.accounts
    for name, accounts in found.accounts.items():
        first, second = found.values[name]
        assert sum(each.share for each in accounts) == pytest.approx(second - first)


def _differs(made) -> bool:
    try:
        return bool(compare_module.compare(made.case(()), made.case(made.edits), budget=Budget(seconds=0)).values)
    except compare_module.AskError:
        return False


@pytest.mark.parametrize("seconds", [0.5, 3.0, 12.0, 1000.0])
def test_red_team_keeps_time_for_writing_and_asking_the_case_anew(clock, monkeypatch, seconds):
    clock.slow(monkeypatch, red_team_module, "concluded", 1.0)
    clock.slow(monkeypatch, red_team_module, "answers", lambda drawn, _: 0.1 * (drawn.draws - 1))
    found = red_team_module.red_team(read_text(TEXT), goal=GOAL, budget=Budget(seconds=seconds, clock=clock))
    assert clock.now <= max(seconds, 1.0)
    if seconds == 0.5:
        assert not found.tried and not found.turned and "there was no time to ask any" in str(found)
    if seconds == 1000.0:
        assert found.turned and found.whole


@pytest.mark.parametrize("seconds", [2.5, 9.0, 60.0])
def test_what_did_it_is_looked_for_as_long_as_the_next_set_fits(clock, monkeypatch, seconds):
    clock.slow(monkeypatch, flips_module, "concluded", 1.0)
    made = edited(3, 6)
    found = flips_module.flips(made.case(()), made.case(made.edits), goal="t0", budget=Budget(seconds=seconds, clock=clock))
    assert clock.now <= max(seconds, 2.0 + 1.0)
    assert all(each.whole for each in found.flips) or "not every set" in str(found)


@pytest.mark.parametrize("seconds", [0.5, 5.0, 500.0])
def test_sets_of_sources_are_tried_as_long_as_they_fit(clock, monkeypatch, seconds):
    clock.slow(monkeypatch, by_source_module.TriedVariants, "ask", lambda _, sets: 0.1 * len(sets))
    asked = conflict(read_text(TEXT))
    first = 0.1 * (1 + 2 * 3 + 2)  # the case, and each source gone or alone: the table is of these
    found = by_source_module.by_source(asked, by="speaker", goal=GOAL, budget=Budget(seconds=seconds, clock=clock))
    assert clock.now <= max(seconds, first) and found.voices


@pytest.mark.parametrize("slow", [0.0, 1.0, 1000.0])
@pytest.mark.parametrize("seconds", [1.0, 2.5, 100.0])
def test_as_many_versions_are_played_as_are_reckoned_to_fit_however_slow_the_machine(clock, monkeypatch, seconds, slow):
    monkeypatch.setattr(versions_module, "ABREAST", 1)  # played one by one, none beside another
    monkeypatch.setattr(versions_module, "seconds_each", lambda *_: 1.0)
    clock.slow(monkeypatch, versions_module, "played_as", slow)
    budget = Budget(seconds=seconds, clock=clock)
    found = versions_module.versions(conflict(read_text(CASE)), budget=budget.reckoned())
    assert len(found.versions) == (2 if seconds > 2 * 1.31 else 1) and found.n_left == 2 - len(found.versions)


@pytest.mark.parametrize("ask", [indicators, scenarios, forecast, watch_answers])
def test_what_to_watch_is_the_same_on_a_slow_and_on_a_fast_machine(clock, monkeypatch, ask):
    """A page that is made again while the machine is busy says the same."""
    clock.slow(monkeypatch, versions_module, "played_as", 1000.0)
    quick, slow = (ask(conflict(read_text(CASE)), budget=Budget(seconds=5.0, clock=by)) for by in (None, clock))
    assert clock.now > 0
    assert told_of(slow) == told_of(quick)


def told_of(answer):
    """What an answer says, apart from the conflict it was asked of."""
    if isinstance(answer, tuple):
        return str(answer[0].indicators), str(answer[0].scenarios), answer[1]
    return str(answer)


@pytest.mark.parametrize("ask", [indicators, scenarios])
def test_what_leads_along_very_many_moves_is_refused_before_any_is_followed(monkeypatch, ask):
    """65,536 states with 510 moves each are soon played, and take a minute to look along."""
    levers = "\n".join(f"  {party}.l{k}: {{is: l{k}, now: no}}" for party in "ab" for k in range(8))
    wants = "\n".join(f"  {party}: [{{that: {party}.l0, worth: 1}}]" for party in "ab")
    wide = conflict(read_text(f"bestand: 1\ntitle: wide\nparties: {{a: {{name: A}}, b: {{name: B}}}}\nlevers:\n{levers}\nwants:\n{wants}\n"))
    monkeypatch.setattr(versions_module, "played_as", lambda *_: pytest.fail("nothing is played"))
    with pytest.raises(AskError, match="graph/too-long"):
        ask(wide, budget=Budget(seconds=10.0))


ASKED = {"start": "truce", "truce": "truce"}
OVER_DRAWS = {
    "survival": lambda asked, budget: survival(asked, **ASKED, months=6, budget=budget).sampling,
    "postures": lambda asked, budget: postures(asked, months=[6], budget=budget, every=False).sampling,
    "strategies": lambda asked, budget: strategies(asked, months=6, budget=budget).sampling,
    "withdrawal": lambda asked, budget: withdrawal(asked, event="leaves", **ASKED, months=[6], budget=budget).sampling,
}
PER_VISIT = 0.0004  # seconds: ten thousand times what it is, so that a draw takes some


@pytest.fixture
def reckoned(clock, monkeypatch):
    """A machine on which play takes, by the clock, so many times what is reckoned for it."""

    def machine(slow: float) -> None:
        for home in (survival_module, horizon_module):
            monkeypatch.setattr(home, "PER_VISIT", PER_VISIT)
        clock.slow(monkeypatch, kernels, "survive_draws", lambda **given: slow * 8 * _sweeps(given) * -(-given["n_draws"] // 8) * _visits(given))
        clock.slow(monkeypatch, kernels, "play_back", lambda **given: slow * _sweeps(given) * _visits(given))
        monkeypatch.setattr(withdrawal_module.os, "cpu_count", lambda: 1)

    return machine


def _sweeps(given: dict[str, object]) -> int:
    return 4 * given["n_slices"] * given["steps_each"]


def _visits(given: dict[str, object]) -> float:
    return PER_VISIT * sum(own.target.size > 0 for own in given["moves"]) * given["flow"].shape[-1]


@spread(("name", "seconds", "slow"), list(itertools.product(OVER_DRAWS, [4.0, 20.0, 100.0, 1000.0], [0.1, 1.0, 5.0])), first=14)
def test_draws_are_added_as_they_fit_however_slow_the_machine_or_refused_in_a_part_of_the_time(clock, reckoned, name, seconds, slow):
    reckoned(slow)
    asked = conflict(case_with(prize="{value: 3, range: [1, 6], assumed: x}"), draws=16)
    OVER_DRAWS[name](asked.draw(2 if name == "withdrawal" else 8), None)
    least, clock.now = clock.now, 0.0
    budget = Budget(error=1e-6, seconds=seconds, clock=clock)
    try:
        sampling = OVER_DRAWS[name](asked, budget)
    except AskError as error:
        assert error.code == "graph/too-long" and least > seconds / 2 and clock.now < least
        return
    assert sampling.draws > 1 and clock.now <= seconds + budget.late and least < 2 * seconds


@pytest.mark.parametrize("slow", [0.1, 1.0, 5.0])
@spread("seconds", [0.05, 0.5, 4.0, 20.0, 100.0], first=3)
def test_play_makes_no_run_that_does_not_fit_and_refuses_before_the_first_what_is_late(clock, monkeypatch, seconds, slow):
    made, _ = random_game(8)
    monkeypatch.setattr(horizon_module, "PER_VISIT", PER_VISIT)
    clock.slow(monkeypatch, kernels, "play_back", lambda **given: slow * horizon_module.seconds_of_play(made, _sweeps(given)))
    budget = Budget(seconds=seconds, clock=clock)
    try:
        played = horizon_module.play_game(made, horizon=60, budget=budget)
    except AskError as error:
        assert error.code == "graph/too-long" and clock.now <= seconds / 2
        return
    assert clock.now <= seconds + budget.late
    assert ("no second run" in played.exact) == np.isnan(played.error)


def test_values_of_one_run_are_not_said_to_be_right():
    made, _ = random_game(8)
    once, twice = (horizon_module.play_game(made, horizon=6, sweeps=400, estimate_error=each) for each in (False, True))
    assert "right within" not in once.exact and "right within" in twice.exact


LEVERS = "".join(f"  {'ab'[k % 2]}.l{k}: {{is: l{k}}}\n" for k in range(22))
LARGE = f"bestand: 1\ntitle: t\nparties: {{a: {{name: A}}, b: {{name: B}}}}\nlevers:\n{LEVERS}wants: {{a: [{{that: a.l0}}], b: [{{that: a.l2}}]}}\n"


@pytest.mark.parametrize("asked", [["show"], ["export", "--to", "xlsx", "-o", "t.xlsx"], ["compare", "other.yaml"]], ids=lambda asked: asked[0])
def test_first_answers_that_are_reckoned_to_take_far_too_long_are_refused_beforehand(monkeypatch, tmp_path, asked):
    monkeypatch.chdir(tmp_path)
    for name, text in (("case.yaml", LARGE), ("other.yaml", LARGE.replace("that: a.l2", "that: a.l4"))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(outlook_module, "stability", lambda *_, **__: pytest.fail("not even tried out"))
    for home in (stages_module, compare_module):
        monkeypatch.setattr(home, "stability" if home is stages_module else "concluded", lambda *_, **__: pytest.fail("begun"))
    refused = CliRunner().invoke(main, [asked[0], "case.yaml", *asked[1:], "--seconds", "0.5"])
    assert refused.exit_code == 2 and "graph/too-long" in refused.output and not (tmp_path / "t.xlsx").exists()


@pytest.mark.parametrize(("reckoned", "slow", "tried", "refused"), [
    (0.9, 99, 0, False), (1.9, 99, 0, False), (5.0, 1, 1, False), (5.0, 2.4, 1, False), (5.0, 3, 1, True), (40.0, 0.2, 1, False), (90.0, 0.1, 0, True),
])  # fmt: skip
def test_first_answers_are_tried_out_where_they_take_a_good_part_of_the_time(clock, monkeypatch, reckoned, slow, tried, refused):
    rooms = []
    monkeypatch.setattr(outlook_module, "seconds_of_first_answers", lambda _: reckoned)
    monkeypatch.setattr(outlook_module, "stability", lambda *_, **__: rooms.append(setattr(clock, "now", clock.now + slow * outlook_module.TRIED * reckoned)))
    try:
        outlook_module.refuse_too_long(conflict(read("example/en")), Budget(seconds=10.0, clock=clock))
        assert not refused
    except AskError as error:
        assert refused and error.code == "graph/too-long"
    assert len(rooms) == tried


def test_a_graph_of_millions_of_states_is_not_built_to_refuse_it(clock, tmp_path, monkeypatch):
    """Counted and tried out on a part of it: neither the moves of all states nor their worths are made."""
    path = tmp_path / "case.yaml"
    path.write_text(LARGE, encoding="utf-8")
    asked, rooms = conflict(read(path)), []

    def slow(part, **_):
        rooms.append(part.graph.n_states)
        clock.now += 60 * outlook_module.TRIED * outlook_module.seconds_of_first_answers(part)

    monkeypatch.setattr(outlook_module, "stability", slow)
    with pytest.raises(AskError, match="would take about 415 seconds"):
        outlook_module.refuse_too_long(asked, Budget(seconds=10.0, clock=clock))
    assert "graph" not in asked.kept_of_graph and rooms == [1 << 19]


def test_a_part_of_few_states_is_no_measure_of_the_whole(clock, tmp_path, monkeypatch):
    """Where bans leave few states as things stand today, the whole is tried out."""
    path = tmp_path / "case.yaml"
    bans = "never: [{that: not b.l21 and (a.l18 or b.l17 or a.l16 or b.l15 or a.l14 or b.l13 or a.l12 or b.l11)}]\n"
    path.write_text(LARGE + bans, encoding="utf-8")
    asked, rooms = conflict(read(path)), []
    monkeypatch.setattr(outlook_module, "stability", lambda part, **_: rooms.append(part))
    outlook_module.refuse_too_long(asked, Budget(seconds=10.0, clock=clock))
    assert rooms == [asked]


KEPT = {
    "turns", "compare", "red-team", "sensitivity", "posterior", "forecast", "indicators", "scenarios",  # above
    "run", "brief",  # chapters of a study have parts of the time each; what changed is looked for as above
    "survival", "postures", "withdrawal", "strategies",  # draws are added as they fit: above, and tests of draws
    "play",  # steps of time are halved as long as that fits: tests of play
    "sweep",  # chunk by chunk: tests of explore
    "show", "export",  # refused beforehand: here
    "equilibrium", "cores", "settle-by-solver", "coalitions", "unlock", "paths",  # the search itself is stopped, or goes on batch by batch: tests of theirs
}  # fmt: skip


def test_every_command_with_seconds_is_known_to_keep_them():
    assert {command.name for command in COMMANDS if any(each.name == "seconds" for each in command.params)} == KEPT


def test_outside_tests_a_command_keeps_to_the_clock_on_the_wall(clock, monkeypatch, tmp_path):
    assert WALL is time.perf_counter
    (tmp_path / "case.yaml").write_text(TEXT, encoding="utf-8")
    clock.slow(monkeypatch, turns_module, "tipping", lambda case, some, *_, **__: 0.1 * len(some.openings))
    monkeypatch.setattr(clock_module, "CLOCK", clock)
    asked = ["turns", str(tmp_path / "case.yaml"), "--goal", GOAL, "--seconds"]
    short, long = (CliRunner().invoke(main, [*asked, seconds]) for seconds in ("0.5", "3000"))
    assert (short.exit_code, long.exit_code) == (0, 0)
    assert "want of time" in short.output and "want of time" not in long.output
