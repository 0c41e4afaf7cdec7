"""What to watch, and the likeliest courses: dense matrices, enumeration, simulation, what is left out said, the commands."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import date
from functools import cache

import numpy as np
import pytest
from click.testing import CliRunner

from bestand.case.read import read, read_text
from bestand.cli import main
from bestand.draw.courses import courses_picture
from bestand.errors import AskError
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict
from bestand.play.chain import LOSS, after, near, today_mass
from bestand.report.watch import indicators_told
from bestand.study import versions as versions_module
from bestand.study.goals import main_goal
from bestand.study.indicators import indicators, usual_outcome
from bestand.study.posterior import present_versions
from bestand.study.scenarios import scenarios
from bestand.study.versions import as_version, played_as, profiles_of, seconds_each, seconds_looking, versions
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.depth import DEEP, in_depth, more_in_depth, spread
from tests.oracle import courses
from tests.shipped import shipped
from tests.study.test_posterior import CASE, SEEN, text

TERMS = 'terms: {calm: "a.holds = no", deal: "a.talks and b.pays"}\nobservations:'
MONTH = 365.25 / 12


def bridge(seen=(), case=CASE):
    told = text(list(seen), case.replace("observations:", TERMS)) + ("" if seen else "  []\n")
    return conflict(read_text(told))


def dense(asked):
    now = present_versions(asked)
    return [each.chain.into.toarray().T for each in now.played.versions], now.chances


@pytest.mark.parametrize("seen", [(), SEEN])
def test_indicators_are_those_of_dense_matrices(seen):
    asked = bridge(seen)
    found, graph = indicators(asked, weeks=4, months=5, outcome="deal"), asked.graph
    matrices, chances = dense(asked)
    came, soon = asked.where("deal"), 28 / MONTH
    assert found.of_types() and (seen or found.of_outcome)
    for each in found.indicators:
        never = graph.digits(each.lever) != graph.all_settings[each.lever].index(each.setting)
        if each.about == "types":
            mine = found.present.played.of(each.party, each.one)
            takes = np.array([courses.taken(q, asked.now, never, soon) for q in matrices])
            table = np.array([[(chances * part)[some].sum() for some in (mine, ~mine)] for part in (takes, 1 - takes)])
        else:
            table = sum(chance * courses.jointly(q, asked.now, never, came, soon, 5) for q, chance in zip(matrices, chances, strict=True))
            table = (table if each.one == "comes" else table[:, ::-1]) / table.sum()
        assert each.chance == pytest.approx(table[0].sum(), abs=1e-9)
        assert each.if_one == pytest.approx(table[0, 0] / table[:, 0].sum(), abs=1e-9)
        assert each.ratio == pytest.approx(table[0, 0] / table[:, 0].sum() / (table[0, 1] / table[:, 1].sum()), rel=1e-6)
        odds = each.before / (1 - each.before)
        assert each.seen / (1 - each.seen) == pytest.approx(odds * each.ratio, rel=1e-6)
        assert each.silent / (1 - each.silent) == pytest.approx(odds * each.ratio_of_silence, rel=1e-6)


def test_indicators_are_ordered_by_what_looking_is_worth_and_leave_out_what_the_outcome_is_made_of():
    found = indicators(bridge(), outcome="deal")
    assert [each.bits for each in found.indicators] == sorted((each.bits for each in found.indicators), reverse=True)
    assert {each.lever for each in found.of_outcome} <= {"a.holds"} and found.by == date(2030, 8, 25)
    assert all(each.ratio >= 1 >= each.ratio_of_silence for each in found.indicators)


def test_an_indicator_names_what_was_seen_of_it():
    found = indicators(bridge(SEEN))
    talks = [each for each in found.indicators if (each.lever, each.setting) == ("b.pays", "yes")]
    assert all(each.entries == (4,) for each in talks) and found.present.posterior is not None
    assert found.of_types("a")[0].before in (pytest.approx(found.present.posterior.of("a", t)) for t in ("calm", "rash"))


def test_an_outcome_that_holds_now_is_watched_for_its_end():
    found = indicators(bridge(), outcome="calm")
    assert found.holds and "calm ends within 6 months" in str(found)
    assert {each.one for each in found.of_outcome} <= {"ends", "lasts"}


@pytest.mark.parametrize("steps", [1, 3])
def test_the_tree_is_every_sequence_enumerated(steps):
    asked = bridge()
    found = scenarios(asked, months=4, steps=steps, cut=0.03, by=("calm", "deal"))
    matrices, chances = dense(asked)
    kind = asked.where("calm").astype(int) + 2 * asked.where("deal")
    every = [courses.sequences(q, asked.now, kind, 4, steps) for q in matrices]
    exact = {way: sum(chance * part[way] for chance, part in zip(chances, every, strict=True)) for way in every[0]}
    code = {(): 0, ("calm",): 1, ("deal",): 2, ("calm", "deal"): 3}
    for k, each in enumerate(found.branches):
        if each.holds is not None and each.step:
            way = tuple(code[found.branches[j].holds] for j in found.course(k)[1:])
            assert each.chance == pytest.approx(sum(p for w, p in exact.items() if w[: len(way)] == way), abs=1e-9)
            assert each.chance >= 0.03
    assert sum(found.branches[k].chance for k in found.ends) == pytest.approx(1, abs=1e-12)
    likely = {w: p for w, p in exact.items() if p >= 0.03}
    shown = {tuple(code[found.branches[j].holds] for j in found.course(k)[1:]) for k in found.ends if found.branches[k].holds is not None}
    assert set(likely) == {way for way in shown if len(way) == steps}


def test_chances_of_courses_are_those_of_simulated_ones():
    asked, r = bridge(), random.Random(3)
    found = scenarios(asked, months=4, steps=2, cut=0.02, by=("calm", "deal"))
    matrices, chances = dense(asked)
    kind = asked.where("calm").astype(int) + 2 * asked.where("deal")
    n = 3_000
    drawn = Counter(courses.simulated(r.choices(matrices, chances)[0], asked.now, kind, 4, 2, r) for _ in range(n))
    code = {(): 0, ("calm",): 1, ("deal",): 2, ("calm", "deal"): 3}
    ways = {tuple(code[found.branches[j].holds] for j in found.course(k)[1:]): k for k in found.ends if found.branches[k].holds is not None}
    for way, k in ways.items():
        p = found.branches[k].chance
        assert drawn[way] / n == pytest.approx(p, abs=4 * (p * (1 - p) / n) ** 0.5)


def test_signs_at_a_branch_are_chances_by_the_dense_matrix():
    asked = bridge()
    found = scenarios(asked, months=4, steps=1, cut=0.03, by=("b.pays",))
    matrices, chances = dense(asked)
    k = next(k for k, each in enumerate(found.branches) if each.holds == ("b.pays",))
    sign = found.branches[k].signs[0]
    assert (sign.lever, sign.setting) == ("a.talks", "yes") and sign.if_so > sign.if_not
    at = asked.graph.digits(sign.lever) == asked.graph.all_settings[sign.lever].index(sign.setting)
    so, both = 0.0, 0.0
    for q, chance in zip(matrices, chances, strict=True):
        half = courses.expm(2 * courses.generator(q))
        to = half @ asked.where("b.pays")
        so += chance * (half[asked.now] * to).sum()
        both += chance * (half[asked.now] * to)[at].sum()
    assert sign.if_so == pytest.approx(both / so, abs=1e-9)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda c: indicators(c, weeks=0), "study/bad-time"),
        (lambda c: indicators(c, weeks=float("nan")), "study/bad-time"),
        (lambda c: indicators(c, weeks=8, months=1), "study/bad-time"),
        (lambda c: scenarios(c, steps=0), "study/bad-time"),
        (lambda c: scenarios(c, cut=0), "study/bad-time"),
        (lambda c: scenarios(c, months=-1), "study/bad-time"),
        (lambda c: scenarios(c, by=("calm", "deal", "a.talks", "b.pays", "not calm", "not deal", "not a.talks")), "study/no-terms"),
        (lambda c: indicators(c, ahead=0), "play/bad-number"),
    ],
)
def test_what_cannot_be_asked_is_refused(ask, code):
    with pytest.raises(AskError) as caught:
        ask(bridge())
    assert caught.value.code == code


def test_a_case_without_levers_or_sizes_is_refused_in_words():
    for name, by, told in (("kilgour-2001/elmira", (), "no levers"), ("fang-1993/chicken", (), "no term"), ("fang-1993/chicken", ("row.row_defects",), "ordinal")):
        with pytest.raises(AskError, match=told):
            scenarios(conflict(read(f"literature/{name}")), by=by)


def test_time_that_is_reckoned_not_to_do_leaves_versions_out_and_says_so(monkeypatch):
    monkeypatch.setattr(versions_module, "seconds_each", lambda *_: 1.0)
    found = indicators(bridge(), budget=Budget(seconds=4.0))
    assert found.n_used == 3 and "15 % of the chance, had no time" in str(found)


def test_versions_to_play_are_chosen_by_reckoning_and_those_left_out_are_told():
    asked = bridge()
    each = seconds_each(asked, 6.0)
    budget = Budget(seconds=1.01 * (1.35 * each + 2 * seconds_looking(each)))  # the second is played beside the first
    played = versions(asked, budget=budget)
    assert (len(played.versions), played.n_left) == (2, 2) and played.prior.sum() == pytest.approx(1)
    assert played.played == pytest.approx(0.7) and "2 versions of the parties, 30 % of the chance, had no time" in " ".join(played.notes())
    assert len(versions(asked).versions) == 4  # asked again without a limit


@in_depth
def test_in_large_conflicts_the_states_that_are_come_near_answer_as_all_do():
    asked = conflict(read("ukraine/2025-04"))
    types, _ = profiles_of(asked)[0][0]
    (made,) = played_as([as_version(asked, types)], 3.0)
    part = near(made, today_mass(asked), 2.0)
    assert part.states.size < asked.graph.n_states / 4 and part.start[np.searchsorted(part.states, asked.now)] == 1
    whole = np.eye(asked.graph.n_states, 1, -asked.now)
    mask = asked.where("us.mediates")[:, None]
    some, every = after(part.chain, part.begun(), 2.0, within=mask[part.states]), after(made, whole, 2.0, within=mask)
    assert some.sum() == pytest.approx(every.sum(), abs=LOSS)


def test_the_tree_is_drawn_with_words_of_both_languages():
    asked = bridge()
    found = scenarios(asked, by=("calm", "deal"))
    for language, today, day in (("en", "today", "30 December 2030"), ("nl", "vandaag", "30 december 2030")):
        drawn = str(courses_picture(found, Telling(asked, words(language))))
        assert drawn.startswith("<svg") and today in drawn and drawn.count("<rect") == len(found.branches) and day in drawn


def test_the_commands_print_tables_json_and_a_picture(tmp_path):
    case = tmp_path / "bridge.yaml"
    case.write_text(text(SEEN, CASE.replace("observations:", TERMS)), encoding="utf-8")
    told = CliRunner().invoke(main, ["indicators", str(case), "--weeks", "4", "--most", "2"])
    assert told.exit_code == 0 and "What to watch within 4 weeks, by 2030-07-28" in told.output and "are not shown" in told.output
    tree = CliRunner().invoke(main, ["scenarios", str(case), "--by", "calm", "--picture", str(tmp_path / "tree.svg"), "--json"])
    assert tree.exit_code == 0 and (tmp_path / "tree.svg").is_file()
    rows = json.loads(tree.stdout[tree.stdout.index("[") :])
    assert sum(row["chance"] for row in rows) == pytest.approx(1)


WATCHED = ["invented/mountain-road", "example/en", "invented/harbour-strike"]


@cache
def courses_of(name):
    return scenarios(conflict(shipped(name)), budget=Budget(seconds=2))


@spread("name", WATCHED, first=2)
def test_what_is_watched_is_what_the_page_is_about(name):
    """One case had the freedom of the captive in its headline and watched whether her life was in danger."""
    asked = conflict(shipped(name))
    assert usual_outcome(asked) == main_goal(asked) and courses_of(name).terms[0] == usual_outcome(asked)


@more_in_depth
def test_a_sign_at_a_branch_tells_the_ways_well_apart():
    """Differences of 4 points in a hundred, of chances that hang on assumed sizes, were printed as signs."""
    told = [courses_of(name) for name in (WATCHED if DEEP else WATCHED[:2])]
    signs = [sign for each in told for branch in each.branches for sign in branch.signs]
    assert signs and all(well_apart(sign.if_so, sign.if_not) for sign in signs)


def well_apart(one, other):
    """By ten points, or one is twice the other, of what may come or of its staying away."""
    least, most = min(one, other), max(one, other)
    return most - least >= 0.1 - 1e-9 or most >= 2 * least or 1 - least >= 2 * (1 - most)


def test_what_is_worth_watching_changes_what_is_likely():
    """Seen 95, not seen 92 in a hundred stood among what to watch."""
    for name in ("invented/mountain-road", "example/en"):
        found = indicators(conflict(read(name)), budget=Budget(seconds=2))
        apart = [(each.seen, each.silent) for each in indicators_told(found)]
        assert apart and all(well_apart(one, other) for one, other in apart)
