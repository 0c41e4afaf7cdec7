"""Frontiers, settlements, thresholds, payments and offers: published tables, plain definitions, theorems."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bestand.bargain.divisible import divide
from bestand.bargain.frontier import frontier, frontier_of
from bestand.bargain.offers import offers, risk_thresholds
from bestand.bargain.payments import payments
from bestand.bargain.solutions import RULES, settle
from bestand.bargain.thresholds import fallback_of_share, thresholds
from bestand.case.read import read, read_text
from bestand.errors import AskError, BestandError
from bestand.graph.conflict import conflict
from tests.depth import spread
from tests.oracle import bargaining as plainly

MAX_MIN = [name for name, rule in RULES.items() if rule.per]
NAMES = [
    "acquisition_is_bt", "airport_siteC_rv", "energy_2012A", "england_zimbabwe", "itex_cypress", "lunch_no_zopa",
    "nash1950_barter", "new_recruit_thompson", "nice_or_die", "travel",
]  # fmt: skip


def table(shared, name):
    """A published case: its worths (n_parties, n_outcomes), walk-away values, issues, and what is expected."""
    stated = json.loads((shared / "oracles" / "bargain" / f"{name}.json").read_text(encoding="utf-8"))
    sums = []
    for party in stated["parties"]:
        total = np.zeros(1)
        for issue in party["table"]:
            total = (total[:, None] + np.array(issue)).ravel()
        sums.append(total)
    away = np.array([party["reservation"] for party in stated["parties"]])
    return np.array(sums), away, [issue["values"] for issue in stated["issues"]], stated


@pytest.mark.parametrize("name", NAMES)
def test_published_frontiers_and_settlements_with_all_ties(shared, name):
    sums, away, values, stated = table(shared, name)
    expected = stated["expected"]
    found = frontier_of(sums, fallback=away)
    accepted = (sums >= away[:, None] - 1e-9).all(axis=0)
    assert sums.shape[1] == expected["n_outcomes"] and accepted.sum() == expected["zopa_outcomes"]
    assert (found.members.size, found.n_points) == (expected["pareto_outcomes"], expected["pareto_distinct"])
    assert accepted[found.members].sum() == expected["zopa_and_pareto"]
    if not accepted.any():
        with pytest.raises(AskError, match="bargain/no-deal"):
            settle(found)
        return
    gain = found.point[:, found.accepted()] - away[:, None]
    assert gain.max(axis=1) == pytest.approx(expected["ideal_gain"], abs=1e-6)
    published = {rule: name for rule in RULES if (name := rule + ("_maxmin" if rule in MAX_MIN else "")) in expected}
    assert set(published) >= {"nash", "kalai_smorodinsky", "egalitarian", "utilitarian"}
    for rule, name in published.items():
        row = expected[name]
        picked = settle(found, rule=rule)
        assert picked.score == pytest.approx(row["score"], abs=1e-9), rule
        assert picked.outcomes.size == row["ties"], rule
        names = [issue["name"] for issue in stated["issues"]]
        place = np.ravel_multi_index([v.index(row["outcome"][n]) for n, v in zip(names, values, strict=True)], [len(v) for v in values])
        assert place in picked.outcomes, rule
        assert sums[:, place] == pytest.approx(row["utilities"], abs=1e-6), rule


def test_published_closed_forms_come_out_on_a_fine_grid(shared):
    stated = json.loads((shared / "oracles" / "bargain" / "analytic.json").read_text(encoding="utf-8"))
    turns, risk, power = stated["cases"]
    pie = np.linspace(0, 1, 30_001)
    weights = {"party 1": power["alpha"], "party 2": 1 - power["alpha"]}
    powered = settle(frontier_of(np.array([pie, 1 - pie]) * power["pie"], fallback=power["d"]), power=weights)
    assert powered.worth[0] == pytest.approx(power["share1"], abs=1e-4)
    averse = settle(frontier_of(np.array([pie ** risk["a"], (1 - pie) ** risk["b"]]), fallback=[0, 0]))
    assert averse.worth[0] ** (1 / risk["a"]) == pytest.approx(risk["share1"], abs=1e-4)
    discount = {"party 1": turns["delta1"], "party 2": turns["delta2"]}
    played = offers(frontier_of(np.array([pie, 1 - pie]), fallback=[0, 0]), rounds=61, discount=discount)
    assert played.value[0, 0] == pytest.approx(turns["share1"], abs=1e-3) and played.agreed == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_fine_grid_comes_near_the_closed_forms(seed):
    rng = np.random.default_rng(seed)
    pie, power, bend, away = np.linspace(0, 1, 4_001), rng.uniform(0.5, 2, 2), rng.uniform(0.4, 1, 2), rng.uniform(0, 0.3, 2)
    edge = frontier_of(np.array([pie ** bend[0], (1 - pie) ** bend[1]]), fallback=away)
    powered = settle(edge, power=dict(zip(edge.parties, power, strict=True)))
    assert powered.worth[0] ** (1 / bend[0]) == pytest.approx(plainly.shares_by_power(power, tuple(away), tuple(bend)), abs=2e-3)
    discount = rng.uniform(0.7, 0.9, 2)
    played = offers(frontier_of(np.array([pie, 1 - pie]), fallback=[0, 0]), rounds=101, discount=dict(zip(edge.parties, discount, strict=True)))
    assert played.value[0, 0] == pytest.approx(plainly.share_by_offers(discount), abs=2e-3)


def test_camp_david_divides_into_sixty_points_each(shared):
    stated = json.loads((shared / "oracles" / "bargain" / "camp_david_adjusted_winner.json").read_text(encoding="utf-8"))
    assert divide(stated["points"]).total == pytest.approx(stated["expected"]["adjusted_winner"], abs=1e-9)
    assert divide(stated["points"], rule="nash").total == pytest.approx(stated["expected"]["nash"], abs=1e-9)


@spread("seed", range(60))
def test_the_frontier_is_what_the_plain_definition_keeps(seed):
    rng = np.random.default_rng(seed)
    n_parties, n_outcomes = int(rng.integers(1, 8)), int(rng.integers(1, 90))
    points = rng.integers(0, int(rng.integers(2, 9)), (n_parties, n_outcomes)) / 4
    among = rng.random(n_outcomes) < 0.8 if seed % 3 else np.ones(n_outcomes, bool)
    found = frontier_of(points, among=among)
    looked = np.flatnonzero(among)
    kept = [int(looked[k]) for k, best in enumerate(plainly.pareto(points[:, looked].T.tolist())) if best]
    assert sorted(found.members) == kept
    for p in range(found.n_points):
        assert (points[:, found.outcomes(p)] == found.point[:, p : p + 1]).all()
    assert len(set(map(tuple, found.point.T))) == found.n_points


@pytest.mark.parametrize("n_parties", [2, 3, 4, 6])
def test_a_frontier_of_100_000_outcomes_keeps_what_nothing_beats(n_parties):
    rng = np.random.default_rng(n_parties)
    points = np.round(rng.random((n_parties, 100_000)), 3)
    found = frontier_of(points)
    best = np.zeros(points.shape[1], bool)
    best[found.members] = True
    for s in rng.integers(0, points.shape[1], 300):
        beaten = ((points >= points[:, [s]]).all(axis=0) & (points > points[:, [s]]).any(axis=0)).any()
        assert best[s] == (not beaten)


def test_a_frontier_of_a_case_takes_ranks_or_sizes_and_settlements_ask_for_sizes():
    case = read("ukraine/2025-04")
    ranks, sizes = frontier(conflict(case)), frontier(conflict(case, scale="cardinal"))
    assert ranks.scale == "ordinal" and sizes.scale == "cardinal" and "all accept" in sizes.table().columns
    with pytest.raises(AskError, match="worth/ordinal"):
        settle(ranks)
    with pytest.raises(AskError, match="worth/ordinal"):
        payments(ranks)
    picked = settle(sizes)
    assert "winning outcomes" in str(picked) and (picked.worth >= sizes.fallback - 1e-9).all()


def small(seed: int, n_parties: int | None = None):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 5)) if n_parties is None else n_parties
    points = rng.integers(0, 12, (k, int(rng.integers(3, 25)))).astype(float)
    if seed % 2:
        points += rng.random(points.shape)
    away = np.quantile(points, 0.3, axis=1) - 0.37
    power = {f"party {i + 1}": float(rng.choice([0.5, 1.0, 2.0])) for i in range(k)} if seed % 3 == 0 else None
    return points, away, power


AGREED = [seed for seed, (points, away, _) in enumerate(map(small, range(80))) if (points >= away[:, None]).all(axis=0).any()]  # where all accept something


@spread("seed", AGREED[:40])
def test_a_settlement_is_best_by_its_rule_and_none_ties_unlisted(seed):
    points, away, power = small(seed)
    found = frontier_of(points, fallback=away)
    weight = np.array([1.0 if power is None else power[f"party {i + 1}"] for i in range(len(points))])
    inside = np.flatnonzero((points >= away[:, None]).all(axis=0))
    gain = points[:, inside] - away[:, None]
    plain = {
        "nash": np.prod(gain ** weight[:, None], axis=0),
        "kalai_smorodinsky": (gain / (gain.max(axis=1) * weight)[:, None]).min(axis=0),
        "egalitarian": (gain / weight[:, None]).min(axis=0),
        "utilitarian": weight @ gain,
    }
    assert set(plain) == set(RULES)
    for rule, score in plain.items():
        picked = settle(found, rule=rule, power=power)
        assert set(picked.outcomes) == set(inside[score >= score.max() * (1 - 1e-9)]), rule
        if rule in MAX_MIN:
            refined = settle(found, rule=rule, power=power, refine="leximin")
            assert set(refined.outcomes) <= set(picked.outcomes) and not refined.wasteful.any()


@spread("seed", AGREED[:20])
def test_nash_and_kalai_smorodinsky_do_not_depend_on_units(seed):
    points, away, power = small(seed)
    rng = np.random.default_rng(seed)
    scale, shift = rng.uniform(0.5, 20, (2, len(points)))
    for rule in ("nash", "kalai_smorodinsky"):
        one = settle(frontier_of(points, fallback=away), rule=rule, power=power)
        other = settle(frontier_of(points * scale[:, None] + shift[:, None], fallback=away * scale + shift), rule=rule, power=power)
        assert set(one.outcomes) == set(other.outcomes)


def test_kalai_smorodinsky_lies_on_the_line_to_the_ideal_point_where_outcomes_are_dense():
    angle = np.linspace(0, np.pi / 2, 20_001)
    found = frontier_of(np.array([3 * np.cos(angle), np.sin(angle)]), fallback=[0.5, 0.1])
    picked = settle(found, rule="kalai_smorodinsky")
    ideal = found.point[:, found.accepted()].max(axis=1)
    share = (picked.worth - found.fallback) / (ideal - found.fallback)
    assert share[0] == pytest.approx(share[1], abs=1e-3)


def test_a_party_that_can_gain_nowhere_is_passed_over():
    found = frontier_of(np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0], [5.0, 5.0, 5.0]]), fallback=[0, 0, 5])
    picked = settle(found)
    assert picked.outcomes.tolist() == [1] and picked.left_out == ("party 3",) and "passed over" in str(picked)


@spread("rule", list(RULES), first=1)
def test_the_same_points_win_between_the_thresholds_and_not_beyond(rule):
    n_checked = 0
    for seed in range(60):
        points, away, power = small(seed)
        found = frontier_of(points, fallback=away)
        limits = thresholds(found, rule=rule, power=power)
        if limits.rule is None:
            continue
        names = found.parties
        winners = settle(found, rule=rule, power=power).points.tolist()

        def picked(i, d, points=points, away=away, rule=rule, power=power):
            moved = away.copy()
            moved[i] = d
            try:
                return settle(frontier_of(points, fallback=moved), rule=rule, power=power).points.tolist()
            except AskError:
                return []

        for i in range(len(names)):
            low, high = limits.low[i], limits.high[i]
            assert low <= away[i] + 1e-9 and high >= away[i] - 1e-9
            bottom = max(low, away[i] - 40)
            for share in (0.02, 0.3, 0.6, 0.9, 0.98):
                if high - bottom > 1e-4:
                    assert picked(i, bottom + share * (high - bottom)) == winners, (seed, i, share)
                    n_checked += 1
            assert picked(i, high + 1e-6) != winners, (seed, i, high)
            if np.isfinite(low):
                assert picked(i, low - 1e-6) != winners, (seed, i, low)
            assert picked(i, limits.empty[i] - 1e-9) and not picked(i, limits.empty[i] + 1e-6)
    assert n_checked > 200


def test_where_nothing_can_be_agreed_thresholds_say_how_far_each_would_have_to_come_down():
    found = frontier_of(np.array([[1.0, 2.0], [2.0, 1.0]]), fallback=[1.5, 1.5])
    limits = thresholds(found)
    assert limits.rule is None and np.isnan(limits.low).all() and limits.empty.tolist() == [1.0, 1.0]
    assert "nothing to agree above" in str(limits)


@spread("seed", range(30))
def test_the_least_budget_is_that_of_the_plain_sum(seed):
    points, away, _ = small(seed)
    away = away + (8.0 if seed % 3 == 1 else 4.0)  # of some nobody can carry any outcome
    found = frontier_of(points, fallback=away)
    short = np.maximum(away[:, None] - points, 0).sum(axis=0)
    outside = payments(found)
    assert outside.budget == pytest.approx(short.min()) and set(outside.outcomes) == set(np.flatnonzero(short <= short.min() + 1e-9))
    inside = payments(found, payers="parties")
    carried = points.sum(axis=0) >= away.sum() - 1e-9
    if carried.any():
        assert inside.budget == pytest.approx(short[carried].min())
        for outcome in inside.outcomes:
            after = points[:, outcome].copy()
            for payer, receiver, amount in inside.transfers(outcome):
                after[found.parties.index(payer)] -= amount
                after[found.parties.index(receiver)] += amount
            assert (after >= away - 1e-9).all()
    else:
        assert np.isinf(inside.budget) and inside.missing == pytest.approx((away.sum() - points.sum(axis=0)).min())
        assert "more from outside" in str(inside)


@spread("seed", AGREED[:60])
def test_offers_are_those_of_plain_backward_induction(seed):
    points, away, _ = small(seed)
    rng = np.random.default_rng(seed)
    found = frontier_of(points, fallback=away)
    patience = rng.uniform(0.5, 1, len(points))
    risk, rounds = float(rng.choice([0, 0.1, 0.4])), int(rng.integers(1, 7))
    order = rng.permutation(len(points)).tolist()
    played = offers(
        found, rounds=rounds, risk=risk, order=[found.parties[i] for i in order], discount=dict(zip(found.parties, patience, strict=True))
    )
    proposal, value = plainly.offers(found.point.T.tolist(), away.tolist(), order, patience.tolist(), risk, rounds)
    assert played.value[0] == pytest.approx(value) and (played.proposal[0] if played.proposal[0] >= 0 else None) == proposal
    assert (played.value >= away - 1e-9).all() and "round" in str(played)


def test_among_offers_that_are_as_good_for_the_proposer_the_next_in_turn_gets_the_best():
    edge = frontier_of(np.array([[2.0, 2, 2], [0, 1, 3], [9, 8, 0]]), fallback=[0, 0, 0])  # the first party finds them alike; the sums are 11, 11, 5
    for order, value in ((["party 1", "party 2"], [2, 3, 0]), (["party 1", "party 3"], [2, 0, 9]), (["party 1"], [2, 3, 0])):
        assert offers(edge, rounds=1, order=order).value[0].tolist() == value


@spread("seed", range(12))
def test_between_risk_thresholds_the_same_is_agreed(seed):
    points, away, _ = small(seed, 2)
    found = frontier_of(points, fallback=away)
    spans = risk_thresholds(found, rounds=6, discount=0.9)
    assert spans.edges[0] == 0 and spans.edges[-1] == 1 and (np.diff(spans.edges) > 0).all()
    for k, point in enumerate(spans.point):
        for share in (0.01, 0.5, 0.99):
            risk = spans.edges[k] + share * (spans.edges[k + 1] - spans.edges[k])
            if spans.edges[k + 1] - spans.edges[k] > 1e-6:
                played = offers(found, rounds=6, discount=0.9, risk=float(risk))
                assert (played.agreed, played.proposal[played.agreed]) == (spans.agreed[k], point)
    assert "risk from" in str(spans)


def test_with_a_small_risk_long_offers_come_near_the_nash_solution():
    pie = np.linspace(0, 1, 20_001)
    edge = frontier_of(np.array([pie, 1 - pie]), fallback=[0.1, 0.2])
    played = offers(edge, rounds=301, risk=0.02)
    assert played.value[0] == pytest.approx(settle(edge).worth, abs=1.5e-2)


@spread("seed", range(20))
def test_adjusted_winner_gives_both_the_same_and_leaves_nothing_better_for_both(seed):
    rng = np.random.default_rng(seed)
    spread = rng.dirichlet(np.ones(6), 2) * 100
    found = divide({f"issue {k}": {"A": spread[0, k], "B": spread[1, k]} for k in range(6)})
    assert found.total[0] == pytest.approx(found.total[1]) and found.total[0] >= 50 - 1e-9
    shares = rng.random((5000, 6)).round()
    both = (shares @ spread[0] > found.total[0] + 1e-9) & ((1 - shares) @ spread[1] > found.total[1] + 1e-9)
    assert not both.any()
    nash = divide({f"issue {k}": {"A": spread[0, k], "B": spread[1, k]} for k in range(6)}, rule="nash")
    assert nash.total.prod() >= found.total.prod() - 1e-9
    assert nash.total.prod() >= ((shares @ spread[0]) * ((1 - shares) @ spread[1])).max() - 1e-9


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda f: settle(f, rule="dictator"), "bargain/unknown-rule"),
        (lambda f: settle(f, power={"nobody": 1}), "graph/unknown-party"),
        (lambda f: settle(f, power={"party 1": 0}), "bargain/bad-number"),
        (lambda f: settle(frontier_of(f.worth)), "bargain/no-fallback"),
        (lambda f: thresholds(frontier_of(f.worth)), "bargain/no-fallback"),
        (lambda f: payments(frontier_of(f.worth)), "bargain/no-fallback"),
        (lambda f: payments(f, payers=["nobody"]), "graph/unknown-party"),
        (lambda f: payments(frontier_of(f.worth, fallback=[0, 0], among=np.zeros(3, bool))), "bargain/no-deal"),
        (lambda f: offers(f, rounds=0), "bargain/bad-number"),
        (lambda f: offers(f, rounds=2, risk=2), "bargain/bad-number"),
        (lambda f: offers(f, rounds=2, risk=float("nan")), "bargain/bad-number"),
        (lambda f: offers(f, rounds=2, discount=float("nan")), "bargain/bad-number"),
        (lambda f: offers(f, rounds=2, discount={"party 1": 1.5}), "bargain/bad-number"),
        (lambda f: offers(f, rounds=10**9), "bargain/bad-number"),
        (lambda f: offers(f, rounds=2.5), "bargain/bad-number"),
        (lambda f: offers(f, rounds=2, order=[]), "bargain/bad-number"),
        (lambda f: risk_thresholds(f, rounds=2, grid=1), "bargain/bad-number"),
        (lambda f: risk_thresholds(f, rounds=2, grid=10**7), "bargain/bad-number"),
        (lambda f: offers(f, rounds=2, order=["nobody"]), "graph/unknown-party"),
        (lambda f: divide({"land": {"A": 1}}), "bargain/two-parties"),
        (lambda f: divide({"land": {"A": 0, "B": 1}}), "bargain/bad-number"),
        (lambda f: divide({"land": {"A": float("nan"), "B": 1}}), "bargain/bad-number"),
        (lambda f: divide({"land": {"A": float("inf"), "B": 1}}), "bargain/bad-number"),
        (lambda f: divide({"land": {"A": -1, "B": 1}, "water": {"A": 2, "B": 1}}), "bargain/bad-number"),
        (lambda f: divide({"land": {"A": 1, "B": 1}}, rule="adjusted"), "bargain/unknown-rule"),
        (lambda f: frontier_of(np.zeros((17, 2))), "bargain/too-many-parties"),
        (lambda f: settle(f, refine="leximax"), "bargain/unknown-refinement"),
    ],
)
def test_questions_that_cannot_be_answered_say_why(ask, code):
    with pytest.raises(BestandError) as wrong:
        ask(frontier_of(np.array([[0.0, 1, 2], [2.0, 1, 0]]), fallback=[0, 0]))
    assert wrong.value.code == code


def solved(seed: int):
    _, text, _, _ = plainly.disputed(seed)
    case = read_text(text.replace("red_line: true", "red_line: false") if seed % 2 else text)
    return conflict(case, scale="cardinal")


@spread("first", range(0, 120, 12))
def test_the_solver_settles_as_well_as_the_list_of_all_states(first):
    pytest.importorskip("ortools", reason="OR-tools, of the optional extra `solver`, is not installed")
    from bestand.bargain.outcomes import agreements
    from bestand.bargain.settle_by_solver import PROGRAMS, settle_by_solver

    for seed in range(first, first + 12):
        asking = solved(seed)
        graph = asking.graph
        if graph.now is None:
            continue
        could = agreements(asking)
        power = {"p0": 2.0} if seed % 3 == 0 else None
        for rule in PROGRAMS:
            if not could.n_deals:
                with pytest.raises(AskError, match="bargain/no-deal"):
                    settle_by_solver(asking, rule=rule, power=power)
                continue
            listed = settle(frontier(asking, among=could.open[0]), rule=rule, power=power)
            by_solver = settle_by_solver(asking, rule=rule, power=power)
            assert by_solver.proven and by_solver.score == pytest.approx(listed.score, rel=2e-6, abs=1e-9), (seed, rule)
            state = asking.state({lever: by_solver.settings[lever] for lever in graph.levers})
            assert could.deal[0, state] and "proven best" in str(by_solver)
            assert [by_solver.worth[by_solver.parties.index(p)] for p in by_solver.parties] == pytest.approx(
                [asking.worth.value[0, graph.parties.index(p), state] for p in by_solver.parties]
            )
            worth = asking.worth.value[0][:, could.deal[0]]
            here = asking.worth.value[0][:, [state]]
            assert not ((worth >= here - 1e-9).all(axis=0) & (worth > here + 1e-9).any(axis=0)).any(), (seed, rule)


def test_where_nobody_can_gain_together_with_all_the_solver_proves_that_the_product_is_nothing():
    pytest.importorskip("ortools", reason="OR-tools, of the optional extra `solver`, is not installed")
    from bestand.bargain.settle_by_solver import settle_by_solver

    text = "bestand: 1\ntitle: One cake\nparties: {a: {name: A}, b: {name: B}}\nlevers: {a.x: {is: x, settings: [none, to_a, to_b], now: none}}\n"
    settled = settle_by_solver(conflict(read_text(text + "wants: {a: [{that: a.x = to_a, worth: 2}], b: [{that: a.x = to_b, worth: 3}]}\n")), rule="nash")
    assert (settled.score, settled.bound, settled.proven) == (0.0, 0.0, True)


def test_the_walk_away_up_to_which_a_share_of_the_ideal_is_reached_is_the_one_in_closed_form():
    """(u − d) / (top − d) = share gives d = (u − share · top) / (1 − share); a whole share is reached at any d by the ideal itself, and by nothing less."""
    u, top = np.array([0.0, 1.5, 3.0, 4.0]), 4.0
    for share in (0.0, 0.25, 0.9):
        at = fallback_of_share(u, np.full(4, share), top)
        assert u - at == pytest.approx(share * (top - at), abs=1e-12)
    assert fallback_of_share(u, np.ones(4), top).tolist() == [-np.inf, -np.inf, -np.inf, np.inf]
    assert fallback_of_share(u, np.full(4, 0.5), None).tolist() == [-0.5, 1.0, 2.5, 3.5]


def test_an_offer_says_how_many_outcomes_stand_behind_it():
    """Of four outcomes that are worth the same to everybody one was named, and nothing said so."""
    twice = frontier_of(np.array([[3.0, 3.0, 1.0], [1.0, 1.0, 3.0]]), fallback=[0, 0])
    table = offers(twice, rounds=1).table()
    assert table.rows[0][3] == 2 and any("the first is named" in note for note in table.notes)
    alike = offers(frontier_of(np.array([[2.0, 2, 2], [0, 1, 3], [9, 8, 0]]), fallback=[0, 0, 0]), rounds=1)  # of the largest sum is the first
    assert alike.value[0].tolist() == [2, 3, 0] and any("the next in turn decides" in note for note in alike.table().notes)
    once = offers(frontier_of(np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]]), fallback=[0, 0]), rounds=1).table()
    assert once.rows[0][3] == 1 and not any("the first is named" in note for note in once.notes)
