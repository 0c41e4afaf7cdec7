"""The numbers of a case in every draw: each number with a range is drawn once, whoever asks for it."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bestand.case.parts import Quantity
from bestand.graph.conflict import Conflict
from bestand.graph.draws import FEW_DRAWS, drawn_number

TEMPO, NOISE, DISCOUNT = 1.0, 0.5, 0.2  # per month, worth, per year: where a case gives none
MONTHS = 12.0
Floats = NDArray[np.float64]


def quantity(conflict: Conflict, given: Quantity | None, default: float = 0.0, *, at: str = "") -> Floats:
    """A number in every draw: shape (draws,); draw 0 is the case as it stands.

    at : its key path, which sets its stream, so that the order of asking does not matter, and that the same number is
         drawn alike in every part of a study; numbers that are one number by their `same_as` have one stream
    """
    if given is None:
        return np.full(conflict.draws, default)
    at = f"same_as.{given.same_as}" if given.same_as else at
    return conflict.once_of_draws(("number", at, given.value, given.range), lambda: _drawn(conflict, given, at))


def _drawn(conflict: Conflict, given: Quantity, at: str) -> Floats:
    if "numbers" not in conflict.vary:
        return np.full(conflict.draws, given.value)
    drawn = _remembered if conflict.draws <= FEW_DRAWS else _stream
    return drawn(given, conflict.draws, conflict.seed, at)


@functools.lru_cache(maxsize=4096)
def _remembered(given: Quantity, draws: int, seed: int, at: str) -> Floats:
    return _stream(given, draws, seed, at)


def _stream(given: Quantity, draws: int, seed: int, at: str) -> Floats:
    """A number in every draw, from the stream of its key path."""
    drawn = drawn_number(given, draws, np.random.default_rng([seed, *at.encode()]))
    drawn.flags.writeable = False
    return drawn


def _per_party(conflict: Conflict, given: Mapping[str, Quantity], default: float, at: str) -> Floats:
    """Numbers per party: shape (draws, n_parties)."""
    return np.stack([quantity(conflict, given.get(party), default, at=f"{at}.{party}") for party in conflict.parties], axis=1)


def pace(conflict: Conflict) -> tuple[Floats, Floats, Floats]:
    """Tempo (per month), noise (worth) and discount (per month) of every party: each (draws, n_parties)."""
    play = conflict.stated.file.play if conflict.stated else None
    tempo = _per_party(conflict, play.tempo if play else {}, TEMPO, "play.tempo")
    noise = _per_party(conflict, play.noise if play else {}, NOISE, "play.noise")
    discount = _per_party(conflict, play.discount if play else {}, DISCOUNT, "play.discount")
    return tempo, noise, discount / MONTHS


def rates(conflict: Conflict) -> Floats:
    """Rates per month of the events that can happen in this view: (draws, n_chances)."""
    chances, case = conflict.graph.chances, conflict.stated
    if not chances:
        return np.zeros((conflict.draws, 0))
    if case is None:
        return np.broadcast_to(np.array([event.per_month for event in chances]), (conflict.draws, len(chances)))
    return np.stack([quantity(conflict, case.file.events[event.name].rate, at=f"events.{event.name}") for event in chances], axis=1)


def prices(conflict: Conflict) -> dict[str, Floats]:
    """What moving a lever costs its party once: lever → (draws,)."""
    play = conflict.stated.file.play if conflict.stated else None
    return {lever: quantity(conflict, each, at=f"play.move_cost.{lever}") for lever, each in (play.move_cost if play else {}).items()}


def with_numbers_of(conflict: Conflict, other: Conflict) -> Conflict:
    """The conflict, with the numbers that another one of the same draws has drawn: they are the same, and need no drawing."""
    if (conflict.draws, conflict.seed, conflict.vary) == (other.draws, other.seed, other.vary):
        conflict.kept.update((key, known) for key, known in other.kept.items() if isinstance(key, tuple) and key[0] == "number")
    return conflict
