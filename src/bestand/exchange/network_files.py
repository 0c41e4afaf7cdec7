"""Networks as files: GraphML, GEXF (1.3, for Gephi) and a list of edges in CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from bestand.exchange.guard import unformulaic
from bestand.exchange.markup import name_tokens, xml_attribute, xml_text
from bestand.exchange.networks import Knot, Network, Tie, network
from bestand.exchange.notes import Carried, carried_over, noted
from bestand.graph.conflict import Conflict
from bestand.show import Cell

_KINDS = (bool, int, float)  # in this order: a bool is an int as well
_OF_GRAPHML = {bool: "boolean", int: "long", float: "double", str: "string"}
_OF_GEXF = {bool: "boolean", int: "long", float: "double", str: "string"}


def _types(parts: Iterable[Knot | Tie]) -> dict[str, type]:
    """Attributes with the one type that holds all their values."""
    kinds_of: dict[str, set[type]] = {}
    for part in parts:
        for name, value in part.attributes.items():
            kinds = kinds_of.setdefault(name, set())
            if value is not None:
                kinds.add(next((kind for kind in _KINDS if isinstance(value, kind)), str))
    return {name: kinds.pop() if len(kinds) == 1 else float if kinds and kinds <= {int, float} else str for name, kinds in kinds_of.items()}


def _value(value: Cell) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def to_graphml(conflict: Conflict, *, of: str | None = None) -> Carried:
    """A network of a conflict as GraphML (Brandes et al. 2002); see `network` for `of`.

    >>> from bestand import conflict, read
    >>> to_graphml(conflict(read("example/en"), view="core"), of="paths").text.splitlines()[1][:8]
    '<graphml'
    """
    net = network(conflict, of=of)
    return carried_over("graphml", "\n".join(graphml_lines(net)) + "\n", list(net.notes))


def graphml_lines(net: Network) -> Iterator[str]:
    """A network as GraphML, line by line.

    Ids and names of attributes are name tokens, as the schema of GraphML wants; what they stand for is told beside them.
    """
    kinds = {"node": _types(net.knots), "edge": _types(net.ties)}
    ids = name_tokens(knot.id for knot in net.knots)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for what, types in kinds.items():
        yield f'<key id="{what}-label" for="{what}" attr.name="label" attr.type="string"/>'
        for k, (name, token) in enumerate(name_tokens(types, taken={"label"}).items()):
            kind = f'attr.name="{token}" attr.type="{_OF_GRAPHML[types[name]]}"'
            yield f'<key id="{what}-{k}" for="{what}" {kind}>{"" if token == name else f"<desc>{xml_text(name)}</desc>"}</key>'
    yield '<graph edgedefault="directed">'
    for knot in net.knots:
        yield f"<node id=\"{ids[knot.id]}\">{_data('node', kinds['node'], knot)}</node>"
    for k, tie in enumerate(net.ties):
        yield f'<edge id="e{k}" source="{ids[tie.source]}" target="{ids[tie.target]}">{_data("edge", kinds["edge"], tie)}</edge>'
    yield "</graph></graphml>"


def _data(what: str, types: Mapping[str, type], part: Knot | Tie) -> str:
    rows = [f'<data key="{what}-label">{xml_text(part.label)}</data>']
    for k, name in enumerate(types):
        value = part.attributes.get(name)
        if value is not None and value != "":
            rows.append(f'<data key="{what}-{k}">{xml_text(_value(value))}</data>')
    return "".join(rows)


def to_gexf(conflict: Conflict, *, of: str | None = None) -> Carried:
    """A network of a conflict as GEXF 1.3, which Gephi opens; see `network` for `of`.

    >>> from bestand import conflict, read
    >>> to_gexf(conflict(read("example/en"), view="core"), of="evidence").told("kept")
    ('claims: 30', 'sources: 1')
    """
    net = network(conflict, of=of)
    return carried_over("gexf", "\n".join(gexf_lines(net)) + "\n", list(net.notes))


def gexf_lines(net: Network) -> Iterator[str]:
    """A network as GEXF, line by line; what XML forbids is written as its picture."""
    kinds = {"node": _types(net.knots), "edge": _types(net.ties)}
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<gexf xmlns="http://gexf.net/1.3" version="1.3">'
    yield f"<meta><creator>bestand</creator><description>{xml_text(net.title)}</description></meta>"
    yield '<graph defaultedgetype="directed" mode="static">'
    for what, types in kinds.items():
        yield f'<attributes class="{what}" mode="static">'
        for k, (name, kind) in enumerate(types.items()):
            yield f'<attribute id="{k}" title={xml_attribute(name)} type="{_OF_GEXF[kind]}"/>'
        yield "</attributes>"
    yield "<nodes>"
    for knot in net.knots:
        yield f"<node id={xml_attribute(knot.id)} label={xml_attribute(knot.label)}>{_attvalues(kinds['node'], knot)}</node>"
    yield "</nodes>"
    yield "<edges>"
    for j, tie in enumerate(net.ties):
        ends = f"source={xml_attribute(tie.source)} target={xml_attribute(tie.target)}"
        yield f'<edge id="{j}" {ends} label={xml_attribute(tie.label)}>{_attvalues(kinds["edge"], tie)}</edge>'
    yield "</edges>"
    yield "</graph></gexf>"


def _attvalues(types: Mapping[str, type], part: Knot | Tie) -> str:
    given = [(k, part.attributes.get(name)) for k, name in enumerate(types)]
    rows = [f'<attvalue for="{k}" value={xml_attribute(_value(value))}/>' for k, value in given if value is not None and value != ""]
    return f"<attvalues>{''.join(rows)}</attvalues>" if rows else ""


def to_edges(conflict: Conflict, *, of: str | None = None) -> Carried:
    """A network of a conflict as a list of edges in CSV, with the columns that Gephi expects; see `network` for `of`.

    >>> from bestand import conflict, read
    >>> to_edges(conflict(read("example/en"), view="core"), of="evidence").text.splitlines()[0]
    'Source,Target,Type,Label,source label,target label,kind,holds'
    """
    net = network(conflict, of=of)
    names = list(_types(net.ties))
    labels = {knot.id: knot.label for knot in net.knots}
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["Source", "Target", "Type", "Label", "source label", "target label", *names])
    for tie in net.ties:
        told = (tie.source, tie.target, "Directed", tie.label, labels[tie.source], labels[tie.target])
        rows.writerow([unformulaic(cell) for cell in (*told, *(tie.attributes.get(name) for name in names))])
    touched = {end for tie in net.ties for end in (tie.source, tie.target)}
    alone = sum(knot.id not in touched for knot in net.knots)
    notes = [*net.notes, noted("node-attributes"), *([noted("alone", n=alone)] if alone else [])]
    return carried_over("edges", out.getvalue(), notes)
