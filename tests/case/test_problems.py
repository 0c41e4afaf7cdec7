"""What is wrong, and what to do about it, is said in Dutch as well: in all that an editor of a case meets in the workbench."""

from __future__ import annotations

import ast
import re
import tomllib

import pytest

from bestand.case.conditions import parse
from bestand.case.parts import Bounds, marked
from bestand.case.read import read_text
from bestand.case.template import new
from bestand.documents.canonical import canonical
from bestand.errors import BestandError, Problem, did_you_mean
from bestand.evidence.quote import anchor
from bestand.telling.problems import problem_words, sayings, sentence_in
from bestand.web.desk import Desk
from bestand.web.edits import Set
from tests.problem_sentences import SRC, sentences

ROOMS = (
    "case", "web", "drafting", "evidence", "documents", "graph", "negotiate", "bargain", "play", "truce", "stationary", "history", "explore", "study", "report", "changes", "checks", "draw", "exchange",
    "arguments.py", "extras.py",
)  # fmt: skip
"""All but what is wrong with how a command was typed, and with arrays at the door of compiled code; docs/reference/limits.md says so."""
TABLE = tomllib.loads((SRC / "telling" / "problems.nl.toml").read_text(encoding="utf-8"))["sentences"]
MEANING = "add `{}: …`{}"  # its last blank is what the key means, which the form of the page says
CODE = re.compile(r"'?\{\}'?(: \{\})*|\{'party.lever': 1.0\}|[a-z]+/[a-z-]+")  # a sentence that is nothing but what fills it, an example in code, or a code


def test_every_sentence_about_what_is_wrong_has_a_dutch_one():
    found = sentences(ROOMS)
    assert len(found) > 250
    assert {text: where for text, where in found.items() if text not in TABLE and not CODE.fullmatch(text)} == {}


def test_the_words_that_fill_them_have_dutch_ones():
    shape = ast.parse((SRC / "case" / "shape.py").read_text(encoding="utf-8"))
    functions = {node.name: node for node in shape.body if isinstance(node, ast.FunctionDef)}
    words = [each.value for name in ("_kind", "_expected", "_bound") for pairs in ast.walk(functions[name]) if isinstance(pairs, ast.Dict) for value in pairs.values for each in ast.walk(value) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    words = [re.sub(r"\{[^}]*\}", "{}", each) for each in words if each not in ("min_length",)]
    conditions = ast.parse((SRC / "case" / "conditions.py").read_text(encoding="utf-8"))
    wrong = [call.args[0] for call in ast.walk(conditions) if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "wrong"]
    said_there = [part for each in wrong for part in ([each.body, each.orelse] if isinstance(each, ast.IfExp) else [each])]
    words += ["".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in each.values) if isinstance(each, ast.JoinedStr) else each.value for each in said_there]
    assert len(words) > 25 and [each for each in words if each not in TABLE] == []
    from bestand.case.model import CaseFile, Want
    from bestand.case.zones import Deterrence, Guarding, Zone

    named = {mark.what for model in (CaseFile, Want, Zone, Guarding, Deterrence) for _, _, mark in marked(model, Bounds)}
    assert len(named) > 6 and named <= set(TABLE)


def test_each_dutch_sentence_fills_in_what_the_english_one_does():
    for english, dutch in TABLE.items():
        numbers = sorted(map(int, re.findall(r"\{(\d+)\}", dutch)))
        last = english.count("{}") - (english == MEANING)
        assert numbers == list(range(1, last + 1)), english
        assert dutch.strip() and (dutch != english or english in {"zone", "type", "zones", "tag {}", "xlsx", "genius", "gambit", "csl", "bibtex"}), english


@pytest.mark.parametrize(("text", "dutch"), [
    ("did you mean 'ru.truces'? choices are ru.truces, ua.cedes", "bedoelt u 'ru.truces'? te kiezen zijn ru.truces, ua.cedes"),
    ("no lever 'party'", "er is geen hefboom 'party'"),
    ("'a.x': `range` must be [lowest, highest] with `value` between them, not 3", "'a.x': de marge loopt van laagste naar hoogste, met de waarde ertussen, niet 3"),
    ("2.5 cannot be a share or a chance", "2,5 kan geen deel of kans zijn"),
    ("the source does not say 'no party'", "de bron zegt niet 'no party'"),
    ("what nobody has said", "what nobody has said"),
    ("no party has three heads in the valley of Elah", "no party has three heads in the valley of Elah"),
    ("write the name of the thing, which is not here", "write the name of the thing, which is not here"),
])  # fmt: skip
def test_names_of_the_case_stay_and_the_rest_is_told(text, dutch):
    assert sentence_in(text, "nl") == dutch
    assert sentence_in(text, "en") == text


BROKEN = (
    "a: [b", "a: {b", "a: 'b", "a: b: c", "a:\n  - b\n c: d", "- a\nb: c", 'a: "\\q"', "a: @b", "%YAML 9.9\n---\na: b", "a: b\n\tc: d", "a: |x\n b",
    "a: !<x", "? a\nb", "a: *", 'a: "\\xzz"', "%FOO", "a: |0\n b", "a: 'x\n...\n", "a: - b", "a: ]", 'a: "\\ud800"', "%TAG ! x", "%YAML 1\n---", "a: !x%zz b",
)  # fmt: skip
"""Texts that are no YAML, each in a way of its own."""


@pytest.mark.parametrize("text", BROKEN)
def test_what_the_reader_of_yaml_says_is_told_in_dutch(text):
    with pytest.raises(BestandError) as refused:
        read_text(text)
    what, _ = problem_words(refused.value.problems[0], "nl")
    said = refused.value.problems[0].what.removeprefix("not YAML: ")
    assert said in TABLE and what == f"geen YAML: {TABLE[said]}"


def told(problems):
    return [problem_words(each, "nl") for each in problems]


WRONG = """bestand: 1
title: T
parties: {a: {name: A, types: {x: 0.5}}, b: {name: B}}
levers:
  a.x: {is: it, settings: [one], now: two, nothing: here}
  c.y: {is: it, needs: {yes: a.x and and}}
terms: {and: a.x, t: u, u: t}
wants: {a: [{that: z, worth: {value: 3, range: [4, 5]}}], b: [{that: a.x = nine, worth: many}]}
events: {e: {sets: {a.q: yes}, per_month: -1}}
clocks: {k: {is: a clock, days: 3, on: 2025-13-45}}
claims: {c: {source: nowhere, gloss: g}}
"""


def english_left(text):
    """Words of English that no Dutch sentence of ours has."""
    return re.findall(r"\b(?:the|must|is expected|stands|cannot|write|give|with|choices|missing|must not)\b", re.sub(r"'[^']*'|`[^`]*`", "", text))


def test_all_that_is_wrong_in_a_bad_case_is_told_in_dutch():
    problems = []
    for line in WRONG.splitlines()[2:]:
        case = new("T", language="en")
        for text in (WRONG, case + line + "\n", "\n".join([*WRONG.splitlines()[:3], line]) + "\n"):
            try:
                read_text(text)
            except BestandError as error:
                problems += error.problems
    assert len({each.code for each in problems}) > 6
    for each in problems:
        what, _ = problem_words(each, "nl")
        assert what != each.what and english_left(what) == [], (each.code, what)


@pytest.mark.parametrize("text", ["a.x and", "(a.x", "a.x =", "a.x ? b", "not", "a.x b", "a.x = nine", "nothing"])
def test_a_condition_that_cannot_be_read_says_so_in_dutch(text):
    try:
        parse(text)
    except BestandError as error:
        assert all(what != each.what and english_left(what) == [] for each, (what, _) in zip(error.problems, told(error.problems), strict=True))
    else:
        assert did_you_mean("nothing", ["a.x"]) and sentence_in(did_you_mean("nothing", ["a.x"]), "nl") == "te kiezen zijn a.x"


@pytest.mark.parametrize("quote", ["", "not there", "the", "rost"])
def test_a_quote_that_does_not_stand_says_so_in_dutch(quote):
    with pytest.raises(BestandError) as refused:
        anchor(canonical("the frost and the thaw"), quote)
    assert all(what != each.what and english_left(what + hint) == [] for each, (what, hint) in zip(refused.value.problems, told(refused.value.problems), strict=True))


def test_a_refused_edit_is_told_in_dutch(tmp_path):
    (tmp_path / "case.yaml").write_text(new("T", language="en"), encoding="utf-8")
    desk = Desk(tmp_path / "case.yaml")
    with pytest.raises(BestandError) as refused:
        desk.edit([Set(op="set", at=["nowhere", "at", "all"], value=1)], version=desk.sheet.version)
    (what, _), *_ = told(refused.value.problems)
    assert english_left(what) == [] and what != refused.value.problems[0].what


def test_patterns_are_tried_from_the_most_particular():
    known = sayings("nl")
    assert known.told("no lever or term 'no'") == "er is geen hefboom of begrip 'no'"
    assert problem_words(Problem("x/y", "'yes' has no 'no'"), "nl")[0] == "'yes' heeft geen 'no'"


def test_the_part_of_a_text_behind_its_comma_is_told_to_stand_between_quotation_marks():
    text = "bestand: 1\ntitle: t\nparties: {a: {name: A}}\nlevers: {a.x: {is: arms come over the pass, which B holds}}\n"
    with pytest.raises(BestandError) as told:
        read_text(text)
    assert [(each.code, each.place.line, each.hint) for each in told.value.problems] == [
        ("case/unknown-key", 4, "a text with a comma in it stands between quotation marks")
    ]
    read_text(text.replace("arms come over the pass, which B holds", '"arms come over the pass, which B holds"'))


def test_what_is_written_in_another_form_is_told_once_and_how_it_is_written():
    """A member with name and office apart was refused three times over, and never shown how it is written."""
    parties = "parties: {a: {name: A, members: [{name: Ana Berg, office: president of A}]}}"
    levers = "levers: {a.x: {is: x, settings: {no: nothing, yes: all}, assumed: t}}\nterms: {t: {that: a.x = (no, yes)}}"
    with pytest.raises(BestandError) as told:
        read_text(f"bestand: 1\ntitle: t\n{parties}\n{levers}\n")
    assert [(each.code, each.place.at, each.hint) for each in told.value.problems if each.code != "case/condition"] == [
        ("case/wrong-type", "parties.a.members[0]", "who acts for it, with an office: `President Ana Berg`"),
        ("case/wrong-type", "levers.a.x.settings", "names in order, as `[no, half, yes]`; `meaning` has their words"),
        ("case/unknown-key", "terms.t.yes)", "a text with a comma in it stands between quotation marks"),
    ]


def test_names_of_several_words_are_no_sentence():
    """`share-of-rests` among the choices left the whole hint in English."""
    problem = Problem("x/y", "no measure 'rust'", hint="did you mean 'rests'? choices are rests, share-of-rests")
    assert problem_words(problem, "nl") == ("er is geen maat 'rust'", "bedoelt u 'rests'? te kiezen zijn rests, share-of-rests")


def test_a_key_with_a_hyphen_that_says_nothing_is_taken_for_the_key_that_is_meant():
    with pytest.raises(BestandError) as told:
        read_text("bestand: 1\ntitle: t\nparties: {a: {name: A, al-so: }}\nlevers: {a.x: {is: x, assumed: t}}\n")
    assert [(each.code, each.place.at) for each in told.value.problems] == [("case/unknown-key", "parties.a.al-so")]
    assert "did you mean 'also'?" in told.value.problems[0].hint
