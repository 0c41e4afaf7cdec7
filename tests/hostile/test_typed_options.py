"""Options that would be passed over in silence: beside another one, given twice, or no number at all. They are refused before any work."""

from __future__ import annotations

import ast
import pathlib

import click
import pytest
from click.testing import CliRunner

import bestand.cli
from bestand.bargain.divisible import MOST_POINTS, divide
from bestand.case.lines import wants
from bestand.case.parts import MOST_WORTH
from bestand.case.read import read_text
from bestand.cli import COMMANDS, main
from bestand.errors import AskError
from bestand.exchange.reading import import_
from bestand.exchange.writing import IN_PARTS, WRITERS, export
from bestand.explore.space import space, vary
from bestand.graph.conflict import conflict
from bestand.negotiate.changed import text_with_changes
from bestand.negotiate.unlock import unlock
from bestand.truce.withdrawal import SOONEST, withdrawal
from tests.depth import spread
from tests.hostile.test_commands import asked as call_of
from tests.hostile.test_options import case, game_file

CLI = pathlib.Path(bestand.cli.__file__).parent
ASKED = [command for command in COMMANDS if command.name != "open"]


def refused(words: list[str], says: str) -> None:
    result = CliRunner().invoke(main, words)
    assert isinstance(result.exception, SystemExit) and result.exit_code == 2, (words, result.exit_code, result.output[:300])
    assert says in result.output, result.output


IDLE = [
    ("show example/en --expanded", "--json"), ("show example/en --expanded", "--view core"), ("show example/en --expanded", "--hold co.pipe=yes"),
    ("show example/en --expanded", "--language nl"), ("forecast example/en --weeks 1,2", "--months 1,2"),
    ("forecast example/en --score FILE", "--weeks 1,2"), ("forecast example/en --score FILE", "--ahead 3"),
    ("base-rates interstate-force", "--kind fortna"), ("base-rates interstate-force", "--group-by war"), ("base-rates interstate-force", "--resamples 50"),
    ("base-rates", "--kind fortna"), ("base-rates", "--model mixture"), ("backtest FILE", "--penalty 3"), ("offers example/en --spans", "--risk 0.2"),
    ("sweep example/en --measure x --n 9 --out x --cluster tcp://127.0.0.1:9", "--workers 2"), ("docs --find truce", "glossary"),
    ("docs --html x", "glossary"), ("docs --html x", "--find truce"), ("draft x --into example/en", "--yes"), ("draft x --into example/en", "--model-name m"),
    ("accept example/en p1 --reject", "--set p1.gloss=x"), ("survival example/en --draws 4", "--seconds 5"), ("postures example/en --draws 4", "--seconds 5"),
    ("withdrawal example/en rain --draws 4", "--seconds 5"), ("strategies example/en --draws 4", "--seconds 5"), ("export example/en --to nfg", "--whole"),
    ("export example/en --to gexf", "--scale cardinal"), ("export example/en --to xlsx", "--scale cardinal"), ("import FILE", "--sources FOLDER"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "more"), IDLE)
def test_an_option_that_would_do_nothing_beside_another_is_refused(words, more, tmp_path):
    (tmp_path / "x").write_text("{}", encoding="utf-8")
    given = [str({"FILE": tmp_path / "x", "FOLDER": tmp_path}.get(word, word)) for word in f"{words} {more}".split()]
    refused(given, f"{more.split()[0].replace('glossary', 'PAGE')} would do nothing")


@spread("command", ASKED, ids=lambda command: command.name)
@pytest.mark.parametrize("empty", [["", "--language", "nl"], ["example/en", "--view="], ["example/en", "--out", ""], ["example/en", "--hold", ""]])
def test_a_word_of_a_variable_without_a_value_is_refused_and_nothing_is_taken_in_its_place(command, empty, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.yaml").write_text("bestand: 1\ntitle: T\nparties: {a: {name: A}}\n", encoding="utf-8")  # which is no answer to ''
    refused([command.name, *empty], "no value")
    assert [each.name for each in tmp_path.iterdir()] == ["case.yaml"]


@pytest.mark.parametrize("words", ["accept example/en --reject", "accept example/en --set p1.gloss=x"])
def test_what_is_decided_needs_proposals_that_it_is_about(words):
    refused(words.split(), "name the proposals")


NAMED = {"_Pair": "a=1:2", "Amount": "a=1", "IssuePoints": "a=1:2"}
ONCE = [
    pytest.param(command, option, id=f"{command.name} {option.opts[-1]}")
    for command in ASKED for option in command.params
    if isinstance(option, click.Option) and type(option.type).__name__ in NAMED
]  # fmt: skip


@pytest.mark.parametrize(("command", "option"), ONCE)
def test_of_two_values_for_one_name_none_is_dropped_in_silence(command, option):
    value = {"path=places": "a=1", "name=lever=setting,…": "a=b=c"}.get(option.type.name, NAMED[type(option.type).__name__])
    refused([*call_of(command), option.opts[-1], value, option.opts[-1], value], "'a' is given twice")


def test_of_two_values_for_one_field_none_is_dropped_in_silence():
    refused(["accept", "example/en", "p1", "--set", "p1.gloss=x", "--set", "p1.gloss=y"], "'p1.gloss' is given twice")


NUMBERS = [
    pytest.param(command, option, value, id=f"{command.name} {option.opts[-1]} {value}")
    for command in ASKED for option in command.params
    if isinstance(option, click.Option) and isinstance(option.type, click.FloatRange)
    for value in ("nan", "inf", "-inf", "0,5", "1e999")
]  # fmt: skip


@pytest.mark.parametrize(("command", "option", "value"), NUMBERS)
def test_a_number_is_a_number(command, option, value):
    refused([*call_of(command), option.opts[-1], value], "write 0.5" if value == "0,5" else "is n")


def test_no_command_takes_a_number_by_the_rules_of_click_which_takes_nan_for_one():
    for path in CLI.glob("*.py"):
        loose = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call) and ast.unparse(node.func) == "click.FloatRange"]
        assert not loose, (path.name, [node.lineno for node in loose])


def test_a_file_that_stands_there_is_seen_before_the_work_that_would_replace_it(tmp_path):
    (tmp_path / "x.yaml").write_text("kept", encoding="utf-8")
    result = CliRunner().invoke(main, ["red-team", "example/en", "-o", str(tmp_path / "x.yaml")])
    assert result.exit_code == 3 and "[file/exists]" in result.output and "damaging" not in result.output


def test_parts_and_views_that_a_format_has_not_are_refused():
    asked = conflict(case())
    for to in set(WRITERS) - set(IN_PARTS):
        with pytest.raises(AskError, match="leave it out"):
            export(asked, to=to, of="moves")
    with pytest.raises(AskError, match="leave out --seen-by"):
        import_(game_file(), seen_by="A")


RANGES = {
    "wants.b[1].worth": [(-1e308, 1), (0, 2e9), (1e-300, 1)], "play.tempo.a": [(-1, 1), (1, 1e6)], "play.discount.a": [(0, 101)],
    "deterrence.answer.b": [(0.5, 1.5), (-0.1, 1)], "zones.z.width_km": [(0, 10)], "deterrence.decisiveness": [(-1, 2)],
    "events.e.per_month": [(0, 1e4)], "play.noise.a": [(-1, 1)],
}  # fmt: skip


@pytest.mark.parametrize("at", RANGES)
def test_a_number_is_varied_within_the_bounds_that_it_has_in_a_case(at):
    whole = space(case())
    for low, high in RANGES[at]:
        with pytest.raises(AskError, match=r"cannot be [^\n]*\n  hint: give .* from") as error:
            vary(whole, number={at: (low, high)})
        assert error.value.code == "sweep/bad-range"


def test_sizes_that_no_case_could_have_are_refused():
    for points in (2 * MOST_POINTS, float("inf"), float("nan"), -1):
        with pytest.raises(AskError, match="points are"):
            divide({"x": {"A": points, "B": 1}})
    for weight in (1e10, 1e308, 0, float("nan")):
        with pytest.raises(AskError, match="at most"):
            unlock(conflict(case()), goal="truce", weight=weight)
    for date in (SOONEST / 2, 1e-300, 0, float("nan")):
        with pytest.raises(AskError, match="at least"):
            withdrawal(conflict(case()), event="e", start="truce", truce="truce", month=date)


def test_a_changed_case_with_the_largest_promise_can_be_read():
    asked = conflict(case(), scale="cardinal")
    sets = unlock(asked, goal="a.yields = all", most=1, weight=MOST_WORTH).sets
    promised = [each for each in sets if any(change.kind in ("promise", "penalty") for change in each.changes)]
    assert promised
    for each in promised:
        changed = read_text(text_with_changes(asked, unlock=each))
        assert MOST_WORTH in [want.worth.value for party in "ab" for _, want in wants(changed, party) if want.worth]
