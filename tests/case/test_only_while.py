"""A setting that goes on only while something holds: a guard on entering it, and an event that ends it; it changes what others do."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bestand import conflict, survival
from bestand.case.read import read_text
from bestand.cli import main
from bestand.errors import CaseError
from bestand.negotiate.paths import paths

LINE = """
bestand: 1
title: A line and those who watch it
as_of: "2030-01-01"
parties: {a: {name: Hill}, g: {name: Watchers}}
levers:
  a.shoots: {is: Hill shoots, now: no, assumed: x}
  g.watch: {is: the watch stands, settings: [none, some, many], now: some, assumed: x, GUARD}
terms: {quiet: not a.shoots}
wants:
  a: [{that: g.watch = none, is: nobody who watches, worth: 3, assumed: x}, {that: not a.shoots, is: quiet, worth: 1, assumed: x}]
  g: [{that: g.watch != none, is: to be there, worth: 2, assumed: x}]
play: {tempo: {a: 1, g: 0.2}, noise: {a: 0.2, g: 0.2}, discount: {a: 0.1, g: 0.1}}
"""
ENTERED = "needs: {some: {that: quiet, assumed: x}, many: {that: quiet, assumed: x}}"
KEPT = "only_while: {some: {that: quiet, assumed: x}, many: {that: quiet, falls_to: none, per_month: 2, assumed: x}}"


def lasts(guard: str, that: str = "quiet") -> float:
    return float(survival(conflict(read_text(LINE.replace("GUARD", guard)), scale="cardinal"), start="now", truce=that, months=[12]).lasted[0])


def test_a_watch_that_goes_when_shots_fall_invites_shots():
    """With a guard alone the watch stays under fire, and shooting gains nothing; where it lapses, a shot is the way to be rid of it."""
    assert lasts(ENTERED) > 11 and lasts(KEPT) < 6
    assert lasts(KEPT, "g.watch != none") < lasts(ENTERED, "g.watch != none")


def test_it_is_written_out_as_a_guard_and_an_event_and_reads_the_same(tmp_path):
    case = read_text(LINE.replace("GUARD", KEPT))
    events = {name: (dict(event.sets), event.when, event.rate.value) for name, event in case.file.events.items()}
    assert events == {
        "g_watch_lapses_from_some": ({"g.watch": "none"}, "(g.watch = some) and (not (quiet))", 30.0),
        "g_watch_lapses_from_many": ({"g.watch": "none"}, "(g.watch = many) and (not (quiet))", 2.0),
    }
    assert {setting: guard.that for setting, guard in case.file.levers["g.watch"].needs.items()} == {"some": "quiet", "many": "quiet"}
    path = tmp_path / "case.yaml"
    path.write_text(LINE.replace("GUARD", KEPT), encoding="utf-8")
    again = read_text(CliRunner().invoke(main, ["show", str(path), "--expanded"]).output)
    assert again.file.events == case.file.events and again.file.levers == case.file.levers


def test_it_joins_a_guard_that_the_setting_has_already():
    case = read_text(LINE.replace("GUARD", KEPT + ", needs: {some: {that: g.watch = many, assumed: x}}"))
    assert case.file.levers["g.watch"].needs["some"].that == "(g.watch = many) and (quiet)"
    start = {"a.shoots": "no", "g.watch": "none"}
    reached = paths(conflict(case), start=start, goal="g.watch = some", by="any")
    assert int(reached.length[reached.goals].min()) == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("only_while: {none: {that: quiet, assumed: x}}", "case/wrong-value"), ("only_while: {few: {that: quiet, assumed: x}}", "case/unknown-setting"),
        ("only_while: {some: {that: quite, assumed: x}}", "case/unknown-name"), ("only_while: {some: {that: quiet, falls_to: few, assumed: x}}", "case/unknown-setting"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_where_it_stands(wrong, code):
    with pytest.raises(CaseError) as caught:
        read_text(LINE.replace("GUARD", wrong))
    first = caught.value.problems[0]
    assert (first.code, first.place.line) == (code, 8)
