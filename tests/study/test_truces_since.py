"""What changed for a truce since an earlier version: each posture in both, in the same draws, with the error of the difference."""

from __future__ import annotations

import numpy as np
import pytest

from bestand.case.read import read_text
from bestand.graph.budget import ABREAST, Budget
from bestand.graph.conflict import conflict
from bestand.report.since import since_told
from bestand.study.flips import flips
from bestand.study.truces_since import MONTHS, same_postures, truces_since
from bestand.telling.telling import Telling
from bestand.telling.words import LANGUAGES, words
from bestand.truce.postures import postures
from tests.cli.test_terminal_words import CASE

OLD = CASE.replace("zqatt: 0.5", "zqatt: {value: 0.5, range: [0.3, 0.9]}")
NEW = OLD.replace("cost: {zqatt: 2}", "cost: {zqatt: 6}").replace("prize: {zqatt: 3}", "prize: {zqatt: 0.5}").replace("is: to have the line, worth: 4", "is: to have the line, worth: 0.2")


def test_the_same_version_holds_just_as_long():
    found, late = truces_since(read_text(OLD), read_text(OLD))
    assert found and not late and all(each.after == each.before and each.error == 0 and not each.differs for each in found)


def test_differences_are_those_of_the_two_versions_asked_by_hand_in_the_same_draws():
    found, _ = truces_since(read_text(OLD), read_text(NEW))
    assert {each.draws for each in found} == {2 * ABREAST}
    first = truces_since(read_text(OLD), read_text(NEW), seed=5, budget=Budget(seconds=1e9))[0][0]
    by_hand = []
    seeds = [5, int(np.random.SeedSequence([5, 1]).generate_state(1)[0])]
    for text in (OLD, NEW):
        parts = []
        for seed in seeds:
            asked = postures(conflict(read_text(text), draws=ABREAST, seed=seed), months=(MONTHS,), every=False)
            parts.append(next(each for each in asked.results if (each.name, each.leaves) == (first.name, first.leaves)).alive[:, -1])
        by_hand.append(np.concatenate(parts))
    difference = by_hand[1] - by_hand[0]
    assert (first.before, first.after) == pytest.approx((by_hand[0].mean(), by_hand[1].mean()))
    assert first.error == pytest.approx(difference.std(ddof=1) / np.sqrt(len(difference)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changed_for_a_truce_is_told_and_what_is_within_its_error_is_no_difference(language):
    new = read_text(NEW)
    told = since_told(flips(read_text(OLD), new, truces=True), Telling(conflict(new), words(language)))
    assert told.truces and "±" in told.truces[0] and "zq" not in told.truces[0]
    same = since_told(flips(read_text(OLD), read_text(OLD), truces=True), Telling(conflict(new), words(language)))
    assert same.truces == (words(language)("since_truces_same", n=3),)  # with nothing that stands, nothing can leave


def test_without_time_that_is_said():
    new = read_text(NEW)
    found = flips(read_text(OLD), new, truces=True, budget=Budget(seconds=0.0, clock=lambda: 0.0))
    assert found.truces == () and found.truces_late
    assert "for want of time" in " ".join(since_told(found, Telling(conflict(new), words("en"))).notes)


def test_a_case_without_zones_asks_nothing():
    plain = read_text("bestand: 1\ntitle: T\nparties: {a: {name: A}}\nlevers: {a.x: {is: x, assumed: t}}\nwants: {a: [{that: a.x, assumed: t}]}\n")
    assert truces_since(plain, plain) == ((), False)


def test_a_posture_that_goes_by_another_name_is_the_same_posture():
    renamed = NEW.replace("zqbare:", "zqnothing:").replace("zqfull: {is: all there is", "zqall: {is: everything").replace("zqgua.zqforce", "zqgua.zqtroops")
    old, new = read_text(OLD), read_text(renamed)
    assert same_postures(old, new) == {"zqbare": "zqnothing", "zqfull": "zqall"}
    plain, _ = truces_since(old, read_text(NEW))
    found, _ = truces_since(old, new)
    assert {(each.name, each.leaves) for each in found} == {("zqnothing", False), ("zqall", False), ("zqall", True)}
    assert {each.after for each in found} == {each.after for each in plain}


def test_postures_that_are_alike_are_not_guessed_at():
    two = OLD.replace("postures: {zqbare: {is: nothing at all, sets: {", "postures: {zqone: {is: one, sets: {zqgua.zqforce: zqnone, zqout.zqstands: zqgone}}, zqtwo: {is: two, sets: {")
    assert same_postures(read_text(OLD), read_text(two)) == {"zqfull": "zqfull"}
    changed = OLD.replace("zqbare: {is: nothing at all, sets: {zqgua.zqforce: zqnone", "zqthin: {is: nothing at all, sets: {zqgua.zqforce: zqsome")
    assert same_postures(read_text(OLD), read_text(changed)) == {"zqbare": "zqthin", "zqfull": "zqfull"}
