"""Lines are those that an editor shows: LF, CR LF and a lone CR end one, whatever else YAML 1.1 or Python take for an end."""

from __future__ import annotations

import re

import pytest

from bestand.case.options import dumped
from bestand.case.read import read_text
from bestand.case.write import edited
from bestand.case.yaml import load
from bestand.errors import BestandError, line_at
from bestand.evidence.sheet import csv_lines
from bestand.exchange.reading import ImportWishes, read_files
from bestand.web.splice import contents, node_tree, set_value

NO_ENDS = ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
IN_CASES = ["\x85", "\u2028", "\u2029"]  # the others are refused there, with their line
ENDS = ["\n", "\r\n", "\r"]
CASE = ["bestand: 1", "title: T", "parties: {a: {name: A}}", "levers: {a.x: {is: x}}", "wants: {a: [{that: a.y}]}"]


def shown(text: str, at: int) -> int:
    """The line of an offset, letter by letter."""
    return 1 + len(re.findall("\r\n|\r|\n", text[:at])) - (text[at - 1 : at + 1] == "\r\n")


def line_said(content: bytes, name: str) -> int | None:
    with pytest.raises(BestandError) as caught:
        read_files({name: content}, asked=ImportWishes(into=read_text("\n".join(CASE[:4]))))
    return caught.value.problems[0].place.line


def test_the_line_of_an_offset_is_counted_as_letter_by_letter():
    text = "".join(f"a{sign}b{end}" for sign in (*NO_ENDS, "é", "\U0001f600") for end in (*ENDS, "\n\r\r\n"))
    assert [line_at(text, at) for at in range(len(text) + 1)] == [shown(text, at) for at in range(len(text) + 1)]
    raw = text.encode()
    assert line_at(raw, len(raw)) == shown(text, len(text))


@pytest.mark.parametrize("end", ENDS, ids=repr)
@pytest.mark.parametrize("sign", IN_CASES, ids=repr)
@pytest.mark.parametrize("before", ["# x{}y: z", "summary: one{}two", "summary: 'one {} two'", 'summary: "one{}"'])
def test_mistakes_of_a_case_are_told_with_the_line_that_an_editor_shows(sign, end, before):
    lines = [CASE[0], before.format(sign), *CASE[1:]]
    with pytest.raises(BestandError) as caught:
        read_text(end.join(lines))
    assert {problem.place.line for problem in caught.value.problems} == {6}
    assert caught.value.problems[0].place.column == lines[5].index("that") + 1


@pytest.mark.parametrize("sign", [sign for sign in NO_ENDS if sign not in IN_CASES] + ["\x00", "\x1b", "\x7f"], ids=repr)
def test_control_characters_of_a_case_are_told_with_their_line(sign):
    with pytest.raises(BestandError) as caught:
        read_text("\n".join([*CASE[:4], f"summary: é{sign}"]))
    assert (caught.value.code, caught.value.problems[0].place.line, caught.value.problems[0].place.column) == ("case/control-character", 5, 11)


@pytest.mark.parametrize("sign", IN_CASES, ids=repr)
def test_what_an_editor_shows_as_a_comment_is_a_comment(sign):
    text = "\n".join([CASE[0], f"title: T # seen{sign}present: unknown", *CASE[2:4]]) + "\n"
    case = read_text(text)
    assert case.file.present != "unknown"
    assert edited(case, {"levers.a.x.is": "y"}).split("\n")[:3] == text.split("\n")[:3]


@pytest.mark.parametrize("sign", IN_CASES, ids=repr)
@pytest.mark.parametrize("text", ["a{}b", "a {} b", "{}a", "a{}", "a: {}b", "a\n{}b"])
def test_texts_with_such_signs_are_written_as_they_are_read(sign, text):
    quote = text.format(sign)
    assert load(dumped({"x": {"quote": quote}}))[0] == {"x": {"quote": quote}}


@pytest.mark.parametrize("end", ENDS, ids=repr)
def test_a_case_with_any_ends_of_lines_is_edited_in_its_place(end):
    text = end.join([*CASE[:4], "summary: one\u2028two # three\u2029four", "wants:", "  a:", "    - that: a.x", "    - that: not a.x", ""])
    made = set_value(text, node_tree(text), ["levers", "a.x", "is"], "z")
    assert made == text.replace("is: x", "is: z")
    added = set_value(text, node_tree(text), ["levers", "a.z"], {"is": "new"})
    assert contents(node_tree(added))["levers"]["a.z"] == {"is": "new"}
    assert contents(node_tree(added))["wants"] == contents(node_tree(text))["wants"]


@pytest.mark.parametrize("end", ENDS, ids=repr)
@pytest.mark.parametrize("sign", NO_ENDS, ids=repr)
def test_mistakes_of_imports_are_told_with_the_line_that_an_editor_shows(sign, end):
    games = end.join([f'NFG 1 R "a{sign}b"', '{ "A" "B" }', "{ 2 2 }", "1 1 1 1 x 1 1 1"])
    bib = end.join([f"@misc{{a, title = {{b{sign}c}}, sha256 = {{{'0' * 64}}}}}", "", "@misc{d, title e}"])
    assert line_said(games.encode(), "a.nfg") == 4
    assert line_said(bib.encode(), "a.bib") == 3
    assert line_said(end.join(["[", '"x",', "nothing]"]).encode(), "a.json") == 3


@pytest.mark.parametrize("end", ENDS, ids=repr)
@pytest.mark.parametrize("sign", NO_ENDS, ids=repr)
def test_rows_of_tables_begin_where_an_editor_shows_them(sign, end):
    text = end.join(["a;b", f"1{sign}2;3,,,", f'"4{end}5";6', "7;8"])
    assert [line for line, _ in csv_lines(text)] == [1, 2, 3, 5]
    with pytest.raises(Exception, match="unexpected end") as caught:
        list(csv_lines(text + end + '"open'))
    assert caught.value.line == 6
