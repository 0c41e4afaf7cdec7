"""What the main case's README says the model says: every number in it is asked again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bestand import agreements, conflict, read
from bestand.case.read import catalogue_folder
from bestand.case.write import expanded_text
from bestand.negotiate.stability import stability
from bestand.truce.survival import survival
from tests.oracle.plain_answers import levers_in
from tests.oracle.plain_view import File, View

NAME = "ukraine/2025-04"


@pytest.fixture(scope="module")
def told() -> list[str]:
    text = (Path(catalogue_folder() or "") / NAME / "README.md").read_text(encoding="utf-8")
    says = text.partition("## What the model now says")[2].partition("**Where it disagrees")[0]
    return [re.sub(r"\s+", " ", each) for each in re.split(r"\n\d+\. ", says)]


@pytest.fixture(scope="module")
def case():
    return read(NAME)


def lasts(case, view: str, that: str, months: float, hold: dict[str, str]) -> str:
    asked = conflict(case, view=view, hold=hold, scale="cardinal")
    return f"{float(survival(asked, start=that, truce=that, months=[months]).lasted[0]):.1f}"


def test_where_it_rests_and_what_could_be_agreed(told, case):
    asked = conflict(case)
    resting = stability(asked, concepts=("seq",), moves="best").holds("seq")
    truce, ceded = asked.where("ceasefire"), asked.where("ua.cedes")
    assert (resting & truce & ~ceded).sum() == 0
    assert f"in all {(resting & truce).sum()} of the {resting.sum()} resting states" in told[1]
    share = agreements(conflict(case, draws=200, seed=1), that="ceasefire").share_any
    assert 0.15 < share < 0.35 and "in the quarter of draws" in told[2]


def test_how_long_a_truce_lasts(told, case):
    def truce(**hold: str) -> str:
        return lasts(case, "guarded", "truce_in_force", 12, {name.replace("_", ".", 1): setting for name, setting in hold.items()})

    assert f"lasts {truce()} months of 12 with a mediator who may leave, and {truce(us_mediates='no')} without one" in told[5]
    bare = {"ua_army": "as_now", "eu_force": "none"}
    full, lasting, umbrella = (truce(us_presence=setting, **bare) for setting in ("full", "lasting", "umbrella"))
    assert f"lasts {full} months of 12 if the Americans stay in full presence, {lasting} in a lasting one and {umbrella} under the umbrella alone" in told[8]
    assert f"makes {truce(us_presence='lasting', ua_army='as_now', eu_force='reassurance')} of the {lasting}" in told[8]


def test_what_money_and_talks_do(told, case):
    held, without = (lasts(case, "arms", "world.front != broken", 36, {"eu.money": setting}) for setting in ("yes", "no"))
    assert f"{float(held):.0f} of 36 months where it would be {float(without):.0f} without" in told[9]
    (test,) = [each for each in case.file.hypotheses["h_pure_escalation"].test if each.that == "not grief"]
    pure, talks = (lasts(case, test.view, "not grief", 36, dict(hold)) for hold in (test.hold, test.against))
    missiles = lasts(case, test.view, "not grief", 36, dict(test.against) | {"eu.taurus": "yes"})
    assert f"after {pure} of 36 months, with the concept and direct talks after {talks}" in told[10]
    assert missiles == talks and "missiles or no missiles" in told[10]


def test_what_decides_nothing(told, case):
    """Wants of a party that speak of its own levers and decide none of its moves, in any view: wants above always differ first."""
    file = File(expanded_text(case))
    spoken = {(party, kind, want["is"]) for party in file.parties for kind in file.types(party) for want in file.wants(party, kind)
              if any(lever.split(".")[0] == party for lever in levers_in(file, want["that"]))}  # fmt: skip
    varying, deciding = set(), set()
    for name in file.file["views"]:
        if name == "full":
            continue
        view = View(file, name)
        for party in file.parties:
            target, legal, _ = view.moves[party]
            for kind in file.types(party):
                open_ = legal.copy()
                for want in file.wants(party, kind):
                    met = view.holds(want["that"])
                    differs = open_ & (met[target] != met[:, None])
                    varying |= {(party, kind, want["is"])} if 0 < met[view.ok].mean() < 1 else set()
                    deciding |= {(party, kind, want["is"])} if differs.any() else set()
                    open_ &= ~differs
    nothing = {label for _, _, label in (spoken & varying) - deciding}
    assert set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", told[-1])) == nothing


def test_readiness_to_deliver_follows_an_attack_that_is_on_everybodys_mind(case):
    """The incoming chancellor showed himself ready after the attack on Sumy: without one nobody in Europe wants missiles, whatever else is so."""
    readiness = next(want for want in case.wants("eu")["force_first"] if want.label == "Taurus while the attacks go on")
    assert "c122" in readiness.supported_by and case.file.claims["c122"].quote == "Na de dodelijke aanval op Soemy"
    best = {}
    for outrage in ("yes", "no"):
        asked = conflict(case, view="europe", hold={"world.outrage": outrage})
        target = [int(state) for state in improving_best(asked, "eu", asked.now)]
        best[outrage] = {asked.at(state)["eu.taurus"] for state in target}
    assert best == {"yes": {"yes"}, "no": {"no"}}


def improving_best(asked, party: str, state: int):
    """A party's best moves from a state, those that set the fewest levers."""
    rank = asked.rank_of(party)[0]
    targets = asked.graph.moves[asked.party(party)].targets(state)
    best = [each for each in targets if rank[each] == rank[targets].max() > rank[state]]
    n_set = {int(each): len(asked.graph.changes(state, int(each))) for each in best}
    return [each for each, n in n_set.items() if n == min(n_set.values())]
