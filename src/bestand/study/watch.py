"""What to watch, what may follow, and what was seen, for one page: in the time allowed, and one that fails never loses the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from bestand.errors import BestandError
from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict
from bestand.study.indicators import PLAYED, Indicators, indicators, share_of
from bestand.study.posterior import Posterior, over_draws, present_versions
from bestand.study.scenarios import Scenarios, scenarios

_Any = TypeVar("_Any")
NOTHING = ("study/no-terms", "study/no-levers", "graph/no-present", "worth/ordinal")  # of a case that has nothing to say here


@dataclass(frozen=True, slots=True)
class WatchAnswers:
    """What a page says of time.

    indicators : moves and silences worth watching; None where that cannot be asked, or there was no time
    scenarios  : likeliest courses; likewise
    posterior  : what was seen; None where nothing was that counts, or nothing is left open
    failed     : codes of why, of what could not be asked
    """

    indicators: Indicators | None
    scenarios: Scenarios | None
    posterior: Posterior | None
    failed: tuple[str, ...] = ()


def watch_answers(conflict: Conflict, *, draws: int = 1, seed: int = 0, budget: Budget | None = None) -> tuple[WatchAnswers | None, str]:
    """What to watch, in as much work as is reckoned to fit into the time; or nothing, and why not: empty where the case has nothing to say.

    conflict : of one draw
    draws    : of numbers and doubtful wants, beside which what was seen is weighed, as many as fit beside the rest
    """
    failed: list[str] = []
    now = _tried(failed, lambda: present_versions(conflict, budget=share_of(budget, PLAYED)))
    if now is None:
        quiet = failed[0] in NOTHING and not conflict.case.file.observations
        return None, "" if quiet else failed[0]
    seen = now.posterior
    watched = _tried(failed, lambda: indicators(conflict, budget=budget))
    courses = _tried(failed, lambda: scenarios(conflict, budget=budget))
    if seen is not None:
        seen = _tried(failed, partial(over_draws, seen, draws=draws, seed=seed, budget=budget)) or seen
    if not (watched and watched.indicators) and courses is None and seen is None:
        return None, next((code for code in failed if code not in NOTHING), "")
    return WatchAnswers(watched, courses, seen, tuple(failed)), ""


def _tried(failed: list[str], ask: Callable[[], _Any]) -> _Any | None:
    try:
        return ask()
    except BestandError as error:
        failed.append(error.code)
        return None
