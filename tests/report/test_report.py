"""The page: both languages, every section, nothing loaded, everything escaped, unchecked quotes said."""

from __future__ import annotations

import hashlib
import html
import re
import string
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bestand.case.concepts import CORE
from bestand.case.lines import wants
from bestand.case.read import read, read_text
from bestand.drafting.beside import file_of
from bestand.drafting.proposals import Proposal, Proposals, keep
from bestand.draw.moves import WIDTH, layout
from bestand.draw.svg import long_is
from bestand.errors import AskError
from bestand.negotiate.paths import paths
from bestand.report.agreements import agreement_blocks
from bestand.report.headline import headline
from bestand.report.page import SECTIONS, environment_of_templates, report, template
from bestand.report.unlocks import unlock_blocks
from bestand.report.worded_changes import unlocks_worded
from bestand.study.flips import flips
from bestand.study.stages import study
from bestand.telling.telling import Telling
from bestand.telling.words import LANGUAGES, words
from bestand.truce.survival import flow_with_zones
from tests.depth import in_depth
from tests.pages import page_of

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
observations: [{{on: "2030-05-01", lever: a.stops, took: "no", because: [c1]}}]
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
    for words_kept in ("said by Beta (hearsay)", "Beta: possible", "the author does not say whether it is so", "<i>reportedly</i>", "<i>for it</i>"):
        assert words_kept in claim


def test_every_link_on_the_page_leads_somewhere_on_it(unchecked) -> None:
    found = loads(report(unchecked).html)
    assert len(found.ids) == len(set(found.ids))
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)


def test_both_languages_have_the_same_words_and_blanks() -> None:
    english, dutch = (words(language).phrases for language in ("en", "nl"))
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
    shown = page._repr_html_()
    assert shown.startswith("<iframe srcdoc=") and "<html" not in shown and html.unescape(shown.split('"')[1]) == page.html


def test_an_earlier_version_shows_what_changed(unchecked) -> None:
    earlier = read_text(CASE.replace("name: Beta", "name: Bèta"))
    html = report(unchecked, since=flips(earlier, unchecked.case)).html
    assert "What changed since the earlier version" in html and "Bèta" in html


def test_boxes_of_the_picture_never_overlap(ukraine) -> None:
    found = ukraine
    drawn = layout(found, Telling(found.conflict, words("en")))
    assert drawn is not None and len(drawn.boxes) > 5
    for k, one in enumerate(drawn.boxes):
        for other in drawn.boxes[k + 1 :]:
            apart = abs(one.x - other.x) >= WIDTH or one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart, (one.letter, other.letter)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_is_a_few_short_paragraphs_and_what_qualifies_them_stands_below(ukraine, language: str) -> None:
    box = headline(ukraine, Telling(ukraine.conflict, words(language)))
    assert 5 <= len(box) <= 8 and len({each.lead for each in box}) == len(box)
    assert all(len(each.text.split()) <= 75 for each in box), [len(each.text.split()) for each in box]
    page = re.sub(r"</?bdi>", "", html.unescape(page_of(ukraine, language))).replace("\u00a0%", " %")
    assert all(said in page for each in box for said in (each.lead, each.text, *each.more))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_of_deals_unlocking_coalitions_and_how_long_a_truce_holds(ukraine, language: str) -> None:
    page = loads(page_of(ukraine, language))
    assert {"agreements", "unlock", "coalitions", "survival"} <= set(page.ids) and page.found == []
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert not [verdict.name for verdict in ukraine.hypotheses if verdict.status == "unanswered"]


def test_a_quick_study_leaves_the_deeper_parts_out(ukraine) -> None:
    found = study(ukraine.case, quick=True, hypotheses=False, draws=1)
    assert (found.agreements, found.unlocks, found.coalitions, found.truce) == (None,) * 4
    assert 'id="agreements"' not in report(found).html


@pytest.mark.parametrize("name", ["literature/kilgour-2001/elmira", "literature/fang-1993/chicken", "example/nl"])
def test_published_and_listed_cases_get_a_page_too(name: str) -> None:
    found = loads(report(study(read(name))).html)
    assert found.found == [] and "rests" in found.ids
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)


def test_a_study_without_conclusions_tried_says_so(unchecked) -> None:
    untried = tuple(replace(each, flips=None) for each in unchecked.conclusions)
    assert "too many states or wants" in report(replace(unchecked, conclusions=untried)).html


@in_depth
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headline_names_the_one_step_that_is_missing(talks, language: str) -> None:
    told = " ".join(" ".join((each.text, *each.more)) for each in headline(talks, Telling(talks.conflict, words(language))))
    answer = next(each for each in talks.terms if each.term == "ceasefire")
    assert [each.step.changes for each in answer.openings] == [{"ua.cedes": ("no", "four_provinces")}]
    assert answer.common["ua.cedes"] == "four_provinces" and answer.rests["seq"] == answer.openings[0].n_rests == 40
    assert "it hands over the four provinces" in told and re.search(r"\b40 (of the|van de) 40\b", told)


def test_a_missing_step_does_not_pay_and_best_moves_do_the_rest(ukraine) -> None:
    for answer in ukraine.terms:
        resting = ukraine.conflict.where(answer.term) & ukraine.stability.holds("seq")
        for each in answer.openings:
            assert each.step.rank_after <= each.step.rank_before and not answer.reached
            assert (paths(ukraine.conflict, by="best", start=each.step.target).reached & resting).any()


@in_depth
@pytest.mark.parametrize("language", LANGUAGES)
def test_order_and_size_are_reconciled_in_one_sentence(talks, language: str) -> None:
    deals = talks.agreements.terms[0].deals
    told = [" ".join((each.text, *each.more)) for each in headline(talks, Telling(talks.conflict, words(language))) if words(language)("head_joint_none") in each.more]
    assert deals.differs and deals.n_deals == 0 and deals.by_size.n_deals == 16
    assert len(told) == 1 and " 16 " in told[0] and words(language)("gains_not", parties="{}").split("{}")[0] in told[0]


@in_depth
def test_a_package_says_who_gains_nothing_by_it(talks) -> None:
    telling = Telling(talks.conflict, words("en"))
    block = next(each for each in agreement_blocks(talks.agreements, telling) if each.title == telling.say("agree_packages"))
    gains = [row[block.columns.index(telling.say("agree_gains"))].text for row in block.rows]
    assert all(each.endswith("not Russia") for each in gains)
    first = talks.agreements.packages[0]
    nothing = replace(first, settlement=replace(first.settlement, gain=0 * first.settlement.gain))
    block = next(each for each in agreement_blocks(replace(talks.agreements, packages=(nothing,)), telling) if each.title == telling.say("agree_packages"))
    assert telling.say("agree_gains_none") in [cell.text for cell in block.rows[0]]


def test_advice_that_crosses_no_red_line_comes_first_and_every_row_says_whose_it_crosses(ukraine) -> None:
    telling = Telling(ukraine.conflict, words("en"))
    rows = ukraine.unlocks.sets
    (block,) = unlock_blocks(ukraine.unlocks, telling)
    assert [len(row.crosses) for row in rows] == sorted(len(row.crosses) for row in rows) and len(rows) > 2
    for row, shown, printed in zip(rows, block.rows, unlocks_worded(ukraine.unlocks, telling).rows, strict=True):
        state = ukraine.conflict.state({lever: setting for lever, setting in row.at.items() if lever in ukraine.graph.levers})
        crossed = {
            line.at: telling.party(party) for party in ukraine.case.file.wants for line, want in wants(ukraine.case, party)
            if want.red_line and not ukraine.conflict.true_at(want.that, state)
        }  # fmt: skip
        assert {line.at for line in row.crosses} == set(crossed)
        assert printed[2] == (", ".join(dict.fromkeys(crossed.values())) or "nobody")
        assert all(name in shown[1].text for name in crossed.values())
        doubtful = {change.at for change in row.changes if change.firm is False}
        assert shown[2].text.count("“") == len(doubtful) and printed[3] == len(doubtful)


def test_what_is_said_of_the_numbers_of_zones_is_so(ukraine, unchecked) -> None:
    say = words("en")
    assert say("zones_note") in page_of(ukraine) and say("zones_unused") not in page_of(ukraine)
    assert unchecked.truce is None and say("zones_unused") in report(unchecked).html
    sized = ukraine.conflict.draw(1).on_scale("cardinal")  # "nothing else on this page" was said of what is also watched with them
    assert ukraine.watch is not None and "what to watch" in say("zones_note") and (flow_with_zones(sized) != sized.worths("cardinal").value).any()


@in_depth
def test_both_readings_stand_in_the_tables(talks) -> None:
    html = page_of(talks)
    for concept in CORE:
        assert words("en")("best_of", best=talks.counts[concept], paying=talks.classical_counts[concept]) in html
    answer = next(each for each in talks.terms if each.term == "ceasefire")
    assert (answer.rests["seq"], answer.classical["seq"]) == (40, 120) and "in 120 where any paying answer is feared" in html


def test_the_page_says_how_many_proposals_wait(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    found = study(read(str(path)), draws=1, quick=True, hypotheses=False)
    assert words("en")("waiting_none") in report(found).html
    item = Proposal("p1", "party", {"name": "Gamma"})
    keep(Proposals(items=(item, replace(item, id="p2"), replace(item, id="p3", status="rejected"))), file_of(found.case))
    assert words("en")("waiting_some", n=2) in report(found).html


def test_the_printed_page_is_numbered_and_folds_what_is_folded(unchecked) -> None:
    html = report(unchecked).html
    assert "counter(page)" in html and "orphans" in html and "details-content" not in html


def test_decimals_are_those_of_the_language() -> None:
    assert words("nl").number("44 % ± 1.5") == "44 % ± 1,5" and words("nl").number("see 1.5") == "see 1.5"
    assert words("nl")("last_knowing_one", month="3", gain="+1.2", error="± 0.4").count(",") == 2


def test_lines_fit_their_boxes(ukraine) -> None:
    for language in ("en", "nl"):
        boxes = layout(ukraine, Telling(ukraine.conflict, words(language))).boxes
        assert max(long_is(line, 12) for box in boxes for line in box.lines) <= WIDTH - 20


@in_depth
def test_templates_once_compiled_are_taken_from_where_python_keeps_its_own_and_never_missed(tmp_path, monkeypatch):
    """A second start compiles none; a damaged file, or a place where nothing can be kept, costs time and nothing else."""
    case, kept = study(read("example/en"), quick=True, draws=1), tmp_path / "kept"

    def page() -> str:
        template.cache_clear()
        environment_of_templates.cache_clear()
        return report(case).html

    usual = page()
    try:
        monkeypatch.setattr("sys.pycache_prefix", str(kept))
        monkeypatch.setattr("sys.dont_write_bytecode", True)
        assert page() == usual and not kept.exists()
        monkeypatch.setattr("sys.dont_write_bytecode", False)
        assert page() == usual
        files = list(kept.rglob("*.j2c"))
        assert len(files) >= 2
        with monkeypatch.context() as patched:
            patched.setattr("jinja2.Environment.compile", None)  # needed no more
            assert page() == usual
        for each in files:
            each.write_bytes(each.read_bytes()[:30])
        assert page() == usual and all(len(each.read_bytes()) > 30 for each in files)
        monkeypatch.setattr("sys.pycache_prefix", str(files[0]))  # under a file no folder can be
        assert page() == usual
    finally:
        monkeypatch.undo()
        template.cache_clear()
        environment_of_templates.cache_clear()
