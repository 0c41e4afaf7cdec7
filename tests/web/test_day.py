"""What somebody meets who works in the page all day: long lists, two documents at once, what nobody chooses, what may be wrong."""

from __future__ import annotations

import hashlib
import re

from bestand.case.parts import UNNAMED
from bestand.web.started import begun_with
from tests.depth import in_depth
from tests.web.conftest import expect, go, settled
from tests.web.test_browser import begun, file, saved
from tests.web.test_ground import CODES, river

LEVERS = "".join(f"  a.l{k}: {{is: step {k} of the plan, assumed: x}}\n" for k in range(14))
PLAN = f"bestand: 1\ntitle: Plan\nparties:\n  a: {{name: Alm}}\n  b: {{name: Brill}}\nlevers:\n{LEVERS}wants:\n  a: [{{that: a.l1, assumed: x}}]\n  b: [{{that: a.l2, assumed: x}}]\nviews: {{core: {{vary: [a.l1, a.l2, a.l3, a.l4, a.l5]}}}}\n"
STORM = """\
bestand: 1
title: Storm
parties:
  a: {name: Alm}
  sky: {name: The weather, chance: true}
levers:
  a.sails: {is: Alm sails, assumed: x}
  sky.storm: {is: a storm, settings: [calm, rough], now: calm, odds: {calm: 0.25, rough: 0.75}, meaning: {calm: a calm sea, rough: a rough sea}, assumed: x}
events:
  blows: {is: it begins to blow, sets: {sky.storm: rough}, when: sky.storm = calm, per_month: 1, assumed: x}
wants:
  a: [{that: a.sails and sky.storm = calm, is: to sail in calm, assumed: x}]
"""
DROPPED = """([name, text]) => { const data = new DataTransfer(); data.items.add(new File([text], name, { type: 'text/plain' }));
    return document.querySelector('h1').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); }"""


@in_depth
def test_a_document_dropped_on_any_screen_is_read_and_stands_beside_another(serve, visit):
    served = serve()
    page = visit(served, "deals", expected=("422",))
    assert page.evaluate(DROPPED, ["letter.txt", "The mayor said that the weir will open. Then it rained."]) is False  # the browser does not leave for the file
    expect(page.locator("main h1")).to_have_text("Read")
    assert "letter" in file(served).sources
    page.get_by_label("Read another beside it").select_option("letter")
    expect(page.locator(".pair .source")).to_have_count(2)
    left, right = (page.locator(".pair .source").nth(k).bounding_box() for k in (0, 1))
    assert left["y"] == right["y"] and left["x"] + left["width"] < right["x"]
    assert page.evaluate(DROPPED, ["picture.png", "no text"]) is False
    expect(page.locator(".notice")).to_contain_text("is not a document")


@in_depth
def test_a_long_list_is_looked_through_by_words(serve, visit):
    page = visit(serve(PLAN), "build/levers")
    sought = page.get_by_role("searchbox", name="Find among 14")
    sought.fill("Step 1")
    expect(page.locator(".entries > li")).to_have_count(5)
    sought.fill("nothing like it")
    expect(page.get_by_text("None of them says that.")).to_be_visible()
    sought.fill("a.l7")
    page.locator(".entries a.entry").click()
    expect(page.get_by_label("in words", exact=True)).to_have_value("step 7 of the plan")
    go(page, "deals")
    settled(page)
    expect(page.locator("table tbody tr")).to_have_count(10)
    more = page.get_by_role("button", name=re.compile("Show all"))
    n_deals = int(re.search(r"\d+", more.inner_text())[0])
    more.click()
    expect(page.locator("table tbody tr")).to_have_count(n_deals)


@in_depth
def test_what_nobody_chooses_is_walked_and_chance_is_no_party_that_stays(serve, visit):
    page = visit(serve(STORM), "walk")
    expect(page.locator(".movers h3")).to_have_text(["Alm would leave", "What could happen by itself"])
    page.get_by_role("button", name="it begins to blow").click()
    expect(page.locator(".movers h3")).to_have_text(["Alm stays"])  # it blows already
    expect(page.locator(".trail li").last).to_have_text("it begins to blow")
    go(page, "moves")
    expect(page.locator(".open-today")).to_contain_text("a calm sea 25 %, a rough sea 75 %")
    expect(page.locator("article.state")).to_contain_text("it begins to blow")
    go(page, "build/wants")
    expect(page.locator(".tabs a")).to_have_text(["Alm"])


@in_depth
def test_what_may_be_wrong_is_folded_and_tells_what_falls_with_it(serve, visit):
    page = visit(serve(), "carries")
    page.wait_for_selector(".answer[data-stage=truces]")
    page.reload()
    page.wait_for_selector(".answer[data-stage=truces]")
    settled(page)
    expect(page.locator(".answer .doing")).to_have_text("")  # nothing is worked out any more
    folds = page.locator("details.falls:visible")
    counts = [int(text.rpartition(": ")[2]) for text in folds.locator("> summary").all_inner_texts()]
    assert counts and counts == sorted(counts, reverse=True)
    folds.first.locator("> summary").click()
    expect(folds.first.locator(".statement").first).to_be_visible()
    folds.first.get_by_role("button").click()
    expect(page.locator(".turned li").first).to_be_visible()


@in_depth
def test_a_term_keeps_its_words_and_a_party_takes_the_place_that_was_kept_for_one(serve, visit):
    served = serve(begun_with("Ferry", (), language="en"))
    page = visit(served, "build/parties")
    assert [each.name for each in file(served).parties.values()] == [UNNAMED]
    for k, name in enumerate(("Alm", "Brill"), 2):
        go(page, "build/parties")
        page.get_by_label("name of the new one").fill(name)
        page.get_by_role("button", name="Add a party").click()
        saved(page, k)
    assert [each.name for each in file(served).parties.values()] == ["Alm", "Brill"]
    go(page, "build/levers")
    page.get_by_label("in words of the new one").fill("Alm sails")
    page.get_by_role("button", name="Add a lever").click()
    saved(page, 4)
    go(page, "build/terms")
    page.locator(".adding input").first.fill("A crossing of the two of them")
    page.get_by_role("button", name="Add a term").click()
    begun(page, "alm.sails")
    saved(page, 5)
    assert {name: str(term.label) for name, term in file(served).terms.items()} == {"crossing_two_them": "A crossing of the two of them"}


@in_depth
def test_a_claim_far_down_in_a_long_text_is_brought_into_sight_and_an_edit_leaves_the_reader_where_she_is(serve, visit):
    lines = "\n".join(f"Line {k} says that weir {k} is shut.{' And so on.' * (k % 7)}" for k in range(3000))
    claims = "".join(f'  c{k}: {{source: long, quote: "weir {k} is shut", gloss: weir {k}}}\n' for k in (5, 2500))
    digest = hashlib.sha256(lines.encode()).hexdigest()
    served = serve(f"bestand: 1\ntitle: Long\nsources:\n  long: {{title: Long, sha256: '{digest}', file: long.txt, language: en}}\nclaims:\n{claims}parties: {{a: {{name: A}}}}\nlevers:\n  a.x: {{is: A moves, assumed: x}}\n")
    (served.folder / "long.txt").write_text(lines, encoding="utf-8")
    served.edited({"op": "set", "at": ["claims", "c5", "gloss"], "value": "the fifth weir"})  # quotes are checked now that the text is there
    page = visit(served, "read/long/c2500")
    expect(page.locator("#mark-c2500")).to_be_in_viewport()
    page.locator(".source").evaluate("each => { each.scrollTop = 0; }")
    served.edited({"op": "set", "at": ["title"], "value": "Longer"})
    saved(page, 3)
    settled(page)
    expect(page.locator("#mark-c5")).to_be_in_viewport()
    expect(page.locator("#mark-c2500")).not_to_be_in_viewport()


@in_depth
def test_typing_in_the_text_goes_on_beside_what_another_window_saves(serve, visit):
    served = serve(PLAN)
    page = visit(served, "text", expected=("409", "422"))
    status, text = page.locator("main [role=status]").first, page.locator(".yaml .cm-content")
    end = PLAN.rstrip("\n").rpartition("\n")[2]

    def typed(words, *keys):
        text.click()
        for key in keys or ("Control+End",):
            page.keyboard.press(key)
        page.keyboard.insert_text(words)

    typed("hypotheses: {")
    expect(status).to_have_text("Not saved. Mistakes: 1")
    served.edit({"op": "set", "at": ["levers", "a.l3", "is"], "value": "a third step"})  # another window
    expect(page.locator(".yaml")).to_contain_text("a third step")
    go(page, "deals")
    go(page, "text")  # what does not read yet is not lost when she looks something up
    expect(text).to_contain_text("hypotheses: {")
    typed("}\n")
    expect(status).to_have_text("Saved.")
    assert "a third step" in served.path.read_text(encoding="utf-8") and served.path.read_text(encoding="utf-8").endswith("\nhypotheses: {}\n")
    for mine in (False, True):
        typed(" # mine", "Control+Home", "ArrowDown", "End")
        served.edit({"op": "set", "at": ["title"], "value": f"Plan {mine}"})  # the very same line
        note = page.locator(".note[role=alert]")
        expect(note).to_contain_text("the same lines")
        note.get_by_role("button").nth(0 if mine else 1).click()
        expect(status).to_have_text("Saved.")
        expect(note).to_have_count(0)
        assert served.path.read_text(encoding="utf-8").split("\n")[1] == ("title: Plan False # mine" if mine else "title: Plan False")
    assert end in served.path.read_text(encoding="utf-8")


@in_depth
def test_a_lever_is_whose_name_its_words_begin_with_and_a_renamed_one_keeps_the_focus(serve, visit):
    served = serve(PLAN)
    page = visit(served, "build/levers")
    new, whose = page.get_by_label("in words of the new one"), page.locator(".adding select")
    new.fill("Brill waits")
    expect(whose).to_have_value("b")
    whose.select_option("a")
    new.fill("Brill waits too")
    expect(whose).to_have_value("a")  # what was chosen stays chosen
    whose.select_option("b")
    new.press("Enter")
    saved(page, 2)
    new.fill("the road is shut")
    expect(whose).to_have_value("b")  # as before, where nobody is named
    name = page.get_by_label("name in the case", exact=True)
    name.fill("b.stays")
    name.press("Tab")
    saved(page, 3)
    expect(name).to_have_value("b.stays")
    expect(page.get_by_label("in words", exact=True)).to_be_focused()
    name.fill("b.stands")
    name.press("Enter")
    saved(page, 4)
    expect(name).to_be_focused()
    assert "b.stands" in file(served).levers


@in_depth
def test_the_answer_says_what_to_look_at_again_and_what_to_say_next(serve, visit):
    served = serve(PLAN)
    page = visit(served, "build/levers")
    page.get_by_role("button", name=re.compile(r"^To look at again: \d+$")).click()
    expect(page.locator("#findings-title")).to_be_focused()
    page.locator(".answer .note").get_by_role("link", name="Terms").click()
    page.get_by_label("in words of the new one").fill("An end")
    page.get_by_role("button", name="Add a term").click()
    begun(page, "a.l1 and a.l2")
    saved(page, 2)
    expect(page.locator(".sentences")).to_contain_text("“An end”")
    expect(page.locator(".answer .note")).to_have_count(0)


@in_depth
def test_every_picture_is_taken_along_as_svg_and_as_png(serve, visit):
    cases = {"map": visit(serve(river(CODES)), "hand"), "": visit(serve(), "hand")}
    for screen, case, least in (("hand", "map", 8), ("truce", "map", 2), ("moves", "", 2), ("deals", "", 2), ("watch", "", 2)):
        page = cases[case]
        go(page, screen)
        ways = page.locator("main :is(a, button)").filter(has_text=re.compile(r"^(SVG|PNG)( \((en|nl)\))?$"))
        expect(ways.nth(least - 1)).to_be_visible()
        settled(page)
        for way in ways.all():
            with page.expect_download() as given:
                way.click()
            begins = given.value.path().read_bytes()[:8]
            assert begins == b"\x89PNG\r\n\x1a\n" if "PNG" in way.inner_text() else begins.startswith(b"<svg"), (screen, way.inner_text())


@in_depth
def test_of_many_versions_the_latest_are_listed_first(serve, visit):
    served = serve(PLAN)
    for k in range(30):
        served.edit({"op": "set", "at": ["title"], "value": f"Plan {k}"})
    page = visit(served, "changes")
    versions = page.locator(".versions > li")
    expect(versions).to_have_count(20)
    page.get_by_role("button", name="Show all 31").click()
    expect(versions).to_have_count(31)


@in_depth
def test_what_is_switched_off_stays_off_while_another_screen_is_looked_at(serve, visit):
    page = visit(serve(PLAN), "deals")
    page.locator("fieldset.switches input").first.uncheck()
    page.locator("details.switches summary").click()
    page.locator("details.switches input").last.uncheck()
    go(page, "carries")
    page.locator(".switchlist [role=switch]").first.click()
    go(page, "moves")
    go(page, "carries")
    expect(page.locator(".switchlist li.off")).to_have_count(1)
    go(page, "deals")
    expect(page.locator("fieldset.switches input").first).not_to_be_checked()
    expect(page.locator("fieldset.switches input").last).to_be_checked()
    summary = page.locator("details.switches summary")
    expect(summary).to_contain_text("1 off")
    summary.click()
    page.get_by_role("button", name="All on").click()
    expect(summary).to_contain_text("0 off")
