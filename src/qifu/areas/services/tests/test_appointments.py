"""An appointment by story: booked on the phone, moved, reminded, served, missed; and never more than there are places."""

from functools import partial

import pytest
from django.db import IntegrityError, connection

from qifu.areas.services.models import Appointment
from qifu.areas.services.workflow import APPOINTMENTS
from qifu.kernel import notify
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at, contact, officer
from qifu.kernel.actions import run
from qifu.kernel.booking.models import Slot
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.journal.models import Entry
from qifu.kernel.notify import outbox
from qifu.kernel.notify.tests.letterbox import Letterbox
from qifu.kernel.workflow.models import ClockRun
from qifu.kernel.workflow.proof import drift
from qifu.kernel.workflow.tests.races import at_once, done, refused
from qifu.kernel.workflow.timer import tick, timer

from .factories import World


def test_a_time_chosen_is_booked_at_once_and_the_outcome_recorded(fenghua: World) -> None:
    """Tests the way of W24: asked and booked in one act, reminded the day before, served, counted by the record."""
    nine, _ = fenghua.times()
    firm = fenghua.firm()
    one = fenghua.asked(firm, nine)
    assert (one.state, one.starts_at, one.office) == ("booked", at("2020-02-18", "09:00"), "奉化区消防救援大队")
    assert fenghua.slot(nine.id).free == 0
    early = fenghua.refused("services.appointment.serve", by=fenghua.fire, appointment=one.id, outcome="fine")
    assert (early.code, fenghua.fresh(one).state) == ("NotYetThere", "booked")
    fenghua.hands.set(at("2020-02-17", "16:05"))
    assert tick(clock.now()) == 1
    assert fenghua.fresh(one).state == "reminded"
    assert tick(clock.now()) == 0, "reminded once"
    fenghua.hands.set(at("2020-02-18", "10:10"))
    served = fenghua.ok("services.appointment.serve", by=fenghua.fire, appointment=one.id, outcome="advised", words="灭火器换三只")
    assert (served.state, served.words, served.server) == ("served", "灭火器换三只", "消防员")
    with acting(fenghua.fire):
        verbs = list(Entry._base_manager.filter(subject=one.id, process=APPOINTMENTS.name).order_by("seq").values_list("verb", flat=True))
        assert verbs == ["ask", "book", "remind", "serve"]
        assert not ClockRun._base_manager.filter(subject=one.id, stopped_at__isnull=True).exists()
        assert drift(APPOINTMENTS) == []


def test_the_receipt_says_when_the_reminder_comes(fenghua: World) -> None:
    """Tests that a time taken for tomorrow is reminded the afternoon before, and one of the same day two hours before."""
    today, tomorrow = fenghua.times(first="2020-02-17", last="2020-02-17", times="17:00")[0], fenghua.times()[-1]
    for slot, said in ((today, "上门前两小时发短信提醒"), (tomorrow, "前一天下午发短信提醒")):
        firm = fenghua.firm()
        one = fenghua.asked(firm, slot)
        assert said in text(browser(fenghua.contacts[firm.id]).get(f"/home/services/booked/{one.id}"))


def test_without_a_fitting_time_the_office_accepts_and_the_firm_chooses_later(fenghua: World) -> None:
    """Tests asked -> accepted -> booked, and that the office must answer within a working day."""
    firm = fenghua.firm()
    one = fenghua.asked(firm)
    assert (one.state, one.due_at) == ("asked", at("2020-02-19", "00:00"))
    stranger = officer("labour_clerk", fenghua.district, name="人社员")
    assert fenghua.refused("services.appointment.accept", by=stranger, appointment=one.id).code == "NotYours"
    assert fenghua.ok("services.appointment.accept", by=fenghua.fire, appointment=one.id).state == "accepted"
    nine, _ = fenghua.times()
    booked = fenghua.ok("services.appointment.book", by=fenghua.contacts[firm.id], appointment=one.id, slot=nine.id)
    assert (booked.state, booked.starts_at) == ("booked", nine.starts_at)


def test_a_call_taker_books_while_the_phone_rings(fenghua: World) -> None:
    """Tests that a clerk books for a firm in one act and that the firm finds it as its own."""
    nine, _ = fenghua.times()
    firm = fenghua.firm()
    given = {"enterprise": firm.id, "service": "fire", "topic": "power", "slot": nine.id, "channel": "phone"}
    one = fenghua.ok("services.appointment.ask", by=fenghua.taker, **given)
    assert (one.asked_by, one.channel) == ("接线员", "phone")
    with acting(fenghua.contacts[firm.id]):
        assert Appointment.objects.get().number == one.number


def test_200_hands_at_once_take_no_more_than_there_are_places(fenghua: World) -> None:
    """Tests 200 bookings by 8 hands at once for 7 places: never more than seven hold one, the rest hear that it is full."""
    (slot,) = fenghua.times(times="9:00", capacity=7)
    firms = [fenghua.firm() for _ in range(8)]

    def book(number: int) -> list[object]:
        # Each thread asks and, once let in, calls off and asks again: 25 tries a firm keep the counter moving both ways.
        firm, answers = firms[number], []
        for _ in range(25):
            answer = fenghua.ask(firm, slot)
            answers.append(answer)
            with acting(fenghua.fire):
                assert 0 <= Slot.objects.get(pk=slot.id).taken <= 7
            if answer.ok:
                run("services.appointment.cancel", {"appointment": answer.result.id}, actor=fenghua.contacts[firm.id])
        return answers

    rounds = at_once(*(partial(book, number) for number in range(8)))
    assert sum(len(answers) for answers in rounds) == 200
    assert {answer.code for answers in rounds for answer in answers if not answer.ok} <= {"Full"}
    assert fenghua.slot(slot.id).taken == 0, "what was called off is free again"
    last = at_once(*(partial(fenghua.ask, firm, slot) for firm in firms))
    assert len(done(last)) == 7 and refused(last) == ["Full"]
    with acting(fenghua.fire):
        assert Appointment._base_manager.filter(slot=slot.id, state="booked").count() == Slot.objects.get(pk=slot.id).taken == 7
        # Who was refused has asked for nothing: the whole act was undone.
        assert Appointment._base_manager.exclude(state="cancelled").count() == 7


def test_the_database_itself_lets_nobody_in_beyond_the_places(fenghua: World) -> None:
    """Tests that a statement which forgets to ask is stopped by the table."""
    (slot,) = fenghua.times(times="9:00")
    for wrong in (2, -1):
        with pytest.raises(IntegrityError, match="booking_slot_holds_no_more"), acting(fenghua.fire), connection.cursor() as cursor:
            cursor.execute("UPDATE booking_slot SET taken = %s WHERE id = %s", [wrong, slot.id])
    assert fenghua.slot(slot.id).taken == 0


def test_a_firm_moves_its_time_or_keeps_the_old_one(fenghua: World) -> None:
    """Tests that moving gives the old place back, that a full new time leaves everything as it was, and that one is open at a time."""
    nine, half_past_ten = fenghua.times()
    first, other = fenghua.firm(), fenghua.firm()
    one = fenghua.asked(first, nine)
    second = fenghua.ask(first, half_past_ten)
    assert (second.code, second.says) == ("AlreadyThere", "这家企业已经约了一次，没有再约。要换时间的，在原来那次里改约。")
    assert fenghua.slot(half_past_ten.id).taken == 0
    fenghua.asked(other, half_past_ten)
    full = fenghua.refused("services.appointment.free", by=fenghua.contacts[first.id], appointment=one.id, slot=half_past_ten.id)
    assert (full.code, fenghua.fresh(one).starts_at, fenghua.slot(nine.id).taken) == ("Full", nine.starts_at, 1)
    later = fenghua.times(first="2020-02-19", last="2020-02-19", times="14:00")[-1]
    moved = fenghua.ok("services.appointment.free", by=fenghua.contacts[first.id], appointment=one.id, slot=later.id)
    assert (moved.state, moved.starts_at) == ("booked", later.starts_at)
    assert (fenghua.slot(nine.id).taken, fenghua.slot(later.id).taken) == (0, 1)
    with acting(fenghua.fire):
        due = ClockRun._base_manager.get(subject=one.id, name="remind", stopped_at__isnull=True).due_at
    assert due == at("2020-02-18", "16:00"), "the reminder goes with the time"


def test_after_the_time_has_begun_it_is_neither_moved_nor_called_off(fenghua: World) -> None:
    """Tests both refusals, that the office says who was missing, and that a new time may be chosen."""
    nine, _ = fenghua.times()
    firm = fenghua.firm()
    one = fenghua.asked(firm, nine)
    fenghua.hands.set(at("2020-02-18", "09:01"))
    own = contact(firm.id, firm.region)
    for verb in ("cancel", "free"):
        late = fenghua.refused(f"services.appointment.{verb}", by=own, appointment=one.id)
        assert (late.code, fenghua.fresh(one).state) == ("AlreadyBegun", "booked")
    missed = fenghua.ok("services.appointment.miss", by=fenghua.fire, appointment=one.id, why="absent")
    assert (missed.state, missed.outcome) == ("missed", "absent")
    assert fenghua.ok("services.appointment.again", by=own, appointment=one.id).state == "accepted"


def test_times_open_on_working_days_and_only_by_who_serves_there(fenghua: World) -> None:
    """Tests that a weekend is left out, that opening twice adds nothing, and that another office opens nothing."""
    given = {
        "service": "fire",
        "place": fenghua.district,
        "first": "2020-02-21",
        "last": "2020-02-24",
        "times": "9:00 14:00",
        "capacity": 2,
    }
    assert fenghua.ok("services.open_times", by=fenghua.fire, **given) == 4
    assert fenghua.ok("services.open_times", by=fenghua.fire, **given) == 0
    assert fenghua.refused("services.open_times", by=fenghua.bureau, **given).code == "NotYours"
    assert fenghua.refused("services.open_times", by=fenghua.fire, **{**given, "place": fenghua.town}).code == "NotYours"
    wrong = fenghua.refused("services.open_times", by=fenghua.fire, **{**given, "times": "早上", "last": "2020-02-01"})
    assert set(wrong.errors or {}) == {"times", "last"}
    with acting(fenghua.fire):
        days = {slot.starts_at.astimezone(clock.ZONE).day for slot in Slot.objects.all()}
    assert days == {21, 24}


def test_a_closed_time_is_taken_by_nobody_and_shrinks_no_further_than_those_who_come(fenghua: World) -> None:
    """Tests closing, resizing below those booked, and a time of the day before."""
    nine, half_past_ten = fenghua.times(capacity=2)
    first, second = fenghua.firm(), fenghua.firm()
    fenghua.asked(first, nine)
    fenghua.asked(second, nine)
    shrunk = fenghua.refused("services.resize_time", by=fenghua.fire, slot=nine.id, capacity=1)
    assert (shrunk.code, fenghua.slot(nine.id).capacity) == ("FewerThanTaken", 2)
    fenghua.ok("services.close_time", by=fenghua.fire, slot=half_past_ten.id, why="出警")
    third = fenghua.firm()
    assert fenghua.ask(third, half_past_ten).code == "NotOpen"
    fenghua.hands.set(at("2020-02-18", "09:00"))
    assert fenghua.ask(third, nine).code == "NotOpen"


def test_nobody_books_for_a_firm_that_is_not_theirs(fenghua: World) -> None:
    """Tests that a contact of another firm and an officer elsewhere find no such firm, and that no place is held."""
    nine, _ = fenghua.times()
    firm, other = fenghua.firm(), fenghua.firm()
    given = {"enterprise": firm.id, "service": "fire", "topic": "equipment", "slot": nine.id}
    assert fenghua.refused("services.appointment.ask", by=fenghua.contacts[other.id], **given).code == "NotFound"
    assert fenghua.slot(nine.id).taken == 0


def test_the_firm_is_told_by_message_of_its_time(fenghua: World) -> None:
    """Tests that the message names time, office and number, and that nothing is sent for a time given back meanwhile."""

    nine, half_past_ten = fenghua.times()
    firm, other = fenghua.firm(), fenghua.firm()
    one, gone = fenghua.asked(firm, nine), fenghua.asked(other, half_past_ten)
    fenghua.ok("services.appointment.cancel", by=fenghua.contacts[other.id], appointment=gone.id)
    box = Letterbox()
    with notify.using(box):
        deliver(actor=timer())
        outbox.carry(clock.now())
    assert [text for text in box.texts if one.number in text] == [f"【企服】约好了：2月18日09:00，奉化区消防救援大队。编号{one.number}。"]
    assert not [text for text in box.texts if gone.number in text]


def test_words_too_long_for_an_appointment_are_refused_and_nothing_is_given_back(fenghua: World) -> None:
    """Tests 300 characters of what is wanted, kept whole, and 501 of why the time is freed: it stays booked."""
    nine, _ = fenghua.times()
    firm = fenghua.firm()
    contact = fenghua.contacts[firm.id]
    long = fenghua.ask(firm, nine, wants="宿舍" * 151)
    assert list(long.errors) == ["wants"] and "最多300个字，现在302个" in long.errors["wants"]
    with acting(fenghua.fire):
        assert not Appointment.objects.exists()
    assert fenghua.slot(nine.id).free == 1
    one = fenghua.ask(firm, nine, wants="宿舍" * 150).result
    assert one.wants == "宿舍" * 150
    for verb in ("free", "cancel"):
        refused = fenghua.refused(f"services.appointment.{verb}", by=contact, appointment=one.id, words="改" * 501)
        assert list(refused.errors) == ["words"] and "最多500个字，现在501个" in refused.says
    assert (fenghua.fresh(one).state, fenghua.fresh(one).slot_id, fenghua.slot(nine.id).free) == ("booked", nine.id, 0)
