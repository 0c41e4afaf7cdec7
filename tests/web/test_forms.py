"""Nothing needs the text of a case: every key of the format has a form, made from the typed model, in both languages."""

from __future__ import annotations

import pathlib
import re

import pytest

from bestand.case.kinds import kinds
from bestand.case.read import read_text, schema
from tests.depth import in_depth
from tests.web.conftest import expect, flat, go, settled, until

EVERYTHING = (pathlib.Path(__file__).parent / "every_key.yaml").read_text(encoding="utf-8")
LISTED = """bestand: 1
title: A game as published
parties: {a: {name: Aye}, b: {name: Bee}}
states: {"1": {is: the first}, "2": {is: the second}, "3": {}}
ranking: {a: ["1", ["2", "3"]], b: ["3", "2", "1"]}
graph: {now: "1", moves: {a: [["1", "2"], ["2", "1"]], b: [["2", "3"]]}}
"""


def keys_of_the_format():
    """Every model of the JSON Schema with the keys that it allows, as `Model.key`."""
    told = schema()
    parts = {"CaseFile": told, **told["$defs"]}
    return {f"{model}.{key}" for model, part in parts.items() for key in part.get("properties", {})}


def words_of_the_page():
    """What the page says by key: English and Dutch."""
    text = flat("*words.ts")
    return {name.strip('"'): (english, dutch) for name, english, dutch in re.findall(r'("[^"]+"|\w+): \["((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\]', text)}


def test_every_key_of_the_format_is_of_a_kind_that_the_page_has_a_form_for():
    page = flat("fields.tsx")
    drawn = set(re.findall(r'case "(\w+)":', page[page.index("export function KindField") : page.index("const mustBe")])) | {"text", "day", "state"}
    told = {f"{model}.{each['key']}": each for model, keys in kinds().items() for each in keys}
    assert set(told) == keys_of_the_format()
    own_screens = {"CaseFile.wants"}
    assert {where: each["kind"] for where, each in told.items() if each["kind"] not in drawn and where not in own_screens} == {}


def test_every_key_and_every_choice_has_words_in_both_languages():
    words = words_of_the_page()
    missing = []
    for model, keys in kinds().items():
        for each in keys:
            name = "section" if model == "CaseFile" and f"section_{each['key']}" in words else "field"
            if f"field_{model}_{each['key']}" not in words and f"{name}_{each['key']}" not in words:
                missing.append(f"{model}.{each['key']}")
            if each["kind"] == "choice":
                missing += [f"choice_{word}" for word in map(str, each["of"]) if f"choice_{word.replace(' ', '_')}" not in words]
    assert missing == []
    assert all(dutch for english, dutch in words.values() if english)


def test_what_a_kind_says_of_a_key_is_what_the_model_allows():
    by_key = {f"{model}.{each['key']}": each for model, keys in kinds().items() for each in keys}
    assert by_key["Want.worth"]["high"] == 1e9 and by_key["Zone.width_km"]["must"]
    assert by_key["Source.reliability"]["high"] == 1 and by_key["Clock.on"]["kind"] == "day"
    assert by_key["Guarding.troops_k"]["keys"] == {"kind": "setting"}
    assert by_key["Area.held_by"]["one"] and by_key["Event.per_month"]["kind"] == "rates"
    assert read_text(EVERYTHING).terms and read_text(LISTED).file.graph


UNFOLD = """async () => {
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    for (let still = 0; still < 3; still += 1) {  // what is folded open is drawn some frames later, and may hold more that is folded
        const closed = [...document.querySelectorAll('main details:not([open])')];
        closed.forEach(each => { each.open = true; });
        if (closed.length) still = -1;
        await frame();
    }
    return [...document.querySelectorAll('main [data-key]')].map(each => each.dataset.key);
}"""


def shown_keys(page, section):
    """The keys of which a form is shown in a section, with all that is folded away opened."""
    go(page, f"build/{section}")
    entries = page.locator("main .entries > li > a.entry, main .ordered button.entry")
    settled(page)
    found = set()
    for k in range(max(entries.count(), 1)):
        if entries.count():
            if entries.nth(k).get_attribute("aria-expanded") != "true":
                entries.nth(k).click()
            expect(entries.nth(k)).to_have_attribute("aria-expanded", "true")
            expect(page.locator("main .opened .form").first).to_be_visible()
            settled(page)
        found |= set(page.evaluate(UNFOLD))
    return found


@in_depth
def test_every_key_has_a_form_on_the_page(serve, visit):
    found = set()
    for case in (EVERYTHING, LISTED):
        served = serve(case)
        page = visit(served, "build")
        sections = page.locator("nav.sections a").evaluate_all("all => all.map(each => each.getAttribute('href').replace('#/build/', '').replace('#/build', ''))")
        found |= {f"CaseFile.{each}" for each in sections}
        for section in sections if case == EVERYTHING else ["graph", "ranking", "states"]:
            found |= shown_keys(page, section)
    assert sorted(keys_of_the_format() - found) == []


@pytest.fixture
def build(serve, visit):
    """A page of the case of everything, at a section."""
    served = serve("# kept\n" + EVERYTHING)
    page = visit(served, "build")

    def at(where):
        go(page, where)
        settled(page)
        return page

    return served, at


def text_of(served):
    return served.path.read_text(encoding="utf-8")


@in_depth
def test_a_posture_is_added_named_and_taken_out_in_the_page(build):
    served, at = build
    page = at("build/deterrence")
    page.get_by_label("Add to postures").fill("Nobody at all")
    page.get_by_label("Add to postures").press("Enter")
    until(lambda: "nobody_at_all: {is: Nobody at all, sets: {}" in text_of(served))
    held = page.locator("[data-key='Deterrence.postures']")
    name = held.locator("details[open] input[type=text]").first
    expect(name).to_have_value("nobody_at_all")
    page.get_by_role("button", name="Remove nobody_at_all").click()
    until(lambda: "nobody_at_all" not in text_of(served))
    assert text_of(served) == "# kept\n" + EVERYTHING


@in_depth
def test_a_posture_that_is_renamed_is_named_so_where_it_is_spoken_of(build):
    served, at = build
    at("build/deterrence")
    status, told = served.json("POST", "/rename", {"version": 1, "section": "deterrence.postures", "name": "full", "to": "everything"})
    assert status == 200, told
    assert "posture: everything" in text_of(served) and "everything: {is: all of it" in text_of(served)


def test_points_of_a_talk_and_clocks_carry_their_new_names_into_conditions(serve):
    case = EVERYTHING.replace("truce: calm", "truce: calm and not world.money = over and not table_price")
    served = serve(case)
    for section, name, to in (("talks.table.issues", "price", "cost"), ("clocks", "money", "purse_runs_out")):
        status, told = served.json("POST", "/rename", {"version": served.bench.desk.sheet.version, "section": section, "name": name, "to": to})
        assert status == 200, told
    assert "truce: calm and not world.purse_runs_out = over and not table_cost" in text_of(served)
    status, told = served.json("POST", "/rename", {"version": 3, "section": "clocks", "name": "purse_runs_out", "to": "1st"})
    assert status == 422 and told["problems"][0]["code"] == "web/bad-name"


@in_depth
def test_a_backstop_is_begun_from_nothing_and_its_numbers_get_a_range(serve, visit):
    served = serve("bestand: 1\ntitle: Two\nparties: {a: {name: Aye}}\nlevers:\n  a.stops: {is: it stops, assumed: so}  # kept\n")
    page = visit(served, "build/deterrence", expected=("422",))
    page.get_by_role("button", name="Begin", exact=True).click()
    page.locator("fieldset.begun .condition button").click()
    expect(page.locator(".begun .cm-content")).to_be_focused()
    page.keyboard.type("(a.stops)")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Add: backstop").click()
    page.locator("fieldset.begun").get_by_label("lever").select_option("a.stops")
    page.get_by_role("button", name="Keep").click()
    until(lambda: "strength: {no: 0.5, yes: 0.5}" in text_of(served))
    strength = page.locator("[data-key='Backstop.strength']")
    strength.locator("summary").first.click()
    low, high = strength.get_by_label("from", exact=True), strength.get_by_label("to", exact=True)
    low.fill("0,1")
    high.fill("0.9")
    high.press("Enter")
    until(lambda: "no: {value: 0.5, range: [0.1, 0.9]}" in text_of(served))
    high.fill("0.2")
    high.press("Enter")
    expect(page.locator(".range .problems")).to_contain_text("range")
    assert "a.stops: {is: it stops, assumed: so}  # kept" in text_of(served)


@in_depth
def test_what_comes_to_be_said_elsewhere_is_seen_in_a_form_that_is_open(serve, visit):
    served = serve("bestand: 1\ntitle: Two\nparties: {a: {name: Aye}}\nlevers:\n  a.stops: {is: it stops, assumed: so}\n")
    page = visit(served, "build/levers/a.stops", ready="main, .start")
    expect(page.locator("[data-key='Lever.is']")).to_be_visible()
    expect(page.locator("[data-key='Lever.odds']")).to_have_count(0)
    served.edited({"op": "set", "at": ["levers", "a.stops", "odds"], "value": {"no": 0.4, "yes": 0.6}})
    expect(page.get_by_label("chance of yes")).to_have_value("0.6")
    folded = page.locator("main .form > .key > details.fold").last
    folded.locator("summary").first.click()
    folded.locator("[data-key='Lever.one_way'] select").select_option("up")
    until(lambda: "one_way: up" in text_of(served))
    settled(page)
    expect(folded.locator("[data-key='Lever.one_way'] select")).to_have_value("up")  # what is filled in stays where it is


@in_depth
def test_moves_and_ranks_as_published_have_fields_and_the_rest_stays_as_it_was_written(serve, visit):
    served = serve(LISTED.partition("graph:")[0] + 'graph:\n  now: "1"\n  moves:\n    b:\n      - ["2", "3"]  # the only one\n')
    page = visit(served, "build/graph")
    page.get_by_label("Add to Bee", exact=True).click()
    page.get_by_label("Bee 2, from").select_option("3")
    until(lambda: served.bench.desk.sheet.plain["graph"]["moves"]["b"] == [["2", "3"], ["3", "2"]])
    page.get_by_text("as lines").click()
    field = page.get_by_label("Bee", exact=True)
    expect(field).to_have_value("2, 3\n3, 2")
    field.fill("2, 3\n3, 1")
    page.locator("h1").click()
    until(lambda: '- ["3", "1"]' in text_of(served))
    assert "# the only one" in text_of(served)
    go(page, "build/ranking")
    page.get_by_role("group", name="Bee").locator(".grip").last.focus()
    page.keyboard.press("Alt+ArrowUp")
    until(lambda: served.bench.desk.sheet.plain["ranking"]["b"] == ["3", "1", "2"])
    page.get_by_role("group", name="Bee").get_by_label("equally good … 2").select_option("3")
    until(lambda: served.bench.desk.sheet.plain["ranking"]["b"] == [["1", "3"], "2"])
    page.get_by_role("group", name="Bee").get_by_label("1: worse than the others").click()
    until(lambda: served.bench.desk.sheet.plain["ranking"]["b"] == ["3", "1", "2"])


@in_depth
def test_a_case_is_begun_with_its_parties_and_named_by_what_is_typed(serve, visit):
    served = serve(None)
    page = visit(served, ready=".ways")
    page.get_by_label("title").fill('Herring: who "owns" it')
    page.get_by_label("who is in it").fill("Norland, Sudland")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_label("whose")).to_be_visible()
    page.get_by_label("whose").select_option(label="Sudland")
    page.get_by_label("in words of the new one").fill("Sudland pays for licences")
    page.get_by_role("button", name="Add a lever").click()
    expect(page.get_by_label("name in the case")).to_have_value("sudland.pays_licences")
    made = served.bench.desk.sheet.case.file
    assert (made.title, [each.name for each in made.parties.values()], list(made.levers)) == ('Herring: who "owns" it', ["Norland", "Sudland"], ["sudland.pays_licences"])
    assert len(made.as_of) == 10
