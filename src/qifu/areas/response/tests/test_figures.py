"""Tests that figures of response open onto the one row that sets them."""

from qifu.areas.response.models import Measure
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import at
from qifu.kernel.indicators import Moment, figure, rows

from .conftest import Place


def test_the_not_before_instant_is_one_measure(place: Place) -> None:
    place.declare("epidemic")
    with acting(place.office):
        moment = Moment(place.now)
        found, behind = figure("F91", moment=moment, actor=place.office), rows("F91", moment=moment, actor=place.office)
        row = Measure.objects.get(pk=behind.rows[0].id)
    assert found.value == at("2020-02-10", "00:00") and len(behind.rows) == 1
    assert row.key == "not_before" and "延迟企业复工" in behind.rows[0].cells[1]


def test_without_an_incident_or_before_it_there_is_no_instant(place: Place) -> None:
    place.declare("epidemic")
    early = at("2020-02-01")
    with acting(place.office):
        assert figure("F91", moment=Moment(early), actor=place.office).value is None
        assert rows("F91", moment=Moment(early), actor=place.office).rows == []


def test_areas_and_measures_in_force_are_counted_with_their_rows(place: Place, pack: str) -> None:
    place.declare(pack)
    for number in (1, 2):
        area = place.done("response.area.draw", klass="control", places=[str(place.town)], document=f"通告{number}号")
        place.done("response.area.confirm", area=area.id)
    place.later(hours=1)
    place.done("response.area.lift", area=area.id, document="通告3号")
    moment = Moment(place.now)
    with acting(place.office):
        for id in ("E02", "E03"):
            found, behind = figure(id, moment=moment, actor=place.office), rows(id, moment=moment, actor=place.office)
            assert found.value == len(behind.rows) and all(row.label for row in behind.rows)
        assert figure("E03", moment=moment, actor=place.office).value == 1
        assert figure("E01", moment=moment, actor=place.office).value == ("一级响应" if pack == "epidemic" else "二级响应")
