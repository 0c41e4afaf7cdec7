"""Every result shows itself as a table and as a picture, both plain data."""

from __future__ import annotations

import json

import pytest

from bestand.bargain.cores import concessions, cores
from bestand.bargain.frontier import frontier
from bestand.bargain.outcomes import agreements
from bestand.bargain.solutions import settle
from bestand.case.read import read
from bestand.graph.build import build
from bestand.graph.worth import worth
from bestand.negotiate.coalitions import coalitions
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.negotiate.unlock import unlock
from bestand.study.everything import study
from bestand.study.sensitivity import sensitivity
from bestand.truce.postures import postures
from bestand.truce.strategies import strategies
from bestand.truce.survival import survival
from bestand.truce.withdrawal import withdrawal


def results():
    case = read("example/en")
    graph = build(case)
    values, sized = worth(case, graph), worth(case, graph, scale="cardinal")
    edge = frontier(graph, sized, fallback="now")
    yield from (stability(graph, values), paths(graph, values), unlock(case, graph, goal="truce", most=1), sensitivity(case, graph))
    yield from (agreements(case, graph, values), cores(case), concessions(case), edge, settle(edge), coalitions(graph, values))
    yield study(case, draws=2, hypotheses=False)
    ukraine, asked = read("ukraine/2025-04"), {"view": "guarded", "draws": 2}
    yield survival(ukraine, start="ceasefire", holds="ceasefire", months=[1, 2], hold={"us.presence": "full", "ua.army": "as_now"}, **asked)
    yield postures(ukraine, every=False, months=[1, 2], **asked)
    held = {"ua.army": "as_now", "eu.force": "none", "eu.burden": "no"}
    yield withdrawal(ukraine, event="us_withdraws", date=1, start="ceasefire", holds="ceasefire", months=[1, 2], hold=held, **asked)
    yield strategies(ukraine, months=2, **{**asked, "view": "guarded_steps"})


@pytest.mark.parametrize("result", list(results()), ids=lambda r: type(r).__name__)
def test_a_result_is_a_table_and_a_picture(result):
    table, figure = result.table(), result.figure()
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert figure["$schema"].startswith("https://vega.github.io/schema/vega-lite")
    fields = {channel["field"] for channel in figure["encoding"].values()}
    for row in figure["data"]["values"]:
        assert fields <= set(row)
    json.dumps(figure)
    assert str(result) and "<table>" in result._repr_html_()
