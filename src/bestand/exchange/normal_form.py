"""A view of a case as a game in normal form: each party's strategies, what every combination is worth, and what is not said so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem, shortened
from bestand.exchange.notes import Remark, noted
from bestand.graph.conflict import Conflict
from bestand.negotiate.stability import stability

MOST_COMBINATIONS = 200_000  # combinations of strategies of a game that is written
MOST_PLAYERS = 31  # of such a game: each is an axis of an array, which has at most 32 in some versions of numpy


@dataclass(frozen=True, slots=True)
class NormalForm:
    """A game in normal form made of a view.

    names    : of the parties
    strategy : per party, its strategies in words
    payoff   : (n_parties, *strategies) float64
    stable   : (*strategies) bool, where nobody gains by a move of its own alone
    """

    title: str
    parties: tuple[str, ...]
    names: tuple[str, ...]
    strategy: tuple[tuple[str, ...], ...]
    payoff: NDArray[np.float64]
    stable: NDArray[np.bool_]
    notes: tuple[Remark, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of strategies of each party."""
        return tuple(len(each) for each in self.strategy)


def normal_form(conflict: Conflict) -> NormalForm:
    """The game of a conflict in which everybody sets its levers once, all at the same moment.

    A strategy is one setting for each lever of a party, where some state has it; payoffs are ranks, or worths where the
    conflict is on the cardinal scale. What guards, one-way levers, events and types say cannot be said so: see `notes`.

    Raises
    ------
    AskError
        `export/no-levers` where states are listed and have no levers; `export/too-large`; `worth/ordinal`.
    """
    graph = conflict.graph
    if not graph.levers:
        what = "the case lists its states and moves: a game in normal form is made of levers"
        raise AskError(Problem("export/no-levers", what, hint="export a graph (graphml, gexf, edges) instead"))
    if len(graph.parties) > MOST_PLAYERS:
        what = f"{len(graph.parties)} parties are more than the {MOST_PLAYERS} of a game that is written"
        raise AskError(Problem("export/too-large", what, hint="export a graph (graphml, gexf, edges) instead"))
    place, first = zip(*(_strategies(conflict, i) for i in range(len(graph.parties))), strict=True)
    sizes = tuple(len(each) for each in first)
    if math.prod(sizes) > MOST_COMBINATIONS:
        what = f"{math.prod(sizes):,} combinations of strategies, more than {MOST_COMBINATIONS:,}"
        raise AskError(Problem("export/too-large", what, hint="take a view that varies fewer levers, or --hold some"))
    own = tuple(_in_words(conflict, i, each) for i, each in enumerate(first))
    level = conflict.worth.rank[0].astype(np.float64) if conflict.worth.value is None else conflict.worth.value[0]
    worst = np.array([row.min() - max(1.0, float(np.ptp(row))) for row in level])
    payoff = np.broadcast_to(worst.reshape(-1, *(1 for _ in sizes)), (len(sizes), *sizes)).copy()
    payoff[(slice(None), *place)] = level
    feasible = np.zeros(sizes, np.bool_)
    feasible[tuple(place)] = True
    stable = np.logical_and.reduce([each >= each.max(axis=i, keepdims=True) for i, each in enumerate(payoff)])
    notes = [noted("parties", n=len(sizes)), noted("states", n=graph.n_states), noted("equilibria", n=int((stable & feasible).sum()))]
    n_own = len(stability(conflict, concepts=("nash",)).equilibria("nash"))
    notes += [noted("other-equilibria", n=n_own)] if n_own != int((stable & feasible).sum()) else []
    notes += _changed(conflict, own, feasible, stable, worst) + lost(conflict)
    names = tuple(conflict.case.file.parties[party].name for party in graph.parties)
    return NormalForm(conflict.case.file.title, graph.parties, names, own, payoff, stable, tuple(notes))


def _strategies(conflict: Conflict, party: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which strategy of a party each state has, and the first state of each strategy."""
    graph = conflict.graph
    code, stride = np.zeros(graph.n_states, np.int64), 1
    for lever in _own(conflict, party):
        code += stride * graph.digits(lever).astype(np.int64)
        stride *= len(graph.all_settings[lever])
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    return place.astype(np.int64), first


def _own(conflict: Conflict, party: int) -> list[str]:
    graph = conflict.graph
    return [lever for lever, owner in zip(graph.levers, graph.owner, strict=True) if owner == party]


def _in_words(conflict: Conflict, party: int, states: NDArray[np.int64]) -> tuple[str, ...]:
    """The strategies of a party, by a state of each."""
    each = (conflict.graph.at(int(state)) for state in states)
    levers = _own(conflict, party)
    return tuple(", ".join(f"{lever.partition('.')[2]}={at[lever]}" for lever in levers) or "nothing to choose" for at in each)


def _changed(
    conflict: Conflict, own: Sequence[Sequence[str]], feasible: NDArray[np.bool_], stable: NDArray[np.bool_], worst: NDArray[np.float64]
) -> list[Remark]:
    """What is said otherwise in a normal form than in a case."""
    file, graph = conflict.case.file, conflict.graph
    notes = [noted("simultaneous"), noted("ranks-as-payoffs" if conflict.worth.value is None else "worths-as-payoffs")]
    for i, (party, strategies) in enumerate(zip(graph.parties, own, strict=True)):
        name, owns = file.parties[party].name, i in graph.owner
        notes.append(noted("settings-as-strategies", party=name, n=len(strategies)) if owns else noted("no-strategies", party=name))
        notes += [noted("chance-party", party=name)] if file.parties[party].chance else []
    if not feasible.all():
        notes.append(noted("bans", n=int((~feasible).sum()), payoff=", ".join(f"{value:g}" for value in worst)))
    n_false = int((stable & ~feasible).sum())
    return [*notes, noted("banned-equilibria", n=n_false)] if n_false else notes


def lost(conflict: Conflict) -> list[Remark]:
    """What a game or a graph of this view does not say of the case."""
    file, graph, case = conflict.case.file, conflict.graph, conflict.case
    here = {lever: file.levers[lever] for lever in graph.levers if lever in file.levers}
    notes = []
    for code, names in (
        ("guards", [name for name, lever in here.items() if lever.needs]),
        ("one-way", [name for name, lever in here.items() if lever.one_way]),
        ("consent", [name for name, lever in here.items() if lever.consent]),
        ("held", [f"{name}={graph.all_settings[name][k]}" for name, k in graph.held.items()]),
    ):
        notes += [noted(code, levers=shortened(names))] if names else []
    here_events = [event.name for event in graph.chances]
    notes += [noted("events", names=shortened(here_events))] if here_events else []
    for party in graph.parties:
        if len(case.wants(party)) > 1:
            notes.append(noted("types", party=file.parties[party].name, type=conflict.worth.types[0].get(party, "")))
    if any(want.red_line for party in graph.parties for wants in case.wants(party).values() for want in wants):
        notes.append(noted("red-lines"))
    if graph.now is not None and graph.levers:
        notes.append(noted("now", state=shortened([f"{lever}={setting}" for lever, setting in graph.at(graph.now).items()])))
    notes += [noted("tempo")] if file.play is not None else []
    return [*notes, noted("ranges")]
