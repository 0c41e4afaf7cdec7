"""The likeliest ways in which a condition ends: from where it starts, move by move, to the move that breaks it."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np

from bestand.graph.conflict import Conflict
from bestand.graph.naming import Condition
from bestand.play.choices import MoveChance, next_choices
from bestand.play.horizon import Play
from bestand.play.survival import Chooses, Start, starting, truce_states
from bestand.show import Portion, Shown, Table, cell_text

MOST_STATES = 50_000  # looked through before the search stops with what it has


@dataclass(frozen=True, slots=True, repr=False)
class Way(Shown):
    """One path to failure.

    start  : state
    moves  : what happens, in order; the last one breaks it
    chance : probability of exactly this sequence of moves, from the start distribution
    """

    conflict: Conflict
    start: int
    moves: tuple[MoveChance, ...]
    chance: float

    def table(self) -> Table:
        """Moves in order, with the rate of each in the state where it is made."""
        before = (self.start, *(move.target for move in self.moves))
        rows = tuple(
            (k + 1, move.who, self.conflict.graph.change(before[k], move.target), move.per_month) for k, move in enumerate(self.moves)
        )
        title = f"From {self.conflict.label(self.start)}, with probability {cell_text(Portion(self.chance))}"
        return Table(title, ("step", "who", "does", "per month"), rows)


@dataclass(frozen=True, slots=True, repr=False)
class Ways(Shown):
    """The likeliest paths to failure, the likeliest first.

    complete : False if the search was stopped before it could be sure that there are no likelier ones
    """

    conflict: Conflict
    ways: tuple[Way, ...]
    complete: bool

    def table(self) -> Table:
        """One path a row."""
        rows = tuple((Portion(way.chance), self.conflict.label(way.start), " → ".join(_words(way))) for way in self.ways)
        stopped = () if self.complete else ("the search was stopped early: others may be likelier",)
        notes = (f"together {cell_text(Portion(sum(way.chance for way in self.ways)))}", *stopped)
        return Table("Likeliest ways in which it ends", ("chance", "from", "moves"), rows, notes)


def _words(way: Way) -> list[str]:
    return [f"{who}: {does}" for _, who, does, _ in way.table().rows]


def ways_to_break(play: Play | Chooses, *, start: Start, truce: Condition, most: int = 5) -> Ways:
    """The `most` likeliest sequences of moves that end a truce, in the chain of jumps of the choices made now.

    Given a state, the next move is the one whose clock rings first: its rate over the sum of all. Times are left out, and
    play to a horizon is taken with its choices of now. A path may come back to a state. Best first: the probability of a
    path only falls as it grows, so the first paths to arrive are the likeliest (Dijkstra 1959, every state at most `most`
    times).

    Raises
    ------
    AskError
        `play/start-outside`, `play/bad-number`.

    >>> from bestand.case.read import read_text
    >>> from bestand.graph.conflict import conflict
    >>> from bestand.graph.game import game
    >>> from bestand.play.survival import Standing
    >>> case = read_text('''
    ... bestand: 1
    ... title: two ways
    ... parties: {a: {name: A}}
    ... levers: {a.truce: {is: keeps the truce, now: yes}}
    ... events: {accident: {sets: {a.truce: no}, when: a.truce, per_month: 0.5}}
    ... wants: {a: [{that: a.truce, worth: 1}]}
    ... ''')
    >>> idle = Standing(game(conflict(case)), np.zeros((1, 2)))
    >>> [(way.moves[0].who, way.chance) for way in ways_to_break(idle, start="now", truce="a.truce").ways]
    [('a', 0.5), ('accident', 0.5)]
    """
    game, conflict = play.game, play.game.conflict
    inside = truce_states(conflict, truce)
    mass = starting(conflict, start, inside)
    waiting: list[tuple[float, int, int, tuple[MoveChance, ...]]] = []
    order = 0
    for s in np.flatnonzero(mass):
        heapq.heappush(waiting, (-math.log(mass[s]), order := order + 1, int(s), ()))
    seen: dict[int, int] = {}
    steps: dict[int, list[tuple[float, MoveChance]]] = {}
    ways: list[Way] = []
    while waiting and len(ways) < most and len(steps) < MOST_STATES:
        length, _, first, moves = heapq.heappop(waiting)
        here = moves[-1].target if moves else first
        if not inside[here]:
            ways.append(Way(conflict, first, moves, math.exp(-length)))
            continue
        seen[here] = seen.get(here, 0) + 1
        if seen[here] > most:
            continue
        if here not in steps:
            steps[here] = _lengths(next_choices(game, play.values, here), here)
        for step, choice in steps[here]:
            heapq.heappush(waiting, (length + step, order := order + 1, first, (*moves, choice)))
    return Ways(conflict, tuple(ways), not waiting or len(ways) == most)


def _lengths(options: tuple[MoveChance, ...], here: int) -> list[tuple[float, MoveChance]]:
    """−log of the probability that a move is the next to happen, for each that may be."""
    leaves = [choice for choice in options if choice.target != here and choice.per_month > 0]
    total = sum(choice.per_month for choice in leaves)
    return [(-math.log(choice.per_month / total), choice) for choice in leaves]
