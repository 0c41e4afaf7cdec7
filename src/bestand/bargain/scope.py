"""Which levers vary in a view, where all others stand, and how many combinations that makes; without building a graph."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bestand.case.loaded import Case
from bestand.errors import GraphError, Problem, did_you_mean
from bestand.graph.build import default_view


@dataclass(frozen=True, slots=True)
class Scope:
    """The levers that vary, and the present setting of every lever as the view has it."""

    varied: tuple[str, ...]
    now: Mapping[str, str]
    combinations: int


def scope(case: Case, *, view: str | None = None, hold: Mapping[str, str] | None = None) -> Scope:
    """The levers that vary in a view of a case, less those held.

    Raises
    ------
    GraphError
        `graph/unknown-view`, `graph/unknown-lever`, `graph/unknown-setting`.
    """
    name = view if view is not None else default_view(case)
    if name is not None and name not in case.file.views:
        raise GraphError(Problem("graph/unknown-view", f"no view '{name}'", hint=did_you_mean(name, case.file.views)))
    known_settings(case, hold or {})
    chosen = None if name is None else case.file.views[name]
    varied = tuple(
        lever
        for lever in case.file.levers
        if (chosen is None or "all" in chosen.vary or lever in chosen.vary) and lever not in (hold or {})
    )
    now = {**case.now, **({} if chosen is None else chosen.fixed), **(hold or {})}
    return Scope(varied, now, math.prod(len(case.settings[lever]) for lever in varied))


def known_settings(case: Case, settings: Mapping[str, str]) -> None:
    """Nothing, unless a lever or a setting does not exist."""
    for lever, setting in settings.items():
        if lever not in case.settings:
            raise GraphError(Problem("graph/unknown-lever", f"no lever '{lever}'", hint=did_you_mean(lever, case.settings)))
        if setting not in case.settings[lever]:
            what = f"lever '{lever}' has no setting '{setting}'"
            raise GraphError(Problem("graph/unknown-setting", what, hint=did_you_mean(setting, case.settings[lever])))
