"""Tests that two people stand behind a list of officers: one brings it, another reads and signs it (FEATURES 12.2)."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError

from qifu.kernel.access import Actor, acting
from qifu.kernel.access.models import Person
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.intake.models import Import
from qifu.kernel.journal.models import Entry

from .test_importing import book, receive
from .world import bureau, clerk, district, do, refuse, town


def officers(*rows: list[str]) -> bytes:
    return book(干部=[["姓名", "手机", "单位", "角色", "镇街"], *(rows or [["韩国峰", "16468302252", "区经信局", "审批人", "江口街道"]])])


@pytest.fixture
def admin(database: SimpleNamespace) -> Actor:
    return officer("system_admin", district(), name="管理员")


@pytest.fixture
def brought(admin: Actor) -> Import:
    content = officers(["韩国峰", "16468302252", "区经信局", "联企干部", "江口街道"])
    return receive(admin, "registry.officers", content, region=district())


def stands(made: Import, actor: Actor) -> tuple[str, bool]:
    """Give the step of the list, and whether the person of it is known."""
    with acting(actor):
        return Import.objects.get(pk=made.id).step, Person.objects.filter(name="韩国峰").exists()


def test_nobody_enters_a_list_of_officers_alone(admin: Actor, brought: Import) -> None:
    """Tests that the bringer can neither enter nor sign it, that nobody without the right signs, and that nothing is written."""
    assert refuse("intake.commit", admin, source=brought.id).code == "NotSigned"
    do("intake.send", admin, source=brought.id)
    assert refuse("intake.commit", admin, source=brought.id).code == "NotSigned"
    assert refuse("intake.sign", admin, source=brought.id).code == "NotYours"
    both = officer("system_admin", district(), name="两顶帽子")
    signer = replace(admin, hats=(*admin.hats, *officer("approver", district()).hats))
    assert refuse("intake.sign", signer, source=brought.id).code == "SamePerson"
    assert refuse("intake.sign", clerk(), source=brought.id).code in ("NotYours", "NotFound")
    assert refuse("intake.sign", both, source=brought.id).code == "NotYours"
    assert refuse("intake.sign", officer("approver", district(), strong=False), source=brought.id).code == "SecondFactorNeeded"
    assert stands(brought, admin) == ("waiting", False)


def test_a_signature_by_the_bringer_is_refused_by_the_table(admin: Actor, brought: Import) -> None:
    """Tests that raw SQL of the application can neither sign for the bringer nor leave the signature out."""
    do("intake.send", admin, source=brought.id)
    for change in ({"signed_by": admin.id, "step": "signed"}, {"step": "signed"}):
        with pytest.raises(IntegrityError), acting(admin):
            Import.objects.filter(pk=brought.id).update(**change)


def test_another_person_reads_and_signs_and_then_it_enters(admin: Actor, brought: Import) -> None:
    """Tests the way in the browser: sent, listed for the second person with what is in it, signed, entered, all on the record."""
    second = officer("approver", district(), name="复核人")
    bringer, signer = browser(admin, strong=True), browser(second, strong=True)
    page = bringer.get(f"/desk/import/{brought.id}").content.decode()
    assert "送复核1人" in page and "入库1人" not in page
    bringer.post(f"/desk/import/{brought.id}/send")
    assert "管理员送来" in signer.get("/desk/import/waiting").content.decode()
    page = signer.get(f"/desk/import/{brought.id}").content.decode()
    assert all(word in page for word in ("韩国峰", "区经信局", "联企干部", "江口街道", "复核无误，签字"))
    assert "16468302252" not in page
    assert signer.post(f"/desk/import/{brought.id}/sign").status_code == 302
    page = bringer.get(f"/desk/import/{brought.id}").content.decode()
    assert "复核人" in page and "入库1人" in page
    assert bringer.post(f"/desk/import/{brought.id}/commit").status_code == 302
    assert stands(brought, admin) == ("committed", True)
    with acting(admin):
        said = list(Entry.objects.filter(subject=brought.id).order_by("seq").values_list("verb", "actor_name"))
    assert said == [("upload", "管理员"), ("send", "管理员"), ("sign", "复核人"), ("commit", "管理员")]


def test_a_list_that_is_sent_back_says_why_and_is_signed_anew(admin: Actor, brought: Import) -> None:
    """Tests that sending back needs words, writes nothing, and that a list taken back loses its signature."""
    second = officer("approver", district(), name="复核人")
    do("intake.send", admin, source=brought.id)
    assert refuse("intake.send_back", second, source=brought.id, reason=" ").code == "BadInput"
    do("intake.send_back", second, source=brought.id, reason="角色不对")
    assert "角色不对" in browser(admin, strong=True).get(f"/desk/import/{brought.id}").content.decode()
    assert refuse("intake.sign", second, source=brought.id).code == "NotReady"
    do("intake.send", admin, source=brought.id)
    do("intake.sign", second, source=brought.id)
    do("intake.take_back", admin, source=brought.id)
    assert refuse("intake.commit", admin, source=brought.id).code == "NotSigned"
    assert stands(brought, admin) == ("judged", False)


@pytest.mark.parametrize("step", ["waiting", "signed"])
def test_what_was_sent_stands_still(admin: Actor, brought: Import, step: str) -> None:
    """Tests that neither columns nor rows change while the second person reads, or after the signature."""
    do("intake.send", admin, source=brought.id)
    if step == "signed":
        do("intake.sign", officer("approver", district()), source=brought.id)
    changes: list[tuple[str, dict[str, Any]]] = [
        ("intake.map", {"columns": {"姓名": ""}}),
        ("intake.fix", {"row": brought.id, "values": {"role": "审批人"}}),
        ("intake.choose", {"row": brought.id, "choice": "skip"}),
    ]
    for name, given in changes:
        assert refuse(name, admin, source=brought.id, **given).code == "NotReady"


def test_other_lists_need_one_person(database: SimpleNamespace) -> None:
    """Tests that a list of enterprises enters as before, and that a town signs no list of the district."""
    made = receive(bureau(), "registry.enterprises", book(企业=[["企业名称", "镇街"], ["试试机械厂", "江口"]]), region=district())
    assert refuse("intake.send", bureau(), source=made.id).code == "NotReady"
    assert do("intake.commit", bureau(), source=made.id).created == 1
    admin = officer("system_admin", district())
    people = officers(["韩国峰", "16468302252", "区里", "联企干部", "江口街道"])
    officers_list = receive(admin, "registry.officers", people, region=district())
    do("intake.send", admin, source=officers_list.id)
    assert refuse("intake.sign", officer("town_leader", town()), source=officers_list.id).code == "NotFound"
