"""What speaks against an answer of a hypothesis: whose words it is asked in, other replies, doubtful wants that turn it, draws and versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bestand.case.conditions import names
from bestand.case.parts import Words
from bestand.telling.sentences import sampling_error

if TYPE_CHECKING:
    from bestand.study.hypotheses import Outcome
    from bestand.telling.telling import Telling

MOST_VERSIONS = 4  # groups of versions of the parties that are told each by itself


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
    if outcome.versions:
        yield say("hyp_versions", list="; ".join(_by_version(outcome, telling)))
    if len(outcome.ways) > 1:
        yield say("hyp_ways", list=say.listed([say(f"hyp_way_{way}", share=f"{100 * share:.0f}") for way, share in outcome.ways.items()]))


def _by_version(outcome: Outcome, telling: Telling) -> Iterator[str]:
    """What the test says of versions of the parties, each by itself if they are few; then how much each answer weighs, where that is not plain."""
    say, told = telling.say, outcome.versions
    answers = sorted({each.answer for each in told}, key=("holds", "fails", "depends").index)
    weights = {answer: sum(each.chance for each in told if each.answer == answer) for answer in answers}
    if len(told) <= MOST_VERSIONS:
        for each in told:
            named = [say("line_type", party=telling.party(party), type=telling.type_of(party, type_)) for party, type_ in each.types.items()]
            who = say.listed(named)
            yield say(f"hyp_version_{each.answer}", who=who, share=f"{100 * each.chance:.0f}")
    if len(told) > len(weights):
        whole = [say(f"hyp_versions_{answer}", share=f"{100 * weight:.0f}") for answer, weight in weights.items()]
        yield say("hyp_versions_all", list=say.listed(whole))


def _own_terms(outcome: Outcome, telling: Telling) -> Iterator[tuple[str, Words]]:
    """Terms that a test asks about, through other terms too, of which the sources do not say what they mean; and what the case takes them to mean."""
    case, that = telling.case, outcome.test.that
    spoken = dict.fromkeys(names(case.condition(that))) if that else {}
    for name in (waiting := list(spoken)):
        fresh = [each for each in names(case.terms[name]) if each not in spoken] if name in case.terms else []
        spoken |= dict.fromkeys(fresh)
        waiting += fresh
    yield from ((name, each.instead) for name in spoken if name in case.terms for each in case.file.unsaid if name in each.where)
