"""Everything that can be asked of negotiation is answered or refused in words, never raw."""

from __future__ import annotations

import numpy as np

from bestand.case.read import read
from bestand.errors import BestandError
from bestand.graph.conflict import conflict
from bestand.negotiate.coalitions import coalitions
from bestand.negotiate.inverse import inverse
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.negotiate.strength import strength
from bestand.negotiate.unknown import unknown
from bestand.negotiate.unlock import unlock
from bestand.negotiate.why import why
from tests.depth import spread

VALLEY, ELMIRA = conflict(read("example/en")), conflict(read("literature/kilgour-2001/elmira"))
THREE = 3
WRONG = [
    None, THREE, -1, 2.5, float("nan"), float("inf"), True, "", "nope", "a.x and", "²", [], ["nope"], [None], [[]], {}, {"a": "b"}, b"x", object(),
    10**30, np.zeros(3, bool), np.zeros(0), np.array([1.5]), np.zeros((2, 2, 2)), np.int64(-5),
]  # fmt: skip
QUESTIONS = {
    stability: ({}, "concepts replies moves credibility threads"),
    why: ({"state": 0, "party": 0}, "state party concept replies moves credibility draw"),
    paths: ({}, "start goal by without excluding draw"),
    inverse: ({"state": 0, "party": 0}, "state party concept moves draw"),
    coalitions: ({}, "concept moves coalitions reading draw threads"),
    unlock: ({"goal": VALLEY.graph.levers[0], "most": 1}, "goal concept most moves add weight offers threads"),
    unknown: ({}, "relations concepts threads"),
    strength: ({"strong": 1.0}, "strong relations concepts draw threads"),
}
EVERY = [(ask, given, option) for ask, (given, options) in QUESTIONS.items() for option in options.split()]
REFUSED = {"concepts", "concept", "replies", "moves", "credibility", "by", "reading", "most"}  # nothing in WRONG is one of these


@spread(("ask", "given", "option"), EVERY, ids=[f"{ask.__name__}-{option}" for ask, _, option in EVERY])
def test_what_is_wrong_is_refused_in_words(ask, given, option):
    for asked in (VALLEY, ELMIRA):
        refused = 0
        for wrong in WRONG:
            if option == "most" and wrong is THREE and asked is VALLEY:
                continue  # three changes are a right question, and a long one there
            try:
                ask(asked, **{**given, option: wrong})
            except BestandError as error:
                refused += 1
                assert all(problem.what and "/" in problem.code for problem in error.problems)
        assert refused == len(WRONG) - (option == "most" and asked is VALLEY) if option in REFUSED else refused > 5, (refused, option)


def test_parties_and_states_go_by_name_or_number():
    assert why(VALLEY, state="now", party="co") == why(VALLEY, state=VALLEY.now, party=VALLEY.party("co"))
    assert np.array_equal(paths(VALLEY, excluding=["co"]).reached, paths(VALLEY, excluding=VALLEY.party("co")).reached)
    named, numbered = coalitions(ELMIRA, coalitions=[["moe", "uniroyal"]]), coalitions(ELMIRA, coalitions=[[1, 0]])
    assert named.coalitions == numbered.coalitions and np.array_equal(named.end, numbered.end)
    assert np.array_equal(stability(VALLEY).holds("seq", "co"), stability(VALLEY).holds("seq", VALLEY.party("co")))
    assert stability(VALLEY, concepts="seq").concepts == ("seq",)
