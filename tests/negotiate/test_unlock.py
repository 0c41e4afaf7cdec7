"""The mediator's list: complete, none too large, and each set of changes verifiable by solving the changed case."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from click.testing import CliRunner

from bestand.case.read import read, read_text
from bestand.changes.diff import diff
from bestand.cli import main
from bestand.errors import AskError
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict
from bestand.negotiate.advice import Unlock
from bestand.negotiate.changed import text_with_changes
from bestand.negotiate.changes import Alteration, varied
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.negotiate.unlock import unlock
from tests.depth import spread
from tests.oracle import unlocking as plain
from tests.oracle.frozen import TALKS
from tests.oracle.random_cases import either

CONCEPTS = ("nash", "gmr", "smr", "seq", "ssr")


# Per seed, the first conflict whose wants differ, in which the goal is not unlocked already and the list of single changes under
# the concept of the seed is not that under another, each of the others in turn.
TELLING = (15, 100, 127, 258, 115, 39, 1014, 14, 523, 171, 558, 842, 86, 293, 1207, 158, 1282, 282, 542, 451, 235, 327, 515, 874, 67)


def small(seed):
    """A conflict of at most 3 parties, 24 states and 3 wants a party, with a goal that does not hold now."""
    for k in range(TELLING[seed] if seed < len(TELLING) else 0, 1500):
        lists = either(seed * 1000 + k)
        if lists.n_parties <= 3 and 6 <= len(lists.states()) <= 24:
            lists.alike = [own[:1] for own in lists.alike]
            lists.wants = [own[: 2 if lists.alike else 3] for own in lists.wants]
            asked = conflict(read_text(lists.text()))
            goal = f"{lists.levers[0].name} = s1"
            if asked.graph.now == 0 and 0 < asked.where(goal).sum() < asked.graph.n_states:
                return asked, goal, f"{lists.levers[1].name} = s1"
    raise AssertionError("no such conflict")


def situation(asked, extra):
    def masks(texts):
        every = [asked.where(text) for text in texts]
        return [tuple(map(int, m)) for m in every if m.any() and not m.all()]

    wants = [list(dict.fromkeys(masks(w.that for w in asked.case.wants(p)[""]))) for p in asked.parties]
    return wants, list(dict.fromkeys(masks(extra)))


def as_plain(asked, change):
    """One change of the fast search in the plain form, on the whole graph."""
    mask = tuple(map(int, asked.where(change.that))) if change.kind != "hold" else ()
    i = asked.party(change.party)
    return ("drop", i, mask) if change.kind == "drop" else ("place", i, mask, change.place - 1)


@spread("seed", range(25))
def test_the_list_is_complete_and_has_nothing_too_large(seed):
    asked, goal, extra = small(seed)
    concept, moving = CONCEPTS[seed % 5], ("best", "paying")[seed % 2]
    wants, add = situation(asked, [goal, extra])
    graph = asked.graph
    moves, wanted = plain.naive.moves_of(graph), asked.where(goal)
    listed_sets = unlock(asked, goal=goal, concept=concept, moves=moving, add=[goal, extra], offers=[])
    listed = {frozenset(as_plain(asked, c) for c in changes): changes for u in listed_sets.sets for changes in (u.changes, *u.alike)}
    assert len(listed) == sum(1 + len(u.alike) for u in listed_sets.sets)
    works, effects, effort = {}, {}, plain.naive.effort_of(graph)
    every = list(plain.primitives(wants, add, {}, {}))
    for changes in plain.sets_of(every, 2):
        after = plain.changed_wants(wants, changes)
        if after is None:
            continue
        rank = plain.ranks(graph.n_states, after)
        effects[changes] = tuple(map(plain.dense, rank))
        if effects[changes] not in works:
            works[effects[changes]] = plain.solves(moves, rank, graph.now, wanted, concept, moving, effort)
    assert not listed_sets.already and not works[effects[frozenset()]]
    known = {effects[changes]: len(changes) for changes in sorted(listed, key=len, reverse=True)}
    for changes, effect in effects.items():
        parts = [changes - {c} for c in changes]
        smallest = works[effect] and not any(part in effects and works[effects[part]] for part in parts)
        if smallest:
            assert effect in known and known[effect] <= len(changes), (concept, changes)
        if changes in listed:
            assert smallest, (concept, changes)


@spread("seed", range(25, 45), first=3)
def test_each_set_of_changes_works_in_the_changed_case(seed):
    asked, goal, extra = small(seed)
    concept, moving = CONCEPTS[seed % 5], ("best", "paying")[seed // 5 % 2]
    for each in unlock(asked, goal=goal, concept=concept, moves=moving, add=[goal, extra]).sets[:40]:
        again = read_text(text_with_changes(asked, unlock=each))
        after = conflict(again, hold={c.at.removeprefix("levers."): c.that for c in each.changes if c.kind == "hold"})
        resting = stability(after, concepts=concept, moves=moving).holds(concept) & after.where(goal)
        moves, rank = plain.naive.moves_of(after.graph), after.worth.rank[0].tolist()
        ways = {s: way for s, way in plain.naive.ways(moves, rank, after.now, moving, plain.naive.effort_of(after.graph)).items() if resting[s]}
        told = after.state({lever: each.at[lever] for lever in after.graph.levers})
        assert ways[told] == min(ways.values()), each.words  # the nearest, and of those equally near one that sets the fewest levers
        assert diff(asked.case, again).changes


def test_a_held_lever_that_unlocks_is_found_by_holding_it():
    asked = conflict(read("example/en"))
    lever = next(name for name in asked.graph.levers)
    listed_sets = unlock(asked, goal=f"{lever} != {asked.case.settings[lever][0]}", most=1, add=[])
    for each in listed_sets.sets:
        held = {c.at.removeprefix("levers."): c.that for c in each.changes if c.kind == "hold"}
        if held:
            after = asked.hold(held)
            rests = stability(after, concepts="seq", moves="best").holds("seq")
            assert (rests & paths(after).reached).any()


WEIGHED = """
bestand: 1
title: Price
parties: {a: {name: A}, b: {name: B}}
levers: {a.stops: {is: A stops}, b.pays: {is: B pays}}
wants:
  a: [{that: not a.stops, worth: 3}, {that: b.pays, worth: 1}]
  b: [{that: a.stops, worth: 5}, {that: not b.pays, worth: 2}]
"""


def test_a_promise_unlocks_only_when_it_is_large_enough():
    asked = conflict(read_text(WEIGHED))
    enough = unlock(asked, goal="a.stops", most=1, weight=3.5, offers=[])
    assert [u.changes[0].kind for u in enough.sets if u.changes[0].what == "a.stops"] == ["promise"]
    little = unlock(asked, goal="a.stops", most=1, weight=2.5, offers=[])
    assert not any(u.changes[0].kind == "promise" for u in little.sets)
    twice = unlock(asked, goal="a.stops", most=2, weight=2.5, offers=[])
    assert any({c.kind for c in u.changes} == {"promise", "penalty"} for u in twice.sets)


@pytest.mark.parametrize("unit", [1e-9, 0.1, 1000.0, 1e6])
def test_the_unit_of_worth_changes_no_list(unit):
    def lists(factor):
        text = re.sub(r"worth: (\d+)", lambda found: f"worth: {int(found[1]) * factor:.17g}", WEIGHED)
        every = unlock(conflict(read_text(text)), goal="a.stops", most=2, weight=2.5 * factor)
        return [[(c.kind, c.party, c.that, c.place) for c in each.changes] for each in every.sets]

    assert lists(unit) == lists(1.0) != []


@pytest.mark.parametrize("goal", ["ceasefire", "ceasefire and ua.cedes = no"])
def test_in_no_row_does_the_us_give_up_what_it_need_not(goal):
    """As near are states in which it mediates no longer, or is gone; fewer levers are set on the way to one where it has kept that."""
    asked = conflict(read(TALKS))
    for moving in ("paying", "best"):
        rows = unlock(asked, goal=goal, most=1, moves=moving).sets
        assert rows
        assert not any(each.at["us.mediates"] == "no" or each.at["us.presence"] == "gone" for each in rows)


def test_bad_questions_get_a_clear_answer():
    asked = conflict(read("example/en"))
    lever = asked.graph.levers[0]
    with pytest.raises(AskError, match="no concept 'sek'"):
        unlock(asked, goal=lever, concept="sek")
    with pytest.raises(AskError, match="4 changes"):
        unlock(asked, goal=lever, most=4)
    with pytest.raises(AskError, match="no state of this view"):
        unlock(asked, goal=f"{lever} and not {lever}")
    with pytest.raises(AskError, match=r"no lever 'x\.y'"):
        unlock(asked, goal=lever, offers=["x.y"])
    with pytest.raises(AskError, match="no kind of moves 'improving'"):
        unlock(asked, goal=lever, moves="improving")
    for weight in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(AskError, match="no size of a promise"):
            unlock(asked, goal=lever, weight=weight)
    with pytest.raises(AskError, match="as text"):
        unlock(asked, goal=asked.where(lever))


@spread(("name", "goal"), [("invented/harbour-strike", "truce"), ("invented/mountain-road", "free")], first=1)
def test_the_smallest_sets_of_a_larger_case_are_confirmed_by_the_engine(name, goal):
    asked = conflict(read(name))
    listed_sets = unlock(asked, goal=goal, most=1)
    assert listed_sets.sets and not listed_sets.already and len({u.changes for u in listed_sets.sets}) == len(listed_sets.sets)
    for each in listed_sets.sets:
        again = read_text(text_with_changes(asked, unlock=each))
        after = conflict(again)
        rests = stability(after, concepts="seq", moves="best").holds("seq")
        assert (rests & paths(after).reached & after.where(goal)).any()
    assert np.all(np.diff([len(u.changes) for u in listed_sets.sets]) >= 0)


def held_at(asked, lever, setting):
    """The text of the case after one lever was offered at a setting."""
    return text_with_changes(asked, unlock=Unlock((Alteration("hold", lever.partition(".")[0], lever, setting, f"levers.{lever}"),), {}))


@spread("name", ["invented/harbour-strike", "invented/mountain-road"], first=1)
def test_levers_that_short_forms_make_are_written_where_they_can_be_held(name):
    """Every lever of what `show --expanded` prints, at every setting, held in every view that varies another."""
    asked = conflict(read(name))
    levers = asked.case.file.levers
    made = levers.keys() - asked.case.written.levers.keys()
    assert any("consents" in lever for lever in made) and {*asked.case.written.credibility, *asked.case.written.clocks} < {lever.split(".")[1] for lever in made}
    for lever in made:
        for setting in levers[lever].settings:
            again = read_text(held_at(asked, lever, setting))
            for view, stated in asked.case.file.views.items():
                assert lever not in again.file.views[view].vary or set(stated.vary) == {lever}
                assert again.file.views[view].fixed[lever] == setting
            assert again.now[lever] == (setting if lever.split(".")[1] in again.written.credibility else asked.case.now[lever])


SHORT = """
bestand: 1
title: Short forms
as_of: 2025-01-01
parties: {a: {name: A}, b: {name: B}}
levers:
  a.threat: {is: A threatens, settings: [no, said, done], now: no, assumed: x}
  b.yields: {is: B yields, now: no, consent: {yes: [a]}, assumed: x}
clocks: {term: {is: a term, days: 30, assumed: x}}
credibility:  # how far it is believed
  belief: {is: the threat, lever: a.threat, threat: said, deed: done, fades_per_month: 0.5, assumed: x}
wants: {a: [{that: b.yields, assumed: x}], b: [{that: not b.yields, assumed: x}]}
"""


def test_without_a_view_a_memory_is_written_and_a_clock_or_consent_refused_in_words():
    asked = conflict(read_text(SHORT))
    text = held_at(asked, "world.belief", "spent")
    assert "now: spent" in text and "# how far it is believed" in text and read_text(text).now["world.belief"] == "spent"
    for lever, setting in [("world.term", "over"), ("a.consents_b_yields", "yes")]:
        with pytest.raises(AskError, match="short form") as raised:
            held_at(asked, lever, setting)
        assert raised.value.code == "negotiate/not-written" and raised.value.problems[0].hint


def test_rows_that_cannot_be_written_are_named_and_the_others_written(tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text(SHORT.replace("that: not b.yields", "that: b.yields"))
    asked = ["unlock", str(case), "b.yields", "--most", "1", "--add", "a.consents_b_yields", "--write", str(tmp_path)]
    done = CliRunner().invoke(main, asked)
    assert "row 1 is not written: [negotiate/not-written] lever 'a.consents_b_yields'" in done.output and "2 changed cases" in done.output
    assert sorted(path.name for path in tmp_path.glob("unlock-*")) == ["unlock-02.yaml", "unlock-03.yaml"]


@spread("n_looked", [0, 1, 3, 10, 40, 10_000], first=2)
def test_a_search_stops_in_its_time_and_says_up_to_where_it_is_complete(n_looked):
    """The clock goes on a second each time it is looked at; sets of fewer changes than were being looked for are all there."""
    asked, ticks, told = conflict(read("example/en")), itertools.count(), []
    budget = Budget(seconds=n_looked, clock=lambda: float(next(ticks)), progress=told.append)
    part, whole = unlock(asked, goal="truce", most=2, threads=1, budget=budget), unlock(asked, goal="truce", most=2, threads=1)
    small = [each for each in whole.sets if len(each.changes) <= part.complete]
    assert [each for each in part.sets if len(each.changes) <= part.complete] == small
    assert {frozenset(each.changes) for each in part.sets} <= {frozenset(changes) for each in whole.sets for changes in (each.changes, *each.alike)}
    assert told == sorted(told) and all(0 <= share <= 1 for share in told)
    assert (part.complete < 2) == any("no time to look" in note for note in part.table().notes)
    assert (part.complete, whole.complete) == (0 if n_looked < 2 else part.complete, 2) and (n_looked < 10_000 or part.sets == whole.sets)


TWO_MINDS = """
bestand: 1
title: Two minds
parties: {a: {name: A}, b: {name: B}}
levers: {a.stops: {is: A stops}, b.pays: {is: B pays}}
wants:
  a: [{that: not a.stops, is: A goes on, assumed: x}, {that: b.pays, is: A is paid, assumed: x}]
  b: [{that: not b.pays, is: B keeps its money, assumed: x}, {that: a.stops, is: B has peace, assumed: x}]
"""


def test_changes_of_two_parties_are_each_written_among_their_own_wants():
    asked = conflict(read_text(TWO_MINDS))
    listed = unlock(asked, goal="a.stops and b.pays", concept="nash", add=["a.stops", "b.pays"], offers=[])
    both = [each for each in listed.sets if {change.party for change in each.changes} == {"a", "b"}]
    assert both
    for each in both:
        again = read_text(text_with_changes(asked, unlock=each))
        for party in "ab":
            own = [change for change in each.changes if change.party == party]
            gone, new = ([change.that for change in own if change.kind == kind] for kind in ("drop", "add"))
            expected = [want.that for want in asked.case.wants(party)[""] if want.that not in gone] + new
            assert sorted(want.that for want in again.wants(party)[""]) == sorted(expected), (each.words, party)


def test_what_is_added_last_is_the_least_change_and_comes_first():
    text = TWO_MINDS.replace("  a: [{that: not a.stops", "  a: [{that: b.pays, is: A is paid, assumed: x}, {that: not a.stops").replace(", {that: b.pays, is: A is paid, assumed: x}]", "]")
    asked = conflict(read_text(text))
    listed = unlock(asked, goal="a.stops", concept="nash", most=1, add=["a.stops"], offers=[])
    added = [change for each in listed.sets for (change,) in (each.changes, *each.alike) if change.kind == "add"]
    assert {(change.place, change.shift) for change in added} == {(1, 2), (2, 1)}  # of the three that there are then, before A's wish to go on
    ordered = [(len(each.changes), each.weak, sum(change.shift for change in each.changes)) for each in listed.sets]
    assert ordered == sorted(ordered)


def test_the_table_of_sets_tells_what_differs_from_today_where_it_then_rests():
    asked = conflict(read_text(TWO_MINDS))
    listed = unlock(asked, goal="a.stops", concept="nash", add=["a.stops"], offers=[])
    cells = {row[-1] for row in listed.table().rows}
    assert cells <= {"a.stops=yes", "a.stops=yes, b.pays=yes"} and "a.stops=yes" in cells


def test_what_a_party_could_want_is_worked_out_once_for_versions_in_which_it_wants_the_same():
    valley = conflict(read("example/en"))
    of = {party: next(each for each in valley.statements() if each.kind == "want" and each.party == party) for party in ("upper", "lower")}
    without = {party: valley.without(line) for party, line in of.items()}
    asked = lambda of: varied(of, "upper", ["truce"], most=1, weight=None, threads=1, is_time=lambda: True)  # noqa: E731
    assert asked(valley) is asked(valley) is asked(without["lower"])
    assert len(asked(valley)[1].size) > len(asked(without["upper"])[1].size)


@pytest.mark.parametrize("goal", ["truce", "not truce"])
def test_it_changes_no_answer_which_goals_and_versions_were_asked_of_before(goal):
    valley = conflict(read("example/en"))
    for line in valley.statements():
        for other in ("truce", "not truce"):
            unlock(valley.without(line), goal=other, most=1)
    assert unlock(valley, goal=goal, most=1).sets == unlock(conflict(read("example/en")), goal=goal, most=1).sets
