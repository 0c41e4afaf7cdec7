"""A number that is stated once is drawn once, however many lines it is written out into."""

from __future__ import annotations

import re

import numpy as np
import pytest

from bestand import conflict
from bestand.case.read import read_text
from bestand.errors import CaseError
from bestand.explore.applied import case_of, drawn_columns
from bestand.explore.space import space
from bestand.graph.draws import drawn_wants
from bestand.graph.numbers import rates

TRUCE = """
bestand: 1
title: A truce that frays
as_of: "2030-01-01"
parties: {a: {name: Hill}, w: {name: Days, chance: true, assumed: x}}
levers:
  a.keeps: {is: Hill keeps it, now: yes, assumed: x}
  w.calm:
    is: calm
    settings: [war, incidents, calm]
    now: calm
    assumed: x
    down: [{when: a.keeps, value: 0.1, range: [0.02, 0.4], assumed: x}, {when: not a.keeps, value: 0.1, range: [0.02, 0.4], assumed: x}]
    up: {value: 0.5, range: [0.2, 1], assumed: x}
clocks: {days: {is: thirty days, while: a.keeps, days: {value: 30, range: [20, 60], assumed: x}, stages: 3, assumed: x}}
events: {storm: {sets: {a.keeps: no}, when: a.keeps, per_month: {value: 0.1, range: [0.02, 0.4], assumed: x}, assumed: x}}
wants: {a: [{that: a.keeps, worth: 1, assumed: x}]}
"""


def drawn(case, draws=200):
    asked = conflict(case, draws=draws, seed=5)
    return dict(zip([event.name for event in asked.graph.chances], rates(asked).T, strict=True))


def test_steps_with_one_rate_and_stages_of_one_clock_are_drawn_together_and_others_apart():
    each = drawn(read_text(TRUCE))
    for one, other in (
        ("w_calm_down_to_incidents", "w_calm_down_to_war"), ("w_calm_down_to_incidents_2", "w_calm_down_to_war_2"), ("w_calm_up_to_calm", "w_calm_up_to_incidents"),
        ("days_stage_2", "days_stage_3"), ("days_stage_2", "days_over"),
    ):  # fmt: skip
        assert (each[one] == each[other]).all() and each[one].std() > 0, (one, other)
    for one, other in (("w_calm_down_to_war", "w_calm_down_to_war_2"), ("w_calm_down_to_war", "storm"), ("w_calm_up_to_calm", "w_calm_down_to_war")):
        assert abs(np.corrcoef(each[one], each[other])[0, 1]) < 0.3, (one, other)


def test_one_draw_per_clock_changes_what_a_case_leaves_open():
    """Three stages at rates drawn apart come out between the extremes: the time of the whole varies less than the file says."""
    each = drawn(read_text(TRUCE), draws=4000)
    whole = 1 / each["days_stage_2"] + 1 / each["days_stage_3"] + 1 / each["days_over"]
    assert whole.std() == pytest.approx(3 * (1 / each["days_over"]).std())


def test_a_sweep_opens_one_number_once_and_puts_it_everywhere():
    case = read_text(TRUCE)
    names = [each.at for each in space(case, kinds=("number",)).openings if each.at.startswith("events.")]
    assert len(names) == 5 and names.count("events.storm.per_month") == 1  # down twice, up, the clock and the storm
    (first,) = [each for each in names if "down_to" in each and "_2" not in each]
    moved = case_of(case, {first: 0.33}).file.events
    assert {name for name, event in moved.items() if event.rate.value == 0.33} == {"w_calm_down_to_incidents", "w_calm_down_to_war"}


def test_what_is_written_out_says_so_and_is_drawn_as_what_it_was_written_from(tmp_path):
    from click.testing import CliRunner

    from bestand.cli import main

    path = tmp_path / "case.yaml"
    path.write_text(TRUCE, encoding="utf-8")
    text = CliRunner().invoke(main, ["show", str(path), "--expanded"]).output
    assert text.count("same_as: levers.w.calm.down[0]") == 2 and text.count("same_as: clocks.days.days") == 3
    before, after = drawn(read_text(TRUCE)), drawn(read_text(text))
    assert before.keys() == after.keys() and all((before[name] == after[name]).all() for name in before)


def test_numbers_of_one_name_cannot_differ():
    text = TRUCE.replace("value: 0.1, range: [0.02, 0.4], assumed: x}, assumed: x}}\nwants", "value: 0.1, range: [0.02, 0.4], same_as: up, assumed: x}, assumed: x}}\nwants")
    assert read_text(text)
    with pytest.raises(CaseError, match=re.escape("the number 'up' has another value or range")):
        read_text(text.replace("up: {value: 0.5, range: [0.2, 1],", "up: {value: 0.5, range: [0.2, 1], same_as: up,"))


ALIKE = """
bestand: 1
title: One guess in many places
parties:
  a: {name: A, types: {mild: {value: 0.5, range: [0.1, 0.9], same_as: trust, assumed: x}, firm: {value: 0.5, assumed: x}}}
  b: {name: B}
sources: {s: {title: S, author: X, sha256: "%s", reliability: {value: 0.5, range: [0.1, 0.9], same_as: trust, assumed: x}}}
claims: {c: {source: s, quote: q, gloss: g, author_holds: certain}}
levers: {a.gives: {is: A gives, assumed: x}, b.takes: {is: B takes, assumed: x}}
clocks:
  one: {is: one, while: a.gives, days: {value: 30, range: [20, 60], same_as: month, assumed: x}, stages: 2, assumed: x}
  two: {is: two, while: b.takes, days: {value: 30, range: [20, 60], same_as: month, assumed: x}, stages: 2, assumed: x}
  three: {is: three, while: b.takes, days: {value: 30, range: [20, 60], same_as: month, assumed: x}, stages: 3, assumed: x}
events: {storm: {sets: {a.gives: no}, when: a.gives, per_month: {value: 2, range: [1, 4], same_as: price, assumed: x}, assumed: x}}
wants:
  a:
    mild: [{that: a.gives, worth: {value: 2, range: [1, 4], same_as: price, assumed: x}, because: [c]}]
    firm: [{that: not a.gives, worth: {value: 3, range: [1, 4], assumed: x}, assumed: x}]
  b: [{that: b.takes, worth: {value: 2, range: [1, 4], same_as: price, assumed: x}, assumed: x}]
""" % ("0" * 64)


def test_worths_of_one_name_are_drawn_together_and_as_a_rate_of_that_name():
    case, n = read_text(ALIKE), 200
    a, b = (drawn_wants(case, party, n, 5) for party in "ab")
    there = a.there[0][:, 0] & b.there[0][:, 0]
    worth, own = a.weight[0][there, 0], b.weight[0][there, 0]
    assert there.sum() > 20 and (worth == own).all() and worth.std() > 0
    each = drawn(case)
    assert (each["storm"][there] == own).all()
    assert (each["one_over"] == each["two_over"]).all() and not np.allclose(each["one_over"] * 1.5, each["three_over"])


def test_a_name_shifts_no_other_draw():
    plain = read_text(ALIKE.replace(", same_as: price", "").replace(", same_as: trust", ""))
    named, alone = (drawn_wants(case, "a", 60, 5) for case in (read_text(ALIKE), plain))
    assert (named.weight[1] == alone.weight[1]).all()


def test_a_sweep_puts_one_number_into_every_want_and_chance_of_its_name():
    case = read_text(ALIKE)
    openings = {each.name: each for each in space(case).openings}
    prices = [name for name in openings if openings[name].kind == "number" and openings[name].usual == 2]
    assert len(prices) == 1
    made = case_of(case, {prices[0]: 3.5}).file
    assert {made.wants["a"]["mild"][0].worth.value, made.wants["b"][0].worth.value, made.events["storm"].rate.value} == {3.5}
    columns = {prices[0]: np.array([1.5, 3.5])}
    assert drawn_columns(case, "b", columns, 2).weight[0][:, 0].tolist() == [1.5, 3.5]
    (trust,) = [name for name in openings if openings[name].kind == "number" and openings[name].usual == 0.5]
    assert openings["sources.s"].odds_at == (trust,) and openings["parties.a.types"].odds_at == (trust, "")
