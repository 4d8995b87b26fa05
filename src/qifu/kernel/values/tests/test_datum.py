"""Tests that a link leads to the right gate in either datum."""

import pytest

from qifu.kernel.values.datum import navigation, to_gcj02, to_wgs84


def test_a_known_point_is_shifted_as_maps_shift_it():
    """Tests a point of the published reference implementation (Tian'anmen, WGS-84 to GCJ-02), to a metre."""
    assert to_gcj02(39.907333, 116.391083) == pytest.approx((39.908737, 116.397325), abs=1e-5)


@pytest.mark.parametrize("spot", [(29.52347, 121.64097), (39.9, 116.4), (22.5, 114.1), (43.8, 87.6)])
def test_there_and_back_is_where_one_was(spot):
    """Tests the inverse to a centimetre, and that the shift is more than a gate wide."""
    assert to_gcj02(*to_wgs84(*spot)) == pytest.approx(spot, abs=1e-7)
    assert abs(to_wgs84(*spot)[0] - spot[0]) + abs(to_wgs84(*spot)[1] - spot[1]) > 0.0005


def test_abroad_nothing_is_shifted():
    """Tests that the two datums are one outside the rectangle."""
    assert to_gcj02(51.5, -0.1) == to_wgs84(51.5, -0.1) == (51.5, -0.1)


def test_each_link_carries_its_own_datum():
    """Tests that geo: is WGS-84 and the map's link GCJ-02, from either source; and that without a position the address leads there."""
    given = {"name": "北门", "address": "桐山路319号"}
    from_map = navigation(lat=29.52347, lon=121.64097, gcj02=True, **given)
    wgs = to_wgs84(29.52347, 121.64097)
    from_satellite = navigation(lat=wgs[0], lon=wgs[1], gcj02=False, **given)
    assert from_map == from_satellite
    assert "to=121.640970,29.523470" in from_map["amap"] and f"geo:{wgs[0]:.6f},{wgs[1]:.6f}" in from_map["geo"]
    nowhere = navigation(lat=None, lon=None, gcj02=True, **given)
    assert nowhere["geo"].startswith("geo:0,0?q=%E6%A1%90") and "keyword=" in nowhere["amap"]
