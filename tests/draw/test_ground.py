"""Ground on the map: its borders, how they come to the page, what a case may say of it, and what is drawn of that."""

from __future__ import annotations

import importlib
import re
import sqlite3
import struct
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from bestand.case.areas import area_guess, known_areas
from bestand.case.holding import elsewhere, held_by, is_disputed
from bestand.case.read import read, read_text
from bestand.changes.diff import diff
from bestand.draw.borders import borders, outer
from bestand.draw.ground import EDGE, WIDTH, drawn, fronts, on_sheet, shapes, sheet_of, thinned, widest
from bestand.draw.projection import Projection, about
from bestand.draw.svg import standalone
from bestand.draw.zones import zones_picture
from bestand.errors import BestandError
from bestand.graph.conflict import conflict
from bestand.report.page import report
from bestand.study.stages import study
from bestand.telling.ground import areas_told
from bestand.telling.telling import Telling
from bestand.telling.words import words
from tests.depth import spread
from tests.ground_cases import CODES, WITHOUT_GROUND, river

ROOT = Path(__file__).parents[2]
EARTH = 6371.007  # km: radius of the sphere with the earth's surface
CITIES = {  # ISO 3166-2: longitude and latitude of a place that lies in it, wherever else it may be filed
    "UA-43": (34.10, 44.95), "UA-40": (33.60, 44.58), "UA-09": (39.30, 48.57), "UA-14": (37.80, 48.00), "UA-23": (35.18, 47.83), "UA-65": (32.75, 46.75),
    "UA-46": (24.03, 49.84), "UA-30": (30.52, 50.45), "UA-32": (30.10, 49.80), "RU-BEL": (36.58, 50.60), "RU-KGD": (20.80, 54.70), "BY-HM": (27.56, 53.90),
    "PL-14": (21.00, 52.23), "NL-UT": (5.12, 52.09), "CN-XZ": (91.10, 29.65), "BD-C": (90.40, 23.80), "SD-KN": (30.20, 13.20),
    "ET-TI": (39.47, 13.49), "GE-AB": (41.00, 43.05), "CY-03": (33.60, 34.95), "IR-29": (59.20, 32.87), "SE-AB": (18.00, 59.35), "US-TX": (-99.0, 31.0),
}  # fmt: skip


def told_of(text):
    return Telling(conflict(read_text(text)), words("en"))


def inside(rings, x, y):
    """Whether a place lies within rings, by the even-odd rule: plainly, edge by edge."""
    odd = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd


def rings_of(code):
    known = borders()
    return [np.concatenate([known.line(k)[:-1] for k in ring]).tolist() for each in known.called(code) for polygon in each.polygons for ring in polygon]


def km2(ring):
    """Area of a ring on the sphere: strips between its edges and the equator [Chamberlain & Duquette 2007, eq. 1]."""
    east, north = np.radians(np.array(ring)).T
    return EARTH**2 * float(((np.roll(east, -1) - east) * (np.sin(np.roll(north, -1)) + np.sin(north))).sum()) / 2


# ---- the borders that come with the program


def test_every_border_meets_the_next_and_parts_at_most_two_areas():
    known, used = borders(), Counter()
    for each in known.ground:
        used.update(each.borders())
        for ring in (ring for polygon in each.polygons for ring in polygon):
            ends = [(known.line(k)[0].tolist(), known.line(k)[-1].tolist()) for k in ring]
            assert all(end == start for (_, end), (start, _) in zip(ends, [*ends[1:], ends[0]], strict=True))
            assert len({tuple(place) for k in ring for place in known.line(k).tolist()}) >= 3
    assert set(used.values()) <= {1, 2}
    assert sum(n == 2 for n in used.values()) > 9_000  # shared borders stand once


def test_every_code_has_ground_and_all_coded_ground_can_be_named():
    known, codes = borders(), known_areas()
    assert {each.code for each in known.ground if each.code} | {each.country for each in known.ground if each.country} == set(codes)
    assert all(name.strip() and name.isprintable() for name in codes.values())
    assert len([code for code in codes if "-" in code]) > 3_900
    assert all(re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", code) for code in codes)


@pytest.mark.parametrize("code", CITIES)
def test_a_code_names_the_ground_that_a_city_stands_on(code):
    assert inside(rings_of(code), *CITIES[code])
    assert inside(rings_of(code[:2]), *CITIES[code])


def test_areas_keep_their_size_though_their_borders_are_simpler():
    """Countries as published (km2, with inner water), and the land of the earth but Antarctica, within two and three percent."""
    for code, published in {"UA": 603_550, "PL": 312_700, "RO": 238_400, "BY": 207_600, "CH": 41_290}.items():
        assert abs(sum(km2(ring) for ring in rings_of(code))) == pytest.approx(published, rel=0.02), code
    codes = {each.country for each in borders().ground} - {"", "AQ"}
    assert abs(sum(km2(ring) for code in codes for ring in rings_of(code))) == pytest.approx(135e6, rel=0.03)


def test_borders_of_areas_taken_together_close_and_fill_the_same_ground():
    known = borders()
    together = [*known.called("UA-14"), *known.called("UA-09"), *known.called("UA-65")]
    loops = [np.concatenate([known.line(k)[:-1] for k in loop]).tolist() for loop in known.loops(outer(together))]
    apart = [rings_of(code) for code in ("UA-14", "UA-09", "UA-65")]
    rng = np.random.default_rng(5)
    for x, y in rng.uniform((31, 46), (41, 50.5), (400, 2)).tolist():
        assert inside(loops, x, y) == any(inside(rings, x, y) for rings in apart)


# ---- how they were made


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "release"))
    sys.modules.pop("borders", None)
    yield importlib.import_module("borders")
    sys.modules.pop("borders", None)


def blob(rings, *, little=True, kind=6):
    """A geometry of a GeoPackage, with one polygon."""
    order = "<" if little else ">"
    polygon = struct.pack(f"{order}BII", little, 3, len(rings)) + b"".join(struct.pack(f"{order}I{2 * len(ring)}d", len(ring), *(n for place in ring for n in place)) for ring in rings)
    whole = polygon if kind == 3 else struct.pack(f"{order}BII", little, 6, 1) + polygon
    return b"GP\x00\x03" + struct.pack("<i", 4326) + struct.pack("<4d", 0, 1, 0, 1) + whole


@pytest.mark.parametrize(("little", "kind"), [(True, 6), (False, 6), (True, 3)])
def test_geometries_are_read_whichever_way_their_bytes_go(script, little, kind):
    ring = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]
    grid = script.GRID
    assert script.multipolygon(blob([ring], little=little, kind=kind)) == [[[(0, 0), (grid, 0), (grid, grid), (0, grid)]]]


def test_two_provinces_share_the_border_between_them(script, tmp_path, monkeypatch):
    """A small file like Natural Earth's: one province is found by another name, one by its sound, one by hand, one not at all."""
    wave = [(1.0 + 0.02 * np.sin(9 * y), float(y)) for y in np.linspace(0, 1, 60)]
    west = [(0.0, 0.0), *wave, (0.0, 1.0), (0.0, 0.0)]
    east = [(2.0, 0.0), (2.0, 1.0), *reversed(wave), (2.0, 0.0)]
    rows = [("RU", "Crimea", "Crimea, UA, Ukraine", None, "Avtonomna Respublika Krym", west), ("RU", "Murmansk", "Murmansk, RU, Russia", None, None, east),
            ("BY", "Gomel", "Homyel', BY, Belarus", None, None, [(x + 5, y) for x, y in west]), ("FR", "Nowhere", "", None, None, [(x + 9, y) for x, y in west])]  # fmt: skip
    with sqlite3.connect(tmp_path / "small.gpkg") as made:
        made.execute("create table states_provinces (fid integer primary key, iso_a2, name, woe_label, woe_name, gn_name, geom)")
        made.execute("create table countries (iso_a2, NAME)")
        made.executemany("insert into states_provinces (iso_a2, name, woe_label, woe_name, gn_name, geom) values (?, ?, ?, ?, ?, ?)", [(*row[:5], blob([row[5]])) for row in rows])
        made.execute("insert into countries values ('UA', 'Ukraine')")
    found = script.areas(tmp_path / "small.gpkg")
    script.give_codes(found, [{"code": "UA-43", "name": "Avtonomna Respublika Krym"}, {"code": "RU-MUR", "name": "Murmanskaja oblast'"}, {"code": "FR-IDF", "name": "Île-de-France"}])
    assert [area.code for area in found] == ["UA-43", "RU-MUR", "BY-HO", ""]
    arcs = script.topology(found)
    shared = {k if k >= 0 else ~k for k in found[0].arcs[0][0]} & {k if k >= 0 else ~k for k in found[1].arcs[0][0]}
    assert len(shared) == 1
    assert 2 < len(arcs[shared.pop()]) < 60
    told = script.told(found, arcs)
    assert told["country"].tolist() == ["BY", "FR", "RU", "UA"]
    assert [int(told[name].sum()) for name in ("n_polygons", "n_rings", "n_borders", "n_places")] == [4, 4, len(told["rings"]), told["steps"].shape[1]]
    assert script.names(tmp_path / "small.gpkg", found).splitlines() == ["BY\tBY", "BY-HO\tGomel", "FR\tFR", "RU\tRU", "RU-MUR\tMurmansk", "UA\tUkraine", "UA-43\tCrimea"]


def test_a_simpler_border_stays_near_and_keeps_its_ends(script):
    rng = np.random.default_rng(3)
    for _ in range(20):
        line = [(int(x), int(y)) for x, y in np.cumsum(rng.integers(-4, 5, (80, 2)), axis=0)]
        kept = script.simpler(line)
        assert (kept[0], kept[-1]) == (line[0], line[-1])
        scale = np.cos(np.radians(line[0][1] / script.GRID))
        for point in line:
            near = min(script.away(point, a, b, scale) for a, b in pairwise(kept)) if len(kept) > 1 else 0
            assert near <= script.TOLERANCE + 1e-9
    ring = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    assert len(set(script.simpler(ring))) >= 3  # an island is not simplified away


# ---- projection


def test_the_projection_gives_the_published_example():
    """Snyder 1987, p. 332: sphere of radius 3, middle 40 N 100 W, place 20 S 100 E."""
    assert (3 * Projection(-100.0, 40.0).flat(np.array([[100.0, -20.0]])))[0].tolist() == pytest.approx([-4.2339303, 4.0257775], abs=1e-7)


def test_the_projection_comes_back_and_keeps_areas():
    rng = np.random.default_rng(1)
    for _ in range(20):
        middle = Projection(float(rng.uniform(-180, 180)), float(rng.uniform(-85, 85)))
        places = np.stack([middle.east + rng.uniform(-100, 100, 50), rng.uniform(-80, 80, 50)], axis=1)
        back = middle.places(middle.flat(places))
        near = np.abs((back - places + [180, 0]) % [360, 1e9] - [180, 0])
        assert np.minimum(near, np.abs(near - [0, 1e9])).max() < 1e-6
    small = 1e-3
    for east, north in rng.uniform((-60, -60), (60, 60), (30, 2)):
        square = np.array([[east, north], [east + small, north], [east + small, north + small], [east, north + small]])
        x, y = Projection(10.0, 45.0).flat(square).T
        area = abs(float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())) / 2
        assert area == pytest.approx(np.radians(small) ** 2 * np.cos(np.radians(north + small / 2)), rel=1e-5)


def test_places_on_both_sides_of_the_date_line_have_their_middle_there():
    assert about(np.array([[175.0, 0.0], [-175.0, 10.0]])) == Projection(180.0, 5.0)
    assert about(np.array([[-170.0, 0.0], [170.0, 0.0], [160.0, 4.0]])).east == pytest.approx(175.0)
    assert about(np.array([[4.0, 50.0], [8.0, 54.0]])) == Projection(6.0, 52.0)


# ---- what a case may say


@pytest.mark.parametrize(
    ("was", "now", "code", "told"),
    [
        ("NL-UT", "NL-UR", "case/unknown-area", "did you mean 'NL-UT' (Utrecht)?"),
        ("NL-UT", "Utrecht", "case/unknown-area", "did you mean 'NL-UT' (Utrecht)?"),
        ("NL-UT", "ZZ-99", "case/unknown-area", "give a code of ISO 3166-2"),
        ("NL-LI", "NL-UT", "case/area-twice", "each code stands in one area"),
        ("iso: BE", "iso: BE, outline: [[0, 0], [1, 0], [0, 1]]", "case/codes-or-outline", "give codes"),
        ("iso: BE", "claimed_by: up", "case/codes-or-outline", "give codes"),
        ("iso: BE", "outline: [[0, 0], [1, 0], [1, 0]]", "case/out-of-range", "at least three"),
        ("iso: BE", "outline: [[0, 0], [1, 95], [2, 0]]", "case/out-of-range", "[longitude, latitude]"),
        ("iso: BE", "outline: [[0, 0], [.nan, 5], [2, 0]]", "case/out-of-range", "[longitude, latitude]"),
        ("zone: hills", "zone: hill", "case/unknown-name", "did you mean 'hills'?"),
        ("claimed_by: [up, down]", "claimed_by: [up, dwon]", "case/unknown-name", "did you mean 'down'?"),
        ("held_by: up,", "held_by: upp,", "case/unknown-name", "did you mean 'up'?"),
        ("that: up.leaves, by: down", "that: up.leaves, by: downn", "case/unknown-name", "did you mean 'down'?"),
        ("that: up.leaves, by: down", "that: up.leavs, by: down", "case/unknown-name", "did you mean 'up.leaves'?"),
    ],
)
def test_what_is_wrong_with_an_area_is_told_with_its_place(was, now, code, told):
    text = river(CODES)
    assert was in text
    with pytest.raises(BestandError) as raised:
        read_text(text.replace(was, now, 1))
    problem = next(each for each in raised.value.problems if each.code == code)
    assert told in problem.hint
    assert problem.place.line and problem.place.at.startswith("areas.")


def test_a_guess_is_made_by_code_and_by_name():
    assert "UA-09" in area_guess("Luhansk")
    assert "NL-GR" in area_guess("nl-gr")
    assert "such as" in area_guess("\N{SNOWMAN}" * 500)


def test_who_holds_an_area_follows_the_first_condition_that_holds():
    case = read_text(river())
    island = case.file.areas["island"]
    assert held_by(case, island) == ("up",)
    assert held_by(case, island, where="up.leaves") == ("down",)
    assert elsewhere(case) == ("up.leaves",)
    gone = read_text(river().replace("leave the island, now: no", "leave the island, now: yes"))
    assert held_by(gone, gone.file.areas["island"]) == ("down",)
    assert elsewhere(gone) == ()
    unknown = read_text(river().replace("title:", "present: unknown\ntitle:", 1))
    assert held_by(unknown, unknown.file.areas["island"]) == ("up",)


def test_disputed_is_what_several_claim_or_what_others_hold():
    areas = read_text(river()).file.areas
    assert [is_disputed(area, area.held_by) for area in areas.values()] == [True, True, False, False]
    assert is_disputed(areas["ridge"], ("down",))
    assert not is_disputed(areas["ridge"], ())


def test_diff_tells_what_became_of_the_ground():
    old = read_text(river(CODES))
    held = diff(old, read_text(river(CODES).replace("claimed_by: up, held_by: up,", "claimed_by: up, held_by: down,"))).changes
    assert [(each.at, each.before, each.after) for each in held] == [("areas.ridge.held_by", "up", "down")]
    renamed = diff(old, read_text(re.sub(r"\bridge\b", "crest", river(CODES)))).changes
    assert [(each.kind, each.at) for each in renamed] == [("renamed", "areas.crest")]
    party = diff(old, read_text(re.sub(r"\bdown\b", "low", river(CODES)))).changes
    assert [(each.kind, each.at) for each in party] == [("renamed", "parties.low")]


# ---- the picture


@pytest.mark.parametrize("ground", ["outlines", "codes"])
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_map_shows_every_area_and_says_it_in_words(ground, language):
    case = read_text(river() if ground == "outlines" else river(CODES))
    drawn = standalone(zones_picture(Telling(conflict(case), words(language))))
    tree = ElementTree.fromstring(drawn)
    assert {part.get("data-area") for part in tree.iter() if part.get("data-area")} == set(case.file.areas)
    name = {"en": "Heron Island", "nl": "Reigereiland"}[language]
    about_island = next(part.text for part in tree.iter() if part.tag.endswith("desc"))
    assert f"{name}: " in about_island
    assert {"en": "disputed", "nl": "betwist"}[language] in about_island
    assert any(part.tag.endswith("text") and (part.text or "").endswith(name) for part in tree.iter())
    ids = [part.get("id") for part in tree.iter() if part.get("id")]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) == set(ids)
    assert ('class="land"' in drawn) == (ground == "codes")  # invented ground lies on no map of the earth


def test_tints_are_told_apart_without_colour():
    told = told_of(river())
    drawn = re.sub(r"#[0-9a-f]{6}\b", "#000000", standalone(zones_picture(told)))
    patterns = re.findall(r"<pattern[^>]*>(.*?)</pattern>", drawn)
    assert len(patterns) == len(set(patterns)) >= 3


def test_another_state_has_another_map_and_the_same_state_the_same_one():
    told = told_of(river())
    today, then = zones_picture(told), zones_picture(told, where="up.leaves")
    assert today == zones_picture(told)
    assert "held by Lowlanders" in then and "held by Lowlanders" not in today
    assert 'aria-label="Map of the areas as they are held where' in then


def test_a_line_is_drawn_where_areas_of_different_parties_meet_and_nowhere_else():
    telling = told_of(river(CODES))
    today, then = areas_told(telling), areas_told(telling, where="up.leaves")
    assert fronts(shapes(today, sheet_of(today))) == set()  # the uplanders hold all of it, or a part
    meet, known = fronts(shapes(then, sheet_of(then))), borders()
    shared = [outer(known.called("NL-UT")) & outer(known.called("NL-GE") + known.called("NL-OV"))]
    assert meet == shared[0] and meet  # Utrecht and Gelderland; Limburg does not reach Utrecht
    assert 'class="front"' not in str(zones_picture(telling))
    picture = str(zones_picture(telling, where="up.leaves"))
    assert picture.count('class="front"') == 1 and "areas of different holders meet here; inside areas held in parts it is not known" in picture


def test_a_case_without_ground_shows_its_zones_as_a_strip():
    drawn = zones_picture(told_of(WITHOUT_GROUND))
    assert 'class="ground strip"' in drawn and "<path" not in drawn
    assert [name in drawn for name in ("the bank", "12 km", "River guard", "guarded by nobody")] == [True] * 4
    nothing = WITHOUT_GROUND.partition("zones:\n")[0]
    assert zones_picture(told_of(nothing)) is None


def test_hostile_words_stay_words():
    evil = '"</title></svg><script>alert(1)</script><a href=\'javascript:x\'>&amp; {{7*7}}"'
    text = river().replace("{en: Heron Island, nl: Reigereiland}", evil).replace("name: Uplanders", f"name: {evil}").replace("name: the bank", f"name: {evil}")
    for source in (text, text.partition("areas:\n")[0]):
        drawn = standalone(zones_picture(told_of(source)))
        tags = {part.tag.rpartition("}")[2] for part in ElementTree.fromstring(drawn).iter()}
        assert tags <= {"svg", "desc", "defs", "pattern", "rect", "circle", "line", "path", "title", "text", "g"}
        assert "<script" not in drawn


@spread("code", ["RU-CHU", "FJ", "GL", "AQ", "US-AK", "NZ", "MC", "KI"], first=2)
def test_any_ground_can_be_drawn_also_at_the_ends_of_the_earth(code):
    told = told_of(river().replace(re.search(r"outline: \[\[10\.0.*?\]\]", river())[0], f"iso: {code}").partition("  meadow:")[0])
    drawn = standalone(zones_picture(told))
    assert not re.search(r"nan|inf[^o]", drawn)
    assert 'data-area="island"' in drawn
    assert len(drawn) < 400_000


def test_areas_that_overlap_are_drawn_with_the_smaller_one_on_top():
    told = told_of(river(CODES | {"MARSH": "iso: NL"}))
    listed = areas_told(told)
    drawn = shapes(listed, sheet_of(listed))
    assert next(shape.told.key for shape in drawn) == "marsh"


def test_a_label_stands_inside_its_area():
    listed = areas_told(told_of(river(CODES)))
    sheet = sheet_of(listed)
    for shape in shapes(listed, sheet):
        at = widest(shape, sheet.height)
        assert at is not None and inside([ring.tolist() for ring in shape.rings], *at)


def test_what_is_cut_at_the_edges_of_the_page_is_what_lies_on_it():
    rng = np.random.default_rng(8)
    for _ in range(30):
        ring = rng.uniform((-400, -400), (WIDTH + 400, 800), (int(rng.integers(3, 14)), 2))
        cut = on_sheet(ring, 400.0)
        assert len(cut) == 0 or (cut.min() >= -EDGE - 1e-6 and cut[:, 0].max() <= WIDTH + EDGE + 1e-6 and cut[:, 1].max() <= 400 + EDGE + 1e-6)
        for x, y in rng.uniform((1, 1), (WIDTH - 1, 399), (40, 2)).tolist():
            assert inside([cut.tolist()] if len(cut) else [], x, y) == inside([ring.tolist()], x, y)


def test_a_thinned_line_keeps_its_ends_and_leaves_out_only_what_is_near():
    line = np.cumsum(np.random.default_rng(2).uniform(-0.5, 1, (200, 2)), axis=0)
    kept = thinned(line)
    assert (kept[0] == line[0]).all() and (kept[-1] == line[-1]).all()
    assert 2 < len(kept) < len(line)
    assert max(min(np.abs(point - other).sum() for other in kept) for point in line) < 1.0
    assert len(thinned(line[:2])) == 2


# ---- on the page


@pytest.fixture(scope="module")
def pages():
    known = study(read_text(river(CODES)), quick=True, draws=1)
    return {language: report(known, language=language).html for language in ("en", "nl")}


def test_the_report_has_the_map_and_its_table(pages):
    for language, held in (("en", "Held by"), ("nl", "In handen van")):
        part = pages[language].partition('<section class="zones">')[2].partition("</section>")[0]
        assert 'class="ground"' in part and f">{held}<" in part
        assert part.count("data-area") == 4
    assert "Reigereiland" in pages["nl"] and "Heron Island" in pages["en"]


def test_the_report_of_a_case_without_ground_has_the_strip():
    page = report(study(read_text(WITHOUT_GROUND), quick=True, draws=1)).html
    part = page.partition('<section class="zones">')[2].partition("</section>")[0]
    assert 'class="ground strip"' in part and "data-area" not in part


def test_the_seed_says_who_claims_what_it_names():
    """The text speaks of four provinces which the Kremlin claims, part of them not conquered, and of earlier annexations."""
    areas = read("ukraine/2025-04").file.areas
    four = {name for name, area in areas.items() if "c101" in area.because}
    assert {code for name in four for code in areas[name].iso} == {"UA-09", "UA-14", "UA-23", "UA-65"}
    assert all(areas[name].claimed_by == ("ua", "ru") and areas[name].zone == "front" for name in four)
    assert set(areas["crimea"].iso) == {"UA-43", "UA-40"}
    assert all(area.assumed for area in areas.values())  # the text gives no map: what each rests on besides is said


def place_by_place(line, height):
    """The path of one line, each place looked at by itself."""
    on_page = [-EDGE < x < WIDTH + EDGE and -EDGE < y < height + EDGE for x, y in line]
    tenths = np.rint(line * 10).astype(int).tolist()
    stretches = [[]]
    for k, place in enumerate(tenths):
        if any(on_page[max(k - 1, 0) : k + 2]):
            stretches[-1].append(place)
        else:
            stretches.append([])
    path = ""
    for stretch in stretches:
        steps = [f"{(x - left) / 10:g},{(y - top) / 10:g}" for (left, top), (x, y) in pairwise(stretch) if (x, y) != (left, top)]
        path += f"M{stretch[0][0] / 10:g},{stretch[0][1] / 10:g}l{' '.join(steps) or '0,0'}" if len(stretch) > 1 else ""
    return path


@pytest.mark.parametrize("size", [3.0, 30.0, 300.0])
def test_lines_drawn_together_are_drawn_as_each_by_itself(size):
    """Lines on the page, off it and across its edges, some resting where they are; of one place or none too."""
    rng = np.random.default_rng(5)
    walks = [rng.normal(0, size, (n, 2)) * rng.integers(0, 2, (n, 1)) for n in (0, 1, 2, 3, 9, 80, 1, 200)]
    lines = [np.cumsum(walk, axis=0) + rng.uniform(0, 500, 2) for walk in walks]
    told = "".join(place_by_place(line, 400.0) for line in lines)
    assert drawn(lines, 400.0) == told and told.count("M") > 3
    assert drawn(lines[:2], 400.0) == "" == drawn([], 400.0)
