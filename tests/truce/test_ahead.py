"""Looking ahead from a graph and worths alone: there is no case, so no zones, and the game is that of the graph."""

from __future__ import annotations

import numpy as np

from bestand import conflict, equilibrium, play, read
from bestand.graph.conflict import conflict_of
from bestand.graph.game import game
from bestand.graph.model import Worth
from bestand.play.horizon import play_game
from tests.depth import in_depth


@in_depth
def test_a_graph_and_worths_without_a_case_are_played_as_they_are():
    asked = conflict(read("example/en"))
    alone = conflict_of(asked.graph, Worth(asked.parties, asked.worth.rank, asked.worth.rank.astype(float), "cardinal"))
    numbers = {"tempo": 1.0, "noise": 0.2, "discount": 0.1}
    told, plain = play(alone, months=6, **numbers), play_game(game(alone, **numbers), horizon=6)
    chances = [[each.chance for each in looked.next_choices(0)] for looked in (told, plain)]
    assert len(chances[0]) > 1 and np.allclose(*chances)
    assert np.isfinite(np.asarray(equilibrium(alone, **numbers).values)).all()
