"""What is told in stages ends in what the whole study says."""

from __future__ import annotations

import re

import pytest

from bestand.case.read import read
from bestand.graph.conflict import conflict
from bestand.report.headline import headline
from bestand.study.hypotheses import PLAYED, outcomes
from bestand.study.stages import Elsewhere, stages, study
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.web.conftest import flat


def test_the_last_stage_is_the_whole_study():
    case = read("example/en")
    known = dict(stages(conflict(case), draws=40))
    page = flat("logic.ts")
    assert list(known) == re.findall(r'"(\w+)"', re.search(r"STAGES = \[(.*?)\]", page)[1])  # the page waits for these, in this order
    whole, last = study(case, draws=40), known["truces"]
    told = [headline(each, Telling(each.conflict, words("en"))) for each in (whole, last)]
    assert told[0] == told[1]
    assert [(each.kind, each.term, each.holds, each.share) for each in whole.conclusions] == [(each.kind, each.term, each.holds, each.share) for each in last.conclusions]
    assert whole.findings == last.findings
    assert [each.status for each in whole.hypotheses] == [each.status for each in last.hypotheses]


def test_the_page_knows_every_kind_of_sentence_in_the_order_of_the_report():
    """How sure stood first, and as final before anything was drawn: the page knew that kind by the name it had before."""
    kinds = re.findall(r'"(\w+)"', re.search(r"KINDS = \[(.*?)\]", flat("logic.ts"))[1])
    assert sorted(kinds) == sorted(key.removeprefix("lead_") for key in words("en").phrases if key.startswith("lead_"))
    known = study(read("example/en"), draws=10)
    told = [each.kind for each in headline(known, Telling(known.conflict, words("en")))]
    assert list(dict.fromkeys(told)) == [kind for kind in kinds if kind in told]
    for named in (re.search(r"FINAL: .*? = \{(.*?)\}", flat("logic.ts"))[1], re.search(r"QUALIFIED: .*? = \{(.*?)\}", flat("logic.ts"))[1]):
        assert set(re.findall(r"(\w+):", named)) <= set(kinds)


def test_what_another_process_plays_meanwhile_is_what_would_be_played_here():
    asked, due = conflict(read("example/en")), []
    alone = dict(stages(asked, draws=10, seconds=0.2))["truces"]
    found = outcomes(asked, PLAYED, draws=10)
    assert found and len(found) < sum(len(each.outcomes) for each in alone.hypotheses)
    meanwhile = Elsewhere(lambda: due.append("hypotheses") or found, lambda: due.append("truces") or (alone.truce, alone.no_truce))
    shared = dict(stages(asked, draws=10, elsewhere=meanwhile))["truces"]
    assert due == ["hypotheses", "truces"]
    assert [(each.name, each.status, [(one.status, one.code, one.share) for one in each.outcomes]) for each in shared.hypotheses] == [(each.name, each.status, [(one.status, one.code, one.share) for one in each.outcomes]) for each in alone.hypotheses]
    assert shared.truce is alone.truce


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_the_first_stage_says_is_not_taken_back(language):
    known = dict(stages(conflict(read("example/en")), draws=40))
    told = {stage: [each for each in headline(each_known, Telling(each_known.conflict, words(language))) if each.kind in ("now", "ends", "term", "caveat")] for stage, each_known in known.items()}
    pairs = [(first.text, last.text) for first, last in zip(told["core"], told["truces"], strict=True)]
    assert all(last.startswith(first) for first, last in pairs)  # what is added once draws were made: how few of them answer so
    assert all(" 40 " in last.replace("\u00a0", " ") for first, last in pairs if last != first)
    assert told["drawn"] == told["truces"]  # what qualifies an outcome, once all that turns it was tried
    assert [(each.kind, each.more) for each in told["core"] if each.kind != "term"] == [(each.kind, each.more) for each in told["truces"] if each.kind != "term"]


def test_the_page_has_words_for_all_that_is_being_worked_out():
    told = set()
    for _ in stages(conflict(read("example/en")), draws=4, progress=lambda stage, share: told.add(stage)):
        pass
    page = flat("words.ts")
    assert [stage for stage in sorted({*told, "watch"}) if f" stage_{stage}: [" not in page] == []
