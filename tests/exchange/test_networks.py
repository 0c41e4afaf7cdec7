"""Networks that leave the program: opened by networkx, held against Gephi's rules, and saying what the graph itself says."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import pytest

from bestand import conflict, export, paths, read, read_text, stability
from bestand.errors import AskError
from bestand.exchange.markup import name_tokens
from bestand.exchange.network_files import gexf_lines, graphml_lines
from bestand.exchange.networks import Knot, Network, Tie
from bestand.negotiate.steps import steps_from

GEXF = "{http://gexf.net/1.3}"
TYPES = {"string", "integer", "long", "float", "double", "boolean", "anyURI", "liststring"}


@pytest.fixture(scope="module")
def valley():
    return conflict(read("example/en"), hold={"lower.wells": "no", "upper.road": "no", "lower.tariff": "no"})


def called(name: str, form: str) -> str:
    """What a node or attribute is called in a form: in GraphML a name token, with the name itself beside it."""
    return name_tokens([name])[name] if form == "graphml" else name


def opened(made, form: str):
    networkx = pytest.importorskip("networkx", reason="networkx is not installed: files of graphs are not opened with it")
    reader = networkx.read_graphml if form == "graphml" else networkx.read_gexf
    return reader(io.BytesIO(made.content))


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_states_and_moves_are_those_of_the_graph(valley, form):
    graph = opened(export(valley, to=form), form)
    assert len(graph) == valley.graph.n_states and graph.is_directed()
    for i, party in enumerate(valley.parties):
        for state in range(valley.graph.n_states):
            own = {int(b[1:]): data for _, b, data in graph.out_edges(f"s{state}", data=True) if data.get("party") == party}
            assert sorted(own) == valley.graph.moves[i].targets(state).tolist()
            assert {target for target, data in own.items() if data["best"]} == set(steps_from(valley, i, state, "best"))
            rank = valley.worth.rank[0, i]
            assert {target for target, data in own.items() if data["pays"]} == {t for t in own if rank[t] > rank[state]}
    for concept in ("nash", "seq"):
        resting = {int(node[1:]) for node, data in graph.nodes(data=True) if data[called(f"rests ({concept})", form)]}
        assert resting == set(map(int, stability(valley).equilibria(concept)))
    assert [node for node, data in graph.nodes(data=True) if data["now"]] == [f"s{valley.now}"]
    events = [data["per_month"] for _, _, data in graph.edges(data=True) if data.get("event")]
    assert events and set(events) == {0.3}
    assert graph.nodes["s1"]["co.pumps"] == valley.at(1)["co.pumps"] and graph.nodes["s1"][called("rank of co", form)] == int(valley.worth.rank[0, 2, 1])


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_paths_lead_to_every_state_that_is_reached_in_the_fewest_moves(valley, form):
    networkx = pytest.importorskip("networkx")
    graph, found = opened(export(valley, to=form, of="paths"), form), paths(valley, by="best")
    length = networkx.single_source_shortest_path_length(graph, f"s{valley.now}")
    assert {int(node[1:]): n for node, n in length.items()} == {int(s): int(found.length[s]) for s in found.reached.nonzero()[0]}
    assert {int(node[1:]) for node, data in graph.nodes(data=True) if data["end"]} == set(map(int, found.ends))


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_evidence_says_who_says_what_that_carries_which_line(valley, form):
    graph, file = opened(export(valley, to=form, of="evidence"), form), valley.case.file
    kinds = {node: data["kind"] for node, data in graph.nodes(data=True)}
    assert sum(kind == "claim" for kind in kinds.values()) == len(file.claims)
    assert set(graph.successors("claim:c28")) == {"line:events.red_mark", "line:events.red_mark.per_month"}
    assert "claim:c6" in graph.successors(called("speaker:Ida Brandt", form)) and graph.edges[called("speaker:Ida Brandt", form), "claim:c6"]["holds"] == "certain"
    assert graph.nodes["claim:c3"]["hedged"] and not graph.nodes["claim:c1"]["hedged"] and graph.nodes["claim:c1"]["checked"]
    assert set(graph.predecessors("line:levers.co.pumps")) == {"claim:c2", "claim:c21"}


@pytest.mark.parametrize("of", ["moves", "paths", "evidence"])
def test_gexf_keeps_the_rules_of_its_schema(valley, of):
    root = ET.fromstring(export(valley, to="gexf", of=of).content)
    assert root.tag == f"{GEXF}gexf" and root.get("version") == "1.3"
    assert [child.tag.removeprefix(GEXF) for child in root] == ["meta", "graph"]
    graph = root[1]
    assert [child.tag.removeprefix(GEXF) for child in graph] == ["attributes", "attributes", "nodes", "edges"]
    known = {part.get("class"): {each.get("id"): each.get("type") for each in part} for part in graph.findall(f"{GEXF}attributes")}
    assert all(kind in TYPES for types in known.values() for kind in types.values())
    ids = [node.get("id") for node in graph.iter(f"{GEXF}node")]
    assert len(ids) == len(set(ids)) and all(node.get("label") for node in graph.iter(f"{GEXF}node"))
    edges = list(graph.iter(f"{GEXF}edge"))
    assert len({edge.get("id") for edge in edges}) == len(edges) and all({e.get("source"), e.get("target")} <= set(ids) for e in edges)
    for what in ("node", "edge"):
        for part in graph.iter(f"{GEXF}{what}"):
            values = {each.get("for"): each.get("value") for each in part.iter(f"{GEXF}attvalue")}
            assert values.keys() <= known[what].keys()
            for key, value in values.items():
                assert known[what][key] != "boolean" or value in ("true", "false")
                assert known[what][key] not in ("long", "double") or float(value) is not None


def test_a_list_of_edges_has_every_edge_and_says_what_it_lacks(valley):
    made = export(valley, to="edges", of="evidence")
    rows = list(csv.DictReader(io.StringIO(made.text)))
    assert len(rows) == export(valley, to="graphml", of="evidence").text.count("<edge ")
    assert {row["Source"] for row in rows if row["Target"] == "line:levers.co.pumps"} == {"claim:c2", "claim:c21"}
    assert any("what is known of the nodes" in words for words in made.told("lost"))


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_characters_that_xml_forbids_become_pictures(form):
    text = (
        'bestand: 1\ntitle: "a <b> &"\nparties: {a: {name: "=A & <i>"}}\nstates: {"<s>": {is: s}, "&t": {is: t}}\n'
        'graph: {moves: {a: [["<s>", "&t"]]}, now: "<s>"}\nranking: {a: ["&t", "<s>"]}\n'
    )
    case = read_text(text)
    knot = Knot("n\x01", "a\ud800\ufffe\x0b<&\"'>", {"k\x02": "v\x03]]>"})
    one = Network("t\x04", (knot,), (Tie(knot.id, knot.id, "e\x05", {"p\x06": 1.5}),), ())
    root = ET.fromstring("\n".join(graphml_lines(one) if form == "graphml" else gexf_lines(one)).encode("utf-8"))
    assert "␅" in ET.tostring(root, encoding="unicode")
    graph = opened(export(conflict(case), to=form), form)
    assert {data["label"] for _, data in graph.nodes(data=True)} == {"<s>", "&t"}


def test_what_cannot_be_a_network_is_refused_in_words(valley):
    with pytest.raises(AskError, match="did you mean 'evidence'"):
        export(valley, to="gexf", of="evidense")
    bare = conflict(read_text("bestand: 1\ntitle: T\nparties: {a: {name: A}}\nlevers: {a.x: {is: x}}\n"))
    with pytest.raises(AskError, match="no-claims"):
        export(bare, to="gexf", of="evidence")
    wide = "bestand: 1\ntitle: T\nparties: {a: {name: A}}\nlevers:\n" + "".join(f"  a.x{k}: {{is: x}}\n" for k in range(15))
    with pytest.raises(AskError, match="more than 20,000 states"):
        export(conflict(read_text(wide)), to="edges")
