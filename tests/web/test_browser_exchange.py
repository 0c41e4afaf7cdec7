"""The page in a real browser: what to watch, how things stand today, files in and out, other names, and versions compared."""

from __future__ import annotations

import pytest

from bestand.case.read import read
from tests.depth import in_depth
from tests.study.test_since import git
from tests.web.conftest import barriers, expect, go, settled
from tests.web.test_browser import file, saved
from tests.web.test_exchanged import GAME


@in_depth
def test_what_to_watch_is_played_after_the_answer_and_says_what_it_would_tell(serve, visit):
    page = visit(serve(), "watch")
    expect(page.locator("main thead th").first).to_have_text("if this is seen")
    expect(page.locator("main table tbody tr").first).to_be_visible()
    expect(page.locator("main svg.courses rect").nth(3)).to_be_attached()
    with page.expect_download() as got:
        page.locator("main figcaption button", has_text="SVG").first.click()
    assert got.value.suggested_filename.endswith(".svg")
    page.locator(".tools select").select_option("nl")
    expect(page.locator("main thead th").first).to_contain_text("te zien is")


@in_depth
def test_it_is_left_open_how_a_lever_stands_today_and_the_page_shows_what_hangs_on_it(serve, visit):
    served = serve()
    page = visit(served, "build/levers/co.pumps", expected=("422",))
    page.locator("main summary", has_text="More:").last.click()
    page.get_by_label("it is open how it stands today").check()
    page.get_by_label("chance of by_day").fill("0,4")
    expect(page.get_by_role("button", name="Keep these chances")).to_be_disabled()
    page.get_by_label("chance of day_and_night").fill("0.6")
    page.get_by_label("chance of day_and_night").press("Enter")
    saved(page, 2)
    assert file(served).levers["co.pumps"].odds == {"by_day": 0.4, "day_and_night": 0.6}
    go(page, "moves")
    expect(page.locator(".open-today > ul > li")).to_contain_text("60 %")
    page.wait_for_selector(".open-today table, .open-today > p:not([role])")
    go(page, "build/levers/co.pumps")
    page.get_by_label("it is open how it stands today").uncheck()
    saved(page, 3)
    assert served.path.read_text(encoding="utf-8") == read("example/en").text


@in_depth
def test_a_game_of_another_program_becomes_a_case_from_the_empty_page(serve, visit):
    served = serve(None)
    page = visit(served, ready=".start h1", expected=("422",))
    page.set_input_files("input[accept*='.nfg']", files=[{"name": "broken.nfg", "mimeType": "text/plain", "buffer": b"NFG 1 R"}])
    page.wait_for_selector(".start .problems")
    page.set_input_files("input[accept*='.nfg']", files=[{"name": "chicken.nfg", "mimeType": "text/plain", "buffer": GAME}])
    expect(page.locator(".notice .notes")).to_contain_text("parties: 2")
    page.locator(".notice button").click()
    page.wait_for_selector(".sentences li")
    expect(page.locator(".notice")).to_have_count(0)


@in_depth
def test_claims_of_a_file_are_added_under_read(serve, visit):
    served = serve()
    page = visit(served, "read")
    rows = b"source,quote,gloss\npaper,sells the water to both,it sells to both\n"
    page.set_input_files("input[accept*='.jsonld']", files=[{"name": "claims.csv", "mimeType": "text/csv", "buffer": rows}])
    saved(page, 2)
    page.wait_for_selector(".notice .notes li")
    assert "it sells to both" in [str(claim.gloss) for claim in file(served).claims.values()]


@in_depth
def test_a_file_for_another_program_is_written_and_what_it_does_not_say_is_told(serve, visit):
    page = visit(serve(), "hand")
    with page.expect_download() as got:
        page.get_by_role("button", name="Gambit .nfg", exact=True).click()
    assert got.value.suggested_filename.endswith(".nfg")
    with open(got.value.path(), encoding="utf-8") as written:
        assert written.read(4) == "NFG "
    expect(page.locator(".notes")).to_contain_text("lost")


@in_depth
def test_a_party_is_renamed_with_its_levers_and_a_name_in_use_is_refused(serve, visit):
    served = serve()
    page = visit(served, "build/parties/co", expected=("422",))
    page.get_by_label("name in the case").fill("upper")
    page.get_by_label("name in the case").press("Enter")
    expect(page.locator(".field .problems")).to_contain_text("in use already")
    page.get_by_label("name in the case").fill("company")
    page.get_by_label("name in the case").press("Enter")
    saved(page, 2)
    page.wait_for_function("() => location.hash.endsWith('/company')")
    assert {name.partition(".")[0] for name in file(served).levers} == {"company", "upper", "lower"}
    go(page, "build/claims/c1")
    page.get_by_label("name in the case").fill("first_claim")
    page.get_by_label("name in the case").press("Enter")
    saved(page, 3)
    page.locator("main h1").click()
    for version in (4, 5):
        page.keyboard.press("Control+z")
        saved(page, version)
    assert served.path.read_text(encoding="utf-8") == read("example/en").text


@pytest.fixture
def kept(serve):
    served = serve()
    text = read("example/en").text
    git(served.folder, "init", "-q")
    for old, new, subject in (("", "", "as first read"), ("a truce on pumping", "a pause in pumping", "another title")):
        served.path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
        git(served.folder, "add", "case.yaml")
        git(served.folder, "commit", "-q", "-m", subject)
    assert served.ask("POST", "/choose", {"theirs": True})[0] == 200
    return served


def test_any_two_versions_are_compared_and_one_that_git_keeps_is_put_back(kept, visit):
    page = visit(kept, "changes")
    expect(page.locator(".bar .title")).to_contain_text("a pause in pumping")
    expect(page.locator(".versions")).to_contain_text("as first read")
    page.get_by_label("from", exact=True).select_option(label=next(each for each in page.locator("#from-version option").all_inner_texts() if "as first read" in each))
    page.get_by_label("to", exact=True).select_option(label=next(each for each in page.locator("#to-version option").all_inner_texts() if "another title" in each))
    expect(page.locator(".differences ins").first).to_contain_text("a pause in pumping")
    page.wait_for_selector("section[aria-labelledby=turned-title] [aria-busy=false]")
    page.locator(".versions li", has_text="as first read").get_by_role("button", name="Put back").click()
    expect(page.locator(".bar .title")).to_contain_text("a truce on pumping")


@in_depth
def test_what_was_imported_exported_left_open_and_compared_has_no_serious_barrier(serve, kept, visit, modules):
    empty = serve(None)
    page = visit(empty, ready=".start h1", expected=("422",))
    page.locator("details summary").click()
    page.set_input_files("input[accept*='.nfg']", files=[{"name": "broken.nfg", "mimeType": "text/plain", "buffer": b"NFG 1 R"}])
    page.wait_for_selector(".start .problems")
    settled(page)
    assert barriers(page, modules) == []
    page.set_input_files("input[accept*='.nfg']", files=[{"name": "chicken.nfg", "mimeType": "text/plain", "buffer": GAME}])
    page.wait_for_selector(".notice .notes li")
    settled(page)
    assert barriers(page, modules) == []
    page = visit(kept, "hand")
    with page.expect_download():
        page.get_by_role("button", name="BibTeX").click()
    page.wait_for_selector(".notes li")
    settled(page)
    assert barriers(page, modules) == []
    kept.edited({"op": "set", "at": ["levers", "co.pumps", "odds"], "value": {"by_day": 0.4, "day_and_night": 0.6}}, {"op": "set", "at": ["levers", "co.truce", "now"], "value": "yes"})
    for screen, ready in (("build/levers/co.pumps", "#odds-by_day"), ("moves", ".open-today table"), ("watch", "main table tbody"), ("changes", ".flipped li")):
        go(page, screen)
        page.wait_for_selector(ready)
        settled(page)
        assert barriers(page, modules) == [], screen
        page.set_viewport_size({"width": 400, "height": 900})
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, screen
        page.set_viewport_size({"width": 1440, "height": 900})
