"""Zones and areas as a picture: on a map where the case says which ground they are, else as a strip."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bestand.case.zones import Zone
from bestand.draw.ground import WIDTH, MapSheet, Shape, backdrop, drawn, filled, fronts, rim, shapes, sheet_of, widest
from bestand.draw.svg import Svg, drawing, element
from bestand.telling.ground import AreaTold, areas_told, held_told, sentence_told, zone_told
from bestand.telling.naming import cut
from bestand.telling.telling import Telling

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#8a6d00", "#4d4d4d")  # told apart by colour-blind readers too
DASHES = ("10 4", "2 4", "12 3 2 3", "5 3", "1 2")  # of rims of zones
ROW, PAD, LETTER = 20.0, 14.0, 6.7  # height of a line of the key; room around it; width of a letter
MOST_LETTERS, MOST_KEY = 26, 86  # of a label, and of a line of the key
SHIFTS = (0.0, 14.0, -14.0, 28.0, -28.0)  # by which a label may make room for others
FRONT = {"stroke": "#c62828", "stroke_width": 3.4, "stroke_linejoin": "round", "stroke_linecap": "round"}  # seen on light and dark ground
BOX = 96.0  # height of a zone in a strip


def zones_picture(telling: Telling, *, where: str = "") -> Svg | None:
    """The zones of a case: the map where it has areas, else a strip; None where it has neither.

    where : a condition of the case; areas are drawn as they are held where it holds, not as today
    """
    telling = replace(telling, isolated=False)
    if telling.case.file.areas:
        return _map(areas_told(telling, where=where), telling, where)
    return _strip(telling) if telling.case.file.zones else None


def _map(told: Sequence[AreaTold], telling: Telling, where: str) -> Svg:
    sheet = sheet_of(told)
    shown = shapes(told, sheet)
    marks = Marks(told, hashlib.sha256(repr([(each.key, each.held, each.disputed) for each in told]).encode()).hexdigest()[:8])
    parts = [element("rect", x=0, y=0, width=WIDTH, height=sheet.height, class_="sea", fill="currentColor", fill_opacity=0.03)]
    parts += _backdrop(sheet) if any(shape.ground for shape in shown) else []
    parts += [part for shape in shown for part in _area(shape, sheet, marks, telling)]
    parts += _rims(sheet, shown, telling)
    parts += _front(sheet, shown)
    parts += _labels(shown, sheet, telling)
    inside = element("svg", *parts, x=0, y=0, width=WIDTH, height=sheet.height, viewBox=f"0 0 {WIDTH:.0f} {sheet.height:.0f}")
    key = list(_key(shown, marks, telling, sheet.height + PAD))
    title = telling.say("ground_map_where", condition=telling.condition(where)) if where else telling.say("ground_map")
    about = element("desc", " ".join(sentence_told(each, telling) for each in told))
    tall = sheet.height + PAD + ROW * len(key)
    return drawing(WIDTH, tall, [about, element("defs", *marks.patterns()), inside, *key], label=title, class_="ground")


class Marks:
    """The tint and pattern of every way in which areas are held; names of patterns are this picture's own."""

    def __init__(self, told: Sequence[AreaTold], own: str) -> None:
        self.own = own
        parties = list(dict.fromkeys(party for each in told for party in (*each.held, *each.area.claimed_by)))
        self.number = {party: k for k, party in enumerate(parties)}
        self.ways = list(dict.fromkeys(each.held for each in told if each.held))
        self.disputed = any(each.disputed for each in told)

    def fill(self, held: tuple[str, ...]) -> str:
        """How an area is filled that is held so; areas of which nobody is said to hold them are not."""
        return f"url(#held-{self.own}-{self.ways.index(held)})" if held else "none"

    @property
    def hatch(self) -> str:
        """How an area is filled, on top of that, which is disputed."""
        return f"url(#disputed-{self.own})"

    def patterns(self) -> Iterator[Svg]:
        """The patterns themselves: tints with marks of their own, bands where several hold parts, thin slanting lines for disputes."""
        for k, held in enumerate(self.ways):
            given = {"id": f"held-{self.own}-{k}", "patternUnits": "userSpaceOnUse"}
            if len(held) == 1:
                yield element("pattern", *_tint(self.number[held[0]], 10.0), width=10, height=10, **given)
            else:
                bands = [part for j, party in enumerate(held) for part in _tint(self.number[party], 10.0, shift=10.0 * j)]
                yield element("pattern", *bands, width=10 * len(held), height=10, patternTransform="rotate(-30)", **given)
        if self.disputed:
            line = element("line", x1=0, y1=0, x2=0, y2=7, stroke="currentColor", stroke_width=1.5)
            given = {"id": f"disputed-{self.own}", "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
            yield element("pattern", line, width=7, height=7, **given)


def _tint(number: int, size: float, shift: float = 0.0) -> Iterator[Svg]:
    """A square of a party's tint with its mark: none, dots, level lines, upright lines, crosses, rings."""
    colour = COLOURS[number % len(COLOURS)]
    yield element("rect", x=shift, y=0, width=size, height=size, fill=colour, fill_opacity=0.34)
    x, y = shift + size / 2, size / 2
    level = element("line", x1=shift, x2=shift + size, y1=y, y2=y, stroke=colour, stroke_width=1.3)
    upright = element("line", x1=x, x2=x, y1=0, y2=size, stroke=colour, stroke_width=1.3)
    dot = element("circle", cx=x, cy=y, r=1.7, fill=colour)
    ring = element("circle", cx=x, cy=y, r=2.6, fill="none", stroke=colour)
    yield from ((), (dot,), (level,), (upright,), (level, upright), (ring,))[number % 6]


def _backdrop(sheet: MapSheet) -> Iterator[Svg]:
    land, provinces, countries = backdrop(sheet, sheet.around())
    yield element("path", d=land, class_="land", fill="currentColor", fill_opacity=0.07, fill_rule="evenodd")
    yield element("path", d=provinces, fill="none", stroke="currentColor", stroke_opacity=0.14, stroke_width=0.6)
    yield element("path", d=countries, fill="none", stroke="currentColor", stroke_opacity=0.4, stroke_width=0.8)


def _area(shape: Shape, sheet: MapSheet, marks: Marks, telling: Telling) -> Iterator[Svg]:
    """An area, lines over it where it is disputed, and a line around it."""
    path = filled(shape.rings, sheet.height)
    title = element("title", sentence_told(shape.told, telling))
    yield element("path", title, d=path, fill=marks.fill(shape.told.held), fill_rule="evenodd", data_area=shape.told.key)
    if shape.told.disputed:
        yield element("path", d=path, fill=marks.hatch, fill_rule="evenodd", fill_opacity=0.8, pointer_events="none")
    yield element("path", d=rim(sheet, [shape]), fill="none", stroke="currentColor", stroke_width=1.1, stroke_opacity=0.75)


def _rims(sheet: MapSheet, areas: Sequence[Shape], telling: Telling) -> Iterator[Svg]:
    for k, zone in enumerate(telling.case.file.zones):
        own = [shape for shape in areas if shape.told.zone == zone]
        if own:
            yield element("path", d=rim(sheet, own), fill="none", stroke="currentColor", stroke_width=2.6, stroke_dasharray=DASHES[k % len(DASHES)])


def _front(sheet: MapSheet, shown: Sequence[Shape]) -> Iterator[Svg]:
    """The line where areas meet that different parties hold."""
    meet = sorted(fronts(shown))
    if meet:
        yield element("path", d=drawn(map(sheet.line, meet), sheet.height), class_="front", fill="none", **FRONT)


def _labels(areas: Sequence[Shape], sheet: MapSheet, telling: Telling) -> Iterator[Svg]:
    """Names of areas where they are widest, with the number of their zone; those for which there is no room are left to the key and the table."""
    taken: list[tuple[float, float, float]] = []
    numbers = {zone: k + 1 for k, zone in enumerate(telling.case.file.zones)}
    for shape in sorted(areas, key=lambda shape: len(shape.rings)):
        at = widest(shape, sheet.height)
        name = cut(shape.told.name, MOST_LETTERS)
        text = f"{numbers[shape.told.zone]} {name}" if shape.told.zone in numbers else name
        half = LETTER * len(text) / 2
        for shift in SHIFTS if at else ():
            x, y = min(max(at[0], half + 3), WIDTH - half - 3), min(max(at[1] + 4 + shift, 14.0), sheet.height - 5)  # type: ignore[index]
            if all(abs(x - other) > half + reach or abs(y - level) > 13 for other, level, reach in taken):
                taken.append((x, y, half))
                yield element("text", text, x=x, y=y, text_anchor="middle", class_="on", fill="#1c1e21", stroke="#fff", stroke_width=3.4,
                              stroke_linejoin="round", paint_order="stroke", pointer_events="none", font_weight=600)  # fmt: skip
                break


def _key(areas: Sequence[Shape], marks: Marks, telling: Telling, top: float) -> Iterator[Svg]:
    """What tints, patterns, lines and numbers mean, a line each."""
    rows = [(_swatch(marks.fill(held)), held_told(held, telling)) for held in marks.ways]
    if any(not shape.told.held for shape in areas):
        rows.append((_swatch("none"), held_told((), telling)))
    if marks.disputed:
        rows.append((_swatch(marks.hatch), telling.say("ground_disputed_key")))
    if fronts(areas):
        rows.append((element("line", x1=2, x2=24, y1=7, y2=7, **FRONT), telling.say("ground_front")))
    shown = {shape.told.zone for shape in areas}
    for k, zone in enumerate(telling.case.file.zones):
        if zone in shown:
            line = element("line", x1=0, x2=26, y1=7, y2=7, stroke="currentColor", stroke_width=2.6, stroke_dasharray=DASHES[k % len(DASHES)])
            rows.append((line, zone_told(zone, telling)))
    for k, (mark, text) in enumerate(rows):
        short = text if len(text) <= MOST_KEY else f"{text[: MOST_KEY - 1]}…"
        words = element("text", short, element("title", text), x=34, y=11.5, fill="currentColor")
        yield element("g", mark, words, transform=f"translate(2 {top + ROW * k:.0f})")


def _swatch(fill: str) -> Svg:
    return element("rect", x=0.5, y=0.5, width=25, height=14, fill=fill, stroke="currentColor", stroke_opacity=0.75)


def _strip(telling: Telling) -> Svg:
    """Zones side by side, in the order of the case: no map, and no distances."""
    zones = telling.case.file.zones
    wide = WIDTH / len(zones)
    parts = [part for k, zone in enumerate(zones.values()) for part in _box(zone, wide * k, wide, telling)]
    about = element("desc", " ".join(". ".join(_lines(zone, telling)) + "." for zone in zones.values()))
    return drawing(WIDTH, BOX, [about, *parts], label=telling.say("ground_strip"), class_="ground strip")


def _lines(zone: Zone, telling: Telling) -> list[str]:
    guards = list(dict.fromkeys(telling.party(guard.party) for guard in zone.guards))
    told = [telling.said(zone.name), f"{zone.width_km.value:g} km", telling.say("ground_attacker", party=telling.party(zone.attacker))]
    return [*told, telling.say("ground_guards", parties=telling.say.listed(guards)) if guards else telling.say("ground_unguarded")]


def _box(zone: Zone, left: float, wide: float, telling: Telling) -> Iterator[Svg]:
    most = max(3, int((wide - 14) / LETTER))
    look = {"fill": "currentColor", "fill_opacity": 0.06, "stroke": "currentColor", "stroke_opacity": 0.4}
    yield element("rect", x=left + 1, y=1, width=wide - 2, height=BOX - 2, **look)
    for k, line in enumerate(_lines(zone, telling)):
        short = line if len(line) <= most else f"{line[: most - 1]}…"
        yield element("text", short, element("title", line), x=left + 9, y=22 + 20 * k, fill="currentColor", font_weight=600 if k == 0 else None)
