"""Which levers of a conflict vary, where all others stand, and how many combinations that makes; without listing states."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bestand.graph.conflict import Conflict


@dataclass(frozen=True, slots=True)
class Scope:
    """The levers that vary, the present setting of every lever as the view has it, and the number of combinations."""

    varied: tuple[str, ...]
    now: Mapping[str, str]
    combinations: int


def scope(conflict: Conflict) -> Scope:
    """The levers that vary in a conflict: those of its view, less those held; its graph is not built."""
    return conflict.once_of_graph("scope", lambda: _scope(conflict))


def _scope(conflict: Conflict) -> Scope:
    case = conflict.case
    view = None if conflict.view is None else case.file.views[conflict.view]
    varied = tuple(
        lever for lever in case.file.levers if (view is None or "all" in view.vary or lever in view.vary) and lever not in conflict.held
    )
    now = {**case.now, **({} if view is None else view.fixed), **conflict.held}
    return Scope(varied, now, math.prod(len(case.settings[lever]) for lever in varied))
