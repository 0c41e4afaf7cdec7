"""Random small cases as files: parties with versions, chance, guards, bans, one-way levers, hedged claims, red lines, questions to be asked."""

from __future__ import annotations

import random

import yaml

DEGREES = ["certain", "certain", "certain", "probable", "possible", "uncommitted"]


def _condition(r: random.Random, levers: dict, terms: dict, depth: int = 1) -> str:
    """A condition on one to three levers, or a term."""
    if depth and r.random() < 0.45:
        one, other = (_condition(r, levers, terms, depth - 1) for _ in range(2))
        return f"({one}) {r.choice(['and', 'or', 'implies', 'iff'])} ({other})"
    if terms and r.random() < 0.25:
        return f"{r.choice(['', 'not '])}{r.choice(list(terms))}"
    name = r.choice(list(levers))
    settings = levers[name]["settings"]
    return r.choice([f"{name} {r.choice(['=', '!=', '<=', '>='])} {r.choice(settings)}", f"not {name}", name])


def _backing(r: random.Random, claims: dict) -> dict:
    roll = r.random()
    if roll < 0.3:
        return {"assumed": "for the test"}
    names = r.sample(list(claims), r.choice([1, 1, 2]))
    return {"because": names, "basis": "inferred"} if roll < 0.8 else {"supported_by": names, "basis": "inferred"}


def written_case(seed: int) -> str:
    """The text of a case, the same for the same seed."""
    r = random.Random(seed)
    parties = {f"p{i}": {"name": f"Party {i}"} for i in range(r.randint(2, 4))}
    if random.Random(f"signs {seed}").random() < 0.3:
        parties["p1"]["signs"] = False
    chance = r.random() < 0.5
    sources = {"s": {"title": "Notes", "sha256": "0" * 64}, "t": {"title": "Other notes", "sha256": "1" * 64, "reliability": {"value": 0.7, "range": [0.4, 0.9], "assumed": "x"}}}
    claims = {}
    for k in range(6):
        claims[f"c{k}"] = {"source": r.choice(["s", "s", "t"]), "quote": f"quote {k}", "gloss": f"gloss {k}", "author_holds": r.choice(DEGREES)}
        if r.random() < 0.5:
            claims[f"c{k}"] |= {"says": r.choice(["Ann", "Bob"]), "source_holds": r.choice(DEGREES)}
        if r.random() < 0.3:
            claims[f"c{k}"]["hedge"] = "it seems"
        if r.random() < 0.2:
            claims[f"c{k}"]["chain"] = [{"who": "Cor", "holds": r.choice(DEGREES)}]
    levers: dict = {}
    for k in range(r.randint(len(parties) + 1, 6)):
        owner = f"p{k % len(parties)}"
        levers[f"{owner}.l{k}"] = {"is": f"lever {k}", "settings": ["s0", "s1", "s2"][: r.choice([2, 2, 3])], "now": "s0", "assumed": "x"}
        if r.random() < 0.2:
            levers[f"{owner}.l{k}"]["one_way"] = "up"
    if chance:
        parties["w"] = {"name": "The weather", "chance": True, "assumed": "x"}
        levers["w.rain"] = {"is": "rain", "settings": ["s0", "s1"], "now": r.choice(["s0", "s1"]), "assumed": "x"}
    terms: dict = {}
    for name in ("peace", "order"):
        terms[name] = {"that": _condition(r, levers, dict(terms)), "is": f"the {name}"}
    movable = [name for name in levers if not name.startswith("w.")]
    for name in r.sample(movable, 2):
        if r.random() < 0.7:
            levers[name]["needs"] = {"s1": {"that": _condition(r, levers, {}, 0), **(_backing(r, claims) if r.random() < 0.5 else {})}}
    events = {}
    if chance:
        events["storm"] = {"sets": {"w.rain": "s1"}, "when": _condition(r, levers, {}, 0), "per_month": {"value": 0.2, **_backing(r, claims)}, "assumed": "x"}
    wants = {}
    for party, about in parties.items():
        if about.get("chance"):
            continue
        kinds = ["soft", "hard"] if r.random() < 0.4 else [""]
        if len(kinds) > 1:
            odds = r.choice([0.3, 0.45, 0.7])
            about["types"] = {"soft": {"value": odds, "range": [odds - 0.2, odds + 0.2], "assumed": "x"}, "hard": {"value": round(1 - odds, 2), "assumed": "x"}}
        listed = {}
        for kind in kinds:
            texts = list(dict.fromkeys(_condition(r, levers, terms) for _ in range(r.randint(2, 5))))
            listed[kind] = [
                {"that": text, "is": f"aim {k} {kind}", "worth": {"value": 10 - k, "range": [9.6 - k, 10.4 - k], "assumed": "x"}, **_backing(r, claims)}
                | ({"red_line": True} if r.random() < 0.3 else {})
                for k, text in enumerate(texts)
            ]
        wants[party] = listed if len(kinds) > 1 else listed[""]
    return yaml.safe_dump(
        {
            "bestand": 1, "title": f"Random case {seed}", "as_of": "2030-01-01", "sources": sources, "claims": claims, "parties": parties, "levers": levers,
            "terms": terms, "events": events, "wants": wants, "hypotheses": {f"h{k}": _hypothesis(r, levers, terms, parties, claims) for k in range(8)},
            "views": {"core": {"vary": ["all"]}},
        },
        sort_keys=False,
    )  # fmt: skip


def _hypothesis(r: random.Random, levers: dict, terms: dict, parties: dict, claims: dict) -> dict:
    movable = [name for name in levers if not name.startswith("w.")]
    actors = [party for party in parties if party != "w"]
    test: dict = {"ask": r.choice(["rests", "reached", "possible", "gains", "agreement", "reached"]), "that": r.choice([*terms, _condition(r, levers, terms)])}
    if test["ask"] == "gains":
        test["party"] = r.choice(actors)
    if test["ask"] == "reached":
        test["by"] = r.choice(["best", "paying", "any"])
    if test["ask"] in ("reached", "possible", "gains", "agreement") and r.random() < 0.3:
        test["from"] = _condition(r, levers, terms, 0)
    if test["ask"] in ("reached", "possible", "agreement") and r.random() < 0.3:
        test["excluding"] = [r.choice(actors)]
    if test["ask"] in ("reached", "possible") and r.random() < 0.3:
        test["without"] = _condition(r, levers, terms, 0)
    if r.random() < 0.5:
        lever = r.choice(movable)
        test["hold"], test["against"] = {lever: levers[lever]["settings"][-1]}, {lever: levers[lever]["settings"][0]}
        test["expect"] = r.choice(["more", "less", "same", "not more", "not less"])
    else:
        test["expect"] = r.choice(["yes", "no"])
    return {"claim": "so it is said", "because": r.sample(list(claims), 2), "test": test}
