"""Which states are stable for whom, under which foresight, and where the conflict can rest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.model import Graph, Worth
from bestand.negotiate.concepts import CONCEPTS, CORE, Concept, Replies
from bestand.show import Cell, Shown, Table, chart


@dataclass(frozen=True, slots=True)
class Stability(Shown):
    """Verdict for every draw, concept, party and state.

    stable : (n_draws, n_concepts, n_parties, n_states) bool
    replies, credibility : the reading of the others' replies that was used
    graph  : the graph that was solved, for the names of states
    """

    concepts: tuple[str, ...]
    parties: tuple[str, ...]
    stable: NDArray[np.bool_]
    replies: str
    credibility: str
    graph: Graph

    def holds(self, concept: str, party: str | None = None, *, draw: int = 0) -> NDArray[np.bool_]:
        """States stable for `party`, or for all parties (equilibria): shape (n_states,)."""
        verdict = self.stable[draw, self._concept(concept)]
        if party is None:
            return verdict.all(axis=0)
        if party not in self.parties:
            hint = did_you_mean(party, self.parties)
            raise AskError(Problem("negotiate/unknown-party", f"no party '{party}'", hint=hint))
        return verdict[self.parties.index(party)]

    def equilibria(self, concept: str, *, draw: int = 0) -> NDArray[np.int64]:
        """Numbers of the states that are stable for every party."""
        return np.flatnonzero(self.holds(concept, draw=draw))

    def _concept(self, concept: str) -> int:
        if concept in self.concepts:
            return self.concepts.index(concept)
        hint = did_you_mean(concept, self.concepts)
        raise AskError(Problem("negotiate/unknown-concept", f"no concept '{concept}' here", hint=hint))

    def figure(self) -> dict[str, object]:
        """Which of the equilibria of `table()` rest under which concept, as a grid."""
        cells = tuple((row[1], concept, bool(row[2 + k])) for row in self.table().rows for k, concept in enumerate(self.concepts))
        return chart(Table("Equilibria", ("state", "concept", "rests"), cells), "rect", x="concept:N", y="state:N", color="rests:N")

    def table(self) -> Table:
        """Equilibria of draw 0 as rows, concepts as columns; of large graphs the first 50."""
        masks = np.array([self.holds(concept) for concept in self.concepts])
        states = np.flatnonzero(masks.any(axis=0))
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (int(s), self.graph.label(int(s)), *(bool(mask[s]) for mask in masks)) for s in states[:50]
        )
        columns = ("state", "what", *self.concepts)
        notes = (f"{states.size} equilibria; the first 50 are shown",) if states.size > len(rows) else ()
        return Table("Equilibria", columns, rows, notes)


def stability(
    graph: Graph,
    worth: Worth,
    *,
    concepts: Sequence[Concept] = CORE,
    replies: Replies = "legal",
    credibility: Literal["strict", "weak"] = "strict",
    threads: int | None = None,
) -> Stability:
    """Nash, GMR, SMR, SEQ and SSR stability of every state for every party.

    replies     : `legal`, sequences in which nobody moves twice in a row; `once`, each opponent at most once;
                  `single`, one move of one opponent (as some published tables have it)
    credibility : of SEQ and SSR replies: `strict`, the mover gains; `weak`, the mover does not lose
    threads     : all cores, if not given

    Definitions in `concepts`; the smallest key that the others can reach decides, so one pass over the moves serves
    all concepts and parties. Memory: about 16 · (n_parties + 1) · n_states bytes, twice that above 65,535 different ranks.

    Raises
    ------
    AskError
        `negotiate/unknown-concept`, `negotiate/unknown-replies`, `negotiate/too-many-parties`.
    """
    for concept in concepts:
        if concept not in CONCEPTS:
            hint = did_you_mean(concept, CONCEPTS)
            raise AskError(Problem("negotiate/unknown-concept", f"no concept '{concept}'", hint=hint))
    if replies not in kernels.SEQUENCES:
        raise AskError(Problem("negotiate/unknown-replies", f"no reading '{replies}'", hint=did_you_mean(replies, kernels.SEQUENCES)))
    most = 12 if replies == "once" else 32
    if len(graph.parties) > most:
        what = f"{len(graph.parties)} parties are more than the {most} that replies '{replies}' are computed for"
        raise AskError(Problem("negotiate/too-many-parties", what, hint="replies='legal' takes up to 32 parties"))
    paying: kernels.Which = "weak" if credibility == "weak" else "paying"
    which: dict[str, kernels.Which] = {"none": "none", "any": "any", "improving": paying}
    looks = [(which[CONCEPTS[concept].replies], CONCEPTS[concept].escape) for concept in concepts]
    different, draws = _different(worth.rank)
    found = kernels.stable(
        graph.moves, np.ascontiguousarray(different), looks=looks, sequences=replies, threads=threads or os.cpu_count() or 1
    )
    stable = found if different is worth.rank else found[draws]
    stable.flags.writeable = False
    return Stability(tuple(concepts), graph.parties, stable, replies, credibility, graph)


def _different(rank: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The draws that differ from those before them, and which of these each draw is: many draws change nothing."""
    known: dict[bytes, int] = {}
    which = np.array([known.setdefault(draw.tobytes(), len(known)) for draw in rank] if rank.shape[0] > 1 else [0])
    if len(known) in (0, rank.shape[0]):
        return rank, which
    return rank[np.unique(which, return_index=True)[1]], which
