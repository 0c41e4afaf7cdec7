"""Edits are the smallest change in the file: what they say comes about, and every other letter stays."""

from __future__ import annotations

import difflib
import random
from dataclasses import replace

import pytest

from bestand.case.read import read, read_text
from bestand.case.write import edited
from bestand.case.yaml import load
from bestand.errors import AskError
from bestand.web.edits import Nest, Order, Remove, Rename, Set, spliced
from bestand.web.splice import whole_contents, written
from tests.depth import spread

NASTY = ["x: y # z", 'a"b', "plain words", 4, -0.5, True, ["c1", "c2"], {"that": "a.x"}, "true", "null", "1e3", "", "- x", "'", "\\", "#", "😀 {a}"]
ODD = ["\u202eevil", "lijn\nlijn", "\x85", "\x1b[2J", "a\tb"]  # written as they are; the reader of cases folds them, or refuses them


def places(value, at=()):
    if at:
        yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*at, key))


def value_at(value, at):
    for step in at:
        value = value[step]
    return value


@spread(("name", "n"), [("example/en", 40), ("ukraine/2025-04", 8), ("literature/kilgour-2001/elmira", 40)], first=1)
def test_any_edit_anywhere_says_what_it_should_and_leaves_comments(name, n):
    text = read(name).text
    plain = whole_contents(text)
    assert plain == load(text)[0]
    chance = random.Random(name)
    comments = [line.strip() for line in text.splitlines() if line.lstrip().startswith("#")]
    for at in chance.sample(list(places(plain)), n):
        edits = [Set(op="set", at=list(at), value=chance.choice(NASTY + ODD)), Remove(op="remove", at=list(at))]
        held = value_at(plain, at)
        if isinstance(held, dict):
            edits.append(Set(op="set", at=[*at, "new"], value=chance.choice(NASTY)))
        if isinstance(held, list) and held:
            items = list(range(len(held)))
            chance.shuffle(items)
            edits.append(Order(op="order", at=list(at), items=[*items, -1], new=[{"that": "q, r"}]))
        for edit in edits:
            new, after = spliced(text, plain, [edit])  # raises where the contents are not as wanted
            if not (isinstance(edit, Set) and edit.value in ODD):
                assert load(new)[0] == after
            if not isinstance(edit, Remove) and len(at) > 2:
                assert [line.strip() for line in new.splitlines() if line.lstrip().startswith("#")] == comments


def test_one_edit_changes_one_line():
    text = read("ukraine/2025-04").text
    new, _ = spliced(text, whole_contents(text), [Set(op="set", at=["levers", "us.presence", "now"], value="lasting")])
    changed = [line for line in difflib.unified_diff(text.splitlines(), new.splitlines(), lineterm="", n=0) if line[:3] not in ("---", "+++", "@@ ")]
    assert len([line for line in changed if line[0] in "+-"]) == 2


def test_moving_a_want_there_and_back_gives_the_very_same_file():
    text = read("example/en").text
    party = next(iter(whole_contents(text)["wants"]))
    at = ["wants", party] if isinstance(whole_contents(text)["wants"][party], list) else ["wants", party, next(iter(whole_contents(text)["wants"][party]))]
    n = len(value_at(whole_contents(text), at))
    swap = Order(op="order", at=at, items=[1, 0, *range(2, n)])
    once, plain = spliced(text, whole_contents(text), [swap])
    assert once != text
    assert spliced(once, plain, [swap])[0] == text


@pytest.mark.parametrize("edit", [
    Set(op="set", at=["title", "deep", "x"], value=1), Remove(op="remove", at=["levers", "no.such"]), Order(op="order", at=["title"], items=[0]),
    Order(op="order", at=["never"], items=[0, 0]), Rename(op="rename", at=["parties", "nobody"], to="x"), Set(op="set", at=["never", 99], value="x"),
], ids=lambda edit: edit.op)  # fmt: skip
def test_a_place_that_is_not_there_is_refused_in_words(edit):
    text = read("example/en").text
    with pytest.raises(AskError) as refused:
        spliced(text, whole_contents(text), [edit])
    assert refused.value.code.startswith("web/")
    assert refused.value.problems[0].hint


def test_what_should_hold_a_value_is_made_where_it_is_not_there_yet():
    text = "bestand: 1  # first\ntitle: T\nparties: {a: {name: A}}\nlevers:\n  a.x: {is: x}\n"
    new, plain = spliced(text, whole_contents(text), [Set(op="set", at=["wants", "a"], value=[{"that": "a.x"}]), Set(op="set", at=["levers", "a.x", "needs", "yes", "that"], value="true")])
    assert plain["wants"] == {"a": [{"that": "a.x"}]}
    assert plain["levers"]["a.x"]["needs"] == {"yes": {"that": "true"}}
    assert new.startswith("bestand: 1  # first\n")


def test_half_a_letter_is_refused():
    with pytest.raises(AskError, match="half a letter"):
        written("\ud800")


@pytest.mark.parametrize("at", [["wants", "upper", 0], ["parties", "upper", "members", 0], ["nowhere", "x"]])
def test_only_what_stands_under_a_key_is_put_under_another(at):
    text = read("example/en").text
    with pytest.raises(AskError, match="web/no-such-place"):
        spliced(text, whole_contents(text), [Nest(op="nest", at=at, under="soft")])


@pytest.mark.parametrize("text", ["title: T\nseen: [x]\n", "title: T\nseen:\n  - x  # why\n", "title: T\nseen:\n  -\n    at: x\n"])
def test_a_section_whose_last_entry_is_taken_out_goes_altogether(text):
    for edit in (Remove(op="remove", at=["seen", 0]), Order(op="order", at=["seen"], items=[], new=[])):
        assert spliced(text, whole_contents(text), [edit]) == ("title: T\n", {"title": "T"})


@spread(("name", "n"), [("example/en", 25), ("invented/harbour-strike", 25), ("ukraine/2025-04", 4)], first=1)
def test_a_file_with_the_line_ends_of_windows_keeps_them(name, n):
    """Only what was put in had others; `accept` and `unlock --write` changed every line."""
    text = read(name).text
    windows = text.replace("\n", "\r\n")
    assert "\r" not in text and whole_contents(windows) == whole_contents(text)
    plain, chance = whole_contents(text), random.Random(name)
    for at in chance.sample(list(places(plain)), n):
        edits = [Set(op="set", at=list(at), value="q"), Remove(op="remove", at=list(at))]
        held = value_at(plain, at)
        if isinstance(held, dict):
            edits.append(Set(op="set", at=[*at, "new"], value="q"))
        if isinstance(held, list):
            edits.append(Order(op="order", at=list(at), items=[*reversed(range(len(held))), -1], new=[{"that": "q"}]))
        for edit in edits:
            assert spliced(windows, plain, [edit])[0] == spliced(text, plain, [edit])[0].replace("\n", "\r\n")
    case = read_text(text)
    there = {"title": "New", "parties.p": {"name": "P"}}
    assert edited(replace(case, text=windows), there) == edited(case, there).replace("\n", "\r\n")
