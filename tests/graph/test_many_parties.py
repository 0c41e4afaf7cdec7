"""More parties than an engine takes at once: those that cannot move count for nothing, and the rest of a report is still made."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from bestand import equilibrium, play, report, survival
from bestand.case.read import read_text
from bestand.errors import AskError, GraphError, KernelError, Problem
from bestand.graph.conflict import Conflict, conflict, conflict_of
from bestand.graph.model import Worth
from bestand.negotiate.changes import shared_out
from bestand.negotiate.stability import stability
from bestand.negotiate.unlock import unlock
from bestand.study import stages
from tests.depth import in_depth, spread
from tests.oracle import naive


def villages(n: int, *, signing: int = 3) -> str:
    """`n` villages, of which the first few may sign; the others only look on."""
    parties = "\n".join(f"  v{i}: {{name: Village {i}}}" for i in range(n))
    levers = "\n".join(f"  v{i}.signs: {{is: signs, assumed: t}}" for i in range(signing))
    wants = "\n".join(f"  v{i}: [{{that: truce, worth: {2 + i % 3}, assumed: t}}, {{that: not v{i % signing}.signs, worth: 1, assumed: t}}]" for i in range(n))
    rest = "terms: {truce: v0.signs and v1.signs}\nhypotheses: {h: {claim: c, assumed: t, test: {ask: rests, that: truce}}}\n"
    return f"bestand: 1\ntitle: T\nparties:\n{parties}\nlevers:\n{levers}\nwants:\n{wants}\n{rest}"


@pytest.fixture(scope="module")
def forty() -> Conflict:
    return conflict(read_text(villages(40)))


@pytest.fixture(scope="module")
def three() -> Conflict:
    return conflict(read_text(villages(3)))


def test_who_only_looks_on_changes_no_verdict(forty, three):
    many, few = stability(forty), stability(three)
    assert (many.stable[:, :, :3] == few.stable).all() and many.stable[:, :, 3:].all()


def test_who_only_looks_on_changes_no_choice_and_has_values_of_its_own(forty, three):
    many, few = play(forty, months=6), play(three, months=6)
    assert np.allclose(many.values[:3], few.values, rtol=1e-4)
    alike = play(conflict(read_text(villages(39))), months=6)
    assert np.allclose(many.values[:39], alike.values, rtol=1e-12)  # each in another group
    assert np.allclose(many.values[3], many.values[12])  # villages 3 and 12 want the same, in different groups
    assert [one.who for one in many.next_choices("now")][:3] == [one.who for one in few.next_choices("now")][:3]


def test_truces_among_many_last_as_among_few(forty, three):
    start = "v0.signs=yes,v1.signs=yes,v2.signs=no"
    many, few = (survival(each, start=start, truce="truce", months=[3, 12]) for each in (forty, three))
    assert np.allclose(many.alive, few.alive, atol=1e-4)
    assert np.allclose(equilibrium(forty, noise=0.5).policy.chance[0], equilibrium(three, noise=0.5).policy.chance[0], atol=1e-4)


def test_changes_are_shared_out_among_many_parties(forty, three):
    many, few = unlock(forty, goal="truce", most=1), unlock(three, goal="truce", most=1)
    assert {each.words for each in few.sets} <= {each.words for each in many.sets}
    assert sum(1 for _ in shared_out(2, [2] * 100)) == 100 * 99 // 2 + 100


def test_forty_parties_that_all_move_are_as_the_definitions_say():
    n = 40
    arcs = {f"p{i}": [["s0", f"s{1 + i % 3}"], [f"s{1 + i % 3}", f"s{1 + (i + 1) % 3}"]] for i in range(n)}
    r = np.random.default_rng(3)
    ranking = {f"p{i}": [f"s{k}" for k in r.permutation(4)] for i in range(n)}
    lines = [f"  p{i}: {{name: P{i}}}" for i in range(n)]
    moves = [f"    p{i}: {each}" for i, each in enumerate(arcs.values())]
    ranks = [f"  p{i}: [{', '.join(each)}]" for i, each in enumerate(ranking.values())]
    states = "states: {s0: {}, s1: {}, s2: {}, s3: {}}\n"
    whole = "bestand: 1\ntitle: T\nparties:\n" + "\n".join(lines) + f"\n{states}graph:\n  now: s0\n  moves:\n" + "\n".join(moves) + "\nranking:\n" + "\n".join(ranks) + "\n"
    asked = conflict(read_text(whole.replace("'", "")))
    told, moves, rank = stability(asked, concepts=("nash", "seq")), naive.moves_of(asked.graph), asked.worth.rank[0].tolist()
    for concept in ("nash", "seq"):
        for i, party in enumerate(asked.parties):
            plain = [naive.stable(moves, rank, i, s, concept, "legal") for s in range(4)]
            assert told.holds(concept, party=party).tolist() == plain, (concept, party)
    with pytest.raises(AskError, match="play/too-many-parties"):
        play(conflict_of(asked.graph, Worth(asked.parties, asked.worth.rank, asked.worth.rank.astype(float), "cardinal")), months=1)


@in_depth
def test_a_page_on_forty_parties_says_what_could_not_be_asked():
    known = stages.study(read_text(villages(40)), draws=2, seconds=0.1)
    page = report(known).html
    assert known.failed == {"coalitions": "negotiate/too-many-coalitions"} and known.agreements is not None and known.unlocks is not None
    assert known.agreements.why_none == "bargain/too-many-parties" and "too many to compare what each of them gains" in page
    assert "too many to look at every coalition" in page and "too many to look many" not in report(replace(known, failed={})).html


@spread("error", [GraphError, KernelError], first=1)
@pytest.mark.parametrize(
    ("engine", "chapter"),
    [("check", "known"), ("sensitivity_of", "sensitivity"), ("shares_of", "sensitivity"), ("profiles", "sensitivity"),
     ("bestand.study.agreements.agreement_answers", "agreements"), ("unlocks_of", "unlock"),
     ("bestand.negotiate.coalitions.coalitions", "coalitions"), ("verdicts", "hypotheses"), ("bestand.study.truces.truce_answers", "survival")],
)  # fmt: skip
def test_no_chapter_that_fails_loses_the_page(monkeypatch, engine, chapter, error):
    def broken(*given, **named):
        raise error(Problem("x/broken", "this cannot be asked"))

    home, _, name = engine.rpartition(".")
    monkeypatch.setattr(import_module(home) if home else stages, name, broken)
    known = stages.study(read_text(villages(3)), draws=2, seconds=0.1)
    assert known.failed == {chapter: "x/broken"} and "This chapter could not be made" in report(known).html
