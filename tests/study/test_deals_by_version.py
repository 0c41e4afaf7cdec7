"""Deals are counted in every version of the parties: where two are as likely, none is chosen silently."""

from __future__ import annotations

import re
import textwrap

import pytest
from click.testing import CliRunner

from bestand import agreements, conflict, read, report, study
from bestand.case.read import read_text
from bestand.case.without import of_types
from bestand.cli import main
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.study.agreements import agreement_answers
from bestand.study.deals_by_version import deals_by_version

VALLEY = textwrap.dedent("""
    bestand: 1
    title: Water for two
    as_of: "2030-01-01"
    parties:
      up: {name: Uphill, types: {calm: {is: calm, value: 0.5, assumed: x}, rash: {is: rash, value: 0.5, assumed: x}}}
      down: {name: Downhill}
      mid: {name: Midway}
    levers:
      up.gate: {is: the gate is open, assumed: x}
      down.pays: {is: Downhill pays, assumed: x}
      mid.road: {is: the road is shut, assumed: x}
    terms: {deal: {that: up.gate and down.pays, is: water for money}}
    wants:
      up:
        calm: [{that: down.pays, is: to be paid, red_line: true, assumed: x}]
        rash: [{that: not up.gate, is: the gate stays shut, red_line: true, assumed: x}]
      down: [{that: up.gate, is: water, assumed: x}]
      mid: [{that: mid.road, is: quiet, assumed: x}]
""")


@pytest.mark.parametrize("excluding", [(), ("up",), ("down",)])
def test_the_number_of_deals_is_that_of_each_version_by_itself(excluding):
    asked = conflict(read_text(VALLEY))
    found = deals_by_version(asked, that="deal", excluding=excluding)
    alone = [agreements(asked.of(of_types(asked.case, types)), that="deal", excluding=excluding).n_deals for types in found.types]
    assert list(found.n_deals) == alone and found.chances == (0.5, 0.5) and found.left_out == 0
    assert found.differ == ("up" not in excluding) and found.share == (1.0 if "up" in excluding else 0.5)


def test_a_fallback_where_moves_end_is_that_of_the_version():
    """The calm Uphill walks away: nothing else hangs on it; what Midway does without Downhill is the same in both."""
    asked = conflict(read_text(VALLEY))
    ends = {}

    def walks(versions, draw):
        ends[draw] = tuple(map(int, paths(versions, by="best", excluding=["mid"], draw=draw).ends))
        return ends[draw]

    found = deals_by_version(asked, that="deal", fallback=walks)
    for k, types in enumerate(found.types):
        own = asked.of(of_types(asked.case, types))
        assert ends[k] == tuple(map(int, paths(own, by="best", excluding=["mid"]).ends))
        assert found.n_deals[k] == agreements(own, that="deal", fallback=ends[k]).n_deals


def test_the_page_and_the_command_say_in_which_versions_there_is_a_deal(tmp_path):
    page = report(study(read_text(VALLEY), draws=4)).html
    (row,) = re.findall(r"<tr><td>without a veto of Downhill</td>(.*?)</tr>", page, re.S)
    assert re.findall(r"<td[^>]*>([^<]*)</td>", row)[:2] == ["0 – 2", "50\N{NO-BREAK SPACE}%"]
    case = tmp_path / "case.yaml"
    case.write_text(VALLEY, encoding="utf-8")
    told = CliRunner().invoke(main, ["agreements", str(case), "--that", "deal", "--excluding", "down"]).output
    assert "Deals by version of the parties" in told and "Uphill: calm" in told and "Uphill: rash" in told
    without = CliRunner().invoke(main, ["agreements", str(case), "--that", "deal", "--excluding", "up"]).output
    assert "Deals by version" not in without


def test_an_event_with_several_rates_is_one_fallback():
    """The page had "after: the police find her" twice, for she can be found at one rate or at another."""
    asked = conflict(read("invented/mountain-road"))
    found = agreement_answers(asked, stability(asked, moves="best"), goal="free")
    after = [str(asked.case.file.events[each.who].label) or each.who for each in found.terms if each.kind == "event"]
    rates = [event.name for event in asked.graph.chances if asked.now in event.source]
    assert len(after) == len(set(after)) < len(rates)
