"""Whether a truce holds otherwise than in an earlier version of a case: each posture in both versions, in the same draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.changes.diff import as_written
from bestand.changes.renames_inner import every_rename
from bestand.errors import BestandError
from bestand.graph.budget import ABREAST, Budget, Pace, standard_error
from bestand.graph.conflict import conflict
from bestand.truce.postures import PostureResult, postures
from bestand.truce.survival import seconds_of_draw

MONTHS = 12.0  # after which it is asked whether the truce still holds
MOST_DRAWS = 400  # draws in which truces of two versions are compared
LEAST_ERRORS = 2.0  # standard errors that a difference must exceed to be one
Name = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class TruceChange:
    """One posture in two versions of a case.

    name   : the posture; leaves : whether its backstop may leave
    before, after : chance that the truce still holds after `MONTHS`, mean over draws
    error  : standard error of the difference, over the same draws of both
    draws  : how many
    """

    name: str
    leaves: bool
    before: float
    after: float
    error: float
    draws: int

    @property
    def differs(self) -> bool:
        """Whether the difference is more than its error explains."""
        return abs(self.after - self.before) > LEAST_ERRORS * self.error


def truces_since(old: Case, new: Case, *, seed: int = 0, budget: Budget | None = None) -> tuple[tuple[TruceChange, ...], bool]:
    """Postures that both versions have, compared draw by draw while time lasts; and whether there was no time for even a few draws.

    A posture that goes by another name is told by its new one (`same_postures`). Nothing where one of the versions asks nothing about a truce.
    """
    if not all(case.file.deterrence is not None and case.file.zones for case in (old, new)):
        return (), False
    pace = Pace(budget or Budget(seconds=1.0), 2 * _reckoned(new))
    names = same_postures(old, new)
    alive: list[Mapping[Name, NDArray[np.float64]]] = []
    most = MOST_DRAWS if budget is not None and budget.clock is not None else 2 * ABREAST
    while len(alive) * ABREAST < most and (pace.fits() or (budget is None)):
        batch = int(np.random.SeedSequence([seed, len(alive)]).generate_state(1)[0]) if alive else seed
        try:
            alive.append(pace.step(lambda batch=batch: _differences(old, new, batch, names)))  # type: ignore[misc]
        except BestandError:
            return (), False
    if not alive:
        return (), True
    whole = {name: np.concatenate([each[name] for each in alive]) for name in alive[0]}
    told = []
    for (name, leaves), both in whole.items():
        error = float(standard_error(both[:, 1] - both[:, 0]))
        told.append(TruceChange(name, leaves, float(both[:, 0].mean()), float(both[:, 1].mean()), error, len(both)))
    return tuple(told), False


def same_postures(old: Case, new: Case) -> Mapping[str, str]:
    """Postures of the earlier version: what the later one calls them.

    A posture whose name is gone is the one new posture that sets the same levers, or else the one that is called the same; where
    several are alike none is.
    """
    before = every_rename(as_written(old), as_written(new))[1].get("deterrence", {}).get("postures", {})
    after = as_written(new).get("deterrence", {}).get("postures", {})
    names = {name: name for name in before if name in after}
    for key in ("sets", "is"):
        gone, come = [name for name in before if name not in names], [name for name in after if name not in names.values()]
        for name in gone:
            said = before[name].get(key)
            alike = [each for each in come if said and after[each].get(key) == said]
            rivals = [each for each in gone if before[each].get(key) == said]
            if len(alike) == 1 == len(rivals):
                names[name] = alike[0]
    return names


def _reckoned(case: Case) -> float:
    """Seconds that all postures of a version take in a few draws, as reckoned beforehand."""
    about = case.file.deterrence
    assert about is not None
    guarded = conflict(case, view=about.view)
    return ABREAST * 2 * max(1, len(about.postures)) * seconds_of_draw(guarded, (MONTHS,))


def _differences(old: Case, new: Case, seed: int, names: Mapping[str, str]) -> Mapping[Name, NDArray[np.float64]]:
    """Per posture of both: (n_draws, 2) chance that the truce still holds, in the earlier and in the later version."""
    first, second = (_results(case, seed) for case in (old, new))
    known = {(names[name], leaves): result for (name, leaves), result in first.items() if name in names}
    return {name: np.stack([known[name].alive[:, -1], second[name].alive[:, -1]], axis=1) for name in second if name in known}


def _results(case: Case, seed: int) -> Mapping[Name, PostureResult]:
    about = case.file.deterrence
    assert about is not None
    asked = conflict(case, view=about.view, draws=ABREAST, seed=seed)
    return {(each.name, each.leaves): each for each in postures(asked, months=(MONTHS,)).results if each.stated}
