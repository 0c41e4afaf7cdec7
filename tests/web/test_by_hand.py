"""What the page is handed stands where it says: claims in sources, lines on claims, states by their names, letters that YAML takes for others."""

from __future__ import annotations

from collections import Counter

import pytest

import bestand
from bestand.documents.canonical import folded
from bestand.errors import AskError
from bestand.web.edits import Set, spliced
from bestand.web.moves import state_key, state_of
from bestand.web.sources import lines_on, source_told
from bestand.web.splice import whole_contents
from tests.exchange.test_evidence import with_page


def test_a_claim_stands_in_the_text_of_its_source_where_the_page_marks_it(tmp_path):
    case = with_page(tmp_path)
    told = source_told(case, "p", tmp_path)
    assert [each["name"] for each in told["claims"]] == list(case.file.claims)
    for each in told["claims"]:
        claim = case.file.claims[each["name"]]
        assert folded(told["text"][each["start"] : each["end"]]) == folded(claim.quote) and each["status"] == "checked"
    away = source_told(bestand.read_text(case.text), "p", None)
    assert away["text"] is None and all(each["start"] is None and each["end"] is None for each in away["claims"])


def leaning_on(value: object) -> Counter[str]:
    """How often each claim stands under a `because`, in a case as it is written."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = value.get("because", []) if isinstance(value, dict) else []
    return sum((leaning_on(each) for each in inner), Counter(own if isinstance(own, list) else [own]))


@pytest.mark.parametrize("name", ["ukraine/2025-04", "example/en", "invented/mountain-road", "invented/harbour-strike"])
def test_every_line_that_leans_on_a_claim_is_listed_with_it_and_no_other(name):
    case = bestand.read(name)
    listed = lines_on(case)
    assert {claim: len(set(places)) for claim, places in listed.items()} == leaning_on(whole_contents(case.text)) and listed


def test_a_state_is_found_again_by_its_name_and_what_is_not_named_stays_as_today():
    conflict = bestand.conflict(bestand.read("example/en"))
    for state in range(conflict.graph.n_states):
        assert state_of(conflict, state_key(conflict, state)) == state
    now = conflict.at("now")
    for lever in conflict.graph.levers:
        for setting in conflict.graph.all_settings[lever]:
            assert conflict.at(state_of(conflict, f"{lever}={setting}")) == {**now, lever: setting}
            assert state_of(conflict, f"gone.lever=yes,{lever}={setting}") == state_of(conflict, f"{lever}={setting}")
    assert state_of(conflict, "") == state_of(conflict, "now") == conflict.now
    for junk in ("x", "upper", ",", "12"):
        with pytest.raises(AskError, match="is not a state"):
            state_of(conflict, junk)


@pytest.mark.parametrize("odd", ["\x85", "\u2028", "\u2029", "\ufeff", "\u200e", "😀", "é"])
def test_letters_that_yaml_takes_for_others_stay_what_they_are(odd):
    text = f'a: "x{odd}y"\nb: [pq, 1]\n'
    plain = whole_contents(text)
    assert plain == {"a": f"x{odd}y", "b": ["pq", 1]}
    new, after = spliced(text, plain, [Set(op="set", at=["b", 1], value=2)])
    assert new == text.replace("1]", "2]") and after == {**plain, "b": [plain["b"][0], 2]}
