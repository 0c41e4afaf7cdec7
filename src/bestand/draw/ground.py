"""Ground on a page: which part of the earth is shown, and the lines of areas, provinces and countries in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from bestand.draw.borders import Borders, Floats, Province, borders, outer, partings
from bestand.draw.projection import Projection, about
from bestand.telling.ground import AreaTold

WIDTH, SHORTEST, TALLEST = 640.0, 300.0, 560.0
MARGIN = 0.07  # of the page around what is shown
EDGE = 4.0  # beyond the page, up to which lines are drawn
NEAREST = 0.8  # places of a line that lie closer than this to the one before are left out, in units of the page
SIDES = 24  # places along each side of the page by which its corners on the earth are found
EDGES = 60  # places along the edge of an area, from which its label keeps away
GRID = 26  # places across an area among which its label finds the widest


@dataclass(frozen=True, slots=True)
class Shape:
    """An area as it will be drawn: the lines around it on the page, and the ground it is made of (none where it has an outline)."""

    told: AreaTold
    ground: tuple[Province, ...]
    rings: tuple[Floats, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        (left, top), (right, bottom) = (pick([pick(ring, axis=0) for ring in self.rings], axis=0) for pick in (np.min, np.max))
        return float(left), float(top), float(right), float(bottom)


@dataclass(frozen=True, slots=True)
class MapSheet:
    """The page: how places on the earth go to places on it."""

    projection: Projection
    left: float
    top: float
    scale: float
    height: float
    borders: Borders
    lines: dict[int, Floats] = field(default_factory=dict)

    def on_page(self, places: Floats) -> Floats:
        """Places on the earth as places on the page, y downwards."""
        flat = self.projection.flat(places)
        return np.stack([(flat[:, 0] - self.left) * self.scale, (self.top - flat[:, 1]) * self.scale], axis=1)

    def lay(self, ground: Iterable[Province]) -> None:
        """Put all borders of some ground on the page together: quicker than one by one."""
        numbers = [k for k in {border for each in ground for border in each.borders()} if k not in self.lines]
        if numbers:
            lines = [self.borders.line(k) for k in numbers]
            ends = np.cumsum([len(line) for line in lines])
            on_page = np.split(self.on_page(np.concatenate(lines)), ends[:-1])
            self.lines.update({k: thinned(line) for k, line in zip(numbers, on_page, strict=True)})

    def line(self, number: int) -> Floats:
        """A border on the page, without places that nobody could tell apart; the same for both areas that it parts."""
        wanted = number if number >= 0 else ~number
        if wanted not in self.lines:
            self.lines[wanted] = thinned(self.on_page(self.borders.line(wanted)))
        return self.lines[wanted] if number >= 0 else self.lines[wanted][::-1]

    def rings(self, ground: Iterable[Province]) -> tuple[Floats, ...]:
        """The lines around some ground taken together, to be filled by the even-odd rule."""
        rings = (np.concatenate([self.line(k)[:-1] for k in loop]) for loop in self.borders.loops(outer(ground)))
        return tuple(ring for ring in rings if len(ring) > 2)

    def around(self) -> list[Province]:
        """All ground of which some may be on the page."""
        across, down = np.linspace(0, WIDTH, SIDES), np.linspace(0, self.height, SIDES)
        x, y = (axis.ravel() for axis in np.meshgrid(across, down))
        places = self.projection.places(np.stack([x / self.scale + self.left, self.top - y / self.scale], axis=1))
        (west, south), (east, north) = places.min(axis=0), places.max(axis=0)
        return self.borders.within(float(west), float(south), float(east), float(north))


def sheet_of(told: Sequence[AreaTold]) -> MapSheet:
    """A page that shows every area which somebody claims or holds; every area, where nobody does."""
    known = borders()
    ours = [each for each in told if each.held or each.area.claimed_by] or list(told)
    places = np.concatenate([part for each in ours for part in _places(each, known)])
    projection = about(places)
    flat = projection.flat(places)
    (west, south), (east, north) = flat.min(axis=0), flat.max(axis=0)
    across, up = max(float(east - west), 1e-4), max(float(north - south), 1e-4)
    scale = min(WIDTH * (1 - 2 * MARGIN) / across, TALLEST * (1 - 2 * MARGIN) / up)
    height = min(TALLEST, max(SHORTEST, up * scale / (1 - 2 * MARGIN)))
    middle_x, middle_y = float(west + east) / 2, float(south + north) / 2
    return MapSheet(projection, middle_x - WIDTH / 2 / scale, middle_y + height / 2 / scale, scale, height, known)


def _places(each: AreaTold, known: Borders) -> list[Floats]:
    if each.area.outline:
        return [np.array(each.area.outline, dtype=np.float64)]
    return [known.line(k) for code in each.area.iso for ground in known.called(code) for k in ground.borders()]


def shapes(told: Sequence[AreaTold], sheet: MapSheet) -> list[Shape]:
    """Areas as they will be drawn, the largest first, so that none hides another; of each only the ground that may be on the page."""
    around = sheet.around()
    if any(each.area.iso for each in told):
        sheet.lay(around)
    visible, near = [], {id(ground) for ground in around}
    for each in told:
        ground = tuple(part for code in each.area.iso for part in sheet.borders.called(code) if id(part) in near)
        if each.area.iso and not ground:
            continue
        rings = sheet.rings(ground) if ground else (thinned(sheet.on_page(np.array(each.area.outline, dtype=np.float64))),)
        if rings:
            visible.append(Shape(each, ground, rings))
    return sorted(visible, key=lambda shape: -sum(_size(ring) for ring in shape.rings))


def thinned(line: Floats) -> Floats:
    """A line without places that lie closer than NEAREST to the one kept before; its ends stay."""
    kept = [0]
    last_x, last_y = line[0].tolist()
    for k, (x, y) in enumerate(line[1:-1].tolist(), 1):
        if abs(x - last_x) + abs(y - last_y) > NEAREST:
            kept.append(k)
            last_x, last_y = x, y
    return line[[*kept, len(line) - 1]]


def filled(rings: Iterable[Floats], height: float) -> str:
    """The path of what lies within rings, as far as it is on the page."""
    return "".join(_steps(_tenths(part)) + "z" for ring in rings if len(part := on_sheet(ring, height)) > 2)


def drawn(lines: Iterable[Floats], height: float) -> str:
    """The path of lines, without stretches that leave the page: only steps between places that are on the page, or next to one that is."""
    each = [line for line in lines if len(line)]
    if not each:
        return ""
    places, of_line = np.concatenate(each), np.repeat(np.arange(len(each)), [len(line) for line in each])
    x, y = places.T
    seen = (x > -EDGE) & (x < WIDTH + EDGE) & (y > -EDGE) & (y < height + EDGE)
    step = of_line[1:] == of_line[:-1]
    near = seen.copy()
    near[1:] |= seen[:-1] & step
    near[:-1] |= seen[1:] & step
    turns = np.flatnonzero(np.diff((step & near[1:] & near[:-1]).astype(np.int8), prepend=0, append=0)).tolist()
    tenths = _tenths(places)
    return "".join(_steps(tenths[first : last + 1]) for first, last in zip(turns[::2], turns[1::2], strict=True))


def _tenths(places: Floats) -> list[list[int]]:
    """Places in tenths of a unit: rounded once, so that lines end where they should."""
    tenths: list[list[int]] = np.rint(places * 10).astype(np.int64).tolist()
    return tenths


def _steps(tenths: Sequence[Sequence[int]]) -> str:
    """A line as a path: where it starts, then steps."""
    steps = ((x - before_x, y - before_y) for (before_x, before_y), (x, y) in pairwise(tenths))
    told = " ".join(f"{x / 10:g},{y / 10:g}" for x, y in steps if x or y)
    return f"M{tenths[0][0] / 10:g},{tenths[0][1] / 10:g}l{told or '0,0'}"


def on_sheet(ring: Floats, height: float) -> Floats:
    """A ring without what lies beyond the edges of the page, cut along each of them in turn [Sutherland & Hodgman 1974]."""
    for axis, sign, edge in ((0, 1, -EDGE), (0, -1, -(WIDTH + EDGE)), (1, 1, -EDGE), (1, -1, -(height + EDGE))):
        inside = sign * ring[:, axis] - edge
        if len(ring) < 3 or (inside >= 0).all():
            continue
        after, there = np.roll(ring, -1, axis=0), np.roll(inside, -1)
        crosses = (inside >= 0) != (there >= 0)
        share = np.where(crosses, inside / np.where(crosses, inside - there, 1.0), 0.0)[:, None]
        both = np.stack([ring, ring + share * (after - ring)], axis=1)
        ring = both[np.stack([inside >= 0, crosses], axis=1)]
    return ring


def backdrop(sheet: MapSheet, ground: Sequence[Province]) -> tuple[str, str, str]:
    """Three paths: all land, where provinces of one country meet, and where countries end."""
    within, ends = (drawn((sheet.line(k) for k in sorted(each)), sheet.height) for each in partings(ground))
    return filled(sheet.rings(ground), sheet.height), within, ends


def fronts(drawn_areas: Sequence[Shape]) -> set[int]:
    """Borders on both sides of which areas lie that are held, by parties of which none holds both; areas with outlines of their own have none."""
    sides: dict[int, list[tuple[str, ...]]] = {}
    for shape in drawn_areas:
        for border in outer(shape.ground) if shape.told.held else ():
            sides.setdefault(border, []).append(shape.told.held)
    return {border for border, held in sides.items() if len(held) == 2 and not set(held[0]) & set(held[1])}


def rim(sheet: MapSheet, own: Sequence[Shape]) -> str:
    """The path around areas taken together; around one, if it is one."""
    rings = (*sheet.rings(part for shape in own for part in shape.ground), *(ring for shape in own if not shape.ground for ring in shape.rings))
    return drawn((np.concatenate([ring, ring[:1]]) for ring in rings), sheet.height)


def widest(shape: Shape, height: float) -> tuple[float, float] | None:
    """The place on the page, inside an area, that is farthest from its edges; None where no place of it is seen."""
    left, top, right, bottom = shape.box
    left, top, right, bottom = max(left, 0.0), max(top, 0.0), min(right, WIDTH), min(bottom, height)
    if left >= right or top >= bottom:
        return None
    steps = (np.arange(GRID) + 0.5) / GRID
    across, down = left + (right - left) * steps, top + (bottom - top) * steps
    inside = np.zeros((GRID, GRID), dtype=bool)  # rows from above
    for ring in shape.rings:
        (x1, y1), (x2, y2) = ring.T[:, :, None], np.roll(ring, -1, axis=0).T[:, :, None]
        crosses, where = (y1 > down) != (y2 > down), (x2 - x1) * (down - y1) / np.where(y1 != y2, y2 - y1, 1.0) + x1
        inside ^= np.logical_xor.reduce(crosses[:, :, None] & (across < where[:, :, None]), axis=0)
    if not inside.any():
        return None
    x, y = (axis[inside] for axis in np.meshgrid(across, down))
    far = np.minimum(np.minimum(x, WIDTH - x), np.minimum(y, height - y))
    for ring in shape.rings:
        x1, y1 = _spread(ring).T[:, :, None]
        far = np.minimum(far, np.sqrt((((x - x1) * 0.6) ** 2 + (y - y1) ** 2).min(axis=0)))  # names are wider than high
    best = int(np.argmax(far))
    return float(x[best]), float(y[best])


def _spread(ring: Floats) -> Floats:
    """Places along a ring, no fewer than EDGES of them."""
    every, between = max(1, len(ring) // EDGES), max(1, EDGES // len(ring))
    kept = ring[::every]
    share = np.arange(between)[:, None, None] / between
    return (kept + share * (np.roll(kept, -1, axis=0) - kept)).reshape(-1, 2)


def _size(ring: Floats) -> float:
    after = np.roll(ring, -1, axis=0)
    return abs(float((ring[:, 0] * after[:, 1] - after[:, 0] * ring[:, 1]).sum())) / 2
