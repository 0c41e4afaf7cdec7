"""Which states are stable for whom, under which foresight, and where the conflict can rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.arguments import numbered
from bestand.case.concepts import CORE, REPLIES, Concept, Credibility, Foresight, Moving, Replies, Steps
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.model import Graph
from bestand.graph.ranks import distinct
from bestand.graph.ready import ready
from bestand.graph.worth import different_draws
from bestand.negotiate.asking import foresights, one_of, reply_steps, threads_of
from bestand.show import Cell, Shown, Table

VISITS = 0.5  # to each state for each party, from which on a verdict on every state is the shorter way to know whether one rests
LEAST_VISITS = 1_000  # which are always made
TOGETHER = 256  # draws that are judged at once
MOST_ROWS = 50  # equilibria that a table shows
MOST_MOVING, MOST_ONCE = 250, 12  # parties that can move: where replies are sequences, and where each party replies once at most


@dataclass(frozen=True, slots=True, repr=False)
class Stability(Shown):
    """Verdict for every draw, concept, party and state.

    stable : (n_draws, n_concepts, n_parties, n_states) bool
    replies, moves, credibility : the reading of the others' replies that was used
    """

    conflict: Conflict
    concepts: tuple[str, ...]
    stable: NDArray[np.bool_]
    replies: str
    moves: str
    credibility: str

    def holds(self, concept: str, party: str | int | None = None, *, draw: int = 0) -> NDArray[np.bool_]:
        """States stable for `party`, or for all parties (equilibria): shape (n_states,)."""
        verdict = self.stable[numbered("draw", draw, len(self.stable)), self._concept(concept)]
        if party is None:
            return verdict.all(axis=0)
        return verdict[self.conflict.party(party)]

    def equilibria(self, concept: str, *, draw: int = 0) -> NDArray[np.int64]:
        """Numbers of the states that are stable for every party."""
        return np.flatnonzero(self.holds(concept, draw=draw))

    def _concept(self, concept: str) -> int:
        return self.concepts.index(one_of("concept", concept, self.concepts, here=True))

    def table(self) -> Table:
        """Equilibria of draw 0 as rows, concepts as columns, those under most concepts first; of large graphs the first 50."""
        title = "Equilibria with best replies" if self.moves == "best" else "Equilibria"
        return equilibria_table(title, self.conflict, {concept: self.holds(concept) for concept in self.concepts})


def equilibria_table(title: str, conflict: Conflict, holds: Mapping[str, NDArray[np.bool_]]) -> Table:
    """Equilibria as rows, concepts as columns, those under most concepts first; of large graphs the first 50.

    holds : by concept, (n_states,) whether each state is one
    """
    n_concepts: NDArray[np.int8] = np.sum(list(holds.values()), axis=0, dtype=np.int8)  # of millions of states no more than a byte each
    states = np.flatnonzero(n_concepts)
    states = states[np.argsort(-n_concepts[states], kind="stable")]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (int(s), conflict.label(int(s)), *(bool(mask[s]) for mask in holds.values())) for s in states[:MOST_ROWS]
    )
    notes = (f"{states.size} equilibria; the {MOST_ROWS} under most concepts are shown",) if states.size > len(rows) else ()
    return Table(title, ("state", "what", *holds), rows, notes)


def stability(
    conflict: Conflict | Case,
    *,
    concepts: Concept | Foresight | Sequence[Concept | Foresight] = CORE,
    replies: Replies = "legal",
    moves: Moving = "paying",
    credibility: Credibility = "strict",
    threads: int | None = None,
) -> Stability:
    """Nash, GMR, SMR, SEQ and SSR stability of every state for every party, in every draw.

    concepts    : names, or rows of one's own
    replies     : `legal`, sequences in which nobody moves twice in a row; `once`, each opponent at most once;
                  `single`, one move of one opponent (as some published tables have it)
    moves       : of SEQ and SSR replies: `paying`, any by which the mover gains (the classical reading); `best`, of these
                  those it ranks highest, and of these those that set the fewest levers. All paying moves tempt either way
    credibility : of paying replies: `strict`, the mover gains; `weak`, the mover does not lose
    threads     : all cores, if not given

    Definitions in `concepts`; the smallest key that the others can reach decides, so one pass over the moves serves
    all concepts and parties. Memory: about 32 + 4 · n_parties bytes a state, and 16 for each party with guards
    that open each other; what is not a party's number twice that above 65,535 different ranks.

    Raises
    ------
    AskError
        `negotiate/unknown-concept`, `negotiate/unknown-replies`, `negotiate/unknown-moves`,
        `negotiate/unknown-credibility`, `negotiate/too-many-parties`.

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> valley = conflict(read("example/en"))
    >>> [int(stability(valley, moves=moves).holds("seq").sum()) for moves in ("paying", "best")]
    [6, 6]
    """
    conflict = ready(conflict)
    asked = foresights(concepts)
    one_of("reading of replies", replies, REPLIES)
    looks = [(reply_steps(row, moves, credibility), row.escape) for row in asked]
    _few_enough(conflict.graph, replies)
    rank = conflict.worth.rank
    first, which = distinct(rank)
    alone = len(first) == len(rank)  # no two draws rank alike
    verdicts = _verdicts(conflict.graph, rank if alone else rank[first], looks, replies, threads_of(threads))
    stable = verdicts if alone else verdicts[which]
    stable.flags.writeable = False
    return Stability(conflict, tuple(row.name for row in asked), stable, replies, moves, credibility)


def resting_states(
    conflict: Conflict, *, concept: Concept = "seq", moves: Moving = "paying", among: Collection[int] | None = None, threads: int | None = None
) -> NDArray[np.bool_]:
    """Whether each state is stable for all parties together, in every draw: shape (n_draws, n_states).

    among : parties (their places), if not all

    What `stability` says of them, without a verdict for each: a state that one party leaves is not looked at for the next, and
    draws in which nobody who can move ranks states otherwise are judged once.

    Raises
    ------
    AskError
        `negotiate/unknown-concept`, `negotiate/unknown-moves`, `negotiate/too-many-parties`.

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> int(resting_states(conflict(read("example/en")), moves="best").sum())
    6
    """
    (row,) = foresights(concept)
    judged = np.array([among is None or party in among for party in range(len(conflict.parties))])
    return _judged(conflict.graph, *conflict.rankings, judged, (reply_steps(row, moves), row.escape), threads_of(threads))


def _judged(
    graph: Graph, rows: NDArray[np.uint32], which: NDArray[np.int32], judged: NDArray[np.bool_], look: tuple[Steps, bool], threads: int
) -> NDArray[np.bool_]:
    _few_enough(graph, "legal")
    first, again = different_draws(which, np.array([moves.any for moves in graph.moves]))
    made = kernels.resting(graph.moves, rows, which[first], judged, replies=look[0], escape=look[1], threads=threads)
    return made if len(first) == len(which) else made[again]


def some_rest(conflict: Conflict, goal: NDArray[np.bool_], *, concept: Concept = "seq", moves: Moving = "paying") -> NDArray[np.bool_]:
    """Whether some state of the goal is an equilibrium, in every draw: shape (n_draws,).

    goal : (n_states,) bool

    What `stability` says of these states, but they are looked at one by one until one rests, each by a search of its own
    [definitions in `concepts`], and a verdict on every state is only worked out where that grows too long.

    Raises
    ------
    AskError
        `negotiate/unknown-concept`, `negotiate/unknown-moves`, `negotiate/too-many-parties`.

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> valley = conflict(read("example/en"))
    >>> some_rest(valley, valley.where("truce")).tolist()
    [False]
    """
    return goals_rest(conflict.graph, *conflict.rankings, goal[None], concept=concept, moves=moves, looked=[0])[:, 0]


def goals_rest(
    graph: Graph, rows: NDArray[np.uint32], which: NDArray[np.int32], goals: NDArray[np.bool_], *,
    concept: Concept = "seq", moves: Moving = "paying", looked: Sequence[int] = (),
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether some state of each goal is an equilibrium, in many draws: shape (n_draws, n_goals).

    rows   : (n_rows, n_states) ranks that parties have in some draw; which: (n_draws, n_parties), the row of each
    goals  : (n_goals, n_states) bool
    looked : goals of which the states are looked at one by one, as in `some_rest`; where it is told of others too, every state is judged

    Raises
    ------
    AskError
        `negotiate/unknown-concept`, `negotiate/unknown-moves`, `negotiate/too-many-parties`.
    """
    (row,) = foresights(concept)
    steps = reply_steps(row, moves)
    _few_enough(graph, "legal")
    rests = np.full((len(which), len(goals)), 2, np.uint8)
    rests[:, ~goals.any(axis=1)] = 0  # in no state
    asked = [goal for goal in looked if goals[goal].any()]
    if asked and set(asked) == {*np.flatnonzero(goals.any(axis=1)).tolist()}:
        most = max(LEAST_VISITS, int(VISITS * graph.n_states * len(graph.parties)))
        rests[:, asked] = kernels.rests(graph.moves, rows, which, goals[asked], replies=steps, escape=row.escape, most=most)
    bits = np.packbits(goals, axis=1)
    long = np.flatnonzero((rests == 2).any(axis=1))
    for first in range(0, long.size, TOGETHER):
        some = long[first : first + TOGETHER]
        resting = _judged(graph, rows, which[some], np.ones(which.shape[1], np.bool_), (steps, row.escape), 1)
        rests[some] = [(bits & each).any(axis=1) for each in np.packbits(resting, axis=1)]
    return rests.astype(np.bool_)


def _few_enough(graph: Graph, replies: Replies) -> None:
    """Raises where more parties can move than a reading of replies is computed for."""
    n_parties, most = sum(moves.any for moves in graph.moves), MOST_ONCE if replies == "once" else MOST_MOVING
    if n_parties > most:
        what = f"{n_parties} parties that can move are more than the {most} that replies '{replies}' are computed for"
        fewer = "take a view in which fewer have a lever that varies"
        hint = f"replies='legal' takes up to {MOST_MOVING}" if most < n_parties <= MOST_MOVING else fewer
        raise AskError(Problem("negotiate/too-many-parties", what, hint=hint))


def _verdicts(
    graph: Graph, rank: NDArray[np.uint32], looks: Sequence[tuple[Steps, bool]], replies: Replies, threads: int
) -> NDArray[np.bool_]:
    """Stability as the compiled code works it out."""
    return kernels.stable(graph.moves, np.ascontiguousarray(rank), looks=looks, sequences=replies, threads=threads)
