"""What changed between two versions is told as one who edited it would: an edited line is edited, and nothing else changed."""

from __future__ import annotations

import pathlib
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestand.case.read import read, read_text
from bestand.changes.beside import mixed
from bestand.changes.between import between
from bestand.changes.diff import as_written, diff
from bestand.graph.conflict import conflict
from bestand.report.since import change_words, since_told
from bestand.study.flips import flips
from bestand.telling.telling import Telling
from bestand.telling.words import words
from bestand.web.renamed_parts import NewPart, carried_part
from tests.depth import in_depth, spread
from tests.edited_cases import EDITS, add_want, case_of, doubt, move_want, odds, one_edit, rename_term, say_otherwise

HEAD = "bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B}}\nlevers: {a.x: {is: x, assumed: t}, b.y: {is: y, assumed: t}}\n"
ZONE = "zones: {z: {name: Z, width_km: 10, attacker: a, attack: %s, surge_k: 1, assumed: t}}\ndeterrence: {truce: %s, breach: %s}\n"


def changes(old: str, new: str) -> list[tuple[str, str]]:
    return [(change.kind, change.at) for change in diff(read_text(HEAD + old), read_text(HEAD + new)).changes]


def wants(*lines: str) -> str:
    return "wants: {a: [" + ", ".join(f"{{that: {line}, assumed: t}}" for line in lines) + "]}\n"


@pytest.mark.parametrize("place", range(3))
def test_conditions_of_zones_are_the_same_however_they_are_written(place):
    one, other = ["a.x and b.y"] * 3, ["a.x and b.y"] * 3
    other[place] = "(a.x)  and (b.y)"
    assert changes(ZONE % tuple(one), ZONE % tuple(other)) == []


@pytest.mark.parametrize("where", ["terms: {t: %s}\n", "never: [{that: %s}]\n", "events: {e: {sets: {a.x: yes}, when: %s, per_month: 1}}\n", "levers: {a.x: {is: x, needs: {yes: %s}}, b.y: {is: y}}\n", "hypotheses: {h: {claim: c, test: {ask: rests, that: %s, from: b.y}}}\n"])
def test_conditions_are_the_same_wherever_they_stand(where):
    head = HEAD if not where.startswith("levers") else HEAD.partition("levers")[0]
    old, new = (read_text(head + where % text) for text in ("a.x or b.y", "((a.x) or b.y)"))
    assert diff(old, new).changes == ()


RATES = "parties: {a: {name: A}, b: {name: B}, world: {name: W, chance: true, assumed: t}}\nlevers: {a.x: {is: x}, b.y: {is: y}, world.w: {is: w, up: [%s], assumed: t}}\nevents: {e: {sets: {world.w: yes}, per_month: [%s], assumed: t}}\n"


@pytest.mark.parametrize(
    ("up", "monthly", "told"),
    [
        ("{when: (a.x) and  b.y, value: 0.1}, {when: not(b.y), value: 2}", "{when: ((b.y)), value: 0.25}, {when: a.x, value: 1}", []),
        ("{when: a.x and b.y, value: 0.1000001}, {when: not b.y, value: 2}", "{when: b.y, value: 0.25}, {when: a.x, value: 1}", ["levers.world.w.up[0]"]),
        ("{when: a.x or b.y, value: 0.1}, {when: not b.y, value: 2}", "{when: b.y, value: 0.25}, {when: a.x, value: 1}", ["levers.world.w.up[0]"]),
        ("{when: a.x and b.y, value: 0.1}, {when: not b.y, value: 2}", "{when: b.y, value: 0.5}, {when: a.x, value: 1}", ["events.e.per_month[0]"]),
    ],
)  # fmt: skip
def test_a_rate_of_several_is_edited_in_its_place_and_its_condition_is_the_same_however_written(up, monthly, told):
    head = "bestand: 1\ntitle: T\n"
    old = RATES % ("{when: a.x and b.y, value: 0.1}, {when: not b.y, value: 2}", "{when: b.y, value: 0.25}, {when: a.x, value: 1}")
    changed = diff(read_text(head + old), read_text(head + RATES % (up, monthly))).changes
    assert [each.at for each in changed] == told and all(each.before != each.after for each in changed)


def test_a_want_that_a_framing_shifts_is_the_same_however_it_is_written():
    framed = HEAD + "incidents: {i: {is: i, framings: [{by: a, as: w, lever: a.x, shifts: {b: [to rest]}, assumed: t}], assumed: t}}\nwants: {b: [{that: %s, is: to rest, assumed: t}]}\n"
    assert diff(read_text(framed % "a.x and b.y"), read_text(framed % "(a.x) and (b.y)")).changes == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (wants("a.x", "b.y", "a.x and b.y"), wants("a.x", "not b.y", "a.x and b.y"), [("edited", "wants.a[1]")]),
        (wants("a.x", "b.y"), wants("b.y", "a.x"), [("moved", "wants.a[1]")]),
        (wants("a.x", "b.y"), wants("b.y"), [("removed", "wants.a[0]")]),
        (wants("b.y"), wants("a.x", "b.y"), [("added", "wants.a[0]")]),
        (wants("a.x"), wants("b.y or a.x and b.y"), [("removed", "wants.a[0]"), ("added", "wants.a[0]")]),
        ("wants: {a: [{that: a.x, is: to win, assumed: t}]}", "wants: {a: [{that: b.y, is: to win, assumed: t}]}", [("edited", "wants.a[0]")]),
        ("wants: {a: [{that: a.x, worth: 2, assumed: t}]}", "wants: {a: [{that: a.x, worth: {value: 3, range: [1, 5], assumed: a guess, cite: c}, assumed: t}]}", [("changed", "wants.a[0].worth")]),
        ("wants: {a: [{that: a.x, worth: 2}]}", "wants: {a: [{that: a.x, worth: {value: 2}}]}", []),
        ("parties: {a: {name: A}}\nlevers: {}", "parties: {a: {name: {en: A, nl: B}}}\nlevers: {}", [("changed", "parties.a.name")]),
        ("terms: {t: a.x}", "terms: {t: {that: (a.x), is: it holds}}", [("added", "terms.t.is")]),
        ("unsaid: [{what: w, instead: i}]", "unsaid: [{what: w, instead: j}]", [("changed", "unsaid[0].instead")]),
    ],
)
def test_one_edit_is_one_change(old, new, told):
    if old.startswith("parties"):
        lead = "bestand: 1\ntitle: T\n"
        assert [(c.kind, c.at) for c in diff(read_text(lead + old), read_text(lead + new)).changes] == told
        return
    assert changes(old, new) == told


conditions = st.lists(st.sampled_from(["a.x", "b.y", "not a.x", "not b.y", "a.x or b.y", "a.x and b.y"]), unique=True, max_size=6)


@given(conditions, conditions)
def test_every_line_is_kept_or_told(old, new):
    found = diff(read_text(HEAD + wants(*old)), read_text(HEAD + wants(*new))).changes
    count = {kind: sum(change.kind == kind for change in found) for kind in ("added", "removed", "edited", "moved")}
    if old and new:
        assert len(old) - count["removed"] + count["added"] == len(new)
    assert bool(found) == (old != new)


def test_a_case_is_the_same_as_itself():
    case = read("ukraine/2025-04")
    assert diff(case, case).changes == ()


@pytest.fixture(scope="module")
def catalogue_cases():
    names = ("example/en", "invented/mountain-road", "invented/harbour-strike", "literature/hipel-1980/garrison-diversion")
    return [case_of(as_written(read(name))) for name in names]


@spread("edit", EDITS, ids=lambda edit: edit.__name__, first=1)
def test_a_random_edit_of_a_case_is_told_as_just_that_edit(edit, catalogue_cases):
    made = 0
    for seed, case in enumerate(catalogue_cases * 2):
        edited = one_edit(case, edit, random.Random(seed))
        if edited is not None:
            new, told = edited
            assert [(change.kind, change.at) for change in diff(case, new).changes] == [told], edit.__name__
            made += 1
    assert made >= 2


@spread("name", ["tests/web/every_key.yaml", "cases/example/en/case.yaml", "cases/invented/harbour-strike/case.yaml"], first=1)
def test_another_name_for_a_setting_or_a_type_is_one_change_wherever_the_case_speaks_of_it(name):
    path = pathlib.Path(__file__).parents[2] / name
    text = path.read_text(encoding="utf-8")
    case = read_text(text, path=path)
    file = case.written or case.file
    parts = [("settings", lever, setting) for lever, stated in file.levers.items() for setting in stated.settings if "settings" in stated.model_fields_set]
    parts += [("types", party, kind) for party, stated in file.parties.items() for kind in stated.types]
    for kind, of, old in parts:
        new = read_text(carried_part(text, NewPart(kind, of, old, f"{old}_new")), path=path)
        at = f"{'levers' if kind == 'settings' else 'parties'}.{of}.{kind}.{old}_new"
        assert [(c.kind, c.at, c.before, c.after) for c in diff(case, new).changes] == [("renamed", at, old, f"{old}_new")]
        assert [(c.kind, c.before, c.after) for c in diff(new, case).changes] == [("renamed", f"{old}_new", old)]
    assert parts


@pytest.mark.parametrize(
    ("edits", "told"),
    [  # a name and what it is called, or what it says; where nothing names it, one is gone and another there
        ({"{is: x": "{is: w", "a.x": "a.w"}, [("renamed", "levers.a.w"), ("changed", "levers.a.w.is")]),
        ({"{t: a.x and b.y}": "{u: a.x or b.y}", "or t}": "or u}", "that: t,": "that: u,", "not t": "not u"}, [("renamed", "terms.u"), ("changed", "terms.u.that")]),
        ({"{name: A}": "{name: C}", "{a: ": "{c: ", "a.": "c."}, [("renamed", "parties.c"), ("changed", "parties.c.name")]),
        ({"{e: {sets: {a.x: yes}": "{f: {sets: {a.x: no}"}, [("removed", "events.e"), ("added", "events.f")]),
    ],
)
def test_a_member_that_is_renamed_and_says_something_else_is_two_changes(edits, told):
    text = f"{HEAD}terms: {{t: a.x and b.y}}\nevents: {{e: {{sets: {{a.x: yes}}, per_month: 1}}}}\nviews: {{v: {{vary: [a.x, b.y]}}}}\n"
    text += "never: [{that: a.x or t}]\n" + wants("t", "a.x", "not t")
    later = text
    for before, after in edits.items():
        assert before in later
        later = later.replace(before, after)
    assert [(change.kind, change.at) for change in diff(read_text(text), read_text(later)).changes] == told


@in_depth
def test_thousands_of_names_that_came_and_went_are_told_in_seconds():
    old, new = ("terms:\n" + "".join(f"  {name}{k}: {body}\n" for k in range(4_000)) for name, body in (("t", "a.x"), ("u", "a.x or b.y")))
    began = time.process_time()
    assert len(changes(old, new)) == 8_000
    assert time.process_time() - began < 10  # in quadratic time half a minute


def test_settings_that_read_like_a_renamed_party_stay_where_chances_and_threats_go_by_them():
    text = HEAD.replace("b.y: {is: y, assumed: t}", "b.y: {is: y, settings: [a, b], odds: {a: 0.5, b: 0.5}, assumed: t}")
    text += "wants: {b: [{that: b.y = a, assumed: t}]}\n"
    new = text.replace("parties: {a: {name: A}", "parties: {c: {name: A}").replace("a.x:", "c.x:")
    assert [(change.kind, change.at) for change in diff(read_text(text), read_text(new)).changes] == [("renamed", "parties.c")]


@spread("seed", range(6), first=2)
def test_several_edits_of_different_lines_are_told_one_by_one(seed, catalogue_cases):
    rng, case = random.Random(seed), catalogue_cases[seed % 3]
    new, kinds = case, []
    for edit in rng.sample((say_otherwise, doubt, odds, rename_term, move_want, add_want), 4):
        edited = one_edit(new, edit, rng)
        if edited is not None:
            new, (kind, _) = edited
            kinds.append(kind)
    assert sorted(change.kind for change in diff(case, new).changes) == sorted(kinds)


def test_a_want_that_is_edited_and_weighed_otherwise_is_two_changes():
    old, new = wants("a.x", "b.y"), "wants: {a: [{that: not a.x, worth: 2, assumed: t}, {that: b.y, assumed: t}]}\n"
    assert changes(old, new) == [("edited", "wants.a[0]"), ("added", "wants.a[0].worth")]


def test_settings_and_words_that_happen_to_read_like_a_renamed_party_stay():
    text = HEAD.replace("b.y: {is: y, assumed: t}", "b.y: {is: y, settings: [a, b], assumed: t}") + "wants: {b: [{that: b.y = a, is: a, assumed: t}]}\n"
    new = text.replace("a: {name: A}", "c: {name: A}").replace("a.x:", "c.x:")
    assert [(c.kind, c.at) for c in diff(read_text(text), read_text(new)).changes] == [("renamed", "parties.c")]


def test_a_moved_want_is_told_by_what_it_stands_behind_and_several_moves_as_one_order():
    (one,) = diff(read_text(HEAD + wants("a.x", "b.y", "a.x and b.y")), read_text(HEAD + wants("b.y", "a.x and b.y", "a.x"))).changes
    assert (one.kind, one.at, one.before, one.after) == ("moved", "wants.a[2]", "before b.y", "behind a.x and b.y")
    (many,) = diff(read_text(HEAD + wants("a.x", "b.y", "a.x and b.y")), read_text(HEAD + wants("a.x and b.y", "b.y", "a.x"))).changes
    assert (many.kind, many.at, many.before, many.after) == ("moved", "wants.a", "a.x; b.y; a.x and b.y", "a.x and b.y; b.y; a.x")


@given(conditions.filter(bool), conditions.filter(bool), st.data())
def test_a_mixture_has_every_want_where_the_change_puts_it(old, new, data):
    both = between(read_text(HEAD + wants(*old)), read_text(HEAD + wants(*new)))
    every = range(len(both.changes))
    chosen = data.draw(st.sets(st.sampled_from(every))) if every else set()
    made = [want["that"] for want in (mixed(both.side_by_side, chosen).get("wants") or {"a": []})["a"]]
    assert [mixed(both.side_by_side, some)["wants"]["a"] for some in (set(), set(every))] == [as_written(case)["wants"]["a"] for case in (both.old, both.new)]
    for number in every:
        change = both.changes[number]
        if change.kind == "moved" and not any(each.kind == "edited" for each in both.changes):
            told = change.after if number in chosen else change.before
            if change.at.endswith("]"):
                moved = new[int(change.at[8:-1])]
                side, _, other = told.partition(" ")
                assert (made.index(moved) > made.index(other)) == (side == "behind")
                common = [each for each in made if each in old and each in new]
                assert common.index(moved) - common.index(other) == (1 if side == "behind" else -1)
            else:
                assert [each for each in made if each in old and each in new] == told.split("; ")
        if change.kind == "added":
            assert (change.after in made) == (number in chosen)


@pytest.mark.parametrize(("order", "told"), [((3, 2, 1), ("a.x (1); a.x (2); a.x (3)", "a.x (3); a.x (2); a.x (1)")), ((2, 3, 1), ("before a.x (2)", "behind a.x (3)"))])
def test_wants_that_say_the_same_are_told_apart_where_they_move(order, told):
    listed = ["wants: {a: [" + ", ".join(f"{{that: a.x, is: l{k}, assumed: t}}" for k in some) + "]}\n" for some in ((1, 2, 3), order)]
    old, new = (read_text(HEAD + text) for text in listed)
    (change,) = diff(old, new).changes
    assert (change.kind, change.before, change.after) == ("moved", *told)
    (sentence,) = since_told(flips(old, new), Telling(conflict(new), words("en"))).changes
    assert "(3)" in sentence


PORT = "bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B}}\nlevers: {%s: {is: the port is open, needs: {yes: not a.y}, assumed: t}, a.y: {is: y, assumed: t}}\nwants: {a: [{that: %s and a.y, assumed: t}], b: [{that: not %s, assumed: t}]}\nterms: {t: %s}\nevents: {e: {is: e, sets: {%s: yes}, per_month: 1, assumed: t}}\n"


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        ({}, [("given", "levers.b.x", "a", "b")]),
        ({"is: the port is open": "is: B opens"}, [("given", "levers.b.x", "a", "b"), ("changed", "levers.b.x.is", "the port is open", "B opens")]),
        ({"that: not b.x": "that: b.x"}, [("given", "levers.b.x", "a", "b"), ("edited", "wants.b[0]", "not b.x", "b.x")]),
    ],
)
def test_a_lever_in_other_hands_is_one_change_and_can_be_made_alone(edits, told):
    old = PORT % (("a.x",) * 5)
    new = PORT % (("b.x",) * 5)
    for was, now in edits.items():
        assert was in new
        new = new.replace(was, now)
    both = between(read_text(old), read_text(new))
    assert [(c.kind, c.at, c.before, c.after) for c in both.changes] == told
    assert as_written(both.case([])) == as_written(read_text(old)) and as_written(both.case(range(len(both.groups)))) == as_written(read_text(new))
    if len(told) > 1:
        given, other = both.case([0]), both.case([1])
        assert list(given.file.levers) == ["b.x", "a.y"] and str(given.file.wants["a"][0].that) == "b.x and a.y"
        assert list(other.file.levers) == ["a.x", "a.y"] and as_written(other) == as_written(read_text(_back(new, old, edits)))


def _back(new, old, edits):
    for was, now in edits.items():
        old = old.replace(was.replace("b.x", "a.x"), now.replace("b.x", "a.x"))
    return old


@pytest.mark.parametrize(("language", "told"), [("en", "now in the hands of"), ("nl", "nu in handen van")])
def test_a_lever_in_other_hands_is_told_in_words(language, told):
    old, new = (read_text(PORT % ((name,) * 5)) for name in ("a.x", "b.x"))
    (change,) = diff(old, new).changes
    assert told in change_words(change, Telling(conflict(old), words(language)), Telling(conflict(new), words(language)))


def test_levers_of_one_name_that_are_no_one_lever_go_and_come():
    old = "bestand: 1\ntitle: T\nparties: {a: {name: A}, b: {name: B}, c: {name: C}}\nlevers: {a.y: {is: y, assumed: t}, %s}\n"
    gone = "a.x: {is: A arms, settings: [no, some, all], now: some, assumed: because}"
    come = "b.x: {is: B trades, assumed: it must}"
    kinds = [c.kind for c in diff(read_text(old % gone), read_text(old % come)).changes]
    assert kinds == ["removed", "added"]
    two = "b.x: {is: the port, assumed: t}, c.x: {is: the port, assumed: t}"  # which of the two got it nobody can tell
    assert [c.kind for c in diff(read_text(old % "a.x: {is: the port, assumed: t}"), read_text(old % two)).changes] == ["removed", "added", "added"]
