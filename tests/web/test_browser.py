"""The page in a real browser: what an analyst does there, by mouse and by keyboard, and what she then sees."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from xml.etree import ElementTree

from bestand.case.read import read
from bestand.web import handed as web_handed
from tests.depth import in_depth
from tests.web.conftest import PATIENCE, barriers, expect, go, settled, until

SCREENS = ("start", "build", "build/parties/upper", "build/zones", "build/levers/co.pumps", "build/wants", "build/terms", "build/hypotheses/h_road", "build/claims/c6", "text", "read", "moves", "walk", "deals", "truce", "watch", "ahead", "carries", "changes", "hand", "guide/1", "answer/now/-")  # fmt: skip


def saved(page, number):
    expect(page.locator(".bar .state")).to_have_text(re.compile(rf" {number}$"))


def begun(page, condition):
    """A line that is begun by its condition, kept by Enter; in brackets, so that no completion takes the Enter."""
    expect(page.locator(".begun .cm-content")).to_be_focused()
    page.keyboard.type(f"({condition})")
    expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)
    page.keyboard.press("Enter")


def file(served):
    return read(served.path).file


def test_wants_are_put_in_order_by_mouse_and_by_keyboard_and_the_answer_follows(serve, visit):
    served = serve()
    page = visit(served, "build/wants/co")
    kinds = list(file(served).wants["co"])
    before = [want.that for want in file(served).wants["co"][kinds[0]]]
    page.emulate_media(media="print")
    assert page.locator(".ordered .inside").first.bounding_box()["width"] > 400  # on paper too they are lines of words
    page.emulate_media(media="screen")
    page.locator(".ordered > li .grip").nth(1).focus()
    page.keyboard.press("Alt+ArrowUp")
    saved(page, 2)
    assert [want.that for want in file(served).wants["co"][kinds[0]]] == [before[1], before[0], *before[2:]]
    page.wait_for_selector(".answer[aria-busy=false]")
    page.locator(".ordered > li .grip").nth(0).drag_to(page.locator(".ordered > li").nth(2))
    saved(page, 3)
    assert [want.that for want in file(served).wants["co"][kinds[0]]] == [before[0], before[2], before[1], *before[3:]]
    page.keyboard.press("Control+z")
    saved(page, 4)
    page.keyboard.press("Control+z")
    saved(page, 5)
    assert served.path.read_text(encoding="utf-8") == read("example/en").text
    page.keyboard.press("Control+Shift+z")
    saved(page, 6)


@in_depth
def test_a_sentence_that_changes_is_marked_and_says_what_it_said_before(serve, visit):
    served = serve()
    page = visit(served, "build/levers/lo.wells" if "lo.wells" in file(served).levers else "build/levers")
    served.edited({"op": "set", "at": ["levers", next(name for name in file(served).levers if name.endswith("wells")), "now"], "value": "yes"})
    page.locator(".sentences li.changed > button").first.click()
    expect(page.locator(".sentences li.changed .was").first).to_contain_text(re.compile(r"\w"))


def test_a_sentence_opens_into_both_readings_of_replies_and_what_it_leans_on(serve, visit):
    page = visit(serve(), "answer/term/truce")
    expect(page.locator("main .opened tbody tr")).to_have_count(5)
    page.locator("main .carries .statement a").first.click()
    page.wait_for_selector(".build h1")


def test_a_condition_is_completed_and_what_is_wrong_stands_under_the_word(serve, visit):
    served = serve()
    page = visit(served, "build/terms/truce")
    page.locator(".opened .condition button.code").first.click()
    editor = page.locator(".opened .cm-content").first
    expect(editor).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("not co.pu")
    expect(page.locator(".cm-tooltip-autocomplete .cm-completionLabel")).to_have_text(["co.pumps"])
    expect(page.locator(".cm-tooltip-autocomplete .cm-completionDetail")).to_contain_text("pumps")  # what the case calls it stands beside its name
    page.wait_for_function("listed => Date.now() - listed > 75", arg=page.evaluate("Date.now()"))  # so long it takes no Enter, which may have been meant for the line
    page.keyboard.press("Enter")
    expect(editor).to_have_text("not co.pumps")
    page.keyboard.type(" = nosuch")
    expect(page.locator(".cm-lintRange-error")).to_have_text("nosuch")
    page.keyboard.press("Control+a")
    page.keyboard.type("not (co.truce)  ")
    expect(page.locator(".condition .hint code").first).to_have_text("not co.truce")
    until(lambda: "not (co.truce)" in served.path.read_text(encoding="utf-8"))


def test_the_text_and_the_forms_are_one_case(serve, visit):
    served = serve()
    page = visit(served, "text")
    page.locator(".cm-line", has_text="title:").first.click()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.type(' here"')
    saved(page, 2)
    assert file(served).title.endswith(" here")
    expect(page.locator(".bar .title")).to_have_text(file(served).title)
    served.edited({"op": "set", "at": ["title"], "value": "From the forms"})
    expect(page.locator(".cm-content")).to_contain_text("From the forms")
    expect(page.locator(".cm-content")).to_contain_text("# An invented quarrel")


@in_depth
def test_a_field_that_makes_a_bad_case_says_so_beside_it_and_is_not_saved(serve, visit):
    served = serve()
    page = visit(served, "build/levers/co.pumps", expected=("422",))
    field = page.get_by_label("settings, in order")
    field.fill("only one")
    field.press("Enter")
    expect(page.locator(".field .problems")).to_contain_text(re.compile(r"\w"))
    saved(page, 1)
    assert served.path.read_text(encoding="utf-8") == read("example/en").text


def test_parties_levers_and_wants_are_made_without_the_text(serve, visit):
    served = serve('bestand: 1\ntitle: New\nparties:\n  a: {name: A}\nlevers:\n  a.stops: {is: A stops, now: no, assumed: "x"}\n')
    page = visit(served, "build/parties")
    expect(page.get_by_role("button", name="Add a party")).to_be_disabled()  # nothing stands in the case without a word for it
    page.get_by_label("name of the new one").fill("Second")
    page.get_by_role("button", name="Add a party").click()
    saved(page, 2)
    go(page, "build/wants/a")
    page.get_by_role("button", name="Add a want").click()
    page.keyboard.type("a.stops")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Add a want")).to_be_focused()
    assert "wants" not in served.bench.desk.sheet.plain  # a line that is begun counts for nothing until it is kept
    page.get_by_role("button", name="Add a want").click()
    begun(page, "a.stops")
    expect(page.get_by_label("in words", exact=True)).to_be_focused()
    saved(page, 3)
    page.get_by_role("button", name="Add a want").click()
    begun(page, "not a.stops")
    saved(page, 4)
    go(page, "build/levers")
    page.get_by_label("in words of the new one").fill("goes on")
    page.get_by_role("button", name="Add a lever").click()
    saved(page, 5)
    page.get_by_label("settings, in order").fill("none, some, all")
    page.get_by_label("settings, in order").press("Enter")
    expect(page.get_by_label("now", exact=True)).to_have_value("none")  # where it stands goes along with other settings
    made = file(served)
    assert {name: party.name for name, party in made.parties.items()} == {"a": "A", "second": "Second"}
    assert [want.that for want in made.wants["a"]] == ["(a.stops)", "(not a.stops)"]
    assert len(made.levers) == 2


@in_depth
def test_every_section_takes_a_new_member_by_its_words_and_types_and_settings_by_their_names(serve, visit):
    text = 'bestand: 1\ntitle: {en: New, nl: Nieuw}\nas_of: "2026-03-01"\nparties:\n  a: {name: A}\n  b: {name: Bellmark}\nlevers:\n  a.stops: {is: A stops, settings: [open, shut], now: open, assumed: "x"}\nterms: {shut: a.stops = shut}\nwants:\n  b:\n    - {that: a.stops = shut, assumed: "x"}\n    - {that: "true", assumed: "x"}\n'
    served = serve(text + 'sources: {s: {title: S, sha256: "' + "0" * 64 + '", file: s.txt}}\n')
    page = visit(served, "build/about")
    page.get_by_label("title (nl)").fill("Heel nieuw")
    page.get_by_label("title (nl)").press("Enter")
    saved(page, 2)
    go(page, "build/levers")
    page.get_by_label("whose").select_option("b")
    page.get_by_label("in words of the new one").fill("Pays for a gauge")
    page.get_by_role("button", name="Add a lever").click()
    expect(page.get_by_label("in words", exact=True)).to_be_focused()
    assert file(served).levers["b.pays_gauge"].label == "Pays for a gauge"
    for n_added, (section, button) in enumerate(ADDED.items(), 4):
        go(page, f"build/{section}")
        if section not in ("wants", "never", "observations", "unsaid"):
            page.locator(".adding input").first.fill(f"the words of {section}")
        page.get_by_role("button", name=button, exact=True).click()
        if section in ("terms", "wants", "never"):
            begun(page, "a.stops = open")
        elif section in ASKED:
            page.locator("fieldset.begun").get_by_role("button", name="Keep").click()
            expect(page.locator("fieldset.begun .problems")).to_contain_text("Still to be said")
            answered(page, ASKED[section])
        saved(page, n_added)
    go(page, "build/parties/b")
    field = page.get_by_label("Add to types, with chances")
    for n_added, name in enumerate(("doves", "hawks"), 4 + len(ADDED)):
        field.fill(name)
        field.press("Enter")
        saved(page, n_added)
    page.get_by_label("chance of doves").fill("0.4")
    page.get_by_label("chance of hawks").fill("0,6")
    page.get_by_role("button", name="Keep these chances").click()
    expect(page.get_by_text("They add up to 1.")).to_have_count(0)
    page.get_by_label("type", exact=True).nth(1).fill("falcons")
    page.get_by_label("type", exact=True).nth(1).press("Enter")
    expect(page.get_by_label("chance of falcons")).to_have_value("0.6")
    go(page, "build/levers/a.stops")
    page.get_by_text("Rename settings").click()
    page.get_by_label("setting 2").fill("closed")
    page.get_by_label("setting 2").press("Enter")
    expect(page.get_by_label("settings, in order")).to_have_value("open, closed")
    made = file(served)
    assert made.title.given == {"en": "New", "nl": "Heel nieuw"}
    assert {name: share.value for name, share in made.parties["b"].types.items()} == {"doves": 0.4, "falcons": 0.6}
    assert [[want["that"] for want in served.bench.desk.sheet.plain["wants"]["b"][each]] for each in ("doves", "falcons")] == [["a.stops = closed", "true"]] * 2
    assert made.terms["shut"].that == "a.stops = closed"


ADDED = {
    "parties": "Add a party", "terms": "Add a term", "wants": "Add a want", "never": "Add a ban", "events": "Add an event", "observations": "Add an observation", "hypotheses": "Add a hypothesis", "views": "Add a view", "zones": "Add a zone", "areas": "Add an area",
    "claims": "Add a claim", "sources": "Add a source", "talks": "Add a talk", "incidents": "Add an incident", "unsaid": "Add what is not said",
    "clocks": "Add a clock", "credibility": "Add a threat", "budgets": "Add means", "channels": "Add a channel",
}  # fmt: skip
ASKED = {
    "events": {"lever": "a.stops", "is put at": "shut", "per month": "0,5"}, "observations": {"lever": "a.stops", "took the setting": "shut"},
    "hypotheses": {"what it says comes about": "shut"}, "views": {"levers that vary": "a.stops"},
    "zones": {"attacker": "b", "attacked where": "shut", "width, km": "40", "attacker brings, thousand": "3"}, "areas": {"codes (ISO 3166-2)": "NL-UT"}, "clocks": {"mean time, days": "9"},
    "credibility": {"threatened by the lever": "a.stops", "setting while it is threatened": "open", "setting when it is carried out": "shut", "fades, steps a month": "0.2"},
    "budgets": {"lever": "a.stops", "at the setting": "shut", "costs": "1", "how much there is": "2"},
    "channels": {"makes known the lever": "a.stops", "to the party": "b", "stands where": "shut"},
}
"""What is asked of one who begins a member of a section, and an answer to each."""


def answered(page, answers):
    """Answers what is asked first of a part that is begun, and keeps it."""
    form = page.locator("fieldset.begun")
    for label, answer in answers.items():
        condition = form.locator(".condition").filter(has_text=label)
        field = form.get_by_label(label, exact=True)
        if label == "levers that vary":
            form.locator("select").select_option(answer)
        elif condition.count():
            condition.get_by_role("button").click()
            begun(page, answer)
            expect(condition.get_by_role("button")).to_have_text(f"({answer})")
        elif field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(answer)
        else:
            field.fill(answer)
    form.get_by_role("button", name="Keep").click()


@in_depth
def test_what_is_begun_counts_for_nothing_until_it_says_something_and_is_one_edit(serve, visit):
    served = serve('bestand: 1\ntitle: New\nparties: {a: {name: A}, b: {name: B}}\nlevers:\n  a.stops: {is: A stops, assumed: x}\n  b.pays: {is: B pays, assumed: x}\nwants:\n  a: [{that: b.pays, assumed: x}]\n')
    page = visit(served, "build/events")
    page.get_by_label("in words of the new one").fill("A storm")
    page.get_by_role("button", name="Add an event").press("Enter")
    expect(page.locator("fieldset.begun select").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("in words of the new one")).to_be_focused()
    saved(page, 1)
    page.get_by_role("button", name="Add an event").click()
    answered(page, {"lever": "b.pays", "is put at": "yes", "per month": "2"})
    saved(page, 2)
    expect(page.get_by_label("in words", exact=True)).to_be_focused()
    assert served.bench.desk.sheet.plain["events"] == {"storm": {"is": "A storm", "sets": {"b.pays": "yes"}, "per_month": 2, "assumed": "to be replaced by a claim"}}
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Undo").click()
    saved(page, 3)
    assert "events" not in served.bench.desk.sheet.plain


@in_depth
def test_a_lever_is_renamed_wherever_the_case_speaks_of_it(serve, visit):
    served = serve()
    page = visit(served, "build/levers/co.pumps")
    page.get_by_label("name in the case").fill("co.draws_water")
    page.get_by_label("name in the case").press("Enter")
    saved(page, 2)
    assert "co.pumps" not in served.path.read_text(encoding="utf-8").replace("#", "")
    assert "co.draws_water" in file(served).levers


def test_a_state_is_clicked_and_says_who_would_leave_and_why(serve, visit):
    served = serve()
    page = visit(served, "moves")
    page.wait_for_selector(".graph [data-state]")
    page.locator(".graph .box.rest").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.hash.startsWith('#/moves/')")
    name = page.locator("article.state h2")
    expect(name).not_to_contain_text("Today")
    expect(page.locator("article.state .witnesses > li")).to_have_count(len(file(served).parties))
    again = visit(served, page.evaluate("location.hash").removeprefix("#/"))
    expect(again.locator("article.state h2")).to_have_text(name.inner_text())


def test_a_walk_goes_on_and_back_and_is_kept(serve, visit):
    served = serve()
    page = visit(served, "walk")
    for steps in (2, 3):
        page.locator("button.move").first.press("Enter")
        expect(page.locator(".trail li")).to_have_count(steps)
        expect(page.locator(".here h2")).to_be_focused()
    expect(page.get_by_text("Keep as a note")).to_have_attribute("href", re.compile("1\\.%20.*2\\.%20"))
    expect(page.locator(".trail li").last).not_to_have_text("…")
    way = page.locator(".trail").inner_text()
    names = [party.name for party in file(served).parties.values()]
    assert not any(f"{name}: {name}" in way for name in names)
    go(page, "deals")
    page.locator("nav.rooms a", has_text="Walk").click()  # back from another screen, or from a reload
    expect(page.locator(".trail")).to_have_text(way, use_inner_text=True)
    page.reload()
    expect(page.locator(".trail")).to_have_text(way, use_inner_text=True)
    page.locator(".tools select").select_option("nl")
    expect(page.locator(".trail li").first).to_have_text("Vandaag")
    page.locator(".tools select").select_option("en")
    expect(page.locator(".trail")).to_have_text(way, use_inner_text=True)
    page.locator("button.move").first.click()
    expect(page.locator(".trail li")).to_have_count(4)
    page.go_back()
    expect(page.locator(".trail")).to_have_text(way, use_inner_text=True)
    page.get_by_role("button", name="Step back").click()
    expect(page.locator(".trail li")).to_have_count(2)


@in_depth
def test_a_move_of_a_state_that_was_left_cannot_be_made(serve, visit):
    page, held = visit(serve(), "walk"), []
    moves = page.locator("button.move")
    expect(moves.first).to_be_enabled()
    page.route("**/state", lambda asked: held.append(asked))  # noqa: PLW0108  an answer that is slow to come
    moves.first.click()
    expect(page.locator(".trail li")).to_have_count(2)
    expect(moves.first).to_be_disabled()
    until(lambda: held or page.wait_for_timeout(20))
    held[0].continue_()
    expect(moves.first).to_be_enabled()


def test_deals_open_when_a_veto_is_switched_off(serve, visit):
    page = visit(serve(), "deals")
    line = page.locator(".answerline")
    before = line.inner_text()
    assert before
    for box in page.locator("fieldset.switches input").all():
        box.uncheck()
        settled(page)  # an answer that comes in between moves what stands below it away from under the mouse
    expect(line).not_to_have_text(before)
    expect(page.locator(".scatter circle").nth(3)).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="SVG").click()
    picture = Path(taken.value.path()).read_text(encoding="utf-8")
    assert "<style>" in picture and ElementTree.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"


@in_depth
def test_a_party_signs_until_it_is_said_that_it_does_not(serve, visit):
    server = serve()
    page = visit(server, "build/parties/upper")
    page.locator("summary", has_text="signature").click()
    box = page.get_by_label("a deal takes its signature")
    expect(box).to_be_checked()
    box.uncheck()
    settled(page)
    go(page, "deals")
    expect(page.locator("fieldset.switches")).to_be_visible()
    assert "Upper Harne" not in page.locator("fieldset.switches").inner_text()


@in_depth
def test_what_carries_it_turns_when_it_is_switched_off(serve, visit):
    page = visit(serve(), "carries")
    page.get_by_label("only doubtful ones").uncheck()
    switches = page.get_by_role("switch")
    expect(switches.nth(13)).to_be_visible()
    for k in range(14):
        switches.nth(k).click()
    expect(page.get_by_role("switch", checked=False)).to_have_count(14)
    expect(page.locator("#turns-title ~ h3")).to_contain_text("14")
    expect(page.locator("#turns-title ~ ul.turned li").first).to_be_visible()


def test_a_truce_slider_moves_the_curve(serve, visit):
    served = serve("ukraine/2025-04")
    page = visit(served, "truce")
    rows = page.locator(".two tbody tr")
    expect(rows).to_have_count(1)
    expect(page.locator("svg.curves polyline").first).to_be_attached()
    page.get_by_label("Rate of incidents").fill("4")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("±")
    page.get_by_label("Backstop leaves").fill("6")
    expect(rows).to_have_count(4)


def test_a_mark_opens_its_claim_and_selected_words_become_one(serve, visit):
    served = serve()
    page = visit(served, "read")
    page.locator("a.mark").first.click()
    expect(page.locator("article.claim")).to_contain_text("c1")
    settled(page)
    page.evaluate("""() => {
        const walker = document.createTreeWalker(document.querySelector('.source'), NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (node.parentElement.closest('a') || node.length < 40) continue;
            const range = document.createRange(); range.setStart(node, 0); range.setEnd(node, 30);
            const words = range.toString(); range.setStart(node, words.indexOf(' ') + 1); range.setEnd(node, words.lastIndexOf(' '));
            getSelection().removeAllRanges(); getSelection().addRange(range);
            document.querySelector('.source').dispatchEvent(new MouseEvent('mouseup', { bubbles: true })); return;
        }
    }""")
    page.wait_for_selector(".newclaim .tag.checked")
    page.get_by_label("what it says, in your words").fill("a new reading")
    page.get_by_role("button", name="Make the claim").click()
    saved(page, 2)
    assert [claim.gloss for claim in file(served).claims.values()][-1] == "a new reading"
    assert list(read(served.path).quotes.values())[-1].status == "checked"
    page.evaluate("""() => {
        const walker = document.createTreeWalker(document.querySelector('.source'), NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(), n = 0; node; node = walker.nextNode()) {
            const at = node.data.indexOf(' the ');
            if (at < 0 || (n += 1) < 2) continue;
            const range = document.createRange(); range.setStart(node, at + 1); range.setEnd(node, at + 4);
            getSelection().removeAllRanges(); getSelection().addRange(range);
            document.querySelector('.source').dispatchEvent(new MouseEvent('mouseup', { bubbles: true })); return;
        }
    }""")
    page.get_by_text("told apart by the words around it").wait_for()
    page.get_by_role("button", name="Make the claim").click()
    saved(page, 3)
    last, claim = list(file(served).claims.items())[-1]
    assert claim.quote == "the"
    assert claim.prefix or claim.suffix
    page.get_by_role("button", name="A lever of it").click()
    saved(page, 4)
    assert list(file(served).levers.values())[-1].because == (last,)
    page.wait_for_selector(".build .opened")


@in_depth
def test_claims_that_deny_each_other_are_shown_against_each_other(serve, visit):
    served = serve()
    served.edited({"op": "set", "at": ["claims", "c11", "denies"], "value": ["c10"]})
    page = visit(served, "read/paper/c10")
    expect(page.locator("article.claim")).to_contain_text("It has not done so yet")
    page.locator("article.claim a", has_text="c11").click()
    page.wait_for_function("() => location.hash.endsWith('/c11')")


def test_proposals_are_dashed_marks_and_are_decided_by_the_keyboard(serve, visit):
    served = serve()
    text = (served.folder / "reservoir.txt").read_text(encoding="utf-8")
    items = []
    for k, words in enumerate(("the only road to the pumping station", "the spring on the common", "sells the water to both"), 1):
        start = text.index(words)
        fields = {"source": "paper", "quote": words, "says": "author", "gloss": f"drafted {k}"}
        items.append({"id": f"p{k}", "kind": "claim", "fields": fields, "generated_by": "rules en", "passage": f"paper:{start}-{start + len(words)}"})
    (served.folder / "proposals.yaml").write_text("proposals: 1\nitems:\n" + "".join(f"  - {json.dumps(item)}\n" for item in items), encoding="utf-8")
    page = visit(served, "read")
    expect(page.locator(".mark.proposed").first).to_be_visible()
    expect(page.locator(".proposal")).to_have_count(3)
    page.locator(".proposal").first.focus()
    page.keyboard.press("a")
    saved(page, 2)
    page.wait_for_function("() => document.activeElement.className === 'proposal' && document.querySelectorAll('.proposal').length === 2")
    page.keyboard.press("r")
    page.wait_for_function("() => document.activeElement.className === 'proposal' && document.querySelectorAll('.proposal').length === 1")
    page.keyboard.press("e")
    page.get_by_label("what it says, in your words").fill("put in other words")
    page.keyboard.press("Enter")
    saved(page, 3)
    glosses = [claim.gloss for claim in file(served).claims.values()]
    assert "drafted 1" in glosses
    assert "drafted 2" not in glosses
    assert "put in other words" in glosses
    assert all(claim.generated_by for claim in file(served).claims.values() if claim.gloss in ("drafted 1", "put in other words"))
    assert "rejected" in (served.folder / "proposals.yaml").read_text(encoding="utf-8")
    expect(page.locator("section.proposals")).to_be_focused()  # the last one is gone
    page.locator("summary", has_text="Set aside: 1").click()
    page.get_by_role("button", name="Put back").press("Enter")
    expect(page.locator(".proposal")).to_be_focused()
    page.keyboard.press("a")
    saved(page, 4)
    expect(page.locator(".proposal")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    saved(page, 5)
    expect(page.locator(".proposal")).to_have_count(1)


@in_depth
def test_what_another_program_wrote_is_shown_and_chosen(serve, visit):
    served = serve()
    page = visit(served, "build")
    served.path.write_text(read("example/en").text.replace("a truce on pumping", "a pause in pumping"), encoding="utf-8")
    expect(page.locator(".outside ins").first).to_contain_text("a pause in pumping")
    page.get_by_role("button", name="Take what is on disk").click()
    expect(page.locator(".bar .title")).to_contain_text("a pause in pumping")
    expect(page.locator(".outside")).to_have_count(0)


def test_two_windows_see_each_others_edits_and_lose_none(serve, visit):
    served = serve()
    first, second = visit(served, "build"), visit(served, "build")
    first.get_by_label("title").fill("From the first")
    first.get_by_label("title").press("Enter")
    expect(second.locator(".bar .title")).to_have_text("From the first")
    second.get_by_label("as of").fill("2024-07")
    second.get_by_label("as of").press("Enter")
    saved(first, 3)
    assert (file(served).title, file(served).as_of) == ("From the first", "2024-07")
    served.edited({"op": "set", "at": ["views", "few"], "value": {"vary": [*file(served).levers][:2]}})
    first.get_by_label("View", exact=True).select_option("few")
    expect(second.get_by_label("View", exact=True)).to_have_value("few")
    second.locator(".tools select").select_option("nl")
    expect(first.locator("h1")).to_have_text("Over")
    first.reload()
    expect(first.get_by_label("Uitsnede", exact=True)).to_have_value("few")


def test_the_empty_page_begins_a_case_in_each_way(serve, visit):
    served = serve(None)
    page = visit(served, ready=".start h1", expected=("422",))
    page.get_by_label("title").fill("Water, and who gets it")
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(".sentences li")
    assert (served.folder / "water-and-who-gets-it" / "case.yaml").is_file()
    expect(page.get_by_label("name", exact=True)).to_be_focused()
    page.get_by_label("name", exact=True).fill("Upper village")
    page.get_by_label("name", exact=True).press("Enter")
    expect(page.get_by_label("name in the case")).to_have_value("upper_village")  # a party that had no name yet is named so in the case as well
    saved(page, 2)  # in one edit, and so one step back
    go(page, "start")
    expect(page.get_by_text("Begin from a document")).to_have_count(0)  # it would go into the open case, by Read
    page.get_by_label("title").fill("Another one")
    page.get_by_role("button", name="Start").click()
    page.wait_for_function("() => document.querySelector('.bar .title').textContent === 'Another one'")
    go(page, "start")
    expect(page.get_by_role("button", name="Another one")).to_be_disabled()
    page.get_by_role("button", name="Water, and who gets it").click()
    page.wait_for_function("() => document.querySelector('.bar .title').textContent.startsWith('Water') && document.querySelector('.answer[aria-busy=false]')")
    other = serve(None)
    page = visit(other, ready=".start h1")
    page.get_by_role("button", name="Open the example").click()
    page.wait_for_selector(".guide li.open")
    third = serve(None)
    page = visit(third, ready=".start h1")
    page.set_input_files("input[accept*='.pdf']", files=[{"name": "a letter.txt", "mimeType": "text/plain", "buffer": b"The mayor would sign."}])
    page.wait_for_selector(".source p")
    assert (third.folder / "a-letter" / "a letter.txt").is_file()


def test_the_page_speaks_dutch_throughout(serve, visit):
    page = visit(serve("example/nl"), "build")
    page.locator(".tools select").select_option("nl")
    expect(page.locator("h1")).to_have_text("Over")
    expect(page.locator(".sentences")).to_contain_text("rust")
    expect(page.locator("html")).to_have_attribute("lang", "nl")


ATTACK = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>{{7*7}}${7*7}javascript:window.hit=1 \\" \' &lt;b&gt; '


@in_depth
def test_no_text_of_a_case_becomes_part_of_the_page(serve, visit):
    words = json.dumps(ATTACK)
    served = serve(f"""bestand: 1
title: {words}
summary: {words}
sources: {{s: {{title: {words}, author: {words}, url: "javascript:window.hit=1", date: "2024-01-01", sha256: "{'0' * 64}", file: s.txt}}}}
claims: {{c1: {{source: s, quote: {words}, gloss: {words}, says: {words}, via: {words}, hedge: {words}}}}}
parties: {{a: {{name: {words}, members: [{words}], also: [{words}]}}, b: {{name: B}}}}
levers: {{a.x: {{is: {words}, because: [c1], meaning: {{yes: {words}}}}}, b.y: {{is: {words}, assumed: {words}}}}}
terms: {{both: a.x and b.y}}
never: [{{that: a.x and not a.x, is: {words}, assumed: {words}}}]
wants: {{a: [{{that: b.y, is: {words}, because: [c1]}}], b: [{{that: a.x, is: {words}, assumed: {words}}}]}}
hypotheses: {{h: {{claim: {words}, assumed: {words}, test: {{ask: reached, that: both}}}}}}
unsaid: [{{what: {words}, instead: {words}}}]
""")
    page = visit(served)
    for screen in ("build", "build/parties/a", "build/levers/a.x", "build/wants/a/0", "build/claims/c1", "build/sources/s", "build/hypotheses/h", "build/never/0", "read", "moves", "walk", "deals", "carries", "changes", "hand"):
        go(page, screen)
        settled(page)
        assert page.evaluate("window.hit") is None, screen
        assert page.evaluate("document.querySelectorAll('main script, main img, main iframe, .side script, .side img, a[href^=javascript]').length") == 0, screen
    turned = served.edit({"op": "set", "at": ["levers", "a.x", "is"], "value": "safe \u202eelbasrever"})
    assert turned[0] == 422
    assert "49" not in page.locator(".bar .title").inner_text()
    for path in ("/hand/moves.svg", "/hand/table.csv?table=levers", "/moves"):
        status, headers, content = served.ask("GET", path)
        assert status == 200
        assert b"<script" not in content or headers.get("content-disposition", "").startswith("attachment") or headers["content-type"] == "application/json"
        assert "sandbox" in headers["content-security-policy"] or path == "/moves"  # which is data, put into the page as text


@in_depth
def test_no_screen_has_a_serious_accessibility_finding_in_light_or_dark(serve, visit, modules):
    page = visit(serve())
    found = []
    for screen in SCREENS:
        go(page, screen)
        settled(page)
        found += [f"{screen}: {each}" for each in barriers(page, modules)]
    assert found == []


@in_depth
def test_every_screen_is_usable_at_400_pixels(serve, visit):
    page = visit(serve(), width=400)
    for screen in SCREENS:
        go(page, screen)
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, screen
    metrics = page.context.new_cdp_session(page)
    for times in (2, 4):  # a window of 1,280 by 1,024 at 200 % and at 400 %
        metrics.send("Emulation.setDeviceMetricsOverride", {"width": 1280 // times, "height": 1024 // times, "deviceScaleFactor": times, "mobile": False})
        for screen in ("build/levers/co.pumps", "build/wants", "read", "deals", "ahead"):
            go(page, screen)
            settled(page)
            assert page.evaluate("[devicePixelRatio, innerWidth - document.documentElement.scrollWidth >= 0]") == [times, True], (times, screen)


@in_depth
def test_everything_on_the_page_is_reached_by_the_keyboard(serve, visit):
    page = visit(serve(), "build/wants")
    settled(page)
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.className + ' ' + document.activeElement.tagName"))
    assert {"grip BUTTON", "entry BUTTON"} <= seen
    assert any(each.endswith("SELECT") for each in seen)
    unreachable = page.evaluate("[...document.querySelectorAll('[onclick], button, a, input, select, textarea')].filter(each => each.tabIndex < 0 && !each.disabled && !each.closest('[hidden]')).map(each => each.outerHTML.slice(0, 80))")
    assert unreachable == []


@in_depth
def test_results_are_handed_on(serve, visit):
    served = serve()
    visit(served, "hand")
    for path, kind in (("/hand/moves.svg", "image/svg+xml"), ("/hand/table.csv", "text/csv"), ("/hand/table.xlsx", "spreadsheetml"), ("/hand/report.html?quick=1", "text/html")):
        status, headers, content = served.ask("GET", path)
        assert status == 200
        assert kind in headers["content-type"]
        assert len(content) > 100
    import io
    import zipfile
    from xml.etree import ElementTree

    book = zipfile.ZipFile(io.BytesIO(served.ask("GET", "/hand/table.xlsx?table=levers")[2]))
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert len(list(sheet.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"))) == 1 + len(file(served).levers)


def test_a_report_that_is_being_made_holds_up_no_other_question(serve, monkeypatch):
    served, made, begun, asked = serve(), [], threading.Event(), threading.Event()
    study_of = web_handed.whole_study

    def slowly(*given, **more):
        begun.set()
        assert asked.wait(PATIENCE)
        return study_of(*given, **more)

    monkeypatch.setattr(web_handed, "whole_study", slowly)
    maker = threading.Thread(target=lambda: made.append(served.ask("GET", "/hand/report.html?quick=1")[0]))
    maker.start()
    assert begun.wait(PATIENCE)
    for _ in range(2):
        assert served.json("POST", "/state", {"key": "now"})[0] == 200
    asked.set()
    maker.join()
    assert made == [200]


def test_on_a_narrow_page_one_key_leads_to_the_answer(serve, visit):
    """On a phone, and at 200 %, it stands below all else, and nothing said so."""
    page = visit(serve(), "moves")
    expect(page.locator(".to-answer")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#answer-title")).not_to_be_in_viewport()
    page.locator(".to-answer").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#answer-title")).to_be_in_viewport()
    expect(page.locator("#answer-title")).to_be_focused()
