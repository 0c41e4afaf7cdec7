"""What carries a conclusion is what turns it when it is taken away, and nothing less."""

from __future__ import annotations

import itertools
import sys

import numpy as np
import pytest

from bestand.bargain.outcomes import agreements
from bestand.case.read import read, read_text
from bestand.errors import AskError, GraphError
from bestand.graph.alike import MOST_PATTERNS
from bestand.graph.conflict import conflict
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.study.basis import worth_without
from bestand.study.goals import main_goal
from bestand.study.outlook import READING
from bestand.study.sensitivity import package, sensitivity
from tests.conftest import ROOT
from tests.depth import in_depth, only_in_depth


@pytest.fixture(scope="module", params=["example/en", pytest.param("ukraine/2025-04", marks=only_in_depth)])
def carried(request):
    asked = conflict(read(request.param))
    goal = main_goal(asked)
    return asked, package(asked, goal), sensitivity(asked, goal=goal)


def answer(asked, key, best):
    """The answer by another way: a fresh conflict, nothing shared."""
    kind, term = key
    fresh = conflict(asked.case, view=asked.view)
    if kind == "deal_exists":
        return bool(agreements(fresh, that=term).deal.any())
    if kind == "best_deal":
        return package(fresh, term) == best
    resting = stability(fresh, concepts=("seq",), moves=READING).holds("seq")
    if kind == "now_rests":
        return bool(resting[fresh.now])
    return bool((fresh.where(term) & (resting if kind == "term_rests" else paths(fresh, by=READING).reached)).any())


@in_depth
def test_taking_a_set_away_turns_the_conclusion(carried):
    asked, best, found = carried
    assert any(found.sets.values())
    for key, sets in found.sets.items():
        assert answer(asked, key, best) == found.answers[key]
        for lines in sets[:2]:
            assert answer(asked.without(*lines), key, best) != found.answers[key], (key, lines)


def test_no_single_statement_turns_a_conclusion_that_is_said_to_stand(carried):
    asked, best, found = carried
    key = next(key for key, sets in found.sets.items() if not sets or len(sets[0]) > 1)
    for line in itertools.islice(asked.statements(), 0, None, 4):
        assert answer(asked.without(line), key, best) == found.answers[key], line


def test_doubtful_statements_come_first(carried):
    *_, found = carried
    for sets in found.sets.values():
        assert [sum(line.firm for line in lines) for lines in sets] == sorted(sum(line.firm for line in lines) for lines in sets)


def test_what_falls_with_a_source_needs_it(carried):
    asked, best, found = carried
    for fall in found.falls:
        for line in fall.lines:
            assert set(line.because) & set(fall.claims) or set(line.supported_by) <= set(fall.claims)
        for key in fall.turned:
            assert answer(asked.without(*fall.lines), key, best) != found.answers[key]
    if asked.case.file.title.startswith("Ukraine"):
        assert any(fall.who == "Steve Witkoff" for fall in found.falls)


def test_what_cannot_be_tried_is_said(monkeypatch, carried):
    asked = conflict(read("ukraine/2025-04"))
    monkeypatch.setattr(sys.modules["bestand.study.sensitivity"], "MOST_STATES", 9_000)
    with pytest.raises(AskError, match="too-many-states"):
        sensitivity(asked)
    with pytest.raises(AskError, match="no-levers"):
        sensitivity(conflict(read(str(ROOT / "tests/field/27-carries-listed-graph.yaml"))))
    banned = "bestand: 1\ntitle: t\nparties: {a: {name: A}}\nlevers: {a.x: {is: x, now: yes}}\nnever: [{that: a.x}]\nwants: {a: [{that: a.x}]}\n"
    from bestand.case.read import read_text

    with pytest.raises(GraphError, match="no-present"):
        sensitivity(conflict(read_text(banned)))


@pytest.mark.parametrize("name", ["example/en", "invented/harbour-strike", "literature/onp-2013/gatt-trade", "literature/kilgour-2001/elmira"])
def test_wants_taken_away_together_are_worth_what_the_case_without_them_says(name):
    """Sets of wants are taken away side by side; the plain way makes another version of the case for each. A published ranking stays."""
    asked, rng = conflict(read(name)), np.random.default_rng(1)
    for party in asked.parties:
        own = [each for each in asked.statements() if each.kind == "want" and each.party == party]
        sets = [tuple(each for each in own if rng.random() < 0.4) for _ in range(6)]
        told = worth_without(asked, party, [[each.at for each in lines] for lines in sets])
        assert np.array_equal(told.rank[0], asked.rank_of(party)[0])
        for row, gone, lines in zip(told.rank[1:], told.absent[1:], sets, strict=True):
            assert np.array_equal(row, asked.without(*lines).rank_of(party)[0]), lines
            assert party in asked.case.file.ranking or gone == {each.at for each in lines}


def test_a_conclusion_leans_on_what_turns_it(ukraine):
    """That a truce can rest was told to lean on three levers, and beside it stood that without the handing over, not among them, it cannot."""
    turned = [each for each in ukraine.conclusions if each.flips]
    assert any(each.kind == "term_rests" for each in turned)
    for each in turned:
        of_flips = {line.at for lines in each.flips for line in lines}
        assert of_flips <= {line.at for line in each.lines[: len(of_flips)]}, (each.kind, each.term)


def test_what_is_kept_does_not_grow_with_the_wants_that_are_taken_away():
    """Each list of wants less one has combinations of its own that hold somewhere, of a size of states times wants."""
    levers = ", ".join(f"{party}.l{k}: {{is: x}}" for party in "ab" for k in range(3))
    wants = ", ".join(f"{party}: [{', '.join(f'{{that: a.l{k % 3} or b.l{k // 3}, worth: {k + 1}}}' for k in range(9))}]" for party in "ab")
    asked = conflict(read_text(f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}, b: {{name: B}}}}\nlevers: {{{levers}}}\nwants: {{{wants}}}\n"))
    carried = sensitivity(asked, goal="a.l0")
    tried = sum(line.kind == "want" for line in asked.statements())
    kept = [key for key in asked.kept_of_graph if isinstance(key, tuple) and key[0] == "patterns"]
    assert ("best_deal", "a.l0") in carried.answers and len(kept) <= MOST_PATTERNS < tried
