"""What speaks against an answer of a hypothesis: the other reading of replies, doubtful wants that turn it, the draws that give it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bestand.study.hypotheses import Outcome
from bestand.telling.sentences import sampling_error

if TYPE_CHECKING:
    from bestand.telling.telling import Telling


def doubts(outcome: Outcome, telling: Telling) -> Iterator[str]:
    """Each doubt as a phrase, to stand behind the answer."""
    say = telling.say
    if "paying" in outcome.parts:
        yield say("hyp_paying", answer=say(f"status_{outcome.parts['paying']}"))
    if outcome.flips:
        wants = say.listed([telling.line(want) for want in outcome.flips])
        yield say("hyp_turned" if len(outcome.flips) == 1 else "hyp_turned_any", wants=wants)
    if outcome.share is not None:
        error = sampling_error(outcome.share, max(outcome.drawn, 1))
        yield say("hyp_share", share=f"{100 * outcome.share:.0f}", draws=outcome.drawn, error=error)
    if len(outcome.ways) > 1:
        yield say("hyp_ways", list=say.listed([say(f"hyp_way_{way}", share=f"{100 * share:.0f}") for way, share in outcome.ways.items()]))
