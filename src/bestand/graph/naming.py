"""What a user may call a state, a party, a lever or a condition, and what it is then: one code path, one family of errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bestand.arguments import is_whole_number, shown
from bestand.case.conditions import Node, parse, unknown_names
from bestand.case.loaded import Case
from bestand.errors import AskError, GraphError, Place, Problem, did_you_mean
from bestand.graph.model import Graph

Which = str | int | Mapping[str, str]
"""A state: its name, `now`, its number, or settings by lever (those left out stay as they are now), also as ``lever=setting,…``."""
Condition = str | Node | NDArray[np.bool_] | None
"""States: a condition as text or parsed, a mask, or None for all of them."""


def state_number(graph: Graph, which: Which) -> int:
    """Number of a state.

    Raises
    ------
    GraphError
        `graph/unknown-state`, `graph/unknown-lever`, `graph/unknown-setting`, `graph/banned-state`.
    """
    if is_whole_number(which):
        return _by_number(graph, int(which))
    if isinstance(which, str):
        return _by_name(graph, which.strip())
    if isinstance(which, Mapping):
        return _by_settings(graph, which)
    raise _no_state(graph, which)


def member_number(parties: Sequence[str], which: str | int, *, kind: Literal["party", "lever"] = "party") -> int:
    """Place of a party (or lever) given by its name or its number.

    Raises
    ------
    GraphError
        `graph/unknown-party`, or `graph/unknown-lever`.
    """
    if isinstance(which, str) and which in parties:
        return parties.index(which)
    if is_whole_number(which) and 0 <= int(which) < len(parties):
        return int(which)
    code = "graph/unknown-lever" if kind == "lever" else "graph/unknown-party"
    raise GraphError(Problem(code, f"no {kind} {_quoted(which)}", hint=did_you_mean(which if isinstance(which, str) else "", parties)))


def checked_condition(case: Case | None, graph: Graph, text: str) -> Node:
    """The tree of a condition in which every name is one of the case.

    Raises
    ------
    CaseError
        `case/condition` where it cannot be read; `case/unknown-name`, `case/unknown-setting`, `case/term-compared`.
    """
    if case is not None and text in case.conditions:
        return case.conditions[text]
    node = parse(text, Place())
    settings = graph.all_settings or dict.fromkeys(graph.names, ("no", "yes"))
    problems = unknown_names(node, graph.terms, settings, Place())
    if problems:
        raise AskError(problems)
    return node


def checked_mask(graph: Graph, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask over the states of this graph.

    Raises
    ------
    AskError
        `graph/bad-mask`: it has another shape, or does not say yes or no.
    """
    if mask.shape != (graph.n_states,) or mask.dtype != np.bool_:
        what = f"a mask of states must be yes or no for each of {graph.n_states} states, not {mask.dtype} of shape {mask.shape}"
        raise AskError(Problem("graph/bad-mask", what, hint="conflict.where('a condition') gives one"))
    return mask


def settings_of(text: str) -> dict[str, str]:
    """The settings in ``lever=setting, lever=setting``.

    Raises
    ------
    AskError
        `graph/bad-settings`.

    >>> settings_of("a.x = yes, b.y=no")
    {'a.x': 'yes', 'b.y': 'no'}
    """
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    for lever, sign, setting in pairs:
        if not (lever.strip() and sign and setting.strip()):
            what = f"'{lever}{sign}{setting}' is not lever=setting"
            raise AskError(Problem("graph/bad-settings", what, hint="write lever=setting, separated by commas"))
    settings = [(lever.strip(), setting.strip()) for lever, _, setting in pairs]
    once = dict(settings)
    for lever, setting in settings:
        if once[lever] != setting:
            what = f"lever '{lever}' is put to '{setting}' and to '{once[lever]}'"
            raise AskError(Problem("graph/bad-settings", what, hint="a lever has one setting in a state: keep one of the two"))
    return once


def _quoted(which: object) -> str:
    return f"'{which}'" if isinstance(which, str) else shown(which)


def _no_state(graph: Graph, which: object) -> GraphError:
    hint = did_you_mean(str(which), ["now", *graph.names]) if isinstance(which, str) else f"states run from 0 to {graph.n_states - 1}"
    return GraphError(Problem("graph/unknown-state", f"no state {_quoted(which)}", hint=hint))


def _by_number(graph: Graph, number: int) -> int:
    if 0 <= number < graph.n_states:
        return number
    raise _no_state(graph, number)


def no_present() -> GraphError:
    """What is said where the present state is asked for and is none of the states."""
    what = "the present state is not one of the states: it is banned here, or not given"
    return GraphError(Problem("graph/no-present", what, hint="name the state to start from, or to fall back on"))


def _by_name(graph: Graph, name: str) -> int:
    if name in graph.names:
        return graph.names.index(name)
    if name == "now":
        if graph.now is not None:
            return graph.now
        raise no_present()
    if "=" in name:
        return _by_settings(graph, settings_of(name))
    if name.isascii() and name.isdigit() and not graph.names:
        return _by_number(graph, int(name))
    raise _no_state(graph, name)


def _by_settings(graph: Graph, settings: Mapping[str, str]) -> int:
    for lever in settings:
        if lever not in graph.levers:
            held = lever in graph.held
            what = f"lever '{lever}' does not vary in this view" if held else f"no lever '{lever}'"
            raise GraphError(Problem("graph/unknown-lever", what, hint=did_you_mean(str(lever), graph.levers)))
    missing = next((lever for lever in graph.levers if lever not in settings), None)
    if graph.now is None and missing is not None:
        what = f"no setting of '{missing}' is given, and there is no present state from which to take it: it is banned here, or not given"
        raise GraphError(Problem("graph/no-present", what, hint="give a setting for every lever that varies"))
    current = {} if graph.now is None else graph.at(graph.now)
    code, stride = 0, 1
    for lever, choices in zip(graph.levers, graph.settings, strict=True):
        chosen = settings[lever] if lever in settings else current[lever]
        if chosen not in choices:
            what = f"lever '{lever}' has no setting '{chosen}'"
            raise GraphError(Problem("graph/unknown-setting", what, hint=did_you_mean(str(chosen), choices)))
        code += stride * choices.index(chosen)
        stride *= len(choices)
    number = int(np.searchsorted(graph.codes, code))
    if number == graph.n_states or graph.codes[number] != code:
        raise GraphError(Problem("graph/banned-state", "these settings are banned together", hint="see `never` in the case"))
    return number
