"""Preference between every two states where a ranking is not enough: unknown in part, or by degrees.

A relation is an array (n_parties, n_states, n_states): `relation[i, s, t]` says what t is to party i, compared with s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand import kernels
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.model import Graph, Worth
from bestand.negotiate.asking import one_of, threads_of
from bestand.negotiate.stability import equilibria_table
from bestand.show import Shown, Table

MUCH_WORSE, WORSE, SAME, BETTER, MUCH_BETTER, UNKNOWN = -2, -1, 0, 1, 2, 3
MOST_STATES = 4_096  # 16 MB per party
ANYTHING = (MUCH_WORSE, WORSE, SAME, BETTER, MUCH_BETTER, UNKNOWN)


@dataclass(frozen=True, slots=True)
class CodeSets:
    """What one concept looks at, as sets of codes.

    tempts  : a move to such a state is a temptation
    replies : steps of which the others' replies are made, each from where it stands; empty: no reply is feared
    hurts   : a reply to such a state stops the move
    escape  : and only if no move from there leads out of such states
    """

    tempts: tuple[int, ...]
    replies: tuple[int, ...]
    hurts: tuple[int, ...]
    escape: bool
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class Degrees(Shown):
    """Verdict for every concept, party and state.

    stable : (n_concepts, n_parties, n_states) bool
    """

    conflict: Conflict
    concepts: tuple[str, ...]
    stable: NDArray[np.bool_]
    title: str

    def holds(self, concept: str, party: str | int | None = None) -> NDArray[np.bool_]:
        """States stable for `party`, or for all parties: shape (n_states,)."""
        verdict = self.stable[self._concept(concept)]
        if party is None:
            return verdict.all(axis=0)
        return verdict[self.conflict.party(party)]

    def equilibria(self, concept: str) -> NDArray[np.int64]:
        """Numbers of the states that are stable for every party."""
        return np.flatnonzero(self.holds(concept))

    def _concept(self, concept: str) -> int:
        return self.concepts.index(one_of("concept", concept, self.concepts, here=True))

    def table(self) -> Table:
        """Equilibria as rows, concepts as columns; of large graphs the first 50."""
        return equilibria_table(self.title, self.conflict, {concept: self.holds(concept) for concept in self.concepts})


def related_verdicts(
    graph: Graph, relations: NDArray[np.int8], looks: Mapping[str, CodeSets], concepts: Sequence[str], threads: int | None
) -> NDArray[np.bool_]:
    """Stability of every state for every party under each concept: shape (n_concepts, n_parties, n_states).

    Raises
    ------
    AskError
        `negotiate/bad-relations`, `negotiate/too-many-pairs`.
    """
    chosen = [looks[concept] for concept in concepts]
    comparable(graph.n_states)
    _checked(graph, relations)
    stable = kernels.related_stable(
        graph.moves, np.ascontiguousarray(relations, np.int8), threads=threads_of(threads),
        looks=[(_mask(k.tempts), _mask(k.replies), _mask(k.hurts), k.escape) for k in chosen],
    )  # fmt: skip
    stable.flags.writeable = False
    return stable


def relations_of(worth: Worth, *, threads: int | None = None) -> NDArray[np.int8]:
    """What is known of every party's preference when it is drawn: shape (n_parties, n_states, n_states).

    Better, the same or worse where all draws agree, unknown where they differ: a doubtful want, or a type.

    Raises
    ------
    AskError
        `negotiate/too-many-pairs`.

    >>> worth = Worth(("a",), np.array([[[0, 1, 2]], [[0, 2, 1]]], np.uint32))
    >>> relations_of(worth)[0].tolist()
    [[0, 1, 1], [-1, 0, 3], [-1, 3, 0]]
    """
    n_states = worth.rank.shape[2]
    comparable(n_states)
    relations = np.empty((len(worth.parties), n_states, n_states), np.int8)
    for i in range(len(worth.parties)):
        different = np.unique(worth.rank[:, i], axis=0)
        relations[i] = kernels.agreed_over_draws(different, threads=threads_of(threads))
    relations.flags.writeable = False
    return relations


def _mask(codes: Iterable[int]) -> int:
    return sum(1 << (code + 2) for code in codes)


def comparable(n_states: int) -> None:
    """Raises `negotiate/too-many-pairs` where every two of so many states cannot be compared."""
    if n_states > MOST_STATES:
        what = f"every two of {n_states:,} states are to be compared; more than {MOST_STATES:,} states are too many"
        raise AskError(Problem("negotiate/too-many-pairs", what, hint="take a view that varies fewer levers"))


def _checked(graph: Graph, relations: NDArray[np.int8]) -> None:
    """Raises unless the relations fit the graph, and each pair is told the same way from both sides."""
    shape = (len(graph.parties), graph.n_states, graph.n_states)
    if not isinstance(relations, np.ndarray) or relations.dtype.kind not in "iu":
        raise _bad(f"relations must be whole numbers in an array, not {type(relations).__name__}", "one square of states per party")
    if relations.shape != shape:
        raise _bad(f"relations of shape {relations.shape} where {shape} are needed", "one square of states per party")
    for party, mine in zip(graph.parties, relations, strict=True):
        wrong = (mine < MUCH_WORSE) | (mine > UNKNOWN) | (np.where(mine == UNKNOWN, UNKNOWN, -mine) != mine.T)
        if wrong.any():
            s, t = (int(k) for k in np.argwhere(wrong)[0])
            what = f"'{party}' compares states {s} and {t} as {int(mine[s, t])} one way and {int(mine[t, s])} the other"
            raise _bad(what, "codes run from -2 to 3; t against s is the opposite of s against t; 3 (unknown) goes both ways")


def _bad(what: str, hint: str) -> AskError:
    return AskError(Problem("negotiate/bad-relations", what, hint=hint))
