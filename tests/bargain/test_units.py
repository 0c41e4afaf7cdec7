"""What must change no answer: the unit of worth, a party that wants nothing; and what must be said when readings differ."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bestand.bargain.cores import concessions, cores
from bestand.bargain.frontier import frontier, frontier_of
from bestand.bargain.offers import offers, risk_thresholds
from bestand.bargain.outcomes import agreements, in_the_world_as_it_is
from bestand.bargain.payments import payments
from bestand.bargain.settle_by_solver import PROGRAMS, settle_by_solver
from bestand.bargain.solutions import RULES, Rule, settle
from bestand.bargain.thresholds import thresholds
from bestand.case.read import read_text
from bestand.errors import AskError
from bestand.graph.conflict import conflict
from tests.depth import more_in_depth, spread, tried
from tests.oracle import bargaining as plainly

UNITS = [10.0, 1000.0, 1e-9, 1e6, 1 / 3]
WANTLESS = """
bestand: 1
title: a party without wants
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x}, b.y: {is: y}}
wants: {a: [{that: b.y, worth: 2, red_line: true}, {that: not a.x, worth: 1}]}
"""
SPLIT = """
bestand: 1
title: order against size
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x}, b.y: {is: y}}
wants:
  a: [{that: not a.x, worth: 1}, {that: b.y, worth: 3}]
  b: [{that: not b.y, worth: 1}, {that: a.x, worth: 3}]
"""


@cache
def outcomes(seed: int):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 12, (int(rng.integers(2, 5)), int(rng.integers(3, 25)))) * (0.1 if seed % 2 else 1.0)
    return points, np.quantile(points, 0.3, axis=1)


@more_in_depth
@spread("rule", list(RULES), first=3)
@pytest.mark.parametrize("unit", UNITS)
def test_the_unit_of_worth_changes_no_frontier_winner_or_threshold(rule, unit):
    n_settled = 0
    for seed in range(tried(40)):
        points, away = outcomes(seed)
        one, other = frontier_of(points, fallback=away), frontier_of(points * unit, fallback=away * unit)
        assert one.members.tolist() == other.members.tolist() and one.first.tolist() == other.first.tolist()
        assert one.accepted().tolist() == other.accepted().tolist()
        if not one.accepted().any():
            continue
        settled, again = settle(one, rule=rule), settle(other, rule=rule)
        assert settled.outcomes.tolist() == again.outcomes.tolist() and settled.decides == again.decides, seed
        assert settled.left_out == again.left_out and (settled.gain > 0).tolist() == (again.gain > 0).tolist()
        spans, other_spans = thresholds(one, rule=rule), thresholds(other, rule=rule)
        for here, there in ((spans.low, other_spans.low), (spans.high, other_spans.high), (spans.empty, other_spans.empty)):
            assert there == pytest.approx(here * unit, rel=1e-6, abs=1e-7 * unit), seed
        n_settled += 1
    assert n_settled > tried(40) // 3


@more_in_depth
@pytest.mark.parametrize("unit", UNITS)
def test_a_rule_that_compares_no_units_takes_each_party_in_its_own(unit):
    for seed in range(tried(40)):
        points, away = outcomes(seed)
        factor = np.where(np.arange(len(points)) == 0, unit, 1.0)
        one, other = frontier_of(points, fallback=away), frontier_of(points * factor[:, None], fallback=away * factor)
        assert one.members.size == other.members.size
        for rule in ("nash", "kalai_smorodinsky") if one.accepted().any() else ():
            assert settle(one, rule=rule).outcomes.tolist() == settle(other, rule=rule).outcomes.tolist(), seed
        if one.accepted().any():
            played, again = (offers(each, rounds=4, discount=0.8, risk=0.1) for each in (one, other))
            assert played.proposal.tolist() == again.proposal.tolist(), seed


@more_in_depth
@pytest.mark.parametrize("unit", UNITS)
def test_the_unit_of_worth_changes_no_payment_and_no_offer(unit):
    for seed in range(tried(30)):
        points, away = outcomes(seed)
        one, other = frontier_of(points, fallback=away + 1), frontier_of(points * unit, fallback=(away + 1) * unit)
        for payers in ("outside", "parties"):
            paid, again = payments(one, payers=payers), payments(other, payers=payers)
            assert paid.outcomes.tolist() == again.outcomes.tolist() and again.budget == pytest.approx(paid.budget * unit, abs=1e-8 * unit)
            assert [t[:2] for o in paid.outcomes for t in paid.transfers(o)] == [t[:2] for o in again.outcomes for t in again.transfers(o)]
        one, other = frontier_of(points, fallback=away), frontier_of(points * unit, fallback=away * unit)
        if one.accepted().any():
            played, again = (offers(each, rounds=4, discount=0.8, risk=0.1) for each in (one, other))
            assert played.proposal.tolist() == again.proposal.tolist()
            spans, again_spans = (risk_thresholds(each, rounds=3, discount=0.9, grid=11) for each in (one, other))
            assert spans.point == again_spans.point and spans.edges == pytest.approx(again_spans.edges, abs=1e-6)


def stated_in(text: str, unit: float) -> str:
    """The case with every worth in another unit."""
    parts = text.split("worth: ")
    return parts[0] + "".join(f"worth: {float(part[: (end := min(part.index(c) for c in ',}' if c in part))]) * unit!r}{part[end:]}" for part in parts[1:])


@cache
def asked(seed: int, unit: float) -> list[object] | None:
    """Deals, clashes and concessions of a random dispute whose worths are told in some unit, by both roads; None where it has no present."""
    stated = conflict(read_text(stated_in(plainly.disputed(seed)[1], unit)), scale="cardinal")
    if stated.graph.now is None:
        return None
    deals = agreements(stated)
    return [deals.deal.tolist(), deals.gain.tolist(), *(set(ask(stated, route=route).sets) for route in ("enumerate", "solver") for ask in (cores, concessions))]


@more_in_depth
@pytest.mark.parametrize("unit", [10.0, 1000.0, 1e-9])
def test_the_unit_of_worth_changes_nothing_that_is_asked_of_a_case(unit):
    assert sum(asked(seed, 1.0) is not None for seed in range(tried(60))) > tried(60) // 2
    for seed in range(tried(60)):
        assert asked(seed, unit) == asked(seed, 1.0), seed


@cache
def settled_by_solver(seed: int, rule: Rule, unit: float):
    """What a solver settles on in a random dispute without red lines; None where it has no present."""
    stated = conflict(read_text(stated_in(plainly.disputed(seed)[1].replace("red_line: true", "red_line: false"), unit)), scale="cardinal")
    return None if stated.graph.now is None else settle_by_solver(stated, rule=rule)


@more_in_depth
@pytest.mark.parametrize("unit", [1000.0, 1e-9])
def test_the_unit_of_worth_changes_no_settlement_by_solver(unit):
    n_settled = 0
    for seed in range(tried(24)):
        for rule in PROGRAMS:
            settled, again = settled_by_solver(seed, rule, 1.0), settled_by_solver(seed, rule, unit)
            if settled is None:
                continue
            n_gaining = len(settled.parties) - len(settled.left_out)
            factor = {"nash": unit**n_gaining if settled.score else 1.0, "kalai_smorodinsky": 1.0}.get(rule, unit)
            assert settled.proven and again.proven and again.score == pytest.approx(settled.score * factor, rel=2e-6), (seed, rule)
            n_settled += 1
    assert n_settled >= tried(24)


def test_sums_that_differ_in_their_last_bits_are_one_point_in_any_unit():
    for unit in (1.0, 1e-9, 1e9):
        edge = frontier_of(np.array([[0.1 + 0.2, 0.3], [1.0, 1.0]]) * unit, fallback=np.array([0.3, 1.0]) * unit)
        assert edge.n_points == 1 and edge.members.size == 2 and edge.accepted().all()


def test_a_party_that_wants_nothing_accepts_anything():
    for scale in ("ordinal", "cardinal"):
        asking = conflict(read_text(WANTLESS), scale=scale)
        deals = agreements(asking)
        assert deals.deal[0].tolist() == asking.where("b.y").tolist()
        assert deals.gains(int(deals.states()[0]))["b"] == 0
        for route in ("enumerate", "solver"):
            clashes = cores(asking, route=route)
            assert [each.party for each in clashes.demands] == ["a", "a"] and not clashes.sets
            assert concessions(asking, route=route).sets == ((),)
        edge = frontier(asking)
        assert edge.worth[1].tolist() == [0, 0, 0, 0] and edge.n_points == 1
    settled = settle(frontier(conflict(read_text(WANTLESS), scale="cardinal")))
    assert settled.left_out == ("b",) and "passed over" in str(settled)
    assert payments(settled.frontier).budget == 0 and thresholds(settled.frontier).empty.tolist() == [3, 0]
    assert settle_by_solver(conflict(read_text(WANTLESS), scale="cardinal")).parties == ("a",)


def test_where_nobody_wants_anything_all_can_be_agreed_and_no_demand_is_there():
    nobody = conflict(read_text(WANTLESS.partition("wants:")[0] + "wants: {}\n"), scale="cardinal")
    assert agreements(nobody).deal.all() and not agreements(nobody).gain.any()
    settled = settle(frontier(nobody))
    assert not settled.decides and "decides nothing" in str(settled) and (settled.gain == 0).all()
    with pytest.raises(AskError, match="bargain/no-demands"):
        cores(nobody)


def test_order_and_size_that_answer_differently_are_both_there():
    asking = conflict(read_text(SPLIT))
    deals = agreements(asking, that="a.x and b.y")
    assert deals.n_deals == 0 and deals.differs and deals.by_order.n_deals == 0 and deals.by_size.n_deals == 1
    assert "by the order of wants 0 states could be agreed on, by their sizes 1" in str(deals)
    sized = agreements(asking.on_scale("cardinal"), that="a.x and b.y")
    assert sized.n_deals == 1 and sized.differs and sized.by_order.n_deals == 0 and sized.reading.n_gains == 1
    assert sized.gains("a.x=yes, b.y=yes") == {"a": 2.0, "b": 2.0}
    assert agreements(asking.draw(20, seed=2), that="a.x and b.y").by_size.n_deals == 1
    ordered = conflict(read_text(SPLIT.replace(", worth: 1", "").replace(", worth: 3", "")))
    assert agreements(ordered, that="a.x and b.y").other is None


@more_in_depth
def test_the_other_reading_is_the_answer_asked_by_the_other_scale():
    n_asked = 0
    for seed in range(tried(40)):
        _, text, _, _ = plainly.disputed(seed)
        order, size = (conflict(read_text(text), scale=scale) for scale in ("ordinal", "cardinal"))
        if order.graph.now is None:
            continue
        by_order, by_size = agreements(order), agreements(size)
        assert by_order.by_size.deal.tolist() == by_size.deal[0].tolist() and by_order.by_size.gain.tolist() == by_size.gain[0].tolist(), seed
        assert by_size.by_order.deal.tolist() == by_order.deal[0].tolist() and by_size.by_order.n_gains == int(by_order.gain[0].sum()), seed
        n_asked += 1
    assert n_asked > tried(40) // 2


def test_a_comparison_of_nothing_with_nothing_decides_nothing():
    torn = settle(frontier_of(np.array([[1.0, 0.0], [0.0, 1.0]]), fallback=[0, 0]))
    assert torn.score == 0 and not torn.decides and torn.outcomes.size == 2
    told = settle(frontier_of(np.array([[1.0, 0.0, 0.4], [0.0, 1.0, 0.4]]), fallback=[0, 0]))
    assert told.decides and told.outcomes.tolist() == [2]
    packed = settle(frontier_of(np.array([[3.0, 1.0], [0.0, 1.0]]), fallback=[0, 0]), rule="utilitarian")
    assert packed.gain.tolist() == [3, 0] and "no gain over the fallback to: party 2" in str(packed)


def test_a_concession_says_which_doubtful_want_it_touches_and_firm_ones_stay_unnamed():
    text = """
bestand: 1
title: doubtful
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x, now: "yes"}, b.y: {is: y}}
sources: {s: {title: S, author: X, publisher: Y, date: 2025-04-06, language: en, sha256: "0000000000000000000000000000000000000000000000000000000000000000", url: "https://example.org/s"}}
claims:
  sure: {source: s, quote: q, gloss: g}
  heard: {source: s, quote: q, gloss: g, author_holds: possible}
wants:
  a: [{that: not b.y, because: [heard]}, {that: a.x, because: [sure]}]
  b: [{that: b.y, because: [sure], red_line: true}, {that: not a.x, because: [sure]}]
"""
    opens = concessions(conflict(read_text(text)), that="b.y or not a.x")
    rows = {opens.words(k): (opens.crosses(k), opens.touches(k)) for k in range(len(opens.sets))}
    assert opens.crosses(0) == () and rows
    assert ((), ("wants.a[0]",)) in rows.values()
    assert "crosses a red line of" in opens.table().columns and "wants.a[0]" in str(opens)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda: frontier_of(np.array([[0.0, np.nan], [1.0, 2.0]])), "bargain/bad-number"),
        (lambda: frontier_of(np.zeros((2, 0))), "bargain/bad-number"),
        (lambda: frontier_of(np.zeros(3)), "bargain/bad-number"),
        (lambda: frontier_of(np.zeros((2, 3)), fallback=[1.0]), "bargain/bad-number"),
        (lambda: frontier_of(np.zeros((2, 3)), fallback=[1.0, float("nan")]), "bargain/bad-number"),
        (lambda: frontier_of(np.zeros((2, 3)), parties=["a"]), "bargain/bad-number"),
        (lambda: frontier_of(np.zeros((2, 3)), among=np.ones(2, bool)), "bargain/bad-number"),
        (lambda: frontier_of(np.zeros((2, 3)), among=np.ones(3)), "bargain/bad-number"),
        (lambda: frontier(conflict(read_text(SPLIT)), draw=-1), "bargain/unknown-draw"),
        (lambda: frontier(conflict(read_text(SPLIT), scale="cardinal"), fallback={"a": float("nan"), "b": 1.0}), "bargain/bad-number"),
        (lambda: frontier(conflict(read_text(SPLIT), scale="cardinal"), fallback=np.array([1.0])), "bargain/bad-number"),
        (lambda: cores(conflict(read_text(SPLIT)), route="solver", that=np.ones(4, bool)), "bargain/no-mask"),
        (lambda: cores(conflict(read_text(SPLIT)), seconds=float("nan")), "bargain/bad-number"),
        (lambda: concessions(conflict(read_text(SPLIT)), seconds=-1), "bargain/bad-number"),
        (lambda: concessions(conflict(read_text(SPLIT)), weights="two each"), "bargain/bad-number"),
        (lambda: concessions(conflict(read_text(SPLIT)), weights={"wants.a": float("nan")}), "bargain/bad-number"),
        (lambda: settle_by_solver(conflict(read_text(SPLIT)), that=np.ones(4, bool)), "bargain/no-mask"),
        (lambda: settle_by_solver(conflict(read_text(SPLIT)), seconds=float("nan")), "bargain/bad-number"),
        (lambda: settle_by_solver(conflict(read_text(SPLIT)), seconds=0), "bargain/bad-number"),
        (lambda: settle_by_solver(conflict(read_text(SPLIT)), rule="nahs"), "bargain/unknown-rule"),
        (lambda: settle_by_solver(conflict(read_text(SPLIT)), power={"a": float("nan")}), "bargain/bad-number"),
    ],
)
def test_numbers_and_words_out_of_bounds_are_refused(ask, code):
    with pytest.raises(AskError) as wrong:
        ask()
    assert wrong.value.code == code and wrong.value.problems[0].hint


def test_a_rule_is_one_function_and_one_line(monkeypatch):
    def rawls(gain, ideal, power):
        """Gains of all but the luckiest party: what is left when its gain is taken away."""
        return gain.sum(axis=0) - gain.max(axis=0)

    monkeypatch.setitem(RULES, "all_but_the_luckiest", Rule(rawls))
    for seed in range(20):
        points, away = outcomes(seed)
        edge = frontier_of(points, fallback=away)
        if not edge.accepted().any():
            continue
        settled = settle(edge, rule="all_but_the_luckiest")
        gain = np.maximum(points[:, settled.outcomes] - away[:, None], 0)
        assert settled.score == pytest.approx((gain.sum(axis=0) - gain.max(axis=0))[0])
        spans = thresholds(edge, rule="all_but_the_luckiest")
        assert (spans.low <= away + 1e-9).all() and (spans.high >= away - 1e-9).all()
        for i in range(len(points)):
            for end, further in ((spans.low[i], -1e-3), (spans.high[i], 1e-3)):
                if np.isfinite(end):
                    inside = frontier_of(points, fallback=np.where(np.arange(len(points)) == i, (end + away[i]) / 2, away))
                    assert settle(inside, rule="all_but_the_luckiest").points.tolist() == settled.points.tolist()
                    moved = frontier_of(points, fallback=np.where(np.arange(len(points)) == i, end + further, away))
                    beyond = settle(moved, rule="all_but_the_luckiest").points.tolist() if moved.accepted().any() else []
                    assert beyond != settled.points.tolist(), (seed, i)
    with pytest.raises(AskError, match="the solver does not know the rule"):
        settle_by_solver(conflict(read_text(SPLIT)), rule="all_but_the_luckiest")


def test_a_mask_of_states_does_for_a_condition():
    for seed in range(20):
        _, text, _, _ = plainly.disputed(seed)
        asking = conflict(read_text(text))
        if asking.graph.now is None:
            continue
        lever = asking.graph.levers[0]
        mask = asking.where(f"{lever} >= s1")
        if (mask & in_the_world_as_it_is(asking)).any():
            assert set(cores(asking, that=mask).sets) == set(cores(conflict(read_text(text)), that=f"{lever} >= s1").sets)
            assert agreements(asking, that=mask).deal.tolist() == agreements(asking, that=f"{lever} >= s1").deal.tolist()


def test_cores_and_settlements_by_solver_list_no_states():
    levers = ", ".join(f"a.l{k}: {{is: x}}" for k in range(40))
    text = f"bestand: 1\ntitle: t\nparties: {{a: {{name: A}}, b: {{name: B}}}}\nlevers: {{{levers}, b.y: {{is: y}}}}\n"
    text += "wants: {a: [{that: b.y, worth: 2, red_line: true}, {that: not a.l0, worth: 1}], b: [{that: a.l0, worth: 2}, {that: not b.y, worth: 1}]}\n"
    large = conflict(read_text(text), scale="cardinal")
    assert concessions(large, that="not a.l0").sets and cores(large, that="not a.l0").sets
    assert settle_by_solver(large).worth.tolist() == [2, 2] and "graph" not in large.kept_of_graph


def test_a_solver_whose_time_is_up_says_that_there_may_be_more(monkeypatch):
    pytest.importorskip("pysat", reason="python-sat, of the optional extra `solver`, is not installed")
    from bestand.bargain import cores_by_solver

    _, text, _, _ = plainly.disputed(7)
    asking, every = conflict(read_text(text)), {}
    for which in ("every want", "red lines and fallback"):
        every[which] = cores(asking, which=which, route="enumerate").sets, concessions(asking, which=which, route="enumerate").sets
    monkeypatch.setattr(cores_by_solver.Countdown, "__enter__", lambda self: self.run_out() or self)
    few = cores(asking, which="every want", route="solver")
    assert not few.complete and set(few.sets) <= set(every["every want"][0]) and "the search stopped" in str(few)
    with pytest.raises(AskError, match="bargain/no-time"):
        concessions(asking, which="every want", route="solver")
