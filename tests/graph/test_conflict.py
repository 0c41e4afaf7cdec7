"""One view of one case, ready to be asked: names, masks, worths, and conflicts that share what did not change."""

from __future__ import annotations

import sys
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import bestand
from bestand.case.conditions import levers_of
from bestand.case.lines import with_file
from bestand.case.parts import Quantity
from bestand.case.read import read_text
from bestand.errors import AskError, BestandError, GraphError
from bestand.graph.alike import held_once, kept_once
from bestand.graph.conflict import Conflict, conflict, conflict_of
from bestand.graph.model import Worth
from bestand.graph.worth import ranked_alike
from bestand.negotiate.changes import varied
from tests.depth import spread
from tests.oracle.random_cases import conflict as plain_conflict
from tests.oracle.random_cases import either


@pytest.fixture(scope="module")
def valley() -> Conflict:
    return conflict(bestand.read("example/en"))


@pytest.fixture(scope="module")
def ukraine() -> Conflict:
    return conflict(bestand.read("ukraine/2025-04"))


def test_a_state_may_be_named_in_every_way(valley):
    now, settings = valley.now, valley.at("now")
    written = ", ".join(f"{lever} = {setting}" for lever, setting in settings.items())
    assert {valley.state(now), valley.state(np.int64(now)), valley.state(str(now)), valley.state(settings), valley.state(written)} == {now}
    assert valley.states([now, settings]).tolist() == [now, now] and valley.states(valley.where(None)).size == valley.graph.n_states


@pytest.mark.parametrize(
    ("ask", "code", "says"),
    [
        (lambda c: c.state(-1), "graph/unknown-state", "states run from 0"),
        (lambda c: c.state(10**9), "graph/unknown-state", "states run from 0"),
        (lambda c: c.state("nowe"), "graph/unknown-state", "did you mean 'now'"),
        (lambda c: c.state("²"), "graph/unknown-state", "choices are"),
        (lambda c: c.state(True), "graph/unknown-state", "states run"),
        (lambda c: c.state(1.5), "graph/unknown-state", "states run"),
        (lambda c: c.state({"co.nothing": "yes"}), "graph/unknown-lever", "choices are"),
        (lambda c: c.state("co.nothing="), "graph/bad-settings", "lever=setting"),
        (lambda c: c.party("nobody"), "graph/unknown-party", "choices are"),
        (lambda c: c.party(99), "graph/unknown-party", "choices are"),
        (lambda c: c.party(-1), "graph/unknown-party", "choices are"),
        (lambda c: c.lever("nothing"), "graph/unknown-lever", "choices are"),
        (lambda c: c.where("truse"), "case/unknown-name", "did you mean 'truce'"),
        (lambda c: c.where("truce and"), "case/condition", "ends too early"),
        (lambda c: c.where(np.ones(3, bool)), "graph/bad-mask", "a mask of states"),
        (lambda c: c.where(np.ones(256)), "graph/bad-mask", "a mask of states"),
        (lambda c: c.hold({"nothing": "yes"}), "graph/unknown-lever", "choices are"),
        (lambda c: c.draw(0), "graph/bad-draws", "from 1"),
        (lambda c: c.draw(-1), "graph/bad-draws", "from 1"),
        (lambda c: c.draw(2, seed=-1), "graph/bad-seed", "at least 0"),
    ],
)
def test_what_is_not_there_is_refused_in_words_with_the_choices(valley, ask, code, says):
    with pytest.raises(BestandError) as refused:
        ask(valley)
    assert refused.value.code == code and says in str(refused.value)


@pytest.mark.parametrize("wrong", [{"view": "cor"}, {"hold": {"x": "y"}}, {"hold": "x"}, {"draws": 0}, {"seed": -1}, {"scale": "cardnal"}])
def test_a_conflict_is_not_made_of_what_is_not_there(valley, wrong):
    with pytest.raises(BestandError):
        conflict(valley.case, **wrong)


def test_conditions_are_evaluated_once_and_cannot_be_written(valley):
    mask = valley.where("truce")
    assert valley.where("truce") is mask and valley.draw(5).where("truce") is mask and not mask.flags.writeable
    assert np.array_equal(valley.where("not truce"), ~mask)


def test_a_condition_in_one_state_is_that_of_all(ukraine):
    mask = ukraine.where("ceasefire or us.presence >= lasting")
    for state in range(0, ukraine.graph.n_states, 997):
        node = ukraine.case.condition("ceasefire or us.presence >= lasting")
        assert ukraine.true_at("ceasefire or us.presence >= lasting", state) == mask[state] == ukraine.graph.true_at(node, state)


def test_a_change_of_wants_shares_states_moves_and_the_worths_of_the_others(ukraine):
    want = next(each for each in ukraine.statements() if each.kind == "want" and each.party == "ru")
    changed = ukraine.without(want)
    assert changed.graph is ukraine.graph and changed.where("ceasefire") is ukraine.where("ceasefire")
    before, after = ukraine.worth, changed.worth
    other = [k for k, party in enumerate(ukraine.parties) if party != "ru"]
    assert np.array_equal(before.rank[:, other], after.rank[:, other])
    assert not np.array_equal(before.rank[:, ukraine.party("ru")], after.rank[:, ukraine.party("ru")])


def test_worths_drawn_from_what_a_source_says_are_not_shared_with_a_version_that_trusts_it_less(valley):
    drawn = valley.draw(60, seed=1)
    before = drawn.worth
    doubted = {name: source.model_copy(update={"reliability": Quantity(value=0.3)}) for name, source in valley.case.file.sources.items()}
    shared = drawn.change(sources=doubted)
    fresh = conflict(shared.case, view=valley.view, draws=60, seed=1)
    assert np.array_equal(shared.worth.rank, fresh.worth.rank) and shared.worth.absent == fresh.worth.absent
    assert before.absent != fresh.worth.absent


def test_a_change_of_moves_shares_nothing_that_it_touches(ukraine):
    guard, ban = (next(each for each in ukraine.statements() if each.kind == kind) for kind in ("guard", "ban"))
    before = ukraine.worth_to("ru", "ordinal")
    changed = ukraine.without(guard)
    assert changed.worth_to("ru", "ordinal") is before, "states and wants are the same"
    assert ukraine.without(ban).worth_to("ru", "ordinal") is not before
    assert changed.graph is not ukraine.graph
    assert sum(m.target.size for m in changed.graph.moves) >= sum(m.target.size for m in ukraine.graph.moves)


@pytest.mark.parametrize("kind", ["want", "guard", "ban", "one_way", "type"])
def test_what_is_shared_is_what_a_fresh_conflict_has(ukraine, kind):
    for line in [each for each in ukraine.statements() if each.kind == kind][:4]:
        shared = ukraine.without(line)
        fresh = conflict(shared.case, view=ukraine.view)
        assert np.array_equal(shared.graph.codes, fresh.graph.codes)
        assert np.array_equal(shared.worth.rank, fresh.worth.rank), line.at
        for term in shared.case.terms:
            assert np.array_equal(shared.where(term), fresh.where(term))


def test_the_wants_of_one_party_do_not_change_what_is_drawn_for_another(ukraine):
    drawn = ukraine.draw(20, seed=3)
    want = next(each for each in ukraine.statements() if each.kind == "want" and each.party == "ru")
    other = [k for k, party in enumerate(ukraine.parties) if party != "ru"]
    assert np.array_equal(drawn.worth.rank[:, other], drawn.without(want).worth.rank[:, other])


def test_the_first_draw_is_the_case_as_it_stands(ukraine):
    assert np.array_equal(ukraine.draw(30, seed=1).worth.rank[0], ukraine.worth.rank[0])


def test_holding_a_lever_leaves_the_states_that_have_it(ukraine):
    held = ukraine.hold({"us.mediates": "no"})
    assert held.graph.n_states == int(ukraine.where("us.mediates = no").sum())
    assert held.hold({"us.mediates": "yes"}).graph.n_states == int(ukraine.where("us.mediates = yes").sum())


def test_ranks_from_wants_are_those_of_the_plain_rules():
    for seed in range(60):
        plain = plain_conflict(seed)
        asked = conflict(bestand.read_text(plain.text()))
        states = plain.states()
        order = [states.index(tuple(int(asked.at(s)[lever.name][1:]) for lever in plain.levers)) for s in range(asked.graph.n_states)]
        for party, score in enumerate(plain.ranks(states)):
            expected = np.unique(np.array(score)[order], return_inverse=True)[1]
            assert np.array_equal(asked.worth.rank[0, party], expected), seed


@pytest.mark.parametrize("factor", [10.0, 1000.0, 1e-9])
def test_the_unit_of_worth_changes_no_rank(factor):
    case = bestand.read("ukraine/2025-04")
    def scaled(want):
        number = want.worth.model_copy(update={"value": want.worth.value * factor, "range": None})
        return want.model_copy(update={"worth": number})
    def plain(want):
        return want.model_copy(update={"worth": want.worth.model_copy(update={"range": None})})
    def each(change):
        return {
            party: {name: tuple(map(change, own)) for name, own in wants.items()} if isinstance(wants, dict) else tuple(map(change, wants))
            for party, wants in case.file.wants.items()
        }
    one, other = (conflict(with_file(case, wants=each(change))).sized for change in (plain, scaled))
    assert np.array_equal(one.rank, other.rank) and np.allclose(one.value * factor, other.value, rtol=1e-12)


def test_worths_of_other_states_are_refused(valley, ukraine):
    with pytest.raises(AskError, match="other-worth"):
        conflict_of(valley.graph, ukraine.worth)
    made = conflict_of(valley.graph, valley.worth)
    assert made.worth is valley.worth and made.graph is valley.graph
    with pytest.raises(AskError, match="no-case"):
        _ = made.case
    with pytest.raises(AskError, match="other-worth"):
        conflict_of(valley.graph, Worth(("a",), valley.worth.rank))
    for parts in ([], [ranked_alike(np.zeros(3, np.uint32), 1)] * len(valley.parties), [ranked_alike(rank, 1 + i) for i, rank in enumerate(valley.worth.rank[0])]):
        with pytest.raises(AskError, match="other-worth"):
            valley.stacked(parts)
    twice = valley.stacked([ranked_alike(rank, 2) for rank in valley.worth.rank[0]])
    assert twice.draws == 2 and np.array_equal(twice.worth.rank, np.repeat(valley.worth.rank, 2, axis=0))


def test_a_present_state_that_is_not_there_is_said():
    text = "bestand: 1\ntitle: t\nparties: {a: {name: A}}\nlevers: {a.x: {is: x, now: yes}}\nnever: [{that: a.x}]\nwants: {a: [{that: a.x}]}\n"
    with pytest.raises(GraphError, match="no-present"):
        _ = conflict(bestand.read_text(text)).now


def test_it_shows_its_parties_and_levers(valley):
    assert "states" in str(valley) and "<table" in valley._repr_html_() and len(repr(valley)) < 200_000


@spread("seed", range(0, 40, 4))
def test_states_moves_and_masks_taken_from_a_version_before_are_those_of_a_fresh_one(seed):
    """Also where the version before was asked already, and where one version is made of another that was."""
    whole = conflict(read_text(either(seed).text()))
    conditions = [want.that for party in whole.parties for listed in whole.case.wants(party).values() for want in listed]
    for condition in conditions:
        whole.where(condition)
    before = whole
    for line in whole.statements():
        for shared in (whole.without(line), before.without(line)):
            alone = conflict(shared.case)
            try:
                graph = alone.graph
            except GraphError as error:
                with pytest.raises(GraphError, match=error.code):
                    shared.graph  # noqa: B018
                continue
            assert shared.graph.now == graph.now and np.array_equal(shared.graph.codes, graph.codes), line.at
            for ours, theirs in zip(shared.graph.moves, graph.moves, strict=True):
                assert all(np.array_equal(getattr(ours, part), getattr(theirs, part)) for part in ("members", "kind", "row", "target", "own")), line.at
            for ours, theirs in zip(shared.graph.chances, graph.chances, strict=True):
                assert np.array_equal(ours.source, theirs.source) and np.array_equal(ours.target, theirs.target), line.at
            assert all(np.array_equal(shared.where(each), alone.where(each)) for each in conditions), line.at
            assert np.array_equal(shared.worth.rank, alone.worth.rank), line.at
            before = shared


@spread("seed", range(0, 40, 4))
def test_states_moves_worths_and_masks_where_a_lever_is_held_are_those_of_a_fresh_conflict(seed):
    """Taken from the states in which it is not held, whether it varies there or is held at another setting, and more than once."""
    whole = conflict(read_text(either(seed).text()), draws=3, seed=seed)
    some = whole.hold({whole.graph.levers[-1]: whole.graph.settings[-1][0]})
    conditions = [want.that for party in whole.parties for listed in whole.case.wants(party).values() for want in listed]
    for known in (whole, some):
        assert known.worth.n_draws == 3 and all(known.where(each).size == known.graph.n_states for each in conditions)
    for before, lever in ((before, lever) for before in (whole, some) for lever in whole.graph.levers):
        for setting in whole.case.settings[lever]:
            shared = before.hold({lever: setting})
            alone = conflict(shared.case, hold=shared.held, draws=3, seed=seed)
            try:
                graph = alone.graph
            except GraphError as error:
                for _ in range(2):
                    with pytest.raises(GraphError, match=error.code):
                        shared.graph  # noqa: B018
                continue
            assert shared.graph.now == graph.now and np.array_equal(shared.graph.codes, graph.codes), (lever, setting)
            for ours, theirs in zip(shared.graph.moves, graph.moves, strict=True):
                assert all(np.array_equal(getattr(ours, part), getattr(theirs, part)) for part in ("members", "kind", "row", "target", "own")), lever
            assert [each.name for each in shared.graph.chances] == [each.name for each in graph.chances], lever
            for mine, other in zip(shared.graph.chances, graph.chances, strict=True):
                assert np.array_equal(mine.source, other.source) and np.array_equal(mine.target, other.target), lever
            assert all(np.array_equal(shared.where(each), alone.where(each)) for each in (*conditions, *whole.case.terms)), (lever, setting)
            assert np.array_equal(shared.worth.rank, alone.worth.rank), (lever, setting)
            assert np.array_equal(shared.graph.digits(lever), alone.graph.digits(lever))


def test_a_lever_of_which_nothing_speaks_changes_no_state_where_it_is_held_otherwise(ukraine):
    lever = "eu.scandal"
    assert lever in ukraine.graph.held
    settings = ukraine.case.settings[lever]
    other = next(setting for k, setting in enumerate(settings) if k != ukraine.graph.held[lever])
    assert ukraine.worth.n_draws == 1
    held, fresh = ukraine.hold({lever: other}), conflict(ukraine.case, hold={lever: other})
    assert np.array_equal(held.worth.rank, fresh.worth.rank) and held.graph.codes is ukraine.graph.codes
    for party in ukraine.parties:
        held_moves, moves = held.graph.moves[held.party(party)], fresh.graph.moves[fresh.party(party)]
        assert np.array_equal(held_moves.target, moves.target) and np.array_equal(held_moves.members, moves.members)


FOUR = """
bestand: 1
title: Four states
parties: {a: {name: A}}
levers: {a.x: {is: x}, a.y: {is: y}}
states: {one: {at: {a.x: no, a.y: no}}, two: {at: {a.x: yes, a.y: no}}, three: {at: {a.x: no, a.y: yes}}, four: {at: {a.x: yes, a.y: yes}}}
events: {comes: {sets: {a.x: yes}, when: not a.x, per_month: 1, assumed: x}}
wants: {a: [{that: a.x, assumed: x}]}
"""


@pytest.mark.parametrize("banned", ["not a.x and not a.y", "a.x and not a.y", "a.x and a.y"], ids=["first", "between", "last"])
def test_settings_that_are_banned_together_are_no_state(banned):
    asked = conflict(read_text(FOUR + f"never: [{{that: {banned}, assumed: x}}]"))
    at = {"a.x": "no" if banned.startswith("not a.x") else "yes", "a.y": "no" if banned.endswith("not a.y") else "yes"}
    with pytest.raises(BestandError, match=r"graph/banned-state.*banned together"):
        asked.state(at)
    others = [{"a.x": x, "a.y": y} for y in ("no", "yes") for x in ("no", "yes") if {"a.x": x, "a.y": y} != at]
    assert [asked.state(each) for each in others] == [0, 1, 2] and [asked.at(k) for k in range(3)] == others


def test_states_of_a_view_have_the_names_of_those_with_the_settings_that_it_holds():
    case = read_text(FOUR)
    assert conflict(case).graph.names == ("one", "two", "three", "four")
    assert conflict(case, hold={"a.y": "no"}).graph.names == ("one", "two")
    assert conflict(case, hold={"a.y": "yes"}).graph.names == ("three", "four")


def test_an_event_in_the_first_state_stays_where_a_lever_is_held():
    whole = conflict(read_text(FOUR))
    assert whole.graph.chances[0].source.tolist() == [0, 2]
    for setting in ("no", "yes"):
        (kept,) = whole.hold({"a.y": setting}).graph.chances
        assert kept.source.tolist() == [0] and kept.target.tolist() == [1]


def test_only_the_worths_of_those_whose_minds_are_the_same_are_taken_over(ukraine):
    assert ukraine.worth.n_draws == 1
    want = next(each for each in ukraine.statements() if each.kind == "want" and each.party == "ru")
    taken = {key[1]: known for key, known in ukraine.without(want).kept.items() if isinstance(key, tuple) and key[0] == "worth of"}
    assert set(taken) == {party for party in ukraine.parties if party != "ru"}
    assert all(known is ukraine.kept[key] for key, known in ukraine.without(want).kept.items() if isinstance(key, tuple) and key[0] == "worth of")


def test_where_a_lever_is_held_otherwise_the_worths_of_those_who_want_nothing_of_it_are_taken_over(ukraine):
    assert ukraine.worth.n_draws == 1
    taken = set()
    for lever in ukraine.case.file.levers.keys() - set(ukraine.graph.levers):
        wants = {party: [want.that for listed in ukraine.case.wants(party).values() for want in listed] for party in ukraine.parties}
        spoken = {party for party in wants if any(lever in levers_of(ukraine.case.condition(that), ukraine.case.terms) for that in wants[party])}
        for setting in ukraine.case.settings[lever]:
            held = ukraine.hold({lever: setting})
            same = {party for party in ukraine.parties if held.worth_to(party, "ordinal") is ukraine.worth_to(party, "ordinal")}
            assert same == (set(ukraine.parties) - spoken if held.graph.codes is ukraine.graph.codes else set()), (lever, setting)
            taken |= same
    assert {"ru", "ua"} <= taken


def test_what_changes_of_wants_come_to_is_worked_out_once_for_all_versions_with_the_same_states(ukraine):
    guard, ban = (next(each for each in ukraine.statements() if each.kind == kind) for kind in ("guard", "ban"))

    def of(version):
        assert version.graph.n_states
        return varied(version, "ru", ["ceasefire"], most=1, weight=None, threads=1, is_time=lambda: True)

    before = of(ukraine)
    assert of(ukraine.without(guard)) is before
    assert of(ukraine.without(ban)) is not before, "its states are others"


def test_states_with_levers_held_are_made_once_for_all_versions_that_share_the_wider_ones(ukraine):
    want = next(each for each in ukraine.statements() if each.kind == "want")
    lever = ukraine.graph.levers[0]
    held = {lever: ukraine.at("now")[lever]}
    fewer = held_once(ukraine, held)
    assert held_once(ukraine, {}) is ukraine
    assert held_once(ukraine.without(want), held).graph is fewer.graph
    assert fewer.held == held and np.array_equal(fewer.graph.codes, ukraine.hold(held).graph.codes)
    assert held_once(ukraine.without(want), held).worth.rank.tolist() == ukraine.hold(held).without(want).worth.rank.tolist()


def test_several_threads_ask_one_conflict_while_lists_of_wants_come_and_go():
    """As the screens of one workbench do: more lists than are kept, and masks beside them."""
    kept: dict[Hashable, object] = {}

    def ask(start: int) -> bool:
        asked = [("patterns", (7 * k + start) % 40) for k in range(4_000)]
        return all(kept_once(key, kept, lambda key=key: key[1]) == key[1] and kept_once(("where", key, start), kept, lambda: 1) for key in asked)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            assert all(threads.map(ask, range(4)))
    finally:
        sys.setswitchinterval(before)


OTHERWISE = """
bestand: 1
title: T
sizes: stated
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: x, assumed: s}, a.y: {is: y, now: "yes", assumed: s}, a.z: {is: z, now: "yes", assumed: s}, b.w: {is: w, assumed: s}}
wants:
  a:
    - {that: a.x and not a.y and not a.z, worth: 2, assumed: s}
    - {that: a.y, worth: 1.5, assumed: s}
    - {that: a.z, worth: 1.5, assumed: s}
  b: [{that: b.w, worth: 1, assumed: s}]
"""


@pytest.mark.parametrize("scales", [("ordinal", "cardinal"), ("cardinal", "ordinal")])
def test_what_is_asked_on_one_scale_does_not_hang_on_what_was_asked_on_the_other(scales):
    """By order the first want of a counts for more than the two others together, by size for less."""

    def rankings(asked):
        rows, which = asked.rankings
        return rows[which].tolist()

    def tried(asked):
        answer = bestand.coalitions(asked, concept="gmr", moves="paying", coalitions=[["a"]])
        return [repr(each) for state in range(asked.graph.n_states) for each in answer.attempts(state, coalition=["a"])]

    case, (before, after) = read_text(OTHERWISE), scales
    for ask in (rankings, tried, lambda asked: asked.once("a question", asked.worth.rank.tolist)):
        asked = conflict(case)
        other, answer = ask(asked.on_scale(before)), ask(asked.on_scale(after))
        assert answer == ask(conflict(case, scale=after)) != other


VERSIONS = """
bestand: 1
title: T
parties: {a: {name: A}, b: {name: B%s}}
levers: {a.x: {is: x, assumed: s}, b.w: {is: w, assumed: s}}
wants: {a: [{that: b.w, assumed: s}], b: [{that: a.x, assumed: s}]}
%s
"""


@pytest.mark.parametrize("other", [(", signs: false", ""), ("", "present: unknown")])
def test_what_two_versions_share_hangs_on_nothing_in_which_they_differ(other):
    """Who signs and how things stand changes no state and no move, and yet what could be agreed on and from where."""
    first, changed = read_text(VERSIONS % ("", "")), read_text(VERSIONS % other)

    def told(asked):
        return asked.graph.now, bestand.agreements(asked, fallback=[0]).deal.tolist()

    usual = conflict(first)
    before = told(usual)
    assert told(usual.of(changed)) == told(conflict(changed)) != before
    assert told(usual.of(changed).of(first)) == before
