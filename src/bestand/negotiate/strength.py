"""Where a conflict rests when preference has degrees: whether a party is deterred by much, or by little.

Preference is strong (≫), mild (>) or there is none (∼). A general concept counts every reply that leaves a party no better
off; a strong one only those that leave it much worse off. General and not strong is weakly stable (Hamouda, Kilgour & Hipel
2004, 2006).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.graph.model import Worth
from bestand.graph.ready import ready
from bestand.negotiate.asking import draw_number, positive, several
from bestand.negotiate.relations import (
    ANYTHING,
    BETTER,
    MUCH_BETTER,
    MUCH_WORSE,
    SAME,
    WORSE,
    CodeSets,
    Degrees,
    comparable,
    related_verdicts,
)

_GAINS, _HURTS = (BETTER, MUCH_BETTER), (SAME, WORSE, MUCH_WORSE)
LOOKS: Mapping[str, CodeSets] = MappingProxyType(
    {
        "nash": CodeSets(_GAINS, (), _HURTS, False, "it has no move to anything better"),
        "gmr": CodeSets(_GAINS, ANYTHING, _HURTS, False, "any reply may leave it no better off"),
        "smr": CodeSets(_GAINS, ANYTHING, _HURTS, True, "any reply may, and it cannot escape from it"),
        "seq": CodeSets(_GAINS, _GAINS, _HURTS, False, "replies that pay those who make them may"),
        "strong_gmr": CodeSets(_GAINS, ANYTHING, (MUCH_WORSE,), False, "any reply may leave it much worse off"),
        "strong_smr": CodeSets(_GAINS, ANYTHING, (MUCH_WORSE,), True, "any reply may, and it stays much worse off whatever it does"),
        "strong_seq": CodeSets(_GAINS, _GAINS, (MUCH_WORSE,), False, "replies that pay those who make them may leave it much worse off"),
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class Strength(Degrees):
    """Verdict for every concept, party and state, general and strong.

    stable : (n_concepts, n_parties, n_states) bool
    """

    def weakly(self, concept: str, party: str | int | None = None) -> NDArray[np.bool_]:
        """States stable under a general concept (gmr, smr, seq), and not under the strong one: shape (n_states,)."""
        return self.holds(concept, party) & ~self.holds(f"strong_{concept}", party)


def strength(
    conflict: Conflict | Case,
    *,
    strong: float | None = None,
    relations: NDArray[np.int8] | None = None,
    concepts: Sequence[str] = tuple(LOOKS),
    draw: int = 0,
    threads: int | None = None,
) -> Strength:
    """Stability under three degrees of preference: nash, gmr, smr, seq, strong_gmr, strong_smr, strong_seq.

    relations : (n_parties, n_states, n_states) int8, what t is to i compared with s: −2 much worse, −1 worse, 0 the same,
                1 better, 2 much better; if not given, from the worths of the conflict by `strong`
    strong    : worth per month; a difference above it is a strong preference

    A state without improving move is stable, strongly too. Else each must meet a reply that leaves the party no better off
    (strong: much worse off); under SMR no move of its own leads out of such states [Hamouda, Kilgour & Hipel 2004, 2006].

    Raises
    ------
    AskError
        `negotiate/unknown-concept`, `negotiate/bad-relations`, `negotiate/too-many-pairs`, `negotiate/bad-threshold`,
        `negotiate/no-such-draw`; `worth/ordinal` where sizes are needed and some want has none.

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict, conflict_of
    >>> graph = conflict(read("literature/kinsara-2014/prisoners-dilemma")).graph
    >>> value = np.array([[[1.0, 0.0, 9.0, 8.0], [1.0, 9.0, 0.0, 8.0]]])
    >>> weighed = Worth(graph.parties, value.astype(np.uint32), value, "cardinal")
    >>> degrees = strength(conflict_of(graph, weighed), strong=5.0)
    >>> [graph.label(s) for s in degrees.equilibria("strong_gmr")]
    ['1', '4']
    """
    conflict = ready(conflict)
    asked = several("concept", concepts, LOOKS)
    if relations is None:
        above, of_draw = _threshold(strong), draw_number(conflict, draw)
        relations = degrees_of(conflict.worth if conflict.stated is None else conflict.sized, strong=above, draw=of_draw)
    stable = related_verdicts(conflict.graph, relations, LOOKS, asked, threads)
    return Strength(conflict, asked, stable, "Equilibria by strength of preference")


def degrees_of(worth: Worth, *, strong: float, draw: int = 0) -> NDArray[np.int8]:
    """Three degrees of preference from cardinal worth: shape (n_parties, n_states, n_states).

    strong : worth per month; a difference above it is a strong preference

    Raises
    ------
    AskError
        `worth/ordinal` where worth has no size; `negotiate/too-many-pairs`; `negotiate/bad-threshold`.

    >>> worth = Worth(("a",), np.array([[[0, 1, 2]]], np.uint32), np.array([[[0.0, 1.0, 4.0]]]), "cardinal")
    >>> degrees_of(worth, strong=2.0)[0].tolist()
    [[0, 1, 2], [-1, 0, 2], [-2, -2, 0]]
    """
    if worth.value is None:
        hint = "ask for worth(…, scale='cardinal'), which needs a `worth` for every want"
        raise AskError(Problem("worth/ordinal", "a size is asked for, and the worth of states is ordinal", hint=hint))
    _threshold(strong)
    comparable(worth.rank.shape[2])
    relations = np.empty((len(worth.parties), worth.rank.shape[2], worth.rank.shape[2]), np.int8)
    for i, (value, rank) in enumerate(zip(worth.value[draw], worth.rank[draw].astype(np.int64), strict=True)):
        rise = np.sign(rank[None, :] - rank[:, None]).astype(np.int8)
        least = strong + 1e-12 * np.abs(value).max(initial=0.0)  # what adding up leaves in the last digits, in any unit
        far = np.abs(value[None, :] - value[:, None]) > least
        relations[i] = rise * (1 + far)
    relations.flags.writeable = False
    return relations


def _threshold(strong: float | None) -> float:
    """A threshold of strong preference, positive and finite."""
    return positive("nothing" if strong is None else strong, "negotiate/bad-threshold", "threshold of strong preference")
