"""A command and its function answer alike where nothing is said: one default for what has one name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sized

import click
import pytest

import bestand
from bestand.cli import COMMANDS

DIFFER = {
    ("why", "moves"): "the function explains `stability`, whose replies are any that pay; the command what commands and page say",
    ("cores", "most"): "the command prints 50 rows, and the solver takes ten times as long for 1,000",
}
"""Where they must differ, with the reason; both helps say so."""
SAID_OTHERWISE = {("offers", "discount"): ((1.0,), None)}
"""One default that is written in two ways: who is not named has 1."""
PAIRS = [(command, function) for command in COMMANDS if inspect.isfunction(function := getattr(bestand, str(command.name).replace("-", "_"), None))]


def typed_nothing(option: click.Parameter) -> object:
    """What a command is called with where this option is not typed."""
    default = option.get_default(click.Context(click.Command("none")))
    if isinstance(option, click.Option) and option.is_flag and not isinstance(default, bool):
        return False
    if not isinstance(default, str | int | float | tuple | list):  # click's mark for nothing given
        return None
    if isinstance(default, str) and re.fullmatch(r"[\d.]+(,[\d.]+)*", default):
        return tuple(map(float, default.split(",")))
    return default


def plain(default: object) -> object:
    """A default as it is compared: nothing is nothing, however it is written, one thing is a list of one, and numbers are numbers."""
    if default is None or (isinstance(default, Sized) and not len(default)):
        return None
    each = default if isinstance(default, list | tuple) else (default,)
    return tuple(float(part) if isinstance(part, int | float) and not isinstance(part, bool) else part for part in each)


def defaults(command: click.Command, function: object) -> dict[str, tuple[object, object]]:
    """Per name that both have, with a default in both, what the function takes and what the command takes."""
    options = {each.name: each for each in command.params if not each.required}
    taken = {name: each.default for name, each in inspect.signature(function).parameters.items() if each.default is not inspect.Parameter.empty}
    return {name: (plain(default), plain(typed_nothing(options[name]))) for name, default in taken.items() if name in options}


def test_most_commands_have_their_function_and_share_options_with_it() -> None:
    assert len(PAIRS) > 25 and sum(len(defaults(*pair)) for pair in PAIRS) > 60


@pytest.mark.parametrize(("command", "function"), PAIRS, ids=lambda each: getattr(each, "name", None) or "its function")
def test_a_command_and_its_function_have_the_same_defaults(command, function) -> None:
    apart = {name: values for name, values in defaults(command, function).items() if values[0] != values[1]}
    written = {name: values for (which, name), values in SAID_OTHERWISE.items() if which == command.name}
    listed = {name for which, name in DIFFER if which == command.name}
    assert {name: values for name, values in apart.items() if name not in listed} == written
    assert listed <= set(apart)  # an exception that is none any more is taken out


@pytest.mark.parametrize(("name", "option"), DIFFER)
def test_where_they_differ_both_helps_say_so(name: str, option: str) -> None:
    command, function = next((command, function) for command, function in PAIRS if command.name == name)
    told = next(each.help for each in command.params if each.name == option)
    assert "in Python" in told and "the command" in (inspect.getdoc(function) or "")
