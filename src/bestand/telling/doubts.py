"""What speaks against an answer of a hypothesis: whose words it is asked in, other replies, doubtful wants that turn it, the draws that give it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bestand.case.conditions import names
from bestand.case.parts import Words
from bestand.telling.sentences import sampling_error

if TYPE_CHECKING:
    from bestand.study.hypotheses import Outcome
    from bestand.telling.telling import Telling


def doubts(outcome: Outcome, telling: Telling) -> Iterator[str]:
    """Each doubt as a phrase, to stand behind the answer."""
    say = telling.say
    for term, instead in _own_terms(outcome, telling):
        yield say("hyp_own_term", term=telling.term(term), instead=telling.said(instead))
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


def _own_terms(outcome: Outcome, telling: Telling) -> Iterator[tuple[str, Words]]:
    """Terms that a test asks about, through other terms too, of which the sources do not say what they mean; and what the case takes them to mean."""
    case, that = telling.case, outcome.test.that
    spoken = dict.fromkeys(names(case.condition(that))) if that else {}
    for name in (waiting := list(spoken)):
        fresh = [each for each in names(case.terms[name]) if each not in spoken] if name in case.terms else []
        spoken |= dict.fromkeys(fresh)
        waiting += fresh
    yield from ((name, each.instead) for name in spoken if name in case.terms for each in case.file.unsaid if name in each.where)
