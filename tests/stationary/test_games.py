"""Published games, written as graphs of single moves: thresholds and equilibria of the deterrence and bargaining literature.

How each is written. One-shot extensive games are trees of one-way moves in which nothing is worth anything until the end;
the discount is small, so that waiting to be asked costs little and values are those of the end (times a factor close to one;
a flow of w at the end is worth w / discount, and is paid here so that the end is worth w). Games of periods: the chance to
move comes at some tempo, and discounting between two chances is tempo / (tempo + discount). Memory is a state.
Two of the games are simultaneous. They cannot be graphs of single moves with perfect information (`insp`, and `grab` with
both at once): for these only what a one-mover game can show is checked, and the test says so.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from bestand.stationary.certificate import certificate
from bestand.stationary.equilibrium import solve
from tests.depth import in_depth
from tests.oracle.dense_games import small_game

SLOW = 1e-9  # discount of a one-shot game, per chance to move


@pytest.fixture(scope="module")
def rows(shared):
    games = json.loads((shared / "oracles" / "games" / "oracles.json").read_text())
    return {game["id"]: game["instances"] for game in games}


def tree(ends, moves, parties, *, chances=(), n=None):
    """A one-shot game: worth of end states, moves (party: pairs), and events at rates; not to choose is worse than any end."""
    n = n or 1 + max([*ends, *(t for own in moves for _, t in own)])
    flow = np.zeros((len(parties), n))
    flow[:, [s for own in moves for s, _ in own]] = -50.0
    for state, worths in ends.items():
        flow[:, state] = worths
    return small_game(SLOW * flow, [dict.fromkeys(own, 0.0) for own in moves], discount=SLOW, parties=parties, chances=chances)


def play(game, **how):
    found = solve(game, tolerance=1e-5, **how)
    assert certificate(game, found.policy).share <= 1e-5  # repeated from the policy, without the solver's values
    return found


def does(found, state, party, target):
    return found.policy.at(state, party).get(target, 0.0)


# ---- one-shot games ------------------------------------------------------------------------------------------------------
def test_rad_attack_depends_on_how_likely_the_defender_is_hard(rows):
    """States: 0 to be decided, 1 nature draws, 2 hard, 3 soft, 4 war, 5 concession, 6 status quo for good.

    Nature's draw is an event; the two types of the defender are two states, and the attacker moves before the draw.
    """
    for row in rows["rad"]:
        p, hard = row["params"], row["params"]["pB"]
        ends = {4: (p["aDD"], 1.0), 5: (p["aDC"], 0.0), 6: (p["aSQ"], 2.0)}
        ends[7] = (p["aDD"], -1.0)  # war, for a soft defender
        moves = [{(0, 1), (0, 6)}, {(2, 4), (2, 5), (3, 7), (3, 5)}]
        game = tree(ends, moves, ("a", "b"), chances=[(hard, 1, 2), (1 - hard, 1, 3)])
        found = play(game)
        threshold = (p["aDC"] - p["aSQ"]) / (p["aDC"] - p["aDD"])
        assert np.isclose(threshold, row["expect"]["threshold_pB"], atol=1e-9)
        assert np.isclose(does(found, 0, 0, 1), row["expect"]["x_attack"])
        assert np.isclose(does(found, 2, 1, 4), row["expect"]["yH"])
        assert np.isclose(does(found, 3, 1, 7), row["expect"]["yS"])
        assert np.isclose(does(found, 0, 0, 1) * hard, row["expect"]["P_war"])


def test_three_parties_in_extended_deterrence_are_solved_backwards(rows):
    """States: 0 challenger; 1/2 protege/defender attacked; 3/4 the other may join; then ends."""
    for row in rows["three"]:
        p = row["params"]
        sign = {True: 1.0, False: -1.0}
        war = p["war"]
        ends = {
            5: (p["SQ"], 0, 0),
            6: (p["gP"], 0, 0),
            7: (p["gD"], 0, 0),
            8: (war["P_multi"], sign[p["resP"]], sign[p["joinD"]]),
            9: (war["P_solo"], sign[p["resP"]], 0),
            10: (war["D_multi"], sign[p["joinP"]], sign[p["resD"]]),
            11: (war["D_solo"], 0, sign[p["resD"]]),
        }
        moves = [
            {(0, 1), (0, 2), (0, 5)},
            {(1, 3), (1, 6), (4, 10), (4, 11)},
            {(2, 4), (2, 7), (3, 8), (3, 9)},
        ]
        found = play(tree(ends, moves, ("challenger", "protege", "defender")))
        picked = max((does(found, 0, 0, t), name) for t, name in ((5, "SQ"), (1, "P"), (2, "D")))[1]
        assert picked == row["expect"]["challenger"]
        for name, state in (("SQ", 5), ("P", 1), ("D", 2)):
            assert np.isclose(found.values[0, state], row["expect"]["values"][name], atol=1e-6)


def test_ally_joins_resists_and_deters_as_the_inequalities_say(rows):
    for row in rows["ally"]:
        p = row["params"]
        ends = {
            3: (0, 0, 0),
            4: (1, 0, 0),
            5: (p["uA2"], p["p3"] * p["vB"] - p["cB"], p["p3"] * p["vC"] - p["cC"]),
            6: (p["uA1"], p["p2"] * p["vB"] - p["cB"], p["p2"] * p["vC"] - p["rep"]),
        }
        found = play(tree(ends, [{(0, 1), (0, 3)}, {(1, 2), (1, 4)}, {(2, 5), (2, 6)}], ("a", "b", "c")))
        expect = row["expect"]
        assert (does(found, 2, 2, 5) > 0.5) == expect["C_joins"]
        assert (does(found, 1, 1, 2) > 0.5) == expect["B_resists"]
        assert (does(found, 0, 0, 1) > 0.5) == expect["A_attacks"]
        assert np.isclose(max(found.values[0, 1], 0.0), expect["A_value"], atol=1e-6)


def test_tripwire_deters_from_the_published_chance_of_intervention_on(rows):
    for row in rows["tripwire"]:
        p, least = row["params"], row["expect"]["pi_min"]
        for pi in {min(max(least - 1e-4, 0.0), 1.0), min(least + 1e-4, 1.0)}:
            alone, joined = p["w0"] * p["v"] - p["c"], p["w1"] * p["v"] - p["c"] - p["K"]
            game = tree({2: (alone,), 3: (joined,), 4: (0.0,)}, [{(0, 1), (0, 4)}], ("attacker",), chances=[(1 - pi, 1, 2), (pi, 1, 3)])
            assert (does(play(game), 0, 0, 4) > 0.5) == (pi >= least)


def test_take_it_or_leave_it_demands_trade_risk_for_return(rows):
    """The demand on a grid of a thousandth, the private cost on one of 400 (cut points between): both as the grid allows."""
    for row in rows["tili"]:
        p, expect = row["params"], row["expect"]
        demands = np.linspace(0, 1, 1001)
        # after demand x nature draws the cost: B fights where x > p + cost, so with chance q(x), else accepts
        fights = np.clip((demands - p["p"]) / p["cbar"], 0, 1)
        n = 3 + 2 * demands.size
        ends = {2: (p["p"] - p["cA"], 1 - p["p"] - p["cbar"] / 2)}
        moves_a = {(0, 3 + j) for j in range(demands.size)}
        chances = []
        for j, x in enumerate(demands):
            ends[3 + demands.size + j] = (x, 1 - x)
            chances += [(float(rate), 3 + j, t) for rate, t in ((fights[j], 2), (1 - fights[j], 3 + demands.size + j)) if rate > 0]
        game = tree(ends, [moves_a, set()], ("a", "b"), chances=chances, n=n)
        found = play(game)
        best = int(max(found.policy.at(0, 0).items(), key=lambda item: item[1])[0]) - 3
        assert abs(demands[best] - expect["demand"]) <= 0.0011
        assert abs(fights[best] - expect["P_war"]) <= 0.0011 / p["cbar"]
        assert np.isclose(found.values[0, 3 + best], expect["EU_A"], atol=1e-5)


def test_take_it_or_leave_it_is_answered_by_each_type_as_assumed():
    """The chance of a fight used above is the choice of each type of B, here three of them, in their own states."""
    p, x = 0.5, 0.65
    for cost in (0.1, 0.2, 0.3):
        game = tree({1: (x, 1 - x), 2: (p - 0.1, 1 - p - cost)}, [set(), {(0, 1), (0, 2)}], ("a", "b"))
        assert (does(play(game), 0, 1, 2) > 0.5) == (x > p + cost)


# ---- games of periods ----------------------------------------------------------------------------------------------------
def per_period(delta):
    """Discount a month that makes a chance a month worth delta of one now: 1 / (1 + discount)."""
    return 1 / delta - 1


def test_prev_shifting_power_brings_war_exactly_where_the_inequality_says(rows):
    """Period 1: A demands one of the demands B would accept, or what B must fight; later: the shares of period 2 for good.

    B's fight is worth what it costs now against what acceptance brings later; A's demand is chosen among a grid and the
    exact threshold. State 0: A demands; for each demand a state in which B accepts or fights.
    """
    for row in rows["prev"]:
        p, expect, d = row["params"], row["expect"], row["params"]["d"]
        later = p["p2"] + p["cB"] * (1 - d)
        assert np.isclose(later, expect["x2"], atol=1e-9)
        exact = (p["p1"] - d * p["p2"]) / (1 - d) + p["cB"] * (1 - d)
        demands = sorted({*np.linspace(0, 1, 51).tolist(), *([min(exact, 1.0)] if exact >= 0 else [])})
        k = len(demands)
        ends = {1: (p["p1"] / (1 - d) - 0.1, (1 - p["p1"]) / (1 - d) - p["cB"])}
        for j, x in enumerate(demands):
            ends[2 + k + j] = (x + d * later / (1 - d), (1 - x) + d * (1 - later) / (1 - d))
        moves = [{(0, 2 + j) for j in range(k)}, {(2 + j, t) for j in range(k) for t in (1, 2 + k + j)}]
        found = play(tree(ends, moves, ("a", "b")), select="best for a")
        fought = [does(found, 2 + j, 1, 1) > 0.5 for j in range(k)]
        # B accepts the exact demand and what is below it (at equality it does not matter to B), and fights what is above
        for j, x in enumerate(demands):
            if abs(x - exact) > 1e-6:
                assert fought[j] == (x > exact)
        assert all(fought[j] for j in range(k) if demands[j] > 0) == expect["war"] or exact >= 0
        assert (exact < 0) == expect["war"]
        if not expect["war"]:
            assert np.isclose(min(exact, 1.0), expect["x1"], atol=1e-6)


def test_grim_trigger_holds_from_the_published_patience_on(rows):
    """States: 0 truce, 1/2 one party has just defected (it has T, the other S), 3 both defect for ever.

    One period of the spoils is an event at rate one; while it lasts the other cannot answer. With discount per chance of
    one a month, T lasts one period in expectation, as in the repeated game.
    """
    for row in rows["grim"]:
        p, least = row["params"], row["expect"]["delta_min"]
        for delta in (least - 1e-4, least + 1e-4):
            flow = np.array([[p["R"], p["T"], -1.0, p["P"]], [p["R"], -1.0, p["T"], p["P"]]])
            rho = per_period(delta)
            # V(1) = (T + V(3)) / (1 + rho), V(3) = P / rho against R / rho: leave iff delta < (T - R) / (T - P)
            game = small_game(flow, [{(0, 1): 0.0}, {(0, 2): 0.0}], discount=rho, chances=[(1.0, 1, 3), (1.0, 2, 3)])
            found = play(game, select="status quo")
            assert (found.policy.at(0, 0) == {}) == (delta > least), (p, delta)


def test_ceasefire_holds_while_detection_deters(rows):
    """0 truce; 1 a violation, whose gain g counts once; at rates it is detected (2, worth L less for good) or passes.

    A violation's gain comes on top of the truce's worth in the one period in which it is seen or not.
    """
    for row in rows["ceasefire"]:
        p, least = row["params"], row["expect"]["delta_min"]
        for delta in (least - 1e-4, least + 1e-4):
            rho, r = per_period(delta), 1.0
            game = small_game(
                [[r, r + p["g"], r - p["L"]]], [{(0, 1): 0.0}], discount=rho, chances=[(p["q"], 1, 2), (1 - p["q"], 1, 0)]
            )
            found = play(game)
            assert (found.policy.at(0, 0) == {}) == (delta > least), (p, delta)


def test_coordination_is_left_when_patience_exceeds_the_ratio(rows):
    """Alternating moves: the state says who may move next, as an event would; each move takes effect for two periods.

    Written with periods: state (action of a, action of b, who moves); the other moves after one period, an event that the
    mover's choice sets off. Staying is a move too (to the same actions, the other's turn).
    """
    for row in rows["coord"]:
        p = row["params"]
        game, at = alternating(p["a"], p["b"], p["d"])
        lists = alternating_equilibria(p["a"], p["b"], p["d"])
        stays = {name: any(one[name] for one in lists) for name in ("AA", "BB")}
        assert stays["BB"] == row["expect"]["BB_absorbing_possible"]
        assert stays["AA"] == row["expect"]["AA_absorbing_possible"]
        for rule in ("status quo", "most movers", "logit"):
            found = play(game, select=rule)
            leaves = 1 - does(found, at["BB", 0], 0, at["BB'", 0])
            assert leaves > 0.5 or row["expect"]["BB_absorbing_possible"]


def alternating(a, b, d):
    """Choosing states (actions, mover) and resting states (actions, who has just moved): one period passes in each rest.

    The chance to choose comes so fast (tempo 1e7) that choosing takes no time.
    """
    actions = ("AA", "AB", "BA", "BB")
    at = {(x, m): 2 * k + m for k, x in enumerate(actions) for m in (0, 1)} | {(x + "'", m): 8 + 2 * k + m for k, x in enumerate(actions) for m in (0, 1)}
    worth = {"AA": a, "BB": b, "AB": 0.0, "BA": 0.0}
    flow = np.zeros((2, 16))
    moves = [{}, {}]
    chances = []
    for x in actions:
        for m in (0, 1):
            flow[:, at[x + "'", m]] = worth[x]
            flow[:, at[x, m]] = -10.0  # not to choose is worse than anything
            chances.append((1.0, at[x + "'", m], at[x, 1 - m]))
            for own in "AB":
                y = own + x[1] if m == 0 else x[0] + own
                moves[m][at[x, m], at[y + "'", m]] = 0.0
    return small_game(flow, moves, tempo=1e7, discount=per_period(d), chances=chances), at


def alternating_equilibria(a, b, d):
    """The pure Markov equilibria, by the certificate of each of the 16 pure policies on the same graph."""
    from tests.stationary.test_certificate import policy

    game, at = alternating(a, b, d)
    found = []
    for code in range(16):
        reply = {(m, theirs): "AB"[code >> (2 * m + k) & 1] for m in (0, 1) for k, theirs in enumerate("AB")}
        own = [{}, {}]
        for x in ("AA", "AB", "BA", "BB"):
            for m in (0, 1):
                mine = reply[m, x[1 - m]]
                y = mine + x[1] if m == 0 else x[0] + mine
                own[m][at[x, m], at[y + "'", m]] = 1.0
        if certificate(game, policy(16, *own)).share < 1e-6:
            found.append({"AA": reply[0, "A"] == reply[1, "A"] == "A", "BB": reply[0, "B"] == reply[1, "B"] == "B"})
    return found


def agreement_answers(d, keep):
    """Alternating offers of the shares in `keep`; one period passes after a refusal, an event.

    0/1: party 0/1 offers; 2/3: that offer has been refused; then for each offer a state in which the other accepts (an end)
    or refuses.
    """
    n, moves, chances, ends, offer = 4, [{}, {}], [(1.0, 2, 1), (1.0, 3, 0)], {}, {}
    for m in (0, 1):
        for x in keep[m]:
            offered, done = n, n + 1
            n += 2
            offer[m, x] = (offered, done)
            moves[m][m, offered] = moves[1 - m][offered, done] = moves[1 - m][offered, 2 + m] = 0.0
            ends[done] = (x, 1 - x) if m == 0 else (1 - x, x)
    rho = np.array([per_period(d[0]), per_period(d[1])])
    flow = np.zeros((2, n))
    for state, worths in ends.items():
        flow[:, state] = rho * np.array(worths)
    for state in [0, 1, *(pair[0] for pair in offer.values())]:
        flow[:, state] = -3.0  # to think for ever is worse than to speak
    return small_game(flow, moves, tempo=1e9, discount=rho, chances=chances), offer


@in_depth
def test_rubinstein_shares_are_an_equilibrium_of_alternating_offers(rows):
    """The published shares, offered and accepted, leave nothing to gain; 0.001 more or less does.

    Only in the continuum is that equilibrium the only one: on a grid of offers there are others near it, so what the solver
    finds is checked to lie within the grid's reach, not to be equal.
    """
    from tests.stationary.test_certificate import policy

    for row in rows["rubin"]:
        d = (row["params"]["d1"], row["params"]["d2"])
        share = [(1 - d[1 - m]) / (1 - d[0] * d[1]) for m in (0, 1)]
        assert np.isclose(share[0], row["expect"]["x1"], atol=1e-9)
        grid = set(np.linspace(0, 1, 41).tolist())
        for shift, least, most in ((0.0, 0.0, 1e-6), (1e-3, 1e-5, 1.0), (-1e-3, 1e-5, 1.0)):
            asked = [share[0] + shift, share[1]]
            keep = [sorted({*grid, *share, share[m] + 1e-3, share[m] - 5e-4, asked[m]}) for m in (0, 1)]
            game, offer = agreement_answers(d, keep)
            own = [{}, {}]
            for m in (0, 1):
                own[m][m, offer[m, asked[m]][0]] = 1.0
                for x in keep[m]:
                    own[1 - m][offer[m, x][0], offer[m, x][1] if x <= asked[m] else 2 + m] = 1.0
            check = certificate(game, policy(game.graph.n_states, *own))
            assert least <= check.gain.max() <= most, (d, shift)
        game, offer = agreement_answers(d, [sorted({*grid, share[m]}) for m in (0, 1)])
        found = play(game)
        assert abs(found.values[0, 0] - share[0]) <= 0.025 * (1 + 1 / (1 - d[0] * d[1]))


def test_stage2_stand_off_is_mixed_as_derived(rows):
    for row in rows["stage2"]:
        p, expect = row["params"], row["expect"]
        rho = per_period(p["d"])
        # V_continuous = d V_discrete; an end worth V discretely has flow V (1 - d)
        ends = (1 - p["d"]) * np.array([[p["V11"], p["V21"]], [p["V12"], p["V22"]]])
        flow = np.column_stack(([p["u1"], p["u2"]], ends))
        game = small_game(flow, [{(0, 1): 0.0}, {(0, 2): 0.0}], tempo=p["p"], discount=rho)
        found = play(game, select="status quo")
        assert np.isclose(does(found, 0, 0, 1) * p["p"], expect["h1"], atol=1e-9)
        assert np.isclose(does(found, 0, 1, 2) * p["p"], expect["h2"], atol=1e-9)
        assert np.isclose(does(found, 0, 0, 1), expect["s1"], atol=1e-9)
        assert np.isclose(does(found, 0, 1, 2), expect["s2"], atol=1e-9)
        assert np.allclose(found.values[:, 0] / p["d"], expect["V"], atol=1e-9)


# ---- simultaneous games: what a one-mover game can and cannot show --------------------------------------------------------
def test_insp_chances_leave_both_indifferent_though_no_graph_of_single_moves_yields_them(rows):
    """Only the published chances are checked here, on two one-mover decision problems.

    The inspection game is simultaneous with hidden moves. In a graph of single moves the second to move sees the first and
    no mixing arises, so it is outside this engine. What can be checked: with the other's published chance drawn by nature,
    each party is indifferent, and 0.01 more or less tips it.
    """
    for row in rows["insp"]:
        p, expect = row["params"], row["expect"]
        for shift in (-0.01, 0.0, 0.01):
            inspect, violate = expect["P_inspect"] + shift, expect["P_violate"] + shift
            inspectee = tree(
                {3: (0.0,), 4: (-p["b"],), 5: (p["d"],)}, [{(0, 1), (0, 3)}], ("inspectee",), chances=[(inspect, 1, 4), (1 - inspect, 1, 5)]
            )
            values = play(inspectee).values[0]
            assert np.sign(np.round(values[1] - values[3], 7)) == -np.sign(shift)
            inspector = tree(
                {3: (-p["a"],), 4: (-p["e"],), 5: (-p["c"],), 6: (0.0,)},
                [{(0, 1), (0, 2)}],
                ("inspector",),
                chances=[(violate, 1, 3), (1 - violate, 1, 4), (violate, 2, 5), (1 - violate, 2, 6)],
            )
            values = play(inspector).values[0]
            assert np.sign(np.round(values[1] - values[2], 7)) == np.sign(shift)


def test_grab_chances_leave_both_indifferent_and_single_moves_grab_at_once(rows):
    """As for `insp`: both at once cannot happen here. Against the published chance grabbing and waiting are worth the same;
    in the one-mover version the first to get the chance takes the dollar, as nothing is risked."""
    for row in rows["grab"]:
        p, h = row["params"], row["expect"]["grab"]
        game = tree({2: (-p["L"],), 3: (1.0,), 4: (0.0,)}, [{(0, 1), (0, 4)}], ("a",), chances=[(h, 1, 2), (1 - h, 1, 3)])
        assert np.isclose(play(game).values[0, 1], row["expect"]["V"], atol=1e-6)
        flow = per_period(p["d"]) * np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
        single = play(small_game(flow, [{(0, 1): 0.0}, {(0, 2): 0.0}], tempo=0.5, discount=per_period(p["d"])))
        assert does(single, 0, 0, 1) == does(single, 0, 1, 2) == 1.0
