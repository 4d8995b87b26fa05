"""Tests that a decree moves the open deadlines of its place, says why, and can be taken back."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from qifu.kernel import jurisdiction
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import Done, Refused, run
from qifu.kernel.calendar import clock, tables
from qifu.kernel.calendar.models import CalendarDay, KnownYear, LocalDecree
from qifu.kernel.events import deliver
from qifu.kernel.journal.models import Entry
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.tests.toy.models import Loan
from qifu.kernel.workflow.tests.toy.process import LOAN, draft
from qifu.kernel.workflow.timer import timer
from qifu.project.workdays.following import follow_years

pytestmark = pytest.mark.usefixtures("database")

DECREE = {"from_date": "2020-02-12", "to_date": "2020-02-13", "works": "no", "reason": "台风停工", "document": "甬防指〔2020〕3号"}


@pytest.fixture
def now():
    with clock.use(clock.Fixed(at("2020-02-10"))) as hands:
        yield hands


@pytest.fixture
def town():
    return jurisdiction.by_name("莼湖街道").id


@pytest.fixture
def district(town):
    return next(place for place in jurisdiction.lineage(town) if jurisdiction.place(place).kind == "district")


@pytest.fixture
def clerk(town):
    return officer("town_clerk", town)


@pytest.fixture
def office(district):
    return officer("control_office", district)


def lent(clerk, town):
    """A loan that is to come back within three working days: by the end of Thursday 13 February."""
    with acting(clerk):
        loan = LOAN.open(draft(town), actor=clerk, at=clock.now())
        with LOAN.move("lend", loan, actor=clerk, at=clock.now()) as fresh:
            pass
    return fresh


def due(loan):
    """When it is due by its own row, and by its clock."""
    with acting(timer()):
        return Loan._base_manager.get(pk=loan.id).due_at, ClockRun._base_manager.get(subject=loan.id, name="return").due_at


def settled():
    deliver(actor=timer())


def test_a_decree_moves_what_is_open_and_says_by_which_paper(clerk, office, town, district, now):
    """Tests that two days off put the deadline from Thursday to Monday, with the paper as the reason, and are counted."""
    loan = lent(clerk, town)
    assert due(loan) == (at("2020-02-14", "00:00"),) * 2
    done = run("calendar.lay", {"place": district, **DECREE}, actor=office)
    assert isinstance(done, Done), done
    settled()
    assert due(loan) == (at("2020-02-18", "00:00"),) * 2
    with acting(clerk):
        because = "".join(ClockRun._base_manager.get(subject=loan.id, name="return").because)
        assert "2月12日、13日不计" in because and "按甬防指〔2020〕3号重新计算" in because
    with acting(office):
        made = LocalDecree.objects.get()
        assert (made.moved, made.settled_at) == (1, clock.now())
        assert Entry._base_manager.filter(process="calendar.decree", verb="lay", subject=made.ref, actor=office.id).count() == 1


def test_taken_back_the_deadlines_stand_as_before(clerk, office, town, district, now):
    """Tests that revoking finds every deadline anew, and that it is done once."""
    loan = lent(clerk, town)
    made = run("calendar.lay", {"place": district, **DECREE}, actor=office).result
    settled()
    assert run("calendar.take_back", {"decree": made.ref}, actor=office).ok
    settled()
    assert due(loan) == (at("2020-02-14", "00:00"),) * 2
    again = run("calendar.take_back", {"decree": made.ref}, actor=office)
    assert isinstance(again, Refused) and again.code == "TakenBack"


def test_days_that_were_given_back_are_not_lost(clerk, office, town, district, now):
    """Tests that a clock that had stood still keeps those days when the calendar changes."""
    loan = lent(clerk, town)
    for day, verb in (("2020-02-11", "mend"), ("2020-02-12", "mended")):
        now.set(at(day))
        with acting(clerk), LOAN.move(verb, loan, actor=clerk, at=clock.now()):
            pass
    assert due(loan)[0] == at("2020-02-15", "00:00"), "one working day given back: by the end of Friday"
    run("calendar.lay", {"place": district, **DECREE, "from_date": "2020-02-13", "to_date": "2020-02-14"}, actor=office)
    settled()
    assert due(loan) == (at("2020-02-19", "00:00"),) * 2, "Thursday and Friday off: by the end of Tuesday"


def test_what_stands_still_moves_when_it_goes_on(clerk, office, town, district, now):
    """Tests that a decree of the days in between counts for a clock that was standing still."""
    loan = lent(clerk, town)
    now.set(at("2020-02-11"))
    with acting(clerk), LOAN.move("mend", loan, actor=clerk, at=clock.now()):
        pass
    run("calendar.lay", {"place": district, **DECREE}, actor=office)
    settled()
    assert due(loan)[0] is None
    now.set(at("2020-02-14"))
    with acting(clerk), LOAN.move("mended", loan, actor=clerk, at=clock.now()):
        pass
    # Three days and one given back (Friday; Wednesday and Thursday were off): 11, 14, 17, 18.
    assert due(loan)[0] == at("2020-02-19", "00:00")


def test_another_district_keeps_its_deadlines(clerk, office, town, district, now):
    """Tests that a decree moves nothing outside its place."""
    elsewhere = next(place.id for place in jurisdiction.children(jurisdiction.lineage(district)[1]) if place.id != district)
    other_town = jurisdiction.children(elsewhere)[0].id
    other = lent(officer("town_clerk", other_town), other_town)
    loan = lent(clerk, town)
    run("calendar.lay", {"place": district, **DECREE}, actor=office)
    settled()
    assert due(other)[0] == at("2020-02-14", "00:00") < due(loan)[0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to_date": "2020-02-11"}, "BadDays"),
        ({"to_date": "2020-04-30"}, "BadDays"),
        ({"from_date": "2020-01-20", "to_date": "2020-01-21"}, "BadDays"),
        ({"works": "yes"}, "NothingChanges"),
        ({"document": ""}, ""),
        ({"from_date": "去年"}, ""),
    ],
)
def test_a_decree_that_does_not_fit_changes_nothing(clerk, office, town, district, now, change, code):
    """Tests the refusals: days in the wrong order, too many, long past, as they are already, without a paper, no date."""
    loan = lent(clerk, town)
    before = due(loan)
    answer = run("calendar.lay", {"place": district, **DECREE, **change}, actor=office)
    assert isinstance(answer, Refused) and (answer.code == code or answer.errors), answer
    settled()
    with acting(office):
        assert not LocalDecree.objects.exists()
    assert due(loan) == before


def test_only_the_office_of_the_place_lays_one(clerk, office, town, district, now):
    """Tests that a clerk, and the office of another place, are refused and nothing is laid."""
    above = jurisdiction.lineage(district)[1]
    for actor, place in ((clerk, town), (office, above)):
        answer = run("calendar.lay", {"place": place, **DECREE}, actor=actor)
        assert isinstance(answer, Refused) and answer.refusal.forbidden
    with acting(office):
        assert not LocalDecree.objects.exists()


# ---------------------------------------------------------------- decrees at random, against counting day by day

OFF = {date(2020, 5, day) for day in range(1, 6)}
MAKEUP = {date(2020, 4, 26), date(2020, 5, 9)}
"""A Sunday and a Saturday on which the whole country works for the holiday between them."""
BEGUN = [("2020-04-18", 3), ("2020-04-20", 3), ("2020-04-21", 3), ("2020-04-22", 3), ("2020-04-23", 3), ("2020-04-24", 3)]
"""When a loan began and how many working days it has; the first is a Saturday."""
STOOD = ("2020-04-20", 5)
"""A loan that stood still from Tuesday until Thursday: three days, and two given back."""


@pytest.fixture
def loans(clerk, town, now):
    """Open loans: (first day, working days, loan)."""
    found = []
    for day, days in BEGUN:
        now.set(at(day))
        found.append((date.fromisoformat(day), days, lent(clerk, town)))
    now.set(at(STOOD[0]))
    stood = lent(clerk, town)
    for day, verb in (("2020-04-21", "mend"), ("2020-04-23", "mended")):
        now.set(at(day))
        with acting(clerk), LOAN.move(verb, stood, actor=clerk, at=clock.now()):
            pass
    now.set(at("2020-04-24", "12:00"))
    return [*found, (date.fromisoformat(STOOD[0]), STOOD[1], stood)]


DECREES = some.lists(
    some.tuples(
        some.sampled_from(["town", "district", "city"]), some.integers(-6, 20), some.integers(1, 9), some.booleans(), some.integers(0, 3)
    ),
    min_size=1,
    max_size=6,
)
"""Where, from which day on, how many days, working or off; and which decree in force is taken back first (3: none)."""


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=DECREES)
def test_decrees_at_random_leave_every_deadline_where_counting_by_hand_puts_it(drawn, office, town, district, loans):
    """Tests against counting day by day: whatever three levels lay and take back, in whatever order, across a make-up Sunday and
    a holiday, a deadline lies where the days in force put it."""
    city = jurisdiction.lineage(district)[1]
    lays = {"town": (town, office), "district": (district, office), "city": (city, officer("control_office", city))}
    in_force: list = []
    with acting(timer()):
        left_behind = list(LocalDecree.objects.filter(revoked_at=None).values_list("ref", "region"))
    for ref, region in left_behind:
        assert run("calendar.take_back", {"decree": ref}, actor=lays["city" if region == city else "town"][1]).ok
    for where, first, length, works, back in drawn:
        if back < len(in_force):
            ref, level, *_ = in_force.pop(back)
            assert run("calendar.take_back", {"decree": ref}, actor=lays[level][1]).ok
        place, actor = lays[where]
        begins = date(2020, 4, 24) + timedelta(days=first)
        ends = begins + timedelta(days=length - 1)
        span = {"from_date": begins.isoformat(), "to_date": ends.isoformat(), "works": "yes" if works else "no"}
        done = run("calendar.lay", {"place": place, **DECREE, **span}, actor=actor)
        if done.ok:
            in_force.append((done.result.ref, where, begins, ends, works))
        else:
            assert done.code == "NothingChanges"
        settled()
        for started, days, loan in loans:
            assert due(loan) == (_by_hand(started, days, in_force),) * 2, (started, days)


def _by_hand(started, days, in_force):
    """Count day by day: the nearest place decides a day, there the latest paper, else the country, else the day of the week."""

    def works(day):
        for level in ("town", "district", "city"):
            says = [decree[4] for decree in in_force if decree[1] == level and decree[2] <= day <= decree[3]]
            if says:
                return says[-1]
        return day in MAKEUP or (day.weekday() < 5 and day not in OFF)

    day = started
    while not works(day):
        day += timedelta(days=1)
    while days:
        day += timedelta(days=1)
        days -= works(day)
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), at("2020-02-10").tzinfo)


def test_it_is_seen_before_it_is_laid_and_stands_in_the_month(clerk, office, town, now):
    """Tests the pages: lacking words beside their fields, what will change, then the month with the day and the decree."""
    lent(clerk, town)
    page = browser(office, strong=True)
    lacking = page.post("/desk/calendar/new", {"do": "see", "from_date": "2020-02-12"})
    assert lacking.status_code == 422 and "还没有填“事由”" in text(lacking)
    seen = page.post("/desk/calendar/new", {"do": "see", **DECREE})
    assert seen.status_code == 200 and "2月12日、13日按休息算，其中2天原来上班" in text(seen) and "有1件期限" in text(seen)
    with acting(office):
        assert not LocalDecree.objects.exists()
    laid = page.post("/desk/calendar/new", {"do": "lay", **DECREE})
    assert laid.status_code == 302
    assert "期限正在重算" in text(page.get(laid["Location"]))
    settled()
    month = text(page.get("/desk/calendar/?month=2020-02"))
    assert "重算后改了1件期限" in month and "台风停工" in month and "18个工作日" in month
    assert browser(clerk).get("/desk/calendar/").status_code == 403


def test_a_new_years_notice_moves_what_is_due_over_the_new_year_at_every_place(clerk, town):
    """Tests deadlines of two places over a new year that nobody knew, the worker's round after the notice is in the table, once; a
    correction of that year moves them again, and what is due before it stays."""
    with clock.use(clock.Fixed(at("2026-12-30"))) as now:
        other = next(one.id for one in jurisdiction.places(kinds=("town",)) if one.id != town)
        mine, theirs = lent(clerk, town), lent(officer("town_clerk", other), other)
        now.set(at("2026-12-25"))
        before = lent(clerk, town)
        # 31 December, 1 and 4 January by weekdays alone.
        assert due(mine)[0] == due(theirs)[0] == at("2027-01-05", "00:00") and due(before)[0] == at("2026-12-31", "00:00")
        assert follow_years(clock.now()) == 0
        off = {"is_workday": False, "name": "元旦", "source": "国务院办公厅通知"}
        CalendarDay.objects.using("owner").bulk_create([CalendarDay(date=date(2027, 1, day), **off) for day in (1, 2, 3)])
        assert tables.mark_years() == 1
        assert follow_years(clock.now()) == 2 and follow_years(clock.now()) == 0
        assert due(mine) == due(theirs) == (at("2027-01-06", "00:00"),) * 2 and due(before)[0] == at("2026-12-31", "00:00")
        with acting(timer()):
            assert ClockRun._base_manager.get(subject=mine.id, name="return").because[-1] == "2027年的放假安排已录入，重新计算"
        CalendarDay.objects.using("owner").create(date=date(2027, 1, 4), **off)
        assert tables.mark_years() == 1 and tables.mark_years() == 0
        assert follow_years(clock.now()) == 2 and due(mine)[1] == at("2027-01-07", "00:00")
        with acting(timer()):
            assert KnownYear.objects.get(pk=2027).moved == 4
