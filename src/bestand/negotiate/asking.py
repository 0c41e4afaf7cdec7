"""What may be asked of the engines here: every choice and every party checked in words, before any work begins."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import cast

from bestand.arguments import is_whole_number
from bestand.case.concepts import CONCEPTS, CREDIBILITY, MOVING, Concept, Credibility, Foresight, Moving, Steps
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
    each = as_list(given)
    if not each:
        raise AskError(Problem(_CODES[kind], f"no {kind} is asked for", hint=did_you_mean("", known)))
    return tuple(one_of(kind, one, known) for one in each)


def foresight_of(concept: Concept | Foresight) -> Foresight:
    """The row of a concept given by name, or the row itself."""
    return concept if isinstance(concept, Foresight) else CONCEPTS[one_of("concept", concept, CONCEPTS)]


def foresights(concepts: Concept | Foresight | Sequence[Concept | Foresight]) -> tuple[Foresight, ...]:
    """The rows of several concepts, at least one, no two of one name."""
    each = cast("list[Concept | Foresight]", as_list(concepts))
    rows = {row.name: row for row in map(foresight_of, each)}
    if len(rows) < max(1, len(each)):
        what = "a concept is asked for twice" if each else "no concept is asked for"
        raise AskError(Problem("negotiate/unknown-concept", what, hint=did_you_mean("", CONCEPTS)))
    return tuple(rows.values())


def reply_steps(foresight: Foresight, moves: Moving, credibility: Credibility = "strict") -> Steps:
    """The steps that replies are made of under a reading, both words checked."""
    one_of("kind of moves", moves, MOVING)
    one_of("credibility", credibility, CREDIBILITY)
    if moves == "best" and credibility == "weak":
        what = "best moves always gain, so no reply that gains nothing can be credible with moves='best'"
        raise AskError(Problem("negotiate/unknown-credibility", what, hint="credibility='weak' goes with moves='paying'"))
    return foresight.steps(moves, credibility)


def as_list(given: object) -> list[object]:
    """What is given as a list; a single thing may stand alone."""
    return list(given) if isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping) else [given]


def positive(given: object, code: str, what: str, *, most: float = math.inf) -> float:
    """A size above 0, finite and at most `most`, in worth per month; `code` where it is not."""
    if isinstance(given, bool) or not isinstance(given, Real) or not (0 < float(given) <= most and float(given) < math.inf):
        at_most = f", at most {most:g}" if most < math.inf else ""
        raise AskError(Problem(code, f"{given} is no {what}", hint=f"give a positive worth per month{at_most}"))
    return float(given)


def threads_of(threads: int | None) -> int:
    """Threads asked for; all cores, if not given. The door to the compiled code refuses what is no number of them."""
    return (os.cpu_count() or 1) if threads is None else threads


def draw_number(conflict: Conflict, draw: int) -> int:
    """A draw that the conflict has.

    Raises
    ------
    AskError
        `negotiate/no-such-draw`.
    """
    if not is_whole_number(draw) or not 0 <= draw < conflict.draws:
        what = f"no draw {draw}: this conflict has {conflict.draws}, counted from 0"
        raise AskError(Problem("negotiate/no-such-draw", what, hint="conflict(case, draws=…) makes more"))
    return int(draw)


def party_names(conflict: Conflict, parties: object) -> tuple[str, ...]:
    """Names of parties given by name or number, in the case's order."""
    places = {conflict.party(cast("str | int", one)) for one in as_list(parties)}
    return tuple(party for i, party in enumerate(conflict.parties) if i in places)
