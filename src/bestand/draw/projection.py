"""Places on the earth as places on a flat page: Lambert's azimuthal projection, in which equal areas stay equal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FARTHEST = -0.999  # cosine of the distance from the middle beyond which a place goes to no sensible place of the page


@dataclass(frozen=True, slots=True)
class Projection:
    """A projection about its middle, on a sphere of radius 1; y points north [Snyder 1987, USGS Professional Paper 1395, p. 182-190].

    >>> Projection(0.0, 0.0).flat(np.array([[90.0, 0.0]])).round(4).tolist()
    [[1.4142, 0.0]]
    """

    east: float
    north: float

    def flat(self, places: Floats) -> Floats:
        """Places (n, 2) as longitude and latitude in degrees, on the page (n, 2): formulas 22-4, 22-5 and 24-2."""
        across, up, middle = np.radians(places[:, 0] - self.east), np.radians(places[:, 1]), np.radians(self.north)
        near = np.sin(middle) * np.sin(up) + np.cos(middle) * np.cos(up) * np.cos(across)
        scale = np.sqrt(2 / (1 + np.maximum(near, FARTHEST)))
        y = np.cos(middle) * np.sin(up) - np.sin(middle) * np.cos(up) * np.cos(across)
        return np.stack([scale * np.cos(up) * np.sin(across), scale * y], axis=1)

    def places(self, flat: Floats) -> Floats:
        """The way back (n, 2); longitudes within 180 degrees of the middle: formulas 20-14, 20-15 and 24-16."""
        x, y, middle = flat[:, 0], flat[:, 1], np.radians(self.north)
        away = np.hypot(x, y)
        angle = 2 * np.arcsin(np.minimum(away / 2, 1.0))
        safe = np.where(away > 0, away, 1.0)
        up = np.arcsin(np.clip(np.cos(angle) * np.sin(middle) + y * np.sin(angle) * np.cos(middle) / safe, -1, 1))
        across = np.arctan2(x * np.sin(angle), safe * np.cos(middle) * np.cos(angle) - y * np.sin(middle) * np.sin(angle))
        return np.stack([self.east + np.degrees(np.where(away > 0, across, 0.0)), np.degrees(np.where(away > 0, up, middle))], axis=1)


def about(places: Floats) -> Projection:
    """The projection about the middle of some places; across the line at 180 degrees if they lie on both of its sides.

    >>> about(np.array([[170.0, 10.0], [-170.0, 20.0]]))
    Projection(east=180.0, north=15.0)
    """
    east = _turned(places[:, 0])
    middle = (float(east.min()) + float(east.max())) / 2
    return Projection((middle + 180) % 360 - 180 if abs(middle) > 180 else middle, (float(places[:, 1].min()) + float(places[:, 1].max())) / 2)


def _turned(east: Floats) -> Floats:
    """Longitudes counted from 0 to 360 where that keeps them closer together."""
    other = east % 360
    return other if np.ptp(other) < np.ptp(east) else east
