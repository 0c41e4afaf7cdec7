"""What a page says of a truce that may come, held against what was compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bestand import conflict, postures, read
from bestand.report.brief_truce import best_sentences
from bestand.report.truces import posture_label
from bestand.study.truces import MOSTLY, TruceAnswers
from bestand.telling.telling import Telling
from bestand.telling.words import words
from bestand.truce.survival import hazard_ratio


def test_a_hazard_ratio_is_over_the_longest_time_after_which_something_is_left_of_both():
    """With nothing left of the other truce after a year its hazard was taken as that of 1e-12, and the ratio as if it were known."""
    left, other = np.array([[0.9, 0.5, 0.2], [0.9, 0.5, 0.2], [0.9, 0.5, 0.2]]), np.array([[0.5, 0.1, 1e-5], [0.5, 1e-4, 1e-13], [1e-12, 1e-12, 1e-12]])
    ratio = hazard_ratio(left, other)
    assert ratio[:2] == pytest.approx([np.log(0.2) / np.log(1e-5), np.log(0.5) / np.log(1e-4)])
    assert np.isnan(ratio[2])


def test_the_best_posture_is_said_to_be_best_among_those_with_its_own_backstop():
    """The brief said "with the backstop of today" of postures that were compared with fewer Americans than today."""
    case = read("ukraine/2025-04")
    found = postures(conflict(case, view="guarded", draws=8), every=False, months=[3.0])
    answers = TruceAnswers("truce_in_force", found, (), None, (), None, None)
    assert {each.backstop for each in answers.compared_with_it} == {"lasting"} != {case.now["us.presence"]}
    telling = Telling(conflict(case), words("en"))
    told = list(best_sentences(answers, telling))
    assert "a lasting presence in the NATO countries" in told[0] and posture_label(answers.best.name, telling) in told[0]
    rivals = [each for each in answers.compared_with_it if each.affordable.mean() >= MOSTLY]
    assert answers.best in (rivals or answers.compared_with_it)
    for able, said in ((1.0, False), (0.0, True)):
        results = tuple(replace(each, affordable=np.full(8, able)) for each in found.results)
        told = list(best_sentences(replace(answers, postures=replace(found, results=results)), telling))
        assert any("more troops than the parties can keep" in each for each in told) is said
