"""What clashes and what would open a deal: two roads against the plain definitions and against each other."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from bestand.bargain.cores import concessions, cores
from bestand.bargain.demands import demands, stated_demands
from bestand.bargain.demands import signable as signable_states
from bestand.bargain.fallback import sizes, walk_away
from bestand.bargain.formula import Formula
from bestand.bargain.frontier import frontier
from bestand.bargain.hitting_sets import fewest_unmet, hitting, members
from bestand.bargain.outcomes import agreements, deals_of_draws
from bestand.bargain.settle_by_solver import settle_by_solver
from bestand.bargain.solutions import settle
from bestand.case.read import read, read_text
from bestand.errors import AskError, BestandError, GraphError
from bestand.graph.conflict import conflict, conflict_of
from tests.depth import in_depth, spread
from tests.oracle import bargaining as plainly

pytest.importorskip("pysat", reason="python-sat, of the optional extra `solver`, is not installed")
TOY = """
bestand: 1
title: toy
parties: {a: {name: Alfa}, b: {name: Beta, types: {soft: 0.3, hard: 0.7}}, c: {name: Gamma}}
levers: {a.gives: {is: a gives}, b.gives: {is: b gives}, c.helps: {is: c helps, settings: [no, some, much]}}
wants:
  a: [{that: b.gives, is: Beta gives, red_line: true, worth: 2}, {that: not a.gives, is: Alfa keeps it, worth: 3}]
  b:
    soft: [{that: a.gives, worth: 1}]
    hard: [{that: not b.gives, is: Beta keeps it, red_line: true, worth: 2}, {that: a.gives, is: Alfa gives, worth: 1}]
  c: [{that: c.helps <= some, worth: 1}]
"""


def disputed(seed: int):
    plain, text, limits, sizes = plainly.disputed(seed)
    return plain, read_text(text), limits, sizes


def signable(plain):
    now = tuple(0 for _ in plain.levers)
    return [state for state in plain.states() if plain.signable(now, state)]


def refused_on_both_roads(case):
    for ask, route in product((cores, concessions), ("enumerate", "solver")):
        with pytest.raises(BestandError, match="no-states"):
            ask(conflict(case), which="every want", route=route)


@spread("first", range(0, 240, 30))
def test_both_roads_find_the_clashes_and_concessions_of_the_plain_definition(first):
    for seed in range(first, first + 30):
        plain, case, limits, sizes = disputed(seed)
        scale = ("ordinal", "cardinal")[seed % 2]
        now = tuple(0 for _ in plain.levers)
        states = signable(plain)
        asked = plainly.limits_and_fallback(plain, limits, sizes, scale, now)
        if len(asked) > 11 or not states:
            continue
        blocked, opened = plainly.cores(states, asked), plainly.concessions(states, asked)
        for route in ("enumerate", "solver"):
            clashes = cores(conflict(case, scale=scale), route=route)
            assert len(clashes.demands) == len(asked) and clashes.complete
            assert set(map(frozenset, clashes.sets)) == blocked and len(clashes.sets) == len(blocked), (seed, route)
            assert [len(each) for each in clashes.sets] == sorted(len(each) for each in clashes.sets)
            given = concessions(conflict(case, scale=scale), route=route)
            assert set(map(frozenset, given.sets)) == opened and len(given.sets) == len(opened), (seed, route)
            crossing = [bool(given.crosses(k)) for k in range(len(given.sets))]
            assert list(zip(crossing, given.costs, strict=True)) == sorted(zip(crossing, given.costs, strict=True))
            assert [bool(given.crosses(k)) for k in range(len(given.sets))] == [
                any(given.demands[d].kind == "red line" for d in each) for each in given.sets
            ]


@spread("seed", range(40))
def test_clashes_and_concessions_of_every_want_are_each_others_minimal_hitting_sets(seed):
    plain, case, _, _ = disputed(seed)
    if not signable(plain):
        refused_on_both_roads(case)
        return
    blocked = cores(conflict(case), which="every want", route="enumerate")
    opened = concessions(conflict(case), which="every want", route="enumerate")
    bits = [sum(1 << d for d in each) for each in blocked.sets]
    again, complete = hitting(bits, len(blocked.demands), 10_000)
    assert complete and {members(each) for each in again} == set(opened.sets)
    assert set(cores(conflict(case), which="every want", route="solver").sets) == set(blocked.sets)


@spread("seed", range(30))
def test_the_cheapest_concession_by_weight_is_the_same_on_both_roads(seed):
    plain, case, _, sizes = disputed(seed)
    if not signable(plain):
        refused_on_both_roads(case)
        return
    cost = {f"wants.p{i}[{k}]": size for i, each in enumerate(sizes) for k, size in enumerate(each)}
    roads = [concessions(conflict(case), which="every want", weights=cost, route=route) for route in ("enumerate", "solver")]
    assert roads[0].costs == pytest.approx(roads[1].costs) and set(roads[0].cheapest) == set(roads[1].cheapest)
    assert set(roads[0].sets) == set(roads[1].sets)


@spread("first", range(0, 60, 20))
def test_agreements_are_the_states_that_meet_every_demand(first):
    for seed in range(first, first + 20):
        plain, case, limits, sizes = disputed(seed)
        scale = ("ordinal", "cardinal")[seed % 2]
        asking = conflict(case, scale=scale)
        graph = asking.graph
        now = tuple(0 for _ in plain.levers)
        if graph.now is None:
            continue
        could = agreements(asking)
        asked = plainly.limits_and_fallback(plain, limits, sizes, scale, now)
        for s in range(graph.n_states):
            at = graph.at(s)
            state = tuple(int(at[lever.name][1:]) for lever in plain.levers)
            assert could.deal[0, s] == (plain.signable(now, state) and all(demand(state) for demand in asked)), (seed, s)
        assert (could.blocking is None) == could.deal[0].any()
        if could.blocking is not None:
            assert set(could.blocking.sets) == set(cores(conflict(case, scale=scale)).sets)


def test_the_likeliest_type_speaks_and_its_demands_name_their_place_in_the_file():
    found = demands(conflict(read_text(TOY)))
    assert [each.at for each in found] == ["wants.a[0]", "wants.b.hard[0]", "wants.a", "wants.b.hard", "wants.c"]


def test_a_clash_reads_as_a_sentence():
    found = cores(conflict(read_text(TOY)))
    assert found.words(0) == "these two cannot both be had: Alfa: “Beta gives” and Beta: “Beta keeps it”"
    assert "these two cannot both be had" in str(found) and "wants.b.hard[0]" in str(found)


def test_a_party_without_veto_neither_blocks_nor_concedes():
    case = read_text(TOY)
    assert not cores(conflict(case), excluding=["b"]).sets
    free = agreements(conflict(case), excluding=["b"])
    assert free.blocking is None and free.excluded == ("b",)
    assert agreements(conflict(case)).blocking.sets == ((0, 1), (0, 3))
    blocked = agreements(conflict(case), excluding=["b"], that="not b.gives").blocking
    assert blocked.sets == ((0,),) and {demand.party for demand in blocked.demands} == {"a", "c"}


def test_a_party_that_does_not_sign_has_no_veto_and_promises_nothing():
    """In a hostage affair: were the family asked, nothing could be signed; they are not, and what they could pay themselves is in no deal."""
    text = """
bestand: 1
title: hostages
parties: {state: {name: The state}, band: {name: The band}, family: {name: The family%s}}
levers: {state.pays: {is: the state pays}, band.frees: {is: the band frees one of them}, family.tells: {is: the family tells the papers}}
wants:
  state: [{that: band.frees}, {that: not state.pays}]
  band: [{that: band.frees implies state.pays, red_line: true}, {that: state.pays}]
  family: [{that: not state.pays, red_line: true}]
"""
    signed, unsigned = (conflict(read_text(text % more)) for more in ("", ", signs: false"))
    assert agreements(signed, that="band.frees").blocking.sets
    deals = agreements(unsigned, that="band.frees")
    assert deals.excluded == ("family",) and [unsigned.at(int(state)) for state in deals.states()] == [
        {"state.pays": "yes", "band.frees": "yes", "family.tells": "no"}
    ]
    assert frontier(unsigned).parties == ("state", "band") and not cores(unsigned, that="band.frees").sets
    left_out = agreements(signed, that="band.frees", excluding=["family"])
    assert int(left_out.n_deals) == 2, "left out by the one who asks, its levers are free"


def test_concessions_say_what_each_party_could_do_alone():
    found = concessions(conflict(read_text(TOY)))
    by = found.by_party()
    assert by == {"a": ((0,),), "b": ((1, 3),), "c": ()}
    assert found.cheapest == ((0,),) and found.costs == (1, 2) and found.crosses(0) == ("a",)


def test_equal_demands_of_two_parties_stay_two():
    text = "bestand: 1\ntitle: t\nparties: {a: {name: A}, b: {name: B}, c: {name: C}}\nlevers: {a.x: {is: x}}\n"
    text += "wants: {a: [{that: a.x}], b: [{that: a.x}], c: [{that: not a.x}]}\n"
    for route in ("enumerate", "solver"):
        assert set(cores(conflict(read_text(text)), which="every want", route=route).sets) == {(0, 2), (1, 2)}
        assert set(concessions(conflict(read_text(text)), which="every want", route=route).sets) == {(2,), (0, 1)}


def test_a_list_that_is_cut_short_says_below_which_size_nothing_is_missing():
    _, case, _, _ = disputed(7)
    every = cores(conflict(case), which="every want", route="enumerate")
    for most in (1, 3, 5):
        for route in ("enumerate", "solver"):
            few = cores(conflict(case), which="every want", route=route, most=most)
            short = [each for each in every.sets if len(each) < few.none_below]
            assert set(short) <= set(few.sets) <= set(every.sets) and len(few.sets) == min(most, len(every.sets))


def test_a_cut_list_says_that_there_is_more():
    for route in ("enumerate", "solver"):
        few = concessions(conflict(read_text(TOY)), route=route, most=1)
        assert len(few.sets) == 1 and not few.complete and "there may be more" in str(few)
        assert not cores(conflict(read_text(TOY)), route=route, most=1).complete


def test_a_fallback_may_be_a_state_settings_several_states_or_values():
    toy = conflict(read_text(TOY), scale="cardinal")
    better = toy.state({"a.gives": "yes", "b.gives": "yes"})
    one = agreements(toy, fallback=better, excluding=["b"])
    assert one.fallback[0].tolist() == [2, 1, 1]
    assert agreements(toy, fallback={"a.gives": "yes", "b.gives": "yes"}).fallback.tolist() == one.fallback.tolist()
    assert agreements(toy, fallback=[better, toy.now]).fallback[0].tolist() == [2, 1, 1]
    assert agreements(toy, fallback={"a": 2.5, "b": 0, "c": 0}).fallback[0].tolist() == [2.5, 0, 0]
    assert agreements(toy, fallback={"a": [better], "b": [toy.now], "c": [0]}).fallback[0].tolist() == [2, 2, 1]
    for fallback in (better, {"a.gives": "yes", "b.gives": "yes"}, {"a": 2.5, "b": 0, "c": 0}, np.array([2.5, 0.0, 0.0])):
        roads = [cores(toy, fallback=fallback, route=route).sets for route in ("enumerate", "solver")]
        assert set(roads[0]) == set(roads[1])


def test_a_condition_that_a_deal_must_meet_narrows_it():
    case = read_text(TOY)
    found = agreements(conflict(case), excluding=["a", "b"], that="a.gives and b.gives")
    assert found.n_deals == 2
    for route in ("enumerate", "solver"):
        assert (1,) in cores(conflict(case), that="b.gives", route=route).sets


def test_draws_give_shares_of_deals():
    drawn = conflict(read_text(TOY.replace("is: Beta keeps it, red_line: true", "is: Beta keeps it")), draws=50, seed=1)
    could = agreements(drawn)
    assert 0 < could.share_any < 1 and could.share.shape == (drawn.graph.n_states,)
    assert "draws something can be agreed" in str(agreements(drawn, excluding=["b"]))
    strict = conflict(read_text(TOY), draws=3)
    assert agreements(strict).deal.shape[0] == 3
    with pytest.raises(AskError, match="bargain/which-types"):
        agreements(strict, types=[{"b": "soft"}])
    with pytest.raises(AskError, match="bargain/unknown-type"):
        agreements(strict, types=[{"b": "sotf"}] * 3)


def test_red_lines_follow_the_type_given_for_each_draw():
    toy = conflict(read_text(TOY), draws=2, seed=3)
    soft, hard = (agreements(toy, types=[{"b": type_}] * 2).open for type_ in ("soft", "hard"))
    assert soft[0].sum() > 0 and not hard[0].any() and (soft[0] == soft[1]).all()
    assert agreements(toy).open[0].tolist() == hard[0].tolist()


def test_a_game_without_a_case_has_no_red_lines_and_its_parties_fall_back_on_a_state():
    toy = conflict(read_text(TOY))
    game = conflict_of(toy.graph, toy.worth)
    assert agreements(game).open.all() and agreements(game).n_deals >= agreements(toy).n_deals
    with pytest.raises(AskError, match="graph/no-case"):
        cores(game)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"excluding": ["d"]}, "graph/unknown-party"),
        ({"fallback": {"a": 1.0, "d": 1.0}}, "graph/unknown-party"),
        ({"which": "all wants"}, "bargain/unknown-kind"),
        ({"most": 0}, "bargain/bad-number"),
        ({"types": {"b": "gentle"}}, "bargain/unknown-type"),
        ({"fallback": []}, "bargain/no-fallback"),
        ({"fallback": {"a": 1.0, "b": 1.0, "c": 1.0}}, "worth/ordinal"),
        ({"fallback": {"a": [0]}}, "bargain/no-fallback"),
        ({"route": "guess"}, "bargain/unknown-route"),
        ({"demands": []}, "bargain/no-demands"),
        ({"that": "nothing.known"}, "case/unknown-name"),
        ({"fallback": {"a.gives": "perhaps"}}, "graph/unknown-setting"),
        ({"that": "a.gives and not a.gives"}, "graph/no-states"),
    ],
)
def test_questions_that_cannot_be_answered_say_why(asked, code):
    with pytest.raises((AskError, GraphError)) as wrong:
        cores(conflict(read_text(TOY)), **asked)
    assert wrong.value.code == code


def test_without_the_solvers_the_message_says_what_to_install(monkeypatch):
    import importlib

    def absent(name, *rest):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(AskError, match="bargain/needs-extra"):
        cores(conflict(read_text(TOY)), route="solver")
    assert cores(conflict(read_text(TOY)), route="enumerate").complete


def test_weights_that_sum_in_very_many_ways_are_refused_by_the_solver():
    wants = ", ".join(f"{{that: a.l{k}, worth: {1 + k * k * 0.000917 + 1 / (k + 3):.6f}}}" for k in range(40))
    levers = ", ".join(f"a.l{k}: {{is: x}}" for k in range(40))
    case = read_text(f"bestand: 1\ntitle: t\nparties: {{a: {{name: A}}}}\nlevers: {{{levers}}}\nwants: {{a: [{wants}]}}\n")
    with pytest.raises(AskError, match="bargain/too-many-sums"):
        cores(conflict(case, scale="cardinal"), fallback={"a": 30.0})
    with pytest.raises(AskError, match="bargain/too-many-states"):
        cores(conflict(case), route="enumerate")


def test_a_weight_names_a_demand_and_is_above_zero():
    with pytest.raises(AskError, match="bargain/unknown-demand"):
        concessions(conflict(read_text(TOY)), weights={"wants.a[7]": 1})
    with pytest.raises(AskError, match="bargain/bad-number"):
        concessions(conflict(read_text(TOY)), weights={"wants.a[0]": 0})


def test_more_than_64_demands_are_kept_apart():
    met = np.ones((130, 3), bool)
    met[[0, 128], 0] = met[[128], 1] = met[[5, 70], 2] = False
    assert fewest_unmet([met], 130) == [1 << 128, 1 << 5 | 1 << 70]


def test_published_rankings_are_gone_through_state_by_state():
    case = read("literature/fang-1993/chicken")
    found = concessions(conflict(case))
    assert found.route == "enumerate" and cores(conflict(case)).complete


@in_depth
def test_a_case_of_131072_states_gives_the_same_on_both_roads():
    parties = "".join(f"  p{i}: {{name: P{i}}}\n" for i in range(17))
    levers = "".join(f"  p{i}.x: {{is: x}}\n" for i in range(17))
    wants = "".join(
        f"  p{i}: [{{that: p{(i + 1) % 17}.x or p{(i + 5) % 17}.x, red_line: true}}, {{that: not p{i}.x}}]\n" for i in range(17)
    )
    case = read_text(f"bestand: 1\ntitle: ring\nparties:\n{parties}levers:\n{levers}wants:\n{wants}")
    roads = [concessions(conflict(case), which="every want", route=route, most=40) for route in ("enumerate", "solver")]
    assert roads[0].costs == roads[1].costs
    blocked = [set(cores(conflict(case), which="every want", route=route, most=17).sets) for route in ("enumerate", "solver")]
    assert blocked[0] == blocked[1]


@spread("first", range(0, 60, 10))
def test_what_can_be_agreed_in_many_draws_is_what_a_plain_look_at_each_says(first):
    """Draw by draw and state by state: no red line of a want that is there crossed, and no party below what it falls back on."""
    for seed in range(first, first + 10):
        _, case, _, _ = disputed(seed)
        drawn = conflict(case, scale=("ordinal", "cardinal")[seed % 2], draws=4, seed=seed)
        if drawn.graph.now is None:
            continue
        fallback = ("now", [0, drawn.graph.n_states - 1])[seed // 2 % 2]
        for that in (None, f"{drawn.graph.levers[0]} != {drawn.graph.settings[0][0]}"):
            deals = deals_of_draws(drawn, that=that, fallback=fallback)
            assert deals.tolist() == agreements(drawn, that=that, fallback=fallback).deal.tolist()
            for d in range(drawn.draws):
                assert deals[d].tolist() == [could_be_signed(drawn, d, state, that, fallback) for state in range(drawn.graph.n_states)]


def could_be_signed(drawn, d, state, that, fallback):
    """Whether a state could be agreed on in a draw."""
    types, gone = drawn.worth.types[d], drawn.worth.absent[d]
    if not (drawn.where(that)[state] and drawn.where(signable_states(drawn, d))[state]):
        return False
    level, away = sizes(drawn.worth, d), walk_away(drawn, fallback=fallback, draw=d)
    for i, party in enumerate(drawn.parties):
        lines = [each for each in stated_demands(drawn.case, party, types[party], red_lines=True) if each.at not in gone]
        if not all(each.met(drawn.where)[state] for each in lines) or level[i, state] < away[i] - 1e-9 * max(1.0, abs(away[i])):
            return False
    return True


@pytest.mark.parametrize("that", ["a.gives implies b.gives", "a.gives iff c.helps >= some", "not (b.gives or c.helps = much)", "a.gives iff b.gives iff c.helps = no", "a.gives and not (b.gives implies c.helps < some)"])
def test_a_condition_as_clauses_holds_in_the_states_in_which_it_holds(that):
    from pysat.solvers import Solver

    asked = conflict(read_text(TOY))
    formula, holds = Formula(asked), asked.where(that)
    literal = formula.literal(asked.case.condition(that))
    with Solver(bootstrap_with=formula.clauses) as solver:
        for state in range(asked.graph.n_states):
            stands = [formula.setting[lever][asked.case.settings[lever].index(setting)] for lever, setting in asked.at(state).items()]
            assert (solver.solve([*stands, literal]), solver.solve([*stands, -literal])) == (holds[state], not holds[state]), asked.at(state)


@pytest.mark.parametrize("fallback", ["a.gives=yes", "0", 0, {"a.gives": "yes"}])
def test_a_fallback_is_refused_where_single_wants_are_asked_about(fallback):
    with pytest.raises(AskError, match="bargain/bad-form"):
        demands(conflict(read_text(TOY)), which="every want", fallback=fallback)


UNKNOWN = """bestand: 1
title: nobody says how things stand
%s
parties: {a: {name: A}, b: {name: B}, w: {name: W, chance: true, assumed: t}}
levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}, w.r: {is: r, assumed: t}}
%s
wants: {a: [{that: b.y, worth: 2, assumed: t}, {that: not a.x, worth: 1, assumed: t}], b: [{that: a.x, worth: 2, assumed: t}, {that: not b.y, worth: 1, assumed: t}]}
"""


@pytest.mark.parametrize("ask", [agreements, cores, concessions, settle_by_solver, lambda asked, **how: settle(frontier(asked, **how))], ids=["agreements", "cores", "concessions", "solver", "settle"])
def test_no_present_state_is_made_up_to_fall_back_on(ask):
    asked = conflict(read_text(UNKNOWN % ("present: unknown", "")), scale="cardinal")
    for fallback in ("now", {"b.y": "no"}):
        with pytest.raises(GraphError) as error:
            ask(asked, fallback=fallback)
        assert error.value.code == "graph/no-present"
    assert ask(asked, fallback={"a": 0.0, "b": 0.0, "w": 0.0}).table().rows is not None
    assert ask(asked, fallback={"a.x": "no", "b.y": "yes", "w.r": "no"}).table().rows is not None


def test_what_a_solver_settles_is_told_whole_where_no_present_is_given():
    settled = settle_by_solver(conflict(read_text(UNKNOWN % ("present: unknown", "")), scale="cardinal"), fallback={"a": 0.0, "b": 0.0, "w": 0.0})
    assert "outcome: a.x=yes, b.y=yes, w.r=" in str(settled) and "from now" not in str(settled)


@pytest.mark.parametrize("case", [UNKNOWN % ("present: unknown", ""), UNKNOWN % ("", "never: [{that: not a.x and not b.y, assumed: t}]")], ids=["unknown", "banned"])
def test_a_state_of_which_the_rest_is_as_now_is_refused_where_there_is_no_now(case):
    asked = conflict(read_text(case))
    for state in ("a.x=yes", {"b.y": "yes"}, {"a.x": "yes", "b.y": "no"}):
        with pytest.raises(GraphError, match="is given, and there is no present state"):
            asked.state(state)
    assert asked.at(asked.state("a.x=yes,b.y=no,w.r=yes")) == {"a.x": "yes", "b.y": "no", "w.r": "yes"}
