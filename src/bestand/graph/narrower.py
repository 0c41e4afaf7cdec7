"""States of a conflict in which more levers are held: some of those of the one that it was made from, where much is known of them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from bestand.case.conditions import Node, levers_of, names
from bestand.case.loaded import Case
from bestand.graph.model import MOST_KNOWN, Chance, Graph

Kept = dict[Hashable, object]
OF_STATES = ("where", "patterns", "patterns of")  # what is kept of states alone, whatever the moves, by the conditions that it is of
WIDER = "held from"  # under which what is kept of the conflict before stands, and then how its states are narrowed
_Any = TypeVar("_Any", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Narrower:
    """How the states of a conflict follow from those of one in which fewer levers are held.

    wider     : states and moves of that one
    known     : what is kept of its states
    states    : (n_states,) int64, their numbers there; None where all of them stay
    fixed     : levers that vary there, and the setting (index) at which each is held here
    otherwise : levers that are held at another setting there, and terms that speak of them: what names one is to be looked at anew
    """

    case: Case
    wider: Graph
    known: Kept
    states: NDArray[np.int64] | None
    fixed: Mapping[str, int]
    otherwise: frozenset[str]

    def of(self, there: NDArray[_Any]) -> NDArray[_Any]:
        """One value for every state here of one for every state there; read-only."""
        return there if self.states is None else _frozen(there[self.states])

    def speaks(self, condition: Node) -> bool:
        """Whether a condition speaks of a lever that is held at another setting there."""
        return bool(self.otherwise) and any(name in self.otherwise for name in names(condition))

    def codes(self) -> NDArray[np.int64]:
        """Mixed-radix numbers of the states, without the levers that are held."""
        codes = self.of(self.wider.codes)
        strides = np.cumprod([1, *map(len, self.wider.settings)], dtype=np.int64)
        for k in reversed([self.wider.levers.index(lever) for lever in self.fixed]):
            above, below = codes // strides[k + 1], codes % strides[k]
            codes = _frozen(above * strides[k] + below)
        return codes

    def chance(self, there: Chance) -> Chance:
        """An event between the states that stay; it may have none."""
        if self.states is None:
            return there
        number = np.full(self.wider.n_states, -1, np.int64)
        number[self.states] = np.arange(self.states.size)
        source, target = number[there.source], number[there.target]
        stays = (source >= 0) & (target >= 0)
        return Chance(there.name, there.per_month, _frozen(source[stays].astype(np.uint32)), _frozen(target[stays].astype(np.uint32)))

    def taken(self, key: Hashable) -> object | None:
        """What is kept under a key of a condition, or of the combinations of some, as it is here; None where it is not known."""
        known = self.known.get(key) if isinstance(key, tuple) and key[0] in OF_STATES else None
        if known is None:
            return None
        kind, *about = cast("tuple[str, *tuple[str | Node | None, ...]]", key)
        if kind == "where":
            return None if self._spoken(about) else self.of(cast("NDArray[np.bool_]", known))
        if kind == "patterns":
            return None if self._spoken(about) else self._patterns(*cast("tuple[NDArray[np.float64], NDArray[np.int64]]", known))
        conditions, combined = cast("tuple[tuple[str, ...], tuple[NDArray[np.float64], NDArray[np.int64]]]", known)
        return None if self._spoken(conditions) else (conditions, self._patterns(*combined))

    def _spoken(self, conditions: list[str | Node | None] | tuple[str, ...]) -> bool:
        nodes = (self.case.condition(each) if isinstance(each, str) else each for each in conditions if self.otherwise and each is not None)
        return any(map(self.speaks, nodes))

    def _patterns(self, pattern: NDArray[np.float64], kind: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The combinations of conditions that still hold somewhere, in their order."""
        if self.states is None:
            return pattern, kind
        there = np.zeros(pattern.shape[1], np.bool_)
        here = kind[self.states]
        there[here] = True
        return pattern[:, there], (np.cumsum(there) - 1)[here]


def narrower(case: Case, known: Kept, held: Mapping[str, str]) -> Narrower | None:
    """How the states follow from what is kept of a conflict in which fewer levers are held; None where they do not, or are not made yet.

    held : levers, with the settings at which they are held here
    """
    wider = cast("Graph | None", known.get("graph"))
    if wider is None or not wider.levers or wider.n_states > MOST_KNOWN:
        return None
    at = {lever: case.settings[lever].index(setting) for lever, setting in held.items()}
    fixed = {lever: at[lever] for lever in wider.levers if lever in at}
    levers = frozenset(lever for lever, setting in at.items() if wider.held.get(lever, setting) != setting)
    terms = (name for name, node in case.terms.items() if levers and not levers.isdisjoint(levers_of(node, case.terms)))
    states = None
    if fixed:
        states = np.flatnonzero(np.logical_and.reduce([wider.digits(lever) == setting for lever, setting in fixed.items()]))
    made = Narrower(case, wider, known, states, fixed, levers.union(terms))
    return None if any(made.speaks(case.condition(ban.that)) for ban in case.file.never) else made


def _frozen(array: NDArray[_Any]) -> NDArray[_Any]:
    array.flags.writeable = False
    return array
