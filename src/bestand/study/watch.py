"""What to watch, what may follow, and what was seen, for one page: in the time allowed, and one that fails never loses the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from bestand.graph.budget import Budget
from bestand.graph.conflict import Conflict
from bestand.study.indicators import PLAYED, Indicators, indicators, share_of
from bestand.study.posterior import Posterior, over_draws, present_versions
from bestand.study.scenarios import Scenarios, scenarios
from bestand.study.tried import tried

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
    failed: dict[str, str] = {}
    now = tried("versions", failed, lambda: present_versions(conflict, budget=share_of(budget, PLAYED)))
    if now is None:
        quiet = failed["versions"] in NOTHING and not conflict.case.file.observations
        return None, "" if quiet else failed["versions"]
    seen = now.posterior
    watched = tried("indicators", failed, lambda: indicators(conflict, budget=budget))
    courses = tried("scenarios", failed, lambda: scenarios(conflict, budget=budget))
    if seen is not None:
        seen = tried("posterior", failed, partial(over_draws, seen, draws=draws, seed=seed, budget=budget)) or seen
    if not (watched and watched.indicators) and courses is None and seen is None:
        return None, next((code for code in failed.values() if code not in NOTHING), "")
    return WatchAnswers(watched, courses, seen, tuple(failed.values())), ""
