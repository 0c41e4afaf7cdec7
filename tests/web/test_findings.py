"""A finding leads to its form, says what to do on the page, and is done by one click where one click can do it."""

from __future__ import annotations

import re

from bestand.case.read import read_text
from bestand.checks.findings import SENTENCES
from tests.depth import in_depth
from tests.web.conftest import expect, until
from tests.web.test_forms import words_of_the_page

CASE = """bestand: 1
title: Two banks
parties: {a: {name: Aye}, b: {name: Bee}}
sources: {s: {title: S, sha256: "0000000000000000000000000000000000000000000000000000000000000000"}}
claims: {c1: {source: s, quote: words, gloss: something}}  # stays
levers:
  a.stops: {is: Aye stops, assumed: so}
  b.pays: {is: Bee pays, assumed: so}
wants:
  a: [{that: b.pays, worth: 1, assumed: so}, {that: not a.stops, worth: 3, assumed: so}, {that: b.pays, worth: 0.5, assumed: so}]
  b: [{that: a.stops, worth: 1, assumed: so}]
observations: [{on: 2025-04-01, lever: b.pays, took: yes, assumed: so}]
talks: {t: {is: a talk, between: [a, Cee], assumed: so}}
"""


@in_depth
def test_each_finding_is_done_by_its_click(serve, visit):
    served = serve(CASE)
    page = visit(served)
    found = page.locator(".findings")

    def stands(holds):
        until(lambda: holds(read_text(served.path.read_text(encoding="utf-8")).file))

    found.get_by_role("button", name="It is background").click()
    stands(lambda file: file.claims["c1"].context)
    found.get_by_role("button", name="Stands at yes today").click()
    stands(lambda file: file.levers["b.pays"].now == "yes")
    found.get_by_label("It is another name of").select_option("b")
    stands(lambda file: file.parties["b"].also == ("Cee",))
    found.get_by_role("button", name="Take it out").click()
    stands(lambda file: len(file.wants["a"]) == 2)
    found.get_by_role("button", name="Order by worth").click()
    stands(lambda file: [want.worth.value for want in file.wants["a"]] == [3, 1])
    assert "  # stays\n" in served.path.read_text(encoding="utf-8")


@in_depth
def test_a_finding_leads_to_the_form_of_its_place_in_the_language_of_the_page(serve, visit):
    served = serve(CASE)
    page = visit(served)
    page.get_by_label("Language", exact=True).select_option("nl")
    found = page.locator(".findings a", has_text=re.compile("niets rust", re.I)).or_(page.locator(".findings a", has_text="c1")).first
    expect(page.locator(".findings")).to_contain_text("Kies haar bij een regel die erop rust")
    found.click()
    expect(page.locator("main .opened [data-key='Claim.gloss'] textarea")).to_have_value("something")


def test_no_advice_on_the_page_speaks_of_keys_of_the_file():
    words = words_of_the_page()
    of_the_page = {key.removeprefix("advice_") for key in words if key.startswith("advice_")}
    left = {code for code, (_, advice) in SENTENCES.items() if "`" in advice or "--" in advice} - {"/".join(code.split("/")[:2]) for code in of_the_page}
    assert {"/".join(code.split("/")[:2]) for code in left} <= {"check/impossible-date", "check/unclear-date"}
    assert all(code in SENTENCES for code in of_the_page)


def test_findings_keep_names_apart_that_run_from_right_to_left(serve):
    served = serve(CASE.replace("is: Bee pays", "is: \u05d7\u05d5\u05e3 \u05e6\u05e4\u05d5\u05df"))
    until(lambda: served.bench.last.get("answer", {}).get("findings"))
    said = " ".join(f"{each['what']} {each['advice']}" for each in served.bench.last["answer"]["findings"])
    assert "\u2068\u05d7\u05d5\u05e3 \u05e6\u05e4\u05d5\u05df\u2069" in said
    assert not re.search("[\u0590-\u05ff]", re.sub("\u2068[^\u2069]*\u2069", "", said))
