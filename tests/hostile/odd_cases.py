"""Odd cases that are valid all the same: each is one idea away from a small case that has something of everything."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

Stated = dict[str, Any]
SAID = "On Monday A said that it would stop. B reportedly wants to be paid.\n"
T = "to try it"


def _want(that: str, **more: object) -> Stated:
    return {"that": that, "assumed": T, **more}


def _lever(words: str, **more: object) -> Stated:
    return {"is": words, "assumed": T, **more}


def _test(**question: object) -> Stated:
    return {"claim": "so it is said", "assumed": T, "test": [question]}


BASE: Stated = {
    "bestand": 1, "title": "Odd", "as_of": "2030-01-01", "summary": "An invented one.",
    "sources": {"s": {"title": "S", "sha256": hashlib.sha256(SAID.encode()).hexdigest(), "file": "said.txt", "reliability": {"value": 0.8, "range": [0.6, 0.9]}}},
    "claims": {
        "c1": {"source": "s", "quote": "it would stop", "says": "A", "gloss": "A stops", "hedge": "would"},
        "c2": {"source": "s", "quote": "wants to be paid", "hedge": "reportedly", "author_holds": "probable", "gloss": "B wants pay"},
    },
    "parties": {
        "a": {"name": "Aland"}, "c": {"name": "Guard"}, "w": {"name": "Weather", "chance": True},
        "b": {"name": "Borg", "types": {"soft": {"value": 0.6, "assumed": T}, "hard": {"value": 0.4, "assumed": T}}},
    },
    "levers": {
        "a.stops": {"is": "Aland stops", "because": ["c1"]}, "a.hits": _lever("Aland hits the north"), "b.stops": _lever("Borg stops"),
        "b.pays": _lever("Borg pays", needs={"yes": {"that": "truce", "assumed": T}}),
        "c.force": _lever("the guard's force", settings=["none", "small", "full"], now="small"),
        "w.rain": _lever("it rains", up={"value": 0.2, "range": [0.1, 0.3], "assumed": T}, down=0.5),
    },
    "terms": {"truce": {"that": "a.stops and b.stops", "is": "there is a truce"}},
    "never": [{"that": "a.hits and b.pays", "assumed": T}],
    "events": {"flood": {"is": "a flood", "sets": {"c.force": "none"}, "when": "w.rain", "per_month": {"value": 0.05, "range": [0.01, 0.1]}, "assumed": T}},
    "wants": {
        "a": [_want("b.stops", worth=3), _want("b.pays", worth=2), _want("not a.stops", worth=1), _want("a.hits and not truce", worth=1)],
        "b": {
            "soft": [_want("a.stops", worth=3, because=["c2"]), _want("not a.hits", worth=2), _want("not b.pays", worth=1)],
            "hard": [_want("not b.stops", worth=3, red_line=True), _want("not a.hits", worth=2), _want("not b.pays", worth=1)],
        },
        "c": [_want("truce", worth=3), _want("c.force = small", worth=1)],
    },
    "talks": {"round": {"is": "the round", "between": ["a", "b"], "assumed": T}},
    "incidents": {"raid": {"is": "a raid", "event": "flood", "framings": [{"by": "b", "as": "an attack", "lever": "b.stops", "assumed": T}], "assumed": T}},
    "observations": [{"on": "2029-12-20", "lever": "a.stops", "not_given": "yes", "since": "2029-12-01", "assumed": T}],
    "zones": {"north": {
        "name": "the north", "width_km": 100, "attacker": "a", "attack": "a.hits", "surge_k": {"value": 50, "range": [30, 80]}, "assumed": T,
        "guards": [{"party": "c", "lever": "c.force", "troops_k": {"small": 5, "full": 20}, "in_place": 0.5, "arrival_days": 10, "assumed": T}],
        "prize": {"a": 2}, "presence_cost": {"c": 1},
    }},
    "areas": {"land": {"name": "the land", "outline": [[0, 0], [1, 0], [1, 1], [0, 1]], "zone": "north", "held_by": ["b"], "assumed": T}},
    "deterrence": {
        "truce": "truce", "capacity_k": {"c": 40}, "postures": {"nothing": {"sets": {"c.force": "none"}}, "full": {"sets": {"c.force": "full"}}},
        "strategies": {"raid": {"sets": {"a.hits": "yes"}, "kind": "escalation"}, "wait": {"sets": {"a.hits": "no"}, "kind": "none"}},
    },
    "hypotheses": {
        "reached": _test(ask="reached", that="truce", expect="yes"), "agreed": _test(ask="agreement", that="truce", expect="yes"),
        "longer": _test(ask="holds_longer", that="truce", **{"from": "truce"}, hold={"c.force": "full"}, against={"c.force": "none"}, expect="more"),
        "gains": _test(ask="gains", party="a", that="a.hits", expect="no"), "open": _test(ask="undecidable", reason="nothing is said", expect="yes"),
    },
    "unsaid": [{"what": "how long", "instead": "a year", "where": ["a.stops"]}],
    "views": {"core": {"is": "all of it", "vary": ["all"]}, "low": {"is": "without the guard", "vary": ["a.stops", "b.stops", "b.pays"]}},
}  # fmt: skip
LISTED: Stated = {
    "bestand": 1, "title": "Listed", "parties": {"a": {"name": "A"}, "b": {"name": "B"}}, "states": {f"s{k}": {"is": f"state {k}"} for k in (1, 2, 3)},
    "graph": {"moves": {"a": [["s1", "s2"], ["s2", "s1"]], "b": [["s2", "s3"]]}, "now": "s1"}, "ranking": {"a": ["s3", "s1", "s2"], "b": ["s2", "s3", "s1"]},
}  # fmt: skip


def _put(*places: tuple[str, object]) -> Callable[[Stated], Stated]:
    """The small case with something else at some places; `...` takes out what stands there."""

    def change(case: Stated) -> Stated:
        for place, new in places:
            *way, last = place.split("/")
            within = case
            for name in way:
                within = within[name]
            if new is ...:
                within.pop(last, None)
            else:
                within[last] = new
        return case

    return change


def _only(*keys: str) -> Callable[[Stated], Stated]:
    return lambda case: {key: case[key] for key in ("bestand", "title", *keys)}


def _listed(*places: tuple[str, object]) -> Callable[[Stated], Stated]:
    return lambda _: _put(*places)(copy.deepcopy(LISTED))


def _crowd(n: int) -> Callable[[Stated], Stated]:
    def change(case: Stated) -> Stated:
        names = [f"p{k}" for k in range(n)]
        return case | {key: {} for key in ("zones", "areas", "events", "views", "incidents", "talks", "sources", "claims")} | {
            "parties": {name: {"name": f"Party {name}"} for name in names}, "levers": {f"{name}.x": _lever(f"{name} goes") for name in names[:5]},
            "wants": {name: [_want("p0.x" if k % 2 else "not p0.x")] for k, name in enumerate(names)}, "terms": {"truce": "p0.x and p1.x"}, "never": [],
            "deterrence": {"truce": "truce"}, "observations": [], "unsaid": [], "hypotheses": {"reached": _test(ask="reached", that="truce", expect="yes")},
        }  # fmt: skip

    return change


def _called(name: str) -> Callable[[Stated], Stated]:
    """Whatever a person reads is called by one name, with a number behind it."""

    def change(case: Stated) -> Stated:
        places = {"parties": "name", "levers": "is", "terms": "is", "talks": "is", "incidents": "is", "events": "is", "zones": "name", "areas": "name",
                  "sources": "title", "claims": "gloss", "hypotheses": "claim", "views": "is"}  # fmt: skip
        for room, key in places.items():
            for k, each in enumerate(case[room].values()):
                each[key] = f"{name}{k}"
        return case | {"title": name, "summary": name}

    return change


def _all_rest(case: Stated) -> Stated:
    for each in case["levers"].values():
        each.pop("up", None)
        each.pop("down", None)
        each |= {"one_way": "up", "now": each.get("settings", ["no", "yes"])[-1]}
    return case


ASKS = ("rests", "reached", "possible", "gains", "agreement", "holds_longer", "unlocked")
KINDS: dict[str, Callable[[Stated], Stated]] = {
    "no levers": _only("parties"), "only claims": _only("parties", "sources", "claims"), "only sources": _only("parties", "sources"),
    "one party": lambda case: _put(("parties", {"a": {"name": "A"}}), ("levers", {"a.x": _lever("A goes")}), ("wants", {"a": [_want("a.x")]}))(_only()(case)),
    "one state": _put(("never", [{"that": "a.stops or a.hits or b.stops or b.pays or not c.force = small or w.rain", "assumed": T}])),
    "no wants": _put(("wants", {})), "present unknown": _put(("present", "unknown"), ("levers/c.force/now", ...)),
    "present banned": _put(("never", [{"that": "not a.stops", "assumed": T}])), "nothing can move": _all_rest, "parties without levers":
    _put(*((f"parties/i{k}", {"name": f"Idle {k}"}) for k in range(4))), "no areas": _put(("areas", {})), "zones without guards": _put(("zones/north/guards", [])),
    "no zones": _put(("zones", {}), ("areas", {}), ("deterrence", ...)), "no quotes": _put(("sources", {}), ("claims", {}), ("levers/a.stops", _lever("A stops")), ("wants/b/soft", [])),
    "guarantor absent": _put(("views/core", {"vary": ["a.stops", "a.hits", "b.stops", "b.pays"], "fixed": {"c.force": "none"}})),
    "only chance moves": _put(("views/core", {"vary": ["w.rain"]})), "rates of nothing": _put(("events/flood/per_month", 0), ("levers/w.rain/up", 0), ("levers/w.rain/down", 0)),
    "nobody acts": _put(("play", {"tempo": dict.fromkeys("abc", 0)})), "an event that cannot be": _put(("events/flood/when", "w.rain and not w.rain")),
    "truce today": _put(("levers/a.stops/now", "yes"), ("levers/b.stops/now", "yes")), "truce never": _put(("terms/truce/that", "a.stops and not a.stops")),
    "truce always": _put(("terms/truce/that", "a.stops or not a.stops")), "wants of no worth": _put(("wants", {name: [_want("truce", worth=0)] for name in "ac"})),
    "types that are certain": _put(("parties/b/types", {"soft": {"value": 1, "assumed": T}, "hard": {"value": 0, "assumed": T}})),
    "one signs": _put(("parties/b/signs", False), ("parties/c/signs", False)), "red lines against each other":
    _put(("wants/a", [_want("a.hits", red_line=True)]), ("wants/c", [_want("not a.hits", red_line=True)])), "no views": _put(("views", {})),
    "no dates": _put(("as_of", ...), ("observations", [])), "force of nobody": _put(("zones/north/surge_k", 0)),
    "no postures": _put(("deterrence", {"truce": "truce"})), "equal names": _put(("parties/a/name", "Borg")),
    "seen and impossible": _put(("observations", [{"on": "2029-12-20", "lever": "b.pays", "took": "yes", "assumed": T}])),
    "means of nothing": _put(("budgets", {"m": {"is": "money", "party": "a", "of": 0, "costs": {"a.hits": {"yes": 1}}, "assumed": T}})),
    "every question": _put(("hypotheses", {f"q{k}": _test(ask=ask, that=that, expect=expect, **({"party": "a"} if ask == "gains" else {}), **more)
        for k, (ask, that, expect, more) in enumerate((ask, *each) for ask in ASKS for each in (
            ("truce and not truce", "no", {}), ("truce or not truce", "yes", {"view": "low"}), ("truce", "less", {"hold": {"a.hits": "yes"}, "against": {"a.hits": "no"}}),
            ("truce", "yes", {"from": "a.hits and b.pays"}), ("truce", "same", {"view": "low", "hold": {"a.stops": "yes"}, "against": {"a.stops": "no"}, "excluding": ["a"]})))})),
    "listed": _listed(), "listed, no present": _listed(("graph/now", ...)), "listed, no moves": _listed(("graph/moves", {"a": [], "b": []})), "listed, no ranking": _listed(("ranking", ...)),
    "listed, asked": _listed(("hypotheses", {ask: _test(ask=ask, that="s3", expect="yes", **({"party": "a"} if ask == "gains" else {})) for ask in ASKS})),
    **{f"{n} parties": _crowd(n) for n in (33, 65, 130)},
    **{f"called {name[:9]}": _called(name) for name in ("q", "W" * 190, "He said \"x\" 'y' `z`", "<b>&amp;</b><script>alert(1)</script>", "🏳️‍🌈👩‍👧", "שלום עולם",
                                                        "=cmd|' /C calc'!A0", "%s %(a)s {0} {name} {", "None of it", "a $x$ \\n \\u0041", "| a | **b** [x](y)")},
}  # fmt: skip


def odd_case(kind: str) -> str:
    """The text of a case file, in the part of YAML that is JSON."""
    return json.dumps(KINDS[kind](copy.deepcopy(BASE)), ensure_ascii=False)
