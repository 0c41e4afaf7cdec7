"""Moves: the picture around today, and one state looked at: who would leave it, why, what stops them, and where each can go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bestand.draw.moves import moves_picture
from bestand.draw.svg import standalone
from bestand.errors import AskError, Problem
from bestand.graph.conflict import Conflict
from bestand.negotiate.why import why
from bestand.study.basis import deciding
from bestand.study.everything import Study
from bestand.study.outlook import FORESIGHT
from bestand.telling.telling import Telling
from bestand.web.spoken import spoken
from bestand.web.told import Plain, line_told

MOST_MOVES = 12  # moves of one party that are shown
MOST_LOOKED = 4_000  # moves of one party that are looked through


def state_key(conflict: Conflict, state: int) -> str:
    """A state's name that survives a restart: its settings, or its published name."""
    if not conflict.graph.levers:
        return conflict.label(state)
    return ",".join(f"{lever}={setting}" for lever, setting in conflict.at(state).items())


def state_of(conflict: Conflict, key: str) -> int:
    """The state of such a name; settings of levers that no longer vary are passed over, those not named stay as now."""
    if not key or key == "now":
        return conflict.now
    if not conflict.graph.levers:
        return conflict.state(key)
    given = dict(part.partition("=")[::2] for part in key.split(",") if "=" in part)
    if not given:
        raise AskError(Problem("web/no-state", f"'{key[:80]}' is not a state", hint="give lever=setting, …"))
    return conflict.state({**conflict.at("now"), **{lever: value for lever, value in given.items() if lever in conflict.graph.levers}})


def moves_told(study: Study, language: str) -> Plain:
    """The picture of today, and where the conflict can rest."""
    telling = spoken(study.conflict, language)
    drawn = moves_picture(study, telling)
    return {
        "picture": None if drawn is None else standalone(drawn),
        "rests": [
            {
                "key": state_key(study.conflict, rest.state), "state": rest.state, "name": telling.state(rest.state),
                "terms": telling.terms(rest.terms),
                "concepts": list(rest.concepts), "alike": rest.n_alike, "improving": rest.improving,
                "way": None if rest.way is None else [telling.step(step) for step in rest.way],
            }
            for rest in study.rests
        ],
        "keys": {str(state): state_key(study.conflict, state) for state in _drawn(drawn)},
        "counts": dict(study.counts), "states": study.graph.n_states,
    }  # fmt: skip


def _drawn(picture: str | None) -> Iterator[int]:
    """States that have a box in a picture."""
    for part in (picture or "").split('data-state="')[1:]:
        yield int(part.partition('"')[0])


def state_told(study: Study, key: str, language: str, *, walk: bool, way: Sequence[str] = ()) -> Plain:
    """One state: who would leave it, why, what stops them; for a walk also where each party can go, and the steps by which it came there."""
    asked = study.conflict
    state = state_of(asked, key)
    telling = spoken(asked, language)
    return {
        "key": state_key(asked, state), "state": state, "now": state == study.graph.now, "name": telling.state(state),
        "differs": [] if state == study.graph.now else telling.difference(state),
        "terms": telling.terms(term for term in asked.case.terms if asked.true_at(term, state)),
        "rests": [concept for concept in study.counts if bool(study.stability.holds(concept)[state])],
        "parties": [_party_told(study, telling, state, party, walk=walk) for party in asked.parties if not telling.is_chance(party)],
        "events": list(_events(study, telling, state)),
        "way": [_step(study, telling, *each) for each in pairwise([*(state_of(asked, step) for step in way), state])],
    }  # fmt: skip


def _step(study: Study, telling: Telling, source: int, target: int) -> str:
    """One step of a walk: who moves, and what that changes; or what happens by itself."""
    changes = telling.changes(source, target)
    parties = zip(study.conflict.parties, study.graph.moves, strict=True)
    movers = [party for party, moves in parties if not telling.is_chance(party) and target in moves.targets(source)]
    events = [str(each["name"]) for each in _events(study, telling, source) if each["key"] == state_key(study.conflict, target)]
    name = telling.party(movers[0]) if movers else ""
    return f"{name}: {changes}" if name and not changes.startswith(name) else changes if movers or not events else events[0]


def _events(study: Study, telling: Telling, state: int) -> Iterator[Plain]:
    """What nobody chooses and may happen in a state."""
    for chance in study.graph.chances:
        for target in chance.target[chance.source == state].tolist():
            key, changes = state_key(study.conflict, target), telling.changes(state, target)
            yield {"name": telling.called("events", chance.name), "key": key, "changes": changes}


def _party_told(study: Study, telling: Telling, state: int, party: str, *, walk: bool) -> Plain:
    asked = study.conflict
    witness = why(asked, state=state, party=party, concept=FORESIGHT)
    k = asked.party(party)
    rank = asked.worth.rank[0, k]
    today = 0 if study.graph.now is None else int(rank[state]) - int(rank[study.graph.now])
    told: Plain = {
        "party": party, "name": telling.party(party), "stays": witness.stable, "told": telling.witness(witness),
        "against_now": (today > 0) - (today < 0), "moves": [],
    }  # fmt: skip
    if walk:
        told["moves"] = list(_moves(study, telling, state, k))
    return told


def _moves(study: Study, telling: Telling, state: int, k: int) -> Iterator[Plain]:
    """Where a party can go: what it likes best first, then what changes least."""
    asked = study.conflict
    rank = asked.worth.rank[0, k]
    targets = [int(each) for each in asked.graph.moves[k].targets(state)[:MOST_LOOKED]]
    ordered = sorted(targets, key=lambda there: (-int(rank[there]), len(study.graph.changes(state, there))))
    best = ordered[0] if ordered and rank[ordered[0]] > rank[state] else None
    small = [each for each in ordered if len(study.graph.changes(state, each)) == 1]
    for target in dict.fromkeys([*ordered[: MOST_MOVES // 2], *small[:MOST_MOVES]]):
        decided = deciding(asked, asked.parties[k], state, target)
        yield {
            "key": state_key(asked, target), "changes": telling.changes(state, target),
            "gain": int(rank[target] > rank[state]) - int(rank[target] < rank[state]),
            "best": target == best, "because": telling.because(decided), "line": None if decided is None else line_told(decided.line, telling),
        }  # fmt: skip
