"""Moves that are too many to list are moves all the same: who has them can move, and nobody is played as if it could not."""

import numpy as np
import pytest

from bestand.case.read import read_text
from bestand.errors import AskError
from bestand.graph.conflict import conflict
from bestand.play.many import survive_many
from bestand.study.span import usual_weeks
from tests.oracle.given_games import game_of

NUMBERS = {"tempo": np.ones(2), "noise": np.ones(2), "discount": np.ones(2)}


def _asked(n_levers):
    levers = ", ".join(f"a.l{n}: {{is: 'no'}}" for n in range(n_levers))
    head = "bestand: 1\ntitle: t\nparties: {a: {name: A}, b: {name: B}}\nplay: {tempo: {a: {value: 24, assumed: x}}}\n"
    return conflict(read_text(f"{head}levers: {{{levers}}}\nwants: {{a: [{{that: a.l0, worth: 1}}]}}\n"))


def test_who_has_unlisted_moves_is_counted_among_those_who_move():
    few, many = _asked(2), _asked(13)
    assert many.graph.moves[0].target.size == 0 < few.graph.moves[0].target.size
    assert usual_weeks(many) == usual_weeks(few) < 8


def test_nobody_is_played_as_if_its_unlisted_moves_were_none():
    asked = _asked(13)
    flow = np.zeros((2, asked.graph.n_states))
    with pytest.raises(AskError, match=r"play/too-many-moves\] 'a' has more moves than are weighed one by one"):
        game_of(asked.graph, flow, **NUMBERS)
    with pytest.raises(AskError, match="play/too-many-moves"):
        survive_many(asked, flow=flow[None], horizon=1.0, start=0, truce="not a.l0", months=[1.0])
