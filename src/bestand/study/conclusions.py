"""What is concluded from a case as it stands, as codes: one answer to each question, so that two cases can be compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bestand.bargain.outcomes import deals_of_draws
from bestand.case.lines import with_file
from bestand.errors import BestandError
from bestand.graph.conflict import Conflict
from bestand.graph.draws import likely_types
from bestand.study.sensitivity import Key, answers, package

Answer = bool | str
CONCLUSIONS: Mapping[str, str] = {
    "now_rests": "whether nobody leaves the present state",
    "term_rests": "whether some resting state has the term",
    "term_reached": "whether best moves from today lead to the term",
    "deal_exists": "whether something with the goal could be agreed on",
    "blocks": "whether a party alone stands in the way: nothing with the goal can be agreed on, and without its veto something can",
    "best_deal": "which package with the goal the Nash rule picks",
    "verdict": "what became of a hypothesis",
}
"""Kind of conclusion → what is asked; every answer is of the case as it stands, where others reply by their best moves."""


def concluded(asked: Conflict, goal: str | None, kinds: Collection[str] = tuple(CONCLUSIONS)) -> dict[Key, Answer]:
    """The answer to each question that this conflict can be asked, hypotheses left out; what it cannot be asked is left out.

    goal  : the condition that deals are looked for with; None for no questions about deals
    kinds : of conclusions that are wanted; others may be left out where that saves time
    """
    case = asked.draw(1).on_scale("ordinal")
    masks = {term: mask for term in case.case.terms if (mask := case.where(term)).any()}
    if case.graph.now is None:
        return {}
    told: dict[Key, Answer] = {}
    if {"now_rests", "term_rests", "term_reached"} & set(kinds):
        told |= {key: bool(each[0]) for key, each in answers(case, masks).items()}
    asks_deals = goal is not None and case.graph.levers and {"deal_exists", "blocks", "best_deal"} & set(kinds)
    return told | (_deals(case, goal, kinds) if goal is not None and asks_deals else {})


def _deals(asked: Conflict, goal: str, kinds: Collection[str]) -> dict[Key, Answer]:
    """What could be agreed with the goal, who alone is in the way, and the package that is picked."""
    types = [likely_types(asked.case)]
    try:
        exists = bool(deals_of_draws(asked, that=goal, types=types).any())
        told: dict[Key, Answer] = {("deal_exists", goal): exists}
        for party in asked.parties:
            told["blocks", party] = not exists and bool(deals_of_draws(asked, that=goal, types=types, excluding=(party,)).any())
    except BestandError:
        return {}
    if "best_deal" not in kinds:
        return told
    try:
        picked = package(asked, goal)
    except BestandError:
        return told
    words = "" if picked is None else " or ".join(sorted(", ".join(f"{lever}={setting}" for lever, setting in state) for state in picked))
    return told | {("best_deal", goal): words}


def verdict(asked: Conflict, name: str) -> str | None:
    """What became of one hypothesis, tested on the case as it stands; None where the case does not have it."""
    from bestand.study.hypotheses import verdicts  # noqa: PLC0415  (seldom needed, and with it all that is played forward)

    stated = {key: each for key, each in asked.case.file.hypotheses.items() if key == name}
    return verdicts(with_file(asked.case, hypotheses=stated))[0].status if stated else None
