"""Many draws of one game at once: the same graph, with other numbers in every draw."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.errors import AskError, Problem
from bestand.graph.budget import ABREAST
from bestand.graph.conflict import Conflict
from bestand.graph.game import Game, GameArrays, game_arrays, in_own_units, move_costs, worth_units
from bestand.graph.model import Graph
from bestand.graph.naming import Condition
from bestand.play.fast import rates_of_steps
from bestand.play.horizon import Afterwards, checked_afterwards, few_enough, fewest_sweeps
from bestand.play.reach import ReachedPart, part_of
from bestand.play.survival import Months, Start, Survival, checked_months, starting, truce_states

Floats = NDArray[np.float64]
MOST_ABREAST = 8  # parties that can move, with which draws are played side by side
CUT = 1e-8  # probability that may be lost in all; draws differ by far more
LEAST_SWEEPS, MOST_GROUPS = 64, 4


def survive_many(
    conflict: Conflict,
    *,
    flow: Floats,
    horizon: float,
    start: Start,
    truce: Condition,
    months: Months,
    tempo: float | Floats = 1.0,
    noise: float | Floats = 0.5,
    discount: float | Floats = 0.02,
    chance: Floats | None = None,
    move_cost: Mapping[str, float | Floats] | None = None,
    end: Floats | None = None,
    afterwards: Afterwards = "nothing",
    weights: Floats | None = None,
    sweeps: int | None = None,
    finer: int = 1,
    slices: int | None = None,
    surplus: bool = True,
    threads: int | None = None,
) -> Survival:
    """Survival of a condition in every draw, each played to the horizon: `alive` has shape (n_draws, n_times).

    The same as `survival_under(play_game(…, sweeps=sweeps, slices=slices), …)` draw by draw, four draws side by side. Every
    array has a leading axis of n_draws, or of 1 where all draws share it.

    flow                   : (n_draws, n_parties, n_states) float, worth per month
    tempo, noise, discount : a number, or (n_draws, n_parties) float, as in `Game`
    chance                 : (n_draws, n_chances) float, per month; as in the graph if not given
    move_cost              : lever: a number, or (n_draws,) float
    end                    : (n_draws, n_parties, n_states) float; overrules `afterwards`
    weights                : (n_draws,) float, shares; equal if not given
    sweeps                 : if not given, as few as keep every sweep a mean of values in the draw, and at least 64
    finer                  : so many times as many sweeps as that
    slices                 : times at which values are kept; if not given, one every other step

    Only the states that can be reached from the start are played. What breaks it is not counted and no error is estimated:
    look at a draw by `play_game` and `survival_under` for these.

    Raises
    ------
    AskError
        `play/bad-number`, `play/start-outside`, `play/bad-months`, `play/past-horizon`, `play/too-few-sweeps`.

    >>> import numpy as np
    >>> from bestand.case.read import read_text
    >>> from bestand.graph.conflict import conflict
    >>> case = read_text('''
    ... bestand: 1
    ... title: a truce
    ... parties: {a: {name: A}}
    ... levers: {a.truce: {is: keeps the truce, now: yes}}
    ... wants: {a: [{that: a.truce}]}
    ... ''')
    >>> asked = conflict(case)
    >>> flow = np.array([0.0, 5.0])[:, None, None] * asked.where("a.truce")
    >>> survive_many(asked, flow=flow, horizon=12, start="now", truce="a.truce", months=[3]).alive.round(2)
    array([[0.22],
           [1.  ]])
    """
    graph = conflict.graph
    few_enough(graph)
    flow = _array(flow, "flow", (len(graph.parties), graph.n_states), most=None)
    n_draws = _draws(flow, tempo, noise, discount, chance, end, *(move_cost or {}).values())
    rates = np.array([event.per_month for event in graph.chances])
    tempos, noises, discounts = _per_party(graph, tempo, "tempo"), _per_party(graph, noise, "noise"), _per_party(graph, discount, "discount")
    chances = _array(rates if chance is None else chance, "chance", rates.shape, most=n_draws)
    costs = move_costs_of_draws(graph, move_cost or {})
    moments, inside = checked_months(months), truce_states(conflict, truce)
    _refuse(moments, horizon, (tempos, noises, discounts), chances)
    last = _last(flow, discounts, end, afterwards)
    mass = starting(conflict, start, inside)
    numbers = _Numbers(
        moves=graph.moves, chances=graph.chances, flow=flow, tempo=tempos, noise=noises, discount=discounts, chance=chances, cost=costs,
        last=last, mass=mass, inside=inside,
    )  # fmt: skip
    first = mass > 0
    part = conflict.once_of_graph(("reached from", first.tobytes()), lambda: part_of(graph, first))
    numbers = _in_own_units(_of_movers(numbers if part is None else _reached(part, numbers)))
    fewest, fast = fewest_of_draws(numbers, horizon)
    if sweeps is not None and sweeps < fewest.max():
        hint = f"at least {fewest.max()}"
        raise AskError(Problem("play/too-few-sweeps", f"{sweeps} sweeps are too few for {horizon:g} months", hint=hint))
    each = np.empty((n_draws, moments.size + 1))
    for some, least in _groups(fewest, n_draws, sweeps):
        wanted = finer * least
        mine = numbers.some(some)
        n_slices = -(-(slices or -(-wanted // 8)) // 2) * 2
        each[some] = kernels.survive_draws(
            **mine.named(), end=mine.last, horizon=horizon, n_slices=n_slices, steps_each=-(-wanted // (4 * n_slices)), surplus=surplus,
            months=moments, start=mine.mass, holds=mine.inside, cut=CUT, n_draws=some.size, threads=threads or os.cpu_count() or 1, fast=fast,
        )  # fmt: skip
    share = np.full(n_draws, 1 / n_draws) if weights is None else _shares(weights, n_draws)
    alive, lasted = np.clip(each[:, :-1], 0.0, 1.0), each[:, -1].copy()
    for array in (alive, lasted, share):
        array.flags.writeable = False
    return Survival(conflict, moments, alive, share, lasted, np.full(n_draws, np.nan), float("nan"))


def abreast(graph: Graph) -> int:
    """How many draws are asked for at once: as many as take no longer than one; two, where of very many parties each is played alone."""
    return ABREAST if sum(moves.any for moves in graph.moves) <= MOST_ABREAST else 2


def values_of_movers(games: Sequence[Game], *, horizon: float, threads: int | None = None) -> NDArray[np.float64]:
    """Values now of games with the same states and moves, (n_games, n_parties, n_states), eight played side by side.

    With as few sweeps as may be; 0 for parties that cannot move, which choose nothing.
    """
    few_enough(games[0].graph)
    movers = [i for i, moves in enumerate(games[0].graph.moves) if moves.any]
    values = np.zeros((len(games), *games[0].flow.shape))
    if movers:
        unit = np.stack([worth_units(each.flow, each.cost, each.noise)[movers, None] for each in games])
        own = [in_own_units(each) for each in games]
        parts = [game_arrays(each) for each in own]
        flow, tempo, noise, discount = (
            np.concatenate([getattr(part, name)[:, movers] for part in parts]) for name in ("flow", "tempo", "noise", "discount")
        )
        rate = np.stack([each.rate for each in own])
        price = [np.stack([each.cost[i] for each in own]) for i in movers]
        graph = games[0].graph
        largest, apart = rates_of_steps(graph.chances, rate, tempo.sum(axis=1) + discount.max(axis=1), graph.n_states)
        steps = max(fewest_sweeps(float(each), horizon) for each in largest) // 4
        values[:, movers] = unit * kernels.play_draws(
            [graph.moves[i] for i in movers], graph.chances, flow=flow, tempo=tempo, noise=noise, discount=discount, chance=rate, cost=price,
            end=np.zeros((1, *flow.shape[1:])), horizon=horizon, n_steps=steps, surplus=True, n_draws=len(games),
            threads=threads or os.cpu_count() or 1, fast=apart,
        )  # fmt: skip
    return values


@dataclass(frozen=True, slots=True)
class _Numbers(GameArrays):
    """What the compiled code takes of many draws.

    last : (n_draws or 1, n_parties, n_states) worth at the end; mass, inside: (n_states,), where it starts, and where the truce holds
    """

    last: Floats
    mass: Floats
    inside: NDArray[np.bool_]

    def some(self, draws: NDArray[np.int64]) -> _Numbers:
        """The numbers of some draws."""

        def mine(array: Floats) -> Floats:
            return array if len(array) == 1 else np.ascontiguousarray(array[draws])

        flow, tempo, noise, discount = mine(self.flow), mine(self.tempo), mine(self.noise), mine(self.discount)
        cost, last = [mine(each) for each in self.cost], mine(self.last)
        return replace(self, flow=flow, tempo=tempo, noise=noise, discount=discount, chance=mine(self.chance), cost=cost, last=last)


def _reached(part: ReachedPart, whole: _Numbers) -> _Numbers:
    """The numbers on the states that can be reached from the start: the others change nothing."""
    here = part.states
    cost = [np.take(each, listed, axis=1) for each, listed in zip(whole.cost, part.listed, strict=True)]
    flow, last = (np.take(array, here, axis=2) for array in (whole.flow, whole.last))
    mass, inside = np.ascontiguousarray(whole.mass[here]), np.ascontiguousarray(whole.inside[here])
    return replace(whole, moves=part.moves, chances=part.chances, flow=flow, last=last, cost=cost, mass=mass, inside=inside)


def _of_movers(whole: _Numbers) -> _Numbers:
    """The numbers of parties that can move somewhere: what the others would like decides nothing, and their chances to move
    would only make steps shorter. Where nobody can move the first party stays, for the shapes.
    """
    movers = [i for i, moves in enumerate(whole.moves) if moves.any]
    kept = movers or [0]
    tempo = whole.tempo[:, kept] * bool(movers)
    flow, tempo, noise, discount, last = map(
        np.ascontiguousarray, (whole.flow[:, kept], tempo, whole.noise[:, kept], whole.discount[:, kept], whole.last[:, kept])
    )
    moves, cost = tuple(whole.moves[i] for i in kept), [whole.cost[i] for i in kept]
    return replace(whole, moves=moves, flow=flow, tempo=tempo, noise=noise, discount=discount, cost=cost, last=last)


def _in_own_units(whole: _Numbers) -> _Numbers:
    """Worths of every party counted in a unit of its own, near the largest of its own sizes, so that no limit is absolute."""
    unit = worth_units(whole.flow, whole.cost, whole.noise)
    cost = [each / one for each, one in zip(whole.cost, unit, strict=True)]
    noise = np.ascontiguousarray(whole.noise / unit)
    return replace(whole, flow=whole.flow / unit[:, None], last=whole.last / unit[:, None], noise=noise, cost=cost)


def _shares(weights: Floats, n_draws: int) -> Floats:
    given = np.asarray(weights, np.float64)
    if given.shape != (n_draws,) or not np.all(np.isfinite(given) & (given >= 0)) or given.sum() <= 0:
        raise AskError(Problem("play/bad-number", f"weights must be {n_draws} finite numbers, none negative, not all 0"))
    return given / given.sum()


def _groups(
    fewest: NDArray[np.int64], n_draws: int, sweeps: int | None
) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Draws with how many sweeps they are given: slow draws need fewer than fast ones. Two eights at least where there are as many,
    so that two processors have something to do.
    """
    needed = np.broadcast_to(fewest, (n_draws,))
    order = np.argsort(needed, kind="stable")
    n_abreast = -(-n_draws // ABREAST)
    n_groups = 1 if sweeps is not None else max(1, min(MOST_GROUPS, n_abreast // 2))
    bounds = [ABREAST * (n_abreast * k // n_groups) for k in range(1, n_groups)]
    for some in np.split(order, bounds):
        yield some, sweeps if sweeps is not None else max(LEAST_SWEEPS, int(needed[some].max()))


def _draws(*given: float | Floats | None) -> int:
    """The number of draws that the arrays agree on."""
    sizes = {np.shape(part)[0] for part in given if np.ndim(part) and np.shape(part)[0] != 1}  # type: ignore[arg-type]
    if len(sizes) > 1:
        raise AskError(Problem("play/bad-number", f"the arrays have {' and '.join(map(str, sorted(sizes)))} draws"))
    return sizes.pop() if sizes else 1


def _array(given: Floats, name: str, shape: tuple[int, ...], *, most: int | None) -> Floats:
    """An array with a leading axis of draws, added where it is missing."""
    array = np.asarray(given, dtype=np.float64)
    array = np.ascontiguousarray(array[None] if array.ndim == len(shape) else array)
    if array.shape[1:] != shape or (most is not None and array.shape[0] not in (1, most)) or not np.isfinite(array).all():
        what = f"{name} must be finite, of shape (n_draws, {', '.join(map(str, shape))}), not {array.shape}"
        raise AskError(Problem("play/bad-number", what))
    return array


def _per_party(graph: Graph, given: float | Floats, name: str) -> Floats:
    n_parties = len(graph.parties)
    return _array(np.full(n_parties, float(given)) if np.ndim(given) == 0 else np.asarray(given), name, (n_parties,), most=None)


def move_costs_of_draws(graph: Graph, move_cost: Mapping[str, float | Floats]) -> list[Floats]:
    """What each listed move of each party costs: per party (n_draws or 1, n_listed)."""
    costs = [move_costs(graph, i, {})[None] for i in range(len(graph.moves))]
    for lever, price in move_cost.items():
        if lever not in graph.levers:
            continue
        if not np.isfinite(price).all():
            raise AskError(Problem("play/bad-number", f"what moving '{lever}' costs must be finite, not {price}"))
        i = graph.owner[graph.levers.index(lever)]
        costs[i] = costs[i] + np.reshape(price, (-1, 1)) * move_costs(graph, i, {lever: 1.0})
    return [np.ascontiguousarray(part, dtype=np.float64) for part in costs]


def _refuse(months: Floats, horizon: float, numbers: Sequence[Floats], chances: Floats) -> None:
    if not (np.isfinite(horizon) and horizon > 0) or min(map(np.min, numbers)) < 0 or chances.min(initial=0) < 0:
        raise AskError(Problem("play/bad-number", "the horizon must be more than 0 months, and no number negative"))
    if months[-1] > horizon:
        what = f"month {months[-1]:g} lies past the horizon of {horizon:g} months"
        raise AskError(Problem("play/past-horizon", what, hint="play to a longer horizon"))


def _last(flow: Floats, discount: Floats, end: Floats | None, afterwards: Afterwards) -> Floats:
    if end is not None:
        return _array(end, "end", flow.shape[1:], most=None)
    if checked_afterwards(afterwards) == "as it stands":
        if discount.min() <= 0:
            raise AskError(Problem("play/no-value", "without discount what is kept for ever has no value", hint="give every party a discount"))
        return np.ascontiguousarray(flow / discount[:, :, None])
    return np.zeros((1, *flow.shape[1:]))


def fewest_of_draws(numbers: _Numbers, horizon: float) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Sweeps that each draw needs, (n_draws or 1,), and which events are played apart, (n_chances,)."""
    others = numbers.tempo.sum(axis=1) + numbers.discount.max(axis=1)
    largest, fast = rates_of_steps(numbers.chances, numbers.chance, others, numbers.flow.shape[2])
    return np.array([fewest_sweeps(float(one), horizon) for one in largest]), fast
