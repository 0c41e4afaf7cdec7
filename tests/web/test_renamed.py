"""Another name: wherever the case speaks of a member, in one edit, and nothing else is written anew."""

from __future__ import annotations

import random

import pytest

from bestand.case.diff import as_written, diff
from bestand.case.read import read
from bestand.case.renames import SECTIONS, NewName, carry_name
from bestand.errors import AskError
from bestand.graph.conflict import conflict
from bestand.web.desk import Desk
from bestand.web.renamed import renamed_member

CASES = ("example/en", "invented/harbour-strike", "invented/mountain-road")


def members(case):
    return [(section, name) for section in SECTIONS for name in getattr(case.written or case.file, section)]


@pytest.fixture
def desk_of(tmp_path):
    def begin(text):
        (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
        return Desk(tmp_path / "case.yaml")

    return begin


@pytest.mark.parametrize("name", CASES)
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
