"""What conclusions hang on, source by source, is what one finds by leaving out every set of sources by hand."""

from __future__ import annotations

import pytest
import yaml

from bestand.case.read import read, read_text
from bestand.case.without import without
from bestand.graph.budget import Budget
from bestand.graph.conflict import conflict
from bestand.report.page import report
from bestand.study.by_source import by_source
from bestand.study.sensitivity import answers
from bestand.study.stages import study
from tests.depth import spread
from tests.oracle.subsets import subsets
from tests.two_versions import edited

CLAIMS = """sources:
  paper: {title: A paper, sha256: "0000000000000000000000000000000000000000000000000000000000000000"}
  radio: {title: A radio, sha256: "1111111111111111111111111111111111111111111111111111111111111111"}
  diary: {title: A diary, author: Witkoff, sha256: "2222222222222222222222222222222222222222222222222222222222222222"}
"""
SAID = [("paper", "author", ""), ("radio", "author", ""), ("diary", "author", ""), ("paper", "Witkoff", ""), ("radio", "Kerem", "Witkoff"), ("paper", "Kerem", "")]


def told_by(seed):
    """A random case whose wants rest on claims of three sources, some heard through others."""
    case = edited(seed, 1)
    case.plain["sources"] = {}
    text = yaml.safe_dump({key: part for key, part in case.plain.items() if key != "sources"}, sort_keys=False)
    claims = "claims:\n"
    for k, (source, who, through) in enumerate(SAID):
        chain = f", chain: [{{who: {through}}}]" if through else ""
        claims += f"  c{k}: {{source: {source}, quote: q{k}, gloss: g, says: {who}{chain}}}\n"
    stated = yaml.safe_load(text)
    k = seed
    for wants in stated["wants"].values():
        for want in wants:
            k += 1
            want.update({0: {"because": [f"c{k % 6}"]}, 1: {"supported_by": [f"c{k % 6}", f"c{(k + 2) % 6}"]}, 2: {"assumed": "t"}}[k % 3])
    return read_text(yaml.safe_dump(stated, sort_keys=False) + CLAIMS + claims)


BY_HAND = {
    "source": {"paper": {0, 3, 5}, "radio": {1, 4}, "diary": {2, 3, 4}},
    "speaker": {"author": {0, 1, 2}, "Witkoff": {3, 4}, "Kerem": {4, 5}},
}


@spread("by", ["source", "speaker"], first=1)
@pytest.mark.parametrize("seed", [0, 3, 4, 6, 7])
def test_sets_that_carry_and_turn_are_those_found_by_leaving_out_every_set(seed, by):
    case = told_by(seed)
    asked = conflict(case)
    found = by_source(asked, by=by)

    def by_hand(gone):
        lost = {f"c{k}" for name in gone for k in BY_HAND[by][name]}
        falling = [
            line for line in asked.statements()
            if (set(line.because) & lost if line.because else line.supported_by and set(line.supported_by) <= lost)
        ]
        fresh = conflict(without(case, falling))
        return {key: bool(each[0]) for key, each in answers(fresh, {term: fresh.where(term) for term in case.terms}).items()}

    known = {gone: by_hand(gone) for gone in subsets(list(BY_HAND[by]))}
    usual, every = known[frozenset()], frozenset(BY_HAND[by])
    assert found.whole and found.answers == usual
    for key in usual:
        turning = [gone for gone in known if known[gone][key] != usual[key]]
        smallest = {gone for gone in turning if not any(other < gone for other in turning)}
        assert {frozenset(names) for names in found.turn[key]} == smallest
        carrying = [every - gone for gone in known if known[gone][key] == usual[key]]
        assert {frozenset(names) for names in found.carry[key]} == {some for some in carrying if not any(other < some for other in carrying)}
        for each in found.voices:
            assert (key in each.without) == (frozenset([each.name]) in turning)
            assert (key in each.alone) == (every - {each.name} in turning)


def test_what_is_heard_through_witkoff_falls_with_witkoff():
    found = by_source(conflict(read("ukraine/2025-04")), by="speaker", budget=Budget(seconds=0.0))
    (witkoff,) = [each for each in found.voices if each.name == "Steve Witkoff"]
    assert ("term_rests", "ceasefire") in witkoff.without and len(witkoff.claims) == 2
    assert not found.whole and "not every set" in str(found.carriers())


def test_the_page_says_who_carries_what():
    case = told_by(3)
    for language, title in (("en", "Who carries each conclusion"), ("nl", "Wie elke conclusie draagt")):
        everything = study(case, draws=1, hypotheses=False)
        assert everything.sources is not None and any(everything.sources.turn.values())
        html = report(everything, language=language).html
        assert title in html and "A radio" in html
