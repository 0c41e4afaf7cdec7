"""A witness for any verdict: the tempting moves, and the replies that stop them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.case.concepts import REPLIES, Concept, Credibility, Foresight, Moving, Replies
from bestand.case.loaded import Case
from bestand.graph.conflict import Conflict
from bestand.graph.naming import Which
from bestand.graph.ready import ready
from bestand.negotiate.asking import draw_number, foresight_of, one_of, reply_steps
from bestand.negotiate.sequences import Sequences
from bestand.negotiate.steps import steps_from
from bestand.show import Shown, Table

Reply = tuple[tuple[str, int], ...]  # who moves, and the state that the move leads to


@dataclass(frozen=True, slots=True)
class Answer:
    """A paying move to state `move`, and the replies that stop it (empty where nothing does)."""

    move: int
    reply: Reply


@dataclass(frozen=True, slots=True, repr=False)
class Witness(Shown):
    """Why a state is stable or unstable for one party under one concept.

    Stable: each paying move with a reply that stops it (none, where there is no paying move).
    Unstable: the paying move that no reply stops; of several the one it likes best, of equals one that sets the fewest levers.
    """

    state: int
    party: str
    concept: str
    stable: bool
    answers: tuple[Answer, ...]
    title: str = ""

    def table(self) -> Table:
        """One row per paying move."""
        verdict = "stable" if self.stable else "unstable"
        title = f"State {self.state} is {verdict} for {self.party} under {self.title or self.concept}"
        rows = tuple((a.move, "; ".join(f"{who} → {to}" for who, to in a.reply) or "nothing") for a in self.answers)
        notes = () if rows else (f"{self.party} has no paying move",)
        return Table(title, ("paying move to", "stopped by"), rows, notes)


def why(
    conflict: Conflict | Case,
    *,
    state: Which,
    party: str | int,
    concept: Concept | Foresight = "seq",
    replies: Replies = "legal",
    moves: Moving = "paying",
    credibility: Credibility = "strict",
    draw: int = 0,
) -> Witness:
    """The witness for the verdict on one state, party and concept; it does not use the arrays of `stability`.

    replies, moves, credibility : as for `stability`, with its defaults: any reply that pays (the command takes the best)

    Raises
    ------
    GraphError
        `graph/unknown-party`, `graph/unknown-state`.
    AskError
        `negotiate/unknown-concept`, `negotiate/unknown-replies`, `negotiate/unknown-moves`,
        `negotiate/unknown-credibility`, `negotiate/no-such-draw`.

    >>> from bestand import conflict, read
    >>> why(conflict(read("example/en")), state="now", party="co").stable
    True
    """
    conflict = ready(conflict)
    foresight = foresight_of(concept)
    one_of("reading of replies", replies, REPLIES)
    steps = reply_steps(foresight, moves, credibility)
    here, me = conflict.state(state), conflict.party(party)
    draw = draw_number(conflict, draw)
    others = Sequences(conflict, [j for j in range(len(conflict.parties)) if j != me], steps, replies, draw)
    search = _Search(conflict, me, foresight, others, conflict.worth.rank[draw, me])
    answers = []
    for move in _best_first(conflict, here, steps_from(conflict, me, here, "paying", draw=draw), search.rank):
        reply = search.stopping(here, move)
        if not reply:
            return Witness(here, conflict.parties[me], foresight.name, False, (Answer(move, ()),), foresight.title)
        answers.append(Answer(move, reply))
    answers.sort(key=lambda each: each.move)
    return Witness(here, conflict.parties[me], foresight.name, True, tuple(answers), foresight.title)


def _best_first(conflict: Conflict, here: int, moves: Iterable[int], rank: NDArray[np.uint32]) -> list[int]:
    """Moves, those liked best first, of equals those that set the fewest levers: what is told of one of them is no gratuitous loss."""
    graph = conflict.graph
    levers = {int(move): len(graph.changes(here, int(move))) if graph.levers else 1 for move in moves}
    return sorted(levers, key=lambda move: (-int(rank[move]), levers[move], move))


@dataclass(frozen=True, slots=True)
class _Search:
    """What stops a move: the shortest replies, of equally short ones those that set the fewest levers."""

    conflict: Conflict
    me: int
    foresight: Foresight
    replies: Sequences
    rank: NDArray[np.uint32]

    def stops(self, state: int, reached: int) -> bool:
        stake = self.rank[state]
        if self.rank[reached] > stake:
            return False
        return not self.foresight.escape or not (self.rank[self.conflict.graph.moves[self.me].targets(reached)] > stake).any()

    def stopping(self, state: int, move: int) -> Reply:
        """The sequence of replies to `move` that stops it; empty if there is none."""
        trail = self.replies.first(move, lambda reached: self.stops(state, reached))
        return tuple((self.conflict.parties[j], there) for j, there in trail)
