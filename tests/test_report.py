"""The page: both languages, every section, nothing loaded, everything escaped, unchecked quotes said."""

from __future__ import annotations

import hashlib
import re
import string
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bestand.case.read import read, read_text
from bestand.draw.moves import WIDTH, layout
from bestand.errors import AskError
from bestand.report.headline import headline
from bestand.report.page import SECTIONS, report
from bestand.study.stages import study
from bestand.telling import words as telling_words
from bestand.telling.telling import Telling
from bestand.telling.words import LANGUAGES, words

LETTER = "Alpha stops if the other stops. Beta reportedly wants money for it."
CASE = f"""
bestand: 1
title: "Two <script>alert(1)</script> neighbours"
sources: {{s: {{title: "Letter <b>", author: Somebody, sha256: "{hashlib.sha256(LETTER.encode()).hexdigest()}", file: letter.txt}}}}
claims:
  c1: {{source: s, quote: "stops if the other stops", gloss: "Alpha stops if Beta <i>does</i>", about: [a.stops]}}
  c2:
    source: s
    quote: "reportedly wants money"
    gloss: Beta wants money
    says: Beta
    via: hearsay
    author_holds: uncommitted
    source_holds: possible
    hedge: reportedly
    condition: for it
    about: [b.stops]
parties: {{a: {{name: "Alpha & Sons"}}, b: {{name: Beta}}}}
levers:
  a.stops: {{is: "Alpha stops <script>x</script>", because: [c1]}}
  b.stops: {{is: Beta stops, because: [c2], basis: reported}}
  a.pays: {{is: Alpha pays, needs: {{yes: truce}}, one_way: up, assumed: a guess}}
terms: {{truce: a.stops and b.stops}}
events: {{accident: {{sets: {{a.stops: no}}, when: truce, per_month: 0.1, assumed: a guess}}}}
wants:
  a: [{{that: b.stops, is: "Beta stops </style>", because: [c1]}}, {{that: not a.stops, because: [c1]}}]
  b: [{{that: a.stops, because: [c2], basis: reported}}, {{that: not b.stops, assumed: a guess}}]
talks: {{t: {{is: a talk, between: [a, b], because: [c1]}}}}
incidents: {{i: {{is: a shot, framings: [{{by: a, as: an accident, because: [c1]}}, {{by: b, as: a crime, because: [c2]}}], because: [c1]}}}}
zones: {{z: {{name: the fence, width_km: 1, attacker: a, attack: not a.stops, surge_k: 1, assumed: a guess}}}}
hypotheses: {{h: {{claim: money helps, because: [c2], test: {{ask: possible, that: truce}}}}}}
unsaid: [{{what: how much money, instead: enough, where: [a.pays]}}]
"""


class Loads(HTMLParser):
    """Everything in a page that a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", "link", "img", "iframe", "object", "embed", "source", "use", "base"):
            self.found.append(tag)
        self.found += [name for name in given if name in ("src", "srcset", "data", "action") or name.startswith("on")]
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []


@pytest.fixture(scope="module")
def unchecked():
    return study(read_text(CASE))


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("sources")
    (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
    return study(read_text(CASE, sources=folder))


def loads(html: str) -> Loads:
    found = Loads()
    found.feed(html)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_stands_on_the_page(unchecked, language: str) -> None:
    html = report(unchecked, language=language).html
    for section in SECTIONS:
        assert f'<h2 id="{section}">' in html
    assert f'lang="{language}"' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fetched_or_run(unchecked, language: str) -> None:
    html = report(unchecked, language=language).html
    assert loads(html).found == []
    assert not re.search(r"url\((?!#)|@import|https?://", html)
    assert "default-src 'none'" in html


def test_strings_of_the_case_are_escaped(unchecked) -> None:
    html = report(unchecked).html
    assert "<script" not in html and "&lt;script&gt;alert(1)" in html
    assert html.count("</style>") == 1
    assert "Alpha &amp; Sons" in html and "Beta &lt;i&gt;does&lt;/i&gt;" in html


@pytest.mark.parametrize(("language", "words_of_doubt"), [("en", "not checked"), ("nl", "niet getoetst")])
def test_every_section_says_when_quotes_were_not_checked(unchecked, language: str, words_of_doubt: str) -> None:
    html = report(unchecked, language=language).html
    headings = re.findall(r"<h2 id=.*?</h2>", html)
    assert len(headings) == len(SECTIONS) and all(words_of_doubt in heading for heading in headings)


def test_checked_quotes_are_shown_in_their_context(checked) -> None:
    html = report(checked).html
    assert "not checked" not in html and html.count("✓ checked") == 2
    assert "<mark>reportedly wants money</mark> for it." in html


def test_the_hedge_the_chain_and_the_condition_stay_in_words(unchecked) -> None:
    html = report(unchecked).html
    claim = html[html.index('id="claim-c2"') :][:900]
    for words_kept in ("Beta says (hearsay)", "Beta: possible", "the author does not commit to it", "<i>reportedly</i>", "<i>for it</i>"):
        assert words_kept in claim


def test_every_link_on_the_page_leads_somewhere_on_it(unchecked) -> None:
    found = loads(report(unchecked).html)
    assert len(found.ids) == len(set(found.ids))
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)


def test_both_languages_have_the_same_words_and_blanks() -> None:
    folder = Path(telling_words.__file__).parent
    read_words = {language: tomllib.loads((folder / f"{language}.toml").read_text("utf-8")) for language in LANGUAGES}
    english, dutch = read_words["en"], read_words["nl"]
    assert english.keys() == dutch.keys()
    for key in english:
        assert blanks(english[key]) == blanks(dutch[key]), key


def blanks(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_an_unknown_language_is_refused_with_the_choices(unchecked) -> None:
    with pytest.raises(AskError, match="choices are en, nl"):
        report(unchecked, language="de")


def test_saving_replaces_the_page_whole(unchecked, tmp_path: Path) -> None:
    page, path = report(unchecked), tmp_path / "deep" / "page.html"
    assert page.save(path) == path and page.save(path).read_text("utf-8") == page.html
    assert [each.name for each in path.parent.iterdir()] == ["page.html"]
    assert page._repr_html_() == page.html


def test_an_earlier_version_shows_what_changed(unchecked) -> None:
    earlier = study(read_text(CASE.replace("name: Beta", "name: Bèta")))
    html = report(unchecked, since=earlier).html
    assert "What changed since the earlier version" in html and "Bèta" in html


@pytest.fixture(scope="module")
def ukraine():
    return study(read("ukraine/2025-04"), draws=8)


def test_boxes_of_the_picture_never_overlap(ukraine) -> None:
    found = ukraine
    drawn = layout(found, Telling(found.conflict, words("en")))
    assert drawn is not None and len(drawn.boxes) > 5
    for k, one in enumerate(drawn.boxes):
        for other in drawn.boxes[k + 1 :]:
            apart = abs(one.x - other.x) >= WIDTH or one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart, (one.letter, other.letter)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_is_five_to_seven_sentences(ukraine, language: str) -> None:
    assert 5 <= len(headline(ukraine, Telling(ukraine.conflict, words(language)))) <= 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_of_deals_unlocking_coalitions_and_how_long_a_truce_holds(ukraine, language: str) -> None:
    page = loads(report(ukraine, language=language).html)
    assert {"agreement", "unlock", "together", "lasting"} <= set(page.ids) and page.found == []
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert not [verdict.name for verdict in ukraine.hypotheses if verdict.status == "unanswered"]


def test_a_quick_study_leaves_the_deeper_parts_out(ukraine) -> None:
    found = study(ukraine.case, quick=True, hypotheses=False, draws=1)
    assert (found.agreements, found.unlocks, found.coalitions, found.truce) == (None,) * 4
    assert 'id="agreement"' not in report(found).html


@pytest.mark.parametrize("name", ["literature/kilgour-2001/elmira", "literature/fang-1993/chicken", "example/nl"])
def test_published_and_listed_cases_get_a_page_too(name: str) -> None:
    found = loads(report(study(read(name))).html)
    assert found.found == [] and "rests" in found.ids
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)


def test_a_study_without_conclusions_tried_says_so(unchecked) -> None:
    untried = tuple(replace(each, flips=None) for each in unchecked.conclusions)
    assert "too many states or wants" in report(replace(unchecked, conclusions=untried)).html
