"""What commands are asked with: the options they share, and the case, view and conditions behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bestand.case.loaded import Case
    from bestand.study.everything import Progress, Study


def examples(*lines: str) -> str:
    """The examples at the foot of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


sources_ = click.option("--sources", type=click.Path(file_okay=False), help="Folder with the source documents.")
view_ = click.option("--view", help="View of the case (`core`, if it has one).")
json_ = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
case_ = click.argument("case")


def read_case(case: str, sources: str | None) -> Case:
    """The case asked for."""
    from bestand.case.read import read

    return read(case, sources=sources)


def studied(case: str, view: str | None, sources: str | None, progress: Progress, *, hypotheses: bool = True, quick: bool = False) -> Study:
    """Everything about the case asked for."""
    from bestand.study.everything import study

    return study(read_case(case, sources), view=view, progress=progress, hypotheses=hypotheses, quick=quick)


def solved(case: str, view: str | None, sources: str | None) -> tuple[Case, Any, Any]:
    """A case with the graph of a view and what its states are worth."""
    from bestand.graph.build import build
    from bestand.graph.worth import worth

    found = read_case(case, sources)
    graph = build(found, view=view)
    return found, graph, worth(found, graph)


def amounts(given: Sequence[str], option: str) -> dict[str, float]:
    """Numbers per party, from `party=number`."""
    found = {}
    for text in given:
        party, _, amount = text.partition("=")
        try:
            found[party.strip()] = float(amount)
        except ValueError as error:
            raise click.BadParameter(f"'{text}' is not party=number", param_hint=option) from error
    return found


def condition_of(case: Case, text: str) -> Any:
    """A condition from the command line, with every name in it known to the case."""
    from bestand.case.conditions import unknown
    from bestand.errors import AskError, Place

    node = case.condition(text)
    if not case.file.graph:
        problems = unknown(node, case.terms, case.settings, Place(at="--to"))
        if problems:
            raise AskError(problems)
    return node


def settings_of(state: str) -> str | dict[str, str]:
    """A state's name, or the settings in ``lever=setting,…``."""
    if "=" not in state:
        return state
    pairs = [part.partition("=") for part in state.split(",") if part.strip()]
    return {lever.strip(): setting.strip() for lever, _, setting in pairs}


