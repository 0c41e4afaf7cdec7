"""What tests of claims say of each version of the parties."""

from __future__ import annotations

import itertools

import pytest

from bestand import conflict
from bestand.case.read import read_text
from bestand.case.without import of_types
from bestand.report.summary import records
from bestand.study import hypotheses
from bestand.study.hypotheses import verdicts
from bestand.study.profiles import every_profile
from bestand.study.stages import study
from bestand.telling.telling import Telling
from bestand.telling.words import words

VALLEY = """
bestand: 1
title: A valley
sources: {s: {title: Letter, sha256: "NOUGHTS"}}
claims: {c: {source: s, quote: q, gloss: g}, d: {source: s, quote: r, gloss: h}}
parties:
  a: {name: Upper, types: {mild: {value: 0.6, assumed: x}, stern: {value: 0.4, assumed: x}}}
  b: {name: Lower, types: {calm: {value: 0.7, assumed: x}, angry: {value: 0.3, assumed: x}}}
levers:
  a.opens: {is: the sluice is open, because: [d]}
  b.marches: {is: they march, because: [d]}
wants:
  a:
    mild: [{that: a.opens, because: [d], worth: 2}]
    stern: [{that: not a.opens, because: [d], worth: 2}]
  b:
    calm: [{that: not b.marches, because: [d], worth: 1}]
    angry: [{that: b.marches implies a.opens, because: [d], worth: 1}, {that: b.marches, because: [d], worth: 0.5}]
play: {tempo: {a: {value: 2, assumed: x}, b: {value: 2, assumed: x}}, noise: {a: {value: 0.2, assumed: x}, b: {value: 0.2, assumed: x}}}
hypotheses:
  h: {claim: it pays, because: [c], test: TEST}
""".replace("NOUGHTS", "0" * 64)


def said(test: str):
    (verdict,) = verdicts(read_text(VALLEY.replace("TEST", test)))
    (outcome,) = verdict.outcomes
    return verdict.status, [(dict(each.types), round(each.chance, 3), each.answer) for each in outcome.versions]


@pytest.mark.parametrize(
    ("test", "status", "versions"),
    [
        ("{ask: gains, party: a, that: a.opens}", "undecidable", [({"a": "mild"}, 0.6, "holds"), ({"a": "stern"}, 0.4, "fails")]),
        ("{ask: gains, party: b, that: b.marches, expect: no}", "holds", []),
        ("{ask: gains, party: b, that: b.marches, hold: {a.opens: yes}, expect: no}", "undecidable", [({"b": "calm"}, 0.7, "holds"), ({"b": "angry"}, 0.3, "fails")]),
        ("{ask: possible, that: b.marches}", "holds", []),
        (
            "{ask: rests, that: a.opens and b.marches}", "undecidable",
            [({"a": "mild", "b": "calm"}, 0.42, "fails"), ({"a": "stern", "b": "calm"}, 0.28, "fails"), ({"a": "mild", "b": "angry"}, 0.18, "holds"),
             ({"a": "stern", "b": "angry"}, 0.12, "fails")],
        ),
        ("{ask: holds_longer, that: a.opens, months: 6}", "undecidable", [({"a": "mild"}, 0.6, "holds"), ({"a": "stern"}, 0.4, "fails")]),
    ],
)  # fmt: skip
def test_a_verdict_is_given_where_every_version_says_the_same(test, status, versions):
    assert said(test) == (status, versions)


@pytest.mark.parametrize(("months", "expect", "status"), [(1200, "same", "undecidable"), (1200, "more", "undecidable"), (0.05, "same", "holds"), (0.05, "more", "fails")])
def test_what_hardly_lasts_on_either_side_could_not_have_come_out_otherwise(months, expect, status):
    test = f"{{ask: holds_longer, that: not a.opens, months: {months}, hold: {{b.marches: yes}}, against: {{b.marches: no}}, expect: {expect}}}"
    also = ", {that: a.opens and b.marches, because: [d], worth: 0.1}"
    text = VALLEY.replace("worth: 2}]", f"worth: 2}}{also}]").replace("{that: not a.opens,", "{that: a.opens,").replace("TEST", test)
    (verdict,) = verdicts(read_text(text))
    assert verdict.status == status and verdict.outcomes[0].code == ("compared_nothing" if status == "undecidable" else "compared_same")


COMPARED = [
    "{ask: rests, that: a.opens}",
    "{ask: rests, that: a.opens, excluding: [b]}",
    "{ask: rests, that: a.opens, from: not b.marches, concept: nash}",
    "{ask: reached, that: a.opens and b.marches}",
    "{ask: reached, that: a.opens, by: paying, excluding: [b]}",
    "{ask: gains, party: b, that: b.marches, from: b.marches = no}",
    "{ask: agreement, that: a.opens}",
    "{ask: agreement, that: b.marches, excluding: [a]}",
    "{ask: holds_longer, that: a.opens, months: 6, hold: {b.marches: yes}, against: {b.marches: no}, expect: more}",
    "{ask: rests, that: a.opens, hold: {b.marches: yes}, against: {b.marches: no}, expect: more}",
    "{ask: reached, that: a.opens, hold: {b.marches: yes}, against: {b.marches: no}, expect: not less}",
]


@pytest.mark.parametrize("limits", [False, True])
@pytest.mark.parametrize("abreast", [1, 12, 4_000_000])
@pytest.mark.parametrize("test", COMPARED)
def test_versions_asked_together_say_what_each_says_of_a_case_that_has_only_it(test, abreast, limits, monkeypatch):
    monkeypatch.setattr(hypotheses, "CELLS_ABREAST", abreast)
    text = VALLEY.replace("stern: [{that: not a.opens,", "stern: [{that: not a.opens, red_line: yes,") if limits else VALLEY
    case = read_text(text.replace("TEST", test))
    (outcome,) = verdicts(case)[0].outcomes
    alone = {}
    for upper in ("mild", "stern"):
        for lower in ("calm", "angry"):
            (one,) = verdicts(of_types(case, {"a": upper, "b": lower}))[0].outcomes
            assert not one.versions
            alone[upper, lower] = one.said or one.status
    told = {
        (upper, lower): answer for (upper, lower) in alone for kinds, answer in seen(outcome) if kinds.items() <= {"a": upper, "b": lower}.items()
    }
    if outcome.versions:
        assert {key: {"holds": "holds", "fails": "fails"}.get(answer, "depends") for key, answer in alone.items()} == told
    else:
        assert len(set(alone.values())) == 1


MANY = """
bestand: 1
title: Many
sources: {{s: {{title: Letter, sha256: "{noughts}"}}}}
claims: {{c: {{source: s, quote: q, gloss: g}}}}
parties: {{{parties}}}
levers: {{{levers}}}
wants: {{{wants}}}
hypotheses: {{h: {{claim: there is peace, because: [c], test: {{ask: gains, party: p0, that: p0.x}}}}}}
"""


def many(n: int) -> str:
    """So many parties of two types, each as likely: of the first one wants what it can do, and one wants it not."""
    half = "{mild: {value: 0.5, assumed: x}, stern: {value: 0.5, assumed: x}}"
    parties = ", ".join(f"p{k}: {{name: P{k}, types: {half}}}" for k in range(n))
    levers = ", ".join(f"p{k}.x: {{is: x{k}, because: [c]}}" for k in range(min(n, 9)))
    wanted = ", ".join(
        f"p{k}: {{mild: [{{that: p{min(k, 8)}.x, because: [c]}}], stern: [{{that: not p{min(k, 8)}.x, because: [c]}}]}}" for k in range(n)
    )
    return MANY.format(noughts="0" * 64, parties=parties, levers=levers, wants=wanted)


@pytest.mark.parametrize("n", [2, 6, 7, 9, 40])
def test_of_very_many_versions_those_in_which_one_party_is_another_are_asked_too(n):
    (verdict,) = verdicts(read_text(many(n)))
    assert (verdict.status, seen(verdict.outcomes[0])) == ("undecidable", [({"p0": "mild"}, "holds"), ({"p0": "stern"}, "fails")])
    assert [each.chance for each in verdict.outcomes[0].versions] == [0.5, 0.5]


def test_the_likeliest_profiles_are_those_of_all_put_in_order_the_first_in_the_file_first_of_equals():
    odds = {"a": {"x": 0.2, "y": 0.5, "z": 0.3}, "b": {"x": 0.5, "y": 0.5}, "c": {"x": 0.1, "y": 0.2, "z": 0.7}}
    every = sorted(
        (({"a": a, "b": b, "c": c}, odds["a"][a] * odds["b"][b] * odds["c"][c]) for a, b, c in itertools.product("xyz", "xy", "xyz")),
        key=lambda each: -round(each[1], 12),
    )
    text = many(3)
    for party, new in zip(("a", "b", "c"), odds.values(), strict=True):
        old = f"p{'abc'.index(party)}: {{name: P{'abc'.index(party)}, types: {{mild: {{value: 0.5, assumed: x}}, stern: {{value: 0.5, assumed: x}}}}}}"
        assert old in text
        text = text.replace(old, f"p{'abc'.index(party)}: {{name: P, types: {{{', '.join(f'{t}: {{value: {v}, assumed: x}}' for t, v in new.items())}}}}}")
    wants = {"x": "p0.x", "y": "not p0.x", "z": "p1.x"}
    stated = ", ".join(f"p{k}: {{{', '.join(f'{t}: [{{that: {wants[t]}, because: [c]}}]' for t in types)}}}" for k, types in enumerate(odds.values()))
    case = read_text(text[: text.index("wants:")] + f"wants: {{{stated}}}\n")
    profiles, left = every_profile(conflict(case), 7)
    assert [tuple(types.values()) for types, _ in profiles] == [tuple(types.values()) for types, _ in every[:7]] and left == len(every) - 7
    assert [chance for _, chance in profiles] == pytest.approx([chance for _, chance in every[:7]])


def test_what_is_played_forward_is_asked_of_versions_that_differ_in_sizes_only():
    against = "{that: not a.opens, because: [d], worth: 1}"
    text = VALLEY.replace("mild: [{that: a.opens, because: [d], worth: 2}]", f"mild: [{{that: a.opens, because: [d], worth: 5}}, {against}]")
    text = text.replace("stern: [{that: not a.opens, because: [d], worth: 2}]", f"stern: [{{that: a.opens, because: [d], worth: 0.1}}, {against}]")
    (outcome,) = verdicts(read_text(text.replace("TEST", "{ask: holds_longer, that: a.opens, months: 6}")))[0].outcomes
    assert seen(outcome) == [({"a": "mild"}, "holds"), ({"a": "stern"}, "fails")]


@pytest.mark.parametrize("kept", [0, 1_000_000])
def test_whether_versions_are_kept_for_the_next_test_or_not_changes_nothing(kept, monkeypatch):
    monkeypatch.setattr(hypotheses, "CELLS_KEPT", kept)
    assert said("{ask: rests, that: a.opens and b.marches}")[0] == "undecidable"


def seen(outcome):
    return [(dict(each.types), each.answer) for each in outcome.versions]


def test_which_version_says_what_is_told_in_both_languages_and_in_json():
    case = read_text(VALLEY.replace("TEST", "{ask: rests, that: a.opens and b.marches}"))
    (outcome,) = verdicts(case)[0].outcomes
    told = {code: Telling(conflict(case), words(code)).outcome(outcome) for code in ("en", "nl")}
    assert "with Upper as “mild” and Lower as “angry” (18 %) it comes out as claimed" in told["en"]
    assert "taken together: as claimed in versions worth 18 % and not so in versions worth 82 %" in told["en"]
    assert "met Upper als “mild” en Lower als “angry” (18 %) komt het uit zoals beweerd" in told["nl"]
    (row,) = records(study(case, quick=True, draws=1))["hypotheses"]
    assert "a=mild, b=angry (0.18): holds" in row["by version"]
