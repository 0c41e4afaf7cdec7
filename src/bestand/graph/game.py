"""A conflict with the numbers of play: what each state is worth a month, who acts how often, how surely, how patiently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.conflict import Conflict
from bestand.graph.model import Chance, Graph, Moves
from bestand.graph.numbers import pace, prices, rates
from bestand.kernel_checks import MOST_RATE
from bestand.show import Fixed

Numbers = float | Mapping[str, float]
Floats = NDArray[np.float64]
LEAST_DISCOUNT = 1e-12  # per month, other than 0
MOST_WORTH = 1e100  # noise, or what a move costs, in worth: what follows from such numbers is finite too


@dataclass(frozen=True, slots=True)
class Game(Fixed):
    """The continuous-time, one-mover, logit game of a conflict (Doraszelski & Judd 2012; Arcidiacono et al. 2016).

    flow     : (n_parties, n_states) float64, worth per month
    tempo    : (n_parties,) float64, chances to move per month
    noise    : (n_parties,) float64, scale of the logit choice, in worth; 0 is an exact best reply
    discount : (n_parties,) float64, per month
    cost     : per party (n_listed,) float64, beside `graph.moves[i].target`: what a move costs its mover once, in worth
    rate     : (n_chances,) float64, per month, beside the events of the graph
    """

    conflict: Conflict
    flow: Floats
    tempo: Floats
    noise: Floats
    discount: Floats
    cost: tuple[Floats, ...]
    rate: Floats

    @property
    def graph(self) -> Graph:
        """States and moves."""
        return self.conflict.graph

    @property
    def idle(self) -> tuple[str, ...]:
        """Parties that never get a chance to move: their tempo is 0."""
        return tuple(party for party, tempo in zip(self.graph.parties, self.tempo, strict=True) if tempo == 0)

    @property
    def chances(self) -> tuple[Chance, ...]:
        """The events, at the rates that they have in this game."""
        return tuple(replace(event, per_month=float(rate)) for event, rate in zip(self.graph.chances, self.rate, strict=True))


def game(
    conflict: Conflict,
    *,
    tempo: Numbers | None = None,
    noise: Numbers | None = None,
    discount: Numbers | None = None,
    move_cost: Mapping[str, float] | None = None,
    draw: int = 0,
) -> Game:
    """The game of one draw of a conflict, with the case's own numbers where none are given for all parties or per party.

    tempo     : chances to move per month
    noise     : logit scale, in worth
    discount  : per month (a yearly rate r is r / 12)
    move_cost : lever: what moving it costs its party once, in worth; a move of several levers costs their sum

    Raises
    ------
    AskError
        `worth/ordinal` where a worth has no size; `play/unknown-party`, `play/unknown-lever`, `play/bad-number`.
    """
    flow = flow_of_draw(conflict, draw)
    tempos, noises, discounts = (part[draw] for part in pace(conflict))
    rate, scale = _per_party(conflict, "tempo", tempo, tempos), _per_party(conflict, "noise", noise, noises)
    a_month = _per_party(conflict, "discount", discount, discounts)
    if ((a_month > 0) & (a_month < LEAST_DISCOUNT)).any():
        raise AskError(Problem("play/bad-number", f"a discount of {a_month[a_month > 0].min():g} cannot be told from 0", hint="give 0, or more"))
    price = {lever: float(each[draw]) for lever, each in prices(conflict).items()} if move_cost is None else _priced(conflict, move_cost)
    cost = tuple(move_costs(conflict.graph, i, price) for i in range(len(conflict.parties)))
    return Game(conflict, flow, rate, scale, a_month, cost, rates(conflict)[draw])


def flow_of_draw(conflict: Conflict, draw: int) -> Floats:
    """What states are worth a month in one draw: (n_parties, n_states).

    Raises
    ------
    AskError
        `worth/ordinal`; `graph/unknown-draw`.
    """
    value = conflict.sized.value
    assert value is not None
    if not 0 <= draw < len(value):
        raise AskError(Problem("graph/unknown-draw", f"no draw {draw}", hint=f"draws run from 0 to {len(value) - 1}"))
    return np.ascontiguousarray(value[draw])


def _per_party(conflict: Conflict, what: str, given: Numbers | None, stated: Floats) -> Floats:
    if given is None:
        return checked_number(what, stated)
    if not isinstance(given, Mapping):
        return checked_number(what, np.full(stated.size, _number(what, given)))
    for party in given:
        if party not in conflict.parties:
            raise AskError(Problem("play/unknown-party", f"no party '{party}'", hint=did_you_mean(party, conflict.parties)))
    missing = [party for party in conflict.parties if party not in given]
    if missing:
        raise AskError(Problem("play/unknown-party", f"no {what} for party '{missing[0]}'", hint="give one for every party, or one number for all"))
    return checked_number(what, np.array([_number(what, given[party]) for party in conflict.parties]))


def _priced(conflict: Conflict, move_cost: Mapping[str, float]) -> dict[str, float]:
    if not isinstance(move_cost, Mapping):
        raise AskError(Problem("play/bad-number", f"what moves cost must be given per lever, not {move_cost!r}", hint="{'party.lever': 1.0}"))
    for lever in move_cost:
        if lever not in conflict.graph.levers and lever not in conflict.graph.held:
            raise AskError(Problem("play/unknown-lever", f"no lever '{lever}'", hint=did_you_mean(lever, conflict.graph.levers)))
    each = {lever: _number("what a move costs", price) for lever, price in move_cost.items()}
    checked_number("what a move costs", np.array(list(each.values())), least=-np.inf)
    return each


def _number(what: str, given: object) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float | np.number):
        raise AskError(Problem("play/bad-number", f"{what} must be a number, not {given!r}", hint="one number for all, or one per party"))
    return float(given)


def checked_number(what: str, given: Floats, *, least: float = 0.0) -> Floats:
    """The same numbers, read-only; refuses those that are not finite, below `least`, or so large that sums of them are not finite."""
    most = MOST_RATE if what in ("tempo", "discount") else MOST_WORTH
    fits = np.isfinite(given) & (given >= least) & (np.abs(given) <= most)
    if not np.all(fits):
        bounds = f"from {least:g} to {most:g}" if np.isfinite(least) else f"at most {most:g} in size"
        raise AskError(Problem("play/bad-number", f"{what} has to be {bounds}, not {given[~fits][0]}"))
    given = np.array(given, np.float64)
    given.flags.writeable = False
    return given


def idle_notes(idle: Sequence[str]) -> tuple[str, ...]:
    """One line on the parties that never act; none where there are none.

    >>> idle_notes(["a"])
    ('a never acts: the tempo is 0',)
    """
    return (f"{', '.join(idle)} never {'acts' if len(idle) == 1 else 'act'}: the tempo is 0",) if idle else ()


def n_moves(graph: Graph) -> int:
    """Moves of all parties from all states."""
    return sum(moves.n_moves for moves in graph.moves)


ROUNDED = 1e-12  # of a worth: sums that differ by less are one sum


def flow_range(flow: Floats) -> Floats:
    """The difference between the largest and the smallest worth, over the last axis; 0 where sums are rounded by no less.

    >>> flow_range(np.array([[0.1 + 0.2, 0.3], [1.0, 3.0]]))
    array([0., 2.])
    """
    if not flow.shape[-1]:
        return np.zeros(flow.shape[:-1])
    apart = flow.max(axis=-1) - flow.min(axis=-1)
    return np.where(apart > ROUNDED * np.abs(flow).max(axis=-1), apart, 0.0)


def worth_sizes(flow: Floats, cost: Sequence[Floats], noise: Floats) -> Floats:
    """The largest size of every party's flow and costs, (n_parties,); 1 where there is none.

    Where neither differs between states by more than sums are rounded by (.1 and .2 beside .3), the noise is all that is worth
    anything to the party, and gives the size; without noise the size of its flow does.
    """
    sizes = np.ones(len(cost))
    for i, price in enumerate(cost):
        mine = flow[..., i, :]
        size = max(float(flow_range(mine.reshape(-1))), float(np.abs(price).max(initial=0.0)))
        sizes[i] = size or float(noise[..., i].max(initial=0.0)) or float(np.abs(mine).max(initial=0.0)) or 1.0
    return sizes


def worth_units(flow: Floats, cost: Sequence[Floats], noise: Floats) -> Floats:
    """A unit of worth for every party, (n_parties,): the power of two next above its `worth_sizes`, by which nothing is rounded."""
    return np.exp2(np.ceil(np.log2(worth_sizes(flow, cost, noise))))


def in_own_units(game: Game) -> Game:
    """The same game with the worths of every party in a unit of its own: no choice changes, and no limit is absolute."""
    unit = worth_units(game.flow, game.cost, game.noise)
    cost = tuple(price / one for price, one in zip(game.cost, unit, strict=True))
    return replace(game, flow=game.flow / unit[:, None], noise=game.noise / unit, cost=cost)


@dataclass(frozen=True, slots=True)
class GameArrays:
    """A game as the compiled code takes it; every array with a leading axis of draws, or of 1.

    flow : (n_draws, n_parties, n_states) worth per month; tempo, noise, discount: (n_draws, n_parties)
    chance : (n_draws, n_chances) per month; cost: per party (n_draws, n_listed)
    """

    moves: Sequence[Moves]
    chances: Sequence[Chance]
    flow: Floats
    tempo: Floats
    noise: Floats
    discount: Floats
    chance: Floats
    cost: list[Floats]

    def named(self) -> dict[str, Any]:
        """The arrays by name, to be handed on."""
        return {name: getattr(self, name) for name in GameArrays.__slots__}


def game_arrays(game: Game) -> GameArrays:
    """A game as the compiled code takes it, of one draw; a party that cannot move has a tempo of 0."""
    moving = game.tempo * np.array([moves.any for moves in game.graph.moves])  # others would only shorten steps
    flow, tempo, noise, discount, rate = (_one(part) for part in (game.flow, moving, game.noise, game.discount, game.rate))
    cost = [_one(part) for part in game.cost]
    return GameArrays(game.graph.moves, game.graph.chances, flow, tempo, noise, discount, chance=rate, cost=cost)


def _one(array: Floats) -> Floats:
    return np.ascontiguousarray(array[None], dtype=np.float64)


def move_costs(graph: Graph, party: int, move_cost: Mapping[str, float]) -> Floats:
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
