"""The compiled code against plain definitions: replies by best moves, ways with the fewest lever changes, large blocks."""

from __future__ import annotations

import itertools
import os
import signal
import threading

import numpy as np
import pytest

from bestand import kernels
from bestand.case.read import read_text
from bestand.errors import GraphError, KernelError
from bestand.graph.build import build
from bestand.graph.conflict import conflict as ready
from bestand.graph.worth import as_rows
from tests.depth import in_depth, spread
from tests.oracle import groups, naive
from tests.oracle.random_cases import conflict

WAYS = ("any", "weak", "paying", "best")
LOOKS = [("none", False), *itertools.product(WAYS, (False, True))]


def solved(seed: int):
    case = read_text(conflict(seed).text())
    graph = build(case)
    return graph, ready(case).worth


@spread("first", range(0, 120, 10))
def test_every_concept_is_its_replies_and_whether_one_may_answer_back(first):
    for seed in range(first, first + 10):
        graph, values = solved(seed)
        moves, rank, n_set = naive.moves_of(graph), values.rank[0].tolist(), naive.levers_set(graph)
        sequences = kernels.SEQUENCES[seed % 3]
        narrow = values.rank.astype(np.uint16) if seed % 2 else values.rank
        found = kernels.stable(graph.moves, narrow, looks=LOOKS, sequences=sequences)
        for (k, (replies, escape)), i in itertools.product(enumerate(LOOKS), range(len(graph.parties))):
            for s in range(0, graph.n_states, 1 + graph.n_states // 8):
                expected = naive.foreseen(moves, rank, n_set, i, s, replies, escape=escape, sequences=sequences)
                assert found[0, k, i, s] == expected, (seed, replies, escape, i, s)


def test_many_different_ranks_and_few_threads_change_nothing():
    graph, values = solved(7)
    wide = values.rank.astype(np.uint32) * np.uint32(100_000)
    once = kernels.stable(graph.moves, values.rank, looks=LOOKS)
    assert (kernels.stable(graph.moves, wide, looks=LOOKS, threads=3) == once).all()
    draws = np.concatenate([values.rank, wide, values.rank[:, ::-1]])
    many = kernels.stable(graph.moves, draws, looks=LOOKS, threads=2)
    assert (many[:2] == once).all() and (many[2] == kernels.stable(graph.moves, draws[2:], looks=LOOKS)[0]).all()


def many_draws():
    """Moves and ranks of a call that takes a second or two."""
    graph, values = solved(7)
    return graph.moves, np.repeat(values.rank.astype(np.uint32), 30_000, axis=0)


def test_building_moves_tells_how_far_it_is():
    told: list[float] = []
    codes, guard = np.arange(2**16), np.full(8 * 256, -1)
    guard[[1, 257]] = 0, 1
    enter = np.random.default_rng(0).integers(0, 4, codes.size).astype(np.uint64)  # so that every block is of a kind of its own
    kernels.listen(told.append)
    try:
        parts = kernels.build_moves(codes, 2**8, np.full(8, 2), np.ones(8, np.int64), guard, enter)
    finally:
        kernels.listen(None)
    assert parts[3].size == 2**8 and told == sorted(told) and told[0] > 0 and told[-1] < 1


def test_settings_that_do_not_fit_in_a_number_are_refused_before_they_are_multiplied():
    with pytest.raises(KernelError, match="2\\^32 combinations"):
        kernels.build_moves(np.arange(4), 2**31, np.full(4, 255), np.zeros(4, np.int64), np.full(4 * 256, -1), np.zeros(0, np.uint64))


@in_depth
def test_a_long_call_tells_how_far_it_is_and_ends_where_that_raises():
    moves, ranks = many_draws()
    told: list[float] = []
    kernels.listen(told.append)
    try:
        while len(told) < 2:
            kernels.stable(moves, ranks, looks=LOOKS, threads=2)
        assert all(0 < share < 1 for share in told)
        kernels.listen(lambda share: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            for _ in range(100):
                kernels.stable(moves, ranks, looks=LOOKS, threads=2)
        n_told = len(told)
        kernels.listen(None)
        kernels.stable(moves, ranks, looks=LOOKS, threads=2)
        assert len(told) == n_told
    finally:
        kernels.listen(None)
    with pytest.raises(KernelError, match="wrong-array"):
        kernels.listen("progress")


def test_ways_from_one_state_tell_how_far_they_are_and_end_where_that_raises():
    """A call of half a second, which tells every twentieth."""
    levers = "".join(f"  {party}.l{k}: {{is: lever {k}, assumed: t}}\n" for party in "ab" for k in range(9))
    graph = build(read_text(f"bestand: 1\ntitle: wide\nparties: {{a: {{name: A}}, b: {{name: B}}}}\nlevers:\n{levers}"))
    told: list[float] = []
    rank = np.random.default_rng(1).integers(9, size=(2, graph.n_states)).astype(np.uint32)

    def reached() -> kernels.Reached:
        everyone = np.ones(2, bool)
        return kernels.reach(graph.moves, rank, 0, by="paying", open=np.empty(0, bool), may_move=everyone)

    kernels.listen(told.append)
    try:
        for _ in range(20):
            before, each = len(told), reached()
            assert told[before:] == sorted(told[before:]) and each.steps.max() > 2
            if len(told) > 1:
                break
        assert len(told) > 1 and all(0 < share < 1 for share in told)
        kernels.listen(lambda share: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            for _ in range(100):
                reached()
    finally:
        kernels.listen(None)


@spread("seed", range(60))
def test_of_equally_short_ways_the_one_that_sets_the_fewest_levers_is_told(seed):
    graph, values = solved(seed)
    moves, rank, n_set = naive.moves_of(graph), values.rank[0].tolist(), naive.levers_set(graph)
    n, start = graph.n_states, seed % graph.n_states
    for by in ("any", "paying", "best"):
        found = kernels.reach(graph.moves, values.rank[0], start, by=by, open=np.empty(0, bool), may_move=np.ones(len(moves), bool))
        ways = naive.ways_by(moves, rank, n_set, start, by)
        assert [ways[s][0] if s in ways else -1 for s in range(n)] == found.steps.tolist()
        for s in ways:
            total, at = 0, s
            while at != start:
                total, at = total + n_set(int(found.mover[at]), int(found.before[at]), at), int(found.before[at])
            assert total == ways[s][1]
        rests = {s for s in ways if not any(naive.counted(moves, rank, n_set, i, s, by) for i in range(len(moves)))}
        assert set(np.flatnonzero(found.rests).tolist()) == rests


@spread("seed", range(24), first=6)
def test_ways_through_blocks_of_many_states_are_those_of_the_definition(seed):
    """Some of which have all moves, some one-way levers, guards of their own and of others, and states that may not be entered."""
    graph, rank, is_open, may_move, start = many_in_a_block(seed)
    moves, n_set = naive.moves_of(graph), naive.levers_set(graph)
    parties = [i for i in range(len(moves)) if may_move[i]]
    for by in kernels.WHICH:
        found = kernels.reach(graph.moves, rank, start, by=by, open=is_open, may_move=may_move)
        followed = lambda s, by=by: [(i, t) for i in parties for t in naive.counted(moves, rank.tolist(), n_set, i, s, by) if is_open[t]]  # noqa: E731
        ways, after, circles = naive.first_ways(followed, n_set, start)
        reached = found.steps >= 0
        told = {int(s): (found.steps[s], found.mover[s], found.before[s]) for s in np.flatnonzero(reached) if s != start}
        assert told == {s: (n, i, source) for s, (n, _, i, source) in ways.items() if s != start}
        assert np.flatnonzero(found.rests).tolist() == sorted(s for s in ways if not after[s])
        assert (found.circles, found.whole, found.n_followed) == (circles, True, len(ways))
        rows, which = as_rows(np.stack([rank, rank[:, ::-1], rank]))
        fewest = kernels.fewest_steps(graph.moves, rows, which, np.array([start]), by=by, open=is_open, may_move=may_move, threads=1)
        assert np.array_equal(fewest[0], found.steps) and np.array_equal(fewest[2], found.steps)
        back = kernels.reach(graph.moves, rank[:, ::-1].copy(), start, by=by, open=is_open, may_move=may_move).steps
        assert np.array_equal(fewest[1], back)


def many_in_a_block(seed: int):
    """A graph of two parties, of which one has 64 states of its own or more: what to ask `reach` of it."""
    rng = np.random.default_rng(seed)
    n_levers = ((6, 1), (6, 2), (7, 1))[seed % 3]
    needs = {"a.l1": "a.l0", "a.l3": "b.l0 or a.l1", "b.l0": "not a.l2"} if seed % 4 > 1 else {}
    one_way = {("a.l0", "a.l4", "b.l0")[k] for k in range(3) if rng.random() < 0.3}
    levers = [f"{party}.l{k}" for party, n in zip("ab", n_levers, strict=True) for k in range(n)]
    text = "bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B}}\nlevers:\n" + "".join(
        f"  {each}: {{is: {each}, assumed: t{f', needs: {{yes: {needs[each]}}}' if each in needs else ''}{', one_way: up' if each in one_way else ''}}}\n"
        for each in levers
    )  # fmt: skip
    if seed % 5 == 1:
        text += "never: [{that: a.l2 and a.l5 and b.l0, assumed: t}]\n"
    graph = build(read_text(text))
    start, n = int(rng.integers(graph.n_states)), graph.n_states
    is_open = (rng.random(n) < (0.8 if seed % 2 else 1.0)) | (np.arange(n) == start)
    return graph, rng.integers((2, 20, 900)[seed // 3 % 3], size=(2, n)).astype(np.uint32), is_open, np.array([True, seed % 7 > 0]), start


@spread("seed", range(24))
def test_where_some_parties_rest_together_is_where_each_of_them_does(seed):
    """Against a verdict for each party, over draws that share rankings, or just the order within the reach of each party, narrow ones and wide ones."""
    graph, values = solved(seed)
    rng = np.random.default_rng(seed)
    n_parties = len(graph.moves)
    above = np.stack([rng.permutation(graph.n_states)[moves.block_of] for moves in graph.moves]) * graph.n_states  # of whole blocks, over others
    rank = values.rank[0]
    rows, _ = as_rows(np.stack([rank, rng.permuted(rank, axis=1), (rank + above).astype(np.uint32), np.minimum(rank, rank.max(axis=1, keepdims=True) // 2)]))
    rows = rows * np.uint32(70_000 if seed % 2 else 1)
    which = (rng.integers(4, size=(24, n_parties)) * n_parties + np.arange(n_parties)).astype(np.int32)
    judged = rng.random(n_parties) < 0.7
    for replies, escape in LOOKS:
        each = kernels.stable(graph.moves, rows[which], looks=[(replies, escape)])[:, 0]
        for among in (judged, np.ones(n_parties, np.bool_), np.zeros(n_parties, np.bool_)):
            told = kernels.resting(graph.moves, rows, which, among, replies=replies, escape=escape, threads=2)
            assert np.array_equal(told, each[:, among].all(axis=1)), (replies, escape)


@pytest.mark.parametrize("by", ["any", "paying", "best"])
def test_a_search_for_ways_that_is_ended_knows_what_it_has(by):
    levers = ", ".join(f"{party}.l{k}: {{is: {party}{k}, assumed: t}}" for party in "ab" for k in range(6))
    wants = ", ".join(f"{party}: [{', '.join(f'{{that: {party}.l{k}, assumed: t}}' for k in range(6))}]" for party in "ab")
    large = ready(read_text(f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}, b: {{name: B}}}}\nlevers: {{{levers}}}\nwants: {{{wants}}}\n"))
    asked = {"by": by, "open": np.empty(0, bool), "may_move": np.ones(2, bool)}
    whole = kernels.reach(large.graph.moves, large.worth.rank[0], 0, **asked)
    if whole.n_followed > 256:
        some = kernels.reach(large.graph.moves, large.worth.rank[0], 0, **asked, enough=lambda: True)
        assert (some.n_followed, some.whole) == (256, False) and some.circles <= whole.circles
        seen = some.steps >= 0
        assert seen.sum() >= 256 and np.array_equal(some.steps[seen], whole.steps[seen]) and not (some.rests.astype(bool) & ~whole.rests.astype(bool)).any()
    else:
        assert by == "best"
    for never in (None, lambda: False, lambda: 0):
        again = kernels.reach(large.graph.moves, large.worth.rank[0], 0, **asked, enough=never)
        assert again.whole and again.n_followed == (again.steps >= 0).sum() and again.circles == whole.circles
    with pytest.raises(ZeroDivisionError):
        kernels.reach(large.graph.moves, large.worth.rank[0], 0, **{**asked, "by": "any"}, enough=lambda: 1 / 0)


@spread("seed", range(30))
def test_the_fewest_steps_from_many_starts_in_many_draws_are_those_of_each_by_itself(seed):
    graph, values = solved(seed)
    rng = np.random.default_rng(seed)
    n, n_parties = graph.n_states, len(graph.moves)
    ranks = np.stack([values.rank[0], rng.permuted(values.rank[0], axis=1), np.zeros_like(values.rank[0])])
    starts, may_move = rng.choice(n, min(n, 3), replace=False), rng.random(n_parties) < 0.8
    is_open = rng.random(n) < 0.9
    is_open[starts] = True
    moves, n_set = naive.moves_of(graph), naive.levers_set(graph)
    for by in ("any", "paying", "best"):
        told = kernels.fewest_steps(graph.moves, *as_rows(ranks), starts, by=by, open=is_open, may_move=may_move, threads=2)
        for mine, rank in zip(told, ranks, strict=True):
            ways = [kernels.reach(graph.moves, rank, int(start), by=by, open=is_open, may_move=may_move).steps for start in starts]
            apart = np.stack(ways).astype(np.int64)
            nearest = np.where(apart < 0, n, apart).min(axis=0)
            assert np.array_equal(mine, np.where(nearest == n, -1, nearest))
        free = kernels.fewest_steps(graph.moves, *as_rows(ranks), starts[:1], by=by, open=np.empty(0, bool), may_move=np.ones(n_parties, bool))
        for mine, rank in zip(free, ranks, strict=True):
            plain = naive.ways_by(moves, rank.tolist(), n_set, int(starts[0]), by)
            assert mine.tolist() == [plain[s][0] if s in plain else -1 for s in range(n)]


@spread("seed", range(24))
def test_coalitions_fear_best_replies_as_the_definition_says(seed):
    graph, values = solved(seed)
    moves, rank, n_set, n = naive.moves_of(graph), values.rank[0].tolist(), naive.levers_set(graph), len(graph.parties)
    masks = np.array([1, 2, 3, (1 << n) - 1], np.uint64)
    for replies, escape in (("best", False), ("best", True), ("weak", False)):
        found = kernels.upset_by(graph.moves, values.rank[0], masks, replies=replies, escape=escape, once=False)
        for mask, end in zip(masks.tolist(), found, strict=True):
            members = [i for i in range(n) if mask >> i & 1]
            for s in range(0, graph.n_states, 1 + graph.n_states // 6):
                assert (end[s] >= 0) != naive.coalition_rests(moves, rank, n_set, members, s, replies, escape=escape), (seed, members, s)


@spread("seed", range(24))
def test_what_unlocks_a_goal_is_reached_by_the_moves_asked_for_and_rests_there(seed):
    """In all states, and in some of them as if there were no others."""
    graph, values = solved(seed)
    every, rank, n_set, n = naive.moves_of(graph), values.rank[0].tolist(), naive.levers_set(graph), graph.n_states
    pattern = [np.arange(n, dtype=np.uint32)] * len(every)
    ranks = [np.stack([row, row[::-1]]).astype(np.uint16) for row in values.rank[0]]
    trials = np.array([[0] * len(every), [1] + [0] * (len(every) - 1)], np.int32)
    goal, some = np.arange(n) % 3 == 0, np.arange(n) % 5 != 3
    asked = (("paying", "best", False), ("best", "best", True), ("best", "paying", False), ("paying", "none", False), ("weak", "weak", False), ("any", "any", True))
    for (by, replies, escape), open_ in itertools.product(asked, (np.zeros(0, np.bool_), some)):
        states = kernels.unlocks(graph.moves, pattern, ranks, trials, 0, goal, open=open_, by=by, replies=replies, escape=escape)
        moves = [[[t for t in there if open_[t]] for there in own] for own in every] if open_.size else every
        for trial, state in enumerate(states.tolist()):
            mine = [rank[0][::-1] if trial else rank[0], *rank[1:]]
            ways = naive.ways_by(moves, mine, n_set, 0, by)
            good = {
                s: ways[s][0] for s in ways if goal[s]
                and all(naive.foreseen(moves, mine, n_set, i, s, replies, escape=escape) for i in range(len(moves)))
            }  # fmt: skip
            assert (state in good and good[state] == min(good.values())) if good else state == -1


BIG = """
bestand: 1
title: large
parties: {{a: {{name: A}}, b: {{name: B}}, c: {{name: C}}}}
levers:
{levers}
wants:
  a: [{{that: a.l0 iff b.l1}}, {{that: a.l2 or a.l3}}, {{that: not c.l1}}]
  b: [{{that: b.l0 and not a.l1}}, {{that: c.l0}}, {{that: b.l3}}]
  c: [{{that: c.l2 implies a.l0}}, {{that: b.l2}}, {{that: c.l0 or c.l1}}]
"""


def large():
    levers = [f"  {p}.l{k}: {{is: x, now: no{', one_way: up' if p + str(k) == 'c1' else ''}}}" for p, most in (("a", 6), ("b", 6), ("c", 5)) for k in range(most)]
    case = read_text(BIG.format(levers="\n".join(levers)))
    graph = build(case)
    return graph, ready(case).worth


def test_a_case_above_every_boundary_of_size():
    graph, values = large()
    assert graph.n_states == 2**17
    moves, rank, n_set = groups.LazyMoves(graph), values.rank[0].tolist(), naive.levers_set(graph)
    found = kernels.stable(graph.moves, values.rank, looks=LOOKS, threads=2)
    for s in np.random.default_rng(1).integers(graph.n_states, size=3).tolist():
        for k, (replies, escape) in enumerate(LOOKS):
            if replies in ("none", "paying", "best"):
                for i in range(3):
                    assert found[0, k, i, s] == naive.foreseen(moves, rank, n_set, i, s, replies, escape=escape), (s, replies, escape, i)


def party_of(n: int, extra: str = ""):
    levers = "\n".join(f"  a.l{k}: {{is: x, now: no{extra}}}" for k in range(n))
    return f"bestand: 1\ntitle: t\nparties: {{a: {{name: A}}, b: {{name: B}}}}\nlevers:\n{levers}\n  b.x: {{is: y, now: no}}\nwants: {{a: [{{that: a.l0 iff b.x}}, {{that: a.l1 or a.l2}}]}}\n"


@pytest.mark.parametrize("shared", [False, True], ids=["own-ranks", "one-ranking-for-all"])
@pytest.mark.parametrize("escape", [False, True])
def test_best_moves_that_draws_share_are_those_of_the_party_whether_they_are_kept_or_not(escape, shared):
    """Few levels of worth, so that nearly every state has more equal best moves than are kept, and a ranking that several parties have."""
    levers = "".join(f"  {party}.l{k}: {{is: x}}\n" for party in "abc" for k in range(3))
    graph = build(read_text(f"bestand: 1\ntitle: t\nparties: {{a: {{name: A}}, b: {{name: B}}, c: {{name: C}}}}\nlevers:\n{levers}"))
    rng = np.random.default_rng(4)
    ranks = rng.integers(0, 3, (40, 3, graph.n_states)).astype(np.uint32)
    rows, which = as_rows(ranks)
    if shared:
        which = rng.integers(0, 12, (40, 3)).astype(np.int32)
    goals = [np.arange(0, graph.n_states, step, dtype=np.uint32) for step in (40, 7, 100)]
    rests = kernels.rests(graph.moves, rows, which, goals_of(goals, graph.n_states), replies="best", escape=escape, most=10**9)
    for draw in range(len(which)):
        held = kernels.stable(graph.moves, rows[which[draw]][None], looks=[("best", escape)])[0, 0].all(axis=0)
        assert rests[draw].tolist() == [bool(held[goal].any()) for goal in goals]
    assert 0 < rests.mean() < 1


def goals_of(goals, n_states):
    masks = np.zeros((len(goals), n_states), bool)
    for mask, goal in zip(masks, goals, strict=True):
        mask[goal] = True
    return masks


@spread(("n", "extra"), list(itertools.product([3, 5, 13], ["", ", one_way: up", ", needs: {yes: b.x}", ", needs: {no: not b.x}"])), first=5)
def test_moves_are_counted_as_they_are_told_state_by_state(n, extra):
    graph = build(read_text(party_of(n, extra)))
    for own in graph.moves:
        assert own.n_moves == sum(own.targets(state).size for state in range(graph.n_states)) > 0


def test_complete_blocks_that_are_not_listed_answer_like_those_that_are():
    case = read_text(party_of(13))
    graph = build(case)
    values = ready(case).worth
    own = graph.moves[0]
    assert own.target.size == 0 and not own.listed and own.targets(5).size == 2**13 - 1
    found = kernels.stable(graph.moves, values.rank, looks=LOOKS)
    small = read_text(party_of(6))
    less = build(small)
    expected = kernels.stable(less.moves, ready(small).worth.rank, looks=LOOKS)
    alike = graph.codes % 2**6 + 2**6 * (graph.codes // 2**13)  # what the further levers are set to matters to nobody
    assert (found == expected[..., alike]).all()


def test_more_moves_than_fit_are_refused_in_words():
    with pytest.raises(GraphError) as caught:
        build(read_text(party_of(16, ", one_way: up")))
    assert caught.value.code == "graph/too-large" and caught.value.problems[0].what.startswith("a: ")


def test_ctrl_c_ends_long_work_at_once():
    graph, values = large()
    many = np.ascontiguousarray(np.broadcast_to(values.rank, (400, *values.rank.shape[1:])))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    clock = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    clock.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            kernels.stable(graph.moves, many, looks=LOOKS, threads=2)
    finally:
        clock.join()
        signal.signal(signal.SIGINT, before)
    assert kernels.stable(graph.moves, values.rank, looks=[("none", False)]).any()


def test_what_goes_wrong_in_a_thread_reaches_the_caller():
    graph, _ = solved(3)
    n, n_parties = graph.n_states, len(graph.parties)
    fast = np.full((1, n_parties), 1e9)
    with pytest.raises(KernelError, match="more than 1e9 events"):
        kernels.survive_draws(
            graph.moves, graph.chances, flow=np.zeros((64, n_parties, n)), tempo=fast, noise=fast * 0 + 1, discount=fast * 0 + 0.1,
            chance=np.zeros((1, 0)), cost=[np.zeros((1, m.target.size)) for m in graph.moves], end=np.zeros((1, n_parties, n)), horizon=1e-9,
            n_slices=2, steps_each=1000, surplus=True, months=np.array([1e3]), start=np.eye(n)[0], holds=np.ones(n, bool), cut=1e-10,
            n_draws=64, threads=2,
        )  # fmt: skip
