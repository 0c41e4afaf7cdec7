"""Where a conflict rests when some preferences are not known: four readings of Nash, GMR, SMR and SEQ.

A party may or may not be tempted by a move to a state of unknown worth, and may or may not be deterred by a reply that leads
to one. The readings (Li, Hipel, Kilgour & Fang 2004) are: a, tempted and not deterred (the most daring); b, neither; c, both;
d, not tempted and deterred (the most cautious). The others' replies of SEQ are made of steps to better or unknown states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.graph.conflict import Conflict
from bestand.graph.ready import ready
from bestand.negotiate.asking import several
from bestand.negotiate.relations import ANYTHING, BETTER, SAME, UNKNOWN, WORSE, CodeSets, Degrees, related_verdicts, relations_of

READINGS: Mapping[str, tuple[bool, bool, str]] = MappingProxyType(
    {
        "a": (True, False, "the unknown tempts, and does not deter"),
        "b": (False, False, "the unknown neither tempts nor deters"),
        "c": (True, True, "the unknown tempts, and deters"),
        "d": (False, True, "the unknown does not tempt, and deters"),
    }
)


def _look(concept: str, *, tempted: bool, deterred: bool, words: str) -> CodeSets:
    tempts = (BETTER, UNKNOWN) if tempted else (BETTER,)
    hurts = (SAME, WORSE, UNKNOWN) if deterred else (SAME, WORSE)
    replies = {"nash": (), "gmr": ANYTHING, "smr": ANYTHING, "seq": (BETTER, UNKNOWN)}[concept]
    return CodeSets(tempts, replies, hurts, concept == "smr", words)


LOOKS: Mapping[str, CodeSets] = MappingProxyType(
    {
        f"{concept}_{reading}": _look(concept, tempted=tempted, deterred=deterred, words=words)
        for reading, (tempted, deterred, words) in READINGS.items()
        for concept in ("nash", "gmr", "smr", "seq")
    }
)


def unknown(
    conflict: Conflict | Case,
    *,
    relations: NDArray[np.int8] | None = None,
    concepts: Sequence[str] = tuple(LOOKS),
    threads: int | None = None,
) -> Degrees:
    """Stability under unknown preference: the concepts `nash_a`, `gmr_a`, … `seq_d`.

    relations : (n_parties, n_states, n_states) int8, what t is to i compared with s: −1 worse, 0 the same, 1 better,
                3 unknown; if not given, what all draws of the conflict agree on, and unknown elsewhere

    With R_i(s) the moves of i from s that tempt under the reading, s is stable for i if each s1 among them meets a reply
    that hurts: some other state s2 that the others reach from s1 by legal sequences (SEQ: of steps to a state that is
    better or unknown to the one who makes them), no better than s (readings c and d: or unknown); under SMR no move of i
    leads from s2 out of such states [Li, Hipel, Kilgour & Fang 2004].

    Raises
    ------
    AskError
        `negotiate/unknown-concept`, `negotiate/bad-relations`, `negotiate/too-many-pairs`.

    >>> from bestand.case.read import read
    >>> from bestand.graph.conflict import conflict
    >>> dilemma = conflict(read("literature/kinsara-2014/prisoners-dilemma"))
    >>> relations = relations_of(dilemma.worth).copy()
    >>> relations[0, 0, 1] = relations[0, 1, 0] = UNKNOWN
    >>> [dilemma.label(s) for s in unknown(dilemma, relations=relations).equilibria("nash_a")]
    []
    >>> [dilemma.label(s) for s in unknown(dilemma, relations=relations).equilibria("nash_b")]
    ['1', '2']
    """
    conflict = ready(conflict)
    compared = relations_of(conflict.worth, threads=threads) if relations is None else relations
    asked = several("concept", concepts, LOOKS)
    stable = related_verdicts(conflict.graph, compared, LOOKS, asked, threads)
    return Degrees(conflict, asked, stable, "Equilibria under unknown preference")
