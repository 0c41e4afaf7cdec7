"""The map of zones in the workbench: shown where the case says which ground they are, a strip where it does not."""

from __future__ import annotations

import re

import pytest

from tests.depth import in_depth
from tests.ground_cases import CODES, WITHOUT_GROUND, river
from tests.web.conftest import ROOT, expect, go, settled


def test_the_ground_is_told_with_its_map_and_what_can_be_asked(serve):
    served = serve(river())
    status, told = served.json("POST", "/ground", {})
    assert status == 200 and told["map"] and told["picture"].startswith("<svg")
    assert [(each["area"], each["held"], each["disputed"], each["zone"]) for each in told["areas"]][:2] == [
        ("island", "Uplanders", True, "the bank"), ("meadow", "Uplanders and River guard", True, "the bank"),
    ]  # fmt: skip
    assert [each["that"] for each in told["where"]] == ["up.leaves"]
    then = served.json("POST", "/ground", {"where": "up.leaves"})[1]
    assert then["areas"][0]["held"] == "Lowlanders" and then["picture"] != told["picture"]
    status, refused = served.json("POST", "/ground", {"where": "up.leavs"})
    assert status == 422 and refused["problems"][0]["code"] == "web/unknown-where"
    served.json("POST", "/speak", {"language": "nl"})
    assert served.json("POST", "/ground", {})[1]["areas"][0]["name"] == "Reigereiland"


def test_the_map_and_the_strip_are_handed_on_as_a_file(serve):
    for case, mark in ((river(CODES), b"data-area"), (WITHOUT_GROUND, b"ground strip")):
        status, headers, content = serve(case).ask("GET", "/hand/zones.svg?language=nl")
        assert status == 200 and headers["content-type"] == "image/svg+xml" and 'filename="zones.svg"' in headers["content-disposition"]
        assert content.startswith(b"<svg xmlns=") and mark in content and b"<script" not in content
    bare = serve(WITHOUT_GROUND.partition("zones:\n")[0])
    assert bare.json("GET", "/hand/zones.svg")[1]["problems"][0]["code"] == "web/no-picture"


def test_the_truce_screen_shows_the_map_and_asks_it_of_another_state(serve, visit):
    page = visit(serve(river(CODES)), "truce")
    expect(page.locator("section.ground svg path[data-area=island]")).to_be_visible()
    expect(page.locator("ol.strip")).to_have_count(0)
    page.get_by_label("As it is").select_option(label="where the Uplanders leave the island")
    expect(page.locator("section.ground svg desc").first).to_contain_text("Heron Island: held by Lowlanders")
    page.get_by_text("The areas in words").click()
    row = page.locator("section.ground tbody tr").first
    expect(row).to_contain_text("Lowlanders")
    expect(row).to_contain_text("disputed")
    row.locator("a").click()
    claimed = page.locator(".field", has=page.get_by_text("claimed by", exact=True))
    for party in ("up", "down"):
        expect(claimed.locator(f".chip a[href$='parties/{party}']")).to_be_visible()


@in_depth
def test_a_case_without_ground_keeps_its_strip(serve, visit):
    page = visit(serve(WITHOUT_GROUND), "truce")
    expect(page.locator("ol.strip li")).to_have_count(2)
    settled(page)
    expect(page.locator("section.ground")).to_have_count(0)


@in_depth
def test_hostile_names_of_ground_do_nothing_in_the_page(serve, visit):
    evil = "'<img src=x onerror=window.hit=1><script>window.hit=1</script>\"</title></svg>'"
    page = visit(serve(river().replace("{en: Heron Island, nl: Reigereiland}", evil).replace("name: the bank", f"name: {evil}")), "truce")
    expect(page.locator("section.ground svg path[data-area=island]")).to_be_visible()
    settled(page)
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.querySelectorAll('main script, main img').length") == 0


@in_depth
@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 400)])
def test_the_map_is_accessible_and_fits_a_narrow_page(serve, visit, modules, scheme, width):
    page = visit(serve(river(CODES)), "truce", scheme=scheme, width=width)
    expect(page.locator("section.ground svg path[data-area=island]")).to_be_visible()
    page.get_by_text("The areas in words").click()
    expect(page.locator("section.ground tbody tr").first).to_be_visible()
    settled(page)
    page.evaluate((modules / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    told = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.filter(each => ['serious', 'critical'].includes(each.impact)).map(each => each.id)")
    assert told == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    go(page, "build/areas/island")
    expect(page.get_by_label("codes (ISO 3166-2)")).to_have_value("NL-UT")


def test_code_knows_no_country():
    for path in [*(ROOT / "src" / "bestand" / "draw").glob("*.py"), *(ROOT / "src" / "bestand" / "web").glob("*.py"), ROOT / "workbench" / "src" / "ground.tsx"]:
        assert not re.search(r"UA-\d|Ukrain|Russia|Crimea", path.read_text(encoding="utf-8")), path
