"""Deals: what could be agreed, as a table and as a scatter of two parties, with demands, vetoes and fallbacks switched off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bestand.bargain.cores import cores
from bestand.bargain.demands import signs
from bestand.bargain.frontier import frontier
from bestand.bargain.outcomes import agreements
from bestand.errors import AskError, GraphError
from bestand.graph.conflict import Conflict
from bestand.study.everything import Study
from bestand.study.goals import main_goal
from bestand.telling.telling import Telling
from bestand.web.moves import state_key
from bestand.web.spoken import spoken
from bestand.web.told import Plain

MOST_ROWS = 60  # deals of the table beside the map
MOST_DOTS = 1_500  # outcomes on the map of deals


def deals_told(study: Study, language: str, *, that: str | None, without: list[str], excluding: list[str], pair: tuple[str, str] | None) -> Plain:
    """Packages nearest to today, what blocks them where there are none, and every outcome as two parties see it.

    without   : places of wants that are switched off, such as ``wants.ru[2]``
    excluding : parties that have no veto
    """
    asked = study.conflict
    gone = [line for line in asked.statements() if line.at in without]
    asked = asked.without(*gone) if gone else asked
    goal = that if that is not None else (main_goal(asked) or "")
    agreed = agreements(asked, that=goal or None, excluding=excluding)
    telling, whole = spoken(asked, language), spoken(study.conflict, language)  # without some lines, others stand in their places
    clash = None
    if not agreed.n_deals:
        try:
            clash = cores(asked, that=goal or None, excluding=excluding)
        except (AskError, GraphError):
            clash = agreed.blocking
    states = [int(state) for state in agreed.states()]
    states.sort(key=lambda state: len(asked.graph.changes(asked.now, state)))
    rank = asked.worth.rank[0]
    return {
        "goal": goal, "terms": [{"term": term, "name": telling.term(term)} for term in asked.case.terms],
        "n": agreed.n_deals, "states": asked.graph.n_states, "gains": int(agreed.gain[0].sum()),
        "deals": [
            {
                "key": state_key(asked, state), "name": telling.state(state),
                "rests": bool(study.stability.holds("seq")[state]) if not gone else None,
                "gains": {party: (int(rank[k, state]) > int(rank[k, asked.now])) - (int(rank[k, state]) < int(rank[k, asked.now]))
                          for k, party in enumerate(asked.parties)},
            }
            for state in states[:MOST_ROWS]
        ],
        "clashes": [] if clash is None else [[telling.demand(clash.demands[d]) for d in each] for each in clash.sets[:6]],
        "parties": [
            {"party": party, "name": telling.party(party), "chance": telling.is_chance(party), "signs": signs(asked.stated, party)}
            for party in asked.parties
        ],
        "demands": [
            {"at": line.at, "party": line.party, "words": whole.want(line.at, line.words)}
            for line in study.conflict.statements() if line.kind == "want"
        ],
        "scatter": _scatter(asked, telling, agreed.deal[0], pair or _usual_pair(asked, telling)),
    }  # fmt: skip


def _usual_pair(asked: Conflict, telling: Telling) -> tuple[str, str]:
    """The first two parties that want something; where only one does, it and another: of two of which one is indifferent there is little to see."""
    worths = {party: len(np.unique(asked.worth.rank[0, k])) for k, party in enumerate(asked.parties) if not telling.is_chance(party)}
    choosing = sorted(worths, key=lambda party: worths[party] == 1) or list(asked.parties)
    return choosing[0], choosing[min(1, len(choosing) - 1)]


def _scatter(asked: Conflict, telling: Telling, deal: NDArray[np.bool_], pair: tuple[str, str]) -> Plain:
    """Every outcome as two parties see it: distinct places, the edge among deals, and where today lies."""
    try:
        level = asked.sized.value[0] if asked.sized.value is not None else asked.worth.rank[0]
        scaled, scale = asked.on_scale("cardinal"), "worth"
    except AskError:
        level, scaled, scale = asked.worth.rank[0], asked, "rank"
    across, up = (asked.party(party) for party in pair)
    edge = set()
    if deal.any():
        edge = set(map(int, frontier(scaled, among=deal, fallback=None).members))
    order = np.argsort(~deal, kind="stable")
    place = np.stack([level[across][order], level[up][order], deal[order]], axis=1)
    _, first = np.unique(place, axis=0, return_index=True)
    chosen = [int(order[k]) for k in sorted(first)[:MOST_DOTS]]
    chosen = list(dict.fromkeys([*list(edge)[:300], *chosen]))
    return {
        "scale": scale, "across": pair[0], "up": pair[1], "now": [float(level[across][asked.now]), float(level[up][asked.now])],
        "dots": [
            {"x": float(level[across][state]), "y": float(level[up][state]), "deal": bool(deal[state]), "edge": state in edge,
             "key": state_key(asked, state), "name": telling.state(state)}
            for state in chosen
        ],
    }  # fmt: skip
