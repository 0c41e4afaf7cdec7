"""The stability concepts, by name: which replies an opponent is credited with, and whether the mover may answer back.

Every concept asks of each paying move s → s1 of party i whether some state s2 that the others reach from s1 stops it.
With `key` w_i (what s2 is worth to i) or M_i (the best that i can make of s2: the larger of w_i(s2) and the worth of
its own moves from s2), the move is stopped when the smallest key among the s2 is at most w_i(s). Fang, Hipel & Kilgour,
*Interactive Decision Making* (1993), ch. 3; SSR: Zeng, Fang, Hipel & Kilgour (2005).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

Concept = str
"""Name of a concept: one of CONCEPTS."""
Replies = Literal["legal", "single", "once"]
Moving = Literal["paying", "best"]
Credibility = Literal["strict", "weak"]
Steps = Literal["none", "any", "weak", "paying", "best"]
REPLIES: tuple[Replies, ...] = ("legal", "single", "once")
MOVING: tuple[Moving, ...] = ("paying", "best")
CREDIBILITY: tuple[Credibility, ...] = ("strict", "weak")


@dataclass(frozen=True, slots=True)
class Foresight:
    """How far a party looks under one concept.

    replies   : the steps that the others' replies are made of: "none", "any" legal ones, those by which the mover does not
                lose ("weak"), those by which it gains ("paying"), or the "best" of these
    escape    : whether the party may move once more after the reply
    """

    name: str
    title: str
    replies: Steps
    escape: bool
    words: str

    def steps(self, moves: Moving = "paying", credibility: Credibility = "strict") -> Steps:
        """The steps that replies are made of under a reading: paying ones narrow to best, or widen to those that do not lose."""
        if self.replies != "paying":
            return self.replies
        return "best" if moves == "best" else "weak" if credibility == "weak" else "paying"


_EVERY = (
    Foresight("nash", "Nash", "none", False, "looks at its own next move only"),
    Foresight("gmr", "General metarationality", "any", False, "fears any reply of the others"),
    Foresight("smr", "Symmetric metarationality", "any", True, "fears any reply it cannot escape from"),
    Foresight("seq", "Sequential stability", "paying", False, "fears replies that pay those who make them"),
    Foresight("ssr", "Symmetric sequential stability", "paying", True, "fears paying replies it cannot escape from"),
)
CONCEPTS: Mapping[str, Foresight] = MappingProxyType({foresight.name: foresight for foresight in _EVERY})
CORE: tuple[Concept, ...] = tuple(CONCEPTS)
if TYPE_CHECKING:
    ConceptName = str
else:
    ConceptName = Literal[CORE]
"""Name of a concept as a case file gives it: one of CONCEPTS, and listed in the schema."""
