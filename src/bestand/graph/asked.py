"""What a conflict is asked for, checked: how many draws, by which seed and rules, with which worths."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import get_args

import numpy as np

from bestand.arguments import shown
from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.draws import EVERY
from bestand.graph.model import Graph, Worth
from bestand.graph.worth import PartyWorth, Scale

MOST_DRAWS = 1_000_000  # draws of a conflict


def checked_worth(graph: Graph, worth: Worth) -> Worth:
    """Worths of these states and parties.

    Raises
    ------
    AskError
        `graph/other-worth`.
    """
    if worth.parties != graph.parties or worth.rank.shape[1:] != (len(graph.parties), graph.n_states):
        what = f"worths of {len(worth.parties)} parties in {worth.rank.shape[-1]} states do not fit {len(graph.parties)} parties in {graph.n_states}"
        raise AskError(Problem("graph/other-worth", what, hint="make both from the same view"))
    return worth


def kept_of(graph: Graph, worth: Worth | Sequence[PartyWorth], scale: Scale) -> tuple[int, Scale, dict[Hashable, object]]:
    """Draws and scale of worths that are given, whole or party by party, and what a conflict keeps of them.

    Raises
    ------
    AskError
        `graph/other-worth`.
    """
    if isinstance(worth, Worth):
        checked_worth(graph, worth)
        return worth.n_draws, worth.scale, {("worth", worth.scale): worth, ("worth", "ordinal"): worth}
    if len(worth) != len(graph.parties) or any(each.rows.shape[1] != graph.n_states or each.row.size != worth[0].row.size for each in worth):
        what = f"worths of {len(worth)} parties do not fit {len(graph.parties)} parties in {graph.n_states} states"
        raise AskError(Problem("graph/other-worth", what, hint="make both from the same view"))
    parts = list(zip(graph.parties, worth, strict=True))
    return worth[0].row.size, scale, {("worth of", party, on): each for on in (scale, "ordinal") for party, each in parts}


def checked_draws(draws: int) -> int:
    """A number of draws, at least 1.

    Raises
    ------
    AskError
        `graph/bad-draws`.
    """
    if isinstance(draws, bool) or not isinstance(draws, int | np.integer) or not 1 <= draws <= MOST_DRAWS:
        what = f"the number of draws must be a whole number from 1 to {MOST_DRAWS:,}, not {draws}"
        raise AskError(Problem("graph/bad-draws", what, hint="1 is the case as it stands, with nothing drawn"))
    return int(draws)


def checked_seed(seed: int) -> int:
    """A seed, at least 0.

    Raises
    ------
    AskError
        `graph/bad-seed`.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise AskError(Problem("graph/bad-seed", f"the seed must be a whole number of at least 0, not {seed}"))
    return int(seed)


def checked_scale(scale: Scale) -> Scale:
    """A scale of worths.

    Raises
    ------
    AskError
        `graph/bad-scale`.
    """
    if not isinstance(scale, str) or scale not in get_args(Scale):
        raise AskError(Problem("graph/bad-scale", f"no scale {shown(scale)}", hint=f"choices are {', '.join(get_args(Scale))}"))
    return scale


def checked_rules(vary: Collection[str]) -> frozenset[str]:
    """The rules of drawing that apply, each of those known.

    Raises
    ------
    AskError
        `worth/unknown-rule`.
    """
    for rule in vary:
        if rule not in EVERY:
            raise AskError(Problem("worth/unknown-rule", f"no rule of drawing '{rule}'", hint=did_you_mean(str(rule), sorted(EVERY))))
    return frozenset(vary)
