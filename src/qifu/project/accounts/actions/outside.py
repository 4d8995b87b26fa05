"""Entering by another service's word, and the link between its number and a person: made once, by proof or by two people.

A link gives no right. It is made by who has proved by SMS the telephone that both sides know and has the same name, or by
an administrator, never for oneself."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db.models import Q

from qifu.kernel import notify
from qifu.kernel.access import Actor, NotFound, SamePerson, require_strong, sessions
from qifu.kernel.access.models import Account, Challenge, Outside, Person, everything
from qifu.kernel.actions import BadInput, action
from qifu.kernel.journal.writing import record
from qifu.kernel.language import said as _
from qifu.kernel.notify import Message
from qifu.kernel.privacy import Secret
from qifu.kernel.privacy.sealing import blind
from qifu.kernel.values import uuid7

from .. import giving, outside
from ..door import Denied, Entered, account_for_number, alone, deny
from ..numbers import phone_of
from ..refusals import EnterAgain, NotLinked, NotTheSameName, OutsideClosed, OutsideSpent
from .factors import live
from .people import PERSON

FRESH = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Back:
    """A browser has come back from a service: what it was sent out with is spent."""

    service: str = field(metadata={"most": 12})
    state: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class EnterOutside:
    """Enter as the person to whom this number of a service belongs; `person` is who was found before."""

    service: str
    subject: str
    person: UUID
    device: str = ""
    instead_of: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class LinkOwn:
    """Link a service's number to the person who has just entered by the telephone that the service proved."""

    session: str = field(repr=False)
    service: str
    subject: str
    name: str


@dataclass(frozen=True, kw_only=True)
class LinkTheirs:
    """Link somebody's number at a service, as their administrator."""

    person: UUID
    service: str = field(metadata={"label": "外部系统"})
    number: str = field(metadata={"label": "那边的账号"})
    reason: str = field(metadata={"label": "事由", "most": 200})


@dataclass(frozen=True, kw_only=True)
class UnlinkOwn:
    """Take back a link of one's own."""

    session: str = field(repr=False)
    link: UUID


@dataclass(frozen=True, kw_only=True)
class UnlinkTheirs:
    """Take back a link of somebody's, as their administrator."""

    person: UUID
    link: UUID
    reason: str = field(metadata={"label": "事由", "most": 200})


@action("access.back_outside", "从外部系统回来", door=True)
def back_outside(given: Back, *, actor: Actor, at: datetime, key: UUID | None = None) -> None:
    """Spend what a browser was sent out with, before the ticket is changed. Refuses OutsideSpent the second time."""
    name = sha256(given.state.encode()).hexdigest()
    alone(f"state:{name}")
    if everything(Challenge).filter(pk=name).exists():
        raise OutsideSpent()
    everything(Challenge).create(key=name, kind=given.service, created_at=at, used_at=at)


@action("access.enter_outside", "用外部系统进来", door=True)
def enter_outside(given: EnterOutside, *, actor: Actor, at: datetime, key: UUID | None = None) -> Entered | Denied:
    """Enter by a link that stands; the session is not strong, whatever the other side asked.

    Refuses NotLinked; a person who may not enter now is OutsideClosed and on the record."""
    links = everything(Outside).select_for_update(of=("self",)).select_related("person")
    link: Outside | None = links.filter(service=given.service, subject=given.subject, person=given.person, ended_at=None).first()
    if link is None:
        raise NotLinked()
    account: Account | None = everything(Account).select_related("person").filter(person=link.person_id).first()
    if account is None:
        account = account_for_number(link.person.phone_index, at=at)
    if account is None or account.person_id != link.person_id or not outside.may_enter(link.person, at=at):
        return deny("access.enter_outside", OutsideClosed(), at=at, person=link.person)
    everything(Outside).filter(pk=link.pk).update(used_at=at)
    everything(Person).filter(pk=link.person_id, entered_at__isnull=True).update(entered_at=at)
    token = sessions.start(account, at=at, how=given.service, device=given.device, instead_of=given.instead_of)
    return Entered(token, link.person_id)


@action("access.link_outside", "关联外部账号", door=True)
def link_outside(given: LinkOwn, *, actor: Actor, at: datetime, key: UUID | None = None) -> Outside | Denied:
    """Link what this browser brought back from a service to the person who proved the same telephone a moment ago.

    Refuses EnterAgain in an older session or one opened otherwise, NotTheSameName (on the record, nothing linked)."""
    session = live(given.session, at=at)
    if session.how != "code" or at - session.created_at > FRESH:
        raise EnterAgain()
    person = session.account.person
    if blind("name", given.name) != blind("name", person.name):
        return deny("access.link_outside", NotTheSameName(), at=at, person=person)
    # A number there and a person here have one partner at a time: the newer proof of the same telephone replaces the older.
    everything(Outside).filter(Q(subject=given.subject) | Q(person=person), service=given.service, ended_at=None).update(ended_at=at)
    link = _made(person, service=given.service, subject=given.subject, at=at, by="")
    _tell(person, "您的账号关联了{name}，以后可以从那里登录。不是您本人办的，请联系单位管理员。", service=given.service, at=at)
    return link


@action("access.link_for", "替人关联外部账号")
def link_for(given: LinkTheirs, *, actor: Actor, at: datetime, key: UUID | None = None) -> Outside:
    """Link somebody's number at a service, with the reason. Refuses SamePerson to oneself; needs a proved second factor."""
    person, hat = _theirs(given.person, actor=actor, at=at, reason=given.reason)
    if given.service not in outside.NAMES:
        raise BadInput({"service": "没有这个外部系统，从单子里选一个。"})
    number = given.number.strip()
    if not number or len(number) > 200:
        raise BadInput({"number": "填那边的账号，在对方系统的“我的信息”里看得到。"})
    link = _made(person, service=given.service, subject=blind("login", f"{given.service}:{number}"), at=at, by=actor.id)
    record(PERSON, person, verb="link_outside", entered="link_outside", actor=actor, hat=hat, at=at, service=given.service)
    _tell(person, "管理员把您的账号和{name}关联了，以后可以从那里登录。有疑问请联系单位管理员。", service=given.service, at=at)
    return link


@action("access.unlink_outside", "解除关联", door=True)
def unlink_outside(given: UnlinkOwn, *, actor: Actor, at: datetime, key: UUID | None = None) -> str:
    """Take back a link of one's own; gives the service's code. Refuses NotLinked for another's."""
    session = live(given.session, at=at)
    link: Outside | None = everything(Outside).filter(pk=given.link, person=session.account.person_id, ended_at=None).first()
    if link is None:
        raise NotLinked()
    everything(Outside).filter(pk=link.pk).update(ended_at=at)
    return link.service


@action("access.unlink_for", "替人解除关联")
def unlink_for(given: UnlinkTheirs, *, actor: Actor, at: datetime, key: UUID | None = None) -> Outside:
    """Take back somebody's link, with the reason: it opens nothing from now on. Needs a proved second factor."""
    person, hat = _theirs(given.person, actor=actor, at=at, reason=given.reason)
    link: Outside | None = everything(Outside).filter(pk=given.link, person=person, ended_at=None).first()
    if link is None:
        raise NotLinked()
    everything(Outside).filter(pk=link.pk).update(ended_at=at)
    record(PERSON, person, verb="unlink_outside", entered="unlink_outside", actor=actor, hat=hat, at=at, service=link.service)
    return link


def _theirs(id: UUID, *, actor: Actor, at: datetime, reason: str) -> tuple[Person, Any]:
    if not reason.strip():
        raise BadInput({"reason": "写一句事由，方便以后查。"})
    person: Person | None = everything(Person).select_for_update().filter(pk=id).first()
    if person is None:
        raise NotFound()
    hat = giving.hat_to_give(actor, on=person, at=at)
    require_strong(actor)
    if actor.person == person.id:
        raise SamePerson()
    everything(Person).filter(pk=person.pk).update(door_note=reason.strip())
    return person, hat


def _made(person: Person, *, service: str, subject: str, at: datetime, by: str) -> Outside:
    link: Outside = everything(Outside).create(
        id=uuid7(), person=person, service=service, subject=subject, linked_at=at, linked_by=by,
        region=person.region, party=person.party, compartment=person.compartment, district=person.district,
    )  # fmt: skip
    return link


def _tell(person: Person, text: str, *, service: str, at: datetime) -> None:
    phone = phone_of(person)
    words = _("【企服】{text}", text=_(text, name=outside.NAMES[service]))
    notify.send(Message(to=phone, text=Secret(words), kind="outside_linked", at=at) if phone else None)


__all__ = ["back_outside", "enter_outside", "link_for", "link_outside", "unlink_for", "unlink_outside"]
