"""Two datums of one map: Chinese maps shift positions (GCJ-02), satellites and geo: links do not (WGS-84).

The shift is up to 700 m in the east of China: a link of the wrong datum leads to the wrong gate."""

from math import cos, pi, radians, sin, sqrt
from urllib.parse import quote

_A = 6378245.0
_EE = 0.00669342162296594323
"""Krasovsky's ellipsoid, on which the shift is defined."""


def in_china(lat: float, lon: float) -> bool:
    """Say whether a position lies where the shift is applied (the usual rectangle)."""
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lon <= 137.8347


def to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """Give the GCJ-02 position of a WGS-84 one; outside China they are the same."""
    if not in_china(lat, lon):
        return lat, lon
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    magic = 1 - _EE * sin(radians(lat)) ** 2
    return (
        lat + north * 180.0 / ((_A * (1 - _EE)) / (magic * sqrt(magic)) * pi),
        lon + east * 180.0 / (_A / sqrt(magic) * cos(radians(lat)) * pi),
    )


def to_wgs84(lat: float, lon: float) -> tuple[float, float]:
    """Give the WGS-84 position of a GCJ-02 one, to better than a centimetre: the shift is undone step by step."""
    guess = lat, lon
    for _ in range(6):
        shifted = to_gcj02(*guess)
        guess = guess[0] + lat - shifted[0], guess[1] + lon - shifted[1]
    return guess


def navigation(*, lat: float | None, lon: float | None, gcj02: bool, name: str, address: str) -> dict[str, str]:
    """Give links that lead to a place: `geo` (any map on the phone, WGS-84), `amap` (GCJ-02); by address where no position is known."""
    label = quote(name, safe="")
    if lat is None or lon is None:
        return {
            "geo": f"geo:0,0?q={quote(address or name, safe='')}",
            "amap": f"https://uri.amap.com/search?keyword={quote(address or name, safe='')}",
        }
    wgs = to_wgs84(lat, lon) if gcj02 else (lat, lon)
    gcj = (lat, lon) if gcj02 else to_gcj02(lat, lon)
    return {
        "geo": f"geo:{wgs[0]:.6f},{wgs[1]:.6f}?q={wgs[0]:.6f},{wgs[1]:.6f}({label})",
        "amap": f"https://uri.amap.com/navigation?to={gcj[1]:.6f},{gcj[0]:.6f},{label}&mode=car&coordinate=gaode",
    }
