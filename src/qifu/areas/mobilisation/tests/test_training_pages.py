"""The pages of courses: written and opened at the desk, learned on the phone, signed in at a meeting, a volunteer's own."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qifu.areas.mobilisation.models import Course, Meeting, Trainee
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.browsing import session_of
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.calendar import clock
from qifu.kernel.web import COOKIE

from .factories import do, home, ringing, town

NOW = at("2020-02-11", "09:00")
FORM = {
    "title": "企业复工消防",
    "lesson_title": ["片子"], "lesson_minutes": ["5"], "lesson_link": ["https://example.org/f"], "lesson_text": [""],
    "questions": "灭火器多久查一次\n* 每月\n- 每年", "places": "", "roles": "town_clerk", "pass_mark": "80", "tries": "1", "drawn": "0",
}  # fmt: skip


@pytest.fixture
def hands(database: Any) -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(NOW)) as fixed:
        yield fixed


def browser(actor: Actor) -> Client:
    client = Client()
    client.cookies[COOKIE] = session_of(actor, strong=True)
    return client


def test_a_course_is_written_opened_chased_and_learned_in_the_browser(hands: clock.Fixed) -> None:
    """Tests the way by its pages: a wrong form keeps what was typed, the list, numbers, a film, questions, the certificate."""
    keeper = officer("bureau_clerk", home(), name="开班人", department="经信局")
    clerk = ringing(officer("town_clerk", town(), name="镇街甲"), "13800000001")
    desk, phone = browser(keeper), browser(clerk)
    form = FORM | {"places": str(home()), "live": "on"}
    wrong = desk.post(reverse("mobilisation:new_course"), form | {"lesson_link": ["ftp://x"]})
    assert wrong.status_code == 422 and "企业复工消防" in wrong.content.decode() and "https:// 或 http://" in wrong.content.decode()
    page = desk.post(reverse("mobilisation:new_course"), form)["Location"]
    assert "现在算来有 1 人要学" in desk.get(page).content.decode()
    with acting(keeper):
        course = Course.objects.get()
    act = lambda verb, **given: desk.post(reverse("mobilisation:act_on_course", args=[course.id, verb]), given)  # noqa: E731
    assert act("meet", where="区文化馆", starts_at="2020-02-11T10:00", minutes="60", seats="10").status_code == 302
    assert act("open").status_code == 302
    assert "13800000001" not in desk.get(page).content.decode()
    assert "13800000001" in act("call").content.decode()
    assert act("remind")["Location"].endswith("?told=1")
    assert "要您学完的 1 个" in phone.get(reverse("mobilisation:my_training")).content.decode()
    with acting(keeper):
        trainee, meeting = Trainee.objects.get(), Meeting.objects.get()
    here = reverse("mobilisation:learn", args=[trainee.id])
    step = lambda verb, **given: phone.post(reverse("mobilisation:learn_step", args=[trainee.id, verb]), given)  # noqa: E731
    assert "开始看" in phone.get(here).content.decode()
    assert step("open", lesson="0").status_code == 302
    assert step("done", lesson="0").status_code == 409
    hands.advance(timedelta(minutes=5))
    assert step("done", lesson="0").status_code == 302
    assert step("book", meeting=str(meeting.id)).status_code == 302 and "您的座位" in phone.get(here).content.decode()
    shown = desk.get(reverse("mobilisation:meeting", args=[meeting.id])).content.decode()
    assert meeting.code in shown and "约了座位的 1 人" in shown
    hands.set(at("2020-02-11", "09:50"))
    door = reverse("mobilisation:at_meeting", args=[meeting.code])
    assert "签到" in phone.get(door).content.decode() and phone.post(door).status_code == 302
    assert step("begin").status_code == 302
    quiz = phone.get(here).content.decode()
    assert step("hand_in").status_code == 422
    values = dict(re.findall(r'name="q0" value="(\d)"[^>]*><span>(每.)', quiz))
    right = next(value for value, word in values.items() if word == "每月")
    assert step("hand_in", q0=right).status_code == 302
    done = phone.get(here).content.decode()
    assert "学完了" in done and phone.get(reverse("mobilisation:training_certificate", args=[trainee.id])).content[:5] == b"%PDF-"
    assert "都学完了" in desk.get(page).content.decode()
    assert step("nonsense").status_code == 404 and act("nonsense").status_code == 404


def test_a_volunteer_learns_on_the_telephone_that_joined(hands: clock.Fixed) -> None:
    """Tests that the page of a volunteer leads to the course, and that nobody else's telephone opens it."""
    keeper = officer("bureau_clerk", home(), name="开班人", department="经信局")
    content = {"title": "上岗前", "lessons": [{"title": "须知", "minutes": "2", "text": "洗手戴口罩。"}]}
    course = do("open_course", keeper, course=do("write_course", keeper, place=home(), content=content).id)
    desk = browser(keeper)
    form = {"title": "卡口", "text": "量体温", "phone": "0574-88590000", "need": "3", "posts": "西卡口", "course": str(course.id)}
    made = desk.post(reverse("mobilisation:calls"), form | {"first_day": "2020-02-12", "last_day": f"{date(2020, 2, 20)}"})
    assert made.status_code == 302 and "上岗前" in desk.get(made["Location"]).content.decode()
    poster = desk.get(f"{made['Location']}poster").content.decode()
    link = re.search(r"(/volunteer/\w{8}/)", poster)
    assert link is not None
    phone = Client()
    assert phone.post(link[1], {"name": "陈晓", "phone": "13800000009", "born": "1990-01"}).status_code == 302
    assert "学完才派岗，还剩1样" in phone.get(link[1]).content.decode()
    teach = f"{link[1]}training"
    assert "洗手戴口罩" in phone.get(teach).content.decode()
    assert Client().get(teach).status_code == 404 and Client().post(f"{teach}/done").status_code == 404
    assert phone.post(f"{teach}/done", {"lesson": "0"}).status_code == 302
    assert "学完了" in phone.get(teach).content.decode() and phone.get(f"{teach}?paper").content[:5] == b"%PDF-"
    assert "已培训" in desk.get(made["Location"]).content.decode()
