"""Tests that hats are given and taken back by the right people, at once, and on the record."""

import csv
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings

from qifu.kernel.access import DOOR, acting
from qifu.kernel.access.hats import machine
from qifu.kernel.access.models import Grant, Person
from qifu.kernel.actions import Done, run
from qifu.kernel.journal.models import Attempt, Entry
from qifu.project.accounts import demo
from qifu.project.accounts.numbers import phone_of

from .people import accounts, actor, come_in, enrol, person, place

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def admin(now):
    return actor(person("system_admin", where="奉化区", phone="16400000010", name="系统管理员"))


@pytest.fixture
def unit_admin(now):
    return actor(person("unit_admin", phone="16400000011", name="单位管理员"))


@pytest.fixture
def clerk(now):
    return person("town_clerk")


def give(by, to, role="assessor", where="莼湖街道", **more):
    return run("access.give", {"person": to.id, "role": role, "place": place(where), "reason": "工作需要", **more}, actor=by)


def grants():
    with acting(DOOR):
        return list(Grant._base_manager.order_by("id").values_list("person__name", "role_id", "place", "revoked_at"))


def entries(process="access.grant"):
    with acting(system()):
        return list(Entry._base_manager.filter(process=process).order_by("seq").values_list("verb", "actor", "data"))


def system():
    with acting(DOOR):
        return machine("system")


def refused(done, code):
    assert not isinstance(done, Done) and done.code == code, done


def test_a_hat_is_given_at_the_next_request_and_recorded(admin, clerk, now, letterbox):
    """Tests that the person finds the new hat without entering again, and that the journal says who gave it."""
    client = come_in(letterbox)
    assert len(client.get("/me").context_data["hats"]) == 1
    assert isinstance(give(admin, clerk), Done)
    assert len(client.get("/me").context_data["hats"]) == 2
    [(verb, by, data)] = entries()
    assert (verb, by, data["role"], data["person"]) == ("give", admin.id, "assessor", str(clerk.id))


def test_a_hat_taken_back_is_gone_at_the_next_request(admin, clerk, now, letterbox):
    """Tests that a page which the hat opened is closed without the person entering again."""
    grant = give(admin, clerk, role="unit_admin").result
    client = come_in(letterbox)
    assert client.get("/desk/people").status_code == 200
    assert isinstance(run("access.revoke", {"grant": grant.id, "reason": "调离"}, actor=admin), Done)
    assert client.get("/desk/people").status_code == 403
    refused(run("access.revoke", {"grant": grant.id, "reason": "再一次"}, actor=admin), "AlreadyRevoked")
    assert [verb for verb, _, _ in entries()] == ["give", "revoke"]


def test_a_secondment_lapses_by_itself_at_the_end_of_its_last_day(admin, clerk, now, letterbox):
    """Tests the day named as the last: until midnight, exclusive; and that a past day is refused."""
    refused(give(admin, clerk, until="2026-03-01"), "BadInput")
    grant = give(admin, clerk, role="unit_admin", until="2026-03-02", purpose="专班借调").result
    assert grant.until.isoformat() == "2026-03-03T00:00:00+08:00"
    client = come_in(letterbox)
    assert client.get("/desk/people").status_code == 200
    now.set(grant.until - timedelta(seconds=1))
    client = come_in(letterbox)
    assert client.get("/desk/people").status_code == 200
    now.set(grant.until)
    assert client.get("/desk/people").status_code == 403


def test_nobody_gives_oneself_a_hat(admin, now):
    """Tests the refusal, that it is on the record as forbidden, and that no hat was made."""
    with acting(DOOR):
        me = Person._base_manager.get(pk=admin.person)
    before = grants()
    refused(give(admin, me, role="approver", where="奉化区"), "SamePerson")
    assert grants() == before and entries() == []
    with acting(DOOR):
        attempt = Attempt._base_manager.get()
        assert (attempt.action, attempt.code, attempt.forbidden) == ("access.give", "SamePerson", True)


def test_a_unit_administrator_gives_in_the_own_unit_only_what_decides_nothing(unit_admin, clerk, now):
    """Tests the own town and a plain role; not a neighbour's person, not another place, not a role with second factor."""
    neighbour = person("town_clerk", where="尚田街道", phone="16400000012", name="邻镇")
    assert isinstance(give(unit_admin, clerk, role="assessor"), Done)
    before = grants()
    refused(give(unit_admin, clerk, role="town_leader"), "NotForYouToGive")
    refused(give(unit_admin, clerk, role="auditor"), "NotForYouToGive")
    refused(give(unit_admin, clerk, role="liaison", where="尚田街道"), "NotYours")
    refused(give(unit_admin, clerk, role="liaison", where="奉化区"), "NotYours")
    refused(give(unit_admin, neighbour, role="liaison"), "NotFound")
    refused(give(unit_admin, clerk, role="system"), "BadInput")
    refused(give(unit_admin, clerk, role="assessor"), "HasItAlready")
    assert grants() == before


def test_whoever_manages_accounts_does_not_audit(admin, clerk, now):
    """Tests both ways round."""
    assert isinstance(give(admin, clerk, role="auditor", where="奉化区"), Done)
    refused(give(admin, clerk, role="system_admin", where="奉化区"), "DutiesApart")
    other = person("system_admin", where="奉化区", phone="16400000013", name="另一管理员")
    refused(give(admin, other, role="auditor", where="奉化区"), "DutiesApart")


def test_giving_needs_a_proved_second_factor(clerk, now):
    """Tests that without it nothing is given, taken back or barred."""
    weak = actor(person("system_admin", where="奉化区", phone="16400000010", name="系统管理员"), strong=False)
    before = grants()
    refused(give(weak, clerk), "SecondFactorNeeded")
    refused(run("access.bar", {"person": clerk.id, "reason": "离岗"}, actor=weak), "SecondFactorNeeded")
    with acting(DOOR):
        grant = Grant._base_manager.get(person=clerk)
    refused(run("access.revoke", {"grant": grant.id, "reason": "离岗"}, actor=weak), "SecondFactorNeeded")
    assert grants() == before


def test_a_barred_person_is_out_at_the_next_request_and_may_come_back(admin, clerk, now, letterbox):
    """Tests that hats are kept, that nobody bars oneself, and that all is in the journal."""
    client = come_in(letterbox)
    assert isinstance(run("access.bar", {"person": clerk.id, "reason": "离岗"}, actor=admin), Done)
    assert client.get("/me").status_code == 302
    assert client.post("/login", {"phone": "16440292839"}).status_code == 302 and len(letterbox.codes()) == 1
    refused(run("access.bar", {"person": admin.person, "reason": "x"}, actor=admin), "SamePerson")
    assert isinstance(run("access.unbar", {"person": clerk.id, "reason": "回岗"}, actor=admin), Done)
    assert len(come_in(letterbox).get("/me").context_data["hats"]) == 1
    assert [verb for verb, _, _ in entries("access.person")] == ["bar", "unbar"]


def test_a_lost_authenticator_is_voided_by_an_administrator(admin, now, letterbox):
    """Tests that the strong session is strong no more, that the old token proves nothing, and that a new one can be added."""
    someone = person("approver", where="奉化区")
    client = come_in(letterbox)
    enrol(client, at=now.now())
    now.advance(timedelta(minutes=1))
    assert client.get("/me").context_data["strong"] is True
    assert isinstance(run("access.reset_factor", {"person": someone.id, "reason": "手机丢了"}, actor=admin), Done)
    assert client.get("/me").context_data["strong"] is False
    assert client.get("/me/strong").headers["Location"] == "/me/totp"
    now.advance(timedelta(minutes=1))
    enrol(client, at=now.now())
    assert client.get("/me").context_data["strong"] is True


def test_numbers_are_masked_and_a_look_is_in_the_journal(unit_admin, clerk, now, letterbox):
    """Tests list and page without the number, the look with it, the record with purpose and without the number."""
    client = come_in(letterbox, phone="16400000011")
    for address in ("/desk/people", f"/desk/people/{clerk.id}"):
        page = client.get(address).content.decode()
        assert "164****2839" in page and "16440292839" not in page
    assert "16440292839" not in client.post(f"/desk/people/{clerk.id}/phone", {"reason": " "}).content.decode()
    assert entries("look") == []
    assert "16440292839" in client.post(f"/desk/people/{clerk.id}/phone", {"reason": "通知开会"}).content.decode()
    [(_, by, data)] = entries("look")
    assert data == {"fields": "phone", "purpose": "通知开会"} and by == unit_admin.id


def test_the_list_holds_ones_own_people_and_no_others(unit_admin, clerk, now, letterbox):
    """Tests reach, search by name and by whole number, and that a neighbour's page is not found."""
    neighbour = person("town_clerk", where="尚田街道", phone="16400000012", name="邻镇干部")
    client = come_in(letterbox, phone="16400000011")
    names = lambda address: [row.name for row in client.get(address).context_data["rows"]]  # noqa: E731
    assert names("/desk/people") == ["单位管理员", "袁晨睿"]
    assert names("/desk/people?q=袁") == ["袁晨睿"]
    assert names("/desk/people?q=16440292839") == ["袁晨睿"]
    assert names("/desk/people?q=16400000012") == []
    assert names("/desk/people?q=1644029") == []
    assert client.get(f"/desk/people/{neighbour.id}").status_code == 404
    assert client.get("/desk/people?from=999999999999").status_code == 200


def test_the_page_gives_and_takes_back(admin, clerk, now, letterbox):
    """Tests the forms: a refusal keeps what was typed; the right answer shows the new hat."""
    client = come_in(letterbox, phone="16400000010")
    enrol(client, at=now.now())
    address = f"/desk/people/{clerk.id}"
    given = {"role": "assessor", "place": str(place()), "reason": "", "until": "2026-03-31"}
    wrong = client.post(f"{address}/give", given)
    assert wrong.status_code == 422 and "2026-03-31" in wrong.content.decode() and "还没有填" in wrong.content.decode()
    assert client.post(f"{address}/give", given | {"reason": "抽调"}).status_code == 302
    page = client.get(address)
    assert [one["grant"].role_id for one in page.context_data["now"]] == ["assessor", "town_clerk"]
    grant = page.context_data["now"][0]["grant"].id
    assert client.post(f"{address}/revoke/{grant}", {"reason": "任务结束"}).status_code == 302
    assert "任务结束" in client.get(address).content.decode()


def test_a_directory_is_entered_whole_or_not_at_all(now):
    """Tests persons, units and hats; that a second time makes nothing; that one bad line stops all."""

    def line(n, **more):
        return {"name": f"干部{n}", "phone": f"1641000000{n}", "unit": "莼湖街道办事处", "place": place(), "role": "liaison", **more}

    wrong = run("access.enlist", {"people": [line(1), line(2, phone="123"), line(3, role="king")]}, actor=system())
    assert set(wrong.errors) == {"第2行", "第3行"} and grants() == []
    done = run("access.enlist", {"people": [line(1), line(2), line(2, role="assessor")]}, actor=system()).result
    assert (done.made, done.known, done.hats) == (2, 0, 3) and done.who[1] == done.who[2]
    again = run("access.enlist", {"people": [line(1), line(2)]}, actor=system()).result
    assert (again.made, again.known, again.hats) == (0, 2, 0)
    with acting(DOOR):
        assert phone_of(Person._base_manager.get(name="干部1")).reveal() == "16410000001"
    assert len(entries()) == 3


def test_the_demo_offers_its_people_by_one_touch(now, letterbox, tmp_path):
    """Tests accounts from the file, the front page with a line each, and a role that lacks its person."""
    person("town_clerk", where="莼湖街道")
    (tmp_path / "sample").mkdir()
    file = tmp_path / "sample" / "demo.csv"
    file.write_text("role,name,place,line\ntown_clerk,袁晨睿,莼湖街道,受理一件\napprover,无此人,奉化区,批一件\n", encoding="utf-8")
    with override_settings(PACKS=tmp_path):
        assert demo.seed_demo_accounts(at=now.now()) == ["approver"]
        assert demo.seed_demo_accounts(at=now.now()) == ["approver"]
        page = Client().get("/").content.decode()
    assert [account.demo for account in accounts()] == ["town_clerk"]
    assert "袁晨睿" in page and "受理一件" in page and "批一件" not in page
    client = Client()
    assert client.post("/demo/enter", {"role": "town_clerk"}).status_code == 302
    assert client.get("/me").context_data["name"] == "袁晨睿"


def test_the_sample_has_a_person_for_every_row_of_the_demo():
    """Tests demo.csv against the sample's people: name, place and role agree, and each touch has a key of its own."""
    sample = settings.PACKS / "sample"
    told = (sample / "demo.yaml").read_text(encoding="utf-8")
    known = set()
    for name in ("officers.csv", "others.csv"):
        with (sample / name).open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                known.add((row["role"], row["name"], row["place"]))
                if f'"officer:{row["number"]}", role: group_member' in told:
                    # Who is lent to a group keeps the post, and wears the group's hat beside it.
                    known.add(("group_member", row["name"], row["place"]))
    with (sample / "enterprises.csv").open(encoding="utf-8") as file:
        known |= {("enterprise_contact", row["contact"], row["place"]) for row in csv.DictReader(file)}
    known |= {(row.role, row.name, row.place) for row in demo.rows() if row.role == "school_head" and row.name in told}
    assert [row for row in demo.rows() if (row.role, row.name, row.place) not in known] == []
    assert len({row.key for row in demo.rows()}) == len(demo.rows()) > 10
