"""Writes the borders that maps of zones are drawn with: `python release/borders.py world_map.gpkg iso_3166-2.json`.

The borders are Natural Earth's (10 m, provinces; public domain), as Debian's package qgis-common carries them in usr/share/qgis/resources/data. That file has
no ISO 3166-2 codes: they are found by name, country by country, in the list that Debian's package iso-codes carries; what no name tells stands in `BY_HAND`.
An area of which the code is not known is drawn, and cannot be named by a case. Out of it come

  src/bestand/case/areas.tsv        code and English name of every area that a case can name: provinces, and countries by their two letters
  src/bestand/draw/borders.npz      arrays of numpy: borders that two areas share stand once, so that they still meet after they were made simpler

The same two files give the same bytes.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import struct
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
GRID = 200  # places of the grid per degree: about 550 m
TOLERANCE = 2.6  # how far a simpler border may lie from the one it stands for, in places of the grid
SMALLEST = 60.0  # of an island beside larger parts of its area, in squares of the grid

OTHER_KINDS = frozenset({"XK"})  # there Natural Earth has municipalities, of which ISO 3166-2 lists none
NOWHERE = ""  # ground that is filed under no country of ISO 3166-1

Point = tuple[int, int]
Ring = list[Point]

KINDS = (  # words that say what kind of area it is
    "lans novads avtonomnij rayon rayonu voblasc voblast oblast oblasti region regiao province provincia provincie state city county "
    "municipality district department departement departamento prefecture governorate gouvernorat muhafazat al el ad ar as an ash the of de la "
    "le du des do da okrug kray krai republic respublika republika avtonomnyy avtonomnaya autonomous wilayat wilaya velayat viloyati oblysy "
    "land kraj regiunea comuna raionul raion commune parish island islands territory estado provincija opstina obcina misto horad gorod special "
    "metropolitan shi sheng qu fylke lan laen maakunta judet judetul vilayet ostan changwat tinh thanh pho khet khett khaet provinsi daerah gov "
    "capital national distrito federal regio kanton canton gwangyeoksi avtonomna municipio"
)
GENERIC = frozenset(KINDS.split())
ENDINGS = re.compile(r"(skaja|skaya|skij|skiy|skyi|ska|skaia)$")
SOUNDS = (
    ("kh", "h"), ("ts", "c"), ("ch", "c"), ("zh", "z"), ("y", "j"), ("jj", "j"), ("q", "k"), ("w", "v"), ("ph", "f"), ("dj", "j"), ("ou", "u"), ("sh", "s"),
    ("th", "t"), ("x", "ks"),
)  # fmt: skip
LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "đ": "d", "ð": "d", "ə": "a", "'": "", "’": "", "‘": "", "`": ""})
BY_HAND = {  # country: Natural Earth's name: code
    "UA": {"Transcarpathia": "UA-21", "Kiev": "UA-32", "Kiev City": "UA-30"},
    "BY": {"Gomel": "BY-HO", "Vitebsk": "BY-VI", "Grodno": "BY-HR", "Brest": "BY-BR", "Mogilev": "BY-MA", "Minsk": "BY-MI", "City of Minsk": "BY-HM"},
    "PL": {
        "Lesser Poland": "PL-12", "Subcarpathian": "PL-18", "Lower Silesian": "PL-02", "Warmian-Masurian": "PL-28", "Lubusz": "PL-08", "West Pomeranian": "PL-32",
        "Lublin": "PL-06", "Pomeranian": "PL-22", "Silesian": "PL-24", "Łódź": "PL-10", "Masovian": "PL-14", "Kuyavian-Pomeranian": "PL-04",
        "Greater Poland": "PL-30",
    },
    "RU": {
        "Nenets": "RU-NEN", "North Ossetia": "RU-SE", "Omsk": "RU-OMS", "Yamal-Nenets": "RU-YAN", "Sakha (Yakutia)": "RU-SA", "Gorno-Altay": "RU-AL",
        "Kursk": "RU-KRS", "Yevrey": "RU-YEV", "Kaliningrad": "RU-KGD", "Pskov": "RU-PSK", "Leningrad": "RU-LEN", "Tomsk": "RU-TOM", "Chechnya": "RU-CE",
        "Khanty-Mansiy": "RU-KHM", "Belgorod": "RU-BEL", "Rostov": "RU-ROS", "Voronezh": "RU-VOR", "Krasnodar": "RU-KDA", "City of St. Petersburg": "RU-SPE",
        "Moskva": "RU-MOW", "Adygey": "RU-AD", "Karachay-Cherkess": "RU-KC", "Dagestan": "RU-DA", "Ingush": "RU-IN", "Stavropol'": "RU-STA", "Tuva": "RU-TY",
    },
    "KZ": {"Qaraghandy": "KZ-KAR", "South Kazakhstan": "KZ-YUZ", "Aqmola": "KZ-AKM", "Qyzylorda": "KZ-KZY", "Astana": "KZ-AST", "Almaty": "KZ-ALM"},
    "KG": {"Osh": "KG-O", "Chuy": "KG-C", "Jalal-Abad": "KG-J", "Bishkek": "KG-GB"},
    "CY": {"Famagusta": "CY-04", "Larnaca": "CY-03", "Nicosia": "CY-01", "Limassol": "CY-02", "Paphos": "CY-05"},
    "IL": {"HaDarom": "IL-D", "HaZafon": "IL-Z", "HaMerkaz": "IL-M", "Jerusalem": "IL-JM", "Tel Aviv": "IL-TA"},
    "CN": {"Xizang": "CN-XZ", "Inner Mongol": "CN-NM", "Ningxia": "CN-NX"},
    "IR": {"South Khorasan": "IR-29", "Kohgiluyeh and Buyer Ahmad": "IR-17", "North Khorasan": "IR-28", "Razavi Khorasan": "IR-09"},
    "SD": {"North Kordufan": "SD-KN", "South Kordufan": "SD-KS", "Gedarif": "SD-GD", "Eastern Darfur": "SD-DE"},
    "AM": {"Tavush": "AM-TV", "Vayots Dzor": "AM-VD", "Gegharkunik": "AM-GR"},
    "AZ": {"Naxçıvan": "AZ-NX", "Stepanakert": "AZ-XA", "Şirvan": "AZ-SR"},
    "SA": {"Jizan": "SA-09", "Makkah": "SA-02", "Al Madinah": "SA-03"},
    "UZ": {"Karakalpakstan": "UZ-QR", "Bukhoro": "UZ-BU", "Ferghana": "UZ-FA", "Jizzakh": "UZ-JI"},
    "BD": {"Barisal": "BD-A", "Chittagong": "BD-B", "Dhaka": "BD-C", "Khulna": "BD-D", "Rajshahi": "BD-E", "Rangpur": "BD-F", "Sylhet": "BD-G"},
    "ES": {"Madrid": "ES-M", "Murcia": "ES-MU", "Baleares": "ES-PM", "Navarra": "ES-NA", "Cantabria": "ES-S", "La Rioja": "ES-LO", "Álava": "ES-VI",
           "Asturias": "ES-O", "Castellón": "ES-CS", "Alicante": "ES-A"},
    "FI": {"Northern Ostrobothnia": "FI-14", "Ostrobothnia": "FI-12", "Lapland": "FI-10", "Central Ostrobothnia": "FI-07", "Central Finland": "FI-08",
           "Northern Savonia": "FI-15", "Southern Ostrobothnia": "FI-03", "Tavastia Proper": "FI-06"},
    "ER": {"Anseba": "ER-AN", "Debub": "ER-DU", "Maekel": "ER-MA", "Semenawi Keyih Bahri": "ER-SK"},
    "ET": {"Oromiya": "ET-OR", "Amhara": "ET-AM"}, "PK": {"Northern Areas": "PK-GB", "Azad Kashmir": "PK-JK"}, "LB": {"North Lebanon": "LB-AS"},
    "NL": {"Friesland": "NL-FR"}, "BE": {"Brussels": "BE-BRU"}, "TD": {"Lac": "TD-LC", "Ville de N'Djamena": "TD-ND", "Tibesti": "TD-TI"},
    "TW": {"New Taipei City": "TW-NWT", "Taipei City": "TW-TPE", "Hsinchu": "TW-HSQ", "Hsinchu City": "TW-HSZ", "Chiayi": "TW-CYQ", "Chiayi City": "TW-CYI"},
    "MX": {"Veracruz": "MX-VER", "Distrito Federal": "MX-CMX"}, "VE": {"Vargas": "VE-X"},
}  # fmt: skip


@dataclass(slots=True)
class Area:
    """One province of Natural Earth: under which country it is filed there, its names, its polygons (rings of places of the grid), its code."""

    filed: str
    name: str
    names: tuple[str, ...]
    polygons: list[list[Ring]]
    home: str = ""  # the country that another name of it speaks of
    code: str = ""
    arcs: list[list[list[int]]] = field(default_factory=list)


def folded(name: str) -> tuple[str, str, str]:
    """A name in three ways, each coarser: its letters, without words for a kind of area, and as it sounds."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    rest = [word for word in words if word not in GENERIC] or words
    sound = "".join(ENDINGS.sub("sk", word) for word in rest)
    for before, after in SOUNDS:
        sound = sound.replace(before, after)
    sound = re.sub(r"(sk|[aeioujs])+$", "", re.sub(r"(.)\1", r"\1", sound))
    return "".join(words), "".join(rest), sound if len(sound) > 3 else "".join(words)


def multipolygon(blob: bytes) -> list[list[Ring]]:
    """The polygons of a geometry of a GeoPackage [OGC 12-128r18, 2.1.3]: its header, then well-known binary; on the grid."""
    envelope = (0, 32, 48, 48, 64)[blob[3] >> 1 & 7]
    at = 8 + envelope

    def read(form: str) -> tuple[float, ...]:
        nonlocal at
        found = struct.unpack_from(("<" if little else ">") + form, blob, at)
        at += struct.calcsize("<" + form)
        return found

    def head() -> int:
        nonlocal at, little
        little = blob[at] == 1
        at += 1
        return int(read("I")[0])

    little = True
    kind = head()
    found: list[list[Ring]] = []
    for _ in range(int(read("I")[0]) if kind == 6 else 1):
        if kind == 6:
            head()
        rings = []
        for _ in range(int(read("I")[0])):
            flat = read(f"{2 * int(read('I')[0])}d")
            rings.append(on_grid(zip(flat[::2], flat[1::2], strict=True)))
        if len(rings[0]) >= 3:
            found.append([ring for ring in rings if len(ring) >= 3])
    return found


def on_grid(points: Iterable[tuple[float, float]]) -> Ring:
    """A ring on the grid, without its last point, which is its first, and without points that fell together."""
    ring: Ring = []
    for x, y in points:
        point = (round(x * GRID), round(y * GRID))
        if not ring or ring[-1] != point:
            ring.append(point)
    while len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    return ring


def areas(gpkg: Path) -> list[Area]:
    """Every province that has a shape."""
    asked = "select iso_a2, name, woe_label, woe_name, gn_name, geom from states_provinces order by fid"
    found = []
    with sqlite3.connect(f"file:{gpkg}?mode=ro", uri=True) as opened:
        for filed, name, label, other, third, blob in opened.execute(asked):
            first, _, rest = (label or "").partition(", ")
            names = tuple(part for each in (name, third, other, first) if each for part in (each, *each.split("|")))
            home = re.match(r"([A-Z]{2}),", rest)
            made = Area(filed if re.fullmatch(r"[A-Z]{2}", filed or "") else NOWHERE, name or first or other or "", names, multipolygon(blob))
            made.home = home[1] if home else made.filed
            if made.polygons:
                found.append(made)
    return found


def give_codes(all_areas: list[Area], listed: Iterable[dict[str, str]]) -> None:
    """Gives each area its ISO 3166-2 code, where its names tell of just one."""
    by_name: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    for entry in listed:
        for part in {entry["name"], *re.split(r"[\[\]/(,;]", entry["name"])}:
            for k, key in enumerate(folded(part) if part.strip() else ()):
                by_name[entry["code"][:2], k, key].add(entry["code"])
    claims: dict[str, list[tuple[int, Area]]] = defaultdict(list)
    for area in all_areas:
        by_hand = BY_HAND.get(area.filed, {}).get(area.name)
        if by_hand:
            area.code = by_hand
            continue
        for country in () if area.filed in OTHER_KINDS else dict.fromkeys((area.home, area.filed)):
            told = [(k, found) for k in range(3) for name in area.names if len(found := by_name[country, k, folded(name)[k]]) == 1]
            if told:
                code = min(told[0][1])
                claims[code].append((10 * (2 - told[0][0]) + sum(code in found for _, found in told), area))
                break
    taken = {area.code for area in all_areas}
    for code, claimed in claims.items():
        best = max(score for score, _ in claimed)
        for score, area in claimed:
            if score == best and code not in taken:
                area.code = code


@dataclass(slots=True)
class Topology:
    """Borders cut where areas meet: each stands once, whichever areas it belongs to."""

    arcs: list[Ring] = field(default_factory=list)
    index: dict[tuple[Point, ...], int] = field(default_factory=dict)

    def put(self, line: Ring) -> int:
        """The number of a border; ~number where it runs the other way."""
        forward, backward = tuple(line), tuple(reversed(line))
        if backward in self.index:
            return ~self.index[backward]
        if forward not in self.index:
            self.index[forward] = len(self.arcs)
            self.arcs.append(line)
        return self.index[forward]


def junctions(rings: Iterable[Ring]) -> set[Point]:
    """Points at which borders part: those that have other neighbours in one ring than in another."""
    beside: dict[Point, frozenset[Point]] = {}
    found: set[Point] = set()
    for ring in rings:
        for k, point in enumerate(ring):
            around = frozenset((ring[k - 1], ring[(k + 1) % len(ring)]))
            if beside.setdefault(point, around) != around:
                found.add(point)
    return found


def cut(ring: Ring, at: set[Point]) -> Iterator[Ring]:
    """The borders of a ring, from one junction to the next; a ring without any from its lowest point round to it, one way."""
    places = [k for k, point in enumerate(ring) if point in at]
    if not places:
        k = ring.index(min(ring))
        whole = [*ring[k:], *ring[:k], ring[k]]
        yield whole if whole[1] <= whole[-2] else whole[::-1]
        return
    for first, last in zip(places, [*places[1:], places[0] + len(ring)], strict=True):
        yield [ring[k % len(ring)] for k in range(first, last + 1)]


def simpler(line: Ring) -> Ring:
    """A border with fewer points, none farther than the tolerance from it [Douglas & Peucker 1973]; a ring keeps at least three."""
    scale = math.cos(math.radians(line[0][1] / GRID))
    kept = {0, len(line) - 1}
    if line[0] == line[-1]:
        far = max(range(len(line)), key=lambda k: away(line[k], line[0], line[0], scale))
        kept |= {far, *(max(range(*part), key=lambda k: away(line[k], line[0], line[far], scale)) for part in ((1, far), (far + 1, len(line) - 1)) if part[0] < part[1])}
    ends = sorted(kept)
    left = list(pairwise(ends))
    while left:
        first, last = left.pop()
        if last - first < 2:
            continue
        k = max(range(first + 1, last), key=lambda k: away(line[k], line[first], line[last], scale))
        if away(line[k], line[first], line[last], scale) > TOLERANCE:
            kept.add(k)
            left += [(first, k), (k, last)]
    return [line[k] for k in sorted(kept)]


def away(point: Point, start: Point, end: Point, scale: float) -> float:
    """How far a point lies from a stretch, with degrees of longitude as short as they are there."""
    px, py = (point[0] - start[0]) * scale, point[1] - start[1]
    ex, ey = (end[0] - start[0]) * scale, end[1] - start[1]
    length = ex * ex + ey * ey
    along = min(1.0, max(0.0, (px * ex + py * ey) / length)) if length else 0.0
    return math.hypot(px - along * ex, py - along * ey)


def size(ring: Ring) -> float:
    """Twice the area would be too much: the area of a ring in squares of the grid."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def topology(all_areas: list[Area]) -> list[Ring]:
    """The borders, made simpler; each area is told which are its own."""
    for area in all_areas:
        area.polygons = seen(area.polygons)
    meet = junctions(ring for area in all_areas for polygon in area.polygons for ring in polygon)
    made = Topology()
    for area in all_areas:
        area.arcs = [[[made.put(line) for line in cut(ring, meet)] for ring in polygon] for polygon in area.polygons]
    return [simpler(line) for line in made.arcs]


def seen(polygons: list[list[Ring]]) -> list[list[Ring]]:
    """Polygons without the smallest islands and lakes; the largest always stays."""
    largest = max(polygons, key=lambda polygon: size(polygon[0]))
    return [[polygon[0], *(ring for ring in polygon[1:] if size(ring) >= SMALLEST)] for polygon in polygons if polygon is largest or size(polygon[0]) >= SMALLEST]


def told(all_areas: list[Area], arcs: list[Ring]) -> dict[str, NDArray[np.generic]]:
    """The whole as arrays, on the grid: what is in groups stands on end, with the size of each group.

    steps : (2, n_places) where a border starts, then from each place to the next; n_places: (n_borders,)
    rings : the borders of each ring, ~number where one runs backwards; n_borders: (n_rings,); n_rings: (n_polygons,); n_polygons: (n_areas,)
    boxes : (n_areas, 4) west, south, east, north; code, country: (n_areas,)
    """
    in_order = sorted(all_areas, key=lambda area: (area.code or area.filed, area.name))
    polygons = [polygon for area in in_order for polygon in area.arcs]
    rings = [ring for polygon in polygons for ring in polygon]
    boxes = []
    for area in in_order:
        places = np.concatenate([arcs[k if k >= 0 else ~k] for polygon in area.arcs for ring in polygon for k in ring])
        boxes.append([*places.min(axis=0), *places.max(axis=0)])
    return {
        "steps": np.concatenate([np.diff(line, axis=0, prepend=[[0, 0]]) for line in arcs]).astype(np.int32).T.copy(),
        "n_places": np.array(list(map(len, arcs)), np.uint16), "rings": np.concatenate(rings).astype(np.int32),
        "n_borders": np.array(list(map(len, rings)), np.uint16), "n_rings": np.array(list(map(len, polygons)), np.uint16),
        "n_polygons": np.array([len(area.arcs) for area in in_order], np.uint16), "boxes": np.array(boxes, np.int32),
        "code": np.array([area.code for area in in_order]), "country": np.array([area.code[:2] or area.filed for area in in_order]),
    }  # fmt: skip


def names(gpkg: Path, all_areas: list[Area]) -> str:
    """Code and name of every area that a case can name."""
    with sqlite3.connect(f"file:{gpkg}?mode=ro", uri=True) as opened:
        called = {code: name for code, name in opened.execute("select iso_a2, NAME from countries") if re.fullmatch(r"[A-Z]{2}", code or "")}
    drawn = {area.code[:2] or area.filed for area in all_areas} - {NOWHERE}
    rows = {code: called.get(code, code) for code in drawn} | {area.code: area.name for area in sorted(all_areas, key=lambda each: each.name, reverse=True) if area.code}
    return "".join(f"{code}\t{name}\n" for code, name in sorted(rows.items()))


def main(gpkg: Path, iso: Path) -> None:
    """Writes both files."""
    found = areas(gpkg)
    give_codes(found, json.loads(iso.read_text(encoding="utf-8"))["3166-2"])
    arcs = topology(found)
    np.savez_compressed(ROOT / "src/bestand/draw/borders.npz", **told(found, arcs))
    (ROOT / "src/bestand/case/areas.tsv").write_text(names(gpkg, found), encoding="utf-8")
    coded = sum(bool(area.code) for area in found)
    print(f"{len(found)} areas, {coded} with a code; {len(arcs)} borders, {sum(map(len, arcs))} points")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
