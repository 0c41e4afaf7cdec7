"""What `export` writes, `import` reads back to the same, or refuses in words with the reason; where it would not, the export has said so."""

from __future__ import annotations

import io

import numpy as np
import pytest

from bestand import conflict, stability
from bestand.case.options import dumped
from bestand.case.read import catalogue, read_text
from bestand.case.yaml import load
from bestand.errors import AskError, CaseError
from bestand.exchange import gambit, games, sheets
from bestand.exchange.games import condition, wants_of_payoffs
from bestand.exchange.normal_form import normal_form
from bestand.exchange.reading import ImportWishes, read_files
from bestand.exchange.writing import WRITERS, export
from tests.depth import spread
from tests.shipped import shipped

GAMES = {"nfg": "a.nfg", "nfg-outcomes": "a.nfg", "efg": "a.efg", "payoffs": "a.csv"}
EVIDENCE = {"claims": "a.csv", "claims-xlsx": "a.xlsx", "annotations": "a.jsonld", "dna": "a.csv", "csl": "a.json", "bibtex": "a.bib"}
OUT_ONLY = {"graphml": "a.graphml", "gexf": "a.gexf", "edges": "a.csv", "csv": "a.csv", "parquet": "a.parquet", "xlsx": "a.xlsx"}
LARGE = "literature/onp-2013/gatt-trade"


def test_every_format_that_is_written_is_tried():
    assert {*GAMES, *EVIDENCE, *OUT_ONLY, "template"} == set(WRITERS)


def ranks(asked):
    """Payoffs of every combination of strategies, by rank and no more."""
    return [np.unique(each, return_inverse=True)[1].ravel() for each in normal_form(asked).payoff]


def back_again(asked, to):
    made = export(asked, to=to)
    return conflict(read_text(read_files({GAMES[to]: made.content}).text))


@spread("name", [name for name in catalogue() if shipped(name).file.graph is None and name not in (LARGE, "ukraine/2025-04")], first=2)
def test_games_of_the_catalogue_come_back_with_the_same_ranks(name):
    asked = conflict(shipped(name))
    if asked.graph.n_states > 1_000 and asked.case.file.views:
        asked = conflict(shipped(name), view=next(iter(asked.case.file.views)))
    for to in GAMES if asked.graph.n_states < 200 else ("efg",):
        again = back_again(asked, to)
        assert all(np.array_equal(*each) for each in zip(ranks(asked), ranks(again), strict=True)), to


@spread(("view", "to"), [("arms", "nfg-outcomes"), ("core", "nfg"), ("arms", "efg"), ("arms", "payoffs")], first=1)
def test_games_of_the_ukraine_case_come_back_with_the_same_ranks(view, to):
    asked = conflict(shipped("ukraine/2025-04"), view=view)
    again = back_again(asked, to)
    assert all(np.array_equal(*each) for each in zip(ranks(asked), ranks(again), strict=True))


LIMITS = [
    (games, "MOST_PROFILES", GAMES), (games, "MOST_SETTINGS", GAMES), (games, "MOST_PLAYERS", GAMES), (games, "MOST_LETTERS", GAMES),
    (gambit, "MOST_LETTERS", ("nfg", "nfg-outcomes", "efg")), (gambit, "MOST_NODES", ("efg",)), (gambit, "MOST_WORK", ("efg",)),
    (sheets, "MOST_LETTERS", ("payoffs",)), (sheets, "MOST_ROWS", ("payoffs",)), (sheets, "MOST_CELLS", ("payoffs",)),
]  # fmt: skip


@spread(("where", "limit", "forms"), LIMITS, ids=lambda each: getattr(each, "__name__", str(each)), first=2)
@pytest.mark.parametrize("to", GAMES)
def test_what_would_be_refused_on_its_way_back_is_said_on_its_way_out(where, limit, forms, to, monkeypatch):
    asked = conflict(shipped("example/en"), hold="lower.wells=no, upper.road=no")
    for low in (True, False):
        if low:
            monkeypatch.setattr(where, limit, 1)
        else:
            monkeypatch.undo()
        made = export(asked, to=to)
        said = any(note.code == "not-read-back" for note in made.notes)
        assert said == (low and to in forms)
        if said:
            with pytest.raises(CaseError, match="import/too-large"):
                read_files({GAMES[to]: made.content})
        else:
            read_files({GAMES[to]: made.content})


@pytest.mark.parametrize("name", [name for name in catalogue() if shipped(name).file.graph is not None])
def test_listed_graphs_are_no_games_and_that_is_said(name):
    for to in GAMES:
        with pytest.raises(AskError, match="lists its states"):
            export(conflict(shipped(name)), to=to)


@pytest.mark.parametrize("name", catalogue())
def test_templates_of_the_catalogue_come_back(name):
    case = shipped(name)
    if case.file.graph is not None or case.file.ranking:
        return  # as the next test has it
    again = read_text(read_files({"a.xlsx": export(conflict(case), to="template").content}).text)
    assert list(again.file.parties) == list(case.file.parties)
    assert {lever: again.settings[lever] for lever in again.file.levers} == {lever: case.settings[lever] for lever in again.file.levers}
    assert set(again.file.levers) <= set(case.file.levers) and again.file.levers


def without(value, keys):
    """Plain values without some keys, at any depth."""
    if isinstance(value, dict):
        return {key: without(inner, keys) for key, inner in value.items() if key not in keys}
    return [without(inner, keys) for inner in value] if isinstance(value, list) else value


def claims_of(case, to):
    """What a format says of claims, in any order."""
    claims = case.file.claims.items()
    if to == "dna":
        return sorted((" ".join(claim.quote.split()).replace(";", ",").replace('"', "'"), claim.source) for _, claim in claims)
    if to == "annotations":
        return sorted((claim.quote, str(claim.gloss), claim.source, claim.says, claim.author_holds, claim.source_holds) for _, claim in claims)
    return sorted((name, claim.quote, str(claim.gloss), claim.source, claim.says, claim.author_holds, claim.source_holds) for name, claim in claims)


@spread(
    ("name", "to"),
    [("ukraine/2025-04", to) for to in ("claims-xlsx", "annotations", "csl")]
    + [(name, to) for name in catalogue() if name != "ukraine/2025-04" and shipped(name).file.claims for to in EVIDENCE],
    first=4,
)
def test_evidence_comes_back_into_a_case_without_it(name, to):
    case = shipped(name)
    kept = {"bestand", "title", "language", "parties", *(["sources"] if to not in ("csl", "bibtex") else [])}
    levers = {lever: {"is": "x", "settings": list(case.settings[lever]), "assumed": "t"} for lever in case.file.levers}
    named = {"levers": levers, "terms": dict.fromkeys(case.file.terms, "true")}  # what claims are about
    into = read_text(dumped(without({key: value for key, value in load(case.text)[0].items() if key in kept}, {"because", "supported_by"}) | named))
    again = read_text(read_files({EVIDENCE[to]: export(conflict(case), to=to).content}, asked=ImportWishes(into=into)).text)
    if to in ("csl", "bibtex"):
        told = lambda each: sorted((str(s.title), s.author, s.date, s.sha256) for s in each.file.sources.values())  # noqa: E731
        assert told(again) == told(case)
    else:
        assert claims_of(again, to) == claims_of(case, to)


@spread("to", OUT_ONLY, first=3)
@pytest.mark.parametrize("of", [None, "evidence"])
def test_what_nothing_reads_back_is_refused_with_the_reason(to, of):
    if of and to not in ("graphml", "gexf", "edges"):
        return
    made = export(conflict(shipped("example/en"), view="core"), to=to, of=of)
    if to == "xlsx":  # its sheet of claims is read, as any table of claims is
        with pytest.raises(AskError, match="needs-case"):
            read_files({OUT_ONLY[to]: made.content})
        return
    with pytest.raises(CaseError, match="nothing reads back" if to != "csv" else "the format of this file is not known") as caught:
        read_files({OUT_ONLY[to]: made.content})
    assert caught.value.problems[0].hint


@spread("seed", range(6), first=1)
def test_many_payoffs_become_binary_digits_that_give_them_back_by_order_and_by_sum(seed):
    rng = np.random.default_rng(seed)
    step, shift = float(rng.choice([1.0, 0.25, 0.1, 3.0])), float(rng.choice([0.0, -40.0]))
    payoff = np.round(rng.integers(0, 4_000, (40, 30)) * step + shift, 10)
    levers = {"a.x": tuple(f"s{k}" for k in range(40)), "b.y": tuple(f"t{k}" for k in range(30))}
    wants = wants_of_payoffs(payoff, levers, "t", "file")
    assert len(np.unique(payoff)) > 500 > len(wants)
    digits = np.array([[wants[k]["that"] == condition(payoff - payoff.min() < 0, list(levers.items())) for k in range(len(wants))]])
    assert not digits.any()  # none of them holds nowhere
    text = dumped({"bestand": 1, "title": "T", "parties": {"a": {"name": "A"}, "b": {"name": "B"}}, "levers": {
        lever: {"is": "x", "settings": list(settings), "assumed": "t"} for lever, settings in levers.items()}, "wants": {"a": wants}})  # fmt: skip
    by_order, by_sum = conflict(read_text(text)), conflict(read_text(text), scale="cardinal")
    place = [by_order.graph.digits(lever) for lever in levers]
    wanted = payoff[tuple(place)] - min(0.0, payoff.min())
    assert np.array_equal(by_order.worth.rank[0, 0], np.unique(wanted, return_inverse=True)[1])
    assert np.allclose(by_sum.worth.value[0, 0], wanted, rtol=1e-12)


def test_many_payoffs_that_are_no_multiples_of_one_number_are_refused():
    uneven = np.sqrt(np.arange(1, 901)).reshape(30, 30)
    with pytest.raises(CaseError, match="no multiples of one number"):
        wants_of_payoffs(uneven, {"a.x": tuple(f"s{k}" for k in range(30)), "b.y": tuple(f"t{k}" for k in range(30))}, "t", "file")


ODD = {
    "names in other scripts": """parties: {a: {name: 'Oekraïne "x"'}, b: {name: '東京; \\'}, c: {name: '京都; \\'}}
levers: {a.x: {is: ß — 🕊, assumed: t}, b.y: {is: כן, settings: [nee, ja, ooit], now: ja, assumed: t}, c.z: {is: z, assumed: t}}
wants: {a: [{that: a.x, assumed: t}], b: [{that: b.y = ooit, assumed: t}], c: [{that: c.z, assumed: t}]}""",
    "names equal up to capitals": """parties: {a: {name: North}, A: {name: NORTH}}
levers: {a.x: {is: x, assumed: t}, A.x: {is: X, assumed: t}, a.X: {is: xx, assumed: t}}
wants: {a: [{that: a.x, assumed: t}], A: [{that: a.X, assumed: t}]}""",
    "one party": "parties: {a: {name: A}}\nlevers: {a.x: {is: x, assumed: t}}\nwants: {a: [{that: a.x, assumed: t}]}",
    "no wants": "parties: {a: {name: A}, b: {name: B}}\nlevers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}}",
    "255 settings": "parties: {a: {name: A}}\nlevers: {a.x: {is: x, settings: [" + ", ".join(f"s{k}" for k in range(255)) + "], assumed: t}}\n"
    "wants: {a: [{that: a.x >= s100, assumed: t}]}",
    "chance": "parties: {a: {name: A}, w: {name: W, chance: true, assumed: t}}\nlevers: {a.x: {is: x, assumed: t}, w.r: {is: rain, assumed: t}}\n"
    "wants: {a: [{that: w.r, assumed: t}]}",
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_cases_are_read_by_gambit_and_come_back_with_the_same_pure_equilibria(name):
    gambit = pytest.importorskip("pygambit", reason="an extra of the tests")
    made = export(conflict(read_text(f"bestand: 1\ntitle: Ω {name}\n{ODD[name]}\n")), to="nfg")
    game = gambit.read_nfg(io.BytesIO(made.text.encode()))
    again = conflict(read_text(read_files({"f.nfg": made.text.encode()}).text))
    assert len(gambit.nash.enumpure_solve(game).equilibria) == stability(again).equilibria("nash").size
    labels = [player.label for player in game.players]
    assert len(set(labels)) == len(labels) and all(label.isascii() for label in labels)
    told = " ".join(made.told("changed"))
    assert ("'Oekraïne" in told) == (name == "names in other scripts")
