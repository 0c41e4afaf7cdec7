"""What commands are asked with: the options they share, each checked, and the conflict behind them."""

from __future__ import annotations

import functools
import itertools
import math
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.core import ParameterSource

from bestand.case.concepts import CONCEPTS, CORE
from bestand.cli.terminal import LANGUAGE, note, sentence, telling_of, told_of
from bestand.errors import FileError, Place, Problem

if TYPE_CHECKING:
    from bestand.case.loaded import Case
    from bestand.graph.budget import Budget
    from bestand.graph.conflict import Conflict
    from bestand.study.everything import Progress

Command = TypeVar("Command", bound=Callable[..., object])
READINGS = ("best", "paying")
LANGUAGES = ("en", "nl")
MOST_DRAWS = 1_000_000  # draws that a command asks for


def examples(*lines: str) -> str:
    """The examples at the foot of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


class Number(click.FloatRange):
    """A number within bounds, which `nan` and `inf` are not."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number."""
        if isinstance(value, str) and re.fullmatch(r"\s*-?\d+,\d+\s*", value):
            self.fail(f"{value!r} is no number: write {value.strip().replace(',', '.')}", param, ctx)
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is no number", param, ctx)
        return number


def each_once(_: click.Context, parameter: click.Parameter, given: Any) -> Any:
    """What an option that may be repeated gives by name: refused where it gives one name twice, of which one would be lost."""
    names = [each[0] for each in given]
    twice = next((name for k, name in enumerate(names) if name in names[:k]), None)
    if twice is not None:
        raise click.BadParameter(f"'{twice}' is given twice: give it once")
    return given


def idle(because: str, *names: str) -> None:
    """Refuses those of these options that were typed: beside another one they would do nothing.

    because : such as ``beside --expanded``
    """
    context = click.get_current_context()
    given = [each for each in context.command.params if each.name in names and context.get_parameter_source(each.name) is ParameterSource.COMMANDLINE]
    if given:
        typed = ", ".join(each.opts[-1] if isinstance(each, click.Option) else each.human_readable_name for each in given)
        raise click.UsageError(f"{typed} would do nothing {because}: leave it out")


_WRITTEN = ("output", "out", "freeze", "picture", "page")


def spare_what_is_read(asked: Mapping[str, object]) -> None:
    """Refuses to write where the case, or the file, stands that a command reads; also where it is told to replace what is there."""
    command = click.get_current_context().command
    given = [asked.get(one.name or "") for one in command.params if isinstance(one, click.Argument)]
    read = [each for one in given for each in (one if isinstance(one, tuple) else (one,)) if isinstance(each, str)]
    places = [Path(each, *inside) for each in read for inside in ((), ("case.yaml",))]
    for name in _WRITTEN:
        at = asked.get(name) if any(isinstance(one, click.Option) and one.name == name for one in command.params) else None
        if isinstance(at, str) and os.path.isfile(at) and any(each.is_file() and each.samefile(at) for each in places):
            what = "this is the file that is read: it is not replaced"
            raise FileError(Problem("file/exists", what, Place(at), "choose another name"))


class Moments(click.ParamType):  # type: ignore[type-arg]
    """Months as an increasing list of numbers, such as 1,3,6."""

    name = "months"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        """The months, in order."""
        if isinstance(value, tuple):
            return value
        try:
            months = tuple(float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"'{value}' is not a list of numbers such as 1,3,6", param, ctx)
        if not all(0 <= month < float("inf") for month in months) or any(a >= b for a, b in itertools.pairwise(months)):
            self.fail(f"'{value}' must be increasing numbers, none negative", param, ctx)
        return months


class Amount(click.ParamType):  # type: ignore[type-arg]
    """A number for one party, as party=number."""

    name = "party=number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """The party and its number."""
        if isinstance(value, tuple):
            return value
        party, sign, amount = str(value).partition("=")
        try:
            number = float(amount)
        except ValueError:
            number = float("nan")
        if not (party.strip() and sign and 0 <= number < float("inf")):
            self.fail(f"'{value}' is not party=number, with a number of at least 0", param, ctx)
        return party.strip(), number


sources_ = click.option("--sources", type=click.Path(exists=True, file_okay=False), help="Folder with the source documents.")
view_ = click.option("--view", help="View of the case (`core`, if it has one).")
hold_ = click.option("--hold", default="", help="Levers put and held: lever=setting,…")
json_ = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
case_ = click.argument("case")
state_ = click.option("--state", default="now", show_default=True, help="now, a state's name, or lever=setting,… (the rest as today).")
concept_ = click.option(
    "--concept", type=click.Choice(CORE), default="seq", show_default=True,
    help="How far a party looks before it moves: " + "; ".join(f"{each.name} {each.words}" for each in CONCEPTS.values()) + ".",
)  # fmt: skip


def replying_(otherwise: str = "") -> Callable[[Command], Command]:
    """Which replies others make; otherwise: what a function of Python takes where none is given."""
    text = f"Replies others make: their best moves, or any that pays{otherwise}."
    return click.option("--moves", type=click.Choice(READINGS), default="best", show_default=True, help=text)


moves_ = replying_()
months_ = click.option("--months", type=Moments(), default="1,3,6,12,24", show_default=True, help="Months at which it is looked at, increasing.")
seed_ = click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the draws.")
output_ = click.option("-o", "--output", type=click.Path(dir_okay=False), help="File to write (printed, if not given).")
force_ = click.option("--force", is_flag=True, help="Replace a file that is there already.")


def _spoken(context: click.Context, _: click.Parameter, chosen: str) -> str:
    """Keeps the language in which a command speaks: of tables, of progress, and of what is wrong."""
    context.meta[LANGUAGE] = chosen
    return chosen


def spoken_(text: str, *, given: bool = True) -> Callable[[Command], Command]:
    """The language in which a command speaks; `given`: the command is called with it."""
    return click.option(
        "--language", type=click.Choice(LANGUAGES), default="en", show_default=True, callback=_spoken, expose_value=given, is_eager=True, help=text
    )


language_ = spoken_("Language of tables; labels of the case as far as it gives them.", given=False)


def stopping_(default: float) -> Callable[[Command], Command]:
    """After how many seconds the work stops."""
    text = "Stop after so long, with what there is."
    return click.option("--seconds", type=Number(0.1), default=default, show_default=True, help=text)


seconds_ = stopping_(60.0)


def bearing_(text: str) -> Callable[[Command], Command]:
    """How long work may be reckoned to take that has no half answers: it is refused beforehand, not broken off."""
    return click.option("--seconds", type=Number(0.1), default=60.0, show_default=True, help=text)


def draws_(default: int | None, otherwise: str = "") -> Callable[[Command], Command]:
    """How often what the case leaves open is drawn; otherwise: how often where no one number is the default."""
    text = f"Draws of what the case leaves open; 1 is the case as it stands.{otherwise}"
    return click.option("--draws", type=click.IntRange(1, MOST_DRAWS), default=default, show_default=True, help=text)


def sampled(command: Command) -> Command:
    """A command that draws until the error is a point or the time is spent: --draws, --seconds, --seed."""
    text = "Just so many draws (until the error is a point or --seconds are spent, if not given); 1 is the case as it stands."
    draws = click.option("--draws", type=click.IntRange(1, MOST_DRAWS), help=text)
    seconds = click.option("--seconds", type=Number(0.1), default=10.0, show_default=True, help="Time after which no more is drawn.")

    @functools.wraps(command)
    def either(*given: Any, **named: Any) -> object:
        if named["draws"]:
            idle("beside --draws", "seconds")
        return command(*given, **named)

    sampling = cast("Command", either)
    for option in (seed_, seconds, draws):
        sampling = option(sampling)
    return sampling


def budget_of(stage: str, draws: int | None, seconds: float, progress: Progress) -> Budget | None:
    """How exact and how long: None where a number of draws is asked for."""
    from bestand.study.clock import by_the_clock

    progress(stage, 0.0)
    return None if draws else by_the_clock(seconds, lambda share: progress(stage, share))


def asks(command: Command) -> Command:
    """A command on one view of one case: CASE, --view, --hold, --sources, --language, --json."""
    for option in (json_, language_, sources_, hold_, view_, case_):
        command = option(command)
    return command


def read_case(case: str, sources: str | None) -> Case:
    """The case asked for."""
    from bestand.case.read import read

    return read(case, sources=sources)


def asked(
    case: str, view: str | None, hold: str, sources: str | None, *, draws: int = 1, seed: int = 0, at_once: bool = False
) -> Conflict:  # fmt: skip
    """The conflict asked for; where a consent in it can be given, it is said how that is read.

    at_once : whether what is asked takes consent and what it allows as one move
    """
    from bestand.case.lines import consents
    from bestand.graph.conflict import conflict

    made = conflict(read_case(case, sources), view=view, hold=hold, draws=draws, seed=seed)
    told_of(made)
    levers = [name for name in consents(made.case) if name in made.graph.levers]
    if levers and not at_once:
        given = "; ".join(map(telling_of(made).long_lever, levers))
        note(sentence(f"{given}: read as a step of its own, given before the other acts; `bestand joint` asks of both as one move"))
    return made


def by_size(conflict: Conflict) -> Conflict:
    """The same conflict, for a question of sizes; where these are no more than what an order allows, that is said."""
    from bestand.case.sizes import parties_only_ordered

    ordered = ", ".join(party for party in parties_only_ordered(conflict.case.file) if party in conflict.parties)
    if ordered:
        middle = f"only the order of what {ordered} want is given: sizes are the middle of all that agree with it"
        note(sentence(f"{middle}; in draws they differ"))
    return conflict


def amounts(given: Sequence[tuple[str, float]]) -> dict[str, float] | None:
    """Numbers per party; None where none is given."""
    return dict(given) or None
