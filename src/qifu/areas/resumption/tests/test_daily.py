"""The daily report by story: told, told again, late, without a network, corrected; its three rates; who has not told."""

from datetime import datetime, time, timedelta

import pytest

from qifu.areas.resumption.models import DailyReport
from qifu.kernel.access import acting
from qifu.kernel.access.models import everything
from qifu.kernel.access.tests.browsing import browser, hidden, text
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.indicators import Moment, figure, indicators, rows, spread
from qifu.kernel.journal.models import Entry

from .factories import february, world

pytestmark = pytest.mark.usefixtures("database")
TOLD = {
    "at_work": 30, "expected": 40, "running": 3, "capacity": 5,
    "answers": {"temperature_checked": 30, "temperature_odd": 0, "mask_days": 7},
}  # fmt: skip


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def at_work(town, **more):
    """Bring a firm to work on the 12th."""
    firm = town.firm(**more)
    town.hands.set(february("10"))
    application = town.approved(firm)
    town.hands.set(february("12", "08:10"))
    town.ok(run("resumption.start", {"application": application.id}, actor=town.contacts[firm.id]))
    return firm


def tell(town, firm, **more):
    return run("resumption.report_day", {"enterprise": firm.id, **TOLD, **more}, actor=town.contacts[firm.id], at=clock.now())


def stored(town, firm):
    with acting(town.bureau):
        return list(everything(DailyReport).filter(enterprise=firm.id).order_by("day", "revision"))


def test_a_day_is_told_once_and_corrected_by_a_new_row(town):
    """Tests that the same numbers again change nothing, that others are one more revision, and that no answer on health is journalled."""
    firm = at_work(town)
    town.hands.set(february("12", "17:00"))
    first = town.ok(tell(town, firm))
    assert town.ok(tell(town, firm)).id == first.id
    second = town.ok(tell(town, firm, at_work=28))
    assert [(r.revision, r.at_work, r.late) for r in stored(town, firm)] == [(1, 30, False), (2, 28, False)]
    with acting(town.bureau):
        entries = list(Entry._base_manager.filter(process="resumption.daily").order_by("seq"))
    assert [(e.verb, e.first, e.about) for e in entries] == [("report", True, firm.id), ("correct", False, firm.id)]
    assert entries[1].subject == second.id and "temperature" not in str(entries[1].data)


def test_a_late_report_is_taken_and_says_so(town):
    """Tests that after the hour it counts and is stamped, that a phone's own moment of pressing counts, and that a wrong clock does not."""
    firm, other, third = at_work(town), at_work(town), at_work(town)
    town.hands.set(february("12", "19:40"))
    assert town.ok(tell(town, firm)).late
    pressed = town.ok(tell(town, other, pressed_at=february("12", "17:30").isoformat()))
    assert not pressed.late and pressed.told_at == february("12", "17:30") and pressed.recorded_at == february("12", "19:40")
    ahead = town.ok(tell(town, third, pressed_at=february("12", "20:40").isoformat()))
    assert ahead.told_at == february("12", "19:40")


def test_what_cannot_be_told_changes_nothing(town):
    """Tests that a firm that has not started, a negative number, a day to come, and another firm's contact are refused."""
    idle = town.firm()
    assert tell(town, idle).code == "NothingToTell"
    firm = at_work(town)
    assert "at_work" in tell(town, firm, at_work=-1).errors
    assert "day" in tell(town, firm, day="2020-02-13").errors
    stranger = run("resumption.report_day", {"enterprise": firm.id, **TOLD}, actor=town.contacts[idle.id], at=clock.now())
    assert stranger.code in ("NotFound", "NotYours")
    assert stored(town, firm) == [] and stored(town, idle) == []


def value(actor, id, asof):
    with acting(actor):
        found = figure(id, moment=Moment(asof), actor=actor)
        behind = rows(id, moment=Moment(asof), actor=actor)
    return found.value, found.of, {row.label: row.weight for row in behind.rows}


def test_three_rates_come_from_the_reports_with_their_rows(town):
    """Tests numerator, denominator and rows of the rates, that a correction counts from when it was told, and that silence ages out."""
    firm, other = at_work(town), at_work(town)
    town.firm()
    town.hands.set(february("12", "17:00"))
    town.ok(tell(town, firm))
    town.ok(tell(town, other, at_work=10, expected=20, running=1, capacity=1))
    town.hands.set(february("12", "17:30"))
    town.ok(tell(town, firm, at_work=20))
    evening = february("12", "23:00")
    assert value(town.bureau, "R41", evening) == (30, 60, {firm.name: 20, other.name: 10})
    assert value(town.bureau, "R41", february("12", "17:10"))[0] == 40
    assert value(town.bureau, "R42", evening)[:2] == (4, 6)
    assert value(town.bureau, "R40", evening)[:2] == (2, 3)
    assert value(town.bureau, "R43", evening)[:2] == (2, 2)
    assert value(town.bureau, "R41", evening + timedelta(days=1))[0] == 30, "yesterday's stand in until today's are told"
    assert value(town.bureau, "R41", evening + timedelta(days=2))[0] == 0
    assert value(town.contacts[other.id], "R41", evening)[0] == 10, "a contact sees her own"


def test_a_trend_asks_once_what_each_day_would_say(town):
    """Tests that the days of a trend equal the figure asked for at the end of each, for a district, a town and a firm's contact."""
    firm, other = at_work(town), at_work(town)
    for day, one, there in ("12", firm, 20), ("12", other, 10), ("13", other, 15), ("15", firm, 33):
        town.hands.set(february(day, "17:00"))
        town.ok(tell(town, one, at_work=there))
    asof = february("16", "09:00")
    for actor in town.bureau, town.contacts[other.id]:
        with acting(actor):
            for within in None, (firm.region,), ():
                moment, measure = Moment(asof, None, within), indicators["R41"].numerator
                found = spread(measure, moment=moment, days=6)
                ends = [min(datetime.combine(day, time.max, ZONE), asof) for day in found.days]
                assert list(found.values) == [measure.value(Moment(end, None, within)) for end in ends]
                if actor is town.bureau and within is None:
                    assert found.values == (0, 30, 35, 15, 33, 33)


def test_the_contact_tells_the_day_by_the_page(town):
    """Tests that home leads to the report, that it comes filled in, and that the next day starts from yesterday's numbers."""
    firm = at_work(town)
    town.hands.set(february("12", "17:00"))
    phone = browser(town.contacts[firm.id])
    assert "报复工日报" in text(phone.get("/home/")) and "/home/daily" in text(phone.get("/home/"))
    page = phone.get("/home/daily")
    assert 'name="at_work" value="40"' in text(page) and "18:00前" in text(page)
    form = {"key": hidden(page, "key"), "day": "2020-02-12", "at_work": "30", "expected": "40", "running": "3", "capacity": "5"}
    form |= {"temperature_checked": "30", "temperature_odd": "0", "mask_days": "7"}
    done = phone.post("/home/daily", form, follow=True)
    assert "报好了" in text(done) and "75.0" in text(done) and "30 / 40人" in text(done) and "60.0" in text(done)
    assert "全街道复工率" not in text(done), "too few firms to tell of without naming one"
    assert "今天没有要您办的了" in text(phone.get("/home/"))
    town.hands.set(february("13", "17:00"))
    phone = browser(town.contacts[firm.id])
    page = text(phone.get("/home/daily"))
    assert 'name="at_work" value="30"' in page and 'name="mask_days" value="6"' in page and "和昨天一样，上报" in page
    for typed in ("三十", "9" * 5000):
        wrong = phone.post("/home/daily", form | {"day": "2020-02-13", "at_work": typed})
        assert wrong.status_code == 422 and f'value="{typed}"' in text(wrong)


def test_the_town_sees_who_has_not_told_and_its_look_is_recorded(town):
    """Tests that the list holds the silent alone, within reach, and that a number is shown only with a record of who looked."""
    firm, silent = at_work(town), at_work(town, contact="柳工", phone="13900005210")
    town.hands.set(february("12", "18:30"))
    town.ok(tell(town, firm))
    desk = browser(town.town_clerk)
    page = text(desk.get("/desk/daily"))
    assert silent.name in page and firm.name not in page and "13900005210" not in page
    elsewhere = browser(officer("town_clerk", town.other))
    assert "都报了" in text(elsewhere.get("/desk/daily"))
    assert "13900005210" not in text(elsewhere.post("/desk/daily", {"do": "call", "day": "2020-02-12"}))
    shown = text(desk.post("/desk/daily", {"do": "call", "day": "2020-02-12"}))
    assert "tel:13900005210" in shown
    with acting(town.bureau):
        looks = list(Entry._base_manager.filter(verb="look"))
    assert [(e.actor, e.data["purpose"]) for e in looks] == [(town.town_clerk.id, "催报复工日报")]
    assert desk.post("/desk/daily", {"do": "remind", "day": "2020-02-12"}).status_code == 200
    assert browser(town.contacts[firm.id]).get("/desk/daily").status_code in (302, 403)
