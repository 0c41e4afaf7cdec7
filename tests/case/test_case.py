"""Case files: everything wrong is told at once, with its place; nothing that is read is lost."""

from __future__ import annotations

import json
from functools import cache

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestand.case.conditions import Compared, Joined, Named, Not, Truth, parse, unparse
from bestand.case.read import catalogue, read, read_text, schema
from bestand.case.template import new
from bestand.case.write import edited, write
from bestand.case.yaml import load
from bestand.changes.diff import diff
from bestand.checks.check import check
from bestand.errors import BestandError, CaseError
from bestand.exchange.gmcr import from_gmcr
from bestand.graph.conflict import conflict
from tests.depth import more_in_depth, spread, tried

HEAD = "bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B}}\n"
LEVERS = "levers:\n  a.stops: {is: A stops, assumed: x}\n  b.stops: {is: B stops, assumed: x}\n"


def problems(text: str):
    with pytest.raises(CaseError) as caught:
        read_text(text)
    return caught.value.problems


def test_all_mistakes_are_told_at_once_with_their_places():
    text = HEAD + LEVERS + "terms: {truce: a.stop and b.stops}\nwants:\n  a:\n    - {that: truce and and}\n  c:\n    - {that: truce}\n"
    found = {(p.code, p.place.line) for p in problems(text)}
    assert ("case/unknown-name", 7) in found and ("case/condition", 10) in found
    assert any(line in (11, 12) for _, line in found)


def test_mistakes_of_every_kind_are_told_together():
    misspelt = "levers:\n  a.stops: {is: A, nwo: no}\nwants: {a: [{that: a.stop}, {that: a.stops and}]}\n"
    assert {p.code for p in problems(HEAD + misspelt)} == {"case/unknown-key", "case/unknown-name", "case/condition"}
    missing = "levers:\n  a.stops: {now: no, nwo: no}\nwants: {a: [{that: a.stops and}]}\n"
    assert {p.code for p in problems(HEAD + missing)} == {"case/unknown-key", "case/missing-key", "case/condition"}


def test_a_misspelt_name_is_guessed():
    [problem] = problems(HEAD + LEVERS + "terms: {truce: a.stop}\n")
    assert "did you mean 'a.stops'" in problem.hint
    [problem] = problems(HEAD + "leverz: {}\n")
    assert "did you mean 'levers'" in problem.hint


def test_no_and_yes_are_words_and_times_are_not_numbers():
    value, marks = load("a: no\nb: 12:30\nc: on\nd: 1.5\ne: true\n", None)
    assert value == {"a": "no", "b": "12:30", "c": "on", "d": 1.5, "e": True}
    assert marks["d"][0] == 4


@pytest.mark.parametrize("text", ["a: 1\na: 2\n", "a: [1, 2\n", "a: &x [*x]\n", "!!python/object:os.system {}\n", "\t- a", "a: " + "[" * 3000])
def test_what_is_not_plain_yaml_is_refused_with_a_place(text):
    with pytest.raises(CaseError) as caught:
        load(text, "file")
    assert caught.value.problems[0].place.line is not None


conditions = st.deferred(
    lambda: st.one_of(
        st.builds(Truth, st.booleans()),
        st.builds(Named, st.sampled_from(["a.x", "truce", "b_2"])),
        st.builds(Compared, st.sampled_from(["a.x", "b.y"]), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.sampled_from(["no", "s-1", "2"])),
        st.builds(Not, conditions),
        st.builds(Joined, st.sampled_from(["and", "or", "iff"]), st.lists(conditions, min_size=2, max_size=3).map(tuple)),
        st.builds(lambda a, b: Joined("implies", (a, b)), conditions, conditions),
    )
)


@given(conditions)
def test_a_printed_condition_reads_back_as_the_same_tree(node):
    assert parse(unparse(node)) == node


@more_in_depth
@given(st.text(max_size=60) | st.lists(st.sampled_from(["a", "and", "not", "(", ")", "=", "implies", ">=", "no", "iff", "&"]), max_size=40).map(" ".join))
@settings(max_examples=tried(500))
def test_the_condition_parser_never_fails_in_another_way(text):
    try:
        parse(text)
    except CaseError:
        pass


@pytest.mark.parametrize("text", ["not " * 5000 + "a", "(" * 5000 + "a", "a implies " * 5000 + "a", "a and " * 20000 + "a"])
def test_deep_and_long_conditions_end(text):
    try:
        parse(text)
    except CaseError as error:
        assert error.code == "case/condition"


yaml_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["parties", "levers", "a.x", "wants", "that", "is", "bestand", "title", "name", "never", "terms", "now", "events", "graph", "states", "ranking"]) | st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


@more_in_depth
@given(yaml_values)
@settings(max_examples=tried(400))
def test_the_reader_never_fails_in_another_way(value):
    try:
        read_text(json.dumps(value))
    except BestandError as error:
        assert str(error)


@more_in_depth
@given(st.text(max_size=200), st.integers(0, 4000))
@settings(max_examples=tried(200))
def test_a_spoilt_case_never_makes_the_reader_fail_in_another_way(noise, at):
    text = new("T")
    try:
        read_text(text[:at] + noise + text[at:])
    except BestandError as error:
        assert str(error)


@more_in_depth
@given(yaml_values)
@settings(max_examples=tried(200))
def test_the_importer_never_fails_in_another_way(value):
    for extra in ({"format": "gmcr-case/1"}, {"decisionMakers": value, "options": value}):
        try:
            read_text(from_gmcr(json.dumps({**(value if isinstance(value, dict) else {}), **extra})).text)
        except BestandError as error:
            assert str(error)


@given(st.text(max_size=80))
def test_the_importer_refuses_what_is_not_json(text):
    try:
        from_gmcr(text)
    except CaseError as error:
        assert error.code.startswith("import/")


def test_a_gmcr_plus_save_file_is_read():
    save = {
        "program": "gmcr-py",
        "options": [{"name": "Stop", "permittedDirection": "fwd"}, {"name": "Pay", "permittedDirection": "both"}],
        "decisionMakers": [
            {"name": "A", "options": [0], "preferenceRanking": [3, [1, 2]], "preferences": []},
            {"name": "B", "options": [1], "preferenceRanking": [2, 1, 3], "preferences": []},
        ],
        "infeasibles": [[[0, "Y"], [1, "Y"]]],
        "useManualPreferenceRanking": True,
    }
    case = read_text(from_gmcr(json.dumps(save), name="x/two.gmcr").text)
    assert case.file.title == "two" and case.file.levers["a.stop"].one_way == "up"
    assert case.file.ranking["a"] == ("3", ("1", "2"))
    save["useManualPreferenceRanking"] = False
    save["decisionMakers"][0]["preferences"] = [[[1, "Y"]], {"compound": True, "members": [[[0, "Y"]], [[0, "N"], [1, "N"]]]}]
    wants = read_text(from_gmcr(json.dumps(save)).text).file.wants["a"]
    assert [want.that for want in wants] == ["b.pay", "(a.stop) or (not a.stop and not b.pay)"]


@spread("name", catalogue(), first=4)
def test_the_catalogue_reads_checks_and_fits_the_schema(name):
    case = read(name)
    assert check(case).worst() != "error"
    value, _ = load(case.text, None)
    assert [error.message for error in whole_schema().iter_errors(value)] == []


@cache
def whole_schema() -> jsonschema.Draft202012Validator:
    """What the schema says, with what it refers to in its place: references take three quarters of the time."""
    stated = schema()
    jsonschema.Draft202012Validator.check_schema(stated)

    def filled(part):
        if isinstance(part, dict) and "$ref" in part:
            return stated["$defs"][part["$ref"].removeprefix("#/$defs/")]
        if isinstance(part, dict):
            part.update({key: filled(value) for key, value in part.items()})
        return [filled(each) for each in part] if isinstance(part, list) else part

    return jsonschema.Draft202012Validator(filled(stated))


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_new_case_is_clean_but_for_what_is_to_be_replaced_and_can_be_edited_without_losing_comments(language, tmp_path):
    case = read_text(new('A "title": with # signs', language=language))
    assert [(each.code, each.severity, each.parts["n"]) for each in check(case).findings] == [("check/to-be-replaced", "warning", 10)]
    backed = case
    while left := check(backed).findings:  # the finding leads from line to line, until each is backed
        backed = read_text(edited(backed, {f"{left[0].place.at}.assumed": "the two have said so"}))
        assert sum(each.parts["n"] for each in check(backed).findings) == left[0].parts["n"] - 1
    changed = read_text(edited(case, {"levers.a.stops.now": "yes", "wants.a[0].is": "other"}))
    assert changed.text.count("#") == case.text.count("#")
    assert {c.at for c in diff(case, changed).changes} == {"levers.a.stops.now", "wants.a[0].is"}
    write(changed, tmp_path / "new" / "case.yaml")
    assert read(tmp_path / "new").digest == changed.digest
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["case.yaml"]


def test_a_moved_want_reads_as_moved():
    wants = ["wants:\n  a:\n", "    - {that: a.stops, assumed: x}\n", "    - {that: b.stops, assumed: x}\n"]
    old, new_ = (read_text(HEAD + LEVERS + "".join(order)) for order in (wants, [wants[0], wants[2], wants[1]]))
    assert {c.kind for c in diff(old, new_).changes} == {"moved"}
    assert not diff(old, old).changes


def codes(text: str) -> set[str]:
    return {finding.code for finding in check(read_text(text)).findings}


@pytest.mark.parametrize(
    ("code", "rest"),
    [
        ("check/idle-lever", ""),
        ("check/no-basis", "wants: {a: [{that: a.stops}]}\n"),
        ("check/weights-on-ordinal", "wants: {a: [{that: a.stops, worth: 2, assumed: x}, {that: b.stops, assumed: x}]}\n"),
        ("check/present-banned", "never: [{that: not a.stops, assumed: x}]\n"),
        ("check/no-state", "present: unknown\nnever: [{that: a.stops and b.stops, assumed: x}, {that: not a.stops, assumed: x}, {that: not b.stops, assumed: x}]\n"),
        ("check/no-state", "never: [{that: a.stops or not a.stops, assumed: x}]\n"),
        ("check/no-state", "terms: {all: 'true'}\npresent: unknown\nnever: [{that: all, assumed: x}]\n"),
        ("check/red-line-broken", "wants: {a: [{that: a.stops, red_line: true, assumed: x}]}\n"),
        ("check/empty-want", "wants: {a: [{that: a.stops or not a.stops, assumed: x}]}\n"),
        ("check/empty-want", "wants: {a: [{that: a.stops, assumed: x}, {that: (a.stops), assumed: x}]}\n"),
        ("check/ban-traps", "terms: {truce: a.stops}\nnever: [{that: b.stops and not a.stops, assumed: x}]\n"),
    ],
)
def test_what_is_doubtful_is_found_and_not_in_a_clean_case(code, rest):
    assert code in codes(HEAD + LEVERS + rest)
    assert code not in codes(new("T"))


def test_guards_that_never_hold_and_parties_that_cannot_move_are_found():
    text = HEAD + "levers:\n  a.stops: {is: x, assumed: x, needs: {yes: a.stops and not a.stops}}\n"
    assert {"check/guard-never-holds", "check/party-cannot-move"} <= codes(text)


def test_a_guard_where_the_ban_was_does_not_trap():
    guard = "levers:\n  a.stops: {is: x, assumed: x}\n  b.stops: {is: x, assumed: x, needs: {yes: a.stops}}\nterms: {truce: a.stops}\n"
    assert "check/ban-traps" not in codes(HEAD + guard)


def test_unused_claims_and_long_quotes_are_found():
    source = "sources: {s: {title: S, sha256: '" + "0" * 64 + "'}}\n"
    claims = "claims: {c: {source: s, quote: 'a b c d e f g h i j k l m', gloss: g}}\n"
    assert {"check/unused-claim", "check/long-quote", "check/quotes-unchecked"} <= codes(HEAD + source + claims)


@pytest.mark.parametrize(("text", "says"), [("a.x and   $ b", "'$' means nothing here (character 11"), ("\t~", "'~' means nothing here (character 2"), ("(a.x) ¿", "'¿'")])
def test_a_sign_without_a_meaning_is_named_with_its_place(text, says):
    with pytest.raises(CaseError) as refused:
        parse(text)
    assert says in str(refused.value)


def test_what_a_case_says_of_today_and_its_settings_is_nobodys_to_change():
    case = read("example/en")
    now, settings_ = dict(case.now), dict(case.settings)
    for told in (case.now, case.settings):
        told.clear()
    assert (case.now, case.settings) == (now, settings_) and conflict(case).graph.n_states
