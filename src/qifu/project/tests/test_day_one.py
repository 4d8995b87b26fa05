"""Tests the first morning as a drill (FEATURES 12.1, 12.2): twelve files as offices keep them become the register, two people
sign the officers' lists, 522 are asked in by SMS, 400 come."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qifu.areas.registry.models import ContactPost, Enterprise, Site, Worker
from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.models import Grant, Person
from qifu.kernel.access.tests.browsing import browser
from qifu.kernel.access.tests.factories import officer
from qifu.kernel.calendar import clock
from qifu.kernel.calendar.clock import ZONE
from qifu.kernel.intake.models import Import, StagedRow
from qifu.kernel.intake.target import DOUBTFUL, WRONG
from qifu.kernel.notify import outbox
from qifu.kernel.privacy import keys
from qifu.project.accounts.tests.people import Letterbox, come_in, enrol

FILES = Path(settings.PACKS) / "sample" / "day_one"
FIRMS, OFFICERS, CAME = 570, 522, 400
BROUGHT = (
    ("规上单位名录2019.xlsx", "enterprises", "bureau_clerk", "明川区"),
    ("复工企业摸底表（终版）2.xls", "enterprises", "bureau_clerk", "明川区"),
    ("开发区企业联系表.et", "enterprises", "zone_clerk", "明川经济开发区"),
    ("桐山镇企业花名册.csv", "enterprises", "town_clerk", "桐山镇"),
    ("云屏镇.txt", "enterprises", "town_clerk", "云屏镇"),
    ("古塘镇接龙.txt", "enterprises", "town_clerk", "古塘镇"),
    ("松岭乡规上企业.xlsx", "enterprises", "town_clerk", "松岭乡"),
    ("区机关通讯录.xls", "officers", "system_admin", "明川区"),
    ("镇街干部联系表.xlsx", "officers", "system_admin", "明川区"),
    ("开发区干部.et", "officers", "system_admin", "明川区"),
    ("第二场所情况表.xlsx", "sites", "bureau_clerk", "明川区"),
    ("外来员工返岗登记.xls", "workers", "labour_clerk", "明川区"),
)


@pytest.fixture
def morning(database: Any) -> Iterator[clock.Fixed]:
    keys.forget()
    # Not the scenario's year: signed cookies are dated by the machine's clock.
    with clock.use(clock.Fixed(datetime(2026, 2, 9, 8, 0, tzinfo=ZONE))) as hands:
        yield hands
    keys.forget()


def place(name: str) -> int:
    return jurisdiction.by_name(name).id


def brought(client: Client, name: str, kind: str) -> str:
    """Put a file on the page; gives the address of what came of it."""
    file = SimpleUploadedFile(name, (FILES / name).read_bytes())
    reply = client.post(f"/desk/import?kind=registry.{kind}", {"file": file})
    assert reply.status_code == 302, reply.content.decode()[:3000]
    return str(reply["Location"])


def answered(client: Client, actor: Actor, address: str) -> Counter[str]:
    """Do what the page asks: mend what is wrong, answer what is doubtful; gives how many of each."""
    made, done = address.rsplit("/", 1)[1].split("?", maxsplit=1)[0], Counter[str]()
    for _ in range(40):
        with acting(actor):
            rows = list(StagedRow.objects.filter(source=made, entered=False, choice="", enters=False, verdict__in=(DOUBTFUL, WRONG)))
        if not rows:
            return done
        row = next((one for one in rows if one.verdict == WRONG), rows[0])
        if row.verdict == WRONG:
            fixes = {f"{one.id}.{p[0]}": re.sub(r"\D", "", p[2]) for one in rows for p in one.problems if p[4] == WRONG}
            assert client.post(f"{address}/rows", fixes).status_code == 302
            done["mended"] += 1
        else:
            page = client.get(address).content.decode()
            assert "就是那一家" in page and "是另一家" in page and "不要这行" in page
            assert client.post(f"{address}/row/{row.id}/same").status_code == 302
            done["same"] += 1
    raise AssertionError("the page asks for ever")


@pytest.mark.slow
def test_a_district_is_live_by_noon(morning: clock.Fixed) -> None:
    """Tests files, questions, signatures, messages and codes, by the pages, until 400 of 522 are in and 122 are a list."""
    offices = dict.fromkeys((role, where) for _, _, role, where in BROUGHT)
    people = {(role, where): officer(role, place(where), name=f"{where}{role}") for role, where in offices}
    signer = officer("approver", place("明川区"), name="复核人")
    browsers = {who: browser(actor, strong=True) for who, actor in people.items()}
    made = {actor.person for actor in (*people.values(), signer)}
    with acting(DOOR):
        Person.objects.filter(pk__in=made).update(entered_at=clock.now())
    asked: Counter[str] = Counter()
    for name, kind, role, where in BROUGHT:
        client, actor = browsers[role, where], people[role, where]
        address = brought(client, name, kind)
        with acting(actor):
            counts = Import.objects.get(pk=address.rsplit("/", 1)[1]).counts
        assert counts["rows"] == counts["good"] + counts["doubtful"] + counts["wrong"] + counts["others"]
        asked += answered(client, actor, address)
        if kind == "officers":
            assert client.post(f"{address}/commit").status_code == 409
            assert client.post(f"{address}/send").status_code == 302
            assert browser(signer, strong=True).post(f"{address}/sign").status_code == 302
        assert client.post(f"{address}/commit").status_code == 302, name
        with acting(actor):
            assert Import.objects.get(pk=address.rsplit("/", 1)[1]).step == Import.Step.COMMITTED, name
        morning.advance(timedelta(minutes=9))
    assert asked["same"] and asked["mended"]

    bureau = people["bureau_clerk", "明川区"]
    with acting(bureau):
        firms = Enterprise.objects.filter(closed_at__isnull=True)
        assert (firms.count(), firms.filter(provisional=True).count()) == (FIRMS, 0)
        assert ContactPost.objects.values("enterprise").distinct().count() == FIRMS
        assert Site.objects.exclude(name="主要场所").count() > 40
    with acting(people["labour_clerk", "明川区"]):
        assert Worker.objects.count() == 60
    admin = people["system_admin", "明川区"]
    with acting(admin):
        new = list(Person.objects.filter(party__isnull=True).exclude(id__in=made))
    assert len(new) == OFFICERS

    letterbox = Letterbox()
    with notify.using(letterbox):
        office = browsers["system_admin", "明川区"]
        assert office.post("/desk/people/invite").status_code == 302
        outbox.carry(clock.now())
        invited = [message.to.reveal() for message in letterbox.messages if message.kind == "access.invitation"]
        assert len(invited) == len(set(invited)) == OFFICERS
        office.post("/desk/people/invite")
        outbox.carry(clock.now())
        assert len(letterbox.messages) == OFFICERS, "nobody is asked twice in a day"
        deciding = who_decide(admin)
        first = sorted(new, key=lambda one: (one.id not in deciding, one.id))[:CAME]
        rooms = [Client(REMOTE_ADDR=f"10.0.{number}.1") for number in range(13)]
        enrolled = 0
        for number, (person, phone) in enumerate(numbered(first, admin)):
            client = rooms[number % len(rooms)]
            client.cookies.clear()
            come_in(letterbox, phone, client)
            if person.id in deciding:
                enrol(client, at=clock.now())
                enrolled += 1
            morning.advance(timedelta(seconds=12))
    assert enrolled == len(deciding) > 0
    page = office.get("/desk/people?never=1")
    assert page.context_data["total"] == OFFICERS - CAME
    assert len(re.findall(r"邀请过，还没登录", page.content.decode())) > 0


def who_decide(admin: Actor) -> set[Any]:
    """Give the persons whose role needs a second factor for what it decides."""
    with acting(admin):
        return set(Grant.objects.filter(role="approver").exclude(person__name="复核人").values_list("person_id", flat=True))


def numbered(people: list[Person], admin: Actor) -> Iterator[tuple[Person, str]]:
    from qifu.project.accounts.numbers import phone_of

    for person in people:
        yield person, phone_of(person).reveal()
