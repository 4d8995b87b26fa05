"""Courses: written, opened to whom a rule means, learned step by step, passed with a certificate; who has not, and is asked."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from qifu.areas.mobilisation import courses, queries
from qifu.areas.mobilisation.models import Course, Meeting, Sitting, Trainee, Volunteer
from qifu.kernel.access import Actor, acting
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import Done, run
from qifu.kernel.calendar import clock
from qifu.kernel.documents.models import Issued
from qifu.kernel.journal.models import Entry
from qifu.kernel.notify.models import Outgoing

from .factories import do, home, refuse, ringing, town

NOW = at("2020-02-11", "09:00")
QUESTIONS = """1. 灭火器多久查一次
* 每月
- 每年
- 不用查

厂房和宿舍能不能在一栋楼
- 能
* 不能
解：三合一场所出过大事

四懂三会是哪些（两个对）
* 会报警
* 会扑救初起火灾
- 会跑步"""
FILM = {"title": "复工消防", "minutes": "10", "link": "https://example.org/film", "text": ""}
TEXT = {"title": "告知书", "minutes": "3", "link": "", "text": "每天巡查两次。"}


@pytest.fixture
def hands(database: Any) -> Iterator[clock.Fixed]:
    with clock.use(clock.Fixed(NOW)) as fixed:
        yield fixed


@pytest.fixture
def people(hands: clock.Fixed) -> dict[str, Actor]:
    return {
        "keeper": officer("bureau_clerk", home(), name="开班人", department="经信局"),
        "clerk": ringing(officer("town_clerk", town(), name="镇街甲"), "13800000001"),
        "other": officer("town_clerk", town("裘村镇"), name="镇街乙"),
    }


def written(keeper: Actor, **more: Any) -> Course:
    content = {"title": "企业复工消防", "lessons": [FILM, TEXT], "questions": QUESTIONS, "phone": "0574-88590000"}
    content |= {"rule": {"places": [home()], "roles": ["town_clerk"]}, "tries": 2, **more}
    return do("write_course", keeper, place=home(), content=content)


def opened(keeper: Actor, **more: Any) -> Course:
    return do("open_course", keeper, course=written(keeper, **more).id)


def of(who: Actor, course: Course) -> Trainee:
    with acting(who):
        return Trainee._base_manager.select_related("course").get(course=course.id, person=who.person)


def step(who: Actor, course: Course, name: str, **given: Any) -> Trainee:
    return do("learn", who, trainee=of(who, course).id, step=name, **given)


def studied(who: Actor, course: Course, hands: clock.Fixed) -> None:
    step(who, course, "open", lesson=0)
    hands.advance(timedelta(minutes=9))
    step(who, course, "done", lesson=0)
    step(who, course, "done", lesson=1)


def answers(who: Actor, course: Course, *, right: bool) -> list[dict[str, Any]]:
    """Give answers to what was drawn, all right or all wrong."""
    with acting(who):
        sitting = Sitting._base_manager.get(trainee__course=course.id, trainee__person=who.person, ended_at__isnull=True)
    asked = {number: course.questions[number] for number, _ in sitting.drawn}
    wrong = {n: next(o for o in range(len(q["options"])) if o not in q["right"]) for n, q in asked.items()}
    return [{"question": n, "options": q["right"] if right else [wrong[n]]} for n, q in asked.items()]


def test_whom_the_rule_means_is_on_the_list_told_and_learns_step_by_step(people: dict[str, Actor], hands: clock.Fixed) -> None:
    """Tests the list, one message each, that a film has to run, the order of lessons and questions, and the certificate."""
    course = opened(people["keeper"])
    with acting(people["keeper"]):
        assert {one.name for one in queries.trainees(course)} == {"镇街甲", "镇街乙"}
        assert Outgoing._base_manager.filter(kind="mobilisation.course").count() == len(queries.trainees(course)) == course.audience
    clerk = people["clerk"]
    mine = of(clerk, course).id
    assert refuse("learn", clerk, trainee=mine, step="done", lesson=0).code == "TooSoon"
    step(clerk, course, "open", lesson=0)
    hands.advance(timedelta(minutes=3))
    told = refuse("learn", clerk, trainee=mine, step="done", lesson=0)
    assert (told.code, "打开才3分钟" in told.says) == ("TooSoon", True)
    assert refuse("learn", clerk, trainee=mine, step="begin").code == "LessonsFirst"
    assert refuse("learn", people["other"], trainee=mine, step="open", lesson=1).code == "NotFound"
    hands.advance(timedelta(minutes=6))
    step(clerk, course, "done", lesson=0)
    step(clerk, course, "done", lesson=1)
    step(clerk, course, "begin")
    assert step(clerk, course, "hand_in", answers=answers(clerk, course, right=True)).state == "passed"
    done = of(clerk, course)
    with acting(people["keeper"]):
        paper = Issued.objects.get(about=done.id)
    assert paper.number == done.number and "镇街甲" in str(paper.data) and done.score == 100
    assert run("mobilisation.learn", {"trainee": mine, "step": "begin"}, actor=clerk).again


def test_tries_are_counted_and_given_again_by_the_keeper(people: dict[str, Actor], hands: clock.Fixed) -> None:
    """Tests a blank, the last try, that nothing more begins, and that the keeper gives tries or excuses, never oneself."""
    course = opened(people["keeper"], rule={"places": [home()], "roles": ["town_clerk", "bureau_clerk"]})
    clerk, keeper = people["clerk"], people["keeper"]
    studied(clerk, course, hands)
    mine = of(clerk, course).id
    step(clerk, course, "begin")
    drawn = answers(clerk, course, right=False)
    blank = refuse("learn", clerk, trainee=mine, step="hand_in", answers=drawn[1:])
    assert "还没有答" in (blank.errors or {})["answers"] and of(clerk, course).tried == 0
    assert step(clerk, course, "hand_in", answers=drawn).state == "learning"
    assert refuse("learn", clerk, trainee=mine, step="hand_in", answers=drawn).code == "NotBegun"
    step(clerk, course, "begin")
    assert step(clerk, course, "hand_in", answers=answers(clerk, course, right=False)).state == "failed"
    assert refuse("learn", clerk, trainee=mine, step="begin").code == "NoTriesLeft"
    do("give_tries", keeper, trainee=mine)
    step(clerk, course, "begin")
    assert step(clerk, course, "hand_in", answers=answers(clerk, course, right=True)).state == "passed"
    own = of(keeper, course).id
    assert refuse("excuse_trainee", keeper, trainee=own, reason="会").code == "OwnExcuse"
    other = of(people["other"], course).id
    assert do("excuse_trainee", keeper, trainee=other, reason="当面教过").state == "excused"
    with acting(keeper):
        assert Trainee._base_manager.get(pk=own).state == "called"


def test_a_draw_is_the_same_for_its_seed_and_marks_whole_answers() -> None:
    """Tests the order by seed, how many are drawn, and that half an answer is none."""
    questions, wrong = courses.read_questions(QUESTIONS)
    assert wrong == "" and [len(one["options"]) for one in questions] == [3, 2, 3] and questions[1]["why"]
    assert courses.read_questions(courses.write_questions(questions)) == (questions, "")
    draws = {str(courses.draw(questions, many=0, seed=seed)) for seed in range(30)}
    assert len(draws) > 5
    assert courses.draw(questions, many=2, seed=7) == courses.draw(questions, many=2, seed=7)
    drawn = courses.draw(questions, many=0, seed=3)
    whole = {str(number): one["right"] for number, one in enumerate(questions)}
    assert courses.mark(questions, drawn, whole) == 100
    assert courses.mark(questions, drawn, whole | {"2": [0]}) == 66
    assert courses.mark(questions, drawn, whole | {"2": [0, 1, 2]}) == 66
    assert courses.mark(questions, drawn, {}) == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("问\n* 对", "2到8个选项"), ("问\n- 一\n- 二", "标哪个对"), ("问\n* 一\n* 一", "一样"), ("问\n对\n- 二", "前面写"),
        ("\n\n".join(["问\n* 一\n- 二"] * 101), "最多100道"),
        ("问\n* 一\n- 二\n\n" + "长" * 201 + "\n* 一\n- 二", "第2题：最多200个字，现在201个"),
        ("问\n* 一\n- " + "长" * 121, "第1题：最多120个字"), ("问\n* 一\n- 二\n解：" + "长" * 201, "第1题：最多200个字"),
    ],
)  # fmt: skip
def test_questions_that_cannot_be_are_said_with_their_number(text: str, says: str) -> None:
    """Tests the words for each kind of wrong question."""
    found, wrong = courses.read_questions(text)
    assert found == [] and says in wrong


def test_what_cannot_be_a_course_is_refused_beside_its_field(people: dict[str, Actor]) -> None:
    """Tests empty courses, addresses that lead nowhere good, limits, places that are not the keeper's; nothing is kept."""
    keeper = people["keeper"]
    base = {"title": "空的", "rule": {"places": [home()], "roles": ["town_clerk"]}}
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "lessons"), ({"lessons": [FILM | {"link": "javascript:alert(1)"}]}, "lessons"),
        ({"lessons": [FILM | {"minutes": "x"}]}, "lessons"), ({"lessons": [TEXT | {"title": "长" * 61}]}, "lessons"),
        ({"lessons": [TEXT | {"text": "长" * 4001}]}, "lessons"),
        ({"lessons": [TEXT], "questions": "问"}, "questions"), ({"lessons": [TEXT], "questions": QUESTIONS, "drawn": 4}, "drawn"),
        ({"lessons": [TEXT], "pass_mark": 0}, "pass_mark"), ({"lessons": [TEXT], "tries": 0}, "tries"),
        ({"lessons": [TEXT], "finish_by": date(2020, 2, 1)}, "finish_by"), ({"lessons": [TEXT], "phone": "12"}, "phone"),
    ]  # fmt: skip
    for more, field in cases:
        answer = refuse("write_course", keeper, place=home(), content=base | more)
        assert answer.code == "BadInput" and field in (answer.errors or {}), (more, answer)
    elsewhere = base | {"lessons": [TEXT], "rule": {"places": [home("镇海区")], "roles": ["town_clerk"]}}
    assert refuse("write_course", keeper, place=home(), content=elsewhere).code == "NotYours"
    assert refuse("write_course", people["clerk"], place=home(), content=base | {"lessons": [TEXT]}).code == "NotYours"
    with acting(keeper):
        assert not Course._base_manager.exists()
    nobody = written(keeper, rule={"places": [town("裘村镇")], "roles": ["zone_clerk"]})
    assert refuse("open_course", keeper, course=nobody.id).code == "NobodyLearns"


def test_a_meeting_has_so_many_seats_and_its_code_signs_in(people: dict[str, Actor], hands: clock.Fixed) -> None:
    """Tests the last seat, a seat given back, signing in by code in its time only, and who is told when it is called off."""
    keeper, clerk, other = people["keeper"], people["clerk"], people["other"]
    course = opened(keeper, lessons=[], questions="", live=True)
    given = {"course": course.id, "where": "区文化馆", "minutes": 60, "seats": 1}
    first = do("call_meeting", keeper, **given, starts_at=at("2020-02-12", "14:00"))
    second = do("call_meeting", keeper, **given, starts_at=at("2020-02-13", "14:00"))
    assert refuse("call_meeting", keeper, **given, starts_at=at("2020-02-12", "14:00")).code == "BadInput"
    assert refuse("call_meeting", keeper, **given, starts_at=NOW).code == "BadInput"
    step(clerk, course, "book", meeting=first.id)
    assert refuse("learn", other, trainee=of(other, course).id, step="book", meeting=first.id).code == "Full"
    step(other, course, "book", meeting=second.id)
    step(clerk, course, "give_back")
    step(other, course, "book", meeting=first.id)
    step(clerk, course, "book", meeting=second.id)
    assert refuse("attend", other, code=first.code).code == "NotHere"
    hands.set(at("2020-02-12", "13:10"))
    assert do("attend", other, code=first.code).state == "passed"
    assert refuse("attend", officer("town_leader", town(), name="没名单的"), code=first.code).code == "NotInCourse"
    do("call_off_meeting", keeper, meeting=second.id, why="场地有事")
    with acting(keeper):
        assert [one.person for one in Outgoing._base_manager.filter(kind="mobilisation.meeting_off")] == [clerk.person]
        assert queries.seat_of(of_id(clerk, course)) is None and Meeting._base_manager.get(pk=second.id).why == "场地有事"
    assert refuse("call_off_meeting", keeper, meeting=second.id, why="再来一次").code == "NotFound"
    hands.set(at("2020-02-12", "14:00"))
    assert refuse("call_off_meeting", keeper, meeting=first.id, why="晚了").code == "BegunAlready"


def of_id(who: Actor, course: Course) -> Any:
    return Trainee._base_manager.get(course=course.id, person=who.person).id


def test_who_has_not_is_called_and_reminded_once_a_day_on_the_record(people: dict[str, Actor], hands: clock.Fixed) -> None:
    """Tests numbers with their looks, one reminder a day, and that a closed course chases nobody."""
    keeper = people["keeper"]
    course = opened(keeper)
    found = do("call_untrained", keeper, course=course.id)
    assert found == {of(people["clerk"], course).id: "13800000001"}
    with acting(keeper):
        assert list(Entry.objects.filter(process="look").values_list("subject", flat=True)) == list(found)
    assert do("remind_untrained", keeper, course=course.id) == 2
    assert do("remind_untrained", keeper, course=course.id) == 0
    hands.advance(timedelta(days=1))
    assert do("remind_untrained", keeper, course=course.id) == 2
    do("close_course", keeper, course=course.id)
    assert refuse("remind_untrained", keeper, course=course.id).code == "NotFound"
    assert refuse("learn", people["clerk"], trainee=of(people["clerk"], course).id, step="open", lesson=0).code == "CourseOver"
    again = do("repeat_course", keeper, course=course.id)
    assert (again.state, again.title, again.questions) == ("drafted", course.title, course.questions)


def test_a_contact_of_a_firm_learns_too(people: dict[str, Actor], hands: clock.Fixed) -> None:
    """Tests that a course for contacts of firms reaches them in their own scope and in no other firm's."""
    firms = {}
    for size in ("above", "small"):
        answer = run("registry.register", {"name": f"奉川精密{size}有限公司", "region": town(), "size": size}, actor=people["clerk"])
        assert isinstance(answer, Done), answer
        firms[size] = contact(answer.result.id, town(), name=f"联系人{size}")
    rule = {"places": [home()], "roles": ["enterprise_contact"], "sizes": ["above"]}
    course = opened(people["keeper"], rule=rule, questions="", lessons=[TEXT])
    assert step(firms["above"], course, "done", lesson=0).state == "passed"
    with acting(firms["small"]):
        assert not queries.own_courses(firms["small"]) and not Trainee._base_manager.exists()


def test_a_post_waits_until_the_volunteer_has_passed(people: dict[str, Actor], hands: clock.Fixed) -> None:
    """Tests that joining puts a volunteer on the list, that the post refuses by name, and that passing opens it at the door."""
    keeper = people["keeper"]
    course = opened(keeper, rule={}, questions="")
    call = do(
        "call_up", keeper, place=home(), title="卡口", text="量体温", phone="0574-88590000", need=3, first_day=date(2020, 2, 12),
        last_day=date(2020, 2, 20), posts=["西卡口"], course=course.id,
    )  # fmt: skip
    joined = do("join", keeper, code=call.code, name="陈晓", phone="13800000009", born="1990-01")
    with acting(keeper):
        spot = call.posts.get()
    assert refuse_all("post_volunteers", keeper, volunteers=[joined.volunteer.id], post=spot.id) == "还没有培训，没有派岗。"
    told = refuse_all("train_volunteers", keeper, volunteers=[joined.volunteer.id])
    assert told == "陈晓还没有学完《企业复工消防》，没有记上。"
    door = {"call": call.code, "personal": joined.code}
    assert refuse("learn_as_volunteer", keeper, call=call.code, personal="K7MPQ2XA", step="open").code == "UnknownVolunteer"
    do("learn_as_volunteer", keeper, **door, step="open", lesson=0)
    hands.advance(timedelta(minutes=10))
    do("learn_as_volunteer", keeper, **door, step="done", lesson=0)
    assert do("learn_as_volunteer", keeper, **door, step="done", lesson=1).state == "passed"
    with acting(keeper):
        assert Volunteer._base_manager.get().state == "trained"
    moved = do("post_volunteers", keeper, volunteers=[joined.volunteer.id], post=spot.id)
    assert not moved.refused
    with acting(keeper):
        assert Outgoing._base_manager.filter(kind="mobilisation.posted").count() == 1


def refuse_all(name: str, who: Actor, /, **given: Any) -> str:
    """Give the words with which the one subject of many was refused."""
    moved = do(name, who, **given)
    assert not moved.moved
    return str(next(iter(moved.refused.values())).says)
