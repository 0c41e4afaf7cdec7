"""The random cases tell apart what is compared on them: readings that never differ there would be compared without being tried."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from dataclasses import replace

import numpy as np

from bestand.case.read import read_text
from bestand.graph.conflict import conflict
from bestand.negotiate.coalitions import coalitions
from bestand.negotiate.inverse import inverse
from bestand.negotiate.paths import paths
from bestand.negotiate.stability import stability
from bestand.negotiate.strength import strength
from bestand.negotiate.unknown import unknown
from bestand.negotiate.unlock import unlock
from tests.depth import spread
from tests.negotiate.test_inverse import of_few_states
from tests.negotiate.test_unlock import small
from tests.oracle import bargaining, groups, random_cases
from tests.random_conflicts import solved

LEAST = 3  # cases in which two readings have to differ
CORE = ("nash", "gmr", "smr", "seq", "ssr")


def asked(plain):
    return conflict(read_text(plain.text()))


def of_stability(seed):
    """Every verdict that the comparisons of `stability` and `why` ask for, by reading; one where a reading says nothing new."""
    it = solved(seed)
    for replies in ("legal", "once", "single"):
        for moves, credibility in (("paying", "strict"), ("paying", "weak"), ("best", "strict")):
            found = stability(it, replies=replies, moves=moves, credibility=credibility)
            for concept in CORE[3:] if (moves, credibility) != ("paying", "strict") else CORE[replies != "legal" :]:
                yield (concept, replies, moves, credibility), found.stable[0, found.concepts.index(concept)]


def of_coalitions(seed):
    """Verdicts on pairs and threes, by concept and reading; moves count for the concepts that they are for."""
    it = solved(seed)
    which = [c for size in (2, 3) for c in itertools.combinations(it.parties, size)][:3]
    for concept, reading in itertools.product(CORE, ("sequences", "merged")):
        for moves in ("paying", "best") if concept in ("seq", "ssr") else ("paying",):
            yield (concept, reading, moves), coalitions(it, concept=concept, reading=reading, moves=moves, coalitions=which).stable


def of_relations(seed, ask, among):
    """Verdicts by unknown preference or by degrees, on relations drawn as the comparisons draw them."""
    it = solved(seed)
    relation = groups.random_relation(random.Random(seed), len(it.parties), it.graph.n_states, among)
    found = ask(it, relations=np.array(groups.codes(relation), np.int8))
    yield from zip(found.concepts, found.stable, strict=True)


def of_unknown(seed):
    return of_relations(seed, unknown, ["<", ">", "=", "U"])


def of_strength(seed):
    return of_relations(seed, strength, ["<<", "<", "=", ">", ">>"])


def of_ways(seed):
    """What is reached by which moves, with and without a party."""
    it = solved(seed)
    for by in ("best", "paying", "any"):
        for excluding in ([], [it.parties[0]]):
            yield (by, len(excluding)), paths(it, start=it.graph.now or 0, by=by, excluding=excluding).length


def of_rankings(seed):
    """How many rankings make a state rest."""
    it = conflict(read_text(of_few_states(seed).text()))
    for concept in CORE:
        for moves in ("paying", "best") if concept in ("seq", "ssr") else ("paying",):
            found = inverse(it, state=seed % it.graph.n_states, party=seed % len(it.parties), concept=concept, moves=moves)
            yield (concept, moves), np.array(found.count)


def of_unlock(seed):
    """The sets of changes that unlock a goal."""
    it, goal, extra = small(seed)
    for concept in CORE:
        for moves in ("paying", "best"):
            yield (concept, moves), _sets(unlock(it, goal=goal, concept=concept, moves=moves, add=[goal, extra], offers=[], most=2))


def _sets(found):
    return np.array([*sorted(each.words for each in found.sets), str(found.already)])


def of_rules(seed):
    """Stability where the kinds of rules of levers count, and where one kind is left out; of states that all have."""
    plain = random_cases.either(seed)
    both_ways, open_ = [replace(lever, way=None) for lever in plain.levers], [replace(lever, guards={}) for lever in plain.levers]
    for name, less in {"all": {}, "no way": {"levers": both_ways}, "no guards": {"levers": open_}, "no bans": {"bans": []}, "apart": {"alike": []}}.items():
        it = asked(replace(plain, **less))
        same = [it.state({lever.name: f"s{k}" for lever, k in zip(plain.levers, s, strict=True)}) for s in plain.states()]
        yield name, stability(it).stable[0][:, :, same]


def of_agreements(seed):
    """The states in which nobody is below what it has now and all red lines hold, by order and by size."""
    plain, _, limits, sizes = bargaining.disputed(seed)
    states = plain.states()
    for scale in ("ordinal", "cardinal"):
        demands = bargaining.limits_and_fallback(plain, limits, sizes, scale, states[0])
        yield scale, np.array([[demand(s) for demand in demands] for s in states])


SAME = {("nash_a", "nash_c"), ("nash_b", "nash_d")}  # what a party fears of replies counts for nothing where it fears none
CASES = [
    (of_stability, [seed for seed in range(200) if seed // 2 % 2]),
    (of_coalitions, range(3, 250, 4)),
    (of_unknown, range(30)),
    (of_strength, range(30)),
    (of_ways, range(40)),
    (of_rankings, range(24)),
    (of_unlock, range(25)),
    (of_rules, range(30)),
    (of_agreements, range(30)),
]


@spread(("of", "seeds"), CASES, ids=lambda each: getattr(each, "__name__", ""), first=1)
def test_no_two_readings_are_the_same_in_the_random_cases(of, seeds):
    differ: Counter[tuple[object, object]] = Counter()
    for seed in seeds:
        for (one, first), (other, second) in itertools.combinations(of(seed), 2):
            differ[one, other] += not np.array_equal(first, second)
    assert differ and {pair: n for pair, n in differ.items() if n < LEAST and pair not in SAME} == {}
