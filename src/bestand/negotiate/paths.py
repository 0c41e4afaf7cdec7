"""How the conflict gets from one state to others, and where it sticks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.model import Graph, Worth
from bestand.show import Shown, Table


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


@dataclass(frozen=True, slots=True)
class Paths(Shown):
    """What is reached from `start`, by the fewest moves.

    reached : (n_states,) bool
    length  : (n_states,) int32, fewest moves from the start; −1 where not reached
    ends    : states reached from which no party has a further move of the kind asked for, ascending
    loops   : whether one can go round in circles
    """

    graph: Graph
    worth: Worth
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

    def to(self, state: int) -> tuple[Step, ...] | None:
        """The moves of a shortest path to a state; None if it is not reached."""
        if not self.reached[state]:
            return None
        steps: list[Step] = []
        while state != self.start:
            source = int(self.before[state])
            steps.append(_step(self.graph, self.worth, int(self.mover[state]), source, state, self.draw))
            state = source
        return tuple(reversed(steps))

    @property
    def steps(self) -> Mapping[int, tuple[Step, ...]]:
        """Shortest paths to the goals reached, nearest first (at most 100)."""
        near = sorted(self.goals, key=lambda s: int(self.length[s]))[:100]
        return {int(s): self.to(int(s)) or () for s in near}

    def table(self) -> Table:
        """One row per goal reached, nearest first."""
        rows = tuple(
            (state, len(steps), " ⟶ ".join(step.words for step in steps) or "already there")
            for state, steps in self.steps.items()
        )
        kind = "improving moves" if self.by == "improving" else "any moves"
        notes = [] if rows else [f"no state asked for is reached by {kind}"]
        notes += [f"{int(self.reached.sum())} states reached, {self.ends.size} of them ends"]
        notes += ["moves can go round in circles"] if self.loops else []
        return Table(f"From [{self.graph.label(self.start)}] by {kind}", ("state", "moves", "path"), rows, tuple(notes))


def _step(graph: Graph, worth: Worth, party: int, source: int, target: int, draw: int) -> Step:
    old, new = graph.at(source), graph.at(target)
    changes = {lever: (old[lever], new[lever]) for lever in old if old[lever] != new[lever]}
    ranks = worth.rank[draw, party]
    return Step(graph.parties[party], source, target, changes, int(ranks[source]), int(ranks[target]))


def paths(
    graph: Graph,
    worth: Worth,
    *,
    start: int | None = None,
    goal: NDArray[np.bool_] | None = None,
    by: Literal["improving", "any"] = "improving",
    without: NDArray[np.bool_] | None = None,
    excluding: Collection[str] = (),
    draw: int = 0,
) -> Paths:
    """Shortest ways from `start` (the present state, if not given) to the states where `goal` holds (all, if not given).

    by        : `improving`, moves by which the mover gains at once; `any`, all legal moves
    without   : states that may not be touched on the way
    excluding : parties that do not move

    Of equally short paths the one that changes the fewest levers in all; then the party that comes first in the case, then
    the lower state.

    Raises
    ------
    AskError
        `negotiate/no-start` where the present state is banned and no start is given; `negotiate/unknown-party`.
    """
    start = graph.now if start is None else start
    if start is None:
        what = "the present state is banned, so no path can start there"
        raise AskError(Problem("negotiate/no-start", what, hint="give a start, or look at `never` and `now` in the case"))
    for party in excluding:
        if party not in graph.parties:
            hint = did_you_mean(party, graph.parties)
            raise AskError(Problem("negotiate/unknown-party", f"no party '{party}'", hint=hint))
    may_move = np.array([party not in excluding for party in graph.parties])
    is_open = np.empty(0, bool) if without is None else np.ascontiguousarray(~without)
    way: kernels.Which = "paying" if by == "improving" else "any"
    length, mover, before, rests, loops = kernels.reach(
        graph.moves, np.ascontiguousarray(worth.rank[draw]), start, by=way, open=is_open, may_move=may_move
    )
    reached = length >= 0
    goals = np.flatnonzero(reached if goal is None else reached & goal)
    ends = np.flatnonzero(rests)
    return Paths(graph, worth, start, by, reached, length, ends, loops, goals, mover, before, draw)
