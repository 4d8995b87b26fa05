"""What an area of control does to applications: seen before confirming, refused where every site is inside (8.7, 1.2)."""

import pytest

from qifu.areas.response.models import ControlArea
from qifu.areas.resumption.models import Application, Permit
from qifu.kernel import notify
from qifu.kernel.access import acting
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.actions import run
from qifu.kernel.calendar import clock
from qifu.kernel.events import deliver
from qifu.kernel.journal.models import Entry
from qifu.kernel.notify import outbox
from qifu.kernel.workflow.timer import timer

from .factories import february, world

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def town():
    with clock.use(clock.Fixed(february("10"))) as hands:
        yield world(hands)


def close(town, place):
    """Draw and confirm a lockdown area over a place; gives it with the effects that were shown before."""
    from qifu.areas.response import api

    office = officer("control_office", town.district, department="防控办", name="画图的")
    other = officer("control_office", town.district, department="防控办", name="确认的")
    given = {"klass": "lockdown", "name": "封控一区", "places": [str(place)], "document": "第1号公告", "incident": incident(town)}
    drawn = run("response.area.draw", given, actor=office)
    assert drawn.ok, (drawn.code, drawn.says, drawn.errors)
    with acting(other):
        shown = api.effects_preview(ControlArea._base_manager.get(pk=drawn.result.id), clock.now())
    done = run("response.area.confirm", {"area": drawn.result.id}, actor=other)
    assert done.ok, (done.code, done.says, done.errors)
    return drawn.result, shown


def incident(town):
    from qifu.areas.response.models import Incident

    with acting(town.bureau):
        return str(Incident._base_manager.get().id)


def test_the_applications_inside_are_listed_before_confirming(town):
    """Tests that drawing an area names the applications that it touches, and no other."""
    inside, outside = town.firm(), town.firm(place=town.other)
    town.passed(inside)
    town.ok(town.submit(outside))
    _, shown = close(town, town.town)
    part = next(part for part in shown.parts if part.title == "复工申请和许可")
    assert (part.count, [row.label for row in part.rows]) == (1, [inside.name])
    assert outside.name not in str(part.rows)


def test_a_firm_whose_only_site_is_closed_is_not_approved_until_it_is_lifted(town):
    """Tests the sentence, that nothing changed, and that lifting opens the way."""
    application = town.passed(town.firm())
    area, _ = close(town, town.town)
    refused = run("resumption.approve", {"application": application.id}, actor=town.approver)
    assert refused.code == "SiteClosed" and "第1号公告" in refused.says
    with acting(town.bureau):
        assert Application._base_manager.get(pk=application.id).state == "passed"
        assert Permit._base_manager.count() == 0
    town.hands.set(february("11"))
    office = officer("control_office", town.district, department="防控办")
    lifted = run("response.area.lift", {"area": area.id, "document": "第2号公告"}, actor=office)
    assert lifted.ok, (lifted.code, lifted.says, lifted.errors)
    assert town.ok(run("resumption.approve", {"application": application.id}, actor=town.approver)).state == "approved"


def test_permission_follows_the_site_and_not_the_address(town):
    """Tests that a firm in a closed town with a second site outside is permitted there, and only there."""
    firm = town.firm()
    site = town.ok(run("registry.add_site", {"enterprise": firm.id, "name": "二厂", "region": town.other}, actor=town.bureau))
    application = town.passed(firm)
    close(town, town.town)
    town.ok(run("resumption.approve", {"application": application.id}, actor=town.approver))
    with acting(town.bureau):
        assert [permit.site_id for permit in Permit._base_manager.filter(ended_at__isnull=True)] == [site.id]


def test_a_lifted_area_frees_its_sites_by_itself(town):
    """Tests that nobody applies twice: the site that was shut gets its permit when the area is lifted, once, and is told."""
    firm = town.firm(contact="徐会计", phone="13812346021")
    site = town.ok(run("registry.add_site", {"enterprise": firm.id, "name": "二厂", "region": town.other}, actor=town.bureau))
    application = town.passed(firm)
    undecided = town.passed(town.firm())
    area, _ = close(town, town.town)
    town.ok(run("resumption.approve", {"application": application.id}, actor=town.approver))
    deliver(actor=timer())
    town.hands.set(february("12"))
    office = officer("control_office", town.district, department="防控办")
    assert run("response.area.lift", {"area": area.id, "document": "第2号公告"}, actor=office).ok
    with notify.using(Kept()) as gateway:
        deliver(actor=timer())
        deliver(actor=timer())
        outbox.carry(town.hands.now())
    told = [text for _, kind, text in gateway.messages if kind == "resumption.freed"]
    assert len(told) == 1 and firm.name in told[0] and "2月12日 09:00起可以开工" in told[0], gateway.messages
    with acting(town.bureau):
        permits = Permit._base_manager.filter(ended_at__isnull=True).order_by("granted_at")
        assert [(permit.application_id, permit.granted_at) for permit in permits] == [
            (application.id, february("10")),
            (application.id, february("12")),
        ]
        assert permits[0].site_id == site.id != permits[1].site_id
        assert Permit._base_manager.filter(application=undecided.id).count() == 0
        entry = Entry._base_manager.get(subject=application.id, verb="permit_sites")
        assert (entry.at, entry.data["sites"]) == (february("12"), 1)


def test_an_area_over_another_keeps_the_site_shut(town):
    """Tests that lifting one of two areas that cover a site permits nothing."""
    application = town.passed(town.firm())
    town.ok(run("registry.add_site", {"enterprise": application.enterprise_id, "name": "二厂", "region": town.other}, actor=town.bureau))
    area, _ = close(town, town.town)
    close(town, town.town)
    town.ok(run("resumption.approve", {"application": application.id}, actor=town.approver))
    town.hands.set(february("12"))
    office = officer("control_office", town.district, department="防控办")
    assert run("response.area.lift", {"area": area.id, "document": "第2号公告"}, actor=office).ok
    deliver(actor=timer())
    with acting(town.bureau):
        assert Permit._base_manager.filter(application=application.id, ended_at__isnull=True).count() == 1


def test_the_end_of_an_incident_ends_its_permits(town):
    """Tests that no permit stands after the end, that the record says so, and that the firm's state is left as it is."""
    application = town.approved(town.firm())
    town.hands.set(february("12"))
    office = officer("control_office", town.district, department="防控办")
    done = run("response.end", {"incident": incident(town), "document": "第9号公告"}, actor=office)
    assert done.ok, (done.code, done.says)
    deliver(actor=timer())
    with acting(town.bureau):
        permit = Permit._base_manager.get()
        assert (permit.ended_at, permit.why_ended) == (february("12"), "incident_ended")
        entry = Entry._base_manager.get(subject=application.id, verb="end_permits")
        assert entry.data["sites"] == 1
        assert Application._base_manager.get(pk=application.id).state == "approved"


class Kept:
    """A gateway that keeps what it was given."""

    name = "kept"

    def __init__(self):
        self.messages = []

    def send(self, message):
        self.messages.append((message.to.reveal(), message.kind, message.text.reveal()))


def test_the_contact_is_told_of_each_step(town):
    """Tests that acceptance reaches the contact's phone once, with firm and number, and a second delivery tells nobody."""
    with notify.using(Kept()) as gateway:
        firm = town.firm(contact="徐会计", phone="13812346021")
        application = town.accepted(firm)
        deliver(actor=timer())
        deliver(actor=timer())
        outbox.carry(town.hands.now())
        outbox.carry(town.hands.now())
    (told,) = gateway.messages
    assert told[:2] == ("13812346021", "resumption.accepted")
    assert firm.name in told[2] and application.number in told[2]
