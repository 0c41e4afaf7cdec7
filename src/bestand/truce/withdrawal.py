"""A guarantor that leaves: at a known date, at an unknown one that all reckon with, or at one that nobody reckons with.

An unknown date is an event with a rate: memoryless, so that having stayed for long promises nothing. A known date is a change of
the rules at a time: before it everyone plays for what comes after. In both cases the lever itself belongs to nobody any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.conflict import Conflict
from bestand.graph.game import Game
from bestand.graph.naming import Condition, Which
from bestand.play.horizon import Play, play_game
from bestand.play.survival import Months, checked_months, start_state, survival_under, truce_states
from bestand.show import Cell, Shown, Table
from bestand.truce.survival import LOOK_AHEAD, by_chance_only, game_with_zones
from bestand.truce.zones import Floats


@dataclass(frozen=True, slots=True)
class Withdrawal(Shown):
    """Chance over time that a truce holds if a guarantor stays, leaves now, or leaves later.

    months : (n_times,)
    alive  : what is assumed of the guarantor → (n_draws, n_times)
    """

    event: str
    months: tuple[float, ...]
    alive: Mapping[str, Floats]

    def table(self) -> Table:
        """One row per assumption and month."""
        rows: list[tuple[Cell, ...]] = []
        for name, alive in self.alive.items():
            low, high = np.quantile(alive, [0.1, 0.9], axis=0)
            rows += [(name, month, float(alive[:, t].mean()), float(low[t]), float(high[t])) for t, month in enumerate(self.months)]
        return Table(f"If '{self.event}' comes", ("guarantor", "month", "still holds", "low 10%", "high 10%"), tuple(rows))


def withdrawal(conflict: Conflict, *, event: str, date: float, start: Which, truce: Condition, months: Months) -> Withdrawal:
    """A truce with a guarantor that stays, has left, or leaves: unforeseen, foreseen, or at a date that is known.

    event : the event that takes the guarantor away
    date  : months from now at which it leaves, where the date is known

    Raises
    ------
    AskError
        `truce/unknown-event`, `truce/bad-number`, `play/no-start`, `worth/ordinal`.
    """
    events = conflict.case.file.events
    if event not in events:
        raise AskError(Problem("truce/unknown-event", f"no event '{event}'", hint=did_you_mean(event, events)))
    if not (np.isfinite(date) and date > 0):
        raise AskError(Problem("truce/bad-number", f"the date must be more than 0 months from now, not {date}"))
    moments, freed = checked_months(months), conflict
    for lever in events[event].sets:
        freed = by_chance_only(freed, lever)
    inside = truce_states(freed, truce)
    at = start_state(freed, start, inside)
    each = [_one(game_with_zones(freed, draw=d), event, date, at, inside, moments) for d in range(freed.draws)]
    alive = {name: np.stack([curves[name] for curves in each]) for name in each[0]}
    return Withdrawal(event, tuple(map(float, moments)), alive)


def _one(game: Game, event: str, date: float, at: int, inside: NDArray[np.bool_], months: Floats) -> dict[str, Floats]:
    """Curves of one draw."""
    horizon = LOOK_AHEAD * float(months[-1])
    gone = _gone(game, event)
    names = np.array([each.name for each in game.graph.chances])
    without = replace(game, rate=np.where(names == event, 0.0, game.rate))
    stays, reckoned = play_game(without, horizon=horizon), play_game(game, horizon=horizon)
    plays: dict[str, tuple[Play, int]] = {
        "stays": (stays, at),
        "leaves at an unknown date, unforeseen": (replace(stays, game=game), at),
        "leaves at an unknown date, foreseen": (reckoned, at),
        f"leaves in month {date:g}, known": (_dated(without, gone, date, horizon), at),
        "has left": (stays, int(gone[at])),
    }
    return {
        name: survival_under(played, start=start, truce=inside, months=months).alive[0]
        for name, (played, start) in plays.items()
        if inside[start]
    }


def _gone(game: Game, event: str) -> NDArray[np.int64]:
    """Where the event takes each state; itself where it cannot happen."""
    gone = np.arange(game.graph.n_states)
    for each in game.graph.chances:
        if each.name == event:
            gone[each.source] = each.target
    return gone


def _dated(game: Game, gone: NDArray[np.int64], date: float, horizon: float) -> Play:
    """Play in which every state becomes, at a date that all know, the state that the event leads to.

    After the date a state stands for where the event took it, so that the values after it are those there.
    """
    if date >= horizon:
        return play_game(game, horizon=horizon)
    after = play_game(game, horizon=horizon - date)
    moved = after.slices[:, :, gone]
    before = play_game(game, horizon=date, end=np.ascontiguousarray(moved[0]))
    times = np.concatenate([before.times, date + after.times[1:]])
    slices = np.concatenate([before.slices, moved[1:]])
    return replace(before, horizon=horizon, times=times, slices=slices, error=max(before.error, after.error))
