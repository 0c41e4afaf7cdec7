"""Another name: wherever the case speaks of a member, in one edit, and nothing else is written anew."""

from __future__ import annotations

import random

import pytest

from bestand.case.read import read
from bestand.changes.diff import as_written, diff
from bestand.changes.renames import SECTIONS, NewName, carry_name
from bestand.errors import AskError
from bestand.graph.conflict import conflict
from bestand.web.desk import Desk
from bestand.web.renamed import renamed_member
from bestand.web.renamed_parts import NewPart, renamed_part
from tests.depth import spread

CASES = ("example/en", "invented/harbour-strike", "invented/mountain-road")


def members(case):
    return [(section, name) for section in SECTIONS for name in getattr(case.written or case.file, section)]


@pytest.fixture
def desk_of(tmp_path):
    def begin(text):
        (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
        return Desk(tmp_path / "case.yaml")

    return begin


@spread("name", CASES, first=1)
def test_every_kind_of_member_is_renamed_and_named_back_to_the_letter(desk_of, name):
    case = read(name)
    desk = desk_of(case.text)
    chance = random.Random(7)
    mine = [(section, chance.choice(names)) for section in SECTIONS if (names := [name for each, name in members(case) if each == section])]
    assert {section for section, _ in mine} >= {"parties", "levers", "terms"}
    for section, member in mine:
        to = f"{member}_anew"
        sheet = renamed_member(desk, section, member, to, version=desk.sheet.version)
        assert as_written(sheet.case) == carry_name(NewName(section, member, to), as_written(case))
        assert [(change.kind, change.at) for change in diff(case, sheet.case).changes] == [("renamed", f"{section}.{to}")]
        assert renamed_member(desk, section, to, member, version=sheet.version).text == case.text


def test_a_party_takes_its_levers_along_and_no_answer_changes(desk_of):
    case = read("example/en")
    desk = desk_of(case.text)
    sheet = renamed_member(desk, "parties", "co", "company", version=1)
    assert sheet.version == 2
    assert {name.partition(".")[0] for name in sheet.case.file.levers} == {"company", "upper", "lower"}
    was, now = conflict(case, view="core"), conflict(sheet.case, view="core")
    assert [each.replace("company.", "co.") for each in now.graph.levers] == list(was.graph.levers)
    assert (now.worth.rank == was.worth.rank).all()
    assert desk.step("undo", version=2).text == case.text


def test_only_names_are_written_anew_and_conditions_keep_their_writing(desk_of):
    text = """bestand: 1  # kept
title: a.x is a word here, and no name
parties: {a: {name: a.x}, ab: {name: AB}}
levers:
  a.x: {is: "a.x", assumed: a.x}   # a.x
  a.xy: {is: stops, settings: [a, x], assumed: t}
  ab.x: {is: stops, assumed: t, needs: {yes: "(a.x)  or a.xy = a"}}
terms:
  both: "( a.x ) and not  (a.xy=a)"
  folded: >
    a.x and
    ab.x
wants:
  a: [{that: not (a.x) and ab.x, assumed: t}]
"""
    sheet = renamed_member(desk_of(text), "levers", "a.x", "a.halts", version=1)
    expected = text.replace("  a.x: {", "  a.halts: {").replace('"(a.x)  or', '"(a.halts)  or').replace('"( a.x ) and', '"( a.halts ) and').replace("not (a.x) and", "not (a.halts) and")
    assert sheet.text == expected.replace(">\n    a.x and\n    ab.x", '"a.halts and ab.x\\n"')
    desk = desk_of(text)
    party = renamed_member(desk, "parties", "a", "north", version=desk.sheet.version).text
    assert "  north.x: {is: \"a.x\", assumed: a.x}   # a.x\n  north.xy: {is: stops, settings: [a, x]" in party
    assert "(north.x)  or north.xy = a" in party
    assert "title: a.x is a word here" in party


@pytest.mark.parametrize(
    ("section", "name", "to", "code"),
    [
        ("parties", "co", "upper", "web/name-taken"), ("terms", "truce", "tariff", "web/name-taken"), ("claims", "c1", "c2", "web/name-taken"), ("parties", "co", "two words", "web/bad-name"),
        ("levers", "co.pumps", "pumps", "web/bad-name"), ("levers", "co.pumps", "cow.pumps", "web/bad-name"), ("parties", "nobody", "x", "web/no-such-place"),
        ("title", "x", "y", "web/no-such-place"), ("terms", "truce", "a: b", "web/bad-name"), ("terms", "truce", "and", ""),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_words_and_nothing_changes(desk_of, section, name, to, code):
    text = read("example/en").text
    desk = desk_of(text)
    with pytest.raises(Exception, match=code or "case/") as refused:
        renamed_member(desk, section, name, to, version=1)
    assert not isinstance(refused.value, AskError) or refused.value.problems[0].hint
    assert desk.path.read_text(encoding="utf-8") == text
    assert desk.sheet.version == 1


def parts(case):
    file = case.written or case.file
    return [("types", name, each) for name, party in file.parties.items() for each in party.types] + [("settings", name, each) for name, lever in file.levers.items() for each in lever.settings]


@spread("name", [*CASES, "ukraine/2025-04"], first=1)
def test_types_and_settings_are_renamed_and_named_back_to_the_letter(desk_of, name):
    case = read(name)
    desk, chance = desk_of(case.text), random.Random(3)
    stated = [each for each in parts(case) if each[0] == "types" or "settings" in (case.written or case.file).levers[each[1]].model_fields_set]
    by_kind = [[each for each in stated if each[0] == kind] for kind in ("types", "settings")]
    mine = [each for some in by_kind for each in chance.sample(some, min(2, len(some)))]
    assert mine
    was = conflict(case)
    for kind, of, part in mine:
        sheet = renamed_part(desk, NewPart(kind, of, part, f"{part}_anew"), version=desk.sheet.version)
        assert (kind, of, f"{part}_anew") in parts(sheet.case)
        assert (kind, of, part) not in parts(sheet.case)
        assert (conflict(sheet.case).worth.rank == was.worth.rank).all()
        assert renamed_part(desk, NewPart(kind, of, f"{part}_anew", part), version=sheet.version).text == case.text


def test_a_setting_is_renamed_wherever_a_case_may_speak_of_it_and_another_lever_keeps_its_own(desk_of):
    text = """bestand: 1
title: high is a word here
parties: {a: {name: high}, b: {name: B, types: {high: 0.5, low: 0.5}}}
levers:
  a.dam: {is: high, settings: [low, high], now: high, meaning: {high: the dam is high}, told: {high: Water stands high}, needs: {high: b.gate = high}, assumed: high}
  b.gate: {is: gate, settings: [low, high], needs: {high: "a.dam  =  high or b.gate=high"}, assumed: t}
terms: {full: a.dam >= high and b.gate = high}
budgets: {m: {party: a, of: 3, costs: {a.dam: {high: 2}}, assumed: t}}
events: {flood: {sets: {a.dam: high, b.gate: high}, per_month: 0.1, assumed: t}}
wants: {a: [{that: a.dam = high, assumed: t}], b: {high: [{that: b.gate = high, assumed: t}], low: [{that: full, assumed: t}]}}
observations: [{on: "2025-01-01", lever: a.dam, took: high, assumed: t}, {on: "2025-01-02", lever: b.gate, took: high, assumed: t}]
views: {v: {vary: [b.gate], fixed: {a.dam: high}}}
unsaid: [{what: high, instead: high, where: [levers.a.dam.needs.high]}]
"""
    desk = desk_of(text)
    told = renamed_part(desk, NewPart("settings", "a.dam", "high", "raised"), version=1).text
    expected = text
    for was, now in [("[low, high], now: high, meaning: {high:", "[low, raised], now: raised, meaning: {raised:"), ("told: {high: Water", "told: {raised: Water"), ("needs: {high: b.gate", "needs: {raised: b.gate"), ("a.dam  =  high", "a.dam  =  raised"), ("a.dam >= high", "a.dam >= raised"),
                     ("a.dam: {high: 2}", "a.dam: {raised: 2}"), ("{a.dam: high, b", "{a.dam: raised, b"), ("that: a.dam = high", "that: a.dam = raised"), ("a.dam, took: high", "a.dam, took: raised"), ("{a.dam: high}}", "{a.dam: raised}}"), ("a.dam.needs.high", "a.dam.needs.raised")]:
        assert was in expected
        expected = expected.replace(was, now)
    assert told == expected
    told = renamed_part(desk, NewPart("types", "b", "high", "hard"), version=2).text
    assert told == expected.replace("types: {high:", "types: {hard:").replace("b: {high: [", "b: {hard: [")
    for part, code in ((NewPart("types", "b", "hard", "low"), "web/name-taken"), (NewPart("types", "b", "nobody", "x"), "web/no-such-place"), (NewPart("settings", "a.dam", "low", "a b"), "web/bad-name")):
        with pytest.raises(AskError, match=code):
            renamed_part(desk, part, version=3)
    assert desk.sheet.version == 3


def test_a_talk_takes_the_terms_of_its_points_along(desk_of):
    text = """bestand: 1
title: T
parties: {a: {name: A}, b: {name: B}, geneva: {name: G}}
levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}}
talks: {geneva: {is: the talks, between: [a, b], issues: {water: {open_until: a.x}, road: {open_until: b.y}}, assumed: t}}
terms: {done: geneva_agreed and not  (geneva_water), geneva_other: a.x}
wants: {a: [{that: geneva_some_agreed, assumed: t}], b: [{that: geneva_other, assumed: t}], geneva: [{that: geneva_road, assumed: t}]}
"""
    desk = desk_of(text)
    told = renamed_member(desk, "talks", "geneva", "basel", version=1)
    expected = text.replace("talks: {geneva:", "talks: {basel:")
    for term in ("agreed", "water", "some_agreed", "road"):
        expected = expected.replace(f"geneva_{term}", f"basel_{term}")
    assert told.text == expected
    assert renamed_member(desk, "talks", "basel", "geneva", version=2).text == text


LASTING = """bestand: 1
title: T
parties: {many: {name: M}, a: {name: A}}
levers:
  a.shoots: {is: shoots, assumed: t}
  many.watch: {is: watch, settings: [none, some, many], only_while: {many: {that: many.watch != none, falls_to: some, assumed: t}, some: {that: not a.shoots, assumed: t}}, assumed: t}
terms: {watched: many.watch >= some}
wants: {a: [{that: a.shoots, worth: {value: 2, range: [1, 3], same_as: a, assumed: t}, assumed: t}], many: [{that: watched, assumed: t}]}
"""


def test_a_setting_that_goes_on_only_while_something_holds_is_renamed_with_what_it_falls_to(desk_of):
    desk = desk_of(LASTING)
    told = renamed_part(desk, NewPart("settings", "many.watch", "some", "few"), version=1).text
    assert told == LASTING.replace("some", "few")
    assert renamed_part(desk, NewPart("settings", "many.watch", "many", "lots"), version=2).text == told.replace("few, many]", "few, lots]").replace("{many: {that", "{lots: {that")
    assert renamed_part(desk, NewPart("settings", "many.watch", "none", "no_one"), version=3).case.file.events["many_watch_lapses_from_few"].sets == {"many.watch": "no_one"}


def test_a_member_of_the_same_name_leaves_settings_and_names_of_numbers_as_they_are(desk_of):
    desk = desk_of(LASTING)
    told = renamed_member(desk, "parties", "many", "crowd", version=1).text
    assert told == LASTING.replace("many.watch", "crowd.watch").replace("{many: {name", "{crowd: {name").replace("many: [{that", "crowd: [{that")
    told = renamed_member(desk, "parties", "a", "hill", version=2).text
    assert "same_as: a," in told
