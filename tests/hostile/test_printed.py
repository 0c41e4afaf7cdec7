"""Word files, PDF and pictures of cases whose every word is hostile: all of it is there as words, nothing is carried out, and the file opens."""

from __future__ import annotations

import importlib
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest

from bestand import brief, conflict, report, study
from bestand.case.read import read, read_text
from bestand.case.yaml import load
from bestand.draw.courses import courses_picture
from bestand.draw.svg import standalone
from bestand.study.scenarios import Branch, Scenarios
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.hostile import test_markup

RIGHT_TO_LEFT = "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 12 (\u05e2\u05d1\u05e8\u05d9\u05ea)"
ATTACK = (
    f"=cmd|' /C calc'!A0 {test_markup.ATTACK} \" INCLUDEPICTURE \"http://example.org/x\" \\d {RIGHT_TO_LEFT} "
    "\u2028\U0001f4a5\U000e0001\u200b\u00ad e" + 300 * "\u0301"
)
LETTERS = 2_000  # of one word


def _studied(attack: str):
    known = load(read("example/nl").text)[0]
    before, test_markup.ATTACK = test_markup.ATTACK, attack
    try:
        stated = test_markup.attacked(known)
    finally:
        test_markup.ATTACK = before
    return study(conflict(read_text(json.dumps(stated, ensure_ascii=False)), draws=5), quick=True)


@pytest.fixture(scope="module")
def hostile():
    return _studied(ATTACK)


@pytest.fixture(scope="module")
def endless():
    return _studied(LETTERS * "x")


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("kind", ["hostile", "endless"])
def test_a_word_file_has_every_word_and_carries_none_out(kind, language, request):
    docx = pytest.importorskip("docx")
    plain = brief(study(conflict(read("example/nl"), draws=5), quick=True), language=language).word()
    made = brief(request.getfixturevalue(kind), language=language)
    content = made.word()
    with zipfile.ZipFile(io.BytesIO(plain)) as usual, zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.namelist() == usual.namelist()
        for name in file.namelist():
            if name.endswith((".xml", ".rels")):
                tags = [{each.tag for each in ElementTree.fromstring(one.read(name)).iter()} for one in (usual, file)]
                assert tags[1] <= tags[0] and b'TargetMode="External"' not in file.read(name), name
    document = docx.Document(io.BytesIO(content))
    lines = [line.text for line in document.paragraphs] + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = _bare("".join(lines))
    for each in (made.title, made.kicker, *(sentence.text for sentence in made.sentences), *made.sources, *(cell for row in made.matrix for cell in row)):
        assert _bare(each) in text
    assert len(document.core_properties.title) <= 255 and document.core_properties.title[:40] == made.title[:40]


@pytest.mark.parametrize("printer", ["a browser", "WeasyPrint"])
def test_a_brief_on_paper_has_the_end_of_words_without_end(printer, endless, monkeypatch, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    printed = importlib.import_module("bestand.report.printed")
    if printer == "a browser" and printed.browser() is None:
        pytest.skip("no browser is installed")
    if printer == "WeasyPrint":
        pytest.importorskip("weasyprint")
        monkeypatch.setattr(printed, "browser", lambda: None)
    made = brief(endless, language="nl")
    file = pypdf.PdfReader(made.save(tmp_path / "brief.pdf"))
    text = "".join(page.extract_text() for page in file.pages)
    least = sum(each.count("x") for each in (made.title, *(sentence.text for sentence in made.sentences), *made.sources))
    assert text.count("x") >= least > 4 * LETTERS and not {"/OpenAction", "/AA", "/AcroForm"} & set(file.trailer["/Root"])


def test_a_report_breaks_words_without_end_and_no_entity(endless):
    html = report(endless).html
    shown = re.sub(r"<svg.*?</svg>|<title.*?</title>|<style.*?</style>|<(?!wbr)[^>]*>", " ", html, flags=re.DOTALL)
    assert "x" * 80 not in shown and shown.count("x" * 40 + "<wbr>") > 500
    broken = importlib.import_module("bestand.report.page").apart("<p>" + 60 * "&amp;" + 60 * "e\u0301" + 60 * "&#39;" + "</p>")
    assert broken.count("<wbr>") >= 2 and not re.search("&[^;]*<wbr>|<wbr>\u0301", broken)


def test_what_a_picture_of_courses_has_no_room_for_is_told_when_pointed_at(hostile):
    telling = Telling(hostile.conflict, words("nl"))
    branch = Branch(parent=None, step=0, holds=tuple(hostile.case.file.terms) * 4, chance=1.0, signs=())
    told = telling.say.listed(telling.terms(branch.holds))
    drawn = courses_picture(Scenarios(None, (), (0.0,), (), 0.0, (branch,), 1), telling)
    of = {tag: [each.text or "" for each in ElementTree.fromstring(standalone(drawn)).iter() if each.tag.endswith(tag)] for tag in ("text", "title")}
    assert any(each.endswith("…") for each in of["text"]) and any(told in each for each in of["title"]), of


@pytest.mark.parametrize("kind", ["hostile", "endless"])
def test_pictures_of_a_report_are_pictures_of_nothing_else(kind, request):
    drawn = re.findall(r"<svg.*?</svg>", report(request.getfixturevalue(kind), language="nl").html, flags=re.DOTALL)
    tags = {each.tag.rpartition("}")[2] for picture in drawn for each in ElementTree.fromstring(picture).iter()}
    assert len(drawn) > 1 and tags <= {"svg", "g", "path", "rect", "line", "circle", "text", "tspan", "title", "desc", "polyline", "polygon", "defs", "pattern", "use", "clipPath", "marker"}
