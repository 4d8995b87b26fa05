"""People with telephones, and a gateway that keeps what it was given."""

import re
from datetime import datetime

from django.test import Client

from qifu.kernel import jurisdiction, notify
from qifu.kernel.access import DOOR, Actor, acting
from qifu.kernel.access.hats import worn_by
from qifu.kernel.access.models import Account, Grant, Person
from qifu.kernel.access.tests.factories import LONG_AGO
from qifu.kernel.calendar import clock
from qifu.kernel.notify import Message
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import uuid7
from qifu.project.accounts import totp
from qifu.project.accounts.numbers import sealed

PHONE = "16440292839"
NOBODYS = "16499999999"


class Letterbox:
    """A gateway for tests: keeps the messages."""

    name = "letterbox"

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        self.messages.append(message)

    def codes(self) -> list[str]:
        """Give the codes that went out, oldest first."""
        notify.settle()
        return [re.search(r"\d{6}", m.text.reveal()).group() for m in self.messages if m.kind == "login_code"]


def place(name: str = "莼湖街道") -> int:
    return jurisdiction.by_name(name).id


def person(
    role: str = "town_clerk", *, where: str = "莼湖街道", phone: str = PHONE, name: str = "袁晨睿", until: datetime | None = None
) -> Person:
    """Give a person with a telephone and one hat."""
    spot = place(where)
    district = jurisdiction.district_of(spot)
    with acting(DOOR):
        made = Person(id=uuid7(), name=name, region=spot, district=district, phone_index=blind("phone", phone))
        made.phone_sealed = sealed(phone, person=made)
        made.save(force_insert=True)
        Grant._base_manager.create(person=made, role_id=role, place=spot, since=LONG_AGO, region=spot, district=district)
    return made


def actor(one: Person, *, strong: bool = True) -> Actor:
    with acting(DOOR):
        return worn_by(one.id, at=clock.now(), strong=strong)


def accounts() -> list[Account]:
    with acting(DOOR):
        return list(Account._base_manager.select_related("person").order_by("created_at"))


def come_in(letterbox: Letterbox, phone: str = PHONE, client: Client | None = None, next: str = "") -> Client:
    """Enter by the pages, with number and code."""
    client = client or Client()
    assert client.post("/login", {"phone": phone, "next": next}).status_code == 302
    reply = client.post("/login/code", {"code": letterbox.codes()[-1]})
    assert reply.status_code == 302, reply.content.decode()[:2000]
    return client


def enrol(client: Client, *, at: datetime) -> str:
    """Add an authenticator by the page; gives its secret."""
    page = client.get("/me/totp")
    secret = page.context_data["secret"].replace(" ", "")
    reply = client.post("/me/totp", {"offer": page.context_data["offer"], "token": totp.token_at(at, secret=secret)})
    assert reply.status_code == 302, reply.content.decode()[:2000]
    return secret
