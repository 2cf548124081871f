"""Coasts and borders out of a TopoJSON file of countries, and the projections that lay them on a sheet."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

# (degrees east, degrees north), or pixels on the sheet
Point = tuple[float, float]
Line = list[Point]


@dataclass(frozen=True)
class Atlas:
    """The world's land in degrees."""

    # Each country's rings, holes among them: fill them by the even-odd rule.
    land: list[list[Line]]
    coasts: list[Line]
    # Both sides' ISO 3166 numbers ("643"), and the border between them.
    borders: list[tuple[frozenset[str], Line]]


def read(path: Path) -> Atlas:
    """Read `countries-10m.json` of world-atlas (TopoJSON 1.0: quantised arcs that neighbours share)."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = [list(_arc(arc, topology["transform"])) for arc in topology["arcs"]]
    land, sides = [], defaultdict(set)
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        rings = [ring for polygon in polygons for ring in polygon]
        land.append([_ring(ring, arcs) for ring in rings])
        for index in (index for ring in rings for index in ring):
            sides[index if index >= 0 else ~index].add(country.get("id", country["properties"]["name"]))
    coasts = [arcs[index] for index, ids in sides.items() if len(ids) == 1]
    borders = [(frozenset(ids), arcs[index]) for index, ids in sides.items() if len(ids) > 1]
    return Atlas(land, coasts, borders)


def _arc(deltas: list[list[int]], transform: dict[str, Any]) -> Iterator[Point]:
    """Yield an arc's points: what is stored are steps from the one before."""
    (across, up), (west, south) = transform["scale"], transform["translate"]
    for x, y in accumulate(deltas, lambda one, step: [one[0] + step[0], one[1] + step[1]]):
        yield x * across + west, y * up + south


def _ring(indices: list[int], arcs: list[Line]) -> Line:
    """Join arcs to a ring; a negative number names one read backwards, and ends that meet are kept once."""
    ring: Line = []
    for index in indices:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(points[1:] if ring else points)
    return ring


@dataclass(frozen=True)
class Mercator:
    """A sheet of `width` by `height` pixels about `centre`, `span` degrees of longitude wide."""

    centre: Point
    span: float
    width: int
    height: int

    def __call__(self, point: Point) -> Point:
        """Return where a point lies, in pixels from the top left."""
        scale = self.width / math.radians(self.span)
        x = self.width / 2 + scale * math.radians(point[0] - self.centre[0])
        return x, self.height / 2 - scale * (_stretched(point[1]) - _stretched(self.centre[1]))

    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north of the sheet in degrees."""
        half = math.radians(self.span) / 2 * self.height / self.width
        middle = _stretched(self.centre[1])
        south, north = (
            math.degrees(2 * math.atan(math.exp(edge)) - math.pi / 2) for edge in (middle - half, middle + half)
        )
        return self.centre[0] - self.span / 2, south, self.centre[0] + self.span / 2, north


def _stretched(latitude: float) -> float:
    """Return Mercator's ordinate; the poles, which have none, are cut off at 85 degrees."""
    latitude = max(-85.0, min(85.0, latitude))
    return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))


@dataclass(frozen=True)
class Polar:
    """A stereographic sheet of the Arctic: the meridian of `centre` points down, `span` degrees from edge to edge."""

    centre: Point
    span: float
    width: int
    height: int

    def __call__(self, point: Point) -> Point:
        """Return where a point lies, in pixels from the top left."""
        scale = self.width / 2 / math.tan(math.radians(self.span) / 4)
        x, y = self._plane(point)
        return self.width / 2 + scale * x, self.height / 2 + scale * (y - self._plane(self.centre)[1])

    def _plane(self, point: Point) -> Point:
        """Return a point of the plane that touches the pole."""
        radius = math.tan(math.pi / 4 - math.radians(point[1]) / 2)
        angle = math.radians(point[0] - self.centre[0])
        return radius * math.sin(angle), radius * math.cos(angle)

    def bounds(self) -> tuple[float, float, float, float]:
        """Return what may be seen: everything north of 30 degrees."""
        return -180.0, 30.0, 180.0, 90.0
