"""What comes on paper: a list of a league body, a sheet signed by hand; each line is taken or told why not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qifu.areas.mobilisation.models import Stay, Volunteer
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.indicators import Moment, indicators
from qifu.kernel.web import COOKIE

from .factories import do, home, refuse
from .test_volunteers import called, posted

NOW = at("2022-05-04", "20:30")
LIST = """陈晓 13800000031 1998-05 荷池村团支部
小明 13800000032 2010-01 荷池村团支部
林立 1380000 1995-02 锦恒电子团支部

周敏，13800000034，1990-11，锦恒电子团支部"""


@pytest.fixture
def hands(database: Any) -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(NOW)) as fixed:
        yield fixed


@pytest.fixture
def organiser(hands: clock.Fixed) -> Actor:
    return officer("control_office", home(), name="团委干部", department="团区委")


def test_a_list_and_a_sheet_typed_from_paper(organiser: Actor) -> None:
    """Tests the page: right lines are taken, the others stay in the box with a sentence; the hours count once they are credited."""
    call = called(organiser)
    desk = Client()
    desk.cookies[COOKIE] = session_of(organiser, strong=True)
    page = desk.post(reverse("mobilisation:act_on_call", args=[call.id, "list"]), {"lines": LIST})
    assert page.status_code == 409
    words = page.content.decode()
    assert "录了2行，2行没有录：第2行：小明未满18周岁，没有录。 第3行：林立的手机号不对，没有录。" in words
    assert "小明 13800000032 2010-01" in words and "周敏，138" not in words
    with acting(organiser):
        names = {one.name: one for one in Volunteer.objects.all()}
    assert {name: (one.state, one.office) for name, one in names.items()} == {
        "陈晓": ("joined", "荷池村团支部"), "周敏": ("joined", "锦恒电子团支部")}  # fmt: skip
    ids = [one.id for one in names.values()]
    do("train_volunteers", organiser, volunteers=ids)
    with acting(organiser):
        spot = call.posts.first()
    do("post_volunteers", organiser, volunteers=ids, post=spot.id)
    sheet = "陈晓 6:00 12:30\n周敏 8:00 13:00\n陈晓 12:00 14:00\n王五 8:00 9:00\n周敏 18:00 23:00"
    page = desk.post(reverse("mobilisation:act_on_call", args=[call.id, "sheet"]), {"lines": sheet, "day": "2022-05-04"})
    words = page.content.decode()
    assert "录了2行，3行没有录" in words
    assert "第3行：陈晓这段时间已经记过" in words and "第4行：派了岗的人里没有王五" in words and "第5行：周敏的时间不对" in words
    with acting(organiser):
        stays = list(Stay.objects.order_by("came_at"))
        assert [(one.volunteer.name, one.state, one.minutes, one.mended_by) for one in stays] == [
            ("陈晓", "out", 390, "团委干部"), ("周敏", "out", 300, "团委干部")]  # fmt: skip
        before = [indicators[id].numerator.value(Moment(clock.now())) for id in ("F57", "F58", "R58")]
    do("credit_stays", organiser, stays=[one.id for one in stays])
    with acting(organiser):
        after = [indicators[id].numerator.value(Moment(clock.now())) for id in ("F57", "F58", "R58")]
    assert (before, after) == ([2, 0, 0], [2, 2, 11])


def test_an_empty_list_a_closed_call_and_a_stranger(organiser: Actor) -> None:
    """Tests that nothing is kept of what may not be entered."""
    call = called(organiser)
    row = {"name": "陈晓", "phone": "13800000031", "born": "1998-05"}
    assert refuse("join_many", organiser, call=call.id, rows=[]).code == "BadInput"
    other = officer("town_clerk", home("镇海区"), name="外区")
    assert refuse("join_many", other, call=call.id, rows=[row]).code in ("NotFound", "NotYours")
    found, _ = posted(organiser, call)
    times = {"came_at": "2022-05-04T08:00:00+08:00", "went_at": "2022-05-04T09:00:00+08:00"}
    answer = do("enter_sheet", other, rows=[{"volunteer": found.volunteer.id, **times}])
    assert (answer.ids, list(answer.refused)) == ((None,), [0])
    do("close_call", organiser, call=call.id)
    assert refuse("join_many", organiser, call=call.id, rows=[row]).code == "CallClosed"
    with acting(organiser):
        assert (Volunteer.objects.count(), Stay.objects.count()) == (1, 0)


def test_a_list_delivered_twice_enters_nobody_twice(organiser: Actor) -> None:
    """Tests that the same list again is refused by line."""
    call = called(organiser)
    rows = [{"name": "陈晓", "phone": "13800000031", "born": "1998-05"}, {"name": "周敏", "phone": "13800000034", "born": "1990-11"}]
    assert do("join_many", organiser, call=call.id, rows=rows).refused == {}
    assert set(do("join_many", organiser, call=call.id, rows=rows).refused) == {0, 1}
    with acting(organiser):
        assert Volunteer.objects.count() == 2


def test_a_name_too_long_is_refused_by_its_row_and_the_others_are_taken(organiser: Actor) -> None:
    """Tests a list of which one name and one office do not fit: told by row, never cut."""
    call = called(organiser)
    rows = [
        {"name": "陈" * 61, "phone": "13800000031", "born": "1998-05"},
        {"name": "周" * 60, "phone": "13800000034", "born": "1990-11", "office": "团" * 80},
        {"name": "林静", "phone": "13800000035", "born": "1990-11", "office": "团" * 81},
    ]
    done = do("join_many", organiser, call=call.id, rows=rows)
    assert set(done.refused) == {0, 2} and "最多60个字，现在61个" in done.refused[0] and "最多80个字，现在81个" in done.refused[2]
    with acting(organiser):
        assert [(one.name, one.office) for one in Volunteer.objects.all()] == [("周" * 60, "团" * 80)]
