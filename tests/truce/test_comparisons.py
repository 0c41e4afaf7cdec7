"""Truces compared one thing at a time, in the same draws, with their errors, within the time allowed."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from bestand.case.read import read, read_text
from bestand.errors import AskError, BestandError
from bestand.graph.budget import Budget, Sampling, gathered, standard_error
from bestand.graph.conflict import conflict
from bestand.graph.game import game
from bestand.graph.numbers import pace, prices, rates
from bestand.play.many import survive_many
from bestand.play.reach import part_of
from bestand.report.page import report
from bestand.report.truces import truce_blocks
from bestand.study.stages import study
from bestand.study.truces import truce_answers
from bestand.telling.telling import Telling
from bestand.telling.words import words
from bestand.truce.effects import LEAST, lead, main_effects
from bestand.truce.postures import factors, postures
from bestand.truce.strategies import strategies, unfixed
from bestand.truce.survival import by_chance_only, flow_with_zones, game_with_zones, seconds_of_draw, survival
from bestand.truce.withdrawal import FORESEEN, GONE, KNOWN, STAYS, UNFORESEEN, Withdrawal, departures, withdrawal
from tests.depth import in_depth, spread
from tests.oracle.dense_truce import Truce
from tests.oracle.frozen import TALKS
from tests.truce.test_zones import TEXT, USUAL, case_with

ASK = {"start": "truce", "truce": "truce"}
RANGES = {"prize": "{value: 3, range: [1, 6]}", "cost": "{value: 2, range: [1, 5]}", "truce_worth": 1}


def uncertain(**changes):
    """The case of the line with numbers that are drawn."""
    return case_with(**(RANGES | changes))


class Clock:
    """A clock that goes on by so many seconds whenever it is looked at."""

    def __init__(self, step):
        self.now, self.step = 0.0, step

    def __call__(self):
        self.now += self.step
        return self.now


# ---- worked out anew ------------------------------------------------------------------------------------------------------
@spread("seed", range(5), first=1)
def test_survival_is_what_dense_arrays_made_from_the_text_give(seed):
    rng = np.random.default_rng(seed)
    drawn = {"truce_worth": rng.uniform(0, 3), "prize": rng.uniform(0.5, 6), "presence": rng.uniform(0, 3), "cost": rng.uniform(0.1, 5)}
    text = TEXT.format(**(USUAL | {k: round(v, 3) for k, v in drawn.items()} | {"m": 1.5, "provocation": 0.2, "answer": 0.7}))
    text = text.replace("play: {", "play: {move_cost: {a.attacks: 0.4}, ")
    held = {"g.force": ("none", "some", "much")[seed % 3]} if seed % 2 else {}
    months = [1.0, 3.0, 6.0]
    asked = conflict(read_text(text), hold=held)
    dense = Truce(text, held)
    made = survival(asked, start="now" if not held else "truce", truce="truce", months=months)
    assert made.alive[0] == pytest.approx(dense.alive("truce", dense.now | held, months), abs=2e-3)
    assert dense.flow.shape[1] == asked.graph.n_states


@spread(("posture", "months"), [("as_now", [3.0, 6.0]), ("three_zones", [3.0])], first=1)
def test_the_talks_are_survived_as_their_text_says(posture, months):
    """From the YAML alone: everything held but Russia's attacks, American mediation and pressure."""
    case = read(TALKS)
    text = (TALKS / "case.yaml").read_text(encoding="utf-8")
    view, sets = case.file.views["guarded"], dict(case.file.deterrence.postures[posture].sets)
    free = [lever for lever in view.vary if lever not in sets]
    assert free == ["ru.attacks", "us.mediates", "us.pressure"]
    held = {lever: case.now[lever] for lever in case.settings if lever not in free} | dict(view.fixed) | sets
    dense = Truce(text, held)
    made = survival(conflict(case, view="guarded", hold=sets), start="ceasefire", truce="ceasefire", months=months)
    start = dense.now | held | {"ru.attacks": "quiet"}
    assert made.alive[0] == pytest.approx(dense.alive("ceasefire", start, months), abs=1e-3)


def test_the_talks_hold_three_months_with_a_quarter():
    case = read(TALKS)
    asked = conflict(case, view="guarded", draws=20)
    made = survival(asked, start="ceasefire", truce="ceasefire", months=[3, 24])
    assert made.alive[0, 0] == pytest.approx(0.255, abs=0.005)
    assert made.pooled[0] < 0.15 and 0.01 < made.standard_error[0] < 0.05  # what stands is far from the mean over draws


# ---- questions in words ---------------------------------------------------------------------------------------------------
def test_months_may_be_one_number_and_a_start_a_state_or_a_condition():
    asked = conflict(case_with())
    by_condition = survival(asked, **ASK, months=6).alive
    for start in ("now", "a.attacks=no", {"a.attacks": "no"}, asked.now, "not a.attacks"):
        assert survival(asked, start=start, truce="not a.attacks", months=[6]).alive == pytest.approx(by_condition)
    with pytest.raises(AskError, match="no state of this view has"):
        survival(asked, start="truce", truce="a.attacks and truce", months=6)
    with pytest.raises(AskError, match="start-outside"):
        survival(asked, start="a.attacks=yes, g.force=none", truce="truce", months=6)


def test_wrong_numbers_are_refused_in_words():
    asked = conflict(case_with(), draws=2)
    flow = flow_with_zones(asked)
    ask = {"horizon": 6.0, "start": "now", "truce": "truce", "months": 3}
    for wrong in ({"tempo": -1.0}, {"noise": np.nan}, {"move_cost": {"a.attacks": np.nan}}, {"weights": np.ones(3)}, {"weights": -np.ones(2)}, {"end": np.ones((2, 2, 2))}):
        with pytest.raises(AskError, match="play/bad-number"):
            survive_many(asked, flow=flow, **ask, **wrong)
    for wrong in ({"start": -1}, {"start": 10_000}, {"start": "nowhere"}, {"truce": "nothing"}):
        with pytest.raises(BestandError, match=r"no state|nothing|nowhere"):
            survive_many(asked, flow=flow, **(ask | wrong))
    for wrong in ({"tempo": np.nan}, {"noise": -1.0}, {"discount": -0.1}, {"move_cost": {"a.attacks": np.nan}}, {"move_cost": {"a.attack": 1.0}}, {"tempo": {"a": 1.0}}):
        with pytest.raises(AskError, match=r"play/bad-number|play/unknown"):
            game(asked, **wrong)
    with pytest.raises(AskError, match="no draw 7"):
        game(asked, draw=7)
    for wrong in ({"target": -1.0}, {"capacity": {"g": np.nan}}, {"capacity": {"g": -1.0}}, {"months": [2, 1]}):
        with pytest.raises(AskError, match=r"bad-number|bad-months"):
            postures(asked, **wrong)
    for wrong in ({"month": 0.0}, {"month": np.nan}, {"month": -3.0}):
        with pytest.raises(AskError, match="date"):
            withdrawal(asked, event="leaves", **ASK, **wrong)
    with pytest.raises(AskError, match="changes nothing"):
        withdrawal(asked.hold({"o.stands": "gone"}).hold({"a.attacks": "no"}), event="accident", **ASK, months=3)


def test_what_has_nothing_to_compare_is_refused_in_words():
    asked = conflict(case_with())
    with pytest.raises(AskError, match="nothing for it to take away"):
        withdrawal(asked, event="leaves", start="truce and o.stands = gone", truce="truce", months=6)
    none = asked.change(deterrence=asked.case.file.deterrence.model_copy(update={"strategies": {}}))
    with pytest.raises(AskError, match="names no strategies"):
        strategies(none, months=6)
    bare = asked.change(deterrence=asked.case.file.deterrence.model_copy(update={"backstop": None, "hub": None}))
    made = postures(bare, months=6, every=True)
    assert {each.leaves for each in made.results} == {False} and {each.backstop for each in made.results} == {""}
    assert [each.backstop for each in strategies(bare, months=6).results] == ["", ""]


def test_parties_that_cannot_move_are_as_many_as_they_will():
    names = [f"p{k}" for k in range(33)]
    text = "bestand: 1\ntitle: many\nparties: {" + ", ".join(f"{n}: {{name: {n}}}" for n in names) + "}\nlevers: {p0.x: {is: x}}\nwants: {p0: [{that: p0.x, worth: 1}]}\n"
    alone = text.replace(", ".join(f"{n}: {{name: {n}}}" for n in names), "p0: {name: p0}")
    many, one = (survival(conflict(read_text(each)), start="now", truce="not p0.x", months=3) for each in (text, alone))
    assert np.allclose(many.alive, one.alive, atol=1e-4)


# ---- what may not change an answer ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("unit", [10.0, 1000.0, 1e-9])
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_the_unit_of_worth_changes_no_answer(unit, noise):
    asked = conflict(case_with(presence=1), hold={"g.force": "some"})
    tempo, _, discount = pace(asked)
    flow, cost = flow_with_zones(asked), {"a.attacks": np.array([0.3])}
    ask = {"tempo": tempo, "discount": discount, "chance": rates(asked), "horizon": 12.0, **ASK, "months": [1, 3, 6]}
    one = survive_many(asked, flow=flow, noise=noise, move_cost=cost, **ask).alive
    other = survive_many(asked, flow=unit * flow, noise=unit * noise, move_cost={"a.attacks": unit * cost["a.attacks"]}, **ask).alive
    assert other == pytest.approx(one, abs=1e-9)


def test_states_that_cannot_be_reached_change_nothing():
    case = case_with(presence=1)
    asked = conflict(case, draws=6)
    gone = asked.where("o.stands = gone and truce")
    part = part_of(asked.graph, gone)
    assert part is not None and part.states.size == asked.graph.n_states // 2
    whole = survival(asked, start="truce and o.stands = gone", truce="truce", months=[3, 6]).alive
    held = survival(conflict(case, draws=6, hold={"o.stands": "gone"}), **ASK, months=[3, 6]).alive
    assert whole == pytest.approx(held, abs=1e-9)
    moves = 0
    for own, listed, all_moves in zip(part.moves, part.listed, asked.graph.moves, strict=True):
        for k, s in enumerate(part.states):
            assert part.states[own.targets(k)].tolist() == all_moves.targets(int(s)).tolist()
            moves += own.targets(k).size
        assert listed.size == own.target.size
    assert moves > 0


def test_parties_in_draws_of_different_pace_are_played_as_each_alone():
    asked = conflict(case_with(), draws=40)
    tempo = np.random.default_rng(0).uniform(0.2, 6, (40, 3))
    ask = {"noise": 0.5, "horizon": 12.0, **ASK, "months": [1, 6]}
    together = survive_many(asked, flow=flow_with_zones(asked), tempo=tempo, **ask).alive
    for d in (0, 17, 39):
        alone = survive_many(asked.draw(1), flow=flow_with_zones(asked)[d : d + 1], tempo=tempo[d : d + 1], **ask).alive
        assert together[d] == pytest.approx(alone[0], abs=2e-3)


# ---- matched postures -----------------------------------------------------------------------------------------------------
def test_every_posture_is_there_with_its_backstop_held_and_leaving_where_an_event_of_the_case_can_take_it_away():
    """A backstop that is gone was told as one that may leave: the same number under another name, which halved what leaving costs on average."""
    made = postures(conflict(uncertain(), draws=6), months=[3, 12], every=True)
    ways = {(each.name, tuple(sorted(each.sets.items()))): set() for each in made.results}
    for each in made.results:
        ways[each.name, tuple(sorted(each.sets.items()))].add(each.leaves)
    assert all(both == ({False} if dict(sets)["o.stands"] == "gone" else {False, True}) for (_, sets), both in ways.items())
    for (backstop, leaves), group in made.groups().items():
        assert all(each.backstop == backstop and each.leaves == leaves for each in group)
        means = [each.alive[:, -1].mean() for each in group]
        assert means == sorted(means, reverse=True)
    by_key = {(each.name, each.leaves): each for each in made.results}
    for each in [each for each in made.results if each.leaves]:
        held = by_key[each.name, False]
        assert (each.alive <= held.alive + 1e-3).all() and each.alive[:, -1].mean() < held.alive[:, -1].mean()


def test_main_effects_are_means_over_all_combinations_of_the_others_in_the_same_draws():
    asked = conflict(uncertain(presence=1), draws=5)
    made = postures(asked, months=[6], every=True)
    options = factors(asked)
    assert list(options) == ["g.force", "o.hub", "o.stands"] and options["g.force"] == ["none", "some", "much"]
    effects = {(each.factor, each.setting): each for each in made.effects}
    assert set(effects) == {("g.force", "some"), ("g.force", "much"), ("o.hub", "yes"), ("o.stands", "behind"), ("leaving", "may leave")}
    mean = {}
    for force in options["g.force"]:
        cells = []
        for hub, stands in itertools.product(options["o.hub"], options["o.stands"]):
            held = conflict(asked.case, draws=5, hold={"g.force": force, "o.hub": hub, "o.stands": stands})
            cells.append(survival(held, **ASK, months=[6]).alive)
        mean[force] = np.mean(cells, axis=0)
    for force in ("some", "much"):
        assert effects["g.force", force].gain == pytest.approx(mean[force] - mean["none"], abs=1e-9)
        assert effects["g.force", force].standard_error == pytest.approx(np.std(mean[force] - mean["none"], axis=0, ddof=1) / np.sqrt(5))
    lost = [
        survival(by_chance_only(asked, "o.stands").hold({"g.force": force, "o.hub": hub}), start="truce and o.stands = behind", truce="truce", months=[6]).alive
        - survival(asked.hold({"g.force": force, "o.hub": hub, "o.stands": "behind"}), **ASK, months=[6]).alive
        for force, hub in itertools.product(options["g.force"], options["o.hub"])
    ]
    assert effects["leaving", "may leave"].gain == pytest.approx(np.mean(lost, axis=0), abs=1e-6)
    assert effects["leaving", "may leave"].gain.mean() < 0
    assert "One thing at a time" in str(made.main_effects()) and "± error" in str(made)


def test_postures_of_the_ukraine_case_keep_their_order_at_equal_backstop():
    case = read("ukraine/2025-04")
    made = postures(conflict(case, view=case.file.deterrence.view, draws=12), every=False, months=[3, 6])
    order = [each.name for each in made.groups()["lasting", False]]
    assert order.index("three_zones_corps") < order.index("three_zones") < order.index("army_only")
    held, leaving = made.groups()["full", False][0], made.groups()["full", True][0]
    assert held.name == leaving.name == "as_now" and leaving.alive[:, -1].mean() < held.alive[:, -1].mean()


# ---- strategies -----------------------------------------------------------------------------------------------------------
STEPS = TEXT.replace("levers:\n", "levers:\n  g.signs: {{is: signs, now: no}}\n  g.idle: {{is: does nothing, now: no}}\n").replace(
    "truce: not a.attacks}}", "truce: g.signs and not a.attacks}}"
).replace("sets: {{g.force: some}}}}", "sets: {{g.idle: yes}}}}").replace("sets: {{g.force: much}}}}", "sets: {{g.idle: no}}}}") + (
    "views:\n  signed: {{is: signed, vary: [a.attacks, g.force, o.stands, o.hub, g.idle], fixed: {{g.signs: yes}}}}\n"
)


def test_a_truce_begins_from_where_nothing_is_signed():
    case = read_text(STEPS.format(**USUAL))
    asked = conflict(case, view="signed", draws=3)
    opened = unfixed(asked)
    assert "g.signs" in opened.graph.levers and opened.at("now")["g.signs"] == "no" and not opened.where("truce")[opened.now]
    made = strategies(asked, months=6)
    first = made.results[0]
    held = opened.hold({"g.idle": "yes", "o.stands": first.backstop})
    expected = 1 - survival(held, start="not truce", truce="not truce", months=6).alive
    assert first.begins == pytest.approx(expected, abs=1e-9)
    signed = 1 - survival(asked.hold({"g.idle": "yes", "o.stands": first.backstop}), start="not truce", truce="not truce", months=6).alive
    assert signed.mean() > expected.mean() + 0.05  # what is signed already needs only a pause


def test_whether_a_truce_begins_is_left_out_and_said_where_no_time_is_left():
    seconds = itertools.count(step=60.0)  # every look at this clock takes a minute
    asked = conflict(read_text(STEPS.format(**USUAL)), view="signed", draws=3)
    made = strategies(asked, months=6, budget=Budget(seconds=100.0, clock=lambda: next(seconds)))
    assert made.sampling_of_onset is None and made.sampling.draws >= 1
    assert all(each.begins is None and each.alive.size for each in made.results)
    assert "that one begins: not asked, for want of time" in str(made)


def test_what_the_time_does_not_allow_is_named_on_the_page():
    case = read_text(STEPS.format(**USUAL))
    told = study(case, draws=2, hypotheses=False, seconds=1e-9)
    assert told.truce is None and told.no_truce == "graph/too-long"
    answers = truce_answers(case, draws=2)[0]
    assert answers is not None and answers.late == ()
    said = " ".join(note for block in truce_blocks(replace(answers, late=("strategies", "onset")), Telling(told.conflict, words("en"))) for note in block.notes)
    assert "whether escalation pays and when the truce comes about" in said


def test_a_posture_that_the_case_rules_out_is_named_and_the_others_are_compared():
    case = read_text(STEPS.format(**USUAL) + "never: [{that: g.force = much, assumed: x}]\n")
    asked = conflict(case, view="signed", draws=3)
    made, free = postures(asked, months=6), postures(conflict(read_text(STEPS.format(**USUAL)), view="signed", draws=3), months=6, every=False)
    assert "full" in made.ruled_out and made.effects == () and made.subsets == {} and made.smallest == ()
    bare = [[each.alive for each in found.results if each.name == "bare"] for found in (made, free)]
    np.testing.assert_allclose(bare[0], bare[1])
    told = study(case, draws=2, hypotheses=False, seconds=1)
    assert told.truce is not None and {each.name for each in told.truce.postures.results} == {"bare"}
    assert "and therefore not compared: everything" in report(told).html


def test_where_every_posture_is_ruled_out_the_page_says_so():
    case = read_text(STEPS.format(**USUAL) + "never: [{that: g.force != some, assumed: x}]\n")
    assert truce_answers(case, draws=2) == (None, "graph/no-states")
    told = study(case, draws=2, hypotheses=False, seconds=1)
    assert told.counts and "every posture that could be compared is ruled out" in report(told).html


def page_of_past(past):
    """What the page says of the class of past truces, for the case of the line with such a class."""
    text = STEPS.format(**USUAL)
    case = read_text(text.replace("deterrence:\n", "deterrence:\n  past: {" + past + ", assumed: x}\n"))
    answers = truce_answers(case, draws=2)[0]
    blocks = truce_blocks(answers, Telling(conflict(case, view="signed"), words("en")))
    about = next(block for block in blocks if block.title == words("en")("last_past"))
    return answers, " ".join((*about.notes, *about.after))


def test_the_ratio_is_taken_against_the_posture_that_the_class_had():
    weights = "weights: {game: 1}, breakdown: war"
    answers, said = page_of_past(f"reference: civil-alone, {weights}")
    assert answers.past.notes == () and answers.past.ratio[0, 0] == pytest.approx(np.median(answers.best.ratio))
    answers, said = page_of_past(f"reference: civil-peacekeepers, {weights}")
    assert answers.past is None and answers.no_past == "history/posture-differs" and "does not say which posture" in said
    answers, said = page_of_past(f"reference: civil-peacekeepers, {weights}, posture: full")
    own = next(each.ratio for each in answers.postures.results if each.name == "full" and each.leaves == answers.best.leaves)
    assert answers.past.ratio[0, 0] == pytest.approx(np.median(answers.best.ratio / own)) and "divided by that of the class" in said
    answers, said = page_of_past(f"reference: interstate-war, {weights}")
    assert "shifts too far" in said and "fatal clash 61 % (47 % – 72 %) and forcible act 44 % (30 % – 56 %)" in said


def test_a_class_that_ends_by_something_else_than_the_truce_of_the_case_is_said_and_not_used():
    answers, said = page_of_past("reference: interstate-force, weights: {game: 1}, breakdown: war")
    assert answers.past is None and answers.no_past == "history/breakdown-differs" and "end by something else" in said
    assert answers.postures.results
    with pytest.raises(BestandError, match="no posture 'nobody'"):
        page_of_past("reference: civil-alone, posture: nobody")


def test_departures_are_those_that_can_happen_in_the_view():
    case = read_text(STEPS.format(**USUAL).replace("events:\n", "events:\n  never_here: {sets: {o.stands: gone}, when: o.stands = gone, per_month: 1, assumed: x}\n"))
    assert departures(conflict(case, view="signed")) == ("leaves",)
    assert departures(conflict(case, view="signed", hold="o.stands=gone")) == ("never_here", "leaves")  # none can: those written


def test_differences_of_rounding_are_none():
    made = strategies(conflict(read_text(STEPS.format(**USUAL)), view="signed", draws=5), months=6)
    for each in made.results:
        other = made.against_concept(each)
        assert (other is None) == (each.kind == "concept")
        if other is not None:
            assert (other.longer, other.same, other.shorter) == (0.0, 1.0, 0.0) and abs(other.gain) < LEAST


@in_depth
def test_strategies_of_the_talks_begin_a_truce_from_today_and_not_from_a_signed_view():
    """From the view in which both have signed it was above .8; in the case as it stands, from today, none begins."""
    case = read(TALKS)
    asked = conflict(case, view=case.file.deterrence.strategies_view, draws=24)
    made = strategies(asked, months=24)
    first = made.results[0]
    sets = dict(case.file.deterrence.strategies[first.name].sets) | {"us.presence": first.backstop}
    signed = 1 - survival(asked.hold(sets), start="not ceasefire", truce="not ceasefire", months=24).alive
    assert first.begins.mean() < signed.mean() - 0.2 and signed.mean() > 0.7
    for each in made.results:
        assert each.begins[0, -1] < 0.01 and each.begins.mean() > 0.05  # the mean rests on some of the draws
        assert standard_error(each.begins[:, -1]) > 0.02
    assert "that one begins" in str(made)


# ---- withdrawal -----------------------------------------------------------------------------------------------------------
def test_known_and_unknown_dates_have_one_mean_and_knowing_is_better_before_and_worse_after():
    asked = conflict(case_with(cost=4, prize=4, truce_worth=1.5), hold={"g.force": "none", "o.hub": "yes"}, draws=3)
    made = withdrawal(asked, event="leaves", **ASK, month=6, months=[1, 3, 5, 6, 9, 12])
    assert list(made.alive) == [STAYS, UNFORESEEN, FORESEEN, KNOWN, GONE]
    gain = made.difference(KNOWN, FORESEEN)
    assert (gain.mean[:3] > 0).all() and gain.mean[-1] < 0
    assert [row[1] for row in made.known_against_foreseen().rows] == ["before"] * 3 + ["the day itself"] + ["after"] * 2
    assert made.stated == pytest.approx(20.0) and made.date == 6
    # the unknown date has the mean that was asked for: as with a case whose own rate is that
    own = case_with(cost=4, prize=4, truce_worth=1.5).file.events["leaves"].model_copy(update={"per_month": read_text("bestand: 1\ntitle: t\nparties: {a: {name: A}}\nlevers: {a.x: {is: x}}\nevents: {e: {sets: {a.x: yes}, when: not a.x, per_month: 0.16666666666666666, assumed: x}}\nwants: {a: [{that: a.x}]}\n").file.events["e"].per_month})
    other = asked.change(events={**asked.case.file.events, "leaves": own})
    again = withdrawal(other, event="leaves", **ASK, months=[1, 3, 5, 6, 9, 12])
    assert again.date == pytest.approx(6)
    for name in made.alive:
        assert again.alive[name] == pytest.approx(made.alive[name], abs=1e-6)


# ---- draws, errors, time --------------------------------------------------------------------------------------------------
def test_draws_are_added_until_the_error_is_small_and_the_first_are_the_conflicts_own():
    asked = conflict(uncertain(), draws=16)
    alone = survival(asked, **ASK, months=6)
    clock = Clock(1e-6)
    made = survival(asked, **ASK, months=6, budget=Budget(error=0.01, seconds=60, clock=clock))
    assert made.sampling.reached and made.sampling.error <= 0.01 and len(made.alive) == made.sampling.draws > 16
    assert made.alive[:16] == pytest.approx(alone.alive, abs=2e-3)
    assert not np.any(np.abs(made.alive[1:, 0] - made.alive[0, 0]) < 1e-12)  # the case as it stands is counted once
    error = float(np.std(made.alive[:, 0], ddof=1) / np.sqrt(len(made.alive)))
    assert made.standard_error[0] == pytest.approx(error) and "standard error" in str(made)
    again = survival(asked, **ASK, months=6, budget=Budget(error=0.01, seconds=60, clock=Clock(1e-6)))
    assert np.array_equal(again.alive, made.alive)


def test_time_that_is_up_stops_the_draws_and_is_said():
    asked = conflict(uncertain(), draws=16)
    told = []
    made = postures(asked, every=False, months=6, budget=Budget(error=1e-6, seconds=40, clock=Clock(1.0), progress=told.append))
    assert not made.sampling.reached and "stopped by the time allowed" in str(made)
    assert told and all(0 <= share <= 1 for share in told)
    assert len({len(each.alive) for each in made.results}) == 1
    without_clock = survival(asked, **ASK, months=6, budget=Budget(error=1e-6, seconds=0.05))
    assert 2 <= len(without_clock.alive) < 10_000 and not without_clock.sampling.reached


def test_what_would_take_far_too_long_is_refused_before_it_begins():
    asked = conflict(uncertain(), draws=16)
    assert seconds_of_draw(asked, 24) > seconds_of_draw(asked, 6) > 0
    with pytest.raises(AskError, match="too-long"):
        survival(asked, **ASK, months=6, budget=Budget(seconds=1e-9))
    for wrong in ({"seconds": np.nan}, {"seconds": -1.0}, {"error": -0.1}):
        with pytest.raises(AskError, match="bad-budget"):
            Budget(**wrong)


def test_the_standard_error_is_that_of_independent_draws():
    """Of 400 means of 50 draws, the spread is what the error says."""
    rng = np.random.default_rng(0)
    draws = rng.beta(0.3, 2, (400, 50))
    said = np.mean([standard_error(each) for each in draws])
    assert said == pytest.approx(draws.mean(axis=1).std(ddof=1), rel=0.1)
    weights = np.array([1.0, 1, 2, 4])
    values = np.array([0.1, 0.4, 0.2, 0.9])
    assert standard_error(values, np.ones(4)) == pytest.approx(standard_error(values))
    assert standard_error(values, weights) > standard_error(values)
    assert np.isnan(standard_error(np.array([[0.5]]))).all()


def test_later_batches_are_the_same_draws_for_every_question():
    asked = conflict(uncertain(), draws=4)
    seen = []

    def ask(drawn):
        seen.append((drawn.draws, drawn.seed))
        return {"x": prices(drawn).get("none", np.linspace(0, 1, drawn.draws))}

    for _ in range(2):
        gathered(asked, Budget(error=0.0, seconds=0.02), ask, seconds=0.001, shown=lambda arrays: [arrays["x"]])
    assert seen[: len(seen) // 2] == seen[len(seen) // 2 :] and len({seed for _, seed in seen}) > 1


def test_a_draws_game_has_the_zones_and_the_rates_of_that_draw():
    asked = conflict(uncertain(), draws=3)
    for d in range(3):
        made = game_with_zones(asked, draw=d)
        assert np.array_equal(made.flow, flow_with_zones(asked)[d]) and np.array_equal(made.rate, rates(asked)[d])


def test_a_difference_within_the_error_of_play_is_none_wherever_truces_are_compared():
    """A chance that differs in its last digits, or within the error of the steps, is no gain, and no draw counts as one with more."""
    r = np.random.default_rng(5)
    one = r.uniform(size=(40, 3))
    nearly = one + r.choice([-1, 1], one.shape) * 10.0 ** r.uniform(-16, -3.01, one.shape)
    told = Withdrawal("e", 12.0, 12.0, (6.0, 12.0, 18.0), {KNOWN: one, FORESEEN: nearly}, Sampling(40, 0.0, None, True, 0.0)).difference()
    assert not told.mean.any() and not told.error.any() and not told.more.any()
    assert lead(one, nearly) == (0.0, 0.0)
    (effect,) = main_effects({"a.x": ["no", "yes"]}, {((("a.x", "no"),), False): one, ((("a.x", "yes"),), False): nearly})
    assert not effect.gain.any()
    clear = Withdrawal("e", 12.0, 12.0, (6.0, 12.0, 18.0), {KNOWN: one, FORESEEN: one - 0.01}, Sampling(40, 0.0, None, True, 0.0)).difference()
    assert np.allclose(clear.mean, 0.01) and (clear.more == 1).all()
