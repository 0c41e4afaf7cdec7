"""Answers over draws for several groups apart: the draws go where the error is largest."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from bestand.graph.budget import ABREAST, MOST_DRAWS, Arrays, Budget, Floats, Sampling, Slower, seed_of_later, standard_error
from bestand.graph.conflict import Conflict

LEAST_DRAWS = 50  # of a group, before it is believed that its answers hardly differ between draws
WIDEST = 8  # times ABREAST: draws of the largest block


@dataclass(slots=True)
class _Group:
    """What is known of one group so far."""

    ask: Callable[[Conflict], Arrays]
    each: float  # seconds that a draw takes
    parts: list[Arrays] = field(default_factory=list)
    error: float = np.inf
    draws: int = 0

    @property
    def whole(self) -> dict[Hashable, Floats]:
        """Everything that was gathered."""
        return {key: np.concatenate([part[key] for part in self.parts]) for key in self.parts[0]}


def gathered_apart(
    conflict: Conflict,
    budget: Budget | None,
    asks: Mapping[Hashable, Callable[[Conflict], Arrays]],
    *,
    seconds: Mapping[Hashable, float],
    shown: Callable[[Arrays], list[Floats]],
    slower: Slower | None = None,
) -> tuple[dict[Hashable, dict[Hashable, Floats]], Sampling, float]:
    """What each of `asks` gives over draws, as in `gathered`; and seconds taken for one second that was reckoned.

    Every group gets blocks of the same draws in the same order, 8, 15, 31, 63, 63, …, so that those of one are the first of
    another's; the next block goes to the group with the largest error, until all are small enough or the time is over.

    asks    : per group, of a conflict of some draws, per key (n_draws, …)
    seconds : per group, reckoned for one draw
    shown   : of what a group has gathered, the arrays whose means are shown, differences too; the largest standard error counts
    slower  : as in `gathered`

    Raises
    ------
    AskError
        `graph/too-long` where the smallest block of every group would take far longer than the time allowed; as tried out, longer at all.
    """
    reckoned = sum(seconds.values())
    pace = budget.paced(ABREAST * reckoned, slower) / max(ABREAST * reckoned, 1e-300) if budget else 1.0
    groups = {name: _Group(ask, pace * seconds[name]) for name, ask in asks.items()}
    if budget is None:
        for each in groups.values():
            _add(each, conflict, shown, first=True)
        return {name: group.whole for name, group in groups.items()}, _sampling(groups, None, reckoned), 1.0
    drawn: dict[int, Conflict] = {}
    spent = 0.0
    while (group := _next(groups, conflict.draws, budget, spent)) is not None:
        block, before = len(group.parts), budget.left(spent)
        if block not in drawn:
            drawn = {block: conflict.draw(_size(block) + (block > 0), seed=seed_of_later(conflict.seed, group.draws) if block else conflict.seed)}
        _add(group, drawn[block], shown, first=not block)
        spent += group.each * _size(block)
        if budget.clock is not None:
            group.each = max((before - budget.left(spent)) / _size(block), 1e-9)
        budget.progress(min(1.0, 1.0 - budget.left(spent) / budget.seconds if budget.seconds else 1.0))
    pace = sum(group.each for group in groups.values()) / max(reckoned, 1e-300)
    return {name: group.whole for name, group in groups.items()}, replace(_sampling(groups, budget.error, reckoned), over=budget.over()), pace


def _size(block: int) -> int:
    """Draws that a block adds; all but the first have draw 0 besides, the case as it stands."""
    return ABREAST * min(1 << block, WIDEST) - (block > 0)


def _add(group: _Group, drawn: Conflict, shown: Callable[[Arrays], list[Floats]], *, first: bool) -> None:
    group.parts.append({key: part[not first :] for key, part in group.ask(drawn).items()})
    arrays = shown(group.whole)
    group.draws = len(arrays[0]) if arrays else MOST_DRAWS
    group.error = max((float(np.max(standard_error(each), initial=0.0)) for each in arrays), default=0.0)


def _next(groups: Mapping[Hashable, _Group], least: int, budget: Budget, spent: float) -> _Group | None:
    """The group that gets the next block: one with few draws first, then that with the largest error; None where there is no time, or no need."""
    fresh = next((group for group in groups.values() if not group.parts), None)
    if fresh is not None:
        return fresh
    left = budget.left(spent)
    few = max(least, LEAST_DRAWS)
    wanting = [group for group in groups.values() if (group.error > budget.error or group.draws < few) and group.draws < MOST_DRAWS]
    fitting = [group for group in wanting if group.each * _size(len(group.parts)) <= left]
    return max(fitting, key=lambda group: (group.draws < few, group.error), default=None)


def _sampling(groups: Mapping[Hashable, _Group], wanted: float | None, seconds: float) -> Sampling:
    error = max((group.error for group in groups.values()), default=0.0)
    draws = min((group.draws for group in groups.values()), default=0)
    return Sampling(draws, error, wanted, bool(wanted is not None and error <= wanted), seconds)
