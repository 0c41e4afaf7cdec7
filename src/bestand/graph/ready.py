"""What may be asked about: a conflict, or a case, which is asked in the view that it would be asked in by itself."""

from __future__ import annotations

from collections.abc import Mapping

from bestand.arguments import shown
from bestand.case.loaded import Case, stated
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict, conflict


def ready(given: Conflict | Case) -> Conflict:
    """The conflict itself; of a case, the conflict in its view `core`, or in all its levers if it has none.

    Raises
    ------
    AskError
        `ask/wrong-form` where it is neither.

    >>> from bestand.case.read import read
    >>> ready(read("example/en")).graph.n_states
    384
    """
    if isinstance(given, Conflict):
        return given
    if isinstance(given, Case):
        return conflict(given)
    what = f"a conflict is asked about, or a case, not {shown(given)}"
    raise AskError(Problem("ask/wrong-form", what, hint="conflict(read('FILE')) makes one; read('FILE') reads a case"))


def viewed(given: Conflict | Case, view: str | None, hold: Mapping[str, str] | None) -> tuple[Case, str | None, dict[str, str]]:
    """The case, the view and what is held in it; of a conflict its own, where no other view is named, and more may be held.

    Raises
    ------
    AskError
        `ask/wrong-form` where it is neither a conflict nor a case.
    """
    case = stated(given)
    if isinstance(given, Conflict):
        return case, given.view if view is None else view, {**given.held, **(hold or {})}
    return case, view, dict(hold or {})
