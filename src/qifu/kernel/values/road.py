"""Roads without a map: how far it is by road between two positions, and how long that takes."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

DETOUR = 1.3
"""Roads are longer than the crow flies: the usual factor for built-up plains."""
SPEED = 30.0
"""Kilometres an hour, in towns, with parking and the gate."""
UNKNOWN_KM = 6.0
"""Between two places of which one has no coordinates."""
SAME_TOWN_KM = 2.0
"""Between two places in one town of which one has no coordinates."""
_EARTH_KM = 6371.0


@dataclass(frozen=True)
class Point:
    """Where something lies, in degrees."""

    lat: float
    lon: float


def road_km(a: Point | None, b: Point | None, *, same_town: bool = False) -> float:
    """Give the road between two points in kilometres; an estimate where one of them is not known."""
    if a is None or b is None:
        return SAME_TOWN_KM if same_town else UNKNOWN_KM
    lat, lon = radians(b.lat - a.lat), radians(b.lon - a.lon)
    half = sin(lat / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(lon / 2) ** 2
    return 2 * _EARTH_KM * asin(min(sqrt(half), 1.0)) * DETOUR


def drive(km: float) -> float:
    """Give the minutes that a road takes."""
    return km / SPEED * 60
