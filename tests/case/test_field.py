"""What users of neighbouring tools reported, each with its right value; the inputs lie in tests/field."""

from __future__ import annotations

import pathlib

import pytest

from bestand.case.read import read, read_text
from bestand.checks.check import check
from bestand.errors import BestandError

FIELD = pathlib.Path(__file__).parents[1] / "field"


def found(name: str) -> list[tuple[str, str]]:
    return [(each.code, each.place.at) for each in check(read(FIELD / name, sources=FIELD / "docs")).findings]


def without(name: str, *claims: str) -> str:
    """The case without some of its claims, where that is what makes it readable."""
    lines = [line for line in (FIELD / name).read_text("utf-8").splitlines() if not line.strip().startswith(tuple(f"{claim}:" for claim in claims))]
    return "\n".join(lines).replace("c1, c2, c3", "c1, c3").replace("c3, c4, c5", "c3, c5") + "\n"


@pytest.mark.parametrize(("name", "refused", "status"), [("01-docx-tracked-and-table.yaml", "c2", "tracked-changes"), ("22-html-blocks-and-struck-text.yaml", "c4", "struck-out")])
def test_documents_are_read_as_a_person_sees_them(name, refused, status, tmp_path):
    with pytest.raises(BestandError) as caught:
        read(FIELD / name, sources=FIELD / "docs")
    assert [(problem.code, problem.place.at) for problem in caught.value.problems] == [("evidence/not-found", f"claims.{refused}.quote")]
    case = read_text(without(name, refused), path=FIELD / name, sources=FIELD / "docs")
    assert {quote.status for quote in case.quotes.values()} == {"checked"}
    assert f"check/{status}" in [each.code for each in check(case).findings]


def test_invisible_controls_fold_away():
    assert found("24-bidi-controls.yaml") == []


def test_a_negative_worth_and_an_order_against_the_weights_are_findings():
    assert found("03-negative-worth-inverted.yaml") == [("check/negative-worth", "wants.a[0]")]
    assert found("28-order-against-weight.yaml") == [("check/order-against-weights", "wants.a[1]")]


def test_a_decimal_comma_is_put_right():
    with pytest.raises(BestandError, match=r"a number with a decimal point is expected(.|\n)*write 0\.5"):
        read(FIELD / "26-decimal-comma.yaml")


def test_impossible_dates_and_unknown_names_are_findings():
    named = [each for each in found("32-nonsense-dates.yaml") if each[0] != "check/no-basis"]
    dates = [("check/impossible-date", at) for at in ("as_of", "talks.t1.date", "incidents.i1.date")]
    assert named == [*dates, ("check/unknown-party", "talks.t2.between[1]")]


HEAD = "bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B, also: [Bee], members: [Bo]}}\n"
LEVERS = "levers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}}\n"


def codes(text: str) -> set[tuple[str, object]]:
    return {(each.code, each.parts.get("lever")) for each in check(read_text(text)).findings}


@pytest.mark.parametrize(
    "used",
    ["wants: {a: [{that: b.y, assumed: t}]}", "never: [{that: a.x and b.y, assumed: t}]", "terms: {t: b.y}\nwants: {a: [{that: t, assumed: t}]}", "events: {e: {sets: {b.y: yes}, per_month: 1, assumed: t}}", "events: {e: {sets: {a.x: yes}, when: b.y, per_month: 1, assumed: t}}", "zones: {z: {name: Z, width_km: 1, attacker: a, attack: a.x, surge_k: 1, assumed: t, guards: [{party: b, lever: b.y, troops_k: {yes: 1}, assumed: t}]}}", "deterrence: {truce: a.x, hub: {name: H, lever: b.y, arrival_factor: {}, assumed: t}}"],
)
def test_a_lever_that_something_uses_is_not_idle(used):
    assert ("check/idle-lever", "b.y") not in codes(HEAD + LEVERS + used)


def test_a_lever_that_only_a_guard_uses_is_not_idle():
    guarded = "levers: {a.x: {is: x, assumed: t, needs: {yes: b.y}}, b.y: {is: y, assumed: t}}\nwants: {a: [{that: a.x, assumed: t}]}"
    assert not [code for code, _ in codes(HEAD + guarded) if code in ("check/idle-lever", "check/unwanted-lever")]


@pytest.mark.parametrize("unused", ["", "terms: {t: b.y}", "hypotheses: {h: {claim: c, assumed: t, test: {ask: rests, that: b.y}}}", "views: {v: {vary: [b.y]}}"])
def test_a_lever_that_nothing_in_use_touches_is_said(unused):
    assert ("check/idle-lever", "b.y") in codes(HEAD + LEVERS + "wants: {a: [{that: a.x, assumed: t}]}\n" + unused)


def test_a_lever_that_nobody_has_a_reason_to_move_is_noted():
    truce = "deterrence: {truce: not b.y}\nwants: {a: [{that: a.x, assumed: t}]}"
    assert ("check/unwanted-lever", "b.y") in codes(HEAD + LEVERS + truce)


@pytest.mark.parametrize(("parties", "told"), [("{a: {name: Same}, b: {name: same}}", True), ("{a: {name: A, also: [Bee]}, b: {name: Bee}}", True), ("{a: {name: A, also: [A]}, b: {name: B}}", False)])
def test_parties_that_cannot_be_told_apart_are_findings(parties, told):
    assert (("check/equal-names", None) in codes(f"bestand: 1\ntitle: T\nparties: {parties}\n{LEVERS}")) == told


@pytest.mark.parametrize(
    ("lever", "more", "told"),
    [
        ("one_way: up", "", False), ("one_way: down", "", True), ("one_way: down, now: yes", "", False), ("one_way: up, now: yes", "", True),
        ("one_way: down, odds: {no: 0.5, yes: 0.5}", "", False), ("one_way: down", "present: unknown", False),
        ("one_way: down", "events: {e: {sets: {a.x: yes}, per_month: 1, assumed: t}}", False), ("one_way: down", "events: {e: {sets: {a.x: no}, per_month: 1, assumed: t}}", True),
    ],
)
def test_a_party_can_move_from_wherever_its_lever_may_come_to_stand(lever, more, told):
    text = f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}}}\nlevers: {{a.x: {{is: x, assumed: t, {lever}}}}}\n{more}\n"
    assert ("check/party-cannot-move" in [code for code, _ in codes(text)]) == told


@pytest.mark.parametrize("nothing", ["", " ", "\\u200b", "\\u3164", "\\u2800", "\\ufe0f", "\\U000e0041"])
@pytest.mark.parametrize("at", ["title", "parties.b.name", "parties.b.members[0]", "levers.a.x.is", "levers.a.x.told.yes", "talks.t.is"])
def test_words_of_which_a_reader_sees_nothing_are_findings_wherever_they_stand(at, nothing):
    words = dict.fromkeys(["title", "parties.b.name", "parties.b.members[0]", "levers.a.x.is", "levers.a.x.told.yes", "talks.t.is"], "W")
    title, name, member, label, told, talk = (words | {at: nothing}).values()
    text = f'''bestand: 1\ntitle: "{title}"\nparties: {{a: {{name: A}}, b: {{name: "{name}", members: ["{member}"]}}}}
levers: {{a.x: {{is: "{label}", told: {{yes: "{told}"}}}}}}\ntalks: {{t: {{is: "{talk}", between: [a, b]}}}}\n'''
    left_out = not nothing and at.endswith("told.yes")
    assert [each.place.at for each in check(read_text(text)).findings if each.code == "check/unseen-words"] == ([] if left_out else [at])


def test_words_that_have_nothing_to_see_in_one_of_their_languages_are_findings():
    text = f"bestand: 1\ntitle: T\nparties: {{a: {{name: {{en: A, nl: '\u200b '}}}}, b: {{name: …}}}}\n{LEVERS}"
    assert [each.place.at for each in check(read_text(text)).findings if each.code == "check/unseen-words"] == ["parties.a.name"]


@pytest.mark.parametrize(
    ("between", "alone"),
    [("a, b", False), ("Россия, B", False), ("a, Ro\u200bme", False), ("a", True), ("", True), ("a, Россия", True), ("b, Rome", True), ("B, b ", True)],
)
def test_a_talk_is_between_two_by_whatever_names_they_go(between, alone):
    parties = "parties: {a: {name: Россия}, b: {name: B, also: [Rome]}}"
    given = codes(f"bestand: 1\ntitle: T\n{parties}\n{LEVERS}talks: {{t: {{is: q, assumed: t, between: [{between}]}}}}\n")
    assert ("check/lone-talk" in [code for code, _ in given]) == alone
    assert "check/unknown-party" not in [code for code, _ in given]


@pytest.mark.parametrize(
    ("levers", "told"),
    [
        ("a.x: {is: strikes}, a.y: {is: Strikes}", {("check/equal-levers", None)}),
        ("a.x: {is: strikes}, b.y: {is: strikes}", set()),  # of two parties: each is told with its own
        ("a.x: {is: strikes}, b.y: {is: works, meaning: {no: as ever, yes: As ever}}", {("check/equal-settings", "b.y")}),
        ("a.x: {is: strikes}, b.y: {is: works, meaning: {no: as ever, yes: less}}", set()),
        ("a.x: {is: strikes}, b.y: {is: works, told: {no: b rests, yes: B  rests}}", {("check/equal-settings", "b.y")}),
        ("a.x: {is: strikes}, b.y: {is: works, told: {no: b rests, yes: b works}, meaning: {no: b works}}", set()),
    ],
)
def test_levers_and_settings_that_cannot_be_told_apart_are_findings(levers, told):
    given = codes(f"bestand: 1\ntitle: T\nparties: {{a: {{name: A}}, b: {{name: B}}}}\nlevers: {{{levers}}}\n")
    assert {(code, lever) for code, lever in given if code.startswith("check/equal-")} == told


@pytest.mark.parametrize(("who", "known"), [("a", True), ("Bee", True), ("bo", True), ("B", True), ("Bob", False)])
def test_who_talks_is_known_by_any_name_of_a_party(who, known):
    for text in (f"talks: {{t: {{is: t, between: [a, {who}]}}}}", f"incidents: {{i: {{is: i, framings: [{{by: {who}, as: x}}]}}}}"):
        assert (("check/unknown-party", None) not in codes(HEAD + LEVERS + text)) == known


@pytest.mark.parametrize("date", ["2025-02-29", "2025-00-01", "31-06-2025", "2025/13/01", "0025-04-01", "2013-39", "99.01.2025"])
def test_days_that_no_calendar_has_are_findings(date):
    assert ("check/impossible-date", None) in codes(HEAD + LEVERS + f"incidents: {{i: {{is: i, date: '{date}'}}}}")


@pytest.mark.parametrize("date", ["2024-02-29", "2025-04", "25/04/2025", "4/25/2025", "spring 2025", "Thursday of the week before", "2025-04-25T10:00", "1950"])
def test_other_dates_are_none(date):
    assert ("check/impossible-date", None) not in codes(HEAD + LEVERS + f"incidents: {{i: {{is: i, date: '{date}'}}}}")


def test_findings_carry_the_data_of_their_sentence():
    [each] = check(read(FIELD / "28-order-against-weight.yaml")).findings
    assert each.saying == "check/order-against-weights" and each.parts == {"party": "a", "first": "a.x", "second": "a.y"}
