"""How the conflict gets from one state to others, and where it sticks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict
from bestand.graph.model import Graph
from bestand.graph.naming import Condition, Which
from bestand.graph.ready import ready
from bestand.graph.worth import different_draws
from bestand.negotiate.asking import draw_number, one_of, party_names
from bestand.show import Shown, Table

By = Literal["best", "paying", "any"]
BY: tuple[By, ...] = ("best", "paying", "any")
MOST_WAYS = 100  # that are told one by one, nearest first
_KINDS = {"best": "best moves", "paying": "paying moves", "any": "any moves"}


@dataclass(frozen=True, slots=True)
class Step:
    """One move: who, from where to where, which levers change from what to what, and the mover's ranks before and after."""

    party: str
    source: int
    target: int
    changes: Mapping[str, tuple[str, str]]
    rank_before: int
    rank_after: int

    @property
    def words(self) -> str:
        """The move in words."""
        changed = ", ".join(f"{lever}: {old} → {new}" for lever, (old, new) in self.changes.items())
        return f"{self.party} ({changed or f'{self.source} → {self.target}'})"


@dataclass(frozen=True, slots=True, repr=False)
class Paths(Shown):
    """What is reached from `start`, by the fewest moves.

    reached : (n_states,) bool
    length  : (n_states,) int32, fewest moves from the start; −1 where not reached
    ends    : (n_ends,) int64, states reached from which no party has a further move of the kind asked for, ascending
    goals   : (n_goals,) int64, states reached of those asked for
    mover, before : (n_states,) int16 and uint32, who makes the last move of a shortest way to each state, and from where; they mean nothing
              where `length` is 0 or −1
    loops   : whether one can go round in circles; no, where there was no time to tell
    n_followed : states whose moves were followed, nearest first
    whole   : whether those are all that are reached; else more may be, and of equally short ways another may set fewer levers
    """

    conflict: Conflict
    start: int
    by: str
    reached: NDArray[np.bool_]
    length: NDArray[np.int32]
    ends: NDArray[np.int64]
    loops: bool
    goals: NDArray[np.int64]
    mover: NDArray[np.int16]
    before: NDArray[np.uint32]
    draw: int = 0
    n_followed: int = 0
    whole: bool = True

    @property
    def nearest_ends(self) -> tuple[int, ...]:
        """The ends, those of the fewest moves first, of these those of the fewest lever changes."""
        return tuple(self._nearest_first(self.ends).tolist())

    def _nearest_first(self, states: NDArray[np.int64]) -> NDArray[np.int64]:
        """States that are reached, those of the fewest moves first, then of the fewest lever changes in all, then the lower."""
        return states[np.lexsort((states, self._levers_set(states), self.length[states]))]

    def _levers_set(self, states: NDArray[np.int64]) -> NDArray[np.int32]:
        """Lever changes on the way to each of some states that are reached: shape (n,)."""
        graph, here = self.conflict.graph, states.copy()
        n_set = np.zeros(states.size, np.int32)
        while (on := np.flatnonzero(self.length[here] > 0)).size:
            there, here[on] = here[on], self.before[here[on]]
            for lever in graph.levers:
                n_set[on] += graph.digits_at(lever, there) != graph.digits_at(lever, here[on])
        return n_set

    def to(self, state: Which) -> tuple[Step, ...]:
        """The moves of a shortest path to a state.

        Raises
        ------
        AskError
            `negotiate/not-reached`.
        """
        here = self.conflict.state(state)
        if not self.reached[here]:
            what = f"[{self.conflict.label(here)}] is not reached from [{self.conflict.label(self.start)}] by {_KINDS[self.by]}"
            raise AskError(Problem("negotiate/not-reached", what, hint="see `reached` for the states that are; by='any' goes by all legal moves"))
        steps: list[Step] = []
        while here != self.start:
            source = int(self.before[here])
            steps.append(_step(self.conflict, int(self.mover[here]), source, here, self.draw))
            here = source
        return tuple(reversed(steps))

    @property
    def steps(self) -> Mapping[int, tuple[Step, ...]]:
        """Shortest paths to the goals reached, nearest first (at most 100); of those equally far the ones of the fewest lever changes."""
        length = self.length[self.goals]
        farthest = np.partition(length, MOST_WAYS - 1)[MOST_WAYS - 1] if length.size > MOST_WAYS else length.max(initial=0)
        return {state: self.to(state) for state in self._nearest_first(self.goals[length <= farthest])[:MOST_WAYS].tolist()}

    def table(self) -> Table:
        """One row per goal reached, nearest first."""
        rows = tuple(
            (state, len(steps), " ⟶ ".join(step.words for step in steps) or "already there")
            for state, steps in self.steps.items()
        )
        kind = _KINDS[self.by]
        notes = [] if rows else [f"no state asked for is reached by {kind}"]
        notes += [f"{int(self.reached.sum())} states reached, {self.ends.size} of them ends"]
        notes += ["moves can go round in circles"] if self.loops else []
        notes += [] if self.whole else [f"there was no time to follow all moves: those from {self.n_followed:,} states were followed, nearest first"]
        return Table(f"From [{self.conflict.label(self.start)}] by {kind}", ("state", "moves", "path"), rows, tuple(notes))


def _step(conflict: Conflict, party: int, source: int, target: int, draw: int) -> Step:
    ranks = conflict.worth.rank[draw, party]
    changes = conflict.graph.changes(source, target)
    return Step(conflict.parties[party], source, target, changes, int(ranks[source]), int(ranks[target]))


def paths(
    conflict: Conflict | Case,
    *,
    start: Which = "now",
    goal: Condition = None,
    by: By = "best",
    without: Condition = None,
    excluding: str | int | Collection[str | int] = (),
    draw: int = 0,
    budget: Budget | None = None,
) -> Paths:
    """Shortest ways from `start` to the states where `goal` holds (all, if not given).

    by        : `best`, of the moves by which the mover gains at once those it ranks highest, and of these those that set
                the fewest levers; `paying`, all by which it gains; `any`, all legal moves
    without   : states that may not be touched on the way
    excluding : parties that do not move
    budget    : how long it may take, if it has a clock; past its time what is known by then is the answer (`whole`)

    Of equally short paths the one with the fewest lever changes in all; then the party that comes first in the case, then
    the lower state.

    Raises
    ------
    GraphError
        `graph/no-present` where the present state is banned and no start is given; `graph/unknown-party`, `graph/unknown-state`.
    AskError
        `negotiate/unknown-moves`, `negotiate/no-such-draw`, `negotiate/start-closed`.

    >>> from bestand import conflict, read
    >>> found = paths(conflict(read("example/en")), goal="upper.tariff", by="any")
    >>> int(found.length[found.goals].min())
    1
    """
    conflict = ready(conflict)
    one_of("kind of moves", by, BY)
    draw_number(conflict, draw)
    begin = conflict.today(draw) if isinstance(start, str) and start.strip() == "now" else conflict.state(start)
    is_open, may_move = _on_the_way(conflict, np.array([begin]), without, excluding)
    wanted = conflict.where(goal)
    graph, rank = conflict.graph, np.ascontiguousarray(conflict.worth.rank[draw])
    enough = None if budget is None or budget.clock is None else lambda: budget.left(0.0) <= 0
    known = kernels.reach(graph.moves, rank, begin, by=by, open=is_open, may_move=may_move, enough=enough)
    reached = known.steps >= 0
    return Paths(
        conflict=conflict, start=begin, by=by, reached=reached, length=known.steps, ends=np.flatnonzero(known.rests), loops=known.circles,
        goals=np.flatnonzero(reached & wanted), mover=known.mover, before=known.before, draw=draw, n_followed=known.n_followed,
        whole=known.whole,
    )  # fmt: skip


def _on_the_way(
    conflict: Conflict, starts: NDArray[np.int64], without: Condition, excluding: str | int | Collection[str | int]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """States that may be entered (empty for all), and parties that may move."""
    still = party_names(conflict, excluding)
    is_open = np.empty(0, bool) if without is None else np.ascontiguousarray(~conflict.where(without))
    if is_open.size and not is_open[starts].all():
        raise AskError(Problem("negotiate/start-closed", "the start is one of the states that may not be touched", hint="see `without`"))
    return is_open, np.array([party not in still for party in conflict.parties])


def fewest_moves(
    conflict: Conflict, starts: NDArray[np.int64], *, by: By = "best", without: Condition = None, excluding: Collection[str] = ()
) -> NDArray[np.int32]:
    """Fewest moves from the nearest of some starts to each state in every draw, −1 where none lead there: (n_draws, n_states).

    The least `length` of `paths` from each start, without the ways; legal moves are the same in every draw.
    """
    is_open, may_move = _on_the_way(conflict, starts, without, excluding)
    graph = conflict.graph
    if by == "any":
        rows, which, again = np.zeros((1, graph.n_states), np.uint32), np.zeros((1, len(graph.parties)), np.int32), np.zeros(conflict.draws, np.int64)
    else:
        rows, which = conflict.rankings
        first, again = different_draws(which, may_move & [moves.any for moves in graph.moves])
        which = which[first]
    steps = kernels.fewest_steps(graph.moves, rows, which, starts, by=by, open=is_open, may_move=may_move)
    return steps if len(steps) == len(again) else steps[again]


def goals_reached(
    graph: Graph, rows: NDArray[np.uint32], which: NDArray[np.int32], starts: NDArray[np.int64], goals: NDArray[np.bool_], *, by: By = "best"
) -> NDArray[np.bool_]:
    """Whether moves from a start lead to each goal, in many draws: shape (n_draws, n_goals); as `paths`, without the ways.

    rows   : (n_rows, n_states) ranks that parties have in some draw; which: (n_draws, n_parties), the row of each
    starts : (n_draws,) states; goals: (n_goals, n_states) bool
    """
    return kernels.reach_goals(graph.moves, rows, which, starts, goals, by=by)
