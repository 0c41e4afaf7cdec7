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

from bestand.case.concepts import Concept, Foresight, Moving, Steps
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.naming import Which
from bestand.graph.ready import ready
from bestand.negotiate.asking import draw_number, foresight_of, reply_steps
from bestand.negotiate.steps import steps_from
from bestand.show import Shown, Table

MOST_STATES = 22  # states whose rankings are looked through


@dataclass(frozen=True, slots=True, repr=False)
class Inverse(Shown):
    """The strict rankings of `party` for which `state` is stable, the other parties' being as they are.

    count, total : rankings that do, of all
    below        : the smallest sets of states such that a ranking does it exactly if it puts one of these sets below `state`
    """

    conflict: Conflict
    state: int
    party: str
    concept: str
    count: int
    total: int
    below: tuple[frozenset[int], ...]

    def table(self) -> Table:
        """One row per smallest set of states that must stand below."""
        rows = tuple((len(states), ", ".join(self.conflict.label(s) for s in sorted(states)) or "(none: always)") for states in self.below)
        share = f"{self.count} of {self.total} strict rankings of {self.party} ({self.count / self.total:.1%})"
        title = f"[{self.conflict.label(self.state)}] is stable for {self.party} under {self.concept}"
        return Table(title, ("states", "if it ranks these below it"), rows, (share,))


def inverse(
    conflict: Conflict | Case, *, state: Which, party: str | int, concept: Concept | Foresight = "seq", moves: Moving = "paying", draw: int = 0
) -> Inverse:
    """All strict rankings of `party` for which `state` is stable for it under a concept; up to 22 states.

    moves : of SEQ and SSR replies, as for `stability`

    Raises
    ------
    GraphError
        `graph/unknown-party`, `graph/unknown-state`.
    AskError
        `negotiate/unknown-concept`, `negotiate/unknown-moves`, `negotiate/no-such-draw`, `negotiate/too-many-states`.

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> dispute = conflict(read("literature/hipel-2014/syria-iraq-1975"))
    >>> rankings = inverse(dispute, state="2", party="syria")
    >>> rankings.count, rankings.total
    (384, 720)
    """
    conflict = ready(conflict)
    foresight = foresight_of(concept)
    steps = reply_steps(foresight, moves)
    here, i, graph = conflict.state(state), conflict.party(party), conflict.graph
    draw_number(conflict, draw)
    if graph.n_states > MOST_STATES:
        what = f"{graph.n_states:,} states are more than the {MOST_STATES} whose rankings can all be looked at"
        raise AskError(Problem("negotiate/too-many-states", what, hint="`unlock` finds changes of wants in cases of any size"))
    others = [s for s in range(graph.n_states) if s != here]
    sets = np.arange(1 << len(others), dtype=np.int64)
    member = {s: (sets >> k & 1).astype(bool) for k, s in enumerate(others)} | {here: np.ones(sets.size, np.bool_)}
    stable = np.ones(sets.size, np.bool_)
    for move in map(int, graph.moves[i].targets(here)):
        stable &= member[move] | _answered(conflict, i, move, foresight, steps, draw, member)
    n = len(others)
    members = sum((member[s][stable].astype(np.int64) for s in others), np.zeros(int(stable.sum()), np.int64))
    size = np.bincount(members, minlength=graph.n_states)
    count = sum(int(many) * math.factorial(k) * math.factorial(n - k) for k, many in enumerate(size) if k <= n)
    below = tuple(frozenset(others[k] for k in range(n) if which >> k & 1) for which in _smallest(stable, n))
    return Inverse(conflict, here, conflict.parties[i], foresight.name, count, math.factorial(graph.n_states), below)


def _answered(
    conflict: Conflict, i: int, move: int, foresight: Foresight, steps: Steps, draw: int, member: dict[int, NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """Per set of states ranked below, whether the others have a reply to `move` that stops it."""
    answered = np.zeros(next(iter(member.values())).size, np.bool_)
    for reply in _replies(conflict, i, move, steps, draw):
        stops = member[reply].copy()
        if foresight.escape:
            for further in map(int, conflict.graph.moves[i].targets(reply)):
                stops &= member[further]
        answered |= stops
    return answered


def _replies(conflict: Conflict, i: int, start: int, steps: Steps, draw: int) -> set[int]:
    """What the others reach from `start` by steps of a kind, nobody moving twice in a row."""
    seen, waiting = {(start, -1)}, [(start, -1)]
    while waiting:
        state, last = waiting.pop()
        for j in range(len(conflict.parties)):
            if j in (i, last):
                continue
            for there in steps_from(conflict, j, state, steps, draw=draw):
                if (there, j) not in seen:
                    seen.add((there, j))
                    waiting.append((there, j))
    return {state for state, last in seen if last >= 0}


def _smallest(stable: NDArray[np.bool_], n: int) -> list[int]:
    """The sets that do, from which nothing can be taken, fewest states first."""
    smallest = stable.copy()
    cube = smallest.reshape((2,) * n)
    whole = stable.reshape((2,) * n)
    for axis in range(n):
        cube[(slice(None),) * axis + (1,)] &= ~whole[(slice(None),) * axis + (0,)]
    return sorted(map(int, np.flatnonzero(smallest)), key=lambda which: (which.bit_count(), which))
