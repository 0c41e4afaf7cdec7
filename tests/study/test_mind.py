"""What would change our mind does change it; the most damaging case is one that the claims allow, and says what it turns."""

from __future__ import annotations

import importlib
import itertools

import numpy as np
import pytest
from click.testing import CliRunner

from bestand.case.read import read, read_text
from bestand.changes.between import between
from bestand.changes.diff import diff
from bestand.cli import main
from bestand.errors import AskError
from bestand.explore.space import space
from bestand.graph.budget import Budget, Pace
from bestand.graph.conflict import conflict
from bestand.report.worded_changes import turns_worded
from bestand.study.conclusions import concluded
from bestand.study.red_team import READINGS, likeliest_odds, other_readings, red_team
from bestand.study.turns import turns
from bestand.telling.telling import Telling
from bestand.telling.words import words
from bestand.truce.survival import survival
from tests.truce.test_zones import TEXT as ZONES
from tests.truce.test_zones import USUAL

TEXT = """bestand: 1
title: Two
sources:
  paper: {title: A paper, sha256: "%s", reliability: {value: 0.9, range: [0.7, 1]}}
claims:
  c1: {source: paper, quote: one, gloss: g}
  c2: {source: paper, quote: two, gloss: g, says: W, author_holds: uncommitted}
  c3: {source: paper, quote: three, gloss: g}
parties:
  a: {name: A, types: {soft: {value: 0.7, range: [0.4, 0.9]}, hard: {value: 0.3, range: [0.1, 0.6]}}}
  b: {name: B}
levers: {a.x: {is: x, because: [c1]}, b.y: {is: y, because: [c1]}}
terms: {both: a.x and b.y}
wants:
  a:
    soft: [{that: a.x, because: [c1]}, {that: b.y, because: [c1]}]
    hard: [{that: not a.x, because: [c1]}]
  b:
    - {that: b.y, because: [c2]}  # what W is heard to say
    - {that: not b.y, because: [c3]}
""".replace("%s", "0" * 64)
GOAL = "both"


@pytest.fixture(scope="module")
def case():
    return read_text(TEXT)


@pytest.fixture(scope="module")
def found(case):
    return turns(case, goal=GOAL)


@pytest.fixture(scope="module")
def worst(case):
    ticks = iter(range(10_000))
    return red_team(case, goal=GOAL, budget=Budget(seconds=200.0, clock=lambda: float(next(ticks))))


def answer(text, key):
    return concluded(conflict(read_text(text)), GOAL)[key]


def test_the_headlines_are_those_of_the_case_as_it_stands(case, found):
    told = concluded(conflict(case), GOAL)
    assert found.answers == {key: told[key] for key in found.answers} and ("term_reached", GOAL) in found.answers
    assert found.untried == dict.fromkeys(found.answers, 0)


def test_a_rank_that_turns_a_headline_does(found):
    kinds = {each.kind: each for each in found.turns["term_rests", GOAL]}
    assert kinds["rank"].at == "wants.b[0]" or kinds["rank"].at == "wants.b[1]"
    lines = TEXT.splitlines()
    k = next(k for k, line in enumerate(lines) if "because: [c2]}" in line)
    lines[k], lines[k + 1] = lines[k + 1], lines[k]
    assert answer(TEXT, ("term_rests", GOAL)) and not answer("\n".join(lines), ("term_rests", GOAL))


def test_odds_that_turn_a_headline_are_those_at_which_the_other_version_is_the_likeliest(found):
    (odds,) = [each for each in found.turns["term_rests", GOAL] if each.kind == "odds"]
    assert (odds.usual, odds.there, odds.far) == pytest.approx((0.3, 0.5, 0.2))
    harder = TEXT.replace("value: 0.7, range: [0.4, 0.9]", "value: 0.49").replace("value: 0.3, range: [0.1, 0.6]", "value: 0.51")
    assert not answer(harder, ("term_rests", GOAL))


@pytest.mark.parametrize(("odds", "there"), [((0.4, 0.35, 0.25), 1 / 3), ((0.6, 0.3, 0.1), 0.35), ((0.5, 0.3, 0.2), 0.35), ((0.37, 0.36, 0.27), 1 / 3)])
def test_odds_that_turn_a_headline_leave_no_other_version_likelier(odds, there):
    versions = dict(zip(("one", "two", "six"), odds, strict=True))
    told = {"one": "a.x", "two": "a.x and true_enough", "six": "not a.x"}
    for order in itertools.permutations(versions):
        wants = ", ".join(f"{name}: [{{that: {told[name]}, assumed: t}}]" for name in order)
        types = ", ".join(f"{name}: {versions[name]}" for name in order)
        text = f"parties: {{a: {{name: A, types: {{{types}}}}}}}\nlevers: {{a.x: {{is: x, assumed: t}}}}\nwants: {{a: {{{wants}}}}}\n"
        case = read_text(f"bestand: 1\ntitle: T\n{text}terms: {{t: a.x, true_enough: a.x or not a.x}}\n")
        (turn,) = [each for each in turns(case, goal="t").turns["term_rests", "t"] if each.kind == "odds"]
        assert "six" in turn.words
        assert (turn.usual, turn.there) == pytest.approx((versions["six"], there))


def test_a_tie_of_the_case_itself_is_said(case, found):
    tied = read_text(TEXT.replace("value: 0.7, range: [0.4, 0.9]", "value: 0.5").replace("value: 0.3, range: [0.1, 0.6]", "value: 0.5"))
    told = turns(tied, goal=GOAL)
    (odds,) = [each for each in told.turns["term_rests", GOAL] if each.kind == "odds"]
    assert odds.far == 0 and "the case itself is at a tie, which is broken for the first, soft" in str(told) and " tie" not in str(found)
    shown = {code: str(turns_worded(told, Telling(conflict(tied), words(code)))) for code in ("en", "nl")}  # the words of the command had lost it
    assert "anything more turns it" in shown["en"] and "al het meerdere keert het om" in shown["nl"]


def test_readings_that_turn_a_headline_do_so_when_the_line_is_gone(found):
    readings = {each.at for each in found.turns["term_rests", GOAL] if each.kind == "reading"}
    assert {"speakers.W", "sources.paper"} & readings
    assert not answer(TEXT.replace("    - {that: b.y, because: [c2]}  # what W is heard to say\n", ""), ("term_rests", GOAL))


def test_without_time_what_was_not_tried_is_said(case):
    ticks = iter(range(10_000))
    found = turns(case, goal=GOAL, budget=Budget(seconds=1.0, clock=lambda: float(next(ticks))))
    assert any(found.untried.values()) and "for want of time" in str(found)


def test_where_deals_are_too_many_to_list_the_other_headlines_are_answered(case, monkeypatch):
    monkeypatch.setattr(importlib.import_module("bestand.study.turns"), "MOST_STATES", 1)
    few = turns(case, budget=Budget(seconds=0))
    assert [key for key, _ in few.unasked] == ["deal_exists"] and [key for key, _ in few.answers][:3] == ["now_rests", "term_rests", "term_reached"]
    assert any(note.startswith("deal_exists") and "not asked" in note for note in few.table().notes)


def test_the_most_damaging_case_is_one_that_the_claims_allow_and_turns_what_it_says(case, worst):
    found = worst
    there = read_text(found.text)
    before, after = concluded(conflict(case), GOAL), concluded(conflict(there), GOAL)
    assert found.turned and found.whole
    assert found.turned == {key: (before[key], after[key]) for key in before if key in after and before[key] != after[key]}
    assert diff(case, there) == found.changes
    allowed = {each.at for each in space(case, kinds=READINGS).openings}
    for change in found.changes.changes:
        assert change.kind in ("removed", "moved") or change.at == "parties.a.types"
        assert change.at.startswith("wants.") or change.at in allowed


def headlines(case):
    told = concluded(conflict(case), GOAL)
    return {key: told[key] for key in told if key[0] in ("now_rests", "deal_exists", "term_rests", "term_reached")}


def test_nothing_in_the_most_damaging_case_can_be_taken_back(case, worst):
    both, usual = between(case, read_text(worst.text)), headlines(case)
    turned = sum(headlines(both.new)[key] != usual[key] for key in usual)
    for k in range(len(both.groups)):
        less = both.case(set(range(len(both.groups))) - {k})
        assert sum(headlines(less)[key] != usual[key] for key in usual) < turned


def test_readings_that_turn_as_much_count_as_much_to_the_last_digit(case, monkeypatch):
    keys = [("now_rests", ""), *(("term_rests", f"t{k}") for k in range(4)), ("deal_exists", "x")]
    turned = {1: {0, 2, 3, 4}, 2: {2, 3, 4, 5}, 3: {0, 1, 2, 3}, 4: {2, 3, 4}}  # reading: which of these it turns
    told = {key: np.array([k in turned.get(row, ()) for row in range(5)]) for k, key in enumerate(keys)}
    module = importlib.import_module("bestand.study.red_team")
    monkeypatch.setattr(module, "answers", lambda *_: told)
    search = module.AskedReadings(conflict(case), other_readings(case), None, Pace(Budget()))
    columns = {each.name: np.full(4, each.usual) for each in search.space.openings}
    damage = search.damage(columns)
    assert damage[0] == damage[1] == damage[2] > 1 > damage[3] > 0


def test_no_reading_by_hand_turns_more(case, worst):
    usual = headlines(case)
    for w, soft, firm in itertools.product((True, False), repeat=3):
        text = TEXT if w else TEXT.replace("    - {that: b.y, because: [c2]}  # what W is heard to say\n", "")
        text = text if soft else text.replace("value: 0.7, range: [0.4, 0.9]", "value: 0.3").replace("value: 0.3, range: [0.1, 0.6]", "value: 0.7")
        text = text if firm else text.replace("    - {that: not b.y, because: [c3]}\n", "")
        told = headlines(read_text(text.replace("  b:\nx", "") if w or firm else text.replace("  b:\n", "  b: []\n")))
        assert sum(told[key] != usual[key] for key in usual) <= sum(key in usual for key in worst.turned)


@pytest.mark.parametrize(
    ("soft", "hard", "odds"),
    [
        ("{value: 0.7, range: [0.4, 0.9]}", "{value: 0.3, range: [0.1, 0.6]}", (0.4, 0.6)),
        ("{value: 0.7, range: [0.45, 0.9]}", "{value: 0.3, range: [0.1, 0.8]}", (0.45, 0.55)),
        ("{value: 0.6}", "{value: 0.4}", None), ("0.6", "0.4", None), ("{value: 0.6, range: [0.5, 0.7]}", "{value: 0.4, range: [0.3, 0.5]}", None),
    ],
)  # fmt: skip
def test_odds_stay_within_the_ranges_of_the_case_and_as_they_are_without(soft, hard, odds):
    text = TEXT.replace("{value: 0.7, range: [0.4, 0.9]}", soft).replace("{value: 0.3, range: [0.1, 0.6]}", hard)
    firm = text.replace(", author_holds: uncommitted", "").replace(", says: W", "").replace(", reliability: {value: 0.9, range: [0.7, 1]}", "")
    ticks = iter(range(10_000))
    found = red_team(read_text(firm), goal=GOAL, budget=Budget(seconds=200.0, clock=lambda: float(next(ticks))))
    there = read_text(found.text).file.parties["a"].types
    assert ("parties.a.types" in {change.at for change in found.changes.changes}) == (odds is not None) == bool(found.turned)
    assert odds is None or (there["soft"].value, there["hard"].value) == pytest.approx(odds)
    assert "stay within the ranges that the case gives" in str(found)


def test_of_three_versions_those_that_the_ranges_let_be_the_likeliest_are_read():
    types = "{soft: {value: 0.5, range: [0.3, 0.6]}, hard: {value: 0.3, range: [0.2, 0.45]}, odd: {value: 0.2, range: [0.1, 0.25]}}"
    text = TEXT.replace("{soft: {value: 0.7, range: [0.4, 0.9]}, hard: {value: 0.3, range: [0.1, 0.6]}}", types)
    given = read_text(text.replace("    hard: [{that: not a.x, because: [c1]}]\n", "    hard: [{that: not a.x, because: [c1]}]\n    odd: [{that: not b.y, because: [c1]}]\n"))
    for chosen in ("soft", "hard"):
        odds = likeliest_odds(given, "a", chosen)
        ranges = {name: each.range for name, each in given.file.parties["a"].types.items()}
        assert sum(odds.values()) == pytest.approx(1) and max(odds, key=odds.__getitem__) == chosen
        assert all(ranges[name][0] <= odds[name] <= ranges[name][1] for name in odds)
    assert likeliest_odds(given, "a", "odd") == {}
    (opening,) = [each for each in other_readings(given).openings if each.kind == "type"]
    assert opening.odds == (1.0, 1.0, 0.0)


def test_a_want_that_something_names_stays_and_asks_for_nothing(case):
    labelled = TEXT.replace("that: b.y, because: [c2]", "that: b.y, is: what W wants, because: [c2]")
    named = labelled + 'unsaid: [{what: w, instead: i, where: ["wants.b[1]"]}]\n'
    ticks = iter(range(10_000))
    found = red_team(read_text(named), goal=GOAL, budget=Budget(seconds=200.0, clock=lambda: float(next(ticks))))
    there = read_text(found.text)
    assert found.turned and len(there.file.wants["b"]) == 2
    assert ("edited", "wants.b[0]", "true") in {(change.kind, change.at, change.after) for change in found.changes.changes}


def test_a_case_that_leaves_nothing_open_stays_as_it_is():
    firm = TEXT.replace(", author_holds: uncommitted", "").replace(", reliability: {value: 0.9, range: [0.7, 1]}", "")
    firm = firm.replace(", types: {soft: {value: 0.7, range: [0.4, 0.9]}, hard: {value: 0.3, range: [0.1, 0.6]}}", "")
    firm = firm.replace("    soft: [{that: a.x, because: [c1]}, {that: b.y, because: [c1]}]\n    hard: ", "    ").replace("    [{that: not a.x", "    - {that: not a.x").replace("[c1]}]\n  b:", "[c1]}\n  b:")
    found = red_team(read_text(firm), goal=GOAL)
    assert (found.turned, found.changes.changes, found.text) == ({}, (), firm) and "none of them turned" in str(found)


def test_the_commands_print_and_write(tmp_path):
    path, out = tmp_path / "case.yaml", tmp_path / "worst.yaml"
    path.write_text(TEXT, encoding="utf-8")
    told = CliRunner().invoke(main, ["red-team", str(path), "--goal", GOAL, "-o", str(out), "--seconds", "1"])
    assert told.exit_code == 0 and "turned" in told.output and diff(read(path), read(out)).changes
    again = CliRunner().invoke(main, ["red-team", str(path), "--goal", GOAL, "-o", str(out), "--seconds", "0.2"])
    assert again.exit_code == 3 and "file/exists" in again.output
    told = CliRunner().invoke(main, ["turns", str(path), "--goal", GOAL, "--json", "--seconds", "3"])
    assert told.exit_code == 0 and '"kind": "odds"' in told.output


# ---- how long it lasts -----------------------------------------------------------------------------------------------------------
GUARDED = (
    ZONES.format(**(USUAL | {"truce_worth": "{value: 2.2, range: [0, 9]}"}))
    .replace("deterrence:\n", "deterrence:\n  view: guarded\n")
    .replace("  g: [{that: not a.attacks, worth: 5}]", "  g: [{that: not a.attacks, worth: 5}, {that: g.force = none or g.force != none, worth: {value: 1, range: [0, 2]}}]")
    + "views: {core: {vary: [a.attacks]}, guarded: {vary: [a.attacks], fixed: {g.force: much}}}\n"
)


def test_how_long_it_lasts_is_asked_where_survival_asks_it():
    """Of the view of the talks it was said, where what ends a truce is held and nobody has signed; the truce chapter and `survival` ask in the view of the zones."""
    case = read_text(GUARDED)
    found = turns(case, goal="truce")
    key = "lasts_a_year", "truce"
    chance = float(survival(conflict(case, view="guarded", scale="cardinal"), start="truce", truce="truce", months=[12]).alive[0, 0])
    assert found.answers[key] == (chance >= 0.5) != turns(case, view="core", goal="truce").answers[key]
    assert found.view == "guarded" and "asked in the view guarded" in str(found) and not turns(case, view="core", goal="truce").view


def test_a_number_that_turns_how_long_it_lasts_does_and_sizes_of_what_is_always_so_are_not_tried():
    found = turns(read_text(GUARDED), goal="truce")
    (number,) = found.turns["lasts_a_year", "truce"]
    lasts = lambda worth: float(survival(  # noqa: E731
        conflict(read_text(GUARDED.replace("{value: 2.2, range: [0, 9]}", str(worth))), view="guarded", scale="cardinal"), start="truce", truce="truce", months=[12],
    ).alive[0, 0])  # fmt: skip
    assert number.at == "wants.a[0].worth" and lasts(number.there + 0.01) >= 0.5 > lasts(number.there - 0.01)
    none = turns(read_text(GUARDED), goal="truce", budget=Budget(seconds=0))
    assert none.untried["lasts_a_year", "truce"] == 2 and found.untried["lasts_a_year", "truce"] == 0


def test_of_what_nothing_was_tried_it_is_not_said_that_nothing_turns_it(monkeypatch):
    module = importlib.import_module("bestand.study.turns")
    monkeypatch.setattr(module, "seconds_of_draw", lambda *_: 1.0)
    found = turns(read_text(GUARDED), goal="truce", budget=Budget(seconds=5.0))
    key = "lasts_a_year", "truce"
    assert found.untried[key] == 1 and key in found.idle and key in found.answers
    assert not any(note.startswith("lasts_a_year") and "nothing" in note for note in found.table().notes)
    assert any(note.startswith("lasts_a_year") and "want of time" in note for note in found.table().notes)


def test_levers_that_matter_to_nobody_are_named_where_states_are_too_many():
    """Each doubles the states and changes no answer: what to hold is told, ready to be typed."""
    idle = "".join(f", a.idle{k}: {{is: thing {k}, assumed: t}}" for k in range(14))
    large = read_text(TEXT.replace("b.y: {is: y, because: [c1]}}", f"b.y: {{is: y, because: [c1]}}{idle}}}"))
    with pytest.raises(AskError) as error:
        red_team(large, goal=GOAL)
    hint = str(error.value.problems[0].hint)
    assert error.value.code == "study/too-many-states" and "--hold a.idle0=no" in hint and "--hold a.x" not in hint
    held = dict(word.split("=") for word in hint.replace("--hold ", "").partition(": ")[2].split())
    assert concluded(conflict(large, hold=held), GOAL) == concluded(conflict(read_text(TEXT)), GOAL)
