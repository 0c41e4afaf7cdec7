"""One row of a mediator's list: a set of changes, and whose red lines the state that it leads to crosses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bestand.case.conditions import holds
from bestand.case.lines import Line, wants
from bestand.graph.conflict import Conflict
from bestand.negotiate.changes import Alteration


@dataclass(frozen=True, slots=True)
class Unlock:
    """One set of changes that unlocks the goal, none of which can be left out.

    changes : at most `most` of them
    at      : settings of the state reached, where the conflict then rests
    alike   : other sets of the same size with the same effect on what states are worth
    crosses : red lines that do not hold in the state reached
    """

    changes: tuple[Alteration, ...]
    at: Mapping[str, str]
    alike: tuple[tuple[Alteration, ...], ...] = ()
    crosses: tuple[Line, ...] = ()

    @property
    def weak(self) -> int:
        """How many of the wants touched no unhedged claim carries."""
        return sum(change.firm is False for change in self.changes)

    @property
    def crossing(self) -> str:
        """Whose red lines are crossed."""
        return ", ".join(dict.fromkeys(line.party for line in self.crosses)) or "nobody"

    @property
    def words(self) -> str:
        """The changes in words."""
        return "; ".join(change.words for change in self.changes)

    @property
    def order(self) -> tuple[int, int, int, int, int, str]:
        """Red lines crossed, doubtful wants touched, wants that a party would have to come to have, changes, how far wants move."""
        new = sum(change.kind == "add" for change in self.changes)
        return len(self.crosses), self.weak, new, len(self.changes), sum(change.shift for change in self.changes), self.words


def red_lines_crossed(conflict: Conflict, at: Mapping[str, str]) -> tuple[Line, ...]:
    """Red lines of the parties, as the most probable of their types have them, that do not hold where levers stand so.

    at : lever → setting, also of levers that the view holds elsewhere; those that are not named stand as the view has them
    """
    case = conflict.case
    held = {lever: case.settings[lever][k] for lever, k in conflict.graph.held.items() if lever in case.settings}
    stand = {lever: case.settings[lever].index(setting) for lever, setting in {**case.now, **held, **at}.items() if lever in case.settings}
    every = ((line, want) for party in case.file.wants for line, want in wants(case, party) if want.red_line)
    digits = {lever: np.asarray(k, np.uint8) for lever, k in stand.items()}
    return tuple(line for line, want in every if not holds(case.condition(want.that), digits.__getitem__, case.terms, case.settings))
