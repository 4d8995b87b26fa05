"""A leader's note by hand: written down at 22:10 with its photo, given to three offices, answered by each before 17:00 of the next day,
read on the phone; and one that nobody answers, late at 17:00, of which the ladder tells one after another.

The journeys have hours of their own. With QIFU_SHOTS set, screenshots at the widths of a phone and a desk go into that folder."""

import re

import pytest
from tests.journeys.test_bulletin_by_hand import Hands
from tests.journeys.test_visit_in_airplane_mode import photo

from qifu.areas.casework.tests.factories import desk
from qifu.areas.consultation.tests.factories import news
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.ladder.sweep import sweep

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NIGHT, NEXT = "2020-02-17", "2020-02-18"


@pytest.fixture
def live(served_at_hours):
    """Give the application under the journey's hours."""
    return served_at_hours


class Noting(Hands):
    """Whoever writes a leader's note down and gives it to offices."""

    def write_down(self, leader, words):
        """Fill the form of a note of this night at ten past ten, and stay before its button."""
        page = self.page
        page.goto("/desk/consult/notes/new")
        page.get_by_label("谁批的").select_option(label=leader)
        page.get_by_label("哪天批的").fill(NIGHT)
        page.get_by_label("几点").fill("22:10")
        page.get_by_label("批示内容").fill(words)

    def choose(self, *tasks):
        """Open the giving out and fill a row for each office: (code, what), all until five o'clock."""
        page = self.page
        page.get_by_role("link", name="交办").first.click()
        for row, (office, what) in enumerate(tasks):
            page.locator(f"#office-{row}").select_option(office)
            page.locator(f"#what-{row}").fill(what)
            page.locator(f"#limit-{row}").select_option("17:00")

    def told(self):
        """Give (who, which stage, of what) as the page of those told says, the first told first."""
        self.page.goto("/desk/ladder/told")
        rows = self.page.locator("tbody tr").all()
        return [tuple(row.locator("td").nth(n).inner_text().strip() for n in (1, 3, 2)) for row in reversed(rows)]


def test_a_note_photographed_at_night_is_answered_by_three_offices(page, live, hours):
    """Tests the note of 22:10 from its photo to the leader's telephone: three offices take on and solve their tasks by buttons, in
    time, and nobody is told that anything was late."""
    hours.turn(NIGHT, "22:10")
    hours.on(page)
    people = desk()
    hands = Noting(page, live)
    hands.sign_in(people.bureau, 390)
    hands.write_down("韩区长", "路口货车的事今晚就办掉，明天下午五点前报结果。")
    hands.shot("note-new", 1440, 390)
    page.get_by_role("button", name="记下，去拍照、交办").click()
    page.locator("input[type=file]").set_input_files(photo())
    page.get_by_text("已收到").first.wait_for()
    address = page.url.split("?")[0]
    tasks = (("区人社局", "清点卡在路口的人"), ("区消防救援大队", "路口加一盏灯"), (f"place:{people.town}", "沿线企业打一遍电话"))
    hands.choose(*tasks)
    hands.shot("note-give", 1440, 390)
    page.get_by_role("button", name="交办", exact=True).click()
    page.get_by_text("3个单位，0个反馈了").wait_for()
    links = [page.get_by_role("link", name=what).get_attribute("href") for _, what in tasks]

    hours.turn(NEXT, "07:30")
    sweep(clock.now())
    answers = (
        (people.labour, links[0], "共31人。", "08:40"),
        (people.fire, links[1], "灯装好了。", "11:20"),
        (people.town_clerk, links[2], "都打过了。", "16:40"),
    )
    for who, link, answer, hour in answers:
        hours.turn(NEXT, hour)
        hands.sign_in(who)
        page.goto(link)
        page.get_by_role("button", name="接办").click()
        page.get_by_role("link", name="写答复").first.click()
        page.get_by_label("给企业的答复").fill(answer)
        page.get_by_role("button", name="办结").click()
        page.get_by_text("待回访").first.wait_for()
    news()

    hours.turn(NEXT, "16:50")
    hands.sign_in(people.leader, 390)
    page.goto(address)
    page.get_by_text("3个单位，3个反馈了").wait_for()
    for _who, _link, answer, _hour in answers:
        assert page.get_by_text(answer).is_visible()
    assert not page.get_by_text("过了时限").count()
    hands.shot("note-answered", 1440, 390)
    hands.size(390)
    page.get_by_role("button", name="已阅").click()
    page.get_by_text("已办：已阅").wait_for()
    assert not page.get_by_role("button", name="已阅").count()
    hours.turn(NEXT, "17:20")
    assert sweep(clock.now()) == 0, "what was answered in time presses nobody"
    assert hands.broken == []


def test_a_note_that_nobody_answers_is_late_at_five_and_the_ladder_says_so(page, live, hours):
    """Tests that the head of the office is reminded in the morning and told at a minute past five, the leader in charge two hours
    later; that the list and the note show it; and that a note whose own office named nobody stands among those of nobody."""
    hours.turn(NIGHT, "22:10")
    hours.on(page)
    people = desk()
    head = officer("leader", people.district, name="方局长", department="区人社局")
    for rung, who in ((1, head), (2, people.leader)):
        given = {"place": people.district, "office": "区人社局", "rung": rung, "person": who.id}
        people.ok(run("ladder.name", given, actor=people.supervisor))
    hands = Noting(page, live)
    hands.sign_in(people.bureau)
    hands.write_down("韩区长", "滞留司机的吃住，明天下午五点前报结果。")
    page.get_by_role("button", name="记下，去拍照、交办").click()
    address = page.url.split("?")[0]
    hands.choose(("区人社局", "清点滞留的司机"))
    page.get_by_role("button", name="交办", exact=True).click()
    page.get_by_text("1个单位，0个反馈了").wait_for()
    task, note = "清点滞留的司机", "滞留司机的吃住，明天下午五点前报结果"

    hours.turn(NEXT, "07:30")
    sweep(clock.now())
    hands.sign_in(people.supervisor)
    reminded = hands.told()
    assert {one[0] for one in reminded} == {"方局长", "黄科长"} and {one[1] for one in reminded} == {"到期那天早上"}
    hours.turn(NEXT, "16:59")
    assert sweep(clock.now()) == 0
    hands.sign_in(people.labour)
    page.goto("/desk/cases/?view=overdue")
    assert not page.locator("#list td.name").count(), "a minute before five it is not late"

    hours.turn(NEXT, "17:01")
    sweep(clock.now())
    page.goto("/desk/cases/?view=overdue")
    assert page.locator("#list td.name", has_text=task).count() == 1
    hands.shot("note-late-office", 1440, 390)
    hands.sign_in(people.supervisor)
    assert hands.told()[len(reminded) :] == [("方局长", "经办单位负责人", task)]
    hours.turn(NEXT, "17:20")
    sweep(clock.now())
    page.goto("/desk/ladder/")
    assert page.locator("tbody tr", has_text=note).get_by_text("还没有填催到谁").count() == 1
    hours.turn(NEXT, "19:05")
    sweep(clock.now())
    assert hands.told()[-1] == ("韩区长", "分管领导", task)
    hands.shot("note-late-told", 1440, 390)

    hands.sign_in(people.leader, 390)
    page.goto(address)
    assert page.get_by_text(re.compile("1个单位，0个反馈了")).is_visible() and page.get_by_text("1个过了时限").is_visible()
    hands.shot("note-late", 1440, 390)
    assert hands.broken == []
