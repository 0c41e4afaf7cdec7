from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

def listen(told: Callable[[float], None] | None) -> None: ...
def check_moves(moves: object) -> None: ...
def check_listing(first: NDArray[np.int64], target: NDArray[np.uint32]) -> None: ...
def check_components(order: NDArray[np.uint32], begins: NDArray[np.int64]) -> None: ...
def build_moves(
    codes: NDArray[np.int64],
    low: int,
    radix: NDArray[np.int64],
    one_way: NDArray[np.int64],
    guard: NDArray[np.int64],
    enter: NDArray[np.uint64],
) -> tuple[NDArray[Any], ...]: ...
def stable(
    moves: Sequence[object],
    rank: NDArray[np.uint16] | NDArray[np.uint32],
    replies: list[int],
    escape: list[bool],
    sequences: int,
    n_threads: int,
) -> NDArray[np.uint8]: ...
def reach(
    moves: Sequence[object],
    rank: NDArray[np.uint32],
    start: int,
    by: int,
    open: NDArray[np.bool_],
    may_move: NDArray[np.bool_],
    enough: Callable[[], bool] | None,
) -> tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.uint32], NDArray[np.uint8], bool, int, bool]: ...
def fewest_steps(
    moves: Sequence[object],
    rows: NDArray[np.uint32],
    which: NDArray[np.int32],
    starts: NDArray[np.int64],
    by: int,
    open: NDArray[np.bool_],
    may_move: NDArray[np.bool_],
    n_threads: int,
) -> NDArray[np.int32]: ...
def rests(
    moves: Sequence[object],
    rows: NDArray[np.uint32],
    which: NDArray[np.int32],
    goals: list[NDArray[np.uint32]],
    replies: int,
    escape: bool,
    most: int,
    n_threads: int,
) -> NDArray[np.uint8]: ...
def resting(
    moves: Sequence[object],
    rows: NDArray[np.uint32],
    which: NDArray[np.int32],
    judged: NDArray[np.bool_],
    replies: int,
    escape: bool,
    n_threads: int,
) -> NDArray[np.uint8]: ...
def reached(
    moves: Sequence[object],
    rows: NDArray[np.uint32],
    which: NDArray[np.int32],
    starts: NDArray[np.int64],
    goals: NDArray[np.bool_],
    by: int,
    n_threads: int,
) -> NDArray[np.uint8]: ...
def upset_by(
    moves: Sequence[object],
    rank: NDArray[np.uint32],
    masks: NDArray[np.uint64],
    replies: int,
    escape: bool,
    once: bool,
    n_threads: int,
) -> NDArray[np.int32]: ...
def unlocks(
    moves: Sequence[object],
    pattern: list[NDArray[np.uint32]],
    rank: list[NDArray[np.uint16]],
    trials: NDArray[np.int32],
    start: int,
    goal: NDArray[np.bool_],
    open: NDArray[np.bool_],
    by: int,
    replies: int,
    escape: bool,
    n_threads: int,
) -> NDArray[np.int64]: ...
def related_stable(
    moves: Sequence[object],
    relation: NDArray[np.int8],
    tempts: list[int],
    replies: list[int],
    hurts: list[int],
    escape: list[bool],
    n_threads: int,
) -> NDArray[np.uint8]: ...
def agreed_over_draws(rank: NDArray[np.uint32], n_threads: int) -> NDArray[np.int8]: ...
def order_ranks(
    bits: NDArray[np.uint8], orders: NDArray[np.int16], n_threads: int
) -> tuple[NDArray[np.uint16], NDArray[np.uint64]]: ...
def minimal(sets: NDArray[np.uint64]) -> NDArray[np.int64]: ...
def pareto(values: NDArray[np.float64]) -> NDArray[np.uint8]: ...
def play(
    moves: Sequence[object],
    chances: Sequence[object],
    flow: NDArray[np.float64],
    tempo: NDArray[np.float64],
    noise: NDArray[np.float64],
    discount: NDArray[np.float64],
    chance: NDArray[np.float64],
    cost: Sequence[NDArray[np.float64]],
    fast: NDArray[np.bool_],
    end: NDArray[np.float64],
    horizon: float,
    n_slices: int,
    steps_each: int,
    surplus: bool,
    n_threads: int,
) -> NDArray[np.float64]: ...
def play_draws(
    moves: Sequence[object],
    chances: Sequence[object],
    flow: NDArray[np.float64],
    tempo: NDArray[np.float64],
    noise: NDArray[np.float64],
    discount: NDArray[np.float64],
    chance: NDArray[np.float64],
    cost: Sequence[NDArray[np.float64]],
    fast: NDArray[np.bool_],
    end: NDArray[np.float64],
    horizon: float,
    n_steps: int,
    surplus: bool,
    n_draws: int,
    n_threads: int,
) -> NDArray[np.float64]: ...
def survive(
    moves: Sequence[object],
    chances: Sequence[object],
    tempo: NDArray[np.float64],
    noise: NDArray[np.float64],
    chance: NDArray[np.float64],
    cost: Sequence[NDArray[np.float64]],
    slices: NDArray[np.float64],
    times: NDArray[np.float64],
    months: NDArray[np.float64],
    start: NDArray[np.float64],
    holds: NDArray[np.bool_],
    cut: float,
) -> tuple[NDArray[np.float64], float, NDArray[np.int32], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.float64]]: ...
def survive_many(
    moves: Sequence[object],
    chances: Sequence[object],
    flow: NDArray[np.float64],
    tempo: NDArray[np.float64],
    noise: NDArray[np.float64],
    discount: NDArray[np.float64],
    chance: NDArray[np.float64],
    cost: Sequence[NDArray[np.float64]],
    fast: NDArray[np.bool_],
    end: NDArray[np.float64],
    horizon: float,
    n_slices: int,
    steps_each: int,
    surplus: bool,
    months: NDArray[np.float64],
    start: NDArray[np.float64],
    holds: NDArray[np.bool_],
    cut: float,
    n_draws: int,
    n_threads: int,
) -> NDArray[np.float64]: ...
def list_moves(moves: object, cost: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.float64]]: ...
def move_components(first: list[NDArray[np.int64]], target: list[NDArray[np.uint32]]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]: ...
def settle_components(
    *,
    first: list[NDArray[np.int64]],
    target: list[NDArray[np.uint32]],
    cost: list[NDArray[np.float64]],
    chance: list[NDArray[np.float64]],
    flow: NDArray[np.float64],
    tempo: NDArray[np.float64],
    noise: NDArray[np.float64],
    discount: NDArray[np.float64],
    chance_first: NDArray[np.int64],
    chance_target: NDArray[np.uint32],
    chance_rate: NDArray[np.float64],
    value: NDArray[np.float64],
    order: NDArray[np.uint32],
    begins: NDArray[np.int64],
    rung: NDArray[np.uint8],
    n_equilibria: NDArray[np.uint32],
    start: int,
    most_unknowns: int,
    select: int,
    focus: int,
    surplus: bool,
    given: bool,
) -> int: ...
