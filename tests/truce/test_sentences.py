"""What a page says of a truce that may come, held against what was compared."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from bestand import conflict, postures, read, withdrawal
from bestand.cli import main
from bestand.report.brief_truce import best_sentences, date_sentences
from bestand.report.truces import next_words, truce_blocks
from bestand.study.truces import TruceAnswers
from bestand.telling.naming import posture_words
from bestand.telling.telling import Telling
from bestand.telling.words import words
from bestand.truce.effects import lead
from bestand.truce.survival import hazard_ratio, survival
from tests.depth import in_depth


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
    assert "a lasting presence in the NATO countries" in told[0] and posture_words(answers.best.name, telling) in told[0]
    rivals = [each for each in answers.compared_with_it if each.affordable[0]]
    assert [each.name for each in answers.compared_with_it if not each.affordable[0]] == ["three_zones_corps"]  # 320 thousand of 250
    assert answers.best is max(rivals, key=lambda each: each.alive[:, -1].mean())
    for able, said in ((1.0, False), (0.0, True)):
        results = tuple(replace(each, affordable=np.full(8, able)) for each in found.results)
        told = list(best_sentences(replace(answers, postures=replace(found, results=results)), telling))
        assert any("more troops than the parties can keep" in each for each in told) is said


def test_what_is_there_today_is_within_capacity_in_every_draw():
    """Today's forces were beyond the capacity of those who keep them in a third of the draws: troops and capacity are drawn apart."""
    asked = conflict(read("ukraine/2025-04"), view="guarded", draws=16)
    found = postures(asked, every=False, months=[1.0])
    assert [each.affordable.mean() for each in found.results if each.name == "as_now"] == [1.0, 1.0]
    assert any(0 < each.affordable.mean() < 1 for each in found.results)
    little = postures(asked, every=False, months=[1.0], capacity={"ua": 1.0})
    assert not any(each.affordable.any() for each in little.results)  # a capacity that is given is taken as it is


def test_what_a_zone_is_worth_has_the_error_of_the_paired_draws():
    asked = conflict(read("ukraine/2025-04"), view="guarded", draws=8)
    found = postures(asked, every=False, months=[1.0])
    assert found.shapley_error.keys() == found.shapley.keys() and all(np.isfinite(each) and each >= 0 for each in found.shapley_error.values())
    west = [found.shapley_error[zone] for zone in found.shapley]
    assert max(west) < 0.2 and "±" in str(found.zones())


@in_depth
def test_the_brief_says_what_a_known_day_does_before_it_and_after_it():
    """Only the better half was told: a truce that is known to lose its guarantor lasts longer before that day, and less long after it."""
    asked = conflict(read("ukraine/2025-04"), view="guarded", draws=48)
    told = withdrawal(asked.hold({"ua.army": "as_now", "eu.force": "none"}), event="us_withdraws", month=6.0, start="truce_in_force", truce="truce_in_force", months=[3.0, 5.0, 9.0])
    answers = TruceAnswers("truce_in_force", postures(asked, every=False, months=[1.0]), (told,), None, (), None, None)
    sentences, known = list(date_sentences(answers, Telling(asked, words("en")))), told.difference()
    signs = [float(known.mean[t]) * float(np.abs(known.mean[t]) > 2 * known.error[t]) for t in (1, 2)]
    assert (len(sentences) > 0) == (signs[0] != 0)
    assert ("After that day it lasts less long" in " ".join(sentences)) == (signs[0] > 0 > signs[1])
    assert signs[0] > 0 > signs[1], (known.mean, known.error)


def test_how_far_the_next_posture_is_behind_has_the_error_of_the_paired_draws():
    """Best and next stood side by side, each with its own error: what they differ by, in the same draws, was not said."""
    asked = conflict(read("ukraine/2025-04"), view="guarded", draws=24)
    found = postures(asked, every=False, months=[3.0])
    answers, telling = TruceAnswers("truce_in_force", found, (), None, (), None, None), Telling(asked, words("en"))
    best, other = answers.best, answers.next_best
    assert (best.name, other.name) == ("three_zones", "army_only") and other.leaves == best.leaves
    gain = best.alive[:, -1] - other.alive[:, -1]
    error = float(gain.std(ddof=1) / np.sqrt(24))
    assert f"{100 * gain.mean():.1f} ± {100 * error:.1f} points" in next_words(answers, telling) and error < best.standard_error[-1]
    assert next_words(answers, telling) in list(best_sentences(answers, telling))
    assert ("neither can be called better" in next_words(answers, telling)) == bool(gain.mean() <= 2 * error)
    alike = replace(other, alive=best.alive - np.linspace(-0.01, 0.012, 24)[:, None])
    results = tuple(alike if each is other else each for each in found.results)
    assert "neither can be called better" in next_words(replace(answers, postures=replace(found, results=results)), telling)
    behind = {(row[0], row[1]): row for row in found.table().rows}
    place = found.table().columns.index("behind the best")
    assert behind["lasting, leaving", "army_only"][place] == pytest.approx(lead(found.groups()["lasting", True][0].alive, other.alive)[0])


@in_depth
def test_a_table_of_main_effects_stands_only_where_there_are_some():
    """Without --every the terminal printed a title, a note and nothing between."""
    few = CliRunner().invoke(main, ["postures", "ukraine/2025-04", "--draws", "1", "--months", "1", "--language", "nl"])
    assert "Eén ding tegelijk" not in few.stdout and "over alle combinaties: --every" in few.stderr
    every = CliRunner().invoke(main, ["postures", "ukraine/2025-04", "--draws", "1", "--months", "1", "--every"]).output
    assert "One thing at a time" in every and "--every" not in every


@pytest.mark.parametrize(("language", "said"), [("en", "sets more than forces and backstop: the US does not mediate"), ("nl", "stelt meer in dan troepen en rugdekking")])
def test_a_posture_that_sets_more_than_forces_is_said_to(language, said):
    """Europe and Ukraine alone did worse than no force at all: 1.8 times the hazard, for the mediator had gone as well."""
    case = read("ukraine/2025-04")
    found = postures(conflict(case, view="guarded", draws=2), every=False, months=[1.0])
    blocks = truce_blocks(TruceAnswers("truce_in_force", found, (), None, (), None, None), Telling(conflict(case), words(language)))
    told = [note for block in blocks for note in block.after if said in note]
    assert len(told) == 1 and np.median(next(each for each in found.results if each.name == "alone").ratio) > 1
    level = next(each for each in found.results if each.name == "umbrella_only")
    assert np.median(level.ratio) < 1 and not any(posture_words("umbrella_only", Telling(conflict(case), words(language))) in note for note in told)


def test_chances_are_told_in_percent_and_the_months_with_their_error():
    """The table said 0.524 where the page says 52 %, and its mean in months had no error beside chances that have one."""
    found = survival(conflict(read("ukraine/2025-04"), view="guarded", draws=6), start="truce_in_force", truce="truce_in_force", months=[3, 24])
    told, data = str(found.table()), found.table().records()
    assert f"{100 * found.pooled[0]:.3g} %" in told and data[0]["still holds"] == pytest.approx(float(found.pooled[0]))
    mean, error = re.search(r"holds ([\d.]+) ± ([\d.]+) months of the first", told).groups()
    lasted = found.weights @ found.lasted
    n = len(found.lasted)
    spread = np.sqrt((found.weights**2) @ (found.lasted - lasted) ** 2 * n / (n - 1))
    assert float(mean) == pytest.approx(lasted, rel=0.01) and float(error) == pytest.approx(spread, rel=0.06)
