"""Pictures of results speak the language that is asked for: what is read in them stands in the tables of words, or is the case's own."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

import bestand
from bestand.draw.bars import Bar, bars
from bestand.draw.results import picture_of
from bestand.telling.words import words

ENGLISH = r"\b(the|where|yes|no|share|draws|still|holds|months|years|moves?|from|start|states|equilibria|chance|conclusions|carries|density|what|looking|worth)\b"


def read_in(picture):
    """All that is read in a picture, its label included."""
    root = ET.fromstring(picture)
    return [root.get("aria-label"), *(part.text for part in root.iter() if part.text)]


def test_pictures_of_results_are_dutch_where_dutch_is_asked():
    valley = bestand.conflict(bestand.read("example/nl"))
    for found in (bestand.stability(valley), bestand.paths(valley, goal="bestand", by="any")):
        told = " | ".join(read_in(found.picture("nl")))
        assert not re.search(ENGLISH, told), told
        assert read_in(found.picture()) != read_in(found.picture("nl"))
    with pytest.raises(bestand.AskError, match="report/unknown-language"):
        picture_of(bestand.stability(valley), "tlh")


def test_numbers_in_pictures_have_the_sign_of_the_language():
    assert "0,25" in read_in(bars([Bar("a", 0.25)], label="x", number=words("nl").number))


def test_a_long_name_is_read_whole():
    name = "Oekraïne en zijn Europese partners zouden dat niet kunnen aanvaarden (c104) en dat is niet zo"
    root = ET.fromstring(bars([Bar(name, 1.0), Bar("short", 0.5)], label="x"))
    lines = [part.text for part in root if part.find("title") is not None]
    assert " ".join(lines) == name and len(lines) > 1 and {part.text for part in root.iter("title")} == {name}


def test_what_a_sweep_says_is_drawn_in_dutch(tmp_path):
    pytest.importorskip("duckdb", reason="sweeps need the extra [sweep]")
    from bestand.report.discovered import discovered_page

    case = bestand.read("example/nl")
    asked = bestand.measure(case, "rests bestand")
    swept = bestand.sweep(case, bestand.space(case), asked, n=300, out=tmp_path / "a", options={"pomp": {}, "weer": {}})
    column = next(iter(swept.answers))
    plain = "rests bestand"
    results = {
        "shares": bestand.shares(swept), "crossings": bestand.crossings(swept, column), "boxes": bestand.boxes(swept, column),
        "tree": bestand.tree(swept, column), "ranks": bestand.ranks(swept, column), "choices": bestand.choices(swept, plain),
        "information": bestand.information(swept, plain),
    }  # fmt: skip
    page = discovered_page(swept, results, measure=column, language="nl").html
    pictures = re.findall(r"<svg.*?</svg>", page, flags=re.S)
    assert len(pictures) >= 4
    for picture in pictures:
        told = " | ".join(read_in(picture)).replace("rests bestand", "")
        assert not re.search(ENGLISH, told), told
    notes = " ".join(re.findall(r'<p class="quiet">(.*?)</p>|<th scope="col">(.*?)</th>', page)[0])
    assert not re.search(ENGLISH, notes)
