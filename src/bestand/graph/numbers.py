"""The numbers of a case in every draw: each number with a range is drawn once, whoever asks for it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bestand.case.loaded import Case
from bestand.case.parts import Quantity
from bestand.graph.draws import drawn_number
from bestand.graph.model import Graph

TEMPO, NOISE, DISCOUNT = 1.0, 0.5, 0.2  # per month, worth, per year: where a case gives none
MONTHS = 12.0


class Numbers:
    """Numbers of one case as arrays over draws; draw 0 is the case as it stands.

    A number is drawn when it is first asked for, from a stream of its own, so that the order of asking does not matter.
    """

    def __init__(self, *, draws: int = 1, seed: int = 0) -> None:
        self.draws, self.seed = draws, seed
        self._known: dict[int, tuple[Quantity, NDArray[np.float64]]] = {}

    def of(self, number: Quantity | None, default: float = 0.0, *, at: str = "") -> NDArray[np.float64]:
        """A number in every draw: shape (draws,).

        at : its key path, which sets its stream: the same number is drawn alike in every part of a study
        """
        if number is None:
            return np.full(self.draws, default)
        if id(number) not in self._known:
            stream = np.random.default_rng([self.seed, *at.encode()])
            self._known[id(number)] = (number, drawn_number(number, self.draws, stream))
        return self._known[id(number)][1]

    def per_party(self, graph: Graph, given: Mapping[str, Quantity], default: float, at: str) -> NDArray[np.float64]:
        """Numbers per party: shape (draws, n_parties)."""
        return np.stack([self.of(given.get(party), default, at=f"{at}.{party}") for party in graph.parties], axis=1)


def pace(case: Case, graph: Graph, numbers: Numbers) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Tempo (per month), noise (worth) and discount (per month) of every party: each (draws, n_parties)."""
    play = case.file.play
    tempo = numbers.per_party(graph, play.tempo if play else {}, TEMPO, "play.tempo")
    noise = numbers.per_party(graph, play.noise if play else {}, NOISE, "play.noise")
    discount = numbers.per_party(graph, play.discount if play else {}, DISCOUNT, "play.discount")
    return tempo, noise, discount / MONTHS


def rates(case: Case, graph: Graph, numbers: Numbers) -> NDArray[np.float64]:
    """Rates per month of the events that can happen in this view: (draws, n_chances)."""
    found = [numbers.of(case.file.events[chance.name].per_month, at=f"events.{chance.name}") for chance in graph.chances]
    return np.stack(found, axis=1) if found else np.zeros((numbers.draws, 0))


def prices(case: Case, numbers: Numbers) -> Mapping[str, NDArray[np.float64]]:
    """What moving a lever costs its party once: lever → (draws,)."""
    given = case.file.play.move_cost if case.file.play else {}
    return {lever: numbers.of(number, at=f"play.move_cost.{lever}") for lever, number in given.items()}
