"""Every command, asked with every wrong thing: refused in words, with the exit code of a refusal, before any work."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from bestand.cli import COMMANDS, main
from tests.depth import spread

WRONG = {
    "draws": ["0", "-1", "1.5", "many", "1000000000000"],
    "seed": ["-1", "x", "1.5"],
    "hold": ["x", "nothing=yes", "=", "co.nothing="],
    "view": ["no-such-view", ""],
    "state": ["²", "-1", "99999999", "nowhere", "co.x=", "1.0"],
    "start": ["²", "no_such_term", "truce and", "("],
    "party": ["nobody", ""],
    "concept": ["sq", "NASH "],
    "moves": ["bests", "any moves"],
    "by": ["improve", ""],
    "most": ["0", "-3", "x"],
    "months": ["a,b", "3,1", "-1", "nan", "inf", ""],
    "month": ["0", "-1", "nan", "x"],
    "truce": ["no_such_term", "truce and", "))"],
    "that": ["no_such_term", "truce or or", "("],
    "fallback": ["²", "nowhere", "x=y"],
    "excluding": ["nobody"],
    "rule": ["leximax", ""],
    "power": ["co", "co=x", "co=-1", "co=nan", "nobody=1"],
    "capacity": ["co=-1", "co", "co=nan", "nobody=3"],
    "target": ["0", "-1", "x"],
    "tolerance": ["nan", "0", "-1", "x"],
    "select": ["best", "worst for nobody"],
    "add": ["no_such_term", "("],
    "offer": ["no.such"],
    "weight": ["x", "nan", "-inf"],
    "language": ["de", "EN "],
    "sources": ["/no/such/folder"],
    "to": ["no_such_term", "("],
    "seconds": ["0", "-1", "x"],
    "weeks": ["0", "-1", "nan", "x"],
    "ahead": ["0", "-1", "nan", "x"],
    "cut": ["0", "2", "nan", "x"],
    "steps": ["0", "13", "x"],
    "outcome": ["no_such_term", "(", "truce and"],
    "score": ["/no/such/file", "/dev/null", "/"],
    "freeze": ["/dev/null", "/"],
    "picture": ["/dev/null", "/"],
}
ARGUMENTS = {"case": "example/en", "old": "example/en", "new": "example/en", "goal": "truce", "event": "rain", "title": "A dispute", "file": "no-such-file"}


def asked(command: click.Command, wrong: click.Parameter | None = None, value: str = "") -> list[str]:
    words = [command.name or ""]
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            words.append(value if parameter is wrong else ARGUMENTS.get(parameter.name or "", "example/en"))
        elif parameter is wrong:
            words += [parameter.opts[-1], value]
        elif parameter.required:
            words += [parameter.opts[-1], parameter.type.choices[0] if isinstance(parameter.type, click.Choice) else "truce"]
    return words


def refused(words: list[str]) -> None:
    result = CliRunner().invoke(main, words)
    assert isinstance(result.exception, SystemExit), (words, result.exception)
    assert result.exit_code in (2, 3), (words, result.exit_code, result.output[:300])
    assert result.output.strip() and "Traceback" not in result.output


ASKED = [command for command in COMMANDS if command.name != "open"]  # it serves until it is stopped: see tests/web
OPTIONS = [
    pytest.param(command, parameter, value, id=f"{command.name} {parameter.opts[-1]} {value}")
    for command in ASKED
    for parameter in command.params
    if isinstance(parameter, click.Option)
    for value in WRONG.get((parameter.opts[-1]).lstrip("-").replace("from", "start"), ())
]


@spread(("command", "parameter", "value"), OPTIONS)
def test_a_wrong_option_is_refused_before_any_work(command, parameter, value):
    refused(asked(command, parameter, value))


READING = [(command, each) for command in ASKED for each in command.params if isinstance(each, click.Argument) and each.name in ("case", "old", "file")]


@spread(("command", "argument"), READING, ids=lambda each: each.name)
@pytest.mark.parametrize("case", ["no/such/case", "/dev/zero", "/dev/null", "/", "../../etc/passwd", "\x1b[2J", ""])
def test_a_case_that_is_none_is_refused(command, argument, case):
    words = asked(command, argument, case)
    result = CliRunner().invoke(main, words)
    assert isinstance(result.exception, SystemExit) and result.exit_code in (2, 3), (words, result.exit_code, result.exception)
    assert result.output.strip() and "Traceback" not in result.output and "\x1b" not in result.output


@spread("command", ASKED, ids=lambda command: command.name, first=5)
def test_what_is_typed_wrong_turns_no_line_round(command):
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.is_flag and WRONG.get(parameter.opts[-1].lstrip("-").replace("from", "start")):
            result = CliRunner().invoke(main, asked(command, parameter, "\u202ea\x1b[2J\u2066b"))
            assert not {"\u202e", "\u2066", "\x1b"} & set(result.output), (command.name, parameter.name, result.output[:200])


@pytest.mark.parametrize("words", [["\u202ea\x1b[2J"], ["show", "--\u202ea"], ["show", "example/en", "\u202ea"]])
def test_what_no_command_knows_turns_no_line_round(words):
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2 and not {"\u202e", "\x1b"} & set(result.output), result.output


@pytest.mark.parametrize("word", ["\x00", "a\x00b", "\ud800", "x" * 10_000, "(" * 5_000], ids=["nul", "nul inside", "half", "long", "brackets"])
def test_words_that_nobody_types_are_refused_in_few(word):
    for command in ASKED:
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.is_flag and ("\x00" in word or "\ud800" in word or isinstance(parameter.type, click.Choice)):
                result = CliRunner().invoke(main, asked(command, parameter, word))
                assert (result.exit_code, isinstance(result.exception, SystemExit), len(result.output) < 4_000) == (2, True, True), (command.name, parameter.name)


LISTED = """bestand: 1
title: Listed
parties: {a: {name: A}, b: {name: B}}
states: {s1: {is: one}, s2: {is: two}, s3: {is: three}}
graph: {moves: {a: [[s1, s2], [s2, s1]], b: [[s2, s3]]}, now: s1}
ranking: {a: [s3, s1, s2], b: [s2, s3, s1]}
"""
OF_A_STATE = {"goal": "s3", "that": "s3", "outcome": "s3", "truce": "s1", "state": "s2", "start": "s2", "party": "a", "excluding": "b"}
ON_CASES = [command for command in ASKED if any(isinstance(each, click.Argument) and each.name in ("case", "old", "one") for each in command.params)]


@spread("command", ON_CASES, ids=lambda command: command.name, first=12)
@pytest.mark.parametrize("more", [[], ["--language", "nl"], ["--json"], ["by name"]], ids=" ".join)
def test_every_command_answers_or_refuses_a_listed_graph_in_words(command, more, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "listed.yaml").write_text(LISTED, encoding="utf-8")
    words = [command.name]
    for each in command.params:
        by_name = OF_A_STATE.get(each.name or "") if more == ["by name"] or each.required else None
        if isinstance(each, click.Argument) and each.required:
            words.append(by_name or ("listed.yaml" if each.name in ("case", "old", "new", "one", "other") else "word"))
        elif isinstance(each, click.Option) and (each.required or by_name) and not each.is_flag:
            choices = each.type.choices if isinstance(each.type, click.Choice) else ()
            words += [each.opts[-1], by_name or next(iter(choices), {"out": "sweep", "measure": "rests s3"}.get(each.name or "", "word"))]
    if more[:1] in (["--language"], ["--json"]):
        words += more if any(more[0] in each.opts for each in command.params) else []
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exception)
    assert result.exit_code in (0, 1, 2) and result.output.strip(), (words, result.output)
    if result.exit_code < 2 and "--json" not in words and command.name not in ("export", "accept"):
        assert len(result.output.strip().splitlines()) > 1 or "/" in result.output, (words, result.output)  # more than a title
