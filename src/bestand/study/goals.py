"""The outcome that the deeper questions about a conflict are about."""

from __future__ import annotations

from collections.abc import Sequence

from bestand.bargain.outcomes import in_the_world_as_it_is
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.conflict import Conflict
from bestand.study.basis import mentions


def main_goal(conflict: Conflict) -> str | None:
    """The condition that deals are looked for with: the truce, or the term that the case speaks of most, lacks today, and parties can bring about.

    Nobody can promise what chance does: a term that holds only where chance has moved is no goal of a deal.
    """
    case, now = conflict.case, conflict.graph.now
    if now is None:
        return None
    as_it_is = in_the_world_as_it_is(conflict)
    if case.file.deterrence is not None and (conflict.where(case.file.deterrence.truce) & as_it_is).any():
        return case.file.deterrence.truce
    absent = [term for term in case.terms if ((mask := conflict.where(term)) & as_it_is).any() and not mask[now]]
    spoken = mentions(case)
    return max(absent, key=lambda term: spoken.get(term, 0), default=None)


def checked_by(given: object, choices: Sequence[str]) -> None:
    """Refuses another `by` than there is.

    Raises
    ------
    AskError
        `study/unknown-by`.
    """
    if not isinstance(given, str) or given not in choices:
        raise AskError(Problem("study/unknown-by", f"nothing can be asked by '{str(given)[:40]}'", hint=did_you_mean(str(given), choices)))
