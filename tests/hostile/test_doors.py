"""Every function of the compiled code with every wrong thing: an error of our family or an answer, never a crash.

Run under AddressSanitizer and UndefinedBehaviorSanitizer by `make sanitize`, where reading one byte too far ends the process.
"""

from __future__ import annotations

import dataclasses
import inspect
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bestand import kernels
from bestand.case.read import read_text
from bestand.errors import KernelError
from bestand.graph.build import build
from bestand.graph.conflict import conflict as ready
from bestand.graph.model import Chance, Graph
from tests.depth import more_in_depth, spread, tried
from tests.oracle.random_cases import conflict

MONTHS = np.array([1.0, 3.0])


def graph_of(seed: int) -> Graph:
    return build(read_text(conflict(seed).text()))


def game_of(graph: Graph, n_draws: int) -> dict[str, object]:
    n, n_parties = graph.n_states, len(graph.parties)
    r = np.random.default_rng(0)
    event = Chance("e", 0.1, np.array([0], np.uint32), np.array([n - 1], np.uint32))
    return {
        "moves": graph.moves,
        "chances": (event,),
        "flow": r.normal(size=(n_draws, n_parties, n)),
        "tempo": np.ones((1, n_parties)),
        "noise": np.full((n_draws, n_parties), 0.5),
        "discount": np.full((1, n_parties), 0.02),
        "chance": np.full((n_draws, 1), 0.1),
        "cost": [np.zeros((1, m.target.size)) for m in graph.moves],
        "end": np.zeros((1, n_parties, n)),
        "horizon": 3.0,
        "n_slices": 2,
        "steps_each": 40,
        "surplus": True,
        "threads": 2,
    }


def survival_of(graph: Graph) -> dict[str, object]:
    n = graph.n_states
    return {"months": MONTHS, "start": np.eye(n)[0], "holds": np.arange(n) % 2 == 0, "cut": 1e-8}


def settling(graph: Graph) -> dict[str, object]:
    game = game_of(graph, 1)
    n, n_parties = graph.n_states, len(graph.parties)
    parts = [kernels.list_moves(m, c[0]) for m, c in zip(graph.moves, game["cost"], strict=True)]
    chance_first, chance_target = np.minimum(np.arange(n + 1), 1), np.array([n - 1], np.uint32)
    order, begins = kernels.move_components([*(p[0] for p in parts), chance_first], [*(p[1] for p in parts), chance_target])
    return {
        "first": [p[0] for p in parts], "target": [p[1] for p in parts], "cost": [p[2] for p in parts],
        "chance": [np.zeros(p[1].size) for p in parts], "flow": np.ascontiguousarray(game["flow"][0].T),
        "tempo": np.ones(n_parties), "noise": np.zeros(n_parties), "discount": np.full(n_parties, 0.1),
        "chance_first": chance_first, "chance_target": chance_target, "chance_rate": np.array([0.1]), "value": np.zeros((n, n_parties)),
        "order": order, "begins": begins, "rung": np.zeros(begins.size - 1, np.uint8), "n_equilibria": np.zeros(begins.size - 1, np.uint32),
        "start": 0, "most_unknowns": 200, "select": 0, "focus": 0, "surplus": True, "given": False,
    }  # fmt: skip


def calls(graph: Graph) -> dict[str, dict[str, object]]:
    """A right call of every function of the door."""
    n, n_parties = graph.n_states, len(graph.parties)
    rank = ready(read_text(conflict(5).text())).worth.rank if graph is FIRST else np.zeros((1, n_parties, n), np.uint32)
    game, ranks = game_of(graph, 2), [np.ascontiguousarray(rank[0, i : i + 1]).astype(np.uint16) for i in range(n_parties)]
    one = game_of(graph, 1)
    after = {name: value for name, value in one.items() if name in ("moves", "chances", "tempo", "noise", "chance", "cost")}
    slices = {"slices": np.zeros((2, n_parties, n)), "times": np.array([0.0, 3.0])}
    listed = settling(graph)
    rows = {"moves": graph.moves, "rows": rank[0], "which": np.stack([np.arange(n_parties, dtype=np.int32)] * 2)}
    variants = {**rows, "goals": np.eye(3, n, dtype=bool)}
    return {
        "build_moves": {
            "codes": np.arange(12), "low": 1, "radix": np.array([2, 3]), "one_way": np.array([0, 1]),
            "guard": np.where(np.arange(512) == 257, 0, -1), "enter": np.ones(12, np.uint64),
        },
        "stable": {"moves": graph.moves, "rank": rank, "looks": [("best", True), ("any", False), ("none", False)], "sequences": "legal", "threads": 2},
        "rests": {**variants, "replies": "paying", "escape": True, "most": 10**6, "threads": 2},
        "resting": {**rows, "judged": np.ones(n_parties, bool), "replies": "best", "escape": True, "threads": 2},
        "reach_goals": {**variants, "starts": np.zeros(2, np.int64), "by": "best", "threads": 2},
        "reach": {"moves": graph.moves, "rank": rank[0], "start": 0, "by": "best", "open": np.ones(n, bool), "may_move": np.ones(n_parties, bool), "enough": None},
        "fewest_steps": {
            **rows, "starts": np.zeros(2, np.int64), "by": "paying", "open": np.ones(n, bool), "may_move": np.ones(n_parties, bool), "threads": 2,
        },
        "upset_by": {"moves": graph.moves, "rank": rank[0], "masks": np.array([1, 3], np.uint64), "replies": "paying", "escape": True, "once": False, "threads": 2},
        "unlocks": {
            "moves": graph.moves, "pattern": [np.arange(n, dtype=np.uint32)] * n_parties, "rank": ranks, "trials": np.zeros((3, n_parties), np.int32),
            "start": 0, "goal": np.ones(n, bool), "open": np.ones(n, bool), "by": "paying", "replies": "paying", "escape": True, "threads": 2,
        },
        "related_stable": {"moves": graph.moves, "relation": np.zeros((n_parties, n, n), np.int8), "looks": [(8, 63, 7, True)], "threads": 2},
        "listen": {"told": None},
        "agreed_over_draws": {"rank": np.ascontiguousarray(rank[0]), "threads": 2},
        "order_ranks": {"bits": np.eye(3, 4, dtype=np.uint8), "orders": np.array([[0, 2, -1], [1, -1, -1]], np.int16), "threads": 2},
        "minimal": {"sets": np.array([[1, 0], [3, 0], [4, 1]], np.uint64)},
        "pareto": {"values": np.arange(20.0).reshape(5, 4) % 7},
        "play_back": {**one, "fast": np.ones(1, bool)},
        "play_draws": {**{k: v for k, v in game.items() if k not in ("n_slices", "steps_each")}, "n_steps": 80, "n_draws": 2, "fast": np.ones(1, bool)},
        "survive": {**after, **slices, **survival_of(graph)},
        "survive_draws": {**game, **survival_of(graph), "n_draws": 2, "fast": np.ones(1, bool)},
        "list_moves": {"moves": graph.moves[0], "cost": np.zeros(graph.moves[0].target.size)},
        "move_components": {"first": listed["first"], "target": listed["target"]},
        "settle_components": listed,
    }  # fmt: skip


FIRST, OTHER = graph_of(5), graph_of(8)
CALLS, OTHERS = calls(FIRST), calls(OTHER)
NUMBERS = [-1, 0, 3, 2**31, 2**40, 2**63, -(2**63), 1e300, float("nan"), float("inf"), -float("inf"), 0.5]
THINGS: list[object] = [None, "x", b"", 3, -1, 0.5, [], [None], {}, np.zeros(0), np.zeros((2, 2)), np.zeros((1, 1, 1)), object(), True]


STRANGE = ["masked", "of another kind", "neither true nor false"]


class Boastful(np.ndarray):
    """An array that says of itself that all its numbers are 0."""

    def min(self, *_, **__):
        return np.int64(0)

    max = min


def strange(how: str, right: np.ndarray) -> np.ndarray:
    """An array of the right type and shape whose numbers are not what they seem."""
    if how == "neither true nor false":
        return np.full(right.shape, 7, np.uint8).view(bool) if right.dtype == bool else right
    most = {"f": np.nan, "b": True}.get(right.dtype.kind, np.iinfo(right.dtype).max if right.dtype.kind in "iu" else 0)
    worst = np.full_like(right, most)
    return np.ma.masked_array(worst, mask=True) if how == "masked" else worst.view(Boastful)


def wrong_array(draw, right: np.ndarray) -> object:
    """An array like the right one, but for one thing."""
    how = draw(st.sampled_from(["kind", "shorter", "longer", "flat", "deeper", "turned", "order", "value", "all", "swapped", "nothing", *STRANGE]))
    if how == "kind":
        return right.astype(draw(st.sampled_from(["u1", "i1", "u2", "i4", "u4", "i8", "u8", "f4", "f8", "?", ">u4", "O", "c16"])))
    if how in ("shorter", "longer") and right.ndim:
        axis = draw(st.integers(0, right.ndim - 1))
        few = np.take(right, range(max(0, right.shape[axis] - 1)), axis)
        return few if how == "shorter" else np.concatenate([right, right], axis)
    if how in ("value", "all") and right.size:
        made = right.copy()
        value = draw(st.sampled_from([v for v in NUMBERS if fits(v, made.dtype)] or [0]))
        made.flat[slice(None) if how == "all" else draw(st.integers(0, right.size - 1))] = value
        return made
    if how == "nothing":
        return right[:0]
    if how in STRANGE:
        return strange(how, right)
    made = {"flat": right.ravel(), "deeper": right[None], "turned": right[::-1], "order": np.asfortranarray(right), "swapped": right.T}.get(how, right)
    return made


def fits(value: float, kind: np.dtype) -> bool:
    if kind.kind == "f":
        return True
    if kind.kind == "b" or not np.isfinite(value) or value != int(value):
        return kind.kind == "b" and value in (0, 3)
    return np.iinfo(kind).min <= value <= np.iinfo(kind).max


def wrong_moves(draw, right: object) -> object:
    arrays = [field.name for field in dataclasses.fields(right) if isinstance(getattr(right, field.name), np.ndarray)]
    part = draw(st.sampled_from(arrays))
    made = wrong_array(draw, getattr(right, part))
    if draw(st.booleans()):
        return dataclasses.replace(right, **{part: made})
    every = {field.name: getattr(right, field.name) for field in dataclasses.fields(right)}
    return SimpleNamespace(**{**every, part: made})


def wrong(draw, right: object) -> object:
    """Something else in the place of an argument."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(THINGS))
    if isinstance(right, np.ndarray):
        return wrong_array(draw, right)
    if isinstance(right, bool | int | float):
        return draw(st.sampled_from(NUMBERS))
    if isinstance(right, str):
        return draw(st.sampled_from(["", "wek", "best", "none", "once", "single"]))
    if isinstance(right, tuple | list) and right and not isinstance(right[0], tuple | str):
        at = draw(st.integers(0, len(right) - 1))
        made = [*right]
        made[at] = wrong_moves(draw, right[at]) if dataclasses.is_dataclass(right[at]) else wrong(draw, right[at])
        return draw(st.sampled_from([made, made[:at], [*right, right[0]]]))
    return wrong_moves(draw, right) if dataclasses.is_dataclass(right) else draw(st.sampled_from(THINGS))


def copied(value: object) -> object:
    """Arrays that are written into are copied, so that one example does not leave the next one something else."""
    if isinstance(value, np.ndarray):
        return value.copy() if value.flags.writeable else value
    return [copied(each) for each in value] if isinstance(value, list) else value


def test_every_function_of_the_door_has_a_right_call_here():
    public = {name for name, f in inspect.getmembers(kernels, inspect.isfunction) if f.__module__ == kernels.__name__ and not name.startswith("_")}
    assert public == set(CALLS)
    for name, arguments in CALLS.items():
        assert set(inspect.signature(getattr(kernels, name)).parameters) == set(arguments), name
        getattr(kernels, name)(**copied_arguments(arguments))


def copied_arguments(arguments: dict[str, object]) -> dict[str, object]:
    return {name: copied(value) for name, value in arguments.items()}


@more_in_depth
@spread("name", sorted(CALLS), first=5)
@settings(max_examples=tried(80), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_wrong_argument_is_refused_or_answered(name, data):
    arguments = copied_arguments(CALLS[name])
    for _ in range(data.draw(st.integers(1, 2))):
        which = data.draw(st.sampled_from(sorted(arguments)))
        foreign = data.draw(st.integers(0, 4)) == 0
        arguments[which] = copied(OTHERS[name][which]) if foreign else wrong(data.draw, arguments[which])
    try:
        getattr(kernels, name)(**arguments)
    except KernelError as error:
        assert error.code.startswith("kernel/") and len(str(error)) < 500


@pytest.mark.parametrize(
    ("name", "which", "value", "says"),
    [
        ("stable", "rank", OTHERS["stable"]["rank"], "`rank` must have shape"),
        ("upset_by", "rank", OTHERS["upset_by"]["rank"], "`rank` must have shape"),
        ("play_back", "flow", OTHERS["play_back"]["flow"], "`flow` must have shape"),
        ("reach", "start", -1, "`start` must lie within 0"),
        ("reach", "start", FIRST.n_states, "`start` must lie within 0"),
        ("reach", "open", np.zeros(FIRST.n_states, bool), "the start may not be entered"),
        ("stable", "rank", CALLS["stable"]["rank"][:, 1:].copy(), "`rank` must have shape"),
        ("stable", "looks", [("paying", False)] * 40, None),
        ("upset_by", "masks", np.array([0], np.uint64), "`masks` must lie within 1"),
        ("play_back", "moves", FIRST.moves * 20, "more than the 3[12]"),
        ("survive_draws", "moves", FIRST.moves * 20, "more than the 3[12]"),
        ("rests", "which", np.full((2, len(FIRST.parties)), len(FIRST.parties), np.int32), "`which` must lie within 0"),
        ("resting", "judged", np.ones(1, bool), "`judged` must have shape"),
        ("reach_goals", "starts", np.array([0, FIRST.n_states]), "`starts` must lie within 0"),
        ("fewest_steps", "starts", np.array([0, FIRST.n_states]), "`starts` must lie within 0"),
        ("unlocks", "trials", np.full((3, len(FIRST.parties)), 7, np.int32), "ranks that are not there"),
        ("list_moves", "cost", np.full(FIRST.moves[0].target.size, np.nan), "`cost` must lie within"),
        ("order_ranks", "orders", np.array([[9]], np.int16), "condition that is not there"),
    ],
)
def test_what_once_crashed_is_refused_in_words(name, which, value, says):
    arguments = copied_arguments(CALLS[name]) | {which: value}
    if says is None:
        assert getattr(kernels, name)(**arguments).shape[1] == len(value)
        return
    with pytest.raises(KernelError, match=says):
        getattr(kernels, name)(**arguments)


def test_many_parties_are_told_apart():
    levers = "\n".join(f"  p{i}.l: {{is: x, now: no}}" for i in (0, 199))
    parties = ", ".join(f"p{i}: {{name: P{i}}}" for i in range(200))
    graph = build(read_text(f"bestand: 1\ntitle: t\nparties: {{{parties}}}\nlevers:\n{levers}\nwants: {{p199: [{{that: p199.l}}]}}\n"))
    rank = np.zeros((200, graph.n_states), np.uint32)
    rank[199] = graph.digits("p199.l")
    found = kernels.reach(graph.moves, rank, 0, by="paying", open=np.empty(0, bool), may_move=np.ones(200, bool))
    assert set(found.mover.tolist()) == {-1, 199}
    assert kernels.stable(graph.moves, rank[None], looks=[("paying", False)]).sum() == 199 * 4 + 2


def test_arrays_that_somebody_wrote_into_are_looked_at_again():
    own = FIRST.moves[0]
    first, target, _ = kernels.list_moves(own, np.zeros(own.target.size))
    first, target = first.copy(), target.copy()
    kernels.move_components([first], [target])
    target[0] = 2**31
    with pytest.raises(KernelError, match="no state"):
        kernels.move_components([first], [target])


@pytest.mark.parametrize("how", STRANGE)
def test_an_array_whose_numbers_are_not_what_they_seem_is_refused_by_every_function(how):
    tried_of = 0
    for name, right in CALLS.items():
        for which, value in right.items():
            if not isinstance(value, np.ndarray) or (how == STRANGE[2] and value.dtype != bool):
                continue
            tried_of += 1
            with pytest.raises(KernelError, match="must be a plain array" if how != STRANGE[2] else "nothing but true and false"):
                getattr(kernels, name)(**copied_arguments(right) | {which: strange(how, value)})
    assert tried_of > 8


def test_a_read_only_view_of_what_can_be_written_into_is_looked_at_again():
    own = FIRST.moves[0]
    first, target, _ = kernels.list_moves(own, np.zeros(own.target.size))
    memory = target.copy()
    shown = memory.view()
    shown.flags.writeable = False
    kernels.move_components([first], [shown])
    memory[0] = 2**31
    with pytest.raises(KernelError, match="no state"):
        kernels.move_components([first], [shown])


def test_bytes_of_others_behind_a_read_only_array_are_looked_at_again():
    own = FIRST.moves[0]
    first, target, _ = kernels.list_moves(own, np.zeros(own.target.size))
    memory = bytearray(target.tobytes())
    shown = np.frombuffer(memory, np.uint32)
    shown.flags.writeable = False
    kernels.move_components([first], [shown])
    memory[:4] = b"\xff" * 4
    with pytest.raises(KernelError, match="no state"):
        kernels.move_components([first], [shown])
