"""What each party does with a chance to move: the choice probabilities that follow from a game and its values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.graph.game import Game, worth_units
from bestand.show import Fixed

NEAR = 1e-9  # options closer than this, in the party's unit of worth, are a tie where noise is 0


@dataclass(frozen=True, slots=True)
class MoveRates(Fixed):
    """The rate matrix of play, move by move, rows in the order of states.

    row    : (n_states + 1,) int64, moves from state s are [row[s]:row[s + 1]]
    target : (n_moves,) int64
    rate   : (n_moves,) float64, per month
    who    : (n_moves,) int32, index of the party, or n_parties + index of the event
    """

    row: NDArray[np.int64]
    target: NDArray[np.int64]
    rate: NDArray[np.float64]
    who: NDArray[np.int32]

    @property
    def source(self) -> NDArray[np.int64]:
        """State that each move leaves: shape (n_moves,)."""
        return np.repeat(np.arange(self.row.size - 1), np.diff(self.row))


@dataclass(frozen=True, slots=True)
class MoveChance:
    """One thing that may happen next: who (a party or an event) takes the conflict to `target`.

    chance    : probability, given that the party may move now; None for an event
    per_month : rate
    """

    who: str
    target: int
    chance: float | None
    per_month: float


def move_rates(game: Game, values: NDArray[np.float64]) -> MoveRates:
    """All moves that parties and chance make, with their rates per month; staying is left out.

    values : (n_parties, n_states), as `play` and other solutions give them

    At noise 0 a party stays where staying is among the best, and else shares out equally among the best.

    >>> import numpy as np
    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> from bestand.graph.game import game
    >>> played = game(conflict(read("example/en")), tempo=1.0)
    >>> made = move_rates(played, np.zeros_like(played.flow))  # to one that cares for nothing each move and staying are alike
    >>> float(made.rate[made.row[0]]) <= 0.5
    True
    """
    parts = [part for i in range(len(game.graph.parties)) for part in _of_party(game, values[i], i)]
    for c, event in enumerate(game.chances):
        who = np.full(event.source.size, len(game.graph.parties) + c)
        parts.append((event.source.astype(np.int64), event.target.astype(np.int64), np.full(event.source.size, event.per_month), who))
    if not parts:
        nothing = np.zeros(0, np.int64)
        parts = [(nothing, nothing, np.zeros(0), nothing)]
    source, target, rate, who = (np.concatenate(part) for part in zip(*parts, strict=True))
    order = np.argsort(source, kind="stable")
    row = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=game.graph.n_states))))
    return MoveRates(row, target[order], rate[order], who[order].astype(np.int32))


Part = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]


def _of_party(game: Game, value: NDArray[np.float64], party: int) -> Iterator[Part]:
    """Moves of one party, kind of block by kind of block."""
    moves = game.graph.moves[party]
    size, unit = np.diff(moves.block), worth_units(game.flow, game.cost, game.noise)[party]
    for kind in np.unique(moves.kind):
        blocks = np.flatnonzero(moves.kind == kind)
        first = int(moves.first_row[kind])
        row = moves.row[first : first + int(size[blocks[0]]) + 1]
        if row[0] == row[-1]:
            continue
        members = moves.members[moves.block[blocks][:, None] + np.arange(size[blocks[0]])].astype(np.int64)
        leaves = np.repeat(np.arange(row.size - 1), np.diff(row))
        enters = moves.target[row[0] : row[-1]]
        here = value[members] / unit
        there = here[:, enters] - game.cost[party][row[0] : row[-1]] / unit
        go = _odds(here, there, row - row[0], leaves, float(game.noise[party] / unit))
        who = np.full(go.size, party)
        yield members[:, leaves].ravel(), members[:, enters].ravel(), game.tempo[party] * go.ravel(), who


def _odds(
    here: NDArray[np.float64], there: NDArray[np.float64], row: NDArray[np.int64], leaves: NDArray[np.int64], noise: float
) -> NDArray[np.float64]:
    """Probability of each listed move: shape (n_blocks, n_listed); here (n_blocks, size), there (n_blocks, n_listed)."""
    best = here.copy()
    for place in np.unique(leaves):
        best[:, place] = np.maximum(here[:, place], there[:, row[place] : row[place + 1]].max(axis=1))
    if noise > 0:
        go, stay = np.exp((there - best[:, leaves]) / noise), np.exp((here - best) / noise)
    else:
        near = best - NEAR * (1 + np.abs(best))
        stay = (here >= near).astype(float)
        go = ((there >= near[:, leaves]) & (stay[:, leaves] == 0)).astype(float)
    total = stay
    for place in np.unique(leaves):
        total[:, place] += go[:, row[place] : row[place + 1]].sum(axis=1)
    return go / total[:, leaves]


def next_choices(game: Game, values: NDArray[np.float64], state: int) -> tuple[MoveChance, ...]:
    """Everything that may happen next in one state, staying included, parties in order, then events.

    A party of tempo 0 never gets a chance to move, and the course of things decides nothing, so that nothing of them is among them.

    values : (n_parties, n_states)
    """
    stated = game.conflict.stated
    decides_nothing = [name for name, party in stated.file.parties.items() if party.chance] if stated else []
    options: list[MoveChance] = []
    for i, (party, unit) in enumerate(zip(game.graph.parties, worth_units(game.flow, game.cost, game.noise), strict=True)):
        if party in game.idle or party in decides_nothing:
            continue
        targets, cost = _listed(game, i, state)
        odds = _row_odds(values[i] / unit, state, targets, cost / unit, float(game.noise[i] / unit))
        options += [
            MoveChance(party, int(t), float(p), float(game.tempo[i] * p)) for t, p in zip((state, *targets), odds, strict=True)
        ]
    for event in game.chances:
        at = np.flatnonzero(event.source == state)
        options += [MoveChance(event.name, int(t), None, event.per_month) for t in event.target[at]]
    return tuple(options)


def _listed(game: Game, party: int, state: int) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    moves = game.graph.moves[party]
    block = moves.block_of[state]
    members = moves.members[moves.block[block] : moves.block[block + 1]]
    row = int(moves.first_row[moves.kind[block]]) + int(np.searchsorted(members, state))
    listed = slice(int(moves.row[row]), int(moves.row[row + 1]))
    return members[moves.target[listed]], game.cost[party][listed]


def _row_odds(
    value: NDArray[np.float64], state: int, targets: NDArray[np.uint32], cost: NDArray[np.float64], noise: float
) -> NDArray[np.float64]:
    worth = np.concatenate(([value[state]], value[targets] - cost))
    if noise > 0:
        odds = np.exp((worth - worth.max()) / noise)
    else:
        odds = (worth >= worth.max() - NEAR * (1 + abs(worth.max()))).astype(float)
        odds[1:] *= odds[0] == 0
    return odds / odds.sum()
