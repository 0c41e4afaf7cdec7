"""Files of other programs: nothing is dropped in silence, no present state is invented, names can be read."""

from __future__ import annotations

import itertools
import json
import pathlib
import random

import pytest

from bestand.case.options import all_forbidden
from bestand.case.read import read_text
from bestand.checks.check import check
from bestand.errors import CaseError
from bestand.exchange.gmcr import MOST_BANS, from_gmcr
from bestand.exchange.json_text import MOST_LETTERS
from tests.depth import spread

FIELD = pathlib.Path(__file__).parents[1] / "field"


def save(**more: object) -> str:
    options = [{"name": "Stop", "permittedDirection": "both"}, {"name": "Pay", "permittedDirection": "both"}]
    people = [{"name": "A", "options": [0], "preferences": [[[1, "Y"]]]}, {"name": "B", "options": [1], "preferences": [[[0, "Y"]]]}]
    return json.dumps({"options": options, "decisionMakers": people, "infeasibles": [], **more})


def neutral(**more: object) -> str:
    people = [{"name": "A", "options": [0]}, {"name": "Y", "options": [1]}]
    options = [{"name": "on", "direction": "both"}, {"name": "y", "direction": "both"}]
    return json.dumps({"format": "gmcr-case/1", "title": "t", "dms": people, "options": options, **more})


def test_an_option_of_two_parties_is_refused_by_name():
    with pytest.raises(CaseError, match=r"not-kept.*'Join the treaty' belongs to North and to South"):
        from_gmcr((FIELD / "09-shared-option.gmcr").read_text("utf-8"))


@spread("seed", range(40))
def test_whether_patterns_leave_a_state_is_found_as_by_going_through_all(seed):
    rng = random.Random(seed)
    width = rng.randint(1, 7)
    for _ in range(20):
        bans = ["".join(rng.choice("YN---"[: rng.randint(2, 5)]) for _ in range(width)) for _ in range(rng.randint(0, 3 << width))]
        left = [state for state in itertools.product("YN", repeat=width) if not any(all(b in ("-", s) for b, s in zip(ban, state, strict=True)) for ban in bans)]
        assert all_forbidden(bans, width) == (not left)


def forbidding(width: int, rng: random.Random) -> list[str]:
    """Patterns that together forbid every state: a state space cut in two again and again."""
    left, patterns = ["-" * width], list[str]()
    while left:
        here = left.pop()
        open_ = [k for k, sign in enumerate(here) if sign == "-"]
        if len(patterns) + len(left) > 60 or not open_:
            patterns.append(here)
        else:
            k = rng.choice(open_)
            left += [here[:k] + sign + here[k + 1 :] for sign in "YN"]
    rng.shuffle(patterns)
    return patterns


@pytest.mark.parametrize("width", [1, 2, 5, 19, 40, 62])
def test_a_file_that_bans_every_state_is_refused_and_one_short_of_it_is_not(width):
    rng = random.Random(width)
    bans = forbidding(width, rng)
    options = [{"name": f"o{k}", "permittedDirection": "both"} for k in range(width)]
    people = [{"name": "A", "options": list(range(width)), "preferences": []}]
    pairs = [[[k, sign] for k, sign in enumerate(ban) if sign != "-"] for ban in bans]
    plus = {"decisionMakers": people, "options": options}
    plain = {"format": "gmcr-case/1", "dms": people, "options": [{"name": f"o{k}"} for k in range(width)]}
    for text in (json.dumps({**plus, "infeasibles": pairs}), json.dumps({**plain, "infeasible": bans})):
        with pytest.raises(CaseError, match="no state could be"):
            from_gmcr(text)
    mistaken = {**plus, "infeasibles": pairs[1:], "decisionMakers": [{**people[0], "misperceptions": pairs[:1]}]}
    with pytest.raises(CaseError, match="no state could be"):
        from_gmcr(json.dumps(mistaken), seen_by="A")
    if width > 1:
        assert "bestand: 1" in from_gmcr(json.dumps({**plus, "infeasibles": pairs[1:]})).text
        assert "check/no-state" not in {each.code for each in check(read_text(from_gmcr(json.dumps({**plain, "infeasible": bans[1:]})).text)).findings}


def test_misperceptions_are_refused_and_coalitions_are_said():
    text = (FIELD / "10-misperception-coalition.gmcr").read_text("utf-8")
    with pytest.raises(CaseError, match=r"not-kept.*A misperceives"):
        from_gmcr(text)
    said = read_text(from_gmcr(save(coalitions=[[0, 1]])).text).file.unsaid
    assert any("coalition of A and B" in entry.what for entry in said)
    assert not any("coalition" in entry.what for entry in read_text(from_gmcr(save(coalitions=[[0], [1]])).text).file.unsaid)


@pytest.mark.parametrize("where", ["infeasibles", "preferences", "misperceptions"])
def test_what_a_condition_of_several_says_beside_its_members_is_said(where):
    several = {"members": [[[0, "Y"]], [[1, "Y"]]], "compound": True, "weight": 3}
    people = json.loads(save())["decisionMakers"]
    people[0] |= {where: [several]} if where != "infeasibles" else {}
    text = save(decisionMakers=people, **({"infeasibles": [several]} if where == "infeasibles" else {}))
    case = read_text(from_gmcr(text, seen_by="A" if where == "misperceptions" else None).text)
    assert [entry.what for entry in case.file.unsaid if "of conditions" in entry.what] == ["the imported file has 'weight' of conditions of several"]


def test_parties_of_one_name_of_whom_one_misperceives_are_refused():
    people = json.loads(save())["decisionMakers"]
    people[0]["misperceptions"] = [[[0, "Y"]]]
    people[1]["name"] = "A"
    for seen_by in (None, "A"):
        with pytest.raises(CaseError, match="two parties have the same name, and one of them misperceives"):
            from_gmcr(save(decisionMakers=people), seen_by=seen_by)


@pytest.mark.parametrize("way", ["fwd", "back"])
def test_a_party_whose_option_goes_one_way_can_move_where_the_present_is_unknown(way):
    options = json.loads(save())["options"]
    options[1]["permittedDirection"] = way
    case = read_text(from_gmcr(save(options=options)).text)
    assert "check/party-cannot-move" not in {each.code for each in check(case).findings}


def test_what_a_case_has_no_place_for_is_said():
    said = read_text(from_gmcr(save(weighting={"x": 1}, empty=[])).text).file.unsaid
    assert [entry.what for entry in said if "weighting" in entry.what] == ["the imported file has 'weighting' of the file"]
    assert not any("empty" in entry.what for entry in said)


PEOPLE = [{"name": "A", "options": [0]}, {"name": "Y", "options": [1]}]
OPTIONS = [{"name": "on", "direction": "both"}, {"name": "y", "direction": "both"}]
ALL_FOUR = [{"id": k, "yn": yn} for k, yn in enumerate(["NN", "YN", "NY", "YY"], start=1)]
BY_HAND = {"name": "A", "options": [0], "preferences": [[[1, "Y"]]], "preferenceRanking": [1, 2, 3, 4]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (neutral(weights=[1]), "'weights' of the file"),
        (neutral(dms=[{**PEOPLE[0], "veto": True}, PEOPLE[1]]), "'veto' of A"),
        (neutral(options=[{**OPTIONS[0], "cost": 3}, OPTIONS[1]]), "'cost' of on"),
        (neutral(states=[{**each, "label": "peace"} for each in ALL_FOUR], status_quo=1), "'label' of a state"),
        (neutral(preference_statements_most_important_first={"A": [{"any_of": ["Y-", "-Y"], "weight": 2}]}), "'weight' of conditions of several"),
        (neutral(states=ALL_FOUR, payoffs={"A": [1, 2, 3, 4]}, preference_statements_most_important_first={"A": ["Y-"]}), "beside payoffs"),
        (neutral(states=ALL_FOUR, status_quo="9"), "names '9', which is none of its states"),
        (neutral(status_quo="NN"), "names 'NN', which is none of its states"),
        (save(statusQuo=0), "'statusQuo' of the file"),
        (save(useManualPreferenceRanking=True, decisionMakers=[BY_HAND, PEOPLE[1]]), "preference statements of A beside a ranking by hand"),
        (save(useManualPreferenceRanking=True, decisionMakers=[{**BY_HAND, "preferenceVector": [4, 3, 2, 1]}, PEOPLE[1]]), "two rankings of A"),
    ],
)
def test_whatever_a_case_has_no_place_for_is_said_once(text, said):
    unsaid = [entry.what for entry in read_text(from_gmcr(text).text).file.unsaid]
    assert sum(said in what for what in unsaid) == 1, unsaid


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (neutral(states=[{"id": 1, "yn": "N"}]), "is not a pattern"),
        (neutral(states=[{"id": 1, "yn": "NN"}, {"id": 1, "yn": "YN"}]), "two states are called '1'"),
        (neutral(states=ALL_FOUR, states_decimal=[0, 1]), "listed twice"),
        (neutral(states=ALL_FOUR, arcs={"A": [[0, 9]]}), "from state 0 to state 9"),
        (neutral(states=ALL_FOUR, arcs={"A": [[-1, 1]]}), "from state -1 to state 1"),
    ],
)
def test_states_and_moves_that_cannot_be_are_refused_in_words(text, what):
    with pytest.raises(CaseError, match=what):
        from_gmcr(text)


def test_a_party_is_named_once_in_a_coalition():
    unsaid = read_text(from_gmcr(save(coalitions=[[0, 0, 1], [1, 1]])).text).file.unsaid
    assert [entry.what for entry in unsaid if "coalition" in entry.what] == ["the imported file names a coalition of A and B"]


def test_names_of_other_scripts_can_be_read():
    file = read_text(from_gmcr((FIELD / "12-non-latin-names.gmcr").read_text("utf-8")).text).file
    assert list(file.levers) == ["party_1.option_1", "party_1.option_2", "rossiya.prekrashchenie_ognya"]
    assert [lever.label for lever in file.levers.values()] == ["停火", "撤军", "Прекращение огня"]
    people = [{"name": name, "options": [k]} for k, name in enumerate(["Україна", "Türkiye", "Ελλάδα"])]
    options = [{"name": name, "direction": "both"} for name in ["Мир", "Çözüm", "Ειρήνη"]]
    levers = read_text(from_gmcr(neutral(dms=people, options=options)).text).file.levers
    assert list(levers) == ["ukrayina.mir", "turkiye.cozum", "ellada.eirini"]


def test_no_present_state_is_invented():
    case = read_text(from_gmcr((FIELD / "16-no-status-quo.gmcr").read_text("utf-8")).text)
    assert case.file.present == "unknown" and all(lever.now is None for lever in case.file.levers.values())
    assert any("present state" in entry.what for entry in case.file.unsaid)
    codes = {found.code for found in check(case).findings}
    assert "check/no-present" in codes and "check/present-banned" not in codes
    states = [{"id": "1", "yn": "NN"}, {"id": "2", "yn": "YN"}]
    given = read_text(from_gmcr(neutral(states=states, infeasible=["-Y"], status_quo="2")).text).file
    assert given.present == "given" and given.levers["a.on"].now == "yes" and not given.unsaid


STATES = [{"id": "1", "yn": "NN"}, {"id": "2", "yn": "YN"}, {"id": "3", "yn": "NY"}, {"id": "4", "yn": "YY"}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (neutral(states=STATES, payoffs={"A": [1, 2, float("nan"), 4]}), "NaN is no number"),
        (neutral(states=STATES, payoffs={"A": [1, 2, float("inf"), 4]}), "Infinity is no number"),
        (neutral(states=STATES, payoffs={"A": [1, 2, "3", 4]}), "'3' is no payoff"),
        (neutral(states=STATES, payoffs={"A": [1, 2, 3]}), "3 payoffs for 4 states"),
        (neutral(states_decimal=[0, 2**80]), f"{2**80} is no state of 2 options"),
        (neutral(states_decimal=[0, -1]), "-1 is no state"),
        (neutral(states_decimal=[0, 1.5]), "'states_decimal[1]' is a number, where a whole number is wanted"),
        (neutral(dms=[{"name": "A", "options": [0, 1]}, {"name": "Y", "options": [1]}]), "belongs to A and to Y"),
        (neutral(dms=[{"name": "A", "options": [0]}]), "'y' belongs to nobody"),
        (neutral(dms=[{"name": "A", "options": [0, 1, 7]}]), "has option 7"),
        (neutral(infeasible=["--"] * (MOST_BANS + 1)), "patterns of infeasible states"),
        (neutral(infeasible=["YYY"]), "is not a pattern"),
        (save(infeasibles=[[[9, "Y"]]]), "is no condition on an option"),
        (save(infeasibles=[[[0.5, "Y"]]]), "no whole number"),
        ("[" * 100_000, "deeper than can be read"),
        ('{"a": ' + "9" * 10_000 + "}", "a number of 10,000 digits"),
        (" " * (MOST_LETTERS + 1), "too-large"),
    ],
    ids=lambda value: value[:20] if len(value) > 200 else None,
)
def test_what_is_no_conflict_is_refused_in_words(text, said):
    with pytest.raises(CaseError) as caught:
        from_gmcr(text)
    assert said in str(caught.value) and len(str(caught.value)) < 2_000


def test_names_with_signs_that_nobody_sees_are_cleaned():
    people = [{"name": "A\u001b[31m\u202e\nB", "options": [0, 1]}]
    text = from_gmcr(neutral(dms=people)).text
    assert read_text(text).file.parties["a_31m_b"].name == "A[31m B"


def test_many_moves_and_states_are_refused_or_read_at_once():
    options = [{"name": f"o{k}", "direction": "both"} for k in range(20)]
    people = [{"name": "A", "options": list(range(20)), "preferenceRanking": [1]}]
    with pytest.raises(CaseError, match="ranking of more than"):
        from_gmcr(save(options=options, decisionMakers=people, useManualPreferenceRanking=True))
    states = [{"id": str(k), "yn": f"{k:020b}".replace("0", "N").replace("1", "Y")} for k in range(4_000)]
    people = [{"name": "A", "options": list(range(20))}]
    with pytest.raises(CaseError, match="moves of one party"):
        from_gmcr(neutral(dms=people, options=options, states=states))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"options": [{"name": "Stop", "permittedDirection": "sideways"}, {"name": "Pay"}]}, "'sideways' of option 'Stop' is no direction"),
        ({"options": [{"name": "Stop", "permittedDirection": "fixed"}, {"name": "Pay"}]}, "is no direction: both, fwd and back are"),
        ({"infeasibles": [[[0, "Y"], [0, "N"]]]}, "both as Y and as N"),
        ({"infeasibles": [[]]}, "no state could be"),
    ],
)
def test_what_an_import_cannot_mean_is_refused_and_not_turned_into_something_else(more, says):
    with pytest.raises(CaseError, match=says):
        from_gmcr(save(**more))
    people = [{"name": "A", "options": [0], "preferences": [[[1, "Y"], [1, "N"]]]}, {"name": "B", "options": [1]}]
    with pytest.raises(CaseError, match="both as Y and as N"):
        from_gmcr(save(decisionMakers=people))


@pytest.mark.parametrize(("direction", "one_way"), [("both", None), ("", None), (None, None), ("fwd", "up"), ("back", "down")])
def test_directions_that_are_known_are_kept(direction, one_way):
    levers = read_text(from_gmcr(save(options=[{"name": "Stop", "permittedDirection": direction}, {"name": "Pay"}])).text).file.levers
    assert levers["a.stop"].one_way == one_way


def test_what_is_said_to_be_kept_is_kept():
    """Options were counted as levers also where the case has none, but states by name."""
    states = [{"id": "1", "yn": "NN"}, {"id": "2", "yn": "YN"}, {"id": "3", "yn": "-Y"}]
    arcs = {"A": [[0, 1], [0, 2]], "Y": [[0, 2]]}
    ranks = {"A": [1, 2, 3], "Y": [1, 2, 3]}
    for more in ({}, {"states": states, "arcs": arcs, "payoffs": ranks}):
        made = from_gmcr(neutral(**more))
        n_levers = len(read_text(made.text).file.levers)
        assert [each for each in made.told("kept") if each.startswith("levers")] == ([f"levers: {n_levers}"] if n_levers else [])
