"""What a case holds as networks: states and moves, ways from today, and who says what that carries which line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bestand.case.concepts import CORE
from bestand.case.lines import hedged
from bestand.case.loaded import Case, parts
from bestand.errors import AskError, Problem, did_you_mean
from bestand.exchange.normal_form import lost
from bestand.exchange.notes import Remark, noted
from bestand.graph.conflict import Conflict
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.negotiate.steps import steps_from
from bestand.show import Cell

MOST_NODES = 20_000  # states of a network that is written
MOST_EDGES = 500_000  # moves of a network that is written


@dataclass(frozen=True, slots=True)
class Knot:
    """One node: its id, what it is called, and its attributes."""

    id: str
    label: str
    attributes: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Tie:
    """One directed edge: from where to where, what it is called, and its attributes."""

    source: str
    target: str
    label: str
    attributes: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Network:
    """A directed network; ids are those of its nodes, and every edge has both its ends."""

    title: str
    knots: tuple[Knot, ...]
    ties: tuple[Tie, ...]
    notes: tuple[Remark, ...]


def network(conflict: Conflict, *, of: str | None = None) -> Network:
    """A network of a conflict.

    of : `moves` (every state and every legal move and event), `paths` (what is reached from today, by the best moves of
         everybody), or `evidence` (sources, speakers, claims and the lines that rest on them); `moves`, if not given

    Raises
    ------
    AskError
        `export/unknown-part`, `export/too-large`, `export/no-claims`. GraphError: `graph/no-present`.
    """
    chosen = of or "moves"
    if chosen not in NETWORKS:
        raise AskError(Problem("export/unknown-part", f"no network of '{chosen}'", hint=did_you_mean(chosen, NETWORKS)))
    return NETWORKS[chosen](conflict)


def _few(n_nodes: int, n_edges: int = 0) -> None:
    if n_nodes > MOST_NODES or n_edges > MOST_EDGES:
        what = f"more than {MOST_NODES:,} states or {MOST_EDGES:,} moves"
        raise AskError(Problem("export/too-large", what, hint="take a view that varies fewer levers, --hold some, or --of paths"))


def _moves(conflict: Conflict) -> Network:
    """Every state, every legal move, and every event."""
    graph = conflict.graph
    _few(graph.n_states)
    ties: list[Tie] = []
    for i, party in enumerate(graph.parties):
        for state in range(graph.n_states):
            targets = graph.moves[i].targets(state)
            _few(0, len(ties) + targets.size)
            best = set(steps_from(conflict, i, state, "best")) if targets.size else set()
            ties += [_move(conflict, i, party, state, int(target), best) for target in targets]
    for event in graph.chances:
        _few(0, len(ties) + event.source.size)
        ties += [
            Tie(_id(a), _id(b), event.name, {"party": "", "event": event.name, "per_month": event.per_month, "pays": None, "best": None})
            for a, b in zip(event.source, event.target, strict=True)
        ]
    notes = (noted("states", n=graph.n_states), noted("moves", n=len(ties)), *_not_of_a_graph(conflict))
    return Network(conflict.case.file.title, tuple(_states(conflict, np.arange(graph.n_states))), tuple(ties), notes)


def _id(state: int | np.integer) -> str:
    return f"s{int(state)}"


def _move(conflict: Conflict, i: int, party: str, source: int, target: int, best: set[int]) -> Tie:
    rank = conflict.worth.rank[0, i]
    words = ", ".join(f"{lever}={new}" for lever, (_, new) in conflict.graph.changes(source, target).items())
    pays = bool(rank[target] > rank[source])
    return Tie(_id(source), _id(target), words or party, {"party": party, "event": "", "per_month": None, "pays": pays, "best": target in best})


def _states(conflict: Conflict, which: np.ndarray) -> Iterator[Knot]:
    graph, rank = conflict.graph, conflict.worth.rank[0]
    verdicts = stability(conflict, concepts=CORE)
    rests = {concept: set(map(int, verdicts.equilibria(concept))) for concept in CORE}
    for state in map(int, which):
        at: dict[str, Cell] = dict(graph.at(state)) if graph.levers else {}
        at |= {f"rank of {party}": int(rank[i, state]) for i, party in enumerate(graph.parties)}
        at |= {f"rests ({concept})": state in rests[concept] for concept in CORE}
        yield Knot(_id(state), conflict.label(state), {**at, "now": state == graph.now})


def _not_of_a_graph(conflict: Conflict) -> list[Remark]:
    """What a graph does not say: conditions are no longer seen as such, but moves, events and today are there."""
    told = {"types", "red-lines", "held", "tempo", "ranges"}
    return [note for note in lost(conflict) if note.code in told] + [noted("conditions")]


def _paths(conflict: Conflict) -> Network:
    """Every state that best moves reach from today, and the shortest way to each."""
    ways = paths(conflict, by="best")
    reached = np.flatnonzero(ways.reached)
    _few(reached.size)
    ends, graph = set(map(int, ways.ends)), conflict.graph
    length = {_id(s): int(ways.length[s]) for s in reached}
    knots = tuple(
        Knot(knot.id, knot.label, {**knot.attributes, "moves from today": length[knot.id], "end": int(knot.id[1:]) in ends})
        for knot in _states(conflict, reached)
    )
    ties = tuple(
        _move(conflict, i, graph.parties[i], int(ways.before[s]), int(s), {int(s)})
        for s in reached if s != ways.start for i in [int(ways.mover[s])]
    )  # fmt: skip
    notes = (noted("states", n=len(knots)), noted("moves", n=len(ties)), noted("one-way-each"), *_not_of_a_graph(conflict))
    return Network(conflict.case.file.title, knots, ties, notes)


def _evidence(conflict: Conflict) -> Network:
    """Sources, speakers and claims, and the lines of the model that rest on them."""
    case, file = conflict.case, conflict.case.file
    if not file.claims:
        raise AskError(Problem("export/no-claims", "the case has no claims", hint="export its moves, or draft claims from a document"))
    knots: dict[str, Knot] = {}
    ties: list[Tie] = []
    for name, source in file.sources.items():
        knots[f"source:{name}"] = Knot(f"source:{name}", source.title, {"kind": "source", "key": name, "date": source.date, "url": source.url})
    for name, claim in file.claims.items():
        status = case.quotes[name].status if name in case.quotes else "unchecked"
        about: dict[str, Cell] = {"kind": "claim", "key": name, "quote": claim.quote, "hedge": claim.hedge}
        about |= {"hedged": hedged(claim), "checked": status == "checked"}
        knots[f"claim:{name}"] = Knot(f"claim:{name}", claim.gloss, about)
    for name, claim in file.claims.items():
        ties.append(_tie(f"source:{claim.source}", f"claim:{name}", "has"))
        author = file.sources[claim.source].author or f"author of {claim.source}"
        said = [(author, claim.author_holds), *((link.who, link.holds) for link in claim.chain)]
        said += [(claim.says, claim.source_holds or claim.author_holds)] if claim.says != "author" else []
        for who, holds in dict.fromkeys(said):
            knots.setdefault(f"speaker:{who}", Knot(f"speaker:{who}", who, {"kind": "speaker", "key": who}))
            ties.append(_tie(f"speaker:{who}", f"claim:{name}", "says", holds))
        ties += [_tie(f"claim:{name}", f"claim:{other}", "supports") for other in claim.supports]
        ties += [_tie(f"claim:{name}", f"claim:{other}", "denies") for other in claim.denies]
    for at, words, because, supported in _lines(case):
        knots[f"line:{at}"] = Knot(f"line:{at}", words, {"kind": "line", "key": at})
        ties += [_tie(f"claim:{claim}", f"line:{at}", "carries") for claim in because]
        ties += [_tie(f"claim:{claim}", f"line:{at}", "speaks for") for claim in supported]
    notes = (noted("claims", n=len(file.claims)), noted("sources", n=len(file.sources)), noted("moves-of-none"))
    return Network(file.title, tuple(knots.values()), tuple(ties), notes)


def _tie(source: str, target: str, kind: str, holds: str = "") -> Tie:
    return Tie(source, target, kind, {"kind": kind, "holds": holds})


def _lines(case: Case) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Every line of the model that names claims: its place, its words, the claims it needs and those that speak for it."""
    for at, part in parts(case.file):
        because, supported = getattr(part, "because", ()), getattr(part, "supported_by", ())
        if because or supported:
            words = next((str(text) for key in ("label", "name", "claim", "that") if (text := getattr(part, key, ""))), at)
            yield at, words, because, supported


NETWORKS = {"moves": _moves, "paths": _paths, "evidence": _evidence}
