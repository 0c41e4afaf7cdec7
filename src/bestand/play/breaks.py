"""The likeliest ways in which a condition ends: from where it starts, move by move, to the move that breaks it."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.graph.model import Graph
from bestand.play.choices import Choice, change, next_choices
from bestand.play.horizon import Play
from bestand.play.survival import Policy, Start, checked_holds, starting
from bestand.show import Shown, Table

MOST_STATES = 50_000  # looked through before the search stops with what it has


@dataclass(frozen=True, slots=True)
class Way(Shown):
    """One path to failure.

    start  : state
    moves  : what happens, in order; the last one breaks it
    chance : probability of exactly this sequence of moves, from the start distribution
    """

    graph: Graph
    start: int
    moves: tuple[Choice, ...]
    chance: float

    def table(self) -> Table:
        """Moves in order, with the rate of each in the state where it is made."""
        before = (self.start, *(move.target for move in self.moves))
        rows = tuple(
            (k + 1, move.who, change(self.graph, before[k], move.target), move.per_month) for k, move in enumerate(self.moves)
        )
        title = f"From {self.graph.label(self.start)}, with probability {self.chance:.3g}"
        return Table(title, ("step", "who", "does", "per month"), rows)


@dataclass(frozen=True, slots=True)
class Ways(Shown):
    """The likeliest paths to failure, the likeliest first.

    complete : False if the search was stopped before it could be sure that there are no likelier ones
    """

    graph: Graph
    ways: tuple[Way, ...]
    complete: bool

    def table(self) -> Table:
        """One path a row."""
        rows = tuple((way.chance, self.graph.label(way.start), " → ".join(_words(way))) for way in self.ways)
        stopped = () if self.complete else ("the search was stopped early: others may be likelier",)
        notes = (f"together {sum(way.chance for way in self.ways):.3g}", *stopped)
        return Table("Likeliest ways in which it ends", ("chance", "from", "moves"), rows, notes)


def _words(way: Way) -> list[str]:
    return [f"{who}: {does}" for _, who, does, _ in way.table().rows]


def ways_to_break(play: Play | Policy, *, start: Start, holds: NDArray[np.bool_], most: int = 5) -> Ways:
    """The `most` likeliest sequences of moves that end a condition, in the chain of jumps of the choices made now.

    Given a state, the next move is the one whose clock rings first: its rate over the sum of all. Times are left out, and
    play to a horizon is taken with its choices of now. A path may come back to a state. Best first: the probability of a
    path only falls as it grows, so the first paths to arrive are the likeliest (Dijkstra 1959, every state at most `most`
    times).

    Raises
    ------
    AskError
        `play/start-outside`, `play/bad-number`.

    >>> import numpy as np
    >>> from bestand.case.read import read_text
    >>> from bestand.play.survival import Kept
    >>> from bestand.graph.game import Game
    >>> from bestand.graph.build import build
    >>> case = read_text('''
    ... bestand: 1
    ... title: two ways
    ... parties: {a: {name: A}}
    ... levers: {a.truce: {is: keeps the truce, now: yes}}
    ... events: {accident: {sets: {a.truce: no}, when: a.truce, per_month: 0.5}}
    ... wants: {a: [{that: a.truce}]}
    ... ''')
    >>> graph = build(case)
    >>> one, flat = np.ones(1), np.zeros((1, 2))
    >>> game = Game(graph, flat, one, one, one, (np.zeros(2),))
    >>> found = ways_to_break(Kept(game, flat), start="now", holds=graph.where(case.condition("a.truce")))
    >>> [(way.moves[0].who, way.chance) for way in found.ways]
    [('a', 0.5), ('accident', 0.5)]
    """
    game, graph = play.game, play.game.graph
    inside = checked_holds(graph, holds)
    mass = starting(graph, start, inside)
    waiting: list[tuple[float, int, int, tuple[Choice, ...]]] = []
    order = 0
    for s in np.flatnonzero(mass):
        heapq.heappush(waiting, (-math.log(mass[s]), order := order + 1, int(s), ()))
    seen: dict[int, int] = {}
    steps: dict[int, list[tuple[float, Choice]]] = {}
    found: list[Way] = []
    while waiting and len(found) < most and len(steps) < MOST_STATES:
        length, _, first, moves = heapq.heappop(waiting)
        here = moves[-1].target if moves else first
        if not inside[here]:
            found.append(Way(graph, first, moves, math.exp(-length)))
            continue
        seen[here] = seen.get(here, 0) + 1
        if seen[here] > most:
            continue
        if here not in steps:
            steps[here] = _lengths(next_choices(game, play.values, here), here)
        for step, choice in steps[here]:
            heapq.heappush(waiting, (length + step, order := order + 1, first, (*moves, choice)))
    return Ways(graph, tuple(found), not waiting or len(found) == most)


def _lengths(found: tuple[Choice, ...], here: int) -> list[tuple[float, Choice]]:
    """−log of the probability that a move is the next to happen, for each that may be."""
    leaves = [choice for choice in found if choice.target != here and choice.per_month > 0]
    total = sum(choice.per_month for choice in leaves)
    return [(-math.log(choice.per_month / total), choice) for choice in leaves]
