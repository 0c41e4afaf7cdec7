"""The one checked door to the compiled code: plain functions on arrays, each checked before it enters.

Everything handed in is checked here: type, shape, order in memory, finite numbers, ranges, and that moves, ranks and masks
belong to one graph. What is wrong raises a `KernelError` (`kernel/wrong-array`, `kernel/wrong-shape`, `kernel/out-of-range`,
`kernel/bad-moves`, `kernel/too-large`, `kernel/no-memory`, `kernel/failed`). Long work lets Ctrl-C through (KeyboardInterrupt).
Read-only arrays are looked through once and remembered, so a check costs microseconds from the second call on.

Which moves count (`replies`, `by`), one word each, everywhere:

    none     no moves at all (Nash: a party looks at its own next move only)
    any      every legal move
    weak     moves by which the mover does not lose
    paying   moves by which the mover gains
    best     of the moves by which the mover gains, those it likes best, and of these those that set the fewest levers (ties kept)

What the others can do (`sequences`): "legal", nobody moves twice in a row; "single", one move of one; "once", each at most once, in any order.

`moves` is the `moves` of a Graph; what its arrays hold stands in `graph/model.py`. Places p and q of one kind differ in as many levers as
`own[row p] ^ own[row q]` has fields that are not 0; where moves are listed every move counts as one.
`rows` are ranks (n_rows, n_states), `which` the row that each party has in each draw, (n_draws, n_parties); goals: (n_goals, n_states).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bestand import _kernels
from bestand.kernel_checks import (
    MOST_RATE,
    MOST_STATES,
    Reached,
    array,
    arrays,
    ascending,
    checked_listing,
    checked_rank,
    checked_variants,
    door,
    draws,
    every_party,
    function,
    once,
    one_party,
    read_only,
    refuse,
    threads_used,
    whole,
    word,
    writable,
)  # fmt: skip
from bestand.kernel_games import MOST_MONTHS, checked_game, checked_steps, checked_survival, draws_of, fast_marks, of_group, players, some, states_of

Which = Literal["none", "any", "weak", "paying", "best"]
Sequences = Literal["legal", "single", "once"]
WHICH: tuple[Which, ...] = ("none", "any", "weak", "paying", "best")
SEQUENCES: tuple[Sequences, ...] = ("legal", "single", "once")
_Floats = NDArray[np.float64]
_Ranks = NDArray[np.uint16] | NDArray[np.uint32]


@door
def listen(told: Callable[[float], None] | None) -> None:
    """From now on `told` hears now and then what share is done of the call under way, where that is known; an error that it raises ends the call."""
    _kernels.listen(function("told", told))


@door
def build_moves(
    codes: NDArray[np.int64], low: int, radix: NDArray[np.int64], one_way: NDArray[np.int64], guard: NDArray[np.int64], enter: NDArray[np.uint64]
) -> tuple[NDArray[Any], ...]:
    """The arrays of `graph.model.Moves` of one party, in order.

    codes : (n_states,) ascending mixed-radix numbers; low: product of the radices below this party's
    radix, one_way : per lever of the party, settings, and 1 up only, −1 down only, 0 both
    guard : 256 per lever, the bit of `enter` that must be set for a setting to be entered, or −1; no two share one
    enter : (n_states,) guards that hold, or empty
    """
    codes = array("codes", codes, np.int64, (None,), within=(0, 2**32 - 1))
    radix = array("radix", radix, np.int64, (None,), within=(1, 256))
    one_way = array("one_way", one_way, np.int64, radix.shape, within=(-1, 1))
    guard = array("guard", guard, np.int64, (256 * max(1, radix.size),), within=(-1, 63))
    bits = guard[guard >= 0].tolist()
    if len(set(bits)) != len(bits):
        raise refuse("kernel/out-of-range", "no two settings may share a bit of `guard`")
    enter = array("enter", enter, np.uint64, (codes.size if enter is None or np.size(enter) else 0,))
    parts = list(_kernels.build_moves(codes, whole("low", low, 1, 2**32 - 1), radix, one_way, guard, enter))
    parts[6] = parts[6].view(np.bool_)
    return read_only(tuple(parts))


@door
def stable(
    moves: Sequence[object], rank: _Ranks, *, looks: Sequence[tuple[Which, bool]], sequences: Sequences = "legal", threads: int = 1
) -> NDArray[np.bool_]:
    """Whether each state is stable for each party under each concept: shape (n_draws, n_looks, n_parties, n_states).

    looks : (replies, escape), all that a concept of this family is: Nash ("none", False), GMR ("any", False), SMR ("any", True), SEQ
            ("paying", False), SSR ("paying", True), both with best moves too; rank: (n_draws, n_parties, n_states)
    """
    parties, n = every_party(moves, _kernels.check_moves)
    kind = np.uint16 if isinstance(rank, np.ndarray) and rank.dtype == np.uint16 else np.uint32
    ranks = array("rank", rank, kind, (None, len(parties), n))
    replies = [word("replies", each, WHICH) for each, _ in looks]
    escape = [bool(escape) for _, escape in looks]
    return _kernels.stable(parties, ranks, replies, escape, word("sequences", sequences, SEQUENCES), threads_used(threads)).view(np.bool_)


@door
def rests(
    moves: Sequence[object], rows: NDArray[np.uint32], which: NDArray[np.int32], goals: NDArray[np.bool_], *,
    replies: Which, escape: bool, most: int, threads: int = 1,
) -> NDArray[np.uint8]:  # fmt: skip
    """Whether some state of each goal is stable for every party, per draw: 1 where one is, 0 where none is, 2 where `most` visits do not tell."""
    parties, rows, which = checked_variants(_kernels.check_moves, moves, rows, which)
    wanted = [np.flatnonzero(goal).astype(np.uint32) for goal in array("goals", goals, np.bool_, (None, rows.shape[1]))]
    visits, steps = whole("most", most, 0, 2**62), word("replies", replies, WHICH)
    return _kernels.rests(parties, rows, which, wanted, steps, bool(escape), visits, threads_used(threads))


@door
def resting(
    moves: Sequence[object], rows: NDArray[np.uint32], which: NDArray[np.int32], judged: NDArray[np.bool_], *,
    replies: Which, escape: bool, threads: int = 1,
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether each state is stable for every party that is judged, under one concept, per draw: (n_draws, n_states). judged: (n_parties,)."""
    parties, rows, which = checked_variants(_kernels.check_moves, moves, rows, which)
    judged, steps = array("judged", judged, np.bool_, (len(parties),)), word("replies", replies, WHICH)
    return _kernels.resting(parties, rows, which, judged, steps, bool(escape), threads_used(threads)).view(np.bool_)


@door
def reach_goals(
    moves: Sequence[object], rows: NDArray[np.uint32], which: NDArray[np.int32], starts: NDArray[np.int64], goals: NDArray[np.bool_], *,
    by: Which, threads: int = 1,
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether each goal is reached from the start, per draw: starts (n_draws,)."""
    parties, rows, which = checked_variants(_kernels.check_moves, moves, rows, which)
    goals = array("goals", goals, np.bool_, (None, rows.shape[1]))
    starts = array("starts", starts, np.int64, which.shape[:1], within=(0, rows.shape[1] - 1))
    return _kernels.reached(parties, rows, which, starts, goals, word("by", by, WHICH), threads_used(threads)).view(np.bool_)


@door
def reach(
    moves: Sequence[object], rank: NDArray[np.uint32], start: int, *, by: Which, open: NDArray[np.bool_], may_move: NDArray[np.bool_],
    enough: Callable[[], bool] | None = None,
) -> Reached:  # fmt: skip
    """What is reached from `start`, nearest first; of equally short ways that of the fewest lever changes, then the first party, the lower state.

    open : (n_states,) or empty; may_move: (n_parties,); enough: asked now and then, once it is true what is known by then is the answer
    """
    parties, n = every_party(moves, _kernels.check_moves)
    open, may_move = array("open", open, np.bool_, (n if np.size(open) else 0,)), array("may_move", may_move, np.bool_, (len(parties),))
    ranks = checked_rank(rank, len(parties), n)
    over = function("enough", enough)
    asked = None if over is None else lambda: bool(over())
    return Reached(*_kernels.reach(parties, ranks, whole("start", start, 0, n - 1), word("by", by, WHICH), open, may_move, asked))


@door
def fewest_steps(
    moves: Sequence[object], rows: NDArray[np.uint32], which: NDArray[np.int32], starts: NDArray[np.int64], *, by: Which,
    open: NDArray[np.bool_], may_move: NDArray[np.bool_], threads: int = 1,
) -> NDArray[np.int32]:  # fmt: skip
    """Fewest steps from the nearest start, −1 where there is no way: (n_draws, n_states). As `reach`, with rows as `rests`."""
    parties, rows, which = checked_variants(_kernels.check_moves, moves, rows, which)
    n = rows.shape[1]
    starts = array("starts", starts, np.int64, (None,), within=(0, n - 1))
    open, may_move = array("open", open, np.bool_, (n if np.size(open) else 0,)), array("may_move", may_move, np.bool_, (len(parties),))
    return _kernels.fewest_steps(parties, rows, which, starts, word("by", by, WHICH), open, may_move, threads_used(threads))


@door
def upset_by(
    moves: Sequence[object], rank: NDArray[np.uint32], masks: NDArray[np.uint64], *, replies: Which, escape: bool, once: bool, threads: int = 1
) -> NDArray[np.int32]:
    """A state to which each coalition can move and that nothing stops, −1 where there is none: (n_coalitions, n_states).

    masks : (n_coalitions,) bit i set where party i is a member; once: each member moves at most once
    """
    parties, n = every_party(moves, _kernels.check_moves)
    if len(parties) > 64:
        raise refuse("kernel/out-of-range", "coalitions are for up to 64 parties")
    masks = array("masks", masks, np.uint64, (None,), within=(1, 2 ** len(parties) - 1))
    ranks = checked_rank(rank, len(parties), n)
    return _kernels.upset_by(parties, ranks, masks, word("replies", replies, WHICH), bool(escape), bool(once), threads_used(threads))


@door
def unlocks(
    moves: Sequence[object], pattern: Sequence[NDArray[np.uint32]], rank: Sequence[NDArray[np.uint16]], trials: NDArray[np.int32], start: int,
    goal: NDArray[np.bool_], *, open: NDArray[np.bool_], by: Which, replies: Which, escape: bool, threads: int = 1,
) -> NDArray[np.int64]:  # fmt: skip
    """Per trial the nearest state of the goal, from `start`, where the conflict rests; −1 where there is none.

    pattern : per party (n_states,); rank: per party (n_variants, n_patterns); trials: (n_trials, n_parties) rows of `rank`
    open    : (n_states,) or empty, states that there are
    """
    parties, n = every_party(moves, _kernels.check_moves)
    trials = array("trials", trials, np.int32, (None, len(parties)))
    of = arrays("pattern", pattern, np.uint32, [(n,)] * len(parties))
    ranks = arrays("rank", rank, np.uint16, [(None, None)] * len(parties))
    open = array("open", open, np.bool_, (n if np.size(open) else 0,))
    begin, wanted = whole("start", start, 0, n - 1), array("goal", goal, np.bool_, (n,))
    return _kernels.unlocks(
        moves=parties, pattern=of, rank=ranks, trials=trials, start=begin, goal=wanted, open=open, by=word("by", by, WHICH),
        replies=word("replies", replies, WHICH), escape=bool(escape), n_threads=threads_used(threads),
    )  # fmt: skip


@door
def related_stable(
    moves: Sequence[object], relation: NDArray[np.int8], *, looks: Sequence[tuple[int, int, int, bool]], threads: int = 1
) -> NDArray[np.bool_]:
    """Stability under a relation of codes −2 to 3, (n_parties, n_states, n_states): (n_looks, n_parties, n_states)."""
    parties, n = every_party(moves, _kernels.check_moves)
    relation = array("relation", relation, np.int8, (len(parties), n, n))
    tempts, replies, hurts = ([whole("looks", look[k], 0, 63) for look in looks] for k in range(3))
    escape = [bool(look[3]) for look in looks]
    return _kernels.related_stable(parties, relation, tempts, replies, hurts, escape, threads_used(threads)).view(np.bool_)


@door
def agreed_over_draws(rank: NDArray[np.uint32], *, threads: int = 1) -> NDArray[np.int8]:
    """How one party, ranks (n_draws, n_states), finds t compared with s, [s, t]: −1, 0, 1 where all draws agree, else 3."""
    return _kernels.agreed_over_draws(array("rank", rank, np.uint32, (None, None)), threads_used(threads))


@door
def order_ranks(bits: NDArray[np.uint8], orders: NDArray[np.int16], *, threads: int = 1) -> tuple[NDArray[np.uint16], NDArray[np.uint64]]:
    """Dense ranks of patterns (n_orders, n_patterns) when conditions count in the order given, and digests (n_orders, 2).

    bits : (n_conditions, n_patterns) of 0 and 1; orders: (n_orders, width) numbers of conditions, ended by −1
    """
    bits = array("bits", bits, np.uint8, (None, None))
    return _kernels.order_ranks(bits, array("orders", orders, np.int16, (None, None)), threads_used(threads))


@door
def minimal(sets: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Numbers of the sets, (n_sets, n_words) of bits, that contain no other; of equal ones the first; small ones first."""
    return _kernels.minimal(array("sets", sets, np.uint64, (None, None)))


@door
def pareto(values: _Floats) -> NDArray[np.uint8]:
    """1 where no other outcome is as good for all and better for one: values (n_parties, n_outcomes), up to 16 parties."""
    return _kernels.pareto(array("values", values, np.float64, (None, None), within=(-np.finfo(float).max, np.finfo(float).max)))


@door
def play_back(
    moves: Sequence[object], chances: Sequence[object], *, flow: _Floats, tempo: _Floats, noise: _Floats, discount: _Floats, chance: _Floats,
    cost: Sequence[_Floats], end: _Floats, horizon: float, n_slices: int, steps_each: int, surplus: bool, threads: int,
    fast: NDArray[np.bool_] | None = None,
) -> _Floats:  # fmt: skip
    """Values of one game at equal times, now first and `end` last: (n_slices + 1, n_parties, n_states).

    All with a leading axis of one draw: flow and end (1, n_parties, n_states), worth per month and at the horizon; tempo,
    noise, discount (1, n_parties); chance (1, n_chances) per month; cost per party (1, n_listed). horizon in months.
    fast: (n_chances,), events that are played apart, of which none leads to a state that another of them leaves.
    """
    given = checked_game(_kernels.check_moves, moves, chances, tempo, noise, discount, chance, cost, 1)
    size = (len(given["moves"]), states_of(given))
    flow, end = (draws(name, each, 1, size, least=-MOST_RATE) for name, each in (("flow", flow), ("end", end)))
    horizon, n_slices, steps_each = checked_steps(tempo, discount, horizon, n_slices, steps_each)
    together, apart, cores = players(given["moves"]), fast_marks(fast, len(given["chances"])), threads_used(threads)
    values = np.empty((n_slices + 1, *size)) if len(together) > 1 else np.empty(0)
    for group in together:
        mine = _kernels.play(
            **some(given, group), flow=of_group(flow, group), fast=apart, end=of_group(end, group), horizon=horizon, n_slices=n_slices,
            steps_each=steps_each, surplus=bool(surplus), n_threads=cores,
        )  # fmt: skip
        if len(group) == size[0]:
            return mine
        values[:, group] = mine
    return values


@door
def play_draws(
    moves: Sequence[object], chances: Sequence[object], *, flow: _Floats, tempo: _Floats, noise: _Floats, discount: _Floats, chance: _Floats,
    cost: Sequence[_Floats], end: _Floats, horizon: float, n_steps: int, surplus: bool, n_draws: int, threads: int,
    fast: NDArray[np.bool_] | None = None,
) -> _Floats:  # fmt: skip
    """Values now of many draws of one game: (n_draws, n_parties, n_states).

    As `play_back`, with a leading axis of one draw for all or of n_draws; up to 32 parties.
    """
    n_draws = draws_of(n_draws, flow, tempo, noise, discount, chance, end, *cost)
    given = checked_game(_kernels.check_moves, moves, chances, tempo, noise, discount, chance, cost, n_draws)
    size = (len(given["moves"]), states_of(given))
    flow, end = (draws(name, each, n_draws, size, least=-MOST_RATE) for name, each in (("flow", flow), ("end", end)))
    horizon, _, n_steps = checked_steps(tempo, discount, horizon, 1, n_steps)
    return _kernels.play_draws(
        **given, flow=flow, fast=fast_marks(fast, len(given["chances"])), end=end, horizon=horizon, n_steps=n_steps, surplus=bool(surplus),
        n_draws=n_draws, n_threads=threads_used(threads),
    )  # fmt: skip


@door
def survive(
    moves: Sequence[object], chances: Sequence[object], *, tempo: _Floats, noise: _Floats, chance: _Floats, cost: Sequence[_Floats],
    slices: _Floats, times: _Floats, months: _Floats, start: _Floats, holds: NDArray[np.bool_], cut: float,
) -> tuple[_Floats, float, NDArray[np.int32], NDArray[np.uint32], NDArray[np.uint32], _Floats]:  # fmt: skip
    """One game from values (n_times, n_parties, n_states) at `times`: chance alive (n_months,), months it lasted up to the last,
    and of each way out who, source, target, flow.

    start : (n_states,) distribution; holds: (n_states,); cut: probability that may be lost in all
    """
    given = checked_game(_kernels.check_moves, moves, chances, tempo, noise, tempo, chance, cost, 1)
    n, group = states_of(given), players(given["moves"])[0]
    times = ascending("times", times, least=0, most=MOST_MONTHS)
    slices = array("slices", slices, np.float64, (max(1, times.size), len(given["moves"]), n), within=(-MOST_RATE, MOST_RATE))
    few = some(given, group)
    moments, mass, inside, loss = checked_survival(n, months, start, holds, cut)
    alive, lasted, who, source, target, flow = _kernels.survive(
        moves=few["moves"], chances=few["chances"], tempo=few["tempo"], noise=few["noise"], chance=few["chance"], cost=few["cost"],
        slices=of_group(slices, group), times=times, months=moments, start=mass, holds=inside, cut=loss,
    )  # fmt: skip
    every = range(len(given["moves"]), len(given["moves"]) + len(few["chances"]))
    return alive, lasted, np.array([*group, *every], np.int32)[who], source, target, flow


@door
def survive_draws(
    moves: Sequence[object], chances: Sequence[object], *, flow: _Floats, tempo: _Floats, noise: _Floats, discount: _Floats, chance: _Floats,
    cost: Sequence[_Floats], end: _Floats, horizon: float, n_slices: int, steps_each: int, surplus: bool, months: _Floats,
    start: _Floats, holds: NDArray[np.bool_], cut: float, n_draws: int, threads: int, fast: NDArray[np.bool_] | None = None,
) -> _Floats:  # fmt: skip
    """Many draws of one game, played and survived: (n_draws, n_months + 1), how long it lasted in the last column.

    As `play_back` and `survive`, with a leading axis of one draw for all or of n_draws.
    """
    n_draws = draws_of(n_draws, flow, tempo, noise, discount, chance, end, *cost)
    given = checked_game(_kernels.check_moves, moves, chances, tempo, noise, discount, chance, cost, n_draws)
    size, group = (len(given["moves"]), states_of(given)), players(given["moves"])[0]
    flow, end = (draws(name, each, n_draws, size, least=-MOST_RATE) for name, each in (("flow", flow), ("end", end)))
    horizon, n_slices, steps_each = checked_steps(tempo, discount, horizon, n_slices, steps_each)
    moments, mass, inside, loss = checked_survival(size[1], months, start, holds, cut)
    return _kernels.survive_many(
        **some(given, group), flow=of_group(flow, group), fast=fast_marks(fast, len(given["chances"])), end=of_group(end, group),
        horizon=horizon, n_slices=n_slices, steps_each=steps_each, surplus=bool(surplus), months=moments, start=mass, holds=inside, cut=loss,
        n_draws=n_draws, n_threads=threads_used(threads),
    )  # fmt: skip


@door
def list_moves(moves: object, cost: _Floats) -> tuple[NDArray[np.int64], NDArray[np.uint32], _Floats]:
    """One party's moves state by state: first (n_states + 1,), target, and what they cost (empty where all are free)."""
    one_party(moves, _kernels.check_moves)
    listed = _kernels.list_moves(moves, array("cost", cost, np.float64, (np.size(getattr(moves, "target", ())),), within=(-MOST_RATE, MOST_RATE)))
    return read_only(listed)


@door
def move_components(first: Sequence[NDArray[np.int64]], target: Sequence[NDArray[np.uint32]]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Strongly connected components of listed moves, successors first: states grouped, and where each group begins."""
    begin, into = checked_listing(_kernels.check_listing, first, target, None)
    return read_only(_kernels.move_components(begin, into))


@door
def settle_components(
    first: Sequence[NDArray[np.int64]], target: Sequence[NDArray[np.uint32]], *, cost: Sequence[_Floats], chance: Sequence[_Floats],
    flow: _Floats, tempo: _Floats, noise: _Floats, discount: _Floats, chance_first: NDArray[np.int64], chance_target: NDArray[np.uint32],
    chance_rate: _Floats, value: _Floats, order: NDArray[np.uint32], begins: NDArray[np.int64], rung: NDArray[np.uint8],
    n_equilibria: NDArray[np.uint32], start: int, most_unknowns: int, select: int, focus: int, surplus: bool, given: bool,
) -> int:  # fmt: skip
    """Number of the first component from `start` on that is too large or resists; writes chance, value, rung and n_equilibria.

    As in `stationary.components.Listing` and `stationary.ladder.Climb`; flow: (n_states, n_parties); given: whether one is only made exact
    """
    flow = array("flow", flow, np.float64, (None, None), within=(-MOST_RATE, MOST_RATE))
    n, n_parties = whole("states", flow.shape[0], 1, MOST_STATES), whole("parties", flow.shape[1], 1, (1 << 15) - 1)
    (*begin, chance_first), (*into, chance_target) = checked_listing(_kernels.check_listing, [*first, chance_first], [*target, chance_target], n)
    if len(begin) != n_parties:
        raise refuse("kernel/wrong-shape", f"lists of moves of {len(begin)} parties, worths of {n_parties}")
    sizes = [(each.size,) for each in into]
    some = [size if np.size(each) else (0,) for size, each in zip(sizes, cost, strict=False)]
    price = arrays("cost", cost, np.float64, some, within=(-MOST_RATE, MOST_RATE))
    odds = [writable(f"chance[{k}]", each, np.float64, size) for k, (each, size) in enumerate(zip(chance, sizes, strict=False))]
    named = ("tempo", tempo), ("noise", noise), ("discount", discount)
    tempo, noise, discount = (array(name, each, np.float64, (n_parties,), within=(0, MOST_RATE)) for name, each in named)
    rate = array("chance_rate", chance_rate, np.float64, chance_target.shape, within=(0, MOST_RATE))
    parts = array("order", order, np.uint32, (n,)), array("begins", begins, np.int64, (None,))
    once(_kernels.check_components, None, parts)
    n_components = parts[1].size - 1
    return _kernels.settle_components(
        first=begin, target=into, cost=price, chance=odds, flow=flow, tempo=tempo, noise=noise, discount=discount,
        chance_first=chance_first, chance_target=chance_target, chance_rate=rate, order=parts[0], begins=parts[1],
        value=writable("value", value, np.float64, (n, n_parties)), rung=writable("rung", rung, np.uint8, (n_components,)),
        n_equilibria=writable("n_equilibria", n_equilibria, np.uint32, (n_components,)), start=whole("start", start, 0, n_components),
        most_unknowns=whole("most_unknowns", most_unknowns, 0, 100_000), select=whole("select", select, 0, 3),
        focus=whole("focus", focus, 0, n_parties - 1), surplus=bool(surplus), given=bool(given),
    )  # fmt: skip
