"""Standing in line for a full time (候补): the first gets the place that frees, under a lock, and may give it back."""

from datetime import timedelta
from functools import partial
from typing import Any

from qifu.areas.registry.models import Enterprise
from qifu.areas.services import api, queries
from qifu.areas.services.models import Appointment
from qifu.areas.services.workflow import APPOINTMENTS
from qifu.kernel.access import acting
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.access.tests.factories import at, officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.journal.models import Entry
from qifu.kernel.notify.models import Outgoing
from qifu.kernel.workflow.proof import drift
from qifu.kernel.workflow.tests.races import at_once
from qifu.kernel.workflow.timer import timer

from .factories import World


def line(fenghua: World, slot: Any, number: int) -> list[Any]:
    """Let so many firms stand in line, a minute apart; gives their appointments."""
    found = []
    for _ in range(number):
        fenghua.hands.set(clock.now() + timedelta(minutes=1))
        answer = fenghua.ask(fenghua.firm(), wait=slot.id)
        assert answer.ok, answer
        found.append(answer.result)
    return found


def cancelled(fenghua: World, one: Any) -> Any:
    return fenghua.ok("services.appointment.cancel", by=fenghua.contacts[one.enterprise_id], appointment=one.id)


def kinds(one: Any) -> list[str]:
    deliver(actor=timer())
    with acting(timer()):
        return list(Outgoing._base_manager.filter(about=one.id).order_by("made_at").values_list("kind", flat=True))


def test_the_first_in_line_gets_the_place_that_frees_and_may_give_it_back(fenghua: World) -> None:
    """Tests a full time: who waits is booked in the order of asking with a message, nobody else gets in between, and a place given
    back goes to the next."""
    nine, _ = fenghua.times()
    holder = fenghua.asked(fenghua.firm(), nine)
    first, second = line(fenghua, nine, 2)
    assert (first.state, first.waits_for_id, first.slot_id, first.due_at) == ("waiting", nine.id, None, None)
    assert api.fill(clock.now()) == 0
    cancelled(fenghua, holder)
    jumper = fenghua.ask(fenghua.firm(), nine)
    assert (jumper.code, fenghua.slot(nine.id).free) == ("Full", 0), "the place is theirs who wait"
    assert [api.fill(clock.now()) for _ in range(2)] == [1, 0]
    filled = fenghua.fresh(first)
    assert (filled.state, filled.slot_id, filled.starts_at, filled.waits_for_id) == ("booked", nine.id, nine.starts_at, None)
    assert (fenghua.fresh(second).state, fenghua.slot(nine.id).taken, fenghua.slot(nine.id).waiting) == ("waiting", 1, 1)
    assert kinds(first) == ["services.filled"] and kinds(second) == []
    cancelled(fenghua, filled)
    assert api.fill(clock.now()) == 1 and fenghua.fresh(second).state == "booked"
    slot = fenghua.slot(nine.id)
    assert (slot.taken, slot.waiting, slot.free) == (1, 0, 0)
    with acting(fenghua.fire):
        verbs = Entry._base_manager.filter(subject=first.id, process=APPOINTMENTS.name).order_by("seq").values_list("verb", flat=True)
        assert list(verbs) == ["ask", "wait", "fill", "cancel"] and drift(APPOINTMENTS) == []


def test_what_is_no_reason_to_wait_is_refused_and_changes_nothing(fenghua: World) -> None:
    """Tests a time with a place, a second line, one who has a time, a stranger, a time that is closed or about to begin, and the end of
    the line; each leaves the count and the appointments as they were."""
    nine, half_past_ten = fenghua.times()
    firm = fenghua.firm()
    assert fenghua.ask(firm, wait=nine.id).code == "NotFull"
    held = fenghua.asked(firm, nine)
    own = fenghua.contacts[firm.id]
    assert fenghua.refused("services.appointment.wait", by=own, appointment=held.id, line=nine.id).code == "WrongState"
    assert fenghua.ask(firm, wait=nine.id).code == "AlreadyThere"
    other = fenghua.firm()
    waits = fenghua.ask(other, wait=nine.id).result
    fenghua.asked(fenghua.firm(), half_past_ten)
    assert fenghua.ask(other, wait=half_past_ten.id).code == "AlreadyThere"
    again = {"by": fenghua.contacts[other.id], "appointment": waits.id, "line": half_past_ten.id}
    assert fenghua.refused("services.appointment.wait", **again).code == "WrongState"
    assert fenghua.refused("services.appointment.unwait", by=own, appointment=waits.id).code == "NotFound"
    for verb in ("fill", "pass_by"):
        assert fenghua.refused(f"services.appointment.{verb}", by=fenghua.fire, appointment=waits.id).code == "NotYours"
    line(fenghua, nine, 4)
    assert fenghua.ask(fenghua.firm(), wait=nine.id).code == "LineFull"
    with acting(fenghua.fire):
        before = Appointment._base_manager.count()
    fenghua.ok("services.close_time", by=fenghua.fire, slot=half_past_ten.id, why="出警")
    assert fenghua.ask(fenghua.firm(), wait=half_past_ten.id).code == "NotOpen"
    fenghua.hands.set(at("2020-02-18", "07:00"))
    assert fenghua.ask(fenghua.firm(), wait=nine.id).code == "NotOpen"
    assert (fenghua.slot(nine.id).waiting, fenghua.slot(half_past_ten.id).waiting, fenghua.fresh(waits).state) == (5, 0, "waiting")
    with acting(fenghua.fire):
        assert Appointment._base_manager.count() == before


def test_who_leaves_the_line_takes_another_time_or_waits_in_vain_is_out_of_it(fenghua: World) -> None:
    """Tests leaving, booking another time, calling off, a no of the office, and a time that is closed: the line is short by each, who
    waited in vain is told and chooses again, and two hours before it begins nobody gets a place any more."""
    nine, half_past_ten = fenghua.times()
    fenghua.asked(fenghua.firm(), nine)
    left, moved, off, declined, vain = line(fenghua, nine, 5)
    by = {one.id: fenghua.contacts[one.enterprise_id] for one in (left, moved, off, declined, vain)}
    assert fenghua.ok("services.appointment.unwait", by=by[left.id], appointment=left.id).state == "accepted"
    booked = fenghua.ok("services.appointment.book", by=by[moved.id], appointment=moved.id, slot=half_past_ten.id)
    assert (booked.state, booked.slot_id, booked.waits_for_id) == ("booked", half_past_ten.id, None)
    cancelled(fenghua, off)
    fenghua.ok("services.appointment.decline", by=fenghua.fire, appointment=declined.id, words="归住建管")
    assert fenghua.slot(nine.id).waiting == 1
    full = fenghua.refused("services.appointment.book", by=by[vain.id], appointment=vain.id, slot=half_past_ten.id)
    assert (full.code, fenghua.slot(nine.id).waiting, fenghua.fresh(vain).state) == ("Full", 1, "waiting")
    with acting(fenghua.fire):
        holder = Appointment._base_manager.get(slot=nine.id)
    fenghua.hands.set(at("2020-02-18", "07:00"))
    cancelled(fenghua, holder)
    assert [api.fill(clock.now()) for _ in range(2)] == [1, 0]
    out = fenghua.fresh(vain)
    assert (out.state, out.waits_for_id, fenghua.slot(nine.id).waiting, fenghua.slot(nine.id).free) == ("accepted", None, 0, 1)
    assert kinds(vain) == ["services.passed_by"]


def test_a_widened_time_lets_in_as_many_as_it_has_places(fenghua: World) -> None:
    """Tests that one more place is the first one's and two more than wait are everybody's."""
    nine, _ = fenghua.times()
    fenghua.asked(fenghua.firm(), nine)
    first, second = line(fenghua, nine, 2)
    fenghua.ok("services.resize_time", by=fenghua.fire, slot=nine.id, capacity=2)
    assert api.fill(clock.now()) == 1
    assert (fenghua.fresh(first).state, fenghua.fresh(second).state) == ("booked", "waiting")
    fenghua.ok("services.resize_time", by=fenghua.fire, slot=nine.id, capacity=5)
    assert fenghua.slot(nine.id).free == 2 and fenghua.ask(fenghua.firm(), nine).ok
    assert api.fill(clock.now()) == 1 and fenghua.slot(nine.id).free == 1


def test_two_that_free_and_two_that_fill_at_once_give_each_place_once_and_in_order(fenghua: World) -> None:
    """Tests two holders who call off while three rounds of the worker fill and the first in line leaves: two places, two of those who
    still wait, the earlier before the later; and never more than there are places."""
    (slot,) = fenghua.times(times="9:00", capacity=2)
    holders = [fenghua.asked(fenghua.firm(), slot) for _ in range(2)]
    waiting = line(fenghua, slot, 4)
    leaver = waiting[0]
    leaves = {"appointment": leaver.id}

    def leave() -> Any:
        return run("services.appointment.unwait", leaves, actor=fenghua.contacts[leaver.enterprise_id])

    fills = [partial(api.fill, clock.now()) for _ in range(3)]
    at_once(*(partial(cancelled, fenghua, one) for one in holders), leave, *fills)
    api.fill(clock.now())
    states = [fenghua.fresh(one).state for one in waiting]
    # Whether the first left in time or was let in first, nobody was passed over.
    assert states in (["accepted", "booked", "booked", "waiting"], ["booked", "booked", "waiting", "waiting"])
    found = fenghua.slot(slot.id)
    assert (found.taken, found.waiting) == (2, states.count("waiting"))
    with acting(fenghua.fire):
        assert Appointment._base_manager.filter(slot=slot.id, state="booked").count() == 2 and drift(APPOINTMENTS) == []


def test_a_firm_waits_on_its_phone_and_the_office_sees_who_waits(fenghua: World) -> None:
    """Tests the full time that may be chosen, the receipt, the own page, the desk's day and times, waiting for a firm on the phone, and
    leaving the line."""
    nine, _ = fenghua.times()
    fenghua.asked(fenghua.firm(), nine)
    firm = fenghua.firm()
    phone = browser(fenghua.contacts[firm.id])
    assert "满了，可候补" in text(phone.get("/home/services/book?service=fire"))
    done = phone.post("/home/services/book?service=fire", {"topic": "dormitory", "slot": f"wait:{nine.id}", "wants": "住了40人"})
    assert done.status_code == 302, text(done)
    assert "排上候补了" in text(phone.get(done["Location"]))
    with acting(fenghua.fire):
        one = Appointment._base_manager.get(enterprise=firm.id)
    here = f"/home/services/appointments/{one.id}"
    page = text(phone.get(here))
    assert "候补中" in page and "不候补了" in page and "09:00" in page
    desk = browser(fenghua.fire)
    assert "候补中" in text(desk.get("/desk/services/?service=fire")) and firm.name in text(desk.get("/desk/services/?service=fire"))
    assert "候补1家" in text(desk.get("/desk/services/times?service=fire"))
    assert phone.post(f"{here}/unwait", {}).status_code == 302
    assert fenghua.fresh(one).state == "accepted" and fenghua.slot(nine.id).waiting == 0
    asks = text(browser(fenghua.taker).get(f"/desk/services/appointments/{one.id}/wait"))
    assert "候补哪个时段" in asks and "09:00" in asks
    stood = browser(fenghua.taker).post(f"/desk/services/appointments/{one.id}/wait", {"line": str(nine.id)})
    assert stood.status_code == 302 and fenghua.fresh(one).state == "waiting"


def test_a_firm_sees_its_place_in_the_line_and_not_who_stands_before_it(fenghua: World) -> None:
    """Tests the place on the firm's page, its list and its receipt, that it moves up when one before it leaves and when a place frees,
    that nothing of the others is read by the firm, and that the office has the line in its order, a town with the places of its own."""
    nine, _ = fenghua.times()
    holder = fenghua.asked(fenghua.firm(), nine)
    # Asked long before and stood in line last: the line goes by when one stood there.
    early = fenghua.asked(fenghua.firm())
    first, second = line(fenghua, nine, 2)
    fenghua.hands.set(clock.now() + timedelta(minutes=1))
    early_firm = fenghua.contacts[early.enterprise_id]
    fenghua.ok("services.appointment.wait", by=early_firm, appointment=early.id, line=nine.id)
    phone = browser(fenghua.contacts[second.enterprise_id])
    here = f"/home/services/appointments/{second.id}"
    page = text(phone.get(here))
    assert "候补第2位" in page and "有人退出来，排第1位的补上" in page
    receipt = text(phone.get(f"/home/services/booked/{second.id}"))
    assert "候补第2位" in text(phone.get("/home/services/")) and "候补第2位" in receipt and "09:00，奉化区" in receipt
    names = {one.id: fenghua.fresh(one).enterprise_id for one in (holder, early, first)}
    with acting(fenghua.bureau):
        others = [enterprise.name for enterprise in Enterprise._base_manager.filter(id__in=names.values())]
    assert len(others) == 3 and not any(name in page for name in others)
    with acting(fenghua.contacts[second.enterprise_id]):
        own = Appointment._base_manager.get()
        assert (own.id, queries.places_in_line([own])) == (second.id, {second.id: 2})
    town = officer("town_clerk", fenghua.town, name="镇街二号")
    for desk in (browser(fenghua.fire), browser(town)):
        day = text(desk.get("/desk/services/?service=fire"))
        places = [day.index(f"候补第{n}位") for n in (1, 2, 3)]
        assert places == sorted(places) and "候补第4位" not in day
    assert phone.get(f"/home/services/appointments/{first.id}").status_code == 404
    fenghua.ok("services.appointment.unwait", by=fenghua.contacts[first.enterprise_id], appointment=first.id)
    assert "候补第1位" in text(phone.get(here)) and "候补第2位" in text(browser(early_firm).get("/home/services/"))
    cancelled(fenghua, holder)
    assert api.fill(clock.now()) == 1
    assert "候补第" not in text(phone.get(here)) and "候补第1位" in text(browser(early_firm).get("/home/services/"))
