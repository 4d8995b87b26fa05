"""Volunteers: a poster, a telephone without an account, a post, a scan in and out, hours, a certificate with a number."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qifu.areas.mobilisation import queries
from qifu.areas.mobilisation.models import Call, Stay, Volunteer
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.documents import issuing
from qifu.kernel.indicators import Moment, indicators
from qifu.kernel.web import ANONYMOUS, COOKIE

from .factories import do, home, refuse, town

NOW = at("2022-05-04", "07:30")
PHONE = "13800000021"


@pytest.fixture
def hands(database: Any) -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(NOW)) as fixed:
        yield fixed


@pytest.fixture
def organiser(hands: clock.Fixed) -> Actor:
    return officer("control_office", home(), name="团委干部", department="团区委")


def called(organiser: Actor, **more: Any) -> Call:
    given = {
        "place": home(), "title": "采样点志愿者", "text": "维持秩序，帮老人扫码。", "phone": "0574-88590001", "need": 20,
        "first_day": "2022-05-04", "last_day": "2022-05-20", "posts": ["文昌采样点", "江口卡口"],
    }  # fmt: skip
    return do("call_up", organiser, **given | more)


def joined(call: Call, **more: Any) -> Any:
    return do("join", ANONYMOUS, **{"code": call.code, "name": "陈晓", "phone": PHONE, "born": "1998-05"} | more)


def posted(organiser: Actor, call: Call, **more: Any) -> tuple[Any, Any]:
    found = joined(call, **more)
    with acting(organiser):
        spot = queries.posts(call)[0]
    do("train_volunteers", organiser, volunteers=[found.volunteer.id])
    do("post_volunteers", organiser, volunteers=[found.volunteer.id], post=spot.id)
    return found, spot


def count(organiser: Actor, model: Any) -> int:
    with acting(organiser):
        return int(model.objects.count())


@pytest.mark.parametrize(("born", "code"), [("2004-05", "TooYoung"), ("2004-6", "TooYoung"), ("2012-1", "TooYoung"), ("五月", "BadInput")])
def test_minors_are_refused_and_nothing_of_them_is_kept(organiser: Actor, born: str, code: str) -> None:
    """Tests who is not yet eighteen, also in the month of the birthday, and a date that is none."""
    call = called(organiser)
    answer = refuse("join", ANONYMOUS, code=call.code, name="小明", phone=PHONE, born=born)
    assert answer.code == code
    assert count(organiser, Volunteer) == 0


def test_who_was_eighteen_last_month_is_taken(organiser: Actor) -> None:
    """Tests the other side of the same line."""
    assert joined(called(organiser), born="2004-04").volunteer.state == "joined"


def test_a_number_joins_once_and_only_an_open_call(organiser: Actor, hands: clock.Fixed) -> None:
    """Tests duplicates by number, a closed call, one whose days are over, and a poster that is none."""
    call = called(organiser)
    joined(call)
    base = {"name": "陈晓", "born": "1998-05"}
    assert refuse("join", ANONYMOUS, code=call.code, phone=" 138-0000-0021", **base).code == "JoinedAlready"
    assert refuse("join", ANONYMOUS, code="AAAAAAAA", phone=PHONE, **base).code == "NotFound"
    assert refuse("join", ANONYMOUS, code=call.code, phone="12345", **base).code == "BadInput"
    late = called(organiser, title="别的", last_day="2022-05-05")
    do("close_call", organiser, call=call.id)
    assert refuse("join", ANONYMOUS, code=call.code, phone="13800000022", **base).code == "CallClosed"
    hands.set(at("2022-05-06", "08:00"))
    assert refuse("join", ANONYMOUS, code=late.code, phone="13800000022", **base).code == "CallClosed"
    assert count(organiser, Volunteer) == 1


def test_nobody_is_posted_untrained_and_nobody_signs_in_unposted(organiser: Actor) -> None:
    """Tests the order of training, posting and coming."""
    call = called(organiser)
    found = joined(call)
    with acting(organiser):
        spot = queries.posts(call)[0]
    moved = do("post_volunteers", organiser, volunteers=[found.volunteer.id], post=spot.id)
    assert [one.code for one in moved.refused.values()] == ["NotTrained"]
    assert refuse("sign_in", ANONYMOUS, post=spot.code, code=found.code).code == "NotPosted"
    assert refuse("sign_in", ANONYMOUS, post=spot.code, code="ABCDEFGH").code == "UnknownVolunteer"
    assert refuse("sign_in", ANONYMOUS, post=spot.code, code=found.code, phone="13800000099").code == "UnknownVolunteer"
    assert count(organiser, Stay) == 0


def test_a_doubled_scan_is_one_and_a_late_one_waits_for_a_person(organiser: Actor, hands: clock.Fixed) -> None:
    """Tests scanning in twice, out twice, out without in, and a day forgotten."""
    call = called(organiser)
    found, spot = posted(organiser, call)
    scan = {"post": spot.code, "code": found.code}
    assert refuse("sign_out", ANONYMOUS, **scan).code == "NotIn"
    first = do("sign_in", ANONYMOUS, **scan)
    hands.advance(timedelta(minutes=2))
    assert do("sign_in", ANONYMOUS, **scan).id == first.id
    hands.advance(timedelta(hours=4))
    out = do("sign_out", ANONYMOUS, **scan)
    assert (out.id, out.minutes) == (first.id, 242)
    hands.advance(timedelta(minutes=3))
    assert do("sign_out", ANONYMOUS, **scan).minutes == 242
    hands.advance(timedelta(hours=1))
    assert refuse("sign_out", ANONYMOUS, **scan).code == "NotIn"
    second = do("sign_in", ANONYMOUS, **scan)
    hands.advance(timedelta(hours=20))
    assert do("sign_out", ANONYMOUS, **scan).minutes == 0
    moved = do("credit_stays", organiser, stays=[first.id, second.id])
    assert moved.moved == (first.id,) and [one.code for one in moved.refused.values()] == ["HoursUnclear"]
    went = second.came_at + timedelta(hours=5)
    assert refuse("mend_stay", organiser, stay=second.id, went_at=second.came_at - timedelta(hours=1), reason="问过本人").code == "BadInput"
    assert do("mend_stay", organiser, stay=second.id, went_at=went, reason="问过本人").minutes == 300
    assert do("credit_stays", organiser, stays=[second.id]).moved == (second.id,)
    assert count(organiser, Stay) == 2


def test_person_times_and_hours_are_counted_from_what_was_credited(organiser: Actor, hands: clock.Fixed) -> None:
    """Tests both figures against the rows added by hand, now and before the last credit."""
    call = called(organiser)
    minutes, before = [], None
    for number, stay in enumerate((95, 130, 45)):
        found, spot = posted(organiser, call, phone=f"1380000003{number}")
        done = do("sign_in", ANONYMOUS, post=spot.code, code=found.code)
        hands.advance(timedelta(minutes=stay))
        do("sign_out", ANONYMOUS, post=spot.code, code=found.code)
        before = clock.now()
        hands.advance(timedelta(minutes=1))
        do("credit_stays", organiser, stays=[done.id])
        minutes.append(stay)
    with acting(organiser):
        for moment, credited in ((Moment(clock.now()), minutes), (Moment(before), minutes[:-1])):
            assert indicators["F58"].numerator.value(moment) == len(credited)
            rows = indicators["R58"].numerator.rows(moment)
            assert sum(weight for _, weight in rows) == sum(credited) // 60 and len(rows) == len(credited)


def test_a_certificate_has_a_number_and_the_credited_hours(organiser: Actor, hands: clock.Fixed) -> None:
    """Tests that without hours there is none, and what it says."""
    call = called(organiser)
    found, spot = posted(organiser, call)
    assert refuse("certify", organiser, volunteer=found.volunteer.id).code == "NoHours"
    stay = do("sign_in", ANONYMOUS, post=spot.code, code=found.code)
    hands.advance(timedelta(hours=6, minutes=30))
    do("sign_out", ANONYMOUS, post=spot.code, code=found.code)
    assert refuse("certify", organiser, volunteer=found.volunteer.id).code == "NoHours"
    do("credit_stays", organiser, stays=[stay.id])
    paper = do("certify", organiser, volunteer=found.volunteer.id)
    assert re.fullmatch(r"奉志证〔2022〕\d+号", paper.number)
    assert "共1人次、6.5小时" in str(paper.data) and paper.to == ""
    clerk = officer("town_clerk", town(), name="镇街")
    assert refuse("certify", clerk, volunteer=found.volunteer.id).code == "NotFound"


def test_a_telephone_joins_signs_in_and_out_and_fetches_the_certificate(organiser: Actor, hands: clock.Fixed) -> None:
    """Tests the pages: poster, form with its refusals, personal code, post, organiser's list, certificate, a second telephone."""
    desk = Client()
    desk.cookies[COOKIE] = session_of(organiser, strong=True)
    form = {
        "title": "卡口志愿者", "text": "登记、引导。", "phone": "0574-88590001", "need": "10", "first_day": "2022-05-04",
        "last_day": "2022-05-20", "posts": "江口卡口\n西坞卡口",
    }  # fmt: skip
    assert desk.post(reverse("mobilisation:calls"), {**form, "need": "0"}).status_code == 422
    page = desk.post(reverse("mobilisation:calls"), form)["Location"]
    poster = desk.get(f"{page}poster").content.decode()
    link = re.search(r"(/volunteer/\w{8}/)", poster)
    assert link is not None and "<svg" in poster
    phone = Client()
    assert "卡口志愿者" in phone.get(link[1]).content.decode()
    young = phone.post(link[1], {"name": "小明", "phone": PHONE, "born": "2010-01"})
    assert young.status_code == 409 and "18周岁" in young.content.decode()
    assert phone.post(link[1], {"name": "", "phone": PHONE, "born": "1998-05"}).status_code == 422
    assert phone.post(link[1], {"name": "陈晓", "phone": PHONE, "born": "1998-05"}).status_code == 302
    mine = phone.get(link[1]).content.decode()
    assert "陈晓，谢谢您来" in mine
    code = re.search(r'<b class="num">(\w{8})</b>', mine)
    assert code is not None
    assert "陈晓" not in Client().get(link[1]).content.decode()
    with acting(organiser):
        row = Volunteer.objects.get()
        spot = queries.posts(row.call)[0]
    act = lambda verb: f"{page}{verb}"  # noqa: E731
    assert PHONE not in desk.get(page).content.decode()
    assert PHONE in desk.post(act("phone"), {"volunteer": str(row.id)}).content.decode()
    untrained = desk.post(act("post"), {"volunteer": str(row.id), "post": str(spot.id)})
    assert untrained.status_code == 409 and "还没有培训" in untrained.content.decode()
    assert desk.post(act("train"), {"volunteer": str(row.id)}).status_code == 302
    assert desk.post(act("post"), {"volunteer": str(row.id), "post": str(spot.id)}).status_code == 302
    sign = reverse("mobilisation:at_post", args=[spot.code])
    assert phone.post(sign, {"do": "in"}).status_code == 302
    assert "签退" in phone.get(sign).content.decode()
    hands.advance(timedelta(hours=3))
    other = Client()
    assert other.post(sign, {"do": "out"}).status_code == 422
    assert other.post(sign, {"do": "out", "phone": PHONE, "code": code[1].lower()}).status_code == 302
    with acting(organiser):
        stay = Stay.objects.get()
    assert stay.minutes == 180
    assert phone.get(f"{link[1]}certificate").status_code == 404
    desk.cookies[COOKIE] = session_of(organiser, strong=True)
    assert desk.post(act("credit"), {"stay": str(stay.id)}).status_code == 302
    assert desk.post(act("certify"), {"volunteer": str(row.id)}).status_code == 302
    paper = phone.get(f"{link[1]}certificate")
    assert paper.content[:5] == b"%PDF-"
    with acting(organiser):
        number = issuing.of(row.id)[0].number
    assert number in phone.get(link[1]).content.decode() and number in desk.get(page).content.decode()
    fresh = desk.post(act("code"), {"volunteer": str(row.id)}).content.decode()
    assert code[1] not in fresh
    assert "陈晓，谢谢您来" not in phone.get(link[1]).content.decode()
