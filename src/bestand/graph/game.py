"""A graph with the numbers of play: what each state is worth a month, who acts how often, how surely, how patiently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.model import Graph, Worth

Numbers = float | Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Game:
    """The continuous-time, one-mover, logit game on a graph (Doraszelski & Judd 2012; Arcidiacono et al. 2016).

    flow     : (n_parties, n_states) float64, worth per month
    tempo    : (n_parties,) float64, chances to move per month
    noise    : (n_parties,) float64, scale of the logit choice, in worth; 0 is an exact best reply
    discount : (n_parties,) float64, per month, > 0
    cost     : per party (n_listed,) float64, beside `graph.moves[i].target`: what a move costs its mover once, in worth
    """

    graph: Graph
    flow: NDArray[np.float64]
    tempo: NDArray[np.float64]
    noise: NDArray[np.float64]
    discount: NDArray[np.float64]
    cost: tuple[NDArray[np.float64], ...]


def game(
    graph: Graph,
    worth: Worth,
    *,
    tempo: Numbers = 1.0,
    noise: Numbers = 0.5,
    discount: Numbers = 0.02,
    move_cost: Mapping[str, float] | None = None,
    draw: int = 0,
) -> Game:
    """The game that a graph and cardinal worths make with numbers for all parties or per party.

    tempo     : chances to move per month
    noise     : logit scale, in worth
    discount  : per month (a yearly rate r is r / 12)
    move_cost : lever: what moving it costs its party once, in worth; a move of several levers costs their sum

    Raises
    ------
    AskError
        `worth/ordinal` where the worth has no size; `play/unknown-party`, `play/bad-number`.
    """
    if worth.value is None:
        what = "play weighs the future, so it needs worth with a size, and this worth is ordinal"
        raise AskError(Problem("worth/ordinal", what, hint='worth(case, graph, scale="cardinal"), with a `worth` on every want'))
    flow = np.ascontiguousarray(worth.value[draw])
    rates = _per_party(graph, "tempo", tempo, 0.0)
    scales = _per_party(graph, "noise", noise, 0.0)
    discounts = _per_party(graph, "discount", discount, np.finfo(float).tiny)
    cost = tuple(move_costs(graph, i, move_cost or {}) for i in range(len(graph.parties)))
    return Game(graph, flow, rates, scales, discounts, cost)


def _per_party(graph: Graph, what: str, given: Numbers, least: float) -> NDArray[np.float64]:
    if isinstance(given, Mapping):
        missing = [party for party in graph.parties if party not in given]
        if missing:
            hint = did_you_mean(missing[0], given)
            raise AskError(Problem("play/unknown-party", f"no {what} for party '{missing[0]}'", hint=hint))
        found = np.array([float(given[party]) for party in graph.parties])
    else:
        found = np.full(len(graph.parties), float(given))
    if not np.all(np.isfinite(found) & (found >= least)):
        raise AskError(Problem("play/bad-number", f"{what} must be finite and at least {least:g}, not {given}"))
    found.flags.writeable = False
    return found


def move_costs(graph: Graph, party: int, move_cost: Mapping[str, float]) -> NDArray[np.float64]:
    """What each listed move of one party costs; moves of blocks of one kind change the same levers."""
    moves = graph.moves[party]
    if not moves.listed:
        what = f"'{graph.parties[party]}' has more moves than are weighed one by one"
        raise AskError(Problem("play/too-many-moves", what, hint="take a view that varies fewer of its levers"))
    cost = np.zeros(moves.target.size)
    priced = [lever for k, lever in enumerate(graph.levers) if graph.owner[k] == party and move_cost.get(lever)]
    if not priced:
        return cost
    example = {int(kind): block for block, kind in reversed(list(enumerate(moves.kind)))}
    digits = {lever: graph.digits(lever) for lever in priced}
    for kind, block in example.items():
        members = moves.members[moves.block[block] : moves.block[block + 1]]
        rows = moves.row[moves.first_row[kind] : moves.first_row[kind] + members.size + 1]
        source = np.repeat(np.arange(members.size), np.diff(rows))
        target = moves.target[rows[0] : rows[-1]]
        for lever in priced:
            at = digits[lever][members]
            cost[rows[0] : rows[-1]] += move_cost[lever] * (at[source] != at[target])
    return cost
