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

What the others can do (`sequences`): "legal", nobody moves twice in a row; "single", one move of one of them; "once", each of them
at most once, in any order.

    stable(moves, rank, *, looks, sequences="legal", threads=1, most_bytes=…) -> (n_draws, n_looks, n_parties, n_states) bool
        looks: pairs (replies, escape), one per concept. (replies, escape) is all that a concept of this family is: Nash
        ("none", False), GMR ("any", False), SMR ("any", True), SEQ ("paying", False), SSR ("paying", True); with best moves
        ("best", False), ("best", True). rank: (n_draws, n_parties, n_states) uint16 or uint32.
    reach(moves, rank, start, *, by, open, may_move) -> Reached(steps, mover, before, rests, circles)
        by: "any", "paying" or "best". Of equally short ways to a state the one with the fewest lever changes in total is the
        one in `before` and `mover` (int16); then the first party, then the lower state. rank: (n_parties, n_states).
    upset_by(moves, rank, masks, *, replies, escape, once, threads=1) -> (n_coalitions, n_states) int32
    unlocks(moves, pattern, rank, trials, start, goal, *, by, replies, escape, threads=1) -> (n_trials,) int64
        by: which moves lead to the goal ("paying" or "best"); replies and escape: the concept under which it rests.
    related_stable(moves, relation, *, looks, threads=1) -> (n_looks, n_parties, n_states) bool
        looks: (tempts, replies, hurts, escape) per concept, the first three masks of bit code + 2 (replies 0: none).
    agreed_over_draws(rank, *, threads=1) -> (n_states, n_states) int8
    order_ranks(bits, orders, *, threads=1) -> (n_orders, n_patterns) uint16, (n_orders, 2) uint64

`moves` is the `moves` of a Graph. Beside what it holds today a party's Moves get `own` (n_rows,) uint64, the settings of its levers
at each place packed in fields, and `fields` (n_levers,) uint64, the bits of each lever: places p and q of one kind differ in as many
levers as `own[row p] ^ own[row q]` has fields that are not 0. Both are empty where moves are listed: every move counts as one.
Kinds that are complete and have more than 4,096 places are not listed in `target` (`Moves.targets` still gives them).
"""


from __future__ import annotations

from bestand._kernels import (
    agreed_over_draws,
    build_moves,
    list_moves,
    minimal,
    move_components,
    order_ranks,
    pareto,
    play,
    reach,
    related_stable,
    settle_components,
    stable,
    survive,
    survive_many,
    unlocks,
    upset_by,
)

__all__ = [
    "agreed_over_draws",
    "build_moves",
    "list_moves",
    "minimal",
    "move_components",
    "order_ranks",
    "pareto",
    "play",
    "reach",
    "related_stable",
    "settle_components",
    "stable",
    "survive",
    "survive_many",
    "unlocks",
    "upset_by",
]
