"""Tests that another service's word lets in exactly whom it is linked to, and that a service that lies or fails opens nothing."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest
from django.test import Client

from qifu.areas.resumption.tests.factories import world
from qifu.integrations.identity import FakeIdentity, LegalPerson, Officer, using
from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.models import Account, Outside, Person, Session
from qifu.kernel.access.tests.browsing import browser, text
from qifu.kernel.actions import run
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import Secret
from qifu.kernel.values.phone import mask_phone
from qifu.kernel.web import COOKIE
from qifu.project.accounts.numbers import sealed

from .people import NOBODYS, PHONE, actor, come_in, person

pytestmark = pytest.mark.usefixtures("database")


def officer_there(*, subject: str = "zd-1", phone: str = PHONE, name: str = "袁晨睿") -> Officer:
    return Officer(subject=subject, phone=Secret(phone, mask=mask_phone(phone)), name=name, unit="莼湖街道", audience="", nonce="")


@pytest.fixture
def service(database) -> Iterator[FakeIdentity]:
    made = FakeIdentity()
    with using(zzd=made, zlb=made):
        yield made


def out(client: Client, code: str = "zzd", next: str = "") -> str:
    """Go out to the service; gives the address at which it asks."""
    reply = client.get(f"/login/with/{code}", {"next": next} if next else {})
    assert reply.status_code == 302
    return reply["Location"]


def state_of(address: str) -> str:
    return address.partition("state=")[2].partition("&")[0]


def bring(client: Client, ticket: str, address: str, code: str = "zzd"):
    """Come back with a ticket and let the page send it on."""
    shown = client.get(f"/login/with/{code}/back", {"ticket": ticket, "state": state_of(address)})
    assert shown.status_code == 200 and ticket in text(shown)
    return client.post(f"/login/with/{code}/back", {"ticket": ticket, "state": state_of(address)})


def through(service: FakeIdentity, who, code: str = "zzd", client: Client | None = None, next: str = ""):
    client = client or Client()
    address = out(client, code, next)
    return client, bring(client, service.vouch(who, at=address), address, code)


def linked(service: FakeIdentity, letterbox, who=None, code: str = "zzd") -> Client:
    """Come in from there for the first time, and prove the telephone."""
    client, reply = through(service, who or officer_there(), code)
    assert reply["Location"] == "/login/code"
    assert client.post("/login/code", {"code": letterbox.codes()[-1]}).status_code == 302
    return client


def links() -> list[Outside]:
    with acting(DOOR):
        return list(Outside._base_manager.order_by("linked_at"))


def attempts() -> list[str]:
    with acting(DOOR):
        return list(Attempt._base_manager.order_by("id").values_list("code", flat=True))


def test_buttons_stand_at_the_door_only_where_a_service_is_joined(now):
    """Tests that nothing is offered that nobody has configured, and that its address is not there either."""
    with using():
        page = text(Client().get("/login"))
        assert "浙政钉" not in page and "浙里办" not in page
        assert Client().get("/login/with/zzd").status_code == 404
    with using(zzd=FakeIdentity()):
        page = text(Client().get("/login"))
        assert "浙政钉" in page and "浙里办" not in page
        assert Client().get("/login/with/zlb").status_code == 404 and Client().get("/login/with/zlb/back").status_code == 404


def test_the_first_time_proves_the_telephone_and_the_next_time_needs_none(now, letterbox, service):
    """Tests the whole way: out, back, a code once, and from then on straight in, by no SMS, and not strong."""
    person("approver", where="奉化区")
    client = linked(service, letterbox)
    assert client.get("/me").status_code == 200
    assert [(one.service, one.linked_by) for one in links()] == [("zzd", "")]
    letterbox.codes()
    assert letterbox.messages[-1].kind == "outside_linked"
    sent = len(letterbox.messages)
    client, reply = through(service, officer_there(), next="/me/login")
    assert reply.status_code == 302 and reply["Location"] == "/me/login"
    assert client.get("/me").context_data["strong"] is False
    letterbox.codes()
    assert len(letterbox.messages) == sent
    with acting(DOOR):
        assert Session._base_manager.filter(how="zzd").count() == 1
    assert "浙政钉" in text(client.get("/me/login"))


def test_whoever_is_not_known_here_gets_no_account_and_no_right(now, letterbox, service):
    """Tests that a proved officer of another district is told nothing and gets nothing: no account, no person, no SMS."""
    person("approver", where="奉化区")
    with acting(DOOR):
        before = (Account._base_manager.count(), Person._base_manager.count())
    client, reply = through(service, officer_there(phone=NOBODYS, name="外地干部"))
    assert reply["Location"] == "/login/code" and letterbox.codes() == []
    assert client.post("/login/code", {"code": "000000"}).status_code == 422
    with acting(DOOR):
        assert (Account._base_manager.count(), Person._base_manager.count()) == before
    assert links() == [] and COOKIE not in client.cookies


def test_a_link_gives_no_hat(now, letterbox, service):
    """Tests that what a person may do stays what was granted here."""
    one = person("town_clerk")
    rights = actor(one).rights
    linked(service, letterbox)
    through(service, officer_there())
    assert actor(one).rights == rights


def test_another_name_with_the_same_telephone_is_let_in_by_the_code_and_not_linked(now, letterbox, service):
    """Tests that a number that two people share links nobody by itself; the try is on the record."""
    person("approver", where="奉化区")
    client, reply = through(service, officer_there(name="别的人"))
    entered = client.post("/login/code", {"code": letterbox.codes()[-1]})
    assert entered["Location"].startswith("/me/login")
    assert "姓名和这里登记的不一样" in text(client.get(entered["Location"]))
    assert links() == [] and attempts() == ["NotTheSameName"]
    del reply


def test_an_answer_counts_once_and_only_in_the_browser_that_began(now, letterbox, service):
    """Tests a ticket that is replayed, one brought by another browser, and one with a made-up state; even where the
    service changes a ticket as often as it is asked."""
    person("approver", where="奉化区")
    linked(service, letterbox)
    service.replays = True
    client = Client()
    address = out(client)
    kept = client.cookies["qifu_begun"].value
    ticket = service.vouch(officer_there(), at=address)
    thief = Client()
    assert bring(thief, ticket, address).status_code == 422 and COOKIE not in thief.cookies
    out(thief)
    assert bring(thief, ticket, address).status_code == 422 and COOKIE not in thief.cookies
    crossed = Client()
    other = out(crossed)
    given = {"ticket": service.vouch(officer_there(), at=other), "state": state_of(other)}
    assert crossed.post("/login/with/zlb/back", given).status_code == 422 and COOKIE not in crossed.cookies
    assert bring(client, ticket, address).status_code == 302
    again = Client()
    again.cookies["qifu_begun"] = kept
    assert bring(again, ticket, address).status_code == 422 and COOKIE not in again.cookies
    assert attempts() == ["BegunElsewhere", "BegunElsewhere", "BegunElsewhere", "OutsideSpent"]


def test_a_stolen_ticket_does_not_fit_another_login(now, letterbox, service):
    """Tests that a ticket of one login, put into one's own, is refused: the verifier is another's."""
    person("approver", where="奉化区")
    linked(service, letterbox)
    victim, thief = Client(), Client()
    ticket = service.vouch(officer_there(), at=out(victim))
    assert bring(thief, ticket, out(thief)).status_code == 422 and COOKIE not in thief.cookies


@pytest.mark.parametrize("lie", ["audience", "nonce"])
def test_a_word_for_another_application_or_login_is_refused(now, letterbox, service, lie):
    """Tests that what was vouched for somebody else's application is none for ours."""
    person("approver", where="奉化区")
    linked(service, letterbox)
    setattr(service, lie, "another-one")
    client, reply = through(service, officer_there())
    assert reply.status_code == 422 and "不是给这里用的" in text(reply) and COOKIE not in client.cookies
    assert attempts() == ["MeantForAnother"]


@pytest.mark.parametrize("fault", ["silent", "broken", "slow"])
def test_a_service_that_fails_leads_to_the_code(now, letterbox, service, fault):
    """Tests that the page says what to do instead, that nothing of the fault is shown, and that it goes on tomorrow."""
    person("approver", where="奉化区")
    linked(service, letterbox)
    hangs = Event()
    if fault == "silent":
        service.answers = False
    elif fault == "broken":
        service.breaks = RuntimeError("HTTP 500 at gateway 10.1.2.3")
    else:
        service.hangs, service.patience = hangs, 0.05
    client, reply = through(service, officer_there())
    hangs.set()
    page = text(reply)
    assert reply.status_code == 422 and "暂时没有回应" in page and "手机号和验证码" in page and "10.1.2.3" not in page
    assert COOKIE not in client.cookies and attempts() == ["OutsideRefused"]
    come_in(letterbox)


def test_who_is_barred_or_without_a_hat_is_not_let_in(now, letterbox, service):
    """Tests that a link opens exactly as long as a code would."""
    one = person("approver", where="奉化区")
    admin = person("system_admin", where="奉化区", phone="16400000009", name="管理员")
    linked(service, letterbox)
    assert run("access.bar", {"person": one.id, "reason": "离岗"}, actor=actor(admin)).ok
    client, reply = through(service, officer_there())
    assert reply.status_code == 422 and COOKIE not in client.cookies
    assert run("access.unbar", {"person": one.id, "reason": "回岗"}, actor=actor(admin)).ok
    assert through(service, officer_there())[1].status_code == 302


def test_a_link_is_taken_back_by_its_owner_alone(now, letterbox, service):
    """Tests the own page: another's link is not found, one's own is gone at once."""
    person("approver", where="奉化区")
    person("approver", phone="16400000007", name="另一位", where="奉化区")
    client = linked(service, letterbox)
    link = links()[0]
    other = come_in(letterbox, phone="16400000007")
    assert other.post(f"/me/outside/{link.id}/end").status_code == 404
    assert links()[0].ended_at is None
    assert "已解除关联" in text(client.post(f"/me/outside/{link.id}/end"))
    assert through(service, officer_there())[1]["Location"] == "/login/code"


def test_an_administrator_links_and_takes_back_with_a_reason_and_never_their_own(now, letterbox, service):
    """Tests the second way to a link: by page, with the second factor, on the record; not for oneself, not out of reach."""
    one = person("approver", where="奉化区")
    admin = person("system_admin", where="奉化区", phone="16400000009", name="管理员")
    unit = person("unit_admin", where="裘村镇", phone="16400000008", name="外镇管理员")
    given = {"service": "zzd", "number": "zd-1", "reason": "本人申请，核对过工作证"}
    weak = browser(actor(admin, strong=False))
    assert weak.post(f"/desk/people/{one.id}/outside", given).status_code == 409
    assert browser(actor(unit)).post(f"/desk/people/{one.id}/outside", given).status_code in (403, 404)
    assert not run("access.link_for", {"person": admin.id, **given}, actor=actor(admin)).ok
    assert not run("access.link_for", {"person": one.id, **given, "reason": " "}, actor=actor(admin)).ok
    assert links() == []
    desk = browser(actor(admin))
    assert desk.post(f"/desk/people/{one.id}/outside", given).status_code == 302
    assert "管理员关联" in text(desk.get(f"/desk/people/{one.id}"))
    with acting(actor(admin)):
        assert Entry.objects.filter(process="access.person", verb="link_outside").count() == 1
    client, reply = through(service, officer_there(phone=NOBODYS))
    assert reply.status_code == 302 and client.get("/me").status_code == 200
    taken = person("approver", phone="16400000007", name="另一位", where="奉化区")
    refused = run("access.link_for", {"person": taken.id, **given}, actor=actor(admin))
    assert not refused.ok and "已经关联了另一个人" in refused.says
    assert desk.post(f"/desk/people/{one.id}/outside/{links()[0].id}/end", {"reason": "离岗"}).status_code == 302
    assert through(service, officer_there())[1]["Location"] == "/login/code"


def test_an_enterprise_is_entered_by_its_contact_only(now, letterbox, service):
    """Tests 浙里办: the agent of a firm that stands here with them as contact comes in; for another firm, and at a low level, not."""
    there = world(now)
    firm, other = there.firm(), there.firm()
    with acting(DOOR):
        contact = Person._base_manager.get(pk=there.contacts[firm.id].person)
        contact.phone_index, contact.phone_sealed = blind("phone", PHONE), sealed(PHONE, person=contact)
        contact.save()
    agent = LegalPerson(
        subject="zlb-1", uscc=firm.uscc, enterprise=firm.name, agent=contact.name, phone=Secret(PHONE), level=3, audience="", nonce=""
    )
    linked(service, letterbox, agent, code="zlb")
    client, reply = through(service, agent, "zlb")
    assert reply.status_code == 302 and client.get("/home/").status_code == 200
    for who, code in ((replace(agent, uscc=other.uscc), "NotItsContact"), (replace(agent, level=2), "NotSureEnough")):
        client, reply = through(service, who, "zlb")
        assert reply.status_code == 422 and COOKIE not in client.cookies
        assert attempts()[-1] == code


def test_the_demo_plays_both_services_itself(now, letterbox, settings):
    """Tests that the demo's page vouches for its own people only inside the demo, and that its tickets bear its seal."""
    settings.DEMO = False
    assert Client().get("/demo/vouch/zzd").status_code == 404
    settings.DEMO = True
    one = person("approver", where="奉化区")
    with acting(DOOR):
        Account._base_manager.create(person=one, login=one.phone_index, demo="approver", created_at=now.now())
    client = Client()
    address = out(client)
    asked = dict(pair.split("=") for pair in address.partition("?")[2].split("&"))
    page = client.post(address.partition("?")[0], asked)
    assert [row["name"] for row in page.context_data["people"]] == ["袁晨睿"]
    back = page.context_data["people"][0]["href"]
    shown = client.get(back)
    reply = client.post("/login/with/zzd/back", {name: shown.context_data[name] for name in ("ticket", "state")})
    assert reply["Location"] == "/login/code"
    forged = client.post("/login/with/zzd/back", {"ticket": "made:up", "state": shown.context_data["state"]})
    assert forged.status_code == 422
