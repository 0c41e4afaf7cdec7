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

from bestand.errors import AskError, Problem
from bestand.graph.model import Graph, Worth
from bestand.negotiate.relations import (
    ANYTHING,
    BETTER,
    MUCH_BETTER,
    MUCH_WORSE,
    SAME,
    WORSE,
    Degrees,
    View,
    comparable,
    verdicts,
)

_GAINS, _HURTS = (BETTER, MUCH_BETTER), (SAME, WORSE, MUCH_WORSE)
VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "nash": View(_GAINS, (), _HURTS, False, "it has no move to anything better"),
        "gmr": View(_GAINS, ANYTHING, _HURTS, False, "any reply may leave it no better off"),
        "smr": View(_GAINS, ANYTHING, _HURTS, True, "any reply may, and it cannot escape from it"),
        "seq": View(_GAINS, _GAINS, _HURTS, False, "replies that pay those who make them may"),
        "strong_gmr": View(_GAINS, ANYTHING, (MUCH_WORSE,), False, "any reply may leave it much worse off"),
        "strong_smr": View(_GAINS, ANYTHING, (MUCH_WORSE,), True, "any reply may, and it stays much worse off whatever it does"),
        "strong_seq": View(_GAINS, _GAINS, (MUCH_WORSE,), False, "replies that pay those who make them may leave it much worse off"),
    }
)


@dataclass(frozen=True, slots=True)
class Strength(Degrees):
    """Verdict for every concept, party and state, general and strong."""

    def weakly(self, concept: str, party: str | None = None) -> NDArray[np.bool_]:
        """States stable under a general concept (gmr, smr, seq), and not under the strong one: shape (n_states,)."""
        return self.holds(concept, party) & ~self.holds(f"strong_{concept}", party)


def strength(
    graph: Graph, relations: NDArray[np.int8], *, concepts: Sequence[str] = tuple(VIEWS), threads: int | None = None
) -> Strength:
    """Stability under three degrees of preference: nash, gmr, smr, seq, strong_gmr, strong_smr, strong_seq.

    relations : (n_parties, n_states, n_states) int8, what t is to i compared with s: −2 much worse, −1 worse, 0 the same,
                1 better, 2 much better; `degrees_of` gives them for a case with weights

    A state without improving move is stable, strongly too. Else each must meet a reply that leaves the party no better off
    (strong: much worse off); under SMR no move of its own leads out of such states [Hamouda, Kilgour & Hipel 2004, 2006].

    Raises
    ------
    AskError
        `negotiate/unknown-concept`, `negotiate/bad-relations`, `negotiate/too-many-pairs`.

    >>> from bestand.case.read import read
    >>> from bestand.graph.build import build
    >>> case = read("literature/kinsara-2014/prisoners-dilemma")
    >>> graph = build(case)
    >>> value = np.array([[[1.0, 0.0, 9.0, 8.0], [1.0, 9.0, 0.0, 8.0]]])
    >>> weighed = Worth(graph.parties, value.astype(np.uint32), value, "cardinal")
    >>> found = strength(graph, degrees_of(weighed, strong=5.0))
    >>> [graph.label(s) for s in found.equilibria("strong_gmr")]
    ['1', '4']
    """
    stable = verdicts(graph, relations, VIEWS, concepts, threads)
    return Strength(graph, tuple(concepts), stable, "Equilibria by strength of preference")


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
    if not strong > 0:
        what = f"{strong:g} is no threshold of strong preference"
        raise AskError(Problem("negotiate/bad-threshold", what, hint="give a positive worth per month"))
    comparable(worth.rank.shape[2])
    found = np.empty((len(worth.parties), worth.rank.shape[2], worth.rank.shape[2]), np.int8)
    for i, (value, rank) in enumerate(zip(worth.value[draw], worth.rank[draw].astype(np.int64), strict=True)):
        rise = np.sign(rank[None, :] - rank[:, None]).astype(np.int8)
        far = np.abs(value[None, :] - value[:, None]) > strong + 1e-9  # sums of weights are equal to nine digits only
        found[i] = rise * (1 + far)
    found.flags.writeable = False
    return found
