"""Files for other programs keep the rules of their formats: GEXF 1.3 and GraphML 1.0 (their XSD), W3C annotations, CSL-JSON, DNA's list of events.

The rules stand here as facts, an element or a field a row: gephi/gexf 1.3/gexf.xsd with dynamics.xsd and data; graphml.graphdrawing.org
1.0 graphml-structure.xsd and graphml-attributes.xsd; Web Annotation Data Model (2017), sections 3.1, 3.2.4, 4.2 and 5.2; csl-data.json of
citation-style-language/schema; `eventCSV` of DNA 3.
"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import pytest

from bestand import conflict
from bestand.case.read import catalogue, read_text
from bestand.exchange.markup import name_tokens
from bestand.exchange.network_files import gexf_lines, graphml_lines
from bestand.exchange.networks import Knot, Network, Tie
from bestand.exchange.writing import export
from tests.depth import spread
from tests.shipped import shipped

NAME_TOKEN = r"[-.0-9:A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]+"
ANY, NUMBER = r"(?s:.*)", r"\d+"
VALUES = {
    "boolean": r"true|false|1|0", "long": r"[-+]?\d{1,19}", "integer": r"[-+]?\d{1,10}", "int": r"[-+]?\d{1,10}",
    "double": r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|INF|-INF|NaN", "string": ANY,
}  # fmt: skip
# element: what it must have, what it may have, and its children in order
GEXF = {
    "gexf": ({"version": r"1\.3"}, {"variant": ANY}, r"(?:meta )?graph "),
    "meta": ({}, {"lastmodifieddate": r"\d{4}-\d\d-\d\d"}, r"(?:creator |keywords |description )*"),
    "creator": ({}, {}, ""), "keywords": ({}, {}, ""), "description": ({}, {}, ""),
    "graph": ({}, {"defaultedgetype": "directed|undirected|mutual", "idtype": "integer|string", "mode": "static|dynamic|slice", "timeformat": "integer|double|date|dateTime"}, r"(?:attributes )*(?:nodes |edges )*"),
    "attributes": ({"class": "node|edge"}, {"mode": "static|dynamic"}, r"(?:attribute )*"),
    "attribute": ({"id": ANY, "title": ANY, "type": "integer|long|double|float|boolean|bigdecimal|biginteger|byte|char|short|string|anyURI|list[a-z]+"}, {}, r"(?:default |options )*"),
    "nodes": ({}, {"count": NUMBER}, r"(?:node )*"), "edges": ({}, {"count": NUMBER}, r"(?:edge )*"),
    "node": ({"id": ANY}, {"label": ANY, "pid": ANY}, r"(?:attvalues )?(?:spells )?(?:nodes |edges )*"),
    "edge": ({"source": ANY, "target": ANY}, {"id": ANY, "type": "directed|undirected|mutual", "label": ANY, "weight": VALUES["double"], "kind": ANY}, r"(?:attvalues )?(?:spells )?"),
    "attvalues": ({}, {}, r"(?:attvalue )*"), "attvalue": ({"for": ANY, "value": ANY}, {"start": ANY, "end": ANY}, ""),
}  # fmt: skip
GRAPHML = {
    "graphml": ({}, {}, r"(?:desc )?(?:key )*(?:data |graph )*"),
    "key": ({"id": NAME_TOKEN}, {"for": "all|graph|node|edge|hyperedge|port|endpoint|graphml", "attr.name": NAME_TOKEN, "attr.type": "boolean|int|long|float|double|string"}, r"(?:desc )?(?:default )?"),
    "graph": ({"edgedefault": "directed|undirected"}, {"id": NAME_TOKEN}, r"(?:desc )?(?:data |node |edge |hyperedge )*"),
    "node": ({"id": NAME_TOKEN}, {}, r"(?:desc )?(?:data |port )*(?:graph )?"),
    "edge": ({"source": NAME_TOKEN, "target": NAME_TOKEN}, {"id": NAME_TOKEN, "directed": "true|false", "sourceport": NAME_TOKEN, "targetport": NAME_TOKEN}, r"(?:desc )?(?:data )*(?:graph )?"),
    "data": ({"key": NAME_TOKEN}, {"id": NAME_TOKEN}, ""), "desc": ({}, {}, ""), "default": ({}, {}, ""),
}  # fmt: skip
SPACE = {"gexf": "{http://gexf.net/1.3}", "graphml": "{http://graphml.graphdrawing.org/xmlns}"}


def broken(content: str | bytes, form: str) -> list[str]:
    """What in an XML file goes against the rules of its form."""
    rules, space = {"gexf": GEXF, "graphml": GRAPHML}[form], SPACE[form]
    root, wrong = ET.fromstring(content), []
    for element in root.iter():
        name = element.tag.removeprefix(space)
        if element.tag == name or name not in rules:
            wrong.append(f"an element {element.tag}")
            continue
        wanted, allowed, order = rules[name]
        wrong += [f"{name} without {key}" for key in wanted if key not in element.attrib]
        for key, value in element.attrib.items():
            pattern = {**wanted, **allowed}.get(key)
            if pattern is None or not re.fullmatch(pattern, value):
                wrong.append(f"{name} with {key}={value!r}")
        inside = "".join(child.tag.removeprefix(space) + " " for child in element)
        if not re.fullmatch(order, inside):
            wrong.append(f"in {name} stand {inside[:80]}")
    return [*wrong, *_links(root, form)]


def _links(root: ET.Element, form: str) -> list[str]:
    """Ids that stand twice, and ends and keys that are not there; values that are not of their type."""
    space = SPACE[form]
    ids = [node.get("id") for node in root.iter(f"{space}node")]
    edges = [edge.get("id") for edge in root.iter(f"{space}edge")]
    wrong = [f"{what} twice" for what, all_ in (("a node", ids), ("an edge", edges)) if len(set(all_)) < len(all_)]
    known = set(ids)
    wrong += [f"an edge to {end}" for edge in root.iter(f"{space}edge") for end in (edge.get("source"), edge.get("target")) if end not in known]
    kinds = {}
    if form == "gexf":
        for part in root.iter(f"{space}attributes"):
            kinds |= {(part.get("class"), each.get("id")): each.get("type") for each in part}
    else:
        keys = [key.get("id") for key in root.iter(f"{space}key")]
        wrong += ["a key twice"] if len(set(keys)) < len(keys) else []
        names = [(key.get("for"), key.get("attr.name")) for key in root.iter(f"{space}key")]
        wrong += ["a name of a key twice"] if len(set(names)) < len(names) else []
        kinds = {(key.get("for"), key.get("id")): key.get("attr.type") for key in root.iter(f"{space}key")}
    for what in ("node", "edge"):
        for part in root.iter(f"{space}{what}"):
            given = [(each.get("for"), each.get("value")) for each in part.iter(f"{space}attvalue")] if form == "gexf" else [
                (each.get("key"), each.text or "") for each in part.iter(f"{space}data")]  # fmt: skip
            wrong += [f"{what} has {key} twice" for key in {key for key, _ in given} if [key for key, _ in given].count(key) > 1]
            wrong += [f"{key}={value!r}" for key, value in given if not re.fullmatch(VALUES.get(kinds.get((what, key)), "(?!)"), value)]
    return wrong


@pytest.mark.parametrize("form", SPACE)
@spread("name", ["example/en", "literature/kilgour-2001/elmira", "ukraine/2025-04"], first=1)
def test_networks_keep_the_rules_of_their_schema(name, form):
    case = shipped(name)
    asked = conflict(case, view="arms" if name.startswith("ukraine") else next(iter(case.file.views), None))
    for of in ("moves", "paths", *(["evidence"] if case.file.claims else [])):
        assert broken(export(asked, to=form, of=of).content, form) == [], of


@pytest.mark.parametrize("form", SPACE)
def test_networks_with_any_names_keep_the_rules_of_their_schema(form):
    odd = ["", " ", "a b", "a_b", "a  b", "é", "停火", "x\x01", "\ud800", "<&\"'>", "\u2028", "[0]", "a-2", "😀", "label", "://", "1e308", "a\tb\nc", "]]>", "ends"]
    knots = tuple(Knot(name, name, {name: value, f"{name}?": name, "rank": k}) for k, (name, value) in enumerate(zip(odd, [1, 2.5, True, "x", None] * 4, strict=True)))
    ties = tuple(Tie(name, odd[-1 - k], name, {name: k, f"{name} ": name, "x": [True, None][k % 2]}) for k, name in enumerate(odd))
    net = Network("t\x00<", knots, ties, ())
    assert broken("\n".join(graphml_lines(net) if form == "graphml" else gexf_lines(net)).encode("utf-8"), form) == []
    tokens = name_tokens(odd)
    assert len(set(tokens.values())) == len(set(odd)) and all(re.fullmatch(NAME_TOKEN, token) for token in tokens.values())


@pytest.mark.parametrize(
    ("form", "before", "after"),
    [
        ("gexf", 'version="1.3"', 'version="1.2"'), ("gexf", "<meta>", '<meta x="1">'), ("gexf", 'mode="static">\n<attributes', 'mode="still">\n<attributes'),
        ("gexf", 'type="string"', 'type="text"'), ("gexf", "</nodes>", "<edge/></nodes>"), ("gexf", 'source="claim:', 'source="klaim:'),
        ("graphml", 'edgedefault="directed"', ""), ("graphml", 'attr.type="string"', 'attr.type="text"'), ("graphml", 'node id="claim:', 'node id="claim '),
        ("graphml", "</graph>", '<node id="claim:c1"/></graph>'), ("graphml", "<data key=", "<data name="), ("graphml", "</graph>", "<key id='x'/></graph>"),
    ],
)  # fmt: skip
def test_what_goes_against_a_schema_is_noticed(form, before, after):
    text = export(conflict(shipped("example/en")), to=form, of="evidence").text
    assert before in text and broken(text.replace(before, after), form)


IRI = r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+"
MOTIVATIONS = "assessing|bookmarking|classifying|commenting|describing|editing|highlighting|identifying|linking|moderating|questioning|replying|tagging"


def broken_annotations(page: dict) -> list[str]:
    """What in a page of annotations goes against the data model."""
    context = page.get("@context")
    contexts = context if isinstance(context, list) else [context]
    prefixes = {key for each in contexts if isinstance(each, dict) for key in each}
    wrong = [] if "http://www.w3.org/ns/anno.jsonld" in contexts else ["no context"]
    wrong += [f"page with {key}={page.get(key)!r}" for key, form in (("id", IRI), ("type", "AnnotationPage")) if not re.fullmatch(form, str(page.get(key)))]
    wrong += [] if isinstance(page.get("items"), list) else ["no items"]
    seen = set()
    for item in page.get("items", ()):
        wrong += [f"{key}={item.get(key)!r}" for key, form in (("id", IRI), ("type", "Annotation"), ("motivation", MOTIVATIONS)) if not re.fullmatch(form, str(item.get(key)))]
        wrong += [f"id {item['id']} twice"] if item.get("id") in seen else []
        seen.add(item.get("id"))
        body, target = item.get("body", {}), item.get("target", {})
        wrong += [] if body.get("type") == "TextualBody" and isinstance(body.get("value"), str) else [f"body {body}"]
        wrong += [] if target.get("type") == "SpecificResource" and re.fullmatch(IRI, str(target.get("source"))) else [f"target {target}"]
        for selector in target.get("selector", ()):
            text = selector["type"] == "TextQuoteSelector" and selector.get("exact") and all(isinstance(value, str) for value in selector.values())
            place = selector["type"] == "TextPositionSelector" and 0 <= selector.get("start", -1) <= selector.get("end", -1)
            wrong += [] if text or place else [f"selector {selector}"]
        wrong += ["an empty list of selectors"] if target.get("selector") == [] else []
        wrong += [f"key {key}" for key in item if key not in ("id", "type", "motivation", "body", "target") and key.partition(":")[0] not in prefixes]
    return wrong


CSL_TYPES = ["article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter", "classic", "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "figure", "graphic", "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture", "musical_score", "pamphlet", "paper-conference", "patent", "performance", "periodical", "personal_communication", "post", "post-weblog", "regulation", "report", "review", "review-book", "software", "song", "speech", "standard", "thesis", "treaty", "webpage"]
CSL_TEXTS = {"title", "publisher", "language", "URL", "DOI", "note", "container-title", "abstract", "source"}
CSL_NAMES = {"family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal"}


def broken_csl(entries: list) -> list[str]:
    """What in a list of sources goes against the schema of CSL-JSON."""
    wrong = [] if isinstance(entries, list) else ["no list"]
    for entry in entries:
        wrong += [] if entry.get("type") in CSL_TYPES and isinstance(entry.get("id"), str | int) else [f"type {entry.get('type')}"]
        for key, value in entry.items():
            ok = (
                key in ("type", "id")
                or (key in CSL_TEXTS and isinstance(value, str))
                or (key == "author" and all(set(name) <= CSL_NAMES and all(isinstance(part, str) for part in name.values()) for name in value))
                or (key == "custom" and isinstance(value, dict))
                or (key == "issued" and set(value) <= {"date-parts", "literal", "raw", "season", "circa"} and 1 <= len(value.get("date-parts", [0])) <= 2
                    and all(1 <= len(parts) <= 3 and all(isinstance(part, int | str) for part in parts) for parts in value.get("date-parts", ())))
            )  # fmt: skip
            wrong += [] if ok else [f"{key}={value!r}"]
    return wrong


EVENTS = ["statement ID", "time", "document ID", "document title", "author", "source", "section", "type", "text"]


def broken_events(text: str) -> list[str]:
    """What in a list of events goes against what DNA writes."""
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    wrong = [] if rows[0][:9] == EVENTS else [f"heading {rows[0]}"]
    numbers = [row[0] for row in rows[1:]]
    wrong += ["a statement twice"] if len(set(numbers)) < len(numbers) else []
    for row in rows[1:]:
        forms = (NUMBER, r"\d{4}-(?:0\d|1[0-2])-[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d", NUMBER)
        wrong += [f"{cell!r}" for cell, form in zip(row, forms, strict=False) if not re.fullmatch(form, cell)]
        wrong += [f"{len(row)} cells"] if len(row) != len(rows[0]) else []
        wrong += [f"{cell!r} parts cells" for cell in row if re.search(r"[;\"\r\n]", cell)]
        wrong += [] if dict(zip(rows[0], row, strict=True))["agreement"] in ("0", "1") else ["agreement"]
    return wrong


ODD = """bestand: 1
title: T
parties: {a: {name: A}}
levers: {a.x: {is: x}}
sources:
  s: {title: 'a "b"; <c> & d', author: "E; F", date: spring 2025, url: not an address at all, sha256: 'SHA0'}
  t: {title: T, date: 2025-04, url: 'https://example.org/a b', sha256: 'SHA1'}
  u: {title: U, date: '2025-04-01', url: 'https://example.org/ä', language: nl, sha256: 'SHA2'}
claims:
  c: {source: s, quote: 'x; "y"', gloss: "=1+1", says: 'G "H"; I', author_holds: denied}
  d: {source: t, gloss: no words, sealed: {start: 3, end: 12, sha256: 'SHA3'}}
  e: {source: u, quote: z, gloss: "two\\u2028lines"}
"""


def odd():
    """A case with odd names, dates and addresses, and a claim that has no words of its source."""
    return read_text(re.sub("SHA([0-9])", lambda digit: digit[1] * 64, ODD))


@pytest.mark.parametrize("case", [*(name for name in catalogue() if shipped(name).file.claims), "odd"])
def test_evidence_keeps_the_rules_of_its_formats(case):
    asked = conflict(odd() if case == "odd" else shipped(case))
    assert broken_annotations(json.loads(export(asked, to="annotations").text)) == []
    assert broken_csl(json.loads(export(asked, to="csl").text)) == []
    assert broken_events(export(asked, to="dna").text) == []


def test_what_goes_against_a_format_of_evidence_is_noticed():
    asked = conflict(shipped("example/en"))
    page, entries, events = (export(asked, to=to).text for to in ("annotations", "csl", "dna"))
    for before, after in (('"type": "AnnotationPage"', '"type": "Page"'), ('"describing"', '"saying"'), ('"exact"', '"about"'), ('"source": "urn:', '"source": "no '), ('"bestand:source"', '"source"')):
        assert before in page and broken_annotations(json.loads(page.replace(before, after)))
    for before, after in (('"webpage"', '"page"'), ('"document"', '"paper"'), ('"title"', '"heading"'), ('"literal"', '"name"'), ('"date-parts"', '"parts"')):
        assert before not in entries or broken_csl(json.loads(entries.replace(before, after)))
    for before, after in (('"time"', '"when"'), (" 00:00:00", ""), ('"1";', '"one";')):
        assert before in events and broken_events(events.replace(before, after))
