"""A want of negative worth is a cost in every reading: by rank, by size, in demands, red lines, unlocking, draws and words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml

from bestand import agreements, conflict, cores, frontier, paths, read, settle, stability, unlock, why
from bestand.case.read import read_text
from bestand.study.basis import deciding
from tests.depth import spread
from tests.oracle.written_cases import written_case

FIELD = Path(__file__).parents[1] / "field" / "03-negative-worth-inverted.yaml"
DRAWS = 12


def turned(text: str) -> str:
    """The same case with every other want put as the cost of its opposite."""
    file = yaml.safe_load(text)
    for stated in file["wants"].values():
        for wants in stated.values() if isinstance(stated, dict) else [stated]:
            for want in (each for each in wants[::2] if not each.get("red_line")):
                low, high = want["worth"]["range"]
                want["that"], want["is"] = f"not ({want['that']})", ""
                want["worth"] |= {"value": -want["worth"]["value"], "range": [-high, -low]}
    return yaml.safe_dump(file, sort_keys=False)


@spread("seed", range(6), first=1)
def test_a_wish_and_the_cost_of_its_opposite_give_the_same_answers(seed):
    plain, costly = (read_text(text) for text in (written_case(seed), turned(written_case(seed))))
    ours, theirs = (conflict(case, draws=DRAWS) for case in (plain, costly))
    assert np.array_equal(ours.worth.rank, theirs.worth.rank)
    assert np.array_equal(ours.worths("cardinal").rank[0], theirs.worths("cardinal").rank[0])
    first, other = (conflict(case) for case in (plain, costly))
    for a, b in zip(first.parties, other.parties, strict=True):
        some = range(0, first.graph.n_states, 7)
        said = [[(each and (each.line.at, each.won)) for s in some for each in [deciding(made, party, first.now, s)]] for made, party in ((first, a), (other, b))]
        assert said[0] == said[1]
    for scale in ("ordinal", "cardinal"):
        one, two = (agreements(conflict(case, scale=scale)) for case in (plain, costly))
        assert np.array_equal(one.deal, two.deal) and np.array_equal(one.open, two.open) and np.array_equal(one.gain, two.gain)
        clashes = [sorted(made.sets) for made in (cores(conflict(case, scale=scale), which="every want") for case in (plain, costly))]
        assert clashes[0] == clashes[1]
    goal = next(iter(plain.file.terms))
    one, two = (unlock(made, goal=goal, most=1) for made in (first, other))
    assert [{(c.kind, c.party, c.at, c.place) for c in each.changes} for each in one.sets] == [{(c.kind, c.party, c.at, c.place) for c in each.changes} for each in two.sets]


def test_not_attacking_rests_wherever_it_is_asked():
    case = read(FIELD)
    asked = conflict(case)
    quiet = asked.state("b.talks=yes")
    assert stability(asked).equilibria("seq").tolist() == [quiet]
    assert not why(asked, state="a.attacks=yes, b.talks=yes", party="a").stable
    assert not (paths(asked, goal="a.attacks").reached & asked.where("a.attacks")).any()
    assert settle(frontier(conflict(case, scale="cardinal")), rule="nash").outcomes.tolist() == [quiet]
