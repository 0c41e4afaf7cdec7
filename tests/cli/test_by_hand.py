"""What is typed and what comes of it: words that name nothing, long words, weeks as months, files that are read, sizes of an order."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bestand.cli import main
from bestand.errors import MOST_LETTERS
from tests.study.test_watch import bridge

ORDERED = """bestand: 1
title: T
parties: {a: {name: Alm}, b: {name: Brill}, c: {name: Ceel}}
levers:
  a.x: {is: x, assumed: t}
  b.y: {is: y, assumed: t}
  c.z: {is: z, assumed: t}
wants:
  a: [{that: a.x, assumed: t}, {that: b.y, assumed: t}]
  b: [{that: a.x, worth: 2, assumed: t}]
  c: [{that: c.z, worth: 1, assumed: t}]
views: {both: {vary: [a.x, b.y]}}
"""


def typed(*words: str):
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(("words", "told"), [
    (("show", ""), "a word that is typed is empty"), (("show", "example/en", "--view="), "after --view nothing is given"), (("check", "a\0b"), "no name can have"),
    (("show", "example/en", "--hold=", "--json"), "after --hold nothing is given"), (("check", "\ud800"), "no name can have"),
])  # fmt: skip
def test_words_that_name_nothing_are_refused_with_what_is_missing(words, told):
    made = typed(*words)
    assert made.exit_code == 2 and told in made.output and "Traceback" not in made.output


@pytest.mark.parametrize("n", [10, MOST_LETTERS, 3 * MOST_LETTERS, 100_000])
def test_a_long_word_is_told_by_its_beginning_and_its_end(n):
    """What was typed stands once in the refusal, and what would do behind it, however long it is."""
    made = typed("why", "example/en", "--party", "upper", "--moves", "b" + "x" * n)
    assert made.exit_code == 2 and "'best'" in made.output and "'bx" in made.output and len(made.output) < 2_000 + 2 * MOST_LETTERS
    assert n >= MOST_LETTERS or "b" + "x" * n in made.output


@pytest.mark.parametrize("weeks", ["4", "13", "26,52"])
def test_weeks_are_asked_about_as_so_many_sevenths_of_months_of_days(tmp_path, weeks):
    path = tmp_path / "case.yaml"
    path.write_text(bridge().case.text, encoding="utf-8")
    each = [float(week) for week in weeks.split(",")]
    told = [json.loads(typed("forecast", str(path), f"--{unit}", ",".join(map(str, numbers)), "--json").stdout)
            for unit, numbers in (("weeks", weeks.split(",")), ("months", [week * 7 / (365.25 / 12) for week in each]))]  # fmt: skip
    assert told[0] and json.dumps(told[0]) == json.dumps(told[1])


def test_sizes_of_an_order_are_told_as_such_for_those_who_are_asked_about_alone(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(ORDERED + "sizes: drawn\n", encoding="utf-8")
    said = typed("settle", str(path), "--view", "both").stderr.replace("\n", " ")
    assert "only the order of what a want is given" in said
    sized = tmp_path / "sized.yaml"
    sized.write_text(ORDERED.replace("{that: a.x, assumed: t}, {that: b.y", "{that: a.x, worth: 2, assumed: t}, {that: b.y, worth: 1"), encoding="utf-8")
    assert "only the order" not in typed("settle", str(sized)).stderr
