"""What to watch, what may follow, and what was seen, for one page: in the time allowed, and one that fails never loses the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bestand.errors import BestandError
from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict
from bestand.study.indicators import PLAYED, Indicators, indicators, share_of
from bestand.study.posterior import Posterior, present_versions
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


def watch_answers(conflict: Conflict, *, budget: Budget | None = None) -> tuple[WatchAnswers | None, str]:
    """What to watch, in at most the time of the budget; or nothing, and why not: empty where the case has nothing to say.

    conflict : of one draw
    """
    failed: list[str] = []
    now = _tried(failed, lambda: present_versions(conflict, budget=share_of(budget, PLAYED)))
    if now is None:
        quiet = failed[0] in NOTHING and not conflict.case.file.observations
        return None, "" if quiet else failed[0]
    watched = _tried(failed, lambda: indicators(conflict, budget=budget))
    courses = _tried(failed, lambda: scenarios(conflict, budget=budget))
    if not (watched and watched.found) and courses is None and now.posterior is None:
        return None, next((code for code in failed if code not in NOTHING), "")
    return WatchAnswers(watched, courses, now.posterior, tuple(failed)), ""


def _tried(failed: list[str], ask: Callable[[], _Any]) -> _Any | None:
    try:
        return ask()
    except BestandError as error:
        failed.append(error.code)
        return None
