"""States and moves of a version of a case, with what it has in common with the version that it was made from."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import cast

from bestand.case.loaded import Case
from bestand.graph.build import build
from bestand.graph.model import Graph

LIKE = "made from"  # under which the version before is kept, until the graph is built
OF_STATES = ("where", "patterns", "patterns of")  # what is kept of states alone, whatever the moves
Kept = dict[Hashable, object]


def begun_from(case: Case, kept: Kept) -> Kept:
    """What another version of a case begins with: the version before, where its graph is built."""
    return {LIKE: (case, kept)} if "graph" in kept else {}


def built(case: Case, view: str | None, held: Mapping[str, str], kept: Kept) -> Graph:
    """The graph of a view; states, moves and events that are those of the version before are the very same, with what is kept of the states."""
    if LIKE not in kept:
        return build(case, view=view, hold=held)
    old, known = cast("tuple[Case, Kept]", kept.pop(LIKE))
    before = cast("Graph", known["graph"])
    graph = build(case, view=view, hold=held, like=(old, before))
    if graph.codes is before.codes:
        kept.update((key, value) for key, value in known.items() if isinstance(key, tuple) and key[0] in OF_STATES)
    return graph
