"""A translation goes along when what it translates gets another name or other words."""

from __future__ import annotations

import pytest

from bestand.case.read import read, read_text
from bestand.checks.check import check
from bestand.web.desk import Desk
from bestand.web.edits import Set
from bestand.web.renamed import renamed_member
from bestand.web.renamed_inner import renamed_inner
from bestand.web.renamed_parts import NewPart, renamed_part
from bestand.web.translated import translations_told

CASE = """# kept
bestand: 1
title: Two banks
parties:
  north: {name: North, types: {hard: 0.5, soft: 0.5}}
  south: {name: South}
levers:
  north.gate: {is: the gate, settings: [shut_tight, half_open], needs: {half_open: south.road = half_open}, assumed: so}  # and this
  south.road: {is: the road, settings: [barred, half_open], assumed: so}
terms: {calm: north.gate = half_open}
events: {flood: {sets: {north.gate: half_open}, per_month: 0.1, assumed: so}}
views: {core: {vary: all}}
wants:
  north: {hard: [{that: calm, is: the gate opens, assumed: so}], soft: [{that: not calm, assumed: so}]}
translations:
  nl:
    Two banks: Twee oevers
    the gate: de sluis   # a comment of its own
    shut tight: potdicht
    half open: half open
    so: aldus
    "North": Noord
    South: Zuid
    the road: de weg
    barred: versperd
    the gate opens: de sluis gaat open
"""


@pytest.fixture
def desk(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return Desk(path)


def unmatched(desk):
    return [each.parts["text"] for each in check(desk.sheet.case).findings if each.code == "check/no-such-text"]


def test_a_setting_that_is_renamed_keeps_what_it_is_called_in_another_language(desk):
    sheet = renamed_part(desk, NewPart("settings", "north.gate", "shut_tight", "closed_for_good"), version=1)
    assert sheet.text == CASE.replace("shut_tight", "closed_for_good").replace("shut tight", "closed for good")
    assert sheet.case.file.translations["nl"]["closed for good"] == "potdicht" and unmatched(desk) == []


def test_a_setting_whose_words_others_have_too_gets_the_translation_as_well(desk):
    sheet = renamed_part(desk, NewPart("settings", "north.gate", "half_open", "ajar"), version=1)
    told = sheet.case.file.translations["nl"]
    assert told["ajar"] == told["half open"] == "half open"
    assert unmatched(desk) == [] and "south.road = half_open" in sheet.text and "# and this" in sheet.text


def test_what_a_new_name_is_called_already_is_left_as_it_is(desk):
    sheet = renamed_part(desk, NewPart("settings", "north.gate", "shut_tight", "barred"), version=1)
    assert sheet.case.file.translations["nl"]["barred"] == "versperd"


@pytest.mark.parametrize(("section", "name", "to"), [("parties", "north", "top"), ("levers", "north.gate", "north.sluice"), ("terms", "calm", "quiet"), ("views", "core", "heart"), ("events", "flood", "spate")])
def test_other_names_are_no_words_and_leave_every_translation_where_it_was(desk, section, name, to):
    before = desk.sheet.case.file.translations
    sheet = renamed_member(desk, section, name, to, version=1)
    assert sheet.case.file.translations == before and unmatched(desk) == []


def test_words_that_are_put_otherwise_keep_what_they_are_in_another_language(desk):
    sheet = desk.edit([Set(op="set", at=["levers", "north.gate", "is"], value="the sluice")], version=1)
    assert sheet.text == CASE.replace("is: the gate,", "is: the sluice,").replace("    the gate: de sluis ", "    the sluice: de sluis ")
    assert unmatched(desk) == []


def test_words_that_stand_elsewhere_too_leave_their_translation_there(desk):
    sheet = desk.edit([Set(op="set", at=["levers", "north.gate", "assumed"], value="seen")], version=1)
    assert sheet.case.file.translations["nl"]["so"] == "aldus" and "seen" not in sheet.case.file.translations["nl"]


def test_what_is_missing_and_what_no_longer_fits_are_told_apart(desk):
    desk.edit([Set(op="set", at=["summary"], value="It floods."), Set(op="set", at=["translations", "nl", "gone"], value="weg")], version=1)
    rows = translations_told(desk.sheet.case, "nl")["texts"]
    assert [(each["at"], each["text"]) for each in rows if not each["told"]] == [("summary", "It floods.")]
    assert [each["text"] for each in rows if not each["stands"]] == ["gone"]
    assert {each["told"] for each in rows if each["text"] in ("North", "half open")} == {"Noord", "half open"}


def test_nothing_is_missing_from_a_case_that_is_wholly_translated():
    rows = translations_told(read("ukraine/2025-04"), "nl")["texts"]
    assert len(rows) > 200 and all(each["told"] and each["stands"] for each in rows)


def test_a_key_deeper_in_a_case_is_renamed_and_its_comments_stay(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(CASE.partition("translations:")[0] + "clocks:\n  money:  # runs out\n    {is: money, while: calm, days: 30, assumed: so}\nnever:\n  - {that: world.money = over and calm, assumed: so}\n", encoding="utf-8")
    desk = Desk(path)
    sheet = renamed_inner(desk, ["clocks"], "money", "purse", version=1)
    assert sheet.text == path.read_text(encoding="utf-8") == read_text(sheet.text).text
    assert "  purse:  # runs out" in sheet.text and "world.purse = over and calm" in sheet.text
