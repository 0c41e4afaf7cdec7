"""What a reader of a source would see otherwise than its letters say is a finding at that source."""

from __future__ import annotations

import hashlib

import pytest

from bestand.case.read import read
from bestand.checks.check import MOST_ALIKE, check

CASE = """
bestand: 1
title: T
sources: {{s: {{title: A letter, file: letter.html, sha256: "{digest}"}}}}
claims: {{c: {{source: s, quote: we will come, gloss: they come}}}}
parties: {{a: {{name: A}}, b: {{name: B}}}}
levers: {{a.x: {{is: they come, because: [c]}}, b.y: {{is: they go, because: [c]}}}}
wants: {{a: [{wants}], b: [{{that: a.x and b.y, because: [c]}}]}}
"""


def findings(tmp_path, page, wants="{that: a.x, because: [c]}"):
    (tmp_path / "letter.html").write_text(page, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(CASE.format(digest=hashlib.sha256(page.encode()).hexdigest(), wants=wants), encoding="utf-8")
    return list(check(read(tmp_path / "case.yaml")).findings)


@pytest.mark.parametrize(("beside", "codes"), [
    ("<p>and that is all", []),
    ("<p style='display:none'>or not", [("check/hidden-text", "note")]),
    ("<p><s>or not</s>", [("check/struck-out", "note")]),
    ("<p><bdo dir=rtl>not</bdo>", [("check/turned-text", "warning")]),
])  # fmt: skip
def test_words_that_are_not_seen_as_they_stand_are_found_at_their_source(tmp_path, beside, codes):
    told = findings(tmp_path, f"<!doctype html><html><body><p>we will come{beside}</body></html>")
    assert [(each.code, each.severity, each.place.at) for each in told] == [(code, severity, "sources.s") for code, severity in codes]


@pytest.mark.parametrize(("n", "more"), [(MOST_ALIKE, []), (MOST_ALIKE + 1, ["1 more finding"]), (MOST_ALIKE + 7, ["7 more findings"])])
def test_of_very_many_findings_of_a_kind_the_rest_are_counted(tmp_path, n, more):
    wants = ", ".join(f"{{that: a.x, worth: -{k + 1}, because: [c]}}" for k in range(n))
    told = findings(tmp_path, "<p>we will come", wants)
    assert len([each for each in told if each.code == "check/negative-worth"]) == min(n, MOST_ALIKE)
    rest = [each.what for each in told if each.code == "check/more-alike" and "check/negative-worth" in each.what]
    assert [" ".join(each.split()[:3]) for each in rest] == more
