"""What the pages of the record promise: the auditor sees what was refused and looked at, everybody who looked at them."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from qifu.areas.registry.models import Worker
from qifu.kernel import jurisdiction
from qifu.kernel.access import DOOR, SecondFactorNeeded, acting, sessions
from qifu.kernel.access.models import Account, Person, everything
from qifu.kernel.access.tests.factories import contact, officer
from qifu.kernel.actions import Refused, run
from qifu.kernel.calendar import clock
from qifu.kernel.journal import looking, prove, seal, verify, writing
from qifu.kernel.journal.models import Attempt, Entry
from qifu.kernel.values import uuid7
from qifu.kernel.web import ANONYMOUS, COOKIE
from qifu.kernel.workflow.tests.toy.process import LOAN, draft

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR = tmp_path
    writing.forget_era()


@pytest.fixture
def district(database):
    return jurisdiction.district_of(jurisdiction.by_name("莼湖街道").id)


@pytest.fixture
def place(database):
    return jurisdiction.by_name("莼湖街道").id


@pytest.fixture
def auditor(place):
    return officer("auditor", jurisdiction.lineage(place)[-2], name="审计员甲")


def enter(actor):
    with acting(DOOR):
        account = Account._base_manager.create(person_id=actor.person, login=str(actor.person), created_at=clock.now())
        token = sessions.start(account, at=clock.now(), strong=True)
    client = Client()
    client.cookies[COOKIE] = token
    return client


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def look_at(actor, person, purpose="check"):
    with acting(actor):
        row = everything(Person).get(pk=person.person)
        looking.look(row, "name", purpose=purpose, actor=actor, right="access.see", at=clock.now())


def test_the_auditor_reads_what_was_refused_within_reach(auditor, place):
    """Tests that an attempt shows who, in which role, what and why, and one elsewhere does not show."""
    clerk = officer("town_clerk", place, name="王某")
    far = officer("town_clerk", jurisdiction.by_name("裘村镇").id, name="李某")
    with acting(clerk):
        loan = LOAN.open(draft(place, borrower=clerk.id), actor=clerk, at=clock.now())
    assert not run("toy.lend", {"loan": loan.id}, actor=clerk).ok
    assert not run("toy.lend", {"loan": loan.id}, actor=far).ok
    client = enter(auditor)
    said = words(client.get("/desk/audit/"))
    assert all(word in said for word in ("王某", "镇街经办人", "借出", "不能自己借给自己。", "条件不符"))
    assert "李某" in said and "越权" in said
    only = words(client.get("/desk/audit/?only=forbidden"))
    assert "李某" in only and "王某" not in only
    town = words(enter(officer("auditor", place, name="镇审计")).get("/desk/audit/"))
    assert "王某" in town and "李某" not in town


def test_who_may_not_audit_is_refused_and_that_is_on_the_record(auditor, place):
    """Tests that a clerk gets 403 at every page of the auditor's, a visitor the login, and that the try is listed."""
    clerk = officer("town_clerk", place, name="王某")
    inside, visitor = enter(clerk), Client()
    for page in ("", "looks", "journal", "head"):
        assert inside.get(f"/desk/audit/{page}").status_code == 403
        assert visitor.get(f"/desk/audit/{page}").status_code == 302
    assert words(enter(auditor).get("/desk/audit/?only=forbidden")).count("王某") == 4


def test_a_long_list_is_cut_into_pages(auditor, place):
    """Tests that 120 attempts are three pages, and that a page that is not there is the last or first one."""
    clerk = officer("town_clerk", place, name="王某")
    for _ in range(120):
        run("toy.lend", {"loan": uuid7()}, actor=clerk)
    client = enter(auditor)
    pages = [words(client.get(f"/desk/audit/?n={n}")).count("王某") for n in ("1", "2", "3", "9", "-1", "x", "²")]
    assert pages == [50, 50, 20, 20, 50, 50, 50]


def test_everybody_reads_who_looked_at_them(place):
    """Tests that a contact sees who, which field and what for, and another firm's contact sees nothing of it."""
    person, other = contact(uuid7(), place, name="陈某"), contact(uuid7(), place, name="外人")
    admin = officer("unit_admin", place, name="管理员乙")
    look_at(admin, person)
    said = words(enter(person).get("/me/looks"))
    assert all(word in said for word in ("管理员乙", "单位管理员", "姓名", "核对身份"))
    assert "管理员乙" not in words(enter(other).get("/me/looks"))
    assert "还没有人看过" in words(enter(admin).get("/me/looks"))
    assert Client().get("/me/looks").status_code == 302


def test_what_is_most_sensitive_asks_for_the_second_factor(place):
    """Tests that an identity number (P3) is given to whom has proved a second factor, a name (P2) to whom has the right."""
    strong, weak = officer("labour_clerk", place), officer("labour_clerk", place, strong=False)
    worker = Worker(
        id=uuid7(), name="陈晓", id_number="330283199003071234", region=place, party=uuid7(), district=jurisdiction.district_of(place)
    )

    def look(actor, field):
        with acting(actor):
            return looking.look(worker, field, purpose="check", actor=actor, right="registry.worker.see", at=clock.now())

    with pytest.raises(SecondFactorNeeded):
        look(weak, "id_number")
    assert look(weak, "name") == {"name": "陈晓"}
    assert look(strong, "id_number") == {"id_number": "330283199003071234"}
    with acting(strong):
        assert [looking.fields_of(e) for e in looking.looks()] == [["身份证号"], ["姓名"]]


def test_the_auditor_reads_all_looks_within_reach(auditor, place):
    """Tests that looks in the auditor's region are listed."""
    look_at(officer("unit_admin", place, name="管理员乙"), contact(uuid7(), place))
    assert "管理员乙" in words(enter(auditor).get("/desk/audit/looks"))


def test_the_page_of_the_journal_says_how_far_it_is_sealed_and_whether_it_agrees(auditor, place, database):
    """Tests the page before the first seal, after a good verification, and after a row was changed behind our back."""
    client = enter(auditor)
    assert "还没有封存过" in words(client.get("/desk/audit/journal"))
    assert client.get("/desk/audit/head").status_code == 404
    clerk = officer("town_clerk", place)
    with acting(clerk):
        LOAN.open_many([draft(place) for _ in range(5)], actor=clerk, at=clock.now())
    made = seal(at=clock.now())
    prove(at=clock.now())
    said = words(client.get("/desk/audit/journal"))
    assert made.root.hex() in said and "5行" in said and "一致" in said and "不一致" not in said
    head = client.get("/desk/audit/head")
    assert head.headers["Content-Disposition"] == 'attachment; filename="qifu-head-1.json"'
    assert verify.seal_from(head.content) == made
    with database.admin() as session:
        session.execute("UPDATE journal_entry SET role = 'leader' WHERE seq = (SELECT min(seq) FROM journal_entry)")
    prove(at=clock.now() + timedelta(seconds=1))
    said = words(client.get("/desk/audit/journal"))
    assert "有1处不一致" in said and "列与正文不符：role" in said
    with acting(auditor):
        assert Entry._base_manager.count() == 5


def test_attempts_of_who_has_no_place_are_found_by_who_audits(auditor, place):
    """Tests that a contact's attempt is found by the auditor of its district and by no other, a stranger's by every auditor."""
    firm_contact = contact(uuid7(), place, name="越权联系人")
    assert isinstance(run("access.bar", {"person": uuid7(), "reason": "试试"}, actor=firm_contact), Refused)
    run("access.enter_code", {"ticket": uuid7(), "code": "000000"}, actor=ANONYMOUS)
    elsewhere = officer("auditor", jurisdiction.by_name("宁海县").id, name="邻县审计")
    here, there = words(enter(auditor).get("/desk/audit/")), words(enter(elsewhere).get("/desk/audit/"))
    assert "越权联系人" in here and "访客" in here
    assert "越权联系人" not in there and "访客" in there
    clerk = officer("town_clerk", place)
    with acting(clerk):
        assert not Attempt._base_manager.filter(region=0).exists()
