"""States and moves of a conflict, with what it has in common with the one that it was made from: another version, or fewer levers held."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard, cast

from bestand.case.conditions import Node, levers_of
from bestand.case.loaded import Case
from bestand.case.remembered import remembered
from bestand.graph.build import build
from bestand.graph.model import Graph
from bestand.graph.narrower import OF_STATES, WIDER, Kept, Narrower, narrower

if TYPE_CHECKING:
    from bestand.graph.conflict import Conflict

MOST_PATTERNS = 16  # lists of wants of which it is kept which combinations hold somewhere: those looked at last
LIKE = "made from"  # under which the version before is kept, until the graph is built, and what states were worth in it
OF_VERSIONS = (*OF_STATES, "variants")  # what versions of a case with the same states share: also what changes of wants come to
_MIND = ("wants", "ranking")  # sections, by party, that make what states are worth


def begun_from(case: Case, kept: Kept) -> Kept:
    """What another version of a case begins with: the version before, where its graph is built."""
    return {LIKE: (case, kept)} if "graph" in kept else {}


def worths_alike(old: Case, new: Case, kept: Kept) -> Kept:
    """Of what is kept of a conflict, what states are worth to those to whom they are worth the same in another version of its case."""
    parties = [party for party in old.file.parties if party in new.file.parties and _same_mind(old, new, party)]
    return {key: known for key, known in list(kept.items()) if _is_worth(key) and key[1] in parties}


def _same_mind(old: Case, new: Case, party: str) -> bool:
    """Whether a party's worths are the same in two versions of a case: wants, ranking, types, the claims they cite, and the sources of these."""
    same = old.file.sizes == new.file.sizes
    same = same and all(getattr(old.file, name).get(party) == getattr(new.file, name).get(party) for name in _MIND)
    return same and old.file.parties[party] == new.file.parties[party] and all(
        mine is other or mine == other for mine, other in ((old.file.claims, new.file.claims), (old.file.sources, new.file.sources))
    )


def held_from(kept: Kept) -> Kept:
    """What a conflict in which more levers are held begins with."""
    return {WIDER: kept}


def worths_held(case: Case, kept: Kept, kept_of_graph: Kept, levers: Mapping[str, str]) -> Kept:
    """What a conflict in which more levers are held begins with of worths: of the parties that want nothing of these levers, where states stay."""
    graph, spoken = kept_of_graph.get("graph"), _wanted(case)
    known = {key: worth for key, worth in list(kept.items()) if _is_worth(key) and spoken[key[1]].isdisjoint(levers)}
    return {LIKE: (graph, known)} if graph is not None and known else {}


@remembered(2)  # a case, and one less some of its lines
def _wanted(case: Case) -> Mapping[str, frozenset[str]]:
    """The levers that each party's wants speak of."""
    known = _levers_said(case.terms)
    of = {party: {want.that for wants in case.listed(party).values() for want in wants} for party in case.file.parties}
    known.update((text, levers_of(case.condition(text), case.terms)) for text in set[str]().union(*of.values()) - known.keys())
    return {party: frozenset[str]().union(*map(known.__getitem__, texts)) for party, texts in of.items()}


@remembered(2)  # terms, which versions of a case share
def _levers_said(_: Mapping[str, Node]) -> dict[str, frozenset[str]]:
    """The levers that conditions speak of, as far as anybody asked: versions of a case have nearly all wants in common."""
    return {}


def _is_worth(key: Hashable) -> TypeGuard[tuple[str, str]]:
    return isinstance(key, tuple) and key[0] == "worth of"


def held_once(conflict: Conflict, levers: Mapping[str, str]) -> Conflict:
    """The conflict with some levers held, as its `hold` gives it; its states and moves are made once for all versions of the case that share the
    wider ones.
    """
    if not levers:
        return conflict
    fewer = conflict.hold(levers)
    kept = conflict.once_of_graph(("held", *sorted(levers.items())), lambda: fewer.kept_of_graph)
    return fewer if fewer.kept_of_graph is kept else replace(fewer, kept_of_graph=kept)


def built(case: Case, view: str | None, held: Mapping[str, str], kept: Kept) -> Graph:
    """The graph of a view; states, moves and events that are those of the version before are the very same, with what is kept of the states."""
    if WIDER in kept:
        within = narrower(case, cast("Kept", kept.pop(WIDER)), held)
        graph = build(case, view=view, hold=held, within=within)
        if within is not None:
            kept[WIDER] = within
        return graph
    if LIKE not in kept:
        return build(case, view=view, hold=held)
    old, known = cast("tuple[Case, Kept]", kept.pop(LIKE))
    before = cast("Graph", known["graph"])
    graph = build(case, view=view, hold=held, like=(old, before))
    if graph.codes is before.codes:
        kept.update((key, value) for key, value in list(known.items()) if isinstance(key, tuple) and key[0] in OF_VERSIONS)
    return graph


def kept_once(key: Hashable, kept: Kept, make: Callable[[], object]) -> object:
    """What is kept under a key: made now where it is not yet, or taken from the conflict in which fewer levers are held, as it is here."""
    with suppress(KeyError):
        return kept[key]
    within = kept.get(WIDER)
    taken = within.taken(key) if isinstance(within, Narrower) else None
    made = kept[key] = make() if taken is None else taken
    if isinstance(key, tuple) and key[0] == "patterns":  # other threads may put in and take out meanwhile
        for old in [each for each in list(kept) if isinstance(each, tuple) and each[0] == "patterns"][:-MOST_PATTERNS]:
            kept.pop(old, None)
    return made
