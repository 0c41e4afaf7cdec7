"""Named measures of the engines, to be asked in every draw of a sweep: one line of words, such as ``rests ceasefire``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.outcomes import deals_of_draws
from bestand.case.loaded import Case
from bestand.errors import AskError, Problem, did_you_mean
from bestand.explore.space import Space
from bestand.explore.task import Measure
from bestand.graph.conflict import Conflict, conflict
from bestand.graph.ready import viewed
from bestand.negotiate.paths import By, paths
from bestand.negotiate.stability import some_rest, stability
from bestand.study.outlook import FORESIGHT
from bestand.truce.survival import survival

Answers = NDArray[np.bool_]


def _rests(asked: Conflict, that: str, *, moves: By) -> Answers:
    """Whether some equilibrium has it."""
    return some_rest(asked, asked.where(that), concept=FORESIGHT, moves="best" if moves == "best" else "paying")


def _rests_both(asked: Conflict, that: str) -> Mapping[str, Answers]:
    """Whether some equilibrium has it, in both readings of what others do."""
    return {"best replies": _rests(asked, that, moves="best"), "classical": _rests(asked, that, moves="paying")}


def _share_of_rests(asked: Conflict, that: str) -> NDArray[np.float64]:
    """Share of the equilibria that have it; 0 where there are none."""
    resting = np.asarray(stability(asked, concepts=(FORESIGHT,), moves="best", threads=1).stable[:, 0].all(axis=1))
    return np.asarray((resting & asked.where(that)).sum(axis=1) / np.maximum(resting.sum(axis=1), 1))


def _reached(asked: Conflict, that: str, *, by: By) -> Answers:
    """Whether moves from today lead to it."""
    return _once_each(asked, lambda draw: paths(asked, goal=that, by=by, draw=draw).goals.size > 0)


def _once_each(asked: Conflict, ask: Callable[[int], bool]) -> Answers:
    """An answer for every draw; draws with the same ranks are asked once."""
    known: dict[tuple[bytes, int], bool] = {}
    answers = np.empty(asked.draws, bool)
    for draw, rank in enumerate(asked.worth.rank):
        key = rank.tobytes(), asked.today(draw)
        if key not in known:
            known[key] = ask(draw)
        answers[draw] = known[key]
    return answers


def _deal(asked: Conflict, that: str) -> Answers:
    """Whether anything with it could be agreed."""
    return np.asarray(deals_of_draws(asked, that=that).any(axis=1))


def _now_rests(asked: Conflict, that: str) -> Answers:
    """Whether the present state is an equilibrium."""
    today = np.array([asked.today(draw) for draw in range(asked.draws)])
    rests = np.zeros(asked.draws, np.bool_)
    for state in np.unique(today):
        rests[today == state] = some_rest(asked, np.arange(asked.graph.n_states) == state, concept=FORESIGHT, moves="best")[today == state]
    return rests


def _holds(asked: Conflict, that: str) -> float:
    """Chance that what begins in the state nearest to today lasts twelve months, as `survival` says it, zones included; nan where it cannot be."""
    if not asked.where(that).any():
        return float("nan")
    return float(survival(asked, start=that, truce=that, months=[12.0]).alive[0, -1])


KINDS: Mapping[str, tuple[Callable[..., object], bool, bool, str]] = {
    "rests": (partial(_rests, moves="best"), True, False, "it rests: some equilibrium under SEQ with best replies has it"),
    "rests-classical": (partial(_rests, moves="paying"), True, False, "the same, others replying by any move that pays"),
    "rests-both": (_rests_both, True, False, "both of these, in a column each, worked out together"),
    "share-of-rests": (_share_of_rests, True, False, "share of the equilibria that have it"),
    "reached": (partial(_reached, by="best"), True, False, "best moves from today lead to it"),
    "reached-classical": (partial(_reached, by="paying"), True, False, "moves that pay, from today, lead to it"),
    "deal": (_deal, True, False, "something with it could be agreed: no red line crossed, nobody below today"),
    "now-rests": (_now_rests, True, False, "today is an equilibrium (no condition is given)"),
    "holds-a-year": (_holds, False, True, "chance that, once there, it lasts twelve months, as `survival` says it"),
}
"""Kind → function, whether it takes all draws at once, whether it needs sizes, and what it says."""


def bearing(space: Space, measures: Sequence[Measure]) -> Space:
    """The space less the numbers that no measure reads: those that ask by ranks alone read no sizes, rates or forces."""
    if any(each.sized or not each.together for each in measures):
        return space
    return space.less(*(each.name for each in space.openings if each.kind == "number" and not each.at.startswith(("parties.", "sources."))))


def measure(case: Case | Conflict, asked: str, *, view: str | None = None) -> Measure:
    """A measure by its words: a kind of `KINDS`, then a condition, such as ``reached ceasefire``.

    Raises
    ------
    AskError
        `study/unknown-measure`; whatever the condition raises.

    >>> from bestand.case.read import read
    >>> measure(read("example/en"), "rests truce").together
    True
    """
    given, other = case, view
    case, view, held = viewed(case, view, None)
    kind, _, that = asked.strip().partition(" ")
    if kind not in KINDS:
        raise AskError(Problem("study/unknown-measure", f"no measure '{kind}'", hint=did_you_mean(kind, KINDS)))
    ask, together, sized, _ = KINDS[kind]
    if not that and kind != "now-rests":
        raise AskError(Problem("study/unknown-measure", f"'{kind}' asks about a condition", hint=f"such as '{kind} ceasefire'"))
    if that:
        as_given = isinstance(given, Conflict) and other is None  # whose moves are built
        (given if as_given else conflict(case, view=view, hold=held)).where(that)  # type: ignore[union-attr]
    return Measure(asked.strip(), partial(ask, that=that or "true"), together=together, sized=sized)  # type: ignore[arg-type]
