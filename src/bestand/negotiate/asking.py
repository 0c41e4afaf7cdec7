"""What may be asked of the engines here: every choice and every party checked in words, before any work begins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.conflict import Conflict


def one_of(kind: str, given: object, choices: Iterable[str], *, here: bool = False) -> str:
    """A choice that is one of those there are; `negotiate/unknown-…` of its kind where it is not.

    >>> one_of("concept", "seq", ("nash", "seq"))
    'seq'
    """
    known = list(choices)
    if isinstance(given, str) and given in known:
        return given
    what = f"no {kind} '{given}'" + (" here" if here else "")
    raise AskError(Problem(_CODES[kind], what, hint=did_you_mean(str(given), known)))


_CODES = {
    "concept": "negotiate/unknown-concept",
    "reading of replies": "negotiate/unknown-replies",
    "kind of moves": "negotiate/unknown-moves",
    "credibility": "negotiate/unknown-credibility",
    "reading of coalitions": "negotiate/unknown-reading",
}


def several(kind: str, given: Sequence[str], choices: Iterable[str]) -> tuple[str, ...]:
    """Choices that are all there, at least one; a single one may stand alone."""
    known = list(choices)
    each = (given,) if isinstance(given, str) else tuple(given)
    if not each:
        raise AskError(Problem(_CODES[kind], f"no {kind} is asked for", hint=did_you_mean("", known)))
    return tuple(one_of(kind, one, known) for one in each)


def drawn(conflict: Conflict, draw: int) -> int:
    """A draw that the conflict has.

    Raises
    ------
    AskError
        `negotiate/no-such-draw`.
    """
    if isinstance(draw, bool) or not isinstance(draw, int) or not 0 <= draw < conflict.worth.n_draws:
        what = f"no draw {draw}: this conflict has {conflict.worth.n_draws}, counted from 0"
        raise AskError(Problem("negotiate/no-such-draw", what, hint="conflict(case, draws=…) makes more"))
    return draw


def named(conflict: Conflict, parties: str | int | Collection[str | int]) -> tuple[str, ...]:
    """Names of parties given by name or number, in the case's order."""
    each = [parties] if isinstance(parties, str | int) else list(parties)
    places = {conflict.party(one) for one in each}
    return tuple(party for i, party in enumerate(conflict.parties) if i in places)
