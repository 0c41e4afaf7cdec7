"""What is too large to be played is refused before anything about it is worked out."""

from __future__ import annotations

import pytest

import bestand
from bestand.errors import AskError
from bestand.graph.conflict import Conflict
from bestand.truce import survival as playing
from tests.hostile.test_options import case

ASKS = {
    "scenarios": bestand.scenarios,
    "indicators": lambda asked: bestand.indicators(asked, outcome="truce"),
    "withdrawal": lambda asked: bestand.withdrawal(asked, event="e", start="truce", truce="truce"),
    "survival": lambda asked: bestand.survival(asked, start="truce", truce="truce", months=[1]),
}


@pytest.mark.parametrize("ask", ASKS)
def test_what_is_too_large_to_play_is_refused_before_worths_and_moves_are_made(ask, monkeypatch):
    asked = bestand.conflict(case())

    def worked(*_: object, **__: object) -> None:
        raise AssertionError("something was worked out")

    monkeypatch.setattr(playing, "MOST_CELLS", 1)
    monkeypatch.setattr(Conflict, "worths", worked)
    monkeypatch.setattr(Conflict, "of", worked)
    with pytest.raises(AskError) as refused:
        ASKS[ask](asked)
    assert refused.value.code == "truce/too-large"
