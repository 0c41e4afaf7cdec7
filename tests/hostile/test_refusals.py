"""A question that cannot be answered is refused with the code that the list of codes has for it, naming the culprit; its neighbour is answered."""

from __future__ import annotations

import numpy as np
import pytest

import bestand
from bestand.errors import BestandError
from bestand.graph.budget import Budget
from bestand.study.hypotheses import verdicts
from tests.hostile.test_options import CASE, asked, case, spells

BARE = """
bestand: 1
title: T
sizes: drawn
parties: {a: {name: A}, b: {name: B}}
levers: {a.x: {is: one, assumed: t}, b.y: {is: two, assumed: t}}
terms: {truce: not a.x}
events: {e: {sets: {b.y: yes}, per_month: 0.1, assumed: t}}
wants: {a: [{that: a.x, assumed: t}], b: [{that: not a.x, assumed: t}]}
play: {tempo: {a: 1, b: 1}, noise: {a: 1, b: 1}, discount: {a: 0.1, b: 0.1}}
"""


def bare(**options):
    return bestand.conflict(bestand.read_text(BARE), scale="cardinal", **options)


def text_with_levers(n: int) -> str:
    """A case in which one party wants each of so many levers of the other."""
    levers = ", ".join(f"b.l{k}: {{is: l{k}, assumed: t}}" for k in range(n))
    wanted = ", ".join(f"{{that: b.l{k}, assumed: t}}" for k in range(n))
    text = BARE.replace("b.y: {is: two, assumed: t}", levers).replace("a: [{that: a.x, assumed: t}]", f"a: [{wanted}]")
    return text.replace("events: {e: {sets: {b.y: yes}, per_month: 0.1, assumed: t}}\n", "")


def gone():
    return bestand.withdrawal(bare(), event="e", start="truce", truce="truce", month=3.0, months=[3], budget=Budget(seconds=0.05, error=1.0))


def seen(n: int) -> bestand.Case:
    """A case with so many levers of ten settings, each seen to move to its last one: before, it stood at one of the nine others."""
    levers = ", ".join(f"b.l{k}: {{is: l{k}, settings: [{', '.join(f's{j}' for j in range(10))}], now: s9, assumed: t}}" for k in range(n))
    moves = ", ".join(f"{{lever: b.l{k}, took: s9, on: 2025-02-0{k + 1}, assumed: t}}" for k in range(n))
    text = BARE.replace("a.x: {is: one, assumed: t}, b.y: {is: two, assumed: t}", f"a.x: {{is: one, assumed: t}}, {levers}").replace(
        "events: {e: {sets: {b.y: yes}, per_month: 0.1, assumed: t}}", f"as_of: '2025-03-01'\nobservations: [{moves}]"
    )
    return bestand.read_text(text)


def ranked(**options):
    return bestand.conflict(bestand.read_text(BARE.replace("wants: {a: [{that: a.x, assumed: t}], ", """
states: {s1: {at: {a.x: no, b.y: no}}, s2: {at: {a.x: yes, b.y: no}}}
views: {few: {vary: [b.y], fixed: {a.x: no}}}
ranking: {a: [s1, s2]}
wants: {""")), **options)


ASKED = [
    ("graph/bad-scale", "'nominal'", lambda: bestand.conflict(case(), scale="nominal")),
    ("graph/unknown-view", "'fwe'", lambda: bestand.conflict(case(), view="fwe")),
    ("negotiate/goal-nowhere", "'truce and a.attacks'", lambda: bestand.unlock(asked(), goal="truce and a.attacks")),
    ("negotiate/too-many-changes", "4 changes", lambda: bestand.unlock(asked(), goal="truce", most=4)),
    ("negotiate/too-many-changes", "0 changes", lambda: bestand.unlock(asked(), goal="truce", most=0)),
    ("play/no-truce", "'b.stands = there'", lambda: bestand.survival(bestand.conflict(case(), hold={"b.stands": "gone"}), start="now", truce="b.stands = there", months=[3])),
    ("play/no-start", "'a.attacks'", lambda: bestand.survival(asked(), start="a.attacks", truce="truce", months=[3])),
    ("play/start-outside", "'now'", lambda: bestand.survival(asked(), start="now", truce="a.attacks", months=[3])),
    ("play/unknown-afterwards", "'everything'", lambda: bestand.play(asked(), months=3, afterwards="everything")),
    ("truce/no-zones", "zones", lambda: bestand.postures(bare(), start="truce", truce="truce", months=[3])),
    ("truce/unknown-zone", "'zz'", lambda: bestand.survival(asked(), start="now", truce="truce", months=[3], troops={"zz": np.array([20.0])})),
    ("truce/no-strategies", "strategies", lambda: bestand.strategies(bestand.conflict(bestand.read_text(CASE.replace("  strategies: {s1: {is: S, assumed: t, sets: {b.stands: there}}}\n", "")), view="all"), months=3)),
    ("truce/unknown-event", "'f'", lambda: bestand.withdrawal(asked(), event="f", start="now", truce="truce", month=3.0, months=[3])),
    ("truce/event-cannot-happen", "'e'", lambda: bestand.withdrawal(bare(hold={"b.y": "yes"}), event="e", start="truce", truce="truce", month=3.0, months=[3])),
    ("truce/unknown-assumption", "'guessed'", lambda: gone().difference(other="guessed")),
    ("negotiate/too-many-kinds", "'a'", lambda: bestand.unlock(bestand.conflict(bestand.read_text(text_with_levers(17))), goal="truce", most=1)),
    ("study/many-pasts", "81 ways", lambda: bestand.posterior(bestand.conflict(seen(2), scale="cardinal"))),
    ("history/bad-number", "years", lambda: bestand.backtest(spells(), years=[1.0, 2000.0])),
    ("history/bad-number", "years", lambda: bestand.backtest(spells(), years=[-1.0, 1.0])),
    ("history/unknown-model", "'coup'", lambda: bestand.backtest(spells(), leave_out="coup")),
    ("worth/unranked-view", "'s2'", lambda: bestand.stability(ranked(view="few"))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "culprit", "ask"), ASKED, ids=[f"{code} {culprit}" for code, culprit, _ in ASKED])
def test_a_question_that_cannot_be_answered_is_refused_by_name(code, culprit, ask):
    with pytest.raises(BestandError) as told:
        ask()
    assert [each.code for each in told.value.problems] == [code], told.value
    assert culprit in told.value.problems[0].what


@pytest.mark.parametrize(("n", "status", "reason"), [(7, "holds", None), (8, "unanswered", "study/too-many-starts")])
def test_ways_are_looked_for_from_two_hundred_states_and_no_more(n, status, reason):
    """`from` fixes one of two settings of one lever: it holds in half of all states, of which there are 2 to the number of levers."""
    test = "hypotheses: {h: {claim: it comes, assumed: t, test: {ask: reached, that: truce, from: a.x, by: any}}}\n"
    (verdict,) = verdicts(bestand.read_text(text_with_levers(n) + test))
    assert (verdict.status, verdict.outcomes[0].parts.get("reason")) == (status, reason)


@pytest.mark.parametrize(("kind", "content", "options", "code"), [
    ("gmcr", b"{", {}, "import/not-json"),
    ("genius", b"<a", {}, "import/not-xml"),
    ("xlsx", b"no workbook", {}, "import/not-xlsx"),
    ("claims", b'a"b\n"x', {"into": True}, "import/not-csv"),
    ("claims", b"gloss\nthey come\n", {"into": True}, "import/no-column"),
    ("gambit", b'NFG 1 R "g" { "A" } { 2 } 0 1', {"seen_by": "A"}, "import/no-use"),
])  # fmt: skip
def test_a_file_that_is_not_of_its_format_is_refused_by_name(tmp_path, kind, content, options, code):
    (tmp_path / "file").write_bytes(content)
    given = {name: case() if name == "into" else value for name, value in options.items()}
    with pytest.raises(BestandError) as told:
        bestand.import_(tmp_path / "file", kind=kind, **given)
    assert {each.code for each in told.value.problems} == {code}, told.value
