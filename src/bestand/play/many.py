"""Survival in many draws of one game at once: the same graph, with other numbers in every draw."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.game import move_costs
from bestand.graph.model import Graph
from bestand.graph.naming import Condition
from bestand.play.horizon import Afterwards, fewest_sweeps
from bestand.play.survival import Months, Start, Survival, checked_months, starting, truce_states

Floats = NDArray[np.float64]
CUT = 1e-8  # probability that may be lost in all; draws differ by far more


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
    sweeps                 : if not given, as few as keep every sweep a mean of values in every draw, and at least 64
    slices                 : times at which values are kept; if not given, one every other step

    What breaks it is not counted and no error is estimated: look at a draw by `play_game` and `survival` for these.

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
    flow = _array(flow, "flow", (len(graph.parties), graph.n_states), most=None)
    n_draws = _draws(flow, tempo, noise, discount, chance, end, *(move_cost or {}).values())
    rates = np.array([event.per_month for event in graph.chances])
    tempos, noises, discounts = _per_party(graph, tempo, "tempo"), _per_party(graph, noise, "noise"), _per_party(graph, discount, "discount")
    chances = _array(rates if chance is None else chance, "chance", rates.shape, most=n_draws)
    costs = move_costs_of_draws(graph, move_cost or {})
    moments, inside = checked_months(months), truce_states(conflict, truce)
    _refuse(moments, horizon, (tempos, noises, discounts), chances)
    last = _last(flow, discounts, end, afterwards)
    fewest = _fewest(graph, (tempos, noises, discounts), chances, horizon)
    wanted = sweeps if sweeps is not None else max(64, fewest)
    if wanted < fewest:
        raise AskError(Problem("play/too-few-sweeps", f"{sweeps} sweeps are too few for {horizon:g} months", hint=f"at least {fewest}"))
    n_slices = -(-(slices or -(-wanted // 8)) // 2) * 2
    steps_each, mass = -(-wanted // (4 * n_slices)), starting(conflict, start, inside)
    each = kernels.survive_many(
        graph.moves, graph.chances, flow, tempos, noises, discounts, chances, costs, last, horizon, n_slices, steps_each, surplus,
        moments, mass, inside, CUT, n_draws, threads or os.cpu_count() or 1,
    )  # fmt: skip
    share = np.full(n_draws, 1 / n_draws) if weights is None else np.asarray(weights, float) / np.sum(weights)
    alive, lasted = np.minimum(each[:, :-1], 1.0), each[:, -1].copy()
    for array in (alive, lasted, share):
        array.flags.writeable = False
    return Survival(conflict, moments, alive, share, lasted, np.full(n_draws, np.nan), float("nan"))


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
    costs = [np.zeros((1, moves.target.size)) for moves in graph.moves]
    for lever, price in move_cost.items():
        if lever not in graph.levers:
            continue
        i = graph.owner[graph.levers.index(lever)]
        costs[i] = costs[i] + np.reshape(price, (-1, 1)) * move_costs(graph, i, {lever: 1.0})
    return [np.ascontiguousarray(part, dtype=np.float64) for part in costs]


def _refuse(months: Floats, horizon: float, numbers: Sequence[Floats], chances: Floats) -> None:
    if not (np.isfinite(horizon) and horizon > 0) or min(map(np.min, numbers)) < 0 or numbers[2].min() <= 0 or chances.min(initial=0) < 0:
        raise AskError(Problem("play/bad-number", "horizon and discount must be more than 0, and no number negative"))
    if months[-1] > horizon:
        what = f"month {months[-1]:g} lies past the horizon of {horizon:g} months"
        raise AskError(Problem("play/past-horizon", what, hint="play to a longer horizon"))


def _last(flow: Floats, discount: Floats, end: Floats | None, afterwards: Afterwards) -> Floats:
    if end is not None:
        return _array(end, "end", flow.shape[1:], most=None)
    if afterwards == "as it stands":
        return np.ascontiguousarray(flow / discount[:, :, None])
    return np.zeros((1, *flow.shape[1:]))


def _fewest(graph: Graph, numbers: Sequence[Floats], chances: Floats, horizon: float) -> int:
    """Sweeps that the fastest of all draws needs."""
    out = np.zeros((graph.n_states, len(graph.chances)))
    for c, event in enumerate(graph.chances):
        np.add.at(out[:, c], event.source, 1.0)
    by_state = chances @ np.unique(out, axis=0).T
    rate = numbers[0].sum(axis=1) + numbers[2].max(axis=1) + by_state.max(axis=1, initial=0)
    return fewest_sweeps(float(rate.max()), horizon)
