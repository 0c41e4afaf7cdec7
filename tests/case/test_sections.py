"""A text read section by section says what it says read whole, wherever the sections can be told apart."""

from __future__ import annotations

import random

import pytest

from bestand.case.read import catalogue, read, read_again
from bestand.case.sections import KnownSections, respliced, sections_of
from bestand.case.yaml import load
from bestand.errors import CaseError

WHOLE = [
    "a: \"one\nb: two\"\n", "a: [x,\nb: y]\n", "a: 1\na: 2\n", "{a: 1, b: 2}\n", "a: 1\n---\nb: 2\n", "a: 1\n...\nb: 2\n", "'a': 1\nb: 2\n", "? a\n: 1\nb: 2\n",
    "a: |\n  one\r\nb: 2\n", "%YAML 1.2\n---\na: 1\nb: 2\n", "a: one\n\u2028b: 2\n", "- a: 1\n- b: 2\n", "a: 1\nb", "a: &x 1\nb: *x\n", "a:\tone\nb: 2\n", "", "\ufeffa: 1\nb: 2\n",
]  # fmt: skip
APART = ["a: |\n  one: x\n\n  two\n# of b\nb:\n", "# about\n\na: no # x: y\nb: {c: [d,\n  e]}\nc:\n- x\n- y: z\n", "a: 'it''s\n  so'\nb: >-\n  c: d\n"]


def both(text, known):
    """What is read by sections and what is read whole; a refusal is told by its problems."""
    told = []
    for reads in (known.load, load):
        try:
            told.append(reads(text, "case.yaml"))
        except CaseError as error:
            told.append(error.problems)
    return told


@pytest.mark.parametrize("text", [*WHOLE, *APART])
def test_a_text_says_the_same_by_sections_and_whole(text):
    by_sections, whole = both(text, KnownSections())
    assert by_sections == whole
    assert (sections_of(text) is not None) or text not in APART


def test_lines_put_in_and_taken_out_anywhere_say_the_same_by_sections_and_whole():
    chance, known = random.Random(11), KnownSections()
    text = read("example/en").text
    odd = ["x: y", "  x: y", '"', "]", "|", "# x: y", "---", "  - {that: a.x}", "title: twice", "\tx", "sources:", "é: ü", "  'a': [b, c]"]
    n_read = 0
    for _ in range(60):
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        lines[at : at + chance.randrange(2)] = [chance.choice(odd)]
        by_sections, whole = both("\n".join(lines), known)
        assert by_sections == whole
        n_read += isinstance(whole[0], dict)
    assert n_read > 8


@pytest.mark.parametrize("name", [*sorted(catalogue())[::9], "ukraine/2025-04"])
def test_a_case_of_the_catalogue_is_the_same_read_by_sections(name):
    case = read(name)
    known = KnownSections()
    assert known.load(case.text) == load(case.text)
    before = dict(known.loaded)
    again = read_again(case.text, known, path=case.path)
    assert (again.file, again.marks, again.digest) == (case.file, case.marks, case.digest)
    assert before.keys() == known.loaded.keys()
    assert all(known.loaded[text] is part for text, part in before.items())  # nothing was parsed again


def test_a_text_that_is_too_large_is_refused_however_small_its_sections():
    rest = "z" * 6_000_000
    by_sections, whole = both(f"a: 1\n# {rest}\nb: 2\n# {rest}\n", KnownSections())
    assert by_sections == whole
    assert whole[0].code == "case/too-large"


def test_only_a_section_that_stands_by_itself_is_changed_by_itself():
    assert respliced("a: 1\nb: 2\nc: 3\n", "b", lambda part: part.replace("2", "4")) == "a: 1\nb: 4\nc: 3\n"
    assert respliced("a: 1\n", "b", str) is None
    assert respliced("a: \"\nb: c\"\nb: c\n", "b", str) is None
