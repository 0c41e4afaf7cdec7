"""The numbers that the headline of the main case stands on, worked out again from the case file by other code.

No number stands here: whatever the file says, program and plain code must say the same of it. The plain readers know no short forms
(clocks, memory, consent): they read the file with these written out, and `case/test_expand.py` compares what is written out with hand-made cases.
"""

from __future__ import annotations

import collections
import pathlib

import numpy as np
import pytest

from bestand import agreements, conflict, read
from bestand.case.write import expanded_text
from bestand.study.profiles import profiles
from bestand.study.stages import stages
from tests.depth import in_depth
from tests.oracle.plain_case import read_plain
from tests.oracle.plain_view import File, Game, View

FOLDER = pathlib.Path(__file__).parents[2] / "cases" / "ukraine" / "2025-04"
VIEW = "core"
READINGS = ("paying", "best")


@pytest.fixture(scope="module")
def written_out(tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("written_out") / "case.yaml"
    path.write_text(expanded_text(read(FOLDER)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def plain(written_out) -> Game:
    """The view with the most probable types."""
    file = File(written_out)
    return Game(View(file, VIEW), file.usual())


@pytest.fixture(scope="module")
def asked():
    return conflict(read(FOLDER), view=VIEW)


@pytest.fixture(scope="module")
def known(asked):
    """The study as it stands after its first stage: where it rests, what is reached, why not."""
    return next(stages(asked, draws=1, quick=True, hypotheses=False))[1]


def terms(plain: Game) -> list[str]:
    """The terms that hold somewhere in the view, and not today: the program answers these."""
    masks = {term: plain.view.ok & plain.view.holds(term) for term in plain.view.file.terms}
    return [term for term, mask in masks.items() if mask.any() and not mask[plain.view.now]]


def settings(states, of) -> set[tuple[str, ...]]:
    return {tuple(of(int(state)).values()) for state in states}


@in_depth
def test_two_plain_readers_agree_on_states_ranks_and_moves(plain, written_out):
    """What is checked with must itself be checked: the readers share no code."""
    view = plain.view
    other = read_plain(written_out).view(VIEW, types=plain.types)
    place = {tuple(view.settings(state).values()): state for state in np.flatnonzero(view.ok)}
    assert other.levers == view.levers and set(other.states) == set(place)
    rng = np.random.default_rng(0)
    for k in map(int, rng.choice(len(other.states), size=min(120, len(other.states)), replace=False)):
        state = place[other.states[k]]
        for party in plain.parties:
            target, legal, _ = view.moves[party]
            assert {place[other.states[t]] for t in other.targets(party, other.states[k])} == set(target[state][legal[state]].tolist())
    for party in plain.parties:
        tests = [other.case.condition(want["that"]) for want in other.case.wants(party, plain.types[party])]
        for k in map(int, rng.choice(len(other.states), size=min(120, len(other.states)), replace=False)):
            rank = int("".join(str(int(test(other.settings(other.states[k])))) for test in tests) or "0", 2)
            assert rank == plain.rank[party][place[other.states[k]]]


def test_as_many_states_rest_in_both_readings(plain, known):
    found = {how: int(plain.rests(how).sum()) for how in READINGS}
    assert (known.counts["seq"], known.classical_counts["seq"]) == (found["best"], found["paying"])
    assert known.counts["nash"] == known.classical_counts["nash"] == plain.quiet().sum()
    assert not (plain.quiet() & ~plain.rests("best")).any() and not (plain.rests("best") & ~plain.rests("paying")).any()


def test_the_parties_that_would_leave_the_present_state(plain, known):
    leave = {party for party in plain.parties if not plain.stays(party, "best")[plain.view.now]}
    assert {witness.party for witness in known.today if not witness.stable} == leave


def test_every_term_rests_as_often_and_is_reached_or_not(plain, known):
    rests = {how: plain.rests(how) for how in READINGS}
    reached = {how: plain.reached(how, plain.view.now) for how in READINGS}
    told = {answer.term: answer for answer in known.terms}
    for term in terms(plain):
        mask, answer = plain.view.ok & plain.view.holds(term), told[term]
        assert answer.n_states == mask.sum(), term
        assert (answer.rests["seq"], answer.classical["seq"]) == ((rests["best"] & mask).sum(), (rests["paying"] & mask).sum()), term
        assert (answer.reached, answer.reached_paying) == ((reached["best"] & mask).any(), (reached["paying"] & mask).any()), term


def test_best_moves_from_today_end_where_the_program_says(plain, known):
    ends = np.flatnonzero(plain.reached("best", plain.view.now) & plain.quiet())
    if ends.size:  # else they go round in circles
        assert settings(known.ends, known.graph.at) == settings(ends, plain.view.settings)


@in_depth
def test_every_profile_of_types_answers_the_same(plain, asked):
    """What can rest and what best moves reach, for every profile of types, and the chances of the profiles."""
    view, told, compared, chances = plain.view, profiles(asked).profiles, 0, collections.Counter()
    for types, chance in view.file.profiles():
        game = Game(view, types)
        (place,) = (k for k, each in enumerate(told) if each.types.items() <= types.items())  # types that the view does not tell apart are one
        chances[place], answer = chances[place] + chance, told[place]
        rests, reached = game.rests("best"), game.reached("best", view.now)
        assert answer.resting == rests.sum()
        assert settings(answer.ends, asked.graph.at) == settings(np.flatnonzero(reached & game.quiet()), view.settings) or not answer.ends
        for term in terms(plain):
            mask = view.holds(term)
            for kind, found in (("term_rests", rests & mask), ("term_reached", reached & mask)):
                if (kind, term) in answer.answers:
                    assert answer.answers[kind, term] == found.any(), (types, kind, term)
                    compared += 1
    assert compared and [chances[k] for k in range(len(told))] == pytest.approx([each.chance for each in told])


@pytest.mark.parametrize("by", ["order", "size"])
def test_as_much_can_be_agreed(plain, asked, by):
    goal = plain.view.file.file["deterrence"]["truce"]
    found = np.flatnonzero(plain.agreed(goal, by=by))
    told = agreements(asked.on_scale("ordinal" if by == "order" else "cardinal"), that=goal)
    assert settings(told.states(), asked.graph.at) == settings(found, plain.view.settings)


def test_the_missing_step_is_told_for_every_version_of_the_parties(plain, asked):
    """Ukraine was to hand over the provinces and renounce NATO: where Russia is content with land, worth 45 %, the first of the two will do."""
    goal, now, view = plain.view.file.file["deterrence"]["truce"], plain.view.now, plain.view
    told = profiles(asked, goal=goal).profiles
    for each in (told[0], next(one for one in told if one.types["ru"] != told[0].types["ru"])):
        game = Game(view, view.file.usual() | each.types)
        wanted = game.rests("best") & view.holds(goal)
        found: list[tuple[str, frozenset]] = []
        for party in game.parties:
            (targets, legal, effort), rank = view.moves[party], game.rank[party]
            for k in np.argsort(effort[now], kind="stable"):
                target, changes = targets[now, k], frozenset(view.settings(int(targets[now, k])).items()) - frozenset(view.settings(now).items())
                if legal[now, k] and rank[target] <= rank[now] and not any(who == party and fewer <= changes for who, fewer in found):
                    found += [(party, changes)] if (game.reached("best", int(target)) & wanted).any() else []
        fewest = min(len(changes) for _, changes in found)
        mine = {(party, changes) for party, changes in found if len(changes) == fewest}
        changed = [(party, asked.graph.changes(asked.graph.now, target)) for party, target in each.missing]
        assert {(party, frozenset((lever, new) for lever, (_, new) in of.items())) for party, of in changed} == mine
    other = profiles(asked, goal=goal).other_steps(told[0].missing)
    assert list(other.values()) == pytest.approx([0.45])
