"""Which strict rankings of one party make a state stable for it: how many, and what they have in common.

Whether s is stable for party i depends only on the set A of states that i ranks below s: an improving move s1 (not in A)
must be answered by some s2 of A or s itself, from where, under SMR and SSR, every way out leads into A or to s. So 2^(n−1)
sets are looked at instead of n! rankings, and each set stands for |A|! · (n−1−|A|)! of them. The sets are closed upwards:
ranking s higher never makes it less stable, so the smallest of them say it all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.model import Graph, Worth
from bestand.negotiate.concepts import CONCEPTS, Concept
from bestand.show import Shown, Table

MOST_STATES = 22


@dataclass(frozen=True, slots=True)
class Inverse(Shown):
    """The strict rankings of `party` for which `state` is stable, the other parties' being as they are.

    count, total : rankings that do, of all
    below        : the smallest sets of states such that a ranking does it exactly if it puts one of these sets below `state`
    """

    graph: Graph
    state: int
    party: str
    concept: str
    count: int
    total: int
    below: tuple[frozenset[int], ...]

    def table(self) -> Table:
        """One row per smallest set of states that must stand below."""
        rows = tuple((len(states), ", ".join(self.graph.label(s) for s in sorted(states)) or "(none: always)") for states in self.below)
        share = f"{self.count} of {self.total} strict rankings of {self.party} ({self.count / self.total:.1%})"
        title = f"[{self.graph.label(self.state)}] is stable for {self.party} under {self.concept}"
        return Table(title, ("states", "if it ranks these below it"), rows, (share,))


def inverse(graph: Graph, worth: Worth, *, state: int, party: str, concept: Concept = "seq", draw: int = 0) -> Inverse:
    """All strict rankings of `party` for which `state` is stable for it under a concept; up to 22 states.

    Raises
    ------
    AskError
        `negotiate/unknown-party`, `negotiate/unknown-concept`, `negotiate/too-many-states`.

    >>> from bestand.case.read import read
    >>> from bestand.graph.build import build
    >>> from bestand.graph.worth import worth
    >>> case = read("literature/hipel-2014/syria-iraq-1975")
    >>> graph = build(case)
    >>> found = inverse(graph, worth(case, graph), state=graph.state("2"), party="syria")
    >>> found.count, found.total
    (384, 720)
    """
    if party not in graph.parties:
        raise AskError(Problem("negotiate/unknown-party", f"no party '{party}'", hint=did_you_mean(party, graph.parties)))
    if concept not in CONCEPTS:
        raise AskError(Problem("negotiate/unknown-concept", f"no concept '{concept}'", hint=did_you_mean(concept, CONCEPTS)))
    if graph.n_states > MOST_STATES:
        what = f"{graph.n_states:,} states are more than the {MOST_STATES} whose rankings can all be looked at"
        raise AskError(Problem("negotiate/too-many-states", what, hint="`unlock` finds changes of wants in cases of any size"))
    others = [s for s in range(graph.n_states) if s != state]
    sets = np.arange(1 << len(others), dtype=np.int64)
    member = {s: (sets >> k & 1).astype(bool) for k, s in enumerate(others)} | {state: np.ones(sets.size, np.bool_)}
    stable = np.ones(sets.size, np.bool_)
    i = graph.parties.index(party)
    for move in map(int, graph.moves[i].targets(state)):
        stable &= member[move] | _answered(graph, worth.rank[draw], i, move, concept, member)
    n = len(others)
    members = sum((member[s][stable].astype(np.int64) for s in others), np.zeros(int(stable.sum()), np.int64))
    size = np.bincount(members, minlength=graph.n_states)
    count = sum(int(many) * math.factorial(k) * math.factorial(n - k) for k, many in enumerate(size) if k <= n)
    below = tuple(frozenset(others[k] for k in range(n) if which >> k & 1) for which in _smallest(stable, n))
    return Inverse(graph, state, party, concept, count, math.factorial(graph.n_states), below)


def _answered(
    graph: Graph, rank: NDArray[np.uint32], i: int, move: int, concept: Concept, member: dict[int, NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """Per set of states ranked below, whether the others have a reply to `move` that stops it."""
    found = np.zeros(next(iter(member.values())).size, np.bool_)
    foresight = CONCEPTS[concept]
    if foresight.replies == "none":
        return found
    for reply in _replies(graph, rank, i, move, gains=foresight.replies == "improving"):
        stops = member[reply].copy()
        if foresight.escape:
            for further in map(int, graph.moves[i].targets(reply)):
                stops &= member[further]
        found |= stops
    return found


def _replies(graph: Graph, rank: NDArray[np.uint32], i: int, start: int, *, gains: bool) -> set[int]:
    """What the others reach from `start` by legal sequences, nobody moving twice in a row."""
    found: set[int] = set()
    seen, waiting = {(start, -1)}, [(start, -1)]
    while waiting:
        state, last = waiting.pop()
        for j in range(len(graph.parties)):
            if j in (i, last):
                continue
            for there in map(int, graph.moves[j].targets(state)):
                if (gains and rank[j, there] <= rank[j, state]) or (there, j) in seen:
                    continue
                seen.add((there, j))
                waiting.append((there, j))
                found.add(there)
    return found


def _smallest(stable: NDArray[np.bool_], n: int) -> list[int]:
    """The sets that do, from which nothing can be taken, fewest states first."""
    smallest = stable.copy()
    cube = smallest.reshape((2,) * n)
    whole = stable.reshape((2,) * n)
    for axis in range(n):
        cube[(slice(None),) * axis + (1,)] &= ~whole[(slice(None),) * axis + (0,)]
    return sorted(map(int, np.flatnonzero(smallest)), key=lambda which: (which.bit_count(), which))
