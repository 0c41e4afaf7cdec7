"""What is compared with what: settings that are held, and a backstop that stays or that only chance takes away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bestand.graph.conflict import Conflict
from bestand.graph.numbers import with_numbers_of
from bestand.play.survival import Months, checked_months
from bestand.truce.survival import by_chance_only, flow_with_zones, played
from bestand.truce.zones import Floats, deterrence_of

MOST_SHARED = 10_000_000  # states times parties times draws of a whole conflict, up to which its worths are shared out
LEAVING = "leaving"  # in words: the backstop is there at first, nobody moves it, and the case's own events may take it away


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Settings held in a comparison.

    sets   : lever → setting
    leaves : whether the backstop only begins at its setting, and the case's own events may end it; else it is held there
    """

    sets: Mapping[str, str]
    leaves: bool = False

    def key(self) -> tuple[object, ...]:
        """What tells arrangements apart."""
        return (*sorted(self.sets.items()), self.leaves)


@dataclass(frozen=True, slots=True)
class Watched:
    """What is asked of every arrangement alike.

    start, truce : conditions
    months       : (n_times,)
    """

    start: str
    truce: str
    months: Floats
    known: dict[object, Floats] = field(default_factory=dict, repr=False)


def backstop_lever(conflict: Conflict) -> str | None:
    """The lever of the backstop, if the case has one."""
    backstop = deterrence_of(conflict).backstop
    return backstop.lever if backstop else None


def arranged(conflict: Conflict, arrangement: Arrangement) -> Conflict:
    """The conflict in which an arrangement is held, in the same draws."""
    held = conflict.once_of_graph(("arranged", arrangement.key()), lambda: _arranged(conflict, arrangement))
    return with_numbers_of(held.draw(conflict.draws, seed=conflict.seed, vary=conflict.vary), conflict)


def _arranged(conflict: Conflict, arrangement: Arrangement) -> Conflict:
    lever, sets = backstop_lever(conflict), dict(arrangement.sets)
    if not arrangement.leaves or lever is None:
        return conflict.hold(sets)
    sets.pop(lever, None)
    return by_chance_only(conflict, lever).hold(sets)


def _flow(conflict: Conflict, held: Conflict, troops: Mapping[str, Floats] | None) -> Floats:
    """What the states of an arrangement are worth: those of the whole conflict, where they are among them, worked out once."""
    if troops is not None or conflict.graph.n_states * len(conflict.parties) * conflict.draws > MOST_SHARED:
        return flow_with_zones(held, troops=troops)
    here = conflict.once_of_graph(("states of", id(held.graph)), lambda: _states_of(conflict, held))
    return flow_with_zones(held) if here is None else np.take(flow_with_zones(conflict), here, axis=2)


def _states_of(conflict: Conflict, held: Conflict) -> NDArray[np.int64] | None:
    """Where the states of an arrangement stand in the whole conflict; None where it holds what does not vary there."""
    whole, part = conflict.graph, held.graph
    if any(whole.held[lever] != part.held.get(lever) for lever in whole.held):
        return None
    code, stride = np.zeros(part.n_states, np.int64), 1
    for lever, settings in zip(whole.levers, whole.settings, strict=True):
        code += stride * part.digits(lever).astype(np.int64)
        stride *= len(settings)
    at = np.minimum(np.searchsorted(whole.codes, code), whole.n_states - 1)
    return at if bool((whole.codes[at] == code).all()) else None


def alive(
    conflict: Conflict, arrangement: Arrangement, asked: Watched, *, troops: Mapping[str, Floats] | None = None
) -> Floats:
    """Chance over time that the truce holds under an arrangement: (n_draws, n_times).

    A backstop that may leave is at its setting when the clock starts.
    """
    arrangement, start = clocked(conflict, arrangement, asked.start)
    key = (conflict.seed, conflict.draws, arrangement.key()) if troops is None else None
    if key in asked.known:
        return asked.known[key]
    held = arranged(conflict, arrangement)
    curve = played(held, start=start, truce=asked.truce, months=asked.months, flow=_flow(conflict, held, troops)).alive
    if key is not None:
        asked.known[key] = curve
    return curve


def clocked(conflict: Conflict, arrangement: Arrangement, start: str) -> tuple[Arrangement, str]:
    """An arrangement and the condition in which its clock starts: a backstop that may leave is there then; one that no event ends is held."""
    lever = backstop_lever(conflict)
    if not arrangement.leaves or lever is None:
        return arrangement, start
    if not ends_by_chance(conflict, arrangement):
        return Arrangement(arrangement.sets), start
    return arrangement, f"({start}) and {lever} = {arrangement.sets[lever]}" if lever in arrangement.sets else start


def ends_by_chance(conflict: Conflict, arrangement: Arrangement) -> bool:
    """Whether some event of the case can take the backstop from its setting in an arrangement."""
    lever = backstop_lever(conflict)
    if lever is None or lever not in arrangement.sets:
        return lever is not None
    return conflict.once_of_graph(("ends by chance", arrangement.key()), lambda: _ends(conflict, arrangement, lever))


def _ends(conflict: Conflict, arrangement: Arrangement, lever: str) -> bool:
    graph = arranged(conflict, Arrangement(arrangement.sets, leaves=True)).graph
    if lever not in graph.levers:
        return False
    at, here = graph.digits(lever), graph.all_settings[lever].index(arrangement.sets[lever])
    return any(bool(np.any((at[event.source] == here) & (at[event.target] != here))) for event in graph.chances)


def asked_of(conflict: Conflict, start: str | None, truce: str | None, months: Months) -> Watched:
    """What is asked, with the case's own truce where none is given."""
    usual = deterrence_of(conflict).truce
    truce = usual if truce is None else truce
    for condition in (start, truce):
        conflict.where(condition)
    return Watched(truce if start is None else start, truce, checked_months(months))
