"""The borders of provinces and countries that come with the program, each once: Natural Earth, made simpler (`release/borders.py`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

GRID = 200  # places of the grid per degree
Floats = NDArray[np.float64]
Rings = Sequence[Sequence[int]]  # borders of one polygon, ring by ring; ~number where one runs backwards


@dataclass(frozen=True, slots=True)
class World:
    """The polygons of all ground on end: borders of rings, rings of polygons, polygons of provinces.

    borders : ~number where one runs backwards
    rings   : where each begins in `borders`, and where the last ends
    of_polygons, of_provinces : where the rings of each polygon begin, and the polygons of each province
    """

    borders: NDArray[np.int32]
    rings: NDArray[np.int64]
    of_polygons: NDArray[np.int64]
    of_provinces: NDArray[np.int64]
    made: dict[int, list[Rings]] = field(default_factory=dict)

    def polygons(self, province: int) -> Sequence[Rings]:
        """Those of one province."""
        if province not in self.made:
            self.made[province] = [
                [self.borders[first:last].tolist() for first, last in pairwise(self.rings[self._all(self.of_polygons, polygon)].tolist())]
                for polygon in range(*self.of_provinces[province : province + 2].tolist())
            ]
        return self.made[province]

    @staticmethod
    def _all(starts: NDArray[np.int64], number: int) -> slice:
        """The parts of a whole, and where the last ends."""
        first, last = starts[number : number + 2].tolist()
        return slice(first, last + 1)


@dataclass(frozen=True, slots=True)
class Province:
    """One province: its code, where it has one, its country, and which of all it is; its polygons are put together when they are asked for."""

    code: str
    country: str
    number: int
    world: World

    @property
    def polygons(self) -> Sequence[Rings]:
        """Its polygons, ring by ring."""
        return self.world.polygons(self.number)

    def borders(self) -> set[int]:
        """The numbers of its borders."""
        return {k if k >= 0 else ~k for polygon in self.polygons for ring in polygon for k in ring}


@dataclass(frozen=True, slots=True)
class Borders:
    """All ground, and the places of each border, unpacked when they are asked for.

    steps  : (n_places, 2) of all borders on end, on the grid: where a border starts, then from each place to the next
    starts : (n_borders + 1,), where in `steps` each border starts
    scale  : degrees per step of the grid
    boxes  : (n_ground, 4): west, south, east, north
    named  : the ground that each code names: a province, or all that is filed under a country
    """

    ground: Sequence[Province]
    steps: NDArray[np.int32]
    starts: NDArray[np.int64]
    scale: float
    boxes: Floats
    named: Mapping[str, Sequence[Province]]
    unpacked: dict[int, Floats] = field(default_factory=dict)

    def line(self, number: int) -> Floats:
        """A border as places (n, 2)."""
        wanted = number if number >= 0 else ~number
        if wanted not in self.unpacked:
            on_grid = np.cumsum(self.steps[self.starts[wanted] : self.starts[wanted + 1]], axis=0)
            places: Floats = on_grid.astype(np.float64) * self.scale
            places.setflags(write=False)
            self.unpacked[wanted] = places
        return self.unpacked[wanted] if number >= 0 else self.unpacked[wanted][::-1]

    def loops(self, numbers: Iterable[int]) -> list[list[int]]:
        """Borders put together into closed lines, each once. Filled by the even-odd rule it is all one which way a line takes where several meet."""
        at: dict[tuple[float, ...], list[int]] = {}
        for k in (left := dict.fromkeys(sorted(numbers))):
            for place in {self._end(k), self._end(~k)}:
                at.setdefault(place, []).append(k)
        loops = []
        while left:
            first = next(iter(left))
            loop, here = [first], self._end(first)
            del left[first]
            while here != self._end(~first):
                k = next(k for k in at[here] if k in left)
                del left[k]
                loop.append(k if self._end(~k) == here else ~k)
                here = self._end(loop[-1])
            loops.append(loop)
        return loops

    def _end(self, number: int) -> tuple[float, ...]:
        """The place where a border ends; where it starts, for ~number."""
        return tuple(self.line(number)[-1].tolist())

    def called(self, code: str) -> Sequence[Province]:
        """The ground that a code names."""
        return self.named.get(code, ())

    def within(self, west: float, south: float, east: float, north: float) -> list[Province]:
        """Province that may reach into a box of longitudes (east of `west`, also beyond 180) and latitudes."""
        middle, half = (west + east) / 2, (east - west) / 2
        off = np.abs((self.boxes[:, 0] + self.boxes[:, 2]) / 2 - middle)
        off = np.minimum(off, 360 - off)
        near = (off <= half + (self.boxes[:, 2] - self.boxes[:, 0]) / 2) & (self.boxes[:, 3] >= south) & (self.boxes[:, 1] <= north)
        return [self.ground[k] for k in np.flatnonzero(near).tolist()]


@cache
def borders() -> Borders:
    """The borders, read once."""
    with files("bestand.draw").joinpath("borders.npz").open("rb") as opened, np.load(opened) as told:
        whole = {name: told[name] for name in told.files}
    starts, rings, of_polygons, of_provinces = (_starts(whole[name]) for name in ("n_places", "n_borders", "n_rings", "n_polygons"))
    world = World(whole["rings"], rings, of_polygons, of_provinces)
    filed = zip(whole["code"].tolist(), whole["country"].tolist(), strict=True)
    ground = tuple(Province(code, country, k, world) for k, (code, country) in enumerate(filed))
    named: dict[str, list[Province]] = {}
    for each in ground:
        for code in {each.code, each.country}:
            named.setdefault(code, []).append(each)
    return Borders(ground, whole["steps"].T, starts, 1 / GRID, whole["boxes"] / GRID, named)


def _starts(sizes: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Where each part begins that follows the one before, and where the last ends."""
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])


def outer(ground: Iterable[Province]) -> set[int]:
    """Borders that an odd number of rings have: where all of these, taken together, end."""
    counted = Counter(k if k >= 0 else ~k for each in ground for polygon in each.polygons for ring in polygon for k in ring)
    return {k for k, n in counted.items() if n % 2}


def partings(ground: Iterable[Province]) -> tuple[set[int], set[int]]:
    """Borders between provinces of one country, and those where countries end."""
    countries: dict[str, list[Province]] = {}
    for each in ground:
        countries.setdefault(each.country, []).append(each)
    ends = {border for own in countries.values() for border in outer(own)}
    return {border for own in countries.values() for each in own for border in each.borders()} - ends, ends
