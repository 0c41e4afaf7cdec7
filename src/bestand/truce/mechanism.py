"""Whether holding a lever alters what others do: the channel without which a comparison of its settings says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestand.errors import AskError, Problem, did_you_mean
from bestand.graph.conflict import Conflict
from bestand.play.choices import change, choices
from bestand.play.horizon import fewest_sweeps, largest_rate, play_game
from bestand.play.reach import arcs, reached
from bestand.play.survival import start_state, truce_states
from bestand.show import Cell, Shown, Table
from bestand.truce.survival import LOOK_AHEAD, game_with_zones
from bestand.truce.zones import Floats

LEAST = 1e-6  # rates per month that differ by less are the same
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class AlteredMove:
    """One thing that others do at another rate, because a lever is held otherwise.

    who     : a party other than the lever's own, or an event
    state   : a short name of the state in which it is done
    does    : what it changes
    one, other : rate per month with the first and with the second setting, mean over draws
    breaks  : whether it ends the truce
    share   : share of draws in which the rates differ
    """

    who: str
    state: str
    does: str
    one: float
    other: float
    breaks: bool
    share: float

    @property
    def change(self) -> float:
        """What the second setting adds to the rate."""
        return self.other - self.one


@dataclass(frozen=True, slots=True)
class Mechanism(Shown):
    """What others do otherwise when a lever is held otherwise, in states that a truce can come to.

    settings    : the two that are compared
    alterations : largest change first; empty where nobody else does anything otherwise
    """

    lever: str
    settings: tuple[str, str]
    alterations: tuple[AlteredMove, ...]

    @property
    def breaking(self) -> tuple[AlteredMove, ...]:
        """Those that end the truce, faster or more slowly."""
        return tuple(each for each in self.alterations if each.breaks)

    def table(self) -> Table:
        """One row per alteration."""
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (each.who, each.state, each.does, each.one, each.other, each.breaks, each.share) for each in self.alterations
        )
        one, other = self.settings
        columns = ("who", "in", "does", f"per month with {one}", f"per month with {other}", "ends the truce", "in share of draws")
        notes = () if rows else ("nobody else does anything otherwise: a comparison of these settings has no channel here",)
        return Table(f"What {self.lever} alters", columns, rows, notes)


def moves_of_others_altered(
    conflict: Conflict, *, lever: str, settings: tuple[str, str] | None = None, start: str, truce: str, months: float = 24
) -> Mechanism:
    """What other parties, and events, do at another rate with a lever held at either of two settings, while a truce lasts.

    settings : two settings of the lever; its first and its last, if not given
    start    : condition from which the truce is watched (from the state nearest to today)
    months   : for which it is watched; everyone looks ahead twice as far

    Everything but the lever is the same, draws included. Looked at are the states of the truce that can be reached from
    the start with either setting, with the choices of now.

    Raises
    ------
    AskError
        `truce/unknown-lever`, `truce/unknown-setting`, `truce/bad-number`, `play/no-start`, `play/no-truce`, `worth/ordinal`.
    """
    one, other = _settings(conflict, lever, settings)
    if not (np.isfinite(months) and months > 0):
        raise AskError(Problem("truce/bad-number", f"months must be a number above 0, not {months}"))
    sides = [conflict.hold({lever: setting}) for setting in (one, other)]
    inside = [truce_states(side, truce) for side in sides]
    shared = _shared(sides, inside, start)
    keys, rates = _rates(sides, shared, LOOK_AHEAD * months)
    owner = lever.partition(".")[0]
    graph = sides[0].graph
    names = (*graph.parties, *dict.fromkeys(event.name for side in sides for event in side.graph.chances))
    apart = np.abs(rates[:, 1] - rates[:, 0])
    altered: list[AlteredMove] = []
    for k in np.argsort(-apart.mean(axis=0), kind="stable"):
        who, source, target = keys[k]
        if apart[:, k].max() <= LEAST or len(altered) == MOST_SHOWN:
            break
        if names[who] != owner:
            mean = rates[:, :, k].mean(axis=0)
            here, breaks = int(np.searchsorted(graph.codes, source)), target not in shared.truce
            known = target in shared.known
            does = change(graph, here, int(np.searchsorted(graph.codes, target))) if known else "to a state that is banned otherwise"
            share = float(np.mean(apart[:, k] > LEAST))
            altered.append(AlteredMove(names[who], graph.label(here), does, float(mean[0]), float(mean[1]), breaks, share))
    return Mechanism(lever, (one, other), tuple(altered))


def _settings(conflict: Conflict, lever: str, settings: Sequence[str] | None) -> tuple[str, str]:
    known = conflict.case.settings
    if lever not in known:
        raise AskError(Problem("truce/unknown-lever", f"no lever '{lever}'", hint=did_you_mean(lever, known)))
    one, other = (known[lever][0], known[lever][-1]) if settings is None else settings
    for setting in (one, other):
        if setting not in known[lever]:
            raise AskError(Problem("truce/unknown-setting", f"lever '{lever}' has no setting '{setting}'", hint=did_you_mean(setting, known[lever])))
    return one, other


@dataclass(frozen=True, slots=True)
class _Shared:
    """States, by their codes: those looked at, those of the truce, and those of the first side."""

    looked_at: NDArray[np.int64]
    truce: frozenset[int]
    known: frozenset[int]


def _shared(sides: Sequence[Conflict], inside: Sequence[NDArray[np.bool_]], start: str) -> _Shared:
    """States of the truce that can be reached on either side and exist on both."""
    came: set[int] = set()
    for side, holds in zip(sides, inside, strict=True):
        first = np.zeros(side.graph.n_states, np.bool_)
        first[start_state(side, start, holds)] = True
        source, target = arcs(side.graph)
        stays = holds[source] & holds[target]
        came |= set(side.graph.codes[reached(first, source[stays], target[stays])].tolist())
    codes = [side.graph.codes for side in sides]
    in_both = np.intersect1d(codes[0][inside[0]], codes[1][inside[1]])
    looked_at = np.array(sorted(came & set(in_both.tolist())), np.int64)
    truce = frozenset(codes[0][inside[0]].tolist()) | frozenset(codes[1][inside[1]].tolist())
    return _Shared(looked_at, truce, frozenset(codes[0].tolist()))


def _rates(sides: Sequence[Conflict], shared: _Shared, horizon: float) -> tuple[list[tuple[int, int, int]], Floats]:
    """Every move from the states looked at, (who, from, to) by codes, and its rates: (n_draws, 2, n_moves)."""
    place: dict[tuple[int, int, int], int] = {}
    entries: list[tuple[int, int, int, float]] = []
    events = dict.fromkeys(event.name for side in sides for event in side.graph.chances)
    number = {name: len(sides[0].parties) + k for k, name in enumerate(events)}
    for draw in range(sides[0].draws):
        for s, side in enumerate(sides):
            game = game_with_zones(side, draw=draw)
            sweeps = max(256, fewest_sweeps(largest_rate(game), horizon))
            looked = play_game(game, horizon=horizon, sweeps=sweeps, slices=2, estimate_error=False, threads=1)
            made, codes = choices(game, looked.values), side.graph.codes
            mine = np.isin(codes[made.source], shared.looked_at)
            n_parties = len(side.parties)
            for who, source, target, rate in zip(made.who[mine], codes[made.source[mine]], codes[made.target[mine]], made.rate[mine], strict=True):
                actor = int(who) if who < n_parties else number[side.graph.chances[int(who) - n_parties].name]
                key = (actor, int(source), int(target))
                entries.append((draw, s, place.setdefault(key, len(place)), float(rate)))
    rates = np.zeros((sides[0].draws, 2, len(place)))
    for draw, s, k, rate in entries:
        rates[draw, s, k] += rate
    return list(place), rates
