"""What is open on a screen follows the case, whoever changes it; and nobody's letters are lost on the way."""

from __future__ import annotations

import re

import pytest

from tests.depth import in_depth
from tests.web.conftest import expect, go, settled, until

TWO = """bestand: 1
title: Two
parties: {a: {name: Aye}, b: {name: Bee}}
sources: {s: {title: S, sha256: "0000000000000000000000000000000000000000000000000000000000000000", file: s.txt}}
claims:
  c1: {source: s, quote: one, gloss: the first}
  c2: {source: s, quote: two, gloss: the second}
levers:
  a.stops: {is: it stops, odds: {no: 0.5, yes: 0.5}, assumed: so}
  b.pays: {is: it pays, assumed: so}
terms: {calm: a.stops, paid: b.pays}
wants:
  a: [{that: b.pays, is: the money, assumed: so}, {that: a.stops, is: some rest, assumed: so}]
  b: [{that: a.stops, is: the calm, assumed: so}]
"""


@pytest.fixture
def two(serve):
    return serve(TWO)


def plain(served):
    return served.bench.desk.sheet.plain


def set_(at, value):
    return {"op": "set", "at": at, "value": value}


def held_back(page, path):
    """What the page asks there, until it is let go: a server, or a network, that is slow."""
    held = []
    page.route(path, lambda asked: held.append(asked))  # noqa: PLW0108

    def let_go():
        until(lambda: held or page.wait_for_timeout(20))
        held.pop(0).continue_()
        page.unroute(path)

    return let_go


def test_what_is_typed_on_while_a_field_is_being_saved_stays_and_is_saved_too(two, visit):
    page = visit(two, "build/levers/a.stops", ready="main")
    let_go = held_back(page, "**/edit")
    field = page.get_by_label("in words", exact=True)
    field.fill("it halts")
    field.press("Enter")
    field.press("End")
    field.press_sequentially(" for good")
    let_go()
    until(lambda: plain(two)["levers"]["a.stops"]["is"] == "it halts")
    settled(page)
    expect(field).to_have_value("it halts for good")
    field.press("Tab")
    until(lambda: plain(two)["levers"]["a.stops"]["is"] == "it halts for good")
    page.get_by_role("button", name="Undo").click()
    expect(field).to_have_value("it halts")


@in_depth
def test_fields_of_numbers_that_go_together_keep_what_is_typed_while_they_are_saved_and_follow_what_is_said_elsewhere(two, visit):
    page = visit(two, "build/levers/a.stops", ready="main")
    let_go = held_back(page, "**/edit")
    chances = {name: page.get_by_label(f"chance of {name}") for name in ("no", "yes")}
    chances["no"].fill("0.4")
    chances["yes"].fill("0.6")
    page.get_by_role("button", name="Keep").click()
    chances["no"].fill("0.3")
    let_go()
    until(lambda: plain(two)["levers"]["a.stops"]["odds"] == {"no": 0.4, "yes": 0.6})
    settled(page)
    expect(chances["no"]).to_have_value("0.3")
    two.edited(set_(["levers", "a.stops", "odds"], {"no": 0.1, "yes": 0.9}))
    expect(chances["no"]).to_have_value("0.1")
    two.edited({"op": "remove", "at": ["levers", "a.stops", "odds"]})
    expect(chances["no"]).to_have_count(0)


@in_depth
def test_an_open_condition_follows_what_is_said_elsewhere_and_is_not_put_back_when_it_is_left(two, visit):
    page = visit(two, "build/terms/calm", ready="main")
    page.locator(".opened .condition button.code").first.click()
    editor = page.locator(".opened .cm-content").first
    expect(editor).to_be_focused()
    two.edited(set_(["terms", "calm"], "not a.stops"))
    expect(editor).to_have_text("not a.stops")
    page.keyboard.press("Escape")
    expect(page.locator(".opened .condition button.code").first).to_have_text("not a.stops")
    settled(page)
    assert plain(two)["terms"]["calm"] == "not a.stops"


@in_depth
def test_a_condition_that_is_given_up_stands_as_it_stood(two, visit):
    page = visit(two, "build/terms/calm", ready="main")
    shown = page.locator(".opened .condition button.code").first
    shown.click()
    expect(page.locator(".opened .cm-content").first).to_be_focused()
    held = []
    page.route("**/condition", lambda asked: held.append(asked))  # noqa: PLW0108
    page.keyboard.press("Control+a")
    page.keyboard.type("(b.pays)")
    page.keyboard.press("Escape")
    if page.locator(".opened .cm-content").count():  # the first closes a list of names
        page.keyboard.press("Escape")
    expect(shown).to_have_text("a.stops")
    for asked in held:
        asked.continue_()
    settled(page)
    page.wait_for_function("since => Date.now() - since > 700", arg=page.evaluate("Date.now()"))  # longer than a condition that reads waits before it is saved
    settled(page)
    assert two.bench.desk.sheet.version == 1


@in_depth
def test_a_link_to_another_line_of_a_list_or_another_claim_of_a_source_opens_it(two, visit):
    page = visit(two, "build/wants/a/0", ready="main")
    opened = page.locator("main .ordered button.entry[aria-expanded=true]")
    expect(opened).to_contain_text("the money")
    go(page, "build/wants/a/1")
    expect(opened).to_contain_text("some rest")
    go(page, "read/s/c1")
    pressed = page.locator("aside .claims button[aria-pressed=true]")
    expect(pressed).to_contain_text("the first")
    go(page, "read/s/c2")
    expect(pressed).to_contain_text("the second")


@in_depth
def test_a_walk_from_another_state_begins_there(two, visit):
    page = visit(two, "moves", ready="main")
    page.locator(".graph .box:not(.now)").first.click()
    page.get_by_role("link", name="Walk from here").click()
    here = page.locator(".here h2")
    expect(here).to_be_visible()
    expect(here).not_to_have_text("Today")
    go(page, "walk/now")
    expect(here).to_have_text("Today")
    page.locator("button.move").first.click()
    expect(page.locator(".trail li")).to_have_count(2)


@in_depth
def test_a_statement_that_is_switched_off_stays_so_wherever_it_comes_to_stand(two, visit):
    page = visit(two, "carries", ready="main")
    switch = page.get_by_role("switch", name=re.compile("some rest"))
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    two.edited({"op": "order", "at": ["wants", "a"], "items": [1, 0]})
    expect(page.locator(".switchlist li.off")).to_have_count(1)
    expect(switch).to_have_attribute("aria-checked", "false")
    two.edited({"op": "order", "at": ["wants", "a"], "items": [1]})
    expect(page.locator(".switchlist li.off")).to_have_count(0)
    settled(page)
    expect(page.locator("main .problems")).to_have_count(0)


@in_depth
def test_what_is_asked_of_deals_is_of_what_the_case_still_has(two, visit):
    page = visit(two, "deals", ready="main")
    page.locator("#goal").select_option("paid")
    page.locator("fieldset.switches input").first.uncheck()
    page.locator("details.switches summary").click()
    page.get_by_role("checkbox", name=re.compile("the money")).uncheck()
    settled(page)
    demands = page.locator("details.switches label")
    expect(demands).to_contain_text(["the money", "some rest", "the calm"])  # without the first the second is not called like it
    page.get_by_role("checkbox", name=re.compile("the money")).check()
    page.get_by_role("checkbox", name=re.compile("some rest")).uncheck()
    settled(page)
    two.edited({"op": "remove", "at": ["terms", "paid"]}, {"op": "order", "at": ["wants", "a"], "items": [1, 0]})
    expect(page.locator("#goal option[value=paid]")).to_have_count(0)
    expect(page.get_by_role("checkbox", name=re.compile("some rest"))).not_to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile("the money"))).to_be_checked()
    settled(page)
    assert two.json("POST", "/rename", {"version": two.bench.desk.sheet.version, "section": "parties", "name": "a", "to": "c"})[0] == 200
    expect(page.locator("fieldset.switches input").first).to_be_checked()
    settled(page)
    expect(page.locator("main .problems")).to_have_count(0)


@in_depth
def test_the_text_says_no_longer_what_was_wrong_once_it_is_put_right_elsewhere(two, visit):
    page = visit(two, "text", ready="main", expected=("422",))  # what does not read is not compared
    expect(page.locator(".cm-content")).to_contain_text("title: Two")
    two.path.write_text(TWO.replace("title: Two", "title: Two\nnosuch: 1"), encoding="utf-8")
    page.get_by_role("button", name="Take").click()
    expect(page.locator("#outside-title")).to_have_count(0)
    expect(page.locator("main .problems")).to_contain_text("nosuch")
    assert two.json("POST", "/undo", {"version": two.bench.desk.sheet.version})[0] == 200
    expect(page.locator(".cm-content")).not_to_contain_text("nosuch")
    expect(page.locator("main .problems")).to_have_count(0)


@in_depth
def test_a_text_that_comes_late_does_not_stand_for_the_newest(two, visit):
    page, held = visit(two, "build", ready="main"), []
    page.route("**/text", lambda asked: held.append((asked, asked.fetch())))
    go(page, "text")
    until(lambda: held or page.wait_for_timeout(20))
    two.edited(set_(["title"], "Three"))
    expect(page.locator(".bar .title")).to_have_text("Three")
    for n in range(2):  # the text of before, and what is asked for when that has come
        until(lambda: len(held) > n or page.wait_for_timeout(20))  # noqa: B023
        asked, told = held[n]
        asked.fulfill(response=told)
    expect(page.locator(".cm-content")).to_contain_text("title: Three")


@in_depth
def test_a_screen_of_another_case_begins_afresh(serve, visit):
    served = serve("example/en")
    (served.folder / "other.yaml").write_text(TWO, encoding="utf-8")
    page = visit(served, "carries")
    page.get_by_role("switch").first.click()
    expect(page.locator(".switchlist li.off")).to_have_count(1)
    settled(page)  # what is asked of the one case is answered before the other is opened
    status, told = served.json("GET", "/cases")
    other = next(each["case"] for each in told["cases"] if each["title"] == "Two")
    assert served.json("POST", "/open", {"case": other})[0] == 200, status
    expect(page.locator(".bar .title")).to_have_text("Two")
    expect(page.locator(".switchlist li").first).to_be_visible()
    expect(page.locator(".switchlist li.off")).to_have_count(0)


@in_depth
def test_proposals_are_decided_on_as_fast_as_keys_are_pressed(serve, visit):
    served = serve("bestand: 1\ntitle: Two\nparties: {aye: {name: Aye}, bee: {name: Bee}}\nlevers: {aye.stops: {is: it stops, assumed: so}}\n")
    status, told = served.ask("POST", "/document?name=said.txt", b"Aye will withdraw its troops from the valley. Bee promised to pay for the bridge. Aye demands that Bee opens the road.", Content_Type="application/octet-stream")[:2]
    assert status == 200, told
    page = visit(served, "read", ready="main")
    page.get_by_role("button", name=re.compile("Propose")).click()
    waiting = page.locator(".proposal")
    expect(waiting.first).to_be_visible()
    settled(page)
    before = waiting.count()
    assert before > 2
    waiting.first.focus()
    let_go = held_back(page, "**/decide")
    waiting.nth(0).press("a")
    waiting.nth(1).press("a")
    let_go()
    until(lambda: served.bench.desk.sheet.version >= 3 or page.wait_for_timeout(20))
    settled(page)
    expect(page.locator(".proposals .problems")).to_have_count(0)
