"""A witness for any verdict: the tempting moves, and the replies that stop them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.model import Graph, Worth
from bestand.negotiate.concepts import CONCEPTS, Concept, Foresight, Replies
from bestand.show import Shown, Table

Reply = tuple[tuple[str, int], ...]  # who moves, and the state that the move leads to


@dataclass(frozen=True, slots=True)
class Answer:
    """An improving move to state `move`, and the replies that stop it (empty where nothing does)."""

    move: int
    reply: Reply


@dataclass(frozen=True, slots=True)
class Witness(Shown):
    """Why a state is stable or unstable for one party under one concept.

    Stable: each improving move with a reply that stops it (none, where there is no improving move).
    Unstable: one improving move that no reply stops.
    """

    state: int
    party: str
    concept: str
    stable: bool
    answers: tuple[Answer, ...]

    def table(self) -> Table:
        """One row per improving move."""
        verdict = "stable" if self.stable else "unstable"
        title = f"State {self.state} is {verdict} for {self.party} under {CONCEPTS[self.concept].title}"
        rows = tuple((a.move, "; ".join(f"{who} → {to}" for who, to in a.reply) or "nothing") for a in self.answers)
        notes = () if rows else (f"{self.party} has no improving move",)
        return Table(title, ("improving move to", "stopped by"), rows, notes)


def why(
    graph: Graph,
    worth: Worth,
    *,
    state: int,
    party: str,
    concept: Concept = "seq",
    replies: Replies = "legal",
    credibility: Literal["strict", "weak"] = "strict",
    draw: int = 0,
) -> Witness:
    """The witness for the verdict on one state, party and concept; it does not use the arrays of `stability`.

    Raises
    ------
    AskError
        `negotiate/unknown-party`, `negotiate/unknown-concept`.
    """
    if party not in graph.parties:
        raise AskError(Problem("negotiate/unknown-party", f"no party '{party}'", hint=did_you_mean(party, graph.parties)))
    if concept not in CONCEPTS:
        hint = did_you_mean(concept, CONCEPTS)
        raise AskError(Problem("negotiate/unknown-concept", f"no concept '{concept}'", hint=hint))
    search = _Search(graph, worth, graph.parties.index(party), CONCEPTS[concept], replies, credibility == "weak", draw)
    answers = []
    for move in search.improving(search.me, state):
        reply = search.stopping(state, move)
        if reply is None:
            return Witness(state, party, concept, False, (Answer(move, ()),))
        answers.append(Answer(move, reply))
    return Witness(state, party, concept, True, tuple(answers))


@dataclass(frozen=True, slots=True)
class _Search:
    """Breadth-first search for the shortest reply that stops a move."""

    graph: Graph
    worth: Worth
    me: int
    foresight: Foresight
    replies: Replies
    weak: bool
    draw: int

    def rank(self, party: int, state: int) -> int:
        return int(self.worth.rank[self.draw, party, state])

    def improving(self, party: int, state: int, *, weak: bool = False) -> list[int]:
        least = self.rank(party, state) + (0 if weak else 1)
        return [int(t) for t in self.graph.moves[party].targets(state) if self.rank(party, int(t)) >= least]

    def steps(self, party: int, state: int) -> list[int]:
        if self.foresight.replies == "improving":
            return self.improving(party, state, weak=self.weak)
        return [int(t) for t in self.graph.moves[party].targets(state)]

    def stops(self, state: int, reached: int) -> bool:
        stake = self.rank(self.me, state)
        if self.rank(self.me, reached) > stake:
            return False
        escapes = self.graph.moves[self.me].targets(reached) if self.foresight.escape else ()
        return all(self.rank(self.me, int(t)) <= stake for t in escapes)

    def stopping(self, state: int, move: int) -> Reply | None:
        """The shortest sequence of replies to `move` that stops it; None if there is none."""
        if self.foresight.replies == "none":
            return None
        others = [j for j in range(len(self.graph.parties)) if j != self.me]
        waiting: deque[tuple[int, tuple[int, ...], Reply]] = deque([(move, (), ())])
        seen: set[tuple[int, tuple[int, ...]]] = set()
        while waiting:
            here, moved, reply = waiting.popleft()
            for j in others:
                if self._barred(j, moved, reply):
                    continue
                for there in self.steps(j, here):
                    longer = (*reply, (self.graph.parties[j], there))
                    if self.stops(state, there):
                        return longer
                    after = (j,) if self.replies == "legal" else tuple(sorted((*moved, j)))
                    if (there, after) not in seen:
                        seen.add((there, after))
                        waiting.append((there, after, longer))
        return None

    def _barred(self, party: int, moved: tuple[int, ...], reply: Reply) -> bool:
        return party in moved or (self.replies == "single" and len(reply) > 0)
